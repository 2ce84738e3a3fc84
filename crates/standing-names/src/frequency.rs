//! How rare a token is: among the listed names (supplied from outside) and in the language at large (embedded, `data/common.tsv`).

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::params::Params;
use crate::table;

/// How many listed names hold a token. An index supplies it; [`NoCounts`] stands where there is none.
pub trait Counts {
    /// Listed names that hold the token with this key.
    fn count(&self, text: &str) -> u32;
    /// All listed names.
    fn total(&self) -> u32;
}

/// No list: only the language at large.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoCounts;

impl Counts for NoCounts {
    fn count(&self, _: &str) -> u32 {
        0
    }

    fn total(&self) -> u32 {
        0
    }
}

/// Counts held in a map.
#[derive(Debug, Clone, Default)]
pub struct Frequencies {
    counts: FxHashMap<Box<str>, u32>,
    total: u32,
}

impl Frequencies {
    /// Counts one name's tokens, each once.
    pub fn add<'a>(&mut self, tokens: impl IntoIterator<Item = &'a str>) {
        self.total += 1;
        for token in tokens {
            if let Some(count) = self.counts.get_mut(token) {
                *count += 1;
            } else {
                self.counts.insert(token.into(), 1);
            }
        }
    }
}

impl Counts for Frequencies {
    fn count(&self, text: &str) -> u32 {
        self.counts.get(text).copied().unwrap_or(0)
    }

    fn total(&self) -> u32 {
        self.total
    }
}

static COMMON: LazyLock<FxHashMap<&'static str, f32>> = LazyLock::new(|| {
    table::rows(include_str!("../data/common.tsv"))
        .filter_map(|row| Some((*row.first()?, row.get(1)?.parse().ok()?)))
        .collect()
});

/// The weight of a name token from its rarity: `least_weight` to 1.
pub(crate) fn weight(text: &str, counts: &impl Counts, params: &Params) -> f32 {
    let language = COMMON.get(text).copied().unwrap_or(0.0);
    let listed = if counts.total() > 0 {
        counts.count(text) as f32 / counts.total() as f32
    } else {
        0.0
    };
    let share = listed.max(language);
    if share <= 0.0 {
        return 1.0;
    }
    (-share.log2() / params.full_bits).clamp(params.least_weight, 1.0)
}
