//! Finding every listed name that scores a threshold, without scoring the others.
//!
//! 1. For each token of the query the listed words that resemble it are found through search keys, once for each distinct token
//!    ([`Found`] is kept).
//! 2. Tokens are taken from the rarest to the commonest. A name that is met for the first time at a token reaches none of the tokens before it;
//!    what it could score at best falls with its total weight, and names are numbered by total weight: so only a prefix of each posting list
//!    is looked at, and the commonest words often not at all.
//! 3. Of each name met the best that its words allow is computed ([`Bound`]); those that may reach the threshold are scored exactly.
//!
//! `docs/SCREENING.md` has the bound and its proof; `tests/lossless.rs` compares with scoring every name.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use standing_names::{Params, Parts, PreparedName, Token, TokenKind, TokenRef, pair_similarity, prepare, score};

use crate::build::{PLACE_MASK, PLACE_SHIFT, VIRTUAL, WHOLE, WORD_MASK};
use crate::index::Index;

/// Tokens whose similar words are kept by one searcher.
const KEPT_TOKENS: usize = 100_000;
/// Prepared names kept by one searcher.
const KEPT_NAMES: usize = 4_096;
/// Sums of floats depend on their order: a bound is held this far above the threshold.
const SLACK: f32 = 2e-4;

/// The listed words that resemble a token.
#[derive(Debug, Default)]
struct Found {
    /// Words with their similarity.
    words: Vec<(u32, f32)>,
    /// Neighbouring words that read the token when written as one, and the names that hold them so.
    splits: Vec<(u32, u32)>,
    split_names: Vec<u32>,
}

/// A token of the query, or what stands for several: an acronym, a join.
struct Probe {
    found: Arc<Found>,
    /// Which tokens of the query it covers, by place.
    covers: Vec<u8>,
    weight: f32,
}

#[derive(Clone, Copy)]
struct Meet {
    probe: u16,
    similarity: f32,
    next: u32,
}

const NO_MEET: u32 = u32::MAX;

/// What a name's tokens can give to one token of the query.
#[derive(Clone, Copy, Default)]
struct Gain {
    gain: f32,
    similarity: f32,
    listed: f32,
}

/// Room for searching, to be used again and again by one thread.
#[derive(Default)]
pub struct Searcher {
    epoch: u32,
    slots: Vec<(u32, u32)>,
    seen: Vec<u32>,
    meets: Vec<Meet>,
    gains: Vec<Gain>,
    candidates: Vec<u32>,
    key: Vec<u8>,
    ids: Vec<u32>,
    found: FxHashMap<Box<[u8]>, Arc<Found>>,
    prepared: FxHashMap<u32, PreparedName>,
    scratch: standing_names::Scratch,
    /// Names looked at and scored since it was made; for measuring.
    pub looked_at: u64,
    /// Names scored exactly.
    pub scored: u64,
}

impl std::fmt::Debug for Searcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Searcher")
            .field("tokens", &self.found.len())
            .finish_non_exhaustive()
    }
}

/// The best score that what is known allows: the matched tokens in the order of their similarity, as many as raise the score.
///
/// The true alignment gives each token of the query at most its gain, at no less discord than its best similarity has; what it leaves over is at
/// least `unreached` in the query and `left` in the listed name. For a given sum of gains the least discord takes the most similar tokens first,
/// and between two steps of that order the score has no maximum (`docs/SCREENING.md`).
fn best_score(gains: &mut [Gain], unreached: f32, left: f32, params: &Params) -> f32 {
    gains.sort_unstable_by(|a, b| b.similarity.total_cmp(&a.similarity));
    let mut parts = Parts {
        left_a: unreached,
        left_b: left,
        ..Parts::default()
    };
    let mut best = 0.0f32;
    for gain in gains.iter().take_while(|g| g.gain > 0.0) {
        parts.matched += gain.gain;
        parts.discord += gain.gain * (1.0 / gain.similarity - 1.0).max(0.0);
        let score = parts.score(params);
        if score > best {
            best = score;
        }
    }
    best
}

impl Searcher {
    fn start(&mut self, index: &Index) {
        let (words, names) = (index.words() as usize, index.len());
        if self.slots.len() != words || self.seen.len() != names {
            *self = Self {
                looked_at: self.looked_at,
                scored: self.scored,
                slots: vec![(0, 0); words],
                seen: vec![0; names],
                ..Self::default()
            };
        }
        if self.epoch == u32::MAX {
            self.slots.fill((0, 0));
            self.seen.fill(0);
            self.epoch = 0;
        }
        self.epoch += 1;
        self.meets.clear();
        self.candidates.clear();
    }

    /// The names that score at least a threshold, with their scores, by name.
    pub fn search(&mut self, index: &Index, query: &PreparedName, threshold: f32) -> Vec<(u32, f32)> {
        self.start(index);
        let params = Params::embedded();
        let (probes, initials) = self.probes(index, query);
        self.stamp(&probes);
        self.collect(index, query, &probes, &initials, threshold, params);
        let mut candidates = std::mem::take(&mut self.candidates);
        candidates.sort_unstable();
        self.scored += candidates.len() as u64;
        let mut hits = Vec::new();
        for &name in &candidates {
            let found = self.score(index, query, name);
            if found >= threshold {
                hits.push((name, found));
            }
        }
        self.candidates = candidates;
        hits
    }

    /// The score of one name.
    pub fn score(&mut self, index: &Index, query: &PreparedName, name: u32) -> f32 {
        if self.prepared.len() > KEPT_NAMES {
            self.prepared.clear();
        }
        let scratch = &mut self.scratch;
        match self.prepared.entry(name) {
            std::collections::hash_map::Entry::Occupied(listed) => score(query, listed.get(), scratch),
            std::collections::hash_map::Entry::Vacant(place) => match prepared(index, name) {
                Some(listed) => score(query, place.insert(listed), scratch),
                None => 0.0,
            },
        }
    }

    fn probes(&mut self, index: &Index, query: &PreparedName) -> (Vec<Probe>, Vec<u8>) {
        let tokens = query.tokens();
        let covering = |cover: u64| -> Vec<u8> {
            (0..tokens.len())
                .filter(|&i| tokens[i].cover & cover != 0)
                .map(|i| i as u8)
                .collect()
        };
        let mut probes = Vec::with_capacity(tokens.len() * 2);
        let mut initials = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            if token.kind == TokenKind::Initial {
                initials.push(at as u8);
            }
            probes.push(Probe {
                found: self.find(index, token),
                covers: covering(token.cover),
                weight: token.weight,
            });
        }
        for token in query.virtuals() {
            probes.push(Probe {
                found: self.find(index, token),
                covers: covering(token.cover),
                weight: token.weight,
            });
        }
        // Two neighbours of the query that a listed name writes as one.
        for pair in tokens.windows(2) {
            let text = [pair[0].word.text(), pair[1].word.text()].concat();
            if text.len() < 5 {
                continue;
            }
            let similarity = Params::embedded().joined;
            let words: Vec<(u32, f32)> = index
                .words_written(&text)
                .filter(|&w| index.word(w).kind == TokenKind::Name)
                .map(|w| (w, similarity))
                .collect();
            if !words.is_empty() {
                probes.push(Probe {
                    found: Arc::new(Found {
                        words,
                        ..Found::default()
                    }),
                    covers: covering(pair[0].cover | pair[1].cover),
                    weight: pair[0].weight + pair[1].weight,
                });
            }
        }
        (probes, initials)
    }

    fn find(&mut self, index: &Index, token: &Token) -> Arc<Found> {
        let word = token.word.view();
        self.key.clear();
        self.key.push(token.kind as u8);
        for part in [word.text.as_bytes(), word.native.as_bytes(), word.forms] {
            self.key.extend_from_slice(part);
            self.key.push(0xFF);
        }
        for key in word.keys {
            self.key.extend_from_slice(&key.to_le_bytes());
        }
        if let Some(found) = self.found.get(self.key.as_slice()) {
            return Arc::clone(found);
        }
        if self.found.len() >= KEPT_TOKENS {
            self.found.clear();
        }
        let found = Arc::new(resembling(index, token, &mut self.ids));
        self.found.insert(self.key.as_slice().into(), Arc::clone(&found));
        found
    }

    fn stamp(&mut self, probes: &[Probe]) {
        for (at, probe) in probes.iter().enumerate() {
            for &(word, similarity) in &probe.found.words {
                let Some(slot) = self.slots.get_mut(word as usize) else {
                    continue;
                };
                let next = if slot.0 == self.epoch { slot.1 } else { NO_MEET };
                *slot = (self.epoch, self.meets.len() as u32);
                self.meets.push(Meet {
                    probe: at as u16,
                    similarity,
                    next,
                });
            }
        }
    }

    fn collect(
        &mut self,
        index: &Index,
        query: &PreparedName,
        probes: &[Probe],
        initials: &[u8],
        threshold: f32,
        params: &Params,
    ) {
        let tokens = query.tokens();
        // What each token can gain at most, and what it costs to look at all names that it meets.
        let mut most = vec![Gain::default(); tokens.len()];
        let mut cost = vec![0u64; tokens.len()];
        for probe in probes {
            let mut own = Gain::default();
            let mut names = probe.found.split_names.len() as u64;
            for &(word, similarity) in &probe.found.words {
                let weight = index.word_weight(word);
                own.gain = own.gain.max(similarity * weight.min(probe.weight));
                own.similarity = own.similarity.max(similarity);
                own.listed = own.listed.max(weight);
                names += index.postings(word).len() as u64;
            }
            if !probe.found.splits.is_empty() {
                own.gain = own.gain.max(params.joined * probe.weight);
                own.similarity = own.similarity.max(params.joined);
                for &(a, b) in &probe.found.splits {
                    own.listed = own.listed.max(index.word_weight(a) + index.word_weight(b));
                }
            }
            for &i in &probe.covers {
                let all = &mut most[usize::from(i)];
                all.gain = all.gain.max(own.gain);
                all.similarity = all.similarity.max(own.similarity);
                all.listed = all.listed.max(own.listed);
                cost[usize::from(i)] += names;
            }
        }
        for &i in initials {
            let (all, weight) = (&mut most[usize::from(i)], tokens[usize::from(i)].weight);
            all.gain = all.gain.max(params.initial * weight).max(weight);
            all.similarity = 1.0;
            all.listed = all.listed.max(MOST_WEIGHT);
            cost[usize::from(i)] = u64::MAX;
        }
        let mut order: Vec<usize> = (0..tokens.len()).collect();
        order.sort_by_key(|&i| (cost[i], i));
        let mut place = vec![0usize; tokens.len()];
        order.iter().enumerate().for_each(|(at, &i)| place[i] = at);
        let wanted = threshold - SLACK;
        let mut unreached = 0.0;
        let mut limits: Vec<(u32, u32, u32)> = Vec::new();
        for (at, &token) in order.iter().enumerate() {
            let later: Vec<Gain> = order[at + 1..].iter().map(|&j| most[j]).collect();
            let possible = |own: Gain, gains: &mut Vec<Gain>, left: f32| {
                gains.clear();
                gains.extend_from_slice(&later);
                gains.push(own);
                best_score(gains, unreached, left, params)
            };
            let mut gains = std::mem::take(&mut self.gains);
            // Later tokens alone can do no better than this one with them.
            if possible(most[token], &mut gains, 0.0) < wanted {
                self.gains = gains;
                break;
            }
            if initials.contains(&(token as u8)) {
                // An initial meets every word with its letter: every name that is light enough is looked at.
                let own = most[token];
                let limit = limit(
                    index,
                    own.listed + later.iter().map(|g| g.listed).sum::<f32>(),
                    |left| possible(own, &mut gains, left) >= wanted,
                );
                self.gains = gains;
                for name in 0..limit {
                    self.look(index, query, probes, initials, name, wanted, params);
                }
                unreached += tokens[token].weight;
                continue;
            }
            limits.clear();
            for probe in probes {
                if probe.covers.iter().map(|&i| place[usize::from(i)]).min() != Some(at) {
                    continue;
                }
                for &(word, similarity) in &probe.found.words {
                    let weight = index.word_weight(word);
                    // Rounded up, so that few limits are computed; a limit only rises with them.
                    let steps = (
                        (similarity * weight.min(probe.weight) * 16.0).ceil(),
                        (similarity * 8.0).ceil(),
                    );
                    let own = Gain {
                        gain: steps.0 / 16.0,
                        similarity: steps.1 / 8.0,
                        listed: most[token].listed,
                    };
                    let up_to = match limits.iter().find(|l| (l.0, l.1) == (steps.0 as u32, steps.1 as u32)) {
                        Some(known) => known.2,
                        None => {
                            let reached = own.listed + later.iter().map(|g| g.listed).sum::<f32>();
                            let up_to = limit(index, reached, |left| possible(own, &mut gains, left) >= wanted);
                            limits.push((steps.0 as u32, steps.1 as u32, up_to));
                            up_to
                        }
                    };
                    for name in index.postings(word) {
                        let name = u32::from_le_bytes(*name);
                        if name >= up_to {
                            break;
                        }
                        self.look(index, query, probes, initials, name, wanted, params);
                    }
                }
                for &name in &probe.found.split_names {
                    self.look(index, query, probes, initials, name, wanted, params);
                }
            }
            self.gains = gains;
            unreached += tokens[token].weight;
        }
    }

    /// Bounds a name's score by its words; keeps it if it may reach what is wanted.
    #[allow(clippy::too_many_arguments)] // the parts of one query
    fn look(
        &mut self,
        index: &Index,
        query: &PreparedName,
        probes: &[Probe],
        initials: &[u8],
        name: u32,
        wanted: f32,
        params: &Params,
    ) {
        match self.seen.get_mut(name as usize) {
            Some(seen) if *seen != self.epoch => *seen = self.epoch,
            _ => return,
        }
        self.looked_at += 1;
        let tokens = query.tokens();
        let words = index.tokens(name);
        let total = index.total(name);
        let mut gains = [Gain::default(); 64];
        let many = tokens.len().min(64);
        if tokens.len() > 64 {
            // More tokens than are bounded here: scored exactly.
            self.candidates.push(name);
            return;
        }
        let weight_at = |at: usize| {
            let token = words.get(at).map_or(0, |t| u32::from_le_bytes(*t));
            index.word_weight(token & WORD_MASK)
        };
        let mut note = |covers: &[u8], weight: f32, similarity: f32, listed: f32| {
            let gain = similarity * weight.min(listed);
            for &i in covers {
                let own = &mut gains[usize::from(i) % 64];
                own.gain = own.gain.max(gain);
                own.similarity = own.similarity.max(similarity);
                own.listed = own.listed.max(listed);
            }
        };
        for token in words {
            let token = u32::from_le_bytes(*token);
            let word = token & WORD_MASK;
            let slot = self.slots.get(word as usize).copied().unwrap_or((0, 0));
            if slot.0 == self.epoch || !initials.is_empty() {
                let listed = if token & VIRTUAL == 0 {
                    index.word_weight(word)
                } else if token & WHOLE == 0 {
                    let at = (token >> PLACE_SHIFT & PLACE_MASK) as usize;
                    weight_at(at) + weight_at(at + 1)
                } else {
                    total
                };
                let mut next = if slot.0 == self.epoch { slot.1 } else { NO_MEET };
                while let Some(meet) = self.meets.get(next as usize) {
                    let probe = &probes[usize::from(meet.probe)];
                    note(&probe.covers, probe.weight, meet.similarity, listed);
                    next = meet.next;
                }
                for &i in initials {
                    let initial = &tokens[usize::from(i)];
                    let known = index.word(word);
                    if known.text.chars().next() == initial.word.text().chars().next() {
                        note(&[i], initial.weight, 1.0, listed);
                    }
                }
            }
        }
        for probe in probes.iter().filter(|p| !p.found.splits.is_empty()) {
            for pair in words.windows(2) {
                let (a, b) = (u32::from_le_bytes(pair[0]), u32::from_le_bytes(pair[1]));
                if probe.found.splits.contains(&(a, b)) {
                    note(
                        &probe.covers,
                        probe.weight,
                        params.joined,
                        index.word_weight(a) + index.word_weight(b),
                    );
                }
            }
        }
        let (mut unreached, mut reached) = (0.0, 0.0);
        for (gain, token) in gains[..many].iter().zip(tokens) {
            if gain.gain > 0.0 {
                reached += gain.listed;
            } else {
                unreached += token.weight;
            }
        }
        if best_score(&mut gains[..many], unreached, (total - reached).max(0.0), params) >= wanted {
            self.candidates.push(name);
        }
    }
}

/// No token weighs more, whatever its kind.
const MOST_WEIGHT: f32 = 4.0;

/// How many names are light enough: those of which what is left over beyond `reached` still leaves the score possible.
fn limit(index: &Index, reached: f32, mut possible: impl FnMut(f32) -> bool) -> u32 {
    if !possible(0.0) {
        return 0;
    }
    let (mut low, mut high) = (0.0f32, 64.0f32);
    if possible(high) {
        return index.len() as u32;
    }
    for _ in 0..12 {
        let middle = f32::midpoint(low, high);
        if possible(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    index.names_up_to(reached + high)
}

/// A listed name made comparable again, weighed by the index.
pub(crate) fn prepared(index: &Index, name: u32) -> Option<PreparedName> {
    let listed = index.name(name);
    let mut listed = prepare(listed.text, listed.party).ok()?;
    listed.weigh(index);
    Some(listed)
}

fn resembling(index: &Index, token: &Token, ids: &mut Vec<u32>) -> Found {
    let params = Params::embedded();
    let own = token.view();
    ids.clear();
    for key in token.probed_keys() {
        ids.extend(index.words_of(key));
    }
    ids.sort_unstable();
    ids.dedup();
    let mut found = Found::default();
    let mut classes = Vec::new();
    for &id in ids.iter() {
        let word = index.word(id);
        let listed = TokenRef {
            word: word.view(own.word.keys, &mut classes),
            kind: word.kind,
            weight: word.weight,
            cover: 1,
        };
        let similarity = pair_similarity(&own, &listed, params).value;
        if similarity > 0.0 {
            found.words.push((id, similarity));
        }
    }
    if token.kind == TokenKind::Name && own.word.text.len() >= 5 {
        splits(index, own.word.text, &mut found);
    }
    found
}

/// Neighbouring words that read a text when written as one.
fn splits(index: &Index, text: &str, found: &mut Found) {
    for at in (1..text.len()).filter(|&at| text.is_char_boundary(at)) {
        let (first, second) = text.split_at(at);
        for a in index.words_written(first) {
            for b in index.words_written(second) {
                let names = if index.postings(a).len() <= index.postings(b).len() {
                    index.postings(a)
                } else {
                    index.postings(b)
                };
                let before = found.split_names.len();
                for name in names {
                    let name = u32::from_le_bytes(*name);
                    let words = index.tokens(name);
                    if words
                        .windows(2)
                        .any(|w| (u32::from_le_bytes(w[0]), u32::from_le_bytes(w[1])) == (a, b))
                    {
                        found.split_names.push(name);
                    }
                }
                if found.split_names.len() > before {
                    found.splits.push((a, b));
                }
            }
        }
    }
    found.split_names.sort_unstable();
    found.split_names.dedup();
}
