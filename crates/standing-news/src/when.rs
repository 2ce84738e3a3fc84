//! Times: dates, weekdays, months, `last year`, `three months ago`, resolved against the day of publication with their precision kept.
//!
//! An expression is read first as what it says (`Friday`, `4 October`, `last April`) and only then, with a day of publication, as a date.
//! Without one it stays what it says. A weekday or a month without a year is the last such day or month up to publication, because news
//! tells what has happened; in a sentence about the future it is the next one.

use jiff::ToSpan as _;
use standing_model::date::{Calendar, Day};

use crate::lexicon::Class;
use crate::phrase::Source;
use crate::text::{Shape, fold};

/// What a time expression says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// A full date, or a year or month with its year.
    Date(Calendar),
    /// A day of a month without a year.
    DayOf(i8, i8),
    /// A month without a year.
    Month(i8),
    /// A weekday; 1 is Monday.
    Weekday(i8),
    /// `today`.
    Today,
    /// `yesterday`.
    Yesterday,
    /// So many units before: 1 day, 7 days, 1 month or 1 year each.
    Ago(i32, Unit),
    /// `last April`.
    LastMonth(i8),
    /// `this month`, `earlier in the month`.
    This(Unit),
    /// `next year`, `next week`.
    Next(Unit),
    /// `tomorrow`
    Tomorrow,
}

/// A unit of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Day.
    Day,
    /// Week.
    Week,
    /// Month.
    Month,
    /// Year.
    Year,
}

/// A time expression at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// First token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
    /// What it says.
    pub said: Said,
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
const DAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

fn month(source: &Source, at: usize) -> Option<i8> {
    let token = source.tokens.get(at)?;
    if token.shape != Shape::Capital || !token.reading.has(Class::Month) {
        return None;
    }
    let word = fold(source.word(at));
    let word = word.trim_end_matches('.');
    MONTHS
        .iter()
        .position(|m| *m == word || (word.len() >= 3 && m.starts_with(word)))
        .map(|n| n as i8 + 1)
}

fn weekday(source: &Source, at: usize) -> Option<i8> {
    let token = source.tokens.get(at)?;
    if token.shape != Shape::Capital || !token.reading.has(Class::Weekday) {
        return None;
    }
    let word = fold(source.word(at));
    DAYS.iter().position(|d| *d == word).map(|n| n as i8 + 1)
}

fn number(source: &Source, at: usize) -> Option<i32> {
    let token = source.tokens.get(at)?;
    let word = source.word(at);
    match token.shape {
        Shape::Number => word.trim_end_matches(|c: char| c.is_alphabetic()).parse().ok(),
        Shape::Lower | Shape::Capital => {
            let word = fold(word);
            [
                "", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
            ]
            .iter()
            .position(|n| *n == word && !n.is_empty())
            .map(|n| n as i32)
            .or((word == "a" || word == "an").then_some(1))
            .or((word == "several").then_some(3))
            .filter(|_| word != "several")
        }
        _ => None,
    }
}

fn unit(source: &Source, at: usize) -> Option<Unit> {
    let token = source.tokens.get(at)?;
    if token.shape != Shape::Lower {
        return None;
    }
    match source.word(at) {
        "day" | "days" => Some(Unit::Day),
        "week" | "weeks" => Some(Unit::Week),
        "month" | "months" => Some(Unit::Month),
        "year" | "years" => Some(Unit::Year),
        _ => None,
    }
}

fn year(source: &Source, at: usize) -> Option<i16> {
    let token = source.tokens.get(at)?;
    if token.shape != Shape::Number || token.end - token.start != 4 {
        return None;
    }
    source.word(at).parse().ok().filter(|y| (1700..2100).contains(y))
}

fn date(y: i16, m: i8, d: i8) -> Option<Said> {
    Day::new(y, m, d).ok().map(|day| Said::Date(Calendar::Day(day)))
}

/// The time expression that begins at a token, with its length.
fn expression(source: &Source, at: usize, end: usize) -> Option<(usize, Said)> {
    let day_number = |i: usize| -> Option<i8> {
        if i >= end || source.tokens[i].end - source.tokens[i].start > 4 {
            return None;
        }
        number(source, i)
            .filter(|_| source.tokens[i].shape == Shape::Number)
            .filter(|d| (1..=31).contains(d))
            .map(|d| d as i8)
    };
    let is = |i: usize, word: &str| i < end && source.is(i, word);
    let comma = |i: usize| i < end && source.tokens[i].shape == Shape::Comma;
    if let Some(m) = month(source, at) {
        if let Some(d) = day_number(at + 1) {
            let skip = usize::from(comma(at + 2));
            if at + 2 + skip < end
                && let Some(y) = year(source, at + 2 + skip)
            {
                return date(y, m, d).map(|s| (3 + skip, s));
            }
            return Some((2, Said::DayOf(m, d)));
        }
        let skip = usize::from(is(at + 1, "of"));
        if at + 1 + skip < end {
            if let Some(y) = year(source, at + 1 + skip) {
                return Some((2 + skip, Said::Date(Calendar::Month(y, m))));
            }
            if is(at + 1, "of") && is(at + 2, "this") && is(at + 3, "year") {
                return Some((4, Said::Month(m)));
            }
        }
        // `May` and `March` begin sentences as verbs too.
        if matches!(m, 3 | 5) && !(at > 0 && source.tokens[at - 1].is_word()) {
            return None;
        }
        return Some((1, Said::Month(m)));
    }
    if let Some(d) = day_number(at)
        && at + 1 < end
        && let Some(m) = month(source, at + 1)
    {
        let skip = usize::from(comma(at + 2));
        if at + 2 + skip < end
            && let Some(y) = year(source, at + 2 + skip)
        {
            return date(y, m, d).map(|s| (3 + skip, s));
        }
        return Some((2, Said::DayOf(m, d)));
    }
    if let Some(w) = weekday(source, at) {
        // `Monday, January 23, 2019`: the date says it.
        return Some((1, Said::Weekday(w)));
    }
    if let Some(y) = year(source, at) {
        let lead = at > 0
            && [
                "in", "since", "of", "by", "from", "until", "during", "late", "early", "mid", "to", "between", "and",
                "before", "after", "around",
            ]
            .iter()
            .any(|w| source.is(at - 1, w));
        let alone = at > 0 && source.tokens[at - 1].shape == Shape::Open;
        return (lead || alone).then_some((1, Said::Date(Calendar::Year(y))));
    }
    let token = &source.tokens[at];
    if !token.is_word() {
        return None;
    }
    if let (Some(n), true) = (number(source, at), at + 2 < end)
        && let Some(u) = unit(source, at + 1)
        && (is(at + 2, "ago") || (is(at + 2, "earlier") && !is(at + 3, "than")))
    {
        return Some((3, Said::Ago(n, u)));
    }
    match fold(source.word(at)).as_str() {
        "today" | "tonight" => Some((1, Said::Today)),
        "yesterday" => Some((1, Said::Yesterday)),
        "tomorrow" => Some((1, Said::Tomorrow)),
        "last" if at + 1 < end => {
            if let Some(m) = month(source, at + 1) {
                return Some((2, Said::LastMonth(m)));
            }
            if let Some(w) = weekday(source, at + 1) {
                return Some((2, Said::Weekday(w)));
            }
            if is(at + 1, "night") {
                return Some((2, Said::Yesterday));
            }
            unit(source, at + 1)
                .filter(|_| !source.word(at + 1).ends_with('s'))
                .map(|u| (2, Said::Ago(1, u)))
        }
        "next" if at + 1 < end => unit(source, at + 1)
            .filter(|_| !source.word(at + 1).ends_with('s'))
            .map(|u| (2, Said::Next(u))),
        "this" if at + 1 < end => unit(source, at + 1)
            .filter(|_| !source.word(at + 1).ends_with('s'))
            .map(|u| (2, Said::This(u))),
        "earlier" if is(at + 1, "this") && at + 2 < end => unit(source, at + 2).map(|u| (3, Said::This(u))),
        "earlier" if is(at + 1, "in") && is(at + 2, "the") && at + 3 < end => {
            unit(source, at + 3).map(|u| (4, Said::This(u)))
        }
        _ => None,
    }
}

/// Marks the tokens of time expressions.
pub fn mark_times(source: &Source, start: usize, end: usize, marks: &mut [bool]) {
    for when in find(source, start, end) {
        for mark in &mut marks[when.start - start..when.end - start] {
            *mark = true;
        }
    }
}

/// All time expressions between two tokens.
pub fn find(source: &Source, start: usize, end: usize) -> Vec<When> {
    let mut out = Vec::new();
    let mut at = start;
    while at < end {
        let token = &source.tokens[at];
        let candidate = token.shape == Shape::Number
            || token.shape == Shape::Capital
            || token.reading.classes
                & (Class::Adverb as u64 | Class::Determiner as u64 | Class::Adjective as u64 | Class::Number as u64)
                != 0;
        if candidate
            && source
                .mentions
                .at(at)
                .is_none_or(|m| m.end as usize == at + 1 && token.reading.has(Class::Month))
            && let Some((length, said)) = expression(source, at, end)
        {
            out.push(When {
                start: at,
                end: (at + length).min(end),
                said,
            });
            at += length;
            continue;
        }
        at += 1;
    }
    out
}

/// Where a bare weekday or month lies from publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Up to it.
    Past,
    /// After it.
    Future,
}

/// The date that an expression means, given the day of publication.
pub fn resolve(said: Said, published: Option<Day>, direction: Direction) -> Option<Calendar> {
    if let Said::Date(calendar) = said {
        return Some(calendar);
    }
    let day = published?;
    let future = direction == Direction::Future;
    let month_near = |m: i8| -> i16 {
        let y = day.year();
        if future {
            if m < day.month() { y + 1 } else { y }
        } else if m > day.month() {
            y - 1
        } else {
            y
        }
    };
    match said {
        Said::Date(calendar) => Some(calendar),
        Said::DayOf(m, d) => {
            let this = Day::new(day.year(), m, d).ok();
            let year = match this {
                Some(date) if !future && date > day => {
                    // A day a little ahead is announced rather than a year old.
                    if (date - day).get_days() <= 60 {
                        day.year()
                    } else {
                        day.year() - 1
                    }
                }
                Some(date) if future && date < day => day.year() + 1,
                _ => day.year(),
            };
            Day::new(year, m, d).ok().map(Calendar::Day)
        }
        Said::Month(m) => Some(Calendar::Month(month_near(m), m)),
        Said::LastMonth(m) => Some(Calendar::Month(
            if m >= day.month() { day.year() - 1 } else { day.year() },
            m,
        )),
        Said::Weekday(w) => {
            let here = day.weekday().to_monday_one_offset();
            let back = (i32::from(here) - i32::from(w)).rem_euclid(7);
            let date = if future {
                day.checked_add(((7 - back) % 7).days()).ok()?
            } else {
                day.checked_sub(back.days()).ok()?
            };
            Some(Calendar::Day(date))
        }
        Said::Today => Some(Calendar::Day(day)),
        Said::Yesterday => day.checked_sub(1.days()).ok().map(Calendar::Day),
        Said::Tomorrow => day.checked_add(1.days()).ok().map(Calendar::Day),
        Said::Ago(n, unit) => {
            let n = n.clamp(0, 3000);
            match unit {
                Unit::Day => day.checked_sub(n.days()).ok().map(Calendar::Day),
                Unit::Week => day
                    .checked_sub(n.weeks())
                    .ok()
                    .map(|d| Calendar::Month(d.year(), d.month())),
                Unit::Month => day
                    .checked_sub(n.months())
                    .ok()
                    .map(|d| Calendar::Month(d.year(), d.month())),
                Unit::Year => day.checked_sub(n.years()).ok().map(|d| Calendar::Year(d.year())),
            }
        }
        Said::This(unit) => match unit {
            Unit::Day => Some(Calendar::Day(day)),
            Unit::Week | Unit::Month => Some(Calendar::Month(day.year(), day.month())),
            Unit::Year => Some(Calendar::Year(day.year())),
        },
        Said::Next(unit) => match unit {
            Unit::Day => None,
            Unit::Week => day
                .checked_add(7.days())
                .ok()
                .map(|d| Calendar::Month(d.year(), d.month())),
            Unit::Month => day
                .checked_add(1.months())
                .ok()
                .map(|d| Calendar::Month(d.year(), d.month())),
            Unit::Year => Some(Calendar::Year(day.year() + 1)),
        },
    }
}
