//! United Arab Emirates, local terrorist list: the publisher's workbook, and a CSV of 19 columns that was made of it.
//!
//! A row is one listing. Rows are numbered, and numbered anew where the Executive Office prints the list anew; the key is therefore the full name
//! in Arabic (else in Latin letters), as printed; it breaks when the spelling is corrected, and namesakes get an ordinal. The number is kept.
//! The files bear no date. `-` stands for an empty cell. Dates stand month first (`7/13/1989`), some day first (`16/05/2011`); where both readings
//! exist the former holds. In the workbook a merged cell speaks for all its rows, and sheets whose name begins `رفع الإدراج` (delisting) tell
//! removals. Seen: one whole list as converted by its keeper, whose headings are not the publisher's; the workbook's headings are known from
//! another program.

use standing_model::{
    Address, Birth, Country, Identifier, Name, NameKind, Note, PartialDate, PartyKind, Record, Reject, Snapshot, Text,
};

use super::cells;
use crate::error::ReadError;
use crate::registry::{Document, Format, ReadOptions};
use crate::sheets::columns::{Column, Columns, Heading};
use crate::sheets::{self, Row, Sheet};
use crate::{dates, identifier, note};

/// The converted table's entry.
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

/// The workbook's entry.
pub(crate) const WORKBOOK: Format = Format {
    id: "ae-local-workbook",
    lists: &["ae"],
    summary: "United Arab Emirates, local terrorist list, XLSX and XLS",
    part: |bytes| sheets::peek(bytes)?.iter().find_map(headings_at).map(|_| ""),
    sets: None,
    read: |documents, options| documents.iter().map(|document| workbook(document, options)).collect(),
};

/// The workbook's headings and what they are called in the table. The names of an organisation stand under `الاسم`, as does the name that
/// goes with a person's address.
const ARABIC: &[(&str, &str)] = &[
    ("#", "id"),
    ("التصنيف", "classification"),
    ("الجنسية", "nationality"),
    ("اسم العائلة (بالحروف العربية)", "surname_ar"),
    ("اسم العائلة (بالحروف اللاتينية)", "surname_lat"),
    ("الاسم الكامل (باللغة العربية)", "full_name_ar"),
    ("الاسم الكامل (بالحروف العربية)", "full_name_ar"),
    ("الاسم الكامل (بالحروف اللاتينية)", "full_name_lat"),
    ("تاريخ الميلاد", "date_of_birth"),
    ("مكان الميلاد", "place_of_birth"),
    ("الاسم", "address_name"),
    ("الشارع", "address_street"),
    ("المدينة", "address_city"),
    ("الدولة", "address_country"),
    ("النوع", "document_type"),
    ("رقم الوثيقة", "document_number"),
    ("جهة الإصدار", "document_issuer"),
    ("تاريخ الإصدار", "document_issue_date"),
    ("تاريخ الانتهاء", "document_expiry_date"),
    ("معلومات أخرى", "other_information"),
    ("المقر", "headquarters"),
    ("رقم الرخصة", "licence_number"),
    ("انتهاء الترخيص", "licence_expiry"),
    ("ملاحظات", "remarks"),
    ("قرار الإدراج", "decision_listing"),
    ("قرار رفع الإدراج", "decision_delisting"),
];

/// Delisting, as sheets' names say it.
const DELISTED: &str = "رفع الإدراج";

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let sheet = sheets::read_delimited(document, b',')?;
    let (columns, at) = cells::columns(document, &sheet, LAYOUT, 1)?;
    let mut snapshot = Snapshot::new("ae", FORMAT.id);
    for row in (at + 1..sheet.len()).filter_map(|at| sheet.row(at)) {
        let position = format!("line {}", row.number);
        match record(&|heading| columns.get(row, heading)) {
            Ok(mut record) => {
                for (heading, text, _) in columns.cells(row) {
                    if let Heading::Other(heading) = heading {
                        note::not_understood(&mut snapshot, &heading);
                        note::keep(&mut record, &heading, text);
                    }
                }
                snapshot.records.push(record);
                snapshot.positions.push(position);
            }
            Err(reason) => snapshot.rejects.push(Reject { position, reason }),
        }
    }
    note::finish(&mut snapshot, options);
    Ok(snapshot)
}

/// The row of headings: it begins with `#` and has the name's heading.
fn headings_at(sheet: &Sheet) -> Option<usize> {
    (0..sheet.len().min(6)).find(|&at| {
        let Some(row) = sheet.row(at) else { return false };
        let known = row.cells().filter(|(_, text, _)| !named(text).is_empty()).count();
        row.cells().any(|(_, text, _)| text.trim() == "#") && known >= 4
    })
}

/// What a heading of the workbook is called in the table; empty for unknown ones.
fn named(heading: &str) -> &'static str {
    let heading = note::spaced(heading);
    ARABIC
        .iter()
        .find(|(arabic, _)| *arabic == heading)
        .map_or("", |(_, name)| name)
}

fn workbook(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let sheets = sheets::open(*document)?;
    let mut snapshot = Snapshot::new("ae", WORKBOOK.id);
    for sheet in &sheets {
        let Some(head) = headings_at(sheet) else {
            for row in sheet.rows() {
                let text = row
                    .cells()
                    .map(|(_, text, _)| text.trim())
                    .collect::<Vec<_>>()
                    .join(" | ");
                snapshot
                    .head
                    .push((format!("sheet \"{}\", row {}", sheet.name, row.number), text));
            }
            continue;
        };
        for (_, text, _) in (0..head).filter_map(|at| sheet.row(at)).flat_map(Row::cells) {
            snapshot
                .head
                .push((format!("sheet \"{}\"", sheet.name), text.trim().to_owned()));
        }
        let headings: Vec<(u32, Text)> = sheet
            .row(head)
            .into_iter()
            .flat_map(Row::cells)
            .map(|(column, text, _)| (column, note::spaced(text)))
            .collect();
        let delisted = sheet.name.trim().starts_with(DELISTED);
        for row in (head + 1..sheet.len()).filter_map(|at| sheet.row(at)) {
            let position = format!("sheet \"{}\", row {}", sheet.name, row.number);
            let column = |name: &str| {
                headings
                    .iter()
                    .find(|(_, heading)| named(heading) == name)
                    .map(|(at, _)| *at)
            };
            let get = |name: &str| {
                let own = column(name).map_or("", |at| merged(sheet, row, at));
                // An organisation has no full name; its name stands alone.
                match name {
                    "full_name_ar" if own.is_empty() => column("address_name").map_or("", |at| merged(sheet, row, at)),
                    "address_name" if column("full_name_ar").is_none() => "",
                    _ => own,
                }
            };
            match record(&get) {
                Ok(mut record) => {
                    for (at, heading) in &headings {
                        let text = merged(sheet, row, *at);
                        let known = named(heading);
                        if text.is_empty() || text == "-" || LAYOUT.iter().any(|column| column.heading == known) {
                            continue;
                        }
                        if known.is_empty() {
                            note::not_understood(&mut snapshot, heading);
                        }
                        more(&mut record, known, heading, text);
                    }
                    if delisted {
                        snapshot.head.push((format!("delisted, {position}"), told(&record)));
                        snapshot.removals.push(record.reference.to_string());
                    } else {
                        snapshot.records.push(record);
                        snapshot.positions.push(position);
                    }
                }
                Err(reason) => snapshot.rejects.push(Reject { position, reason }),
            }
        }
    }
    note::finish(&mut snapshot, options);
    // Who was delisted and is listed again stands on the list.
    snapshot
        .removals
        .retain(|reference| !snapshot.records.iter().any(|record| record.reference == *reference));
    Ok(snapshot)
}

/// A delisted row's values, for the head.
fn told(record: &Record) -> String {
    let names = record.names.iter().map(|name| name.text.to_string());
    let kept = record.kept.iter().map(|(field, text)| format!("{field}: {text}"));
    let notes = record.notes.iter().map(|note| note.text.clone());
    names.chain(kept).chain(notes).collect::<Vec<_>>().join(" | ")
}

/// A cell's text; that of the first cell where it is merged with others.
fn merged<'s>(sheet: &'s Sheet, row: Row<'s>, column: u32) -> &'s str {
    let own = row.get(column);
    if !own.is_empty() {
        return own;
    }
    let at = row.number - 1;
    let inside = |merge: &&sheets::Merge| {
        (merge.from.0..=merge.to.0).contains(&at) && (merge.from.1..=merge.to.1).contains(&column)
    };
    let Some(merge) = sheet.merges.iter().find(inside) else {
        return "";
    };
    let mut first = sheet.rows().filter(|row| row.number - 1 == merge.from.0);
    first.next().map_or("", |row| row.get(merge.from.1))
}

/// What only the workbook has.
fn more(record: &mut Record, known: &str, heading: &str, text: &str) {
    match known {
        "headquarters" => record.addresses.push(Address {
            text: text.into(),
            country: crate::country::of_place(text),
            parts: Vec::new(),
        }),
        "licence_number" => record.identifiers.push(Identifier::new(
            standing_model::IdentifierKind::RegistrationNumber,
            text,
        )),
        "remarks" => record.notes.push(Note {
            field: "remarks".into(),
            text: text.to_owned(),
        }),
        "decision_listing" | "decision_delisting" => record.instruments.push(text.into()),
        _ => note::keep(record, if known.is_empty() { heading } else { known }, text),
    }
}

fn record<'r>(get: &dyn Fn(&str) -> &'r str) -> Result<Record, String> {
    let get = |heading: &str| {
        Some(get(heading))
            .filter(|text| !matches!(*text, "" | "-"))
            .unwrap_or("")
    };
    let (arabic, latin) = (get("full_name_ar"), get("full_name_lat"));
    if arabic.is_empty() && latin.is_empty() {
        return Err("no name, so the row has no identity".to_owned());
    }
    let mut record = Record {
        reference: note::spaced(if arabic.is_empty() { latin } else { arabic }),
        ..Record::default()
    };
    note::keep(&mut record, "id", get("id"));
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
            written: (date.is_none() && !born.is_empty()).then(|| born.into()),
            date,
            place: (!place.is_empty()).then(|| crate::country::place(place)),
        });
    }
    address(&mut record, &get);
    papers(&mut record, &get);
    let other = get("other_information");
    if !other.is_empty() {
        record.notes.push(Note {
            field: "other_information".into(),
            text: other.to_owned(),
        });
        // `Listed by Cabinet decision no. (18) of 2017`.
        if other.contains("قرار مجلس الوزراء") {
            record.instruments.push(other.into());
        }
    }
    Ok(record)
}

fn date(text: &str) -> Option<PartialDate> {
    let month_first = dates::numeric(text, dates::Order::MonthFirst);
    month_first
        .or_else(|_| dates::numeric(text, dates::Order::DayFirst))
        .ok()
        .map(PartialDate::from)
}

fn address<'a>(record: &mut Record, get: &impl Fn(&str) -> &'a str) {
    let parts: Vec<(Text, Text)> = ["address_name", "address_street", "address_city", "address_country"]
        .iter()
        .map(|heading| (Text::const_new(heading), get(heading).into()))
        .filter(|(_, text): &(Text, Text)| !text.is_empty())
        .collect();
    if !parts.is_empty() {
        let text = parts
            .iter()
            .skip(usize::from(parts.len() > 1))
            .map(|(_, t)| t.as_str())
            .collect::<Vec<_>>()
            .join(", ");
        record.addresses.push(Address {
            text: text.into(),
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
    identifier.note = (!words.is_empty()).then(|| words.join("; ")).map(Text::from);
    record.identifiers.push(identifier);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheets::made::workbook as made;

    #[test]
    fn the_publishers_workbook() {
        let persons: &[&[&str]] = &[
            &["قائمة الإرهاب المحلية"],
            &[
                "#",
                "التصنيف",
                "الجنسية",
                "الاسم الكامل (باللغة العربية)",
                "الاسم الكامل (بالحروف اللاتينية)",
                "تاريخ الميلاد",
                "الاسم",
                "معلومات أخرى",
                "جديد",
            ],
            &[
                "1",
                "شخص إرهابي",
                "قطر",
                "خليفة  محمد",
                "KHALIFA MOHD",
                "1/13/1965",
                "خليفة",
                "قرار مجلس الوزراء رقم (18)",
                "x",
            ],
            &["2", "شخص إرهابي", "-", "-", "-"],
        ];
        let bodies: &[&[&str]] = &[
            &["#", "التصنيف", "الاسم", "المقر", "رقم الرخصة", "ملاحظات"],
            &["1", "كيان إرهابي", "شركة", "دبي", "77", "م"],
        ];
        let gone: &[&[&str]] = &[
            &["#", "التصنيف", "الاسم الكامل (باللغة العربية)", "قرار رفع الإدراج"],
            &["1", "شخص إرهابي", "عمر", "قرار"],
        ];
        let bytes = made(&[("الأفراد", persons), ("الكيانات", bodies), ("رفع الإدراج - أفراد", gone)]);
        assert_eq!((WORKBOOK.part)(&bytes), Some(""));
        let document = Document {
            name: "t",
            bytes: &bytes,
        };
        let read = workbook(&document, &ReadOptions::default()).unwrap();
        assert_eq!(read.removals, ["عمر"]);
        assert_eq!(read.rejects.len(), 1);
        assert_eq!(read.not_understood, [("جديد".to_owned(), 1)]);
        insta::assert_json_snapshot!(read.records);
    }
}
