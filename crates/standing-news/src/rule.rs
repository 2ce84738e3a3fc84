//! The rule language: patterns, operators, speech verbs and boilerplate lines as tables that an expert edits.
//!
//! A file is TOML. `[[rule]]` makes claims, `[[operator]]` sets their status, `[[speech]]` finds who says so, `[[boilerplate]]` sets lines
//! aside, `[class]` names word lists that rules cite as `@name`. Every entry has an id and examples that are run as tests:
//! `yes = ["text => actor | party | status"]` must give such a claim with the entry in its trace, `no = ["text"]` must not. The whole
//! language is described in `docs/READING.md`. Entries are sorted by id when loaded, so that the order of files and entries means nothing.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use standing_model::step::Action;
use standing_model::{ClaimStatus, ClaimType};

use crate::lexicon::Lexicon;
use crate::text::fold;

/// What is wrong with a rule file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {problem}. {remedy}")]
pub struct RuleError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What was found.
    pub problem: String,
    /// What to do.
    pub remedy: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    class: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    rule: Vec<Pattern>,
    #[serde(default)]
    operator: Vec<Operator>,
    #[serde(default)]
    speech: Vec<Speech>,
    #[serde(default)]
    boilerplate: Vec<Boilerplate>,
}

/// A `[[rule]]`: what it looks for and what it makes of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
// Each is a field of the rule language, independent of the others.
#[allow(clippy::struct_excessive_bools)]
pub struct Pattern {
    /// Its id, shown in the trace.
    pub id: String,
    /// The claim's type.
    #[serde(rename = "type")]
    pub kind: ClaimType,
    /// The claim's action, for standing types.
    #[serde(default)]
    pub action: Option<Action>,
    /// Trigger verbs; `set up` waits for its particle.
    #[serde(default)]
    pub verb: Vec<String>,
    /// Trigger nouns, as head of a noun phrase.
    #[serde(default)]
    pub noun: Vec<String>,
    /// Trigger participles inside a noun phrase: `a designated group`.
    #[serde(default)]
    pub participle: Vec<String>,
    /// What the verb's patient must be headed by.
    #[serde(default)]
    pub object: Vec<String>,
    /// What the one who does it must be headed by: `the sanctions target`, `the embassy reopened`.
    #[serde(default)]
    pub subject: Vec<String>,
    /// What a prepositional phrase must be headed by, by preposition.
    #[serde(default)]
    pub heads: BTreeMap<String, Vec<String>>,
    /// Of a noun trigger: words of which one must govern it.
    #[serde(default)]
    pub under: Vec<String>,
    /// Of a noun trigger: words of which none may govern it.
    #[serde(default)]
    pub not_under: Vec<String>,
    /// Of a noun trigger: the prepositions of which one must lead it.
    #[serde(default)]
    pub after: Vec<String>,
    /// Whether the trigger noun names the act itself (`the lifting of …`): it is a fact only where the sentence treats it as one.
    #[serde(default)]
    pub nominal: bool,
    /// Whether actors are each other's party when none is named: `Iran and Iraq restored relations`.
    #[serde(default)]
    pub mutual: bool,
    /// Whether `near` is looked for in the whole paragraph.
    #[serde(default)]
    pub paragraph: bool,
    /// Whether it says again, with its own status, what the article said last: `the decision needs legal steps to take effect`.
    #[serde(default)]
    pub again: bool,
    /// Words of which one must stand in the sentence.
    #[serde(default)]
    pub near: Vec<String>,
    /// Words of which none may stand in the clause.
    #[serde(default)]
    pub unless: Vec<String>,
    /// Where the actor stands, in order of preference.
    #[serde(default)]
    pub actor: Vec<String>,
    /// Where the party stands, in order of preference.
    #[serde(default)]
    pub party: Vec<String>,
    /// What the party must be.
    #[serde(default)]
    pub party_is: Vec<String>,
    /// What the actor must be.
    #[serde(default)]
    pub actor_is: Vec<String>,
    /// A status that overrides the computed one when that is a fact.
    #[serde(default)]
    pub status: Option<ClaimStatus>,
    /// The computed statuses of which one must hold: `planned` for what somebody will do.
    #[serde(default)]
    pub only: Vec<ClaimStatus>,
    /// Whether only this voice fits: `active`, `passive`.
    #[serde(default)]
    pub voice: Option<String>,
    /// Whether the claim is dropped when the party is not found.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Rules of the same type and action yield to a rule of greater weight on the same words.
    #[serde(default)]
    pub weight: i32,
    /// Examples.
    #[serde(default)]
    pub yes: Vec<String>,
    /// Counter-examples.
    #[serde(default)]
    pub no: Vec<String>,
}

/// An `[[operator]]`: a governing word that sets the status.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// Its id.
    pub id: String,
    /// Governing verbs.
    #[serde(default)]
    pub verb: Vec<String>,
    /// Governing nouns.
    #[serde(default)]
    pub noun: Vec<String>,
    /// Subordinators over the clause.
    #[serde(default)]
    pub conjunction: Vec<String>,
    /// Words between a form of *be* and the infinitive: `is ready to`.
    #[serde(default)]
    pub adjective: Vec<String>,
    /// What becomes of the status.
    pub status: ClaimStatus,
    /// Examples.
    #[serde(default)]
    pub yes: Vec<String>,
    /// Counter-examples.
    #[serde(default)]
    pub no: Vec<String>,
}

/// A `[[speech]]`: verbs by which somebody says something.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Speech {
    /// Its id.
    pub id: String,
    /// The verbs.
    pub verb: Vec<String>,
    /// Whether a noun phrase alone can be what is said: `announced sanctions`.
    #[serde(default)]
    pub takes_object: bool,
    /// Whether what is said is denied.
    #[serde(default)]
    pub denies: bool,
    /// Examples.
    #[serde(default)]
    pub yes: Vec<String>,
    /// Counter-examples.
    #[serde(default)]
    pub no: Vec<String>,
}

/// A `[[boilerplate]]`: lines that are no part of the article.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Boilerplate {
    /// Its id.
    pub id: String,
    /// Beginnings of the line, folded.
    #[serde(default)]
    pub starts: Vec<String>,
    /// Words anywhere in the line, folded.
    #[serde(default)]
    pub contains: Vec<String>,
    /// Ends of the line, folded.
    #[serde(default)]
    pub ends: Vec<String>,
    /// The whole line, folded.
    #[serde(default)]
    pub equals: Vec<String>,
    /// Lines with more words are kept.
    #[serde(default)]
    pub most_words: Option<usize>,
    /// Whether a line that ends like a sentence is kept.
    #[serde(default)]
    pub no_sentence: bool,
    /// Examples.
    #[serde(default)]
    pub yes: Vec<String>,
    /// Counter-examples.
    #[serde(default)]
    pub no: Vec<String>,
}

/// A trigger verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trigger {
    /// Which rule.
    pub rule: u32,
    /// Index of its particle among [`RuleSet::particles`], plus one.
    pub particle: u32,
}

/// Rules ready for use.
#[derive(Debug)]
pub struct RuleSet {
    /// All patterns, by id.
    pub patterns: Vec<Pattern>,
    /// All operators, by id.
    pub operators: Vec<Operator>,
    /// All speech entries, by id.
    pub speech: Vec<Speech>,
    /// All boilerplate entries, by id.
    pub boilerplate: Vec<Boilerplate>,
    /// The lexicon with the rules' words.
    pub lexicon: Lexicon,
    /// Particles of trigger verbs.
    pub particles: Vec<String>,
    pub(crate) verbs: HashMap<u32, Vec<Trigger>, crate::hash::Build>,
    pub(crate) nouns: HashMap<u32, Vec<u32>, crate::hash::Build>,
    pub(crate) participles: HashMap<u32, Vec<u32>, crate::hash::Build>,
    pub(crate) operator_verbs: HashMap<u32, u32, crate::hash::Build>,
    /// Operators of a verb with a particle: `rule out`.
    pub(crate) operator_particles: Vec<(u32, String, u32)>,
    pub(crate) operator_nouns: HashMap<u32, u32, crate::hash::Build>,
    pub(crate) speech_verbs: HashMap<u32, u32, crate::hash::Build>,
}

/// One file of rules.
#[derive(Debug, Clone)]
pub struct RuleFile<'a> {
    /// Its name, for messages.
    pub name: &'a str,
    /// Its content.
    pub content: &'a str,
}

/// The files in the program.
pub const EMBEDDED: [RuleFile<'static>; 9] = [
    RuleFile {
        name: "classes.toml",
        content: include_str!("../rules/classes.toml"),
    },
    RuleFile {
        name: "designation.toml",
        content: include_str!("../rules/designation.toml"),
    },
    RuleFile {
        name: "sanctions.toml",
        content: include_str!("../rules/sanctions.toml"),
    },
    RuleFile {
        name: "assets.toml",
        content: include_str!("../rules/assets.toml"),
    },
    RuleFile {
        name: "recognition.toml",
        content: include_str!("../rules/recognition.toml"),
    },
    RuleFile {
        name: "mission.toml",
        content: include_str!("../rules/mission.toml"),
    },
    RuleFile {
        name: "context.toml",
        content: include_str!("../rules/context.toml"),
    },
    RuleFile {
        name: "status.toml",
        content: include_str!("../rules/status.toml"),
    },
    RuleFile {
        name: "text.toml",
        content: include_str!("../rules/text.toml"),
    },
];

const SLOTS: [&str; 10] = [
    "agent",
    "patient",
    "complement",
    "owner",
    "maker",
    "holder",
    "apposed",
    "relative",
    "speaker",
    "topic",
];
const KINDS: [&str; 8] = [
    "state",
    "organisation",
    "person",
    "body",
    "group",
    "grouping",
    "thing",
    "name",
];

fn line_of(content: &str, needle: &str) -> usize {
    content
        .find(needle)
        .map_or(1, |at| content[..at].matches('\n').count() + 1)
}

impl RuleSet {
    /// The rules in the program.
    ///
    /// # Panics
    ///
    /// If a rule file in the program does not parse: a defect of the build, which the tests of this crate find.
    pub fn embedded() -> Self {
        Self::parse(&EMBEDDED).unwrap_or_else(|errors| {
            let all: Vec<String> = errors.iter().map(ToString::to_string).collect();
            panic!("the rules in the program do not parse: {}", all.join("; "))
        })
    }

    /// The rules in the program and a user's own, which win where ids agree.
    pub fn with_files(files: &[RuleFile]) -> Result<Self, Vec<RuleError>> {
        let own: Vec<RuleFile> = files.to_vec();
        let mut all: Vec<RuleFile> = EMBEDDED.to_vec();
        all.extend(own);
        Self::parse(&all)
    }

    fn empty() -> Self {
        Self {
            patterns: Vec::new(),
            operators: Vec::new(),
            speech: Vec::new(),
            boilerplate: Vec::new(),
            lexicon: Lexicon::embedded(),
            particles: Vec::new(),
            verbs: HashMap::default(),
            nouns: HashMap::default(),
            participles: HashMap::default(),
            operator_verbs: HashMap::default(),
            operator_particles: Vec::new(),
            operator_nouns: HashMap::default(),
            speech_verbs: HashMap::default(),
        }
    }

    /// Reads and validates rule files; all errors are reported together.
    pub fn parse(files: &[RuleFile]) -> Result<Self, Vec<RuleError>> {
        let mut errors = Vec::new();
        let mut parsed = Vec::new();
        let mut classes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for file in files {
            if file.content.len() > 4_000_000 {
                errors.push(error(file, 1, "the file is larger than 4 MB", "Split it"));
                continue;
            }
            match toml::from_str::<File>(file.content) {
                Ok(value) => {
                    for (name, words) in &value.class {
                        classes.entry(name.clone()).or_default().extend(words.iter().cloned());
                    }
                    parsed.push((file, value));
                }
                Err(e) => {
                    let line = e.span().map_or(1, |s| {
                        file.content[..s.start.min(file.content.len())].matches('\n').count() + 1
                    });
                    errors.push(error(
                        file,
                        line,
                        &e.message().replace('\n', " "),
                        "See docs/READING.md for the fields of a rule",
                    ));
                }
            }
        }
        let mut patterns: BTreeMap<String, Pattern> = BTreeMap::new();
        let mut operators: BTreeMap<String, Operator> = BTreeMap::new();
        let mut speech: BTreeMap<String, Speech> = BTreeMap::new();
        let mut boilerplate: BTreeMap<String, Boilerplate> = BTreeMap::new();
        for (file, value) in parsed {
            let mut unknown = Vec::new();
            let mut expand = |words: &mut Vec<String>, id: &str| {
                let mut out = Vec::with_capacity(words.len());
                for word in words.drain(..) {
                    match word.strip_prefix('@') {
                        None => out.push(fold(&word)),
                        Some(name) => match classes.get(name) {
                            Some(members) => out.extend(members.iter().map(|m| fold(m))),
                            None => unknown.push(error(
                                file,
                                line_of(file.content, id),
                                &format!("rule {id} cites the unknown class @{name}"),
                                "Define it under [class], or correct its name",
                            )),
                        },
                    }
                }
                *words = out;
            };
            for mut p in value.rule {
                for words in [
                    &mut p.verb,
                    &mut p.noun,
                    &mut p.participle,
                    &mut p.object,
                    &mut p.subject,
                    &mut p.under,
                    &mut p.not_under,
                    &mut p.near,
                    &mut p.unless,
                    &mut p.actor_is,
                    &mut p.party_is,
                ] {
                    expand(words, &p.id);
                }
                for words in p.heads.values_mut() {
                    expand(words, &p.id);
                }
                check_pattern(file, &p, &mut errors);
                patterns.insert(p.id.clone(), p);
            }
            for mut o in value.operator {
                for words in [&mut o.verb, &mut o.noun, &mut o.conjunction, &mut o.adjective] {
                    expand(words, &o.id);
                }
                check_examples(file, &o.id, &o.yes, &o.no, &mut errors);
                operators.insert(o.id.clone(), o);
            }
            for mut s in value.speech {
                expand(&mut s.verb, &s.id);
                check_examples(file, &s.id, &s.yes, &s.no, &mut errors);
                speech.insert(s.id.clone(), s);
            }
            for b in value.boilerplate {
                check_examples(file, &b.id, &b.yes, &b.no, &mut errors);
                boilerplate.insert(b.id.clone(), b);
            }
            errors.append(&mut unknown);
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut set = Self::empty();
        set.patterns = patterns.into_values().collect();
        set.operators = operators.into_values().collect();
        set.speech = speech.into_values().collect();
        set.boilerplate = boilerplate.into_values().collect();
        set.index();
        Ok(set)
    }

    /// The same rules without the one of this id: what a test of the rules' necessity asks for.
    #[must_use]
    pub fn without(&self, id: &str) -> Self {
        let mut set = Self::empty();
        set.patterns = self.patterns.iter().filter(|p| p.id != id).cloned().collect();
        set.operators = self.operators.iter().filter(|p| p.id != id).cloned().collect();
        set.speech = self.speech.iter().filter(|p| p.id != id).cloned().collect();
        set.boilerplate = self.boilerplate.iter().filter(|p| p.id != id).cloned().collect();
        set.index();
        set
    }

    fn index(&mut self) {
        let lexicon = &mut self.lexicon;
        for (i, p) in self.patterns.iter().enumerate() {
            let rule = i as u32;
            for verb in &p.verb {
                let (base, particle) = verb
                    .split_once(' ')
                    .map_or((verb.as_str(), None), |(b, p)| (b, Some(p)));
                let lemma = verb_lemma(lexicon, base);
                let particle = particle.map_or(0, |p| {
                    if let Some(at) = self.particles.iter().position(|x| x == p) {
                        at as u32 + 1
                    } else {
                        self.particles.push(p.to_owned());
                        self.particles.len() as u32
                    }
                });
                self.verbs.entry(lemma).or_default().push(Trigger { rule, particle });
            }
            for noun in &p.noun {
                let head = noun.rsplit(' ').next().unwrap_or(noun);
                let lemma = lexicon.add_noun(head);
                self.nouns.entry(lemma).or_default().push(rule);
            }
            for participle in &p.participle {
                let lemma = verb_lemma(lexicon, participle);
                self.participles.entry(lemma).or_default().push(rule);
            }
            for object in p.object.iter().chain(&p.subject).chain(p.heads.values().flatten()) {
                if !object.contains(' ') && !object.contains('*') {
                    lexicon.add_noun(object);
                }
            }
        }
        for (i, o) in self.operators.iter().enumerate() {
            for verb in &o.verb {
                if let Some((base, particle)) = verb.split_once(' ') {
                    let lemma = verb_lemma(lexicon, base);
                    self.operator_particles.push((lemma, particle.to_owned(), i as u32));
                } else {
                    let lemma = verb_lemma(lexicon, verb);
                    self.operator_verbs.insert(lemma, i as u32);
                }
            }
            for noun in &o.noun {
                let lemma = lexicon.add_noun(noun);
                self.operator_nouns.insert(lemma, i as u32);
            }
        }
        for (i, s) in self.speech.iter().enumerate() {
            for verb in &s.verb {
                let lemma = verb_lemma(lexicon, verb.split(' ').next().unwrap_or(verb));
                self.speech_verbs.insert(lemma, i as u32);
            }
        }
        for list in self.verbs.values_mut() {
            list.dedup();
        }
    }
}

fn verb_lemma(lexicon: &mut Lexicon, base: &str) -> u32 {
    let known = lexicon.read(base);
    if known.has(crate::lexicon::Class::Base) {
        return lexicon.lemma(base);
    }
    if known.verb != 0 {
        return known.verb;
    }
    lexicon.add_verb(base, None, None);
    lexicon.lemma(base)
}

fn error(file: &RuleFile, line: usize, problem: &str, remedy: &str) -> RuleError {
    RuleError {
        file: file.name.to_owned(),
        line,
        problem: problem.to_owned(),
        remedy: remedy.to_owned(),
    }
}

fn check_examples(file: &RuleFile, id: &str, yes: &[String], no: &[String], errors: &mut Vec<RuleError>) {
    let line = line_of(file.content, &format!("\"{id}\""));
    if id.trim().is_empty() {
        errors.push(error(
            file,
            line,
            "a rule has no id",
            "Give it one: id = \"designation.impose.mine\"",
        ));
    }
    if yes.is_empty() {
        errors.push(error(
            file,
            line,
            &format!("rule {id} has no `yes` example"),
            "Add a sentence that it must read",
        ));
    }
    if no.is_empty() {
        errors.push(error(
            file,
            line,
            &format!("rule {id} has no `no` example"),
            "Add a sentence that it must leave alone",
        ));
    }
}

fn check_pattern(file: &RuleFile, p: &Pattern, errors: &mut Vec<RuleError>) {
    check_examples(file, &p.id, &p.yes, &p.no, errors);
    let line = line_of(file.content, &format!("\"{}\"", p.id));
    if p.verb.is_empty() && p.noun.is_empty() && p.participle.is_empty() {
        errors.push(error(
            file,
            line,
            &format!("rule {} has no trigger", p.id),
            "Give it `verb`, `noun` or `participle`",
        ));
    }
    if p.kind.tier() == 1 && p.action.is_none() {
        errors.push(error(
            file,
            line,
            &format!("rule {} is of a standing type and has no action", p.id),
            "Give it impose, lift, suspend or maintain",
        ));
    }
    for slot in p.actor.iter().chain(&p.party) {
        let good = slot
            .split('.')
            .all(|word| SLOTS.contains(&word) || (!word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase())))
            && slot.matches('.').count() < 2;
        if !good {
            errors.push(error(
                file,
                line,
                &format!("rule {} names the unknown slot \"{slot}\"", p.id),
                "Use agent, patient, complement, owner, maker, holder, apposed, relative, speaker or a preposition, alone or two joined by a point",
            ));
        }
    }
    for kind in p.party_is.iter().chain(&p.actor_is) {
        if !KINDS.contains(&kind.trim_start_matches('!')) {
            errors.push(error(
                file,
                line,
                &format!("rule {} names the unknown kind \"{kind}\"", p.id),
                "Use state, organisation, person, body, group, grouping, thing or name",
            ));
        }
    }
    for yes in &p.yes {
        if !yes.contains("=>") {
            errors.push(error(
                file,
                line_of(file.content, yes),
                &format!("an example of rule {} has no `=>`", p.id),
                "Write \"text => actor | party | status\"",
            ));
        }
    }
}
