//! How unlike the words are that two names have left over on both sides.
//!
//! Words that do not resemble each other enough to meet still contradict one another more or less: `Starkey` beside `Starmer` may be a slip, `Mitchell` beside it is
//! another name. What is far apart makes a contradiction dearer (`strange`), what is near leaves it as it is; so it never raises a score, and an index need not
//! know of it. Only letters are compared, in their order or as a jumble: what sounds alike has met already.

use crate::params::Params;
use crate::prepare::{PreparedName, Token, TokenKind};

/// The longest word looked at whole, in letters.
const LONGEST: usize = 64;
/// The fewest letters of a word whose letters may stand in another order.
const JUMBLED: usize = 5;

/// What words left over on both sides weigh together as another name: the lesser side's weight, at most 1, as far as it is far apart from the other's.
/// Numbers are left aside: they contradict one another by their weight alone.
pub(crate) fn strangeness(a: &PreparedName, used_a: u64, b: &PreparedName, used_b: u64, params: &Params) -> f32 {
    let (mut words_a, mut words_b) = (0.0, 0.0);
    let near_a = near(a, used_a, b, used_b, &mut words_a, params);
    let near_b = near(b, used_b, a, used_a, &mut words_b, params);
    let less = words_a.min(words_b);
    if less <= 0.0 {
        return 0.0;
    }
    (1.0 - (near_a.min(near_b) / less).clamp(0.0, 1.0)) * less.min(1.0)
}

/// How near two names of one word each are that did not meet, 0 to 1.
pub(crate) fn lone_words(a: &PreparedName, b: &PreparedName, params: &Params) -> f32 {
    match (&a.tokens[..], &b.tokens[..]) {
        ([x], [y]) if spelled(x) && spelled(y) => nearness(Masks::of(&x.word.text).likeness(&y.word.text), params),
        _ => 0.0,
    }
}

fn nearness(likeness: f32, params: &Params) -> f32 {
    ((likeness - params.near_from) / (1.0 - params.near_from)).max(0.0)
}

/// The weight of what is left over on one side that is near something left over on the other; counts the weight of its words.
fn near(own: &PreparedName, used: u64, other: &PreparedName, other_used: u64, words: &mut f32, params: &Params) -> f32 {
    let left = |t: &&Token, used: u64| t.cover & used == 0 && !matches!(t.kind, TokenKind::Number);
    let mut sum = 0.0;
    for token in own.tokens.iter().filter(|t| left(t, used)) {
        *words += token.weight;
        if !spelled(token) {
            continue;
        }
        let masks = Masks::of(&token.word.text);
        let nearest = other
            .tokens
            .iter()
            .filter(|t| left(t, other_used) && spelled(t))
            .map(|t| masks.likeness(&t.word.text))
            .fold(0.0f32, f32::max);
        sum += token.weight * nearness(nearest, params);
    }
    sum
}

/// Is it a word of letters? Another initial or sign is another one.
fn spelled(token: &Token) -> bool {
    token.word.native.is_empty() && !matches!(token.kind, TokenKind::Number | TokenKind::Initial)
}

/// Where each letter stands in a word.
struct Masks {
    at: [u64; 27],
    counts: [u8; 27],
    length: usize,
}

/// The place of a letter: a to z, all others one.
fn place(byte: u8) -> usize {
    let lower = byte.to_ascii_lowercase();
    if lower.is_ascii_lowercase() {
        usize::from(lower - b'a')
    } else {
        26
    }
}

impl Masks {
    fn of(text: &str) -> Self {
        let mut masks = Self {
            at: [0; 27],
            counts: [0; 27],
            length: text.len().min(LONGEST),
        };
        for (i, byte) in text.bytes().take(LONGEST).enumerate() {
            masks.at[place(byte)] |= 1 << i;
            masks.counts[place(byte)] += 1;
        }
        masks
    }

    /// Twice the longest common subsequence by both lengths; a jumble of the same letters counts nine tenths.
    fn likeness(&self, text: &str) -> f32 {
        let (mut rows, mut counts) = (u64::MAX, self.counts);
        let length = text.len().min(LONGEST);
        let mut same_letters = length == self.length && length >= JUMBLED;
        for byte in text.bytes().take(LONGEST) {
            let at = self.at[place(byte)];
            let matches = rows & at;
            rows = rows.wrapping_add(matches) | (rows & !at);
            let count = &mut counts[place(byte)];
            same_letters &= *count > 0;
            *count = count.saturating_sub(1);
        }
        let kept = if self.length == LONGEST {
            rows
        } else {
            rows & ((1 << self.length) - 1)
        };
        let common = self.length as u32 - kept.count_ones();
        let ordered = 2.0 * common as f32 / (self.length + length).max(1) as f32;
        if same_letters { ordered.max(0.9) } else { ordered }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_in_order_or_jumbled_are_near() {
        let like = |a: &str, b: &str| Masks::of(a).likeness(b);
        assert!((like("starkey", "starmer") - 10.0 / 14.0).abs() < 1e-6);
        assert!((like("putin", "nitpu") - 0.9).abs() < 1e-6);
        assert!(like("gates", "obama") < 0.4);
        assert!((like("", "")).abs() < 1e-6);
        assert!((like("abc", "abc") - 1.0).abs() < 1e-6);
    }

    #[test]
    fn it_does_not_matter_which_is_first() {
        for (a, b) in [("sechin", "sechev"), ("mahdi", "yamahdi"), ("x", "xx")] {
            assert!((Masks::of(a).likeness(b) - Masks::of(b).likeness(a)).abs() < 1e-6);
        }
    }
}
