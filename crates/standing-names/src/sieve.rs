//! Telling cheaply that two words are further apart than some limit, before their distance is computed.
//!
//! A queried word meets hundreds of listed ones through search keys, few of which resemble it. A sound that the other word lacks has to be left out
//! or read for one that it has; the cheapest way of each, summed over a word, is no more than the distance. It is one look into a small table for
//! each sound of the listed word.

use std::cell::OnceCell;

use crate::params::Params;
use crate::phones::{MAX_PHONES, SOUNDS};
use crate::similarity::{costs, divisor, most_distance, weighty};
use crate::translit::Manner;
use crate::word::{Forms, WordRef};

/// A queried word, made ready to be held against many listed ones.
#[derive(Debug)]
pub struct Sieve {
    readings: Vec<Reading>,
    classes: bool,
    native: bool,
}

/// How listed readings leave sounds open: in full, without vowels, by syllables.
const MANNERS: [Manner; 3] = [Manner::Full, Manner::Skeleton, Manner::Syllabic];

#[derive(Debug)]
struct Reading {
    manner: Manner,
    spoken: Box<[u8]>,
    weighty: usize,
    /// Which sounds it has, and which of them more than once, as bits.
    sounds: u64,
    repeated: u64,
    beside: [OnceCell<Least>; MANNERS.len()],
}

/// The least that a sound of a listed reading of one manner costs, and a second one of the same.
#[derive(Debug)]
struct Least {
    first: [u8; SOUNDS],
    again: [u8; SOUNDS],
    /// What it costs at least to leave out so many of the own reading's sounds.
    drops: [u16; MAX_PHONES + 1],
}

impl Least {
    fn new(reading: &Reading, listed: Manner) -> Self {
        let (own_gap, gap, swap) = costs(reading.manner, listed);
        let mut first = *gap;
        let mut again = *gap;
        for sound in bits(reading.sounds) {
            for (other, cost) in swap[sound].iter().enumerate() {
                first[other] = first[other].min(*cost);
                if other != sound || reading.repeated & 1 << sound != 0 {
                    again[other] = again[other].min(*cost);
                }
            }
        }
        let mut gaps: Vec<u16> = reading
            .spoken
            .iter()
            .map(|s| u16::from(own_gap[usize::from(*s) % SOUNDS]))
            .collect();
        gaps.sort_unstable();
        let mut drops = [0; MAX_PHONES + 1];
        for (at, gap) in gaps.iter().enumerate() {
            drops[at + 1] = drops[at] + gap;
        }
        Self { first, again, drops }
    }
}

/// The places of the bits that are set.
fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = (set != 0).then(|| set.trailing_zeros() as usize);
        set &= set.wrapping_sub(1);
        at
    })
}

/// Which sounds there are, and which more than once.
fn sets(sounds: &[u8]) -> (u64, u64) {
    sounds.iter().fold((0, 0), |(all, twice), &sound| {
        let bit = 1 << (usize::from(sound) % SOUNDS);
        (all | bit, twice | all & bit)
    })
}

fn whole(manner: Manner) -> Manner {
    match manner {
        Manner::Skeleton | Manner::Syllabic => manner,
        Manner::Full | Manner::Glued | Manner::Dropped => Manner::Full,
    }
}

impl Sieve {
    /// For a word.
    pub fn new(word: WordRef<'_>) -> Self {
        let readings = Forms(word.forms).map(|form| {
            let manner = whole(form.manner);
            let (sounds, repeated) = sets(form.sounds);
            Reading {
                manner,
                spoken: form.sounds[..form.sounds.len().min(MAX_PHONES)].into(),
                weighty: weighty(form.sounds),
                sounds,
                repeated,
                beside: Default::default(),
            }
        });
        Self {
            readings: readings.collect(),
            classes: !word.classes.is_empty(),
            native: !word.native.is_empty(),
        }
    }

    /// Is a listed word of these readings certainly further apart than `within` ([`Params::apart`]), or beyond the floor? It matters whether the word has
    /// `native` signs and `classes`.
    pub fn parts(&self, forms: &[u8], native: bool, classes: bool, within: f32, params: &Params) -> bool {
        if self.classes && classes || self.native && native {
            return false;
        }
        let mildest = params.steepness.min(params.script_steepness);
        for form in Forms(forms) {
            let manner = whole(form.manner);
            for reading in &self.readings {
                let full = reading.manner == Manner::Full && manner == Manner::Full;
                let (length, steepness) = if full {
                    (reading.spoken.len().max(form.sounds.len()) as f32, mildest)
                } else {
                    let weighty = reading.weighty.max(weighty(form.sounds));
                    (weighty as f32 + 0.5, params.script_steepness)
                };
                let limit = most_distance(within, steepness, divisor(length, full, params));
                let place = MANNERS.iter().position(|m| *m == manner).unwrap_or(0);
                let least = reading.beside[place].get_or_init(|| Least::new(reading, manner));
                // The longer reading has to leave out what it has more, whatever else is read for another.
                let (ours, length) = (reading.spoken.len(), form.sounds.len().min(MAX_PHONES));
                let (mut theirs, mut has, mut twice) = (least.drops[ours.saturating_sub(length)], 0u64, 0u64);
                for &sound in &form.sounds[..length] {
                    let sound = usize::from(sound) % SOUNDS;
                    let bit = 1 << sound;
                    let costs = if has & bit == 0 { &least.first } else { &least.again };
                    theirs += u16::from(costs[sound]);
                    twice |= has & bit;
                    has |= bit;
                }
                if theirs > limit {
                    continue;
                }
                let (gap, their_gap, swap) = costs(reading.manner, manner);
                let cheapest = bits(has).map(|sound| their_gap[sound]).min().unwrap_or(0);
                let mut own = length.saturating_sub(ours) as u16 * u16::from(cheapest);
                for sound in bits(reading.sounds & !has).chain(bits(reading.repeated & has & !twice)) {
                    let read = bits(has & !(1 << sound)).map(|other| swap[sound][other]);
                    own += u16::from(read.fold(gap[sound], u8::min));
                    if own > limit {
                        break;
                    }
                }
                if own <= limit {
                    return false;
                }
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::prepare;
    use crate::similarity::{similarity, token_similarity};
    use standing_model::PartyKind;

    /// What the sieve parts is not alike, and what the limit allows is found as without it.
    #[test]
    fn the_sieve_parts_no_words_that_are_alike() {
        let words: Vec<_> = include_str!("../data/common.tsv")
            .lines()
            .filter(|l| !l.starts_with('#'))
            .step_by(9)
            .filter_map(|l| prepare(l.split('\t').next()?, PartyKind::Person).ok())
            .chain(
                ["محمد", "الجولاني", "יוסף", "スミス", "김정은", "习近平"]
                    .map(|n| prepare(n, PartyKind::Person))
                    .into_iter()
                    .flatten(),
            )
            .flat_map(|name| name.tokens().to_vec())
            .collect();
        let params = Params::embedded();
        let (mut parted, mut kept) = (0, 0);
        for a in &words {
            let sieve = Sieve::new(a.word.view());
            let parts = |b: WordRef<'_>, within| {
                sieve.parts(b.forms, !b.native.is_empty(), !b.classes.is_empty(), within, params)
            };
            for b in &words {
                let exact = token_similarity(a.word.view(), b.word.view()).value;
                for least in [params.floor, 0.75, 0.9] {
                    let within = params.apart(least);
                    let found = similarity(a.word.view(), b.word.view(), params, within).value;
                    if exact >= least {
                        assert!(!parts(b.word.view(), within), "{} {}", a.written, b.written);
                        assert_eq!(found, exact, "{} {}", a.written, b.written);
                        kept += 1;
                    } else {
                        assert!(found <= exact);
                        parted += usize::from(parts(b.word.view(), within));
                    }
                }
            }
        }
        assert!(kept > 300 && parted > kept, "{kept} {parted}");
    }
}
