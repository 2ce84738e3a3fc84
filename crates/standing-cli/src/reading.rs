//! What people see of news: the article with its claims marked, what was set aside, and the table beside the record.

use standing::model::ClaimStatus;
use standing::read::words::{meeting, status_sign, status_words, what, who};
use standing::read::{ClaimRow, ReadArticle, Verdict};

use crate::table::{Look, cut, safe, table, visible, wrap};
use unicode_width::UnicodeWidthStr;

/// How many columns the margin with the claims' numbers takes.
const MARGIN: usize = 6;

fn status_colour(status: ClaimStatus) -> &'static str {
    match status {
        ClaimStatus::InEffect | ClaimStatus::Occurred => "38;5;166",
        ClaimStatus::Decided | ClaimStatus::Planned | ClaimStatus::Proposed => "38;5;137",
        ClaimStatus::Urged | ClaimStatus::Possible => "38;5;102",
        ClaimStatus::Ended | ClaimStatus::Denied | ClaimStatus::NotOccurred => "38;5;31",
    }
}

/// The colour of a verdict.
pub fn verdict_colour(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::Contradicted) => "38;5;166",
        Some(Verdict::Ahead) => "38;5;137",
        Some(Verdict::Corroborated) => "38;5;31",
        Some(Verdict::Stale | Verdict::Unmatched) | None => "2",
    }
}

/// An article with its claims marked, and the table. `rows` are its claims beside the record; with `explain` also what made each.
pub fn article(name: &str, read: &ReadArticle, rows: &[ClaimRow], explain: bool, look: Look) -> String {
    let mut out = heading(name, read, look);
    out.push('\n');
    out.push_str(&marked(read, rows, look));
    out.push('\n');
    out.push_str(&claims(rows, look));
    if explain {
        out.push_str(&trace(rows, look));
    }
    out.push_str(&warnings(read, rows));
    out
}

/// One line about an article: its title or file, who published it, when.
pub fn heading(name: &str, read: &ReadArticle, look: Look) -> String {
    let article = &read.article;
    let title = article
        .title
        .as_deref()
        .filter(|t| !t.trim().is_empty())
        .unwrap_or(name);
    let mut parts = vec![look.paint(&safe(title), "1")];
    if let Some(outlet) = &article.outlet {
        parts.push(safe(outlet));
    }
    parts.push(match (article.published, article.published_origin) {
        (Some(day), Some(origin)) => format!("{day} ({})", origin_words(origin)),
        (Some(day), None) => day.to_string(),
        (None, _) => "no date of publication: days such as Friday stay words; --published DAY".to_owned(),
    });
    format!("{}\n", parts.join("   "))
}

fn origin_words(origin: standing::read::DateOrigin) -> &'static str {
    match origin {
        standing::read::DateOrigin::Argument => "given",
        standing::read::DateOrigin::Document => "from the document",
        standing::read::DateOrigin::Dateline => "from the dateline",
    }
}

/// One visible character with the claim that covers it, if one does.
struct Cell {
    text: String,
    claim: Option<usize>,
}

/// The text, wrapped, with `[1 …]` around the words of each claim, numbers in the margin, and what was set aside in place.
fn marked(read: &ReadArticle, rows: &[ClaimRow], look: Look) -> String {
    let text = read.article.text.as_str();
    let aside = aside_bytes(text, read);
    let width = look.width.saturating_sub(MARGIN).max(20);
    let mut out = String::new();
    let mut start = 0;
    let mut next_aside = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        if let Some(&(from, to, _)) = aside.get(next_aside).filter(|a| a.0 >= start && a.0 < end) {
            // Lines set aside by one rule one after another are told once.
            let rule = &read.reading.set_aside[next_aside].rule;
            let first = next_aside == 0 || {
                let before = aside[next_aside - 1];
                read.reading.set_aside[next_aside - 1].rule != *rule || !text[before.1..from].trim().is_empty()
            };
            if first {
                let count = read.reading.set_aside[next_aside..]
                    .iter()
                    .take_while(|s| s.rule == *rule)
                    .count();
                let lines = if count == 1 {
                    "line".to_owned()
                } else {
                    format!("{count} lines")
                };
                let note = format!(
                    "── set aside: {lines} “{}” (rule {rule})",
                    cut(&safe(&text[from..to]), 60)
                );
                out.push_str(&format!("{}{}\n", " ".repeat(MARGIN), look.paint(&note, "2")));
            }
            next_aside += 1;
            start = end;
            continue;
        }
        let (cells, begins) = cells(text, start, end, rows);
        out.push_str(&wrapped(&cells, &begins, rows, width, look));
        start = end;
    }
    out
}

/// The lines set aside, as bytes.
fn aside_bytes(text: &str, read: &ReadArticle) -> Vec<(usize, usize, usize)> {
    let mut out = Vec::new();
    let mut wanted = read.reading.set_aside.iter().enumerate().peekable();
    let mut open: Option<(usize, usize, usize)> = None;
    for (point, (byte, _)) in text.char_indices().chain([(text.len(), ' ')]).enumerate() {
        if let Some((from, end, at)) = open
            && point == end
        {
            out.push((from, byte, at));
            open = None;
        }
        if open.is_none()
            && let Some((at, set)) = wanted.peek()
            && set.span[0] == point
        {
            open = Some((byte, set.span[1], *at));
            wanted.next();
        }
    }
    out
}

/// The cells of one line of the text, and for each cell the numbers of the claims that begin there.
fn cells(text: &str, start: usize, end: usize, rows: &[ClaimRow]) -> (Vec<Cell>, Vec<(usize, usize)>) {
    let mut cells = Vec::new();
    let mut begins = Vec::new();
    let here: Vec<(usize, [usize; 2])> = rows
        .iter()
        .enumerate()
        .map(|(n, r)| (n, r.claim.evidence_bytes))
        .filter(|(_, [from, to])| *from < end && *to > start)
        .collect();
    let plain = |text: &str| Cell {
        text: text.to_owned(),
        claim: None,
    };
    for (at, c) in text[start..end].char_indices() {
        let byte = start + at;
        for _ in here.iter().filter(|(_, [_, to])| *to == byte) {
            cells.push(plain("]"));
        }
        let opening: Vec<usize> = here
            .iter()
            .filter(|(_, [from, _])| *from == byte)
            .map(|(n, _)| *n)
            .collect();
        for n in opening {
            begins.push((cells.len(), n));
            cells.push(plain(&format!("[{}\u{a0}", n + 1)));
        }
        let covering = here
            .iter()
            .filter(|(_, [from, to])| *from <= byte && byte < *to)
            .map(|(n, _)| *n);
        cells.push(Cell {
            text: if c == '\n' { " ".to_owned() } else { visible(c) },
            claim: covering.max_by_key(|n| rows[*n].claim.evidence_bytes[0]),
        });
    }
    for _ in here.iter().filter(|(_, [_, to])| *to == end) {
        cells.push(plain("]"));
    }
    (cells, begins)
}

fn wrapped(cells: &[Cell], begins: &[(usize, usize)], rows: &[ClaimRow], width: usize, look: Look) -> String {
    // Words as ranges of cells.
    let mut words: Vec<(usize, usize)> = Vec::new();
    let mut from = None;
    for (at, cell) in cells.iter().enumerate() {
        let space = cell.text == " ";
        match (space, from) {
            (false, None) => from = Some(at),
            (true, Some(start)) => {
                words.push((start, at));
                from = None;
            }
            _ => {}
        }
    }
    words.extend(from.map(|start| (start, cells.len())));
    if words.is_empty() {
        return "\n".to_owned();
    }
    let word_width = |&(a, b): &(usize, usize)| cells[a..b].iter().map(|c| c.text.width()).sum::<usize>();
    let mut lines: Vec<(usize, usize)> = Vec::new();
    let mut used = 0;
    for word in &words {
        let w = word_width(word);
        match lines.last_mut() {
            Some(line) if used + 1 + w <= width => {
                line.1 = word.1;
                used += 1 + w;
            }
            _ => {
                lines.push(*word);
                used = w;
            }
        }
    }
    let mut out = String::new();
    for (a, b) in lines {
        let numbers: Vec<String> = begins
            .iter()
            .filter(|(at, _)| (a..b).contains(at))
            .map(|(_, n)| (n + 1).to_string())
            .collect();
        let margin = cut(&numbers.join(" "), MARGIN - 1);
        out.push_str(&look.paint(&format!("{margin:>w$} ", w = MARGIN - 1), "2"));
        let mut at = a;
        let mut broken = 0;
        while at < b {
            let claim = cells[at].claim;
            let run = cells[at..b].iter().take_while(|c| c.claim == claim).count();
            let text: String = cells[at..at + run].iter().map(|c| c.text.as_str()).collect();
            match claim {
                Some(n) => {
                    let style = format!("4;{}", status_colour(rows[n].claim.claim.status));
                    out.push_str(&look.paint(&text, &style));
                }
                None => out.push_str(&text),
            }
            broken += run;
            at += run;
        }
        debug_assert!(broken == b - a);
        out.push('\n');
    }
    out
}

/// The table of claims beside the record.
pub fn claims(rows: &[ClaimRow], look: Look) -> String {
    if rows.is_empty() {
        return "  No claims.\n".to_owned();
    }
    let cells: Vec<Vec<(String, &str)>> = rows
        .iter()
        .enumerate()
        .map(|(n, row)| {
            let c = &row.claim.claim;
            let when = c
                .time
                .map(|t| t.to_string())
                .or_else(|| row.claim.time_text.clone())
                .unwrap_or_else(|| "–".to_owned());
            vec![
                ((n + 1).to_string(), "2"),
                (
                    safe(&what(c.kind, c.action, c.actor.as_deref(), c.party.as_deref())),
                    "",
                ),
                (
                    format!("{} {}", status_sign(c.status), status_words(c.status)),
                    status_colour(c.status),
                ),
                (safe(&who(c.speaker.as_deref(), &c.via)), ""),
                (safe(&when), ""),
                (
                    row.meets.as_ref().map_or(String::new(), |m| safe(&meeting(m))),
                    verdict_colour(row.meets.as_ref().and_then(|m| m.verdict)),
                ),
            ]
        })
        .collect();
    table(
        look,
        &["", "what", "status", "who says so", "when", "beside the record"],
        &cells,
        &[3, 28, 14, 20, 10, 60],
    )
}

/// What made each claim: the rules, the words, the step it meets.
pub fn trace(rows: &[ClaimRow], look: Look) -> String {
    let mut out = format!("\n{}\n", look.paint("How each claim came about", "1"));
    for (n, row) in rows.iter().enumerate() {
        let claim = &row.claim;
        out.push_str(&format!("{:>4}  rules {}\n", n + 1, safe(&claim.rule.join(", "))));
        let [from, to] = claim.claim.evidence;
        let words = format!("characters {from} to {to}: “{}”", safe(&claim.evidence_text));
        for line in wrap(&words, look.width.saturating_sub(6)) {
            out.push_str(&format!("      {line}\n"));
        }
        let ids: Vec<String> = [
            claim.party_id.as_ref().map(|id| format!("party {id}")),
            claim.authority_id.as_ref().map(|id| format!("authority {id}")),
            row.meets
                .as_ref()
                .and_then(|m| m.step.as_ref())
                .map(|s| format!("step {s}")),
            Some(format!("grade {}, not counted", row.grade.word())),
        ]
        .into_iter()
        .flatten()
        .collect();
        out.push_str(&format!("      {}\n", safe(&ids.join(" · "))));
    }
    out
}

fn warnings(read: &ReadArticle, rows: &[ClaimRow]) -> String {
    let mut out = String::new();
    // What is to be said of many claims is said once.
    let mut notes: Vec<(&str, Vec<String>)> = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        for warning in &row.warnings {
            let number = (n + 1).to_string();
            match notes.iter_mut().find(|(said, _)| *said == warning.as_str()) {
                Some((_, numbers)) => numbers.push(number),
                None => notes.push((warning.as_str(), vec![number])),
            }
        }
    }
    for (warning, numbers) in notes {
        out.push_str(&format!("  note on {}: {}\n", numbers.join(", "), safe(warning)));
    }
    for warning in read.reading.warnings.iter().filter(|w| w.claim.is_none()) {
        out.push_str(&format!("  note: {}\n", safe(&warning.message)));
    }
    if out.is_empty() { out } else { format!("\n{out}") }
}
