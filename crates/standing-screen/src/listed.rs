//! What an index is built from: listings with all their names, the fields to compare, and where each stands.
//!
//! An [`Entry`] is a listing, or a party that the register alone knows. Whoever reads the ledger makes them; nothing here knows a ledger.

use serde::{Deserialize, Serialize};
use standing_model::{
    Action, Country, Gender, Grade, Identifier, Measure, NameKind, NameQuality, PartialDate, PartyKind, Stage, State,
};

/// A name of an entry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EntryName {
    /// As written.
    pub text: String,
    /// Primary, alias or former.
    pub kind: NameKind,
    /// How far the publisher trusts it.
    pub quality: NameQuality,
    /// Who gives it.
    pub source: NameSource,
}

/// Who gives a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NameSource {
    /// The listing itself.
    Listing,
    /// The register, for a party that the listing belongs to.
    Register,
}

/// What is compared beside names.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Fields {
    /// Births, or foundings.
    #[serde(rename = "b", skip_serializing_if = "Vec::is_empty", default)]
    pub births: Vec<PartialDate>,
    /// Nationalities, flags, countries of addresses and births.
    #[serde(rename = "c", skip_serializing_if = "Vec::is_empty", default)]
    pub countries: Vec<Country>,
    /// Gender.
    #[serde(rename = "g", skip_serializing_if = "Option::is_none", default)]
    pub gender: Option<Gender>,
    /// Identifiers, normalised: kind and value.
    #[serde(rename = "i", skip_serializing_if = "Vec::is_empty", default)]
    pub identifiers: Vec<Identifier>,
    /// Addresses and places as written.
    #[serde(rename = "a", skip_serializing_if = "Vec::is_empty", default)]
    pub addresses: Vec<String>,
}

/// Where one authority's measure stands for an entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasureLine {
    /// Who decides.
    pub authority: String,
    /// What is done.
    pub measure: Measure,
    /// Where it stands on the day.
    pub standing: State,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub since: Option<PartialDate>,
    /// The act of the last step, if one is known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub instrument: Option<String>,
    /// How strong the evidence is.
    pub grade: Grade,
    /// Programmes.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub programmes: Vec<String>,
    /// What is under way: action, stage and when.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub pending: Vec<PendingLine>,
}

/// A procedure under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PendingLine {
    /// What would be done.
    pub action: Action,
    /// How far it has come.
    pub stage: Stage,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub on: Option<PartialDate>,
}

/// A listing, or a party that no list carries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The party's id.
    #[serde(rename = "p")]
    pub party: String,
    /// The listing; `None` for a party that the register alone knows.
    #[serde(rename = "l", skip_serializing_if = "Option::is_none", default)]
    pub listing: Option<String>,
    /// What kind of party.
    #[serde(rename = "k")]
    pub kind: PartyKind,
    /// The name to show.
    #[serde(rename = "n")]
    pub caption: String,
    /// What is compared beside names.
    #[serde(rename = "f")]
    pub fields: Fields,
    /// Where it stands in sum.
    #[serde(rename = "s")]
    pub standing: State,
    /// Where it stands before each authority; kept in the index apart from the rest, because many entries share theirs.
    #[serde(skip)]
    pub measures: Vec<MeasureLine>,
    /// A digest of what was read of it, so that a judgement can be seen to be about the same record.
    #[serde(rename = "d")]
    pub digest: String,
    /// Its names; kept in the index apart from the rest.
    #[serde(skip)]
    pub names: Vec<EntryName>,
}

impl Entry {
    /// The id under which it is sorted: the listing's, else the party's.
    pub fn id(&self) -> &str {
        self.listing.as_deref().unwrap_or(&self.party)
    }
}
