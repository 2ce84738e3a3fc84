//! The time one prepared pair takes, beside rapidfuzz's on the same pairs in the same run.

use std::hint::black_box;
use std::time::Instant;

use standing_names::{PreparedName, Scratch, score};

use crate::search::Search;
use crate::{Failure, Task, data};

pub fn speed(task: &Task) -> Result<(), Failure> {
    let names = data::lists(&task.shared)?;
    let search = Search::new(
        names
            .iter()
            .filter(|n| n.kind == standing_model::PartyKind::Person)
            .step_by(24),
    );
    let listed: Vec<&PreparedName> = search.names.iter().map(|n| &n.name).collect();
    let queries: Vec<PreparedName> = data::innocents(&task.shared)?
        .iter()
        .step_by(60)
        .filter_map(|n| search.prepare(n, standing_model::PartyKind::Person))
        .collect();
    let mut scratch = Scratch::default();
    let (mut best, mut rival) = (f64::INFINITY, f64::INFINITY);
    let pairs = (queries.len() * listed.len()) as f64;
    let folded: Vec<String> = search.names.iter().map(|n| sorted(&n.text)).collect();
    let asked: Vec<String> = queries
        .iter()
        .map(|q| q.tokens().iter().map(|t| t.word.text()).collect::<Vec<_>>().join(" "))
        .collect();
    let cached: Vec<_> = folded
        .iter()
        .map(|t| rapidfuzz::fuzz::RatioBatchComparator::new(t.chars()))
        .collect();
    for _ in 0..3 {
        let start = Instant::now();
        for query in &queries {
            for one in &listed {
                black_box(score(query, one, &mut scratch));
            }
        }
        best = best.min(start.elapsed().as_nanos() as f64 / pairs);
        let start = Instant::now();
        for query in &asked {
            for one in &cached {
                black_box(one.similarity(query.chars()));
            }
        }
        rival = rival.min(start.elapsed().as_nanos() as f64 / pairs);
    }
    println!(
        "speed: {best:.0} ns a pair over {pairs} pairs of strangers; rapidfuzz's batch ratio on the same: {rival:.0} ns ({:.2} times)",
        rival / best
    );
    let mut own = f64::INFINITY;
    let n = listed.len().saturating_sub(1) as f64;
    for _ in 0..20 {
        let start = Instant::now();
        for two in listed.windows(2) {
            black_box(score(two[0], two[1], &mut scratch));
        }
        own = own.min(start.elapsed().as_nanos() as f64 / n);
    }
    println!("speed: {own:.0} ns a pair over {n} pairs of neighbours on the list");
    Ok(())
}

fn sorted(text: &str) -> String {
    data::bag(text).into_iter().collect::<Vec<_>>().join(" ")
}
