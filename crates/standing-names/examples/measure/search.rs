//! Search through keys, as an index does it, in memory and without its speed: every listed name that shares a key with the query is scored.

use rustc_hash::{FxHashMap, FxHashSet};
use standing_model::PartyKind;
use standing_names::{Frequencies, Params, PreparedName, Reach, Scratch, prepare, score_with, upper_bound};

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
    ///
    /// A name is scored if what it shares keys with could lift it to `least`: the weight of a query's tokens that share a key is what can be matched. A listed token may
    /// outweigh its counterpart, so the bound is widened; it is for measuring, not for screening.
    pub fn ask(&self, query: &PreparedName, least: f32, params: &Params, room: &mut Room) -> Vec<(u32, f32)> {
        room.stamps.resize(self.names.len(), (0, 0, 0.0));
        room.found.clear();
        room.query += 1;
        let mut put = |at: u32, token: u32, weight: f32, found: &mut Vec<u32>| {
            let stamp = &mut room.stamps[at as usize];
            if stamp.0 != room.query {
                *stamp = (room.query, u32::MAX, 0.0);
                found.push(at);
            }
            if stamp.1 != token {
                stamp.1 = token;
                stamp.2 += weight;
            }
        };
        let mut found = std::mem::take(&mut room.found);
        for (i, token) in query.tokens().iter().chain(query.virtuals()).enumerate() {
            for at in token.probed_keys().iter().filter_map(|k| self.keys.get(k)).flatten() {
                put(*at, i as u32, token.weight, &mut found);
            }
            for at in self.joins.get(token.word.text()).into_iter().flatten() {
                put(*at, i as u32, token.weight, &mut found);
            }
        }
        for (i, two) in query.tokens().windows(2).enumerate() {
            let joined = format!("{}{}", two[0].word.text(), two[1].word.text());
            for at in self.joins.get(&joined).into_iter().flatten() {
                put(*at, (1000 + i) as u32, two[0].weight + two[1].weight, &mut found);
            }
        }
        let mut hits = Vec::new();
        for at in &found {
            let listed = &self.names[*at as usize];
            let shared = room.stamps[*at as usize].2;
            let reach = Reach {
                gain: shared,
                unreached: (query.total_weight() - shared).max(0.0),
                listed: 1.4 * shared,
            };
            if upper_bound(reach, listed.name.total_weight()) < least {
                continue;
            }
            let score = score_with(query, &listed.name, &mut room.scratch, params) - another_kind(listed.kind);
            if score >= least {
                hits.push((*at, score));
            }
        }
        room.found = found;
        hits.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        hits
    }
}

#[derive(Default)]
pub struct Room {
    query: u32,
    stamps: Vec<(u32, u32, f32)>,
    found: Vec<u32>,
    scratch: Scratch,
}
