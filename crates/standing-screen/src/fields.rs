//! What is compared beside names, and what each field adds or takes away.
//!
//! A field that one side lacks says nothing: a record rich in fields is neither favoured nor hurt by their number, and of several values the
//! best counts once. Agreement closes a share of what the score lacks, contradiction takes a share of it away:
//!
//! ```text
//! score = (name_score + (1 − name_score) · B) · (1 − P)      B = 1 − Π (1 − added)      P = 1 − Π (1 − taken)
//! ```
//!
//! The shares are the constants below; `docs/SCREENING.md` has them in a table.

use serde::{Deserialize, Serialize};
use standing_model::{Country, Gender, IdentifierKind, PartialDate, PartyKind};

use crate::identifiers;
use crate::listed::Fields;
use crate::query::Query;

/// The same day.
pub const BIRTH_DAY: f32 = 0.25;
/// The same year, or the same month of it, known no better on one side.
pub const BIRTH_PARTIAL: f32 = 0.10;
/// Days that differ within a year, or day and month exchanged: a slip, or another person.
pub const BIRTH_NEAR: f32 = -0.03;
/// Years that differ by one or two: lists often guess.
pub const BIRTH_CLOSE: f32 = -0.08;
/// Years further apart.
pub const BIRTH_CONTRADICTS: f32 = -0.30;
/// A country in common.
pub const COUNTRY_AGREES: f32 = 0.05;
/// No country in common.
pub const COUNTRY_DIFFERS: f32 = -0.05;
/// Another gender.
pub const GENDER_DIFFERS: f32 = -0.15;
/// Another kind of party.
pub const SCHEMA_DIFFERS: f32 = -0.20;
/// The same identifier.
pub const IDENTIFIER_AGREES: f32 = 0.80;
/// Another value of an identifier that a party keeps for life.
pub const IDENTIFIER_DIFFERS: f32 = -0.30;
/// Addresses that share most of their words.
pub const ADDRESS_AGREES: f32 = 0.08;
/// A weak alias, where the policy lowers them.
pub const WEAK_ALIAS: f32 = -0.10;

/// What comparing one field gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldNote {
    /// The field.
    pub field: String,
    /// In a word: `agrees`, `compatible`, `near`, `differs`.
    pub outcome: String,
    /// What was asked.
    pub query: String,
    /// What is listed.
    pub listed: String,
    /// The share it adds, or takes away if negative.
    pub amount: f32,
}

fn note(
    field: &str,
    outcome: &str,
    query: &(impl ToString + ?Sized),
    listed: &(impl ToString + ?Sized),
    amount: f32,
) -> FieldNote {
    FieldNote {
        field: field.into(),
        outcome: outcome.into(),
        query: query.to_string(),
        listed: listed.to_string(),
        amount,
    }
}

/// The score by the documented formula.
pub fn total(name_score: f32, notes: &[FieldNote]) -> f32 {
    let (mut lacking, mut kept) = (1.0, 1.0);
    for note in notes {
        if note.amount >= 0.0 {
            lacking *= 1.0 - note.amount;
        } else {
            kept *= 1.0 + note.amount;
        }
    }
    (name_score + (1.0 - name_score) * (1.0 - lacking)) * kept
}

/// The most that the fields of a query other than identifiers can add.
pub(crate) fn most_added(query: &Query) -> f32 {
    let mut lacking = 1.0;
    for (asked, amount) in [
        (!query.births.is_empty(), BIRTH_DAY),
        (!query.countries.is_empty(), COUNTRY_AGREES),
        (!query.addresses.is_empty(), ADDRESS_AGREES),
    ] {
        if asked {
            lacking *= 1.0 - amount;
        }
    }
    1.0 - lacking
}

/// Compares everything but names.
pub fn compare(query: &Query, kind: PartyKind, listed: &Fields) -> Vec<FieldNote> {
    let mut notes = Vec::new();
    notes.extend(schema(query.kind, kind));
    notes.extend(births(&query.births, &listed.births));
    notes.extend(countries(&query.countries, &listed.countries));
    notes.extend(gender(query.gender, listed.gender));
    notes.extend(identifier(query, listed));
    notes.extend(address(&query.addresses, &listed.addresses));
    notes
}

/// The fields that were given on one side only, in words: they count for nothing.
pub fn not_compared(query: &Query, listed: &Fields) -> Vec<(&'static str, &'static str)> {
    let mut silent = Vec::new();
    for (field, asked, has) in [
        ("birth date", query.births.is_empty(), listed.births.is_empty()),
        ("country", query.countries.is_empty(), listed.countries.is_empty()),
        ("gender", query.gender.is_none(), listed.gender.is_none()),
        (
            "identifier",
            query.identifiers.is_empty(),
            listed.identifiers.is_empty(),
        ),
        ("address", query.addresses.is_empty(), listed.addresses.is_empty()),
    ] {
        match (asked, has) {
            (true, false) => silent.push((field, "not given")),
            (false, true) => silent.push((field, "not listed")),
            _ => {}
        }
    }
    silent
}

fn schema(asked: PartyKind, listed: PartyKind) -> Option<FieldNote> {
    use PartyKind::{Government, Organisation, Unknown};
    let body = |k| matches!(k, Government | Organisation);
    if asked == Unknown || listed == Unknown || asked == listed || (body(asked) && body(listed)) {
        return None;
    }
    Some(note(
        "schema",
        "differs",
        kind_word(asked),
        kind_word(listed),
        SCHEMA_DIFFERS,
    ))
}

/// The word for a kind of party.
pub fn kind_word(kind: PartyKind) -> &'static str {
    match kind {
        PartyKind::Person => "person",
        PartyKind::Organisation => "organisation",
        PartyKind::Vessel => "vessel",
        PartyKind::Aircraft => "aircraft",
        PartyKind::Government => "government",
        PartyKind::Unknown => "unknown",
    }
}

fn births(asked: &[PartialDate], listed: &[PartialDate]) -> Option<FieldNote> {
    let mut best: Option<FieldNote> = None;
    for &a in asked {
        for &b in listed {
            let (outcome, amount) = birth(a, b);
            if best.as_ref().is_none_or(|n| amount > n.amount) {
                best = Some(note("birth_date", outcome, &a, &b, amount));
            }
        }
    }
    best
}

fn birth(a: PartialDate, b: PartialDate) -> (&'static str, f32) {
    if let (Some(x), Some(y)) = (a.as_day(), b.as_day()) {
        if x == y {
            return ("agrees", BIRTH_DAY);
        }
        if x.year() == y.year() {
            return ("near", BIRTH_NEAR);
        }
    } else if a.compatible(b) {
        return ("compatible", BIRTH_PARTIAL);
    }
    let years = |d: PartialDate| Some((i32::from(d.earliest()?.year()), i32::from(d.latest()?.year())));
    let apart = match (years(a), years(b)) {
        (Some((a0, a1)), Some((b0, b1))) => (b0 - a1).max(a0 - b1).max(0),
        _ => 0,
    };
    match apart {
        0 => ("near", BIRTH_NEAR),
        1 | 2 => ("near", BIRTH_CLOSE),
        _ => ("differs", BIRTH_CONTRADICTS),
    }
}

fn countries(asked: &[Country], listed: &[Country]) -> Option<FieldNote> {
    if asked.is_empty() || listed.is_empty() {
        return None;
    }
    let all = |list: &[Country]| list.iter().map(Country::code).collect::<Vec<_>>().join(" ");
    Some(match asked.iter().find(|c| listed.contains(c)) {
        Some(common) => note("country", "agrees", common, common, COUNTRY_AGREES),
        None => note("country", "differs", &all(asked), &all(listed), COUNTRY_DIFFERS),
    })
}

fn gender(asked: Option<Gender>, listed: Option<Gender>) -> Option<FieldNote> {
    let (a, b) = (asked?, listed?);
    let word = |g: Gender| format!("{g:?}").to_lowercase();
    (a != b && a != Gender::Other && b != Gender::Other)
        .then(|| note("gender", "differs", &word(a), &word(b), GENDER_DIFFERS))
}

fn identifier(query: &Query, listed: &Fields) -> Option<FieldNote> {
    for a in &query.identifiers {
        if let Some(b) = listed.identifiers.iter().find(|b| identifiers::same(a, b)) {
            return Some(note("identifier", "agrees", &a.value, &b.value, IDENTIFIER_AGREES));
        }
    }
    for a in query.identifiers.iter().filter(|i| identifiers::lasting(&i.kind)) {
        let mut rivals = listed.identifiers.iter().filter(|b| b.kind == a.kind);
        if let Some(b) = rivals.next().filter(|_| identifiers::normalised(a).is_some()) {
            return Some(note("identifier", "differs", &a.value, &b.value, IDENTIFIER_DIFFERS));
        }
    }
    None
}

fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| w.chars().count() > 2 || w.chars().any(|c| c.is_ascii_digit()))
        .map(str::to_lowercase)
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

fn address(asked: &[String], listed: &[String]) -> Option<FieldNote> {
    for a in asked {
        let wanted = words(a);
        for b in listed {
            let theirs = words(b);
            let common = wanted.iter().filter(|w| theirs.binary_search(w).is_ok()).count();
            let shorter = wanted.len().min(theirs.len());
            if common >= 2 && common * 3 >= shorter * 2 {
                return Some(note("address", "agrees", a, b, ADDRESS_AGREES));
            }
        }
    }
    None
}

/// The kind and value of `TYPE:VALUE` on a command line.
pub fn identifier_of(text: &str) -> Result<standing_model::Identifier, String> {
    match text.split_once(':') {
        Some((kind, value)) if !kind.trim().is_empty() && !value.trim().is_empty() => {
            let kind = identifiers::kind_named(kind.trim());
            if let IdentifierKind::Other(word) = &kind {
                return Err(format!(
                    "\"{word}\" is no kind of identifier: passport, national-id, tax, registration, imo, mmsi, call-sign, lei, bic, duns, ogrn, inn, crypto, phone, email, website, wikidata"
                ));
            }
            Ok(standing_model::Identifier::new(kind, value.trim()))
        }
        _ => Err("write TYPE:VALUE, such as passport:A1234567".into()),
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // the same arithmetic gives the same bits
mod tests {
    use super::*;

    fn date(text: &str) -> PartialDate {
        text.parse().unwrap()
    }

    #[test]
    fn births_are_compared_as_precisely_as_both_allow() {
        for (a, b, amount) in [
            ("1975-03-02", "1975-03-02", BIRTH_DAY),
            ("1975", "1975-03-02", BIRTH_PARTIAL),
            ("1975-03-02", "circa 1974", BIRTH_PARTIAL),
            ("1964 to 1966", "1965", BIRTH_PARTIAL),
            ("1975-02-03", "1975-03-02", BIRTH_NEAR),
            ("1975-02", "1975-03-02", BIRTH_NEAR),
            ("1976", "1975-03-02", BIRTH_CLOSE),
            ("1990", "1975-03-02", BIRTH_CONTRADICTS),
        ] {
            assert_eq!(birth(date(a), date(b)).1, amount, "{a} {b}");
            assert_eq!(birth(date(b), date(a)).1, amount, "{b} {a}");
        }
    }

    #[test]
    fn silence_adds_and_takes_nothing() {
        let rich = Fields {
            births: vec![date("1975")],
            gender: Some(Gender::Male),
            addresses: vec!["Main Street 1, Springfield".into()],
            ..Fields::default()
        };
        assert_eq!(compare(&Query::named("x"), PartyKind::Person, &rich), []);
        assert_eq!(total(0.7, &[]), 0.7);
    }

    /// Names that share no search key score up to `letters`: below what the lowest threshold asks of a name whatever its other fields add.
    #[test]
    fn no_field_lifts_what_a_search_does_not_find() {
        let query = Query {
            births: vec![date("1975-03-02")],
            countries: vec!["SY".parse().unwrap()],
            addresses: vec!["Main Street 1, Springfield".into()],
            ..Query::named("x")
        };
        let most = most_added(&query);
        let asked = (0.5 - 1e-4 - most) / (1.0 - most);
        assert!(standing_names::Params::embedded().letters < asked - 1e-3, "{asked}");
    }

    #[test]
    fn the_total_stays_within_bounds_and_keeps_order() {
        let plus = note("identifier", "agrees", "", "", IDENTIFIER_AGREES);
        let minus = note("birth_date", "differs", "", "", BIRTH_CONTRADICTS);
        for s in [0.0f32, 0.5, 0.9, 1.0] {
            let with = total(s, std::slice::from_ref(&plus));
            assert!((s..=1.0).contains(&with));
            assert!(total(s, &[plus.clone(), minus.clone()]) <= with);
        }
    }
}
