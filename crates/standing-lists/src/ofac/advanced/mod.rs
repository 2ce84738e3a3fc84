//! OFAC's advanced XML (`sdn_advanced.xml`, `cons_advanced.xml`): parties, documents, places, relations and sanctions in sections of
//! their own, tied by numbers.
//!
//! Read in one pass and in whatever namespace it stands. Identity is `FixedRef` of `DistinctParty`; `DateOfIssue` is the snapshot's
//! date. Places and documents come before the parties and are put into them; relations and sanctions come after and are added. Numbers
//! that only tie parts of the file together are not kept. Sanctions of a party that is not there refuse the file, unless the caller
//! calls it an excerpt. Source: OFAC's schema `sdn_advanced.xsd`, a whole list of 2020 and excerpts of 2024 and 2026.

mod party;
mod tables;

use std::collections::HashMap;

use foldhash::fast::RandomState;
use standing_model::{PartialDate, Record, Reject, Relation, Snapshot, Text};

use crate::country::Countries;
use crate::error::{ReadError, grouped};
use crate::registry::{Document, Format, ReadOptions};
use crate::xml::{self, El, Part, Shape};
use crate::{note, ofac};

use party::{day, numbers, period};
use tables::Tables;

/// By numbers and words of the file: looked up for nearly every element.
type Map<K, V> = HashMap<K, V, RandomState>;

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
    profiles: Map<String, u32>,
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

impl Reading {
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
                (Some(record.caption().to_owned()), Some(record.reference.to_string()))
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
                kind: if former {
                    format!("{kind} (former)").into()
                } else {
                    kind.into()
                },
                name: name.map(Text::from),
                reference: reference.map(Text::from),
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
        let mut instruments: Vec<Text> = Vec::new();
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
                    instruments.push(words.into());
                }
            }
            if let Some(comment) = event.value("Comment") {
                kept.push(("EntryEvent comment".into(), comment.into()));
            }
        }
        let (mut programmes, mut measures) = (Vec::new(), Vec::new());
        for measure in element.all("SanctionsMeasure") {
            let words = self
                .tables
                .word("SanctionsType", measure.filled("SanctionsTypeID").unwrap_or(""));
            let comment = measure.value("Comment");
            match (words, comment) {
                ("Program", Some(programme)) => programmes.push(Text::from(programme)),
                (words, None) => measures.push(Text::from(words)),
                (words, Some(comment)) => measures.push(format!("{words}: {comment}").into()),
            }
            if let Some(date) = measure
                .first("DatePeriod")
                .and_then(|p| period(p, "SanctionsMeasure", &mut doubts))
            {
                kept.push(("SanctionsMeasure date".into(), format!("{words}: {date}").into()));
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
            kept.push((list.as_str().into(), format!("{kind} {date}").into()));
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
fn leftover(element: El<'_, '_>, what: &str, kept: &mut Vec<(Text, Text)>, not_understood: &mut Vec<(String, u64)>) {
    element.unread(|path, value| {
        if !value.is_empty() {
            let field = format!("{what}/{path}");
            note::count(not_understood, &field);
            kept.push((field.into(), value.into()));
        }
    });
}
