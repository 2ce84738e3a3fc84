//! United Kingdom, proscribed organisations: Schedule 2 to the Terrorism Act 2000, as legislation.gov.uk publishes it in XML.
//!
//! In the schedule titled `Proscribed Organisations` each `Text` is one entry. Amendments stand around its words (`Addition`, `Substitution`,
//! `Repeal`) and refer to commentaries, which say which order made them and from what day: `Words in Sch. 2 inserted (29.3.2001) by S.I.
//! 2001/1261, art. 2`. Entries that were never amended come from the Act itself, and no date is made up for them. An entry of dots alone stands
//! for one that was left out; it is told in the head with its commentary, since its name is no longer there. The Act numbers nothing: the
//! key is the entry's words in small letters; it breaks when an entry is substituted. `dct:valid` (the point in time asked for), else
//! `dc:modified`, is the snapshot's date. No real file is at hand: elements and the form of commentaries are those of the publisher's schema
//! as other acts show it, the test inputs are our own.

use std::collections::HashMap;
use std::ops::Range;

use quick_xml::events::Event;
use standing_model::{Name, NameKind, Note, PartyKind, Record, Snapshot};

use super::cells::add;
use crate::error::ReadError;
use crate::registry::{Document, Format, ReadOptions};
use crate::xml::{self, Part, Shape};
use crate::{dates, note};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "gb-proscribed-xml",
    lists: &["gb-proscribed"],
    summary: "United Kingdom, proscribed organisations, Schedule 2 to the Terrorism Act 2000 as legislation XML",
    part: |bytes| {
        let (root, _) = xml::root(bytes)?;
        (root == "Legislation" && memchr::memmem::find(bytes, b"Proscribed Organisations").is_some()).then_some("")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

const SHAPE: Shape<'_> = Shape {
    records: &["Schedule", "Commentary"],
    counted: &["Schedule"],
};

/// Elements whose reference says that the words in them were amended.
const AMENDED: &[&str] = &["Addition", "Substitution", "Repeal"];

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let text = xml::open(document)?;
    let mut snapshot = Snapshot::new("gb-proscribed", FORMAT.id);
    let mut modified = None;
    let mut commentaries: HashMap<String, String> = HashMap::new();
    let mut entries: Vec<Entry> = Vec::new();
    xml::walk(document.name, &text.text, SHAPE, |part| {
        match part {
            Part::Head(path, value) => {
                match path.rsplit('/').next() {
                    Some("valid") if path.contains("Metadata") => {
                        snapshot.date = note::list_date(document, value, dates::iso, options, &mut snapshot.warnings)?;
                    }
                    Some("modified") if path.contains("Metadata") => modified = dates::iso(value).ok(),
                    _ => {}
                }
                snapshot.head.push((path.to_owned(), value.to_owned()));
            }
            Part::Record(element, bytes) if element.name() == "Commentary" => {
                if let Some(id) = element.filled("id") {
                    commentaries.insert(id.to_owned(), flow(&text.text, bytes).0);
                }
            }
            Part::Record(element, bytes) => {
                let titles = element.all("TitleBlock").filter_map(|block| block.value("Title"));
                if titles
                    .into_iter()
                    .any(|title| title.eq_ignore_ascii_case("Proscribed Organisations"))
                {
                    entries = texts(&text.text, bytes);
                }
            }
        }
        Ok(())
    })?;
    snapshot.date = snapshot.date.or_else(|| modified.map(Into::into));
    if entries.is_empty() {
        return Err(ReadError::Inconsistent {
            document: document.name.to_owned(),
            what: "no schedule titled \"Proscribed Organisations\" with entries".to_owned(),
            remedy: "Get Schedule 2 of the Act, or the whole Act, as XML".to_owned(),
        });
    }
    for entry in entries {
        let notes: Vec<String> = entry
            .references
            .iter()
            .filter_map(|id| commentaries.get(id).cloned())
            .collect();
        let plain = entry
            .words
            .trim_matches(|c: char| c.is_whitespace() || c == '.')
            .to_owned();
        if plain.is_empty() {
            snapshot.head.push(("entry left out".to_owned(), notes.join(" ")));
            continue;
        }
        // The notes below the list explain entries and are none.
        if plain.starts_with("Note") || plain.starts_with("The entry for") || plain.starts_with("The reference") {
            snapshot.head.push(("note".to_owned(), plain));
            continue;
        }
        snapshot.records.push(record(&plain, &notes));
        if text.exact {
            note::position(&mut snapshot, &text, entry.bytes, String::new);
        } else {
            snapshot.positions.push(format!("entry {}", snapshot.records.len()));
        }
    }
    note::finish(&mut snapshot, options);
    Ok(snapshot)
}

/// An entry of the schedule.
struct Entry {
    words: String,
    references: Vec<String>,
    bytes: Range<usize>,
}

/// The texts of a schedule's body, each with the commentaries it refers to, in the file's order. An amendment may stand around whole entries:
/// its reference holds for all of them.
fn texts(text: &str, schedule: Range<usize>) -> Vec<Entry> {
    let body = text[schedule.clone()]
        .find("<ScheduleBody")
        .map_or(schedule.start, |at| schedule.start + at);
    let mut reader = quick_xml::Reader::from_str(&text[body..schedule.end]);
    // The schedule's end tag has no beginning here.
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut open: Vec<(String, Option<String>)> = Vec::new();
    let mut entries = Vec::new();
    loop {
        let at = body + reader.buffer_position() as usize;
        match reader.read_event() {
            Ok(Event::Start(tag)) if tag.local_name().into_inner() == "Text" => {
                let close = format!("</{}>", tag.name().into_inner());
                let end = text[at..schedule.end]
                    .find(&close)
                    .map_or(schedule.end, |found| at + found + close.len());
                let (words, mut references) = flow(text, at..end);
                references.extend(open.iter().filter_map(|(_, reference)| reference.clone()));
                entries.push(Entry {
                    words,
                    references,
                    bytes: at..end,
                });
            }
            Ok(Event::Start(tag)) => {
                let name = tag.local_name().into_inner();
                let amends = AMENDED.contains(&name);
                open.push((name.to_owned(), amends.then(|| reference(&tag)).flatten()));
            }
            Ok(Event::End(tag)) => {
                let name = tag.local_name().into_inner();
                // The end of a text was never opened here, nor was what stands in it left open.
                if open.last().is_some_and(|(known, _)| known == name) {
                    open.pop();
                }
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    entries
}

fn reference(tag: &quick_xml::events::BytesStart<'_>) -> Option<String> {
    let wanted = if tag.local_name().into_inner() == "CommentaryRef" {
        "Ref"
    } else {
        "CommentaryRef"
    };
    let attribute = tag
        .attributes()
        .flatten()
        .find(|a| a.key.local_name().into_inner() == wanted)?;
    Some(attribute.value.into_owned())
}

/// The words of a piece of the file in reading order, on one line, and the commentaries it refers to.
fn flow(text: &str, bytes: Range<usize>) -> (String, Vec<String>) {
    let mut reader = quick_xml::Reader::from_str(&text[bytes]);
    let (mut words, mut references) = (String::new(), Vec::new());
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                let name = tag.local_name().into_inner();
                if AMENDED.contains(&name) || name == "CommentaryRef" {
                    references.extend(reference(&tag));
                }
                // Parts that begin a line of their own.
                if matches!(name, "Para" | "P" | "P1" | "ListItem") {
                    words.push(' ');
                }
            }
            Ok(Event::Text(chunk)) => words.push_str(&chunk.into_inner()),
            Ok(Event::CData(chunk)) => words.push_str(&chunk.into_inner()),
            Ok(Event::GeneralRef(name)) => match name.resolve_char_ref() {
                Ok(Some(c)) => words.push(c),
                _ => words.push_str(match &*name {
                    "amp" => "&",
                    "lt" => "<",
                    "gt" => ">",
                    "apos" => "'",
                    "quot" => "\"",
                    _ => "",
                }),
            },
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    (words.split_whitespace().collect::<Vec<_>>().join(" "), references)
}

fn record(words: &str, notes: &[String]) -> Record {
    let mut record = Record {
        reference: words.to_lowercase().into(),
        kind: PartyKind::Organisation,
        ..Record::default()
    };
    names(words, &mut record);
    for text in notes {
        add(
            &mut record.notes,
            Note {
                field: "Commentary".into(),
                text: text.clone(),
            },
        );
        let Some((what, day, act)) = amendment(text) else {
            continue;
        };
        if what.contains("insert") || what.contains("added") {
            record.listed_on = record.listed_on.or(Some(day.into()));
            add(&mut record.instruments, act.into());
        } else {
            add(&mut record.amended_on, day.into());
            add(&mut record.instruments, act.into());
        }
    }
    record
}

/// `Words in Sch. 2 inserted (29.3.2001) by S.I. 2001/1261, art. 2`: what was done, from what day, by which act.
fn amendment(text: &str) -> Option<(&str, standing_model::Calendar, String)> {
    let (what, rest) = text.split_once('(')?;
    let (day, rest) = rest.split_once(')')?;
    let day = dates::numeric(day.trim(), dates::Order::DayFirst).ok()?;
    let act = rest.trim().strip_prefix("by ").unwrap_or(rest.trim()).trim().to_owned();
    Some((what, day, act))
}

/// `Al Ittihad Al Islamia, also known as AIAI` ; the entry as a whole is kept.
fn names(words: &str, record: &mut Record) {
    let (main, others) = words
        .split_once(" also known as ")
        .map_or((words, ""), |(main, others)| {
            (main.trim_end_matches([',', '(']).trim(), others.trim_end_matches(')'))
        });
    record
        .names
        .push(Name::new(NameKind::Primary, main.trim_end_matches(',')));
    note::keep(record, "entry", words);
    for other in others
        .split(", ")
        .flat_map(|part| part.split(" and "))
        .map(|part| part.trim_start_matches("and "))
    {
        let other = other.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '"' | '(' | ')'));
        if !other.is_empty() {
            add(&mut record.names, Name::new(NameKind::Alias, other));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "<Legislation xmlns=\"http://www.legislation.gov.uk/namespaces/legislation\" xmlns:ukm=\"u\" xmlns:dc=\"d\" xmlns:dct=\"t\">\
        <ukm:Metadata><dc:title>Terrorism Act 2000</dc:title><dc:modified>2024-01-20</dc:modified><dct:valid>2024-01-19</dct:valid></ukm:Metadata>\
        <Primary><Schedules><Schedule><Number>Schedule 1</Number><TitleBlock><Title>Repeals</Title></TitleBlock><ScheduleBody><P><Text>None</Text></P>\
        </ScheduleBody></Schedule><Schedule><Number>Schedule 2</Number><TitleBlock><Title>Proscribed Organisations</Title></TitleBlock>\
        <ScheduleBody><UnorderedList><ListItem><Para><Text>The First Army.</Text></Para></ListItem><ListItem><Para>\
        <Text><Addition ChangeId=\"a\" CommentaryRef=\"c1\">Second Group</Addition>, also known as SG and <Emphasis>S&amp;G</Emphasis>.</Text></Para></ListItem>\
        <Addition CommentaryRef=\"c1\"><ListItem><Para><Text>Third</Text></Para></ListItem></Addition><ListItem><Para>\
        <Text><CommentaryRef Ref=\"c2\"/>. . . . . .</Text></Para></ListItem><ListItem><Para><Text>Note</Text></Para></ListItem></UnorderedList>\
        </ScheduleBody></Schedule></Schedules></Primary><Commentaries><Commentary id=\"c1\" Type=\"F\"><Para><Text>Words in Sch. 2 inserted (29.3.2001) by \
        <Citation>S.I. 2001/1261</Citation>, <CitationSubRef>art. 2</CitationSubRef></Text></Para></Commentary><Commentary id=\"c2\" Type=\"F\"><Para>\
        <Text>Entry in Sch. 2 omitted (24.6.2008) by virtue of S.I. 2008/1645</Text></Para></Commentary></Commentaries></Legislation>";

    #[test]
    fn entries_amendments_and_what_was_left_out() {
        let document = Document {
            name: "t",
            bytes: FILE.as_bytes(),
        };
        assert_eq!((FORMAT.part)(document.bytes), Some(""));
        let snapshot = read(&document, &ReadOptions::default()).unwrap();
        assert_eq!(snapshot.date.map(|d| d.to_string()).as_deref(), Some("2024-01-19"));
        let span = snapshot.spans[0];
        assert_eq!(
            &FILE[span.start as usize..span.end as usize],
            "<Text>The First Army.</Text>"
        );
        insta::assert_json_snapshot!((&snapshot.records, &snapshot.head));
    }
}
