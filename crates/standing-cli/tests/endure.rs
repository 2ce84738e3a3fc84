//! Load while lists are ingested, tokens revoked and clients vanish: no failure, no wrong answer, every answer of one state that it names.
//!
//! Some seconds here; `STANDING_ENDURE=300` makes it five minutes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::print_stderr)] // a test stops where something is not as it must be

mod serving;

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serving::{Server, lines, ok, receive, send, three};

const PARTIES: [&str; 4] = ["un:QDi.901", "un:QDi.903", "standing:taliban", "un:QDi.800"];

fn memory(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    status
        .lines()
        .find(|l| l.starts_with("VmRSS"))?
        .split_whitespace()
        .nth(1)?
        .parse()
        .ok()
}

#[test]
fn answers_stay_right_while_everything_moves() {
    let seconds = std::env::var("STANDING_ENDURE")
        .ok()
        .and_then(|s| s.parse().ok())
        .unwrap_or(6);
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    let lists = three(place.path());
    ok(&db, &["ingest", &lists[0]]);
    let server = Server::start(&db, &[]);
    server.wait_until_ready();
    let (over, failures, asked) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    let first: Mutex<Option<serving::Answer>> = Mutex::default();
    let mut seen: Vec<HashMap<(String, &str), String>> = Vec::new();
    // Answers to one name, with the first and the last state that gave each.
    let screened: Mutex<HashMap<String, (i64, i64)>> = Mutex::default();
    let mut memories = Vec::new();
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..3)
            .map(|worker| {
                let (server, over, failures, asked, first) = (&server, &over, &failures, &asked, &first);
                let all_screened = &screened;
                scope.spawn(move || {
                    let mut seen: HashMap<(String, &str), String> = HashMap::new();
                    let mut n = worker;
                    while !over.load(Ordering::Relaxed) {
                        n += 1;
                        let party = PARTIES[n % PARTIES.len()];
                        let path = format!("/v1/parties/{party}/standing");
                        let answer = server.get_as(&path, "application/x-ndjson");
                        asked.fetch_add(1, Ordering::Relaxed);
                        if answer.status == 200 {
                            let state = answer.header("standing-recorded").expect("it names its state");
                            let before = seen.entry((state, party)).or_insert_with(|| answer.text.clone());
                            assert_eq!(*before, answer.text, "two answers of one state differ");
                        } else {
                            failures.fetch_add(1, Ordering::Relaxed);
                        }
                        let screened = server.get_as("/v1/screen?name=Karim%20Nazari", "application/x-ndjson");
                        asked.fetch_add(1, Ordering::Relaxed);
                        if screened.status == 200 {
                            let state = screened.header("standing-recorded").expect("it names its state");
                            let state: i64 = state.parse().unwrap();
                            let mut all = all_screened.lock().unwrap();
                            let (from, to) = all.entry(screened.text).or_insert((state, state));
                            (*from, *to) = ((*from).min(state), (*to).max(state));
                        } else {
                            failures.fetch_add(1, Ordering::Relaxed);
                            first.lock().unwrap().get_or_insert(screened);
                        }
                    }
                    seen
                })
            })
            .collect();
        // Clients that leave before their answer, and such that never read it.
        scope.spawn(|| {
            let mut left = Vec::new();
            while !over.load(Ordering::Relaxed) {
                let mut socket = server.connect();
                send(&mut socket, b"GET /v1/changes HTTP/1.1\r\nHost: localhost\r\n\r\n");
                drop(socket);
                let mut socket = server.connect();
                send(&mut socket, b"POST /v1/screen HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{");
                left.push(socket);
                if left.len() > 40 {
                    left.clear();
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        let begun = Instant::now();
        let mut round = 0;
        while begun.elapsed() < Duration::from_secs(seconds) {
            round += 1;
            // The next list, then decisions: each is a transaction of its own.
            if round < lists.len() {
                ok(&db, &["ingest", &lists[round], "--guard", "50"]);
            } else {
                ok(
                    &db,
                    &["unsure", "QDi.901", &format!("customer:{round}"), "--why", "load"],
                );
            }
            let secret = ok(&db, &["token", "new", "--scope", "read"])
                .lines()
                .next()
                .unwrap()
                .to_owned();
            let bearer = format!("Bearer {secret}");
            server.wait_for(|| {
                server
                    .ask("GET", "/v1/pending", &[("authorization", &bearer)], b"")
                    .status
                    == 200
            });
            let id = lines(&db, &["token", "list"])
                .lines()
                .last()
                .map(|l| serving::word_of(l, "id"))
                .unwrap();
            ok(&db, &["token", "revoke", &id]);
            server.wait_for(|| {
                server
                    .ask("GET", "/v1/pending", &[("authorization", &bearer)], b"")
                    .status
                    == 401
            });
            memories.extend(memory(server.id()));
        }
        over.store(true, Ordering::Relaxed);
        seen.extend(readers.into_iter().map(|r| r.join().unwrap()));
    });
    assert_eq!(failures.load(Ordering::Relaxed), 0, "{:?}", first.lock().unwrap());
    assert!(asked.load(Ordering::Relaxed) > 20);
    let mut states: Vec<&String> = Vec::new();
    for ((state, party), text) in seen.iter().flatten() {
        let at = format!("#{state}");
        assert_eq!(
            *text,
            lines(&db, &["show", party, "--recorded", &at]),
            "{party} at {state}"
        );
        states.push(state);
    }
    states.sort_unstable();
    states.dedup();
    assert!(states.len() > 1, "the server followed the ledger");
    // Whatever was answered to the name is what the command line answers on the states that it was given for.
    let screened = screened.into_inner().unwrap();
    assert!(!screened.is_empty());
    for (text, (from, to)) in &screened {
        assert!(text.contains("\"listing\":\"un:QDi.901\""), "{text}");
        for state in [from, to] {
            let at = format!("#{state}");
            let right = lines(&db, &["screen", "Karim Nazari", "--recorded", &at]);
            assert_eq!(*text, right, "at {state}");
        }
    }
    println!(
        "{} answers on {} states, {} different ones to one name; memory {:?} to {:?} kB, at most {:?}",
        asked.load(Ordering::Relaxed),
        states.len(),
        screened.len(),
        memories.get(memories.len() / 3),
        memories.last(),
        memories.iter().max()
    );
    if let (Some(early), Some(late)) = (memories.get(memories.len() / 3), memories.last()) {
        assert!(late < &(early + 40_000), "memory grew from {early} to {late} kB");
    }
    let mut socket = server.connect();
    send(&mut socket, b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert!(receive(&mut socket).starts_with("HTTP/1.1 200"));
    ok(&db, &["verify"]);
}
