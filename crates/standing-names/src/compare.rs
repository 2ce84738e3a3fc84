//! Similarity of two names: an alignment of their tokens, and what is left over.
//!
//! `score = M / (M + P) × order − light`, where `M` is the weight of matched tokens times their similarity and `P` what separates the names: discord inside matched pairs,
//! contradiction (left over on both sides), omission (left over on one). Equal names score 1, all others strictly less. The formula is written out in `docs/NAMES.md`.

use crate::nearness::{lone_words, strangeness};
use crate::params::Params;
use crate::prepare::{PreparedName, Token, TokenKind, TokenRef, class_relation};
use crate::similarity::{NONE, Relation, Similarity, similarity};
use crate::word::Forms;

/// The least similarity of two words read as one and another word.
const LEAST_OF_JOINS: f32 = 0.85;

/// The highest score of names that are not the same.
pub const BELOW_EQUAL: f32 = 0.999;

/// Room for comparisons, to be used again and again.
#[derive(Debug, Default)]
pub struct Scratch {
    candidates: Vec<Candidate>,
    matched: Vec<Candidate>,
    meets: Vec<u128>,
}

#[derive(Debug, Clone, Copy)]
struct Candidate {
    gain: f32,
    weight: f32,
    similarity: Similarity,
    a: u8,
    b: u8,
    cover_a: u64,
    cover_b: u64,
}

/// Two tokens that met.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// As written in the first name.
    pub a: String,
    /// As written in the second name.
    pub b: String,
    /// How they met.
    pub relation: Relation,
    /// How alike they are.
    pub similarity: f32,
    /// The weight of the pair.
    pub weight: f32,
}

/// A token or mark that found no counterpart.
#[derive(Debug, Clone, PartialEq)]
pub struct Leftover {
    /// 1 or 2: which name it stands in.
    pub side: u8,
    /// As written.
    pub written: String,
    /// What it is.
    pub kind: TokenKind,
    /// Its weight; 0 for light words.
    pub weight: f32,
}

/// A comparison with its reasons. [`Comparison::recomputed`] is the score by the documented formula from the parts alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// 0 to 1; 1 for the same name only.
    pub score: f32,
    /// What met what.
    pub pairs: Vec<Pair>,
    /// What was left over.
    pub leftovers: Vec<Leftover>,
    /// The sums of the formula.
    pub parts: Parts,
}

/// The sums of the formula.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Parts {
    /// Weight of matched tokens times similarity.
    pub matched: f32,
    /// Weight of matched tokens times what they lack.
    pub discord: f32,
    /// Weight left over in the first name.
    pub left_a: f32,
    /// Weight left over in the second name.
    pub left_b: f32,
    /// Share lost to words left over on both sides that are far apart in writing.
    pub strange: f32,
    /// What the letters of two lone words are worth that did not meet.
    pub letters: f32,
    /// Share lost to another order.
    pub disorder: f32,
    /// Lost to light words.
    pub light: f32,
    /// The same name?
    pub same: bool,
}

impl Parts {
    /// The documented formula.
    pub fn score(&self, params: &Params) -> f32 {
        if self.same {
            return 1.0;
        }
        let core = core(self, params);
        (core * (1.0 - self.disorder) - self.light).clamp(0.0, BELOW_EQUAL)
    }
}

impl Comparison {
    /// The score from the parts alone.
    pub fn recomputed(&self) -> f32 {
        self.parts.score(Params::embedded())
    }
}

fn core(parts: &Parts, params: &Params) -> f32 {
    if parts.matched <= 0.0 {
        return parts.letters;
    }
    let less = parts.left_a.min(parts.left_b);
    let more = parts.left_a.max(parts.left_b);
    let left_over = 2.0 * params.contradiction * less + params.omission * (more - less);
    let discord = params.discord * parts.discord;
    // What is left over makes little evidence doubtful, a difference in spelling less so.
    let doubtful = left_over + params.doubt_discord * discord;
    let doubt = params.doubt * doubtful / (doubtful + params.doubt_half);
    parts.matched / (parts.matched + left_over + discord + doubt) * (1.0 - parts.strange)
}

/// What an index knows of a listed name before comparing: sums over the query's tokens.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Reach {
    /// Sum over the query's tokens (virtual ones included) of the best `similarity × min(weight, weight)` with any token of the listed name.
    pub gain: f32,
    /// Sum of the weights of the query's tokens that reach none.
    pub unreached: f32,
    /// Sum over the query's tokens that reach any of the greatest weight among the listed tokens they reach.
    pub listed: f32,
}

/// A bound on the score of a query and a listed name of so much total weight. Never below the score: the matched weight of any alignment is at most
/// `gain`, what it leaves over in the query at least `unreached`, in the listed name at least `total − listed`; the formula rises with the first and falls with the others.
pub fn upper_bound(reach: Reach, listed_total: f32) -> f32 {
    let params = Params::embedded();
    // A hair above, because sums of floats depend on their order.
    let parts = Parts {
        matched: reach.gain,
        left_a: reach.unreached,
        left_b: (listed_total - reach.listed).max(0.0),
        ..Parts::default()
    };
    // Lone words that share no key score by their letters, up to `letters`: no search asks for so little.
    (core(&parts, params).max(params.letters) + 1e-4).min(1.0)
}

/// The reach of a query into a listed name, by looking at all their tokens: what an index finds through search keys. It is the specification of [`Reach`].
pub fn reach(query: &PreparedName, listed: &PreparedName) -> Reach {
    let params = Params::embedded();
    let mut scratch = Scratch::default();
    candidates(query, listed, &mut scratch, params);
    let mut reach = Reach::default();
    for token in &query.tokens {
        // What a join or an acronym gains counts in full for each token it covers: above the truth, never below.
        let met = scratch.candidates.iter().filter(|c| c.cover_a & token.cover != 0);
        let (gain, most) = met.fold((0.0f32, 0.0f32), |(gain, most), c| {
            let theirs: f32 = listed
                .tokens
                .iter()
                .filter(|t| t.cover & c.cover_b != 0)
                .map(|t| t.weight)
                .sum();
            (gain.max(c.gain), most.max(theirs))
        });
        if gain > 0.0 {
            reach.gain += gain;
            reach.listed += most;
        } else {
            reach.unreached += token.weight;
        }
    }
    reach
}

/// The score of two names.
pub fn score(a: &PreparedName, b: &PreparedName, scratch: &mut Scratch) -> f32 {
    score_with(a, b, scratch, Params::embedded())
}

/// The score by other parameters, for fitting.
pub fn score_with(a: &PreparedName, b: &PreparedName, scratch: &mut Scratch, params: &Params) -> f32 {
    align(a, b, scratch, params).score(params)
}

/// Compares two names and says why.
pub fn compare(a: &PreparedName, b: &PreparedName) -> Comparison {
    let params = Params::embedded();
    let mut scratch = Scratch::default();
    let parts = align(a, b, &mut scratch, params);
    let written = |name: &PreparedName, at: usize, cover: u64| -> String {
        let all: Vec<&str> = name
            .tokens
            .iter()
            .filter(|t| t.cover & cover != 0)
            .map(|t| &*t.written)
            .collect();
        if at < name.tokens.len() || all.len() > 1 {
            all.join(" ")
        } else {
            name.virtuals[at - name.tokens.len()].written.to_string()
        }
    };
    let (mut used_a, mut used_b) = (0, 0);
    let mut pairs: Vec<(u32, Pair)> = Vec::new();
    for m in &scratch.matched {
        used_a |= m.cover_a;
        used_b |= m.cover_b;
        let pair = Pair {
            a: written(a, usize::from(m.a), m.cover_a),
            b: written(b, usize::from(m.b), m.cover_b),
            relation: m.similarity.relation,
            similarity: m.similarity.value,
            weight: m.weight,
        };
        pairs.push((m.cover_a.trailing_zeros(), pair));
    }
    pairs.sort_by_key(|(at, _)| *at);
    let mut leftovers = Vec::new();
    for m in &scratch.matched {
        for (side, own, other) in [
            (1u8, a.at(usize::from(m.a)), b.at(usize::from(m.b))),
            (2u8, b.at(usize::from(m.b)), a.at(usize::from(m.a))),
        ] {
            if servant(own, other) {
                leftovers.push(Leftover {
                    side,
                    written: own.written.split(' ').next().unwrap_or_default().to_owned(),
                    kind: TokenKind::Name,
                    weight: params.least_weight,
                });
            }
        }
    }
    for (side, name, used, other) in [(1u8, a, used_a, b), (2u8, b, used_b, a)] {
        for token in name.tokens.iter().filter(|t| t.cover & used == 0) {
            leftovers.push(Leftover {
                side,
                written: token.written.to_string(),
                kind: token.kind,
                weight: token.weight,
            });
        }
        let mut theirs = other.mark_keys.clone();
        for mark in &name.marks {
            if let Some(at) = theirs.iter().position(|k| *k == mark.key) {
                theirs.swap_remove(at);
            } else {
                leftovers.push(Leftover {
                    side,
                    written: mark.written.to_string(),
                    kind: mark.kind,
                    weight: 0.0,
                });
            }
        }
    }
    Comparison {
        score: parts.score(params),
        pairs: pairs.into_iter().map(|(_, p)| p).collect(),
        leftovers,
        parts,
    }
}

/// The similarity of two tokens with regard to their kinds; the search keys find every pair above 0, initials excepted (see `docs/NAMES.md`).
pub fn pair_similarity(x: &TokenRef<'_>, y: &TokenRef<'_>, params: &Params) -> Similarity {
    pair_similarity_within(x, y, params, params.farthest())
}

/// [`pair_similarity`] of tokens whose words are no further apart than `within` ([`Params::apart`]); of others it may be 0.
pub fn pair_similarity_within(x: &TokenRef<'_>, y: &TokenRef<'_>, params: &Params, within: f32) -> Similarity {
    use TokenKind::{Acronym, Generic, Initial, Joined, Number};
    match (x.kind, y.kind) {
        (Acronym | Joined, Acronym | Joined) => NONE,
        (Acronym, _) | (_, Acronym) => {
            if x.word.text == y.word.text {
                Similarity {
                    value: params.acronym,
                    relation: Relation::Acronym,
                }
            } else {
                NONE
            }
        }
        (Initial, Initial) | (Number, _) | (_, Number) => {
            if x.word.text == y.word.text && x.kind == y.kind {
                Similarity {
                    value: 1.0,
                    relation: Relation::Equal,
                }
            } else {
                spelled_number(x, y, params)
            }
        }
        (Initial, _) | (_, Initial) => {
            let spelled = x.word.native.is_empty() && y.word.native.is_empty();
            if spelled && x.word.text.chars().next() == y.word.text.chars().next() {
                Similarity {
                    value: params.initial,
                    relation: Relation::Initial,
                }
            } else {
                NONE
            }
        }
        _ => {
            let mut found = similarity(x.word, y.word, params, within);
            if found.relation == Relation::Nickname && found.value > 0.0 {
                found.relation = class_relation(if x.kind == Generic && y.kind == Generic {
                    Generic
                } else {
                    TokenKind::Name
                });
            }
            if x.kind == Joined || y.kind == Joined {
                // A join outweighs either of its words: what is merely like it must not take the place of a word that meets.
                if found.value < LEAST_OF_JOINS {
                    return NONE;
                }
                found = Similarity {
                    value: found.value * params.joined,
                    relation: Relation::Joined,
                };
            }
            found
        }
    }
}

/// A number spelled in letters, and the same word taken for a name: `Alpha One` is read as a body's name and as a person's.
fn spelled_number(x: &TokenRef<'_>, y: &TokenRef<'_>, params: &Params) -> Similarity {
    fn sounds<'a>(token: &TokenRef<'a>) -> Option<&'a [u8]> {
        Forms(token.word.forms).next().map(|form| form.sounds)
    }
    if (x.kind == TokenKind::Number) != (y.kind == TokenKind::Number)
        && let Some(said) = sounds(x)
        && Some(said) == sounds(y)
    {
        return Similarity {
            value: params.same_sound,
            relation: Relation::Equal,
        };
    }
    NONE
}

/// Which tokens of one name share a key with which of the other: for each of the first a set of places in the second. Initials meet all.
fn meets(a: &PreparedName, b: &PreparedName, sets: &mut Vec<u128>) {
    sets.clear();
    sets.resize(a.tokens.len() + a.virtuals.len(), 0);
    let (ours, theirs) = (a.entries(), b.entries());
    let (mut i, mut j) = (0, 0);
    while i < ours.len() && j < theirs.len() {
        let (left, right) = (ours[i].0, theirs[j].0);
        if left == right {
            let mut all = 0u128;
            while j < theirs.len() && theirs[j].0 == left {
                all |= 1 << theirs[j].1;
                j += 1;
            }
            while i < ours.len() && ours[i].0 == left {
                sets[usize::from(ours[i].1)] |= all;
                i += 1;
            }
        } else {
            i += usize::from(left < right);
            j += usize::from(right < left);
        }
    }
    for initial in &a.initials {
        sets[usize::from(*initial)] = u128::MAX >> (128 - (b.tokens.len() + b.virtuals.len()));
    }
    for initial in &b.initials {
        for set in sets.iter_mut() {
            *set |= 1 << initial;
        }
    }
}

fn candidates(a: &PreparedName, b: &PreparedName, scratch: &mut Scratch, params: &Params) {
    scratch.candidates.clear();
    let mut sets = std::mem::take(&mut scratch.meets);
    meets(a, b, &mut sets);
    for (i, set) in sets.iter().enumerate() {
        let mut set = *set;
        while set != 0 {
            let j = set.trailing_zeros() as usize;
            set &= set - 1;
            let (one, other) = (a.at(i).view(), b.at(j).view());
            let mut similarity = pair_similarity(&one, &other, params);
            // A given name is abbreviated; the last word of a name seldom is.
            if similarity.relation == Relation::Initial && (ends_as_initial(a, i) || ends_as_initial(b, j)) {
                similarity.value *= params.last_initial;
            }
            if similarity.value > 0.0 {
                let weight = one.weight.min(other.weight);
                push(scratch, similarity, weight, i, j, one.cover, other.cover);
            }
        }
    }
    scratch.meets = sets;
    joins(a, b, false, scratch, params);
    joins(b, a, true, scratch, params);
}

/// Is this token an initial that ends a name of several?
fn ends_as_initial(name: &PreparedName, at: usize) -> bool {
    at > 0 && at + 1 == name.tokens.len() && name.tokens[at].kind == TokenKind::Initial
}

fn align(a: &PreparedName, b: &PreparedName, scratch: &mut Scratch, params: &Params) -> Parts {
    candidates(a, b, scratch, params);
    scratch.matched.clear();
    if scratch.candidates.is_empty() {
        return Parts {
            left_a: a.total,
            left_b: b.total,
            letters: params.letters * lone_words(a, b, params),
            same: a.identity == b.identity,
            ..Parts::default()
        };
    }
    scratch.candidates.sort_unstable_by(|x, y| {
        let place = |c: &Candidate| (c.a + c.b, c.a.abs_diff(c.b));
        y.gain
            .total_cmp(&x.gain)
            .then_with(|| place(x).cmp(&place(y)))
            .then_with(|| x.a.cmp(&y.a))
    });
    let mut parts = Parts {
        same: a.identity == b.identity,
        ..Parts::default()
    };
    let (mut used_a, mut used_b) = (0u64, 0u64);
    for candidate in &scratch.candidates {
        if candidate.cover_a & used_a != 0 || candidate.cover_b & used_b != 0 {
            continue;
        }
        used_a |= candidate.cover_a;
        used_b |= candidate.cover_b;
        scratch.matched.push(*candidate);
    }
    // Summed in an order that does not depend on which name is first.
    for candidate in &scratch.matched {
        parts.matched += candidate.gain;
        parts.discord += candidate.weight - candidate.gain;
    }
    let left = |name: &PreparedName, used: u64| -> f32 {
        name.tokens
            .iter()
            .filter(|t| t.cover & used == 0)
            .map(|t| t.weight)
            .sum()
    };
    parts.left_a = left(a, used_a) + servants(a, b, &scratch.matched, |m| (m.a, m.b), params);
    parts.left_b = left(b, used_b) + servants(b, a, &scratch.matched, |m| (m.b, m.a), params);
    if parts.left_a > 0.0 && parts.left_b > 0.0 {
        parts.strange = params.strange * strangeness(a, used_a, b, used_b, params);
    }
    parts.disorder = disorder(a, b, &mut scratch.matched, params);
    parts.light = light(&a.mark_keys, &b.mark_keys, params)
        + params.outside * (outside(a, used_a) + outside(b, used_b)).min(1.5)
        + params.surname_alone * f32::from(u8::from(surname_left(a, used_a) != surname_left(b, used_b)))
        + params.second_surname * f32::from(u8::from(second_left(a, used_a) != second_left(b, used_b)))
        + params.country_alone * f32::from(u8::from((a.countries & !used_a != 0) != (b.countries & !used_b != 0)))
        + params.number_alone * f32::from(u8::from(number_left(a, used_a) != number_left(b, used_b)));
    parts
}

fn push(scratch: &mut Scratch, similarity: Similarity, weight: f32, a: usize, b: usize, cover_a: u64, cover_b: u64) {
    scratch.candidates.push(Candidate {
        gain: similarity.value * weight,
        weight,
        similarity,
        a: a as u8,
        b: b as u8,
        cover_a,
        cover_b,
    });
}

/// One token against two neighbours written as one.
fn joins(one: &PreparedName, two: &PreparedName, turned: bool, scratch: &mut Scratch, params: &Params) {
    for (i, x) in one
        .tokens
        .iter()
        .enumerate()
        .filter(|(_, t)| t.word.text.len() >= 5 && t.kind == TokenKind::Name)
    {
        for (j, pair) in two.tokens.windows(2).enumerate() {
            let (p, q) = (&pair[0].word.text, &pair[1].word.text);
            if p.len() + q.len() == x.word.text.len()
                && pair[0].word.native.is_empty()
                && pair[1].word.native.is_empty()
                && x.word.text.starts_with(&**p)
                && x.word.text.ends_with(&**q)
            {
                let similarity = Similarity {
                    value: params.joined,
                    relation: Relation::Joined,
                };
                let (cover, weight) = (
                    pair[0].cover | pair[1].cover,
                    x.weight.min(pair[0].weight + pair[1].weight),
                );
                if turned {
                    push(scratch, similarity, weight, j, i, cover, x.cover);
                } else {
                    push(scratch, similarity, weight, i, j, x.cover, cover);
                }
            }
        }
    }
}

/// `Abdul Hanif` is met by `Hanif`, but what was dropped is left over: it is silent beside a name that lacks it, and contradicts one that has another in its place.
fn servant(own: &Token, other: &Token) -> bool {
    let compound = |t: &Token| t.word.text.starts_with("abd") && t.written.contains(' ');
    compound(own) && !other.word.text.starts_with("abd")
}

/// The weight of servants dropped on one side.
fn servants(
    own: &PreparedName,
    other: &PreparedName,
    matched: &[Candidate],
    places: impl Fn(&Candidate) -> (u8, u8),
    params: &Params,
) -> f32 {
    let dropped = |m: &&Candidate| {
        let (at, there) = places(m);
        servant(own.at(usize::from(at)), other.at(usize::from(there)))
    };
    params.least_weight * matched.iter().filter(dropped).count() as f32
}

/// The weight left over before the first token that met and after the last one. What is left out inside a name (a father's name, a middle name) is left out by custom,
/// another beginning or end is more of another name.
fn outside(name: &PreparedName, used: u64) -> f32 {
    let (first, last) = (used.trailing_zeros(), 63 - used.leading_zeros().min(63));
    let before_or_after = |t: &&crate::prepare::Token| {
        let at = t.cover.trailing_zeros();
        t.cover & used == 0 && (at < first || at > last)
    };
    name.tokens.iter().filter(before_or_after).map(|t| t.weight).sum()
}

/// Is the first of two surnames left over? The other side then has another name in daily use.
fn surname_left(name: &PreparedName, used: u64) -> bool {
    name.tokens
        .iter()
        .any(|t| t.kind == TokenKind::Family && t.cover & used == 0)
}

/// Is the second of two surnames left over where the first has met? Daily use leaves it out, and what remains is the name of many more.
fn second_left(name: &PreparedName, used: u64) -> bool {
    name.tokens.windows(2).any(|two| {
        two[0].kind == TokenKind::Family
            && two[0].cover & used != 0
            && two[1].kind == TokenKind::Name
            && two[1].cover & used == 0
    })
}

/// Has a name a number left over? Left over on both sides they contradict one another as any token does.
fn number_left(name: &PreparedName, used: u64) -> bool {
    name.tokens
        .iter()
        .any(|t| t.kind == TokenKind::Number && t.cover & used == 0)
}

/// The share lost when matched tokens stand in another order: little when one name is the other turned round, more beyond that, most when father and son change
/// places (`Abdullah bin Omar`, `Omar bin Abdullah`).
fn disorder(a: &PreparedName, b: &PreparedName, matched: &mut [Candidate], params: &Params) -> f32 {
    if matched.len() < 2 {
        return 0.0;
    }
    matched.sort_by_key(|m| m.cover_a.trailing_zeros());
    let place = |m: &Candidate| m.cover_b.trailing_zeros();
    let falls = matched.windows(2).filter(|w| place(&w[0]) > place(&w[1])).count();
    if falls == 0 {
        return 0.0;
    }
    let father = |name: &PreparedName, at: u8| {
        name.tokens
            .get(usize::from(at))
            .is_some_and(|t| t.kind == TokenKind::Patronymic)
    };
    let to_father = |m: &&Candidate| !father(a, m.a) && father(b, m.b);
    let from_father = |m: &&Candidate| father(a, m.a) && !father(b, m.b);
    if matched.iter().any(|m| to_father(&m)) && matched.iter().any(|m| from_father(&m)) {
        return params.reversal;
    }
    match falls {
        1 if place(&matched[matched.len() - 1]) < place(&matched[0]) => params.turned,
        _ => params.disorder,
    }
}

/// What light words cost that only one side has.
fn light(a: &[u32], b: &[u32], params: &Params) -> f32 {
    let (mut i, mut j, mut alone) = (0, 0, 0u32);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Equal => {
                i += 1;
                j += 1;
                continue;
            }
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
        }
        alone += 1;
    }
    alone += (a.len() - i + b.len() - j) as u32;
    params.light * alone.min(5) as f32
}
