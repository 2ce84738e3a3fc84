//! How many sentences a second are read: `speed DIR [SENTENCES]` repeats the articles of a folder up to so many sentences, then reads them on one core.
//!
//! Times are those that the thread had a core, where the system tells them (Linux), else of the clock.
//!
//! Prints sentences a second, for a tenth of the text and for all of it, so that a growth that is not linear shows.

use std::fs;
use std::io::Write as _;
use std::sync::LazyLock;
use std::time::Instant;

use standing_news::{Article, Gazetteer, Reader, RuleSet};

static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Seconds that this thread had a core: the first number of its `schedstat`, in nanoseconds.
fn seconds() -> f64 {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|t| t.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| BEGAN.elapsed().as_secs_f64(), |n| n / 1e9)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let wanted: usize = args.get(1).map_or(Ok(100_000), |n| n.parse())?;
    let mut paths: Vec<_> = fs::read_dir(&args[0])?.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.sort();
    let texts: Vec<String> = paths
        .iter()
        .filter(|p| p.extension().is_some_and(|e| e == "txt"))
        .filter_map(|p| fs::read_to_string(p).ok())
        .collect();
    let started = seconds();
    let rules = RuleSet::embedded();
    let gazetteer = Gazetteer::embedded();
    let reader = Reader::new(&rules, &gazetteer);
    let start = seconds() - started;
    let mut out = std::io::stdout().lock();
    writeln!(out, "start {:.1} ms", start * 1000.0)?;
    for part in [wanted / 10, wanted] {
        let (mut sentences, mut claims) = (0, 0);
        let began = seconds();
        'all: loop {
            for text in &texts {
                let article = Article {
                    text: text.clone(),
                    ..Article::default()
                };
                let reading = reader.read(&article);
                sentences += reading.sentences;
                claims += reading.claims.len();
                if sentences >= part {
                    break 'all;
                }
            }
        }
        let taken = seconds() - began;
        writeln!(
            out,
            "{sentences} sentences, {claims} claims: {:.0} sentences a second",
            sentences as f64 / taken
        )?;
    }
    let whole: String = texts.concat();
    for copies in [1, 10] {
        let article = Article {
            text: whole.repeat(copies),
            ..Article::default()
        };
        let began = seconds();
        let reading = reader.read(&article);
        let taken = seconds() - began;
        writeln!(
            out,
            "one article of {} sentences: {:.0} sentences a second",
            reading.sentences,
            reading.sentences as f64 / taken
        )?;
    }
    Ok(())
}
