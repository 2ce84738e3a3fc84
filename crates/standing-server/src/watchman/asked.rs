//! What a query string of that API asks for, as screening takes it. Unknown parameters are an error there, and here.

use serde_json::{Map, Value, json};
use standing::model::{IdentifierKind, PartyKind};
use standing::screen::Query;
use standing::screen::batch::columns;

use super::{Failed, bad};

/// Results at most.
const MOST: usize = 100;
/// Parameters that say something about the party, or about how to answer.
const KNOWN: [&str; 42] = [
    "name",
    "type",
    "source",
    "sourceID",
    "altNames",
    "limit",
    "minMatch",
    "requestID",
    "debug",
    "debugSourceIDs",
    "format",
    "gender",
    "birthDate",
    "deathDate",
    "titles",
    "created",
    "dissolved",
    "aircraftType",
    "icaoCode",
    "model",
    "serialNumber",
    "built",
    "flag",
    "imoNumber",
    "vesselType",
    "mmsi",
    "callSign",
    "owner",
    "tonnage",
    "grossRegisteredTonnage",
    "email",
    "emailAddress",
    "emailAddresses",
    "phone",
    "phoneNumber",
    "phoneNumbers",
    "fax",
    "website",
    "websites",
    "address",
    "addresses",
    "cryptoAddress",
];
/// The same, plural or rarer.
const ALSO_KNOWN: [&str; 3] = ["cryptoAddresses", "faxNumber", "faxNumbers"];

fn kind_of(word: &str) -> Option<PartyKind> {
    Some(match word {
        "" => PartyKind::Unknown,
        "person" => PartyKind::Person,
        "business" | "organization" => PartyKind::Organisation,
        "vessel" => PartyKind::Vessel,
        "aircraft" => PartyKind::Aircraft,
        _ => return None,
    })
}

/// What a query string asks.
pub struct Asked {
    pub query: Query,
    pub echo: Value,
    pub kind: String,
    pub source: Option<String>,
    pub source_id: Option<String>,
    pub limit: usize,
    pub least: f64,
    pub debug: bool,
}

/// Reads it, or says what is wrong with it.
pub fn read(query: Option<&str>) -> Result<Asked, Failed> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query.unwrap_or_default()).unwrap_or_default();
    let known = |name: &str| KNOWN.contains(&name) || ALSO_KNOWN.contains(&name) || name.starts_with("gov_");
    if let Some((unknown, _)) = pairs.iter().find(|(name, _)| !known(name)) {
        return Err(bad(format!("unknown query parameter: {unknown}")));
    }
    let last = |name: &str| pairs.iter().rev().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    let all = |names: &[&str]| -> Vec<String> {
        pairs
            .iter()
            .filter(|(n, _)| names.contains(&n.as_str()))
            .flat_map(|(_, v)| v.split(','))
            .map(|v| v.trim().to_owned())
            .filter(|v| !v.is_empty())
            .collect()
    };
    if let Some(format) = last("format").filter(|f| !matches!(*f, "" | "watchman")) {
        return Err(bad(format!("format {format} is not given here: watchman is")));
    }
    let kind = last("type").unwrap_or_default().to_ascii_lowercase();
    let party = kind_of(&kind).ok_or_else(|| {
        bad(format!(
            "unknown type: {kind}. person, business, organization, aircraft, vessel"
        ))
    })?;
    let limit = match last("limit") {
        None => 10,
        Some(text) => text
            .parse::<usize>()
            .ok()
            .filter(|n| (1..=MOST).contains(n))
            .ok_or_else(|| bad(format!("limit: \"{text}\" is not a number from 1 to {MOST}")))?,
    };
    let least = match last("minMatch") {
        None => 0.0,
        Some(text) => text
            .parse::<f64>()
            .ok()
            .filter(|n| (0.0..=1.0).contains(n))
            .ok_or_else(|| bad(format!("minMatch: \"{text}\" is not a number from 0 to 1")))?,
    };
    let mut asked = Query {
        kind: party,
        ..Query::default()
    };
    asked
        .names
        .extend(last("name").filter(|n| !n.trim().is_empty()).map(str::to_owned));
    asked
        .names
        .extend(pairs.iter().filter(|(n, _)| n == "altNames").map(|(_, v)| v.clone()));
    for field in ["birthDate", "created", "built"] {
        if let Some(text) = last(field) {
            asked
                .births
                .push(columns::birth(text).map_err(|e| bad(format!("{field}: {e}")))?);
        }
    }
    if let Some(text) = last("gender") {
        asked.gender = columns::gender(text).map_err(|e| bad(format!("gender: {e}")))?;
    }
    if let Some(text) = last("flag") {
        asked
            .countries
            .push(columns::country(text).map_err(|e| bad(format!("flag: {e}")))?);
    }
    asked.addresses = pairs
        .iter()
        .filter(|(n, _)| n == "address" || n == "addresses")
        .map(|(_, v)| v.clone())
        .collect();
    let mut identify = |kind: IdentifierKind, values: Vec<String>| {
        asked.identifiers.extend(
            values
                .into_iter()
                .map(|v| standing::model::Identifier::new(kind.clone(), v)),
        );
    };
    identify(IdentifierKind::Imo, all(&["imoNumber"]));
    identify(IdentifierKind::Mmsi, all(&["mmsi"]));
    identify(IdentifierKind::CallSign, all(&["callSign"]));
    identify(IdentifierKind::AircraftSerial, all(&["serialNumber"]));
    // `CUR:ADDRESS`
    let coins = all(&["cryptoAddress", "cryptoAddresses"]);
    identify(
        IdentifierKind::CryptoAddress,
        coins
            .iter()
            .map(|c| c.split_once(':').map_or(c.as_str(), |(_, a)| a).to_owned())
            .collect(),
    );
    for (name, value) in pairs.iter().filter(|(n, _)| n.starts_with("gov_")) {
        // `country:identifier`
        let number = value
            .split_once(':')
            .map_or(value.as_str(), |(_, number)| number)
            .to_owned();
        let kind = match name.as_str() {
            "gov_passport" => IdentifierKind::Passport,
            "gov_tax_id" | "gov_taxid" => IdentifierKind::TaxNumber,
            "gov_ssn" => IdentifierKind::SocialSecurity,
            "gov_drivers_license" => IdentifierKind::DrivingLicence,
            "gov_business_registration" | "gov_commercial_registry" => IdentifierKind::RegistrationNumber,
            _ => IdentifierKind::NationalId,
        };
        asked.identifiers.push(standing::model::Identifier::new(kind, number));
    }
    if asked.names.is_empty() && asked.identifiers.is_empty() {
        return Err(bad("name is required"));
    }
    let mut echo = Map::new();
    for (name, value) in &pairs {
        if !matches!(
            name.as_str(),
            "limit" | "minMatch" | "debug" | "format" | "requestID" | "debugSourceIDs"
        ) {
            let name = if name == "type" { "entityType" } else { name };
            echo.insert(name.to_owned(), json!(value));
        }
    }
    Ok(Asked {
        query: asked,
        echo: Value::Object(echo),
        kind,
        source: last("source").map(str::to_owned),
        source_id: last("sourceID").map(str::to_owned),
        limit,
        least,
        debug: matches!(last("debug"), Some("true" | "1" | "yes" | "")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_parameters_and_missing_names_are_errors() {
        let wrong = |query: &str| read(Some(query)).err().map(|f| f.1);
        assert!(wrong("name=x&nmae=y").unwrap().contains("nmae"));
        assert!(wrong("").unwrap().contains("name"));
        assert!(wrong("name=x&type=dragon").unwrap().contains("dragon"));
        assert!(wrong("name=x&limit=101").is_some() && wrong("name=x&minMatch=2").is_some());
        let asked = read(Some("name=x&type=person&gov_passport=Iran:A1&limit=3"))
            .ok()
            .unwrap();
        assert_eq!((asked.limit, asked.query.identifiers[0].value.as_str()), (3, "A1"));
    }
}
