//! Latvia, national sanctions list in its own layout: `LVlist`, `Entity`, each value under a name of its own.
//!
//! An `Entity` is one listing, known by its `Id`, which is that of the older layout ([`super::eu_global`]) too. `PublishDate` is the
//! snapshot's date. `Type` is `FP` (fiziska persona, a person) or `JP` (juridiska persona). Seen: one whole list of 2018.

use standing_model::{
    Address, Birth, Gender, Identifier, IdentifierKind, Name, NameKind, Note, PartKind, PartyKind, Place, Record,
    Snapshot, Text,
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
    id: "lv-xml",
    lists: &["lv"],
    summary: "Latvia, national sanctions list, XML",
    part: |bytes| xml::root(bytes).filter(|(root, _)| root == "LVlist").map(|_| ""),
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

const LIST: XmlList<'_> = XmlList {
    list: "lv",
    format: FORMAT.id,
    records: &["Entity"],
    date: "PublishInfo/PublishDate",
    read_date: dates::iso,
};

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let mut countries = Countries::default();
    xml_list::read(document, options, &LIST, |element| record(element, &mut countries))
}

fn record(element: El<'_, '_>, countries: &mut Countries) -> Result<Record, String> {
    let reference = element.value("Id").ok_or("no Id, so the listing has no identity")?;
    let mut record = Record {
        reference: reference.into(),
        kind: match element.value("Type") {
            Some("FP") => PartyKind::Person,
            Some("JP") => PartyKind::Organisation,
            _ => PartyKind::Unknown,
        },
        ..Record::default()
    };
    if record.kind == PartyKind::Unknown {
        keep_once(&mut record, "Type", element.value("Type").unwrap_or(""));
    }
    if let Some(day) = element.value("ListedOn") {
        record.listed_on = note::calendar(&mut record, "ListedOn", day, dates::iso);
    }
    record.programmes.extend(
        element
            .all("Program")
            .map(El::text)
            .filter(|t| !t.is_empty())
            .map(Text::from),
    );
    record.instruments.extend(
        element
            .all("Link")
            .map(El::text)
            .filter(|t| !t.is_empty())
            .map(Text::from),
    );
    record.gender = match element.value("Gender") {
        Some("V") => Some(Gender::Male),
        Some("S") => Some(Gender::Female),
        other => {
            keep_once(&mut record, "Gender", other.unwrap_or(""));
            None
        }
    };
    for remark in element.all("Remark").map(El::text).filter(|text| !text.is_empty()) {
        add(
            &mut record.notes,
            Note {
                field: "Remark".into(),
                text: remark.to_owned(),
            },
        );
    }
    for field in element.children() {
        match field.name() {
            "Name" => name(field, "", NameKind::Primary, &mut record),
            "Alias" => name(field, "Alias", NameKind::Alias, &mut record),
            "Birth" => {
                let date = field.value("BirthDate");
                let read = date.and_then(|text| dates::iso(text).ok()).map(Into::into);
                let birth = Birth {
                    written: date.filter(|_| read.is_none()).map(Text::from),
                    date: read,
                    place: place(field, "Birth", countries),
                };
                if birth != Birth::default() {
                    add(&mut record.births, birth);
                }
            }
            "Document" => document(field, &mut record, countries),
            "Citizen" => {
                let place = place(field, "Citizen", countries);
                match place.as_ref().and_then(|place| place.country) {
                    Some(country) => add(&mut record.nationalities, country),
                    None => keep_once(
                        &mut record,
                        "Citizen",
                        place.map_or("", |_| field.value("CitizenCountry").unwrap_or("")),
                    ),
                }
            }
            "Address" => {
                let parts: Vec<(Text, Text)> = field
                    .children()
                    .filter(|part| part.is_leaf() && !part.name().ends_with("Iso2Code"))
                    .map(|part| (part.name().into(), part.text().into()))
                    .filter(|(_, text): &(Text, Text)| !text.is_empty())
                    .collect();
                let country = field
                    .value("AddressCountryIso2Code")
                    .and_then(|code| countries.find(code));
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
            _ => {}
        }
    }
    if record.names.is_empty() {
        return Err(format!("{reference} has no name"));
    }
    Ok(record)
}

fn name(field: El<'_, '_>, prefix: &str, role: NameKind, record: &mut Record) {
    let get = |part: &str| field.value(&format!("{prefix}{part}")).unwrap_or("");
    let person = record.kind == PartyKind::Person;
    let part = |kind| if person { kind } else { PartKind::Part };
    let joined = cells::name_of(
        role,
        &[
            (part(PartKind::Given), get("FirstName")),
            (part(PartKind::Middle), get("MiddleName")),
            (part(PartKind::Family), get("LastName")),
        ],
    );
    let whole = get("WholeName");
    let name = if whole.is_empty() {
        joined
    } else {
        Some(Name {
            parts: joined.map(|name| name.parts).unwrap_or_default(),
            ..Name::new(role, note::spaced(whole))
        })
    };
    if let Some(name) = name {
        add(&mut record.names, name);
    }
}

/// `BirthPlace`, `BirthCountry`, `BirthCountryIso2Code`, and so for other prefixes.
fn place(field: El<'_, '_>, prefix: &str, countries: &mut Countries) -> Option<Place> {
    let get = |name: &str| field.value(&format!("{prefix}{name}"));
    let (place, country, code) = (get("Place"), get("Country"), get("CountryIso2Code"));
    let words: Vec<&str> = place.into_iter().chain(country).collect();
    (!words.is_empty() || code.is_some()).then(|| Place {
        text: words.join(", ").into(),
        country: code.or(country).and_then(|name| countries.find(name)),
    })
}

fn document(field: El<'_, '_>, record: &mut Record, countries: &mut Countries) {
    let Some(number) = field.value("DocumentNumber") else {
        return;
    };
    let words = field.value("DocumentType").unwrap_or("");
    // Latvian: pase is a passport, personas apliecība an identity card.
    let kind = match words.to_lowercase().as_str() {
        "pase" => IdentifierKind::Passport,
        words if words.contains("apliecība") => IdentifierKind::NationalId,
        _ => IdentifierKind::Other(words.into()),
    };
    let mut identifier = Identifier::new(kind, number);
    let place = place(field, "Document", countries);
    identifier.country = place.as_ref().and_then(|place| place.country);
    let more: Vec<&str> = [words, place.as_ref().map_or("", |place| place.text.as_str())]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect();
    identifier.note = (!more.is_empty()).then(|| more.join("; ")).map(Text::from);
    add(&mut record.identifiers, identifier);
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "<LVlist><PublishInfo><PublishDate>2018-03-29T15:10:00.000Z</PublishDate></PublishInfo><Entity><Id>7</Id>\
        <Type>FP</Type><Link>https://likumi.lv/ta/id/1</Link><ListedOn>2018-03-29</ListedOn><Program>X</Program><Gender>S</Gender>\
        <Name><FirstName>A</FirstName><MiddleName>B</MiddleName><LastName>C</LastName><WholeName>A B C</WholeName></Name>\
        <Alias><AliasFirstName>D</AliasFirstName><AliasLastName>E</AliasLastName></Alias>\
        <Birth><BirthDate>1965-03-19</BirthDate><BirthPlace>Kaesong</BirthPlace><BirthCountry>KTDR</BirthCountry>\
        <BirthCountryIso2Code>KP</BirthCountryIso2Code></Birth><Document><DocumentType>Pase</DocumentType>\
        <DocumentNumber>64</DocumentNumber><DocumentCountryIso2Code>KP</DocumentCountryIso2Code></Document>\
        <Citizen><CitizenCountryIso2Code>KP</CitizenCountryIso2Code></Citizen><Address><AddressStreet>S</AddressStreet>\
        <AddressCountry>Krievija</AddressCountry><AddressCountryIso2Code>RU</AddressCountryIso2Code></Address><Remark>R</Remark>\
        </Entity><Entity><Id>8</Id><Type>JP</Type></Entity></LVlist>";

    #[test]
    fn every_construct() {
        let document = Document {
            name: "t",
            bytes: FILE.as_bytes(),
        };
        let snapshot = read(&document, &ReadOptions::default()).unwrap();
        assert_eq!(snapshot.rejects[0].reason, "8 has no name");
        assert!(snapshot.not_understood.is_empty(), "{:?}", snapshot.not_understood);
        insta::assert_json_snapshot!(snapshot.records);
    }
}
