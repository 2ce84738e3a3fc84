//! Screening of files: rows in, hits out in the order of rows whatever the threads, in bounded memory, resumable.
//!
//! One thread reads, `threads` screen, the caller's writes. Blocks of rows travel between them; only so many are under way at a time. What is
//! written stands in a spool beside the output, with a note of how far it is; a batch that was killed goes on from there, if input, index, policy
//! and options are the same, and gives the same bytes.

pub mod columns;
mod csv;
pub mod input;
mod json;
pub mod output;
mod spool;
mod tables;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::mpsc;
use std::sync::{Condvar, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::error::{Reject, ScreenError};
use crate::screener::{Options, Outcome, ScreenOneError, Screener};
use crate::search::Searcher;
use input::{Input, InputOptions, Row};
use output::Form;
use spool::Spool;

/// Rows in a block.
const BLOCK: usize = 256;

/// A file to be screened.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The input.
    pub input: PathBuf,
    /// The output.
    pub output: PathBuf,
    /// What the user says about the input.
    pub reading: InputOptions,
    /// How to screen.
    pub options: Options,
    /// How many threads; all cores if 0.
    pub threads: usize,
    /// Where to note which customers had hits, with a digest of what was known of them; nowhere if none is given.
    pub customers: Option<PathBuf>,
}

/// A row that was not screened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedRow {
    /// Its number from 0.
    pub row: u64,
    /// Why.
    pub reason: String,
}

/// How far a batch is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Rows screened.
    pub rows: u64,
    /// Hits found.
    pub hits: u64,
}

/// What a batch amounts to. It says nothing about how it was computed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct BatchReport {
    /// In which form the input was understood.
    pub form: String,
    /// Headings that were understood, with their fields.
    pub columns: BTreeMap<String, String>,
    /// Rows of the input.
    pub rows: u64,
    /// Rows that were not screened.
    pub rejected: u64,
    /// The same by reason.
    pub rejected_by_reason: BTreeMap<String, u64>,
    /// Rows with a hit.
    pub rows_with_hits: u64,
    /// Hits.
    pub hits: u64,
    /// Hits by authority.
    pub by_authority: BTreeMap<String, u64>,
    /// Hits by where the listing stands.
    pub by_standing: BTreeMap<String, u64>,
    /// Pairs judged before, not raised again.
    pub judged: u64,
    /// Listings that other fields took below the threshold.
    pub below: u64,
    /// Digest of the input.
    pub input: String,
    /// Digest of the output.
    pub output: String,
}

impl BatchReport {
    /// Counts what one row gave.
    pub fn add(&mut self, outcome: &Result<Outcome, Reject>) {
        match outcome {
            Ok(outcome) => {
                self.rows_with_hits += u64::from(!outcome.hits.is_empty());
                self.hits += outcome.hits.len() as u64;
                self.judged += outcome.judged.len() as u64;
                self.below += outcome.below as u64;
                for hit in &outcome.hits {
                    *self.by_standing.entry(hit.standing.word().into()).or_default() += 1;
                    let mut last = "";
                    for line in &hit.measures {
                        if line.authority != last {
                            *self.by_authority.entry(line.authority.clone()).or_default() += 1;
                        }
                        last = &line.authority;
                    }
                }
            }
            Err(reject) => {
                self.rejected += 1;
                let reason = match reject {
                    Reject::Name(e) => format!(
                        "name: {}",
                        e.to_string()
                            .split([';', ','])
                            .next()
                            .unwrap_or_default()
                            .replace(|c: char| c.is_ascii_digit(), "")
                    ),
                    Reject::Field { field, .. } => field.clone(),
                    Reject::Row(_) => "row".into(),
                };
                *self.rejected_by_reason.entry(reason).or_default() += 1;
            }
        }
    }
}

/// What a block of rows gave, already as it is written.
struct Done {
    seq: u64,
    rows: u64,
    hits: Vec<u8>,
    rejects: Vec<u8>,
    customers: Vec<u8>,
    part: BatchReport,
    failed: Option<ScreenError>,
}

/// Holds the reader back while too many blocks are under way.
struct Gate {
    under_way: Mutex<(usize, bool)>,
    free: Condvar,
}

impl Gate {
    fn enter(&self, most: usize) -> bool {
        let mut state = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        while state.0 >= most && !state.1 {
            state = self.free.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.0 += 1;
        !state.1
    }

    fn leave(&self) {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).0 -= 1;
        self.free.notify_one();
    }

    fn close(&self) {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).1 = true;
        self.free.notify_all();
    }
}

/// Closes the gate however its scope is left, so that no thread waits for one that is gone.
struct Closing<'a>(&'a Gate);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Screener {
    /// Screens a file. `key` stands for everything that the output depends on beside the input: a spool of another key is not gone on with.
    /// `progress` is called after every block.
    pub fn screen_batch(
        &self,
        batch: &Batch,
        key: &str,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<BatchReport, ScreenError> {
        let form = Form::of(&batch.output)?;
        let digest = input::digest(&batch.input)?;
        let input = input::open(&batch.input, &batch.reading)?;
        let map: Vec<String> = batch.reading.map.iter().map(|(f, c)| format!("{f:?}={c}")).collect();
        let key = blake3::hash(
            format!(
                "{key}|{digest}|{}|{:?}|{:?}|{:?}|{:?}",
                self.index().digest(),
                batch.options,
                batch.reading.kind,
                map,
                self.policy()
            )
            .as_bytes(),
        )
        .to_hex()
        .to_string();
        let (mut spool, mut report) = Spool::open(&batch.output, &key)?;
        report.form.clone_from(&input.form);
        report.columns.clone_from(&input.columns);
        report.input = digest;
        self.run(batch, input, &mut spool, &mut report, progress)?;
        report.output = spool.finish(&batch.output, form, batch.customers.as_deref())?;
        Ok(report)
    }

    fn run(
        &self,
        batch: &Batch,
        input: Input,
        spool: &mut Spool,
        report: &mut BatchReport,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), ScreenError> {
        let threads = match batch.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            n => n.min(256),
        };
        let done_rows = report.rows;
        let gate = Gate {
            under_way: Mutex::new((0, false)),
            free: Condvar::new(),
        };
        let (blocks, take) = mpsc::channel::<(u64, Vec<Row>)>();
        let take = Mutex::new(take);
        let (give, done) = mpsc::channel::<Result<Done, ScreenError>>();
        std::thread::scope(|scope| {
            let (gate, take) = (&gate, &take);
            let _closing = Closing(gate);
            let failed = give.clone();
            scope.spawn(move || {
                let mut rows = input.rows.skip(done_rows as usize);
                for seq in 0.. {
                    if !gate.enter(threads * 4) {
                        return;
                    }
                    let mut block = Vec::with_capacity(BLOCK);
                    for row in rows.by_ref().take(BLOCK) {
                        match row {
                            Ok(row) => block.push(row),
                            Err(error) => {
                                // Whoever waits for results is gone only if it failed itself.
                                let _ = failed.send(Err(error));
                                return;
                            }
                        }
                    }
                    if block.is_empty() || blocks.send((seq, block)).is_err() {
                        return;
                    }
                }
            });
            for _ in 0..threads {
                let give = give.clone();
                scope.spawn(move || {
                    let mut searcher = Searcher::default();
                    loop {
                        let next = take.lock().unwrap_or_else(PoisonError::into_inner).recv();
                        let Ok((seq, rows)) = next else { return };
                        if give
                            .send(Ok(self.block(seq, &rows, &batch.options, &mut searcher)))
                            .is_err()
                        {
                            return;
                        }
                    }
                });
            }
            drop(give);
            let mut waiting: HashMap<u64, Done> = HashMap::new();
            let mut next = 0u64;
            let mut result = Ok(());
            for block in done {
                match block {
                    Ok(block) => {
                        waiting.insert(block.seq, block);
                    }
                    Err(error) => {
                        result = Err(error);
                        break;
                    }
                }
                while let Some(mut block) = waiting.remove(&next) {
                    next += 1;
                    gate.leave();
                    if let Some(error) = block.failed.take() {
                        result = Err(error);
                        break;
                    }
                    report.take(block.part, block.rows);
                    if let Err(error) = spool.write([&block.hits, &block.rejects, &block.customers], report) {
                        result = Err(error);
                        break;
                    }
                    progress(Progress {
                        rows: report.rows,
                        hits: report.hits,
                    });
                }
                if result.is_err() {
                    break;
                }
            }
            result
        })
    }

    fn block(&self, seq: u64, rows: &[Row], options: &Options, searcher: &mut Searcher) -> Done {
        let mut done = Done {
            seq,
            rows: rows.len() as u64,
            hits: Vec::new(),
            rejects: Vec::new(),
            customers: Vec::new(),
            part: BatchReport::default(),
            failed: None,
        };
        for (row, query) in rows {
            let outcome = match query {
                Ok(query) => match self.screen(query, options, searcher) {
                    Ok(outcome) => Ok(outcome),
                    Err(ScreenOneError::Reject(reject)) => Err(reject),
                    Err(ScreenOneError::Screen(error)) => {
                        done.failed = Some(error);
                        return done;
                    }
                },
                Err(reject) => Err(reject.clone()),
            };
            done.part.add(&outcome);
            if let (Ok(found), Ok(query)) = (&outcome, query)
                && !(found.hits.is_empty() && found.judged.is_empty())
                && let Some(id) = &query.id
            {
                done.customers.extend(customer_line(id, query).into_bytes());
            }
            let written = match &outcome {
                Ok(outcome) => outcome.hits.iter().try_for_each(|hit| line(&mut done.hits, hit)),
                Err(reject) => line(
                    &mut done.rejects,
                    &RejectedRow {
                        row: *row,
                        reason: reject.to_string(),
                    },
                ),
            };
            if let Err(error) = written {
                done.failed = Some(ScreenError::TooLarge(error.to_string()));
            }
        }
        done
    }
}

/// What is noted of a customer with hits.
pub fn customer_line(id: &str, query: &crate::Query) -> String {
    format!("{} {}\n", query.digest(), id.replace(['\n', '\r'], " "))
}

fn line<T: Serialize>(out: &mut Vec<u8>, value: &T) -> Result<(), serde_json::Error> {
    serde_json::to_writer(&mut *out, value)?;
    out.push(b'\n');
    Ok(())
}

impl BatchReport {
    fn take(&mut self, part: Self, rows: u64) {
        self.rows += rows;
        self.rejected += part.rejected;
        self.rows_with_hits += part.rows_with_hits;
        self.hits += part.hits;
        self.judged += part.judged;
        self.below += part.below;
        for (mine, theirs) in [
            (&mut self.rejected_by_reason, part.rejected_by_reason),
            (&mut self.by_authority, part.by_authority),
            (&mut self.by_standing, part.by_standing),
        ] {
            for (key, n) in theirs {
                *mine.entry(key).or_default() += n;
            }
        }
    }
}
