//! What the snapshots of a list say about each listing, in the order of their own dates.
//!
//! A snapshot stores only where it differs from its *base*, an earlier recorded snapshot of the same list. Resolving a listing walks
//! the snapshots in the order in which they were recorded (a base always comes first), then sorts them by date: the order of
//! ingestion leaves no trace.

use std::collections::HashMap;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use standing_model::{Day, Extent, PartialDate};

use crate::error::LedgerError;

/// Where a snapshot's date came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrigin {
    /// The file bears it.
    File,
    /// Given on ingest.
    Given,
    /// The git commit that brought the file.
    Commit,
    /// The server's Last-Modified.
    LastModified,
    /// It begins the file's or its folder's name.
    Name,
    /// Between the newest date in its records and the day of ingest.
    Records,
}

/// Whether a snapshot takes part in comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SnapshotState {
    /// It counts.
    Accepted,
    /// Held by the guard until somebody decides.
    Held,
    /// Decided not to count.
    Rejected,
}

/// A stored snapshot without its records.
#[derive(Debug, Clone, PartialEq)]
pub struct SnapshotRow {
    /// Its number.
    pub id: i64,
    /// The list.
    pub list: String,
    /// The format.
    pub format: String,
    /// Its date.
    pub date: PartialDate,
    /// Where the date came from.
    pub date_origin: DateOrigin,
    /// Whether it proves absences.
    pub extent: Extent,
    /// How many listings it holds.
    pub listings: i64,
    /// How many records could not be read.
    pub rejected: i64,
    /// Digest over its documents.
    pub digest: Vec<u8>,
    pub(crate) base: Option<i64>,
    /// Whether it counts, at the state of the ledger asked for.
    pub state: SnapshotState,
}

impl SnapshotRow {
    /// Does it prove that what is not on it was not listed?
    pub fn is_whole(&self) -> bool {
        self.extent == Extent::Whole
    }

    /// Had it certainly been made public by the end of this day?
    pub fn known_by(&self, day: Day) -> bool {
        self.date.latest().is_some_and(|latest| latest <= day)
    }

    /// Does it lie strictly after another, so that the two may be compared?
    pub fn is_after(&self, other: &Self) -> bool {
        other.date.before(self.date) == standing_model::Truth::Yes
    }
}

/// What one snapshot says of one listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// It is on it, as this record.
    Present(i64),
    /// It is not on it, and the snapshot is whole (or says that it was taken off).
    Absent,
    /// Nothing.
    Unsaid,
}

/// The snapshots of one list at a state of the ledger.
pub(crate) struct ListHistory {
    /// In the order of recording.
    pub snapshots: Vec<SnapshotRow>,
    /// Places in `snapshots` of those that are accepted, in the order of their dates.
    pub by_date: Vec<usize>,
    place: HashMap<i64, usize>,
}

impl ListHistory {
    pub fn new(snapshots: Vec<SnapshotRow>) -> Self {
        let mut by_date: Vec<usize> = (0..snapshots.len())
            .filter(|&at| snapshots[at].state == SnapshotState::Accepted)
            .collect();
        by_date.sort_by_cached_key(|&at| {
            let s = &snapshots[at];
            (s.date.latest(), s.date.earliest(), s.digest.clone(), s.format.clone())
        });
        let place = snapshots.iter().enumerate().map(|(at, s)| (s.id, at)).collect();
        Self {
            snapshots,
            by_date,
            place,
        }
    }

    /// Resolves one listing's entries `(snapshot, record)` into what each snapshot says, parallel to `snapshots`.
    pub fn resolve(&self, entries: &[(i64, Option<i64>)]) -> Vec<Presence> {
        let mut said = vec![None; self.snapshots.len()];
        for &(snapshot, record) in entries {
            if let Some(&at) = self.place.get(&snapshot) {
                said[at] = Some(record.map_or(Presence::Absent, Presence::Present));
            }
        }
        let mut resolved: Vec<Presence> = Vec::with_capacity(said.len());
        for (at, snapshot) in self.snapshots.iter().enumerate() {
            let inherited = || match snapshot.base.and_then(|base| self.place.get(&base)) {
                Some(&base) if base < at => resolved[base],
                _ if snapshot.is_whole() => Presence::Absent,
                _ => Presence::Unsaid,
            };
            let presence = said[at].unwrap_or_else(inherited);
            resolved.push(presence);
        }
        resolved
    }
}

const COLUMNS: &str = "id, list, format, date, date_origin, extent, listings, rejected, digest, base";

fn row_of(row: &rusqlite::Row<'_>) -> Result<SnapshotRow, LedgerError> {
    Ok(SnapshotRow {
        id: row.get(0)?,
        list: row.get(1)?,
        format: row.get(2)?,
        date: serde_json::from_str(row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?)?,
        date_origin: serde_json::from_str(row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?)?,
        extent: serde_json::from_str(row.get_ref(5)?.as_str().map_err(rusqlite::Error::from)?)?,
        listings: row.get(6)?,
        rejected: row.get(7)?,
        digest: row.get(8)?,
        base: row.get(9)?,
        state: SnapshotState::Accepted,
    })
}

/// All snapshots of a list (of all lists, if none is named) at a state of the ledger, in the order of recording.
pub(crate) fn snapshots(
    connection: &Connection,
    list: Option<&str>,
    up_to: i64,
    decisions_up_to: i64,
) -> Result<Vec<SnapshotRow>, LedgerError> {
    let decided = decisions(connection, decisions_up_to)?;
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM snapshot WHERE id <= ?1 AND (?2 IS NULL OR list = ?2) ORDER BY id"
    ))?;
    let mut rows = statement.query(rusqlite::params![up_to, list])?;
    let mut snapshots = Vec::new();
    while let Some(row) = rows.next()? {
        let mut snapshot = row_of(row)?;
        if let Some(&state) = decided.get(&snapshot.id) {
            snapshot.state = state;
        }
        snapshots.push(snapshot);
    }
    Ok(snapshots)
}

/// The latest decision about each snapshot that has one.
pub(crate) fn decisions(connection: &Connection, up_to: i64) -> Result<HashMap<i64, SnapshotState>, LedgerError> {
    let mut statement =
        connection.prepare_cached("SELECT snapshot, verdict FROM decision WHERE id <= ?1 ORDER BY id")?;
    let mut rows = statement.query([up_to])?;
    let mut decided = HashMap::new();
    while let Some(row) = rows.next()? {
        let state = match row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)? {
            "accept" => SnapshotState::Accepted,
            "reject" => SnapshotState::Rejected,
            _ => SnapshotState::Held,
        };
        decided.insert(row.get(0)?, state);
    }
    Ok(decided)
}

/// A listing with its entries `(snapshot, record)`.
pub(crate) type Entries = Vec<(i64, Option<i64>)>;

/// The entries of one listing.
pub(crate) fn entries(connection: &Connection, listing: i64, up_to: i64) -> Result<Entries, LedgerError> {
    let mut statement = connection.prepare_cached(
        "SELECT snapshot, record FROM presence WHERE listing = ?1 AND snapshot <= ?2 ORDER BY snapshot",
    )?;
    let rows = statement.query_map([listing, up_to], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The entries of every listing of a list, in the order of the listings' ids: `(id, reference, entries)`.
pub(crate) fn all_entries(
    connection: &Connection,
    list: &str,
    up_to: i64,
) -> Result<Vec<(i64, String, Entries)>, LedgerError> {
    let mut statement = connection.prepare_cached(
        "SELECT p.listing, l.reference, p.snapshot, p.record FROM presence p JOIN listing l ON l.id = p.listing
         WHERE l.list = ?1 AND p.snapshot <= ?2 ORDER BY p.listing, p.snapshot",
    )?;
    let mut rows = statement.query(rusqlite::params![list, up_to])?;
    let mut all: Vec<(i64, String, Entries)> = Vec::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        if all.last().is_none_or(|last| last.0 != id) {
            all.push((id, row.get(1)?, Vec::new()));
        }
        if let Some(last) = all.last_mut() {
            last.2.push((row.get(2)?, row.get(3)?));
        }
    }
    Ok(all)
}
