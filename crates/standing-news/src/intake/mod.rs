//! Bytes to articles: plain text, HTML, JSON lines, RSS and Atom, web archives. What is no article is refused with the reason.
//!
//! The format is told by the content, never by a name. Text is decoded once ([`decode`]); all later offsets count in that text. What a
//! document says of itself (date, outlet, address) is kept with where it came from, and what contradicts it is kept as a doubt.

mod dateline;
mod decode;
mod feed;
mod html;
mod language;
mod lines;
mod page;
mod tags;
mod warc;

use standing_model::date::{Calendar, Day};

use crate::article::{Article, DateOrigin};

/// No more than this is read at once.
const LARGEST: usize = 200 * 1024 * 1024;
/// No more articles than this come out of one input.
const MOST_ARTICLES: usize = 200_000;

/// What the caller knows.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    /// Day of publication.
    pub published: Option<Day>,
    /// Outlet.
    pub outlet: Option<String>,
    /// Address.
    pub url: Option<String>,
}

/// Why something is no article.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IntakeError {
    /// Nothing in it.
    #[error("the input is empty: give a text, HTML, JSON lines, a feed or a web archive")]
    Empty,
    /// Not text.
    #[error("the input is binary ({0}): give a text, HTML, JSON lines, a feed or a web archive")]
    Binary(String),
    /// Too large.
    #[error("the input has {0} bytes; at most 200 MB are read at once: split it")]
    TooLarge(usize),
    /// Hardly any sentence in it.
    #[error("the input is a list of links or labels, not an article: give the articles that it points to")]
    Links,
    /// Not English.
    #[error("the text is in {0}; only English is read")]
    Language(String),
    /// JSON lines that cannot be read.
    #[error("line {line}: {problem}; each line must be an object with at least \"text\"")]
    JsonLine {
        /// The line, from 1.
        line: usize,
        /// What was found.
        problem: String,
    },
    /// A feed that cannot be read.
    #[error("the feed breaks off: {0}")]
    Feed(String),
    /// A web archive that cannot be read.
    #[error("the web archive breaks off at byte {at}: {problem}")]
    Archive {
        /// Where.
        at: usize,
        /// What was found.
        problem: String,
    },
}

/// What came out of some bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Taken {
    /// The articles, in the order of the input.
    pub articles: Vec<Article>,
    /// What among many was no article: where it stands, and why.
    pub passed: Vec<(String, IntakeError)>,
}

/// An article in the making, with the place that it came from among many.
type Found = (String, Result<Article, IntakeError>);

/// Reads articles out of bytes. A single article that is none is an error; among many it is passed over and reported.
pub fn intake(bytes: &[u8], hints: &Hints) -> Result<Taken, IntakeError> {
    if bytes.len() > LARGEST {
        return Err(IntakeError::TooLarge(bytes.len()));
    }
    let found: Vec<Found> = if warc::is_archive(bytes) {
        warc::read(bytes)?
    } else {
        of_text(decode::text(bytes)?)?
    };
    let single = found.len() == 1;
    let mut taken = Taken::default();
    for (place, article) in found.into_iter().take(MOST_ARTICLES) {
        let checked = article.and_then(|article| language::acceptable(&article.text).map(|()| article));
        match checked {
            Ok(mut article) => {
                complete(&mut article, hints);
                taken.articles.push(article);
            }
            Err(error) if single => return Err(error),
            Err(error) => taken.passed.push((place, error)),
        }
    }
    if taken.articles.is_empty() {
        return Err(taken.passed.into_iter().next().map_or(IntakeError::Empty, |(_, e)| e));
    }
    Ok(taken)
}

fn of_text(text: String) -> Result<Vec<Found>, IntakeError> {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.is_empty() {
        return Err(IntakeError::Empty);
    }
    let head: String = start.chars().take(4096).collect::<String>().to_ascii_lowercase();
    let one = |article| vec![(String::new(), Ok(article))];
    Ok(if start.starts_with('{') {
        lines::read(&text)
    } else if head.starts_with('<') && (head.contains("<rss") || head.contains("<feed") || head.contains("<rdf:rdf")) {
        feed::read(&text)?
    } else if html::is_page(&head) {
        one(html::read(&text))
    } else {
        one(Article {
            text,
            ..Article::default()
        })
    })
}

fn complete(article: &mut Article, hints: &Hints) {
    let own = article.published;
    let line = dateline::find(&article.text);
    if hints.published.is_some() {
        article.published = hints.published;
        article.published_origin = Some(DateOrigin::Argument);
    } else if own.is_some() {
        article.published_origin = Some(DateOrigin::Document);
    } else if line.is_some() {
        article.published = line;
        article.published_origin = Some(DateOrigin::Dateline);
    }
    if let Some(day) = article.published {
        for (other, whose) in [(own, "the document"), (line, "the dateline")] {
            // A page is often dated a day after the event that its dateline names, and zones differ.
            let apart = other.is_some_and(|o| (day - o).get_days().abs() > 1);
            if let (true, Some(other)) = (apart, other) {
                article.doubts.push(format!(
                    "{whose} gives {other} as the day of publication, {day} is used"
                ));
            }
        }
    }
    if hints.outlet.is_some() {
        article.outlet.clone_from(&hints.outlet);
    }
    if hints.url.is_some() {
        article.url.clone_from(&hints.url);
    }
}

/// A day as machines write it, at the beginning of a text: `2024-10-04T10:00:00+03:00`. The day is the publisher's own, never shifted.
fn iso_day(text: &str) -> Option<Day> {
    match text.trim().get(..10)?.parse::<Calendar>() {
        Ok(Calendar::Day(day)) => Some(day),
        _ => None,
    }
}
