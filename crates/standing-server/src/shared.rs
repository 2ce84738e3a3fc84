//! What all requests share: the ledger's readers, its state, the tokens, the answers given before.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use jiff::Timestamp;
use standing::model::Day;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::cache::Cache;
use crate::metrics::Metrics;
use crate::options::Options;
use crate::problem::Problem;
use crate::rate::Rates;
use crate::readers::Readers;
use crate::screening::Screens;
use crate::tokens::Tokens;

/// Bytes of answers that are kept.
const CACHE: usize = 24 << 20;

/// A state of the ledger that answers are given for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    /// Its last transaction.
    pub transaction: i64,
    /// The hash of that transaction.
    pub head: String,
    /// Counts the files that the ledger's path has meant since the server started.
    pub file: u64,
    /// Why the ledger cannot be read at the moment.
    pub trouble: Option<String>,
}

/// What all requests share.
#[derive(Debug)]
pub struct Shared {
    /// How the server is run.
    pub options: Options,
    /// Connections to the ledger.
    pub readers: Arc<Readers>,
    /// The names that the search looks in.
    pub(crate) names: crate::pages::names::KeptNames,
    /// The rules and names that articles are read by.
    pub(crate) desk: crate::pages::reader::KeptDesk,
    /// Which names resemble each other, for proposals.
    pub(crate) resemblances: crate::pages::proposals::KeptResemblances,
    /// Files that are screened on pages.
    pub(crate) jobs: crate::pages::jobs::Jobs,
    /// The first pages, made before anybody asks.
    pub(crate) ahead: crate::pages::Ahead,
    state: RwLock<Arc<State>>,
    tokens: RwLock<Arc<Tokens>>,
    /// Answers given for the present state.
    pub(crate) cache: Cache,
    /// How much each client has asked of late.
    pub(crate) rates: Rates,
    /// Indexes that names are screened against.
    pub screens: Screens,
    /// Turns of work that takes a core for a while.
    heavy: Arc<Semaphore>,
    /// Requests counted.
    pub(crate) metrics: Metrics,
    /// Told to stop: no new work is taken.
    pub(crate) stopping: AtomicBool,
    /// One writer at a time.
    pub(crate) writing: tokio::sync::Mutex<()>,
    /// Why the last attempt to write failed, if it did.
    pub(crate) unwritable: RwLock<Option<String>>,
    /// Asks the follower for a look at once.
    nudge: Mutex<Option<Sender<()>>>,
    /// Tells whoever keeps the index that the state is another one.
    wake: Mutex<Option<Sender<()>>>,
}

impl Shared {
    /// Opens what requests share. The state is read by the follower's first look.
    pub fn new(options: Options) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let readers = Arc::new(Readers::new(
            &options.ledger,
            (cores * 2).clamp(4, 32),
            options.limits.queue,
        ));
        Self {
            readers,
            names: crate::pages::names::KeptNames::default(),
            desk: crate::pages::reader::KeptDesk::default(),
            resemblances: crate::pages::proposals::KeptResemblances::default(),
            jobs: crate::pages::jobs::Jobs::default(),
            ahead: crate::pages::Ahead::default(),
            state: RwLock::default(),
            tokens: RwLock::default(),
            cache: Cache::new(CACHE),
            rates: Rates::default(),
            metrics: Metrics::default(),
            screens: Screens::new(options.policy.clone()),
            heavy: Arc::new(Semaphore::new(cores)),
            stopping: AtomicBool::new(false),
            writing: tokio::sync::Mutex::new(()),
            unwritable: RwLock::default(),
            nudge: Mutex::default(),
            wake: Mutex::default(),
            options,
        }
    }

    /// The present state.
    pub fn state(&self) -> Arc<State> {
        Arc::clone(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn set_state(&self, state: State) {
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(state);
        if let Some(wake) = &*self.wake.lock().unwrap_or_else(PoisonError::into_inner) {
            // Gone only when the server stops.
            let _ = wake.send(());
        }
    }

    /// The tokens as last read.
    pub fn tokens(&self) -> Arc<Tokens> {
        Arc::clone(&self.tokens.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn set_tokens(&self, tokens: Tokens) {
        *self.tokens.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(tokens);
    }

    /// The file of tokens.
    pub fn tokens_file(&self) -> PathBuf {
        crate::tokens::file_of(&self.options.ledger)
    }

    /// The UTC day.
    pub fn today(&self) -> Day {
        jiff::tz::Offset::UTC.to_datetime(Timestamp::now()).date()
    }

    /// The time, RFC 3339, UTC, as transactions record it.
    pub fn now(&self) -> String {
        Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    pub(crate) fn follow_with(&self, nudge: Sender<()>) {
        *self.nudge.lock().unwrap_or_else(PoisonError::into_inner) = Some(nudge);
    }

    pub(crate) fn index_with(&self, wake: Sender<()>) {
        *self.wake.lock().unwrap_or_else(PoisonError::into_inner) = Some(wake);
    }

    pub(crate) fn stop_following(&self) {
        *self.nudge.lock().unwrap_or_else(PoisonError::into_inner) = None;
        *self.wake.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Asks the follower to look at once: something was written.
    pub(crate) fn look_now(&self) {
        if let Some(nudge) = &*self.nudge.lock().unwrap_or_else(PoisonError::into_inner) {
            // The follower is gone only when the server stops.
            let _ = nudge.send(());
        }
    }

    /// A turn of work that takes a core for a while: as many at once as there are cores.
    pub(crate) async fn heavy_turn(&self) -> Result<OwnedSemaphorePermit, Problem> {
        tokio::time::timeout(self.options.limits.queue, Arc::clone(&self.heavy).acquire_owned())
            .await
            .map_err(|_| Problem::busy("All cores are busy with longer work."))?
            .map_err(|closed| Problem::internal(&closed))
    }

    /// Is the server about to stop?
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// Why the ledger cannot be written, as far as the last attempt told.
    pub fn unwritable(&self) -> Option<String> {
        self.unwritable.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn note_writing(&self, trouble: Option<String>) {
        *self.unwritable.write().unwrap_or_else(PoisonError::into_inner) = trouble;
    }
}
