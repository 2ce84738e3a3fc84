//! Australia, consolidated list of the Department of Foreign Affairs and Trade: XLS and XLSX with 12 columns, XLSX with 19.
//!
//! A row is a name; `2`, `2a`, `2b` are names of one listing, whose lasting reference is the number without the letter. The file bears
//! no date of its own: the newest control date of its records is told in the head. The reference of a UN entry is read only from the
//! very beginning of `Additional Information`, where the list puts the party's own; elsewhere it names somebody else.
//! Seen: whole lists of 2022 (XLS), 2024 (12 columns) and 2026 (19 columns).

use std::collections::HashMap;

use standing_model::{
    Birth, Identifier, IdentifierKind, Name, NameKind, NameQuality, Note, PartialDate, PartyKind, Record, Reject,
    Snapshot,
};

use super::cells::{self, add, keep_once, numbered, un_reference};
use crate::country::{self, Countries};
use crate::error::ReadError;
use crate::registry::{Document, Format, ReadOptions};
use crate::sheets::columns::{Column, Columns, Heading};
use crate::sheets::{self, Row, Sheet};
use crate::{dates, note};

/// The binary workbook's entry.
pub(crate) const XLS: Format = Format {
    id: "au-dfat-xls",
    lists: &["au"],
    summary: "Australia, DFAT consolidated list, binary XLS",
    part: |bytes| (sheets::is_compound(bytes) && first_fits(bytes)).then_some(""),
    sets: None,
    read: |documents, options| {
        documents
            .iter()
            .map(|document| read(document, XLS.id, options))
            .collect()
    },
};

/// The workbook's entry.
pub(crate) const XLSX: Format = Format {
    id: "au-dfat-xlsx",
    lists: &["au"],
    summary: "Australia, DFAT consolidated list, XLSX with 12 or 19 columns",
    part: |bytes| (sheets::is_xlsx(bytes) && first_fits(bytes)).then_some(""),
    sets: None,
    read: |documents, options| {
        documents
            .iter()
            .map(|document| read(document, XLSX.id, options))
            .collect()
    },
};

const OLD: &[Column] = &[
    Column::of("Reference"),
    Column::of("Name of Individual or Entity"),
    Column::of("Type"),
    Column::of("Name Type"),
    Column::of("Date of Birth"),
    Column::of("Place of Birth"),
    Column::of("Citizenship"),
    Column::of("Address"),
    Column::of("Additional Information"),
    Column::of("Listing Information"),
    Column::of("Committees"),
    Column::of("Control Date"),
];

const NEW: &[Column] = &[
    Column::of("Reference"),
    Column::of("Name of Individual or Entity"),
    Column::of("Type"),
    Column::of("Name Type"),
    Column::of("Alias Strength"),
    Column::of("Date of Birth"),
    Column::of("Place of Birth"),
    Column::of("Citizenship"),
    Column::of("Address"),
    Column::of("Additional Information"),
    Column::of("Listing Information"),
    Column::of("IMO Number"),
    Column::of("Committees"),
    Column::of("Control Date"),
    Column::of("Instrument of Designation"),
    Column::of("Targeted Financial Sanction"),
    Column::of("Travel Ban"),
    Column::of("Arms Embargo"),
    Column::of("Maritime Restriction"),
];

fn first_fits(bytes: &[u8]) -> bool {
    sheets::peek(bytes).is_some_and(|sheets| sheets.first().is_some_and(fits))
}

fn fits(sheet: &Sheet) -> bool {
    sheet.row(0).is_some_and(|row| Columns::share(row, OLD) >= 60)
}

fn read(document: &Document<'_>, format: &str, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let sheets = sheets::open(*document)?;
    let sheet = sheets
        .first()
        .filter(|sheet| sheet.len() > 0)
        .ok_or_else(|| ReadError::Inconsistent {
            document: document.name.to_owned(),
            what: "the sheet of the list is missing or empty".to_owned(),
            remedy: "Get the file from its publisher again".to_owned(),
        })?;
    let newer = sheet.row(0).is_some_and(|row| {
        row.cells().any(|(_, text, _)| {
            matches!(
                text.trim(),
                "Alias Strength" | "Travel Ban" | "Instrument of Designation"
            )
        })
    });
    let (columns, at) = cells::columns(document, sheet, if newer { NEW } else { OLD }, 1)?;
    let mut snapshot = Snapshot::new("au", format);
    let mut groups: HashMap<&str, usize> = HashMap::new();
    let mut countries = Countries::default();
    let mut newest: Option<&str> = None;
    for row in (at + 1..sheet.len()).filter_map(|at| sheet.row(at)) {
        let written = columns.get(row, "Reference");
        // `34`, `34c`, and in older editions `34c1`: names of listing 34.
        let digits = written.bytes().take_while(u8::is_ascii_digit).count();
        let (reference, suffix) = written.split_at(digits);
        let suffix = suffix.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c.is_whitespace());
        if reference.is_empty() || !suffix.bytes().all(|b| b.is_ascii_digit()) {
            snapshot.rejects.push(Reject {
                position: format!("row {}", row.number),
                reason: format!("\"{written}\" is no reference of the list"),
            });
            continue;
        }
        // Only control dates: days in running text have slips of the pen in them that lie in the future.
        let control = columns.get(row, "Control Date");
        if newest.is_none_or(|known| control > known) && dates::iso(control).is_ok() {
            newest = Some(control);
        }
        let place = *groups.entry(reference).or_insert_with(|| {
            snapshot.records.push(Record {
                reference: reference.into(),
                ..Record::default()
            });
            snapshot.positions.push(format!("row {}", row.number));
            snapshot.records.len() - 1
        });
        for heading in add_row(&mut snapshot.records[place], &columns, row, &mut countries) {
            cells::not_understood(&mut snapshot, &heading);
        }
    }
    for record in &mut snapshot.records {
        record.names.sort_by_key(|name| name.kind != NameKind::Primary);
    }
    if let Some(day) = newest {
        snapshot.head.push(("newest record date".to_owned(), day.to_owned()));
    }
    note::finish(&mut snapshot, options);
    Ok(snapshot)
}

fn add_row(record: &mut Record, columns: &Columns, row: Row<'_>, countries: &mut Countries) -> Vec<String> {
    let mut unknown = Vec::new();
    let (mut name, mut role, mut strength) = ("", "", "");
    for (heading, text, _) in columns.cells(row) {
        let heading = match heading {
            Heading::Known(heading) => heading,
            Heading::Other(heading) => {
                keep_once(record, &heading, text);
                unknown.push(heading);
                continue;
            }
        };
        match heading {
            "Reference" if text == record.reference => {}
            "Reference" => keep_once(record, heading, text),
            "Name of Individual or Entity" => name = text,
            "Type" => match text.to_ascii_lowercase().as_str() {
                "individual" => record.kind = PartyKind::Person,
                "entity" => record.kind = PartyKind::Organisation,
                "vessel" | "ship" => record.kind = PartyKind::Vessel,
                _ => keep_once(record, heading, text),
            },
            "Name Type" => role = text,
            "Alias Strength" => strength = text,
            "Date of Birth" => births(record, text),
            "Place of Birth" => {
                for value in numbered(text) {
                    let place = Some(country::place(value));
                    add(
                        &mut record.births,
                        Birth {
                            place,
                            ..Birth::default()
                        },
                    );
                }
            }
            "Citizenship" => citizenships(record, text, countries),
            "Address" => {
                for value in numbered(text) {
                    let country = country::of_place(value);
                    let text = value.to_owned();
                    add(
                        &mut record.addresses,
                        standing_model::Address {
                            text: text.into(),
                            country,
                            parts: Vec::new(),
                        },
                    );
                }
            }
            "Additional Information" => {
                if let Some(reference) = un_reference(text) {
                    add(
                        &mut record.identifiers,
                        Identifier::new(IdentifierKind::ListReference, format!("un:{reference}")),
                    );
                }
                add_note(record, heading, text);
            }
            "Listing Information" => {
                listing_days(record, text);
                add_note(record, heading, text);
            }
            "IMO Number" => add(&mut record.identifiers, Identifier::new(IdentifierKind::Imo, text)),
            "Committees" => add(&mut record.programmes, text.into()),
            "Control Date" => match dates::iso(text).or_else(|_| dates::numeric(text, dates::Order::DayFirst)) {
                Ok(day) => add(&mut record.amended_on, day.into()),
                Err(error) => {
                    keep_once(record, heading, text);
                    add(&mut record.doubts, format!("{heading}: {error}"));
                }
            },
            "Instrument of Designation" => add(&mut record.instruments, text.into()),
            measure if text == "TRUE" => add(&mut record.measures, measure.into()),
            other => keep_once(record, other, text),
        }
    }
    let (kind, script) = match role.to_ascii_lowercase().as_str() {
        "primary name" => (NameKind::Primary, false),
        "original script" => (NameKind::Primary, true),
        "fka" | "former name" => (NameKind::Former, false),
        "aka" | "alias" => (NameKind::Alias, false),
        _ => {
            keep_once(record, "Name Type", role);
            (NameKind::Alias, false)
        }
    };
    if !name.is_empty() {
        let quality = match strength.to_ascii_lowercase().as_str() {
            "weak" => NameQuality::Weak,
            "" | "strong" => NameQuality::Good,
            _ => {
                keep_once(record, "Alias Strength", strength);
                NameQuality::Good
            }
        };
        let name = Name::new(kind, note::spaced(name)).with_quality(quality);
        // The name in its own script stands behind the primary one.
        if kind == NameKind::Primary && !script && !record.names.contains(&name) {
            record.names.insert(0, name);
        } else {
            add(&mut record.names, name);
        }
    }
    unknown
}

fn add_note(record: &mut Record, field: &str, text: &str) {
    add(
        &mut record.notes,
        Note {
            field: field.into(),
            text: text.to_owned(),
        },
    );
}

fn birth_date(text: &str) -> Option<PartialDate> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '.' || c == '\u{a0}');
    if !text.contains(char::is_whitespace)
        && let Ok(date) = dates::numeric(text, dates::Order::DayFirst)
    {
        return Some(date.into());
    }
    dates::english(text).ok()
}

/// A birth, with the words where they say more than the date: `Between 1968 and 1973`, `Approximately 1962-1963`.
fn born(written: &str) -> Option<Birth> {
    let date = birth_date(written)?;
    let says_more = !matches!(date, PartialDate::In(_));
    Some(Birth {
        date: Some(date),
        place: None,
        written: says_more.then(|| written.into()),
    })
}

fn births(record: &mut Record, text: &str) {
    for value in numbered(text) {
        let pieces = || {
            value
                .split(['\n', ','])
                .map(str::trim)
                .filter(|piece| !piece.is_empty())
        };
        let births = born(value)
            .map(|birth| vec![birth])
            .or_else(|| pieces().map(born).collect())
            // `27/05/1973 01/01/1975`
            .or_else(|| value.split_whitespace().map(born).collect())
            .unwrap_or_else(|| {
                vec![Birth {
                    written: Some(value.into()),
                    ..Birth::default()
                }]
            });
        for birth in births {
            add(&mut record.births, birth);
        }
    }
}

fn citizenships(record: &mut Record, text: &str, countries: &mut Countries) {
    for value in numbered(text) {
        if let Some(country) = countries.find(value) {
            add(&mut record.nationalities, country);
            continue;
        }
        let pieces: Vec<&str> = value
            .split([';', '\n'])
            .map(str::trim)
            .filter(|piece| !piece.is_empty())
            .collect();
        let found: Vec<_> = pieces.iter().map(|piece| countries.find(piece)).collect();
        if pieces.len() > 1 && found.iter().all(Option::is_some) {
            for country in found.into_iter().flatten() {
                add(&mut record.nationalities, country);
            }
        } else {
            keep_once(record, "Citizenship", value);
        }
    }
}

/// `Listed on 25 January 2001 (amended on 3 Sep. 2003, 20 Dec. 2005)`: the first date, if the text begins so, and the amendments.
fn listing_days(record: &mut Record, text: &str) {
    let plain = text.trim_start();
    if !plain
        .get(..9)
        .is_some_and(|head| head.eq_ignore_ascii_case("listed on") || head.eq_ignore_ascii_case("listed by"))
    {
        return;
    }
    let (listed, amended) = match plain.split_once('(') {
        Some((listed, rest)) if rest.trim_start().starts_with("amended") => {
            (listed, rest.split(')').next().unwrap_or(rest))
        }
        _ => (plain.split(['(', '\n']).next().unwrap_or(plain), ""),
    };
    if record.listed_on.is_none() {
        record.listed_on = days(listed).into_iter().next();
    }
    for day in days(amended) {
        add(&mut record.amended_on, day);
    }
}

/// Days written as `25 January 2001` or `3 Sep. 2003`.
fn days(text: &str) -> Vec<PartialDate> {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c == ',' || c == ':')
        .filter(|w| !w.is_empty())
        .collect();
    words
        .windows(3)
        .filter_map(|three| {
            let [day, month, year] = three else { return None };
            let day: u32 = day.parse().ok().filter(|day| (1..=31).contains(day))?;
            let month = dates::month(month)?;
            let year: u32 = year.get(..4)?.parse().ok()?;
            dates::ymd(text, year, month, day).ok().map(PartialDate::from)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_listing() {
        let mut record = Record::default();
        listing_days(
            &mut record,
            "Listed on 25 Jan. 2001 ( amended on 3 Sep. 2003, 20 Dec. 2005 )",
        );
        assert_eq!(record.listed_on.map(|d| d.to_string()).as_deref(), Some("2001-01-25"));
        assert_eq!(record.amended_on.len(), 2);
        listing_days(&mut record, "Autonomous Sanctions, designated on 1 May 2020");
        assert_eq!(record.amended_on.len(), 2);
    }
}
