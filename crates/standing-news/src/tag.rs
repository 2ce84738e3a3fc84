//! What each word of a sentence is there: the lexicon leaves many open (`ban`, `sanctions`, `listed`), the neighbours decide.
//!
//! From left to right, by rules that hold for newspaper English: after a determiner or preposition comes a noun, after `to` and modals a
//! verb, a plural noun before `on` or `against` is a noun. Times are recognised first and are transparent for everything after, with the
//! preposition that leads them.

use crate::lexicon::Class;
use crate::phrase::Source;
use crate::text::{Shape, fold_into};
use crate::verb_or_noun::verb_or_noun;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    Determiner,
    Possessive,
    Pronoun,
    Noun,
    Modifier,
    Preposition,
    To,
    Modal,
    Have,
    Be,
    Do,
    Negation,
    Adverb,
    Conjunction,
    Subordinator,
    Relative,
    Base,
    Third,
    Past,
    Gerund,
    Comma,
    Break,
    Quote,
    Open,
    Close,
    Genitive,
}

impl Tag {
    pub fn verbal(self) -> bool {
        matches!(self, Self::Base | Self::Third | Self::Past | Self::Gerund)
    }

    pub fn auxiliary(self) -> bool {
        matches!(self, Self::Modal | Self::Have | Self::Be | Self::Do)
    }

    pub fn nominal(self) -> bool {
        matches!(
            self,
            Self::Noun | Self::Modifier | Self::Determiner | Self::Possessive | Self::Genitive
        )
    }
}

/// The tags of the tokens from `start` to `end`.
pub fn tag(source: &Source, start: usize, end: usize) -> Vec<Tag> {
    let n = end - start;
    let mut times = vec![false; n];
    crate::when::mark_times(source, start, end, &mut times);
    for i in 1..n {
        let leads = source.tokens[start + i - 1].reading.has(Class::Preposition)
            || ["since", "until", "till", "after", "before"]
                .iter()
                .any(|w| source.is(start + i - 1, w));
        if times[i] && leads {
            times[i - 1] = true;
        }
    }
    let mut tags: Vec<Tag> = Vec::with_capacity(n);
    let mut low = String::new();
    for (i, timed) in times.into_iter().enumerate() {
        let token = &source.tokens[start + i];
        let tag = if timed {
            Tag::Adverb
        } else {
            match token.shape {
                Shape::Comma => Tag::Comma,
                Shape::Colon | Shape::Stop => Tag::Break,
                Shape::Dash => {
                    // The hyphen of `U.S.-designated` binds; a dash breaks.
                    if i > 0
                        && source.tokens[start + i - 1].end == token.start
                        && source.tokens.get(start + i + 1).is_some_and(|t| t.start == token.end)
                    {
                        Tag::Modifier
                    } else {
                        Tag::Comma
                    }
                }
                Shape::Quote => Tag::Quote,
                Shape::Open => Tag::Open,
                Shape::Close => Tag::Close,
                Shape::Possessive => Tag::Genitive,
                Shape::Number => Tag::Modifier,
                Shape::Other => Tag::Adverb,
                Shape::Lower | Shape::Capital => {
                    fold_into(source.word(start + i), &mut low);
                    if matches!(low.as_str(), "persona" | "personae") {
                        // `declared the envoy persona non grata`: begins a phrase of its own.
                        tags.push(Tag::Determiner);
                        continue;
                    }
                    word_tag(source, &tags, start, end, i, &low)
                }
            }
        };
        tags.push(tag);
    }
    insertions(&mut tags);
    tags
}

/// `are [now] considered`, `has today (15 January) laid`: what is put into a verb group does not end it.
fn insertions(tags: &mut [Tag]) {
    for i in 1..tags.len() {
        if tags[i] != Tag::Open {
            continue;
        }
        let inside = tags[..i]
            .iter()
            .rev()
            .find(|t| **t != Tag::Adverb)
            .is_some_and(|t| t.auxiliary());
        let Some(close) = (i + 1..tags.len().min(i + 8)).find(|&j| tags[j] == Tag::Close) else {
            continue;
        };
        let plain = !tags[i..close].iter().any(|t| t.verbal() || t.auxiliary());
        let goes_on = tags[close + 1..]
            .iter()
            .find(|t| **t != Tag::Adverb)
            .is_some_and(|t| t.verbal() || t.auxiliary());
        if inside && plain && goes_on {
            tags[i..=close].fill(Tag::Adverb);
        }
    }
}

fn word_tag(source: &Source, tags: &[Tag], start: usize, end: usize, i: usize, low: &str) -> Tag {
    let at = start + i;
    let token = &source.tokens[at];
    let reading = token.reading;
    if source.mentions.at(at).is_some() || source.mentions.in_office(at) {
        return Tag::Noun;
    }
    let previous = tags
        .iter()
        .rev()
        .find(|t| !matches!(t, Tag::Adverb | Tag::Quote | Tag::Negation))
        .copied();
    let next = (at + 1 < end).then(|| source.tokens[at + 1]);
    let next_lower = |word: &str| at + 1 < end && source.is(at + 1, word);
    if low == "to" {
        let mut j = at + 1;
        while j < end && source.tokens[j].reading.has(Class::Adverb) && !source.tokens[j].reading.has(Class::Base) {
            j += 1;
        }
        let base = j < end
            && source.mentions.at(j).is_none()
            && (source.tokens[j].reading.has(Class::Base)
                || source.is(j, "be")
                || source.is(j, "have")
                || source.is(j, "do"));
        return if base { Tag::To } else { Tag::Preposition };
    }
    // `no longer` says when, `has yet to` too.
    if low == "no" && next_lower("longer") || low == "longer" && at > 0 && source.is(at - 1, "no") {
        return Tag::Adverb;
    }
    // `property worth 90 million euros`.
    if low == "worth"
        && next.is_some_and(|n| n.shape == Shape::Number || n.shape == Shape::Other || n.reading.has(Class::Number))
    {
        return Tag::Preposition;
    }
    // `decades ago`, `four years after`: a time, whatever stands before it.
    if span_of_time(low) {
        let follows = ["ago", "later", "earlier"].iter().any(|w| next_lower(w));
        let counted = at > start && {
            let before = source.tokens[at - 1];
            before.shape == Shape::Number || before.reading.has(Class::Number)
        };
        if follows || counted && i <= 1 && ["after", "before", "into", "on"].iter().any(|w| next_lower(w)) {
            return Tag::Adverb;
        }
    }
    if i == 0
        && (token.shape == Shape::Number || reading.has(Class::Number))
        && at + 2 < end
        && span_of_time(&source.word(at + 1).to_lowercase())
        && ["after", "before", "into", "on"].iter().any(|w| source.is(at + 2, w))
    {
        return Tag::Adverb;
    }
    if low == "that" && at > start && source.is(at - 1, "those") {
        return Tag::Relative;
    }
    if low == "that" {
        let verb_next = next.is_some_and(|n| {
            let r = n.reading;
            r.has(Class::Modal)
                || r.has(Class::Have)
                || r.has(Class::Be)
                || r.has(Class::Do)
                || (r.verbal() && !r.has(Class::Noun) && !r.has(Class::Base))
                || r.has(Class::Adverb)
        }) && source.mentions.at(at + 1).is_none();
        return match previous {
            Some(Tag::Noun) if verb_next => Tag::Relative,
            Some(Tag::Past) if verb_next && matches!(tags.last(), Some(Tag::Adverb)) && !content_noun(source, at) => {
                Tag::Relative
            }
            Some(Tag::Noun) if !content_noun(source, at) => Tag::Relative,
            Some(Tag::Noun | Tag::Past | Tag::Third | Tag::Base | Tag::Gerund | Tag::Comma | Tag::Conjunction) => {
                Tag::Subordinator
            }
            None if verb_next => Tag::Pronoun,
            _ => Tag::Determiner,
        };
    }
    if reading.has(Class::Negation) {
        return Tag::Negation;
    }
    if low == "no" {
        return Tag::Determiner;
    }
    if reading.has(Class::Modal)
        && !(low == "may" && token.shape == Shape::Capital && i > 0)
        && !(low == "will" && previous == Some(Tag::Determiner))
    {
        return Tag::Modal;
    }
    if reading.has(Class::Have) {
        return if low == "having" { Tag::Gerund } else { Tag::Have };
    }
    if reading.has(Class::Be) {
        return Tag::Be;
    }
    if reading.has(Class::Do) {
        return Tag::Do;
    }
    if low == "her" || low == "his" || low == "its" || low == "their" {
        let object = low == "her"
            && next
                .is_none_or(|n| !n.is_word() || n.reading.has(Class::Preposition) || n.reading.has(Class::Conjunction));
        return if object { Tag::Pronoun } else { Tag::Possessive };
    }
    if reading.has(Class::Possessive) {
        return Tag::Possessive;
    }
    if reading.has(Class::Relative) {
        return if low == "where" {
            Tag::Subordinator
        } else {
            Tag::Relative
        };
    }
    if reading.has(Class::Pronoun) {
        // `IT workers`.
        if source.word(at) == "IT" && next.is_some_and(|n| n.shape == Shape::Lower) {
            return Tag::Modifier;
        }
        return Tag::Pronoun;
    }
    if reading.has(Class::Conjunction) {
        return Tag::Conjunction;
    }
    // `to acting foreign minister`, `its acting head`.
    if low == "acting"
        && (source.mentions.in_office(at + 1)
            || next.is_some_and(|n| n.reading.has(Class::Statehood) || n.reading.has(Class::Noun)))
    {
        return Tag::Modifier;
    }
    // `the persons described above that are`
    if matches!(low, "above" | "below") && (next_lower("that") || next.is_none_or(|n| !n.is_word())) {
        return Tag::Adverb;
    }
    if low == "following" && matches!(previous, Some(Tag::Determiner)) {
        return Tag::Modifier;
    }
    let number_next = next.is_some_and(|n| n.shape == Shape::Number || n.reading.has(Class::Number));
    if low == "than" && number_next && at > 0 && ["more", "less", "fewer", "other"].iter().any(|w| source.is(at - 1, w))
    {
        return Tag::Modifier;
    }
    // `about $7 billion`, `some 210 billion euros`.
    let sum_next = number_next
        || next.is_some_and(|n| n.shape == Shape::Other)
            && source
                .tokens
                .get(at + 2)
                .is_some_and(|n| at + 2 < end && n.shape == Shape::Number);
    if sum_next
        && matches!(
            low,
            "about" | "around" | "over" | "nearly" | "under" | "roughly" | "some"
        )
        && next_lower_noun(source, at + 2, end)
    {
        return Tag::Adverb;
    }
    // `handed back the funds`, `was put back on`: no backing.
    if low == "back" && matches!(tags.last(), Some(Tag::Past | Tag::Base | Tag::Third | Tag::Gerund)) {
        return Tag::Adverb;
    }
    // `is targeting`: a verb.
    if low == "targeting" && previous == Some(Tag::Be) {
        return Tag::Gerund;
    }
    if reading.has(Class::Preposition) {
        return Tag::Preposition;
    }
    if reading.has(Class::Subordinator) && (low != "provided" || next_lower("that")) {
        if matches!(low, "as" | "than" | "since" | "after" | "before" | "until" | "till") {
            return Tag::Preposition;
        }
        if low == "so" || (low == "once" && matches!(previous, Some(Tag::Have | Tag::Be))) {
            return Tag::Adverb;
        }
        return Tag::Subordinator;
    }
    if matches!(low, "all" | "both" | "each") && matches!(tags.last(), Some(Tag::Have | Tag::Be | Tag::Modal)) {
        return Tag::Adverb;
    }
    // `, meanwhile, both welcomed the decision`: each of them did.
    if matches!(low, "all" | "both" | "each")
        && matches!(previous, Some(Tag::Noun | Tag::Comma))
        && next
            .is_some_and(|n| n.reading.has(Class::Past) && n.shape == Shape::Lower && !n.reading.has(Class::Adjective))
        && source.tokens.get(at + 2).is_some_and(|n| {
            n.shape == Shape::Capital
                || n.reading.has(Class::Determiner)
                || n.reading.has(Class::Possessive)
                || n.reading.has(Class::Preposition)
        })
    {
        return Tag::Adverb;
    }
    if low == "further" && next.is_some_and(|n| n.reading.has(Class::Past) && n.shape == Shape::Lower) {
        return Tag::Adverb;
    }
    if reading.has(Class::Determiner) {
        return Tag::Determiner;
    }
    if reading.verbal() {
        if let Some(tag) = verb_or_noun(
            source,
            tags,
            previous,
            at,
            end,
            i == 0 || matches!(tags.last(), Some(Tag::Quote) if i == 1),
        ) {
            return tag;
        }
        return if reading.has(Class::Past) || reading.has(Class::Participle) {
            Tag::Modifier
        } else {
            Tag::Noun
        };
    }
    if reading.has(Class::Adverb) && !next_lower("of") {
        return Tag::Adverb;
    }
    if reading.has(Class::Number) || reading.has(Class::Adjective) {
        return Tag::Modifier;
    }
    // A word that is not known, after a modal: `will not hesitate`.
    if token.shape == Shape::Lower && reading.classes == 0 && matches!(previous, Some(Tag::Modal | Tag::Do)) {
        return Tag::Base;
    }
    Tag::Noun
}

fn span_of_time(word: &str) -> bool {
    matches!(
        word,
        "years"
            | "months"
            | "weeks"
            | "days"
            | "decades"
            | "hours"
            | "centuries"
            | "year"
            | "month"
            | "week"
            | "day"
            | "decade"
            | "century"
    )
}

fn next_lower_noun(source: &Source, at: usize, end: usize) -> bool {
    at < end && source.tokens[at].is_word() && !source.tokens[at].reading.has(Class::Preposition)
}

/// Whether the noun before a `that` has what is said as its content (`the news that`) or hears it (`told reporters that`).
fn content_noun(source: &Source, that: usize) -> bool {
    const CONTENT: [&str; 36] = [
        "rumour",
        "rumours",
        "rumor",
        "rumors",
        "speculation",
        "assertion",
        "fact",
        "news",
        "report",
        "reports",
        "claim",
        "claims",
        "belief",
        "hope",
        "hopes",
        "warning",
        "warnings",
        "sign",
        "signs",
        "idea",
        "view",
        "statement",
        "announcement",
        "evidence",
        "day",
        "accusations",
        "allegations",
        "suggestion",
        "condition",
        "concern",
        "concerns",
        "fears",
        "doubt",
        "impression",
        "conclusion",
        "understanding",
    ];
    let Some(before) = that.checked_sub(1) else {
        return false;
    };
    let token = &source.tokens[before];
    token.reading.has(Class::TakesInfinitive)
        || CONTENT.iter().any(|w| source.is(before, w))
        || source.tokens[before.saturating_sub(6)..before]
            .iter()
            .any(|t| t.reading.has(Class::Telling) || t.reading.has(Class::Clausal) || t.reading.has(Class::Announcing))
}
