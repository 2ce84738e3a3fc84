//! Han characters in Latin letters.
//!
//! Readings come from the `pinyin` crate (Unihan's kMandarin and the Hanyu dictionaries). Characters with several readings give several readings of the word,
//! a few at most. A surname has its Cantonese and personal spellings, and common Japanese surnames their own, in `data/han_surnames.tsv`.

use std::sync::LazyLock;

use pinyin::{ToPinyin, ToPinyinMulti};
use rustc_hash::FxHashMap;

use crate::table;
use crate::translit::{Manner, Reading};

/// The most readings of one word.
const MAX_READINGS: usize = 4;

static SURNAMES: LazyLock<FxHashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let mut surnames: FxHashMap<&'static str, Vec<&'static str>> = FxHashMap::default();
    for row in table::rows(include_str!("../data/han_surnames.tsv")) {
        let [characters, readings, ..] = row[..] else { continue };
        for one in characters.split(',') {
            surnames.entry(one).or_default().extend(readings.split(','));
        }
    }
    surnames
});

/// Is this a surname of two characters?
pub(crate) fn is_long_surname(characters: &str) -> bool {
    characters.chars().count() == 2 && SURNAMES.contains_key(characters)
}

/// The readings of a word in Han characters.
pub(crate) fn read(word: &str) -> Vec<Reading> {
    let mut spelled = String::new();
    for c in word.chars() {
        match c.to_pinyin() {
            Some(p) => spelled.push_str(&p.plain().replace('ü', "u")),
            None => spelled.push(c),
        }
    }
    let long = word.chars().count() > 2;
    let manner = if long { Manner::Syllabic } else { Manner::Full };
    let mut readings = vec![Reading { latin: spelled, manner }];
    let mut add = |latin: String, manner: Manner| {
        if readings.len() < MAX_READINGS && readings.iter().all(|r| r.latin != latin) {
            readings.push(Reading { latin, manner });
        }
    };
    for other in SURNAMES.get(word).into_iter().flatten() {
        add((*other).to_owned(), Manner::Full);
    }
    let mut characters = word.chars();
    if let (Some(only), None) = (characters.next(), characters.next())
        && let Some(all) = only.to_pinyin_multi()
    {
        for p in all {
            add(p.plain().replace('ü', "u"), Manner::Full);
        }
    }
    readings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surnames_have_their_spellings() {
        let readings: Vec<_> = read("陳").into_iter().map(|r| r.latin).collect();
        assert_eq!(readings[0], "chen");
        assert!(readings.contains(&"chan".to_owned()));
        assert_eq!(read("近平")[0].latin, "jinping");
    }
}
