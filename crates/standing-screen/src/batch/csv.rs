//! CSV as it is found: any usual delimiter, with or without a header, in UTF-8, UTF-16 or Windows-1252.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use ::csv::{ByteRecord, ReaderBuilder};

use super::columns::Columns;
use super::input::{Input, InputOptions, Row, file_error, wrong};
use crate::error::{Reject, ScreenError};

/// How a file's letters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16 { big: bool },
    Windows1252,
}

impl Encoding {
    fn word(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16 { .. } => "UTF-16",
            Self::Windows1252 => "Windows-1252",
        }
    }
}

/// Windows-1252 from 0x80 to 0x9F (https://encoding.spec.whatwg.org/index-windows-1252.txt); the rest is Latin-1.
const WINDOWS: [char; 32] = [
    '\u{20AC}', '\u{81}', '\u{201A}', '\u{192}', '\u{201E}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{2C6}', '\u{2030}',
    '\u{160}', '\u{2039}', '\u{152}', '\u{8D}', '\u{17D}', '\u{8F}', '\u{90}', '\u{2018}', '\u{2019}', '\u{201C}',
    '\u{201D}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2DC}', '\u{2122}', '\u{161}', '\u{203A}', '\u{153}', '\u{9D}',
    '\u{17E}', '\u{178}',
];

/// UTF-16 turned into UTF-8 while it is read; lone surrogates become the replacement character.
struct FromUtf16<R> {
    inner: R,
    big: bool,
    out: Vec<u8>,
    at: usize,
    high: Option<u16>,
}

impl<R: Read> Read for FromUtf16<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        while self.at >= self.out.len() {
            self.out.clear();
            self.at = 0;
            let mut bytes = [0u8; 8192];
            let mut read = 0;
            // A unit is two bytes: a short read is topped up.
            while read == 0 || read % 2 == 1 {
                match self.inner.read(&mut bytes[read..])? {
                    0 => break,
                    n => read += n,
                }
            }
            if read == 0 {
                if self.high.take().is_none() {
                    return Ok(0);
                }
                self.out.extend_from_slice("\u{FFFD}".as_bytes());
                continue;
            }
            let unit = |pair: &[u8]| {
                let pair = [pair[0], pair[1]];
                if self.big {
                    u16::from_be_bytes(pair)
                } else {
                    u16::from_le_bytes(pair)
                }
            };
            let mut units: Vec<u16> = self.high.take().into_iter().collect();
            units.extend(bytes[..read - read % 2].chunks_exact(2).map(unit));
            if units.last().is_some_and(|u| (0xD800..0xDC00).contains(u)) {
                self.high = units.pop();
            }
            for c in char::decode_utf16(units) {
                let mut letters = [0; 4];
                self.out
                    .extend_from_slice(c.unwrap_or('\u{FFFD}').encode_utf8(&mut letters).as_bytes());
            }
        }
        let n = into.len().min(self.out.len() - self.at);
        into[..n].copy_from_slice(&self.out[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

/// The encoding, and how many bytes its mark takes. Bytes that are no UTF-8 mean Windows-1252 only where nothing else in the file is UTF-8
/// beyond ASCII; else they are faults of their rows.
fn encoding(path: &Path) -> Result<(Encoding, usize), ScreenError> {
    let mut reader = BufReader::with_capacity(1 << 16, File::open(path).map_err(file_error(path))?);
    let mut buffer = vec![0; 1 << 16];
    let (mut kept, mut first) = (0, true);
    let (mut multibyte, mut invalid) = (false, false);
    loop {
        let n = reader.read(&mut buffer[kept..]).map_err(file_error(path))?;
        let bytes = &buffer[..kept + n];
        if std::mem::take(&mut first) {
            match bytes {
                [0xEF, 0xBB, 0xBF, ..] => return Ok((Encoding::Utf8, 3)),
                [0xFF, 0xFE, ..] => return Ok((Encoding::Utf16 { big: false }, 2)),
                [0xFE, 0xFF, ..] => return Ok((Encoding::Utf16 { big: true }, 2)),
                [0, letter, 0, ..] if *letter != 0 => return Ok((Encoding::Utf16 { big: true }, 0)),
                [letter, 0, other, 0, ..] if *letter != 0 && *other != 0 => {
                    return Ok((Encoding::Utf16 { big: false }, 0));
                }
                _ => {}
            }
        }
        let mut rest = bytes;
        let left = loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    multibyte |= !text.is_ascii();
                    break 0;
                }
                Err(e) => {
                    multibyte |= !rest[..e.valid_up_to()].is_ascii();
                    match e.error_len() {
                        None if n > 0 => break rest.len() - e.valid_up_to(),
                        length => {
                            invalid = true;
                            rest = &rest[e.valid_up_to() + length.unwrap_or(rest.len() - e.valid_up_to())..];
                        }
                    }
                }
            }
        };
        if n == 0 {
            break;
        }
        let end = bytes.len();
        buffer.copy_within(end - left..end, 0);
        kept = left;
    }
    Ok((
        if invalid && !multibyte {
            Encoding::Windows1252
        } else {
            Encoding::Utf8
        },
        0,
    ))
}

fn reader(path: &Path, encoding: Encoding, skip: usize) -> Result<Box<dyn Read + Send>, ScreenError> {
    let mut file = BufReader::with_capacity(1 << 16, File::open(path).map_err(file_error(path))?);
    file.read_exact(&mut vec![0; skip]).map_err(file_error(path))?;
    Ok(match encoding {
        Encoding::Utf16 { big } => Box::new(FromUtf16 {
            inner: file,
            big,
            out: Vec::new(),
            at: 0,
            high: None,
        }),
        _ => Box::new(file),
    })
}

/// The sign that parts cells: the one that cuts the first lines into most cells of one number.
fn delimiter(start: &[u8]) -> u8 {
    let mut best = (0usize, b',');
    for sign in [b',', b';', b'\t', b'|'] {
        let mut parser = ReaderBuilder::new()
            .delimiter(sign)
            .has_headers(false)
            .flexible(true)
            .from_reader(start);
        let lengths: Vec<usize> = parser
            .byte_records()
            .take(20)
            .filter_map(Result::ok)
            .map(|r| r.len())
            .collect();
        let Some(&first) = lengths.first() else { continue };
        // The last line of the sample may be cut.
        let same = lengths[..lengths.len().saturating_sub(1).max(1)]
            .iter()
            .filter(|n| **n == first)
            .count();
        let weight = if first > 1 {
            same * 100 / lengths.len().max(1) + first
        } else {
            0
        };
        if weight > best.0 {
            best = (weight, sign);
        }
    }
    best.1
}

fn decoded(cell: &[u8], encoding: Encoding) -> Option<String> {
    match encoding {
        Encoding::Windows1252 => Some(
            cell.iter()
                .map(|&b| match b {
                    0x80..=0x9F => WINDOWS[usize::from(b - 0x80)],
                    _ => char::from(b),
                })
                .collect(),
        ),
        _ => std::str::from_utf8(cell).ok().map(str::to_owned),
    }
}

pub(super) fn open(path: &Path, options: &InputOptions) -> Result<Input, ScreenError> {
    let (encoding, skip) = encoding(path)?;
    let mut sample = vec![0; 1 << 16];
    let mut start = reader(path, encoding, skip)?;
    let mut filled = 0;
    while filled < sample.len() {
        match start.read(&mut sample[filled..]).map_err(file_error(path))? {
            0 => break,
            n => filled += n,
        }
    }
    sample.truncate(filled);
    let sign = if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("tsv")) {
        b'\t'
    } else {
        delimiter(&sample)
    };
    let mut parser = ReaderBuilder::new()
        .delimiter(sign)
        .has_headers(false)
        .flexible(true)
        .from_reader(reader(path, encoding, skip)?);
    let mut first = ByteRecord::new();
    let any = parser
        .read_byte_record(&mut first)
        .map_err(|e| wrong(path, e.to_string()))?;
    let headings: Vec<String> = first
        .iter()
        .map(|c| decoded(c, encoding).map(|c| c.trim().to_owned()))
        .collect::<Option<_>>()
        .unwrap_or_default();
    let (columns, header) = if any {
        match Columns::read(&headings, &options.map) {
            Ok(columns) => (columns, true),
            // One column of names needs no heading.
            Err(_) if first.len() == 1 && options.map.is_empty() => (Columns::names_alone(), false),
            Err(what) => return Err(wrong(path, what)),
        }
    } else {
        (Columns::names_alone(), false)
    };
    let form = format!(
        "CSV, {}, {}, {}",
        encoding.word(),
        match sign {
            b'\t' => "tabulators".to_owned(),
            sign => format!("\"{}\"", char::from(sign)),
        },
        if header { "with a header" } else { "without a header" }
    );
    let understood = columns.understood.clone();
    let mut pending = (any && !header).then_some(first);
    let path = path.to_owned();
    let mut row = 0u64;
    let mut record = ByteRecord::new();
    let mut over = false;
    let rows = std::iter::from_fn(move || {
        if over {
            return None;
        }
        let read = match pending.take() {
            Some(first) => {
                record = first;
                Ok(true)
            }
            None => parser.read_byte_record(&mut record),
        };
        match read {
            Ok(true) => {
                let at = row;
                row += 1;
                Some(Ok::<Row, ScreenError>((at, query(at, &record, &columns, encoding))))
            }
            Ok(false) => None,
            Err(e) => {
                over = true;
                Some(Err(wrong(&path, e.to_string())))
            }
        }
    });
    Ok(Input {
        form,
        columns: understood,
        rows: Box::new(rows),
    })
}

fn query(row: u64, record: &ByteRecord, columns: &Columns, encoding: Encoding) -> Result<crate::Query, Reject> {
    if record.len() != columns.count() {
        return Err(Reject::Row(format!(
            "it has {} cells, the header {}",
            record.len(),
            columns.count()
        )));
    }
    let mut cells = Vec::with_capacity(record.len());
    for (at, cell) in record.iter().enumerate() {
        match decoded(cell, encoding) {
            Some(cell) => cells.push(cell),
            None => return Err(Reject::Row(format!("cell {} is no valid UTF-8", at + 1))),
        }
    }
    columns.query(row, cells.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, Vec<Result<crate::Query, Reject>>) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let input = open(file.path(), &InputOptions::default()).unwrap();
        (input.form, input.rows.map(|r| r.unwrap().1).collect())
    }

    #[test]
    fn delimiter_encoding_and_header_are_recognised() {
        for (bytes, form) in [
            (
                "id;name\n1;Müller, Ann\n".as_bytes().to_vec(),
                "CSV, UTF-8, \";\", with a header",
            ),
            (
                b"id,name\n1,\"M\xFCller, Ann\"\n".to_vec(),
                "CSV, Windows-1252, \",\", with a header",
            ),
            (
                std::iter::once(0xFEFFu16)
                    .chain("id\tname\n1\tMüller, Ann\n".encode_utf16())
                    .flat_map(u16::to_le_bytes)
                    .collect(),
                "CSV, UTF-16, tabulators, with a header",
            ),
        ] {
            let (found, rows) = read(&bytes);
            assert_eq!(found, form);
            assert_eq!(rows[0].as_ref().unwrap().names, ["Müller, Ann"]);
        }
        let (form, rows) = read(b"Ann Lee\nBob Ray\n");
        assert!(form.contains("without a header"), "{form}");
        assert_eq!(rows.len(), 2);
        assert!(read(b"").1.is_empty());
    }

    #[test]
    fn faulty_rows_are_rejected_alone() {
        let (_, rows) = read("id,name\n1,Ünal\n2\n3,\u{1F600}\n".as_bytes());
        assert!(rows[0].is_ok() && rows[2].is_ok());
        assert_eq!(
            rows[1].as_ref().unwrap_err().to_string(),
            "it has 1 cells, the header 2"
        );
        let mut bytes = "id,name\n1,Ünal\n2,".as_bytes().to_vec();
        bytes.extend_from_slice(b"\xFF\xFE\n3,Ann\n");
        let (_, rows) = read(&bytes);
        assert_eq!(rows[1].as_ref().unwrap_err().to_string(), "cell 2 is no valid UTF-8");
        assert!(rows[2].is_ok());
    }
}
