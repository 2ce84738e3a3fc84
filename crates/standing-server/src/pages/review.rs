//! What waits for a person: files that the guard holds, with what is missing from them, and proposals to connect listings, side by side.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use standing::answers;
use standing::model::{Day, Record, Verdict};
use standing::words::number;
use standing::{Ledger, StandingError};

use super::access::Visitor;
use super::answers::{Answer, InPart, PageProblem};
use super::layout::{Page, Part, empty, page};
use super::words::{self, when};
use crate::shared::Shared;
use crate::tokens::Scope;
use crate::writing;

const PART: Part = Part::Review;

/// What is held.
pub async fn list(State(app): State<Arc<Shared>>) -> Answer {
    let today = app.today();
    let held = app
        .readers
        .ask(move |ledger| {
            let held = answers::review(ledger, today)?;
            held.into_iter()
                .map(|row| Ok((list_name(ledger, &row.list)?, row)))
                .collect::<Result<Vec<_>, StandingError>>()
        })
        .await
        .in_part(PART)?;
    // Who comes here may want the proposals next.
    super::proposals::compare_ahead(&app);
    let body = html! {
        h1 { "Review" }
        h2 { "Editions that the guard holds" }
        @if held.is_empty() {
            (empty("Nothing is held.", &html! { "An edition that loses more than a set share of its list's listings is held here until somebody says whether that is right." }))
        } @else {
            @for (name, row) in &held {
                section.card {
                    h3 { a href={ "/review/" (row.id) } { (name) ", edition of " (row.date) } " " span.ref.dim { (row.id) } }
                    p { strong { (number(row.gone)) } " of " (number(row.of)) " listings would end, " (percent(row.share)) ", compared with the edition of " (row.against) "." }
                    p.dim { @for (at, (programme, n)) in row.by_programme.iter().take(8).enumerate() { @if at > 0 { " · " } (number(*n)) " " (words::visible(programme)) } }
                }
            }
        }
        h2 { "Listings that may be one party" }
        p { a href="/review/candidates" { "Proposals to judge" } ": listings of different lists whose names, identifiers or birth dates speak for one party, side by side. Nothing is connected until somebody decides." }
    };
    Ok(page(&Page {
        title: "Review",
        part: PART,
        transaction: None,
        body,
    }))
}

/// What a list is called: its own name if the register has it, else its id.
fn list_name(ledger: &Ledger, list: &str) -> Result<String, StandingError> {
    let view = ledger.view(None, Day::MAX)?;
    Ok(view
        .register()
        .list(list)
        .map_or_else(|| list.to_owned(), |l| l.name.clone()))
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// One held edition: what is missing, and the decision.
pub async fn one(State(app): State<Arc<Shared>>, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    let today = app.today();
    let visitor = Visitor::of(&app, &headers);
    let wanted = id.clone();
    let (row, name, missing) = app
        .readers
        .ask(move |ledger| {
            let missing = answers::review_sample(ledger, &wanted)?;
            let row = answers::review(ledger, today)?.into_iter().find(|r| r.id == wanted);
            let name = row.as_ref().map(|r| list_name(ledger, &r.list)).transpose()?;
            Ok((row, name.unwrap_or_default(), missing))
        })
        .await
        .in_part(PART)?;
    let Some(row) = row else {
        return Err(PageProblem::field(PART, "id", format!("{id} is not held")));
    };
    let body = html! {
        h1 { (name) ", edition of " (row.date) }
        p.lead { (number(row.gone)) " of " (number(row.of)) " listings would end (" (percent(row.share)) "), compared with the edition of " (row.against) "." }
        p { "It is stored and takes no part in any answer until it is accepted. " a href={ "/v1/documents/" (row.source) } { "The file" } }
        (decision(&visitor, &row.id))
        h2 { "What is missing from it" }
        (records(&missing))
    };
    Ok(page(&Page {
        title: "Review",
        part: PART,
        transaction: None,
        body,
    }))
}

fn decision(visitor: &Visitor, id: &str) -> Markup {
    html! {
        @if visitor.may(Scope::Ingest) {
            form.row method="post" action={ "/review/" (id) } {
                (visitor.guard())
                div.field { label for="why" { "Why" } " " input #why name="why" size="50" required maxlength="2000" placeholder="what confirms or refutes it"; }
                div.field { button.primary name="verdict" value="accept" { "Accept" } " " button name="verdict" value="reject" { "Reject" } }
            }
        } @else {
            div.empty { p { "To accept or reject it, " a href="/access" { "enter a token" } " with the scope ingest; or on the command line: " code { "standing review accept " (id) " --why …" } } }
        }
    }
}

fn records(missing: &[(String, Record)]) -> Markup {
    const MOST: usize = 300;
    html! {
        div.wide tabindex="0" role="region" aria-label="Missing listings" {
            table.stack {
                thead { tr { th { "Reference" } th { "Name" } th { "Programmes" } th { "Listed" } } }
                tbody { @for (reference, record) in missing.iter().take(MOST) {
                    tr {
                        td data-h="Reference" { span.ref { (reference) } }
                        td data-h="Name" { (words::brief(record.caption())) }
                        td data-h="Programmes" { (words::visible(&record.programmes.join(", "))) }
                        td data-h="Listed" { (when(record.listed_on)) }
                    }
                } }
            }
        }
        @if missing.len() > MOST { p.dim { "and " (number((missing.len() - MOST) as u64)) " more" } }
    }
}

/// The decision on a held edition.
#[derive(Debug, Deserialize)]
pub struct Decision {
    verdict: String,
    why: String,
    #[serde(default)]
    guard: String,
}

/// Records the decision.
pub async fn decide(
    State(app): State<Arc<Shared>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Decision>,
) -> Result<Response, PageProblem> {
    let visitor = Visitor::of(&app, &headers);
    visitor.check(Scope::Ingest, &form.guard, &headers, PART)?;
    let accept = match form.verdict.as_str() {
        "accept" => true,
        "reject" => false,
        other => {
            return Err(PageProblem::field(
                PART,
                "verdict",
                format!("\"{other}\" is neither accept nor reject"),
            ));
        }
    };
    let why = form.why.clone();
    writing::write(&app, move |ledger, now| {
        standing::decide::review(ledger, &id, accept, &why, now)
    })
    .await
    .in_part(PART)?;
    Ok(Redirect::to("/review").into_response())
}

/// A decision about two parties.
#[derive(Debug, Deserialize)]
pub struct Judgement {
    a: String,
    b: String,
    verdict: String,
    why: String,
    #[serde(default)]
    guard: String,
}

/// Records it.
pub async fn judge(
    State(app): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(form): Form<Judgement>,
) -> Result<Response, PageProblem> {
    let visitor = Visitor::of(&app, &headers);
    visitor.check(Scope::Judge, &form.guard, &headers, PART)?;
    let verdict = verdict_of(&form.verdict, PART)?;
    let by = visitor.name();
    writing::write(&app, move |ledger, now| {
        standing::decide::judge(ledger, &form.a, &form.b, verdict, &by, &form.why, now)
    })
    .await
    .in_part(PART)?;
    Ok(Redirect::to("/review/candidates").into_response())
}

/// What a form's button decides.
pub fn verdict_of(word: &str, part: Part) -> Result<Verdict, PageProblem> {
    match word {
        "same" => Ok(Verdict::Same),
        "different" => Ok(Verdict::Different),
        "unsure" => Ok(Verdict::Unsure),
        other => Err(PageProblem::field(
            part,
            "verdict",
            format!("\"{other}\" is none of same, different, unsure"),
        )),
    }
}
