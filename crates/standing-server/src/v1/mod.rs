//! The API of its own, `/v1`: the questions of the command line, in the same words.

pub mod changes;
pub mod compare;
pub mod decide;
pub mod evidence;
pub mod feeds;
pub mod news;
pub mod parties;
pub mod runs;
pub mod said;
pub mod screen;
pub mod sources;
mod stream;
pub mod upload;
pub mod words;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::shared::Shared;

/// Routes that ask the ledger.
pub fn reading() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v1/parties/{party}", get(parties::party))
        .route("/v1/parties/{party}/standing", get(parties::standing))
        .route("/v1/parties/{party}/timeline", get(parties::timeline))
        .route("/v1/changes", get(changes::changes))
        .route("/v1/changes/feed.json", get(feeds::json))
        .route("/v1/changes/feed.atom", get(feeds::atom))
        .route("/v1/pending", get(changes::pending))
        .route("/v1/sources", get(sources::sources))
        .route("/v1/lists", get(sources::lists))
        .route("/v1/review", get(decide::held))
        .route("/v1/claims", get(news::claims_of))
        .route("/v1/contradictions", get(news::contradictions))
        .route("/v1/read", post(news::read_article))
        .route("/v1/evidence/{step}", get(evidence::evidence))
        .route("/v1/evidence/{step}/record", get(evidence::record))
        .route("/v1/documents/{digest}", get(evidence::document))
}

/// Routes that screen.
pub fn screening() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v1/screen", get(screen::one).post(screen::batch))
        .route("/v1/runs", get(runs::all_runs))
        .route("/v1/runs/{run}", get(runs::run))
        .route("/v1/compare", get(compare::compare))
}

/// Routes that decide.
pub fn deciding() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v1/review/{id}", post(decide::review))
        .route("/v1/judgements", post(decide::judge))
}

/// Routes that bring something in.
pub fn ingesting() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v1/lists", post(upload::list))
        .route("/v1/articles", post(news::keep_article))
}
