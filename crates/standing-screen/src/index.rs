//! An index, open: names, words and entries read in place from its bytes.
//!
//! Made by [`Index::build`] in memory or opened from a file with [`Index::open`]. It is immutable, and shared by any number of threads.

use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use standing_model::{NameKind, NameQuality, PartyKind};
use standing_names::{Counts, TokenKind, WordRef};

use crate::build::{self, KINDS, PARTIES, WORD_MASK, bucket, identity_key, tag, text_key, weight_of_step, weight_step};
use crate::error::ScreenError;
use crate::layout::{Bytes, NAME_SIZE, SKETCH_WORDS, Section, WORD_SIZE, number, numbers, short};
use crate::listed::{Entry, NameSource};
use crate::resemble::Shared;

/// What an index stands for: with the same key the ledger gives the same index, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct IndexKey {
    /// Hash of the ledger's transaction that it stands for.
    pub head: String,
    /// Number of that transaction.
    pub recorded: i64,
    /// Legally so.
    pub on: String,
    /// Publicly known.
    pub known: String,
    /// Digest of the policy's selection.
    pub policy: String,
    /// Version of the algorithm and digest of the data it uses.
    pub algorithm: String,
}

/// A listed name that cannot be searched for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsearchable {
    /// The entry's id.
    pub entry: String,
    /// The name.
    pub name: String,
    /// Why.
    pub why: String,
}

/// A list that an index holds, and the date of the edition it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListEdition {
    /// The list's id.
    pub list: String,
    /// The date of its newest edition.
    pub date: String,
    /// Listings of it that are searched.
    pub listings: usize,
    /// Whether the edition is older than the list's usual interval.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub outdated: bool,
}

/// What an index says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Info {
    /// What it stands for.
    pub key: IndexKey,
    /// Listed names in it.
    pub names: usize,
    /// Entries in it.
    pub entries: usize,
    /// Distinct words in it.
    pub words: usize,
    /// The lists it rests on.
    pub lists: Vec<ListEdition>,
    /// Listings that the policy leaves out.
    pub left_out: usize,
    /// Listed names that cannot be searched for.
    pub unsearchable: Vec<Unsearchable>,
}

/// A name as an index keeps it.
#[derive(Debug, Clone, Copy)]
pub struct IndexedName<'a> {
    /// As written.
    pub text: &'a str,
    /// Primary, alias or former.
    pub kind: NameKind,
    /// How far the publisher trusts it.
    pub quality: NameQuality,
    /// Who gives it.
    pub source: NameSource,
    /// What kind of party bears it.
    pub party: PartyKind,
    /// The entry it is a name of.
    pub entry: u32,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct IndexedWord<'a> {
    pub text: &'a str,
    pub native: &'a str,
    pub forms: &'a [u8],
    pub classes: &'a [u8],
    pub kind: TokenKind,
    /// For a join or acronym: the heaviest of what it covers in any name.
    pub weight: f32,
}

/// What of a word decides whether it is worth comparing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WordSketch<'a> {
    pub text: &'a [u8],
    pub forms: &'a [u8],
    /// Has it signs for syllables, has it classes?
    pub native: bool,
    pub classes: bool,
    pub kind: TokenKind,
    pub weight: f32,
}

impl<'a> IndexedWord<'a> {
    /// As the comparison takes it. `keys` are those of the word that it is compared with: it was found by one of them.
    pub fn view(&self, keys: &'a [u32], classes: &'a mut Vec<u16>) -> WordRef<'a> {
        classes.clear();
        classes.extend(self.classes.chunks_exact(2).map(|c| u16::from_le_bytes([c[0], c[1]])));
        WordRef {
            text: self.text,
            native: self.native,
            forms: self.forms,
            keys,
            classes,
        }
    }
}

/// An index.
#[derive(Debug)]
pub struct Index {
    bytes: Bytes,
    info: Info,
    names: u32,
    words: u32,
    buckets: u32,
    /// Which of the indexes of this process it is.
    number: u64,
    /// Words found for tokens.
    pub(crate) shared: Shared,
    steps: OnceLock<Vec<u32>>,
}

/// Steps of weight that are told apart; no name weighs so much.
const MOST_STEPS: usize = 2_048;

static NUMBERS: AtomicU64 = AtomicU64::new(1);

impl Index {
    /// Builds an index in memory.
    pub fn build(entries: Vec<Entry>, info: Info) -> Result<Self, ScreenError> {
        Self::from_bytes(build::build(entries, info)?)
    }

    /// Takes an index's bytes.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, ScreenError> {
        Self::read(Bytes::owned(bytes)?)
    }

    /// Maps an index file. What was altered in it is found by [`Index::verify`].
    pub fn open(path: &Path) -> Result<Self, ScreenError> {
        Self::read(Bytes::open(path)?)
    }

    fn read(bytes: Bytes) -> Result<Self, ScreenError> {
        let damaged = |what: &str| ScreenError::Damaged(what.to_owned());
        let info: Info = serde_json::from_slice(bytes.section(Section::Info))
            .map_err(|e| ScreenError::Damaged(format!("what it says about itself: {e}")))?;
        let names = bytes.section(Section::Names).len() / NAME_SIZE;
        let words = bytes.section(Section::Words).len() / WORD_SIZE;
        let entries = (bytes.section(Section::EntryOffsets).len() / 4).saturating_sub(1);
        if (names, words, entries) != (info.names, info.words, info.entries) || words > WORD_MASK as usize + 1 {
            return Err(damaged("its sections do not hold what it says"));
        }
        let buckets = (bytes.section(Section::Buckets).len() / 4).saturating_sub(1) as u32;
        Ok(Self {
            bytes,
            info,
            names: names as u32,
            words: words as u32,
            buckets,
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
            shared: Shared::default(),
            steps: OnceLock::new(),
        })
    }

    /// The bytes, to be kept in a file.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.all()
    }

    /// Is it byte for byte what was written?
    pub fn verify(&self) -> Result<(), ScreenError> {
        if self.bytes.is_whole() {
            Ok(())
        } else {
            Err(ScreenError::Damaged("its digest is not that of its content".into()))
        }
    }

    /// The digest of its content, in hexadecimal.
    pub fn digest(&self) -> String {
        blake3::Hash::from_bytes(self.bytes.digest()).to_hex().to_string()
    }

    /// What it says about itself.
    pub fn info(&self) -> &Info {
        &self.info
    }

    /// How many names it holds.
    pub fn len(&self) -> usize {
        self.names as usize
    }

    /// Does it hold no name?
    pub fn is_empty(&self) -> bool {
        self.names == 0
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    pub(crate) fn words(&self) -> u32 {
        self.words
    }

    /// An entry without its names.
    pub fn entry(&self, at: u32) -> Result<Entry, ScreenError> {
        let text = self.part(Section::EntryOffsets, Section::EntryText, at);
        let measures = number(self.bytes.section(Section::EntryMeasures), 4 * at as usize)
            .and_then(|m| self.part(Section::MeasureOffsets, Section::MeasureText, m));
        let (Some(text), Some(measures)) = (text, measures) else {
            return Err(ScreenError::Damaged(format!("entry {at} points nowhere")));
        };
        let damaged = |e: serde_json::Error| ScreenError::Damaged(format!("entry {at}: {e}"));
        Ok(Entry {
            measures: serde_json::from_slice(measures).map_err(damaged)?,
            ..serde_json::from_slice(text).map_err(damaged)?
        })
    }

    /// One of the texts of a section, whose offsets another holds.
    fn part(&self, offsets: Section, texts: Section, at: u32) -> Option<&[u8]> {
        let offsets = self.bytes.section(offsets);
        let from = number(offsets, 4 * at as usize)? as usize;
        let to = number(offsets, 4 * at as usize + 4)? as usize;
        self.bytes.section(texts).get(from..to)
    }

    /// The names of an entry, as the listing orders them.
    pub fn entry_names(&self, at: u32) -> impl Iterator<Item = u32> + '_ {
        let offsets = self.bytes.section(Section::EntryNameOffsets);
        let from = number(offsets, 4 * at as usize).unwrap_or(0) as usize;
        let to = number(offsets, 4 * at as usize + 4).unwrap_or(0) as usize;
        let all = numbers(self.bytes.section(Section::EntryNames));
        let names = all.get(from..to.max(from)).unwrap_or_default();
        names.iter().map(|n| u32::from_le_bytes(*n))
    }

    fn name_row(&self, id: u32) -> &[u8] {
        let at = id as usize * NAME_SIZE;
        self.bytes
            .section(Section::Names)
            .get(at..at + NAME_SIZE)
            .unwrap_or(&[0; NAME_SIZE])
    }

    /// A name.
    pub fn name(&self, id: u32) -> IndexedName<'_> {
        let row = self.name_row(id);
        let from = number(row, 0).unwrap_or(0) as usize;
        let length = usize::from(short(row, 4).unwrap_or(0));
        let text = self
            .bytes
            .section(Section::NameText)
            .get(from..from + length)
            .unwrap_or_default();
        let flags = row.get(6).copied().unwrap_or(0);
        IndexedName {
            text: std::str::from_utf8(text).unwrap_or_default(),
            kind: match flags & 3 {
                0 => NameKind::Primary,
                1 => NameKind::Alias,
                _ => NameKind::Former,
            },
            quality: if flags & 4 == 0 {
                NameQuality::Good
            } else {
                NameQuality::Weak
            },
            source: if flags & 8 == 0 {
                NameSource::Listing
            } else {
                NameSource::Register
            },
            party: PARTIES.get(usize::from(flags >> 4 & 7)).copied().unwrap_or_default(),
            entry: number(row, 12).unwrap_or(0),
        }
    }

    #[inline]
    pub(crate) fn entry_of(&self, id: u32) -> u32 {
        number(self.name_row(id), 12).unwrap_or(0)
    }

    #[inline]
    pub(crate) fn total(&self, id: u32) -> f32 {
        f32::from_bits(number(self.name_row(id), 16).unwrap_or(0))
    }

    /// The tokens of a name: word ids, with flags for what stands beside others.
    #[inline]
    pub(crate) fn tokens(&self, id: u32) -> &[[u8; 4]] {
        let row = self.name_row(id);
        let n = usize::from(row.get(7).copied().unwrap_or(0));
        let from = number(row, 8).unwrap_or(0) as usize;
        numbers(self.bytes.section(Section::Tokens))
            .get(from..from + n)
            .unwrap_or_default()
    }

    /// The codes of a name's words.
    #[inline]
    pub(crate) fn sketch(&self, id: u32) -> [u16; SKETCH_WORDS] {
        let all = self
            .bytes
            .section(Section::Sketches)
            .as_chunks::<{ 2 * SKETCH_WORDS }>()
            .0;
        let codes = all
            .get(id as usize)
            .map_or(u64::MAX, |codes| u64::from_le_bytes(*codes));
        [
            codes as u16,
            (codes >> 16) as u16,
            (codes >> 32) as u16,
            (codes >> 48) as u16,
        ]
    }

    /// How many names weigh no more than a limit, by steps of weight and so perhaps a few more: they are the first so many.
    pub(crate) fn names_up_to(&self, limit: f32) -> u32 {
        let steps = self.steps();
        steps.get(weight_step(limit) as usize).copied().unwrap_or(self.names)
    }

    /// What a name weighs at least: the beginning of its step.
    pub(crate) fn total_from(&self, id: u32) -> f32 {
        weight_of_step(self.steps().partition_point(|up_to| *up_to <= id) as u32)
    }

    /// For each step of weight how many names there are up to its end.
    fn steps(&self) -> &[u32] {
        self.steps.get_or_init(|| {
            let mut steps = Vec::new();
            let mut from = 0;
            while from < self.names && steps.len() < MOST_STEPS {
                let step = steps.len() as u32;
                let (mut low, mut high) = (from, self.names);
                while low < high {
                    let middle = low + (high - low) / 2;
                    if weight_step(self.total(middle)) <= step {
                        low = middle + 1;
                    } else {
                        high = middle;
                    }
                }
                from = low;
                steps.push(low);
            }
            steps
        })
    }

    #[inline]
    fn word_row(&self, id: u32) -> &[u8] {
        let at = id as usize * WORD_SIZE;
        self.bytes
            .section(Section::Words)
            .get(at..at + WORD_SIZE)
            .unwrap_or(&[0; WORD_SIZE])
    }

    /// What decides whether a word is worth comparing.
    pub(crate) fn word_sketch(&self, id: u32) -> WordSketch<'_> {
        let row = self.word_row(id);
        let from = number(row, 0).unwrap_or(0) as usize;
        let text = usize::from(short(row, 4).unwrap_or(0));
        let native = usize::from(short(row, 6).unwrap_or(0));
        let forms = usize::from(short(row, 8).unwrap_or(0));
        let all = self.bytes.section(Section::WordText);
        let start = from + text + native;
        WordSketch {
            text: all.get(from..from + text).unwrap_or_default(),
            forms: all.get(start..start + forms).unwrap_or_default(),
            native: native > 0,
            classes: row.get(10).is_some_and(|n| *n > 0),
            kind: KINDS
                .get(usize::from(row.get(11).copied().unwrap_or(0)))
                .copied()
                .unwrap_or(TokenKind::Name),
            weight: f32::from_bits(number(row, 12).unwrap_or(0)),
        }
    }

    pub(crate) fn word(&self, id: u32) -> IndexedWord<'_> {
        let row = self.word_row(id);
        let from = number(row, 0).unwrap_or(0) as usize;
        let text = usize::from(short(row, 4).unwrap_or(0));
        let native = usize::from(short(row, 6).unwrap_or(0));
        let forms = usize::from(short(row, 8).unwrap_or(0));
        let classes = 2 * usize::from(row.get(10).copied().unwrap_or(0));
        let all = self
            .bytes
            .section(Section::WordText)
            .get(from..from + text + native + forms + classes)
            .unwrap_or_default();
        let mut rest = all;
        let mut cut = |n: usize| {
            let (first, after) = rest.split_at(n.min(rest.len()));
            rest = after;
            first
        };
        IndexedWord {
            text: std::str::from_utf8(cut(text)).unwrap_or_default(),
            native: std::str::from_utf8(cut(native)).unwrap_or_default(),
            forms: cut(forms),
            classes: cut(classes),
            kind: KINDS
                .get(usize::from(row.get(11).copied().unwrap_or(0)))
                .copied()
                .unwrap_or(TokenKind::Name),
            weight: self.word_weight(id),
        }
    }

    #[inline]
    pub(crate) fn word_weight(&self, id: u32) -> f32 {
        f32::from_bits(number(self.word_row(id), 12).unwrap_or(0))
    }

    /// The names that hold a word, ascending.
    #[inline]
    pub(crate) fn postings(&self, word: u32) -> &[[u8; 4]] {
        let row = self.word_row(word);
        let from = number(row, 20).unwrap_or(0) as usize;
        let n = number(row, 24).unwrap_or(0) as usize;
        numbers(self.bytes.section(Section::Postings))
            .get(from..from.saturating_add(n))
            .unwrap_or_default()
    }

    /// The words filed under a key, and sometimes others.
    pub(crate) fn words_of(&self, key: u32) -> impl Iterator<Item = u32> + '_ {
        let words = self.words;
        self.ids_of(key, Section::Buckets, Section::Keyed, self.buckets)
            .filter(move |n| *n < words)
    }

    /// How many words are filed where those of a key are.
    pub(crate) fn filed_under(&self, key: u32) -> u32 {
        let (offsets, b) = (self.bytes.section(Section::Buckets), bucket(key, self.buckets) as usize);
        let from = number(offsets, 4 * b).unwrap_or(0);
        number(offsets, 4 * b + 4).unwrap_or(0).saturating_sub(from)
    }

    /// The names that as a whole are read like one of this identity, and rarely others.
    pub(crate) fn names_like(&self, identity: u64) -> impl Iterator<Item = u32> + '_ {
        let buckets = (self.bytes.section(Section::IdentityBuckets).len() / 4).saturating_sub(1) as u32;
        let key = identity_key(identity);
        self.ids_of(key, Section::IdentityBuckets, Section::Identities, buckets)
            .filter(|n| *n < self.names)
    }

    fn ids_of(&self, key: u32, firsts: Section, ids: Section, buckets: u32) -> impl Iterator<Item = u32> + '_ {
        let b = bucket(key, buckets) as usize;
        let offsets = self.bytes.section(firsts);
        let from = number(offsets, 4 * b).unwrap_or(0) as usize;
        let to = number(offsets, 4 * b + 4).unwrap_or(0) as usize;
        let all = numbers(self.bytes.section(ids))
            .get(from..to.max(from))
            .unwrap_or_default();
        let wanted = tag(key);
        all.iter()
            .map(|n| u32::from_le_bytes(*n))
            .filter(move |n| n >> 24 == wanted)
            .map(|n| n & WORD_MASK)
    }

    /// The words written with exactly these letters.
    pub(crate) fn words_written<'a>(&'a self, text: &'a str) -> impl Iterator<Item = u32> + 'a {
        self.words_of(text_key(text))
            .filter(move |&w| self.word(w).text == text)
    }

    /// Entries that bear an identifier with this digest, and rarely others.
    pub(crate) fn entries_with(&self, digest: u32) -> impl Iterator<Item = u32> + '_ {
        let all = self.bytes.section(Section::Identifiers).as_chunks::<8>().0;
        let start = all.partition_point(|pair| number(pair, 0).unwrap_or(0) < digest);
        let matching = all.get(start..).unwrap_or_default();
        matching
            .iter()
            .take_while(move |pair| number(pair.as_slice(), 0) == Some(digest))
            .filter_map(|pair| number(pair.as_slice(), 4))
    }
}

/// How many listed names hold a word: the weights of queried names come from here.
impl Counts for Index {
    fn count(&self, text: &str) -> u32 {
        self.words_written(text)
            .next()
            .map_or(0, |w| number(self.word_row(w), 16).unwrap_or(0))
    }

    fn total(&self) -> u32 {
        self.names
    }
}
