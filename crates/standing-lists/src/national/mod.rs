//! Lists of single states and of the EU, one module for each publisher's format.
//!
//! Relies on the shared readers of containers ([`crate::xml`], [`crate::csv`], [`crate::sheets`]) and dates ([`crate::dates`]).

mod cells;
mod gb_conlist;

use crate::registry::Format;

/// The formats of this module, in the order in which they are tried.
pub(crate) const FORMATS: &[Format] = &[gb_conlist::XLSX, gb_conlist::CSV];
