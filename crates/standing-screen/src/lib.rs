//! Screening of names against an index of listings: which listed parties a name resembles, why, and nothing missed.
//!
//! [`Index`] holds every name of every listing that a [`Policy`] selects, for one state of the ledger; [`Screener`] answers queries with
//! [`Hit`]s. Both are immutable and shared by threads; each thread brings a [`Searcher`] as room to work in. What an index is made from
//! ([`listed::Entry`]) is read from the ledger elsewhere: nothing here knows one. `docs/SCREENING.md` has the formula, the file and the proof that
//! nothing is missed.

pub mod batch;
mod bound;
mod build;
mod error;
pub mod fields;
mod hit;
pub mod identifiers;
mod index;
mod layout;
pub mod listed;
pub mod policy;
mod probes;
mod query;
mod resemble;
mod run;
mod screener;
mod search;

pub use batch::{Batch, BatchReport, Progress, RejectedRow};
pub use error::{Reject, ScreenError};
pub use hit::{Explanation, Hit, JudgedNote, JudgedPair, LeftNote, NameNote, PairNote, PartsNote};
pub use index::{Index, IndexKey, IndexedName, Info, ListEdition, Unsearchable};
pub use policy::Policy;
pub use query::{Query, QueryRef, kind_of_schema};
pub use run::{Asked, Manifest, ManifestForm, hits_bytes};
pub use screener::{Judged, Options, Outcome, ScreenOneError, Screener};
pub use search::Searcher;
pub use standing_names::data_version;

/// The version of what turns an index and a query into hits. It changes whenever the same data would give other hits or other bytes.
pub const ALGORITHM: &str = "standing-screen 8";
