//! One record on one list, read into the model.
//!
//! Invariant: whatever the publisher wrote stands either in a field of the model or, verbatim, in [`Record::notes`] or
//! [`Record::kept`]. Nothing is lost between the bytes and here.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::code::Country;
use crate::date::PartialDate;
use crate::party::{Address, Birth, Gender, Identifier, Name, NameKind, PartyKind, Place};
use crate::text::Text;

/// `<list>:<publisher's lasting reference>`, such as `un:QDi.317` or `us-sdn:6636`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ListingId(String);

impl ListingId {
    /// Joins a list's id and the reference on it.
    pub fn new(list: &str, reference: &str) -> Self {
        Self(format!("{list}:{reference}"))
    }

    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The list's id.
    pub fn list(&self) -> &str {
        self.0.split_once(':').map_or("", |(list, _)| list)
    }

    /// The publisher's reference.
    pub fn reference(&self) -> &str {
        self.0
            .split_once(':')
            .map_or(self.0.as_str(), |(_, reference)| reference)
    }
}

impl fmt::Display for ListingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A text field that is kept verbatim: remarks, reasons, other information.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Note {
    /// The publisher's name for the field.
    pub field: Text,
    /// Its content, verbatim.
    pub text: String,
}

/// A named tie to another party.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Relation {
    /// What ties them, in the publisher's words: `linked to`, `owned by`, `parent company`.
    pub kind: Text,
    /// The other party's name as written, if given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<Text>,
    /// The other party's reference on the same list, if given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reference: Option<Text>,
}

/// One record on one list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub struct Record {
    /// The publisher's lasting reference, without the list's id.
    pub reference: Text,
    /// What kind of party.
    pub kind: PartyKind,
    /// Its names, the primary first.
    pub names: Vec<Name>,
    /// Programme codes as the list writes them; a set, kept sorted.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub programmes: Vec<Text>,
    /// The day that the record gives for its listing.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub listed_on: Option<PartialDate>,
    /// Days on which the publisher says that the record was amended.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub amended_on: Vec<PartialDate>,
    /// Legal acts that the record names, verbatim.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub instruments: Vec<Text>,
    /// Measures that the record itself spells out, verbatim: `Asset freeze|Travel Ban`.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub measures: Vec<Text>,
    /// Births; founding of organisations, building of vessels.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub births: Vec<Birth>,
    /// Dates of death or dissolution.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub deaths: Vec<PartialDate>,
    /// Gender, where given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub gender: Option<Gender>,
    /// Nationalities; for vessels and aircraft the flag.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub nationalities: Vec<Country>,
    /// Titles and ranks: `Mullah`, `Gen.`
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub titles: Vec<Text>,
    /// Offices and functions.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub positions: Vec<Text>,
    /// Passports, tax numbers, IMO numbers and the like.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub identifiers: Vec<Identifier>,
    /// Addresses.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub addresses: Vec<Address>,
    /// Places named without being an address or birth place.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub places: Vec<Place>,
    /// Ties to other parties.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub relations: Vec<Relation>,
    /// Free text, verbatim.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub notes: Vec<Note>,
    /// Every further field, under its own name, verbatim. Also technical keys (`DATAID`), which may change while the reference stays.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub kept: Vec<(Text, Text)>,
    /// Things in the record that could not be read as what they claim to be, such as a date that does not exist. They are reported
    /// with the snapshot and kept verbatim.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub doubts: Vec<String>,
}

impl Record {
    /// The name to show: the primary one in Latin letters if there is one, else the first.
    pub fn caption(&self) -> &str {
        let latin = |n: &&Name| n.kind == NameKind::Primary && n.script.is_none_or(crate::Script::is_latin);
        self.names
            .iter()
            .find(latin)
            .or_else(|| self.names.first())
            .map_or(self.reference.as_str(), |n| n.text.as_str())
    }
}
