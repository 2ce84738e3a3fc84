//! Rule files become a set of rules: parsed, classes put in, every field checked, indexed by trigger. Errors are reported together, each with
//! its file and line.

use std::collections::{BTreeMap, HashMap};

use crate::lexicon::Lexicon;
use crate::rule::{Boilerplate, File, Operator, Pattern, RuleError, Speech};
use crate::text::fold;

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
