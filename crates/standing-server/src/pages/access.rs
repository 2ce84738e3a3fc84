//! Who one is on pages: a token, kept by the browser in a cookie that scripts and other sites cannot use, and what guards forms that change something.
//!
//! A form carries a word made from the token itself; another site can neither read the cookie nor make the word, so it cannot send the form. The cookie is also
//! *same-site*, and a request that says that it comes from elsewhere is refused.

use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::answers::PageProblem;
use super::layout::{Page, Part, page};
use crate::problem::Problem;
use crate::shared::Shared;
use crate::tokens::{Scope, Token};

const COOKIE: &str = "standing_token";

/// The secret that a request's cookie holds.
pub fn secret(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('=').map(str::to_owned))
        .filter(|s| !s.is_empty())
}

/// The word that a form carries.
fn word(secret: &str) -> String {
    let key = blake3::derive_key("standing pages: forms of a token, 2026", secret.as_bytes());
    blake3::hash(&key).to_hex().chars().take(32).collect()
}

/// Who a request's cookie says one is.
#[derive(Debug, Clone, Default)]
pub struct Visitor {
    token: Option<Token>,
    word: Option<String>,
}

impl Visitor {
    /// Reads a request's cookie.
    pub fn of(app: &Shared, headers: &HeaderMap) -> Self {
        let secret = secret(headers);
        let token = secret.as_deref().and_then(|s| app.tokens().find(s).cloned());
        Self {
            word: token.as_ref().and(secret.as_deref()).map(word),
            token,
        }
    }

    /// May one do this?
    pub fn may(&self, scope: Scope) -> bool {
        self.token.as_ref().is_some_and(|t| t.scopes.allow(scope))
    }

    /// The name under which a decision is recorded.
    pub fn name(&self) -> String {
        self.token.as_ref().map_or_else(String::new, |t| {
            if t.note.is_empty() {
                t.id.clone()
            } else {
                format!("{} ({})", t.note, t.id)
            }
        })
    }

    /// What goes into every form that changes something.
    pub fn guard(&self) -> Markup {
        html! { @if let Some(word) = &self.word { input type="hidden" name="guard" value=(word); } }
    }

    /// Refuses a form that was not sent from our own page by somebody who may.
    pub fn check(&self, scope: Scope, guard: &str, headers: &HeaderMap, part: Part) -> Result<(), PageProblem> {
        let refuse = |status, title, detail: &str, remedy: &str| {
            Err(PageProblem::new(
                part,
                Problem::new(status, "access", title, detail).remedy(remedy),
            ))
        };
        let Some(word) = &self.word else {
            return refuse(
                StatusCode::UNAUTHORIZED,
                "A token is needed",
                "This changes the ledger, so it needs to be known who does it.",
                "Enter a token; an administrator makes one with: standing token new.",
            );
        };
        if !self.may(scope) {
            return refuse(
                StatusCode::FORBIDDEN,
                "The token does not allow this",
                &format!("It needs the scope {}.", scope.word()),
                "Enter another token.",
            );
        }
        let elsewhere = headers
            .get("sec-fetch-site")
            .is_some_and(|site| site != "same-origin" && site != "none");
        // Compared by hash, so that the time taken tells nothing of the word.
        if elsewhere || blake3::hash(word.as_bytes()) != blake3::hash(guard.as_bytes()) {
            return refuse(
                StatusCode::FORBIDDEN,
                "The form is not of this page",
                "The form was not sent from a page of this server, or the page is older than the token.",
                "Open the page anew and send it again.",
            );
        }
        Ok(())
    }
}

/// The form of the access page.
#[derive(Debug, Deserialize)]
pub struct AccessForm {
    #[serde(default)]
    token: String,
}

/// The page on which a token is entered.
pub async fn show(State(app): State<Arc<Shared>>, headers: HeaderMap) -> Markup {
    access_page(&Visitor::of(&app, &headers), None)
}

fn access_page(visitor: &Visitor, wrong: Option<&str>) -> Markup {
    let body = html! {
        h1 { "Access" }
        @if let Some(wrong) = wrong { div.problem role="alert" { p { (wrong) } } }
        @match &visitor.token {
            Some(token) => {
                p { "You are " strong { (visitor.name()) } " and may: " (token.scopes) "." }
                form method="post" action="/access" { input type="hidden" name="token" value=""; button { "Forget this token" } }
            },
            None => {
                p { "Reading and screening on this machine need no token. Accepting a held list, judging whether two records are one party, and adding lists or articles do." }
                form method="post" action="/access" {
                    div.field { label for="token" { "Token" } input #token name="token" type="password" size="60" autocomplete="off" required maxlength="200"; }
                    button.primary { "Use this token" }
                }
                p.dim { "An administrator makes one: " code { "standing token new --scope read,screen,judge,ingest --note NAME" } ". It stays in a cookie of this browser until it is closed." }
            },
        }
    };
    page(&Page {
        title: "Access",
        part: Part::Access,
        transaction: None,
        body,
    })
}

/// Takes a token, or forgets it.
pub async fn enter(State(app): State<Arc<Shared>>, Form(form): Form<AccessForm>) -> Response {
    let secret = form.token.trim();
    let secure = if app.options.tls.is_some() { "; Secure" } else { "" };
    if secret.is_empty() {
        let cookie = format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0{secure}");
        return with_cookie(Redirect::to("/access").into_response(), &cookie);
    }
    let plain = secret.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if !plain || app.tokens().find(secret).is_none() {
        let answer = access_page(
            &Visitor::default(),
            Some("This token is not known here, or it was revoked."),
        );
        return (StatusCode::UNAUTHORIZED, answer).into_response();
    }
    let cookie = format!("{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Strict{secure}");
    with_cookie(Redirect::to("/access").into_response(), &cookie)
}

fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}
