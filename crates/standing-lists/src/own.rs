//! In-house lists, in two layouts of our own: a CSV that a spreadsheet program can write, and JSON with the record's fields as the model
//! names them. `docs/FORMATS.md` describes both.
//!
//! CSV: headings in the first line, `standing-list` and `reference` among them; several values of one cell are separated by `|`. JSON:
//! `{"standing-list":"acme","date":"2024-10-04","records":[{"reference":"1","kind":"person","names":[…]}]}`.

use std::collections::BTreeMap;

use serde::Deserialize;
use standing_model::{
    Address, Birth, DocumentSpan, Extent, Identifier, IdentifierKind, Name, NameKind, NameQuality, Note, PartialDate,
    PartyKind, Record, Reject, Snapshot,
};

use crate::country::Countries;
use crate::csv::{Cells, Headings, Rows};
use crate::error::{ReadError, grouped};
use crate::note;
use crate::registry::{Document, Format, ReadOptions};
use crate::text::{self, Otherwise};

/// The entry of the table.
pub(crate) const CSV: Format = Format {
    id: "own-csv",
    lists: &[],
    summary: "in-house list, CSV with the heading standing-list",
    part: |bytes| {
        let head = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let plain: Vec<u8> = head.iter().take(40).copied().filter(|b| *b != b'"').collect();
        (plain.starts_with(b"standing-list,") || plain.starts_with(b"standing-list;")).then_some("")
    },
    sets: None,
    read: |documents, options| {
        let read = documents.iter().map(|document| table(document, options));
        read.collect::<Result<Vec<_>, _>>()
            .map(|lists| lists.into_iter().flatten().collect())
    },
};

/// The entry of the JSON document.
pub(crate) const JSON: Format = Format {
    id: "own-json",
    lists: &[],
    summary: "in-house list, JSON with the key standing-list",
    part: |bytes| {
        let head = &bytes[..bytes.len().min(4096)];
        let starts = head.trim_ascii_start().first() == Some(&b'{');
        (starts && memchr::memmem::find(head, b"\"standing-list\"").is_some()).then_some("")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| json(document, options)).collect(),
};

/// Is this fit to be a list's id?
fn is_list(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= 40
        && id
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn wrong(document: &Document<'_>, what: String) -> ReadError {
    ReadError::Inconsistent {
        document: document.name.to_owned(),
        what,
        remedy: "The layout is described in docs/FORMATS.md".to_owned(),
    }
}

fn named(document: &Document<'_>, written: &str, options: &ReadOptions) -> Result<String, ReadError> {
    let list = options.list.as_deref().unwrap_or(written);
    if is_list(list) {
        Ok(list.to_owned())
    } else {
        Err(wrong(
            document,
            format!("\"{list}\" is no list's id: small letters, digits and hyphens"),
        ))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(rename = "standing-list")]
    list: String,
    #[serde(default)]
    date: Option<String>,
    #[serde(default)]
    part: bool,
    records: Vec<serde_json::Value>,
    #[serde(default)]
    head: BTreeMap<String, String>,
}

fn json(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let text = text::decode(document, Otherwise::Refuse)?;
    let written: Written = serde_json::from_str(&text.text).map_err(|e| ReadError::Broken {
        document: document.name.to_owned(),
        what: format!("no in-house list ({e})"),
        position: format!("line {}", grouped(e.line() as u64)),
        read: 0,
    })?;
    let mut snapshot = Snapshot::new(named(document, &written.list, options)?, JSON.id);
    if let Some(date) = &written.date {
        snapshot.date = partial(document, date, options, &mut snapshot.warnings)?;
    }
    if written.part {
        snapshot.extent = Extent::Part("the file says that it is a part".to_owned());
    }
    snapshot.head.extend(written.head);
    for (index, value) in written.records.into_iter().enumerate() {
        let position = format!("record {}", index + 1);
        let read = serde_json::from_value::<Record>(value).map_err(|e| e.to_string());
        match read.and_then(checked) {
            Ok(record) => {
                snapshot.records.push(record);
                snapshot.positions.push(position);
            }
            Err(reason) => snapshot.rejects.push(Reject { position, reason }),
        }
    }
    note::finish(&mut snapshot, options);
    Ok(snapshot)
}

fn checked(record: Record) -> Result<Record, String> {
    if record.reference.trim().is_empty() {
        Err("no reference, so the listing has no identity".to_owned())
    } else if record.names.iter().all(|n| n.text.trim().is_empty()) {
        Err(format!("{} has no name", record.reference))
    } else {
        Ok(record)
    }
}

fn partial(
    document: &Document<'_>,
    written: &str,
    options: &ReadOptions,
    warnings: &mut Vec<String>,
) -> Result<Option<PartialDate>, ReadError> {
    match written.parse::<PartialDate>() {
        Ok(date) => Ok(Some(date)),
        Err(_) if options.date_given => {
            warnings.push(format!(
                "the list's own date \"{written}\" does not exist; the given one holds"
            ));
            Ok(None)
        }
        Err(_) => Err(ReadError::ListDate {
            document: document.name.to_owned(),
            written: written.to_owned(),
        }),
    }
}

fn table(document: &Document<'_>, options: &ReadOptions) -> Result<Vec<Snapshot>, ReadError> {
    // A German or French spreadsheet program separates by semicolons.
    let head = document.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(document.bytes);
    let at = "standing-list".len() + if head.first() == Some(&b'"') { 2 } else { 0 };
    let delimiter = if head.get(at) == Some(&b';') { b';' } else { b',' };
    let mut rows = Rows::open(document, delimiter)?;
    let mut row = Cells::default();
    rows.next(&mut row)?;
    let headings = Headings::of(&rows, &row);
    if let Some(missing) = headings.missing(&["standing-list", "reference", "name"]) {
        return Err(wrong(document, format!("the column \"{missing}\" is missing")));
    }
    if let Some(doubled) = headings.doubled() {
        return Err(wrong(document, format!("the column \"{doubled}\" occurs twice")));
    }
    let mut snapshots: Vec<Snapshot> = Vec::new();
    let mut rejects = Vec::new();
    let mut countries = Countries::default();
    while rows.next(&mut row)? {
        let position = format!("line {}", grouped(row.line as u64));
        if row.len() != headings.names.len() {
            rejects.push(Reject {
                position,
                reason: format!("{} cells instead of {}", row.len(), headings.names.len()),
            });
            continue;
        }
        let cells: Vec<(&str, String)> = headings
            .names
            .iter()
            .enumerate()
            .map(|(i, name)| (name.as_str(), rows.text(&row, i).trim().to_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let cell = |name: &str| cells.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v.as_str());
        let list = named(document, cell("standing-list"), options)?;
        let at = if let Some(at) = snapshots.iter().position(|s| s.list == list) {
            at
        } else {
            snapshots.push(Snapshot::new(list, CSV.id));
            snapshots.len() - 1
        };
        let snapshot = &mut snapshots[at];
        let as_of = cell("as_of");
        if !as_of.is_empty() {
            let date = partial(document, as_of, options, &mut snapshot.warnings)?;
            if snapshot.date.is_some() && snapshot.date != date {
                return Err(wrong(
                    document,
                    format!("{position}: as_of differs from that of earlier rows"),
                ));
            }
            snapshot.date = date;
        }
        match checked(of_cells(&cells, &mut countries, &mut snapshot.not_understood)) {
            Ok(record) => {
                snapshot.records.push(record);
                if rows.exact() {
                    snapshot.spans.push(DocumentSpan {
                        document: 0,
                        start: row.span.start as u64,
                        end: row.span.end as u64,
                    });
                } else {
                    snapshot.positions.push(position);
                }
            }
            Err(reason) => rejects.push(Reject { position, reason }),
        }
    }
    match snapshots.first_mut() {
        Some(first) => first.rejects = rejects,
        None if !rejects.is_empty() => {
            return Err(wrong(document, format!("no row could be read: {}", rejects[0].reason)));
        }
        None => {}
    }
    for snapshot in &mut snapshots {
        note::finish(snapshot, options);
    }
    Ok(snapshots)
}

fn of_cells(cells: &[(&str, String)], countries: &mut Countries, not_understood: &mut Vec<(String, u64)>) -> Record {
    let mut record = Record::default();
    let mut births = Vec::new();
    let mut places = Vec::new();
    for (field, cell) in cells {
        for value in cell.split('|').map(str::trim).filter(|v| !v.is_empty()) {
            let mut name = |kind, quality| record.names.push(Name::new(kind, value).with_quality(quality));
            match *field {
                "standing-list" | "as_of" => {}
                "reference" => record.reference = value.into(),
                "kind" => record.kind = kind(value),
                "name" => name(NameKind::Primary, NameQuality::Good),
                "alias" => name(NameKind::Alias, NameQuality::Good),
                "weak_alias" => name(NameKind::Alias, NameQuality::Weak),
                "former_name" => name(NameKind::Former, NameQuality::Good),
                "programme" => record.programmes.push(value.into()),
                "measure" => record.measures.push(value.into()),
                "instrument" => record.instruments.push(value.into()),
                "listed_on" => record.listed_on = date(&mut record, field, value),
                "amended_on" => {
                    let date = date(&mut record, field, value);
                    record.amended_on.extend(date);
                }
                "born" => births.push((date(&mut record, field, value), None)),
                "birth_place" => places.push(countries.place(value)),
                "died" => {
                    let date = date(&mut record, field, value);
                    record.deaths.extend(date);
                }
                "gender" => {
                    record.gender = note::gender(value);
                    if record.gender.is_none() {
                        note::doubt(
                            &mut record,
                            field,
                            value,
                            &format!("\"{value}\" is neither male nor female"),
                        );
                    }
                }
                "nationality" => match countries.find(value) {
                    Some(country) => record.nationalities.push(country),
                    None => note::doubt(&mut record, field, value, &format!("\"{value}\" is no known country")),
                },
                "title" => record.titles.push(value.into()),
                "position" => record.positions.push(value.into()),
                "address" => record.addresses.push(Address {
                    text: value.into(),
                    country: countries.of_place(value),
                    parts: Vec::new(),
                }),
                "note" => record.notes.push(Note {
                    field: "note".into(),
                    text: value.to_owned(),
                }),
                other => {
                    if let Some(kind) = identifier(other) {
                        record.identifiers.push(Identifier::new(kind, value));
                    } else {
                        note::count(not_understood, other);
                        note::keep(&mut record, other, value);
                    }
                }
            }
        }
    }
    note::pair(&mut record, births, places);
    record.births.retain(|b| *b != Birth::default());
    record
}

/// Headings that are kinds of identifier: the model's words, with `_` for `-`.
fn identifier(heading: &str) -> Option<IdentifierKind> {
    let word = serde_json::Value::String(heading.replace('_', "-"));
    serde_json::from_value(word).ok()
}

fn kind(word: &str) -> PartyKind {
    serde_json::from_value(serde_json::Value::String(word.to_ascii_lowercase())).unwrap_or_default()
}

fn date(record: &mut Record, field: &str, value: &str) -> Option<PartialDate> {
    note::date(record, field, value, str::parse::<PartialDate>)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Vec<Snapshot>, String> {
        let document = Document { name: "own", bytes };
        let format = [CSV, JSON].into_iter().find(|f| (f.part)(bytes).is_some()).unwrap();
        (format.read)(&[document], &ReadOptions::default()).map_err(|e| e.to_string())
    }

    #[test]
    fn table_and_document_say_the_same() {
        let table = read(
            "standing-list;reference;kind;name;alias;passport;born;nationality;shoe size;as_of\n\
             acme;1;person;Ann Example;A. X.|Annie;P 1;circa 1965;Kenya;39;2024-10\n"
                .as_bytes(),
        )
        .unwrap();
        assert_eq!(table[0].date.unwrap().to_string(), "2024-10");
        let record = serde_json::to_string(&table[0].records[0]).unwrap();
        let document = format!("{{\"standing-list\":\"acme\",\"date\":\"2024-10\",\"records\":[{record}]}}");
        let json = read(document.as_bytes()).unwrap();
        assert_eq!((json[0].date, &json[0].records), (table[0].date, &table[0].records));
        insta::assert_json_snapshot!(table[0].records);
    }

    #[test]
    fn bad_lists_are_refused_or_rejected() {
        assert!(
            read(b"standing-list,name\nacme,x\n")
                .unwrap_err()
                .contains("\"reference\" is missing")
        );
        assert!(
            read(b"standing-list,reference,name\nAc me,1,x\n")
                .unwrap_err()
                .contains("no list's id")
        );
        assert!(
            read(b"{\"standing-list\":\"acme\",\"records\":[")
                .unwrap_err()
                .contains("no in-house list")
        );
        assert!(
            read(b"{\"standing-list\":\"acme\",\"date\":\"2024-13\",\"records\":[]}")
                .unwrap_err()
                .contains("2024-13")
        );
        let some = read(
            b"{\"standing-list\":\"acme\",\"records\":[{},{\"reference\":\"1\",\"kind\":\"person\",\"names\":[]}]}",
        )
        .unwrap();
        assert_eq!((some[0].records.len(), some[0].rejects.len()), (0, 2));
    }
}
