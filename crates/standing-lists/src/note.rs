//! What every reader does with values: dates that may not exist, fields that no rule reads, names joined from parts.

use standing_model::{Calendar, PartKind, PartialDate, Record, Snapshot};

use standing_model::date::DateError;

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
        record.kept.push((field.to_owned(), value.to_owned()));
    }
}

/// Counts a field that no rule reads.
pub(crate) fn not_understood(snapshot: &mut Snapshot, field: &str) {
    match snapshot.not_understood.iter_mut().find(|(f, _)| f == field) {
        Some((_, count)) => *count += 1,
        None => snapshot.not_understood.push((field.to_owned(), 1)),
    }
}

/// Parts joined by blanks.
pub(crate) fn joined(parts: &[(PartKind, String)]) -> String {
    let mut text = String::with_capacity(parts.iter().map(|(_, p)| p.len() + 1).sum());
    for (_, part) in parts {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(part);
    }
    text
}
