//! Bodies of requests: JSON with the field named where it is wrong, bytes of files.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// How deeply JSON may nest: serde_json stops at 128 by itself.
#[derive(Debug)]
pub struct Json<T>(pub T);

/// Why a body could not be taken.
pub fn unread(rejection: &BytesRejection) -> Problem {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "size",
            "The body is too large",
            "The body is larger than this server takes.",
        )
        .remedy("Send less at once.");
    }
    Problem::new(
        StatusCode::BAD_REQUEST,
        "body",
        "The body cannot be read",
        "The body ended early or cannot be read.",
    )
    .remedy("Send it whole, with the right Content-Length or in chunks.")
}

/// Is it said to be JSON?
fn is_json(request: &Request) -> bool {
    request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .map(|v| v.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
        .is_some_and(|v| v == "application/json" || (v.starts_with("application/") && v.ends_with("+json")))
}

/// Reads JSON; what is wrong is said with its place.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut from = serde_json::Deserializer::from_slice(bytes);
    let value: T = serde_path_to_error::deserialize(&mut from).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        let field = if path == "." || path.is_empty() {
            "body".to_owned()
        } else {
            path
        };
        let text = inner.to_string();
        let named = text
            .split('`')
            .nth(1)
            .filter(|_| text.starts_with("unknown field") || text.starts_with("missing field"));
        let field = match named {
            Some(name) if field == "body" => name.to_owned(),
            _ => field,
        };
        Problem::field(
            field,
            format!("The body cannot be read: {text}."),
            "Correct it as /openapi.json describes.",
        )
    })?;
    from.end().map_err(|e| {
        Problem::field(
            "body",
            format!("The body goes on after its JSON: {e}."),
            "Send one JSON value.",
        )
    })?;
    Ok(value)
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        // A form or a plain text is what a page of another site could send without asking.
        if !is_json(&request) {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "media-type",
                "Not JSON",
                "The body is not said to be JSON.",
            )
            .about("Content-Type")
            .remedy("Send Content-Type: application/json."));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|e| unread(&e))?;
        read(&bytes).map(Self)
    }
}

/// Bytes of a file.
#[derive(Debug)]
pub struct File(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for File {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        Bytes::from_request(request, state)
            .await
            .map(Self)
            .map_err(|e| unread(&e))
    }
}

/// A JSON answer.
pub fn answer(value: &impl serde::Serialize) -> axum::response::Response {
    match serde_json::to_vec(value) {
        Ok(mut body) => {
            body.push(b'\n');
            ([(header::CONTENT_TYPE, "application/json")], body).into_response()
        }
        Err(error) => Problem::internal(&error).into_response(),
    }
}
