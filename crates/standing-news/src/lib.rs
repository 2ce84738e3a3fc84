//! Reading news: an article becomes a list of attributed, dated claims.
//!
//! A pure function from bytes to values: no clock, no network, no database, no model. [`Reader`] wires the stages: words and sentences
//! (`text`), names (`mention`), phrases and clauses, times, attribution, patterns and status. All spans are checked against the text.

mod adjuncts;
mod alias;
pub mod article;
mod belonging;
mod blocks;
mod boilerplate;
mod capitals;
mod check;
pub mod clause;
mod dateline;
mod fill;
mod found;
pub mod frame;
mod gather;
pub mod gazetteer;
mod hash;
mod instrument;
pub mod intake;
mod kinds;
mod later;
pub mod lexicon;
pub mod mention;
#[cfg(test)]
mod mutations;
mod near;
mod nominal;
pub mod offices;
pub mod phrase;
mod pronoun;
mod publisher;
mod reader;
pub mod resolve;
mod roles;
pub mod rule;
mod ruleset;
mod said;
pub mod sentences;
mod slots;
pub mod status;
pub mod syntax;
mod tag;
pub mod text;
mod verb_or_noun;
pub mod when;

pub use article::{Article, DateOrigin, ReadClaim, Reading, SetAside, Warning};
pub use check::check;
pub use gazetteer::{DatedRole, Gazetteer, KnownKind};
pub use intake::{Hints, IntakeError, Taken, intake};
pub use reader::Reader;
pub use rule::{RuleError, RuleFile, RuleSet};
