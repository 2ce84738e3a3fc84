//! The first page: what the program answers, the search, what moved lately, what is under way, how fresh the lists are.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Query, State};
use maud::{Markup, html};
use standing::answers::{self, ListAnswer, PendingRow};
use standing::model::{Action, Authority, Day, ListingId, PartialDate, Stage, Step};
use standing::words::number;
use standing::{Amendments, Question, legal_date};

use super::answers::{Answer, InPart};
use super::layout::{Page, Part, empty, page};
use super::matrix;
use super::search::{self, SearchQuery};
use super::words::{self, evidence_path, party_path, when};
use crate::shared::Shared;

/// Editions and days of acts shown as moved lately.
const LATELY: usize = 7;
/// Procedures shown as under way.
const UNDER_WAY: usize = 6;
/// Days that count as lately where nothing newer moved: back from the last change.
const DAYS: i64 = 400;

/// What the page shows.
struct Home {
    moved: Vec<Moved>,
    pending: Vec<PendingRow>,
    lists: Vec<ListAnswer>,
    authorities: Vec<Authority>,
    /// The names of the lists that the register tells of, read or not.
    told: Vec<(String, String)>,
    held: usize,
    today: Day,
}

/// What became known on one day about one list, or of acts beside the lists.
struct Moved {
    known: Day,
    list: Option<String>,
    listed: usize,
    lifted: usize,
    others: Vec<Step>,
}

/// The first page; with words to look for, the search.
pub async fn show(State(app): State<Arc<Shared>>, Query(query): Query<SearchQuery>) -> Answer {
    if !query.q.trim().is_empty() {
        return search::search(State(app), Query(query)).await;
    }
    let part = Part::Search;
    let today = app.today();
    let (home, transaction) = app
        .readers
        .ask(move |ledger| {
            let question = Question::default();
            let (view, clocks) = question.view(ledger, today)?;
            let lists = answers::lists(ledger, &question, today)?;
            let since = since(&lists, today);
            // What was amended is told on the page of changes: to count it, every record would be compared with the one before.
            let late = |s: &Step| s.known.and_then(PartialDate::latest).is_some_and(|day| day >= since);
            let mut steps = Vec::new();
            view.each_steps(Amendments::Skip, |some| {
                steps.extend(some.into_iter().filter(&late));
                Ok(())
            })?;
            standing::sort_steps(&mut steps);
            let home = Home {
                moved: moved(steps.into_iter()),
                pending: answers::pending(ledger, &question, today)?
                    .into_iter()
                    .filter(|row| !row.is_news_only())
                    .collect(),
                authorities: view.register().authorities.clone(),
                told: view
                    .register()
                    .lists
                    .iter()
                    .map(|l| (l.id.clone(), l.name.clone()))
                    .collect(),
                held: answers::review(ledger, today)?.len(),
                lists,
                today,
            };
            Ok((home, clocks.recorded))
        })
        .await
        .in_part(part)?;
    super::names::make_ahead(&app);
    Ok(page(&Page {
        title: "Who lists whom",
        part,
        transaction: Some(transaction),
        body: body(&home),
    }))
}

/// From which day on what moved is lately.
fn since(lists: &[ListAnswer], today: Day) -> Day {
    let newest = lists.iter().filter_map(|l| l.date?.latest()).max();
    newest
        .map_or(today, |day| day.min(today))
        .saturating_sub(jiff::Span::new().days(DAYS))
}

/// The newest days first, each list by itself.
fn moved(steps: impl Iterator<Item = Step>) -> Vec<Moved> {
    let mut days: BTreeMap<(Day, Option<String>), Moved> = BTreeMap::new();
    for step in steps {
        let Some(known) = step.known.and_then(PartialDate::latest) else {
            continue;
        };
        let list = step.listing.as_ref().map(|l| l.list().to_owned());
        let entry = days.entry((known, list.clone())).or_insert_with(|| Moved {
            known,
            list,
            listed: 0,
            lifted: 0,
            others: Vec::new(),
        });
        match (step.listing.is_some(), step.stage, step.action) {
            (true, Stage::Effective, Action::Impose) => entry.listed += 1,
            (true, Stage::Effective, Action::Lift) => entry.lifted += 1,
            _ => entry.others.push(step),
        }
    }
    days.into_values().rev().take(LATELY).collect()
}

fn body(home: &Home) -> Markup {
    let listings: i64 = home.lists.iter().filter_map(|l| l.listings).sum();
    html! {
        h1.big { "Who lists whom, since when, by which act, on whose word" }
        p.lead.narrow {
            "Look up a person, group, company or ship, and see where it stands with every authority on any day: listed, suspended, lifted, or only announced to be. Every figure leads to the source that it rests on."
        }
        (search::form(""))
        @if home.lists.is_empty() {
            (empty("No list has been read yet; answers rest on the register alone.", &html! { "Add one: " code { "standing ingest FILE" } ", or fetch those that are published: " code { "standing update" } "." }))
        } @else {
            p.dim { (number(listings.unsigned_abs())) " listings in " (words::count(home.lists.len(), "list", "lists")) ", and the acts and announcements of " (words::count(home.authorities.len(), "authority", "authorities")) " in the register." }
        }
        (questions())
        div.halves {
            section { (lately(home)) }
            section {
                (under_way(home))
                (fresh(home))
            }
        }
    }
}

/// What one may ask, each with where it is answered.
pub fn questions() -> Markup {
    html! {
        h2 { "What it answers" }
        ul.asks {
            li { a href="/party/standing:taliban?on=2024-10-04&known=2024-10-04" { "Where did a party stand on a day?" } span { "The Taliban on 4 October 2024: a ministry says that the ban will go; it is still in force. Move the day." } }
            li { a href="/changes" { "What moved?" } span { "What a list gained, lost and amended between two days, and who returned after years." } }
            li { a href="/pending" { "What is under way?" } span { "Decided or announced and not yet in effect, and for how long." } }
            li { a href="/screen" { "Is this name listed?" } span { "One name, a few or a file of customers, in any script, with the reason for each hit." } }
            li { a href="/read" { "What does an article claim?" } span { "Paste it: its claims are underlined, each beside the record that it meets." } }
            li { a href="/map" { "Who holds which measure?" } span { "The world on any day, country by country." } }
        }
    }
}

fn lately(home: &Home) -> Markup {
    html! {
        h2 { "What moved lately" }
        @if home.moved.is_empty() {
            p.dim { "Nothing that this ledger holds. Changes show once a second edition of a list is added." }
        } @else {
            ul.plain.moved {
                @for m in &home.moved { li {
                    time datetime=(m.known) { (m.known) }
                    div {
                        @match &m.list {
                            Some(list) => {
                                a href={ "/changes?since=" (m.known) "&until=" (m.known) } { (list_name(home, list)) } ": "
                                (tally(m))
                            },
                            None => (acts(home, m)),
                        }
                    }
                } }
            }
            p { a href="/changes" { "All changes" } }
        }
    }
}

fn list_name<'a>(home: &'a Home, list: &'a str) -> &'a str {
    let read = home.lists.iter().find(|l| l.list == list).map(|l| l.name.as_str());
    let told = || {
        home.told
            .iter()
            .find(|(id, _)| id == list)
            .map(|(_, name)| name.as_str())
    };
    read.or_else(told).unwrap_or(list)
}

fn tally(m: &Moved) -> Markup {
    html! {
        @for (n, sign, word, class) in [(m.listed, "+", "listed", "added"), (m.lifted, "−", "lifted", "gone")] {
            @if n > 0 { span.tally { span class=(class) { (sign) " " (number(n as u64)) } " " (word) } " " }
        }
        @if !m.others.is_empty() { span.tally { (words::count(m.others.len(), "other step", "other steps")) } }
    }
}

/// Acts and announcements of one day, by party.
fn acts(home: &Home, m: &Moved) -> Markup {
    const MOST: usize = 3;
    let mut parties: Vec<(&str, &str, Vec<&Step>)> = Vec::new();
    for step in m.others.iter().take(MOST) {
        if let Some((_, _, steps)) = parties.iter_mut().find(|(id, ..)| *id == step.party) {
            steps.push(step);
        } else {
            let name = if step.name.is_empty() { &step.party } else { &step.name };
            parties.push((&step.party, name, vec![step]));
        }
    }
    html! {
        @for (party, name, steps) in &parties {
            span.of { a href=(party_path(party)) { (words::brief(name)) } ": "
                @for (at, step) in steps.iter().enumerate() {
                    @if at > 0 { "; " }
                    a.quiet href=(evidence_path(&step.step, Some(party))) { (matrix::authority(&home.authorities, &step.authority)) ", " (matrix::step_words(step)) }
                    @if legal_date(step).is_some_and(|d| d.as_day() != Some(m.known)) { " " span.dim { (when(legal_date(step))) } }
                }
            }
        }
        @if m.others.len() > MOST { a href={ "/changes?since=" (m.known) "&until=" (m.known) } { "and " (m.others.len() - MOST) " more" } }
    }
}

fn under_way(home: &Home) -> Markup {
    html! {
        h2 { "Under way" }
        @if home.pending.is_empty() {
            p.dim { "No procedure is known to be under way today. " a href="/pending?on=2024-12-31&known=2024-12-31" { "What was at the end of 2024" } "?" }
        } @else {
            ul.plain {
                @for row in home.pending.iter().rev().take(UNDER_WAY) { li {
                    a href=(party_path(&row.party)) { (words::brief(&row.name)) } ": "
                    a.pending href=(evidence_path(&row.step, Some(row.listing.as_ref().map_or(row.party.as_str(), ListingId::as_str)))) {
                        (words::mark("◔")) " " (matrix::authority(&home.authorities, &row.authority)) ", " (matrix::under_way(row.measure, row.action, row.stage))
                    }
                    " " span.dim { (when(row.on)) @if let Some(age) = row.age { ", " (words::count(usize::try_from(age).unwrap_or(0), "day", "days")) " ago" } }
                } }
            }
            p { a href="/pending" { "All that is pending" } }
        }
    }
}

fn fresh(home: &Home) -> Markup {
    html! {
        @if home.held > 0 {
            p.problem { (words::count(home.held, "edition is", "editions are")) " held by the guard and not counted until somebody has looked: " a href="/review" { "review" } "." }
        }
        @if !home.lists.is_empty() {
            h2 { "How fresh the lists are" }
            table.fresh {
                thead { tr { th { "List" } th { "Newest edition" } th.n { "Days old" } th.n { "Listings" } } }
                tbody { @for list in &home.lists { tr {
                    td { @match list.url.as_deref().filter(|u| u.starts_with("http")) { Some(url) => a href=(url) rel="noreferrer noopener external" { (words::visible(&list.name)) }, None => (words::visible(&list.name)) } }
                    td { @if list.date.is_some() { (when(list.date)) } @else { "none counts" } }
                    td.n {
                        @if let Some(day) = list.date.and_then(PartialDate::latest) { (number(u64::try_from((home.today - day).get_days()).unwrap_or(0))) }
                        @if list.outdated { span.state.uncertain.old { (words::mark("◌")) " old" } }
                    }
                    td.n { @if let Some(n) = list.listings { (number(n.unsigned_abs())) } }
                } } }
            }
            p { a href="/sources" { "Every file, with its digest" } }
        }
    }
}
