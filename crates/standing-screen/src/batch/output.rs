//! Where hits go: JSON lines, CSV, Parquet or Arrow IPC, by the output's extension.
//!
//! While a batch runs, hits are JSON lines in a spool; the other forms are written from it when it is complete. So every form can be resumed.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Builder, RecordBatch, StringBuilder, UInt64Builder};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::input::{file_error, wrong};
use crate::error::ScreenError;
use crate::hit::Hit;

/// The form of an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One JSON object a line.
    JsonLines,
    /// Cells; the explanation as JSON in one of them.
    Csv,
    /// Columns as in CSV.
    Parquet,
    /// Columns as in CSV.
    Arrow,
}

impl Form {
    /// The form that an extension means.
    pub fn of(path: &Path) -> Result<Self, ScreenError> {
        let extension = path
            .extension()
            .and_then(|e| e.to_str())
            .unwrap_or_default()
            .to_ascii_lowercase();
        Ok(match extension.as_str() {
            "jsonl" | "ndjson" | "json" | "" => Self::JsonLines,
            "csv" => Self::Csv,
            "parquet" => Self::Parquet,
            "arrow" | "ipc" | "feather" => Self::Arrow,
            other => {
                return Err(wrong(
                    path,
                    format!("an output may end in .jsonl, .csv, .parquet or .arrow, not in .{other}"),
                ));
            }
        })
    }
}

const COLUMNS: [&str; 14] = [
    "row",
    "id",
    "query_name",
    "party",
    "listing",
    "name",
    "caption",
    "score",
    "name_score",
    "standing",
    "authorities",
    "measures",
    "judged",
    "explanation",
];

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn authorities(hit: &Hit) -> String {
    let mut names: Vec<&str> = hit.measures.iter().map(|m| m.authority.as_str()).collect();
    names.dedup();
    names.join(" ")
}

/// Writes hits that stand as JSON lines in the form that the other file's extension means.
pub fn convert_file(lines: &Path, output: &Path) -> Result<(), ScreenError> {
    convert(lines, output, Form::of(output)?)
}

/// Writes the spool's hits in another form.
pub(super) fn convert(spool: &Path, output: &Path, form: Form) -> Result<(), ScreenError> {
    let reader = BufReader::with_capacity(1 << 16, File::open(spool).map_err(file_error(spool))?);
    let hits = reader.lines().map(|line| {
        let line = line.map_err(file_error(spool))?;
        serde_json::from_str::<Hit>(&line).map_err(|e| wrong(spool, e.to_string()))
    });
    let file = BufWriter::new(File::create(output).map_err(file_error(output))?);
    match form {
        Form::JsonLines => Ok(()),
        Form::Csv => csv(hits, file, output),
        Form::Parquet => parquet(hits, file, output),
        Form::Arrow => arrow(hits, file, output),
    }
}

type Hits<'a> = &'a mut dyn Iterator<Item = Result<Hit, ScreenError>>;

fn csv(
    mut hits: impl Iterator<Item = Result<Hit, ScreenError>>,
    file: impl Write,
    path: &Path,
) -> Result<(), ScreenError> {
    let failed = |e: ::csv::Error| wrong(path, e.to_string());
    let mut out = ::csv::Writer::from_writer(file);
    out.write_record(COLUMNS).map_err(failed)?;
    let hits: Hits<'_> = &mut hits;
    for hit in hits {
        let hit = hit?;
        out.write_record([
            hit.query.row.to_string().as_str(),
            hit.query.id.as_deref().unwrap_or_default(),
            &hit.query.name,
            &hit.party,
            hit.listing.as_deref().unwrap_or_default(),
            &hit.name,
            &hit.caption,
            &hit.score.to_string(),
            &hit.name_score.to_string(),
            hit.standing.word(),
            &authorities(&hit),
            &json(&hit.measures),
            &hit.judged.as_ref().map(json).unwrap_or_default(),
            &json(&hit.explanation),
        ])
        .map_err(failed)?;
    }
    out.flush().map_err(file_error(path))
}

fn schema() -> SchemaRef {
    let fields: Vec<Field> = COLUMNS
        .iter()
        .map(|name| {
            let kind = match *name {
                "row" => DataType::UInt64,
                "score" | "name_score" => DataType::Float64,
                _ => DataType::Utf8,
            };
            Field::new(*name, kind, matches!(*name, "id" | "listing" | "judged"))
        })
        .collect();
    Arc::new(Schema::new(fields))
}

/// Hits in a record batch at most.
const BATCH: usize = 4096;

fn batches(
    hits: Hits<'_>,
    path: &Path,
    mut write: impl FnMut(&RecordBatch) -> Result<(), ScreenError>,
) -> Result<(), ScreenError> {
    loop {
        let mut rows = UInt64Builder::new();
        let mut scores = [Float64Builder::new(), Float64Builder::new()];
        let mut texts: [StringBuilder; 11] = Default::default();
        let mut n = 0;
        while n < BATCH {
            let Some(hit) = hits.next() else { break };
            let hit = hit?;
            n += 1;
            rows.append_value(hit.query.row);
            scores[0].append_value(hit.score);
            scores[1].append_value(hit.name_score);
            let cells: [Option<String>; 11] = [
                hit.query.id.clone(),
                Some(hit.query.name.clone()),
                Some(hit.party.clone()),
                hit.listing.clone(),
                Some(hit.name.clone()),
                Some(hit.caption.clone()),
                Some(hit.standing.word().to_owned()),
                Some(authorities(&hit)),
                Some(json(&hit.measures)),
                hit.judged.as_ref().map(json),
                Some(json(&hit.explanation)),
            ];
            for (builder, cell) in texts.iter_mut().zip(cells) {
                builder.append_option(cell);
            }
        }
        if n == 0 {
            return Ok(());
        }
        let mut texts = texts.map(|mut t| Arc::new(t.finish()) as ArrayRef).into_iter();
        let mut scores = scores.map(|mut s| Arc::new(s.finish()) as ArrayRef).into_iter();
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(COLUMNS.len());
        for name in COLUMNS {
            let column = match name {
                "row" => Some(Arc::new(rows.finish()) as ArrayRef),
                "score" | "name_score" => scores.next(),
                _ => texts.next(),
            };
            columns.extend(column);
        }
        let batch = RecordBatch::try_new(schema(), columns).map_err(|e| wrong(path, e.to_string()))?;
        write(&batch)?;
    }
}

fn parquet(
    mut hits: impl Iterator<Item = Result<Hit, ScreenError>>,
    file: impl Write + Send,
    path: &Path,
) -> Result<(), ScreenError> {
    let failed = |e: parquet::errors::ParquetError| wrong(path, e.to_string());
    let level = ZstdLevel::try_new(3).map_err(failed)?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_created_by("standing".into())
        .build();
    let mut writer = ArrowWriter::try_new(file, schema(), Some(properties)).map_err(failed)?;
    batches(&mut hits, path, |batch| writer.write(batch).map_err(failed))?;
    writer.close().map_err(failed)?;
    Ok(())
}

fn arrow(
    mut hits: impl Iterator<Item = Result<Hit, ScreenError>>,
    file: impl Write,
    path: &Path,
) -> Result<(), ScreenError> {
    let failed = |e: arrow::error::ArrowError| wrong(path, e.to_string());
    let mut writer = arrow::ipc::writer::FileWriter::try_new(file, &schema()).map_err(failed)?;
    batches(&mut hits, path, |batch| writer.write(batch).map_err(failed))?;
    writer.finish().map_err(failed)
}
