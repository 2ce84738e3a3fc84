//! Web archives (WARC 1.0 and 1.1): every HTTP response with a page is an article, with the address that it was fetched from.

use std::io::Read;

use super::{Found, IntakeError, decode, html};
use crate::article::Article;

/// A page is no larger than this when unpacked.
const LARGEST_PAGE: u64 = 32 * 1024 * 1024;

/// Does it begin like one?
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"WARC/1.")
}

/// Reads the pages. An archive that breaks off is refused where it does.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Found>, IntakeError> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at..].iter().all(u8::is_ascii_whitespace) {
            break;
        }
        let broken = |problem: &str| IntakeError::Archive {
            at,
            problem: problem.to_owned(),
        };
        if !bytes[at..].starts_with(b"WARC/1.") {
            return Err(broken("no record begins here"));
        }
        let (head, body) = split_head(&bytes[at..]).ok_or_else(|| broken("a record's head has no end"))?;
        let length: usize = header(head, "content-length")
            .and_then(|v| v.parse().ok())
            .ok_or_else(|| broken("a record has no Content-Length"))?;
        let content = bytes
            .get(at + body..)
            .and_then(|rest| rest.get(..length))
            .ok_or_else(|| broken("a record is longer than the file"))?;
        if header(head, "warc-type").is_some_and(|t| t.eq_ignore_ascii_case("response")) {
            let url = header(head, "warc-target-uri").map(|u| u.trim_matches(['<', '>']).to_owned());
            if let Some(article) = page(content, url) {
                out.push((format!("record at byte {at}"), article));
            }
        }
        at += body + length;
        while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
    }
    if out.is_empty() {
        return Err(IntakeError::Archive {
            at: 0,
            problem: "it holds no page".to_owned(),
        });
    }
    Ok(out)
}

/// The head of a record or response as text, and where its body begins.
fn split_head(bytes: &[u8]) -> Option<(&str, usize)> {
    let limit = bytes.len().min(64 * 1024);
    let (end, body) = bytes[..limit]
        .windows(4)
        .position(|w| w == b"\r\n\r\n")
        .map(|p| (p, p + 4))
        .or_else(|| bytes[..limit].windows(2).position(|w| w == b"\n\n").map(|p| (p, p + 2)))?;
    Some((std::str::from_utf8(&bytes[..end]).ok()?, body))
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().skip(1).find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// The article in an HTTP response; `None` for what is no page: an image, a redirect, an error.
fn page(response: &[u8], url: Option<String>) -> Option<Result<Article, IntakeError>> {
    let (head, body) = split_head(response)?;
    let code = head.lines().next()?.split(' ').nth(1)?;
    let kind = header(head, "content-type").unwrap_or("text/html");
    if code != "200" || !(kind.contains("html") || kind.starts_with("text/plain")) {
        return None;
    }
    let mut content = response[body..].to_vec();
    if header(head, "transfer-encoding").is_some_and(|t| t.eq_ignore_ascii_case("chunked")) {
        content = unchunked(&content);
    }
    if header(head, "content-encoding").is_some_and(|e| e.eq_ignore_ascii_case("gzip")) {
        let mut unpacked = Vec::new();
        let gunzip = flate2::read::GzDecoder::new(content.as_slice());
        if let Err(e) = gunzip.take(LARGEST_PAGE).read_to_end(&mut unpacked) {
            return Some(Err(IntakeError::Binary(format!("gzip that breaks off: {e}"))));
        }
        content = unpacked;
    }
    Some(decode::text(&content).map(|text| {
        let mut article = if kind.contains("html") {
            html::read(&text)
        } else {
            Article {
                text,
                ..Article::default()
            }
        };
        article.url = article.url.or(url);
        article
    }))
}

/// The pieces of a chunked body, up to where it stops being one.
fn unchunked(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(end) = rest.iter().take(32).position(|&b| b == b'\n') {
        let line = String::from_utf8_lossy(&rest[..end]);
        let size = line.trim().split(';').next().unwrap_or_default();
        let Ok(size) = usize::from_str_radix(size, 16) else {
            break;
        };
        let Some(piece) = rest.get(end + 1..).and_then(|r| r.get(..size)) else {
            break;
        };
        if size == 0 {
            break;
        }
        out.extend_from_slice(piece);
        rest = &rest[end + 1 + size..];
        let breaks = rest.iter().take(2).take_while(|b| matches!(b, b'\r' | b'\n')).count();
        rest = &rest[breaks..];
    }
    if out.is_empty() { body.to_vec() } else { out }
}
