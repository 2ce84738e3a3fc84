//! The encoding of a document: told by its content, decoded whole or refused.
//!
//! A byte-order mark decides; then zero bytes beside `<` or letters (UTF-16 without a mark); then whether it is valid UTF-8. What is
//! none of these is taken for Windows code page 1252 only where the caller allows it, because any bytes at all would pass for it.

use std::borrow::Cow;

use crate::error::ReadError;
use crate::registry::Document;

/// How a document's bytes stand for characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// UTF-8, or ASCII.
    Utf8,
    /// Windows code page 1252, which holds ISO 8859-1.
    Windows1252,
    /// UTF-16, little-endian.
    Utf16Little,
    /// UTF-16, big-endian.
    Utf16Big,
}

impl Encoding {
    /// For messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Windows1252 => "Windows-1252",
            Self::Utf16Little => "UTF-16LE",
            Self::Utf16Big => "UTF-16BE",
        }
    }
}

/// The encoding that the first bytes tell, and the length of the byte-order mark.
pub(crate) fn sniff(bytes: &[u8]) -> (Encoding, usize) {
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding::Utf8, 3),
        [0xFF, 0xFE, ..] => (Encoding::Utf16Little, 2),
        [0xFE, 0xFF, ..] => (Encoding::Utf16Big, 2),
        [0, low, 0, _, ..] if *low != 0 => (Encoding::Utf16Big, 0),
        [low, 0, _, 0, ..] if *low != 0 => (Encoding::Utf16Little, 0),
        _ => (Encoding::Utf8, 0),
    }
}

/// The characters that code page 1252 has at 0x80 to 0x9F; 0xFFFD where it has none (WHATWG Encoding Standard, index windows-1252;
/// the five holes are taken for the C1 controls there, here for what they are: unassigned).
const UPPER: [char; 32] = [
    '€', '\u{FFFD}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{FFFD}', 'Ž', '\u{FFFD}', '\u{FFFD}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{FFFD}', 'ž', 'Ÿ',
];

/// Bytes of code page 1252 as text.
pub(crate) fn windows_1252(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes)
        && bytes.is_ascii()
    {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 16);
    text.extend(bytes.iter().map(|&b| match b {
        0x80..=0x9F => UPPER[usize::from(b) - 0x80],
        _ => char::from(b),
    }));
    Cow::Owned(text)
}

/// As [`str::trim`], at less cost for the many texts that need no trimming.
#[inline]
pub(crate) fn trimmed(text: &str) -> &str {
    let plain = |b: Option<&u8>| b.is_none_or(|b| (0x21..0x80).contains(b));
    let bytes = text.as_bytes();
    if plain(bytes.first()) && plain(bytes.last()) {
        text
    } else {
        text.trim()
    }
}

/// Where a short ASCII word occurs first in a text. Its first byte is looked for, so that it should be a rare one.
pub(crate) fn find(text: &str, word: &str) -> Option<usize> {
    let (bytes, word) = (text.as_bytes(), word.as_bytes());
    memchr::memchr_iter(*word.first()?, bytes).find(|&at| bytes[at..].starts_with(word))
}

/// Where a short ASCII word occurs last in a text, which is short itself.
pub(crate) fn find_last(text: &str, word: &str) -> Option<usize> {
    let (bytes, word) = (text.as_bytes(), word.as_bytes());
    let first = *word.first()?;
    let last = bytes.len().checked_sub(word.len())?;
    (0..=last)
        .rev()
        .find(|&at| bytes[at] == first && bytes[at..].starts_with(word))
}

/// A document's text.
#[derive(Debug)]
pub(crate) struct Decoded<'a> {
    /// The text, without a byte-order mark.
    pub(crate) text: Cow<'a, str>,
    /// The length of the byte-order mark: what to add to a position in the text to get that in the document, where `exact`.
    pub(crate) offset: usize,
    /// Do positions in the text stand for positions in the document?
    pub(crate) exact: bool,
}

/// What to do with bytes that are no UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Otherwise {
    /// Refuse the document.
    Refuse,
    /// Take them for Windows code page 1252.
    Windows1252,
}

/// A document's text, decoded whole or refused.
pub(crate) fn decode<'a>(document: &Document<'a>, otherwise: Otherwise) -> Result<Decoded<'a>, ReadError> {
    let (encoding, offset) = sniff(document.bytes);
    let body = &document.bytes[offset..];
    let broken = |what: String, at: usize| ReadError::Broken {
        document: document.name.to_owned(),
        what,
        position: format!("byte {}", offset + at),
        read: 0,
    };
    let (text, encoding) = match encoding {
        Encoding::Utf16Little | Encoding::Utf16Big => (
            Cow::Owned(
                utf16(body, encoding).map_err(|at| broken(format!("bytes that are no {}", encoding.name()), at))?,
            ),
            encoding,
        ),
        Encoding::Utf8 | Encoding::Windows1252 => match std::str::from_utf8(body) {
            Ok(text) => (Cow::Borrowed(text), Encoding::Utf8),
            Err(e) if offset > 0 || otherwise == Otherwise::Refuse => {
                return Err(broken("bytes that are no UTF-8".to_owned(), e.valid_up_to()));
            }
            Err(_) => (windows_1252(body), Encoding::Windows1252),
        },
    };
    Ok(Decoded {
        exact: encoding == Encoding::Utf8,
        text,
        offset,
    })
}

fn utf16(body: &[u8], encoding: Encoding) -> Result<String, usize> {
    if !body.len().is_multiple_of(2) {
        return Err(body.len() - 1);
    }
    let units = body.chunks_exact(2).map(|pair| match encoding {
        Encoding::Utf16Big => u16::from_be_bytes([pair[0], pair[1]]),
        _ => u16::from_le_bytes([pair[0], pair[1]]),
    });
    let mut text = String::with_capacity(body.len() / 2);
    let mut at = 0;
    for unit in char::decode_utf16(units) {
        let c = unit.map_err(|_| at)?;
        at += 2 * c.len_utf16();
        text.push(c);
    }
    Ok(text)
}

/// The line of a byte, from 1.
pub(crate) fn line_of(bytes: &[u8], at: usize) -> usize {
    memchr::memchr_iter(b'\n', &bytes[..at.min(bytes.len())]).count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8], otherwise: Otherwise) -> Result<String, String> {
        decode(&Document { name: "t", bytes }, otherwise)
            .map(|t| t.text.into_owned())
            .map_err(|e| e.to_string())
    }

    #[test]
    fn trimmed_and_found_as_the_standard_library_does() {
        for text in [
            "",
            " ",
            "a",
            " a",
            "a\u{a0}",
            "\u{2003}é ",
            "é",
            "a, b, c",
            ",",
            ", ",
            ",, ",
            "a,b, ",
        ] {
            assert_eq!(trimmed(text), text.trim());
            assert_eq!(find(text, ", "), text.find(", "), "{text:?}");
            assert_eq!(find_last(text, ", "), text.rfind(", "), "{text:?}");
        }
    }

    #[test]
    fn every_encoding_is_told_by_content() {
        let le: Vec<u8> = "<é>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = "<é>".encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [
            "<é>".as_bytes().to_vec(),
            [&[0xEF, 0xBB, 0xBF], "<é>".as_bytes()].concat(),
            [&[0xFF, 0xFE], &le[..]].concat(),
            [&[0xFE, 0xFF], &be[..]].concat(),
            [&le[..], &[b'a', 0]].concat()[..6].to_vec(),
        ] {
            assert_eq!(text(&bytes, Otherwise::Refuse).as_deref(), Ok("<é>"), "{bytes:?}");
        }
        assert_eq!(
            text(b"<\xE9 \x93x\x94>", Otherwise::Windows1252).as_deref(),
            Ok("<é “x”>")
        );
        assert!(text(b"<\xE9>", Otherwise::Refuse).is_err());
        assert!(
            text(&[0xFF, 0xFE, 0x00, 0xD8], Otherwise::Refuse).is_err(),
            "half a surrogate pair"
        );
        assert!(text(&[0xFF, 0xFE, 0x41], Otherwise::Refuse).is_err(), "half a unit");
    }
}
