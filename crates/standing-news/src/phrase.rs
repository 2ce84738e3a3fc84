//! Phrases of one sentence: noun phrases, verb groups, and the small words between them.
//!
//! The lexicon leaves many words open (`ban`, `sanctions`, `listed`); the neighbours decide, from left to right, by rules that hold for
//! newspaper English: after a determiner or preposition comes a noun, after `to` and modals a verb, a plural noun before `on` or `against`
//! is a noun. Times are recognised first and are transparent for everything after.

use crate::lexicon::Class;
use crate::mention::Mentions;
use crate::text::{Shape, Token, fold_into};

/// What a phrase is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Noun phrase.
    Noun,
    /// Verb group.
    Verb,
    /// Preposition.
    Preposition,
    /// `and`, `or`.
    Conjunction,
    /// Comma.
    Comma,
    /// `if`, `because`, the conjunction `that`.
    Subordinator,
    /// `which`, `who`, the relative `that`.
    Relative,
    /// Colon, semicolon, stop, dash.
    Break,
    /// A quotation mark.
    Quote,
    /// A bracket with its content.
    Aside,
    /// Adverbs and times.
    Adverb,
}

/// Form of a verb group's head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerbForm {
    /// Finite: with tense, modal or auxiliary.
    Finite,
    /// With `to`.
    Infinitive,
    /// `-ing` without auxiliary.
    Gerund,
    /// Past participle without auxiliary, after its noun.
    Participle,
}

/// What the auxiliaries say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mood {
    /// Nothing.
    #[default]
    Fact,
    /// will, shall.
    Future,
    /// would.
    Would,
    /// may, might, can, could.
    May,
    /// should, must, ought.
    Should,
}

/// A verb group.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// Its form.
    pub form: VerbForm,
    /// Its mood.
    pub mood: Mood,
    /// With `not` or `never`.
    pub negated: bool,
    /// With a form of *be* and a participle, or a bare participle.
    pub passive: bool,
    /// With *have*.
    pub perfect: bool,
    /// With *be* and `-ing`.
    pub progressive: bool,
    /// Past tense, or *had*.
    pub past: bool,
    /// No main verb but *be*.
    pub copula: bool,
}

/// A phrase.
#[derive(Debug, Clone, Copy)]
pub struct Phrase {
    /// What it is.
    pub kind: Kind,
    /// First token.
    pub start: u32,
    /// One past the last token.
    pub end: u32,
    /// The head: last noun, main verb.
    pub head: u32,
    /// For verb groups.
    pub group: Option<Group>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tag {
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
    fn verbal(self) -> bool {
        matches!(self, Self::Base | Self::Third | Self::Past | Self::Gerund)
    }

    fn auxiliary(self) -> bool {
        matches!(self, Self::Modal | Self::Have | Self::Be | Self::Do)
    }

    fn nominal(self) -> bool {
        matches!(
            self,
            Self::Noun | Self::Modifier | Self::Determiner | Self::Possessive | Self::Genitive
        )
    }
}

/// A sentence to be analysed.
pub struct Source<'a> {
    /// The whole text.
    pub text: &'a str,
    /// The whole article's tokens.
    pub tokens: &'a [Token],
    /// All names.
    pub mentions: &'a Mentions,
}

impl Source<'_> {
    /// The text of a token.
    pub fn word(&self, token: usize) -> &str {
        let t = &self.tokens[token];
        &self.text[t.start as usize..t.end as usize]
    }

    /// Whether a token, folded, is this word.
    pub fn is(&self, token: usize, word: &str) -> bool {
        self.tokens
            .get(token)
            .is_some_and(|_| self.word(token).eq_ignore_ascii_case(word))
    }
}

/// The phrases of the tokens from `start` to `end`.
pub fn phrases(source: &Source, start: usize, end: usize) -> Vec<Phrase> {
    let tags = tag(source, start, end);
    let mut out = Vec::with_capacity((end - start) / 2);
    let mut at = 0;
    while at < tags.len() {
        let next = phrase_at(source, &tags, start, at, &mut out);
        at = next.max(at + 1);
    }
    settle(source, &mut out);
    out
}

fn tag(source: &Source, start: usize, end: usize) -> Vec<Tag> {
    let n = end - start;
    let mut times = vec![false; n];
    crate::when::mark_times(source, start, end, &mut times);
    let mut tags: Vec<Tag> = Vec::with_capacity(n);
    let mut low = String::new();
    for i in 0..n {
        let token = &source.tokens[start + i];
        let tag = if times[i] {
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
                        Tag::Break
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
                    word_tag(source, &tags, start, end, i, &low)
                }
            }
        };
        tags.push(tag);
    }
    tags
}

fn word_tag(source: &Source, tags: &[Tag], start: usize, end: usize, i: usize, low: &str) -> Tag {
    let at = start + i;
    let token = &source.tokens[at];
    let reading = token.reading;
    if source.mentions.at(at).is_some() {
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
        return Tag::Pronoun;
    }
    if reading.has(Class::Conjunction) {
        return Tag::Conjunction;
    }
    if low == "following" && matches!(previous, Some(Tag::Determiner)) {
        return Tag::Modifier;
    }
    if reading.has(Class::Preposition) {
        return Tag::Preposition;
    }
    if reading.has(Class::Subordinator) {
        if matches!(low, "as" | "than" | "since" | "after" | "before" | "until" | "till") {
            return Tag::Preposition;
        }
        if low == "so" || (low == "once" && matches!(previous, Some(Tag::Have | Tag::Be))) {
            return Tag::Adverb;
        }
        return Tag::Subordinator;
    }
    if reading.has(Class::Determiner) {
        return Tag::Determiner;
    }
    if reading.verbal() {
        if let Some(tag) = verb_or_noun(
            source,
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
    Tag::Noun
}

/// The verbal tag of a word that can be a verb, or nothing when it is a noun or adjective here.
fn verb_or_noun(source: &Source, previous: Option<Tag>, at: usize, end: usize, opens: bool) -> Option<Tag> {
    let token = &source.tokens[at];
    let r = token.reading;
    let noun = r.has(Class::Noun);
    let next = (at + 1 < end).then(|| &source.tokens[at + 1]);
    let next_noun_start = next.is_some_and(|n| {
        n.reading.has(Class::Determiner)
            || n.reading.has(Class::Possessive)
            || n.reading.has(Class::Pronoun)
            || n.shape == Shape::Capital
            || n.reading.has(Class::Number)
            || n.shape == Shape::Number
    });
    let next_nominal = next.is_some_and(|n| {
        n.is_word()
            && (source.mentions.at(at + 1).is_some()
                || (n.reading.classes
                    & (Class::Determiner as u32
                        | Class::Preposition as u32
                        | Class::Conjunction as u32
                        | Class::Be as u32
                        | Class::Have as u32
                        | Class::Modal as u32
                        | Class::Adverb as u32
                        | Class::Pronoun as u32
                        | Class::Possessive as u32
                        | Class::Subordinator as u32
                        | Class::Relative as u32
                        | Class::Negation as u32)
                    == 0
                    && !(n.reading.verbal() && !n.reading.has(Class::Noun) && !n.reading.has(Class::Past))))
    });
    let past = r.has(Class::Past) || r.has(Class::Participle);
    if token.shape == Shape::Capital && !opens {
        return None;
    }
    // Base forms that are pasts as well (`put`, `set`, `cut`) are taken as what the context asks for.
    match previous {
        Some(Tag::To | Tag::Modal | Tag::Do) if r.has(Class::Base) => return Some(Tag::Base),
        Some(Tag::Be) => {
            if r.has(Class::Gerund) {
                return Some(Tag::Gerund);
            }
            if past {
                return Some(Tag::Past);
            }
            return None;
        }
        Some(Tag::Have) => {
            if past {
                return Some(Tag::Past);
            }
            return None;
        }
        Some(Tag::Pronoun | Tag::Relative) => {
            if past {
                return Some(Tag::Past);
            }
            if r.has(Class::Third) {
                return Some(Tag::Third);
            }
            if r.has(Class::Base) {
                return Some(Tag::Base);
            }
            return Some(Tag::Gerund);
        }
        _ => {}
    }
    if r.has(Class::Gerund) {
        let nominal_left = matches!(
            previous,
            Some(Tag::Determiner | Tag::Possessive | Tag::Genitive | Tag::Modifier)
        );
        if nominal_left {
            return None;
        }
        if noun && !next_noun_start {
            return None;
        }
        return Some(Tag::Gerund);
    }
    if past && !r.has(Class::Base) {
        return match previous {
            Some(Tag::Determiner | Tag::Possessive | Tag::Genitive | Tag::Preposition)
                if next_nominal || !matches!(previous, Some(Tag::Preposition)) =>
            {
                None
            }
            Some(Tag::Modifier)
                if next_nominal
                    && source.mentions.at(at.wrapping_sub(1)).is_none()
                    && source.tokens[at - 1].shape != Shape::Dash =>
            {
                None
            }
            Some(Tag::Modifier) => {
                let hyphen = source.tokens[at - 1].shape == Shape::Dash;
                if hyphen { None } else { Some(Tag::Past) }
            }
            _ if opens && next_nominal && !next_noun_start => None,
            _ => Some(Tag::Past),
        };
    }
    let plural_before = at > 0 && {
        let word = source.word(at - 1);
        word.ends_with('s') && source.mentions.at(at - 1).is_none() || source.tokens[at - 1].reading.has(Class::Group)
    };
    match previous {
        Some(Tag::Noun) => {
            let preposition_next = next.is_some_and(|n| n.reading.has(Class::Preposition));
            if r.has(Class::Third) && (!noun || (next_noun_start && !preposition_next)) {
                return Some(Tag::Third);
            }
            if r.has(Class::Third) && noun {
                // `Germany bans Iranian airline`: a name before it and no preposition after it.
                let name_before = source
                    .mentions
                    .at(at - 1)
                    .is_some_and(|m| m.form != crate::mention::Form::Adjective);
                if name_before
                    && next_nominal
                    && source
                        .mentions
                        .entity_at(at - 1)
                        .is_some_and(|e| e.kind != crate::mention::EntityKind::Other)
                    && source.mentions.at(at + 1).is_some()
                {
                    return Some(Tag::Third);
                }
                return None;
            }
            if r.has(Class::Base) {
                let verb = if noun {
                    plural_before && (next_noun_start)
                } else {
                    plural_before || past
                };
                return verb.then_some(if past { Tag::Past } else { Tag::Base });
            }
            None
        }
        Some(Tag::Base | Tag::Past | Tag::Third | Tag::Gerund) => {
            // `helped capture`, `let go`.
            if r.has(Class::Base) && !noun {
                Some(if past { Tag::Past } else { Tag::Base })
            } else {
                None
            }
        }
        Some(Tag::Conjunction | Tag::Comma) | None => {
            if noun && !next_noun_start {
                return None;
            }
            if r.has(Class::Third) {
                return Some(Tag::Third);
            }
            if r.has(Class::Base) && (!noun || next_noun_start) {
                return Some(if past { Tag::Past } else { Tag::Base });
            }
            None
        }
        Some(Tag::Determiner | Tag::Possessive | Tag::Genitive | Tag::Modifier | Tag::Preposition) => None,
        _ => {
            if noun {
                None
            } else if r.has(Class::Third) {
                Some(Tag::Third)
            } else {
                Some(Tag::Base)
            }
        }
    }
}

/// Makes the phrase at `at`, and gives the index after it.
fn phrase_at(source: &Source, tags: &[Tag], start: usize, at: usize, out: &mut Vec<Phrase>) -> usize {
    let mut push = |kind, from: usize, to: usize, head: usize, group| {
        out.push(Phrase {
            kind,
            start: (start + from) as u32,
            end: (start + to) as u32,
            head: (start + head) as u32,
            group,
        });
    };
    match tags[at] {
        Tag::Comma => push(Kind::Comma, at, at + 1, at, None),
        Tag::Break => push(Kind::Break, at, at + 1, at, None),
        Tag::Quote => push(Kind::Quote, at, at + 1, at, None),
        Tag::Conjunction => push(Kind::Conjunction, at, at + 1, at, None),
        Tag::Subordinator => push(Kind::Subordinator, at, at + 1, at, None),
        Tag::Relative => push(Kind::Relative, at, at + 1, at, None),
        Tag::Preposition => push(Kind::Preposition, at, at + 1, at, None),
        Tag::Open => {
            let close = (at + 1..tags.len().min(at + 60)).find(|&j| tags[j] == Tag::Close);
            let end = close.map_or(at + 1, |j| j + 1);
            push(Kind::Aside, at, end, at, None);
            return end;
        }
        Tag::Close => push(Kind::Aside, at, at + 1, at, None),
        Tag::Pronoun => push(Kind::Noun, at, at + 1, at, None),
        Tag::Adverb | Tag::Negation => {
            // `not` before `to` and `-ing` belongs to the verb group that follows.
            let mut j = at;
            while j < tags.len() && matches!(tags[j], Tag::Adverb | Tag::Negation) {
                j += 1;
            }
            let joins =
                tags[at..j].contains(&Tag::Negation) && j < tags.len() && (tags[j] == Tag::To || tags[j].verbal());
            if joins {
                return verb_group(source, tags, start, at, out);
            }
            push(Kind::Adverb, at, j, at, None);
            return j;
        }
        Tag::To | Tag::Modal | Tag::Have | Tag::Be | Tag::Do | Tag::Base | Tag::Third | Tag::Past | Tag::Gerund => {
            return verb_group(source, tags, start, at, out);
        }
        Tag::Determiner | Tag::Possessive | Tag::Noun | Tag::Modifier | Tag::Genitive => {
            let mut j = at + 1;
            let mut head = at;
            while j < tags.len() {
                let continues = match tags[j] {
                    Tag::Noun | Tag::Modifier | Tag::Genitive => true,
                    Tag::Determiner | Tag::Possessive => tags[j - 1] == Tag::Determiner,
                    // Scare quotes and adverbs inside a noun phrase: `a "terrorist" organization`, `the newly recognized government`.
                    Tag::Quote | Tag::Adverb => {
                        tags.get(j + 1)
                            .is_some_and(|t| matches!(t, Tag::Noun | Tag::Modifier | Tag::Quote))
                            && (tags[j - 1].nominal()
                                && (tags[j] == Tag::Quote && scare(source, tags, start, j)
                                    || tags[j] == Tag::Adverb
                                        && matches!(
                                            tags[j - 1],
                                            Tag::Determiner | Tag::Possessive | Tag::Genitive | Tag::Modifier
                                        )))
                    }
                    _ => false,
                };
                if !continues {
                    break;
                }
                if matches!(tags[j], Tag::Noun | Tag::Modifier) {
                    head = j;
                }
                j += 1;
            }
            if tags[at].nominal() && head == at && j > at + 1 {
                head = j - 1;
            }
            push(Kind::Noun, at, j, head, None);
            return j;
        }
    }
    at + 1
}

/// Whether the quotation mark at `j` opens or closes a few quoted words rather than speech.
fn scare(source: &Source, tags: &[Tag], start: usize, j: usize) -> bool {
    let quote = source.tokens[start + j].quote;
    if quote == 0 {
        return true;
    }
    let length = tags[j..]
        .iter()
        .enumerate()
        .skip(1)
        .take_while(|(k, _)| source.tokens[start + j + k].quote == quote)
        .count();
    length <= 6
        && !tags[j + 1..(j + 1 + length).min(tags.len())]
            .iter()
            .any(|t| t.verbal() || t.auxiliary())
}

fn verb_group(source: &Source, tags: &[Tag], start: usize, at: usize, out: &mut Vec<Phrase>) -> usize {
    let mut group = Group {
        form: VerbForm::Finite,
        mood: Mood::Fact,
        negated: false,
        passive: false,
        perfect: false,
        progressive: false,
        past: false,
        copula: false,
    };
    let mut j = at;
    let mut be = false;
    let mut infinitive = false;
    let mut auxiliary = false;
    let mut main = None;
    let mut last = at;
    while j < tags.len() {
        match tags[j] {
            Tag::To
                if j == at || matches!(tags[j - 1], Tag::Negation | Tag::Adverb) && main.is_none() && !auxiliary =>
            {
                infinitive = true
            }
            Tag::To => break,
            Tag::Modal => {
                if auxiliary && group.mood != Mood::Fact {
                    break;
                }
                auxiliary = true;
                let word = source.word(start + j).to_lowercase();
                group.mood = match word.as_str() {
                    "will" | "shall" | "won't" | "'ll" => Mood::Future,
                    "would" | "wouldn't" | "'d" => Mood::Would,
                    "should" | "shouldn't" | "must" | "ought" => Mood::Should,
                    _ => Mood::May,
                };
                group.negated |= word.ends_with("n't") || word == "cannot";
            }
            Tag::Have => {
                auxiliary = true;
                let word = source.word(start + j).to_lowercase();
                group.past |= word.starts_with("had");
                group.negated |= word.ends_with("n't");
                group.perfect = true;
                last = j;
            }
            Tag::Be => {
                auxiliary = true;
                be = true;
                let word = source.word(start + j).to_lowercase();
                group.past |= word.starts_with("was") || word.starts_with("were");
                group.negated |= word.ends_with("n't");
                last = j;
            }
            Tag::Do => {
                auxiliary = true;
                let word = source.word(start + j).to_lowercase();
                group.past |= word.starts_with("did");
                group.negated |= word.ends_with("n't");
                last = j;
            }
            Tag::Negation => group.negated = true,
            Tag::Adverb => {
                // Only an adverb before the main verb belongs to the group.
                let mut k = j;
                while k < tags.len() && matches!(tags[k], Tag::Adverb | Tag::Negation) {
                    k += 1;
                }
                let goes_on = k < tags.len()
                    && (tags[k].verbal() || (tags[k].auxiliary() && !tags[k..].is_empty()))
                    && main.is_none();
                if !goes_on {
                    break;
                }
            }
            Tag::Base | Tag::Third | Tag::Past | Tag::Gerund => {
                main = Some(j);
                last = j;
                match tags[j] {
                    Tag::Gerund => {
                        if be {
                            group.progressive = true;
                        } else {
                            group.form = VerbForm::Gerund;
                        }
                    }
                    Tag::Past => {
                        if be {
                            group.passive = true;
                        } else if !auxiliary {
                            group.past = true;
                        }
                    }
                    _ => {}
                }
                j += 1;
                break;
            }
            _ => break,
        }
        j += 1;
    }
    if infinitive {
        group.form = VerbForm::Infinitive;
    }
    group.copula = main.is_none() && be;
    if main.is_none() && group.perfect {
        group.perfect = false;
    }
    let head = main.unwrap_or(last);
    let end = j.max(at + 1);
    // Trailing adverbs that were skipped over do not belong to the group.
    out.push(Phrase {
        kind: Kind::Verb,
        start: (start + at) as u32,
        end: (start + end) as u32,
        head: (start + head) as u32,
        group: Some(group),
    });
    end
}

/// Decides what needs the whole sentence: participles after their noun, and `as`, `after`, `since` before a clause.
fn settle(source: &Source, phrases: &mut [Phrase]) {
    for i in 0..phrases.len() {
        if phrases[i].kind == Kind::Preposition && i + 2 < phrases.len() {
            let word = source.word(phrases[i].head as usize).to_lowercase();
            let clause = matches!(
                word.as_str(),
                "as" | "after" | "before" | "since" | "until" | "till" | "than"
            ) && phrases[i + 1].kind == Kind::Noun
                && (phrases[i + 2].kind == Kind::Verb
                    && phrases[i + 2].group.is_some_and(|g| {
                        g.form == VerbForm::Finite
                            && (g.copula || g.perfect || !g.past || g.passive || clause_past(source, phrases, i + 2))
                    })
                    || (phrases[i + 2].kind == Kind::Adverb
                        && phrases.get(i + 3).is_some_and(|p| {
                            p.kind == Kind::Verb && p.group.is_some_and(|g| g.form == VerbForm::Finite)
                        })));
            if clause {
                phrases[i].kind = Kind::Subordinator;
            }
        }
    }
    for i in 1..phrases.len() {
        let Some(group) = phrases[i].group else { continue };
        // A bare -ed after a noun: past or participle?
        if group.form != VerbForm::Finite
            || !group.past
            || group.passive
            || group.perfect
            || group.copula
            || group.mood != Mood::Fact
            || phrases[i].end - phrases[i].start > 2
            || group.negated
        {
            continue;
        }
        let head = &source.tokens[phrases[i].head as usize];
        if !head.reading.has(Class::Participle) {
            continue;
        }
        let mut before = i - 1;
        while before > 0 && matches!(phrases[before].kind, Kind::Adverb | Kind::Aside | Kind::Quote) {
            before -= 1;
        }
        let after_noun = phrases[before].kind == Kind::Noun
            && !source.tokens[phrases[before].head as usize].reading.has(Class::Pronoun);
        let opens = i == 0
            || matches!(
                phrases[before].kind,
                Kind::Comma | Kind::Preposition | Kind::Break | Kind::Subordinator
            );
        let mut next = i + 1;
        while next < phrases.len() && matches!(phrases[next].kind, Kind::Adverb | Kind::Aside | Kind::Quote) {
            next += 1;
        }
        let object_follows = next < phrases.len() && phrases[next].kind == Kind::Noun;
        if opens && !object_follows {
            make_participle(&mut phrases[i]);
            continue;
        }
        if !after_noun || object_follows {
            continue;
        }
        // Is its noun the clause's subject, and is there another finite verb for it?
        let (subject_like, verb_later) = (heads_clause(source, phrases, before), finite_later(phrases, i));
        if !subject_like || verb_later {
            make_participle(&mut phrases[i]);
        }
    }
}

fn clause_past(source: &Source, phrases: &[Phrase], verb: usize) -> bool {
    // `after Britain banned the group` is a clause; `as a group banned in Britain` is not.
    phrases
        .get(verb + 1)
        .is_some_and(|p| p.kind == Kind::Noun || p.kind == Kind::Subordinator)
        || !source.tokens[phrases[verb].head as usize]
            .reading
            .has(Class::Participle)
}

fn make_participle(phrase: &mut Phrase) {
    if let Some(group) = &mut phrase.group {
        group.form = VerbForm::Participle;
        group.passive = true;
        group.past = false;
    }
}

/// Whether the noun phrase stands where a subject does: nothing to its left in the clause governs it.
fn heads_clause(source: &Source, phrases: &[Phrase], noun: usize) -> bool {
    let mut i = noun;
    while i > 0 {
        i -= 1;
        match phrases[i].kind {
            Kind::Verb => return false,
            Kind::Preposition => {
                // `The Office of Germany suspended`: go on left of `of`; a preposition at the start governs it.
                let of_like = i > 0 && phrases[i - 1].kind == Kind::Noun;
                if !of_like {
                    return false;
                }
            }
            Kind::Subordinator | Kind::Break | Kind::Relative => return true,
            Kind::Comma => {
                // After a comma: a new clause only if no verb stands before it in this sentence, or a conjunction follows it.
                let conjunction = phrases.get(i + 1).is_some_and(|p| p.kind == Kind::Conjunction);
                let verb_before = phrases[..i]
                    .iter()
                    .any(|p| p.kind == Kind::Verb && p.group.is_some_and(|g| g.form == VerbForm::Finite));
                return conjunction
                    || !verb_before
                    || source.tokens[phrases[noun].head as usize].shape == Shape::Capital;
            }
            Kind::Conjunction => {
                let verb_before = phrases[..i].iter().any(|p| p.kind == Kind::Verb);
                return !verb_before || i + 1 == noun;
            }
            _ => {}
        }
    }
    true
}

/// Whether a finite verb follows in the same clause, before anything that could be its own subject.
fn finite_later(phrases: &[Phrase], verb: usize) -> bool {
    let mut preposition = true;
    for phrase in &phrases[verb + 1..] {
        match phrase.kind {
            Kind::Verb => match phrase.group {
                Some(g) if g.form == VerbForm::Finite => return true,
                _ => {}
            },
            Kind::Noun if !preposition => return false,
            Kind::Noun => preposition = false,
            Kind::Preposition => preposition = true,
            Kind::Adverb | Kind::Aside | Kind::Quote => {}
            Kind::Conjunction => preposition = true,
            Kind::Comma | Kind::Subordinator | Kind::Relative | Kind::Break => return false,
        }
    }
    false
}
