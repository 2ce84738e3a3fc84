//! Israel, designations of the National Bureau for Counter Terror Financing, two workbooks: individuals and organisations.
//!
//! Each sheet has a title in its first row and headings in its second. `Internal Seq. ID` is the bureau's number of a designation and the
//! identity; individuals and organisations are numbered apart, so the reference begins with `I` or `O`. Cells without content hold `="---"`
//! or `-`. A designation that ended says `בוטל ביום` (cancelled on) beside its date; its row is told as a removal. Each workbook is one half
//! of the list, so neither proves an absence on the other: they are two lists. No real file is at hand: the headings are known from another
//! program that reads both, the test inputs are our own. Headings vary in punctuation, which is not looked at.

use standing_model::{
    Address, Birth, Identifier, IdentifierKind, Name, NameKind, Note, PartyKind, Record, Reject, Relation, Snapshot,
    Text,
};

use super::cells::{add, keep_once, newest, not_understood};
use super::xml_list::any_day;
use crate::country::Countries;
use crate::error::ReadError;
use crate::registry::{Document, Format, ReadOptions};
use crate::sheets::columns::letters;
use crate::sheets::{self, Row, Sheet};
use crate::{dates, note};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "il-nbctf-xlsx",
    lists: &["il-persons", "il-organisations"],
    summary: "Israel, designations of the National Bureau for Counter Terror Financing, XLSX",
    part: |bytes| {
        let sheets = sheets::peek(bytes)?;
        sheets.iter().find_map(|sheet| half(sheet).map(|_| ""))
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Persons,
    Bodies,
}

/// A heading without punctuation, in small letters: `Name of Individual - English` is `name_of_individual_english`.
fn slug(text: &str) -> String {
    let text = text.replace("(DD/MM/YYYY)", "");
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase);
    words.collect::<Vec<_>>().join("_")
}

/// The place of the row of headings and which half of the list it heads.
fn half(sheet: &Sheet) -> Option<(usize, Half)> {
    (0..3).find_map(|at| {
        let row = sheet.row(at)?;
        let has = |wanted: &str| row.cells().any(|(_, text, _)| slug(text).starts_with(wanted));
        if !has("internal_seq_id") {
            return None;
        }
        let persons = has("name_of_individual");
        (persons || has("organization_name")).then_some((at, if persons { Half::Persons } else { Half::Bodies }))
    })
}

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let sheets = sheets::open(*document)?;
    let refuse = |what: String| ReadError::Inconsistent {
        document: document.name.to_owned(),
        what,
        remedy: "Get the file from its publisher again".to_owned(),
    };
    let which = sheets.iter().find_map(half).map(|(_, half)| half);
    let which = which.ok_or_else(|| refuse("the row of headings is missing".to_owned()))?;
    let list = match which {
        Half::Persons => "il-persons",
        Half::Bodies => "il-organisations",
    };
    let mut snapshot = Snapshot::new(list, FORMAT.id);
    let mut countries = Countries::default();
    for sheet in &sheets {
        let Some((head, of)) = half(sheet) else {
            for row in sheet.rows() {
                for (_, text, _) in row.cells() {
                    let field = format!("sheet \"{}\", row {}", sheet.name, row.number);
                    snapshot.head.push((field, text.trim().to_owned()));
                }
            }
            continue;
        };
        if of != which {
            return Err(refuse(
                "a sheet of individuals and a sheet of organisations stand in one file".to_owned(),
            ));
        }
        for (_, text, _) in (0..head).filter_map(|at| sheet.row(at)).flat_map(Row::cells) {
            snapshot.head.push(("title".to_owned(), text.trim().to_owned()));
        }
        let headings = headings(sheet, head).map_err(refuse)?;
        for row in (head + 1..sheet.len()).filter_map(|at| sheet.row(at)) {
            let mut fields = Fields::of(row, &headings);
            if fields.values.is_empty() {
                continue;
            }
            let position = format!("sheet \"{}\", row {}", sheet.name, row.number);
            match record(&mut fields, which, &mut countries) {
                Ok((mut record, cancelled)) => {
                    for (heading, text) in fields.values {
                        if !known(&heading) {
                            not_understood(&mut snapshot, &heading);
                        }
                        keep_once(&mut record, &heading, text);
                    }
                    if cancelled {
                        snapshot.removals.push(record.reference.to_string());
                        snapshot.head.push(("cancelled".to_owned(), told(&record)));
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
    newest(&mut snapshot);
    Ok(snapshot)
}

/// A cancelled designation, whole, for the head.
fn told(record: &Record) -> String {
    let names: Vec<&str> = record.names.iter().map(|name| name.text.as_str()).collect();
    let kept: Vec<String> = record
        .kept
        .iter()
        .map(|(field, text)| format!("{field}: {text}"))
        .collect();
    format!("{} {} ({})", record.reference, names.join("; "), kept.join("; "))
}

fn headings(sheet: &Sheet, head: usize) -> Result<Vec<(u32, String)>, String> {
    let mut headings: Vec<(u32, String)> = Vec::new();
    for (column, text, _) in sheet.row(head).into_iter().flat_map(Row::cells) {
        let heading = slug(text);
        if let Some((other, _)) = headings.iter().find(|(_, known)| *known == heading) {
            return Err(format!(
                "the column \"{}\" stands twice, as {} and {}",
                text.trim(),
                letters(*other),
                letters(column)
            ));
        }
        headings.push((column, heading));
    }
    Ok(headings)
}

/// Headings that are kept as they are, and are no surprise.
fn known(heading: &str) -> bool {
    const KEPT: &[&str] = &[
        "designated_by",
        "date_",
        "designation",
        "foreign_designation",
        "seq_num_in_other_countries",
        "public_records_references",
        "corporation_type",
        "location_of_formation",
        "country_",
        "key_operatives",
        "nationality_residency",
    ];
    KEPT.iter().any(|start| heading.starts_with(start))
}

/// A row's cells by their headings; what is taken is read, the rest is kept.
struct Fields<'r> {
    values: Vec<(String, &'r str)>,
}

impl<'r> Fields<'r> {
    fn of(row: Row<'r>, headings: &[(u32, String)]) -> Self {
        let values = row.cells().filter_map(|(column, text, _)| {
            let heading = headings.iter().find(|(at, _)| *at == column);
            let heading = heading.map_or_else(|| format!("column {}", letters(column)), |(_, heading)| heading.clone());
            // `="---"` and `-` are empty cells.
            let empty = text
                .chars()
                .all(|c| matches!(c, '=' | '"' | '-' | '/') || c.is_whitespace());
            (!empty).then(|| (heading, text.trim()))
        });
        Self {
            values: values.collect(),
        }
    }

    fn take(&mut self, heading: &str) -> &'r str {
        match self.values.iter().position(|(known, _)| known == heading) {
            Some(at) => self.values.remove(at).1,
            None => "",
        }
    }

    fn peek(&self, heading: &str) -> &'r str {
        self.values
            .iter()
            .find(|(known, _)| known == heading)
            .map_or("", |(_, text)| text)
    }

    /// Takes every value whose heading begins so.
    fn all(&mut self, start: &str) -> Vec<&'r str> {
        let (taken, rest) = std::mem::take(&mut self.values)
            .into_iter()
            .partition(|(heading, _)| heading.starts_with(start));
        self.values = rest;
        taken.into_iter().map(|(_, text)| text).collect()
    }
}

/// Pieces of a cell that holds several values.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', ';', '•'])
        .map(str::trim)
        .filter(|piece| !piece.is_empty())
}

fn record(fields: &mut Fields<'_>, half: Half, countries: &mut Countries) -> Result<(Record, bool), String> {
    let number = fields.take("internal_seq_id");
    if number.is_empty() {
        return Err("no internal sequence id, so the row has no identity".to_owned());
    }
    let mut record = Record {
        reference: format!("{}{number}", if half == Half::Persons { "I" } else { "O" }).into(),
        kind: if half == Half::Persons {
            PartyKind::Person
        } else {
            PartyKind::Organisation
        },
        ..Record::default()
    };
    let cancelled = fields.values.iter().any(|(_, text)| text.contains("בוטל ביום"));
    if half == Half::Persons {
        for (heading, language) in [("english", "eng"), ("hebrew", "heb"), ("arabic", "ara")] {
            let text = fields.take(&format!("name_of_individual_{heading}"));
            primary(&mut record, text, language);
        }
        let born = fields.take("d_o_b");
        for written in pieces(born) {
            let date = any_day(written)
                .map(Into::into)
                .or_else(|_| dates::english(written))
                .ok();
            let birth = Birth {
                written: date.is_none().then(|| written.into()),
                date,
                place: None,
            };
            add(&mut record.births, birth);
        }
        for number in pieces(fields.take("individual_id")) {
            add(
                &mut record.identifiers,
                Identifier::new(IdentifierKind::NationalId, number),
            );
        }
        for name in fields.peek("nationality_residency").split([',', ';', '/', '\n']) {
            if let Some(country) = countries.find(name.trim()) {
                add(&mut record.nationalities, country);
            }
        }
        remark(
            &mut record,
            "additional_information",
            fields.take("additional_information"),
        );
    } else {
        for (heading, language) in [("english", "eng"), ("hebrew", "heb")] {
            let text = fields.take(&format!("organization_name_{heading}"));
            primary(&mut record, text, language);
        }
        for text in fields.all("organization_name_") {
            for alias in pieces(text) {
                add(&mut record.names, Name::new(NameKind::Alias, note::spaced(alias)));
            }
        }
        body(fields, &mut record, countries);
    }
    for heading in [
        "date_of_designation_in_israel",
        "date_of_permenant_designation",
        "date_of_permanent_designation",
        "date_of_temporary_designation",
    ] {
        if let Ok(day) = any_day(fields.peek(heading)) {
            record.listed_on = record.listed_on.or(Some(day.into()));
        }
    }
    let reference = fields.take("foreign_designation_id");
    note::keep(&mut record, "foreign_designation_id", reference);
    let programme = fields.peek("designation_type");
    let programme = if programme.is_empty() {
        fields.peek("designation")
    } else {
        programme
    };
    if !programme.is_empty() {
        record.programmes.push(programme.into());
    }
    if record.names.is_empty() {
        return Err(format!("{} has no name", record.reference));
    }
    Ok((record, cancelled))
}

fn primary(record: &mut Record, text: &str, language: &str) {
    if !text.is_empty() {
        let mut name = Name::new(NameKind::Primary, note::spaced(text));
        name.language = Some(language.into());
        add(&mut record.names, name);
    }
}

fn remark(record: &mut Record, field: &str, text: &str) {
    if !text.is_empty() {
        record.notes.push(Note {
            field: field.into(),
            text: text.to_owned(),
        });
    }
}

fn body(fields: &mut Fields<'_>, record: &mut Record, countries: &mut Countries) {
    for (start, kind) in [
        ("telephone", IdentifierKind::PhoneNumber),
        ("website", IdentifierKind::Website),
        ("email", IdentifierKind::Email),
        ("corporation_id", IdentifierKind::RegistrationNumber),
    ] {
        for text in fields.all(start) {
            for value in pieces(text) {
                add(&mut record.identifiers, Identifier::new(kind.clone(), value));
            }
        }
    }
    if let Ok(day) = any_day(fields.peek("date_of_corporation")) {
        fields.take("date_of_corporation");
        record.births.push(Birth {
            date: Some(day.into()),
            ..Birth::default()
        });
    }
    let country = countries.find(fields.peek("country_english"));
    for language in ["english", "hebrew"] {
        let parts: Vec<(Text, Text)> = [format!("street_{language}"), format!("city_village_{language}")]
            .into_iter()
            .map(|heading| {
                let text: Text = fields.take(&heading).into();
                (heading.into(), text)
            })
            .filter(|(_, text): &(Text, Text)| !text.is_empty())
            .collect();
        if !parts.is_empty() {
            let text = parts
                .iter()
                .map(|(_, text)| note::spaced(text))
                .collect::<Vec<_>>()
                .join(", ");
            record.addresses.push(Address {
                text: text.into(),
                country,
                parts,
            });
        }
    }
    for start in ["comments", "designation_justification"] {
        for text in fields.all(start) {
            remark(record, start, text);
        }
    }
    for other in fields.take("linked_to_internal_seq_id").split(';').map(str::trim) {
        if !other.is_empty() {
            record.relations.push(Relation {
                kind: "linked to".into(),
                name: None,
                reference: Some(format!("O{other}").into()),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheets::made::workbook;

    fn list(bytes: &[u8]) -> Result<Snapshot, ReadError> {
        assert_eq!((FORMAT.part)(bytes), Some(""));
        read(&Document { name: "t", bytes }, &ReadOptions::default())
    }

    #[test]
    fn persons_and_organisations() {
        let persons = workbook(&[(
            "List",
            &[
                &["Title of the list"],
                &[
                    "Internal Seq. ID",
                    "Name of Individual - English",
                    "Name of Individual - Hebrew",
                    "Name of Individual - Arabic",
                    "D.O.B (DD/MM/YYYY)",
                    "Nationality / Residency",
                    "Individual ID",
                    "Date of Designation in Israel (DD/MM/YYYY)",
                    "Designation",
                    "Additional Information",
                    "New",
                ],
                &[
                    "5",
                    "A B",
                    "א ב",
                    "=\"---\"",
                    "01/02/1980",
                    "Lebanon",
                    "123; 456",
                    "15/10/2018",
                    "Terrorist",
                    "Info",
                    "x",
                ],
                &["6", "C D", "-", "-", "-", "-", "-", "בוטל ביום 01/01/2020"],
                &["", "E"],
            ],
        )]);
        let read = list(&persons).unwrap();
        assert_eq!(read.list, "il-persons");
        assert_eq!(read.removals, ["I6"]);
        assert_eq!(read.rejects.len(), 1);
        assert_eq!(read.not_understood, [("new".to_owned(), 1)]);
        let bodies = workbook(&[(
            "List",
            &[
                &["Title"],
                &[
                    "Internal Seq ID",
                    "Organization Name English",
                    "Organization Name Hebrew",
                    "Organization Name 1",
                    "Telephone 1",
                    "Email",
                    "Country English",
                    "Street English",
                    "City/Village English",
                    "Date of Corporation",
                    "Linked to Internal Seq ID",
                    "Date of Permenant Designation",
                    "Comments English",
                ],
                &[
                    "7",
                    "Body",
                    "גוף",
                    "Other; Further",
                    "1",
                    "a@b",
                    "Lebanon",
                    "S",
                    "C",
                    "01/01/1990",
                    "8; 9",
                    "01/02/2003",
                    "R",
                ],
            ],
        )]);
        let other = list(&bodies).unwrap();
        assert_eq!(other.list, "il-organisations");
        insta::assert_json_snapshot!((&read.records, &other.records));
    }
}
