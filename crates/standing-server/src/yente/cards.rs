//! A card for each party in an index: what a text search looks at, and what facets count. Made from the index alone.

use std::collections::{BTreeSet, HashMap};

use standing::model::{PartyKind, State};
use standing::screen::Screening;

use super::schemas;

/// What is known of a party without asking the ledger.
#[derive(Debug, Clone)]
pub struct Card {
    /// Its id.
    pub party: String,
    /// The name to show.
    pub caption: String,
    /// Its schema.
    pub schema: &'static str,
    /// Its names, folded.
    pub names: Vec<String>,
    /// Ids of its listings.
    pub listings: Vec<String>,
    /// Countries, by code.
    pub countries: Vec<String>,
    /// Lists and authorities.
    pub datasets: Vec<String>,
    /// A measure on it is in force.
    pub target: bool,
}

/// All cards.
#[derive(Debug, Default)]
pub struct Cards {
    /// In the order of the index.
    pub all: Vec<Card>,
    by_party: HashMap<String, usize>,
}

/// Text as it is searched: lower case, signs as spaces.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            folded.push(c);
        } else if !folded.ends_with(' ') && !folded.is_empty() && c != '\'' && c != '’' {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

impl Cards {
    /// Reads an index.
    pub fn of(screening: &Screening) -> Self {
        let index = screening.screener.index();
        let mut cards = Self::default();
        let mut kinds: Vec<PartyKind> = Vec::new();
        for at in 0..index.info().entries as u32 {
            let Ok(entry) = index.entry(at) else { continue };
            let place = *cards.by_party.entry(entry.party.clone()).or_insert_with(|| {
                kinds.push(entry.kind);
                cards.all.push(Card {
                    party: entry.party.clone(),
                    caption: entry.caption.clone(),
                    schema: schemas::of_kind(entry.kind),
                    names: Vec::new(),
                    listings: Vec::new(),
                    countries: Vec::new(),
                    datasets: Vec::new(),
                    target: false,
                });
                cards.all.len() - 1
            });
            let card = &mut cards.all[place];
            if kinds[place] == PartyKind::Unknown {
                kinds[place] = entry.kind;
                card.schema = schemas::of_kind(entry.kind);
            }
            let mut names: BTreeSet<String> = card.names.drain(..).collect();
            names.extend(index.entry_names(at).map(|n| fold(index.name(n).text)));
            card.names = names.into_iter().collect();
            card.target |= entry.standing == State::InForce;
            let mut countries: BTreeSet<String> = card.countries.drain(..).collect();
            countries.extend(entry.fields.countries.iter().map(|c| c.code().to_ascii_lowercase()));
            card.countries = countries.into_iter().collect();
            let mut datasets: BTreeSet<String> = card.datasets.drain(..).collect();
            datasets.extend(entry.measures.iter().map(|m| m.authority.clone()));
            if let Some((list, _)) = entry.listing.as_deref().and_then(|l| l.split_once(':')) {
                datasets.insert(list.to_owned());
            }
            card.datasets = datasets.into_iter().collect();
            card.listings.extend(entry.listing);
        }
        cards
    }

    /// The card of a party.
    pub fn get(&self, party: &str) -> Option<&Card> {
        self.by_party.get(party).map(|at| &self.all[*at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_case_make_no_difference() {
        assert_eq!(fold("  Abu-Bakr  al-Baghdadi (Jr.) "), "abu bakr al baghdadi jr");
        assert_eq!(fold("O'Neil"), "oneil");
    }
}
