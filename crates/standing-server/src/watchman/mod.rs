//! The HTTP API of Moov Watchman v2, in its flat form: `/v2/search` and `/v2/listinfo`.
//!
//! Unknown parameters are an error there, and here. Errors are `{"error": "…"}`.

mod asked;
mod entity;

use std::sync::Arc;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Map, Value, json};
use standing::answers;
use standing::model::{PartialDate, PartyKind};
use standing::screen::Options;

use self::asked::read;
use self::entity::entity;
use crate::body::answer;
use crate::problem::Problem;
use crate::screening;
use crate::shared::Shared;

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
                    entity.insert("debug".into(), json!(BASE64.encode(why)));
                }
                entities.push(Value::Object(entity));
            }
            Ok(entities)
        })
        .await?;
    Ok(answer(&json!({"query": asked.echo, "entities": entities})))
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
