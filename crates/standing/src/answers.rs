//! Answers in the words of `docs/CLI.md`: what the command line prints with `--json` and the server gives.

mod files;
mod pending;
mod steps;

use serde::Serialize;
use standing_ledger::{Ledger, ListingView, Party, RegisterNote, View};
use standing_model::{Authority, Day, Grade, Instrument, ListingId, Measure, PartialDate, State, Step, Truth};

use crate::clocks::{Clocks, Question};
use crate::error::StandingError;
use crate::read::claims::Said;

pub use files::{
    EndingListing, ListAnswer, ReviewAnswer, SourceAnswer, lists, review, review_ending, review_sample, sources,
};
pub use pending::{PendingRow, pending};
pub use steps::{By, StepRow, Window, authority_matches, changes, timeline, timeline_rows};

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
