//! The three clocks of every question, and the defaults that the rim gives them.

use serde::Serialize;
use standing_ledger::{Ledger, View};
use standing_model::{Calendar, Day, Grade};

use crate::error::StandingError;

/// What a question asks about, as people write it. What is left out defaults to now.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// When it is legally so.
    pub on: Option<Day>,
    /// When a source had made it public.
    pub known: Option<Day>,
    /// What the ledger had learned: a transaction's number (`17`, `#17`), or a time (RFC 3339 or the beginning of one).
    pub recorded: Option<String>,
    /// The weakest grade that counts.
    pub basis: Option<Grade>,
}

/// The clocks as an answer names them: days, and the last transaction that counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Clocks {
    /// When it is legally so.
    pub on: Day,
    /// When a source had made it public.
    pub known: Day,
    /// The last transaction that counted.
    pub recorded: i64,
}

impl Question {
    /// Opens a view of the ledger for this question. `today` is the UTC day.
    pub fn view<'a>(&self, ledger: &'a Ledger, today: Day) -> Result<(View<'a>, Clocks), StandingError> {
        let known = self.known.unwrap_or(today);
        let recorded = self
            .recorded
            .as_deref()
            .map(|text| transaction(ledger, text))
            .transpose()?;
        let last = ledger.last_transaction()?;
        if let Some(number) = recorded.filter(|n| *n > last) {
            return Err(StandingError::Question(format!(
                "--recorded {number}: there is no such transaction yet; the last is {last}"
            )));
        }
        if let (Some(0), Some(text)) = (recorded, self.recorded.as_deref())
            && last > 0
        {
            return Err(StandingError::Question(format!(
                "--recorded {text}: this ledger had recorded nothing by then; its transactions are 1 to {last}"
            )));
        }
        let view = ledger.view(recorded, known)?;
        let clocks = Clocks {
            on: self.on.unwrap_or(today),
            known,
            recorded: view.transaction(),
        };
        Ok((view, clocks))
    }

    /// The weakest grade that counts: *stated* by default.
    pub fn basis(&self) -> Grade {
        self.basis.unwrap_or(Grade::Stated)
    }
}

fn transaction(ledger: &Ledger, text: &str) -> Result<i64, StandingError> {
    // A number of four digits reads as a year; with `#` before it it is a transaction.
    if let Some(number) = text.strip_prefix('#') {
        return number
            .parse()
            .ok()
            .filter(|n| *n >= 0)
            .ok_or_else(|| StandingError::Question(format!("--recorded {text}: no such transaction")));
    }
    if text.len() < 9 && text.len() != 4 && text.bytes().all(|b| b.is_ascii_digit()) {
        return text
            .parse()
            .map_err(|_| StandingError::Question(format!("--recorded {text}: no such transaction")));
    }
    let day = text.get(..10).unwrap_or(text);
    day.parse::<Calendar>()
        .map_err(|e| StandingError::Question(format!("--recorded {text}: {e}; or give a transaction's number")))?;
    Ok(ledger.transaction_at(text)?)
}

/// A day as people write it on a command line: `2024-10-04`. For a month or a year its last day is meant.
///
/// ```
/// assert_eq!(standing::parse_day("2024-10").unwrap().to_string(), "2024-10-31");
/// ```
pub fn parse_day(text: &str) -> Result<Day, String> {
    calendar(text).map(Calendar::last)
}

/// The first day that a text on a command line means, for the beginning of a window.
pub fn parse_first_day(text: &str) -> Result<Day, String> {
    calendar(text).map(Calendar::first)
}

fn calendar(text: &str) -> Result<Calendar, String> {
    text.parse().map_err(|error| match error {
        standing_model::DateError::Form(_) => {
            format!("\"{text}\" is no day: write 2024-10-04, or 2024-10 or 2024 for a whole month or year")
        }
        other => other.to_string(),
    })
}
