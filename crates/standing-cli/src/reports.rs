//! What became of files, in words: the report on each, and what the guard holds.

use standing::answers::{ReviewAnswer, Show};
use standing::ingest::{FileReport, Outcome, Recorded};
use standing::words::number;
use standing::{DateOrigin, HeldRow, View};

use crate::table::{Look, cut, safe};

fn breakdown(parts: &[(String, u64)]) -> String {
    let mut shown: Vec<String> = parts.iter().take(6).map(|(p, n)| format!("{n} {}", safe(p))).collect();
    if parts.len() > 6 {
        shown.push(format!("{} other", parts[6..].iter().map(|(_, n)| n).sum::<u64>()));
    }
    shown.join(" · ")
}

/// Files that the guard holds.
pub fn review(rows: &[ReviewAnswer], look: Look) -> String {
    if rows.is_empty() {
        return "Held for review: none.\n".into();
    }
    let mut out = String::new();
    for row in rows {
        out.push_str(&format!(
            "{}  {} list of {}: {} of {} listings would end against {}, {:.1} %\n    {}\n    sample: standing review show {id}   if this is right: standing review accept {id} --why \"…\"\n",
            look.paint(&row.id, "1"),
            row.list,
            row.date,
            number(row.gone),
            number(row.of),
            row.against,
            row.share * 100.0,
            breakdown(&row.by_programme),
            id = row.id
        ));
    }
    out
}

/// Editions that the guard holds, of lists that a standing rests on: they may say otherwise, and do not count.
pub fn held_beside(show: &Show, held: &[HeldRow]) -> String {
    let rests_on = |list: &str| {
        show.rows
            .iter()
            .any(|r| r.listing.as_ref().is_some_and(|l| l.list() == list))
    };
    let held: Vec<String> = held
        .iter()
        .filter(|h| rests_on(&h.snapshot.list))
        .map(|h| format!("{} of {}", h.snapshot.list, h.snapshot.date))
        .collect();
    if held.is_empty() {
        return String::new();
    }
    format!(
        "\n  Held for review and not counted: {} (standing review)\n",
        held.join(", ")
    )
}

/// Above this many reports each gets one line, and what needs nobody's attention is only counted.
const MANY_REPORTS: usize = 20;

/// What became of each file of an ingest.
pub fn ingest(reports: &[FileReport], limit: f64, look: Look) -> String {
    let many = reports.len() > MANY_REPORTS;
    let mut out = String::new();
    for report in reports {
        let quiet = matches!(report.outcome, Outcome::Already { .. } | Outcome::Passed { .. });
        if many && quiet {
            continue;
        }
        let name = report.files.first().map_or("", |f| f.rsplit('/').next().unwrap_or(f));
        let more = if report.files.len() > 1 {
            format!(" and {} more", report.files.len() - 1)
        } else {
            String::new()
        };
        out.push_str(&look.paint(&safe(&format!("{name}{more}")), "1"));
        match &report.outcome {
            Outcome::Recorded(recorded) => out.push_str(&recorded_words(recorded, limit, many, look)),
            Outcome::Already { list, date } => {
                out.push_str(&format!("   {list} list of {date}: recorded already, nothing to do\n"));
            }
            Outcome::Refused { why } => out.push_str(&format!(
                "   {}: {}\n",
                look.paint("REFUSED, nothing of it was recorded", "38;5;166"),
                safe(why)
            )),
            Outcome::Passed { why } => out.push_str(&format!("   passed over: {}\n", safe(why))),
        }
    }
    if reports.len() > 1 {
        out.push_str(&ingest_sum(reports));
    }
    out
}

/// One line that counts what became of many files.
fn ingest_sum(reports: &[FileReport]) -> String {
    let count = |wanted: fn(&Outcome) -> bool| reports.iter().filter(|r| wanted(&r.outcome)).count() as u64;
    let mut parts = vec![format!(
        "{} recorded",
        number(count(|o| matches!(o, Outcome::Recorded(_))))
    )];
    let held = count(|o| matches!(o, Outcome::Recorded(r) if r.held.is_some()));
    if held > 0 {
        parts.push(format!("{} of them held (standing review)", number(held)));
    }
    for (n, words) in [
        (count(|o| matches!(o, Outcome::Already { .. })), "recorded already"),
        (count(|o| matches!(o, Outcome::Refused { .. })), "refused"),
        (count(|o| matches!(o, Outcome::Passed { .. })), "passed over: no list"),
    ] {
        if n > 0 {
            parts.push(format!("{} {words}", number(n)));
        }
    }
    format!("{}: {}\n", number(reports.len() as u64), parts.join(" · "))
}

fn recorded_words(r: &Recorded, limit: f64, brief: bool, look: Look) -> String {
    let origin = match r.date_origin {
        DateOrigin::File => String::new(),
        other => format!(" (date: {})", View::origin_word(other)),
    };
    let mut out = format!(
        "   {} list, {}{origin}, {} listings read, {} unreadable, {} records new\n",
        r.list,
        r.date,
        number(r.listings),
        r.rejects.len(),
        number(r.new_records)
    );
    if !brief {
        out.push_str(&notes_of(r));
    }
    if let Some(held) = &r.held {
        let hold = &held.hold;
        out.push_str(&format!(
            "{} (r:{}): {} of {} listings {}, {:.0} %; the limit is {:.0} %.\n  {}\n  It is stored but not counted. Sample: standing review show r:{}   If this is right: standing review accept r:{} --why \"…\"\n",
            look.paint("HELD for review", "38;5;166"),
            r.id,
            number(hold.gone),
            number(hold.of),
            if hold.missing_from_held { format!("of {} would end", hold.against_date) } else { format!("would end with the later list of {}", hold.against_date) },
            hold.gone as f64 / hold.of.max(1) as f64 * 100.0,
            limit * 100.0,
            breakdown(&held.by_programme),
            r.id,
            r.id
        ));
    }
    out
}

/// What else is worth knowing about a file that was recorded.
fn notes_of(r: &Recorded) -> String {
    let mut out = String::new();
    if let standing::model::Extent::Part(why) = &r.extent {
        out.push_str(&format!("  a part ({}): it proves no absence\n", safe(why)));
    }
    for (position, reason) in r.rejects.iter().take(20) {
        out.push_str(&format!(
            "  not read: {}: {}\n",
            safe(position),
            cut(&safe(reason), 200)
        ));
    }
    if r.rejects.len() > 20 {
        out.push_str(&format!("  … and {} more: standing sources\n", r.rejects.len() - 20));
    }
    if !r.kept.is_empty() {
        let fields: Vec<String> = r
            .kept
            .iter()
            .take(8)
            .map(|(f, n)| format!("{} ({n})", safe(f)))
            .collect();
        out.push_str(&format!(
            "  kept under their own names: {}{}\n",
            fields.join(", "),
            if r.kept.len() > 8 { ", …" } else { "" }
        ));
    }
    for warning in r.warnings.iter().take(8) {
        out.push_str(&format!("  note: {}\n", cut(&safe(warning), 300)));
    }
    if r.warnings.len() > 8 {
        out.push_str(&format!("  … and {} more notes\n", r.warnings.len() - 8));
    }
    if !r.overlapping.is_empty() {
        let mut dates: Vec<String> = r.overlapping.iter().map(ToString::to_string).collect();
        dates.dedup();
        let snapshots = match r.overlapping.len() {
            1 => "the snapshot".to_owned(),
            n => format!("{n} snapshots"),
        };
        out.push_str(&format!(
            "  not compared with {snapshots} of {}: the dates overlap\n",
            dates.join(", ")
        ));
    }
    out
}
