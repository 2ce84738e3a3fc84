//! Any text and any rule file: no panic, evidence that is the text's own bytes, errors that say where and what to do.

use std::sync::LazyLock;

use proptest::prelude::*;
use standing_news::{Article, Gazetteer, Reader, RuleFile, RuleSet};

static RULES: LazyLock<RuleSet> = LazyLock::new(RuleSet::embedded);
static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::embedded);

/// Pieces that the grammar hangs on, put together at random: what a parser trips over sooner than over noise.
const PIECES: [&str; 40] = [
    "Russia",
    "the United States",
    "the Gorvani Front",
    "sanctions",
    "on",
    "against",
    "has",
    "banned",
    "lifted",
    "to lift",
    "that",
    "which",
    "if",
    ",",
    "and",
    "“",
    "”",
    "\"",
    "said",
    "will",
    "not",
    "(",
    ")",
    ".",
    "its",
    "designated",
    "as",
    "a terrorist organization",
    "by",
    "of",
    "the",
    "in 2003",
    "–",
    ":",
    "Omar Delta's",
    "é\u{301}",
    "\u{202e}",
    "\n",
    "decision",
    "recognised",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn pieces_of_grammar_in_any_order(words in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60)) {
        let text = words.join(" ");
        let article = Article { text: text.clone(), ..Article::default() };
        for claim in Reader::new(&RULES, &GAZETTEER).read(&article).claims {
            prop_assert_eq!(&text[claim.evidence_bytes[0]..claim.evidence_bytes[1]], claim.evidence_text.as_str());
        }
    }

    #[test]
    fn any_characters(text in "\\PC{0,300}") {
        let article = Article { text: text.clone(), ..Article::default() };
        for claim in Reader::new(&RULES, &GAZETTEER).read(&article).claims {
            prop_assert_eq!(&text[claim.evidence_bytes[0]..claim.evidence_bytes[1]], claim.evidence_text.as_str());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn rule_files_are_taken_or_refused_with_a_place(
        id in "[a-z.]{0,6}",
        slot in "[a-z. ]{0,8}",
        kind in "(state|thing|nobody|!person)",
        yes in "\\PC{0,20}",
        broken in any::<bool>(),
    ) {
        let content = format!(
            "[[rule]]\nid = {id:?}\ntype = \"sanctions\"\naction = \"lift\"\nverb = [\"lift\"]\nparty = [{slot:?}]\nparty_is = [{kind:?}]\nyes = [{yes:?}]\nno = []{}",
            if broken { "\n[[rule" } else { "" }
        );
        match RuleSet::with_files(&[RuleFile { name: "own.toml", content: &content }]) {
            Ok(_) => prop_assert!(!broken),
            Err(errors) => prop_assert!(!errors.is_empty() && errors.iter().all(|e| e.line > 0 && !e.remedy.is_empty())),
        }
    }
}

#[test]
fn the_order_of_rule_files_means_nothing() {
    let mut files = standing_news::rule::EMBEDDED.to_vec();
    let text = "Canada lifted sanctions on Iran, and Russia designated the Gorvani Front as a terrorist organization, the minister said.";
    let article = Article {
        text: text.to_owned(),
        ..Article::default()
    };
    let here = Reader::new(&RULES, &GAZETTEER).read(&article);
    files.reverse();
    let turned = RuleSet::parse(&files).unwrap_or_else(|e| panic!("{e:?}"));
    assert_eq!(here, Reader::new(&turned, &GAZETTEER).read(&article));
}
