//! Steps: single moves in the procedures by which authorities put measures on and take them off.

use serde::{Deserialize, Serialize};

use crate::authority::Measure;
use crate::date::PartialDate;
use crate::listing::ListingId;

/// What is done to a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Put on; for recognition and missions: granted.
    Impose,
    /// Changed while it stays on.
    Amend,
    /// Paused.
    Suspend,
    /// Put on again after a pause.
    Resume,
    /// Taken off.
    Lift,
    /// Renewed or kept; only claims say so.
    Maintain,
}

impl Action {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Impose => "impose",
            Self::Amend => "amend",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Lift => "lift",
            Self::Maintain => "maintain",
        }
    }
}

/// How far a step has come. The order is that of a procedure; an abandoned one is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Asked for: a bill, a petition, a request.
    Proposed,
    /// Said to come.
    Announced,
    /// Decided; not in effect.
    Decided,
    /// Printed; in effect where the regime says so.
    Published,
    /// In effect.
    Effective,
    /// Given up.
    Abandoned,
}

impl Stage {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Announced => "announced",
            Self::Decided => "decided",
            Self::Published => "published",
            Self::Effective => "effective",
            Self::Abandoned => "abandoned",
        }
    }
}

/// How strong the evidence is. Greater is stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Somebody else says so.
    Reported,
    /// The authority's own announcement that it is done.
    Stated,
    /// List, gazette, court decision, act, or a source that names the body, the act and its day.
    Official,
}

impl Grade {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Stated => "stated",
            Self::Official => "official",
        }
    }
}

impl std::str::FromStr for Grade {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "official" => Ok(Self::Official),
            "stated" => Ok(Self::Stated),
            "reported" => Ok(Self::Reported),
            _ => Err(format!("\"{text}\" is not a grade: official, stated or reported")),
        }
    }
}

/// The legal act. `Unknown` where no source names one: it is never inferred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Instrument {
    /// No source names the act.
    #[default]
    Unknown,
    /// The act as its source names it.
    Named {
        /// `resolution`, `regulation`, `court-decision`, `notice`, `law`, `statement`, …
        kind: String,
        /// Number or title: `S/RES/2799 (2025)`.
        id: String,
    },
}

/// Pointer to the bytes that a step rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The source document's digest, or the id of a source cited in the register.
    pub source: String,
    /// What it is, for people: `UN list of 2025-04-19`, `TASS 1852067`.
    pub title: String,
    /// The record, line or place in it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub place: Option<String>,
    /// Where it can be read, if it is public.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub url: Option<String>,
    /// The day that this source gives for the step.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub on: Option<PartialDate>,
    /// The day on which this source made it public.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub known: Option<PartialDate>,
    /// How strong it is.
    pub grade: Grade,
}

/// A field that an amendment changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field's name in the model, or its own name in the list.
    pub field: String,
    /// What stood before; empty if nothing.
    pub old: Vec<String>,
    /// What stands now; empty if nothing.
    pub new: Vec<String>,
}

/// Whether an amendment brought the whole measure, took it away, or left it in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum AmendEffect {
    /// The measure stays.
    #[default]
    Keeps,
    /// A programme gained brought the measure to a record that stood without it.
    Brings,
    /// The last programme of the measure was lost while the record stays.
    Removes,
}

/// One move in a procedure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Short id, stable for the same facts.
    pub step: String,
    /// The procedure it belongs to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub procedure: Option<String>,
    /// The party's id.
    pub party: String,
    /// The party's or listing's name, for people.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub name: String,
    /// The listing, if the step is about one.
    pub listing: Option<ListingId>,
    /// Who decides.
    pub authority: String,
    /// What is done.
    pub measure: Measure,
    /// What is done to the measure.
    pub action: Action,
    /// How far it has come.
    pub stage: Stage,
    /// When it is legally so.
    pub on: Option<PartialDate>,
    /// When a source had made it public.
    pub known: Option<PartialDate>,
    /// The strongest grade among its evidence.
    pub grade: Grade,
    /// The legal act.
    pub instrument: Instrument,
    /// Programmes concerned.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub programmes: Vec<String>,
    /// A note in words.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
    /// Evidence that gives an incompatible day stays visible here.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub contradicted: Vec<Evidence>,
    /// The day of an earlier listing that the record still bears, on a return.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub earlier: Option<PartialDate>,
    /// What an amendment changed.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub fields: Vec<FieldChange>,
    /// What an amendment did to the measure.
    #[serde(skip)]
    pub effect: AmendEffect,
    /// What it rests on.
    pub sources: Vec<Evidence>,
}
