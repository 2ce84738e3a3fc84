//! A listing in that API's form of an entity, every part of which is there, empty or not.

use serde_json::{Map, Value, json};
use standing::ListingView;
use standing::model::{IdentifierKind, PartialDate, PartyKind, Record, Text};

fn kind_word(kind: PartyKind) -> &'static str {
    match kind {
        PartyKind::Person => "person",
        PartyKind::Vessel => "vessel",
        PartyKind::Aircraft => "aircraft",
        PartyKind::Organisation | PartyKind::Government | PartyKind::Unknown => "organization",
    }
}

fn time(date: Option<PartialDate>) -> Value {
    // A time to the second is what that form asks for: the first instant of what is known, as its own lists give it.
    date.and_then(PartialDate::earliest)
        .map_or(Value::Null, |d| json!(format!("{d}T00:00:00Z")))
}

fn strings(values: &[Text]) -> Value {
    if values.is_empty() { Value::Null } else { json!(values) }
}

fn identifiers(record: &Record, kind: &IdentifierKind) -> Vec<Text> {
    record
        .identifiers
        .iter()
        .filter(|i| i.kind == *kind)
        .map(|i| i.value.clone())
        .collect()
}

fn government_ids(record: &Record) -> Value {
    let ids: Vec<Value> = record
        .identifiers
        .iter()
        .filter_map(|i| {
            let kind = match i.kind {
                IdentifierKind::Passport => "passport",
                IdentifierKind::NationalId => "national-id",
                IdentifierKind::TaxNumber => "tax-id",
                IdentifierKind::SocialSecurity => "ssn",
                IdentifierKind::RegistrationNumber => "business-registration",
                IdentifierKind::DrivingLicence => "drivers-license",
                IdentifierKind::BirthCertificate => "birth-certificate",
                _ => return None,
            };
            let country = i.country.map_or_else(String::new, |c| c.name().to_owned());
            Some(json!({"name": "", "type": kind, "country": country, "identifier": i.value}))
        })
        .collect();
    if ids.is_empty() { Value::Null } else { Value::Array(ids) }
}

/// The entity; `wanted` is the type that was asked for.
pub fn entity(listing: &ListingView, kind: PartyKind, wanted: &str) -> Map<String, Value> {
    let record = &listing.record;
    let name = record.caption();
    let others: Vec<Text> = record
        .names
        .iter()
        .map(|n| n.text.clone())
        .filter(|n| n != name)
        .collect();
    let born = record.births.iter().find_map(|b| b.date);
    let mut word = kind_word(kind);
    // That API tells businesses from organisations; lists do not. Whoever asks for the one gets what it asked for.
    if word == "organization" && wanted == "business" {
        word = "business";
    }
    let mut entity = Map::new();
    for part in ["person", "business", "organization", "aircraft", "vessel"] {
        entity.insert(part.into(), Value::Null);
    }
    let first = |kind: &IdentifierKind| identifiers(record, kind).into_iter().next().unwrap_or_default();
    let own = match word {
        "person" => json!({
            "name": name, "altNames": strings(&others),
            "gender": record.gender.map_or_else(|| "unknown".to_owned(), |g| format!("{g:?}").to_lowercase()),
            "birthDate": time(born),
            "placeOfBirth": record.births.iter().find_map(|b| b.place.as_ref().map(|p| p.text.clone())).unwrap_or_default(),
            "deathDate": time(record.deaths.first().copied()),
            "titles": strings(&record.titles),
            "governmentIDs": government_ids(record),
        }),
        "vessel" => json!({
            "name": name, "altNames": strings(&others), "imoNumber": first(&IdentifierKind::Imo), "type": "",
            "flag": record.nationalities.first().map_or_else(String::new, |c| c.code().to_owned()), "built": time(born),
            "mmsi": first(&IdentifierKind::Mmsi), "callSign": first(&IdentifierKind::CallSign),
        }),
        "aircraft" => json!({
            "name": name, "altNames": strings(&others), "type": "", "built": time(born),
            "flag": record.nationalities.first().map_or_else(String::new, |c| c.code().to_owned()),
            "serialNumber": first(&IdentifierKind::AircraftSerial),
        }),
        _ => json!({
            "name": name, "altNames": strings(&others), "created": time(born),
            "dissolved": time(record.deaths.first().copied()), "governmentIDs": government_ids(record),
        }),
    };
    entity.insert("name".into(), json!(name));
    entity.insert("entityType".into(), json!(word));
    entity.insert("sourceList".into(), json!(listing.id.list()));
    entity.insert("sourceID".into(), json!(listing.id.reference()));
    entity.insert(word.into(), own);
    entity.insert(
        "contact".into(),
        json!({
            "emailAddresses": strings(&identifiers(record, &IdentifierKind::Email)),
            "phoneNumbers": strings(&identifiers(record, &IdentifierKind::PhoneNumber)),
            "faxNumbers": null,
            "websites": strings(&identifiers(record, &IdentifierKind::Website)),
        }),
    );
    let addresses: Vec<Value> = record
        .addresses
        .iter()
        .map(|a| {
            let country = a.country.map_or_else(String::new, |c| c.code().to_owned());
            json!({"line1": a.text, "line2": "", "city": "", "postalCode": "", "state": "", "country": country})
        })
        .collect();
    entity.insert(
        "addresses".into(),
        if addresses.is_empty() {
            Value::Null
        } else {
            Value::Array(addresses)
        },
    );
    let coins: Vec<Value> = identifiers(record, &IdentifierKind::CryptoAddress)
        .into_iter()
        .map(|a| json!({"currency": "", "address": a}))
        .collect();
    entity.insert(
        "cryptoAddresses".into(),
        if coins.is_empty() {
            Value::Null
        } else {
            Value::Array(coins)
        },
    );
    entity.insert("affiliations".into(), Value::Null);
    entity.insert(
        "sanctionsInfo".into(),
        json!({"programs": record.programmes, "secondary": false, "description": ""}),
    );
    entity.insert("historicalInfo".into(), Value::Null);
    entity.insert(
        "sourceData".into(),
        json!({"entityID": listing.id.reference(), "list": listing.id.list(), "listDate": listing.list_date.to_string(), "present": listing.present}),
    );
    entity
}
