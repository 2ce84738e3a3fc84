//! UN Security Council consolidated list, XML.
//!
//! One `INDIVIDUAL` or `ENTITY` element is one listing. Its identity is `REFERENCE_NUMBER` (`QDi.317`), which the committees keep for
//! life; `DATAID` changes when a record is re-keyed (six Haiti entries did between April 2025 and February 2026) and is only kept.
//! `dateGenerated` of the root is the snapshot's date, its day as written. Source: the schema that the file names
//! (<https://www.un.org/sc/resources/sc-sanctions.xsd>) and three whole lists of 2020, 2025 and 2026.

use std::borrow::Cow;

use standing_model::{
    Address, Birth, Calendar, Identifier, Name, NameKind, NameQuality, Note, PartKind, PartialDate, PartyKind, Place,
    Record, Reject, Snapshot, Text,
};

use crate::country::Countries;
use crate::error::ReadError;
use crate::note::Beside;
use crate::registry::{Document, Format, ReadOptions};
use crate::xml::{self, El, Found, Shape};
use crate::{dates, identifier, note, text};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "un-xml",
    lists: &["un"],
    summary: "UN Security Council consolidated list, XML",
    part: |bytes| {
        xml::root(bytes)
            .filter(|(root, _)| root == "CONSOLIDATED_LIST")
            .map(|_| "")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

const SHAPE: Shape<'_> = Shape {
    records: &["INDIVIDUAL", "ENTITY"],
    counted: &["INDIVIDUAL", "ENTITY"],
};

/// Reads one snapshot. Fails as a whole only when what is missing makes it doubtful as a whole.
pub(crate) fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let text = xml::open(document)?;
    let mut snapshot = Snapshot::new("un", FORMAT.id);
    let mut seen = 0_u64;
    // With the element's name, and its key where it is rejected.
    let one = |element: El<'_, '_>, room: &mut Room| {
        let kind = if element.name() == "INDIVIDUAL" {
            "INDIVIDUAL"
        } else {
            "ENTITY"
        };
        let read = record(element, room);
        (
            kind,
            read.map_err(|reason| (element.value("DATAID").unwrap_or("missing").to_owned(), reason)),
        )
    };
    xml::records(document.name, &text.text, SHAPE, one, |found| {
        match found {
            Found::Head(path, value) => {
                if path == "@dateGenerated" {
                    snapshot.date = note::list_date(document, value, dates::iso, options, &mut snapshot.warnings)?;
                }
                snapshot.head.push((path.to_owned(), value.to_owned()));
            }
            Found::Record((kind, read), bytes) => {
                seen += 1;
                match read {
                    Ok(record) => {
                        snapshot.records.push(record);
                        note::position(&mut snapshot, &text, bytes, || format!("{kind} {seen}"));
                    }
                    Err((key, reason)) => snapshot.rejects.push(Reject {
                        position: format!("{kind} {seen} (DATAID {key}), {}", xml::place(&text.text, bytes.start)),
                        reason,
                    }),
                }
            }
            Found::Noted(room) => note::add_counts(&mut snapshot.not_understood, room.beside.not_understood),
        }
        Ok(())
    })?;
    if snapshot.date.is_none() && !options.date_given {
        snapshot
            .warnings
            .push("the list bears no date (dateGenerated)".to_owned());
    }
    note::finish(&mut snapshot, options);
    Ok(snapshot)
}

/// What is gathered for a record before its place is known; the room is used again for the next one.
#[derive(Default)]
struct Room {
    aliases: Vec<Name>,
    births: Vec<(Option<PartialDate>, Option<String>)>,
    places: Vec<Place>,
    alias_births: Vec<Birth>,
    beside: Beside,
}

impl Room {
    fn clear(&mut self) {
        self.aliases.clear();
        self.births.clear();
        self.places.clear();
        self.alias_births.clear();
    }
}

/// One listing.
fn record(element: El<'_, '_>, room: &mut Room) -> Result<Record, String> {
    let person = element.name() == "INDIVIDUAL";
    let reference = element
        .value("REFERENCE_NUMBER")
        .ok_or("no REFERENCE_NUMBER, so the listing has no identity")?;
    let mut record = Record {
        reference: reference.into(),
        kind: if person {
            PartyKind::Person
        } else {
            PartyKind::Organisation
        },
        ..Record::default()
    };
    let mut parts: Vec<(PartKind, Text)> = Vec::with_capacity(4);
    let mut original: Option<&str> = None;
    // Some records before may have been left where they have no name.
    room.clear();

    for field in element.children() {
        match field.name() {
            "FIRST_NAME" | "SECOND_NAME" | "THIRD_NAME" | "FOURTH_NAME" => {
                // What each part is differs from culture to culture; the list does not say.
                let text = field.text();
                if !text.is_empty() {
                    parts.push((PartKind::Part, note::spaced(text)));
                }
            }
            "NAME_ORIGINAL_SCRIPT" if original.is_none() => original = Some(field.text()).filter(|t| !t.is_empty()),
            "UN_LIST_TYPE" => {
                let text = field.text();
                if !text.is_empty() {
                    record.programmes.push(text.into());
                }
            }
            "LISTED_ON" if record.listed_on.is_none() => {
                let text = field.text();
                if !text.is_empty() {
                    record.listed_on = note::calendar(&mut record, "LISTED_ON", text, dates::iso);
                }
            }
            "LAST_DAY_UPDATED" => {
                for value in values(field) {
                    let day = note::calendar(&mut record, "LAST_DAY_UPDATED", value, dates::iso);
                    record.amended_on.extend(day);
                }
            }
            "GENDER" => {
                let text = field.text();
                record.gender = note::gender(text);
                if record.gender.is_none() {
                    note::keep(&mut record, "GENDER", text);
                }
            }
            "TITLE" => record.titles.extend(values(field).map(Text::from)),
            "DESIGNATION" => record.positions.extend(values(field).map(Text::from)),
            "NATIONALITY" => {
                for value in values(field) {
                    match room.beside.countries.find(value) {
                        Some(country) => record.nationalities.push(country),
                        None => note::keep(&mut record, "NATIONALITY", value),
                    }
                }
            }
            "COMMENTS1" => {
                let text = field.text();
                if !text.is_empty() {
                    record.notes.push(Note {
                        field: "COMMENTS1".into(),
                        text: text.to_owned(),
                    });
                }
            }
            "INDIVIDUAL_ALIAS" | "ENTITY_ALIAS" => {
                alias(field, &mut record, room);
            }
            "INDIVIDUAL_ADDRESS" | "ENTITY_ADDRESS" => {
                record.addresses.extend(address(field, &mut room.beside.countries));
            }
            "INDIVIDUAL_DATE_OF_BIRTH" => room.births.extend(birth(field, &mut record)),
            "INDIVIDUAL_PLACE_OF_BIRTH" => room.places.extend(place(field, &mut room.beside.countries)),
            "INDIVIDUAL_DOCUMENT" => document(field, &mut record, &mut room.beside.countries),
            // Technical or the same on every record: known, and kept.
            "DATAID" | "VERSIONNUM" | "SORT_KEY" | "SORT_KEY_LAST_MOD" | "SUBMITTED_BY" | "SUBMITTED_ON" => {
                note::keep(&mut record, field.name(), field.text());
            }
            "LIST_TYPE" => {
                for value in values(field) {
                    note::keep(&mut record, "LIST_TYPE", value);
                }
            }
            // Read above; or a field that no rule knows, which `unread` finds.
            _ => {}
        }
    }

    if parts.is_empty() {
        return Err(format!("{reference} has no name"));
    }
    let mut primary = Name::new(NameKind::Primary, note::joined(&parts));
    primary.parts = if parts.len() > 1 { parts } else { Vec::new() };
    record
        .names
        .reserve_exact(1 + usize::from(original.is_some()) + room.aliases.len());
    record.names.push(primary);
    record
        .names
        .extend(original.map(|text| Name::new(NameKind::Primary, note::spaced(text))));
    record.names.append(&mut room.aliases);
    note::pair(&mut record, room.births.drain(..), room.places.drain(..));
    record.births.append(&mut room.alias_births);
    note::unread(element, &mut record, &mut room.beside.not_understood);
    Ok(record)
}

/// The texts of the `VALUE` elements of a field, those with text only.
fn values<'t>(field: El<'t, '_>) -> impl Iterator<Item = &'t str> {
    field.all("VALUE").map(El::text).filter(|t| !t.is_empty())
}

fn alias(field: El<'_, '_>, record: &mut Record, room: &mut Room) {
    let Some(text) = field.value("ALIAS_NAME") else {
        // An empty alias with a quality says nothing; other fields of it are kept as unread.
        if let Some(quality) = field.first("QUALITY") {
            quality.skip();
        }
        return;
    };
    let remark = field.value("NOTE");
    let quality = field.value("QUALITY").unwrap_or("");
    let before = |t: &str| {
        let t = t.to_ascii_lowercase();
        t.starts_with("previously listed as") || t.starts_with("formerly listed as")
    };
    let kind = if quality.eq_ignore_ascii_case("f.k.a.") || remark.is_some_and(before) {
        NameKind::Former
    } else {
        NameKind::Alias
    };
    let name = Name::new(kind, note::spaced(text));
    match quality {
        "Good" | "a.k.a." | "f.k.a." | "" => room.aliases.push(name),
        "Low" => room.aliases.push(name.with_quality(NameQuality::Weak)),
        other => {
            note::keep(record, "ALIAS/QUALITY", &format!("{text}: {other}"));
            room.aliases.push(name);
        }
    }
    if let Some(remark) = remark {
        note::keep(record, "ALIAS/NOTE", &format!("{text}: {remark}"));
    }
    // Births that go with an alias, as in a false passport.
    let place = join(&[field.value("CITY_OF_BIRTH"), field.value("COUNTRY_OF_BIRTH")]);
    let written = field.value("DATE_OF_BIRTH");
    if place.is_some() || written.is_some() {
        let date = written.and_then(|w| note::calendar(record, "ALIAS/DATE_OF_BIRTH", w, dates::iso));
        room.alias_births.push(Birth {
            date,
            place: place.map(|text| Place {
                text,
                country: field
                    .value("COUNTRY_OF_BIRTH")
                    .and_then(|c| room.beside.countries.find(c)),
            }),
            written: Some(match written {
                Some(written) => format!("{written} (as {text})").into(),
                None => format!("(as {text})").into(),
            }),
        });
    }
}

/// Those that are there, joined by commas.
fn join(parts: &[Option<&str>]) -> Option<Text> {
    let length = parts
        .iter()
        .flatten()
        .map(|part| part.len() + 2)
        .sum::<usize>()
        .checked_sub(2)?;
    let mut text = Text::with_capacity(length);
    for part in parts.iter().flatten() {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(part);
    }
    Some(text)
}

const ADDRESS: [&str; 5] = ["STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY"];

fn address(field: El<'_, '_>, countries: &mut Countries) -> Option<Address> {
    let mut address = Address::default();
    for part in field.children() {
        if !(ADDRESS.contains(&part.name()) || part.name() == "NOTE") {
            continue;
        }
        let text = part.text();
        if text.is_empty() {
            continue;
        }
        address.parts.push((part.name().into(), text.into()));
        if part.name() == "COUNTRY" {
            address.country = countries.find(text);
        }
    }
    let named = |name: &str| address.parts.iter().find(|(n, _)| n == name).map(|(_, t)| t.as_str());
    address.text = join(&ADDRESS.map(named)).unwrap_or_default();
    (!address.parts.is_empty()).then_some(address)
}

fn place(field: El<'_, '_>, countries: &mut Countries) -> Option<Place> {
    let country = field.value("COUNTRY");
    let text = join(&[
        field.value("STREET"),
        field.value("CITY"),
        field.value("STATE_PROVINCE"),
        country,
    ]);
    let text = match (text, field.value("NOTE")) {
        (text, None) => text?,
        (None, Some(remark)) => format!("({remark})").into(),
        (Some(text), Some(remark)) => format!("{text} ({remark})").into(),
    };
    Some(Place {
        text,
        country: country.and_then(|c| countries.find(c)),
    })
}

/// A date of birth and what else the record says of it.
fn birth(field: El<'_, '_>, record: &mut Record) -> Option<(Option<PartialDate>, Option<String>)> {
    let kind = field.value("TYPE_OF_DATE").unwrap_or("");
    let remark = field.value("NOTE");
    let (from, to) = (field.value("FROM_YEAR"), field.value("TO_YEAR"));
    let year = field.value("YEAR");
    let day = field.value("DATE");
    let written = match (day.or(year), from, to) {
        (Some(date), None, None) => Cow::Borrowed(date),
        (None, Some(from), Some(to)) => format!("{from} to {to}").into(),
        (None, None, None) => Cow::Borrowed(""),
        (date, from, to) => [
            day,
            year.filter(|_| day.is_some()).or(date.filter(|_| day.is_none())),
            from,
            to,
        ]
        .iter()
        .flatten()
        .copied()
        .collect::<Vec<_>>()
        .join(" ")
        .into(),
    };
    if written.is_empty() && remark.is_none() {
        return None;
    }
    let date = if written.is_empty() {
        None
    } else {
        note::date(record, "DATE_OF_BIRTH", &written, |text| {
            match text::find(text, " to ") {
                Some(at) => dates::span(text, dates::iso(&text[..at])?, dates::iso(&text[at + 4..])?),
                None => dates::iso(text).map(PartialDate::In),
            }
        })
    };
    // `APPROXIMATELY 1967-01-01` is a year: the list fills in the first of January where it knows no day.
    let date = match (date, kind) {
        (Some(PartialDate::In(date)), "APPROXIMATELY") => Some(PartialDate::Circa(match date {
            Calendar::Day(day) if day.month() == 1 && day.day() == 1 => Calendar::Year(day.year()),
            other => other,
        })),
        (date, _) => date,
    };
    let says_more = remark.is_some() || !matches!(kind, "EXACT" | "BETWEEN" | "") || date.is_none();
    let shown = says_more.then(|| {
        let mut shown = format!("{kind} {written}").trim().to_owned();
        if let Some(remark) = remark {
            shown.push_str(if shown.is_empty() { "(" } else { " (" });
            shown.push_str(remark);
            shown.push(')');
        }
        shown
    });
    Some((date, shown))
}

fn document(field: El<'_, '_>, record: &mut Record, countries: &mut Countries) {
    let first = field.value("TYPE_OF_DOCUMENT");
    let second = field.value("TYPE_OF_DOCUMENT2");
    let issuer = field.value("ISSUING_COUNTRY");
    let place = field.value("COUNTRY_OF_ISSUE");
    let issued = field.value("DATE_OF_ISSUE");
    let kind = first.or(second).map(identifier::kind);
    let country = issuer.and_then(|c| countries.find(c));
    let mut remark = Text::default();
    let mut say = |before: &str, what: &str| {
        if !remark.is_empty() {
            remark.push_str("; ");
        }
        remark.push_str(before);
        remark.push_str(what);
    };
    // The type's own words, where the kind says less than they do.
    if let Some(first) = first
        && !matches!(first, "Passport" | "National Identification Number")
    {
        say("", &note::spaced(first));
    }
    if let Some(second) = second {
        say("", second);
    }
    if let Some(issuer) = issuer.filter(|_| country.is_none()) {
        say("of ", issuer);
    }
    if let Some(place) = join(&[field.value("CITY_OF_ISSUE"), place]) {
        say("issued in ", &place);
    }
    if let Some(text) = field.value("NOTE") {
        say("", text);
    }
    let issued = issued.and_then(|d| note::calendar(record, "DOCUMENT/DATE_OF_ISSUE", d, dates::iso));
    let remark = Some(remark).filter(|remark| !remark.is_empty());
    match (field.value("NUMBER"), kind) {
        (Some(number), kind) => record.identifiers.push(Identifier {
            kind: kind.unwrap_or_else(|| standing_model::IdentifierKind::Other("document".into())),
            value: number.into(),
            country: country.or_else(|| place.and_then(|c| countries.find(c))),
            issued,
            expires: None,
            note: remark,
        }),
        // A document without a number identifies nobody; what is said of it is kept.
        (None, kind) => {
            let kind = kind.is_some().then(|| first.or(second)).flatten().map(str::to_owned);
            let text: Vec<String> = kind
                .into_iter()
                .chain(country.and(issuer).map(|c| format!("of {c}")))
                .chain(issued.map(|d| d.to_string()))
                .chain(remark.map(String::from))
                .collect();
            note::keep(record, "DOCUMENT", &text.join("; "));
        }
    }
}
