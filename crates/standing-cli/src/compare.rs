//! `standing compare`: two names and the reasons of their score, or a file of pairs. Needs no ledger.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use standing::StandingError;
use standing::model::PartyKind;
use standing::names::{self, Compared, Sums};

use crate::outcome::{Failure, Outcome, lines, write};
use crate::table::{Look, folded, safe, table};

/// Compares two names and prints why they score as they do.
pub fn pair(a: &str, b: &str, kind: PartyKind, json: bool, look: Look) -> Outcome {
    let found = names::compare(a, b, kind)?;
    if json {
        lines(&[found])?;
    } else {
        write(&folded(&explanation(&found, look), look))?;
    }
    Ok(0)
}

/// Compares a file of pairs, row by row.
pub fn file(path: &Path, kind: PartyKind, json: bool) -> Outcome {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut failed = None;
    let mut first_error = None;
    let mut each = |row: names::PairRow| {
        if let (None, Some(error)) = (&first_error, &row.error) {
            first_error = Some(format!("row {}: {error}", row.row));
        }
        let text = if json {
            serde_json::to_string(&row).map_err(|e| StandingError::Question(e.to_string()))?
        } else {
            let score = row.score.map_or_else(|| "  –  ".to_owned(), |s| format!("{s:.3}"));
            let error = row.error.map(|e| format!("  ({})", safe(&e))).unwrap_or_default();
            format!("{score}  {}  |  {}{error}", safe(&row.name1), safe(&row.name2))
        };
        writeln!(out, "{text}").map_err(|error| {
            let what = error.to_string();
            failed = Some(error);
            StandingError::Refused(what)
        })
    };
    let counts = if path == Path::new("-") {
        names::compare_rows(std::io::stdin().lock(), kind, &mut each)
    } else {
        let source = File::open(path).map_err(|source| StandingError::File {
            path: path.display().to_string(),
            source,
        })?;
        names::compare_rows(std::io::BufReader::new(source), kind, &mut each)
    };
    if let Some(error) = failed {
        return Err(Failure::Output(error));
    }
    let counts = counts?;
    out.flush().map_err(Failure::Output)?;
    if counts.refused > 0 {
        let text = format!(
            "standing: {} of {} rows could not be compared; the first: {}\n",
            counts.refused,
            counts.rows,
            safe(&first_error.unwrap_or_default())
        );
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
    Ok(u8::from(counts.refused > 0))
}

fn explanation(found: &Compared, look: Look) -> String {
    let mut out = format!(
        "{}  {}  |  {}\n\n",
        look.paint(&format!("{:.3}", found.score), "1"),
        safe(&found.name1),
        safe(&found.name2)
    );
    let mut rows: Vec<Vec<(String, &str)>> = Vec::new();
    for met in &found.tokens {
        let alike = if met.similarity >= 1.0 {
            String::new()
        } else {
            format!("{:.2}", met.similarity)
        };
        rows.push(vec![
            (safe(&met.a), ""),
            (safe(&met.b), ""),
            (alike, ""),
            (format!("{:.2}", met.weight), ""),
            (met.relation.to_owned(), ""),
        ]);
    }
    for left in &found.left {
        let (a, b) = if left.name == 1 {
            (safe(&left.written), "–".to_owned())
        } else {
            ("–".to_owned(), safe(&left.written))
        };
        let what = if left.weight > 0.0 {
            "left over"
        } else {
            "left over, light"
        };
        let kind = if left.kind == "name" {
            String::new()
        } else {
            format!(": {}", left.kind)
        };
        rows.push(vec![
            (a, ""),
            (b, ""),
            (String::new(), ""),
            (format!("{:.2}", left.weight), ""),
            (format!("{what}{kind}"), ""),
        ]);
    }
    out.push_str(&table(
        look,
        &["first", "second", "alike", "weight", "how"],
        &rows,
        &[36, 36, 5, 6, 60],
    ));
    out.push_str(&format!("\n  {}\n", sums(&found.parts)));
    for note in &found.notes {
        out.push_str(&format!("  {}\n", safe(note)));
    }
    out
}

fn sums(parts: &Sums) -> String {
    if parts.same {
        return "the same name".to_owned();
    }
    let mut out = format!(
        "matched {:.2}, discord {:.2}, left over {:.2} and {:.2}",
        parts.matched, parts.discord, parts.left1, parts.left2
    );
    if parts.strange > 0.0 {
        out.push_str(&format!(", words far apart −{:.0} %", parts.strange * 100.0));
    }
    if parts.letters > 0.0 {
        out.push_str(&format!(", their letters alone {:.2}", parts.letters));
    }
    if parts.disorder > 0.0 {
        out.push_str(&format!(", another order −{:.0} %", parts.disorder * 100.0));
    }
    if parts.light > 0.0 {
        out.push_str(&format!(", light words −{:.2}", parts.light));
    }
    out.push_str("; the formula is in docs/NAMES.md");
    out
}
