//! From a view of the ledger to what an index is built from: every listing that the policy selects, with every name that is known for it.

use std::collections::{BTreeMap, HashMap};

use standing_ledger::{ListingView, Party, RegisterParty, View};
use standing_model::{
    Address, Country, Day, Instrument, Measure, Name, NameKind, NameQuality, PartyKind, Record, Standing, State,
};
use standing_screen::listed::{Entry, EntryName, Fields, MeasureLine, NameSource, PendingLine};
use standing_screen::policy::WeakAliases;
use standing_screen::{ListEdition, Policy};

use crate::error::StandingError;

/// What a view gives to an index.
#[derive(Debug, Default)]
pub struct Listed {
    /// Listings, and parties that the register alone knows.
    pub entries: Vec<Entry>,
    /// The lists they rest on.
    pub lists: Vec<ListEdition>,
    /// Listings that the policy leaves out.
    pub left_out: usize,
}

/// Reads a view.
pub fn listed(view: &View<'_>, on: Day, policy: &Policy) -> Result<Listed, StandingError> {
    let register = view.register();
    let parties: HashMap<&str, &RegisterParty> = register.parties.iter().map(|p| (p.id.as_str(), p)).collect();
    let mut cluster_of: HashMap<String, usize> = HashMap::new();
    let mut clusters = view.parties()?;
    for (at, ids) in clusters.iter().enumerate() {
        cluster_of.extend(ids.iter().map(|id| (id.clone(), at)));
    }
    let mut members: BTreeMap<usize, Vec<ListingView>> = BTreeMap::new();
    for list in view.lists()? {
        view.each_listing(&list, |listing| {
            let at = *cluster_of.entry(listing.id.to_string()).or_insert_with(|| {
                clusters.push(vec![listing.id.to_string()]);
                clusters.len() - 1
            });
            members.entry(at).or_default().push(listing);
            Ok(())
        })?;
    }
    let mut listed = Listed::default();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (at, ids) in clusters.iter().enumerate() {
        let party = Party {
            id: View::canonical(ids).to_owned(),
            name: String::new(),
            ids: ids.clone(),
        };
        let standings = view.standings(&party, on, policy.select.basis)?;
        let known: Vec<&RegisterParty> = ids.iter().filter_map(|id| parties.get(id.as_str()).copied()).collect();
        for listing in members.remove(&at).unwrap_or_default() {
            let own = standings.iter().filter(|s| s.listing.as_ref() == Some(&listing.id));
            let lines = lines(own, Some(listing.id.list()), view, policy);
            if lines.is_empty() || !policy.selects_kind(listing.record.kind) {
                listed.left_out += 1;
                continue;
            }
            *counts.entry(listing.id.list().to_owned()).or_default() += 1;
            listed
                .entries
                .push(of_listing(&party.id, &listing, &known, lines, policy));
        }
        // What the register alone says of a party rests on no listing.
        if let Some(first) = known.first() {
            let own = standings.iter().filter(|s| s.listing.is_none());
            let lines = lines(own, None, view, policy);
            if !lines.is_empty() && policy.selects_kind(first.kind) {
                listed.entries.push(of_register(&party.id, &known, lines));
            }
        }
    }
    for (list, listings) in counts {
        let date = view.list_date(&list)?;
        listed.lists.push(ListEdition {
            date: date.map_or_else(|| "unknown".into(), |d| d.to_string()),
            outdated: view.outdated(&list, on.min(view.known()))?.is_some(),
            list,
            listings,
        });
    }
    Ok(listed)
}

fn lines<'a>(
    standings: impl Iterator<Item = &'a Standing>,
    list: Option<&str>,
    view: &View<'_>,
    policy: &Policy,
) -> Vec<MeasureLine> {
    let mut lines = Vec::new();
    for standing in
        standings.filter(|s| matches!(s.measure, Measure::Designation | Measure::Sanctions | Measure::Assets))
    {
        let jurisdiction = view
            .register()
            .authority(&standing.authority)
            .map(|a| a.jurisdiction.to_string())
            .unwrap_or_default();
        let line = line(standing);
        if policy.selects(list, &line, &jurisdiction) {
            lines.push(line);
        }
    }
    lines.sort_by(|a, b| (&a.authority, a.measure).cmp(&(&b.authority, b.measure)));
    lines
}

fn line(standing: &Standing) -> MeasureLine {
    let last = standing
        .steps
        .iter()
        .rev()
        .find(|s| s.on == standing.since || s.on.is_none());
    let instrument = match last.map(|s| &s.instrument) {
        Some(Instrument::Named { id, .. }) => Some(id.clone()),
        _ => None,
    };
    let mut programmes: Vec<String> = standing
        .steps
        .iter()
        .flat_map(|s| s.programmes.iter().cloned())
        .collect();
    programmes.sort_unstable();
    programmes.dedup();
    MeasureLine {
        authority: standing.authority.clone(),
        measure: standing.measure,
        standing: standing.standing,
        since: standing.since,
        instrument,
        grade: standing.grade,
        programmes,
        pending: standing
            .pending
            .iter()
            .map(|s| PendingLine {
                action: s.action,
                stage: s.stage,
                on: standing_ledger::legal_date(s),
            })
            .collect(),
    }
}

/// The strongest of several standings.
fn in_sum(lines: &[MeasureLine]) -> State {
    let rank = |s: State| match s {
        State::InForce => 4,
        State::Suspended => 3,
        State::Uncertain => 2,
        State::Lifted => 1,
        State::None => 0,
    };
    lines
        .iter()
        .map(|l| l.standing)
        .max_by_key(|s| rank(*s))
        .unwrap_or(State::None)
}

fn of_listing(
    party: &str,
    listing: &ListingView,
    known: &[&RegisterParty],
    lines: Vec<MeasureLine>,
    policy: &Policy,
) -> Entry {
    let record = &listing.record;
    let used = |n: &&Name| policy.select.weak_aliases != WeakAliases::LeaveOut || n.quality == NameQuality::Good;
    let mut names: Vec<EntryName> = Vec::new();
    let mut add = |name: &Name, source| {
        if !names.iter().any(|n| n.text == name.text) {
            let kind = if source == NameSource::Register && name.kind == NameKind::Primary {
                NameKind::Alias
            } else {
                name.kind
            };
            names.push(EntryName {
                text: name.text.to_string(),
                kind,
                quality: name.quality,
                source,
            });
        }
    };
    record
        .names
        .iter()
        .filter(used)
        .for_each(|n| add(n, NameSource::Listing));
    for party in known {
        party
            .names
            .iter()
            .filter(used)
            .for_each(|n| add(n, NameSource::Register));
    }
    Entry {
        party: party.to_owned(),
        listing: Some(listing.id.to_string()),
        kind: kind(record.kind, known),
        caption: record.caption().to_owned(),
        fields: fields(record),
        standing: in_sum(&lines),
        measures: lines,
        digest: digest(record),
        names,
    }
}

fn of_register(party: &str, known: &[&RegisterParty], lines: Vec<MeasureLine>) -> Entry {
    let mut names: Vec<EntryName> = Vec::new();
    for name in known.iter().flat_map(|p| &p.names) {
        if !names.iter().any(|n| n.text == name.text) {
            names.push(EntryName {
                text: name.text.to_string(),
                kind: name.kind,
                quality: name.quality,
                source: NameSource::Register,
            });
        }
    }
    Entry {
        party: party.to_owned(),
        listing: None,
        kind: kind(PartyKind::Unknown, known),
        caption: names.first().map_or_else(|| party.to_owned(), |n| n.text.clone()),
        fields: Fields::default(),
        standing: in_sum(&lines),
        measures: lines,
        digest: text_digest(&serde_json::to_vec(&names).unwrap_or_default()),
        names,
    }
}

fn kind(own: PartyKind, known: &[&RegisterParty]) -> PartyKind {
    std::iter::once(own)
        .chain(known.iter().map(|p| p.kind))
        .find(|k| *k != PartyKind::Unknown)
        .unwrap_or_default()
}

/// What is compared of a record beside names.
pub(crate) fn fields(record: &Record) -> Fields {
    let mut countries: Vec<Country> = record.nationalities.clone();
    if countries.is_empty() {
        countries.extend(record.addresses.iter().filter_map(|a| a.country));
        countries.extend(
            record
                .births
                .iter()
                .filter_map(|b| b.place.as_ref().and_then(|p| p.country)),
        );
    }
    countries.sort_unstable();
    countries.dedup();
    Fields {
        births: record.births.iter().filter_map(|b| b.date).collect(),
        countries,
        gender: record.gender,
        identifiers: record
            .identifiers
            .iter()
            .filter(|i| standing_screen::identifiers::normalised(i).is_some())
            .map(|i| standing_model::Identifier {
                country: i.country,
                ..standing_model::Identifier::new(i.kind.clone(), i.value.clone())
            })
            .collect(),
        addresses: record
            .addresses
            .iter()
            .map(|a: &Address| a.text.to_string())
            .filter(|t| !t.is_empty())
            .collect(),
    }
}

/// Digest of a record: a judgement about a listing holds as long as it stays the same.
pub(crate) fn digest(record: &Record) -> String {
    text_digest(&serde_json::to_vec(record).unwrap_or_default())
}

fn text_digest(bytes: &[u8]) -> String {
    let digest = standing_ledger::digest(bytes);
    digest.iter().take(8).map(|b| format!("{b:02x}")).collect()
}
