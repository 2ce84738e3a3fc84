//! Decisions of people: about held files, and about whether two ids are one party.

use standing_ledger::{Ledger, SnapshotState};
use standing_model::{Day, Verdict};

use crate::error::StandingError;

/// The number behind `r:17`.
pub fn snapshot_id(id: &str) -> Result<i64, StandingError> {
    id.strip_prefix("r:").unwrap_or(id).parse().map_err(|_| {
        StandingError::Question(format!(
            "\"{id}\" is no review id; they look like r:17, see: standing review"
        ))
    })
}

/// Accepts or rejects a file that the guard holds.
pub fn review(ledger: &mut Ledger, id: &str, accept: bool, why: &str, now: &str) -> Result<(), StandingError> {
    let number = snapshot_id(id)?;
    need_reason(why)?;
    let state = ledger.view(None, Day::MAX)?.snapshot(number)?.map(|s| s.state);
    match state {
        None => {
            return Err(StandingError::Question(format!(
                "there is no file {id}. What is held: standing review"
            )));
        }
        Some(SnapshotState::Held) => {}
        Some(state) => {
            let word = if state == SnapshotState::Accepted {
                "accepted"
            } else {
                "rejected"
            };
            return Err(StandingError::Question(format!("{id} is not held; it is {word}")));
        }
    }
    let transaction = ledger.begin(now, if accept { "review accept" } else { "review reject" })?;
    transaction.decide(
        number,
        if accept {
            SnapshotState::Accepted
        } else {
            SnapshotState::Rejected
        },
        why,
    )?;
    transaction.commit()?;
    Ok(())
}

/// Records that two ids are the same party, different ones, or unsure. Gives the two ids.
pub fn judge(
    ledger: &mut Ledger,
    a: &str,
    b: &str,
    verdict: Verdict,
    by: &str,
    why: &str,
    now: &str,
) -> Result<(String, String), StandingError> {
    need_reason(why)?;
    let (a, b) = {
        let view = ledger.view(None, Day::MAX)?;
        (resolve(&view, a)?, resolve(&view, b)?)
    };
    if a == b {
        return Err(StandingError::Question(format!("both are {a}")));
    }
    let transaction = ledger.begin(now, "judgement")?;
    transaction.judge(&a, &b, verdict, by, why)?;
    transaction.commit()?;
    crate::screen::judged::note(ledger, ledger.last_transaction()?, [&a, &b])?;
    Ok((a, b))
}

/// The id that is meant. An id stays itself even if it belongs to a larger party: a judgement is about the two records.
fn resolve(view: &standing_ledger::View<'_>, text: &str) -> Result<String, StandingError> {
    let id = text.trim();
    if id.starts_with("customer:") || names_party(id) || view.party_of(id)?.is_some() {
        return Ok(id.to_owned());
    }
    let party = crate::answers::one_party(view, id)?;
    let suffix = format!(":{id}");
    Ok(party
        .ids
        .iter()
        .find(|i| i.ends_with(&suffix))
        .cloned()
        .unwrap_or(party.id))
}

/// An id that stands for a party wherever it occurs: Wikidata's (`Q42`) and resolver files' (`NK-…`). A judgement may be the first to
/// bring it into the ledger.
fn names_party(id: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let word = |text: &str| text.len() >= 4 && text.bytes().all(|b| b.is_ascii_alphanumeric());
    id.strip_prefix('Q').is_some_and(digits) || id.strip_prefix("NK-").is_some_and(word)
}

fn need_reason(why: &str) -> Result<(), StandingError> {
    if why.trim().is_empty() {
        return Err(StandingError::Question(
            "a decision needs its reason: --why \"…\"".into(),
        ));
    }
    Ok(())
}
