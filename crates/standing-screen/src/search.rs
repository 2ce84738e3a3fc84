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

use crate::bound::{Gain, MOST_TOKENS, MOST_WEIGHT, best_score, heaviest, most_left};
use crate::build::{PLACE_MASK, PLACE_SHIFT, SKETCHED, VIRTUAL, WHOLE, WORD_MASK, sketch_code};
use crate::index::Index;
use crate::layout::SKETCH_WORDS;
use crate::probes::{Probe, Similar};
use crate::resemble::{Near, similarity};

/// Prepared names kept by one searcher.
const KEPT_NAMES: usize = 4_096;
/// Sums of floats depend on their order: a bound is held this far above the threshold.
const SLACK: f32 = 2e-4;

/// How many codes there are.
const CODES: usize = 1 << 16;

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
    seen: Vec<u32>,
    candidates: Vec<u32>,
    similar: Similar,
    prepared: FxHashMap<u32, PreparedName>,
    scratch: standing_names::Scratch,
    /// For each code of a sketch which tokens of the query it reaches, as bits.
    reaching: Vec<u8>,
    /// The codes that reach any, to be forgotten again.
    coded: Vec<u16>,
    /// How alike words are that were compared for this query, by probe and word.
    known: FxHashMap<(u16, u32), f32>,
    classes: Vec<u16>,
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
    /// What each token can gain at most.
    most: Vec<Gain>,
    /// Tokens some of whose words are not compared, as bits.
    open: u8,
    /// Places of initials.
    initials: Vec<u8>,
    wanted: f32,
    params: &'a Params,
}

/// What names may weigh beside the words that reach a set of tokens, by the set's bits; not yet known where it is `UNKNOWN`.
struct Limits<'a> {
    asked: &'a Asked<'a>,
    beside: [f32; 1 << MOST_TOKENS],
}

const UNKNOWN: f32 = f32::MAX;

impl Limits<'_> {
    /// Up to which number names may have what is wanted that reach these tokens, as bits, and whose words for some of them weigh so much.
    #[inline]
    fn up_to(&mut self, reached: u8, own: u8, weight: f32) -> u32 {
        let mut beside = self.beside[usize::from(reached)];
        if beside == UNKNOWN {
            beside = self.find(reached);
        }
        let mut total = beside + weight;
        let mut others = reached & !own;
        while others != 0 {
            total += self.asked.most[others.trailing_zeros() as usize].listed;
            others &= others - 1;
        }
        self.asked.index.names_up_to(total)
    }

    #[cold]
    fn find(&mut self, reached: u8) -> f32 {
        let mut gains = [Gain::default(); MOST_TOKENS];
        let (mut n, mut unreached) = (0, 0.0);
        for (at, token) in self.asked.query.tokens().iter().enumerate().take(MOST_TOKENS) {
            if reached & 1 << at != 0 && self.asked.most[at].worth > 0.0 {
                gains[n] = self.asked.most[at];
                n += 1;
            } else {
                unreached += token.weight;
            }
        }
        let beside = most_left(&mut gains[..n], unreached, self.asked.wanted, self.asked.params);
        // No name weighs less than nothing.
        let beside = beside.unwrap_or(f32::NEG_INFINITY);
        self.beside[usize::from(reached)] = beside;
        beside
    }
}

impl Searcher {
    fn start(&mut self, index: &Index) {
        if self.index != index.number() {
            *self = Self {
                index: index.number(),
                looked_at: self.looked_at,
                scored: self.scored,
                walked: self.walked,
                similar: Similar::after(&self.similar),
                seen: vec![0; index.len()],
                reaching: vec![0; CODES],
                code_heads: vec![0; CODES],
                ..Self::default()
            };
        }
        if self.epoch == u32::MAX {
            self.seen.fill(0);
            self.epoch = 0;
        }
        self.epoch += 1;
        self.known.clear();
        self.candidates.clear();
    }

    /// Tokens whose words were found anew since it was made; for measuring.
    pub fn tokens(&self) -> u64 {
        self.similar.tokens
    }

    /// Tokens all of whose words were compared since it was made; for measuring.
    pub fn compared(&self) -> u64 {
        self.similar.compared
    }

    /// The names that score at least a threshold, with their scores, by name.
    pub fn search(&mut self, index: &Index, query: &PreparedName, threshold: f32) -> Vec<(u32, f32)> {
        self.start(index);
        let params = Params::embedded();
        let wanted = threshold - SLACK;
        let probes = self.similar.probes(index, query, wanted, params);
        let initials = (0..).zip(query.tokens());
        let open = probes.iter().filter(|p| !p.found.compared).flat_map(|p| &p.covers);
        let open = open.fold(0, |all, &i| all | 1u8.checked_shl(i.into()).unwrap_or(0));
        let mut asked = Asked {
            index,
            query,
            probes,
            most: vec![Gain::default(); query.tokens().len()],
            open,
            initials: initials
                .filter(|(_, t)| t.kind == TokenKind::Initial)
                .map(|(at, _)| at)
                .collect(),
            wanted,
            params,
        };
        self.collect(&mut asked);
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

    /// Notes which codes of sketches the query's words reach.
    fn stamp(&mut self, probes: &[Probe], joined: f32) {
        for probe in probes {
            let covers = probe.covers.iter().fold(0, |bits, &i| bits | 1 << i);
            if probe.found.compared {
                for near in probe.words() {
                    self.stamp_code(sketch_code(near.word), probe, near.similarity, near.weight);
                }
            } else {
                for near in &probe.found.words {
                    let code = sketch_code(near.word);
                    self.coded.push(code);
                    self.reaching[usize::from(code)] |= covers;
                }
            }
            for &(first, _) in &probe.found.splits {
                self.stamp_code(sketch_code(first), probe, joined, probe.found.split_weight);
            }
        }
    }

    /// Forgets what the last query's words reach.
    fn unstamp(&mut self) {
        for code in self.coded.drain(..) {
            self.reaching[usize::from(code)] = 0;
            self.code_heads[usize::from(code)] = 0;
        }
        self.code_meets.clear();
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
    fn promises(&self, asked: &Asked<'_>, sketch: [u16; SKETCH_WORDS], reached: u8, name: u32) -> bool {
        let tokens = asked.query.tokens();
        let mut gains = [Gain::default(); MOST_TOKENS];
        for &i in &asked.initials {
            gains[usize::from(i) % MOST_TOKENS].raise(tokens[usize::from(i)].weight, 1.0, MOST_WEIGHT);
        }
        for (at, most) in asked.most.iter().enumerate().take(MOST_TOKENS) {
            if reached & asked.open & 1 << at != 0 {
                gains[at].raise(most.worth, most.similarity, most.listed);
            }
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

    fn collect(&mut self, asked: &mut Asked<'_>) {
        let tokens = asked.query.tokens();
        let params = asked.params;
        // What it costs to walk through all names that a token meets.
        let mut cost = vec![0u64; tokens.len()];
        for probe in &asked.probes {
            let (own, names) = probe.most(params);
            for &i in &probe.covers {
                asked.most[usize::from(i)].raise(own.worth, own.similarity, own.listed);
                cost[usize::from(i)] += names;
            }
        }
        for &i in &asked.initials {
            let weight = tokens[usize::from(i)].weight;
            asked.most[usize::from(i)].raise(weight, 1.0, MOST_WEIGHT);
            cost[usize::from(i)] = u64::MAX;
        }
        let asked = &*asked;
        let (probes, most) = (asked.probes.as_slice(), asked.most.as_slice());
        let mut order: Vec<usize> = (0..tokens.len()).collect();
        order.sort_by_key(|&i| (cost[i], i));
        let mut place = vec![0usize; tokens.len()];
        order.iter().enumerate().for_each(|(at, &i)| place[i] = at);
        let sketched = tokens.len() <= MOST_TOKENS;
        let mut limits = Limits {
            asked,
            beside: [UNKNOWN; 1 << MOST_TOKENS],
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
            if !stamped && sketched {
                self.stamp(probes, params.joined);
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
                // What reaches a token that was taken before has been looked at.
                let later = order[at..].iter().fold(0u8, |all, &i| all | 1 << i.min(7));
                self.walk(asked, probe, up_to, sketched.then_some((&mut limits, always, later)));
                for &name in &probe.found.split_names {
                    let sketch = asked.index.sketch(name);
                    if !sketched || sketch == SKETCHED || self.promises(asked, sketch, self.reached(sketch), name) {
                        self.look(asked, name);
                    }
                }
            }
        }
        self.unstamp();
    }

    /// Which tokens of the query a sketch may reach, as bits.
    #[inline]
    fn reached(&self, sketch: [u16; SKETCH_WORDS]) -> u8 {
        sketch
            .iter()
            .fold(0, |all, code| all | self.reaching[usize::from(*code)])
    }

    /// The same of a name of more words than a sketch holds.
    fn reached_by_words(&self, index: &Index, name: u32) -> u8 {
        let code = |token: &[u8; 4]| usize::from(sketch_code(u32::from_le_bytes(*token) & WORD_MASK));
        index
            .tokens(name)
            .iter()
            .fold(0, |all, token| all | self.reaching[code(token)])
    }

    /// Walks through the names of a probe's words and looks at those that may reach enough of the query.
    fn walk(&mut self, asked: &Asked<'_>, probe: &Probe, up_to: u32, sieve: Option<(&mut Limits<'_>, u8, u8)>) {
        let names = |near: &Near| {
            asked
                .index
                .postings(near.word)
                .iter()
                .map(|n| u32::from_le_bytes(*n))
                .take_while(|name| *name < up_to)
        };
        let Some((limits, always, later)) = sieve else {
            for near in probe.words() {
                names(near).for_each(|name| self.look(asked, name));
            }
            return;
        };
        let own = probe.covers.iter().fold(0, |bits, &i| bits | 1 << i);
        for near in probe.words() {
            // A word that meets several tokens counts for each.
            let weight = near.weight * probe.covers.len() as f32;
            let alone = limits.up_to(own | always, own, weight);
            let utmost = limits.up_to(later | own | always, own, weight);
            for name in names(near) {
                self.walked += 1;
                let sketch = asked.index.sketch(name);
                let whole = sketch != SKETCHED;
                let reached = if whole {
                    self.reached(sketch)
                } else if name >= utmost {
                    continue;
                } else {
                    self.reached_by_words(asked.index, name)
                };
                let reached = reached & later | own | always;
                // Of tokens whose words are not compared a sketch says no more than which are reached.
                if name >= alone && (reached & !own & !always == 0 || name >= limits.up_to(reached, own, weight))
                    || whole && reached & !asked.open != 0 && !self.promises(asked, sketch, reached, name)
                {
                    continue;
                }
                self.look(asked, name);
            }
        }
    }

    /// How alike a probe's token and a listed word are at most; without comparing, if that is not wanted.
    fn similarity(&mut self, asked: &Asked<'_>, at: usize, word: u32, comparing: bool) -> f32 {
        let probe = &asked.probes[at];
        if probe.found.compared {
            return probe.known(word);
        }
        if !comparing {
            return 1.0;
        }
        let (tokens, virtuals) = (asked.query.tokens(), asked.query.virtuals());
        let Some(token) = probe.token.and_then(|t| tokens.iter().chain(virtuals).nth(t)) else {
            return 0.0;
        };
        let classes = &mut self.classes;
        *self
            .known
            .entry((at as u16, word))
            .or_insert_with(|| similarity(asked.index, token, word, probe.room, classes))
    }

    /// Bounds a name's score by its words; keeps it if it may reach what is wanted.
    fn look(&mut self, asked: &Asked<'_>, name: u32) {
        match self.seen.get_mut(name as usize) {
            Some(seen) if *seen != self.epoch => *seen = self.epoch,
            _ => return,
        }
        self.looked_at += 1;
        // More tokens than are bounded here: scored exactly.
        if asked.query.tokens().len() > 64
            || self.best(asked, name, false) >= asked.wanted
                && (asked.open == 0 || self.best(asked, name, true) >= asked.wanted)
        {
            self.candidates.push(name);
        }
    }

    /// The best score that a name's words allow; with the words that are not compared yet taken for the token's own, or compared.
    fn best(&mut self, asked: &Asked<'_>, name: u32, comparing: bool) -> f32 {
        let (index, tokens, probes) = (asked.index, asked.query.tokens(), asked.probes.as_slice());
        let words = index.tokens(name);
        let total = index.total(name);
        let many = tokens.len().min(64);
        let (mut few, mut all);
        let gains: &mut [Gain] = if many <= MOST_TOKENS {
            few = [Gain::default(); MOST_TOKENS];
            &mut few
        } else {
            all = [Gain::default(); 64];
            &mut all
        };
        let weight_at = |at: usize| {
            let token = words.get(at).map_or(0, |t| u32::from_le_bytes(*t));
            index.word_weight(token & WORD_MASK)
        };
        let mut note = |covers: &[u8], weight: f32, similarity: f32, listed: f32| {
            let gain = similarity * weight.min(listed);
            for &i in covers {
                if let Some(own) = gains.get_mut(usize::from(i)) {
                    own.raise(gain, similarity, listed);
                }
            }
        };
        for token in words {
            let token = u32::from_le_bytes(*token);
            let word = token & WORD_MASK;
            let reached = if many <= MOST_TOKENS {
                self.reaching[usize::from(sketch_code(word))]
            } else {
                u8::MAX
            };
            if reached == 0 && asked.initials.is_empty() {
                continue;
            }
            let listed = if token & VIRTUAL == 0 {
                index.word_weight(word)
            } else if token & WHOLE == 0 {
                let at = (token >> PLACE_SHIFT & PLACE_MASK) as usize;
                weight_at(at) + weight_at(at + 1)
            } else {
                total
            };
            for (at, probe) in probes.iter().enumerate() {
                if many <= MOST_TOKENS && !probe.covers.iter().any(|&i| reached & 1 << i != 0) {
                    continue;
                }
                let similarity = self.similarity(asked, at, word, comparing);
                if similarity > 0.0 {
                    note(&probe.covers, probe.weight, similarity, listed);
                }
            }
            for &i in &asked.initials {
                let initial = &tokens[usize::from(i)];
                let known = index.word(word);
                if known.text.chars().next() == initial.word.text().chars().next() {
                    note(&[i], initial.weight, 1.0, listed);
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
        best_score(&mut gains[..many], unreached, left, asked.params)
    }
}

/// A listed name made comparable again, weighed by the index.
pub(crate) fn prepared(index: &Index, name: u32) -> Option<PreparedName> {
    let listed = index.name(name);
    let mut listed = prepare(listed.text, listed.party).ok()?;
    listed.weigh(index);
    Some(listed)
}
