//! `POST /match/{dataset}`: entities by example, in batches.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use standing::screen::{Hit, Options, Query};

use super::datasets::Datasets;
use super::parameters::Parameters;
use super::scale::{LINE, Scale};
use super::{Detail, queries, schemas};
use crate::asked::Named;
use crate::body::unread;
use crate::screening::{self, Screen};
use crate::shared::Shared;
use crate::yente::entities;

/// The lowest score at which fast and exhaustive search agree.
const LOWEST: f64 = 0.5;
/// Results of a query at most.
const MOST: usize = 500;
/// Queries of a batch at most.
pub const BATCH: usize = 100;
/// Settings of a request's `config` that are known: there is none to be set.
const CONFIG: [&str; 0] = [];

static BATCH_SIZE: HeaderName = HeaderName::from_static("x-batch-size");

/// What restricts results.
#[derive(Debug, Default)]
pub struct Filter {
    /// Datasets, of which one must hold the entity.
    pub datasets: Vec<String>,
    /// Datasets that do not count.
    pub exclude_datasets: Vec<String>,
    /// Schemata that do not count.
    pub exclude_schemas: Vec<String>,
    /// Topics, of which the entity must have one.
    pub topics: Vec<String>,
    /// The entity must have changed since.
    pub changed_since: Option<String>,
    /// Entities that do not count.
    pub exclude_entities: HashSet<String>,
}

impl Filter {
    /// Reads it from path and query.
    pub fn read(dataset: String, parameters: &Parameters) -> Result<Self, Detail> {
        let owned = |name: &str| parameters.all(name).into_iter().map(str::to_owned).collect::<Vec<_>>();
        let mut datasets = owned("include_dataset");
        datasets.push(dataset);
        let exclude_entities: HashSet<String> = owned("exclude_entity_ids").into_iter().collect();
        if exclude_entities.len() > 50 {
            return Err(Detail::invalid(
                &["query", "exclude_entity_ids"],
                "List should have at most 50 items",
            ));
        }
        Ok(Self {
            datasets,
            exclude_datasets: owned("exclude_dataset"),
            exclude_schemas: owned("exclude_schema"),
            topics: owned("topics"),
            changed_since: parameters.changed_since()?,
            exclude_entities,
        })
    }

    /// Are all datasets known?
    pub fn check(&self, sets: &Datasets) -> Result<(), Detail> {
        match self.datasets.iter().find(|d| !sets.has(d)) {
            Some(unknown) => Err(Detail::new(
                StatusCode::NOT_FOUND,
                format!("No such dataset: {unknown}. GET /catalog names them."),
            )),
            None => Ok(()),
        }
    }

    /// Does an entity pass, by its datasets, schema and whether it is a target?
    pub fn passes(&self, sets: &Datasets, party: &str, datasets: &[String], schema: &str, target: bool) -> bool {
        let within = |named: &String| datasets.iter().any(|own| sets.within(own, named));
        // Datasets that are left out do not make an entity disappear that another one holds as well.
        let left: Vec<&String> = datasets
            .iter()
            .filter(|own| !self.exclude_datasets.iter().any(|named| sets.within(own, named)))
            .collect();
        !self.exclude_entities.contains(party)
            && self
                .datasets
                .iter()
                .any(|named| named == super::datasets::DEFAULT || within(named))
            && (self.exclude_datasets.is_empty() || !left.is_empty())
            && !self.exclude_schemas.iter().any(|s| s == schema)
            && (self.topics.is_empty() || (target && self.topics.iter().any(|t| t == "sanction")))
    }
}

/// The datasets of a screen's state, kept with its entities.
pub async fn datasets(shared: &Arc<Shared>, screen: &Arc<Screen>) -> Result<Arc<Datasets>, Detail> {
    if let Some(sets) = screen.datasets() {
        return Ok(sets);
    }
    let (question, today) = (screen.question(), shared.today());
    let sets = shared
        .readers
        .ask(move |ledger| {
            let (view, _) = question.view(ledger, today)?;
            Datasets::of(&view)
        })
        .await?;
    Ok(screen.keep_datasets(sets))
}

/// One query of a batch, as it was sent.
#[derive(Debug)]
struct Example {
    name: String,
    id: Value,
    schema: String,
    properties: Map<String, Value>,
}

fn examples(body: &[u8]) -> Result<Vec<Example>, Detail> {
    let body: Value =
        serde_json::from_slice(body).map_err(|e| Detail::invalid(&["body"], format!("JSON decode error: {e}")))?;
    if let Some(config) = body.get("config") {
        let config = config
            .as_object()
            .ok_or_else(|| Detail::invalid(&["body", "config"], "Input should be a valid dictionary"))?;
        if let Some(key) = config.keys().find(|k| !CONFIG.contains(&k.as_str())) {
            return Err(Detail::bad(format!(
                "Unknown config key: {key}. The algorithm here has no settings."
            )));
        }
    }
    let queries = body
        .get("queries")
        .ok_or_else(|| Detail::invalid(&["body", "queries"], "Field required"))?
        .as_object()
        .ok_or_else(|| Detail::invalid(&["body", "queries"], "Input should be a valid dictionary"))?;
    if queries.is_empty() {
        return Err(Detail::bad("No queries provided."));
    }
    if queries.len() > BATCH {
        return Err(Detail::bad(format!("Too many queries in one batch (limit: {BATCH})")));
    }
    let mut examples = Vec::with_capacity(queries.len());
    for (name, query) in queries {
        let wrong = |field: &str, message: &str| Detail::invalid(&["body", "queries", name, field], message);
        let schema = query
            .get("schema")
            .ok_or_else(|| wrong("schema", "Field required"))?
            .as_str()
            .ok_or_else(|| wrong("schema", "Input should be a valid string"))?;
        if !schemas::exists(schema) || !schemas::is_matchable(schema) {
            return Err(Detail::bad(format!("Cannot match entities of schema: {schema}")));
        }
        let properties = query
            .get("properties")
            .ok_or_else(|| wrong("properties", "Field required"))?
            .as_object()
            .ok_or_else(|| wrong("properties", "Input should be a valid dictionary"))?;
        let id = query.get("id").cloned().unwrap_or(Value::Null);
        if !(id.is_null() || id.is_string()) {
            return Err(wrong("id", "Input should be a valid string"));
        }
        examples.push(Example {
            name: name.clone(),
            id,
            schema: schema.to_owned(),
            properties: properties.clone(),
        });
    }
    Ok(examples)
}

/// The scale on which a query's scores are shown.
pub fn scale(screen: &Screen, query: &Query) -> Scale {
    Scale::new(screen.screening.screener.policy().threshold(query.kind))
}

/// The hits of a query from a threshold on our own scale, one for each party, the best first.
pub fn hits(screen: &Screen, query: &Query, threshold: f64) -> Vec<Hit> {
    if query.names.is_empty() && query.identifiers.is_empty() {
        return Vec::new();
    }
    let options = Options {
        threshold: Some(threshold.max(LOWEST) as f32),
        limit: None,
        exhaustive: false,
    };
    // A name that cannot be searched for resembles nothing: that API knows no other way to say so.
    let Ok(outcome) = screen.one(query, &options) else {
        return Vec::new();
    };
    let mut seen = HashSet::new();
    outcome
        .hits
        .into_iter()
        .filter(|h| seen.insert(h.party.clone()))
        .collect()
}

fn explanations(hit: &Hit) -> Value {
    let why = &hit.explanation;
    let mut detail = String::new();
    for pair in &why.pairs {
        // Writing to a string cannot fail.
        let _ = write!(
            detail,
            "[{} ≈ {}: {}, {:.2}] ",
            pair.query, pair.listed, pair.how, pair.similarity
        );
    }
    for left in &why.left_over {
        let _ = write!(detail, "[{}: only {}] ", left.written, left.side);
    }
    let mut map = Map::new();
    map.insert(
        "name_match".into(),
        json!({"score": hit.name_score, "detail": detail.trim_end(), "query": hit.query.name, "candidate": hit.name}),
    );
    for field in &why.fields {
        map.insert(
            format!("{}_match", field.field.replace([' ', '-'], "_")),
            json!({"score": field.amount, "detail": field.outcome, "query": field.query, "candidate": field.listed}),
        );
    }
    Value::Object(map)
}

/// Screens a batch.
pub async fn matching(
    State(shared): State<Arc<Shared>>,
    Named(dataset): Named,
    RawQuery(query): RawQuery,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Detail> {
    let parameters = Parameters::read(query.as_deref());
    let limit = parameters.number("limit", 5, MOST)?;
    let threshold = parameters.share("threshold")?.unwrap_or(LINE);
    let cutoff = parameters.share("cutoff")?.unwrap_or(threshold);
    super::catalog::check_algorithm(parameters.last("algorithm"))?;
    let filter = Filter::read(dataset, &parameters)?;
    let examples = examples(&body.map_err(|e| unread(&e))?)?;
    let screen = screening::present(&shared)?;
    let sets = datasets(&shared, &screen).await?;
    filter.check(&sets)?;
    let queries: Vec<Query> = examples
        .iter()
        .enumerate()
        .map(|(row, e)| queries::query(row as u64, e.id.as_str().map(str::to_owned), &e.schema, &e.properties))
        .collect();
    let searched = {
        let screen = Arc::clone(&screen);
        let search = move || {
            let one = |query| {
                let scale = scale(&screen, query);
                let mut found = hits(&screen, query, scale.asked(cutoff));
                for hit in &mut found {
                    hit.score = scale.shown(hit.score);
                    hit.name_score = scale.shown(hit.name_score);
                }
                found.retain(|hit| hit.score >= cutoff);
                found
            };
            queries.iter().map(one).collect::<Vec<_>>()
        };
        // One name costs less than handing it to another thread.
        if examples.len() == 1 {
            search()
        } else {
            tokio::task::spawn_blocking(search)
                .await
                .map_err(|e| crate::problem::Problem::internal(&e))?
        }
    };
    let mut parties: Vec<String> = searched
        .iter()
        .flat_map(|hits| hits.iter().take(MOST).map(|h| h.party.clone()))
        .collect();
    parties.sort_unstable();
    parties.dedup();
    let found = entities::several(&shared, &screen, parties).await?;

    let mut text = String::from("{\"responses\":{");
    for (at, (example, hits)) in examples.iter().zip(&searched).enumerate() {
        let mut results = String::new();
        let (mut given, mut matches) = (0, 0);
        for hit in hits {
            let Some(held) = found.get(&hit.party) else { continue };
            let schema = held.value["schema"].as_str().unwrap_or_default();
            let target = held.value["target"].as_bool().unwrap_or_default();
            let changed = filter.changed_since.as_deref().is_none_or(|since| {
                held.last_change
                    .as_deref()
                    .is_some_and(|day| day >= since.get(..10).unwrap_or(since))
            });
            if !changed
                || !schemas::may_match(&example.schema, schema)
                || !filter.passes(&sets, &hit.party, &held.datasets, schema, target)
            {
                continue;
            }
            matches += usize::from(hit.score >= threshold);
            if given < limit {
                // Writing to a string cannot fail.
                let _ = write!(
                    results,
                    "{}{},\"score\":{},\"explanations\":{},\"match\":{}}}",
                    if given == 0 { "" } else { "," },
                    held.open,
                    hit.score,
                    explanations(hit),
                    hit.score >= threshold
                );
                given += 1;
            }
        }
        let query = json!({"id": example.id, "schema": example.schema, "properties": echoed(&example.properties)});
        let _ = write!(
            text,
            "{}{}:{{\"status\":200,\"results\":[{results}],\"total\":{{\"value\":{matches},\"relation\":\"eq\"}},\"query\":{query}}}",
            if at == 0 { "" } else { "," },
            json!(example.name),
        );
    }
    let _ = write!(text, "}},\"limit\":{limit}}}");
    let mut response = ([(header::CONTENT_TYPE, "application/json")], text).into_response();
    let headers = response.headers_mut();
    headers.insert(BATCH_SIZE.clone(), HeaderValue::from(examples.len()));
    headers.insert(crate::answer::RECORDED.clone(), HeaderValue::from(screen.transaction()));
    Ok(response)
}

/// Properties as they were understood: lists of texts.
fn echoed(properties: &Map<String, Value>) -> Value {
    Value::Object(
        properties
            .iter()
            .map(|(k, v)| (k.clone(), json!(queries::texts(v))))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_refused_as_that_api_refuses_them() {
        let status = |body: &str| {
            examples(body.as_bytes())
                .map(|e| e.len())
                .map_err(|d| d.status.as_u16())
        };
        assert_eq!(
            status(r#"{"queries":{"a":{"schema":"Person","properties":{"name":"X"}}}}"#),
            Ok(1)
        );
        assert_eq!(
            status(r#"{"queries":{"a":{"schema":"Dragon","properties":{}}}}"#),
            Err(400)
        );
        assert_eq!(
            status(r#"{"queries":{"a":{"schema":"Sanction","properties":{}}}}"#),
            Err(400)
        );
        assert_eq!(status(r#"{"queries":{"a":{"properties":{}}}}"#), Err(422));
        assert_eq!(status(r#"{"queries":{}}"#), Err(400));
        assert_eq!(status(r#"{"queries":"#), Err(422));
        assert_eq!(
            status(r#"{"config":{"x":1},"queries":{"a":{"schema":"Person","properties":{}}}}"#),
            Err(400)
        );
        assert_eq!(status(&("[".repeat(100_000))), Err(422));
    }
}
