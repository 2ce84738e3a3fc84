//! Names that no list knows: runs of capitalised words, joined over particles (`bin`, `of` after a word such as *Ministry*), and what they are.

use crate::gazetteer::{Gazetteer, KnownKind};
use crate::lexicon::{Class, Lexicon};
use crate::mention::{Entity, EntityKind, Form, Mentions, Scratch, known_at};
use crate::offices::Offices;
use crate::text::{Cut, Shape, Token, fold};

/// Whether the words name a body of the state rather than something that bears its adjective.
pub(crate) fn body_words(text: &str, tokens: &[Token]) -> bool {
    const BODIES: [&str; 34] = [
        "house",
        "chamber",
        "legislature",
        "secretariat",
        "inspectorate",
        "army",
        "forces",
        "tribunal",
        "embassy",
        "consulate",
        "ministry",
        "department",
        "government",
        "parliament",
        "senate",
        "congress",
        "court",
        "treasury",
        "cabinet",
        "council",
        "commission",
        "committee",
        "police",
        "navy",
        "mission",
        "administration",
        "bank",
        "agency",
        "office",
        "bureau",
        "armed",
        "assembly",
        "authority",
        "prosecutor",
    ];
    tokens
        .iter()
        .any(|t| BODIES.contains(&fold(&text[t.start as usize..t.end as usize]).as_str()))
}

pub(crate) fn span_text(text: &str, tokens: &[Token]) -> String {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => text[first.start as usize..last.end as usize]
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" "),
        _ => String::new(),
    }
}

/// End of the run of capitalised words from `at`.
pub(crate) fn capitals_from(
    text: &str,
    cut: &Cut,
    end: usize,
    at: usize,
    gazetteer: &Gazetteer,
    lexicon: &Lexicon,
    offices: &Offices,
) -> usize {
    const PARTICLES: [&str; 22] = [
        "bin", "ibn", "al", "el", "ul", "de", "da", "di", "du", "van", "von", "der", "den", "la", "le", "and", "of",
        "for", "the", "wal", "ash", "to",
    ];
    let tokens = &cut.tokens;
    let piece = |i: usize| &text[tokens[i].start as usize..tokens[i].end as usize];
    let mut stop = at;
    let mut organisation = false;
    let mut i = at;
    while i < end {
        let token = &tokens[i];
        match token.shape {
            Shape::Capital => {
                if i > at
                    && (token.reading.has(Class::Month) || token.reading.has(Class::Weekday))
                    && token.reading.classes & !(Class::Month as u64 | Class::Weekday as u64) & (Class::Modal as u64)
                        == 0
                {
                    break;
                }
                organisation |= token.reading.has(Class::Organisation);
                i += 1;
                stop = i;
            }
            Shape::Number if i > at && tokens[i - 1].shape == Shape::Capital && token.end - token.start <= 3 => {
                // `Bureau 121`, `Unit 8200`; not a date's day.
                if tokens[i - 1].reading.has(Class::Month) {
                    break;
                }
                i += 1;
                stop = i;
            }
            Shape::Other if i > at && matches!(piece(i), "’" | "‘" | "'" | "&") => i += 1,
            // `Kurdistan Workers' Party`, `Lord's Resistance Army`: a name with a possessor in it.
            Shape::Possessive
                if i > at
                    && i + 1 < end
                    && tokens[i + 1].shape == Shape::Capital
                    && (piece(i).chars().count() == 1
                        || ["People", "Lord", "Jehovah", "Women", "Children", "Peoples"].contains(&piece(i - 1))) =>
            {
                i += 1;
            }
            Shape::Possessive
                if i > at
                    && piece(i).chars().count() == 1
                    && tokens.get(i + 1).is_some_and(|n| n.shape == Shape::Other) =>
            {
                i += 1;
            }
            Shape::Dash
                if i > at
                    && tokens.get(i + 1).is_some_and(|n| n.shape == Shape::Capital)
                    && i + 1 < end
                    && organisation
                    && piece(i) == "–" =>
            {
                i += 1;
            }
            Shape::Lower => {
                let word = piece(i);
                let next_capital = i + 1 < end && tokens[i + 1].shape == Shape::Capital;
                let next_the = i + 2 < end && piece(i + 1) == "the" && tokens[i + 2].shape == Shape::Capital;
                let joins = PARTICLES.contains(&word)
                    && match word {
                        "of" => organisation && (next_capital || next_the),
                        "for" => {
                            organisation && (next_capital || next_the) && tokens[at].reading.has(Class::Organisation)
                        }
                        "the" => organisation && i > at && matches!(piece(i - 1), "of" | "for") && next_capital,
                        "and" => {
                            organisation
                                && next_capital
                                && at + 2 < i
                                && matches!(piece(at + 1), "of" | "for")
                                && known_at(text, &tokens[..end], i + 1, gazetteer, &mut Scratch::default()).is_none()
                                && offices.longest(text, &tokens[i + 1..end]).is_none()
                        }
                        "to" => false,
                        _ => next_capital,
                    };
                if !joins {
                    break;
                }
                i += 1;
            }
            _ => break,
        }
        if i > at && i < end && tokens[i].shape == Shape::Capital && tokens[i - 1].shape == Shape::Capital {
            // Another known name begins: `Sergei Lavrov TASS` does not happen, `Monday Russian` does.
            let known = known_at(text, &tokens[..end], i, gazetteer, &mut Scratch::default());
            if known.is_some_and(|(_, id)| gazetteer.known(id).kind == KnownKind::Adjective) && !organisation {
                break;
            }
        }
    }
    let _ = lexicon;
    stop
}

/// Adjectives that begin names of bodies: `Foreign Ministry`, `Supreme Court`.
const ADJECTIVES: [&str; 18] = [
    "foreign",
    "supreme",
    "national",
    "federal",
    "international",
    "special",
    "high",
    "economic",
    "military",
    "political",
    "global",
    "regional",
    "joint",
    "public",
    "legal",
    "financial",
    "extremist",
    "nuclear",
];

#[allow(clippy::too_many_arguments)]
pub(crate) fn take_capitals(
    text: &str,
    cut: &Cut,
    sentence: usize,
    end: usize,
    at: usize,
    gazetteer: &Gazetteer,
    lexicon: &Lexicon,
    offices: &Offices,
    mentions: &mut Mentions,
) -> usize {
    let tokens = &cut.tokens;
    let token = &tokens[at];
    if token.shape != Shape::Capital {
        return at + 1;
    }
    let reading = token.reading;
    let opens = at == sentence || matches!(tokens[at - 1].shape, Shape::Quote | Shape::Colon | Shape::Stop);
    let single_letter = token.end - token.start == 1;
    if reading.has(Class::Month) || reading.has(Class::Weekday) {
        return at + 1;
    }
    let named_so = reading.has(Class::Adjective)
        && at + 1 < end
        && tokens[at + 1].shape == Shape::Capital
        && ADJECTIVES.contains(&fold(&text[token.start as usize..token.end as usize]).as_str());
    if (reading.has(Class::Starter) && !named_so) || (single_letter && opens) {
        // `The Hague` is known; `The Base` begins with its second word.
        return at + 1;
    }
    // An office before a name is a title, not a part of it; `the Prosecutor General's Office` is a body of its own.
    let office = offices.longest(text, &tokens[at..end]);
    let body = office.filter(|&n| {
        at + n + 1 < end
            && tokens[at + n].shape == Shape::Possessive
            && tokens[at + n + 1].shape == Shape::Capital
            && tokens[at + n + 1].reading.has(Class::Organisation)
    });
    if let (Some(length), None) = (office, body) {
        return at + length;
    }
    let next_capital = at + 1 < end && tokens[at + 1].shape == Shape::Capital;
    if opens && !next_capital && (reading.verbal() || reading.has(Class::Noun) || reading.classes != 0) {
        return at + 1;
    }
    if opens && next_capital && reading.verbal() && !reading.has(Class::Noun) {
        return at + 1;
    }
    let from = body.map_or(at, |n| at + n + 1);
    let stop = capitals_from(text, cut, end, from, gazetteer, lexicon, offices);
    if stop == from {
        return from + 1;
    }
    let name = span_text(text, &tokens[at..stop]);
    let words = tokens[at..stop].iter().filter(|t| t.shape == Shape::Capital).count();
    let organisation = tokens[at..stop]
        .iter()
        .any(|t| t.reading.has(Class::Organisation) || t.reading.has(Class::Group));
    let the = at > sentence && fold(&text[tokens[at - 1].start as usize..tokens[at - 1].end as usize]) == "the";
    // `the hardline Karsan Defenders`: what describes a body, not a person.
    const OF_BODIES: [&str; 22] = [
        "hardline",
        "militant",
        "islamist",
        "jihadist",
        "rebel",
        "radical",
        "armed",
        "far-right",
        "far-left",
        "neo-nazi",
        "separatist",
        "banned",
        "outlawed",
        "proscribed",
        "paramilitary",
        "terrorist",
        "extremist",
        "state-owned",
        "state-run",
        "iran-backed",
        "sanctioned",
        "blacklisted",
    ];
    let the = the
        || at > sentence + 1
            && OF_BODIES.contains(&fold(&text[tokens[at - 1].start as usize..tokens[at - 1].end as usize]).as_str())
            && fold(&text[tokens[at - 2].start as usize..tokens[at - 2].end as usize]) == "the";
    // `the group Karsan Action`, `the airline Velmar Air`.
    let called = at > sentence && tokens[at - 1].shape == Shape::Lower && {
        let before = tokens[at - 1].reading;
        before.has(Class::Group)
            || [
                "company",
                "firm",
                "bank",
                "airline",
                "network",
                "party",
                "charity",
                "foundation",
                "militia",
                "newspaper",
                "association",
            ]
            .contains(&&text[tokens[at - 1].start as usize..tokens[at - 1].end as usize])
    };
    // `the Karsan movement`, `the Velmar group`.
    let called = called
        || tokens.get(stop).is_some_and(|t| {
            stop < end
                && t.shape == Shape::Lower
                && t.reading.has(Class::Group)
                && !text[t.start as usize..t.end as usize].ends_with('s')
        });
    let acronym = words == 1 && name.chars().filter(|c| c.is_uppercase()).count() >= 2;
    let instrument = [
        "Order",
        "Act",
        "Resolution",
        "Treaty",
        "Agreement",
        "Constitution",
        "Charter",
        "Register",
        "List",
        "Convention",
        "Accord",
        "Accords",
        "SDGT",
        "SDGTs",
        "FTO",
        "FTOs",
        "SST",
        "SDN",
    ]
    .contains(&name.rsplit(' ').next().unwrap_or_default());
    let kind = if instrument {
        EntityKind::Other
    } else if organisation || the || acronym || called {
        EntityKind::Organisation
    } else if (2..=5).contains(&words) {
        EntityKind::Person
    } else {
        EntityKind::Other
    };
    // `Ministry of Foreign Affairs of Russia`, `Federal Aviation Office of Germany`.
    let code = (at..stop).find_map(|i| {
        known_at(text, &tokens[..stop], i, gazetteer, &mut Scratch::default())
            .map(|(_, id)| gazetteer.known(id))
            .filter(|k| matches!(k.kind, KnownKind::State | KnownKind::Adjective) && organisation)
            .and_then(|k| k.code.clone())
    });
    let official = code.is_some() && body_words(text, &tokens[at..stop]);
    let entity = mentions.intern(fold(&name), || Entity {
        name,
        kind: if official { EntityKind::Body } else { kind },
        code: if official { code } else { None },
        id: None,
        count: 1,
        alias: None,
    });
    if called && mentions.entities[entity as usize].kind == EntityKind::Person {
        mentions.entities[entity as usize].kind = EntityKind::Organisation;
    }
    mentions.push(at, stop, entity, Form::Name);
    stop
}
