//! The old layout of the EU's file, `global.xml`: `WHOLE`, `ENTITY` and below it `NAME`, `ADDRESS`, `BIRTH`, `PASSPORT`, `CITIZEN`.
//!
//! It knows an entity by the database's `Id` alone and bears no EU reference number, so that its records cannot be told for those of the
//! later files; the EU's own old file is therefore a list of its own (`eu-global`), whose `Id` is what later files call `logicalId`. Latvia
//! wrote its national list in the same layout (`lv`), with `PIEZIMES` for the remark; its `Id` is kept in its later layout
//! ([`super::lv`]) too. `Date` of the root is the snapshot's date. Seen: one whole Latvian list of 2018; the EU's own elements (`CITIZEN`,
//! the parts of `ADDRESS`) are known from the Commission's guide to the CSV 1.0, which has the same fields.

use standing_model::{
    Address, Birth, Identifier, IdentifierKind, Name, NameKind, Note, PartKind, PartyKind, Place, Record, Snapshot,
    Text,
};

use super::cells::{self, add, keep_once};
use super::xml_list::{self, XmlList};
use crate::country::Countries;
use crate::error::ReadError;
use crate::registry::{Document, Format, ReadOptions};
use crate::xml::{self, El};
use crate::{dates, note};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "eu-global-xml",
    lists: &["eu-global", "lv"],
    summary: "European Union, global.xml of before 2017, and Latvia's national list in the same layout",
    part: |bytes| xml::root(bytes).filter(|(root, _)| root == "WHOLE").map(|_| ""),
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    // Only Latvia's list has its remark in Latvian and rests on acts of likumi.lv.
    let latvian = [&b"<PIEZIMES"[..], b"//likumi.lv/"]
        .iter()
        .any(|sign| memchr::memmem::find(document.bytes, sign).is_some());
    let list = XmlList {
        list: if latvian { "lv" } else { "eu-global" },
        format: FORMAT.id,
        records: &["ENTITY"],
        date: "@Date",
        read_date: xml_list::any_day,
    };
    let mut countries = Countries::default();
    xml_list::read(document, options, &list, |element| record(element, &mut countries))
}

fn record(element: El<'_, '_>, countries: &mut Countries) -> Result<Record, String> {
    let reference = element.filled("Id").ok_or("no Id, so the listing has no identity")?;
    let mut record = Record {
        reference: reference.into(),
        kind: match element.filled("Type") {
            Some("P") => PartyKind::Person,
            Some("E") => PartyKind::Organisation,
            _ => PartyKind::Unknown,
        },
        ..Record::default()
    };
    if let Some(day) = element.filled("reg_date") {
        record.listed_on = note::calendar(&mut record, "reg_date", day, dates::iso);
    }
    legal_basis(element, &mut record);
    for remark in [element.filled("remark"), element.value("PIEZIMES")]
        .into_iter()
        .flatten()
    {
        add(
            &mut record.notes,
            Note {
                field: "remark".into(),
                text: remark.to_owned(),
            },
        );
    }
    for field in element.children() {
        legal_basis(field, &mut record);
        // The keys of the database: the part's own and the entity's once more.
        if field.filled("Entity_id").is_some_and(|id| id != reference) {
            keep_once(
                &mut record,
                &format!("{}@Entity_id", field.name()),
                field.attr("Entity_id").unwrap_or(""),
            );
        }
        if let Some(id) = field.filled("Id") {
            keep_once(&mut record, &format!("{}@Id", field.name()), id);
        }
        match field.name() {
            "NAME" => name(field, &mut record),
            "BIRTH" => birth(field, &mut record, countries),
            "ADDRESS" => address(field, &mut record, countries),
            "PASSPORT" => passport(field, &mut record, countries),
            "CITIZEN" => {
                if let Some(country) = field.value("COUNTRY") {
                    match countries.find(country) {
                        Some(country) => add(&mut record.nationalities, country),
                        None => keep_once(&mut record, "CITIZEN/COUNTRY", country),
                    }
                }
            }
            _ => {}
        }
    }
    if record.names.is_empty() {
        return Err(format!("{reference} has no name"));
    }
    Ok(record)
}

/// The act behind an entity or one of its parts; each part may rest on another.
fn legal_basis(element: El<'_, '_>, record: &mut Record) {
    if let Some(programme) = element.filled("programme") {
        add(&mut record.programmes, programme.into());
    }
    if let Some(act) = element.filled("legal_basis") {
        add(&mut record.instruments, act.into());
    }
    for (name, value) in [
        ("pdf_link", element.filled("pdf_link")),
        ("reg_date", element.filled("reg_date")),
    ] {
        if let Some(value) = value {
            keep_once(record, name, value);
        }
    }
}

fn name(field: El<'_, '_>, record: &mut Record) {
    let person = record.kind == PartyKind::Person;
    let part = |kind| if person { kind } else { PartKind::Part };
    let parts = [
        (part(PartKind::Given), field.value("FIRSTNAME").unwrap_or("")),
        (part(PartKind::Middle), field.value("MIDDLENAME").unwrap_or("")),
        (part(PartKind::Family), field.value("LASTNAME").unwrap_or("")),
    ];
    // The layout marks no name as the main one; the first stands for it.
    let role = if record.names.is_empty() {
        NameKind::Primary
    } else {
        NameKind::Alias
    };
    let joined = cells::name_of(role, &parts);
    let name = match field.value("WHOLENAME").map(note::spaced) {
        Some(whole) => Some(Name {
            parts: joined.map(|name| name.parts).unwrap_or_default(),
            ..Name::new(role, whole)
        }),
        None => joined,
    };
    if let Some(mut name) = name {
        name.language = field.value("LANGUAGE").map(str::to_lowercase).map(Text::from);
        record.names.push(name);
    }
    if let Some(gender) = field.value("GENDER") {
        // Latvian: vīrietis is a man, sieviete a woman.
        let english = match gender {
            "VĪRIETIS" => "M",
            "SIEVIETE" => "F",
            other => other,
        };
        record.gender = record.gender.or_else(|| note::gender(english));
        keep_once(record, "NAME/GENDER", gender);
    }
    for (values, text) in [
        (&mut record.titles, field.value("TITLE")),
        (&mut record.positions, field.value("FUNCTION")),
    ] {
        if let Some(text) = text {
            add(values, text.into());
        }
    }
}

fn birth(field: El<'_, '_>, record: &mut Record, countries: &mut Countries) {
    let (date, place, country) = (field.value("DATE"), field.value("PLACE"), field.value("COUNTRY"));
    let read = date.and_then(|text| dates::iso(text).ok()).map(Into::into);
    let mut words: Vec<&str> = place.into_iter().collect();
    words.extend(country.filter(|country| place != Some(country)));
    let place = (!words.is_empty()).then(|| Place {
        text: words.join(", ").into(),
        country: country.and_then(|name| countries.find(name)),
    });
    let birth = Birth {
        written: date.filter(|_| read.is_none()).map(Text::from),
        date: read,
        place,
    };
    if birth != Birth::default() {
        add(&mut record.births, birth);
    }
}

fn address(field: El<'_, '_>, record: &mut Record, countries: &mut Countries) {
    let parts: Vec<(Text, Text)> = ["NUMBER", "STREET", "ZIPCODE", "CITY", "COUNTRY", "OTHER"]
        .iter()
        .filter_map(|name| Some((Text::const_new(name), field.value(name)?.into())))
        .collect();
    // Latvia writes the whole address as the element's own text.
    let own = field.text();
    let text = if own.is_empty() {
        parts
            .iter()
            .map(|(_, text)| text.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    } else {
        own.to_owned()
    };
    if !text.is_empty() {
        let country = field
            .value("COUNTRY")
            .and_then(|name| countries.find(name))
            .or_else(|| countries.of_place(own));
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

fn passport(field: El<'_, '_>, record: &mut Record, countries: &mut Countries) {
    let Some(number) = field.value("NUMBER") else { return };
    // The element holds any document; only its words tell which.
    let folded = number.to_lowercase();
    let kind = if folded.contains("identi") && !folded.contains("passport") && !folded.contains("pase") {
        IdentifierKind::NationalId
    } else {
        IdentifierKind::Passport
    };
    let mut identifier = Identifier::new(kind, number);
    if let Some(country) = field.value("COUNTRY") {
        identifier.country = countries.find(country);
        identifier.note = Some(country.into());
    }
    add(&mut record.identifiers, identifier);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every element and attribute of the layout.
    const FILE: &str = r#"<?xml version="1.0" encoding="UTF-8"?><WHOLE Date="29/03/2016">
        <ENTITY Id="13" Type="P" legal_basis="1210/2003 (OJ L169)" reg_date="2003-07-07" pdf_link="http://x/1" programme="IRQ" remark="A remark">
        <NAME Id="17" Entity_id="13" legal_basis="1210/2003 (OJ L169)" reg_date="2003-07-07" pdf_link="http://x/1" programme="IRQ">
        <LASTNAME>Last</LASTNAME><FIRSTNAME>First</FIRSTNAME><MIDDLENAME>Mid</MIDDLENAME><WHOLENAME>First Mid Last</WHOLENAME>
        <GENDER>M</GENDER><TITLE>Dr</TITLE><FUNCTION>President</FUNCTION><LANGUAGE>EN</LANGUAGE></NAME>
        <NAME Id="18" Entity_id="99"><WHOLENAME>Abu X</WHOLENAME></NAME>
        <ADDRESS Id="1" Entity_id="13"><NUMBER>5</NUMBER><STREET>Main</STREET><ZIPCODE>100</ZIPCODE><CITY>Town</CITY><COUNTRY>IRQ</COUNTRY><OTHER>near</OTHER></ADDRESS>
        <BIRTH Id="2" Entity_id="13"><DATE>1937-04-28</DATE><PLACE>al-Awja</PLACE><COUNTRY>IRQ</COUNTRY></BIRTH>
        <BIRTH Id="3" Entity_id="13"><DATE>circa 1930</DATE></BIRTH>
        <PASSPORT Id="4" Entity_id="13"><NUMBER>12345 (national identification card)</NUMBER><COUNTRY>IRQ</COUNTRY></PASSPORT>
        <CITIZEN Id="5" Entity_id="13"><COUNTRY>IRQ</COUNTRY></CITIZEN><NEW>kept</NEW></ENTITY>
        <ENTITY Type="E"><NAME><WHOLENAME>No id</WHOLENAME></NAME></ENTITY></WHOLE>"#;

    #[test]
    fn every_construct() {
        let document = Document {
            name: "t",
            bytes: FILE.as_bytes(),
        };
        let snapshot = read(&document, &ReadOptions::default()).unwrap();
        assert_eq!(snapshot.list, "eu-global");
        assert_eq!(snapshot.date.map(|d| d.to_string()).as_deref(), Some("2016-03-29"));
        assert_eq!(snapshot.rejects.len(), 1);
        assert_eq!(snapshot.not_understood, [("NEW".to_owned(), 1)]);
        insta::assert_json_snapshot!(snapshot.records);
    }
}
