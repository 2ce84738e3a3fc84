//! What a name that the ledger does not know may be: the nearest names of the register and the ledger.
//!
//! Only names that share a word, or its beginning, with the one in question are compared, so that thousands of articles with names of
//! nobody listed cost little. What comes out is a proposal for people, never a match.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use standing_ledger::View;
use standing_model::{PartyKind, Script};
use standing_names::{PreparedName, Scratch, prepare, score};

use crate::error::StandingError;

/// No proposal resembles the name less than this.
const LEAST: f32 = 0.7;
/// No more proposals than this.
const MOST: usize = 3;
/// No more names than this are compared with one name.
const COMPARED: usize = 400;

/// A party or authority that a name may mean.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proposal {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How alike the names are, from 0 to 1; 1 where several parties bear the very name.
    pub score: f32,
}

impl Proposal {
    pub(crate) fn same_name(id: String, name: String) -> Self {
        Self { id, name, score: 1.0 }
    }

    pub(crate) fn is_same_name(&self) -> bool {
        self.score >= 1.0
    }
}

/// Every name of the register and the ledger, by the beginnings of their words; made when the first name is looked for.
#[derive(Default)]
pub(crate) struct Names {
    made: OnceCell<Made>,
}

struct Made {
    /// Owner's id and name.
    names: Vec<(String, String)>,
    by_word: HashMap<String, Vec<u32>>,
}

/// The beginnings of a name's words, four letters each: enough to find spellings that differ later on.
fn beginnings(name: &str) -> impl Iterator<Item = String> + '_ {
    name.split(|c: char| !c.is_alphanumeric())
        .filter(|w| w.chars().count() > 2)
        .map(|w| w.chars().flat_map(char::to_lowercase).take(4).collect())
}

impl Names {
    fn made(&self, view: &View<'_>) -> Result<&Made, StandingError> {
        if let Some(made) = self.made.get() {
            return Ok(made);
        }
        let mut names: Vec<(String, String)> = Vec::new();
        for party in &view.register().parties {
            for name in party.names.iter().filter(|n| n.script.is_none_or(Script::is_latin)) {
                names.push((party.id.clone(), name.text.to_string()));
            }
        }
        // From the table of names where it lies beside the ledger; a question writes none.
        super::name_table::look(view, &super::name_table::place(view.place()), &mut |id, _, listed| {
            names.extend(listed.map(|n| (id.to_owned(), n.to_owned())));
        })?;
        let mut by_word: HashMap<String, Vec<u32>> = HashMap::new();
        for (at, (_, name)) in names.iter().enumerate() {
            for word in beginnings(name) {
                by_word.entry(word).or_default().push(at as u32);
            }
        }
        Ok(self.made.get_or_init(|| Made { names, by_word }))
    }

    /// The parties whose names are most like this one.
    pub(crate) fn nearest_parties(&self, view: &View<'_>, name: &str) -> Result<Vec<Proposal>, StandingError> {
        let made = self.made(view)?;
        let mut candidates: Vec<u32> = Vec::new();
        // The rarest beginning first: what many names share tells little.
        let mut lists: Vec<&Vec<u32>> = beginnings(name).filter_map(|w| made.by_word.get(&w)).collect();
        lists.sort_by_key(|l| l.len());
        for list in lists {
            candidates.extend(list.iter().take(COMPARED.saturating_sub(candidates.len())));
        }
        candidates.sort_unstable();
        candidates.dedup();
        let names = candidates.into_iter().map(|at| {
            let (id, name) = &made.names[at as usize];
            (id.as_str(), name.as_str())
        });
        Ok(nearest(name, names))
    }

    /// The authorities whose names are most like this one.
    #[allow(clippy::unused_self)] // the counterpart of the parties' names, which are kept
    pub(crate) fn nearest_authorities(&self, view: &View<'_>, name: &str) -> Vec<Proposal> {
        let authorities = &view.register().authorities;
        let names = authorities
            .iter()
            .flat_map(|a| [(a.id.as_str(), a.name.as_str()), (a.id.as_str(), a.short.as_str())]);
        nearest(name, names)
    }
}

fn nearest<'n>(name: &str, names: impl Iterator<Item = (&'n str, &'n str)>) -> Vec<Proposal> {
    let Ok(wanted) = prepare(name, PartyKind::Unknown) else {
        return Vec::new();
    };
    let mut scratch = Scratch::default();
    let mut best: BTreeMap<&str, (f32, &str)> = BTreeMap::new();
    for (id, listed) in names {
        let Ok(prepared): Result<PreparedName, _> = prepare(listed, PartyKind::Unknown) else {
            continue;
        };
        // Equal to the letter would have been found; what scores 1 here differs in something that the comparison looks past.
        let alike = score(&wanted, &prepared, &mut scratch).min(0.999);
        if alike >= LEAST && best.get(id).is_none_or(|(s, _)| alike > *s) {
            best.insert(id, (alike, listed));
        }
    }
    let mut proposals: Vec<Proposal> = best
        .into_iter()
        .map(|(id, (alike, name))| Proposal {
            id: id.to_owned(),
            name: name.to_owned(),
            score: (alike * 1000.0).round() / 1000.0,
        })
        .collect();
    proposals.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
    proposals.truncate(MOST);
    proposals
}
