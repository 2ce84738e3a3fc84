//! Who is named where: known names, capitalised names, acronyms, surnames, titles.
//!
//! Two passes. The first finds names sentence by sentence: the gazetteer's, longest first, then runs of capitalised words, joined over
//! particles (`bin`, `of` after a word such as *Ministry*). The second makes one entity of the names that belong together in the article:
//! an acronym in brackets after a name, a surname, the first or last words of a longer name. Whoever is never named in full keeps the
//! name that is there.

use std::collections::HashMap;

use crate::alias;
use crate::capitals::{body_words, capitals_from, span_text, take_capitals};
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
    /// A town that is no capital: what is done by a court or police there, its state does.
    Place,
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

    pub(crate) fn intern(&mut self, key: String, make: impl FnOnce() -> Entity) -> u32 {
        if let Some(&id) = self.names.get(&key) {
            self.entities[id as usize].count += 1;
            return id;
        }
        let id = self.entities.len() as u32;
        self.entities.push(make());
        self.names.insert(key, id);
        id
    }

    pub(crate) fn push(&mut self, start: usize, end: usize, entity: u32, form: Form) {
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
pub(crate) struct Scratch {
    word: String,
    key: String,
}

pub(crate) fn known_at(
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
        KnownKind::Town => (EntityKind::Place, Form::Name),
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
