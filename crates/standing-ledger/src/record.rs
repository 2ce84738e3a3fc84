//! Records as stored: JSON, many together in a compressed block.
//!
//! Records of one list repeat the same keys and phrases, so blocks of neighbours compress several times better than single records,
//! and reading one decodes a few dozen kilobytes. A record's id is its block's first id plus its place in the block.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use rusqlite::{Connection, OptionalExtension};
use standing_model::Record;

use crate::error::{LedgerError, damaged};

const BLOCK: usize = 48;
const LEVEL: i32 = 9;
/// No block of [`BLOCK`] records of bounded size is larger; a greater claim is damage.
const BLOCK_LIMIT: usize = 1 << 30;

/// Appends records (as JSON texts); gives the id of the first, the others follow.
pub(crate) fn append(connection: &Connection, records: &[String]) -> Result<i64, LedgerError> {
    let next: i64 = connection
        .prepare_cached(
            "SELECT coalesce(max(first + count), 1) FROM record WHERE first = (SELECT max(first) FROM record)",
        )?
        .query_row([], |row| row.get(0))?;
    let mut insert = connection.prepare_cached("INSERT INTO record (first, count, body) VALUES (?1, ?2, ?3)")?;
    let mut first = next;
    for block in records.chunks(BLOCK) {
        let text = block.join("\n");
        let body = zstd::bulk::compress(text.as_bytes(), LEVEL).map_err(|source| LedgerError::File {
            what: "compressing records".into(),
            source,
        })?;
        insert.execute(rusqlite::params![first, block.len() as i64, body])?;
        first += block.len() as i64;
    }
    Ok(next)
}

/// Reads records, keeping the blocks it decoded.
pub(crate) struct Records<'a> {
    connection: &'a Connection,
    /// By the id of their first record.
    blocks: RefCell<BTreeMap<i64, Rc<Block>>>,
    /// Made once: its tables are larger than most blocks.
    unpacks: RefCell<Option<zstd::bulk::Decompressor<'static>>>,
}

struct Block {
    first: i64,
    text: String,
    /// Where each record's line ends.
    ends: Vec<usize>,
}

impl<'a> Records<'a> {
    pub fn new(connection: &'a Connection) -> Self {
        Self {
            connection,
            blocks: RefCell::default(),
            unpacks: RefCell::default(),
        }
    }

    fn block(&self, id: i64) -> Result<Rc<Block>, LedgerError> {
        // Blocks follow one another without overlap, so the last one that begins up to here holds the record or no other does.
        if let Some((_, block)) = self.blocks.borrow().range(..=id).next_back()
            && id - block.first < block.ends.len() as i64
        {
            return Ok(Rc::clone(block));
        }
        let missing = || damaged(format!("record {id} is missing"));
        let first: i64 = self
            .connection
            .prepare_cached("SELECT max(first) FROM record WHERE first <= ?1")?
            .query_row([id], |row| row.get::<_, Option<i64>>(0))?
            .ok_or_else(missing)?;
        if let Some(block) = self.blocks.borrow().get(&first) {
            return Ok(Rc::clone(block));
        }
        let (count, body): (i64, Vec<u8>) = self
            .connection
            .prepare_cached("SELECT count, body FROM record WHERE first = ?1")?
            .query_row([first], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?
            .ok_or_else(missing)?;
        let broken = |what: String| damaged(format!("records {first} and following: {what}"));
        let text = match &mut *self.unpacks.borrow_mut() {
            Some(unpacks) => unpacks.decompress(&body, frame_size(&body)),
            none => {
                zstd::bulk::Decompressor::new().and_then(|made| none.insert(made).decompress(&body, frame_size(&body)))
            }
        }
        .map_err(|e| broken(e.to_string()))?;
        let text = String::from_utf8(text).map_err(|e| broken(e.to_string()))?;
        let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).chain([text.len()]).collect();
        if ends.len() as i64 != count {
            return Err(broken(format!("{} records, not {count}", ends.len())));
        }
        let block = Rc::new(Block { first, text, ends });
        self.blocks.borrow_mut().insert(first, Rc::clone(&block));
        Ok(block)
    }

    /// Calls `f` with the record's JSON text.
    pub fn with_text<T>(&self, id: i64, f: impl FnOnce(&str) -> T) -> Result<T, LedgerError> {
        let block = self.block(id)?;
        let at = usize::try_from(id - block.first).map_err(|_| damaged("a record's id"))?;
        let end = *block
            .ends
            .get(at)
            .ok_or_else(|| damaged(format!("record {id} is missing")))?;
        let start = if at == 0 { 0 } else { block.ends[at - 1] + 1 };
        Ok(f(&block.text[start..end]))
    }

    /// The record.
    pub fn get(&self, id: i64) -> Result<Record, LedgerError> {
        Ok(self.with_text(id, |text| serde_json::from_str(text))??)
    }

    /// Do two ids hold the same content?
    pub fn same(&self, a: i64, b: i64) -> Result<bool, LedgerError> {
        if a == b {
            return Ok(true);
        }
        let a = self.with_text(a, str::to_owned)?;
        self.with_text(b, |b| a == b)
    }
}

fn frame_size(body: &[u8]) -> usize {
    zstd::zstd_safe::get_frame_content_size(body)
        .ok()
        .flatten()
        .map_or(0, |size| (size as usize).min(BLOCK_LIMIT))
}
