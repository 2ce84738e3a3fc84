//! What people read: standings, procedures under way, sources, reports, in words.

use standing::answers::{PendingRow, ReviewAnswer, Show, SourceAnswer};
use standing::candidates::Candidate;
use standing::ingest::{FileReport, Outcome, Recorded};
use standing::model::{Authority, State};
use standing::words::{action_words, date, disagreement, number, sign, since_words, standing_words};
use standing::{DateOrigin, View};

use crate::table::{DetailedRow, Look, Row, cut, safe, state_colour, table, table_with_details, wrap};

/// What an authority is called in short; its id if the register does not know it.
pub fn authority_name(authorities: &[Authority], id: &str) -> String {
    authorities
        .iter()
        .find(|a| a.id == id)
        .map_or_else(|| id.to_owned(), |a| a.short.clone())
}

/// Where a party stands.
pub fn show(show: &Show, look: Look) -> String {
    let clocks = show.clocks;
    let mut out = format!(
        "{} ({})   as of {}, as known on {}, transaction {}\n\n",
        look.paint(&safe(&show.party.name), "1"),
        show.party.id,
        clocks.on,
        clocks.known,
        clocks.recorded
    );
    let mut footnotes: Vec<String> = Vec::new();
    let mut rows: Vec<DetailedRow<'_>> = Vec::new();
    for row in &show.rows {
        let mut beneath = Vec::new();
        for p in &row.pending {
            let what = action_words(p.measure, p.action, p.stage);
            let note = p.note.as_ref().map(|n| format!("{}; {n}", sources_line(&p.sources)));
            footnotes.push(format!("{what}: {}", note.unwrap_or_else(|| sources_line(&p.sources))));
            beneath.push(format!("◔ {what} {}, not in effect ({})", date(p.on), footnotes.len()));
        }
        let mut marks = String::new();
        if row.contradicted {
            marks.push_str(" ✕");
            for step in row.whole.iter().filter(|s| !s.contradicted.is_empty()) {
                footnotes.push(format!(
                    "sources disagree on {}: {}",
                    action_words(step.measure, step.action, step.stage),
                    disagreement(step)
                ));
                marks.push_str(&format!(" ({})", footnotes.len()));
            }
        }
        let mut grade = row.grade.word().to_owned();
        if !row.counted {
            grade = format!("{grade}, not counted");
        }
        let listing = row.listing.as_ref().map_or(String::new(), |l| format!(" ({l})"));
        let standing = format!(
            "{} {}{marks}",
            sign(row.standing),
            standing_words(row.measure, row.standing)
        );
        let cells = vec![
            (
                safe(&format!(
                    "{}{listing}",
                    authority_name(&show.authorities, &row.authority)
                )),
                "",
            ),
            (row.measure.word().to_owned(), ""),
            (standing, state_colour(row.standing)),
            (since_words(row.standing, row.since), ""),
            (grade, "2"),
            (row.last_seen.map_or(String::new(), |seen| seen.to_string()), "2"),
        ];
        rows.push((cells, beneath));
    }
    if rows.is_empty() {
        out.push_str("  Nothing was known by then.\n");
    } else {
        // Only what stands on a list was seen there.
        let mut headings = vec!["authority", "measure", "standing", "when", "grade", "last seen"];
        if show.rows.iter().all(|row| row.last_seen.is_none()) {
            headings.pop();
            for (cells, _) in &mut rows {
                cells.pop();
            }
        }
        out.push_str(&table_with_details(look, &headings, &rows, &[34, 12, 24, 24, 12, 24]));
    }
    let mut older: Vec<String> = Vec::new();
    for row in &show.rows {
        if let (Some(listing), Some(date)) = (&row.listing, row.outdated) {
            let list = format!("{} of {date}", listing.list());
            if !older.contains(&list) {
                older.push(list);
            }
        }
    }
    if !older.is_empty() {
        out.push('\n');
        for line in wrap(
            &format!("Older than they usually get: {}", older.join(", ")),
            look.width - 4,
        ) {
            out.push_str(&format!("  {line}\n"));
        }
    }
    for row in &show.rows {
        if row.standing == State::Uncertain {
            let note = format!(
                "{}: it changed {}, the dates of two snapshots. A snapshot from between would settle it: standing ingest PATH --date DAY",
                authority_name(&show.authorities, &row.authority),
                date(row.since)
            );
            out.push('\n');
            for line in wrap(&note, look.width - 4) {
                out.push_str(&format!("  {line}\n"));
            }
        }
    }
    if !show.notes.is_empty() {
        out.push('\n');
        for note in &show.notes {
            let who = note
                .authority
                .as_ref()
                .map_or(String::new(), |a| format!("{}: ", authority_name(&show.authorities, a)));
            let source = note
                .sources
                .first()
                .map_or(String::new(), |e| format!(" [{}]", safe(&e.title)));
            for line in wrap(&format!("– {who}{}{source}", safe(&note.text)), look.width - 4) {
                out.push_str(&format!("  {line}\n"));
            }
        }
    }
    out.push_str(&crate::said::under_show(show, look));
    if !footnotes.is_empty() {
        out.push('\n');
        for (at, note) in footnotes.iter().enumerate() {
            for (line_at, line) in wrap(&format!("({}) {}", at + 1, safe(note)), look.width - 4)
                .iter()
                .enumerate()
            {
                out.push_str(&format!("  {}{line}\n", if line_at == 0 { "" } else { "    " }));
            }
        }
    }
    out
}

fn sources_line(titles: &[String]) -> String {
    titles.join("; ")
}

/// Procedures under way.
pub fn pending(rows: &[PendingRow], authorities: &[Authority], look: Look) -> String {
    if rows.is_empty() {
        return "No procedure is known to be under way.\n".into();
    }
    let rows: Vec<Row<'_>> = rows
        .iter()
        .map(|p| {
            vec![
                (authority_name(authorities, &p.authority), ""),
                (safe(&p.name), "1"),
                (
                    format!("◔ {} {}", p.measure, action_words(p.measure, p.action, p.stage)),
                    "",
                ),
                (date(p.on), ""),
                (p.age.map_or(String::new(), |a| format!("{a} days")), "2"),
                (
                    safe(&format!(
                        "{}{}",
                        p.note.as_ref().map_or(String::new(), |n| format!("{n} ")),
                        on_whose_word(p)
                    )),
                    "",
                ),
            ]
        })
        .collect();
    table(
        look,
        &["authority", "party", "under way", "on", "age", "on whose word"],
        &rows,
        &[20, 24, 26, 12, 11, 60],
    )
}

/// What a procedure rests on; where that is news alone, or news too, it says so.
fn on_whose_word(row: &PendingRow) -> String {
    let sources = sources_line(&row.sources);
    match row.claims.as_slice() {
        [] => sources,
        _ if row.is_news_only() => format!("news only, not in the record: {sources}"),
        claims => format!("{sources}; news: {}", crate::said::column(claims)),
    }
}

/// Source documents.
pub fn sources(rows: &[SourceAnswer], look: Look) -> String {
    if rows.is_empty() {
        return "The ledger is empty. Take in a list: standing ingest PATH\n".into();
    }
    let mut older: Vec<String> = Vec::new();
    for row in rows.iter().filter(|r| r.outdated) {
        if let (Some(date), Some(age), Some(usual)) = (row.date, row.age, row.usual) {
            let line = format!(
                "  {}: newest of {date}, {age} days old; usually every {usual}",
                row.list
            );
            if !older.contains(&line) {
                older.push(line);
            }
        }
    }
    let mut terms: Vec<String> = rows
        .iter()
        .filter_map(|r| Some(format!("  {}: {}", r.list, safe(r.licence.as_deref()?))))
        .collect();
    terms.sort();
    terms.dedup();
    let rows: Vec<Row<'_>> = rows
        .iter()
        .map(|s| {
            let state = format!("{:?}", s.state).to_lowercase();
            vec![
                (s.source[..12.min(s.source.len())].to_owned(), "2"),
                (s.list.clone(), ""),
                (
                    s.date
                        .map_or(String::new(), |d| format!("{d} ({})", s.date_origin.unwrap_or(""))),
                    "",
                ),
                (
                    if s.date.is_some() { state } else { String::new() },
                    if s.state == standing::SnapshotState::Accepted {
                        ""
                    } else {
                        "38;5;166"
                    },
                ),
                (s.listings.map_or(String::new(), |n| number(n.unsigned_abs())), ""),
                (if s.kept > 0 { number(s.kept) } else { String::new() }, ""),
                (
                    if s.rejected > 0 {
                        s.rejected.to_string()
                    } else {
                        String::new()
                    },
                    "",
                ),
                (safe(&s.name), ""),
            ]
        })
        .collect();
    let mut out = table(
        look,
        &[
            "source", "list", "date", "state", "listings", "kept", "rejected", "file",
        ],
        &rows,
        &[12, 12, 34, 9, 9, 8, 8, 40],
    );
    if !older.is_empty() {
        out.push_str(&format!("Older than usual (standing update):\n{}\n", older.join("\n")));
    }
    if !terms.is_empty() {
        out.push_str(&format!(
            "Licences, where the publisher states one:\n{}\n",
            terms.join("\n")
        ));
    }
    out
}

/// Proposals that two parties are one, out of so many.
pub fn candidates(rows: &[Candidate], of: usize, look: Look) -> String {
    if rows.is_empty() {
        return "No two parties are proposed as one.\n".into();
    }
    let mut out = String::new();
    for row in rows {
        let evidence: Vec<String> = row
            .evidence
            .iter()
            .map(|c| {
                let against = if c.weight < 0 { "against it, " } else { "" };
                format!("{against}{}: {}", c.clue, safe(&c.words))
            })
            .collect();
        out.push_str(&format!(
            "{}  {} ({}) and {} ({})\n    {}\n    standing same \"{}\" \"{}\" --why \"…\"   or: different, unsure\n",
            look.paint(&row.weight.to_string(), "1"),
            safe(&row.names.0),
            safe(&row.listings.0),
            safe(&row.names.1),
            safe(&row.listings.1),
            evidence.join(" · "),
            safe(&row.a),
            safe(&row.b),
        ));
    }
    out.push_str(&format!(
        "{} of {} proposals, the strongest first. The figure ranks them and measures nothing.\n",
        number(rows.len() as u64),
        number(of as u64)
    ));
    out
}

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
        let dates: Vec<String> = r.overlapping.iter().map(ToString::to_string).collect();
        out.push_str(&format!(
            "  not compared with the snapshot of {}: the dates overlap\n",
            dates.join(", ")
        ));
    }
    out
}
