//! India, schedules of the Unlawful Activities (Prevention) Act 1967, as text of the Ministry of Home Affairs' PDF files.
//!
//! The ministry publishes PDF files; their text, as `pdftotext` gives it, is read: a heading that names the schedule, then numbered entries that
//! may go on over several lines. Three lists: terrorist organisations (First Schedule), individual terrorists (Fourth Schedule) and unlawful
//! associations (section 3). The number is only a count: the key is the entry's words in small letters, which breaks when they are amended. The
//! text bears no date. No real text is at hand (the ministry's page with its links is): the test inputs are our own.

use standing_model::{Name, NameKind, PartyKind, Record, Reject, Snapshot};

use super::cells::add;
use crate::error::ReadError;
use crate::note;
use crate::registry::{Document, Format, ReadOptions};
use crate::text::{self, Otherwise};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "in-uapa-text",
    lists: &["in-uapa-organisations", "in-uapa-individuals", "in-uapa-associations"],
    summary: "India, schedules of the Unlawful Activities (Prevention) Act, text of the ministry's PDF files",
    part: |bytes| {
        if bytes.starts_with(b"%PDF") || crate::sheets::is_html(bytes) {
            return None;
        }
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(16 << 10)]).to_uppercase();
        let entries = head.lines().filter(|line| numbered(line).is_some()).count();
        (which(&head).is_some() && entries > 0).then_some("")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

/// Which list a heading names.
fn which(head: &str) -> Option<(&'static str, PartyKind)> {
    let head = head.split_whitespace().collect::<Vec<_>>().join(" ");
    if !head.contains("UNLAWFUL ACTIVITIES (PREVENTION) ACT") {
        None
    } else if head.contains("FOURTH SCHEDULE") {
        Some(("in-uapa-individuals", PartyKind::Person))
    } else if head.contains("FIRST SCHEDULE") {
        Some(("in-uapa-organisations", PartyKind::Organisation))
    } else if head.contains("UNLAWFUL ASSOCIATION") {
        Some(("in-uapa-associations", PartyKind::Organisation))
    } else {
        None
    }
}

/// The number and the beginning of an entry: `12. NAME`, `12) NAME`, or `12` and at least two blanks.
fn numbered(line: &str) -> Option<(u32, &str)> {
    let line = line.trim();
    let end = line.find(|c: char| !c.is_ascii_digit())?;
    let number = line
        .get(..end)?
        .parse()
        .ok()
        .filter(|number| *number > 0 && *number < 1000)?;
    let rest = &line[end..];
    let words = rest
        .strip_prefix(['.', ')'])
        .or_else(|| rest.starts_with("  ").then_some(rest))?;
    let words = words.trim();
    (!words.is_empty() && words.starts_with(|c: char| !c.is_ascii_digit())).then_some((number, words))
}

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let text = text::decode(document, Otherwise::Windows1252)?;
    let upper = text.text.to_uppercase();
    let (list, kind) = which(&upper).unwrap_or(("in-uapa-organisations", PartyKind::Organisation));
    let mut snapshot = Snapshot::new(list, FORMAT.id);
    let mut entries: Vec<(u32, String, usize)> = Vec::new();
    for (at, line) in text.text.lines().enumerate() {
        let line = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{c}');
        if line.is_empty() {
            continue;
        }
        let next = entries.last().map_or(1, |(number, ..)| number + 1);
        match numbered(line) {
            // Only the next number begins an entry; another one is part of its words.
            Some((number, words)) if number == next => entries.push((number, words.to_owned(), at + 1)),
            _ if entries.is_empty() => snapshot.head.push(("heading".to_owned(), line.to_owned())),
            _ => {
                if let Some((_, words, _)) = entries.last_mut() {
                    words.push(' ');
                    words.push_str(line);
                }
            }
        }
    }
    for (number, words, line) in entries {
        let position = format!("entry {number}, line {line}");
        let words = note::spaced(&words);
        if words.chars().count() > 2000 {
            let reason = "an entry of more than 2,000 letters: the text is no list".to_owned();
            snapshot.rejects.push(Reject { position, reason });
            continue;
        }
        if words.trim_matches(['.', ' ']).is_empty() {
            let reason = "a number without a name".to_owned();
            snapshot.rejects.push(Reject { position, reason });
            continue;
        }
        let mut record = Record {
            reference: words.trim_end_matches('.').to_lowercase().into(),
            kind,
            ..Record::default()
        };
        names(words.trim_end_matches(['.', ';']), &mut record);
        note::keep(&mut record, "entry", &words);
        snapshot.records.push(record);
        snapshot.positions.push(position);
    }
    if snapshot.records.is_empty() {
        return Err(ReadError::Inconsistent {
            document: document.name.to_owned(),
            what: "no numbered entries below the heading".to_owned(),
            remedy: "Give the whole text of the PDF file, as pdftotext prints it".to_owned(),
        });
    }
    note::finish(&mut snapshot, options);
    Ok(snapshot)
}

/// `LASHKAR-E-TAIBA/PASBAN-E-AHLE HADIS`, `NAME @ OTHER NAME`, `NAME (SHORT) and all its manifestations`.
fn names(words: &str, record: &mut Record) {
    let plain = ["AND ALL ITS", "and all its", "ITS FORMATIONS", "its formations"]
        .iter()
        .filter_map(|end| words.find(end))
        .min()
        .map_or(words, |at| &words[..at]);
    for piece in plain.split(['@', '/']).flat_map(|piece| piece.split(" alias ")) {
        let (outside, inside) = match piece.split_once('(') {
            Some((outside, rest)) => (outside, rest.split(')').next().unwrap_or(rest)),
            None => (piece, ""),
        };
        for name in [outside, inside] {
            let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | '–' | '-'));
            if !name.is_empty() {
                let role = if record.names.is_empty() {
                    NameKind::Primary
                } else {
                    NameKind::Alias
                };
                add(&mut record.names, Name::new(role, name));
            }
        }
    }
    if record.names.is_empty() {
        record.names.push(Name::new(NameKind::Primary, words));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_over_several_lines() {
        let text = "TERRORIST ORGANISATIONS LISTED IN THE FIRST\nSCHEDULE OF THE UNLAWFUL ACTIVITIES (PREVENTION) ACT, 1967\n\n1. FIRST GROUP\n\
            2. SECOND GROUP/OTHER NAME (SG) AND ALL ITS\n   MANIFESTATIONS\n\u{c}3) THIRD @ ALSO THIRD\n1990 is no entry\n";
        let document = Document {
            name: "t",
            bytes: text.as_bytes(),
        };
        assert_eq!((FORMAT.part)(document.bytes), Some(""));
        let snapshot = read(&document, &ReadOptions::default()).unwrap();
        assert_eq!(snapshot.list, "in-uapa-organisations");
        let found: Vec<Vec<&str>> = snapshot
            .records
            .iter()
            .map(|r| r.names.iter().map(|n| n.text.as_str()).collect())
            .collect();
        assert_eq!(
            found,
            [
                vec!["FIRST GROUP"],
                vec!["SECOND GROUP", "OTHER NAME", "SG"],
                vec!["THIRD", "ALSO THIRD 1990 is no entry"]
            ]
        );
        assert_eq!(
            snapshot.records[1].kept[0].1,
            "SECOND GROUP/OTHER NAME (SG) AND ALL ITS MANIFESTATIONS"
        );
    }
}
