//! The dateline before a paragraph's first sentence (`ERBIL, Iraq (Agency) – The parliament …`): where and by whom it was written is no part
//! of what it says.

use crate::mention::{EntityKind, Mentions};
use crate::text::{Cut, Sentence, Shape};

/// How many words and marks a dateline has at the most.
const LONGEST: usize = 18;

/// The first token after the dateline of a sentence; its own first token if it has none.
pub(crate) fn past(text: &str, cut: &Cut, mentions: &Mentions, sentence: Sentence) -> usize {
    let (start, end) = (sentence.start as usize, sentence.end as usize);
    let opens = start == 0
        || cut.sentences[..cut.sentences.partition_point(|s| s.start < sentence.start)]
            .last()
            .is_none_or(|s| s.paragraph != sentence.paragraph);
    if !opens || cut.tokens[start].shape != Shape::Capital {
        return start;
    }
    let word = |t: usize| &text[cut.tokens[t].start as usize..cut.tokens[t].end as usize];
    let (mut comma, mut bracket, mut depth) = (false, false, 0_u32);
    for at in start + 1..end.min(start + LONGEST) {
        let token = cut.tokens[at];
        match token.shape {
            Shape::Open => depth += 1,
            Shape::Close => {
                depth = depth.saturating_sub(1);
                bracket = true;
            }
            Shape::Comma => comma = true,
            Shape::Colon if depth == 0 => {
                let place = word(at) == ":" && at - start <= 3 && place(text, cut, mentions, start, at);
                return if place && goes_on(cut, at + 1, end) {
                    at + 1
                } else {
                    start
                };
            }
            Shape::Dash if depth == 0 => {
                let apart = cut.tokens[at - 1].end < token.start
                    && cut
                        .tokens
                        .get(at + 1)
                        .is_some_and(|n| n.start > token.end || n.shape == Shape::Dash);
                if !apart {
                    continue;
                }
                let mut next = at + 1;
                while next < end && cut.tokens[next].shape == Shape::Dash {
                    next += 1;
                }
                let dated = comma || bracket || place(text, cut, mentions, start, at);
                return if dated && goes_on(cut, next, end) { next } else { start };
            }
            Shape::Lower if depth == 0 && !matches!(word(at), "of" | "and" | "de" | "al") => return start,
            Shape::Stop if depth == 0 && word(at) != "." => return start,
            _ => {}
        }
    }
    start
}

/// Whether words are a place as datelines have it: in capitals throughout, or a town that is known.
fn place(text: &str, cut: &Cut, mentions: &Mentions, start: usize, end: usize) -> bool {
    let capitals = cut.tokens[start..end].iter().all(|t| {
        let word = &text[t.start as usize..t.end as usize];
        word.chars().filter(|c| c.is_alphabetic()).count() > 3 && !word.chars().any(char::is_lowercase)
    });
    let town = mentions.at(start).is_some_and(|m| {
        m.end as usize == end
            && (m.form == crate::mention::Form::Capital || mentions.entity(m.entity).kind == EntityKind::Place)
    });
    capitals || town
}

/// Whether a sentence begins behind a dateline.
fn goes_on(cut: &Cut, at: usize, end: usize) -> bool {
    at + 3 < end && matches!(cut.tokens[at].shape, Shape::Capital | Shape::Quote | Shape::Number)
}
