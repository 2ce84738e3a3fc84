//! The words of the answers, for `openapi.json`: what a client may rely on. The answers themselves are the library's;
//! `tests/described.rs` of the command line holds the two equal, route by route and key by key.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::said::SaidAnswer;

/// A date as precise as its source: `2003`, `2024-12`, `2024-10-04`, `circa 1965`, `1964 to 1966`, or bounded by what was seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Dated {
    /// As written.
    Written(String),
    /// After the one, by the other.
    Bounded(Bounds),
}

/// After the one (excluded), by the other (included).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Bounds {
    /// The last time at which it was certainly not so yet.
    pub after: Option<String>,
    /// The first time at which it was certainly so.
    pub by: Option<String>,
}

/// What is done to a party.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)] // DESIGN's words, described in docs/API.md
pub enum Measure {
    Designation,
    Sanctions,
    Assets,
    Recognition,
    Mission,
}

/// Where a measure stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Standing {
    InForce,
    Suspended,
    Lifted,
    None,
    Uncertain,
}

/// How strong evidence is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Grade {
    Official,
    Stated,
    Reported,
}

/// What is done to a measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Action {
    Impose,
    Amend,
    Suspend,
    Resume,
    Lift,
    Maintain,
}

/// How far a step has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Stage {
    Proposed,
    Announced,
    Decided,
    Published,
    Effective,
    Abandoned,
}

/// Where a party stands before one authority.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StandingRow {
    /// The party's id.
    pub party: String,
    /// The listing it rests on.
    pub listing: Option<String>,
    /// Who decides.
    pub authority: String,
    /// What is done.
    pub measure: Measure,
    /// Where it stands.
    pub standing: Standing,
    /// Since when.
    pub since: Option<Dated>,
    /// The list's date on which it was last seen.
    pub last_seen: Option<Dated>,
    /// The strongest grade of what it rests on.
    pub grade: Grade,
    /// Whether that grade counts.
    pub counted: bool,
    /// Procedures under way.
    pub pending: Vec<PendingRow>,
    /// Sources disagree.
    pub contradicted: bool,
    /// The date of the newest edition of the list, where that is older than usual.
    pub outdated: Option<Dated>,
    /// The steps it rests on.
    pub steps: Vec<String>,
    /// What news says of it; never counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<SaidAnswer>,
}

/// A procedure under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PendingRow {
    /// The latest step.
    pub step: String,
    /// The procedure.
    pub procedure: Option<String>,
    /// The party's id.
    pub party: String,
    /// The party's name.
    pub name: String,
    /// The listing, if it is about one.
    pub listing: Option<String>,
    /// Who decides.
    pub authority: String,
    /// What is done.
    pub measure: Measure,
    /// What would be done to it.
    pub action: Action,
    /// How far it has come.
    pub stage: Stage,
    /// When the latest step was taken, or will take effect.
    pub on: Option<Dated>,
    /// When it became known.
    pub known: Option<Dated>,
    /// How strong the evidence is.
    pub grade: Grade,
    /// In words.
    pub note: Option<String>,
    /// Titles of what it rests on.
    pub sources: Vec<String>,
    /// Days since it became known.
    pub age: Option<i64>,
    /// What news says of it; never counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<SaidAnswer>,
}

/// A pointer to what a step rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Evidence {
    /// The source document's digest, or the id of a source of the register.
    pub source: String,
    /// What it is.
    pub title: String,
    /// Record, line or place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Where it can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The day that it gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Dated>,
    /// The day on which it made it public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<Dated>,
    /// How strong it is.
    pub grade: Grade,
}

/// A field that an amendment changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FieldChange {
    /// Which field.
    pub field: String,
    /// Before.
    pub old: Vec<String>,
    /// After.
    pub new: Vec<String>,
}

/// One move in a procedure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StepRow {
    /// Its id.
    pub step: String,
    /// The procedure it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub procedure: Option<String>,
    /// The party's id.
    pub party: String,
    /// The party's or listing's name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The listing, if it is about one.
    pub listing: Option<String>,
    /// Who decides.
    pub authority: String,
    /// What is done.
    pub measure: Measure,
    /// What is done to the measure.
    pub action: Action,
    /// How far it has come.
    pub stage: Stage,
    /// When it is legally so.
    pub on: Option<Dated>,
    /// When a source had made it public.
    pub known: Option<Dated>,
    /// The strongest grade of its evidence.
    pub grade: Grade,
    /// The act: `"unknown"`, or `{"named":{"kind":…,"id":…}}`.
    pub instrument: Value,
    /// Programmes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub programmes: Vec<String>,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Evidence of an incompatible day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contradicted: Vec<Evidence>,
    /// The day of an earlier listing that the record still bears.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<Dated>,
    /// What an amendment changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
    /// What it rests on.
    pub sources: Vec<Evidence>,
    /// The window's edge lies within an uncertain interval.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub uncertain: bool,
    /// What news says of it; never counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<SaidAnswer>,
    /// The listing comes back after it was gone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub returns: bool,
}

/// A source document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SourceRow {
    /// Digest of the content.
    pub source: String,
    /// The list's id, `register` or `article`.
    pub list: String,
    /// The file's name as received.
    pub name: String,
    /// The snapshot's date.
    pub date: Option<Dated>,
    /// Where the date came from.
    pub date_origin: Option<String>,
    /// `accepted`, `held` or `rejected`.
    pub state: String,
    /// Listings read.
    pub listings: Option<i64>,
    /// Fields that no rule reads.
    pub kept: u64,
    /// Records that could not be read.
    pub rejected: i64,
    /// Size in bytes.
    pub size: u64,
    /// The format.
    pub format: Option<String>,
    /// Why it proves no absence, if it is a part.
    pub part: Option<String>,
    /// Days from its date to the day asked about.
    pub age: Option<i32>,
    /// Days that usually pass between two editions of its list.
    pub usual: Option<u32>,
    /// It is the newest edition that counts, and older than usual.
    pub outdated: bool,
    /// Under which terms the list may be used.
    pub licence: Option<String>,
}

/// A party with the records behind it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PartyAnswer {
    /// Its id.
    pub party: String,
    /// The name to show.
    pub name: String,
    /// Every id that is one with it.
    pub ids: Vec<String>,
    /// Its listings.
    pub listings: Vec<ListingAnswer>,
}

/// A listing with its last record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ListingAnswer {
    /// Its id.
    pub listing: String,
    /// First seen on the list of this date.
    pub first_seen: Dated,
    /// Last seen on the list of this date.
    pub last_seen: Dated,
    /// The newest snapshot that says anything about it.
    pub list_date: Dated,
    /// Whether that one shows it.
    pub present: bool,
    /// The record as last seen.
    #[schema(value_type = Object)]
    pub record: Value,
}

/// A list and how fresh it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ListRow {
    /// The list's id.
    pub list: String,
    /// Its name.
    pub name: String,
    /// Who publishes it.
    pub authority: String,
    /// The date of the newest edition that counts.
    pub date: Option<Dated>,
    /// Days between two editions, usually.
    pub interval_days: Option<u32>,
    /// Whether the newest edition is older than that.
    pub outdated: bool,
    /// Listings of the newest edition.
    pub listings: Option<i64>,
    /// Editions recorded.
    pub snapshots: usize,
    /// Where it is published.
    pub url: Option<String>,
}

/// A held file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReviewRow {
    /// Its id: `r:17`.
    pub id: String,
    /// Digest of its first file.
    pub source: String,
    /// The list.
    pub list: String,
    /// Its date.
    pub date: Dated,
    /// The date of the neighbour that it was judged against.
    pub against: Dated,
    /// Listings that would end.
    pub gone: u64,
    /// Of how many.
    pub of: u64,
    /// Their share.
    pub share: f64,
    /// What would end, by programme.
    #[schema(value_type = Vec<Vec<Value>>)]
    pub by_programme: Vec<(String, u64)>,
}

/// A step with the bytes it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StepEvidence {
    /// The step.
    pub step: StepRow,
    /// What it rests on.
    pub pieces: Vec<Piece>,
}

/// A piece of a source document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Piece {
    /// What it is evidence of.
    pub evidence: Evidence,
    /// The file's name as received.
    pub file: Option<String>,
    /// First byte and one past the last, in the document.
    #[schema(value_type = Option<Vec<u64>>)]
    pub bytes: Option<(u64, u64)>,
    /// The bytes as text.
    pub verbatim: Option<String>,
}

/// What became of an uploaded file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct IngestRow {
    /// The files.
    pub files: Vec<String>,
    /// `recorded`, `already`, `refused` or `passed`.
    pub outcome: String,
    /// Why it was refused or passed, and what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The list; as what follows, where it was recorded (list and date also where it was there already).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// Its date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Dated>,
    /// Its number in the ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// The format it was read in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Where the date came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_origin: Option<String>,
    /// Whether it proves absences: `"whole"`, or `{"part":"why"}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extent: Option<Value>,
    /// Listings read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listings: Option<u64>,
    /// Record versions that the ledger did not have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_records: Option<u64>,
    /// Records that could not be read, with their positions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejects: Option<Vec<Vec<String>>>,
    /// Fields that no rule reads, with how often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Vec<Vec<Value>>>,
    /// Anything else worth knowing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warnings: Option<Vec<String>>,
    /// Dates of snapshots that overlap this one's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlapping: Option<Vec<Dated>>,
    /// Why the guard holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub held: Option<Value>,
}

/// An RFC 9457 problem document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemAnswer {
    /// What kind.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The status code.
    pub status: u16,
    /// What is wrong with this request.
    pub detail: String,
    /// Which field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

/// A decision about two ids.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct JudgementAnswer {
    /// One id.
    pub a: String,
    /// The other.
    pub b: String,
    /// The decision.
    pub verdict: String,
}

/// What a screening gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ScreenAnswer {
    /// Hits, in the order of rows, then score falling, then listing.
    pub hits: Vec<HitAnswer>,
    /// Pairs judged before, which are not raised again.
    #[schema(value_type = Vec<Object>)]
    pub judged: Vec<Value>,
    /// Queries that were not screened.
    pub rejected: Vec<RejectedAnswer>,
    /// What is needed to repeat it.
    pub manifest: RunAnswer,
}

/// A listing that a query resembles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HitAnswer {
    /// What was asked.
    #[schema(value_type = Object)]
    pub query: Value,
    /// The party's id.
    pub party: String,
    /// The listing.
    pub listing: Option<String>,
    /// The listed name that resembles most.
    pub name: String,
    /// The name to show.
    pub caption: String,
    /// What the threshold applies to.
    pub score: f64,
    /// The score of the names alone.
    pub name_score: f64,
    /// Where the listing stands in sum.
    pub standing: Standing,
    /// Where it stands before each authority.
    #[schema(value_type = Vec<Object>)]
    pub measures: Vec<Value>,
    /// Why.
    #[schema(value_type = Object)]
    pub explanation: Value,
}

/// A query that was not screened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RejectedAnswer {
    /// Its row.
    pub row: u64,
    /// Its id.
    pub id: Option<String>,
    /// Why.
    pub reason: String,
}

/// One screening, with all that is needed to repeat it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RunAnswer {
    /// Its id.
    pub run: String,
    /// What the index stood for: ledger state, clocks, policy, algorithm.
    #[schema(value_type = Object)]
    pub index: Value,
    /// The lists that were searched.
    #[schema(value_type = Vec<Object>)]
    pub lists: Vec<Value>,
    /// How many names were searched.
    pub names: u64,
    /// Digest of the index.
    pub index_digest: String,
    /// The policy.
    #[schema(value_type = Object)]
    pub policy: Value,
    /// Digest of the decisions about customers.
    pub judged: String,
    /// Threshold and limit, where the request gave them.
    #[schema(value_type = Object)]
    pub options: Value,
    /// The queries, or the file with its digest.
    #[schema(value_type = Object)]
    pub asked: Value,
    /// Digest of the output.
    pub output: String,
    /// Counts.
    #[schema(value_type = Object)]
    pub report: Value,
}

/// Two names compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ComparedAnswer {
    /// As given.
    pub name1: String,
    /// As given.
    pub name2: String,
    /// 0 to 1; `null` where they cannot be compared.
    pub score: Option<f64>,
    /// Why they cannot be compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What met what, with its worth.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    pub tokens: Vec<Value>,
    /// What found no counterpart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    pub left: Vec<Value>,
    /// The sums from which the documented formula makes the score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub parts: Option<Value>,
    /// What was changed in the writing before comparing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}
