//! The register as one document: the files that are built in, joined so that a ledger can keep them as a single source.
//!
//! ```text
//! standing-register 1
//! === authorities.toml 12345
//! <12345 bytes: the file, byte for byte>
//! === lists.toml 678
//! …
//! ```
//!
//! Files stand in the order of their paths and their lengths are given in bytes, so the same files give the same bytes, and no text
//! in a file can be taken for a heading.

use crate::finding::{Finding, Severity};
use crate::register::Register;

const HEAD: &str = "standing-register 1";

macro_rules! files {
    ($($path:literal),+ $(,)?) => {
        &[$(($path, include_str!(concat!("../../../register/", $path)))),+]
    };
}

/// In the order of their paths; a test holds this list against the folder.
const EMBEDDED: &[(&str, &str)] = files![
    "authorities.toml",
    "downloads.toml",
    "lists.toml",
    "parties/afghanistan.toml",
    "parties/africa.toml",
    "parties/americas.toml",
    "parties/east-asia.toml",
    "parties/europe.toml",
    "parties/middle-east.toml",
    "parties/south-and-central-asia.toml",
    "programmes.toml",
    "sources.toml",
    "steps/hts.toml",
    "steps/islamic-state.toml",
    "steps/taliban.toml",
];

/// Why bytes are no register document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// It does not begin as one.
    #[error("this is no register document: it does not begin with \"{HEAD}\"")]
    Head,
    /// A newer version of the format.
    #[error("this register document is of version {0}; this program reads version 1: use a newer program")]
    Newer(String),
    /// The bytes are not UTF-8 text.
    #[error("the register document is no UTF-8 text from byte {0} on: the file is damaged")]
    Text(usize),
    /// A heading is not as it must be, or a file is shorter than it says.
    #[error("the register document is damaged at byte {0}: restore it from where it was kept")]
    Damaged(usize),
}

/// The register's files as they are built into the program, by path.
pub fn embedded() -> &'static [(&'static str, &'static str)] {
    EMBEDDED
}

/// The files that are built in, as one document. The same program gives the same bytes.
pub fn embedded_document() -> Vec<u8> {
    let mut files: Vec<_> = EMBEDDED.to_vec();
    files.sort_unstable();
    let mut document = format!("{HEAD}\n");
    for (path, text) in files {
        for part in ["=== ", path, " ", &text.len().to_string(), "\n", text, "\n"] {
            document.push_str(part);
        }
    }
    document.into_bytes()
}

/// The files that a document holds, by path.
pub fn split_document(document: &[u8]) -> Result<Vec<(&str, &str)>, DocumentError> {
    let text = std::str::from_utf8(document).map_err(|error| DocumentError::Text(error.valid_up_to()))?;
    let (head, mut rest) = text.split_once('\n').ok_or(DocumentError::Head)?;
    if head != HEAD {
        return Err(match head.strip_prefix("standing-register ") {
            Some(version) if version.len() < 12 => DocumentError::Newer(version.to_owned()),
            _ => DocumentError::Head,
        });
    }
    let mut files = Vec::new();
    while !rest.is_empty() {
        let damaged = || DocumentError::Damaged(text.len() - rest.len());
        let (heading, body) = rest.split_once('\n').ok_or_else(damaged)?;
        let (path, length) = heading
            .strip_prefix("=== ")
            .and_then(|heading| heading.rsplit_once(' '))
            .ok_or_else(damaged)?;
        let length: usize = length.parse().map_err(|_| damaged())?;
        let file = body.get(..length).ok_or_else(damaged)?;
        rest = body
            .get(length..)
            .and_then(|after| after.strip_prefix('\n'))
            .ok_or_else(damaged)?;
        files.push((path, file));
    }
    Ok(files)
}

/// Reads a register that was kept as one document.
pub fn parse_document(document: &[u8]) -> Result<Register, Vec<Finding>> {
    let files = split_document(document).map_err(|error| {
        vec![Finding {
            file: "register document".to_owned(),
            line: 1,
            severity: Severity::Error,
            what: error.to_string(),
            remedy: "take the document from an undamaged copy".to_owned(),
        }]
    })?;
    Register::parse(&files)
}
