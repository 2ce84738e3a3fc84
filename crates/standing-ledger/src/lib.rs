//! The ledger: an append-only store with three clocks, and what follows from it.
//!
//! One SQLite file. What a snapshot says, what the register says and what people decide are facts, appended in transactions that are
//! chained by hash. Steps and standings are never stored: they follow, by pure functions, from the facts that were recorded by a
//! transaction and public by a day. `docs/LEDGER.md` draws the tables, the chain and the rules.

mod article;
mod backup;
mod chain;
mod cluster;
mod compare;
mod derive;
mod document;
mod error;
mod fold;
mod history;
mod keys;
mod merge;
mod open;
mod parties;
mod record;
mod register;
mod schema;
mod sources;
mod verify;
mod view;
mod write;

pub use article::StoredArticle;
pub use cluster::Tie;
pub use derive::DERIVATION;
pub use document::digest;
pub use error::LedgerError;
pub use fold::{Period, RowKey, fold, legal_date, order as step_order, periods, sort as sort_steps, state_of};
pub use history::{DateOrigin, SnapshotRow, SnapshotState};
pub use keys::{LINK_RULES, link_keys, name_key};
pub use open::Ledger;
pub use parties::Party;
pub use register::{ListEntry, Regimes, RegisterFacts, RegisterNote, RegisterParty, RegisterRole};
pub use sources::{HeldRow, SourceRow};
pub use verify::Verified;
pub use view::{Amendments, ListingView, View};
pub use write::{Added, Hold, NewSnapshot, SnapshotReport, Transaction};
