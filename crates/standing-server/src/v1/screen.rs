//! Screening: one name, or a batch; lines that come one after another are [`stream`]'s.
//!
//! Hits are those of `standing screen --json`. With them comes the run's manifest, from which it can be repeated; it is kept beside the
//! ledger only if the request asks for it. A query that cannot be screened is among `rejected` with its reason, and stops no other.

use std::sync::Arc;

use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use standing::model::Country;
use standing::screen::batch::columns;
use standing::screen::runs::{self, Written};
use standing::screen::{self, JudgedPair, Manifest, Options, Query, fields, policy};
use standing::{Question, StandingError, home};
use utoipa::{IntoParams, ToSchema};

use super::stream;
use super::words::{ProblemAnswer, ScreenAnswer};
use crate::answer::{LINES, wants_lines};
use crate::asked::{self, Asked};
use crate::body::Json;
use crate::problem::Problem;
use crate::screening;
use crate::shared::Shared;

/// Hits of a query at most, whatever is asked.
const MOST_HITS: usize = 10_000;

/// One or several.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum OneOrMore {
    /// One.
    One(String),
    /// Several.
    More(Vec<String>),
}

impl OneOrMore {
    fn all(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::More(texts) => texts,
        }
    }
}

fn all(texts: Option<OneOrMore>) -> Vec<String> {
    texts.map(OneOrMore::all).unwrap_or_default()
}

/// A party to be screened.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueryAsked {
    /// The customer's reference, as judgements name it after `customer:`.
    #[serde(default)]
    id: Option<String>,
    /// Its name, or several of the same party.
    name: OneOrMore,
    /// `person`, `organisation`, `vessel`, `aircraft`, `government`, or a schema of FollowTheMoney.
    #[serde(default)]
    schema: Option<String>,
    /// Birth or founding: `1975-03-02`, `1975-03`, `1975`.
    #[serde(default)]
    birth_date: Option<OneOrMore>,
    /// Nationality or country, by code or name.
    #[serde(default)]
    country: Option<OneOrMore>,
    /// `female`, `male` or `other`.
    #[serde(default)]
    gender: Option<String>,
    /// Identifiers with their kind: `passport:A1234567`.
    #[serde(default)]
    identifiers: Option<OneOrMore>,
    /// Addresses.
    #[serde(default)]
    address: Option<OneOrMore>,
}

impl QueryAsked {
    /// As screening takes it, or why not.
    fn query(self, row: u64) -> Result<Query, String> {
        let mut query = Query {
            row,
            id: self.id.map(|id| id.trim_start_matches("customer:").to_owned()),
            names: self.name.all(),
            addresses: all(self.address),
            ..Query::default()
        };
        if let Some(schema) = self.schema {
            query.kind = screen::kind_of_schema(&schema).map_err(|e| e.to_string())?;
        }
        for text in all(self.birth_date) {
            query.births.push(columns::birth(&text).map_err(|e| e.to_string())?);
        }
        for text in all(self.country) {
            let country: Country = columns::country(&text).map_err(|e| e.to_string())?;
            query.countries.push(country);
        }
        if let Some(gender) = self.gender {
            query.gender = columns::gender(&gender).map_err(|e| e.to_string())?;
        }
        for text in all(self.identifiers) {
            query.identifiers.push(fields::identifier_of(&text)?);
        }
        Ok(query)
    }
}

/// A query that was not screened.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rejected {
    /// Its row, from 0.
    pub row: u64,
    /// Its id.
    pub id: Option<String>,
    /// Why.
    pub reason: String,
}

/// How to screen.
#[derive(Debug, Clone, Default)]
struct How {
    question: Question,
    options: Options,
    keep: bool,
}

fn threshold(text: Option<f64>) -> Result<Option<f32>, Problem> {
    text.map(|t| {
        policy::check_threshold(t as f32).map_err(|why| {
            Problem::field(
                "threshold",
                format!("threshold: {why}."),
                "Give a number from 0.5 to 1.",
            )
        })
    })
    .transpose()
}

/// Screens queries on a thread that may take its time, and writes the answer.
async fn screened(
    shared: &Arc<Shared>,
    queries: Vec<Result<Query, Rejected>>,
    how: How,
    lines: bool,
) -> Result<Response, Problem> {
    let screen = screening::at(shared, &how.question).await?;
    let transaction = screen.transaction();
    let one = queries.len() == 1;
    let (app, keep) = (Arc::clone(shared), how.keep);
    let work = move || -> Result<Vec<u8>, StandingError> {
        let mut rejected = Vec::new();
        let mut asked = Vec::with_capacity(queries.len());
        for query in queries {
            match query {
                Ok(query) => asked.push(query),
                Err(why) => rejected.push(why),
            }
        }
        let written = screen.several(&asked, &how.options)?;
        if keep {
            let manifest = Manifest::read("the manifest", written.manifest.as_bytes())?;
            let ledger = home::open(&app.options.ledger)?;
            runs::keep(&ledger, &manifest, &runs::customers(&asked, &written.outcomes))?;
        }
        if lines {
            return Ok(written.hits);
        }
        write(&asked, &written, rejected).map_err(|e| StandingError::Refused(e.to_string()))
    };
    // One name costs less than handing it to another thread.
    let body = if one && !keep {
        work()?
    } else {
        let _turn = shared.heavy_turn().await?;
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|e| Problem::internal(&e))??
    };
    let kind = if lines { LINES } else { "application/json" };
    let mut response = ([(header::CONTENT_TYPE, kind)], body).into_response();
    response
        .headers_mut()
        .insert(crate::answer::RECORDED.clone(), HeaderValue::from(transaction));
    Ok(response)
}

fn write(asked: &[Query], written: &Written, mut rejected: Vec<Rejected>) -> Result<Vec<u8>, serde_json::Error> {
    let mut judged: Vec<&JudgedPair> = Vec::new();
    for (query, outcome) in asked.iter().zip(&written.outcomes) {
        match outcome {
            Ok(outcome) => judged.extend(&outcome.judged),
            Err(why) => rejected.push(Rejected {
                row: query.row,
                id: query.id.clone(),
                reason: why.to_string(),
            }),
        }
    }
    rejected.sort_by_key(|r| r.row);
    let mut body = Vec::with_capacity(written.hits.len() + written.manifest.len() + 64);
    body.extend_from_slice(b"{\"hits\":[");
    // They come one a line, and JSON holds no line end but between values.
    for (n, hit) in written
        .hits
        .split(|b| *b == b'\n')
        .filter(|l| !l.is_empty())
        .enumerate()
    {
        if n > 0 {
            body.push(b',');
        }
        body.extend_from_slice(hit);
    }
    body.extend_from_slice(b"],\"judged\":");
    serde_json::to_writer(&mut body, &judged)?;
    body.extend_from_slice(b",\"rejected\":");
    serde_json::to_writer(&mut body, &rejected)?;
    body.extend_from_slice(b",\"manifest\":");
    body.extend_from_slice(written.manifest.as_bytes());
    body.extend_from_slice(b"}\n");
    Ok(body)
}

/// One name.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NameAsked {
    /// The name.
    name: String,
    /// What it is.
    schema: Option<String>,
    /// Birth or founding.
    birth_date: Option<String>,
    /// Nationality or country.
    country: Option<String>,
    /// `female`, `male` or `other`.
    gender: Option<String>,
    /// An identifier with its kind: `passport:A1234567`.
    identifier: Option<String>,
    /// An address.
    address: Option<String>,
    /// The customer's reference.
    customer: Option<String>,
    /// When it is legally so.
    #[param(schema_with = asked::date_schema)]
    on: Option<String>,
    /// When a source had made it public.
    #[param(schema_with = asked::date_schema)]
    known: Option<String>,
    /// What the ledger had learned.
    #[param(schema_with = asked::recorded_schema)]
    recorded: Option<String>,
    /// From which score on, 0.5 to 1.
    #[param(pattern = "^(0\\.[5-9][0-9]{0,4}|1)$")]
    threshold: Option<String>,
    /// Hits at most, 1 to 10000.
    #[param(pattern = "^([1-9][0-9]{0,3}|10000)$")]
    limit: Option<String>,
}

/// Screens one name.
#[utoipa::path(get, path = "/v1/screen", tag = "screening", params(NameAsked),
    responses((status = 200, body = ScreenAnswer), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn one(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Asked(asked): Asked<NameAsked>,
) -> Result<Response, Problem> {
    let share = asked
        .threshold
        .map(|t| {
            t.parse::<f64>().map_err(|_| {
                Problem::field(
                    "threshold",
                    "threshold: it is no number.",
                    "Give a number from 0.5 to 1.",
                )
            })
        })
        .transpose()?;
    let how = How {
        question: Question {
            on: asked::day("on", asked.on.as_deref())?,
            known: asked::day("known", asked.known.as_deref())?,
            recorded: asked::recorded("recorded", asked.recorded)?,
            basis: None,
        },
        options: Options {
            threshold: threshold(share)?,
            limit: asked::number("limit", asked.limit.as_deref(), 1, MOST_HITS)?,
            exhaustive: false,
        },
        keep: false,
    };
    let query = QueryAsked {
        id: asked.customer,
        name: OneOrMore::One(asked.name),
        schema: asked.schema,
        birth_date: asked.birth_date.map(OneOrMore::One),
        country: asked.country.map(OneOrMore::One),
        gender: asked.gender,
        identifiers: asked.identifier.map(OneOrMore::One),
        address: asked.address.map(OneOrMore::One),
    };
    let query = read(0, query);
    screened(&shared, vec![query], how, wants_lines(&headers)).await
}

/// A query as screening takes it, or why it is not screened.
pub(super) fn read(row: u64, query: QueryAsked) -> Result<Query, Rejected> {
    let id = query.id.clone();
    query.query(row).map_err(|reason| Rejected { row, id, reason })
}

/// A batch.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchAsked {
    /// Who is screened: 1 to 10000.
    #[schema(min_items = 1, max_items = 10000)]
    queries: Vec<QueryAsked>,
    /// From which score on; the policy's if it is left out.
    #[serde(default)]
    #[schema(minimum = 0.5, maximum = 1.0)]
    threshold: Option<f64>,
    /// Hits of a query at most; all if it is left out.
    #[serde(default, deserialize_with = "whole")]
    #[schema(minimum = 1, maximum = 10000)]
    limit: Option<usize>,
    /// When it is legally so.
    #[serde(default)]
    #[schema(schema_with = asked::date_or_null)]
    on: Option<String>,
    /// When a source had made it public.
    #[serde(default)]
    #[schema(schema_with = asked::date_or_null)]
    known: Option<String>,
    /// What the ledger had learned.
    #[serde(default)]
    #[schema(schema_with = asked::recorded_or_null)]
    recorded: Option<String>,
    /// Keep the manifest beside the ledger.
    #[serde(default)]
    keep: bool,
}

/// A whole number, which JSON may write as `5.0`.
fn whole<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<usize>, D::Error> {
    let number = Option::<f64>::deserialize(from)?;
    number
        .map(|n| {
            if n.fract() == 0.0 && (0.0..1e9).contains(&n) {
                Ok(n as usize)
            } else {
                Err(serde::de::Error::custom(format!("{n} is no whole number")))
            }
        })
        .transpose()
}

/// Screens a batch; JSON lines in are answered by JSON lines out, as they come.
#[utoipa::path(post, path = "/v1/screen", tag = "screening", request_body = BatchAsked,
    responses((status = 200, body = ScreenAnswer), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn batch(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Problem> {
    let lines = wants_lines(request.headers());
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok());
    if kind.is_some_and(|k| k.starts_with(LINES) || k.starts_with("application/jsonl")) {
        let screen = screening::present(&shared)?;
        return Ok(stream::stream(&shared, screen, request.into_body()));
    }
    let Json(asked): Json<BatchAsked> = Json::from_request(request, &shared).await?;
    let most = shared.options.limits.batch;
    if asked.queries.is_empty() || asked.queries.len() > most {
        return Err(Problem::field(
            "queries",
            format!("queries: {} are not from 1 to {most}.", asked.queries.len()),
            "Send them in batches, or as JSON lines (Content-Type: application/x-ndjson), of any number.",
        ));
    }
    if let Some(limit) = asked.limit
        && !(1..=MOST_HITS).contains(&limit)
    {
        return Err(Problem::field(
            "limit",
            format!("limit: {limit} is not from 1 to {MOST_HITS}."),
            "Give a number from 1 to 10000.",
        ));
    }
    let how = How {
        question: Question {
            on: asked::day("on", asked.on.as_deref())?,
            known: asked::day("known", asked.known.as_deref())?,
            recorded: asked::recorded("recorded", asked.recorded)?,
            basis: None,
        },
        options: Options {
            threshold: threshold(asked.threshold)?,
            limit: asked.limit,
            exhaustive: false,
        },
        keep: asked.keep,
    };
    let queries = asked
        .queries
        .into_iter()
        .enumerate()
        .map(|(row, query)| read(row as u64, query))
        .collect();
    screened(&shared, queries, how, lines).await
}
