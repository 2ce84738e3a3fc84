//! The promise: search gives exactly what scoring every name gives, at every threshold from 0.5 up.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use standing_model::{NameKind, NameQuality, PartyKind, State};
use standing_screen::listed::{Entry, EntryName, Fields, NameSource};
use standing_screen::{Index, Info, Options, Policy, Query, Screener, Searcher};
use std::collections::HashMap;

fn entry(at: usize, kind: PartyKind, names: &[String]) -> Entry {
    Entry {
        party: format!("test:{at}"),
        listing: Some(format!("test:{at}")),
        kind,
        caption: names[0].clone(),
        fields: Fields::default(),
        standing: State::InForce,
        measures: Vec::new(),
        digest: String::new(),
        names: names
            .iter()
            .map(|text| EntryName {
                text: text.clone(),
                kind: NameKind::Alias,
                quality: NameQuality::Good,
                source: NameSource::Listing,
            })
            .collect(),
    }
}

const WORDS: &[&str] = &[
    "Mohammed",
    "Muhammad",
    "Mohamed",
    "Ahmad",
    "Ahmed",
    "Abdul",
    "Rahman",
    "Abdurrahman",
    "al",
    "Jawlani",
    "Golani",
    "Saif",
    "Din",
    "Saifuddin",
    "John",
    "Jon",
    "J.",
    "K.",
    "Smith",
    "Smyth",
    "Smithson",
    "bin",
    "Bank",
    "Banque",
    "National",
    "Ltd",
    "23",
    "7",
    "محمد",
    "الجولاني",
    "Лавров",
    "Sergei",
    "Lavrov",
    "Jean-Claude",
    "Jeanclaude",
    "PLA",
    "People",
    "Liberation",
    "Army",
    "Front",
    "Bill",
    "William",
    "Dr.",
    "Commander",
    "Mullah",
    "Group",
    "Eleven",
    "习近平",
    "김정은",
    "Kim",
    "Jong-un",
    "Xi",
    "Jinping",
    "Li",
    "Lee",
    "Ng",
    "Maria",
    "Mariya",
    "Garcia",
    "Fernandez",
    "Hernandez",
    "de",
    "la",
    "Cruz",
    "Delacruz",
    "North",
    "South",
    "Korea",
    "Trading",
    "Company",
    "Al-Shabaab",
    "Shabab",
    "McDonald",
    "Mac",
    "Donald",
];

fn name() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(WORDS), 1..6).prop_map(|words| words.join(" "))
}

fn typo() -> impl Strategy<Value = String> {
    (name(), any::<prop::sample::Index>(), "[a-z]{0,2}").prop_map(|(name, at, put)| {
        let mut letters: Vec<char> = name.chars().collect();
        let at = at.index(letters.len());
        letters.splice(at..=at, put.chars());
        letters.into_iter().collect()
    })
}

fn kind() -> impl Strategy<Value = PartyKind> {
    prop::sample::select(vec![
        PartyKind::Person,
        PartyKind::Organisation,
        PartyKind::Unknown,
        PartyKind::Vessel,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn fast_and_exhaustive_agree(
        listed in prop::collection::vec((kind(), prop::collection::vec(name(), 1..4)), 1..40),
        queries in prop::collection::vec((kind(), prop_oneof![name(), typo()]), 1..12),
    ) {
        let entries = listed.iter().enumerate().map(|(at, (kind, names))| entry(at, *kind, names)).collect();
        let screener = Screener::new(Index::build(entries, Info::default()).unwrap(), Policy::standard(), HashMap::default());
        let mut searcher = Searcher::default();
        for (kind, name) in queries {
            let query = Query { kind, ..Query::named(name) };
            for threshold in [0.5f32, 0.55, 0.65, 0.75, 0.85, 0.95] {
                let mut options = Options { threshold: Some(threshold), ..Options::default() };
                let fast = screener.screen(&query, &options, &mut searcher);
                options.exhaustive = true;
                let slow = screener.screen(&query, &options, &mut searcher);
                match (fast, slow) {
                    (Ok(fast), Ok(slow)) => prop_assert_eq!(fast, slow, "{:?} at {}", query.names, threshold),
                    (Err(_), Err(_)) => {}
                    (fast, slow) => prop_assert!(false, "{fast:?} {slow:?}"),
                }
            }
        }
    }

    /// The same name is found whatever kind of party is asked for: what its words are taken for depends on it.
    #[test]
    fn the_same_name_is_found_whatever_the_kind(
        listed in prop::collection::vec((kind(), name()), 1..20),
        asked in kind(),
        at in any::<prop::sample::Index>(),
    ) {
        let entries = listed.iter().enumerate().map(|(at, (kind, name))| entry(at, *kind, std::slice::from_ref(name))).collect();
        let screener = Screener::new(Index::build(entries, Info::default()).unwrap(), Policy::standard(), HashMap::default());
        let query = Query { kind: asked, ..Query::named(listed[at.index(listed.len())].1.clone()) };
        for threshold in [0.5, 0.7, 0.9] {
            let mut options = Options { threshold: Some(threshold), ..Options::default() };
            let fast = screener.screen(&query, &options, &mut Searcher::default());
            options.exhaustive = true;
            let slow = screener.screen(&query, &options, &mut Searcher::default());
            if let (Ok(fast), Ok(slow)) = (fast, slow) {
                prop_assert_eq!(fast, slow, "{:?} at {}", query.names, threshold);
            }
        }
    }

    /// A hit's parts give its score by the documented formula.
    #[test]
    fn the_explanation_reproduces_the_score(listed in prop::collection::vec(name(), 1..20), asked in name()) {
        let entries = listed.iter().enumerate().map(|(at, n)| entry(at, PartyKind::Person, std::slice::from_ref(n))).collect();
        let screener = Screener::new(Index::build(entries, Info::default()).unwrap(), Policy::standard(), HashMap::default());
        let query = Query {
            kind: PartyKind::Organisation,
            births: vec!["1970".parse().unwrap()],
            ..Query::named(asked)
        };
        let options = Options { threshold: Some(0.5), ..Options::default() };
        if let Ok(outcome) = screener.screen(&query, &options, &mut Searcher::default()) {
            for hit in outcome.hits {
                prop_assert!((hit.explanation.score() - hit.score).abs() < 2e-4, "{hit:?}");
                prop_assert!((hit.explanation.name_score() - hit.name_score).abs() < 2e-4, "{hit:?}");
            }
        }
    }

    /// Damaged bytes give an error or wrong hits that the digest shows, never a panic.
    #[test]
    fn damaged_bytes_are_survived(at in any::<prop::sample::Index>(), put in prop::collection::vec(any::<u8>(), 1..24), cut in any::<prop::sample::Index>(), cutting in any::<bool>()) {
        let names: Vec<String> = WORDS.windows(3).map(|w| w.join(" ")).collect();
        let entries = names.iter().enumerate().map(|(at, n)| entry(at, PartyKind::Person, std::slice::from_ref(n))).collect();
        let mut bytes = Index::build(entries, Info::default()).unwrap().bytes().to_vec();
        let from = at.index(bytes.len());
        let before = bytes.clone();
        for (place, byte) in bytes[from..].iter_mut().zip(&put) {
            *place = *byte;
        }
        if cutting {
            bytes.truncate(cut.index(bytes.len()));
        }
        let changed = bytes != before;
        if let Ok(index) = Index::from_bytes(bytes) {
            prop_assert!(!changed || index.verify().is_err());
            let screener = Screener::new(index, Policy::standard(), HashMap::default());
            let options = Options { threshold: Some(0.5), ..Options::default() };
            for name in ["Mohammed Saif", "Jean-Claude", "PLA", "J. Smith"] {
                let _ = screener.screen(&Query::named(name), &options, &mut Searcher::default());
            }
        }
    }
}
