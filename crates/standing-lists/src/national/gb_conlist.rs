//! United Kingdom, OFSI consolidated list: the tables `ConList.xlsx` and `ConList.csv` (layout of 2022), and the one before it.
//!
//! The first row bears the list's date, the second the headings. A row is a name with everything else repeated; rows of one `Group ID`
//! are one listing, wherever they stand. The Group ID is the publisher's lasting reference. `Other Information` holds fields of its own,
//! each as `(Name):value.` ([`super::gb_fields`]). The XML of the same layout is read by the same code ([`super::gb_conlist_xml`]). Source: OFSI's published headings; two whole lists of the 2022 layout, one of 2018.

use std::collections::HashMap;

use standing_model::{
    Address, Birth, Identifier, IdentifierKind, NameKind, NameQuality, PartKind, PartyKind, Place, Record, Reject,
    Snapshot, Text,
};

use super::cells::{self, add, keep_once, numbered};
use super::gb_fields;
use crate::country::Countries;
use crate::error::ReadError;
use crate::registry::{Document, Format, ReadOptions};
use crate::sheets::columns::{Column, Columns, Heading};
use crate::sheets::{self, Row, Sheet};
use crate::{dates, note};

/// The workbook's entry.
pub(crate) const XLSX: Format = Format {
    id: "gb-conlist-xlsx",
    lists: &["gb"],
    summary: "United Kingdom, OFSI consolidated list, XLSX in the layout of 2022",
    part: |bytes| sheets::peek(bytes)?.first().filter(|sheet| fits(sheet)).map(|_| ""),
    sets: None,
    read: |documents, options| {
        documents
            .iter()
            .map(|document| {
                let sheets = sheets::open(*document)?;
                let sheet = sheets
                    .first()
                    .filter(|sheet| sheet.len() > 0)
                    .ok_or_else(|| no_rows(document))?;
                read(document, sheet, XLSX.id, options)
            })
            .collect()
    },
};

/// The text table's entry.
pub(crate) const CSV: Format = Format {
    id: "gb-conlist-csv",
    lists: &["gb"],
    summary: "United Kingdom, OFSI consolidated list, CSV in the layouts of 2022 and before",
    part: |bytes| sheets::peek_delimited(bytes, b',', 3).filter(fits).map(|_| ""),
    sets: None,
    read: |documents, options| {
        documents
            .iter()
            .map(|document| read(document, &sheets::read_delimited(document, b',')?, CSV.id, options))
            .collect()
    },
};

pub(super) const LAYOUT_2022: &[Column] = &[
    Column::of("Name 6"),
    Column::of("Name 1"),
    Column::of("Name 2"),
    Column::of("Name 3"),
    Column::of("Name 4"),
    Column::of("Name 5"),
    Column::of("Title"),
    Column::of("Name Non-Latin Script"),
    Column::of("Non-Latin Script Type"),
    Column::of("Non-Latin Script Language"),
    Column::of("DOB"),
    Column::of("Town of Birth"),
    Column::of("Country of Birth"),
    Column::of("Nationality"),
    Column::of("Passport Number"),
    Column::of("Passport Details"),
    Column::of("National Identification Number"),
    Column::of("National Identification Details").or(&["NI Details"]),
    Column::of("Position"),
    Column::of("Address 1"),
    Column::of("Address 2"),
    Column::of("Address 3"),
    Column::of("Address 4"),
    Column::of("Address 5"),
    Column::of("Address 6"),
    Column::of("Post/Zip Code"),
    Column::of("Country"),
    Column::of("Other Information"),
    Column::of("Group Type"),
    Column::of("Alias Type"),
    Column::of("Alias Quality"),
    Column::of("Regime"),
    Column::of("Listed On"),
    Column::of("UK Sanctions List Date Designated"),
    Column::of("Last Updated"),
    Column::of("Group ID"),
];

const LAYOUT_2018: &[Column] = &[
    Column::of("Name 6"),
    Column::of("Name 1"),
    Column::of("Name 2"),
    Column::of("Name 3"),
    Column::of("Name 4"),
    Column::of("Name 5"),
    Column::of("Title"),
    Column::of("DOB"),
    Column::of("Town of Birth"),
    Column::of("Country of Birth"),
    Column::of("Nationality"),
    Column::of("Passport Details"),
    Column::of("NI Number"),
    Column::of("Position"),
    Column::of("Address 1"),
    Column::of("Address 2"),
    Column::of("Address 3"),
    Column::of("Address 4"),
    Column::of("Address 5"),
    Column::of("Address 6"),
    Column::of("Post/Zip Code"),
    Column::of("Country"),
    Column::of("Other Information"),
    Column::of("Group Type"),
    Column::of("Alias Type"),
    Column::of("Regime"),
    Column::of("Listed On"),
    Column::of("Last Updated"),
    Column::of("Group ID"),
];

/// The headings stand in the second row; in copies the row of the date may be gone.
const HEADINGS_WITHIN: usize = 3;

const ADDRESS: [&str; 8] = [
    "Address 1",
    "Address 2",
    "Address 3",
    "Address 4",
    "Address 5",
    "Address 6",
    "Post/Zip Code",
    "Country",
];

fn fits(sheet: &Sheet) -> bool {
    (0..HEADINGS_WITHIN).filter_map(|at| sheet.row(at)).any(|row| {
        Columns::share(row, LAYOUT_2018) >= 60
            && row
                .cells()
                .any(|(_, text, _)| matches!(text.trim(), "Group ID" | "Group Type" | "Regime"))
    })
}

fn no_rows(document: &Document<'_>) -> ReadError {
    ReadError::Inconsistent {
        document: document.name.to_owned(),
        what: "the sheet of the list is missing or empty".to_owned(),
        remedy: "Get the file from its publisher again".to_owned(),
    }
}

fn read(document: &Document<'_>, sheet: &Sheet, format: &str, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let newer = (0..HEADINGS_WITHIN).filter_map(|at| sheet.row(at)).any(|row| {
        row.cells()
            .any(|(_, text, _)| text.contains("Alias Quality") || text.contains("Non-Latin"))
    });
    let layout = if newer { LAYOUT_2022 } else { LAYOUT_2018 };
    let (columns, at) = cells::columns(document, sheet, layout, HEADINGS_WITHIN)?;
    let mut snapshot = Snapshot::new("gb", format);
    for row in (0..at).filter_map(|at| sheet.row(at)) {
        let mut words = row.cells().map(|(_, text, _)| text.trim());
        let (Some(name), Some(value)) = (words.next(), words.next()) else {
            continue;
        };
        if name.eq_ignore_ascii_case("Last Updated") {
            let read = |text: &str| dates::numeric(text, dates::Order::DayFirst).or_else(|_| dates::iso(text));
            snapshot.date = note::list_date(document, value, read, options, &mut snapshot.warnings)?;
        }
        snapshot.head.push((name.to_owned(), value.to_owned()));
    }
    rows(&mut snapshot, &columns, sheet, at + 1, "row");
    note::finish(&mut snapshot, options);
    Ok(snapshot)
}

/// Reads the rows from one on; `word` is what a row is called in messages.
pub(super) fn rows(snapshot: &mut Snapshot, columns: &Columns, sheet: &Sheet, from: usize, word: &str) {
    let mut groups: HashMap<&str, usize> = HashMap::new();
    let mut countries = Countries::default();
    for row in (from..sheet.len()).filter_map(|at| sheet.row(at)) {
        let group = columns.get(row, "Group ID");
        if group.is_empty() || group.contains(['+', 'E']) {
            snapshot.rejects.push(Reject {
                position: format!("{word} {}", row.number),
                reason: if group.is_empty() {
                    "no Group ID, so the row belongs to no listing".to_owned()
                } else {
                    format!("the Group ID \"{group}\" was rounded by a spreadsheet program")
                },
            });
            continue;
        }
        let place = *groups.entry(group).or_insert_with(|| {
            snapshot.records.push(Record {
                reference: group.into(),
                ..Record::default()
            });
            snapshot.positions.push(format!("{word} {}", row.number));
            snapshot.records.len() - 1
        });
        let unknown = add_row(&mut snapshot.records[place], columns, row, &mut countries);
        for heading in unknown {
            cells::not_understood(snapshot, &heading);
        }
    }
    for record in &mut snapshot.records {
        record.names.sort_by_key(|name| name.kind != NameKind::Primary);
    }
}

/// Adds what a row says that earlier rows of the group did not; returns headings that no layout knows.
fn add_row(record: &mut Record, columns: &Columns, row: Row<'_>, countries: &mut Countries) -> Vec<String> {
    // One walk over the row's cells: looking up each heading anew would cost more than reading the workbook.
    let mut unknown = Vec::new();
    let mut names: [&str; 6] = [""; 6];
    let mut address: [&str; 8] = [""; 8];
    let (mut alias, mut quality, mut kind) = ("", "", "");
    let (mut script, mut script_type, mut script_language) = ("", "", "");
    let (mut born, mut town, mut country) = ("", "", "");
    let (mut passport, mut passport_details, mut national, mut national_details) = ("", "", "", "");
    for (heading, text, _) in columns.cells(row) {
        let heading = match heading {
            Heading::Known(heading) => heading,
            // The XML has elements for what the tables write into `Other Information`.
            Heading::Other(heading) if gb_fields::FIELDS.contains(&heading.as_str()) => {
                if !gb_fields::own_field(record, &heading, text) {
                    keep_once(record, &heading, text);
                }
                continue;
            }
            Heading::Other(heading) => {
                keep_once(record, &heading, text);
                unknown.push(heading);
                continue;
            }
        };
        if let Some(at) = ADDRESS.iter().position(|part| *part == heading) {
            address[at] = text;
            continue;
        }
        match heading {
            "Name 1" => names[0] = text,
            "Name 2" => names[1] = text,
            "Name 3" => names[2] = text,
            "Name 4" => names[3] = text,
            "Name 5" => names[4] = text,
            "Name 6" => names[5] = text,
            "Title" => numbered(text)
                .into_iter()
                .for_each(|title| add(&mut record.titles, title.into())),
            "Name Non-Latin Script" => script = text,
            "Non-Latin Script Type" => script_type = text,
            "Non-Latin Script Language" => script_language = text,
            "DOB" => born = text,
            "Town of Birth" => town = text,
            "Country of Birth" => country = text,
            "Nationality" => {
                for value in numbered(text) {
                    let value = value.trim_end_matches('.');
                    match countries.find(value) {
                        Some(country) => add(&mut record.nationalities, country),
                        None => keep_once(record, heading, value),
                    }
                }
            }
            "Passport Number" => passport = text,
            "Passport Details" => passport_details = text,
            "National Identification Number" | "NI Number" => national = text,
            "National Identification Details" => national_details = text,
            "Position" => numbered(text)
                .into_iter()
                .for_each(|position| add(&mut record.positions, position.into())),
            "Other Information" => gb_fields::other_information(record, text),
            "Group Type" => kind = text,
            "Alias Type" => alias = text,
            "Alias Quality" => quality = text,
            "Regime" => add(&mut record.programmes, text.into()),
            "Listed On" => {
                if let Some(day) = day(record, heading, text) {
                    match record.listed_on {
                        None => record.listed_on = Some(day),
                        Some(known) if known != day => keep_once(record, heading, text),
                        Some(_) => {}
                    }
                }
            }
            "Last Updated" => {
                if let Some(day) = day(record, heading, text) {
                    add(&mut record.amended_on, day);
                }
            }
            // The identity, and what is the same in words of its own.
            "Group ID" => {}
            other => keep_once(record, other, text),
        }
    }
    match kind {
        "Individual" => record.kind = PartyKind::Person,
        "Entity" => record.kind = PartyKind::Organisation,
        "Ship" => record.kind = PartyKind::Vessel,
        other => keep_once(record, "Group Type", other),
    }
    add_names(record, names, alias, quality, script, script_type, script_language);
    add_births(record, born, town, country, countries);
    add_documents(record, &IdentifierKind::Passport, passport, passport_details);
    add_documents(record, &IdentifierKind::NationalId, national, national_details);
    add_address(record, address, countries);
    unknown
}

fn day(record: &mut Record, heading: &str, text: &str) -> Option<standing_model::PartialDate> {
    match dates::numeric(text, dates::Order::DayFirst).or_else(|_| dates::iso(text)) {
        Ok(date) => Some(date.into()),
        Err(error) => {
            keep_once(record, heading, text);
            add(&mut record.doubts, format!("{heading}: {error}"));
            None
        }
    }
}

fn add_names(
    record: &mut Record,
    parts: [&str; 6],
    alias: &str,
    quality: &str,
    script: &str,
    kind: &str,
    language: &str,
) {
    let starts = |text: &str, start: &str| text.get(..start.len()).is_some_and(|t| t.eq_ignore_ascii_case(start));
    let role = if alias.eq_ignore_ascii_case("fka") {
        NameKind::Former
    } else if starts(alias, "prim") && !alias.to_ascii_lowercase().contains("variation") {
        NameKind::Primary
    } else {
        NameKind::Alias
    };
    let trust = if starts(quality, "low") {
        NameQuality::Weak
    } else {
        NameQuality::Good
    };
    let person = record.kind == PartyKind::Person;
    let [one, two, three, four, five, six] = parts;
    let (first, middle, last) = if person {
        (PartKind::Given, PartKind::Middle, PartKind::Family)
    } else {
        (PartKind::Part, PartKind::Part, PartKind::Part)
    };
    let name = cells::name_of(
        role,
        &[
            (first, one),
            (middle, two),
            (middle, three),
            (middle, four),
            (middle, five),
            (last, six),
        ],
    );
    if let Some(name) = name {
        add(&mut record.names, name.with_quality(trust));
    }
    if !matches!(
        alias,
        "" | "AKA" | "FKA" | "Primary name" | "Primary name variation" | "Prime Alias"
    ) {
        keep_once(record, "Alias Type", alias);
    }
    if !matches!(quality, "" | "Good quality" | "Low quality") {
        keep_once(record, "Alias Quality", quality);
    }
    if script.is_empty() {
        keep_once(record, "Non-Latin Script Language", language);
    } else {
        let mut name = standing_model::Name::new(role, note::spaced(script));
        name.language = (!language.is_empty()).then(|| language.into());
        add(&mut record.names, name);
    }
    keep_once(record, "Non-Latin Script Type", kind);
}

/// Towns and countries are numbered side by side; dates are numbered on their own, so they go together only where there is one of each.
fn add_births(record: &mut Record, born: &str, town: &str, country: &str, countries: &mut Countries) {
    let towns = numbered(town);
    let lands = numbered(country);
    let mut places: Vec<Place> = Vec::new();
    for at in 0..towns.len().max(lands.len()) {
        let land = lands.get(at).copied().map(|land| land.trim_end_matches('.'));
        let text = [towns.get(at).copied(), land]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ");
        places.push(Place {
            text: text.into(),
            country: land.and_then(|land| countries.find(land)),
        });
    }
    let mut births: Vec<Birth> = Vec::new();
    for written in numbered(born) {
        match dates::numeric(written, dates::Order::DayFirst).or_else(|_| dates::english_date(written)) {
            Ok(date) => births.push(Birth {
                date: Some(date.into()),
                ..Birth::default()
            }),
            Err(error) => {
                add(&mut record.doubts, format!("DOB: {error}"));
                births.push(Birth {
                    written: Some(written.into()),
                    ..Birth::default()
                });
            }
        }
    }
    if births.len() <= 1 && places.len() == 1 {
        let birth = Birth {
            place: places.pop(),
            ..births.pop().unwrap_or_default()
        };
        add(&mut record.births, birth);
    } else {
        for birth in births {
            add(&mut record.births, birth);
        }
        for place in places {
            let place = Some(place);
            add(
                &mut record.births,
                Birth {
                    place,
                    ..Birth::default()
                },
            );
        }
    }
}

fn add_documents(record: &mut Record, kind: &IdentifierKind, numbers: &str, details: &str) {
    let numbers = numbered(numbers);
    let details_of = numbered(details);
    if numbers.is_empty() {
        // The layout before 2022 writes the number into the details.
        for detail in details_of {
            add(&mut record.identifiers, Identifier::new(kind.clone(), detail));
        }
        return;
    }
    let paired = details_of.len() == numbers.len();
    for (at, number) in numbers.iter().enumerate() {
        let mut identifier = Identifier::new(kind.clone(), *number);
        if paired {
            identifier.note = Some(details_of[at].into());
        } else if at == 0 && !details.is_empty() {
            identifier.note = Some(details.into());
        }
        add(&mut record.identifiers, identifier);
    }
}

fn add_address(record: &mut Record, parts: [&str; 8], countries: &mut Countries) {
    let filled: Vec<(Text, Text)> = ADDRESS
        .iter()
        .zip(parts)
        .filter(|(_, text)| !text.is_empty())
        .map(|(heading, text)| (Text::const_new(heading), text.into()))
        .collect();
    if filled.is_empty() {
        return;
    }
    let text = filled
        .iter()
        .map(|(_, text)| text.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    let country = countries.find(parts[7]);
    add(
        &mut record.addresses,
        Address {
            text: text.into(),
            country,
            parts: filled,
        },
    );
}
