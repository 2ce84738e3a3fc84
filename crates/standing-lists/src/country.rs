//! Country names of one document, each looked up once: lists repeat some two hundred names thousands of times.

use std::collections::HashMap;

use standing_model::{Country, Place};

/// What a document's country names mean.
#[derive(Debug, Default)]
pub(crate) struct Countries {
    known: HashMap<String, Option<Country>>,
}

impl Countries {
    /// The country that a name means.
    pub(crate) fn find(&mut self, name: &str) -> Option<Country> {
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        let country = Country::from_name(name);
        // A hostile file may name millions of countries.
        if self.known.len() < 10_000 {
            self.known.insert(name.to_owned(), country);
        }
        country
    }
}

/// The country at the end of a place as written: `Tora, Kandahar Province, Afghanistan`.
pub(crate) fn of_place(text: &str) -> Option<Country> {
    let last = text.rsplit(',').next().unwrap_or(text).trim();
    // `Congo, Democratic Republic of the`, `Korea, North` hold a comma themselves.
    let two = text.rmatch_indices(',').nth(1).map_or(text, |(at, _)| &text[at + 1..]);
    Country::from_name(text)
        .or_else(|| Country::from_name(two.trim()))
        .or_else(|| (last.len() > 3).then(|| Country::from_name(last)).flatten())
}

/// A place as written, its country read off its end.
pub(crate) fn place(text: &str) -> Place {
    Place {
        text: text.to_owned(),
        country: of_place(text),
    }
}

#[cfg(test)]
mod tests {
    use super::of_place;

    #[test]
    fn countries_at_the_end() {
        for (place, code) in [
            ("Tora, Kandahar Province, Afghanistan", Some("AF")),
            ("Kinshasa, Congo, Democratic Republic of the", Some("CD")),
            ("Pyongyang, Korea, North", Some("KP")),
            ("Beirut", None),
            ("Gaza, PS", None),
            ("", None),
        ] {
            assert_eq!(of_place(place).map(|c| c.to_string()).as_deref(), code, "{place}");
        }
    }
}
