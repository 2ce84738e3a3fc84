//! Bytes to articles: plain text, HTML, JSON lines, RSS and Atom. What is no article is refused with the reason.

use quick_xml::events::Event;
use serde::Deserialize;
use standing_model::date::{Calendar, Day};

use crate::article::{Article, DateOrigin};

/// No more than this is read at once.
const LARGEST: usize = 200 * 1024 * 1024;

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
    #[error("the input is empty: give a text, HTML, JSON lines or a feed")]
    Empty,
    /// Not text.
    #[error("the input is binary ({0}): give a text, HTML, JSON lines or a feed")]
    Binary(String),
    /// Too large.
    #[error("the input has {0} bytes; at most 200 MB are read at once: split it")]
    TooLarge(usize),
    /// Hardly any sentence in it.
    #[error("the input is a list of links, not an article: give the articles that it points to")]
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
}

/// Reads articles out of bytes.
pub fn intake(bytes: &[u8], hints: &Hints) -> Result<Vec<Article>, IntakeError> {
    if bytes.len() > LARGEST {
        return Err(IntakeError::TooLarge(bytes.len()));
    }
    for (magic, name) in [
        (&b"%PDF"[..], "PDF"),
        (b"PK\x03\x04", "ZIP"),
        (b"\x89PNG", "PNG"),
        (b"\x1f\x8b", "gzip"),
        (b"\xff\xd8\xff", "JPEG"),
    ] {
        if bytes.starts_with(magic) {
            return Err(IntakeError::Binary(name.to_owned()));
        }
    }
    let probe = &bytes[..bytes.len().min(65536)];
    let odd = probe
        .iter()
        .filter(|b| **b < 9 || (**b > 13 && **b < 32 && **b != 27))
        .count();
    if odd * 100 > probe.len() || probe.contains(&0) {
        return Err(IntakeError::Binary("control bytes".to_owned()));
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => String::from_utf8_lossy(bytes).into_owned(),
    };
    if text.trim().is_empty() {
        return Err(IntakeError::Empty);
    }
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let lower: String = start.chars().take(4096).collect::<String>().to_ascii_lowercase();
    let mut articles = if start.starts_with('{') {
        json_lines(&text)?
    } else if lower.contains("<rss") || lower.contains("<feed") && lower.starts_with('<') {
        feed(&text)?
    } else if lower.starts_with("<!doctype html")
        || lower.starts_with("<html")
        || lower.contains("<body")
        || lower.contains("<p>")
    {
        vec![html(&text)]
    } else {
        vec![Article {
            text,
            ..Article::default()
        }]
    };
    for article in &mut articles {
        complete(article, hints);
    }
    if articles.len() == 1 {
        acceptable(&articles[0].text)?;
    } else {
        articles.retain(|a| acceptable(&a.text).is_ok());
    }
    if articles.is_empty() {
        return Err(IntakeError::Links);
    }
    Ok(articles)
}

fn complete(article: &mut Article, hints: &Hints) {
    if hints.published.is_some() {
        article.published = hints.published;
        article.published_origin = Some(DateOrigin::Argument);
    } else if article.published.is_some() {
        article.published_origin = Some(DateOrigin::Document);
    } else if let Some(day) = dateline(&article.text) {
        article.published = Some(day);
        article.published_origin = Some(DateOrigin::Dateline);
    }
    if hints.outlet.is_some() {
        article.outlet.clone_from(&hints.outlet);
    }
    if hints.url.is_some() {
        article.url.clone_from(&hints.url);
    }
}

/// A full date in the first lines, standing alone: `Wednesday, January 23, 2019`, `July 8, 2026`.
fn dateline(text: &str) -> Option<Day> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    for line in text.lines().filter(|l| !l.trim().is_empty()).take(5) {
        if line.len() > 60 {
            continue;
        }
        let words: Vec<String> = line
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .map(str::to_ascii_lowercase)
            .collect();
        for (i, word) in words.iter().enumerate() {
            let Some(month) = MONTHS.iter().position(|m| m == word) else {
                continue;
            };
            let number = |j: Option<usize>| j.and_then(|j| words.get(j)).and_then(|w| w.parse::<i16>().ok());
            let year = number(Some(i + 2)).or(number(Some(i + 1))).filter(|y| *y > 1700)?;
            let day = number(Some(i + 1)).filter(|d| *d < 32).or(number(i.checked_sub(1)))?;
            return Day::new(year, month as i8 + 1, i8::try_from(day).ok()?).ok();
        }
    }
    None
}

fn acceptable(text: &str) -> Result<(), IntakeError> {
    let mut words = 0_usize;
    let mut english = 0_usize;
    let mut latin = 0_usize;
    let mut other = [0_usize; 4];
    for word in text.split_whitespace().take(3000) {
        words += 1;
        let Some(c) = word.chars().find(|c| c.is_alphabetic()) else {
            continue;
        };
        match c as u32 {
            0x0400..=0x052f => other[0] += 1,
            0x0600..=0x06ff => other[1] += 1,
            0x3040..=0x9fff => other[2] += 1,
            0x0370..=0x03ff => other[3] += 1,
            _ => latin += 1,
        }
        let plain = word.trim_matches(|c: char| !c.is_alphabetic()).to_ascii_lowercase();
        if matches!(
            plain.as_str(),
            "the"
                | "of"
                | "and"
                | "to"
                | "in"
                | "a"
                | "that"
                | "is"
                | "was"
                | "for"
                | "on"
                | "by"
                | "with"
                | "has"
                | "have"
                | "as"
                | "from"
                | "its"
                | "it"
                | "said"
        ) {
            english += 1;
        }
    }
    let foreign: usize = other.iter().sum();
    if foreign > latin {
        let names = [
            "the Cyrillic script",
            "the Arabic script",
            "Chinese or Japanese",
            "Greek",
        ];
        let most = (0..4).max_by_key(|&i| other[i]).unwrap_or(0);
        return Err(IntakeError::Language(names[most].to_owned()));
    }
    if words >= 40 && english * 100 < words * 4 {
        let lower = text.to_lowercase();
        let language = [
            ("German", [" der ", " und ", " die "]),
            ("French", [" les ", " des ", " est "]),
            ("Spanish", [" los ", " que ", " del "]),
            ("Italian", [" che ", " della ", " il "]),
        ]
        .into_iter()
        .find(|(_, cues)| cues.iter().filter(|c| lower.contains(*c)).count() >= 2);
        return Err(match language {
            Some((name, _)) => IntakeError::Language(name.to_owned()),
            None => IntakeError::Links,
        });
    }
    let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
    let links = lines
        .iter()
        .filter(|l| l.contains("http://") || l.contains("https://") || l.split_whitespace().count() < 4)
        .count();
    if lines.len() >= 5 && links * 10 >= lines.len() * 9 {
        return Err(IntakeError::Links);
    }
    Ok(())
}

#[derive(Deserialize)]
struct Line {
    text: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    outlet: Option<String>,
    #[serde(default)]
    published: Option<String>,
}

fn json_lines(text: &str) -> Result<Vec<Article>, IntakeError> {
    let mut out = Vec::new();
    for (n, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let line: Line = serde_json::from_str(line).map_err(|e| IntakeError::JsonLine {
            line: n + 1,
            problem: e.to_string(),
        })?;
        out.push(Article {
            text: line.text,
            title: line.title,
            url: line.url,
            outlet: line.outlet,
            published: line.published.as_deref().and_then(day),
            published_origin: None,
        });
    }
    Ok(out)
}

fn day(text: &str) -> Option<Day> {
    match text.get(..10)?.parse::<Calendar>() {
        Ok(Calendar::Day(day)) => Some(day),
        _ => None,
    }
}

/// Items of RSS or Atom as articles.
fn feed(text: &str) -> Result<Vec<Article>, IntakeError> {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut out = Vec::new();
    let mut current: Option<Article> = None;
    let mut field = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(e)) => {
                let name = e.local_name().as_ref().to_owned();
                if name == "item" || name == "entry" {
                    current = Some(Article::default());
                }
                field = name;
            }
            Ok(Event::End(e)) => {
                let name = e.local_name();
                if matches!(name.as_ref(), "item" | "entry") {
                    if let Some(article) = current.take() {
                        out.push(article);
                    }
                }
                field.clear();
            }
            Ok(Event::Text(t)) => take_field(&mut current, &field, &t),
            Ok(Event::CData(t)) => take_field(&mut current, &field, &t),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(e) => return Err(IntakeError::Feed(e.to_string())),
        }
    }
    Ok(out)
}

fn take_field(article: &mut Option<Article>, field: &str, value: &str) {
    let Some(article) = article else { return };
    match field {
        "title" => article.title = Some(value.trim().to_owned()),
        "link" | "guid" if article.url.is_none() => article.url = Some(value.trim().to_owned()),
        "description" | "summary" | "content" | "encoded" => {
            let plain = if value.contains('<') {
                html(value).text
            } else {
                value.trim().to_owned()
            };
            if plain.len() > article.text.len() {
                article.text = plain;
            }
        }
        "published" | "updated" | "date" => article.published = article.published.or_else(|| day(value.trim())),
        _ => {}
    }
}

/// The paragraphs of a page, without scripts, navigation and lists of links; the date from `datePublished` or meta.
fn html(page: &str) -> Article {
    const DROPPED: [&str; 11] = [
        "script", "style", "nav", "header", "footer", "aside", "form", "noscript", "svg", "figure", "template",
    ];
    const BLOCKS: [&str; 12] = [
        "p",
        "div",
        "br",
        "h1",
        "h2",
        "h3",
        "li",
        "tr",
        "article",
        "section",
        "blockquote",
        "td",
    ];
    let mut article = Article::default();
    let mut text = String::new();
    let mut title = String::new();
    let mut in_title = false;
    let mut rest = page;
    while let Some(open) = rest.find('<') {
        let piece = &rest[..open];
        if in_title {
            title.push_str(piece);
        } else {
            push_entities(piece, &mut text);
        }
        let Some(close) = rest[open..].find('>') else { break };
        let tag = &rest[open + 1..open + close];
        rest = &rest[open + close + 1..];
        let closing = tag.starts_with('/');
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        if name == "title" {
            in_title = !closing && title.is_empty();
        }
        if name == "meta" {
            let lower = tag.to_ascii_lowercase();
            if lower.contains("article:published_time") || lower.contains("datepublished") {
                if let Some(at) = lower.find("content=") {
                    article.published = article
                        .published
                        .or_else(|| day(tag[at + 8..].trim_start_matches(['"', '\''])));
                }
            }
        }
        if !closing && DROPPED.contains(&name.as_str()) && !tag.ends_with('/') {
            let end = format!("</{name}");
            let found = rest
                .as_bytes()
                .windows(end.len())
                .position(|w| w.eq_ignore_ascii_case(end.as_bytes()));
            let Some(at) = found else { break };
            if name == "script" {
                if let Some(at) = rest[..at].find("\"datePublished\"") {
                    let tail = rest[at + 15..].trim_start_matches([' ', ':', '"']);
                    article.published = article.published.or_else(|| day(tail));
                }
            }
            rest = &rest[at..];
        }
        if BLOCKS.contains(&name.as_str()) && !text.ends_with('\n') {
            text.push('\n');
        }
    }
    if !title.trim().is_empty() {
        article.title = Some(title.trim().to_owned());
    }
    let lines: Vec<String> = text
        .lines()
        .map(|l| l.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|l| !l.is_empty())
        .collect();
    article.text = lines.join("\n");
    article
}

fn push_entities(piece: &str, out: &mut String) {
    let mut rest = piece;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.char_indices().take(10).find(|(_, c)| *c == ';').map(|(i, _)| i);
        let known = end.and_then(|e| match &rest[1..e] {
            "amp" => Some("&"),
            "lt" => Some("<"),
            "gt" => Some(">"),
            "quot" => Some("\""),
            "nbsp" => Some(" "),
            "rsquo" | "#8217" => Some("’"),
            "lsquo" | "#8216" => Some("‘"),
            "ldquo" | "#8220" => Some("“"),
            "rdquo" | "#8221" => Some("”"),
            "ndash" | "#8211" => Some("–"),
            "mdash" | "#8212" => Some("—"),
            "apos" | "#39" => Some("'"),
            _ => None,
        });
        match (known, end) {
            (Some(text), Some(end)) => {
                out.push_str(text);
                rest = &rest[end + 1..];
            }
            _ => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
}
