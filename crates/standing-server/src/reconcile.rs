//! The Reconciliation Service API 0.2, as OpenRefine uses it: manifest, batches, suggestions, previews, extension.
//!
//! Source: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/. Types are FollowTheMoney's schemata,
//! properties those of its entities here. Nothing is fetched, and no callback of a query is run: JSONP is not spoken.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{DOCTYPE, html};
use serde_json::{Map, Value, json};

use crate::asked::Named;
use crate::body::{answer, unread};
use crate::problem::Problem;
use crate::screening;
use crate::shared::Shared;
use crate::yente::matching::{Filter, datasets, hits};
use crate::yente::parameters::Parameters;
use crate::yente::search::found;
use crate::yente::{Detail, entities, queries, schemas};

/// Queries of a batch at most; what the manifest asks clients to send.
const BATCH: usize = 100;
/// Candidates of a query, if it does not say.
const CANDIDATES: usize = 5;
/// Suggestions, if the question does not say.
const SUGGESTIONS: usize = 10;
/// Candidates and suggestions at most.
const MOST: usize = 500;
/// From this score on, a candidate that stands alone is a match.
const SURE: f64 = 0.95;

/// Properties that may be asked for, with their labels.
const PROPERTIES: [(&str, &str); 22] = [
    ("name", "Name"),
    ("alias", "Other name"),
    ("weakAlias", "Weak alias"),
    ("previousName", "Previous name"),
    ("birthDate", "Date of birth"),
    ("birthPlace", "Place of birth"),
    ("deathDate", "Date of death"),
    ("nationality", "Nationality"),
    ("country", "Country"),
    ("gender", "Gender"),
    ("title", "Title"),
    ("position", "Position"),
    ("address", "Address"),
    ("passportNumber", "Passport number"),
    ("idNumber", "Identification number"),
    ("taxNumber", "Tax number"),
    ("registrationNumber", "Registration number"),
    ("incorporationDate", "Date of founding"),
    ("imoNumber", "IMO number"),
    ("leiCode", "LEI"),
    ("topics", "Topics"),
    ("notes", "Notes"),
];

/// Routes that screen: queries are scored like any others.
pub fn screening() -> Router<Arc<Shared>> {
    Router::new()
        .route("/reconcile/{dataset}", get(ask).post(post))
        .route("/reconcile/{dataset}/suggest/entity", get(suggest_entity))
        .route("/reconcile/{dataset}/suggest/property", get(suggest_property))
        .route("/reconcile/{dataset}/suggest/type", get(suggest_type))
        .route("/reconcile/{dataset}/extend/property", get(propose))
        .route("/reconcile/{dataset}/preview/{id}", get(preview))
}

fn here(shared: &Shared, headers: &HeaderMap) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|h| h.to_str().ok())
        .unwrap_or("localhost");
    let scheme = if shared.options.tls.is_some() { "https" } else { "http" };
    format!("{scheme}://{host}")
}

fn types() -> Vec<Value> {
    schemas::TYPES.iter().map(|t| json!({"id": t, "name": t})).collect()
}

async fn check(shared: &Arc<Shared>, dataset: &str) -> Result<(), Detail> {
    let screen = screening::present(shared)?;
    let sets = datasets(shared, &screen).await?;
    if sets.has(dataset) {
        Ok(())
    } else {
        Err(Detail::new(
            StatusCode::NOT_FOUND,
            format!("No such dataset: {dataset}. GET /catalog names them."),
        ))
    }
}

/// The manifest; or, with `queries` or `extend`, what a POST of them would give.
async fn ask(
    State(shared): State<Arc<Shared>>,
    Named(dataset): Named,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Detail> {
    let parameters = Parameters::read(query.as_deref());
    if parameters.last("queries").is_some() || parameters.last("extend").is_some() {
        return answered(&shared, dataset, &parameters).await;
    }
    check(&shared, &dataset).await?;
    let here = here(&shared, &headers);
    let service = format!("{here}/reconcile/{}", crate::v1::feeds::segment(&dataset));
    let suggest = |what: &str| json!({"service_url": service, "service_path": format!("/suggest/{what}")});
    Ok(answer(&json!({
        "versions": ["0.2"],
        "name": format!("Standing: {dataset}"),
        "identifierSpace": format!("{here}/entities/"),
        "schemaSpace": "https://followthemoney.tech/explorer/schemata/",
        "documentation": format!("{here}/docs/api"),
        "view": {"url": format!("{here}/party/{{{{id}}}}")},
        "preview": {"url": format!("{service}/preview/{{{{id}}}}"), "width": 430, "height": 320},
        "defaultTypes": types(),
        "batchSize": BATCH,
        "suggest": {"entity": suggest("entity"), "property": suggest("property"), "type": suggest("type")},
        "extend": {
            "propose_properties": {"service_url": service, "service_path": "/extend/property"},
            "property_settings": [
                {"name": "limit", "label": "Limit", "type": "number", "default": 0, "help_text": "Values for each row at most; 0 for no limit"},
            ],
        },
    })))
}

async fn post(
    State(shared): State<Arc<Shared>>,
    Named(dataset): Named,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Detail> {
    let body = body.map_err(|e| unread(&e))?;
    let form = std::str::from_utf8(&body).map_err(|_| Detail::bad("The form is no UTF-8"))?;
    answered(&shared, dataset, &Parameters::read(Some(form))).await
}

async fn answered(shared: &Arc<Shared>, dataset: String, form: &Parameters) -> Result<Response, Detail> {
    static SIZE: HeaderName = HeaderName::from_static("x-batch-size");
    let (value, size) = if let Some(extend) = form.last("extend") {
        check(shared, &dataset).await?;
        extended(shared, extend).await?
    } else if let Some(queries) = form.last("queries") {
        reconciled(shared, dataset, queries).await?
    } else {
        return Err(Detail::invalid(
            &["body", "queries"],
            "Field required: queries or extend",
        ));
    };
    let mut response = answer(&value);
    response.headers_mut().insert(SIZE.clone(), HeaderValue::from(size));
    Ok(response)
}

fn objects(text: &str, what: &str) -> Result<Map<String, Value>, Detail> {
    let value: Value = serde_json::from_str(text).map_err(|e| Detail::bad(format!("Cannot decode {what}: {e}")))?;
    match value {
        Value::Object(map) => Ok(map),
        _ => Err(Detail::bad(format!("Cannot decode {what}: it is no object"))),
    }
}

/// The schema that a query names: one or the first of several.
fn type_of(query: &Value) -> Result<String, Detail> {
    let named = match &query["type"] {
        Value::String(text) => text.clone(),
        Value::Array(several) => several
            .first()
            .and_then(Value::as_str)
            .unwrap_or("LegalEntity")
            .to_owned(),
        _ => "LegalEntity".to_owned(),
    };
    if schemas::is_matchable(&named) {
        Ok(named)
    } else {
        Err(Detail::bad(format!("Cannot match entities of type: {named}")))
    }
}

async fn reconciled(shared: &Arc<Shared>, dataset: String, text: &str) -> Result<(Value, usize), Detail> {
    let batch = objects(text, "the queries")?;
    if batch.len() > BATCH {
        return Err(Detail::bad(format!("Too many queries in one batch (limit: {BATCH})")));
    }
    let mut asked = Vec::with_capacity(batch.len());
    for (at, (name, query)) in batch.iter().enumerate() {
        if !query.is_object() {
            return Err(Detail::bad(format!("Query {name} is no object")));
        }
        let schema = type_of(query)?;
        let mut properties = Map::new();
        for property in query["properties"].as_array().into_iter().flatten() {
            if let Some(pid) = property["pid"].as_str() {
                let pid = pid.rsplit_once(':').map_or(pid, |(_, p)| p);
                let value = match &property["v"] {
                    Value::Object(entity) => entity
                        .get("name")
                        .or_else(|| entity.get("id"))
                        .cloned()
                        .unwrap_or_default(),
                    value => value.clone(),
                };
                properties.insert(pid.to_owned(), value);
            }
        }
        if let Some(text) = query["query"].as_str() {
            let mut names = queries::texts(properties.get("name").unwrap_or(&Value::Null));
            names.insert(0, text.to_owned());
            properties.insert("name".into(), json!(names));
        }
        let limit = query["limit"]
            .as_u64()
            .unwrap_or(CANDIDATES as u64)
            .clamp(1, MOST as u64) as usize;
        asked.push((
            name.clone(),
            queries::query(at as u64, None, &schema, &properties),
            schema,
            limit,
        ));
    }
    let screen = screening::present(shared)?;
    let sets = datasets(shared, &screen).await?;
    let filter = Filter::read(dataset, &Parameters::read(None))?;
    filter.check(&sets)?;
    let size = asked.len();
    let _turn = shared.heavy_turn().await?;
    let answers = tokio::task::spawn_blocking(move || {
        let cards = screen.cards();
        let mut answers = Map::new();
        for (name, query, schema, limit) in asked {
            let mut candidates = Vec::new();
            for hit in hits(&screen, &query, 0.5) {
                let Some(card) = cards.get(&hit.party) else { continue };
                if !schemas::may_match(&schema, card.schema)
                    || !filter.passes(&sets, &card.party, &card.datasets, card.schema, card.target)
                {
                    continue;
                }
                candidates.push((hit, card));
            }
            let alone = candidates.iter().filter(|(h, _)| h.score >= SURE).count() == 1;
            let result: Vec<Value> = candidates
                .iter()
                .take(limit)
                .map(|(hit, card)| {
                    json!({
                        "id": card.party,
                        "name": card.caption,
                        "description": describe(card),
                        "score": (hit.score * 10_000.0).round() / 100.0,
                        "features": [{"id": "name_match", "value": hit.name_score}],
                        "match": alone && hit.score >= SURE,
                        "type": [{"id": card.schema, "name": card.schema}],
                    })
                })
                .collect();
            answers.insert(name, json!({ "result": result }));
        }
        Value::Object(answers)
    })
    .await
    .map_err(|e| Problem::internal(&e))?;
    Ok((answers, size))
}

fn describe(card: &crate::yente::cards::Card) -> String {
    let mut parts = vec![card.schema.to_owned()];
    if !card.countries.is_empty() {
        parts.push(card.countries.join(", ").to_uppercase());
    }
    parts.push(card.listings.join(", "));
    parts.retain(|p| !p.is_empty());
    parts.join(" · ")
}

async fn extended(shared: &Arc<Shared>, text: &str) -> Result<(Value, usize), Detail> {
    let query = objects(text, "the extension request")?;
    let ids: Vec<String> = query
        .get("ids")
        .and_then(Value::as_array)
        .ok_or_else(|| Detail::invalid(&["body", "ids"], "Field required"))?
        .iter()
        .filter_map(|v| v.as_str().map(str::to_owned))
        .collect();
    if ids.len() > BATCH {
        return Err(Detail::bad(format!("Too many ids in one batch (limit: {BATCH})")));
    }
    let properties = query
        .get("properties")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let screen = screening::present(shared)?;
    let made = entities::several(shared, &screen, ids.clone()).await?;
    let mut meta: Vec<Value> = Vec::new();
    let mut rows = BTreeMap::new();
    for property in &properties {
        let Some(id) = property["id"].as_str() else { continue };
        if let Some((_, label)) = PROPERTIES.iter().find(|(p, _)| *p == id) {
            meta.push(json!({"id": id, "name": label}));
        }
    }
    for id in &ids {
        let mut row = Map::new();
        for property in &properties {
            let Some(pid) = property["id"]
                .as_str()
                .filter(|p| PROPERTIES.iter().any(|(known, _)| known == p))
            else {
                continue;
            };
            let limit = match &property["settings"]["limit"] {
                Value::Number(n) => n.as_u64().unwrap_or(0) as usize,
                Value::String(s) => s.parse().unwrap_or(0),
                _ => 0,
            };
            let values = made
                .get(id)
                .map(|held| queries::texts(&held.value["properties"][pid]))
                .unwrap_or_default();
            let values: Vec<Value> = values
                .into_iter()
                .take(if limit == 0 { usize::MAX } else { limit })
                .map(|v| json!({ "str": v }))
                .collect();
            row.insert(pid.to_owned(), Value::Array(values));
        }
        rows.insert(id.clone(), row);
    }
    Ok((json!({"meta": meta, "rows": rows}), ids.len()))
}

fn begins(text: &str, prefix: &str) -> bool {
    text.to_lowercase().contains(&prefix.to_lowercase())
}

async fn suggest_entity(
    State(shared): State<Arc<Shared>>,
    Named(dataset): Named,
    RawQuery(query): RawQuery,
) -> Result<Response, Detail> {
    let parameters = Parameters::read(query.as_deref());
    let limit = parameters.number("limit", SUGGESTIONS, MOST)?;
    let skip = parameters.number("cursor", 0, 100_000)?;
    let prefix = parameters.last("prefix").unwrap_or_default().to_owned();
    let screen = screening::present(&shared)?;
    let sets = datasets(&shared, &screen).await?;
    let filter = Filter::read(dataset, &Parameters::read(None))?;
    filter.check(&sets)?;
    let result = tokio::task::spawn_blocking(move || {
        if prefix.trim().is_empty() {
            return Vec::new();
        }
        let cards = screen.cards();
        found(&cards, &screen, &prefix, false)
            .into_iter()
            .filter(|(_, c)| filter.passes(&sets, &c.party, &c.datasets, c.schema, c.target))
            .skip(skip)
            .take(limit)
            .map(|(_, card)| {
                json!({
                    "id": card.party,
                    "name": card.caption,
                    "description": describe(card),
                    "notable": [{"id": card.schema, "name": card.schema}],
                })
            })
            .collect::<Vec<_>>()
    })
    .await
    .map_err(|e| Problem::internal(&e))?;
    Ok(answer(&json!({ "result": result })))
}

async fn suggest_property(
    State(shared): State<Arc<Shared>>,
    Named(dataset): Named,
    RawQuery(query): RawQuery,
) -> Result<Response, Detail> {
    check(&shared, &dataset).await?;
    let parameters = Parameters::read(query.as_deref());
    let prefix = parameters.last("prefix").unwrap_or_default();
    let result: Vec<Value> = PROPERTIES
        .iter()
        .filter(|(id, name)| begins(id, prefix) || begins(name, prefix))
        .map(|(id, name)| json!({"id": id, "name": name}))
        .collect();
    Ok(answer(&json!({ "result": result })))
}

async fn suggest_type(
    State(shared): State<Arc<Shared>>,
    Named(dataset): Named,
    RawQuery(query): RawQuery,
) -> Result<Response, Detail> {
    check(&shared, &dataset).await?;
    let parameters = Parameters::read(query.as_deref());
    let prefix = parameters.last("prefix").unwrap_or_default();
    let result: Vec<Value> = types()
        .into_iter()
        .filter(|t| t["id"].as_str().is_some_and(|id| begins(id, prefix)))
        .collect();
    Ok(answer(&json!({ "result": result })))
}

async fn propose(
    State(shared): State<Arc<Shared>>,
    Named(dataset): Named,
    RawQuery(query): RawQuery,
) -> Result<Response, Detail> {
    check(&shared, &dataset).await?;
    let parameters = Parameters::read(query.as_deref());
    let limit = parameters.number("limit", PROPERTIES.len(), MOST)?;
    let kind = parameters.last("type").unwrap_or("LegalEntity");
    let person = [
        "birthDate",
        "birthPlace",
        "deathDate",
        "nationality",
        "gender",
        "title",
        "position",
        "passportNumber",
    ];
    let properties: Vec<Value> = PROPERTIES
        .iter()
        .filter(|(id, _)| kind == "Person" || kind == "LegalEntity" || !person.contains(id))
        .take(limit)
        .map(|(id, name)| json!({"id": id, "name": name}))
        .collect();
    Ok(answer(&json!({"properties": properties, "type": kind, "limit": limit})))
}

/// A small page about an entity, to be shown in a frame by pages of the origins that may read here.
async fn preview(
    State(shared): State<Arc<Shared>>,
    Path((dataset, id)): Path<(String, String)>,
) -> Result<Response, Detail> {
    check(&shared, &dataset).await?;
    let screen = screening::present(&shared)?;
    let made = entities::several(&shared, &screen, vec![id.clone()]).await?;
    let Some(held) = made.get(&id) else {
        return Err(Detail::new(StatusCode::NOT_FOUND, "No such entity!"));
    };
    let texts = |property: &str| queries::texts(&held.value["properties"][property]);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { (held.value["caption"].as_str().unwrap_or_default()) } }
            body {
                h1 { (held.value["caption"].as_str().unwrap_or_default()) }
                p { (held.value["schema"].as_str().unwrap_or_default()) " · " (id) }
                @for (property, label) in PROPERTIES {
                    @let values = texts(property);
                    @if !values.is_empty() && property != "notes" {
                        p { b { (label) ": " } (values.iter().take(6).cloned().collect::<Vec<_>>().join("; ")) }
                    }
                }
                @for sanction in held.sanctions.iter().take(8) {
                    p {
                        (sanction["properties"]["authority"][0].as_str().unwrap_or_default()) ": "
                        (sanction["properties"]["provisions"][0].as_str().unwrap_or_default()) ", "
                        (sanction["properties"]["status"][0].as_str().unwrap_or_default().replace('_', " "))
                    }
                }
            }
        }
    };
    let mut response = page.into_response();
    let ancestors = if shared.options.cors.is_empty() {
        "'none'".to_owned()
    } else {
        shared.options.cors.join(" ")
    };
    if let Ok(policy) = HeaderValue::try_from(format!(
        "default-src 'none'; base-uri 'none'; frame-ancestors {ancestors}"
    )) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if !shared.options.cors.is_empty() {
        // Browsers that know frame-ancestors ignore this one; for the others it would deny what is allowed.
        response
            .headers_mut()
            .insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    }
    Ok(response)
}
