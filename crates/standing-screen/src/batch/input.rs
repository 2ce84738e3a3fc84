//! Where queries come from: CSV, JSON lines, Parquet, Arrow IPC; recognised by extension, else by content.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use super::columns::Field;
use super::{csv, json, tables};
use crate::error::{Reject, ScreenError};
use crate::query::Query;

/// A row: its number from 0, and a query or why there is none.
pub type Row = (u64, Result<Query, Reject>);

/// An input, understood: its rows one after another.
pub struct Input {
    /// In which form it was understood, for the report.
    pub form: String,
    /// Headings that were understood, with their fields.
    pub columns: BTreeMap<String, String>,
    /// The rows. An error ends the input.
    pub rows: Box<dyn Iterator<Item = Result<Row, ScreenError>> + Send>,
}

/// What a user says about an input.
#[derive(Debug, Clone, Default)]
pub struct InputOptions {
    /// Fields with the columns that hold them.
    pub map: Vec<(Field, String)>,
    /// The kind of party where a row does not say.
    pub kind: standing_model::PartyKind,
}

pub(crate) fn wrong(path: &Path, what: impl Into<String>) -> ScreenError {
    ScreenError::Input {
        path: path.display().to_string(),
        what: what.into(),
    }
}

pub(crate) fn file_error(path: &Path) -> impl Fn(std::io::Error) -> ScreenError + '_ {
    move |source| ScreenError::File {
        path: path.display().to_string(),
        source,
    }
}

/// Opens an input.
pub fn open(path: &Path, options: &InputOptions) -> Result<Input, ScreenError> {
    let mut head = [0u8; 8];
    let mut file = File::open(path).map_err(file_error(path))?;
    if file.metadata().map_err(file_error(path))?.is_dir() {
        return Err(wrong(path, "it is a directory; give a file"));
    }
    let mut read = 0;
    while read < head.len() {
        match file.read(&mut head[read..]).map_err(file_error(path))? {
            0 => break,
            n => read += n,
        }
    }
    let extension = path
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let mut input = if head.starts_with(b"PAR1") {
        tables::parquet(path, options)?
    } else if head.starts_with(b"ARROW1") || head.starts_with(&[0xFF; 4]) {
        tables::arrow(path, options)?
    } else if matches!(extension.as_str(), "parquet" | "arrow" | "feather" | "ipc") {
        return Err(wrong(
            path,
            format!("it is called .{extension} and does not begin like such a file"),
        ));
    } else if matches!(extension.as_str(), "json" | "jsonl" | "ndjson" | "ftm") || first_sign(path)? == Some(b'{') {
        json::open(path, options)?
    } else {
        csv::open(path, options)?
    };
    let kind = options.kind;
    input.rows = Box::new(input.rows.map(move |row| {
        row.map(|(at, query)| {
            let query = query.map(|q| if q.has_kind() { q } else { Query { kind, ..q } });
            (at, query)
        })
    }));
    Ok(input)
}

fn first_sign(path: &Path) -> Result<Option<u8>, ScreenError> {
    let mut reader = BufReader::new(File::open(path).map_err(file_error(path))?);
    let bytes = reader.fill_buf().map_err(file_error(path))?;
    Ok(bytes
        .iter()
        .copied()
        .find(|b| !b.is_ascii_whitespace() && !matches!(b, 0xEF | 0xBB | 0xBF)))
}

/// The digest of a file.
pub fn digest(path: &Path) -> Result<String, ScreenError> {
    let mut hasher = blake3::Hasher::new();
    hasher
        .update_reader(File::open(path).map_err(file_error(path))?)
        .map_err(file_error(path))?;
    Ok(hasher.finalize().to_hex().to_string())
}
