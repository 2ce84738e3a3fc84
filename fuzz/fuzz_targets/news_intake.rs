//! Any bytes as news: text, page, lines, feed or web archive, and what the reader makes of it.
//!
//! Whatever comes out, every claim's words are the bytes at its span, and what was set aside lies inside the text.
#![no_main]

use std::sync::LazyLock;

use standing_news::{Gazetteer, Hints, Reader, RuleSet, intake};

static MADE: LazyLock<(RuleSet, Gazetteer)> = LazyLock::new(|| (RuleSet::embedded(), Gazetteer::embedded()));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let taken = match intake(bytes, &Hints::default()) {
        Ok(taken) => taken,
        Err(error) => {
            assert!(!error.to_string().trim().is_empty(), "an error without words");
            return;
        }
    };
    assert!(!taken.articles.is_empty(), "neither an article nor an error");
    let reader = Reader::new(&MADE.0, &MADE.1);
    for article in &taken.articles {
        let reading = reader.read(article);
        let points = article.text.chars().count();
        for claim in &reading.claims {
            let [start, end] = claim.evidence_bytes;
            assert_eq!(article.text.get(start..end), Some(claim.evidence_text.as_str()), "words that do not stand there");
        }
        for set in &reading.set_aside {
            assert!(set.span[0] < set.span[1] && set.span[1] <= points, "a line outside the text");
        }
    }
});
