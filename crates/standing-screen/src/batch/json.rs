//! JSON lines: FollowTheMoney entities, or flat objects with the fields of a table.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde_json::{Map, Value};

use super::columns::{Columns, Field, field_named, set};
use super::input::{Input, InputOptions, Row, file_error};
use crate::error::{Reject, ScreenError};
use crate::query::Query;

/// The longest line that is read.
const LONGEST: usize = 4 << 20;

/// Schemata of FollowTheMoney that are no party: their lines are rejected with that reason.
const NO_PARTIES: &[&str] = &[
    "Address",
    "Sanction",
    "Identification",
    "Passport",
    "Ownership",
    "Directorship",
    "Family",
    "Associate",
    "Membership",
    "Employment",
    "Occupancy",
    "Position",
    "UnknownLink",
    "Payment",
    "CryptoWallet",
    "Security",
    "BankAccount",
    "Representation",
    "Succession",
    "Similar",
];

pub(super) fn open(path: &Path, options: &InputOptions) -> Result<Input, ScreenError> {
    let mut reader = BufReader::with_capacity(1 << 16, File::open(path).map_err(file_error(path))?);
    let map = options.map.clone();
    let path = path.to_owned();
    let (mut row, mut over, mut line) = (0u64, false, Vec::new());
    let rows = std::iter::from_fn(move || {
        loop {
            if over {
                return None;
            }
            match next_line(&mut reader, &mut line) {
                Ok(None) => return None,
                Ok(Some(whole)) => {
                    let text = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&line);
                    if whole && text.trim_ascii().is_empty() {
                        continue;
                    }
                    let at = row;
                    row += 1;
                    let query = if whole {
                        query(at, text, &map)
                    } else {
                        Err(Reject::Row(format!("the line is longer than {LONGEST} bytes")))
                    };
                    return Some(Ok::<Row, ScreenError>((at, query)));
                }
                Err(e) => {
                    over = true;
                    return Some(Err(file_error(&path)(e)));
                }
            }
        }
    });
    Ok(Input {
        form: "JSON lines".into(),
        columns: BTreeMap::default(),
        rows: Box::new(rows),
    })
}

/// Reads a line; `Some(false)` if it was too long and skipped.
fn next_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<Option<bool>> {
    line.clear();
    let (mut any, mut whole) = (false, true);
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            return Ok(any.then_some(whole));
        }
        any = true;
        let end = bytes.iter().position(|b| *b == b'\n');
        let part = &bytes[..end.unwrap_or(bytes.len())];
        if line.len() + part.len() > LONGEST {
            whole = false;
        } else if whole {
            line.extend_from_slice(part);
        }
        let used = end.map_or(bytes.len(), |e| e + 1);
        reader.consume(used);
        if end.is_some() {
            return Ok(Some(whole));
        }
    }
}

fn query(row: u64, line: &[u8], map: &[(Field, String)]) -> Result<Query, Reject> {
    let value: Value = serde_json::from_slice(line).map_err(|e| Reject::Row(format!("it is no JSON object: {e}")))?;
    let Value::Object(object) = value else {
        return Err(Reject::Row("it is no JSON object".into()));
    };
    match object.get("properties") {
        Some(Value::Object(properties)) => entity(row, &object, properties),
        _ => flat(row, &object, map),
    }
}

/// Text of a value that stands for one; numbers as they are written.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

fn flat(row: u64, object: &Map<String, Value>, map: &[(Field, String)]) -> Result<Query, Reject> {
    let headings: Vec<String> = object.keys().cloned().collect();
    let columns = Columns::read(&headings, map).map_err(Reject::Row)?;
    let cells: Vec<String> = object.values().map(|v| texts(v).join(";")).collect();
    columns.query(row, cells.iter().map(String::as_str))
}

fn entity(row: u64, object: &Map<String, Value>, properties: &Map<String, Value>) -> Result<Query, Reject> {
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    let schema = text("schema").unwrap_or_default();
    if NO_PARTIES.contains(&schema) {
        return Err(Reject::Field {
            field: "schema".into(),
            what: format!("\"{schema}\" is no party"),
        });
    }
    let mut query = Query {
        row,
        id: text("id").map(str::to_owned),
        kind: crate::query::kind_of_schema(schema)?,
        ..Query::default()
    };
    let mut parts: [Vec<String>; 3] = Default::default();
    for (property, value) in properties {
        let field = match property.as_str() {
            "name" | "alias" | "weakAlias" | "previousName" => Field::Name,
            "firstName" => {
                parts[0].extend(texts(value));
                continue;
            }
            "middleName" | "secondName" | "fatherName" => {
                parts[1].extend(texts(value));
                continue;
            }
            "lastName" => {
                parts[2].extend(texts(value));
                continue;
            }
            "birthDate" | "incorporationDate" | "buildDate" => Field::Birth,
            "nationality" | "country" | "citizenship" | "jurisdiction" | "flag" | "mainCountry" => Field::Country,
            "gender" => Field::Gender,
            "address" | "full" => Field::Address,
            "idNumber"
            | "passportNumber"
            | "taxNumber"
            | "registrationNumber"
            | "imoNumber"
            | "mmsi"
            | "callSign"
            | "leiCode"
            | "swiftBic"
            | "dunsCode"
            | "ogrnCode"
            | "innCode"
            | "phone"
            | "email"
            | "website"
            | "wikidataId"
            | "socialSecurityNumber"
            | "vatCode"
            | "publicKey" => match field_named(property) {
                Some(field) => field,
                None => continue,
            },
            _ => continue,
        };
        for text in texts(value).iter().filter(|t| !t.trim().is_empty()) {
            // FollowTheMoney has codes for what is no country now; they say nothing here.
            match set(&mut query, &field, text.trim()) {
                Err(_) if field == Field::Country && text.len() <= 6 => {}
                other => other?,
            }
        }
    }
    if query.names.is_empty() {
        let joined = parts.concat().join(" ");
        let name = if joined.trim().is_empty() {
            text("caption").unwrap_or_default().to_owned()
        } else {
            joined
        };
        query.names.push(name);
    }
    Ok(query)
}
