//! Matching a rule at its trigger: the verb, noun or participle with the words that the rule asks for around it. Who fills the slots then
//! is found by `fill`.

use crate::clause::{Clauses, Governor};
use crate::frame::{Attached, Frame};
use crate::lexicon::Class;
use crate::near::{Flat, contains_word};
use crate::phrase::{Kind, VerbForm};
use crate::resolve::{Document, Value};
use crate::rule::{Pattern, RuleSet};
use crate::text::fold;

/// A place where a rule may apply.
pub struct Place<'a> {
    /// The article.
    pub document: &'a Document<'a>,
    /// The sentence.
    pub clauses: &'a Clauses<'a>,
    /// The rules.
    pub rules: &'a RuleSet,
    /// The sentence's words in small letters between single spaces, marks left out.
    pub flat: &'a Flat,
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
    /// Whether the clause is a passive.
    pub passive: bool,
    /// Whether an order, policy or package does it, with nobody named who made it.
    pub instrument: bool,
}

impl Place<'_> {
    /// Whether a noun phrase is headed by one of the words.
    pub fn headed(&self, phrase: usize, words: &[String]) -> bool {
        let p = self.clauses.phrases[phrase];
        let head = p.head as usize;
        let noun = self.document.cut.tokens[head].reading.noun;
        let folded = fold(self.clauses.source.word(head));
        // `the cargo ship Gorvani Leader`: what it is stands before its name.
        let before_name = self
            .document
            .mentions
            .at(head)
            .filter(|m| m.start > p.start)
            .map(|m| m.start as usize - 1);
        if let Some(t) = before_name {
            let kind = fold(self.clauses.source.word(t));
            if words
                .iter()
                .any(|w| *w == kind || w.contains(' ') && contains_word(self.flat.between(p.start as usize, t + 1), w))
            {
                return true;
            }
        }
        words.iter().any(|w| {
            if w.contains(' ') {
                let last = w.rsplit(' ').next().unwrap_or(w);
                let ends = if w.contains(" of ") || w.contains(" with") {
                    p.end as usize + 4
                } else {
                    p.end as usize
                };
                // Cheap first: the phrase's head is the words' head, unless they reach beyond it.
                (ends > p.end as usize || folded == last || folded.strip_suffix('s') == Some(last))
                    && contains_word(self.flat.between(p.start as usize, ends), w)
            } else if noun != 0 {
                self.rules.lexicon.known(w) == Some(noun)
            } else {
                folded == *w || folded.strip_suffix('s') == Some(w.as_str())
            }
        })
    }

    /// Whether the words that must be near are, and those that must not be are not.
    pub fn words_fit(&self, rule: &Pattern, sentence: (usize, usize), clause: (usize, usize)) -> bool {
        if !rule.near.is_empty() {
            let text = self.flat.between(sentence.0, sentence.1);
            let paragraph = rule.paragraph.then(|| self.document.paragraph_of(sentence.0));
            if !rule
                .near
                .iter()
                .any(|w| contains_word(text, w) || paragraph.as_ref().is_some_and(|p| contains_word(p, w)))
            {
                return false;
            }
        }
        if !rule.unless.is_empty() {
            let text = self.flat.between(clause.0, clause.1);
            if rule.unless.iter().any(|w| contains_word(text, w)) {
                return false;
            }
        }
        true
    }

    /// The noun phrases that satisfy the rule's `heads`; nothing if one is missing.
    fn heads(&self, rule: &Pattern, attached: &[Attached], complements: &[usize]) -> Option<Vec<usize>> {
        let mut found = Vec::new();
        for (prepositions, words) in &rule.heads {
            let before = found.len();
            for one in prepositions.split(' ') {
                if one == "as" {
                    found.extend(complements.iter().copied().filter(|&c| self.headed(c, words)));
                }
                for a in attached.iter().filter(|a| a.word == one) {
                    found.extend(a.nouns.iter().copied().filter(|&n| self.headed(n, words)));
                }
            }
            if found.len() == before {
                return None;
            }
        }
        Some(found)
    }

    /// Tries a rule at a verb group.
    pub fn at_verb(&self, rule: &Pattern, verb: usize, sentence: (usize, usize)) -> Option<Filled> {
        let group = self.clauses.phrases[verb].group?;
        if let Some(voice) = &rule.voice
            && (voice == "passive") != group.passive
        {
            return None;
        }
        if !rule.near.is_empty() && !self.words_fit(rule, sentence, (sentence.0, sentence.0)) {
            return None;
        }
        let mut frame = self.clauses.frame(verb);
        if !group.passive {
            // Only a passive's `by` names who acts.
            for a in &mut frame.attached {
                if a.word == "by" {
                    "by-active".clone_into(&mut a.word);
                }
            }
        }
        if let Some(named) = self.named_by_copula(verb, &frame) {
            frame.patients = named;
        }
        let mut measure = None;
        if !rule.subject.is_empty() {
            // Of a passive what is done to: `the embassy was reopened`.
            let subject = if group.passive { &frame.patients } else { &frame.agents };
            let found = self.measure(subject, &rule.subject)?;
            measure = Some(found);
            let (own, _) = self.clauses.attached_to(found);
            frame.attached.splice(0..0, own.into_iter().filter(|a| a.word != "by"));
        }
        if !rule.object.is_empty() {
            let mut patients = frame.patients.clone();
            let reduced = self.clauses.form(verb) == Some(VerbForm::Participle)
                && self
                    .clauses
                    .before(verb)
                    .is_some_and(|c| self.clauses.phrases[c].kind == Kind::Comma);
            if group.passive && (reduced || self.clauses.antecedent(verb).is_some()) {
                // `an embargo on Sudan, which was extended`, `the embassy in Minsk, closed`: any noun of the chain before.
                let near = patients.clone();
                patients.extend(near.into_iter().flat_map(|n| self.chain_before(n)));
            }
            let found = if let Some(found) = self.measure(&patients, &rule.object) {
                found
            } else {
                let given = self.given(verb, &mut frame, &rule.object)?;
                patients.clone_from(&frame.patients);
                given
            };
            measure = Some(found);
            // The phrases right after the measure come first: `the assets of the group`, `sanctions on the bank for …`.
            let mut attached = Vec::new();
            let mut list = frame.patients.clone();
            if patients.len() > list.len() {
                list = vec![found];
            }
            if !list.contains(&found) {
                list.push(found);
            }
            for n in list {
                let (these, last) = self.clauses.attached_to(n);
                // `on two officials over the crackdown on protesters`: the first counts.
                for mut a in these {
                    if a.word == "by" && !group.passive {
                        "by-active".clone_into(&mut a.word);
                    }
                    // `property of the network in the United States`: of two places the second may be the state.
                    if matches!(a.word.as_str(), "of" | "in")
                        || !attached
                            .iter()
                            .any(|b: &Attached| b.word == a.word && b.nouns.first() > Some(&n))
                    {
                        attached.push(a);
                    }
                }
                if n > verb {
                    frame.last = frame.last.max(last);
                }
                // `assets that have been seized from the bank`
                if let Some(v) = self.clauses.relative_verb(n) {
                    attached.extend(self.clauses.frame(v).attached.into_iter().filter(|a| a.word != "by"));
                }
            }
            let rest = std::mem::replace(&mut frame.attached, attached);
            for a in rest {
                // Where it is done stands with a passive's verb, whatever stands with the noun.
                let place = group.passive && a.word == "in" && rule.actor.iter().any(|s| s == "in");
                if place {
                    frame.attached.retain(|b| b.word != "in");
                }
                if !frame.attached.iter().any(|b| b.word == a.word) {
                    frame.attached.push(a);
                }
            }
        }
        if frame.complements.is_empty() {
            frame.complements = self.called_so(verb, &frame.patients);
        }
        let heads = self.heads(rule, &frame.attached, &frame.complements)?;
        self.fill(
            rule,
            &frame,
            measure,
            &heads,
            sentence,
            self.clauses.phrases[verb].head as usize,
        )
    }

    /// `Those sanctioned today are A, B and C`: they themselves.
    fn named_by_copula(&self, verb: usize, frame: &Frame) -> Option<Vec<usize>> {
        let &[who] = frame.patients.as_slice() else {
            return None;
        };
        let p = self.clauses.phrases[who];
        let several = self.clauses.source.is(p.head as usize, "those")
            || self.document.mentions.at(p.head as usize).is_none()
                && self.clauses.source.word(p.head as usize).ends_with('s')
                && self.document.cut.tokens[p.head as usize].reading.has(Class::People);
        if !frame.passive || !several || self.clauses.form(verb) != Some(VerbForm::Participle) {
            return None;
        }
        let be = (verb + 1..self.clauses.phrases.len()).find(|&v| {
            self.clauses.form(v) == Some(VerbForm::Finite)
                && self.clauses.subject(v).contains(&who)
                && (self.clauses.phrases[v].group.is_some_and(|g| g.copula && !g.negated)
                    || matches!(self.clauses.head_word(v).as_str(), "include" | "included"))
        })?;
        let first = self
            .clauses
            .after(be)
            .filter(|&n| self.clauses.phrases[n].kind == Kind::Noun)?;
        let (list, _) = self.clauses.joined_right(first);
        let named = list.iter().all(|&n| {
            self.document
                .mentions
                .at(self.clauses.phrases[n].head as usize)
                .is_some()
        });
        named.then_some(list)
    }

    /// `granted the minister a waiver`: what is given stands second, and who gets it is led by no `to`.
    fn given(&self, verb: usize, frame: &mut Frame, words: &[String]) -> Option<usize> {
        const GIVING: [&str; 8] = ["grant", "give", "gave", "hand", "issue", "deny", "denied", "offer"];
        let word = self.clauses.head_word(verb);
        if frame.passive || !GIVING.iter().any(|w| word.starts_with(w)) {
            return None;
        }
        let given = self.measure(&frame.complements, words)?;
        let to = std::mem::replace(&mut frame.patients, std::mem::take(&mut frame.complements));
        frame.attached.push(Attached {
            word: "to".to_owned(),
            nouns: to,
        });
        Some(given)
    }

    /// `declared the Gorvani Fund extremist`: what it is called ends the name's own phrase.
    fn called_so(&self, verb: usize, patients: &[usize]) -> Vec<usize> {
        let naming = self.document.cut.tokens[self.clauses.phrases[verb].head as usize]
            .reading
            .has(Class::Naming);
        let ends_so = |n: usize| {
            let p = self.clauses.phrases[n];
            ["extremist", "terrorist", "undesirable", "unlawful", "illegal"]
                .iter()
                .any(|w| self.clauses.source.is(p.head as usize, w))
                && (p.start..p.head).any(|t| self.document.mentions.at(t as usize).is_some())
        };
        patients.iter().copied().filter(|&n| naming && ends_so(n)).collect()
    }

    /// Tries a rule at a noun phrase.
    pub fn at_noun(&self, rule: &Pattern, noun: usize, sentence: (usize, usize)) -> Option<Filled> {
        if !self.headed(noun, &rule.noun) {
            return None;
        }
        if !rule.after.is_empty() {
            let leads = self.clauses.before(self.first_joint(noun)).is_some_and(|p| {
                self.clauses.phrases[p].kind == Kind::Preposition && rule.after.contains(&self.clauses.head_word(p))
            });
            if !leads {
                return None;
            }
        }
        let governors = if rule.under.is_empty() && rule.not_under.is_empty() {
            Vec::new()
        } else {
            self.clauses.governors_of(noun)
        };
        let is = |words: &[String]| {
            governors.iter().any(|&g| {
                let reading = self.document.cut.tokens[self.clauses.phrases[g].head as usize].reading;
                let verb = self.clauses.phrases[g].kind == Kind::Verb;
                let lemma = if verb { reading.verb } else { reading.noun };
                words.iter().any(|w| match w.split_once(' ') {
                    Some((base, particle)) => {
                        self.rules.lexicon.known(base) == Some(lemma)
                            && lemma != 0
                            && self
                                .clauses
                                .after(g)
                                .is_some_and(|p| self.clauses.head_word(p) == particle)
                    }
                    None => lemma != 0 && self.rules.lexicon.known(w) == Some(lemma),
                })
            })
        };
        if (!rule.under.is_empty() && !is(&rule.under)) || (!rule.not_under.is_empty() && is(&rule.not_under)) {
            return None;
        }
        let (mut attached, mut last) = self.clauses.attached_to(noun);
        if attached.is_empty() {
            // `an asset freeze, a travel ban and an arms embargo against the group`: what the last has, all have.
            let (list, _) = self.clauses.joined_right(noun);
            if let Some(&end) = list.last().filter(|&&n| n != noun) {
                (attached, last) = self.clauses.attached_to(end);
                attached.retain(|a| matches!(a.word.as_str(), "on" | "against" | "targeting"));
            }
        }
        let mut frame = Frame {
            attached,
            first: noun,
            last,
            ..Frame::default()
        };
        if let Some(v) = self.clauses.verb_of_object(noun) {
            let passive = self.clauses.phrases[v].group.is_some_and(|g| g.passive);
            frame.agents = match self.clauses.governor(v) {
                // `a bill allowing the removal`: who makes the bill, acts.
                Governor::Noun(bill) if self.clauses.form(v) == Some(VerbForm::Gerund) => vec![bill],
                _ => self.clauses.subject(v),
            };
            if frame.agents.is_empty() && !passive {
                frame.agents = self
                    .clauses
                    .before(v)
                    .filter(|&n| self.clauses.phrases[n].kind == Kind::Noun)
                    .into_iter()
                    .collect();
            }
            if !frame.agents.contains(&noun) {
                frame.first = frame.agents.iter().copied().min().unwrap_or(v).min(v);
            }
        } else if let Some(n) = self
            .clauses
            .before(noun)
            .filter(|&p| !rule.after.is_empty() && self.clauses.phrases[p].kind == Kind::Preposition)
            .and_then(|p| self.clauses.before(p))
        {
            // `X, under US sanctions since 2018,`
            let n = if self.clauses.phrases[n].kind == Kind::Comma {
                self.clauses.before(n)
            } else {
                Some(n)
            };
            frame.agents = n
                .filter(|&n| self.clauses.phrases[n].kind == Kind::Noun)
                .into_iter()
                .collect();
        }
        for a in frame.attached.iter().filter(|_| rule.after.is_empty()) {
            if a.word == "by" {
                frame.agents = a.nouns.clone();
            }
        }
        let heads = self.heads(rule, &frame.attached, &[])?;
        self.fill(
            rule,
            &frame,
            Some(noun),
            &heads,
            sentence,
            self.clauses.phrases[noun].head as usize,
        )
    }

    /// Tries a rule at a participle inside a noun phrase.
    pub fn at_participle(&self, rule: &Pattern, noun: usize, token: usize, sentence: (usize, usize)) -> Option<Filled> {
        if self.document.mentions.at(token).is_some() {
            return None;
        }
        if !rule.object.is_empty() && !self.headed(noun, &rule.object) {
            // `the banned terrorist group Gorvani Front` is headed by its name.
            let inside = (token..self.clauses.phrases[noun].head as usize).any(|t| {
                let folded = fold(self.clauses.source.word(t));
                rule.object.contains(&folded)
            });
            if !inside {
                return None;
            }
        }
        let (attached, last) = self.clauses.attached_to(noun);
        let frame = Frame {
            attached,
            first: noun,
            last,
            patients: vec![noun],
            ..Frame::default()
        };
        self.fill(rule, &frame, Some(noun), &[], sentence, token)
    }
}
