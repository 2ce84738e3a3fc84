//! How a claim meets the record: `corroborated`, `ahead`, `contradicted`, `stale`, `unmatched`.
//!
//! A claim is judged by one day, the day on which it was published unless the caller names another, against the steps that were known by
//! the view's *known*. `docs/READING.md` has the rules as a table. Nothing here moves a standing: a claim inside an uncertain interval is
//! shown with what it would narrow the interval to, and the interval stays.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use standing_ledger::{Party, View};
use standing_model::{
    ClaimStatus, ClaimType, Day, Grade, ListingId, Measure, PartialDate, Stage, Standing, State, Step,
};
use standing_news::ReadClaim;

use super::judge::judge;
use super::unmatched::{Names, Proposal};
use crate::error::StandingError;

/// How a claim meets the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// A step agrees.
    Corroborated,
    /// Announced, decided or said to be done, and not in the record.
    Ahead,
    /// The record shows otherwise.
    Contradicted,
    /// It was so; the record has moved on.
    Stale,
    /// The ledger does not know the party or the authority.
    Unmatched,
}

impl Verdict {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Corroborated => "corroborated",
            Self::Ahead => "ahead",
            Self::Contradicted => "contradicted",
            Self::Stale => "stale",
            Self::Unmatched => "unmatched",
        }
    }
}

/// What a claim would narrow an uncertain interval to, if it counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Narrowing {
    /// The step whose day is uncertain.
    pub step: String,
    /// Its interval in the record, which stays.
    pub from: PartialDate,
    /// The interval that the claim would leave.
    pub to: PartialDate,
}

/// Where the measure stands by now, if it has moved since the day that the claim is judged by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Since {
    /// Where it stands.
    pub standing: State,
    /// Since when.
    pub since: Option<PartialDate>,
    /// The step that moved it.
    pub step: Option<String>,
}

/// A claim beside the record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Meeting {
    /// How they meet; `null` where a claim can neither agree nor disagree (urged, possible, denied, not occurred).
    pub verdict: Option<Verdict>,
    /// The step that it meets.
    pub step: Option<String>,
    /// The authority of the record that it concerns.
    pub authority: Option<String>,
    /// The day that it was judged by.
    pub on: Day,
    /// Where the record stands on that day.
    pub standing: Option<State>,
    /// Since when.
    pub since: Option<PartialDate>,
    /// The day that the record gives, where the claim gives another for the same act.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub differs: Option<PartialDate>,
    /// What it would narrow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub narrows: Option<Narrowing>,
    /// What has become of it since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<Since>,
    /// Names that the party or authority may be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nearest: Vec<Proposal>,
    /// In words.
    pub why: String,
}

/// A meeting with the ids that were found on the way.
pub(crate) struct Met {
    pub party: Option<String>,
    pub authority: Option<String>,
    pub meeting: Meeting,
}

/// The record as claims meet it: parties by name, their steps, looked up once each.
pub struct Record<'v, 'l> {
    view: &'v View<'l>,
    today: Day,
    parties: RefCell<HashMap<String, Rc<Found>>>,
    steps: RefCell<HashMap<String, Rc<Vec<Step>>>>,
    names: Names,
}

enum Found {
    One(Party),
    None(Vec<Proposal>),
}

/// One standing of the record that a claim concerns.
pub(super) struct Row {
    /// On the day that the claim is judged by.
    pub standing: Standing,
    /// By now.
    pub now: Standing,
}

impl<'v, 'l> Record<'v, 'l> {
    /// The record of a view; `today` says what *now* is.
    pub fn new(view: &'v View<'l>, today: Day) -> Self {
        Self {
            view,
            today,
            parties: RefCell::default(),
            steps: RefCell::default(),
            names: Names::default(),
        }
    }

    /// The view behind it.
    pub fn view(&self) -> &'v View<'l> {
        self.view
    }

    fn party(&self, id: Option<&str>, name: &str) -> Result<Rc<Found>, StandingError> {
        let key = id.unwrap_or(name).to_owned();
        if let Some(found) = self.parties.borrow().get(&key) {
            return Ok(Rc::clone(found));
        }
        let mut parties = match id {
            Some(id) => self.view.party_of(id)?.into_iter().collect(),
            None => self.view.find(name.strip_prefix("the ").unwrap_or(name))?,
        };
        let found = Rc::new(match parties.len() {
            1 => Found::One(parties.remove(0)),
            0 => Found::None(self.names.nearest_parties(self.view, name)?),
            _ => Found::None(
                parties
                    .into_iter()
                    .take(5)
                    .map(|p| Proposal::same_name(p.id, p.name))
                    .collect(),
            ),
        });
        self.parties.borrow_mut().insert(key, Rc::clone(&found));
        Ok(found)
    }

    fn steps_of(&self, party: &Party) -> Result<Rc<Vec<Step>>, StandingError> {
        if let Some(steps) = self.steps.borrow().get(&party.id) {
            return Ok(Rc::clone(steps));
        }
        let steps = Rc::new(self.view.party_steps(party)?);
        self.steps.borrow_mut().insert(party.id.clone(), Rc::clone(&steps));
        Ok(steps)
    }

    /// The authority that an actor means: an id, or the jurisdiction whose authorities it stands for.
    fn of_actor(&self, authority: &str, actor: &str) -> bool {
        authority == actor
            || self
                .view
                .register()
                .authority(authority)
                .is_some_and(|a| a.jurisdiction.to_string() == actor || a.name == actor || a.short == actor)
    }

    fn knows_actor(&self, actor: &str) -> bool {
        self.view
            .register()
            .authorities
            .iter()
            .any(|a| self.of_actor(&a.id, actor))
    }

    /// The standings of a party that a claim concerns, on its day and now. A `reported` step is part of what a claim is set beside.
    fn rows(
        &self,
        party: &Party,
        actor: Option<&str>,
        measures: &[Measure],
        day: Day,
    ) -> Result<Vec<Row>, StandingError> {
        type Key = (String, Measure, Option<ListingId>);
        let mut groups: std::collections::BTreeMap<Key, Vec<Step>> = std::collections::BTreeMap::new();
        for step in self.steps_of(party)?.iter() {
            if measures.contains(&step.measure) && actor.is_none_or(|a| self.of_actor(&step.authority, a)) {
                groups
                    .entry((step.authority.clone(), step.measure, step.listing.clone()))
                    .or_default()
                    .push(step.clone());
            }
        }
        groups
            .into_iter()
            .map(|(key, steps)| {
                let last_seen = match &key.2 {
                    Some(listing) => self.view.listing(listing)?.map(|l| l.last_seen.date),
                    None => None,
                };
                let fold = |on| standing_ledger::fold(&party.id, &key, steps.clone(), on, Grade::Reported, last_seen);
                Ok(Row {
                    standing: fold(day),
                    now: fold(self.today.max(day)),
                })
            })
            .collect()
    }

    /// Sets a claim beside the record, judged by a day. `None` for context types.
    pub(crate) fn meet(&self, claim: &ReadClaim, day: Day) -> Result<Option<Met>, StandingError> {
        let c = &claim.claim;
        let Some(measures) = measures(c.kind) else {
            return Ok(None);
        };
        let actor = c.actor.as_deref();
        let met = |party: Option<String>, authority: Option<String>, meeting| {
            Ok(Some(Met {
                party,
                authority,
                meeting,
            }))
        };
        let Some(name) = c.party.as_deref() else {
            let meeting = Meeting::unmatched(day, "the article names no party", Vec::new());
            return met(None, claim.authority_id.clone(), meeting);
        };
        let party = match &*self.party(claim.party_id.as_deref(), name)? {
            Found::One(party) => party.clone(),
            Found::None(nearest) => {
                let why = if nearest.iter().any(Proposal::is_same_name) {
                    format!("several parties are called {name}")
                } else {
                    format!("the ledger knows no party called {name}")
                };
                return met(
                    None,
                    claim.authority_id.clone(),
                    Meeting::unmatched(day, &why, nearest.clone()),
                );
            }
        };
        if let Some(actor) = actor.filter(|a| !self.knows_actor(a)) {
            let nearest = self.names.nearest_authorities(self.view, actor);
            let why = format!("the ledger knows no authority {actor}");
            return met(Some(party.id), None, Meeting::unmatched(day, &why, nearest));
        }
        let rows = self.rows(&party, actor, measures, day)?;
        let mut best: Option<Meeting> = None;
        for row in &rows {
            let meeting = judge(claim, row, day);
            // Where the article names nobody, only a step that it agrees with, or that refutes it, tells whose measure is meant.
            let told = matches!(meeting.verdict, Some(Verdict::Corroborated | Verdict::Contradicted));
            if actor.is_none() && !told {
                continue;
            }
            let better = best.as_ref().is_none_or(|b| rank(meeting.verdict) < rank(b.verdict));
            if better {
                best = Some(meeting);
            }
        }
        let mut meeting = best.unwrap_or_else(|| nothing(claim, day));
        let authority = actor.and_then(|a| self.authority_of(a, c.kind));
        if meeting.authority.is_none() {
            meeting.authority.clone_from(&authority);
        }
        met(Some(party.id), authority, meeting)
    }

    /// The authority of an actor that a claim of this type is about, where the record leaves no choice: the only one, or the only one
    /// that takes such measures on anybody.
    fn authority_of(&self, actor: &str, kind: ClaimType) -> Option<String> {
        let register = self.view.register();
        let ids: Vec<&str> = register
            .authorities
            .iter()
            .filter(|a| self.of_actor(&a.id, actor))
            .map(|a| a.id.as_str())
            .collect();
        if let [one] = ids.as_slice() {
            return Some((*one).to_owned());
        }
        let wanted = measures(kind)?;
        let takes = |id: &&&str| {
            let steps = register
                .steps
                .iter()
                .any(|s| s.authority == **id && wanted.contains(&s.measure));
            let programmes = register.programmes.iter();
            let mut of = programmes.filter(|p| p.authority == **id);
            steps || of.any(|p| p.measures.iter().any(|m| wanted.contains(m)))
        };
        let mut fitting = ids.iter().filter(takes);
        let first = fitting.next()?;
        fitting.next().is_none().then(|| (*first).to_owned())
    }
}

/// What a claim's type is set beside: `assets` meets sanctions too, which freeze them. `None` for context types.
pub fn measures(kind: ClaimType) -> Option<&'static [Measure]> {
    match kind {
        ClaimType::Designation => Some(&[Measure::Designation]),
        ClaimType::Sanctions => Some(&[Measure::Sanctions]),
        ClaimType::Assets => Some(&[Measure::Sanctions, Measure::Assets]),
        ClaimType::Recognition => Some(&[Measure::Recognition]),
        ClaimType::Mission => Some(&[Measure::Mission]),
        _ => None,
    }
}

/// The measure that a claim's type is about; `None` for context types.
pub(crate) fn measure(kind: ClaimType) -> Option<Measure> {
    match kind {
        ClaimType::Assets => Some(Measure::Assets),
        kind => measures(kind)?.first().copied(),
    }
}

/// The stage of a step that a claim of this status would be; `None` where it would be none.
pub(crate) fn stage(status: ClaimStatus) -> Option<Stage> {
    match status {
        ClaimStatus::InEffect | ClaimStatus::Occurred => Some(Stage::Effective),
        ClaimStatus::Decided => Some(Stage::Decided),
        ClaimStatus::Planned => Some(Stage::Announced),
        ClaimStatus::Proposed => Some(Stage::Proposed),
        _ => None,
    }
}

/// Of several listings and authorities of one actor, the one that says most about the claim speaks.
fn rank(verdict: Option<Verdict>) -> u8 {
    match verdict {
        Some(Verdict::Corroborated) => 0,
        Some(Verdict::Contradicted) => 1,
        Some(Verdict::Stale) => 2,
        Some(Verdict::Ahead) => 3,
        Some(Verdict::Unmatched) => 4,
        None => 5,
    }
}

impl Meeting {
    fn unmatched(on: Day, why: &str, nearest: Vec<Proposal>) -> Self {
        Self {
            verdict: Some(Verdict::Unmatched),
            step: None,
            authority: None,
            on,
            standing: None,
            since: None,
            differs: None,
            narrows: None,
            now: None,
            nearest,
            why: why.to_owned(),
        }
    }
}

/// A claim about a measure of which the record holds no step.
fn nothing(claim: &ReadClaim, day: Day) -> Meeting {
    let mut meeting = Meeting::unmatched(day, "", Vec::new());
    meeting.standing = Some(State::None);
    if asserts(claim.claim.status) {
        meeting.verdict = Some(Verdict::Ahead);
        "the record holds nothing of it".clone_into(&mut meeting.why);
    } else {
        meeting.verdict = None;
        meeting.why = format!("{}; the record holds nothing of it", apart(claim.claim.status));
    }
    meeting
}

/// Whether the claim says that something is done or under way, so that a step can agree with it.
fn asserts(status: ClaimStatus) -> bool {
    !matches!(
        status,
        ClaimStatus::Urged | ClaimStatus::Possible | ClaimStatus::Denied | ClaimStatus::NotOccurred
    )
}

pub(super) fn apart(status: ClaimStatus) -> &'static str {
    match status {
        ClaimStatus::Urged => "urged, not done",
        ClaimStatus::Possible => "only possible",
        ClaimStatus::Denied => "denied",
        _ => "said not to have happened",
    }
}
