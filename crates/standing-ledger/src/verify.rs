//! Proving that nothing up to the head was changed, lost or reordered.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::chain::{self, Head, Marks};
use crate::document;
use crate::error::{LedgerError, damaged};
use crate::history;
use crate::keys;
use crate::open::{Ledger, hex};
use crate::record::Records;
use crate::schema;

/// What was proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Number of the last transaction.
    pub head: i64,
    /// Its hash; empty for an empty ledger.
    pub hash: String,
    /// Transactions checked.
    pub transactions: u64,
    /// Source documents restored and compared with their digests.
    pub documents: u64,
    /// Record versions decoded.
    pub records: u64,
}

impl Ledger {
    /// Checks the file's structure, the schema, every transaction's hash, every document's digest, every record, and that what is
    /// derived (the indexes of names and links) equals what the facts give.
    pub fn verify(&self) -> Result<Verified, LedgerError> {
        let connection = &self.connection;
        structure(connection)?;
        schema_as_made(connection)?;
        let (transactions, marks, hash) = transactions(connection)?;
        let documents = documents(connection)?;
        let records = derived(connection)?;
        if Marks::of(connection)? != marks {
            return Err(damaged("there are rows behind the last transaction"));
        }
        Ok(Verified {
            head: transactions as i64,
            hash: hex(&hash),
            transactions,
            documents,
            records,
        })
    }

    /// Is this the hash (or its beginning, at least 8 digits) of a transaction of this ledger? Gives its number.
    pub fn find_head(&self, hash: &str) -> Result<Option<i64>, LedgerError> {
        let wanted = hash.trim().to_ascii_lowercase();
        if wanted.len() < 8 {
            return Ok(None);
        }
        let mut statement = self.connection.prepare("SELECT n, hash FROM tx ORDER BY n")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if hex(&row.get::<_, Vec<u8>>(1)?).starts_with(&wanted) {
                return Ok(Some(row.get(0)?));
            }
        }
        Ok(None)
    }
}

fn structure(connection: &Connection) -> Result<(), LedgerError> {
    let mut statement = connection.prepare("PRAGMA integrity_check(5)")?;
    let lines = statement
        .query_map([], |row| row.get::<_, String>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    if lines != ["ok"] {
        return Err(damaged(format!("its structure is broken: {}", lines.join("; "))));
    }
    let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
    let dangling = statement
        .query_map([], |row| row.get::<_, String>(0))?
        .next()
        .transpose()?;
    match dangling {
        Some(table) => Err(damaged(format!("a row of {table} points at nothing"))),
        None => Ok(()),
    }
}

/// The tables, indexes and triggers are those that this program makes, to the letter.
fn schema_as_made(connection: &Connection) -> Result<(), LedgerError> {
    /// Kind, name, table, statement.
    type Made = BTreeSet<(String, String, String, Option<String>)>;
    let statements = |c: &Connection| -> Result<Made, LedgerError> {
        let mut statement = c.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    };
    let fresh = Connection::open_in_memory()?;
    fresh.execute_batch(&schema::create())?;
    let (found, made) = (statements(connection)?, statements(&fresh)?);
    match found.symmetric_difference(&made).next() {
        Some((kind, name, ..)) => Err(damaged(format!("the {kind} {name} is not as it was made"))),
        None => Ok(()),
    }
}

fn transactions(connection: &Connection) -> Result<(u64, Marks, Vec<u8>), LedgerError> {
    let mut statement = connection.prepare("SELECT n, recorded, what, marks, prev, hash FROM tx ORDER BY n")?;
    let mut rows = statement.query([])?;
    let (mut count, mut before, mut last) = (0u64, Marks::default(), Vec::new());
    while let Some(row) = rows.next()? {
        count += 1;
        let (n, recorded, what, marks): (i64, String, String, String) =
            (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        let (prev, stored): (Vec<u8>, Vec<u8>) = (row.get(4)?, row.get(5)?);
        if n != count as i64 {
            return Err(damaged(format!("transaction {count} is missing")));
        }
        if prev != last {
            return Err(damaged(format!(
                "transaction {n} does not follow from the one before it"
            )));
        }
        let marks = Marks::decode(&marks)?;
        if marks.0.iter().zip(&before.0).any(|(now, then)| now < then) {
            return Err(damaged(format!("transaction {n} ends before it begins")));
        }
        let head = Head {
            n,
            recorded: &recorded,
            what: &what,
            before,
            marks,
            prev: &prev,
        };
        if chain::hash(connection, &head)?.as_slice() != stored.as_slice() {
            return Err(damaged(format!(
                "the content of transaction {n} ({what}) does not match its hash"
            )));
        }
        (before, last) = (marks, stored);
    }
    for (at, table) in schema::FACT_TABLES.iter().enumerate() {
        let rows: i64 = connection.query_row(&format!("SELECT count(*) FROM {}", table.name), [], |row| row.get(0))?;
        if rows != before.0[at] {
            return Err(damaged(format!(
                "table {} has {rows} rows, not {}",
                table.name, before.0[at]
            )));
        }
    }
    Ok((count, before, last))
}

fn documents(connection: &Connection) -> Result<u64, LedgerError> {
    let mut statement = connection.prepare("SELECT id, digest, name FROM document ORDER BY id")?;
    let mut rows = statement.query([])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        let (id, digest, name): (i64, Vec<u8>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if document::digest(&document::load(connection, id)?).as_slice() != digest.as_slice() {
            return Err(damaged(format!(
                "source document {id} ({name}) does not match its digest"
            )));
        }
        count += 1;
    }
    Ok(count)
}

/// Recomputes the indexes of names and links from the records.
fn derived(connection: &Connection) -> Result<u64, LedgerError> {
    let records = Records::new(connection);
    let (mut names, mut links) = (BTreeSet::new(), BTreeSet::new());
    let (mut named, mut linked) = (BTreeSet::new(), BTreeSet::new());
    let mut statement = connection.prepare(
        "SELECT p.listing, p.snapshot, p.record, l.list FROM presence p JOIN listing l ON l.id = p.listing
         WHERE p.record IS NOT NULL ORDER BY p.snapshot, p.listing",
    )?;
    let mut rows = statement.query([])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        let (listing, snapshot, record, list): (i64, i64, i64, String) =
            (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        let record = records.get(record)?;
        for key in record.names.iter().filter_map(|n| keys::name_key(&n.text)) {
            if named.insert((key, listing)) {
                names.insert((key, listing, snapshot));
            }
        }
        for key in keys::link_keys(&list, &record) {
            if linked.insert((key.clone(), listing)) {
                links.insert((key, listing, snapshot));
            }
        }
        count += 1;
    }
    let stored = connection
        .prepare("SELECT key, listing, snapshot FROM name_key")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<BTreeSet<(i64, i64, i64)>, _>>()?;
    if stored != names {
        return Err(damaged("the index of names is not what the records give"));
    }
    let stored = connection
        .prepare("SELECT key, listing, snapshot FROM link_key")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<BTreeSet<(String, i64, i64)>, _>>()?;
    if stored != links {
        return Err(damaged("the index of links is not what the records give"));
    }
    history::decisions(connection, i64::MAX)?;
    history::snapshots(connection, None, i64::MAX, i64::MAX)?;
    crate::register::load(connection, i64::MAX)?;
    Ok(count)
}
