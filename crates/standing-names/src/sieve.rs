//! Telling cheaply that two words are further apart than some limit, before their distance is computed.
//!
//! A queried word meets hundreds of listed ones through search keys, few of which resemble it. A sound that the other word lacks has to be left out
//! or read for one that it has; the cheapest way of each, summed over a word, is no more than the distance. It is one look into a small table for
//! each sound of the listed word.

use crate::params::Params;
use crate::phones::{COSTS, SOUNDS};
use crate::similarity::{divisor, most_distance};
use crate::translit::Manner;
use crate::word::{Forms, WordRef};

/// A queried word, made ready to be held against many listed ones.
#[derive(Debug)]
pub struct Sieve {
    readings: Vec<Reading>,
    classes: bool,
    native: bool,
}

#[derive(Debug)]
struct Reading {
    length: usize,
    /// Which sounds it has, as bits.
    sounds: u64,
    /// For each sound of the other word the least that it costs here.
    theirs: [u8; SOUNDS],
    /// For each sound of its own the least that it costs where the other word lacks it, as often as it occurs.
    own: [u16; SOUNDS],
}

impl Sieve {
    /// For a word; `None` where its readings have costs of their own (scripts without vowels, syllables).
    pub fn new(word: WordRef<'_>) -> Option<Self> {
        let costs = &*COSTS;
        let mut readings = Vec::new();
        for form in Forms(word.forms) {
            if !matches!(form.manner, Manner::Full | Manner::Dropped) {
                return None;
            }
            let mut reading = Reading {
                length: form.sounds.len(),
                sounds: 0,
                theirs: costs.gap,
                own: [0; SOUNDS],
            };
            for &sound in form.sounds {
                let sound = usize::from(sound) % SOUNDS;
                reading.sounds |= 1 << sound;
                for (least, swap) in reading.theirs.iter_mut().zip(&costs.swap[sound]) {
                    *least = (*least).min(*swap);
                }
                let cheapest = (0..SOUNDS)
                    .filter(|&other| other != sound)
                    .map(|other| costs.swap[sound][other]);
                reading.own[sound] += u16::from(cheapest.fold(costs.gap[sound], u8::min));
            }
            readings.push(reading);
        }
        Some(Self {
            readings,
            classes: !word.classes.is_empty(),
            native: !word.native.is_empty(),
        })
    }

    /// Is the listed word certainly further apart than `within` ([`Params::apart`]), or beyond the floor?
    pub fn parts(&self, listed: WordRef<'_>, within: f32, params: &Params) -> bool {
        if self.classes && !listed.classes.is_empty() || self.native && !listed.native.is_empty() {
            return false;
        }
        let steepness = params.steepness.min(params.script_steepness);
        for form in Forms(listed.forms) {
            if !matches!(form.manner, Manner::Full | Manner::Dropped) {
                return false;
            }
            for reading in &self.readings {
                let length = divisor(reading.length.max(form.sounds.len()) as f32, true, params);
                let limit = most_distance(within, steepness, length);
                let (mut theirs, mut has) = (0u16, 0u64);
                for &sound in form.sounds {
                    let sound = usize::from(sound) % SOUNDS;
                    theirs += u16::from(reading.theirs[sound]);
                    has |= 1 << sound;
                }
                if theirs > limit {
                    continue;
                }
                let (mut lacking, mut own) = (reading.sounds & !has, 0u16);
                while lacking != 0 {
                    own += reading.own[lacking.trailing_zeros() as usize];
                    lacking &= lacking - 1;
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
            .flat_map(|name| name.tokens().to_vec())
            .collect();
        let params = Params::embedded();
        let (mut parted, mut kept) = (0, 0);
        for a in &words {
            let Some(sieve) = Sieve::new(a.word.view()) else {
                continue;
            };
            for b in &words {
                let exact = token_similarity(a.word.view(), b.word.view()).value;
                for least in [params.floor, 0.75, 0.9] {
                    let within = params.apart(least);
                    let found = similarity(a.word.view(), b.word.view(), params, within).value;
                    if exact >= least {
                        assert!(
                            !sieve.parts(b.word.view(), within, params),
                            "{} {}",
                            a.written,
                            b.written
                        );
                        assert_eq!(found, exact, "{} {}", a.written, b.written);
                        kept += 1;
                    } else {
                        assert!(found <= exact);
                        parted += usize::from(sieve.parts(b.word.view(), within, params));
                    }
                }
            }
        }
        assert!(kept > 300 && parted > kept, "{kept} {parted}");
    }
}
