//! One FollowTheMoney entity and what its properties become; the mapping is `data/ftm-properties.tsv`.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde_json::{Map, Value};
use standing_model::{
    Address, Birth, Country, Gender, Identifier, IdentifierKind, Name, NameKind, NameQuality, Note, PartyKind, Place,
    Record, Relation, Text,
};

use crate::{dates, note};

/// What becomes of a property.
#[derive(Debug, Clone)]
enum Treatment {
    Word(&'static str),
    Identifier(IdentifierKind),
}

static PROPERTIES: LazyLock<HashMap<&'static str, Treatment>> = LazyLock::new(|| {
    let rows = include_str!("../../data/ftm-properties.tsv")
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split_once('\t'));
    rows.map(|(property, treatment)| {
        let identifier: Option<IdentifierKind> = serde_json::from_value(Value::String(treatment.to_owned())).ok();
        (
            property,
            identifier.map_or(Treatment::Word(treatment), Treatment::Identifier),
        )
    })
    .collect()
});

/// Is it a party, or does it speak of one?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Party,
    Helper,
}

/// An entity as read: values of each property, and entities nested in them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Entity {
    pub(crate) id: String,
    pub(crate) schema: String,
    pub(crate) caption: String,
    pub(crate) properties: BTreeMap<String, Vec<String>>,
    pub(crate) nested: Vec<(String, Entity)>,
    /// Everything beside id, schema, caption and properties.
    pub(crate) rest: Vec<(Text, Text)>,
}

/// Schemata of parties: those below `LegalEntity`, and vehicles (FollowTheMoney model).
const PARTIES: [&str; 9] = [
    "Person",
    "Organization",
    "Company",
    "LegalEntity",
    "PublicBody",
    "Vessel",
    "Airplane",
    "Vehicle",
    "CryptoWallet",
];

impl Entity {
    /// An entity of its JSON object.
    pub(crate) fn of(object: &Map<String, Value>) -> Result<Self, String> {
        let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
        let mut entity = Self {
            id: text("id"),
            schema: text("schema"),
            caption: text("caption"),
            ..Self::default()
        };
        if entity.id.is_empty() || entity.schema.is_empty() {
            return Err("an entity without id or schema".to_owned());
        }
        for (key, value) in object {
            match (key.as_str(), value) {
                ("id" | "schema" | "caption", _) | (_, Value::Null) => {}
                ("properties", Value::Object(properties)) => {
                    for (property, values) in properties {
                        entity.property(property, values)?;
                    }
                }
                (_, Value::Array(values)) => {
                    let words: Vec<String> = values.iter().map(shown).collect();
                    if !words.is_empty() {
                        entity.rest.push((key.clone().into(), words.join(" ").into()));
                    }
                }
                (_, value) => entity.rest.push((key.clone().into(), shown(value).into())),
            }
        }
        Ok(entity)
    }

    fn property(&mut self, property: &str, values: &Value) -> Result<(), String> {
        let one = std::slice::from_ref(values);
        for value in values.as_array().map_or(one, Vec::as_slice) {
            match value {
                Value::Object(nested) => {
                    let mut nested = Self::of(nested)?;
                    // What is nested speaks of the entity that it is nested in.
                    nested.rest.push(("nested in".into(), self.id.clone().into()));
                    self.nested.push((property.to_owned(), nested));
                }
                Value::Null => {}
                value => self
                    .properties
                    .entry(property.to_owned())
                    .or_default()
                    .push(shown(value)),
            }
        }
        Ok(())
    }

    pub(crate) fn role(&self) -> Role {
        if PARTIES.contains(&self.schema.as_str()) {
            Role::Party
        } else {
            Role::Helper
        }
    }

    /// The ids of the parties that a helper speaks of.
    pub(crate) fn parties(&self) -> impl Iterator<Item = &str> {
        const TIES: [&str; 16] = [
            "entity",
            "holder",
            "owner",
            "asset",
            "director",
            "organization",
            "person",
            "relative",
            "associate",
            "member",
            "subject",
            "object",
            "client",
            "agent",
            "employee",
            "employer",
        ];
        let named = TIES
            .iter()
            .filter_map(|tie| self.properties.get(*tie))
            .flatten()
            .map(String::as_str);
        let nested = self
            .rest
            .iter()
            .filter(|(key, _)| key == "nested in")
            .map(|(_, id)| id.as_str());
        named.chain(nested)
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn kind(schema: &str) -> PartyKind {
    match schema {
        "Person" => PartyKind::Person,
        "Organization" | "Company" | "PublicBody" => PartyKind::Organisation,
        "Vessel" => PartyKind::Vessel,
        "Airplane" => PartyKind::Aircraft,
        _ => PartyKind::Unknown,
    }
}

/// The record of a party, and the helpers nested in it.
pub(crate) fn record(entity: &Entity, unknown: &mut BTreeMap<String, u64>) -> (Record, Vec<Entity>) {
    let mut record = Record {
        reference: entity.id.clone().into(),
        kind: kind(&entity.schema),
        ..Record::default()
    };
    note::keep(&mut record, "schema", &entity.schema);
    if !entity.caption.is_empty() {
        record.names.push(Name::new(NameKind::Primary, entity.caption.clone()));
    }
    properties(entity, &mut record, unknown);
    for (key, value) in &entity.rest {
        note::keep(&mut record, key, value);
    }
    // The primary names first, as the model has them.
    record.names.sort_by_key(|n| n.kind != NameKind::Primary);
    (record, entity.nested.iter().map(|(_, n)| n.clone()).collect())
}

fn properties(entity: &Entity, record: &mut Record, unknown: &mut BTreeMap<String, u64>) {
    for (property, values) in &entity.properties {
        for value in values {
            match PROPERTIES.get(property.as_str()) {
                Some(Treatment::Identifier(kind)) => {
                    record.identifiers.push(Identifier::new(kind.clone(), value.clone()));
                }
                Some(Treatment::Word(word)) => put(word, property, value, record),
                None => {
                    *unknown.entry(property.clone()).or_default() += 1;
                    note::keep(record, property, value);
                }
            }
        }
    }
}

fn put(word: &str, property: &str, value: &str, record: &mut Record) {
    let mut name = |kind, quality| {
        let name = Name::new(kind, value).with_quality(quality);
        if !record.names.iter().any(|n| n.text == name.text && n.kind == name.kind) {
            record.names.push(name);
        }
    };
    match word {
        "primary" => name(NameKind::Primary, NameQuality::Good),
        "alias" => name(NameKind::Alias, NameQuality::Good),
        "weak" => name(NameKind::Alias, NameQuality::Weak),
        "former" => name(NameKind::Former, NameQuality::Good),
        "nationality" => match Country::from_name(value) {
            Some(country) if record.nationalities.contains(&country) => {}
            Some(country) => record.nationalities.push(country),
            None => note::keep(record, property, value),
        },
        "birth" => {
            let date = note::calendar(record, property, value, dates::iso);
            record.births.push(Birth {
                date,
                ..Birth::default()
            });
        }
        "birthplace" => record.births.push(Birth {
            place: Some(Place {
                text: value.into(),
                country: None,
            }),
            ..Birth::default()
        }),
        "death" => {
            let date = note::calendar(record, property, value, dates::iso);
            record.deaths.extend(date);
        }
        "gender" => match note::gender(value) {
            Some(gender) => record.gender = Some(gender),
            None if value == "other" => record.gender = Some(Gender::Other),
            None => note::keep(record, property, value),
        },
        "title" => record.titles.push(value.into()),
        "position" => record.positions.push(value.into()),
        "programme" => record.programmes.push(value.into()),
        "address" => record.addresses.push(Address {
            text: value.into(),
            ..Address::default()
        }),
        "note" => record.notes.push(Note {
            field: property.into(),
            text: value.to_owned(),
        }),
        _ => note::keep(record, property, value),
    }
}

/// Puts what a helper says into the record that it speaks of.
pub(crate) fn add(helper: &Entity, record: &mut Record, unknown: &mut BTreeMap<String, u64>) {
    let values = |property: &str| helper.properties.get(property).map_or(&[][..], Vec::as_slice);
    let first = |property: &str| values(property).first().map(String::as_str);
    match helper.schema.as_str() {
        "Sanction" => {
            for (property, values) in &helper.properties {
                for value in values {
                    sanction(property, value, record);
                }
            }
        }
        "Address" => {
            let country = first("country").and_then(Country::from_name);
            let parts: Vec<(Text, Text)> = helper
                .properties
                .iter()
                .flat_map(|(p, values)| values.iter().map(move |v| (p.into(), v.into())))
                .collect();
            let text = first("full").map_or_else(
                || parts.iter().map(|(_, v)| v.as_str()).collect::<Vec<_>>().join(", "),
                str::to_owned,
            );
            record.addresses.push(Address {
                text: text.into(),
                country,
                parts,
            });
        }
        "Passport" | "Identification" => {
            for number in values("number") {
                let kind = match (helper.schema.as_str(), first("type")) {
                    ("Passport", _) => IdentifierKind::Passport,
                    (_, Some(words)) => crate::identifier::kind(words),
                    _ => IdentifierKind::Other("identification".into()),
                };
                let mut found = Identifier::new(kind, number.clone());
                found.country = first("country").and_then(Country::from_name);
                found.issued = first("startDate").and_then(|d| dates::iso(d).ok()).map(Into::into);
                found.expires = first("endDate").and_then(|d| dates::iso(d).ok()).map(Into::into);
                record.identifiers.push(found);
            }
            keep_all(helper, record, &["number", "holder", "country"]);
        }
        _ => relation(helper, record),
    }
    for (key, value) in &helper.rest {
        if key != "nested in" {
            note::keep(record, &format!("{} {key}", helper.schema), value);
        }
    }
    note::keep(record, &format!("{} id", helper.schema), &helper.id);
    if !helper.caption.is_empty() {
        note::keep(record, &format!("{} caption", helper.schema), &helper.caption);
    }
    for (property, nested) in &helper.nested {
        // A relation's other side, written out in it: its name is what matters here.
        if nested.role() == Role::Party {
            note::keep(record, &format!("{} {property}", helper.schema), &nested.id);
            let caption = if nested.caption.is_empty() {
                None
            } else {
                Some(nested.caption.clone())
            };
            record.relations.push(Relation {
                kind: format!("{} {property}", helper.schema).into(),
                name: caption.map(Text::from),
                reference: Some(nested.id.clone().into()),
            });
            let mut other = Record::default();
            properties(nested, &mut other, unknown);
            for (field, value) in nested
                .properties
                .iter()
                .flat_map(|(p, v)| v.iter().map(move |v| (p, v)))
            {
                note::keep(record, &format!("{} {property} {field}", helper.schema), value);
            }
        } else {
            add(nested, record, unknown);
        }
    }
}

fn sanction(property: &str, value: &str, record: &mut Record) {
    match property {
        "programId" => record.programmes.push(value.into()),
        "provisions" => record.measures.push(value.into()),
        "listingDate" | "startDate" => {
            let date = note::calendar(record, &format!("Sanction {property}"), value, dates::iso);
            let key = |d: &standing_model::PartialDate| d.sort_key();
            if record.listed_on.is_none() || date.as_ref().map(key) < record.listed_on.as_ref().map(key) {
                record.listed_on = date.or(record.listed_on);
            }
            note::keep(record, &format!("Sanction {property}"), value);
        }
        "unscId" => record.identifiers.push(Identifier::new(
            IdentifierKind::ListReference,
            format!("un:{}", value.trim()),
        )),
        "reason" | "summary" | "description" => record.notes.push(Note {
            field: format!("Sanction {property}").into(),
            text: value.to_owned(),
        }),
        "entity" => {}
        _ => note::keep(record, &format!("Sanction {property}"), value),
    }
}

fn keep_all(helper: &Entity, record: &mut Record, but: &[&str]) {
    for (property, values) in helper.properties.iter().filter(|(p, _)| !but.contains(&p.as_str())) {
        for value in values {
            note::keep(record, &format!("{} {property}", helper.schema), value);
        }
    }
}

/// Ownership, directorship, family and the like: the other side by its id, and everything said of the tie.
fn relation(helper: &Entity, record: &mut Record) {
    let words = ["role", "relationship"]
        .iter()
        .find_map(|p| helper.properties.get(*p))
        .and_then(|v| v.first());
    let others: Vec<String> = helper
        .parties()
        .filter(|id| *id != record.reference)
        .map(str::to_owned)
        .collect();
    for other in others {
        record.relations.push(Relation {
            kind: words
                .map_or_else(|| helper.schema.clone(), |w| format!("{}: {w}", helper.schema))
                .into(),
            name: None,
            reference: Some(other.into()),
        });
    }
    keep_all(helper, record, &[]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_property_has_a_place() {
        for line in include_str!("../../data/ftm-properties.tsv")
            .lines()
            .filter(|l| !l.starts_with('#'))
        {
            let (property, treatment) = line.split_once('\t').expect("property and place");
            assert!(!property.is_empty() && property == property.trim(), "{line}");
            let known = [
                "primary",
                "alias",
                "weak",
                "former",
                "nationality",
                "birth",
                "birthplace",
                "death",
                "gender",
                "title",
                "position",
                "address",
                "programme",
                "note",
                "keep",
            ];
            let is_identifier = matches!(PROPERTIES.get(property), Some(Treatment::Identifier(_)));
            assert!(known.contains(&treatment) || is_identifier, "{line}");
        }
    }
}
