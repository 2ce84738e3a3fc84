//! The steps of a party as people read them: a line for each, its act, its sources and what they disagree on beneath.

use standing::answers::{StepRow, instrument_words};
use standing::model::{Authority, Stage};
use standing::words::{date, disagreement, step_words};

use crate::print::{authority_name, short_id};
use crate::said;
use crate::table::{DetailedRow, Look, safe, table_with_details};

/// The steps of a party, oldest first, with act, grade and sources.
pub fn timeline(name: &str, id: &str, steps: &[StepRow], authorities: &[Authority], look: Look) -> String {
    let mut out = format!("{} ({id})\n\n", look.paint(&safe(name), "1"));
    let rows: Vec<DetailedRow<'_>> = steps
        .iter()
        .map(|row| {
            let step = &row.step;
            let listing = step
                .listing
                .as_ref()
                .map_or(String::new(), |l| format!(" ({})", short_id(l)));
            let sign = if step.stage == Stage::Effective { "" } else { "◔ " };
            let what = step_words(step.measure, step.action, step.stage);
            let cells = vec![
                (date(standing::legal_date(step)), ""),
                (authority_name(authorities, &step.authority) + &listing, ""),
                (format!("{sign}{what}"), if sign.is_empty() { "" } else { "38;5;137" }),
                (step.grade.word().to_owned(), "2"),
            ];
            (cells, details(row))
        })
        .collect();
    out.push_str(&table_with_details(
        look,
        &["on", "authority", "step", "grade"],
        &rows,
        &[34, 30, 38, 12],
    ));
    out
}

/// By which act and on whose word; where the sources disagree; what news says of it.
fn details(row: &StepRow) -> Vec<String> {
    let step = &row.step;
    let titles: Vec<&str> = step.sources.iter().map(|e| e.title.as_str()).collect();
    let mut details = vec![safe(&format!(
        "{}. {}  [{}]",
        instrument_words(&step.instrument),
        titles.join("; "),
        step.step
    ))];
    if !step.contradicted.is_empty() {
        details.push(safe(&format!("✕ sources disagree: {}", disagreement(step))));
    }
    if !row.claims.is_empty() {
        details.push(safe(&format!("news (not counted): {}", said::column(&row.claims))));
    }
    details
}
