//! OFAC's classic XML (`sdn.xml`, `consolidated.xml`): `sdnList` with one `sdnEntry` for each party.
//!
//! Read in whatever namespace it stands: `http://tempuri.org/sdnList.xsd` until 2024, that of the list service since. Identity is
//! `uid`; `Publish_Date` (month first) is the snapshot's date. A `Record_Count` that differs from what is there refuses the file, unless
//! the caller calls it an excerpt.

use standing_model::{Address, Identifier, IdentifierKind, NameKind, Note, Record, Reject, Relation, Snapshot, Text};

use crate::country::Countries;
use crate::dates::{self, Order};
use crate::error::ReadError;
use crate::note::Beside;
use crate::ofac::features::{self, Traits};
use crate::registry::{Document, Format, ReadOptions};
use crate::xml::{self, El, Found, Shape};
use crate::{identifier, note, ofac};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "ofac-xml",
    lists: &[ofac::SDN, ofac::CONSOLIDATED],
    summary: "OFAC SDN and consolidated lists, classic XML (sdnList)",
    part: |bytes| xml::root(bytes).filter(|(root, _)| root == "sdnList").map(|_| ""),
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

const SHAPE: Shape<'_> = Shape {
    records: &["sdnEntry"],
    counted: &["sdnEntry"],
};

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let text = xml::open(document)?;
    let mut snapshot = Snapshot::new("", FORMAT.id);
    let mut seen = 0_u64;
    let mut told = None;
    xml::records(document.name, &text.text, SHAPE, record, |found| {
        match found {
            Found::Head(path, value) => {
                match path {
                    "publshInformation/Publish_Date" | "publishInformation/Publish_Date" => {
                        let read = |t: &str| dates::numeric(t, Order::MonthFirst);
                        snapshot.date = note::list_date(document, value, read, options, &mut snapshot.warnings)?;
                    }
                    "publshInformation/Record_Count" | "publishInformation/Record_Count" => {
                        told = value.parse::<u64>().ok();
                    }
                    _ => {}
                }
                snapshot.head.push((path.to_owned(), value.to_owned()));
            }
            Found::Record(read, bytes) => {
                seen += 1;
                match read {
                    Ok(record) => {
                        snapshot.records.push(record);
                        note::position(&mut snapshot, &text, bytes, || format!("sdnEntry {seen}"));
                    }
                    Err(reason) => snapshot.rejects.push(Reject {
                        position: format!("sdnEntry {seen}, {}", xml::place(&text.text, bytes.start)),
                        reason,
                    }),
                }
            }
            Found::Noted(beside) => note::add_counts(&mut snapshot.not_understood, beside.not_understood),
        }
        Ok(())
    })?;
    note::counted(document, "Record_Count", told, seen, options, &mut snapshot.warnings)?;
    snapshot.list = ofac::which(document.name, &snapshot.records, options)?;
    note::finish(&mut snapshot, options);
    Ok(snapshot)
}

fn record(entry: El<'_, '_>, beside: &mut Beside) -> Result<Record, String> {
    let Beside {
        countries,
        not_understood,
    } = beside;
    let reference = entry.value("uid").ok_or("no uid, so the listing has no identity")?;
    let written = entry.value("sdnType").unwrap_or("");
    let kind = ofac::party(written);
    let mut record = Record {
        reference: reference.into(),
        kind,
        ..Record::default()
    };
    if kind == standing_model::PartyKind::Unknown {
        note::keep(&mut record, "sdnType", written);
    }
    let name = ofac::person(
        NameKind::Primary,
        entry.value("firstName").unwrap_or(""),
        entry.value("lastName").unwrap_or(""),
        "",
    );
    if name.text.is_empty() {
        return Err(format!("party {reference} has no name"));
    }
    record.names.push(name);
    let mut traits = Traits::default();
    for field in entry.children() {
        match field.name() {
            "programList" => {
                let programmes = field.all("program").map(El::text).filter(|t| !t.is_empty());
                record.programmes.extend(programmes.map(Text::from));
            }
            "title" => {
                let titles = field.text().split(';').map(str::trim).filter(|t| !t.is_empty());
                record.positions.extend(titles.map(Text::from));
            }
            "remarks" => {
                let text = field.text();
                if !text.is_empty() {
                    relations(&mut record, text);
                    record.notes.push(Note {
                        field: "remarks".into(),
                        text: text.to_owned(),
                    });
                }
            }
            "akaList" => field.all("aka").for_each(|aka| alias(aka, &mut record)),
            "addressList" => field.all("address").for_each(|a| address(a, &mut record, countries)),
            "idList" => field
                .all("id")
                .for_each(|id| document(id, &mut record, countries, &mut traits, not_understood)),
            "dateOfBirthList" => {
                for item in field.all("dateOfBirthItem") {
                    number(&mut record, "dateOfBirth uid", item);
                    if let Some(written) = item.value("dateOfBirth") {
                        let date = note::date(&mut record, "dateOfBirth", written, dates::english);
                        traits.births.push((date, date.is_none().then(|| written.to_owned())));
                    }
                }
            }
            "placeOfBirthList" => {
                for item in field.all("placeOfBirthItem") {
                    number(&mut record, "placeOfBirth uid", item);
                    traits
                        .places
                        .extend(item.value("placeOfBirth").map(|p| countries.place(p)));
                }
            }
            "nationalityList" | "citizenshipList" => {
                for item in field.children() {
                    number(&mut record, &format!("{} uid", item.name()), item);
                    if let Some(name) = item.value("country") {
                        match countries.find(name) {
                            Some(country) if record.nationalities.contains(&country) => {}
                            Some(country) => record.nationalities.push(country),
                            None => note::keep(&mut record, item.name(), name),
                        }
                    }
                }
            }
            "vesselInfo" => vessel(field, &mut record, countries),
            _ => {}
        }
    }
    note::pair(&mut record, traits.births, traits.places);
    note::unread(entry, &mut record, not_understood);
    Ok(record)
}

/// `(Linked To: X)` in remarks; in this format they hold little else.
fn relations(record: &mut Record, remarks: &str) {
    for part in remarks.split(';') {
        let part = part.trim().trim_start_matches('(');
        if let Some(name) = part.strip_prefix("Linked To: ") {
            let name = name
                .strip_suffix(").")
                .or_else(|| name.strip_suffix(')'))
                .unwrap_or(name);
            record.relations.push(Relation {
                kind: "Linked To".into(),
                name: Some(name.trim().into()),
                reference: None,
            });
        }
    }
}

/// The technical number of a part, and whether it is the main one: kept, in the order of the parts.
fn number(record: &mut Record, field: &str, item: El<'_, '_>) {
    // `mainEntry` marks the preferred date or place, which is also the first.
    let main = item.value("mainEntry") == Some("true");
    if let Some(uid) = item.value("uid") {
        let shown = if main { format!("{uid} (main)") } else { uid.to_owned() };
        match record.kept.iter_mut().find(|(f, _)| f == field) {
            Some((_, numbers)) => {
                numbers.push(' ');
                numbers.push_str(&shown);
            }
            None => record.kept.push((field.into(), shown.into())),
        }
    }
}

fn alias(aka: El<'_, '_>, record: &mut Record) {
    number(record, "aka uid", aka);
    let word = aka.value("type").unwrap_or("");
    let category = aka.value("category").unwrap_or("");
    let name = ofac::person(
        ofac::role(word),
        aka.value("firstName").unwrap_or(""),
        aka.value("lastName").unwrap_or(""),
        "",
    );
    if name.text.is_empty() {
        return;
    }
    if !matches!(word, "a.k.a." | "f.k.a." | "") {
        note::keep(record, "aka type", word);
    }
    if !matches!(category, "strong" | "weak" | "") {
        note::keep(record, "aka category", category);
    }
    record.names.push(name.with_quality(ofac::quality(category)));
}

fn address(field: El<'_, '_>, record: &mut Record, countries: &mut Countries) {
    number(record, "address uid", field);
    let mut address = Address::default();
    for part in field.children().filter(|p| !matches!(p.name(), "uid" | "mainEntry")) {
        let text = part.text();
        if text.is_empty() {
            continue;
        }
        if !address.text.is_empty() {
            address.text.push_str(", ");
        }
        address.text.push_str(text);
        address.parts.push((part.name().into(), text.into()));
        if part.name() == "country" {
            address.country = countries.find(text);
        }
    }
    if !address.parts.is_empty() {
        record.addresses.push(address);
    }
}

fn document(
    id: El<'_, '_>,
    record: &mut Record,
    countries: &mut Countries,
    traits: &mut Traits,
    not_understood: &mut Vec<(String, u64)>,
) {
    number(record, "id uid", id);
    let (Some(label), Some(value)) = (id.value("idType"), id.value("idNumber")) else {
        return;
    };
    let country = id.value("idCountry");
    if ofac::remarks::knows(label) != Some(ofac::remarks::Meaning::Identifier) && country.is_none() {
        if !features::read(record, traits, label, value, None, countries) {
            note::count(not_understood, label);
        }
        return;
    }
    let mut found = ofac::remarks::read_identifier(label, identifier::kind(label), value, countries);
    if let Some(name) = country {
        match countries.find(name) {
            Some(country) => found.country = Some(country),
            None => ofac::add_note(&mut found, name),
        }
    }
    for (field, written) in [
        ("issueDate", id.value("issueDate")),
        ("expirationDate", id.value("expirationDate")),
    ] {
        let Some(written) = written else { continue };
        let date = note::date(record, field, written, dates::english);
        match field {
            "issueDate" => found.issued = date,
            _ => found.expires = date,
        }
    }
    record.identifiers.push(found);
}

/// `callSign, vesselType, vesselFlag, vesselOwner, tonnage, grossRegisteredTonnage`
fn vessel(field: El<'_, '_>, record: &mut Record, countries: &mut Countries) {
    for part in field.children() {
        let text = part.text();
        if text.is_empty() {
            continue;
        }
        match part.name() {
            "callSign" => record.identifiers.push(Identifier::new(IdentifierKind::CallSign, text)),
            "vesselFlag" => match countries.find(text) {
                Some(country) => record.nationalities.push(country),
                None => note::keep(record, "vesselFlag", text),
            },
            "vesselOwner" => record.relations.push(Relation {
                kind: "vesselOwner".into(),
                name: Some(text.into()),
                reference: None,
            }),
            other => note::keep(record, other, text),
        }
    }
}
