//! What an article says: a claim, in the words of the reading guide (`docs/READING.md`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::date::PartialDate;
use crate::step::Action;

/// What a claim is about. The first five are the standing types (tier 1): an authority's measure on a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)] // the guide defines each word
pub enum ClaimType {
    Designation,
    Sanctions,
    Assets,
    Recognition,
    Mission,
    Role,
    Stance,
    Urge,
    Commit,
    Meet,
    Agree,
    Aid,
    Accuse,
    Deny,
    Threaten,
    Attack,
    Responsibility,
    Military,
    Arrest,
    Facility,
}

impl ClaimType {
    /// 1 for the standing types, 2 for the rest.
    pub fn tier(self) -> u8 {
        if self <= Self::Mission { 1 } else { 2 }
    }
}

/// How real the claimed thing is, by the words of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimStatus {
    /// An act done or a state holding at publication.
    InEffect,
    /// Held once, no longer.
    Ended,
    /// A one-off event that took place.
    Occurred,
    /// Decided or approved, not yet in effect.
    Decided,
    /// Announced, promised, intended, being prepared.
    Planned,
    /// Suggested, recommended, requested through a procedure.
    Proposed,
    /// Somebody else wants it.
    Urged,
    /// Conditional or hypothetical.
    Possible,
    /// The speaker says that it is not so.
    Denied,
    /// Stated in the article's voice not to have happened.
    NotOccurred,
}

/// One thing that an article says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Unique in the article.
    pub id: String,
    /// What it is about.
    #[serde(rename = "type")]
    pub kind: ClaimType,
    /// What is done to the measure; for standing types only.
    pub action: Option<Action>,
    /// Who acts: a country code, `EU`, `UN`, or a full name in the article.
    pub actor: Option<String>,
    /// Who or what is acted on.
    pub party: Option<String>,
    /// How real it is.
    pub status: ClaimStatus,
    /// Who says so; `None` for the article's own voice.
    pub speaker: Option<String>,
    /// The media or people that the words passed through.
    pub via: Vec<String>,
    /// When, as precise as the text allows.
    pub time: Option<PartialDate>,
    /// Where, if stated.
    pub place: Option<String>,
    /// Figures, such as `killed`.
    pub numbers: BTreeMap<String, i64>,
    /// Unicode code points `[start, end)` into the article as stored.
    pub evidence: [usize; 2],
    /// 1 for standing types, 2 for the rest.
    pub tier: u8,
}
