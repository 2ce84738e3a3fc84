//! Questions that are asked oddly, answers that are not sure, terminals without room: what is said then, and what a script gets.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test stops where something is not as it must be

mod asking;
mod running;

use std::path::{Path, PathBuf};
use std::process::Command;

use asking::{json, ok, said, un};
use running::run;
use unicode_width::UnicodeWidthStr;

/// What is refused, with its exit code.
fn refused(db: &Path, args: &[&str]) -> (i32, String) {
    let output = run(db, args);
    assert!(!output.status.success(), "{args:?}: {}", said(&output));
    (output.status.code().unwrap(), said(&output))
}

/// Two editions: Bravo is gone from the second.
fn ledger(place: &Path) -> PathBuf {
    let db = place.join("s.db");
    let all = [("QDi.901", "Alpha"), ("QDi.902", "Bravo"), ("QDi.903", "Charlie")];
    ok(&db, &["ingest", &un(place, "2021-01-10", &all)]);
    ok(
        &db,
        &["ingest", "--guard", "100", &un(place, "2022-01-10", &[all[0], all[2]])],
    );
    db
}

#[test]
fn what_is_uncertain_says_on_what_its_interval_rests() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let one_line = |args: &[&str]| ok(&db, args).split_whitespace().collect::<Vec<_>>().join(" ");
    let bounded = one_line(&["show", "QDi.902", "--on", "2021-06-01"]);
    assert!(bounded.contains("the dates of two snapshots"), "{bounded}");
    // The register's interval comes from reports, and the year of the ban from a list; no snapshot would settle either.
    let register = one_line(&["show", "Taliban", "--on", "2020-01-01"]);
    assert!(
        register
            .contains("Kyrgyzstan: it changed after 2016-05-26, by 2024-09-02. No source at hand gives a closer day"),
        "{register}"
    );
    let year = one_line(&["show", "Taliban", "--on", "2003-06-01"]);
    assert!(year.contains("Russia: it changed in 2003. No source at hand"), "{year}");
    assert!(!register.contains("snapshots") && !year.contains("snapshots"));
}

#[test]
fn a_window_that_ends_before_it_begins_is_told() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let (code, why) = refused(&db, &["changes", "--since", "2022", "--until", "2021"]);
    assert_eq!(code, 2);
    assert!(why.contains("2022-01-01") && why.contains("2021-12-31"), "{why}");
}

#[test]
fn no_line_is_wider_than_a_narrow_terminal() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let questions = [
        &["show", "Taliban"][..],
        &["show", "Taliban", "--on", "2024-10-04"],
        &["show", "QDi.902"],
        &["timeline", "Taliban"],
        &["changes", "--since", "2024-10-04"],
        &["pending", "--on", "2024-10-04", "--known", "2024-10-04"],
        &["sources"],
        &["lists"],
        &["party", "QDi.901"],
        &["compare", "Mohamad al Golani", "Abu Mohammed al-Jawlani"],
    ];
    for args in questions {
        for width in [40, 60, 80, 100] {
            let output = Command::new(env!("CARGO_BIN_EXE_standing"))
                .arg("--db")
                .arg(&db)
                .args(args)
                .env("NO_COLOR", "1")
                .env("COLUMNS", width.to_string())
                .output()
                .unwrap();
            for line in said(&output).lines() {
                // A word that is longer than the line cannot be broken.
                let wide = line.width() > width && line.split_whitespace().all(|w| w.width() < width / 2);
                assert!(!wide, "{args:?} at {width}: {line}");
            }
        }
    }
}

#[test]
fn what_the_guard_holds_is_told_to_scripts_too() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let held = un(place.path(), "2023-01-10", &[("QDi.901", "Alpha")]);
    assert_eq!(run(&db, &["ingest", &held]).status.code(), Some(1));
    let id = json(&db, &["review"])[0]["id"].as_str().unwrap().to_owned();
    let ending = json(&db, &["review", "show", &id]);
    assert_eq!(
        ending,
        [serde_json::json!({"listing": "un:QDi.903", "name": "Charlie", "programmes": ["Al-Qaida"]})]
    );
    let decided = json(&db, &["review", "reject", &id, "--why", "a part"]);
    assert_eq!(decided, [serde_json::json!({"id": id, "state": "rejected"})]);
    let (code, why) = refused(&db, &["review", "accept", &id, "--why", "no, whole"]);
    assert!(code == 2 && why.contains("rejected"), "{why}");
}

#[test]
fn a_contradicted_decision_is_not_told_as_an_effect() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let rows = json(&db, &["contradictions", "--party", "standing:hts"]);
    let decided = rows.iter().find(|r| r["step"] == "r:hts-ru-ban-decided").unwrap();
    assert_eq!(decided["stage"], "decided");
    let text = ok(&db, &["contradictions", "--party", "standing:hts"]);
    assert!(text.contains("designation listing decided 2020-06-04"), "{text}");
}

#[test]
fn a_held_file_is_told_by_what_would_end_now() {
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    let all: Vec<(String, String)> = (0..20).map(|n| (format!("QDi.9{n:02}"), format!("Name {n}"))).collect();
    let edition = |day: &str, count: usize| {
        let some: Vec<(&str, &str)> = all.iter().take(count).map(|(r, n)| (r.as_str(), n.as_str())).collect();
        un(place.path(), day, &some)
    };
    ok(&db, &["ingest", &edition("2021-01-10", 20)]);
    for (day, count) in [("2022-01-10", 10), ("2023-01-10", 9)] {
        assert_eq!(
            run(&db, &["ingest", &edition(day, count)]).status.code(),
            Some(1),
            "{day}"
        );
    }
    let figures = || -> Vec<(String, u64, u64)> {
        let rows = json(&db, &["review"]);
        rows.iter()
            .map(|r| {
                (
                    r["against"].as_str().unwrap().into(),
                    r["gone"].as_u64().unwrap(),
                    r["of"].as_u64().unwrap(),
                )
            })
            .collect()
    };
    assert_eq!(
        figures(),
        [("2021-01-10".to_owned(), 10, 20), ("2021-01-10".to_owned(), 11, 20)]
    );
    ok(&db, &["review", "accept", "r:2", "--why", "announced"]);
    // The edition just accepted lies between: of its ten one would end, not eleven of the first one's twenty.
    assert_eq!(figures(), [("2022-01-10".to_owned(), 1, 10)]);
    assert_eq!(json(&db, &["review", "show", "r:3"]).len(), 1);
    let shown = ok(&db, &["show", "QDi.905"]);
    assert!(
        shown.contains("Held for review and not counted: un of 2023-01-10"),
        "{shown}"
    );
}

#[test]
fn what_was_known_on_a_day_cites_nothing_from_after_it() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let sources = |known: &str| -> Vec<String> {
        let steps = json(&db, &["timeline", "Taliban", "--known", known]);
        let ban = steps.iter().find(|s| s["step"] == "r:taliban-ru-ban-decided").unwrap();
        let cited = ban["sources"].as_array().unwrap();
        cited.iter().map(|s| s["title"].as_str().unwrap().to_owned()).collect()
    };
    assert!(sources("2026").iter().any(|s| s.contains("Kommersant")), "of 2025");
    let then = sources("2010");
    assert!(
        !then.is_empty() && !then.iter().any(|s| s.contains("Kommersant")),
        "{then:?}"
    );
}

#[test]
fn an_effect_to_come_is_not_called_done() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let then = &["--on", "2025-10-25", "--known", "2025-10-25"];
    for asked in [&["pending"][..], &["show", "standing:hts"]] {
        let text = ok(&db, &[asked, then].concat());
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("lifting to"), "{text}");
        assert!(!words.contains("designation lifted"), "{text}");
    }
}

#[test]
fn an_answer_that_cannot_be_given_says_why_and_what_to_write() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let policy = place.path().join("p.toml");
    std::fs::write(&policy, "name = \"p\"\n[select]\nauthorities = [\"un-1276\"]\n").unwrap();
    let list = place.path().join("l.toml");
    std::fs::write(&list, "name = \"p\"\n[select]\nlists = [\"un-typo\"]\n").unwrap();
    let nowhere = place.path().join("no/such/folder/b.db");
    for (args, code, words) in [
        (
            &["show", "QDi.901", "--on", "today"][..],
            2,
            "is no day: write 2024-10-04",
        ),
        (
            &["show", "QDi.901", "--on", "2025-02-30"],
            2,
            "does not exist in the calendar",
        ),
        (
            &["show", "QDi.901", "--recorded", "1999"],
            2,
            "had recorded nothing by then",
        ),
        (&["verify", "--head", "abc"], 2, "first 8 digits"),
        (&["verify", "--head", "no hash at all"], 2, "first 8 digits"),
        (&["screen", "Alpha", "--output", "hits.csv"], 2, "--output"),
        (&["screen", "Alpha", "--map", "name=x"], 2, "--map"),
        (&["screen", "Alpha", "--limit", "0"], 2, "would hide every hit"),
        (&["screen", "Alpha", "--policy", policy.to_str().unwrap()], 3, "un-1267"),
        (&["screen", "Alpha", "--policy", list.to_str().unwrap()], 3, "un-typo"),
        (&["ingest", "x.xml", "--guard", "nan"], 2, "give 0 to 100"),
        (&["ingest", "x.xml", "--guard=-5"], 2, "give 0 to 100"),
        (&["backup", nowhere.to_str().unwrap()], 3, "there is no directory"),
        (&["restore", nowhere.to_str().unwrap()], 3, "there is no backup"),
    ] {
        let (was, why) = refused(&db, args);
        assert_eq!(was, code, "{args:?}: {why}");
        assert!(why.contains(words), "{args:?}: {why}");
    }
    assert!(!Path::new("hits.csv").exists());
}

#[cfg(unix)]
#[test]
fn devices_and_pipes_in_folders_are_not_waited_for() {
    let place = tempfile::tempdir().unwrap();
    let db = ledger(place.path());
    let (code, why) = refused(&db, &["ingest", "/dev/zero"]);
    assert!(code == 3 && why.contains("a device or socket"), "{why}");
    let (code, why) = refused(&db, &["ingest", "/dev/null"]);
    assert!(code == 3 && why.contains("an empty file"), "{why}");
    let folder = place.path().join("folder");
    std::fs::create_dir(&folder).unwrap();
    un(&folder, "2023-01-10", &[("QDi.901", "Alpha"), ("QDi.903", "Charlie")]);
    std::fs::write(folder.join("notes.txt"), "not a list").unwrap();
    let made = Command::new("mkfifo").arg(folder.join("pipe")).status().unwrap();
    assert!(made.success());
    let report = ok(&db, &["ingest", folder.to_str().unwrap()]);
    assert!(report.contains("1 recorded"), "{report}");
    // What is no list is told in a line, without the names of all formats.
    let passed = report.lines().find(|l| l.contains("passed over")).unwrap();
    assert!(passed.contains("not a list") && passed.len() < 120, "{passed}");
}

#[test]
fn a_long_text_that_was_amended_is_shown_where_it_differs() {
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    let edition = |day: &str, ending: &str| {
        let path = place.path().join(format!("{day}.xml"));
        std::fs::write(
            &path,
            format!(
                "<CONSOLIDATED_LIST dateGenerated=\"{day}\"><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>Alpha</FIRST_NAME>\
                 <UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE><REFERENCE_NUMBER>QDi.901</REFERENCE_NUMBER><LISTED_ON>2010-01-01</LISTED_ON>\
                 <COMMENTS1>{} {ending}</COMMENTS1></INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>",
                "The same words over and over. ".repeat(8)
            ),
        )
        .unwrap();
        path.display().to_string()
    };
    ok(&db, &["ingest", &edition("2021-01-10", "Released in June.")]);
    ok(&db, &["ingest", &edition("2022-01-10", "Arrested in May.")]);
    let text = ok(&db, &["changes", "--amended", "--authority", "UN", "--since", "2022"]);
    assert!(
        text.contains("Released in June. → … ") && text.contains("Arrested in May."),
        "{text}"
    );
}
