//! What can go wrong with a ledger, in words that a person can act on.

use std::path::PathBuf;

/// An error of the ledger.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// There is no file.
    #[error("there is no ledger at {path}. Make one: standing ingest PATH..., or name another: --db FILE")]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file is something else. It was not touched.
    #[error("{path} is not a ledger ({saw}). It was left untouched; name another file: --db FILE")]
    NotALedger {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        saw: String,
    },
    /// Written by a newer program. It was not touched.
    #[error(
        "{path} was written by a newer program (layout {found}, this program knows {known}). It was left untouched; update the program"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its layout version.
        found: i32,
        /// The version that this program knows.
        known: i32,
    },
    /// The content does not fit together.
    #[error("the ledger is damaged: {what}. Restore it from a backup; `standing verify` tells more")]
    Damaged {
        /// What does not fit.
        what: String,
    },
    /// No room to write.
    #[error(
        "no room to write the ledger: {what}. Nothing of this transaction was recorded; free some space and repeat"
    )]
    Full {
        /// What SQLite said.
        what: String,
    },
    /// The file or its directory may not be written.
    #[error(
        "the ledger cannot be written: {what}. Nothing was changed; check the permissions of the file and its directory"
    )]
    ReadOnly {
        /// What SQLite or the system said.
        what: String,
    },
    /// Another program holds the write lock.
    #[error("another program is writing this ledger. Nothing was changed; try again when it has finished")]
    Busy,
    /// A question names something that the ledger does not hold.
    #[error("{0}")]
    Unknown(String),
    /// A file operation failed.
    #[error("{what}")]
    File {
        /// What was being done.
        what: String,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// Anything else that SQLite reports.
    #[error("SQLite: {0}")]
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let what = error.to_string();
        match error.sqlite_error_code() {
            Some(Code::DatabaseCorrupt | Code::NotADatabase) => Self::Damaged { what },
            Some(Code::DiskFull) => Self::Full { what },
            Some(Code::ReadOnly | Code::PermissionDenied) => Self::ReadOnly { what },
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Busy,
            // Writing into a file of limited size fails as an I/O error of the write call.
            Some(Code::SystemIoFailure) => Self::Full { what },
            _ => match error {
                rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::InvalidColumnType(..) => Self::Damaged { what },
                other => Self::Sqlite(other),
            },
        }
    }
}

impl From<serde_json::Error> for LedgerError {
    /// Only what the ledger itself wrote is ever decoded, so a failure to decode is damage.
    fn from(error: serde_json::Error) -> Self {
        Self::Damaged {
            what: format!("a stored value does not decode: {error}"),
        }
    }
}

pub(crate) fn damaged(what: impl Into<String>) -> LedgerError {
    LedgerError::Damaged { what: what.into() }
}
