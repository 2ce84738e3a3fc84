//! Listings that may be one party, side by side with the evidence, for a person to judge.
//!
//! Which names resemble each other takes seconds to find, so it is found in the background, once for each state of the lists, and never while somebody waits for a
//! page; until it is known the page shows what rests on other evidence, and says so. A decision changes no name, so it does not ask for it anew.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use standing::answers;
use standing::candidates::{self, Candidate, Resemblance};
use standing::model::Day;
use standing::{Ledger, Question, StandingError};

use super::access::Visitor;
use super::answers::{InPart, PageProblem};
use super::kept::Unfinished;
use super::layout::{Page, Part, empty, page};
use super::words;
use crate::shared::Shared;
use crate::tokens::Scope;

const PART: Part = Part::Review;

/// Proposals shown at once.
const PROPOSED: usize = 100;

/// Which editions of which lists count: what the names depend on.
type Editions = (u64, Vec<(String, String, usize)>);

#[derive(Debug)]
enum Compared {
    UnderWay,
    Done(Arc<Vec<Resemblance>>),
    Failed(String),
}

/// The resemblances of the state that was asked for last.
#[derive(Debug, Default)]
pub struct KeptResemblances(Mutex<Option<(Editions, Compared)>>);

impl KeptResemblances {
    fn set(&self, of: &Editions, compared: Compared) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Meanwhile another state may have been asked for.
        if kept.as_ref().is_some_and(|(editions, _)| editions == of) {
            *kept = Some((of.clone(), compared));
        }
    }
}

fn editions(app: &Shared, ledger: &Ledger, today: Day) -> Result<Editions, StandingError> {
    let lists = answers::lists(ledger, &Question::default(), today)?;
    let editions = lists
        .into_iter()
        .map(|l| (l.list, standing::words::date(l.date), l.snapshots))
        .collect();
    Ok((app.state().file, editions))
}

/// What is known of resemblances now; where nothing is, begins to find them.
enum Known {
    Resemblances(Arc<Vec<Resemblance>>),
    UnderWay,
    Failed(String),
}

fn known(app: &Arc<Shared>, of: &Editions, today: Day) -> Known {
    let mut kept = app.resemblances.0.lock().unwrap_or_else(PoisonError::into_inner);
    match kept.as_ref().filter(|(editions, _)| editions == of) {
        Some((_, Compared::Done(found))) => return Known::Resemblances(Arc::clone(found)),
        Some((_, Compared::Failed(why))) => {
            let why = why.clone();
            // The next who asks has it tried again.
            *kept = None;
            return Known::Failed(why);
        }
        Some((_, Compared::UnderWay)) => return Known::UnderWay,
        None => *kept = Some((of.clone(), Compared::UnderWay)),
    }
    drop(kept);
    let (app, of) = (Arc::clone(app), of.clone());
    tokio::spawn(async move {
        let found = match app.heavy_turn().await {
            Ok(turn) => {
                let found = app
                    .readers
                    .ask(move |ledger| candidates::resemblances(ledger, &Question::default(), today))
                    .await;
                drop(turn);
                found
            }
            Err(problem) => Err(problem),
        };
        app.resemblances.set(
            &of,
            match found {
                Ok(found) => Compared::Done(Arc::new(found)),
                Err(problem) => {
                    tracing::warn!(why = problem.detail, "names could not be compared for proposals");
                    Compared::Failed(problem.detail.clone())
                }
            },
        );
    });
    Known::UnderWay
}

/// Begins to compare, so that it is done when the proposals are asked for.
pub fn compare_ahead(app: &Arc<Shared>) {
    let app = Arc::clone(app);
    let today = app.today();
    tokio::spawn(async move {
        let asked = Arc::clone(&app);
        let of = app.readers.ask(move |ledger| editions(&asked, ledger, today)).await;
        // A ledger that cannot be read is told of where an answer is given.
        if let Ok(of) = of {
            known(&app, &of, today);
        }
    });
}

/// The proposals.
pub async fn show(State(app): State<Arc<Shared>>, headers: HeaderMap) -> Result<Response, PageProblem> {
    let today = app.today();
    let visitor = Visitor::of(&app, &headers);
    let asked = Arc::clone(&app);
    let of = app
        .readers
        .ask(move |ledger| editions(&asked, ledger, today))
        .await
        .in_part(PART)?;
    let known = known(&app, &of, today);
    let found = match &known {
        Known::Resemblances(found) => Arc::clone(found),
        Known::UnderWay | Known::Failed(_) => Arc::default(),
    };
    let rows = app
        .readers
        .ask(move |ledger| candidates::candidates(ledger, &Question::default(), today, &found))
        .await
        .in_part(PART)?;
    let markup = page(&Page {
        title: "Proposals",
        part: PART,
        transaction: None,
        body: body(&rows, &known, &visitor),
    });
    let mut response = markup.into_response();
    if !matches!(known, Known::Resemblances(_)) {
        response.extensions_mut().insert(Unfinished);
    }
    Ok(response)
}

fn body(rows: &[Candidate], known: &Known, visitor: &Visitor) -> Markup {
    html! {
        h1 { "Listings that may be one party" }
        div data-live="proposals" {
            @match known {
                Known::Resemblances(_) => {},
                Known::UnderWay => div.empty data-again="2000" role="status" {
                    p { "Names are being compared at this moment, every listing with those of the other lists; it takes some seconds. Until then only what rests on shared identifiers and equal names is shown." }
                    p { a href="/review/candidates" { "Look again" } }
                },
                Known::Failed(why) => div.problem role="alert" {
                    p { "Names could not be compared: " (words::visible(why)) }
                    p { "What follows rests on shared identifiers and equal names. Asking for this page again tries it again." }
                },
            }
            @if rows.is_empty() {
                (empty("Nothing is proposed.", &html! { "What is certain is connected by rule; what is only likely would stand here, with its evidence. Proposals come with a second list: " code { "standing ingest FILE" } "." }))
            } @else {
                p.lead { (words::count(rows.len(), "proposal", "proposals")) @if rows.len() > PROPOSED { "; the " (PROPOSED) " with the most evidence are shown" } "." }
                @if visitor.may(Scope::Judge) {
                    p.kbd.dim { "Keys: " kbd { "n" } " next, " kbd { "p" } " previous, " kbd { "s" } " same, " kbd { "d" } " different, " kbd { "u" } " unsure; each needs a reason first." }
                } @else { p.dim { "To decide them, " a href="/access" { "enter a token" } " with the scope judge." } }
            }
            @for row in rows.iter().take(PROPOSED) { (proposal(row, visitor)) }
        }
    }
}

fn proposal(row: &Candidate, visitor: &Visitor) -> Markup {
    html! {
        section.card.pair data-hit="" tabindex="-1" {
            div.halves {
                (side(&row.a, &row.names.0, &row.listings.0))
                (side(&row.b, &row.names.1, &row.listings.1))
            }
            ul.plain.clues { @for clue in &row.evidence { li.against[clue.weight < 0] {
                span aria-hidden="true" { @if clue.weight < 0 { "− " } @else { "+ " } } span.vh { @if clue.weight < 0 { "against: " } @else { "for: " } }
                (clue.clue) ": " (words::visible(&clue.words))
            } } }
            @if visitor.may(Scope::Judge) {
                form.row method="post" action="/review/judge" {
                    (visitor.guard())
                    input type="hidden" name="a" value=(row.a);
                    input type="hidden" name="b" value=(row.b);
                    div.field { label { "Your reason " input name="why" size="30" required maxlength="2000"; } }
                    div.field { button name="verdict" value="same" { "Same" } " " button name="verdict" value="different" { "Different" } " " button name="verdict" value="unsure" { "Unsure" } }
                }
            }
        }
    }
}

fn side(id: &str, name: &str, listing: &str) -> Markup {
    html! { p { a href=(words::party_path(id)) { (words::brief(name)) } br; span.ref.dim { (listing) } } }
}
