//! Reading news beside the record: bytes and options in, claims with how each meets the ledger out.
//!
//! [`Desk`] holds what is made once and used for every article: the rules and the names of the register and the ledger. Reading itself is
//! `standing-news`, a pure function; [`meeting`] sets a claim beside the record without moving it; [`store`] keeps articles and their
//! claims in the ledger, and [`claims`] answers from them. Nothing here prints.

pub mod claims;
pub mod evidence;
pub mod files;
mod judge;
pub mod meeting;
mod name_table;
mod names;
mod own_rules;
pub mod store;
mod unmatched;
pub mod words;

use std::path::Path;

use serde::Serialize;
use standing_ledger::View;
use standing_model::{Calendar, ClaimStatus, Day, Grade};
use standing_news::{Article, Gazetteer, Hints, ReadClaim, Reader, Reading, RuleSet, intake};

pub use meeting::{Meeting, Narrowing, Verdict};
pub use name_table::place as table_of;
pub use own_rules::{check_rules, rule_files};
pub use standing_news::{DateOrigin, RuleError, SetAside, Warning};
pub use unmatched::Proposal;

use crate::error::StandingError;

/// What the caller knows about the input.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Day of publication.
    pub published: Option<Day>,
    /// Who published it.
    pub outlet: Option<String>,
    /// Its address.
    pub url: Option<String>,
}

/// Rules and names, made once for any number of articles.
pub struct Desk {
    rules: RuleSet,
    gazetteer: Gazetteer,
}

/// One article with what was read in it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadArticle {
    /// The article; the offsets of its claims count in its text.
    pub article: Article,
    /// Digest of that text.
    pub digest: String,
    /// Digest of the bytes that it was taken from.
    pub source: String,
    /// Claims, lines set aside, oddities.
    pub reading: Reading,
}

/// What was read in one input.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReadInput {
    /// The articles, in the order of the input.
    pub articles: Vec<ReadArticle>,
    /// What among many was no article: where it stands, and why.
    pub passed: Vec<String>,
}

/// A claim as `standing read --json` gives it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClaimRow {
    /// The claim, its exact words, and the rules that made it.
    #[serde(flatten)]
    pub claim: ReadClaim,
    /// Digest of the article's text.
    pub article: String,
    /// Digest of the source document.
    pub source: String,
    /// Day of publication: the claim's *known*.
    pub published: Option<Day>,
    /// Where that day comes from.
    pub published_origin: Option<DateOrigin>,
    /// Who published it.
    pub outlet: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// `stated` on the authority's own site, else `reported`. Neither moves a standing.
    pub grade: Grade,
    /// How it meets the record; `null` for context types.
    pub meets: Option<Meeting>,
    /// What is odd about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

impl Desk {
    /// A desk with the embedded rules and the names of the register and the ledger as a view shows them. `table` is where the table of
    /// listed names is kept between starts ([`table_of`]); without it the names are taken from the records each time.
    pub fn new(view: &View<'_>, table: Option<&Path>) -> Result<Self, StandingError> {
        Ok(Self {
            rules: RuleSet::embedded(),
            gazetteer: names::gazetteer(view, table)?,
        })
    }

    /// A desk with a user's own rules beside the embedded ones: `(name, content)` of each file.
    pub fn with_rules(
        view: &View<'_>,
        table: Option<&Path>,
        files: &[(String, String)],
    ) -> Result<Self, StandingError> {
        Ok(Self {
            rules: own_rules::rules(files)?,
            gazetteer: names::gazetteer(view, table)?,
        })
    }

    /// Reads the articles in some bytes: plain text, HTML, JSON lines, a feed or a web archive. A single article that is none is an error;
    /// among many it is passed over and reported.
    pub fn read(&self, bytes: &[u8], options: &ReadOptions) -> Result<ReadInput, StandingError> {
        let hints = Hints {
            published: options.published,
            outlet: options.outlet.clone(),
            url: options.url.clone(),
        };
        let taken = intake(bytes, &hints).map_err(|e| StandingError::Refused(e.to_string()))?;
        let source = hex(&standing_ledger::digest(bytes));
        let reader = Reader::new(&self.rules, &self.gazetteer);
        let articles = taken
            .articles
            .into_iter()
            .map(|article| {
                let mut reading = reader.read(&article);
                reading.warnings.extend(article.doubts.iter().map(|doubt| Warning {
                    claim: None,
                    message: doubt.clone(),
                }));
                ReadArticle {
                    digest: hex(&standing_ledger::digest(article.text.as_bytes())),
                    source: source.clone(),
                    reading,
                    article,
                }
            })
            .collect();
        let passed = taken
            .passed
            .into_iter()
            .map(|(place, e)| format!("{place}: {e}"))
            .collect();
        Ok(ReadInput { articles, passed })
    }
}

/// Sets the claims of an article beside the record of a view. `on` overrides the day that they are judged by, which is the day of
/// publication, or `today` where that is not known.
pub fn beside(
    view: &View<'_>,
    read: &ReadArticle,
    on: Option<Day>,
    today: Day,
) -> Result<Vec<ClaimRow>, StandingError> {
    let record = meeting::Record::new(view, today);
    read.reading
        .claims
        .iter()
        .map(|claim| row(&record, read, claim, on, today))
        .collect()
}

fn row(
    record: &meeting::Record<'_, '_>,
    read: &ReadArticle,
    claim: &ReadClaim,
    on: Option<Day>,
    today: Day,
) -> Result<ClaimRow, StandingError> {
    let article = &read.article;
    let mut claim = claim.clone();
    let day = on.or(article.published).unwrap_or(today);
    let met = record.meet(&claim, day)?;
    let mut meets = None;
    if let Some(met) = met {
        claim.party_id = met.party;
        claim.authority_id = met.meeting.authority.clone().or(met.authority);
        meets = Some(met.meeting);
    }
    let mut warnings: Vec<String> = read
        .reading
        .warnings
        .iter()
        .filter(|w| w.claim.as_deref() == Some(claim.claim.id.as_str()))
        .map(|w| w.message.clone())
        .collect();
    warnings.extend(odd_date(&claim, article.published, today));
    Ok(ClaimRow {
        grade: store::grade(record.view(), article.url.as_deref(), &claim),
        article: read.digest.clone(),
        source: read.source.clone(),
        published: article.published,
        published_origin: article.published_origin,
        outlet: article.outlet.clone(),
        url: article.url.clone(),
        claim,
        meets,
        warnings,
    })
}

/// A publication in the future is doubtful for every claim that rests on it.
fn odd_date(claim: &ReadClaim, published: Option<Day>, today: Day) -> Option<String> {
    let published = published.filter(|p| *p > today)?;
    let dated =
        claim.claim.time.is_some() || matches!(claim.claim.status, ClaimStatus::InEffect | ClaimStatus::Occurred);
    dated.then(|| format!("the publication date {published} lies in the future: check it, --published DAY"))
}

/// A day as `--published` takes it: a month or year is refused, since weekdays resolve against a day.
pub fn parse_published(text: &str) -> Result<Day, String> {
    match text.parse::<Calendar>() {
        Ok(Calendar::Day(day)) => Ok(day),
        Ok(other) => Err(format!("{other} is no day; a publication has a full date: 2024-10-04")),
        Err(e) => Err(e.to_string()),
    }
}

/// A status in the guide's words.
pub fn parse_status(text: &str) -> Result<ClaimStatus, String> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).map_err(|_| {
        format!(
            "\"{text}\" is no status: in_effect, ended, occurred, decided, planned, proposed, urged, possible, denied, not_occurred"
        )
    })
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
