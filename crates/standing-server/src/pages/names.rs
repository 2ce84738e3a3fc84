//! Names by their beginnings: what the search and the suggestions look in.
//!
//! Every name of every listing and of the register, cut into folded words, sorted. A query's words must each begin a word of the name, in any order; names whose words
//! are met whole come first, then short ones. Made once for a state of the ledger and a day, and kept until either changes.

use std::sync::{Arc, Mutex, PoisonError};

use standing::model::Day;
use standing::{StandingError, View};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::shared::Shared;

/// A name and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// A listing's or a register party's id.
    pub id: String,
    /// The name as written.
    pub name: String,
}

/// The names of one state.
#[derive(Debug, Default)]
pub struct Names {
    ids: Vec<String>,
    /// Whose, and as written.
    written: Vec<(u32, Box<str>)>,
    /// A folded word, and the name it stands in.
    words: Vec<(Box<str>, u32)>,
}

/// The names of the state that was asked for last.
#[derive(Debug, Default)]
pub struct KeptNames(Mutex<Option<(i64, Day, Arc<Names>)>>);

/// Letters without marks and case, cut at everything else.
fn folded(text: &str) -> Vec<String> {
    let plain: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect();
    plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

impl Names {
    fn of(view: &View<'_>) -> Result<Self, StandingError> {
        let mut names = Self::default();
        for party in &view.register().parties {
            names.add(&party.id, party.names.iter().map(|n| n.text.as_str()));
        }
        for list in view.lists()? {
            view.each_listing(&list, |listing| {
                names.add(
                    listing.id.as_str(),
                    listing.record.names.iter().map(|n| n.text.as_str()),
                );
                Ok(())
            })?;
        }
        names.words.sort_unstable();
        names.words.dedup();
        Ok(names)
    }

    fn add<'a>(&mut self, id: &str, texts: impl Iterator<Item = &'a str>) {
        let whose = self.ids.len() as u32;
        self.ids.push(id.to_owned());
        for text in texts {
            let at = self.written.len() as u32;
            // A name of a thousand words is no use here, and would make others pay.
            self.words
                .extend(folded(text).into_iter().take(40).map(|w| (w.into_boxed_str(), at)));
            self.written.push((whose, text.into()));
        }
        let whole = self.written.len() as u32;
        self.words
            .extend(folded(id).into_iter().map(|w| (w.into_boxed_str(), whole)));
        self.written.push((whose, id.into()));
    }

    fn beginning_with(&self, word: &str) -> impl Iterator<Item = u32> {
        let from = self.words.partition_point(|(w, _)| &**w < word);
        self.words[from..]
            .iter()
            .take_while(move |(w, _)| w.starts_with(word))
            .map(|(_, name)| *name)
    }

    /// The names that bear every word of a text or its beginning, at most so many, each owner once.
    pub fn search(&self, text: &str, most: usize) -> Vec<Found> {
        let words = folded(text);
        let Some(longest) = words.iter().max_by_key(|w| w.chars().count()) else {
            return Vec::new();
        };
        let mut found: Vec<(usize, usize, u32)> = Vec::new();
        for at in self.beginning_with(longest).take(20_000) {
            let (_, name) = &self.written[at as usize];
            let theirs = folded(name);
            if words.iter().all(|w| theirs.iter().any(|t| t.starts_with(w.as_str()))) {
                let whole = words.iter().filter(|w| theirs.contains(w)).count();
                found.push((words.len() - whole, name.chars().count(), at));
            }
        }
        found.sort_unstable();
        let mut seen = Vec::new();
        let mut out = Vec::new();
        for (_, _, at) in found {
            let (whose, name) = &self.written[at as usize];
            if !seen.contains(whose) {
                seen.push(*whose);
                out.push(Found {
                    id: self.ids[*whose as usize].clone(),
                    name: name.to_string(),
                });
                if out.len() == most {
                    break;
                }
            }
        }
        out
    }
}

/// Searches the names of a view's state.
pub fn search(app: &Shared, view: &View<'_>, text: &str, most: usize) -> Result<Vec<Found>, StandingError> {
    let key = (view.transaction(), view.known());
    let kept = {
        let kept = app.names.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref()
            .filter(|(t, d, _)| (*t, *d) == key)
            .map(|(_, _, names)| Arc::clone(names))
    };
    let names = if let Some(names) = kept {
        names
    } else {
        let names = Arc::new(Names::of(view)?);
        *app.names.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((key.0, key.1, Arc::clone(&names)));
        names
    };
    Ok(names.search(text, most))
}

/// Has the names made in the background, so that who looks at the first page and then searches waits for nothing.
pub fn make_ahead(app: &Arc<Shared>) {
    let app = Arc::clone(app);
    let today = app.today();
    tokio::spawn(async move {
        let asked = Arc::clone(&app);
        let made = app
            .readers
            .ask(move |ledger| {
                let (view, _) = standing::Question::default().view(ledger, today)?;
                search(&asked, &view, "", 1)
            })
            .await;
        if let Err(problem) = made {
            tracing::debug!(why = problem.detail, "names are made when they are searched");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(names: &[(&str, &[&str])]) -> Names {
        let mut made = Names::default();
        for (id, texts) in names {
            made.add(id, texts.iter().copied());
        }
        made.words.sort_unstable();
        made
    }

    #[test]
    fn words_are_met_by_their_beginnings_in_any_order_and_script() {
        let names = made(&[
            ("un:QDi.317", &["Abu Mohammed al-Jawlani", "أبو محمد الجولاني"]),
            ("un:TAi.001", &["Mohammad Hassan Akhund"]),
        ]);
        let ids = |q: &str| -> Vec<String> { names.search(q, 10).into_iter().map(|f| f.id).collect() };
        assert_eq!(ids("jawl abu"), ["un:QDi.317"]);
        assert_eq!(ids("محمد"), ["un:QDi.317"]);
        assert_eq!(ids("moham").len(), 2);
        assert_eq!(ids("qdi.317"), ["un:QDi.317"]);
        assert!(ids("").is_empty() && ids("...").is_empty() && ids("zzz").is_empty());
    }

    #[test]
    fn whole_words_come_before_beginnings() {
        let names = made(&[("a:1", &["Hassani Trading"]), ("a:2", &["Hassan Ali Trading Company"])]);
        assert_eq!(names.search("hassan", 10)[0].id, "a:2");
    }
}
