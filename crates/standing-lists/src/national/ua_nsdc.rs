//! Ukraine, register of sanctions of the National Security and Defence Council, XLSX export with a sheet of natural and one of legal persons.
//!
//! A row is one measure against one party by one decree; the key is decree (`№ указу`), number in its annex (`п/н`) and sheet, which is how
//! the decrees are cited. It breaks when an annex is printed anew; a decree that annuls or amends stands as a row of its own. The file
//! bears no date: the newest decree is told in the head. Seen: one whole export of 2021.

use standing_model::{Birth, Identifier, IdentifierKind, Name, NameKind, Note, PartyKind, Record, Reject, Snapshot};

use super::cells::{self, add, keep_once};
use crate::country::Countries;
use crate::error::ReadError;
use crate::registry::{Document, Format, ReadOptions};
use crate::sheets::columns::{Column, Columns, Heading};
use crate::sheets::{self, Row};
use crate::{dates, note};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "ua-nsdc-xlsx",
    lists: &["ua-nsdc"],
    summary: "Ukraine, sanctions register of the National Security and Defence Council, XLSX",
    part: |bytes| {
        let sheets = sheets::peek(bytes)?;
        (Columns::share(sheets.first()?.row(0)?, PERSONS) >= 60).then_some("")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

const PERSONS: &[Column] = &[
    Column::optional("row"),
    Column::of("№ указу"),
    Column::of("Дата указу"),
    Column::of("Дія щодо об'єкту санкцій"),
    Column::of("Зміни"),
    Column::of("п/н"),
    Column::of("Тип обмеження"),
    Column::of("Термін обмеження"),
    Column::of("Дата закінчення обмеження"),
    Column::of("Назва укр."),
    Column::of("Назва ориг."),
    Column::of("Назва альт."),
    Column::of("Дата народження"),
    Column::of("Громадянство"),
    Column::of("Місце народження"),
    Column::of("Зайнятість"),
    Column::of("Місце проживання"),
    Column::of("Додатково"),
    Column::of("Відповідальний орган"),
];

const BODIES: &[Column] = &[
    Column::optional("row"),
    Column::of("№ указу"),
    Column::of("Дата указу"),
    Column::of("Дія щодо об'єкту санкцій"),
    Column::of("Зміни"),
    Column::of("п/н"),
    Column::of("Тип обмеження"),
    Column::of("Термін обмеження"),
    Column::of("Дата закінчення обмеження"),
    Column::of("Назва укр."),
    Column::of("Назва ориг."),
    Column::of("Назва альт."),
    Column::of("ОКПО/ЄДРПОУ"),
    Column::of("ІПН"),
    Column::of("Місце діяльності"),
    Column::of("Місце діяльності додатково"),
    Column::of("Додатково"),
    Column::of("Відповідальний орган"),
];

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let sheets = sheets::open(*document)?;
    let mut snapshot = Snapshot::new("ua-nsdc", FORMAT.id);
    let mut countries = Countries::default();
    for (at, (layout, kind, mark)) in [
        (PERSONS, PartyKind::Person, "ф"),
        (BODIES, PartyKind::Organisation, "ю"),
    ]
    .into_iter()
    .enumerate()
    {
        let sheet = sheets
            .get(at)
            .filter(|sheet| sheet.len() > 0)
            .ok_or_else(|| ReadError::Inconsistent {
                document: document.name.to_owned(),
                what: format!(
                    "the sheet of {} persons is missing or empty",
                    if at == 0 { "natural" } else { "legal" }
                ),
                remedy: "The export has two sheets; get the file from its publisher again".to_owned(),
            })?;
        let (columns, head) = cells::columns(document, sheet, layout, 1)?;
        for row in (head + 1..sheet.len()).filter_map(|at| sheet.row(at)) {
            let position = format!("sheet \"{}\", row {}", sheet.name, row.number);
            match record(&columns, row, kind, mark, &mut countries) {
                Ok((record, unknown)) => {
                    for heading in &unknown {
                        cells::not_understood(&mut snapshot, heading);
                    }
                    snapshot.records.push(record);
                    snapshot.positions.push(position);
                }
                Err(reason) => snapshot.rejects.push(Reject { position, reason }),
            }
        }
    }
    note::finish(&mut snapshot, options);
    cells::newest(&mut snapshot);
    Ok(snapshot)
}

fn record(
    columns: &Columns,
    row: Row<'_>,
    kind: PartyKind,
    mark: &str,
    countries: &mut Countries,
) -> Result<(Record, Vec<String>), String> {
    let (decree, number) = (columns.get(row, "№ указу"), columns.get(row, "п/н"));
    if decree.is_empty() || number.is_empty() {
        return Err("no decree or no number, so the row has no identity".to_owned());
    }
    let mut record = Record {
        reference: format!("{decree}/{mark}{number}").into(),
        kind,
        ..Record::default()
    };
    let mut unknown = Vec::new();
    let (mut born, mut place) = ("", "");
    for (heading, text, _) in columns.cells(row) {
        let heading = match heading {
            Heading::Known(heading) => heading,
            Heading::Other(heading) => {
                keep_once(&mut record, &heading, text);
                unknown.push(heading);
                continue;
            }
        };
        match heading {
            "№ указу" => record.instruments.push(text.into()),
            "Дата указу" => record.listed_on = note::calendar(&mut record, heading, text, dates::iso),
            "Тип обмеження" => add(&mut record.measures, text.into()),
            "Назва укр." | "Назва ориг." => {
                let name = Name::new(NameKind::Primary, note::spaced(text));
                add(&mut record.names, name);
            }
            "Назва альт." => {
                for name in text.split(['\n', ';']).map(str::trim).filter(|name| !name.is_empty()) {
                    add(&mut record.names, Name::new(NameKind::Alias, note::spaced(name)));
                }
            }
            "Дата народження" => born = text,
            "Місце народження" => place = text,
            "Громадянство" => {
                for value in text.split([',', ';']).map(str::trim).filter(|value| !value.is_empty()) {
                    match countries.find(value) {
                        Some(country) => add(&mut record.nationalities, country),
                        None => keep_once(&mut record, heading, value),
                    }
                }
            }
            "Зайнятість" => record.positions.push(text.into()),
            "Місце проживання" | "Місце діяльності" | "Місце діяльності додатково" =>
            {
                record.addresses.push(standing_model::Address {
                    text: text.into(),
                    country: crate::country::of_place(text),
                    parts: vec![(heading.into(), text.into())],
                });
            }
            "ОКПО/ЄДРПОУ" => record
                .identifiers
                .push(Identifier::new(IdentifierKind::RegistrationNumber, text)),
            "ІПН" => record
                .identifiers
                .push(Identifier::new(IdentifierKind::TaxNumber, text)),
            "Додатково" => record.notes.push(Note {
                field: heading.into(),
                text: text.to_owned(),
            }),
            other => keep_once(&mut record, other, text),
        }
    }
    if record.names.is_empty() {
        return Err(format!("{} has no name", record.reference));
    }
    if !born.is_empty() || !place.is_empty() {
        let date = dates::iso(born)
            .or_else(|_| dates::numeric(born, dates::Order::DayFirst))
            .ok()
            .map(Into::into);
        record.births.push(Birth {
            written: (date.is_none() && !born.is_empty()).then(|| born.into()),
            date,
            place: (!place.is_empty()).then(|| crate::country::place(place)),
        });
    }
    Ok((record, unknown))
}
