//! Parquet and Arrow IPC: columns understood by name, cells read as text.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use arrow::array::{Array, ArrayRef, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Schema};
use arrow::error::ArrowError;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::columns::{Columns, Field};
use super::input::{Input, InputOptions, Row, file_error, wrong};
use crate::error::{Reject, ScreenError};

/// Rows read at a time.
const ROWS: usize = 8192;

type Batches = Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>> + Send>;

pub(super) fn parquet(path: &Path, options: &InputOptions) -> Result<Input, ScreenError> {
    let unreadable = |e: parquet::errors::ParquetError| wrong(path, format!("it cannot be read as Parquet: {e}"));
    let file = File::open(path).map_err(file_error(path))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(unreadable)?;
    let schema = builder.schema().as_ref().clone();
    let reader = builder.with_batch_size(ROWS).build().map_err(unreadable)?;
    rows("Parquet", path, &schema, Box::new(reader), options)
}

pub(super) fn arrow(path: &Path, options: &InputOptions) -> Result<Input, ScreenError> {
    let unreadable = |e: ArrowError| wrong(path, format!("it cannot be read as Arrow IPC: {e}"));
    let open = || File::open(path).map(BufReader::new).map_err(file_error(path));
    if let Ok(reader) = arrow::ipc::reader::FileReader::try_new(open()?, None) {
        let schema = reader.schema().as_ref().clone();
        rows("Arrow IPC file", path, &schema, Box::new(reader), options)
    } else {
        let reader = arrow::ipc::reader::StreamReader::try_new(open()?, None).map_err(unreadable)?;
        let schema = reader.schema().as_ref().clone();
        rows("Arrow IPC stream", path, &schema, Box::new(reader), options)
    }
}

fn readable(kind: &DataType) -> bool {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => true,
        DataType::Dictionary(_, value) => readable(value),
        _ => false,
    }
}

fn number(kind: &DataType) -> bool {
    kind.is_integer()
}

fn check(schema: &Schema, columns: &Columns) -> Result<(), String> {
    for (at, column) in schema.fields().iter().enumerate() {
        let Some(field) = columns.field(at) else { continue };
        let kind = column.data_type();
        let fits = readable(kind)
            || match field {
                Field::Id | Field::Identifier(_) => number(kind),
                Field::Birth => {
                    matches!(kind, DataType::Date32 | DataType::Date64 | DataType::Timestamp(..)) || number(kind)
                }
                _ => false,
            };
        if !fits {
            return Err(format!(
                "the column \"{}\" is of type {kind}; it should be text. Write it as text, or name another column: --map",
                column.name()
            ));
        }
    }
    Ok(())
}

fn rows(
    form: &str,
    path: &Path,
    schema: &Schema,
    mut batches: Batches,
    options: &InputOptions,
) -> Result<Input, ScreenError> {
    let headings: Vec<String> = schema.fields().iter().map(|f| f.name().clone()).collect();
    let columns = Columns::read(&headings, &options.map).map_err(|what| wrong(path, what))?;
    check(schema, &columns).map_err(|what| wrong(path, what))?;
    let understood = columns.understood.clone();
    let path = path.to_owned();
    let mut row = 0u64;
    let mut batch: Vec<Option<ArrayRef>> = Vec::new();
    let (mut at, mut length, mut over) = (0, 0, false);
    let rows = std::iter::from_fn(move || {
        loop {
            if over {
                return None;
            }
            if at < length {
                let query = query(row, &batch, at, &columns);
                let number = row;
                at += 1;
                row += 1;
                return Some(Ok::<Row, ScreenError>((number, query)));
            }
            let next = batches.next()?;
            match next.and_then(|b| texts(&b, &columns).map(|t| (b.num_rows(), t))) {
                Ok((n, texts)) => {
                    (at, length, batch) = (0, n, texts);
                }
                Err(e) => {
                    over = true;
                    return Some(Err(wrong(&path, format!("row {row} and after cannot be read: {e}"))));
                }
            }
        }
    });
    Ok(Input {
        form: form.into(),
        columns: understood,
        rows: Box::new(rows),
    })
}

/// The columns that are understood, as text.
fn texts(batch: &RecordBatch, columns: &Columns) -> Result<Vec<Option<ArrayRef>>, ArrowError> {
    batch
        .columns()
        .iter()
        .enumerate()
        .map(|(at, column)| columns.field(at).map(|_| cast(column, &DataType::Utf8)).transpose())
        .collect()
}

fn query(row: u64, batch: &[Option<ArrayRef>], at: usize, columns: &Columns) -> Result<crate::Query, Reject> {
    let cells = batch.iter().map(|column| {
        column
            .as_ref()
            .and_then(|c| c.as_any().downcast_ref::<StringArray>())
            .filter(|c| c.is_valid(at))
            .map_or("", |c| c.value(at))
    });
    columns.query(row, cells)
}
