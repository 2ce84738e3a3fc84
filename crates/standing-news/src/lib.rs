//! Reading news: an article becomes a list of attributed, dated claims.
//!
//! A pure function from bytes to values: no clock, no network, no database, no model. [`Reader`] wires the stages: words and sentences
//! (`text`), names (`mention`), phrases and clauses, times, attribution, patterns and status. All spans are checked against the text.

pub mod article;
mod boilerplate;
pub mod clause;
pub mod gazetteer;
pub mod intake;
pub mod lexicon;
pub mod mention;
pub mod offices;
pub mod phrase;
mod reader;
pub mod resolve;
pub mod rule;
mod said;
mod slots;
pub mod status;
pub mod text;
pub mod when;

pub use article::{Article, DateOrigin, ReadClaim, Reading, SetAside, Warning};
pub use gazetteer::{DatedRole, Gazetteer, KnownKind};
pub use intake::{Hints, IntakeError, Taken, intake};
pub use reader::{Reader, check};
pub use rule::{RuleError, RuleFile, RuleSet};
