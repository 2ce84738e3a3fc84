//! Histories taken in by one command: git repositories, folders with everything in them, archives.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::print_stderr)] // a test stops where something is not as it must be

mod running;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use running::run;

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn complaint(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn ok(db: &Path, args: &[&str]) -> String {
    let output = run(db, args);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{args:?}: {}{}",
        text(&output),
        complaint(&output)
    );
    text(&output)
}

fn lines(db: &Path, args: &[&str]) -> usize {
    ok(db, args).lines().count()
}

/// A list in the form of the UN's: a person for each number, whose name tells the edition where `renamed` asks for it.
fn un(date: &str, persons: &[u32], note: &str) -> String {
    let mut xml = format!("<CONSOLIDATED_LIST dateGenerated=\"{date}T00:00:00.000Z\"><INDIVIDUALS>");
    for n in persons {
        xml.push_str(&format!(
            "<INDIVIDUAL><DATAID>{n}</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>PERSON {n}</FIRST_NAME><UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE>\
             <REFERENCE_NUMBER>QDi.{n:03}</REFERENCE_NUMBER><LISTED_ON>2001-01-25</LISTED_ON><COMMENTS1>{note}</COMMENTS1></INDIVIDUAL>"
        ));
    }
    xml + "</INDIVIDUALS><ENTITIES/></CONSOLIDATED_LIST>\n"
}

/// An in-house list, which bears no date.
fn undated(names: &[&str]) -> String {
    let mut csv = String::from("standing-list,reference,kind,name\n");
    for (at, name) in names.iter().enumerate() {
        csv.push_str(&format!("house,{at},person,{name}\n"));
    }
    csv
}

/// A day in 2024 by its number from 0, as a date and as a commit has it.
fn day(n: usize) -> (String, String) {
    let date = jiff::civil::date(2024, 1, 1).saturating_add(jiff::Span::new().days(n as i64));
    (
        date.to_string(),
        format!("{} +0000", 1_704_067_200 + 43_200 + 86_400 * n),
    )
}

/// A repository with these states of its files, one commit each, a day apart.
fn repository(folder: &Path, states: &[Vec<(&str, Option<String>)>]) {
    let git = |args: &[&str], input: Option<&[u8]>| {
        let mut child = Command::new("git")
            .arg("-C")
            .arg(folder)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.unwrap_or_default())
            .unwrap();
        assert!(child.wait().unwrap().success(), "git {args:?}");
    };
    std::fs::create_dir_all(folder).unwrap();
    git(&["init", "-q", "-b", "main"], None);
    let mut stream = Vec::new();
    for (n, state) in states.iter().enumerate() {
        write!(
            stream,
            "commit refs/heads/main\ncommitter Somebody <somebody@example.org> {}\ndata 1\n.\n",
            day(n).1
        )
        .unwrap();
        for (path, content) in state {
            match content {
                Some(content) => write!(stream, "M 100644 inline {path}\ndata {}\n{content}\n", content.len()).unwrap(),
                None => writeln!(stream, "D {path}").unwrap(),
            }
        }
    }
    git(&["fast-import", "--quiet"], Some(&stream));
}

/// Everything that a reader can see of a ledger's answers.
fn answers(db: &Path) -> Vec<String> {
    let mut all: Vec<String> = ok(db, &["changes", "--amended", "--json", "--authority", "UN"])
        .lines()
        .map(str::to_owned)
        .collect();
    all.sort();
    all.push(ok(
        db,
        &[
            "export",
            "--format",
            "ftm",
            "--on",
            "2025-01-01",
            "--known",
            "2025-01-01",
        ],
    ));
    all
}

#[test]
fn two_hundred_versions_in_one_command_again_and_shuffled() {
    let place = tempfile::tempdir().unwrap();
    let (repo, db) = (place.path().join("repo"), place.path().join("a.db"));
    // One person comes every day and one leaves; now and then a day brings the same file again, which git keeps as no change.
    let state = |n: usize| {
        let n = if n % 50 == 49 { n - 1 } else { n };
        un(
            &day(n).0,
            &(n as u32..n as u32 + 40).collect::<Vec<_>>(),
            &format!("edition {}", n / 3),
        )
    };
    let states: Vec<Vec<(&str, Option<String>)>> = (0..206).map(|n| vec![("lists/un.xml", Some(state(n)))]).collect();
    let distinct: std::collections::BTreeSet<String> = (0..206).map(state).collect();
    assert!(distinct.len() >= 200);
    repository(&repo, &states);
    let repo_text = repo.to_str().unwrap();
    let report = ok(&db, &["ingest", "--git", repo_text, "--file", "lists/un.xml"]);
    assert!(
        report.ends_with(&format!("{0}: {0} recorded\n", distinct.len())),
        "{report}"
    );
    assert_eq!(report.lines().count(), distinct.len() + 1, "one line each");
    let before = (lines(&db, &["sources", "--json"]), ok(&db, &["verify"]));
    let again = ok(&db, &["ingest", "--git", repo_text, "--file", "lists/un.xml"]);
    assert_eq!(
        again,
        format!("{0}: 0 recorded · {0} recorded already\n", distinct.len())
    );
    assert_eq!(
        (lines(&db, &["sources", "--json"]), ok(&db, &["verify"])),
        before,
        "doing it again adds nothing"
    );

    // The same editions as files in a shuffled order, the later half first.
    let shuffled = place.path().join("b.db");
    let folder = place.path().join("files");
    std::fs::create_dir(&folder).unwrap();
    for (n, content) in distinct.iter().enumerate() {
        std::fs::write(folder.join(format!("{:03}.xml", n * 77 % distinct.len())), content).unwrap();
    }
    // In this order the guard would rightly hold most of them; it is not what is asked here.
    ok(&shuffled, &["ingest", "--guard", "100", folder.to_str().unwrap()]);
    assert!(answers(&db) == answers(&shuffled), "the order of ingestion shows");
}

#[test]
fn a_version_without_a_date_gets_the_day_of_its_commit() {
    let place = tempfile::tempdir().unwrap();
    let (repo, db) = (place.path().join("repo"), place.path().join("a.db"));
    repository(
        &repo,
        &[
            vec![
                ("house.csv", Some(undated(&["Alpha", "Bravo"]))),
                ("other.txt", Some("no list".into())),
            ],
            vec![("other.txt", Some("still no list".into()))],
            vec![("house.csv", None)],
            vec![("house.csv", Some(undated(&["Alpha", "Bravo", "Charlie"])))],
        ],
    );
    let repo = repo.to_str().unwrap();
    let report = ok(&db, &["ingest", "--git", repo, "--file", "house.csv"]);
    assert!(
        report.contains("house list, 2024-01-01 (date: commit), 2 listings read"),
        "{report}"
    );
    assert!(
        report.contains("house list, 2024-01-04 (date: commit), 3 listings read"),
        "{report}"
    );
    assert!(
        report.ends_with("2: 2 recorded\n"),
        "a removed file is no empty list: {report}"
    );

    let refused = run(&db, &["ingest", "--git", repo, "--file", "other.txt"]);
    assert_eq!(refused.status.code(), Some(3));
    assert_eq!(text(&refused).matches("REFUSED").count(), 2, "{}", text(&refused));
    let missing = run(&db, &["ingest", "--git", repo, "--file", "nowhere.csv"]);
    assert_eq!(missing.status.code(), Some(3));
    assert!(
        complaint(&missing).contains("no commit holds nowhere.csv"),
        "{}",
        complaint(&missing)
    );
    let outside = run(&db, &["ingest", "--git", repo, "--file", "../house.csv"]);
    assert_eq!(outside.status.code(), Some(3), "{}", complaint(&outside));
    let absolute = run(&db, &["ingest", "--git", repo, "--file", "/etc/passwd"]);
    assert_eq!(absolute.status.code(), Some(2), "{}", complaint(&absolute));
    let no_repository = run(&db, &["ingest", "--git", place.path().to_str().unwrap(), "--file", "a"]);
    assert_eq!(no_repository.status.code(), Some(3));
    assert!(
        complaint(&no_repository).contains("not a git repository"),
        "{}",
        complaint(&no_repository)
    );
    let no_file = run(&db, &["ingest", "--git", repo]);
    assert_eq!(no_file.status.code(), Some(2));
    assert_eq!(lines(&db, &["sources", "--json"]), 3, "the register and two editions");
}

#[test]
fn merges_repeat_nothing_and_a_bare_or_shallow_clone_will_do() {
    let place = tempfile::tempdir().unwrap();
    let repo = place.path().join("repo");
    let states: Vec<Vec<(&str, Option<String>)>> = (1..4)
        .map(|n| vec![("d/un.xml", Some(un(&day(n).0, &[1, 2, 3], "")))])
        .collect();
    repository(&repo, &states);
    let git = |at: &Path, args: &[&str]| {
        let done = Command::new("git")
            .arg("-C")
            .arg(at)
            .args([
                "-c",
                "user.name=a",
                "-c",
                "user.email=a@b",
                "-c",
                "protocol.file.allow=always",
            ])
            .args(args)
            .output()
            .unwrap();
        assert!(
            done.status.success(),
            "git {args:?}: {}",
            String::from_utf8_lossy(&done.stderr)
        );
    };
    git(&repo, &["checkout", "-q", "-f", "main"]);
    git(&repo, &["checkout", "-q", "-b", "side", "main~1"]);
    std::fs::write(repo.join("note"), "x").unwrap();
    git(&repo, &["add", "."]);
    git(&repo, &["commit", "-q", "-m", "side"]);
    git(&repo, &["checkout", "-q", "main"]);
    git(&repo, &["merge", "-q", "--no-ff", "-m", "merge", "side"]);
    let url = format!("file://{}", repo.display());
    git(place.path(), &["clone", "-q", "--bare", &url, "bare"]);
    git(place.path(), &["clone", "-q", "--depth", "1", &url, "shallow"]);
    let count = |name: &str, at: &Path, file: &str| {
        let db = place.path().join(name);
        let report = ok(&db, &["ingest", "--git", at.to_str().unwrap(), "--file", file]);
        (lines(&db, &["sources", "--json"]) - 1, report)
    };
    assert_eq!(count("a.db", &repo, "d/un.xml").0, 3);
    assert_eq!(
        count("b.db", &repo.join("d"), "un.xml").0,
        3,
        "seen from a folder within"
    );
    assert_eq!(count("c.db", &place.path().join("bare"), "d/un.xml").0, 3);
    let (editions, report) = count("d.db", &place.path().join("shallow"), "d/un.xml");
    assert!(editions >= 1 && report.contains("the clone is shallow"), "{report}");
}

#[test]
fn a_folder_of_lists_archives_and_junk_is_taken_in_once() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("all");
    std::fs::create_dir_all(folder.join("deep/er")).unwrap();
    std::fs::write(folder.join("deep/er/un.xml"), un("2024-03-01", &[1, 2, 3], "")).unwrap();
    for (name, content) in [
        ("readme.txt", &b"nothing to see"[..]),
        ("empty.xml", b""),
        ("picture.png", b"\x89PNG\r\n\x1a\n0000"),
        ("page.html", b"<html><body>hello</body></html>"),
        (".hidden.xml", b"<CONSOLIDATED_LIST"),
    ] {
        std::fs::write(folder.join(name), content).unwrap();
    }
    // An archive with editions that bear no date, each in a folder that is named after its day.
    let mut archive = zip::ZipWriter::new(std::fs::File::create(folder.join("editions.zip")).unwrap());
    for (n, names) in [&["Alpha"][..], &["Alpha", "Bravo"], &["Alpha", "Bravo", "Charlie"]]
        .iter()
        .enumerate()
    {
        let options = zip::write::SimpleFileOptions::default();
        archive
            .start_file(format!("{}/house.csv", day(n * 30).0), options)
            .unwrap();
        archive.write_all(undated(names).as_bytes()).unwrap();
    }
    archive.finish().unwrap();
    let db = place.path().join("a.db");
    let report = ok(&db, &["ingest", folder.to_str().unwrap()]);
    assert!(report.contains("un list, 2024-03-01, 3 listings"), "{report}");
    for (date, listings) in [("2024-01-01", 1), ("2024-01-31", 2), ("2024-03-01", 3)] {
        assert!(
            report.contains(&format!("house list, {date} (date: name), {listings} listings")),
            "{report}"
        );
    }
    assert!(report.ends_with("8: 4 recorded · 4 passed over: no list\n"), "{report}");
    let head = ok(&db, &["verify"]);
    let again = ok(&db, &["ingest", folder.to_str().unwrap()]);
    assert!(
        again.ends_with("8: 0 recorded · 4 recorded already · 4 passed over: no list\n"),
        "{again}"
    );
    assert_eq!(ok(&db, &["verify"]), head);
    // Junk that was named itself is refused, not passed over.
    let named = run(&db, &["ingest", folder.join("readme.txt").to_str().unwrap()]);
    assert_eq!(named.status.code(), Some(3));
}
