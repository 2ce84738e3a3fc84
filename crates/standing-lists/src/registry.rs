//! The formats that are known, the choice among them by content, and the reading of many documents at once.

use std::sync::LazyLock;

use standing_model::Snapshot;

use crate::error::ReadError;
use crate::{describe, ftm, national, ofac, own, sheets, un, us};

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

/// Which documents of one folder belong together, each by its place.
pub type Sets = fn(&[Document<'_>]) -> Vec<Vec<usize>>;

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
    /// For formats of several files: which documents of one folder belong together, by their content. `None` for formats of one file.
    pub sets: Option<Sets>,
    /// Reads the files of one day: a single one, or a set. A file may hold several lists.
    pub read: fn(&[Document<'_>], &ReadOptions) -> Result<Vec<Snapshot>, ReadError>,
}

/// The formats of this crate's own modules; [`national`] has the others.
const OWN: &[Format] = &[
    un::FORMAT,
    ofac::classic::FORMAT,
    ofac::advanced::FORMAT,
    ofac::enhanced::FORMAT,
    ofac::delta::FORMAT,
    ofac::tables::FORMAT,
    us::csl::FORMAT,
    us::dpl::FORMAT,
    us::fto::FORMAT,
    own::CSV,
    own::JSON,
    ftm::lines::DELTA,
    ftm::lines::ENTITIES,
    ftm::statements::FORMAT,
];

/// All formats, in the order in which they are tried.
pub fn formats() -> &'static [&'static Format] {
    static ALL: LazyLock<Vec<&'static Format>> = LazyLock::new(|| OWN.iter().chain(national::FORMATS).collect());
    &ALL
}

/// The format and part of a file, by its content.
pub fn recognise(bytes: &[u8]) -> Option<(&'static Format, &'static str)> {
    sheets::looking_once(bytes, || {
        formats()
            .iter()
            .find_map(|format| (format.part)(bytes).map(|part| (*format, part)))
    })
}

/// What came of the documents that belong together.
#[derive(Debug)]
pub struct Outcome {
    /// The documents, by their place in what was given. [`standing_model::DocumentSpan::document`] counts within this.
    pub documents: Vec<usize>,
    /// The format's id, if it is a known one.
    pub format: Option<&'static str>,
    /// The snapshots, or why there are none.
    pub result: Result<Vec<Snapshot>, ReadError>,
}

/// Reads documents of any formats. Those that belong together (a table of parties and its tables of aliases and addresses in one
/// folder) are read as one; every other one stands for itself. Outcomes come in the order of their first documents.
pub fn read_documents(documents: &[Document<'_>], options: &ReadOptions) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    // Documents of formats of several files, by folder and format.
    let mut waiting: Vec<(&str, &'static Format, Vec<usize>)> = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        match recognise(document.bytes) {
            None => outcomes.push(Outcome {
                documents: vec![index],
                format: None,
                result: Err(unknown(document)),
            }),
            Some((format, _)) if format.sets.is_some() => {
                let folder = folder(document.name);
                match waiting.iter_mut().find(|(f, w, _)| *f == folder && w.id == format.id) {
                    Some((_, _, members)) => members.push(index),
                    None => waiting.push((folder, format, vec![index])),
                }
            }
            Some((format, _)) => outcomes.push(Outcome {
                documents: vec![index],
                format: Some(format.id),
                result: (format.read)(&[*document], options),
            }),
        }
    }
    for (_, format, members) in waiting {
        let together: Vec<Document<'_>> = members.iter().map(|&i| documents[i]).collect();
        let sets = format
            .sets
            .map_or_else(|| vec![(0..together.len()).collect()], |sets| sets(&together));
        for set in sets {
            let chosen: Vec<Document<'_>> = set.iter().map(|&i| together[i]).collect();
            outcomes.push(Outcome {
                documents: set.iter().map(|&i| members[i]).collect(),
                format: Some(format.id),
                result: (format.read)(&chosen, options),
            });
        }
    }
    outcomes.sort_by_key(|o| o.documents.iter().min().copied());
    outcomes
}

/// The folder in a document's name, in or outside an archive.
fn folder(name: &str) -> &str {
    let end = name.rfind(['/', '\\']).into_iter().chain(name.rfind(": ")).max();
    end.map_or("", |end| &name[..end])
}

fn unknown(document: &Document<'_>) -> ReadError {
    ReadError::UnknownFormat {
        document: document.name.to_owned(),
        saw: describe::describe(document.bytes),
        known: formats().iter().map(|f| f.id).collect::<Vec<_>>().join(", "),
    }
}
