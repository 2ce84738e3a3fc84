//! Matching a rule at a trigger, and finding who fills its slots.

use crate::clause::Clauses;
use crate::frame::{Attached, Frame};
use crate::gazetteer::Gazetteer;
use crate::lexicon::Class;
use crate::phrase::Kind;
use crate::resolve::{Document, Value, ValueKind};
use crate::rule::{Pattern, RuleSet};
use crate::text::{Shape, fold};

/// A place where a rule may apply.
pub struct Place<'a> {
    /// The article.
    pub document: &'a Document<'a>,
    /// The sentence.
    pub clauses: &'a Clauses<'a>,
    /// The rules.
    pub rules: &'a RuleSet,
    /// The names.
    pub gazetteer: &'a Gazetteer,
}

/// What fills the slots of a rule.
pub struct Filled {
    /// The actors; empty if none is found.
    pub actors: Vec<Value>,
    /// The parties.
    pub parties: Vec<Value>,
    /// First token of the evidence.
    pub start: usize,
    /// One past its last token.
    pub end: usize,
}

impl Place<'_> {
    /// Whether a noun phrase is headed by one of the words.
    pub fn headed(&self, phrase: usize, words: &[String]) -> bool {
        let p = self.clauses.phrases[phrase];
        let head = p.head as usize;
        let noun = self.document.cut.tokens[head].reading.noun;
        let end = (p.end as usize + 4).min(self.document.cut.tokens.len());
        let mut folded: Option<String> = None;
        words.iter().any(|w| {
            if w.contains(' ') {
                let text =
                    folded.get_or_insert_with(|| format!(" {} ", fold(&self.document.words(p.start as usize, end))));
                text.contains(&format!(" {w} "))
                    || text.contains(&format!(" {w}s "))
                    || text.contains(&format!(" {w},"))
                    || text.contains(&format!(" {w}."))
            } else if noun != 0 {
                self.rules.lexicon.known(w) == Some(noun)
            } else {
                fold(self.clauses.source.word(head)) == *w
            }
        })
    }

    fn contains_word(&self, text: &str, word: &str) -> bool {
        match word.strip_suffix('*') {
            Some(stem) => text.contains(&format!(" {stem}")),
            None => text.contains(&format!(" {word} ")) || text.contains(&format!(" {word}s ")),
        }
    }

    fn flat(&self, start: usize, end: usize) -> String {
        let mut out = String::from(" ");
        for t in start..end {
            let token = &self.document.cut.tokens[t];
            if token.is_word() {
                out.push_str(&fold(self.clauses.source.word(t)));
                out.push(' ');
            }
        }
        out
    }

    /// Whether the words that must be near are, and those that must not be are not.
    pub fn words_fit(&self, rule: &Pattern, sentence: (usize, usize), clause: (usize, usize)) -> bool {
        if !rule.near.is_empty() {
            let text = self.flat(sentence.0, sentence.1);
            if !rule.near.iter().any(|w| self.contains_word(&text, w)) {
                return false;
            }
        }
        if !rule.unless.is_empty() {
            let text = self.flat(clause.0, clause.1);
            if rule.unless.iter().any(|w| self.contains_word(&text, w)) {
                return false;
            }
        }
        true
    }

    fn heads_fit(&self, rule: &Pattern, attached: &[Attached], complements: &[usize]) -> bool {
        rule.heads.iter().all(|(preposition, words)| {
            preposition.split(' ').any(|one| {
                (one == "as" && complements.iter().any(|&c| self.headed(c, words)))
                    || attached
                        .iter()
                        .any(|a| a.word == one && a.nouns.iter().any(|&n| self.headed(n, words)))
            })
        })
    }

    /// Tries a rule at a verb group.
    pub fn at_verb(&self, rule: &Pattern, verb: usize, sentence: (usize, usize)) -> Option<Filled> {
        let group = self.clauses.phrases[verb].group?;
        if let Some(voice) = &rule.voice {
            if (voice == "passive") != group.passive {
                return None;
            }
        }
        let mut frame = self.clauses.frame(verb);
        let mut measure = None;
        if !rule.object.is_empty() {
            let found = frame.patients.iter().copied().find(|&p| self.headed(p, &rule.object))?;
            measure = Some(found);
            let (attached, last) = self.clauses.attached_to(found);
            // The phrases right after the measure come first: `the assets of the group`, `sanctions on the bank for …`.
            let rest = std::mem::replace(&mut frame.attached, attached);
            frame.attached.extend(rest);
            if found > verb {
                frame.last = frame.last.max(last);
            }
        }
        if !self.heads_fit(rule, &frame.attached, &frame.complements) {
            return None;
        }
        self.fill(
            rule,
            &frame,
            measure,
            sentence,
            self.clauses.phrases[verb].head as usize,
        )
    }

    /// Tries a rule at a noun phrase.
    pub fn at_noun(&self, rule: &Pattern, noun: usize, sentence: (usize, usize)) -> Option<Filled> {
        if !self.headed(noun, &rule.noun) {
            return None;
        }
        let (attached, last) = self.clauses.attached_to(noun);
        let mut frame = Frame {
            attached,
            first: noun,
            last,
            ..Frame::default()
        };
        if let Some(v) = self.clauses.verb_of_object(noun) {
            frame.agents = self.clauses.subject(v);
            frame.first = frame.agents.iter().copied().min().unwrap_or(v).min(v);
        }
        for a in &frame.attached {
            if a.word == "by" {
                frame.agents = a.nouns.clone();
            }
        }
        if !self.heads_fit(rule, &frame.attached, &[]) {
            return None;
        }
        self.fill(
            rule,
            &frame,
            Some(noun),
            sentence,
            self.clauses.phrases[noun].head as usize,
        )
    }

    /// Tries a rule at a participle inside a noun phrase.
    pub fn at_participle(&self, rule: &Pattern, noun: usize, token: usize, sentence: (usize, usize)) -> Option<Filled> {
        if !rule.object.is_empty() && !self.headed(noun, &rule.object) {
            return None;
        }
        let (attached, last) = self.clauses.attached_to(noun);
        let frame = Frame {
            attached,
            first: noun,
            last,
            patients: vec![noun],
            ..Frame::default()
        };
        self.fill(rule, &frame, Some(noun), sentence, token)
    }

    fn fill(
        &self,
        rule: &Pattern,
        frame: &Frame,
        measure: Option<usize>,
        sentence: (usize, usize),
        trigger: usize,
    ) -> Option<Filled> {
        let start = (self.clauses.phrases[frame.first].start as usize).min(trigger);
        let end = (self.clauses.phrases[frame.last].end as usize)
            .max(trigger + 1)
            .min(sentence.1);
        if !self.words_fit(rule, sentence, (start, end)) {
            return None;
        }
        let actors = self.slot(&rule.actor, &rule.actor_is, frame, measure, trigger);
        let parties = self.slot(&rule.party, &rule.party_is, frame, measure, trigger);
        if (rule.needs.iter().any(|n| n == "actor") && actors.is_empty())
            || (rule.needs.iter().any(|n| n == "party") && parties.is_empty())
        {
            return None;
        }
        let from = actors
            .iter()
            .chain(&parties)
            .map(|v| v.tokens.0)
            .filter(|&t| t >= sentence.0 && t < sentence.1)
            .min()
            .unwrap_or(start)
            .min(start);
        let to = actors
            .iter()
            .chain(&parties)
            .map(|v| v.tokens.1)
            .filter(|&t| t > sentence.0 && t <= sentence.1)
            .max()
            .unwrap_or(end)
            .max(end);
        Some(Filled {
            actors,
            parties,
            start: from,
            end: to,
        })
    }

    fn slot(
        &self,
        slots: &[String],
        kinds: &[String],
        frame: &Frame,
        measure: Option<usize>,
        trigger: usize,
    ) -> Vec<Value> {
        for slot in slots {
            let phrases: Vec<usize> = match slot.as_str() {
                "agent" => frame.agents.clone(),
                "patient" => frame.patients.clone(),
                "complement" => frame.complements.clone(),
                "owner" => {
                    let values: Vec<Value> = measure
                        .or(frame.patients.first().copied())
                        .and_then(|m| self.owner(m))
                        .into_iter()
                        .filter(|v| fits(kinds, v))
                        .collect();
                    if values.is_empty() {
                        continue;
                    }
                    return values;
                }
                "apposed" => measure.map_or_else(Vec::new, |m| self.apposed(m)),
                "speaker" => Vec::new(),
                preposition => frame
                    .attached
                    .iter()
                    .filter(|a| a.word == preposition)
                    .flat_map(|a| a.nouns.clone())
                    .collect(),
            };
            let mut values: Vec<Value> = Vec::new();
            for phrase in phrases {
                let mut named = vec![phrase];
                named.extend(self.examples(phrase));
                for p in named {
                    let value = self.document.resolve(self.clauses, p);
                    if value.name.is_empty()
                        || (value.tokens.0 <= trigger && trigger < value.tokens.1 && slot != "apposed")
                        || !fits(kinds, &value)
                    {
                        continue;
                    }
                    let first = fold(self.clauses.source.word(self.clauses.phrases[p].start as usize));
                    if first == "no" && slot == "agent" {
                        continue;
                    }
                    if !values.iter().any(|v| v.name == value.name) {
                        values.push(value);
                    }
                }
            }
            if !values.is_empty() {
                return values;
            }
        }
        Vec::new()
    }

    /// `groups such as A and B`, `individuals, including A`.
    fn examples(&self, phrase: usize) -> Vec<usize> {
        let mut at = phrase;
        for _ in 0..4 {
            let Some(next) = self.clauses.after(at) else {
                return Vec::new();
            };
            let p = self.clauses.phrases[next];
            if p.kind == Kind::Preposition && matches!(self.clauses.head_word(next).as_str(), "including" | "as") {
                let such = self.clauses.head_word(next) == "including"
                    || self.clauses.source.is((p.head as usize).wrapping_sub(1), "such");
                if let Some(n) = self
                    .clauses
                    .after(next)
                    .filter(|&n| such && self.clauses.phrases[n].kind == Kind::Noun)
                {
                    return self.clauses.joined_right(n).0;
                }
                return Vec::new();
            }
            if !matches!(p.kind, Kind::Comma | Kind::Noun) {
                return Vec::new();
            }
            at = next;
        }
        Vec::new()
    }

    /// What a noun phrase explains: the noun before its comma or dash, the subject of `is`, or what follows `such as`.
    fn apposed(&self, noun: usize) -> Vec<usize> {
        let examples = self.examples(noun);
        if !examples.is_empty() {
            return examples;
        }
        let p = self.clauses.phrases[noun];
        // `the terrorist group Hamas`: its own name.
        if self.document.mentions.at(p.head as usize).is_some() {
            return vec![noun];
        }
        match self.clauses.before(noun) {
            Some(b) if matches!(self.clauses.phrases[b].kind, Kind::Comma | Kind::Break) => self
                .clauses
                .before(b)
                .filter(|&n| self.clauses.phrases[n].kind == Kind::Noun)
                .into_iter()
                .collect(),
            Some(v) if self.clauses.phrases[v].group.is_some_and(|g| g.copula) => self.clauses.subject(v),
            _ => Vec::new(),
        }
    }

    /// The possessor or state adjective in a noun phrase.
    pub fn owner(&self, noun: usize) -> Option<Value> {
        let p = self.clauses.phrases[noun];
        for t in p.start as usize..p.end as usize {
            let token = &self.document.cut.tokens[t];
            if token.reading.has(Class::Possessive) && self.document.mentions.at(t).is_none() {
                return self.document.pronoun(t);
            }
            if token.shape == Shape::Possessive && t > p.start as usize {
                if let Some(value) = self.document.entity_value(t - 1) {
                    return Some(value);
                }
            }
        }
        (p.start as usize..p.head as usize)
            .rev()
            .find_map(|t| self.document.entity_value(t))
    }
}

/// Whether a value is of one of the kinds; `!kind` excludes.
fn fits(kinds: &[String], value: &Value) -> bool {
    let is = |kind: &str| match kind {
        "state" => value.kind == ValueKind::State,
        "body" => value.kind == ValueKind::Body || (value.code.is_some() && value.kind != ValueKind::State),
        "person" => value.kind == ValueKind::Person,
        "organisation" => value.kind == ValueKind::Organisation,
        "group" => value.kind == ValueKind::Group,
        "thing" => value.kind == ValueKind::Thing,
        _ => false,
    };
    if kinds.is_empty() {
        return true;
    }
    let excluded = kinds.iter().filter_map(|k| k.strip_prefix('!')).any(is);
    let wanted: Vec<&String> = kinds.iter().filter(|k| !k.starts_with('!')).collect();
    !excluded && (wanted.is_empty() || wanted.iter().any(|k| is(k)))
}
