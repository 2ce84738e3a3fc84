//! What became known, and what is under way.

use axum::response::Response;
use serde::Deserialize;
use standing::Question;
use standing::answers::{self, By, Window};

use crate::answer::Ask;
use crate::asked::{self, Asked};
use crate::problem::Problem;

/// A window of changes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangesAsked {
    since: Option<String>,
    until: Option<String>,
    by: Option<String>,
    authority: Option<String>,
    party: Option<String>,
    amended: Option<String>,
    known: Option<String>,
    recorded: Option<String>,
}

/// The steps that became known in a window, oldest first.
pub async fn changes(ask: Ask, Asked(asked): Asked<ChangesAsked>) -> Result<Response, Problem> {
    let window = Window {
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
    };
    let amended = asked::flag("amended", asked.amended.as_deref())?;
    let question = Question {
        known: asked::day("known", asked.known.as_deref())?,
        recorded: ask.recorded(asked::recorded("recorded", asked.recorded)?),
        ..Question::default()
    };
    let today = ask.today;
    ask.rows(move |ledger| {
        let mut rows = answers::changes(ledger, &window, &question, today)?;
        if !amended {
            rows.iter_mut().for_each(|r| r.step.fields.clear());
        }
        Ok(rows)
    })
    .await
}

/// When, for procedures under way.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PendingAsked {
    on: Option<String>,
    known: Option<String>,
    recorded: Option<String>,
}

/// Procedures under way.
pub async fn pending(ask: Ask, Asked(asked): Asked<PendingAsked>) -> Result<Response, Problem> {
    let question = Question {
        on: asked::day("on", asked.on.as_deref())?,
        known: asked::day("known", asked.known.as_deref())?,
        recorded: ask.recorded(asked::recorded("recorded", asked.recorded)?),
        basis: None,
    };
    let today = ask.today;
    ask.rows(move |ledger| answers::pending(ledger, &question, today)).await
}
