//! Text tables: rows of cells separated by a comma, semicolon or tab, quoted as RFC 4180 has it.
//!
//! The document is decoded once, as a whole; where it is UTF-8 nothing is copied, and rows and cells are slices of it. Of a document in
//! Windows-1252 a row's place is known all the same, because there each character was one byte. A quote that never closes is a broken
//! file, not a giant cell.
//!
//! A large table can be read by several threads at once ([`side_by_side`]): it is cut where a row seems to end, which is so if every
//! part can be read by itself; else it is read from its beginning.

use std::borrow::Cow;
use std::ops::Range;

use rayon::prelude::*;

use crate::error::{ReadError, grouped};
use crate::registry::Document;
use crate::scan;
use crate::text::{self, Encoding};

/// The longest cell of a real list is about 10 kB.
const CELL: usize = 1 << 20;
/// The widest table seen (EU, CSV 1.1) has 118 columns.
const COLUMNS: usize = 1 << 12;

/// The bytes of a part of a large table: some thousand rows, so that handing parts to threads costs nothing beside reading them.
const PART: usize = if cfg!(fuzzing) { 1 << 8 } else { 128 << 10 };

/// A table being read row by row.
#[derive(Debug)]
pub(crate) struct Rows<'a> {
    document: &'a str,
    text: Cow<'a, str>,
    delimiter: u8,
    positions: Positions,
    at: usize,
    /// Where nothing but blanks, line ends and end-of-file bytes follows.
    tail: usize,
    line: usize,
    read: u64,
}

/// What positions in the text are in the document.
#[derive(Debug, Clone, Copy)]
enum Positions {
    /// The same.
    Same,
    /// The document has one byte for each character: what to add for the byte-order mark, and how many bytes more the text has up to
    /// the row that is read next.
    Narrower { mark: usize, extra: usize },
    /// Not known.
    Unknown,
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
        let (text, positions, at) = match encoding {
            Encoding::Utf16Little | Encoding::Utf16Big => {
                let decoded = text::decode(document, text::Otherwise::Refuse)?;
                (decoded.text, Positions::Unknown, 0)
            }
            Encoding::Utf8 | Encoding::Windows1252 => match std::str::from_utf8(document.bytes) {
                Ok(text) => (Cow::Borrowed(text), Positions::Same, mark),
                Err(_) => (
                    text::windows_1252(&document.bytes[mark..]),
                    Positions::Narrower { mark, extra: 0 },
                    0,
                ),
            },
        };
        if let Some(nul) = memchr::memchr(0, text.as_bytes()) {
            return Err(ReadError::Broken {
                document: document.name.to_owned(),
                what: "a NUL byte, which no text table has,".to_owned(),
                position: format!("line {}", grouped(text::line_of(text.as_bytes(), nul) as u64)),
                read: 0,
            });
        }
        let tail = text
            .bytes()
            .rposition(|b| !matches!(b, 0x1A | b'\r' | b'\n' | b' '))
            .map_or(0, |last| last + 1);
        Ok(Self {
            document: document.name,
            text,
            delimiter,
            positions,
            at,
            tail,
            line: 1,
            read: 0,
        })
    }

    /// The table in parts of some `about` bytes, each of whole rows unless a cell holds quotes without being quoted: then one of the
    /// parts up to there ends inside a cell, and reading it fails.
    fn split(&self, about: usize) -> Vec<Rows<'_>> {
        let bytes = self.text.as_bytes();
        let (mut at, mut line, mut positions) = (self.at, self.line, self.positions);
        let mut parts = Vec::with_capacity(bytes.len() / about + 1);
        while at < bytes.len() || parts.is_empty() {
            let end = part_end(bytes, at, about);
            parts.push(Rows {
                document: self.document,
                text: Cow::Borrowed(&self.text[..end]),
                delimiter: self.delimiter,
                positions,
                at,
                tail: self.tail,
                line,
                read: 0,
            });
            line += memchr::memchr_iter(b'\n', &bytes[at..end]).count();
            if let Positions::Narrower { extra, .. } = &mut positions {
                *extra += continuing(&bytes[at..end]);
            }
            at = end;
        }
        parts
    }

    /// The bytes that are left.
    pub(crate) fn size(&self) -> usize {
        self.text.len() - self.at
    }

    /// Do the spans of rows stand for positions in the document?
    pub(crate) fn exact(&self) -> bool {
        !matches!(self.positions, Positions::Unknown)
    }

    /// Reads the next row that is not blank into `row`; false at the end.
    pub(crate) fn next(&mut self, row: &mut Cells) -> Result<bool, ReadError> {
        let bytes = self.text.as_bytes();
        // Blank lines, and the DOS end-of-file byte at the very end.
        loop {
            match bytes.get(self.at) {
                Some(b'\n') => self.line += 1,
                Some(b'\r') => {}
                Some(0x1A) if self.at >= self.tail => {
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
        let start = self.at;
        let mut at = start;
        loop {
            let mut cell = Cell {
                start: at,
                end: at,
                doubled: false,
            };
            if bytes.get(at..at + 4) == Some(b"-0- ") && bytes.get(at + 4) == Some(&self.delimiter) {
                // Half of OFAC's cells, whose way of saying nothing this is.
                at += 4;
                cell.end = at;
            } else if bytes.get(at) == Some(&b'"') {
                cell.start = at + 1;
                let newlines = quoted(bytes, &mut cell)
                    .ok_or_else(|| self.broken("a quoted cell that never closes, opened", self.line))?;
                self.line += newlines;
                at = cell.end + 1;
                // What stands between a closing quote and the next delimiter is no cell of RFC 4180. Blanks there are harmless.
                while bytes.get(at) == Some(&b' ') {
                    at += 1;
                }
                match bytes.get(at) {
                    None | Some(b'\r' | b'\n' | 0x1A) => {}
                    Some(&byte) if byte == self.delimiter => {}
                    Some(_) => return Err(self.broken("text after a closing quote", self.line)),
                }
            } else {
                at = scan::cell(bytes, at, self.delimiter);
                cell.end = at;
            }
            if cell.end - cell.start > CELL || row.found.len() >= COLUMNS {
                return Err(self.too_large(row.line));
            }
            row.found.push(cell);
            if bytes.get(at) != Some(&self.delimiter) {
                break;
            }
            at += 1;
        }
        row.span = match &mut self.positions {
            Positions::Same | Positions::Unknown => start..at,
            Positions::Narrower { mark, extra } => {
                let first = start + *mark - *extra;
                // Each character of several bytes was one byte.
                *extra += continuing(&bytes[start..at]);
                first..at + *mark - *extra
            }
        };
        self.at = at;
        self.read += 1;
        Ok(true)
    }

    /// A cell's text; empty where the row is too short.
    #[inline]
    pub(crate) fn text(&self, row: &Cells, column: usize) -> Cow<'_, str> {
        let Some(cell) = row.found.get(column) else {
            return Cow::Borrowed("");
        };
        let text = &self.text[cell.start..cell.end];
        if cell.doubled {
            single(text)
        } else {
            Cow::Borrowed(text)
        }
    }

    #[cold]
    fn too_large(&self, line: usize) -> ReadError {
        ReadError::Limit {
            document: self.document.to_owned(),
            what: format!(
                "line {} has a cell of more than {} bytes or more than {} columns",
                grouped(line as u64),
                grouped(CELL as u64),
                grouped(COLUMNS as u64)
            ),
            remedy: "No real list is like that; the file was not read".to_owned(),
        }
    }

    #[cold]
    fn broken(&self, what: &str, line: usize) -> ReadError {
        ReadError::Broken {
            document: self.document.to_owned(),
            what: what.to_owned(),
            position: format!("line {}", grouped(line as u64)),
            read: self.read,
        }
    }
}

/// Reads a table, a large one by several threads at once: `read` gets the rows of each part, and what it makes of them comes in the order
/// of the table. It may fail only where [`Rows::next`] does.
pub(crate) fn side_by_side<T: Send>(
    document: &Document<'_>,
    delimiter: u8,
    read: impl Fn(Rows<'_>) -> Result<T, ReadError> + Sync,
) -> Result<Vec<T>, ReadError> {
    let rows = Rows::open(document, delimiter)?;
    if rows.text.len() >= 2 * PART && rayon::current_num_threads() > 1 {
        let parts: Result<Vec<T>, ReadError> = rows.split(PART).into_par_iter().map(&read).collect();
        if parts.is_ok() {
            return parts;
        }
        // Broken, or cut inside a cell: from its beginning it says which, and where.
    }
    Ok(vec![read(rows)?])
}

/// Where a part of a table that begins with a row's first byte may end, after `about` bytes or more: behind a line end before which
/// quotes stand in pairs.
fn part_end(bytes: &[u8], start: usize, about: usize) -> usize {
    let quotes = |range: &[u8]| memchr::memchr_iter(b'"', range).count();
    let Some(mut at) = start.checked_add(about).filter(|&at| at < bytes.len()) else {
        return bytes.len();
    };
    let mut even = quotes(&bytes[start..at]).is_multiple_of(2);
    while let Some(line) = memchr::memchr(b'\n', &bytes[at..]) {
        let end = at + line + 1;
        even ^= !quotes(&bytes[at..end]).is_multiple_of(2);
        at = end;
        if even {
            return at;
        }
    }
    bytes.len()
}

/// How many bytes go on a character.
fn continuing(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&b| b & 0xC0 == 0x80).count()
}

/// A quoted cell's text with its doubled quotes as one each.
#[cold]
fn single(text: &str) -> Cow<'_, str> {
    Cow::Owned(text.replace("\"\"", "\""))
}

/// Finds the end of the quoted cell that begins at `cell.start`, and how many line ends are in it; `None` if it never closes.
#[inline]
fn quoted(bytes: &[u8], cell: &mut Cell) -> Option<usize> {
    let mut broken = false;
    let mut at = cell.start;
    loop {
        let (quote, newlines) = scan::quote(bytes, at);
        broken |= newlines;
        if quote >= bytes.len() {
            return None;
        }
        if bytes.get(quote + 1) != Some(&b'"') {
            cell.end = quote;
            break;
        }
        cell.doubled = true;
        at = quote + 2;
    }
    let lines = |cell: &[u8]| memchr::memchr_iter(b'\n', cell).count();
    Some(if broken { lines(&bytes[cell.start..cell.end]) } else { 0 })
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
    use proptest::collection::vec;
    use proptest::prelude::*;

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
        assert_eq!(table(b"\x1a\na\n\x1a \n\x1a\n").unwrap(), [vec!["\u{1a}"], vec!["a"]]);
        assert_eq!(table("\u{feff}é".as_bytes()).unwrap(), [vec!["é"]]);
    }

    #[test]
    fn places_are_those_of_the_document() {
        for bytes in [
            &b"\xE9,1\n22,\"\xE9\n\"\r\nx\x80\n"[..],
            "\u{feff}é,1\n22,\"é\n\"\r\nx€\n".as_bytes(),
        ] {
            let mut rows = Rows::open(&Document { name: "t.csv", bytes }, b',').unwrap();
            let (mut row, mut found) = (Cells::default(), Vec::new());
            while rows.next(&mut row).unwrap() {
                found.push((row.line, &bytes[row.span.clone()]));
            }
            let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [1, 2, 4]);
            assert!(found[0].1.ends_with(b",1") && found[1].1.starts_with(b"22,\"") && found[1].1.ends_with(b"\n\""));
            assert!(found[2].1.starts_with(b"x") && !found[2].1.contains(&b'\n'));
        }
    }

    #[test]
    fn rows_of_another_code_page_stand_where_they_stand_in_the_document() {
        for (bytes, spans) in [
            (&b"a\xE9,b\r\n\"\x80\n\x80\",c\n"[..], [(0, 4), (6, 13)]),
            (b"\xEF\xBB\xBFa\xE9\nb", [(3, 5), (6, 7)]),
            ("\u{feff}a\u{e9}\nb".as_bytes(), [(3, 6), (7, 8)]),
        ] {
            let mut rows = Rows::open(&Document { name: "t.csv", bytes }, b',').unwrap();
            assert!(rows.exact());
            let mut row = Cells::default();
            for (start, end) in spans {
                assert!(rows.next(&mut row).unwrap());
                assert_eq!(row.span, start..end, "{bytes:?}");
            }
            assert!(!rows.next(&mut row).unwrap());
        }
    }

    proptest! {
        #[test]
        fn cut_as_the_csv_crate_cuts(
            table in vec(vec("[a-c é\u{20ac}\u{1F600},;\"\n\r-]{0,40}", 1..6), 0..8),
            delimiter in prop_oneof![Just(b','), Just(b';'), Just(b'\t')],
            always in any::<bool>(),
            dos in any::<bool>(),
        ) {
            let mut writer = ::csv::WriterBuilder::new()
                .delimiter(delimiter)
                .flexible(true)
                .quote_style(if always { ::csv::QuoteStyle::Always } else { ::csv::QuoteStyle::Necessary })
                .terminator(if dos { ::csv::Terminator::CRLF } else { ::csv::Terminator::Any(b'\n') })
                .from_writer(Vec::new());
            for row in &table {
                writer.write_record(row).unwrap();
            }
            let bytes = writer.into_inner().unwrap();
            let theirs: Vec<Vec<String>> = ::csv::ReaderBuilder::new()
                .delimiter(delimiter)
                .flexible(true)
                .has_headers(false)
                .from_reader(&bytes[..])
                .records()
                .map(|row| row.unwrap().iter().map(str::to_owned).collect())
                .collect();
            let mut rows = Rows::open(&Document { name: "t.csv", bytes: &bytes }, delimiter).unwrap();
            let (mut row, mut ours) = (Cells::default(), Vec::new());
            while rows.next(&mut row).unwrap() {
                let line = text::line_of(&bytes, row.span.start);
                prop_assert_eq!(row.line, line);
                ours.push((0..row.len()).map(|i| rows.text(&row, i).into_owned()).collect::<Vec<_>>());
            }
            prop_assert_eq!(&ours, &theirs);
            prop_assert_eq!(ours, table);
        }

        #[test]
        fn parts_that_can_be_read_say_what_the_whole_says(
            table in vec(proptest::sample::select(vec![
                &b"\""[..], b"\"\"", b"\n", b"\r\n", b",", b"ab", b"\xE9", b"\x1a", b"\"a\nb\",", b"\"a\"\n", b" ", b"-0- ,",
            ]), 0..60),
            about in 1_usize..12,
        ) {
            let bytes = table.concat();
            let document = Document { name: "t.csv", bytes: &bytes };
            let read = |mut rows: Rows<'_>| -> Result<Vec<_>, ReadError> {
                let (mut row, mut out) = (Cells::default(), Vec::new());
                while rows.next(&mut row)? {
                    let cells: Vec<String> = (0..row.len()).map(|i| rows.text(&row, i).into_owned()).collect();
                    out.push((row.line, row.span.clone(), cells));
                }
                Ok(out)
            };
            let rows = Rows::open(&document, b',');
            prop_assume!(rows.is_ok());
            let rows = rows.unwrap();
            let parts: Result<Vec<_>, _> = rows.split(about).into_iter().map(read).collect();
            if let Ok(parts) = parts {
                prop_assert_eq!(parts.concat(), read(rows).unwrap());
            }
        }

        #[test]
        fn any_bytes_are_cut_or_refused(bytes in vec(any::<u8>(), 0..200)) {
            let _ = table(&bytes);
        }
    }

    #[test]
    fn broken_tables_say_where() {
        assert!(table(b"a\n\"b\nc\n").unwrap_err().contains("opened at line 2"));
        assert!(
            table(b"a\nb,\"c\n")
                .unwrap_err()
                .contains("opened at line 2; 1 whole records")
        );
        assert!(table(b"\"a\"b").unwrap_err().contains("text after a closing quote"));
        assert!(table(b"a\0").unwrap_err().contains("NUL"));
    }

    /// Cells of letters, blanks, quotes, delimiters and line ends; what is written into a table, quoted or not.
    fn written() -> impl proptest::strategy::Strategy<Value = (String, bool)> {
        use proptest::prelude::*;
        let cell = "([aé€ ,;\"\n\r\t]|-0-|\r\n){0,6}|[a-zé, ]{10,40}";
        (cell, any::<bool>()).prop_map(|(cell, quoted)| {
            let must = cell.contains([',', '"', '\n', '\r']);
            (cell, quoted || must)
        })
    }

    proptest::proptest! {
        /// The same rows as another reader of RFC 4180 finds, whatever the line ends and the encoding.
        #[test]
        fn as_the_csv_crate_reads(
            rows in proptest::collection::vec(proptest::collection::vec(written(), 1..6), 0..8),
            end in "\r\n|\n|\r",
            single in proptest::prelude::any::<bool>(),
        ) {
            let line = |cells: &Vec<(String, bool)>| {
                let cells = cells.iter().map(|(cell, quoted)| match quoted {
                    true => format!("\"{}\"", cell.replace('"', "\"\"")),
                    false => cell.clone(),
                });
                cells.collect::<Vec<_>>().join(",") + &end
            };
            let text: String = rows.iter().map(line).collect();
            let mut theirs = csv::ReaderBuilder::new();
            let theirs: Vec<Vec<String>> = theirs
                .has_headers(false)
                .flexible(true)
                .from_reader(text.as_bytes())
                .records()
                .map(|row| row.unwrap().iter().map(str::to_owned).collect())
                .collect();
            let bytes: Vec<u8> = if single {
                text.chars().map(|c| if c == '€' { 0x80 } else { c as u8 }).collect()
            } else {
                text.into_bytes()
            };
            proptest::prop_assert_eq!(table(&bytes).unwrap(), theirs);
        }
    }
}
