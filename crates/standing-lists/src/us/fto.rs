//! The State Department's page of foreign terrorist organisations, as HTML or as its text: a table of designations (`10/8/1997 - Abu
//! Sayyaf Group (ASG)`) and, below a heading of its own, one of designations revoked.
//!
//! The page has no reference: identity is the day of designation and the name without what stands in brackets, which breaks when the
//! Department respells it. Revoked designations are given as removals of the list, by the same identity; their rows are kept in
//! the head. The page bears no date.

use std::borrow::Cow;

use standing_model::{DocumentSpan, Name, NameKind, PartyKind, Record, Snapshot, Text};

use crate::dates::{self, Order};
use crate::error::ReadError;
use crate::note;
use crate::registry::{Document, Format, ReadOptions};
use crate::text::{self, Otherwise};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "us-fto-page",
    lists: &["us-fto"],
    summary: "US State Department, foreign terrorist organisations, page as HTML or text",
    part: |bytes| {
        // No text holds a NUL byte; workbooks and archives do, and need no closer look.
        if bytes[..bytes.len().min(1024)].contains(&0) {
            return None;
        }
        let head = &bytes[..bytes.len().min(1 << 20)];
        memchr::memmem::find(head, b"Foreign Terrorist Organizations")?;
        let head = String::from_utf8_lossy(head);
        (lines(&head).filter(|(line, _)| row(line).is_some()).take(3).count() == 3).then_some("")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let text = text::decode(document, Otherwise::Windows1252)?;
    let mut snapshot = Snapshot::new("us-fto", FORMAT.id);
    let mut revoked = false;
    for (line, start) in lines(&text.text) {
        let Some((day, rest)) = row(&line) else {
            let lower = line.to_ascii_lowercase();
            if lower.contains("delisted") || lower.contains("revoked") {
                revoked = true;
            }
            continue;
        };
        let name = rest.first().cloned().unwrap_or_default();
        if revoked {
            // Date removed, name, date of designation; the day of designation makes the identity.
            let designated = rest.get(1).and_then(|d| dates::numeric(d, Order::MonthFirst).ok());
            let day = designated.map_or_else(|| "unknown".to_owned(), |d| d.to_string());
            snapshot.removals.push(format!("{day}|{}", bare(&name)));
            snapshot.head.push(("delisted".to_owned(), line.trim().to_owned()));
            continue;
        }
        let mut record = Record {
            kind: PartyKind::Organisation,
            ..Record::default()
        };
        record.listed_on = note::calendar(&mut record, "Date Designated", &day, |t| {
            dates::numeric(t, Order::MonthFirst)
        });
        let shown = record.listed_on.map_or_else(|| day.clone(), |d| d.to_string());
        record.reference = format!("{shown}|{}", bare(&name)).into();
        names(&name, &mut record);
        record.programmes.push("FTO".into());
        for (index, extra) in rest.iter().enumerate().skip(1) {
            note::keep(&mut record, &format!("column {}", index + 2), extra);
        }
        snapshot.records.push(record);
        if text.exact && start.1 > start.0 {
            snapshot.spans.push(DocumentSpan {
                document: 0,
                start: (start.0 + text.offset) as u64,
                end: (start.1 + text.offset) as u64,
            });
        } else {
            snapshot.positions.push(format!("row {}", snapshot.records.len()));
        }
    }
    // Positions are either all bytes or all words.
    if !snapshot.positions.is_empty() {
        snapshot.positions = (1..=snapshot.records.len()).map(|n| format!("row {n}")).collect();
        snapshot.spans.clear();
    }
    note::finish(&mut snapshot, options);
    Ok(snapshot)
}

/// The lines of a text with their bytes; for HTML one line for each table row, cells separated by tabs.
fn lines(text: &str) -> impl Iterator<Item = (Cow<'_, str>, (usize, usize))> {
    let html = text
        .as_bytes()
        .windows(4)
        .take(1 << 20)
        .any(|w| w.eq_ignore_ascii_case(b"<td>") || w.eq_ignore_ascii_case(b"<td "));
    let mut rows: Vec<(Cow<'_, str>, (usize, usize))> = Vec::new();
    if html {
        let mut at = 0;
        for piece in text.split_inclusive("</tr>") {
            rows.push((Cow::Owned(untagged(piece)), (at, at + piece.len())));
            at += piece.len();
        }
    } else {
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            rows.push((Cow::Borrowed(line.trim()), (at, at + line.trim_end().len())));
            at += line.len();
        }
    }
    rows.into_iter()
}

/// Text of a piece of HTML; a cell's end is a tab, and what stands before the last `<tr` is a line of its own that headings are read from.
fn untagged(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('>') else { break };
        let tag = rest[open + 1..open + close].to_ascii_lowercase();
        if tag.starts_with("/td") || tag.starts_with("/th") {
            text.push('\t');
        } else if tag.starts_with("br") {
            text.push(' ');
        }
        rest = &rest[open + close + 1..];
    }
    text.push_str(rest);
    for (entity, c) in [
        ("&amp;", "&"),
        ("&nbsp;", " "),
        ("&rsquo;", "’"),
        ("&#8217;", "’"),
        ("&#39;", "'"),
        ("&quot;", "\""),
    ] {
        if text.contains(entity) {
            text = text.replace(entity, c);
        }
    }
    text.split('\t')
        .map(note::spaced)
        .collect::<Vec<_>>()
        .join("\t")
        .trim()
        .to_owned()
}

/// A row: its date, and the name with whatever cells follow.
fn row(line: &str) -> Option<(String, Vec<Text>)> {
    let line = line.trim();
    if !line.starts_with(|c: char| c.is_ascii_digit()) {
        // A heading before the first row of a table stands in the same piece.
        return None;
    }
    let (date, rest) = line
        .split_once('\t')
        .or_else(|| line.split_once(" - "))
        .or_else(|| line.split_once(" – "))?;
    let date = date.trim();
    let numbers = date.split('/').collect::<Vec<_>>();
    let dated = numbers.len() == 3
        && numbers
            .iter()
            .all(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    let cells: Vec<Text> = rest.split('\t').map(note::spaced).filter(|c| !c.is_empty()).collect();
    (dated && !cells.is_empty()).then(|| (date.to_owned(), cells))
}

/// The name without its bracket.
fn bare(name: &str) -> String {
    match name.find(" (") {
        Some(at) if at > 0 => name[..at].trim().to_owned(),
        _ => name.trim().to_owned(),
    }
}

/// `Kurdistan Workers Party (PKK, aka Kongra-Gel)`
fn names(written: &str, record: &mut Record) {
    record.names.push(Name::new(NameKind::Primary, bare(written)));
    for inner in written.split(" (").skip(1) {
        let inner = inner.split(')').next().unwrap_or(inner);
        for alias in inner.split([',', ';']).flat_map(|a| a.split(" – ")) {
            let alias = alias.trim();
            let (kind, alias) = match alias {
                _ if alias.to_ascii_lowercase().starts_with("formerly ") => (NameKind::Former, &alias[9..]),
                _ if alias.starts_with("f/k/a ") => (NameKind::Former, &alias[6..]),
                _ if alias.starts_with("aka ") => (NameKind::Alias, &alias[4..]),
                _ => (NameKind::Alias, alias),
            };
            if !alias.trim().is_empty() {
                record.names.push(Name::new(kind, alias.trim()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Snapshot {
        let document = Document {
            name: "t",
            bytes: text.as_bytes(),
        };
        assert_eq!((FORMAT.part)(document.bytes), Some(""));
        read(&document, &ReadOptions::default()).unwrap()
    }

    #[test]
    fn page_as_text_and_as_html() {
        let plain = list(
            "Designated Foreign Terrorist Organizations\nDate Designated\n10/8/1997 - Kurdistan Workers Party (PKK, aka Kongra-Gel)\n\
             12/26/2001 - Lashkar-e Tayyiba (LeT)\n7/13/2004 - Group (formerly Old Group)\nDelisted Foreign Terrorist Organizations\n\
             1/2/2021\tGone Group (GG)\t10/8/1997\n",
        );
        let html = list(
            "<h2>Foreign Terrorist Organizations</h2><table><tr><th>Date Designated</th><th>Name</th></tr>\
             <tr><td>10/8/1997</td><td>Kurdistan Workers Party (PKK, aka Kongra-Gel)</td></tr>\n\
             <tr><td>12/26/2001</td><td>Lashkar-e&nbsp;Tayyiba (LeT)</td></tr>\
             <tr><td>7/13/2004</td><td><b>Group</b> (formerly Old Group)</td></tr></table><h2>Delisted Foreign Terrorist Organizations</h2>\
             <table><tr><th>Date Removed</th></tr><tr><td>1/2/2021</td><td>Gone Group (GG)</td><td>10/8/1997</td></tr></table>",
        );
        assert_eq!(plain.records, html.records);
        assert_eq!(plain.removals, ["1997-10-08|Gone Group"]);
        assert_eq!(plain.removals, html.removals);
        assert_eq!(plain.records[0].reference, "1997-10-08|Kurdistan Workers Party");
        let names: Vec<&str> = plain.records[0].names.iter().map(|n| n.text.as_str()).collect();
        assert_eq!(names, ["Kurdistan Workers Party", "PKK", "Kongra-Gel"]);
        assert_eq!(plain.records[2].names[1].kind, NameKind::Former);
    }
}
