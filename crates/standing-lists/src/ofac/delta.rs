//! Delta files of OFAC's Sanctions List Service: what one publication added, changed and removed.
//!
//! The layout is that of the enhanced XML, with an `action` on each `entity`. An `add` brings the whole party; a `remove` its end; a
//! change brings only the parts that changed, so that no record can be made of it: it is reported, and the next whole list brings it. A
//! change that takes a party off one of the lists is that list's removal. Source: the namespace
//! `https://www.treasury.gov/ofac/DeltaFile/1.0` as described by programs that read the service; no real file was at hand.

use standing_model::{Extent, Reject, Snapshot};

use crate::country::Countries;
use crate::error::ReadError;
use crate::ofac::enhanced::{self, On};
use crate::registry::{Document, Format, ReadOptions};
use crate::xml::{self, El, Part, Shape};
use crate::{dates, note, ofac};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "ofac-delta-xml",
    lists: &[ofac::SDN, ofac::CONSOLIDATED],
    summary: "OFAC Sanctions List Service, delta files",
    part: |bytes| {
        xml::root(bytes)
            .filter(|(root, tag)| root == "sanctionsData" && tag.contains("DeltaFile"))
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

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Vec<Snapshot>, ReadError> {
    let text = xml::open(document)?;
    let mut whole = Snapshot::new("", FORMAT.id);
    whole.extent = Extent::Part("a delta: what one publication changed".to_owned());
    let mut countries = Countries::default();
    let mut lists: Vec<On> = Vec::new();
    let mut removed: Vec<(String, On)> = Vec::new();
    let mut seen = 0_u64;
    xml::walk(document.name, &text.text, SHAPE, |part| {
        let (element, bytes) = match part {
            Part::Head(path, value) => {
                if path == "publicationInfo/datePublished" {
                    whole.date = note::list_date(document, value, dates::iso, options, &mut whole.warnings)?;
                }
                whole.head.push((path.to_owned(), value.to_owned()));
                return Ok(());
            }
            Part::Record(element, _) if element.name() != "entity" => return Ok(()),
            Part::Record(element, bytes) => (element, bytes),
        };
        seen += 1;
        let id = element.filled("id").unwrap_or("");
        let place = xml::place(&text.text, bytes.start);
        let mut reject = |reason: String| {
            whole.rejects.push(Reject {
                position: format!("entity {seen} ({id}), {place}"),
                reason,
            });
        };
        match action(element) {
            "add" => match enhanced::record(element, &mut countries, &mut whole.not_understood) {
                Ok((record, on)) => {
                    whole.records.push(record);
                    lists.push(on);
                    note::position(&mut whole, &text, bytes, || format!("entity {seen}"));
                }
                Err(reason) => reject(reason),
            },
            _ if id.is_empty() => reject("no id, so that it is not clear what changed".to_owned()),
            "remove" | "delete" => {
                let mut on = On::default();
                for list in element.all("sanctionsLists").flat_map(El::children) {
                    on.mark(list.text());
                }
                // Without a list it is off every list: a party's number is the same on all.
                if !on.sdn && !on.other {
                    on = On { sdn: true, other: true };
                }
                removed.push((id.to_owned(), on));
            }
            other => {
                let mut on = On::default();
                for list in element.all("sanctionsLists").flat_map(El::children) {
                    if matches!(action(list), "remove" | "delete") {
                        on.mark(list.text());
                    }
                }
                if on.sdn || on.other {
                    removed.push((id.to_owned(), on));
                }
                let mut changed: Vec<&str> = element.children().map(El::name).collect();
                changed.dedup();
                reject(format!(
                    "a change ({}) of {}: a delta brings only the parts that changed, the next whole list brings the listing",
                    if other.is_empty() { "without action" } else { other },
                    changed.join(", ")
                ));
            }
        }
        Ok(())
    })?;
    let mut snapshots = enhanced::split(whole, &lists);
    for (list, on_list) in [
        (ofac::SDN, (|on: &On| on.sdn) as fn(&On) -> bool),
        (ofac::CONSOLIDATED, |on| on.other),
    ] {
        let removals: Vec<String> = removed
            .iter()
            .filter(|(_, on)| on_list(on))
            .map(|(id, _)| id.clone())
            .collect();
        if removals.is_empty() {
            continue;
        }
        if let Some(snapshot) = snapshots.iter_mut().find(|s| s.list == list) {
            snapshot.removals = removals;
        } else {
            let mut snapshot = Snapshot::new(list, FORMAT.id);
            if let Some(other) = snapshots.first() {
                snapshot.date = other.date;
                snapshot.head.clone_from(&other.head);
                snapshot.extent = other.extent.clone();
            }
            snapshot.removals = removals;
            snapshots.push(snapshot);
        }
    }
    for snapshot in &mut snapshots {
        note::finish(snapshot, options);
    }
    Ok(snapshots)
}

fn action<'t>(element: El<'t, '_>) -> &'t str {
    element.attr("action").unwrap_or("")
}
