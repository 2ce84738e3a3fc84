//! FollowTheMoney as JSON, an object a line: entities, nested targets, and delta files (`{"op":"ADD","entity":{…}}`).

use serde_json::Value;
use standing_model::Reject;

use crate::error::{ReadError, grouped};
use crate::ftm::entity::Entity;
use crate::ftm::{Gathered, LIST, Place, snapshot};
use crate::registry::{Document, Format};
use crate::text::{self, Otherwise};

/// The entry of entities and nested targets.
pub(crate) const ENTITIES: Format = Format {
    id: "ftm-json",
    lists: &[LIST],
    summary: "FollowTheMoney entities or nested targets, a JSON object a line",
    part: |bytes| (first_line(bytes) == Some(Shape::Entity)).then_some(""),
    sets: None,
    read: |documents, options| {
        documents
            .iter()
            .map(|document| Ok(snapshot("ftm-json", gather(document)?, false, options)))
            .collect()
    },
};

/// The entry of delta files.
pub(crate) const DELTA: Format = Format {
    id: "ftm-delta",
    lists: &[LIST],
    summary: "FollowTheMoney delta files: ADD, MOD and DEL a line",
    part: |bytes| (first_line(bytes) == Some(Shape::Delta)).then_some(""),
    sets: None,
    read: |documents, options| {
        documents
            .iter()
            .map(|document| Ok(snapshot("ftm-delta", gather(document)?, true, options)))
            .collect()
    },
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Entity,
    Delta,
}

/// The longest first line that is looked at; real entities reach some 100 kB.
const LINE: usize = 1 << 22;

/// What the first line that is not blank is.
fn first_line(bytes: &[u8]) -> Option<Shape> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let line = bytes[..bytes.len().min(LINE)]
        .split(|&b| b == b'\n')
        .find(|line| !line.iter().all(u8::is_ascii_whitespace))?;
    if line.trim_ascii_start().first() != Some(&b'{') {
        return None;
    }
    // A broken first line is still told by its keys, so that it is refused as what it is.
    let has = |key: &str| memchr::memmem::find(line, key.as_bytes()).is_some();
    if has("\"op\"") && has("\"entity\"") {
        return Some(Shape::Delta);
    }
    (has("\"schema\"") && has("\"properties\"") && has("\"id\"")).then_some(Shape::Entity)
}

fn gather(document: &Document<'_>) -> Result<Gathered, ReadError> {
    let text = text::decode(document, Otherwise::Refuse)?;
    let mut gathered = Gathered::default();
    let (mut at, mut number) = (0, 0_u64);
    let mut broken = None;
    for line in text.text.split_inclusive('\n') {
        number += 1;
        let (start, end) = (at, at + line.trim_end().len());
        at += line.len();
        if line.trim().is_empty() {
            continue;
        }
        let words = format!("line {}", grouped(number));
        let place = Place {
            bytes: text.exact.then_some((start + text.offset, end + text.offset)),
            words: words.clone(),
        };
        let read: Result<Value, _> = serde_json::from_str(line.trim());
        let value = match read {
            Ok(value) => value,
            // Only the last line can have been cut off; it is told when no other follows.
            Err(e) => {
                broken = Some((number, words.clone(), e.is_eof()));
                gathered.rejects.push(Reject {
                    position: words,
                    reason: format!("no JSON object ({e})"),
                });
                continue;
            }
        };
        if let Err(reason) = one(&value, place, &mut gathered) {
            gathered.rejects.push(Reject {
                position: words,
                reason,
            });
        }
    }
    match broken {
        Some((line, position, true)) if line == number && !text.text.ends_with('\n') => Err(ReadError::Broken {
            document: document.name.to_owned(),
            what: "the file breaks off within an entity".to_owned(),
            position,
            read: gathered.entities.len() as u64,
        }),
        _ => Ok(gathered),
    }
}

fn one(value: &Value, place: Place, gathered: &mut Gathered) -> Result<(), String> {
    let object = value.as_object().ok_or("no JSON object")?;
    let Some(entity) = object.get("entity").filter(|_| object.contains_key("op")) else {
        gathered.entities.push((Entity::of(object)?, place));
        return Ok(());
    };
    let entity = entity.as_object().ok_or("an operation without an entity")?;
    match object.get("op").and_then(Value::as_str) {
        Some("ADD" | "MOD") => gathered.entities.push((Entity::of(entity)?, place)),
        Some("DEL") => {
            let id = entity.get("id").and_then(Value::as_str).ok_or("a DEL without an id")?;
            gathered.removals.push(id.to_owned());
        }
        other => return Err(format!("an unknown operation {other:?}")),
    }
    Ok(())
}
