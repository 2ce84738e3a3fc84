//! Who lists whom, since when, by which act, on whose word, and what is about to change.
//!
//! The library that wires the rooms together: lists are read and recorded ([`ingest`]), questions answered ([`answers`]), decisions
//! taken ([`decide`]), and the ledger's content written out for others ([`export`]). Clocks and paths come from the caller; nothing
//! here prints.

pub mod answers;
pub mod candidates;
mod clocks;
mod dating;
pub mod decide;
mod error;
pub mod evidence;
pub mod export;
mod files;
mod git;
pub mod home;
pub mod ingest;
pub mod names;
pub mod read;
pub mod screen;
#[cfg(feature = "update")]
pub mod update;
pub mod words;

pub use clocks::{Clocks, Question, parse_day, parse_first_day};
pub use error::StandingError;
pub use standing_ledger::{
    Amendments, DateOrigin, HeldRow, Hold, Ledger, LedgerError, ListingView, Party, Period, RegisterFacts,
    RegisterNote, SnapshotState, Verified, View, legal_date, periods, sort_steps, state_of,
};
pub use standing_model as model;
pub use standing_register as register;
