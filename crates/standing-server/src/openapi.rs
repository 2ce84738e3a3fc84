//! The description of the API, generated from its types, and a page that shows it.

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{DOCTYPE, Markup, html};
use serde_json::Value;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::shared::Shared;
use crate::v1;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Standing",
        description = "Who lists whom, since when, by which act, on whose word, and what is about to change. Rows are those of the command line's --json; with Accept: application/x-ndjson they come one a line.",
        license(name = "MIT OR Apache-2.0")
    ),
    paths(
        v1::parties::party,
        v1::parties::standing,
        v1::parties::timeline,
        v1::changes::changes,
        v1::changes::pending,
        v1::feeds::json,
        v1::feeds::atom,
        v1::sources::sources,
        v1::sources::lists,
        v1::upload::list,
        v1::screen::one,
        v1::screen::batch,
        v1::runs::all_runs,
        v1::runs::run,
        v1::compare::compare,
        v1::news::claims_of,
        v1::news::contradictions,
        v1::news::read_article,
        v1::news::keep_article,
        v1::evidence::evidence,
        v1::evidence::record,
        v1::evidence::document,
        v1::decide::held,
        v1::decide::review,
        v1::decide::judge,
    ),
    security((), ("token" = [])),
    modifiers(&Token)
)]
struct Described;

struct Token;

impl Modify for Token {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        openapi
            .components
            .get_or_insert_default()
            .add_security_scheme("token", SecurityScheme::Http(bearer));
    }
}

/// The document, as bytes.
static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
    // What the types describe always serialises.
    Described::openapi().to_json().unwrap_or_default()
});

/// The routes of the description.
pub fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/openapi.json", get(document))
        .route("/docs/api", get(page))
}

async fn document() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response()
}

/// The description for people: one page without script.
async fn page() -> Markup {
    // Our own document parses; an empty page would show that it does not.
    let document: Value = serde_json::from_str(&DOCUMENT).unwrap_or_default();
    let paths = document["paths"].as_object().cloned().unwrap_or_default();
    html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "Standing: the API" } }
            body {
                h1 { "Standing: the API" }
                p { (document["info"]["description"].as_str().unwrap_or_default()) }
                p { "For programs: " a href="/openapi.json" { "/openapi.json" } " (OpenAPI " (document["openapi"].as_str().unwrap_or_default()) ")." }
                @for (path, methods) in &paths {
                    @for (method, operation) in methods.as_object().into_iter().flatten() {
                        h2 { code { (method.to_uppercase()) " " (path) } }
                        p { (operation["summary"].as_str().or(operation["description"].as_str()).unwrap_or_default()) }
                        @if let Some(parameters) = operation["parameters"].as_array() {
                            dl {
                                @for parameter in parameters {
                                    dt { code { (parameter["name"].as_str().unwrap_or_default()) } " (" (parameter["in"].as_str().unwrap_or_default()) ")" }
                                    dd { (parameter["description"].as_str().unwrap_or_default()) }
                                }
                            }
                        }
                        @if let Some(body) = operation["requestBody"]["content"].as_object() {
                            p { "Body: " @for kind in body.keys() { code { (kind) } " " } }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_of_v1_is_described() {
        let document: Value = serde_json::from_str(&DOCUMENT).unwrap();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
        let source = include_str!("v1/mod.rs");
        let mut routes = 0;
        for path in source.split("\"/v1").skip(1).filter_map(|rest| rest.split('"').next()) {
            routes += 1;
            assert!(document["paths"].get(format!("/v1{path}")).is_some(), "/v1{path}");
        }
        assert!(routes > 10);
    }
}
