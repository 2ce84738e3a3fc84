//! The index file, byte by byte.
//!
//! ```text
//! 0    magic "STNDIDX\x01"
//! 8    version            u32, little-endian as all numbers
//! 12   number of sections u32
//! 16   digest             32 bytes, BLAKE3 of everything from byte 48 on
//! 48   sections           for each: offset u64, length u64
//! …    the sections, each beginning at a multiple of 8
//! ```
//!
//! Nothing in a file is trusted: every access is checked, and a value that points nowhere reads as nothing. What was altered is found by the
//! digest ([`crate::Index::verify`]), which every screening checks before its result is given out.

use std::path::Path;

use memmap2::Mmap;

use crate::error::ScreenError;

pub(crate) const MAGIC: &[u8; 8] = b"STNDIDX\x01";
/// Changes whenever the layout or what the sections mean does.
pub(crate) const VERSION: u32 = 6;
pub(crate) const HEAD: usize = 48;

/// What the sections hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub(crate) enum Section {
    /// JSON: the key, counts, what could not be indexed.
    Info,
    /// Offsets of entries in `EntryText`, u32, one more than entries.
    EntryOffsets,
    /// Entries as JSON.
    EntryText,
    /// First name of each entry in `EntryNames`, u32, one more than entries.
    EntryNameOffsets,
    /// Names by entry: name ids, u32.
    EntryNames,
    /// Names, ascending by steps of total weight, then by their rarest word; see [`NAME_SIZE`].
    Names,
    /// Written names.
    NameText,
    /// Tokens of names: word ids with flags, u32.
    Tokens,
    /// Words; see [`WORD_SIZE`].
    Words,
    /// Letters, sounds and classes of words.
    WordText,
    /// Names by word, ascending, u32.
    Postings,
    /// First place of each bucket in `Keyed`, u32.
    Buckets,
    /// Words by search key: word id and eight bits of the key, u32.
    Keyed,
    /// Hashes of normalised identifiers with their entries, ascending: u32, u32.
    Identifiers,
    /// For each name the codes of its words ([`SKETCH_WORDS`] times u16), all bits set where it has more.
    Sketches,
    /// For each entry which of the distinct measures it has, u32.
    EntryMeasures,
    /// Offsets of distinct measures in `MeasureText`, u32, one more than there are.
    MeasureOffsets,
    /// Distinct measures as JSON.
    MeasureText,
    /// First place of each bucket in `Identities`, u32.
    IdentityBuckets,
    /// Names by what they are as a whole: name id and eight bits of the key, u32.
    Identities,
}

pub(crate) const SECTIONS: usize = 20;

/// Words in a sketch.
pub(crate) const SKETCH_WORDS: usize = 4;

/// `text offset u32, text length u16, flags u8, tokens u8, tokens offset u32, entry u32, total f32`
pub(crate) const NAME_SIZE: usize = 20;
/// `offset u32, text u16, native u16, forms u16, classes u8, kind u8, weight f32, count u32, postings offset u32, postings u32`
pub(crate) const WORD_SIZE: usize = 28;

/// Where the bytes are.
#[derive(Debug)]
enum Data {
    Mapped(Mmap),
    Owned(Vec<u8>),
}

/// An index's bytes, cut into sections.
#[derive(Debug)]
pub(crate) struct Bytes {
    data: Data,
    places: [(usize, usize); SECTIONS],
}

impl Bytes {
    /// Maps a file.
    pub fn open(path: &Path) -> Result<Self, ScreenError> {
        let file = |source| ScreenError::File {
            path: path.display().to_string(),
            source,
        };
        let handle = std::fs::File::open(path).map_err(file)?;
        // Index files are written under another name, synced, moved into place and never changed; who changes one in place while it is
        // read gets wrong bytes, which the digest shows, and at worst a signal if it is cut short.
        #[allow(unsafe_code)]
        let map = unsafe { Mmap::map(&handle) }.map_err(file)?;
        Self::cut(Data::Mapped(map))
    }

    /// Takes bytes in memory.
    pub fn owned(bytes: Vec<u8>) -> Result<Self, ScreenError> {
        Self::cut(Data::Owned(bytes))
    }

    fn cut(data: Data) -> Result<Self, ScreenError> {
        let mut bytes = Self {
            data,
            places: [(0, 0); SECTIONS],
        };
        let all = bytes.all();
        let damaged = |what: &str| ScreenError::Damaged(what.to_owned());
        if all.get(..8) != Some(MAGIC.as_slice()) {
            return Err(damaged("it does not begin like an index"));
        }
        let version = number(all, 8).ok_or_else(|| damaged("it ends in its head"))?;
        if version != VERSION {
            return Err(ScreenError::Version(version));
        }
        if number(all, 12) != Some(SECTIONS as u32) {
            return Err(damaged("its table of sections has another length"));
        }
        let mut places = [(0, 0); SECTIONS];
        for (at, place) in places.iter_mut().enumerate() {
            let start = long(all, HEAD + 16 * at);
            let length = long(all, HEAD + 16 * at + 8);
            let (Some(start), Some(length)) = (start, length) else {
                return Err(damaged("it ends in its head"));
            };
            let end = start.checked_add(length).filter(|end| *end <= all.len() as u64);
            if end.is_none() {
                return Err(damaged("a section reaches beyond its end"));
            }
            *place = (start as usize, length as usize);
        }
        bytes.places = places;
        Ok(bytes)
    }

    pub fn all(&self) -> &[u8] {
        match &self.data {
            Data::Mapped(map) => map,
            Data::Owned(bytes) => bytes,
        }
    }

    #[inline]
    pub fn section(&self, section: Section) -> &[u8] {
        let (start, length) = self.places[section as usize];
        // The places were checked when the file was opened.
        self.all().get(start..start + length).unwrap_or_default()
    }

    /// The digest that the head names.
    pub fn digest(&self) -> [u8; 32] {
        self.all()
            .get(16..48)
            .and_then(|b| b.try_into().ok())
            .unwrap_or_default()
    }

    /// Is everything as it was written?
    pub fn is_whole(&self) -> bool {
        let body = self.all().get(HEAD..).unwrap_or_default();
        *blake3::hash(body).as_bytes() == self.digest()
    }
}

/// Puts sections together.
pub(crate) fn assemble(sections: &[Vec<u8>; SECTIONS]) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEAD + 16 * SECTIONS + sections.iter().map(|s| s.len() + 8).sum::<usize>());
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&VERSION.to_le_bytes());
    out.extend_from_slice(&(SECTIONS as u32).to_le_bytes());
    out.extend_from_slice(&[0; 32]);
    let mut start = (HEAD + 16 * SECTIONS).next_multiple_of(8);
    for section in sections {
        out.extend_from_slice(&(start as u64).to_le_bytes());
        out.extend_from_slice(&(section.len() as u64).to_le_bytes());
        start = (start + section.len()).next_multiple_of(8);
    }
    for section in sections {
        out.resize(out.len().next_multiple_of(8), 0);
        out.extend_from_slice(section);
    }
    let digest = blake3::hash(&out[HEAD..]);
    out[16..48].copy_from_slice(digest.as_bytes());
    out
}

#[inline]
pub(crate) fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..)
        .and_then(|b| b.first_chunk::<4>())
        .map(|b| u32::from_le_bytes(*b))
}

#[inline]
pub(crate) fn short(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..)
        .and_then(|b| b.first_chunk::<2>())
        .map(|b| u16::from_le_bytes(*b))
}

fn long(bytes: &[u8], at: usize) -> Option<u64> {
    bytes
        .get(at..)
        .and_then(|b| b.first_chunk::<8>())
        .map(|b| u64::from_le_bytes(*b))
}

/// A section of u32 numbers.
#[inline]
pub(crate) fn numbers(bytes: &[u8]) -> &[[u8; 4]] {
    bytes.as_chunks::<4>().0
}
