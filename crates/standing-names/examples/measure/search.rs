//! Search through keys, as an index does it, in memory and without its speed: every listed name that shares a key with the query is scored.

use rustc_hash::{FxHashMap, FxHashSet};
use standing_model::PartyKind;
use standing_names::{Frequencies, Params, PreparedName, Scratch, prepare, score_with};

use crate::data::ListName;

/// What the screening takes off when a person is asked for and another kind of party is listed.
const ANOTHER_KIND: f32 = 0.2;

pub fn another_kind(listed: PartyKind) -> f32 {
    if matches!(listed, PartyKind::Person | PartyKind::Unknown) {
        0.0
    } else {
        ANOTHER_KIND
    }
}

pub struct Listed {
    pub party: u32,
    pub kind: PartyKind,
    pub name: PreparedName,
    pub text: String,
}

pub struct Search {
    pub names: Vec<Listed>,
    pub parties: Vec<String>,
    pub counts: Frequencies,
    keys: FxHashMap<u32, Vec<u32>>,
    joins: FxHashMap<String, Vec<u32>>,
}

impl Search {
    pub fn new<'a>(list: impl Iterator<Item = &'a ListName>) -> Self {
        let mut search = Self {
            names: Vec::new(),
            parties: Vec::new(),
            counts: Frequencies::default(),
            keys: FxHashMap::default(),
            joins: FxHashMap::default(),
        };
        let mut ids: FxHashMap<&str, u32> = FxHashMap::default();
        for one in list {
            if let Ok(name) = prepare(&one.text, one.kind) {
                let party = *ids.entry(&one.party).or_insert_with(|| {
                    search.parties.push(one.party.clone());
                    search.parties.len() as u32 - 1
                });
                let texts: FxHashSet<&str> = name.tokens().iter().map(|t| t.word.text()).collect();
                search.counts.add(texts);
                search.names.push(Listed {
                    party,
                    kind: one.kind,
                    name,
                    text: one.text.clone(),
                });
            }
        }
        for (at, one) in search.names.iter_mut().enumerate() {
            one.name.weigh(&search.counts);
            for token in one.name.tokens().iter().chain(one.name.virtuals()) {
                for key in token.posted_keys() {
                    search.keys.entry(*key).or_default().push(at as u32);
                }
            }
            for token in one.name.tokens() {
                search
                    .joins
                    .entry(token.word.text().to_owned())
                    .or_default()
                    .push(at as u32);
            }
            for two in one.name.tokens().windows(2) {
                let joined = format!("{}{}", two[0].word.text(), two[1].word.text());
                search.joins.entry(joined).or_default().push(at as u32);
            }
        }
        for list in search.keys.values_mut().chain(search.joins.values_mut()) {
            list.dedup();
        }
        search
    }

    pub fn prepare(&self, text: &str, kind: standing_model::PartyKind) -> Option<PreparedName> {
        let mut name = prepare(text, kind).ok()?;
        name.screenable().ok()?;
        name.weigh(&self.counts);
        Some(name)
    }

    /// The listed names from a score up, best first.
    pub fn ask(&self, query: &PreparedName, least: f32, params: &Params, room: &mut Room) -> Vec<(u32, f32)> {
        room.seen.clear();
        room.found.clear();
        let keys = query
            .tokens()
            .iter()
            .chain(query.virtuals())
            .flat_map(|t| t.probed_keys());
        for at in keys.filter_map(|k| self.keys.get(&k)).flatten() {
            if room.seen.insert(*at) {
                room.found.push(*at);
            }
        }
        let joined = query
            .tokens()
            .windows(2)
            .map(|w| format!("{}{}", w[0].word.text(), w[1].word.text()));
        for text in query.tokens().iter().map(|t| t.word.text().to_owned()).chain(joined) {
            for at in self.joins.get(&text).into_iter().flatten() {
                if room.seen.insert(*at) {
                    room.found.push(*at);
                }
            }
        }
        let mut hits: Vec<(u32, f32)> = room
            .found
            .iter()
            .map(|at| {
                let listed = &self.names[*at as usize];
                let score = score_with(query, &listed.name, &mut room.scratch, params);
                (*at, score - another_kind(listed.kind))
            })
            .filter(|(_, score)| *score >= least)
            .collect();
        hits.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        hits
    }
}

#[derive(Default)]
pub struct Room {
    seen: FxHashSet<u32>,
    found: Vec<u32>,
    scratch: Scratch,
}
