//! Judgements: whether two listings are the same party.

use serde::{Deserialize, Serialize};

/// What was decided about two ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// One party.
    Same,
    /// Two parties; holds between their clusters too.
    Different,
    /// Looked at and left open; keeps rules from joining them.
    Unsure,
}

impl Verdict {
    /// The word that resolver files use for it.
    pub fn resolver_word(self) -> &'static str {
        match self {
            Self::Same => "positive",
            Self::Different => "negative",
            Self::Unsure => "unsure",
        }
    }
}

/// A decision about two ids, by a rule or by a person. A later one about the same pair replaces an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// The greater of the two ids, as resolver files keep them.
    pub target: String,
    /// The lesser of the two ids.
    pub source: String,
    /// What was decided.
    pub verdict: Verdict,
    /// Who decided: `rule:NAME` or a person's name.
    pub by: String,
    /// The reason given.
    pub why: String,
}
