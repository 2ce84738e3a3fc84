//! The page of a listing: its record in words, then what the publisher writes beside it, field by field.

use maud::{Markup, html};
use standing::ListingView;
use standing::model::{
    Birth, Country, Identifier, IdentifierKind, Name, NameKind, NameQuality, PartyKind, Place, Record,
};

use super::words;

/// A listing: what is read from its record, and what was kept verbatim.
pub fn body(listing: &ListingView, party: Option<(&str, &str)>) -> Markup {
    let record = &listing.record;
    html! {
        (words::title(record.caption(), ""))
        p.id { (listing.id) }
        p.lead {
            @if listing.present { "On the list of " (listing.list_date) "." } @else { "No longer on the list of " (listing.list_date) "." }
            " First seen " (listing.first_seen) ", last seen " (listing.last_seen.date) "."
        }
        @if let Some((id, name)) = party { p { "Where it stands: " a href=(words::party_path(id)) { (words::name(name)) } } }
        h2 { "What the record says" }
        (said(record))
        @if !record.notes.is_empty() {
            h2 { "In the publisher's words" }
            dl.facts { @for note in &record.notes { dt { (words::visible(&note.field)) } dd { bdi { (words::visible(&note.text)) } } } }
        }
        @if !record.kept.is_empty() {
            h2 { "Further fields, as the list names them" }
            dl.facts { @for (field, value) in &record.kept { dt { (words::visible(field)) } dd { bdi { (words::visible(value)) } } } }
        }
        @if !record.doubts.is_empty() {
            h2 { "What could not be read" }
            ul { @for doubt in &record.doubts { li { (words::visible(doubt)) } } }
        }
    }
}

/// The fields of the model, each under a heading that says what it is.
fn said(record: &Record) -> Markup {
    let person = matches!(record.kind, PartyKind::Person);
    html! {
        dl.facts {
            dt { "Reference" } dd { (words::visible(&record.reference)) }
            dt { "Kind" } dd { (kind(record.kind)) }
            (several("Names", record.names.iter().map(name)))
            (several("Programme", record.programmes.iter().map(plain)))
            (several("Measure", record.measures.iter().map(plain)))
            @if let Some(day) = record.listed_on { dt { "Listed" } dd { (words::dated(&day.to_string())) } }
            (several("Amended", record.amended_on.iter().map(|day| words::dated(&day.to_string()))))
            (several("Act", record.instruments.iter().map(plain)))
            (several(if person { "Born" } else { "Founded or built" }, record.births.iter().map(birth)))
            (several(if person { "Died" } else { "Dissolved" }, record.deaths.iter().map(|day| words::dated(&day.to_string()))))
            @if let Some(gender) = record.gender { dt { "Gender" } dd { (lower(&gender)) } }
            (several(if person { "Nationality" } else { "Country" }, record.nationalities.iter().map(|c| html! { (c.name()) })))
            (several("Title", record.titles.iter().map(plain)))
            (several("Position", record.positions.iter().map(plain)))
            (several("Identifiers", record.identifiers.iter().map(identifier)))
            (several("Address", record.addresses.iter().filter(|a| !a.text.is_empty() || a.country.is_some()).map(|a| place_words(&a.text, a.country))))
            (several("Place", record.places.iter().map(place)))
            (several("Tied to", record.relations.iter().map(|tie| html! {
                (words::visible(&tie.kind)) ": "
                @if let Some(name) = &tie.name { bdi { (words::visible(name)) } " " }
                @if let Some(reference) = &tie.reference { span.ref { (words::visible(reference)) } }
            })))
        }
    }
}

/// A heading once, and beside it each value on a line of its own; nothing where there is none.
fn several(heading: &str, values: impl Iterator<Item = Markup>) -> Markup {
    let values: Vec<Markup> = values.collect();
    html! {
        @if !values.is_empty() {
            dt { (heading) }
            @for value in &values { dd { (value) } }
        }
    }
}

fn plain(text: impl AsRef<str>) -> Markup {
    html! { bdi { (words::visible(text.as_ref())) } }
}

/// A word of the model as people write it: `national-id` as `national id`.
fn lower(word: &impl serde::Serialize) -> String {
    match serde_json::to_value(word) {
        Ok(serde_json::Value::String(word)) => word.replace('-', " "),
        _ => String::new(),
    }
}

fn kind(kind: PartyKind) -> String {
    match kind {
        PartyKind::Unknown => "not said".to_owned(),
        known => lower(&known),
    }
}

fn name(name: &Name) -> Markup {
    let what = match (name.kind, name.quality) {
        (NameKind::Primary, _) => "primary",
        (NameKind::Former, _) => "former",
        (NameKind::Alias, NameQuality::Weak) => "weak alias",
        (NameKind::Alias, NameQuality::Good) => "alias",
    };
    html! {
        bdi { (words::visible(&name.text)) } " "
        span.dim { (what) @if let Some(language) = &name.language { ", " (words::visible(language)) } }
    }
}

fn birth(birth: &Birth) -> Markup {
    html! {
        @if let Some(date) = birth.date { (words::dated(&date.to_string())) " " }
        @if let Some(written) = &birth.written { span.dim { "as written: " bdi { (words::visible(written)) } } " " }
        @if let Some(at) = &birth.place { (place(at)) }
    }
}

fn place(at: &Place) -> Markup {
    place_words(&at.text, at.country)
}

/// A place as written, its country behind it where the words do not say it.
fn place_words(text: &str, country: Option<Country>) -> Markup {
    let beside = country
        .map(|c| c.name())
        .filter(|name| !text.to_lowercase().contains(&name.to_lowercase()));
    html! {
        bdi { (words::visible(text)) }
        @if let Some(name) = beside { @if text.is_empty() { (name) } @else { " " span.dim { "(" (name) ")" } } }
    }
}

fn identifier(identifier: &Identifier) -> Markup {
    let kind = match &identifier.kind {
        IdentifierKind::Other(word) => words::visible(word),
        IdentifierKind::Imo => "IMO number".to_owned(),
        IdentifierKind::Mmsi
        | IdentifierKind::Lei
        | IdentifierKind::Bic
        | IdentifierKind::Ogrn
        | IdentifierKind::Inn => lower(&identifier.kind).to_uppercase(),
        known => lower(known),
    };
    html! {
        (kind) " " span.ref { bdi { (words::visible(&identifier.value)) } }
        @if let Some(country) = identifier.country { ", " (country.name()) }
        @if let Some(day) = identifier.issued { ", issued " (words::dated(&day.to_string())) }
        @if let Some(day) = identifier.expires { ", expires " (words::dated(&day.to_string())) }
        @if let Some(note) = &identifier.note { " " span.dim { "(" bdi { (words::visible(note)) } ")" } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_in_words() {
        let record: Record = serde_json::from_value(serde_json::json!({
            "reference": "X.1", "kind": "person",
            "names": [
                {"text": "Ala Bela", "kind": "primary"},
                {"text": "<b>Bela</b>", "kind": "alias", "quality": "weak", "language": "French"}
            ],
            "births": [{"date": "1970-05", "place": {"text": "Sokoto", "country": "NG"}}],
            "identifiers": [{"kind": "passport", "value": "A1", "country": "NG"}],
            "nationalities": ["NG"]
        }))
        .unwrap();
        let shown = said(&record).into_string();
        for part in [
            "<dt>Kind</dt><dd>person</dd>",
            "<bdi>Ala Bela</bdi> <span class=\"dim\">primary</span>",
            "&lt;b&gt;Bela&lt;/b&gt;</bdi> <span class=\"dim\">weak alias, French</span>",
            "Sokoto</bdi> <span class=\"dim\">(Nigeria)</span>",
            "passport <span class=\"ref\"><bdi>A1</bdi></span>, Nigeria",
        ] {
            assert!(shown.contains(part), "{part} in {shown}");
        }
        assert!(!shown.contains("names kind") && !shown.contains("Died"), "{shown}");
    }
}
