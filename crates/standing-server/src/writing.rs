//! Writing to the ledger on behalf of a request: one at a time, through the same functions of the library that the command line calls.

use std::sync::Arc;

use standing::{Ledger, LedgerError, StandingError, home};

use crate::problem::{Problem, is_full};
use crate::shared::Shared;

/// Notes what an attempt says about whether the ledger can be written. Input that was refused says nothing about it.
pub fn note<T>(shared: &Shared, answer: &Result<T, StandingError>) {
    match answer {
        Ok(_) => shared.note_writing(None),
        Err(StandingError::Ledger(
            error @ (LedgerError::Full { .. } | LedgerError::ReadOnly { .. } | LedgerError::Busy),
        )) => {
            shared.note_writing(Some(error.to_string()));
        }
        // Which temporary file it was is nobody's business.
        Err(StandingError::File { source, .. } | StandingError::Ledger(LedgerError::File { source, .. }))
            if is_full(source) =>
        {
            shared.note_writing(Some("there is no room to write".into()));
        }
        Err(_) => {}
    }
}

/// Runs `f` with the ledger open for writing and the time to record. What the attempt said about writing at all is noted for readiness.
pub async fn write<T: Send + 'static>(
    app: &Arc<Shared>,
    f: impl FnOnce(&mut Ledger, &str) -> Result<T, StandingError> + Send + 'static,
) -> Result<T, Problem> {
    let turn = app.writing.lock().await;
    let shared = Arc::clone(app);
    let done = tokio::task::spawn_blocking(move || {
        let now = shared.now();
        let answer = home::open_for_writing(&shared.options.ledger, &now).and_then(|mut ledger| f(&mut ledger, &now));
        note(&shared, &answer);
        answer
    })
    .await;
    drop(turn);
    // Whoever wrote wants to see it.
    app.look_now();
    match done {
        Ok(answer) => answer.map_err(Problem::from),
        Err(failed) => Err(Problem::internal(&failed)),
    }
}
