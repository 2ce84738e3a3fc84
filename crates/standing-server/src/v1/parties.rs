//! A party: its records, where it stands, its steps.

use axum::response::Response;
use serde::Deserialize;
use standing::Question;
use standing::answers;
use utoipa::IntoParams;

use super::words::{PartyAnswer, ProblemAnswer, StandingRow, StepRow};
use crate::answer::Ask;
use crate::asked::{self, Asked, Named};
use crate::problem::Problem;

/// The three clocks, and the weakest grade that counts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StandingAsked {
    /// When it is legally so: a day; a month or a year means its last day.
    #[param(schema_with = asked::date_schema)]
    on: Option<String>,
    /// When a source had made it public.
    #[param(schema_with = asked::date_schema)]
    known: Option<String>,
    /// What the ledger had learned: a transaction (`#17`) or a time.
    #[param(schema_with = asked::recorded_schema)]
    recorded: Option<String>,
    /// The weakest grade that counts: `official`, `stated` (by default) or `reported`.
    #[param(pattern = "^(official|stated|reported)$")]
    basis: Option<String>,
}

/// The two clocks of what is not about a day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct KnownAsked {
    /// When a source had made it public.
    #[param(schema_with = asked::date_schema)]
    known: Option<String>,
    /// What the ledger had learned: a transaction (`#17`) or a time.
    #[param(schema_with = asked::recorded_schema)]
    recorded: Option<String>,
}

impl KnownAsked {
    /// As the library takes it.
    pub fn question(self, ask: &Ask) -> Result<Question, Problem> {
        Ok(Question {
            on: None,
            known: asked::day("known", self.known.as_deref())?,
            recorded: Some(ask.recorded(asked::recorded("recorded", self.recorded)?)),
            basis: None,
        })
    }
}

/// What the ledger knows about a party: its ids and the records behind them.
#[utoipa::path(get, path = "/v1/parties/{party}", tag = "parties",
    params(("party" = String, Path, description = "An id, a publisher's reference or a name as listed"), KnownAsked),
    responses((status = 200, body = PartyAnswer), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn party(ask: Ask, Named(party): Named, Asked(asked): Asked<KnownAsked>) -> Result<Response, Problem> {
    let (question, today) = (asked.question(&ask)?, ask.today);
    ask.one(move |ledger| answers::party(ledger, &party, &question, today))
        .await
}

/// Where a party stands before every authority.
#[utoipa::path(get, path = "/v1/parties/{party}/standing", tag = "parties",
    params(("party" = String, Path, description = "An id, a publisher's reference or a name as listed"), StandingAsked),
    responses((status = 200, body = [StandingRow]), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn standing(ask: Ask, Named(party): Named, Asked(asked): Asked<StandingAsked>) -> Result<Response, Problem> {
    let question = Question {
        on: asked::day("on", asked.on.as_deref())?,
        known: asked::day("known", asked.known.as_deref())?,
        recorded: Some(ask.recorded(asked::recorded("recorded", asked.recorded)?)),
        basis: asked::grade("basis", asked.basis.as_deref())?,
    };
    let today = ask.today;
    ask.rows(move |ledger| Ok(answers::show(ledger, &party, &question, today)?.rows))
        .await
}

/// Every step of a party, oldest first.
#[utoipa::path(get, path = "/v1/parties/{party}/timeline", tag = "parties",
    params(("party" = String, Path, description = "An id, a publisher's reference or a name as listed"), KnownAsked),
    responses((status = 200, body = [StepRow]), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn timeline(ask: Ask, Named(party): Named, Asked(asked): Asked<KnownAsked>) -> Result<Response, Problem> {
    let (question, today) = (asked.question(&ask)?, ask.today);
    ask.rows(move |ledger| Ok(answers::timeline(ledger, &party, &question, today)?.1))
        .await
}
