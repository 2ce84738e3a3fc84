//! The frame of every page: head, navigation, and the foot that says which state of the ledger an answer rests on.

use maud::{DOCTYPE, Markup, html};

use super::assets;

/// Which entry of the navigation a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Search and parties.
    Search,
    /// What moved.
    Changes,
    /// What is under way.
    Pending,
    /// The map of a measure.
    Map,
    /// Articles.
    Reader,
    /// Screening.
    Screening,
    /// Held files and proposals.
    Review,
    /// Source documents.
    Sources,
    /// Who one is: the token.
    Access,
}

impl Part {
    const ALL: [(Self, &'static str, &'static str); 8] = [
        (Self::Search, "/", "Search"),
        (Self::Changes, "/changes", "Changes"),
        (Self::Pending, "/pending", "Pending"),
        (Self::Map, "/map", "Map"),
        (Self::Reader, "/read", "Reader"),
        (Self::Screening, "/screen", "Screening"),
        (Self::Review, "/review", "Review"),
        (Self::Sources, "/sources", "Sources"),
    ];
}

/// A page in its frame.
pub struct Page<'a> {
    /// The title, for the tab.
    pub title: &'a str,
    /// Where it belongs.
    pub part: Part,
    /// The last transaction of the ledger that the answer rests on.
    pub transaction: Option<i64>,
    /// What it shows.
    pub body: Markup,
}

/// The whole document.
pub fn page(page: &Page<'_>) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (page.title) " – Standing" }
                link rel="stylesheet" href=(assets::path("style.css"));
                link rel="icon" href=(assets::path("icon.svg")) type="image/svg+xml";
                link rel="alternate" type="application/atom+xml" title="Changes" href="/v1/changes/feed.atom";
                script src=(assets::path("pages.js")) defer {}
            }
            body {
                a.skip href="#main" { "Skip to the answer" }
                header.site {
                    a.brand href="/" { "Standing" }
                    nav aria-label="Parts" {
                        @for (part, path, word) in Part::ALL {
                            a href=(path) aria-current=[(part == page.part).then_some("page")] { (word) }
                        }
                    }
                    form.find action="/search" role="search" {
                        label.vh for="find" { "Name, reference or id" }
                        input #find name="q" type="search" placeholder="Name, reference or id" autocomplete="off" data-suggest="/suggest" maxlength="300";
                        button { "Search" }
                    }
                }
                main #main tabindex="-1" { (page.body) }
                footer.site {
                    p {
                        @if let Some(transaction) = page.transaction { "Ledger at transaction " (transaction) ". " }
                        "A hit is a resemblance, not an accusation. Every figure links to what it rests on. "
                        a href="/access" aria-current=[(page.part == Part::Access).then_some("page")] { "Access" }
                        " · " a href="/docs/api" { "API" }
                    }
                }
            }
        }
    }
}

/// A list of choices of which one holds: links, so that every state stands in the address.
pub fn choices(label: &str, options: &[(String, String, bool)]) -> Markup {
    html! {
        nav.choices aria-label=(label) {
            span.label { (label) }
            @for (path, word, chosen) in options {
                a href=(path) aria-current=[chosen.then_some("true")] { (word) }
            }
        }
    }
}

/// What an empty answer says, with what to do next.
pub fn empty(says: &str, next: &Markup) -> Markup {
    html! { div.empty { p { (says) } p { (next) } } }
}
