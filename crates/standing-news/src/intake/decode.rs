//! Bytes to text: UTF-8, UTF-16 with a byte order mark, else Windows-1252, in which old news pages are written. Binary files are refused.

use super::IntakeError;

/// First bytes of files that are no text, and what they are.
const BINARY: [(&[u8], &str); 10] = [
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "ZIP"),
    (b"\x89PNG", "PNG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
];

/// What the bytes 0x80 to 0x9F mean in Windows-1252; the five that mean nothing there stay control characters.
pub(super) const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text of some bytes.
pub(super) fn text(bytes: &[u8]) -> Result<String, IntakeError> {
    if bytes.is_empty() {
        return Err(IntakeError::Empty);
    }
    if let Some((_, name)) = BINARY.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(IntakeError::Binary((*name).to_owned()));
    }
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => one_byte(bytes),
        },
    };
    let odd = text
        .chars()
        .take(65536)
        .filter(|c| *c == '\0' || (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{1b}')))
        .count();
    let looked = text.chars().take(65536).count();
    if text.contains('\0') || odd * 100 > looked {
        return Err(IntakeError::Binary("control bytes".to_owned()));
    }
    Ok(text)
}

fn utf16(bytes: &[u8], join: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| join([pair[0], pair[1]]));
    char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

fn one_byte(bytes: &[u8]) -> String {
    // Mostly UTF-8 with a broken byte here and there stays UTF-8: a cut at the end, a byte lost on the way.
    let lossy = String::from_utf8_lossy(bytes);
    let broken = lossy.matches(char::REPLACEMENT_CHARACTER).count();
    let high = lossy.chars().filter(|c| !c.is_ascii()).count();
    if broken * 4 < high {
        return lossy.into_owned();
    }
    bytes
        .iter()
        .map(|&b| match b {
            0x80..=0x9f => WINDOWS_1252[usize::from(b - 0x80)],
            b => char::from(b),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_pages_and_broken_bytes_are_read() {
        assert_eq!(text(b"Putin\x92s \x93decision\x94").unwrap(), "Putin’s “decision”");
        assert_eq!(text("‘broken’ ‘end’ \u{2019}".as_bytes()).unwrap(), "‘broken’ ‘end’ ’");
        assert_eq!(
            text("“whole” “quotes” “here”".as_bytes().split_last().unwrap().1).unwrap(),
            "“whole” “quotes” “here\u{fffd}"
        );
        assert_eq!(text(b"\xff\xfeh\0i\0").unwrap(), "hi");
        assert_eq!(text(b"PK\x03\x04rest"), Err(IntakeError::Binary("ZIP".into())));
        assert!(matches!(text(&[0, 1, 2, 3]), Err(IntakeError::Binary(_))));
    }
}
