//! Any text is read without a panic, and every claim's words are the bytes at its span.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use standing_news::{Article, Gazetteer, Reader, RuleSet};

static RULES: LazyLock<RuleSet> = LazyLock::new(RuleSet::embedded);
static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::embedded);

fuzz_target!(|text: &str| {
    let article = Article {
        text: text.to_owned(),
        ..Article::default()
    };
    for claim in Reader::new(&RULES, &GAZETTEER).read(&article).claims {
        let [from, to] = claim.evidence_bytes;
        assert_eq!(&text[from..to], claim.evidence_text);
    }
});
