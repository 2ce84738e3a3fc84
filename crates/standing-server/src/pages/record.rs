//! What a page shows of one record: the page of a listing, and the bytes behind a step with what matters lit.

use maud::{Markup, html};
use standing::ListingView;
use standing::evidence::{Piece, StepEvidence};
use standing::legal_date;
use standing::model::Authority;

use super::matrix::authority;
use super::{party, words};

/// How many characters of a record are shown before it is cut.
const SHOWN: usize = 20_000;

/// A listing: its record field by field, and what was kept verbatim.
pub fn listing(listing: &ListingView, party: Option<(&str, &str)>) -> Markup {
    let record = &listing.record;
    let rows = flat(&serde_json::to_value(record).unwrap_or_default());
    html! {
        (words::title(record.caption(), ""))
        p.id { (listing.id) }
        p {
            @if listing.present { "On the list of " (listing.list_date) "." } @else { "No longer on the list of " (listing.list_date) "." }
            " First seen " (listing.first_seen) ", last seen " (listing.last_seen.date) "."
        }
        @if let Some((id, name)) = party { p { "Where it stands: " a href=(words::party_path(id)) { (words::name(name)) } } }
        h2 { "The record as it was read" }
        dl.facts {
            @for (key, value) in &rows {
                dt { (key) }
                dd { bdi { (words::visible(value)) } }
            }
        }
    }
}

/// A value as lines of `field: value`, nested fields joined by a dot.
fn flat(value: &serde_json::Value) -> Vec<(String, String)> {
    fn walk(prefix: &str, value: &serde_json::Value, out: &mut Vec<(String, String)>) {
        match value {
            serde_json::Value::Object(fields) => {
                for (key, value) in fields {
                    let name = if prefix.is_empty() {
                        key.clone()
                    } else {
                        format!("{prefix} {key}")
                    };
                    walk(&name, value, out);
                }
            }
            serde_json::Value::Array(items) => {
                let pair = |v: &serde_json::Value| -> Option<(String, String)> {
                    let pair = v.as_array().filter(|a| a.len() == 2)?;
                    Some((pair[0].as_str()?.to_owned(), pair[1].as_str()?.to_owned()))
                };
                if !items.is_empty() && items.iter().all(|v| pair(v).is_some()) && prefix != "names" {
                    out.extend(items.iter().filter_map(pair).map(|(k, v)| (format!("{prefix} {k}"), v)));
                } else {
                    for item in items {
                        walk(prefix, item, out);
                    }
                }
            }
            serde_json::Value::String(text) => out.push((prefix.to_owned(), text.clone())),
            serde_json::Value::Null => {}
            other => out.push((prefix.to_owned(), other.to_string())),
        }
    }
    let mut out = Vec::new();
    walk("", value, &mut out);
    out
}

/// A step and the bytes it rests on.
pub fn evidence(found: &StepEvidence, authorities: &[Authority]) -> Markup {
    let step = &found.step;
    html! {
        @let name = if step.name.is_empty() { &step.party } else { &step.name };
        (words::title(name, ""))
        p.lead { (authority(authorities, &step.authority)) ": " (super::matrix::step_words(step)) " " (words::when(legal_date(step))) "." }
        p.id { (step.step) }
        dl.facts {
            dt { "Party" } dd { a href=(words::party_path(&step.party)) { (step.party) } }
            @if let Some(l) = &step.listing { dt { "Listing" } dd { a href=(words::party_path(l.as_str())) { (l) } } }
            dt { "Authority" } dd { (authority(authorities, &step.authority)) }
            dt { "Measure" } dd { (step.measure) }
            dt { "Legally on" } dd { (words::when(legal_date(step))) }
            dt { "Known" } dd { (words::when(step.known)) }
            dt { "Grade" } dd { (step.grade.word()) }
            dt { "Act" } dd { (words::dated(&words::visible(&standing::answers::instrument_words(&step.instrument)))) }
            @if let Some(note) = &step.note { dt { "Note" } dd { (words::dated(&words::visible(note))) } }
        }
        @for f in &step.fields { p { strong { (f.field) } ": " del { (words::visible(&f.old.join("; "))) } " → " ins { (words::visible(&f.new.join("; "))) } } }
        h2 { "What it rests on" }
        @for piece in &found.pieces { (show_piece(piece, step.listing.as_ref().map(standing::model::ListingId::reference))) }
        @if !step.contradicted.is_empty() {
            h2 { "What contradicts it" }
            ul.plain { @for e in &step.contradicted {
                li { span.contradicted { "✕" } " " @if let Some(on) = e.on { (on) " " } (party::source_link(e)) @if let Some(p) = &e.place { ": " (words::visible(p)) } " " span.dim { "(" (e.grade.word()) ")" } }
            } }
        }
    }
}

fn show_piece(piece: &Piece, reference: Option<&str>) -> Markup {
    let e = &piece.evidence;
    html! {
        section.card {
            h3 { (party::source_link(e)) }
            p.who {
                (e.grade.word())
                @if let Some(known) = e.known { ", known " (known) }
                @if let Some(file) = &piece.file { ", file " span.ref { (words::visible(file)) } }
                @if let Some((start, end)) = piece.bytes { ", bytes " (start) " to " (end) }
                @if let Some(place) = &e.place { ". " (words::visible(place)) }
            }
            @if let Some(text) = &piece.verbatim {
                @let cut: String = text.chars().take(SHOWN).collect();
                pre tabindex="0" { (lit(&words::visible(&cut), reference)) @if cut.len() < text.len() { "\n… cut here; the whole stands in the file" } }
            }
            @if e.source.len() >= 8 && e.source.bytes().all(|b| b.is_ascii_hexdigit()) { p { a href={ "/v1/documents/" (e.source) } { "The source document" } } }
        }
    }
}

/// Text with a reference lit wherever it stands.
fn lit(text: &str, reference: Option<&str>) -> Markup {
    let Some(reference) = reference.filter(|r| r.len() > 2) else {
        return html! { (text) };
    };
    html! {
        @for (at, part) in text.split(reference).enumerate() {
            @if at > 0 { mark { (reference) } }
            (part)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_fields_become_lines_and_nothing_is_lost() {
        let value = serde_json::json!({"a": {"b": ["x", "y"]}, "kept": [["K", "v"]], "n": 3, "none": null});
        let lines = flat(&value);
        assert_eq!(
            lines,
            [
                ("a b".to_owned(), "x".to_owned()),
                ("a b".into(), "y".into()),
                ("kept K".into(), "v".into()),
                ("n".into(), "3".into())
            ]
        );
    }

    #[test]
    fn markup_in_a_record_stays_text() {
        let shown = lit("<script>QDi.1</script>", Some("QDi.1")).into_string();
        assert_eq!(shown, "&lt;script&gt;<mark>QDi.1</mark>&lt;/script&gt;");
    }
}
