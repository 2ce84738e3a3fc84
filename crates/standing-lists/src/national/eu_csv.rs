//! European Union, consolidated financial sanctions file, semicolon tables: CSV 1.1, and CSV 1.0 as it was before.
//!
//! A row gives one entity once more for each name, address, birth, document or citizenship that it has. Rows of one EU reference number
//! (`EU.27.28`) are one listing, wherever they stand; `Entity_LogicalId` stands in only where there is no reference number. The file's date stands
//! in every row and is the same in all. The listings are those of the XML 1.1 ([`super::eu_xml`]), less what the tables lack: which names
//! are weak. A file whose lines a spreadsheet program has wrapped in quotes and padded with tabs is unwrapped, because nothing is lost by it;
//! 1.0 is in Windows code page 1252. Source: the Commission's description of the fields ([`super::eu_csv_layouts`]).

use std::borrow::Cow;
use std::collections::HashMap;

use standing_model::{Record, Reject, Snapshot};

use super::cells::{self, keep_once};
use super::eu_csv_fields::{Fields, address, birth, citizenship, entity, identification, name};
use super::eu_csv_layouts::{CSV_1_0, CSV_1_1, NAMES_1_0};
use super::xml_list::any_day;
use crate::country::Countries;
use crate::csv::{Cells, Rows};
use crate::error::ReadError;
use crate::note;
use crate::registry::{Document, Format, ReadOptions};
use crate::sheets::columns::{Column, Columns};
use crate::sheets::{self, Kind, Sheet};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "eu-fsf-csv",
    lists: &["eu"],
    summary: "European Union, consolidated financial sanctions file, CSV 1.0 and 1.1",
    part: |bytes| {
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(8192)]);
        let first = head.lines().next()?.to_lowercase();
        let new = first.contains("entity_logicalid;") && first.contains(";namealias_wholename");
        let old = first.contains("entity_logical_id;") && first.contains(";naal_wholename");
        (new || old).then_some("")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let mut snapshot = Snapshot::new("eu", FORMAT.id);
    let unwrapped = unwrap(document)?;
    if let Cow::Owned(_) = unwrapped {
        snapshot
            .warnings
            .push("each line was wrapped in quotes by a spreadsheet program; nothing is lost by it".to_owned());
    }
    let sheet = sheets::read_delimited(
        &Document {
            name: document.name,
            bytes: &unwrapped,
        },
        b';',
    )?;
    let (columns, names) = columns(document, &sheet)?;
    let mut listings = Listings {
        names,
        places: HashMap::new(),
        countries: Countries::default(),
    };
    let (mut values, mut other) = (Vec::new(), Vec::new());
    for row in (1..sheet.len()).filter_map(|at| sheet.row(at)) {
        columns.by_place(row, &mut values, &mut other);
        let mut fields = Fields {
            names: &listings.names,
            used: vec![false; values.len()],
            values: &values,
        };
        let dated = fields.take("fileGenerationDate");
        match snapshot.head.first() {
            None if dated.is_empty() => {}
            None => {
                snapshot.date = note::list_date(document, dated, any_day, options, &mut snapshot.warnings)?;
                snapshot.head.push(("fileGenerationDate".to_owned(), dated.to_owned()));
            }
            Some((_, known)) if known != dated => {
                return Err(ReadError::Inconsistent {
                    document: document.name.to_owned(),
                    what: format!(
                        "the row on line {} bears the date \"{dated}\", those before \"{known}\"",
                        row.number
                    ),
                    remedy: "Two files were joined; read each for itself".to_owned(),
                });
            }
            Some(_) => {}
        }
        let reference = match fields.take("Entity_EU_ReferenceNumber") {
            "" => fields.peek("Entity_LogicalId"),
            reference => reference,
        };
        if reference.is_empty() {
            snapshot.rejects.push(Reject {
                position: format!("line {}", row.number),
                reason: "neither an EU reference number nor a logical id, so the row belongs to no listing".to_owned(),
            });
            continue;
        }
        let place = *listings.places.entry(reference.to_owned()).or_insert_with(|| {
            snapshot.records.push(Record {
                reference: reference.into(),
                ..Record::default()
            });
            snapshot.positions.push(format!("line {}", row.number));
            snapshot.records.len() - 1
        });
        let record = &mut snapshot.records[place];
        entity(&mut fields, record);
        name(&mut fields, record);
        address(&mut fields, record, &mut listings.countries);
        birth(&mut fields, record, &mut listings.countries);
        identification(&mut fields, record, &mut listings.countries);
        citizenship(&mut fields, record, &mut listings.countries);
        fields.keep_rest(record);
        for (heading, text) in &other {
            keep_once(&mut snapshot.records[place], heading, text);
            cells::not_understood(&mut snapshot, heading);
        }
    }
    nameless(&mut snapshot);
    note::finish(&mut snapshot, options);
    Ok(snapshot)
}

/// A listing without a name is no listing; names may stand in later rows than the first.
fn nameless(snapshot: &mut Snapshot) {
    let mut at = 0;
    while at < snapshot.records.len() {
        if snapshot.records[at].names.is_empty() {
            let record = snapshot.records.remove(at);
            snapshot.rejects.push(Reject {
                position: snapshot.positions.remove(at),
                reason: format!("{} has no name", record.reference),
            });
        } else {
            at += 1;
        }
    }
}

/// The document without quotes around whole lines.
fn unwrap<'a>(document: &Document<'a>) -> Result<Cow<'a, [u8]>, ReadError> {
    let start = document.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(document.bytes);
    let first = &start[..memchr::memchr(b'\n', start).unwrap_or(start.len())];
    // A heading needs no quotes, so a first line of one quoted value is a wrapped line.
    if !(start.starts_with(b"\"") && memchr::memmem::find(first, b"\";").is_none()) {
        return Ok(Cow::Borrowed(document.bytes));
    }
    let mut rows = Rows::open(document, b'\t')?;
    let mut row = Cells::default();
    let mut lines = String::with_capacity(document.bytes.len());
    while rows.next(&mut row)? {
        for column in 0..row.len() {
            lines.push_str(rows.text(&row, column).trim_end_matches('\t'));
        }
        lines.push('\n');
    }
    Ok(Cow::Owned(lines.into_bytes()))
}

/// The columns, and what each of the layout is called in CSV 1.1.
fn columns(document: &Document<'_>, sheet: &Sheet) -> Result<(Columns, HashMap<&'static str, usize>), ReadError> {
    let old = sheet.row(0).is_some_and(|row| {
        row.cells()
            .any(|(_, text, _)| text.eq_ignore_ascii_case("Naal_wholename"))
    });
    if !old {
        let (columns, _) = cells::columns(document, sheet, CSV_1_1, 1)?;
        return Ok((columns, places(CSV_1_1.iter().map(|column: &Column| column.heading))));
    }
    // `Entity_logical_id` stands once more in each group; it is named after the group here.
    let mut headings = Sheet::new("");
    headings.begin_row(0);
    let mut group = "";
    for (number, text, kind) in sheet.row(0).into_iter().flat_map(sheets::Row::cells) {
        let text = text.trim();
        if let Some(start) = text.to_ascii_lowercase().strip_suffix("_logical_id") {
            let written = text.get(..start.len()).unwrap_or("");
            if matches!(start, "naal" | "addr" | "birt" | "iden" | "citi") {
                group = written;
            } else if start == "entity" && !group.is_empty() {
                headings.push(number, kind, &format!("{group}_entity_logical_id"));
                continue;
            }
        }
        headings.push(number, Kind::Text, text);
    }
    headings.end_row();
    let (columns, _) = cells::columns(document, &headings, CSV_1_0, 1)?;
    Ok((columns, places(NAMES_1_0.iter().copied())))
}

fn places(names: impl Iterator<Item = &'static str>) -> HashMap<&'static str, usize> {
    names.enumerate().map(|(at, name)| (name, at)).collect()
}

struct Listings {
    names: HashMap<&'static str, usize>,
    places: HashMap<String, usize>,
    countries: Countries,
}

#[cfg(test)]
mod tests {
    use standing_model::IdentifierKind;

    use super::*;
    use crate::registry::read_documents;

    fn list(bytes: &[u8]) -> Result<Snapshot, ReadError> {
        let document = Document { name: "t", bytes };
        let mut outcome = read_documents(&[document], &ReadOptions::default()).remove(0);
        assert_eq!(outcome.format, Some(FORMAT.id));
        outcome
            .result
            .as_mut()
            .map(|snapshots| snapshots.remove(0))
            .map_err(|error| error.clone())
    }

    /// Rows of values by name, under all columns of 1.1.
    fn table(rows: &[&[(&str, &str)]]) -> String {
        let mut text = CSV_1_1.iter().map(|c| c.heading).collect::<Vec<_>>().join(";");
        for row in rows {
            text.push('\n');
            let cells: Vec<&str> = CSV_1_1
                .iter()
                .map(|c| {
                    row.iter()
                        .find(|(name, _)| *name == c.heading)
                        .map_or("", |(_, value)| value)
                })
                .collect();
            text.push_str(&cells.join(";"));
        }
        text
    }

    const ENTITY: [(&str, &str); 9] = [
        ("fileGenerationDate", "05/08/2026"),
        ("Entity_LogicalId", "13"),
        ("Entity_EU_ReferenceNumber", "EU.27.28"),
        ("Entity_UnitedNationId", "IQi.001"),
        ("Entity_Remark", "remark"),
        ("Entity_SubjectType", "P"),
        ("Entity_Regulation_Type", "regulation"),
        ("Entity_Regulation_NumberTitle", "1210/2003 (OJ L169)"),
        ("Entity_Regulation_Programme", "IRQ"),
    ];

    fn with(more: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
        ENTITY.iter().chain(more).copied().collect()
    }

    #[test]
    fn every_construct() {
        let rows = [
            with(&[
                ("NameAlias_LastName", "Last"),
                ("NameAlias_FirstName", "First"),
                ("NameAlias_WholeName", "First Last"),
                ("NameAlias_NameLanguage", "EN"),
                ("NameAlias_Gender", "M"),
                ("NameAlias_Title", "Dr"),
                ("NameAlias_Function", "President"),
                ("NameAlias_LogicalId", "17"),
                ("NameAlias_Regulation_Type", "amendment"),
                ("NameAlias_Regulation_NumberTitle", "2020/1 (OJ L1)"),
                ("NameAlias_Regulation_PublicationDate", "2020-01-02"),
            ]),
            with(&[("NameAlias_WholeName", "Abu X")]),
            with(&[
                ("Address_City", "Town"),
                ("Address_Street", "Street 1"),
                ("Address_CountryIso2Code", "IQ"),
                ("Address_CountryDescription", "IRAQ"),
                ("Address_ContactInfo", "PHONE[1]"),
                ("Address_AsAtListingTime", "false"),
            ]),
            with(&[
                ("BirthDate_Day", "28"),
                ("BirthDate_Month", "4"),
                ("BirthDate_Year", "1937"),
                ("BirthDate_Circa", "true"),
                ("BirthDate_CalendarType", "GREGORIAN"),
                ("BirthDate_Place", "al-Awja"),
                ("BirthDate_CountryIso2Code", "00"),
                ("BirthDate_CountryDescription", "UNKNOWN"),
            ]),
            with(&[("BirthDate_YearRangeFrom", "1930"), ("BirthDate_YearRangeTo", "1935")]),
            with(&[
                ("Identification_Number", "488555"),
                ("Identification_TypeCode", "passport"),
                ("Identification_TypeDescription", "National passport"),
                ("Identification_CountryIso2Code", "IQ"),
                ("Identification_ValidTo", "2030-01-01"),
                ("Identification_KnownFalse", "true"),
                ("Identification_Diplomatic", "false"),
            ]),
            with(&[
                ("Citizenship_CountryIso2Code", "IQ"),
                ("Citizenship_CountryDescription", "IRAQ"),
            ]),
        ];
        let rows: Vec<&[(&str, &str)]> = rows.iter().map(Vec::as_slice).collect();
        let read = list(table(&rows).as_bytes()).unwrap();
        assert_eq!(read.date.map(|d| d.to_string()).as_deref(), Some("2026-08-05"));
        insta::assert_json_snapshot!(read.records);
    }

    #[test]
    fn rows_without_identity_or_name_are_told() {
        let read = list(
            table(&[
                &[("fileGenerationDate", "05/08/2026"), ("NameAlias_WholeName", "X")],
                &[("fileGenerationDate", "05/08/2026"), ("Entity_LogicalId", "14")],
            ])
            .as_bytes(),
        )
        .unwrap();
        let told: Vec<&str> = read.rejects.iter().map(|r| r.reason.as_str()).collect();
        assert!(told[0].starts_with("neither an EU reference number"), "{told:?}");
        assert_eq!(told[1], "14 has no name");
        assert_eq!(read.positions.len(), read.records.len());
    }

    #[test]
    fn two_files_joined_are_refused() {
        let rows = [with(&[("NameAlias_WholeName", "X")]), {
            let mut row = with(&[("NameAlias_WholeName", "X")]);
            row[0].1 = "06/08/2026";
            row
        }];
        let rows: Vec<&[(&str, &str)]> = rows.iter().map(Vec::as_slice).collect();
        let error = list(table(&rows).as_bytes()).unwrap_err().to_string();
        assert!(error.contains("bears the date \"06/08/2026\""), "{error}");
    }

    #[test]
    fn the_old_table_wrapped_by_a_spreadsheet() {
        let mut headings: Vec<&str> = CSV_1_0.iter().map(|c| c.heading).collect();
        for heading in &mut headings {
            if heading.ends_with("_entity_logical_id") {
                *heading = "Entity_logical_id";
            }
        }
        let mut row = vec![""; headings.len()];
        for (name, value) in [
            ("Date_file", "04/07/2018"),
            ("Subject_type", "P"),
            ("Programme", "ZWE"),
            ("Naal_wholename", "Robert Caf\u{e9}"),
            ("Naal_function", "\"President; of all\""),
            ("Addr_number", "5"),
            ("Addr_country", "ZWE"),
            ("Birt_date", "1924-02-21"),
            ("Iden_number", "488555 (passport-National passport) "),
            ("Iden_country", "ZWE"),
            ("Citi_country", "ZWE"),
            ("EU_ref_num", "EU.36.64"),
        ] {
            row[headings.iter().position(|h| *h == name).unwrap()] = value;
        }
        let plain = format!("{}\n{}\n", headings.join(";"), row.join(";"));
        let wrapped: Vec<String> = plain
            .lines()
            .map(|line| format!("\"{}\t\t\t\"\r\n", line.replace('"', "\"\"")))
            .collect();
        let wrapped = wrapped.concat();
        let latin: Vec<u8> = wrapped.chars().map(|c| c as u8).collect();
        let (plain, wrapped) = (list(plain.as_bytes()).unwrap(), list(&latin).unwrap());
        assert_eq!(plain.records, wrapped.records);
        assert_eq!(wrapped.warnings.len(), 1);
        let record = &plain.records[0];
        assert_eq!(record.names[0].text, "Robert Café");
        assert_eq!(record.positions, ["President; of all"]);
        assert_eq!(
            (record.identifiers[0].value.as_str(), &record.identifiers[0].kind),
            ("488555", &IdentifierKind::Passport)
        );
        assert_eq!(record.nationalities[0].to_string(), "ZW");
    }
}
