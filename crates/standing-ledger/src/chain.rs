//! The hash chain over transactions.
//!
//! A transaction is a range of ids in each fact table. Its hash is BLAKE3 over the hash before it, its own head (number, time, what,
//! marks) and every row in its ranges, each value with its type and length. The same function computes it when a transaction is
//! committed and when it is verified, from the rows as stored: what SQLite gives back is what was hashed.

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::error::{LedgerError, damaged};
use crate::schema::{FACT_TABLES, SNAPSHOT_ROWS};

/// The greatest id in each fact table at the end of a transaction, in the order of [`FACT_TABLES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Marks(pub [i64; FACT_TABLES.len()]);

impl Marks {
    pub const DOCUMENT: usize = 0;
    pub const SNAPSHOT: usize = 1;
    pub const LISTING: usize = 2;
    pub const DECISION: usize = 4;
    pub const JUDGEMENT: usize = 5;
    pub const REGISTER: usize = 6;
    pub const ARTICLE: usize = 7;

    /// Reads the marks of the present state.
    pub fn of(connection: &Connection) -> Result<Self, LedgerError> {
        let mut marks = [0; FACT_TABLES.len()];
        for (mark, table) in marks.iter_mut().zip(&FACT_TABLES) {
            *mark = connection
                .prepare_cached(&format!("SELECT coalesce(max(id), 0) FROM {}", table.name))?
                .query_row([], |row| row.get(0))?;
        }
        Ok(Self(marks))
    }

    pub fn encode(self) -> String {
        self.0.map(|m| m.to_string()).join(" ")
    }

    pub fn decode(text: &str) -> Result<Self, LedgerError> {
        let mut marks = [0; FACT_TABLES.len()];
        let mut words = text.split(' ');
        for mark in &mut marks {
            *mark = words
                .next()
                .and_then(|w| w.parse().ok())
                .ok_or_else(|| damaged(format!("the marks of a transaction read \"{text}\"")))?;
        }
        if words.next().is_some() {
            Err(damaged("a transaction has too many marks"))
        } else {
            Ok(Self(marks))
        }
    }
}

/// The head of a transaction: everything that is hashed besides its rows.
pub(crate) struct Head<'a> {
    pub n: i64,
    pub recorded: &'a str,
    pub what: &'a str,
    pub before: Marks,
    pub marks: Marks,
    pub prev: &'a [u8],
}

/// The hash of a transaction, from its rows as they are stored.
pub(crate) fn hash(connection: &Connection, head: &Head<'_>) -> Result<[u8; 32], LedgerError> {
    let mut hasher = blake3::Hasher::new();
    let mut text = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    text(b"standing transaction 1");
    text(head.prev);
    text(&head.n.to_le_bytes());
    text(head.recorded.as_bytes());
    text(head.what.as_bytes());
    text(head.marks.encode().as_bytes());
    for (at, table) in FACT_TABLES.iter().enumerate() {
        let range = (head.before.0[at], head.marks.0[at]);
        if range.0 < range.1 {
            hash_rows(connection, &mut hasher, table.rows, range)?;
            if at == Marks::SNAPSHOT {
                for rows in SNAPSHOT_ROWS {
                    hash_rows(connection, &mut hasher, rows, range)?;
                }
            }
        }
    }
    Ok(*hasher.finalize().as_bytes())
}

fn hash_rows(
    connection: &Connection,
    hasher: &mut blake3::Hasher,
    sql: &str,
    (from, to): (i64, i64),
) -> Result<(), LedgerError> {
    let mut statement = connection.prepare_cached(sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query([from, to])?;
    let mut buffer = Vec::with_capacity(64);
    while let Some(row) = rows.next()? {
        buffer.clear();
        buffer.push(b'R');
        for column in 0..columns {
            match row.get_ref(column)? {
                ValueRef::Null => buffer.push(b'n'),
                ValueRef::Integer(value) => {
                    buffer.push(b'i');
                    buffer.extend_from_slice(&value.to_le_bytes());
                }
                ValueRef::Real(value) => {
                    buffer.push(b'f');
                    buffer.extend_from_slice(&value.to_le_bytes());
                }
                ValueRef::Text(bytes) => sized(&mut buffer, b't', bytes),
                ValueRef::Blob(bytes) => sized(&mut buffer, b'b', bytes),
            }
        }
        hasher.update(&buffer);
    }
    hasher.update(b"E");
    Ok(())
}

fn sized(buffer: &mut Vec<u8>, tag: u8, bytes: &[u8]) {
    buffer.push(tag);
    buffer.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
    buffer.extend_from_slice(bytes);
}
