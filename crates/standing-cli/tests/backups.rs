//! Backups put back, over ledgers that are there, and after a restore that was killed: nothing is ever overwritten or mixed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test stops where something is not as it must be

mod running;

use std::path::{Path, PathBuf};

use running::run;

fn ok(db: &Path, args: &[&str]) -> String {
    let output = run(db, args);
    assert!(
        output.status.success(),
        "{args:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A ledger with one list in it, whose only entry bears this name.
fn ledger(place: &Path, name: &str) -> PathBuf {
    let list = place.join(format!("{name}.xml"));
    std::fs::write(
        &list,
        format!(
            "<CONSOLIDATED_LIST dateGenerated=\"2021-01-10\"><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>{name}</FIRST_NAME>\
             <UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE><REFERENCE_NUMBER>QDi.901</REFERENCE_NUMBER><LISTED_ON>2010-01-01</LISTED_ON>\
             </INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>"
        ),
    )
    .unwrap();
    let db = place.join(format!("{name}.db"));
    ok(&db, &["ingest", text(&list)]);
    db
}

fn shows(db: &Path, name: &str) {
    let shown = ok(db, &["party", "QDi.901"]);
    assert!(shown.contains(name), "{shown}");
    ok(db, &["verify"]);
}

#[test]
fn every_ledger_that_made_room_is_kept() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path(), "Alpha");
    for name in ["Bravo", "Charlie"] {
        let copy = place.path().join(format!("copy-of-{name}"));
        ok(&ledger(place.path(), name), &["backup", text(&copy)]);
        ok(&db, &["restore", text(&copy), "--replace"]);
        shows(&db, name);
    }
    // All three have as many transactions; a name after that number alone would have been taken twice.
    shows(&place.path().join("Alpha.db.before-restore-2"), "Alpha");
    shows(&place.path().join("Alpha.db.before-restore-2-2"), "Bravo");
}

#[test]
fn what_a_killed_restore_left_is_in_nobodys_way() {
    let place = tempfile::tempdir().unwrap();
    let copy = place.path().join("copy");
    ok(&ledger(place.path(), "Bravo"), &["backup", text(&copy)]);
    let db = place.path().join("s.db");
    // Killed after the former ledger was moved and before the new one took its place: a half-made copy, and the former's log.
    std::fs::write(place.path().join("s.db.restoring"), "half").unwrap();
    std::fs::write(place.path().join("s.db-wal"), "the log of another ledger").unwrap();
    ok(&db, &["restore", text(&copy)]);
    shows(&db, "Bravo");
    assert_eq!(
        std::fs::read_to_string(place.path().join("s.db.before-restore-0-wal")).unwrap(),
        "the log of another ledger",
        "kept, and apart"
    );
}
