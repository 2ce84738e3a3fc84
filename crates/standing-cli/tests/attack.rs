//! What somebody with bad intent would send. Nothing of it gets through, and each attempt has a plain answer.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test stops where something is not as it must be

mod serving;

use std::net::TcpListener;
use std::time::Duration;

use serving::{Server, ok, receive_bytes, send, three};

fn served() -> (tempfile::TempDir, std::path::PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    ok(&db, &["ingest", &three(place.path())[0]]);
    (place, db)
}

fn raw(server: &Server, bytes: &[u8]) -> String {
    let mut socket = server.connect();
    socket.set_read_timeout(Some(Duration::from_secs(3))).unwrap();
    send(&mut socket, bytes);
    String::from_utf8_lossy(&receive_bytes(&mut socket)).into_owned()
}

#[test]
fn only_requests_that_are_meant_for_this_server_are_answered() {
    let (_place, db) = served();
    let server = Server::start(&db, &[]);
    let with_host = |host: &str| {
        raw(
            &server,
            format!("GET /v1/pending HTTP/1.1\r\n{host}Connection: close\r\n\r\n").as_bytes(),
        )
    };
    assert!(with_host("Host: localhost\r\n").starts_with("HTTP/1.1 200"));
    for host in [
        "Host: evil.example\r\n",
        "Host: 127.0.0.1.evil.example\r\n",
        "Host: evil.example:8700\r\n",
        "Host: 10.0.0.1\r\n",
    ] {
        assert!(with_host(host).starts_with("HTTP/1.1 421"), "{host}");
    }
    for host in ["", "Host: localhost\r\nHost: evil.example\r\n", "Host: \u{e9}\r\n"] {
        assert!(with_host(host).starts_with("HTTP/1.1 4"), "{host}");
    }
    let absolute = raw(
        &server,
        b"GET http://evil.example/v1/pending HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    );
    assert!(absolute.starts_with("HTTP/1.1 421"), "{absolute}");
}

#[test]
fn pages_of_other_sites_neither_act_nor_read() {
    let (_place, db) = served();
    let server = Server::start(&db, &["--open", "read,screen,judge,ingest"]);
    let body = r#"{"a":"QDi.901","b":"QDi.902","verdict":"same","why":"x"}"#;
    let json = ("content-type", "application/json");
    for from in [
        ("origin", "http://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let answer = server.ask("POST", "/v1/judgements", &[json, from], body.as_bytes());
        assert_eq!(answer.status, 403, "{from:?}");
    }
    // What a form of another page could send without asking is no JSON.
    assert_eq!(
        server
            .ask(
                "POST",
                "/v1/judgements",
                &[("content-type", "text/plain")],
                body.as_bytes()
            )
            .status,
        415
    );
    let read = server.ask("GET", "/v1/pending", &[("origin", "http://evil.example")], b"");
    assert_eq!((read.status, read.header("access-control-allow-origin")), (200, None));
    assert!(ok(&db, &["timeline", "QDi.901", "--json"]).contains("un:QDi.901"));
    drop(server);
    let server = Server::start(&db, &["--cors", "http://127.0.0.1:3333"]);
    let allowed = server.ask("GET", "/v1/pending", &[("origin", "http://127.0.0.1:3333")], b"");
    assert_eq!(
        allowed.header("access-control-allow-origin").as_deref(),
        Some("http://127.0.0.1:3333")
    );
    let other = server.ask("GET", "/v1/pending", &[("origin", "http://127.0.0.1:4444")], b"");
    assert_eq!(other.header("access-control-allow-origin"), None);
}

#[test]
fn odd_framing_smuggles_nothing() {
    let (_place, db) = served();
    let server = Server::start(&db, &[]);
    let smuggled = "GET /v1/sources HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let head = "POST /v1/read HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n";
    let cases = [
        format!("{head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{smuggled}"),
        format!(
            "{head}Content-Length: 0\r\nContent-Length: {}\r\n\r\n{smuggled}",
            smuggled.len()
        ),
        format!("{head}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{smuggled}"),
        format!("{head}Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n\r\n{smuggled}"),
        format!("{head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n{smuggled}"),
        format!("{head}Content-Length: +5\r\n\r\nabcde{smuggled}"),
        format!("{head}Content-Length: 5, 6\r\n\r\nabcde{smuggled}"),
        format!("{head}Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n{smuggled}"),
        format!("{head}Transfer-Encoding: chunked\r\n\r\n-1\r\n{smuggled}"),
        format!("GET /v1/pending HTTP/1.1\r\nHost: localhost\r\nX: a\r\n Content-Length: 3\r\n\r\n{smuggled}"),
        format!("GET /v1/pending HTTP/1.1\rHost: localhost\r\n\r\n{smuggled}"),
        "GET /v1/pending\0 HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(),
        "GET /v1/pending HTTP/9.9\r\nHost: localhost\r\n\r\n".to_owned(),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
        // Chunks that end in bare line feeds, or whose extension hides one.
        format!("{head}Transfer-Encoding: chunked\r\n\r\n1\nx\n0\n\n{smuggled}"),
        format!("{head}Transfer-Encoding: chunked\r\n\r\n1;a\nb\r\nx\r\n0\r\n\r\n{smuggled}"),
        format!("{head}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n{smuggled}"),
        format!("{head}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n{smuggled}"),
        format!("{head}Content-Length: 0x5\r\n\r\nabcde{smuggled}"),
        format!("{head}Content-Length:\r\n\r\n{smuggled}"),
    ];
    // A body is a body, also where none is expected: what it holds is no request.
    let hidden = format!(
        "GET /v1/pending HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{smuggled}",
        smuggled.len()
    );
    assert!(!raw(&server, hidden.as_bytes()).contains("\"list\":\"register\""));
    for case in cases {
        let answer = raw(&server, case.as_bytes());
        assert!(
            !answer.contains("\"list\":\"register\""),
            "the hidden request was answered: {case}\n{answer}"
        );
        // It is refused; or the one framing is taken, and the connection ends with it.
        let ends = answer.is_empty()
            || answer.starts_with("HTTP/1.1 4")
            || answer.to_ascii_lowercase().contains("connection: close");
        assert!(ends && !answer.starts_with("HTTP/1.1 5"), "{case}\n{answer}");
    }
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn what_is_too_large_or_too_deep_is_refused() {
    let (_place, db) = served();
    let server = Server::start(&db, &[]);
    let declared = raw(
        &server,
        b"POST /v1/read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n",
    );
    assert!(declared.starts_with("HTTP/1.1 413"), "{declared}");
    let big = vec![b'x'; 5 << 20];
    assert_eq!(server.ask("POST", "/v1/read", &[], &big).status, 413);
    let deep = format!("{{\"queries\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(server.post_json("/v1/screen", &deep).status, 400);
    assert_eq!(server.post_json("/match/default", &deep).status, 422);
    let form = format!("queries={deep}");
    assert_eq!(
        server
            .ask(
                "POST",
                "/reconcile/default",
                &[("content-type", "application/x-www-form-urlencoded")],
                form.as_bytes()
            )
            .status,
        400
    );
    let long = format!(
        "GET /v1/screen?name={} HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "a".repeat(200_000)
    );
    assert!(raw(&server, long.as_bytes()).starts_with("HTTP/1.1 4"));
    let many: String = (0..500).map(|n| format!("X-{n}: y\r\n")).collect();
    let answer = raw(
        &server,
        format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\n{many}\r\n").as_bytes(),
    );
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    server.wait_until_ready();
    let names = format!("{{\"queries\":[{}]}}", vec!["{\"name\":\"a\"}"; 10_001].join(","));
    let answer = server.post_json("/v1/screen", &names);
    assert_eq!(answer.status, 400, "{}", answer.text);
    let examples: String = (0..101)
        .map(|n| format!("\"{n}\":{{\"schema\":\"Person\",\"properties\":{{}}}},"))
        .collect();
    let answer = server.post_json(
        "/match/default",
        &format!("{{\"queries\":{{{}}}}}", examples.trim_end_matches(',')),
    );
    assert_eq!(answer.status, 400);
    let gigantic = format!("{{\"queries\":[{{\"name\":\"{}\"}}]}}", "Abu ".repeat(200_000));
    let answer = server.post_json("/v1/screen", &gigantic);
    assert!(
        answer.status == 200 && answer.text.contains("\"rejected\":[{"),
        "{} {}",
        answer.status,
        &answer.text[..200.min(answer.text.len())]
    );
}

#[test]
fn nothing_leads_out_of_the_ledger() {
    let (place, db) = served();
    std::fs::write(place.path().join("secret"), "a secret").unwrap();
    let server = Server::start(&db, &[]);
    for path in [
        "/v1/documents/..%2f..%2fsecret",
        "/v1/runs/..%2Fsecret",
        "/v1/runs/%2Fetc%2Fpasswd",
        "/v1/evidence/..%2f..%2fsecret",
        "/v1/evidence/..%2f..%2fsecret/record",
        "/assets/..%2f..%2fsecret",
        "/../secret",
        "/%2e%2e/secret",
        "/entities/..%2f..%2fsecret",
        "/reconcile/..%2fx",
    ] {
        let answer = server.get(path);
        assert!(
            (400..500).contains(&answer.status) || answer.status == 503,
            "{path}: {}",
            answer.status
        );
        assert!(
            !answer.text.contains("a secret") && !answer.text.contains("root:"),
            "{path}"
        );
    }
}

#[test]
fn line_ends_in_a_request_reach_neither_headers_nor_the_log() {
    let (_place, db) = served();
    let server = Server::start(&db, &[]);
    server.wait_until_ready();
    for path in [
        "/entities/x%0d%0aSet-Cookie:%20a=b",
        "/v1/parties/x%0d%0aSet-Cookie:%20a=b",
        "/v1/screen?name=Zebedee%0d%0a%7B%22level%22:%22ERROR%22%7D",
        "/v1/documents/0000%0d%0aSet-Cookie:a=b",
        "/v1/changes/feed.atom?party=%3Cscript%3E%0d%0a",
    ] {
        let answer = server.get(path);
        assert!(
            !answer.head.to_ascii_lowercase().contains("set-cookie"),
            "{path}: {}",
            answer.head
        );
    }
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let answer = server.ask("GET", "/healthz", &[("traceparent", trace)], b"");
    assert_eq!(answer.header("traceparent").as_deref(), Some(trace));
    assert_eq!(
        server
            .ask("GET", "/healthz", &[("traceparent", "x\u{7f}y")], b"")
            .header("traceparent"),
        None
    );
    let log = std::fs::read_to_string(&server.log).unwrap();
    assert!(
        log.lines()
            .all(|l| serde_json::from_str::<serde_json::Value>(l).is_ok()),
        "{log}"
    );
    assert!(
        log.contains("/v1/screen") && !log.contains("Zebedee"),
        "names of customers are in the log"
    );
}

#[test]
fn addresses_that_a_request_names_are_never_fetched() {
    let (_place, db) = served();
    let trap = TcpListener::bind("127.0.0.1:0").unwrap();
    trap.set_nonblocking(true).unwrap();
    let plain = format!("http://{}/x", trap.local_addr().unwrap());
    let address = plain.replace(':', "%3A").replace('/', "%2F");
    let server = Server::start(&db, &["--open", "read,screen,judge,ingest"]);
    server.wait_until_ready();
    let text = b"MOSCOW, Oct 4 - Russia has banned the Taliban, the ministry said.";
    let kept = server.ask(
        "POST",
        &format!("/v1/articles?url={address}&published=2024-10-04"),
        &[],
        text,
    );
    assert_eq!(kept.status, 200, "{}", kept.text);
    server.ask("POST", &format!("/v1/read?url={address}"), &[], text);
    // What a document refers to is not fetched either: its grammar, an entity, a schema, a style.
    for document in [
        format!("<?xml version=\"1.0\"?><!DOCTYPE a SYSTEM \"{plain}\"><a/>"),
        format!(
            "<?xml version=\"1.0\"?><!DOCTYPE CONSOLIDATED_LIST [<!ENTITY e SYSTEM \"{plain}\">]><CONSOLIDATED_LIST dateGenerated=\"2020-01-10\"><INDIVIDUALS><INDIVIDUAL><FIRST_NAME>&e;</FIRST_NAME></INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>"
        ),
        format!(
            "<?xml version=\"1.0\"?><?xml-stylesheet href=\"{plain}\"?><CONSOLIDATED_LIST xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:noNamespaceSchemaLocation=\"{plain}\" dateGenerated=\"2020-01-10\"/>"
        ),
    ] {
        let answer = server.ask("POST", &format!("/v1/lists?name={address}"), &[], document.as_bytes());
        assert!(answer.status < 500, "{document}: {}", answer.text);
    }
    let page = format!(
        "<html><head><link rel=stylesheet href=\"{plain}\"></head><body><img src=\"{plain}\"><p>MOSCOW, Oct 4 - Russia has banned the Taliban, the ministry said.</body></html>"
    );
    server.ask("POST", "/v1/read", &[], page.as_bytes());
    server.get(&format!("/v1/screen?name={address}"));
    server.post_json(
        "/mcp",
        &format!("{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/read\",\"params\":{{\"uri\":\"{address}\"}}}}"),
    );
    std::thread::sleep(Duration::from_millis(300));
    assert!(trap.accept().is_err(), "somebody came");
}

#[test]
fn no_scope_reaches_further_than_itself() {
    let (_place, db) = served();
    let routes: &[(&str, &str, &str, &[u8])] = &[
        ("read", "GET", "/v1/pending", b""),
        ("read", "GET", "/metrics", b""),
        ("read", "GET", "/openapi.json", b""),
        ("read", "POST", "/v1/read", b"Russia banned it."),
        ("screen", "GET", "/v1/screen?name=Karim%20Nazari", b""),
        (
            "screen",
            "POST",
            "/match/default",
            br#"{"queries":{"a":{"schema":"Person","properties":{"name":["x"]}}}}"#,
        ),
        ("screen", "GET", "/v2/search?name=Karim%20Nazari", b""),
        ("screen", "GET", "/reconcile/default", b""),
        (
            "judge",
            "POST",
            "/v1/judgements",
            br#"{"a":"QDi.901","b":"QDi.902","verdict":"unsure","why":"w"}"#,
        ),
        ("judge", "POST", "/v1/review/r:1", br#"{"verdict":"accept","why":"w"}"#),
        ("ingest", "POST", "/v1/lists", b"x"),
        ("ingest", "POST", "/v1/articles", b"Russia banned it."),
    ];
    let token = |scope: &str| {
        ok(&db, &["token", "new", "--scope", scope, "--rate", "0"])
            .lines()
            .next()
            .unwrap()
            .to_owned()
    };
    let tokens: Vec<(&str, String)> = ["read", "screen", "judge", "ingest", "admin"]
        .map(|s| (s, token(s)))
        .into();
    // On another address nothing is open without a token.
    let server = Server::start(&db, &["--listen", "0.0.0.0:0"]);
    server.wait_until_ready();
    for (scope, method, path, body) in routes {
        let ask = |headers: &[(&str, &str)]| {
            let mut all = vec![("content-type", "application/json")];
            all.extend_from_slice(headers);
            server.ask(method, path, &all, body).status
        };
        assert_eq!(ask(&[]), 401, "{path} without a token");
        for (of, token) in &tokens {
            let status = ask(&[("authorization", &format!("Bearer {token}"))]);
            let allowed = of == scope || *of == "admin";
            assert_eq!(status != 401 && status != 403, allowed, "{of} at {path}: {status}");
        }
    }
    let read = &tokens[0].1;
    for forged in [
        "Bearer ".to_owned(),
        format!("Bearer {}", read.to_uppercase()),
        format!("Bearer {read}x"),
        format!("Bearer {} ", &read[..read.len() - 2]),
        format!("Basic {read}"),
        "Bearer eyJhbGciOiJub25lIn0.eyJzY29wZSI6ImFkbWluIn0.".to_owned(),
        format!("Bearer {}", "standing_".to_owned() + &"0".repeat(64)),
    ] {
        let status = server
            .ask("GET", "/v1/pending", &[("authorization", &forged)], b"")
            .status;
        assert_eq!(status, 401, "{forged}");
    }
    assert_eq!(
        server.get(&format!("/v1/pending?token={read}")).status,
        401,
        "a token in the address is none"
    );
}

/// Paths that are answered without a token wherever the server listens: what watches it, and the page where a token is entered.
const OPEN: [&str; 4] = ["/healthz", "/readyz", "/access", "/assets/{file}"];

#[test]
fn no_route_was_left_without_a_scope() {
    // Routes as the source names them, so that a new one cannot be forgotten here.
    fn routes(folder: &std::path::Path, found: &mut std::collections::BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                routes(&path, found);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for after in text.split(".route(").skip(1) {
                let route = after.trim_start().strip_prefix('"').and_then(|r| r.split('"').next());
                found.insert(
                    route
                        .unwrap_or_else(|| panic!("{}: {after:.60}", path.display()))
                        .to_owned(),
                );
            }
        }
    }
    let mut found = std::collections::BTreeSet::new();
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../standing-server/src");
    routes(&source, &mut found);
    found.insert("/mcp".into());
    assert!(found.len() > 50, "{found:?}");
    let (_place, db) = served();
    ok(&db, &["token", "new", "--scope", "read"]);
    let server = Server::start(&db, &["--listen", "0.0.0.0:0"]);
    let forged = ("authorization", "Bearer standing_0000");
    let cookie = ("cookie", "standing_token=standing_0000; standing_token=admin");
    let json = ("content-type", "application/json");
    for route in &found {
        let mut path = String::new();
        for part in route.split_inclusive('/') {
            path.push_str(if part.starts_with('{') {
                "x"
            } else {
                part.trim_end_matches('/')
            });
            path.push_str(if part.ends_with('/') { "/" } else { "" });
        }
        for method in ["GET", "POST", "PUT", "DELETE"] {
            let status = server.ask(method, &path, &[json, forged], b"").status;
            assert_eq!(status, 401, "{method} {route} with a forged token");
            if OPEN.contains(&route.as_str()) {
                continue;
            }
            for headers in [&[json][..], &[json, cookie]] {
                let answer = server.ask(method, &path, headers, b"");
                // A page sends whoever has no token to where one is entered.
                let sent_on =
                    answer.status == 303 && answer.header("location").is_some_and(|l| l.starts_with("/access"));
                assert!(
                    matches!(answer.status, 401 | 405) || sent_on,
                    "{method} {route} without a token: {}",
                    answer.status
                );
            }
        }
    }
}

#[test]
fn lists_that_were_made_to_harm_are_refused_in_bounded_time_and_memory() {
    let (_place, db) = served();
    let server = Server::start(&db, &["--open", "read,screen,judge,ingest"]);
    server.wait_until_ready();
    let head = ok(&db, &["verify"]);
    let laughs: String = (1..30)
        .map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10)))
        .collect();
    let bomb = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE CONSOLIDATED_LIST [<!ENTITY l0 \"ha\">{laughs}]><CONSOLIDATED_LIST dateGenerated=\"2020-01-11\"><INDIVIDUALS><INDIVIDUAL><FIRST_NAME>&l29;</FIRST_NAME><REFERENCE_NUMBER>QDi.1</REFERENCE_NUMBER></INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>"
    );
    let deep = format!(
        "<CONSOLIDATED_LIST dateGenerated=\"2020-01-11\">{}",
        "<a>".repeat(2_000_000)
    );
    // A stored archive whose entry claims to be larger than the file is.
    let mut lying =
        b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0\xff\xff\xff\x7f\xff\xff\xff\x7f\x0a\0\0\0../../evil".to_vec();
    lying.extend_from_slice(&[0; 64]);
    let wide = format!("name,{}\n{}", "c,".repeat(200_000), "x,".repeat(200_000));
    let long = format!(
        "<CONSOLIDATED_LIST dateGenerated=\"2020-01-11\"><INDIVIDUALS><INDIVIDUAL><FIRST_NAME>{}</FIRST_NAME>",
        "a".repeat(20 << 20)
    );
    let cases: [(&str, Vec<u8>); 8] = [
        ("entities within entities", bomb.into_bytes()),
        ("two million elements deep", deep.into_bytes()),
        ("an archive that lies", lying),
        ("two hundred thousand columns", wide.into_bytes()),
        ("a name of twenty megabytes, cut off", long.into_bytes()),
        ("brackets", "[".repeat(5_000_000).into_bytes()),
        ("nothing but NULs", vec![0; 5 << 20]),
        (
            "bytes that are no text",
            (0..4 << 20)
                .map(|n: u32| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
                .collect(),
        ),
    ];
    for (what, bytes) in cases {
        let begun = std::time::Instant::now();
        let answer = server.ask("POST", "/v1/lists", &[], &bytes);
        assert!(
            matches!(answer.status, 400 | 413 | 422) || (answer.status == 200 && !answer.text.contains("\"recorded\"")),
            "{what}: {} {:.300}",
            answer.status,
            answer.text
        );
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "{what}: {:?}",
            begun.elapsed()
        );
        assert_eq!(server.get("/healthz").status, 200, "{what}");
    }
    assert_eq!(ok(&db, &["verify"]), head, "something was recorded");
    if let Ok(status) = std::fs::read_to_string(format!("/proc/{}/status", server.id())) {
        let most = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap().trim();
        let kilobytes: u64 = most.split(' ').next().unwrap().parse().unwrap();
        assert!(kilobytes < 600 << 10, "{most}");
    }
}

#[test]
fn every_answer_carries_the_headers_that_keep_browsers_safe() {
    let (_place, db) = served();
    let server = Server::start(&db, &[]);
    for path in [
        "/",
        "/healthz",
        "/v1/pending",
        "/nothing",
        "/v1/parties/nobody",
        "/openapi.json",
    ] {
        let answer = server.get(path);
        let policy = answer
            .header("content-security-policy")
            .unwrap_or_else(|| panic!("{path}"));
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe"),
            "{path}: {policy}"
        );
        assert_eq!(
            answer.header("x-content-type-options").as_deref(),
            Some("nosniff"),
            "{path}"
        );
    }
    let document = serving::word_of(&ok(&db, &["sources", "--json"]), "source");
    let answer = server.get(&format!("/v1/documents/{document}"));
    assert_eq!(
        answer.header("content-type").as_deref(),
        Some("application/octet-stream")
    );
    assert!(answer.header("content-disposition").unwrap().starts_with("attachment"));
}
