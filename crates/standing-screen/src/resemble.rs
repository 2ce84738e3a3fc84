//! The listed words that resemble a token of a query: found through search keys, sieved, and compared.
//!
//! A score leaves room for so much discord and no more ([`room`]). A pair of tokens whose own discord is above it stands in no alignment that
//! reaches the threshold, so the words that would make such a pair need not be found. [`Found`] says up to which discord it is complete.

use std::hash::Hasher;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::{FxHashMap, FxHasher};
use standing_names::{Params, Parts, Sieve, Token, TokenKind, TokenRef, pair_similarity_within};

use crate::build::WORD_MASK;
use crate::index::{Index, WordSketch};

/// A listed word with its similarity.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Near {
    pub word: u32,
    pub similarity: f32,
    pub weight: f32,
    /// How many names hold it.
    pub names: u32,
}

/// The listed words that resemble a token.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub words: Vec<Near>,
    /// Neighbouring words that read the token when written as one, the greatest weight of two, and the names that hold them so.
    pub splits: Vec<(u32, u32)>,
    pub split_weight: f32,
    pub split_names: Vec<u32>,
    /// Complete for pairs of no more discord than this.
    pub complete_to: f32,
}

/// Discords up to which words are found at once; a query that leaves room for more finds them anew.
const STEPS: [f32; 10] = [0.06, 0.1, 0.14, 0.17, 0.2, 0.23, 0.26, 0.29, 0.33, f32::INFINITY];

/// The step at which so much discord is found.
pub(crate) fn step(discord: f32) -> f32 {
    STEPS.into_iter().find(|s| *s >= discord).unwrap_or(f32::INFINITY)
}

/// The most discord that an alignment of so much total weight may have and still reach what is wanted.
pub(crate) fn room(total: f32, wanted: f32, params: &Params) -> f32 {
    let reaches = |discord: f32| {
        let parts = Parts {
            matched: total - discord,
            discord,
            ..Parts::default()
        };
        parts.score(params) >= wanted
    };
    let (mut low, mut high) = (0.0, total);
    for _ in 0..12 {
        let middle = f32::midpoint(low, high);
        if reaches(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// What was found for tokens, shared by all threads that search an index: each token is found once, whoever asks for it.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    shards: [Mutex<Shard>; 16],
}

/// What was found, by the tokens' keys.
type Shard = FxHashMap<Box<[u8]>, Arc<Found>>;

/// Tokens kept in each part of [`Shared`].
const KEPT_IN_SHARD: usize = 8_192;

impl Shared {
    fn shard(&self, key: &[u8]) -> MutexGuard<'_, Shard> {
        let mut hasher = FxHasher::default();
        hasher.write(key);
        // The low bits choose a place inside the shard.
        let shard = &self.shards[(hasher.finish() >> 40) as usize % self.shards.len()];
        shard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was found for a token up to a discord.
    pub fn get(&self, key: &[u8], discord: f32) -> Option<Arc<Found>> {
        let shard = self.shard(key);
        shard.get(key).filter(|f| f.complete_to >= discord).map(Arc::clone)
    }

    pub fn put(&self, key: &[u8], found: &Arc<Found>) {
        let mut shard = self.shard(key);
        if shard.len() >= KEPT_IN_SHARD {
            shard.clear();
        }
        shard.insert(key.into(), Arc::clone(found));
    }
}

/// Room for finding words, to be used again and again.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    epoch: u32,
    met: Vec<u32>,
    ids: Vec<u32>,
    classes: Vec<u16>,
}

impl Finder {
    fn begin(&mut self, index: &Index) {
        if self.met.len() != index.words() as usize || self.epoch == u32::MAX {
            self.met = vec![0; index.words() as usize];
            self.epoch = 0;
        }
        self.epoch += 1;
        self.ids.clear();
    }

    #[inline]
    fn meet(&mut self, id: u32) {
        if let Some(met) = self.met.get_mut(id as usize).filter(|met| **met != self.epoch) {
            *met = self.epoch;
            self.ids.push(id);
        }
    }

    /// The words that share a search key with a token, in `ids`.
    fn collect(&mut self, index: &Index, token: &Token) {
        self.begin(index);
        for key in token.probed_keys() {
            for id in index.words_of(key) {
                self.meet(id);
            }
        }
        // In the order of their sounds, as the sieve likes them.
        self.ids.sort_unstable();
    }

    /// Words and names that a search for a token would have to look at, about.
    pub fn effort(index: &Index, token: &Token) -> u64 {
        token
            .probed_keys()
            .iter()
            .map(|key| u64::from(index.filed_under(*key)))
            .sum()
    }

    /// The words that resemble a token with no more discord than a limit.
    pub fn resembling(&mut self, index: &Index, token: &Token, discord: f32) -> Found {
        self.collect(index, token);
        self.those_near(index, token, discord)
    }

    /// Takes the words of names, from which [`Finder::among`] chooses.
    pub fn gather(&mut self, index: &Index, names: impl Iterator<Item = u32>) {
        self.begin(index);
        for name in names {
            for token in index.tokens(name) {
                self.meet(u32::from_le_bytes(*token) & WORD_MASK);
            }
        }
        self.ids.sort_unstable();
    }

    /// The words that resemble a token among those that were gathered, and perhaps some that only look so because no search key is asked for.
    pub fn among(&mut self, index: &Index, token: &Token, discord: f32) -> Found {
        self.those_near(index, token, discord)
    }

    fn those_near(&mut self, index: &Index, token: &Token, discord: f32) -> Found {
        let own = token.view();
        let mut found = Found {
            complete_to: discord,
            ..Found::default()
        };
        let mut held = Held::new(token, discord);
        for &id in &self.ids {
            let Some((least, within)) = held.near(index.word_sketch(id)) else {
                continue;
            };
            let word = index.word(id);
            let listed = TokenRef {
                word: word.view(own.word.keys, &mut self.classes),
                kind: word.kind,
                weight: word.weight,
                cover: 1,
            };
            let similarity = pair_similarity_within(&own, &listed, held.params, within).value;
            if similarity > 0.0 && similarity >= least {
                found.words.push(Near {
                    word: id,
                    similarity,
                    weight: word.weight,
                    names: index.postings(id).len() as u32,
                });
            }
        }
        if token.kind == TokenKind::Name && own.word.text.len() >= 5 {
            splits(index, own.word.text, &mut found);
        }
        found
    }
}

/// A token of a query held against listed words.
struct Held<'a> {
    token: TokenRef<'a>,
    discord: f32,
    sieve: Option<Sieve>,
    params: &'static Params,
    /// For the last weight of a pair the least similarity that matters, and how far apart words of it may be.
    known: (f32, f32, f32),
}

fn stands_beside(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Acronym | TokenKind::Joined)
}

fn spelled(kind: TokenKind) -> bool {
    !matches!(kind, TokenKind::Initial | TokenKind::Number | TokenKind::Acronym)
}

impl<'a> Held<'a> {
    /// Words that would make a pair of more discord do not matter.
    fn new(token: &'a Token, discord: f32) -> Self {
        let params = Params::embedded();
        let token = token.view();
        Self {
            sieve: spelled(token.kind).then(|| Sieve::new(token.word)),
            token,
            discord,
            params,
            known: (f32::NAN, 0.0, params.farthest()),
        }
    }

    /// From which similarity on a word matters and how far apart it may be; `None` if it is further.
    fn near(&mut self, word: WordSketch<'_>) -> Option<(f32, f32)> {
        let weight = self.token.weight.min(word.weight);
        let bounded = self.discord.is_finite() && !stands_beside(self.token.kind) && !stands_beside(word.kind);
        let (least, within) = if !bounded {
            (0.0, self.params.farthest())
        } else if weight.to_bits() == self.known.0.to_bits() {
            (self.known.1, self.known.2)
        } else {
            let least = 1.0 - self.discord / weight.max(f32::EPSILON) - 1e-4;
            let within = if least > self.params.floor {
                self.params.apart(least)
            } else {
                self.params.farthest()
            };
            self.known = (weight, least, within);
            (least, within)
        };
        let parted = spelled(word.kind)
            && word.text != self.token.word.text.as_bytes()
            && self
                .sieve
                .as_mut()
                .is_some_and(|s| s.parts(word.forms, word.native, word.classes, within, self.params));
        (!parted).then_some((least, within))
    }
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
                    let weight = index.word_weight(a) + index.word_weight(b);
                    found.split_weight = found.split_weight.max(weight);
                }
            }
        }
    }
    found.split_names.sort_unstable();
    found.split_names.dedup();
}
