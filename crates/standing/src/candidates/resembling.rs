//! Listings of different lists whose names resemble each other, found with the screening's index and comparison.
//!
//! The main name of every listing is searched among all names of the others, as a screening would; the index is made for it and not kept, since a screening's leaves out
//! what its policy leaves out. A resemblance is not a decision: birth dates, countries
//! and identifiers are weighed beside it where proposals are made ([`super::candidates`]). Names of one word are left aside, because many bear them.

use std::collections::BTreeMap;

use rayon::prelude::*;
use standing_ledger::{Ledger, ListingView};
use standing_model::{Day, NameQuality, State};
use standing_names::{Comparison, PreparedName, Relation, compare, prepare};
use standing_screen::listed::{Entry, EntryName, Fields, NameSource};
use standing_screen::{Index, Info, Searcher};

use super::Resemblance;
use crate::clocks::Question;
use crate::error::StandingError;

/// From which likeness on names are worth a look.
const LEAST: f32 = 0.75;
/// The most listings on other lists that one name may resemble: what resembles more is no evidence about any.
const MOST: usize = 12;

/// All pairs of listings on different lists whose names resemble each other, by the ids of the listings.
pub fn resemblances(ledger: &Ledger, question: &Question, today: Day) -> Result<Vec<Resemblance>, StandingError> {
    let (view, _) = question.view(ledger, today)?;
    let mut entries: Vec<Entry> = Vec::new();
    for list in view.lists()? {
        view.each_listing(&list, |listing| {
            entries.push(entry(&listing));
            Ok(())
        })?;
    }
    entries.sort_by(|a, b| a.party.cmp(&b.party));
    let count = entries.len() as u32;
    let index = &Index::build(entries, Info::default())?;
    let ids: Vec<String> = (0..count)
        .map(|at| index.entry(at).map(|entry| entry.party))
        .collect::<Result<_, _>>()?;
    let list_of = |at: u32| {
        let id = ids.get(at as usize)?;
        id.split_once(':').map(|(list, _)| list)
    };
    let found: Vec<(u32, u32, Likeness)> = (0..count)
        .into_par_iter()
        .map_init(Searcher::default, |searcher, at| {
            let Some(own) = list_of(at) else { return Vec::new() };
            let others = alike(index, at, searcher, |other| {
                list_of(other).is_some_and(|list| list != own)
            });
            others.into_iter().map(|(other, like)| (at, other, like)).collect()
        })
        .flatten()
        .collect();
    // Both directions found a pair: the better one counts.
    let mut best: BTreeMap<(u32, u32), Likeness> = BTreeMap::new();
    for (a, b, like) in found {
        let pair = (a.min(b), a.max(b));
        let better = best.get(&pair).is_none_or(|known| like.score > known.score);
        if better {
            best.insert(pair, like);
        }
    }
    let id = |at: u32| ids.get(at as usize).cloned().unwrap_or_default();
    Ok(best
        .into_iter()
        .map(|((a, b), like)| Resemblance {
            a: id(a),
            b: id(b),
            score: f64::from(like.score),
            words: like.words,
        })
        .collect())
}

/// A listing as far as its names go.
fn entry(listing: &ListingView) -> Entry {
    let id = listing.id.to_string();
    Entry {
        party: id.clone(),
        listing: Some(id),
        kind: listing.record.kind,
        caption: listing.record.caption().to_owned(),
        fields: Fields::default(),
        standing: State::None,
        measures: Vec::new(),
        digest: String::new(),
        names: listing
            .record
            .names
            .iter()
            .map(|name| EntryName {
                text: name.text.to_string(),
                kind: name.kind,
                quality: name.quality,
                source: NameSource::Listing,
            })
            .collect(),
    }
}

struct Likeness {
    score: f32,
    words: String,
}

/// Entries that hold a name like the main name of one, each with its best.
fn alike(index: &Index, at: u32, searcher: &mut Searcher, elsewhere: impl Fn(u32) -> bool) -> Vec<(u32, Likeness)> {
    let Some(main) = index.entry_names(at).next() else {
        return Vec::new();
    };
    let name = index.name(main);
    let Some(query) = several_words(index, name.text, name.party) else {
        return Vec::new();
    };
    let mut by_entry: BTreeMap<u32, (f32, u32)> = BTreeMap::new();
    for (listed, score) in searcher.search(index, &query, LEAST) {
        let other = index.name(listed);
        let fits = other.quality == NameQuality::Good && elsewhere(other.entry);
        if fits && by_entry.get(&other.entry).is_none_or(|best| score > best.0) {
            by_entry.insert(other.entry, (score, listed));
        }
    }
    if by_entry.len() > MOST {
        return Vec::new();
    }
    by_entry
        .into_iter()
        .filter_map(|(entry, (score, listed))| {
            let other = index.name(listed);
            let prepared = several_words(index, other.text, other.party)?;
            let words = words(name.text, other.text, &compare(&query, &prepared));
            Some((entry, Likeness { score, words }))
        })
        .collect()
}

fn several_words(index: &Index, text: &str, kind: standing_model::PartyKind) -> Option<PreparedName> {
    let mut name = prepare(text, kind).ok()?;
    name.screenable().ok()?;
    if name.tokens().len() < 2 {
        return None;
    }
    name.weigh(index);
    Some(name)
}

/// Both names, how alike, what met otherwise than letter by letter, and what was left over.
fn words(a: &str, b: &str, why: &Comparison) -> String {
    let mut words = format!("{a} and {b}, {:.2}", why.score);
    let mut reasons: Vec<String> = why
        .pairs
        .iter()
        .filter(|pair| pair.relation != Relation::Equal)
        .map(|pair| format!("{} = {} ({})", pair.a, pair.b, pair.relation.word()))
        .collect();
    let left: Vec<&str> = why.leftovers.iter().map(|left| left.written.as_str()).collect();
    if !left.is_empty() {
        reasons.push(format!("left over: {}", left.join(", ")));
    }
    if !reasons.is_empty() {
        words.push_str(": ");
        words.push_str(&reasons.join("; "));
    }
    words
}
