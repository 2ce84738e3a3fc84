//! Screening as a user runs it, on a small list of our own making.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test stops where something is not as it must be

mod running;

use std::path::{Path, PathBuf};
use std::process::Output;

use running::run;

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn with_code(db: &Path, args: &[&str], code: i32) -> String {
    let output = run(db, args);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {}", text(&output));
    text(&output)
}

fn hits(db: &Path, args: &[&str]) -> Vec<serde_json::Value> {
    let output = run(db, &[&["screen", "--json"], args].concat());
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect()
}

/// A list in the form of the UN's: reference and name.
fn un(folder: &Path, day: &str, entries: &[(&str, &str)]) -> PathBuf {
    let mut xml = format!("<CONSOLIDATED_LIST dateGenerated=\"{day}T23:30:00.000-05:00\"><INDIVIDUALS>");
    for (at, (reference, name)) in entries.iter().enumerate() {
        xml.push_str(&format!(
            "<INDIVIDUAL><DATAID>{at}</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>{name}</FIRST_NAME><UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE>\
             <REFERENCE_NUMBER>{reference}</REFERENCE_NUMBER><LISTED_ON>2010-01-01</LISTED_ON></INDIVIDUAL>"
        ));
    }
    xml.push_str("</INDIVIDUALS><ENTITIES/></CONSOLIDATED_LIST>\n");
    let path = folder.join(format!("list-of-{day}.xml"));
    std::fs::write(&path, xml).unwrap();
    path
}

const ENTRIES: &[(&str, &str)] = &[
    ("QDi.901", "Zaydan Qutayba Marwazi"),
    ("QDi.902", "Ihsan Tawfiq Barzanchi"),
    ("QDi.903", "Wolfram Eusebius Trommelschlag"),
];

fn ledger(folder: &Path) -> PathBuf {
    let db = folder.join("l.db");
    let list = un(folder, "2020-01-10", ENTRIES);
    with_code(&db, &["ingest", list.to_str().unwrap()], 0);
    db
}

#[test]
fn a_name_is_found_explained_and_replayed() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let said = with_code(
        &db,
        &["screen", "Zeidan Qutaiba Marwazi", "--schema", "person", "--explain"],
        0,
    );
    assert!(
        said.contains("un:QDi.901") && said.contains("listed since 2010-01-01") && said.contains("replay m:"),
        "{said}"
    );
    let run_id = said
        .rsplit("replay ")
        .next()
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap()
        .to_owned();
    let hit = &hits(&db, &["Zeidan Qutaiba Marwazi", "--schema", "person"])[0];
    for key in [
        "query",
        "party",
        "listing",
        "name",
        "score",
        "name_score",
        "standing",
        "explanation",
    ] {
        assert!(!hit[key].is_null(), "{key}: {hit}");
    }
    // The ledger grows; the run still gives the same bytes, as of then.
    let later = un(place.path(), "2021-01-10", &ENTRIES[..2]);
    run(&db, &["ingest", "--guard", "50", later.to_str().unwrap()]);
    assert!(with_code(&db, &["replay", &run_id], 0).contains("gives the same bytes"));
    assert!(with_code(&db, &["runs"], 0).contains(&run_id));
    // Lifted now: formerly listed.
    let gone = &hits(&db, &["Wolfram Eusebius Trommelschlag"])[0];
    assert_eq!(gone["standing"], "lifted", "{gone}");
}

#[test]
fn a_file_gives_the_same_bytes_whatever_the_threads_and_rejects_are_said() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let input = place.path().join("customers.csv");
    let mut rows = String::from("ref;Customer Name;country\n");
    for at in 0..2000 {
        rows.push_str(&format!(
            "c{at};{};DE\n",
            ["Ann Lee", "Ihsan Taufiq Barzanji", "Corp", "Wolfram Trommelschlag"][at % 4]
        ));
    }
    rows.push_str("bad;Ann Lee;Ruritania\nragged;x\n");
    std::fs::write(&input, rows).unwrap();
    let mut outputs = Vec::new();
    for threads in ["1", "2", "4"] {
        let output = place.path().join(format!("hits-{threads}.jsonl"));
        let args = [
            "screen",
            "--input",
            input.to_str().unwrap(),
            "--output",
            output.to_str().unwrap(),
            "--threads",
            threads,
        ];
        let said = with_code(&db, &args, 1);
        assert!(said.contains("502 rows") || said.contains("2 rows"), "{said}");
        outputs.push(std::fs::read(&output).unwrap());
    }
    assert!(!outputs[0].is_empty() && outputs[0] == outputs[1] && outputs[1] == outputs[2]);
    let rejects = std::fs::read_to_string(place.path().join("hits-1.jsonl.rejects.jsonl")).unwrap();
    assert!(
        rejects.contains("Ruritania") && rejects.contains("cells") && rejects.contains("generic words"),
        "{rejects}"
    );
    for (name, magic) in [
        ("hits.parquet", &b"PAR1"[..]),
        ("hits.arrow", b"ARROW1"),
        ("hits.csv", b"row,id"),
    ] {
        let output = place.path().join(name);
        with_code(
            &db,
            &[
                "screen",
                "--input",
                input.to_str().unwrap(),
                "--output",
                output.to_str().unwrap(),
            ],
            1,
        );
        assert!(std::fs::read(&output).unwrap().starts_with(magic), "{name}");
    }
    let last = with_code(&db, &["runs", "--json"], 0);
    let last: serde_json::Value = serde_json::from_str(last.lines().last().unwrap()).unwrap();
    let id = last["run"].as_str().unwrap();
    with_code(&db, &["replay", id], 0);
    std::fs::write(&input, "ref;Customer Name;country\n").unwrap();
    assert!(with_code(&db, &["replay", id], 3).contains("altered"));
}

#[test]
fn a_judged_pair_is_not_raised_again_until_a_record_changes() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let ask = ["Ihsan Taufiq Barzanji", "--customer", "77"];
    assert_eq!(hits(&db, &ask).len(), 1);
    with_code(
        &db,
        &[
            "different",
            "customer:77",
            "un:QDi.902",
            "--why",
            "born elsewhere",
            "--by",
            "ann",
        ],
        0,
    );
    assert_eq!(hits(&db, &ask).len(), 0);
    let said = with_code(&db, &[&["screen"], &ask[..]].concat(), 0);
    assert!(
        said.contains("not raised again") && said.contains("born elsewhere"),
        "{said}"
    );
    // Another customer, or the same one known otherwise.
    assert_eq!(hits(&db, &["Ihsan Taufiq Barzanji", "--customer", "78"]).len(), 1);
    let changed = hits(&db, &["Ihsan Taufiq Barzanji", "--customer", "77", "--country", "IQ"]);
    assert_eq!(changed[0]["judged"]["changed"], "the customer's record", "{changed:?}");
    let list = un(
        place.path(),
        "2022-01-10",
        &[ENTRIES[0], ("QDi.902", "Ihsan Tawfiq Al Barzanchi"), ENTRIES[2]],
    );
    with_code(&db, &["ingest", list.to_str().unwrap()], 0);
    let returned = hits(&db, &ask);
    assert_eq!(returned[0]["judged"]["changed"], "the listing", "{returned:?}");
}

#[test]
fn bad_input_is_said_in_words() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let long = "a".repeat(100_000);
    for (name, says) in [
        ("", "empty"),
        ("?!", "signs"),
        ("Mullah Haji", "titles"),
        ("Corp", "generic"),
        (&long, "characters"),
    ] {
        let said = with_code(&db, &["screen", name], 1);
        assert!(said.contains("not screened") && said.contains(says), "{said}");
    }
    let input = place.path().join("q.csv");
    std::fs::write(&input, "x,y\n1,2\n").unwrap();
    let file = input.to_str().unwrap();
    assert!(with_code(&db, &["screen", "--input", file, "--output", "/dev/null"], 3).contains("--map"));
    assert!(with_code(&db, &["screen", "--input", file, "--map", "name=z"], 3).contains("there is no column \"z\""));
    with_code(&db, &["screen", "Ann", "--threshold", "0.2"], 2);
    with_code(&db, &["screen", "Ann", "--schema", "dragon"], 2);
    with_code(&db, &["screen", "Ann", "--country", "Ruritania"], 2);
    with_code(&db, &["replay", "m:0000"], 2);
    // A damaged index is noticed and built again.
    with_code(&db, &["screen", "Ann Lee"], 0);
    let index = std::fs::read_dir(place.path().join("l.db.screen"))
        .unwrap()
        .map(|e| e.unwrap().path());
    let index = index
        .into_iter()
        .find(|p| p.extension().is_some_and(|e| e == "bin"))
        .unwrap();
    let mut bytes = std::fs::read(&index).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&index, bytes).unwrap();
    assert!(with_code(&db, &["screen", "Ann Lee"], 0).contains("damaged"));
    assert!(!with_code(&db, &["screen", "Ann Lee"], 0).contains("damaged"));
}
