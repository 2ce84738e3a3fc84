//! Ukraine, list of persons connected with terrorism of the State Financial Monitoring Service, `blacklist.xml`.
//!
//! An `acount-list` (spelled so) is one listing, known by `number-entry`, the number in the list, which other tables of the service cite. The
//! list repeats the UN list and adds decisions of courts; `program-entry` tells which. `date-ver-list` is the snapshot's date, `count-record`
//! is held against the content. No real file is at hand: the elements are known from other programs and from a table that was made from the
//! list, the test inputs are our own.

use standing_model::date::DateError;
use standing_model::{
    Address, Birth, Calendar, Identifier, IdentifierKind, Name, NameKind, NameQuality, PartKind, PartyKind, Place,
    Record, Snapshot, Text,
};

use super::cells::{self, add, keep_once};
use super::xml_list::{self, XmlList};
use crate::country::Countries;
use crate::error::ReadError;
use crate::registry::{Document, Format, ReadOptions};
use crate::xml::{self, El};
use crate::{dates, identifier, note};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "ua-sfms-xml",
    lists: &["ua-sfms"],
    summary: "Ukraine, terrorism list of the State Financial Monitoring Service, XML",
    part: |bytes| {
        xml::root(bytes)?;
        let head = &bytes[..bytes.len().min(64 << 10)];
        memchr::memmem::find(head, b"<acount-list").map(|_| "")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

const LIST: XmlList<'_> = XmlList {
    list: "ua-sfms",
    format: FORMAT.id,
    records: &["acount-list"],
    date: "date-ver-list",
    read_date: compact,
};

/// `20240208`, or a date with separators.
fn compact(text: &str) -> Result<Calendar, DateError> {
    match text.as_bytes() {
        digits if digits.len() == 8 && digits.iter().all(u8::is_ascii_digit) => {
            dates::iso(&format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]))
        }
        _ => xml_list::any_day(text),
    }
}

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let mut countries = Countries::default();
    let mut snapshot = xml_list::read(document, options, &LIST, |element| record(element, &mut countries))?;
    let told = snapshot.head.iter().find(|(field, _)| field == "count-record");
    let told = told.and_then(|(_, value)| value.parse().ok());
    let seen = (snapshot.records.len() + snapshot.rejects.len()) as u64;
    note::counted(document, "count-record", told, seen, options, &mut snapshot.warnings)?;
    Ok(snapshot)
}

fn record(element: El<'_, '_>, countries: &mut Countries) -> Result<Record, String> {
    let reference = element
        .value("number-entry")
        .ok_or("no number-entry, so the listing has no identity")?;
    let mut record = Record {
        reference: reference.into(),
        kind: match element.value("type-entry") {
            Some("2") => PartyKind::Person,
            Some("1") => PartyKind::Organisation,
            _ => PartyKind::Unknown,
        },
        ..Record::default()
    };
    keep_once(&mut record, "type-entry", element.value("type-entry").unwrap_or(""));
    record.programmes.extend(element.value("program-entry").map(Text::from));
    if let Some(day) = element.value("date-entry") {
        record.listed_on = note::calendar(&mut record, "date-entry", day, compact);
    }
    let mut births = Vec::new();
    let mut places = Vec::new();
    for field in element.children() {
        match field.name() {
            "aka-list" => name(field, &mut record),
            "title-list" => values(field.text(), |text| add(&mut record.titles, text.into())),
            "document-list" => document(field, &mut record, countries),
            "id-number-list" => values(field.text(), |text| {
                add(
                    &mut record.identifiers,
                    Identifier::new(IdentifierKind::NationalId, text),
                );
            }),
            "address-list" => {
                for text in field.all("address").map(El::text).chain([field.text()]) {
                    values(text, |text| {
                        add(
                            &mut record.addresses,
                            Address {
                                text: text.into(),
                                country: countries.of_place(text),
                                parts: Vec::new(),
                            },
                        );
                    });
                }
            }
            "place-of-birth-list" => values(field.text(), |text| places.push(countries.place(text))),
            "date-of-birth-list" => values(field.text(), |text| births.push(text.to_owned())),
            "nationality-list" => {
                for text in field
                    .text()
                    .split([';', ','])
                    .map(str::trim)
                    .filter(|text| !text.is_empty())
                {
                    match countries.find(text) {
                        Some(country) => add(&mut record.nationalities, country),
                        None => keep_once(&mut record, "nationality-list", text),
                    }
                }
            }
            _ => {}
        }
    }
    born(&mut record, births, places);
    if record.names.is_empty() {
        return Err(format!("{reference} has no name"));
    }
    record.names.sort_by_key(|name| name.kind != NameKind::Primary);
    Ok(record)
}

/// Values of one element, separated by semicolons.
fn values(text: &str, each: impl FnMut(&str)) {
    text.split(';')
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .for_each(each);
}

fn born(record: &mut Record, births: Vec<String>, places: Vec<Place>) {
    let births = births.into_iter().map(|text| {
        let date = xml_list::any_day(&text)
            .map(Into::into)
            .or_else(|_| dates::english(&text))
            .ok();
        (date, date.is_none().then_some(text))
    });
    note::pair(record, births, places);
    record.births.dedup_by(|a: &mut Birth, b| a == b);
}

/// `type-aka` is `N` for the name itself; `quality-aka` is 2 for a weak alias; `category-aka` is kept.
fn name(field: El<'_, '_>, record: &mut Record) {
    let role = match field.value("type-aka") {
        None | Some("N") => NameKind::Primary,
        Some(other) => {
            keep_once(record, "type-aka", other);
            NameKind::Alias
        }
    };
    let weak = field.value("quality-aka") == Some("2");
    let parts = ["aka-name1", "aka-name2", "aka-name3", "aka-name4"]
        .map(|part| (PartKind::Part, field.value(part).unwrap_or("")));
    if let Some(name) = cells::name_of(role, &parts) {
        let quality = if weak { NameQuality::Weak } else { NameQuality::Good };
        add(&mut record.names, Name { quality, ..name });
    }
}

fn document(field: El<'_, '_>, record: &mut Record, countries: &mut Countries) {
    let words = field.value("document-reg").unwrap_or("");
    let country = field.value("document-country").unwrap_or("");
    let Some(number) = field.value("document-id") else {
        keep_once(record, "document-list/document-reg", words);
        keep_once(record, "document-list/document-country", country);
        return;
    };
    let kind = match identifier::kind(words) {
        IdentifierKind::Other(_) => IdentifierKind::Passport,
        kind => kind,
    };
    let mut identifier = Identifier::new(kind, number);
    identifier.country = countries.find(country);
    let more: Vec<&str> = [words, country].into_iter().filter(|text| !text.is_empty()).collect();
    identifier.note = (!more.is_empty()).then(|| more.join("; ")).map(Text::from);
    add(&mut record.identifiers, identifier);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(count: u32) -> String {
        format!(
            "<list-terror><count-record>{count}</count-record><ver-list>7</ver-list><date-ver-list>20240208</date-ver-list><acount-list>\
             <number-entry>3</number-entry><program-entry>UN</program-entry><date-entry>20011017</date-entry><type-entry>2</type-entry>\
             <aka-list><aka-name1>A</aka-name1><aka-name2>B</aka-name2><aka-name3>C</aka-name3><aka-name4>D</aka-name4><type-aka>N</type-aka>\
             <category-aka>c</category-aka></aka-list><aka-list><aka-name1>Abu X</aka-name1><type-aka>PE</type-aka><quality-aka>2</quality-aka>\
             </aka-list><title-list>Mr</title-list><document-list><document-id>541939</document-id><document-reg>passport</document-reg>\
             <document-country>Yemen</document-country></document-list><document-list><document-reg>none</document-reg></document-list>\
             <id-number-list>1; 2</id-number-list><address-list><address>Street 1, Sana'a, Yemen; Aden</address></address-list>\
             <place-of-birth-list>Medina, Saudi Arabia</place-of-birth-list><date-of-birth-list>30 Nov 1971</date-of-birth-list>\
             <nationality-list>Yemen, Atlantis</nationality-list></acount-list><acount-list><number-entry>4</number-entry></acount-list></list-terror>"
        )
    }

    #[test]
    fn every_construct() {
        let text = file(2);
        let document = Document {
            name: "t",
            bytes: text.as_bytes(),
        };
        assert_eq!((FORMAT.part)(document.bytes), Some(""));
        let snapshot = read(&document, &ReadOptions::default()).unwrap();
        assert_eq!(snapshot.date.map(|d| d.to_string()).as_deref(), Some("2024-02-08"));
        assert_eq!(snapshot.rejects[0].reason, "4 has no name");
        assert_eq!(snapshot.not_understood, [("aka-list/category-aka".to_owned(), 1)]);
        insta::assert_json_snapshot!(snapshot.records);
    }

    #[test]
    fn a_count_that_disagrees_refuses_the_file() {
        let text = file(5);
        let document = Document {
            name: "t",
            bytes: text.as_bytes(),
        };
        let error = read(&document, &ReadOptions::default()).unwrap_err().to_string();
        assert!(
            error.contains("count-record says 5, but 2 records are there"),
            "{error}"
        );
    }
}
