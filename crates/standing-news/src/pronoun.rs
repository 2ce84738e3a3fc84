//! Whom a pronoun means: who speaks, whoever was named before, the state that can act, the embassy spoken of before.

use crate::clause::Clauses;
use crate::lexicon::Class;
use crate::mention::{EntityKind, Form};
use crate::phrase::Kind;
use crate::resolve::{Document, Value, ValueKind};
use crate::text::{Shape, fold};

impl Document<'_> {
    /// `The ministry said it …`: the subject of a complement clause is whoever says it.
    pub(crate) fn said_subject(&self, clauses: &Clauses, phrase: usize) -> Option<Value> {
        let word = fold(self.word(clauses.phrases[phrase].head as usize));
        if !matches!(word.as_str(), "it" | "he" | "she" | "they") {
            return None;
        }
        let verb = clauses.links.iter().position(|l| {
            l.as_ref().is_some_and(|l| {
                l.subject.contains(&phrase) && matches!(l.over, crate::syntax::Over::Complement(v) if v != phrase)
            })
        })?;
        let over = clauses.clause_governor(verb)?;
        let first = *clauses.subject(over).first()?;
        if clauses.phrases[first].start >= clauses.phrases[phrase].start {
            return None;
        }
        let value = self.resolve(clauses, first);
        let person = value.kind == ValueKind::Person;
        let fits = match word.as_str() {
            "he" | "she" => person,
            "it" => !person && value.kind != ValueKind::Group,
            _ => true,
        };
        (fits && !value.name.is_empty()).then_some(value)
    }

    /// `The foreign minister said his country had`: the state of whoever says it.
    pub(crate) fn sayers_state(&self, clauses: &Clauses, phrase: usize) -> Option<String> {
        let over = clauses.links.iter().flatten().find_map(|l| match l.over {
            crate::syntax::Over::Complement(v) if l.subject.contains(&phrase) => Some(v),
            _ => None,
        })?;
        let first = *clauses.subject(over).first()?;
        (first != phrase).then(|| self.resolve(clauses, first).code).flatten()
    }

    /// The subjects of the verb that says it, for `they` in what several say of themselves.
    pub fn said_subjects(&self, clauses: &Clauses, phrase: usize) -> Option<Vec<usize>> {
        if !matches!(
            fold(self.word(clauses.phrases[phrase].head as usize)).as_str(),
            "they" | "both"
        ) {
            return None;
        }
        let verb = clauses.links.iter().position(|l| {
            l.as_ref().is_some_and(|l| {
                l.subject.contains(&phrase) && matches!(l.over, crate::syntax::Over::Complement(v) if v != phrase)
            })
        })?;
        let subjects = clauses.subject(clauses.clause_governor(verb)?);
        (subjects.len() > 1
            && subjects
                .iter()
                .all(|&s| clauses.phrases[s].start < clauses.phrases[phrase].start))
        .then_some(subjects)
    }

    /// `on 20 firms, freezing their assets`: the people or bodies described last in the sentence, unless an organisation is named after them.
    pub(crate) fn described_before(&self, clauses: &Clauses, phrase: usize) -> Option<Value> {
        for i in (0..phrase).rev() {
            let p = clauses.phrases[i];
            if p.kind != Kind::Noun {
                continue;
            }
            let head = p.head as usize;
            if self
                .mentions
                .entity_at(head)
                .is_some_and(|e| matches!(e.kind, EntityKind::Organisation | EntityKind::Person))
            {
                return None;
            }
            let people = self.mentions.at(head).is_none()
                && self.word(head).ends_with('s')
                && self.cut.tokens[head].reading.has(Class::People)
                && self.cut.tokens[head].shape == Shape::Lower;
            if people {
                return Some(self.resolve(clauses, i));
            }
        }
        None
    }

    /// Whom a pronoun or possessive at a token means.
    pub fn pronoun(&self, token: usize) -> Option<Value> {
        let quote = self.cut.tokens[token].quote;
        let word = fold(self.word(token));
        match word.as_str() {
            "i" | "me" | "my" => {
                if quote > 0 {
                    return self.quote_speakers.get(quote as usize).cloned().flatten();
                }
                let name = self.author.clone()?;
                Some(Value {
                    name,
                    code: self.publisher.clone(),
                    kind: ValueKind::Person,
                    id: None,
                    tokens: (token, token + 1),
                })
            }
            "we" | "us" | "our" => {
                if quote > 0 {
                    let speaker = self.quote_speakers.get(quote as usize).cloned().flatten()?;
                    return Some(match speaker.code.clone() {
                        Some(code) => Value {
                            name: code,
                            kind: ValueKind::State,
                            ..speaker
                        },
                        None => speaker,
                    });
                }
                let code = self.publisher.clone().or_else(|| self.near_state(token))?;
                Some(Value {
                    name: code.clone(),
                    code: Some(code),
                    kind: ValueKind::State,
                    id: None,
                    tokens: (token, token + 1),
                })
            }
            "he" | "she" | "him" | "his" | "her" | "himself" | "herself" => {
                self.antecedent(token, |k| k == EntityKind::Person)
            }
            // What is listed, recognised or owned is an organisation sooner than the state that does it.
            "its" => self
                .antecedent(token, |k| k == EntityKind::Organisation)
                .or_else(|| self.antecedent(token, |k| matches!(k, EntityKind::State | EntityKind::Body))),
            // What is acted on is an organisation sooner than who acts.
            "it" if token > 0 && self.cut.tokens[token - 1].reading.verbal() => self
                .antecedent(token, |k| k == EntityKind::Organisation)
                .or_else(|| self.antecedent(token, |k| matches!(k, EntityKind::State | EntityKind::Body))),
            // `although it is sanctioned`: what it is done to.
            "it" if self.passive_follows(token) => self
                .antecedent(token, |k| k == EntityKind::Organisation)
                .or_else(|| self.antecedent(token, |k| matches!(k, EntityKind::State | EntityKind::Body))),
            "it" | "itself" => self.antecedent(token, |k| {
                matches!(k, EntityKind::Organisation | EntityKind::State | EntityKind::Body)
            }),
            "they" | "them" | "their" => self
                .antecedent(token, |k| k == EntityKind::Organisation)
                .or_else(|| self.antecedent(token, |k| k == EntityKind::State)),
            _ => None,
        }
    }

    /// Whether a passive stands right after a token: `it has been listed`.
    fn passive_follows(&self, token: usize) -> bool {
        let words = &self.cut.tokens[(token + 1).min(self.cut.tokens.len())..(token + 5).min(self.cut.tokens.len())];
        let Some(be) = words.iter().position(|t| t.reading.has(Class::Be)) else {
            return false;
        };
        words[..be]
            .iter()
            .all(|t| t.reading.has(Class::Have) || t.reading.has(Class::Modal) || t.reading.has(Class::Adverb))
            && words[be + 1..]
                .iter()
                .find(|t| !t.reading.has(Class::Adverb) && !t.reading.has(Class::Be))
                .is_some_and(|t| t.reading.has(Class::Participle))
    }

    /// The state or body that `it` or `they` means where only one of these can act: also one that was named as owner.
    pub fn acting_pronoun(&self, token: usize) -> Option<Value> {
        if !matches!(fold(self.word(token)).as_str(), "it" | "they") {
            return None;
        }
        let sentence = self.cut.sentences.partition_point(|s| s.end as usize <= token);
        for back in 0..2 {
            let s = self.cut.sentences.get(sentence.checked_sub(back)?)?;
            let end = if back == 0 { token } else { s.end as usize };
            let found = (s.start as usize..end).find(|&t| {
                self.mentions.at(t).is_some_and(|m| {
                    let e = self.mentions.entity(m.entity);
                    // `on a visit to Warsaw`: a place, nobody who acts.
                    let start = m.start as usize;
                    let led = start > 0 && self.cut.tokens[start - 1].reading.has(Class::Preposition)
                        || start > 1
                            && self.word(start - 1) == "the"
                            && self.cut.tokens[start - 2].reading.has(Class::Preposition);
                    m.form != Form::Adjective
                        && !(led && m.form == Form::Capital)
                        && (e.kind == EntityKind::State || e.kind == EntityKind::Body && e.code.is_some())
                })
            });
            if let Some(value) = found.and_then(|t| self.entity_value(t)) {
                return Some(value);
            }
        }
        None
    }

    /// The state where the embassy stands that the text spoke of before a token: `the U.S. Embassy in Kyiv`.
    pub fn place_of_post(&self, token: usize, but: &[Value]) -> Option<Value> {
        let post = |t: usize| {
            let word = fold(self.word(t));
            ["embass", "consul", "mission"].iter().any(|w| word.starts_with(w))
        };
        let until = self.mentions.list.partition_point(|m| (m.start as usize) < token);
        self.mentions.list[..until].iter().rev().take(400).find_map(|m| {
            let e = self.mentions.entity(m.entity);
            if e.kind != EntityKind::State || m.form == Form::Adjective || but.iter().any(|v| v.code == e.code) {
                return None;
            }
            let start = m.start as usize;
            let near = (start.saturating_sub(3)..start).any(post);
            near.then(|| self.entity_value(start)).flatten()
        })
    }

    /// The first fitting name of this sentence before the pronoun, else of the sentence before, up to four back.
    fn antecedent(&self, token: usize, fits: impl Fn(EntityKind) -> bool) -> Option<Value> {
        let sentence = self.cut.sentences.partition_point(|s| s.end as usize <= token);
        for back in 0..5 {
            let Some(index) = sentence.checked_sub(back) else { break };
            let Some(s) = self.cut.sentences.get(index) else {
                continue;
            };
            let end = if back == 0 { token } else { s.end as usize };
            let from = self
                .mentions
                .list
                .partition_point(|m| (m.start as usize) < s.start as usize);
            for m in &self.mentions.list[from..] {
                if m.start as usize >= end {
                    break;
                }
                let e = self.mentions.entity(m.entity);
                if !fits(e.kind) || m.form == Form::Adjective {
                    continue;
                }
                // `U.S. persons`: the state only says whose they are.
                let describes = e.kind == EntityKind::State
                    && self
                        .cut
                        .tokens
                        .get(m.end as usize)
                        .is_some_and(|t| t.shape == Shape::Lower && t.reading.has(Class::People));
                if describes {
                    continue;
                }
                // A possessor is rarely what is spoken of next.
                let possessor = self
                    .cut
                    .tokens
                    .get(m.end as usize)
                    .is_some_and(|t| t.shape == Shape::Possessive);
                if possessor && back == 0 && e.kind == EntityKind::State {
                    continue;
                }
                return self.entity_value(m.start as usize);
            }
        }
        None
    }
}
