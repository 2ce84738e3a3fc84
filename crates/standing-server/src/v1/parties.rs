//! A party: its records, where it stands, its steps.

use axum::response::Response;
use serde::Deserialize;
use standing::Question;
use standing::answers;

use crate::answer::Ask;
use crate::asked::{self, Asked, Named};
use crate::problem::Problem;

/// The three clocks, and the weakest grade that counts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandingAsked {
    on: Option<String>,
    known: Option<String>,
    recorded: Option<String>,
    basis: Option<String>,
}

/// The two clocks of what is not about a day.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownAsked {
    known: Option<String>,
    recorded: Option<String>,
}

impl KnownAsked {
    /// As the library takes it.
    pub fn question(self, ask: &Ask) -> Result<Question, Problem> {
        Ok(Question {
            on: None,
            known: asked::day("known", self.known.as_deref())?,
            recorded: ask.recorded(asked::recorded("recorded", self.recorded)?),
            basis: None,
        })
    }
}

/// What the ledger knows about a party: its ids and the records behind them.
pub async fn party(ask: Ask, Named(party): Named, Asked(asked): Asked<KnownAsked>) -> Result<Response, Problem> {
    let (question, today) = (asked.question(&ask)?, ask.today);
    ask.one(move |ledger| answers::party(ledger, &party, &question, today))
        .await
}

/// Where a party stands before every authority.
pub async fn standing(ask: Ask, Named(party): Named, Asked(asked): Asked<StandingAsked>) -> Result<Response, Problem> {
    let question = Question {
        on: asked::day("on", asked.on.as_deref())?,
        known: asked::day("known", asked.known.as_deref())?,
        recorded: ask.recorded(asked::recorded("recorded", asked.recorded)?),
        basis: asked::grade("basis", asked.basis.as_deref())?,
    };
    let today = ask.today;
    ask.rows(move |ledger| Ok(answers::show(ledger, &party, &question, today)?.rows))
        .await
}

/// Every step of a party, oldest first.
pub async fn timeline(ask: Ask, Named(party): Named, Asked(asked): Asked<KnownAsked>) -> Result<Response, Problem> {
    let (question, today) = (asked.question(&ask)?, ask.today);
    ask.rows(move |ledger| Ok(answers::timeline(ledger, &party, &question, today)?.1))
        .await
}
