//! The words of answers about news, as `words` has those of the rest.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::words::{Action, Dated, Evidence, Grade, Measure, Stage};

/// Something that an article says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ClaimAnswer {
    /// Its id in the ledger; of an article that is not kept there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
    /// Its id in the article.
    pub id: String,
    /// What it is about.
    #[serde(rename = "type")]
    pub kind: String,
    /// What is done.
    pub action: Option<Action>,
    /// Who acts.
    pub actor: Option<String>,
    /// On whom.
    pub party: Option<String>,
    /// How real it is.
    pub status: String,
    /// Who says so; `null` for the article's own voice.
    pub speaker: Option<String>,
    /// Through whom.
    pub via: Vec<String>,
    /// When.
    pub time: Option<Dated>,
    /// The time in the article's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_text: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// Figures, such as `killed`.
    pub numbers: BTreeMap<String, i64>,
    /// Code points of the article: first, and one past the last.
    pub evidence: Vec<u64>,
    /// The same in bytes.
    pub evidence_bytes: Vec<u64>,
    /// The exact words.
    pub evidence_text: String,
    /// 1 for what may move a standing, 2 for context.
    pub tier: u8,
    /// The rules that made it.
    pub rule: Vec<String>,
    /// The party of the ledger.
    pub party_id: Option<String>,
    /// The authority.
    pub authority_id: Option<String>,
    /// Digest of the article's text.
    pub article: String,
    /// Digest of the source document.
    pub source: String,
    /// Day of publication.
    pub published: Option<String>,
    /// Where that day comes from.
    pub published_origin: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// `stated` on the authority's own site, else `reported`.
    pub grade: Grade,
    /// How it meets the record; `null` for context.
    #[schema(value_type = Option<Object>)]
    pub meets: Option<Value>,
    /// What is odd about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// When it was public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<Dated>,
    /// The file's name as received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

/// A claim beside a step or a standing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SaidAnswer {
    /// Its id in the ledger.
    pub claim: String,
    /// What it is about.
    #[serde(rename = "type")]
    pub kind: String,
    /// What would be done.
    pub action: Option<Action>,
    /// Who acts.
    pub actor: Option<String>,
    /// On whom.
    pub party: Option<String>,
    /// The id of that party.
    pub party_id: Option<String>,
    /// How real it is.
    pub status: String,
    /// Who says so; `null` for the article's own voice.
    pub speaker: Option<String>,
    /// Through whom.
    pub via: Vec<String>,
    /// When it is said to be.
    pub time: Option<Dated>,
    /// When it was public.
    pub known: Option<Dated>,
    /// Who published it.
    pub outlet: Option<String>,
    /// The file.
    pub file: String,
    /// Its grade: never counted.
    pub grade: Grade,
    /// The exact words.
    pub evidence_text: String,
    /// How it meets the record.
    #[schema(value_type = Object)]
    pub meets: Value,
}

/// Sources that disagree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ContradictionAnswer {
    /// The party's id.
    pub party: String,
    /// Its name.
    pub name: String,
    /// Who decides.
    pub authority: Option<String>,
    /// What is done.
    pub measure: Option<Measure>,
    /// The step that they disagree about.
    pub step: Option<String>,
    /// What it does.
    pub action: Option<Action>,
    /// How far that step has come: a decision is not an effect.
    pub stage: Option<Stage>,
    /// The day that the record gives.
    pub on: Option<Dated>,
    /// What the record rests on.
    pub sources: Vec<Evidence>,
    /// Sources of the record that give another day.
    pub contradicted: Vec<Evidence>,
    /// Claims that say otherwise, or give another day.
    pub claims: Vec<SaidAnswer>,
    /// In words.
    pub why: String,
}

/// What was kept of an article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct KeptAnswer {
    /// Articles that are new, or newly read.
    pub articles: u64,
    /// Claims in them.
    pub claims: u64,
    /// Articles that were there already.
    pub already: u64,
    /// Why nothing was kept, if it is no article.
    pub refused: Option<String>,
}
