//! The HTTP API of yente (5.5), so that its clients work by changing a URL: match, search, entities, catalogue, algorithms.
//!
//! Entities are FollowTheMoney's, one for each party. Datasets are lists, authorities and jurisdictions; `default` is all. Errors have
//! that API's own form. Where it has quirks, they are not copied: a result that scores exactly the threshold is given.

pub mod cards;
pub mod catalog;
pub mod datasets;
pub mod entities;
pub mod matching;
pub mod parameters;
pub mod queries;
pub mod scale;
pub mod schemas;
pub mod search;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::json;

use crate::problem::Problem;
use crate::shared::Shared;

/// An error in yente's form.
#[derive(Debug)]
pub struct Detail {
    status: StatusCode,
    detail: serde_json::Value,
}

impl Detail {
    /// An error in words.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: json!(detail.into()),
        }
    }

    /// A request that cannot be answered like this.
    pub fn bad(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// A parameter or field that is not of the form that is asked for.
    pub fn invalid(place: &[&str], message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            detail: json!([{"loc": place, "msg": message.into(), "type": "value_error"}]),
        }
    }
}

impl From<Problem> for Detail {
    fn from(problem: Problem) -> Self {
        Self::new(problem.status, problem.detail)
    }
}

impl IntoResponse for Detail {
    fn into_response(self) -> Response {
        (
            self.status,
            [(header::CONTENT_TYPE, "application/json")],
            json!({"detail": self.detail}).to_string(),
        )
            .into_response()
    }
}

/// Problems that arose before a handler of these routes was reached, in yente's form.
async fn own_form(response: Response) -> Response {
    let problem = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|t| t == HeaderValue::from_static("application/problem+json"));
    let Some(problem) = problem
        .then(|| response.extensions().get::<Problem>().cloned())
        .flatten()
    else {
        return response;
    };
    let retry = response.headers().get(header::RETRY_AFTER).cloned();
    let mut response = Detail::from(problem).into_response();
    if let Some(retry) = retry {
        response.headers_mut().insert(header::RETRY_AFTER, retry);
    }
    response
}

/// Routes that read.
pub fn reading() -> Router<Arc<Shared>> {
    Router::new()
        .route("/search/{dataset}", get(search::search))
        .route("/entities/{id}", get(entities::entity))
        .route("/entities/{id}/adjacent", get(entities::adjacent))
        .route("/entities/{id}/adjacent/{property}", get(entities::adjacent_property))
        .route("/catalog", get(catalog::catalog))
        .route("/manifest", get(catalog::catalog))
        .route("/algorithms", get(catalog::algorithms))
        .route_layer(map_response(own_form))
}

/// Routes that screen.
pub fn screening() -> Router<Arc<Shared>> {
    Router::new()
        .route("/match/{dataset}", post(matching::matching))
        .route_layer(map_response(own_form))
}
