//! The first page and the search: by id, reference or name as listed, then by resemblance, grouped by party; suggestions while typing.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use maud::html;
use serde::{Deserialize, Serialize};
use standing::answers;
use standing::{Question, View};

use super::answers::{Answer, InPart};
use super::layout::{Page, Part, empty, page};
use super::names::{self, Found};
use super::{steps, words};
use crate::shared::Shared;

/// What is looked for.
#[derive(Debug, Deserialize)]
pub struct SearchQuery {
    #[serde(default)]
    q: String,
}

/// The first page: search, what moved last, what is under way.
pub async fn home(State(app): State<Arc<Shared>>, Query(query): Query<SearchQuery>) -> Answer {
    if !query.q.trim().is_empty() {
        return search(State(app), Query(query)).await;
    }
    let part = Part::Search;
    let today = app.today();
    let (pending, authorities, lists, transaction) = app
        .readers
        .ask(move |ledger| {
            let question = Question::default();
            let (view, clocks) = question.view(ledger, today)?;
            let pending = answers::pending(ledger, &question, today)?;
            Ok((
                pending,
                view.register().authorities.clone(),
                view.lists()?,
                clocks.recorded,
            ))
        })
        .await
        .in_part(part)?;
    let body = html! {
        h1 { "Who lists whom, since when, by which act, on whose word" }
        form.row action="/search" role="search" {
            label.vh for="q" { "Name, reference or id" }
            input #q name="q" type="search" size="44" placeholder="Taliban · QDi.317 · أبو محمد الجولاني" autocomplete="off" maxlength="300" data-suggest="/suggest";
            button.primary { "Search" }
        }
        @if lists.is_empty() {
            (empty("No list has been read yet; answers rest on the register alone.", &html! { "Add one: " code { "standing ingest FILE" } ", or " code { "standing update" } "." }))
        }
        p { "Start with " a href="/party/standing:taliban?on=2024-10-04&known=2024-10-04" { "the Taliban on 4 October 2024" }
            ": a ministry says the ban will go; the ban is still in force. Then move the slider." }
        @if !pending.is_empty() { h2 { "Under way" } (steps::pending(&pending, &authorities)) }
        p { a href="/changes" { "What moved lately" } " · " a href="/sources" { "The lists and their age" } " · " a href="/screen" { "Screen names" } }
    };
    Ok(page(&Page {
        title: "Who lists whom",
        part,
        transaction: Some(transaction),
        body,
    }))
}

/// The answer to a search.
pub async fn search(State(app): State<Arc<Shared>>, Query(query): Query<SearchQuery>) -> Answer {
    let part = Part::Search;
    let text: String = query.q.trim().chars().take(300).collect();
    let today = app.today();
    let wanted = text.clone();
    let (exact, alike, transaction) = app
        .readers
        .ask({
            let app = Arc::clone(&app);
            move |ledger| {
                let (view, clocks) = Question::default().view(ledger, today)?;
                let exact = view.find(&wanted)?;
                let alike = names::search(&app, &view, &wanted, 40)?;
                let alike = group(&view, alike)?;
                Ok((exact, alike, clocks.recorded))
            }
        })
        .await
        .in_part(part)?;
    let rest: Vec<&Grouped> = alike
        .iter()
        .filter(|g| !exact.iter().any(|p| p.id == g.party))
        .collect();
    let body = html! {
        h1 { "Search" }
        form.row action="/search" role="search" {
            label.vh for="q" { "Name, reference or id" }
            input #q name="q" type="search" size="44" value=(text) autocomplete="off" maxlength="300" data-suggest="/suggest";
            button.primary { "Search" }
        }
        @if !exact.is_empty() {
            h2 { "Called exactly so" }
            ul.plain { @for p in &exact { li { a href=(words::party_path(&p.id)) { (words::name(&p.name)) } " " span.ref.dim { (p.ids.join(" ")) } } } }
        }
        @if !rest.is_empty() {
            h2 { "Bears these words" }
            ul.plain { @for g in &rest { li {
                a href=(words::party_path(&g.party)) { (words::name(&g.name)) } " " span.ref.dim { (g.party) }
                @if g.best != g.name { " " span.dim { "as " (words::name(&g.best)) } }
            } } }
        }
        @if exact.is_empty() && rest.is_empty() && !text.is_empty() {
            (empty("No party is called so here.", &html! {
                "Spelled otherwise? " a href=(format!("/screen?name={}", words::encoded(&text))) { "Screen the name" } " finds what resembles it, in any script."
            }))
        } @else if !text.is_empty() {
            p { "Looking for what resembles it? " a href=(format!("/screen?name={}", words::encoded(&text))) { "Screen the name" } "." }
        }
    };
    Ok(page(&Page {
        title: "Search",
        part,
        transaction: Some(transaction),
        body,
    }))
}

struct Grouped {
    party: String,
    name: String,
    best: String,
}

fn group(view: &View<'_>, found: Vec<Found>) -> Result<Vec<Grouped>, standing::StandingError> {
    let mut groups: Vec<Grouped> = Vec::new();
    for f in found {
        let Some(party) = view.party_of(&f.id)? else { continue };
        if !groups.iter().any(|g| g.party == party.id) {
            groups.push(Grouped {
                party: party.id,
                name: party.name,
                best: f.name,
            });
        }
    }
    Ok(groups)
}

/// One suggestion.
#[derive(Debug, Serialize)]
pub struct Suggestion {
    name: String,
    id: String,
    path: String,
}

/// Suggestions while typing.
pub async fn suggest(
    State(app): State<Arc<Shared>>,
    Query(query): Query<SearchQuery>,
) -> Result<Json<Vec<Suggestion>>, crate::Problem> {
    let text: String = query.q.trim().chars().take(100).collect();
    let today = app.today();
    let found = app
        .readers
        .ask({
            let app = Arc::clone(&app);
            move |ledger| {
                let (view, _) = Question::default().view(ledger, today)?;
                names::search(&app, &view, &text, 10)
            }
        })
        .await?;
    Ok(Json(
        found
            .into_iter()
            .map(|f| Suggestion {
                path: words::party_path(&f.id),
                name: words::visible(&f.name),
                id: f.id,
            })
            .collect(),
    ))
}
