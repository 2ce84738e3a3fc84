//! The listed words that may resemble a token of a query: those that share a search key with it.
//!
//! To find them costs little, to compare them much more. So they are first taken as if each were as good as the token itself, and compared one by one
//! in the few names that promise something even so. Those of a token that is asked for again and again are compared all at once
//! ([`Found::compared`]), and what does not resemble it is left out from then on.

use standing_names::{Params, Parts, Token, TokenKind, TokenRef, pair_similarity_within};

use crate::index::Index;

/// A listed word that may resemble a token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Near {
    pub word: u32,
    /// 1 as long as it is not compared.
    pub similarity: f32,
    pub weight: f32,
    /// How many names hold it.
    pub names: u32,
}

/// The listed words that may resemble a token.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Once they are compared by ascending number, and only those that resemble it.
    pub words: Vec<Near>,
    pub compared: bool,
    /// How many names hold them, in all.
    pub names: u64,
    /// The greatest weight of a word.
    pub heaviest: f32,
    /// Neighbouring words that read the token when written as one, the greatest weight of two, and the names that hold them so.
    pub splits: Vec<(u32, u32)>,
    pub split_weight: f32,
    pub split_names: Vec<u32>,
}

impl Found {
    /// What the words are, taken together.
    fn sum(mut self) -> Self {
        self.names = self.words.iter().map(|near| u64::from(near.names)).sum();
        self.heaviest = self.words.iter().fold(0.0, |most, near| near.weight.max(most));
        self
    }

    /// Words that are compared already.
    pub fn known(words: Vec<Near>) -> Self {
        let found = Self {
            words,
            compared: true,
            ..Self::default()
        };
        found.sum()
    }

    /// The same with every word compared.
    pub fn compare(&self, index: &Index, token: &Token, classes: &mut Vec<u16>) -> Self {
        let mut words: Vec<Near> = self
            .words
            .iter()
            .filter_map(|near| {
                let similarity = similarity(index, token, near.word, f32::INFINITY, classes);
                (similarity > 0.0).then_some(Near { similarity, ..*near })
            })
            .collect();
        words.sort_unstable_by_key(|near| near.word);
        Self {
            splits: self.splits.clone(),
            split_weight: self.split_weight,
            split_names: self.split_names.clone(),
            ..Self::known(words)
        }
    }
}

/// How alike a token and a listed word are that may share a key; if they share none it is too much, and nothing where they would make a pair of more discord
/// than there is room for.
pub(crate) fn similarity(index: &Index, token: &Token, word: u32, room: f32, classes: &mut Vec<u16>) -> f32 {
    let (own, listed, params) = (token.view(), index.word(word), Params::embedded());
    let listed = TokenRef {
        word: listed.view(own.word.keys, classes),
        kind: listed.kind,
        weight: listed.weight,
        cover: 1,
    };
    let beside = |kind| matches!(kind, TokenKind::Acronym | TokenKind::Joined);
    let least = if beside(own.kind) || beside(listed.kind) {
        0.0
    } else {
        1.0 - room / own.weight.min(listed.weight).max(f32::EPSILON) - 1e-4
    };
    let within = if least > params.floor {
        params.apart(least)
    } else {
        params.farthest()
    };
    pair_similarity_within(&own, &listed, params, within).value
}

/// The most discord that an alignment of so much total weight may have and still reach what is wanted. A pair of tokens whose own discord is above it
/// stands in no alignment that reaches the threshold.
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

/// Room for finding words, to be used again and again.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    epoch: u32,
    met: Vec<u32>,
}

impl Finder {
    /// The words that share a search key with a token.
    #[inline(never)]
    pub fn sharing(&mut self, index: &Index, token: &Token) -> Found {
        if self.met.len() != index.words() as usize || self.epoch == u32::MAX {
            self.met = vec![0; index.words() as usize];
            self.epoch = 0;
        }
        self.epoch += 1;
        let mut found = Found::default();
        for key in token.probed_keys() {
            for word in index.words_of(key) {
                let Some(met) = self.met.get_mut(word as usize).filter(|met| **met != self.epoch) else {
                    continue;
                };
                *met = self.epoch;
                let (weight, names) = index.weight_and_names(word);
                found.words.push(Near {
                    word,
                    similarity: 1.0,
                    weight,
                    names,
                });
            }
        }
        if token.kind == TokenKind::Name && token.word.text().len() >= 5 {
            splits(index, token.word.text(), &mut found);
        }
        found.sum()
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
