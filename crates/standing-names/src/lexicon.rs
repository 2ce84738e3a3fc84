//! What a word usually is: title, particle, legal form, generic word, number, nickname. All of it is data under `data/`, looked up by folded spelling.

use std::borrow::Cow;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};
use standing_model::Script;

use crate::table;
use crate::translit;

/// A light word's part in a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Light {
    Article,
    Filiation,
    Kunya,
    Noble,
    Link,
}

/// The tables, joined.
#[derive(Default)]
pub(crate) struct Lexicon {
    /// Particles by spelling: role and class.
    pub particles: FxHashMap<Cow<'static, str>, (Light, &'static str)>,
    /// Titles by spelling: class.
    pub titles: FxHashMap<Cow<'static, str>, &'static str>,
    /// Legal forms by their words joined with single spaces: class.
    pub legal_forms: FxHashMap<Cow<'static, str>, &'static str>,
    /// Legal forms of three words or more whose last word is cut off after its third letter or later, as fields of fixed width do it.
    pub cut_forms: FxHashMap<String, &'static str>,
    /// The first words of legal forms.
    pub legal_form_starts: FxHashSet<String>,
    /// Generic words: the class number of their translations, where the row is of translations and not of a field.
    pub generic: FxHashMap<Cow<'static, str>, Option<u16>>,
    /// Numbers written as words.
    pub numbers: FxHashMap<&'static str, u32>,
    /// Nickname classes.
    pub nicknames: FxHashMap<&'static str, Vec<u16>>,
}

/// The most words of a legal form.
pub(crate) const LEGAL_FORM_WORDS: usize = 5;

/// Class numbers of nicknames begin here; below are those of generic words.
const NICKNAMES_FROM: u16 = 1000;

/// How a word is looked up: by its reading, in Arabic letters apart from others, because a skeleton is easily another word's spelling.
pub(crate) fn spelling(latin: &str, script: Option<Script>) -> Cow<'_, str> {
    if script == Some(Script::Arabic) {
        Cow::Owned(format!("ar:{latin}"))
    } else {
        Cow::Borrowed(latin)
    }
}

/// A spelling of the tables as this program reads it: other scripts in their first reading.
fn folded(written: &'static str) -> Cow<'static, str> {
    if written.is_ascii() {
        return Cow::Borrowed(written);
    }
    let reading = |word: &str| {
        let script = Script::of(word);
        let word = word
            .strip_prefix("ال")
            .filter(|w| w.chars().count() >= 3)
            .unwrap_or(word);
        let first = translit::read(word, script).into_iter().next()?;
        Some(spelling(&first.key(), script).into_owned())
    };
    Cow::Owned(written.split(' ').filter_map(reading).collect::<Vec<_>>().join(" "))
}

pub(crate) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut lexicon = Lexicon::default();
    for row in table::rows(include_str!("../data/particles.tsv")) {
        let [role, class, spellings, ..] = row[..] else {
            continue;
        };
        let role = match role {
            "article" => Light::Article,
            "filiation" => Light::Filiation,
            "kunya" => Light::Kunya,
            "noble" => Light::Noble,
            _ => Light::Link,
        };
        for spelling in spellings.split(',') {
            lexicon.particles.entry(folded(spelling)).or_insert((role, class));
        }
    }
    for row in table::rows(include_str!("../data/titles.tsv")) {
        let [class, spellings, ..] = row[..] else { continue };
        for spelling in spellings.split(',') {
            lexicon.titles.entry(folded(spelling)).or_insert(class);
        }
    }
    for row in table::rows(include_str!("../data/legal_forms.tsv")) {
        let [class, spellings, ..] = row[..] else { continue };
        for spelling in spellings.split(',') {
            let last = spelling.rfind(' ').map_or(0, |at| at + 1);
            if spelling.is_ascii() && spelling.split(' ').count() >= 3 && spelling.split(' ').all(|w| w.len() >= 2) {
                for end in last + 3..spelling.len() {
                    lexicon.cut_forms.entry(spelling[..end].to_owned()).or_insert(class);
                }
            }
            let spelling = folded(spelling);
            let first = spelling.split(' ').next().unwrap_or_default();
            lexicon.legal_form_starts.insert(first.to_owned());
            lexicon.legal_forms.entry(spelling).or_insert(class);
        }
    }
    for (at, row) in table::rows(include_str!("../data/generic.tsv")).enumerate() {
        let class = (row.get(2) != Some(&"general")).then_some(at as u16);
        for word in row.get(1).into_iter().flat_map(|words| words.split(',')) {
            lexicon.generic.entry(folded(word)).or_insert(class);
        }
    }
    for row in table::rows(include_str!("../data/numbers.tsv")) {
        let [value, words, ..] = row[..] else { continue };
        for word in words.split(',') {
            lexicon.numbers.insert(word, value.parse().unwrap_or(0));
        }
    }
    for (at, row) in table::rows(include_str!("../data/nicknames.tsv")).enumerate() {
        let [name, short, ..] = row[..] else { continue };
        for word in short.split(',').chain([name]) {
            lexicon
                .nicknames
                .entry(word)
                .or_default()
                .push(NICKNAMES_FROM + at as u16);
        }
    }
    lexicon
});

/// The value of a Roman number from II on; single letters are read as initials.
pub(crate) fn roman(text: &str) -> Option<u32> {
    if text.len() < 2 || text.len() > 6 {
        return None;
    }
    let value = |b: u8| match b {
        b'i' => Some(1u32),
        b'v' => Some(5),
        b'x' => Some(10),
        _ => None,
    };
    let digits: Vec<u32> = text.bytes().map(value).collect::<Option<_>>()?;
    let total = digits.iter().enumerate().fold(0i64, |sum, (i, &d)| {
        if digits.get(i + 1).is_some_and(|&next| next > d) {
            sum - i64::from(d)
        } else {
            sum + i64::from(d)
        }
    });
    u32::try_from(total).ok().filter(|&t| t > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roman_numbers_are_read() {
        assert_eq!(roman("viii"), Some(8));
        assert_eq!(roman("ix"), Some(9));
        assert_eq!(roman("xi"), Some(11));
        assert_eq!(roman("lim"), None);
    }

    #[test]
    fn spellings_are_folded() {
        let all = LEXICON
            .titles
            .keys()
            .chain(LEXICON.generic.keys())
            .chain(LEXICON.legal_forms.keys());
        for word in all {
            assert!(!word.is_empty(), "{word}");
        }
    }
}
