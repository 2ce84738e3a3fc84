//! `/healthz` (the process answers) and `/readyz` (questions can be answered), without a token: load balancers have none.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::shared::Shared;

/// The process answers.
pub async fn healthz() -> Response {
    Json(serde_json::json!({"status": "ok"})).into_response()
}

/// What can be done at the moment.
#[derive(Debug, Serialize)]
struct Ready {
    /// `ok`, `degraded` (reading only), `unavailable` or `draining` (it stops).
    status: &'static str,
    /// The ledger's last transaction.
    transaction: i64,
    /// The last transaction that screening answers for.
    screening: Option<i64>,
    /// Why questions cannot be answered.
    reading: Option<&'static str>,
    /// Why it cannot be written.
    writing: Option<String>,
}

/// Can questions be answered?
pub async fn readyz(State(shared): State<Arc<Shared>>) -> Response {
    let state = shared.state();
    let reading = match (&state.trouble, shared.is_stopping()) {
        (_, true) => Some("the server is stopping"),
        // What exactly is for the log: paths are nobody's business.
        (Some(_), _) => Some("the ledger cannot be read"),
        (None, false) if shared.screens.present().is_none() => Some("the index of names is not ready"),
        (None, false) => None,
    };
    let writing = shared.unwritable();
    let code = if reading.is_none() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let status = match (reading, &writing) {
        _ if shared.is_stopping() => "draining",
        (Some(_), _) => "unavailable",
        (None, Some(_)) => "degraded",
        (None, None) => "ok",
    };
    let ready = Ready {
        status,
        transaction: state.transaction,
        screening: shared.screens.present().map(|s| s.transaction()),
        reading,
        writing,
    };
    (code, Json(ready)).into_response()
}
