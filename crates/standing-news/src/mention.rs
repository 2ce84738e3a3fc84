//! Who is named where: known names, capitalised names, acronyms, surnames, titles.
//!
//! Two passes. The first finds names sentence by sentence: the gazetteer's, longest first, then runs of capitalised words, joined over
//! particles (`bin`, `of` after a word such as *Ministry*). The second makes one entity of the names that belong together in the article:
//! an acronym in brackets after a name, a surname, the first or last words of a longer name. Whoever is never named in full keeps the
//! name that is there.

use std::collections::HashMap;

use crate::alias;
use crate::gazetteer::{Gazetteer, KnownKind};
use crate::lexicon::{Class, Lexicon};
use crate::offices::Offices;
use crate::text::{Cut, Shape, Token, fold, fold_into};

/// What an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntityKind {
    /// A state, the EU, the UN.
    State,
    /// A body of a state.
    Body,
    /// A medium.
    Media,
    /// A person.
    Person,
    /// An organisation, group, company.
    Organisation,
    /// Not known.
    Other,
}

/// Somebody or something named in the article.
#[derive(Debug, Clone)]
pub struct Entity {
    /// Full name in this article; for a state its usual name.
    pub name: String,
    /// What it is.
    pub kind: EntityKind,
    /// The state's code: of the state itself, of the body's state, of the person's office.
    pub code: Option<String>,
    /// The gazetteer's id, for parties and authorities.
    pub id: Option<String>,
    /// How often it is named.
    pub count: u32,
    /// The longer entity that this is a short name of.
    pub(crate) alias: Option<u32>,
}

/// How an entity is named at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// By name.
    Name,
    /// By an adjective: `Russian`.
    Adjective,
    /// By its capital: `Moscow`.
    Capital,
}

/// A name at its place.
#[derive(Debug, Clone, Copy)]
pub struct Mention {
    /// First token.
    pub start: u32,
    /// One past the last token.
    pub end: u32,
    /// Who.
    pub entity: u32,
    /// How.
    pub form: Form,
}

/// All names of an article.
#[derive(Debug, Default)]
pub struct Mentions {
    /// In order of place.
    pub list: Vec<Mention>,
    /// The entities.
    pub entities: Vec<Entity>,
    /// For each token, the mention that covers it, plus one.
    at: Vec<u32>,
    /// For each token, whether it lies in an office of several words: `Secretary of State`.
    office: Vec<bool>,
    names: HashMap<String, u32>,
}

impl Mentions {
    /// The mention that covers a token.
    pub fn at(&self, token: usize) -> Option<&Mention> {
        match self.at.get(token) {
            Some(&n) if n > 0 => Some(&self.list[n as usize - 1]),
            _ => None,
        }
    }

    /// Whether a token lies in an office of several words.
    pub fn in_office(&self, token: usize) -> bool {
        self.office.get(token).copied().unwrap_or(false)
    }

    /// The entity, with short names followed to the full one.
    pub fn entity(&self, id: u32) -> &Entity {
        &self.entities[self.root(id) as usize]
    }

    /// The number of the full entity.
    pub fn root(&self, id: u32) -> u32 {
        let mut id = id;
        for _ in 0..4 {
            match self.entities[id as usize].alias {
                Some(next) => id = next,
                None => break,
            }
        }
        id
    }

    /// The entity at a token.
    pub fn entity_at(&self, token: usize) -> Option<&Entity> {
        self.at(token).map(|m| self.entity(m.entity))
    }

    /// Mutable access to the full entity.
    pub fn entity_mut(&mut self, id: u32) -> &mut Entity {
        let root = self.root(id);
        &mut self.entities[root as usize]
    }

    fn intern(&mut self, key: String, make: impl FnOnce() -> Entity) -> u32 {
        if let Some(&id) = self.names.get(&key) {
            self.entities[id as usize].count += 1;
            return id;
        }
        let id = self.entities.len() as u32;
        self.entities.push(make());
        self.names.insert(key, id);
        id
    }

    fn push(&mut self, start: usize, end: usize, entity: u32, form: Form) {
        self.list.push(Mention {
            start: start as u32,
            end: end as u32,
            entity,
            form,
        });
        let number = self.list.len() as u32;
        for slot in &mut self.at[start..end] {
            *slot = number;
        }
    }
}

/// Finds all names of the article.
pub fn find(text: &str, cut: &Cut, gazetteer: &Gazetteer, lexicon: &Lexicon, offices: &Offices) -> Mentions {
    let mut mentions = Mentions {
        at: vec![0; cut.tokens.len()],
        office: vec![false; cut.tokens.len()],
        ..Mentions::default()
    };
    let mut scratch = Scratch::default();
    for sentence in &cut.sentences {
        let (start, end) = (sentence.start as usize, sentence.end as usize);
        let mut at = start;
        while at < end {
            let token = &cut.tokens[at];
            if token.reading.has(Class::Statehood)
                && let Some(length) = offices.longest(text, &cut.tokens[at..end]).filter(|&n| n > 2)
            {
                mentions.office[at..at + length].fill(true);
            }
            if token.shape != Shape::Capital && token.shape != Shape::Number {
                at += 1;
                continue;
            }
            let known = known_at(text, &cut.tokens[..end], at, gazetteer, &mut scratch);
            let next = match known {
                Some((length, id)) => take_known(
                    text,
                    cut,
                    end,
                    at,
                    length,
                    id,
                    gazetteer,
                    lexicon,
                    offices,
                    &mut mentions,
                ),
                None => take_capitals(text, cut, start, end, at, gazetteer, lexicon, offices, &mut mentions),
            };
            at = next.max(at + 1);
        }
    }
    alias::join(cut, &mut mentions);
    mentions
}

#[derive(Default)]
struct Scratch {
    word: String,
    key: String,
}

fn known_at(
    text: &str,
    tokens: &[Token],
    at: usize,
    gazetteer: &Gazetteer,
    scratch: &mut Scratch,
) -> Option<(usize, u32)> {
    let piece = |i: usize| &text[tokens[i].start as usize..tokens[i].end as usize];
    fold_into(piece(at), &mut scratch.word);
    let longest = gazetteer.longest_from(&scratch.word);
    if longest == 0 {
        return None;
    }
    // Ends of the prefixes, so that one buffer serves all lengths.
    let mut ends: [(usize, usize); 13] = [(0, 0); 13];
    let mut count = 0;
    scratch.key.clear();
    let mut i = at;
    let mut word = String::new();
    while i < tokens.len() && count < longest.min(12) {
        let token = &tokens[i];
        match token.shape {
            Shape::Other | Shape::Quote => {
                i += 1;
                continue;
            }
            Shape::Comma if i > at => {
                i += 1;
                continue;
            }
            Shape::Comma | Shape::Colon | Shape::Stop | Shape::Open | Shape::Close => break,
            Shape::Dash => {
                i += 1;
                continue;
            }
            _ => {}
        }
        if !scratch.key.is_empty() {
            scratch.key.push(' ');
        }
        fold_into(piece(i), &mut word);
        if token.shape == Shape::Possessive {
            scratch.key.push_str("'s");
        } else {
            scratch.key.push_str(&word);
        }
        i += 1;
        ends[count] = (scratch.key.len(), i - at);
        count += 1;
    }
    for &(bytes, length) in ends[..count].iter().rev() {
        if let Some(id) = gazetteer.find(&scratch.key[..bytes]) {
            let single = length == 1;
            let token = &tokens[at];
            // A single word that is an ordinary word too (`us`, `base`) counts only in its own spelling.
            if single
                && (token.reading.has(Class::Starter)
                    || (token.reading.verbal() && token.reading.verb != 0)
                    || token.reading.has(Class::Noun))
            {
                let written = piece(at);
                if written.chars().filter(|c| c.is_uppercase()).count() < 2 {
                    continue;
                }
            }
            return Some((length, id));
        }
    }
    None
}

#[allow(clippy::too_many_arguments)]
fn take_known(
    text: &str,
    cut: &Cut,
    end: usize,
    at: usize,
    length: usize,
    id: u32,
    gazetteer: &Gazetteer,
    lexicon: &Lexicon,
    offices: &Offices,
    mentions: &mut Mentions,
) -> usize {
    let known = gazetteer.known(id);
    let stop = at + length;
    let (kind, form) = match known.kind {
        KnownKind::State => (EntityKind::State, Form::Name),
        KnownKind::Adjective => (EntityKind::State, Form::Adjective),
        KnownKind::Capital => (EntityKind::State, Form::Capital),
        KnownKind::Body | KnownKind::Authority => (EntityKind::Body, Form::Name),
        KnownKind::Media => (EntityKind::Media, Form::Name),
        KnownKind::Person => (EntityKind::Person, Form::Name),
        KnownKind::Organisation => (EntityKind::Organisation, Form::Name),
    };
    // `Iranian Revolutionary Guard Corps`, `US Embassy`: a longer name that begins with the state's.
    if kind == EntityKind::State
        && form != Form::Capital
        && stop < end
        && cut.tokens[stop].shape == Shape::Capital
        && offices.longest(text, &cut.tokens[stop..end]).is_none()
    {
        let run = capitals_from(text, cut, end, stop, gazetteer, lexicon, offices);
        let last = run - 1;
        let first_word = &cut.tokens[stop].reading;
        let last_word = &cut.tokens[last].reading;
        if run > stop
            && (last_word.has(Class::Organisation) || first_word.has(Class::Organisation))
            && known_at(text, &cut.tokens[..end], stop, gazetteer, &mut Scratch::default()).is_none()
        {
            let name = span_text(text, &cut.tokens[at..run]);
            let official = body_words(text, &cut.tokens[stop..run]);
            let entity = mentions.intern(fold(&name), || Entity {
                name,
                kind: if official {
                    EntityKind::Body
                } else {
                    EntityKind::Organisation
                },
                code: official.then(|| known.code.clone()).flatten(),
                id: None,
                count: 1,
                alias: None,
            });
            mentions.push(at, run, entity, Form::Name);
            return run;
        }
    }
    // A person's name that begins like a place (`Sofia Rossi`, `Georgia Meloni`) is left to the capitals.
    let key = match kind {
        EntityKind::State => format!("\u{1}{}", known.id),
        _ => format!("\u{2}{}", known.id),
    };
    let entity = mentions.intern(key, || Entity {
        name: known.name.clone(),
        kind,
        code: known.code.clone(),
        id: matches!(
            known.kind,
            KnownKind::Person | KnownKind::Organisation | KnownKind::Authority
        )
        .then(|| known.id.clone()),
        count: 1,
        alias: None,
    });
    mentions.push(at, stop, entity, form);
    stop
}

/// Whether the words name a body of the state rather than something that bears its adjective.
fn body_words(text: &str, tokens: &[Token]) -> bool {
    const BODIES: [&str; 34] = [
        "house",
        "chamber",
        "legislature",
        "secretariat",
        "inspectorate",
        "army",
        "forces",
        "tribunal",
        "embassy",
        "consulate",
        "ministry",
        "department",
        "government",
        "parliament",
        "senate",
        "congress",
        "court",
        "treasury",
        "cabinet",
        "council",
        "commission",
        "committee",
        "police",
        "navy",
        "mission",
        "administration",
        "bank",
        "agency",
        "office",
        "bureau",
        "armed",
        "assembly",
        "authority",
        "prosecutor",
    ];
    tokens
        .iter()
        .any(|t| BODIES.contains(&fold(&text[t.start as usize..t.end as usize]).as_str()))
}

fn span_text(text: &str, tokens: &[Token]) -> String {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => text[first.start as usize..last.end as usize]
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" "),
        _ => String::new(),
    }
}

/// End of the run of capitalised words from `at`.
fn capitals_from(
    text: &str,
    cut: &Cut,
    end: usize,
    at: usize,
    gazetteer: &Gazetteer,
    lexicon: &Lexicon,
    offices: &Offices,
) -> usize {
    const PARTICLES: [&str; 22] = [
        "bin", "ibn", "al", "el", "ul", "de", "da", "di", "du", "van", "von", "der", "den", "la", "le", "and", "of",
        "for", "the", "wal", "ash", "to",
    ];
    let tokens = &cut.tokens;
    let piece = |i: usize| &text[tokens[i].start as usize..tokens[i].end as usize];
    let mut stop = at;
    let mut organisation = false;
    let mut i = at;
    while i < end {
        let token = &tokens[i];
        match token.shape {
            Shape::Capital => {
                if i > at
                    && (token.reading.has(Class::Month) || token.reading.has(Class::Weekday))
                    && token.reading.classes & !(Class::Month as u64 | Class::Weekday as u64) & (Class::Modal as u64)
                        == 0
                {
                    break;
                }
                organisation |= token.reading.has(Class::Organisation);
                i += 1;
                stop = i;
            }
            Shape::Number if i > at && tokens[i - 1].shape == Shape::Capital && token.end - token.start <= 3 => {
                // `Bureau 121`, `Unit 8200`; not a date's day.
                if tokens[i - 1].reading.has(Class::Month) {
                    break;
                }
                i += 1;
                stop = i;
            }
            Shape::Other if i > at && matches!(piece(i), "’" | "‘" | "'" | "&") => i += 1,
            // `Kurdistan Workers' Party`, `Lord's Resistance Army`: a name with a possessor in it.
            Shape::Possessive
                if i > at
                    && i + 1 < end
                    && tokens[i + 1].shape == Shape::Capital
                    && (piece(i).chars().count() == 1
                        || ["People", "Lord", "Jehovah", "Women", "Children", "Peoples"].contains(&piece(i - 1))) =>
            {
                i += 1;
            }
            Shape::Possessive
                if i > at
                    && piece(i).chars().count() == 1
                    && tokens.get(i + 1).is_some_and(|n| n.shape == Shape::Other) =>
            {
                i += 1;
            }
            Shape::Dash
                if i > at
                    && tokens.get(i + 1).is_some_and(|n| n.shape == Shape::Capital)
                    && i + 1 < end
                    && organisation
                    && piece(i) == "–" =>
            {
                i += 1;
            }
            Shape::Lower => {
                let word = piece(i);
                let next_capital = i + 1 < end && tokens[i + 1].shape == Shape::Capital;
                let next_the = i + 2 < end && piece(i + 1) == "the" && tokens[i + 2].shape == Shape::Capital;
                let joins = PARTICLES.contains(&word)
                    && match word {
                        "of" => organisation && (next_capital || next_the),
                        "for" => {
                            organisation && (next_capital || next_the) && tokens[at].reading.has(Class::Organisation)
                        }
                        "the" => organisation && i > at && matches!(piece(i - 1), "of" | "for") && next_capital,
                        "and" => {
                            organisation
                                && next_capital
                                && at + 2 < i
                                && matches!(piece(at + 1), "of" | "for")
                                && known_at(text, &tokens[..end], i + 1, gazetteer, &mut Scratch::default()).is_none()
                                && offices.longest(text, &tokens[i + 1..end]).is_none()
                        }
                        "to" => false,
                        _ => next_capital,
                    };
                if !joins {
                    break;
                }
                i += 1;
            }
            _ => break,
        }
        if i > at && i < end && tokens[i].shape == Shape::Capital && tokens[i - 1].shape == Shape::Capital {
            // Another known name begins: `Sergei Lavrov TASS` does not happen, `Monday Russian` does.
            let known = known_at(text, &tokens[..end], i, gazetteer, &mut Scratch::default());
            if known.is_some_and(|(_, id)| gazetteer.known(id).kind == KnownKind::Adjective) && !organisation {
                break;
            }
        }
    }
    let _ = lexicon;
    stop
}

/// Adjectives that begin names of bodies: `Foreign Ministry`, `Supreme Court`.
const ADJECTIVES: [&str; 18] = [
    "foreign",
    "supreme",
    "national",
    "federal",
    "international",
    "special",
    "high",
    "economic",
    "military",
    "political",
    "global",
    "regional",
    "joint",
    "public",
    "legal",
    "financial",
    "extremist",
    "nuclear",
];

#[allow(clippy::too_many_arguments)]
fn take_capitals(
    text: &str,
    cut: &Cut,
    sentence: usize,
    end: usize,
    at: usize,
    gazetteer: &Gazetteer,
    lexicon: &Lexicon,
    offices: &Offices,
    mentions: &mut Mentions,
) -> usize {
    let tokens = &cut.tokens;
    let token = &tokens[at];
    if token.shape != Shape::Capital {
        return at + 1;
    }
    let reading = token.reading;
    let opens = at == sentence || matches!(tokens[at - 1].shape, Shape::Quote | Shape::Colon | Shape::Stop);
    let single_letter = token.end - token.start == 1;
    if reading.has(Class::Month) || reading.has(Class::Weekday) {
        return at + 1;
    }
    let named_so = reading.has(Class::Adjective)
        && at + 1 < end
        && tokens[at + 1].shape == Shape::Capital
        && ADJECTIVES.contains(&fold(&text[token.start as usize..token.end as usize]).as_str());
    if (reading.has(Class::Starter) && !named_so) || (single_letter && opens) {
        // `The Hague` is known; `The Base` begins with its second word.
        return at + 1;
    }
    // An office before a name is a title, not a part of it; `the Prosecutor General's Office` is a body of its own.
    let office = offices.longest(text, &tokens[at..end]);
    let body = office.filter(|&n| {
        at + n + 1 < end
            && tokens[at + n].shape == Shape::Possessive
            && tokens[at + n + 1].shape == Shape::Capital
            && tokens[at + n + 1].reading.has(Class::Organisation)
    });
    if let (Some(length), None) = (office, body) {
        return at + length;
    }
    let next_capital = at + 1 < end && tokens[at + 1].shape == Shape::Capital;
    if opens && !next_capital && (reading.verbal() || reading.has(Class::Noun) || reading.classes != 0) {
        return at + 1;
    }
    if opens && next_capital && reading.verbal() && !reading.has(Class::Noun) {
        return at + 1;
    }
    let from = body.map_or(at, |n| at + n + 1);
    let stop = capitals_from(text, cut, end, from, gazetteer, lexicon, offices);
    if stop == from {
        return from + 1;
    }
    let name = span_text(text, &tokens[at..stop]);
    let words = tokens[at..stop].iter().filter(|t| t.shape == Shape::Capital).count();
    let organisation = tokens[at..stop]
        .iter()
        .any(|t| t.reading.has(Class::Organisation) || t.reading.has(Class::Group));
    let the = at > sentence && fold(&text[tokens[at - 1].start as usize..tokens[at - 1].end as usize]) == "the";
    // `the group Karsan Action`, `the airline Velmar Air`.
    let called = at > sentence && tokens[at - 1].shape == Shape::Lower && {
        let before = tokens[at - 1].reading;
        before.has(Class::Group)
            || [
                "company",
                "firm",
                "bank",
                "airline",
                "network",
                "party",
                "charity",
                "foundation",
                "militia",
                "newspaper",
                "association",
            ]
            .contains(&&text[tokens[at - 1].start as usize..tokens[at - 1].end as usize])
    };
    let acronym = words == 1 && name.chars().filter(|c| c.is_uppercase()).count() >= 2;
    let instrument = [
        "Order",
        "Act",
        "Resolution",
        "Treaty",
        "Agreement",
        "Constitution",
        "Charter",
        "Register",
        "List",
        "Convention",
        "Accord",
        "Accords",
        "SDGT",
        "SDGTs",
        "FTO",
        "FTOs",
        "SST",
        "SDN",
    ]
    .contains(&name.rsplit(' ').next().unwrap_or_default());
    let kind = if instrument {
        EntityKind::Other
    } else if organisation || the || acronym || called {
        EntityKind::Organisation
    } else if (2..=5).contains(&words) {
        EntityKind::Person
    } else {
        EntityKind::Other
    };
    // `Ministry of Foreign Affairs of Russia`, `Federal Aviation Office of Germany`.
    let code = (at..stop).find_map(|i| {
        known_at(text, &tokens[..stop], i, gazetteer, &mut Scratch::default())
            .map(|(_, id)| gazetteer.known(id))
            .filter(|k| matches!(k.kind, KnownKind::State | KnownKind::Adjective) && organisation)
            .and_then(|k| k.code.clone())
    });
    let official = code.is_some() && body_words(text, &tokens[at..stop]);
    let entity = mentions.intern(fold(&name), || Entity {
        name,
        kind: if official { EntityKind::Body } else { kind },
        code: if official { code } else { None },
        id: None,
        count: 1,
        alias: None,
    });
    if called && mentions.entities[entity as usize].kind == EntityKind::Person {
        mentions.entities[entity as usize].kind = EntityKind::Organisation;
    }
    mentions.push(at, stop, entity, Form::Name);
    stop
}
