//! Promises that a user relies on without seeing them: what was known when, whose lists raise alerts, how old an answer is, what was not
//! understood. Each test fails when its promise is broken at one place of the code.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test stops where something is not as it must be

mod asking;
mod running;

use std::path::{Path, PathBuf};

use asking::{json, ok, said};
use running::run;
use serde_json::Value;

/// A file in a folder, by its path.
fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// A list in the form of the UN's, with what stands between its entries' ends.
fn un(folder: &Path, day: &str, entries: &[(&str, &str)]) -> String {
    let entries: String = entries
        .iter()
        .map(|(reference, name)| {
            format!(
                "<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>{name}</FIRST_NAME><UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE>\
                 <REFERENCE_NUMBER>{reference}</REFERENCE_NUMBER><LISTED_ON>2010-01-01</LISTED_ON><SHOE_SIZE>44</SHOE_SIZE></INDIVIDUAL>"
            )
        })
        .collect();
    let xml =
        format!("<CONSOLIDATED_LIST dateGenerated=\"{day}\"><INDIVIDUALS>{entries}</INDIVIDUALS></CONSOLIDATED_LIST>");
    file(folder, &format!("{day}.xml"), &xml)
}

fn ledger(place: &Path) -> PathBuf {
    let db = place.join("s.db");
    let entries = [("QDi.901", "Karim Nazari"), ("QDi.902", "Bravo")];
    ok(&db, &["ingest", &un(place, "2022-01-10", &entries)]);
    db
}

/// *Every answer shows the date of the list it rests on, and says so when that is older than the list's usual interval.*
#[test]
fn an_old_list_is_called_old_by_every_answer_that_rests_on_it() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let asked = |day: &'static str| ["show", "QDi.901", "--on", day, "--known", day];
    let fresh = &json(&db, &asked("2022-01-12"))[0];
    assert_eq!(
        (&fresh["last_seen"], &fresh["outdated"]),
        (&"2022-01-10".into(), &Value::Null)
    );
    let old = &json(&db, &asked("2023-01-12"))[0];
    assert_eq!(old["outdated"], "2022-01-10");
    assert!(ok(&db, &asked("2023-01-12")).contains("Older than they usually get: un of 2022-01-10"));
    assert!(!ok(&db, &asked("2022-01-12")).contains("Older"));
    let screened = ok(
        &db,
        &["screen", "Karim Nazari", "--on", "2023-01-12", "--known", "2023-01-12"],
    );
    assert!(
        screened.contains("Older than its usual interval: un of 2022-01-10"),
        "{screened}"
    );
    for command in ["sources", "lists"] {
        let rows = json(&db, &[command, "--known", "2023-01-12"]);
        assert!(
            rows.iter().any(|r| r["list"] == "un" && r["outdated"] == true),
            "{command}: {rows:?}"
        );
    }
}

/// *Known is, for a list, the snapshot's date*: of one that is only known to lie in a month, its last day.
#[test]
fn a_list_of_some_day_in_a_month_is_known_when_the_month_is_over() {
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    let list = file(
        place.path(),
        "own.csv",
        "standing-list,reference,name,kind\nmy-list,1,Alpha,person\n",
    );
    ok(&db, &["ingest", &list, "--date", "2024-01"]);
    let rows = |known: &str| json(&db, &["show", "my-list:1", "--known", known]).len();
    assert_eq!((rows("2024-01-15"), rows("2024-01-30"), rows("2024-01-31")), (0, 0, 1));
}

/// *Three clocks*: that a source disagrees is known from the day on which it appeared.
#[test]
fn a_contradiction_is_known_when_its_source_appears() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let disagreeing = |known: &str| -> (usize, bool) {
        let steps = json(&db, &["timeline", "Taliban", "--known", known]);
        let step = steps
            .iter()
            .find(|s| s["step"] == "r:taliban-ru-suspension-effective")
            .unwrap();
        let rows = json(&db, &["show", "Taliban", "--known", known]);
        let russia = rows.iter().find(|r| r["authority"] == "ru-supreme-court").unwrap();
        let sources = step["contradicted"].as_array().map_or(0, Vec::len);
        (sources, russia["contradicted"].as_bool().unwrap())
    };
    // TASS wrote on 29 May 2025 that the suspension came into force on the 20th.
    assert_eq!(
        (disagreeing("2025-05-28"), disagreeing("2025-05-29")),
        ((0, false), (1, true))
    );
}

/// *Policy belongs to the user; a list may be recorded without being screened against.*
#[test]
fn a_list_that_the_policy_leaves_out_stays_recorded_and_raises_no_alert() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let hits = |select: &str| -> usize {
        let policy = file(
            place.path(),
            "policy.toml",
            &format!("name = \"p\"\n[select]\n{select}\n"),
        );
        json(&db, &["screen", "Karim Nazari", "--policy", &policy]).len()
    };
    let raised = [
        "",
        "lists = [\"un\"]",
        "authorities = [\"UN\"]",
        "measures = [\"sanctions\"]",
        "leave_out_lists = [\"ch\"]",
        "leave_out_authorities = [\"CH\"]",
        "leave_out_programmes = [\"SDGT\"]",
    ];
    let left_out = [
        "lists = [\"ch\"]",
        "leave_out_lists = [\"un\"]",
        "authorities = [\"CH\"]",
        "leave_out_authorities = [\"UN\"]",
        "measures = [\"designation\"]",
        "leave_out_programmes = [\"UN-SC1267\"]",
    ];
    assert_eq!(
        raised.map(|select| (select, hits(select))),
        raised.map(|select| (select, 1))
    );
    assert_eq!(
        left_out.map(|select| (select, hits(select))),
        left_out.map(|select| (select, 0))
    );
    assert_eq!(json(&db, &["show", "QDi.901"])[0]["standing"], "in_force");
    let policy = file(
        place.path(),
        "policy.toml",
        "name = \"p\"\n[select]\nleave_out_lists = [\"un\"]\n",
    );
    let nothing = run(&db, &["screen", "Karim Nazari", "--policy", &policy]);
    assert!(said(&nothing).contains("0 hits"), "{}", said(&nothing));
}

/// *Nothing is lost*: what no rule reads is counted, what cannot be read has its position, and both are told to a script.
#[test]
fn what_is_not_understood_is_counted_and_what_is_unreadable_has_its_place() {
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    let list = un(place.path(), "2022-01-10", &[("QDi.901", "Alpha"), ("", "Nobody")]);
    let output = run(&db, &["ingest", &list]);
    assert_eq!(
        output.status.code(),
        Some(1),
        "a record was rejected: {}",
        said(&output)
    );
    assert!(
        said(&output).contains("kept under their own names: SHOE_SIZE (1)"),
        "{}",
        said(&output)
    );
    assert!(said(&output).contains("not read: INDIVIDUAL 2"), "{}", said(&output));
    let rows = json(&db, &["sources"]);
    let source = rows.iter().find(|r| r["list"] == "un").unwrap();
    assert_eq!((&source["kept"], &source["rejected"]), (&1.into(), &1.into()));
    let party = json(&db, &["party", "QDi.901"])[0].to_string();
    assert!(party.contains("SHOE_SIZE") && party.contains("44"), "{party}");
}

/// *Filtered exports and excerpts never prove an absence.*
#[test]
fn a_part_ends_no_listing() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let part = un(place.path(), "2023-01-10", &[("QDi.902", "Bravo")]);
    ok(&db, &["ingest", "--part", &part]);
    let row = &json(&db, &["show", "QDi.901", "--on", "2023-06-01"])[0];
    assert_eq!(
        (&row["standing"], &row["last_seen"]),
        (&"in_force".into(), &"2022-01-10".into())
    );
    assert_eq!(json(&db, &["timeline", "QDi.901"]).len(), 1);
}

/// *FollowTheMoney entities out*: what courts and ministries decided and no list publishes is exported too, with its sources.
#[test]
fn what_only_the_register_knows_is_exported() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let export = |on: &str| -> Vec<Value> {
        let text = ok(&db, &["export", "--format", "ftm", "--on", on, "--known", on]);
        text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
    };
    let find = |rows: &[Value], id: &str| rows.iter().find(|r| r["id"] == id).cloned();
    let ban = "standing:taliban/ru-supreme-court/designation";
    let then = export("2024-10-04");
    assert_eq!(find(&then, "standing:taliban").unwrap()["target"], true);
    let sanction = find(&then, ban).unwrap();
    assert_eq!(sanction["properties"]["status"], serde_json::json!(["in_force"]));
    assert!(
        sanction["properties"]["sourceUrl"]
            .as_array()
            .unwrap()
            .iter()
            .all(serde_json::Value::is_string)
    );
    let now = export("2025-08-01");
    assert_eq!(
        find(&now, ban).unwrap()["properties"]["status"],
        serde_json::json!(["suspended"])
    );
    assert!(
        !now.iter().any(|r| r["id"].as_str().unwrap().ends_with("/recognition")),
        "no sanction"
    );
}
