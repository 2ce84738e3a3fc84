//! Dates as precise as their source, compared with three-valued answers.
//!
//! A source says `2003`, `December 2024`, `4 October 2024`, `circa 1965`, `1964 to 1966`, or two snapshots bound a day: *after 19 April
//! 2025, by 27 February 2026*. None of these is ever widened into a made-up day. Internally each is an interval of days with its
//! written form kept; every comparison asks whether it holds for all days of the interval ([`Truth::Yes`]), for none ([`Truth::No`]) or
//! for some ([`Truth::Maybe`]).

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::truth::Truth;

/// A day of the Gregorian calendar.
pub type Day = Date;

/// How far a `circa` date reaches to either side, in days, by its written precision: two years, two months, ten days.
const CIRCA_REACH: [i32; 3] = [731, 62, 10];

/// A date of the calendar: a year, a month or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Calendar {
    /// `2003`
    Year(i16),
    /// `2024-12`
    Month(i16, i8),
    /// `2024-10-04`
    Day(Day),
}

/// A date as precise as its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartialDate {
    /// Somewhere within this year, this month or on this day.
    In(Calendar),
    /// About this date; see [`PartialDate::earliest`] for how far *about* reaches.
    Circa(Calendar),
    /// Between two dates that a source gives, both included: `1964 to 1966`.
    Span(Calendar, Calendar),
    /// Bounded by what was seen: after the one (excluded), by the other (included). At least one is there.
    Bounded {
        /// The last time at which it was certainly not so yet.
        after: Option<Calendar>,
        /// The first time at which it was certainly so.
        by: Option<Calendar>,
    },
}

/// Why a text is not a date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not in any of the written forms.
    #[error("\"{0}\" is not a date: write 2003, 2024-12, 2024-10-04, circa 1965, 1964 to 1966, or after A, by B")]
    Form(String),
    /// The form is right, the day or month does not exist.
    #[error("\"{0}\" does not exist in the calendar")]
    Nonexistent(String),
    /// The end lies before the beginning.
    #[error("\"{0}\" ends before it begins")]
    Reversed(String),
}

impl Calendar {
    /// The first day that it may mean.
    pub fn first(self) -> Day {
        match self {
            Self::Year(year) => Date::constant(year, 1, 1),
            Self::Month(year, month) => Date::constant(year, month, 1),
            Self::Day(day) => day,
        }
    }

    /// The last day that it may mean.
    pub fn last(self) -> Day {
        match self {
            Self::Year(year) => Date::constant(year, 12, 31),
            Self::Month(year, month) => Date::constant(year, month, 1).last_of_month(),
            Self::Day(day) => day,
        }
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.first().year()
    }

    fn precision(self) -> usize {
        match self {
            Self::Year(_) => 0,
            Self::Month(..) => 1,
            Self::Day(_) => 2,
        }
    }

    /// The calendar date whose days are exactly `first..=last`, if there is one.
    fn exactly(first: Day, last: Day) -> Option<Self> {
        [
            Self::Day(first),
            Self::Month(first.year(), first.month()),
            Self::Year(first.year()),
        ]
        .into_iter()
        .find(|c| c.first() == first && c.last() == last)
    }
}

impl FromStr for Calendar {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let form = || DateError::Form(text.to_owned());
        let nonexistent = || DateError::Nonexistent(text.to_owned());
        if !text.is_ascii() || !matches!(text.len(), 4 | 7 | 10) {
            return Err(form());
        }
        let number = |range: std::ops::Range<usize>| -> Result<i16, DateError> {
            text.as_bytes()[range].iter().try_fold(0, |number, &b| match b {
                b'0'..=b'9' => Ok(number * 10 + i16::from(b - b'0')),
                _ => Err(form()),
            })
        };
        let bytes = text.as_bytes();
        let year = number(0..4)?;
        if bytes.len() == 4 {
            return if year == 0 {
                Err(nonexistent())
            } else {
                Ok(Self::Year(year))
            };
        }
        let month = number(5..7)? as i8;
        if bytes[4] != b'-' || (bytes.len() == 10 && bytes[7] != b'-') {
            return Err(form());
        }
        let day = if bytes.len() == 10 { number(8..10)? as i8 } else { 1 };
        let date = Date::new(year, month, day).map_err(|_| nonexistent())?;
        if year == 0 {
            return Err(nonexistent());
        }
        Ok(if bytes.len() == 10 {
            Self::Day(date)
        } else {
            Self::Month(year, month)
        })
    }
}

impl fmt::Display for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(day) => write!(f, "{:04}-{:02}-{:02}", day.year(), day.month(), day.day()),
        }
    }
}

impl From<Day> for Calendar {
    fn from(day: Day) -> Self {
        Self::Day(day)
    }
}

/// Days from one day to another; negative if the other lies before.
///
/// ```
/// use standing_model::{Day, days_between};
/// assert_eq!(days_between(Day::constant(2024, 2, 28), Day::constant(2024, 3, 1)), 2);
/// assert_eq!(days_between(Day::constant(2025, 1, 1), Day::constant(2024, 1, 1)), -366);
/// ```
pub fn days_between(from: Day, to: Day) -> i32 {
    // A difference of two dates is a span of days alone.
    (to - from).get_days()
}

fn shifted(day: Day, days: i32) -> Day {
    let limit = if days < 0 { Date::MIN } else { Date::MAX };
    day.checked_add(jiff::Span::new().days(days)).unwrap_or(limit)
}

impl PartialDate {
    /// A year, known no better.
    pub fn year(year: i16) -> Self {
        Self::In(Calendar::Year(year))
    }

    /// A day.
    pub fn day(day: Day) -> Self {
        Self::In(Calendar::Day(day))
    }

    /// After `after` (excluded) and by `by` (included).
    pub fn bounded(after: Option<Calendar>, by: Option<Calendar>) -> Option<Self> {
        (after.is_some() || by.is_some()).then_some(Self::Bounded { after, by })
    }

    /// The first day that it may mean; `None` where nothing bounds it below.
    ///
    /// *after A* begins on the day after the first day that A may mean: where A is only a month, the day it stands for may be its first.
    pub fn earliest(self) -> Option<Day> {
        match self {
            Self::In(date) | Self::Span(date, _) => Some(date.first()),
            Self::Circa(date) => Some(shifted(date.first(), -CIRCA_REACH[date.precision()])),
            Self::Bounded { after, .. } => after.map(|a| shifted(a.first(), 1)),
        }
    }

    /// The last day that it may mean; `None` where nothing bounds it above.
    pub fn latest(self) -> Option<Day> {
        match self {
            Self::In(date) | Self::Span(_, date) => Some(date.last()),
            Self::Circa(date) => Some(shifted(date.last(), CIRCA_REACH[date.precision()])),
            Self::Bounded { by, .. } => by.map(Calendar::last),
        }
    }

    /// The day, where the source gives one.
    pub fn as_day(self) -> Option<Day> {
        match self {
            Self::In(Calendar::Day(day)) => Some(day),
            _ => None,
        }
    }

    /// Has it come by the end of `day`?
    pub fn reached(self, day: Day) -> Truth {
        if self.latest().is_some_and(|latest| latest <= day) {
            Truth::Yes
        } else if self.earliest().is_some_and(|earliest| earliest > day) {
            Truth::No
        } else {
            Truth::Maybe
        }
    }

    /// Does it lie before `other`?
    pub fn before(self, other: Self) -> Truth {
        let surely = matches!((self.latest(), other.earliest()), (Some(a), Some(b)) if a < b);
        let never = matches!((self.earliest(), other.latest()), (Some(a), Some(b)) if a >= b);
        match (surely, never) {
            (true, _) => Truth::Yes,
            (_, true) => Truth::No,
            _ => Truth::Maybe,
        }
    }

    /// Is it the same day as `other`?
    pub fn same_day(self, other: Self) -> Truth {
        match (self.as_day(), other.as_day()) {
            (Some(a), Some(b)) => Truth::certain(a == b),
            _ if self.compatible(other) => Truth::Maybe,
            _ => Truth::No,
        }
    }

    /// May both mean the same day?
    pub fn compatible(self, other: Self) -> bool {
        let apart = |a: Self, b: Self| matches!((a.latest(), b.earliest()), (Some(x), Some(y)) if x < y);
        !apart(self, other) && !apart(other, self)
    }

    /// The days that both allow: the narrower of the two where one lies within the other. `None` if they are not compatible.
    pub fn narrow(self, other: Self) -> Option<Self> {
        if !self.compatible(other) {
            return None;
        }
        if self.within(other) {
            return Some(self);
        }
        if other.within(self) {
            return Some(other);
        }
        let first = self.earliest().max(other.earliest());
        let last = [self.latest(), other.latest()].into_iter().flatten().min();
        Some(match (first, last) {
            (Some(first), Some(last)) => match Calendar::exactly(first, last) {
                Some(date) => Self::In(date),
                None => Self::Span(Calendar::Day(first), Calendar::Day(last)),
            },
            (first, last) => Self::Bounded {
                after: first.map(|d| Calendar::Day(shifted(d, -1))),
                by: last.map(Calendar::Day),
            },
        })
    }

    /// Is every day that it may mean also one that `other` may mean?
    pub fn within(self, other: Self) -> bool {
        let lower = match (self.earliest(), other.earliest()) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(a), Some(b)) => a >= b,
        };
        let upper = match (self.latest(), other.latest()) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(a), Some(b)) => a <= b,
        };
        lower && upper
    }

    /// A total order for output: by last possible day, then first possible day, then written form. It says nothing about the facts.
    pub fn sort_key(self) -> (Day, Day, String) {
        (
            self.latest().unwrap_or(Date::MAX),
            self.earliest().unwrap_or(Date::MIN),
            self.to_string(),
        )
    }
}

impl From<Calendar> for PartialDate {
    fn from(date: Calendar) -> Self {
        Self::In(date)
    }
}

impl FromStr for PartialDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let text = text.trim();
        if let Some(date) = text.strip_prefix("circa ") {
            return Ok(Self::Circa(date.trim().parse()?));
        }
        if let Some((from, to)) = text.split_once(" to ") {
            let (from, to): (Calendar, Calendar) = (from.trim().parse()?, to.trim().parse()?);
            return if from.first() > to.last() {
                Err(DateError::Reversed(text.to_owned()))
            } else {
                Ok(Self::Span(from, to))
            };
        }
        if let Some(rest) = text.strip_prefix("after ") {
            let (after, by) = match rest.split_once(", by ") {
                Some((after, by)) => (after.trim().parse()?, Some(by.trim().parse()?)),
                None => (rest.trim().parse()?, None),
            };
            return bounds(text, Some(after), by);
        }
        if let Some(by) = text.strip_prefix("by ") {
            return bounds(text, None, Some(by.trim().parse()?));
        }
        Ok(Self::In(text.parse()?))
    }
}

fn bounds(text: &str, after: Option<Calendar>, by: Option<Calendar>) -> Result<PartialDate, DateError> {
    match (after, by) {
        (Some(a), Some(b)) if shifted(a.first(), 1) > b.last() => Err(DateError::Reversed(text.to_owned())),
        _ => PartialDate::bounded(after, by).ok_or_else(|| DateError::Form(text.to_owned())),
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::In(date) => date.fmt(f),
            Self::Circa(date) => write!(f, "circa {date}"),
            Self::Span(from, to) => write!(f, "{from} to {to}"),
            Self::Bounded {
                after: Some(after),
                by: Some(by),
            } => write!(f, "after {after}, by {by}"),
            Self::Bounded {
                after: Some(after),
                by: None,
            } => write!(f, "after {after}"),
            Self::Bounded {
                after: None,
                by: Some(by),
            } => write!(f, "by {by}"),
            Self::Bounded { after: None, by: None } => f.write_str("unknown"),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BoundsForm {
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bounded { after, by } => BoundsForm {
                after: after.map(|d| d.to_string()),
                by: by.map(|d| d.to_string()),
            }
            .serialize(serializer),
            other => serializer.collect_str(other),
        }
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Text(String),
            Bounds(BoundsForm),
        }
        match Form::deserialize(deserializer)? {
            Form::Text(text) => text.parse().map_err(de::Error::custom),
            Form::Bounds(form) => {
                let parse = |d: Option<String>| d.map(|d| d.parse::<Calendar>()).transpose().map_err(de::Error::custom);
                let (after, by) = (parse(form.after)?, parse(form.by)?);
                bounds("a bounded date", after, by).map_err(de::Error::custom)
            }
        }
    }
}

impl Serialize for Calendar {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Calendar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
