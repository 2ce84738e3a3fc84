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
    /// Nothing here is called like this.
    #[error("{}", no_party(.0))]
    NoParty(String),
    /// Several parties are called like this; they are never guessed.
    #[error("{}", several_parties(.text, .parties))]
    SeveralParties {
        /// What was asked.
        text: String,
        /// Their ids and names.
        parties: Vec<(String, String)>,
    },
    /// There is no such authority.
    #[error("no authority \"{wanted}\". Give an authority's id or a jurisdiction: {}", known.join(", "))]
    NoAuthority {
        /// What was asked.
        wanted: String,
        /// The jurisdictions that there are.
        known: Vec<String>,
    },
    /// There is no such step.
    #[error("no step {0}. Steps and their ids: standing timeline PARTY --json")]
    NoStep(String),
    /// There is no such claim.
    #[error("no claim {0}. Claims and their ids: standing claims --json")]
    NoClaim(String),
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
            Self::Ledger(LedgerError::Unknown(_))
            | Self::Question(_)
            | Self::NoParty(_)
            | Self::SeveralParties { .. }
            | Self::NoAuthority { .. }
            | Self::NoStep(_)
            | Self::NoClaim(_) => 2,
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

fn no_party(text: &str) -> String {
    format!(
        "no party is called \"{text}\" here. Give an id (un:QDi.317), a reference (QDi.317) or a name as listed; for names that merely resemble it: standing screen \"{text}\""
    )
}

fn several_parties(text: &str, parties: &[(String, String)]) -> String {
    let mut lines = format!("{} parties are called \"{text}\"; say which by its id:", parties.len());
    for (id, name) in parties.iter().take(40) {
        lines.push_str(&format!("\n  {id:<24} {name}"));
    }
    lines
}
