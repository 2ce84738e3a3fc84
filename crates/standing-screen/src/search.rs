//! Finding every listed name that scores a threshold, without scoring the others.
//!
//! 1. For each token of the query the listed words that resemble it are found, once for each distinct token ([`Found`] is kept).
//! 2. Tokens are taken from the rarest to the commonest, and the names of their words are walked through. A name's sketch says which of the
//!    query's tokens it may reach; what such a name could score at best falls with its total weight, and names are numbered by total weight: so a
//!    number for each set of tokens tells which names to look at.
//! 3. Of each name looked at the best that its words allow is computed ([`best_score`]); those that may reach the threshold are scored exactly.
//!
//! `docs/SCREENING.md` has the bound and its proof; `tests/lossless.rs` compares with scoring every name.

use rustc_hash::FxHashMap;
use standing_names::{Params, PreparedName, TokenKind, prepare, score};

use crate::bound::{Gain, MOST_TOKENS, MOST_WEIGHT, best_score, heaviest};
use crate::build::{PLACE_MASK, PLACE_SHIFT, SKETCHED, VIRTUAL, WHOLE, WORD_MASK, sketch_code};
use crate::index::Index;
use crate::layout::SKETCH_WORDS;
use crate::probes::{Probe, Probes, Similar};
use crate::resemble::Near;

/// Prepared names kept by one searcher.
const KEPT_NAMES: usize = 4_096;
/// Sums of floats depend on their order: a bound is held this far above the threshold.
const SLACK: f32 = 2e-4;

#[derive(Clone, Copy)]
struct Meet {
    probe: u16,
    similarity: f32,
    next: u32,
}

/// How many codes there are.
const CODES: usize = 1 << 16;
const NO_MEET: u32 = u32::MAX;

/// What a code of a sketch can give to a token of the query at best.
#[derive(Clone, Copy)]
struct CodeMeet {
    token: u8,
    gain: Gain,
    next: u32,
}

/// Room for searching, to be used again and again by one thread.
#[derive(Default)]
pub struct Searcher {
    /// The number of the index that everything here is about.
    index: u64,
    epoch: u32,
    slots: Vec<(u32, u32)>,
    seen: Vec<u32>,
    meets: Vec<Meet>,
    candidates: Vec<u32>,
    similar: Similar,
    prepared: FxHashMap<u32, PreparedName>,
    scratch: standing_names::Scratch,
    /// For each code of a sketch which tokens of the query it reaches, as bits.
    reaching: Vec<u8>,
    /// The codes that reach any token beside those of the probe whose names are walked through, a bit for each: small enough to stay near.
    beside: Vec<u64>,
    coded: Vec<u16>,
    /// For each code the first of what it gives, by place in `code_meets`; 0 for none.
    code_heads: Vec<u32>,
    code_meets: Vec<CodeMeet>,
    /// Names looked at and scored since it was made; for measuring.
    pub looked_at: u64,
    /// Names scored exactly.
    pub scored: u64,
    /// Names walked through.
    pub walked: u64,
}

impl std::fmt::Debug for Searcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Searcher")
            .field("scored", &self.scored)
            .finish_non_exhaustive()
    }
}

/// What one query asks for.
struct Asked<'a> {
    index: &'a Index,
    query: &'a PreparedName,
    probes: Vec<Probe>,
    /// Tokens of which every name that reaches the threshold meets one, as bits: the words of others may be known for the names of these alone.
    first: u64,
    /// Places of initials.
    initials: Vec<u8>,
    wanted: f32,
    params: &'a Params,
}

/// Up to which name number a set of tokens suffices, by the set's bits; not yet known where it is `UNKNOWN`.
struct Limits<'a> {
    asked: &'a Asked<'a>,
    most: &'a [Gain],
    up_to: [u32; 1 << MOST_TOKENS],
}

const UNKNOWN: u32 = u32::MAX;

impl Limits<'_> {
    #[inline]
    fn of(&mut self, reached: u8) -> u32 {
        let known = self.up_to[usize::from(reached)];
        if known == UNKNOWN { self.find(reached) } else { known }
    }

    #[cold]
    fn find(&mut self, reached: u8) -> u32 {
        let mut gains = [Gain::default(); MOST_TOKENS];
        let (mut n, mut unreached) = (0, 0.0);
        for (at, token) in self.asked.query.tokens().iter().enumerate().take(MOST_TOKENS) {
            if reached & 1 << at != 0 && self.most[at].worth > 0.0 {
                gains[n] = self.most[at];
                n += 1;
            } else {
                unreached += token.weight;
            }
        }
        let heaviest = heaviest(&mut gains[..n], unreached, self.asked.wanted, self.asked.params);
        let up_to = heaviest.map_or(0, |total| self.asked.index.names_up_to(total));
        self.up_to[usize::from(reached)] = up_to;
        up_to
    }
}

impl Searcher {
    fn start(&mut self, index: &Index) {
        let (words, names) = (index.words() as usize, index.len());
        if self.index != index.number() {
            *self = Self {
                index: index.number(),
                looked_at: self.looked_at,
                scored: self.scored,
                walked: self.walked,
                similar: Similar::after(&self.similar),
                slots: vec![(0, 0); words],
                seen: vec![0; names],
                reaching: vec![0; CODES],
                beside: vec![0; CODES / 64],
                code_heads: vec![0; CODES],
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

    /// Tokens whose words were found anew since it was made; for measuring.
    pub fn tokens(&self) -> u64 {
        self.similar.tokens
    }

    /// The names that score at least a threshold, with their scores, by name.
    pub fn search(&mut self, index: &Index, query: &PreparedName, threshold: f32) -> Vec<(u32, f32)> {
        self.start(index);
        let params = Params::embedded();
        let wanted = threshold - SLACK;
        let Probes { probes, first } = self.similar.probes(index, query, wanted, params);
        let initials = (0..).zip(query.tokens());
        let asked = Asked {
            index,
            query,
            probes,
            first,
            initials: initials
                .filter(|(_, t)| t.kind == TokenKind::Initial)
                .map(|(at, _)| at)
                .collect(),
            wanted,
            params,
        };
        self.collect(&asked);
        let mut candidates = std::mem::take(&mut self.candidates);
        // The same name scores 1 whatever its words are taken for, which depends on the kind of party: `Commander Nazir Group`.
        candidates.extend(index.names_like(query.identity()));
        candidates.sort_unstable();
        candidates.dedup();
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
        if self.index != index.number() {
            self.start(index);
        }
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

    /// Notes which words the query meets, by word and by the codes of sketches.
    fn stamp(&mut self, probes: &[Probe], sketched: bool, joined: f32) {
        for code in self.coded.drain(..) {
            self.reaching[usize::from(code)] = 0;
            self.code_heads[usize::from(code)] = 0;
        }
        self.code_meets.clear();
        for (at, probe) in probes.iter().enumerate() {
            for near in probe.words() {
                let Some(slot) = self.slots.get_mut(near.word as usize) else {
                    continue;
                };
                let next = if slot.0 == self.epoch { slot.1 } else { NO_MEET };
                *slot = (self.epoch, self.meets.len() as u32);
                self.meets.push(Meet {
                    probe: at as u16,
                    similarity: near.similarity,
                    next,
                });
                if sketched {
                    self.stamp_code(sketch_code(near.word), probe, near.similarity, near.weight);
                }
            }
            for &(first, _) in probe.found.splits.iter().filter(|_| sketched) {
                let weight = probe.found.split_weight;
                self.stamp_code(sketch_code(first), probe, joined, weight);
            }
        }
    }

    fn stamp_code(&mut self, code: u16, probe: &Probe, similarity: f32, listed: f32) {
        self.coded.push(code);
        let mut gain = Gain::default();
        gain.raise(similarity * listed.min(probe.weight), similarity, listed);
        for &token in &probe.covers {
            self.reaching[usize::from(code)] |= 1 << token;
            let head = &mut self.code_heads[usize::from(code)];
            let next = *head;
            self.code_meets.push(CodeMeet { token, gain, next });
            *head = self.code_meets.len() as u32;
        }
    }

    /// May a name of this sketch and number score what is wanted?
    fn promises(&self, asked: &Asked<'_>, sketch: [u16; SKETCH_WORDS], name: u32) -> bool {
        let tokens = asked.query.tokens();
        let mut gains = [Gain::default(); MOST_TOKENS];
        for &i in &asked.initials {
            gains[usize::from(i) % MOST_TOKENS].raise(tokens[usize::from(i)].weight, 1.0, MOST_WEIGHT);
        }
        for code in sketch {
            let mut next = self.code_heads[usize::from(code)];
            while let Some(meet) = (next as usize).checked_sub(1).and_then(|at| self.code_meets.get(at)) {
                gains[usize::from(meet.token) % MOST_TOKENS].raise(
                    meet.gain.worth,
                    meet.gain.similarity,
                    meet.gain.listed,
                );
                next = meet.next;
            }
        }
        let gains = &mut gains[..tokens.len().min(MOST_TOKENS)];
        let (mut unreached, mut reached) = (0.0, 0.0);
        for (gain, token) in gains.iter().zip(tokens) {
            if gain.worth > 0.0 {
                reached += gain.listed;
            } else {
                unreached += token.weight;
            }
        }
        let left = (asked.index.total_from(name) - reached).max(0.0);
        best_score(gains, unreached, left, asked.params) >= asked.wanted
    }

    fn collect(&mut self, asked: &Asked<'_>) {
        let tokens = asked.query.tokens();
        let (probes, params) = (asked.probes.as_slice(), asked.params);
        // What each token can gain at most, and what it costs to walk through all names that it meets.
        let mut most = vec![Gain::default(); tokens.len()];
        let mut cost = vec![0u64; tokens.len()];
        for probe in probes {
            let mut own = Gain::default();
            let mut names = probe.found.split_names.len() as u64;
            for near in probe.words() {
                own.raise(
                    near.similarity * near.weight.min(probe.weight),
                    near.similarity,
                    near.weight,
                );
                names += u64::from(near.names);
            }
            if !probe.found.splits.is_empty() {
                own.raise(params.joined * probe.weight, params.joined, probe.found.split_weight);
            }
            for &i in &probe.covers {
                most[usize::from(i)].raise(own.worth, own.similarity, own.listed);
                cost[usize::from(i)] += names;
            }
        }
        for &i in &asked.initials {
            let weight = tokens[usize::from(i)].weight;
            most[usize::from(i)].raise(weight, 1.0, MOST_WEIGHT);
            cost[usize::from(i)] = u64::MAX;
        }
        let mut order: Vec<usize> = (0..tokens.len()).collect();
        order.sort_by_key(|&i| (asked.first & 1 << i.min(63) == 0, cost[i], i));
        let mut place = vec![0usize; tokens.len()];
        order.iter().enumerate().for_each(|(at, &i)| place[i] = at);
        let sketched = tokens.len() <= MOST_TOKENS;
        let mut limits = Limits {
            asked,
            most: &most,
            up_to: [UNKNOWN; 1 << MOST_TOKENS],
        };
        let mut gains = Vec::with_capacity(tokens.len());
        let mut stamped = false;
        // An initial meets whatever begins with its letter: it counts as reached.
        let always = asked
            .initials
            .iter()
            .filter(|&&i| i < 8)
            .fold(0u8, |all, &i| all | 1 << i);
        let mut unreached = 0.0;
        for (at, &token) in order.iter().enumerate() {
            // No name that reaches none of the tokens before is heavier than this.
            gains.clear();
            gains.extend(order[at..].iter().map(|&j| most[j]));
            let Some(heaviest) = heaviest(&mut gains, unreached, asked.wanted, params) else {
                break;
            };
            let up_to = asked.index.names_up_to(heaviest);
            if !stamped {
                self.stamp(probes, sketched, params.joined);
                stamped = true;
            }
            unreached += tokens[token].weight;
            if asked.initials.contains(&(token as u8)) {
                for name in 0..up_to {
                    self.look(asked, name);
                }
                continue;
            }
            for probe in probes {
                if probe.covers.iter().map(|&i| place[usize::from(i)]).min() != Some(at) {
                    continue;
                }
                self.walk(asked, probe, up_to, sketched.then_some((&mut limits, always)));
                for &name in &probe.found.split_names {
                    let sketch = asked.index.sketch(name);
                    if !sketched || sketch == SKETCHED || self.promises(asked, sketch, name) {
                        self.look(asked, name);
                    }
                }
            }
        }
    }

    /// Walks through the names of a probe's words and looks at those that may reach enough of the query.
    fn walk(&mut self, asked: &Asked<'_>, probe: &Probe, up_to: u32, sieve: Option<(&mut Limits<'_>, u8)>) {
        let names = |near: &Near| {
            asked
                .index
                .postings(near.word)
                .iter()
                .map(|n| u32::from_le_bytes(*n))
                .take_while(|name| *name < up_to)
        };
        let Some((limits, always)) = sieve else {
            for near in probe.words() {
                names(near).for_each(|name| self.look(asked, name));
            }
            return;
        };
        let own = probe.covers.iter().fold(always, |bits, &i| bits | 1 << i);
        let alone = limits.of(own);
        for code in &self.coded {
            if self.reaching[usize::from(*code)] & !own != 0 {
                self.beside[usize::from(*code >> 6)] |= 1 << (code & 63);
            }
        }
        let beside = std::mem::take(&mut self.beside);
        let Some(bits) = beside.first_chunk::<{ CODES / 64 }>() else {
            return;
        };
        for near in probe.words() {
            for name in names(near) {
                self.walked += 1;
                let sketch = asked.index.sketch(name);
                if sketch != SKETCHED {
                    let mut others = 0;
                    for code in sketch {
                        others |= bits[usize::from(code >> 6)] >> (code & 63);
                    }
                    if others & 1 == 0 && name >= alone {
                        continue;
                    }
                    let reached = sketch
                        .iter()
                        .fold(always, |all, code| all | self.reaching[usize::from(*code)]);
                    if name >= limits.of(reached) || !self.promises(asked, sketch, name) {
                        continue;
                    }
                }
                self.look(asked, name);
            }
        }
        self.beside = beside;
        for code in &self.coded {
            self.beside[usize::from(*code >> 6)] = 0;
        }
    }

    /// Bounds a name's score by its words; keeps it if it may reach what is wanted.
    fn look(&mut self, asked: &Asked<'_>, name: u32) {
        match self.seen.get_mut(name as usize) {
            Some(seen) if *seen != self.epoch => *seen = self.epoch,
            _ => return,
        }
        self.looked_at += 1;
        let (index, tokens, probes) = (asked.index, asked.query.tokens(), asked.probes.as_slice());
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
                gains[usize::from(i) % 64].raise(gain, similarity, listed);
            }
        };
        for token in words {
            let token = u32::from_le_bytes(*token);
            let word = token & WORD_MASK;
            let slot = self.slots.get(word as usize).copied().unwrap_or((0, 0));
            if slot.0 == self.epoch || !asked.initials.is_empty() {
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
                for &i in &asked.initials {
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
                    let listed = index.word_weight(a) + index.word_weight(b);
                    note(&probe.covers, probe.weight, asked.params.joined, listed);
                }
            }
        }
        let (mut unreached, mut reached) = (0.0, 0.0);
        for (gain, token) in gains[..many].iter().zip(tokens) {
            if gain.worth > 0.0 {
                reached += gain.listed;
            } else {
                unreached += token.weight;
            }
        }
        let left = (total - reached).max(0.0);
        if best_score(&mut gains[..many], unreached, left, asked.params) >= asked.wanted {
            self.candidates.push(name);
        }
    }
}

/// A listed name made comparable again, weighed by the index.
pub(crate) fn prepared(index: &Index, name: u32) -> Option<PreparedName> {
    let listed = index.name(name);
    let mut listed = prepare(listed.text, listed.party).ok()?;
    listed.weigh(index);
    Some(listed)
}
