//! From an entity that a client sends to a query of ours.

use serde_json::{Map, Value};
use standing::model::{Identifier, IdentifierKind};
use standing::screen::Query;
use standing::screen::batch::columns;

use super::schemas;

/// The texts of a property: one value or a list of them.
pub fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// The identifier that a property holds.
fn identifier(property: &str) -> Option<IdentifierKind> {
    Some(match property {
        "passportNumber" => IdentifierKind::Passport,
        "idNumber" => IdentifierKind::NationalId,
        "socialSecurityNumber" => IdentifierKind::SocialSecurity,
        "taxNumber" | "vatCode" => IdentifierKind::TaxNumber,
        "registrationNumber" => IdentifierKind::RegistrationNumber,
        "imoNumber" => IdentifierKind::Imo,
        "mmsi" => IdentifierKind::Mmsi,
        "callSign" => IdentifierKind::CallSign,
        "leiCode" => IdentifierKind::Lei,
        "swiftBic" => IdentifierKind::Bic,
        "dunsCode" => IdentifierKind::Duns,
        "ogrnCode" => IdentifierKind::Ogrn,
        "innCode" => IdentifierKind::Inn,
        "wikidataId" => IdentifierKind::Wikidata,
        _ => return None,
    })
}

/// Makes a query of a schema and properties. Properties that say nothing here, and values that cannot be read, are left out: the
/// names still count.
pub fn query(row: u64, id: Option<String>, schema: &str, properties: &Map<String, Value>) -> Query {
    let mut query = Query {
        row,
        id,
        kind: schemas::kind(schema),
        ..Query::default()
    };
    let mut parts: [Vec<String>; 4] = Default::default();
    for (property, value) in properties {
        let values = texts(value);
        match property.as_str() {
            "name" | "alias" | "weakAlias" | "previousName" => query.names.extend(values),
            "firstName" => parts[0].extend(values),
            "secondName" | "middleName" => parts[1].extend(values),
            "fatherName" => parts[2].extend(values),
            "lastName" => parts[3].extend(values),
            "birthDate" | "incorporationDate" | "buildDate" => {
                query
                    .births
                    .extend(values.iter().filter_map(|v| columns::birth(v).ok()));
            }
            "country" | "nationality" | "citizenship" | "jurisdiction" | "flag" | "birthCountry" | "mainCountry" => {
                query
                    .countries
                    .extend(values.iter().filter_map(|v| columns::country(v).ok()));
            }
            "gender" => query.gender = values.iter().find_map(|v| columns::gender(v).ok().flatten()),
            "address" => query.addresses.extend(values),
            other => {
                if let Some(kind) = identifier(other) {
                    query
                        .identifiers
                        .extend(values.into_iter().map(|v| Identifier::new(kind.clone(), v)));
                } else {
                    // Names of properties are of the client's making, not a customer's data.
                    tracing::debug!("a property without effect on a match");
                }
            }
        }
    }
    if query.names.is_empty() && !parts[3].is_empty() {
        let whole: Vec<String> = parts.into_iter().flatten().collect();
        query.names.push(whole.join(" "));
    }
    query.names.retain(|n| !n.trim().is_empty());
    query.names.dedup();
    query.countries.sort_unstable();
    query.countries.dedup();
    query
}
