//! The clocks of a page: read from its address, changed by two sliders or two date fields, kept in every link.

use maud::{Markup, html};
use serde::Deserialize;
use standing::model::Day;
use standing::{Clocks, Question, parse_day};

/// What an address says of the clocks. All values as people write them; a wrong one is an error that names it.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct ClockQuery {
    on: Option<String>,
    known: Option<String>,
    recorded: Option<String>,
    basis: Option<String>,
}

impl ClockQuery {
    /// The question that it asks.
    pub fn question(&self) -> Result<Question, String> {
        let day = |name: &str, text: &Option<String>| -> Result<Option<Day>, String> {
            match text.as_deref().map(str::trim) {
                None | Some("") => Ok(None),
                Some(text) => parse_day(text).map(Some).map_err(|e| format!("{name}: {e}")),
            }
        };
        let filled = |text: &Option<String>| {
            text.as_deref()
                .map(str::trim)
                .filter(|t| !t.is_empty())
                .map(str::to_owned)
        };
        Ok(Question {
            on: day("on", &self.on)?,
            known: day("known", &self.known)?,
            recorded: filled(&self.recorded),
            basis: filled(&self.basis)
                .map(|b| b.parse().map_err(|e| format!("basis: {e}")))
                .transpose()?,
        })
    }
}

/// A permalink's query: all three clocks, so that it says the same for good.
pub fn permanent(clocks: &Clocks) -> String {
    format!(
        "?on={}&known={}&recorded=%23{}",
        clocks.on, clocks.known, clocks.recorded
    )
}

/// How a date is written here; browsers would show a date field in the order of their own country.
pub const DATE: &str = "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?";

/// Two sliders and two date fields over the same days; `extra` are further fields of the form.
pub fn controls(action: &str, clocks: &Clocks, first: Day, last: Day, extra: &Markup) -> Markup {
    let days = |day: Day| (day - first).get_days().clamp(0, 400_000);
    let most = days(last);
    html! {
        form.clocks action=(action) data-clocks="" data-first=(first) {
            div.clock {
                label for="on" { "Legally on" }
                input #on name="on" value=(clocks.on) size="10" inputmode="numeric" pattern=(DATE) title="2024-10-04, 2024-10 or 2024" required autocomplete="off";
                input type="range" min="0" max=(most) value=(days(clocks.on).min(most)) data-for="on" aria-label="Legally on";
            }
            div.clock {
                label for="known" { "Known by" }
                input #known name="known" value=(clocks.known) size="10" inputmode="numeric" pattern=(DATE) title="2024-10-04, 2024-10 or 2024" required autocomplete="off";
                input type="range" min="0" max=(most) value=(days(clocks.known).min(most)) data-for="known" aria-label="Known by";
            }
            (extra)
            div.acts {
                button { "Show" }
                a.button href={ (action) (permanent(clocks)) } data-copy="" data-recorded=(clocks.recorded) { "Permalink" }
                button type="button" data-play="" hidden { "▶ Play the years" }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_its_clocks() {
        let query = ClockQuery {
            on: Some("2024-10".into()),
            known: Some(String::new()),
            ..ClockQuery::default()
        };
        assert_eq!(query.question().unwrap().on.unwrap().to_string(), "2024-10-31");
        let wrong = ClockQuery {
            known: Some("yesterday".into()),
            ..ClockQuery::default()
        };
        assert!(wrong.question().unwrap_err().starts_with("known: \"yesterday\""));
    }
}
