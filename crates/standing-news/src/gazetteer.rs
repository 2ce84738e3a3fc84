//! Names that are known before reading: states with their adjectives and capitals, bodies, media, and the caller's parties and authorities.
//!
//! A name is found by its folded words, longest first. The embedded tables are data files; parties and authorities come from the register and
//! the ledger through [`GazetteerBuilder`], so that nothing here knows any party.

use std::collections::HashMap;

use standing_model::PartialDate;

use crate::hash::Build;
use crate::text::fold_into;

/// What a known name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KnownKind {
    /// A state, the EU or the UN by its name.
    State,
    /// Its adjective or people.
    Adjective,
    /// Its capital or seat.
    Capital,
    /// Another town.
    Town,
    /// A body that acts for it.
    Body,
    /// A medium.
    Media,
    /// A person.
    Person,
    /// Any other party.
    Organisation,
    /// An authority.
    Authority,
}

/// A role that a party had, and when: the Taliban are `insurgents` until August 2021 and `government` of AF after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedRole {
    /// What it is called: `government`, `insurgents`.
    pub role: String,
    /// The state concerned.
    pub state: Option<String>,
    /// First day, if known.
    pub from: Option<PartialDate>,
    /// Last day, if known.
    pub until: Option<PartialDate>,
}

/// A known name's bearer.
#[derive(Debug, Clone)]
pub struct Known {
    /// The caller's id, or the state's code.
    pub id: String,
    /// What it is.
    pub kind: KnownKind,
    /// The usual name.
    pub name: String,
    /// The state's code, `EU` or `UN`.
    pub code: Option<String>,
    /// Roles with their times.
    pub roles: Vec<DatedRole>,
}

/// All known names.
#[derive(Debug)]
pub struct Gazetteer {
    known: Vec<Known>,
    names: HashMap<Box<str>, u32, Build>,
    /// The greatest number of words of a name that begins with this word.
    firsts: HashMap<Box<str>, u8, Build>,
}

/// No name of more words than this is looked for.
const LONGEST_NAME: usize = 12;

impl Default for Gazetteer {
    fn default() -> Self {
        Self::embedded()
    }
}

impl Gazetteer {
    /// States, bodies and media only.
    pub fn embedded() -> Self {
        let mut gazetteer = Self {
            known: Vec::with_capacity(1000),
            names: HashMap::with_capacity_and_hasher(4000, Build::default()),
            firsts: HashMap::with_capacity_and_hasher(3000, Build::default()),
        };
        for row in rows(include_str!("../data/states.tsv")) {
            let [code, names, rest @ ..] = row.as_slice() else {
                continue;
            };
            let usual = names.split('|').next().unwrap_or_default();
            let all = [
                (*names, KnownKind::State),
                (rest.first().copied().unwrap_or_default(), KnownKind::Adjective),
                (rest.get(1).copied().unwrap_or_default(), KnownKind::Capital),
            ];
            for (names, kind) in all {
                if names.is_empty() {
                    continue;
                }
                let id = gazetteer.bearer(code, kind, usual, Some(code));
                for name in names.split('|') {
                    gazetteer.name(name, id);
                }
            }
        }
        for row in rows(include_str!("../data/towns.tsv")) {
            let [code, towns] = row.as_slice() else { continue };
            for town in towns.split('|') {
                let id = gazetteer.bearer(town, KnownKind::Town, town, Some(code));
                gazetteer.name(town, id);
            }
        }
        for row in rows(include_str!("../data/bodies.tsv")) {
            let [name, code] = row.as_slice() else { continue };
            // `-`: a body of several states, which acts by its own name.
            let code = (*code != "-").then_some(*code);
            let id = gazetteer.bearer(name, KnownKind::Body, name, code);
            gazetteer.name(name, id);
        }
        for row in rows(include_str!("../data/media.txt")) {
            let id = gazetteer.bearer(row[0], KnownKind::Media, row[0], None);
            gazetteer.name(row[0], id);
        }
        gazetteer
    }

    /// Adds a party or authority of the register or the ledger under all its names.
    pub fn add<'n>(
        &mut self,
        id: &str,
        kind: KnownKind,
        names: impl IntoIterator<Item = &'n str>,
        code: Option<&str>,
        roles: Vec<DatedRole>,
    ) {
        let mut names = names.into_iter();
        let Some(first) = names.next() else { return };
        let bearer = self.bearer(id, kind, first, code);
        self.known[bearer as usize].roles = roles;
        for name in std::iter::once(first).chain(names) {
            // A short single word is too likely to be something else; the article's own long name will resolve it.
            if name.chars().count() > 3 {
                self.name(name, bearer);
            }
        }
    }

    fn bearer(&mut self, id: &str, kind: KnownKind, name: &str, code: Option<&str>) -> u32 {
        self.known.push(Known {
            id: id.to_owned(),
            kind,
            name: name.to_owned(),
            code: code.map(str::to_owned),
            roles: Vec::new(),
        });
        self.known.len() as u32 - 1
    }

    fn name(&mut self, name: &str, bearer: u32) {
        let key = key(name);
        let words = key.split(' ').count();
        if key.is_empty() || words > LONGEST_NAME {
            return;
        }
        let first = key.split(' ').next().unwrap_or_default();
        if let Some(longest) = self.firsts.get_mut(first) {
            *longest = (*longest).max(words as u8);
        } else {
            self.firsts.insert(first.into(), words as u8);
        }
        self.names.entry(key.into_boxed_str()).or_insert(bearer);
    }

    /// The bearer with this number.
    pub fn known(&self, id: u32) -> &Known {
        &self.known[id as usize]
    }

    /// The most words that a name beginning with this folded word has.
    pub fn longest_from(&self, first: &str) -> usize {
        self.firsts.get(first).map_or(0, |&n| usize::from(n))
    }

    /// The bearer of exactly this folded name.
    pub fn find(&self, folded: &str) -> Option<u32> {
        self.names.get(folded).copied()
    }

    /// The usual name of a state's code.
    pub fn state_name(&self, code: &str) -> Option<&str> {
        self.known
            .iter()
            .find(|k| k.kind == KnownKind::State && k.code.as_deref() == Some(code))
            .map(|k| k.name.as_str())
    }
}

fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table
        .lines()
        .filter(|l| !l.trim().is_empty() && !l.starts_with('#'))
        .map(|l| l.split('\t').collect())
}

/// The folded words of a name, joined by single spaces: what the tokens of the text are compared with. Marks other than the possessive `'s`
/// take no part; a comma is a word of its own, as in `Washington, D.C.`.
pub fn key(name: &str) -> String {
    let mut folded = String::new();
    fold_into(name, &mut folded);
    let mut out = String::with_capacity(folded.len());
    for word in folded.split_whitespace() {
        let word = word.trim_matches(|c: char| matches!(c, '(' | ')' | '"' | ',' | ';' | '\'' | '“' | '”'));
        if word.is_empty() || word == "-" || word == "–" {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        if let Some(stem) = word.strip_suffix("'s") {
            out.push_str(stem);
            out.push_str(" 's");
        } else {
            out.push_str(word);
        }
    }
    out
}
