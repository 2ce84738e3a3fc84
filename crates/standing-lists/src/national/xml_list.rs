//! The walk that plain XML lists share: one element is one record, and somewhere before them stands the list's date.
//!
//! Relies on [`crate::xml`] for syntax and limits. What a record is made of is each format's own business.

use standing_model::date::DateError;
use standing_model::{Calendar, Record, Reject, Snapshot};

use crate::error::ReadError;
use crate::registry::{Document, ReadOptions};
use crate::xml::{self, El, Part, Shape};
use crate::{dates, note};

/// What differs between lists of this kind.
pub(super) struct XmlList<'s> {
    /// The list's id.
    pub list: &'s str,
    /// The format's id.
    pub format: &'s str,
    /// The elements that are records.
    pub records: &'s [&'s str],
    /// Where the list's date stands, below the root; empty where it bears none.
    pub date: &'s str,
    /// How it is written.
    pub read_date: fn(&str) -> Result<Calendar, DateError>,
}

/// A day written `2024-10-04`, `04/10/2024` or `04.10.2024`.
pub(super) fn any_day(text: &str) -> Result<Calendar, DateError> {
    dates::numeric(text, dates::Order::DayFirst).or_else(|error| dates::iso(text).map_err(|_| error))
}

/// Reads the list; `record` gets each record's element and the tally of fields that no rule reads. What it has not read of the element is
/// kept with the record here.
pub(super) fn read(
    document: &Document<'_>,
    options: &ReadOptions,
    list: &XmlList<'_>,
    mut record: impl FnMut(El<'_, '_>) -> Result<Record, String>,
) -> Result<Snapshot, ReadError> {
    let text = xml::open(document)?;
    let mut snapshot = Snapshot::new(list.list, list.format);
    let shape = Shape {
        records: list.records,
        counted: list.records,
    };
    let mut seen = 0_u64;
    xml::walk(document.name, &text.text, shape, |part| {
        match part {
            Part::Head(path, value) => {
                if path == list.date && snapshot.date.is_none() {
                    snapshot.date = note::list_date(document, value, list.read_date, options, &mut snapshot.warnings)?;
                }
                snapshot.head.push((path.to_owned(), value.to_owned()));
            }
            Part::Record(element, bytes) => {
                seen += 1;
                match record(element) {
                    Ok(mut record) => {
                        note::unread(element, &mut record, &mut snapshot.not_understood);
                        snapshot.records.push(record);
                        note::position(&mut snapshot, &text, bytes, || format!("{} {seen}", element.name()));
                    }
                    Err(reason) => snapshot.rejects.push(Reject {
                        position: format!("{} {seen}, {}", element.name(), xml::place(&text.text, bytes.start)),
                        reason,
                    }),
                }
            }
        }
        Ok(())
    })?;
    note::finish(&mut snapshot, options);
    Ok(snapshot)
}
