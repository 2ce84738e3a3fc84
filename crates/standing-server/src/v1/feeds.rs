//! The latest changes as feeds: JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/) and Atom (RFC 4287).

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use standing::answers::{self, StepRow, Window};
use standing::model::{Day, Instrument};
use standing::{Question, StandingError};

use super::words::ProblemAnswer;
use crate::answer::Ask;
use crate::problem::Problem;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::asked::Asked;

/// Steps of a feed.
const LATEST: usize = 100;

/// Which changes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FeedAsked {
    /// An authority's id or a jurisdiction.
    authority: Option<String>,
    /// A party.
    party: Option<String>,
}

struct Entry {
    id: String,
    title: String,
    text: String,
    day: Option<Day>,
    party: String,
}

fn entry(row: StepRow) -> Entry {
    let step = row.step;
    let act = match &step.instrument {
        Instrument::Named { id, .. } => format!(" Act: {id}."),
        Instrument::Unknown => String::new(),
    };
    let when = standing::legal_date(&step).map_or_else(|| "a day that no source gives".to_owned(), |d| d.to_string());
    Entry {
        title: format!(
            "{}: {} {} ({}, {})",
            step.name,
            step.authority,
            step.measure,
            step.action.word(),
            step.stage.word()
        ),
        text: format!(
            "{} {} of {} ({}), {}, on {when}.{act} Sources: {}.",
            step.authority,
            step.action.word(),
            step.measure,
            step.name,
            step.stage.word(),
            step.sources
                .iter()
                .map(|s| s.title.as_str())
                .collect::<Vec<_>>()
                .join("; ")
        ),
        id: step.step,
        day: step.known.and_then(standing::model::PartialDate::latest),
        party: step.party,
    }
}

async fn latest(ask: &Ask, asked: FeedAsked) -> Result<Vec<Entry>, Problem> {
    let today = ask.today;
    let recorded = Some(ask.recorded(None));
    ask.shared
        .readers
        .ask(move |ledger| {
            let question = Question {
                recorded,
                ..Question::default()
            };
            let window = Window {
                authority: asked.authority,
                party: asked.party,
                ..Window::default()
            };
            let mut entries: Vec<Entry> = answers::changes(ledger, &window, &question, today)?
                .into_iter()
                .map(entry)
                .collect();
            entries.sort_by(|a, b| b.day.cmp(&a.day).then_with(|| a.id.cmp(&b.id)));
            entries.truncate(LATEST);
            Ok::<_, StandingError>(entries)
        })
        .await
}

/// Where this server is, as the request addressed it; the guard has checked that name.
fn here(ask: &Ask, headers: &HeaderMap) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|h| h.to_str().ok())
        .unwrap_or("localhost");
    let scheme = if ask.shared.options.tls.is_some() {
        "https"
    } else {
        "http"
    };
    format!("{scheme}://{host}")
}

fn time(day: Option<Day>) -> String {
    day.map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |d| format!("{d}T00:00:00Z"))
}

/// A segment of a path, percent-encoded.
pub fn segment(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// The latest changes as a JSON feed.
#[utoipa::path(get, path = "/v1/changes/feed.json", tag = "changes", params(FeedAsked),
    responses((status = 200, body = Object, content_type = "application/feed+json"), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn json(ask: Ask, headers: HeaderMap, Asked(asked): Asked<FeedAsked>) -> Result<Response, Problem> {
    let here = here(&ask, &headers);
    let items: Vec<_> = latest(&ask, asked)
        .await?
        .into_iter()
        .map(|e| {
            json!({
                "id": format!("urn:standing:step:{}", e.id),
                "url": format!("{here}/v1/evidence/{}", segment(&e.id)),
                "title": e.title,
                "content_text": e.text,
                "date_published": time(e.day),
                "_standing": {"step": e.id, "party": e.party},
            })
        })
        .collect();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Standing: changes",
        "feed_url": format!("{here}/v1/changes/feed.json"),
        "items": items,
    });
    let mut response = feed.to_string().into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/feed+json"));
    ask.name_state(response.headers_mut());
    Ok(response)
}

/// Text in XML; what XML 1.0 cannot hold is left out.
fn xml(text: &str) -> String {
    text.chars()
        .filter(|c| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..))
        .fold(String::new(), |mut out, c| {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                c => out.push(c),
            }
            out
        })
}

/// The latest changes as an Atom feed.
#[utoipa::path(get, path = "/v1/changes/feed.atom", tag = "changes", params(FeedAsked),
    responses((status = 200, body = String, content_type = "application/atom+xml"), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn atom(ask: Ask, headers: HeaderMap, Asked(asked): Asked<FeedAsked>) -> Result<Response, Problem> {
    let here = here(&ask, &headers);
    let entries = latest(&ask, asked).await?;
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<id>urn:standing:changes</id>\n<title>Standing: changes</title>\n<link rel=\"self\" href=\"{}/v1/changes/feed.atom\"/>\n<author><name>Standing</name></author>\n<updated>{}</updated>\n",
        xml(&here),
        time(entries.first().and_then(|e| e.day))
    );
    for e in entries {
        text.push_str(&format!(
            "<entry><id>urn:standing:step:{}</id><title>{}</title><link href=\"{}/v1/evidence/{}\"/><updated>{}</updated><content type=\"text\">{}</content></entry>\n",
            xml(&e.id), xml(&e.title), xml(&here), segment(&e.id), time(e.day), xml(&e.text)
        ));
    }
    text.push_str("</feed>\n");
    let mut response = text.into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/atom+xml"));
    ask.name_state(response.headers_mut());
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_control_characters_stay_text() {
        assert_eq!(xml("<b>\u{0}&\"\u{8}x"), "&lt;b&gt;&amp;&quot;x");
        assert_eq!(segment("s:1/../\"é"), "s:1%2F..%2F%22%C3%A9");
    }
}
