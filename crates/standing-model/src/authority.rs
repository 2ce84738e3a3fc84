//! Who decides, what is done, and under which legal regime.

use serde::{Deserialize, Serialize};

use crate::code::Jurisdiction;

/// What is done to a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// Terrorist listing, proscription, ban.
    Designation,
    /// Asset freeze, travel ban, arms embargo, sectoral restrictions.
    Sanctions,
    /// Seizure of particular property.
    Assets,
    /// Recognition of a state or government.
    Recognition,
    /// Ambassadors, embassies.
    Mission,
}

impl Measure {
    /// All measures, in the order in which they are shown.
    pub const ALL: [Self; 5] = [
        Self::Designation,
        Self::Sanctions,
        Self::Assets,
        Self::Recognition,
        Self::Mission,
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Designation => "designation",
            Self::Sanctions => "sanctions",
            Self::Assets => "assets",
            Self::Recognition => "recognition",
            Self::Mission => "mission",
        }
    }
}

impl std::fmt::Display for Measure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.word())
    }
}

/// Who decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authority {
    /// Lasting id: `un-1267`, `us-state`, `ru-supreme-court`.
    pub id: String,
    /// Full name in English.
    pub name: String,
    /// Short name for tables: `Russia`, `UN (1988 committee)`.
    pub short: String,
    /// For whom it decides.
    pub jurisdiction: Jurisdiction,
    /// Hosts of its own web sites: what stands there is its own word.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub hosts: Vec<String>,
}

/// The legal regime under which a party is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Programme {
    /// Lasting id: `UN-SC1988`, `US-FTO219`.
    pub id: String,
    /// The codes by which a list names it, as `(list, code)`.
    pub codes: Vec<(String, String)>,
    /// How references begin under it, as `(list, beginning)`: `("un", "TAi")`.
    #[serde(default)]
    pub references: Vec<(String, String)>,
    /// Full name.
    pub name: String,
    /// The authority that lists under it.
    pub authority: String,
    /// The measures it amounts to.
    pub measures: Vec<Measure>,
}
