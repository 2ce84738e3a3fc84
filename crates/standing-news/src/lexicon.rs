//! What is known of single words: closed classes, verbs with their forms, nouns that look like verbs.
//!
//! A reading is a small copyable value (a set of classes and two lemma numbers), looked up once a token, so that every later stage compares
//! integers. The words come from `data/verbs.txt` and `data/words.toml`; words that rules speak of are added when rules are loaded.

use std::collections::{BTreeMap, HashMap};

use crate::hash::Build;

/// What a word can be. A word may belong to several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Class {
    /// `the`, `this`, `no`.
    Determiner = 1 << 0,
    /// `its`.
    Possessive = 1 << 1,
    /// `he`, `it`.
    Pronoun = 1 << 2,
    /// `of`.
    Preposition = 1 << 3,
    /// `will`.
    Modal = 1 << 4,
    /// `has`.
    Have = 1 << 5,
    /// `is`.
    Be = 1 << 6,
    /// `did`.
    Do = 1 << 7,
    /// `not`.
    Negation = 1 << 8,
    /// `which`.
    Relative = 1 << 9,
    /// `if`.
    Subordinator = 1 << 10,
    /// `and`.
    Conjunction = 1 << 11,
    /// `already`.
    Adverb = 1 << 12,
    /// `three`.
    Number = 1 << 13,
    /// `new`.
    Adjective = 1 << 14,
    /// `October`.
    Month = 1 << 15,
    /// `Friday`.
    Weekday = 1 << 16,
    /// A noun also when it looks like a verb.
    Noun = 1 << 17,
    /// Base form of a verb.
    Base = 1 << 18,
    /// Third person of a verb.
    Third = 1 << 19,
    /// Past of a verb.
    Past = 1 << 20,
    /// Past participle.
    Participle = 1 << 21,
    /// Present participle.
    Gerund = 1 << 22,
    /// Stands for a party named before.
    Group = 1 << 23,
    /// Stands for a state together with its name.
    Statehood = 1 << 24,
    /// Heads names of organisations.
    Organisation = 1 << 25,
    /// `the country`.
    StateNoun = 1 << 26,
    /// A word that begins sentences and is no name: any closed-class word or verb form.
    Starter = 1 << 27,
    /// A verb that takes a clause and hardly ever a thing: `say`.
    Clausal = 1 << 28,
    /// A verb that calls its object something: `designate`, `consider`.
    Naming = 1 << 29,
    /// A verb that takes a hearer and a clause: `tell`.
    Telling = 1 << 30,
    /// A verb whose object does the infinitive: `urge`.
    Control = 1 << 31,
    /// A noun that an infinitive completes: `decision`.
    TakesInfinitive = 1 << 32,
    /// People or bodies that measures are taken against.
    People = 1 << 33,
    /// A verb that takes a clause or a thing: `announce`.
    Announcing = 1 << 34,
    /// Heads that only count or bundle: `a package of sanctions`.
    Measure = 1 << 35,
}

/// Verb forms.
pub const VERBAL: u64 =
    Class::Base as u64 | Class::Third as u64 | Class::Past as u64 | Class::Participle as u64 | Class::Gerund as u64;

/// What the lexicon says of a word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reading {
    /// The set of classes.
    pub classes: u64,
    /// Number of the verb's base form; 0 if it is no known verb.
    pub verb: u32,
    /// Number of the noun's singular; 0 if unknown.
    pub noun: u32,
}

impl Reading {
    /// Whether it belongs to a class.
    pub fn has(self, class: Class) -> bool {
        self.classes & class as u64 != 0
    }

    /// Whether it can be a form of a verb.
    pub fn verbal(self) -> bool {
        self.classes & VERBAL != 0
    }
}

/// The words known.
#[derive(Debug)]
pub struct Lexicon {
    words: HashMap<Box<str>, Reading, Build>,
    lemmas: HashMap<Box<str>, u32, Build>,
    abbreviations: Vec<String>,
}

const CLASSES: [(&str, Class); 24] = [
    ("determiner", Class::Determiner),
    ("possessive", Class::Possessive),
    ("pronoun", Class::Pronoun),
    ("preposition", Class::Preposition),
    ("modal", Class::Modal),
    ("have", Class::Have),
    ("be", Class::Be),
    ("do", Class::Do),
    ("negation", Class::Negation),
    ("relative", Class::Relative),
    ("subordinator", Class::Subordinator),
    ("conjunction", Class::Conjunction),
    ("adverb", Class::Adverb),
    ("number", Class::Number),
    ("adjective", Class::Adjective),
    ("month", Class::Month),
    ("weekday", Class::Weekday),
    ("noun", Class::Noun),
    ("group", Class::Group),
    ("statehood", Class::Statehood),
    ("organisation", Class::Organisation),
    ("takes_infinitive", Class::TakesInfinitive),
    ("people", Class::People),
    ("bundle", Class::Measure),
];

/// Classes of verbs: listed by base form, true of all forms.
const VERB_CLASSES: [(&str, Class); 5] = [
    ("clausal_verb", Class::Clausal),
    ("announcing_verb", Class::Announcing),
    ("naming_verb", Class::Naming),
    ("telling_verb", Class::Telling),
    ("control_verb", Class::Control),
];

impl Default for Lexicon {
    fn default() -> Self {
        Self::embedded()
    }
}

impl Lexicon {
    /// The words in the program.
    pub fn embedded() -> Self {
        let mut lexicon = Self {
            words: HashMap::with_capacity_and_hasher(8000, Build::default()),
            lemmas: HashMap::with_capacity_and_hasher(2000, Build::default()),
            abbreviations: Vec::new(),
        };
        lexicon.add_verbs(include_str!("../data/verbs.txt"));
        lexicon.add_classes(include_str!("../data/words.toml"));
        for reading in lexicon.words.values_mut() {
            let closed = Class::Determiner as u64
                | Class::Possessive as u64
                | Class::Pronoun as u64
                | Class::Preposition as u64
                | Class::Modal as u64
                | Class::Have as u64
                | Class::Be as u64
                | Class::Do as u64
                | Class::Negation as u64
                | Class::Relative as u64
                | Class::Subordinator as u64
                | Class::Conjunction as u64
                | Class::Adverb as u64
                | Class::Number as u64
                | Class::Adjective as u64;
            if reading.classes & closed != 0 {
                reading.classes |= Class::Starter as u64;
            }
        }
        lexicon
    }

    fn add_classes(&mut self, table: &str) {
        let table: BTreeMap<String, Vec<String>> = toml::from_str(table).unwrap_or_default();
        for (name, class) in CLASSES.iter().chain(&[("state_noun", Class::StateNoun)]) {
            for word in table.get(*name).into_iter().flatten() {
                self.words.entry(word.as_str().into()).or_default().classes |= *class as u64;
                if matches!(
                    class,
                    Class::Noun
                        | Class::Group
                        | Class::Statehood
                        | Class::Organisation
                        | Class::StateNoun
                        | Class::TakesInfinitive
                        | Class::People
                        | Class::Measure
                ) {
                    let lemma = self.noun_lemma(word);
                    let entry = self.words.entry(word.as_str().into()).or_default();
                    entry.classes |= Class::Noun as u64;
                    entry.noun = lemma;
                }
            }
        }
        for (base, class) in [("be", Class::Be), ("have", Class::Have)] {
            let lemma = self.lemma(base);
            for reading in self.words.values_mut().filter(|r| r.has(class)) {
                reading.verb = lemma;
            }
        }
        for (name, class) in VERB_CLASSES {
            let lemmas: Vec<u32> = table
                .get(name)
                .into_iter()
                .flatten()
                .map(|base| {
                    if !self.words.get(base.as_str()).is_some_and(|r| r.has(Class::Base)) {
                        self.add_verb(base, None, None);
                    }
                    self.lemma(base)
                })
                .collect();
            for reading in self.words.values_mut() {
                if reading.verb != 0 && lemmas.contains(&reading.verb) {
                    reading.classes |= class as u64;
                }
            }
        }
        self.abbreviations = table.get("abbreviation").cloned().unwrap_or_default();
    }

    fn add_verbs(&mut self, table: &str) {
        for line in table.lines() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let mut parts = line.split(' ');
            let Some(first) = parts.next() else { continue };
            let base = first.trim_end_matches('*');
            self.add_verb(base, parts.next(), parts.next());
            if first.ends_with('*') {
                let noun = self.lemma(base);
                for form in [base.to_owned(), third(base)] {
                    let entry = self.words.entry(form.as_str().into()).or_default();
                    entry.classes |= Class::Noun as u64;
                    entry.noun = noun;
                }
            }
        }
    }

    /// Adds a verb with its forms.
    pub fn add_verb(&mut self, base: &str, past: Option<&str>, participle: Option<&str>) {
        let lemma = self.lemma(base);
        // British spelling beside American: `annulled`, `labelled`, `cancelled`.
        let bytes = base.as_bytes();
        let vowel = |b: u8| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u');
        if past.is_none()
            && bytes.len() > 3
            && base.ends_with('l')
            && vowel(bytes[bytes.len() - 2])
            && !vowel(bytes[bytes.len() - 3])
        {
            for (form, classes) in [
                (format!("{base}led"), Class::Past as u64 | Class::Participle as u64),
                (format!("{base}ling"), Class::Gerund as u64),
            ] {
                let entry = self.words.entry(form.into()).or_default();
                entry.classes |= classes;
                entry.verb = lemma;
            }
        }
        let regular = past_of(base);
        let past = past.map_or(regular, str::to_owned);
        let participle = participle.map_or_else(|| past.clone(), str::to_owned);
        for (form, class) in [
            (base.to_owned(), Class::Base),
            (third(base), Class::Third),
            (past, Class::Past),
            (participle, Class::Participle),
            (gerund(base), Class::Gerund),
        ] {
            let entry = self.words.entry(form.as_str().into()).or_default();
            entry.classes |= class as u64;
            if entry.verb == 0 || matches!(class, Class::Base) {
                entry.verb = lemma;
            }
        }
    }

    /// The number of a lemma, made if it is new.
    pub fn lemma(&mut self, word: &str) -> u32 {
        if let Some(&id) = self.lemmas.get(word) {
            return id;
        }
        let id = self.lemmas.len() as u32 + 1;
        self.lemmas.insert(word.into(), id);
        id
    }

    /// Makes a noun known by its singular, with its plural; gives its lemma.
    pub fn add_noun(&mut self, singular: &str) -> u32 {
        let lemma = self.lemma(singular);
        for form in [singular.to_owned(), third(singular)] {
            let verb_only = self
                .words
                .get(form.as_str())
                .is_some_and(|r| r.verbal() && !r.has(Class::Noun));
            let entry = self.words.entry(form.as_str().into()).or_default();
            entry.noun = lemma;
            if !verb_only || !entry.has(Class::Gerund) {
                entry.classes |= Class::Noun as u64;
            }
        }
        lemma
    }

    fn noun_lemma(&mut self, word: &str) -> u32 {
        let singular = singular(word);
        self.lemma(&singular)
    }

    /// The number of a known lemma.
    pub fn known(&self, word: &str) -> Option<u32> {
        self.lemmas.get(word).copied()
    }

    /// What is known of a folded word; the endings decide for unknown ones.
    pub fn read(&self, folded: &str) -> Reading {
        if let Some(&reading) = self.words.get(folded) {
            return reading;
        }
        let mut reading = Reading::default();
        // `state-owned`, `long-standing`: compounds describe.
        if folded.contains('-') {
            reading.classes |= Class::Adjective as u64;
            return reading;
        }
        if folded.len() > 4 && folded.is_ascii() {
            if folded.ends_with("ly") {
                reading.classes |= Class::Adverb as u64;
            } else if folded.ends_with("ed") {
                reading.classes |= Class::Past as u64 | Class::Participle as u64;
            } else if folded.ends_with("ing") {
                reading.classes |= Class::Gerund as u64;
            } else if let Some(known) = folded.strip_suffix('s').and_then(|s| self.words.get(s))
                && known.noun != 0
            {
                reading.noun = known.noun;
                reading.classes |= Class::Noun as u64;
            }
        }
        reading
    }

    /// Whether a word with a point after it is an abbreviation.
    pub fn is_abbreviation(&self, word: &str) -> bool {
        let folded = word.trim_end_matches('.').to_ascii_lowercase();
        (folded.chars().count() == 1 && word.chars().next().is_some_and(char::is_uppercase) && folded != "i")
            || self.abbreviations.contains(&folded)
    }
}

fn third(base: &str) -> String {
    if let Some(stem) = base.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'o', 'u', 'i'])
    {
        return format!("{stem}ies");
    }
    if base.ends_with(['s', 'x', 'z', 'o']) || base.ends_with("ch") || base.ends_with("sh") {
        return format!("{base}es");
    }
    format!("{base}s")
}

/// Verbs of more than one syllable that double their last consonant, beside all of one syllable.
const DOUBLING: [&str; 16] = [
    "expel", "compel", "commit", "permit", "admit", "refer", "prefer", "occur", "transfer", "submit", "rebut",
    "control", "abet", "repel", "propel", "rebel",
];

fn doubles(base: &str) -> bool {
    let bytes = base.as_bytes();
    let n = bytes.len();
    if n < 3 {
        return false;
    }
    let vowel = |b: u8| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u');
    let short = !vowel(bytes[n - 1])
        && vowel(bytes[n - 2])
        && !vowel(bytes[n - 3])
        && !matches!(bytes[n - 1], b'w' | b'x' | b'y');
    short && (bytes.iter().filter(|&&b| vowel(b)).count() == 1 || DOUBLING.contains(&base) || base == "unban")
}

fn past_of(base: &str) -> String {
    if base.ends_with('e') {
        return format!("{base}d");
    }
    if let Some(stem) = base.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'o', 'u', 'i'])
    {
        return format!("{stem}ied");
    }
    if doubles(base) {
        let last = &base[base.len() - 1..];
        return format!("{base}{last}ed");
    }
    format!("{base}ed")
}

fn gerund(base: &str) -> String {
    if let Some(stem) = base.strip_suffix("ie") {
        return format!("{stem}ying");
    }
    if base.ends_with('e') && !base.ends_with("ee") {
        return format!("{}ing", &base[..base.len() - 1]);
    }
    if doubles(base) {
        let last = &base[base.len() - 1..];
        return format!("{base}{last}ing");
    }
    format!("{base}ing")
}

fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    match word.strip_suffix('s') {
        Some(stem) if !stem.ends_with('s') && stem.len() > 2 => stem.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_have_their_forms() {
        let lexicon = Lexicon::embedded();
        for (form, base) in [
            ("banned", "ban"),
            ("froze", "freeze"),
            ("expelling", "expel"),
            ("denies", "deny"),
            ("seized", "seize"),
        ] {
            assert_eq!(lexicon.read(form).verb, lexicon.known(base).unwrap(), "{form}");
        }
        assert!(lexicon.read("sanctions").has(Class::Noun));
        assert!(!lexicon.read("imposes").has(Class::Noun));
    }
}
