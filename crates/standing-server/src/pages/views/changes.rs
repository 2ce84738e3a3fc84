//! The page of changes: what became known, or came into effect, in a window of days.

use axum::extract::{Query, State};
use maud::html;
use serde::Deserialize;
use standing::answers::{self, By, Window};
use standing::{parse_day, parse_first_day};

use super::{App, asked};
use crate::pages::answers::{Answer, InPart, PageProblem};
use crate::pages::clocks::{self, ClockQuery};
use crate::pages::layout::{Page, Part, empty, page};
use crate::pages::{map, steps, words};

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
            @if let Some(s) = since { " since " (words::dated(&s.to_string())) } @if let Some(u) = until { " until " (words::dated(&u.to_string())) }
            ", as known on " (words::dated(&clocks.known.to_string())) ". " a href="/v1/changes/feed.atom" { "Atom" } " · " a href="/v1/changes/feed.json" { "JSON feed" } }
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
