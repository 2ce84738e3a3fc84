//! What became known, and what is under way.
//!
//! Changes come in pages. A page names a cursor in `standing-cursor`: while there is more, it goes on with the same state of the ledger
//! (`p:…`); at the end it is `n:TRANSACTION`, and asked with later gives what the ledger has learned since, whatever its dates.

use std::collections::HashSet;

use axum::response::Response;
use serde::Deserialize;
use standing::answers::{self, By, StepRow as Row, Window};
use standing::model::Day;
use standing::{Ledger, Question, StandingError};
use utoipa::IntoParams;

use super::words::{PendingRow, ProblemAnswer, StepRow};
use crate::answer::{Ask, Rows};
use crate::asked::{self, Asked};
use crate::problem::Problem;

/// Rows of a page, if the question does not say.
const PAGE: usize = 1000;
/// Rows of a page at most.
const LARGEST_PAGE: usize = 10_000;

/// A window of changes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ChangesAsked {
    /// First day of the window; a month or year means its first day.
    #[param(schema_with = asked::date_schema)]
    since: Option<String>,
    /// Last day of the window.
    #[param(schema_with = asked::date_schema)]
    until: Option<String>,
    /// Which clock cuts the window: `known` (by default) or `on`.
    #[param(pattern = "^(known|on)$")]
    by: Option<String>,
    /// An authority's id, or a jurisdiction (`UN`, `EU`, `US`) for all of its authorities.
    authority: Option<String>,
    /// A party.
    party: Option<String>,
    /// Amendments field by field: `true` or `false` (by default).
    #[param(pattern = "^(true|false)$")]
    amended: Option<String>,
    /// When a source had made it public.
    #[param(schema_with = asked::date_schema)]
    known: Option<String>,
    /// What the ledger had learned.
    #[param(schema_with = asked::recorded_schema)]
    recorded: Option<String>,
    /// Rows of a page, 1 to 10000; 1000 if it is left out.
    #[param(pattern = "^([1-9][0-9]{0,3}|10000)$")]
    limit: Option<String>,
    /// Where to go on, from the header `standing-cursor` of an earlier answer.
    #[param(pattern = "^(n:[0-9]{1,9}|p:[0-9]{1,9}:[0-9]{1,9}:[0-9]{1,9})$")]
    cursor: Option<String>,
}

/// Where to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cursor {
    /// What the ledger has learned since this transaction.
    New(i64),
    /// Row `from` of the state `at`, among what is new since `since` (0: everything).
    Page { at: i64, since: i64, from: usize },
}

impl Cursor {
    fn read(text: &str) -> Result<Self, Problem> {
        let number = |t: &str| {
            (!t.is_empty() && t.len() <= 9 && t.bytes().all(|b| b.is_ascii_digit()))
                .then(|| t.parse::<i64>().ok())
                .flatten()
        };
        let parts: Vec<&str> = text.split(':').collect();
        let cursor = match parts.as_slice() {
            ["n", at] => number(at).map(Self::New),
            ["p", at, since, from] => number(at)
                .zip(number(since))
                .zip(number(from))
                .map(|((at, since), from)| Self::Page {
                    at,
                    since,
                    from: from as usize,
                }),
            _ => None,
        };
        cursor.ok_or_else(|| {
            Problem::field(
                "cursor",
                format!("cursor: \"{text}\" is none."),
                "Take it from the header standing-cursor of an earlier answer.",
            )
        })
    }
}

/// The window that a question names.
struct Wanted {
    window: Window,
    known: Option<Day>,
    today: Day,
    amended: bool,
}

impl Wanted {
    fn rows(&self, ledger: &Ledger, recorded: &str) -> Result<Vec<Row>, StandingError> {
        let question = Question {
            known: self.known,
            recorded: Some(recorded.to_owned()),
            ..Question::default()
        };
        let mut rows = answers::changes(ledger, &self.window, &question, self.today)?;
        if !self.amended {
            for row in &mut rows {
                row.step.fields.clear();
            }
        }
        Ok(rows)
    }
}

/// The steps that became known in a window, oldest first.
#[utoipa::path(get, path = "/v1/changes", tag = "changes", params(ChangesAsked),
    responses((status = 200, body = [StepRow]), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn changes(ask: Ask, Asked(asked): Asked<ChangesAsked>) -> Result<Response, Problem> {
    let wanted = Wanted {
        window: Window {
            since: asked::first_day("since", asked.since.as_deref())?,
            until: asked::day("until", asked.until.as_deref())?,
            by: match asked.by.as_deref() {
                None | Some("known") => By::Known,
                Some("on") => By::On,
                Some(other) => {
                    return Err(Problem::field(
                        "by",
                        format!("by: \"{other}\" is no clock that cuts windows."),
                        "Write known or on.",
                    ));
                }
            },
            authority: asked.authority,
            party: asked.party,
        },
        known: asked::day("known", asked.known.as_deref())?,
        today: ask.today,
        amended: asked::flag("amended", asked.amended.as_deref())?,
    };
    let limit = asked::number("limit", asked.limit.as_deref(), 1, LARGEST_PAGE)?.unwrap_or(PAGE);
    let cursor = asked.cursor.as_deref().map(Cursor::read).transpose()?;
    let recorded = asked::recorded("recorded", asked.recorded)?;
    let now = ask.state.transaction;
    let (at, since, from) = match cursor {
        None => (now, 0, 0),
        Some(Cursor::New(since)) => (now, since, 0),
        Some(Cursor::Page { at, since, from }) => (at.min(now), since, from),
    };
    ask.rows(move |ledger| {
        let mut rows = wanted.rows(ledger, recorded.as_deref().unwrap_or(&format!("#{at}")))?;
        if since > 0 {
            let before: HashSet<String> = wanted
                .rows(ledger, &format!("#{since}"))?
                .into_iter()
                .map(|r| r.step.step)
                .collect();
            rows.retain(|r| !before.contains(&r.step.step));
        }
        let end = from.saturating_add(limit);
        let next = if rows.len() > end {
            format!("p:{at}:{since}:{end}")
        } else {
            format!("n:{at}")
        };
        let rows: Vec<Row> = rows.into_iter().skip(from).take(limit).collect();
        Ok(Rows { rows, next: Some(next) })
    })
    .await
}

/// When, for procedures under way.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PendingAsked {
    /// On which day.
    #[param(schema_with = asked::date_schema)]
    on: Option<String>,
    /// When a source had made it public.
    #[param(schema_with = asked::date_schema)]
    known: Option<String>,
    /// What the ledger had learned.
    #[param(schema_with = asked::recorded_schema)]
    recorded: Option<String>,
}

/// Procedures under way: announced, decided, petitioned, not in effect.
#[utoipa::path(get, path = "/v1/pending", tag = "changes", params(PendingAsked),
    responses((status = 200, body = [PendingRow]), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn pending(ask: Ask, Asked(asked): Asked<PendingAsked>) -> Result<Response, Problem> {
    let question = Question {
        on: asked::day("on", asked.on.as_deref())?,
        known: asked::day("known", asked.known.as_deref())?,
        recorded: Some(ask.recorded(asked::recorded("recorded", asked.recorded)?)),
        basis: None,
    };
    let today = ask.today;
    ask.rows(move |ledger| answers::pending(ledger, &question, today)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_are_read_strictly() {
        assert_eq!(Cursor::read("n:12").unwrap(), Cursor::New(12));
        let page = Cursor::Page {
            at: 3,
            since: 0,
            from: 1000,
        };
        assert_eq!(Cursor::read("p:3:0:1000").unwrap(), page);
        for bad in ["", "n:", "n:-1", "p:1:2", "p:1:2:3:4", "x:1", "n:9999999999"] {
            assert!(Cursor::read(bad).is_err(), "{bad}");
        }
    }
}
