//! Country names of one document, each looked up once: lists repeat some two hundred names thousands of times.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use standing_model::{Country, Place};

use crate::text::trimmed;

/// What a document's country names mean.
#[derive(Debug, Default)]
pub(crate) struct Countries {
    known: HashMap<String, Option<Country>, RandomState>,
}

impl Countries {
    /// The country that a name means.
    pub(crate) fn find(&mut self, name: &str) -> Option<Country> {
        if name.is_empty() {
            return None;
        }
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

    /// The country at the end of a place as written: `Tora, Kandahar Province, Afghanistan`.
    pub(crate) fn of_place(&mut self, text: &str) -> Option<Country> {
        let Some(last) = memchr::memrchr(b',', text.as_bytes()) else {
            return self.find(trimmed(text));
        };
        let end = trimmed(&text[last + 1..]);
        let known = if end.len() > 3 { self.find(end) } else { None };
        // `Congo, Democratic Republic of the` and `Korea, North` hold a comma themselves.
        known.or_else(|| {
            let second = memchr::memrchr(b',', &text.as_bytes()[..last]);
            self.find(trimmed(&text[second.map_or(0, |at| at + 1)..]))
        })
    }

    /// A place as written, its country read off its end.
    pub(crate) fn place(&mut self, text: &str) -> Place {
        Place {
            text: text.into(),
            country: self.of_place(text),
        }
    }
}

/// The country at the end of a place as written, for readers that meet few places.
pub(crate) fn of_place(text: &str) -> Option<Country> {
    Countries::default().of_place(text)
}

/// A place as written, its country read off its end, for readers that meet few places.
pub(crate) fn place(text: &str) -> Place {
    Countries::default().place(text)
}

#[cfg(test)]
mod tests {
    use super::Countries;

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
            assert_eq!(
                Countries::default().of_place(place).map(|c| c.to_string()).as_deref(),
                code,
                "{place}"
            );
        }
    }
}
