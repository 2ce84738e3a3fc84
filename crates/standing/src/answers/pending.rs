//! Procedures under way as an answer: those of the register, and what only news says.

use serde::Serialize;
use standing_ledger::{Ledger, legal_date};
use standing_model::{Action, Day, Evidence, Grade, ListingId, Measure, PartialDate, Stage, Step, days_between};

use crate::clocks::Question;
use crate::error::StandingError;
use crate::read::Verdict;
use crate::read::claims::Said;

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
    /// What it rests on: titles, the strongest first.
    pub sources: Vec<String>,
    /// Days since the latest step became known.
    pub age: Option<i64>,
    /// What news says of it; for what the record has not confirmed, the one claim that the row stands for. Never counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Said>,
}

impl PendingRow {
    pub(super) fn of(step: &Step, on: Day) -> Self {
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
            sources: strongest_first(&step.sources),
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

/// Titles of what a step rests on: the row's grade stands before them, so the one that bears it comes first.
fn strongest_first(sources: &[Evidence]) -> Vec<String> {
    let mut sources: Vec<&Evidence> = sources.iter().collect();
    sources.sort_by_key(|e| std::cmp::Reverse(e.grade));
    sources.iter().map(|e| e.title.clone()).collect()
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
