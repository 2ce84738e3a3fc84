//! The jobs that a server keeps: for some hours, in memory and a temporary directory, under ids that nobody else can guess.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use standing::screen::Manifest;

use super::PART;
use crate::pages::answers::PageProblem;
use crate::problem::Problem;

/// Jobs that are kept; the oldest goes when one more comes.
const KEPT: usize = 16;
/// How long a job is kept after it was made.
const AGE: Duration = Duration::from_secs(6 * 3600);

/// How far a job is.
#[derive(Debug, Clone)]
pub enum Phase {
    /// Taken in; its columns are to be looked at.
    Taken,
    /// Being screened since.
    Running(Instant),
    /// Done.
    Done(Box<Manifest>, Duration),
    /// It could not be screened.
    Failed(String),
}

/// A file that is screened.
#[derive(Debug)]
pub struct Job {
    pub id: String,
    /// As the browser named it.
    pub name: String,
    pub directory: tempfile::TempDir,
    pub input: PathBuf,
    /// Lines, for a rough idea of how much is to be done; 0 where that is not known.
    pub lines: u64,
    pub rows: AtomicU64,
    pub found: AtomicU64,
    pub phase: Mutex<Phase>,
    pub made: Instant,
}

impl Job {
    pub fn phase(&self) -> Phase {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn set(&self, phase: Phase) {
        *self.phase.lock().unwrap_or_else(PoisonError::into_inner) = phase;
    }

    pub fn output(&self) -> PathBuf {
        self.directory.path().join("hits.jsonl")
    }

    /// Where hits stand while it runs.
    pub fn spooled(&self) -> PathBuf {
        self.directory.path().join("hits.jsonl.part").join("hits.jsonl")
    }
}

/// The jobs of a server.
#[derive(Debug, Default)]
pub struct Jobs(Mutex<VecDeque<Arc<Job>>>);

impl Jobs {
    pub fn find(&self, id: &str) -> Result<Arc<Job>, PageProblem> {
        let jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.iter().find(|j| j.id == id).cloned().ok_or_else(|| {
            let problem = Problem::not_found(
                "There is no such screening.",
                "Screenings are kept for some hours; give the file again.",
            );
            PageProblem::new(PART, problem)
        })
    }

    pub fn keep(&self, job: Arc<Job>) {
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.retain(|j| j.made.elapsed() < AGE);
        jobs.push_front(job);
        jobs.truncate(KEPT);
    }
}
