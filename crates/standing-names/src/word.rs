//! One word, whatever name it stands in: its key, its readings as sounds, and the search keys by which an index finds what may resemble it.
//!
//! A [`Word`] is a pure function of the written word, so it can be made once for each distinct word and shared. All of it is plain slices
//! ([`WordRef`]), so it can also be kept in a file and read in place.
//!
//! **The rule that makes search lossless:** two words resemble each other only if they share a search key (or one is the initial of the other);
//! [`crate::token_similarity`] is 0 otherwise, by definition. The keys of a word are
//!
//! * its sounds, and its sounds with any one left out (words of four sounds or more): one slip of the pen away in either word still shares a key;
//! * its consonant skeleton in its usual readings, and, from four consonants on, with any one left out: vowels and spelling conventions are free;
//! * for a particle and its word written as one (`Alassad` beside `al-Assad`), only the whole sounds and the whole skeleton;
//! * the classes it belongs to: nicknames of one name, translations of one word;
//! * for a number its value, for an initial its letter.

use std::cell::RefCell;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use standing_model::Script;

use crate::phones::{self, MAX_PHONES};
use crate::translit::{Manner, Reading};

/// A word, owned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub(crate) text: Box<str>,
    pub(crate) native: Box<str>,
    pub(crate) script: Option<Script>,
    pub(crate) forms: Box<[u8]>,
    pub(crate) keys: Box<[u32]>,
    pub(crate) classes: Box<[u16]>,
}

/// A word as slices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordRef<'a> {
    /// The key in folded Latin letters.
    pub text: &'a str,
    /// The letters of scripts whose signs stand for syllables or words (Han, Hangul); empty for all others.
    pub native: &'a str,
    /// The readings: for each a length, a manner and so many sounds.
    pub forms: &'a [u8],
    /// The search keys, ascending.
    pub keys: &'a [u32],
    /// The classes of equivalent words it belongs to, ascending.
    pub classes: &'a [u16],
}

/// One reading of a word.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Form<'a> {
    pub sounds: &'a [u8],
    pub manner: Manner,
}

/// Walks the readings of an encoded word.
pub(crate) struct Forms<'a>(pub &'a [u8]);

impl<'a> Iterator for Forms<'a> {
    type Item = Form<'a>;

    fn next(&mut self) -> Option<Form<'a>> {
        let (&[length, manner], rest) = self.0.split_first_chunk::<2>()?;
        let sounds = rest.get(..usize::from(length))?;
        self.0 = &rest[usize::from(length)..];
        let manner = match manner {
            1 => Manner::Skeleton,
            2 => Manner::Syllabic,
            3 => Manner::Dropped,
            _ => Manner::Full,
        };
        Some(Form { sounds, manner })
    }
}

/// Words kept by one thread: names are made of few words, and a word does not depend on the name it stands in.
const KEPT: usize = 1 << 15;

/// Words by what they are made of, and room for a key.
type Kept = (FxHashMap<Box<[u8]>, Arc<Word>>, Vec<u8>);

thread_local! {
    static WORDS: RefCell<Kept> = RefCell::default();
}

/// [`Word::new`], made once for each distinct word of a thread.
pub(crate) fn shared(readings: &[Reading], native: &str, script: Option<Script>, classes: &[u16]) -> Arc<Word> {
    WORDS.with_borrow_mut(|(words, key)| {
        key.clear();
        for reading in readings {
            key.extend_from_slice(reading.latin.as_bytes());
            // No letter begins with such a byte.
            key.extend_from_slice(&[0xFF, reading.manner as u8]);
        }
        key.extend_from_slice(native.as_bytes());
        key.extend_from_slice(&[0xFE, script.map_or(0xFF, |s| s as u8)]);
        for class in classes {
            key.extend_from_slice(&class.to_le_bytes());
        }
        if let Some(word) = words.get(key.as_slice()) {
            return Arc::clone(word);
        }
        if words.len() >= KEPT {
            words.clear();
        }
        let word = Arc::new(Word::new(readings, native, script, classes));
        words.insert(key.as_slice().into(), Arc::clone(&word));
        word
    })
}

impl Word {
    /// A word from its readings.
    pub(crate) fn new(readings: &[Reading], native: &str, script: Option<Script>, classes: &[u16]) -> Self {
        let text: String = readings.first().map(Reading::key).unwrap_or_default();
        let mut forms: Vec<u8> = Vec::with_capacity(text.len() + 2);
        let mut keys: Vec<u32> = Vec::with_capacity(text.len() + 8);
        let mut sounds = Vec::with_capacity(MAX_PHONES);
        for reading in readings {
            phones::phones(&reading.latin, &mut sounds);
            forms.push(sounds.len() as u8);
            forms.push(match reading.manner {
                Manner::Full | Manner::Glued => 0,
                Manner::Skeleton => 1,
                Manner::Syllabic => 2,
                Manner::Dropped => 3,
            });
            forms.extend_from_slice(&sounds);
            if matches!(reading.manner, Manner::Full | Manner::Dropped) {
                sound_keys(&sounds, &mut keys);
            }
            if reading.manner == Manner::Glued {
                keys.push(key(b'l', &sounds));
                whole_skeleton_key(&sounds, &mut keys);
            } else {
                skeleton_keys(&sounds, reading.manner, &mut keys);
            }
        }
        if !native.is_empty() {
            keys.push(key(b'n', native.as_bytes()));
        }
        keys.extend(classes.iter().map(|class| key(b'g', &class.to_le_bytes())));
        keys.sort_unstable();
        keys.dedup();
        let mut classes = classes.to_vec();
        classes.sort_unstable();
        classes.dedup();
        Self {
            text: text.into(),
            native: native.into(),
            script,
            forms: forms.into(),
            keys: keys.into(),
            classes: classes.into(),
        }
    }

    /// A number: alike to the same number, and to the same word where it is spelled (`One`, `Xi`) and taken for a name on the other side.
    pub(crate) fn number(text: &str, spelled: Option<&str>) -> Self {
        let mut word = Self::exact(b'#', text);
        if let Some(spelled) = spelled {
            let mut sounds = Vec::with_capacity(MAX_PHONES);
            phones::phones(spelled, &mut sounds);
            let mut keys = vec![word.keys[0], key(b'l', &sounds)];
            keys.sort_unstable();
            word.keys = keys.into();
            sounds.splice(0..0, [sounds.len() as u8, 0]);
            word.forms = sounds.into();
        }
        word
    }

    /// A single letter standing for a name.
    pub(crate) fn initial(letter: &str) -> Self {
        Self::exact(b'i', letter)
    }

    /// An acronym of a whole name: alike to a token written so.
    pub(crate) fn exact(tag: u8, text: &str) -> Self {
        let keys = [key(tag, text.as_bytes())];
        Self {
            text: text.into(),
            native: Box::default(),
            script: Some(Script::Latin),
            forms: Box::default(),
            keys: keys.into(),
            classes: Box::default(),
        }
    }

    /// The key in folded Latin letters.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The script it is written in; `None` for figures.
    pub fn script(&self) -> Option<Script> {
        self.script
    }

    /// As slices.
    pub fn view(&self) -> WordRef<'_> {
        WordRef {
            text: &self.text,
            native: &self.native,
            forms: &self.forms,
            keys: &self.keys,
            classes: &self.classes,
        }
    }
}

/// FNV-1a over a tag and bytes. Two different keys with one hash cost a needless comparison, never a wrong one.
pub(crate) fn key(tag: u8, bytes: &[u8]) -> u32 {
    let step = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    bytes
        .iter()
        .fold(step(0x811C_9DC5, tag), |hash, &byte| step(hash, byte))
}

/// The key under which initials are posted; a full word probes the one of its first letter.
pub(crate) fn initial_key(text: &str) -> Option<u32> {
    let first = text.chars().next()?;
    Some(key(b'i', first.encode_utf8(&mut [0; 4]).as_bytes()))
}

fn sound_keys(sounds: &[u8], keys: &mut Vec<u32>) {
    keys.push(key(b'l', sounds));
    if sounds.len() >= 4 {
        let mut shorter = [0u8; MAX_PHONES];
        for left_out in 0..sounds.len() {
            shorter[..left_out].copy_from_slice(&sounds[..left_out]);
            shorter[left_out..sounds.len() - 1].copy_from_slice(&sounds[left_out + 1..]);
            keys.push(key(b'l', &shorter[..sounds.len() - 1]));
        }
    }
}

/// The key of the usual skeleton alone.
fn whole_skeleton_key(sounds: &[u8], keys: &mut Vec<u32>) {
    let mut skeleton: Vec<u8> = Vec::with_capacity(sounds.len());
    let mut before = 0;
    for &sound in sounds {
        let usual = phones::skeleton_class(sound).0;
        if usual != 0 && usual != before {
            skeleton.push(usual);
        }
        before = usual;
    }
    keys.push(key(b's', &skeleton));
}

/// The most readings of one skeleton; further doubtful sounds keep their usual class.
const MAX_SKELETONS: usize = 4;

fn skeleton_keys(sounds: &[u8], manner: Manner, keys: &mut Vec<u32>) {
    let mut skeletons: Vec<Vec<u8>> = vec![Vec::with_capacity(sounds.len())];
    let mut before = 0;
    for &sound in sounds {
        let (usual, other) = phones::skeleton_class(sound);
        let usual_repeats = usual != 0 && usual == before && manner == Manner::Full;
        if let Some(other) = other
            && skeletons.len() * 2 <= MAX_SKELETONS
        {
            for at in 0..skeletons.len() {
                let mut with_other = skeletons[at].clone();
                if other != 0 {
                    with_other.push(other);
                }
                skeletons.push(with_other);
            }
            let half = skeletons.len() / 2;
            for skeleton in &mut skeletons[..half] {
                if usual != 0 {
                    skeleton.push(usual);
                }
            }
        } else if usual != 0 && !usual_repeats {
            for skeleton in &mut skeletons {
                skeleton.push(usual);
            }
        }
        before = usual;
    }
    for skeleton in &skeletons {
        keys.push(key(b's', skeleton));
    }
    // A consonant left out: from four on, where three are still telling.
    let usual = &skeletons[0];
    if usual.len() >= 4 {
        for left_out in 0..usual.len() {
            let mut shorter = usual.clone();
            shorter.remove(left_out);
            keys.push(key(b's', &shorter));
        }
    }
}
