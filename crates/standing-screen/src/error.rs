//! What can go wrong in a screening.

use standing_names::NameError;

/// An error of the index or of a screening as a whole.
#[derive(Debug, thiserror::Error)]
pub enum ScreenError {
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The index file is not what was written.
    #[error("the index file is damaged: {0}; delete it, it is built again from the ledger")]
    Damaged(String),
    /// The index file is of another version of the program.
    #[error("the index file has layout {0}, this program reads layout {version}", version = crate::layout::VERSION)]
    Version(u32),
    /// Too much for one index.
    #[error("{0}")]
    TooLarge(String),
    /// The policy cannot be read.
    #[error("the policy {path}: {what}")]
    Policy {
        /// The file.
        path: String,
        /// What is wrong.
        what: String,
    },
    /// The input as a whole cannot be read.
    #[error("{path}: {what}")]
    Input {
        /// The file.
        path: String,
        /// What is wrong and what to do.
        what: String,
    },
}

/// Why one query is not screened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reject {
    /// The name cannot be searched for.
    #[error("{0}")]
    Name(#[from] NameError),
    /// A field's value is not what it should be.
    #[error("{field}: {what}")]
    Field {
        /// The field.
        field: String,
        /// What is wrong.
        what: String,
    },
    /// The row cannot be read.
    #[error("{0}")]
    Row(String),
}
