//! Who holds which office: `Russian Foreign Minister Sergei Lavrov`, `the mayor of London, Sadiq Khan`.
//!
//! Found over the whole article before its sentences are read, because a person's office is what makes a state of them later.

use standing_model::{ClaimStatus, ClaimType};

use crate::found::Found;
use crate::mention::{EntityKind, Form, Mentions};
use crate::offices::Offices;
use crate::resolve::{Value, ValueKind};
use crate::text::{Cut, Shape, fold};

/// Who holds which office.
pub(crate) fn roles(
    offices: &Offices,
    text: &str,
    cut: &Cut,
    publisher: Option<&str>,
    mentions: &mut Mentions,
) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for sentence in &cut.sentences {
        let (start, end) = (sentence.start as usize, sentence.end as usize);
        let mut at = start;
        while at < end {
            if mentions.at(at).is_some() {
                at += 1;
                continue;
            }
            let Some((length, state)) = offices.at(text, &cut.tokens[at..end]) else {
                at += 1;
                continue;
            };
            let state = state.map(str::to_owned);
            let after = at + length;
            let word = |t: usize| fold(&text[cut.tokens[t].start as usize..cut.tokens[t].end as usize]);
            // What the office is of.
            let mut of = None;
            let mut next = after;
            if next < end && matches!(word(next).as_str(), "of" | "to" | "for") {
                let mut m = next + 1;
                if m < end && word(m) == "the" {
                    m += 1;
                }
                if let Some(mention) = mentions.at(m).copied().filter(|_| m < end) {
                    of = Some((mention.entity, word(next) == "of"));
                    next = mention.end as usize;
                }
            }
            let mut before = at;
            let mut ended = false;
            while before > start
                && (cut.tokens[before - 1].reading.has(crate::lexicon::Class::Adjective)
                    || matches!(word(before - 1).as_str(), "the" | "a" | "an" | "ex")
                    || cut.tokens[before - 1].shape == Shape::Possessive)
            {
                ended |= matches!(word(before - 1).as_str(), "former" | "late" | "ex");
                before -= 1;
            }
            let owner = (before > start).then(|| mentions.at(before - 1).copied()).flatten();
            if let Some(o) = owner {
                let p = o.start as usize;
                ended |= p > start && matches!(word(p - 1).as_str(), "former" | "late" | "retired");
            }
            if next < end && cut.tokens[next].shape == Shape::Comma {
                // `the mayor of London, Sadiq Khan`
                let definite = before < at && word(before) == "the";
                if of.is_some() || owner.is_some() || definite {
                    next += 1;
                }
            }
            let person_after = (next < end).then(|| mentions.at(next).copied()).flatten().filter(|m| {
                matches!(mentions.entity(m.entity).kind, EntityKind::Person | EntityKind::Other) && m.form == Form::Name
            });
            // `Amir Khan Muttaqi, the acting foreign minister of`
            let edge = owner.map_or(before, |o| o.start as usize);
            let mut comma = edge;
            while comma > start
                && (matches!(
                    word(comma - 1).as_str(),
                    "the" | "a" | "an" | "former" | "president" | "late"
                ) || cut.tokens[comma - 1].reading.has(crate::lexicon::Class::Adjective))
            {
                comma -= 1;
            }
            let person_before = (comma > start + 1 && cut.tokens[comma - 1].shape == Shape::Comma)
                .then(|| mentions.at(comma - 2).copied())
                .flatten()
                .filter(|m| mentions.entity(m.entity).kind == EntityKind::Person);
            let state_of = |id: u32, mentions: &Mentions| {
                let e = mentions.entity(id);
                e.code.clone()
            };
            let direct = cut
                .tokens
                .get(next.wrapping_sub(1))
                .is_some_and(|t| t.shape != Shape::Comma);
            let person = if direct {
                person_after.or(person_before)
            } else {
                person_before.or(person_after)
            };
            if let Some(m) = person {
                let own = of
                    .filter(|(_, o)| *o)
                    .map(|(e, _)| e)
                    .or(owner.map(|o| o.entity))
                    .filter(|&e| mentions.root(e) != mentions.root(m.entity));
                let code = own
                    .and_then(|e| state_of(e, mentions))
                    .or(state)
                    .or_else(|| own.is_none().then(|| publisher.map(str::to_owned)).flatten());
                let name = code.clone().or_else(|| own.map(|e| mentions.entity(e).name.clone()));
                let from = (m.start as usize).min(owner.map_or(at, |o| (o.start as usize).min(at)));
                let to = (m.end as usize).max(next.min(end)).max(after);
                let person = mentions.entity_mut(m.entity);
                person.kind = EntityKind::Person;
                if person.code.is_none() && !ended {
                    person.code.clone_from(&code);
                }
                let full = person.name.clone();
                // An office of nobody named counts only where it is a state's by itself.
                let office = word(at + length - 1);
                let public = [
                    "president",
                    "minister",
                    "senator",
                    "secretary",
                    "ambassador",
                    "king",
                    "queen",
                    "chancellor",
                    "governor",
                    "congressman",
                    "congresswoman",
                    "premier",
                    "mayor",
                ]
                .contains(&office.as_str());
                if (name.is_some() || public) && seen.insert((full.clone(), name.clone(), ended)) {
                    {
                        let party = name;
                        let value = |name: String, code: Option<String>, kind| Value {
                            name,
                            code,
                            kind,
                            id: None,
                            tokens: (from, to),
                        };
                        out.push(Found {
                            kind: ClaimType::Role,
                            action: None,
                            actor: Some(value(full, None, ValueKind::Person)),
                            party: party.map(|p| value(p, code, ValueKind::State)),
                            status: if ended {
                                ClaimStatus::Ended
                            } else {
                                ClaimStatus::InEffect
                            },
                            speaker: None,
                            via: Vec::new(),
                            time: None,
                            tokens: (from, to.min(end)),
                            weight: 0,
                            trigger: at,
                            rules: vec!["role.office".to_owned()],
                        });
                    }
                }
            }
            at = after;
        }
    }
    out
}
