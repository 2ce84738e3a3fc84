//! Source documents and held files, as people ask for them.

use standing_model::{Day, Extent, PartialDate, Truth, days_between};

use crate::chain::Marks;
use crate::document;
use crate::error::LedgerError;
use crate::history::{DateOrigin, Presence, SnapshotRow, SnapshotState};
use crate::open::hex;
use crate::view::View;
use crate::write::{Hold, SnapshotReport, load_report};

/// A source document, with the snapshot that it belongs to if it is a list.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceRow {
    /// Digest of its content.
    pub digest: String,
    /// Its name as received.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// `register`, `article`, or the series of a list's files.
    pub series: String,
    /// The snapshot, and which of its files this is.
    pub snapshot: Option<(SnapshotRow, u32)>,
}

/// A snapshot that the guard holds.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldRow {
    /// The snapshot.
    pub snapshot: SnapshotRow,
    /// Digest of its first file.
    pub source: String,
    /// Why it is held.
    pub hold: Hold,
}

impl View<'_> {
    /// All source documents, the register and articles first, then lists in the order of recording; a file that served several snapshots appears with each.
    pub fn sources(&self) -> Result<Vec<SourceRow>, LedgerError> {
        let connection = &self.ledger.connection;
        let mut rows = Vec::new();
        let mut others = connection
            .prepare_cached("SELECT digest, name, size, series FROM document WHERE series IN ('register', 'article') AND id <= ?1 ORDER BY id")?;
        let mut found = others.query([self.marks.0[Marks::DOCUMENT]])?;
        while let Some(row) = found.next()? {
            rows.push(SourceRow {
                digest: hex(&row.get::<_, Vec<u8>>(0)?),
                name: row.get(1)?,
                size: row.get::<_, i64>(2)?.unsigned_abs(),
                series: row.get(3)?,
                snapshot: None,
            });
        }
        drop(found);
        drop(others);
        let snapshots = self.snapshots(None)?;
        let mut files = connection.prepare_cached(
            "SELECT f.position, d.digest, f.name, d.size, d.series FROM snapshot_document f JOIN document d ON d.id = f.document
             WHERE f.snapshot = ?1 ORDER BY f.position",
        )?;
        for snapshot in snapshots {
            let mut found = files.query([snapshot.id])?;
            while let Some(row) = found.next()? {
                rows.push(SourceRow {
                    digest: hex(&row.get::<_, Vec<u8>>(1)?),
                    name: row.get(2)?,
                    size: row.get::<_, i64>(3)?.unsigned_abs(),
                    series: row.get(4)?,
                    snapshot: Some((snapshot.clone(), row.get(0)?)),
                });
            }
        }
        Ok(rows)
    }

    /// What the ingest of a snapshot reported.
    pub fn snapshot_report(&self, snapshot: i64) -> Result<SnapshotReport, LedgerError> {
        match load_report(&self.ledger.connection, snapshot)? {
            Some(text) => Ok(serde_json::from_str(&text)?),
            None => Ok(SnapshotReport::default()),
        }
    }

    /// The files of a snapshot, restored: name and bytes.
    pub fn snapshot_files(&self, snapshot: i64) -> Result<Vec<(String, Vec<u8>)>, LedgerError> {
        let mut statement = self
            .ledger
            .connection
            .prepare_cached("SELECT name, document FROM snapshot_document WHERE snapshot = ?1 ORDER BY position")?;
        let files = statement
            .query_map([snapshot], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<Vec<(String, i64)>, _>>()?;
        files
            .into_iter()
            .map(|(name, id)| Ok((name, document::load(&self.ledger.connection, id)?)))
            .collect()
    }

    /// A source document by its digest or the beginning of it (at least 8 digits): name and bytes.
    pub fn document(&self, digest: &str) -> Result<Option<(String, Vec<u8>)>, LedgerError> {
        if digest.len() < 8 || !digest.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Ok(None);
        }
        let mut statement = self.ledger.connection.prepare_cached(
            "SELECT id, name FROM document WHERE lower(hex(digest)) LIKE ?1 || '%' AND id <= ?2 ORDER BY id",
        )?;
        let found = statement
            .query_map(
                rusqlite::params![digest.to_ascii_lowercase(), self.marks.0[Marks::DOCUMENT]],
                |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)),
            )?
            .collect::<Result<Vec<_>, _>>()?;
        match found.as_slice() {
            [(id, name)] => Ok(Some((name.clone(), document::load(&self.ledger.connection, *id)?))),
            _ => Ok(None),
        }
    }

    /// Snapshots that wait for a decision.
    pub fn held(&self) -> Result<Vec<HeldRow>, LedgerError> {
        let mut rows = Vec::new();
        for snapshot in self
            .snapshots(None)?
            .into_iter()
            .filter(|s| s.state == SnapshotState::Held)
        {
            let why: String = self
                .ledger
                .connection
                .prepare_cached(
                    "SELECT why FROM decision WHERE snapshot = ?1 AND verdict = 'hold' ORDER BY id DESC LIMIT 1",
                )?
                .query_row([snapshot.id], |row| row.get(0))?;
            let source: Vec<u8> = self
                .ledger
                .connection
                .prepare_cached(
                    "SELECT d.digest FROM snapshot_document f JOIN document d ON d.id = f.document WHERE f.snapshot = ?1 AND f.position = 0",
                )?
                .query_row([snapshot.id], |row| row.get(0))?;
            rows.push(HeldRow {
                hold: self.hold_now(&snapshot, serde_json::from_str(&why)?)?,
                source: hex(&source),
                snapshot,
            });
        }
        Ok(rows)
    }

    /// What would end if a held snapshot were accepted now: what held it, unless others were accepted since that lie nearer to it.
    fn hold_now(&self, snapshot: &SnapshotRow, held: Hold) -> Result<Hold, LedgerError> {
        let history = self.history(&snapshot.list)?;
        let at = |place: &usize| &history.snapshots[*place];
        let whole = |place: &&usize| at(place).is_whole();
        let earlier = history
            .by_date
            .iter()
            .rfind(|p| whole(p) && at(p).date.before(snapshot.date) == Truth::Yes);
        let later = history
            .by_date
            .iter()
            .find(|p| whole(p) && snapshot.date.before(at(p).date) == Truth::Yes);
        let neighbour = if held.missing_from_held { earlier } else { later };
        let Some(place) = history.snapshots.iter().position(|s| s.id == snapshot.id) else {
            return Ok(held);
        };
        if neighbour.is_some_and(|p| at(p).id == held.against) {
            return Ok(held);
        }
        // Of what each neighbour holds (or this one, against a later one) so many, and so many of them not in the other.
        let (mut before, mut after) = ((0, 0), (0, 0));
        for (_, _, entries) in
            crate::history::all_entries(&self.ledger.connection, &snapshot.list, self.marks.0[Marks::SNAPSHOT])?
        {
            let said = history.resolve(&entries);
            let on = |p: usize| matches!(said[p], Presence::Present(_));
            if let Some(&p) = earlier.filter(|p| on(**p)) {
                before = (before.0 + 1, before.1 + u64::from(on(p) && !on(place)));
            }
            if let Some(&p) = later.filter(|_| on(place)) {
                after = (after.0 + 1, after.1 + u64::from(!on(p)));
            }
        }
        let hold = |p: &usize, (of, gone): (u64, u64), missing_from_held| Hold {
            against: at(p).id,
            against_date: at(p).date,
            missing_from_held,
            gone,
            of,
        };
        let share = |h: &Hold| h.gone as f64 / h.of.max(1) as f64;
        let both = [
            earlier.map(|p| hold(p, before, true)),
            later.map(|p| hold(p, after, false)),
        ];
        let worst = both.into_iter().flatten().max_by(|a, b| share(a).total_cmp(&share(b)));
        Ok(worst.unwrap_or(held))
    }

    /// The references that one snapshot holds and another does not, with their names there.
    pub fn missing(&self, from: i64, against: i64) -> Result<Vec<(String, standing_model::Record)>, LedgerError> {
        let snapshots = self.snapshots(None)?;
        let Some(list) = snapshots.iter().find(|s| s.id == from).map(|s| s.list.clone()) else {
            return Ok(Vec::new());
        };
        let history = self.history(&list)?;
        let place = |id: i64| history.snapshots.iter().position(|s| s.id == id);
        let (Some(from), Some(against)) = (place(from), place(against)) else {
            return Ok(Vec::new());
        };
        let records = crate::record::Records::new(&self.ledger.connection);
        let mut missing = Vec::new();
        for (_, reference, entries) in
            crate::history::all_entries(&self.ledger.connection, &list, self.marks.0[Marks::SNAPSHOT])?
        {
            let said = history.resolve(&entries);
            if let (crate::history::Presence::Absent, crate::history::Presence::Present(record)) =
                (said[from], said[against])
            {
                missing.push((reference, records.get(record)?));
            }
        }
        Ok(missing)
    }

    /// The date of the newest accepted whole snapshot of a list that was known by then.
    pub fn list_date(&self, list: &str) -> Result<Option<PartialDate>, LedgerError> {
        let history = self.history(list)?;
        Ok(history
            .by_date
            .iter()
            .rev()
            .map(|&at| &history.snapshots[at])
            .find(|s| s.extent == Extent::Whole && s.known_by(self.known()))
            .map(|s| s.date))
    }

    /// Is the newest list of this id older than it usually gets, on a day? Gives its date and the usual interval in days.
    pub fn outdated(&self, list: &str, on: Day) -> Result<Option<(PartialDate, u32)>, LedgerError> {
        let Some(interval) = self.register().list(list).and_then(|l| l.interval_days) else {
            return Ok(None);
        };
        let Some(date) = self.list_date(list)? else {
            return Ok(None);
        };
        let age = date.latest().map(|d| i64::from(days_between(d, on)));
        Ok(age.filter(|&days| days > i64::from(interval)).map(|_| (date, interval)))
    }

    /// The present state of a snapshot's acceptance and its list.
    pub fn snapshot(&self, id: i64) -> Result<Option<SnapshotRow>, LedgerError> {
        Ok(self.snapshots(None)?.into_iter().find(|s| s.id == id))
    }

    /// Where a snapshot's date came from, in words.
    pub fn origin_word(origin: DateOrigin) -> &'static str {
        match origin {
            DateOrigin::File => "file",
            DateOrigin::Given => "given",
            DateOrigin::Commit => "commit",
            DateOrigin::LastModified => "last-modified",
            DateOrigin::Name => "name",
            DateOrigin::Records => "records",
        }
    }
}
