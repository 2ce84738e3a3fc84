//! What the real lists hold, counted independently of this crate, against what is read from them.
//!
//! Needs the folder with the real lists (`../shared` beside the workspace, or `STANDING_SHARED`) and says so where it is absent.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::print_stderr)] // a test stops where something is not as it must be

use std::collections::BTreeSet;
use std::path::PathBuf;

use standing_lists::{Document, Limits, Outcome, ReadError, ReadOptions, open_file, read_documents};
use standing_model::{Extent, PartyKind, Snapshot};

fn folder() -> Option<PathBuf> {
    let root = std::env::var_os("STANDING_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let lists = root.join("data/lists");
    if lists.is_dir() {
        return Some(lists);
    }
    println!("skipped: no ../shared");
    None
}

/// The outcomes of these files, read together.
fn outcomes(names: &[&str], options: &ReadOptions) -> Option<Vec<Outcome>> {
    let folder = folder()?;
    let mut opened = Vec::new();
    for name in names {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        opened.extend(open_file(name, bytes, Limits::default()).unwrap());
    }
    let documents: Vec<Document<'_>> = opened
        .iter()
        .map(|o| Document {
            name: &o.name,
            bytes: &o.bytes,
        })
        .collect();
    Some(read_documents(&documents, options))
}

fn snapshots(names: &[&str]) -> Option<Vec<Snapshot>> {
    let outcomes = outcomes(names, &ReadOptions::default())?;
    Some(
        outcomes
            .into_iter()
            .flat_map(|outcome| outcome.result.unwrap())
            .collect(),
    )
}

fn one(name: &str) -> Option<Snapshot> {
    let mut all = snapshots(&[name])?;
    assert_eq!(all.len(), 1, "{name}");
    let snapshot = all.remove(0);
    assert!(
        snapshot.rejects.is_empty(),
        "{name}: {:?}",
        &snapshot.rejects[..snapshot.rejects.len().min(3)]
    );
    Some(snapshot)
}

fn kinds(snapshot: &Snapshot) -> [usize; 3] {
    [PartyKind::Person, PartyKind::Organisation, PartyKind::Vessel]
        .map(|kind| snapshot.records.iter().filter(|record| record.kind == kind).count())
}

fn references(snapshot: &Snapshot) -> BTreeSet<&str> {
    snapshot
        .records
        .iter()
        .map(|record| record.reference.as_str())
        .collect()
}

/// How many references are gone and how many new.
fn change(before: &Snapshot, after: &Snapshot) -> (usize, usize) {
    let (before, after) = (references(before), references(after));
    (before.difference(&after).count(), after.difference(&before).count())
}

#[test]
fn canada_pakistan_the_emirates_russia_kyrgyzstan() {
    for (name, list, count) in [
        ("ca/2025.xml", "ca", 4759),
        ("pk/nacta-proscribed-persons.json", "pk-nacta", 4665),
        ("ae/uae-terrorist-list.csv", "ae", 155),
        ("ru/fsb-terrorist-orgs-parsed.json", "ru-fsb", 74),
        ("kg/fiu-sanction-list-converted.xlsx", "kg", 990),
        ("lv/LV_national.xml", "lv", 3),
        ("lv/LV_national_v2.xml", "lv", 3),
        ("nz/gazette-2010-go1066.txt", "nz", 4),
    ] {
        let Some(snapshot) = one(name) else { return };
        assert_eq!(
            (snapshot.list.as_str(), snapshot.records.len()),
            (list, count),
            "{name}"
        );
    }
}

#[test]
fn the_taliban_stand_on_the_russian_federal_list() {
    let Some(snapshot) = one("ru/fsb-terrorist-orgs-parsed.json") else {
        return;
    };
    assert!(
        snapshot
            .records
            .iter()
            .any(|record| record.reference.contains("Талибан"))
    );
}

#[test]
fn american_lists() {
    let Some(classic) = one("ofac/2025-03-28-consolidated.xml") else {
        return;
    };
    assert_eq!((classic.list.as_str(), classic.records.len()), ("us-cons", 443));
    let enhanced = one("ofac/CONS_ENHANCED.ZIP").unwrap();
    assert_eq!(
        (enhanced.list.as_str(), enhanced.records.len(), &enhanced.extent),
        ("us-cons", 443, &Extent::Whole)
    );
    let filtered = one("ofac/ENHANCED_XML-IRGC-2024-08-28.xml").unwrap();
    assert_eq!(filtered.records.len(), 293);
    assert!(
        matches!(filtered.extent, Extent::Part(_)),
        "an export by programme proves no absence"
    );
    assert_eq!(one("ofac/cons_advanced.xml").unwrap().records.len(), 375);
}

#[test]
fn the_american_screening_list_in_thirteen_parts() {
    let Some(lists) = snapshots(&["us/csl-consolidated.csv.gz"]) else {
        return;
    };
    let mut counts: Vec<(&str, usize)> = lists
        .iter()
        .map(|s| (s.list.as_str(), s.records.len() + s.rejects.len()))
        .collect();
    counts.sort_unstable();
    assert_eq!(
        counts,
        [
            ("us-csl-cap", 53),
            ("us-csl-cmic", 68),
            ("us-csl-dpl", 462),
            ("us-csl-dtc", 727),
            ("us-csl-el", 2001),
            ("us-csl-fse", 3),
            ("us-csl-isn", 163),
            ("us-csl-mbs", 17),
            ("us-csl-meu", 71),
            ("us-csl-plc", 78),
            ("us-csl-sdn", 10_026),
            ("us-csl-ssi", 290),
            ("us-csl-uvl", 201),
        ]
    );
    assert_eq!(counts.iter().map(|(_, count)| count).sum::<usize>(), 14_160);
}

#[test]
fn the_united_kingdom() {
    let Some(before) = one("gb/ConList-2022-05-04.xlsx") else {
        return;
    };
    let after = one("gb/ConList-2025-04-10.xlsx").unwrap();
    assert_eq!((before.records.len(), kinds(&before)), (3430, [2771, 644, 15]));
    assert_eq!((after.records.len(), kinds(&after)), (4686, [3662, 1009, 15]));
    assert_eq!(change(&before, &after), (159, 1415));
    let date = |snapshot: &Snapshot| snapshot.date.map(|date| date.to_string());
    assert_eq!(date(&before).as_deref(), Some("2022-05-04"));
    assert_eq!(date(&after).as_deref(), Some("2025-04-10"));
    let older = one("gb/sanctionsconlist-2018-04-13.csv").unwrap();
    assert_eq!(date(&older).as_deref(), Some("2018-04-13"));
}

#[test]
fn australia() {
    let Some(first) = one("au/regulation8_consolidated.xls") else {
        return;
    };
    let second = one("au/regulation8_consolidated.xlsx").unwrap();
    let third = one("au/dfat.xlsx").unwrap();
    assert_eq!([&first, &second, &third].map(|s| s.records.len()), [2666, 3062, 3846]);
    assert_eq!(change(&first, &second), (385, 781));
    assert_eq!(change(&second, &third), (47, 831));
}

#[test]
fn the_broken_european_download_is_refused_with_its_count() {
    let name = "eu/xmlFullSanctionsList_1_1-2022-03-18-truncated.xml";
    let Some(mut outcomes) = outcomes(&[name], &ReadOptions::default()) else {
        return;
    };
    match outcomes.remove(0).result {
        Err(ReadError::Broken { read, .. }) => assert_eq!(read, 1044),
        other => panic!("{:?}", other.map(|snapshots| snapshots.len())),
    }
}

#[test]
fn the_european_table_that_a_spreadsheet_program_damaged_is_refused() {
    let name = "eu/csvFullSanctionsList_1_0-2018-07-04-wrapped-excerpt.csv";
    let Some(mut outcomes) = outcomes(&[name], &ReadOptions::default()) else {
        return;
    };
    // 34 names in other scripts are question marks there.
    let error = outcomes.remove(0).result.unwrap_err().to_string();
    assert!(error.contains("34 cells hold question marks for letters"), "{error}");
    assert_eq!(
        one("eu/csvFullSanctionsList_1_1-excerpt-2026-08-05.csv")
            .unwrap()
            .records
            .len(),
        1
    );
}
