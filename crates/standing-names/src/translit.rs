//! Scripts: a word in any script as one or more Latin readings.
//!
//! Alphabets go through `data/transliteration.tsv`. Scripts of India share one layout (ISCII, kept by Unicode's blocks), Ethiopic is a grid, Hangul is
//! computed from its syllables, Han is read by the `pinyin` crate (from the Unihan database), what remains by `deunicode`. Scripts that do not write their vowels are marked
//! [`Reading::skeleton`]: no vowel is guessed for them, the comparison leaves vowels open.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use standing_model::Script;
use unicode_normalization::UnicodeNormalization;

use crate::table;

/// One way to read a word in Latin letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    /// a-z, figures, `A` for a vowel of unknown quality, other letters where no reading is known.
    pub latin: String,
    /// How much of the sound the script leaves open.
    pub manner: Manner,
}

/// What a script leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Vowels and consonants are written.
    Full,
    /// Vowels are not written.
    Skeleton,
    /// Foreign consonants are broken up by vowels, l and r are one (Han and kana for foreign names).
    Syllabic,
    /// As [`Manner::Full`], of a word with the particle before it glued on (`Alassad`, `Vanderbilt`): searched for as a whole only.
    Glued,
    /// As [`Manner::Full`], of what is left of a compound when its first half is dropped (`Abdul Hanif`, `Hanif`).
    Dropped,
}

impl Reading {
    /// The letters alone, in lower case: the word's key.
    pub(crate) fn key(&self) -> String {
        self.latin
            .chars()
            .filter(|c| *c != '\'')
            .map(|c| c.to_ascii_lowercase())
            .collect()
    }

    fn full(latin: String) -> Self {
        Self {
            latin,
            manner: Manner::Full,
        }
    }
}

type LetterTable = FxHashMap<char, Vec<(&'static str, &'static str)>>;

static LETTERS: LazyLock<FxHashMap<Script, LetterTable>> = LazyLock::new(|| {
    let mut tables: FxHashMap<Script, LetterTable> = FxHashMap::default();
    for row in table::rows(include_str!("../data/transliteration.tsv")) {
        let [code, letters, latin, ..] = row[..] else { continue };
        let script = match code {
            "Cyrl" => Script::Cyrillic,
            "Arab" => Script::Arabic,
            "Hebr" => Script::Hebrew,
            "Grek" => Script::Greek,
            "Armn" => Script::Armenian,
            "Geor" => Script::Georgian,
            "Kana" => Script::Katakana,
            "Thai" => Script::Thai,
            "Khmr" => Script::Khmer,
            "Mymr" => Script::Myanmar,
            _ => continue,
        };
        if let Some(first) = letters.trim_start_matches('^').chars().next() {
            tables
                .entry(script)
                .or_default()
                .entry(first)
                .or_default()
                .push((letters, latin));
        }
    }
    for list in tables.values_mut().flat_map(FxHashMap::values_mut) {
        list.sort_by_key(|(letters, _)| std::cmp::Reverse(letters.len()));
    }
    tables
});

struct LatinLetter {
    bare: &'static str,
    other: Option<&'static str>,
}

static LATIN: LazyLock<FxHashMap<char, LatinLetter>> = LazyLock::new(|| {
    table::rows(include_str!("../data/latin.tsv"))
        .filter_map(|row| {
            let [letter, bare, other, ..] = row[..] else {
                return None;
            };
            Some((
                letter.chars().next()?,
                LatinLetter {
                    bare,
                    other: Some(other).filter(|o| *o != "-"),
                },
            ))
        })
        .collect()
});

/// The readings of a word; the first is its key. Never empty.
pub(crate) fn read(word: &str, script: Option<Script>) -> Vec<Reading> {
    let Some(script) = script else {
        return vec![Reading::full(word.to_lowercase())];
    };
    match script {
        Script::Latin => latin(word),
        Script::Cyrillic | Script::Greek | Script::Armenian | Script::Georgian => {
            vec![Reading::full(letters(word, script))]
        }
        Script::Arabic | Script::Hebrew | Script::Thai | Script::Khmer | Script::Myanmar => vec![Reading {
            latin: letters(word, script),
            manner: Manner::Skeleton,
        }],
        Script::Katakana | Script::Hiragana => {
            let katakana: String = word
                .chars()
                .map(|c| {
                    if ('ぁ'..='ゖ').contains(&c) {
                        char::from_u32(c as u32 + 0x60).unwrap_or(c)
                    } else {
                        c
                    }
                })
                .collect();
            vec![Reading {
                latin: letters(&katakana, Script::Katakana),
                manner: Manner::Syllabic,
            }]
        }
        Script::Hangul => {
            let (usual, revised) = (crate::hangul::romanise(word), crate::hangul::revised(word));
            let mut readings = vec![Reading::full(usual)];
            if readings[0].latin != revised {
                readings.push(Reading::full(revised));
            }
            readings
        }
        Script::Han => crate::han::read(word),
        Script::Devanagari
        | Script::Bengali
        | Script::Gurmukhi
        | Script::Gujarati
        | Script::Tamil
        | Script::Telugu
        | Script::Kannada
        | Script::Malayalam => vec![Reading::full(indic(word))],
        Script::Ethiopic => vec![Reading::full(ethiopic(word))],
        _ => vec![Reading::full(fallback(word))],
    }
}

/// Latin letters without their marks, and the other spelling where marks have one.
fn latin(word: &str) -> Vec<Reading> {
    if word.is_ascii() {
        return vec![Reading::full(word.to_ascii_lowercase())];
    }
    let (mut bare, mut other, mut differs) = (String::new(), String::new(), false);
    for c in word.nfc().flat_map(char::to_lowercase) {
        if c.is_ascii() {
            bare.push(c);
            other.push(c);
        } else if let Some(letter) = LATIN.get(&c) {
            bare.push_str(letter.bare);
            other.push_str(letter.other.unwrap_or(letter.bare));
            differs |= letter.other.is_some();
        } else {
            for base in std::iter::once(c)
                .nfkd()
                .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
            {
                let base = LATIN.get(&base).map_or(base, |l| l.bare.chars().next().unwrap_or(base));
                if base.is_ascii() {
                    bare.push(base);
                    other.push(base);
                } else {
                    let plain = deunicode::deunicode_char(base).unwrap_or("");
                    bare.extend(plain.chars().flat_map(char::to_lowercase));
                    other.extend(plain.chars().flat_map(char::to_lowercase));
                }
            }
        }
    }
    let mut readings = vec![Reading::full(bare)];
    if differs {
        readings.push(Reading::full(other));
    }
    readings
}

/// An alphabet through its table.
fn letters(word: &str, script: Script) -> String {
    let Some(table) = LETTERS.get(&script) else {
        return fallback(word);
    };
    let lower: String = word.nfc().flat_map(char::to_lowercase).collect();
    // Marks that the table does not know (Arabic vowel points, Greek accents) are taken off letter by letter.
    let mut text = String::with_capacity(lower.len());
    for c in lower.chars() {
        if table.contains_key(&c) {
            text.push(c);
        } else {
            text.extend(
                std::iter::once(c)
                    .nfd()
                    .filter(|c| !unicode_normalization::char::is_combining_mark(*c)),
            );
        }
    }
    let mut out = String::with_capacity(text.len() + 4);
    // Where no vowel stands between consonants, two of them would read as one sound (`s`, `h` as `sh`).
    let parted = matches!(script, Script::Arabic | Script::Hebrew);
    let mut rest = text.as_str();
    'letters: while let Some(first) = rest.chars().next() {
        if let Some(list) = table.get(&first) {
            for (spelling, latin) in list {
                let (at_start, at_end) = (spelling.starts_with('^'), spelling.ends_with('$'));
                let plain = spelling.trim_start_matches('^').trim_end_matches('$');
                if rest.starts_with(plain)
                    && (!at_start || rest.len() == text.len())
                    && (!at_end || rest.len() == plain.len())
                {
                    if parted && !out.is_empty() && !latin.is_empty() {
                        out.push('\'');
                    }
                    out.push_str(latin);
                    rest = &rest[plain.len()..];
                    continue 'letters;
                }
            }
        }
        if first.is_ascii_alphanumeric() {
            out.push(first);
        } else if first.is_alphanumeric() {
            out.push_str(&fallback(first.encode_utf8(&mut [0; 4])));
        }
        rest = &rest[first.len_utf8()..];
    }
    out
}

/// Consonants and vowels of the Indic blocks by their place in the block (ISCII order), from 0x05.
const INDIC: [&str; 0x30] = [
    "a", "a", "i", "i", "u", "u", "ri", "l", "e", "e", "e", "ai", "o", "o", "o", "au", "k", "kh", "g", "gh", "n", "ch",
    "ch", "j", "jh", "n", "t", "th", "d", "dh", "n", "t", "th", "d", "dh", "n", "n", "p", "ph", "b", "bh", "m", "y",
    "r", "r", "l", "l", "l",
];
const INDIC_LAST: [&str; 5] = ["v", "sh", "sh", "s", "h"];
const INDIC_SIGNS: [&str; 15] = [
    "a", "i", "i", "u", "u", "ri", "ri", "e", "e", "e", "ai", "o", "o", "o", "au",
];

fn indic(word: &str) -> String {
    let mut out = String::new();
    let mut open = false; // a consonant whose inherent vowel is not decided
    for c in word.nfd() {
        let at = (c as u32) & 0x7F;
        if !(0x0900..0x0D80).contains(&(c as u32)) {
            continue;
        }
        match at {
            0x01 | 0x02 => {
                if open {
                    out.push('a');
                }
                out.push('n');
                open = false;
            }
            0x05..=0x14 => {
                if open {
                    out.push('a');
                }
                out.push_str(INDIC[at as usize - 5]);
                open = false;
            }
            0x15..=0x39 => {
                if open {
                    out.push('a');
                }
                let read = if at < 0x35 {
                    INDIC[at as usize - 5]
                } else {
                    INDIC_LAST[at as usize - 0x35]
                };
                out.push_str(read);
                open = true;
            }
            0x3C => dot_below(&mut out),
            0x3E..=0x4C => {
                out.push_str(INDIC_SIGNS[at as usize - 0x3E]);
                open = false;
            }
            0x4D => open = false,
            _ => {}
        }
    }
    out
}

/// The nukta turns a consonant into one of Persian or of a flap.
fn dot_below(out: &mut String) {
    for (from, to) in [
        ("kh", "kh"),
        ("ph", "f"),
        ("dh", "rh"),
        ("k", "q"),
        ("g", "gh"),
        ("j", "z"),
        ("d", "r"),
    ] {
        if out.ends_with(from) {
            out.truncate(out.len() - from.len());
            out.push_str(to);
            return;
        }
    }
}

/// Rows of the Ethiopic block, eight syllables each.
const ETHIOPIC: [&str; 43] = [
    "h", "l", "h", "m", "s", "r", "s", "sh", "q", "q", "q", "q", "b", "v", "t", "ch", "h", "h", "n", "ny", "", "k",
    "k", "kh", "kh", "w", "", "z", "zh", "y", "d", "d", "j", "g", "g", "g", "t", "ch", "p", "ts", "ts", "f", "p",
];
const ETHIOPIC_VOWELS: [&str; 8] = ["e", "u", "i", "a", "e", "", "o", "wa"];

fn ethiopic(word: &str) -> String {
    let mut out = String::new();
    for c in word.chars() {
        let at = (c as u32).wrapping_sub(0x1200) as usize;
        if let Some(consonant) = ETHIOPIC.get(at / 8) {
            out.push_str(consonant);
            let vowel = if consonant.is_empty() && at.is_multiple_of(8) {
                "a"
            } else {
                ETHIOPIC_VOWELS[at % 8]
            };
            out.push_str(vowel);
        }
    }
    out
}

/// What is left: the reading of `deunicode`, letter by letter.
fn fallback(word: &str) -> String {
    let mut out = String::new();
    for c in word.chars().filter(|c| c.is_alphanumeric()) {
        match deunicode::deunicode_char(c) {
            Some(latin) if latin.bytes().any(|b| b.is_ascii_alphanumeric()) => {
                out.extend(
                    latin
                        .chars()
                        .filter(char::is_ascii_alphanumeric)
                        .map(|c| c.to_ascii_lowercase()),
                );
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(word: &str) -> String {
        read(word, Script::of(word))[0].latin.clone()
    }

    #[test]
    fn alphabets_are_read() {
        assert_eq!(first("Лукашенко"), "lukashenko");
        assert_eq!(first("Ζαχαριάδης"), "zachariadis");
        assert_eq!(first("ობამა"), "obama");
        assert_eq!(first("Օբամա"), "obama");
        assert_eq!(first("नरेन्द्र"), "narendr");
        assert_eq!(first("मोदी"), "modi");
        assert_eq!(first("スミス"), "sumisu");
        assert_eq!(first("አበበ"), "abebe");
    }

    #[test]
    fn unwritten_vowels_are_not_guessed() {
        let reading = &read("محمد", Some(Script::Arabic))[0];
        assert_eq!(reading.key(), "mhmd");
        assert_eq!(reading.manner, Manner::Skeleton);
    }

    #[test]
    fn marks_have_two_spellings() {
        let readings = read("Müller", Some(Script::Latin));
        assert_eq!(
            readings.iter().map(|r| r.latin.as_str()).collect::<Vec<_>>(),
            ["muller", "mueller"]
        );
    }
}
