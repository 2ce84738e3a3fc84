//! The search: by id, reference or name as listed, then by the beginnings of words, grouped by party; suggestions while typing.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use standing::{Question, View};

use super::answers::{Answer, InPart};
use super::layout::{Page, Part, empty, page};
use super::names::{self, Found};
use super::words;
use crate::shared::Shared;

/// What is looked for.
#[derive(Debug, Deserialize)]
pub struct SearchQuery {
    /// The words.
    #[serde(default)]
    pub q: String,
}

/// The field to search in.
pub fn form(text: &str) -> Markup {
    html! {
        form.row.seek action="/search" role="search" {
            label.vh for="q" { "Name, reference or id" }
            input #q name="q" type="search" value=(text) placeholder="Taliban · QDi.317 · أبو محمد الجولاني" autocomplete="off" maxlength="300" data-suggest="/suggest";
            button.primary { "Search" }
        }
    }
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
        (form(&text))
        @if text.is_empty() { p.dim { "By name in any script, by a publisher's reference, or by id: " a href="/search?q=Taliban" { "Taliban" } ", " a href="/search?q=QDi.317" { "QDi.317" } ". The beginnings of words are enough." } }
        @if !exact.is_empty() {
            h2 { "Called exactly so" }
            ul.plain { @for p in &exact { li { a href=(words::party_path(&p.id)) { (words::brief(&p.name)) } " " span.ref.dim { (p.ids.join(" ")) } } } }
        }
        @if !rest.is_empty() {
            h2 { "Bears these words" }
            ul.plain { @for g in &rest { li {
                a href=(words::party_path(&g.party)) { (words::brief(&g.name)) } " " span.ref.dim { (g.party) }
                @if g.best != g.name { " " span.dim { "as " (words::brief(&g.best)) } }
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
