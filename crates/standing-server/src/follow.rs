//! Following what others write: the ledger and the file of tokens.
//!
//! A thread looks every fifth of a second whether there is a new transaction, whether the path means another file (a restored
//! backup), and whether the tokens changed. Requests under way keep the state that they began with; the next ones get the new one.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, SystemTime};

use standing::{Ledger, StandingError, home};

use crate::shared::{Shared, State};
use crate::tokens::Tokens;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(200);

/// Which file a path means, and when it was written.
type Mark = Option<(u64, u64, Option<SystemTime>)>;

fn mark(path: &Path) -> Mark {
    let metadata = std::fs::metadata(path).ok()?;
    #[cfg(unix)]
    let (device, node) = {
        use std::os::unix::fs::MetadataExt;
        (metadata.dev(), metadata.ino())
    };
    #[cfg(not(unix))]
    let (device, node) = (0, 0);
    Some((device, node, metadata.modified().ok()))
}

/// Which file it is, whenever it was written.
fn identity(path: &Path) -> Option<(u64, u64)> {
    mark(path).map(|(device, node, _)| (device, node))
}

/// What is looked at, between looks.
pub struct Follower {
    shared: Arc<Shared>,
    ledger: Option<(Option<(u64, u64)>, Ledger)>,
    files: u64,
    tokens: Option<Mark>,
}

impl Follower {
    /// A follower that has not looked yet.
    pub fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            ledger: None,
            files: 0,
            tokens: None,
        }
    }

    /// Looks once at everything.
    pub fn look(&mut self) {
        self.look_at_tokens();
        let before = self.shared.state();
        match self.look_at_ledger() {
            Ok((transaction, head)) => {
                let state = State {
                    transaction,
                    head,
                    file: self.files,
                    trouble: None,
                };
                if state != *before {
                    tracing::info!(transaction, head = state.head, "the ledger's state");
                    self.shared.set_state(state);
                }
            }
            Err(error) => {
                self.ledger = None;
                let trouble = Some(error.to_string());
                if before.trouble != trouble {
                    tracing::error!(%error, "the ledger cannot be read");
                    self.shared.set_state(State {
                        trouble,
                        ..(*before).clone()
                    });
                }
            }
        }
    }

    fn look_at_ledger(&mut self) -> Result<(i64, String), StandingError> {
        let path = self.shared.options.ledger.clone();
        let which = identity(&path);
        if let Some((of, ledger)) = &self.ledger
            && *of == which
        {
            let before = self.shared.state();
            if ledger.last_transaction()? == before.transaction && before.trouble.is_none() {
                return Ok((before.transaction, before.head.clone()));
            }
            return Ok(ledger.head()?);
        }
        if self.ledger.is_some() {
            tracing::warn!(path = %path.display(), "the ledger's path means another file");
            self.files += 1;
        }
        self.shared.readers.renew();
        let (_, ledger) = self.ledger.insert((which, home::open(&path)?));
        Ok(ledger.head()?)
    }

    fn look_at_tokens(&mut self) {
        let path = self.shared.tokens_file();
        let mark = Some(mark(&path));
        if self.tokens == mark {
            return;
        }
        match Tokens::read(&path) {
            Ok(tokens) => {
                self.shared.set_tokens(tokens);
                self.tokens = mark;
            }
            Err(error) => {
                // Nobody gets in by a file that cannot be understood.
                tracing::error!(%error, "the tokens cannot be read; none is accepted");
                self.shared.set_tokens(Tokens::default());
                self.tokens = mark;
            }
        }
    }

    /// Looks until the other end of the channel is dropped; a message asks for a look at once.
    pub fn run(mut self, asked: &Receiver<()>) {
        loop {
            match asked.recv_timeout(PAUSE) {
                Ok(()) | Err(RecvTimeoutError::Timeout) => self.look(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }
}
