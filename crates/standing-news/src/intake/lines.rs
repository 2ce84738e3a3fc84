//! JSON lines: `{text, title, url, outlet, published}`, one article a line. A line that cannot be read does not stop the rest.

use serde::Deserialize;

use super::{Found, IntakeError, iso_day};
use crate::article::Article;

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

/// The articles of a file of lines. One object that spans several lines is one article too.
pub(super) fn read(text: &str) -> Vec<Found> {
    let text = text.trim_start_matches('\u{feff}');
    if let Ok(line) = serde_json::from_str::<Line>(text) {
        return vec![("line 1".to_owned(), Ok(article(line)))];
    }
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(n, line)| {
            let read = serde_json::from_str::<Line>(line)
                .map(article)
                .map_err(|e| IntakeError::JsonLine {
                    line: n + 1,
                    problem: e.to_string(),
                });
            (format!("line {}", n + 1), read)
        })
        .collect()
}

fn article(line: Line) -> Article {
    let published = line.published.as_deref().and_then(iso_day);
    let mut doubts = Vec::new();
    if let (None, Some(written)) = (published, line.published.as_deref().filter(|p| !p.trim().is_empty())) {
        doubts.push(format!(
            "\"published\" is \"{written}\", which is no day such as 2024-10-04"
        ));
    }
    Article {
        text: line.text,
        title: line.title,
        url: line.url,
        outlet: line.outlet,
        published,
        published_origin: None,
        doubts,
    }
}
