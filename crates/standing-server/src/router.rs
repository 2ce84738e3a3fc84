//! All routes, with what stands before and behind each.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::cors::CorsLayer;

use crate::access::{guard, need};
use crate::headers::finish;
use crate::health;
use crate::problem::Problem;
use crate::shared::Shared;
use crate::tokens::Scope;
use crate::{mcp, metrics, openapi, pages};
use crate::{reconcile, v1, watchman, yente};

/// Routes for those whose token has a scope.
fn scoped(routes: Router<Arc<Shared>>, scope: Scope) -> Router<Arc<Shared>> {
    routes.route_layer(from_fn(move |request: Request, next: Next| need(scope, request, next)))
}

/// Routes whose answers must begin within a time, and whose bodies are bounded.
fn bounded(routes: Router<Arc<Shared>>, time: Duration, body: usize) -> Router<Arc<Shared>> {
    routes
        .route_layer(from_fn(move |request: Request, next: Next| {
            within(time, body, request, next)
        }))
        .layer(DefaultBodyLimit::max(body))
}

async fn within(time: Duration, body: usize, request: Request, next: Next) -> Response {
    // What is said to be too large is not waited for.
    let declared = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.parse::<u64>().ok());
    if declared.is_some_and(|length| length > body as u64) {
        return Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "size",
            "The body is too large",
            format!("The body is larger than {body} bytes."),
        )
        .remedy("Send less at once.")
        .into_response();
    }
    match tokio::time::timeout(time, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            "time",
            "The request took too long",
            format!("The request was not done within {} s.", time.as_secs()),
        )
        .remedy("Send its body faster, or ask for less at once.")
        .into_response(),
    }
}

async fn nothing_here(uri: Uri, headers: HeaderMap) -> Response {
    let problem = Problem::not_found(
        "There is nothing at this path.",
        "The routes are described in /openapi.json and docs/API.md.",
    );
    pages::in_words(problem, &uri, &headers)
}

async fn not_like_this(uri: Uri, headers: HeaderMap) -> Response {
    let problem = Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method",
        "Method not allowed",
        "This path does not answer to this method.",
    )
    .remedy("The header Allow names those it answers to.");
    pages::in_words(problem, &uri, &headers)
}

/// Pages of these origins may read answers; of no other.
fn cors(origins: &[String]) -> CorsLayer {
    let origins: Vec<HeaderValue> = origins.iter().filter_map(|o| HeaderValue::from_str(o).ok()).collect();
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::ACCEPT])
        .max_age(Duration::from_secs(600))
}

/// The whole server as a service.
pub fn router(shared: Arc<Shared>) -> Router {
    let limits = &shared.options.limits;
    let open = Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .merge(pages::open());
    let reading = bounded(
        scoped(
            v1::reading()
                .merge(openapi::router())
                .merge(yente::reading())
                .route("/metrics", get(metrics::metrics))
                .merge(pages::router(&shared)),
            Scope::Read,
        ),
        limits.request,
        limits.body,
    );
    let screening = bounded(
        scoped(
            v1::screening()
                .merge(yente::screening())
                .merge(reconcile::screening())
                .merge(watchman::screening())
                .merge(pages::screening()),
            Scope::Screen,
        ),
        limits.request,
        limits.body,
    );
    let customers = bounded(
        scoped(pages::uploads(), Scope::Screen),
        limits.upload_time,
        limits.upload,
    );
    let assistants = bounded(
        scoped(scoped(mcp::router(&shared), Scope::Screen), Scope::Read),
        limits.request,
        limits.body,
    );
    let deciding = bounded(scoped(v1::deciding(), Scope::Judge), limits.request, limits.body);
    let ingesting = bounded(
        scoped(v1::ingesting(), Scope::Ingest),
        limits.upload_time,
        limits.upload,
    );
    open.merge(reading)
        .merge(screening)
        .merge(customers)
        .merge(assistants)
        .merge(deciding)
        .merge(ingesting)
        .layer(cors(&shared.options.cors))
        .fallback(nothing_here)
        .method_not_allowed_fallback(not_like_this)
        .layer(from_fn_with_state(Arc::clone(&shared), guard))
        .layer(from_fn_with_state(Arc::clone(&shared), finish))
        .with_state(shared)
}
