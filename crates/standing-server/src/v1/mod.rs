//! The API of its own, `/v1`: the questions of the command line, in the same words.

mod changes;
mod parties;
mod sources;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::shared::Shared;

/// Routes that ask the ledger.
pub fn reading() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v1/parties/{party}", get(parties::party))
        .route("/v1/parties/{party}/standing", get(parties::standing))
        .route("/v1/parties/{party}/timeline", get(parties::timeline))
        .route("/v1/changes", get(changes::changes))
        .route("/v1/pending", get(changes::pending))
        .route("/v1/sources", get(sources::sources))
}
