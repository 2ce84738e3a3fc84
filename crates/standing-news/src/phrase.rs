//! Phrases of one sentence: noun phrases, verb groups, and the small words between them.
//!
//! Built on the tags of `tag`; which verb belongs to which noun is `syntax`'s.

use crate::lexicon::Class;
use crate::mention::Mentions;
use crate::tag::{Tag, tag};
use crate::text::{Shape, Token};

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
// The auxiliaries are independent of one another.
#[allow(clippy::struct_excessive_bools)]
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
        Tag::Preposition => {
            // `in response to`: one preposition, which is none of its last word's.
            if let Some((length, head)) = compound(source, &tags[at..], start + at) {
                push(Kind::Preposition, at, at + length, at + head, None);
                return at + length;
            }
            push(Kind::Preposition, at, at + 1, at, None);
        }
        Tag::Noun | Tag::Modifier | Tag::Adverb if compound(source, &tags[at..], start + at).is_some() => {
            if let Some((length, head)) = compound(source, &tags[at..], start + at) {
                push(Kind::Preposition, at, at + length, at + head, None);
                return at + length;
            }
        }
        Tag::Open => {
            let close = (at + 1..tags.len().min(at + 60)).find(|&j| tags[j] == Tag::Close);
            let end = close.map_or(at + 1, |j| j + 1);
            // `(banned in Russia)` says something and is read as if between commas; `(SDF)` only names.
            if close.is_some() && end - at > 4 && tags[at..end].iter().any(|t| t.verbal() || t.auxiliary()) {
                push(Kind::Comma, at, at + 1, at, None);
                return at + 1;
            }
            push(Kind::Aside, at, end, at, None);
            return end;
        }
        Tag::Close => push(Kind::Comma, at, at + 1, at, None),
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
                    // `gave the ambassador 72 hours`: a second object begins with its number.
                    Tag::Modifier
                        if source.tokens[start + j].shape == Shape::Number
                            && tags[j - 1] == Tag::Noun
                            && source.tokens[start + j - 1].shape == Shape::Lower
                            && tags.get(j + 1) == Some(&Tag::Noun) =>
                    {
                        false
                    }
                    // `declared 22 gangs terrorist groups`: an adjective after a plural begins what they are called.
                    Tag::Modifier
                        if tags[j - 1] == Tag::Noun
                            && source.tokens[start + j].shape == Shape::Lower
                            && source.tokens[start + j].reading.has(Class::Adjective)
                            && source.tokens[start + j - 1].shape == Shape::Lower
                            && source.word(start + j - 1).ends_with('s')
                            && source.tokens[start + j - 1].reading.has(Class::People)
                            && tags.get(j + 1) == Some(&Tag::Noun) =>
                    {
                        false
                    }
                    // `its embassy in Kabul open`.
                    Tag::Noun | Tag::Modifier
                        if source.tokens[start + j].shape == Shape::Lower
                            && source.is(start + j, "open")
                            && source.mentions.at(start + j - 1).is_some() =>
                    {
                        false
                    }
                    Tag::Noun | Tag::Modifier | Tag::Genitive => true,
                    // `the 11 other individuals`.
                    Tag::Determiner if tags[j - 1] == Tag::Modifier => {
                        ["other", "more", "further", "additional", "such"]
                            .iter()
                            .any(|w| source.is(start + j, w))
                    }
                    Tag::Determiner | Tag::Possessive => tags[j - 1] == Tag::Determiner,
                    // Scare quotes and adverbs inside a noun phrase: `a "terrorist" organization`, `the newly recognized government`.
                    Tag::Quote
                        if source
                            .tokens
                            .get(start + j + 1)
                            .is_some_and(|t| t.shape == Shape::Number || t.reading.has(Class::Number)) =>
                    {
                        false
                    }
                    Tag::Quote | Tag::Adverb => {
                        tags.get(j + 1)
                            .is_some_and(|t| matches!(t, Tag::Noun | Tag::Modifier | Tag::Quote))
                            && (tags[j - 1].nominal()
                                && (tags[j] == Tag::Quote
                                    && (tags[j - 1] != Tag::Noun || source.tokens[start + j].quote == 0)
                                    && scare(source, tags, start, j)
                                    || tags[j] == Tag::Adverb
                                        && matches!(
                                            tags[j - 1],
                                            Tag::Determiner | Tag::Possessive | Tag::Genitive | Tag::Modifier
                                        )))
                    }
                    _ => false,
                };
                if !continues || compound(source, &tags[j..], start + j).is_some() {
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

/// The length of a preposition of several words from a token on, and which of them tells what it means.
fn compound(source: &Source, tags: &[Tag], at: usize) -> Option<(usize, usize)> {
    let governs = |n: usize| n < tags.len() && tags[n - 1] == Tag::Preposition;
    const COMPOUND: [(&str, &[&str], &str); 10] = [
        (
            "in",
            &[
                "response",
                "reaction",
                "retaliation",
                "reply",
                "addition",
                "relation",
                "regard",
                "reference",
                "contrast",
            ],
            "to",
        ),
        (
            "in",
            &[
                "line",
                "connection",
                "accordance",
                "coordination",
                "co-ordination",
                "cooperation",
                "co-operation",
                "conjunction",
                "consultation",
                "parallel",
            ],
            "with",
        ),
        (
            "in",
            &["light", "view", "spite", "breach", "violation", "defiance", "pursuit"],
            "of",
        ),
        ("with", &["regard", "respect", "reference"], "to"),
        ("by", &["reference"], "to"),
        ("due", &[""], "to"),
        ("owing", &[""], "to"),
        ("thanks", &[""], "to"),
        ("contrary", &[""], "to"),
        ("prior", &[""], "to"),
    ];
    for (first, middle, last) in COMPOUND {
        if !source.is(at, first) {
            continue;
        }
        if middle == [""] {
            if governs(2) && source.is(at + 1, last) {
                return Some((2, 0));
            }
        } else if governs(3) && source.is(at + 2, last) && middle.iter().any(|w| source.is(at + 1, w)) {
            return Some((3, 1));
        }
    }
    None
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
                infinitive = true;
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
            // `remains proscribed`, `stay frozen`: a state, as after *be*.
            Tag::Base | Tag::Third | Tag::Past if main.is_none() && stays(source, tags, start, j) => {
                auxiliary = true;
                be = true;
                group.past |= tags[j] == Tag::Past;
                last = j;
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

/// Whether a form of *remain* or *stay* has a participle after it.
fn stays(source: &Source, tags: &[Tag], start: usize, j: usize) -> bool {
    const STAYING: [&str; 6] = ["remain", "remains", "remained", "stay", "stays", "stayed"];
    let next = (j + 1..tags.len()).find(|&k| !matches!(tags[k], Tag::Adverb | Tag::Negation));
    STAYING.iter().any(|w| source.is(start + j, w))
        && next.is_some_and(|k| {
            let token = &source.tokens[start + k];
            token.shape == Shape::Lower
                && token.reading.has(Class::Participle)
                && tags[k] == Tag::Past
                // `remain frozen` is a keeping of its own.
                && !["frozen", "blocked", "immobilised", "immobilized", "seized", "untouched"].iter().any(|w| source.is(start + k, w))
        })
}

/// `as`, `after`, `since` before a clause are subordinators.
fn settle(source: &Source, phrases: &mut [Phrase]) {
    for i in 0..phrases.len() {
        if phrases[i].kind != Kind::Preposition || i + 2 >= phrases.len() {
            continue;
        }
        let word = source.word(phrases[i].head as usize);
        if !["as", "after", "before", "since", "until", "till", "than"]
            .iter()
            .any(|w| word.eq_ignore_ascii_case(w))
        {
            continue;
        }
        if clause_follows(source, phrases, i + 1) && !names_as(source, phrases, i) {
            phrases[i].kind = Kind::Subordinator;
        }
    }
}

/// `the decision to ban X as a terrorist group was`: what X is called, and the verb belongs to what stands before.
fn names_as(source: &Source, phrases: &[Phrase], i: usize) -> bool {
    // `the rescission of its designation as a sponsor will`: a noun that says what somebody is called.
    const CALLING: [&str; 10] = [
        "designation",
        "designations",
        "status",
        "listing",
        "recognition",
        "classification",
        "blacklisting",
        "proscription",
        "role",
        "place",
    ];
    let called = i
        .checked_sub(1)
        .is_some_and(|n| phrases[n].kind == Kind::Noun && word_is(source, phrases[n].head as usize, &CALLING));
    if called && source.is(phrases[i].head as usize, "as") {
        return true;
    }
    let Some([verb, noun]) = i.checked_sub(2).map(|v| [&phrases[v], &phrases[v + 1]]) else {
        return false;
    };
    let calls = source.tokens[verb.head as usize].reading.has(Class::Naming)
        || ["ban", "banning", "outlaw", "outlawing"]
            .iter()
            .any(|w| source.is(verb.head as usize, w));
    source.is(phrases[i].head as usize, "as")
        && noun.kind == Kind::Noun
        && calls
        && verb
            .group
            .is_some_and(|g| matches!(g.form, VerbForm::Infinitive | VerbForm::Gerund))
}

/// Whether a noun phrase with its own prepositional phrases and then a finite verb follows.
fn clause_follows(source: &Source, phrases: &[Phrase], first: usize) -> bool {
    let skip = |mut i: usize| {
        while i < phrases.len() && matches!(phrases[i].kind, Kind::Adverb | Kind::Aside | Kind::Quote) {
            i += 1;
        }
        i
    };
    let named = |i: usize| {
        phrases
            .get(i)
            .is_some_and(|p| p.kind == Kind::Noun && source.mentions.at(p.head as usize).is_some())
    };
    let mut at = skip(first);
    if at >= phrases.len() || phrases[at].kind != Kind::Noun {
        return false;
    }
    let mut names = named(at);
    for _ in 0..8 {
        at = skip(at + 1);
        if at >= phrases.len() {
            return false;
        }
        names &= phrases[at].kind != Kind::Preposition;
        match phrases[at].kind {
            Kind::Verb => {
                let Some(g) = phrases[at].group else { return false };
                if g.form != VerbForm::Finite {
                    return false;
                }
                // `after Britain banned the group` is a clause; `as a group banned in Britain` is not.
                let bare = g.past && !g.passive && !g.perfect && !g.copula && g.mood == Mood::Fact && !g.negated;
                let participle = source.tokens[phrases[at].head as usize].reading.has(Class::Participle);
                let next = skip(at + 1);
                return !(bare && participle)
                    || phrases
                        .get(next)
                        .is_some_and(|p| matches!(p.kind, Kind::Noun | Kind::Subordinator))
                    || phrases
                        .get(at.wrapping_sub(1))
                        .is_some_and(|p| source.mentions.at(p.head as usize).is_some())
                        && word_is(
                            source,
                            phrases[first].start as usize - 1,
                            &["after", "as", "before", "since"],
                        );
            }
            Kind::Preposition => {
                at = skip(at + 1);
                if at >= phrases.len() || phrases[at].kind != Kind::Noun {
                    return false;
                }
            }
            Kind::Conjunction => {
                at = skip(at + 1);
                if at >= phrases.len() || phrases[at].kind != Kind::Noun {
                    return false;
                }
            }
            // `as Ireland, Norway and Spain announced`
            Kind::Comma if names && named(skip(at + 1)) => {
                let next = skip(at + 1);
                if !matches!(
                    phrases.get(skip(next + 1)).map(|p| p.kind),
                    Some(Kind::Comma | Kind::Conjunction)
                ) {
                    return false;
                }
                at = next;
            }
            _ => return false,
        }
    }
    false
}

fn word_is(source: &Source, token: usize, words: &[&str]) -> bool {
    words.iter().any(|w| source.is(token, w))
}
