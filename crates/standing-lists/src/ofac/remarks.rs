//! OFAC's remarks: `DOB 07 Jun 1961; POB Tora, Afghanistan; Passport D1 (Afghanistan) issued 20 Oct 1998; a.k.a. 'X'.`
//!
//! Parts are separated by semicolons, save within a quoted weak alias; the last ends in a full stop. What a part means follows from its
//! first words: those of `data/ofac-labels.tsv` and a few more below. A part that none of them begins (offices, explanations) says
//! what it says: the whole remark is kept verbatim beside what was read from it.

use std::sync::LazyLock;

use standing_model::{Identifier, IdentifierKind, NameKind, NameQuality, PartialDate, Place, Record, Relation, Text};

use crate::country::Countries;
use crate::text::{self, trimmed};
use crate::{dates, identifier, note, ofac};

/// What to do with a label's value.
#[derive(Debug, Clone)]
enum Treatment {
    Identifier(IdentifierKind),
    Field,
}

/// A label of the table.
struct Label {
    /// Its first four bytes, so that most labels are told from a part at once; zeros where it is shorter.
    start: [u8; 4],
    text: &'static str,
    treatment: Treatment,
}

/// The first four bytes, with zeros where there are fewer.
fn start(text: &str) -> [u8; 4] {
    match *text.as_bytes() {
        [a, b, c, d, ..] => [a, b, c, d],
        [a, b, c] => [a, b, c, 0],
        [a, b] => [a, b, 0, 0],
        [a] => [a, 0, 0, 0],
        [] => [0; 4],
    }
}

impl Label {
    /// Does the part begin with it, as a word?
    fn begins(&self, part: &str, first: [u8; 4]) -> bool {
        (self.start == first || self.text.len() < 4)
            && part.starts_with(self.text)
            && matches!(part.as_bytes().get(self.text.len()), Some(b' ' | b':') | None)
    }
}

/// Labels by their first byte, the longest first.
static LABELS: LazyLock<Vec<Vec<Label>>> = LazyLock::new(|| {
    let mut labels: Vec<Vec<Label>> = std::iter::repeat_with(Vec::new).take(256).collect();
    let rows = include_str!("../../data/ofac-labels.tsv")
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split_once('\t'));
    for (label, treatment) in rows {
        let treatment = match treatment {
            "identifier" => Treatment::Identifier(identifier::kind(label)),
            _ => Treatment::Field,
        };
        labels[usize::from(label.as_bytes().first().copied().unwrap_or(0))].push(Label {
            start: start(label),
            text: label,
            treatment,
        });
    }
    for bucket in &mut labels {
        bucket.sort_by_key(|label| std::cmp::Reverse(label.text.len()));
    }
    labels
});

/// Reads remarks one after the other; what it holds is room that is used again.
#[derive(Debug, Default)]
pub(crate) struct Remarks {
    births: Vec<(Option<PartialDate>, Option<String>)>,
    places: Vec<Place>,
}

impl Remarks {
    /// Reads a remark into a record whose kind and primary name are there.
    pub(crate) fn read(&mut self, record: &mut Record, remarks: &str, countries: &mut Countries) {
        self.births.clear();
        self.places.clear();
        let mut rest = without_stop(remarks);
        while !rest.is_empty() {
            let end = part_end(rest);
            let part = trimmed(&rest[..end]);
            rest = rest.get(end + 1..).unwrap_or("").trim_start();
            self.part(record, part, countries);
        }
        note::pair(record, self.births.drain(..), self.places.drain(..));
    }

    fn part(&mut self, record: &mut Record, part: &str, countries: &mut Countries) {
        let part = part
            .strip_prefix("alt. ")
            .or_else(|| part.strip_prefix("Alt. "))
            .unwrap_or(part);
        match part.as_bytes() {
            [b'D', b'O', b'B', b' ', ..] => self.birth(record, "DOB", trimmed(&part[4..])),
            [b'P', b'O', b'B', b' ', ..] => self.places.push(countries.place(trimmed(&part[4..]))),
            [
                first @ (b'a' | b'f' | b'n'),
                b'.',
                b'k',
                b'.',
                b'a',
                b'.',
                b' ',
                b'\'',
                ..,
            ] => {
                let role = if *first == b'f' {
                    NameKind::Former
                } else {
                    NameKind::Alias
                };
                let written = part[8..].strip_suffix('\'').unwrap_or(&part[8..]);
                if !written.is_empty() {
                    let name = ofac::name(record.kind, role, written).with_quality(NameQuality::Weak);
                    record.names.push(name);
                }
            }
            [b'n', ..] if part.starts_with("nationality ") => {
                nationality(record, "nationality", &part[12..], countries);
            }
            [b'c', ..] if part.starts_with("citizen ") => nationality(record, "citizen", &part[8..], countries),
            [b'G', ..] if part.starts_with("Gender ") => match note::gender(trimmed(&part[7..])) {
                Some(gender) => record.gender = Some(gender),
                None => note::keep(record, "Gender", trimmed(&part[7..])),
            },
            [b'L', ..] if part.starts_with("Linked To: ") => record.relations.push(Relation {
                kind: "Linked To".into(),
                name: Some(trimmed(&part[11..]).into()),
                reference: None,
            }),
            [b'O', ..] if part.starts_with("Organization Established Date ") => {
                self.birth(record, "Organization Established Date", trimmed(&part[30..]));
            }
            _ => labelled(record, part, countries),
        }
    }

    fn birth(&mut self, record: &mut Record, field: &str, written: &str) {
        let date = note::date(record, field, written, dates::english);
        self.births.push((date, date.is_none().then(|| written.to_owned())));
    }
}

/// The remark without the full stop that ends it; one that belongs to an abbreviation stays.
fn without_stop(remarks: &str) -> &str {
    let remarks = trimmed(remarks);
    let Some(cut) = remarks.strip_suffix('.') else {
        return remarks;
    };
    let last = memchr::memrchr2(b' ', b',', cut.as_bytes()).map_or(cut, |at| &cut[at + 1..]);
    let abbreviated = ["LTD", "CO", "INC", "CORP", "JR", "SR"]
        .iter()
        .any(|known| last.eq_ignore_ascii_case(known))
        || (last.len() >= 3 && last.as_bytes()[last.len() - 2] == b'.');
    if abbreviated { remarks } else { cut }
}

/// Where the first part ends: at a semicolon, but not at one inside a quoted alias.
fn part_end(text: &str) -> usize {
    let first = memchr::memchr(b';', text.as_bytes()).unwrap_or(text.len());
    if text.as_bytes().get(1..8) != Some(b".k.a. '") {
        return first;
    }
    // An alias may hold a semicolon; it ends where a quote precedes one.
    let mut end = first;
    while end < text.len() && !text[8.min(end)..end].ends_with('\'') {
        match memchr::memchr(b';', &text.as_bytes()[end + 1..]) {
            Some(next) => end += 1 + next,
            None if text.ends_with('\'') => return text.len(),
            None => return first,
        }
    }
    end
}

fn nationality(record: &mut Record, field: &str, written: &str, countries: &mut Countries) {
    let written = trimmed(written);
    match countries.find(written) {
        Some(country) if record.nationalities.contains(&country) => {}
        Some(country) => record.nationalities.push(country),
        None => note::keep(record, field, written),
    }
}

fn labelled(record: &mut Record, part: &str, countries: &mut Countries) {
    let Some(&first) = part.as_bytes().first() else {
        return;
    };
    let beginning = start(part);
    let Some(Label {
        text: label, treatment, ..
    }) = LABELS[usize::from(first)].iter().find(|l| l.begins(part, beginning))
    else {
        return;
    };
    let value = part.as_bytes()[label.len()..]
        .iter()
        .position(|b| !matches!(b, b':' | b' '))
        .map_or("", |at| trimmed(&part[label.len() + at..]));
    if value.is_empty() {
        return;
    }
    match treatment {
        Treatment::Field => note::keep(record, label.trim_end_matches([':', '-', ' ']), value),
        // `Passport and National ID were expired` is a sentence, and no number; the remark as a whole is kept.
        Treatment::Identifier(_) if is_prose(value) => {}
        Treatment::Identifier(kind) => {
            let found = read_identifier(label, kind.clone(), value, countries);
            record.identifiers.push(found);
        }
    }
}

/// Words in small letters without any digit.
fn is_prose(value: &str) -> bool {
    value.starts_with(|c: char| c.is_ascii_lowercase())
        && value.contains(' ')
        && !value.bytes().any(|b| b.is_ascii_digit() || b == b'@')
}

/// `D000001 (Afghanistan) issued 20 Oct 1998 expires 19 Oct 2003`
pub(crate) fn read_identifier(label: &str, kind: IdentifierKind, value: &str, countries: &mut Countries) -> Identifier {
    let mut found = Identifier::new(kind, "");
    let mut remarks = Said::default();
    let mut value = value;
    for (word, slot) in [(" expires ", &mut found.expires), (" issued ", &mut found.issued)] {
        if let Some(at) = text::find_last(value, word) {
            match dates::english(&value[at + word.len()..]) {
                Ok(date) => *slot = Some(date),
                Err(_) => remarks.add(&value[at + 1..]),
            }
            value = &value[..at];
        }
    }
    if let Some(open) = last_bracket(value) {
        let inner = &value[open + 2..value.len() - 1];
        match countries.find(inner) {
            Some(country) => {
                found.country = Some(country);
                value = &value[..open];
                // `22839 (Jalisco) (Mexico)`: the state's part that registered it.
                if let Some(open) = last_bracket(value)
                    && !value[open..].bytes().any(|b| b.is_ascii_digit())
                {
                    remarks.add(&value[open + 1..]);
                    value = &value[..open];
                }
            }
            // A telephone number's own brackets: `(971) (4) (3248000)`.
            None if inner.bytes().all(|b| b.is_ascii_digit()) && found.kind == IdentifierKind::PhoneNumber => {}
            None => {
                remarks.add(&value[open + 1..]);
                value = &value[..open];
            }
        }
    }
    // `Digital Currency Address - XBT 1abc`: the currency is no part of the address. `IMO 9187629` neither.
    match (&found.kind, value.split_once(' ')) {
        (IdentifierKind::CryptoAddress, Some((currency, address))) if currency.len() <= 5 => {
            remarks.add(currency);
            value = address.trim_start();
        }
        (IdentifierKind::Imo | IdentifierKind::Other(_), Some(("IMO", number))) => {
            found.kind = IdentifierKind::Imo;
            value = number.trim_start();
        }
        _ => {}
    }
    found.value = value.into();
    let plain = matches!(found.kind, IdentifierKind::Other(_)) || label == "Passport";
    found.note = remarks.after(if plain { "" } else { label }).map(Text::from);
    found
}

/// What is said of an identifier beside its value: at most two dates that cannot be read, two brackets and a currency.
#[derive(Default)]
struct Said<'t> {
    parts: [&'t str; 5],
    count: usize,
}

impl<'t> Said<'t> {
    fn add(&mut self, part: &'t str) {
        if let Some(slot) = self.parts.get_mut(self.count) {
            *slot = part;
            self.count += 1;
        }
    }

    /// All of it after the label, if any.
    fn after(&self, label: &str) -> Option<String> {
        let parts = &self.parts[..self.count];
        if parts.is_empty() {
            return (!label.is_empty()).then(|| label.to_owned());
        }
        let mut text = String::with_capacity(label.len() + parts.iter().map(|p| p.len() + 2).sum::<usize>());
        text.push_str(label);
        for part in parts {
            if !text.is_empty() {
                text.push_str("; ");
            }
            text.push_str(part);
        }
        Some(text)
    }
}

/// Where the bracket that ends the text opens, with the blank before it.
fn last_bracket(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    if bytes.last() != Some(&b')') {
        return None;
    }
    memchr::memrchr_iter(b'(', bytes)
        .filter_map(|at| at.checked_sub(1))
        .find(|&before| bytes[before] == b' ')
}

/// What a label means, where the table knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    Identifier,
    Field,
}

/// What a whole label means.
pub(crate) fn knows(label: &str) -> Option<Meaning> {
    let label = label.trim();
    let first = label.as_bytes().first().copied().unwrap_or(0);
    LABELS[usize::from(first)]
        .iter()
        .find(|known| known.text == label)
        .map(|known| match known.treatment {
            Treatment::Identifier(_) => Meaning::Identifier,
            Treatment::Field => Meaning::Field,
        })
}

#[cfg(test)]
mod tests {
    use standing_model::PartyKind;

    use super::*;

    fn person(remarks: &str) -> Record {
        let mut record = Record {
            kind: PartyKind::Person,
            ..Record::default()
        };
        Remarks::default().read(&mut record, remarks, &mut Countries::default());
        record
    }

    #[test]
    fn a_remark_part_by_part() {
        let record = person(
            "DOB 07 Jun 1961; alt. DOB circa 1962; POB Tora, Afghanistan; nationality Afghanistan; citizen Syria; Gender Male; \
             Passport D1 (Afghanistan) issued 20 Oct 1998 expires 2003; alt. National ID No. 77 (Nowhere); a.k.a. 'ABU; X'; \
             f.k.a. 'OLD'; Linked To: FOO CO.; Minister of X; Digital Currency Address - XBT 1abc; SSN 1-2 (United States).",
        );
        insta::assert_json_snapshot!(record);
    }

    #[test]
    fn a_sentence_is_no_number() {
        let record = person("Passport and National ID were stolen; Passport A1 (Iran); Website www.x.org.");
        let values: Vec<&str> = record.identifiers.iter().map(|i| i.value.as_str()).collect();
        assert_eq!(values, ["A1", "www.x.org"]);
    }

    #[test]
    fn full_stops() {
        for (remarks, name) in [
            ("Linked To: USA REALLY.", "USA REALLY"),
            ("Linked To: R D I S.A.", "R D I S.A."),
            ("Linked To: FOO CO., LTD.", "FOO CO., LTD."),
            ("Linked To: FOO", "FOO"),
        ] {
            assert_eq!(person(remarks).relations[0].name.as_deref(), Some(name), "{remarks}");
        }
    }

    #[test]
    fn odd_remarks_do_no_harm() {
        for remarks in [
            "",
            ".",
            ";;;",
            "a.k.a. '",
            "a.k.a. '.",
            "a.k.a. ''ABD;",
            "Passport",
            "Passport  (",
            "DOB ",
            "DOB é",
            "Passport é (é) issued é expires é",
            "POB ,",
            "é.k.a. 'x",
        ] {
            person(remarks);
        }
    }

    #[test]
    fn every_label_has_a_treatment() {
        for line in include_str!("../../data/ofac-labels.tsv")
            .lines()
            .filter(|l| !l.starts_with('#'))
        {
            let (label, treatment) = line.split_once('\t').expect("label and treatment");
            assert!(!label.is_empty() && label == label.trim(), "{line}");
            assert!(matches!(treatment, "identifier" | "field"), "{line}");
        }
    }
}
