//! What readers of tables share: numbered values in one cell, values that repeat from row to row, references to UN entries.

use standing_model::{Name, NameKind, PartKind, PartialDate, Record, Snapshot, Text};

use crate::error::ReadError;
use crate::registry::Document;
use crate::sheets::Sheet;
use crate::sheets::columns::{Column, Columns, heading_row};

/// The values of a cell that numbers them, `(1) Sudan (2) Mali`, `1) Sudan 2) Mali` or `a) Sudan b) Mali`; else the cell as it is.
pub(super) fn numbered(text: &str) -> Vec<&str> {
    let text = text.trim();
    if text.is_empty() {
        return Vec::new();
    }
    // Most cells hold one value and do not begin as a marker does.
    let sign = text.strip_prefix('(').unwrap_or(text);
    if !sign.starts_with("1)") && !sign.starts_with("a)") {
        return vec![text];
    }
    for first in ['1', 'a'] {
        let Some((start, mut from)) = marker(text, 0, first).filter(|(start, _)| *start == 0) else {
            continue;
        };
        debug_assert_eq!(start, 0);
        let mut values = Vec::new();
        let mut next = 2;
        loop {
            let wanted = if first == '1' { next } else { 0 };
            let found = if first == '1' {
                marker_number(text, from, wanted)
            } else {
                char::from_u32(u32::from('a') + next - 1).and_then(|letter| marker(text, from, letter))
            };
            if let Some((at, after)) = found {
                values.push(text[from..at].trim());
                from = after;
                next += 1;
            } else {
                values.push(text[from..].trim());
                break;
            }
        }
        values.retain(|value| !value.is_empty());
        return values;
    }
    vec![text]
}

fn marker(text: &str, from: usize, sign: char) -> Option<(usize, usize)> {
    find_marker(text, from, &format!("{sign})"))
}

fn marker_number(text: &str, from: usize, number: u32) -> Option<(usize, usize)> {
    find_marker(text, from, &format!("{number})"))
}

/// Where a marker begins, with its opening bracket, and where its value begins. A marker stands at the beginning or behind white space,
/// so that `(Decree 2)` is none.
fn find_marker(text: &str, from: usize, sign: &str) -> Option<(usize, usize)> {
    let mut at = from;
    while let Some(found) = text[at..].find(sign) {
        let start = at + found;
        let open = text[..start].ends_with('(');
        let begin = if open { start - 1 } else { start };
        let before = text[..begin].chars().next_back();
        if begin >= from && before.is_none_or(|c| c.is_whitespace() || matches!(c, ';' | ',' | '.')) {
            return Some((begin, start + sign.len()));
        }
        at = start + sign.len();
    }
    None
}

/// Adds a value that is not there yet.
pub(super) fn add<T: PartialEq>(values: &mut Vec<T>, value: T) {
    if !values.contains(&value) {
        values.push(value);
    }
}

/// Keeps a value under its heading once.
pub(super) fn keep_once(record: &mut Record, heading: &str, value: &str) {
    if !value.is_empty() && !record.kept.iter().any(|(h, v)| v == value && h == heading) {
        record.kept.push((heading.into(), value.into()));
    }
}

/// A name of parts, in reading order, those that are filled.
pub(super) fn name_of(kind: NameKind, parts: &[(PartKind, &str)]) -> Option<Name> {
    let parts: Vec<(PartKind, Text)> = parts
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(kind, text)| (*kind, crate::note::spaced(text)))
        .collect();
    if parts.is_empty() {
        return None;
    }
    let mut name = Name::new(kind, crate::note::joined(&parts));
    if parts.len() > 1 {
        name.parts = parts;
    }
    Some(name)
}

/// The reference of a UN entry at the beginning of a text, in the form in which the UN list writes it: `CDi. 038` is `CDi.038`,
/// `QDE.131` is `QDe.131`. What else stands there is no reference.
pub(super) fn un_reference(text: &str) -> Option<String> {
    let bytes = text.trim_start().as_bytes();
    let [a, b, kind, rest @ ..] = bytes else { return None };
    if !a.is_ascii_alphabetic() || !b.is_ascii_alphabetic() || !matches!(kind, b'i' | b'e' | b'I' | b'E') {
        return None;
    }
    let rest = rest.strip_prefix(b".").unwrap_or(rest).trim_ascii_start();
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    if digits != 3 {
        return None;
    }
    let number = std::str::from_utf8(&rest[..3]).ok()?;
    Some(format!(
        "{}{}{}.{number}",
        char::from(a.to_ascii_uppercase()),
        char::from(b.to_ascii_uppercase()),
        char::from(kind.to_ascii_lowercase())
    ))
}

/// Finds a layout's headings in a sheet, or refuses the file and names what does not fit.
pub(super) fn columns(
    document: &Document<'_>,
    sheet: &Sheet,
    layout: &'static [Column],
    within: usize,
) -> Result<(Columns, usize), ReadError> {
    let refuse = |what: String| ReadError::Inconsistent {
        document: document.name.to_owned(),
        what,
        remedy: "Get the file from its publisher again; if the publisher changed the layout, it cannot be read yet"
            .to_owned(),
    };
    let place = if sheet.name.is_empty() {
        String::new()
    } else {
        format!("sheet \"{}\": ", sheet.name)
    };
    let at =
        heading_row(sheet, layout, within).ok_or_else(|| refuse(format!("{place}the row of headings is missing")))?;
    let row = sheet
        .row(at)
        .ok_or_else(|| refuse(format!("{place}the row of headings is missing")))?;
    let columns = Columns::of(row, layout).map_err(|what| refuse(format!("{place}{what}")))?;
    Ok((columns, at))
}

/// Counts cells under headings that no layout knows.
pub(super) fn not_understood(snapshot: &mut Snapshot, heading: &str) {
    match snapshot.not_understood.iter_mut().find(|(known, _)| known == heading) {
        Some((_, count)) => *count += 1,
        None => snapshot.not_understood.push((heading.to_owned(), 1)),
    }
}

/// Tells the newest date of the records, where the file bears none itself.
pub(super) fn newest(snapshot: &mut Snapshot) {
    let dates = snapshot
        .records
        .iter()
        .flat_map(|record| record.amended_on.iter().chain(record.listed_on.iter()));
    let newest = dates.filter_map(|date: &PartialDate| date.as_day()).max();
    if let Some(day) = newest {
        snapshot.head.push(("newest record date".to_owned(), day.to_string()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_values() {
        assert_eq!(numbered("(1) Sudan (2) Mali"), ["Sudan", "Mali"]);
        assert_eq!(numbered("1) Saudi Arabia 2) Qatar"), ["Saudi Arabia", "Qatar"]);
        assert_eq!(numbered("a) 1955 b) 1958"), ["1955", "1958"]);
        assert_eq!(
            numbered("Minister (Decree 1) and more"),
            ["Minister (Decree 1) and more"]
        );
        assert_eq!(numbered("a) x"), ["x"]);
        assert_eq!(numbered(" "), Vec::<&str>::new());
    }

    #[test]
    fn references_of_un_entries() {
        for (written, read) in [
            ("QDi.317. Leader", Some("QDi.317")),
            ("CDi. 038. Listed", Some("CDi.038")),
            ("QDE.131 Mainly", Some("QDe.131")),
            ("TAi.002", Some("TAi.002")),
            ("Reference 12", None),
            ("QDi.31", None),
            ("é", None),
        ] {
            assert_eq!(un_reference(written).as_deref(), read, "{written}");
        }
    }
}
