//! Switzerland, sanctions list of the State Secretariat for Economic Affairs (SECO), XML: the whole list and amendment messages.
//!
//! A `target` is one listing; its `ssid` is the publisher's lasting reference. Programmes stand before the targets and are referred to by the
//! number of a `sanctions-set`; the programme's English key is the code. A target whose newest modification is `de-listed` is off the
//! list: the whole file still carries it, an amendment message says so. `list-type` tells whether the file proves absences. Seen: SECO's
//! own example of an amendment message, and an excerpt of the whole list.

use std::collections::HashMap;

use standing_model::{
    Address, Birth, Extent, Gender, Identifier, IdentifierKind, NameKind, NameQuality, Note, PartKind, PartialDate,
    PartyKind, Place, Record, Reject, Snapshot, Text,
};

use super::cells::{add, keep_once};
use crate::country::Countries;
use crate::error::ReadError;
use crate::registry::{Document, Format, ReadOptions};
use crate::xml::{self, El, Part, Shape};
use crate::{dates, identifier, note};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "ch-seco-xml",
    lists: &["ch"],
    summary: "Switzerland, SECO sanctions list, XML: whole list and amendment messages",
    part: |bytes| {
        xml::root(bytes)
            .filter(|(root, _)| root == "swiss-sanctions-list")
            .map(|_| "")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

const SHAPE: Shape<'_> = Shape {
    records: &["sanctions-program", "place", "target"],
    counted: &["target"],
};

/// What stands before the targets and is referred to by them.
#[derive(Default)]
struct Tables {
    /// Number of a set of measures to the programme's code and the set's English name.
    sets: HashMap<String, (Text, Text)>,
    places: HashMap<String, Place>,
    countries: Countries,
}

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let text = xml::open(document)?;
    let mut snapshot = Snapshot::new("ch", FORMAT.id);
    let mut tables = Tables::default();
    let mut seen = 0_u64;
    xml::walk(document.name, &text.text, SHAPE, |part| {
        match part {
            Part::Head(path, value) => {
                match path {
                    "@date" => {
                        snapshot.date = note::list_date(document, value, dates::iso, options, &mut snapshot.warnings)?;
                    }
                    "@list-type" if value != "whole-list" => {
                        snapshot.extent =
                            Extent::Part(format!("the file says of itself that it is of the type \"{value}\""));
                    }
                    _ => {}
                }
                snapshot.head.push((path.to_owned(), value.to_owned()));
            }
            Part::Record(element, _) if element.name() == "sanctions-program" => {
                programme(element, &mut tables, &mut snapshot);
            }
            Part::Record(element, _) if element.name() == "place" => place(element, &mut tables, &mut snapshot),
            Part::Record(element, bytes) => {
                seen += 1;
                match record(element, &mut tables, &mut snapshot.not_understood) {
                    Ok((record, true)) => snapshot.removals.push(record.reference.to_string()),
                    Ok((record, false)) => {
                        snapshot.records.push(record);
                        note::position(&mut snapshot, &text, bytes, || format!("target {seen}"));
                    }
                    Err(reason) => snapshot.rejects.push(Reject {
                        position: format!("target {seen}, {}", xml::place(&text.text, bytes.start)),
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

/// The text of the element of this name in English, else in the first language there is.
fn english<'t>(element: El<'t, '_>, name: &str) -> Option<&'t str> {
    let first = element.value(name);
    element
        .all(name)
        .find(|el| el.attr("lang") == Some("eng"))
        .map(El::text)
        .filter(|text| !text.is_empty())
        .or(first)
}

fn programme(element: El<'_, '_>, tables: &mut Tables, snapshot: &mut Snapshot) {
    let key = english(element, "program-key").unwrap_or("").to_owned();
    for set in element.all("sanctions-set") {
        let (Some(id), text) = (set.filled("ssid"), set.text().to_owned()) else {
            continue;
        };
        let wanted = set.attr("lang") == Some("eng");
        let known = tables
            .sets
            .entry(id.to_owned())
            .or_insert_with(|| (key.clone().into(), text.clone().into()));
        if wanted {
            *known = (key.clone().into(), text.into());
        }
    }
    for name in element.all("program-name") {
        let language = name.filled("lang").unwrap_or("");
        snapshot
            .head
            .push((format!("sanctions-program {key} ({language})"), name.text().to_owned()));
    }
    element.unread(|path, value| {
        snapshot
            .head
            .push((format!("sanctions-program {key}/{path}"), value.to_owned()));
    });
}

fn place(element: El<'_, '_>, tables: &mut Tables, snapshot: &mut Snapshot) {
    let Some(id) = element.filled("ssid") else { return };
    let mut parts: Vec<&str> = ["location", "area"]
        .iter()
        .filter_map(|name| element.value(name))
        .collect();
    let country = element.first("country");
    let name = country.map(El::text).filter(|text| !text.is_empty());
    parts.extend(name);
    let code = country.and_then(|country| country.filled("iso-code"));
    let country = code.or(name).and_then(|country| tables.countries.find(country));
    tables.places.insert(
        id.to_owned(),
        Place {
            text: parts.join(", ").into(),
            country,
        },
    );
    element.unread(|path, value| snapshot.head.push((format!("place {id}/{path}"), value.to_owned())));
}

/// A listing, and whether its newest modification takes it off the list.
fn record(
    element: El<'_, '_>,
    tables: &mut Tables,
    not_understood: &mut Vec<(String, u64)>,
) -> Result<(Record, bool), String> {
    let reference = element
        .filled("ssid")
        .ok_or("no ssid, so the listing has no identity")?;
    let mut record = Record {
        reference: reference.into(),
        ..Record::default()
    };
    for set in element.all("sanctions-set-id") {
        match tables.sets.get(set.text()) {
            Some((programme, measure)) => {
                record.programmes.push(programme.clone());
                add(&mut record.measures, measure.clone());
            }
            None => record.programmes.push(set.text().into()),
        }
        keep_once(&mut record, "sanctions-set-id", set.text());
    }
    let (mut newest, mut gone) = ("", false);
    for change in element.all("modification") {
        let kind = change.filled("modification-type").unwrap_or("");
        let day = change
            .filled("effective-date")
            .or_else(|| change.filled("publication-date"))
            .unwrap_or("");
        let date = dates::iso(day).ok().map(PartialDate::from);
        // Only what is newer than everything before counts; the file lists the newest first.
        if newest.is_empty() || day > newest {
            newest = if day.is_empty() { "0" } else { day };
            gone = kind == "de-listed";
        }
        match (kind, date) {
            ("listed", Some(date)) => record.listed_on = record.listed_on.or(Some(date)),
            (_, Some(date)) => add(&mut record.amended_on, date),
            _ => {}
        }
        let text = [
            "modification-type",
            "enactment-date",
            "publication-date",
            "effective-date",
        ]
        .map(|name| change.filled(name).unwrap_or(""))
        .join(" ");
        record.kept.push(("modification".into(), text.trim().into()));
        // What a modification added or removed repeats what the record says or said; it is kept, and is no name of the record.
        for (at, side) in change.children().enumerate() {
            side.unread(|path, value| {
                record.kept.push((
                    format!("modification/{}[{at}]/{path}", side.name()).into(),
                    value.into(),
                ));
            });
            side.skip();
        }
    }
    for body in element.children() {
        record.kind = match body.name() {
            "individual" => PartyKind::Person,
            "entity" => PartyKind::Organisation,
            "object" => match body.filled("object-type") {
                Some("vessel") => PartyKind::Vessel,
                Some("aircraft") => PartyKind::Aircraft,
                _ => PartyKind::Unknown,
            },
            _ => continue,
        };
        record.gender = match body.filled("sex") {
            Some("male") => Some(Gender::Male),
            Some("female") => Some(Gender::Female),
            _ => None,
        };
        for part in body.children() {
            match part.name() {
                "identity" => identity(part, &mut record, tables),
                "justification" | "relation" | "other-information" => {
                    part.filled("ssid");
                    let text = part.text();
                    if let Some(number) = text.strip_prefix("IMO Number:").map(str::trim) {
                        add(&mut record.identifiers, Identifier::new(IdentifierKind::Imo, number));
                    }
                    if !text.is_empty() {
                        add(
                            &mut record.notes,
                            Note {
                                field: part.name().into(),
                                text: text.to_owned(),
                            },
                        );
                    }
                }
                _ => {}
            }
        }
    }
    if record.names.is_empty() && !gone {
        return Err(format!("{reference} has no name"));
    }
    record.names.sort_by_key(|name| name.kind != NameKind::Primary);
    note::unread(element, &mut record, not_understood);
    Ok((record, gone))
}

fn identity(element: El<'_, '_>, record: &mut Record, tables: &mut Tables) {
    element.filled("ssid");
    let main = element.filled("main") != Some("false");
    for part in element.children() {
        part.filled("ssid");
        let weak = part.filled("quality") == Some("low");
        match part.name() {
            "name" => name(part, record, main, weak),
            "day-month-year" => birth_day(part, record),
            "place-of-birth" => {
                let place = part.filled("place-id").and_then(|id| tables.places.get(id)).cloned();
                if let Some(place) = place {
                    add(
                        &mut record.births,
                        Birth {
                            place: Some(place),
                            ..Birth::default()
                        },
                    );
                }
            }
            "nationality" => {
                for country in part.all("country") {
                    let (code, text) = (country.filled("iso-code"), country.text());
                    match code.or(Some(text)).and_then(|name| tables.countries.find(name)) {
                        Some(country) => add(&mut record.nationalities, country),
                        None => keep_once(record, "nationality", text),
                    }
                }
            }
            "address" => address(part, record, tables),
            "identification-document" => {
                let number = part.value("number").unwrap_or("");
                let words = part.filled("document-type").unwrap_or("");
                let mut identifier = Identifier::new(identifier::kind(&words.replace('-', " ")), number);
                if let Some(issuer) = part.first("issuer") {
                    let code = issuer.filled("code");
                    let text = issuer.text();
                    identifier.country = code.or(Some(text)).and_then(|name| tables.countries.find(name));
                    identifier.note = (!text.is_empty()).then(|| text.into());
                }
                let day = |name: &str| {
                    part.value(name)
                        .and_then(|day| dates::iso(day).ok())
                        .map(PartialDate::from)
                };
                identifier.issued = day("date-of-issue");
                identifier.expires = day("expiry-date");
                if !number.is_empty() {
                    add(&mut record.identifiers, identifier);
                }
            }
            _ => {}
        }
    }
}

fn name(element: El<'_, '_>, record: &mut Record, main: bool, weak: bool) {
    let role = match element.filled("name-type") {
        Some("primary-name") if main => NameKind::Primary,
        Some("formerly-known-as") => NameKind::Former,
        _ => NameKind::Alias,
    };
    let language = element.filled("lang").map(Text::from);
    let mut parts: Vec<(u32, PartKind, El<'_, '_>)> = element
        .all("name-part")
        .map(|part| {
            let kind = match part.filled("name-part-type") {
                Some("family-name") => PartKind::Family,
                Some("given-name") => PartKind::Given,
                Some("further-given-name") => PartKind::Middle,
                Some("father-name") => PartKind::Patronymic,
                Some("maiden-name") => PartKind::Maiden,
                Some("suffix") => PartKind::Suffix,
                _ => PartKind::Part,
            };
            (
                part.filled("order").and_then(|order| order.parse().ok()).unwrap_or(0),
                kind,
                part,
            )
        })
        .collect();
    parts.sort_by_key(|(order, ..)| *order);
    // Titles are parts of names here.
    for (_, _, part) in &parts {
        if part.attr("name-part-type") == Some("title")
            && let Some(title) = part.value("value")
        {
            add(&mut record.titles, title.into());
        }
    }
    parts.retain(|(_, _, part)| part.attr("name-part-type") != Some("title"));
    let quality = if weak { NameQuality::Weak } else { NameQuality::Good };
    // The list puts family names first; a person's name reads given names first.
    parts.sort_by_key(|(_, kind, _)| match kind {
        PartKind::Given => 0,
        PartKind::Middle | PartKind::Patronymic => 1,
        PartKind::Suffix => 3,
        _ => 2,
    });
    let whole: Vec<(PartKind, &str)> = parts
        .iter()
        .filter_map(|(_, kind, part)| Some((*kind, part.value("value")?)))
        .collect();
    if let Some(mut name) = super::cells::name_of(role, &whole) {
        name.language.clone_from(&language);
        add(&mut record.names, name.with_quality(quality));
    }
    // A spelling variant replaces one part; the first of each part together make one more name, further ones one each.
    for (at, (_, _, part)) in parts.iter().enumerate() {
        for variant in part.all("spelling-variant") {
            let text = variant.text();
            let spelled: Vec<(PartKind, &str)> = parts
                .iter()
                .enumerate()
                .filter_map(|(other, (_, kind, part))| {
                    Some((*kind, if other == at { text } else { part.value("value")? }))
                })
                .collect();
            let script = variant.filled("script").map(str::to_owned);
            let language = variant.filled("lang").map(str::to_owned);
            variant.filled("spelling-variant-type");
            if let Some(mut name) = super::cells::name_of(NameKind::Alias, &spelled) {
                name.language = language.map(Text::from);
                add(&mut record.names, name.with_quality(quality));
            }
            if let Some(script) = script {
                keep_once(record, "spelling-variant@script", &script);
            }
        }
    }
}

fn birth_day(element: El<'_, '_>, record: &mut Record) {
    let number = |name: &str| element.filled(name).and_then(|text| text.parse::<u32>().ok());
    let (day, month, year) = (number("day"), number("month"), number("year"));
    let calendar = element.filled("calendar").unwrap_or("Gregorian");
    let written = [year, month, day]
        .iter()
        .flatten()
        .map(u32::to_string)
        .collect::<Vec<_>>()
        .join("-");
    let date = year.filter(|_| calendar == "Gregorian").and_then(|year| {
        dates::ymd(
            &written,
            year,
            month.unwrap_or(0),
            if month.is_some() { day.unwrap_or(0) } else { 0 },
        )
        .ok()
    });
    let written = date.is_none().then(|| {
        if calendar == "Gregorian" {
            written
        } else {
            format!("{written} ({calendar})")
        }
    });
    add(
        &mut record.births,
        Birth {
            date: date.map(Into::into),
            place: None,
            written: written.map(Text::from),
        },
    );
}

fn address(element: El<'_, '_>, record: &mut Record, tables: &Tables) {
    let place = element.filled("place-id").and_then(|id| tables.places.get(id));
    if place.is_none()
        && let Some(id) = element.filled("place-id")
    {
        keep_once(record, "address@place-id", id);
    }
    let parts: Vec<(Text, Text)> = ["c-o", "address-details", "p-o-box", "zip-code", "remark"]
        .iter()
        .filter_map(|name| Some((Text::const_new(name), element.value(name)?.into())))
        .collect();
    let mut words: Vec<&str> = parts.iter().map(|(_, text)| text.as_str()).collect();
    words.extend(place.map(|place| place.text.as_str()));
    if !words.is_empty() {
        let text = words.join(", ");
        add(
            &mut record.addresses,
            Address {
                text: text.into(),
                country: place.and_then(|place| place.country),
                parts,
            },
        );
    }
}
