//! The United Kingdom's fields that hold other fields: OFSI's `Other Information` with its `(Name):value.` parts.
//!
//! The references of the UK Sanctions List and of the UN list are read only from fields of their own, because a reference in running text
//! names somebody else. The XML of the consolidated list has the same fields as elements, and reads them here.

use standing_model::{Identifier, IdentifierKind, Note, Record};

use super::cells::{add, numbered, un_reference};
use crate::note;

/// The fields that `Other Information` holds, as `(Name):value`.
pub(super) const FIELDS: &[&str] = &[
    "UK Sanctions List Ref",
    "UN Ref",
    "UK Statement of Reasons",
    "Gender",
    "Phone number",
    "Email address",
    "Type of entity",
    "Website",
    "Parent company",
    "Business Reg No",
    "Subsidiaries",
    "IMO number",
    "Flag of ship",
    "Type of ship",
    "Tonnage of ship",
    "Length of ship",
    "Year built",
    "Current owners",
    "Previous owners",
    "Previous flags",
    "Hull identification number",
];

/// Keeps the text as it is, and reads the fields in it.
pub(super) fn other_information(record: &mut Record, text: &str) {
    let note = Note {
        field: "Other Information".into(),
        text: text.to_owned(),
    };
    if record.notes.contains(&note) {
        return;
    }
    // Before 2022 an own reference stands at the very beginning: `UN Ref QDe.004. Emir …`.
    if let Some(reference) = text.strip_prefix("UN Ref ").and_then(un_reference) {
        list_reference(record, &format!("un:{reference}"));
    }
    let mut places: Vec<(usize, usize, &str)> = Vec::new();
    let mut from = 0;
    while let Some(end) = text[from..].find("):").map(|at| from + at) {
        if let Some(start) = text[from..end].rfind('(').map(|at| from + at) {
            let name = &text[start + 1..end];
            if let Some(field) = FIELDS.iter().find(|field| field.eq_ignore_ascii_case(name)) {
                places.push((start, end + 2, field));
            }
        }
        from = end + 2;
    }
    for (at, &(_, begin, field)) in places.iter().enumerate() {
        let end = places.get(at + 1).map_or(text.len(), |&(start, ..)| start);
        let value = text[begin..end].trim();
        own_field(record, field, value);
    }
    record.notes.push(note);
}

/// Reads one field's value. Does the record now hold all that it says?
pub(super) fn own_field(record: &mut Record, field: &str, value: &str) -> bool {
    let short = value.trim_end_matches('.').trim();
    match field {
        "UK Sanctions List Ref" => {
            let reference: String = short.chars().take_while(char::is_ascii_alphanumeric).collect();
            if !reference.is_empty() {
                list_reference(record, &format!("gb-uksl:{reference}"));
            }
            reference == short
        }
        "UN Ref" => match un_reference(value) {
            Some(reference) => {
                list_reference(record, &format!("un:{reference}"));
                reference == short
            }
            None => false,
        },
        "Gender" => {
            let word = short.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
            record.gender = record.gender.or_else(|| note::gender(word));
            record.gender.is_some() && word == short
        }
        "Phone number" => identifiers(record, &IdentifierKind::PhoneNumber, short),
        "Email address" => identifiers(record, &IdentifierKind::Email, short),
        "Website" => identifiers(record, &IdentifierKind::Website, short),
        "Business Reg No" => identifiers(record, &IdentifierKind::RegistrationNumber, short),
        "IMO number" => {
            let digits: String = short.chars().filter(char::is_ascii_digit).take(7).collect();
            if digits.len() == 7 {
                add(&mut record.identifiers, Identifier::new(IdentifierKind::Imo, &*digits));
            }
            digits == short
        }
        "Flag of ship" => {
            if let Some(country) = standing_model::Country::from_name(short) {
                add(&mut record.nationalities, country);
                return true;
            }
            false
        }
        _ => false,
    }
}

fn identifiers(record: &mut Record, kind: &IdentifierKind, text: &str) -> bool {
    for value in numbered(text) {
        add(&mut record.identifiers, Identifier::new(kind.clone(), value));
    }
    true
}

fn list_reference(record: &mut Record, value: &str) {
    add(
        &mut record.identifiers,
        Identifier::new(IdentifierKind::ListReference, value),
    );
}
