//! Telling cheaply that two words are further apart than some limit, before their similarity is computed.
//!
//! A queried word meets hundreds of listed ones through search keys, few of which resemble it. Listed words come in the order of their sounds, so that most
//! begin as the one before: the table of the weighted edit distance is kept from word to word, a row for each sound of the listed one, and only the rows
//! of what differs are computed. Where two rows that follow one another lie above the limit, every word that begins so is parted without any work.

use crate::params::Params;
use crate::phones::{MAX_PHONES, SOUNDS};
use crate::similarity::{EXCHANGE, costs, divisor, most_distance, weighty};
use crate::translit::Manner;
use crate::word::{Forms, WordRef};

/// A queried word, made ready to be held against many listed ones.
#[derive(Debug)]
pub struct Sieve {
    readings: Vec<Reading>,
    classes: bool,
    native: bool,
}

/// Cells of a row: one more than a word has sounds, filled up to whole lanes.
const CELLS: usize = 40;

type Row = [i16; CELLS];

#[derive(Debug)]
struct Reading {
    manner: Manner,
    sounds: Box<[u8]>,
    weighty: usize,
    /// For each sound the places where it stands, as bits.
    places: [u32; SOUNDS],
    table: Option<Box<Table>>,
}

/// The distances of the beginnings of a reading from those of the listed reading met last.
#[derive(Debug)]
struct Table {
    /// The manner of the listed readings that it holds for.
    manner: Manner,
    /// What it costs to read each of the own sounds for a listed one.
    costs: [Row; SOUNDS],
    /// What it costs to leave out an own sound, a listed one.
    own_gaps: Row,
    gaps: [i16; SOUNDS],
    cheapest: i16,
    /// The cost of leaving out so many of the own sounds at least.
    drops: [i16; MAX_PHONES + 1],
    listed: [u8; MAX_PHONES],
    /// How many sounds of `listed` have their row.
    done: usize,
    rows: [Row; MAX_PHONES + 1],
    /// The least of each row, and what every word that begins so is apart at least.
    least: [i16; MAX_PHONES + 1],
    apart: [i16; MAX_PHONES + 1],
}

impl Table {
    fn new(reading: &Reading, manner: Manner) -> Box<Self> {
        let (own_gap, gap, swap) = costs(reading.manner, manner);
        let mut table = Box::new(Self {
            manner,
            costs: [[0; CELLS]; SOUNDS],
            own_gaps: [0; CELLS],
            gaps: gap.map(i16::from),
            cheapest: gap.iter().copied().map(i16::from).min().unwrap_or(0),
            drops: [0; MAX_PHONES + 1],
            listed: [0; MAX_PHONES],
            done: 0,
            rows: [[0; CELLS]; MAX_PHONES + 1],
            least: [0; MAX_PHONES + 1],
            apart: [0; MAX_PHONES + 1],
        });
        for (at, &sound) in reading.sounds.iter().enumerate() {
            let sound = usize::from(sound) % SOUNDS;
            for (cost, row) in swap[sound].iter().zip(&mut table.costs) {
                row[at] = i16::from(*cost);
            }
            table.own_gaps[at] = i16::from(own_gap[sound]);
            table.rows[0][at + 1] = table.rows[0][at] + table.own_gaps[at];
        }
        let mut gaps = table.own_gaps;
        let gaps = &mut gaps[..reading.sounds.len()];
        gaps.sort_unstable();
        for (at, gap) in gaps.iter().enumerate() {
            table.drops[at + 1] = table.drops[at] + gap;
        }
        table
    }

    /// Is a listed reading further apart than a limit?
    fn parts(&mut self, own: usize, places: &[u32; SOUNDS], listed: &[u8], limit: i16) -> bool {
        // The longer reading has to leave out what it has more, whatever else is read for another.
        let more = listed.len().saturating_sub(own) as i16 * self.cheapest;
        if self.drops[own.saturating_sub(listed.len())].max(more) > limit {
            return true;
        }
        let known = self.listed[..self.done].iter().zip(listed);
        let mut done = known.take_while(|(a, b)| a == b).count();
        if self.apart[done] > limit {
            return true;
        }
        while done < listed.len() {
            self.listed[done] = listed[done];
            self.extend(own, places, done);
            done += 1;
            self.done = done;
            if self.apart[done] > limit {
                return true;
            }
        }
        self.rows[done][own] > limit
    }

    /// The row of the listed sound at a place, from the rows before.
    fn extend(&mut self, own: usize, places: &[u32; SOUNDS], at: usize) {
        let sound = usize::from(self.listed[at]) % SOUNDS;
        let gap = self.gaps[sound];
        let costs = &self.costs[sound];
        let (before, after) = self.rows.split_at_mut(at + 1);
        let (row, above) = (&mut after[0], &before[at]);
        // Cells behind the last sound are computed as well and not looked at: whole lanes are quicker.
        let lanes = if own < 16 { 16 } else { 32 };
        row[0] = above[0] + gap;
        for ((cell, pair), cost) in row[1..=lanes].iter_mut().zip(above.array_windows::<2>()).zip(costs) {
            *cell = (pair[0] + cost).min(pair[1] + gap);
        }
        if let Some(last) = at.checked_sub(1) {
            // Two neighbours exchanged.
            let other = usize::from(self.listed[last]) % SOUNDS;
            let mut exchanged = places[other] & places[sound] << 1;
            while exchanged != 0 && other != sound {
                let place = exchanged.trailing_zeros() as usize;
                row[place + 1] = row[place + 1].min(before[last][place - 1] + EXCHANGE as i16);
                exchanged &= exchanged - 1;
            }
        }
        let (mut left, mut least) = (row[0], row[0]);
        for (cell, gap) in row[1..=own].iter_mut().zip(&self.own_gaps) {
            left = (left + gap).min(*cell);
            *cell = left;
            least = least.min(left);
        }
        self.least[at + 1] = least;
        // An exchange passes over one row, never over two.
        self.apart[at + 1] = self.apart[at].max(least.min(self.least[at]));
    }
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
            let sounds = &form.sounds[..form.sounds.len().min(MAX_PHONES)];
            let mut places = [0; SOUNDS];
            for (at, sound) in sounds.iter().enumerate() {
                places[usize::from(*sound) % SOUNDS] |= 1 << at;
            }
            Reading {
                manner: whole(form.manner),
                sounds: sounds.into(),
                weighty: weighty(form.sounds),
                places,
                table: None,
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
    pub fn parts(&mut self, forms: &[u8], native: bool, classes: bool, within: f32, params: &Params) -> bool {
        if self.classes && classes || self.native && native {
            return false;
        }
        let mildest = params.steepness.min(params.script_steepness);
        for form in Forms(forms) {
            let manner = whole(form.manner);
            for reading in &mut self.readings {
                let full = reading.manner == Manner::Full && manner == Manner::Full;
                let (length, steepness) = if full {
                    (reading.sounds.len().max(form.sounds.len()) as f32, mildest)
                } else {
                    let weighty = reading.weighty.max(weighty(form.sounds));
                    (weighty as f32 + 0.5, params.script_steepness)
                };
                let limit = most_distance(within, steepness, divisor(length, full, params)) as i16;
                let table = match reading.table.take() {
                    Some(table) if table.manner == manner => table,
                    _ => Table::new(reading, manner),
                };
                let table = reading.table.insert(table);
                let listed = &form.sounds[..form.sounds.len().min(MAX_PHONES)];
                if !table.parts(reading.sounds.len(), &reading.places, listed, limit) {
                    return false;
                }
            }
        }
        true
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // the same arithmetic gives the same bits
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
            let mut sieve = Sieve::new(a.word.view());
            let mut parts = |b: WordRef<'_>, within| {
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
