//! Dates as publishers write them, read into [`PartialDate`] without ever being widened or corrected.
//!
//! Each function knows one family of written forms. A form that is right with a day that does not exist is
//! [`DateError::Nonexistent`]: callers keep the text and report it ([`crate::note::date`]).

use jiff::civil::Date;
use standing_model::date::DateError;
use standing_model::{Calendar, PartialDate};

use crate::text::trimmed;

/// Which of two numbers before a year is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// `31/12/1999`
    DayFirst,
    /// `12/31/1999`
    MonthFirst,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

fn form(text: &str) -> DateError {
    DateError::Form(text.to_owned())
}

/// A calendar date of numbers, `month` and `day` 0 where unknown.
pub(crate) fn ymd(text: &str, year: u32, month: u32, day: u32) -> Result<Calendar, DateError> {
    let nonexistent = || DateError::Nonexistent(text.to_owned());
    let year = i16::try_from(year).map_err(|_| nonexistent())?;
    if !(1..=9999).contains(&year) || month > 12 || day > 31 {
        return Err(nonexistent());
    }
    match (month, day) {
        (0, 0) => Ok(Calendar::Year(year)),
        (0, _) => Err(nonexistent()),
        (_, 0) => Ok(Calendar::Month(year, month as i8)),
        _ => Date::new(year, month as i8, day as i8)
            .map(Calendar::Day)
            .map_err(|_| nonexistent()),
    }
}

/// Digits only, at most `most` of them.
fn number(text: &str, most: usize) -> Option<u32> {
    (!text.is_empty() && text.len() <= most && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// `2024-10-04`, `2024-10`, `2024`, each with an optional time and zone, of which the day as written is taken.
pub(crate) fn iso(text: &str) -> Result<Calendar, DateError> {
    let text = trimmed(text);
    // As nearly all are written; anything else takes the way that says what is wrong.
    if let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() {
        let digits = [y1, y2, y3, y4, m1, m2, d1, d2];
        if digits.iter().all(u8::is_ascii_digit) {
            let [y1, y2, y3, y4, m1, m2, d1, d2] = digits.map(|digit| i16::from(digit - b'0'));
            let year = y1 * 1000 + y2 * 100 + y3 * 10 + y4;
            if let (1.., Ok(date)) = (year, Date::new(year, (m1 * 10 + m2) as i8, (d1 * 10 + d2) as i8)) {
                return Ok(Calendar::Day(date));
            }
        }
    }
    let head = match text.as_bytes() {
        [_, _, _, _, b'-', _, _, b'-', _, _, b'T' | b't' | b' ' | b'Z' | b'+', ..] if text.is_char_boundary(10) => {
            &text[..10]
        }
        // XML Schema dates may carry a zone: 2024-10-04-05:00.
        [_, _, _, _, b'-', _, _, b'-', _, _, b'-', _, _, b':', ..] if text.is_char_boundary(10) => &text[..10],
        _ => text,
    };
    head.parse()
}

/// `31/12/1999`, `31.12.1999`, `31-12-1999`, also with one digit for day or month, `00` for an unknown day or month, and a bare
/// `1999` or `12/1999`. An optional time after a blank is left aside.
pub(crate) fn numeric(text: &str, order: Order) -> Result<Calendar, DateError> {
    let text = text.trim();
    let head = text.split_ascii_whitespace().next().unwrap_or("");
    if text.len() > head.len()
        && !text[head.len()..]
            .trim_start()
            .starts_with(|c: char| c.is_ascii_digit())
    {
        return Err(form(text));
    }
    let mut parts = head.split(['/', '.', '-']);
    let parts = [parts.next(), parts.next(), parts.next(), parts.next()];
    let (day, month, year) = match parts {
        [Some(year), None, None, None] => (Some(0), Some(0), year),
        [Some(month), Some(year), None, None] => (Some(0), number(month, 2), year),
        [Some(a), Some(b), Some(year), None] => match order {
            Order::DayFirst => (number(a, 2), number(b, 2), year),
            Order::MonthFirst => (number(b, 2), number(a, 2), year),
        },
        _ => return Err(form(text)),
    };
    match (day, month, number(year, 4)) {
        (Some(day), Some(month), Some(written)) if year.len() == 4 => ymd(text, written, month, day),
        _ => Err(form(text)),
    }
}

/// The number of an English month, whole or by its first three letters (also `Sept`), case and a full stop aside.
pub(crate) fn month(text: &str) -> Option<u32> {
    let text = text.strip_suffix('.').unwrap_or(text);
    if text.len() < 3 || !text.is_ascii() {
        return None;
    }
    let fits = |name: &&str| {
        text.len() <= name.len()
            && name.as_bytes()[0] == text.as_bytes()[0].to_ascii_lowercase()
            && name.as_bytes()[..text.len()].eq_ignore_ascii_case(text.as_bytes())
            && (text.len() == 3 || text.len() == name.len() || (text.len() == 4 && name.starts_with("sept")))
    };
    MONTHS.iter().position(fits).map(|at| at as u32 + 1)
}

/// One date in English: `1965`, `Oct 1965`, `04 Oct 1965`, `October 4, 1965`, `4-Oct-1965`, or an ISO date.
pub(crate) fn english_date(text: &str) -> Result<Calendar, DateError> {
    let text = trimmed(text);
    let mut words = text
        .split(|c: char| c.is_ascii_whitespace() || c == ',' || c == '-' || c == '/')
        .filter(|w| !w.is_empty());
    let words = [words.next(), words.next(), words.next(), words.next()];
    let year = |word: &str| if word.len() == 4 { number(word, 4) } else { None };
    let day = |word: &str| number(word.trim_end_matches(|c: char| c.is_ascii_alphabetic()), 2);
    match words {
        [Some(y), None, None, None] => year(y).ok_or_else(|| form(text)).and_then(|y| ymd(text, y, 0, 0)),
        [Some(m), Some(y), None, None] => match (month(m), year(y)) {
            (Some(m), Some(y)) => ymd(text, y, m, 0),
            _ => iso(text),
        },
        [Some(first), Some(second), Some(last), None] => {
            let day_first = day(first).zip(month(second));
            let month_first = day(second).zip(month(first));
            match (day_first.or(month_first), year(last)) {
                (Some((day, month)), Some(year)) if day > 0 => ymd(text, year, month, day),
                _ => iso(text),
            }
        }
        _ => iso(text),
    }
}

/// The forms that nearly all English dates have, at less cost: `1965`, `Oct 1965`, `04 Oct 1965`. `None` for any other.
fn plain(text: &str) -> Option<Result<Calendar, DateError>> {
    let digits = |bytes: &[u8]| {
        bytes.iter().try_fold(0, |number, b| match b {
            b'0'..=b'9' => Some(number * 10 + u32::from(b - b'0')),
            _ => None,
        })
    };
    let short = |[a, b, c]: [u8; 3]| {
        let known = |name: &&str| {
            let name = name.as_bytes();
            name[0] == a.to_ascii_lowercase() && name[1] == b.to_ascii_lowercase() && name[2] == c.to_ascii_lowercase()
        };
        MONTHS.iter().position(known).map(|at| at as u32 + 1)
    };
    let bytes = text.as_bytes();
    let [head @ .., y1, y2, y3, y4] = bytes else {
        return None;
    };
    let year = digits(&[*y1, *y2, *y3, *y4])?;
    let (month, day) = match *head {
        [] => (0, 0),
        [a, b, c, b' '] => (short([a, b, c])?, 0),
        [tens, ones, b' ', a, b, c, b' '] => (short([a, b, c])?, digits(&[tens, ones]).filter(|&day| day > 0)?),
        _ => return None,
    };
    Some(ymd(text, year, month, day))
}

/// A date or span in English: as [`english_date`], also `circa 1965`, `approximately 1965`, `1964 to 1966`, `1964-1966`,
/// `between 1964 and 1966`.
pub(crate) fn english(text: &str) -> Result<PartialDate, DateError> {
    let text = trimmed(text);
    if let Some(date) = plain(text) {
        return date.map(PartialDate::In);
    }
    for about in ["circa", "approximately", "approx.", "about", "ca.", "c."] {
        if let Some(head) = text.get(..about.len())
            && head.eq_ignore_ascii_case(about)
            && text[about.len()..].starts_with(|c: char| c.is_ascii_whitespace() || c == '-')
        {
            let rest = text[about.len()..].trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '-');
            return match english(rest)? {
                PartialDate::In(date) => Ok(PartialDate::Circa(date)),
                other => Ok(other),
            };
        }
    }
    let inner = text
        .get(..8)
        .filter(|head| head.eq_ignore_ascii_case("between "))
        .map_or(text, |_| &text[8..]);
    let halves = if inner.len() < text.len() {
        inner.split_once(" and ").or_else(|| inner.split_once('-'))
    } else {
        inner
            .split_once(" to ")
            .or_else(|| (inner.len() == 9 && inner.as_bytes()[4] == b'-').then(|| (&inner[..4], &inner[5..])))
    };
    let Some((from, to)) = halves else {
        return english_date(inner).map(PartialDate::In);
    };
    // `circa 1964 to 1966`, `1964 to circa 1966`: the span already says that it is about.
    let plain = |t: &str| {
        t.trim()
            .strip_prefix("circa ")
            .map_or_else(|| t.trim().to_owned(), str::to_owned)
    };
    span(text, english_date(&plain(from))?, english_date(&plain(to))?)
}

/// From one date to another.
pub(crate) fn span(text: &str, from: Calendar, to: Calendar) -> Result<PartialDate, DateError> {
    if from == to {
        Ok(PartialDate::In(from))
    } else if from.first() > to.last() {
        Err(DateError::Reversed(text.to_owned()))
    } else {
        Ok(PartialDate::Span(from, to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(date: Result<PartialDate, DateError>) -> String {
        date.map_or_else(|e| format!("{e}"), |d| d.to_string())
    }

    #[test]
    fn english_forms() {
        for (written, read) in [
            ("1965", "1965"),
            ("Oct 1965", "1965-10"),
            ("04 Oct 1965", "1965-10-04"),
            ("4 October 1965", "1965-10-04"),
            ("October 4, 1965", "1965-10-04"),
            ("4-Oct-1965", "1965-10-04"),
            ("1965-10-04", "1965-10-04"),
            ("circa 1965", "circa 1965"),
            ("circa-1951", "circa 1951"),
            ("circa 1964-1966", "1964 to 1966"),
            ("1964 to 1966", "1964 to 1966"),
            ("Sept 1964 to 04 Oct 1966", "1964-09 to 1966-10-04"),
            ("between 1964 and 1966", "1964 to 1966"),
            ("31 Feb 1965", "\"31 Feb 1965\" does not exist in the calendar"),
            ("1966 to 1964", "\"1966 to 1964\" ends before it begins"),
        ] {
            assert_eq!(shown(english(written)), read, "{written}");
        }
        for written in [
            "",
            "soon",
            "12 1965 Oct",
            "é",
            "circa",
            "circa ",
            "99999",
            "Oct-",
            "1964-19é6",
        ] {
            assert!(english(written).is_err(), "{written}");
        }
    }

    #[test]
    fn the_quick_way_reads_as_the_long_one() {
        for written in [
            "1965",
            "0000",
            "19a5",
            "Oct 1965",
            "oct 0965",
            "Oct 19é",
            "Foo 1965",
            "04 Oct 1965",
            "00 Oct 1965",
            "31 Feb 1965",
            "29 FEB 2000",
            "4\t Oct 1965",
            "04 Okt 1965",
            "99 Oct 1965",
            "é Oct 1965",
            "+4 Oct 1965",
        ] {
            if let Some(date) = plain(written) {
                assert_eq!(date, english_date(written), "{written}");
            }
        }
        assert!(plain("04 Oct 1965").is_some() && plain("Oct 1965").is_some() && plain("1965").is_some());
    }

    #[test]
    fn numeric_forms() {
        for (written, order, read) in [
            ("31/12/1999", Order::DayFirst, "1999-12-31"),
            ("12/31/1999", Order::MonthFirst, "1999-12-31"),
            ("1.2.1999", Order::DayFirst, "1999-02-01"),
            ("00/00/1999", Order::DayFirst, "1999"),
            ("00/05/1999", Order::DayFirst, "1999-05"),
            ("05/1999", Order::DayFirst, "1999-05"),
            ("31/12/1999 00:00:00", Order::DayFirst, "1999-12-31"),
        ] {
            assert_eq!(numeric(written, order).unwrap().to_string(), read, "{written}");
        }
        for written in [
            "31/13/1999",
            "30/02/1999",
            "1/1/99",
            "1//1999",
            "soon",
            "31/12/1999 or so",
            "",
        ] {
            assert!(numeric(written, Order::DayFirst).is_err(), "{written}");
        }
    }

    #[test]
    fn days_of_one_form_are_read_as_all_are() {
        for written in [
            "2024-10-04",
            "2024-02-30",
            "0000-01-01",
            "2024-00-01",
            "2024-13-01",
            "2024-1a-01",
            " 1999-12-31\n",
        ] {
            assert_eq!(iso(written), written.trim().parse(), "{written}");
        }
    }

    #[test]
    fn the_day_is_the_written_one() {
        assert_eq!(iso("2020-11-30T20:31:19.923-05:00").unwrap().to_string(), "2020-11-30");
        assert_eq!(iso("2025-04-19T23:00:04.625Z").unwrap().to_string(), "2025-04-19");
        assert_eq!(iso("2015-07-01-04:00").unwrap().to_string(), "2015-07-01");
        assert!(iso("2026-13-45T00:00:09Z").is_err());
    }
}
