//! How alike two names are, and why: one pair, or a CSV file of pairs, without a ledger.
//!
//! Relies on `standing-names` for all judgement; here is only what a caller of a program meets: schemas by the names that other programs
//! use, rows that cannot be compared and say so, answers as plain values.

use std::io::Read;

use serde::Serialize;
use standing_model::PartyKind;
use standing_names::{Comparison, Scratch, Warning, prepare, score};

use crate::error::StandingError;

/// The kind of party that a schema's name means: ours, or FollowTheMoney's. `None` for a schema that is not known.
pub fn party_kind(schema: &str) -> Option<PartyKind> {
    Some(match schema.trim().to_ascii_lowercase().as_str() {
        "" | "unknown" | "thing" | "legalentity" => PartyKind::Unknown,
        "person" => PartyKind::Person,
        "organization" | "organisation" | "company" => PartyKind::Organisation,
        "publicbody" | "government" => PartyKind::Government,
        "vessel" => PartyKind::Vessel,
        "airplane" | "aircraft" => PartyKind::Aircraft,
        _ => return None,
    })
}

/// [`party_kind`], with an error that says which schemas there are.
pub fn parse_schema(schema: &str) -> Result<PartyKind, String> {
    party_kind(schema).ok_or_else(|| {
        format!(
            "no schema `{schema}`: Person, Organization, Company, PublicBody, Vessel, Airplane, or LegalEntity where it is open"
        )
    })
}

/// Two names compared, with reasons.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compared {
    /// As given.
    pub name1: String,
    /// As given.
    pub name2: String,
    /// 0 to 1; 1 for the same name only.
    pub score: f32,
    /// What met what.
    pub tokens: Vec<Met>,
    /// What found no counterpart.
    pub left: Vec<Left>,
    /// The sums from which the documented formula makes the score.
    pub parts: Sums,
    /// What was changed in the writing before comparing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// Two tokens that met.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Met {
    /// As written in the first name.
    pub a: String,
    /// As written in the second name.
    pub b: String,
    /// How they met: equal, spelling, transliteration, …
    pub relation: &'static str,
    /// How alike they are.
    pub similarity: f32,
    /// What the pair weighs.
    pub weight: f32,
    /// What it is worth: similarity times weight.
    pub worth: f32,
}

/// A word without a counterpart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Left {
    /// 1 or 2: the name it stands in.
    pub name: u8,
    /// As written.
    pub written: String,
    /// What it is: name, title, legal form, …
    pub kind: &'static str,
    /// What it weighs; 0 for light words.
    pub weight: f32,
}

/// The sums of the formula (`docs/NAMES.md`).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Sums {
    /// Weight of what met, times similarity.
    pub matched: f32,
    /// Weight of what met, times what it lacks.
    pub discord: f32,
    /// Weight left over in the first name.
    pub left1: f32,
    /// Weight left over in the second name.
    pub left2: f32,
    /// Share lost to words left over on both sides that are far apart in writing.
    pub strange: f32,
    /// What the letters of two lone words are worth that did not meet.
    pub letters: f32,
    /// Share lost to another order.
    pub disorder: f32,
    /// Lost to light words.
    pub light: f32,
    /// The same name?
    pub same: bool,
}

/// Compares two names and says why.
pub fn compare(name1: &str, name2: &str, kind: PartyKind) -> Result<Compared, StandingError> {
    let read = |which: &str, text: &str| {
        prepare(text, kind).map_err(|e| StandingError::Question(format!("the {which} name cannot be compared: {e}")))
    };
    let (a, b) = (read("first", name1)?, read("second", name2)?);
    let found = standing_names::compare(&a, &b);
    let mut notes = Vec::new();
    for (at, name) in [(1, &a), (2, &b)] {
        notes.extend(
            name.warnings()
                .iter()
                .map(|w| format!("name {at}: {}", warning_words(*w))),
        );
        if let Err(flaw) = name.screenable() {
            notes.push(format!("name {at}: {flaw}"));
        }
    }
    Ok(explained(name1, name2, found, notes))
}

/// What was done to a name's writing, in words.
pub fn warning_words(warning: Warning) -> &'static str {
    match warning {
        Warning::ConfusablesFolded => {
            "letters of another script that look alike were read as those of the word's script"
        }
        Warning::DirectionRemoved => "characters that turn the direction of writing were removed",
        Warning::InvisibleRemoved => "invisible characters were removed",
        Warning::FiguresRead => "figures inside a word were read as the letters they look like",
    }
}

fn explained(name1: &str, name2: &str, found: Comparison, notes: Vec<String>) -> Compared {
    let parts = found.parts;
    Compared {
        name1: name1.to_owned(),
        name2: name2.to_owned(),
        score: found.score,
        tokens: found
            .pairs
            .into_iter()
            .map(|p| Met {
                a: p.a,
                b: p.b,
                relation: p.relation.word(),
                similarity: p.similarity,
                weight: p.weight,
                worth: p.similarity * p.weight,
            })
            .collect(),
        left: found
            .leftovers
            .into_iter()
            .map(|l| Left {
                name: l.side,
                written: l.written,
                kind: l.kind.word(),
                weight: l.weight,
            })
            .collect(),
        parts: Sums {
            matched: parts.matched,
            discord: parts.discord,
            left1: parts.left_a,
            left2: parts.left_b,
            strange: parts.strange,
            letters: parts.letters,
            disorder: parts.disorder,
            light: parts.light,
            same: parts.same,
        },
        notes,
    }
}

/// One row of a file of pairs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairRow {
    /// From 0, the header not counted.
    pub row: u64,
    /// As given.
    pub name1: String,
    /// As given.
    pub name2: String,
    /// The score; none if the row cannot be compared.
    pub score: Option<f32>,
    /// Why it cannot be compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// How many rows a file of pairs had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PairCounts {
    /// All rows.
    pub rows: u64,
    /// Those that could not be compared.
    pub refused: u64,
}

/// Compares the rows of a CSV with the columns `name1`, `name2` and, if there, `schema` (else `kind` holds for all). Each row is handed to `each` in order;
/// a row that cannot be compared says why and the rest goes on. The delimiter (comma, semicolon, tab, bar) is read off the header.
pub fn compare_rows(
    mut input: impl Read,
    kind: PartyKind,
    each: &mut dyn FnMut(PairRow) -> Result<(), StandingError>,
) -> Result<PairCounts, StandingError> {
    let mut head = Vec::new();
    let mut byte = [0u8; 1];
    while head.len() < 65_536 && head.last() != Some(&b'\n') && input.read(&mut byte).map_err(unreadable)? == 1 {
        head.push(byte[0]);
    }
    if head.starts_with(b"\xEF\xBB\xBF") {
        head.drain(..3);
    }
    let count = |d: u8| head.split(|b| *b == d).count();
    // The first of equals is kept: a comma where there is one.
    let delimiter = b",;\t|".iter().copied().rev().max_by_key(|d| count(*d)).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(head.as_slice().chain(input));
    let header = reader.byte_headers().map_err(refused)?.clone();
    let column = |name: &str| {
        header
            .iter()
            .position(|h| h.trim_ascii().eq_ignore_ascii_case(name.as_bytes()))
    };
    let (Some(first), Some(second)) = (column("name1"), column("name2")) else {
        let names: Vec<_> = header.iter().map(String::from_utf8_lossy).collect();
        return Err(StandingError::Refused(format!(
            "the columns `name1` and `name2` are needed; the header has: {}",
            names.join(" | ").chars().take(200).collect::<String>()
        )));
    };
    let schema = column("schema");
    let mut scratch = Scratch::default();
    let mut counts = PairCounts::default();
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(refused)? {
        let cell = |at: usize| {
            record
                .get(at)
                .map(String::from_utf8_lossy)
                .unwrap_or_default()
                .into_owned()
        };
        let result = compare_record(&record, first, second, schema, kind, &mut scratch);
        counts.refused += u64::from(result.is_err());
        let (score, error) = match result {
            Ok(score) => (Some(score), None),
            Err(error) => (None, Some(error)),
        };
        each(PairRow {
            row: counts.rows,
            name1: cell(first),
            name2: cell(second),
            score,
            error,
        })?;
        counts.rows += 1;
    }
    Ok(counts)
}

#[allow(clippy::needless_pass_by_value)] // the form that map_err asks for
fn refused(error: csv::Error) -> StandingError {
    StandingError::Refused(format!("the file of pairs cannot be read as CSV: {error}"))
}

#[allow(clippy::needless_pass_by_value)]
fn unreadable(error: std::io::Error) -> StandingError {
    StandingError::Refused(format!("the file of pairs cannot be read: {error}"))
}

fn compare_record(
    record: &csv::ByteRecord,
    first: usize,
    second: usize,
    schema: Option<usize>,
    kind: PartyKind,
    scratch: &mut Scratch,
) -> Result<f32, String> {
    let cell = |at: usize, what: &str| {
        let bytes = record
            .get(at)
            .ok_or_else(|| format!("the row has {} cells: {what} is missing", record.len()))?;
        std::str::from_utf8(bytes).map_err(|_| format!("{what} is not valid UTF-8"))
    };
    let kind = match schema {
        Some(at) if record.get(at).is_some_and(|s| !s.is_empty()) => parse_schema(cell(at, "schema")?)?,
        _ => kind,
    };
    let read = |at: usize, what: &str| prepare(cell(at, what)?, kind).map_err(|e| format!("{what}: {e}"));
    Ok(score(&read(first, "name1")?, &read(second, "name2")?, scratch))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(csv: &[u8]) -> (Vec<PairRow>, PairCounts) {
        let mut rows = Vec::new();
        let counts = compare_rows(csv, PartyKind::Unknown, &mut |row| {
            rows.push(row);
            Ok(())
        })
        .unwrap();
        (rows, counts)
    }

    #[test]
    fn bad_rows_are_reported_and_the_rest_is_compared() {
        let csv = b"id;name1;name2;schema\n1;John Smith;John Smith;Person\n2;;x;Person\n3;short\n4;a b\xFF;a b;Person\n5;a b;a b;Spaceship\n6;A B;A B;\n";
        let (rows, counts) = rows(csv);
        assert_eq!(counts, PairCounts { rows: 6, refused: 4 });
        assert_eq!(rows[0].score, Some(1.0));
        let errors: Vec<_> = rows.iter().filter_map(|r| r.error.as_deref()).collect();
        assert!(errors[0].contains("name1: the name is empty"), "{errors:?}");
        assert!(errors[1].contains("name2 is missing"), "{errors:?}");
        assert!(errors[2].contains("UTF-8"), "{errors:?}");
        assert!(errors[3].contains("Spaceship"), "{errors:?}");
        assert_eq!(rows[5].score, Some(1.0));
    }

    #[test]
    fn a_missing_column_refuses_the_file() {
        let error = compare_rows(&b"a,b\n1,2\n"[..], PartyKind::Unknown, &mut |_| Ok(())).unwrap_err();
        assert!(error.to_string().contains("`name1`"), "{error}");
        assert_eq!(error.exit_code(), 3);
    }

    #[test]
    fn a_comparison_says_why() {
        let found = compare("Mohamad al Golani", "Abu Mohammed al-Jawlani", PartyKind::Person).unwrap();
        assert!(found.tokens.iter().any(|t| t.a == "Golani" && t.b == "Jawlani"));
        assert!(found.left.iter().any(|l| l.name == 2 && l.written == "Abu"));
        assert!(compare(" ", "x", PartyKind::Person).is_err());
    }
}
