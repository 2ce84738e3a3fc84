//! Who says so: reporting verbs with their subject, `according to`, quotations and their continuation.

use crate::clause::Clauses;
use crate::lexicon::Class;
use crate::phrase::{Kind, VerbForm};
use crate::resolve::{Document, Value, ValueKind};
use crate::rule::RuleSet;
use crate::text::{Shape, fold};

/// A stretch of a sentence that somebody says.
#[derive(Debug, Clone)]
pub struct Said {
    /// First token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
    /// Who.
    pub speaker: Value,
    /// The rule.
    pub rule: String,
    /// Whether it is denied.
    pub denies: bool,
    /// The reporting verb's token.
    pub verb: usize,
    /// All who say it, where they are several: `Norway and Ireland said`.
    pub together: Vec<Value>,
}

/// All reported stretches of a sentence, from reporting verbs and `according to`.
pub fn find(document: &Document, clauses: &Clauses, rules: &RuleSet, start: usize, end: usize) -> Vec<Said> {
    let mut out = Vec::new();
    let tokens = &document.cut.tokens;
    for (i, phrase) in clauses.phrases.iter().enumerate() {
        if phrase.kind == Kind::Verb {
            let head = phrase.head as usize;
            let Some(&rule) = rules.speech_verbs.get(&tokens[head].reading.verb) else {
                continue;
            };
            let speech = &rules.speech[rule as usize];
            let group = phrase.group;
            // `ruled out lifting sanctions` says nothing that is so.
            let excludes = clauses.source.is(head + 1, "out");
            if excludes || group.is_some_and(|g| matches!(g.form, VerbForm::Infinitive) || g.passive) {
                continue;
            }
            let mut subject = clauses.subject(i);
            // `quoted the minister as saying`, `was quoted as saying`: whoever is quoted says it.
            let quoting = clauses
                .before(i)
                .filter(|&p| clauses.head_word(p) == "as")
                .and_then(|p| (0..p).rev().find(|&v| clauses.phrases[v].kind == Kind::Verb))
                .filter(|&v| quotes(clauses, v));
            if let Some(v) = quoting {
                let frame = clauses.frame(v);
                subject.clone_from(&frame.patients);
                if let Some(&medium) = frame.agents.first() {
                    let value = document.resolve(clauses, medium);
                    if value.kind == ValueKind::Media {
                        out.push(Said {
                            start: clauses.phrases[v].end as usize,
                            end,
                            speaker: value,
                            rule: speech.id.clone(),
                            denies: false,
                            verb: clauses.phrases[v].head as usize,
                            together: Vec::new(),
                        });
                    }
                }
            }
            let mut next = clauses.after(i);
            // `told Reuters`, `told reporters in Moscow`: the hearer is not what is said.
            if tokens[head].reading.has(Class::Telling)
                && let Some(n) = next.filter(|&n| clauses.phrases[n].kind == Kind::Noun)
            {
                let (_, last) = clauses.attached_to(n);
                next = clauses.after(last);
            }
            let mut stretch = None;
            let inverted = next.filter(|&n| {
                clauses.phrases[n].kind == Kind::Noun
                    && clauses
                        .after(n)
                        .is_none_or(|f| !matches!(clauses.phrases[f].kind, Kind::Subordinator | Kind::Verb))
            });
            let before_comma = clauses
                .before(i)
                .is_some_and(|b| matches!(clauses.phrases[b].kind, Kind::Comma))
                || (i > 0 && clauses.phrases[i - 1].kind == Kind::Quote);
            if before_comma
                && subject.is_empty()
                && let Some(n) = inverted
            {
                subject = vec![n];
                stretch = Some((start, phrase.start as usize));
            }
            if stretch.is_none() {
                let ends = next.is_none_or(|n| {
                    clauses.phrases[n].kind == Kind::Break
                        || (clauses.phrases[n].kind == Kind::Comma
                            && clauses.after(n).is_none_or(|m| clauses.phrases[m].kind != Kind::Quote))
                }) || next.is_some_and(|n| clauses.phrases[n].kind == Kind::Preposition)
                    && clauses.phrases[..i].iter().filter(|p| p.kind == Kind::Verb).count() > 0
                    && subject
                        .first()
                        .is_some_and(|&s| s > 0 && clauses.phrases[..s].iter().any(|p| p.kind == Kind::Comma));
                let opens = next.is_some_and(|n| {
                    matches!(clauses.phrases[n].kind, Kind::Subordinator | Kind::Quote)
                        || clauses.phrases[n].kind == Kind::Break
                            && fold(clauses.source.word(clauses.phrases[n].head as usize)) == ":"
                        || clauses.phrases[n].kind == Kind::Comma
                            && tokens[phrase.end as usize..end.min(phrase.end as usize + 14)]
                                .iter()
                                .any(|t| t.shape == Shape::Quote)
                });
                let clause_follows = next.is_some_and(|n| {
                    clauses.phrases[n].kind == Kind::Noun
                        || clauses.phrases[n].kind == Kind::Verb
                        || clauses.phrases[n].kind == Kind::Preposition
                }) && clauses.phrases[i + 1..].iter().any(|p| p.kind == Kind::Verb);
                if opens
                    || (clause_follows && !ends)
                    || (speech.takes_object && next.is_some_and(|n| clauses.phrases[n].kind == Kind::Noun))
                    // `called for sanctions`.
                    || (speech.takes_object
                        && next.is_some_and(|n| {
                            clauses.phrases[n].kind == Kind::Preposition
                                && matches!(clauses.head_word(n).as_str(), "for" | "on" | "upon")
                        }))
                    || group.is_some_and(|g| g.form == VerbForm::Gerund)
                {
                    stretch = Some((phrase.end as usize, end));
                } else if ends {
                    let from = start;
                    let to = subject
                        .first()
                        .map_or(phrase.start as usize, |&s| clauses.phrases[s].start as usize);
                    if to > from + 1 {
                        stretch = Some((from, to));
                    } else if next.is_some_and(|n| clauses.phrases[n].kind == Kind::Break) {
                        stretch = Some((phrase.end as usize, end));
                    }
                }
            }
            let Some((from, to)) = stretch else { continue };
            let Some(&first) = subject.first() else { continue };
            let mut value = document.resolve(clauses, first);
            // `The statement said`: whose it is stands with `by` or before it.
            if matches!(value.kind, ValueKind::Thing)
                && let Some(by) = clauses
                    .attached_to(first)
                    .0
                    .iter()
                    .find(|a| matches!(a.word.as_str(), "by" | "from" | "of"))
                    .and_then(|a| a.nouns.first())
            {
                value = document.resolve(clauses, *by);
            }
            if value.name.is_empty() {
                continue;
            }
            out.push(Said {
                start: from,
                end: to,
                speaker: value,
                rule: speech.id.clone(),
                denies: speech.denies,
                verb: head,
                together: if subject.len() > 1 {
                    subject.iter().map(|&n| document.resolve(clauses, n)).collect()
                } else {
                    Vec::new()
                },
            });
        }
        if phrase.kind == Kind::Preposition && clauses.source.is(phrase.head as usize, "according") {
            let Some(to) = clauses.after(i) else { continue };
            let Some(mut n) = clauses.after(to).filter(|&n| clauses.phrases[n].kind == Kind::Noun) else {
                continue;
            };
            // `according to a tweet by X`, `a statement released by X`.
            let mut at = n;
            while let Some(p) = clauses.after(at) {
                let k = clauses.phrases[p].kind;
                if k == Kind::Preposition && matches!(clauses.head_word(p).as_str(), "by" | "from") {
                    if let Some(m) = clauses.after(p).filter(|&m| clauses.phrases[m].kind == Kind::Noun) {
                        n = m;
                    }
                    break;
                }
                if !matches!(k, Kind::Preposition | Kind::Noun | Kind::Verb) || p > i + 7 {
                    break;
                }
                at = p;
            }
            let value = document.resolve(clauses, n);
            if !value.name.is_empty() {
                out.push(Said {
                    start,
                    end,
                    speaker: value,
                    rule: "speech.according".to_owned(),
                    denies: false,
                    verb: phrase.head as usize,
                    together: Vec::new(),
                });
            }
        }
    }
    out
}

/// Whether a verb hands on somebody else's words.
fn quotes(clauses: &Clauses, verb: usize) -> bool {
    matches!(
        clauses.head_word(verb).as_str(),
        "quoted" | "quotes" | "quote" | "quoting" | "cited" | "cites" | "cite" | "citing"
    )
}

/// The speaker and the media for a token: the narrowest stretch wins, media become `via` when somebody speaks in them.
pub fn speaker_at(said: &[Said], token: usize) -> (Option<&Said>, Vec<String>) {
    let mut covering: Vec<&Said> = said
        .iter()
        .filter(|s| s.start <= token && token < s.end && s.verb != token)
        .collect();
    covering.sort_by_key(|s| (s.end - s.start, s.verb));
    let mut via = Vec::new();
    let mut speaker: Option<&Said> = None;
    for s in covering {
        if s.speaker.kind == ValueKind::Media {
            if !via.contains(&s.speaker.name) {
                via.push(s.speaker.name.clone());
            }
            if speaker.is_none() {
                speaker = Some(s);
            }
        } else if speaker.is_none_or(|x| x.speaker.kind == ValueKind::Media) {
            speaker = Some(s);
        }
    }
    if let Some(s) = speaker {
        via.retain(|v| *v != s.speaker.name);
    }
    (speaker, via)
}
