//! Text tables: rows of cells separated by a comma, semicolon or tab, quoted as RFC 4180 has it.
//!
//! Works on bytes and hands out slices of them: cells are decoded one by one ([`Cells::text`]), so that positions stay those of the
//! document whether it is UTF-8 or Windows-1252. UTF-16 is decoded beforehand. A quote that never closes is a broken file, not a
//! giant cell.

use std::borrow::Cow;
use std::ops::Range;

use crate::error::{ReadError, grouped};
use crate::registry::Document;
use crate::text::{self, Encoding};

/// The longest cell of a real list is about 10 kB.
const CELL: usize = 1 << 20;
/// The widest table seen (EU, CSV 1.1) has 118 columns.
const COLUMNS: usize = 1 << 12;

/// A table being read row by row.
#[derive(Debug)]
pub(crate) struct Rows<'a> {
    document: &'a str,
    bytes: Cow<'a, [u8]>,
    delimiter: u8,
    encoding: Encoding,
    /// Do positions stand for positions in the document?
    exact: bool,
    at: usize,
    line: usize,
    read: u64,
}

#[derive(Debug, Clone, Copy)]
struct Cell {
    start: usize,
    end: usize,
    /// Quotes inside are doubled.
    doubled: bool,
}

/// One row; reused for the next.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    found: Vec<Cell>,
    /// The line on which it begins, from 1.
    pub(crate) line: usize,
    /// Its bytes in the document, without the line end.
    pub(crate) span: Range<usize>,
}

impl<'a> Rows<'a> {
    /// Opens a table. What is no UTF-8 is read as Windows-1252.
    pub(crate) fn open(document: &Document<'a>, delimiter: u8) -> Result<Self, ReadError> {
        let (encoding, mark) = text::sniff(document.bytes);
        let (bytes, encoding, exact) = match encoding {
            Encoding::Utf16Little | Encoding::Utf16Big => {
                let decoded = text::decode(document, text::Otherwise::Refuse)?;
                (
                    Cow::Owned(decoded.text.into_owned().into_bytes()),
                    Encoding::Utf8,
                    false,
                )
            }
            Encoding::Utf8 | Encoding::Windows1252 => {
                let encoding = if std::str::from_utf8(document.bytes).is_ok() {
                    Encoding::Utf8
                } else {
                    Encoding::Windows1252
                };
                (Cow::Borrowed(document.bytes), encoding, true)
            }
        };
        if let Some(nul) = memchr::memchr(0, &bytes) {
            return Err(ReadError::Broken {
                document: document.name.to_owned(),
                what: "a NUL byte, which no text table has,".to_owned(),
                position: format!("line {}", grouped(text::line_of(&bytes, nul) as u64)),
                read: 0,
            });
        }
        Ok(Self {
            document: document.name,
            at: if exact { mark } else { 0 },
            bytes,
            delimiter,
            encoding,
            exact,
            line: 1,
            read: 0,
        })
    }

    /// Do the spans of rows stand for positions in the document?
    pub(crate) fn exact(&self) -> bool {
        self.exact
    }

    /// Reads the next row that is not blank into `row`; false at the end.
    pub(crate) fn next(&mut self, row: &mut Cells) -> Result<bool, ReadError> {
        let bytes: &[u8] = &self.bytes;
        // Blank lines, and the DOS end-of-file byte at the very end.
        loop {
            match bytes.get(self.at) {
                Some(b'\n') => self.line += 1,
                Some(b'\r') => {}
                Some(0x1A)
                    if bytes[self.at..]
                        .iter()
                        .all(|b| matches!(b, 0x1A | b'\r' | b'\n' | b' ')) =>
                {
                    self.at = bytes.len();
                    return Ok(false);
                }
                Some(_) => break,
                None => return Ok(false),
            }
            self.at += 1;
        }
        row.found.clear();
        row.line = self.line;
        row.span.start = self.at;
        let mut at = self.at;
        loop {
            let quoted = bytes.get(at) == Some(&b'"');
            let cell;
            if quoted {
                let start = at + 1;
                let mut from = start;
                let mut doubled = false;
                let close = loop {
                    let Some(quote) = memchr::memchr(b'"', &bytes[from..]).map(|i| from + i) else {
                        return Err(ReadError::Broken {
                            document: self.document.to_owned(),
                            what: "a quoted cell that never closes, opened".to_owned(),
                            position: format!("line {}", grouped(self.line as u64)),
                            read: self.read,
                        });
                    };
                    if bytes.get(quote + 1) == Some(&b'"') {
                        doubled = true;
                        from = quote + 2;
                    } else {
                        break quote;
                    }
                };
                self.line += memchr::memchr_iter(b'\n', &bytes[start..close]).count();
                at = close + 1;
                cell = Cell {
                    start,
                    end: close,
                    doubled,
                };
                // What stands between a closing quote and the next delimiter is no cell of RFC 4180. Blanks there are harmless.
                while bytes.get(at) == Some(&b' ') {
                    at += 1;
                }
                if !matches!(bytes.get(at), None | Some(b'\r' | b'\n' | 0x1A)) && bytes.get(at) != Some(&self.delimiter)
                {
                    return Err(ReadError::Broken {
                        document: self.document.to_owned(),
                        what: "text after a closing quote".to_owned(),
                        position: format!("line {}", grouped(self.line as u64)),
                        read: self.read,
                    });
                }
            } else {
                let start = at;
                at = memchr::memchr3(self.delimiter, b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |i| at + i);
                cell = Cell {
                    start,
                    end: at,
                    doubled: false,
                };
            }
            if cell.end - cell.start > CELL || row.found.len() >= COLUMNS {
                return Err(ReadError::Limit {
                    document: self.document.to_owned(),
                    what: format!(
                        "line {} has a cell of more than {} bytes or more than {} columns",
                        grouped(row.line as u64),
                        grouped(CELL as u64),
                        grouped(COLUMNS as u64)
                    ),
                    remedy: "No real list is like that; the file was not read".to_owned(),
                });
            }
            row.found.push(cell);
            if bytes.get(at) == Some(&self.delimiter) {
                at += 1;
            } else {
                break;
            }
        }
        row.span.end = at;
        self.at = at;
        self.read += 1;
        Ok(true)
    }

    /// A cell's text; empty where the row is too short.
    pub(crate) fn text(&self, row: &Cells, column: usize) -> Cow<'_, str> {
        let Some(cell) = row.found.get(column) else {
            return Cow::Borrowed("");
        };
        let bytes = &self.bytes[cell.start..cell.end];
        let text = match self.encoding {
            Encoding::Windows1252 => text::windows_1252(bytes),
            // The whole table was found valid, and cells end at ASCII bytes.
            _ => String::from_utf8_lossy(bytes),
        };
        if cell.doubled {
            Cow::Owned(text.replace("\"\"", "\""))
        } else {
            text
        }
    }
}

impl Cells {
    /// How many cells it has.
    pub(crate) fn len(&self) -> usize {
        self.found.len()
    }
}

/// Where the columns of a table with headings stand.
#[derive(Debug)]
pub(crate) struct Headings {
    /// As written, trimmed.
    pub(crate) names: Vec<String>,
}

impl Headings {
    /// The headings of a row.
    pub(crate) fn of(rows: &Rows<'_>, row: &Cells) -> Self {
        Self {
            names: (0..row.len()).map(|i| rows.text(row, i).trim().to_owned()).collect(),
        }
    }

    /// The column of that heading.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|n| n == name)
    }

    /// The first heading that occurs twice, if any.
    pub(crate) fn doubled(&self) -> Option<&str> {
        self.names
            .iter()
            .enumerate()
            .find(|(i, name)| !name.is_empty() && self.names[..*i].contains(name))
            .map(|(_, name)| name.as_str())
    }

    /// The first of these headings that is missing, if any.
    pub(crate) fn missing<'n>(&self, wanted: &[&'n str]) -> Option<&'n str> {
        wanted.iter().find(|w| self.column(w).is_none()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(bytes: &[u8]) -> Result<Vec<Vec<String>>, String> {
        let mut rows = Rows::open(&Document { name: "t.csv", bytes }, b',').map_err(|e| e.to_string())?;
        let (mut row, mut out) = (Cells::default(), Vec::new());
        while rows.next(&mut row).map_err(|e| e.to_string())? {
            out.push((0..row.len()).map(|i| rows.text(&row, i).into_owned()).collect());
        }
        Ok(out)
    }

    #[test]
    fn rows_and_cells() {
        assert_eq!(
            table(b"1,\"a, \"\"b\"\"\nc\",-0- \r\n\r\n2,\xE9,\"\" \r\n\x1a").unwrap(),
            [vec!["1", "a, \"b\"\nc", "-0- "], vec!["2", "é", ""]]
        );
        assert_eq!(table(b"").unwrap(), Vec::<Vec<String>>::new());
        assert_eq!(table(b"a,").unwrap(), [vec!["a", ""]]);
        assert_eq!(table("\u{feff}é".as_bytes()).unwrap(), [vec!["é"]]);
    }

    #[test]
    fn broken_tables_say_where() {
        assert!(
            table(b"a\nb,\"c\n")
                .unwrap_err()
                .contains("opened at line 2; 1 whole records")
        );
        assert!(table(b"\"a\"b").unwrap_err().contains("text after a closing quote"));
        assert!(table(b"a\0").unwrap_err().contains("NUL"));
    }
}
