//! Pages given before, for the state of the ledger they were given for, like the answers of `/v1`.
//!
//! Only what is the same for everybody is kept: a request with a cookie, whose pages hold forms of its own, is answered anew.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::cache::{Kept, Key};
use crate::shared::Shared;

const HTML: &str = "text/html; charset=utf-8";

/// Gives a page again, or keeps the one that is made.
pub async fn again(State(app): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let state = app.state();
    let own = request.method() != Method::GET || request.headers().contains_key(header::COOKIE);
    if own || state.trouble.is_some() {
        return next.run(request).await;
    }
    let key = Key {
        state: (state.file, state.transaction),
        today: app.today(),
        lines: false,
        question: format!("page {}", request.uri()),
    };
    if let Some(kept) = app.cache.get(&key) {
        return ([(header::CONTENT_TYPE, HeaderValue::from_static(HTML))], kept.body).into_response();
    }
    let response = next.run(request).await;
    let html = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().eq_ignore_ascii_case(HTML.as_bytes()));
    if response.status() != StatusCode::OK || !html {
        return response;
    }
    let (parts, body) = response.into_parts();
    // A page is made whole before it is sent, so this only takes it over.
    match axum::body::to_bytes(body, usize::MAX).await {
        Ok(body) => {
            let kept = Kept {
                body: body.clone(),
                next: None,
            };
            app.cache.put(key, kept);
            Response::from_parts(parts, Body::from(body))
        }
        Err(error) => crate::problem::Problem::internal(&error).into_response(),
    }
}
