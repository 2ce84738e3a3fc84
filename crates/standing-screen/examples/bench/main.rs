//! Speed and quality of screening in one table, beside `rapidfuzz` run exhaustively over the same names.
//!
//! The real UN and OFAC names under `STANDING_SHARED` or `../shared` are read, or the run says that they are absent; further indexes of 10 k, 100 k
//! and 1 M names are generated from the parts of those names and of the invented innocents, each part as often as it occurs there. rapidfuzz is
//! the crate's `RatioBatchComparator` with cutoff .85 over names folded (NFKD, lower case) and with their tokens sorted beforehand.
//!
//! `cargo run --release -p standing-screen --example bench -- [--least N] [--most N] [--sample N] [--every N]`; `-- --check 2000` instead compares the
//! search with scoring every name, at every threshold from .5 to .95, and `-- --customers FILE` writes a million customers as Parquet.
#![allow(clippy::print_stdout)]

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use arrow::array::{ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray};
use standing_model::PartyKind;
use standing_screen::listed::Entry;
use standing_screen::{Index, Info, Options, Policy, Query, Screener, Searcher};
use unicode_normalization::UnicodeNormalization;

mod check;
mod lists;

use lists::{Failure, column, entry, parties};

fn folded(name: &str) -> Vec<String> {
    let plain: String = name
        .nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect();
    plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

fn sorted(name: &str) -> String {
    let mut words = folded(name);
    words.sort_unstable();
    words.join(" ")
}

/// Names made from the parts of real ones, each part as often as it occurs; the same every time.
fn generated(parts: &[(Vec<String>, Vec<String>)], n: usize) -> Vec<String> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as usize % below.max(1)
    };
    (0..n)
        .map(|_| {
            let (given, family) = &parts[next(parts.len())];
            let mut words = vec![given[next(given.len())].clone()];
            if next(3) == 0 {
                words.push(given[next(given.len())].clone());
            }
            words.push(family[next(family.len())].clone());
            words.join(" ")
        })
        .collect()
}

/// Time that this thread has had a core, where the system tells (Linux); else the time of day. Means are taken from it, so that what else runs
/// on the machine disturbs them little.
fn time() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let on_core = told
        .as_deref()
        .and_then(|t| t.split_whitespace().next())
        .and_then(|t| t.parse().ok());
    on_core.map_or_else(
        || {
            std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .unwrap_or_default()
        },
        Duration::from_nanos,
    )
}

#[derive(Default)]
struct Measured {
    mean: Duration,
    median: Duration,
    p99: Duration,
    hits: usize,
    looked_at: f64,
    scored: f64,
    walked: f64,
    found: f64,
}

/// How often everything is measured; what counts is the least, because what else runs on the machine only adds.
const PASSES: usize = 3;

fn asked(name: &str) -> Query {
    Query {
        kind: PartyKind::Person,
        ..Query::named(name)
    }
}

/// Every pass opens the index anew: nothing is known of any query before.
fn screened(file: &Path, queries: &[String]) -> Result<Measured, Failure> {
    let options = Options::default();
    let mut times = vec![Duration::MAX; queries.len()];
    let mut measured = Measured {
        mean: Duration::MAX,
        ..Measured::default()
    };
    let n = queries.len().max(1) as f64;
    for _ in 0..PASSES {
        let screener = Screener::new(Index::open(file)?, Policy::standard(), HashMap::default());
        let mut searcher = Searcher::default();
        screener.screen(&asked("Warm Up"), &options, &mut searcher).ok();
        let mut hits = 0;
        let began = time();
        for (name, least) in queries.iter().zip(&mut times) {
            let start = Instant::now();
            let outcome = screener.screen(&asked(name), &options, &mut searcher);
            hits += outcome.map_or(0, |o| o.hits.len());
            *least = (*least).min(start.elapsed());
        }
        measured = Measured {
            mean: measured
                .mean
                .min(time().saturating_sub(began) / queries.len().max(1) as u32),
            hits,
            looked_at: searcher.looked_at as f64 / n,
            scored: searcher.scored as f64 / n,
            walked: searcher.walked as f64 / n,
            found: searcher.tokens() as f64 / n,
            ..measured
        };
    }
    times.sort_unstable();
    measured.median = times[times.len() / 2];
    measured.p99 = times[times.len() * 99 / 100];
    Ok(measured)
}

/// How many times one core's work `threads` cores would do, were each there for its thread alone: by the time that threads had a core.
fn cores(file: &Path, queries: &[String], threads: usize) -> Result<f64, Failure> {
    let on_cores = |threads: usize| -> Result<Duration, Failure> {
        let screener = Screener::new(Index::open(file)?, Policy::standard(), HashMap::default());
        let next = AtomicUsize::new(0);
        let blocks: Vec<&[String]> = queries.chunks(64).collect();
        let mut all: Vec<Duration> = Vec::new();
        std::thread::scope(|scope| {
            let working: Vec<_> = (0..threads)
                .map(|_| {
                    scope.spawn(|| {
                        let (began, mut searcher) = (time(), Searcher::default());
                        while let Some(block) = blocks.get(next.fetch_add(1, Ordering::Relaxed)) {
                            for name in *block {
                                screener.screen(&asked(name), &Options::default(), &mut searcher).ok();
                            }
                        }
                        time().saturating_sub(began)
                    })
                })
                .collect();
            all.extend(working.into_iter().filter_map(|w| w.join().ok()));
        });
        // Blocks are given out by the clock: where the machine gave one thread less of a core, the others did more. The mean is what each would do.
        Ok(all.iter().sum::<Duration>() / threads as u32)
    };
    let least = |threads| {
        (0..PASSES)
            .map(|_| on_cores(threads))
            .try_fold(Duration::MAX, |l, t| Ok::<_, Failure>(l.min(t?)))
    };
    Ok(least(1)?.as_secs_f64() / least(threads)?.as_secs_f64())
}

fn exhaustively(names: &[String], queries: &[String]) -> Duration {
    let listed: Vec<String> = names.iter().map(|n| sorted(n)).collect();
    let queries: Vec<String> = queries.iter().map(|q| sorted(q)).collect();
    let mut least = Duration::MAX;
    for _ in 0..PASSES {
        let began = time();
        let mut found = 0u64;
        for query in &queries {
            let comparator = rapidfuzz::fuzz::RatioBatchComparator::new(query.chars());
            let arguments = rapidfuzz::fuzz::Args::default().score_cutoff(0.85);
            for name in &listed {
                found += u64::from(comparator.similarity_with_args(name.chars(), &arguments).is_some());
            }
        }
        std::hint::black_box(found);
        least = least.min(time().saturating_sub(began) / queries.len().max(1) as u32);
    }
    least
}

fn row(what: &str, names: &[String], entries: &[Entry], queries: &[String], sample: usize) -> Result<(), Failure> {
    let mut pass = Duration::MAX;
    for _ in 0..PASSES {
        let began = Instant::now();
        let mut words = 0;
        for name in names {
            let plain: String = name.nfkd().flat_map(char::to_lowercase).collect();
            words += plain.split_whitespace().count();
        }
        std::hint::black_box(words);
        pass = pass.min(began.elapsed());
    }
    let mut built = Duration::MAX;
    let mut index = None;
    for _ in 0..PASSES {
        let entries = entries.to_vec();
        let began = Instant::now();
        index = Some(Index::build(entries, Info::default())?);
        built = built.min(began.elapsed());
    }
    let index = index.ok_or("nothing was built")?;
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), index.bytes())?;
    let began = Instant::now();
    let opened = Index::open(file.path())?;
    let opening = began.elapsed();
    opened.verify()?;
    let checking = began.elapsed();
    let a_name = index.bytes().len() as f64 / index.len().max(1) as f64;
    drop((opened, index));
    let measured = screened(file.path(), queries)?;
    let theirs = exhaustively(names, &queries[..sample.min(queries.len())]);
    println!(
        "{what:<12} {:>9} {:>8.1} {:>8.1} {:>6.0} {:>10.1} {:>7.0} {:>6} {:>6.2} {:>7.0} {:>7.0} {:>6.2}   {:>7.1} ({:>4.1} passes) {:>5.0} B {:>6.2} / {:>6.1}",
        names.len(),
        measured.mean.as_secs_f64() * 1e6,
        measured.median.as_secs_f64() * 1e6,
        measured.p99.as_secs_f64() * 1e6,
        theirs.as_secs_f64() * 1e6,
        theirs.as_secs_f64() / measured.mean.as_secs_f64(),
        measured.hits,
        measured.found,
        measured.walked,
        measured.looked_at,
        measured.scored,
        built.as_secs_f64() * 1e3,
        built.as_secs_f64() / pass.as_secs_f64(),
        a_name,
        opening.as_secs_f64() * 1e3,
        checking.as_secs_f64() * 1e3,
    );
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let times = cores(file.path(), queries, threads)?;
    println!("{:<12} {threads} cores do {times:.2} times the work of one", "");
    Ok(())
}

/// Given and family names, by the convention of the source: the first and the last word.
fn halves(parties: &[(PartyKind, Vec<String>)], negatives: &[String]) -> Vec<(Vec<String>, Vec<String>)> {
    let mut halves: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    let people = parties
        .iter()
        .filter(|(k, _)| *k == PartyKind::Person)
        .flat_map(|(_, n)| n.iter());
    for source in [
        people.cloned().collect::<Vec<_>>(),
        negatives[..negatives.len() / 2].to_vec(),
        negatives[negatives.len() / 2..].to_vec(),
    ] {
        let (mut given, mut family) = (Vec::new(), Vec::new());
        for name in &source {
            let words: Vec<&str> = name.split_whitespace().collect();
            if let [first, .., last] = words[..] {
                given.push(first.trim_matches(',').to_owned());
                family.push(last.trim_matches(',').to_owned());
            }
        }
        halves.push((given, family));
    }
    halves
}

/// Writes a Parquet file of so many customers made of the parts of real names.
fn write_customers(path: &str, names: &[String]) -> Result<(), Failure> {
    let ids: ArrayRef = Arc::new(Int64Array::from_iter_values(0..names.len() as i64));
    let births: ArrayRef = Arc::new(Date32Array::from_iter_values(
        (0..names.len()).map(|at| (at * 37 % 18_000) as i32),
    ));
    let columns = [
        ("id", ids),
        ("name", Arc::new(StringArray::from_iter_values(names)) as ArrayRef),
        ("birth date", births),
    ];
    let batch = RecordBatch::try_from_iter(columns)?;
    let mut writer = parquet::arrow::ArrowWriter::try_new(std::fs::File::create(path)?, batch.schema(), None)?;
    writer.write(&batch)?;
    writer.close()?;
    Ok(())
}

fn number(name: &str, default: usize) -> usize {
    std::env::args()
        .skip_while(|a| a != name)
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(default)
}

fn main() -> Result<(), Failure> {
    let shared = std::env::var("STANDING_SHARED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").into());
    if !std::path::Path::new(&shared).exists() {
        println!("skipped: no ../shared");
        return Ok(());
    }
    // Building, too, is measured on one core.
    rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .use_current_thread()
        .build_global()?;
    let (least, most, sample) = (
        number("--least", 0),
        number("--most", 1_000_000),
        number("--sample", 100),
    );
    let parties = parties(&shared)?;
    let negatives = [
        column(&format!("{shared}/data/screening/negatives_global.csv"), 0)?,
        column(&format!("{shared}/data/screening/negatives_us.csv"), 0)?,
    ]
    .concat();
    if let Some(path) = std::env::args().skip_while(|a| a != "--customers").nth(1) {
        return write_customers(
            &path,
            &generated(&halves(&parties, &negatives), number("--most", 1_000_000)),
        );
    }
    let checked = number("--check", 0);
    if checked > 0 {
        return check::run(&parties, &shared, &negatives, checked);
    }
    println!(
        "{:<12} {:>9} {:>8} {:>8} {:>6} {:>10} {:>7} {:>6} {:>6} {:>7} {:>7} {:>6}   {:>20} {:>7} {:>15}",
        "names of",
        "names",
        "mean µs",
        "median",
        "p99",
        "rapidfuzz",
        "times",
        "hits",
        "found",
        "walked",
        "looked",
        "scored",
        "built, ms",
        "a name",
        "open/check, ms"
    );
    let names: Vec<String> = parties
        .iter()
        .flat_map(|(_, n)| n.iter().cloned())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let entries: Vec<Entry> = parties
        .iter()
        .enumerate()
        .map(|(at, (kind, names))| entry(at, *kind, names))
        .collect();
    let queries: Vec<String> = negatives.iter().step_by(number("--every", 1)).cloned().collect();
    if least == 0 {
        row("UN and OFAC", &names, &entries, &queries, sample)?;
    }
    let halves = halves(&parties, &negatives);
    for n in [10_000, 100_000, 1_000_000] {
        if (least..=most).contains(&n) {
            let names = generated(&halves, n);
            let entries: Vec<Entry> = names
                .iter()
                .enumerate()
                .map(|(at, n)| entry(at, PartyKind::Person, std::slice::from_ref(n)))
                .collect();
            row("generated", &names, &entries, &queries, (sample * 20_000 / n).max(5))?;
        }
    }
    Ok(())
}
