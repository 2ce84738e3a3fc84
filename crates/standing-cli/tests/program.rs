//! The built program, run as a user runs it, on small lists of our own making.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test stops where something is not as it must be

mod running;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use running::run;

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn ok(db: &Path, args: &[&str]) -> String {
    let output = run(db, args);
    assert!(
        output.status.success(),
        "{args:?}: {}{}",
        text(&output),
        String::from_utf8_lossy(&output.stderr)
    );
    text(&output)
}

fn json(db: &Path, args: &[&str]) -> Vec<serde_json::Value> {
    let mut args = args.to_vec();
    args.push("--json");
    ok(db, &args)
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect()
}

/// A list in the form of the UN's, with these entries: reference, key, name, day of listing.
fn un(folder: &Path, day: &str, entries: &[(&str, &str, &str, &str)]) -> PathBuf {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CONSOLIDATED_LIST dateGenerated=\"{day}T23:30:00.000-05:00\"><INDIVIDUALS>"
    );
    for (reference, key, name, listed) in entries {
        xml.push_str(&format!(
            "<INDIVIDUAL><DATAID>{key}</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>{name}</FIRST_NAME><UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE>\
             <REFERENCE_NUMBER>{reference}</REFERENCE_NUMBER><LISTED_ON>{listed}</LISTED_ON></INDIVIDUAL>"
        ));
    }
    xml.push_str("</INDIVIDUALS><ENTITIES/></CONSOLIDATED_LIST>\n");
    let path = folder.join(format!("list-of-{day}.xml"));
    std::fs::write(&path, xml).unwrap();
    path
}

/// Three lists: B goes and comes back, C is re-keyed, D goes for good.
fn three(folder: &Path) -> Vec<String> {
    let a = ("QDi.901", "1", "Alpha", "2010-01-01");
    let b = ("QDi.902", "2", "Bravo", "2011-02-02");
    let c = ("QDi.903", "3", "Charlie", "2012-03-03");
    let d = ("QDi.904", "4", "Delta", "2013-04-04");
    let rekeyed = ("QDi.903", "33", "Charlie", "2012-03-03");
    [
        un(folder, "2020-01-10", &[a, b, c, d]),
        un(folder, "2021-01-10", &[a, c, d]),
        un(folder, "2022-01-10", &[a, b, rekeyed]),
    ]
    .map(|p| p.display().to_string())
    .to_vec()
}

fn take(db: &Path, path: &str) {
    let output = run(db, &["ingest", path]);
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "{}{}",
        text(&output),
        String::from_utf8_lossy(&output.stderr)
    );
    for held in json(db, &["review"]) {
        ok(
            db,
            &[
                "review",
                "accept",
                held["id"].as_str().unwrap(),
                "--why",
                "as announced",
            ],
        );
    }
}

fn standing_on(db: &Path, party: &str, rest: &[&str]) -> String {
    let mut args = vec!["show", party];
    args.extend(rest);
    let rows = json(db, &args);
    let row = rows
        .iter()
        .find(|r| r["listing"].as_str().is_some_and(|l| l.starts_with("un:")))
        .unwrap();
    row["standing"].as_str().unwrap().to_owned()
}

#[test]
fn any_order_of_ingestion_gives_the_same_answers() {
    let place = tempfile::tempdir().unwrap();
    let lists = three(place.path());
    let mut answers = Vec::new();
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let db = place.path().join(format!("{order:?}.db"));
        for at in order {
            take(&db, &lists[at]);
        }
        let mut changes: Vec<String> = ok(&db, &["changes", "--amended", "--json", "--authority", "UN"])
            .lines()
            .map(str::to_owned)
            .collect();
        changes.sort();
        answers.push((changes, ok(&db, &["export", "--format", "ftm"])));
        ok(&db, &["verify"]);
    }
    assert!(answers.windows(2).all(|w| w[0] == w[1]));
}

#[test]
fn a_listing_is_followed_through_its_days() {
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    for list in three(place.path()) {
        take(&db, &list);
    }
    let on = |party: &str, day: &str| standing_on(&db, party, &["--on", day]);
    assert_eq!(
        on("QDi.904", "2021-12-31"),
        "uncertain",
        "gone somewhere between two lists"
    );
    assert_eq!(on("QDi.904", "2021-01-10"), "in_force");
    assert_eq!(on("QDi.904", "2022-01-10"), "lifted");
    assert_eq!(
        standing_on(&db, "QDi.904", &["--on", "2022-06-01", "--known", "2021-06-01"]),
        "in_force"
    );
    assert_eq!(
        on("QDi.902", "2021-06-01"),
        "uncertain",
        "the return is bounded, its old date does not date it"
    );
    assert_eq!(on("QDi.902", "2022-02-01"), "in_force");

    let steps = json(&db, &["timeline", "QDi.902"]);
    let actions: Vec<&str> = steps.iter().map(|s| s["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["impose", "lift", "impose"]);
    assert_eq!(steps[2]["earlier"], "2011-02-02");
    assert_eq!(
        steps[2]["on"],
        serde_json::json!({"after": "2021-01-10", "by": "2022-01-10"})
    );

    let amended = json(&db, &["changes", "--party", "QDi.903", "--amended"]);
    let amend = amended
        .iter()
        .find(|s| s["action"] == "amend")
        .expect("a new key is an amendment");
    assert_eq!(
        amend["fields"],
        serde_json::json!([{"field": "DATAID", "old": ["3"], "new": ["33"]}])
    );
    assert!(amended.iter().all(|s| s["action"] != "lift"));
}

#[test]
fn the_guard_holds_a_list_that_shrinks_until_a_person_decides() {
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    let lists = three(place.path());
    ok(&db, &["ingest", &lists[0]]);
    let output = run(&db, &["ingest", &lists[1]]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains("HELD for review"), "{}", text(&output));
    assert_eq!(
        standing_on(&db, "QDi.902", &["--on", "2021-06-01"]),
        "in_force",
        "held: not counted"
    );
    let held = json(&db, &["review"]);
    assert_eq!((held[0]["gone"].as_u64(), held[0]["of"].as_u64()), (Some(1), Some(4)));
    let id = held[0]["id"].as_str().unwrap().to_owned();
    let recorded = json(&db, &["show", "QDi.902", "--on", "2021-06-01", "--recorded", "3"]);
    ok(
        &db,
        &[
            "review",
            "accept",
            &id,
            "--why",
            "checked with the committee's press release",
        ],
    );
    assert_eq!(standing_on(&db, "QDi.902", &["--on", "2021-06-01"]), "lifted");
    assert_eq!(
        json(&db, &["show", "QDi.902", "--on", "2021-06-01", "--recorded", "3"]),
        recorded,
        "earlier answers are repeated"
    );
    assert_eq!(
        run(&db, &["review", "accept", &id, "--why", "again"]).status.code(),
        Some(2)
    );
}

#[test]
fn bad_input_is_refused_whole() {
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    let lists = three(place.path());
    ok(&db, &["ingest", &lists[0]]);
    let before = ok(&db, &["verify"]);
    let good = std::fs::read_to_string(&lists[1]).unwrap();
    let cases = [
        ("truncated.xml", good[..good.len() * 2 / 3].to_owned()),
        ("empty.xml", String::new()),
        ("page.xml", "<html><body>503</body></html>".into()),
        ("date.xml", good.replace("2021-01-10T", "2021-13-45T")),
        ("deep.xml", "<a>".repeat(100_000)),
    ];
    for (name, content) in cases {
        let path = place.path().join(name);
        std::fs::write(&path, content).unwrap();
        let output = run(&db, &["ingest", path.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(3), "{name}: {}", text(&output));
        assert!(text(&output).contains("REFUSED"), "{name}");
    }
    assert_eq!(ok(&db, &["verify"]), before);
    assert_eq!(run(&db, &["ingest", "no-such-file.xml"]).status.code(), Some(3));
}

#[test]
fn a_file_that_is_no_ledger_is_left_untouched() {
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("notes.txt");
    std::fs::write(&db, "my notes").unwrap();
    let list = three(place.path()).remove(0);
    for args in [&["show", "Taliban"][..], &["ingest", &list], &["verify"]] {
        assert_eq!(run(&db, args).status.code(), Some(4), "{args:?}");
    }
    assert_eq!(std::fs::read_to_string(&db).unwrap(), "my notes");
    assert_eq!(
        run(&place.path().join("none.db"), &["show", "Taliban"]).status.code(),
        Some(4)
    );
    let empty = place.path().join("empty.db");
    std::fs::write(&empty, "").unwrap();
    ok(&empty, &["verify"]);
    ok(&empty, &["sources"]);
}

#[test]
fn ingesting_twice_adds_nothing() {
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    let lists = three(place.path());
    ok(&db, &["ingest", &lists[0]]);
    let before = ok(&db, &["verify"]);
    assert!(ok(&db, &["ingest", &lists[0]]).contains("recorded already"));
    assert_eq!(ok(&db, &["verify"]), before);
}

#[test]
fn verify_notices_flipped_bytes() {
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    let lists = three(place.path());
    ok(&db, &["ingest", &lists[0]]);
    let sound = std::fs::read(&db).unwrap();
    let answer = ok(&db, &["show", "QDi.902", "--json"]);
    let mut reported = 0;
    for at in (0..sound.len()).step_by(sound.len() / 60) {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x10;
        let flipped = place.path().join("flipped.db");
        std::fs::write(&flipped, &bytes).unwrap();
        let output = run(&flipped, &["verify"]);
        assert_ne!(output.status.code(), Some(101), "a panic at byte {at}");
        if output.status.success() {
            assert_eq!(
                ok(&flipped, &["show", "QDi.902", "--json"]),
                answer,
                "silent and wrong at byte {at}"
            );
        } else {
            reported += 1;
        }
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(place.path().join(format!("flipped.db{suffix}")));
        }
    }
    assert!(reported > 20, "{reported} of 60");
}

#[test]
fn judgements_join_and_part() {
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    let lists = three(place.path());
    ok(&db, &["ingest", &lists[0]]);
    ok(&db, &["same", "QDi.901", "QDi.902", "--why", "one man"]);
    assert_eq!(json(&db, &["show", "QDi.901"]).len(), 2);
    ok(&db, &["different", "QDi.901", "QDi.902", "--why", "it was an error"]);
    assert_eq!(json(&db, &["show", "QDi.901"]).len(), 1);
    assert_eq!(
        run(&db, &["same", "QDi.901", "QDi.902", "--why", " "]).status.code(),
        Some(2)
    );
}

#[test]
fn evidence_shows_the_bytes() {
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    let lists = three(place.path());
    ok(&db, &["ingest", &lists[0]]);
    let steps = json(&db, &["timeline", "QDi.901"]);
    let shown = ok(&db, &["evidence", steps[0]["step"].as_str().unwrap()]);
    assert!(
        shown.contains("<REFERENCE_NUMBER>QDi.901</REFERENCE_NUMBER>"),
        "{shown}"
    );
}

#[test]
fn the_demo_tells_the_story() {
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("kept.db");
    let told = ok(&db, &["demo", "--keep", db.to_str().unwrap()]);
    for words in [
        "lifting decided",
        "2003",
        "2024-12-28",
        "2025-04-17",
        "2025-05-20",
        "2025-07-03",
        "2023-12-29",
        "TASS",
    ] {
        assert!(told.contains(words), "{words}\n{told}");
    }
    let row = |on: &str, known: &str, measure: &str| {
        json(&db, &["show", "Taliban", "--on", on, "--known", known])
            .into_iter()
            .find(|r| r["authority"].as_str().is_some_and(|a| a.starts_with("ru")) && r["measure"] == measure)
    };
    let then = row("2024-10-04", "2024-10-04", "designation").unwrap();
    assert_eq!(
        (&then["standing"], &then["since"]),
        (&"in_force".into(), &"2003".into())
    );
    assert_eq!(
        (&then["pending"][0]["action"], &then["pending"][0]["stage"]),
        (&"lift".into(), &"decided".into())
    );
    let later = row("2025-08-01", "2025-08-01", "designation").unwrap();
    assert_eq!(
        (&later["standing"], &later["since"], &later["contradicted"]),
        (&"suspended".into(), &"2025-04-17".into(), &true.into())
    );
    assert_eq!(later["pending"], serde_json::json!([]));
    assert_eq!(
        row("2025-08-01", "2025-08-01", "recognition").unwrap()["since"],
        "2025-07-03"
    );
    assert!(row("2024-10-04", "2024-10-04", "recognition").is_none());
}

#[test]
fn output_is_the_same_in_any_time_zone() {
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    let lists = three(place.path());
    ok(&db, &["ingest", &lists[0]]);
    let in_zone = |zone: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_standing"))
            .args(["--db", db.to_str().unwrap(), "show", "QDi.901", "--json"])
            .env("TZ", zone)
            .env("LC_ALL", "ar_EG.UTF-8")
            .output()
            .unwrap();
        output.stdout
    };
    assert_eq!(in_zone("Pacific/Kiritimati"), in_zone("America/Adak"));
}

#[test]
fn the_real_un_lists_give_the_counted_changes() {
    let shared = std::env::var_os("STANDING_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let un = shared.join("data/lists/un");
    if !un.is_dir() {
        println!("skipped: no ../shared");
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    for day in ["2026-02-27", "2020-11-30", "2025-04-19"] {
        take(&db, un.join(format!("{day}.xml")).to_str().unwrap());
    }
    let count = |since: &str, until: &str, action: &str| {
        json(
            &db,
            &["changes", "--authority", "UN", "--since", since, "--until", until],
        )
        .iter()
        .filter(|s| s["action"] == action && s["listing"].as_str().is_some_and(|l| l.starts_with("un:")))
        .count()
    };
    assert_eq!(
        (
            count("2020-12-01", "2025-04-19", "lift"),
            count("2020-12-01", "2025-04-19", "impose")
        ),
        (186, 45)
    );
    assert_eq!(
        (
            count("2025-04-20", "2026-02-27", "lift"),
            count("2025-04-20", "2026-02-27", "impose")
        ),
        (4, 130)
    );
    let al_jawlani = json(&db, &["show", "QDi.317", "--on", "2025-12-01"]);
    let row = al_jawlani.iter().find(|r| r["listing"] == "un:QDi.317").unwrap();
    assert_eq!(
        (&row["standing"], &row["since"]),
        (&"lifted".into(), &"2025-11-06".into())
    );
}

#[test]
fn names_are_compared_without_a_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let none = folder.path().join("none.db");
    let row = &json(
        &none,
        &[
            "compare",
            "Mohamad al Golani",
            "Abu Mohammed al-Jawlani",
            "--schema",
            "person",
        ],
    )[0];
    assert!(row["score"].as_f64().unwrap() > 0.5);
    assert!(row["tokens"].as_array().unwrap().iter().any(|t| t["a"] == "Golani"));
    let shown = ok(&none, &["compare", "Jon Smith", "John Smith"]);
    assert!(shown.contains("matched") && shown.contains("Smith"), "{shown}");

    let pairs = folder.path().join("pairs.csv");
    std::fs::write(&pairs, "name1,name2,schema\nA B,A B,Person\n,x,Person\nC D,C D,\n").unwrap();
    let output = run(&none, &["compare", "--input", pairs.to_str().unwrap(), "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let rows: Vec<serde_json::Value> = text(&output)
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0]["score"], 1.0);
    assert!(rows[1]["error"].as_str().unwrap().contains("empty") && rows[1]["score"].is_null());
    assert!(String::from_utf8_lossy(&output.stderr).contains("1 of 3 rows"));
    assert_eq!(run(&none, &["compare", "only one"]).status.code(), Some(2));
    assert_eq!(run(&none, &["compare", " ", "x"]).status.code(), Some(2));
    assert!(!none.exists(), "a comparison made a ledger");
}
