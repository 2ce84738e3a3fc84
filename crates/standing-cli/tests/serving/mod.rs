//! A server of the built program on a free port of loopback, and the few words of HTTP that its tests need, spelt out so that they may
//! also be wrong.

#![allow(dead_code)] // each test file uses its own part

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

fn program(db: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_standing"));
    command
        .args(["--db", db.to_str().unwrap()])
        .args(args)
        .env("NO_COLOR", "1")
        .env_remove("STANDING_DB");
    command
}

pub fn run(db: &Path, args: &[&str]) -> Output {
    program(db, args).output().unwrap()
}

pub fn ok(db: &Path, args: &[&str]) -> String {
    let output = run(db, args);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{args:?}: {text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    text
}

/// The same, but writing beyond a limit on the size of files fails as writing to a full disk does, and ends nothing.
fn felt(of: &Command) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
        .arg(of.get_program())
        .args(of.get_args());
    for (name, value) in of.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// What a command prints with `--json`.
pub fn lines(db: &Path, args: &[&str]) -> String {
    let mut args = args.to_vec();
    args.push("--json");
    ok(db, &args)
}

/// The value of a key in the first line.
pub fn word_of(lines: &str, key: &str) -> String {
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    first[key].as_str().unwrap().to_owned()
}

/// Three lists in the form of the UN's: B goes and comes back, C is re-keyed, D goes for good.
pub fn three(folder: &Path) -> Vec<String> {
    let list = |day: &str, entries: &[(&str, &str, &str)]| {
        let mut xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CONSOLIDATED_LIST dateGenerated=\"{day}T23:30:00.000-05:00\"><INDIVIDUALS>"
        );
        for (reference, key, name) in entries {
            xml.push_str(&format!(
                "<INDIVIDUAL><DATAID>{key}</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>{name}</FIRST_NAME><UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE>\
                 <REFERENCE_NUMBER>{reference}</REFERENCE_NUMBER><LISTED_ON>2010-01-01</LISTED_ON></INDIVIDUAL>"
            ));
        }
        xml.push_str("</INDIVIDUALS><ENTITIES/></CONSOLIDATED_LIST>\n");
        let path = folder.join(format!("list-of-{day}.xml"));
        std::fs::write(&path, xml).unwrap();
        path.display().to_string()
    };
    let names: Vec<(String, String, String)> = (0..40)
        .map(|n| (format!("QDi.8{n:02}"), format!("9{n}"), format!("Filler Number{n}")))
        .collect();
    let filled = |own: &[(&'static str, &'static str, &'static str)]| {
        let mut all: Vec<(&str, &str, &str)> = names
            .iter()
            .map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str()))
            .collect();
        all.extend_from_slice(own);
        all.iter()
            .map(|(a, b, c)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned()))
            .collect::<Vec<_>>()
    };
    let make = |day: &str, own: &[(&'static str, &'static str, &'static str)]| {
        let all = filled(own);
        let borrowed: Vec<(&str, &str, &str)> = all
            .iter()
            .map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str()))
            .collect();
        list(day, &borrowed)
    };
    let (a, b, c) = (
        ("QDi.901", "1", "Karim Nazari"),
        ("QDi.902", "2", "Bravo Osmani"),
        ("QDi.903", "3", "Charlie Dawlat"),
    );
    vec![
        make("2020-01-10", &[a, b, c, ("QDi.904", "4", "Delta Rahmani")]),
        make("2021-01-10", &[a, ("QDi.903", "33", "Charlie Dawlat")]),
        make("2022-01-10", &[a, b, ("QDi.903", "33", "Charlie Dawlats")]),
    ]
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<String> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    }
}

/// A server, ended when it is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    pub log: PathBuf,
}

impl Server {
    pub fn start(db: &Path, args: &[&str]) -> Self {
        let log = db.with_extension("log");
        let mut all = vec!["serve", "--log", "requests"];
        if !args.contains(&"--listen") {
            all.extend(["--listen", "127.0.0.1:0"]);
        }
        all.extend_from_slice(args);
        let mut child = felt(&program(db, &all))
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log).unwrap())
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
            .unwrap_or_else(|| panic!("{line:?} {}", std::fs::read_to_string(&log).unwrap()));
        let address: SocketAddr = address.parse().unwrap();
        Self {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], address.port())),
            log,
        }
    }

    pub fn connect(&self) -> TcpStream {
        let socket = TcpStream::connect(self.address).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        socket
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n",
            self.address
        );
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() || method == "POST" {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        let mut socket = self.connect();
        send(&mut socket, head.as_bytes());
        send(&mut socket, body);
        parse(&receive_bytes(&mut socket))
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], b"")
    }

    pub fn get_as(&self, path: &str, accept: &str) -> Answer {
        self.ask("GET", path, &[("accept", accept)], b"")
    }

    pub fn post_json(&self, path: &str, body: &str) -> Answer {
        self.ask("POST", path, &[("content-type", "application/json")], body.as_bytes())
    }

    pub fn wait_for(&self, done: impl Fn() -> bool) {
        let until = Instant::now() + Duration::from_secs(60);
        while !done() {
            assert!(
                Instant::now() < until,
                "it does not come about; {}",
                std::fs::read_to_string(&self.log).unwrap()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    pub fn wait_until_ready(&self) {
        self.wait_for(|| self.get("/readyz").status == 200);
    }

    pub fn tell_to_stop(&self) {
        let told = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(told.success());
    }

    pub fn ended(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn send(socket: &mut TcpStream, bytes: &[u8]) {
    // A server that refuses early closes while the rest is still being sent; its answer is what counts.
    let _ = socket.write_all(bytes);
}

/// Everything until the other end closes, or stops sending for a while.
pub fn receive_bytes(socket: &mut TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    let mut buffer = [0_u8; 1 << 14];
    loop {
        match socket.read(&mut buffer) {
            Ok(0) | Err(_) => return all,
            Ok(n) => all.extend_from_slice(&buffer[..n]),
        }
    }
}

/// One answer of a connection that stays open.
pub fn receive(socket: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let mut buffer = [0_u8; 1 << 14];
    loop {
        let text = String::from_utf8_lossy(&all);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length: usize = head
                .lines()
                .find_map(|l| {
                    l.to_ascii_lowercase()
                        .strip_prefix("content-length:")
                        .map(|v| v.trim().parse().unwrap())
                })
                .unwrap_or(0);
            if body.len() >= length {
                return text.into_owned();
            }
        }
        match socket.read(&mut buffer) {
            Ok(0) | Err(_) => return String::from_utf8_lossy(&all).into_owned(),
            Ok(n) => all.extend_from_slice(&buffer[..n]),
        }
    }
}

fn parse(bytes: &[u8]) -> Answer {
    let at = bytes.windows(4).position(|w| w == b"\r\n\r\n").unwrap_or(bytes.len());
    let head = String::from_utf8_lossy(&bytes[..at]).into_owned();
    let body = bytes.get(at + 4..).unwrap_or_default();
    let chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    let body = if chunked { joined(body) } else { body.to_vec() };
    Answer {
        status: head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0),
        head,
        text: String::from_utf8_lossy(&body).into_owned(),
    }
}

fn joined(mut body: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(at) = body.windows(2).position(|w| w == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&body[..at]).unwrap().trim(), 16).unwrap();
        all.extend_from_slice(&body[at + 2..at + 2 + size]);
        body = &body[(at + 4 + size).min(body.len())..];
        if size == 0 {
            break;
        }
    }
    all
}
