//! A written name as tokens: cut, read, ordered, each given its kind and weight.
//!
//! Weighty words become [`Token`]s. Light words (articles, particles, titles, legal forms) become [`Mark`]s: they are compared by class and cost little. A name that consists
//! of light words alone keeps them as tokens, so that equal names still compare as 1; [`PreparedName::screenable`] says why such a name should not be searched for.

use std::sync::{Arc, OnceLock};

use standing_model::{Country, PartyKind, Script};
use thiserror::Error;

use crate::clean::{self, Gap};
use crate::frequency::{Counts, NoCounts, weight};
use crate::lexicon::LEXICON;
use crate::params::Params;
use crate::pieces::{self, Piece};
use crate::similarity::Relation;
use crate::translit::{self, Manner};
use crate::word::{self, Forms, Word, WordRef, initial_key, key};

/// The most characters of a name.
pub const MAX_CHARACTERS: usize = 4_096;
/// The most words of a name, and the most tokens that they are read as. The longest name on a sanctions list seen so far has 52 words; with joins the tokens are to fit the
/// bits of a `u128`.
pub const MAX_TOKENS: usize = 64;

/// The most joins and acronyms that stand beside the tokens of a name; with the tokens they fit the bits of a `u128`.
const MAX_VIRTUALS: usize = 64;

/// Why a name cannot be compared or should not be searched for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NameError {
    /// Nothing is written.
    #[error("the name is empty; give at least one word")]
    Empty,
    /// Only signs are written.
    #[error("the name has no letters or figures, only signs; give at least one word")]
    OnlySigns,
    /// Too many characters.
    #[error("the name has {0} characters; at most {MAX_CHARACTERS} are compared: is the field a name?")]
    TooLong(usize),
    /// Too many words.
    #[error("the name has {0} words; at most {MAX_TOKENS} are compared: is the field a name?")]
    TooManyWords(usize),
    /// Only titles and particles.
    #[error("the name consists of titles and particles alone; a search would meet everybody who bears them")]
    OnlyTitles,
    /// Only generic words and legal forms.
    #[error("the name consists of generic words alone; a search would meet every body of that kind")]
    OnlyGeneric,
}

/// What was changed before comparing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Warning {
    /// Letters of another script that look alike were folded.
    ConfusablesFolded,
    /// Characters that turn the writing direction were removed.
    DirectionRemoved,
    /// Characters without width were removed.
    InvisibleRemoved,
    /// Figures inside a personal name were read as letters.
    FiguresRead,
}

/// What a token is in its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TokenKind {
    /// Part of a name, its role not known.
    Name,
    /// Given name.
    Given,
    /// Family name.
    Family,
    /// Father's name.
    Patronymic,
    /// Particle.
    Particle,
    /// Article.
    Article,
    /// Title.
    Title,
    /// Legal form.
    LegalForm,
    /// Number.
    Number,
    /// A first letter.
    Initial,
    /// A word that many bodies share.
    Generic,
    /// First letters of the whole name; stands beside the tokens it covers.
    Acronym,
    /// Two tokens joined; stands beside them.
    Joined,
}

impl TokenKind {
    /// The word shown to people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Given => "given name",
            Self::Family => "family name",
            Self::Patronymic => "patronymic",
            Self::Particle => "particle",
            Self::Article => "article",
            Self::Title => "title",
            Self::LegalForm => "legal form",
            Self::Number => "number",
            Self::Initial => "initial",
            Self::Generic => "generic word",
            Self::Acronym => "acronym",
            Self::Joined => "joined",
        }
    }
}

/// A weighty part of a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// The word, shared by all names that were read in this thread and hold it.
    pub word: Arc<Word>,
    /// As written.
    pub written: Box<str>,
    /// What it is.
    pub kind: TokenKind,
    /// What it weighs, 0 to about 1.5.
    pub weight: f32,
    /// Which tokens it stands for, as bits: itself, or those an acronym or join covers.
    pub cover: u64,
}

/// A light part of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// As written.
    pub written: Box<str>,
    /// What it is.
    pub kind: TokenKind,
    /// Spellings of one class are one.
    pub class: Box<str>,
    pub(crate) key: u32,
}

/// A name ready to be compared.
#[derive(Debug, Clone)]
pub struct PreparedName {
    pub(crate) tokens: Vec<Token>,
    pub(crate) virtuals: Vec<Token>,
    pub(crate) marks: Vec<Mark>,
    pub(crate) mark_keys: Vec<u32>,
    /// See [`PreparedName::entries`]; made when the name is first compared.
    entries: OnceLock<Vec<(u32, u8)>>,
    /// The places of initials.
    pub(crate) initials: Vec<u8>,
    /// Which tokens of a body's name are countries, as bits.
    pub(crate) countries: u64,
    pub(crate) identity: u64,
    pub(crate) total: f32,
    warnings: Vec<Warning>,
    flaw: Option<NameError>,
}

/// A token as slices, as the comparison takes it.
#[derive(Debug, Clone, Copy)]
pub struct TokenRef<'a> {
    /// The word.
    pub word: WordRef<'a>,
    /// What it is.
    pub kind: TokenKind,
    /// What it weighs.
    pub weight: f32,
    /// Which tokens it stands for.
    pub cover: u64,
}

impl Token {
    /// As slices.
    pub fn view(&self) -> TokenRef<'_> {
        TokenRef {
            word: self.word.view(),
            kind: self.kind,
            weight: self.weight,
            cover: self.cover,
        }
    }

    /// The keys under which an index posts a listed token.
    pub fn posted_keys(&self) -> &[u32] {
        &self.word.keys
    }

    /// The keys a queried token probes: those it would be posted under, and the one of its initial.
    pub fn probed_keys(&self) -> Vec<u32> {
        let mut keys = self.word.keys.to_vec();
        keys.extend(initial_key(&self.word.text));
        keys
    }
}

impl PreparedName {
    /// The weighty tokens in reading order.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Acronyms and joins, which stand beside the tokens they cover.
    pub fn virtuals(&self) -> &[Token] {
        &self.virtuals
    }

    /// The keys of all tokens and virtual tokens with the token's place, ascending: two names are compared where these meet.
    pub(crate) fn entries(&self) -> &[(u32, u8)] {
        self.entries.get_or_init(|| {
            let mut entries = Vec::with_capacity(16 * self.tokens.len());
            for (at, token) in self.tokens.iter().chain(&self.virtuals).enumerate() {
                entries.extend(token.word.keys.iter().map(|key| (*key, at as u8)));
            }
            entries.sort_unstable();
            entries
        })
    }

    /// The token at a place, virtual ones after the others.
    pub(crate) fn at(&self, place: usize) -> &Token {
        let own = self.tokens.len();
        if place < own {
            &self.tokens[place]
        } else {
            &self.virtuals[place - own]
        }
    }

    /// Articles, particles, titles, legal forms.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// What was changed before comparing.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The sum of the tokens' weights.
    pub fn total_weight(&self) -> f32 {
        self.total
    }

    /// Digest of the whole name as read, light words included: equal exactly for the same name.
    pub fn identity(&self) -> u64 {
        self.identity
    }

    /// Digests of the marks, ascending.
    pub fn mark_keys(&self) -> &[u32] {
        &self.mark_keys
    }

    /// Is there enough in the name to search for?
    pub fn screenable(&self) -> Result<(), NameError> {
        self.flaw.clone().map_or(Ok(()), Err)
    }

    /// Weighs the tokens anew by how many listed names hold them.
    pub fn weigh(&mut self, counts: &impl Counts) {
        self.weigh_with(counts, Params::embedded());
    }

    /// [`PreparedName::weigh`] by other parameters, for fitting.
    pub fn weigh_with(&mut self, counts: &impl Counts, params: &Params) {
        self.total = 0.0;
        for token in &mut self.tokens {
            token.weight = token_weight(token.word.view(), token.kind, counts, params);
            self.total += token.weight;
        }
        for token in &mut self.virtuals {
            token.weight = self
                .tokens
                .iter()
                .filter(|t| t.cover & token.cover != 0)
                .map(|t| t.weight)
                .sum();
        }
    }
}

/// The weight of a token by its kind, its rarity and how much of its sound is written. Of a word only text and forms are looked at.
pub fn token_weight(word: WordRef<'_>, kind: TokenKind, counts: &impl Counts, params: &Params) -> f32 {
    let rarity = || {
        let written = if reads_without_vowels(word) {
            params.skeleton
        } else {
            1.0
        };
        written * length(word.text, params) * weight(word.text, counts, params)
    };
    match kind {
        TokenKind::Number => params.number,
        TokenKind::Generic => params.generic * rarity(),
        TokenKind::Patronymic => params.patronymic * rarity(),
        TokenKind::Initial | TokenKind::Title | TokenKind::LegalForm | TokenKind::Article | TokenKind::Particle => {
            params.initial_weight
        }
        _ => rarity(),
    }
}

/// What a short word weighs, as a share of a long one of the same rarity: few letters are soon alike.
fn length(text: &str, params: &Params) -> f32 {
    let letters = text.chars().count() as f32;
    (params.short + (1.0 - params.short) * (letters - 2.0) / (params.long_from - 2.0)).clamp(params.short, 1.0)
}

/// Is it written in a script that leaves vowels out?
fn reads_without_vowels(word: WordRef<'_>) -> bool {
    Forms(word.forms)
        .next()
        .is_some_and(|form| form.manner == Manner::Skeleton)
}

/// Makes a name comparable, weighed by the language at large.
pub fn prepare(text: &str, kind: PartyKind) -> Result<PreparedName, NameError> {
    if text.len() > MAX_CHARACTERS {
        let characters = text.chars().take(200_001).count();
        if characters > MAX_CHARACTERS {
            return Err(NameError::TooLong(characters));
        }
    }
    let mut warnings = Vec::new();
    let raw = clean::words(text, &mut warnings);
    if raw.is_empty() {
        return Err(if text.chars().all(char::is_whitespace) {
            NameError::Empty
        } else {
            NameError::OnlySigns
        });
    }
    if raw.len() > MAX_TOKENS {
        return Err(NameError::TooManyWords(raw.len()));
    }
    let person = kind == PartyKind::Person;
    let mut pieces = pieces::read_pieces(raw, person, &mut warnings);
    if person {
        pieces::turn_at_comma(&mut pieces);
    }
    if person {
        pieces::part_glued_initials(&mut pieces);
    } else {
        pieces::join_spelled_numbers(&mut pieces);
    }
    let personal = matches!(kind, PartyKind::Person | PartyKind::Unknown);
    if personal {
        pieces::join_endings(&mut pieces);
    }
    pieces::find_legal_forms(&mut pieces, person);
    pieces::find_light_words(&mut pieces, kind);
    if person {
        pieces::keep_titles_that_are_surnames(&mut pieces);
    }
    if matches!(kind, PartyKind::Person | PartyKind::Unknown | PartyKind::Organisation) {
        pieces::join_compounds(&mut pieces);
    }
    pieces::find_numbers_and_generic(&mut pieces, person);
    if personal {
        pieces::find_patronymics(&mut pieces);
    }
    // A word in signs, or of Arabic letters, is read as several.
    if pieces.len() > MAX_TOKENS {
        return Err(NameError::TooManyWords(pieces.len()));
    }
    pieces::glue_particles(&mut pieces);
    let flaw = if pieces.iter().all(|p| p.light) {
        let flaw = if pieces.iter().any(|p| p.kind == TokenKind::LegalForm) {
            NameError::OnlyGeneric
        } else {
            NameError::OnlyTitles
        };
        for piece in &mut pieces {
            piece.light = false;
        }
        Some(flaw)
    } else if pieces.iter().all(|p| p.light || p.kind == TokenKind::Generic) {
        Some(NameError::OnlyGeneric)
    } else {
        None
    };
    Ok(assemble(pieces, kind, warnings, flaw))
}

fn assemble(pieces: Vec<Piece>, kind: PartyKind, warnings: Vec<Warning>, flaw: Option<NameError>) -> PreparedName {
    let mut name = PreparedName {
        tokens: Vec::new(),
        virtuals: Vec::new(),
        marks: Vec::new(),
        mark_keys: Vec::new(),
        entries: OnceLock::new(),
        initials: Vec::new(),
        countries: 0,
        identity: 0xCBF2_9CE4_8422_2325,
        total: 0.0,
        warnings,
        flaw,
    };
    let mut hyphens = Vec::new();
    let mut last_form = "";
    for piece in pieces {
        let native = matches!(piece.script, Some(Script::Han | Script::Hangul));
        for byte in piece
            .latin
            .bytes()
            .chain(if piece.light { "".bytes() } else { piece.class.bytes() })
            .chain(if native { piece.written.bytes() } else { "".bytes() })
            .chain([b' '])
        {
            name.identity = (name.identity ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
        if piece.light {
            if piece.kind == TokenKind::LegalForm && piece.class == last_form {
                continue;
            }
            last_form = if piece.kind == TokenKind::LegalForm {
                piece.class
            } else {
                ""
            };
            let tag = if piece.kind == TokenKind::LegalForm { b'L' } else { b'm' };
            let digest = key(tag, piece.class.as_bytes());
            name.mark_keys.push(digest);
            name.marks.push(Mark {
                written: piece.written.into(),
                kind: piece.kind,
                class: piece.class.into(),
                key: digest,
            });
            continue;
        }
        last_form = "";
        let word = match piece.kind {
            TokenKind::Number => {
                let spelled = piece.readings.first().map(|r| r.latin.as_str());
                let spelled = spelled.filter(|s| !s.bytes().any(|b| b.is_ascii_digit()));
                Arc::new(Word::number(&piece.latin, spelled))
            }
            TokenKind::Initial => Arc::new(Word::initial(&piece.latin)),
            TokenKind::Generic => {
                let class = LEXICON.generic.get(piece.latin.as_str()).copied().flatten();
                word::shared(&piece.readings, "", piece.script, class.as_slice())
            }
            _ => {
                let written_out = !native && piece.readings.first().is_some_and(|r| r.manner == Manner::Full);
                let known = LEXICON.nicknames.get(piece.latin.as_str()).filter(|_| written_out);
                let classes: &[u16] = known.map_or(&[], Vec::as_slice);
                let signs = if native { piece.written.as_str() } else { "" };
                word::shared(&piece.readings, signs, piece.script, classes)
            }
        };
        hyphens.push(piece.gap == Gap::Hyphen);
        let cover = 1u64 << name.tokens.len().min(63);
        let body = !matches!(kind, PartyKind::Person | PartyKind::Vessel | PartyKind::Aircraft);
        // Shorter ones are codes, and other words as well.
        if body && piece.kind == TokenKind::Name && word.text.len() >= 4 && Country::from_name(&word.text).is_some() {
            name.countries |= cover;
        }
        name.tokens.push(Token {
            word,
            written: piece.written.into(),
            kind: piece.kind,
            weight: 0.0,
            cover,
        });
    }
    name.mark_keys.sort_unstable();
    // Arabic letters are often written apart where Latin joins, and the other way round.
    for at in 1..name.tokens.len() {
        let (first, second) = (&name.tokens[at - 1], &name.tokens[at]);
        let apart = |t: &Token| t.kind == TokenKind::Name && t.word.script == Some(Script::Arabic);
        if apart(first) && apart(second) && first.word.text.len() + second.word.text.len() <= 9 {
            let reading = translit::Reading {
                latin: first
                    .word
                    .text
                    .chars()
                    .chain(second.word.text.chars())
                    .flat_map(|c| [c, '\''])
                    .collect(),
                manner: Manner::Skeleton,
            };
            name.virtuals.push(Token {
                word: word::shared(&[reading], "", first.word.script, &[]),
                written: format!("{} {}", first.written, second.written).into(),
                kind: TokenKind::Joined,
                weight: 0.0,
                cover: first.cover | second.cover,
            });
        }
    }
    // Hyphenated parts are also one token: `Jong-un`, `Jean-Claude`.
    for (at, _) in hyphens.iter().enumerate().filter(|(at, hyphen)| **hyphen && *at > 0) {
        let (first, second) = (&name.tokens[at - 1], &name.tokens[at]);
        if first.kind != TokenKind::Name || second.kind != TokenKind::Name {
            continue;
        }
        let reading = translit::Reading {
            latin: format!("{}{}", first.word.text, second.word.text),
            manner: Manner::Full,
        };
        let written = format!("{}-{}", first.written, second.written);
        let token = Token {
            word: word::shared(&[reading], "", first.word.script, &[]),
            written: written.into(),
            kind: TokenKind::Joined,
            weight: 0.0,
            cover: first.cover | second.cover,
        };
        name.virtuals.push(token);
    }
    if !matches!(kind, PartyKind::Person) && (3..=8).contains(&name.tokens.len()) {
        let letters: String = name
            .tokens
            .iter()
            .filter_map(|t| t.word.text.chars().next())
            .filter(char::is_ascii_lowercase)
            .collect();
        if letters.len() == name.tokens.len() {
            let cover = name.tokens.iter().fold(0, |all, t| all | t.cover);
            let mut sounds = Vec::new();
            crate::phones::phones(&letters, &mut sounds);
            let mut word = Word::exact(b'l', &letters);
            word.keys = [key(b'l', &sounds)].into();
            name.virtuals.push(Token {
                word: Arc::new(word),
                written: letters.to_uppercase().into(),
                kind: TokenKind::Acronym,
                weight: 0.0,
                cover,
            });
        }
    }
    name.virtuals.truncate(MAX_VIRTUALS);
    for (at, token) in name.tokens.iter().chain(&name.virtuals).enumerate() {
        if token.kind == TokenKind::Initial {
            name.initials.push(at as u8);
        }
    }
    name.weigh(&NoCounts);
    name
}

/// The relation that equal classes of two tokens mean.
pub(crate) fn class_relation(kind: TokenKind) -> Relation {
    if kind == TokenKind::Generic {
        Relation::Translation
    } else {
        Relation::Nickname
    }
}
