//! Lists of single states and of the EU, one module for each publisher's format.
//!
//! Relies on the shared readers of containers ([`crate::xml`], [`crate::csv`], [`crate::sheets`]) and dates ([`crate::dates`]).

mod ae;
mod au;
mod au_terror;
mod ca_criminal;
mod ca_sema;
mod cells;
mod ch_seco;
mod cis_tables;
mod eu_csv;
mod eu_csv_fields;
mod eu_csv_layouts;
mod eu_global;
mod eu_xml;
mod gb_conlist;
mod gb_conlist_xml;
mod gb_fields;
mod gb_proscribed;
mod gb_uksl;
mod gb_uksl_csv;
mod il_nbctf;
mod in_uapa;
mod jp_mof;
mod jp_names;
mod json;
mod kg_fiu;
mod kz_afm;
mod lv;
mod nz_gazette;
#[cfg(test)]
mod refusals;
mod ru_fedsfm_xml;
mod ru_pages;
mod ua_nsdc;
mod ua_sfms;
#[cfg(test)]
mod walk;
mod xml_list;

use crate::registry::Format;

/// The formats of this module, in the order in which they are tried.
pub(crate) const FORMATS: &[Format] = &[
    gb_conlist::XLSX,
    gb_conlist::CSV,
    gb_conlist_xml::FORMAT,
    au::XLS,
    au::XLSX,
    ca_sema::FORMAT,
    eu_xml::FORMAT,
    eu_csv::FORMAT,
    eu_global::FORMAT,
    lv::FORMAT,
    ch_seco::FORMAT,
    gb_uksl::FORMAT,
    gb_uksl_csv::CSV,
    gb_uksl_csv::XLSX,
    il_nbctf::FORMAT,
    ua_nsdc::FORMAT,
    jp_mof::FORMAT,
    json::PAKISTAN,
    json::RUSSIA,
    ru_pages::FEDERAL,
    ru_pages::CATALOGUE,
    ru_pages::DBF,
    ru_fedsfm_xml::FORMAT,
    kg_fiu::XML,
    kg_fiu::XLSX,
    ua_sfms::FORMAT,
    kz_afm::FORMAT,
    ca_criminal::FORMAT,
    gb_proscribed::FORMAT,
    au_terror::FORMAT,
    in_uapa::FORMAT,
    nz_gazette::FORMAT,
    cis_tables::FORMAT,
    ae::FORMAT,
    ae::WORKBOOK,
];
