//! The formats that are known, and the choice among them by content.

use std::sync::LazyLock;

use standing_model::Snapshot;

use crate::error::ReadError;
use crate::national;

/// One file as received, decompressed. The name appears in messages only; no decision rests on it.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// For messages.
    pub name: &'a str,
    /// The content.
    pub bytes: &'a [u8],
}

/// What the caller knows about a file beyond its content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The caller says that it is an excerpt: it proves no absence, and may hold fewer records than it says of itself.
    pub part: bool,
    /// The list that it is, where the content does not tell.
    pub list: Option<String>,
    /// The caller gives the snapshot's date, so that a date in the file that does not exist is only a warning.
    pub date_given: bool,
}

/// A format that can be read.
pub struct Format {
    /// Lasting id: `un-xml`, `ofac-csv`.
    pub id: &'static str,
    /// The lists that come in it.
    pub lists: &'static [&'static str],
    /// One line for people.
    pub summary: &'static str,
    /// What part of this format a file is, judged by its content: `Some("")` for formats of one file, `Some("alt")` and the like for
    /// formats of several; `None` if it is none of it. Looks at a bounded prefix where it can.
    pub part: fn(&[u8]) -> Option<&'static str>,
    /// Reads the files of one day, one for each part that is there. A file may hold several lists.
    pub read: fn(&[Document<'_>], &ReadOptions) -> Result<Vec<Snapshot>, ReadError>,
}

/// All formats, in the order in which they are tried.
pub fn formats() -> &'static [&'static Format] {
    static ALL: LazyLock<Vec<&'static Format>> = LazyLock::new(|| national::FORMATS.iter().collect());
    &ALL
}

/// The format and part of a file, by its content.
pub fn recognise(bytes: &[u8]) -> Option<(&'static Format, &'static str)> {
    formats()
        .iter()
        .find_map(|format| (format.part)(bytes).map(|part| (*format, part)))
}
