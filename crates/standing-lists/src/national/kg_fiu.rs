//! Kyrgyzstan, lists of the financial intelligence service: the consolidated list and three further ones as XML, and the consolidated
//! list's natural persons as a converted workbook.
//!
//! No list has a lasting reference (`Number` only counts), so the key is the name and, for persons, the birth date as written; it breaks when
//! either is corrected, and identical records get an ordinal. The files bear no date. Seen: the persons of 2021 as a workbook; the XML is
//! known by its element names from other programs, and its test inputs are our own. The workbook holds persons only, so it proves no
//! absence.

use standing_model::{
    Birth, Extent, Identifier, IdentifierKind, Name, NameKind, PartKind, PartyKind, Place, Record, Reject, Snapshot,
    Text,
};

use super::cells;
use super::xml_list::{self, XmlList};
use crate::error::ReadError;
use crate::registry::{Document, Format, ReadOptions};
use crate::sheets::columns::{Column, Columns, Heading};
use crate::xml::{self, El};
use crate::{dates, note, sheets};

/// The XML's entry.
pub(crate) const XML: Format = Format {
    id: "kg-fiu-xml",
    lists: &["kg", "kg-served", "kg-laundering"],
    summary: "Kyrgyzstan, lists of the financial intelligence service, XML",
    part: |bytes| {
        let (root, _) = xml::root(bytes)?;
        ROOTS.iter().any(|(known, ..)| *known == root).then_some("")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

/// The converted workbook's entry.
pub(crate) const XLSX: Format = Format {
    id: "kg-fiu-xlsx",
    lists: &["kg"],
    summary: "Kyrgyzstan, natural persons of the consolidated list, converted to XLSX",
    part: |bytes| {
        let sheets = sheets::peek(bytes)?;
        (Columns::share(sheets.first()?.row(0)?, LAYOUT) >= 60).then_some("")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| workbook(document, options)).collect(),
};

/// Roots, the lists they are and the elements that are records.
const ROOTS: &[(&str, &str, &[&str])] = &[
    ("SanctionList", "kg", &["KyrgyzPhysicPerson", "KyrgyzLegalPerson"]),
    ("ArrayOfPersonServedSentence", "kg-served", &["PersonServedSentence"]),
    ("ArrayOfLegalizationPhysic", "kg-laundering", &["LegalizationPhysic"]),
    ("ArrayOfLegalization", "kg-laundering", &["Legalization"]),
];

const LAYOUT: &[Column] = &[
    Column::optional("Number"),
    Column::of("Surname").or(&["Supername"]),
    Column::of("Name"),
    Column::of("Patronomic"),
    Column::of("DataBirth"),
    Column::of("PlaceBirth"),
    Column::of("BasicInclusion"),
    Column::of("CategoryPerson"),
    Column::of("DateInclusion"),
];

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let root = xml::root(document.bytes).map(|(root, _)| root).unwrap_or_default();
    let &(_, list, records) = ROOTS.iter().find(|(known, ..)| *known == root).unwrap_or(&ROOTS[0]);
    let shape = XmlList {
        list,
        format: XML.id,
        records,
        date: "",
        read_date: dates::iso,
    };
    let mut snapshot = xml_list::read(document, options, &shape, |element| {
        let mut record = entry(
            element.name() == "KyrgyzLegalPerson" || element.name() == "Legalization",
            &|name| element.value(name).unwrap_or(""),
        )?;
        further(element, &mut record);
        Ok(record)
    })?;
    // Two files make up this list: persons in one, organisations in the other.
    if list == "kg-laundering" && snapshot.extent == Extent::Whole {
        snapshot.extent = Extent::Part("the list comes as two files, of persons and of organisations".to_owned());
    }
    cells::newest(&mut snapshot);
    Ok(snapshot)
}

/// Fields of the list of legalisation of proceeds.
fn further(element: El<'_, '_>, record: &mut Record) {
    if let Some(number) = element.value("INN") {
        record.identifiers.push(Identifier::new(IdentifierKind::Inn, number));
    }
    let parts: Vec<(Text, Text)> = ["City", "Street"]
        .iter()
        .filter_map(|name| Some((Text::const_new(name), element.value(name)?.into())))
        .collect();
    if !parts.is_empty() {
        let text = parts
            .iter()
            .map(|(_, text)| text.as_str())
            .collect::<Vec<_>>()
            .join(", ");
        record.addresses.push(standing_model::Address {
            text: text.into(),
            country: None,
            parts,
        });
    }
}

fn workbook(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let sheets = sheets::open(*document)?;
    let mut snapshot = Snapshot::new("kg", XLSX.id);
    snapshot.extent = Extent::Part("converted by a third party: natural persons only".to_owned());
    for sheet in &sheets {
        let (columns, head) = cells::columns(document, sheet, LAYOUT, 2)?;
        for row in (head + 1..sheet.len()).filter_map(|at| sheet.row(at)) {
            let position = format!("row {}", row.number);
            match entry(false, &|name| columns.get(row, name)) {
                Ok(mut record) => {
                    for (heading, text, _) in columns.cells(row) {
                        if let Heading::Other(heading) = heading {
                            cells::keep_once(&mut record, &heading, text);
                            // The numbers stand in a column without heading.
                            if heading != "column A" {
                                note::not_understood(&mut snapshot, &heading);
                            }
                        }
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

/// A record of named values, from an element or a row.
fn entry<'t>(body: bool, get: &dyn Fn(&str) -> &'t str) -> Result<Record, String> {
    let get = |name: &str| Some(get(name).trim()).filter(|text| *text != "-").unwrap_or("");
    let born = get("DataBirth");
    let mut record = Record {
        kind: if body {
            PartyKind::Organisation
        } else {
            PartyKind::Person
        },
        ..Record::default()
    };
    if body {
        // One field holds all names, separated by commas.
        for name in get("Name")
            .split(", ")
            .map(note::spaced)
            .filter(|name| !name.is_empty())
        {
            let kind = if record.names.is_empty() {
                NameKind::Primary
            } else {
                NameKind::Alias
            };
            record.names.push(Name::new(kind, name));
        }
    } else {
        record.names.extend(cells::name_of(
            NameKind::Primary,
            &[
                (PartKind::Given, get("Name")),
                (PartKind::Patronymic, get("Patronomic")),
                (PartKind::Family, get("Surname")),
            ],
        ));
    }
    let Some(name) = record.names.first() else {
        return Err("no name, so the record has no identity".to_owned());
    };
    record.reference = if body {
        note::spaced(get("Name")).to_lowercase()
    } else {
        format!("{}/{born}", name.text).to_lowercase().into()
    };
    let place = get("PlaceBirth");
    // Two birth dates stand behind each other: `01.01.1970, 02.01.1970`.
    let mut births: Vec<Birth> = born
        .split(", ")
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(|text| {
            let date = xml_list::any_day(text).ok().map(Into::into);
            Birth {
                written: date.is_none().then(|| text.into()),
                date,
                place: None,
            }
        })
        .collect();
    if !place.is_empty() {
        let place = Some(Place {
            text: place.into(),
            country: crate::country::of_place(place),
        });
        match births.as_mut_slice() {
            [one] => one.place = place,
            _ => births.push(Birth {
                place,
                ..Birth::default()
            }),
        }
    }
    record.births = births;
    if !get("BasicInclusion").is_empty() {
        record.instruments.push(get("BasicInclusion").into());
    }
    if !get("CategoryPerson").is_empty() {
        record.programmes.push(get("CategoryPerson").into());
    }
    let listed = get("DateInclusion");
    if !listed.is_empty() {
        record.listed_on = note::calendar(&mut record, "DateInclusion", listed, xml_list::any_day);
    }
    note::keep(&mut record, "Number", get("Number"));
    Ok(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(bytes: &[u8]) -> Snapshot {
        assert_eq!((XML.part)(bytes), Some(""));
        read(&Document { name: "t", bytes }, &ReadOptions::default()).unwrap()
    }

    #[test]
    fn every_construct() {
        let snapshot = list(
            "<SanctionList><physicPersons><KyrgyzPhysicPerson><Number>1</Number><Surname>Петров</Surname><Name>Пётр</Name>\
             <Patronomic>-</Patronomic><DataBirth>13.05.1987</DataBirth><PlaceBirth>г. Ош</PlaceBirth>\
             <BasicInclusion>Приговор</BasicInclusion><CategoryPerson>террорист</CategoryPerson><DateInclusion>2018-05-21</DateInclusion>\
             </KyrgyzPhysicPerson><KyrgyzPhysicPerson><Surname>Петров</Surname><Name>Пётр</Name><DataBirth>13.05.1987</DataBirth>\
             <DateInclusion>-</DateInclusion></KyrgyzPhysicPerson></physicPersons><legalPersons><KyrgyzLegalPerson>\
             <Name>Первая организация, Другое имя</Name><DateInclusion>31.02.2019</DateInclusion></KyrgyzLegalPerson>\
             <KyrgyzLegalPerson/></legalPersons></SanctionList>"
                .as_bytes(),
        );
        assert_eq!(snapshot.records.len(), 3);
        assert_eq!(snapshot.rejects.len(), 1);
        insta::assert_json_snapshot!(snapshot.records);
    }

    #[test]
    fn the_further_lists() {
        let served = list(
            "<ArrayOfPersonServedSentence><PersonServedSentence><Surname>А</Surname><Name>Б</Name><Extra>x</Extra></PersonServedSentence>\
             </ArrayOfPersonServedSentence>"
                .as_bytes(),
        );
        assert_eq!(
            (served.list.as_str(), served.records[0].reference.as_str()),
            ("kg-served", "б а/")
        );
        assert_eq!(served.records[0].kept, [("Extra".into(), "x".into())]);
        let bodies = list(
            "<ArrayOfLegalization><Legalization><Name>ОсОО Икс</Name><INN>123</INN><City>Бишкек</City><Street>Чуй</Street>\
             <FounderDetails>Учредитель</FounderDetails></Legalization></ArrayOfLegalization>"
                .as_bytes(),
        );
        assert!(matches!(bodies.extent, Extent::Part(_)));
        assert_eq!(bodies.records[0].identifiers[0].kind, IdentifierKind::Inn);
        assert_eq!(bodies.records[0].addresses[0].text, "Бишкек, Чуй");
        assert_eq!(bodies.not_understood, [("FounderDetails".to_owned(), 1)]);
    }
}
