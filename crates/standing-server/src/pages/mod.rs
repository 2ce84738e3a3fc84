//! Pages for people. [`router`] is mounted at `/` beside the API: it needs the scope `read` like it, and no page may load anything
//! from elsewhere or hold inline scripts or styles (the policy in `headers.rs`).

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use maud::{DOCTYPE, Markup, html};

use crate::shared::Shared;

/// The pages' routes.
pub fn router() -> Router<Arc<Shared>> {
    Router::new().route("/", get(front))
}

async fn front() -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "Standing" } }
            body {
                h1 { "Standing" }
                p { "Who lists whom, since when, by which act, on whose word, and what is about to change." }
                p { "For programs: " a href="/openapi.json" { "/openapi.json" } "." }
            }
        }
    }
}
