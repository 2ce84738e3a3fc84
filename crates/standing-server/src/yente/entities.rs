//! Entities: one for each party, with its sanctions nested or beside it; ids that were merged lead on to the one that holds.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use standing::export::{self, Entity};
use standing::model::Grade;
use standing::{StandingError, View};

use super::Detail;
use super::parameters::Parameters;
use crate::asked::Named;
use crate::body::answer;
use crate::screening::Screen;
use crate::shared::Shared;

/// An entity as it is kept between answers.
#[derive(Debug)]
pub struct Held {
    /// Without nested entities, as an object of JSON that is not closed yet.
    pub open: String,
    /// The same as a value.
    pub value: Value,
    /// Its sanctions.
    pub sanctions: Vec<Value>,
    /// Lists and authorities.
    pub datasets: Vec<String>,
    /// The day of the last step that became known.
    pub last_change: Option<String>,
}

fn time(day: Option<&str>) -> Value {
    day.map_or(Value::Null, |d| json!(format!("{d}T00:00:00")))
}

fn value(entity: &Entity, datasets: &[String], last_change: Option<&str>) -> Value {
    json!({
        "id": entity.id,
        "caption": entity.caption,
        "schema": entity.schema,
        "properties": entity.properties,
        "datasets": datasets,
        "referents": entity.referents,
        "target": entity.target,
        "first_seen": time(entity.first_seen.as_deref()),
        "last_seen": time(entity.last_seen.as_deref()),
        "last_change": time(last_change),
    })
}

/// Makes the entity of a party. `None` if nothing is known of the id.
pub fn make(view: &View<'_>, id: &str, on: standing::model::Day) -> Result<Option<(String, Held)>, StandingError> {
    let Some(party) = view.party_of(id)? else {
        return Ok(None);
    };
    let (entity, sanctions) = export::of_party(view, &party, on, Grade::Stated)?;
    let steps = view.party_steps(&party)?;
    let last_change = steps
        .iter()
        .filter_map(|s| s.known.and_then(standing::model::PartialDate::latest))
        .max()
        .map(|d| d.to_string());
    let mut datasets = entity.datasets.clone();
    datasets.extend(steps.iter().map(|s| s.authority.clone()));
    datasets.sort_unstable();
    datasets.dedup();
    let sanctions = sanctions
        .into_iter()
        .map(|s| {
            let own = s.datasets.clone();
            value(&s, &own, None)
        })
        .collect();
    let value = value(&entity, &datasets, last_change.as_deref());
    let mut open = value.to_string();
    open.pop();
    Ok(Some((
        party.id,
        Held {
            open,
            value,
            sanctions,
            datasets,
            last_change,
        },
    )))
}

/// The entities of several parties, those made before and those made now.
pub async fn several(
    shared: &Arc<Shared>,
    screen: &Arc<Screen>,
    parties: Vec<String>,
) -> Result<HashMap<String, Arc<Held>>, Detail> {
    let mut found = HashMap::new();
    let mut wanted = Vec::new();
    for party in parties {
        match screen.entity(&party) {
            Some(held) => {
                found.insert(party, held);
            }
            None => wanted.push(party),
        }
    }
    if !wanted.is_empty() {
        let question = screen.question();
        let today = shared.today();
        let made = shared
            .readers
            .ask(move |ledger| {
                let (view, clocks) = question.view(ledger, today)?;
                let mut made = Vec::new();
                for party in wanted {
                    if let Some((_, held)) = make(&view, &party, clocks.on)? {
                        made.push((party, Arc::new(held)));
                    }
                }
                Ok(made)
            })
            .await?;
        for (party, held) in made {
            screen.keep_entity(party.clone(), Arc::clone(&held));
            found.insert(party, held);
        }
    }
    Ok(found)
}

/// What an id leads to.
enum Found {
    Entity(Box<Held>),
    Sanction(Value),
    Moved(String),
    Nothing,
}

async fn find(shared: &Arc<Shared>, id: String) -> Result<Found, Detail> {
    let state = shared.state();
    let today = shared.today();
    let found = shared
        .readers
        .ask(move |ledger| {
            let view = ledger.view(Some(state.transaction), today)?;
            // A sanction's id is its listing's, with authority and measure after it.
            if let Some((listing, _)) = id.split_once('/') {
                let made = make(&view, listing, today)?;
                let sanction = made.and_then(|(_, held)| held.sanctions.into_iter().find(|s| s["id"] == json!(id)));
                return Ok(sanction.map_or(Found::Nothing, Found::Sanction));
            }
            Ok(match make(&view, &id, today)? {
                Some((party, held)) if party == id => Found::Entity(Box::new(held)),
                Some((party, _)) => Found::Moved(party),
                None => Found::Nothing,
            })
        })
        .await?;
    Ok(found)
}

fn nothing() -> Detail {
    Detail::new(StatusCode::NOT_FOUND, "No such entity!")
}

fn moved(party: &str, rest: &str, query: Option<&str>) -> Response {
    let mut to = format!("/entities/{}{rest}", crate::v1::feeds::segment(party));
    if let Some(query) = query {
        to.push('?');
        to.push_str(query);
    }
    match HeaderValue::try_from(to) {
        Ok(to) => (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, to)]).into_response(),
        Err(_) => nothing().into_response(),
    }
}

/// A sanction beside or within its entity, which needs no way back.
fn inner(sanction: &Value) -> Value {
    let mut sanction = sanction.clone();
    if let Some(properties) = sanction["properties"].as_object_mut() {
        properties.remove("entity");
    }
    sanction
}

fn nested(held: &Held) -> Value {
    let mut value = held.value.clone();
    if !held.sanctions.is_empty() {
        value["properties"]["sanctions"] = held.sanctions.iter().map(inner).collect();
    }
    value
}

/// One entity.
pub async fn entity(
    State(shared): State<Arc<Shared>>,
    Named(id): Named,
    RawQuery(query): RawQuery,
) -> Result<Response, Detail> {
    let with_nested = Parameters::read(query.as_deref()).flag("nested", true)?;
    Ok(match find(&shared, id).await? {
        Found::Entity(held) if with_nested => answer(&nested(&held)),
        Found::Entity(held) => answer(&held.value),
        Found::Sanction(sanction) => answer(&sanction),
        Found::Moved(party) => moved(&party, "", query.as_deref()),
        Found::Nothing => return Err(nothing()),
    })
}

fn page(held: &Held, parameters: &Parameters) -> Result<Value, Detail> {
    let limit = parameters.number("limit", 10, 500)?;
    let offset = parameters.number("offset", 0, 9499)?;
    let results: Vec<Value> = held.sanctions.iter().skip(offset).take(limit).map(inner).collect();
    Ok(json!({
        "results": results,
        "total": {"value": held.sanctions.len(), "relation": "eq"},
        "limit": limit,
        "offset": offset,
    }))
}

/// What lies beside an entity.
pub async fn adjacent(
    State(shared): State<Arc<Shared>>,
    Named(id): Named,
    RawQuery(query): RawQuery,
) -> Result<Response, Detail> {
    let parameters = Parameters::read(query.as_deref());
    Ok(match find(&shared, id).await? {
        Found::Entity(held) => {
            let mut adjacent = serde_json::Map::new();
            if !held.sanctions.is_empty() {
                adjacent.insert("sanctions".into(), page(&held, &parameters)?);
            }
            answer(&json!({"entity": held.value, "adjacent": adjacent}))
        }
        Found::Sanction(sanction) => answer(&json!({"entity": sanction, "adjacent": {}})),
        Found::Moved(party) => moved(&party, "/adjacent", query.as_deref()),
        Found::Nothing => return Err(nothing()),
    })
}

/// What lies beside an entity by one property.
pub async fn adjacent_property(
    State(shared): State<Arc<Shared>>,
    axum::extract::Path((id, property)): axum::extract::Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Detail> {
    let parameters = Parameters::read(query.as_deref());
    Ok(match find(&shared, id).await? {
        Found::Entity(held) if property == "sanctions" => answer(&page(&held, &parameters)?),
        Found::Entity(_) | Found::Sanction(_) => {
            return Err(Detail::new(
                StatusCode::NOT_FOUND,
                format!("Nothing lies beside this entity by {property}; sanctions do."),
            ));
        }
        Found::Moved(party) => moved(
            &party,
            &format!("/adjacent/{}", crate::v1::feeds::segment(&property)),
            query.as_deref(),
        ),
        Found::Nothing => return Err(nothing()),
    })
}
