//! Source documents.

use axum::response::Response;
use standing::answers;

use crate::answer::Ask;
use crate::asked::Asked;
use crate::problem::Problem;
use crate::v1::parties::KnownAsked;

/// All source documents.
pub async fn sources(ask: Ask, Asked(asked): Asked<KnownAsked>) -> Result<Response, Problem> {
    let (question, today) = (asked.question(&ask)?, ask.today);
    ask.rows(move |ledger| answers::sources(ledger, &question, today)).await
}
