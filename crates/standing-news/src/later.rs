//! What one sentence tells as done and another tells is yet to come: `Canada imposed a ban. It will take effect on Friday`.
//!
//! Sentences are read one by one; this looks over them once all are read. A measure that the article itself says takes effect, is made formal
//! or must be approved later is decided, and a measure that is told as part of a plan (`The package bans …`) is no more than the plan is.

use standing_model::date::Day;
use standing_model::step::Action;
use standing_model::{ClaimStatus, ClaimType};

use crate::found::Found;
use crate::lexicon::Class;
use crate::phrase::Source;
use crate::text::{Cut, fold};
use crate::when::{self, Said};

/// What a sentence says is yet to take effect.
struct Awaited {
    /// The kinds of measure; none for a decision of any kind.
    kinds: &'static [ClaimType],
    /// How many sentences back it may have been told.
    back: usize,
}

const RESTRICTIVE: &[ClaimType] = &[ClaimType::Sanctions, ClaimType::Assets];
const ANY_BAN: &[ClaimType] = &[ClaimType::Sanctions, ClaimType::Assets, ClaimType::Designation];
const LISTING: &[ClaimType] = &[ClaimType::Designation, ClaimType::Sanctions];

/// Weakens what the article says elsewhere is yet to come.
pub(crate) fn weaken(source: &Source, cut: &Cut, published: Option<Day>, found: &mut [Found]) {
    let fact = |f: &Found| {
        f.kind.tier() == 1
            && matches!(f.status, ClaimStatus::InEffect | ClaimStatus::Occurred)
            && f.action != Some(Action::Maintain)
    };
    if !found.iter().any(fact) {
        return;
    }
    let sentence_of = |f: &Found| cut.sentences.partition_point(|s| s.end as usize <= f.trigger);
    let words: Vec<Vec<String>> = cut
        .sentences
        .iter()
        .map(|s| {
            (s.start as usize..s.end as usize)
                .filter(|&t| source.tokens[t].is_word())
                .map(|t| fold(source.word(t)))
                .collect()
        })
        .collect();
    let mut weakened: Vec<usize> = Vec::new();
    for (k, sentence) in cut.sentences.iter().enumerate() {
        let Some(awaited) = awaited(&words[k]) else {
            continue;
        };
        // `was to take effect in 2019` tells of what has come.
        let past = published.is_some_and(|p| {
            when::find(source, sentence.start as usize, sentence.end as usize)
                .iter()
                .any(|w| matches!(w.said, Said::Date(d) if d.last() <= p))
        });
        if past {
            continue;
        }
        let fits = |f: &Found| {
            let at = sentence_of(f);
            at <= k
                && at + awaited.back >= k
                && f.kind.tier() == 1
                && (awaited.kinds.is_empty() || awaited.kinds.contains(&f.kind))
        };
        let nearest = found.iter().filter(|f| fits(f)).map(sentence_of).max();
        for (i, f) in found.iter().enumerate() {
            let meant = fits(f) && (!awaited.kinds.is_empty() || Some(sentence_of(f)) == nearest);
            if meant && fresh(f, published) && !words[sentence_of(f)].iter().any(|w| w == "already") {
                weakened.push(i);
            }
        }
    }
    for &i in &weakened {
        if fact(&found[i]) {
            found[i].status = ClaimStatus::Decided;
        }
    }
    for i in 0..found.len() {
        let f = &found[i];
        let pointing = f.trigger > 0 && ["the", "this"].iter().any(|w| source.is(f.trigger - 1, w));
        let same = weakened.iter().any(|&j| {
            let w = &found[j];
            let name = |v: &Found| v.party.as_ref().map(|p| p.name.clone());
            let actor = |v: &Found| v.actor.as_ref().map(|p| p.name.clone());
            w.status == ClaimStatus::Decided
                && w.kind == f.kind
                && w.action == f.action
                && name(w).is_some()
                && name(w) == name(f)
                && (pointing || f.actor.is_none() || w.actor.is_none() || actor(w) == actor(f))
        });
        if fact(f) && same && fresh(f, published) {
            found[i].status = ClaimStatus::Decided;
        }
    }
    for i in 0..found.len() {
        if !fact(&found[i]) || !ANY_BAN.contains(&found[i].kind) {
            continue;
        }
        let at = sentence_of(&found[i]);
        let Some(sentence) = cut.sentences.get(at) else {
            continue;
        };
        if !describes(source, sentence.start as usize, found[i].trigger) {
            continue;
        }
        let told = found
            .iter()
            .filter(|f| {
                let s = sentence_of(f);
                ANY_BAN.contains(&f.kind)
                    && s < at
                    && s + 2 >= at
                    && cut.sentences[s].paragraph + 1 >= sentence.paragraph
            })
            .max_by_key(|f| f.trigger);
        if let Some(status) = told.map(|f| f.status).filter(|s| {
            matches!(
                s,
                ClaimStatus::Decided | ClaimStatus::Planned | ClaimStatus::Proposed | ClaimStatus::Possible
            )
        }) {
            found[i].status = status;
        }
    }
}

/// Whether a claim has no time of its own, or one of the days before publication.
fn fresh(f: &Found, published: Option<Day>) -> bool {
    match &f.time {
        Some((Some(day), _)) => published.is_none_or(|p| (p - day.last()).get_days() < 15),
        _ => true,
    }
}

/// Whether a sentence opens with the measures told before and says in the present what they are: `The sanctions include`, `It bans`.
fn describes(source: &Source, start: usize, trigger: usize) -> bool {
    const WHOLES: [&str; 16] = [
        "sanctions",
        "measures",
        "package",
        "restrictions",
        "plan",
        "proposal",
        "bill",
        "draft",
        "legislation",
        "listings",
        "steps",
        "ban",
        "law",
        "resolution",
        "round",
        "order",
    ];
    let pronoun = ["it", "they"].iter().any(|w| source.is(start, w));
    let head = if pronoun {
        start
    } else if ["the", "these", "this", "its"].iter().any(|w| source.is(start, w)) {
        let Some(head) = (start + 1..(start + 5).min(trigger)).find(|&t| WHOLES.iter().any(|w| source.is(t, w))) else {
            return false;
        };
        head
    } else {
        return false;
    };
    let verb = head + 1;
    if verb > trigger || verb >= source.tokens.len() {
        return false;
    }
    let reading = source.tokens[verb].reading;
    reading.verbal() && !reading.has(Class::Past) && !reading.has(Class::Be) && !reading.has(Class::Have)
}

/// What a sentence says is to take effect, to be made formal or to be approved later.
fn awaited(words: &[String]) -> Option<Awaited> {
    let is = |i: usize, list: &[&str]| words.get(i).is_some_and(|w| list.contains(&w.as_str()));
    if words.iter().any(|w| w == "immediately") {
        return None;
    }
    for i in 0..words.len() {
        let future = is(i, &["will", "would", "shall", "must"])
            || is(i, &["to"])
                && i > 0
                && is(
                    i - 1,
                    &[
                        "is",
                        "are",
                        "due",
                        "set",
                        "expected",
                        "scheduled",
                        "slated",
                        "has",
                        "have",
                        "needs",
                        "need",
                        "yet",
                    ],
                );
        let mut at = i + 1;
        while is(
            at,
            &[
                "not",
                "only",
                "then",
                "first",
                "now",
                "still",
                "formally",
                "officially",
                "automatically",
                "likely",
                "also",
            ],
        ) {
            at += 1;
        }
        let mut formal = false;
        let hit = if future {
            let effect = is(at, &["take"]) && is(at + 1, &["effect"])
                || is(at, &["come", "go", "enter"])
                    && is(at + 1, &["into"])
                    && is(at + 2, &["effect", "force", "operation"])
                || is(at, &["become"]) && is(at + 1, &["effective", "official", "law"]);
            let made = is(at, &["be"])
                && (is(
                    at + 1,
                    &[
                        "formalised",
                        "formalized",
                        "finalised",
                        "finalized",
                        "approved",
                        "ratified",
                        "adopted",
                        "endorsed",
                        "signed",
                        "effective",
                    ],
                ) || is(at + 1, &["made"]) && is(at + 2, &["official", "formal", "effective"])
                    || is(at + 1, &["formally", "officially"])
                        && is(at + 2, &["approved", "adopted", "signed", "endorsed"]));
            let apply = is(at, &["apply"]) && is(i, &["will"]);
            formal = is(at, &["follow"]) || is(at, &["be"]) && is(at + 1, &["made", "announced", "completed"]);
            effect || made || apply || formal
        } else {
            is(i, &["takes", "take"])
                && is(i + 1, &["effect"])
                && is(i + 2, &["on", "from", "in", "upon", "when", "once", "after"])
                || is(i, &["comes", "come", "goes", "go", "enters", "enter"])
                    && is(i + 1, &["into"])
                    && is(i + 2, &["effect", "force"])
                    && is(i + 3, &["on", "from", "in", "upon", "when", "once", "after"])
                || is(i, &["awaits", "awaiting", "await"])
                    && is(i + 1, &["approval", "ratification", "the", "final", "parliamentary"])
                || is(i, &["subject"])
                    && is(i + 1, &["to"])
                    && is(i + 2, &["approval", "ratification", "parliamentary", "final"])
                || is(i, &["goes", "moves", "passes"])
                    && is(i + 1, &["to"])
                    && is(i + 2, &["the", "president"])
                    && words.get(i + 3..).is_some_and(|w| {
                        w.iter().take(3).any(|w| {
                            matches!(
                                w.as_str(),
                                "president" | "senate" | "house" | "signature" | "governor" | "king"
                            )
                        })
                    })
        };
        if !hit {
            continue;
        }
        let subject = words[i.saturating_sub(9)..i].iter().rev().find_map(|w| kinds(w));
        match subject {
            // `The recognition will be made`, `formal recognition is to follow`.
            Some(a) if formal && a.kinds != [ClaimType::Recognition] => {}
            Some(a) => return Some(a),
            None => {}
        }
    }
    None
}

/// The kinds of measure that a word names.
fn kinds(word: &str) -> Option<Awaited> {
    let (kinds, back): (&'static [ClaimType], usize) = match word {
        "recognition" => (&[ClaimType::Recognition], 4),
        "sanctions" | "restrictions" | "embargo" | "freeze" | "freezes" => (RESTRICTIVE, 3),
        "measures" | "ban" | "bans" | "package" | "prohibition" => (ANY_BAN, 3),
        "designation" | "designations" | "listing" | "listings" | "proscription" => (LISTING, 3),
        "expulsion" | "expulsions" | "closure" | "reopening" | "relations" => (&[ClaimType::Mission], 3),
        "decision" | "decisions" | "move" | "ruling" | "law" | "order" | "regulation" | "regulations" | "bill"
        | "resolution" | "agreement" | "deal" | "decree" | "amendment" | "amendments" | "it" | "they" | "this"
        | "which" => (&[], 1),
        _ => return None,
    };
    Some(Awaited { kinds, back })
}
