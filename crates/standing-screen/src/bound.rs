//! What a name can score at best, from what its words can give to the tokens of a query.
//!
//! `docs/SCREENING.md` has the bound and its proof.

use standing_names::{Params, Parts};

/// What a name's tokens can give to one token of the query.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Gain {
    pub worth: f32,
    pub similarity: f32,
    pub listed: f32,
}

impl Gain {
    pub fn raise(&mut self, worth: f32, similarity: f32, listed: f32) {
        self.worth = self.worth.max(worth);
        self.similarity = self.similarity.max(similarity);
        self.listed = self.listed.max(listed);
    }
}

/// The most tokens of a query whose names are sieved by which of them they reach; longer queries look at every name met.
pub(crate) const MOST_TOKENS: usize = 8;

/// No token weighs more, whatever its kind.
pub(crate) const MOST_WEIGHT: f32 = 4.0;

/// The best score that what is known allows: the matched tokens in the order of their similarity, as many as raise the score.
///
/// The true alignment gives each token of the query at most its gain, at no less discord than its best similarity has; what it leaves over is at
/// least `unreached` in the query and `left` in the listed name. For a given sum of gains the least discord takes the most similar tokens first,
/// and between two steps of that order the score has no maximum.
pub(crate) fn best_score(gains: &mut [Gain], unreached: f32, left: f32, params: &Params) -> f32 {
    gains.sort_unstable_by(|a, b| b.similarity.total_cmp(&a.similarity));
    let mut parts = Parts {
        left_a: unreached,
        left_b: left,
        ..Parts::default()
    };
    let mut best = 0.0f32;
    for gain in gains.iter().take_while(|g| g.worth > 0.0) {
        parts.matched += gain.worth;
        parts.discord += gain.worth * (1.0 / gain.similarity - 1.0).max(0.0);
        let score = parts.score(params);
        if score > best {
            best = score;
        }
    }
    best
}

/// How heavy a name may be in all that reaches these tokens and no others; `None` if even the lightest cannot score what is wanted.
pub(crate) fn heaviest(gains: &mut [Gain], unreached: f32, wanted: f32, params: &Params) -> Option<f32> {
    let reached: f32 = gains.iter().map(|g| g.listed).sum();
    if best_score(gains, unreached, 0.0, params) < wanted {
        return None;
    }
    let (mut low, mut high) = (0.0f32, 64.0f32);
    if best_score(gains, unreached, high, params) >= wanted {
        return Some(f32::INFINITY);
    }
    for _ in 0..12 {
        let middle = f32::midpoint(low, high);
        if best_score(gains, unreached, middle, params) >= wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(reached + high)
}
