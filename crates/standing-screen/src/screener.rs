//! Screening: a pure function of index, query and policy.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use standing_model::PartyKind;
use standing_names::{PreparedName, Scratch, compare, prepare, score};

use crate::error::{Reject, ScreenError};
use crate::fields::{self, FieldNote};
use crate::hit::{Explanation, Hit, JudgedNote, JudgedPair, NameNote, rounded, warning_words};
use crate::index::Index;
use crate::listed::Entry;
use crate::policy::{Policy, WeakAliases};
use crate::query::{Query, QueryRef};
use crate::search::{self, Searcher};

/// How to screen.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Options {
    /// From which score on; the policy's if none is given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub threshold: Option<f32>,
    /// How many hits a query has at most; all if none is given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub limit: Option<usize>,
    /// Score every name instead of searching: the same hits, slowly.
    #[serde(skip)]
    pub exhaustive: bool,
}

/// Somebody's decision about a customer and a party, with what the two records were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The decision.
    pub note: JudgedNote,
    /// Digest of the customer's record at the time; `None` where none was screened then.
    pub customer: Option<String>,
    /// Digest of the listing at the time.
    pub listing: Option<String>,
}

/// What one query gave.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// Hits: score falling, then listing.
    pub hits: Vec<Hit>,
    /// Pairs that were judged and are not raised again.
    pub judged: Vec<JudgedPair>,
    /// Listings whose name alone scores the threshold and whose other fields took it below.
    pub below: usize,
}

/// An index with a policy and decisions: screens queries. It can be shared by threads; each brings its own [`Searcher`].
#[derive(Debug)]
pub struct Screener {
    index: Index,
    policy: Policy,
    judged: HashMap<String, HashMap<String, Judged>>,
    every: OnceLock<Vec<Option<PreparedName>>>,
}

struct Best {
    name: u32,
    asked: usize,
    score: f32,
    /// With what other fields and the alias's quality add and take.
    total: f64,
    notes: Vec<FieldNote>,
}

impl Screener {
    /// Puts an index, a policy and decisions together. Decisions are by customer's id and then by listing or party.
    pub fn new(index: Index, policy: Policy, judged: HashMap<String, HashMap<String, Judged>>) -> Self {
        Self {
            index,
            policy,
            judged,
            every: OnceLock::new(),
        }
    }

    /// The index.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Digest of the decisions, which hits depend on.
    pub fn judged_digest(&self) -> String {
        let mut lines: Vec<String> = self
            .judged
            .iter()
            .flat_map(|(customer, by)| by.iter().map(move |(party, j)| format!("{customer}|{party}|{j:?}")))
            .collect();
        lines.sort_unstable();
        blake3::hash(lines.join("\n").as_bytes()).to_hex()[..16].to_owned()
    }

    /// The policy.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Screens one query.
    pub fn screen(&self, query: &Query, options: &Options, searcher: &mut Searcher) -> Result<Outcome, ScreenOneError> {
        let threshold = options.threshold.unwrap_or_else(|| self.policy.threshold(query.kind));
        let prepared = self.prepared(query)?;
        let most = fields::most_added(query);
        let names_from = (threshold - 1e-4 - most) / (1.0 - most);
        let mut by_entry: HashMap<u32, Vec<(u32, usize, f32)>> = HashMap::new();
        for (asked, name) in &prepared {
            let found = if options.exhaustive {
                self.exhaustive(name, names_from)
            } else {
                searcher.search(&self.index, name, names_from)
            };
            for (listed, score) in found {
                by_entry
                    .entry(self.index.entry_of(listed))
                    .or_default()
                    .push((listed, *asked, score));
            }
        }
        for identifier in &query.identifiers {
            let Some(digest) = crate::identifiers::digest(identifier) else {
                continue;
            };
            for entry in self.index.entries_with(digest) {
                let names = by_entry.entry(entry).or_default();
                for (asked, name) in &prepared {
                    for listed in self.index.entry_names(entry) {
                        names.push((listed, *asked, searcher.score(&self.index, name, listed)));
                    }
                }
            }
        }
        let mut outcome = Outcome::default();
        let wanted = rounded(threshold);
        let mut entries: Vec<_> = by_entry.into_iter().collect();
        entries.sort_unstable_by_key(|(entry, _)| *entry);
        for (at, names) in entries {
            let entry = self.index.entry(at)?;
            let notes = fields::compare(query, entry.kind, &entry.fields);
            let Some(best) = self.best(&names, &notes) else {
                continue;
            };
            if best.total < wanted {
                outcome.below += usize::from(rounded(best.score) >= wanted);
                continue;
            }
            self.place(query, &prepared, &entry, best, &mut outcome);
        }
        let key = |h: &Hit| (h.listing.clone().unwrap_or_default(), h.party.clone());
        outcome
            .hits
            .sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| key(a).cmp(&key(b))));
        if let Some(limit) = options.limit {
            outcome.hits.truncate(limit);
        }
        Ok(outcome)
    }

    fn prepared(&self, query: &Query) -> Result<Vec<(usize, PreparedName)>, Reject> {
        let mut prepared = Vec::with_capacity(query.names.len());
        let mut flaw = None;
        for (asked, name) in query.names.iter().enumerate() {
            let made = prepare(name, query.kind).and_then(|p| p.screenable().map(|()| p));
            match made {
                Ok(mut name) => {
                    name.weigh(&self.index);
                    prepared.push((asked, name));
                }
                Err(why) => flaw = flaw.or(Some(why)),
            }
        }
        match (prepared.is_empty(), flaw) {
            (true, Some(why)) => Err(why.into()),
            (true, None) => Err(standing_names::NameError::Empty.into()),
            _ => Ok(prepared),
        }
    }

    fn exhaustive(&self, query: &PreparedName, threshold: f32) -> Vec<(u32, f32)> {
        use rayon::prelude::*;
        let every = self.every.get_or_init(|| {
            (0..self.index.len() as u32)
                .into_par_iter()
                .map(|n| search::prepared(&self.index, n))
                .collect()
        });
        let mut scratch = Scratch::default();
        let mut found = Vec::new();
        for (at, listed) in every.iter().enumerate() {
            if let Some(listed) = listed {
                let score = score(query, listed, &mut scratch);
                if score >= threshold {
                    found.push((at as u32, score));
                }
            }
        }
        found
    }

    /// The name that counts for a listing: the greatest total, then the order in which the listing gives its names.
    fn best(&self, names: &[(u32, usize, f32)], notes: &[FieldNote]) -> Option<Best> {
        let mut best: Option<(Best, usize)> = None;
        let order: Vec<u32> = match names.first() {
            Some((name, ..)) => self.index.entry_names(self.index.entry_of(*name)).collect(),
            None => return None,
        };
        for &(name, asked, score) in names {
            let mut own = notes.to_vec();
            if self.policy.select.weak_aliases == WeakAliases::Lower
                && self.index.name(name).quality == standing_model::NameQuality::Weak
            {
                own.push(FieldNote {
                    field: "alias".into(),
                    outcome: "weak".into(),
                    query: String::new(),
                    listed: "weak".into(),
                    amount: fields::WEAK_ALIAS,
                });
            }
            let total = rounded(fields::total(score, &own));
            let place = order.iter().position(|n| *n == name).unwrap_or(usize::MAX);
            let better = best
                .as_ref()
                .is_none_or(|(b, before)| total > b.total || (total >= b.total && (place, asked) < (*before, b.asked)));
            if better {
                let found = Best {
                    name,
                    asked,
                    score,
                    total,
                    notes: own,
                };
                best = Some((found, place));
            }
        }
        best.map(|(b, _)| b)
    }

    fn place(
        &self,
        query: &Query,
        prepared: &[(usize, PreparedName)],
        entry: &Entry,
        best: Best,
        outcome: &mut Outcome,
    ) {
        let query_ref = QueryRef {
            row: query.row,
            id: query.id.clone(),
            name: query.names.get(best.asked).cloned().unwrap_or_default(),
        };
        let judged = self.judgement(query, entry);
        if let Some(judged) = &judged
            && judged.changed.is_none()
        {
            outcome.judged.push(JudgedPair {
                query: query_ref,
                party: entry.party.clone(),
                listing: entry.listing.clone(),
                score: best.total,
                judged: judged.clone(),
            });
            return;
        }
        let name = self.index.name(best.name);
        let Some((_, asked)) = prepared.iter().find(|(at, _)| *at == best.asked) else {
            return;
        };
        let Some(listed) = search::prepared(&self.index, best.name) else {
            return;
        };
        let listed_name = NameNote {
            kind: name.kind,
            quality: name.quality,
            source: name.source,
        };
        let mut explanation = Explanation::new(compare(asked, &listed), listed_name, best.notes);
        explanation.not_compared = fields::not_compared(query, &entry.fields)
            .into_iter()
            .map(|(field, side)| (field.to_owned(), side.to_owned()))
            .collect();
        explanation.folded = asked.warnings().iter().map(|w| warning_words(*w).to_owned()).collect();
        outcome.hits.push(Hit {
            query: query_ref,
            party: entry.party.clone(),
            listing: entry.listing.clone(),
            name: name.text.to_owned(),
            caption: entry.caption.clone(),
            score: best.total,
            name_score: rounded(best.score),
            standing: entry.standing,
            measures: entry.measures.clone(),
            judged,
            explanation,
        });
    }

    fn judgement(&self, query: &Query, entry: &Entry) -> Option<JudgedNote> {
        let by_party = self.judged.get(query.id.as_deref()?)?;
        let judged = entry
            .listing
            .as_ref()
            .and_then(|l| by_party.get(l))
            .or_else(|| by_party.get(&entry.party))?;
        let mut note = judged.note.clone();
        if judged.listing.as_ref().is_some_and(|d| *d != entry.digest) {
            note.changed = Some("the listing".into());
        } else if judged.customer.as_ref().is_some_and(|d| *d != query.digest()) {
            note.changed = Some("the customer's record".into());
        }
        Some(note)
    }
}

/// Why one query was not screened: its own fault, or the index's.
#[derive(Debug, thiserror::Error)]
pub enum ScreenOneError {
    /// The query cannot be screened; others can.
    #[error(transparent)]
    Reject(#[from] Reject),
    /// The index cannot be used.
    #[error(transparent)]
    Screen(#[from] ScreenError),
}

impl Query {
    /// Digest of everything known of the customer but its row: a judgement holds as long as it stays the same.
    pub fn digest(&self) -> String {
        let mut hash = blake3::Hasher::new();
        let mut put = |text: &str| {
            hash.update(&(text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        };
        let mut names = self.names.clone();
        names.sort();
        for name in &names {
            put(name);
        }
        put(fields::kind_word(self.kind));
        let mut rest: Vec<String> = self.births.iter().map(|b| format!("b{b}")).collect();
        rest.extend(self.countries.iter().map(|c| format!("c{c}")));
        rest.extend(self.gender.iter().map(|g| format!("g{g:?}")));
        rest.extend(self.identifiers.iter().map(|i| format!("i{:?}{}", i.kind, i.value)));
        rest.extend(self.addresses.iter().map(|a| format!("a{a}")));
        rest.sort();
        for part in &rest {
            put(part);
        }
        hash.finalize().to_hex()[..16].to_owned()
    }

    /// Is it known what kind of party it is?
    pub fn has_kind(&self) -> bool {
        self.kind != PartyKind::Unknown
    }
}
