//! Scores the labelled pairs under `STANDING_SHARED` or `../shared`: best F1, area under the curve, unequal negatives at 1; and the time a pair takes.
#![allow(clippy::print_stdout)]

use std::time::Instant;

use standing_model::PartyKind;
use standing_names::{Params, Scratch, prepare, score_with};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `NAME=VALUE` tries another parameter.
    let mut params = Params::embedded().clone();
    for (name, value) in std::env::args().filter_map(|a| a.split_once('=').map(|(n, v)| (n.to_owned(), v.to_owned()))) {
        *params.get_mut(&name).ok_or("no such parameter")? = value.parse()?;
    }
    let shared = std::env::var("STANDING_SHARED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").into());
    let path = format!("{shared}/data/screening/name_pairs.csv");
    if !std::path::Path::new(&path).exists() {
        println!("skipped: no ../shared");
        return Ok(());
    }
    let verbose = std::env::args().any(|a| a == "--rows");
    let mut scored = Vec::new();
    let mut prepared = Vec::new();
    for row in csv::Reader::from_path(path)?.records() {
        let row = row?;
        let kind = match &row[1] {
            "Person" => PartyKind::Person,
            "Vessel" => PartyKind::Vessel,
            "LegalEntity" => PartyKind::Unknown,
            _ => PartyKind::Organisation,
        };
        let (a, b) = (prepare(&row[2], kind)?, prepare(&row[3], kind)?);
        let value = score_with(&a, &b, &mut Scratch::default(), &params);
        if verbose {
            println!("{value:.3} {} | {} | {}", &row[4], &row[2], &row[3]);
        }
        scored.push((value, &row[4] == "true"));
        prepared.push((a, b));
    }
    let (yes, no): (Vec<_>, Vec<_>) = scored.iter().partition(|(_, same)| *same);
    let wins: f64 = yes
        .iter()
        .flat_map(|(a, _)| {
            no.iter().map(move |(b, _)| {
                if a > b {
                    1.0
                } else if (a - b).abs() < f32::EPSILON {
                    0.5
                } else {
                    0.0
                }
            })
        })
        .sum();
    let f1 = |t: f32| {
        let (hit, false_hit) = (
            yes.iter().filter(|(s, _)| *s >= t).count(),
            no.iter().filter(|(s, _)| *s >= t).count(),
        );
        2.0 * hit as f64 / (hit + false_hit + yes.len()) as f64
    };
    let (best, at) = (60u8..200)
        .map(|t| (f1(f32::from(t) / 200.0), f32::from(t) / 200.0))
        .fold((0.0, 0.0), |x, y| if y.0 > x.0 { y } else { x });
    println!(
        "{} pairs: best F1 {best:.3} at {at}, AUC {:.3}, negatives at 1.0: {}",
        scored.len(),
        wins / (yes.len() * no.len()) as f64,
        no.iter().filter(|(s, _)| *s >= 1.0).count()
    );
    let mut scratch = Scratch::default();
    let start = Instant::now();
    let mut sum = 0.0;
    for (a, _) in &prepared {
        for (_, b) in &prepared {
            sum += score_with(a, b, &mut scratch, &params);
        }
    }
    println!(
        "{:.0} ns a pair over {} pairs (sum {sum:.0})",
        start.elapsed().as_nanos() as f64 / (prepared.len() * prepared.len()) as f64,
        prepared.len() * prepared.len()
    );
    Ok(())
}
