//! A server that cannot write: no room, somebody else's lock. It says so in the answer, in readiness and in the figures, goes on
//! reading, and writes again when it can.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test stops where something is not as it must be

mod serving;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use serving::{Answer, Server, ok, three};

const JUDGEMENT: &str = r#"{"a":"QDi.901","b":"customer:7","verdict":"different","why":"another birth date"}"#;

fn served(place: &Path) -> (PathBuf, Vec<Vec<u8>>, Server) {
    let db = place.join("s.db");
    let lists = three(place);
    ok(&db, &["ingest", &lists[0]]);
    let server = Server::start(&db, &["--open", "read,screen,judge,ingest"]);
    server.wait_until_ready();
    let bytes = lists.iter().map(|l| std::fs::read(l).unwrap()).collect();
    (db, bytes, server)
}

fn readiness(server: &Server) -> (u16, Value) {
    let answer = server.get("/readyz");
    (answer.status, serde_json::from_str(&answer.text).unwrap())
}

/// It says what is wrong, as RFC 9457 has it, and what to do.
fn says(answer: &Answer, status: u16, kind: &str, detail: &str) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(
        answer.header("content-type").as_deref(),
        Some("application/problem+json")
    );
    let problem: Value = serde_json::from_str(&answer.text).unwrap();
    assert_eq!(problem["type"], format!("/problems#{kind}"));
    assert_eq!(problem["status"], status);
    assert!(problem["detail"].as_str().unwrap().contains(detail), "{problem}");
    assert!(!problem["remedy"].as_str().unwrap().is_empty());
}

/// Questions that were not asked before, so that none is answered from what was kept.
fn reads(server: &Server, on: &str) {
    for path in [
        format!("/v1/pending?on={on}"),
        format!("/v1/parties/QDi.901/standing?on={on}"),
        format!("/v1/changes?until={on}"),
        format!("/v1/screen?name=Karim%20Nazari%20{on}"),
        format!("/search/default?q=Karim&limit={}", &on[8..]),
    ] {
        let answer = server.get(&path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    }
}

fn is_degraded(server: &Server, why: &str) {
    let (status, ready) = readiness(server);
    assert_eq!((status, &ready["status"]), (200, &"degraded".into()), "{ready}");
    assert!(ready["writing"].as_str().unwrap().contains(why), "{ready}");
    assert!(server.get("/metrics").text.contains("standing_ledger_writable 0"));
    assert_eq!(server.get("/healthz").status, 200);
}

fn writes_again(server: &Server, db: &Path, list: &[u8]) {
    let answer = server.ask("POST", "/v1/lists", &[], list);
    assert!(
        answer.status == 200 && answer.text.contains("\"outcome\":\"recorded\""),
        "{}",
        answer.text
    );
    assert_eq!(server.post_json("/v1/judgements", JUDGEMENT).status, 200);
    let (status, ready) = readiness(server);
    assert_eq!(
        (status, &ready["status"], &ready["writing"]),
        (200, &"ok".into(), &Value::Null)
    );
    assert!(server.get("/metrics").text.contains("standing_ledger_writable 1"));
    ok(db, &["verify"]);
}

fn limit(server: &Server, bytes: &str) -> bool {
    Command::new("prlimit")
        .args(["--pid", &server.id().to_string(), &format!("--fsize={bytes}:unlimited")])
        .status()
        .is_ok_and(|s| s.success())
}

#[test]
fn without_room_uploads_are_refused_and_reading_goes_on() {
    let place = tempfile::tempdir().unwrap();
    let (db, lists, server) = served(place.path());
    let head = ok(&db, &["verify"]);
    let size = std::fs::metadata(&db).unwrap().len();
    // Room for nothing, not even for a line of the log; for the upload, but not for the ledger.
    for (bytes, on) in [(0, "2020-02-01"), (size / 8, "2020-02-02")] {
        if !limit(&server, &bytes.to_string()) {
            println!("skipped: the size of another process' files cannot be limited here");
            return;
        }
        says(
            &server.ask("POST", "/v1/lists", &[], &lists[1]),
            507,
            "full",
            "reading goes on",
        );
        is_degraded(&server, "no room");
        // A judgement is so small that it finds room where a list does not.
        if bytes == 0 {
            let judged = server.post_json("/v1/judgements", JUDGEMENT);
            says(&judged, 507, "full", "Nothing of this was recorded");
            is_degraded(&server, "no room");
        }
        reads(&server, on);
        // What is refused for another reason says nothing about room.
        let unknown = server.post_json("/v1/review/r:77", r#"{"verdict":"accept","why":"w"}"#);
        assert!((400..=507).contains(&unknown.status), "{}", unknown.text);
        is_degraded(&server, "no room");
        assert_eq!(ok(&db, &["verify"]), head, "something was recorded");
    }
    let kept = server.post_json("/v1/screen", r#"{"keep":true,"queries":[{"name":"Karim Nazari"}]}"#);
    assert!(limit(&server, "0"));
    let not_kept = server.post_json("/v1/screen", r#"{"keep":true,"queries":[{"name":"Bravo Osmani"}]}"#);
    assert_eq!(kept.status, 200, "{}", kept.text);
    says(&not_kept, 507, "full", "no room");
    assert!(limit(&server, "unlimited"));
    writes_again(&server, &db, &lists[1]);
    // It follows what others write, as before.
    ok(&db, &["unsure", "QDi.901", "customer:8", "--why", "a test"]);
    server.wait_for(|| readiness(&server).1["transaction"] == readiness(&server).1["screening"]);
}

#[test]
fn a_lock_of_somebody_else_is_waited_for_and_then_named() {
    let place = tempfile::tempdir().unwrap();
    let (db, lists, server) = served(place.path());
    let other = rusqlite::Connection::open(&db).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    std::thread::scope(|scope| {
        let upload = scope.spawn(|| server.ask("POST", "/v1/lists", &[], &lists[1]));
        let begun = Instant::now();
        let mut day = 1;
        while !upload.is_finished() {
            assert!(begun.elapsed() < Duration::from_secs(50), "the upload waits for ever");
            let asked = Instant::now();
            reads(&server, &format!("2021-02-{day:02}"));
            assert!(
                asked.elapsed() < Duration::from_secs(10),
                "reading waits for the writer"
            );
            day = day % 28 + 1;
            std::thread::sleep(Duration::from_millis(500));
        }
        says(&upload.join().unwrap(), 503, "busy", "Another program is writing");
    });
    is_degraded(&server, "another program is writing");
    other.execute_batch("ROLLBACK").unwrap();
    writes_again(&server, &db, &lists[1]);
}
