//! The handlers of the pages that answer a question to the ledger; here those of a listing, of evidence, of what is pending, of the map and of the sources.

mod changes;
mod party;

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use maud::html;
use serde::Deserialize;
use standing::StandingError;
use standing::answers;
use standing::model::{Day, ListingId, Measure};
use standing::read::claims;

use super::answers::{Answer, InPart, PageProblem};
use super::clocks::{self, ClockQuery, permanent};
use super::layout::{Page, Part, choices, empty, page};
use super::{evidence, listing, map, reader, sources, steps, words};
use crate::shared::Shared;

pub use changes::changes;
pub use party::{party, party_dossier, party_timeline};

/// The app's state as handlers get it.
pub type App = State<Arc<Shared>>;

fn asked(clocks: &ClockQuery, part: Part) -> Result<standing::Question, PageProblem> {
    clocks
        .question()
        .map_err(|detail| PageProblem::field(part, "clocks", detail))
}

fn measure_of(text: Option<&str>, part: Part) -> Result<Option<Measure>, PageProblem> {
    match text.map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) => Measure::ALL
            .into_iter()
            .find(|m| m.word() == text)
            .map(Some)
            .ok_or_else(|| {
                let all: Vec<_> = Measure::ALL.iter().map(|m| m.word()).collect();
                PageProblem::field(part, "measure", format!("\"{text}\" is no measure: {}", all.join(", ")))
            }),
    }
}

/// A listing's record.
pub async fn one_listing(State(app): App, Path(id): Path<String>, Query(clocks): Query<ClockQuery>) -> Answer {
    let part = Part::Search;
    let question = asked(&clocks, part)?;
    let today = app.today();
    let (found, list, of, transaction) = app
        .readers
        .ask(move |ledger| {
            let (view, clocks) = question.view(ledger, today)?;
            let (list, reference) = id.split_once(':').unwrap_or(("", &id));
            let found = view
                .listing(&ListingId::new(list, reference))?
                .ok_or_else(|| StandingError::NoParty(id.clone()))?;
            let of = view.party_of(&id)?;
            let list = view
                .register()
                .list(list)
                .map_or_else(|| format!("the list {list}"), |l| format!("the {}", l.name));
            Ok((found, list, of, clocks.recorded))
        })
        .await
        .in_part(part)?;
    let owner = of.as_ref().map(|p| (p.id.as_str(), p.name.as_str()));
    Ok(page(&Page {
        title: found.record.caption(),
        part,
        transaction: Some(transaction),
        body: listing::body(&found, &list, owner),
    }))
}

/// Whose steps to look among.
#[derive(Debug, Deserialize)]
pub struct EvidenceQuery {
    party: Option<String>,
}

/// The bytes behind a step.
pub async fn step_evidence(State(app): App, Path(step): Path<String>, Query(query): Query<EvidenceQuery>) -> Answer {
    let part = Part::Sources;
    let (found, authorities, transaction) = app
        .readers
        .ask(move |ledger| {
            let found = match &query.party {
                Some(party) => match standing::evidence::of_party_step(ledger, party, &step) {
                    // The hint may be of another state of the ledger; the step itself decides.
                    Err(StandingError::NoParty(_) | StandingError::NoStep(_)) => {
                        standing::evidence::of_step(ledger, &step)?
                    }
                    other => other?,
                },
                None => standing::evidence::of_step(ledger, &step)?,
            };
            let view = ledger.view(None, Day::MAX)?;
            Ok((found, view.register().authorities.clone(), view.transaction()))
        })
        .await
        .in_part(part)?;
    Ok(page(&Page {
        title: "Evidence",
        part,
        transaction: Some(transaction),
        body: evidence::body(&found, &authorities),
    }))
}

/// What is under way.
pub async fn pending(State(app): App, Query(clocks): Query<ClockQuery>) -> Answer {
    let part = Part::Pending;
    let question = asked(&clocks, part)?;
    let today = app.today();
    let (rows, said, authorities, clocks) = app
        .readers
        .ask(move |ledger| {
            let (view, clocks) = question.view(ledger, today)?;
            Ok((
                // What news alone says has a table of its own below.
                answers::pending(ledger, &question, today)?
                    .into_iter()
                    .filter(|row| !row.is_news_only())
                    .collect::<Vec<_>>(),
                claims::unconfirmed(&view, clocks.on)?,
                view.register().authorities.clone(),
                clocks,
            ))
        })
        .await
        .in_part(part)?;
    let body = html! {
        h1 { "Pending" }
        p.lead { (words::count(rows.len(), "procedure is", "procedures are")) " under way on " (clocks.on) ", as known on " (clocks.known) "." }
        (clocks::controls("/pending", &clocks, jiff::civil::Date::constant(2000, 1, 1), today.max(clocks.on), &html! {}))
        p.status data-status="" role="status" {}
        div data-live="pending" {
            @if rows.is_empty() {
                (empty("Nothing was under way.", &html! { "Ask about another day, for instance " a href="/pending?on=2024-12-31&known=2024-12-31" { "the end of 2024" } "." }))
            } @else { (steps::pending(&rows, &authorities)) }
            @if !said.is_empty() {
                h2 { "Announced in the news, not in the record" }
                (reader::said(&said))
            }
        }
    };
    Ok(page(&Page {
        title: "Pending",
        part,
        transaction: Some(clocks.recorded),
        body,
    }))
}

/// Which measure and party the world is shown for.
#[derive(Debug, Deserialize)]
pub struct MapQuery {
    measure: Option<String>,
}

/// The world for a measure: how many parties each jurisdiction's authorities hold it on.
pub async fn world(State(app): App, Query(clocks): Query<ClockQuery>, Query(query): Query<MapQuery>) -> Answer {
    let part = Part::Map;
    let question = asked(&clocks, part)?;
    let measure = measure_of(query.measure.as_deref(), part)?.unwrap_or(Measure::Designation);
    let today = app.today();
    let (counts, clocks) = app
        .readers
        .ask(move |ledger| {
            let (view, clocks) = question.view(ledger, today)?;
            Ok((map::counts(&view, measure, clocks.on, question.basis())?, clocks))
        })
        .await
        .in_part(part)?;
    let options: Vec<(String, String, bool)> = Measure::ALL
        .into_iter()
        .map(|m| {
            (
                format!("/map{}&measure={m}", permanent(&clocks)),
                m.word().to_owned(),
                m == measure,
            )
        })
        .collect();
    let body = html! {
        h1 { "Who holds the measure " em { (measure.word()) } " on whom" }
        (clocks::controls("/map", &clocks, jiff::civil::Date::constant(1999, 1, 1), today.max(clocks.on), &html! { input type="hidden" name="measure" value=(measure.word()); }))
        p.status data-status="" role="status" {}
        div data-live="world" {
            (choices("Measure", &options))
            (map::world(&counts))
        }
    };
    Ok(page(&Page {
        title: "Map",
        part,
        transaction: Some(clocks.recorded),
        body,
    }))
}

/// Every source document.
pub async fn all_sources(State(app): App, Query(clocks): Query<ClockQuery>) -> Answer {
    let part = Part::Sources;
    let question = asked(&clocks, part)?;
    let today = app.today();
    let (rows, register, transaction) = app
        .readers
        .ask(move |ledger| {
            let (view, clocks) = question.view(ledger, today)?;
            Ok((
                answers::sources(ledger, &question, today)?,
                view.register().clone(),
                clocks.recorded,
            ))
        })
        .await
        .in_part(part)?;
    let body = html! {
        h1 { "Sources" }
        p.lead { "Every file as it was received, never altered, named by the digest of its bytes." }
        (sources::table(&rows, &register, today))
    };
    Ok(page(&Page {
        title: "Sources",
        part,
        transaction: Some(transaction),
        body,
    }))
}
