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

    /// The words between two tokens, with a space at either end.
    pub fn between(&self, start: usize, end: usize) -> &str {
        let last = self.starts.len() - 1;
        let from = self.starts[start.saturating_sub(self.first).min(last)];
        let to = self.starts[end.saturating_sub(self.first).min(last)];
        &self.text[from..(to + 1).max(from)]
    }
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
