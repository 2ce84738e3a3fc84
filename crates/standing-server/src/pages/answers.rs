//! What a page answers with: a document in its frame, or a problem that says in words what to do next.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::layout::{Page, Part, page};
use super::words;
use crate::problem::Problem;

/// A page, or why there is none.
pub type Answer = Result<Markup, PageProblem>;

/// A problem, shown as a page.
#[derive(Debug)]
pub struct PageProblem {
    problem: Box<Problem>,
    part: Part,
}

impl PageProblem {
    /// In its part of the navigation.
    pub fn new(part: Part, problem: Problem) -> Self {
        Self {
            problem: Box::new(problem),
            part,
        }
    }

    /// A value of the address or a form that is wrong.
    pub fn field(part: Part, field: &str, detail: String) -> Self {
        Self::new(part, Problem::field(field, detail, "Correct it and ask again."))
    }
}

/// Says in which part of the navigation a problem is shown.
pub trait InPart<T> {
    /// The same, with its part.
    fn in_part(self, part: Part) -> Result<T, PageProblem>;
}

impl<T> InPart<T> for Result<T, Problem> {
    fn in_part(self, part: Part) -> Result<T, PageProblem> {
        self.map_err(|problem| PageProblem::new(part, problem))
    }
}

impl IntoResponse for PageProblem {
    fn into_response(self) -> Response {
        let problem = &self.problem;
        let body = html! {
            h1 { (problem.title) }
            div.problem role="alert" {
                p { (words::visible(&problem.detail)) }
                @if let Some(remedy) = &problem.remedy { p { (words::visible(remedy)) } }
                @if !problem.parties.is_empty() {
                    ul.plain { @for c in &problem.parties { li { a href=(words::party_path(&c.party)) { (words::name(&c.name)) } " " span.ref.dim { (c.party) } } } }
                }
                @if problem.status == StatusCode::UNAUTHORIZED || problem.status == StatusCode::FORBIDDEN {
                    p { a href="/access" { "Enter a token" } " that allows it." }
                }
            }
            p { a href="/" { "Search for a party" } " or go " a href="/changes" { "to what changed" } "." }
        };
        let markup = page(&Page {
            title: problem.title,
            part: self.part,
            transaction: None,
            body,
        });
        (problem.status, markup).into_response()
    }
}
