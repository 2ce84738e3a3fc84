//! News: claims in the ledger, where sources disagree, and articles to be read.

use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use standing::model::ClaimStatus;
use standing::read::claims::{self, Wanted};
use standing::read::files::FileRead;
use standing::read::{self, ClaimRow, ReadOptions, store};
use standing::{Question, StandingError};
use utoipa::IntoParams;

use super::said::{ClaimAnswer, ContradictionAnswer, KeptAnswer};
use super::upload::file_name;
use super::words::ProblemAnswer;
use crate::answer::{Ask, LINES};
use crate::asked::{self, Asked};
use crate::body::{File, answer};
use crate::pages::desk;
use crate::problem::Problem;
use crate::shared::Shared;
use crate::writing;

/// Why an article was not read.
static REFUSED: HeaderName = HeaderName::from_static("standing-refused");

/// Which claims.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ClaimsAsked {
    /// A party.
    party: Option<String>,
    /// An authority's id or a jurisdiction.
    authority: Option<String>,
    /// How real it is.
    #[param(pattern = "^(in_effect|ended|occurred|decided|planned|proposed|urged|possible|denied|not_occurred)$")]
    status: Option<String>,
    /// Published on this day or later.
    #[param(schema_with = asked::date_schema)]
    since: Option<String>,
    /// On which day they are set beside the record.
    #[param(schema_with = asked::date_schema)]
    on: Option<String>,
    /// When a source had made it public.
    #[param(schema_with = asked::date_schema)]
    known: Option<String>,
    /// What the ledger had learned.
    #[param(schema_with = asked::recorded_schema)]
    recorded: Option<String>,
}

/// The claims of articles in the ledger. They never make or move a standing.
#[utoipa::path(get, path = "/v1/claims", tag = "news", params(ClaimsAsked),
    responses((status = 200, body = [ClaimAnswer]), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn claims_of(ask: Ask, Asked(asked): Asked<ClaimsAsked>) -> Result<Response, Problem> {
    let status = asked
        .status
        .map(|s| {
            serde_json::from_value::<ClaimStatus>(serde_json::Value::String(s.clone())).map_err(|_| {
                Problem::field(
                    "status",
                    format!("status: \"{s}\" is none."),
                    "Write in_effect, ended, occurred, decided, planned, proposed, urged, possible, denied or not_occurred.",
                )
            })
        })
        .transpose()?;
    let wanted = Wanted {
        party: asked.party,
        authority: asked.authority,
        status,
        since: asked::first_day("since", asked.since.as_deref())?,
    };
    let question = Question {
        on: asked::day("on", asked.on.as_deref())?,
        known: asked::day("known", asked.known.as_deref())?,
        recorded: Some(ask.recorded(asked::recorded("recorded", asked.recorded)?)),
        basis: None,
    };
    let today = ask.today;
    ask.rows(move |ledger| claims::claims(ledger, &wanted, &question, today))
        .await
}

/// Whose contradictions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ContradictionsAsked {
    /// A party.
    party: Option<String>,
    /// On which day.
    #[param(schema_with = asked::date_schema)]
    on: Option<String>,
    /// When a source had made it public.
    #[param(schema_with = asked::date_schema)]
    known: Option<String>,
    /// What the ledger had learned.
    #[param(schema_with = asked::recorded_schema)]
    recorded: Option<String>,
}

/// Where sources disagree.
#[utoipa::path(get, path = "/v1/contradictions", tag = "news", params(ContradictionsAsked),
    responses((status = 200, body = [ContradictionAnswer]), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn contradictions(ask: Ask, Asked(asked): Asked<ContradictionsAsked>) -> Result<Response, Problem> {
    let question = Question {
        on: asked::day("on", asked.on.as_deref())?,
        known: asked::day("known", asked.known.as_deref())?,
        recorded: Some(ask.recorded(asked::recorded("recorded", asked.recorded)?)),
        basis: None,
    };
    let (party, today) = (asked.party, ask.today);
    ask.rows(move |ledger| claims::contradictions(ledger, party.as_deref(), &question, today))
        .await
}

/// What is known of an article.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ArticleAsked {
    /// The day of publication.
    #[param(pattern = "^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$")]
    published: Option<String>,
    /// Who published it.
    outlet: Option<String>,
    /// Its address; it is noted, never fetched.
    url: Option<String>,
    /// The file's name.
    name: Option<String>,
}

/// A request without any body is a slip; an empty text is an article without claims.
fn need_body(headers: &HeaderMap, bytes: &[u8]) -> Result<(), Problem> {
    if bytes.is_empty() && !headers.contains_key(header::CONTENT_TYPE) {
        return Err(Problem::field(
            "body",
            "There is no body.",
            "Send the article as the body, with Content-Type: text/plain.",
        ));
    }
    Ok(())
}

impl ArticleAsked {
    fn options(self) -> Result<(ReadOptions, String), Problem> {
        let published = self
            .published
            .map(|p| {
                read::parse_published(&p).map_err(|why| {
                    Problem::field(
                        "published",
                        format!("published: {why}."),
                        "Write a whole day: 2024-10-04.",
                    )
                })
            })
            .transpose()?;
        let name = file_name(self.name.as_deref(), "article.txt");
        Ok((
            ReadOptions {
                published,
                outlet: self.outlet,
                url: self.url,
            },
            name,
        ))
    }
}

/// Reads an article: its claims with who says so, each beside the record. Nothing is kept.
#[utoipa::path(post, path = "/v1/read", tag = "news", params(ArticleAsked),
    request_body(content = String, content_type = "text/plain"),
    responses((status = 200, body = [ClaimAnswer]), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn read_article(
    ask: Ask,
    headers: HeaderMap,
    Asked(asked): Asked<ArticleAsked>,
    File(bytes): File,
) -> Result<Response, Problem> {
    need_body(&headers, &bytes)?;
    let (options, _) = asked.options()?;
    let (today, recorded, lines) = (ask.today, Some(ask.recorded(None)), ask.lines);
    let _turn = ask.shared.heavy_turn().await?;
    let app = Arc::clone(&ask.shared);
    let read = ask
        .shared
        .readers
        .ask(move |ledger| {
            let question = Question {
                recorded,
                ..Question::default()
            };
            let (view, _) = question.view(ledger, today)?;
            let mut rows = Vec::new();
            match desk(&app, &view)?.read(&bytes, &options) {
                Ok(input) => {
                    for article in &input.articles {
                        rows.extend(read::beside(&view, article, None, today)?);
                    }
                    Ok((rows, None))
                }
                // Not an article: there are no claims in it, and the answer says why.
                Err(StandingError::Refused(why)) => Ok((rows, Some(why))),
                Err(error) => Err(error),
            }
        })
        .await?;
    let (rows, refused): (Vec<ClaimRow>, Option<String>) = read;
    let body = crate::answer::write(&rows, lines).map_err(|e| Problem::internal(&e))?;
    let kind = if lines { LINES } else { "application/json" };
    let mut response = ([(header::CONTENT_TYPE, kind)], body).into_response();
    ask.name_state(response.headers_mut());
    if let Some(why) = refused {
        let plain: String = why.chars().filter(|c| matches!(c, ' '..='~')).take(300).collect();
        if let Ok(why) = HeaderValue::try_from(plain) {
            response.headers_mut().insert(REFUSED.clone(), why);
        }
    }
    Ok(response)
}

/// What became of an article.
#[derive(Debug, Serialize)]
struct Outcome {
    #[serde(flatten)]
    kept: store::Kept,
    refused: Option<String>,
}

/// Reads an article and keeps it with its claims.
#[utoipa::path(post, path = "/v1/articles", tag = "news", params(ArticleAsked),
    request_body(content = String, content_type = "text/plain"),
    responses((status = 200, body = KeptAnswer), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn keep_article(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Asked(asked): Asked<ArticleAsked>,
    File(bytes): File,
) -> Result<Response, Problem> {
    need_body(&headers, &bytes)?;
    let (options, name) = asked.options()?;
    let today = shared.today();
    let app = Arc::clone(&shared);
    let outcome = writing::write(&shared, move |ledger, now| {
        let articles = {
            let view = ledger.view(None, today)?;
            desk(&app, &view)?.read(&bytes, &options)
        };
        let articles = match articles {
            Ok(articles) => articles,
            Err(StandingError::Refused(why)) => {
                return Ok(Outcome {
                    kept: store::Kept::default(),
                    refused: Some(why),
                });
            }
            Err(error) => return Err(error),
        };
        let file = FileRead {
            path: PathBuf::from(name),
            bytes: bytes.to_vec(),
            articles: Ok(articles),
        };
        let kept = store::store(ledger, now, std::slice::from_ref(&file))?;
        Ok(Outcome { kept, refused: None })
    })
    .await?;
    Ok(answer(&outcome))
}
