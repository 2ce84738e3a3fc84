//! The words behind a claim: where in which document they stand, with the line around them.
//!
//! A claim's offsets count in its article's text. Where that text is a stored file itself the bytes are the document's; where it was taken
//! out of a page, feed or archive they count in the text that the ledger keeps beside the document.

use serde::Serialize;
use standing_ledger::View;
use standing_model::Day;

use super::claims::{LedgerClaim, judged};
use super::store::articles;
use crate::error::StandingError;

/// No more of the line is given on either side of the words.
const AROUND: usize = 600;

/// What a claim's bytes count in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CountedIn {
    /// The document as received.
    Document,
    /// The article's text as it was taken out of the document.
    Text,
}

/// The words of a claim at their place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// The file's name as received.
    pub file: String,
    /// Digest of the document.
    pub source: String,
    /// What `bytes` count in.
    pub of: CountedIn,
    /// First byte of the words and one past the last.
    pub bytes: [usize; 2],
    /// What stands before the words on their line.
    pub before: String,
    /// The words.
    pub words: String,
    /// What stands after them on their line.
    pub after: String,
}

/// A claim with the words it rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClaimEvidence {
    /// The claim, as `standing claims` gives it.
    #[serde(flatten)]
    pub claim: LedgerClaim,
    /// Its words.
    pub passage: Passage,
}

/// The evidence of a claim (`c:ARTICLE:ID` as `standing claims` prints it, of the article's digest at least six characters) as a view of
/// the ledger knows it.
pub fn of_claim(view: &View<'_>, id: &str, today: Day) -> Result<ClaimEvidence, StandingError> {
    let form = || StandingError::Question(format!("\"{id}\" is no claim's id; it looks like c:4f21a0c377e1:c03"));
    let (article, claim) = id.strip_prefix("c:").unwrap_or(id).split_once(':').ok_or_else(form)?;
    let hex = article.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f'));
    if article.len() < 6 || !hex || claim.is_empty() {
        return Err(form());
    }
    let missing = || StandingError::NoClaim(id.to_owned());
    let mut found = articles(view, Some(&[format!("\"{article}")]))?;
    found.retain(|a| a.read.digest.starts_with(article));
    // One text that came in several documents is one article; several texts are not.
    let first = found.first().map(|a| a.read.digest.clone()).ok_or_else(missing)?;
    if found.iter().any(|a| a.read.digest != first) {
        return Err(StandingError::Question(format!(
            "several articles begin with {article}; give more of it"
        )));
    }
    let stored = found.remove(0);
    let row = judged(view, std::slice::from_ref(&stored), None, today)?
        .into_iter()
        .find(|c| c.row.claim.claim.id == claim)
        .ok_or_else(missing)?;
    let text = stored.read.article.text.as_str();
    let [start, end] = row.row.claim.evidence_bytes;
    let words = text
        .get(start..end)
        .filter(|words| *words == row.row.claim.evidence_text)
        .ok_or_else(|| {
            StandingError::Question(format!(
                "the words of {id} do not stand at bytes {start} to {end} of {}: check the ledger: standing verify",
                stored.name
            ))
        })?
        .to_owned();
    let (before, after) = around(text, start, end);
    Ok(ClaimEvidence {
        passage: Passage {
            file: stored.name.clone(),
            source: stored.read.source.clone(),
            of: if stored.read.digest == stored.read.source {
                CountedIn::Document
            } else {
                CountedIn::Text
            },
            bytes: [start, end],
            before: before.to_owned(),
            words,
            after: after.to_owned(),
        },
        claim: row,
    })
}

/// The rest of the line on either side, at most so much of it.
fn around(text: &str, start: usize, end: usize) -> (&str, &str) {
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let mut from = line.max(start.saturating_sub(AROUND));
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let close = text[end..].find('\n').map_or(text.len(), |at| end + at);
    let mut to = close.min(end + AROUND);
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    (text[from..start].trim_start(), text[end..to].trim_end())
}

#[cfg(test)]
mod tests {
    use super::around;

    #[test]
    fn the_line_around_the_words_is_cut_at_whole_characters() {
        let text = "first\n  Before the words stand ä. \nlast";
        let start = text.find("the words").unwrap();
        assert_eq!(around(text, start, start + 9), ("Before ", " stand ä."));
        let long = format!("{}x{}", "ä".repeat(400), "ö".repeat(400));
        let (before, after) = around(&long, 800, 801);
        assert_eq!((before.chars().count(), after.chars().count()), (300, 300));
    }
}
