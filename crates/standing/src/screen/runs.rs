//! Runs beside the ledger: every screening's manifest is kept in `<ledger>.screen/runs/`, listed, and replayed.
//!
//! A manifest that is kept is numbered in the order of keeping (`000017-9c1e….json`); its content knows neither number nor time of day. Beside
//! it stand the customers that had hits, each with a digest of what was known of it.

use std::path::{Path, PathBuf};

use standing_ledger::Ledger;
use standing_model::Day;
use standing_screen::batch::columns::parse_map;
use standing_screen::batch::customer_line;
use standing_screen::batch::input::InputOptions;
use standing_screen::{
    Asked, Batch, BatchReport, Hit, Manifest, ManifestForm, Options, Outcome, Progress, Query, Reject, ScreenOneError,
    Searcher, hits_bytes,
};

use crate::clocks::Question;
use crate::error::StandingError;
use crate::screen::{Screening, algorithm, directory, open};

/// Where the runs of a ledger are.
pub fn place(ledger: &Ledger) -> Option<PathBuf> {
    directory(ledger).map(|d| d.join("runs"))
}

fn file_error(path: &Path) -> impl Fn(std::io::Error) -> StandingError + '_ {
    move |source| StandingError::File {
        path: path.display().to_string(),
        source,
    }
}

/// What a screening of queries gave.
#[derive(Debug)]
pub struct Answered {
    /// For each query what it gave, or why it was not screened.
    pub outcomes: Vec<Result<Outcome, Reject>>,
    /// The run.
    pub manifest: Manifest,
}

/// What a screening of queries gave, as it is sent.
#[derive(Debug)]
pub struct Written {
    /// For each query what it gave, or why it was not screened.
    pub outcomes: Vec<Result<Outcome, Reject>>,
    /// All hits, one JSON object a line.
    pub hits: Vec<u8>,
    /// The run's manifest, a JSON object: the same bytes that [`Manifest`] gives.
    pub manifest: String,
}

/// What each query gave, with the counts.
type Counted = (Vec<Result<Outcome, Reject>>, BatchReport);

impl Screening {
    fn manifest(&self, asked: Asked, options: Options, output: String, report: BatchReport) -> Manifest {
        let index = self.screener.index();
        let info = index.info();
        Manifest {
            run: String::new(),
            index: info.key.clone(),
            index_digest: index.digest(),
            lists: info.lists.clone(),
            names: info.names,
            policy: self.screener.policy().clone(),
            judged: self.screener.judged_digest(),
            options: Options {
                exhaustive: false,
                ..options
            },
            asked,
            output,
            report,
        }
        .sealed()
    }

    fn counted(&self, queries: &[Query], options: &Options, searcher: &mut Searcher) -> Result<Counted, StandingError> {
        let mut outcomes = Vec::with_capacity(queries.len());
        let mut report = BatchReport {
            rows: queries.len() as u64,
            ..BatchReport::default()
        };
        for query in queries {
            let outcome = match self.screener.screen(query, options, searcher) {
                Ok(outcome) => Ok(outcome),
                Err(ScreenOneError::Reject(reject)) => Err(reject),
                Err(ScreenOneError::Screen(error)) => return Err(error.into()),
            };
            report.add(&outcome);
            outcomes.push(outcome);
        }
        Ok((outcomes, report))
    }

    /// Screens queries; gives the manifest with the answer. Nothing is kept.
    pub fn screen_queries(
        &self,
        queries: &[Query],
        options: &Options,
        searcher: &mut Searcher,
    ) -> Result<Answered, StandingError> {
        let (outcomes, report) = self.counted(queries, options, searcher)?;
        let output = hex(&standing_ledger::digest(&hits_bytes(hits_of(&outcomes))));
        let manifest = self.manifest(Asked::Queries(queries.to_vec()), *options, output, report);
        Ok(Answered { outcomes, manifest })
    }

    /// The same, with hits and manifest as JSON, each written once: what a server sends for every name must cost little.
    pub fn screen_written(
        &self,
        queries: &[Query],
        options: &Options,
        searcher: &mut Searcher,
    ) -> Result<Written, StandingError> {
        let (outcomes, report) = self.counted(queries, options, searcher)?;
        let hits = hits_bytes(hits_of(&outcomes));
        let output = hex(&standing_ledger::digest(&hits));
        let form = self.form.get_or_init(|| ManifestForm::of(&self.screener));
        let manifest = form.fill(queries, options, &output, &report);
        Ok(Written {
            outcomes,
            hits,
            manifest,
        })
    }

    /// Screens a file; gives the manifest, which holds the report. Nothing is kept but the output.
    pub fn screen_file(
        &self,
        batch: &Batch,
        map: &[String],
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Manifest, StandingError> {
        let key = format!("{}|{}", algorithm(), self.screener.judged_digest());
        let report = self.screener.screen_batch(batch, &key, progress)?;
        // Where the input lay; a path that cannot be resolved any more is kept as it was given.
        let path = std::fs::canonicalize(&batch.input).unwrap_or_else(|_| batch.input.clone());
        let asked = Asked::File {
            path: path.display().to_string(),
            digest: report.input.clone(),
            map: map.to_vec(),
            kind: batch.reading.kind,
            form: batch
                .output
                .extension()
                .and_then(|e| e.to_str())
                .unwrap_or("jsonl")
                .to_ascii_lowercase(),
        };
        let output = report.output.clone();
        Ok(self.manifest(asked, batch.options, output, report))
    }
}

fn hits_of(outcomes: &[Result<Outcome, Reject>]) -> impl Iterator<Item = &Hit> {
    outcomes.iter().flatten().flat_map(|o| &o.hits)
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |d: u8| char::from(DIGITS[usize::from(d)]);
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

/// The manifests of a ledger, oldest first, with their files.
pub fn all(ledger: &Ledger) -> Result<Vec<(PathBuf, Manifest)>, StandingError> {
    let mut runs = Vec::new();
    for path in files(ledger, "json")? {
        let bytes = std::fs::read(&path).map_err(file_error(&path))?;
        runs.push((path.clone(), Manifest::read(&path.display().to_string(), &bytes)?));
    }
    Ok(runs)
}

fn files(ledger: &Ledger, extension: &str) -> Result<Vec<PathBuf>, StandingError> {
    let Some(place) = place(ledger).filter(|p| p.is_dir()) else {
        return Ok(Vec::new());
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(&place).map_err(file_error(&place))? {
        let path = entry.map_err(file_error(&place))?.path();
        if path.extension().is_some_and(|e| e == extension) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Keeps a manifest beside the ledger, with the customers that had hits. Keeping the same run again changes nothing.
pub fn keep(ledger: &Ledger, manifest: &Manifest, customers: &[u8]) -> Result<(), StandingError> {
    let Some(place) = place(ledger) else { return Ok(()) };
    std::fs::create_dir_all(&place).map_err(file_error(&place))?;
    let paths = files(ledger, "json")?;
    let short = manifest.run.trim_start_matches("m:");
    let suffix = format!("-{short}.json");
    if paths.iter().any(|p| p.to_string_lossy().ends_with(&suffix)) {
        return Ok(());
    }
    let last = paths
        .last()
        .and_then(|p| p.file_name()?.to_str()?.split('-').next()?.parse::<u64>().ok());
    let mut number = last.map_or(1, |n| n + 1);
    let bytes = serde_json::to_vec(manifest).map_err(|e| StandingError::Question(e.to_string()))?;
    let making = place.join(format!("making-{}", std::process::id()));
    std::fs::write(&making, bytes).map_err(file_error(&making))?;
    // Another process may keep a run at the same time: whoever comes second takes the next number.
    let path = loop {
        let path = place.join(format!("{number:06}{suffix}"));
        match std::fs::hard_link(&making, &path) {
            Ok(()) => break path,
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => number += 1,
            Err(_) => {
                std::fs::rename(&making, &path).map_err(file_error(&path))?;
                break path;
            }
        }
    };
    // Best effort: a leftover is named after what it is.
    let _ = std::fs::remove_file(&making);
    if !customers.is_empty() {
        let beside = path.with_extension("customers");
        std::fs::write(&beside, customers).map_err(file_error(&beside))?;
    }
    Ok(())
}

/// The customers among queries that had hits or judged pairs, as they are noted beside a run.
pub fn customers(queries: &[Query], outcomes: &[Result<Outcome, Reject>]) -> Vec<u8> {
    let mut lines = String::new();
    for (query, outcome) in queries.iter().zip(outcomes) {
        if let (Ok(outcome), Some(id)) = (outcome, &query.id)
            && !(outcome.hits.is_empty() && outcome.judged.is_empty())
        {
            lines.push_str(&customer_line(id, query));
        }
    }
    lines.into_bytes()
}

/// What was known of a customer in the last run that had a hit for it: a digest.
pub(crate) fn last_digest_of(ledger: &Ledger, customer: &str) -> Result<Option<String>, StandingError> {
    for path in files(ledger, "customers")?.iter().rev() {
        let text = std::fs::read_to_string(path).map_err(file_error(path))?;
        let found = text
            .lines()
            .filter_map(|l| l.split_once(' '))
            .find(|(_, id)| *id == customer);
        if let Some((digest, _)) = found {
            return Ok(Some(digest.to_owned()));
        }
    }
    Ok(None)
}

/// The manifest that a text means: a file, or a run's id or its beginning.
pub fn find(ledger: &Ledger, text: &str) -> Result<Manifest, StandingError> {
    let path = Path::new(text);
    if path.is_file() {
        let bytes = std::fs::read(path).map_err(file_error(path))?;
        return Ok(Manifest::read(text, &bytes)?);
    }
    let short = text.trim_start_matches("m:");
    let mut matching: Vec<PathBuf> = files(ledger, "json")?
        .into_iter()
        .filter(|p| {
            let name = p.file_stem().unwrap_or_default().to_string_lossy();
            short.len() >= 4 && name.split('-').nth(1).is_some_and(|id| id.starts_with(short))
        })
        .collect();
    match matching.len() {
        1 => {
            let path = matching.remove(0);
            let bytes = std::fs::read(&path).map_err(file_error(&path))?;
            Ok(Manifest::read(&path.display().to_string(), &bytes)?)
        }
        0 => Err(StandingError::Question(format!(
            "there is no run \"{text}\" and no such file. What was run: standing runs"
        ))),
        n => Err(StandingError::Question(format!(
            "{n} runs begin with \"{text}\"; give more of the id"
        ))),
    }
}

/// What a replay proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replayed {
    /// The run.
    pub run: String,
    /// Digest of the output, the same as then.
    pub output: String,
    /// Hits.
    pub hits: u64,
}

/// Repeats a run and proves that it gives the same bytes, or says why it cannot or does not. `work` is a directory for a file's output.
pub fn replay(
    ledger: &Ledger,
    manifest: &Manifest,
    work: &Path,
    today: Day,
    progress: &mut dyn FnMut(Progress),
) -> Result<Replayed, StandingError> {
    let refuse = |what: String| {
        Err(StandingError::Refused(format!(
            "{} cannot be replayed: {what}",
            manifest.run
        )))
    };
    let now = algorithm();
    if manifest.index.algorithm != now {
        return refuse(format!(
            "it needs \"{}\", this program is \"{now}\". Run it with the program of that version",
            manifest.index.algorithm
        ));
    }
    let last = ledger.last_transaction()?;
    if manifest.index.recorded > last || ledger.hash_of(manifest.index.recorded)? != manifest.index.head {
        return refuse(format!(
            "it stands on transaction {} with the hash {}, which this ledger does not contain",
            manifest.index.recorded,
            manifest.index.head.get(..16).unwrap_or(&manifest.index.head)
        ));
    }
    let day = |text: &str| {
        text.parse::<Day>()
            .map_err(|_| StandingError::Refused(format!("{}: \"{text}\" is no day", manifest.run)))
    };
    let question = Question {
        on: Some(day(&manifest.index.on)?),
        known: Some(day(&manifest.index.known)?),
        recorded: Some(manifest.index.recorded.to_string()),
        basis: None,
    };
    let screening = open(ledger, &question, manifest.policy.clone(), today)?;
    if screening.screener.index().digest() != manifest.index_digest {
        return refuse("the index that the ledger gives now is not the one of then".into());
    }
    if screening.screener.judged_digest() != manifest.judged {
        return refuse("the notes on customers beside the ledger (judged) are not those of then".into());
    }
    let again = match &manifest.asked {
        Asked::Queries(queries) => {
            screening
                .screen_queries(queries, &manifest.options, &mut Searcher::default())?
                .manifest
        }
        Asked::File {
            path,
            digest,
            map,
            kind,
            form,
        } => {
            let input = PathBuf::from(path);
            if !input.is_file() {
                return refuse(format!("its input {path} is not there any more"));
            }
            if standing_screen::batch::input::digest(&input)? != *digest {
                return refuse(format!("its input {path} was altered since"));
            }
            let fields = map
                .iter()
                .map(|m| parse_map(m))
                .collect::<Result<_, _>>()
                .map_err(StandingError::Question)?;
            let batch = Batch {
                input,
                output: work.join("replay").with_extension(form),
                reading: InputOptions {
                    map: fields,
                    kind: *kind,
                },
                options: manifest.options,
                threads: 0,
                customers: None,
            };
            screening.screen_file(&batch, map, progress)?
        }
    };
    if again.output != manifest.output || again.report != manifest.report {
        return Err(StandingError::Refused(format!(
            "{} does not give the same bytes: then {}, now {}",
            manifest.run, manifest.output, again.output
        )));
    }
    Ok(Replayed {
        run: manifest.run.clone(),
        output: again.output,
        hits: again.report.hits,
    })
}
