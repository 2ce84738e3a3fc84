//! OFAC's advanced XML (`sdn_advanced.xml`, `cons_advanced.xml`): parties, documents, places, relations and sanctions in sections of
//! their own, tied by numbers.
//!
//! Read in one pass and in whatever namespace it stands. Identity is `FixedRef` of `DistinctParty`; `DateOfIssue` is the snapshot's
//! date. Places and documents come before the parties and are put into them; relations and sanctions come after and are added. Numbers
//! that only tie parts of the file together are not kept. Sanctions of a party that is not there refuse the file, unless the caller
//! calls it an excerpt. Source: OFAC's schema `sdn_advanced.xsd`, a whole list of 2020 and excerpts of 2024 and 2026.

use std::collections::HashMap;

use standing_model::{
    Address, Calendar, Identifier, Name, NameKind, NameQuality, Note, PartKind, PartialDate, PartyKind, Record, Reject,
    Relation, Snapshot,
};

use crate::country::Countries;
use crate::error::{ReadError, grouped};
use crate::ofac::features::{self, Traits};
use crate::registry::{Document, Format, ReadOptions};
use crate::xml::{self, El, Part, Shape};
use crate::{dates, identifier, note, ofac};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "ofac-advanced-xml",
    lists: &[ofac::SDN, ofac::CONSOLIDATED],
    summary: "OFAC SDN and consolidated lists, advanced XML",
    part: |bytes| {
        let known = |tag: &str| tag.contains("un.org/sanctions/") || tag.contains("ADVANCED_XML");
        xml::root(bytes)
            .filter(|(root, tag)| root == "Sanctions" && known(tag))
            .map(|_| "")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

const SHAPE: Shape<'_> = Shape {
    records: &[
        "DateOfIssue",
        "ReferenceValueSets",
        "Location",
        "IDRegDocument",
        "DistinctParty",
        "ProfileRelationship",
        "SanctionsEntry",
    ],
    counted: &["DistinctParty"],
};

/// A place, ready to become an address.
#[derive(Debug, Default)]
struct Location {
    parts: Vec<(String, String)>,
    country: Option<String>,
    kept: Vec<(String, String)>,
}

/// What the sections before the parties say.
#[derive(Debug, Default)]
struct Tables {
    /// Words of the reference values, by the set's element and number.
    words: HashMap<String, HashMap<String, String>>,
    locations: HashMap<String, Location>,
    /// Documents by the number of the identity they belong to.
    documents: HashMap<String, Vec<(Identifier, Vec<(String, String)>)>>,
}

impl Tables {
    /// The words for a number; the number itself where the file has none.
    fn word<'s>(&'s self, set: &str, id: &'s str) -> &'s str {
        self.words.get(set).and_then(|s| s.get(id)).map_or(id, String::as_str)
    }
}

/// Attributes that tie parts of the file together, and flags in their ordinary state.
fn is_tie(name: &str, value: &str) -> bool {
    name.ends_with("ID")
        || name.ends_with("-ProfileID")
        || name == "FixedRef"
        || matches!(name, "YearFixed" | "MonthFixed" | "DayFixed" | "Primary")
        || value == "false"
}

#[derive(Debug, Default)]
struct Reading {
    tables: Tables,
    countries: Countries,
    /// Places of records, by the number of their profile.
    profiles: HashMap<String, u32>,
    /// Names of the lists on which each record is, parallel to the records.
    lists: Vec<Vec<String>>,
    orphans: u64,
    entries: u64,
}

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let text = xml::open(document)?;
    let mut snapshot = Snapshot::new("", FORMAT.id);
    let mut reading = Reading::default();
    let mut seen = 0_u64;
    xml::walk(document.name, &text.text, SHAPE, |part| {
        let (element, bytes) = match part {
            Part::Head(path, value) => {
                snapshot.head.push((path.to_owned(), value.to_owned()));
                return Ok(());
            }
            Part::Record(element, bytes) => (element, bytes),
        };
        match element.name() {
            "DateOfIssue" => {
                let written = ["Year", "Month", "Day"].map(|part| element.value(part).unwrap_or("0"));
                let written = written.join("-");
                snapshot.date = note::list_date(document, &written, numbers, options, &mut snapshot.warnings)?;
                snapshot.head.push(("DateOfIssue".to_owned(), written));
            }
            "ReferenceValueSets" => reading.words(element),
            "Location" => reading.location(element, &mut snapshot.not_understood),
            "IDRegDocument" => reading.document(element, &mut snapshot.not_understood),
            "DistinctParty" => {
                seen += 1;
                match reading.party(element, snapshot.records.len() as u32, &mut snapshot.not_understood) {
                    Ok(record) => {
                        snapshot.records.push(record);
                        note::position(&mut snapshot, &text, bytes, || format!("DistinctParty {seen}"));
                    }
                    Err(reason) => snapshot.rejects.push(Reject {
                        position: format!("DistinctParty {seen}, {}", xml::place(&text.text, bytes.start)),
                        reason,
                    }),
                }
            }
            "ProfileRelationship" => reading.relation(element, &mut snapshot),
            _ => reading.entry(element, &mut snapshot),
        }
        Ok(())
    })?;
    if reading.orphans > 0 && snapshot.rejects.is_empty() {
        let what = format!(
            "{} of {} sanctions entries and relationships have no party in the file",
            grouped(reading.orphans),
            grouped(reading.entries)
        );
        if !options.part {
            return Err(ReadError::Inconsistent {
                document: document.name.to_owned(),
                what,
                remedy: "Get the whole file; or, if it is an excerpt, say so: --part".to_owned(),
            });
        }
        snapshot.warnings.push(what);
    }
    let bare = reading.lists.iter().filter(|lists| lists.is_empty()).count() as u64;
    if bare > 0 {
        let what = format!(
            "{} of {} parties have no sanctions entry",
            grouped(bare),
            grouped(reading.lists.len() as u64)
        );
        if bare == reading.lists.len() as u64 && !options.part {
            return Err(ReadError::Inconsistent {
                document: document.name.to_owned(),
                what,
                remedy: "Get the whole file; or, if it is an excerpt, say so: --part".to_owned(),
            });
        }
        snapshot.warnings.push(what);
    }
    snapshot.list = reading.list(document.name, &snapshot.records, options)?;
    note::finish(&mut snapshot, options);
    Ok(snapshot)
}

/// `1962-6-7`, parts that are missing as 0.
fn numbers(text: &str) -> Result<Calendar, standing_model::date::DateError> {
    let mut parts = text.split('-').map(|p| p.parse::<u32>().unwrap_or(u32::MAX));
    let mut next = || parts.next().unwrap_or(0);
    let (year, month, day) = (next(), next(), next());
    dates::ymd(text, year, month, day)
}

/// A `Date`, `From` or `To` element.
fn day(element: El<'_, '_>) -> Option<Result<Calendar, standing_model::date::DateError>> {
    let year = element.value("Year")?;
    let parts = [
        year,
        element.value("Month").unwrap_or("0"),
        element.value("Day").unwrap_or("0"),
    ];
    Some(numbers(&parts.join("-")))
}

impl Reading {
    fn words(&mut self, sets: El<'_, '_>) {
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

    fn location(&mut self, element: El<'_, '_>, not_understood: &mut Vec<(String, u64)>) {
        let Some(id) = element.filled("ID") else { return };
        let mut location = Location::default();
        for part in element.children() {
            match part.name() {
                "LocationPart" => {
                    let kind = part.filled("LocPartTypeID").unwrap_or("");
                    let label = self.tables.word("LocPartType", kind);
                    for value in part.all("LocationPartValue") {
                        if let Some(text) = value.value("Value") {
                            location.parts.push((label.to_owned(), text.to_owned()));
                        }
                        if let Some(comment) = value.value("Comment") {
                            location.kept.push(("Location comment".to_owned(), comment.to_owned()));
                        }
                    }
                }
                "LocationCountry" => {
                    let country = part.filled("CountryID").map(|c| self.tables.word("Country", c));
                    location.country = country.map(str::to_owned);
                }
                "LocationAreaCode" if location.country.is_none() => {
                    let area = part
                        .filled("AreaCodeID")
                        .map(|a| self.tables.word("description of AreaCode", a));
                    location.country = area.map(str::to_owned);
                }
                _ => {}
            }
        }
        element.skip_attributes(is_tie);
        leftover(element, "Location", &mut location.kept, not_understood);
        self.tables.locations.insert(id.to_owned(), location);
    }

    fn address(&mut self, id: &str, record: &mut Record) {
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
            .extend(location.country.as_ref().map(|c| ("COUNTRY".to_owned(), c.clone())));
        if !address.parts.is_empty() {
            address.text = ofac::one_line(&address.parts);
            record.addresses.push(address);
        }
    }

    /// A place in words, for features that are no addresses.
    fn place(&self, id: &str) -> String {
        self.tables.locations.get(id).map_or_else(String::new, |location| {
            let mut parts = location.parts.clone();
            parts.extend(location.country.as_ref().map(|c| ("COUNTRY".to_owned(), c.clone())));
            ofac::one_line(&parts)
        })
    }

    fn document(&mut self, element: El<'_, '_>, not_understood: &mut Vec<(String, u64)>) {
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
            let period = date.first("DatePeriod").and_then(|p| period(p, kind, &mut extra));
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

    fn party(
        &mut self,
        element: El<'_, '_>,
        index: u32,
        not_understood: &mut Vec<(String, u64)>,
    ) -> Result<Record, String> {
        let reference = element
            .filled("FixedRef")
            .ok_or("no FixedRef, so the listing has no identity")?;
        let mut record = Record {
            reference: reference.to_owned(),
            ..Record::default()
        };
        let mut traits = Traits::default();
        if let Some(comment) = element.value("Comment") {
            record.notes.push(Note {
                field: "Comment".to_owned(),
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

    fn kind(&self, subtype: &str) -> PartyKind {
        match self.tables.word("PartySubType", subtype) {
            "Vessel" => PartyKind::Vessel,
            "Aircraft" => PartyKind::Aircraft,
            _ => {
                let kind = self.tables.word("type of PartySubType", subtype);
                match self.tables.word("PartyType", kind) {
                    "Individual" => PartyKind::Person,
                    "Entity" | "Other Entity" => PartyKind::Organisation,
                    // An excerpt may lack the table; OFAC's own numbers have not changed since 2014.
                    "4" => PartyKind::Person,
                    "3" => PartyKind::Organisation,
                    "1" => PartyKind::Vessel,
                    "2" => PartyKind::Aircraft,
                    _ => PartyKind::Unknown,
                }
            }
        }
    }

    fn identity(&mut self, identity: El<'_, '_>, record: &mut Record) {
        // Number of a group of name parts to what the part is.
        let mut groups: HashMap<&str, &str> = HashMap::new();
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
                let mut parts: Vec<(PartKind, String)> = Vec::new();
                for value in documented
                    .all("DocumentedNamePart")
                    .flat_map(|p| p.all("NamePartValue"))
                {
                    let group = value.filled("NamePartGroupID").unwrap_or("");
                    let kind = groups.get(group).copied().unwrap_or("");
                    let text = value.text();
                    if !text.is_empty() {
                        parts.push((ofac::part(self.tables.word("NamePartType", kind)), text.to_owned()));
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

    fn feature(
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

    fn record<'s>(&mut self, profile: Option<&str>, snapshot: &'s mut Snapshot) -> Option<(usize, &'s mut Record)> {
        self.entries += 1;
        let at = profile.and_then(|p| self.profiles.get(p)).map(|&at| at as usize);
        if at.is_none() {
            self.orphans += 1;
        }
        at.and_then(|at| snapshot.records.get_mut(at).map(|record| (at, record)))
    }

    fn relation(&mut self, element: El<'_, '_>, snapshot: &mut Snapshot) {
        let kind = self
            .tables
            .word("RelationType", element.filled("RelationTypeID").unwrap_or("related to"))
            .to_owned();
        let quality = self
            .tables
            .word("RelationQuality", element.filled("RelationQualityID").unwrap_or(""))
            .to_owned();
        let former = element.attr("Former") == Some("true");
        let other = element.filled("To-ProfileID").map(str::to_owned);
        let known = other
            .as_deref()
            .and_then(|o| self.profiles.get(o))
            .map(|&at| at as usize);
        let (name, reference) = known
            .and_then(|at| snapshot.records.get(at))
            .map_or((None, other), |record| {
                (Some(record.caption().to_owned()), Some(record.reference.clone()))
            });
        let comment = element.value("Comment").map(str::to_owned);
        if let Some((_, record)) = self.record(element.filled("From-ProfileID"), snapshot) {
            if let Some(comment) = comment {
                note::keep(record, "relationship comment", &format!("{kind}: {comment}"));
            }
            if !matches!(quality.as_str(), "" | "Unknown" | "1") {
                note::keep(record, "relationship quality", &format!("{kind}: {quality}"));
            }
            record.relations.push(Relation {
                kind: if former { format!("{kind} (former)") } else { kind },
                name,
                reference,
            });
        }
    }

    fn entry(&mut self, element: El<'_, '_>, snapshot: &mut Snapshot) {
        let list = self
            .tables
            .word("List", element.filled("ListID").unwrap_or(""))
            .to_owned();
        let mut kept = Vec::new();
        let mut events: Vec<(PartialDate, String)> = Vec::new();
        let mut instruments: Vec<String> = Vec::new();
        let mut doubts = Record::default();
        for event in element.all("EntryEvent") {
            let date = event.first("Date").and_then(day);
            match date {
                Some(Ok(date)) => {
                    let kind = self
                        .tables
                        .word("EntryEventType", event.filled("EntryEventTypeID").unwrap_or(""));
                    events.push((date.into(), kind.to_owned()));
                }
                Some(Err(e)) => doubts.doubts.push(format!("EntryEvent: {e}")),
                None => {}
            }
            if let Some(basis) = event.filled("LegalBasisID") {
                let words = self.tables.word("LegalBasis", basis);
                if words != "Unknown" && !instruments.iter().any(|i| i == words) {
                    instruments.push(words.to_owned());
                }
            }
            if let Some(comment) = event.value("Comment") {
                kept.push(("EntryEvent comment".to_owned(), comment.to_owned()));
            }
        }
        let (mut programmes, mut measures) = (Vec::new(), Vec::new());
        for measure in element.all("SanctionsMeasure") {
            let words = self
                .tables
                .word("SanctionsType", measure.filled("SanctionsTypeID").unwrap_or(""));
            let comment = measure.value("Comment");
            match (words, comment) {
                ("Program", Some(programme)) => programmes.push(programme.to_owned()),
                (words, None) => measures.push(words.to_owned()),
                (words, Some(comment)) => measures.push(format!("{words}: {comment}")),
            }
            if let Some(date) = measure
                .first("DatePeriod")
                .and_then(|p| period(p, "SanctionsMeasure", &mut doubts))
            {
                kept.push(("SanctionsMeasure date".to_owned(), format!("{words}: {date}")));
            }
        }
        element.skip_attributes(is_tie);
        leftover(element, "SanctionsEntry", &mut kept, &mut snapshot.not_understood);
        let Some((at, record)) = self.record(element.filled("ProfileID"), snapshot) else {
            return;
        };
        for (date, kind) in events {
            // `Created` is the listing; the earliest holds where it is on several lists.
            if kind == "Created" || record.listed_on.is_none() {
                let earlier = record.listed_on.is_none_or(|known| date.sort_key() < known.sort_key());
                if earlier {
                    record.listed_on = Some(date);
                }
            }
            kept.push((list.clone(), format!("{kind} {date}")));
        }
        for (slot, found) in [
            (&mut record.programmes, programmes),
            (&mut record.measures, measures),
            (&mut record.instruments, instruments),
        ] {
            for value in found {
                if !slot.contains(&value) {
                    slot.push(value);
                }
            }
        }
        record.kept.append(&mut kept);
        record.doubts.append(&mut doubts.doubts);
        if let Some(lists) = self.lists.get_mut(at) {
            lists.push(list);
        }
    }

    /// Which list it is: every party of the consolidated list stands on `Consolidated List`, every other one on `SDN List`.
    fn list(&self, document: &str, records: &[Record], options: &ReadOptions) -> Result<String, ReadError> {
        let on = |name: &str| {
            self.lists
                .iter()
                .filter(|lists| lists.iter().any(|l| l == name))
                .count()
        };
        let (sdn, consolidated) = (on("SDN List"), on("Consolidated List"));
        if options.list.is_none() && sdn + consolidated > 0 {
            let list = if consolidated >= sdn {
                ofac::CONSOLIDATED
            } else {
                ofac::SDN
            };
            return Ok(list.to_owned());
        }
        ofac::which(document, records, options)
    }
}

/// What no rule has read in a part outside the parties.
fn leftover(
    element: El<'_, '_>,
    what: &str,
    kept: &mut Vec<(String, String)>,
    not_understood: &mut Vec<(String, u64)>,
) {
    element.unread(|path, value| {
        if !value.is_empty() {
            let field = format!("{what}/{path}");
            note::count(not_understood, &field);
            kept.push((field, value.to_owned()));
        }
    });
}

/// A name from its parts. For Latin letters the family name, which stands first, goes last; other scripts stay as they stand.
fn from_parts(kind: PartyKind, role: NameKind, parts: Vec<(PartKind, String)>) -> Option<Name> {
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
            .map(|(_, p)| p.clone());
        let all = halves.into_iter().chain(suffix).filter(|p| !p.is_empty());
        all.collect::<Vec<_>>().join(" ")
    } else {
        note::joined(&parts)
    };
    let mut name = Name::new(role, text);
    if parts.len() > 1 {
        name.parts = parts;
    }
    Some(name)
}

/// `Start/From … End/To` of a period.
fn period(element: El<'_, '_>, field: &str, record: &mut Record) -> Option<PartialDate> {
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
