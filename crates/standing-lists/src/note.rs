//! What every reader does with values: dates that may not exist, fields that no rule reads, names joined from parts.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::RandomState;
use standing_model::date::DateError;
use standing_model::{
    Birth, Calendar, DocumentSpan, Extent, Gender, PartKind, PartialDate, Place, Record, Snapshot, Text,
};

use crate::country::Countries;
use crate::error::{ReadError, grouped};
use crate::registry::{Document, ReadOptions};
use crate::scan;
use crate::text::{Decoded, trimmed};
use crate::xml::El;

/// Reads a date; one that cannot be read is kept under its field's name and reported as a doubt.
pub(crate) fn date<D>(
    record: &mut Record,
    field: &str,
    written: &str,
    read: impl FnOnce(&str) -> Result<D, DateError>,
) -> Option<PartialDate>
where
    PartialDate: From<D>,
{
    match read(written) {
        Ok(date) => Some(date.into()),
        Err(e) => {
            doubt(record, field, written, &e.to_string());
            None
        }
    }
}

/// As [`date`] for dates of the calendar.
pub(crate) fn calendar(
    record: &mut Record,
    field: &str,
    written: &str,
    read: impl FnOnce(&str) -> Result<Calendar, DateError>,
) -> Option<PartialDate> {
    date(record, field, written, read)
}

/// Keeps a value and says why it could not be read as what it claims to be.
pub(crate) fn doubt(record: &mut Record, field: &str, written: &str, why: &str) {
    keep(record, field, written);
    record.doubts.push(format!("{field}: {why}"));
}

/// Keeps a value under its field's name.
pub(crate) fn keep(record: &mut Record, field: &str, value: &str) {
    if !value.is_empty() {
        record.kept.push((field.into(), value.into()));
    }
}

/// Counts a field that no rule reads.
pub(crate) fn count(not_understood: &mut Vec<(String, u64)>, field: &str) {
    match not_understood.iter_mut().find(|(f, _)| f == field) {
        Some((_, count)) => *count += 1,
        None => not_understood.push((field.to_owned(), 1)),
    }
}

/// What a reader notes beside the records of a part of a document.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    /// The countries met.
    pub(crate) countries: Countries,
    /// Fields that no rule reads.
    pub(crate) not_understood: Vec<(String, u64)>,
}

/// Adds counts of fields that no rule reads to those of the parts before.
pub(crate) fn add_counts(not_understood: &mut Vec<(String, u64)>, more: Vec<(String, u64)>) {
    for (field, count) in more {
        match not_understood.iter_mut().find(|(f, _)| *f == field) {
            Some((_, counted)) => *counted += count,
            None => not_understood.push((field, count)),
        }
    }
}

/// Parts joined by blanks.
pub(crate) fn joined(parts: &[(PartKind, Text)]) -> Text {
    let mut text = Text::with_capacity(parts.iter().map(|(_, p)| p.len() + 1).sum());
    for (_, part) in parts {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(part);
    }
    text
}

/// Runs of white space as one blank: names are wrapped and indented in some files.
pub(crate) fn spaced(text: &str) -> Text {
    if scan::wrapped(text.as_bytes()) {
        text.split_whitespace().collect::<Vec<_>>().join(" ").into()
    } else {
        trimmed(text).into()
    }
}

/// A gender in English.
pub(crate) fn gender(text: &str) -> Option<Gender> {
    match text {
        _ if text.eq_ignore_ascii_case("male") || text == "M" => Some(Gender::Male),
        _ if text.eq_ignore_ascii_case("female") || text == "F" => Some(Gender::Female),
        _ => None,
    }
}

/// The list's own date. One that does not exist refuses the file, unless the caller gives the date.
pub(crate) fn list_date(
    document: &Document<'_>,
    written: &str,
    read: impl FnOnce(&str) -> Result<Calendar, DateError>,
    options: &ReadOptions,
    warnings: &mut Vec<String>,
) -> Result<Option<PartialDate>, ReadError> {
    match read(written) {
        Ok(date) => Ok(Some(date.into())),
        Err(_) if options.date_given => {
            warnings.push(format!(
                "the list's own date \"{written}\" does not exist; the given one holds"
            ));
            Ok(None)
        }
        Err(_) => Err(ReadError::ListDate {
            document: document.name.to_owned(),
            written: written.to_owned(),
        }),
    }
}

/// Notes where the record just pushed stands: its bytes, or words where bytes of the text are not those of the document.
pub(crate) fn position(
    snapshot: &mut Snapshot,
    text: &Decoded<'_>,
    bytes: Range<usize>,
    words: impl FnOnce() -> String,
) {
    if text.exact {
        snapshot.spans.push(DocumentSpan {
            document: 0,
            start: (bytes.start + text.offset) as u64,
            end: (bytes.end + text.offset) as u64,
        });
    } else {
        snapshot.positions.push(words());
    }
}

/// Counts a field that no rule reads.
pub(crate) fn not_understood(snapshot: &mut Snapshot, field: &str) {
    match snapshot.not_understood.iter_mut().find(|(f, _)| f == field) {
        Some((_, count)) => *count += 1,
        None => snapshot.not_understood.push((field.to_owned(), 1)),
    }
}

/// Keeps everything in an element that no rule has read, and counts it.
pub(crate) fn unread(element: El<'_, '_>, record: &mut Record, not_understood: &mut Vec<(String, u64)>) {
    element.unread(|path, value| {
        if value.is_empty() {
            return;
        }
        count(not_understood, &path);
        record.kept.push((path.into(), value.into()));
    });
}

/// What holds for every snapshot: programmes are sorted sets, references are unique, and the caller may call it a part.
///
/// A reference that occurs again gets an ordinal (`17#2`), since two records with one identity cannot be told apart later.
pub(crate) fn finish(snapshot: &mut Snapshot, options: &ReadOptions) {
    if options.part && snapshot.extent == Extent::Whole {
        snapshot.extent = Extent::Part("given as an excerpt".to_owned());
    }
    for record in &mut snapshot.records {
        record.programmes.sort_unstable();
        record.programmes.dedup();
    }
    let mut seen: HashMap<&str, u32, RandomState> =
        HashMap::with_capacity_and_hasher(snapshot.records.len(), RandomState::default());
    let mut again: Vec<(usize, u32)> = Vec::new();
    for (at, record) in snapshot.records.iter().enumerate() {
        let times = seen.entry(&record.reference).or_default();
        *times += 1;
        if *times > 1 {
            again.push((at, *times));
        }
    }
    let twins = again.len() as u64;
    for (at, times) in again {
        let reference = &mut snapshot.records[at].reference;
        *reference = format!("{reference}#{times}").into();
    }
    if twins > 0 {
        snapshot.warnings.push(format!(
            "{} records have a reference that an earlier record has too; they got an ordinal",
            grouped(twins)
        ));
    }
}

/// One date and one place are one birth; several of either stand beside each other, since the list does not say which go together.
pub(crate) fn pair<B, P>(record: &mut Record, births: B, places: P)
where
    B: IntoIterator<Item = (Option<PartialDate>, Option<String>), IntoIter: ExactSizeIterator>,
    P: IntoIterator<Item = Place, IntoIter: ExactSizeIterator>,
{
    let (births, mut places) = (births.into_iter(), places.into_iter());
    let together = births.len() == 1 && places.len() == 1;
    let count = if together { 1 } else { births.len() + places.len() };
    record.births.reserve_exact(count);
    for (date, written) in births {
        record.births.push(Birth {
            date,
            place: if together { places.next() } else { None },
            written: written.map(Text::from),
        });
    }
    record.births.extend(places.map(|place| Birth {
        place: Some(place),
        ..Birth::default()
    }));
}

/// Holds what a file says of its number of records against what it has. A difference refuses it, unless it is called an excerpt.
pub(crate) fn counted(
    document: &Document<'_>,
    field: &str,
    told: Option<u64>,
    seen: u64,
    options: &ReadOptions,
    warnings: &mut Vec<String>,
) -> Result<(), ReadError> {
    match told {
        Some(told) if told != seen && options.part => {
            warnings.push(format!(
                "{field} says {}, the excerpt has {}",
                grouped(told),
                grouped(seen)
            ));
            Ok(())
        }
        Some(told) if told != seen => Err(ReadError::Inconsistent {
            document: document.name.to_owned(),
            what: format!(
                "{field} says {}, but {} records are there",
                grouped(told),
                grouped(seen)
            ),
            remedy: "Get the whole file; or, if it is an excerpt, say so: --part".to_owned(),
        }),
        _ => Ok(()),
    }
}
