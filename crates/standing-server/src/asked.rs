//! What a request asks, out of its path and query: strict, with the field named where it is wrong.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use standing::model::{Calendar, Day, Grade};
use utoipa::openapi::schema::{Object, ObjectBuilder, Schema, SchemaType, Type};

use standing::{parse_day, parse_first_day};

use crate::problem::Problem;

/// The query of a request. Unknown and doubled parameters are errors: a misspelt one must not be silently without effect.
#[derive(Debug)]
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parse(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// Parses a query string (or a form).
pub fn parse<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    serde_urlencoded::from_str(query).map_err(|error| {
        let text = error.to_string();
        // serde names the field between backticks: "unknown field `x`, expected one of …".
        let field = text.split('`').nth(1).unwrap_or("query").to_owned();
        Problem::field(
            field,
            format!("The query cannot be read: {text}."),
            "Leave it out, or correct it as /openapi.json describes.",
        )
    })
}

/// The one name in a path.
#[derive(Debug)]
pub struct Named(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(name) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| {
            Problem::field(
                "path",
                "The path is not UTF-8, percent-encoded.",
                "Encode it as UTF-8 with percent signs.",
            )
        })?;
        Ok(Self(name))
    }
}

const DATES: &str = "Write 2024-10-04, 2024-10 or 2024.";
/// What a date may look like, for `openapi.json`.
const DATE_PATTERN: &str = "^[1-9][0-9]{3}(-(0[1-9]|1[0-2])|-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8])))?$";
/// What `recorded` may look like.
const RECORDED_PATTERN: &str = "^(#[0-9]{1,8}|[0-9]{1,3}|[0-9]{5,8}|[1-9][0-9]{3}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)?)$";

fn pattern(pattern: &str) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(pattern))
        .build()
}

/// The schema of a date.
pub fn date_schema() -> Object {
    pattern(DATE_PATTERN)
}

/// The schema of what is recorded.
pub fn recorded_schema() -> Object {
    pattern(RECORDED_PATTERN)
}

fn or_null(of: &str) -> Schema {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .pattern(Some(of))
        .build()
        .into()
}

/// The schema of a date in a body, which may also be null.
pub fn date_or_null() -> Schema {
    or_null(DATE_PATTERN)
}

/// The same of what is recorded.
pub fn recorded_or_null() -> Schema {
    or_null(RECORDED_PATTERN)
}

fn dated(field: &str, text: Option<&str>, parse: fn(&str) -> Result<Day, String>) -> Result<Option<Day>, Problem> {
    text.map(|t| {
        // No list and no ledger is a thousand years old: a year that begins with 0 is a slip.
        let slip = || {
            if t.starts_with('0') {
                Err(format!("\"{t}\" lies too far back"))
            } else {
                parse(t)
            }
        };
        slip().map_err(|why| Problem::field(field, format!("{field}: {why}."), DATES))
    })
    .transpose()
}

/// A day; a month or a year means its last day.
pub fn day(field: &str, text: Option<&str>) -> Result<Option<Day>, Problem> {
    dated(field, text, parse_day)
}

/// A day; a month or a year means its first day.
pub fn first_day(field: &str, text: Option<&str>) -> Result<Option<Day>, Problem> {
    dated(field, text, parse_first_day)
}

/// The weakest grade that counts.
pub fn grade(field: &str, text: Option<&str>) -> Result<Option<Grade>, Problem> {
    text.map(|t| {
        t.parse().map_err(|why: String| {
            Problem::field(field, format!("{field}: {why}."), "Write official, stated or reported.")
        })
    })
    .transpose()
}

/// A transaction's number or a time, as the library will read it.
pub fn recorded(field: &str, text: Option<String>) -> Result<Option<String>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let digits = |t: &str| !t.is_empty() && t.len() < 9 && t.bytes().all(|b| b.is_ascii_digit());
    let number = match text.strip_prefix('#') {
        Some(rest) => digits(rest),
        None => digits(&text) && text.len() != 4,
    };
    let time = || {
        let day = text.get(..10).unwrap_or(&text);
        let rest = text.len() == day.len() || text.parse::<jiff::Timestamp>().is_ok();
        !text.starts_with('0') && day.parse::<Calendar>().is_ok() && rest
    };
    if number || time() {
        return Ok(Some(text));
    }
    Err(Problem::field(
        field,
        format!("{field}: \"{text}\" is neither a transaction nor a time."),
        "Write a transaction's number (#17) or a time (2026-11-23, 2026-11-23T10:00:00Z).",
    ))
}

/// A number within bounds.
pub fn number(field: &str, text: Option<&str>, least: usize, most: usize) -> Result<Option<usize>, Problem> {
    text.map(|t| {
        t.parse::<usize>()
            .ok()
            .filter(|n| (least..=most).contains(n) && t.bytes().all(|b| b.is_ascii_digit()))
            .ok_or_else(|| {
                Problem::field(
                    field,
                    format!("{field}: \"{t}\" is not a number from {least} to {most}."),
                    format!("Write a number from {least} to {most}."),
                )
            })
    })
    .transpose()
}

/// Yes or no.
pub fn flag(field: &str, text: Option<&str>) -> Result<bool, Problem> {
    match text {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(t) => Err(Problem::field(
            field,
            format!("{field}: \"{t}\" is neither true nor false."),
            "Write true or false.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Clocks {
        on: Option<String>,
    }

    #[test]
    fn a_wrong_parameter_is_named() {
        for (query, field) in [("on=2024&onn=2", "onn"), ("on=2024&on=2025", "on"), ("%zz=1", "%zz")] {
            let problem = parse::<Clocks>(query).unwrap_err();
            assert_eq!(problem.field.as_deref(), Some(field), "{query}");
        }
        assert_eq!(parse::<Clocks>("on=2024").unwrap().on.as_deref(), Some("2024"));
    }

    #[test]
    fn what_is_recorded_is_a_transaction_or_a_time() {
        for good in [
            "1",
            "17",
            "#1000",
            "#2024",
            "2026-11-23",
            "2026-11-23T10:00:00Z",
            "2024",
        ] {
            assert!(recorded("recorded", Some(good.into())).is_ok(), "{good}");
        }
        for bad in ["", "#", "x", "-1", "#x", "2026-13-01", "2026-11-23x", "१२"] {
            assert!(recorded("recorded", Some(bad.into())).is_err(), "{bad}");
        }
    }
}
