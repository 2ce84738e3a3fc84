//! The runs of screening that are kept beside the ledger.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use standing::screen::runs;

use super::words::{ProblemAnswer, RunAnswer};
use crate::answer::{Ask, LINES};
use crate::asked::Named;
use crate::body::answer;
use crate::problem::Problem;

/// The runs that are kept beside the ledger.
#[utoipa::path(get, path = "/v1/runs", tag = "screening",
    responses((status = 200, body = [RunAnswer]), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn all_runs(ask: Ask) -> Result<Response, Problem> {
    let lines = ask.lines;
    // Runs lie beside the chain: the state does not tell whether there is a new one, so the answer is never kept.
    let runs = ask
        .shared
        .readers
        .ask(|ledger| Ok(runs::all(ledger)?.into_iter().map(|(_, m)| m).collect::<Vec<_>>()))
        .await?;
    let body = crate::answer::write(&runs, lines).map_err(|e| Problem::internal(&e))?;
    let kind = if lines { LINES } else { "application/json" };
    Ok(([(header::CONTENT_TYPE, kind)], body).into_response())
}

/// A run that is kept.
#[utoipa::path(get, path = "/v1/runs/{run}", tag = "screening",
    params(("run" = String, Path, description = "Its id, or at least four digits of it")),
    responses((status = 200, body = RunAnswer), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn run(ask: Ask, Named(run): Named) -> Result<Response, Problem> {
    let digits = run.strip_prefix("m:").unwrap_or(&run);
    // The library would also take a file's path here.
    if !(4..=64).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(Problem::not_found(format!("\"{run}\" is no run's id."), "GET /v1/runs lists them.").about("run"));
    }
    let id = format!("m:{digits}");
    let found = ask.shared.readers.ask(move |ledger| runs::find(ledger, &id)).await;
    let manifest = found.map_err(|mut problem| {
        if problem.kind == "question" {
            problem.status = axum::http::StatusCode::NOT_FOUND;
            problem.remedy = Some("GET /v1/runs lists them.".into());
        }
        problem
    })?;
    Ok(answer(&manifest))
}
