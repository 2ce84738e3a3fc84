//! The pages for people: server-rendered, quick without a script, better with a little, every state in the address.
//!
//! A page asks the library the question that `/v1` asks, and shows the answer in words. No inline script or style stands in any of them, so the content policy stays
//! strict; text from sources goes out escaped, with its direction isolated ([`words`]). `assets/` holds style, script and shapes.

mod access;
mod answers;
mod assets;
mod clocks;
mod dossier;
mod evidence;
mod hits;
mod home;
pub(crate) mod jobs;
mod kept;
mod layout;
mod listing;
mod lost;
mod map;
mod matrix;
pub(crate) mod names;
mod party;
pub(crate) mod proposals;
pub(crate) mod reader;

mod review;
mod screening;
mod search;
mod sources;
mod steps;
mod timeline;
mod views;
mod words;

pub(crate) use reader::desk;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::shared::Shared;

pub(crate) use access::secret;
pub(crate) use kept::{Ahead, make_ahead};
pub(crate) use lost::in_words;

/// The routes of all pages that show what the ledger holds; they need the scope `read`, like the API.
pub fn router(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    Router::new()
        .route("/", get(home::show))
        .route("/search", get(search::search))
        .route("/suggest", get(search::suggest))
        .route("/party/{id}", get(views::party))
        .route("/party/{id}/timeline", get(views::party_timeline))
        .route("/party/{id}/dossier", get(views::party_dossier))
        .route("/listing/{id}", get(views::one_listing))
        .route("/evidence/{step}", get(views::step_evidence))
        .route("/changes", get(views::changes))
        .route("/pending", get(views::pending))
        .route("/map", get(views::world))
        .route("/sources", get(views::all_sources))
        .route("/read", get(reader::show).post(reader::read))
        .route("/read/{digest}", get(reader::kept))
        .route("/review", get(review::list))
        .route("/review/candidates", get(proposals::show))
        .route("/review/judge", post(review::judge))
        .route("/review/{id}", get(review::one).post(review::decide))
        .route_layer(from_fn_with_state(Arc::clone(shared), kept::again))
}

/// The routes of screening; they need the scope `screen`.
pub fn screening() -> Router<Arc<Shared>> {
    Router::new()
        .route("/screen", get(screening::show).post(screening::pasted))
        .route("/screen/judge", post(screening::judge))
        .route("/screen/files/{id}", get(jobs::show).post(jobs::start))
        .route("/screen/files/{id}/events", get(jobs::events))
        .route("/screen/files/{id}/{file}", get(jobs::download))
}

/// The routes that need no scope: how one gets one, and what every page looks like.
pub fn open() -> Router<Arc<Shared>> {
    Router::new()
        .route("/access", get(access::show).post(access::enter))
        .route("/assets/{file}", get(assets::serve))
}

/// The route that takes a file of customers, which may be large and take its time.
pub fn uploads() -> Router<Arc<Shared>> {
    Router::new().route("/screen/files", post(jobs::take))
}
