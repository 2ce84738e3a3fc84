//! Answers in the words of `docs/CLI.md`: what the command line prints with `--json` and the server gives.

mod files;

use std::collections::HashSet;

use serde::Serialize;
use standing_ledger::{Amendments, Ledger, ListingView, Party, RegisterNote, View, legal_date};
use standing_model::{
    Action, Authority, Day, Grade, Instrument, ListingId, Measure, PartialDate, Stage, State, Step, Truth, days_between,
};

use crate::clocks::{Clocks, Question};
use crate::error::StandingError;
use crate::read::Verdict;
use crate::read::claims::Said;

pub use files::{ListAnswer, ReviewAnswer, SourceAnswer, lists, review, review_sample, sources};

/// One row of a party's standing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShowRow {
    /// The party's id.
    pub party: String,
    /// The listing it rests on.
    pub listing: Option<ListingId>,
    /// Who decides.
    pub authority: String,
    /// What is done.
    pub measure: Measure,
    /// Where it stands.
    pub standing: State,
    /// Since when; for `uncertain` the interval of the change.
    pub since: Option<PartialDate>,
    /// The list's date on which it was last seen.
    pub last_seen: Option<PartialDate>,
    /// The strongest grade of what it rests on.
    pub grade: Grade,
    /// Whether that grade counts.
    pub counted: bool,
    /// Procedures under way.
    pub pending: Vec<PendingRow>,
    /// Sources disagree.
    pub contradicted: bool,
    /// The date of the newest edition of the list, where that is older than its usual interval.
    pub outdated: Option<PartialDate>,
    /// The steps it rests on.
    pub steps: Vec<String>,
    /// What news says about it. Never counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Said>,
    /// The steps themselves, for whoever draws them.
    #[serde(skip)]
    pub whole: Vec<Step>,
}

/// A procedure under way.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PendingRow {
    /// The latest step.
    pub step: String,
    /// The procedure.
    pub procedure: Option<String>,
    /// The party's id.
    pub party: String,
    /// The party's name.
    pub name: String,
    /// The listing, if it is about one.
    pub listing: Option<ListingId>,
    /// Who decides.
    pub authority: String,
    /// What is done.
    pub measure: Measure,
    /// What would be done to it.
    pub action: Action,
    /// How far it has come.
    pub stage: Stage,
    /// When the latest step was taken, or will take effect.
    pub on: Option<PartialDate>,
    /// When it became known.
    pub known: Option<PartialDate>,
    /// How strong the evidence is.
    pub grade: Grade,
    /// In words.
    pub note: Option<String>,
    /// What it rests on: titles.
    pub sources: Vec<String>,
    /// Days since the latest step became known.
    pub age: Option<i64>,
    /// What news says of it; for what the record has not confirmed, the one claim that the row stands for. Never counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Said>,
}

impl PendingRow {
    fn of(step: &Step, on: Day) -> Self {
        let age = step
            .known
            .and_then(PartialDate::earliest)
            .map(|k| i64::from(days_between(k, on)));
        Self {
            step: step.step.clone(),
            procedure: step.procedure.clone(),
            party: step.party.clone(),
            name: step.name.clone(),
            listing: step.listing.clone(),
            authority: step.authority.clone(),
            measure: step.measure,
            action: step.action,
            stage: step.stage,
            on: legal_date(step),
            known: step.known,
            grade: step.grade,
            note: step.note.clone(),
            sources: step.sources.iter().map(|e| e.title.clone()).collect(),
            age,
            claims: Vec::new(),
        }
    }

    /// Whether it stands for a claim that the record has not confirmed, and for no step.
    pub fn is_news_only(&self) -> bool {
        matches!(self.claims.as_slice(), [only] if only.claim == self.step)
    }

    /// What news announced and the record has not confirmed: the claim stands for the step that there is not.
    fn said(said: Said, on: Day, name: Option<String>) -> Option<Self> {
        let measure = crate::read::meeting::measure(said.kind)?;
        let age = said
            .known
            .and_then(PartialDate::latest)
            .map(|k| i64::from(days_between(k, on)));
        let party = said.party_id.clone()?;
        Some(Self {
            step: said.claim.clone(),
            procedure: None,
            name: name.or_else(|| said.party.clone()).unwrap_or_default(),
            party,
            listing: None,
            authority: said
                .meets
                .authority
                .clone()
                .or_else(|| said.actor.clone())
                .unwrap_or_default(),
            measure,
            action: said.action?,
            stage: crate::read::meeting::stage(said.status)?,
            on: said.time,
            known: said.known,
            grade: said.grade,
            note: Some(said.evidence_text.clone()),
            sources: vec![format!(
                "{}: {}",
                crate::read::words::published(&said),
                crate::read::words::who(said.speaker.as_deref(), &said.via)
            )],
            age,
            claims: vec![said],
        })
    }
}

/// Where a party stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Show {
    /// The party.
    pub party: Party,
    /// The clocks.
    pub clocks: Clocks,
    /// One row for each authority, measure and listing.
    pub rows: Vec<ShowRow>,
    /// What is to be said beside them.
    pub notes: Vec<RegisterNote>,
    /// The authorities that the rows name.
    pub authorities: Vec<Authority>,
    /// What news says that is beside no row.
    pub apart: Vec<Said>,
}

/// Finds the one party that a text means. Several are an error that lists them; they are never guessed.
pub fn one_party(view: &View<'_>, text: &str) -> Result<Party, StandingError> {
    let mut parties = view.find(text)?;
    match parties.len() {
        1 => Ok(parties.remove(0)),
        0 => Err(StandingError::NoParty(text.to_owned())),
        _ => Err(StandingError::SeveralParties {
            text: text.to_owned(),
            parties: parties.into_iter().map(|p| (p.id, p.name)).collect(),
        }),
    }
}

/// Where a party stands before every authority.
pub fn show(ledger: &Ledger, party: &str, question: &Question, today: Day) -> Result<Show, StandingError> {
    let (view, clocks) = question.view(ledger, today)?;
    let party = one_party(&view, party)?;
    show_party(&view, party, clocks, question.basis())
}

/// Where a party that is already found stands.
pub fn show_party(view: &View<'_>, party: Party, clocks: Clocks, basis: Grade) -> Result<Show, StandingError> {
    let mut rows = Vec::new();
    for standing in view.standings(&party, clocks.on, basis)? {
        let outdated = match &standing.listing {
            Some(listing) if standing.last_seen.is_some() => {
                view.outdated(listing.list(), clocks.on.min(clocks.known))?
            }
            _ => None,
        };
        rows.push(ShowRow {
            party: standing.party,
            listing: standing.listing,
            authority: standing.authority,
            measure: standing.measure,
            standing: standing.standing,
            since: standing.since,
            last_seen: standing.last_seen,
            grade: standing.grade,
            counted: standing.counted,
            pending: standing.pending.iter().map(|s| PendingRow::of(s, clocks.on)).collect(),
            contradicted: standing.contradicted,
            outdated: outdated.map(|(date, _)| date),
            steps: standing.steps.iter().map(|s| s.step.clone()).collect(),
            claims: Vec::new(),
            whole: standing.steps,
        });
    }
    let register = view.register();
    let apart = set_claims(view, &party, clocks, &mut rows)?;
    let short = |id: &str| {
        register
            .authority(id)
            .map_or_else(|| id.to_owned(), |a| a.short.clone())
    };
    rows.sort_by_cached_key(|r| (short(&r.authority), r.measure, r.listing.clone()));
    let holds = |n: &&RegisterNote| {
        party.ids.contains(&n.party)
            && n.known.reached(clocks.known) == Truth::Yes
            && n.from.is_none_or(|d| d.reached(clocks.on) != Truth::No)
            && n.until.is_none_or(|d| d.reached(clocks.on) != Truth::Yes)
    };
    let notes: Vec<RegisterNote> = register.notes.iter().filter(holds).cloned().collect();
    let named =
        |id: &str| rows.iter().any(|r| r.authority == id) || notes.iter().any(|n| n.authority.as_deref() == Some(id));
    let authorities = register.authorities.iter().filter(|a| named(&a.id)).cloned().collect();
    Ok(Show {
        party,
        clocks,
        rows,
        notes,
        authorities,
        apart,
    })
}

/// Sets what news says beside the rows that it is about; gives back what is beside none. What news says of an authority that the record
/// knows and holds nothing of gets a row of its own, in which nothing stands.
fn set_claims(
    view: &View<'_>,
    party: &Party,
    clocks: Clocks,
    rows: &mut Vec<ShowRow>,
) -> Result<Vec<Said>, StandingError> {
    let mut apart = Vec::new();
    for said in crate::read::claims::about(view, party, clocks.on, clocks.on)? {
        let Some(measure) = crate::read::meeting::measure(said.kind) else {
            continue;
        };
        let Some(authority) = said.meets.authority.clone() else {
            apart.push(said);
            continue;
        };
        let at_step = |r: &ShowRow| said.meets.step.as_ref().is_some_and(|s| r.steps.contains(s));
        let same = |r: &ShowRow| r.authority == authority && (r.measure == measure || at_step(r));
        let place = rows
            .iter()
            .position(|r| same(r) && at_step(r))
            .or_else(|| rows.iter().position(same));
        match place {
            Some(at) => rows[at].claims.push(said),
            None => rows.push(ShowRow {
                party: party.id.clone(),
                listing: None,
                authority,
                measure,
                standing: State::None,
                since: None,
                last_seen: None,
                grade: said.grade,
                counted: false,
                pending: Vec::new(),
                contradicted: false,
                outdated: None,
                steps: Vec::new(),
                claims: vec![said],
                whole: Vec::new(),
            }),
        }
    }
    Ok(apart)
}

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
    let (view, _) = question.view(ledger, today)?;
    if let Some(wanted) = &window.authority {
        check_authority(&view, wanted)?;
    }
    let steps = match &window.party {
        Some(party) => view.party_steps(&one_party(&view, party)?)?,
        None => view.all_steps(Amendments::Read)?,
    };
    let mut all: Vec<StepRow> = steps.into_iter().map(StepRow::of).collect();
    mark_returns(&mut all);
    let mut rows = Vec::new();
    for mut row in all {
        let step = &row.step;
        if window
            .authority
            .as_ref()
            .is_some_and(|a| !authority_matches(&view, &step.authority, a))
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
    Ok(rows)
}

/// Procedures under way.
pub fn pending(ledger: &Ledger, question: &Question, today: Day) -> Result<Vec<PendingRow>, StandingError> {
    let (view, clocks) = question.view(ledger, today)?;
    let mut rows = Vec::new();
    let mut ids: Vec<String> = Vec::new();
    for step in view.register().steps.iter().filter(|s| s.procedure.is_some()) {
        let id = step
            .listing
            .as_ref()
            .map_or_else(|| step.party.clone(), ToString::to_string);
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let mut seen = Vec::new();
    for id in ids {
        let Some(party) = view.party_of(&id)? else { continue };
        if seen.contains(&party.id) {
            continue;
        }
        seen.push(party.id.clone());
        for standing in view.standings(&party, clocks.on, question.basis())? {
            rows.extend(standing.pending.iter().map(|s| {
                let mut row = PendingRow::of(s, clocks.on);
                row.name.clone_from(&party.name);
                row
            }));
        }
    }
    for said in crate::read::claims::pending(&view, clocks.on)? {
        let procedure = |r: &&mut PendingRow| {
            let step = said.meets.step.as_ref();
            step.is_some_and(|s| {
                *s == r.step
                    || view
                        .register()
                        .steps
                        .iter()
                        .any(|x| x.step == *s && x.procedure.is_some() && x.procedure == r.procedure)
            })
        };
        if let Some(Verdict::Corroborated) = said.meets.verdict {
            if let Some(row) = rows.iter_mut().find(procedure) {
                row.claims.push(said);
            }
        } else {
            let name = said
                .party_id
                .as_deref()
                .map(|id| view.party_of(id))
                .transpose()?
                .flatten()
                .map(|p| p.name);
            rows.extend(PendingRow::said(said, clocks.on, name));
        }
    }
    rows.sort_by(|a, b| {
        (a.known.map(PartialDate::sort_key), &a.step).cmp(&(b.known.map(PartialDate::sort_key), &b.step))
    });
    Ok(rows)
}

/// A listing with what the ledger knows of it.
pub fn listing(view: &View<'_>, id: &ListingId) -> Result<Option<ListingView>, StandingError> {
    Ok(view.listing(id)?)
}

/// An act in words.
pub fn instrument_words(instrument: &Instrument) -> String {
    match instrument {
        Instrument::Unknown => "no act is known".into(),
        Instrument::Named { id, .. } => id.clone(),
    }
}

/// A party with the records behind it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartyAnswer {
    /// Its id: the highest-ranking of all.
    pub party: String,
    /// The name to show.
    pub name: String,
    /// Every id that is one with it.
    pub ids: Vec<String>,
    /// Its listings that a snapshot shows.
    pub listings: Vec<ListingAnswer>,
}

/// A listing with its last record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ListingAnswer {
    /// Its id.
    pub listing: ListingId,
    /// The list's date on which it was first seen.
    pub first_seen: PartialDate,
    /// The list's date on which it was last seen.
    pub last_seen: PartialDate,
    /// The date of the newest snapshot that says anything about it.
    pub list_date: PartialDate,
    /// Whether that one shows it.
    pub present: bool,
    /// Its record, as last seen.
    pub record: standing_model::Record,
}

/// What the ledger knows about a party.
pub fn party(ledger: &Ledger, party: &str, question: &Question, today: Day) -> Result<PartyAnswer, StandingError> {
    let (view, _) = question.view(ledger, today)?;
    let party = one_party(&view, party)?;
    let mut listings = Vec::new();
    for id in party.listings() {
        let Some((list, reference)) = id.split_once(':') else {
            continue;
        };
        if let Some(found) = view.listing(&ListingId::new(list, reference))? {
            listings.push(ListingAnswer {
                listing: found.id,
                first_seen: found.first_seen,
                last_seen: found.last_seen.date,
                list_date: found.list_date,
                present: found.present,
                record: found.record,
            });
        }
    }
    Ok(PartyAnswer {
        party: party.id,
        name: party.name,
        ids: party.ids,
        listings,
    })
}
