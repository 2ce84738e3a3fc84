//! The built program as a server: its answers beside those of the command line, its guards, its life.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test stops where something is not as it must be

mod serving;

use serde_json::Value;
use serving::{Server, lines, ok, three, word_of};

/// Every route of `/v1` that answers a question, with the command that gives the same.
const SAME: &[(&str, &[&str])] = &[
    ("/v1/parties/QDi.901/standing", &["show", "QDi.901"]),
    (
        "/v1/parties/un:QDi.902/standing?on=2020-06-01",
        &["show", "un:QDi.902", "--on", "2020-06-01"],
    ),
    (
        "/v1/parties/Taliban/standing?on=2024-10-04&known=2024-10-04&basis=reported",
        &[
            "show",
            "Taliban",
            "--on",
            "2024-10-04",
            "--known",
            "2024-10-04",
            "--basis",
            "reported",
        ],
    ),
    (
        "/v1/parties/QDi.902/standing?recorded=2",
        &["show", "QDi.902", "--recorded", "2"],
    ),
    (
        "/v1/parties/standing%3Ataliban/timeline",
        &["timeline", "standing:taliban"],
    ),
    (
        "/v1/parties/QDi.903/timeline?known=2020",
        &["timeline", "QDi.903", "--known", "2020"],
    ),
    ("/v1/changes", &["changes"]),
    (
        "/v1/changes?since=2020-06&until=2022&amended=true",
        &["changes", "--since", "2020-06", "--until", "2022", "--amended"],
    ),
    (
        "/v1/changes?authority=UN&by=on",
        &["changes", "--authority", "UN", "--by", "on"],
    ),
    ("/v1/changes?party=Taliban", &["changes", "--party", "Taliban"]),
    ("/v1/pending", &["pending"]),
    (
        "/v1/pending?on=2024-10-04&known=2024-10-04",
        &["pending", "--on", "2024-10-04", "--known", "2024-10-04"],
    ),
    ("/v1/sources", &["sources"]),
    ("/v1/sources?known=2020-06-30", &["sources", "--known", "2020-06-30"]),
    ("/v1/review", &["review"]),
    ("/v1/lists", &["lists"]),
    ("/v1/claims", &["claims"]),
    (
        "/v1/claims?party=Taliban&status=decided",
        &["claims", "--party", "Taliban", "--status", "decided"],
    ),
    ("/v1/contradictions", &["contradictions"]),
    (
        "/v1/contradictions?party=Taliban",
        &["contradictions", "--party", "Taliban"],
    ),
    (
        "/v1/screen?name=Karim%20Nazari&threshold=0.6",
        &["screen", "Karim Nazari", "--threshold", "0.6"],
    ),
    (
        "/v1/screen?name=Bravo%20Osmani&schema=person&birth_date=1970&limit=1",
        &[
            "screen",
            "Bravo Osmani",
            "--schema",
            "person",
            "--birth-date",
            "1970",
            "--limit",
            "1",
        ],
    ),
    (
        "/v1/screen?name=Bravo%20Osmani&on=2019-12-01",
        &["screen", "Bravo Osmani", "--on", "2019-12-01"],
    ),
    ("/v1/runs", &["runs"]),
];

/// Those that give one object.
const ONE: &[(&str, &[&str])] = &[
    ("/v1/parties/QDi.901", &["party", "QDi.901"]),
    (
        "/v1/compare?a=Abu%20Bakr&b=Abou%20Bakr&schema=Person",
        &["compare", "Abu Bakr", "Abou Bakr", "--schema", "Person"],
    ),
];

#[test]
fn every_answer_of_v1_is_that_of_the_command_line() {
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    for list in three(place.path()) {
        ok(&db, &["ingest", &list]);
    }
    let article = place.path().join("article.txt");
    std::fs::write(&article, "MOSCOW, Oct 4 - Russia has decided to remove the Taliban from its list of terrorist organisations, Zamir Kabulov said.\n").unwrap();
    ok(
        &db,
        &[
            "read",
            article.to_str().unwrap(),
            "--published",
            "2024-10-04",
            "--store",
        ],
    );
    ok(&db, &["screen", "Karim Nazari"]);
    let server = Server::start(&db, &[]);
    server.wait_until_ready();
    for (path, args) in SAME {
        let printed = lines(&db, args);
        let answer = server.get_as(path, "application/x-ndjson");
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        assert_eq!(answer.text, printed, "{path} and {args:?}");
        if path.starts_with("/v1/screen") {
            continue;
        }
        let array: Vec<Value> = serde_json::from_str(&server.get(path).text).unwrap();
        let rows: Vec<Value> = printed.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!(array, rows, "{path}");
    }
    for (path, args) in ONE {
        assert_eq!(server.get(path).text, lines(&db, args), "{path} and {args:?}");
    }
    let step = word_of(&lines(&db, &["timeline", "QDi.901"]), "step");
    assert_eq!(
        server.get(&format!("/v1/evidence/{step}")).text,
        lines(&db, &["evidence", &step])
    );
    let runs = lines(&db, &["runs"]);
    let run = word_of(&runs, "run");
    let first = format!("{}\n", runs.lines().next().unwrap());
    assert_eq!(server.get(&format!("/v1/runs/{run}")).text, first);
    // What a screening gives with its manifest is what the run says that is kept.
    let given: Value = serde_json::from_str(&server.get("/v1/screen?name=Karim%20Nazari").text).unwrap();
    let kept: Value = serde_json::from_str(&first).unwrap();
    assert_eq!(given["manifest"]["output"], kept["output"]);
}

#[test]
fn pages_of_changes_join_without_a_gap_and_a_cursor_gives_what_is_new() {
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    let lists = three(place.path());
    ok(&db, &["ingest", &lists[0]]);
    let server = Server::start(&db, &[]);
    let mut joined = String::new();
    let mut path = "/v1/changes?limit=3".to_owned();
    let last = loop {
        let page = server.get_as(&path, "application/x-ndjson");
        joined.push_str(&page.text);
        let cursor = page.header("standing-cursor").unwrap();
        if cursor.starts_with("n:") {
            break cursor;
        }
        path = format!("/v1/changes?limit=3&cursor={cursor}");
    };
    assert_eq!(joined, lines(&db, &["changes"]));
    let nothing = server.get(&format!("/v1/changes?cursor={last}"));
    assert_eq!(nothing.text, "[]\n");
    ok(&db, &["ingest", &lists[1]]);
    server.wait_for(|| server.get("/v1/sources").text.matches("\"list\":\"un\"").count() == 2);
    let new = server.get(&format!("/v1/changes?cursor={last}"));
    let rows: Vec<Value> = serde_json::from_str(&new.text).unwrap();
    assert!(
        !rows.is_empty()
            && rows
                .iter()
                .all(|r| r["listing"].as_str().unwrap().starts_with("un:QDi.9")),
        "{}",
        new.text
    );
}

#[test]
fn another_address_needs_tokens_or_a_word() {
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    ok(&db, &["demo", "--keep", db.to_str().unwrap()]);
    let refused = serving::run(&db, &["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("standing token new"));
    let printed = ok(&db, &["token", "new", "--scope", "read", "--rate", "0"]);
    let token = printed.lines().next().unwrap().to_owned();
    let server = Server::start(&db, &["--listen", "0.0.0.0:0"]);
    assert_eq!(server.get("/v1/pending").status, 401);
    assert_eq!(server.get("/healthz").status, 200);
    let with = |path: &str, scheme: &str, token: &str| {
        server.ask("GET", path, &[("authorization", &format!("{scheme} {token}"))], b"")
    };
    assert_eq!(with("/v1/pending", "Bearer", &token).status, 200);
    assert_eq!(with("/v1/pending", "ApiKey", &token).status, 200);
    assert_eq!(with("/v1/pending", "Bearer", &token[..token.len() - 1]).status, 401);
    assert_eq!(
        with("/v1/screen?name=x", "Bearer", &token).status,
        403,
        "read does not allow to screen"
    );
    let ingest = server.ask(
        "POST",
        "/v1/lists",
        &[("authorization", &format!("Bearer {token}"))],
        b"x",
    );
    assert_eq!(ingest.status, 403);
    ok(&db, &["token", "revoke", "t:1"]);
    server.wait_for(|| with("/v1/pending", "Bearer", &token).status == 401);
}

#[test]
fn a_list_is_brought_in_by_those_allowed_and_answers_follow() {
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    let lists = three(place.path());
    ok(&db, &["ingest", &lists[0]]);
    let token = ok(&db, &["token", "new", "--scope", "ingest,judge"])
        .lines()
        .next()
        .unwrap()
        .to_owned();
    let bearer = format!("Bearer {token}");
    let server = Server::start(&db, &[]);
    let bytes = std::fs::read(&lists[1]).unwrap();
    assert_eq!(
        server.ask("POST", "/v1/lists", &[], &bytes).status,
        401,
        "not without a token, not even here"
    );
    let path = "/v1/lists?name=../../un.xml";
    let answer = server.ask("POST", path, &[("authorization", &bearer)], &bytes);
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(
        answer.text.contains("\"files\":[\"un.xml\"]") && answer.text.contains("\"outcome\":\"recorded\""),
        "{}",
        answer.text
    );
    server.wait_for(|| server.get_as("/v1/sources", "application/x-ndjson").text == lines(&db, &["sources"]));
    let refused = server.ask("POST", "/v1/lists", &[("authorization", &bearer)], b"<html>");
    assert!(refused.text.contains("\"outcome\":\"refused\""), "{}", refused.text);
    let judged = server.ask(
        "POST",
        "/v1/judgements",
        &[("authorization", &bearer), ("content-type", "application/json")],
        br#"{"a":"QDi.901","b":"customer:7","verdict":"different","why":"another birth date"}"#,
    );
    assert_eq!(judged.status, 200, "{}", judged.text);
    ok(&db, &["verify"]);
}

/// Reads what has come of a streamed answer until it holds a text.
fn until(socket: &mut std::net::TcpStream, so_far: &mut String, text: &str) {
    let mut buffer = [0_u8; 1 << 14];
    while !so_far.contains(text) {
        let n = std::io::Read::read(socket, &mut buffer).unwrap();
        assert!(n > 0, "the stream ended before {text:?}: {so_far}");
        so_far.push_str(&String::from_utf8_lossy(&buffer[..n]));
    }
}

#[test]
fn it_stops_when_told_and_finishes_what_is_under_way() {
    const LINES: usize = 600;
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    ok(&db, &["ingest", &three(place.path())[0]]);
    let mut server = Server::start(&db, &[]);
    server.wait_until_ready();
    let chunk = |from: usize, to: usize| {
        let lines: String = (from..to)
            .map(|n| format!("{{\"id\":\"c{n}\",\"name\":\"Karim Nazari\"}}\n"))
            .collect();
        format!("{:x}\r\n{lines}\r\n", lines.len())
    };
    let mut stream = server.connect();
    serving::send(
        &mut stream,
        b"POST /v1/screen HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n",
    );
    serving::send(&mut stream, chunk(0, LINES / 2).as_bytes());
    let mut answer = String::new();
    until(&mut stream, &mut answer, "\"id\":\"c10\"");
    // One that has asked before and one that never has: neither is waited for.
    let mut idle = server.connect();
    serving::send(&mut idle, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert!(serving::receive(&mut idle).starts_with("HTTP/1.1 200"));
    let _unasked = server.connect();

    server.tell_to_stop();
    server.wait_for(|| server.get("/readyz").status == 503);
    let told = server.get("/readyz");
    assert!(told.text.contains("\"status\":\"draining\""), "{}", told.text);
    assert_eq!(server.get("/healthz").status, 200, "it still runs");
    for path in [
        "/v1/pending",
        "/v1/screen?name=Karim%20Nazari",
        "/search/default?q=x",
        "/",
    ] {
        let refused = server.get(path);
        assert_eq!(refused.status, 503, "{path}");
        assert!(
            refused.header("retry-after").is_some() && refused.text.contains("stopping"),
            "{path}: {}",
            refused.text
        );
    }
    assert!(
        serving::receive_bytes(&mut idle).is_empty(),
        "an idle connection is closed"
    );

    // The other half comes only now, in pieces.
    for from in (LINES / 2..LINES).step_by(100) {
        serving::send(&mut stream, chunk(from, from + 100).as_bytes());
        until(&mut stream, &mut answer, &format!("\"id\":\"c{}\"", from + 50));
    }
    serving::send(&mut stream, b"0\r\n\r\n");
    let told = std::time::Instant::now();
    answer.push_str(&String::from_utf8_lossy(&serving::receive_bytes(&mut stream)));
    assert!(
        answer.ends_with("\r\n0\r\n\r\n"),
        "the answer ends as it should: {answer}"
    );
    for n in 0..LINES {
        assert!(answer.contains(&format!("\"id\":\"c{n}\"")), "line {n} is answered");
    }
    assert!(answer.contains(&format!(
        "{{\"done\":{{\"hits\":{LINES},\"rejected\":0,\"rows\":{LINES},"
    )));
    assert_eq!(server.ended().code(), Some(0));
    assert!(told.elapsed().as_secs() < 10, "with the last request it ends");
    assert!(std::net::TcpStream::connect(server.address).is_err());
}

#[test]
fn what_does_not_finish_in_time_is_not_waited_for() {
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    ok(&db, &["ingest", &three(place.path())[0]]);
    let mut server = Server::start(&db, &["--drain", "1"]);
    let mut stream = server.connect();
    serving::send(
        &mut stream,
        b"POST /v1/read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\nRussia has",
    );
    server.wait_for(|| server.get("/readyz").status == 200);
    let told = std::time::Instant::now();
    server.tell_to_stop();
    assert_eq!(server.ended().code(), Some(0));
    assert!(told.elapsed().as_secs() < 10, "{:?}", told.elapsed());
    assert!(
        std::fs::read_to_string(&server.log)
            .unwrap()
            .contains("did not finish in time")
    );
}

#[test]
fn a_backup_is_made_while_it_serves_and_can_be_put_back() {
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    let lists = three(place.path());
    ok(&db, &["ingest", &lists[0]]);
    let server = Server::start(&db, &[]);
    let copy = place.path().join("backup.db");
    let said = ok(&db, &["backup", copy.to_str().unwrap()]);
    assert!(said.contains("proved whole"));
    let before = lines(&db, &["sources"]);
    ok(&db, &["ingest", &lists[1]]);
    assert_eq!(
        serving::run(&db, &["restore", copy.to_str().unwrap()]).status.code(),
        Some(2),
        "it overwrites nothing"
    );
    ok(&db, &["restore", copy.to_str().unwrap(), "--replace"]);
    assert_eq!(lines(&db, &["sources"]), before);
    server.wait_for(|| server.get_as("/v1/sources", "application/x-ndjson").text == before);
    let broken = place.path().join("broken.db");
    let mut bytes = std::fs::read(&copy).unwrap();
    let at = bytes.len() / 2;
    // Two pages and more: fewer bytes might all lie in the unused middle of one.
    bytes[at..at + 10_000].fill(0x55);
    std::fs::write(&broken, bytes).unwrap();
    assert_ne!(
        serving::run(&db, &["restore", broken.to_str().unwrap(), "--replace"])
            .status
            .code(),
        Some(0)
    );
    assert_eq!(lines(&db, &["sources"]), before);
}

/// A browser at an address that does not exist gets a page with ways on, a program a problem document.
#[test]
fn nothing_at_an_address_is_said_in_the_askers_form() {
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    ok(&db, &["ingest", &three(place.path())[0]]);
    let server = Server::start(&db, &[]);
    let page = server.get_as("/nowhere/at/all", "text/html,application/xhtml+xml,*/*;q=0.8");
    assert_eq!(page.status, 404);
    assert!(
        page.text.contains("There is no page at this address") && page.text.contains("href=\"/changes\""),
        "{}",
        page.text
    );
    let page = server.get_as("/match/default", "text/html");
    assert_eq!(page.status, 405);
    assert!(page.text.contains("This address answers programs"), "{}", page.text);
    let problem = server.get_as("/nowhere/at/all", "*/*");
    assert_eq!(problem.status, 404);
    assert!(problem.text.contains("\"status\":404"), "{}", problem.text);
}
