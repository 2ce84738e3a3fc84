//! Errors as RFC 9457 problem documents: what is wrong, which field, what to do about it.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use standing::{LedgerError, StandingError};

/// An answer that is an error.
#[derive(Debug, Clone, Serialize)]
pub struct Problem {
    /// What kind it is: a word, shown as a relative reference to the documentation.
    #[serde(rename = "type", serialize_with = "reference")]
    pub kind: &'static str,
    /// The kind in words.
    pub title: &'static str,
    /// The status code.
    #[serde(serialize_with = "code")]
    pub status: StatusCode,
    /// What is wrong with this request.
    pub detail: String,
    /// Which field or parameter it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<Box<str>>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Box<str>>,
    /// The parties that a name may mean.
    #[serde(skip_serializing_if = "<[Candidate]>::is_empty")]
    pub parties: Box<[Candidate]>,
    /// Seconds after which to come again.
    #[serde(skip)]
    pub retry_after: Option<u32>,
}

/// A party that a name may mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// Its id.
    pub party: String,
    /// Its name.
    pub name: String,
}

fn reference<S: serde::Serializer>(kind: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("/problems#{kind}"))
}

#[allow(clippy::trivially_copy_pass_by_ref)] // the form that serde asks for
fn code<S: serde::Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}

impl Problem {
    /// A problem of a kind (a word of `docs/API.md`).
    pub fn new(status: StatusCode, kind: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind,
            title,
            status,
            detail: detail.into(),
            field: None,
            remedy: None,
            parties: Box::default(),
            retry_after: None,
        }
    }

    /// A parameter or field that is wrong.
    pub fn field(field: impl Into<Box<str>>, detail: impl Into<String>, remedy: impl Into<Box<str>>) -> Self {
        let mut problem = Self::new(StatusCode::BAD_REQUEST, "field", "A field is wrong", detail);
        problem.field = Some(field.into());
        problem.remedy = Some(remedy.into());
        problem
    }

    /// Something that is not here.
    pub fn not_found(detail: impl Into<String>, remedy: impl Into<Box<str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail).remedy(remedy)
    }

    /// Come again later.
    pub fn busy(detail: impl Into<String>) -> Self {
        let mut problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "Busy", detail);
        problem.retry_after = Some(1);
        problem.remedy("Repeat the request after a second.")
    }

    /// Something went wrong here. What exactly is for the log.
    pub fn internal(what: &dyn std::fmt::Display) -> Self {
        tracing::error!(what = %what, "a request failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "The server failed",
            "The server could not answer; its log says why.",
        )
    }

    /// With what to do about it.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<Box<str>>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// With the field it is about.
    #[must_use]
    pub fn about(mut self, field: impl Into<Box<str>>) -> Self {
        self.field = Some(field.into());
        self
    }
}

/// Is it that there is no room left?
pub fn is_full(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    matches!(
        error.kind(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge
    )
}

fn no_room(error: &StandingError) -> Problem {
    tracing::error!(%error, "no room to write");
    Problem::new(
        StatusCode::INSUFFICIENT_STORAGE,
        "full",
        "No room to write",
        "There is no room to write. Nothing of this was recorded; reading goes on.",
    )
    .remedy("Free some space and repeat.")
}

impl From<StandingError> for Problem {
    fn from(error: StandingError) -> Self {
        match error {
            StandingError::NoParty(text) => Self::not_found(
                format!("No party is called \"{text}\" here."),
                "Give an id (un:QDi.317), a publisher's reference (QDi.317) or a name as listed; for names that merely resemble it, screen it.",
            )
            .about("party"),
            StandingError::SeveralParties { text, parties } => {
                let mut problem = Self::new(
                    StatusCode::CONFLICT,
                    "ambiguous",
                    "Several parties are called like this",
                    format!("{} parties are called \"{text}\".", parties.len()),
                )
                .about("party")
                .remedy("Say which by its id.");
                problem.parties = parties
                    .into_iter()
                    .take(100)
                    .map(|(party, name)| Candidate { party, name })
                    .collect();
                problem
            }
            StandingError::NoAuthority { wanted, known } => Self::not_found(
                format!("There is no authority \"{wanted}\"."),
                format!("Give an authority's id or a jurisdiction: {}.", known.join(", ")),
            )
            .about("authority"),
            StandingError::NoStep(id) => Self::not_found(
                format!("There is no step {id}."),
                "The timeline of a party and the changes name each step's id.",
            )
            .about("step"),
            StandingError::NoClaim(id) => Self::not_found(
                format!("There is no claim {id}."),
                "The claims of a party name each claim's id.",
            )
            .about("claim"),
            // A transaction that is not there (yet) is a thing that is not found.
            StandingError::Question(text) if text.starts_with("--recorded") => Self::not_found(
                format!("{}.", text.trim_start_matches('-')),
                "Give a transaction that the ledger holds, or a time.",
            )
            .about("recorded"),
            StandingError::Question(text) | StandingError::Ledger(LedgerError::Unknown(text)) => Self::new(
                StatusCode::BAD_REQUEST,
                "question",
                "The question cannot be asked like this",
                text,
            ),
            StandingError::Read(_) | StandingError::Refused(_) => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "refused",
                "The input is refused; nothing changed",
                error.to_string(),
            ),
            StandingError::Ledger(LedgerError::Busy) => {
                Self::busy("Another program is writing the ledger. Nothing was changed.")
            }
            // A temporary file of an upload finds no more room than the ledger does.
            StandingError::File { ref source, .. } | StandingError::Ledger(LedgerError::File { ref source, .. })
                if is_full(source) =>
            {
                no_room(&error)
            }
            StandingError::Ledger(LedgerError::Full { .. }) => no_room(&error),
            StandingError::Ledger(LedgerError::ReadOnly { .. }) => {
                tracing::error!(%error, "the ledger cannot be written");
                Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "read-only",
                    "The ledger cannot be written",
                    "The ledger cannot be written by this server. Nothing was changed; reading goes on.",
                )
                .remedy("Check the permissions of the ledger's file and its directory.")
            }
            StandingError::Screen(standing::screen::ScreenError::Input { what, .. }) => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "refused",
                "The input is refused; nothing changed",
                what,
            ),
            StandingError::Screen(_) | StandingError::Ledger(_) | StandingError::File { .. } | StandingError::Register(_) => {
                Self::internal(&error)
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        // Text of our own making always serialises.
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"standing\""),
            );
        }
        // The compatible routes put it into their own form.
        response.extensions_mut().insert(self);
        response
    }
}
