//! What people read of a screening: hits that explain themselves, reports, runs.

use std::path::Path;

use standing::model::{NameKind, NameQuality};
use standing::screen::listed::NameSource;
use standing::screen::runs::Answered;
use standing::screen::{Asked, Hit, Manifest, Origin, Query, Reject, Screening};

use crate::table::{Look, safe};
use standing::words::number;

/// A name that was not screened, and why.
pub fn rejected(name: &str, reject: &Reject) -> String {
    let shown: String = name.chars().take(60).collect();
    let more = if shown.len() < name.len() { "…" } else { "" };
    format!("\"{}{more}\" is not screened: {reject}\n", safe(&shown))
}

/// The answer to names on the command line.
pub fn answer(queries: &[Query], answered: &Answered, screening: &Screening, explain: bool, look: Look) -> String {
    let mut text = String::new();
    let several = queries.len() > 1;
    for (query, outcome) in queries.iter().zip(&answered.outcomes) {
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(reject) => {
                text.push_str(&rejected(&query.names[0], reject));
                continue;
            }
        };
        if several {
            text.push_str(&format!("{}\n", look.paint(&safe(&query.names[0]), "4")));
        }
        for hit in &outcome.hits {
            text.push_str(&headline(hit, look));
            if explain {
                text.push_str(&explanation(hit));
            }
        }
        for judged in &outcome.judged {
            text.push_str(&format!(
                "{:.2}  {}   not raised again: judged {} by {}: {}\n",
                judged.score,
                judged.listing.as_deref().unwrap_or(&judged.party),
                judged.judged.verdict,
                safe(&judged.judged.by),
                safe(&judged.judged.why)
            ));
        }
        if outcome.below > 0 {
            text.push_str(&format!(
                "{} by name, below the threshold by other fields; without these fields they are shown\n",
                plural(outcome.below as u64, "more hit", "more hits")
            ));
        }
    }
    text.push_str(&searched(&answered.manifest, screening));
    text
}

pub fn plural(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

fn alias(hit: &Hit) -> String {
    let name = &hit.explanation.listed_name;
    let mut words = match (name.kind, name.quality) {
        (NameKind::Primary, _) => "primary name",
        (NameKind::Former, _) => "former name",
        (NameKind::Alias, NameQuality::Weak) => "alias (weak)",
        (NameKind::Alias, NameQuality::Good) => "alias",
    }
    .to_owned();
    if name.source == NameSource::Register {
        words.push_str(" (from the register)");
    }
    words
}

fn headline(hit: &Hit, look: Look) -> String {
    let mut line = format!(
        "{:.2}  {}  {}   {}   {}",
        hit.score,
        look.paint(&safe(&hit.name), "1"),
        hit.listing.as_deref().unwrap_or(&hit.party),
        safe(&hit.standing_words()),
        alias(hit)
    );
    if hit.caption != hit.name {
        line.push_str(&format!(" of {}", safe(&hit.caption)));
    }
    line.push('\n');
    if let Some(judged) = &hit.judged {
        line.push_str(&format!(
            "      raised again: {} changed since it was judged {} by {}\n",
            judged.changed.as_deref().unwrap_or("something"),
            judged.verdict,
            safe(&judged.by)
        ));
    }
    line
}

/// Right-aligned text of a width, counted in characters that the terminal shows.
fn padded(text: &str, width: usize) -> String {
    let shown = unicode_width::UnicodeWidthStr::width(text);
    format!("{text}{}", " ".repeat(width.saturating_sub(shown)))
}

fn explanation(hit: &Hit) -> String {
    let why = &hit.explanation;
    let mut text = String::new();
    let widest = |side: fn(&standing::screen::PairNote) -> &str| {
        let all = why.pairs.iter().map(|p| unicode_width::UnicodeWidthStr::width(side(p)));
        all.chain(
            why.left_over
                .iter()
                .map(|l| unicode_width::UnicodeWidthStr::width(l.written.as_str())),
        )
        .max()
        .unwrap_or(0)
    };
    let (left, right) = (widest(|p| &p.query), widest(|p| &p.listed));
    for pair in &why.pairs {
        text.push_str(&format!(
            "      {} {} {}  {:<16} {:.2}  weight {:.2}\n",
            padded(&safe(&pair.query), left),
            if pair.how == "equal" { '=' } else { '~' },
            padded(&safe(&pair.listed), right),
            pair.how,
            pair.similarity,
            pair.weight
        ));
    }
    for one in &why.left_over {
        let (a, b) = if one.side == "query" {
            (one.written.as_str(), "–")
        } else {
            ("–", one.written.as_str())
        };
        let weight = if one.weight > 0.0 {
            format!("weight {:.2}", one.weight)
        } else {
            "light".into()
        };
        text.push_str(&format!(
            "      {}   {}  left over: {}, {weight}\n",
            padded(&safe(a), left),
            padded(&safe(b), right),
            one.kind
        ));
    }
    if why.parts.strange > 0.0 {
        text.push_str(&format!(
            "      words left over on both sides, far apart  −{:.0} %\n",
            why.parts.strange * 100.0
        ));
    }
    if why.parts.disorder > 0.0 {
        text.push_str(&format!(
            "      another order of words  −{:.0} %\n",
            why.parts.disorder * 100.0
        ));
    }
    for field in &why.fields {
        let sign = if field.amount < 0.0 { "takes" } else { "adds" };
        let of = if field.amount < 0.0 {
            "of the score"
        } else {
            "of what lacks"
        };
        text.push_str(&format!(
            "      {} {}: {} / {}  {sign} {:.0} % {of}\n",
            field.field.replace('_', " "),
            field.outcome,
            safe(&field.query),
            safe(&field.listed),
            field.amount.abs() * 100.0
        ));
    }
    for side in ["not given", "not listed"] {
        let fields: Vec<&str> = why
            .not_compared
            .iter()
            .filter(|(_, s)| s == side)
            .map(|(f, _)| f.as_str())
            .collect();
        if !fields.is_empty() {
            text.push_str(&format!("      not compared: {} ({side})\n", fields.join(", ")));
        }
    }
    for folded in &why.folded {
        text.push_str(&format!("      in the query {folded}\n"));
    }
    if hit.score.total_cmp(&hit.name_score).is_ne() {
        text.push_str(&format!(
            "      names alone {:.4}, in all {:.4}\n",
            hit.name_score, hit.score
        ));
    }
    text
}

/// What an auditor asks for: what was searched, as of when, under which rules, and how to do it again.
fn searched(manifest: &Manifest, screening: &Screening) -> String {
    let lists = manifest.lists.len() as u64;
    let mut text = format!(
        "{} in {} of {} as of {} · policy {} · run {}   replay it: standing replay {}\n",
        plural(manifest.report.hits, "hit", "hits"),
        plural(manifest.names as u64, "name", "names"),
        plural(lists, "list", "lists"),
        screening.clocks.on,
        safe(&manifest.policy.name),
        manifest.run,
        manifest.run
    );
    let old: Vec<String> = manifest
        .lists
        .iter()
        .filter(|l| l.outdated)
        .map(|l| format!("{} of {}", l.list, l.date))
        .collect();
    if !old.is_empty() {
        text.push_str(&format!("Older than its usual interval: {}\n", old.join(", ")));
    }
    text
}

/// The report on a file.
pub fn report(manifest: &Manifest, output: Option<&Path>) -> String {
    let r = &manifest.report;
    let mut text = format!(
        "{} read ({}): {} with hits, {}\n",
        plural(r.rows, "row", "rows"),
        r.form,
        number(r.rows_with_hits),
        plural(r.hits, "hit", "hits")
    );
    if !r.columns.is_empty() {
        let columns: Vec<String> = r.columns.iter().map(|(h, f)| format!("{} as {f}", safe(h))).collect();
        text.push_str(&format!("  columns       {}\n", columns.join(", ")));
    }
    for (what, counts) in [("by authority", &r.by_authority), ("by standing", &r.by_standing)] {
        if !counts.is_empty() {
            let all: Vec<String> = counts.iter().map(|(k, n)| format!("{k} {}", number(*n))).collect();
            text.push_str(&format!("  {what:<13} {}\n", all.join(" · ")));
        }
    }
    if r.judged > 0 {
        text.push_str(&format!(
            "  judged        {}, not raised again\n",
            plural(r.judged, "pair", "pairs")
        ));
    }
    if r.below > 0 {
        text.push_str(&format!(
            "  below         {} by name, under the threshold by other fields\n",
            number(r.below)
        ));
    }
    if r.rejected > 0 {
        let all: Vec<String> = r
            .rejected_by_reason
            .iter()
            .map(|(k, n)| {
                // A row as such, none of its fields.
                let why = if k == "row" { "a row that cannot be read" } else { k };
                format!("{why} {}", number(*n))
            })
            .collect();
        text.push_str(&format!(
            "  not screened  {}: {}\n",
            plural(r.rejected, "row", "rows"),
            all.join(" · ")
        ));
        if let Some(output) = output {
            text.push_str(&format!(
                "                each with its reason in {}.rejects.jsonl\n",
                output.display()
            ));
        }
    }
    text.push_str(&format!(
        "Searched {} of {} as of {} · policy {} · run {}   replay it: standing replay {}\n",
        plural(manifest.names as u64, "name", "names"),
        plural(manifest.lists.len() as u64, "list", "lists"),
        manifest.index.on,
        safe(&manifest.policy.name),
        manifest.run,
        manifest.run
    ));
    text
}

/// The runs of a ledger.
pub fn runs(runs: &[Manifest]) -> String {
    if runs.is_empty() {
        return "No screening was run yet. Screen a name: standing screen \"NAME\"\n".into();
    }
    let mut text = String::new();
    for run in runs {
        let asked = match &run.asked {
            Asked::Queries(queries) => {
                let first = queries.first().and_then(|q| q.names.first()).map_or("", String::as_str);
                let more = if queries.len() > 1 {
                    format!(" and {} more", queries.len() - 1)
                } else {
                    String::new()
                };
                format!("\"{}\"{more}", safe(first))
            }
            Asked::File { path, .. } => safe(path),
        };
        text.push_str(&format!(
            "{}  on {}, known {}, transaction {}  policy {}  {}, {} not screened  {asked}\n",
            run.run,
            run.index.on,
            run.index.known,
            run.index.recorded,
            safe(&run.policy.name),
            plural(run.report.hits, "hit", "hits"),
            number(run.report.rejected)
        ));
    }
    text
}

/// What an index holds.
pub fn index(screening: &Screening, directory: Option<&Path>) -> String {
    let index = screening.screener.index();
    let info = index.info();
    let mut text = format!(
        "{} of {} ({} distinct words), {} bytes, {:.0} a name\n",
        plural(info.names as u64, "name", "names"),
        plural(info.entries as u64, "listing", "listings"),
        number(info.words as u64),
        number(index.bytes().len() as u64),
        index.bytes().len() as f64 / info.names.max(1) as f64
    );
    for list in &info.lists {
        let old = if list.outdated {
            ", older than its usual interval"
        } else {
            ""
        };
        text.push_str(&format!(
            "  {:<14} {:>7} listings   as of {}{old}\n",
            list.list,
            number(list.listings as u64),
            list.date
        ));
    }
    if info.left_out > 0 {
        text.push_str(&format!(
            "  {} left out by the policy\n",
            plural(info.left_out as u64, "listing", "listings")
        ));
    }
    for name in info.unsearchable.iter().take(20) {
        text.push_str(&format!(
            "  not searchable: {} \"{}\": {}\n",
            name.entry,
            safe(&name.name),
            name.why
        ));
    }
    text.push_str(&format!(
        "stands for transaction {} {}, on {}, known {}\n{} · digest {} · {}{}\n",
        info.key.recorded,
        info.key.head.get(..16).unwrap_or(&info.key.head),
        info.key.on,
        info.key.known,
        info.key.algorithm,
        &index.digest()[..16],
        match screening.origin {
            Origin::Opened => "was there",
            Origin::Built => "built now",
        },
        directory.map(|d| format!(", in {}", d.display())).unwrap_or_default()
    ));
    text
}
