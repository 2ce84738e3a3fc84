//! Sentences with the standing claims that they make: the form in which the reader's grammar is held to account.
//!
//! `> text` is one article; each line below it is a claim, `type.action | actor | party | status | speaker`. `-` is an empty slot, `*` any
//! filling. A text without lines makes no standing claim, and every standing claim that is read and not written there is a mistake. Claims
//! of the context types count where a line names that type.

use standing_model::step::Action;

use crate::article::{Article, ReadClaim};
use crate::reader::Reader;

/// One text and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The text.
    pub text: String,
    /// The claims, as written.
    pub claims: Vec<String>,
}

/// The cases of a file.
pub fn parse(file: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in file.lines() {
        if let Some(text) = line.strip_prefix("> ") {
            cases.push(Case {
                text: text.to_owned(),
                claims: Vec::new(),
            });
        } else if !line.trim().is_empty()
            && !line.starts_with('#')
            && let Some(case) = cases.last_mut()
        {
            case.claims.push(line.to_owned());
        }
    }
    cases
}

/// What is missing (`-`) and what is too much (`+`); empty when the text is read as written.
pub fn compare(reader: &Reader, case: &Case) -> Vec<String> {
    let article = Article {
        text: case.text.clone(),
        ..Article::default()
    };
    let read = reader.read(&article);
    let named = |c: &ReadClaim| {
        let kind = word(&c.claim.kind);
        case.claims.iter().any(|l| l.split('.').next() == Some(&kind))
    };
    let got: Vec<&ReadClaim> = read.claims.iter().filter(|c| c.claim.tier == 1 || named(c)).collect();
    let mut used = vec![false; got.len()];
    let mut out = Vec::new();
    for wanted in &case.claims {
        let found = (0..got.len()).find(|&i| !used[i] && agrees(wanted, got[i]));
        match found {
            Some(i) => used[i] = true,
            None => out.push(format!("- {wanted}")),
        }
    }
    for (i, claim) in got.iter().enumerate() {
        if !used[i] {
            out.push(format!("+ {}   [{}]", line(claim), claim.rule.join(" ")));
        }
    }
    out
}

/// Everything that is read in a text, as a case writes it, with the rules behind it.
pub fn claims(reader: &Reader, text: &str) -> Vec<String> {
    let article = Article {
        text: text.to_owned(),
        ..Article::default()
    };
    let read = reader.read(&article);
    read.claims
        .iter()
        .map(|c| format!("{}   [{}]", line(c), c.rule.join(" ")))
        .collect()
}

fn word<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_else(|| "-".to_owned())
}

/// A claim as a case writes it.
pub fn line(claim: &ReadClaim) -> String {
    let c = &claim.claim;
    let slot = |s: &Option<String>| s.clone().unwrap_or_else(|| "-".to_owned());
    format!(
        "{}.{} | {} | {} | {} | {}",
        word(&c.kind),
        c.action.map_or_else(|| "-".to_owned(), |a: Action| word(&a)),
        slot(&c.actor),
        slot(&c.party),
        word(&c.status),
        slot(&c.speaker)
    )
}

fn agrees(wanted: &str, claim: &ReadClaim) -> bool {
    let is = line(claim);
    let split = |s: &str| -> Vec<String> { s.split(['|']).map(|p| p.trim().to_owned()).collect() };
    let (want, got) = (split(wanted), split(&is));
    want.len() == got.len()
        && want.iter().zip(&got).enumerate().all(|(i, (w, g))| match i {
            0 => w.split('.').zip(g.split('.')).all(|(w, g)| w == "*" || w == g),
            _ => w == "*" || w == g,
        })
}
