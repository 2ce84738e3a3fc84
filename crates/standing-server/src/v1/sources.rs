//! Source documents and lists.

use axum::response::Response;
use standing::answers;

use super::words::{ListRow, ProblemAnswer, SourceRow};
use crate::answer::Ask;
use crate::asked::Asked;
use crate::problem::Problem;
use crate::v1::parties::KnownAsked;

/// All source documents.
#[utoipa::path(get, path = "/v1/sources", tag = "sources", params(KnownAsked),
    responses((status = 200, body = [SourceRow]), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn sources(ask: Ask, Asked(asked): Asked<KnownAsked>) -> Result<Response, Problem> {
    let (question, today) = (asked.question(&ask)?, ask.today);
    ask.rows(move |ledger| answers::sources(ledger, &question, today)).await
}

/// The lists recorded here, and how fresh they are.
#[utoipa::path(get, path = "/v1/lists", tag = "sources", params(KnownAsked),
    responses((status = 200, body = [ListRow]), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn lists(ask: Ask, Asked(asked): Asked<KnownAsked>) -> Result<Response, Problem> {
    let (question, today) = (asked.question(&ask)?, ask.today);
    ask.rows(move |ledger| answers::lists(ledger, &question, today)).await
}
