//! OFAC's enhanced XML (`sanctionsData`): one `entity` for each party, with everything written out beside its codes.
//!
//! Identity is `entity id`; `dataAsOf` is the snapshot's date. The file says by which filters it was made: the whole SDN list, the whole
//! consolidated list, or a part (by programme, or across lists). An export across lists is split into its lists. Source: files of the
//! Sanctions List Service of 2024 and 2025.

use standing_model::{
    Address, Extent, Identifier, Name, NameKind, NameQuality, Note, PartKind, PartialDate, PartyKind, Record, Reject,
    Relation, Snapshot, Text,
};

use crate::country::Countries;
use crate::error::ReadError;
use crate::ofac::features::{self, Traits};
use crate::registry::{Document, Format, ReadOptions};
use crate::xml::{self, El, Part, Shape};
use crate::{dates, identifier, note, ofac};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "ofac-enhanced-xml",
    lists: &[ofac::SDN, ofac::CONSOLIDATED],
    summary: "OFAC SDN and consolidated lists, enhanced XML, whole or filtered",
    part: |bytes| {
        xml::root(bytes)
            .filter(|(root, tag)| root == "sanctionsData" && !tag.contains("DeltaFile"))
            .map(|_| "")
    },
    sets: None,
    read: |documents, options| {
        let read = documents.iter().map(|document| read(document, options));
        read.collect::<Result<Vec<_>, _>>()
            .map(|lists| lists.into_iter().flatten().collect())
    },
};

const SHAPE: Shape<'_> = Shape {
    records: &["entity", "referenceValue", "featureType"],
    counted: &["entity"],
};

/// Which lists a party is on, by the names in its `sanctionsLists`.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct On {
    pub(crate) sdn: bool,
    pub(crate) other: bool,
}

impl On {
    /// Notes a list by its name.
    pub(crate) fn mark(&mut self, list: &str) {
        if list == "SDN List" {
            self.sdn = true;
        } else {
            self.other = true;
        }
    }
}

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Vec<Snapshot>, ReadError> {
    let text = xml::open(document)?;
    let mut whole = Snapshot::new("", FORMAT.id);
    let mut countries = Countries::default();
    let mut filters: Vec<(Text, Text)> = Vec::new();
    let mut lists: Vec<On> = Vec::new();
    let mut seen = 0_u64;
    xml::walk(document.name, &text.text, SHAPE, |part| {
        match part {
            Part::Head(path, value) => {
                if path == "publicationInfo/dataAsOf" {
                    whole.date = note::list_date(document, value, dates::iso, options, &mut whole.warnings)?;
                }
                if path.starts_with("publicationInfo/filters/") && !path.contains('@') {
                    filters.push((path.into(), value.into()));
                }
                whole.head.push((path.to_owned(), value.to_owned()));
            }
            // Codes and their words: every use has the words beside the code.
            Part::Record(element, _) if element.name() != "entity" => {}
            Part::Record(element, bytes) => {
                seen += 1;
                match record(element, &mut countries, &mut whole.not_understood) {
                    Ok((record, on)) => {
                        whole.records.push(record);
                        lists.push(on);
                        note::position(&mut whole, &text, bytes, || format!("entity {seen}"));
                    }
                    Err(reason) => whole.rejects.push(Reject {
                        position: format!("entity {seen}, {}", xml::place(&text.text, bytes.start)),
                        reason,
                    }),
                }
            }
        }
        Ok(())
    })?;
    let named: Vec<&str> = filters
        .iter()
        .filter(|(path, _)| path.ends_with("/sanctionsList"))
        .map(|(_, value)| value.as_str())
        .collect();
    let narrowed: Vec<&str> = filters
        .iter()
        .filter(|(path, _)| !path.ends_with("/sanctionsList"))
        .map(|(_, value)| value.as_str())
        .collect();
    if !narrowed.is_empty() {
        whole.extent = Extent::Part(format!("an export filtered by {}", narrowed.join(", ")));
    } else if named.is_empty() || (named != ["SDN List"] && !named.contains(&"Consolidated List")) {
        whole.extent = Extent::Part("an export that does not say that it is a whole list".to_owned());
    }
    let mut snapshots = match named.as_slice() {
        ["SDN List"] => vec![with_list(whole, ofac::SDN)],
        ["Consolidated List"] => vec![with_list(whole, ofac::CONSOLIDATED)],
        _ => split(whole, &lists),
    };
    if let ([snapshot], Some(list)) = (snapshots.as_mut_slice(), &options.list) {
        snapshot.list.clone_from(list);
    }
    for snapshot in &mut snapshots {
        note::finish(snapshot, options);
    }
    Ok(snapshots)
}

fn with_list(mut snapshot: Snapshot, list: &str) -> Snapshot {
    list.clone_into(&mut snapshot.list);
    snapshot
}

/// An export across lists, as one snapshot for each list. A party on both stands in both.
pub(crate) fn split(whole: Snapshot, lists: &[On]) -> Vec<Snapshot> {
    let mut sdn = Snapshot {
        records: Vec::new(),
        spans: Vec::new(),
        positions: Vec::new(),
        ..with_list(whole.clone(), ofac::SDN)
    };
    let mut consolidated = Snapshot {
        rejects: Vec::new(),
        ..with_list(sdn.clone(), ofac::CONSOLIDATED)
    };
    for (index, (record, on)) in whole.records.into_iter().zip(lists).enumerate() {
        let add = |snapshot: &mut Snapshot, record: Record| {
            snapshot.records.push(record);
            snapshot.spans.extend(whole.spans.get(index));
            snapshot.positions.extend(whole.positions.get(index).cloned());
        };
        if on.sdn && on.other {
            add(&mut consolidated, record.clone());
        }
        if on.other && !on.sdn {
            add(&mut consolidated, record);
        } else {
            add(&mut sdn, record);
        }
    }
    [sdn, consolidated]
        .into_iter()
        .filter(|s| !s.records.is_empty() || (s.list == ofac::SDN && !s.rejects.is_empty()))
        .collect()
}

/// One party and the lists it is on.
pub(crate) fn record(
    entity: El<'_, '_>,
    countries: &mut Countries,
    not_understood: &mut Vec<(String, u64)>,
) -> Result<(Record, On), String> {
    let reference = entity.filled("id").ok_or("no id, so the listing has no identity")?;
    let mut record = Record {
        reference: reference.into(),
        ..Record::default()
    };
    let mut traits = Traits::default();
    let mut on = On::default();
    // The kind of party decides how names are read.
    if let Some(general) = entity.first("generalInfo") {
        let written = general.value("entityType").unwrap_or("");
        record.kind = ofac::party(written);
        if record.kind == PartyKind::Unknown {
            note::keep(&mut record, "entityType", written);
        }
        if let Some(identity) = general.value("identityId") {
            note::keep(&mut record, "identityId", identity);
        }
        if let Some(title) = general.value("title") {
            let titles = title.split(';').map(str::trim).filter(|t| !t.is_empty());
            record.positions.extend(titles.map(Text::from));
        }
        if let Some(remarks) = general.value("remarks") {
            record.notes.push(Note {
                field: "remarks".into(),
                text: remarks.to_owned(),
            });
        }
    }
    for section in entity.children() {
        match section.name() {
            "sanctionsLists" => section.children().for_each(|list| on_list(list, &mut record, &mut on)),
            "sanctionsPrograms" => record.programmes.extend(texts(section)),
            "sanctionsTypes" => record.measures.extend(texts(section)),
            "legalAuthorities" => record.instruments.extend(texts(section)),
            "names" => section.children().for_each(|n| name(n, &mut record)),
            "addresses" => section.children().for_each(|a| address(a, &mut record, countries)),
            "features" => section
                .children()
                .for_each(|f| feature(f, &mut record, &mut traits, countries, not_understood)),
            "identityDocuments" => section.children().for_each(|d| document(d, &mut record, countries)),
            "relationships" => section.children().for_each(|r| relation(r, &mut record)),
            _ => {}
        }
    }
    if record.names.is_empty() {
        return Err(format!("party {reference} has no name"));
    }
    note::pair(&mut record, traits.births, traits.places);
    // Numbers that tie a part to its code or its place in OFAC's own tables: the words stand beside them.
    entity.skip_attributes(|name, _| name == "id" || name.ends_with("Id"));
    note::unread(entity, &mut record, not_understood);
    Ok((record, on))
}

fn texts(section: El<'_, '_>) -> impl Iterator<Item = Text> {
    section
        .children()
        .map(El::text)
        .filter(|t| !t.is_empty())
        .map(Text::from)
}

fn on_list(list: El<'_, '_>, record: &mut Record, on: &mut On) {
    let name = list.text();
    on.mark(name);
    let published = list.filled("datePublished");
    if let Some(written) = published {
        let date = note::calendar(record, "datePublished", written, dates::iso);
        // The earliest day on any of its lists.
        let key = |d: &PartialDate| d.sort_key();
        if date.as_ref().map(key) < record.listed_on.as_ref().map(key) || record.listed_on.is_none() {
            record.listed_on = date;
        }
    }
    let shown = published.map_or_else(|| name.to_owned(), |day| format!("{name} {day}"));
    note::keep(record, "sanctionsList", &shown);
}

fn name(element: El<'_, '_>, record: &mut Record) {
    let primary = element.value("isPrimary") == Some("true");
    let weak = element.value("isLowQuality") == Some("true");
    let word = element.value("aliasType").unwrap_or("");
    let role = if primary { NameKind::Primary } else { ofac::role(word) };
    let quality = if weak { NameQuality::Weak } else { NameQuality::Good };
    if !matches!(word, "A.K.A." | "F.K.A." | "") {
        note::keep(record, "aliasType", word);
    }
    for translation in element.first("translations").into_iter().flat_map(El::children) {
        let mut read = translated(translation, record.kind, role);
        if read.text.is_empty() {
            continue;
        }
        read.quality = quality;
        // A script that its letters do not show, such as digits.
        if let Some(script) = translation.value("script")
            && read.script.is_none()
        {
            read.language = Some(script.into());
        }
        let at = if primary {
            record.names.iter().take_while(|n| n.kind == NameKind::Primary).count()
        } else {
            record.names.len()
        };
        record.names.insert(at, read);
        translation.value("isPrimary");
        if let Some(comments) = translation.value("comments").or_else(|| element.value("comments")) {
            note::keep(record, "name comments", comments);
        }
    }
}

/// A name in one script: the words as formatted, and the parts as typed.
fn translated(translation: El<'_, '_>, kind: PartyKind, role: NameKind) -> Name {
    let first = translation.value("formattedFirstName").unwrap_or("");
    let last = translation.value("formattedLastName").unwrap_or("");
    let full = translation.value("formattedFullName").unwrap_or("");
    let mut name = if first.is_empty() && last.is_empty() {
        ofac::name(kind, role, full)
    } else {
        ofac::person(role, first, last, "")
    };
    let mut parts: Vec<(PartKind, Text)> = Vec::new();
    for part in translation.first("nameParts").into_iter().flat_map(El::children) {
        let word = part.value("type").unwrap_or("");
        if let Some(value) = part.value("value") {
            parts.push((ofac::part(word), value.into()));
        }
    }
    // The typed parts say more than the formatted halves, which hold several of them.
    if kind == PartyKind::Person && parts.len() > 1 {
        name.parts = parts;
    }
    name
}

fn address(element: El<'_, '_>, record: &mut Record, countries: &mut Countries) {
    let country = element.value("country");
    let found = country.and_then(|c| countries.find(c));
    let mut any = false;
    for translation in element.first("translations").into_iter().flat_map(El::children) {
        let mut address = Address {
            country: found,
            ..Address::default()
        };
        for part in translation.first("addressParts").into_iter().flat_map(El::children) {
            if let Some(value) = part.value("value") {
                let label = part.value("type").unwrap_or("part");
                address.parts.push((label.into(), value.into()));
            }
        }
        translation.value("isPrimary");
        if let Some(script) = translation.value("script")
            && script != "Latin"
        {
            address.parts.push(("script".into(), script.into()));
        }
        if address.parts.is_empty() && any {
            continue;
        }
        address.parts.extend(country.map(|c| ("COUNTRY".into(), c.into())));
        if address.parts.is_empty() {
            continue;
        }
        address.text = ofac::one_line(&address.parts).into();
        record.addresses.push(address);
        any = true;
    }
    if !any && let Some(country) = country {
        record.addresses.push(Address {
            text: country.into(),
            country: found,
            parts: vec![("COUNTRY".into(), country.into())],
        });
    }
}

/// `fromDateBegin … toDateEnd`
fn period(element: El<'_, '_>, field: &str, record: &mut Record) -> Option<PartialDate> {
    let approximate = element.value("isApproximate") == Some("true");
    element.value("isDateRange");
    let (begin, end) = (element.value("fromDateEnd"), element.value("toDateBegin"));
    let first = element.value("fromDateBegin").or(begin)?;
    let last = element.value("toDateEnd").or(end).unwrap_or(first);
    if let (Ok(first), Ok(last)) = (dates::iso(first), dates::iso(last)) {
        Some(features::period(first, last, approximate))
    } else {
        note::doubt(record, field, &format!("{first} to {last}"), "no such date");
        None
    }
}

fn feature(
    element: El<'_, '_>,
    record: &mut Record,
    traits: &mut Traits,
    countries: &mut Countries,
    not_understood: &mut Vec<(String, u64)>,
) {
    let label = element.value("type").unwrap_or("feature");
    let value = element.value("value").unwrap_or("");
    let date = element.first("valueDate").and_then(|d| period(d, label, record));
    element.value("isPrimary");
    element.value("versionId");
    element.value("valueRefId");
    let before = record.identifiers.len();
    if !features::read(record, traits, label, value, date, countries) {
        note::count(not_understood, label);
    }
    for (field, word) in [
        ("reliability", element.value("reliability")),
        ("comments", element.value("comments")),
    ] {
        match word {
            None | Some("Confirmed") => {}
            Some(word) if record.identifiers.len() > before && field == "comments" => {
                ofac::add_note(&mut record.identifiers[before], word);
            }
            Some(word) => note::keep(record, &format!("{label} {field}"), &format!("{value}: {word}")),
        }
    }
}

fn document(element: El<'_, '_>, record: &mut Record, countries: &mut Countries) {
    let label = element.value("type").unwrap_or("document");
    let kind = identifier::kind(label);
    let Some(number) = element.value("documentNumber") else {
        return;
    };
    let mut found: Identifier = ofac::remarks::read_identifier(label, kind, number, countries);
    // The name in the document is one of the party's own; only its tie to the document is new.
    if let Some(holder) = element.first("name") {
        let name = holder.text();
        if record.names.first().is_some_and(|n| n.text != name) && !name.is_empty() {
            ofac::add_note(&mut found, &format!("in the name of {name}"));
        }
    }
    if let Some(country) = element.value("issuingCountry") {
        match countries.find(country) {
            Some(country) => found.country = Some(country),
            None => ofac::add_note(&mut found, country),
        }
    }
    if element.value("isValid") == Some("false") {
        ofac::add_note(&mut found, "not valid");
    }
    for (field, words) in [
        ("issuingLocation", "issued in"),
        ("issuingAuthority", "issued by"),
        ("comments", ""),
    ] {
        if let Some(value) = element.value(field) {
            ofac::add_note(&mut found, format!("{words} {value}").trim());
        }
    }
    found.issued = element.first("issueDate").and_then(|d| period(d, "issueDate", record));
    found.expires = element
        .first("expirationDate")
        .and_then(|d| period(d, "expirationDate", record));
    record.identifiers.push(found);
}

fn relation(element: El<'_, '_>, record: &mut Record) {
    let kind = element.value("type").unwrap_or("related to");
    let other = element.first("relatedEntity");
    if let Some(quality) = element.value("quality") {
        note::keep(record, "relationship quality", &format!("{kind}: {quality}"));
    }
    if let Some(comments) = element.value("comments") {
        note::keep(record, "relationship comments", &format!("{kind}: {comments}"));
    }
    record.relations.push(Relation {
        kind: kind.into(),
        name: other.map(El::text).filter(|t| !t.is_empty()).map(Text::from),
        reference: other.and_then(|o| o.filled("entityId")).map(Text::from),
    });
}
