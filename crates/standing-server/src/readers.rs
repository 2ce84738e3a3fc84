//! Read-only connections to the ledger, handed out one to a question.
//!
//! SQLite blocks, so questions run on threads of their own. There are as many at once as there are permits; the rest wait, and after
//! a while are told to come again. A connection goes back when its question is done, also when the client has left meanwhile.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use standing::{Ledger, StandingError, home};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use crate::problem::Problem;

/// The connections of a server.
#[derive(Debug)]
pub struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<(u64, Ledger)>>,
    /// Which file the path meant when a connection was opened: it grows when the file is replaced.
    generation: AtomicU64,
    permits: Arc<Semaphore>,
    patience: Duration,
    /// Whose threads block: one pool for all cores, since each thread that has read keeps room to read again.
    pool: Option<Handle>,
}

impl Readers {
    /// Connections to a ledger, at most so many at once.
    pub fn new(path: &Path, at_once: usize, patience: Duration) -> Self {
        Self {
            path: path.to_owned(),
            idle: Mutex::default(),
            generation: AtomicU64::new(0),
            permits: Arc::new(Semaphore::new(at_once)),
            patience,
            pool: Handle::try_current().ok(),
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<(u64, Ledger)>> {
        // What is behind the lock is whole between any two statements, so a panic elsewhere leaves it usable.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a question with a connection, on this thread.
    pub fn ask_here<T>(&self, f: impl FnOnce(&Ledger) -> Result<T, StandingError>) -> Result<T, StandingError> {
        let generation = self.generation.load(Ordering::Acquire);
        let kept = self.idle().pop().filter(|(of, _)| *of == generation);
        let ledger = match kept {
            Some((_, ledger)) => ledger,
            None => home::open(&self.path)?,
        };
        let answer = f(&ledger);
        // A connection that failed may be broken itself; a fresh one costs little.
        if !matches!(answer, Err(StandingError::Ledger(_))) {
            self.idle().push((generation, ledger));
        }
        answer
    }

    /// Runs a question on a thread that may block.
    pub async fn ask<T: Send + 'static>(
        self: &Arc<Self>,
        f: impl FnOnce(&Ledger) -> Result<T, StandingError> + Send + 'static,
    ) -> Result<T, Problem> {
        let permit = tokio::time::timeout(self.patience, Arc::clone(&self.permits).acquire_owned())
            .await
            .map_err(|_| Problem::busy("All readers of the ledger are busy."))?
            .map_err(|closed| Problem::internal(&closed))?;
        let readers = Arc::clone(self);
        let reading = move || {
            let answer = readers.ask_here(f);
            drop(permit);
            answer
        };
        let asked = match &self.pool {
            Some(pool) => pool.spawn_blocking(reading),
            None => tokio::task::spawn_blocking(reading),
        };
        match asked.await {
            Ok(answer) => answer.map_err(Problem::from),
            Err(failed) => Err(Problem::internal(&failed)),
        }
    }

    /// Forgets the connections: the file behind the path is another one.
    pub fn renew(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
        self.idle().clear();
    }
}
