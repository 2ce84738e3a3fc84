//! Proposals that two parties are one, for a person to judge.
//!
//! Rules connect what is certain (`standing-ledger::LINK_RULES`). What is only likely is proposed here with its evidence: shared weaker
//! identifiers, equal names whose birth dates do not stand against it. A proposal vanishes once somebody decides it (`same`, `different`,
//! `unsure`), and none is made where each side has a listing on the same list: a publisher that lists twice means two parties.
//!
//! Likeness of names that are not equal is screening's business: [`resemblances`] finds it with the screening's index, and what is handed in as
//! [`Resemblance`]s joins the other evidence. The closest pair of names of two parties counts, and none where names are equal.

mod resembling;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;
use standing_ledger::{Ledger, View, name_key};
use standing_model::{Day, IdentifierKind, NameQuality, PartialDate, PartyKind, Record};

use crate::clocks::Question;
use crate::error::StandingError;
pub use resembling::resemblances;

/// A key that more parties than this share proves nothing about two of them.
const MOST_SHARING: usize = 12;

/// Two ids whose names resemble each other, found by whoever compares names.
#[derive(Debug, Clone, PartialEq)]
pub struct Resemblance {
    /// A listing or party.
    pub a: String,
    /// Another.
    pub b: String,
    /// How much, from 0 to 1.
    pub score: f64,
    /// Why, in words.
    pub words: String,
}

/// One piece of evidence for or against.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Clue {
    /// `identifier`, `name`, `birth`, `country`, `resemblance`.
    pub clue: &'static str,
    /// What is shared, in words.
    pub words: String,
    /// What it is worth; negative if it speaks against.
    pub weight: i32,
}

/// A proposal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    /// A party.
    pub a: String,
    /// Another.
    pub b: String,
    /// The listings that the evidence is about.
    pub listings: (String, String),
    /// Their names.
    pub names: (String, String),
    /// The sum of what the clues are worth. It ranks, and measures nothing.
    pub weight: i32,
    /// The evidence.
    pub evidence: Vec<Clue>,
}

/// A listing as far as it is compared.
struct Side {
    id: String,
    list: String,
    party: usize,
    name: String,
    kind: PartyKind,
    births: Vec<PartialDate>,
    countries: BTreeSet<String>,
}

/// All proposals, the strongest first.
pub fn candidates(
    ledger: &Ledger,
    question: &Question,
    today: Day,
    resemblances: &[Resemblance],
) -> Result<Vec<Candidate>, StandingError> {
    let (view, _) = question.view(ledger, today)?;
    let mut parties = view.parties()?;
    let connected: BTreeSet<String> = parties.iter().flatten().cloned().collect();
    for list in view.lists()? {
        view.each_listing(&list, |listing| {
            let id = listing.id.to_string();
            if !connected.contains(&id) {
                parties.push(vec![id]);
            }
            Ok(())
        })?;
    }
    let mut party_of: HashMap<&str, usize> = HashMap::new();
    let mut lists_of: Vec<BTreeSet<&str>> = Vec::with_capacity(parties.len());
    for (number, ids) in parties.iter().enumerate() {
        party_of.extend(ids.iter().map(|id| (id.as_str(), number)));
        lists_of.push(
            ids.iter()
                .filter_map(|id| id.split_once(':').map(|(list, _)| list))
                .collect(),
        );
    }
    let told_apart: BTreeSet<(usize, usize)> = view
        .told_apart()?
        .iter()
        .filter_map(|(a, b)| Some(ordered(*party_of.get(a.as_str())?, *party_of.get(b.as_str())?)))
        .collect();
    let may_be_one =
        |a: usize, b: usize| a != b && !told_apart.contains(&ordered(a, b)) && lists_of[a].is_disjoint(&lists_of[b]);

    let mut sides: Vec<Side> = Vec::new();
    let mut by_name: BTreeMap<i64, Vec<(usize, bool)>> = BTreeMap::new();
    let mut by_identifier: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    collect(&view, &party_of, &mut sides, &mut by_name, &mut by_identifier)?;

    // Pairs of parties, with the clues and the listings that gave the first of them.
    let mut pairs: BTreeMap<(usize, usize), (usize, usize, BTreeSet<Clue>)> = BTreeMap::new();
    let mut clue = |a: usize, b: usize, found: Clue| {
        let (a, b) = if sides[a].party < sides[b].party {
            (a, b)
        } else {
            (b, a)
        };
        let (x, y) = (sides[a].party, sides[b].party);
        if may_be_one(x, y) && kinds_agree(sides[a].kind, sides[b].kind) {
            pairs
                .entry((x, y))
                .or_insert_with(|| (a, b, BTreeSet::new()))
                .2
                .insert(found);
        }
    };
    for (key, members) in &by_identifier {
        if spread(members.iter().map(|&m| sides[m].party)) <= MOST_SHARING {
            each_pair(members, |&a, &b| {
                clue(
                    a,
                    b,
                    Clue {
                        clue: "identifier",
                        words: key.replacen(':', " ", 1),
                        weight: 4,
                    },
                );
            });
        }
    }
    for members in by_name.values() {
        if spread(members.iter().map(|&(m, _)| sides[m].party)) <= MOST_SHARING {
            each_pair(members, |&(a, several), &(b, _)| {
                clue(
                    a,
                    b,
                    Clue {
                        clue: "name",
                        words: "the same name".to_owned(),
                        weight: if several { 3 } else { 1 },
                    },
                );
            });
        }
    }
    let at: HashMap<&str, usize> = sides.iter().enumerate().map(|(n, s)| (s.id.as_str(), n)).collect();
    // The closest names first: of two parties they alone count.
    let mut closest: Vec<&Resemblance> = resemblances.iter().collect();
    closest.sort_by(|p, q| {
        q.score
            .total_cmp(&p.score)
            .then_with(|| (&p.a, &p.b).cmp(&(&q.a, &q.b)))
    });
    let mut alike: BTreeSet<(usize, usize)> = BTreeSet::new();
    for pair in closest {
        if let (Some(&a), Some(&b)) = (at.get(pair.a.as_str()), at.get(pair.b.as_str()))
            && alike.insert(ordered(sides[a].party, sides[b].party))
        {
            clue(
                a,
                b,
                Clue {
                    clue: "resemblance",
                    words: pair.words.clone(),
                    weight: likeness(pair.score),
                },
            );
        }
    }

    let mut found = Vec::new();
    for ((x, y), (a, b, clues)) in pairs {
        let (left, right) = (&sides[a], &sides[b]);
        let mut evidence: Vec<Clue> = clues.into_iter().collect();
        // Equal names resemble each other; that is said once.
        if evidence.iter().any(|c| c.clue == "name" && c.weight > 1) {
            evidence.retain(|c| c.clue != "resemblance");
        }
        let by_identifier = evidence.iter().any(|c| c.clue == "identifier");
        let birth = births(left, right);
        // Different birth dates stand against an equal name; a shared number may still be worth a look.
        if birth.as_ref().is_some_and(|c| c.weight < 0) && !by_identifier {
            continue;
        }
        evidence.extend(birth);
        evidence.extend(countries(left, right));
        evidence.sort_by(|p, q| q.weight.cmp(&p.weight).then_with(|| p.cmp(q)));
        let weight = evidence.iter().map(|c| c.weight).sum();
        // One word in common, and nothing else, is no evidence.
        if weight < 2 {
            continue;
        }
        found.push(Candidate {
            a: View::canonical(&parties[x]).to_owned(),
            b: View::canonical(&parties[y]).to_owned(),
            listings: (left.id.clone(), right.id.clone()),
            names: (left.name.clone(), right.name.clone()),
            weight,
            evidence,
        });
    }
    found.sort_by(|p, q| q.weight.cmp(&p.weight).then_with(|| (&p.a, &p.b).cmp(&(&q.a, &q.b))));
    Ok(found)
}

/// What likeness of names is worth: less than equal names, and nothing below what a screening would raise.
fn likeness(score: f64) -> i32 {
    match score {
        s if s >= 0.9 => 2,
        s if s >= 0.7 => 1,
        _ => 0,
    }
}

fn ordered(a: usize, b: usize) -> (usize, usize) {
    (a.min(b), a.max(b))
}

fn spread(parties: impl Iterator<Item = usize>) -> usize {
    parties.collect::<BTreeSet<_>>().len()
}

fn each_pair<T>(members: &[T], mut f: impl FnMut(&T, &T)) {
    for (at, a) in members.iter().enumerate() {
        for b in &members[at + 1..] {
            f(a, b);
        }
    }
}

fn kinds_agree(a: PartyKind, b: PartyKind) -> bool {
    a == b || a == PartyKind::Unknown || b == PartyKind::Unknown
}

fn collect(
    view: &View<'_>,
    party_of: &HashMap<&str, usize>,
    sides: &mut Vec<Side>,
    by_name: &mut BTreeMap<i64, Vec<(usize, bool)>>,
    by_identifier: &mut BTreeMap<String, Vec<usize>>,
) -> Result<(), StandingError> {
    for list in view.lists()? {
        view.each_listing(&list, |listing| {
            let id = listing.id.to_string();
            let Some(&party) = party_of.get(id.as_str()) else {
                return Ok(());
            };
            let record = &listing.record;
            let number = sides.len();
            let names: BTreeMap<i64, bool> = record
                .names
                .iter()
                .filter(|n| n.quality == NameQuality::Good)
                .flat_map(|n| {
                    // What stands in brackets is a remark or an abbreviation.
                    let plain = n.text.split(['(', '（']).next().unwrap_or_default();
                    [n.text.as_str(), plain].map(|t| (name_key(t), t.split_whitespace().count() > 1))
                })
                .filter_map(|(key, several)| key.map(|key| (key, several)))
                .collect();
            for (key, several) in names {
                by_name.entry(key).or_default().push((number, several));
            }
            for key in identifiers(record) {
                by_identifier.entry(key).or_default().push(number);
            }
            sides.push(Side {
                id,
                list: list.clone(),
                party,
                name: record.caption().to_owned(),
                kind: record.kind,
                births: record.births.iter().filter_map(|b| b.date).collect(),
                countries: record.nationalities.iter().map(ToString::to_string).collect(),
            });
            Ok(())
        })?;
    }
    debug_assert!(sides.iter().all(|s| s.id.starts_with(&s.list)));
    Ok(())
}

/// Identifiers that two records of one party are likely to share, as `kind:value`. What many parties have in common by nature
/// (telephones, websites, lists' references) is none.
fn identifiers(record: &Record) -> BTreeSet<String> {
    record
        .identifiers
        .iter()
        .filter_map(|identifier| {
            let word = match &identifier.kind {
                IdentifierKind::Passport => "passport",
                IdentifierKind::NationalId => "national-id",
                IdentifierKind::TaxNumber | IdentifierKind::Inn => "tax-number",
                IdentifierKind::RegistrationNumber | IdentifierKind::Ogrn => "registration-number",
                IdentifierKind::SocialSecurity => "social-security",
                IdentifierKind::Imo => "imo",
                IdentifierKind::Mmsi => "mmsi",
                IdentifierKind::Lei => "lei",
                IdentifierKind::Bic => "bic",
                IdentifierKind::Duns => "duns",
                IdentifierKind::AircraftTail => "aircraft-tail",
                IdentifierKind::AircraftSerial => "aircraft-serial",
                IdentifierKind::CryptoAddress => "crypto-address",
                IdentifierKind::Email => "email",
                _ => return None,
            };
            let value: String = identifier
                .value
                .chars()
                .filter(|c| c.is_alphanumeric() || *c == '@')
                .flat_map(char::to_uppercase)
                .collect();
            let digits = value.chars().filter(char::is_ascii_digit).count();
            let long_enough = value.chars().count() >= 6 && (digits >= 4 || matches!(word, "bic" | "email"));
            long_enough.then(|| format!("{word}:{value}"))
        })
        .collect()
}

/// What the birth dates say: a shared day or year speaks for it, and where none fits any of the other side's, against it.
fn births(a: &Side, b: &Side) -> Option<Clue> {
    let of = |date: &PartialDate| (date.earliest(), date.latest());
    let mut best: Option<Clue> = None;
    let mut fits = false;
    for x in &a.births {
        for y in &b.births {
            if !x.compatible(*y) {
                continue;
            }
            fits = true;
            let found = match (x.as_day(), y.as_day()) {
                (Some(day), Some(_)) => Clue {
                    clue: "birth",
                    words: format!("both {day}"),
                    weight: 3,
                },
                _ => Clue {
                    clue: "birth",
                    words: format!("{x} and {y}"),
                    weight: i32::from(of(x).0.map(jiff::civil::Date::year) == of(y).0.map(jiff::civil::Date::year)),
                },
            };
            if best.as_ref().is_none_or(|b| b.weight < found.weight) {
                best = Some(found);
            }
        }
    }
    if !fits && !a.births.is_empty() && !b.births.is_empty() {
        return Some(Clue {
            clue: "birth",
            words: format!("{} and {}", a.births[0], b.births[0]),
            weight: -2,
        });
    }
    best
}

fn countries(a: &Side, b: &Side) -> Option<Clue> {
    let shared = a.countries.intersection(&b.countries).next()?;
    Some(Clue {
        clue: "country",
        words: shared.clone(),
        weight: 1,
    })
}
