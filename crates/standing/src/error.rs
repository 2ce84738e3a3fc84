//! What can go wrong, with the exit code that it means.

use standing_ledger::LedgerError;
use standing_lists::ReadError;

/// An error of the library.
#[derive(Debug, thiserror::Error)]
pub enum StandingError {
    /// The ledger cannot be read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A list cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A question that cannot be asked like this.
    #[error("{0}")]
    Question(String),
    /// A file cannot be read.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The embedded or given register is wrong.
    #[error("{0}")]
    Register(String),
    /// A screening failed as a whole.
    #[error(transparent)]
    Screen(#[from] standing_screen::ScreenError),
    /// Input that is refused; nothing changed.
    #[error("{0}")]
    Refused(String),
}

impl StandingError {
    /// The exit code of the program: 2 usage, 3 input refused, 4 ledger damaged, newer or missing.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Ledger(LedgerError::Unknown(_)) | Self::Question(_) => 2,
            Self::Ledger(LedgerError::Full { .. } | LedgerError::ReadOnly { .. } | LedgerError::Busy)
            | Self::Read(_)
            | Self::File { .. }
            | Self::Register(_)
            | Self::Screen(_)
            | Self::Refused(_) => 3,
            Self::Ledger(_) => 4,
        }
    }
}
