//! Kazakhstan, lists of the Agency for Financial Monitoring, XML: financiers of terrorism and extremism, and participants in terrorist activities.
//!
//! The first list has `person` and `org` elements; the second gives persons in `org` elements with an `org_iin`. The key is the individual
//! number (`iin`) where there is one, else name and birth date or note; it breaks when these are corrected. The files bear no date. No real
//! file is at hand: the element names are known from other programs, the test inputs are our own.

use standing_model::{Birth, Identifier, IdentifierKind, Name, NameKind, Note, PartKind, PartyKind, Record, Snapshot};

use super::cells;
use super::xml_list::{self, XmlList};
use crate::error::ReadError;
use crate::registry::{Document, Format, ReadOptions};
use crate::xml::{self, El};
use crate::{dates, note};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "kz-afm-xml",
    lists: &["kz", "kz-participants"],
    summary: "Kazakhstan, lists of the Agency for Financial Monitoring, XML",
    part: |bytes| {
        xml::root(bytes)?;
        let head = &bytes[..bytes.len().min(64 << 10)];
        let holds = |tag: &str| memchr::memmem::find(head, tag.as_bytes()).is_some();
        let persons = holds("<person") && holds("<fname") && holds("<iin");
        (persons || (holds("<org") && holds("<org_name"))).then_some("")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let participants = memchr::memmem::find(document.bytes, b"<org_iin").is_some();
    let list = XmlList {
        list: if participants { "kz-participants" } else { "kz" },
        format: FORMAT.id,
        records: &["person", "org"],
        date: "",
        read_date: dates::iso,
    };
    let mut snapshot = xml_list::read(document, options, &list, |element| record(element, participants))?;
    cells::newest(&mut snapshot);
    Ok(snapshot)
}

fn record(element: El<'_, '_>, participants: bool) -> Result<Record, String> {
    let person = element.name() == "person" || participants;
    let mut record = Record {
        kind: if person {
            PartyKind::Person
        } else {
            PartyKind::Organisation
        },
        ..Record::default()
    };
    record.names.extend(cells::name_of(
        NameKind::Primary,
        &[
            (PartKind::Given, element.value("fname").unwrap_or("")),
            (PartKind::Patronymic, element.value("mname").unwrap_or("")),
            (PartKind::Family, element.value("lname").unwrap_or("")),
        ],
    ));
    for field in ["org_name", "org_name_en"] {
        // One field holds several names of an organisation.
        for name in element.value(field).unwrap_or("").split(';').map(note::spaced) {
            if !name.is_empty() {
                let kind = if record.names.is_empty() {
                    NameKind::Primary
                } else {
                    NameKind::Alias
                };
                cells::add(&mut record.names, Name::new(kind, name));
            }
        }
    }
    let born = element.value("birthdate").unwrap_or("");
    if !born.is_empty() {
        let date = xml_list::any_day(born).ok().map(Into::into);
        record.births.push(Birth {
            written: date.is_none().then(|| born.into()),
            date,
            place: None,
        });
    }
    let number = element.value("iin").or_else(|| element.value("org_iin")).unwrap_or("");
    if !number.is_empty() {
        let mut identifier = Identifier::new(IdentifierKind::NationalId, number);
        identifier.country = "KZ".parse().ok();
        identifier.note = Some("IIN".into());
        record.identifiers.push(identifier);
    }
    let remark = element.value("note").unwrap_or("");
    if !remark.is_empty() {
        record.notes.push(Note {
            field: "note".into(),
            text: remark.to_owned(),
        });
    }
    let correction = element.value("correction").unwrap_or("");
    note::keep(&mut record, "correction", correction);
    let added = element.value("added_to_list");
    // `включен от 04.10.2024` is `included as of`.
    let listed = added.or_else(|| correction.strip_prefix("включен от ").map(str::trim));
    if let Some(day) = listed {
        record.listed_on = note::calendar(&mut record, "added_to_list", day, xml_list::any_day);
    }
    let Some(name) = record.names.first() else {
        return Err("no name, so the record has no identity".to_owned());
    };
    record.reference = match (number, born) {
        ("", "") if person => format!("{}/{}", name.text, note::spaced(remark)),
        ("", "") => name.text.to_string(),
        ("", born) => format!("{}/{born}", name.text),
        (number, _) => number.to_owned(),
    }
    .to_lowercase()
    .into();
    Ok(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Snapshot {
        let document = Document {
            name: "t",
            bytes: text.as_bytes(),
        };
        assert_eq!((FORMAT.part)(document.bytes), Some(""));
        read(&document, &ReadOptions::default()).unwrap()
    }

    #[test]
    fn every_construct() {
        let snapshot = list(
            "<xml><persons><person><num>1</num><fname>ПЁТР</fname><mname>ПЕТРОВИЧ</mname><lname>ПЕТРОВ</lname>\
             <birthdate>01.02.1980</birthdate><iin>800201300123</iin><note>прим.</note><correction>включен от 04.10.2024</correction>\
             <added_to_list/></person><person><fname>А</fname><lname>Б</lname><birthdate>1980</birthdate></person>\
             <person><iin>1</iin></person></persons><orgs><org><org_name>Первая; Вторая</org_name><org_name_en>First</org_name_en>\
             <note>прим.</note><added_to_list>31.12.2020</added_to_list></org></orgs></xml>",
        );
        assert_eq!(snapshot.list, "kz");
        assert_eq!(snapshot.rejects.len(), 1);
        assert_eq!(snapshot.not_understood, [("num".to_owned(), 1)]);
        insta::assert_json_snapshot!(snapshot.records);
    }

    #[test]
    fn participants_are_persons_in_elements_of_organisations() {
        let snapshot = list(
            "<xml><org><org_name>ПЕТРОВ ПЁТР</org_name><org_iin>800201300123</org_iin></org>\
             <org><org_name>СИДОРОВ</org_name><org_iin/><note>1970 г.р.</note></org></xml>",
        );
        assert_eq!(snapshot.list, "kz-participants");
        let found: Vec<(&str, PartyKind)> = snapshot
            .records
            .iter()
            .map(|r| (r.reference.as_str(), r.kind))
            .collect();
        assert_eq!(
            found,
            [
                ("800201300123", PartyKind::Person),
                ("сидоров/1970 г.р.", PartyKind::Person)
            ]
        );
    }
}
