//! A sample of the connections by rule in a ledger, as a table to be judged line by line (`docs/CONNECTIONS.md`).
//!
//! `cargo run --release -p standing --example connections -- LEDGER [HOW MANY]`. The sample is the same for the same ledger: ties are taken
//! in the order of the digest of their text, and each rule and pair of lists has its turn before any has its second.

use std::collections::BTreeMap;

use standing::model::{Day, ListingId};
use standing_ledger::{Ledger, Tie, View};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("give a ledger")?;
    let wanted: usize = arguments.next().map_or(Ok(200), |n| n.parse())?;
    let ledger = Ledger::open(path.as_ref())?;
    let view = ledger.view(None, Day::MAX)?;
    // By rule and the two lists: the key of the rule and the two listings that it ties.
    type Ties = Vec<(String, String, String)>;
    let mut groups: BTreeMap<(String, String, String), Ties> = BTreeMap::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (tie, a, b) in view.connections()? {
        let Tie::Rule(key) = tie else { continue };
        let first = |text: &str| text.split(':').next().unwrap_or_default().to_owned();
        let rule = first(&key);
        *counts.entry(rule.clone()).or_default() += 1;
        groups
            .entry((rule, first(&a), first(&b)))
            .or_default()
            .push((key, a, b));
    }
    for group in groups.values_mut() {
        group.sort_by_key(|(key, a, b)| blake3::hash(format!("{key} {a} {b}").as_bytes()).to_hex().to_string());
        group.reverse();
    }
    let mut out = format!(
        "Ties by rule: {counts:?}\n\n| # | key | one | another | births | verdict |\n|---|---|---|---|---|---|\n"
    );
    let mut shown = 0;
    loop {
        let before = shown;
        for group in groups.values_mut() {
            if shown < wanted
                && let Some((key, a, b)) = group.pop()
            {
                shown += 1;
                let (one, born) = told(&view, &a)?;
                let (another, born_too) = told(&view, &b)?;
                out.push_str(&format!(
                    "| {shown} | {} | {one} | {another} | {born} / {born_too} | |\n",
                    cell(&key)
                ));
            }
        }
        if shown == before {
            break;
        }
    }
    std::io::Write::write_all(&mut std::io::stdout(), out.as_bytes())?;
    Ok(())
}

/// A listing's id, kind and names; and its birth dates.
fn told(view: &View<'_>, id: &str) -> Result<(String, String), Box<dyn std::error::Error>> {
    let listing = match id.split_once(':') {
        Some((list, reference)) => view.listing(&ListingId::new(list, reference))?,
        None => None,
    };
    let Some(listing) = listing else {
        return Ok((cell(id), String::new()));
    };
    let names: Vec<&str> = listing.record.names.iter().take(3).map(|n| n.text.as_str()).collect();
    let births: Vec<String> = listing
        .record
        .births
        .iter()
        .filter_map(|b| b.date)
        .take(2)
        .map(|d| d.to_string())
        .collect();
    let kind = format!("{:?}", listing.record.kind).to_lowercase();
    Ok((cell(&format!("{id} ({kind}) {}", names.join("; "))), births.join(", ")))
}

fn cell(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "/");
    line.chars().take(160).collect()
}
