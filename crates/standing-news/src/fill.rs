//! Who fills the slots of a rule that fits: from the clause's frame to actors and parties, and the words that are the evidence.
//!
//! Slots are tried in the rule's order; of several prepositions the one that stands first. Whoever acts is never also the party.

use crate::frame::Frame;
use crate::kinds::{fits, unnamed};
use crate::lexicon::Class;
use crate::phrase::Kind;
use crate::resolve::{Value, ValueKind};
use crate::rule::Pattern;
use crate::slots::{Filled, Place};
use standing_model::ClaimType;

impl Place<'_> {
    pub(crate) fn fill(
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
        // `a proposal by India to put X on the UN list`: whose list it is decides.
        if tier == 1
            && rule.actor.iter().any(|s| s == "holder")
            && let Some(keeper) = heads
                .iter()
                .find_map(|&n| self.owner(n).or_else(|| self.list_keeper("holder", n)))
                .filter(|v| matches!(v.code.as_deref(), Some("UN" | "EU")))
            && actors.iter().all(|a| a.code != keeper.code)
            && fits(&rule.actor_is, &keeper)
        {
            actors = vec![keeper];
        }
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
        // `The group was first banned in 2021`: by whoever else of the article takes that measure against it.
        let told = frame.passive && !parties.iter().all(unnamed);
        let may_follow =
            tier == 1 && (instrument || told || bilateral || self.document.publisher.is_some() && !rule.nominal);
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
                .any(|v| v.kind != ValueKind::Group && v.name.starts_with(char::is_uppercase))
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
