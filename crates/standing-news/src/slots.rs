//! Matching a rule at a trigger, and finding who fills its slots.

use standing_model::ClaimType;

use crate::clause::{Clauses, Governor};
use crate::frame::{Attached, Frame};
use crate::kinds::{fits, unnamed};
use crate::lexicon::Class;
use crate::near::{Flat, contains_word};
use crate::phrase::{Kind, VerbForm};
use crate::resolve::{Document, Value, ValueKind};
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
            if group.passive && self.clauses.antecedent(verb).is_some() {
                // `an embargo on Sudan, which was extended`: any noun of the chain before `which`.
                let near = patients.clone();
                patients.extend(near.into_iter().flat_map(|n| self.chain_before(n)));
            }
            let found = self.measure(&patients, &rule.object)?;
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
                    if a.word == "of"
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

    fn fill(
        &self,
        rule: &Pattern,
        frame: &Frame,
        measure: Option<usize>,
        heads: &[usize],
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
        let tier = rule.kind.tier();
        // Where the verb's own subject can act, the place is the actor only of a passive: `is banned in Russia`, `were expelled from Norway`.
        let acts = rule.actor.iter().any(|slot| slot == "agent");
        let places: Vec<String> = rule
            .actor
            .iter()
            .filter(|slot| frame.passive || !acts || !matches!(slot.as_str(), "in" | "from"))
            .cloned()
            .collect();
        let mut actors = self.slot(&places, &rule.actor_is, &[], frame, measure, heads, trigger);
        if actors.is_empty() && tier == 1 {
            actors = self.behind_instrument(rule, frame);
        }
        let mut parties = Vec::new();
        for slot in nearest_first(&rule.party, frame) {
            parties = self.slot(&[slot], &rule.party_is, &rule.object, frame, measure, heads, trigger);
            parties.retain(|p| {
                !actors.iter().any(|a| {
                    a.name == p.name || a.code.is_some() && a.code == p.code && tier == 1 && p.kind == ValueKind::State
                })
            });
            if !parties.is_empty() {
                break;
            }
        }
        if parties.is_empty() && rule.kind == ClaimType::Mission && !actors.is_empty() {
            parties.extend(self.document.place_of_post(trigger, &actors));
        }
        // `relations between Israel and the UAE`, whoever brokers them.
        if rule.mutual {
            let mut two: Vec<Value> = frame
                .attached
                .iter()
                .find(|a| a.word == "between")
                .map(|a| {
                    a.nouns
                        .iter()
                        .map(|&n| self.document.resolve(self.clauses, n))
                        .collect()
                })
                .unwrap_or_default();
            if two.len() == 2 && two.iter().all(|v| fits(&rule.party_is, v)) {
                parties = two.split_off(1);
                actors = two;
            }
        }
        if rule.mutual && parties.is_empty() && actors.len() == 2 {
            parties.extend(actors.pop());
        }
        let instrument = tier == 1 && actors.is_empty() && self.instrument(frame);
        // `relations were restored`: between the two that the article spoke of.
        let bilateral = rule.mutual && frame.passive && actors.is_empty() && parties.is_empty();
        // Nobody named does it to nobody in particular: `bans on groups designated as terrorist`.
        if tier == 1
            && actors.is_empty()
            && parties.iter().all(unnamed)
            && self.document.publisher.is_none()
            && !(instrument || bilateral)
        {
            return None;
        }
        // On a government's own page the measure is its own; of `the new policy` the article said whose it is.
        let may_follow = tier == 1 && (instrument || bilateral || self.document.publisher.is_some() && !rule.nominal);
        if (rule.needs.iter().any(|n| n == "actor") && actors.is_empty() && !may_follow)
            || (rule.needs.iter().any(|n| n == "party") && parties.is_empty())
            || (tier == 1 && actors.is_empty() && parties.is_empty() && !may_follow)
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
            passive: frame.passive,
            instrument,
        })
    }

    #[allow(clippy::too_many_arguments)]
    fn slot(
        &self,
        slots: &[String],
        kinds: &[String],
        object: &[String],
        frame: &Frame,
        measure: Option<usize>,
        heads: &[usize],
        trigger: usize,
    ) -> Vec<Value> {
        for slot in slots {
            let (first, second) = slot
                .split_once('.')
                .map_or((slot.as_str(), None), |(a, b)| (a, Some(b)));
            if first == "topic" {
                let Some(code) = self.document.topic.clone() else {
                    continue;
                };
                return vec![Value {
                    name: code.clone(),
                    code: Some(code),
                    kind: ValueKind::State,
                    id: None,
                    tokens: (trigger, trigger + 1),
                }];
            }
            let owned = match (first, second) {
                // `Israel's recognition of X`: who does it owns the act, if it is said of whom.
                ("maker", _) => Some(
                    measure
                        .filter(|_| {
                            frame
                                .attached
                                .iter()
                                .any(|a| matches!(a.word.as_str(), "of" | "on" | "against"))
                        })
                        .into_iter()
                        .collect(),
                ),
                ("owner", _) => Some(measure.or(frame.patients.first().copied()).into_iter().collect()),
                ("holder", _) => Some(heads.to_vec()),
                (_, Some("owner")) => Some(self.phrases_of(first, frame, measure, trigger)),
                _ => None,
            };
            if let Some(nouns) = owned {
                let joint: Vec<Value> = nouns.iter().flat_map(|&n| self.joint_owners(n)).collect();
                let mut values: Vec<Value> = Vec::new();
                for value in nouns
                    .into_iter()
                    .filter_map(|n: usize| {
                        self.owner(n)
                            .or_else(|| self.shared_owner(n))
                            .or_else(|| self.list_keeper(first, n))
                            .or_else(|| self.bundle_owner(n))
                    })
                    .filter(|v| fits(kinds, v))
                {
                    if !values.iter().any(|v| v.name == value.name) {
                        values.push(value);
                    }
                }
                if first == "owner" {
                    for value in joint.into_iter().filter(|v| fits(kinds, v)) {
                        if !values.iter().any(|v| v.name == value.name) {
                            values.push(value);
                        }
                    }
                }
                if values.is_empty() {
                    continue;
                }
                return values;
            }
            let mut phrases = self.phrases_of(first, frame, measure, trigger);
            if let Some(preposition) = second {
                phrases = phrases
                    .into_iter()
                    .flat_map(|n| self.clauses.attached_to(n).0)
                    .filter(|a| a.word == preposition)
                    .flat_map(|a| a.nouns)
                    .collect();
            }
            // `sanctions on A and a travel ban on B`: the second measure leads to its own party.
            if !object.is_empty() && slot != "agent" {
                phrases = phrases
                    .into_iter()
                    .flat_map(|n| {
                        let named = self
                            .document
                            .mentions
                            .at(self.clauses.phrases[n].head as usize)
                            .is_some();
                        if named || Some(n) == measure || !self.headed(n, object) {
                            return vec![n];
                        }
                        let own = self.clauses.attached_to(n).0;
                        own.into_iter()
                            .filter(|a| a.word == first)
                            .flat_map(|a| a.nouns)
                            .collect()
                    })
                    .collect();
            }
            // `designated eight cartels as terrorist groups, including A and B`.
            let many = slot != "agent"
                && phrases.iter().any(|&p| {
                    self.document.cut.tokens[self.clauses.phrases[p].head as usize]
                        .reading
                        .has(Class::People)
                });
            if many && matches!(slot.as_str(), "patient" | "on" | "against" | "targeting") {
                for a in frame.attached.iter().filter(|a| a.word == "including") {
                    for &n in &a.nouns {
                        if !phrases.contains(&n) {
                            phrases.push(n);
                        }
                    }
                }
            }
            let mut values: Vec<Value> = Vec::new();
            let bundles = self.bundles(&phrases);
            for phrase in phrases {
                if let Some(bundle) = bundles.iter().find(|b| b.contains(&phrase)) {
                    if bundle.first() == Some(&phrase) {
                        let value = self.bundled(bundle);
                        if fits(kinds, &value) {
                            values.push(value);
                        }
                        for p in self.examples(*bundle.last().unwrap_or(&phrase)) {
                            let value = self.document.resolve(self.clauses, p);
                            if fits(kinds, &value) && !value.name.is_empty() {
                                values.push(value);
                            }
                        }
                    }
                    continue;
                }
                let mut named = self.states_of(phrase).unwrap_or_else(|| vec![phrase]);
                let examples = self.examples(phrase);
                let including = examples.first().is_some_and(|&n| {
                    self.clauses
                        .before(n)
                        .is_some_and(|p| self.clauses.phrases[p].kind != Kind::Comma)
                });
                if !including && !examples.is_empty() {
                    named.clear();
                }
                for n in examples {
                    if !named.contains(&n) {
                        named.push(n);
                    }
                }
                // `Norway and Ireland said they would`: each of them.
                if let Some(speakers) = self.document.said_subjects(self.clauses, phrase) {
                    named = speakers;
                }
                for p in named {
                    // `our commitment to lift`: whose it is, acts.
                    let head = self.document.cut.tokens[self.clauses.phrases[p].head as usize].reading;
                    let owned = (slot == "agent" && head.has(Class::TakesInfinitive))
                        .then(|| self.owner(p))
                        .flatten();
                    let mut value = owned.unwrap_or_else(|| self.document.resolve(self.clauses, p));
                    // `it expelled the envoy`: of what `it` can mean, what can act.
                    if slot == "agent"
                        && !fits(kinds, &value)
                        && let Some(other) = self.document.acting_pronoun(self.clauses.phrases[p].head as usize)
                    {
                        let p = self.clauses.phrases[p];
                        value = Value {
                            tokens: (p.start as usize, p.end as usize),
                            ..other
                        };
                    }
                    if value.name.is_empty()
                        || (value.tokens.0 <= trigger && trigger < value.tokens.1 && slot != "apposed")
                        || !fits(kinds, &value)
                    {
                        continue;
                    }
                    let first = self.clauses.phrases[p].start as usize;
                    let nobody = ["no", "any"].iter().any(|w| self.clauses.source.is(first, w))
                        || self.clauses.source.is(first + 1, "single");
                    if nobody && (slot == "agent" || slot == "by") {
                        continue;
                    }
                    if !values.iter().any(|v| v.name == value.name) {
                        values.push(value);
                    }
                }
            }
            if slot != "agent" {
                Self::share_head(&mut values);
            }
            // `A and other individuals`: the others are nobody in particular.
            if values
                .iter()
                .any(|v| !matches!(v.kind, ValueKind::Group | ValueKind::Thing))
            {
                values.retain(|v| {
                    v.kind != ValueKind::Group
                        || !["other", "its ", "their ", "several", "some "]
                            .iter()
                            .any(|w| v.name.starts_with(w))
                });
            }
            if !values.is_empty() {
                return values;
            }
        }
        Vec::new()
    }
}

/// The slots in their order, but of several prepositions the one that stands first: `on two ministers for violence against civilians`.
fn nearest_first(slots: &[String], frame: &Frame) -> Vec<String> {
    let place = |s: &String| frame.attached.iter().position(|a| a.word == *s);
    let mut simple: Vec<&String> = slots.iter().filter(|s| place(s).is_some()).collect();
    simple.sort_by_key(|s| place(s));
    let mut simple = simple.into_iter();
    slots
        .iter()
        .map(|s| {
            if place(s).is_some() {
                simple.next().unwrap_or(s).clone()
            } else {
                s.clone()
            }
        })
        .collect()
}
