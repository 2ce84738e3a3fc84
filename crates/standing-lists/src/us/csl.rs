//! The Consolidated Screening List (CSV): thirteen lists of three departments in one table.
//!
//! It repeats lists that others publish, and not always whole. Each becomes a list of its own (`us-csl-sdn`, `us-csl-dpl`, …) and is
//! always a part: it proves no absence. Identity is the Treasury's number where there is one; for the other lists name and start date,
//! which breaks when either is respelled: the `_id` of the table is a digest of the content and changes with every amendment. The
//! table bears no date. Source: the table of May 2022 and an excerpt of November 2023 (whose heading line occurs twice).

use standing_model::{
    Address, DocumentSpan, Extent, Identifier, IdentifierKind, NameKind, Note, PartyKind, Record, Reject, Relation,
    Snapshot, Text,
};

use crate::country::Countries;
use crate::csv::{Cells, Headings, Rows};
use crate::error::{ReadError, grouped};
use crate::ofac::features::{self, Traits};
use crate::registry::{Document, Format, ReadOptions};
use crate::several_names::apart;
use crate::{dates, note, ofac};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "us-csl-csv",
    lists: &[
        "us-csl-cap",
        "us-csl-cmic",
        "us-csl-dpl",
        "us-csl-dtc",
        "us-csl-el",
        "us-csl-fse",
        "us-csl-isn",
        "us-csl-mbs",
        "us-csl-meu",
        "us-csl-plc",
        "us-csl-sdn",
        "us-csl-ssi",
        "us-csl-uvl",
    ],
    summary: "US Consolidated Screening List, CSV (a secondary list: proves no absence)",
    part: |bytes| {
        let head = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let head = &head[..head.len().min(200)];
        let plain: Vec<u8> = head.iter().copied().filter(|b| *b != b'"').collect();
        plain
            .starts_with(b"_id,source,entity_number,type,programs,name,")
            .then_some("")
    },
    sets: None,
    read: |documents, options| {
        let read = documents.iter().map(|document| read(document, options));
        read.collect::<Result<Vec<_>, _>>()
            .map(|lists| lists.into_iter().flatten().collect())
    },
};

/// Columns that say the same on every row of a list, or are read for the identity.
const KEPT: [&str; 10] = [
    "_id",
    "end_date",
    "standard_order",
    "license_requirement",
    "license_policy",
    "gross_tonnage",
    "gross_registered_tonnage",
    "vessel_type",
    "source_list_url",
    "source_information_url",
];

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Vec<Snapshot>, ReadError> {
    let mut rows = Rows::open(document, b',')?;
    let mut row = Cells::default();
    if !rows.next(&mut row)? {
        return Ok(Vec::new());
    }
    let headings = Headings::of(&rows, &row);
    let wanted = [
        "_id",
        "source",
        "entity_number",
        "type",
        "programs",
        "name",
        "addresses",
        "alt_names",
        "ids",
    ];
    if let Some(missing) = headings.missing(&wanted) {
        return Err(wrong(document, format!("the column \"{missing}\" is missing")));
    }
    if let Some(doubled) = headings.doubled() {
        return Err(wrong(document, format!("the column \"{doubled}\" occurs twice")));
    }
    let mut snapshots: Vec<Snapshot> = Vec::new();
    let mut countries = Countries::default();
    let (mut rejects, mut repeated) = (Vec::new(), 0_u64);
    while rows.next(&mut row)? {
        if row.len() == headings.names.len() && rows.text(&row, 0).trim() == "_id" {
            repeated += 1;
            continue;
        }
        if row.len() != headings.names.len() {
            rejects.push(Reject {
                position: format!("line {}", grouped(row.line as u64)),
                reason: format!("{} cells instead of {}", row.len(), headings.names.len()),
            });
            continue;
        }
        let cell = |name: &str| {
            headings
                .column(name)
                .map_or_else(String::new, |c| rows.text(&row, c).trim().to_owned())
        };
        let source = cell("source");
        let Some(list) = list_of(&source) else {
            rejects.push(Reject {
                position: format!("line {}", grouped(row.line as u64)),
                reason: format!("the source \"{source}\" names no list in brackets"),
            });
            continue;
        };
        let at = if let Some(at) = snapshots.iter().position(|s| s.list == list) {
            at
        } else {
            let mut snapshot = Snapshot::new(list, FORMAT.id);
            snapshot.extent = Extent::Part("a secondary list that repeats what others publish".to_owned());
            snapshot.head.push(("source".to_owned(), source.clone()));
            snapshots.push(snapshot);
            snapshots.len() - 1
        };
        let snapshot = &mut snapshots[at];
        match record(&headings, &cell, &mut countries, &mut snapshot.not_understood) {
            Ok(record) => {
                snapshot.records.push(record);
                if rows.exact() {
                    snapshot.spans.push(DocumentSpan {
                        document: 0,
                        start: row.span.start as u64,
                        end: row.span.end as u64,
                    });
                } else {
                    snapshot.positions.push(format!("line {}", row.line));
                }
            }
            Err(reason) => rejects.push(Reject {
                position: format!("line {}", grouped(row.line as u64)),
                reason,
            }),
        }
    }
    if let Some(first) = snapshots.first_mut() {
        first.rejects = rejects;
        if repeated > 0 {
            first
                .warnings
                .push(format!("the heading line occurs {} times more", grouped(repeated)));
        }
    }
    snapshots.sort_by(|a, b| a.list.cmp(&b.list));
    for snapshot in &mut snapshots {
        note::finish(snapshot, options);
    }
    Ok(snapshots)
}

fn wrong(document: &Document<'_>, what: String) -> ReadError {
    ReadError::Inconsistent {
        document: document.name.to_owned(),
        what,
        remedy: "The layout has changed, or a spreadsheet program has; get the file from its publisher".to_owned(),
    }
}

/// `Denied Persons List (DPL) - Bureau of Industry and Security` → `us-csl-dpl`
fn list_of(source: &str) -> Option<String> {
    let code = source.split_once('(')?.1.split_once(')')?.0;
    let code = code.trim_end_matches(" List").rsplit('-').next()?.trim();
    (!code.is_empty() && code.len() <= 8 && code.bytes().all(|b| b.is_ascii_alphanumeric()))
        .then(|| format!("us-csl-{}", code.to_ascii_lowercase()))
}

fn parts(cell: &str) -> impl Iterator<Item = &str> {
    cell.split("; ").map(str::trim).filter(|p| !p.is_empty())
}

fn record(
    headings: &Headings,
    cell: &dyn Fn(&str) -> String,
    countries: &mut Countries,
    not_understood: &mut Vec<(String, u64)>,
) -> Result<Record, String> {
    let written = cell("name");
    if written.is_empty() {
        return Err("a row without a name".to_owned());
    }
    let number = cell("entity_number");
    let start = cell("start_date");
    let kind = match cell("type").as_str() {
        // The lists of Commerce and State do not say what a party is.
        "" => PartyKind::Unknown,
        word => ofac::party(word),
    };
    let mut record = Record {
        reference: if number.is_empty() {
            format!("{}|{start}", note::spaced(&written)).into()
        } else {
            number.into()
        },
        kind,
        ..Record::default()
    };
    if kind == PartyKind::Unknown {
        note::keep(&mut record, "type", &cell("type"));
    }
    let aliases = cell("alt_names");
    let written = std::iter::once((NameKind::Primary, written.as_str()))
        .chain(parts(&aliases).map(|alias| (NameKind::Alias, alias)));
    for (role, text) in written {
        let names = apart(role, text);
        if !matches!(&names[..], [(_, name)] if *name == note::spaced(text)) {
            note::keep(
                &mut record,
                if role == NameKind::Primary { "name" } else { "alt_names" },
                text,
            );
        }
        record
            .names
            .extend(names.iter().map(|(role, name)| ofac::name(kind, *role, name)));
    }
    record.programmes.extend(parts(&cell("programs")).map(Text::from));
    record.positions.extend(parts(&cell("title")).map(Text::from));
    for address in parts(&cell("addresses")) {
        record.addresses.push(Address {
            text: address.into(),
            country: countries
                .of_place(address)
                .or_else(|| address.rsplit(", ").next().and_then(|c| c.parse().ok())),
            parts: Vec::new(),
        });
    }
    record.instruments.extend(
        [cell("federal_register_notice")]
            .into_iter()
            .filter(|n| !n.is_empty())
            .map(Text::from),
    );
    if !start.is_empty() {
        record.listed_on = note::calendar(&mut record, "start_date", &start, dates::iso);
    }
    let call_sign = cell("call_sign");
    if !call_sign.is_empty() {
        record
            .identifiers
            .push(Identifier::new(IdentifierKind::CallSign, call_sign));
    }
    let owner = cell("vessel_owner");
    if !owner.is_empty() {
        record.relations.push(Relation {
            kind: "vessel_owner".into(),
            name: Some(owner.into()),
            reference: None,
        });
    }
    let remarks = cell("remarks");
    if !remarks.is_empty() {
        record.notes.push(Note {
            field: "remarks".into(),
            text: remarks,
        });
    }
    let mut traits = Traits::default();
    for field in ["citizenships", "nationalities", "vessel_flag"] {
        for country in parts(&cell(field)) {
            features::read(
                &mut record,
                &mut traits,
                "Nationality Country",
                country,
                None,
                countries,
            );
        }
    }
    for date in parts(&cell("dates_of_birth")) {
        features::read(&mut record, &mut traits, "Birthdate", date, None, countries);
    }
    for place in parts(&cell("places_of_birth")) {
        features::read(&mut record, &mut traits, "Place of Birth", place, None, countries);
    }
    for id in parts(&cell("ids")) {
        identifier(id, &mut record, &mut traits, countries);
    }
    note::pair(&mut record, traits.births, traits.places);
    for field in KEPT {
        note::keep(&mut record, field, &cell(field));
    }
    for name in headings.names.iter().filter(|n| !n.is_empty() && !is_known(n)) {
        let value = cell(name);
        if !value.is_empty() {
            note::count(not_understood, name);
            note::keep(&mut record, name, &value);
        }
    }
    Ok(record)
}

fn is_known(name: &str) -> bool {
    KEPT.contains(&name)
        || matches!(
            name,
            "source"
                | "entity_number"
                | "type"
                | "programs"
                | "name"
                | "title"
                | "addresses"
                | "federal_register_notice"
                | "start_date"
                | "call_sign"
                | "vessel_flag"
                | "vessel_owner"
                | "remarks"
                | "alt_names"
                | "citizenships"
                | "dates_of_birth"
                | "nationalities"
                | "places_of_birth"
                | "ids"
        )
}

/// `CA, BC166787, Passport`: country, number and kind, of which the country may be missing. A number may hold commas itself.
fn identifier(written: &str, record: &mut Record, traits: &mut Traits, countries: &mut Countries) {
    let Some((value, label)) = written.rsplit_once(", ") else {
        note::keep(record, "ids", written);
        return;
    };
    let (country, value) = match value.split_once(", ") {
        Some((country, number)) if country.len() == 2 && countries.find(country).is_some() => {
            (countries.find(country), number)
        }
        _ => (None, value),
    };
    let before = record.identifiers.len();
    features::read(record, traits, label, value, None, countries);
    match record.identifiers.get_mut(before) {
        Some(found) => found.country = country.or(found.country),
        None => {
            if let Some(country) = country {
                note::keep(record, "ids country", &format!("{label}: {country}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_by_their_codes() {
        for (source, list) in [
            (
                "Denied Persons List (DPL) - Bureau of Industry and Security",
                Some("us-csl-dpl"),
            ),
            (
                "Non-SDN Menu-Based Sanctions List (NS-MBS List) - Treasury Department",
                Some("us-csl-mbs"),
            ),
            (
                "Military End User (MEU) List - Bureau of Industry and Security",
                Some("us-csl-meu"),
            ),
            ("Something", None),
            ("", None),
        ] {
            assert_eq!(list_of(source).as_deref(), list, "{source}");
        }
    }

    #[test]
    fn names_without_brackets_are_rejected() {
        let bytes =
            b"_id,source,entity_number,type,programs,name,addresses,alt_names,ids\n1,X,,,,A,,,\n2,X (EL),,,,B,,,\n";
        let document = Document { name: "t", bytes };
        let read = read(&document, &ReadOptions::default()).unwrap();
        assert_eq!((read.len(), read[0].records.len(), read[0].rejects.len()), (1, 1, 1));
        assert_eq!(
            read[0].records[0].names[0],
            standing_model::Name::new(NameKind::Primary, "B")
        );
    }
}
