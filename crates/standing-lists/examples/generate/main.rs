//! Makes lists: as large as the largest that are published, or an OFAC list of the CSV in the three XML layouts.
//!
//! `cargo run --release -p standing-lists --example generate -- advanced|eu|seco COUNT FILE`
//! `cargo run --release -p standing-lists --example generate -- classic|enhanced|advanced-of FOLDER DATE FILE`

mod large;
mod ofac;

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use standing_lists::{Document, ReadOptions, read_documents};
use standing_model::Record;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let made = match words.as_slice() {
        [kind @ ("advanced" | "eu" | "seco"), count, file] => match count.parse() {
            Ok(count) => write(file, &large(kind, count)),
            Err(error) => Err(format!("COUNT: {error}")),
        },
        [kind @ ("classic" | "enhanced" | "advanced-of"), folder, date, file] => {
            records(Path::new(folder)).and_then(|records| {
                let text = match *kind {
                    "classic" => ofac::classic(&records, date),
                    "enhanced" => ofac::enhanced(&records, date),
                    _ => ofac::advanced(&records, date),
                };
                write(file, &text)
            })
        }
        _ => Err("usage: advanced|eu|seco COUNT FILE, or classic|enhanced|advanced-of FOLDER DATE FILE".to_owned()),
    };
    match made {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn large(kind: &str, count: usize) -> String {
    let mut dice = large::Dice::new(20_241_004);
    match kind {
        "eu" => large::eu(count, &mut dice),
        "seco" => large::seco(count, &mut dice),
        _ => ofac::advanced(&large::parties(count, &mut dice), "2024-10-04"),
    }
}

fn write(file: &str, text: &str) -> Result<(), String> {
    std::fs::write(file, text).map_err(|error| format!("{file}: {error}"))
}

/// The parties of a folder of OFAC's CSV files.
fn records(folder: &Path) -> Result<Vec<Record>, String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        files.push((
            path.to_string_lossy().into_owned(),
            std::fs::read(&path).map_err(wrong)?,
        ));
    }
    let documents: Vec<Document<'_>> = files.iter().map(|(name, bytes)| Document { name, bytes }).collect();
    let mut records = Vec::new();
    for outcome in read_documents(&documents, &ReadOptions::default()) {
        for snapshot in outcome.result.map_err(|error| error.to_string())? {
            records.extend(snapshot.records);
        }
    }
    Ok(records)
}
