//! The indexes that names are screened against: one for the present state, a few for days that were asked for.
//!
//! The present one is opened or built (by a process of its own, [`build_apart`]) when the ledger or the day moves on; until it is there, screening answers
//! for the state before, and says so. An index holds the room that searches use ([`Searcher`]) and the entities that compatible
//! answers repeat, so both go when it goes.

use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::thread::ThreadId;
use std::time::Duration;

use standing::model::Day;
use standing::screen::runs::{Answered, Written};
use standing::screen::{self, Options, Outcome, Policy, Query, ScreenOneError, Screening, Searcher};
use standing::{Question, StandingError, home};

use crate::options::Builder;
use crate::problem::Problem;
use crate::shared::Shared;
use crate::yente::cards::Cards;
use crate::yente::datasets::Datasets;

/// Indexes for other days that are kept open.
const OTHERS: usize = 3;
/// Rooms for searches that lie idle before one of another thread is taken.
const SEARCHERS: usize = 4;
/// Entities kept with an index.
const ENTITIES: usize = 6000;
/// Between two looks at whether the day has changed.
const PAUSE: Duration = Duration::from_secs(1);

/// What an index stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct For {
    file: u64,
    transaction: i64,
    on: Day,
    known: Day,
}

/// An index with what hangs on it.
#[derive(Debug)]
pub struct Screen {
    /// Index, policy and decisions.
    pub screening: Screening,
    of: For,
    searchers: Mutex<Vec<(ThreadId, Searcher)>>,
    entities: Mutex<HashMap<String, Arc<crate::yente::entities::Held>>>,
    cards: OnceLock<Arc<Cards>>,
    datasets: OnceLock<Arc<Datasets>>,
}

impl Screen {
    fn new(screening: Screening, of: For) -> Self {
        Self {
            screening,
            of,
            searchers: Mutex::default(),
            entities: Mutex::default(),
            cards: OnceLock::new(),
            datasets: OnceLock::new(),
        }
    }

    fn with_searcher<T>(&self, f: impl FnOnce(&mut Searcher) -> T) -> T {
        let idle = || self.searchers.lock().unwrap_or_else(PoisonError::into_inner);
        let here = std::thread::current().id();
        // The room that this thread used before is still near its core; next best is any that is free.
        let taken = {
            let mut idle = idle();
            match idle.iter().position(|(of, _)| *of == here) {
                Some(at) => Some(idle.swap_remove(at)),
                None if idle.len() >= SEARCHERS => idle.pop(),
                None => None,
            }
        };
        let mut searcher = taken.map_or_else(Searcher::default, |(_, searcher)| searcher);
        let answer = f(&mut searcher);
        idle().push((here, searcher));
        answer
    }

    /// Screens one query.
    pub fn one(&self, query: &Query, options: &Options) -> Result<Outcome, ScreenOneError> {
        self.with_searcher(|searcher| self.screening.screener.screen(query, options, searcher))
    }

    /// Screens queries; gives the manifest with the answer.
    pub fn several(&self, queries: &[Query], options: &Options) -> Result<Written, StandingError> {
        self.with_searcher(|searcher| self.screening.screen_written(queries, options, searcher))
    }

    /// The same as values, for pages.
    pub fn answered(&self, queries: &[Query], options: &Options) -> Result<Answered, StandingError> {
        self.with_searcher(|searcher| self.screening.screen_queries(queries, options, searcher))
    }

    /// The last transaction that it stands for.
    pub fn transaction(&self) -> i64 {
        self.of.transaction
    }

    /// The clocks that it stands for, as a question.
    pub fn question(&self) -> Question {
        Question {
            on: Some(self.of.on),
            known: Some(self.of.known),
            recorded: Some(format!("#{}", self.of.transaction)),
            basis: None,
        }
    }

    /// Cards of all parties in it, made when they are first wanted.
    pub fn cards(&self) -> Arc<Cards> {
        Arc::clone(self.cards.get_or_init(|| Arc::new(Cards::of(&self.screening))))
    }

    /// The datasets of its state, if they were read before.
    pub fn datasets(&self) -> Option<Arc<Datasets>> {
        self.datasets.get().cloned()
    }

    /// Keeps the datasets of its state.
    pub fn keep_datasets(&self, datasets: Datasets) -> Arc<Datasets> {
        Arc::clone(self.datasets.get_or_init(|| Arc::new(datasets)))
    }

    /// An entity that was made before.
    pub fn entity(&self, party: &str) -> Option<Arc<crate::yente::entities::Held>> {
        self.entities
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(party)
            .cloned()
    }

    /// Keeps an entity.
    pub fn keep_entity(&self, party: String, entity: Arc<crate::yente::entities::Held>) {
        let mut entities = self.entities.lock().unwrap_or_else(PoisonError::into_inner);
        if entities.len() >= ENTITIES {
            entities.clear();
        }
        entities.insert(party, entity);
    }
}

/// The indexes of a server.
#[derive(Debug)]
pub struct Screens {
    policy: Policy,
    present: RwLock<Option<Arc<Screen>>>,
    trouble: RwLock<Option<String>>,
    others: Mutex<VecDeque<Arc<Screen>>>,
    /// Building takes a core: one at a time.
    building: tokio::sync::Mutex<()>,
}

impl Screens {
    /// No index yet.
    pub fn new(policy: Policy) -> Self {
        Self {
            policy,
            present: RwLock::default(),
            trouble: RwLock::default(),
            others: Mutex::default(),
            building: tokio::sync::Mutex::new(()),
        }
    }

    /// The policy that is screened by.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The index for the present, or as near to it as there is one.
    pub fn present(&self) -> Option<Arc<Screen>> {
        self.present.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Why there is none.
    pub fn trouble(&self) -> Option<String> {
        self.trouble.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Has the index built by a process of its own, which may take several times what the finished index does, and gives it back whole.
/// Where that fails, the index is built here.
fn build_apart(builder: &Builder, ledger: &Path, of: &For) {
    let mut command = Command::new(&builder.program);
    command.arg("--db").arg(ledger).arg("index");
    command.args(["--on", &of.on.to_string(), "--known", &of.known.to_string()]);
    // The sign tells a transaction from a year.
    command.args(["--recorded", &format!("#{}", of.transaction)]);
    if let Some(policy) = &builder.policy {
        command.arg("--policy").arg(policy);
    }
    let built = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output();
    match built {
        Ok(output) if output.status.success() => {}
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            tracing::warn!(status = %output.status, said = said.trim(), "the index is built here: another process could not");
        }
        Err(error) => tracing::warn!(%error, "the index is built here: no other process could be started"),
    }
}

fn open(shared: &Shared, of: &For) -> Result<Screen, StandingError> {
    let ledger = home::open(&shared.options.ledger)?;
    let question = Question {
        on: Some(of.on),
        known: Some(of.known),
        recorded: Some(format!("#{}", of.transaction)),
        basis: None,
    };
    let policy = &shared.screens.policy;
    if let Some(builder) = &shared.options.builder
        && !screen::is_kept(&ledger, &question, policy, of.on)?
    {
        build_apart(builder, &shared.options.ledger, of);
    }
    let screening = screen::open(&ledger, &question, policy.clone(), of.on)?;
    Ok(Screen::new(screening, of.clone()))
}

/// Brings the present index up to the state and the day. Runs on a thread of its own.
fn refresh(shared: &Shared) {
    let state = shared.state();
    if state.trouble.is_some() || state.transaction == 0 {
        return;
    }
    let today = shared.today();
    let of = For {
        file: state.file,
        transaction: state.transaction,
        on: today,
        known: today,
    };
    if shared.screens.present().is_some_and(|s| s.of == of) {
        return;
    }
    let begun = std::time::Instant::now();
    let trouble = match open(shared, &of) {
        Ok(screen) => {
            tracing::info!(
                transaction = of.transaction,
                names = screen.screening.screener.index().len(),
                millis = begun.elapsed().as_millis() as u64,
                "the index is ready"
            );
            *shared.screens.present.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(screen));
            None
        }
        Err(error) => {
            tracing::error!(%error, "the index cannot be opened or built");
            Some(error.to_string())
        }
    };
    *shared.screens.trouble.write().unwrap_or_else(PoisonError::into_inner) = trouble;
}

/// Keeps the present index up to date until the other end of the channel is dropped; a message asks for a look at once.
pub fn keep_fresh(shared: &Shared, asked: &Receiver<()>) {
    loop {
        refresh(shared);
        match asked.recv_timeout(PAUSE) {
            Ok(()) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// The index for the present.
pub fn present(shared: &Shared) -> Result<Arc<Screen>, Problem> {
    shared.screens.present().ok_or_else(|| {
        if let Some(trouble) = shared.screens.trouble() {
            tracing::warn!(trouble, "asked to screen without an index");
        }
        Problem::busy("The index of names is not ready.")
    })
}

/// The index for other clocks: opened, or built, which takes a while.
pub async fn at(shared: &Arc<Shared>, question: &Question) -> Result<Arc<Screen>, Problem> {
    if question.on.is_none() && question.known.is_none() && question.recorded.is_none() {
        return present(shared);
    }
    let (today, state, asked) = (shared.today(), shared.state(), question.clone());
    let clocks = shared
        .readers
        .ask(move |ledger| Ok(asked.view(ledger, today)?.1))
        .await?;
    let of = For {
        file: state.file,
        transaction: clocks.recorded,
        on: clocks.on,
        known: clocks.known,
    };
    if let Some(screen) = kept(shared, &of) {
        return Ok(screen);
    }
    let _turn = shared.screens.building.lock().await;
    // Somebody may have built it while this one waited.
    if let Some(screen) = kept(shared, &of) {
        return Ok(screen);
    }
    let app = Arc::clone(shared);
    let built = tokio::task::spawn_blocking(move || open(&app, &of)).await;
    let screen = Arc::new(built.map_err(|e| Problem::internal(&e))??);
    let mut others = shared.screens.others.lock().unwrap_or_else(PoisonError::into_inner);
    others.push_front(Arc::clone(&screen));
    others.truncate(OTHERS);
    Ok(screen)
}

fn kept(shared: &Shared, of: &For) -> Option<Arc<Screen>> {
    if let Some(present) = shared.screens.present().filter(|s| s.of == *of) {
        return Some(present);
    }
    let others = shared.screens.others.lock().unwrap_or_else(PoisonError::into_inner);
    others.iter().find(|s| s.of == *of).cloned()
}
