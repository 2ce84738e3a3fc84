//! Small pieces that all pages share: links, names in their own direction, states by sign and colour.

use maud::{Markup, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use standing::model::{Measure, PartialDate, State};
use standing::words::{sign, standing_words};

/// What may stand in a path segment as it is.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b':');

/// Text as one segment of a path, or as a value of a query.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// The page of a party.
pub fn party_path(id: &str) -> String {
    format!("/party/{}", encoded(id))
}

/// The page of the bytes behind a step; a party's id spares the search for the step.
pub fn evidence_path(step: &str, party: Option<&str>) -> String {
    match party {
        Some(party) => format!("/evidence/{}?party={}", encoded(step), encoded(party)),
        None => format!("/evidence/{}", encoded(step)),
    }
}

/// A name from a source, isolated so that its direction cannot reorder what stands beside it.
pub fn name(text: &str) -> Markup {
    let rtl = text
        .chars()
        .find_map(standing::model::Script::of_char)
        .is_some_and(standing::model::Script::is_right_to_left);
    html! { bdi dir=(if rtl { "rtl" } else { "auto" }) { (visible(text)) } }
}

/// A name among others: one longer than a few lines is cut, its page has it whole.
pub fn brief(text: &str) -> Markup {
    const MOST: usize = 160;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => html! { (name(text[..at].trim_end())) "…" },
        None => name(text),
    }
}

/// A name as a page's title: a long one in smaller letters.
pub fn title(text: &str, more: &str) -> Markup {
    html! { h1.long[text.chars().count() > 90] { (name(text)) (more) } }
}

/// Text with its direction controls made visible and other control characters replaced.
pub fn visible(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{061c}' => {
                format!("<U+{:04X}>", c as u32)
            }
            '\n' | '\t' => c.to_string(),
            c if c.is_control() => '\u{fffd}'.to_string(),
            c => c.to_string(),
        })
        .collect()
}

/// The class that colours a state: what is granted is not coloured like what restricts.
pub fn class(measure: Measure, state: State) -> &'static str {
    if state == State::InForce && !super::map::restricts(measure) {
        "granted"
    } else {
        state.word()
    }
}

/// A sign, in fonts that draw it at a size that is seen; the words beside it tell the same.
pub fn mark(sign: &str) -> Markup {
    html! { span.sign aria-hidden="true" { (sign) } }
}

/// A state by sign, colour and words.
pub fn state(measure: Measure, state: State, contradicted: bool) -> Markup {
    html! {
        span class=(format!("state {}", class(measure, state))) {
            (mark(sign(state))) " " (standing_words(measure, state))
        }
        @if contradicted { " " span.contradicted { (mark("✕")) span.vh { "sources disagree" } } }
    }
}

/// A date as a `time` element where it is a day, else in words.
pub fn when(date: Option<PartialDate>) -> Markup {
    let Some(date) = date else { return html! { "…" } };
    match date.as_day() {
        Some(day) => html! { time datetime=(day) { (day) } },
        None => dated(&date.to_string()),
    }
}

/// Is this a date as written here, `2024-10-04` or `2024-10`?
fn is_date(word: &str) -> bool {
    let bytes = word.as_bytes();
    matches!(bytes.len(), 7 | 10)
        && bytes.iter().enumerate().all(|(at, b)| {
            if at == 4 || at == 7 {
                *b == b'-'
            } else {
                b.is_ascii_digit()
            }
        })
}

/// Words in which dates stand that must not break at their hyphens.
pub fn dated(text: &str) -> Markup {
    html! {
        @for (at, word) in text.split(' ').enumerate() {
            @if at > 0 { " " }
            @let end = word.find([',', ';', ':', ')']).unwrap_or(word.len());
            @let (date, rest) = word.split_at(end);
            @if is_date(date) { time datetime=(date) { (date) } (rest) } @else { (word) }
        }
    }
}

/// A count with its noun: `1 authority`, `1,018 listings`.
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        standing::words::number(n as u64),
        if n == 1 { one } else { many }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_become_one_segment() {
        assert_eq!(party_path("gb:12/3 ?&<x>"), "/party/gb:12%2F3%20%3F%26%3Cx%3E");
        assert_eq!(evidence_path("s:4f", Some("un:QDi.1")), "/evidence/s:4f?party=un:QDi.1");
    }

    #[test]
    fn long_names_are_cut_where_they_stand_among_others() {
        let long = brief(&"أ".repeat(1000)).into_string();
        assert_eq!(long, format!("<bdi dir=\"rtl\">{}</bdi>…", "أ".repeat(160)));
        assert_eq!(brief("Example").into_string(), "<bdi dir=\"auto\">Example</bdi>");
    }

    #[test]
    fn dates_in_words_stay_whole() {
        assert_eq!(
            dated("after 2016-05-26, by 2024-09").into_string(),
            "after <time datetime=\"2016-05-26\">2016-05-26</time>, by <time datetime=\"2024-09\">2024-09</time>"
        );
        assert_eq!(dated("since 2003-x QDi.317").into_string(), "since 2003-x QDi.317");
    }

    #[test]
    fn names_cannot_turn_their_surroundings() {
        let shown = name("evil\u{202e}gpj").into_string();
        assert_eq!(shown, "<bdi dir=\"auto\">evil&lt;U+202E&gt;gpj</bdi>");
        assert!(name("أبو محمد").into_string().starts_with("<bdi dir=\"rtl\">"));
    }
}
