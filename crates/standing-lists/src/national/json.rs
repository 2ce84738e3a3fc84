//! Lists that are an array of flat JSON objects: Pakistan's proscribed persons (NACTA) and Russia's unified federal list as converted.
//!
//! Neither has a reference of its own. NACTA's key is the identity card number (CNIC) with name and father's name, because eleven numbers
//! stand on several records (one of them `1234567890000`) and fifteen records have none; it breaks when a spelling is corrected, and
//! identical records get an ordinal. The Russian key is the organisation's name as the list prints it, quotation marks included.
//! Neither bears a date. What the list of the security service holds and this conversion lacks: court, number and date of the decision.

use serde_json::{Map, Value};
use standing_model::{
    Identifier, IdentifierKind, Name, NameKind, NameQuality, Place, Record, Reject, Relation, Snapshot,
};

use crate::error::ReadError;
use crate::note;
use crate::registry::{Document, Format, ReadOptions};
use crate::several_names::apart;

/// Pakistan's entry.
pub(crate) const PAKISTAN: Format = Format {
    id: "pk-nacta-json",
    lists: &["pk-nacta"],
    summary: "Pakistan, proscribed persons under the Anti-Terrorism Act (NACTA), JSON",
    part: |bytes| has_keys(bytes, &["\"CNIC\"", "\"FatherName\""]).then_some(""),
    sets: None,
    read: |documents, options| {
        documents
            .iter()
            .map(|d| read(d, options, "pk-nacta", PAKISTAN.id, pakistan))
            .collect()
    },
};

/// Russia's entry.
pub(crate) const RUSSIA: Format = Format {
    id: "ru-fsb-json",
    lists: &["ru-fsb"],
    summary: "Russia, unified federal list of terrorist organisations, as converted to JSON",
    part: |bytes| {
        (has_keys(bytes, &["\"is_person\"", "\"aliases\""]) && has_keys(bytes, &["\"terrorist\""])).then_some("")
    },
    sets: None,
    read: |documents, options| {
        documents
            .iter()
            .map(|d| read(d, options, "ru-fsb", RUSSIA.id, russia))
            .collect()
    },
};

/// Does an array of objects begin here, the first with these words?
fn has_keys(bytes: &[u8], words: &[&str]) -> bool {
    let head = &bytes[..bytes.len().min(2048)];
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    head.starts_with(b"[")
        && words
            .iter()
            .all(|word| memchr::memmem::find(head, word.as_bytes()).is_some())
}

type Reader = fn(&mut Map<String, Value>) -> Result<Record, String>;

fn read(
    document: &Document<'_>,
    options: &ReadOptions,
    list: &str,
    format: &str,
    reader: Reader,
) -> Result<Snapshot, ReadError> {
    let bytes = document.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(document.bytes);
    let values: Vec<Value> = serde_json::from_slice(bytes).map_err(|error| ReadError::Broken {
        document: document.name.to_owned(),
        what: "the file breaks off or is no JSON".to_owned(),
        position: format!("line {}, column {}", error.line(), error.column()),
        read: 0,
    })?;
    let mut snapshot = Snapshot::new(list, format);
    for (at, value) in values.into_iter().enumerate() {
        let position = format!("object {}", at + 1);
        let Value::Object(mut fields) = value else {
            snapshot.rejects.push(Reject {
                position,
                reason: "it is no object".to_owned(),
            });
            continue;
        };
        match reader(&mut fields) {
            Ok(mut record) => {
                for (field, value) in fields {
                    let text = match value {
                        Value::Null => continue,
                        Value::String(text) => text,
                        other => other.to_string(),
                    };
                    if !text.trim().is_empty() {
                        note::not_understood(&mut snapshot, &field);
                        note::keep(&mut record, &field, &text);
                    }
                }
                snapshot.records.push(record);
                snapshot.positions.push(position);
            }
            Err(reason) => snapshot.rejects.push(Reject { position, reason }),
        }
    }
    note::finish(&mut snapshot, options);
    Ok(snapshot)
}

/// Takes a text field out of an object, trimmed; empty where there is none.
fn take(fields: &mut Map<String, Value>, name: &str) -> String {
    match fields.get(name) {
        Some(Value::String(text)) => {
            let text = text.trim().to_owned();
            fields.remove(name);
            text
        }
        _ => String::new(),
    }
}

fn pakistan(fields: &mut Map<String, Value>) -> Result<Record, String> {
    let name = take(fields, "Name");
    let father = take(fields, "FatherName");
    let card = take(fields, "CNIC");
    if name.is_empty() {
        return Err("no Name".to_owned());
    }
    if card.contains(['E', '+']) {
        return Err(format!("the CNIC \"{card}\" was rounded by a spreadsheet program"));
    }
    let key = |text: &str| note::spaced(text).to_lowercase();
    let mut record = Record {
        reference: format!("{card}/{}/{}", key(&name), key(&father)).into(),
        kind: standing_model::PartyKind::Person,
        names: apart(NameKind::Primary, &name)
            .into_iter()
            .map(|(kind, name)| {
                // A nickname of one word is many people's: it finds only with something beside it.
                let weak = kind == NameKind::Alias && !name.contains(' ');
                Name::new(kind, name).with_quality(if weak { NameQuality::Weak } else { NameQuality::Good })
            })
            .collect(),
        ..Record::default()
    };
    if record.names.len() != 1 {
        note::keep(&mut record, "Name", &name);
    }
    if !father.is_empty() {
        record.relations.push(Relation {
            kind: "father".into(),
            name: Some(father.into()),
            reference: None,
        });
    }
    if !card.is_empty() {
        let mut identifier = Identifier::new(IdentifierKind::NationalId, card);
        identifier.country = "PK".parse().ok();
        identifier.note = Some("CNIC".into());
        record.identifiers.push(identifier);
    }
    let (province, district) = (take(fields, "Province"), take(fields, "District"));
    let text = [district, province]
        .into_iter()
        .filter(|t| !t.is_empty())
        .collect::<Vec<_>>()
        .join(", ");
    if !text.is_empty() {
        record.places.push(Place {
            text: text.into(),
            country: "PK".parse().ok(),
        });
    }
    Ok(record)
}

fn russia(fields: &mut Map<String, Value>) -> Result<Record, String> {
    let name = take(fields, "name");
    if name.is_empty() {
        return Err("no name".to_owned());
    }
    let mut record = Record {
        reference: note::spaced(&name),
        kind: match fields.remove("is_person") {
            Some(Value::Bool(true)) => standing_model::PartyKind::Person,
            _ => standing_model::PartyKind::Organisation,
        },
        names: vec![Name::new(NameKind::Primary, note::spaced(&name))],
        ..Record::default()
    };
    let programme = take(fields, "type");
    record
        .programmes
        .extend((!programme.is_empty()).then(|| programme.into()));
    // The conversion guessed these from brackets; they are weak, whatever the list means by them.
    if let Some(Value::Array(aliases)) = fields.remove("aliases") {
        for alias in aliases {
            if let Value::String(alias) = alias {
                let name = Name::new(NameKind::Alias, note::spaced(&alias));
                record.names.push(name.with_quality(standing_model::NameQuality::Weak));
            }
        }
    }
    Ok(record)
}
