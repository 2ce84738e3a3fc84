//! The formats that are known, and the choice among them by content.

use standing_model::Snapshot;

/// One file as received, decompressed. The name appears in messages only; no decision rests on it.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// For messages.
    pub name: &'a str,
    /// The content.
    pub bytes: &'a [u8],
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
    pub read: fn(&[Document<'_>]) -> Result<Vec<Snapshot>, ReadError>,
}

/// Why a file or set of files is refused as a whole. Nothing of it is recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// No format fits.
    #[error("unknown format: {saw}. Known formats: {known}")]
    UnknownFormat {
        /// What the content looks like.
        saw: String,
        /// The formats that could have been read.
        known: String,
    },
    /// It ends too early or its syntax is broken.
    #[error("{document}: {what} at {position}{}", records(.read))]
    Broken {
        /// The file.
        document: String,
        /// What is wrong.
        what: String,
        /// Where: `line 30`, `byte 400000`.
        position: String,
        /// How many whole records had been read up to there.
        read: u64,
    },
    /// Readable, but what it says of itself does not fit together.
    #[error("{document}: {what}. {remedy}")]
    Inconsistent {
        /// The file.
        document: String,
        /// What does not fit, with the figures.
        what: String,
        /// What to do.
        remedy: String,
    },
    /// The list's own date does not exist or cannot be read.
    #[error("{document}: the list's own date \"{written}\" does not exist. Give the right one: --date YYYY-MM-DD")]
    ListDate {
        /// The file.
        document: String,
        /// As written.
        written: String,
    },
}

fn records(read: &u64) -> String {
    if *read == 0 {
        String::new()
    } else {
        format!("; {read} whole records stand before it")
    }
}

/// All formats, in the order in which they are tried.
pub fn formats() -> &'static [Format] {
    &[]
}

/// The format and part of a file, by its content.
pub fn recognise(bytes: &[u8]) -> Option<(&'static Format, &'static str)> {
    formats()
        .iter()
        .find_map(|format| (format.part)(bytes).map(|part| (format, part)))
}
