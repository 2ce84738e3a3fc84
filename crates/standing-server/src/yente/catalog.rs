//! `GET /catalog` and `GET /algorithms`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::Detail;
use super::matching::datasets;
use crate::body::answer;
use crate::screening;
use crate::shared::Shared;

/// The one algorithm, under its own name and the names by which that API asks for "whatever is best".
const NAMES: [&str; 2] = ["standing", "best"];
/// Algorithms of other servers, that clients ask for by name; what answers is ours.
const TAKEN: [&str; 7] = [
    "logic-v1",
    "logic-v2",
    "name-based",
    "name-qualified",
    "regression-v1",
    "regression-v2",
    "ofac-249",
];

/// Is it an algorithm that can be asked for?
pub fn check_algorithm(name: Option<&str>) -> Result<(), Detail> {
    match name {
        None => Ok(()),
        Some(name) if NAMES.contains(&name) || TAKEN.contains(&name) => Ok(()),
        Some(name) => Err(Detail::bad(format!(
            "Unknown algorithm: {name}. There is one: standing"
        ))),
    }
}

/// The datasets, with an entity tag: clients ask often whether anything changed.
pub async fn catalog(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Result<Response, Detail> {
    let screen = screening::present(&shared)?;
    let state = shared.state();
    let tag = format!("\"{}-{}-{}\"", state.file, screen.transaction(), shared.today());
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| {
            v.split(',')
                .any(|t| t.trim().trim_start_matches("W/") == tag || t.trim() == "*")
        });
    let fresh = HeaderValue::from_static("max-age=300");
    let tag_value = HeaderValue::try_from(&tag).map_err(|e| crate::problem::Problem::internal(&e))?;
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let sets = datasets(&shared, &screen).await?;
        let version = format!("{:014}-std", screen.transaction());
        let all: Vec<Value> = sets
            .0
            .iter()
            .map(|d| {
                let mut set = json!({
                    "name": d.name,
                    "title": d.title,
                    "version": d.date.as_ref().map_or_else(|| version.clone(), |day| format!("{}000000-std", day.replace('-', ""))),
                    "load": true,
                    "index_version": version,
                    "index_current": true,
                    "children": d.children,
                    "resources": [],
                });
                if let Some(url) = &d.url {
                    set["url"] = json!(url);
                }
                if let Some(day) = &d.date {
                    set["updated_at"] = json!(format!("{day}T00:00:00"));
                }
                set
            })
            .collect();
        let names = |outdated: bool| -> Vec<&str> {
            sets.0
                .iter()
                .filter(|d| d.outdated == outdated)
                .map(|d| d.name.as_str())
                .collect()
        };
        answer(&json!({
            "datasets": all,
            "current": names(false),
            "outdated": names(true),
            "index_stale": screen.transaction() != state.transaction,
        }))
    };
    response.headers_mut().insert(header::ETAG, tag_value);
    response.headers_mut().insert(header::CACHE_CONTROL, fresh);
    Ok(response)
}

/// The algorithms there are: one.
pub async fn algorithms() -> Response {
    let features = json!({
        "name_match": {
            "description": "How alike the names are, token by token: equal, spelling, transliteration, initial, nickname, legal form; what is left over takes away.",
            "coefficient": 1.0,
            "url": "/openapi.json",
        },
        "birth_match": {"description": "Birth or founding dates, three-valued and partial.", "coefficient": 1.0, "url": "/openapi.json"},
        "country_match": {"description": "Nationalities and countries.", "coefficient": 1.0, "url": "/openapi.json"},
        "identifier_match": {"description": "Identifiers, normalised by their kind.", "coefficient": 1.0, "url": "/openapi.json"},
    });
    let description =
        "Names compared token by token over an index that loses nothing from 0.5 up; other fields add or take away.";
    answer(&json!({
        "algorithms": [{
            "name": "standing",
            "description": description,
            "features": features,
            "docs": {"name": "standing", "description": description, "config": {}, "features": features},
        }],
        "default": "standing",
        "best": "standing",
    }))
}
