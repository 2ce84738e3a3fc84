//! United Arab Emirates, local terrorist list, as a CSV of 19 columns.
//!
//! A row is one listing, known by its number in the list (`id`). The number is not promised to last: where the Executive Office prints the list
//! anew, rows may be numbered anew, and a key that vanishes beside a near-identical record is then an amendment. The file bears no date.
//! `-` stands for an empty cell. Dates stand month first (`7/13/1989`), some day first (`16/05/2011`); where both readings exist the
//! former holds. Seen: one whole list as converted by its keeper, whose headings are not the publisher's.

use standing_model::{
    Address, Birth, Country, Identifier, Name, NameKind, Note, PartialDate, PartyKind, Record, Reject, Snapshot,
};

use super::cells;
use crate::error::ReadError;
use crate::registry::{Document, Format, ReadOptions};
use crate::sheets;
use crate::sheets::columns::{Column, Columns, Heading};
use crate::{dates, identifier, note};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "ae-local-csv",
    lists: &["ae"],
    summary: "United Arab Emirates, local terrorist list, CSV",
    part: |bytes| {
        let sheet = sheets::peek_delimited(bytes, b',', 2)?;
        (Columns::share(sheet.row(0)?, LAYOUT) >= 60).then_some("")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

const LAYOUT: &[Column] = &[
    Column::of("id"),
    Column::of("classification"),
    Column::of("nationality"),
    Column::of("surname_ar"),
    Column::of("surname_lat"),
    Column::of("full_name_ar"),
    Column::of("full_name_lat"),
    Column::of("date_of_birth"),
    Column::of("place_of_birth"),
    Column::of("address_name"),
    Column::of("address_street"),
    Column::of("address_city"),
    Column::of("address_country"),
    Column::of("document_type"),
    Column::of("document_number"),
    Column::of("document_issuer"),
    Column::of("document_issue_date"),
    Column::of("document_expiry_date"),
    Column::of("other_information"),
];

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let sheet = sheets::read_delimited(document, b',')?;
    let (columns, at) = cells::columns(document, &sheet, LAYOUT, 1)?;
    let mut snapshot = Snapshot::new("ae", FORMAT.id);
    for row in (at + 1..sheet.len()).filter_map(|at| sheet.row(at)) {
        let get = |heading: &str| {
            Some(columns.get(row, heading))
                .filter(|text| !matches!(*text, "" | "-"))
                .unwrap_or("")
        };
        let (arabic, latin) = (get("full_name_ar"), get("full_name_lat"));
        if get("id").is_empty() || (arabic.is_empty() && latin.is_empty()) {
            snapshot.rejects.push(Reject {
                position: format!("line {}", row.number),
                reason: "no number or no name".to_owned(),
            });
            continue;
        }
        let mut record = Record {
            reference: get("id").to_owned(),
            ..Record::default()
        };
        // `شخص إرهابي` is a terrorist person, `كيان إرهابي` or `تنظيم إرهابي` an entity or organisation.
        let classification = get("classification");
        record.kind = match classification {
            text if text.contains("شخص") => PartyKind::Person,
            text if text.contains("كيان") || text.contains("تنظيم") => PartyKind::Organisation,
            _ => PartyKind::Unknown,
        };
        note::keep(&mut record, "classification", classification);
        for name in [latin, arabic] {
            if !name.is_empty() {
                record.names.push(Name::new(NameKind::Primary, note::spaced(name)));
            }
        }
        for heading in ["surname_ar", "surname_lat"] {
            note::keep(&mut record, heading, get(heading));
        }
        match Country::from_name(get("nationality")) {
            Some(country) => record.nationalities.push(country),
            None => note::keep(&mut record, "nationality", get("nationality")),
        }
        let (born, place) = (get("date_of_birth"), get("place_of_birth"));
        if !born.is_empty() || !place.is_empty() {
            let date = date(born);
            record.births.push(Birth {
                written: (date.is_none() && !born.is_empty()).then(|| born.to_owned()),
                date,
                place: (!place.is_empty()).then(|| crate::country::place(place)),
            });
        }
        address(&mut record, &get);
        papers(&mut record, &get);
        let other = get("other_information");
        if !other.is_empty() {
            record.notes.push(Note {
                field: "other_information".to_owned(),
                text: other.to_owned(),
            });
            // `Listed by Cabinet decision no. (18) of 2017`.
            if other.contains("قرار مجلس الوزراء") {
                record.instruments.push(other.to_owned());
            }
        }
        for (heading, text, _) in columns.cells(row) {
            if let Heading::Other(heading) = heading {
                note::not_understood(&mut snapshot, &heading);
                note::keep(&mut record, &heading, text);
            }
        }
        snapshot.records.push(record);
        snapshot.positions.push(format!("line {}", row.number));
    }
    note::finish(&mut snapshot, options);
    Ok(snapshot)
}

fn date(text: &str) -> Option<PartialDate> {
    let month_first = dates::numeric(text, dates::Order::MonthFirst);
    month_first
        .or_else(|_| dates::numeric(text, dates::Order::DayFirst))
        .ok()
        .map(PartialDate::from)
}

fn address<'a>(record: &mut Record, get: &impl Fn(&str) -> &'a str) {
    let parts: Vec<(String, String)> = ["address_name", "address_street", "address_city", "address_country"]
        .iter()
        .map(|heading| ((*heading).to_owned(), get(heading).to_owned()))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    if !parts.is_empty() {
        let text = parts
            .iter()
            .skip(usize::from(parts.len() > 1))
            .map(|(_, t)| t.as_str())
            .collect::<Vec<_>>()
            .join(", ");
        record.addresses.push(Address {
            text,
            country: Country::from_name(get("address_country")),
            parts,
        });
    }
}

fn papers<'a>(record: &mut Record, get: &impl Fn(&str) -> &'a str) {
    let number = get("document_number");
    let kind = get("document_type");
    let fields = [
        "document_type",
        "document_issuer",
        "document_issue_date",
        "document_expiry_date",
    ];
    if number.is_empty() {
        for heading in fields {
            note::keep(record, heading, get(heading));
        }
        return;
    }
    // `جواز سفر` is a passport, `الرقم الموحد` the unified number of residents.
    let kind_of = if kind.contains("جواز") {
        standing_model::IdentifierKind::Passport
    } else {
        identifier::kind(kind)
    };
    let mut identifier = Identifier::new(kind_of, number);
    identifier.country = Country::from_name(get("document_issuer"));
    identifier.issued = date(get("document_issue_date"));
    identifier.expires = date(get("document_expiry_date"));
    let words: Vec<&str> = fields
        .iter()
        .map(|heading| get(heading))
        .filter(|text| !text.is_empty())
        .collect();
    identifier.note = (!words.is_empty()).then(|| words.join("; "));
    record.identifiers.push(identifier);
}
