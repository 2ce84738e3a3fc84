//! The pages of one party: where it stands, its timeline, its dossier.

use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use serde::Deserialize;
use standing::answers;
use standing::model::{Day, Measure};
use standing::read::claims::{self, Said};
use standing::{StandingError, View};

use super::{App, asked, measure_of};
use crate::pages::answers::{Answer, InPart, PageProblem};
use crate::pages::clocks::{self, ClockQuery, permanent};
use crate::pages::layout::{Page, Part, choices, page};
use crate::pages::timeline::{Lane, Span};
use crate::pages::{dossier, matrix, party, reader, steps, timeline, words};

/// What the address of a party's page may say beside the clocks.
#[derive(Debug, Deserialize)]
pub struct PartyQuery {
    measure: Option<String>,
    from: Option<String>,
    until: Option<String>,
    page: Option<String>,
}

/// A number of the address, if it gives one.
fn number_of<T: std::str::FromStr>(text: Option<&str>, field: &str, part: Part) -> Result<Option<T>, PageProblem> {
    match text.map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) => text
            .parse()
            .map(Some)
            .map_err(|_| PageProblem::field(part, field, format!("{field}: \"{text}\" is not such a number"))),
    }
}

/// Steps on one page of a party's timeline.
const STEPS: usize = 100;

/// The steps of one page, and the links to the others; the newest page where none is asked for.
fn paged<'a>(rows: &'a [answers::StepRow], asked: Option<usize>, path: &str) -> (&'a [answers::StepRow], Markup) {
    let pages: Vec<&[answers::StepRow]> = rows.chunks(STEPS).collect();
    let Some(last) = pages.len().checked_sub(1) else {
        return (&[], html! {});
    };
    let at = asked.map_or(last, |page| page.saturating_sub(1).min(last));
    let options: Vec<(String, String, bool)> = (0..pages.len())
        .map(|n| {
            let first = n * STEPS + 1;
            (
                format!("{path}&page={}", n + 1),
                format!("{first} to {}", first + pages[n].len() - 1),
                n == at,
            )
        })
        .collect();
    let links = html! { @if last > 0 { (choices("Steps, oldest first", &options)) } };
    (pages[at], links)
}

fn party_page(
    view: &View<'_>,
    question: &standing::Question,
    clocks: standing::Clocks,
    id: &str,
    measure: Option<Measure>,
    today: Day,
) -> Result<party::PartyPage, StandingError> {
    let found = answers::one_party(view, id)?;
    let show = answers::show_party(view, found, clocks, question.basis())?;
    let listings = party::listings(view, &show)?;
    let days = party::days(&show, today);
    let said = claims::about(view, &show.party, clocks.on, today)?;
    Ok(party::PartyPage {
        show,
        listings,
        days,
        said,
        measure,
    })
}

/// A party.
pub async fn party(
    State(app): App,
    Path(id): Path<String>,
    Query(clocks): Query<ClockQuery>,
    Query(query): Query<PartyQuery>,
) -> Answer {
    let part = Part::Search;
    let question = asked(&clocks, part)?;
    let measure = measure_of(query.measure.as_deref(), part)?;
    let today = app.today();
    let shown = app
        .readers
        .ask(move |ledger| {
            let (view, clocks) = question.view(ledger, today)?;
            party_page(&view, &question, clocks, &id, measure, today)
        })
        .await
        .in_part(part)?;
    Ok(page(&Page {
        title: &shown.show.party.name,
        part,
        transaction: Some(shown.show.clocks.recorded),
        body: party::body(&shown),
    }))
}

/// The lanes of a party: its rows, and above the first lane of each authority and measure what articles claim about it.
fn lanes(show: &answers::Show, said: &[Said]) -> Vec<Lane> {
    let mut rest: Vec<&Said> = said.iter().collect();
    show.rows
        .iter()
        .map(|row| {
            let about = |s: &&Said| {
                s.meets.authority.as_deref() == Some(row.authority.as_str())
                    && standing::read::meeting::measures(s.kind).is_some_and(|m| m.contains(&row.measure))
            };
            let (own, others): (Vec<&Said>, Vec<&Said>) = std::mem::take(&mut rest).into_iter().partition(about);
            rest = others;
            let claims = own
                .into_iter()
                .filter_map(|s| {
                    Some(timeline::ClaimMark {
                        known: s.known?.latest()?,
                        words: format!(
                            "{}, {}: {}",
                            reader::claim_words(s.kind, s.action, s.actor.as_deref(), s.party.as_deref()),
                            standing::read::words::status_words(s.status),
                            standing::read::words::who(s.speaker.as_deref(), &s.via)
                        ),
                        path: reader::claim_path(&s.claim),
                    })
                })
                .collect();
            Lane {
                authority: matrix::authority(&show.authorities, &row.authority).to_owned(),
                measure: row.measure,
                listing: row.listing.clone(),
                steps: row.whole.clone(),
                claims,
            }
        })
        .collect()
}

/// A party with every step and all that articles claim about it, whenever that was.
fn over_time(
    view: &View<'_>,
    question: &standing::Question,
    clocks: standing::Clocks,
    id: &str,
    today: Day,
) -> Result<(party::PartyPage, Vec<answers::StepRow>, Vec<Said>), StandingError> {
    let shown = party_page(view, question, clocks, id, None, today)?;
    let steps = view.party_steps(&shown.show.party)?;
    let rows = steps.into_iter().map(answers::StepRow::of).collect();
    let said = claims::over_time(view, &shown.show.party, today)?;
    Ok((shown, rows, said))
}

/// A party's timeline.
pub async fn party_timeline(
    State(app): App,
    Path(id): Path<String>,
    Query(clocks): Query<ClockQuery>,
    Query(query): Query<PartyQuery>,
) -> Answer {
    let part = Part::Search;
    let question = asked(&clocks, part)?;
    let from = number_of::<i16>(query.from.as_deref(), "from", part)?;
    let until = number_of::<i16>(query.until.as_deref(), "until", part)?;
    let asked_page = number_of::<usize>(query.page.as_deref(), "page", part)?;
    let today = app.today();
    let basis = question.basis();
    let (shown, rows, said) = app
        .readers
        .ask(move |ledger| {
            let (view, clocks) = question.view(ledger, today)?;
            let (shown, rows, said) = over_time(&view, &question, clocks, &id, today)?;
            Ok((shown, rows, said))
        })
        .await
        .in_part(part)?;
    let show = &shown.show;
    let lanes = lanes(show, &said);
    let natural = timeline::natural_span(&lanes, today);
    let span = Span {
        from: from.unwrap_or(natural.from).clamp(1900, 2199),
        until: until.unwrap_or(natural.until).clamp(1900, 2199),
    };
    if span.from > span.until {
        return Err(PageProblem::field(
            part,
            "from",
            format!("{} lies after {}", span.from, span.until),
        ));
    }
    let path = format!("{}/timeline", words::party_path(&show.party.id));
    let body = html! {
        (words::title(&show.party.name, ": timeline"))
        p.id { (show.party.id) }
        p.lead { (matrix::sentence(show)) }
        (clocks::controls(&path, &show.clocks, shown.days.0, shown.days.1, &html! {
            @if from.is_some() || until.is_some() {
                input type="hidden" name="from" value=(span.from); input type="hidden" name="until" value=(span.until);
            }
        }))
        p.status data-status="" role="status" {}
        div data-live="timeline" {
            (zoom(&path, &show.clocks, span, natural))
            div.wide { (timeline::svg(&lanes, span, show.clocks.on, today, basis)) }
            p.legend { "Solid bars: in force or granted. Hatched: suspended. Fading edges: the day is uncertain. Marks on the bar: steps (filled official, grey stated, dashed reported; with a ✕ above where sources disagree); hollow marks above: proposed, announced or decided; a line leads to the effect. Each is a link to what it rests on." }
        }
        h2 { "Every step" }
        @let (some, pages) = paged(&rows, asked_page, &format!("{path}{}&from={}&until={}", permanent(&show.clocks), span.from, span.until));
        div data-live="steps" { (pages) (steps::table(some, &show.authorities)) }
        p.no-print { a href=(format!("{}{}", words::party_path(&show.party.id), permanent(&show.clocks))) { "Back to where it stands" } }
    };
    Ok(page(&Page {
        title: &format!("{}: timeline", show.party.name),
        part,
        transaction: Some(show.clocks.recorded),
        body,
    }))
}

fn zoom(path: &str, clocks: &standing::Clocks, span: Span, natural: Span) -> Markup {
    let link = |from: i16, until: i16| format!("{path}{}&from={from}&until={until}", permanent(clocks));
    let years = (span.until - span.from).max(1);
    let middle = span.from.midpoint(span.until);
    let half = (years / 4).max(1);
    let step = (years / 3).max(1);
    choices(
        "Years",
        &[
            (link(natural.from, natural.until), "all".into(), span == natural),
            (
                link(natural.until - 5, natural.until),
                "last 5".into(),
                span.from == natural.until - 5 && span.until == natural.until,
            ),
            (link(middle - half, middle + half), "closer".into(), false),
            (link(span.from - step, span.until + step), "farther".into(), false),
            (link(span.from - step, span.until - step), "earlier".into(), false),
            (link(span.from + step, span.until + step), "later".into(), false),
        ],
    )
}

/// A printable page of one party.
pub async fn party_dossier(State(app): App, Path(id): Path<String>, Query(clocks): Query<ClockQuery>) -> Answer {
    let part = Part::Search;
    let question = asked(&clocks, part)?;
    let today = app.today();
    let basis = question.basis();
    let (shown, rows, said, head) = app
        .readers
        .ask(move |ledger| {
            let (view, clocks) = question.view(ledger, today)?;
            let (shown, rows, said) = over_time(&view, &question, clocks, &id, today)?;
            Ok((shown, rows, said, ledger.head()?))
        })
        .await
        .in_part(part)?;
    let lanes = lanes(&shown.show, &said);
    let span = timeline::natural_span(&lanes, today);
    let picture = timeline::svg(&lanes, span, shown.show.clocks.on, today, basis);
    Ok(page(&Page {
        title: &format!("{}: dossier", shown.show.party.name),
        part,
        transaction: Some(shown.show.clocks.recorded),
        body: dossier::body(&shown, &rows, &picture, &head),
    }))
}
