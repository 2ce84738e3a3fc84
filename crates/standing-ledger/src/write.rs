//! Appending: everything that becomes a fact goes through a [`Transaction`].

use std::collections::{BTreeMap, HashMap, HashSet};

use rusqlite::{OptionalExtension, TransactionBehavior};
use serde::{Deserialize, Serialize};
use standing_model::{Extent, PartialDate, Snapshot, Truth, Verdict, days_between};

use crate::chain::{self, Head, Marks};
use crate::document;
use crate::error::{LedgerError, damaged};
use crate::history::{self, DateOrigin, ListHistory, Presence, SnapshotRow, SnapshotState};
use crate::keys;
use crate::open::Ledger;
use crate::record::{self, Records};
use crate::register::{self, RegisterFacts};

/// A transaction under way. Dropped without [`Transaction::commit`] it leaves nothing.
pub struct Transaction<'a> {
    inner: rusqlite::Transaction<'a>,
    before: Marks,
    n: i64,
    prev: Vec<u8>,
    recorded: String,
    what: String,
}

/// What an ingest found out about a snapshot besides its records; kept with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct SnapshotReport {
    /// Records that could not be read: position and reason.
    pub rejects: Vec<(String, String)>,
    /// Fields that no rule reads, with how often.
    pub not_understood: Vec<(String, u64)>,
    /// The head of the file, verbatim.
    pub head: Vec<(String, String)>,
    /// Anything else worth knowing.
    pub warnings: Vec<String>,
}

/// A snapshot to be recorded.
pub struct NewSnapshot<'a> {
    /// As read.
    pub snapshot: &'a Snapshot,
    /// Its date, wherever that came from.
    pub date: PartialDate,
    /// Where it came from.
    pub origin: DateOrigin,
    /// Whether it proves absences; may be narrowed on ingest.
    pub extent: Extent,
    /// The files it was read from, as received: name and bytes.
    pub documents: &'a [(&'a str, &'a [u8])],
    /// The share of listings that may end before the guard holds it.
    pub limit: f64,
}

/// Why the guard holds a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// The neighbour that it was judged against.
    pub against: i64,
    /// The neighbour's date.
    pub against_date: PartialDate,
    /// Whether listings are missing from the held snapshot (or from the neighbour, which is later).
    pub missing_from_held: bool,
    /// How many listings would end.
    pub gone: u64,
    /// Of how many.
    pub of: u64,
}

/// What became of a snapshot.
#[derive(Debug, Clone, PartialEq)]
pub enum Added {
    /// The same file of the same date is recorded already.
    Already {
        /// Its number.
        snapshot: i64,
    },
    /// Recorded.
    Recorded {
        /// Its number.
        snapshot: i64,
        /// Why it is held, if it is.
        held: Option<Hold>,
        /// How many record versions are new to the ledger.
        new_records: u64,
        /// Snapshots whose dates overlap, so that nothing follows between them.
        overlapping: Vec<PartialDate>,
    },
}

impl Ledger {
    /// Begins a transaction. `recorded` is the time (RFC 3339, UTC), `what` one line on what it does.
    pub fn begin(&mut self, recorded: &str, what: &str) -> Result<Transaction<'_>, LedgerError> {
        let inner = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let last: Option<(i64, String, Vec<u8>)> = inner
            .query_row("SELECT n, marks, hash FROM tx ORDER BY n DESC LIMIT 1", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        let (n, before, prev) = match last {
            Some((n, marks, hash)) => (n + 1, Marks::decode(&marks)?, hash),
            None => (1, Marks::default(), Vec::new()),
        };
        if Marks::of(&inner)? != before {
            return Err(damaged("there are rows behind the last transaction"));
        }
        Ok(Transaction {
            inner,
            before,
            n,
            prev,
            recorded: recorded.to_owned(),
            what: what.to_owned(),
        })
    }
}

impl Transaction<'_> {
    /// The number that this transaction will have.
    pub fn number(&self) -> i64 {
        self.n
    }

    /// Commits, unless nothing was written: then no transaction is made and `None` comes back.
    pub fn commit(self) -> Result<Option<i64>, LedgerError> {
        let marks = Marks::of(&self.inner)?;
        if marks == self.before {
            return Ok(None);
        }
        let head = Head {
            n: self.n,
            recorded: &self.recorded,
            what: &self.what,
            before: self.before,
            marks,
            prev: &self.prev,
        };
        let hash = chain::hash(&self.inner, &head)?;
        self.inner.execute(
            "INSERT INTO tx (n, recorded, what, marks, prev, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            rusqlite::params![self.n, self.recorded, self.what, marks.encode(), self.prev, hash],
        )?;
        self.inner.commit()?;
        tracing::debug!(transaction = self.n, what = self.what, "committed");
        Ok(Some(self.n))
    }

    /// Records an edition of the register: its source document and what it says.
    pub fn register(&self, name: &str, bytes: &[u8], facts: &RegisterFacts) -> Result<(), LedgerError> {
        let (document, _) = document::store(&self.inner, name, "register", bytes)?;
        register::append(&self.inner, document, facts)
    }

    /// Records a decision about a held snapshot.
    pub fn decide(&self, snapshot: i64, state: SnapshotState, why: &str) -> Result<(), LedgerError> {
        let verdict = match state {
            SnapshotState::Accepted => "accept",
            SnapshotState::Rejected => "reject",
            SnapshotState::Held => "hold",
        };
        self.inner
            .prepare_cached("INSERT INTO decision (snapshot, verdict, why) VALUES (?1, ?2, ?3)")?
            .execute(rusqlite::params![snapshot, verdict, why])?;
        Ok(())
    }

    /// Records a judgement about two ids.
    pub fn judge(&self, a: &str, b: &str, verdict: Verdict, by: &str, why: &str) -> Result<(), LedgerError> {
        let (target, source) = if a > b { (a, b) } else { (b, a) };
        let word = serde_json::to_value(verdict)?;
        self.inner
            .prepare_cached(
                "INSERT INTO judgement (target, source, verdict, decider, why) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(rusqlite::params![target, source, word.as_str(), by, why])?;
        Ok(())
    }

    /// Records an article with its claims (JSON). Gives its number and whether it is new.
    pub fn article(&self, name: &str, bytes: &[u8], body: &str) -> Result<(i64, bool), LedgerError> {
        let (document, _) = document::store(&self.inner, name, "article", bytes)?;
        let same = self
            .inner
            .prepare_cached("SELECT id FROM article WHERE document = ?1 AND body = ?2")?
            .query_row(rusqlite::params![document, body], |row| row.get(0))
            .optional()?;
        if let Some(id) = same {
            return Ok((id, false));
        }
        self.inner
            .prepare_cached("INSERT INTO article (document, body) VALUES (?1, ?2)")?
            .execute(rusqlite::params![document, body])?;
        Ok((self.inner.last_insert_rowid(), true))
    }

    /// Records a snapshot: its documents, its records, where it differs from what was recorded before, and whether the guard holds it.
    pub fn snapshot(&self, new: &NewSnapshot<'_>) -> Result<Added, LedgerError> {
        let list = new.snapshot.list.as_str();
        let digest = set_digest(new.documents);
        let (date, origin, extent) = (
            serde_json::to_string(&new.date)?,
            serde_json::to_string(&new.origin)?,
            serde_json::to_string(&new.extent)?,
        );
        let already = self
            .inner
            .prepare_cached(
                // A date that was bounded by the day of ingest changes from day to day; the file is the same all the same.
                "SELECT id FROM snapshot WHERE list = ?1 AND digest = ?2 AND extent = ?4
                 AND (date = ?3 OR (date_origin = ?5 AND ?5 = '\"records\"'))",
            )?
            .query_row(rusqlite::params![list, digest, date, extent, origin], |row| row.get(0))
            .optional()?;
        if let Some(snapshot) = already {
            return Ok(Added::Already { snapshot });
        }

        let others = history::snapshots(&self.inner, Some(list), i64::MAX, i64::MAX)?;
        let whole = new.extent == Extent::Whole;
        let base = if whole { nearest(&others, new) } else { None };
        let report = self.report(new.snapshot, base)?;
        self.inner
            .prepare_cached(
                "INSERT INTO snapshot (list, format, date, date_origin, extent, listings, rejected, digest, base, report)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(rusqlite::params![
                list,
                new.snapshot.format,
                date,
                origin,
                extent,
                new.snapshot.records.len() as i64,
                new.snapshot.rejects.len() as i64,
                digest,
                base,
                report
            ])?;
        let id = self.inner.last_insert_rowid();
        for (position, (name, bytes)) in new.documents.iter().enumerate() {
            let series = format!("{list}/{}/{position}", new.snapshot.format);
            let (document, _) = document::store(&self.inner, name, &series, bytes)?;
            self.inner
                .prepare_cached(
                    "INSERT INTO snapshot_document (snapshot, position, document, name) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute(rusqlite::params![id, position as i64, document, name])?;
        }

        let known = history::all_entries(&self.inner, list, id)?;
        let others = ListHistory::new(others);
        let overlapping: Vec<PartialDate> = others
            .snapshots
            .iter()
            .filter(|s| {
                whole
                    && s.is_whole()
                    && s.digest != digest
                    && s.date.before(new.date) != Truth::Yes
                    && new.date.before(s.date) != Truth::Yes
            })
            .map(|s| s.date)
            .collect();
        let new_records = self.presences(id, new.snapshot, base, &others, &known)?;
        let held = if whole { guard(new, &others, &known) } else { None };
        if let Some(hold) = &held {
            self.decide(id, SnapshotState::Held, &serde_json::to_string(hold)?)?;
        }
        Ok(Added::Recorded {
            snapshot: id,
            held,
            new_records,
            overlapping,
        })
    }

    fn report(&self, snapshot: &Snapshot, base: Option<i64>) -> Result<Option<String>, LedgerError> {
        let report = SnapshotReport {
            rejects: snapshot
                .rejects
                .iter()
                .map(|r| (r.position.clone(), r.reason.clone()))
                .collect(),
            not_understood: snapshot.not_understood.clone(),
            head: snapshot.head.clone(),
            warnings: snapshot.warnings.clone(),
        };
        let report = serde_json::to_string(&report)?;
        // The same report as the base's is not written again.
        let inherited = base.map(|base| load_report(&self.inner, base)).transpose()?.flatten();
        Ok((inherited.as_deref() != Some(report.as_str())).then_some(report))
    }

    /// Writes records that are new and where the snapshot differs from its base.
    fn presences(
        &self,
        id: i64,
        snapshot: &Snapshot,
        base: Option<i64>,
        others: &ListHistory,
        known: &[(i64, String, history::Entries)],
    ) -> Result<u64, LedgerError> {
        let base_place = base.and_then(|base| others.snapshots.iter().position(|s| s.id == base));
        let store = Records::new(&self.inner);
        // reference → (listing, what the base says)
        let mut before: HashMap<&str, (i64, Option<i64>)> = HashMap::with_capacity(known.len());
        for (listing, reference, entries) in known {
            let record = base_place.and_then(|place| match others.resolve(entries)[place] {
                Presence::Present(record) => Some(record),
                _ => None,
            });
            before.insert(reference, (*listing, record));
        }
        let mut texts = Vec::new();
        let mut places: Vec<(i64, usize)> = Vec::new();
        let mut seen: HashSet<&str> = HashSet::with_capacity(snapshot.records.len());
        let mut insert_listing = self
            .inner
            .prepare_cached("INSERT INTO listing (list, reference) VALUES (?1, ?2)")?;
        let mut new_listings = Vec::new();
        for (at, record) in snapshot.records.iter().enumerate() {
            if !seen.insert(&record.reference) {
                return Err(LedgerError::Unknown(format!(
                    "{} bears the reference {} twice; the reader must tell them apart",
                    snapshot.list, record.reference
                )));
            }
            let text = serde_json::to_string(record)?;
            let listing = match before.get(record.reference.as_str()) {
                Some(&(listing, Some(old))) => {
                    if store.with_text(old, |old| old == text)? {
                        continue;
                    }
                    listing
                }
                Some(&(listing, None)) => listing,
                None => {
                    insert_listing.execute(rusqlite::params![snapshot.list, record.reference.as_str()])?;
                    new_listings.push(record.reference.clone());
                    self.inner.last_insert_rowid()
                }
            };
            places.push((listing, at));
            texts.push(text);
        }
        let first = record::append(&self.inner, &texts)?;
        let mut insert = self
            .inner
            .prepare_cached("INSERT INTO presence (listing, snapshot, record) VALUES (?1, ?2, ?3)")?;
        for (offset, (listing, at)) in places.iter().enumerate() {
            insert.execute(rusqlite::params![listing, id, first + offset as i64])?;
            self.index(id, *listing, &snapshot.list, &snapshot.records[*at])?;
        }
        let mut gone: Vec<i64> = before
            .iter()
            .filter(|(reference, (_, record))| record.is_some() && !seen.contains(*reference))
            .map(|(_, (listing, _))| *listing)
            .collect();
        gone.extend(
            snapshot
                .removals
                .iter()
                .filter_map(|r| before.get(r.as_str()))
                .map(|(listing, _)| *listing),
        );
        gone.sort_unstable();
        gone.dedup();
        for listing in gone {
            insert.execute(rusqlite::params![listing, id, None::<i64>])?;
        }
        Ok(texts.len() as u64)
    }

    fn index(
        &self,
        snapshot: i64,
        listing: i64,
        list: &str,
        record: &standing_model::Record,
    ) -> Result<(), LedgerError> {
        let mut name = self
            .inner
            .prepare_cached("INSERT OR IGNORE INTO name_key (key, listing, snapshot) VALUES (?1, ?2, ?3)")?;
        for key in record.names.iter().filter_map(|n| keys::name_key(&n.text)) {
            name.execute([key, listing, snapshot])?;
        }
        let mut link = self
            .inner
            .prepare_cached("INSERT OR IGNORE INTO link_key (key, listing, snapshot) VALUES (?1, ?2, ?3)")?;
        for key in keys::link_keys(list, record) {
            link.execute(rusqlite::params![key, listing, snapshot])?;
        }
        Ok(())
    }
}

/// One digest for the files that belong together, whatever their order.
fn set_digest(documents: &[(&str, &[u8])]) -> Vec<u8> {
    let mut digests: Vec<[u8; 32]> = documents.iter().map(|(_, bytes)| document::digest(bytes)).collect();
    digests.sort_unstable();
    match digests.as_slice() {
        [one] => one.to_vec(),
        many => document::digest(&many.concat()).to_vec(),
    }
}

/// The recorded whole snapshot of the same format that is nearest in date: the one that most likely differs least.
fn nearest(others: &[SnapshotRow], new: &NewSnapshot<'_>) -> Option<i64> {
    let day = new.date.latest()?;
    others
        .iter()
        .filter(|s| s.is_whole() && s.format == new.snapshot.format)
        .min_by_key(|s| {
            let distance = s
                .date
                .latest()
                .map_or(u32::MAX, |d| days_between(d, day).unsigned_abs());
            (distance, std::cmp::Reverse(s.id))
        })
        .map(|s| s.id)
}

/// Judges a new snapshot against its accepted neighbours by date.
fn guard(new: &NewSnapshot<'_>, others: &ListHistory, known: &[(i64, String, history::Entries)]) -> Option<Hold> {
    let whole = |at: &&usize| others.snapshots[**at].is_whole();
    let earlier = others
        .by_date
        .iter()
        .rfind(|at| whole(at) && others.snapshots[**at].date.before(new.date) == Truth::Yes);
    let later = others
        .by_date
        .iter()
        .find(|at| whole(at) && new.date.before(others.snapshots[**at].date) == Truth::Yes);
    if earlier.is_none() && later.is_none() {
        return None;
    }
    let now: HashSet<&str> = new.snapshot.records.iter().map(|r| r.reference.as_str()).collect();
    let mut on: BTreeMap<usize, HashSet<&str>> = BTreeMap::new();
    for (_, reference, entries) in known {
        let resolved = others.resolve(entries);
        for &at in earlier.iter().chain(later.iter()) {
            if matches!(resolved[*at], Presence::Present(_)) {
                on.entry(*at).or_default().insert(reference);
            }
        }
    }
    let empty = HashSet::new();
    let hold = |at: usize, missing_from_held: bool| {
        let there = on.get(&at).unwrap_or(&empty);
        let (before, after) = if missing_from_held {
            (there, &now)
        } else {
            (&now, there)
        };
        let gone = before.iter().filter(|r| !after.contains(*r)).count();
        (gone as f64 > new.limit * before.len() as f64).then(|| Hold {
            against: others.snapshots[at].id,
            against_date: others.snapshots[at].date,
            missing_from_held,
            gone: gone as u64,
            of: before.len() as u64,
        })
    };
    earlier
        .and_then(|&at| hold(at, true))
        .or_else(|| later.and_then(|&at| hold(at, false)))
}

/// A snapshot's report, its own or the one it shares with its base.
pub(crate) fn load_report(connection: &rusqlite::Connection, snapshot: i64) -> Result<Option<String>, LedgerError> {
    let mut next = Some(snapshot);
    while let Some(id) = next {
        let (report, base): (Option<String>, Option<i64>) = connection
            .prepare_cached("SELECT report, base FROM snapshot WHERE id = ?1")?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if report.is_some() {
            return Ok(report);
        }
        next = base.filter(|&b| b < id);
    }
    Ok(None)
}
