//! Reads files, folders and archives and prints what they hold and how long reading took.
//!
//! `cargo run --release -p standing-lists --example read -- [--part] [--json] [--rounds N] PATH...`

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use standing_lists::{Document, Limits, ReadOptions, open_file, read_documents, read_file};

fn main() -> std::io::Result<()> {
    let mut options = ReadOptions::default();
    let (mut json, mut rounds, mut paths) = (false, 1, Vec::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--rounds" => rounds = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(1),
            "--part" => options.part = true,
            "--json" => json = true,
            path => files(Path::new(path), &mut paths)?,
        }
    }
    let mut out = std::io::stdout().lock();
    let mut opened = Vec::new();
    for path in paths {
        let (name, limits) = (path.to_string_lossy(), Limits::default());
        let file = std::fs::File::open(&path)?;
        let size = file.metadata()?.len();
        let read = read_file(&name, file, Some(size), limits.total)?;
        match read.and_then(|bytes| open_file(&name, bytes, limits)) {
            Ok(documents) => opened.extend(documents),
            Err(error) => writeln!(out, "{error}")?,
        }
    }
    let documents: Vec<Document<'_>> = opened
        .iter()
        .map(|o| Document {
            name: &o.name,
            bytes: &o.bytes,
        })
        .collect();
    let size: usize = documents.iter().map(|d| d.bytes.len()).sum();
    let start = Instant::now();
    let mut outcomes = read_documents(&documents, &options);
    let mut took = start.elapsed();
    // The best of several rounds, each of which frees what the one before has read. The first, which meets memory untouched and frees
    // nothing, counts only where it is the only one.
    for round in 1..rounds {
        let start = Instant::now();
        drop(outcomes);
        outcomes = read_documents(&documents, &options);
        let elapsed = start.elapsed();
        took = if round == 1 { elapsed } else { took.min(elapsed) };
    }
    for outcome in &outcomes {
        match &outcome.result {
            Ok(snapshots) => {
                for snapshot in snapshots {
                    if json {
                        for record in &snapshot.records {
                            writeln!(out, "{}", serde_json::to_string(record)?)?;
                        }
                        continue;
                    }
                    let date = snapshot
                        .date
                        .map_or_else(|| "without date".to_owned(), |d| d.to_string());
                    writeln!(
                        out,
                        "{} {} {date} {:?}: {} records, {} rejects",
                        snapshot.list,
                        snapshot.format,
                        snapshot.extent,
                        snapshot.records.len(),
                        snapshot.rejects.len()
                    )?;
                    for warning in &snapshot.warnings {
                        writeln!(out, "  note: {warning}")?;
                    }
                    for reject in snapshot.rejects.iter().take(10) {
                        writeln!(out, "  rejected: {}: {}", reject.position, reject.reason)?;
                    }
                    for (field, count) in &snapshot.not_understood {
                        writeln!(out, "  kept, not understood: {field} ({count})")?;
                    }
                    let doubts: usize = snapshot.records.iter().map(|r| r.doubts.len()).sum();
                    if doubts > 0 {
                        writeln!(out, "  {doubts} doubts")?;
                    }
                }
            }
            Err(error) => writeln!(out, "{error}")?,
        }
    }
    if !json {
        let memory = most_memory().map_or_else(String::new, |mb| format!(", {mb} MB at most"));
        writeln!(out, "{size} bytes in {:.2} ms{memory}", took.as_secs_f64() * 1e3)?;
    }
    Ok(())
}

/// The most memory that this process has had, in megabytes, where the system tells.
fn most_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes / 1024)
}

fn files(path: &Path, into: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if path.is_dir() {
        let mut inside: Vec<PathBuf> = std::fs::read_dir(path)?
            .map(|e| e.map(|e| e.path()))
            .collect::<Result<_, _>>()?;
        inside.sort();
        for path in inside {
            files(&path, into)?;
        }
    } else {
        into.push(path.to_owned());
    }
    Ok(())
}
