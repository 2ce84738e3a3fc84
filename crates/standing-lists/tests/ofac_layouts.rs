//! One OFAC list in all its layouts: converted from the CSV into classic, enhanced and advanced XML it gives the same parties, names, identifiers
//! and programmes.
//!
//! Needs the folder with the real lists (`../shared` beside the workspace, or `STANDING_SHARED`) and says so where it is absent.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // what helpers of tests cannot read must fail them; a skip is told

#[path = "../examples/generate/ofac.rs"]
mod ofac;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use standing_lists::{Document, ReadOptions, read_documents};
use standing_model::{IdentifierKind, NameKind, NameQuality, PartyKind, Record, Snapshot, Text};

fn read(files: &[(String, Vec<u8>)]) -> Snapshot {
    let documents: Vec<Document<'_>> = files.iter().map(|(name, bytes)| Document { name, bytes }).collect();
    let outcomes = read_documents(&documents, &ReadOptions::default());
    assert_eq!(outcomes.len(), 1, "one list");
    let mut snapshots = outcomes.into_iter().next().unwrap().result.unwrap();
    assert_eq!(snapshots.len(), 1);
    snapshots.remove(0)
}

/// What all layouts must agree on.
#[derive(Debug, PartialEq, Eq)]
struct Party {
    kind: PartyKind,
    names: Vec<(NameKind, NameQuality, Text)>,
    identifiers: BTreeSet<(IdentifierKind, Text, Option<String>)>,
    programmes: Vec<Text>,
}

fn parties(records: &[Record]) -> BTreeMap<&str, Party> {
    let party = |record: &Record| Party {
        kind: record.kind,
        names: record
            .names
            .iter()
            .map(|name| (name.kind, name.quality, name.text.clone()))
            .collect(),
        identifiers: record
            .identifiers
            .iter()
            .map(|i| {
                (
                    i.kind.clone(),
                    i.value.clone(),
                    i.country.map(|country| country.to_string()),
                )
            })
            .collect(),
        programmes: record.programmes.clone(),
    };
    records
        .iter()
        .map(|record| (record.reference.as_str(), party(record)))
        .collect()
}

#[test]
fn the_same_parties_in_every_layout() {
    let root = std::env::var_os("STANDING_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let folder = root.join("data/lists/ofac/2021-07");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: no ../shared");
        return;
    };
    let files: Vec<(String, Vec<u8>)> = entries
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect();
    let table = read(&files);
    let expected = parties(&table.records);
    assert_eq!(expected.len(), 8976);
    for (layout, text) in [
        ("classic", ofac::classic(&table.records, "2021-07-01")),
        ("enhanced", ofac::enhanced(&table.records, "2021-07-01")),
        ("advanced", ofac::advanced(&table.records, "2021-07-01")),
    ] {
        let converted = read(&[(layout.to_owned(), text.into_bytes())]);
        assert_eq!(converted.list, "us-sdn", "{layout}");
        assert_eq!(
            converted.date.map(|date| date.to_string()).as_deref(),
            Some("2021-07-01"),
            "{layout}"
        );
        assert!(
            converted.rejects.is_empty(),
            "{layout}: {:?}",
            converted.rejects.first()
        );
        let found = parties(&converted.records);
        assert_eq!(found.len(), expected.len(), "{layout}");
        let differ: Vec<&str> = expected
            .iter()
            .filter(|(reference, party)| found.get(*reference) != Some(party))
            .map(|(reference, _)| *reference)
            .collect();
        if let Some(first) = differ.first() {
            panic!(
                "{layout}: {} parties differ, the first {first}:\n{:?}\n{:?}",
                differ.len(),
                expected[first],
                found.get(first)
            );
        }
    }
}
