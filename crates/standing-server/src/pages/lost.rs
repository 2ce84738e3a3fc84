//! The page for an address that leads nowhere, or that answers programs only: what was asked for, and ways on.
//!
//! Programs get the problem document; who prefers HTML, as browsers do, gets the same in words.

use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use maud::html;

use super::layout::{Page, Part, page};
use super::{home, search, words};
use crate::problem::Problem;

/// Does who asks take a page, rather than anything or JSON?
fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|accepted| accepted.contains("text/html"))
}

/// What the last part of a path may have meant, as words to search for.
fn meant(path: &str) -> String {
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let decoded = percent_encoding::percent_decode_str(last).decode_utf8_lossy();
    decoded.replace(['-', '_', '+'], " ").chars().take(100).collect()
}

/// A problem of the whole address: a page for people, the document for programs.
pub fn in_words(problem: Problem, uri: &Uri, headers: &HeaderMap) -> Response {
    if !wants_page(headers) {
        return problem.into_response();
    }
    let for_programs = problem.status == StatusCode::METHOD_NOT_ALLOWED;
    let path: String = uri.path().chars().take(200).collect();
    let title = if for_programs {
        "This address answers programs"
    } else {
        "There is no page at this address"
    };
    let body = html! {
        h1 { (title) }
        p.lead {
            @if for_programs { "What stands at " code { (words::visible(&path)) } " takes requests of another kind than a browser's. " a href="/docs/api" { "The API, route by route" } "." }
            @else { "Nothing stands at " code { (words::visible(&path)) } ". A link may be old, or an address mistyped." }
        }
        @if !for_programs {
            p { "Looking for a party?" }
            (search::form(&meant(&path)))
        }
        (home::questions())
        p.dim { "Programs find every route in " a href="/docs/api" { "the API" } "." }
    };
    let markup = page(&Page {
        title,
        part: Part::Search,
        transaction: None,
        body,
    });
    (problem.status, markup).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_path_becomes_words() {
        assert_eq!(meant("/parties/hay%27at-tahrir_al+sham/"), "hay'at tahrir al sham");
        assert_eq!(meant("/"), "");
    }
}
