//! New Zealand, notices of designation under the Terrorism Suppression Act 2002, text of the Gazette.
//!
//! A notice says `On 10 February 2010, pursuant to section 22 …, the organisations listed below were designated`, and then a line for each
//! organisation: `NAME, also known as OTHER, OTHER and OTHER.` It adds to the list and proves no absence. The key is the name in small letters; the
//! day of the notice is the snapshot's date and that of each listing. Lines that an entry was broken into are joined. Seen: one notice of 2010.

use standing_model::{Extent, Name, NameKind, PartyKind, Record, Reject, Snapshot};

use super::cells::add;
use crate::error::ReadError;
use crate::registry::{Document, Format, ReadOptions};
use crate::text::{self, Otherwise};
use crate::{dates, note};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "nz-gazette-text",
    lists: &["nz"],
    summary: "New Zealand, Gazette notices of designation under the Terrorism Suppression Act, text",
    part: |bytes| {
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(16 << 10)]);
        let told = ["Terrorism Suppression Act 2002", "designated as", "listed below"];
        (!crate::sheets::is_html(bytes) && told.iter().all(|words| head.contains(words))).then_some("")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let text = text::decode(document, Otherwise::Windows1252)?;
    let mut snapshot = Snapshot::new("nz", FORMAT.id);
    snapshot.extent = Extent::Part("a notice names what it designates, not the whole list".to_owned());
    let lines: Vec<(usize, &str)> = text
        .text
        .lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty())
        .collect();
    let begins = |line: &str| line.contains("listed below were designated");
    let start = lines.iter().position(|(_, line)| begins(line)).map_or(0, |at| at + 1);
    if let Some((_, line)) = start.checked_sub(1).and_then(|at| lines.get(at)) {
        let day = line
            .strip_prefix("On ")
            .and_then(|rest| rest.split_once(','))
            .map_or("", |(day, _)| day);
        snapshot.date = note::list_date(document, day, dates::english_date, options, &mut snapshot.warnings)?;
    }
    let mut entries: Vec<(usize, String)> = Vec::new();
    let mut done = false;
    for (at, &(number, line)) in lines.iter().enumerate() {
        let prose = ["Any person", "The ", "These ", "This "]
            .iter()
            .any(|start| line.starts_with(start));
        if at < start || done || (prose && entries.last().is_none_or(|(_, entry)| entry.ends_with('.'))) {
            // What follows the entries speaks of them all.
            done |= at >= start && !entries.is_empty();
            snapshot.head.push((format!("line {number}"), line.to_owned()));
            continue;
        }
        match entries.last_mut().filter(|(_, entry)| !entry.ends_with('.')) {
            Some((_, entry)) => {
                entry.push(' ');
                entry.push_str(line);
            }
            None => entries.push((number, line.to_owned())),
        }
    }
    for (line, entry) in entries {
        let mut record = Record {
            kind: PartyKind::Organisation,
            listed_on: snapshot.date,
            ..Record::default()
        };
        names(&entry, &mut record);
        record.reference = record.caption().to_lowercase().into();
        if record.reference.is_empty() {
            snapshot.rejects.push(Reject {
                position: format!("line {line}"),
                reason: "no name before \"also known as\"".to_owned(),
            });
            continue;
        }
        note::keep(&mut record, "entry", &entry);
        snapshot.records.push(record);
        snapshot.positions.push(format!("line {line}"));
    }
    if snapshot.records.is_empty() {
        return Err(ReadError::Inconsistent {
            document: document.name.to_owned(),
            what: "no organisation below \"listed below were designated\"".to_owned(),
            remedy: "Give the whole text of the notice".to_owned(),
        });
    }
    note::finish(&mut snapshot, options);
    Ok(snapshot)
}

fn names(entry: &str, record: &mut Record) {
    let plain = entry.trim_end_matches('.');
    let (main, others) = plain.split_once("also known as").unwrap_or((plain, ""));
    record.names.push(Name::new(
        NameKind::Primary,
        note::spaced(main.trim_end_matches([' ', ','])),
    ));
    // `A, B and C`, `A or B`: a name with `and` inside is cut in two here, and stands whole in the kept entry.
    for other in others
        .split(',')
        .flat_map(|part| part.split(" and "))
        .flat_map(|part| part.split(" or "))
    {
        let other = note::spaced(other.trim_start_matches("as ").trim());
        if !other.is_empty() {
            add(&mut record.names, Name::new(NameKind::Alias, other));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice() {
        let text = "Designation of Terrorist Entities\n\nOn 10 February 2010, pursuant to section 22 of the Terrorism Suppression Act 2002, the organisations listed \
            below were designated as terrorist entities.\nAny person who deals is liable.\nGroup One, also known as G1, First Group and The One.\n\
            Group Two, also known\nas G2 or Second.\nGroup Three.\nThe statements are available.\nThese designations expire on 10 February 2013.\n";
        let document = Document {
            name: "t",
            bytes: text.as_bytes(),
        };
        assert_eq!((FORMAT.part)(document.bytes), Some(""));
        let snapshot = read(&document, &ReadOptions::default()).unwrap();
        assert_eq!(snapshot.date.map(|d| d.to_string()).as_deref(), Some("2010-02-10"));
        let found: Vec<Vec<&str>> = snapshot
            .records
            .iter()
            .map(|r| r.names.iter().map(|n| n.text.as_str()).collect())
            .collect();
        assert_eq!(
            found,
            [
                vec!["Group One", "G1", "First Group", "The One"],
                vec!["Group Two", "G2", "Second"],
                vec!["Group Three"]
            ]
        );
        assert!(
            snapshot
                .head
                .iter()
                .any(|(_, line)| line.contains("expire on 10 February 2013"))
        );
    }
}
