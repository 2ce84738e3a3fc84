//! A web server on loopback that misbehaves as it is told, for the tests of downloads.
//!
//! Written on plain sockets, so that it can do what no well-kept server library would: lie about lengths, break off, drip, answer ranges
//! wrongly. Each path has a queue of answers; the last one stays.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How the server answers a request.
#[derive(Clone)]
pub enum Answer {
    /// As it should: validators, conditional requests, ranges.
    Well(Vec<u8>),
    /// As it should, but only this many bytes of the body before the connection closes.
    BreaksOff(Vec<u8>, usize),
    /// As it should, with this wait after each of so many bytes.
    Drips(Vec<u8>, usize, Duration),
    /// A status with headers and a body, nothing else added.
    Raw(u16, Vec<(String, String)>, Vec<u8>),
    /// The body without a length, ended by closing.
    Unannounced(Vec<u8>),
    /// An endless body.
    Endless,
    /// Takes the request and says nothing.
    Silent,
    /// Closes at once.
    Closes,
    /// No HTTP.
    Babble,
}

/// A request as it came: its path and headers (names in small letters).
#[derive(Debug, Clone)]
pub struct Request {
    pub path: String,
    pub headers: HashMap<String, String>,
}

pub struct Server {
    pub port: u16,
    answers: Arc<Mutex<HashMap<String, Vec<Answer>>>>,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            answers: Arc::default(),
            requests: Arc::default(),
        };
        let (answers, requests) = (Arc::clone(&server.answers), Arc::clone(&server.requests));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answers, requests) = (Arc::clone(&answers), Arc::clone(&requests));
                std::thread::spawn(move || {
                    // A client that goes away is part of the game.
                    let _ = serve(stream, &answers, &requests);
                });
            }
        });
        server
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// From now on this path answers so: one after the other, the last one for ever.
    pub fn set(&self, path: &str, answers: &[Answer]) {
        let reversed = answers.iter().rev().cloned().collect();
        self.answers.lock().unwrap().insert(path.to_owned(), reversed);
    }

    /// The requests since the last call.
    pub fn requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }
}

/// A tag that changes with the content.
pub fn tag(body: &[u8]) -> String {
    let sum = body
        .iter()
        .fold(17_u64, |h, &b| h.wrapping_mul(31).wrapping_add(u64::from(b)));
    format!("\"{sum:x}\"")
}

fn serve(
    stream: TcpStream,
    answers: &Mutex<HashMap<String, Vec<Answer>>>,
    requests: &Mutex<Vec<Request>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut out = stream;
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or("/").to_owned();
    let mut headers = HashMap::new();
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.insert(name.trim().to_ascii_lowercase(), value.trim().to_owned());
        }
    }
    requests.lock().unwrap().push(Request {
        path: path.clone(),
        headers: headers.clone(),
    });
    let answer = {
        let mut answers = answers.lock().unwrap();
        match answers.get_mut(&path) {
            Some(queue) if queue.len() > 1 => queue.pop().unwrap(),
            Some(queue) => queue[0].clone(),
            None => Answer::Raw(404, vec![], b"nothing here".to_vec()),
        }
    };
    match answer {
        Answer::Well(body) => well(&mut out, &headers, &body, body.len(), None)?,
        Answer::BreaksOff(body, after) => well(&mut out, &headers, &body, after, None)?,
        Answer::Drips(body, step, wait) => well(&mut out, &headers, &body, body.len(), Some((step, wait)))?,
        Answer::Raw(status, extra, body) => {
            write!(out, "HTTP/1.1 {status} X\r\nConnection: close\r\n")?;
            if !extra
                .iter()
                .any(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            {
                write!(out, "Content-Length: {}\r\n", body.len())?;
            }
            for (name, value) in extra {
                write!(out, "{name}: {value}\r\n")?;
            }
            out.write_all(b"\r\n")?;
            out.write_all(&body)?;
        }
        Answer::Unannounced(body) => {
            out.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
            out.write_all(&body)?;
        }
        Answer::Endless => {
            out.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
            loop {
                out.write_all(&[b'x'; 1 << 14])?;
            }
        }
        Answer::Silent => std::thread::sleep(Duration::from_secs(30)),
        Answer::Closes => {}
        Answer::Babble => out.write_all(b"220 mail.example.org ready\r\n")?,
    }
    out.flush()?;
    out.shutdown(Shutdown::Both)
}

/// Answers as a good server does; sends at most `most` bytes of the body.
fn well(
    out: &mut TcpStream,
    headers: &HashMap<String, String>,
    body: &[u8],
    most: usize,
    drip: Option<(usize, Duration)>,
) -> std::io::Result<()> {
    let tag = tag(body);
    let modified = "Wed, 01 May 2024 06:00:00 GMT";
    let common = format!("ETag: {tag}\r\nLast-Modified: {modified}\r\nConnection: close\r\n");
    if headers.get("if-none-match") == Some(&tag) {
        return write!(out, "HTTP/1.1 304 Not Modified\r\n{common}\r\n");
    }
    let start = headers
        .get("range")
        .and_then(|r| r.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok())
        .filter(|_| headers.get("if-range").is_none_or(|v| *v == tag || v == modified));
    let start = match start {
        Some(start) if start >= body.len() => {
            return write!(
                out,
                "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */{}\r\nContent-Length: 0\r\n{common}\r\n",
                body.len()
            );
        }
        Some(start) => {
            write!(
                out,
                "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {start}-{}/{}\r\n",
                body.len() - 1,
                body.len()
            )?;
            start
        }
        None => {
            out.write_all(b"HTTP/1.1 200 OK\r\n")?;
            0
        }
    };
    write!(out, "Content-Length: {}\r\n{common}\r\n", body.len() - start)?;
    let sent = &body[start..body.len().min(start + most)];
    match drip {
        None => out.write_all(sent),
        Some((step, wait)) => {
            for piece in sent.chunks(step) {
                out.write_all(piece)?;
                out.flush()?;
                std::thread::sleep(wait);
            }
            Ok(())
        }
    }
}
