//! From rows of the library to the bytes of an answer.
//!
//! A row is the same compact object that the command line prints with `--json`: in an array for `application/json`, one a line for
//! `application/x-ndjson`. The headers name the state that the answer is for.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Serialize;
use standing::model::Day;
use standing::{Ledger, StandingError};

use crate::cache::{Kept, Key};
use crate::problem::Problem;
use crate::shared::{Shared, State};

/// The last transaction that counted.
pub static RECORDED: HeaderName = HeaderName::from_static("standing-recorded");
/// The hash of the transaction that was the last when the answer was given.
pub static HEAD: HeaderName = HeaderName::from_static("standing-head");
/// The day that stood for "now".
pub static TODAY: HeaderName = HeaderName::from_static("standing-today");
/// The cursor that goes on from here.
pub static CURSOR: HeaderName = HeaderName::from_static("standing-cursor");

/// JSON lines.
pub const LINES: &str = "application/x-ndjson";

/// A question as it came in, with the state that it is answered for.
#[derive(Debug)]
pub struct Ask {
    /// What all requests share.
    pub shared: Arc<Shared>,
    /// The state of the ledger when the request began.
    pub state: Arc<State>,
    /// The UTC day.
    pub today: Day,
    /// One object a line, not an array.
    pub lines: bool,
    question: String,
}

impl FromRequestParts<Arc<Shared>> for Ask {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, shared: &Arc<Shared>) -> Result<Self, Problem> {
        let state = shared.state();
        if let Some(trouble) = &state.trouble {
            tracing::warn!(trouble, "asked while the ledger cannot be read");
            return Err(Problem::busy("The ledger cannot be read at the moment."));
        }
        Ok(Self {
            shared: Arc::clone(shared),
            state,
            today: shared.today(),
            lines: wants_lines(&parts.headers),
            question: parts
                .uri
                .path_and_query()
                .map_or_else(String::new, |p| p.as_str().to_owned()),
        })
    }
}

/// Does the client prefer JSON lines?
pub fn wants_lines(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.contains(LINES) || v.contains("application/jsonl"))
}

/// Rows of an answer.
#[derive(Debug)]
pub struct Rows<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// The cursor that goes on from them.
    pub next: Option<String>,
}

impl<T> From<Vec<T>> for Rows<T> {
    fn from(rows: Vec<T>) -> Self {
        Self { rows, next: None }
    }
}

/// Rows as bytes.
pub fn write<T: Serialize>(rows: &[T], lines: bool) -> Result<Bytes, serde_json::Error> {
    let mut body = Vec::new();
    if lines {
        for row in rows {
            serde_json::to_writer(&mut body, row)?;
            body.push(b'\n');
        }
    } else {
        serde_json::to_writer(&mut body, rows)?;
        body.push(b'\n');
    }
    Ok(body.into())
}

impl Ask {
    /// The state as the library's clocks take it, unless the question names one.
    pub fn recorded(&self, asked: Option<String>) -> String {
        asked.unwrap_or_else(|| format!("#{}", self.state.transaction))
    }

    fn key(&self) -> Key {
        Key {
            state: (self.state.file, self.state.transaction),
            today: self.today,
            lines: self.lines,
            question: self.question.clone(),
        }
    }

    /// Answers with rows.
    pub async fn rows<T, R>(
        self,
        f: impl FnOnce(&Ledger) -> Result<R, StandingError> + Send + 'static,
    ) -> Result<Response, Problem>
    where
        T: Serialize,
        R: Into<Rows<T>>,
    {
        let lines = self.lines;
        self.bytes(move |ledger| {
            let rows = f(ledger)?.into();
            let body = write(&rows.rows, lines).map_err(|e| StandingError::Refused(e.to_string()))?;
            Ok(Kept { body, next: rows.next })
        })
        .await
    }

    /// Answers with one object.
    pub async fn one<T: Serialize>(
        self,
        f: impl FnOnce(&Ledger) -> Result<T, StandingError> + Send + 'static,
    ) -> Result<Response, Problem> {
        self.bytes(move |ledger| {
            let mut body = serde_json::to_vec(&f(ledger)?).map_err(|e| StandingError::Refused(e.to_string()))?;
            body.push(b'\n');
            Ok(Kept {
                body: body.into(),
                next: None,
            })
        })
        .await
    }

    async fn bytes(
        self,
        f: impl FnOnce(&Ledger) -> Result<Kept, StandingError> + Send + 'static,
    ) -> Result<Response, Problem> {
        let key = self.key();
        let kept = if let Some(kept) = self.shared.cache.get(&key) {
            kept
        } else {
            let kept = self.shared.readers.ask(f).await?;
            self.shared.cache.put(key, kept.clone());
            kept
        };
        let kind = if self.lines { LINES } else { "application/json" };
        let mut response = kept.body.into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        self.name_state(headers);
        if let Some(next) = kept.next.and_then(|n| HeaderValue::try_from(n).ok()) {
            headers.insert(CURSOR.clone(), next);
        }
        Ok(response)
    }

    /// Says which state an answer is for.
    pub fn name_state(&self, headers: &mut HeaderMap) {
        headers.insert(RECORDED.clone(), HeaderValue::from(self.state.transaction));
        if let Ok(head) = HeaderValue::from_str(&self.state.head) {
            headers.insert(HEAD.clone(), head);
        }
        if let Ok(today) = HeaderValue::try_from(self.today.to_string()) {
            headers.insert(TODAY.clone(), today);
        }
    }
}
