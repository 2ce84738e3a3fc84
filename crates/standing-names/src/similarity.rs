//! Similarity of two words: the cheapest way to read one for the other.
//!
//! The distance is a weighted edit distance over sounds (restricted Damerau: swap, leave out, exchange neighbours) with the costs of `data/costs.tsv`; the similarity is
//! one minus the distance by the longer word's length, 0 below the floor. It is symmetric, deterministic and in 0 to 1; 1 means the same written key.

use crate::params::Params;
use crate::phones::{COSTS, MAX_PHONES, R, SOUNDS, is_vowel, known};
use crate::translit::Manner;
use crate::word::{Form, Forms, WordRef};

/// How one token met another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Relation {
    /// The same letters.
    Equal,
    /// Other letters, a slip or a variant.
    Spelling,
    /// The same sounds written by another convention, or in another script.
    Transliteration,
    /// Consonants of a script without vowels, and a full reading of them.
    Skeleton,
    /// A first letter and its name.
    Initial,
    /// A short or pet form and its name.
    Nickname,
    /// Two tokens written as one.
    Joined,
    /// One legal form in two spellings or languages.
    LegalForm,
    /// First letters of several tokens.
    Acronym,
    /// One meaning in two languages.
    Translation,
}

impl Relation {
    /// The word shown to people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Spelling => "spelling",
            Self::Transliteration => "transliteration",
            Self::Skeleton => "skeleton",
            Self::Initial => "initial",
            Self::Nickname => "nickname",
            Self::Joined => "joined",
            Self::LegalForm => "legal form",
            Self::Acronym => "acronym",
            Self::Translation => "translation",
        }
    }
}

/// A similarity and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Similarity {
    /// 0, or from the floor up to 1.
    pub value: f32,
    /// How the tokens met.
    pub relation: Relation,
}

pub(crate) const NONE: Similarity = Similarity {
    value: 0.0,
    relation: Relation::Spelling,
};

/// Do two ascending lists share a member?
pub(crate) fn share(a: &[u32], b: &[u32]) -> bool {
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
        }
    }
    false
}

/// The similarity of two words, by the embedded parameters.
pub fn token_similarity(a: WordRef<'_>, b: WordRef<'_>) -> Similarity {
    let params = Params::embedded();
    similarity(a, b, params, params.farthest())
}

/// The similarity of two words where they are no further apart than `within` ([`Params::apart`]); where they are, it may be 0.
pub(crate) fn similarity(a: WordRef<'_>, b: WordRef<'_>, params: &Params, within: f32) -> Similarity {
    if a.text == b.text && a.native == b.native {
        return Similarity {
            value: 1.0,
            relation: Relation::Equal,
        };
    }
    if !share(a.keys, b.keys) {
        return NONE;
    }
    let mut best = NONE;
    if !a.native.is_empty() && !b.native.is_empty() {
        return native(a, b, params);
    }
    for x in Forms(a.forms) {
        for y in Forms(b.forms) {
            let found = forms(x, y, a, b, params, within);
            if found.value > best.value {
                best = found;
            }
        }
    }
    if best.value < params.floor {
        best = NONE;
    }
    if best.value < params.nickname && a.classes.iter().any(|c| b.classes.binary_search(c).is_ok()) {
        best = Similarity {
            value: params.nickname,
            relation: Relation::Nickname,
        };
    }
    best
}

/// Two words in syllable signs: the signs decide, the sound only where they are variants of one another.
fn native(a: WordRef<'_>, b: WordRef<'_>, params: &Params) -> Similarity {
    let same_sound = Forms(a.forms)
        .next()
        .zip(Forms(b.forms).next())
        .is_some_and(|(x, y)| x.sounds == y.sounds);
    // Simplified and traditional characters; two Hangul syllables are two names even where their bare Latin spelling is one.
    if same_sound && !a.native.chars().any(|c| ('가'..='힣').contains(&c)) {
        return Similarity {
            value: params.same_sound,
            relation: Relation::Transliteration,
        };
    }
    let (n, m) = (a.native.chars().count(), b.native.chars().count());
    let equal = a.native.chars().zip(b.native.chars()).filter(|(x, y)| x == y).count();
    let value = equal as f32 / n.max(m) as f32;
    if value < params.floor {
        NONE
    } else {
        Similarity {
            value: value * params.same_sound,
            relation: Relation::Spelling,
        }
    }
}

/// Costs of leaving sounds out when one side writes no vowels, or breaks consonants up by vowels.
struct Gaps {
    /// In the voiced word beside a skeleton.
    beside_skeleton: [u8; SOUNDS],
    /// In the skeleton itself.
    skeleton: [u8; SOUNDS],
    /// In a syllabic reading.
    syllabic: [u8; SOUNDS],
}

static GAPS: std::sync::LazyLock<Gaps> = std::sync::LazyLock::new(|| {
    let mut gaps = Gaps {
        beside_skeleton: COSTS.gap,
        skeleton: COSTS.gap,
        syllabic: COSTS.gap,
    };
    for v in 0..5 {
        gaps.beside_skeleton[v] = 4;
        gaps.syllabic[v] = 14;
    }
    gaps.beside_skeleton[known(b'y') as usize] = 12;
    gaps.beside_skeleton[known(b'w') as usize] = 16;
    gaps.beside_skeleton[known(b'h') as usize] = 24;
    gaps.skeleton[known(b'y') as usize] = 14;
    gaps.skeleton[known(b'w') as usize] = 18;
    gaps.skeleton[known(b'A') as usize] = 15;
    gaps.skeleton[known(b'a') as usize] = 20;
    gaps
});

/// Vowels that a skeleton's glides may stand for.
static GLIDES: std::sync::LazyLock<[[u8; SOUNDS]; SOUNDS]> = std::sync::LazyLock::new(|| {
    let mut swap = COSTS.swap;
    let mut set = |a: u8, b: u8, cost: u8| {
        let (a, b) = (known(a) as usize, known(b) as usize);
        swap[a][b] = cost;
        swap[b][a] = cost;
    };
    for (a, b, cost) in [
        (b'w', b'u', 3),
        (b'w', b'o', 3),
        (b'w', b'v', 5),
        (b'y', b'i', 3),
        (b'y', b'e', 5),
        (b'y', b'a', 25),
        (b'h', b'a', 10),
        (b'h', b'e', 10),
    ] {
        set(a, b, cost);
    }
    set(b'w', b'a', 30);
    // Letters that the script lacks: p, v, g and e of foreign names.
    set(b'p', b'b', 12);
    set(b'f', b'v', 12);
    set(b'g', b'G', 8);
    set(b'g', b'k', 20);
    set(b'g', b'j', 20);
    // Letters that it keeps apart as few conventions of Latin do.
    set(b's', b'z', 45);
    set(b't', b'd', 60);
    swap
});

static SYLLABLES: std::sync::LazyLock<[[u8; SOUNDS]; SOUNDS]> = std::sync::LazyLock::new(|| {
    let mut swap = COSTS.swap;
    let l = known(b'l') as usize;
    swap[l][R as usize] = 8;
    swap[R as usize][l] = 8;
    swap
});

fn whole(form: Form<'_>) -> Form<'_> {
    let manner = if form.manner == Manner::Dropped {
        Manner::Full
    } else {
        form.manner
    };
    Form { manner, ..form }
}

/// Two readings; what met only because half of a compound was dropped is worth less.
fn forms(x: Form<'_>, y: Form<'_>, a: WordRef<'_>, b: WordRef<'_>, params: &Params, within: f32) -> Similarity {
    let mut found = whole_forms(whole(x), whole(y), a, b, params, within);
    if x.manner == Manner::Dropped || y.manner == Manner::Dropped {
        found.value *= params.dropped;
    }
    found
}

fn whole_forms(x: Form<'_>, y: Form<'_>, a: WordRef<'_>, b: WordRef<'_>, params: &Params, within: f32) -> Similarity {
    if x.sounds == y.sounds {
        let lengths = a.text.len().abs_diff(b.text.len()).min(3) as f32;
        let native = a.native.is_empty() != b.native.is_empty();
        let value = if native { params.native_sound } else { params.same_sound } - 0.004 * lengths;
        let relation = if x.manner == Manner::Full && y.manner == Manner::Full {
            Relation::Transliteration
        } else {
            Relation::Skeleton
        };
        return Similarity { value, relation };
    }
    let (gap_x, gap_y, swap) = costs(x.manner, y.manner);
    let full = x.manner == Manner::Full && y.manner == Manner::Full;
    // Between scripts there are conventions, but no slips of the keyboard: what no convention explains separates more.
    let crossing = !full || a.native.is_empty() != b.native.is_empty();
    let steepness = if crossing {
        params.script_steepness
    } else {
        params.steepness
    };
    let length = if full {
        x.sounds.len().max(y.sounds.len()) as f32
    } else {
        weighty(x.sounds).max(weighty(y.sounds)) as f32 + 0.5
    };
    let length = divisor(length, full, params);
    let limit = most_distance(within, steepness, length);
    let Some(distance) = distance(x.sounds, y.sounds, gap_x, gap_y, swap, limit) else {
        return NONE;
    };
    let distance = f32::from(distance) + 100.0 * edges(x, y, params);
    let ratio = distance / (length * 100.0);
    if steepness * ratio > 1.0 - params.floor {
        return NONE;
    }
    let value = params.curved(steepness * ratio).min(
        if a.native.is_empty() == b.native.is_empty() {
            params.same_sound
        } else {
            params.native_sound
        } - 0.005,
    );
    let relation = match (x.manner, y.manner) {
        (Manner::Skeleton, _) | (_, Manner::Skeleton) => Relation::Skeleton,
        (Manner::Full, Manner::Full) if ratio > 0.12 => Relation::Spelling,
        _ => Relation::Transliteration,
    };
    Similarity { value, relation }
}

type Gap = [u8; SOUNDS];

/// What it costs to leave sounds out of either reading and to read one for another.
pub(crate) fn costs(x: Manner, y: Manner) -> (&'static Gap, &'static Gap, &'static [Gap; SOUNDS]) {
    let gaps = &*GAPS;
    match (x, y) {
        (Manner::Full | Manner::Glued | Manner::Dropped, Manner::Full | Manner::Glued | Manner::Dropped) => {
            (&COSTS.gap, &COSTS.gap, &COSTS.swap)
        }
        (Manner::Skeleton, Manner::Skeleton) => (&gaps.skeleton, &gaps.skeleton, &GLIDES),
        (Manner::Skeleton, _) => (&gaps.skeleton, &gaps.beside_skeleton, &GLIDES),
        (_, Manner::Skeleton) => (&gaps.beside_skeleton, &gaps.skeleton, &GLIDES),
        (Manner::Syllabic, _) => (&gaps.syllabic, &COSTS.gap, &SYLLABLES),
        (_, Manner::Syllabic) => (&COSTS.gap, &gaps.syllabic, &SYLLABLES),
    }
}

/// How many sounds are written in every script.
pub(crate) fn weighty(sounds: &[u8]) -> usize {
    sounds.iter().filter(|&&s| !is_vowel(s) && s != known(b'A')).count()
}

/// What a distance is divided by, from the greater number of sounds.
pub(crate) fn divisor(length: f32, full: bool, params: &Params) -> f32 {
    // One sound of few is more of a word than one of many.
    let few = if full && length <= 3.0 { 0.5 } else { 0.0 };
    (length - params.grace - few).max(1.0)
}

/// The greatest distance, in hundredths, of words that are no further apart than `within`.
pub(crate) fn most_distance(within: f32, steepness: f32, length: f32) -> u16 {
    (within / steepness * length * 100.0) as u16 + 1
}

/// What differs at the edges of two words, beyond the distance: a first sound that no convention writes so is seldom a slip; a vowel at the edge of a word is
/// written in every script, so that one side alone has it tells more than a vowel inside.
fn edges(x: Form<'_>, y: Form<'_>, params: &Params) -> f32 {
    let (Some(&p), Some(&q)) = (x.sounds.first(), y.sounds.first()) else {
        return 0.0;
    };
    let strange = COSTS.swap[usize::from(p) % SOUNDS][usize::from(q) % SOUNDS] >= 50;
    let (skeleton, voiced) = match (x.manner, y.manner) {
        (Manner::Skeleton, Manner::Skeleton) => {
            let alef = known(b'A');
            return if (p == alef) == (q == alef) { 0.0 } else { params.edge };
        }
        (Manner::Skeleton, _) => (x.sounds, y.sounds),
        (_, Manner::Skeleton) => (y.sounds, x.sounds),
        _ => return if strange { params.first } else { 0.0 },
    };
    let open = |s: u8| is_vowel(s) || [b'A', b'y', b'w', b'h'].iter().any(|glide| s == known(*glide));
    let ends = skeleton.last().copied().zip(voiced.last().copied());
    let mut cost = 0.0;
    // The first sound: vowels meet the letters that carry them, consonants their like.
    let carries = |s: u8| [b'A', b'y', b'w'].iter().any(|glide| s == known(*glide)) || is_vowel(s);
    let meets = if is_vowel(voiced[0]) {
        carries(skeleton[0])
    } else {
        GLIDES[usize::from(voiced[0]) % SOUNDS][usize::from(skeleton[0]) % SOUNDS] < 50
    };
    if !meets {
        cost += params.edge;
    }
    if let Some((written, said)) = ends {
        let sounded = is_vowel(said) || said == known(b'y');
        if sounded && !open(written) || !open(said) && (written == known(b'y') || written == known(b'A')) {
            cost += params.edge;
        }
    }
    // The letter that a long vowel would have been written with is missing, and costs what a missing letter does.
    if long_last(voiced) && skeleton.len() >= 2 && skeleton[skeleton.len() - 2] != known(b'w') {
        cost += f32::from(COSTS.gap[usize::from(known(b'w'))]) / 100.0;
    }
    cost
}

/// Does a word of more than one syllable end in `u` or `o` and a consonant (`Mahmud`, `Mansour`)? Scripts without vowels write that vowel, in nineteen of twenty name parts
/// in Arabic letters (`measure letters`' data); `Muhammad` and `Mahmud` are told apart by it.
fn long_last(voiced: &[u8]) -> bool {
    let [before @ .., vowel, last] = voiced else {
        return false;
    };
    let dark = *vowel == known(b'u') || *vowel == known(b'o');
    dark && !is_vowel(*last) && before.len() >= 2 && before.iter().any(|s| is_vowel(*s))
}

/// The weighted edit distance in hundredths, `None` if it is above the limit.
fn distance(
    x: &[u8],
    y: &[u8],
    gap_x: &[u8; SOUNDS],
    gap_y: &[u8; SOUNDS],
    swap: &[[u8; SOUNDS]; SOUNDS],
    limit: u16,
) -> Option<u16> {
    let (x, y) = (&x[..x.len().min(MAX_PHONES)], &y[..y.len().min(MAX_PHONES)]);
    let mut gaps = [0u16; MAX_PHONES];
    // The row above and the one above it, each written over where it is not needed any more.
    let (mut row, mut older) = ([0u16; MAX_PHONES + 1], [0u16; MAX_PHONES + 1]);
    for (j, &sound) in y.iter().enumerate() {
        gaps[j] = u16::from(gap_y[usize::from(sound) % SOUNDS]);
        row[j + 1] = row[j] + gaps[j];
    }
    let mut least_before = 0;
    let mut before = None;
    for &sound in x {
        let drop = u16::from(gap_x[usize::from(sound) % SOUNDS]);
        let costs = &swap[usize::from(sound) % SOUNDS];
        let exchanged = before.filter(|b| *b != sound);
        let (mut aslant, mut left) = (row[0], row[0] + drop);
        // Two rows above: what stands one and two places to the left.
        let (mut two_left, mut one_left) = (0, older[0]);
        (older[0], row[0]) = (row[0], left);
        let (mut least, mut other_before) = (left, None);
        for (j, &other) in y.iter().enumerate() {
            let up = row[j + 1];
            let mut best = (aslant + u16::from(costs[usize::from(other) % SOUNDS]))
                .min(up + drop)
                .min(left + gaps[j]);
            if exchanged == Some(other) && other_before == Some(sound) {
                best = best.min(two_left + EXCHANGE);
            }
            (two_left, one_left) = (one_left, older[j + 1]);
            (older[j + 1], row[j + 1]) = (up, best);
            (aslant, left, other_before) = (up, best, Some(other));
            least = least.min(best);
        }
        if least > limit && least_before > limit {
            return None;
        }
        least_before = least;
        before = Some(sound);
    }
    let found = row[y.len()];
    (found <= limit).then_some(found)
}

/// Two neighbours exchanged: the commonest slip of a keyboard.
pub(crate) const EXCHANGE: u16 = 45;
