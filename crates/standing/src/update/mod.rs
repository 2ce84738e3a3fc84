//! Downloading lists: each source asked whether it has something newer, what comes judged, and only then recorded.
//!
//! A source's misbehaviour is reported in words and changes nothing: neither the ledger nor the last good download, which stays where it
//! was (see [`beside`]). `docs/UPDATE.md` says what a user sees of this.

mod address;
mod fetch;
mod judge;
mod keep;

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;
use standing_ledger::DateOrigin;
use standing_model::{Calendar, Day, PartialDate};
use standing_register::{DownloadEntry, Register};

use self::address::Allowed;
use self::fetch::{Again, Answer, Bounds, Failure, Fetcher, Trouble};
pub use self::keep::beside;
use self::keep::{Folder, Place, State, Validators};
use crate::error::StandingError;
use crate::ingest::{self, FileReport, Ingest, IngestOptions};
use crate::{files, home};

/// The most that is taken from a source whose size nobody has told.
const LARGEST: u64 = 1 << 30;
/// The least that a source's limit is.
const SMALLEST_LIMIT: u64 = 16 << 20;

/// How lists are downloaded.
#[derive(Debug, Clone)]
pub struct UpdateOptions {
    /// Files of a user's own downloads; one with the id of a built-in one takes its place.
    pub own: Vec<PathBuf>,
    /// Ask, and neither fetch nor write.
    pub dry_run: bool,
    /// Take the files from this folder, and ask no server.
    pub from: Option<PathBuf>,
    /// Where downloads are kept; beside the ledger if `None`.
    pub downloads: Option<PathBuf>,
    /// Attempts after the first.
    pub retries: u32,
    /// The wait before the first retry; it doubles with each.
    pub back_off: Duration,
    /// The longest that a download may take.
    pub total: Duration,
    /// The longest without a byte.
    pub idle: Duration,
    /// The longest for a connection.
    pub connect: Duration,
    /// Hosts (`host` or `host:port`) that may be private or local.
    pub allow_private: Vec<String>,
    /// The guard's limit, as a share.
    pub limit: f64,
}

impl Default for UpdateOptions {
    fn default() -> Self {
        Self {
            own: Vec::new(),
            dry_run: false,
            from: None,
            downloads: None,
            retries: 3,
            back_off: Duration::from_secs(2),
            total: Duration::from_secs(1800),
            idle: Duration::from_secs(60),
            connect: Duration::from_secs(20),
            allow_private: Vec::new(),
            limit: ingest::DEFAULT_LIMIT,
        }
    }
}

/// What became of a source.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "lowercase")]
pub enum SourceOutcome {
    /// Fetched, judged good and handed to the ledger; `files` has what became of it there.
    Updated,
    /// Nothing newer.
    Unchanged,
    /// What came is not the list; nothing changed.
    Refused {
        /// Why.
        why: String,
    },
    /// Nothing usable came; nothing changed.
    Failed {
        /// Why.
        why: String,
    },
    /// What would be done, had it not been a dry run.
    Would {
        /// In words.
        what: String,
    },
    /// Not in the folder that was given.
    Absent,
}

/// The report on one source.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceReport {
    /// Its id.
    pub source: String,
    /// The list that it gives.
    pub list: String,
    /// Its address, or the file it was taken from.
    pub url: String,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: SourceOutcome,
    /// Bytes received.
    pub received: u64,
    /// From which byte an earlier download was continued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resumed_from: Option<u64>,
    /// How often the server was asked.
    pub attempts: u32,
    /// What went wrong before it went right.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub troubles: Vec<String>,
    /// What became of the file in the ledger.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileReport>,
}

/// What an update is doing, for progress.
#[derive(Debug, Clone, Copy)]
pub enum UpdateProgress<'a> {
    /// A source's turn has come: its place, how many there are.
    Source(&'a str, usize, usize),
    /// Bytes that are there of the download, and of how many.
    Bytes(u64, Option<u64>),
    /// Waiting before another attempt, and why.
    Waiting(Duration, &'a str),
}

/// Brings the ledger up to date.
pub struct Update<'a> {
    /// The ledger's file.
    pub ledger: &'a Path,
    /// How.
    pub options: &'a UpdateOptions,
    /// The UTC day.
    pub today: Day,
    /// The time, RFC 3339, UTC.
    pub now: &'a str,
}

/// The downloads that are known: those built in, and the user's own, which come before them.
pub fn known_downloads(own: &[PathBuf]) -> Result<Vec<(DownloadEntry, bool)>, StandingError> {
    let register = Register::parse(standing_register::embedded()).map_err(|findings| first_finding(&findings))?;
    let mut known: Vec<(DownloadEntry, bool)> = register.downloads.into_iter().map(|d| (d, false)).collect();
    for path in own {
        let bytes = files::read(path)?;
        let name = path.display().to_string();
        let text = String::from_utf8(bytes).map_err(|_| StandingError::Refused(format!("{name}: no UTF-8 text")))?;
        let entries = Register::parse_downloads(&[(&name, &text)]).map_err(|findings| first_finding(&findings))?;
        if entries.is_empty() {
            return Err(StandingError::Refused(format!("{name} holds no [[download]]")));
        }
        for entry in entries {
            known.retain(|(k, _)| k.id != entry.id);
            known.push((entry, true));
        }
    }
    known.sort_by(|a, b| a.0.id.cmp(&b.0.id));
    Ok(known)
}

fn first_finding(findings: &[standing_register::Finding]) -> StandingError {
    StandingError::Register(findings.first().map_or_else(String::new, ToString::to_string))
}

impl Update<'_> {
    /// Asks the sources that are named, or all whose address is verified. Gives a report for each, in the order of their ids.
    pub fn run(
        &self,
        names: &[String],
        progress: &mut dyn FnMut(UpdateProgress<'_>),
    ) -> Result<Vec<SourceReport>, StandingError> {
        let known = known_downloads(&self.options.own)?;
        for name in names {
            if !known.iter().any(|(d, _)| d.id == *name || d.list == *name) {
                let ids: Vec<&str> = known.iter().map(|(d, _)| d.id.as_str()).collect();
                return Err(StandingError::Question(format!(
                    "there is no source {name}. Known: {}",
                    ids.join(", ")
                )));
            }
        }
        let wanted: Vec<&(DownloadEntry, bool)> = known
            .iter()
            .filter(|(d, _)| names.iter().any(|n| *n == d.id || *n == d.list) || (names.is_empty() && !d.unverified))
            .collect();
        let path = self.options.downloads.clone().unwrap_or_else(|| beside(self.ledger));
        // From a folder nothing is kept: the folder itself is what is kept.
        let folder = if self.options.dry_run || self.options.from.is_some() {
            Folder::look(&path)
        } else {
            Folder::open(&path)?
        };
        let mut reports = Vec::new();
        for (at, (entry, own)) in wanted.iter().enumerate() {
            progress(UpdateProgress::Source(&entry.id, at, wanted.len()));
            let report = match &self.options.from {
                Some(from) => self.taken_from_folder(entry, from)?,
                None => self.fetched_from_server(entry, *own, &folder.place(&entry.id), progress)?,
            };
            reports.push(report);
        }
        if names.is_empty() && reports.iter().any(|r| r.outcome != SourceOutcome::Absent) {
            reports.retain(|r| r.outcome != SourceOutcome::Absent);
        }
        Ok(reports)
    }

    fn report(entry: &DownloadEntry, url: String, outcome: SourceOutcome) -> SourceReport {
        SourceReport {
            source: entry.id.clone(),
            list: entry.list.clone(),
            url,
            outcome,
            received: 0,
            resumed_from: None,
            attempts: 0,
            troubles: Vec::new(),
            files: Vec::new(),
        }
    }

    fn fetched_from_server(
        &self,
        entry: &DownloadEntry,
        own: bool,
        place: &Place,
        progress: &mut dyn FnMut(UpdateProgress<'_>),
    ) -> Result<SourceReport, StandingError> {
        let mut report = Self::report(entry, entry.url.clone(), SourceOutcome::Unchanged);
        let fetcher = self.fetcher(entry, own)?;
        let answer = loop {
            report.attempts += 1;
            let attempt = fetcher.attempt(&entry.url, place, self.options.dry_run, &mut |there, total| {
                progress(UpdateProgress::Bytes(there, total));
            });
            match attempt {
                Ok(answer) => break answer,
                Err(Failure::Local(error)) => return Err(error),
                Err(Failure::Trouble(Trouble { why, again, received })) => {
                    report.received += received;
                    if again == Again::Never || report.attempts > self.options.retries {
                        report.outcome = SourceOutcome::Failed { why };
                        return Ok(report);
                    }
                    let doubled = self.options.back_off * 2_u32.saturating_pow(report.attempts - 1);
                    let wait = match again {
                        Again::After(asked) => asked.max(doubled.min(Duration::from_secs(1))),
                        Again::Soon | Again::Never => doubled,
                    };
                    progress(UpdateProgress::Waiting(wait, &why));
                    report.troubles.push(why);
                    std::thread::sleep(wait);
                }
            }
        };
        match answer {
            Answer::Would { bytes, from } => {
                let much = bytes.map_or("an unknown number of".to_owned(), |b| b.to_string());
                let what = if from > 0 {
                    format!("would go on from byte {from} and receive {much} bytes")
                } else {
                    format!("would receive {much} bytes")
                };
                report.outcome = SourceOutcome::Would { what };
            }
            Answer::Unchanged => self.unchanged(entry, place, &mut report)?,
            Answer::Whole(whole) => {
                report.received += whole.received;
                report.resumed_from = (whole.from > 0).then_some(whole.from);
                let bytes = files::read(&place.part_file())?;
                let state = State {
                    url: entry.url.clone(),
                    file: keep::file_name(&entry.url),
                    size: bytes.len() as u64,
                    digest: hex(&standing_ledger::digest(&bytes)),
                    received: self.now.to_owned(),
                    validators: whole.validators,
                };
                let carried = carried(&state.validators);
                match self.take(entry, &state.file, bytes, carried, &mut || place.promote(&state))? {
                    Ok(files) => {
                        report.files = files;
                        report.outcome = SourceOutcome::Updated;
                    }
                    Err(why) => {
                        place.discard();
                        report.outcome = SourceOutcome::Refused { why };
                    }
                }
            }
        }
        Ok(report)
    }

    /// The server has nothing newer. A ledger that does not hold the last good download (a new one, or a run that was killed before
    /// recording it) gets it now.
    fn unchanged(&self, entry: &DownloadEntry, place: &Place, report: &mut SourceReport) -> Result<(), StandingError> {
        let Some(state) = place.state() else {
            return Ok(());
        };
        if self.options.dry_run || self.holds(&state.digest)? {
            return Ok(());
        }
        let bytes = files::read(&place.file(&state))?;
        if hex(&standing_ledger::digest(&bytes)) != state.digest {
            return Ok(());
        }
        report.outcome = match self.take(entry, &state.file, bytes, carried(&state.validators), &mut || Ok(()))? {
            Ok(files) => {
                report.files = files;
                SourceOutcome::Updated
            }
            Err(why) => SourceOutcome::Refused { why },
        };
        Ok(())
    }

    /// Does the ledger hold this source document?
    fn holds(&self, digest: &str) -> Result<bool, StandingError> {
        if !self.ledger.exists() {
            return Ok(false);
        }
        let ledger = home::open(self.ledger)?;
        let view = ledger.view(None, Day::MAX)?;
        Ok(view.sources()?.iter().any(|s| s.digest == digest))
    }

    fn taken_from_folder(&self, entry: &DownloadEntry, folder: &Path) -> Result<SourceReport, StandingError> {
        let Some((path, validators)) = mirrored(entry, folder)? else {
            return Ok(Self::report(
                entry,
                folder.join(&entry.id).display().to_string(),
                SourceOutcome::Absent,
            ));
        };
        let mut report = Self::report(entry, path.display().to_string(), SourceOutcome::Updated);
        let bytes = files::read(&path)?;
        if self.options.dry_run {
            report.outcome = SourceOutcome::Would {
                what: format!("would take in {} bytes", bytes.len()),
            };
            return Ok(report);
        }
        if self.holds(&hex(&standing_ledger::digest(&bytes)))? {
            report.outcome = SourceOutcome::Unchanged;
            return Ok(report);
        }
        let name = path
            .file_name()
            .map_or_else(|| entry.id.clone(), |n| n.to_string_lossy().into_owned());
        match self.take(entry, &name, bytes, carried(&validators), &mut || Ok(()))? {
            Ok(files) => report.files = files,
            Err(why) => report.outcome = SourceOutcome::Refused { why },
        }
        Ok(report)
    }

    /// Judges a file; if it is good, calls `keep` and records it. Else gives the reason.
    fn take(
        &self,
        entry: &DownloadEntry,
        name: &str,
        bytes: Vec<u8>,
        carried: Option<(PartialDate, DateOrigin)>,
        keep: &mut dyn FnMut() -> Result<(), StandingError>,
    ) -> Result<Result<Vec<FileReport>, String>, StandingError> {
        if let Err(why) = judge::at_sight(&bytes) {
            return Ok(Err(why));
        }
        let expected = judge::Expected {
            list: &entry.list,
            minimum: entry.minimum,
        };
        let head = bytes[..bytes.len().min(8192)].to_vec();
        let general = standing_lists::recognise(&bytes).is_some_and(|(format, _)| format.lists.is_empty());
        let options = IngestOptions {
            list: general.then(|| entry.list.clone()),
            limit: self.options.limit,
            ..IngestOptions::default()
        };
        let ingest = Ingest {
            ledger: self.ledger,
            options: &options,
            today: self.today,
            now: self.now,
        };
        let mut verdict = Ok(());
        let mut judged = false;
        let taken = ingest.file(name, bytes, carried, &mut |outcomes| {
            judged = true;
            verdict = judge::read(&head, outcomes, expected);
            match &verdict {
                Ok(()) => keep(),
                Err(why) => Err(StandingError::Refused(why.clone())),
            }
        });
        match (taken, verdict) {
            (Err(StandingError::Refused(why)), Ok(())) if !judged => Ok(Err(why)),
            (_, Err(why)) => Ok(Err(why)),
            (Err(error), Ok(())) => Err(error),
            (Ok(files), Ok(())) => Ok(Ok(files)),
        }
    }

    fn fetcher(&self, entry: &DownloadEntry, own: bool) -> Result<Fetcher, StandingError> {
        let mut allowed = Allowed::new(self.options.allow_private.iter().cloned());
        if own && let Ok(uri) = entry.url.parse() {
            // The user wrote this address down; where it redirects to is another matter.
            allowed = allowed.with(&address::host_and_port(&uri));
        }
        let size = entry
            .size
            .map_or(LARGEST, |size| (u64::from(size) * 10).max(SMALLEST_LIMIT));
        let bounds = Bounds {
            size,
            total: self.options.total,
            idle: self.options.idle,
        };
        Fetcher::new(&allowed, bounds, self.options.connect)
    }
}

/// The file of a source in a folder of mirrored files: in the layout of downloads kept beside a ledger, or `<source>.<anything>`, or
/// under the name that the address ends in.
fn mirrored(entry: &DownloadEntry, folder: &Path) -> Result<Option<(PathBuf, Validators)>, StandingError> {
    let error = |source| StandingError::File {
        path: folder.display().to_string(),
        source,
    };
    let place = Folder::look(folder).place(&entry.id);
    if let Some(state) = place.state() {
        return Ok(Some((place.file(&state), state.validators)));
    }
    let mut names: Vec<PathBuf> = Vec::new();
    for found in std::fs::read_dir(folder).map_err(error)? {
        let path = found.map_err(error)?.path();
        if path.is_file() {
            names.push(path);
        }
    }
    names.sort();
    let named = |path: &PathBuf| {
        path.file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default()
    };
    let by_id = names.iter().find(|p| {
        let name = named(p);
        name == entry.id || name.strip_prefix(&entry.id).is_some_and(|rest| rest.starts_with('.'))
    });
    let by_address = || names.iter().find(|p| named(p) == keep::file_name(&entry.url));
    Ok(by_id.or_else(by_address).map(|p| (p.clone(), Validators::default())))
}

/// The day of `Last-Modified`, for files that bear no date.
fn carried(validators: &Validators) -> Option<(PartialDate, DateOrigin)> {
    let written = validators.last_modified.as_deref()?;
    let time = jiff::fmt::rfc2822::parse(&written.replace(" GMT", " +0000")).ok()?;
    let day = jiff::tz::Offset::UTC.to_datetime(time.timestamp()).date();
    Some((Calendar::Day(day).into(), DateOrigin::LastModified))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The exit code that a report means: 0 all well, 1 something failed, was refused, rejected or held, 3 nothing but failures.
pub fn exit_code(reports: &[SourceReport]) -> u8 {
    let bad = |r: &SourceReport| {
        matches!(
            r.outcome,
            SourceOutcome::Failed { .. } | SourceOutcome::Refused { .. } | SourceOutcome::Absent
        )
    };
    if reports.iter().all(bad) {
        return 3;
    }
    let doubtful = reports
        .iter()
        .any(|r| bad(r) || (!r.files.is_empty() && ingest::exit_code(&r.files) != 0));
    u8::from(doubtful)
}
