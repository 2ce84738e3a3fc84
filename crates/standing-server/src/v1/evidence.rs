//! The bytes behind a step: as text, in their place in the document, and the document itself.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, html};
use standing::evidence;
use standing::{Question, StandingError};

use super::words::{ProblemAnswer, StepEvidence};
use crate::answer::Ask;
use crate::asked::Named;
use crate::problem::Problem;

/// Bytes of the document shown before and after a record.
const AROUND: usize = 600;

/// A step with the bytes it rests on.
#[utoipa::path(get, path = "/v1/evidence/{step}", tag = "evidence",
    params(("step" = String, Path, description = "A step's id, or the beginning of it")),
    responses((status = 200, body = StepEvidence), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn evidence(ask: Ask, Named(step): Named) -> Result<Response, Problem> {
    ask.one(move |ledger| evidence::of_step(ledger, &step))
        .await
        .map_err(no_such_step)
}

/// Too little of an id, or the beginning of several: nothing is there under this name.
fn no_such_step(mut problem: Problem) -> Problem {
    if problem.kind == "question" {
        problem.status = StatusCode::NOT_FOUND;
        problem.field = Some("step".into());
    }
    problem
}

/// The record behind a step, marked in its document.
#[utoipa::path(get, path = "/v1/evidence/{step}/record", tag = "evidence",
    params(("step" = String, Path, description = "A step's id, or the beginning of it")),
    responses((status = 200, body = String, content_type = "text/html"), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn record(ask: Ask, Named(step): Named) -> Result<Response, Problem> {
    let today = ask.today;
    let (found, contexts) = ask
        .shared
        .readers
        .ask(move |ledger| {
            let found = evidence::of_step(ledger, &step)?;
            let (view, _) = Question::default().view(ledger, today)?;
            let mut contexts = Vec::new();
            for piece in &found.pieces {
                let document = view.document(&piece.evidence.source)?;
                contexts.push(piece.bytes.zip(document).and_then(|((start, end), (_, bytes))| {
                    let (start, end) = (start as usize, end as usize);
                    // Of a compressed document the bytes are those inside; there is no place to show around them.
                    let record = bytes.get(start..end)?;
                    let whole = piece.verbatim.as_deref() == Some(&*String::from_utf8_lossy(record));
                    let before = bytes.get(start.saturating_sub(AROUND)..start)?;
                    let after = bytes.get(end..(end + AROUND).min(bytes.len()))?;
                    whole.then(|| {
                        (
                            String::from_utf8_lossy(before).into_owned(),
                            String::from_utf8_lossy(after).into_owned(),
                        )
                    })
                }));
            }
            Ok((found, contexts))
        })
        .await
        .map_err(no_such_step)?;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "Evidence of " (found.step.step) } }
            body {
                h1 { "Evidence of " (found.step.step) }
                @for (piece, context) in found.pieces.iter().zip(&contexts) {
                    h2 { (piece.evidence.title) }
                    @if let (Some(file), Some((start, end))) = (&piece.file, piece.bytes) {
                        p { (file) ", bytes " (start) " to " (end) }
                    }
                    @if let Some(verbatim) = &piece.verbatim {
                        pre {
                            @if let Some((before, _)) = context { (before) }
                            mark { (verbatim) }
                            @if let Some((_, after)) = context { (after) }
                        }
                    }
                }
            }
        }
    };
    Ok(page.into_response())
}

/// A source document, byte for byte.
#[utoipa::path(get, path = "/v1/documents/{digest}", tag = "evidence",
    params(("digest" = String, Path, description = "The document's digest, or at least eight digits of it")),
    responses((status = 200, body = [u8], content_type = "application/octet-stream"), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn document(ask: Ask, Named(digest): Named) -> Result<Response, Problem> {
    let (today, wanted) = (ask.today, digest.clone());
    let found = ask
        .shared
        .readers
        .ask(move |ledger| {
            let (view, _) = Question::default().view(ledger, today)?;
            view.document(&wanted).map_err(StandingError::from)
        })
        .await?;
    let Some((name, bytes)) = found else {
        return Err(Problem::not_found(
            "No source document has this digest.",
            "GET /v1/sources names them; at least eight digits are needed.",
        )
        .about("digest"));
    };
    let safe: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "._-".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    // A list is hostile input: a browser saves it, and never runs it.
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/octet-stream"),
    );
    if let Ok(disposition) = HeaderValue::try_from(format!("attachment; filename=\"{safe}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    Ok(response)
}
