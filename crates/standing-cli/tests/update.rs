//! Downloads by the built program from a server that misbehaves: every misbehaviour is told in words and changes nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::print_stderr)] // a test stops where something is not as it must be

mod server;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use server::{Answer, Server, tag};

/// A UN list with so many persons.
fn list(date: &str, persons: usize) -> Vec<u8> {
    let mut xml = format!("<CONSOLIDATED_LIST dateGenerated=\"{date}T00:00:00.000Z\"><INDIVIDUALS>");
    for n in 0..persons {
        xml.push_str(&format!(
            "<INDIVIDUAL><DATAID>{n}</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>PERSON {n}</FIRST_NAME><UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE>\
             <REFERENCE_NUMBER>QDi.{n:03}</REFERENCE_NUMBER><LISTED_ON>2001-01-25</LISTED_ON></INDIVIDUAL>"
        ));
    }
    (xml + "</INDIVIDUALS><ENTITIES/></CONSOLIDATED_LIST>\n").into_bytes()
}

struct Place {
    folder: tempfile::TempDir,
    server: Server,
}

impl Place {
    /// A server, and a user's file that names its `/un.xml` as the source `un`.
    fn new() -> Self {
        let place = Self {
            folder: tempfile::tempdir().unwrap(),
            server: Server::start(),
        };
        place.source("un", "/un.xml", 50);
        place
    }

    fn source(&self, id: &str, path: &str, minimum: usize) {
        let text = format!(
            "[[download]]\nid = \"{id}\"\nlist = \"un\"\nurl = \"{}\"\nsize = 20000\nminimum = {minimum}\n",
            self.server.url(path)
        );
        std::fs::write(self.folder.path().join("own.toml"), text).unwrap();
    }

    fn db(&self) -> PathBuf {
        self.folder.path().join("s.db")
    }

    fn kept(&self) -> PathBuf {
        self.folder.path().join("s.db.downloads/un")
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_standing"));
        command
            .arg("--db")
            .arg(self.db())
            .args(args)
            .env("NO_COLOR", "1")
            .env("STANDING_SOURCES", self.folder.path().join("own.toml"));
        for name in ["STANDING_DB", "SSL_CERT_FILE", "SSL_CERT_DIR"] {
            command.env_remove(name);
        }
        for name in ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"] {
            command.env_remove(name).env_remove(name.to_lowercase());
        }
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// One update of `un`, quick to give up; its exit code and report.
    fn update(&self, more: &[&str]) -> (i32, serde_json::Value) {
        let mut args = vec!["update", "un", "--json", "--back-off", "0.01", "--idle", "1.5"];
        args.extend(more);
        let output = self.run(&args);
        let text = String::from_utf8(output.stdout.clone()).unwrap();
        let report = text
            .lines()
            .next()
            .map_or(serde_json::Value::Null, |l| serde_json::from_str(l).unwrap());
        assert!(!report.is_null(), "{}", String::from_utf8_lossy(&output.stderr));
        (output.status.code().unwrap(), report)
    }

    fn sources(&self) -> String {
        if !self.db().exists() {
            return String::new();
        }
        String::from_utf8(self.run(&["sources", "--json"]).stdout).unwrap()
    }

    fn verified(&self) -> String {
        if !self.db().exists() {
            return String::new();
        }
        String::from_utf8(self.run(&["verify"]).stdout).unwrap()
    }

    /// The last good download.
    fn good(&self) -> Option<Vec<u8>> {
        std::fs::read(self.kept().join("un.xml")).ok()
    }
}

fn why(report: &serde_json::Value) -> &str {
    report["why"].as_str().unwrap_or_default()
}

#[test]
fn fetched_once_then_unchanged_then_the_next_edition() {
    let place = Place::new();
    place.server.set("/un.xml", &[Answer::Well(list("2024-05-01", 60))]);
    let (code, report) = place.update(&[]);
    assert_eq!((code, report["outcome"].as_str()), (0, Some("updated")), "{report}");
    assert_eq!(report["files"][0]["listings"], 60);
    assert_eq!(place.server.requests().len(), 1);
    let (before, head) = (place.sources(), place.verified());

    let (code, report) = place.update(&[]);
    assert_eq!((code, report["outcome"].as_str()), (0, Some("unchanged")), "{report}");
    let asked = place.server.requests();
    assert_eq!(asked[0].headers["if-none-match"], tag(&list("2024-05-01", 60)));
    assert!(asked[0].headers.contains_key("if-modified-since"));
    assert_eq!((place.sources(), place.verified()), (before, head), "nothing changed");

    place.server.set("/un.xml", &[Answer::Well(list("2024-06-01", 61))]);
    let (code, report) = place.update(&[]);
    assert_eq!((code, report["outcome"].as_str()), (0, Some("updated")), "{report}");
    assert_eq!(place.sources().lines().count(), 3, "the register and two editions");
    assert_eq!(place.good(), Some(list("2024-06-01", 61)));

    // A new ledger gets the last good download although the server has nothing newer.
    std::fs::remove_file(place.db()).unwrap();
    let (code, report) = place.update(&[]);
    assert_eq!((code, report["outcome"].as_str()), (0, Some("updated")), "{report}");
    assert_eq!(report["received"], 0);
}

#[test]
fn every_misbehaviour_is_told_in_words_and_changes_nothing() {
    let place = Place::new();
    let other = Server::start();
    other.set("/inside", &[Answer::Well(list("2024-07-01", 60))]);
    let good = list("2024-05-01", 60);
    place.server.set("/un.xml", &[Answer::Well(good.clone())]);
    assert_eq!(place.update(&[]).0, 0);
    let (before, head) = (place.sources(), place.verified());

    let next = list("2024-06-01", 60);
    let raw = |status, headers: &[(&str, &str)], body: &[u8]| {
        let headers = headers
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        Answer::Raw(status, headers, body.to_vec())
    };
    let html = b"<!DOCTYPE html><html><head><title>Down for maintenance</title></head><body>Back soon</body></html>";
    let redirect = |to: &str| raw(302, &[("Location", to)], b"");
    let packed = {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut writer, &vec![b' '; 64 << 20]).unwrap();
        writer.finish().unwrap()
    };
    let cut = &next[..next.len() - 700];
    let cases: Vec<(&str, Vec<Answer>, &str, &str)> = vec![
        (
            "a page instead of the list",
            vec![raw(200, &[], html)],
            "refused",
            "a page of HTML (\"Down for maintenance\")",
        ),
        (
            "a page that calls itself XML",
            vec![raw(200, &[("Content-Type", "text/xml")], html)],
            "refused",
            "a page of HTML",
        ),
        (
            "an empty body",
            vec![raw(200, &[], b"")],
            "refused",
            "an empty file came",
        ),
        (
            "blanks",
            vec![raw(200, &[], b"\n\n  \n")],
            "refused",
            "nothing but blanks",
        ),
        (
            "cut off without a length",
            vec![Answer::Unannounced(cut.to_vec())],
            "refused",
            "whole records stand before it",
        ),
        (
            "cut off before its length",
            vec![Answer::BreaksOff(next.clone(), 0)],
            "failed",
            "broke off after 0 of",
        ),
        (
            "too few records",
            vec![Answer::Well(list("2024-06-01", 49))],
            "refused",
            "it holds 49 records; the list has at least 50",
        ),
        (
            "no list at all",
            vec![raw(200, &[], b"hello")],
            "refused",
            "unknown format",
        ),
        (
            "another list",
            vec![raw(200, &[], b"standing-list,reference,kind,name\nhouse,1,person,A\n")],
            "refused",
            "records",
        ),
        (
            "too large, announced",
            vec![raw(200, &[("Content-Length", "99000000")], b"x")],
            "failed",
            "announces 99000000 bytes",
        ),
        (
            "too large, unannounced",
            vec![Answer::Endless],
            "failed",
            "more than 16777216 bytes came",
        ),
        (
            "a bomb in its transport",
            vec![raw(200, &[("Content-Encoding", "gzip")], &packed)],
            "failed",
            "more than 16777216 bytes came",
        ),
        (
            "not there",
            vec![raw(404, &[], b"")],
            "failed",
            "the server answers 404 Not Found",
        ),
        (
            "forbidden",
            vec![raw(403, &[], b"")],
            "failed",
            "the server answers 403 Forbidden",
        ),
        (
            "out of order",
            vec![raw(500, &[], b"")],
            "failed",
            "the server answers 500 Internal Server Error",
        ),
        (
            "unchanged though changed was not asked",
            vec![redirect("/elsewhere")],
            "failed",
            "404",
        ),
        ("says nothing", vec![Answer::Silent], "failed", "in time"),
        ("closes at once", vec![Answer::Closes], "failed", ""),
        ("speaks no HTTP", vec![Answer::Babble], "failed", ""),
        (
            "redirects to itself",
            vec![redirect("/un.xml")],
            "failed",
            "more than 5 redirects",
        ),
        (
            "redirects nowhere",
            vec![raw(302, &[], b"")],
            "failed",
            "redirects to nowhere",
        ),
        (
            "redirects to a file",
            vec![redirect("file:///etc/passwd")],
            "failed",
            "only http and https",
        ),
        (
            "redirects inside",
            vec![redirect(&other.url("/inside"))],
            "failed",
            "private or local address",
        ),
        (
            "redirects inside by name",
            vec![redirect(&format!("http://localhost:{}/inside", other.port))],
            "failed",
            "private or local",
        ),
        (
            "redirects to the cloud's own address",
            vec![redirect("http://169.254.169.254/latest/")],
            "failed",
            "private or local",
        ),
        (
            "redirects to a dressed address",
            vec![redirect(&format!("http://[::ffff:127.0.0.1]:{}/inside", other.port))],
            "failed",
            "private or local",
        ),
    ];
    for (name, answers, outcome, words) in cases {
        place.server.set("/un.xml", &answers);
        let (code, report) = place.update(&["--retries", "1"]);
        assert_eq!(
            (code, report["outcome"].as_str()),
            (3, Some(outcome)),
            "{name}: {report}"
        );
        assert!(why(&report).contains(words), "{name}: {report}");
        assert!(why(&report).len() > 10, "{name}: {report}");
        assert_eq!(
            (place.sources(), place.verified()),
            (before.clone(), head.clone()),
            "{name} changed the ledger"
        );
        assert_eq!(
            place.good(),
            Some(good.clone()),
            "{name} touched the last good download"
        );
        let leftover = std::fs::read_dir(place.kept()).unwrap().count();
        assert!(leftover <= 4, "{name} left {leftover} files");
    }
    assert!(other.requests().is_empty(), "nothing private was asked");
    // After all that the last good download still serves a new ledger, and the next edition comes in.
    place.server.set("/un.xml", &[Answer::Well(next)]);
    let (code, report) = place.update(&["--guard", "100"]);
    assert_eq!((code, report["outcome"].as_str()), (0, Some("updated")), "{report}");
    let allowed = format!("127.0.0.1:{}", other.port);
    place.server.set("/un.xml", &[redirect(&other.url("/inside"))]);
    let (code, report) = place.update(&["--allow-private", &allowed]);
    assert_eq!(
        (code, report["outcome"].as_str()),
        (0, Some("updated")),
        "allowed when configured: {report}"
    );
}

#[test]
fn passing_troubles_are_overcome_and_told() {
    let place = Place::new();
    let body = list("2024-05-01", 60);
    let busy = Answer::Raw(503, vec![("Retry-After".into(), "0".into())], Vec::new());
    place.server.set(
        "/un.xml",
        &[
            busy,
            Answer::Closes,
            Answer::BreaksOff(body.clone(), 3000),
            Answer::BreaksOff(body.clone(), 4000),
            Answer::Well(body.clone()),
        ],
    );
    let (code, report) = place.update(&["--retries", "5"]);
    assert_eq!((code, report["outcome"].as_str()), (0, Some("updated")), "{report}");
    assert_eq!(report["attempts"], 5);
    assert_eq!(report["resumed_from"], 7000, "continued where it broke off: {report}");
    assert_eq!(report["received"], body.len() as u64, "no byte twice");
    let troubles = report["troubles"].as_array().unwrap();
    assert!(troubles[0].as_str().unwrap().contains("503"), "{report}");
    assert!(
        troubles[2].as_str().unwrap().contains("broke off after 3000 of"),
        "{report}"
    );
    let asked = place.server.requests();
    assert_eq!(asked[4].headers["range"], "bytes=7000-");
    assert_eq!(asked[4].headers["if-range"], tag(&body));
    assert_eq!(place.good(), Some(body));
}

#[test]
fn a_part_of_an_older_edition_is_not_continued_with_a_newer_one() {
    let (old, new) = (list("2024-05-01", 60), list("2024-06-01", 60));
    let lying = |body: &[u8]| {
        // Ignores If-Range and continues with other content under another tag.
        let headers = vec![
            (
                "Content-Range".to_owned(),
                format!("bytes 3000-{}/{}", body.len() - 1, body.len()),
            ),
            ("ETag".to_owned(), "\"other\"".to_owned()),
        ];
        Answer::Raw(206, headers, body[3000..].to_vec())
    };
    let misplaced = Answer::Raw(
        206,
        vec![("Content-Range".into(), "bytes 10-99/100".into())],
        vec![b'x'; 90],
    );
    for second in [vec![], vec![lying(&new)], vec![misplaced]] {
        let place = Place::new();
        let mut answers = vec![Answer::BreaksOff(old.clone(), 3000)];
        answers.extend(second);
        answers.push(Answer::Well(new.clone()));
        place.server.set("/un.xml", &answers);
        let (code, report) = place.update(&["--retries", "3"]);
        assert_eq!((code, report["outcome"].as_str()), (0, Some("updated")), "{report}");
        assert_eq!(place.good(), Some(new.clone()), "{report}");
        assert!(report["resumed_from"].is_null(), "{report}");
    }
}

#[test]
fn killed_in_the_middle_it_resumes_and_the_last_good_download_stays() {
    let place = Place::new();
    let (first, second) = (list("2024-05-01", 60), list("2024-06-01", 62));
    place.server.set("/un.xml", &[Answer::Well(first.clone())]);
    assert_eq!(place.update(&[]).0, 0);
    let (before, head) = (place.sources(), place.verified());
    place.server.requests();
    place.server.set(
        "/un.xml",
        &[
            Answer::Drips(second.clone(), 500, Duration::from_millis(40)),
            Answer::Well(second.clone()),
        ],
    );
    let mut child = place
        .command(&["update", "un"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let part = place.kept().join("part");
    let length = |path: &Path| std::fs::metadata(path).map_or(0, |m| m.len());
    for _ in 0..500 {
        if length(&part) >= 2000 {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let there = length(&part);
    assert!((2000..second.len() as u64).contains(&there), "{there}");
    assert_eq!(place.good(), Some(first), "the last good download stays");
    assert_eq!((place.sources(), place.verified()), (before, head));

    let (code, report) = place.update(&[]);
    assert_eq!((code, report["outcome"].as_str()), (0, Some("updated")), "{report}");
    assert_eq!(report["resumed_from"], there);
    assert_eq!(report["received"], second.len() as u64 - there);
    assert_eq!(
        place.server.requests().last().unwrap().headers["range"],
        format!("bytes={there}-")
    );
    assert_eq!(place.good(), Some(second));
}

#[test]
fn a_dry_run_asks_and_changes_nothing() {
    let place = Place::new();
    place.server.set("/un.xml", &[Answer::Well(list("2024-05-01", 60))]);
    let (code, report) = place.update(&["--dry-run"]);
    assert_eq!((code, report["outcome"].as_str()), (0, Some("would")), "{report}");
    assert!(report["what"].as_str().unwrap().contains("would receive"), "{report}");
    assert!(!place.db().exists() && !place.kept().exists());
    assert_eq!(place.update(&[]).0, 0);
    let (code, report) = place.update(&["--dry-run"]);
    assert_eq!((code, report["outcome"].as_str()), (0, Some("unchanged")), "{report}");
}

#[test]
fn a_mirror_in_a_folder_serves_a_machine_without_a_network() {
    let place = Place::new();
    place.server.set("/un.xml", &[Answer::Well(list("2024-05-01", 60))]);
    assert_eq!(place.update(&[]).0, 0);
    // The folder of downloads itself, carried over.
    let away = Place::new();
    let mirror = place.folder.path().join("s.db.downloads");
    let (code, report) = away.update(&["--from", mirror.to_str().unwrap()]);
    assert_eq!((code, report["outcome"].as_str()), (0, Some("updated")), "{report}");
    let (code, report) = away.update(&["--from", mirror.to_str().unwrap()]);
    assert_eq!((code, report["outcome"].as_str()), (0, Some("unchanged")), "{report}");
    // Files named after the source or the address; judged all the same.
    for (name, content, code, outcome) in [
        ("un.xml", list("2024-06-01", 60), 0, "updated"),
        ("un.dat", list("2024-07-01", 60), 0, "updated"),
        ("un.xml", list("2024-08-01", 10), 3, "refused"),
        ("other.xml", list("2024-08-01", 60), 3, "absent"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), content).unwrap();
        let (found, report) = away.update(&["--from", folder.path().to_str().unwrap()]);
        assert_eq!(
            (found, report["outcome"].as_str()),
            (code, Some(outcome)),
            "{name}: {report}"
        );
    }
    assert!(away.server.requests().is_empty());
    assert!(!away.kept().exists());
}

#[test]
fn a_proxy_from_the_environment_is_asked_and_a_wrong_one_is_told() {
    let place = Place::new();
    place.server.set("/un.xml", &[Answer::Well(list("2024-05-01", 60))]);
    let proxy = Server::start();
    proxy.set("example.org:80", &[Answer::Raw(403, vec![], vec![])]);
    std::fs::write(
        place.folder.path().join("own.toml"),
        "[[download]]\nid = \"un\"\nlist = \"un\"\nurl = \"http://example.org/un.xml\"\n",
    )
    .unwrap();
    let args = ["update", "un", "--retries", "0", "--json"];
    let out = place
        .command(&args)
        .env("HTTP_PROXY", format!("http://127.0.0.1:{}", proxy.port))
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(3));
    assert_eq!(
        proxy.requests().first().map(|r| r.path.clone()).as_deref(),
        Some("example.org:80")
    );
    let out = place.command(&args).env("HTTPS_PROXY", "gopher://x").output().unwrap();
    assert_eq!(out.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&out.stderr).contains("the proxy in HTTPS_PROXY is not understood"));
    let out = place
        .command(&args)
        .env("SSL_CERT_FILE", place.folder.path().join("own.toml"))
        .output()
        .unwrap();
    assert!(
        String::from_utf8_lossy(&out.stderr).contains("no certificate"),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
}

#[test]
fn what_a_person_reads_and_bad_questions() {
    let place = Place::new();
    place.server.set("/un.xml", &[Answer::Raw(404, vec![], vec![])]);
    let out = place.run(&["update", "un", "--retries", "0"]);
    let text = String::from_utf8(out.stdout).unwrap();
    assert_eq!(
        text.replace(&place.server.port.to_string(), "PORT"),
        "un   FAILED, nothing changed: the server answers 404 Not Found (http://127.0.0.1:PORT/un.xml)\n"
    );
    let out = place.run(&["update", "nowhere"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&out.stderr).contains("there is no source nowhere. Known: au, ca, ch"));
    std::fs::write(
        place.folder.path().join("own.toml"),
        "[[download]]\nid = \"../x\"\nlist = \"un\"\nurl = \"ftp://a\"\n",
    )
    .unwrap();
    let out = place.run(&["update", "un"]);
    assert_eq!(out.status.code(), Some(3));
    assert!(
        String::from_utf8_lossy(&out.stderr).contains("own.toml:"),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
}
