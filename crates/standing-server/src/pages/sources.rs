//! The source documents: every list with its age, licence, digest, and what was not understood in it.

use maud::{Markup, html};
use standing::answers::SourceAnswer;
use standing::model::Day;
use standing::words::number;
use standing::{RegisterFacts, SnapshotState};

use super::words::{self, when};

fn state_word(state: SnapshotState) -> &'static str {
    match state {
        SnapshotState::Accepted => "accepted",
        SnapshotState::Held => "held for review",
        SnapshotState::Rejected => "rejected",
    }
}

/// Lists first by age of their newest edition, then every file.
pub fn table(rows: &[SourceAnswer], register: &RegisterFacts, today: Day) -> Markup {
    let mut lists: Vec<&str> = rows.iter().map(|r| r.list.as_str()).collect();
    lists.sort_unstable();
    lists.dedup();
    html! {
        h2 { "Lists and their newest editions" }
        div.wide tabindex="0" role="region" aria-label="Lists" {
            table.stack {
                thead { tr { th { "List" } th { "Publisher's name for it" } th { "Newest edition" } th.n { "Days old" } th.n { "Listings" } th.n { "Editions" } th { "Licence" } } }
                tbody {
                    @for list in lists.iter().filter(|l| !matches!(**l, "register" | "article")) {
                        @let editions: Vec<&SourceAnswer> = rows.iter().filter(|r| r.list == **list && r.listings.is_some()).collect();
                        @let newest = editions.iter().filter(|r| r.state == SnapshotState::Accepted).max_by_key(|r| r.date.map(standing::model::PartialDate::sort_key));
                        @let entry = register.lists.iter().find(|l| l.id == **list);
                        @let age = newest.and_then(|n| n.date?.latest()).map(|d| (today - d).get_days());
                        @let old = matches!((age, entry.and_then(|e| e.interval_days)), (Some(age), Some(most)) if i64::from(age) > i64::from(most));
                        tr {
                            td data-h="List" { span.ref { (list) } }
                            td data-h="Name" { @if let Some(e) = entry { @match e.url.as_deref().filter(|u| u.starts_with("http")) { Some(u) => a href=(u) rel="noreferrer noopener external" { (e.name) }, None => (e.name) } } }
                            td data-h="Newest edition" { @if let Some(n) = newest { (when(n.date)) } @else { "none accepted" } }
                            td.n data-h="Days old" { @if let Some(age) = age { (age) @if old { " " span.state.uncertain { (words::mark("◌")) " older than usual" } } } }
                            td.n data-h="Listings" { @if let Some(n) = newest.and_then(|n| n.listings) { (number(n.unsigned_abs())) } }
                            td.n data-h="Editions" { (editions.len()) }
                            td data-h="Licence" { @if let Some(licence) = editions.iter().find_map(|r| r.licence.as_deref()) { (words::visible(licence)) } }
                        }
                    }
                }
            }
        }
        h2 { "Every file" }
        div.wide tabindex="0" role="region" aria-label="Files" {
            table.stack {
                thead { tr { th { "File" } th { "List" } th { "Date" } th { "State" } th.n { "Listings" } th.n { "Not understood" } th.n { "Unreadable" } } }
                tbody {
                    @for row in rows {
                        tr {
                            td data-h="File" { a href={ "/v1/documents/" (row.source) } { (words::visible(&row.name)) } " " span.ref.dim { (row.source.chars().take(12).collect::<String>()) } }
                            td data-h="List" { span.ref { (row.list) } }
                            td data-h="Date" { @if row.date.is_some() { (when(row.date)) } @if let Some(origin) = row.date_origin { " " span.dim { (origin) } } }
                            td data-h="State" { (state_word(row.state)) @if let Some(why) = &row.part { " " span.dim { "a part: " (words::visible(why)) } } }
                            td.n data-h="Listings" { @if let Some(n) = row.listings { (number(n.unsigned_abs())) } }
                            td.n data-h="Not understood" { (number(row.kept)) }
                            td.n data-h="Unreadable" { (row.rejected) }
                        }
                    }
                }
            }
        }
    }
}
