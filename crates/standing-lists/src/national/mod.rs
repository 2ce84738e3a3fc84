//! Lists of single states and of the EU, one module for each publisher's format.
//!
//! Relies on the shared readers of containers ([`crate::xml`], [`crate::csv`], [`crate::sheets`]) and dates ([`crate::dates`]).

mod ae;
mod au;
mod ca_sema;
mod cells;
mod ch_seco;
mod eu_xml;
mod gb_conlist;
mod gb_uksl;
mod jp_mof;
mod json;
mod ru_pages;
mod ua_nsdc;
#[cfg(test)]
mod walk;

use crate::registry::Format;

/// The formats of this module, in the order in which they are tried.
pub(crate) const FORMATS: &[Format] = &[
    gb_conlist::XLSX,
    gb_conlist::CSV,
    au::XLS,
    au::XLSX,
    ca_sema::FORMAT,
    eu_xml::FORMAT,
    ch_seco::FORMAT,
    gb_uksl::FORMAT,
    ua_nsdc::FORMAT,
    jp_mof::FORMAT,
    json::PAKISTAN,
    json::RUSSIA,
    ru_pages::FEDERAL,
    ru_pages::CATALOGUE,
    ru_pages::DBF,
    ae::FORMAT,
];
