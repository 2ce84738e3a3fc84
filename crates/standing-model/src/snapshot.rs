//! The whole state of one list at one time, as read from a source document.

use serde::{Deserialize, Serialize};

use crate::date::PartialDate;
use crate::listing::Record;

/// Whether a snapshot proves absences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Extent {
    /// The whole list: what is not on it was not listed.
    Whole,
    /// A filtered export, an excerpt, a delta, a secondary list: it adds and amends, and proves no absence. The text says why.
    Part(String),
}

/// Where in a source document a record stands, in bytes of the decompressed document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct DocumentSpan {
    /// Which of the documents of a set, by its index.
    pub document: u32,
    /// First byte.
    pub start: u64,
    /// One past the last byte.
    pub end: u64,
}

/// A record that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// Where: `line 17`, `INDIVIDUAL 4 (DATAID 6908555)`, `sheet "List", row 30`.
    pub position: String,
    /// Why.
    pub reason: String,
}

/// The state of one list at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The list's id: `un`, `us-sdn`.
    pub list: String,
    /// The format's id: `un-xml`, `ofac-csv`. A change of format alone is no step.
    pub format: String,
    /// The date that the file bears, if it bears one.
    pub date: Option<PartialDate>,
    /// Whether it is the whole list.
    pub extent: Extent,
    /// The records, in the order of the file.
    pub records: Vec<Record>,
    /// Where each record stands, parallel to `records`; empty where the container has no byte positions (spreadsheets).
    pub spans: Vec<DocumentSpan>,
    /// Where each record stands in words (`row 17`), parallel to `records`; empty where `spans` are given.
    pub positions: Vec<String>,
    /// Records that could not be read.
    pub rejects: Vec<Reject>,
    /// Fields that no rule reads into the model, with how often they occurred; they are kept with the records.
    pub not_understood: Vec<(String, u64)>,
    /// Fields of the document's head, verbatim.
    pub head: Vec<(String, String)>,
    /// Anything else that a person should know about this file.
    pub warnings: Vec<String>,
    /// References that a delta or amendment message takes off the list.
    pub removals: Vec<String>,
}

impl Snapshot {
    /// An empty snapshot of a list in a format.
    pub fn new(list: impl Into<String>, format: impl Into<String>) -> Self {
        Self {
            list: list.into(),
            format: format.into(),
            date: None,
            extent: Extent::Whole,
            records: Vec::new(),
            spans: Vec::new(),
            positions: Vec::new(),
            rejects: Vec::new(),
            not_understood: Vec::new(),
            head: Vec::new(),
            warnings: Vec::new(),
            removals: Vec::new(),
        }
    }
}
