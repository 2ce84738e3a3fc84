//! How long pages take and how many bytes they are, each beside the `/v1` answer that it shows.
//!
//! `cargo run --release -p standing-server --example pages -- make FOLDER` writes lists to try large ledgers with: one of 30,000 parties, and
//! 500 editions of one in which a party comes, goes and moves. They are ingested like any other (`standing ingest FOLDER/*.csv`).
//! `… -- measure PROGRAM LEDGER PAGE=ANSWER …` starts the program on the ledger for each pair of paths twice, once for the page and once for the answer: the
//! first request is *cold* (nothing was asked before), then the median of 25 on the same connection. Bytes are what came over the connection to who takes
//! gzip, as browsers do, with what the page loads beside it counted apart, since it is kept for a year. A page of more than 100 kB or of more than three times
//! the answer's time is marked.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used)] // a measuring program: it prints, and fails aloud

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Warm requests of each path.
const WARM: usize = 25;
/// Parties of the large list.
const PARTIES: usize = 30_000;
/// Editions of the list that moves.
const EDITIONS: usize = 500;

struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(program: &str, ledger: &str) -> Self {
        let mut child = Command::new(program)
            .args(["--db", ledger, "serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .split("://")
            .nth(1)
            .and_then(|rest| rest.split('/').next())
            .expect("an address")
            .to_owned();
        Self { child, address }
    }

    fn connect(&self) -> Connection {
        let socket = TcpStream::connect(&self.address).unwrap();
        socket.set_nodelay(true).unwrap();
        Connection {
            host: self.address.clone(),
            writer: socket.try_clone().unwrap(),
            reader: BufReader::with_capacity(1 << 16, socket),
        }
    }
}

struct Connection {
    host: String,
    writer: TcpStream,
    reader: BufReader<TcpStream>,
}

impl Connection {
    /// Asks for a path; gives status, bytes of the body as sent, and the time until the last of them.
    fn get(&mut self, path: &str) -> (u16, usize, Duration) {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nAccept-Encoding: gzip, deflate, br\r\n\r\n",
            self.host
        );
        let begun = Instant::now();
        self.writer.write_all(request.as_bytes()).unwrap();
        let mut line = String::new();
        self.reader.read_line(&mut line).unwrap();
        let status = line.split(' ').nth(1).expect("a status").parse().unwrap();
        let mut length = 0;
        loop {
            line.clear();
            self.reader.read_line(&mut line).unwrap();
            if line == "\r\n" {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
        }
        std::io::copy(&mut (&mut self.reader).take(length as u64), &mut std::io::sink()).unwrap();
        (status, length, begun.elapsed())
    }
}

struct Asked {
    bytes: usize,
    cold: Duration,
    warm: Duration,
}

fn ask(program: &str, ledger: &str, path: &str) -> Asked {
    let server = Server::start(program, ledger);
    let mut connection = server.connect();
    // What screens waits for its index: until then the answer is to come again.
    let begun = Instant::now();
    let (mut status, mut bytes, mut cold) = connection.get(path);
    while status == 503 && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(200));
        (status, bytes, cold) = connection.get(path);
    }
    assert_eq!(status, 200, "{path}");
    let mut times: Vec<Duration> = (0..WARM).map(|_| connection.get(path).2).collect();
    times.sort();
    Asked {
        bytes,
        cold,
        warm: times[WARM / 2],
    }
}

fn measure(program: &str, ledger: &str, pairs: &[String]) {
    println!("| page | kB | cold, ms | warm, ms | `/v1` cold, ms | warm, ms | page to answer, warm |");
    println!("|---|---|---|---|---|---|---|");
    let ms = |time: Duration| format!("{:.2}", time.as_secs_f64() * 1000.0);
    for pair in pairs {
        let (page, answer) = pair.split_once("=/v1").expect("PAGE=/v1/…");
        let page = ask(program, ledger, page).with(page);
        let answer = ask(program, ledger, &format!("/v1{answer}")).with("");
        let ratio = page.1.warm.as_secs_f64() / answer.1.warm.as_secs_f64();
        let kilobytes = page.1.bytes as f64 / 1000.0;
        println!(
            "| `{}` | {kilobytes:.1}{} | {} | {} | {} | {} | {ratio:.2}{} |",
            page.0,
            if kilobytes >= 100.0 { " **too large**" } else { "" },
            ms(page.1.cold),
            ms(page.1.warm),
            ms(answer.1.cold),
            ms(answer.1.warm),
            if ratio > 3.0 { " **too slow**" } else { "" },
        );
    }
    let server = Server::start(program, ledger);
    let mut connection = server.connect();
    for asset in ["style.css", "pages.js", "world.svg"] {
        println!("{asset}: {} bytes", connection.get(&format!("/assets/{asset}")).1);
    }
}

impl Asked {
    fn with(self, path: &str) -> (String, Self) {
        (path.to_owned(), self)
    }
}

/// Numbers that look thrown and are the same on every machine.
struct Dice(u64);

impl Dice {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below as u64) as usize
    }

    fn word(&mut self) -> String {
        const PARTS: [&str; 24] = [
            "ba", "ri", "mo", "ta", "ka", "lu", "sen", "dor", "vi", "na", "ze", "hal", "mir", "os", "an", "el", "gu",
            "pe", "sha", "fi", "ro", "ya", "dun", "ker",
        ];
        let mut word: String = (0..2 + self.next(2)).map(|_| PARTS[self.next(PARTS.len())]).collect();
        word[..1].make_ascii_uppercase();
        word
    }
}

fn make(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let mut dice = Dice(20_241_004);
    let mut many = String::from("standing-list,reference,name,alias,as_of\n");
    for n in 0..PARTIES {
        let name = format!("{} {} {}", dice.word(), dice.word(), dice.word());
        writeln!(many, "many,{n},{name},{} {},2025-01-01", dice.word(), dice.word()).unwrap();
    }
    std::fs::write(folder.join("many.csv"), many).unwrap();
    let first = jiff::civil::date(2020, 1, 1);
    for edition in 0..EDITIONS {
        let day = first.saturating_add(jiff::Span::new().days(4 * edition as i64));
        let mut text = String::from("standing-list,reference,name,address,as_of\n");
        for n in 0..40 {
            writeln!(text, "moves,{n},Stays {n} Example,Street {n},{day}").unwrap();
        }
        // Away in every fifth edition; else at another address than before.
        if edition % 5 != 4 {
            writeln!(text, "moves,often,Often Moving Example,Street {edition},{day}").unwrap();
        }
        std::fs::write(folder.join(format!("moves-{edition:03}.csv")), text).unwrap();
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["make", folder] => make(Path::new(folder)),
        ["measure", program, ledger, ..] if arguments.len() > 3 => measure(program, ledger, &arguments[3..]),
        _ => println!("make FOLDER, or measure PROGRAM LEDGER PAGE=/v1/ANSWER …"),
    }
}
