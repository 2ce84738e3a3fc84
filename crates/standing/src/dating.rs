//! The date of a snapshot: where it comes from, in the order that `docs/LEDGER.md` gives.

use standing_ledger::DateOrigin;
use standing_model::{Calendar, Day, PartialDate, Snapshot};

/// What a caller knows of a file's date.
#[derive(Debug, Clone, Copy, Default)]
pub struct Given {
    /// `--date`
    pub date: Option<PartialDate>,
    /// The day of the git commit that brought the file, or of the server's Last-Modified, with which of both it is.
    pub carried: Option<(PartialDate, DateOrigin)>,
}

/// The date of a snapshot and its origin: in the file, given, carried, at the beginning of one of the `places` (the names of the file
/// and its folder), or between the newest date in its records and `today`.
pub fn date(snapshot: &Snapshot, places: &[String], given: &Given, today: Day) -> (PartialDate, DateOrigin) {
    if let Some(date) = snapshot.date {
        return (date, DateOrigin::File);
    }
    if let Some(date) = given.date {
        return (date, DateOrigin::Given);
    }
    if let Some(carried) = given.carried {
        return carried;
    }
    if let Some(date) = places.iter().find_map(|n| leading(n)) {
        return (date.into(), DateOrigin::Name);
    }
    let date = match newest_record_date(snapshot) {
        Some(newest) if newest < today => PartialDate::Span(newest.into(), today.into()),
        _ => PartialDate::day(today),
    };
    (date, DateOrigin::Records)
}

/// An ISO day or month that begins a name.
fn leading(name: &str) -> Option<Calendar> {
    [10, 7].into_iter().find_map(|length| {
        let date = name.get(..length)?.parse().ok()?;
        let next = name.as_bytes().get(length);
        (!next.is_some_and(u8::is_ascii_digit)).then_some(date)
    })
}

fn newest_record_date(snapshot: &Snapshot) -> Option<Day> {
    let told = snapshot
        .head
        .iter()
        .find(|(k, _)| k == "newest record date")
        .and_then(|(_, v)| v.parse::<Calendar>().ok());
    let read = snapshot
        .records
        .iter()
        .flat_map(|r| r.listed_on.iter().chain(&r.amended_on))
        .filter_map(|d| d.earliest())
        .max();
    told.map(Calendar::first).max(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_gives_a_day_or_a_month_that_begins_it() {
        let day = |n| leading(n).map(|d| d.to_string());
        assert_eq!(day("2025-04-19.xml").as_deref(), Some("2025-04-19"));
        assert_eq!(day("2019-01").as_deref(), Some("2019-01"));
        assert_eq!(day("2019-01-"), Some("2019-01".into()));
        assert_eq!(day("2019-13-01.xml"), None);
        assert_eq!(day("20190101.xml"), None);
        assert_eq!(day("un-2025-04-19.xml"), None);
    }
}
