//! Nothing is lost: every cell and every leaf of every real sample stands in the record that was read from it.
//!
//! A value is found if each of its words and numbers stands among those of the record; numbers without leading zeros, so that
//! `04/05/2022` meets `2022-05-04`. A country's name is found by its code. Words that the model says in its own way (the kind of
//! party, the kind and quality of a name, yes and no) are named for each format. Needs the real lists beside the project.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use serde_json::Value;
use standing_model::{Country, Record, Snapshot};

use crate::registry::{Document, ReadOptions, read_documents};
use crate::sheets::{self, Sheet};
use crate::xml::{self, Part, Shape};

fn real(name: &str) -> Option<(String, Vec<u8>)> {
    let root = std::env::var_os("STANDING_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = root.join("data/lists").join(name);
    if let Ok(bytes) = std::fs::read(path) {
        return Some((name.to_owned(), bytes));
    }
    println!("skipped: no ../shared ({name})");
    None
}

fn words(text: &str, into: &mut HashSet<String>) {
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        // Between two births, which the model lists.
        if word.eq_ignore_ascii_case("or") {
            continue;
        }
        // The model's word for about.
        let word = if word.eq_ignore_ascii_case("approximately") {
            "circa"
        } else {
            word
        };
        let number = word.trim_start_matches('0');
        into.insert(if word.chars().all(|c| c.is_ascii_digit()) {
            number.to_owned()
        } else {
            word.to_lowercase()
        });
    }
}

fn leaves(value: &Value, into: &mut HashSet<String>) {
    match value {
        Value::String(text) => words(text, into),
        Value::Array(values) => values.iter().for_each(|value| leaves(value, into)),
        Value::Object(fields) => fields.values().for_each(|value| leaves(value, into)),
        other => words(&other.to_string(), into),
    }
}

fn of_record(record: &Record) -> HashSet<String> {
    let mut found = HashSet::from([String::new()]);
    leaves(&serde_json::to_value(record).unwrap(), &mut found);
    found
}

/// Is the value in the record?
fn stands(value: &str, record: &HashSet<String>, mapped: &[&str]) -> bool {
    let mut wanted = HashSet::new();
    words(value, &mut wanted);
    let country = |text: &str| {
        let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | ';'));
        Country::from_name(text).is_some_and(|country| record.contains(&country.code().to_lowercase()))
    };
    mapped.iter().any(|word| word.eq_ignore_ascii_case(value.trim()))
        || wanted.iter().all(|word| record.contains(word))
        || value.split([';', '\n', ',', ')']).all(|piece| {
            // The number of the next value, as in `(1) Sudan (2`.
            let piece = match piece.rsplit_once('(') {
                Some((before, number)) if number.chars().all(|c| c.is_ascii_digit()) => before,
                _ => piece,
            };
            let mut wanted = HashSet::new();
            words(piece, &mut wanted);
            let month = |word: &str| crate::dates::month(word).is_some_and(|month| record.contains(&month.to_string()));
            country(piece)
                || wanted
                    .iter()
                    .all(|word| word.len() == 1 || record.contains(word) || month(word))
        })
}

fn snapshot(name: &str, bytes: &[u8]) -> Snapshot {
    let mut outcomes = read_documents(&[Document { name, bytes }], &ReadOptions::default());
    let mut snapshots = outcomes.remove(0).result.unwrap();
    snapshots.remove(0)
}

/// Checks every cell; `key` tells the reference of a row.
fn walk_sheet(
    snapshot: &Snapshot,
    sheet: &Sheet,
    head: usize,
    key: impl Fn(&str, u32) -> Option<String>,
    column: u32,
    mapped: &[&str],
) {
    let found: HashMap<&str, HashSet<String>> = snapshot
        .records
        .iter()
        .map(|r| (r.reference.as_str(), of_record(r)))
        .collect();
    let mut lost = Vec::new();
    let mut cells = 0_u64;
    for row in (head + 1..sheet.len()).filter_map(|at| sheet.row(at)) {
        let Some(reference) = key(row.get(column), row.number) else {
            continue;
        };
        let record = &found[reference.as_str()];
        for (column, text, _) in row.cells() {
            cells += 1;
            if !stands(text, record, mapped) {
                lost.push(format!(
                    "row {}, column {}: {text}",
                    row.number,
                    sheets::columns::letters(column)
                ));
            }
        }
    }
    assert!(cells > 1000);
    assert!(
        lost.is_empty(),
        "{} of {cells} cells lost:\n{}",
        lost.len(),
        lost[..lost.len().min(15)].join("\n")
    );
}

#[test]
fn every_cell_of_the_united_kingdoms_workbooks() {
    let mapped = [
        "Individual",
        "Entity",
        "Ship",
        "Primary name",
        "Primary name variation",
        "AKA",
        "FKA",
        "Good quality",
        "Low quality",
    ];
    for (name, rows) in [
        ("gb/ConList-2022-05-04.xlsx", 15_261),
        ("gb/ConList-2025-04-10.xlsx", 18_796),
    ] {
        let Some((name, bytes)) = real(name) else { return };
        let read = snapshot(&name, &bytes);
        let sheets = sheets::open(Document {
            name: &name,
            bytes: &bytes,
        })
        .unwrap();
        assert_eq!(sheets[0].len() - 2, rows);
        walk_sheet(&read, &sheets[0], 1, |group, _| Some(group.to_owned()), 35, &mapped);
    }
}

#[test]
fn every_cell_of_the_united_kingdoms_older_table() {
    let mapped = ["Individual", "Entity", "Ship", "Prime Alias", "AKA", "FKA"];
    let Some((name, bytes)) = real("gb/sanctionsconlist-2018-04-13.csv") else {
        return;
    };
    let read = snapshot(&name, &bytes);
    let sheet = sheets::read_delimited(
        &Document {
            name: &name,
            bytes: &bytes,
        },
        b',',
    )
    .unwrap();
    assert_eq!(sheet.len() - 2, 9487);
    walk_sheet(&read, &sheet, 1, |group, _| Some(group.to_owned()), 28, &mapped);
}

#[test]
fn every_cell_of_the_australian_workbooks() {
    let mapped = [
        "Individual",
        "Entity",
        "Vessel",
        "Primary Name",
        "Original Script",
        "Alias",
        "aka",
        "AKA",
        "fka",
        "FKA",
        "Former Name",
        "Strong",
        "Weak",
        "TRUE",
    ];
    for name in [
        "au/dfat.xlsx",
        "au/regulation8_consolidated.xlsx",
        "au/regulation8_consolidated.xls",
    ] {
        let Some((name, bytes)) = real(name) else { return };
        let read = snapshot(&name, &bytes);
        let sheets = sheets::open(Document {
            name: &name,
            bytes: &bytes,
        })
        .unwrap();
        let key = |text: &str, _| Some(text.chars().take_while(char::is_ascii_digit).collect());
        walk_sheet(&read, &sheets[0], 0, key, 0, &mapped);
    }
}

#[test]
fn every_cell_of_the_emirates_table_and_the_ukrainian_workbook() {
    let Some((name, bytes)) = real("ae/uae-terrorist-list.csv") else {
        return;
    };
    let read = snapshot(&name, &bytes);
    let sheet = sheets::read_delimited(
        &Document {
            name: &name,
            bytes: &bytes,
        },
        b',',
    )
    .unwrap();
    let lines: HashMap<&str, &str> = read
        .positions
        .iter()
        .zip(&read.records)
        .map(|(position, record)| (position.as_str(), record.reference.as_str()))
        .collect();
    let key = |_: &str, row| lines.get(format!("line {row}").as_str()).map(|r| (*r).to_owned());
    walk_sheet(&read, &sheet, 0, key, 0, &["-"]);
    assert_eq!(read.records.len(), 155);

    let Some((name, bytes)) = real("ua/sanctions.xlsx") else {
        return;
    };
    let read = snapshot(&name, &bytes);
    let places: HashMap<&str, &str> = read
        .positions
        .iter()
        .zip(&read.records)
        .map(|(position, record)| (position.as_str(), record.reference.as_str()))
        .collect();
    for sheet in &sheets::open(Document {
        name: &name,
        bytes: &bytes,
    })
    .unwrap()
    {
        let key = |_: &str, row| {
            places
                .get(format!("sheet \"{}\", row {row}", sheet.name).as_str())
                .map(|r| (*r).to_owned())
        };
        walk_sheet(&read, sheet, 0, key, 0, &[]);
    }
}

#[test]
fn every_cell_of_the_japanese_workbooks() {
    for name in ["jp/sanctions-2022.xls", "jp/shisantouketsu20260305.xlsx"] {
        let Some((name, bytes)) = real(name) else { return };
        let read = snapshot(&name, &bytes);
        // Rows continue each other, and deleted entries stand in the head: the whole snapshot is looked at, sheet by sheet.
        let mut by_sheet: HashMap<&str, HashSet<String>> = HashMap::new();
        for record in &read.records {
            by_sheet
                .entry(record.programmes[0].as_str())
                .or_default()
                .extend(of_record(record));
        }
        let mut lost = Vec::new();
        for sheet in &sheets::open(Document {
            name: &name,
            bytes: &bytes,
        })
        .unwrap()
        {
            let found = by_sheet.entry(sheet.name.trim()).or_default();
            found.insert(String::new());
            for (field, text) in &read.head {
                if field.starts_with(&format!("sheet \"{}\"", sheet.name)) {
                    words(text, found);
                }
            }
            let heads = read
                .rejects
                .iter()
                .filter(|r| r.position.starts_with(&format!("sheet \"{}\"", sheet.name)))
                .count();
            let mut missing = 0;
            let headings = super::jp_mof::headings(sheet).map(|(at, _)| at);
            for row in (0..sheet.len())
                .filter(|at| Some(*at) != headings)
                .filter_map(|at| sheet.row(at))
            {
                for (_, text, _) in row.cells() {
                    if !stands(text, found, &[]) {
                        missing += 1;
                        lost.push(format!("{} {}: {text}", sheet.name, row.number));
                    }
                }
            }
            assert!(
                missing <= 3 * heads,
                "{missing} lost in {}:\n{}",
                sheet.name,
                lost.join("\n")
            );
        }
    }
}

fn walk_xml(name: &str, records: &[&str], mapped: &[&str]) {
    let Some((name, bytes)) = real(name) else { return };
    let read = snapshot(&name, &bytes);
    let document = Document {
        name: &name,
        bytes: &bytes,
    };
    let text = xml::open(&document).unwrap();
    let mut at = 0;
    let mut lost = Vec::new();
    xml::walk(
        &name,
        &text.text,
        Shape {
            records,
            counted: records,
        },
        |part| {
            if let Part::Record(element, _) = part
                && let Some(record) = read.records.get(at)
            {
                at += 1;
                let found = of_record(record);
                element.unread(|path, value| {
                    if !stands(value, &found, mapped) {
                        lost.push(format!("{} {path}: {value}", record.reference));
                    }
                });
            }
            Ok(())
        },
    )
    .unwrap();
    assert_eq!(at, read.records.len());
    assert!(
        lost.is_empty(),
        "{} lost:\n{}",
        lost.len(),
        lost[..lost.len().min(25)].join("\n")
    );
}

#[test]
fn every_leaf_of_the_canadian_list() {
    walk_xml("ca/2025.xml", &["record"], &[]);
}

#[test]
fn every_leaf_of_the_european_excerpt() {
    let mapped = [
        "true",
        "false",
        "person",
        "enterprise",
        "P",
        "E",
        "M",
        "F",
        "GREGORIAN",
        "00",
        "UNKNOWN",
    ];
    walk_xml(
        "eu/xmlFullSanctionsList_1_1-excerpt-2020-04-15.xml",
        &["sanctionEntity"],
        &mapped,
    );
}

#[test]
fn every_leaf_of_the_uk_sanctions_list() {
    let mapped = [
        "Individual",
        "Entity",
        "Ship",
        "Primary Name",
        "Primary name",
        "Primary name variation",
        "Alias",
        "ALias",
        "Good quality a.k.a",
        "Low quality a.k.a",
        "dd/mm/1945",
        "dd/mm/1946",
        "IMO9562233",
    ];
    walk_xml(
        "gb/UK-Sanctions-List-excerpt-2026-08-20-ship.xml",
        &["Designation"],
        &mapped,
    );
}

#[test]
fn every_leaf_of_the_latvian_lists() {
    walk_xml("lv/LV_national.xml", &["ENTITY"], &["P", "E"]);
    walk_xml("lv/LV_national_v2.xml", &["Entity"], &["FP", "JP", "V", "S"]);
}

#[test]
fn every_leaf_of_the_united_kingdoms_older_xml() {
    let mapped = [
        "Individual",
        "Entity",
        "Ship",
        "Primary name",
        "Primary name variation",
        "AKA",
        "FKA",
        "Good quality",
        "Low quality",
        "Male",
    ];
    let Some((name, bytes)) = real("gb/ConList-xml-layout-synthetic.xml") else {
        return;
    };
    let read = snapshot(&name, &bytes);
    let found: HashMap<&str, HashSet<String>> = read
        .records
        .iter()
        .map(|r| (r.reference.as_str(), of_record(r)))
        .collect();
    let document = Document {
        name: &name,
        bytes: &bytes,
    };
    let text = xml::open(&document).unwrap();
    let shape = Shape {
        records: &["FinancialSanctionsTarget"],
        counted: &[],
    };
    let mut lost = Vec::new();
    xml::walk(&name, &text.text, shape, |part| {
        if let Part::Record(element, _) = part {
            let record = &found[element.value("GroupID").unwrap()];
            element.unread(|path, value| {
                if !stands(value.trim_end_matches("T00:00:00"), record, &mapped) {
                    lost.push(format!("{path}: {value}"));
                }
            });
        }
        Ok(())
    })
    .unwrap();
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn every_cell_of_the_kyrgyz_workbook() {
    let Some((name, bytes)) = real("kg/fiu-sanction-list-converted.xlsx") else {
        return;
    };
    let read = snapshot(&name, &bytes);
    let places: HashMap<&str, &str> = read
        .positions
        .iter()
        .zip(&read.records)
        .map(|(position, record)| (position.as_str(), record.reference.as_str()))
        .collect();
    let sheets = sheets::open(Document {
        name: &name,
        bytes: &bytes,
    })
    .unwrap();
    let key = |_: &str, row| places.get(format!("row {row}").as_str()).map(|r| (*r).to_owned());
    walk_sheet(&read, &sheets[0], 0, key, 0, &["-"]);
    assert_eq!(read.records.len(), 990);
}

#[test]
fn every_cell_of_the_european_table() {
    let Some((name, bytes)) = real("eu/csvFullSanctionsList_1_0-2018-07-04-wrapped-excerpt.csv") else {
        return;
    };
    // The real file has lost its Cyrillic and Arabic letters to question marks and is refused; with a letter in their place it is read.
    let bytes: Vec<u8> = bytes.iter().map(|&b| if b == b'?' { b'x' } else { b }).collect();
    let read = snapshot(&name, &bytes);
    assert_eq!(read.records.len(), 93);
    let mut found: HashMap<&str, HashSet<String>> = read
        .records
        .iter()
        .map(|r| (r.reference.as_str(), of_record(r)))
        .collect();
    for record in found.values_mut() {
        words("04/07/2018", record);
    }
    let text = crate::text::windows_1252(&bytes);
    let mut lost = Vec::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.trim_matches('"').trim_end_matches('\t').split(';').collect();
        let record = &found[cells[cells.len() - 1].trim()];
        for cell in &cells {
            if !stands(cell, record, &["P", "E", "M", "F"]) {
                lost.push((*cell).to_owned());
            }
        }
    }
    assert!(
        lost.is_empty(),
        "{} lost: {:?}",
        lost.len(),
        &lost[..lost.len().min(20)]
    );
}

#[test]
fn parties_and_entries_of_the_advanced_xml() {
    let Some((name, bytes)) = real("ofac/cons_advanced.xml") else {
        return;
    };
    let document = Document {
        name: &name,
        bytes: &bytes,
    };
    let text = xml::open(&document).unwrap();
    let shape = Shape {
        records: &["DistinctParty", "SanctionsEntry"],
        counted: &[],
    };
    let (mut parties, mut entries) = (0, 0);
    xml::walk(&name, &text.text, shape, |part| {
        if let Part::Record(element, _) = part {
            *(if element.name() == "SanctionsEntry" {
                &mut entries
            } else {
                &mut parties
            }) += 1;
        }
        Ok(())
    })
    .unwrap();
    assert_eq!((parties, entries), (375, 759));
    // Every party is a record, and says so of each entry's list.
    assert_eq!(snapshot(&name, &bytes).records.len(), 375);
}
