//! A text longer than any article, read block by block: names and pronouns then reach over one block only, and memory stays bounded.

use crate::article::{Article, Reading};

/// No article is as long as this.
const BLOCK: usize = 1 << 21;

/// Reads an article whole, or in blocks that end with a line where one does.
pub(crate) fn read(article: &Article, read: impl Fn(&Article) -> Reading) -> Reading {
    let text = article.text.as_str();
    if text.len() <= BLOCK {
        return read(article);
    }
    let mut whole = Reading::default();
    let (mut at, mut points) = (0, 0);
    while at < text.len() {
        let end = end_of(text, at);
        let part = Article {
            text: text[at..end].to_owned(),
            title: article.title.clone(),
            url: article.url.clone(),
            outlet: article.outlet.clone(),
            published: article.published,
            published_origin: article.published_origin,
            doubts: Vec::new(),
        };
        add(&mut whole, read(&part), at, points);
        points += text[at..end].chars().count();
        at = end;
    }
    whole
}

/// The end of the block that begins at `at`: after a line end, else between two characters.
fn end_of(text: &str, at: usize) -> usize {
    if text.len() - at <= BLOCK {
        return text.len();
    }
    let mut end = at + BLOCK;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    match text[at..end].rfind('\n') {
        Some(line) if line > BLOCK / 2 => at + line + 1,
        _ => end,
    }
}

/// Adds what a block says, its places counted in the whole text.
fn add(whole: &mut Reading, mut part: Reading, bytes: usize, points: usize) {
    let before = whole.claims.len();
    for claim in &mut part.claims {
        claim.evidence_bytes = claim.evidence_bytes.map(|b| b + bytes);
        claim.claim.evidence = claim.claim.evidence.map(|p| p + points);
    }
    for aside in &mut part.set_aside {
        aside.span = aside.span.map(|p| p + points);
    }
    for warning in &mut part.warnings {
        let number = warning
            .claim
            .as_deref()
            .and_then(|id| id.trim_start_matches('c').parse::<usize>().ok());
        warning.claim = number.map(|n| format!("c{:02}", n + before));
    }
    whole.claims.append(&mut part.claims);
    for (n, claim) in whole.claims.iter_mut().enumerate().skip(before) {
        claim.claim.id = format!("c{:02}", n + 1);
    }
    whole.set_aside.append(&mut part.set_aside);
    whole.warnings.append(&mut part.warnings);
    whole.sentences += part.sentences;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Gazetteer, Reader, RuleSet};

    #[test]
    fn a_text_of_many_blocks_keeps_its_places() {
        let (rules, names) = (RuleSet::embedded(), Gazetteer::embedded());
        let line = "’\n".repeat(600_000);
        let text = format!("{line}Canada imposed sanctions on Iran.\n{line}Norway imposed sanctions on Belarus.\n");
        assert!(text.len() > 2 * BLOCK);
        let article = Article {
            text,
            ..Article::default()
        };
        let reading = Reader::new(&rules, &names).read(&article);
        assert_eq!(reading.claims.len(), 2);
        for (n, c) in reading.claims.iter().enumerate() {
            let [start, end] = c.evidence_bytes;
            assert_eq!(c.evidence_text, article.text[start..end]);
            let [first, last] = c.claim.evidence;
            let words: String = article.text.chars().skip(first).take(last - first).collect();
            assert_eq!(words, c.evidence_text);
            assert_eq!(c.claim.id, format!("c{:02}", n + 1));
        }
    }
}
