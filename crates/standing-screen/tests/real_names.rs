//! What users of other matchers complain of, held over the real names of the UN list: the whole screening, not the comparison alone. Without the data
//! beside the repository (`../shared`, or `STANDING_SHARED`) the tests say that they are skipped.
#![allow(clippy::print_stderr, clippy::unwrap_used)]

use standing_model::{Country, NameKind, NameQuality, PartyKind, State};
use standing_screen::listed::{Entry, EntryName, Fields, NameSource};
use standing_screen::{Index, Info, Options, Policy, Query, Screener, Searcher};
use std::collections::HashMap;

fn entry(at: usize, name: &str, fields: Fields) -> Entry {
    Entry {
        party: format!("un:{at}"),
        listing: Some(format!("un:{at}")),
        kind: PartyKind::Person,
        caption: name.to_owned(),
        fields,
        standing: State::InForce,
        measures: Vec::new(),
        digest: String::new(),
        names: vec![EntryName {
            text: name.to_owned(),
            kind: NameKind::Primary,
            quality: NameQuality::Good,
            source: NameSource::Listing,
        }],
    }
}

/// The primary names of people on the UN list.
fn people() -> Option<Vec<String>> {
    let shared = std::env::var("STANDING_SHARED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").into());
    let Ok(xml) = std::fs::read_to_string(format!("{shared}/data/lists/un/2025-04-19.xml")) else {
        eprintln!("skipped: no UN list under {shared}");
        return None;
    };
    let part = |block: &str, tag: &str| {
        let (_, rest) = block.split_once(&format!("<{tag}>"))?;
        Some(rest.split_once("</")?.0.trim().to_owned()).filter(|t| !t.is_empty())
    };
    let names = xml.split("<INDIVIDUAL>").skip(1).map(|block| {
        let parts: Vec<String> = ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"]
            .iter()
            .filter_map(|tag| part(block, tag))
            .collect();
        parts.join(" ").to_lowercase()
    });
    let plain = |name: &String| name.chars().all(|c| c.is_ascii_lowercase() || c == ' ');
    Some(names.filter(|n| plain(n) && n.split(' ').count() >= 3).collect())
}

fn screener(names: &[String]) -> Screener {
    let entries = names
        .iter()
        .enumerate()
        .map(|(at, n)| entry(at, n, Fields::default()))
        .collect();
    Screener::new(
        Index::build(entries, Info::default()).unwrap(),
        Policy::standard(),
        HashMap::default(),
    )
}

/// The score of one listing for a query, 0 where it is below .5.
fn scored(screener: &Screener, searcher: &mut Searcher, asked: &str, at: usize) -> f64 {
    let query = Query {
        kind: PartyKind::Person,
        ..Query::named(asked)
    };
    let options = Options {
        threshold: Some(0.5),
        ..Options::default()
    };
    let outcome = screener.screen(&query, &options, searcher).unwrap();
    let listing = format!("un:{at}");
    outcome
        .hits
        .iter()
        .find(|h| h.listing.as_deref() == Some(&listing))
        .map_or(0.0, |h| h.score)
}

/// A letter in the middle of a word put for another that is written like none of its sounds.
fn slip(word: &str) -> String {
    let at = word.len() / 2;
    let other = if word[at..].starts_with('q') { "m" } else { "q" };
    format!("{}{other}{}", &word[..at], &word[at + 1..])
}

#[test]
fn the_listed_name_itself_comes_first_with_1() {
    let Some(names) = people() else { return };
    let (screener, mut searcher) = (screener(&names), Searcher::default());
    for (at, name) in names.iter().enumerate() {
        let score = scored(&screener, &mut searcher, name, at);
        assert!((score - 1.0).abs() < 1e-9, "{name}: {score}");
    }
}

#[test]
fn nearer_spellings_omissions_and_further_agreement_are_ranked() {
    let Some(names) = people() else { return };
    let (screener, mut searcher) = (screener(&names), Searcher::default());
    let mut compared = 0;
    for (at, name) in names.iter().enumerate().step_by(3) {
        let words: Vec<&str> = name.split(' ').collect();
        let long = |w: &&str| w.len() >= 5;
        let (Some(first), Some(last)) = (words.first().filter(|w| long(w)), words.last().filter(|w| long(w))) else {
            continue;
        };
        let inner = words[1..words.len() - 1].join(" ");
        let mut of = |asked: &str| scored(&screener, &mut searcher, asked, at);
        let one = of(&format!("{} {inner} {last}", slip(first)));
        let two = of(&format!("{} {inner} {}", slip(first), slip(last)));
        assert!(one >= two, "{name}: a second slip raises {one} to {two}");
        let omitted = of(&format!("{first} {inner}"));
        let contradicted = of(&format!("{first} {inner} wolfeschlegelstein"));
        assert!(
            omitted >= contradicted,
            "{name}: {omitted} omitted, {contradicted} contradicted"
        );
        assert!(
            omitted > contradicted || omitted <= 0.0,
            "{name}: a contradiction costs nothing"
        );
        let whole = of(name);
        assert!(
            whole >= omitted,
            "{name}: one more word that agrees lowers {omitted} to {whole}"
        );
        compared += 1;
    }
    assert!(compared > 40, "{compared}");
}

#[test]
fn a_record_rich_in_fields_is_not_favoured() {
    let Some(names) = people() else { return };
    let rich = Fields {
        births: ["1960", "1961-02-03", "1975"]
            .iter()
            .map(|d| d.parse().unwrap())
            .collect(),
        countries: ["AF", "PK", "IQ"]
            .iter()
            .map(|c| c.parse::<Country>().unwrap())
            .collect(),
        addresses: vec!["Kandahar, Afghanistan".into(), "Quetta, Pakistan".into()],
        ..Fields::default()
    };
    let entries = names
        .iter()
        .enumerate()
        .flat_map(|(at, n)| [entry(2 * at, n, Fields::default()), entry(2 * at + 1, n, rich.clone())])
        .collect();
    let index = Index::build(entries, Info::default()).unwrap();
    let (screener, mut searcher) = (
        Screener::new(index, Policy::standard(), HashMap::default()),
        Searcher::default(),
    );
    for (at, name) in names.iter().enumerate().step_by(7) {
        let words: Vec<&str> = name.split(' ').collect();
        let asked = format!("{} {}", slip(words[0]), words[1..].join(" "));
        let poor = scored(&screener, &mut searcher, &asked, 2 * at);
        let with_fields = scored(&screener, &mut searcher, &asked, 2 * at + 1);
        assert!((poor - with_fields).abs() < 1e-9, "{asked}: {poor} {with_fields}");
    }
}

#[test]
fn short_common_names_meet_and_generic_words_alone_are_rejected() {
    let names = ["john smith".to_owned(), "corp trading".to_owned()];
    let (screener, mut searcher) = (screener(&names), Searcher::default());
    assert!(
        scored(&screener, &mut searcher, "Jon Smith", 0) >= f64::from(Policy::standard().threshold(PartyKind::Person))
    );
    let query = Query {
        kind: PartyKind::Organisation,
        ..Query::named("Corp")
    };
    let refused = screener.screen(&query, &Options::default(), &mut searcher).unwrap_err();
    assert!(refused.to_string().contains("generic"), "{refused}");
}
