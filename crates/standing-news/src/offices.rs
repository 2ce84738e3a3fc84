//! Offices: the words that make a title before a name and a role after it. The words are `data/offices.tsv`.

use std::collections::HashMap;

use crate::hash::Build;
use crate::text::{Token, fold_into};

/// The offices known.
#[derive(Debug)]
pub struct Offices {
    titles: HashMap<Box<str>, Option<Box<str>>, Build>,
    firsts: HashMap<Box<str>, usize, Build>,
}

impl Default for Offices {
    fn default() -> Self {
        Self::embedded()
    }
}

impl Offices {
    /// The table in the program.
    pub fn embedded() -> Self {
        let mut offices = Self {
            titles: HashMap::default(),
            firsts: HashMap::default(),
        };
        for line in include_str!("../data/offices.tsv").lines() {
            if line.starts_with('#') {
                continue;
            }
            let Some((words, state)) = line.split_once('\t') else {
                continue;
            };
            let count = words.split(' ').count();
            let first = words.split(' ').next().unwrap_or_default();
            let longest = offices.firsts.entry(first.into()).or_default();
            *longest = (*longest).max(count);
            offices
                .titles
                .insert(words.into(), (state != "-").then(|| state.into()));
        }
        offices
    }

    /// Number of tokens of the longest office that begins here.
    pub fn longest(&self, text: &str, tokens: &[Token]) -> Option<usize> {
        self.at(text, tokens).map(|(length, _)| length)
    }

    /// The longest office that begins here, and the state that its words alone name.
    pub fn at(&self, text: &str, tokens: &[Token]) -> Option<(usize, Option<&str>)> {
        let mut word = String::new();
        let first = tokens.first()?;
        if !first.is_word() {
            return None;
        }
        fold_into(&text[first.start as usize..first.end as usize], &mut word);
        let longest = *self.firsts.get(word.as_str())?;
        let mut key = String::new();
        let mut best = None;
        for (i, token) in tokens.iter().take(longest).enumerate() {
            if !token.is_word() {
                break;
            }
            fold_into(&text[token.start as usize..token.end as usize], &mut word);
            if i > 0 {
                key.push(' ');
            }
            key.push_str(&word);
            if let Some(state) = self.titles.get(key.as_str()) {
                best = Some((i + 1, state.as_deref()));
            }
        }
        best
    }
}
