//! Which listed words each token of a query is held against.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use standing_names::{Params, PreparedName, Token, TokenKind, Word};

use crate::bound::{Gain, MOST_TOKENS};
use crate::index::Index;
use crate::resemble::{Finder, Found, Near, room};

/// Tokens whose words are kept by one searcher.
const KEPT_TOKENS: usize = 50_000;

/// What it costs to compare a word, in names walked through or words noted.
const COMPARING: u64 = 6;

/// A token of the query, or what stands for several: an acronym, a join.
pub(crate) struct Probe {
    pub found: Arc<Found>,
    /// Which token or virtual token of the query it is, by place; none if it stands for two neighbours.
    pub token: Option<usize>,
    /// Which tokens of the query it covers, by place.
    pub covers: Vec<u8>,
    pub weight: f32,
    /// Words with more discord stand in no alignment that reaches the threshold.
    pub room: f32,
}

impl Probe {
    /// The words that may matter.
    #[inline]
    pub fn words(&self) -> impl Iterator<Item = &Near> {
        self.found.words.iter().filter(|near| self.fits(near))
    }

    #[inline]
    fn fits(&self, near: &Near) -> bool {
        (1.0 - near.similarity) * near.weight.min(self.weight) <= self.room
    }

    /// How alike a word is, where that is known.
    pub fn known(&self, word: u32) -> f32 {
        let words = &self.found.words;
        words
            .binary_search_by_key(&word, |near| near.word)
            .ok()
            .and_then(|at| words.get(at))
            .filter(|near| self.fits(near))
            .map_or(0.0, |near| near.similarity)
    }

    /// The most that a name can give through it, and how many names hold its words.
    pub fn most(&self, params: &Params) -> (Gain, u64) {
        let found = &*self.found;
        let (mut gain, mut names) = (Gain::default(), found.split_names.len() as u64);
        if found.compared {
            for near in self.words() {
                gain.raise(
                    near.similarity * near.weight.min(self.weight),
                    near.similarity,
                    near.weight,
                );
                names += u64::from(near.names);
            }
        } else if !found.words.is_empty() {
            gain.raise(found.heaviest.min(self.weight), 1.0, found.heaviest);
            names += found.names;
        }
        if !found.splits.is_empty() {
            gain.raise(params.joined * self.weight, params.joined, found.split_weight);
        }
        (gain, names)
    }
}

/// The words of a token, with what was spent on walking through them as they are.
struct Kept {
    /// Held, so that no other word comes to stand at its place.
    _word: Arc<Word>,
    found: Arc<Found>,
    spent: u64,
}

/// The words that may resemble tokens, kept by one thread.
#[derive(Default)]
pub(crate) struct Similar {
    finder: Finder,
    kept: FxHashMap<(usize, TokenKind), Kept>,
    classes: Vec<u16>,
    /// Tokens whose words were found anew.
    pub tokens: u64,
    /// Tokens whose words were all compared.
    pub compared: u64,
}

impl Similar {
    /// Empty, for another index; only what was counted goes on.
    pub fn after(before: &Self) -> Self {
        Self {
            tokens: before.tokens,
            compared: before.compared,
            ..Self::default()
        }
    }

    pub fn probes(&mut self, index: &Index, query: &PreparedName, score: f32, params: &Params) -> Vec<Probe> {
        let tokens = query.tokens();
        let room = room(query.total_weight(), score, params);
        let covering = |cover: u64| -> Vec<u8> {
            (0..tokens.len())
                .filter(|&i| tokens[i].cover & cover != 0)
                .map(|i| i as u8)
                .collect()
        };
        // Names of more tokens are not sieved, and every name that is met is looked at: there must not be many.
        let long = tokens.len() > MOST_TOKENS;
        let mut probes = Vec::with_capacity(tokens.len() * 2);
        for (at, token) in tokens.iter().chain(query.virtuals()).enumerate() {
            let own = at < tokens.len();
            probes.push(Probe {
                found: self.find(index, token, long),
                token: Some(at),
                covers: covering(token.cover),
                weight: token.weight,
                room: if own { room } else { f32::INFINITY },
            });
        }
        joins(index, tokens, &covering, &mut probes);
        probes
    }

    fn find(&mut self, index: &Index, token: &Token, compared: bool) -> Arc<Found> {
        // What is made anew for every name has no place by which it is known again.
        let passing = matches!(token.kind, TokenKind::Number | TokenKind::Initial | TokenKind::Acronym);
        let key = (Arc::as_ptr(&token.word).addr(), token.kind);
        if let Some(kept) = self.kept.get_mut(&key).filter(|_| !passing) {
            let words = kept.found.words.len() as u64;
            kept.spent += words + kept.found.names / 4;
            if !kept.found.compared && (compared || kept.spent > COMPARING * words) {
                self.compared += 1;
                kept.found = Arc::new(kept.found.compare(index, token, &mut self.classes));
            }
            return Arc::clone(&kept.found);
        }
        self.tokens += 1;
        let mut found = self.finder.sharing(index, token);
        let words = found.words.len() as u64;
        let spent = words + found.names / 4;
        if compared || spent > COMPARING * words {
            self.compared += 1;
            found = found.compare(index, token, &mut self.classes);
        }
        let found = Arc::new(found);
        if !passing {
            if self.kept.len() >= KEPT_TOKENS {
                self.kept.clear();
            }
            let kept = Kept {
                _word: Arc::clone(&token.word),
                found: Arc::clone(&found),
                spent,
            };
            self.kept.insert(key, kept);
        }
        found
    }
}

/// Two neighbours of the query that a listed name writes as one.
fn joins(index: &Index, tokens: &[Token], covering: &impl Fn(u64) -> Vec<u8>, probes: &mut Vec<Probe>) {
    for pair in tokens.windows(2) {
        let text = [pair[0].word.text(), pair[1].word.text()].concat();
        if text.len() < 5 {
            continue;
        }
        let mut words: Vec<Near> = index
            .words_written(&text)
            .filter(|&w| index.word(w).kind == TokenKind::Name)
            .map(|word| Near {
                word,
                similarity: Params::embedded().joined,
                weight: index.word_weight(word),
                names: index.postings(word).len() as u32,
            })
            .collect();
        words.sort_unstable_by_key(|near| near.word);
        if !words.is_empty() {
            probes.push(Probe {
                found: Arc::new(Found::known(words)),
                token: None,
                covers: covering(pair[0].cover | pair[1].cover),
                weight: pair[0].weight + pair[1].weight,
                room: f32::INFINITY,
            });
        }
    }
}
