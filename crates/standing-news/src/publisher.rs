//! Whose own page an article is: by its address, else by a byline in its first lines.

use crate::article::Article;
use crate::mention::{EntityKind, Mentions};
use crate::text::{Cut, fold};

/// The state whose own page this is.
pub fn publisher(article: &Article, text: &str) -> Option<String> {
    let url = article.url.as_deref().unwrap_or_default();
    let host = url
        .split("//")
        .nth(1)
        .unwrap_or(url)
        .split('/')
        .next()
        .unwrap_or_default();
    for (end, code) in [
        ("state.gov", "US"),
        ("treasury.gov", "US"),
        ("whitehouse.gov", "US"),
        ("justice.gov", "US"),
        (".gov", "US"),
        ("gov.uk", "GB"),
        ("europa.eu", "EU"),
        ("un.org", "UN"),
        ("gc.ca", "CA"),
        ("canada.ca", "CA"),
        ("gov.au", "AU"),
        ("govt.nz", "NZ"),
        ("beehive.govt.nz", "NZ"),
        ("admin.ch", "CH"),
        ("mid.ru", "RU"),
        ("kremlin.ru", "RU"),
    ] {
        if host.ends_with(end) {
            return Some(code.to_owned());
        }
    }
    // A byline in the first lines: `Antony J. Blinken, Secretary of State`.
    for line in text.lines().take(3) {
        let folded = fold(line.trim());
        if folded.len() < 80
            && (folded.ends_with("secretary of state")
                || folded.ends_with("department spokesperson")
                || folded == "office of the spokesperson")
        {
            return Some("US".to_owned());
        }
    }
    None
}

/// The foreign state that a government's own page is about: most of the states that it names, and more than once.
pub fn topic(publisher: &str, mentions: &Mentions) -> Option<String> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    let codes = mentions
        .list
        .iter()
        .map(|m| mentions.entity(m.entity))
        .filter(|e| e.kind == EntityKind::State);
    for code in codes.filter_map(|e| e.code.as_deref()).filter(|&c| c != publisher) {
        match counts.iter_mut().find(|(c, _)| *c == code) {
            Some((_, n)) => *n += 1,
            None => counts.push((code, 1)),
        }
    }
    let all: usize = counts.iter().map(|(_, n)| n).sum();
    counts
        .into_iter()
        .find(|&(_, n)| n > 1 && n * 2 > all)
        .map(|(code, _)| code.to_owned())
}

/// The person in whose name a statement is published.
pub fn author(text: &str, cut: &Cut, mentions: &Mentions) -> Option<String> {
    let line = text.lines().next()?;
    if line.len() > 80 || !line.contains(',') {
        return None;
    }
    let limit = line.len() as u32;
    mentions
        .list
        .iter()
        .take_while(|m| cut.tokens[m.start as usize].start < limit)
        .map(|m| mentions.entity(m.entity))
        .find(|e| e.kind == EntityKind::Person)
        .map(|e| e.name.clone())
}
