//! `standing demo`: the Taliban's story from the register alone.

use std::path::PathBuf;

use standing::answers::{self, By, Show, Window};
use standing::model::Day;
use standing::words::{since_words, standing_words};
use standing::{Question, StandingError, home};

use crate::print;
use crate::table::{Look, wrap};
use crate::timeline;

const PARTY: &str = "standing:taliban";

/// The lines of the later answer that the earlier one lacks or has otherwise, each in words.
fn different_lines(before: &Show, after: &Show) -> Vec<String> {
    let mut lines = Vec::new();
    for row in &after.rows {
        let then = before
            .rows
            .iter()
            .find(|r| (&r.authority, r.measure, &r.listing) == (&row.authority, row.measure, &row.listing));
        let who = print::authority_name(&after.authorities, &row.authority);
        let now = format!(
            "{} {}",
            standing_words(row.measure, row.standing),
            since_words(row.standing, row.since)
        );
        let over = then.is_some_and(|r| !r.pending.is_empty()) && row.pending.is_empty();
        match then {
            Some(then) if then.standing == row.standing && !over => {}
            Some(then) => lines.push(format!(
                "{who}, {}: {} then, {now} now{}",
                row.measure,
                standing_words(then.measure, then.standing),
                if over { "; nothing is pending any more" } else { "" }
            )),
            None => lines.push(format!("{who}, {}: {now}; nothing then", row.measure)),
        }
    }
    lines
}

/// Builds a ledger, in a temporary place unless it is to be kept, and tells the story.
pub fn run(keep: Option<PathBuf>, today: Day, now: &str, look: Look) -> Result<String, StandingError> {
    let place = tempfile::tempdir().map_err(|source| StandingError::File {
        path: "a temporary directory".into(),
        source,
    })?;
    let path = keep.clone().unwrap_or_else(|| place.path().join("demo.db"));
    drop(home::open_for_writing(&path, now)?);
    let ledger = home::open(&path)?;
    let then = Day::constant(2024, 10, 4);
    let question = Question {
        on: Some(then),
        known: Some(then),
        ..Question::default()
    };
    let before = answers::show(&ledger, PARTY, &question, today)?;
    let after = answers::show(&ledger, PARTY, &Question::default(), today)?;
    let mut out = look.paint("A ministry says that the ban will go; the ban is still in force.", "3");
    out.push_str("\n\n");
    out.push_str(&print::show(&before, look));
    out.push_str(&format!(
        "\n{}\n\n",
        look.paint("What happened, as steps, each with its act and source:", "3")
    ));
    let (view, _) = Question::default().view(&ledger, today)?;
    let authorities = view.register().authorities.clone();
    let (party, steps) = answers::timeline(&ledger, PARTY, &Question::default(), today)?;
    out.push_str(&timeline::timeline(&party.name, &party.id, &steps, &authorities, look));
    out.push_str(&format!("\n{}\n\n", look.paint("The same question today:", "3")));
    out.push_str(&print::show(&after, look));
    let differs = different_lines(&before, &after);
    out.push_str(&format!(
        "\n{}\n",
        look.paint(&format!("{} lines are not what they were:", differs.len()), "3")
    ));
    for line in &differs {
        for (at, part) in wrap(line, look.width.saturating_sub(4)).iter().enumerate() {
            out.push_str(&format!("  {}{part}\n", if at == 0 { "" } else { "  " }));
        }
    }
    let window = Window {
        since: Some(then),
        by: By::Known,
        party: Some(PARTY.into()),
        ..Window::default()
    };
    let moved = answers::changes(&ledger, &window, &Question::default(), today)?;
    out.push_str(&format!("\n{} steps became known since {then}.\n", moved.len()));
    out.push_str(&match keep {
        Some(path) => format!(
            "The ledger is kept. Ask it:  standing --db {p} timeline Taliban    standing --db {p} show Taliban --on 2025-01-01\n",
            p = path.display()
        ),
        None => "To ask it yourself:  standing demo --keep demo.db   and then   standing --db demo.db show Taliban --on 2025-01-01\n".into(),
    });
    Ok(out)
}
