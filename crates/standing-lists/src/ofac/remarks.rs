//! OFAC's remarks: `DOB 07 Jun 1961; POB Tora, Afghanistan; Passport D1 (Afghanistan) issued 20 Oct 1998; a.k.a. 'X'.`
//!
//! Parts are separated by semicolons, save within a quoted weak alias; the last ends in a full stop. What a part means follows from its
//! first words: those of `data/ofac-labels.tsv` and a few more below. A part that none of them begins (offices, explanations) says
//! what it says: the whole remark is kept verbatim beside what was read from it.

use std::sync::LazyLock;

use standing_model::{Identifier, IdentifierKind, NameKind, NameQuality, PartialDate, Record, Relation};

use crate::country::Countries;
use crate::{dates, identifier, note, ofac};

/// What to do with a label's value.
#[derive(Debug, Clone)]
enum Treatment {
    Identifier(IdentifierKind),
    Field,
}

/// Labels by their first byte, the longest first.
static LABELS: LazyLock<Vec<Vec<(&'static str, Treatment)>>> = LazyLock::new(|| {
    let mut labels: Vec<Vec<(&'static str, Treatment)>> = vec![Vec::new(); 256];
    let rows = include_str!("../../data/ofac-labels.tsv")
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split_once('\t'));
    for (label, treatment) in rows {
        let treatment = match treatment {
            "identifier" => Treatment::Identifier(identifier::kind(label)),
            _ => Treatment::Field,
        };
        labels[usize::from(label.as_bytes().first().copied().unwrap_or(0))].push((label, treatment));
    }
    for bucket in &mut labels {
        bucket.sort_by_key(|(label, _)| std::cmp::Reverse(label.len()));
    }
    labels
});

/// Reads a remark into a record whose kind and primary name are there.
pub(crate) fn read(record: &mut Record, remarks: &str, countries: &mut Countries) {
    let mut births: Vec<(Option<PartialDate>, Option<String>)> = Vec::new();
    let mut places = Vec::new();
    let mut rest = without_stop(remarks);
    while !rest.is_empty() {
        let end = part_end(rest);
        let part = rest[..end].trim();
        rest = rest.get(end + 1..).unwrap_or("").trim_start();
        let part = part
            .strip_prefix("alt. ")
            .or_else(|| part.strip_prefix("Alt. "))
            .unwrap_or(part);
        match part.as_bytes().first() {
            Some(b'D') if part.starts_with("DOB ") => {
                let written = part[4..].trim();
                let date = note::date(record, "DOB", written, dates::english);
                births.push((date, date.is_none().then(|| written.to_owned())));
            }
            Some(b'P') if part.starts_with("POB ") => places.push(countries.place(part[4..].trim())),
            Some(b'a' | b'f' | b'n') if part.get(1..8) == Some(".k.a. '") => {
                let role = if part.starts_with('f') {
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
            Some(b'n') if part.starts_with("nationality ") => {
                nationality(record, "nationality", &part[12..], countries);
            }
            Some(b'c') if part.starts_with("citizen ") => nationality(record, "citizen", &part[8..], countries),
            Some(b'G') if part.starts_with("Gender ") => match note::gender(part[7..].trim()) {
                Some(gender) => record.gender = Some(gender),
                None => note::keep(record, "Gender", part[7..].trim()),
            },
            Some(b'L') if part.starts_with("Linked To: ") => record.relations.push(Relation {
                kind: "Linked To".to_owned(),
                name: Some(part[11..].trim().to_owned()),
                reference: None,
            }),
            Some(b'O') if part.starts_with("Organization Established Date ") => {
                let written = part[30..].trim();
                let date = note::date(record, "Organization Established Date", written, dates::english);
                births.push((date, date.is_none().then(|| written.to_owned())));
            }
            _ => labelled(record, part, countries),
        }
    }
    note::pair(record, births, places);
}

/// The remark without the full stop that ends it; one that belongs to an abbreviation stays.
fn without_stop(remarks: &str) -> &str {
    let remarks = remarks.trim();
    let Some(cut) = remarks.strip_suffix('.') else {
        return remarks;
    };
    let last = cut.rsplit([' ', ',']).next().unwrap_or(cut);
    let abbreviated = matches!(
        last.to_ascii_uppercase().as_str(),
        "LTD" | "CO" | "INC" | "CORP" | "JR" | "SR"
    ) || (last.len() >= 3 && last.as_bytes()[last.len() - 2] == b'.');
    if abbreviated { remarks } else { cut }
}

/// Where the first part ends: at a semicolon, but not at one inside a quoted alias.
fn part_end(text: &str) -> usize {
    let first = memchr::memchr(b';', text.as_bytes()).unwrap_or(text.len());
    if text.get(1..8) != Some(".k.a. '") {
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
    let written = written.trim();
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
    let found = LABELS[usize::from(first)].iter().find(|(label, _)| {
        part.starts_with(label) && matches!(part.as_bytes().get(label.len()), Some(b' ' | b':') | None)
    });
    let Some((label, treatment)) = found else {
        return;
    };
    let value = part[label.len()..].trim_start_matches([':', ' ']).trim();
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
    let mut remarks: Vec<&str> = Vec::new();
    let mut value = value;
    for (word, slot) in [(" expires ", &mut found.expires), (" issued ", &mut found.issued)] {
        if let Some((head, written)) = value.rsplit_once(word) {
            match dates::english(written) {
                Ok(date) => *slot = Some(date),
                Err(_) => remarks.push(&value[head.len() + 1..]),
            }
            value = head;
        }
    }
    if let Some(open) = value.rfind(" (")
        && value.ends_with(')')
    {
        let inner = &value[open + 2..value.len() - 1];
        match countries.find(inner) {
            Some(country) => {
                found.country = Some(country);
                value = &value[..open];
                // `22839 (Jalisco) (Mexico)`: the state's part that registered it.
                if let Some(open) = value.rfind(" (")
                    && value.ends_with(')')
                    && !value[open..].bytes().any(|b| b.is_ascii_digit())
                {
                    remarks.push(&value[open + 1..]);
                    value = &value[..open];
                }
            }
            // A telephone number's own brackets: `(971) (4) (3248000)`.
            None if inner.bytes().all(|b| b.is_ascii_digit()) && found.kind == IdentifierKind::PhoneNumber => {}
            None => {
                remarks.push(&value[open + 1..]);
                value = &value[..open];
            }
        }
    }
    // `Digital Currency Address - XBT 1abc`: the currency is no part of the address. `IMO 9187629` neither.
    match (&found.kind, value.split_once(' ')) {
        (IdentifierKind::CryptoAddress, Some((currency, address))) if currency.len() <= 5 => {
            remarks.push(currency);
            value = address.trim_start();
        }
        (IdentifierKind::Imo | IdentifierKind::Other(_), Some(("IMO", number))) => {
            found.kind = IdentifierKind::Imo;
            value = number.trim_start();
        }
        _ => {}
    }
    value.clone_into(&mut found.value);
    let plain = matches!(found.kind, IdentifierKind::Other(_)) || label == "Passport";
    if !plain {
        remarks.insert(0, label);
    }
    if !remarks.is_empty() {
        found.note = Some(remarks.join("; "));
    }
    found
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
        .find(|(known, _)| *known == label)
        .map(|(_, treatment)| match treatment {
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
        read(&mut record, remarks, &mut Countries::default());
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
