//! Steps as answers: a party's timeline, and what changed in a window.

use std::collections::HashSet;

use serde::Serialize;
use standing_ledger::{Amendments, Ledger, Party, View, legal_date, sort_steps, step_order};
use standing_model::{Action, Day, ListingId, PartialDate, Stage, Step};

use super::one_party;
use crate::clocks::Question;
use crate::error::StandingError;
use crate::read::claims::Said;

/// One step as `changes` and `timeline` give it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepRow {
    /// The step.
    #[serde(flatten)]
    pub step: Step,
    /// The day asked by lies inside an uncertain interval.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub uncertain: bool,
    /// What news says of it. Never counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Said>,
    /// The listing comes back after snapshots showed it and then lacked it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub returns: bool,
}

impl StepRow {
    /// A step that no window cuts.
    pub fn of(step: Step) -> Self {
        Self {
            step,
            uncertain: false,
            returns: false,
            claims: Vec::new(),
        }
    }
}

/// Marks the steps by which a listing comes back.
fn mark_returns(rows: &mut [StepRow]) {
    // Steps come by legal day; of one listing the lift stands before the return, whatever stands between.
    let mut lifted: HashSet<ListingId> = HashSet::new();
    for row in rows {
        let (Some(listing), Stage::Effective) = (&row.step.listing, row.step.stage) else {
            continue;
        };
        match row.step.action {
            Action::Lift => {
                lifted.insert(listing.clone());
            }
            Action::Impose => row.returns = lifted.contains(listing),
            _ => {}
        }
    }
}

/// Every step of a party, oldest first.
pub fn timeline(
    ledger: &Ledger,
    party: &str,
    question: &Question,
    today: Day,
) -> Result<(Party, Vec<StepRow>), StandingError> {
    let (view, _) = question.view(ledger, today)?;
    let party = one_party(&view, party)?;
    let rows = timeline_rows(&view, &party, today)?;
    Ok((party, rows))
}

/// Every step of a party that is already found, oldest first, each with what news says of it.
pub fn timeline_rows(view: &View<'_>, party: &Party, today: Day) -> Result<Vec<StepRow>, StandingError> {
    let mut rows: Vec<StepRow> = view.party_steps(party)?.into_iter().map(StepRow::of).collect();
    for said in crate::read::claims::over_time(view, party, today)? {
        let beside = |r: &&mut StepRow| said.meets.step.as_deref() == Some(r.step.step.as_str());
        if let Some(row) = rows.iter_mut().find(beside) {
            row.claims.push(said);
        }
    }
    Ok(rows)
}

/// By which clock a window of changes is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    /// The day on which a change became known: each step falls into exactly one window.
    #[default]
    Known,
    /// The legal day: an interval belongs to every window that it touches.
    On,
}

/// Which changes are asked for.
#[derive(Debug, Clone, Default)]
pub struct Window {
    /// First day.
    pub since: Option<Day>,
    /// Last day.
    pub until: Option<Day>,
    /// By which clock.
    pub by: By,
    /// An authority's id or a jurisdiction code.
    pub authority: Option<String>,
    /// A party.
    pub party: Option<String>,
}

/// Does an authority's id answer to what a command line names: an id, or a jurisdiction code, which matches all its authorities?
pub fn authority_matches(view: &View<'_>, id: &str, wanted: &str) -> bool {
    id.eq_ignore_ascii_case(wanted)
        || view
            .register()
            .authority(id)
            .is_some_and(|a| a.jurisdiction.to_string().eq_ignore_ascii_case(wanted))
}

/// The ids that `--authority` may name, if this is not one of them.
fn check_authority(view: &View<'_>, wanted: &str) -> Result<(), StandingError> {
    let register = view.register();
    let known = register
        .authorities
        .iter()
        .any(|a| authority_matches(view, &a.id, wanted));
    let list = view.lists()?.iter().any(|l| l == wanted);
    if known || list || register.authorities.is_empty() {
        return Ok(());
    }
    let mut ids: Vec<String> = register
        .authorities
        .iter()
        .map(|a| a.jurisdiction.to_string())
        .collect();
    ids.sort();
    ids.dedup();
    Err(StandingError::NoAuthority {
        wanted: wanted.to_owned(),
        known: ids,
    })
}

/// The changes in a window, oldest first.
pub fn changes(
    ledger: &Ledger,
    window: &Window,
    question: &Question,
    today: Day,
) -> Result<Vec<StepRow>, StandingError> {
    if let (Some(since), Some(until)) = (window.since, window.until)
        && since > until
    {
        return Err(StandingError::Question(format!(
            "the window ends before it begins: --since {since} lies after --until {until}"
        )));
    }
    let (view, _) = question.view(ledger, today)?;
    if let Some(wanted) = &window.authority {
        check_authority(&view, wanted)?;
    }
    let mut rows = Vec::new();
    if let Some(party) = &window.party {
        rows = within(&view, window, view.party_steps(&one_party(&view, party)?)?);
    } else {
        view.each_steps(Amendments::Read, |mut steps| {
            sort_steps(&mut steps);
            rows.extend(within(&view, window, steps));
            Ok(())
        })?;
        rows.sort_by_cached_key(|row| step_order(&row.step));
    }
    Ok(rows)
}

/// Those of a window, of the steps of one listing or of several in their order.
fn within(view: &View<'_>, window: &Window, steps: Vec<Step>) -> Vec<StepRow> {
    let mut all: Vec<StepRow> = steps.into_iter().map(StepRow::of).collect();
    mark_returns(&mut all);
    let mut rows = Vec::new();
    for mut row in all {
        let step = &row.step;
        if window
            .authority
            .as_ref()
            .is_some_and(|a| !authority_matches(view, &step.authority, a))
        {
            continue;
        }
        let (first, last) = match window.by {
            // Known by the last day that it may have been: one day, so one window.
            By::Known => {
                let day = step.known.and_then(PartialDate::latest);
                (day, day)
            }
            By::On => (
                legal_date(step).and_then(PartialDate::earliest),
                legal_date(step).and_then(PartialDate::latest),
            ),
        };
        let after_start = window.since.is_none_or(|since| last.is_none_or(|last| last >= since));
        let before_end = window
            .until
            .is_none_or(|until| first.is_none_or(|first| first <= until));
        if after_start && before_end {
            let within = |d: Option<Day>| {
                d.is_some_and(|d| window.since.is_none_or(|s| d >= s) && window.until.is_none_or(|u| d <= u))
            };
            row.uncertain = window.by == By::On && !(within(first) && within(last));
            rows.push(row);
        }
    }
    rows
}
