//! Plain tables that fit the terminal, right for wide and right-to-left scripts, coloured only on a terminal.

use std::io::IsTerminal;

use standing::model::State;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// No output is laid out for less.
const NARROWEST: usize = 32;

/// How wide and colourful the output may be.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Columns.
    pub width: usize,
    /// Whether to colour.
    pub colour: bool,
}

impl Look {
    /// Reads the terminal and the environment: `NO_COLOR`, `COLUMNS`.
    pub fn of_stdout() -> Self {
        let terminal = std::io::stdout().is_terminal();
        let plain = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        let columns = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
        let size = || if terminal { usize::from(terminal_columns()) } else { 110 };
        Self {
            width: columns.unwrap_or_else(size).clamp(NARROWEST, 160),
            colour: terminal && !plain,
        }
    }

    /// Text in a colour (an SGR parameter), on a terminal.
    pub fn paint(self, text: &str, sgr: &str) -> String {
        if self.colour && !text.is_empty() {
            format!("\u{1b}[{sgr}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// The two colours tell apart what binds and what does not; both are told apart without red and green.
pub fn state_colour(state: State) -> &'static str {
    match state {
        State::InForce => "38;5;166",
        State::Suspended | State::Uncertain => "38;5;137",
        State::Lifted | State::None => "38;5;31",
    }
}

/// Text from a source, safe to print: control characters and bidirectional controls become visible, and what is written from right
/// to left is isolated so that it cannot reorder what stands beside it.
pub fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut isolated = false;
    for c in text.chars() {
        isolated |= standing::model::Script::of_char(c).is_some_and(standing::model::Script::is_right_to_left);
        out.push_str(&visible(c));
    }
    if isolated {
        format!("\u{2068}{out}\u{2069}")
    } else {
        out
    }
}

/// One character of a source, safe to print.
pub fn visible(c: char) -> String {
    match c {
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{061c}' => {
            format!("<U+{:04X}>", c as u32)
        }
        c if c.is_control() => if c == '\n' || c == '\t' { " " } else { "\u{fffd}" }.to_owned(),
        c => c.to_string(),
    }
}

/// Cuts text to a display width, with an ellipsis.
pub fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut used = 0;
    let mut out = String::new();
    for c in text.chars() {
        let w = c.width().unwrap_or(0);
        if used + w + 1 > width {
            break;
        }
        used += w;
        out.push(c);
    }
    if out.contains('\u{2068}') {
        out.push('\u{2069}');
    }
    out.push('…');
    out
}

/// Pads text to a display width.
pub fn pad(text: &str, width: usize) -> String {
    let used = text.width();
    format!("{text}{}", " ".repeat(width.saturating_sub(used)))
}

/// Wraps words to a display width.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let Some(last) = lines.last_mut() else { break };
        if !last.is_empty() && last.width() + 1 + word.width() > width {
            lines.push(word.to_owned());
        } else {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    lines
}

/// Lines that are wider than the output go on beneath themselves, moved in a little.
pub fn folded(text: &str, look: Look) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        if line.width() <= look.width {
            out.push_str(line);
            out.push('\n');
            continue;
        }
        let indent = line.len() - line.trim_start_matches(' ').len();
        let room = look.width.saturating_sub(indent + 2).max(12);
        for (at, part) in wrap(line, room).iter().enumerate() {
            let more = if at == 0 { 0 } else { 2 };
            out.push_str(&format!("{}{part}\n", " ".repeat(indent + more)));
        }
    }
    out
}

/// How far paragraphs beneath a row are moved in.
const DETAIL: &str = "      ";

/// The cells of a row of a table, each with its style (an SGR parameter).
pub type Row<'a> = Vec<(String, &'a str)>;

/// A row and the paragraphs beneath it.
pub type DetailedRow<'a> = (Row<'a>, Vec<String>);

/// A table: headings, rows of cells, and how wide each column may become.
pub fn table(look: Look, headings: &[&str], rows: &[Row<'_>], limits: &[usize]) -> String {
    let rows: Vec<Line<'_>> = rows.iter().map(|cells| Line { cells, details: &[] }).collect();
    lay_out(look, headings, &rows, limits)
}

/// A table whose rows have paragraphs beneath them, over the whole width.
pub fn table_with_details(look: Look, headings: &[&str], rows: &[DetailedRow<'_>], limits: &[usize]) -> String {
    let rows: Vec<Line<'_>> = rows.iter().map(|(cells, details)| Line { cells, details }).collect();
    lay_out(look, headings, &rows, limits)
}

/// No column becomes narrower: a day is ten signs wide.
const AT_LEAST: usize = 12;
/// For as much room as this, if its cells need it, the other columns make way for the last one.
const LAST_AT_LEAST: usize = 24;

struct Line<'a> {
    cells: &'a [(String, &'a str)],
    details: &'a [String],
}

fn lay_out(look: Look, headings: &[&str], rows: &[Line<'_>], limits: &[usize]) -> String {
    let columns = headings.len();
    let mut widths: Vec<usize> = headings.iter().map(|h| h.width()).collect();
    for Line { cells: row, .. } in rows {
        for (at, (cell, _)) in row.iter().enumerate().take(columns) {
            widths[at] = widths[at].max(cell.width().min(limits[at]));
        }
    }
    if !fit(&mut widths, look.width) {
        return stack(look, headings, rows);
    }
    let mut out = String::new();
    let heading: Vec<String> = headings.iter().zip(&widths).map(|(h, w)| pad(h, *w)).collect();
    out.push_str(&format!("  {}\n", look.paint(heading.join("  ").trim_end(), "2")));
    for Line { cells: row, details } in rows {
        let cells: Vec<Vec<String>> = row
            .iter()
            .enumerate()
            .map(|(at, (cell, _))| {
                if at + 1 == columns {
                    wrap(cell, widths[at])
                } else {
                    wrap_cell(cell, widths[at])
                }
            })
            .collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(1);
        for line in 0..height {
            let mut text = String::from("  ");
            for (at, cell) in cells.iter().enumerate() {
                let part = cell.get(line).map_or("", String::as_str);
                let padded = if at + 1 == columns {
                    part.to_owned()
                } else {
                    pad(part, widths[at]) + "  "
                };
                text.push_str(&look.paint(&padded, row[at].1));
            }
            out.push_str(text.trim_end());
            out.push('\n');
        }
        details_beneath(look, details, &mut out);
    }
    out
}

fn details_beneath(look: Look, details: &[String], out: &mut String) {
    for detail in details {
        for line in wrap(detail, look.width - DETAIL.len()) {
            out.push_str(&format!("{DETAIL}{line}\n"));
        }
    }
}

/// Where no room is for columns side by side: each row as a paragraph, its first cell above the others, each with its heading.
fn stack(look: Look, headings: &[&str], rows: &[Line<'_>]) -> String {
    let widest = headings.iter().skip(1).map(|h| h.width()).max().unwrap_or(0);
    let indent = " ".repeat(4 + widest + 2);
    let mut out = String::new();
    for Line { cells, details } in rows {
        for (at, (heading, (cell, style))) in headings.iter().zip(*cells).enumerate() {
            let room = look.width.saturating_sub(if at == 0 { 2 } else { indent.len() });
            for (line_at, line) in wrap(cell, room).iter().filter(|l| !l.is_empty()).enumerate() {
                let before = match (at, line_at) {
                    (0, _) => "  ".to_owned(),
                    (_, 0) => format!("    {}", look.paint(&pad(heading, widest + 2), "2")),
                    _ => indent.clone(),
                };
                out.push_str(&format!("{before}{}\n", look.paint(line, style)));
            }
        }
        details_beneath(look, details, &mut out);
    }
    out
}

/// Narrows columns until the table fits: first the last one, then whichever is widest. What is left over is the last one's. `false` if
/// there is no room for all of them.
fn fit(widths: &mut [usize], width: usize) -> bool {
    let Some((last, others)) = widths.split_last_mut() else {
        return true;
    };
    let least = (*last).min(AT_LEAST);
    let room = |others: &[usize]| width.saturating_sub(others.iter().map(|w| w + 2).sum::<usize>() + 2);
    let wanted = (*last).min(LAST_AT_LEAST);
    while room(others) < wanted {
        match others.iter_mut().max().filter(|w| **w > AT_LEAST) {
            Some(widest) => *widest -= 1,
            None => break,
        }
    }
    *last = room(others).max(AT_LEAST);
    room(others) >= least
}

/// Lines of a cell; a word that is wider than its column is broken, not cut: an id without its end is none.
fn wrap_cell(cell: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in wrap(cell, width) {
        let mut part = String::new();
        let mut used = 0;
        for c in line.chars() {
            let w = c.width().unwrap_or(0);
            if used + w > width && !part.is_empty() {
                lines.push(std::mem::take(&mut part));
                used = 0;
            }
            used += w;
            part.push(c);
        }
        lines.push(part);
    }
    lines
}

/// The terminal's columns.
fn terminal_columns() -> u16 {
    console::Term::stdout()
        .size_checked()
        .map_or(100, |(_, columns)| columns)
}
