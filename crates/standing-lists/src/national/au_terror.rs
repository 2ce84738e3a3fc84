//! Australia, listed terrorist organisations under the Criminal Code, HTML table of the Department of Home Affairs.
//!
//! A row gives an organisation and the days on which it was listed and listed again: `29 March 2002, Re-listed: 31 October 2018`. The page has no
//! reference: the key is the name in small letters, which breaks when it is respelled. It bears no date. No real page is at hand: its shape
//! is known from other programs, the test inputs are our own.

use standing_model::{Name, NameKind, PartyKind, Record, Reject, Snapshot};

use super::cells::{add, keep_once, newest};
use crate::error::ReadError;
use crate::registry::{Document, Format, ReadOptions};
use crate::sheets::{self, Row};
use crate::{dates, note};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "au-terror-html",
    lists: &["au-terror"],
    summary: "Australia, listed terrorist organisations under the Criminal Code, HTML table",
    part: |bytes| {
        if !sheets::is_html(bytes) {
            return None;
        }
        let text = sheets::page_text(bytes).to_lowercase();
        let told = ["terrorist organisation", "listed", "<table"]
            .iter()
            .all(|word| text.contains(word));
        (told
            && ["nationalsecurity.gov.au", "criminal code"]
                .iter()
                .any(|word| text.contains(word)))
        .then_some("")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let mut snapshot = Snapshot::new("au-terror", FORMAT.id);
    for (table, sheet) in sheets::html_tables(*document)?.iter().enumerate() {
        for row in sheet.rows() {
            let position = format!("table {}, row {}", table + 1, row.number);
            let (name, days) = (note::spaced(row.get(0)), note::spaced(row.get(1)));
            let listed = |text: &str| text.split([',', ';']).any(|part| day(part).is_some());
            if !listed(&days) {
                if row.number > 1 && !name.is_empty() && row.cells().count() > 1 {
                    let reason = format!("no day of listing in \"{days}\"");
                    snapshot.rejects.push(Reject { position, reason });
                } else {
                    let words = row
                        .cells()
                        .map(|(_, text, _)| text.trim())
                        .collect::<Vec<_>>()
                        .join(" | ");
                    snapshot.head.push((position, words));
                }
                continue;
            }
            if name.is_empty() {
                let reason = "a day without a name".to_owned();
                snapshot.rejects.push(Reject { position, reason });
                continue;
            }
            snapshot.records.push(record(&name, &days, row));
            snapshot.positions.push(position);
        }
    }
    if snapshot.records.is_empty() {
        return Err(ReadError::Inconsistent {
            document: document.name.to_owned(),
            what: "the page holds no organisations with days of listing in a table".to_owned(),
            remedy: "The page may draw its list by script or be an error page; save it as the browser shows it"
                .to_owned(),
        });
    }
    note::finish(&mut snapshot, options);
    newest(&mut snapshot);
    Ok(snapshot)
}

/// A day behind `Listed`, `Re-listed:` and the like.
fn day(part: &str) -> Option<standing_model::Calendar> {
    let text = part.trim_start_matches(|c: char| !c.is_ascii_digit());
    let date = dates::english_date(text).ok()?;
    matches!(date, standing_model::Calendar::Day(_)).then_some(date)
}

fn record(name: &str, days: &str, row: Row<'_>) -> Record {
    let mut record = Record {
        reference: name.to_lowercase().into(),
        kind: PartyKind::Organisation,
        ..Record::default()
    };
    let main = name.split(" (").next().unwrap_or(name);
    record.names.push(Name::new(NameKind::Primary, main));
    // What stands in brackets is a short name or another; the cell as a whole is kept.
    for inner in name.split(" (").skip(1) {
        let inner = inner.split(')').next().unwrap_or(inner).trim();
        if !inner.is_empty() {
            add(&mut record.names, Name::new(NameKind::Alias, inner));
        }
    }
    keep_once(&mut record, "organisation", name);
    keep_once(&mut record, "listed", days);
    for (at, part) in days.split([',', ';']).enumerate() {
        match day(part) {
            Some(date) if at == 0 => record.listed_on = Some(date.into()),
            Some(date) => add(&mut record.amended_on, date.into()),
            None => {}
        }
    }
    for (column, text, _) in row.cells().filter(|(column, ..)| *column > 1) {
        keep_once(&mut record, &format!("column {}", column + 1), text.trim());
    }
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_the_page() {
        let page = "<html><body><h1>Listed terrorist organisations</h1><p>Under the Criminal Code</p><table><tr><th>Organisation</th><th>Date listed</th></tr>\
            <tr><td><a href=\"/x\">Group One (G1)</a></td><td>29 March 2002, Re-listed: 31 October 2018, Re-listed: 1 November 2021</td></tr>\
            <tr><td>Group Two</td><td>Listed 5 May 2021</td><td>more</td></tr><tr><td>Three</td><td>soon</td></tr></table></body></html>";
        let document = Document {
            name: "t",
            bytes: page.as_bytes(),
        };
        assert_eq!((FORMAT.part)(document.bytes), Some(""));
        let snapshot = read(&document, &ReadOptions::default()).unwrap();
        assert_eq!(snapshot.rejects.len(), 1);
        insta::assert_json_snapshot!(snapshot.records);
    }
}
