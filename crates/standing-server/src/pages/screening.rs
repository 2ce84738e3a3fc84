//! Screening on pages: a name in the address, pasted names, or a file with its columns shown first; decisions by keys.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Query as FromQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use standing::screen::batch::columns;
use standing::screen::runs::Answered;
use standing::screen::{Options, Query, kind_of_schema, policy};
use standing::words::number;

use super::access::Visitor;
use super::answers::{Answer, InPart, PageProblem};
use super::clocks::{ClockQuery, DATE};
use super::layout::{Page, Part, empty, page};
use super::{hits, jobs, words};
use crate::problem::Problem;
use crate::screening::{self, Screen};
use crate::shared::Shared;
use crate::tokens::Scope;
use crate::writing;

const PART: Part = Part::Screening;

/// Names that may be pasted at once; more go in a file.
const PASTED: usize = 500;

/// What is asked of one name, or of each pasted one.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    name: String,
    #[serde(default)]
    names: String,
    #[serde(default)]
    customer: String,
    #[serde(default)]
    schema: String,
    #[serde(default)]
    birth_date: String,
    #[serde(default)]
    country: String,
    #[serde(default)]
    threshold: String,
}

fn filled(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|t| !t.is_empty())
}

fn wrong(field: &str, why: impl std::fmt::Display) -> PageProblem {
    PageProblem::field(PART, field, format!("{field}: {why}"))
}

impl Asked {
    fn options(&self) -> Result<Options, PageProblem> {
        let threshold = filled(&self.threshold)
            .map(|t| {
                t.parse::<f32>()
                    .map_err(|_| format!("\"{t}\" is no number"))
                    .and_then(policy::check_threshold)
                    .map_err(|e| wrong("threshold", e))
            })
            .transpose()?;
        Ok(Options {
            threshold,
            ..Options::default()
        })
    }

    fn query(&self, row: u64, id: Option<&str>, name: &str) -> Result<Query, PageProblem> {
        let mut query = Query::named(name);
        query.row = row;
        query.id = id.map(str::to_owned);
        query.kind = kind_of_schema(&self.schema).map_err(|e| wrong("schema", e))?;
        if let Some(born) = filled(&self.birth_date) {
            query
                .births
                .push(columns::birth(born).map_err(|e| wrong("birth date", e))?);
        }
        if let Some(country) = filled(&self.country) {
            query
                .countries
                .push(columns::country(country).map_err(|e| wrong("country", e))?);
        }
        Ok(query)
    }

    /// One query for each name: a line may begin with the customer's reference and a tab.
    fn queries(&self) -> Result<Vec<Query>, PageProblem> {
        if let Some(name) = filled(&self.name) {
            return Ok(vec![self.query(0, filled(&self.customer), name)?]);
        }
        let lines: Vec<&str> = self.names.lines().filter_map(filled).collect();
        if lines.len() > PASTED {
            return Err(wrong(
                "names",
                format!(
                    "{} names are many to paste; up to {PASTED} here, more in a file",
                    lines.len()
                ),
            ));
        }
        lines
            .into_iter()
            .enumerate()
            .map(|(row, line)| match line.split_once('\t') {
                Some((id, name)) => self.query(row as u64, filled(id), name.trim()),
                None => self.query(row as u64, None, line),
            })
            .collect()
    }
}

async fn answered(
    screen: &Arc<Screen>,
    queries: Vec<Query>,
    options: Options,
) -> Result<(Vec<Query>, Answered), PageProblem> {
    let screen = Arc::clone(screen);
    let done = tokio::task::spawn_blocking(move || {
        let answered = screen.answered(&queries, &options);
        answered.map(|a| (queries, a))
    })
    .await
    .map_err(|e| Problem::internal(&e))
    .in_part(PART)?;
    done.map_err(Problem::from).in_part(PART)
}

/// The form; the answer where the address names a name.
pub async fn show(
    State(app): State<Arc<Shared>>,
    headers: HeaderMap,
    FromQuery(clocks): FromQuery<ClockQuery>,
    FromQuery(asked): FromQuery<Asked>,
) -> Answer {
    let visitor = Visitor::of(&app, &headers);
    let queries = asked.queries()?;
    if queries.is_empty() {
        let body = html! {
            h1 { "Screening" }
            p.lead { "Is this name listed, as of any day, and why?" }
            (form(&asked))
            (paste(&visitor))
            (jobs::upload_form())
        };
        return Ok(page(&Page {
            title: "Screening",
            part: PART,
            transaction: None,
            body,
        }));
    }
    let question = clocks.question().map_err(|e| wrong("clocks", e))?;
    let screen = screening::at(&app, &question).await.in_part(PART)?;
    let (queries, answered) = answered(&screen, queries, asked.options()?).await?;
    let body = html! {
        h1 { "Screening" }
        (form(&asked))
        (results(&queries, &answered, &visitor))
    };
    Ok(page(&Page {
        title: &format!("Screening: {}", asked.name),
        part: PART,
        transaction: Some(screen.transaction()),
        body,
    }))
}

/// Pasted names.
pub async fn pasted(State(app): State<Arc<Shared>>, headers: HeaderMap, Form(asked): Form<Asked>) -> Answer {
    let visitor = Visitor::of(&app, &headers);
    let queries = asked.queries()?;
    if queries.is_empty() {
        return Err(wrong("names", "there is none; write one on each line"));
    }
    let screen = screening::present(&app).in_part(PART)?;
    let (queries, answered) = answered(&screen, queries, asked.options()?).await?;
    let body = html! {
        h1 { "Screening" }
        (results(&queries, &answered, &visitor))
        p { a href="/screen" { "Screen others" } }
    };
    Ok(page(&Page {
        title: "Screening",
        part: PART,
        transaction: Some(screen.transaction()),
        body,
    }))
}

fn form(asked: &Asked) -> Markup {
    html! {
        form action="/screen" {
            div.row.seek {
                label.vh for="name" { "Name" }
                input #name name="name" value=(asked.name) placeholder="A name, in any script" required maxlength="2000" autocomplete="off";
                button.primary { "Screen" }
            }
            div.row {
            div.field { label for="schema" { "What it is" } " "
                select #schema name="schema" {
                    @for (word, shown) in [("", "anything"), ("person", "a person"), ("organisation", "an organisation"), ("vessel", "a vessel"), ("aircraft", "an aircraft")] {
                        option value=(word) selected[asked.schema == word] { (shown) }
                    }
                }
            }
            div.field { label for="birth_date" { "Born" } " " input #birth_date name="birth_date" size="10" value=(asked.birth_date) placeholder="1975-03" autocomplete="off"; }
            div.field { label for="country" { "Country" } " " input #country name="country" size="10" value=(asked.country) autocomplete="off"; }
            div.field { label for="on" { "As of" } " " input #on name="on" size="10" placeholder="today" pattern=(DATE) title="2024-10-04, 2024-10 or 2024" autocomplete="off"; }
            div.field { label for="customer" { "Customer's reference" } " " input #customer name="customer" size="10" value=(asked.customer) maxlength="200" autocomplete="off"; }
            div.field { label for="threshold" { "Threshold" } " " input #threshold name="threshold" size="5" value=(asked.threshold) placeholder="policy" inputmode="decimal" autocomplete="off"; }
            }
            p.note { "All but the name may stay empty; what is given is compared with the listings and moves a hit up or down. The customer's reference lets a hit be decided." }
        }
    }
}

fn paste(visitor: &Visitor) -> Markup {
    html! {
        h2 { "Several names" }
        form method="post" action="/screen" {
            div.field {
                label for="names" { "One on each line; the customer's reference may stand before it, parted by a tab" }
                textarea #names name="names" required {}
            }
            button.primary { "Screen them" }
            @if !visitor.may(Scope::Judge) { p.dim { "To decide hits, " a href="/access" { "enter a token" } " with the scope judge." } }
        }
    }
}

fn results(queries: &[Query], answered: &Answered, visitor: &Visitor) -> Markup {
    let manifest = &answered.manifest;
    let several = queries.len() > 1;
    let lists: Vec<String> = manifest
        .lists
        .iter()
        .map(|l| {
            let old = if l.outdated { ", older than usual" } else { "" };
            format!("{} of {} ({} listings{old})", l.list, l.date, number(l.listings as u64))
        })
        .collect();
    html! {
        p.lead {
            (words::count(manifest.report.hits as usize, "hit", "hits")) " for " (words::count(queries.len(), "name", "names"))
            " among " (words::count(manifest.names, "listed name", "listed names")) "."
        }
        @if manifest.report.hits > 0 && visitor.may(Scope::Judge) { p.kbd.dim { "Keys: " kbd { "n" } " next, " kbd { "p" } " previous, " kbd { "s" } " same, " kbd { "d" } " different, " kbd { "u" } " unsure." } }
        @for (query, outcome) in queries.iter().zip(&answered.outcomes) {
            @match outcome {
                Ok(outcome) => {
                    @if several { h2 { (words::name(query.names.first().map_or("", String::as_str))) @if let Some(id) = &query.id { " " span.ref.dim { (words::visible(id)) } } } }
                    @if outcome.hits.is_empty() && outcome.judged.is_empty() {
                        @if several { p.dim { "No hit." } } @else {
                            (empty("No listed name resembles it from this threshold on.", &html! { "This answer is the proof of what was searched; keep the run's manifest below. A lower threshold, down to 0.5, shows fainter resemblances." }))
                        }
                    }
                    @for h in &outcome.hits { (hits::hit(h, visitor, false)) }
                    @for j in &outcome.judged { (hits::judged(j)) }
                    @if outcome.below > 0 { p.note { (words::count(outcome.below, "more hit", "more hits")) " by name, taken below the threshold by other fields; without these fields they are shown." } }
                },
                Err(reject) => div.problem { p { "Not screened: " (words::visible(&reject.to_string())) } },
            }
        }
        h2 { "The run" }
        p { "Run " span.ref { (manifest.run) } ", ledger transaction " (manifest.index.recorded) ", legally on " (manifest.index.on) ", known by " (manifest.index.known) ", policy " span.ref { (manifest.policy.digest()) } "." }
        @if !lists.is_empty() { p.dim { "Searched: " (words::dated(&words::visible(&lists.join("; ")))) } }
        details { summary { "The manifest, to keep" } pre tabindex="0" { (serde_json::to_string_pretty(manifest).unwrap_or_default()) } }
    }
}

/// A decision about a customer and a party.
#[derive(Debug, Deserialize)]
pub struct Judgement {
    customer: String,
    party: String,
    verdict: String,
    why: String,
    #[serde(default)]
    guard: String,
}

/// Records a decision: by a script as JSON, without one by a page.
pub async fn judge(
    State(app): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(form): Form<Judgement>,
) -> Result<Response, PageProblem> {
    let visitor = Visitor::of(&app, &headers);
    visitor.check(Scope::Judge, &form.guard, &headers, PART)?;
    let verdict = super::review::verdict_of(&form.verdict, PART)?;
    let by = visitor.name();
    let customer = format!("customer:{}", form.customer.trim());
    let (a, b) = writing::write(&app, move |ledger, now| {
        standing::decide::judge(ledger, &customer, &form.party, verdict, &by, &form.why, now)
    })
    .await
    .in_part(PART)?;
    let says = format!("{}: {a} and {b}, recorded.", form.verdict);
    let wants_json = headers
        .get("accept")
        .is_some_and(|v| v.as_bytes().starts_with(b"application/json"));
    if wants_json {
        return Ok((StatusCode::OK, axum::Json(serde_json::json!({ "says": says }))).into_response());
    }
    Ok(Redirect::to("/screen").into_response())
}
