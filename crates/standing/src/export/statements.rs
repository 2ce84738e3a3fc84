//! Statement CSV: a line for each value of each property, in the column order of FollowTheMoney's statements.

use sha1::{Digest, Sha1};

use super::Entity;

const COLUMNS: [&str; 14] = [
    "canonical_id",
    "entity_id",
    "prop",
    "prop_type",
    "schema",
    "value",
    "dataset",
    "origin",
    "lang",
    "original_value",
    "external",
    "first_seen",
    "last_seen",
    "id",
];

/// The column headings, quoted, in order.
pub static HEADER: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| quoted(COLUMNS));

/// The lines of an entity: one that says that it is there, and one for each value.
pub fn statements(entity: &Entity) -> Vec<String> {
    let dataset = entity.datasets.first().map_or("standing", String::as_str);
    let values = entity
        .properties
        .iter()
        .flat_map(|(p, values)| values.iter().map(move |v| (p.as_str(), property_type(p), v)));
    std::iter::once(("id", "entity", &entity.id))
        .chain(values)
        .map(|(p, t, v)| line(entity, dataset, p, t, v))
        .collect()
}

fn line(entity: &Entity, dataset: &str, property: &str, kind: &str, value: &str) -> String {
    let digest = Sha1::digest(format!("{dataset}.{}.{property}.{value}", entity.id).as_bytes());
    let id: String = digest.iter().map(|b| format!("{b:02x}")).collect();
    let first = entity.first_seen.as_deref().unwrap_or_default();
    let last = entity.last_seen.as_deref().unwrap_or_default();
    quoted([
        &entity.id,
        &entity.id,
        property,
        kind,
        &entity.schema,
        value,
        dataset,
        "",
        "",
        "",
        "f",
        first,
        last,
        &id,
    ])
}

fn quoted(cells: [&str; 14]) -> String {
    cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).join(",")
}

/// The type of a property, as FollowTheMoney 4.11 has it, for those that are written here.
fn property_type(property: &str) -> &'static str {
    match property {
        "name" | "alias" | "weakAlias" | "previousName" => "name",
        "birthDate" | "deathDate" | "incorporationDate" | "buildDate" | "startDate" | "endDate" | "listingDate" => {
            "date"
        }
        "nationality" | "country" | "flag" => "country",
        "topics" => "topic",
        "address" => "address",
        "gender" => "gender",
        "phone" => "phone",
        "email" => "email",
        "website" | "sourceUrl" => "url",
        "entity" => "entity",
        "notes" => "text",
        "passportNumber"
        | "idNumber"
        | "taxNumber"
        | "registrationNumber"
        | "imoNumber"
        | "leiCode"
        | "swiftBic"
        | "ogrnCode"
        | "innCode"
        | "wikidataId"
        | "mmsi"
        | "dunsCode"
        | "socialSecurityNumber" => "identifier",
        _ => "string",
    }
}
