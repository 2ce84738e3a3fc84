//! What news says, beside what the ledger answers: under a standing, in a timeline's column, in lists of claims and contradictions.

use standing::answers::Show;
use standing::model::Authority;
use standing::read::claims::{Contradiction, LedgerClaim, Said};
use standing::read::evidence::{ClaimEvidence, CountedIn};
use standing::read::words::{meeting, published, status_sign, status_words, what, who};
use standing::words::{date, step_words};

use crate::reading::verdict_colour;
use crate::table::{DetailedRow, Look, cut, safe, table_with_details, wrap};

/// No more claims than this are told under one authority's measure; the rest is counted.
const TOLD: usize = 4;

/// A claim on one line: who says what, published where and when, and how it meets the record.
pub fn line(said: &Said) -> String {
    format!(
        "{} {}: {} ({}) · {}",
        status_sign(said.status),
        status_words(said.status),
        who(said.speaker.as_deref(), &said.via),
        published(said),
        meeting(&said.meets)
    )
}

/// What news says about a party's standing, under the table. Empty where nothing was kept.
pub fn under_show(show: &Show, look: Look) -> String {
    let mut out = String::new();
    for row in show.rows.iter().filter(|r| !r.claims.is_empty()) {
        let name = show
            .authorities
            .iter()
            .find(|a| a.id == row.authority)
            .map_or(row.authority.as_str(), |a| a.short.as_str());
        out.push_str(&format!("  {} {}\n", safe(name), row.measure));
        out.push_str(&told(&row.claims, look));
    }
    if !show.apart.is_empty() {
        out.push_str("  beside no authority's measure of the record\n");
        out.push_str(&told(&show.apart, look));
    }
    if out.is_empty() {
        return out;
    }
    format!("\n{}\n{out}", look.paint("What news says (never counted)", "1"))
}

fn told(claims: &[Said], look: Look) -> String {
    let mut out = String::new();
    let more = claims.len().saturating_sub(TOLD);
    for said in claims.iter().rev().take(TOLD).rev() {
        let what = what(said.kind, said.action, said.actor.as_deref(), said.party.as_deref());
        let text = format!("{what} · {}", line(said));
        for (at, part) in crate::table::wrap(&safe(&text), look.width.saturating_sub(8))
            .iter()
            .enumerate()
        {
            let indent = if at == 0 { "    " } else { "      " };
            out.push_str(&format!(
                "{indent}{}\n",
                look.paint(part, verdict_colour(said.meets.verdict))
            ));
        }
    }
    if more > 0 {
        out.push_str(&format!("    … and {more} more: standing claims --party\n"));
    }
    out
}

/// Claims of the ledger.
pub fn claims(rows: &[LedgerClaim], look: Look) -> String {
    if rows.is_empty() {
        return "No claims that were known by then and fit. Read news into the ledger: standing read PATH --store; what is dated later: --known DAY\n"
            .to_owned();
    }
    let cells: Vec<DetailedRow<'_>> = rows
        .iter()
        .map(|row| {
            let c = &row.row.claim.claim;
            let words = cut(&row.row.claim.evidence_text, 160);
            let details = vec![format!("{}  “{}”", row.reference, safe(words.trim()))];
            let cells = vec![
                (date(row.known), ""),
                (
                    safe(&what(c.kind, c.action, c.actor.as_deref(), c.party.as_deref())),
                    "",
                ),
                (format!("{} {}", status_sign(c.status), status_words(c.status)), ""),
                (safe(&who(c.speaker.as_deref(), &c.via)), ""),
                (cut(&safe(row.row.outlet.as_deref().unwrap_or(&row.file)), 24), "2"),
                (
                    row.row.meets.as_ref().map_or(String::new(), |m| safe(&meeting(m))),
                    verdict_colour(row.row.meets.as_ref().and_then(|m| m.verdict)),
                ),
            ];
            (cells, details)
        })
        .collect();
    table_with_details(
        look,
        &[
            "known",
            "what",
            "status",
            "who says so",
            "published by",
            "beside the record",
        ],
        &cells,
        &[12, 26, 14, 18, 16, 60],
    )
}

/// A claim with its words in the line where they stand: underlined, or between angle quotes where nothing can be underlined.
pub fn evidence(found: &ClaimEvidence, look: Look) -> String {
    let row = &found.claim;
    let c = &row.row.claim.claim;
    let passage = &found.passage;
    let mut out = format!(
        "{}  {}  {} {}  {}\n",
        look.paint(&safe(&row.reference), "1"),
        safe(&what(c.kind, c.action, c.actor.as_deref(), c.party.as_deref())),
        status_sign(c.status),
        status_words(c.status),
        safe(&who(c.speaker.as_deref(), &c.via)),
    );
    let publisher = row.row.outlet.as_deref().unwrap_or(&row.file);
    out.push_str(&format!(
        "{} ({}), {}\n",
        safe(publisher),
        row.row.grade.word(),
        date(row.known)
    ));
    if let Some(url) = &row.row.url {
        out.push_str(&format!("  {}\n", safe(url)));
    }
    let place = match passage.of {
        CountedIn::Document => safe(&passage.file),
        CountedIn::Text => format!("text taken out of {}", safe(&passage.file)),
    };
    out.push_str(&format!(
        "  {place} bytes {} to {}:\n",
        passage.bytes[0], passage.bytes[1]
    ));
    let words = if look.colour {
        look.paint(&safe(&passage.words), "1;4")
    } else {
        format!("«{}»", safe(&passage.words))
    };
    out.push_str(&format!(
        "  | {}{words}{}\n",
        safe(&passage.before),
        safe(&passage.after)
    ));
    out.push_str(&format!("rules: {}\n", safe(&row.row.claim.rule.join(", "))));
    if let Some(meets) = &row.row.meets {
        out.push_str(&format!("beside the record: {}\n", safe(&meeting(meets))));
    }
    out
}

/// Sources that disagree.
pub fn contradictions(rows: &[Contradiction], authorities: &[Authority], look: Look) -> String {
    if rows.is_empty() {
        return "No sources disagree.\n".to_owned();
    }
    let mut out = String::new();
    for row in rows {
        let authority = row.authority.as_deref().map_or("", |id| {
            authorities.iter().find(|a| a.id == id).map_or(id, |a| a.short.as_str())
        });
        let step = match (row.measure, row.action, row.stage) {
            (Some(measure), Some(action), Some(stage)) => {
                format!("{} {}", step_words(measure, action, stage), date(row.on))
            }
            _ => String::new(),
        };
        out.push_str(&format!(
            "{}   {}   {step}   {}\n",
            look.paint(&safe(&row.name), "1"),
            safe(authority),
            row.step.as_deref().unwrap_or("")
        ));
        let mut point = |sign: &str, text: &str| {
            for (at, part) in wrap(&safe(text), look.width.saturating_sub(6)).iter().enumerate() {
                out.push_str(&format!("    {} {part}\n", if at == 0 { sign } else { " " }));
            }
        };
        for evidence in &row.sources {
            point("●", &format!("{} ({})", evidence.title, evidence.grade.word()));
        }
        for evidence in &row.contradicted {
            let day = evidence.on.map_or(String::new(), |d| format!("{d}: "));
            let says = evidence.place.as_deref().map_or(String::new(), |p| format!(": {p}"));
            point("✕", &format!("{day}{}{says}", evidence.title));
        }
        for said in &row.claims {
            point("✕", &line(said));
        }
    }
    out
}

/// The claims beside one step, for a timeline's column.
pub fn column(claims: &[Said]) -> String {
    let shown: Vec<String> = claims
        .iter()
        .rev()
        .take(2)
        .rev()
        .map(|s| {
            format!(
                "{} {}: {} ({})",
                status_sign(s.status),
                status_words(s.status),
                who(s.speaker.as_deref(), &s.via),
                published(s)
            )
        })
        .collect();
    let more = claims.len().saturating_sub(2);
    let tail = if more > 0 {
        format!("; and {more} more")
    } else {
        String::new()
    };
    format!("{}{tail}", shown.join("; "))
}
