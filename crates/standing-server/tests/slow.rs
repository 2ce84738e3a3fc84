//! Clients that take their time: heads and bodies byte by byte, connections left idle, answers that nobody reads. Each is cut off in
//! its time, and meanwhile others are answered.
//!
//! The server runs in this process with limits of a second, where the program's are of 15 to 30.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test stops where something is not as it must be

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use standing_server::{Limits, Options};

const LIMIT: Duration = Duration::from_secs(1);
/// What a busy machine may add to a limit.
const SLACK: Duration = Duration::from_secs(12);

/// A server on a ledger that holds the register; it ends with the process.
fn serve(connections: usize) -> (tempfile::TempDir, SocketAddr) {
    let place = tempfile::tempdir().unwrap();
    let ledger = place.path().join("s.db");
    drop(standing::home::open_for_writing(&ledger, "2026-01-01T00:00:00Z").unwrap());
    let mut options = Options::new(ledger, SocketAddr::from(([127, 0, 0, 1], 0)));
    options.limits = Limits {
        head: LIMIT,
        request: LIMIT,
        upload_time: LIMIT,
        write: LIMIT,
        connections,
        ..Limits::default()
    };
    let (say, hear) = mpsc::channel();
    std::thread::spawn(move || standing_server::serve(options, |address| say.send(address).unwrap()).unwrap());
    (place, hear.recv_timeout(Duration::from_secs(30)).unwrap())
}

fn connect(address: SocketAddr) -> TcpStream {
    let socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    socket
}

/// Sends bytes one by one until the other end has had enough, at most for a while.
fn drip(mut socket: TcpStream, bytes: &[u8]) -> Duration {
    let begun = Instant::now();
    for byte in bytes.iter().cycle() {
        if socket.write_all(&[*byte]).is_err() || begun.elapsed() > LIMIT + SLACK {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    begun.elapsed()
}

/// Everything until the other end closes.
fn rest(socket: &mut TcpStream) -> Vec<u8> {
    let (mut all, mut buffer) = (Vec::new(), [0_u8; 1 << 13]);
    while let Ok(n @ 1..) = socket.read(&mut buffer) {
        all.extend_from_slice(&buffer[..n]);
    }
    all
}

fn answered(address: SocketAddr) -> Duration {
    let begun = Instant::now();
    let mut socket = connect(address);
    socket
        .write_all(b"GET /v1/pending HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .unwrap();
    let answer = rest(&mut socket);
    assert!(
        answer.starts_with(b"HTTP/1.1 200"),
        "{}",
        String::from_utf8_lossy(&answer)
    );
    begun.elapsed()
}

const HEAD: &str = "POST /v1/screen HTTP/1.1\r\nHost: localhost\r\nContent-Type: ";

#[test]
fn a_head_that_comes_byte_by_byte_is_not_waited_for() {
    let (_place, address) = serve(64);
    let took = drip(connect(address), b"X-Filler: yes\r\n");
    assert!(took < LIMIT + SLACK, "{took:?}");
    // Nor is one that does not come at all, or no more than its first line.
    for begins in ["", "GET / HTTP/1.1\r\nHost: localhost\r\n"] {
        let mut socket = connect(address);
        socket.write_all(begins.as_bytes()).unwrap();
        let begun = Instant::now();
        rest(&mut socket);
        assert!(begun.elapsed() < LIMIT + SLACK, "{begins:?}: {:?}", begun.elapsed());
    }
}

#[test]
fn a_connection_left_idle_is_closed() {
    let (_place, address) = serve(64);
    let mut socket = connect(address);
    socket
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    let begun = Instant::now();
    assert!(rest(&mut socket).starts_with(b"HTTP/1.1 200"));
    assert!(begun.elapsed() < LIMIT + SLACK, "{:?}", begun.elapsed());
}

#[test]
fn a_body_that_does_not_come_is_answered_and_given_up() {
    let (_place, address) = serve(64);
    for (kind, framing) in [
        ("application/json", "Content-Length: 5000"),
        ("application/json", "Transfer-Encoding: chunked"),
        ("application/x-ndjson", "Transfer-Encoding: chunked"),
    ] {
        let mut socket = connect(address);
        socket
            .write_all(format!("{HEAD}{kind}\r\n{framing}\r\n\r\n").as_bytes())
            .unwrap();
        let dripping = socket.try_clone().unwrap();
        let piece: &'static [u8] = if framing.starts_with("Content") {
            b" "
        } else {
            b"1\r\n \r\n"
        };
        let drops = std::thread::spawn(move || drip(dripping, piece));
        let begun = Instant::now();
        let answer = rest(&mut socket);
        assert!(
            begun.elapsed() < LIMIT + SLACK,
            "{kind}, {framing}: {:?}",
            begun.elapsed()
        );
        if kind == "application/json" {
            assert!(
                answer.starts_with(b"HTTP/1.1 408"),
                "{kind}, {framing}: {}",
                String::from_utf8_lossy(&answer)
            );
        }
        drop(socket);
        drops.join().unwrap();
    }
}

#[test]
fn answers_that_nobody_reads_are_not_kept() {
    let (_place, address) = serve(64);
    let one = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let whole = {
        let mut socket = connect(address);
        socket
            .write_all(b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .unwrap();
        rest(&mut socket).len()
    };
    // More than the system's buffers between the two ends take.
    let asked = (64 << 20) / whole;
    let mut socket = connect(address);
    let mut asking = socket.try_clone().unwrap();
    let writer = std::thread::spawn(move || {
        for _ in 0..asked {
            if asking.write_all(one).is_err() {
                return;
            }
        }
    });
    std::thread::sleep(LIMIT * 3);
    let took = answered(address);
    assert!(took < SLACK, "{took:?}");
    let got = rest(&mut socket).len();
    assert!(
        got < asked * whole / 2,
        "{got} bytes of {} were kept for it",
        asked * whole
    );
    drop(socket);
    writer.join().unwrap();
}

#[test]
fn slow_clients_take_no_place_for_good() {
    let (_place, address) = serve(8);
    let slow: Vec<TcpStream> = (0..8)
        .map(|n| {
            let mut socket = connect(address);
            let half = if n % 2 == 0 {
                "GET / HTTP/1.1\r\nHo".to_owned()
            } else {
                format!("{HEAD}application/json\r\nContent-Length: 100\r\n\r\n{{")
            };
            socket.write_all(half.as_bytes()).unwrap();
            socket
        })
        .collect();
    // All places are taken; they come free one limit later.
    let took = answered(address);
    assert!(took < LIMIT * 2 + SLACK, "{took:?}");
    drop(slow);
}
