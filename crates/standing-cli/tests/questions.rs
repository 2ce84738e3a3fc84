//! What a person may ask and how the program answers: clocks, windows, ids, keys of JSON, exit codes, odd input and odd terminals.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test stops where something is not as it must be

mod asking;
mod running;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use asking::{json, ok, said, un};
use running::run;
use serde_json::Value;

fn command(db: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_standing"));
    command
        .arg("--db")
        .arg(db)
        .env("NO_COLOR", "1")
        .env("COLUMNS", "120")
        .env_remove("STANDING_DB");
    command
}

/// Four editions: Bravo goes and comes back, Delta goes, two bear one name.
fn ledger(place: &Path) -> PathBuf {
    let db = place.join("s.db");
    let all = [
        ("QDi.901", "Alpha"),
        ("QDi.902", "Bravo"),
        ("QDi.903", "Same Name"),
        ("QDi.904", "Same Name"),
    ];
    let editions = [
        un(place, "2020-01-10", &all),
        un(place, "2021-01-10", &[all[0], all[2], all[3]]),
        un(place, "2022-01-10", &all),
        un(
            place,
            "2023-01-10",
            &[all[0], all[1], all[2], ("QDi.904", "Same Name Again")],
        ),
    ];
    for edition in editions {
        let output = run(&db, &["ingest", "--guard", "100", &edition]);
        assert!(output.status.success(), "{}", said(&output));
    }
    db
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn json_objects_bear_the_keys_that_are_promised() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let held = un(place.path(), "2024-01-10", &[("QDi.901", "Alpha")]);
    assert_eq!(run(&db, &["ingest", &held]).status.code(), Some(1), "held");
    let promised = [
        (
            &["show", "QDi.902"][..],
            "party listing authority measure standing since last_seen grade pending contradicted",
        ),
        (
            &["timeline", "QDi.902"],
            "step party listing authority measure action stage on known grade sources",
        ),
        (
            &["changes"],
            "step party listing authority measure action stage on known grade sources",
        ),
        (
            &["pending", "--on", "2024-10-04", "--known", "2024-10-04"],
            "step procedure party authority measure action stage on known grade sources age",
        ),
        (
            &["sources"],
            "source list date date_origin state listings kept rejected",
        ),
        (&["review"], "id source list gone of share"),
        (&["formats"], "format lists"),
        (&["evidence", "s:"], "step pieces"),
    ];
    let step = json(&db, &["timeline", "QDi.902"])[0]["step"]
        .as_str()
        .unwrap()
        .to_owned();
    for (args, wanted) in promised {
        let args: Vec<&str> = args
            .iter()
            .map(|a| if *a == "s:" { step.as_str() } else { a })
            .collect();
        let rows = json(&db, &args);
        assert!(!rows.is_empty(), "{args:?}");
        for row in &rows {
            for key in wanted.split(' ') {
                assert!(keys(row).contains(key), "{args:?} lacks {key}: {row}");
            }
        }
    }
    // Compact: no blank after a key, one object a line.
    let line = ok(&db, &["show", "QDi.902", "--json"]);
    assert!(
        line.starts_with("{\"party\":\"un:QDi.902\",\"listing\":\"un:QDi.902\","),
        "{line}"
    );
    let age = &json(&db, &["pending", "--on", "2024-10-14", "--known", "2024-10-14"])[0]["age"];
    assert_eq!(age, 10, "days since the decision became known");
}

#[test]
fn each_step_falls_into_exactly_one_window_by_knowledge_and_into_all_it_touches_by_law() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let count = |args: &[&str]| json(&db, &[&["changes", "--authority", "UN"], args].concat()).len();
    let all = count(&[]);
    let windows = [
        count(&["--until", "2021-01-09"]),
        count(&["--since", "2021-01-10", "--until", "2021-01-10"]),
        count(&["--since", "2021-01-11", "--until", "2022-01-09"]),
        count(&["--since", "2022-01-10"]),
    ];
    assert_eq!(windows.iter().sum::<usize>(), all, "{windows:?}");
    assert_eq!((windows[1], windows[2]), (1, 0), "both ends count");
    let touched = |args: &[&str]| -> Vec<(String, bool)> {
        json(&db, &[&["changes", "--party", "QDi.902", "--by", "on"], args].concat())
            .iter()
            .map(|s| (s["action"].as_str().unwrap().to_owned(), s["uncertain"] == true))
            .collect()
    };
    let lift = vec![("lift".to_owned(), true)];
    assert_eq!(touched(&["--since", "2020-02-01", "--until", "2020-03-01"]), lift);
    assert_eq!(touched(&["--since", "2020-06-01", "--until", "2020-07-01"]), lift);
    assert_eq!(
        touched(&["--since", "2020-01-11", "--until", "2021-01-10"]),
        [("lift".to_owned(), false)]
    );
    let returned = json(&db, &["changes", "--since", "2022-01-10", "--until", "2022-01-10"]);
    assert_eq!(returned[0]["returns"], true, "{}", returned[0]);
}

#[test]
fn the_third_clock_takes_a_transaction_or_a_time() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let rows = |recorded: &str| json(&db, &["timeline", "QDi.902", "--recorded", recorded]).len();
    assert_eq!((rows("2"), rows("3"), rows("4")), (1, 2, 3));
    assert_eq!(rows("2999-01-01"), 3, "a time to come is now");
    assert_eq!(
        run(&db, &["timeline", "QDi.902", "--recorded", "1999-01-01"])
            .status
            .code(),
        Some(2),
        "nothing was there"
    );
    for wrong in ["99", "yesterday", "2026-13-45"] {
        let output = run(&db, &["show", "QDi.902", "--recorded", wrong]);
        assert_eq!(output.status.code(), Some(2), "{wrong}: {}", said(&output));
        assert!(said(&output).contains(wrong), "{}", said(&output));
    }
    for args in [
        &["sources"][..],
        &["changes"],
        &["pending"],
        &["export", "--format", "ftm"],
    ] {
        let args = [args, &["--known", "2021-06", "--recorded", "3"]].concat();
        ok(&db, &args);
    }
    let step = json(&db, &["timeline", "QDi.902"])[2]["step"]
        .as_str()
        .unwrap()
        .to_owned();
    ok(&db, &["evidence", &step]);
    assert_eq!(
        run(&db, &["evidence", &step, "--known", "2021-06"]).status.code(),
        Some(2),
        "nobody knew of it yet"
    );
}

#[test]
fn a_party_is_found_by_id_reference_and_name_and_never_guessed() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    for party in ["un:QDi.901", "QDi.901", "Alpha", "ALPHA", " alpha "] {
        assert_eq!(json(&db, &["show", party])[0]["party"], "un:QDi.901", "{party}");
    }
    let output = run(&db, &["show", "Same Name"]);
    assert_eq!(output.status.code(), Some(2));
    for id in ["un:QDi.903", "un:QDi.904"] {
        assert!(said(&output).contains(id), "{}", said(&output));
    }
    for command in [&["show"][..], &["timeline"], &["changes", "--party"]] {
        for party in ["no such party", "", " ", "un:", "un:QDi.1", ":", "Q", "\u{202e}evil"] {
            let output = run(&db, &[command, &[party]].concat());
            assert_eq!(
                output.status.code(),
                Some(2),
                "{command:?} {party:?}: {}",
                said(&output)
            );
            assert!(
                !said(&output).contains('\u{202e}'),
                "control characters are made visible"
            );
        }
    }
}

#[test]
fn a_cluster_bears_its_highest_id_and_older_ids_keep_resolving() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let party = |asked: &str| json(&db, &["show", asked])[0]["party"].as_str().unwrap().to_owned();
    ok(
        &db,
        &["same", "QDi.901", "NK-aBcDeFgH", "--why", "a resolver file says so"],
    );
    assert_eq!(
        (party("QDi.901"), party("NK-aBcDeFgH")),
        ("NK-aBcDeFgH".into(), "NK-aBcDeFgH".into())
    );
    ok(
        &db,
        &["same", "QDi.901", "Q4201", "--why", "the item cites the reference"],
    );
    assert_eq!(
        (party("QDi.901"), party("NK-aBcDeFgH"), party("Q4201")),
        ("Q4201".into(), "Q4201".into(), "Q4201".into())
    );
    assert_eq!(
        run(&db, &["same", "QDi.901", "Q", "--why", "no id"]).status.code(),
        Some(2)
    );
    let exported: Vec<Value> = ok(&db, &["export", "--format", "ftm"])
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let entity = exported.iter().find(|e| e["id"] == "Q4201").unwrap();
    assert_eq!(entity["referents"], serde_json::json!(["NK-aBcDeFgH", "un:QDi.901"]));
    ok(&db, &["different", "QDi.901", "Q4201", "--why", "another man"]);
    assert_eq!(
        party("QDi.901"),
        "NK-aBcDeFgH",
        "a later judgement replaces an earlier one"
    );
}

#[test]
fn ids_that_are_none_are_told_apart_from_damage() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    for args in [
        &["evidence", "s:000000000000"][..],
        &["evidence", "s:"],
        &["evidence", "x"],
        &["evidence", ""],
        &["review", "show", "r:99"],
        &["review", "accept", "banana", "--why", "x"],
        &["review", "accept", "r:1", "--why", "it is not held"],
        &["show"],
        &["show", "QDi.901", "--on", "2024-13"],
        &["show", "QDi.901", "--basis", "rumour"],
        &["changes", "--authority", "ZZ"],
        &["no-such-command"],
    ] {
        let output = run(&db, args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", said(&output));
        assert!(!output.stderr.is_empty(), "{args:?} says nothing");
    }
    let wrong_head = run(&db, &["verify", "--head", &"ab".repeat(32)]);
    assert_eq!(wrong_head.status.code(), Some(4), "{}", said(&wrong_head));
    let head = ok(&db, &["verify"]);
    let hash = head.split_whitespace().find(|w| w.len() == 64).unwrap();
    assert!(ok(&db, &["verify", "--head", hash]).contains("contains"));
}

#[test]
fn every_kind_of_party_of_the_register_can_be_shown() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let mut parties: BTreeSet<String> = BTreeSet::new();
    for step in json(&db, &["changes"]) {
        parties.insert(step["party"].as_str().unwrap().to_owned());
    }
    assert!(parties.len() > 6, "{parties:?}");
    for party in &parties {
        for width in ["20", "60", "120", "400", "banana"] {
            let output = command(&db)
                .args(["show", party])
                .env("COLUMNS", width)
                .output()
                .unwrap();
            assert!(output.status.success(), "{party} at {width}: {}", said(&output));
        }
        assert!(!json(&db, &["show", party]).is_empty(), "{party}");
        ok(&db, &["timeline", party]);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    for args in [
        &["changes", "--json"][..],
        &["export", "--format", "statements"],
        &["timeline", "Taliban"],
        &["man"],
    ] {
        let mut child = command(&db)
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", said(&output));
        assert!(output.stderr.is_empty(), "{args:?}: {}", said(&output));
    }
}

#[test]
fn a_held_file_says_what_would_end_and_what_to_do() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let held = un(
        place.path(),
        "2024-01-10",
        &[("QDi.901", "Alpha"), ("QDi.902", "Bravo")],
    );
    let output = run(&db, &["ingest", &held]);
    assert_eq!(output.status.code(), Some(1));
    let text = said(&output).replace(&place.path().display().to_string(), "");
    insta::assert_snapshot!("held", text);
    insta::assert_snapshot!("held_looked_at", ok(&db, &["review", "show", "r:5"]));
    insta::assert_snapshot!(
        "changes",
        ok(
            &db,
            &[
                "changes",
                "--authority",
                "UN",
                "--since",
                "2021-01-01",
                "--until",
                "2023-12-31"
            ]
        )
    );
}

#[test]
fn the_real_ofac_lists_give_the_counted_changes() {
    let shared = std::env::var_os("STANDING_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let ofac = shared.join("data/lists/ofac");
    if !ofac.is_dir() {
        println!("skipped: no ../shared");
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    for folder in ["2021-07", "2019-01"] {
        let output = run(&db, &["ingest", ofac.join(folder).to_str().unwrap()]);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{}", said(&output));
    }
    let listings = |date: &str| -> i64 {
        json(&db, &["sources"])
            .iter()
            .filter(|s| s["list"] == "us-sdn" && s["date"] == date)
            .filter_map(|s| s["listings"].as_i64())
            .sum()
    };
    assert_eq!((listings("2019-01"), listings("2021-07")), (7379, 8976));
    let steps = json(&db, &["changes", "--since", "2021-07-01", "--until", "2021-07-31"]);
    let moved = |action: &str| {
        steps
            .iter()
            .filter(|s| s["action"] == action)
            .filter_map(|s| s["listing"].as_str().filter(|l| l.starts_with("us-sdn:")))
            .collect::<BTreeSet<_>>()
            .len()
    };
    assert_eq!((moved("lift"), moved("impose")), (261, 1858));

    let ledger = standing::home::open(&db).unwrap();
    let view = ledger.view(None, standing::model::Day::MAX).unwrap();
    let taliban = view
        .listing(&standing::model::ListingId::new("us-sdn", "6636"))
        .unwrap()
        .unwrap();
    assert_eq!(taliban.record.caption(), "TALIBAN");
    assert_eq!(taliban.record.names.len(), 1 + 5, "{:?}", taliban.record.names);

    let before = ok(&db, &["verify"]);
    let refused = run(&db, &["ingest", ofac.join("mismatched").to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(3), "{}", said(&refused));
    for count in ["7,698", "9,121"] {
        assert!(said(&refused).contains(count), "{}", said(&refused));
    }
    assert_eq!(ok(&db, &["verify"]), before, "nothing was recorded");
}
