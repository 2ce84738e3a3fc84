//! What users of matchers complain of, held over names: made here, and the real ones of the lists beside the repository where they are.
//!
//! A spelling nearer to the listed one never scores lower; a contradicted token scores below an omitted one; one more agreeing token never lowers the score.

#![allow(clippy::unwrap_used, clippy::print_stderr, clippy::type_complexity)]

use standing_model::PartyKind;
use standing_names::{Scratch, prepare, score};

/// Names of people of many conventions, made for this test.
const MADE: &[&str] = &[
    "Ibrahim Khalil Mansour",
    "Abdul Rashid Baluch",
    "Konstantin Pavlovich Zaslavsky",
    "FUENTES ARANDA, Gilberto",
    "Margarethe von Hohenfels",
    "Tariq bin Walid al-Ghazali",
    "Nguyen Quang Minh",
    "Kim Sang Chol",
    "Oluwaseun Adebayo",
    "Hassan Ali Yusuf Warsame",
    "John Smith",
    "Lubomira Kovalenko",
];

fn alike(a: &str, b: &str) -> Option<f32> {
    let (a, b) = (prepare(a, PartyKind::Person).ok()?, prepare(b, PartyKind::Person).ok()?);
    Some(score(&a, &b, &mut Scratch::default()))
}

/// Real names, every hundredth of the UN list; none without the lists.
fn names() -> Vec<String> {
    let mut names: Vec<String> = MADE.iter().map(|n| (*n).to_owned()).collect();
    let shared = std::env::var("STANDING_SHARED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").into());
    match std::fs::read_to_string(format!("{shared}/data/lists/un/2025-04-19.xml")) {
        Ok(text) => {
            for block in text.split("<INDIVIDUAL>").skip(1).step_by(3) {
                let part = |tag: &str| {
                    Some(
                        block
                            .split_once(&format!("<{tag}>"))?
                            .1
                            .split_once('<')?
                            .0
                            .trim()
                            .to_owned(),
                    )
                };
                let parts: Vec<String> = ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME"]
                    .iter()
                    .filter_map(|t| part(t))
                    .collect();
                names.push(parts.join(" "));
            }
        }
        Err(_) => eprintln!("the lists beside the repository are absent: made names only"),
    }
    names.retain(|n| n.is_ascii() && !n.contains('&'));
    names
}

/// The words of six letters or more, by their place in the text.
fn long_words(name: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    for word in name.split(|c: char| !c.is_ascii_alphabetic()).filter(|w| w.len() >= 6) {
        words.push((word.as_ptr() as usize - name.as_ptr() as usize, word));
    }
    words
}

#[test]
fn a_nearer_spelling_never_scores_lower() {
    let mut tried = 0;
    for name in names() {
        for (at, word) in long_words(&name) {
            // A consonant exchanged for one that no convention makes its equal, then another one.
            let swaps: Vec<usize> = word
                .char_indices()
                .filter(|(i, c)| *i > 0 && i + 1 < word.len() && "bdfgklmnprstv".contains(c.to_ascii_lowercase()))
                .map(|(i, _)| i)
                .collect();
            let (Some(first), Some(second)) = (swaps.first(), swaps.last()) else {
                continue;
            };
            if second - first < 2 {
                continue;
            }
            let exchanged = |places: &[usize]| {
                let mut bytes = name.clone().into_bytes();
                for place in places {
                    let letter = bytes[at + place].to_ascii_lowercase();
                    bytes[at + place] = if b"mnlr".contains(&letter) { b'k' } else { b'm' };
                }
                String::from_utf8_lossy(&bytes).into_owned()
            };
            let (near, far) = (exchanged(&[*first]), exchanged(&[*first, *second]));
            let (Some(same), Some(nearer), Some(farther)) =
                (alike(&name, &name), alike(&name, &near), alike(&name, &far))
            else {
                continue;
            };
            assert!(same >= 1.0 && nearer < 1.0, "{name}");
            // Where neither meets any more, the rarity of what stands there may differ by a hair.
            assert!(
                nearer >= farther - 0.01,
                "{nearer} {near} is below {farther} {far} for {name}"
            );
            tried += 1;
        }
    }
    assert!(tried > 10);
}

#[test]
fn a_contradicted_token_scores_below_an_omitted_one() {
    for name in names() {
        let words: Vec<&str> = name.split(' ').collect();
        // Compounds (`Nor Eldin`, `Abd Allah`) are one token: what is left when a part is taken out is another name.
        let compound = ["DIN", "LAH", "ABD", "ABU"]
            .iter()
            .any(|part| name.to_uppercase().contains(part));
        if words.len() < 3 || name.contains(',') || compound {
            continue;
        }
        for at in 1..words.len() {
            // An article or particle without its word would be left dangling.
            if words[at - 1].len() <= 3 {
                continue;
            }
            let prepared = prepare(words[at], PartyKind::Person);
            if !prepared.is_ok_and(|p| p.screenable().is_ok() && p.tokens().len() == 1 && p.marks().is_empty()) {
                continue;
            }
            let with = |put: Option<&str>| {
                let mut other: Vec<&str> = words.clone();
                match put {
                    Some(word) => other[at] = word,
                    None => {
                        other.remove(at);
                    }
                }
                other.join(" ")
            };
            let (omitted, contradicted) = (with(None), with(Some("Qwyzzlex")));
            if let (Some(less), Some(worse)) = (alike(&name, &omitted), alike(&name, &contradicted)) {
                assert!(
                    worse < less || less <= 0.0,
                    "{worse} {contradicted} is not below {less} {omitted} for {name}"
                );
            }
        }
    }
}

#[test]
fn one_more_agreeing_token_never_lowers_the_score() {
    let names = names();
    for (at, name) in names.iter().enumerate() {
        let other = &names[(at * 7 + 1) % names.len()];
        let shorter: String = name.split(' ').skip(1).collect::<Vec<_>>().join(" ");
        for b in [name.as_str(), other.as_str(), shorter.as_str()] {
            let (Some(before), Some(after)) = (
                alike(name, b),
                alike(&format!("{name} Quillfeather"), &format!("{b} Quillfeather")),
            ) else {
                continue;
            };
            assert!(
                after >= before - 1e-6,
                "{after} is below {before} for {name} | {b} with one more"
            );
        }
    }
}

#[test]
fn short_common_names_meet_their_variants() {
    assert!(alike("Jon Smith", "John Smith").unwrap() > alike("Jon Smith", "Joan Smythe").unwrap());
    assert!(alike("Jon Smith", "John Smith").unwrap() > 0.7);
    assert!(alike("Jon Smith", "Jane Smith").unwrap() < 0.7);
}
