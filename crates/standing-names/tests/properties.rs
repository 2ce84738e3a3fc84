//! What must hold for any two names: symmetry, the range of scores, the bound, the parts that add up.

use proptest::prelude::*;
use standing_model::PartyKind;
use standing_names::{PreparedName, Scratch, TokenKind, compare, pair_similarity, prepare, reach, score, upper_bound};

fn name() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "Mohammed",
        "Muhammad",
        "Abdul",
        "Rahman",
        "Abdurrahman",
        "al",
        "Jawlani",
        "Golani",
        "Saif",
        "Din",
        "John",
        "Jon",
        "J.",
        "Smith",
        "Smyth",
        "bin",
        "Bank",
        "Banque",
        "Ltd",
        "23",
        "محمد",
        "Лавров",
        "Jean-Claude",
        "Jeanclaude",
        "PLA",
        "People",
        "Liberation",
        "Army",
        "Front",
        "Bill",
        "William",
        "Dr.",
        "习近平",
        "김정은",
    ]);
    prop::collection::vec(word, 1..6).prop_map(|words| words.join(" "))
}

fn kind() -> impl Strategy<Value = PartyKind> {
    prop::sample::select(vec![PartyKind::Person, PartyKind::Organisation, PartyKind::Unknown])
}

fn both(a: &str, b: &str, kind: PartyKind) -> Option<(PreparedName, PreparedName)> {
    Some((prepare(a, kind).ok()?, prepare(b, kind).ok()?))
}

proptest! {
    #[test]
    fn symmetric_within_range_and_explained(a in name(), b in name(), kind in kind()) {
        if let Some((x, y)) = both(&a, &b, kind) {
            let mut scratch = Scratch::default();
            let (forth, back) = (score(&x, &y, &mut scratch), score(&y, &x, &mut scratch));
            prop_assert!((forth - back).abs() < 1e-5, "{} {}", forth, back);
            prop_assert!((0.0..=1.0).contains(&forth));
            prop_assert_eq!(forth >= 1.0, x.identity() == y.identity());
            let why = compare(&x, &y);
            prop_assert!((why.score - forth).abs() < 1e-6 && (why.recomputed() - forth).abs() < 1e-6);
        }
    }

    #[test]
    fn equal_names_score_one(text in "\\PC{0,60}", kind in kind()) {
        if let Ok(x) = prepare(&text, kind) {
            prop_assert!(score(&x, &x.clone(), &mut Scratch::default()) >= 1.0);
        }
    }

    #[test]
    fn any_text_is_survived(a in "\\PC{0,80}", b in name(), kind in kind()) {
        if let Some((x, y)) = both(&a, &b, kind) {
            prop_assert!(score(&x, &y, &mut Scratch::default()).is_finite());
        }
    }

    /// The lemma an index rests on: a bound from the tokens' best similarities is never below the score.
    #[test]
    fn reach_bounds_the_score(a in name(), b in name(), kind in kind()) {
        if let Some((x, y)) = both(&a, &b, kind) {
            let bound = upper_bound(reach(&x, &y), y.total_weight());
            prop_assert!(x.identity() == y.identity() || score(&x, &y, &mut Scratch::default()) <= bound);
        }
    }

    /// The rule that makes search lossless: tokens above 0 share a search key, or one is an initial.
    #[test]
    fn similar_tokens_share_a_key(a in "[a-zA-Z]{2,9}", cut in 0usize..9, put in "[a-z]{0,2}") {
        let cut = cut.min(a.len() - 1);
        let b = format!("{}{put}{}", &a[..cut], &a[cut + 1..]);
        if let Some((x, y)) = both(&a, &b, PartyKind::Person) {
            for s in x.tokens() {
                for t in y.tokens() {
                    let met = pair_similarity(&s.view(), &t.view(), standing_names::Params::embedded()).value;
                    let shared = s.probed_keys().iter().any(|k| t.posted_keys().contains(k)) || s.kind == TokenKind::Initial;
                    prop_assert!(met <= 0.0 || shared);
                }
            }
        }
    }
}

/// Words in signs are read as several tokens each: too many of them are refused, and as many as are allowed compare.
#[test]
fn names_of_many_words_compare_or_are_refused() {
    for (word, kind) in [
        ("习近", PartyKind::Person),
        ("عبدالله", PartyKind::Person),
        ("Jean-Claude", PartyKind::Person),
        ("Front", PartyKind::Organisation),
        ("Kalashnikov", PartyKind::Unknown),
    ] {
        for words in [31, 32, 33, 52, 64, 65, 130] {
            let text = vec![word; words].join(" ");
            match prepare(&text, kind) {
                Ok(name) => assert!(score(&name, &name.clone(), &mut Scratch::default()) >= 1.0, "{text}"),
                Err(error) => assert!(error.to_string().contains("words"), "{error}"),
            }
        }
    }
    let long = vec!["Popular"; 52].join(" ");
    assert!(prepare(&long, PartyKind::Organisation).is_ok());
    let other = format!("{} Kalashnikov", vec!["Popular"; 51].join(" "));
    let both = both(&long, &other, PartyKind::Organisation).unwrap();
    assert!(score(&both.0, &both.1, &mut Scratch::default()) < 1.0);
}

#[test]
fn hostile_names_are_refused_in_words() {
    let long = "a".repeat(100_000);
    let many = "ab ".repeat(1_300);
    for (text, says) in [
        ("", "empty"),
        ("  \t", "empty"),
        ("?!…", "only signs"),
        (long.as_str(), "characters"),
        (many.as_str(), "words"),
    ] {
        let error = prepare(text, PartyKind::Person).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
    assert!(prepare("Corp", PartyKind::Organisation).unwrap().screenable().is_err());
    assert!(prepare("Mullah Haji", PartyKind::Person).unwrap().screenable().is_err());
}
