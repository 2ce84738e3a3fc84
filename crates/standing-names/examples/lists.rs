//! Disturbed names, innocent people and aliases against the real UN and OFAC names under `STANDING_SHARED` or `../shared`, all pairs compared.
//! `--every N` takes every Nth innocent and alias, because all pairs are many.
#![allow(clippy::print_stdout)]

use std::collections::{BTreeMap, BTreeSet};

use standing_model::PartyKind;
use standing_names::{Counts, Frequencies, Params, PreparedName, Scratch, prepare, score_with};

type Failure = Box<dyn std::error::Error>;

struct Listed {
    party: String,
    primary: bool,
    text: String,
    name: PreparedName,
}

fn text_of(block: &str, tag: &str) -> Option<String> {
    let (_, rest) = block.split_once(&format!("<{tag}>"))?;
    let (text, _) = rest.split_once("</")?;
    Some(text.replace("&amp;", "&").replace("&apos;", "'").trim().to_owned()).filter(|t| !t.is_empty())
}

fn read(shared: &str) -> Result<Vec<(String, bool, String)>, Failure> {
    let mut names = Vec::new();
    let un = std::fs::read_to_string(format!("{shared}/data/lists/un/2025-04-19.xml"))?;
    for block in un.split("<INDIVIDUAL>").skip(1) {
        let block = block.split("</INDIVIDUAL>").next().unwrap_or(block);
        let Some(reference) = text_of(block, "REFERENCE_NUMBER") else {
            continue;
        };
        let parts: Vec<String> = ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"]
            .iter()
            .filter_map(|t| text_of(block, t))
            .collect();
        names.push((reference.clone(), true, parts.join(" ")));
        for alias in block.split("<INDIVIDUAL_ALIAS>").skip(1) {
            names.extend(text_of(alias, "ALIAS_NAME").map(|n| (reference.clone(), false, n)));
        }
    }
    let mut people = BTreeSet::new();
    for (file, primary) in [("sdn", true), ("alt", false)] {
        let bytes: String = std::fs::read(format!("{shared}/data/lists/ofac/2021-07/{file}.csv"))?
            .iter()
            .map(|b| *b as char)
            .collect();
        for row in csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(bytes.as_bytes())
            .records()
            .flatten()
        {
            let id = row.get(0).unwrap_or("").trim().to_owned();
            if primary && row.get(2).is_some_and(|k| k.trim() == "individual") {
                people.insert(id.clone());
            }
            if people.contains(&id) {
                names.push((
                    id,
                    primary,
                    row.get(if primary { 1 } else { 3 }).unwrap_or("").trim().to_owned(),
                ));
            }
        }
    }
    Ok(names)
}

fn main() -> Result<(), Failure> {
    // `NAME=VALUE` tries another parameter.
    let mut params = Params::embedded().clone();
    for (name, value) in std::env::args().filter_map(|a| a.split_once('=').map(|(n, v)| (n.to_owned(), v.to_owned()))) {
        *params.get_mut(&name).ok_or("no such parameter")? = value.parse()?;
    }
    let shared = std::env::var("STANDING_SHARED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").into());
    if !std::path::Path::new(&shared).exists() {
        println!("skipped: no ../shared");
        return Ok(());
    }
    let every: usize = std::env::args()
        .skip_while(|a| a != "--every")
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(24);
    let mut listed: Vec<Listed> = Vec::new();
    for (party, primary, text) in read(&shared)? {
        if let Ok(name) = prepare(&text, PartyKind::Person) {
            listed.push(Listed {
                party,
                primary,
                text,
                name,
            });
        }
    }
    let mut counts = Frequencies::default();
    for one in &listed {
        counts.add(one.name.tokens().iter().map(|t| t.word.text()).collect::<BTreeSet<_>>());
    }
    for one in &mut listed {
        one.name.weigh(&counts);
    }
    println!("{} names of people listed", counts.total());
    let mut scratch = Scratch::default();
    // Best score by party.
    let mut ask = |text: &str, primary_only: bool| -> BTreeMap<&str, f32> {
        let mut best = BTreeMap::new();
        if let Ok(mut query) = prepare(text, PartyKind::Person) {
            query.weigh(&counts);
            for one in listed.iter().filter(|l| l.primary || !primary_only) {
                let s = score_with(&query, &one.name, &mut scratch, &params);
                if s >= 0.5 {
                    let place = best.entry(one.party.as_str()).or_insert(0.0f32);
                    *place = place.max(s);
                }
            }
        }
        best
    };
    let top = |best: &BTreeMap<&str, f32>| best.values().copied().fold(0.0f32, f32::max);
    let mut positives = Vec::new();
    for row in csv::Reader::from_path(format!("{shared}/data/screening/positives_un.csv"))?.records() {
        let row = row?;
        let fold = |t: &str| prepare(t, PartyKind::Person).map(|n| n.identity()).ok();
        let right: BTreeSet<&str> = listed
            .iter()
            .filter(|l| fold(&l.text) == fold(&row[0]))
            .map(|l| l.party.as_str())
            .collect();
        if !right.is_empty() {
            let best = ask(&row[1], false);
            let own = best
                .iter()
                .filter(|(p, _)| right.contains(*p))
                .map(|(_, s)| *s)
                .fold(0.0f32, f32::max);
            positives.push((own, own > 0.0 && own >= top(&best)));
        }
    }
    let (mut innocent, mut innocent_primary) = (Vec::new(), Vec::new());
    for file in ["global", "us"] {
        for row in csv::Reader::from_path(format!("{shared}/data/screening/negatives_{file}.csv"))?
            .records()
            .step_by(every)
        {
            let row = row?;
            innocent.push(top(&ask(&row[0], false)));
            innocent_primary.push(top(&ask(&row[0], true)));
        }
    }
    let mut aliases = Vec::new();
    for one in listed
        .iter()
        .filter(|l| !l.primary && l.name.tokens().len() > 1)
        .step_by(every.div_ceil(2))
    {
        let best = ask(&one.text, true);
        let own = best.get(one.party.as_str()).copied().unwrap_or(0.0);
        aliases.push((own, own > 0.0 && own >= top(&best)));
    }
    let share = |n: usize, of: usize| n as f64 / of.max(1) as f64;
    println!(
        "threshold  positives found / first ({})   innocents ({})   aliases found / first ({})   innocents, primary names",
        positives.len(),
        innocent.len(),
        aliases.len()
    );
    for step in 10..20u8 {
        let t = f32::from(step) / 20.0;
        let at = |all: &[(f32, bool)]| {
            (
                share(all.iter().filter(|a| a.0 >= t).count(), all.len()),
                share(all.iter().filter(|a| a.0 >= t && a.1).count(), all.len()),
            )
        };
        let raised = |all: &[f32]| share(all.iter().filter(|s| **s >= t).count(), all.len());
        let (p, a) = (at(&positives), at(&aliases));
        println!(
            "{t:.2}  {:.4} {:.4}   {:.5}   {:.3} {:.3}   {:.5}",
            p.0,
            p.1,
            raised(&innocent),
            a.0,
            a.1,
            raised(&innocent_primary)
        );
    }
    Ok(())
}
