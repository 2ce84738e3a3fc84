//! The sections of the advanced XML that stand before the parties: words of reference values, places and documents.
//!
//! Parties refer to them by number, so they are held until the end. Relies on [`crate::xml`] for elements.

use standing_model::{Address, Identifier, Record, Text};

use super::{Map, Reading, is_tie, leftover, party};
use crate::xml::El;
use crate::{identifier, ofac};

/// A document, and what of it no rule reads.
type Paper = (Identifier, Vec<(Text, Text)>);

/// A place, ready to become an address.
#[derive(Debug, Default)]
struct Location {
    parts: Vec<(Text, Text)>,
    country: Option<Text>,
    kept: Vec<(Text, Text)>,
}

/// What the sections before the parties say.
#[derive(Debug, Default)]
pub(super) struct Tables {
    /// Words of the reference values, by the set's element and number.
    pub(super) words: Map<String, Map<String, String>>,
    locations: Map<String, Location>,
    /// Documents by the number of the identity they belong to.
    pub(super) documents: Map<String, Vec<Paper>>,
}

impl Tables {
    /// The words for a number; the number itself where the file has none.
    pub(super) fn word<'s>(&'s self, set: &str, id: &'s str) -> &'s str {
        self.words.get(set).and_then(|s| s.get(id)).map_or(id, String::as_str)
    }
}

impl Reading {
    pub(super) fn words(&mut self, sets: El<'_, '_>) {
        for value in sets.children().flat_map(El::children) {
            if let Some(id) = value.filled("ID") {
                let words = value.text();
                let set = self.tables.words.entry(value.name().to_owned()).or_default();
                set.insert(id.to_owned(), words.to_owned());
                // A party's subtype says little; its type says whether it is a person.
                if value.name() == "PartySubType"
                    && let Some(kind) = value.filled("PartyTypeID")
                {
                    let types = self.tables.words.entry("type of PartySubType".to_owned()).or_default();
                    types.insert(id.to_owned(), kind.to_owned());
                }
                if value.name() == "AreaCode"
                    && let Some(description) = value.filled("Description")
                {
                    let areas = self
                        .tables
                        .words
                        .entry("description of AreaCode".to_owned())
                        .or_default();
                    areas.insert(id.to_owned(), description.to_owned());
                }
            }
        }
    }

    pub(super) fn location(&mut self, element: El<'_, '_>, not_understood: &mut Vec<(String, u64)>) {
        let Some(id) = element.filled("ID") else { return };
        let mut location = Location::default();
        for part in element.children() {
            match part.name() {
                "LocationPart" => {
                    let kind = part.filled("LocPartTypeID").unwrap_or("");
                    let label = self.tables.word("LocPartType", kind);
                    for value in part.all("LocationPartValue") {
                        if let Some(text) = value.value("Value") {
                            location.parts.push((label.into(), text.into()));
                        }
                        if let Some(comment) = value.value("Comment") {
                            location.kept.push(("Location comment".into(), comment.into()));
                        }
                    }
                }
                "LocationCountry" => {
                    let country = part.filled("CountryID").map(|c| self.tables.word("Country", c));
                    location.country = country.map(Text::from);
                }
                "LocationAreaCode" if location.country.is_none() => {
                    let area = part
                        .filled("AreaCodeID")
                        .map(|a| self.tables.word("description of AreaCode", a));
                    location.country = area.map(Text::from);
                }
                _ => {}
            }
        }
        element.skip_attributes(is_tie);
        leftover(element, "Location", &mut location.kept, not_understood);
        self.tables.locations.insert(id.to_owned(), location);
    }

    pub(super) fn address(&mut self, id: &str, record: &mut Record) {
        let Some(location) = self.tables.locations.get(id) else {
            return;
        };
        record.kept.extend(location.kept.iter().cloned());
        let mut address = Address {
            country: location.country.as_deref().and_then(|c| self.countries.find(c)),
            parts: location.parts.clone(),
            ..Address::default()
        };
        address
            .parts
            .extend(location.country.as_ref().map(|c| ("COUNTRY".into(), c.clone())));
        if !address.parts.is_empty() {
            address.text = ofac::one_line(&address.parts).into();
            record.addresses.push(address);
        }
    }

    /// A place in words, for features that are no addresses.
    pub(super) fn place(&self, id: &str) -> String {
        self.tables.locations.get(id).map_or_else(String::new, |location| {
            let mut parts = location.parts.clone();
            parts.extend(location.country.as_ref().map(|c| ("COUNTRY".into(), c.clone())));
            ofac::one_line(&parts)
        })
    }

    pub(super) fn document(&mut self, element: El<'_, '_>, not_understood: &mut Vec<(String, u64)>) {
        let (Some(identity), Some(number)) = (element.filled("IdentityID"), element.value("IDRegistrationNo")) else {
            return;
        };
        let label = self
            .tables
            .word("IDRegDocType", element.filled("IDRegDocTypeID").unwrap_or("document"))
            .to_owned();
        let mut found = ofac::remarks::read_identifier(&label, identifier::kind(&label), number, &mut self.countries);
        if let Some(country) = element.filled("IssuedBy-CountryID") {
            let name = self.tables.word("Country", country);
            match self.countries.find(name) {
                Some(country) => found.country = Some(country),
                None => ofac::add_note(&mut found, name),
            }
        }
        if let Some(place) = element.filled("IssuedIn-LocationID") {
            ofac::add_note(&mut found, &format!("issued in {}", self.place(place)));
        }
        let validity = self
            .tables
            .word("Validity", element.filled("ValidityID").unwrap_or("Valid"));
        if !matches!(validity, "Valid" | "1") {
            ofac::add_note(&mut found, validity);
        }
        for (field, words) in [("IssuingAuthority", "issued by"), ("Comment", "")] {
            if let Some(value) = element.value(field) {
                ofac::add_note(&mut found, format!("{words} {value}").trim());
            }
        }
        let mut extra = Record::default();
        for date in element.all("DocumentDate") {
            let kind = self
                .tables
                .word("IDRegDocDateType", date.filled("IDRegDocDateTypeID").unwrap_or(""));
            let period = date
                .first("DatePeriod")
                .and_then(|p| party::period(p, kind, &mut extra));
            match kind {
                "Issue Date" => found.issued = period,
                "Expiration Date" => found.expires = period,
                other => {
                    let shown = period.map_or_else(String::new, |p| p.to_string());
                    ofac::add_note(&mut found, &format!("{other} {shown}"));
                }
            }
        }
        element.skip_attributes(is_tie);
        leftover(element, "IDRegDocument", &mut extra.kept, not_understood);
        let documents = self.tables.documents.entry(identity.to_owned()).or_default();
        documents.push((found, extra.kept));
    }
}
