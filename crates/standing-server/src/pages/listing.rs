//! The page of a listing: its record in words, by subject, and what was kept under the publisher's own names.
//!
//! Nothing of a record may be left out: the fields are taken apart by name, so a field that the model gains does not compile here until it
//! has its place.

use maud::{Markup, html};
use serde::Serialize;
use standing::ListingView;
use standing::model::{
    Address, Birth, Identifier, IdentifierKind, Name, NameKind, NameQuality, Note, PartialDate, PartyKind, Place,
    Record, Relation, Script,
};

use super::words;

/// Fields of the record in the order in which people ask for them.
struct Facts(Vec<(&'static str, Vec<String>)>);

impl Facts {
    fn add(&mut self, word: &'static str, values: impl IntoIterator<Item = String>) {
        let values: Vec<String> = values.into_iter().filter(|v| !v.is_empty()).collect();
        if !values.is_empty() {
            self.0.push((word, values));
        }
    }
}

/// A listing: who it is, since when, under which names, and every further field.
pub fn body(listing: &ListingView, list: &str, party: Option<(&str, &str)>) -> Markup {
    let Record {
        reference,
        kind,
        names,
        programmes,
        listed_on,
        amended_on,
        instruments,
        measures,
        births,
        deaths,
        gender,
        nationalities,
        titles,
        positions,
        identifiers,
        addresses,
        places,
        relations,
        notes,
        kept,
        doubts,
    } = &listing.record;
    let texts = |all: &[standing::model::Text]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
    let mut facts = Facts(Vec::new());
    facts.add("Reference", [reference.to_string()]);
    let person = *kind == PartyKind::Person;
    facts.add(
        "Kind",
        [if *kind == PartyKind::Unknown {
            "not said".to_owned()
        } else {
            word_of(kind)
        }],
    );
    facts.add("Listed on", listed_on.map(|d| d.to_string()));
    facts.add("Amended on", amended_on.iter().map(ToString::to_string));
    facts.add("Programmes", texts(programmes));
    facts.add("Legal acts", texts(instruments));
    facts.add("Measures", texts(measures));
    facts.add(
        if person { "Born" } else { "Founded or built" },
        births.iter().map(birth),
    );
    facts.add(
        if person { "Died" } else { "Dissolved" },
        deaths.iter().map(ToString::to_string),
    );
    facts.add("Gender", gender.as_ref().map(word_of));
    facts.add(
        if person { "Nationality" } else { "Country or flag" },
        nationalities.iter().map(|c| c.name().to_owned()),
    );
    facts.add("Titles", texts(titles));
    facts.add("Positions", texts(positions));
    facts.add("Identifiers", identifiers.iter().map(identifier));
    facts.add("Addresses", addresses.iter().map(address));
    facts.add("Places", places.iter().map(place));
    facts.add("Ties", relations.iter().map(relation));
    html! {
        (words::title(listing.record.caption(), ""))
        p.id { (listing.id) }
        p.lead {
            @if listing.present { "On " (words::visible(list)) " of " (words::when(Some(listing.list_date))) "." }
            @else { "No longer on " (words::visible(list)) " of " (words::when(Some(listing.list_date))) "." }
        }
        p.dim { "In the editions at hand seen first on " (words::when(Some(listing.first_seen))) " and last on " (words::when(Some(listing.last_seen.date))) "." }
        @if let Some((id, name)) = party { p { "Where it stands with every authority: " a href=(words::party_path(id)) { (words::name(name)) } } }
        h2 { "Names" }
        (name_table(names))
        h2 { "The record as it was read" }
        dl.facts {
            @for (word, values) in &facts.0 {
                dt { (word) }
                dd { (several(values)) }
            }
        }
        @if !notes.is_empty() {
            h2 { "Remarks of the publisher" }
            dl.facts { @for Note { field, text } in notes { dt { (words::visible(field)) } dd { bdi { (words::visible(text)) } } } }
        }
        @if !kept.is_empty() {
            h2 { "Further fields, under the publisher's names" }
            dl.facts.kept { @for (key, value) in kept { dt.ref { (words::visible(key)) } dd { bdi { (words::visible(value)) } } } }
        }
        @if !doubts.is_empty() {
            h2 { "What could not be read as what it claims to be" }
            ul.plain { @for doubt in doubts { li { (words::visible(doubt)) } } }
        }
    }
}

fn several(values: &[String]) -> Markup {
    html! {
        @match values {
            [one] => bdi { (words::dated(&words::visible(one))) },
            several => ul.plain { @for value in several { li { bdi { (words::dated(&words::visible(value))) } } } },
        }
    }
}

fn name_table(names: &[Name]) -> Markup {
    let parts = names.iter().any(|n| !n.parts.is_empty());
    let script = |name: &Name| name.script.map_or("", |s: Script| script_name(s.code())).to_owned();
    html! {
        table.stack.names {
            thead { tr { th { "Name" } th { "As" } th { "Script" } @if parts { th { "Parts" } } } }
            tbody { @for name in names {
                tr {
                    td data-h="Name" { (words::name(&name.text)) }
                    td data-h="As" { (rank_word(name.kind, name.quality)) }
                    td data-h="Script" { (script(name)) @if let Some(language) = &name.language { @if name.script.is_some() { ", " } (words::visible(language)) } }
                    @if parts { td.dim data-h="Parts" { @for (at, (kind, text)) in name.parts.iter().enumerate() { @if at > 0 { " · " } (word_of(kind)) " " (words::name(text)) } } }
                }
            } }
        }
    }
}

/// What role a name has.
pub fn rank_word(kind: NameKind, quality: NameQuality) -> &'static str {
    match (kind, quality) {
        (NameKind::Primary, _) => "primary",
        (NameKind::Alias, NameQuality::Good) => "alias",
        (NameKind::Alias, NameQuality::Weak) => "weak alias",
        (NameKind::Former, _) => "former",
    }
}

/// A script's name for people.
pub fn script_name(code: &str) -> &str {
    match code {
        "Latn" => "Latin",
        "Arab" => "Arabic",
        "Cyrl" => "Cyrillic",
        "Hani" | "Hans" | "Hant" => "Chinese characters",
        "Hang" | "Kore" => "Korean",
        "Jpan" | "Kana" | "Hira" => "Japanese",
        "Hebr" => "Hebrew",
        "Grek" => "Greek",
        other => other,
    }
}

/// The word of a value that the model writes as one.
fn word_of(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word.replace(['-', '_'], " "),
        Ok(serde_json::Value::Object(fields)) => fields.values().filter_map(|v| v.as_str()).collect(),
        // A value without a word of its own says nothing that could be shown.
        _ => String::new(),
    }
}

fn joined(parts: &[String]) -> String {
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|p| !p.is_empty()).collect();
    parts.join(", ")
}

fn birth(birth: &Birth) -> String {
    let date = birth.date.map(|d| d.to_string()).unwrap_or_default();
    let written = birth.written.as_ref().filter(|w| w.as_str() != date);
    let place = birth.place.as_ref().map(place).unwrap_or_default();
    let written = written.map(|w| {
        if date.is_empty() {
            w.to_string()
        } else {
            format!("written \"{w}\"")
        }
    });
    joined(&[date, place, written.unwrap_or_default()])
}

fn place(place: &Place) -> String {
    let country = place.country.map(standing::model::Country::name).unwrap_or_default();
    let text = place.text.to_string();
    if text.to_lowercase().contains(&country.to_lowercase()) {
        return text;
    }
    joined(&[text, country.to_owned()])
}

fn address(address: &Address) -> String {
    let parts: Vec<String> = address
        .parts
        .iter()
        .map(|(k, v)| format!("{}: {v}", k.to_lowercase()))
        .collect();
    let whole = place(&Place {
        text: address.text.clone(),
        country: address.country,
    });
    if parts.is_empty() {
        whole
    } else {
        format!("{whole} ({})", parts.join("; "))
    }
}

/// An identifier with what its issuer says of it.
pub fn identifier(identifier: &Identifier) -> String {
    let day = |word: &str, date: Option<PartialDate>| date.map(|d| format!("{word} {d}")).unwrap_or_default();
    let country = identifier.country.map(|c| c.name().to_owned()).unwrap_or_default();
    let more = joined(&[
        country,
        day("issued", identifier.issued),
        day("expires", identifier.expires),
        identifier.note.as_ref().map(ToString::to_string).unwrap_or_default(),
    ]);
    let kind = match &identifier.kind {
        IdentifierKind::Other(word) => word.to_string(),
        IdentifierKind::Imo => "IMO number".to_owned(),
        IdentifierKind::Mmsi
        | IdentifierKind::Lei
        | IdentifierKind::Bic
        | IdentifierKind::Ogrn
        | IdentifierKind::Inn => word_of(&identifier.kind).to_uppercase(),
        known => word_of(known),
    };
    let named = format!("{kind} {}", identifier.value);
    if more.is_empty() {
        named
    } else {
        format!("{named} ({more})")
    }
}

fn relation(relation: &Relation) -> String {
    let whom = joined(&[
        relation.name.as_ref().map(ToString::to_string).unwrap_or_default(),
        relation.reference.as_ref().map(ToString::to_string).unwrap_or_default(),
    ]);
    format!("{} {whom}", relation.kind).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use standing::model::PartKind;

    #[test]
    fn identifiers_and_births_say_all_that_the_record_does() {
        let mut passport = Identifier::new(IdentifierKind::Passport, "A 123");
        passport.country = "DE".parse().ok();
        passport.expires = "2030-01-31".parse().ok();
        passport.note = Some("expired".into());
        let said = identifier(&passport);
        for part in ["passport A 123", "Germany", "expires 2030-01-31", "expired"] {
            assert!(said.contains(part), "{said}");
        }
        let born = Birth {
            date: "1975".parse().ok(),
            place: Some(Place {
                text: "Mosul, Iraq".into(),
                country: "IQ".parse().ok(),
            }),
            written: Some("1975-1979".into()),
        };
        assert_eq!(birth(&born), "1975, Mosul, Iraq, written \"1975-1979\"");
    }

    #[test]
    fn names_show_script_language_and_parts() {
        let name = Name {
            text: "أبو محمد".into(),
            kind: NameKind::Alias,
            quality: NameQuality::Weak,
            script: Script::of_char('م'),
            language: Some("ar".into()),
            parts: vec![(PartKind::Given, "محمد".into())],
        };
        let shown = name_table(&[name]).into_string();
        for part in ["weak alias", "Arabic", ", ar", "given ", "dir=\"rtl\""] {
            assert!(shown.contains(part), "{shown}");
        }
    }
}
