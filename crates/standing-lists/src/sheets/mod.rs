//! Tables in files: workbooks (XLSX, XLS), delimited text, HTML tables and DBF, all read into one shape.
//!
//! A [`Sheet`] is rows of cells with their text, and for each cell whether it was a number, a date or something else in the file.
//! Readers of lists work on sheets alone, so that the XLSX and the CSV of one list share their code. A date cell reads as
//! `2022-05-04`, a whole number without a point. Texts of a sheet lie in one string and cells point into it: a list of 19,000 rows
//! and 36 columns is a few megabytes. XLSX and XLS are read here and not by a general library because a list is read faster
//! without the layers that a spreadsheet program needs, and because every length in them is checked against a limit.

mod biff;
mod cfb;
pub(crate) mod columns;
mod dbf;
mod delimited;
mod html;
#[cfg(test)]
pub(crate) mod made;
mod numbers;
mod plain;
mod tags;
mod xlsx;

use std::cell::RefCell;
use std::sync::Arc;

use crate::error::ReadError;
use crate::registry::Document;

pub(crate) use dbf::{is_dbf, read_dbf};
pub(crate) use delimited::{peek_delimited, read_delimited};
pub(crate) use html::{Block, html_blocks, html_tables, is_html, page_text};

/// Text of a workbook's parts that is ever held: several times the largest list published as one.
const TEXT_LIMIT: usize = 256 << 20;
/// Cells in one workbook.
const CELL_LIMIT: usize = 20_000_000;
/// Columns of an XLSX sheet.
const COLUMN_LIMIT: u32 = 16_384;
/// Rows of an XLSX sheet.
const ROW_LIMIT: u32 = 1_048_576;
/// Sheets in one workbook.
const SHEET_LIMIT: usize = 1_000;

/// What a cell was in the file. Its text is there in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text.
    Text,
    /// A number.
    Number,
    /// A number shown as a date or time.
    Date,
    /// `TRUE` or `FALSE`.
    Truth,
    /// An error such as `#REF!`.
    Error,
}

#[derive(Debug, Clone, Copy)]
struct Cell {
    start: u32,
    length: u32,
    column: u16,
    kind: Kind,
    shared: bool,
}

/// A rectangle of merged cells, rows and columns counted from 0, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Merge {
    /// First row, first column.
    pub from: (u32, u32),
    /// Last row, last column.
    pub to: (u32, u32),
}

/// One table.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    /// Its name; empty where the container names none.
    pub name: String,
    /// Merged cells; only the first of each holds its text.
    pub merges: Vec<Merge>,
    shared: Arc<str>,
    own: String,
    cells: Vec<Cell>,
    /// The row's number from 0 and its first cell.
    rows: Vec<(u32, u32)>,
}

/// One row of a sheet that holds at least one cell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    sheet: &'a Sheet,
    cells: &'a [Cell],
    /// Its number as people count: from 1.
    pub number: u32,
}

impl Sheet {
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self::sharing(name, Arc::from(""))
    }

    fn sharing(name: impl Into<String>, shared: Arc<str>) -> Self {
        Self {
            name: name.into(),
            merges: Vec::new(),
            shared,
            own: String::new(),
            cells: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// Begins a row with this number, counted from 0.
    pub(crate) fn begin_row(&mut self, number: u32) {
        self.end_row();
        self.rows.push((number, self.cells.len() as u32));
    }

    /// A row without cells is no row.
    pub(crate) fn end_row(&mut self) {
        if self
            .rows
            .last()
            .is_some_and(|&(_, first)| first as usize == self.cells.len())
        {
            self.rows.pop();
        }
    }

    /// Adds a cell to the row begun last. A cell of white space alone is padding and is left out.
    pub(crate) fn push(&mut self, column: u32, kind: Kind, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        let start = self.own.len() as u32;
        self.own.push_str(text);
        self.cells.push(Cell {
            start,
            length: text.len() as u32,
            column: column as u16,
            kind,
            shared: false,
        });
    }

    fn push_shared(&mut self, column: u32, start: u32, length: u32) {
        self.cells.push(Cell {
            start,
            length,
            column: column as u16,
            kind: Kind::Text,
            shared: true,
        });
    }

    fn text(&self, cell: &Cell) -> &str {
        let source = if cell.shared { &*self.shared } else { &*self.own };
        &source[cell.start as usize..(cell.start + cell.length) as usize]
    }

    /// The rows that hold something, in order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.rows.len()).filter_map(|at| self.row(at))
    }

    /// The row at this place among those that hold something.
    pub(crate) fn row(&self, at: usize) -> Option<Row<'_>> {
        let &(number, first) = self.rows.get(at)?;
        let end = self
            .rows
            .get(at + 1)
            .map_or(self.cells.len(), |&(_, next)| next as usize);
        Some(Row {
            sheet: self,
            cells: &self.cells[first as usize..end],
            number: number + 1,
        })
    }

    /// How many rows hold something.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }
}

impl<'a> Row<'a> {
    /// Column from 0, text as written, and what it was.
    pub(crate) fn cells(self) -> impl Iterator<Item = (u32, &'a str, Kind)> {
        self.cells
            .iter()
            .map(move |cell| (u32::from(cell.column), self.sheet.text(cell), cell.kind))
    }

    /// The text in this column, trimmed; empty where there is none.
    pub(crate) fn get(self, column: u32) -> &'a str {
        self.cells
            .iter()
            .find(|cell| u32::from(cell.column) == column)
            .map_or("", |cell| self.sheet.text(cell).trim())
    }
}

/// The file begins like an XLSX workbook.
pub(crate) fn is_xlsx(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// The file begins like a compound file: an XLS workbook, or an XLSX behind a password.
pub(crate) fn is_compound(bytes: &[u8]) -> bool {
    bytes.starts_with(cfb::MAGIC)
}

/// Reads a workbook, XLSX or XLS by its content.
pub(crate) fn open(document: Document<'_>) -> Result<Vec<Sheet>, ReadError> {
    let problem = |problem: Problem| problem.into_error(document.name);
    if is_xlsx(document.bytes) {
        xlsx::read(document.bytes).map_err(problem)
    } else {
        biff::read(document.bytes).map_err(problem)
    }
}

/// The sheets' names and the beginning of each, from a bounded part of the file; `None` if it is no workbook that can be read.
/// It is for telling what a file is.
pub(crate) fn peek(bytes: &[u8]) -> Option<Vec<Sheet>> {
    let key = (bytes.as_ptr(), bytes.len());
    let known = LOOKED_AT.with_borrow(|looked| match looked {
        Looking::At((known, sheets)) if *known == key => Some(sheets.clone()),
        _ => None,
    });
    if let Some(sheets) = known {
        return sheets;
    }
    let sheets = if is_xlsx(bytes) {
        xlsx::peek(bytes).ok()
    } else if is_compound(bytes) {
        biff::read(bytes).ok()
    } else {
        return None;
    };
    LOOKED_AT.with_borrow_mut(|looked| {
        if !matches!(looked, Looking::Each) {
            *looked = Looking::At((key, sheets.clone()));
        }
    });
    sheets
}

/// A document by its place in memory, and what a look at it found.
type LookedAt = ((*const u8, usize), Option<Vec<Sheet>>);

/// What is remembered of looking at documents.
enum Looking {
    /// Nothing: each is opened for itself.
    Each,
    /// [`looking_once`] runs, and nothing was looked at so far.
    Once,
    /// [`looking_once`] runs, and this was looked at last.
    At(LookedAt),
}

thread_local! {
    static LOOKED_AT: RefCell<Looking> = const { RefCell::new(Looking::Each) };
}

/// Lets many formats look at one document without opening it anew for each: several have to see a workbook's sheets to know whether it
/// is theirs. The document is borrowed all the while, so that its place in memory stands for it; nothing is remembered afterwards.
pub(crate) fn looking_once<T>(_document: &[u8], look: impl FnOnce() -> T) -> T {
    struct Forget;
    impl Drop for Forget {
        fn drop(&mut self) {
            LOOKED_AT.set(Looking::Each);
        }
    }
    LOOKED_AT.set(Looking::Once);
    let _forget = Forget;
    look()
}

/// Why a file that is a workbook cannot be read as one, for the message about an unknown format.
pub(crate) fn obstacle(bytes: &[u8]) -> Option<String> {
    let problem = if is_xlsx(bytes) {
        xlsx::peek(bytes).err()?
    } else if is_compound(bytes) {
        biff::read(bytes).err()?
    } else {
        return None;
    };
    Some(problem.in_words())
}

/// What is wrong with a workbook, before it is known which document it is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Problem {
    /// Syntax or structure is broken.
    Broken { what: String, position: String },
    /// It is readable, but not by anyone without more.
    Refused { what: String, remedy: &'static str },
    /// Larger than any real list.
    Limit(String),
}

impl Problem {
    fn broken(what: impl Into<String>, position: impl Into<String>) -> Self {
        Self::Broken {
            what: what.into(),
            position: position.into(),
        }
    }

    fn protected() -> Self {
        Self::Refused {
            what: "the workbook is protected by a password".into(),
            remedy: "Open it with the password, save it without one and read that",
        }
    }

    fn macros(part: &str) -> Self {
        Self::Refused {
            what: format!("the workbook carries macros ({part})"),
            remedy: "No publisher sends a list with macros; if you trust it, save it as a workbook without macros and read that",
        }
    }

    fn in_words(&self) -> String {
        match self {
            Self::Broken { what, position } => format!("a workbook that cannot be read: {what} at {position}"),
            Self::Refused { what, remedy } => format!("{what}. {remedy}"),
            Self::Limit(what) => format!("a workbook beyond the limits: {what}"),
        }
    }

    fn into_error(self, document: &str) -> ReadError {
        let document = document.to_owned();
        match self {
            Self::Broken { what, position } => ReadError::Broken {
                document,
                what,
                position,
                read: 0,
            },
            Self::Refused { what, remedy } => ReadError::Inconsistent {
                document,
                what,
                remedy: remedy.into(),
            },
            Self::Limit(what) => ReadError::Limit {
                document,
                what,
                remedy: "No list is that large; get the file again".into(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_remembered_for_its_document_and_no_longer() {
        let name = |bytes: &[u8]| peek(bytes).map(|sheets| sheets[0].name.clone());
        let [one, two] = ["One", "Two"].map(|sheet| made::workbook(&[(sheet, &[&["a"]])]));
        let broken = &one[..one.len() - 9];
        looking_once(&one, || {
            for _ in 0..2 {
                assert_eq!(name(&one).as_deref(), Some("One"));
                assert_eq!(name(&one).as_deref(), Some("One"));
                assert_eq!(name(&two).as_deref(), Some("Two"));
                assert_eq!(name(broken), None);
                assert_eq!(name(broken), None);
                assert_eq!(name(b"no workbook"), None);
            }
            assert!(LOOKED_AT.with_borrow(|looked| matches!(looked, Looking::At(_))));
        });
        assert!(LOOKED_AT.with_borrow(|looked| matches!(looked, Looking::Each)));
        assert_eq!(name(&one).as_deref(), Some("One"));
        assert!(
            LOOKED_AT.with_borrow(|looked| matches!(looked, Looking::Each)),
            "outside of a search nothing is remembered"
        );
    }
}
