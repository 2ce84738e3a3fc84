//! Is the search lossless? Many queries against the real lists, at every threshold, fast and exhaustively.

use std::collections::HashMap;

use standing_model::PartyKind;
use standing_screen::listed::Entry;
use standing_screen::{Hit, Index, Info, Options, Policy, Query, Screener, Searcher};

use crate::lists::{Failure, column, entry};

const THRESHOLDS: [f32; 10] = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];

/// Compares; an error says where they differ. A third of the queries are invented people, a third listed names, a third those with a slip.
pub fn run(
    parties: &[(PartyKind, Vec<String>)],
    shared: &str,
    negatives: &[String],
    many: usize,
) -> Result<(), Failure> {
    let entries: Vec<Entry> = parties
        .iter()
        .enumerate()
        .map(|(at, (kind, names))| entry(at, *kind, names))
        .collect();
    let screener = Screener::new(
        Index::build(entries, Info::default())?,
        Policy::standard(),
        HashMap::default(),
    );
    let listed: Vec<(PartyKind, String)> = parties
        .iter()
        .flat_map(|(kind, names)| names.iter().map(|n| (*kind, n.clone())))
        .collect();
    let disturbed = column(&format!("{shared}/data/screening/positives_un.csv"), 1)?;
    let spread = |at: usize, of: usize| at * 7919 % of;
    let queries: Vec<(PartyKind, String)> = (0..many)
        .map(|at| match at % 6 {
            0 | 1 => (PartyKind::Person, negatives[spread(at, negatives.len())].clone()),
            2 => listed[spread(at, listed.len())].clone(),
            3 => (PartyKind::Unknown, listed[spread(at, listed.len())].1.clone()),
            4 => (PartyKind::Person, disturbed[spread(at, disturbed.len())].clone()),
            _ => {
                let (kind, name) = listed[spread(at, listed.len())].clone();
                let mut letters: Vec<char> = name.chars().collect();
                let slip = spread(at, letters.len().saturating_sub(1).max(1));
                if letters.len() > 1 {
                    letters.swap(slip, slip + 1);
                }
                (kind, letters.into_iter().collect())
            }
        })
        .collect();
    let mut searcher = Searcher::default();
    let (mut hits, mut rejected) = (0usize, 0usize);
    for (at, (kind, name)) in queries.iter().enumerate() {
        let query = Query {
            kind: *kind,
            ..Query::named(name.as_str())
        };
        let mut options = Options {
            threshold: Some(THRESHOLDS[0]),
            exhaustive: true,
            ..Options::default()
        };
        let Ok(every) = screener.screen(&query, &options, &mut searcher) else {
            rejected += 1;
            continue;
        };
        options.exhaustive = false;
        for threshold in THRESHOLDS {
            options.threshold = Some(threshold);
            let found = screener.screen(&query, &options, &mut searcher)?;
            let wanted: Vec<&Hit> = every
                .hits
                .iter()
                .filter(|h| h.score >= f64::from(threshold) - 1e-6)
                .collect();
            if found.hits.iter().collect::<Vec<_>>() != wanted {
                return Err(format!(
                    "\"{name}\" ({kind:?}) at {threshold}: {} hits fast, {} exhaustively",
                    found.hits.len(),
                    wanted.len()
                )
                .into());
            }
            hits += wanted.len();
        }
        if (at + 1) % 250 == 0 {
            println!("{} queries of {many} checked", at + 1);
        }
    }
    println!(
        "{} queries at {} thresholds: {hits} hits, fast and exhaustively the same; {rejected} rejected",
        many - rejected,
        THRESHOLDS.len()
    );
    Ok(())
}
