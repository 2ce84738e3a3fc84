//! A party of the advanced XML: its profile's names and features.
//!
//! Relies on the sections before ([`super::tables`]) for words, places and documents, and on [`crate::ofac::features`] for what features mean.

use standing_model::{Calendar, Name, NameKind, NameQuality, Note, PartKind, PartialDate, PartyKind, Record, Text};

use super::{Map, Reading, is_tie};
use crate::ofac::features::{self, Traits};
use crate::xml::El;
use crate::{dates, note, ofac};

impl Reading {
    pub(super) fn party(
        &mut self,
        element: El<'_, '_>,
        index: u32,
        not_understood: &mut Vec<(String, u64)>,
    ) -> Result<Record, String> {
        let reference = element
            .filled("FixedRef")
            .ok_or("no FixedRef, so the listing has no identity")?;
        let mut record = Record {
            reference: reference.into(),
            ..Record::default()
        };
        let mut traits = Traits::default();
        if let Some(comment) = element.value("Comment") {
            record.notes.push(Note {
                field: "Comment".into(),
                text: comment.to_owned(),
            });
        }
        for profile in element.all("Profile") {
            record.kind = self.kind(profile.filled("PartySubTypeID").unwrap_or(""));
            for identity in profile.all("Identity") {
                self.identity(identity, &mut record);
            }
            for feature in profile.all("Feature") {
                self.feature(feature, &mut record, &mut traits, not_understood);
            }
            if let Some(id) = profile.filled("ID") {
                self.profiles.insert(id.to_owned(), index);
            }
        }
        if record.names.is_empty() {
            return Err(format!("party {reference} has no name"));
        }
        note::pair(&mut record, traits.births, traits.places);
        element.skip_attributes(is_tie);
        note::unread(element, &mut record, not_understood);
        self.lists.push(Vec::new());
        Ok(record)
    }

    pub(super) fn kind(&self, subtype: &str) -> PartyKind {
        match self.tables.word("PartySubType", subtype) {
            "Vessel" => PartyKind::Vessel,
            "Aircraft" => PartyKind::Aircraft,
            _ => {
                let kind = self.tables.word("type of PartySubType", subtype);
                match self.tables.word("PartyType", kind) {
                    // An excerpt may lack the table; OFAC's own numbers have not changed since 2014.
                    "Individual" | "4" => PartyKind::Person,
                    "Entity" | "Other Entity" | "3" => PartyKind::Organisation,
                    "1" => PartyKind::Vessel,
                    "2" => PartyKind::Aircraft,
                    _ => PartyKind::Unknown,
                }
            }
        }
    }

    pub(super) fn identity(&mut self, identity: El<'_, '_>, record: &mut Record) {
        // Number of a group of name parts to what the part is.
        let mut groups: Map<&str, &str> = Map::default();
        let masters = identity
            .all("NamePartGroups")
            .flat_map(El::children)
            .flat_map(El::children);
        for group in masters {
            if let (Some(id), Some(kind)) = (group.filled("ID"), group.filled("NamePartTypeID")) {
                groups.insert(id, kind);
            }
        }
        for alias in identity.all("Alias") {
            let word = self.tables.word("AliasType", alias.filled("AliasTypeID").unwrap_or(""));
            let primary = alias.attr("Primary") == Some("true");
            let role = if primary { NameKind::Primary } else { ofac::role(word) };
            let weak = alias.attr("LowQuality") == Some("true");
            for documented in alias.all("DocumentedName") {
                let mut parts: Vec<(PartKind, Text)> = Vec::new();
                for value in documented
                    .all("DocumentedNamePart")
                    .flat_map(|p| p.all("NamePartValue"))
                {
                    let group = value.filled("NamePartGroupID").unwrap_or("");
                    let kind = groups.get(group).copied().unwrap_or("");
                    let text = value.text();
                    if !text.is_empty() {
                        parts.push((ofac::part(self.tables.word("NamePartType", kind)), text.into()));
                    }
                }
                let Some(name) = from_parts(record.kind, role, parts) else {
                    continue;
                };
                let name = name.with_quality(if weak { NameQuality::Weak } else { NameQuality::Good });
                let at = if primary {
                    record.names.iter().take_while(|n| n.kind == NameKind::Primary).count()
                } else {
                    record.names.len()
                };
                record.names.insert(at, name);
            }
        }
        if let Some(id) = identity.filled("ID")
            && let Some(documents) = self.tables.documents.remove(id)
        {
            for (found, kept) in documents {
                record.identifiers.push(found);
                record.kept.extend(kept);
            }
        }
    }

    pub(super) fn feature(
        &mut self,
        element: El<'_, '_>,
        record: &mut Record,
        traits: &mut Traits,
        not_understood: &mut Vec<(String, u64)>,
    ) {
        let label = self
            .tables
            .word("FeatureType", element.filled("FeatureTypeID").unwrap_or("feature"))
            .trim()
            .to_owned();
        for version in element.all("FeatureVersion") {
            let date = version.first("DatePeriod").and_then(|p| period(p, &label, record));
            let mut values: Vec<String> = Vec::new();
            for detail in version.all("VersionDetail") {
                let text = detail.text();
                match detail.filled("DetailReferenceID") {
                    _ if !text.is_empty() => values.push(text.to_owned()),
                    Some(id) => values.push(self.tables.word("DetailReference", id).to_owned()),
                    None => {}
                }
            }
            for place in version.all("VersionLocation") {
                let id = place.filled("LocationID").unwrap_or("");
                if label == "Location" {
                    self.address(id, record);
                } else {
                    values.push(self.place(id));
                }
            }
            if values.is_empty() && (date.is_some() || label != "Location") {
                values.push(String::new());
            }
            for value in &values {
                if (!value.is_empty() || date.is_some())
                    && !features::read(record, traits, &label, value, date, &mut self.countries)
                {
                    note::count(not_understood, &label);
                }
            }
            let reliability = self
                .tables
                .word("Reliability", version.filled("ReliabilityID").unwrap_or("Confirmed"));
            if !matches!(reliability, "Confirmed" | "Unknown" | "1" | "1560") {
                note::keep(
                    record,
                    &format!("{label} reliability"),
                    &format!("{}: {reliability}", values.join("; ")),
                );
            }
            if let Some(comment) = version.value("Comment") {
                note::keep(record, &format!("{label} comment"), comment);
            }
        }
    }
}

/// `1962-6-7`, parts that are missing as 0.
pub(super) fn numbers(text: &str) -> Result<Calendar, standing_model::date::DateError> {
    let mut parts = text.split('-').map(|p| p.parse::<u32>().unwrap_or(u32::MAX));
    let mut next = || parts.next().unwrap_or(0);
    let (year, month, day) = (next(), next(), next());
    dates::ymd(text, year, month, day)
}

/// A `Date`, `From` or `To` element.
pub(super) fn day(element: El<'_, '_>) -> Option<Result<Calendar, standing_model::date::DateError>> {
    let year = element.value("Year")?;
    let parts = [
        year,
        element.value("Month").unwrap_or("0"),
        element.value("Day").unwrap_or("0"),
    ];
    Some(numbers(&parts.join("-")))
}

/// A name from its parts. For Latin letters the family name, which stands first, goes last; other scripts stay as they stand.
fn from_parts(kind: PartyKind, role: NameKind, parts: Vec<(PartKind, Text)>) -> Option<Name> {
    if parts.is_empty() {
        return None;
    }
    let latin = parts
        .iter()
        .all(|(_, p)| standing_model::Script::of(p).is_none_or(standing_model::Script::is_latin));
    let text = if kind == PartyKind::Person && latin {
        let family = |k: PartKind| matches!(k, PartKind::Family | PartKind::Matronymic | PartKind::Maiden);
        let halves = [false, true].map(|wanted| {
            let half = parts
                .iter()
                .filter(|(k, _)| family(*k) == wanted && *k != PartKind::Suffix);
            half.map(|(_, p)| p.as_str()).collect::<Vec<_>>().join(" ")
        });
        let suffix = parts
            .iter()
            .filter(|(k, _)| *k == PartKind::Suffix)
            .map(|(_, p)| p.to_string());
        let all = halves.into_iter().chain(suffix).filter(|p| !p.is_empty());
        all.collect::<Vec<_>>().join(" ")
    } else {
        note::joined(&parts).to_string()
    };
    let mut name = Name::new(role, text);
    if parts.len() > 1 {
        name.parts = parts;
    }
    Some(name)
}

/// `Start/From … End/To` of a period.
pub(super) fn period(element: El<'_, '_>, field: &str, record: &mut Record) -> Option<PartialDate> {
    let (start, end) = (element.first("Start"), element.first("End"));
    let approximate = [start, end]
        .iter()
        .flatten()
        .any(|e| e.attr("Approximate") == Some("true"));
    for side in [start, end].into_iter().flatten() {
        // Both ends of both ends: the outer ones bound the date.
        for inner in side.children() {
            day(inner);
        }
    }
    let first = start
        .and_then(|s| s.first("From").or_else(|| s.first("To")))
        .and_then(day);
    let last = end
        .and_then(|e| e.first("To").or_else(|| e.first("From")))
        .and_then(day);
    if let Some(comment) = element.value("Comment") {
        note::keep(record, &format!("{field} comment"), comment);
    }
    match (first, last) {
        (Some(Ok(first)), Some(Ok(last))) => Some(features::period(first, last, approximate)),
        (Some(Ok(only)), None) | (None, Some(Ok(only))) => Some(features::period(only, only, approximate)),
        (Some(Err(e)), _) | (_, Some(Err(e))) => {
            record.doubts.push(format!("{field}: {e}"));
            None
        }
        (None, None) => None,
    }
}
