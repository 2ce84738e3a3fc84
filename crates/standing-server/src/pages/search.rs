//! The search: by id, reference or name as listed, then by the beginnings of words, grouped by party; suggestions while typing.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State as With};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use standing::answers::{self, Show};
use standing::model::{Measure, State};
use standing::{Clocks, Party, Question, StandingError, View};

use super::answers::{Answer, InPart};
use super::layout::{Page, Part, empty, page};
use super::names::{self, Found};
use super::{map, matrix, words};
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
pub async fn search(With(app): With<Arc<Shared>>, Query(query): Query<SearchQuery>) -> Answer {
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
                let exact = view
                    .find(&wanted)?
                    .into_iter()
                    .map(|party| Hit::of(&view, party, clocks, None))
                    .collect::<Result<Vec<_>, StandingError>>()?;
                let alike = names::search(&app, &view, &wanted, 40)?;
                let alike = group(&view, clocks, alike, &exact)?;
                Ok((exact, alike, clocks.recorded))
            }
        })
        .await
        .in_part(part)?;
    let body = html! {
        h1 { "Search" }
        (form(&text))
        @if text.is_empty() { p.dim { "By name in any script, by a publisher's reference, or by id: " a href="/search?q=Taliban" { "Taliban" } ", " a href="/search?q=QDi.317" { "QDi.317" } ". The beginnings of words are enough." } }
        @if !exact.is_empty() {
            h2 { "Called exactly so" }
            (results(&exact))
        }
        @if !alike.is_empty() {
            h2 { "Bears these words" }
            (results(&alike))
        }
        @if exact.is_empty() && alike.is_empty() && !text.is_empty() {
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

/// A party that was found, with where it stands.
struct Hit {
    party: Party,
    /// The name that was met, where it is another than the party's.
    met: Option<String>,
    show: Show,
}

impl Hit {
    fn of(view: &View<'_>, party: Party, clocks: Clocks, met: Option<String>) -> Result<Self, StandingError> {
        let show = answers::show_party(view, party.clone(), clocks, Question::default().basis())?;
        let met = met.filter(|m| *m != party.name);
        Ok(Self { party, met, show })
    }
}

/// The strongest state of the rows that restrict, for the sign beside a name.
fn strongest(show: &Show) -> Option<(Measure, State)> {
    let places = map::places(&show.rows, &show.authorities, None);
    let rows = places.values().flat_map(|p| &p.rows).filter(|(.., counted)| *counted);
    rows.min_by_key(|(state, ..)| map::rank(*state))
        .map(|(state, measure, _)| (*measure, *state))
}

fn results(found: &[Hit]) -> Markup {
    html! {
        ul.plain.found { @for r in found {
            li {
                span.mark aria-hidden="true" { @if let Some((measure, state)) = strongest(&r.show) { span class=(format!("state {}", words::class(measure, state))) { (words::mark(standing::words::sign(state))) } } }
                div {
                    a href=(words::party_path(&r.party.id)) { (words::brief(&r.party.name)) }
                    @if let Some(met) = &r.met { " " span.dim { "as " (words::brief(met)) } }
                    div.note { (matrix::by_name(&r.show)) " " span.ref { (r.party.ids.join(" ")) } }
                }
            }
        } }
    }
}

fn group(view: &View<'_>, clocks: Clocks, found: Vec<Found>, exact: &[Hit]) -> Result<Vec<Hit>, StandingError> {
    let mut groups: Vec<Hit> = Vec::new();
    for f in found {
        let Some(party) = view.party_of(&f.id)? else { continue };
        if !groups.iter().chain(exact).any(|g| g.party.id == party.id) {
            groups.push(Hit::of(view, party, clocks, Some(f.name))?);
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
    With(app): With<Arc<Shared>>,
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
