//! Answers about what was received: source documents, the editions of each list and their age, and files that the guard holds.

use serde::Serialize;
use standing_ledger::{Ledger, SnapshotState, View};
use standing_model::{Day, ListingId, PartialDate};

use crate::clocks::Question;
use crate::error::StandingError;

/// A source document as `sources` gives it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceAnswer {
    /// Digest of the content.
    pub source: String,
    /// The list's id, `register` or `article`.
    pub list: String,
    /// The file's name as received.
    pub name: String,
    /// The snapshot's date.
    pub date: Option<PartialDate>,
    /// Where the date came from.
    pub date_origin: Option<&'static str>,
    /// Whether it counts.
    pub state: SnapshotState,
    /// Listings read; `null` for the further files of a set, which are counted with its first.
    pub listings: Option<i64>,
    /// Fields that no rule reads, kept with the records.
    pub kept: u64,
    /// Records that could not be read.
    pub rejected: i64,
    /// Size in bytes.
    pub size: u64,
    /// The format.
    pub format: Option<String>,
    /// Why it proves no absence, if it is a part.
    pub part: Option<String>,
    /// Days from the snapshot's date to the day asked about.
    pub age: Option<i32>,
    /// Days that usually pass between two editions of its list, by the register's estimate.
    pub usual: Option<u32>,
    /// It is the newest edition of its list that counts, and older than usual.
    pub outdated: bool,
    /// Under which terms the list may be used, where its publisher says so.
    pub licence: Option<String>,
}

/// All source documents.
pub fn sources(ledger: &Ledger, question: &Question, today: Day) -> Result<Vec<SourceAnswer>, StandingError> {
    let (view, clocks) = question.view(ledger, today)?;
    let mut answers = Vec::new();
    let mut newest: std::collections::HashMap<String, Option<PartialDate>> = std::collections::HashMap::new();
    for row in view.sources()? {
        let Some((snapshot, position)) = row.snapshot else {
            answers.push(SourceAnswer {
                source: row.digest,
                list: row.series,
                name: row.name,
                date: None,
                date_origin: None,
                state: SnapshotState::Accepted,
                listings: None,
                kept: 0,
                rejected: 0,
                size: row.size,
                format: None,
                part: None,
                age: None,
                usual: None,
                outdated: false,
                licence: None,
            });
            continue;
        };
        let first = position == 0;
        let list = view.register().list(&snapshot.list);
        let usual = list.and_then(|l| l.interval_days);
        if !newest.contains_key(&snapshot.list) {
            newest.insert(snapshot.list.clone(), view.list_date(&snapshot.list)?);
        }
        let is_newest = snapshot.state == SnapshotState::Accepted
            && snapshot.is_whole()
            && newest.get(&snapshot.list).copied().flatten() == Some(snapshot.date);
        let age = snapshot
            .date
            .latest()
            .map(|date| standing_model::days_between(date, clocks.known));
        let kept = if first {
            view.snapshot_report(snapshot.id)?
                .not_understood
                .iter()
                .map(|(_, n)| n)
                .sum()
        } else {
            0
        };
        answers.push(SourceAnswer {
            source: row.digest,
            list: snapshot.list.clone(),
            name: row.name,
            date: Some(snapshot.date),
            date_origin: Some(View::origin_word(snapshot.date_origin)),
            state: snapshot.state,
            listings: first.then_some(snapshot.listings),
            kept,
            rejected: if first { snapshot.rejected } else { 0 },
            size: row.size,
            format: Some(snapshot.format.clone()),
            part: match &snapshot.extent {
                standing_model::Extent::Whole => None,
                standing_model::Extent::Part(why) => Some(why.clone()),
            },
            age,
            usual,
            outdated: is_newest
                && age
                    .zip(usual)
                    .is_some_and(|(age, usual)| i64::from(age) > i64::from(usual)),
            licence: list.and_then(|l| l.licence.clone()),
        });
    }
    Ok(answers)
}

/// A held file as `review` gives it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReviewAnswer {
    /// `r:` and the snapshot's number.
    pub id: String,
    /// Digest of its first file.
    pub source: String,
    /// The list.
    pub list: String,
    /// Its date.
    pub date: PartialDate,
    /// The date of the neighbour that it was judged against.
    pub against: PartialDate,
    /// Listings that would end.
    pub gone: u64,
    /// Of how many.
    pub of: u64,
    /// Their share.
    pub share: f64,
    /// What would end, by programme.
    pub by_programme: Vec<(String, u64)>,
}

/// Files that the guard holds.
pub fn review(ledger: &Ledger, today: Day) -> Result<Vec<ReviewAnswer>, StandingError> {
    let view = ledger.view(None, today.max(Day::MAX))?;
    view.held()?
        .into_iter()
        .map(|held| {
            Ok(ReviewAnswer {
                id: format!("r:{}", held.snapshot.id),
                source: held.source,
                list: held.snapshot.list.clone(),
                date: held.snapshot.date,
                against: held.hold.against_date,
                gone: held.hold.gone,
                of: held.hold.of,
                share: (held.hold.gone as f64 / held.hold.of.max(1) as f64 * 1000.0).round() / 1000.0,
                by_programme: crate::ingest::missing_by_programme(ledger, held.snapshot.id, &held.hold)?,
            })
        })
        .collect()
}

/// A listing that would end with a held file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EndingListing {
    /// The listing.
    pub listing: ListingId,
    /// Its name.
    pub name: String,
    /// The programmes that its record names, as the list writes them.
    pub programmes: Vec<String>,
}

/// The listings that would end if a held file were accepted, in the order of the ledger.
pub fn review_ending(ledger: &Ledger, id: &str) -> Result<Vec<EndingListing>, StandingError> {
    let (list, missing) = missing(ledger, id)?;
    let ending = missing.into_iter().map(|(reference, record)| EndingListing {
        listing: ListingId::new(&list, &reference),
        name: record.caption().to_owned(),
        programmes: record.programmes.iter().map(ToString::to_string).collect(),
    });
    Ok(ending.collect())
}

/// The same as references and whole records.
pub fn review_sample(ledger: &Ledger, id: &str) -> Result<Vec<(String, standing_model::Record)>, StandingError> {
    Ok(missing(ledger, id)?.1)
}

fn missing(ledger: &Ledger, id: &str) -> Result<(String, Vec<(String, standing_model::Record)>), StandingError> {
    let view = ledger.view(None, Day::MAX)?;
    let wanted = crate::decide::snapshot_id(id)?;
    let Some(held) = view.held()?.into_iter().find(|h| h.snapshot.id == wanted) else {
        return Err(StandingError::Question(format!(
            "{id} is not held. What is: standing review"
        )));
    };
    let (from, against) = if held.hold.missing_from_held {
        (wanted, held.hold.against)
    } else {
        (held.hold.against, wanted)
    };
    Ok((held.snapshot.list.clone(), view.missing(from, against)?))
}

/// A list that is recorded, and how fresh it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ListAnswer {
    /// The list's id.
    pub list: String,
    /// Its name.
    pub name: String,
    /// Who publishes it.
    pub authority: String,
    /// The date of the newest edition that counts.
    pub date: Option<PartialDate>,
    /// Days between two editions, usually.
    pub interval_days: Option<u32>,
    /// Whether the newest edition is older than that.
    pub outdated: bool,
    /// Listings of the newest edition.
    pub listings: Option<i64>,
    /// Editions recorded.
    pub snapshots: usize,
    /// Where it is published.
    pub url: Option<String>,
}

/// The lists that have snapshots, sorted by id.
pub fn lists(ledger: &Ledger, question: &Question, today: Day) -> Result<Vec<ListAnswer>, StandingError> {
    let (view, clocks) = question.view(ledger, today)?;
    let mut answers = Vec::new();
    for list in view.lists()? {
        let entry = view.register().list(&list);
        let snapshots = view.snapshots(Some(&list))?;
        let date = view.list_date(&list)?;
        let newest = snapshots
            .iter()
            .rfind(|s| Some(s.date) == date && s.state == SnapshotState::Accepted && s.is_whole());
        answers.push(ListAnswer {
            name: entry.map_or_else(|| list.clone(), |e| e.name.clone()),
            authority: entry.map_or_else(String::new, |e| e.authority.clone()),
            date,
            interval_days: entry.and_then(|e| e.interval_days),
            outdated: view.outdated(&list, clocks.on.min(clocks.known))?.is_some(),
            listings: newest.map(|s| s.listings),
            snapshots: snapshots.len(),
            url: entry.and_then(|e| e.url.clone()),
            list,
        });
    }
    Ok(answers)
}
