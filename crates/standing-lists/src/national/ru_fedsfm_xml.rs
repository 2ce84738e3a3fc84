//! Russia, Rosfinmonitoring's catalogue of terrorists and extremists, XML of format 2.0 (`Перечень`), with its latest additions and removals.
//!
//! A `Субъект` of `АктуальныйПеречень` is one listing. `ИдСубъекта` is the publisher's own id, but the page and the DBF have none, so that the key
//! is theirs: name, birth date as `31.12.1999`, birth place ([`super::ru_pages`]); the id is kept. `ДатаПеречня` is the snapshot's date.
//! `ПоследниеВключенные` and `ПоследниеИсключенные` repeat what changed since `ДатаПредыдущегоПеречня`; the former stand in the list itself, the
//! latter are told as removals. No real file is at hand: the elements are known from other programs, the test inputs are our own.

use standing_model::{
    Address, Birth, Country, Identifier, IdentifierKind, Name, NameKind, Note, PartyKind, Place, Record, Reject,
    Snapshot,
};

use super::cells::{add, keep_once};
use super::ru_pages::key;
use crate::error::ReadError;
use crate::registry::{Document, Format, ReadOptions};
use crate::xml::{self, El, Part, Shape};
use crate::{dates, note};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "ru-fedsfm-xml",
    lists: &["ru-fedsfm"],
    summary: "Russia, Rosfinmonitoring's catalogue of terrorists and extremists, XML 2.0",
    part: |bytes| xml::root(bytes).filter(|(root, _)| root == "Перечень").map(|_| ""),
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

const SHAPE: Shape<'_> = Shape {
    records: &["Субъект", "ПоследниеВключенные", "ПоследниеИсключенные"],
    counted: &["Субъект"],
};

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let text = xml::open(document)?;
    let mut snapshot = Snapshot::new("ru-fedsfm", FORMAT.id);
    let mut seen = 0_u64;
    let mut excluded: Vec<String> = Vec::new();
    xml::walk(document.name, &text.text, SHAPE, |part| {
        match part {
            Part::Head(path, value) => {
                if path == "ДатаПеречня" {
                    snapshot.date = note::list_date(document, value, dates::iso, options, &mut snapshot.warnings)?;
                }
                snapshot.head.push((path.to_owned(), value.to_owned()));
            }
            Part::Record(element, _) if element.name() != "Субъект" => {
                latest(element, &mut snapshot, &mut excluded);
            }
            Part::Record(element, bytes) => {
                seen += 1;
                match record(element) {
                    Ok(mut record) => {
                        note::unread(element, &mut record, &mut snapshot.not_understood);
                        snapshot.records.push(record);
                        note::position(&mut snapshot, &text, bytes, || format!("Субъект {seen}"));
                    }
                    Err(reason) => snapshot.rejects.push(Reject {
                        position: format!("Субъект {seen}, {}", xml::place(&text.text, bytes.start)),
                        reason,
                    }),
                }
            }
        }
        Ok(())
    })?;
    note::finish(&mut snapshot, options);
    // Who was taken off and stands on the list again is not removed.
    excluded.retain(|reference| !snapshot.records.iter().any(|record| record.reference == *reference));
    snapshot.removals = excluded;
    Ok(snapshot)
}

/// The changes since the list before: everything is told in the head, and removals by the same key as records.
fn latest(element: El<'_, '_>, snapshot: &mut Snapshot, excluded: &mut Vec<String>) {
    if element.name() == "ПоследниеИсключенные" {
        let reference = |subject| record(subject).ok().map(|record| record.reference.into_string());
        excluded.extend(element.all("Субъект").filter_map(reference));
    }
    let name = element.name();
    let mut tell = |path: &str, value: &str| snapshot.head.push((format!("{name}/{path}"), value.to_owned()));
    all_leaves(element, "", &mut tell);
}

fn all_leaves(element: El<'_, '_>, path: &str, tell: &mut dyn FnMut(&str, &str)) {
    let text = element.text();
    if !text.is_empty() {
        tell(path, text);
    }
    for child in element.children() {
        let below = if path.is_empty() {
            child.name().to_owned()
        } else {
            format!("{path}/{}", child.name())
        };
        all_leaves(child, &below, tell);
    }
}

fn record(element: El<'_, '_>) -> Result<Record, String> {
    let mut record = Record::default();
    keep_once(&mut record, "ИдСубъекта", element.value("ИдСубъекта").unwrap_or(""));
    if let Some(kind) = element.first("ТипСубъекта") {
        for name in ["Идентификатор", "Наименование"] {
            keep_once(
                &mut record,
                &format!("ТипСубъекта/{name}"),
                kind.value(name).unwrap_or(""),
            );
        }
    }
    let (mut born, mut place) = (String::new(), "");
    if let Some(person) = element.first("ФЛ") {
        record.kind = PartyKind::Person;
        names(person, "ФИО", &mut record);
        (born, place) = birth(person, &mut record);
        documents(person, &mut record);
        if let Some(text) = person.value("Гражданство") {
            match Country::from_name(text) {
                Some(country) => add(&mut record.nationalities, country),
                None => keep_once(&mut record, "Гражданство", text),
            }
        }
    }
    for body in element.all("ЮЛ").chain(element.all("Орг")) {
        record.kind = PartyKind::Organisation;
        names(body, "Наименование", &mut record);
        for (name, kind) in [("ИНН", IdentifierKind::Inn), ("ОГРН", IdentifierKind::Ogrn)] {
            if let Some(number) = body.value(name) {
                add(&mut record.identifiers, Identifier::new(kind, number));
            }
        }
        if let Some(day) = body.value("ДатаРегистрации") {
            let date = note::calendar(&mut record, "ДатаРегистрации", day, super::xml_list::any_day);
            record.births.extend(date.map(|date| Birth {
                date: Some(date),
                ..Birth::default()
            }));
        }
    }
    for list in element.all("СписокАдресов") {
        for address in list.children() {
            if let Some(text) = address.value("ТекстАдреса") {
                add(
                    &mut record.addresses,
                    Address {
                        text: text.into(),
                        country: crate::country::of_place(text),
                        parts: Vec::new(),
                    },
                );
            }
        }
    }
    if let Some(history) = element.first("История") {
        if let Some(day) = history.value("ДатаВключения") {
            record.listed_on = note::calendar(&mut record, "ДатаВключения", day, super::xml_list::any_day);
        }
        for day in history
            .all("ДатаИзменения")
            .map(El::text)
            .filter(|text| !text.is_empty())
        {
            let date = note::calendar(&mut record, "ДатаИзменения", day, super::xml_list::any_day);
            record.amended_on.extend(date);
        }
    }
    // The page marks terrorists with an asterisk.
    match element.value("Террорист") {
        Some("1") => record.programmes.push("*".into()),
        other => keep_once(&mut record, "Террорист", other.unwrap_or("")),
    }
    if let Some(text) = element.value("Примечание") {
        record.notes.push(Note {
            field: "Примечание".into(),
            text: text.to_owned(),
        });
    }
    let Some(name) = record.names.first() else {
        return Err("no name (ФИО, Наименование)".to_owned());
    };
    record.reference = key(&name.text, &born, place).into();
    Ok(record)
}

fn names(field: El<'_, '_>, name: &str, record: &mut Record) {
    if let Some(text) = field.value(name) {
        add(&mut record.names, Name::new(NameKind::Primary, note::spaced(text)));
    }
    for list in field.all("СписокДрНаименований") {
        for other in list.all("ДрНаименование") {
            // The page calls them former names.
            if let Some(text) = other
                .value(name)
                .or_else(|| Some(other.text()).filter(|text| !text.is_empty()))
            {
                add(&mut record.names, Name::new(NameKind::Former, note::spaced(text)));
            }
        }
    }
}

/// The birth, and its date and place as the page writes them.
fn birth<'t>(person: El<'t, '_>, record: &mut Record) -> (String, &'t str) {
    let (day, year) = (person.value("ДатаРождения"), person.value("ГодРождения"));
    let place = person.value("МестоРождения").unwrap_or("");
    let written = day.or(year).unwrap_or("");
    let date = super::xml_list::any_day(written).ok();
    if !written.is_empty() || !place.is_empty() {
        record.births.push(Birth {
            written: (date.is_none() && !written.is_empty()).then(|| written.into()),
            date: date.map(Into::into),
            place: (!place.is_empty()).then(|| Place {
                text: place.into(),
                country: None,
            }),
        });
    }
    let day = match written.split('-').collect::<Vec<_>>().as_slice() {
        [year, month, day] => format!("{}.{month}.{year}", day.get(..2).unwrap_or(day)),
        _ => written.to_owned(),
    };
    (day, place)
}

fn documents(person: El<'_, '_>, record: &mut Record) {
    for list in person.all("СписокДокументов") {
        for paper in list.children() {
            let (series, number) = (paper.value("Серия").unwrap_or(""), paper.value("Номер").unwrap_or(""));
            let value = format!("{series} {number}").trim().to_owned();
            if value.is_empty() {
                continue;
            }
            // The list does not say what document it is unless in further elements.
            let words = paper
                .children()
                .filter(|part| part.is_leaf() && !matches!(part.name(), "Серия" | "Номер"))
                .map(El::text)
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join("; ");
            let kind = if words.to_lowercase().contains("паспорт") {
                IdentifierKind::Passport
            } else {
                IdentifierKind::Other("документ".into())
            };
            let mut identifier = Identifier::new(kind, value);
            identifier.note = (!words.is_empty()).then_some(words.into());
            add(&mut record.identifiers, identifier);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "<Перечень><ВерсияФормата>2.0</ВерсияФормата><ДатаПеречня>2024-10-04</ДатаПеречня>\
        <ДатаПредыдущегоПеречня>2024-10-03</ДатаПредыдущегоПеречня><АктуальныйПеречень><Субъект><ИдСубъекта>7</ИдСубъекта>\
        <ТипСубъекта><Идентификатор>4</Идентификатор><Наименование>ФЛ</Наименование></ТипСубъекта><ФЛ><ФИО>ПЕТРОВ ПЁТР</ФИО>\
        <ДатаРождения>1964-05-03</ДатаРождения><ГодРождения>1964</ГодРождения><МестоРождения>С. НОВОЕ</МестоРождения>\
        <СписокДрНаименований><ДрНаименование><ФИО>СЕДОВ ПЁТР</ФИО></ДрНаименование></СписокДрНаименований><СписокДокументов><Документ>\
        <ВидДокумента>Паспорт РФ</ВидДокумента><Серия>12 34</Серия><Номер>567890</Номер></Документ></СписокДокументов>\
        <Гражданство>Российская Федерация</Гражданство></ФЛ><СписокАдресов><Адрес><ТекстАдреса>Г. МОСКВА</ТекстАдреса></Адрес></СписокАдресов>\
        <История><ДатаВключения>2012-01-02</ДатаВключения><ДатаИзменения>2020-03-04</ДатаИзменения></История><Террорист>1</Террорист>\
        <Примечание>п</Примечание><Новое>н</Новое></Субъект><Субъект><Орг><Наименование>ПЕРВАЯ</Наименование>\
        <ДатаРегистрации>2001-02-03</ДатаРегистрации><ИНН>1</ИНН><ОГРН>2</ОГРН><СписокДрНаименований><ДрНаименование>\
        <Наименование>СТАРАЯ</Наименование></ДрНаименование></СписокДрНаименований></Орг></Субъект><Субъект><ФЛ/></Субъект>\
        </АктуальныйПеречень><ПоследниеВключенные><Субъект><ФЛ><ФИО>ПЕТРОВ ПЁТР</ФИО></ФЛ></Субъект></ПоследниеВключенные>\
        <ПоследниеИсключенные><Субъект><ФЛ><ФИО>УШЕДШИЙ</ФИО><ДатаРождения>1970-01-02</ДатаРождения></ФЛ></Субъект></ПоследниеИсключенные>\
        </Перечень>";

    #[test]
    fn every_construct() {
        let document = Document {
            name: "t",
            bytes: FILE.as_bytes(),
        };
        assert_eq!((FORMAT.part)(document.bytes), Some(""));
        let snapshot = read(&document, &ReadOptions::default()).unwrap();
        assert_eq!(snapshot.date.map(|d| d.to_string()).as_deref(), Some("2024-10-04"));
        assert_eq!(snapshot.removals, ["ушедший/02.01.1970/"]);
        assert_eq!(snapshot.rejects.len(), 1);
        assert_eq!(snapshot.not_understood, [("Новое".to_owned(), 1)]);
        // The same key as the page's line of the same person.
        assert_eq!(snapshot.records[0].reference, "петров пётр/03.05.1964/с. новое");
        insta::assert_json_snapshot!((&snapshot.records, &snapshot.head));
    }
}
