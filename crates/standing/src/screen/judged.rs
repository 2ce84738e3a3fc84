//! Judged pairs: a decision about a customer and a party keeps the alert from returning until one of the two records changes.
//!
//! The decision itself is a judgement in the ledger. What the listing was then follows from the ledger. What the customer's record was is
//! noted beside the ledger, in `<ledger>.screen/judged`, when the decision is taken: a line `transaction digest customer`, from the last run
//! that had a hit for the customer. Where no run knew the customer, only a change of the listing brings the alert back.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use standing_ledger::{Ledger, View};
use standing_model::{Day, ListingId, Verdict};
use standing_screen::{Judged, JudgedNote};

use crate::error::StandingError;
use crate::screen::{directory, entries, runs};

/// How an id says that it is a customer's.
const CUSTOMER: &str = "customer:";

/// Decisions by customer's reference and then by listing or party.
pub type Decisions = HashMap<String, HashMap<String, Judged>>;

fn notes(ledger: &Ledger) -> Option<PathBuf> {
    directory(ledger).map(|d| d.join("judged"))
}

/// The decisions that a view knows of.
pub fn decisions(ledger: &Ledger, view: &View<'_>) -> Result<Decisions, StandingError> {
    let mut decisions = Decisions::new();
    let judgements = view.judgements()?;
    if judgements
        .iter()
        .all(|(_, j)| !j.target.starts_with(CUSTOMER) && !j.source.starts_with(CUSTOMER))
    {
        return Ok(decisions);
    }
    let noted = noted(notes(ledger).as_deref());
    for (transaction, judgement) in judgements {
        let (customer, party) = match (
            judgement.target.strip_prefix(CUSTOMER),
            judgement.source.strip_prefix(CUSTOMER),
        ) {
            (Some(customer), None) => (customer, &judgement.source),
            (None, Some(customer)) => (customer, &judgement.target),
            _ => continue,
        };
        let then = ledger.view(Some(transaction), Day::MAX)?;
        let mut ids = vec![party.clone()];
        // Of a party whose id is no listing's, every listing is meant that was part of it then.
        if let Some(whole) = then.party_of(party)?.filter(|p| !p.listings().any(|l| l == party)) {
            ids.extend(whole.listings().map(str::to_owned));
        }
        for id in ids {
            let listing = match id.split_once(':') {
                Some((list, reference)) => then
                    .listing(&ListingId::new(list, reference))?
                    .map(|l| entries::digest(&l.record)),
                None => None,
            };
            let judged = Judged {
                note: JudgedNote {
                    verdict: word(judgement.verdict).into(),
                    by: judgement.by.clone(),
                    why: judgement.why.clone(),
                    changed: None,
                },
                customer: noted.get(&(transaction, customer.to_owned())).cloned(),
                listing,
            };
            decisions.entry(customer.to_owned()).or_default().insert(id, judged);
        }
    }
    Ok(decisions)
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Same => "same",
        Verdict::Different => "different",
        Verdict::Unsure => "unsure",
    }
}

fn noted(path: Option<&Path>) -> HashMap<(i64, String), String> {
    let Some(text) = path.and_then(|p| std::fs::read_to_string(p).ok()) else {
        return HashMap::new();
    };
    text.lines()
        .filter_map(|line| {
            let mut cells = line.splitn(3, ' ');
            let (transaction, digest, customer) = (cells.next()?, cells.next()?, cells.next()?);
            Some(((transaction.parse().ok()?, customer.to_owned()), digest.to_owned()))
        })
        .collect()
}

/// Notes what a customer's record was when a judgement about it was recorded, if a run knew it.
pub(crate) fn note(ledger: &Ledger, transaction: i64, ids: [&str; 2]) -> Result<(), StandingError> {
    let Some(customer) = ids.iter().find_map(|id| id.strip_prefix(CUSTOMER)) else {
        return Ok(());
    };
    let (Some(path), Some(digest)) = (notes(ledger), runs::last_digest_of(ledger, customer)?) else {
        return Ok(());
    };
    let file = |source| StandingError::File {
        path: path.display().to_string(),
        source,
    };
    let mut handle = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .map_err(file)?;
    writeln!(handle, "{transaction} {digest} {customer}").map_err(file)
}
