//! What an unknown file looks like, in words for the person who gave it.

use crate::text::{self, Encoding};
use crate::xml;

/// What the content looks like.
pub(crate) fn describe(bytes: &[u8]) -> String {
    let known: &[(&[u8], &str)] = &[
        (b"%PDF-", "a PDF document"),
        (
            b"PK\x03\x04",
            "a ZIP container, such as a spreadsheet of another layout",
        ),
        (
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
            "an old Office file (XLS, DOC) of another layout, or one protected by a password",
        ),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"\x7FELF", "a program"),
        (b"\x89PNG", "an image"),
        (b"\xFF\xD8\xFF", "an image"),
        (b"{\\rtf", "an RTF document"),
    ];
    if let Some(obstacle) = crate::sheets::obstacle(bytes) {
        return obstacle;
    }
    if bytes.is_empty() {
        return "an empty file".to_owned();
    }
    if let Some((_, what)) = known.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return (*what).to_owned();
    }
    let (encoding, mark) = text::sniff(bytes);
    let head = &bytes[mark..bytes.len().min(4096)];
    let head = match encoding {
        Encoding::Utf8 | Encoding::Windows1252 => {
            let odd = head
                .iter()
                .filter(|&&b| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r'))
                .count();
            if odd * 50 > head.len() {
                return format!("{} bytes that are no text", crate::error::grouped(bytes.len() as u64));
            }
            if head.contains(&0) {
                return "text with a NUL byte, which no text table has".to_owned();
            }
            String::from_utf8_lossy(head)
        }
        _ => String::from_utf8_lossy(head).replace('\0', "").into(),
    };
    let start = head.trim_start();
    if start.is_empty() {
        return "a file of blanks only".to_owned();
    }
    let lower: String = start.chars().take(200).collect::<String>().to_ascii_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return match title(start) {
            Some(title) => format!("an HTML page titled \"{title}\""),
            None => "an HTML page".to_owned(),
        };
    }
    if let Some((name, _)) = xml::root(bytes) {
        return if name.eq_ignore_ascii_case("html") {
            "an HTML page".to_owned()
        } else {
            format!("XML with the root element <{}>", short(&name))
        };
    }
    match start.as_bytes()[0] {
        b'{' | b'[' => "JSON of another layout".to_owned(),
        _ => format!(
            "text that begins \"{}\"",
            short(start.lines().next().unwrap_or_default())
        ),
    }
}

fn title(html: &str) -> Option<String> {
    let at = html.to_ascii_lowercase().find("<title>")? + 7;
    let end = html[at..].find('<').map_or(html.len(), |i| at + i);
    let title = html[at..end].trim();
    (!title.is_empty()).then(|| short(title))
}

fn short(text: &str) -> String {
    let mut cut: String = text
        .chars()
        .take(60)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().count() > 60 {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::describe;

    #[test]
    fn says_what_it_saw() {
        for (bytes, words) in [
            (&b""[..], "an empty file"),
            (b"  \n", "a file of blanks only"),
            (b"<html><body>503</body></html>", "an HTML page"),
            (
                b"<!DOCTYPE html><head><title>Moved</title>",
                "an HTML page titled \"Moved\"",
            ),
            (b"<?xml version=\"1.0\"?><a><b/></a>", "XML with the root element <a>"),
            (b"%PDF-1.7", "a PDF document"),
            (b"{\"a\":1}", "JSON of another layout"),
            (b"hello\nworld", "text that begins \"hello\""),
            (b"\x01\x02\x03\x04\x90", "5 bytes that are no text"),
        ] {
            assert_eq!(describe(bytes), words);
        }
    }
}
