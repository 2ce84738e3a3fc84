//! A worksheet's cells, in the order of its rows: what each is by its tag, its style and the shared strings.

use super::super::numbers::{day_written, written};
use super::super::plain::plain_cell;
use super::super::tags::{Tags, Token, attribute, attributes, decode};
use super::super::{COLUMN_LIMIT, Kind, Merge, Problem, ROW_LIMIT, Sheet};
use super::{Part, Strings, Workbook, push_text};

/// `AB12` as column and row, both from 0.
fn reference(text: &str) -> Option<(u32, u32)> {
    let split = text.bytes().position(|b| b.is_ascii_digit())?;
    let mut column: u32 = 0;
    for letter in text.as_bytes().get(..split)? {
        if !letter.is_ascii_alphabetic() || column > COLUMN_LIMIT {
            return None;
        }
        column = column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1;
    }
    let row: u32 = text[split..].parse().ok()?;
    (1..=COLUMN_LIMIT).contains(&column).then_some(())?;
    (1..=ROW_LIMIT).contains(&row).then_some((column - 1, row - 1))
}

/// A cell as its tag announces it.
#[derive(Clone, Copy, Default)]
struct Announced<'a> {
    column: u32,
    style: usize,
    kind: &'a str,
}

pub(super) fn read_sheet(
    sheet: &mut Sheet,
    part: &Part,
    strings: &Strings,
    book: &Workbook<'_>,
) -> Result<(), Problem> {
    let mut tags = Tags::new(&part.text);
    let place = |sheet: &Sheet, row: u32| format!("sheet \"{}\", row {}", sheet.name, row + 1);
    let mut row: u32 = 0;
    let mut next_row: u32 = 0;
    let mut next_column: u32 = 0;
    let mut cell = Announced::default();
    let mut value = String::new();
    let (mut in_cell, mut in_value, mut phonetic, mut closed) = (false, false, false, false);
    loop {
        if !phonetic && let Some((plain, length)) = plain_cell(tags.rest()) {
            tags.skip(length);
            (in_cell, in_value) = (false, false);
            cell = Announced {
                column: plain.column.unwrap_or(next_column),
                style: plain.style,
                kind: if plain.shared { "s" } else { "n" },
            };
            next_column = cell.column + 1;
            value.clear();
            if !plain.value.is_empty() {
                push_cell(sheet, cell, plain.value, strings, book)
                    .map_err(|what| Problem::broken(what, place(sheet, row)))?;
            }
            continue;
        }
        let token = match tags.next() {
            Ok(Some(token)) => token,
            Ok(None) => break,
            Err(_) if part.cut => break,
            Err(what) => return Err(Problem::broken(what, place(sheet, row))),
        };
        match token {
            Token::Text(text) if in_value && !phonetic => {
                if cell.kind == "inlineStr" || cell.kind == "str" {
                    push_text(&mut value, text);
                } else {
                    value.push_str(text);
                }
            }
            Token::Open {
                name: "c",
                attributes: text,
                empty,
            } => {
                cell = Announced {
                    column: next_column,
                    style: 0,
                    kind: "n",
                };
                for (name, value) in attributes(text) {
                    match name {
                        "r" => {
                            (cell.column, _) = reference(value)
                                .ok_or_else(|| Problem::broken(format!("a cell at \"{value}\""), place(sheet, row)))?;
                        }
                        "s" => cell.style = value.parse().unwrap_or(0),
                        "t" => cell.kind = value,
                        _ => {}
                    }
                }
                next_column = cell.column + 1;
                value.clear();
                in_cell = !empty;
            }
            Token::Open {
                name: "v" | "t", empty, ..
            } => in_value = in_cell && !empty,
            Token::Close("v" | "t") => in_value = false,
            Token::Close("c") => {
                in_cell = false;
                if !value.is_empty() {
                    push_cell(sheet, cell, &value, strings, book)
                        .map_err(|what| Problem::broken(what, place(sheet, row)))?;
                }
            }
            Token::Open { name: "rPh", empty, .. } => phonetic = !empty,
            Token::Close("rPh") => phonetic = false,
            Token::Open {
                name: "row",
                attributes: text,
                ..
            } => {
                row = match attributes(text).find(|&(name, _)| name == "r") {
                    Some((_, number)) => number
                        .parse::<u32>()
                        .ok()
                        .filter(|n| (1..=ROW_LIMIT).contains(n))
                        .map(|n| n - 1),
                    None => Some(next_row).filter(|n| *n < ROW_LIMIT),
                }
                .ok_or_else(|| Problem::broken("a row with an impossible number", place(sheet, next_row)))?;
                next_row = row + 1;
                next_column = 0;
                sheet.begin_row(row);
            }
            Token::Open {
                name: "mergeCell",
                attributes,
                ..
            } => {
                let range = attribute(attributes, "ref").unwrap_or_default();
                let (from, to) = range.split_once(':').unwrap_or((&range, &range));
                if let (Some((c1, r1)), Some((c2, r2))) = (reference(from), reference(to)) {
                    sheet.merges.push(Merge {
                        from: (r1, c1),
                        to: (r2, c2),
                    });
                }
            }
            Token::Close("worksheet") => closed = true,
            _ => {}
        }
    }
    sheet.end_row();
    if !closed && !part.cut {
        return Err(Problem::broken("the sheet ends too early", place(sheet, row)));
    }
    Ok(())
}

/// A whole number as [`written`] writes it too, and small enough to be the same as a floating-point number.
fn is_whole(value: &str) -> bool {
    match value.as_bytes() {
        b"0" => true,
        [b'1'..=b'9', rest @ ..] => rest.len() < 15 && rest.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

fn push_cell(
    sheet: &mut Sheet,
    cell: Announced<'_>,
    value: &str,
    strings: &Strings,
    book: &Workbook<'_>,
) -> Result<(), String> {
    if sheet.rows.is_empty() {
        return Err("a cell outside of rows".into());
    }
    match cell.kind {
        "s" => {
            let at = value
                .trim()
                .parse()
                .map_err(|_| format!("a shared string numbered \"{value}\""))?;
            let (start, length) = strings
                .range(at)
                .ok_or_else(|| format!("a shared string {at} that does not exist"))?;
            let text = &strings.text[start as usize..(start + length) as usize];
            // Nearly every text begins with a letter, which is no white space.
            if matches!(text.as_bytes(), [0x21..=0x7E, ..]) || !text.trim().is_empty() {
                sheet.push_shared(cell.column, start, length);
            }
        }
        "b" => sheet.push(
            cell.column,
            Kind::Truth,
            if value.trim() == "1" { "TRUE" } else { "FALSE" },
        ),
        "e" => sheet.push(cell.column, Kind::Error, &decode(value)),
        "inlineStr" | "str" => sheet.push(cell.column, Kind::Text, value),
        // ISO 8601, as some programs write dates.
        "d" => sheet.push(
            cell.column,
            Kind::Date,
            value.trim().strip_suffix("T00:00:00").unwrap_or(value.trim()),
        ),
        _ => {
            let shown = book.dates.get(cell.style).copied().unwrap_or(false);
            if !shown && is_whole(value) {
                sheet.push(cell.column, Kind::Number, value);
                return Ok(());
            }
            let number: f64 = value.trim().parse().map_err(|_| format!("a number \"{value}\""))?;
            match shown.then(|| day_written(number, book.epoch)).flatten() {
                Some(day) => sheet.push(cell.column, Kind::Date, &day),
                None => sheet.push(cell.column, Kind::Number, &written(number)),
            }
        }
    }
    Ok(())
}
