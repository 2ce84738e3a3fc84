//! The page of a step: what it says, and the bytes that it rests on with what matters lit.

use maud::{Markup, html};
use standing::evidence::{Piece, StepEvidence};
use standing::legal_date;
use standing::model::Authority;

use super::matrix::authority;
use super::{party, words};

/// How many characters of a record are shown before it is cut.
const SHOWN: usize = 20_000;

/// A step and the bytes it rests on.
pub fn body(found: &StepEvidence, authorities: &[Authority]) -> Markup {
    let step = &found.step;
    html! {
        @let name = if step.name.is_empty() { &step.party } else { &step.name };
        (words::title(name, ""))
        p.lead { (authority(authorities, &step.authority)) ": " (super::matrix::step_words(step)) " " (words::when(legal_date(step))) "." }
        p.id { (step.step) }
        dl.facts {
            dt { "Party" } dd { a href=(words::party_path(&step.party)) { (words::brief(name)) } " " span.ref.dim { (step.party) } }
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
                li { span.contradicted { (words::mark("✕")) } " " @if let Some(on) = e.on { (on) " " } (party::source_link(e)) @if let Some(p) = &e.place { ": " (words::visible(p)) } " " span.dim { "(" (e.grade.word()) ")" } }
            } }
        }
    }
}

fn show_piece(piece: &Piece, reference: Option<&str>) -> Markup {
    let e = &piece.evidence;
    html! {
        section.card {
            h3 { (party::source_link(e)) }
            @if let Some(place) = &e.place { p { "“" (words::visible(place)) "”" } }
            p.who {
                (e.grade.word())
                @if let Some(known) = e.known { ", known since " (words::dated(&known.to_string())) }
                @if let Some(file) = &piece.file { ", file " span.ref { (words::visible(file)) } }
                @if let Some((start, end)) = piece.bytes { ", bytes " (standing::words::number(start)) " to " (standing::words::number(end)) }
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
    fn markup_in_a_record_stays_text() {
        let shown = lit("<script>QDi.1</script>", Some("QDi.1")).into_string();
        assert_eq!(shown, "&lt;script&gt;<mark>QDi.1</mark>&lt;/script&gt;");
    }
}
