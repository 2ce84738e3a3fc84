//! Reads list files and prints what was read and how long it took: `cargo run --release -p standing-lists --example read FILE...`.
//!
//! It is what `benches/sheets.py` times against other readers, and a quick look at a file for people.

use std::time::Instant;

use standing_lists::{Document, ReadOptions, read_documents};
use standing_model::PartyKind;

#[allow(clippy::print_stdout)] // a program for people
fn main() -> std::io::Result<()> {
    for name in std::env::args().skip(1) {
        let bytes = std::fs::read(&name)?;
        let document = Document {
            name: &name,
            bytes: &bytes,
        };
        let start = Instant::now();
        let outcomes = read_documents(&[document], &ReadOptions::default());
        let seconds = start.elapsed().as_secs_f64();
        for outcome in outcomes {
            let format = outcome.format.unwrap_or("unknown");
            match outcome.result {
                Err(error) => println!("{seconds:.4} {format} {error}"),
                Ok(snapshots) => {
                    for snapshot in snapshots {
                        let count = |kind| snapshot.records.iter().filter(|r| r.kind == kind).count();
                        println!(
                            "{seconds:.4} {format} {} {:?} records {} (persons {}, organisations {}, vessels {}) rejects {} {:?} {:?} {:?} {:?}",
                            snapshot.list,
                            snapshot.date.map(|d| d.to_string()),
                            snapshot.records.len(),
                            count(PartyKind::Person),
                            count(PartyKind::Organisation),
                            count(PartyKind::Vessel),
                            snapshot.rejects.len(),
                            snapshot.extent,
                            snapshot.head.iter().take(3).collect::<Vec<_>>(),
                            snapshot.not_understood.iter().take(8).collect::<Vec<_>>(),
                            snapshot.warnings,
                        );
                    }
                }
            }
        }
    }
    Ok(())
}
