//! FollowTheMoney statements, CSV: one value of one property a row. Rows of one `canonical_id` are one entity.
//!
//! Columns as nomenklatura writes them: `canonical_id, entity_id, prop, prop_type, schema, value, dataset, …`. Where a statement names
//! several schemata for an entity the most specific one, which is the last named party schema, holds.

use std::collections::HashMap;

use standing_model::Reject;

use crate::csv::{Cells, Headings, Rows};
use crate::error::{ReadError, grouped};
use crate::ftm::entity::Entity;
use crate::ftm::{Gathered, LIST, Place, snapshot};
use crate::registry::{Document, Format};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "ftm-statements-csv",
    lists: &[LIST],
    summary: "FollowTheMoney statements, CSV",
    part: |bytes| {
        let head = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let line = head.iter().take(400).take_while(|b| **b != b'\n').copied();
        let plain: Vec<u8> = line.filter(|b| *b != b'"').collect();
        let has = |column: &str| memchr::memmem::find(&plain, column.as_bytes()).is_some();
        (plain.starts_with(b"canonical_id,") && has("entity_id") && has("prop") && has("schema") && has("value"))
            .then_some("")
    },
    sets: None,
    read: |documents, options| {
        documents
            .iter()
            .map(|document| Ok(snapshot("ftm-statements-csv", gather(document)?, false, options)))
            .collect()
    },
};

fn gather(document: &Document<'_>) -> Result<Gathered, ReadError> {
    let mut rows = Rows::open(document, b',')?;
    let mut row = Cells::default();
    rows.next(&mut row)?;
    let headings = Headings::of(&rows, &row);
    let mut columns = [0; 6];
    for (slot, name) in columns
        .iter_mut()
        .zip(["canonical_id", "entity_id", "prop", "schema", "value", "dataset"])
    {
        *slot = headings.column(name).ok_or_else(|| ReadError::Inconsistent {
            document: document.name.to_owned(),
            what: format!("the column \"{name}\" is missing"),
            remedy: "Give the statements as they were published".to_owned(),
        })?;
    }
    let mut gathered = Gathered::default();
    let mut at: HashMap<String, usize> = HashMap::new();
    while rows.next(&mut row)? {
        let line = row.line;
        let mut reject = |reason: String| {
            gathered.rejects.push(Reject {
                position: format!("line {}", grouped(line as u64)),
                reason,
            });
        };
        if row.len() != headings.names.len() {
            reject(format!("{} cells instead of {}", row.len(), headings.names.len()));
            continue;
        }
        let [canonical, entity, property, schema, value, dataset] = columns.map(|c| rows.text(&row, c));
        let id = if canonical.is_empty() { &entity } else { &canonical };
        if id.is_empty() || property.is_empty() {
            reject("a statement without an entity or a property".to_owned());
            continue;
        }
        let index = *at.entry(id.to_string()).or_insert_with(|| {
            let place = Place {
                bytes: rows.exact().then_some((row.span.start, row.span.end)),
                words: format!("line {}", grouped(line as u64)),
            };
            let new = Entity {
                id: id.to_string(),
                ..Entity::default()
            };
            gathered.entities.push((new, place));
            gathered.entities.len() - 1
        });
        let found = &mut gathered.entities[index].0;
        if !schema.is_empty() {
            found.schema = schema.into_owned();
        }
        let mut keep = |key: &str, value: &str| {
            if !value.is_empty() && !found.rest.iter().any(|(k, v)| k == key && v == value) {
                found.rest.push((key.into(), value.into()));
            }
        };
        keep("dataset", &dataset);
        if entity != *id {
            keep("entity_id", &entity);
        }
        if property != "id" {
            let values = found.properties.entry(property.into_owned()).or_default();
            if !values.iter().any(|v| *v == value) {
                values.push(value.into_owned());
            }
        }
    }
    Ok(gathered)
}
