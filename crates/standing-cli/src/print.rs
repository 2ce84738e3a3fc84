//! What people read: standings, procedures under way, sources, proposals, in words.

use standing::answers::{PendingRow, Show, ShowRow, SourceAnswer};
use standing::candidates::Candidate;
use standing::evidence;
use standing::model::{Authority, Measure, PartialDate, Stage, State, Step};
use standing::words::{
    action_words, between_words, changed, date, deed_words, disagreement, number, pending_words, sign, since_words,
    standing_words,
};

use crate::table::{DetailedRow, Look, Row, cut, safe, state_colour, table, table_with_details, wrap};

/// What an authority is called in short; its id if the register does not know it.
pub fn authority_name(authorities: &[Authority], id: &str) -> String {
    authorities
        .iter()
        .find(|a| a.id == id)
        .map_or_else(|| id.to_owned(), |a| a.short.clone())
}

/// A listing's id as tables show it. Some lists have no references but whole names, which would fill the table; `--json` has them whole.
pub fn short_id(listing: &standing::model::ListingId) -> String {
    cut(listing.as_str(), 44)
}

/// A party's name and id, and what is said beside them; beneath them where there is no room.
fn under_heading(name: &str, id: &str, beside: &str, look: Look) -> String {
    let (name, id) = (safe(name), safe(id));
    let room = unicode_width::UnicodeWidthStr::width(format!("{name} ({id})   {beside}").as_str()) <= look.width;
    let lines = wrap(beside, look.width.saturating_sub(2)).join("\n  ");
    format!(
        "{} ({id}){}\n\n",
        look.paint(&name, "1"),
        if room {
            format!("   {beside}")
        } else {
            format!("\n  {lines}")
        }
    )
}

/// Where a party stands.
pub fn show(show: &Show, look: Look) -> String {
    let clocks = show.clocks;
    let as_of = format!(
        "as of {}, as known on {}, transaction {}",
        clocks.on, clocks.known, clocks.recorded
    );
    let mut out = under_heading(&show.party.name, &show.party.id, &as_of, look);
    let mut footnotes: Vec<String> = Vec::new();
    let mut rows: Vec<DetailedRow<'_>> = Vec::new();
    for row in &show.rows {
        let mut beneath = Vec::new();
        for p in &row.pending {
            let what = pending_words(p.measure, p.action, p.stage);
            let note = p.note.as_ref().map(|n| format!("{}; {n}", sources_line(&p.sources)));
            footnotes.push(format!("{what}: {}", note.unwrap_or_else(|| sources_line(&p.sources))));
            beneath.push(format!(
                "◔ {what} {}, not in effect ({})",
                between_words(p.on),
                footnotes.len()
            ));
        }
        let mut marks = String::new();
        if row.contradicted {
            marks.push_str(" ✕");
            for step in row.whole.iter().filter(|s| !s.contradicted.is_empty()) {
                footnotes.push(format!(
                    "sources disagree on the {}: {}",
                    deed_words(step.measure, step.action, step.stage),
                    disagreement(step)
                ));
                marks.push_str(&format!(" ({})", footnotes.len()));
            }
        }
        let mut grade = row.grade.word().to_owned();
        if !row.counted {
            grade = format!("{grade}, not counted");
        }
        let listing = row
            .listing
            .as_ref()
            .map_or(String::new(), |l| format!(" ({})", short_id(l)));
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
                "{}: it {}{}",
                authority_name(&show.authorities, &row.authority),
                changed(row.since),
                what_would_settle(row)
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
            for (line_at, line) in wrap(&format!("({}) {}", at + 1, safe(note)), look.width - 6)
                .iter()
                .enumerate()
            {
                out.push_str(&format!("  {}{line}\n", if line_at == 0 { "" } else { "    " }));
            }
        }
    }
    out
}

/// Why a day inside an interval is uncertain, and what would settle it.
fn what_would_settle(row: &ShowRow) -> &'static str {
    let is_open = |s: &&Step| s.stage == Stage::Effective && standing::legal_date(s) == row.since;
    let by_snapshots = row.whole.iter().find(is_open).is_some_and(evidence::rests_on_snapshots);
    match row.since {
        Some(PartialDate::Bounded {
            after: Some(_),
            by: Some(_),
        }) if by_snapshots => {
            ", the dates of two snapshots. A snapshot from between would settle it: standing ingest PATH --date DAY"
        }
        Some(PartialDate::Bounded { after: None, .. }) if by_snapshots => {
            ", the date of the first snapshot that shows it. An earlier snapshot would narrow it: standing ingest PATH --date DAY"
        }
        _ => ". No source at hand gives a closer day; the sources: standing timeline",
    }
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
                (format!("◔ {}", under_way(p)), ""),
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

/// What is under way, with its measure where the words do not name it.
fn under_way(row: &PendingRow) -> String {
    // What news alone says is done is told as it says it.
    let words = if row.is_news_only() {
        action_words(row.measure, row.action, row.stage)
    } else {
        pending_words(row.measure, row.action, row.stage)
    };
    match row.measure {
        Measure::Recognition | Measure::Mission => words,
        measure => format!("{measure} {words}"),
    }
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
