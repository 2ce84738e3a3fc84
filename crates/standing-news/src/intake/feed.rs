//! RSS and Atom: every item is an article, its text the longest of description, summary and content.

use jiff::fmt::rfc2822;
use quick_xml::events::{BytesRef, Event};
use standing_model::date::Day;

use super::{Found, IntakeError, html, iso_day};
use crate::article::Article;

/// Reads a feed. One that breaks off is refused: what is missing would make the whole doubtful.
pub(super) fn read(text: &str) -> Result<Vec<Found>, IntakeError> {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut out: Vec<Found> = Vec::new();
    let mut outlet: Option<String> = None;
    let mut item: Option<Article> = None;
    let mut field = String::new();
    let mut value = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(e)) => {
                let name = e.local_name().as_ref().to_owned();
                if name == "item" || name == "entry" {
                    item = Some(Article::default());
                }
                if name == "link" {
                    link(&e, &mut item);
                }
                field = name;
                value.clear();
            }
            Ok(Event::Empty(e)) => {
                if e.local_name().as_ref() == "link" {
                    link(&e, &mut item);
                }
            }
            Ok(Event::End(e)) => {
                let name = e.local_name();
                let name = name.as_ref();
                if matches!(name, "item" | "entry") {
                    if let Some(mut article) = item.take() {
                        article.outlet.clone_from(&outlet);
                        let place = format!("item {}", out.len() + 1);
                        let empty = article.text.trim().is_empty();
                        out.push((place, if empty { Err(IntakeError::Empty) } else { Ok(article) }));
                    }
                } else if name == field {
                    match &mut item {
                        Some(article) => take(article, name, &value),
                        None if name == "title" && outlet.is_none() => outlet = Some(value.trim().to_owned()),
                        None => {}
                    }
                }
                field.clear();
                value.clear();
            }
            Ok(Event::Text(t)) => value.push_str(&t),
            Ok(Event::CData(t)) => value.push_str(&t),
            Ok(Event::GeneralRef(r)) => value.push_str(&reference(&r)),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(e) => return Err(IntakeError::Feed(e.to_string())),
        }
    }
    if out.is_empty() {
        return Err(IntakeError::Feed("it holds no items".to_owned()));
    }
    Ok(out)
}

/// Only the entities that XML itself defines, and characters by number; anything else stays as written, so nothing can multiply.
fn reference(entity: &BytesRef<'_>) -> String {
    if let Ok(Some(c)) = entity.resolve_char_ref() {
        return c.to_string();
    }
    match &**entity {
        "amp" => "&".to_owned(),
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        other => format!("&{other};"),
    }
}

/// An Atom link: the page itself, not its comments or images.
fn link(element: &quick_xml::events::BytesStart<'_>, item: &mut Option<Article>) {
    let Some(article) = item else { return };
    let value = |name: &str| {
        element
            .attributes()
            .flatten()
            .find(|a| a.key.local_name().as_ref() == name)
            .map(|a| a.value.into_owned())
    };
    if value("rel").is_none_or(|rel| rel == "alternate")
        && let Some(href) = value("href")
    {
        article.url = Some(href.replace("&amp;", "&"));
    }
}

fn take(article: &mut Article, field: &str, value: &str) {
    let value = value.trim();
    if value.is_empty() {
        return;
    }
    match field {
        "title" => article.title = Some(value.to_owned()),
        "link" => article.url = Some(value.to_owned()),
        "guid" | "id" if article.url.is_none() && value.starts_with("http") => article.url = Some(value.to_owned()),
        "description" | "summary" | "content" | "encoded" => {
            let plain = if value.contains('<') {
                html::read(value).text
            } else {
                value.to_owned()
            };
            if plain.len() > article.text.len() {
                article.text = plain;
            }
        }
        "pubDate" | "published" | "date" => article.published = day(value).or(article.published),
        "updated" => article.published = article.published.or_else(|| day(value)),
        _ => {}
    }
}

/// `Fri, 04 Oct 2024 23:10:00 +0300` or `2024-10-04T…`: the publisher's own day.
fn day(text: &str) -> Option<Day> {
    iso_day(text).or_else(|| rfc2822::parse(text).ok().map(|zoned| zoned.date()))
}
