//! How a verb hangs on what stands before it: joined to an infinitive or a progressive, within an apposition, after its object or antecedent.

use super::{AHEAD, Parser};
use crate::lexicon::Class;
use crate::phrase::{Kind, VerbForm};

impl Parser<'_, '_> {
    /// `agreed to restore relations and reopen embassies`: the base form after the conjunction is an infinitive as well.
    pub(super) fn joins_infinitive(&self, verb: usize, separator: Option<Kind>) -> bool {
        let p = self.phrases[verb];
        let reading = self.source.tokens[p.head as usize].reading;
        if separator != Some(Kind::Conjunction)
            || p.end - p.start != 1
            || !reading.has(Class::Base)
            || reading.has(Class::Past)
            || self.phrases[verb].group.is_some_and(|g| g.past)
            || self.waiting()
        {
            return false;
        }
        (0..verb)
            .rev()
            .find(|&v| self.kind(v) == Kind::Verb && self.form(v) != Some(VerbForm::Participle))
            .is_some_and(|v| self.form(v) == Some(VerbForm::Infinitive))
    }

    /// `is expelling staff and recalling its ambassador`: the second is as finite as the first.
    pub(super) fn joins_progressive(&mut self, verb: usize) -> bool {
        let conjunction = self.before(verb).is_some_and(|c| self.kind(c) == Kind::Conjunction);
        if !conjunction || self.form(verb) != Some(VerbForm::Gerund) {
            return false;
        }
        let first = (0..verb).rev().find(|&v| self.kind(v) == Kind::Verb);
        let Some(group) = first.and_then(|v| self.phrases[v].group) else {
            return false;
        };
        if group.form != VerbForm::Finite || !group.progressive {
            return false;
        }
        self.phrases[verb].group = Some(group);
        true
    }

    /// Whether a noun phrase stands between commas after the subject that waits for its verb, and that verb is still to come.
    pub(super) fn apposed_within(&self, noun: usize, verb: usize) -> bool {
        let comma = self.before(noun).is_some_and(|c| self.kind(c) == Kind::Comma);
        let other = self
            .stack
            .last()
            .is_some_and(|c| c.verb.is_none() && !c.subject.is_empty() && !c.subject.contains(&noun));
        if !comma || !other {
            return false;
        }
        let close = (verb + 1..self.phrases.len()).find(|&c| matches!(self.kind(c), Kind::Comma | Kind::Break));
        close
            .filter(|&c| self.kind(c) == Kind::Comma)
            .and_then(|c| self.after(c))
            .is_some_and(|v| self.kind(v) == Kind::Verb && self.form(v) == Some(VerbForm::Finite))
    }

    /// Verbs whose object a participle describes: `wants X banned`, `had X listed`, `keeps X frozen`.
    pub(super) fn causes(&self, verb: usize) -> bool {
        let word = self.word(verb);
        matches!(
            word.as_str(),
            "want"
                | "wants"
                | "wanted"
                | "have"
                | "has"
                | "had"
                | "get"
                | "keep"
                | "keeps"
                | "kept"
                | "leave"
                | "left"
                | "see"
                | "ordered"
        )
    }

    /// The antecedent: the near noun, or the head of its chain when the verb's number asks for it.
    pub(super) fn relative_head(&self, noun: usize, verb: usize) -> usize {
        let Some(p) = self.before(noun).filter(|&p| self.kind(p) == Kind::Preposition) else {
            return noun;
        };
        let Some(head) = self.before(p).filter(|&h| self.kind(h) == Kind::Noun) else {
            return noun;
        };
        let first = self.source.word(self.phrases[verb].start as usize);
        let plural_verb = matches!(first, "are" | "were" | "have");
        let plural = |n: usize| {
            let w = self.word(n);
            w.ends_with('s') && !w.ends_with("ss")
        };
        if plural_verb && !plural(noun) && plural(head) {
            head
        } else {
            noun
        }
    }

    /// The object that turns out to be a subject: `said sanctions on A, B and C would be lifted`.
    pub(super) fn object_before(&self, verb: usize) -> Option<(usize, usize)> {
        let mut at = self.before(verb)?;
        let mut noun = None;
        for _ in 0..AHEAD {
            match self.kind(at) {
                Kind::Noun => noun = Some(at),
                Kind::Preposition | Kind::Comma | Kind::Conjunction => {}
                Kind::Verb if self.form(at) == Some(VerbForm::Participle) => {}
                Kind::Verb => return noun.map(|n| (n, at)),
                _ => return None,
            }
            at = self.before(at)?;
        }
        None
    }
}
