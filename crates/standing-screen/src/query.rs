//! What is asked: a name, or several of one party, with whatever else is known of it.

use serde::{Deserialize, Serialize};
use standing_model::{Country, Gender, Identifier, PartialDate, PartyKind};

use crate::error::Reject;

/// A party that is screened.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Query {
    /// Its row in the input, from 0.
    pub row: u64,
    /// Its id in the input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its names; the best counts.
    pub names: Vec<String>,
    /// What kind of party.
    pub kind: PartyKind,
    /// Births, or foundings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub births: Vec<PartialDate>,
    /// Nationalities and countries.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<Country>,
    /// Gender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// Identifiers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
    /// Addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
}

/// A query as a hit repeats it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryRef {
    /// Its row in the input, from 0.
    pub row: u64,
    /// Its id in the input.
    pub id: Option<String>,
    /// The name that met the hit's.
    pub name: String,
}

impl Query {
    /// A query of a name alone.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            names: vec![name.into()],
            ..Self::default()
        }
    }
}

/// The kind of party that a schema's name means: this program's words, and FollowTheMoney's schemata.
///
/// ```
/// use standing_model::PartyKind;
/// assert_eq!(standing_screen::kind_of_schema("Company"), Ok(PartyKind::Organisation));
/// assert!(standing_screen::kind_of_schema("Dragon").is_err());
/// ```
pub fn kind_of_schema(schema: &str) -> Result<PartyKind, Reject> {
    Ok(match schema.trim().to_ascii_lowercase().as_str() {
        "person" | "individual" | "natural person" => PartyKind::Person,
        "organisation" | "organization" | "company" | "association" | "business" | "airline" => PartyKind::Organisation,
        "vessel" | "ship" => PartyKind::Vessel,
        "aircraft" | "airplane" | "helicopter" => PartyKind::Aircraft,
        "government" | "publicbody" => PartyKind::Government,
        "" | "unknown" | "legalentity" | "entity" | "thing" | "any" => PartyKind::Unknown,
        _ => {
            return Err(Reject::Field {
                field: "schema".into(),
                what: format!(
                    "\"{}\" is none of person, organisation, company, vessel, aircraft, government, unknown",
                    schema.chars().take(40).collect::<String>()
                ),
            });
        }
    })
}
