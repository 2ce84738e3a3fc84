//! Datasets: lists, authorities and jurisdictions, and `default`, which is all of them.

use std::collections::BTreeMap;

use standing::{StandingError, View};

/// A dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Where it is published.
    pub url: Option<String>,
    /// The datasets in it, for a collection.
    pub children: Vec<String>,
    /// The date of the newest edition.
    pub date: Option<String>,
    /// Whether that is older than usual.
    pub outdated: bool,
}

/// All datasets of a state of the ledger.
#[derive(Debug, Clone, Default)]
pub struct Datasets(pub Vec<Dataset>);

/// The name of the collection of everything.
pub const DEFAULT: &str = "default";

impl Datasets {
    /// Reads them from a view: lists that are recorded, authorities that decide about something, and their jurisdictions.
    pub fn of(view: &View<'_>) -> Result<Self, StandingError> {
        let register = view.register();
        let mut sets: BTreeMap<String, Dataset> = BTreeMap::new();
        for list in view.lists()? {
            let entry = register.list(&list);
            sets.insert(
                list.clone(),
                Dataset {
                    title: entry.map_or_else(|| list.clone(), |e| e.name.clone()),
                    url: entry.and_then(|e| e.url.clone()),
                    children: Vec::new(),
                    date: view
                        .list_date(&list)?
                        .and_then(standing::model::PartialDate::latest)
                        .map(|d| d.to_string()),
                    outdated: view.outdated(&list, view.known())?.is_some(),
                    name: list,
                },
            );
        }
        let mut jurisdictions: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for authority in &register.authorities {
            let place = authority.jurisdiction.to_string().to_ascii_lowercase();
            jurisdictions.entry(place).or_default().push(authority.id.clone());
            sets.entry(authority.id.clone()).or_insert_with(|| Dataset {
                name: authority.id.clone(),
                title: authority.name.clone(),
                url: None,
                children: Vec::new(),
                date: None,
                outdated: false,
            });
        }
        for (place, children) in jurisdictions {
            // A list of the same name (the UN's) is that jurisdiction's as well.
            match sets.get_mut(&place) {
                Some(set) => set.children = children,
                None => {
                    sets.insert(
                        place.clone(),
                        Dataset {
                            title: format!("All authorities of {}", place.to_ascii_uppercase()),
                            name: place,
                            url: None,
                            children,
                            date: None,
                            outdated: false,
                        },
                    );
                }
            }
        }
        let children = sets
            .values()
            .filter(|s| s.children.is_empty())
            .map(|s| s.name.clone())
            .collect();
        let mut all = vec![Dataset {
            name: DEFAULT.into(),
            title: "Everything in this ledger".into(),
            url: None,
            children,
            date: None,
            outdated: false,
        }];
        all.extend(sets.into_values());
        Ok(Self(all))
    }

    /// Is there one of this name?
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|d| d.name == name)
    }

    /// Does an entity's own dataset belong to one that is named?
    pub fn within(&self, own: &str, named: &str) -> bool {
        named == DEFAULT
            || own == named
            || self
                .0
                .iter()
                .any(|d| d.name == named && d.children.iter().any(|c| c == own))
    }
}
