//! Validates rules: their form, then their examples, each read with all rules.

use crate::article::{Article, Reading};
use crate::boilerplate;
use crate::gazetteer::Gazetteer;
use crate::reader::Reader;
use crate::rule::{RuleError, RuleFile, RuleSet};

/// Validates rule files: their form, then their examples, each read with all rules. An empty list means that all is well.
pub fn check(files: &[RuleFile]) -> Vec<RuleError> {
    let rules = match RuleSet::with_files(files) {
        Ok(rules) => rules,
        Err(errors) => return errors,
    };
    let gazetteer = Gazetteer::embedded();
    let reader = Reader::new(&rules, &gazetteer);
    let mut errors = Vec::new();
    let all = crate::rule::EMBEDDED.iter().chain(files);
    let mut run = |id: &str, yes: &[String], no: &[String], lines: bool| {
        let mut fail = |example: &str, problem: String| {
            let file = all.clone().rfind(|f| f.content.contains(&format!("\"{id}\"")));
            errors.push(RuleError {
                file: file.map_or_else(String::new, |f| f.name.to_owned()),
                line: file.map_or(1, |f| {
                    f.content
                        .find(&format!("\"{id}\""))
                        .map_or(1, |at| f.content[..at].matches('\n').count() + 1)
                }),
                problem: format!("rule {id}: {problem}: \"{example}\""),
                remedy: "Correct the rule or the example".to_owned(),
            });
        };
        for example in yes {
            let got = if lines {
                boilerplate::rule_for(&rules, example).is_some_and(|r| r == id)
            } else {
                example_holds(&reader, id, example)
            };
            if !got {
                fail(example, "a `yes` example is not read so".to_owned());
            }
        }
        for example in no {
            let got = if lines {
                boilerplate::rule_for(&rules, example).is_some_and(|r| r == id)
            } else {
                read_text(&reader, example)
                    .claims
                    .iter()
                    .any(|c| c.rule.iter().any(|r| r == id))
            };
            if got {
                fail(example, "a `no` example is read all the same".to_owned());
            }
        }
    };
    for p in &rules.patterns {
        run(&p.id, &p.yes, &p.no, false);
    }
    for o in &rules.operators {
        run(&o.id, &o.yes, &o.no, false);
    }
    for s in &rules.speech {
        run(&s.id, &s.yes, &s.no, false);
    }
    for b in &rules.boilerplate {
        run(&b.id, &b.yes, &b.no, true);
    }
    errors
}

fn read_text(reader: &Reader, text: &str) -> Reading {
    reader.read(&Article {
        text: text.to_owned(),
        ..Article::default()
    })
}

/// Whether `text => actor | party | status | speaker` comes out with the rule in its trace.
fn example_holds(reader: &Reader, id: &str, example: &str) -> bool {
    let Some((text, wanted)) = example.split_once("=>") else {
        return false;
    };
    let wanted: Vec<&str> = wanted.split('|').map(str::trim).collect();
    let fits = |wanted: &str, s: &Option<String>| wanted == "*" || wanted == s.as_deref().unwrap_or("-");
    read_text(reader, text.trim()).claims.iter().any(|c| {
        let status = serde_json::to_value(c.claim.status)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default();
        let same_status = |w: &str| w == "*" || w == status || (w == "in_effect" && status == "occurred");
        c.rule.iter().any(|r| r == id)
            && wanted.first().is_none_or(|w| fits(w, &c.claim.actor))
            && wanted.get(1).is_none_or(|w| fits(w, &c.claim.party))
            && wanted.get(2).is_none_or(|w| same_status(w))
            && wanted.get(3).is_none_or(|w| fits(w, &c.claim.speaker))
    })
}
