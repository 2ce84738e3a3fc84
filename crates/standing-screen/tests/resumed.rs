//! A batch that breaks off goes on from its last note and gives the same bytes.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use standing_model::{NameKind, NameQuality, PartyKind, State};
use standing_screen::batch::input::InputOptions;
use standing_screen::listed::{Entry, EntryName, Fields, NameSource};
use standing_screen::{Batch, Index, Info, Options, Policy, Screener};

fn screener() -> Screener {
    let names = ["Zaydan Qutayba Marwazi", "Ihsan Tawfiq Barzanchi"];
    let entries = names.iter().enumerate().map(|(at, name)| Entry {
        party: format!("test:{at}"),
        listing: Some(format!("test:{at}")),
        kind: PartyKind::Person,
        caption: (*name).into(),
        fields: Fields::default(),
        standing: State::InForce,
        measures: Vec::new(),
        digest: String::new(),
        names: vec![EntryName {
            text: (*name).into(),
            kind: NameKind::Primary,
            quality: NameQuality::Good,
            source: NameSource::Listing,
        }],
    });
    Screener::new(
        Index::build(entries.collect(), Info::default()).unwrap(),
        Policy::standard(),
        HashMap::default(),
    )
}

#[test]
fn a_batch_that_broke_off_goes_on_and_gives_the_same_bytes() {
    const ROWS: u64 = 20_000;
    let place = tempfile::tempdir().unwrap();
    let input = place.path().join("q.csv");
    let mut rows = String::from("id,name\n");
    for at in 0..ROWS {
        let name = ["Zeidan Qutaiba Marwazi", "Ann Lee", "Corp", "Ihsan Tawfiq Barzanchi"][at as usize % 4];
        rows.push_str(&format!("c{at},{name}\n"));
    }
    std::fs::write(&input, rows).unwrap();
    let screener = screener();
    let batch = |output: &str, threads| Batch {
        input: input.clone(),
        output: place.path().join(output),
        reading: InputOptions::default(),
        options: Options::default(),
        threads,
        customers: None,
    };
    let whole = batch("whole.jsonl", 2);
    let report = screener.screen_batch(&whole, "key", &mut |_| {}).unwrap();
    assert_eq!(report.rows, ROWS);

    let broken = batch("broken.jsonl", 2);
    let mut waited = false;
    let stopped = catch_unwind(AssertUnwindSafe(|| {
        screener.screen_batch(&broken, "key", &mut |progress| {
            // Long enough for a note of how far it is; nothing is noted of what comes after it.
            if progress.rows > ROWS / 4 && !waited {
                waited = true;
                std::thread::sleep(Duration::from_millis(520));
            }
            assert!(progress.rows < ROWS / 2, "killed here");
        })
    }));
    assert!(stopped.is_err() && !broken.output.exists());

    let again = batch("broken.jsonl", 1);
    let mut first = None;
    let resumed = screener
        .screen_batch(&again, "key", &mut |progress| {
            first.get_or_insert(progress.rows);
        })
        .unwrap();
    assert!(first.unwrap() > ROWS / 4, "it began anew: {first:?}");
    assert_eq!(resumed, report);
    assert!(std::fs::read(&again.output).unwrap() == std::fs::read(&whole.output).unwrap());
    let rejects = |name: &str| std::fs::read(place.path().join(name)).unwrap();
    assert!(rejects("broken.jsonl.rejects.jsonl") == rejects("whole.jsonl.rejects.jsonl"));
}
