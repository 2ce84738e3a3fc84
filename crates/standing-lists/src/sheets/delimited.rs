//! Delimited text as a sheet, so that the CSV of a list is read by the same code as its workbook.
//!
//! A spreadsheet program that saved the text in a code page without the letters it needed has replaced them by question marks or
//! U+FFFD; what was lost cannot be read back, and the file is refused. Relies on [`crate::csv`] for rows and encodings.

use super::{CELL_LIMIT, Kind, Problem, Sheet};
use crate::csv::{Cells, Rows};
use crate::error::ReadError;
use crate::registry::Document;

/// Reads a table; row numbers are those of the lines on which they begin.
pub(crate) fn read_delimited(document: &Document<'_>, delimiter: u8) -> Result<Sheet, ReadError> {
    let mut rows = Rows::open(document, delimiter)?;
    let mut cells = Cells::default();
    let mut sheet = Sheet::new("");
    let mut lost: Option<usize> = None;
    let mut marks = Marks::default();
    while rows.next(&mut cells)? {
        sheet.begin_row(cells.line as u32 - 1);
        for column in 0..cells.len() {
            let text = rows.text(&cells, column);
            if lost.is_none() && text.contains(char::REPLACEMENT_CHARACTER) {
                lost = Some(cells.line);
            }
            marks.look(&text, cells.line);
            sheet.push(column as u32, Kind::Text, &text);
        }
        if sheet.cells.len() > CELL_LIMIT {
            return Err(Problem::Limit(format!("more than {CELL_LIMIT} cells")).into_error(document.name));
        }
    }
    sheet.end_row();
    let sign = lost.map(|line| format!("line {line} has the replacement character"));
    match sign.or_else(|| marks.told()) {
        Some(sign) => Err(ReadError::Inconsistent {
            document: document.name.to_owned(),
            what: format!("letters were lost when the file was saved in another encoding ({sign})"),
            remedy: "Get the file from its publisher again and do not save it with a spreadsheet program".into(),
        }),
        None => Ok(sheet),
    }
}

/// Cells in which question marks stand for every letter. A publisher may write one such cell; several are the work of a program that saved in a
/// code page without the letters.
#[derive(Default)]
struct Marks {
    cells: usize,
    first: usize,
}

impl Marks {
    fn look(&mut self, text: &str, line: usize) {
        let text = text.trim();
        let marks = text.bytes().filter(|&b| b == b'?').count();
        if marks >= 3 && text.chars().all(|c| matches!(c, '?' | ' ' | '-' | '.' | ',')) {
            self.cells += 1;
            if self.cells == 1 {
                self.first = line;
            }
        }
    }

    fn told(&self) -> Option<String> {
        (self.cells >= 3).then(|| {
            format!(
                "from line {} on, {} cells hold question marks for letters",
                self.first, self.cells
            )
        })
    }
}

/// The first lines of a table, for telling what it is.
pub(crate) fn peek_delimited(bytes: &[u8], delimiter: u8, lines: usize) -> Option<Sheet> {
    let mut end = 0;
    for _ in 0..lines {
        end += memchr::memchr(b'\n', bytes.get(end..)?).map_or(bytes.len() - end, |at| at + 1);
        if end > 64 << 10 {
            break;
        }
    }
    let bytes = bytes.get(..end.min(bytes.len()))?;
    let mut rows = Rows::open(&Document { name: "", bytes }, delimiter).ok()?;
    let mut cells = Cells::default();
    let mut sheet = Sheet::new("");
    // The last row may be cut within quotes.
    while let Ok(true) = rows.next(&mut cells) {
        sheet.begin_row(cells.line as u32 - 1);
        for column in 0..cells.len() {
            sheet.push(column as u32, Kind::Text, &rows.text(&cells, column));
        }
    }
    sheet.end_row();
    Some(sheet)
}
