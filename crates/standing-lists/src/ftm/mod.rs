//! FollowTheMoney: entities a line (`entities.ftm.json`), targets with everything nested in them (`targets.nested.json`), statements
//! (CSV) and delta files.
//!
//! An entity that is a party becomes a record; what only speaks of a party (`Sanction`, `Address`, `Passport`, `Ownership` …) is put into
//! the record it speaks of. Identity is the entity's `id`. Without a list named by the caller the data set is taken for an aggregate
//! that repeats other lists: list `ftm`, always a part. With `--list` it is that list, whole unless the caller says otherwise. The
//! files bear no date. Source: the FollowTheMoney model, samples of two data sets and of their deltas.

pub(crate) mod entity;
pub(crate) mod lines;
pub(crate) mod statements;

use std::collections::{BTreeMap, HashMap};

use standing_model::{DocumentSpan, Extent, Record, Reject, Snapshot};

use crate::ftm::entity::{Entity, Role};
use crate::note;
use crate::registry::ReadOptions;

/// The list that an aggregate goes by.
pub(crate) const LIST: &str = "ftm";

/// Entities gathered from a file, in its order.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    entities: Vec<(Entity, Place)>,
    rejects: Vec<Reject>,
    removals: Vec<String>,
}

/// Where an entity stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Place {
    /// Its bytes, where they stand for those of the document.
    pub(crate) bytes: Option<(usize, usize)>,
    /// In words.
    pub(crate) words: String,
}

/// What the entities of a file amount to.
fn snapshot(format: &str, gathered: Gathered, delta: bool, options: &ReadOptions) -> Snapshot {
    let mut snapshot = Snapshot::new(options.list.clone().unwrap_or_else(|| LIST.to_owned()), format);
    if delta {
        snapshot.extent = Extent::Part("a delta: what changed between two versions".to_owned());
    } else if options.list.is_none() {
        snapshot.extent = Extent::Part("an aggregate that repeats other lists".to_owned());
    }
    snapshot.rejects = gathered.rejects;
    snapshot.removals = gathered.removals;
    let mut at: HashMap<String, usize> = HashMap::new();
    let mut helpers: Vec<(Entity, Place)> = Vec::new();
    let mut unknown: BTreeMap<String, u64> = BTreeMap::new();
    let mut places = Vec::new();
    for (entity, place) in gathered.entities {
        if entity.role() == Role::Party {
            let (record, nested) = entity::record(&entity, &mut unknown);
            at.insert(entity.id.clone(), snapshot.records.len());
            snapshot.records.push(record);
            helpers.extend(nested.into_iter().map(|n| (n, place.clone())));
            places.push(place);
        } else {
            helpers.push((entity, place));
        }
    }
    // An address or document may be spoken of by the party (`addressEntity`) instead of speaking of it.
    let mut spoken: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, record) in snapshot.records.iter().enumerate() {
        for (_, id) in record.kept.iter().filter(|(field, _)| field == "addressEntity") {
            spoken.entry(id.to_string()).or_default().push(index);
        }
    }
    for (helper, place) in helpers {
        let mut parties: Vec<usize> = helper.parties().filter_map(|id| at.get(id).copied()).collect();
        parties.extend(spoken.get(&helper.id).into_iter().flatten());
        parties.sort_unstable();
        parties.dedup();
        if parties.is_empty() {
            snapshot.rejects.push(Reject {
                position: place.words.clone(),
                reason: format!("{} {} speaks of no party that is in the file", helper.schema, helper.id),
            });
        }
        for party in parties {
            entity::add(&helper, &mut snapshot.records[party], &mut unknown);
        }
    }
    if places.iter().all(|p| p.bytes.is_some()) {
        snapshot.spans = places.iter().filter_map(|p| p.bytes).map(span).collect();
    } else {
        snapshot.positions = places.into_iter().map(|p| p.words).collect();
    }
    snapshot.not_understood = unknown.into_iter().collect();
    snapshot.records.iter_mut().for_each(settle);
    note::finish(&mut snapshot, options);
    snapshot
}

fn span((start, end): (usize, usize)) -> DocumentSpan {
    DocumentSpan {
        document: 0,
        start: start as u64,
        end: end as u64,
    }
}

/// Births and places of one party: one of each belong together.
fn settle(record: &mut Record) {
    if let [date, place] = record.births.as_mut_slice()
        && date.place.is_none()
        && place.date.is_none()
        && place.written.is_none()
    {
        date.place = place.place.take();
        record.births.truncate(1);
    }
}
