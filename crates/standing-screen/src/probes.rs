//! Which listed words each token of a query is held against.
//!
//! Finding the words that resemble a token not met before is most of what a query costs. Where every name that reaches the threshold must meet one of
//! some tokens, and the names that do are few, the words that resemble the others are looked for among the words of these names alone. What is
//! spent on a token in this way is counted: once it is as much as finding all of its words, they are found, and kept.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use standing_names::{Params, PreparedName, Token, TokenKind};

use crate::bound::{Gain, MOST_TOKENS, best_score};
use crate::index::Index;
use crate::resemble::{Finder, Found, Near, room, step};

/// Tokens whose similar words are kept by one searcher.
const KEPT_TOKENS: usize = 100_000;

/// How many words a name has, about, by which the costs of two ways are weighed.
const WORDS_A_NAME: u64 = 3;

/// A token of the query, or what stands for several: an acronym, a join.
pub(crate) struct Probe {
    pub found: Arc<Found>,
    /// Which tokens of the query it covers, by place.
    pub covers: Vec<u8>,
    pub weight: f32,
    /// Words with more discord stand in no alignment that reaches the threshold.
    room: f32,
}

impl Probe {
    /// The words that may matter.
    pub fn words(&self) -> impl Iterator<Item = &Near> {
        near(&self.found, self.weight, self.room)
    }
}

/// The words that make a pair of no more discord than there is room for.
fn near(found: &Found, weight: f32, room: f32) -> impl Iterator<Item = &Near> {
    let fits = move |near: &&Near| (1.0 - near.similarity) * near.weight.min(weight) <= room;
    found.words.iter().filter(fits)
}

/// What a query is held against.
pub(crate) struct Probes {
    pub probes: Vec<Probe>,
    /// Tokens of which every name that reaches the threshold meets one, as bits.
    pub first: u64,
}

/// The words that resemble tokens, kept by one thread.
#[derive(Default)]
pub(crate) struct Similar {
    key: Vec<u8>,
    finder: Finder,
    found: FxHashMap<Box<[u8]>, Arc<Found>>,
    /// What was spent on tokens whose words are not all found.
    spent: FxHashMap<Box<[u8]>, u64>,
    /// Tokens whose words were found anew.
    pub tokens: u64,
}

/// What one query asks for.
struct Wanted<'a> {
    index: &'a Index,
    tokens: &'a [Token],
    score: f32,
    room: f32,
    params: &'a Params,
}

impl Similar {
    /// Empty, for another index; only what was counted goes on.
    pub fn after(before: &Self) -> Self {
        Self {
            tokens: before.tokens,
            ..Self::default()
        }
    }

    pub fn probes(&mut self, index: &Index, query: &PreparedName, score: f32, params: &Params) -> Probes {
        let tokens = query.tokens();
        let wanted = Wanted {
            index,
            tokens,
            score,
            room: room(query.total_weight(), score, params),
            params,
        };
        let covering = |cover: u64| -> Vec<u8> {
            (0..tokens.len())
                .filter(|&i| tokens[i].cover & cover != 0)
                .map(|i| i as u8)
                .collect()
        };
        let mut probes = Vec::with_capacity(tokens.len() * 2);
        for token in query.virtuals() {
            probes.push(Probe {
                found: self.find(index, token, f32::INFINITY),
                covers: covering(token.cover),
                weight: token.weight,
                room: f32::INFINITY,
            });
        }
        joins(&wanted, &covering, &mut probes);
        let mut found: Vec<Option<Arc<Found>>> = tokens.iter().map(|t| self.known(index, t, wanted.room)).collect();
        let plain = query.virtuals().is_empty() && tokens.iter().all(|t| t.kind != TokenKind::Initial);
        let first = if plain && (2..=MOST_TOKENS).contains(&tokens.len()) && found.iter().any(Option::is_none) {
            self.among_few(&wanted, &mut found, &probes)
        } else {
            u64::MAX
        };
        for (token, found) in tokens.iter().zip(found) {
            probes.push(Probe {
                found: found.unwrap_or_else(|| self.find(index, token, wanted.room)),
                covers: covering(token.cover),
                weight: token.weight,
                room: wanted.room,
            });
        }
        Probes { probes, first }
    }

    /// Looks for the words of tokens among the names of other tokens, where that is less work and every name that reaches the threshold must meet one of
    /// these; says which.
    fn among_few(&mut self, wanted: &Wanted<'_>, found: &mut [Option<Arc<Found>>], joins: &[Probe]) -> u64 {
        let Wanted { index, tokens, .. } = *wanted;
        let efforts: Vec<u64> = tokens.iter().map(|t| Finder::effort(index, t)).collect();
        let cost = |found: &Option<Arc<Found>>, i: usize| {
            let names = found
                .as_deref()
                .map(|f| WORDS_A_NAME * names_of(f, tokens[i].weight, wanted.room));
            names.unwrap_or(efforts[i])
        };
        let mut order: Vec<(u64, usize)> = found.iter().enumerate().map(|(i, f)| (cost(f, i), i)).collect();
        order.sort_unstable();
        let mut first = 0u64;
        let mut names = 0;
        for &(_, i) in &order {
            let own = found[i].get_or_insert_with(|| self.find(index, &tokens[i], wanted.room));
            names += names_of(own, tokens[i].weight, wanted.room);
            first |= 1 << i;
            if !wanted.reach_alone(!first) {
                break;
            }
        }
        let own = WORDS_A_NAME * names;
        let open: Vec<usize> = (0..tokens.len())
            .filter(|&i| found[i].is_none() && own < efforts[i] && self.spend(&tokens[i], own, efforts[i]))
            .collect();
        if open.is_empty() {
            return u64::MAX;
        }
        let postings = |near: &Near| index.postings(near.word).iter().map(|n| u32::from_le_bytes(*n));
        let joined = joins.iter().flat_map(Probe::words).flat_map(postings);
        let met = (0..tokens.len())
            .filter(|i| first & 1 << i != 0)
            .filter_map(|i| Some((found[i].as_deref()?, tokens[i].weight)));
        let met = met.flat_map(|(found, weight)| {
            let whole = near(found, weight, wanted.room).flat_map(postings);
            whole.chain(found.split_names.iter().copied())
        });
        self.finder.gather(index, joined.chain(met));
        for i in open {
            found[i] = Some(Arc::new(self.finder.among(index, &tokens[i], wanted.room)));
        }
        first
    }

    /// Is it still less to go without all words of a token than to find them?
    fn spend(&mut self, token: &Token, own: u64, effort: u64) -> bool {
        self.key_of(token);
        if self.spent.len() >= KEPT_TOKENS {
            self.spent.clear();
        }
        if let Some(spent) = self.spent.get_mut(self.key.as_slice()) {
            *spent += own;
            return *spent < effort;
        }
        self.spent.insert(self.key.as_slice().into(), own);
        true
    }

    /// Writes what a token's words depend on into `key`.
    fn key_of(&mut self, token: &Token) {
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
    }

    /// What is known of a token's words; leaves the key in `key`.
    fn known(&mut self, index: &Index, token: &Token, room: f32) -> Option<Arc<Found>> {
        self.key_of(token);
        if let Some(found) = self.found.get(self.key.as_slice())
            && found.complete_to >= room
        {
            return Some(Arc::clone(found));
        }
        let found = index.shared.get(&self.key, room)?;
        self.keep(&found);
        Some(found)
    }

    fn keep(&mut self, found: &Arc<Found>) {
        if self.found.len() >= KEPT_TOKENS {
            self.found.clear();
        }
        self.found.insert(self.key.as_slice().into(), Arc::clone(found));
    }

    fn find(&mut self, index: &Index, token: &Token, room: f32) -> Arc<Found> {
        if let Some(found) = self.known(index, token, room) {
            return found;
        }
        self.tokens += 1;
        let found = Arc::new(self.finder.resembling(index, token, step(room)));
        index.shared.put(&self.key, &found);
        self.keep(&found);
        found
    }
}

impl Wanted<'_> {
    /// Could a name that meets these tokens alone, given as bits, reach the threshold if it met them in full?
    fn reach_alone(&self, these: u64) -> bool {
        let mut gains = [Gain::default(); MOST_TOKENS];
        let (mut n, mut unreached) = (0, 0.0);
        for (at, token) in self.tokens.iter().enumerate() {
            if these & 1 << at == 0 {
                unreached += token.weight;
            } else if let Some(gain) = gains.get_mut(n) {
                gain.raise(token.weight, 1.0, token.weight);
                n += 1;
            }
        }
        best_score(&mut gains[..n], unreached, 0.0, self.params) >= self.score
    }
}

/// How many names hold the words that matter.
fn names_of(found: &Found, weight: f32, room: f32) -> u64 {
    let whole: u64 = near(found, weight, room).map(|near| u64::from(near.names)).sum();
    whole + found.split_names.len() as u64
}

/// Two neighbours of the query that a listed name writes as one.
fn joins(wanted: &Wanted<'_>, covering: &impl Fn(u64) -> Vec<u8>, probes: &mut Vec<Probe>) {
    let Wanted { index, params, .. } = *wanted;
    for pair in wanted.tokens.windows(2) {
        let text = [pair[0].word.text(), pair[1].word.text()].concat();
        if text.len() < 5 {
            continue;
        }
        let words: Vec<Near> = index
            .words_written(&text)
            .filter(|&w| index.word(w).kind == TokenKind::Name)
            .map(|word| Near {
                word,
                similarity: params.joined,
                weight: index.word_weight(word),
                names: index.postings(word).len() as u32,
            })
            .collect();
        if !words.is_empty() {
            probes.push(Probe {
                found: Arc::new(Found {
                    words,
                    ..Found::default()
                }),
                covers: covering(pair[0].cover | pair[1].cover),
                weight: pair[0].weight + pair[1].weight,
                room: f32::INFINITY,
            });
        }
    }
}
