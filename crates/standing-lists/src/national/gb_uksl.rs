//! United Kingdom, UK Sanctions List of the Foreign, Commonwealth and Development Office, XML. Since 28 January 2026 the only list.
//!
//! A `Designation` is one listing, known by its `UniqueID` (`AFG0006`), which the office keeps for life. `DateGenerated` is the snapshot's
//! date. `OFSIGroupID` is the reference on the consolidated list that ended, `UNReferenceNumber` that on the UN list: both are references of
//! this very party. Seen: excerpts of 2026 with individuals, entities and ships.

use standing_model::{
    Address, Birth, Identifier, IdentifierKind, Name, NameKind, NameQuality, Note, PartKind, PartyKind, Place, Record,
    Reject, Relation, Snapshot, Text,
};

use super::cells::{self, add, keep_once, un_reference};
use crate::country::Countries;
use crate::error::ReadError;
use crate::registry::{Document, Format, ReadOptions};
use crate::xml::{self, El, Part, Shape};
use crate::{dates, note};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "gb-uksl-xml",
    lists: &["gb-uksl"],
    summary: "United Kingdom, UK Sanctions List, XML",
    part: |bytes| xml::root(bytes).filter(|(root, _)| root == "Designations").map(|_| ""),
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

const SHAPE: Shape<'_> = Shape {
    records: &["Designation"],
    counted: &["Designation"],
};

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let text = xml::open(document)?;
    let mut snapshot = Snapshot::new("gb-uksl", FORMAT.id);
    let mut countries = Countries::default();
    let mut seen = 0_u64;
    xml::walk(document.name, &text.text, SHAPE, |part| {
        match part {
            Part::Head(path, value) => {
                if path == "DateGenerated" {
                    let read = |text: &str| dates::numeric(text, dates::Order::DayFirst).or_else(|_| dates::iso(text));
                    snapshot.date = note::list_date(document, value, read, options, &mut snapshot.warnings)?;
                }
                snapshot.head.push((path.to_owned(), value.to_owned()));
            }
            Part::Record(element, bytes) => {
                seen += 1;
                match record(element, &mut countries, &mut snapshot.not_understood) {
                    Ok(record) => {
                        snapshot.records.push(record);
                        note::position(&mut snapshot, &text, bytes, || format!("Designation {seen}"));
                    }
                    Err(reason) => snapshot.rejects.push(Reject {
                        position: format!("Designation {seen}, {}", xml::place(&text.text, bytes.start)),
                        reason,
                    }),
                }
            }
        }
        Ok(())
    })?;
    note::finish(&mut snapshot, options);
    Ok(snapshot)
}

/// Every element of this name at any depth.
fn deep<'t, 'a>(element: El<'t, 'a>, name: &str, found: &mut Vec<El<'t, 'a>>) {
    for child in element.children() {
        if child.name() == name {
            found.push(child);
        }
        deep(child, name, found);
    }
}

fn all<'t, 'a>(element: El<'t, 'a>, name: &str) -> Vec<El<'t, 'a>> {
    let mut found = Vec::new();
    deep(element, name, &mut found);
    found
}

/// The texts of all elements of this name.
fn texts<'t>(element: El<'t, '_>, name: &str) -> Vec<&'t str> {
    let leaves = all(element, name).into_iter().filter(|el| el.is_leaf());
    leaves.map(El::text).filter(|text| !text.is_empty()).collect()
}

fn record(
    element: El<'_, '_>,
    countries: &mut Countries,
    not_understood: &mut Vec<(String, u64)>,
) -> Result<Record, String> {
    let reference = element
        .value("UniqueID")
        .ok_or("no UniqueID, so the listing has no identity")?;
    let mut record = Record {
        reference: reference.into(),
        ..Record::default()
    };
    let day = |text: &str| dates::numeric(text, dates::Order::DayFirst).or_else(|_| dates::iso(text));
    if let Some(text) = element.value("DateDesignated") {
        record.listed_on = note::calendar(&mut record, "DateDesignated", text, day);
    }
    if let Some(text) = element.value("LastUpdated") {
        let date = note::calendar(&mut record, "LastUpdated", text, day);
        record.amended_on.extend(date);
    }
    if let Some(group) = element.value("OFSIGroupID") {
        record
            .identifiers
            .push(Identifier::new(IdentifierKind::ListReference, format!("gb:{group}")));
    }
    if let Some(text) = element.value("UNReferenceNumber") {
        match un_reference(text) {
            Some(reference) => record.identifiers.push(Identifier::new(
                IdentifierKind::ListReference,
                format!("un:{reference}"),
            )),
            None => note::keep(&mut record, "UNReferenceNumber", text),
        }
    }
    record.programmes.extend(element.value("RegimeName").map(Text::from));
    record.kind = match element.value("IndividualEntityShip") {
        Some("Individual") => PartyKind::Person,
        Some("Entity") => PartyKind::Organisation,
        Some("Ship") => PartyKind::Vessel,
        Some(other) => {
            note::keep(&mut record, "IndividualEntityShip", other);
            PartyKind::Unknown
        }
        None => PartyKind::Unknown,
    };
    if let Some(text) = element.value("SanctionsImposed") {
        record
            .measures
            .extend(text.split('|').map(|measure| measure.trim().into()));
    }
    for field in ["OtherInformation", "UKStatementofReasons"] {
        record.notes.extend(element.value(field).map(|text| Note {
            field: field.into(),
            text: text.to_owned(),
        }));
    }
    for name in all(element, "Name") {
        add_name(name, &mut record);
    }
    for name in all(element, "NonLatinName") {
        if let Some(text) = name.value("NameNonLatinScript") {
            let mut written = Name::new(NameKind::Primary, note::spaced(text));
            written.language = name.value("NonLatinScriptLanguage").map(Text::from);
            add(&mut record.names, written);
        }
    }
    record
        .titles
        .extend(texts(element, "Title").into_iter().map(Text::from));
    record
        .positions
        .extend(texts(element, "Position").into_iter().map(Text::from));
    for address in all(element, "Address") {
        add_address(address, &mut record, countries);
    }
    births(element, &mut record, countries);
    for text in texts(element, "Nationality") {
        match countries.find(text) {
            Some(country) => add(&mut record.nationalities, country),
            None => keep_once(&mut record, "Nationality", text),
        }
    }
    for text in texts(element, "Gender") {
        match note::gender(text) {
            Some(gender) => record.gender = record.gender.or(Some(gender)),
            None => keep_once(&mut record, "Gender", text),
        }
    }
    documents(element, &mut record);
    ships(element, &mut record, countries);
    if record.names.is_empty() {
        return Err(format!("{reference} has no name"));
    }
    record.names.sort_by_key(|name| name.kind != NameKind::Primary);
    note::unread(element, &mut record, not_understood);
    Ok(record)
}

fn add_name(element: El<'_, '_>, record: &mut Record) {
    let role = match element.value("NameType").map(str::to_lowercase).as_deref() {
        Some("primary name") => NameKind::Primary,
        Some("fka" | "formerly known as" | "former name") => NameKind::Former,
        None | Some("alias" | "primary name variation") => NameKind::Alias,
        Some(other) => {
            keep_once(record, "NameType", other);
            NameKind::Alias
        }
    };
    let weak = element
        .value("AliasStrength")
        .is_some_and(|text| text.to_ascii_lowercase().starts_with("low"));
    let person = record.kind == PartyKind::Person;
    let part = |kind| if person { kind } else { PartKind::Part };
    let parts = ["Name1", "Name2", "Name3", "Name4", "Name5", "Name6"].map(|name| element.value(name).unwrap_or(""));
    let kinds = [
        PartKind::Given,
        PartKind::Middle,
        PartKind::Middle,
        PartKind::Middle,
        PartKind::Middle,
        PartKind::Family,
    ];
    let parts: Vec<(PartKind, &str)> = kinds.into_iter().map(part).zip(parts).collect();
    if let Some(name) = cells::name_of(role, &parts) {
        add(
            &mut record.names,
            name.with_quality(if weak { NameQuality::Weak } else { NameQuality::Good }),
        );
    }
}

fn add_address(element: El<'_, '_>, record: &mut Record, countries: &mut Countries) {
    let parts: Vec<(Text, Text)> = element
        .children()
        .filter(|part| part.is_leaf())
        .map(|part| (part.name().into(), part.text().into()))
        .filter(|(_, text): &(Text, Text)| !text.is_empty())
        .collect();
    if !parts.is_empty() {
        let text = parts
            .iter()
            .map(|(_, text)| text.as_str())
            .collect::<Vec<_>>()
            .join(", ");
        let country = element.value("AddressCountry").and_then(|name| countries.find(name));
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

/// `dd/mm/1945` says that day and month are not known.
fn births(element: El<'_, '_>, record: &mut Record, countries: &mut Countries) {
    for text in texts(element, "DOB").into_iter().chain(texts(element, "YearBuilt")) {
        let known = text.to_ascii_lowercase().replace("dd", "00").replace("mm", "00");
        let date = dates::numeric(&known, dates::Order::DayFirst).ok().map(Into::into);
        let written = date.is_none().then(|| text.to_owned());
        add(
            &mut record.births,
            Birth {
                date,
                place: None,
                written: written.map(Text::from),
            },
        );
    }
    for location in all(element, "Location") {
        let country = location.value("CountryOfBirth");
        let text = [location.value("TownOfBirth"), country]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ");
        if !text.is_empty() {
            let place = Place {
                text: text.into(),
                country: country.and_then(|name| countries.find(name)),
            };
            add(
                &mut record.births,
                Birth {
                    place: Some(place),
                    ..Birth::default()
                },
            );
        }
    }
}

fn documents(element: El<'_, '_>, record: &mut Record) {
    for (name, number, more, kind) in [
        (
            "Passport",
            "PassportNumber",
            "PassportAdditionalInformation",
            IdentifierKind::Passport,
        ),
        (
            "NationalIdentifier",
            "NationalIdentifierNumber",
            "NationalIdentifierAdditionalInformation",
            IdentifierKind::NationalId,
        ),
    ] {
        for paper in all(element, name) {
            if let Some(number) = paper.value(number) {
                let mut identifier = Identifier::new(kind.clone(), number);
                identifier.note = paper.value(more).map(Text::from);
                add(&mut record.identifiers, identifier);
            }
        }
    }
    for (name, kind) in [
        ("BusinessRegistrationNumber", IdentifierKind::RegistrationNumber),
        ("PhoneNumber", IdentifierKind::PhoneNumber),
        ("EmailAddress", IdentifierKind::Email),
        ("Website", IdentifierKind::Website),
        (
            "HullIdentificationNumber",
            IdentifierKind::Other("hull identification number".into()),
        ),
    ] {
        for text in texts(element, name) {
            add(&mut record.identifiers, Identifier::new(kind.clone(), text));
        }
    }
    for (name, kind) in [
        ("ParentCompany", "parent company"),
        ("Subsidiary", "subsidiary"),
        ("CurrentOwnerOperator", "current owner or operator"),
        ("PreviousOwnerOperator", "previous owner or operator"),
    ] {
        for text in texts(element, name) {
            add(
                &mut record.relations,
                Relation {
                    kind: kind.into(),
                    name: Some(text.into()),
                    reference: None,
                },
            );
        }
    }
}

fn ships(element: El<'_, '_>, record: &mut Record, countries: &mut Countries) {
    for text in texts(element, "IMONumber") {
        let number = text.trim_start_matches("IMO").trim();
        add(&mut record.identifiers, Identifier::new(IdentifierKind::Imo, number));
    }
    for text in texts(element, "CurrentBelievedFlagOfShip") {
        match countries.find(text) {
            Some(country) => add(&mut record.nationalities, country),
            None => keep_once(record, "CurrentBelievedFlagOfShip", text),
        }
    }
}
