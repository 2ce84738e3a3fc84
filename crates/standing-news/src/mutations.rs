//! Rules that are broken rather than missing: each part of each rule is taken away, turned round or misspelt, and some text must be read
//! otherwise. The texts are the examples of all rules, `tests/sentences.txt` and `tests/words.txt`. What no text notices is listed by name, so that the list
//! can only be shortened.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use standing_model::step::Action;
use standing_model::{ClaimStatus, ClaimType};

use crate::article::{Article, ReadClaim};
use crate::gazetteer::Gazetteer;
use crate::reader::Reader;
use crate::rule::{Pattern, RuleSet};
use crate::sentences;
use crate::text::cut;

/// Every text that stands beside the rules, with what is read in it, and which patterns it may trigger.
struct Texts {
    gazetteer: Gazetteer,
    all: Vec<Article>,
    read: Vec<Vec<ReadClaim>>,
    /// For each pattern, the texts with one of its triggers.
    of: Vec<Vec<usize>>,
    /// For each verb and each noun, the texts that it stands in.
    verbs: HashMap<u32, Vec<usize>>,
    nouns: HashMap<u32, Vec<usize>>,
}

fn example(text: &str) -> String {
    text.split("=>").next().unwrap_or_default().trim().to_owned()
}

impl Texts {
    fn new(rules: &RuleSet) -> Self {
        let examples = rules.patterns.iter().flat_map(|p| p.yes.iter().chain(&p.no));
        let operators = rules.operators.iter().flat_map(|o| o.yes.iter().chain(&o.no));
        let speech = rules.speech.iter().flat_map(|s| s.yes.iter().chain(&s.no));
        let mut texts: BTreeSet<String> = examples.chain(operators).chain(speech).map(|t| example(t)).collect();
        let files = [
            include_str!("../tests/sentences.txt"),
            include_str!("../tests/words.txt"),
        ];
        texts.extend(files.iter().flat_map(|f| sentences::parse(f)).map(|c| c.text));
        let gazetteer = Gazetteer::embedded();
        let all: Vec<Article> = texts
            .into_iter()
            .map(|text| Article {
                text,
                ..Article::default()
            })
            .collect();
        let mut of = vec![Vec::new(); rules.patterns.len()];
        let mut verbs = HashMap::<u32, Vec<usize>>::new();
        let mut nouns = HashMap::<u32, Vec<usize>>::new();
        for (i, article) in all.iter().enumerate() {
            let mut touched = BTreeSet::new();
            for t in &cut(&article.text, &rules.lexicon).tokens {
                verbs.entry(t.reading.verb).or_default().push(i);
                nouns.entry(t.reading.noun).or_default().push(i);
                touched.extend(rules.verbs.get(&t.reading.verb).into_iter().flatten().map(|t| t.rule));
                touched.extend(rules.nouns.get(&t.reading.noun).into_iter().flatten());
                touched.extend(rules.participles.get(&t.reading.verb).into_iter().flatten());
            }
            for rule in touched {
                of[rule as usize].push(i);
            }
        }
        let mut texts = Self {
            gazetteer,
            all,
            read: Vec::new(),
            of,
            verbs,
            nouns,
        };
        texts.read = (0..texts.all.len()).map(|i| texts.claims(rules, i)).collect();
        texts
    }

    fn with(places: &HashMap<u32, Vec<usize>>, lemma: u32) -> impl Iterator<Item = usize> + '_ {
        places.get(&lemma).into_iter().flatten().copied()
    }

    fn claims(&self, rules: &RuleSet, text: usize) -> Vec<ReadClaim> {
        Reader::new(rules, &self.gazetteer).read(&self.all[text]).claims
    }

    fn notice(&self, broken: &RuleSet, among: impl Iterator<Item = usize>) -> bool {
        let reader = Reader::new(broken, &self.gazetteer);
        among
            .into_iter()
            .any(|i| reader.read(&self.all[i]).claims != self.read[i])
    }
}

/// The ways to break a pattern: the name of the part, and the pattern without or against it.
fn broken(p: &Pattern) -> Vec<(&'static str, Pattern)> {
    let mut out = Vec::new();
    let mut with = |part: &'static str, applies: bool, change: &dyn Fn(&mut Pattern)| {
        if applies {
            let mut q = p.clone();
            change(&mut q);
            out.push((part, q));
        }
    };
    with("type", true, &|q| {
        q.kind = if q.kind == ClaimType::Meet {
            ClaimType::Aid
        } else {
            ClaimType::Meet
        };
    });
    with("action", p.action.is_some(), &|q| {
        q.action = Some(if q.action == Some(Action::Lift) {
            Action::Impose
        } else {
            Action::Lift
        });
    });
    with("object", !p.object.is_empty(), &|q| q.object.clear());
    with("subject", !p.subject.is_empty(), &|q| q.subject.clear());
    with("heads", !p.heads.is_empty(), &|q| q.heads.clear());
    with("under", !p.under.is_empty(), &|q| q.under.clear());
    with("not_under", !p.not_under.is_empty(), &|q| q.not_under.clear());
    with("after", !p.after.is_empty(), &|q| q.after.clear());
    with("near", !p.near.is_empty(), &|q| q.near.clear());
    with("unless", !p.unless.is_empty(), &|q| q.unless.clear());
    with("actor", !p.actor.is_empty(), &|q| q.actor.clear());
    with("party", !p.party.is_empty(), &|q| q.party.clear());
    with("needs", !p.needs.is_empty(), &|q| q.needs.clear());
    with("only", !p.only.is_empty(), &|q| q.only.clear());
    with("status", p.status.is_some(), &|q| q.status = None);
    with("voice", p.voice.is_some(), &|q| {
        q.voice = Some(
            if q.voice.as_deref() == Some("passive") {
                "active"
            } else {
                "passive"
            }
            .to_owned(),
        );
    });
    with("nominal", p.nominal, &|q| q.nominal = false);
    with("mutual", p.mutual, &|q| q.mutual = false);
    with("again", p.again, &|q| q.again = false);
    out
}

/// What an operator is turned into: a fact, and two that are none.
const OTHERWISE: [ClaimStatus; 4] = [
    ClaimStatus::InEffect,
    ClaimStatus::Decided,
    ClaimStatus::Urged,
    ClaimStatus::NotOccurred,
];

/// Parts of rules whose loss no text notices; only ever lowered.
const PARTS_UNNOTICED: usize = 84;

/// Words of rules and operators whose misspelling no text notices; only ever lowered.
const WORDS_UNNOTICED: usize = 26;

#[test]
fn parts_of_rules_are_noticed_when_they_break() {
    let rules = RuleSet::embedded();
    let texts = Texts::new(&rules);
    let mut unnoticed = Vec::new();
    let mut mutant = RuleSet::embedded();
    for n in 0..rules.patterns.len() {
        let id = &rules.patterns[n].id;
        for (part, pattern) in broken(&rules.patterns[n]) {
            mutant.patterns[n] = pattern;
            if !texts.notice(&mutant, texts.of[n].iter().copied()) {
                // What a rule is for is never lost unseen.
                assert!(
                    !matches!(part, "type" | "action" | "again" | "voice" | "only"),
                    "{id} with another {part} reads the same"
                );
                unnoticed.push(format!("{id} {part}"));
            }
        }
        mutant.patterns[n] = rules.patterns[n].clone();
    }
    assert!(
        unnoticed.len() <= PARTS_UNNOTICED,
        "{} parts break unnoticed, {PARTS_UNNOTICED} did:\n{}",
        unnoticed.len(),
        unnoticed.join("\n")
    );
}

#[test]
fn every_operator_is_noticed_when_it_is_turned_round() {
    let rules = RuleSet::embedded();
    let texts = Texts::new(&rules);
    let mut mutant = RuleSet::embedded();
    for n in 0..rules.operators.len() {
        for status in OTHERWISE {
            if status == rules.operators[n].status {
                continue;
            }
            mutant.operators[n].status = status;
            assert!(
                texts.notice(&mutant, 0..texts.all.len()),
                "{} as {status:?} reads the same",
                rules.operators[n].id
            );
        }
        mutant.operators[n].status = rules.operators[n].status;
    }
    for n in 0..rules.speech.len() {
        mutant.speech[n].denies = !rules.speech[n].denies;
        assert!(
            texts.notice(&mutant, 0..texts.all.len()),
            "{} denying or not reads the same",
            rules.speech[n].id
        );
        mutant.speech[n].denies = rules.speech[n].denies;
        mutant.speech[n].takes_object = false;
        assert!(
            !rules.speech[n].takes_object || texts.notice(&mutant, 0..texts.all.len()),
            "{} without an object reads the same",
            rules.speech[n].id
        );
        mutant.speech[n].takes_object = rules.speech[n].takes_object;
    }
}

#[test]
fn trigger_words_are_noticed_when_they_are_misspelt() {
    let rules = RuleSet::embedded();
    let texts = Texts::new(&rules);
    let mut mutant = RuleSet::embedded();
    let mut seen = BTreeMap::<&str, bool>::new();
    let (mut words, mut unnoticed) = (0, Vec::new());
    let named: HashMap<u32, &str> = rules
        .patterns
        .iter()
        .flat_map(|p| p.verb.iter().chain(&p.noun).chain(&p.participle))
        .filter_map(|w| {
            let one = w.split(' ').next()?;
            let lemma = rules.lexicon.known(w).or_else(|| rules.lexicon.known(one))?;
            Some((lemma, w.as_str()))
        })
        .collect();
    let mut count = |id: &'static str, lemma: u32, noticed: bool| {
        *seen.entry(id).or_default() |= noticed;
        words += 1;
        if !noticed {
            unnoticed.push(format!("{id} {}", named.get(&lemma).unwrap_or(&"")));
        }
    };
    let ids: Vec<&'static str> = rules.patterns.iter().map(|p| &*p.id.clone().leak()).collect();
    for (lemma, triggers) in &rules.verbs {
        for one in triggers {
            mutant.verbs.entry(*lemma).or_default().retain(|t| t.rule != one.rule);
            count(
                ids[one.rule as usize],
                *lemma,
                texts.notice(&mutant, Texts::with(&texts.verbs, *lemma)),
            );
            mutant.verbs.insert(*lemma, triggers.clone());
        }
    }
    for (lemma, triggers) in &rules.nouns {
        for one in triggers {
            mutant.nouns.entry(*lemma).or_default().retain(|t| t != one);
            count(
                ids[*one as usize],
                *lemma,
                texts.notice(&mutant, Texts::with(&texts.nouns, *lemma)),
            );
            mutant.nouns.insert(*lemma, triggers.clone());
        }
    }
    for (lemma, triggers) in &rules.participles {
        for one in triggers {
            mutant.participles.entry(*lemma).or_default().retain(|t| t != one);
            count(
                ids[*one as usize],
                *lemma,
                texts.notice(&mutant, Texts::with(&texts.verbs, *lemma)),
            );
            mutant.participles.insert(*lemma, triggers.clone());
        }
    }
    for (id, noticed) in seen {
        assert!(noticed, "no trigger of {id} is missed when it is misspelt");
    }
    assert!(
        unnoticed.len() <= WORDS_UNNOTICED,
        "{} of {words} trigger words are misspelt unnoticed, {WORDS_UNNOTICED} were:\n{}",
        unnoticed.len(),
        unnoticed.join("\n")
    );
}
