//! The HTTP API of Moov Watchman v2, in its flat form: `/v2/search` and `/v2/listinfo`.
//!
//! Unknown parameters are an error there, and here. Errors are `{"error": "…"}`.

use std::sync::Arc;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Map, Value, json};
use standing::model::{IdentifierKind, PartialDate, PartyKind, Record, Text};
use standing::screen::batch::columns;
use standing::screen::{Options, Query};
use standing::{ListingView, answers};

use crate::body::answer;
use crate::problem::Problem;
use crate::screening;
use crate::shared::Shared;

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

/// Routes that screen.
pub fn screening() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v2/search", get(search))
        .route("/v2/listinfo", get(list_info))
        .route_layer(map_response(own_form))
}

/// An error in that API's form.
#[derive(Debug)]
struct Failed(StatusCode, String);

impl From<Problem> for Failed {
    fn from(problem: Problem) -> Self {
        Self(problem.status, problem.detail)
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        (
            self.0,
            [(header::CONTENT_TYPE, "application/json")],
            json!({"error": self.1}).to_string(),
        )
            .into_response()
    }
}

async fn own_form(response: Response) -> Response {
    match response.extensions().get::<Problem>().cloned() {
        Some(problem) => Failed::from(problem).into_response(),
        None => response,
    }
}

fn bad(text: impl Into<String>) -> Failed {
    Failed(StatusCode::BAD_REQUEST, text.into())
}

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

fn kind_word(kind: PartyKind) -> &'static str {
    match kind {
        PartyKind::Person => "person",
        PartyKind::Vessel => "vessel",
        PartyKind::Aircraft => "aircraft",
        PartyKind::Organisation | PartyKind::Government | PartyKind::Unknown => "organization",
    }
}

/// What a query string asks.
struct Asked {
    query: Query,
    echo: Value,
    kind: String,
    source: Option<String>,
    source_id: Option<String>,
    limit: usize,
    least: f64,
    debug: bool,
}

fn read(query: Option<&str>) -> Result<Asked, Failed> {
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

fn entity(listing: &ListingView, kind: PartyKind, wanted: &str) -> Map<String, Value> {
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

async fn search(State(shared): State<Arc<Shared>>, RawQuery(query): RawQuery) -> Result<Response, Failed> {
    let asked = read(query.as_deref())?;
    let screen = screening::present(&shared)?;
    let options = Options {
        threshold: Some(asked.least.max(0.5) as f32),
        limit: None,
        exhaustive: false,
    };
    // A name that cannot be searched for resembles nothing.
    let hits = screen.one(&asked.query, &options).map(|o| o.hits).unwrap_or_default();
    let fits = |listing: &str| {
        let (list, reference) = listing.split_once(':').unwrap_or((listing, ""));
        asked.source.as_deref().is_none_or(|s| s.is_empty() || s == list)
            && asked
                .source_id
                .as_deref()
                .is_none_or(|s| s.is_empty() || s == reference)
    };
    let wanted: Vec<_> = hits
        .into_iter()
        .filter(|h| h.listing.as_deref().is_some_and(fits) && h.score >= asked.least)
        .collect();
    let (question, today, limit) = (screen.question(), shared.today(), asked.limit);
    let kind_asked = asked.query.kind;
    let (kind, debug) = (asked.kind.clone(), asked.debug);
    let entities = shared
        .readers
        .ask(move |ledger| {
            let (view, _) = question.view(ledger, today)?;
            let mut entities = Vec::new();
            for hit in wanted {
                if entities.len() >= limit {
                    break;
                }
                let Some((list, reference)) = hit.listing.as_deref().and_then(|l| l.split_once(':')) else { continue };
                let id = standing::model::ListingId::new(list, reference);
                let Some(listing) = answers::listing(&view, &id)? else { continue };
                let of = listing.record.kind;
                if kind_asked != PartyKind::Unknown && of != PartyKind::Unknown && of != kind_asked {
                    continue;
                }
                let mut entity = entity(&listing, of, &kind);
                entity.insert("match".into(), json!(hit.score));
                let mut pieces = vec![json!({
                    "score": hit.name_score, "weight": 35, "matched": true, "required": true, "exact": hit.name_score >= 1.0,
                    "fieldsCompared": 1, "pieceType": "name",
                })];
                pieces.extend(hit.explanation.fields.iter().map(|f| {
                    json!({
                        "score": f.amount, "weight": 0, "matched": f.amount > 0.0, "required": false, "exact": f.outcome == "agrees",
                        "fieldsCompared": 1, "pieceType": f.field,
                    })
                }));
                entity.insert("details".into(), json!({"pieces": pieces, "finalScore": hit.score}));
                if debug {
                    let why = serde_json::to_string(&hit.explanation).unwrap_or_default();
                    entity.insert("debug".into(), json!(base64(why.as_bytes())));
                }
                entities.push(Value::Object(entity));
            }
            Ok(entities)
        })
        .await?;
    Ok(answer(&json!({"query": asked.echo, "entities": entities})))
}

/// Base 64 (RFC 4648), as that API gives its notes.
fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let of = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let word = of(0) << 16 | of(1) << 8 | of(2);
        for place in 0..4 {
            let sign = SIGNS[(word >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= chunk.len() { char::from(sign) } else { '=' });
        }
    }
    text
}

async fn list_info(State(shared): State<Arc<Shared>>) -> Result<Response, Failed> {
    let screen = screening::present(&shared)?;
    let (question, today) = (screen.question(), shared.today());
    let (lists, sources) = shared
        .readers
        .ask(move |ledger| {
            Ok((
                answers::lists(ledger, &question, today)?,
                answers::sources(ledger, &question, today)?,
            ))
        })
        .await?;
    let mut counts = Map::new();
    let mut hashes = Map::new();
    let mut newest = None;
    for list in &lists {
        counts.insert(list.list.clone(), json!(list.listings.unwrap_or_default()));
        let digest = sources
            .iter()
            .rfind(|s| s.list == list.list && s.date == list.date)
            .map(|s| s.source.clone());
        hashes.insert(list.list.clone(), json!(digest.unwrap_or_default()));
        newest = newest.max(list.date.and_then(PartialDate::latest));
    }
    // When the data was loaded is no business of a question's answer; the day of the newest list is what it rests on.
    let day = newest.map_or(Value::Null, |d| json!(format!("{d}T00:00:00Z")));
    Ok(answer(&json!({
        "lists": counts,
        "listHashes": hashes,
        "startedAt": day,
        "endedAt": day,
        "version": format!("standing-{}", env!("CARGO_PKG_VERSION")),
    })))
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

    #[test]
    fn base_64_as_the_standard_has_it() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
