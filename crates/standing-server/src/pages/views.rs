//! The pages that answer a question to the ledger: party, timeline, dossier, listing, evidence, changes, pending, map, sources.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use serde::Deserialize;
use standing::answers::{self, By, Window};
use standing::model::{Day, ListingId, Measure};
use standing::read::claims::{self, Said};
use standing::{StandingError, View, parse_day, parse_first_day};

use super::answers::{Answer, InPart, PageProblem};
use super::clocks::{self, ClockQuery, permanent};
use super::layout::{Page, Part, choices, empty, page};
use super::timeline::{Lane, Span};
use super::{dossier, evidence, listing, map, matrix, party, reader, sources, steps, timeline, words};
use crate::shared::Shared;

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
            let shown = party_page(&view, &question, clocks, &id, None, today)?;
            let rows: Vec<answers::StepRow> = view
                .party_steps(&shown.show.party)?
                .into_iter()
                .map(answers::StepRow::of)
                .collect();
            let said = claims::over_time(&view, &shown.show.party, today)?;
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
            let shown = party_page(&view, &question, clocks, &id, None, today)?;
            let rows: Vec<answers::StepRow> = view
                .party_steps(&shown.show.party)?
                .into_iter()
                .map(answers::StepRow::of)
                .collect();
            let said = claims::over_time(&view, &shown.show.party, today)?;
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

/// Which changes.
#[derive(Debug, Deserialize)]
pub struct ChangesQuery {
    since: Option<String>,
    until: Option<String>,
    authority: Option<String>,
    by: Option<String>,
    amended: Option<String>,
}

/// What changed.
pub async fn changes(State(app): App, Query(clocks): Query<ClockQuery>, Query(query): Query<ChangesQuery>) -> Answer {
    let part = Part::Changes;
    let question = asked(&clocks, part)?;
    let today = app.today();
    let filled = |t: &Option<String>| t.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    let since = filled(&query.since)
        .map(|t| parse_first_day(&t))
        .transpose()
        .map_err(|e| PageProblem::field(part, "since", e))?;
    let until = filled(&query.until)
        .map(|t| parse_day(&t))
        .transpose()
        .map_err(|e| PageProblem::field(part, "until", e))?;
    // A month is what a person looks over; the newest month in which anything changed where nothing is asked.
    let by_on = query.by.as_deref() == Some("on");
    let amended = query.amended.is_some();
    let window = Window {
        since,
        until,
        by: if by_on { By::On } else { By::Known },
        authority: filled(&query.authority),
        party: None,
    };
    let given = since.is_some() || until.is_some();
    let asked_authority = window.authority.clone();
    let (rows, register, clocks, since) = app
        .readers
        .ask(move |ledger| {
            let (view, clocks) = question.view(ledger, today)?;
            let mut rows = answers::changes(ledger, &window, &question, today)?;
            let mut since = window.since;
            if !given {
                let newest = rows
                    .iter()
                    .filter_map(|r| r.step.known?.latest())
                    .filter(|d| *d <= clocks.known)
                    .max();
                since = newest.map(|d| d.saturating_sub(jiff::Span::new().days(92)));
                rows.retain(|r| r.step.known.and_then(standing::model::PartialDate::latest) >= since);
            }
            if !amended {
                for row in &mut rows {
                    row.step.fields.clear();
                }
            }
            Ok((rows, view.register().clone(), clocks, since))
        })
        .await
        .in_part(part)?;
    let value = |t: &Option<String>| t.clone().unwrap_or_default();
    let more = |known: &str| {
        let day = known.rsplit("by ").next().unwrap_or(known);
        format!(
            "/v1/changes?since={day}&until={day}{}",
            asked_authority
                .as_ref()
                .map_or(String::new(), |a| format!("&authority={}", words::encoded(a)))
        )
    };
    let body = html! {
        h1 { "Changes" }
        form.row action="/changes" {
            div.field { label for="since" { "Since" } " " input #since name="since" size="10" inputmode="numeric" pattern=(clocks::DATE) title="2024-10-04, 2024-10 or 2024" autocomplete="off" value=(since.map_or(String::new(), |d| d.to_string())); }
            div.field { label for="until" { "Until" } " " input #until name="until" size="10" inputmode="numeric" pattern=(clocks::DATE) title="2024-10-04, 2024-10 or 2024" autocomplete="off" value=(until.map_or(String::new(), |d| d.to_string())); }
            div.field { label for="authority" { "Authority" } " "
                select #authority name="authority" {
                    option value="" { "all" }
                    @for code in jurisdictions(&register.authorities) { option value=(code) selected[value(&query.authority).eq_ignore_ascii_case(&code)] { (map::country(&code)) } }
                }
            }
            div.field { label for="by" { "By" } " " select #by name="by" { option value="known" { "the day it became known" } option value="on" selected[by_on] { "the legal day" } } }
            div.field { button.primary { "Show" } }
        }
        p.dim { (words::count(rows.len(), "step", "steps"))
            @if let Some(s) = since { " since " (s) } @if let Some(u) = until { " until " (u) }
            ", as known on " (clocks.known) ". " a href="/v1/changes/feed.atom" { "Atom" } " · " a href="/v1/changes/feed.json" { "JSON feed" } }
        @if rows.is_empty() {
            (empty("Nothing changed in this window.", &html! { "Take a longer window, or add an edition of a list: " code { "standing ingest FILE" } "." }))
        } @else {
            (steps::changes(&rows, &register, &more))
        }
    };
    Ok(page(&Page {
        title: "Changes",
        part,
        transaction: Some(clocks.recorded),
        body,
    }))
}

/// The jurisdictions of the register's authorities, sorted.
fn jurisdictions(authorities: &[standing::model::Authority]) -> Vec<String> {
    let mut codes: Vec<String> = authorities.iter().map(|a| a.jurisdiction.to_string()).collect();
    codes.sort_by_key(|code| map::country(code));
    codes.dedup();
    codes
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
