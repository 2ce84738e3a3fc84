//! Screening of names against an index of listings: which listed parties a name resembles, why, and nothing missed.
//!
//! [`Index`] holds every name of every listing that a [`Policy`] selects, for one state of the ledger; [`Screener`] answers queries with
//! [`Hit`]s. Both are immutable and shared by threads; each thread brings a [`Searcher`] as room to work in. What an index is made from
//! ([`listed::Entry`]) is read from the ledger elsewhere: nothing here knows one. `docs/SCREENING.md` has the formula, the file and the proof that
//! nothing is missed.

mod build;
mod error;
pub mod fields;
mod hit;
pub mod identifiers;
mod index;
mod layout;
pub mod listed;
pub mod policy;
mod query;
mod screener;
mod search;

pub use error::{Reject, ScreenError};
pub use hit::{Explanation, Hit, JudgedNote, JudgedPair, LeftNote, NameNote, PairNote, PartsNote};
pub use index::{Index, IndexKey, IndexedName, Info, ListEdition, Unsearchable};
pub use policy::Policy;
pub use query::{Query, QueryRef, kind_of_schema};
pub use screener::{Judged, Options, Outcome, ScreenOneError, Screener};
pub use search::Searcher;
