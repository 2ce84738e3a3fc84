//! Building an index: every name prepared, every distinct word kept once, postings from words to names.
//!
//! Names are numbered by ascending total weight, in steps, so that the names of a word that weigh no more than some limit are a prefix of its postings.
//! The bytes depend on the entries alone, not on threads.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use standing_model::{NameKind, NameQuality, PartyKind};
use standing_names::{Counts, Params, PreparedName, Token, TokenKind, Word, WordRef, prepare, token_weight};

use crate::error::ScreenError;
use crate::identifiers;
use crate::index::{Info, Unsearchable};
use crate::layout::{NAME_SIZE, SECTIONS, SKETCH_WORDS, Section, WORD_SIZE, assemble};
use crate::listed::{Entry, NameSource};

/// Word ids have 24 bits.
const MAX_WORDS: usize = 1 << 24;
/// So have name ids where they stand beside a part of a key.
const MAX_NAMES: usize = 1 << 24;
/// Words remembered by their place in memory while an index is built.
const KEPT_PLACES: usize = 1 << 18;
/// Names prepared at a time.
const CHUNK: usize = 2_048;

pub(crate) const VIRTUAL: u32 = 1 << 31;
pub(crate) const WHOLE: u32 = 1 << 30;
pub(crate) const WORD_MASK: u32 = (1 << 24) - 1;
pub(crate) const PLACE_SHIFT: u32 = 24;
pub(crate) const PLACE_MASK: u32 = 63;

/// All kinds, by the number that stands for them in the file.
pub(crate) const KINDS: [TokenKind; 13] = [
    TokenKind::Name,
    TokenKind::Given,
    TokenKind::Family,
    TokenKind::Patronymic,
    TokenKind::Particle,
    TokenKind::Article,
    TokenKind::Title,
    TokenKind::LegalForm,
    TokenKind::Number,
    TokenKind::Initial,
    TokenKind::Generic,
    TokenKind::Acronym,
    TokenKind::Joined,
];

/// The sketch of a name of more words than it holds.
pub(crate) const SKETCHED: [u16; SKETCH_WORDS] = [u16::MAX; SKETCH_WORDS];

/// What stands for a word in sketches; several words may share it.
pub(crate) fn sketch_code(word: u32) -> u16 {
    (word as u16 ^ (word >> 16) as u16).min(u16::MAX - 1)
}

/// The codes of a name's words, joins and acronyms among them.
fn sketch(tokens: &[u32]) -> [u16; SKETCH_WORDS] {
    if tokens.len() > SKETCH_WORDS {
        return SKETCHED;
    }
    // Places that are not needed repeat the first.
    let at = |at: usize| {
        tokens
            .get(at)
            .or(tokens.first())
            .map_or(0, |t| sketch_code(t & WORD_MASK))
    };
    std::array::from_fn(at)
}

/// Names are numbered by ascending steps of their total weight.
pub(crate) fn weight_step(total: f32) -> u32 {
    (total * 8.0) as u32
}

/// The least weight of a step.
pub(crate) fn weight_of_step(step: u32) -> f32 {
    step as f32 / 8.0
}

fn kind_code(kind: TokenKind) -> u8 {
    KINDS.iter().position(|k| *k == kind).unwrap_or(0) as u8
}

/// The key under which a word's own letters are filed.
pub(crate) fn text_key(text: &str) -> u32 {
    let step = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    text.bytes().fold(step(0x811C_9DC5, b'='), step)
}

/// The key under which a name as a whole is filed.
pub(crate) fn identity_key(identity: u64) -> u32 {
    (identity ^ identity >> 32) as u32
}

/// Spreads a key over buckets; keys of neighbouring strings differ in few bits.
pub(crate) fn bucket(key: u32, buckets: u32) -> u32 {
    let mixed = key.wrapping_mul(0x9E37_79B1);
    ((u64::from(mixed ^ (mixed >> 15)) * u64::from(buckets)) >> 32) as u32
}

/// Bits of a key that stand beside a word id.
pub(crate) fn tag(key: u32) -> u32 {
    (key ^ (key >> 11)) & 0xFF
}

#[derive(Clone)]
struct WordRow {
    offset: u32,
    text: u16,
    native: u16,
    forms: u16,
    classes: u8,
    kind: u8,
    weight: f32,
    /// Number of its text.
    of: u32,
}

#[derive(Default)]
struct Words {
    rows: Vec<WordRow>,
    letters: Vec<u8>,
    by_content: FxHashMap<u64, u32>,
    /// Words already seen at their place in memory, by kind; they are held, so that no other comes to stand there.
    by_place: FxHashMap<(usize, u8), (u32, Arc<Word>)>,
    texts: FxHashMap<Box<str>, u32>,
    /// How many names hold each text.
    counts: Vec<u32>,
    keyed: Vec<(u32, u32)>,
}

fn mix(hash: u64, bytes: &[u8]) -> u64 {
    let mut hash = (hash ^ bytes.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        hash = (hash.rotate_left(23) ^ u64::from_le_bytes(word)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
    hash
}

impl Words {
    fn content(&self, row: &WordRow) -> &[u8] {
        let length =
            usize::from(row.text) + usize::from(row.native) + usize::from(row.forms) + 2 * usize::from(row.classes);
        &self.letters[row.offset as usize..row.offset as usize + length]
    }

    fn intern(&mut self, token: &Token) -> Result<u32, ScreenError> {
        let kind = kind_code(token.kind);
        let place = (Arc::as_ptr(&token.word).addr(), kind);
        if let Some((at, _)) = self.by_place.get(&place) {
            return Ok(*at);
        }
        let at = self.intern_new(token, kind)?;
        if self.by_place.len() >= KEPT_PLACES {
            self.by_place.clear();
        }
        self.by_place.insert(place, (at, Arc::clone(&token.word)));
        Ok(at)
    }

    fn intern_new(&mut self, token: &Token, kind: u8) -> Result<u32, ScreenError> {
        let word = token.word.view();
        let mut hash = mix(u64::from(kind), word.text.as_bytes());
        hash = mix(mix(hash, word.native.as_bytes()), word.forms);
        // Words of one spelling may be filed under different keys, by how their readings came about; the keys themselves are not kept.
        for key in token.posted_keys() {
            hash = mix(hash, &key.to_le_bytes());
        }
        let start = self.letters.len();
        self.letters.extend_from_slice(word.text.as_bytes());
        self.letters.extend_from_slice(word.native.as_bytes());
        self.letters.extend_from_slice(word.forms);
        for class in word.classes {
            self.letters.extend_from_slice(&class.to_le_bytes());
        }
        while let Some(&at) = self.by_content.get(&hash) {
            let row = &self.rows[at as usize];
            let lengths = (
                usize::from(row.text),
                usize::from(row.native),
                usize::from(row.forms),
                usize::from(row.classes),
            );
            if row.kind == kind
                && lengths == (word.text.len(), word.native.len(), word.forms.len(), word.classes.len())
                && self.content(row) == &self.letters[start..]
            {
                self.letters.truncate(start);
                return Ok(at);
            }
            hash = hash.wrapping_add(1);
        }
        let at = self.rows.len() as u32;
        if self.rows.len() >= MAX_WORDS || self.letters.len() > u32::MAX as usize {
            return Err(ScreenError::TooLarge(format!(
                "more than {MAX_WORDS} distinct words in one index"
            )));
        }
        let fits =
            |n: usize| u16::try_from(n).map_err(|_| ScreenError::TooLarge("a word of more than 65,535 bytes".into()));
        let of = if let Some(&of) = self.texts.get(word.text) {
            of
        } else {
            let of = self.counts.len() as u32;
            self.texts.insert(word.text.into(), of);
            self.counts.push(0);
            of
        };
        self.rows.push(WordRow {
            offset: start as u32,
            text: fits(word.text.len())?,
            native: fits(word.native.len())?,
            forms: fits(word.forms.len())?,
            classes: word.classes.len().min(255) as u8,
            kind,
            weight: 0.0,
            of,
        });
        self.by_content.insert(hash, at);
        self.keyed.extend(token.posted_keys().iter().map(|key| (*key, at)));
        self.keyed.push((text_key(word.text), at));
        Ok(at)
    }
}

impl Words {
    /// Numbers the words by their sounds: those that are held against one token stand together, and begin alike.
    fn sort(&mut self, tokens: &mut [u32]) {
        let sounds = |row: &WordRow| {
            let from = row.offset as usize + usize::from(row.text) + usize::from(row.native);
            // Without the length that stands before.
            let forms = &self.letters[from..from + usize::from(row.forms)];
            forms.get(1..).unwrap_or_default()
        };
        let head = |row: &WordRow| {
            let mut head = [0; 8];
            head.iter_mut().zip(sounds(row)).for_each(|(to, sound)| *to = *sound);
            u64::from_be_bytes(head)
        };
        let mut order: Vec<(u64, u32)> = (0..).zip(&self.rows).map(|(at, row)| (head(row), at)).collect();
        order.sort_unstable_by(|a, b| {
            let rest = || sounds(&self.rows[a.1 as usize]).cmp(sounds(&self.rows[b.1 as usize]));
            a.0.cmp(&b.0).then_with(rest).then(a.1.cmp(&b.1))
        });
        let mut number = vec![0u32; order.len()];
        let mut letters = Vec::with_capacity(self.letters.len());
        let mut rows = Vec::with_capacity(order.len());
        for (new, (_, old)) in (0..).zip(&order) {
            number[*old as usize] = new;
            let row = &self.rows[*old as usize];
            let offset = letters.len() as u32;
            letters.extend_from_slice(self.content(row));
            rows.push(WordRow { offset, ..row.clone() });
        }
        self.rows = rows;
        self.letters = letters;
        for token in tokens {
            *token = *token & !WORD_MASK | number[(*token & WORD_MASK) as usize];
        }
        for (_, word) in &mut self.keyed {
            *word = number[*word as usize];
        }
    }
}

struct TextCounts<'a> {
    words: &'a Words,
    total: u32,
}

impl Counts for TextCounts<'_> {
    fn count(&self, text: &str) -> u32 {
        self.words
            .texts
            .get(text)
            .map_or(0, |&of| self.words.counts[of as usize])
    }

    fn total(&self) -> u32 {
        self.total
    }
}

struct NameRow {
    entry: u32,
    of_entry: u32,
    tokens: u32,
    n: u8,
    flags: u8,
    total: f32,
    /// The word of it that the fewest names hold.
    rarest: u32,
    identity: u64,
}

fn covers(token: &Token, tokens: &[Token]) -> u32 {
    let all = tokens.iter().filter(|t| t.cover & token.cover != 0).count();
    let first = token.cover.trailing_zeros();
    if all == 2 && first < PLACE_MASK && token.cover.count_ones() == 2 {
        VIRTUAL | first << PLACE_SHIFT
    } else {
        VIRTUAL | WHOLE
    }
}

/// The kinds of party, by the number that stands for them in the file.
pub(crate) const PARTIES: [PartyKind; 6] = [
    PartyKind::Person,
    PartyKind::Organisation,
    PartyKind::Vessel,
    PartyKind::Aircraft,
    PartyKind::Government,
    PartyKind::Unknown,
];

/// The flags of a name: its kind in two bits, weak, from the register, and the kind of party in three bits.
pub(crate) fn flags(kind: NameKind, quality: NameQuality, source: NameSource, party: PartyKind) -> u8 {
    let party = PARTIES.iter().position(|k| *k == party).unwrap_or(PARTIES.len() - 1) as u8;
    let kind = match kind {
        NameKind::Primary => 0,
        NameKind::Alias => 1,
        NameKind::Former => 2,
    };
    kind | u8::from(quality == NameQuality::Weak) << 2 | u8::from(source == NameSource::Register) << 3 | party << 4
}

/// Builds the bytes of an index. Entries are sorted by id; names are prepared on all cores.
pub(crate) fn build(mut entries: Vec<Entry>, mut info: Info) -> Result<Vec<u8>, ScreenError> {
    entries.sort_by(|a, b| (a.id(), &a.party).cmp(&(b.id(), &b.party)));
    let all: Vec<(u32, u32)> = entries
        .iter()
        .enumerate()
        .flat_map(|(at, e)| (0..e.names.len()).map(move |n| (at as u32, n as u32)))
        .collect();
    let mut words = Words::default();
    let mut names: Vec<NameRow> = Vec::with_capacity(all.len());
    let mut tokens: Vec<u32> = Vec::with_capacity(all.len() * 3);
    let mut held: Vec<u32> = Vec::new();
    for chunk in all.chunks(CHUNK) {
        let prepared: Vec<Result<PreparedName, String>> = chunk
            .par_iter()
            .map(|&(entry, name)| {
                let entry = &entries[entry as usize];
                prepare(&entry.names[name as usize].text, entry.kind).map_err(|e| e.to_string())
            })
            .collect();
        for (&(entry, name), prepared) in chunk.iter().zip(prepared) {
            let written = &entries[entry as usize].names[name as usize];
            let prepared = match prepared {
                Ok(prepared) => prepared,
                Err(why) => {
                    info.unsearchable.push(Unsearchable {
                        entry: entries[entry as usize].id().to_owned(),
                        name: written.text.chars().take(80).collect(),
                        why,
                    });
                    continue;
                }
            };
            let start = tokens.len();
            held.clear();
            for token in prepared.tokens() {
                let word = words.intern(token)?;
                let of = words.rows[word as usize].of;
                if !held.contains(&of) {
                    held.push(of);
                    words.counts[of as usize] += 1;
                }
                tokens.push(word);
            }
            for token in prepared.virtuals() {
                let word = words.intern(token)?;
                tokens.push(word | covers(token, prepared.tokens()));
            }
            names.push(NameRow {
                entry,
                of_entry: name,
                tokens: start as u32,
                n: (tokens.len() - start).min(255) as u8,
                flags: flags(
                    written.kind,
                    written.quality,
                    written.source,
                    entries[entry as usize].kind,
                ),
                total: 0.0,
                rarest: 0,
                identity: prepared.identity(),
            });
        }
    }
    if names.len() > MAX_NAMES {
        return Err(ScreenError::TooLarge(format!(
            "more than {MAX_NAMES} names in one index"
        )));
    }
    words.sort(&mut tokens);
    weigh(&mut words, &mut names, &tokens);
    info.names = names.len();
    info.entries = entries.len();
    info.words = words.rows.len();
    // Within a step of weight, names that share their rarest word stand together: who walks through the names of a word finds them side by side.
    names.sort_unstable_by_key(|name| (weight_step(name.total), name.rarest, name.entry, name.of_entry));
    let sections = write(&entries, &words, &names, &tokens, &info)?;
    Ok(assemble(&sections))
}

fn weigh(words: &mut Words, names: &mut [NameRow], tokens: &[u32]) {
    let params = Params::embedded();
    let total = names.len() as u32;
    let weights: Vec<f32> = {
        let counts = TextCounts { words, total };
        words
            .rows
            .iter()
            .map(|row| {
                let letters = words.content(row);
                let text = std::str::from_utf8(&letters[..usize::from(row.text)]).unwrap_or_default();
                let forms = usize::from(row.text) + usize::from(row.native);
                let word = WordRef {
                    text,
                    native: "",
                    forms: &letters[forms..forms + usize::from(row.forms)],
                    keys: &[],
                    classes: &[],
                };
                token_weight(word, KINDS[usize::from(row.kind)], &counts, params)
            })
            .collect()
    };
    for (row, weight) in words.rows.iter_mut().zip(weights) {
        let covering = matches!(KINDS[usize::from(row.kind)], TokenKind::Acronym | TokenKind::Joined);
        row.weight = if covering { 0.0 } else { weight };
    }
    for name in names {
        let own = &tokens[name.tokens as usize..name.tokens as usize + usize::from(name.n)];
        name.total = own
            .iter()
            .filter(|t| **t & VIRTUAL == 0)
            .map(|t| words.rows[(t & WORD_MASK) as usize].weight)
            .sum();
        let counted = own.iter().filter(|t| **t & VIRTUAL == 0).map(|t| t & WORD_MASK);
        name.rarest = counted
            .min_by_key(|&word| (words.counts[words.rows[word as usize].of as usize], word))
            .unwrap_or(0);
        for token in own {
            let weight = if token & VIRTUAL == 0 { 0.0 } else { name.total };
            let row = &mut words.rows[(token & WORD_MASK) as usize];
            // The heaviest of what a join or acronym covers anywhere: a bound.
            row.weight = row.weight.max(weight);
        }
    }
}

fn write(
    entries: &[Entry],
    words: &Words,
    names: &[NameRow],
    tokens: &[u32],
    info: &Info,
) -> Result<[Vec<u8>; SECTIONS], ScreenError> {
    let mut sections: [Vec<u8>; SECTIONS] = Default::default();
    let put = |section: &mut Vec<u8>, n: u32| section.extend_from_slice(&n.to_le_bytes());
    let json = |e: serde_json::Error| ScreenError::TooLarge(e.to_string());
    sections[Section::Info as usize] = serde_json::to_vec(info).map_err(json)?;

    let mut text = Vec::new();
    let mut measures: FxHashMap<Vec<u8>, u32> = FxHashMap::default();
    let mut measure_text = Vec::new();
    let mut identifiers: Vec<(u32, u32)> = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        put(&mut sections[Section::EntryOffsets as usize], text.len() as u32);
        serde_json::to_writer(&mut text, entry).map_err(json)?;
        let own = serde_json::to_vec(&entry.measures).map_err(json)?;
        let next = measures.len() as u32;
        let number = *measures.entry(own).or_insert_with_key(|own| {
            put(
                &mut sections[Section::MeasureOffsets as usize],
                measure_text.len() as u32,
            );
            measure_text.extend_from_slice(own);
            next
        });
        put(&mut sections[Section::EntryMeasures as usize], number);
        identifiers.extend(
            entry
                .fields
                .identifiers
                .iter()
                .filter_map(|i| Some((identifiers::digest(i)?, at as u32))),
        );
    }
    put(&mut sections[Section::EntryOffsets as usize], text.len() as u32);
    put(
        &mut sections[Section::MeasureOffsets as usize],
        measure_text.len() as u32,
    );
    too_large(&text)?;
    too_large(&measure_text)?;
    sections[Section::EntryText as usize] = text;
    sections[Section::MeasureText as usize] = measure_text;
    identifiers.sort_unstable();
    identifiers.dedup();
    for (digest, entry) in identifiers {
        put(&mut sections[Section::Identifiers as usize], digest);
        put(&mut sections[Section::Identifiers as usize], entry);
    }

    let mut by_entry: Vec<(u32, u32)> = names.iter().enumerate().map(|(id, n)| (n.entry, id as u32)).collect();
    by_entry.sort_by_key(|&(entry, id)| (entry, names[id as usize].of_entry));
    let mut at = 0;
    for entry in 0..=entries.len() as u32 {
        while by_entry.get(at).is_some_and(|(e, _)| *e < entry) {
            at += 1;
        }
        put(&mut sections[Section::EntryNameOffsets as usize], at as u32);
    }
    for (_, id) in &by_entry {
        put(&mut sections[Section::EntryNames as usize], *id);
    }

    let mut written = Vec::new();
    let mut rows = Vec::with_capacity(names.len() * NAME_SIZE);
    let mut listed = Vec::with_capacity(tokens.len() * 4);
    for name in names {
        let text = &entries[name.entry as usize].names[name.of_entry as usize].text;
        let own = &tokens[name.tokens as usize..name.tokens as usize + usize::from(name.n)];
        rows.extend_from_slice(&(written.len() as u32).to_le_bytes());
        rows.extend_from_slice(&(text.len().min(usize::from(u16::MAX)) as u16).to_le_bytes());
        rows.extend_from_slice(&[name.flags, name.n]);
        rows.extend_from_slice(&((listed.len() / 4) as u32).to_le_bytes());
        rows.extend_from_slice(&name.entry.to_le_bytes());
        rows.extend_from_slice(&name.total.to_le_bytes());
        written.extend_from_slice(text.as_bytes());
        for token in own {
            listed.extend_from_slice(&token.to_le_bytes());
        }
        for code in sketch(own) {
            sections[Section::Sketches as usize].extend_from_slice(&code.to_le_bytes());
        }
    }
    too_large(&written)?;
    sections[Section::Names as usize] = rows;
    sections[Section::NameText as usize] = written;
    sections[Section::Tokens as usize] = listed;

    let (offsets, postings) = postings(words, names, tokens);
    let mut rows = Vec::with_capacity(words.rows.len() * WORD_SIZE);
    for (at, word) in words.rows.iter().enumerate() {
        rows.extend_from_slice(&word.offset.to_le_bytes());
        for n in [word.text, word.native, word.forms] {
            rows.extend_from_slice(&n.to_le_bytes());
        }
        rows.extend_from_slice(&[word.classes, word.kind]);
        rows.extend_from_slice(&word.weight.to_le_bytes());
        rows.extend_from_slice(&words.counts[word.of as usize].to_le_bytes());
        rows.extend_from_slice(&offsets[at].to_le_bytes());
        rows.extend_from_slice(&(offsets[at + 1] - offsets[at]).to_le_bytes());
    }
    sections[Section::Words as usize] = rows;
    sections[Section::WordText as usize].clone_from(&words.letters);
    for name in postings {
        put(&mut sections[Section::Postings as usize], name);
    }

    let (buckets, keyed) = by_key(words.keyed.clone(), (words.keyed.len() / 3).max(1));
    sections[Section::Buckets as usize] = buckets;
    sections[Section::Keyed as usize] = keyed;
    let identities = names
        .iter()
        .enumerate()
        .map(|(id, name)| (identity_key(name.identity), id as u32));
    let (buckets, identities) = by_key(identities.collect(), (names.len() / 4).max(1));
    sections[Section::IdentityBuckets as usize] = buckets;
    sections[Section::Identities as usize] = identities;
    Ok(sections)
}

/// Ids by their keys: the first place of each bucket, and the ids with a part of the key beside them.
fn by_key(mut keyed: Vec<(u32, u32)>, buckets: usize) -> (Vec<u8>, Vec<u8>) {
    let buckets = buckets as u32;
    let (mut firsts, mut ids) = (Vec::new(), Vec::with_capacity(4 * keyed.len()));
    keyed.sort_by_cached_key(|&(key, id)| (bucket(key, buckets), tag(key), id));
    let mut at = 0;
    for b in 0..=buckets {
        while keyed.get(at).is_some_and(|(key, _)| bucket(*key, buckets) < b) {
            at += 1;
        }
        firsts.extend_from_slice(&(at as u32).to_le_bytes());
    }
    for (key, id) in keyed {
        ids.extend_from_slice(&(id | tag(key) << 24).to_le_bytes());
    }
    (firsts, ids)
}

fn postings(words: &Words, names: &[NameRow], tokens: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let mut offsets = vec![0u32; words.rows.len() + 1];
    let own = |name: &NameRow| &tokens[name.tokens as usize..name.tokens as usize + usize::from(name.n)];
    // A word that a name holds twice is posted once.
    let first = |own: &[u32], at: usize| !own[..at].iter().any(|t| t & WORD_MASK == own[at] & WORD_MASK);
    for name in names {
        let own = own(name);
        for at in (0..own.len()).filter(|&at| first(own, at)) {
            offsets[(own[at] & WORD_MASK) as usize + 1] += 1;
        }
    }
    for at in 1..offsets.len() {
        offsets[at] += offsets[at - 1];
    }
    let mut next = offsets.clone();
    let mut postings = vec![0; offsets.last().copied().unwrap_or(0) as usize];
    for (id, name) in names.iter().enumerate() {
        let own = own(name);
        for at in (0..own.len()).filter(|&at| first(own, at)) {
            let place = &mut next[(own[at] & WORD_MASK) as usize];
            postings[*place as usize] = id as u32;
            *place += 1;
        }
    }
    (offsets, postings)
}

fn too_large(bytes: &[u8]) -> Result<(), ScreenError> {
    if bytes.len() > u32::MAX as usize {
        return Err(ScreenError::TooLarge("more than 4 GB of text in one index".into()));
    }
    Ok(())
}
