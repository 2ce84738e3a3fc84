//! United Kingdom, UK Sanctions List of the Foreign, Commonwealth and Development Office, CSV (and the same table as a workbook).
//!
//! The first row says `Report Date: 18-Aug-2026`, the second bears the headings. A row is a name with everything else repeated; rows of one
//! `Unique ID` are one listing, wherever they stand. The listings are those of the XML ([`super::gb_uksl`]), with its references and its
//! words. No real file is at hand: the headings and their order are those that several programs expect of it, the test inputs are our
//! own. Columns of details may be missing in an export; a column that tells who is listed may not.

use std::collections::HashMap;

use standing_model::{
    Address, Birth, Identifier, IdentifierKind, NameKind, NameQuality, Note, PartKind, PartyKind, Place, Record,
    Reject, Relation, Snapshot, Text,
};

use super::cells::{self, add, keep_once, un_reference};
use super::xml_list::any_day;
use crate::country::Countries;
use crate::error::ReadError;
use crate::registry::{Document, Format, ReadOptions};
use crate::sheets::columns::{Column, Columns};
use crate::sheets::{self, Sheet};
use crate::{dates, note};

/// The text table's entry.
pub(crate) const CSV: Format = Format {
    id: "gb-uksl-csv",
    lists: &["gb-uksl"],
    summary: "United Kingdom, UK Sanctions List, CSV",
    part: |bytes| sheets::peek_delimited(bytes, b',', 3).filter(fits).map(|_| ""),
    sets: None,
    read: |documents, options| {
        documents
            .iter()
            .map(|document| read(document, &sheets::read_delimited(document, b',')?, CSV.id, options))
            .collect()
    },
};

/// The workbook's entry.
pub(crate) const XLSX: Format = Format {
    id: "gb-uksl-xlsx",
    lists: &["gb-uksl"],
    summary: "United Kingdom, UK Sanctions List, XLSX",
    part: |bytes| sheets::peek(bytes)?.first().filter(|sheet| fits(sheet)).map(|_| ""),
    sets: None,
    read: |documents, options| {
        documents
            .iter()
            .map(|document| {
                let sheets = sheets::open(*document)?;
                let sheet = sheets.first().ok_or_else(|| ReadError::Inconsistent {
                    document: document.name.to_owned(),
                    what: "the sheet of the list is missing or empty".to_owned(),
                    remedy: "Get the file from its publisher again".to_owned(),
                })?;
                read(document, sheet, XLSX.id, options)
            })
            .collect()
    },
};

const LAYOUT: &[Column] = &[
    Column::of("Last Updated"),
    Column::of("Unique ID"),
    Column::optional("OFSI Group ID"),
    Column::optional("UN Reference Number"),
    Column::of("Name 6"),
    Column::of("Name 1"),
    Column::of("Name 2"),
    Column::of("Name 3"),
    Column::optional("Name 4"),
    Column::optional("Name 5"),
    Column::of("Name type"),
    Column::optional("Alias strength"),
    Column::optional("Title"),
    Column::optional("Name non-latin script"),
    Column::optional("Non-latin script type"),
    Column::optional("Non-latin script language"),
    Column::of("Regime Name"),
    Column::of("Designation Type").or(&["Individual, Entity, Ship", "Individual, Entity or Ship"]),
    Column::optional("Designation source"),
    Column::optional("Sanctions Imposed"),
    Column::optional("Other Information"),
    Column::optional("UK Statement of Reasons"),
    Column::optional("Address Line 1"),
    Column::optional("Address Line 2"),
    Column::optional("Address Line 3"),
    Column::optional("Address Line 4"),
    Column::optional("Address Line 5"),
    Column::optional("Address Line 6"),
    Column::optional("Address Postal Code"),
    Column::optional("Address Country"),
    Column::optional("Phone number"),
    Column::optional("Website"),
    Column::optional("Email address"),
    Column::of("Date Designated"),
    Column::optional("D.O.B").or(&["DOB"]),
    Column::optional("Nationality(/ies)"),
    Column::optional("National Identifier number"),
    Column::optional("National Identifier additional information"),
    Column::optional("Passport number"),
    Column::optional("Passport additional information"),
    Column::optional("Position"),
    Column::optional("Gender"),
    Column::optional("Town of birth"),
    Column::optional("Country of birth"),
    Column::optional("Type of entity"),
    Column::optional("Subsidiaries"),
    Column::optional("Parent Company"),
    Column::optional("Business registration number (s)"),
    Column::optional("IMO number"),
    Column::optional("Current owner/operator (s)"),
    Column::optional("Previous owner/operator (s)"),
    Column::optional("Current believed flag of ship"),
    Column::optional("Previous flags"),
    Column::optional("Type of ship"),
    Column::optional("Tonnage of ship"),
    Column::optional("Length of ship"),
    Column::optional("Year Built"),
    Column::optional("Hull identification number (HIN)"),
];

/// The headings stand in the second row; in copies the row of the date may be gone.
const HEADINGS_WITHIN: usize = 3;

fn fits(sheet: &Sheet) -> bool {
    (0..HEADINGS_WITHIN).filter_map(|at| sheet.row(at)).any(|row| {
        Columns::share(row, LAYOUT) >= 60
            && row
                .cells()
                .any(|(_, text, _)| text.trim().eq_ignore_ascii_case("Unique ID"))
    })
}

/// One row's values, each of which remembers whether it was read.
struct Values<'b, 'v> {
    values: &'b [&'v str],
    used: Vec<bool>,
}

impl<'v> Values<'_, 'v> {
    fn take(&mut self, heading: &str) -> &'v str {
        match LAYOUT.iter().position(|column| column.heading == heading) {
            Some(at) => {
                self.used[at] = true;
                self.values[at]
            }
            None => "",
        }
    }
}

fn read(document: &Document<'_>, sheet: &Sheet, format: &str, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let (columns, head) = cells::columns(document, sheet, LAYOUT, HEADINGS_WITHIN)?;
    let mut snapshot = Snapshot::new("gb-uksl", format);
    for (_, text, _) in (0..head).filter_map(|at| sheet.row(at)).flat_map(sheets::Row::cells) {
        match text.split_once(':') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case("Report Date") => {
                let read = |text: &str| dates::english_date(text).or_else(|_| any_day(text));
                snapshot.date = note::list_date(document, value.trim(), read, options, &mut snapshot.warnings)?;
                snapshot.head.push(("Report Date".to_owned(), value.trim().to_owned()));
            }
            _ => snapshot.head.push(("title".to_owned(), text.trim().to_owned())),
        }
    }
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut countries = Countries::default();
    let (mut known, mut other) = (Vec::new(), Vec::new());
    for row in (head + 1..sheet.len()).filter_map(|at| sheet.row(at)) {
        columns.by_place(row, &mut known, &mut other);
        let mut values = Values {
            used: vec![false; known.len()],
            values: &known,
        };
        let reference = values.take("Unique ID");
        if reference.is_empty() {
            snapshot.rejects.push(Reject {
                position: format!("row {}", row.number),
                reason: "no Unique ID, so the row belongs to no listing".to_owned(),
            });
            continue;
        }
        let place = *places.entry(reference).or_insert_with(|| {
            snapshot.records.push(Record {
                reference: reference.into(),
                ..Record::default()
            });
            snapshot.positions.push(format!("row {}", row.number));
            snapshot.records.len() - 1
        });
        let record = &mut snapshot.records[place];
        head_of(&mut values, record);
        name(&mut values, record);
        person(&mut values, record, &mut countries);
        address(&mut values, record, &mut countries);
        numbers(&mut values, record);
        ship(&mut values, record, &mut countries);
        for (at, text) in values.values.iter().enumerate() {
            if !values.used[at] {
                keep_once(record, LAYOUT[at].heading, text);
            }
        }
        for (heading, text) in &other {
            keep_once(record, heading, text);
        }
        for (heading, _) in &other {
            cells::not_understood(&mut snapshot, heading);
        }
    }
    for record in &mut snapshot.records {
        record.names.sort_by_key(|name| name.kind != NameKind::Primary);
    }
    note::finish(&mut snapshot, options);
    Ok(snapshot)
}

fn head_of(values: &mut Values<'_, '_>, record: &mut Record) {
    record.kind = match values.take("Designation Type") {
        "Individual" => PartyKind::Person,
        "Entity" => PartyKind::Organisation,
        "Ship" => PartyKind::Vessel,
        other => {
            keep_once(record, "Designation Type", other);
            record.kind
        }
    };
    let day = values.take("Date Designated");
    match any_day(day) {
        Ok(date) if record.listed_on.is_none() => record.listed_on = Some(date.into()),
        Ok(date) if record.listed_on == Some(date.into()) => {}
        _ => keep_once(record, "Date Designated", day),
    }
    let day = values.take("Last Updated");
    match any_day(day) {
        Ok(date) => add(&mut record.amended_on, date.into()),
        Err(_) => keep_once(record, "Last Updated", day),
    }
    let group = values.take("OFSI Group ID");
    if !group.is_empty() {
        let identifier = Identifier::new(IdentifierKind::ListReference, format!("gb:{group}"));
        add(&mut record.identifiers, identifier);
    }
    let reference = values.take("UN Reference Number");
    match un_reference(reference) {
        Some(reference) => {
            let identifier = Identifier::new(IdentifierKind::ListReference, format!("un:{reference}"));
            add(&mut record.identifiers, identifier);
        }
        None => keep_once(record, "UN Reference Number", reference),
    }
    let regime = values.take("Regime Name");
    if !regime.is_empty() {
        add(&mut record.programmes, regime.into());
    }
    for measure in values.take("Sanctions Imposed").split('|').map(str::trim) {
        if !measure.is_empty() {
            add(&mut record.measures, measure.into());
        }
    }
    for (heading, field) in [
        ("Other Information", "OtherInformation"),
        ("UK Statement of Reasons", "UKStatementofReasons"),
    ] {
        let text = values.take(heading);
        if !text.is_empty() {
            let note = Note {
                field: field.into(),
                text: text.to_owned(),
            };
            add(&mut record.notes, note);
        }
    }
}

fn name(values: &mut Values<'_, '_>, record: &mut Record) {
    let role = match values.take("Name type").to_lowercase().as_str() {
        "primary name" => NameKind::Primary,
        "fka" | "formerly known as" | "former name" => NameKind::Former,
        "" | "alias" | "aka" | "primary name variation" => NameKind::Alias,
        other => {
            keep_once(record, "Name type", other);
            NameKind::Alias
        }
    };
    let strength = values.take("Alias strength");
    let quality = if strength.to_ascii_lowercase().starts_with("low") {
        NameQuality::Weak
    } else {
        NameQuality::Good
    };
    let person = record.kind == PartyKind::Person;
    let kinds = [
        ("Name 1", PartKind::Given),
        ("Name 2", PartKind::Middle),
        ("Name 3", PartKind::Middle),
        ("Name 4", PartKind::Middle),
        ("Name 5", PartKind::Middle),
        ("Name 6", PartKind::Family),
    ];
    let parts = kinds.map(|(heading, kind)| (if person { kind } else { PartKind::Part }, values.take(heading)));
    if let Some(name) = cells::name_of(role, &parts) {
        add(&mut record.names, name.with_quality(quality));
    }
    let script = values.take("Name non-latin script");
    if !script.is_empty() {
        let mut name = standing_model::Name::new(NameKind::Primary, note::spaced(script));
        let language = values.take("Non-latin script language");
        name.language = (!language.is_empty()).then(|| language.into());
        add(&mut record.names, name);
    }
    for (list, heading) in [(&mut record.titles, "Title"), (&mut record.positions, "Position")] {
        let text = values.take(heading);
        if !text.is_empty() {
            add(list, text.into());
        }
    }
}

/// `dd/mm/1945` says that day and month are not known.
fn person(values: &mut Values<'_, '_>, record: &mut Record, countries: &mut Countries) {
    for heading in ["D.O.B", "Year Built"] {
        let written = values.take(heading);
        if written.is_empty() {
            continue;
        }
        let known = written.to_ascii_lowercase().replace("dd", "00").replace("mm", "00");
        let date = any_day(&known).ok().map(Into::into);
        let birth = Birth {
            written: date.is_none().then(|| written.into()),
            date,
            place: None,
        };
        add(&mut record.births, birth);
    }
    let (town, country) = (values.take("Town of birth"), values.take("Country of birth"));
    let words: Vec<&str> = [town, country].into_iter().filter(|text| !text.is_empty()).collect();
    if !words.is_empty() {
        let place = Place {
            text: words.join(", ").into(),
            country: countries.find(country),
        };
        let birth = Birth {
            place: Some(place),
            ..Birth::default()
        };
        add(&mut record.births, birth);
    }
    let nationality = values.take("Nationality(/ies)");
    match countries.find(nationality) {
        Some(country) => add(&mut record.nationalities, country),
        None => keep_once(record, "Nationality(/ies)", nationality),
    }
    let gender = values.take("Gender");
    match note::gender(gender) {
        Some(gender) => record.gender = record.gender.or(Some(gender)),
        None => keep_once(record, "Gender", gender),
    }
}

fn address(values: &mut Values<'_, '_>, record: &mut Record, countries: &mut Countries) {
    let headings = [
        ("Address Line 1", "AddressLine1"),
        ("Address Line 2", "AddressLine2"),
        ("Address Line 3", "AddressLine3"),
        ("Address Line 4", "AddressLine4"),
        ("Address Line 5", "AddressLine5"),
        ("Address Line 6", "AddressLine6"),
        ("Address Postal Code", "AddressPostalCode"),
        ("Address Country", "AddressCountry"),
    ];
    let parts: Vec<(Text, Text)> = headings
        .iter()
        .map(|(heading, name)| (Text::const_new(name), values.take(heading).into()))
        .filter(|(_, text): &(Text, Text)| !text.is_empty())
        .collect();
    if !parts.is_empty() {
        let text = parts
            .iter()
            .map(|(_, text)| text.as_str())
            .collect::<Vec<_>>()
            .join(", ");
        let country = countries.find(values.take("Address Country"));
        add(
            &mut record.addresses,
            Address {
                text: text.into(),
                country,
                parts,
            },
        );
    }
}

fn numbers(values: &mut Values<'_, '_>, record: &mut Record) {
    for (number, more, kind) in [
        (
            "Passport number",
            "Passport additional information",
            IdentifierKind::Passport,
        ),
        (
            "National Identifier number",
            "National Identifier additional information",
            IdentifierKind::NationalId,
        ),
        (
            "Business registration number (s)",
            "",
            IdentifierKind::RegistrationNumber,
        ),
        ("Phone number", "", IdentifierKind::PhoneNumber),
        ("Email address", "", IdentifierKind::Email),
        ("Website", "", IdentifierKind::Website),
        (
            "Hull identification number (HIN)",
            "",
            IdentifierKind::Other("hull identification number".into()),
        ),
    ] {
        let number = values.take(number);
        if number.is_empty() {
            continue;
        }
        let mut identifier = Identifier::new(kind, number);
        let more = values.take(more);
        identifier.note = (!more.is_empty()).then(|| more.into());
        add(&mut record.identifiers, identifier);
    }
    for (heading, kind) in [
        ("Parent Company", "parent company"),
        ("Subsidiaries", "subsidiary"),
        ("Current owner/operator (s)", "current owner or operator"),
        ("Previous owner/operator (s)", "previous owner or operator"),
    ] {
        let name = values.take(heading);
        if !name.is_empty() {
            let relation = Relation {
                kind: kind.into(),
                name: Some(name.into()),
                reference: None,
            };
            add(&mut record.relations, relation);
        }
    }
}

fn ship(values: &mut Values<'_, '_>, record: &mut Record, countries: &mut Countries) {
    let number = values.take("IMO number").trim_start_matches("IMO").trim();
    if !number.is_empty() {
        add(&mut record.identifiers, Identifier::new(IdentifierKind::Imo, number));
    }
    let flag = values.take("Current believed flag of ship");
    match countries.find(flag) {
        Some(country) => add(&mut record.nationalities, country),
        None => keep_once(record, "Current believed flag of ship", flag),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::read_documents;

    fn list(bytes: &[u8]) -> Snapshot {
        let document = Document { name: "t", bytes };
        let mut outcome = read_documents(&[document], &ReadOptions::default()).remove(0);
        outcome.result.as_mut().unwrap().remove(0)
    }

    fn row(values: &[(&str, &str)]) -> String {
        let cells: Vec<String> = LAYOUT
            .iter()
            .map(|column| {
                let value = values.iter().find(|(heading, _)| *heading == column.heading);
                value.map_or_else(String::new, |(_, value)| format!("\"{value}\""))
            })
            .collect();
        cells.join(",") + "\r\n"
    }

    fn headings() -> String {
        let headings: Vec<String> = LAYOUT.iter().map(|column| format!("\"{}\"", column.heading)).collect();
        format!("\u{feff}Report Date: 18-Aug-2026\r\n{}\r\n", headings.join(","))
    }

    #[test]
    fn the_table_says_what_the_xml_says() {
        let common = [
            ("Last Updated", "04/08/2026"),
            ("Unique ID", "AFG0006"),
            ("OFSI Group ID", "7172"),
            ("UN Reference Number", "TAi.002"),
            ("Regime Name", "Afghanistan"),
            ("Designation Type", "Individual"),
            ("Sanctions Imposed", "Asset freeze|Travel Ban"),
            ("Date Designated", "25/01/2001"),
            ("Other Information", "Information"),
        ];
        let with = |more: &[(&'static str, &'static str)]| row(&common.iter().chain(more).copied().collect::<Vec<_>>());
        let table = headings()
            + &with(&[
                ("Name 6", "LAST"),
                ("Name 1", "First"),
                ("Name type", "Primary Name"),
                ("Name non-latin script", "محمد"),
                ("D.O.B", "dd/mm/1945"),
                ("Nationality(/ies)", "Afghanistan"),
                ("Passport number", "123"),
                ("Passport additional information", "issued"),
                ("Address Line 1", "Street"),
                ("Address Country", "Pakistan"),
                ("Gender", "Male"),
                ("Town of birth", "Town"),
                ("Country of birth", "Afghanistan"),
            ])
            + &with(&[
                ("Name 6", "ABU X"),
                ("Name type", "Alias"),
                ("Alias strength", "Low quality a.k.a"),
            ]);
        let xml = "<Designations><DateGenerated>18/08/2026</DateGenerated><Designation><LastUpdated>04/08/2026</LastUpdated>\
            <DateDesignated>25/01/2001</DateDesignated><UniqueID>AFG0006</UniqueID><OFSIGroupID>7172</OFSIGroupID>\
            <UNReferenceNumber>TAi.002</UNReferenceNumber><Names><Name><Name6>LAST</Name6><Name1>First</Name1><NameType>Primary Name</NameType>\
            </Name><Name><Name6>ABU X</Name6><NameType>Alias</NameType><AliasStrength>Low quality a.k.a</AliasStrength></Name></Names>\
            <NonLatinNames><NonLatinName><NameNonLatinScript>محمد</NameNonLatinScript></NonLatinName></NonLatinNames>\
            <RegimeName>Afghanistan</RegimeName><IndividualEntityShip>Individual</IndividualEntityShip>\
            <SanctionsImposed>Asset freeze|Travel Ban</SanctionsImposed><OtherInformation>Information</OtherInformation>\
            <Addresses><Address><AddressLine1>Street</AddressLine1><AddressCountry>Pakistan</AddressCountry></Address></Addresses>\
            <IndividualDetails><Individual><DOBs><DOB>dd/mm/1945</DOB></DOBs><Nationalities><Nationality>Afghanistan</Nationality></Nationalities>\
            <PassportDetails><Passport><PassportNumber>123</PassportNumber><PassportAdditionalInformation>issued</PassportAdditionalInformation>\
            </Passport></PassportDetails><Genders><Gender>Male</Gender></Genders><BirthDetails><Location><TownOfBirth>Town</TownOfBirth>\
            <CountryOfBirth>Afghanistan</CountryOfBirth></Location></BirthDetails></Individual></IndividualDetails></Designation></Designations>";
        let (mut table, mut xml) = (list(table.as_bytes()), list(xml.as_bytes()));
        assert_eq!(table.date, xml.date);
        for snapshot in [&mut table, &mut xml] {
            snapshot.records[0].names.sort_by(|a, b| a.text.cmp(&b.text));
        }
        assert_eq!(table.records, xml.records);
    }

    #[test]
    fn ships_companies_and_what_no_rule_reads() {
        let table = headings().trim_end().to_owned()
            + ",New\r\n"
            + row(&[
                ("Unique ID", "RUS0004"),
                ("Name 6", "OCEAN STAR"),
                ("Name type", "Primary Name"),
                ("Designation Type", "Ship"),
                ("IMO number", "IMO1234567"),
                ("Current believed flag of ship", "Gabon"),
                ("Previous flags", "Panama; Liberia"),
                ("Year Built", "2004"),
                ("Current owner/operator (s)", "BLUE WAVE"),
                ("Tonnage of ship", "5000"),
                ("Last Updated", "soon"),
            ])
            .trim_end()
            + ",extra\r\n"
            + &row(&[("Name 6", "NOBODY")]);
        let read = list(table.as_bytes());
        assert_eq!(read.rejects.len(), 1);
        assert_eq!(read.not_understood, [("New".to_owned(), 1)]);
        insta::assert_json_snapshot!(read.records);
    }
}
