//! How much the server costs: processor time a request beside a bare axum route that gives the same number of bytes, names a second in
//! batches, latency at 70 % of the highest load, memory.
//!
//! `cargo run --release -p standing-server --example load -- target/release/standing LEDGER NAMES.csv` (a column `name`, or the first one).
//! Server, bare route and generator are processes of their own, on loopback; everything is bounded in count and time.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used)] // a measuring program: it prints, and fails aloud

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Requests of a measurement.
const REQUESTS: usize = 20_000;
/// Connections at once.
const CONNECTIONS: usize = 4;
/// Clock ticks a second, as Linux counts processor time for users.
const TICKS: f64 = 100.0;

struct Running {
    child: Child,
    address: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .split("://")
            .nth(1)
            .and_then(|r| r.split('/').next())
            .expect("an address")
            .to_owned();
        Self { child, address }
    }

    /// Processor time so far, in seconds.
    fn cpu(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / TICKS
    }

    fn memory(&self, what: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|l| l.starts_with(what)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    }
}

fn get(address: &str, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").into_bytes()
}

fn post(address: &str, path: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Reads one answer; gives its status and the size of its body.
fn answer(reader: &mut BufReader<TcpStream>, line: &mut String) -> (u16, usize) {
    line.clear();
    reader.read_line(line).unwrap();
    let status = line.split(' ').nth(1).expect("a status").parse().unwrap();
    let mut length = 0;
    loop {
        line.clear();
        reader.read_line(line).unwrap();
        if line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    std::io::copy(&mut reader.take(length as u64), &mut std::io::sink()).unwrap();
    (status, length)
}

struct Measured {
    /// Seconds it took.
    seconds: f64,
    /// Bytes of a body, on average.
    bytes: usize,
    /// Times of the requests, sorted.
    times: Vec<Duration>,
}

/// Sends requests over a few connections; with `every`, each connection sends one at that interval, whether or not the last was fast.
fn drive(address: &str, requests: &Arc<Vec<Vec<u8>>>, count: usize, every: Option<Duration>) -> Measured {
    let begun = Instant::now();
    let workers: Vec<_> = (0..CONNECTIONS)
        .map(|worker| {
            let (address, requests) = (address.to_owned(), Arc::clone(requests));
            std::thread::spawn(move || {
                let socket = TcpStream::connect(&address).unwrap();
                socket.set_nodelay(true).unwrap();
                let mut writer = socket.try_clone().unwrap();
                let mut reader = BufReader::with_capacity(1 << 16, socket);
                let (mut bytes, mut times, mut line) = (0, Vec::new(), String::new());
                let start = Instant::now();
                for n in 0..count / CONNECTIONS {
                    // An answer that comes late counts from when its request was due.
                    let due = every.map(|e| start + e * n as u32);
                    if let Some(due) = due {
                        std::thread::sleep(due.saturating_duration_since(Instant::now()));
                    }
                    let sent = due.unwrap_or_else(Instant::now);
                    writer
                        .write_all(&requests[(n * CONNECTIONS + worker) % requests.len()])
                        .unwrap();
                    let (status, length) = answer(&mut reader, &mut line);
                    assert_eq!(status, 200);
                    bytes += length;
                    times.push(sent.elapsed());
                }
                (bytes, times)
            })
        })
        .collect();
    let mut all = Vec::new();
    let mut bytes = 0;
    for worker in workers {
        let (b, t) = worker.join().unwrap();
        bytes += b;
        all.extend(t);
    }
    all.sort_unstable();
    Measured {
        seconds: begun.elapsed().as_secs_f64(),
        bytes: bytes / all.len().max(1),
        times: all,
    }
}

fn micros(cpu: f64, count: usize) -> f64 {
    cpu / count as f64 * 1e6
}

/// Serves one route that gives so many bytes.
fn bare(bytes: usize) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let body = axum::body::Bytes::from("x".repeat(bytes));
        let route = axum::routing::any(move || {
            let body = body.clone();
            async move { ([("content-type", "application/json")], body) }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("http://{}/", listener.local_addr().unwrap());
        let app = axum::Router::new().route("/x", route);
        // Ended by whoever started it.
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let app = app.clone();
            tokio::spawn(async move {
                let service = hyper_util::service::TowerToHyperService::new(app);
                let _ = hyper::server::conn::http1::Builder::new()
                    .serve_connection(hyper_util::rt::TokioIo::new(socket), service)
                    .await;
            });
        }
    });
}

fn beside(bytes: usize, count: usize) -> f64 {
    let running = Running::start(Command::new(std::env::current_exe().unwrap()).args(["bare", &bytes.to_string()]));
    let requests = Arc::new(vec![get(&running.address, "/x")]);
    drive(&running.address, &requests, 2000, None);
    let before = running.cpu();
    drive(&running.address, &requests, count, None);
    micros(running.cpu() - before, count)
}

fn names(path: &str) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap().split(',').collect();
    let at = head.iter().position(|h| h.trim_matches('"') == "name").unwrap_or(0);
    lines
        .filter_map(|l| l.split(',').nth(at))
        .map(|n| n.trim_matches('"').to_owned())
        .filter(|n| n.len() > 3)
        .take(2000)
        .collect()
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.first().is_some_and(|a| a == "bare") {
        return bare(args[1].parse().unwrap());
    }
    let [program, ledger, file] = args.as_slice() else {
        println!("load STANDING LEDGER NAMES.csv");
        std::process::exit(2);
    };
    let names = names(file);
    let server = Running::start(Command::new(program).args([
        "--db",
        ledger,
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--log",
        "off",
    ]));
    let at = server.address.clone();
    for _ in 0..600 {
        let mut socket = TcpStream::connect(&at).unwrap();
        socket.write_all(&get(&at, "/readyz")).unwrap();
        if answer(&mut BufReader::new(socket), &mut String::new()).0 == 200 {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    println!("| route | bytes | a second | processor time | bare route | ratio | p50 / p99 at 70 % |");
    println!("|---|---|---|---|---|---|---|");
    let parties: Vec<Vec<u8>> = ["Taliban", "standing:al-qaida", "un:QDi.317", "un:QDe.004"]
        .iter()
        .map(|p| get(&at, &format!("/v1/parties/{}/standing", encoded(p))))
        .collect();
    let screens: Vec<Vec<u8>> = names
        .iter()
        .map(|n| get(&at, &format!("/v1/screen?name={}", encoded(n))))
        .collect();
    let matches: Vec<Vec<u8>> = names
        .iter()
        .map(|n| {
            let name = n.replace(['"', '\\'], " ");
            post(
                &at,
                "/match/default",
                &format!(
                    "{{\"queries\":{{\"q\":{{\"schema\":\"Person\",\"properties\":{{\"name\":[\"{name}\"]}}}}}}}}"
                ),
            )
        })
        .collect();
    let mut single = 0.0;
    for (what, requests) in [
        ("standing of a party", parties),
        ("screen one name", screens),
        ("match one name (yente)", matches),
    ] {
        let requests = Arc::new(requests);
        drive(&at, &requests, requests.len().max(2000), None);
        let before = server.cpu();
        let full = drive(&at, &requests, REQUESTS, None);
        let cost = micros(server.cpu() - before, REQUESTS);
        let plain = beside(full.bytes, REQUESTS);
        let rate = REQUESTS as f64 / full.seconds;
        let pause = Duration::from_secs_f64(CONNECTIONS as f64 / (rate * 0.7));
        let paced = drive(&at, &requests, (rate * 0.7 * 4.0) as usize, Some(pause));
        let of = |share: f64| paced.times[((paced.times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e6;
        if what.starts_with("screen") {
            single = rate;
        }
        println!(
            "| {what} | {} | {rate:.0} | {cost:.0} µs | {plain:.0} µs | {:.2} | {:.0} / {:.0} µs |",
            full.bytes,
            cost / plain,
            of(0.5),
            of(0.99)
        );
    }
    let batches: Vec<Vec<u8>> = names
        .chunks(100)
        .map(|chunk| {
            let queries: Vec<String> = chunk
                .iter()
                .map(|n| format!("{{\"name\":\"{}\"}}", n.replace(['"', '\\'], " ")))
                .collect();
            post(&at, "/v1/screen", &format!("{{\"queries\":[{}]}}", queries.join(",")))
        })
        .collect();
    let size = names.len().min(100);
    let batches = Arc::new(batches);
    let before = server.cpu();
    let full = drive(&at, &batches, 400, None);
    let cost = micros(server.cpu() - before, 400 * size);
    let rate = (400 * size) as f64 / full.seconds;
    println!(
        "\nbatches of {size}: {rate:.0} names a second, {:.1} times single requests; {cost:.0} µs of processor time a name",
        rate / single
    );
    println!(
        "memory: {} MB now, {} MB at most",
        server.memory("VmRSS"),
        server.memory("VmHWM")
    );
}
