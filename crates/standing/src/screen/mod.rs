//! Screening against a ledger: the index for a question's clocks and a policy, opened at once or built, and never stale.
//!
//! An index is keyed by the hash of the transaction it stands for, the clocks, the policy's selection and the version of algorithm and data
//! ([`IndexKey`]); a ledger that moved on has another key. Files lie beside the ledger, in `<ledger>.screen/`, and are made again whenever
//! they are missing, damaged or of another version.

mod entries;
pub(crate) mod judged;
pub mod runs;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use standing_ledger::Ledger;
use standing_model::Day;
pub use standing_screen::*;

use crate::clocks::{Clocks, Question};
use crate::error::StandingError;

/// How many index files are kept beside a ledger.
const KEPT: usize = 8;

/// Where an index came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// An index file was there.
    Opened,
    /// It was built from the ledger.
    Built,
}

/// A ledger's listings, ready to be screened against. It can be shared by threads.
#[derive(Debug)]
pub struct Screening {
    /// Index, policy and decisions.
    pub screener: Screener,
    /// The clocks it stands for.
    pub clocks: Clocks,
    /// Where the index came from.
    pub origin: Origin,
    /// Why an index file that was there could not be used.
    pub replaced: Option<String>,
    /// What the manifests of its screenings have in common, once one was wanted.
    form: OnceLock<ManifestForm>,
}

/// The directory beside a ledger for what screening keeps; `None` for a ledger in memory.
pub fn directory(ledger: &Ledger) -> Option<PathBuf> {
    let path = ledger.path();
    if path == Path::new(":memory:") {
        return None;
    }
    let mut name = path.file_name()?.to_owned();
    name.push(".screen");
    Some(path.with_file_name(name))
}

/// The version of the algorithm, of its data and of the rules by which standings follow from the ledger, as indexes and manifests name it.
pub fn algorithm() -> String {
    format!(
        "{}+{}, derivation {}",
        standing_screen::ALGORITHM,
        standing_screen::data_version(),
        standing_ledger::DERIVATION
    )
}

/// Takes away the index file for a question and a policy, so that it is built anew.
pub fn forget(ledger: &Ledger, question: &Question, policy: &Policy, today: Day) -> Result<(), StandingError> {
    let (view, clocks) = question.view(ledger, today)?;
    let Some(directory) = directory(ledger) else {
        return Ok(());
    };
    let path = directory.join(file_name(&key(ledger, view.transaction(), clocks, policy)?));
    match std::fs::remove_file(&path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(StandingError::File {
            path: path.display().to_string(),
            source,
        }),
        _ => Ok(()),
    }
}

/// Does a file hold the index for a question's clocks and a policy? It may still prove damaged when it is opened.
pub fn is_kept(ledger: &Ledger, question: &Question, policy: &Policy, today: Day) -> Result<bool, StandingError> {
    let (view, clocks) = question.view(ledger, today)?;
    let key = key(ledger, view.transaction(), clocks, policy)?;
    Ok(directory(ledger).is_some_and(|d| d.join(file_name(&key)).exists()))
}

fn key(ledger: &Ledger, transaction: i64, clocks: Clocks, policy: &Policy) -> Result<IndexKey, StandingError> {
    Ok(IndexKey {
        head: ledger.hash_of(transaction)?,
        recorded: transaction,
        on: clocks.on.to_string(),
        known: clocks.known.to_string(),
        policy: policy.selection_digest(),
        algorithm: algorithm(),
    })
}

/// Opens or builds the index for a question's clocks and a policy.
pub fn open(ledger: &Ledger, question: &Question, policy: Policy, today: Day) -> Result<Screening, StandingError> {
    let (view, clocks) = question.view(ledger, today)?;
    let key = key(ledger, view.transaction(), clocks, &policy)?;
    let decisions = judged::decisions(ledger, &view)?;
    let path = directory(ledger).map(|d| d.join(file_name(&key)));
    let mut replaced = None;
    if let Some(path) = path.as_deref().filter(|p| p.exists()) {
        match usable(path, &key) {
            Ok(index) => {
                return Ok(Screening {
                    screener: Screener::new(index, policy, decisions),
                    clocks,
                    origin: Origin::Opened,
                    replaced,
                    form: OnceLock::new(),
                });
            }
            Err(error) => replaced = Some(format!("{}: {error}", path.display())),
        }
    }
    let listed = entries::listed(&view, clocks.on, &policy)?;
    let info = Info {
        key,
        lists: listed.lists,
        left_out: listed.left_out,
        ..Info::default()
    };
    let mut index = Index::build(listed.entries, info)?;
    if let Some(path) = path {
        match keep(&path, index.bytes()) {
            Ok(()) => index = Index::open(&path)?,
            // A read-only place is no reason not to screen: the index lives in memory, and is built again next time.
            Err(error) => tracing::warn!("the index is not kept: {}: {error}", path.display()),
        }
    }
    Ok(Screening {
        screener: Screener::new(index, policy, decisions),
        clocks,
        origin: Origin::Built,
        replaced,
        form: OnceLock::new(),
    })
}

fn file_name(key: &IndexKey) -> String {
    let text = serde_json::to_vec(key).unwrap_or_default();
    let digest: String = standing_ledger::digest(&text)
        .iter()
        .take(8)
        .map(|b| format!("{b:02x}"))
        .collect();
    format!("index-{digest}.bin")
}

/// The index in a file, if it is whole and the one that is wanted.
fn usable(path: &Path, key: &IndexKey) -> Result<Index, ScreenError> {
    let index = Index::open(path)?;
    index.verify()?;
    if index.info().key != *key {
        return Err(ScreenError::Damaged(
            "it stands for another state of the ledger than its name says".into(),
        ));
    }
    Ok(index)
}

fn keep(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let directory = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(directory)?;
    let making = path.with_extension(format!("making-{}", std::process::id()));
    let written = std::fs::File::create(&making).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    if let Err(error) = written.and_then(|()| std::fs::rename(&making, path)) {
        // Best effort: a leftover is named after what it is.
        let _ = std::fs::remove_file(&making);
        return Err(error);
    }
    prune(directory, path)
}

/// Takes away the oldest index files beyond those that are kept.
fn prune(directory: &Path, newest: &Path) -> std::io::Result<()> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("index-") && path != newest {
            files.push((std::fs::metadata(&path)?.modified()?, path));
        }
    }
    files.sort();
    for (_, path) in files.iter().rev().skip(KEPT - 1) {
        std::fs::remove_file(path)?;
    }
    Ok(())
}
