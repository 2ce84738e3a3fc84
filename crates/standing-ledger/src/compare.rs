//! What differs between two records of one listing, field by field.

use std::collections::BTreeMap;

use standing_model::Record;
use standing_model::step::FieldChange;

/// The fields that differ, each with the values that went and the values that came, in the order of the fields' names.
///
/// Fields are compared as sets of values: a list that merely reorders its aliases has changed nothing. Fields kept under the
/// publisher's own names appear under those names.
pub fn changes(old: &Record, new: &Record) -> Vec<FieldChange> {
    let (old, new) = (flatten(old), flatten(new));
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let none = Vec::new();
    names
        .into_iter()
        .filter_map(|field| {
            let (before, now) = (old.get(field).unwrap_or(&none), new.get(field).unwrap_or(&none));
            let gone: Vec<String> = before.iter().filter(|v| !now.contains(v)).cloned().collect();
            let come: Vec<String> = now.iter().filter(|v| !before.contains(v)).cloned().collect();
            (!gone.is_empty() || !come.is_empty()).then(|| FieldChange {
                field: field.clone(),
                old: gone,
                new: come,
            })
        })
        .collect()
}

/// Field name to values as text.
fn flatten(record: &Record) -> BTreeMap<String, Vec<String>> {
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let Ok(serde_json::Value::Object(values)) = serde_json::to_value(record) else {
        return fields;
    };
    for (field, value) in values {
        match (field.as_str(), value) {
            ("kept", serde_json::Value::Array(pairs)) => {
                for pair in pairs {
                    if let (Some(name), Some(text)) = (pair[0].as_str(), pair[1].as_str()) {
                        fields.entry(name.to_owned()).or_default().push(text.to_owned());
                    }
                }
            }
            ("notes", serde_json::Value::Array(notes)) => {
                for note in notes {
                    if let (Some(name), Some(text)) = (note["field"].as_str(), note["text"].as_str()) {
                        fields.entry(name.to_owned()).or_default().push(text.to_owned());
                    }
                }
            }
            ("reference", _) => {}
            (_, serde_json::Value::Array(items)) => {
                fields.entry(field).or_default().extend(items.iter().map(readable));
            }
            (_, value) => fields.entry(field).or_default().push(readable(&value)),
        }
    }
    fields
}

/// A value in words: its text where it has one, else its parts.
fn readable(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Object(parts) => {
            let mut words: Vec<String> = Vec::new();
            for (key, part) in parts {
                match (key.as_str(), part) {
                    ("text" | "value", serde_json::Value::String(text)) => words.insert(0, text.clone()),
                    (_, serde_json::Value::String(text)) => words.push(format!("{key} {text}")),
                    ("parts", _) => {}
                    (_, other) => words.push(format!("{key} {}", readable(other))),
                }
            }
            words.join(", ")
        }
        serde_json::Value::Array(items) => items.iter().map(readable).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use standing_model::{Name, NameKind};

    #[test]
    fn an_amendment_names_each_field_with_old_and_new() {
        let old = Record {
            reference: "HTi.002".into(),
            names: vec![Name::new(NameKind::Primary, "A"), Name::new(NameKind::Alias, "B")],
            kept: vec![("DATAID".into(), "1".into())],
            ..Record::default()
        };
        let mut new = old.clone();
        new.names.reverse();
        assert_eq!(changes(&old, &new), vec![], "an order of aliases is no change");
        new.kept[0].1 = "2".into();
        assert_eq!(
            changes(&old, &new),
            vec![FieldChange {
                field: "DATAID".into(),
                old: vec!["1".into()],
                new: vec!["2".into()]
            }]
        );
    }
}
