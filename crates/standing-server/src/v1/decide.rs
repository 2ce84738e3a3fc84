//! Decisions of people: about held files, and about whether two ids are one party.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use standing::model::Verdict;
use standing::{answers, decide};
use utoipa::ToSchema;

use super::words::{JudgementAnswer, ProblemAnswer, ReviewRow};
use crate::access::Client;
use crate::answer::Ask;
use crate::asked::Named;
use crate::body::{Json, answer};
use crate::problem::Problem;
use crate::shared::Shared;
use crate::writing;

/// Files that the guard holds.
#[utoipa::path(get, path = "/v1/review", tag = "decisions",
    responses((status = 200, body = [ReviewRow]), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn held(ask: Ask) -> Result<Response, Problem> {
    let today = ask.today;
    ask.rows(move |ledger| answers::review(ledger, today)).await
}

/// A decision about a held file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewAsked {
    /// `accept` or `reject`.
    verdict: ReviewVerdict,
    /// The reason.
    #[schema(min_length = 1, pattern = r"\S")]
    why: String,
}

/// What is decided about a held file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReviewVerdict {
    /// Count it.
    Accept,
    /// Do not count it.
    Reject,
}

/// Accepts or rejects a held file.
#[utoipa::path(post, path = "/v1/review/{id}", tag = "decisions", request_body = ReviewAsked,
    params(("id" = String, Path, description = "Such as r:17")),
    responses((status = 200, body = [ReviewRow], description = "What is still held"), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn review(
    State(shared): State<Arc<Shared>>,
    Named(id): Named,
    Json(asked): Json<ReviewAsked>,
) -> Result<Response, Problem> {
    need_reason(&asked.why)?;
    let number = id.strip_prefix("r:").unwrap_or(&id);
    if number.parse::<i64>().is_err() {
        return Err(Problem::not_found(format!("\"{id}\" is no held file."), "GET /v1/review lists them.").about("id"));
    }
    let today = shared.today();
    let rows = writing::write(&shared, move |ledger, now| {
        decide::review(ledger, &id, asked.verdict == ReviewVerdict::Accept, &asked.why, now)?;
        answers::review(ledger, today)
    })
    .await
    .map_err(|mut problem| {
        // Asked about a file that is not held: the question is right, the file is not there.
        if problem.kind == "question" {
            problem.status = axum::http::StatusCode::NOT_FOUND;
        }
        problem
    })?;
    Ok(answer(&rows))
}

/// A decision about two ids.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgementAsked {
    /// An id, a reference or a name as listed.
    a: String,
    /// Another.
    b: String,
    /// `same`, `different` or `unsure`.
    verdict: VerdictAsked,
    /// The reason.
    #[schema(min_length = 1, pattern = r"\S")]
    why: String,
}

/// What is decided about two ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum VerdictAsked {
    /// One party.
    Same,
    /// Two parties.
    Different,
    /// Looked at and left open.
    Unsure,
}

/// Records whether two ids are one party.
#[utoipa::path(post, path = "/v1/judgements", tag = "decisions", request_body = JudgementAsked,
    responses((status = 200, body = JudgementAnswer), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn judge(
    State(shared): State<Arc<Shared>>,
    Extension(client): Extension<Client>,
    Json(asked): Json<JudgementAsked>,
) -> Result<Response, Problem> {
    need_reason(&asked.why)?;
    let (verdict, word) = match asked.verdict {
        VerdictAsked::Same => (Verdict::Same, "same"),
        VerdictAsked::Different => (Verdict::Different, "different"),
        VerdictAsked::Unsure => (Verdict::Unsure, "unsure"),
    };
    let by = client.decider();
    let (a, b) = writing::write(&shared, move |ledger, now| {
        decide::judge(ledger, &asked.a, &asked.b, verdict, &by, &asked.why, now)
    })
    .await
    .map_err(|mut problem| {
        if problem.kind == "question" {
            problem.status = axum::http::StatusCode::CONFLICT;
        }
        problem
    })?;
    Ok(answer(&JudgementAnswer {
        a,
        b,
        verdict: word.into(),
    }))
}

fn need_reason(why: &str) -> Result<(), Problem> {
    if why.trim().is_empty() {
        return Err(Problem::field(
            "why",
            "A decision needs its reason.",
            "Say why in a sentence.",
        ));
    }
    Ok(())
}
