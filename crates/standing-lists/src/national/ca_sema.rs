//! Canada, consolidated autonomous sanctions list (Special Economic Measures Act and Magnitsky Act), XML.
//!
//! A `record` is one listing. The list has no reference of its own: the key is regulation (`Country`), schedule and item, which is how the
//! acts themselves cite an entry; it is unique in the whole list of March 2025. It breaks when a schedule is replaced and its items are
//! numbered anew. The file bears no date: the newest `DateOfListing` is told in the head.

use standing_model::{
    Birth, Identifier, IdentifierKind, Name, NameKind, PartKind, PartyKind, Record, Reject, Snapshot, Text,
};

use super::cells;
use crate::error::ReadError;
use crate::registry::{Document, Format, ReadOptions};
use crate::several_names::{apart, at_slashes};
use crate::xml::{self, El, Part, Shape};
use crate::{dates, note};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "ca-sema-xml",
    lists: &["ca"],
    summary: "Canada, consolidated autonomous sanctions list, XML",
    part: |bytes| xml::root(bytes).filter(|(root, _)| root == "data-set").map(|_| ""),
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

const SHAPE: Shape<'_> = Shape {
    records: &["record"],
    counted: &["record"],
};

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let text = xml::open(document)?;
    let mut snapshot = Snapshot::new("ca", FORMAT.id);
    let mut seen = 0_u64;
    xml::walk(document.name, &text.text, SHAPE, |part| {
        match part {
            Part::Head(path, value) => snapshot.head.push((path.to_owned(), value.to_owned())),
            Part::Record(element, bytes) => {
                seen += 1;
                match record(element, &mut snapshot.not_understood) {
                    Ok(record) => {
                        snapshot.records.push(record);
                        note::position(&mut snapshot, &text, bytes, || format!("record {seen}"));
                    }
                    Err(reason) => snapshot.rejects.push(Reject {
                        position: format!("record {seen}, {}", xml::place(&text.text, bytes.start)),
                        reason,
                    }),
                }
            }
        }
        Ok(())
    })?;
    note::finish(&mut snapshot, options);
    cells::newest(&mut snapshot);
    Ok(snapshot)
}

fn record(element: El<'_, '_>, not_understood: &mut Vec<(String, u64)>) -> Result<Record, String> {
    let country = element
        .value("Country")
        .ok_or("no Country, so the regulation is unknown")?;
    let item = element.value("Item").ok_or("no Item, so the listing has no identity")?;
    let schedule = element.value("Schedule");
    // The English half of `Belarus / Bélarus`; both stay in the programme.
    let regulation = country.split(" / ").next().unwrap_or(country).trim();
    let reference = match schedule {
        Some(schedule) => format!("{regulation}/{schedule}/{item}"),
        None => format!("{regulation}/{item}"),
    };
    let mut record = Record {
        reference: reference.into(),
        programmes: vec![country.into()],
        ..Record::default()
    };
    // The parts of the key stand in the record as well, since the regulation's name in it is shortened.
    note::keep(&mut record, "Schedule", schedule.unwrap_or(""));
    note::keep(&mut record, "Item", item);
    let born = element.value("DateOfBirthOrShipBuildDate");
    let imo = element.value("ShipIMONumber");
    let parts = [
        (PartKind::Given, element.value("GivenName").unwrap_or("")),
        (PartKind::Family, element.value("LastName").unwrap_or("")),
    ];
    let entity = element.value("EntityOrShip");
    record.kind = match (entity, imo) {
        (_, Some(_)) => PartyKind::Vessel,
        (Some(_), None) => PartyKind::Organisation,
        (None, None) => PartyKind::Person,
    };
    record.names.extend(cells::name_of(NameKind::Primary, &parts));
    if let Some(text) = entity {
        // English and French, `Alpha Institute/Institut de Alpha`.
        for (at, part) in at_slashes(text).into_iter().enumerate() {
            let kind = if at == 0 { NameKind::Primary } else { NameKind::Alias };
            record
                .names
                .extend(apart(kind, part).into_iter().map(|(kind, name)| Name::new(kind, name)));
        }
        if !matches!(&record.names[..], [name] if name.text == note::spaced(text)) {
            note::keep(&mut record, "EntityOrShip", text);
        }
    }
    if record.names.is_empty() {
        return Err(format!("{} has no name", record.reference));
    }
    if let Some(title) = element.value("TitleOrShip") {
        record.titles.push(title.into());
    }
    if let Some(aliases) = element.value("Aliases") {
        // Semicolons separate; commas do so only in some records, and stand within names in others.
        let before = record.names.len();
        for alias in aliases.split(';').map(str::trim).filter(|alias| !alias.is_empty()) {
            for part in at_slashes(alias)
                .into_iter()
                .flat_map(|part| persons(record.kind, part))
            {
                record.names.extend(
                    apart(NameKind::Alias, part)
                        .into_iter()
                        .map(|(kind, name)| Name::new(kind, name)),
                );
            }
        }
        let whole = aliases.split(';').map(note::spaced).filter(|alias| !alias.is_empty());
        if !record.names[before..]
            .iter()
            .map(|name| &name.text)
            .eq(whole.collect::<Vec<_>>().iter())
        {
            note::keep(&mut record, "Aliases", aliases);
        }
    }
    // `1972-08-10 or 1972-08-11`, in letters of either case.
    for written in born
        .unwrap_or("")
        .split(" or ")
        .flat_map(|text| text.split(" OR "))
        .map(str::trim)
    {
        if !written.is_empty() {
            let date = written.parse().or_else(|_| dates::english(written));
            let written = date.is_err().then(|| written.to_owned());
            record.births.push(Birth {
                date: date.ok(),
                place: None,
                written: written.map(Text::from),
            });
        }
    }
    record
        .identifiers
        .extend(imo.map(|number| Identifier::new(IdentifierKind::Imo, number)));
    if let Some(day) = element.value("DateOfListing") {
        record.listed_on = note::calendar(&mut record, "DateOfListing", day, dates::iso);
    }
    note::unread(element, &mut record, not_understood);
    Ok(record)
}

/// Full names that commas part; a comma between a person's family name and given name parts nothing.
fn persons(kind: PartyKind, alias: &str) -> Vec<&str> {
    let parts: Vec<&str> = alias.split(", ").collect();
    let full = |part: &&str| part.split_whitespace().count() > 1 && !part.contains(|c: char| c.is_ascii_digit());
    if kind == PartyKind::Person && parts.iter().all(full) {
        parts
    } else {
        vec![alias]
    }
}
