//! XLSX workbooks (ECMA-376, transitional and strict).
//!
//! Of the package only four kinds of part are read: the workbook with its relations, the shared strings, the number formats of the
//! styles, and the sheets. Phonetic runs (Japanese readings of a text, `rPh`) are not part of a text. Sheets that are hidden are read
//! like the others, because a publisher's list does not become shorter by hiding it. What a sheet's cells say is read by [`cells`].

mod cells;

use std::io::{Cursor, Read};
use std::sync::Arc;

use zip::ZipArchive;

use super::numbers::{Epoch, builtin_is_date, code_is_date};
use super::tags::{Tags, Token, attribute, decode};
use super::{CELL_LIMIT, Problem, SHEET_LIMIT, Sheet, TEXT_LIMIT};

/// How much of a sheet is looked at to tell what it is.
const PEEK_SHEET: usize = 32 << 10;
/// How much of the shared strings is looked at first.
const PEEK_STRINGS: usize = 256 << 10;
/// How many sheets are looked at.
const PEEK_SHEETS: usize = 8;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// A part's text, how much of it is allowed and whether it was cut there.
struct Part {
    text: String,
    cut: bool,
}

struct Workbook<'a> {
    archive: Archive<'a>,
    /// Name and part of each sheet, in the order of the tabs.
    sheets: Vec<(String, String)>,
    strings: Option<String>,
    dates: Vec<bool>,
    epoch: Epoch,
    /// Bytes that may still be decompressed.
    left: usize,
}

/// The shared strings, one after the other, and where each begins and ends.
struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    fn range(&self, at: usize) -> Option<(u32, u32)> {
        let end = *self.ends.get(at)?;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        Some((start, end - start))
    }
}

/// Reads every sheet.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Problem> {
    let mut book = Workbook::open(bytes)?;
    let strings = match book.strings.clone() {
        Some(name) => read_strings(&book.part(&name, TEXT_LIMIT)?, &name)?,
        None => Strings {
            text: String::new(),
            ends: Vec::new(),
        },
    };
    let shared: Arc<str> = Arc::from(strings.text.as_str());
    let mut sheets = Vec::with_capacity(book.sheets.len());
    let mut cells = 0;
    for (name, part) in book.sheets.clone() {
        let text = book.part(&part, TEXT_LIMIT)?;
        let mut sheet = Sheet::sharing(name, Arc::clone(&shared));
        cells::read_sheet(&mut sheet, &text, &strings, &book)?;
        cells += sheet.cells.len();
        if cells > CELL_LIMIT {
            return Err(Problem::Limit(format!("more than {CELL_LIMIT} cells")));
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

/// Reads the beginning of the first sheets.
pub(super) fn peek(bytes: &[u8]) -> Result<Vec<Sheet>, Problem> {
    let mut book = Workbook::open(bytes)?;
    let mut texts = Vec::new();
    for (name, part) in book.sheets.iter().take(PEEK_SHEETS).cloned().collect::<Vec<_>>() {
        texts.push((name, book.part(&part, PEEK_SHEET)?));
    }
    for limit in [PEEK_STRINGS, TEXT_LIMIT] {
        let (strings, cut) = match book.strings.clone() {
            Some(name) => {
                let part = book.part(&name, limit)?;
                (read_strings(&part, &name)?, part.cut)
            }
            None => (
                Strings {
                    text: String::new(),
                    ends: Vec::new(),
                },
                false,
            ),
        };
        let shared: Arc<str> = Arc::from(strings.text.as_str());
        let mut sheets = Vec::new();
        let mut missing = false;
        for (name, text) in &texts {
            let mut sheet = Sheet::sharing(name.as_str(), Arc::clone(&shared));
            match cells::read_sheet(&mut sheet, text, &strings, &book) {
                Ok(()) => {}
                Err(_) if cut => missing = true,
                Err(problem) => return Err(problem),
            }
            sheets.push(sheet);
        }
        if !missing {
            return Ok(sheets);
        }
    }
    Err(Problem::broken("shared strings are missing", "xl/sharedStrings.xml"))
}

impl<'a> Workbook<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self, Problem> {
        let archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|e| Problem::broken(format!("the archive is broken ({e})"), format!("byte {}", bytes.len())))?;
        let mut names = archive.file_names().filter_map(Result::ok);
        if let Some(part) = names.find(|name| name.ends_with("vbaProject.bin")) {
            return Err(Problem::macros(&part));
        }
        drop(names);
        let mut book = Self {
            archive,
            sheets: Vec::new(),
            strings: None,
            dates: Vec::new(),
            epoch: Epoch::Of1900,
            left: TEXT_LIMIT,
        };
        let package = book.relations("_rels/.rels", "")?;
        let main = package
            .into_iter()
            .find(|(_, kind, _)| kind.ends_with("/officeDocument"))
            .map(|(_, _, target)| target)
            .ok_or_else(|| Problem::broken("no workbook in the package", "_rels/.rels"))?;
        let (folder, file) = main.rsplit_once('/').unwrap_or(("", &main));
        let relations = book.relations(&join(folder, &format!("_rels/{file}.rels")), folder)?;
        book.strings = relations
            .iter()
            .find(|(_, kind, _)| kind.ends_with("/sharedStrings"))
            .map(|(_, _, target)| target.clone());
        if let Some((_, _, styles)) = relations.iter().find(|(_, kind, _)| kind.ends_with("/styles")) {
            let part = book.part(styles, TEXT_LIMIT)?;
            book.dates = date_styles(&part.text).map_err(|what| Problem::broken(what, styles))?;
        }
        let part = book.part(&main, TEXT_LIMIT)?;
        book.read_workbook(&part.text, &relations)
            .map_err(|what| Problem::broken(what, &main))?;
        if book.sheets.len() > SHEET_LIMIT {
            return Err(Problem::Limit(format!("{} sheets", book.sheets.len())));
        }
        Ok(book)
    }

    fn read_workbook(&mut self, text: &str, relations: &[(String, String, String)]) -> Result<(), String> {
        let mut tags = Tags::new(text);
        let mut closed = false;
        while let Some(token) = tags.next()? {
            match token {
                Token::Open {
                    name: "workbookPr",
                    attributes,
                    ..
                } if attribute(attributes, "date1904").is_some_and(|v| v == "1" || v == "true") => {
                    self.epoch = Epoch::Of1904;
                }
                Token::Open {
                    name: "sheet",
                    attributes: text,
                    ..
                } => {
                    // `r:id`, not `sheetId`: the prefix is free, the local name is not.
                    let id = attribute(text, "id").ok_or("a sheet without relation")?;
                    let name = attribute(text, "name").unwrap_or_default().into_owned();
                    let relation = relations.iter().find(|(known, ..)| *known == *id);
                    let (_, kind, target) =
                        relation.ok_or_else(|| format!("the sheet \"{name}\" is missing from the file"))?;
                    // Charts and dialogs are sheets without cells.
                    if kind.ends_with("/worksheet") {
                        self.sheets.push((name, target.clone()));
                    }
                }
                Token::Close("workbook") => closed = true,
                _ => {}
            }
        }
        if closed {
            Ok(())
        } else {
            Err("it ends too early".into())
        }
    }

    /// Id, type and target of each relation of a part; targets as paths in the package.
    fn relations(&mut self, name: &str, folder: &str) -> Result<Vec<(String, String, String)>, Problem> {
        let part = self.part(name, TEXT_LIMIT)?;
        let mut tags = Tags::new(&part.text);
        let mut relations = Vec::new();
        while let Some(token) = tags.next().map_err(|what| Problem::broken(what, name))? {
            if let Token::Open {
                name: "Relationship",
                attributes: text,
                ..
            } = token
            {
                let get = |wanted| {
                    attribute(text, wanted)
                        .map(std::borrow::Cow::into_owned)
                        .unwrap_or_default()
                };
                if get("TargetMode") != "External" {
                    relations.push((get("Id"), get("Type"), join(folder, &get("Target"))));
                }
            }
        }
        Ok(relations)
    }

    /// Decompresses a part, at most `limit` bytes of it.
    fn part(&mut self, name: &str, limit: usize) -> Result<Part, Problem> {
        let file = self
            .archive
            .by_name(name)
            .map_err(|e| Problem::broken(format!("a part of the workbook is missing or broken ({e})"), name))?;
        if file.encrypted() {
            return Err(Problem::protected());
        }
        let allowed = limit.min(self.left);
        let mut bytes = Vec::with_capacity((file.size() as usize).min(allowed).min(16 << 20));
        file.take(allowed as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|e| Problem::broken(format!("a part of the workbook is broken ({e})"), name))?;
        let cut = bytes.len() > allowed;
        if cut && allowed < limit {
            return Err(Problem::Limit(format!(
                "more than {} megabytes decompressed",
                TEXT_LIMIT >> 20
            )));
        }
        if cut {
            if limit == TEXT_LIMIT {
                return Err(Problem::Limit(format!(
                    "{name} is longer than {} megabytes",
                    TEXT_LIMIT >> 20
                )));
            }
            bytes.truncate(allowed);
        } else if limit == TEXT_LIMIT {
            self.left -= bytes.len();
        }
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) if cut && error.utf8_error().error_len().is_none() => {
                let valid = error.utf8_error().valid_up_to();
                let mut bytes = error.into_bytes();
                bytes.truncate(valid);
                String::from_utf8(bytes).unwrap_or_default()
            }
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                return Err(Problem::broken("text that is not UTF-8", format!("{name}, byte {at}")));
            }
        };
        let text = match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_owned(),
            None => text,
        };
        Ok(Part { text, cut })
    }
}

fn join(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut steps: Vec<&str> = folder.split('/').filter(|s| !s.is_empty()).collect();
    for step in target.split('/') {
        match step {
            ".." => {
                steps.pop();
            }
            "." | "" => {}
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// For each cell format, whether it shows a date.
fn date_styles(text: &str) -> Result<Vec<bool>, &'static str> {
    let mut tags = Tags::new(text);
    let mut codes: Vec<(u32, bool)> = Vec::new();
    let mut styles = Vec::new();
    let mut inside = false;
    while let Some(token) = tags.next()? {
        match token {
            Token::Open {
                name: "numFmt",
                attributes,
                ..
            } => {
                let id = attribute(attributes, "numFmtId")
                    .and_then(|v| v.parse().ok())
                    .unwrap_or(0);
                let code = attribute(attributes, "formatCode").unwrap_or_default();
                codes.push((id, code_is_date(&code)));
            }
            Token::Open {
                name: "cellXfs", empty, ..
            } => inside = !empty,
            Token::Close("cellXfs") => inside = false,
            Token::Open {
                name: "xf", attributes, ..
            } if inside => {
                let id = attribute(attributes, "numFmtId")
                    .and_then(|v| v.parse().ok())
                    .unwrap_or(0);
                let own = codes.iter().find(|(known, _)| *known == id);
                styles.push(own.map_or_else(|| builtin_is_date(id), |&(_, is)| is));
            }
            _ => {}
        }
    }
    Ok(styles)
}

fn read_strings(part: &Part, name: &str) -> Result<Strings, Problem> {
    let mut tags = Tags::new(&part.text);
    let mut strings = Strings {
        text: String::with_capacity(part.text.len() / 2),
        ends: Vec::new(),
    };
    let (mut in_text, mut phonetic, mut closed) = (false, false, false);
    loop {
        let token = match tags.next() {
            Ok(Some(token)) => token,
            Ok(None) => break,
            Err(_) if part.cut => break,
            Err(what) => return Err(Problem::broken(what, format!("{name}, byte {}", tags.position()))),
        };
        match token {
            Token::Open { name: "t", empty, .. } => in_text = !empty && !phonetic,
            Token::Close("t") => in_text = false,
            Token::Open { name: "rPh", empty, .. } => phonetic = !empty,
            Token::Close("rPh") => phonetic = false,
            Token::Close("si")
            | Token::Open {
                name: "si",
                empty: true,
                ..
            } => strings.ends.push(strings.text.len() as u32),
            Token::Text(text) if in_text => push_text(&mut strings.text, text),
            Token::Close("sst")
            | Token::Open {
                name: "sst",
                empty: true,
                ..
            } => closed = true,
            _ => {}
        }
    }
    if !closed && !part.cut {
        return Err(Problem::broken(
            "it ends too early",
            format!("{name}, byte {}", part.text.len()),
        ));
    }
    Ok(strings)
}

/// Appends a text, its entities and its `_x000D_` escapes (ECMA-376 part 1, 22.9.2.19) decoded. Every line end becomes one line feed.
fn push_text(target: &mut String, text: &str) {
    if memchr::memchr3(b'&', b'\r', b'_', text.as_bytes()).is_none() {
        target.push_str(text);
        return;
    }
    let start = target.len();
    push_decoded(target, &decode(text));
    if target[start..].contains('\r') {
        let ends = target[start..]
            .split('\n')
            .map(|line| line.trim_end_matches('\r'))
            .collect::<Vec<_>>()
            .join("\n");
        target.truncate(start);
        target.push_str(&ends.replace('\r', "\n"));
    }
}

fn push_decoded(target: &mut String, text: &str) {
    let mut rest: &str = text;
    while let Some(at) = rest.find("_x") {
        let code = rest
            .get(at + 2..at + 6)
            .filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        let character = code
            .and_then(|code| u32::from_str_radix(code, 16).ok())
            .and_then(char::from_u32);
        if let Some(character) = character {
            target.push_str(&rest[..at]);
            target.push(character);
            rest = &rest[at + 7..];
        } else {
            target.push_str(&rest[..at + 2]);
            rest = &rest[at + 2..];
        }
    }
    target.push_str(rest);
}

#[cfg(test)]
mod tests;
