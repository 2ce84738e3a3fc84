//! Taking lists into the ledger: files read, dated, recorded, and judged by the guard.
//!
//! Everything is read before anything is written. One transaction for each snapshot: a kill leaves whole snapshots only.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use serde::Serialize;
use standing_ledger::{Added, DateOrigin, Hold, Ledger, NewSnapshot};
use standing_lists::{
    Document, Limits, ReadError, ReadOptions, formats, is_packed, open_file, open_packed, read_documents, recognise,
};
use standing_model::{Day, Extent, PartialDate, Snapshot};

use crate::dating::{self, Given};
use crate::error::StandingError;
use crate::files::{self, Found};
use crate::{git, home};

/// The share of listings that may end at once before the guard holds a snapshot.
pub const DEFAULT_LIMIT: f64 = 0.05;

/// How lists are taken in.
#[derive(Debug, Clone)]
pub struct IngestOptions {
    /// The date for files that bear none.
    pub date: Option<PartialDate>,
    /// The list, where the content does not tell.
    pub list: Option<String>,
    /// The files are excerpts and prove no absence.
    pub part: bool,
    /// The guard's limit, as a share.
    pub limit: f64,
}

impl Default for IngestOptions {
    fn default() -> Self {
        Self {
            date: None,
            list: None,
            part: false,
            limit: DEFAULT_LIMIT,
        }
    }
}

/// What became of a file or of files that belong together.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "lowercase")]
pub enum Outcome {
    /// Recorded; held if `held` says so.
    Recorded(Box<Recorded>),
    /// The same file of the same date was there already.
    Already {
        /// The list.
        list: String,
        /// Its date.
        date: PartialDate,
    },
    /// Refused as a whole; nothing of it was recorded.
    Refused {
        /// Why, and what to do.
        why: String,
    },
    /// Found in a directory and no list.
    Passed {
        /// What it looks like.
        why: String,
    },
}

/// A snapshot that was recorded.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recorded {
    /// Its number in the ledger.
    pub id: i64,
    /// The list.
    pub list: String,
    /// The format it was read in.
    pub format: String,
    /// Its date.
    pub date: PartialDate,
    /// Where the date came from.
    pub date_origin: DateOrigin,
    /// Whether it proves absences.
    pub extent: Extent,
    /// Listings read.
    pub listings: u64,
    /// Record versions that the ledger did not have.
    pub new_records: u64,
    /// Records that could not be read, with their positions.
    pub rejects: Vec<(String, String)>,
    /// Fields that no rule reads, with how often; they are kept with the records.
    pub kept: Vec<(String, u64)>,
    /// Anything else worth knowing.
    pub warnings: Vec<String>,
    /// Dates of snapshots that overlap this one's, so that nothing follows between them.
    pub overlapping: Vec<PartialDate>,
    /// Why the guard holds it.
    pub held: Option<Held>,
}

/// Why the guard holds a snapshot, for people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Held {
    /// The figures.
    #[serde(flatten)]
    pub hold: Hold,
    /// What is missing, by programme.
    pub by_programme: Vec<(String, u64)>,
}

/// The report on one file or set.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FileReport {
    /// The files.
    pub files: Vec<String>,
    /// What became of them.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What an ingest is doing, for progress.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// Files done.
    pub done: usize,
    /// Files in all.
    pub of: usize,
    /// The file at hand.
    pub file: &'a Path,
}

/// Ingests files, directories and archives.
pub struct Ingest<'a> {
    /// The ledger's file.
    pub ledger: &'a Path,
    /// How.
    pub options: &'a IngestOptions,
    /// The UTC day.
    pub today: Day,
    /// The time, RFC 3339, UTC.
    pub now: &'a str,
}

/// Looks at what was read, and may refuse all of it.
pub(crate) type Judge<'a> = dyn FnMut(&[standing_lists::Outcome]) -> Result<(), StandingError> + 'a;

/// A file as received, with the documents in it.
struct Received {
    /// As it is reported.
    path: PathBuf,
    /// Its name as a source document.
    name: String,
    named: bool,
    /// The archive as received; a plain file is its only document and is not held twice.
    packed: Option<Vec<u8>>,
    documents: Vec<standing_lists::Opened>,
    /// The date that whoever handed it over gives it.
    carried: Option<(PartialDate, DateOrigin)>,
}

impl Received {
    /// Opens a file.
    fn open(path: PathBuf, name: String, named: bool, bytes: Vec<u8>) -> Result<Self, FileReport> {
        let (opened, packed) = if is_packed(&bytes) {
            (open_packed(&name, &bytes, Limits::default()), Some(bytes))
        } else {
            (open_file(&name, bytes, Limits::default()), None)
        };
        match opened {
            Ok(documents) => Ok(Self {
                path,
                name,
                named,
                packed,
                documents,
                carried: None,
            }),
            Err(error) => Err(refused(&path, error.to_string())),
        }
    }

    /// The file byte for byte.
    fn bytes(&self) -> &[u8] {
        match (&self.packed, self.documents.as_slice()) {
            (Some(packed), _) => packed,
            (None, [document]) => &document.bytes,
            (None, _) => &[],
        }
    }
}

impl Ingest<'_> {
    /// Takes in everything behind the paths. Gives a report for each file or set, in order.
    pub fn run(
        &self,
        paths: &[PathBuf],
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Vec<FileReport>, StandingError> {
        let found = files::find(paths)?;
        let of = found.len();
        let mut reports = Vec::new();
        // Files of formats of several files wait for the others of their folder.
        let mut waiting: BTreeMap<PathBuf, Vec<Received>> = BTreeMap::new();
        let mut ledger = None;
        for (done, Found { path, named }) in found.into_iter().enumerate() {
            progress(Progress { done, of, file: &path });
            let folder = path.parent().map(Path::to_owned).unwrap_or_default();
            // All files of a folder have come when the next one lies elsewhere, since they are walked in order.
            let complete: Vec<PathBuf> = waiting.keys().filter(|k| **k != folder).cloned().collect();
            for key in complete {
                if let Some(set) = waiting.remove(&key) {
                    reports.extend(self.take(&mut ledger, &set)?);
                }
            }
            let bytes = match files::read_list(&path) {
                Ok(Ok(bytes)) => bytes,
                Ok(Err(why)) => {
                    reports.push(refused(&path, why.to_string()));
                    continue;
                }
                Err(error) if named => return Err(error),
                Err(error) => {
                    reports.push(refused(&path, error.to_string()));
                    continue;
                }
            };
            let name = file_name(&path);
            let received = match Received::open(path, name, named, bytes) {
                Ok(received) => received,
                Err(report) => {
                    reports.push(report);
                    continue;
                }
            };
            let single = |d: &standing_lists::Opened| recognise(&d.bytes).is_none_or(|(_, part)| part.is_empty());
            if received.documents.len() > 1 || received.documents.iter().all(single) {
                reports.extend(self.take(&mut ledger, &[received])?);
            } else {
                waiting.entry(folder).or_default().push(received);
            }
        }
        for (_, set) in waiting {
            reports.extend(self.take(&mut ledger, &set)?);
        }
        Ok(reports)
    }

    /// Takes in every version of a file in a git repository, or of files that belong together. Gives a report for each version, oldest
    /// first; a version that bears no date of its own gets that of its commit.
    pub fn git(
        &self,
        repository: &Path,
        files: &[String],
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Vec<FileReport>, StandingError> {
        let history = git::history(repository, files)?;
        let mut contents = git::Contents::open(repository)?;
        let of = history.versions.len();
        let mut ledger = None;
        let mut reports = Vec::new();
        for (done, version) in history.versions.iter().enumerate() {
            let mut set = Vec::new();
            for (file, content) in &version.files {
                let path = git::shown(file, &version.commit);
                progress(Progress { done, of, file: &path });
                let received = match contents.read(content, files::SIZE)? {
                    Ok(bytes) => Received::open(path, file_name(Path::new(file)), true, bytes),
                    Err(why) => Err(refused(&path, why)),
                };
                match received {
                    Ok(mut received) => {
                        received.carried = Some((version.day, DateOrigin::Commit));
                        set.push(received);
                    }
                    Err(report) => reports.push(report),
                }
            }
            reports.extend(self.take(&mut ledger, &set)?);
        }
        if history.shallow {
            reports.push(FileReport {
                files: vec![repository.display().to_string()],
                outcome: Outcome::Passed {
                    why: "the clone is shallow: what lies before its first commit is not there (git fetch --unshallow)"
                        .into(),
                },
            });
        }
        Ok(reports)
    }

    /// Takes in one file that was handed over in memory. `judge` sees what was read before anything is recorded, and may refuse it.
    #[cfg(feature = "update")]
    pub(crate) fn file(
        &self,
        name: &str,
        bytes: Vec<u8>,
        carried: Option<(PartialDate, DateOrigin)>,
        judge: &mut Judge<'_>,
    ) -> Result<Vec<FileReport>, StandingError> {
        let mut received = match Received::open(PathBuf::from(name), name.to_owned(), false, bytes) {
            Ok(received) => received,
            Err(FileReport {
                outcome: Outcome::Refused { why },
                ..
            }) => return Err(StandingError::Refused(why)),
            Err(report) => return Ok(vec![report]),
        };
        received.carried = carried;
        self.take_judged(&mut None, &[received], judge)
    }

    /// Reads files that may belong together, and records what they are.
    fn take(&self, ledger: &mut Option<Ledger>, set: &[Received]) -> Result<Vec<FileReport>, StandingError> {
        self.take_judged(ledger, set, &mut |_| Ok(()))
    }

    fn take_judged(
        &self,
        ledger: &mut Option<Ledger>,
        set: &[Received],
        judge: &mut Judge<'_>,
    ) -> Result<Vec<FileReport>, StandingError> {
        let options = ReadOptions {
            part: self.options.part,
            list: self.options.list.clone(),
            date_given: self.options.date.is_some(),
        };
        let owners: Vec<usize> = set
            .iter()
            .enumerate()
            .flat_map(|(at, r)| r.documents.iter().map(move |_| at))
            .collect();
        let documents: Vec<Document<'_>> = set
            .iter()
            .flat_map(|r| {
                r.documents.iter().map(|d| Document {
                    name: &d.name,
                    bytes: &d.bytes,
                })
            })
            .collect();
        let mut reports = Vec::new();
        let outcomes = read_documents(&documents, &options);
        judge(&outcomes)?;
        for outcome in outcomes {
            let mut members: Vec<usize> = outcome.documents.iter().map(|&d| owners[d]).collect();
            members.dedup();
            let received: Vec<&Received> = members.iter().map(|&at| &set[at]).collect();
            let files: Vec<String> = received.iter().map(|r| r.path.display().to_string()).collect();
            let places = outcome
                .documents
                .first()
                .map_or_else(Vec::new, |&d| places(&set[owners[d]], documents[d].name));
            let report = |outcome| FileReport {
                files: files.clone(),
                outcome,
            };
            match outcome.result {
                Err(error) => {
                    let passed = outcome.format.is_none() && !received.iter().any(|r| r.named);
                    let why = match &error {
                        // Beside lists that are read, the names of all formats would drown the report.
                        ReadError::UnknownFormat { saw, .. } if passed => saw.clone(),
                        error => error.to_string(),
                    };
                    reports.push(report(if passed {
                        Outcome::Passed { why }
                    } else {
                        Outcome::Refused { why }
                    }));
                }
                Ok(snapshots) => {
                    for snapshot in snapshots {
                        reports.push(report(self.record(ledger, snapshot, &received, &places)?));
                    }
                }
            }
        }
        Ok(reports)
    }

    fn record(
        &self,
        ledger: &mut Option<Ledger>,
        mut snapshot: Snapshot,
        received: &[&Received],
        places: &[String],
    ) -> Result<Outcome, StandingError> {
        number_twins(&mut snapshot);
        let given = Given {
            date: self.options.date,
            carried: received.iter().find_map(|r| r.carried),
        };
        let (date, origin) = dating::date(&snapshot, places, &given, self.today);
        let extent = match (&snapshot.extent, self.options.part) {
            (Extent::Whole, true) => Extent::Part("said to be a part on ingest".into()),
            (extent, _) => extent.clone(),
        };
        let documents: Vec<(&str, &[u8])> = received.iter().map(|r| (r.name.as_str(), r.bytes())).collect();
        let open = match ledger {
            Some(ledger) => ledger,
            None => ledger.insert(home::open_for_writing(self.ledger, self.now)?),
        };
        record_snapshot(
            open,
            self.now,
            &snapshot,
            date,
            origin,
            extent,
            &documents,
            self.options.limit,
        )
    }
}

#[allow(clippy::too_many_arguments)] // the parts of one snapshot, each from another place
fn record_snapshot(
    ledger: &mut Ledger,
    now: &str,
    snapshot: &Snapshot,
    date: PartialDate,
    origin: DateOrigin,
    extent: Extent,
    documents: &[(&str, &[u8])],
    limit: f64,
) -> Result<Outcome, StandingError> {
    let transaction = ledger.begin(now, &format!("ingest {} {date}", snapshot.list))?;
    let added = transaction.snapshot(&NewSnapshot {
        snapshot,
        date,
        origin,
        extent: extent.clone(),
        documents,
        limit,
    })?;
    let Added::Recorded {
        snapshot: id,
        held,
        new_records,
        overlapping,
    } = added
    else {
        return Ok(Outcome::Already {
            list: snapshot.list.clone(),
            date,
        });
    };
    transaction.commit()?;
    let held = match held {
        Some(hold) => Some(Held {
            by_programme: missing_by_programme(ledger, id, &hold)?,
            hold,
        }),
        None => None,
    };
    Ok(Outcome::Recorded(Box::new(Recorded {
        id,
        list: snapshot.list.clone(),
        format: snapshot.format.clone(),
        date,
        date_origin: origin,
        extent,
        listings: snapshot.records.len() as u64,
        new_records,
        rejects: snapshot
            .rejects
            .iter()
            .map(|r| (r.position.clone(), r.reason.clone()))
            .collect(),
        kept: snapshot.not_understood.clone(),
        warnings: snapshot
            .warnings
            .iter()
            .cloned()
            .chain(
                snapshot
                    .records
                    .iter()
                    .flat_map(|r| r.doubts.iter().map(|d| format!("{}: {d}", r.reference))),
            )
            .collect(),
        overlapping,
        held,
    })))
}

/// What would end, counted by programme, the largest first.
pub fn missing_by_programme(ledger: &Ledger, snapshot: i64, hold: &Hold) -> Result<Vec<(String, u64)>, StandingError> {
    let view = ledger.view(None, Day::MAX)?;
    let (from, against) = if hold.missing_from_held {
        (snapshot, hold.against)
    } else {
        (hold.against, snapshot)
    };
    let mut counts: HashMap<String, u64> = HashMap::new();
    for (_, record) in view.missing(from, against)? {
        let programme = record
            .programmes
            .first()
            .cloned()
            .unwrap_or_else(|| "no programme".into());
        *counts.entry(programme.to_string()).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(counts)
}

/// Records with the same reference are told apart by an ordinal, and counted.
fn number_twins(snapshot: &mut Snapshot) {
    let mut seen: HashMap<String, u32> = HashMap::new();
    let mut twins = 0;
    for record in &mut snapshot.records {
        let count = seen.entry(record.reference.to_string()).or_default();
        *count += 1;
        if *count > 1 {
            record.reference = format!("{}#{count}", record.reference).into();
            twins += 1;
        }
    }
    if twins > 0 {
        snapshot.warnings.push(format!(
            "{twins} records bear a reference that another record bears too; each got an ordinal (#2, #3, …)"
        ));
    }
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// The names that may begin with a document's date, nearest first: its own and its folder's, in an archive and then the archive's.
fn places(received: &Received, document: &str) -> Vec<String> {
    let inside = document.strip_prefix(&format!("{}: ", received.name));
    let inside = inside.map(|inside| Path::new(inside.rsplit(": ").next().unwrap_or(inside)));
    [inside, Some(received.path.as_path())]
        .into_iter()
        .flatten()
        .flat_map(|path| [Some(path), path.parent()])
        .flatten()
        .map(file_name)
        .filter(|name| !name.is_empty())
        .collect()
}

fn refused(path: &Path, why: String) -> FileReport {
    FileReport {
        files: vec![path.display().to_string()],
        outcome: Outcome::Refused { why },
    }
}

/// A format that can be read, and what is known of it.
#[derive(Debug, Clone, Copy, serde::Serialize)]
pub struct KnownFormat {
    /// Its id.
    pub format: &'static str,
    /// The lists that come in it.
    pub lists: &'static [&'static str],
    /// One line for people.
    pub summary: &'static str,
    /// The layouts that are read.
    pub layouts: &'static str,
    /// What identifies a listing, and when it breaks.
    pub identity: &'static str,
    /// Where the snapshot's date stands.
    pub date: &'static str,
    /// Which real files were read, and what is known from made ones alone.
    pub seen: &'static str,
}

/// The formats that can be read.
pub fn known_formats() -> Vec<KnownFormat> {
    let known = |format: &&'static standing_lists::Format| {
        let about = standing_lists::about(format.id);
        KnownFormat {
            format: format.id,
            lists: format.lists,
            summary: format.summary,
            layouts: about.map_or("", |about| about.layouts),
            identity: about.map_or("", |about| about.identity),
            date: about.map_or("", |about| about.date),
            seen: about.map_or("", |about| about.seen),
        }
    };
    formats().iter().map(known).collect()
}

/// The exit code that a report means: 0 all recorded, 1 something rejected, refused or held, 3 nothing but refusals.
pub fn exit_code(reports: &[FileReport]) -> u8 {
    let refused = reports.iter().any(|r| matches!(r.outcome, Outcome::Refused { .. }));
    let taken = reports
        .iter()
        .any(|r| matches!(r.outcome, Outcome::Recorded(_) | Outcome::Already { .. }));
    let doubtful = reports.iter().any(|r| {
        matches!(&r.outcome, Outcome::Recorded(recorded) if recorded.held.is_some() || !recorded.rejects.is_empty())
    });
    match (taken, refused) {
        (false, _) => 3,
        (true, true) => 1,
        (true, false) => u8::from(doubtful),
    }
}
