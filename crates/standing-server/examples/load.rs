//! How much the server costs: processor time a request beside a bare axum route that gives the same number of bytes, names a second in
//! batches, latency at 70 % of the highest load, memory.
//!
//! `cargo run --release -p standing-server --example load -- target/release/standing LEDGER NAMES.csv` (a column `name`, or the first one).
//! Server, bare route and generator are processes of their own, on loopback; everything is bounded in count and time. Processor time is
//! what the kernel counted for the process, not time on the clock. A busy machine only ever adds to it, so rounds of server, bare route
//! and batch take turns, and the least of each counts. With `--core N`, server and bare route have that core alone (by `taskset`), and the
//! generator belongs on another (`taskset -c 1 … load … --core 0`): times then hold no waiting of the one for the other's turn.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used)] // a measuring program: it prints, and fails aloud

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Requests of a round.
const REQUESTS: usize = 6000;
/// Names of a round of batches.
const BATCHED: usize = 12_000;
/// Rounds.
const ROUNDS: usize = 7;
/// Names in a batch.
const BATCH: usize = 100;
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

/// A program, on a core of its own if one is given.
fn on_core(core: Option<&str>, program: &std::ffi::OsStr) -> Command {
    let Some(core) = core else { return Command::new(program) };
    let mut command = Command::new("taskset");
    command.args(["-c", core]).arg(program);
    command
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

/// Processor time of a request in microseconds, and requests a second, of one round.
fn round(of: &Running, requests: &Arc<Vec<Vec<u8>>>, count: usize) -> (f64, f64) {
    let before = of.cpu();
    let measured = drive(&of.address, requests, count, None);
    (micros(of.cpu() - before, count), count as f64 / measured.seconds)
}

/// Processor time of a request in microseconds at a rate, of one round. A process that is asked less often sleeps and wakes more, which
/// costs; so two are compared at one rate.
fn at_rate(of: &Running, requests: &Arc<Vec<Vec<u8>>>, rate: f64) -> f64 {
    let pause = Duration::from_secs_f64(CONNECTIONS as f64 / rate);
    let count = (rate * 0.8) as usize;
    let before = of.cpu();
    drive(&of.address, requests, count, Some(pause));
    micros(of.cpu() - before, count)
}

/// Median and 99th percentile in microseconds at a share of the highest rate, of the calmest of a few rounds.
fn paced(address: &str, requests: &Arc<Vec<Vec<u8>>>, rate: f64) -> (f64, f64) {
    let pause = Duration::from_secs_f64(CONNECTIONS as f64 / rate);
    (0..5)
        .map(|_| {
            let measured = drive(address, requests, (rate * 1.5) as usize, Some(pause));
            let of =
                |share: f64| measured.times[((measured.times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e6;
            (of(0.5), of(0.99))
        })
        .min_by(|a, b| (a.1 / a.0).total_cmp(&(b.1 / b.0)))
        .unwrap()
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
        .take(BATCHED)
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
    let (program, ledger, file, core) = match args.as_slice() {
        [program, ledger, file] => (program, ledger, file, None),
        [program, ledger, file, option, core] if option == "--core" => (program, ledger, file, Some(core.as_str())),
        _ => {
            println!("load STANDING LEDGER NAMES.csv [--core N]");
            std::process::exit(2);
        }
    };
    let names = names(file);
    let server = Running::start(on_core(core, program.as_ref()).args([
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
    println!(
        "| route | bytes | a second | processor time | bare route | names in batches | it may take | p50 / p99 at 70 % |"
    );
    println!("|---|---|---|---|---|---|---|---|");
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
    let batches: Vec<Vec<u8>> = names
        .chunks(BATCH)
        .map(|chunk| {
            let queries: Vec<String> = chunk
                .iter()
                .map(|n| format!("{{\"name\":\"{}\"}}", n.replace(['"', '\\'], " ")))
                .collect();
            post(&at, "/v1/screen", &format!("{{\"queries\":[{}]}}", queries.join(",")))
        })
        .collect();
    let size = names.len().min(BATCH);
    let (batches, parties) = (Arc::new(batches), Arc::new(parties));
    let (mut single, mut batched) = (0.0_f64, (f64::MAX, 0.0_f64));
    for (what, requests) in [
        ("standing of a party", parties),
        ("screen one name", Arc::new(screens)),
        ("match one name (yente)", Arc::new(matches)),
    ] {
        let searches = !what.starts_with("standing");
        let bytes = drive(&at, &requests, requests.len().max(2000), None).bytes;
        let bare = Running::start(
            on_core(core, std::env::current_exe().unwrap().as_os_str()).args(["bare", &bytes.to_string()]),
        );
        let plain_requests = Arc::new(vec![get(&bare.address, "/x")]);
        drive(&bare.address, &plain_requests, 2000, None);
        let (mut cost, mut plain, mut rate) = (f64::MAX, f64::MAX, 0.0_f64);
        let mut rates = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let ours = round(&server, &requests, REQUESTS);
            cost = cost.min(ours.0);
            rate = rate.max(ours.1);
            rates.push(ours.1);
            plain = plain.min(round(&bare, &plain_requests, REQUESTS).0);
            if searches {
                let (cost, rate) = round(&server, &batches, BATCHED / size);
                batched = (batched.0.min(cost / size as f64), batched.1.max(rate * size as f64));
            }
        }
        if what.starts_with("screen") {
            single = rate;
        }
        let level = rate * 0.4;
        let (mut steady, mut steady_plain) = (f64::MAX, f64::MAX);
        for _ in 0..ROUNDS {
            steady = steady.min(at_rate(&server, &requests, level));
            steady_plain = steady_plain.min(at_rate(&bare, &plain_requests, level));
        }
        let (allowed, beside) = if searches {
            (plain + 2.0 * batched.0, format!("{:.0} µs", batched.0))
        } else {
            (2.0 * plain, "–".into())
        };
        let level_allowed = if searches {
            steady_plain + 2.0 * batched.0
        } else {
            2.0 * steady_plain
        };
        println!(
            "{what}, both at {level:.0} a second: {steady:.0} µs, bare route {steady_plain:.0} µs, it may take {level_allowed:.0} µs: {}",
            verdict(steady <= level_allowed)
        );
        // The best round may have had a moment's luck; what half of the rounds reach is a load that can be kept up.
        rates.sort_by(f64::total_cmp);
        let kept_up = rates[ROUNDS / 2];
        let (median, last) = paced(&at, &requests, kept_up * 0.7);
        let (plain_median, plain_last) = paced(&bare.address, &plain_requests, kept_up * 0.7);
        println!("{what}, bare route at the same rate: {plain_median:.0} / {plain_last:.0} µs");
        println!(
            "| {what} | {bytes} | {rate:.0} | {cost:.0} µs | {plain:.0} µs | {beside} | {allowed:.0} µs: {} | {median:.0} / {last:.0} µs: {} |",
            verdict(cost <= allowed),
            verdict(last <= 10.0 * median)
        );
    }
    let times = batched.1 / single;
    println!(
        "\nbatches of {size}: {:.0} names a second, {times:.1} times single requests ({}); {:.0} µs of processor time a name",
        batched.1,
        verdict(times >= 2.0),
        batched.0
    );
    let most = server.memory("VmHWM");
    println!(
        "memory: {} MB now, {most} MB at most ({})",
        server.memory("VmRSS"),
        verdict(most < 150)
    );
}

fn verdict(holds: bool) -> &'static str {
    if holds { "holds" } else { "falls short" }
}
