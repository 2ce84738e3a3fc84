//! The rules' own examples, and what happens when a rule is missing.

use standing_news::sentences::{compare, parse};
use standing_news::{Article, Gazetteer, Reader, RuleSet, check};

#[test]
fn the_examples_of_all_rules_hold() {
    let errors: Vec<String> = check(&[]).iter().map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

/// Removing any rule breaks one of its own examples: no rule rests on another's work.
#[test]
fn every_rule_is_needed() {
    let gazetteer = Gazetteer::embedded();
    let rules = RuleSet::embedded();
    let patterns = rules.patterns.iter().map(|p| (p.id.clone(), p.yes.clone()));
    let operators = rules.operators.iter().map(|o| (o.id.clone(), o.yes.clone()));
    let speech = rules.speech.iter().map(|s| (s.id.clone(), s.yes.clone()));
    let ids: Vec<(String, Vec<String>)> = patterns.chain(operators).chain(speech).collect();
    for (id, yes) in ids {
        let less = rules.without(&id);
        let reader = Reader::new(&less, &gazetteer);
        let all = Reader::new(&rules, &gazetteer);
        let changed = yes.iter().any(|example| {
            let text = example.split("=>").next().unwrap_or_default().trim();
            let article = Article {
                text: text.to_owned(),
                ..Article::default()
            };
            reader.read(&article).claims != all.read(&article).claims
        });
        assert!(changed, "without {id} its examples are read the same");
    }
}

/// The same of the lines that are set aside.
#[test]
fn every_rule_of_lines_is_needed() {
    let gazetteer = Gazetteer::embedded();
    let rules = RuleSet::embedded();
    for rule in &rules.boilerplate {
        let less = rules.without(&rule.id);
        let reader = Reader::new(&less, &gazetteer);
        let kept = rule.yes.iter().any(|line| {
            let article = Article {
                text: line.clone(),
                ..Article::default()
            };
            reader.read(&article).set_aside.is_empty()
        });
        assert!(kept, "without {} its examples are set aside all the same", rule.id);
    }
}

/// A rule that is broken rather than missing shows as well: turned to another action, or made to find nobody, it no longer reads its example.
#[test]
fn a_broken_rule_shows() {
    let gazetteer = Gazetteer::embedded();
    let whole = RuleSet::embedded();
    let first = |rules: &RuleSet, text: &str| {
        let article = Article {
            text: text.to_owned(),
            ..Article::default()
        };
        Reader::new(rules, &gazetteer).read(&article).claims
    };
    let mut broken = RuleSet::embedded();
    for n in 0..whole.patterns.len() {
        let pattern = whole.patterns[n].clone();
        let texts: Vec<&str> = pattern
            .yes
            .iter()
            .map(|e| e.split("=>").next().unwrap_or_default().trim())
            .collect();
        let changed = |rules: &RuleSet| texts.iter().any(|t| first(rules, t) != first(&whole, t));
        if let Some(action) = pattern.action {
            use standing_model::step::Action;
            broken.patterns[n].action = Some(if action == Action::Lift {
                Action::Impose
            } else {
                Action::Lift
            });
            assert!(changed(&broken), "{} with another action reads the same", pattern.id);
            broken.patterns[n].action = pattern.action;
        }
        broken.patterns[n].actor.clear();
        broken.patterns[n].party.clear();
        broken.patterns[n].needs = vec!["party".to_owned()];
        let slots = pattern.actor.len() + pattern.party.len() > 0 || !pattern.needs.is_empty();
        assert!(
            !slots || pattern.again || changed(&broken),
            "{} without its slots reads the same",
            pattern.id
        );
        broken.patterns[n] = pattern;
    }
}

/// Each word by which a rule is triggered, in the sentence of the rule's example: all of them are read as written.
#[test]
fn trigger_words_make_their_claims() {
    let rules = RuleSet::embedded();
    let gazetteer = Gazetteer::embedded();
    let reader = Reader::new(&rules, &gazetteer);
    for case in parse(include_str!("words.txt")) {
        let outcome = compare(&reader, &case);
        assert!(outcome.is_empty(), "{}\n    {}", case.text, outcome.join("\n    "));
    }
}

/// So many sentences were read rightly when this number was last raised.
const READ_RIGHTLY: usize = 1604;

/// The sentences of `sentences.txt`; as many must be read rightly as were when this number was last raised.
#[test]
fn sentences_are_read_as_written() {
    let rules = RuleSet::embedded();
    let gazetteer = Gazetteer::embedded();
    let reader = Reader::new(&rules, &gazetteer);
    let cases = parse(include_str!("sentences.txt"));
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let outcome = compare(&reader, case);
            (!outcome.is_empty()).then(|| format!("{}\n    {}", case.text, outcome.join("\n    ")))
        })
        .collect();
    let right = cases.len() - wrong.len();
    assert!(
        right >= READ_RIGHTLY,
        "{right} of {}, no longer {READ_RIGHTLY}, are right:\n{}",
        cases.len(),
        wrong.join("\n")
    );
}
