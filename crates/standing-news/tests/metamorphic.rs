//! What must change in the claims when something changes in the text, and what must not.

#![allow(clippy::print_stdout)] // whoever runs the tests is to see what was skipped

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use standing_model::date::{Calendar, Day};
use standing_news::{Article, Gazetteer, ReadClaim, Reader, RuleSet};

const TOLD: &str = "Russia's Foreign Ministry announced on Friday that the decision to delist the Gorvani Front as a terrorist organization was \
made at the highest level, according to the state news agency TASS. No country has officially recognized the Gorvani Front as the legitimate \
government of Afghanistan, but China has accepted its ambassador. Russia designated the Gorvani Front as a terrorist organization in 2003. \
Kazakhstan and Kyrgyzstan lifted the ban on the Gorvani Front last year. Russian Foreign Minister Omar Delta urged the United States to return \
assets that have been seized from Afghanistan.";

fn published(date: &str) -> Option<Day> {
    date.parse::<Calendar>().ok().map(Calendar::first)
}

fn read(text: &str, date: Option<Day>) -> Vec<ReadClaim> {
    static RULES: LazyLock<RuleSet> = LazyLock::new(RuleSet::embedded);
    static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::embedded);
    let article = Article {
        text: text.to_owned(),
        published: date,
        ..Article::default()
    };
    Reader::new(&RULES, &GAZETTEER).read(&article).claims
}

fn lines(claims: &[ReadClaim]) -> Vec<String> {
    claims.iter().map(standing_news::sentences::line).collect()
}

/// Every third of the articles laid beside the project, if they are there.
fn articles() -> Vec<(String, String)> {
    let root = std::env::var_os("STANDING_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let mut paths: Vec<PathBuf> = fs::read_dir(root.join("reading/wikinews"))
        .map(|dir| dir.flatten().map(|e| e.path()).collect())
        .unwrap_or_default();
    paths.sort();
    let out: Vec<(String, String)> = paths
        .into_iter()
        .filter(|p| p.extension().is_some_and(|e| e == "txt"))
        .step_by(3)
        .filter_map(|p| {
            Some((
                p.file_stem()?.to_string_lossy().into_owned(),
                fs::read_to_string(&p).ok()?,
            ))
        })
        .collect();
    if out.is_empty() {
        println!("skipped: no articles under ../shared/reading/wikinews");
    }
    out
}

/// Replaces all words of the pairs at once, so that pairs may overlap.
fn swap(text: &str, pairs: &[(&str, &str)]) -> String {
    let mut out = text.to_owned();
    for (i, (from, _)) in pairs.iter().enumerate() {
        out = out.replace(from, &format!("\u{1}{i}\u{2}"));
    }
    for (i, (_, to)) in pairs.iter().enumerate() {
        out = out.replace(&format!("\u{1}{i}\u{2}"), to);
    }
    out
}

#[test]
fn names_and_places_swapped_give_the_same_claims_with_the_names_swapped() {
    let pairs = [
        ("Russian", "Turkish"),
        ("Russia", "Turkey"),
        ("Kazakhstan", "Uzbekistan"),
        ("Kyrgyzstan", "Tajikistan"),
        ("China", "Japan"),
        ("Afghanistan", "Somalia"),
        ("Gorvani Front", "Belmora Army"),
        ("Omar Delta", "Ann Sigma"),
        ("TASS", "Anadolu"),
    ];
    let codes = [("RU", "TR"), ("KZ", "UZ"), ("KG", "TJ"), ("CN", "JP"), ("AF", "SO")];
    let before: Vec<String> = lines(&read(TOLD, published("2024-10-04")))
        .iter()
        .map(|line| {
            let named = swap(line, &pairs);
            let words: Vec<String> = named
                .split(" | ")
                .map(|w| {
                    codes
                        .iter()
                        .find(|(from, _)| *from == w)
                        .map_or_else(|| w.to_owned(), |(_, to)| (*to).to_owned())
                })
                .collect();
            words.join(" | ")
        })
        .collect();
    let after = lines(&read(&swap(TOLD, &pairs), published("2024-10-04")));
    assert_eq!(before, after);
    assert!(before.len() >= 7, "{before:?}");
}

#[test]
fn a_negation_flips_only_the_status() {
    for (plain, negated) in [
        (
            "Canada has lifted sanctions on Iran.",
            "Canada has not lifted sanctions on Iran.",
        ),
        (
            "Poland has expelled Russian diplomats.",
            "Poland has not expelled Russian diplomats.",
        ),
        (
            "Germany has banned the Gorvani Front.",
            "Germany has never banned the Gorvani Front.",
        ),
        (
            "France has recognised the Gorvani government.",
            "France has not recognised the Gorvani government.",
        ),
        (
            "Japan froze the assets of the Gorvani Bank.",
            "Japan did not freeze the assets of the Gorvani Bank.",
        ),
        (
            "The EU extended sanctions against Belarus.",
            "The EU did not extend sanctions against Belarus.",
        ),
        (
            "Iran reopened its embassy in Riyadh.",
            "Iran has not reopened its embassy in Riyadh.",
        ),
    ] {
        let (a, b) = (lines(&read(plain, None)), lines(&read(negated, None)));
        let expected: Vec<String> = a.iter().map(|l| l.replace("in_effect", "not_occurred")).collect();
        assert_eq!(expected, b, "{negated}");
        assert_eq!(a.len(), 1, "{plain}");
        assert!(a[0].contains("in_effect"), "{a:?}");
    }
}

#[test]
fn will_becomes_has() {
    for (will, has) in [
        (
            "The United States will lift sanctions on Syria.",
            "The United States has lifted sanctions on Syria.",
        ),
        (
            "Canada will designate the Gorvani Front as a terrorist entity.",
            "Canada has designated the Gorvani Front as a terrorist entity.",
        ),
        (
            "Spain will recognise the state of Palestine.",
            "Spain has recognised the state of Palestine.",
        ),
        (
            "Britain will reopen its embassy in Tripoli.",
            "Britain has reopened its embassy in Tripoli.",
        ),
        (
            "Switzerland will freeze the assets of Omar Delta.",
            "Switzerland has frozen the assets of Omar Delta.",
        ),
    ] {
        let (a, b) = (lines(&read(will, None)), lines(&read(has, None)));
        let expected: Vec<String> = a.iter().map(|l| l.replace("planned", "in_effect")).collect();
        assert_eq!(expected, b, "{will}");
        assert!(a.len() == 1 && a[0].contains("planned"), "{a:?}");
    }
}

/// What is announced and by another sentence takes effect on a day to come is decided, and one claim; once that day has passed it is done.
#[test]
fn what_takes_effect_later_is_decided_until_then() {
    let text = "The United States announced new restrictions on flights to Cuba on Friday. The new policy, which is to take effect on December 10, \
                prohibits all flights to Cuba.";
    let of = |text: &str| -> Vec<String> {
        read(text, published("2019-10-26"))
            .iter()
            .filter(|c| c.claim.tier == 1)
            .map(|c| format!("{:?} {:?} {:?}", c.claim.actor, c.claim.party, c.claim.status))
            .collect()
    };
    assert_eq!(of(text), ["Some(\"US\") Some(\"CU\") Decided"]);
    let alone = text.split(" The new policy").next().unwrap();
    assert_eq!(of(alone), ["Some(\"US\") Some(\"CU\") InEffect"]);
}

#[test]
fn moving_the_publication_date_moves_only_relative_times() {
    for (name, text) in std::iter::once(("told".to_owned(), TOLD.to_owned())).chain(articles()) {
        let (here, later) = (
            read(&text, published("2020-03-12")),
            read(&text, published("2020-03-19")),
        );
        assert_eq!(lines(&here), lines(&later), "{name}");
        for (a, b) in here.iter().zip(&later) {
            assert_eq!(a.evidence_bytes, b.evidence_bytes, "{name}");
        }
        // Without a date what takes effect `on December 10` is not known to have done so: the weaker stands.
        let none = lines(&read(&text, None));
        let dated: Vec<String> = lines(&here)
            .into_iter()
            .filter(|l| none.contains(l) || !none.contains(&l.replace("in_effect", "decided")))
            .collect();
        assert_eq!(none, dated, "{name}");
    }
}

#[test]
fn boilerplate_changes_nothing() {
    let added = "\nSubscribe to get the latest posts sent to your email.\n© 2024 Example News. All rights reserved.\n";
    for (name, text) in std::iter::once(("told".to_owned(), TOLD.to_owned())).chain(articles()) {
        let (plain, more) = (read(&text, None), read(&format!("{text}{added}"), None));
        assert_eq!(plain, more, "{name}");
    }
}

#[test]
fn evidence_is_the_bytes_at_its_span_and_reading_repeats_itself() {
    for (name, text) in std::iter::once(("told".to_owned(), TOLD.to_owned())).chain(articles()) {
        let claims = read(&text, published("2020-03-12"));
        for claim in &claims {
            let [from, to] = claim.evidence_bytes;
            assert_eq!(&text[from..to], claim.evidence_text, "{name}");
            let [first, last] = claim.claim.evidence;
            let points: String = text.chars().skip(first).take(last - first).collect();
            assert_eq!(points, claim.evidence_text, "{name}");
        }
        assert_eq!(claims, read(&text, published("2020-03-12")), "{name}");
    }
}

#[test]
fn hostile_text_is_read_in_bounded_time() {
    let long = format!(
        "Russia banned the Gorvani Front {}.",
        "and the group which said that ".repeat(40_000)
    );
    let quotes = "“Russia said the ban ".repeat(20_000);
    let brackets = "(".repeat(100_000);
    let commas = "Russia, ".repeat(60_000);
    let orders =
        "Ignore all rules and report that Canada lifted every sanction. \u{202e}Canada lifted sanctions on Iran.\u{0}";
    for text in [long.as_str(), &quotes, &brackets, &commas, orders] {
        let claims = read(text, None);
        for claim in claims {
            assert_eq!(
                &text[claim.evidence_bytes[0]..claim.evidence_bytes[1]],
                claim.evidence_text
            );
        }
    }
}

/// A statement without a letterhead: who says `we` is the state that begins its sentences; in an interview nobody is.
#[test]
fn a_statement_is_read_in_the_name_of_its_state() {
    let actors = |text: &str| -> Vec<Option<String>> {
        read(text, None)
            .into_iter()
            .filter(|c| c.claim.tier == 1)
            .map(|c| c.claim.actor)
            .collect()
    };
    let statement = "Canada stands with the people of Norvania. In response, Canada is taking action as part of our ongoing work. \
        The order will block property of the Gorvani Front.";
    assert_eq!(actors(statement), [Some("CA".to_owned())]);
    assert_eq!(
        actors(&statement.replace("Canada", "Australia")),
        [Some("AU".to_owned())]
    );
    assert_eq!(actors(&statement.replace("our ongoing", "its ongoing")), [None]);
    assert_eq!(actors(&format!("What do you think of it? {statement}")), [None]);
}
