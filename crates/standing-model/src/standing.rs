//! What a set of steps amounts to on a day.

use serde::{Deserialize, Serialize};

use crate::authority::Measure;
use crate::date::PartialDate;
use crate::listing::ListingId;
use crate::step::{Grade, Step};

/// Where one authority's measure on one party stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Put on, and neither suspended nor lifted.
    InForce,
    /// Paused by an act; may be resumed.
    Suspended,
    /// Taken off.
    Lifted,
    /// Never put on, as far as the ledger knows.
    None,
    /// The day falls inside an interval in which a change happened, and no source says on which side.
    Uncertain,
}

impl State {
    /// The word used in JSON and on pages' attributes.
    pub fn word(self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Suspended => "suspended",
            Self::Lifted => "lifted",
            Self::None => "none",
            Self::Uncertain => "uncertain",
        }
    }
}

/// The standing of one party before one authority under one measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The party's id.
    pub party: String,
    /// The listing it rests on, if it rests on a list.
    pub listing: Option<ListingId>,
    /// Who decides.
    pub authority: String,
    /// What is done.
    pub measure: Measure,
    /// Where it stands.
    pub standing: State,
    /// Since when; for [`State::Uncertain`] the interval of the change in question.
    pub since: Option<PartialDate>,
    /// The list's date on which it was last seen, for what rests on a list.
    pub last_seen: Option<PartialDate>,
    /// The strongest grade among the evidence for it.
    pub grade: Grade,
    /// Whether the grade counts under the basis asked for; what does not count is shown all the same.
    pub counted: bool,
    /// The latest steps of procedures that are under way.
    pub pending: Vec<Step>,
    /// Sources disagree about it.
    pub contradicted: bool,
    /// The steps it rests on, oldest first.
    pub steps: Vec<Step>,
}
