//! Two names compared.

use axum::response::Response;
use serde::Deserialize;
use standing::names;
use utoipa::IntoParams;

use super::words::{ComparedAnswer, ProblemAnswer};
use crate::asked::Asked;
use crate::body::answer;
use crate::problem::Problem;

/// Two names.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CompareAsked {
    /// One name.
    a: String,
    /// The other.
    b: String,
    /// What bears them: `Person`, `Organization`, `Vessel`, …
    #[param(pattern = "^(Person|Organization|Company|PublicBody|Vessel|Airplane|LegalEntity)$")]
    schema: Option<String>,
}

/// How alike two names are, and why.
#[utoipa::path(get, path = "/v1/compare", tag = "screening", params(CompareAsked),
    responses((status = 200, body = ComparedAnswer), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn compare(Asked(asked): Asked<CompareAsked>) -> Result<Response, Problem> {
    let kind = match asked.schema.as_deref() {
        // Left out it means any kind; written and empty it is a slip.
        Some("") => Err("schema: it is empty".to_owned()),
        schema => names::parse_schema(schema.unwrap_or_default()),
    };
    let kind = kind.map_err(|why| Problem::field("schema", why, "Leave it out, or write one of them."))?;
    Ok(match names::compare(&asked.a, &asked.b, kind) {
        Ok(compared) => answer(&compared),
        // As in a file of pairs: no score, and the reason.
        Err(error) => answer(&ComparedAnswer {
            name1: asked.a,
            name2: asked.b,
            score: None,
            error: Some(error.to_string()),
            tokens: Vec::new(),
            left: Vec::new(),
            parts: None,
            notes: Vec::new(),
        }),
    })
}
