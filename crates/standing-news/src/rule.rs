//! The rule language: patterns, operators, speech verbs and boilerplate lines as tables that an expert edits.
//!
//! A file is TOML. `[[rule]]` makes claims, `[[operator]]` sets their status, `[[speech]]` finds who says so, `[[boilerplate]]` sets lines
//! aside, `[class]` names word lists that rules cite as `@name`. Every entry has an id and examples that are run as tests:
//! `yes = ["text => actor | party | status"]` must give such a claim with the entry in its trace, `no = ["text"]` must not. The whole
//! language is described in `docs/READING.md`. Entries are sorted by id when loaded, so that the order of files and entries means nothing.

use std::collections::BTreeMap;

use serde::Deserialize;
use standing_model::step::Action;
use standing_model::{ClaimStatus, ClaimType};

pub use crate::ruleset::{EMBEDDED, RuleFile, RuleSet, Trigger};

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
pub(crate) struct File {
    #[serde(default)]
    pub class: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub rule: Vec<Pattern>,
    #[serde(default)]
    pub operator: Vec<Operator>,
    #[serde(default)]
    pub speech: Vec<Speech>,
    #[serde(default)]
    pub boilerplate: Vec<Boilerplate>,
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
