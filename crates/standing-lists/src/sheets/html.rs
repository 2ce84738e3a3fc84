//! HTML pages as what a list needs of them: tables, items of lists, headings and paragraphs, in the page's order.
//!
//! No page is believed to be well formed: a tag that opens a block ends the one before, what is never closed ends with the page, and
//! scripts and styles are passed over. A cell that spans rows stands in each of them, because that is how the Russian federal list
//! gives one court's decision for many organisations. Source of the rules: the HTML standard, as far as lists use it.

mod references;

use std::borrow::Cow;

use super::{CELL_LIMIT, Kind, Problem, Sheet, TEXT_LIMIT};
use crate::error::ReadError;
use crate::registry::Document;
use crate::text::windows_1252;
use references::decode;

/// The widest span of a cell that is honoured.
const SPAN: u32 = 1_000;

/// A part of a page, in its order.
#[derive(Debug, Clone)]
pub(crate) enum Block {
    /// An element's `id` attribute, where the element begins.
    Anchor(String),
    /// The text of a heading (`h1` to `h6`), list item (`li`) or any other block, and the element's name.
    Text(String, String),
    /// A table.
    Table(Sheet),
}

/// The upper half of Windows code page 1251 below the letters А to я (WHATWG Encoding Standard, index windows-1251).
const CP1251: [char; 64] = [
    'Ђ', 'Ѓ', '‚', 'ѓ', '„', '…', '†', '‡', '€', '‰', 'Љ', '‹', 'Њ', 'Ќ', 'Ћ', 'Џ', 'ђ', '‘', '’', '“', '”', '•', '–',
    '—', '\u{98}', '™', 'љ', '›', 'њ', 'ќ', 'ћ', 'џ', '\u{a0}', 'Ў', 'ў', 'Ј', '¤', 'Ґ', '¦', '§', 'Ё', '©', 'Є', '«',
    '¬', '\u{ad}', '®', 'Ї', '°', '±', 'І', 'і', 'ґ', 'µ', '¶', '·', 'ё', '№', 'є', '»', 'ј', 'Ѕ', 'ѕ', 'ї',
];

/// The text of a page: UTF-8, or the Windows code page that its head names.
pub(crate) fn page_text(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let head = bytes[..bytes.len().min(4096)].to_ascii_lowercase();
    if memchr::memmem::find(&head, b"windows-1251").is_some() || memchr::memmem::find(&head, b"cp1251").is_some() {
        let letter = |&byte: &u8| match byte {
            0..=0x7F => char::from(byte),
            0x80..=0xBF => CP1251[usize::from(byte) - 0x80],
            _ => char::from_u32(0x0410 + u32::from(byte) - 0xC0).unwrap_or(char::REPLACEMENT_CHARACTER),
        };
        return Cow::Owned(bytes.iter().map(letter).collect());
    }
    windows_1252(bytes)
}

/// Is this an HTML page, by its first bytes?
pub(crate) fn is_html(bytes: &[u8]) -> bool {
    let head = bytes[..bytes.len().min(2048)].to_ascii_lowercase();
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&head).trim_ascii_start();
    head.starts_with(b"<")
        && !head.starts_with(b"<?xml")
        && [&b"<html"[..], b"<!doctype html", b"<table", b"<div", b"<body"]
            .iter()
            .any(|tag| memchr::memmem::find(head, tag).is_some())
}

/// The tables of a page, in order.
pub(crate) fn html_tables(document: Document<'_>) -> Result<Vec<Sheet>, ReadError> {
    let blocks = html_blocks(document)?;
    Ok(blocks
        .into_iter()
        .filter_map(|block| match block {
            Block::Table(sheet) => Some(sheet),
            Block::Anchor(_) | Block::Text(..) => None,
        })
        .collect())
}

/// The blocks of a page, in order.
pub(crate) fn html_blocks(document: Document<'_>) -> Result<Vec<Block>, ReadError> {
    let text = page_text(document.bytes);
    let mut page = Page::default();
    let mut rest: &str = &text;
    while !rest.is_empty() {
        let Some(at) = rest.find('<') else {
            page.text(rest);
            break;
        };
        page.text(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("<!--") {
            rest = after.find("-->").map_or("", |end| &after[end + 3..]);
            continue;
        }
        let second = rest.as_bytes().get(1).copied().unwrap_or(b' ');
        if !second.is_ascii_alphabetic() && !matches!(second, b'/' | b'!' | b'?') {
            page.text("<");
            rest = &rest[1..];
            continue;
        }
        let end = tag_end(rest).unwrap_or(rest.len());
        let tag = &rest[1..end];
        rest = rest.get(end + 1..).unwrap_or("");
        let (closing, tag) = match tag.strip_prefix('/') {
            Some(tag) => (true, tag),
            None => (false, tag),
        };
        let split = tag.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(tag.len());
        let name = tag[..split].to_ascii_lowercase();
        if closing {
            page.close(&name);
            continue;
        }
        if matches!(name.as_str(), "script" | "style" | "noscript" | "template") {
            rest = skip_to_end(rest, &name);
            continue;
        }
        page.open(&name, &tag[split..])
            .map_err(|problem| problem.into_error(document.name))?;
    }
    page.finish();
    Ok(page.blocks)
}

fn tag_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'>' => return Some(at),
            // A quote opens a value only behind an equals sign; elsewhere it is a mistake.
            b'"' | b'\'' if bytes[at - 1] == b'=' => at += memchr::memchr(byte, &bytes[at + 1..])? + 2,
            _ => at += 1,
        }
    }
    None
}

/// Behind the end tag of this name, or the end of the page.
fn skip_to_end<'a>(text: &'a str, name: &str) -> &'a str {
    let mut from = 0;
    while let Some(at) = text[from..].find("</") {
        let start = from + at;
        let candidate = text.as_bytes().get(start + 2..start + 2 + name.len()).unwrap_or(&[]);
        if candidate.eq_ignore_ascii_case(name.as_bytes()) {
            return text[start..].find('>').map_or("", |end| &text[start + end + 1..]);
        }
        from = start + 2;
    }
    ""
}

/// An attribute's value, decoded.
fn attribute(text: &str, wanted: &str) -> Option<String> {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let end = rest.find(|c: char| c.is_whitespace() || c == '=')?;
        let name = &rest[..end];
        let after = rest[end..].trim_start();
        let Some(value) = after.strip_prefix('=') else {
            rest = &rest[end..];
            continue;
        };
        let value = value.trim_start();
        let (value, next) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inner = &value[1..];
                let close = inner.find(quote).unwrap_or(inner.len());
                (&inner[..close], inner.get(close + 1..).unwrap_or(""))
            }
            _ => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        if name.eq_ignore_ascii_case(wanted) {
            return Some(decode(value).into_owned());
        }
        rest = next;
    }
}

/// A table being built.
struct Table {
    sheet: Sheet,
    row: u32,
    column: u32,
    in_row: bool,
    /// The open cell's text and how many rows and columns it spans.
    cell: Option<(String, u32, u32)>,
    /// Cells from rows above that reach down: column, rows left, text.
    reaching: Vec<(u32, u32, String)>,
}

#[derive(Default)]
struct Page {
    blocks: Vec<Block>,
    tables: Vec<Table>,
    /// The open block's element and text.
    block: (String, String),
    cells: usize,
    held: usize,
}

impl Page {
    fn target(&mut self) -> &mut String {
        match self.tables.last_mut().and_then(|table| table.cell.as_mut()) {
            Some((text, ..)) => text,
            None => &mut self.block.1,
        }
    }

    fn text(&mut self, text: &str) {
        if !text.is_empty() {
            let decoded = decode(text);
            self.target().push_str(&decoded);
        }
    }

    /// Ends the open block outside of tables.
    fn end_block(&mut self) {
        let text = plain(&self.block.1);
        self.block.1.clear();
        if !text.is_empty() {
            self.blocks.push(Block::Text(self.block.0.clone(), text));
        }
        self.block.0.clear();
    }

    fn open(&mut self, name: &str, attributes: &str) -> Result<(), Problem> {
        if self.tables.is_empty()
            && let Some(id) = attribute(attributes, "id")
        {
            self.end_block();
            self.blocks.push(Block::Anchor(id));
        }
        match name {
            "table" => {
                if self.tables.is_empty() {
                    self.end_block();
                }
                self.tables.push(Table {
                    sheet: Sheet::new(""),
                    row: 0,
                    column: 0,
                    in_row: false,
                    cell: None,
                    reaching: Vec::new(),
                });
            }
            "tr" => {
                self.end_row()?;
                if let Some(table) = self.tables.last_mut() {
                    table.in_row = true;
                    table.column = 0;
                    let row = table.row;
                    table.sheet.begin_row(row);
                }
            }
            "td" | "th" => {
                self.end_cell()?;
                let span = |wanted| {
                    attribute(attributes, wanted)
                        .and_then(|v| v.trim().parse().ok())
                        .unwrap_or(1)
                        .clamp(1, SPAN)
                };
                if let Some(table) = self.tables.last_mut() {
                    if !table.in_row {
                        table.in_row = true;
                        table.column = 0;
                        let row = table.row;
                        table.sheet.begin_row(row);
                    }
                    table.cell = Some((String::new(), span("rowspan"), span("colspan")));
                }
            }
            "br" => self.target().push('\n'),
            _ if is_block(name) => {
                if self.tables.is_empty() {
                    self.end_block();
                    name.clone_into(&mut self.block.0);
                } else {
                    self.target().push('\n');
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &str) {
        match name {
            "table" => self.end_table(),
            "tr" => {
                let _ = self.end_row();
            }
            "td" | "th" => {
                let _ = self.end_cell();
            }
            _ if is_block(name) && self.tables.is_empty() => self.end_block(),
            _ if is_block(name) => self.target().push('\n'),
            _ => {}
        }
    }

    fn end_cell(&mut self) -> Result<(), Problem> {
        let Some(table) = self.tables.last_mut() else {
            return Ok(());
        };
        let Some((text, rows, columns)) = table.cell.take() else {
            return Ok(());
        };
        let text = plain(&text);
        Self::reach(table, &mut self.cells, &mut self.held);
        self.cells += 1;
        self.held += text.len();
        table.sheet.push(table.column, Kind::Text, &text);
        if rows > 1 && !text.is_empty() {
            table.reaching.push((table.column, rows - 1, text));
        } else if rows > 1 {
            table.reaching.push((table.column, rows - 1, String::new()));
        }
        table.column += columns;
        if self.cells > CELL_LIMIT || self.held > TEXT_LIMIT || table.column > super::COLUMN_LIMIT {
            return Err(Problem::Limit("a table with more cells or text than any list".into()));
        }
        Ok(())
    }

    /// Writes the cells that reach down from rows above into the columns at which the row stands.
    fn reach(table: &mut Table, cells: &mut usize, held: &mut usize) {
        while let Some(at) = table
            .reaching
            .iter()
            .position(|(column, left, _)| *column == table.column && *left > 0)
        {
            let (column, left, text) = &mut table.reaching[at];
            *left -= 1;
            *cells += 1;
            *held += text.len();
            table.sheet.push(*column, Kind::Text, text);
            table.column += 1;
            if *left == 0 {
                table.reaching.swap_remove(at);
            }
        }
    }

    fn end_row(&mut self) -> Result<(), Problem> {
        self.end_cell()?;
        let Some(table) = self.tables.last_mut() else {
            return Ok(());
        };
        if !table.in_row {
            return Ok(());
        }
        // What reaches down behind the last cell of this row.
        let mut behind: Vec<usize> = (0..table.reaching.len())
            .filter(|&at| table.reaching[at].0 >= table.column)
            .collect();
        behind.sort_by_key(|&at| table.reaching[at].0);
        for at in behind {
            let (column, left, text) = &mut table.reaching[at];
            *left -= 1;
            self.cells += 1;
            self.held += text.len();
            table.sheet.push(*column, Kind::Text, text);
        }
        table.reaching.retain(|(_, left, _)| *left > 0);
        table.in_row = false;
        table.row += 1;
        if self.cells > CELL_LIMIT || self.held > TEXT_LIMIT {
            return Err(Problem::Limit("a table with more cells or text than any list".into()));
        }
        Ok(())
    }

    fn end_table(&mut self) {
        let _ = self.end_row();
        let Some(mut table) = self.tables.pop() else { return };
        table.sheet.end_row();
        if table.sheet.len() > 0 {
            self.blocks.push(Block::Table(table.sheet));
        }
    }

    fn finish(&mut self) {
        while !self.tables.is_empty() {
            self.end_table();
        }
        self.end_block();
    }
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "li"
            | "ul"
            | "ol"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "main"
            | "nav"
            | "aside"
            | "dl"
            | "dt"
            | "dd"
            | "blockquote"
            | "pre"
            | "form"
            | "body"
            | "html"
            | "head"
            | "title"
            | "caption"
            | "thead"
            | "tbody"
            | "figure"
            | "details"
            | "summary"
            | "hr"
    )
}

/// Runs of white space as one blank; the line breaks of `br` stay.
fn plain(text: &str) -> String {
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    lines.join("\n").trim().split("\n\n\n").collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(page: &str) -> Vec<Vec<Vec<String>>> {
        let document = Document {
            name: "t.html",
            bytes: page.as_bytes(),
        };
        let read = |sheet: Sheet| {
            sheet
                .rows()
                .map(|r| r.cells().map(|(_, t, _)| t.to_owned()).collect())
                .collect()
        };
        html_tables(document).unwrap().into_iter().map(read).collect()
    }

    #[test]
    fn a_cell_that_spans_rows_stands_in_each() {
        let page = "<table><tr><th>No<th>Name<th>Court</tr>\
            <tr><td>1</td><td>&laquo;A&raquo;</td><td rowspan=2>Court,<br>14.02.2003</td></tr>\
            <tr><td>2</td><td>B</td></tr><tr><td>3<td>C<td>Other</table>";
        let rows = &tables(page)[0];
        assert_eq!(rows[1], ["1", "«A»", "Court,\n14.02.2003"]);
        assert_eq!(rows[2], ["2", "B", "Court,\n14.02.2003"]);
        assert_eq!(rows[3], ["3", "C", "Other"]);
    }

    #[test]
    fn one_table_each() {
        assert_eq!(
            tables("<table><tr><td>1</table><script><table></script><table><tr><td>2</td></tr></table>").len(),
            2
        );
    }

    #[test]
    fn blocks_stand_in_order() {
        let page = "<h4>Head</h4><div id='x'><ol><li>1. A &amp; B;<li>2. C</ol>text<!-- no --></div>";
        let document = Document {
            name: "t.html",
            bytes: page.as_bytes(),
        };
        let blocks: Vec<String> = html_blocks(document)
            .unwrap()
            .into_iter()
            .map(|block| match block {
                Block::Anchor(id) => format!("#{id}"),
                Block::Text(tag, text) => format!("{tag}:{text}"),
                Block::Table(_) => "table".into(),
            })
            .collect();
        assert_eq!(blocks, ["h4:Head", "#x", "li:1. A & B;", "li:2. C", ":text"]);
    }

    #[test]
    fn windows_1251() {
        let bytes = b"<meta charset=windows-1251>\xC0\xFF\xA8\xB9";
        assert!(page_text(bytes).ends_with("АяЁ№"));
    }
}
