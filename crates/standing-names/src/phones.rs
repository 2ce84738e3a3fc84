//! Sounds: a folded Latin spelling as a short string over a small alphabet, so that `Qaddafi`, `Gadhafi` and `Kadhafi` lie close together.
//!
//! The alphabet has one ASCII sign a sound: `a e i o u` vowels; `y w h` glides; `A` the Arabic alef, which may be any vowel; `T D` the th of *thin* and
//! *then*; `x G` the kh and gh of Arabic; `S Z C j c` the sounds of *sh*, *zh*, *ch*, *j*, *ts*; the other small letters as in English. Which spelling
//! gives which sound is data (`data/graphemes.tsv`), what one sound costs for another as well (`data/costs.tsv`).

use std::sync::LazyLock;

use crate::table;

/// The most sounds of one token that are compared; longer tokens are cut here.
pub(crate) const MAX_PHONES: usize = 28;

/// Signs of the alphabet; a sound is its position here.
pub(crate) const ALPHABET: &[u8; 32] = b"aeiouywhApbfvtdTDkgqxGszSZcCjmnl";
/// The position of `r`, which did not fit into the array above by order of speech.
pub(crate) const R: u8 = 32;
/// First of the positions for letters without a known sound.
pub(crate) const OPAQUE: u8 = 33;
/// Number of positions: more than are used, a power of two, so that a position is brought into a table's range for nothing.
pub(crate) const SOUNDS: usize = 64;

/// The position of a sign, `None` if it is not of the alphabet.
pub(crate) const fn sound(sign: u8) -> Option<u8> {
    if sign == b'r' {
        return Some(R);
    }
    let mut i = 0;
    while i < ALPHABET.len() {
        if ALPHABET[i] == sign {
            return Some(i as u8);
        }
        i += 1;
    }
    None
}

/// The position of a sign known to be of the alphabet.
pub(crate) const fn known(sign: u8) -> u8 {
    match sound(sign) {
        Some(at) => at,
        None => OPAQUE,
    }
}

/// Is it a, e, i, o or u?
pub(crate) const fn is_vowel(sound: u8) -> bool {
    sound < 5
}

/// Cost of putting a sound for another in hundredths, and of leaving one out.
pub(crate) struct Costs {
    /// `swap[a][b]`.
    pub swap: [[u8; SOUNDS]; SOUNDS],
    /// `gap[a]`.
    pub gap: [u8; SOUNDS],
}

pub(crate) static COSTS: LazyLock<Costs> = LazyLock::new(|| read_costs(include_str!("../data/costs.tsv")));

fn read_costs(data: &'static str) -> Costs {
    let mut costs = Costs {
        swap: [[100; SOUNDS]; SOUNDS],
        gap: [100; SOUNDS],
    };
    for (i, row) in costs.swap.iter_mut().enumerate() {
        row[i] = 0;
    }
    for row in table::rows(data) {
        let (Some(a), Some(b), Some(cost)) = (row.first(), row.get(1), row.get(2).and_then(|c| c.parse::<f32>().ok()))
        else {
            continue;
        };
        let cost = (cost * 100.0).round() as u8;
        let (a, b) = (a.bytes().next().unwrap_or(0), b.bytes().next().unwrap_or(0));
        match (sound(a), sound(b)) {
            (Some(a), Some(b)) => {
                costs.swap[a as usize][b as usize] = cost;
                costs.swap[b as usize][a as usize] = cost;
            }
            (Some(a), None) => costs.gap[a as usize] = cost,
            _ => {}
        }
    }
    let alef = known(b'A') as usize;
    costs.gap[alef] = 10;
    for v in 0..5 {
        costs.swap[alef][v] = 4;
        costs.swap[v][alef] = 4;
    }
    costs
}

struct Grapheme {
    spelling: &'static str,
    sounds: Vec<u8>,
    at_start: bool,
    at_end: bool,
}

static GRAPHEMES: LazyLock<Vec<Vec<Grapheme>>> = LazyLock::new(|| {
    let mut by_letter: Vec<Vec<Grapheme>> = (0..26).map(|_| Vec::new()).collect();
    for row in table::rows(include_str!("../data/graphemes.tsv")) {
        let [spelling, sounds, ..] = row[..] else { continue };
        let (at_start, at_end) = (spelling.starts_with('^'), spelling.ends_with('$'));
        let spelling = spelling.trim_matches(['^', '$']);
        let Some(first) = spelling.bytes().next().filter(u8::is_ascii_lowercase) else {
            continue;
        };
        by_letter[usize::from(first - b'a')].push(Grapheme {
            spelling,
            sounds: sounds.bytes().filter_map(sound).collect(),
            at_start,
            at_end,
        });
    }
    for list in &mut by_letter {
        list.sort_by_key(|g| std::cmp::Reverse(g.spelling.len()));
    }
    by_letter
});

/// The sounds of a folded Latin spelling (a to z; other letters become opaque signs). Doubled sounds count once.
pub(crate) fn phones(latin: &str, out: &mut Vec<u8>) {
    out.clear();
    let bytes = latin.as_bytes();
    let mut at = 0;
    'word: while at < bytes.len() && out.len() < MAX_PHONES {
        let letter = bytes[at];
        if letter.is_ascii_lowercase() {
            for g in &GRAPHEMES[usize::from(letter - b'a')] {
                if bytes[at..].starts_with(g.spelling.as_bytes())
                    && (!g.at_start || at == 0)
                    && (!g.at_end || at + g.spelling.len() == bytes.len())
                {
                    for &s in &g.sounds {
                        push(out, s);
                    }
                    at += g.spelling.len();
                    continue 'word;
                }
            }
            let next = bytes.get(at + 1).copied().unwrap_or(0);
            let sign = match letter {
                b'c' if matches!(next, b'e' | b'i' | b'y') => b's',
                b'c' => b'k',
                other => other,
            };
            push(out, known(sign));
            at += 1;
        } else if letter.is_ascii() {
            // The alef; an apostrophe parts letters that would read as one.
            if letter == b'A' {
                push(out, known(b'A'));
            } else if letter.is_ascii_digit() {
                out.push(OPAQUE + (letter - b'0') % 7);
            }
            at += 1;
        } else {
            let c = latin[at..].chars().next().unwrap_or('\0');
            out.push(OPAQUE + (c as u32 % 7) as u8);
            at += c.len_utf8();
        }
    }
    out.truncate(MAX_PHONES);
}

fn push(out: &mut Vec<u8>, sound: u8) {
    if out.last() != Some(&sound) {
        out.push(sound);
    }
}

/// The consonant classes of a sound in a skeleton: the usual one, and another where spellings disagree. 0 is "left out".
pub(crate) const fn skeleton_class(sound: u8) -> (u8, Option<u8>) {
    let sign = if sound == R {
        b'r'
    } else if (sound as usize) < ALPHABET.len() {
        ALPHABET[sound as usize]
    } else {
        b'#'
    };
    match sign {
        b'p' | b'b' => (b'P', None),
        b'f' | b'v' => (b'F', None),
        b'w' => (0, Some(b'F')),
        b't' | b'd' => (b'T', None),
        b'T' | b'D' => (b'T', Some(b'S')),
        b'k' | b'g' | b'q' | b'G' => (b'K', None),
        b'x' | b'j' => (b'K', Some(0)),
        b'C' | b'Z' => (b'K', Some(b'S')),
        b's' | b'z' | b'S' => (b'S', None),
        b'c' => (b'S', Some(b'K')),
        b'm' => (b'M', None),
        b'n' => (b'N', None),
        // l and r are one in Korean, Japanese, Chinese and Thai spellings.
        b'l' | b'r' => (b'L', None),
        b'#' => (sound, None),
        _ => (0, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(latin: &str) -> String {
        let mut out = Vec::new();
        phones(latin, &mut out);
        out.iter()
            .map(|&s| {
                if s == R {
                    'r'
                } else {
                    ALPHABET.get(s as usize).map_or('#', |b| *b as char)
                }
            })
            .collect()
    }

    #[test]
    fn spellings_of_one_sound_meet() {
        assert_eq!(said("mohammed"), "mohamed");
        assert_eq!(said("schukow"), "Sukow");
        assert_eq!(said("noor"), said("nour"));
        assert_eq!(said("xi"), "si");
        assert_eq!(said("alexei"), "aleksei");
        assert_eq!(said("h's'y'n"), "hsyn");
        assert_eq!(said("d'A'd"), "dAd");
    }

    #[test]
    fn costs_are_symmetric_and_bounded() {
        for a in 0..SOUNDS {
            assert_eq!(COSTS.swap[a][a], 0);
            for b in 0..SOUNDS {
                assert_eq!(COSTS.swap[a][b], COSTS.swap[b][a]);
                assert!(COSTS.swap[a][b] <= 100 && (a == b || COSTS.swap[a][b] > 0));
            }
        }
    }
}
