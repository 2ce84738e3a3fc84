//! The words of a sentence as `near`, `unless` and names of several words are looked for in them.

use crate::resolve::Document;
use crate::text::fold;

/// The words of a sentence for `near` and `unless`.
pub struct Flat {
    text: String,
    starts: Vec<usize>,
    first: usize,
}

impl Flat {
    /// Of the tokens from `start` to `end`.
    pub fn new(document: &Document, start: usize, end: usize) -> Self {
        let mut text = String::from(" ");
        let mut starts = Vec::with_capacity(end - start + 1);
        for t in start..end {
            starts.push(text.len() - 1);
            let token = &document.cut.tokens[t];
            if token.is_word() {
                text.push_str(&fold(&document.text[token.start as usize..token.end as usize]));
                text.push(' ');
            }
        }
        starts.push(text.len() - 1);
        Self {
            text,
            starts,
            first: start,
        }
    }

    /// All words, with a space at either end.
    pub fn whole(&self) -> &str {
        &self.text
    }

    /// The words between two tokens, with a space at either end.
    pub fn between(&self, start: usize, end: usize) -> &str {
        let last = self.starts.len() - 1;
        let from = self.starts[start.saturating_sub(self.first).min(last)];
        let to = self.starts[end.saturating_sub(self.first).min(last)];
        &self.text[from..(to + 1).max(from)]
    }
}

/// Whether words say that a measure takes effect later than it is told.
pub fn takes_effect_later(text: &str) -> bool {
    const LATER: [&str; 26] = [
        " will take effect",
        " to take effect",
        " takes effect on",
        " take effect on",
        " take effect from",
        " takes effect from",
        " take effect in",
        " takes effect in",
        " take effect upon",
        " takes effect upon",
        " will come into force",
        " to come into force",
        " comes into force on",
        " come into force on",
        " will enter into force",
        " enters into force on",
        " will go into effect",
        " goes into effect on",
        " would take effect",
        " will come into effect",
        " would come into effect",
        " would come into force",
        " would enter into force",
        " will become effective",
        " will be formalised",
        " will be formalized",
    ];
    LATER.iter().any(|w| text.contains(w)) && !text.contains(" immediately ")
}

/// Whether `until` with a past year, or a past clause, follows: `until 2020`, `until it was removed`.
pub fn until_past(text: &str, published: Option<i16>) -> bool {
    let Some((_, rest)) = text.split_once(" until ") else {
        return false;
    };
    let words: Vec<&str> = rest.split(' ').take(5).collect();
    let year = words
        .iter()
        .take(3)
        .find_map(|w| w.parse::<i16>().ok())
        .filter(|y| (1700..2100).contains(y));
    year.is_some_and(|y| published.is_none_or(|p| y < p)) || words.iter().any(|w| matches!(*w, "was" | "were" | "had"))
}

/// Whether a word, or one that begins like it (`stem*`), or its plural, stands among the words.
pub fn contains_word(text: &str, word: &str) -> bool {
    let (word, open) = match word.strip_suffix('*') {
        Some(stem) => (stem, true),
        None => (word, false),
    };
    let mut from = 0;
    while let Some(at) = text[from..].find(word) {
        let (start, end) = (from + at, from + at + word.len());
        let rest = &text[end..];
        if text[..start].ends_with(' ') && (open || rest.starts_with(' ') || rest.starts_with("s ")) {
            return true;
        }
        from = start + 1;
        while !text.is_char_boundary(from) {
            from += 1;
        }
    }
    false
}
