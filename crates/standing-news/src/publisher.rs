//! Whose own page an article is: by its address, else by a byline in its first lines, else by the state in whose name it says `we`.

use crate::article::Article;
use crate::mention::{EntityKind, Form, Mentions};
use crate::text::{Cut, fold};

/// The state whose own page this is.
pub fn publisher(article: &Article, text: &str, cut: &Cut, mentions: &Mentions) -> Option<String> {
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
    own_voice(text, cut, mentions)
}

/// How far into a sentence the state that acts in it is named: `On June 3, 2021, the United States will`.
const NEAR_THE_BEGINNING: u32 = 8;

/// How many sentences a statement has at most for each that its state begins; in an interview or a reportage they are more.
const ONE_SENTENCE_IN: usize = 20;

/// The state whose statement it is: the text says `we` or `our` outside of quotations, and one state (or its departments) begins sentences
/// more often than all others.
fn own_voice(text: &str, cut: &Cut, mentions: &Mentions) -> Option<String> {
    let word = |at: usize| &text[cut.tokens[at].start as usize..cut.tokens[at].end as usize];
    let (mut speaks, mut person) = (false, false);
    for at in (0..cut.tokens.len()).filter(|&at| cut.tokens[at].quote == 0) {
        match word(at) {
            "we" | "We" | "our" | "Our" | "ourselves" => speaks = true,
            // An interview or an opinion: its `we` is anybody's.
            "I" | "my" | "My" | "me" | "?" => person = true,
            _ => {}
        }
    }
    if !speaks || person {
        return None;
    }
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for sentence in &cut.sentences {
        let first = mentions
            .list
            .iter()
            .skip_while(|m| m.start < sentence.start)
            .take_while(|m| m.start < sentence.end.min(sentence.start + NEAR_THE_BEGINNING))
            .filter(|m| m.form == Form::Name && cut.tokens[m.start as usize].quote == 0)
            .find_map(|m| {
                let entity = mentions.entity(m.entity);
                matches!(entity.kind, EntityKind::State | EntityKind::Body).then_some(entity.code.as_deref())
            });
        if let Some(code) = first.flatten() {
            match counts.iter_mut().find(|(c, _)| *c == code) {
                Some((_, n)) => *n += 1,
                None => counts.push((code, 1)),
            }
        }
    }
    let all: usize = counts.iter().map(|(_, n)| n).sum();
    counts
        .into_iter()
        .find(|&(_, n)| n * 2 > all && n * ONE_SENTENCE_IN >= cut.sentences.len())
        .map(|(code, _)| code.to_owned())
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
