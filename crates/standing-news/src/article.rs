//! An article as the reader takes it, and what it gives back.

use serde::{Deserialize, Serialize};
use standing_model::Claim;
use standing_model::date::Day;

/// Where a publication date comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrigin {
    /// The caller gave it.
    Argument,
    /// The document's own data: JSON-LD, meta, a feed's item.
    Document,
    /// The text's dateline.
    Dateline,
}

/// One article.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Article {
    /// The text, exactly as stored; all offsets count in it.
    pub text: String,
    /// Headline.
    pub title: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// Day of publication.
    pub published: Option<Day>,
    /// Where that day comes from.
    pub published_origin: Option<DateOrigin>,
    /// What contradicts itself in the document, in words: two dates, a date that is none.
    pub doubts: Vec<String>,
}

/// A line that was set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// Unicode code points `[start, end)`.
    pub span: [usize; 2],
    /// The rule that did it.
    pub rule: String,
}

/// A claim with what `--json` adds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReadClaim {
    /// The claim.
    #[serde(flatten)]
    pub claim: Claim,
    /// The exact words.
    pub evidence_text: String,
    /// Bytes `[start, end)`.
    pub evidence_bytes: [usize; 2],
    /// Ids of the rules that made it.
    pub rule: Vec<String>,
    /// The register's or ledger's id of the party, if its name is known.
    pub party_id: Option<String>,
    /// The register's id of the authority, if its name is known.
    pub authority_id: Option<String>,
    /// The time in the article's words: `Friday`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub time_text: Option<String>,
}

/// Something odd that a person should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// The claim concerned, if one.
    pub claim: Option<String>,
    /// What is odd.
    pub message: String,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// The claims, in the order of the text.
    pub claims: Vec<ReadClaim>,
    /// Lines that were set aside.
    pub set_aside: Vec<SetAside>,
    /// Oddities.
    pub warnings: Vec<Warning>,
    /// How many sentences were read.
    pub sentences: usize,
}

impl Reading {
    /// For each claim, how it came about: the rules by id.
    pub fn trace(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.claims.iter().map(|c| (c.claim.id.as_str(), c.rule.as_slice()))
    }
}
