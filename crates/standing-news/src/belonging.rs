//! What noun phrases around a measure belong to it: its owner, what it explains, the examples after it.

use crate::lexicon::Class;
use crate::phrase::Kind;
use crate::resolve::{Value, ValueKind};
use crate::slots::Place;
use crate::text::Shape;

impl Place<'_> {
    /// `the nations of Bahrain and Kosovo`: they themselves.
    pub(crate) fn states_of(&self, phrase: usize) -> Option<Vec<usize>> {
        let head = self.clauses.head_word(phrase);
        if !matches!(
            head.as_str(),
            "nations" | "countries" | "states" | "governments" | "republics" | "leaders" | "presidents" | "ministers"
        ) {
            return None;
        }
        let nouns = self
            .clauses
            .attached_to(phrase)
            .0
            .into_iter()
            .find(|a| a.word == "of")?
            .nouns;
        let states = nouns
            .iter()
            .all(|&n| self.document.resolve(self.clauses, n).kind == ValueKind::State);
        (states && nouns.len() > 1).then_some(nouns)
    }

    /// `groups such as A and B`, `individuals, including A`.
    pub(crate) fn examples(&self, phrase: usize) -> Vec<usize> {
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
    pub(crate) fn apposed(&self, noun: usize) -> Vec<usize> {
        let examples = self.examples(noun);
        if !examples.is_empty() {
            return examples;
        }
        let p = self.clauses.phrases[noun];
        // `the terrorist group Hamas`: its own name.
        let described = ["a", "an"].iter().any(|w| self.clauses.source.is(p.start as usize, w));
        if self.document.mentions.at(p.head as usize).is_some() && !described {
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

    /// The possessor or state adjective in a noun phrase, or the state in `the list of the US`.
    pub fn owner(&self, noun: usize) -> Option<Value> {
        let p = self.clauses.phrases[noun];
        for t in p.start as usize..p.end as usize {
            let token = &self.document.cut.tokens[t];
            if token.reading.has(Class::Possessive) && self.document.mentions.at(t).is_none() {
                return self.document.pronoun(t).map(|v| Value {
                    tokens: (t, t + 1),
                    ..v
                });
            }
            if token.shape == Shape::Possessive && t > p.start as usize {
                if let Some(value) = self.document.entity_value(t - 1) {
                    return Some(value);
                }
                if let Some(code) = self.document.official_state(p.start as usize, t) {
                    return Some(Value {
                        name: code.clone(),
                        code: Some(code),
                        kind: ValueKind::State,
                        id: None,
                        tokens: (p.start as usize, t),
                    });
                }
            }
        }
        let own = self.document.mentions.at(p.head as usize).map_or(p.head, |m| m.start);
        (p.start as usize..own as usize)
            .rev()
            .find_map(|t| self.document.entity_value(t))
    }
}
