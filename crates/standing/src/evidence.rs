//! The bytes behind a step: the record in the file that it was read from, verbatim.

use serde::Serialize;
use standing_ledger::{Amendments, Ledger, View};
use standing_lists::{Document, Limits, ReadOptions, open_file, read_documents};
use standing_model::{Day, Evidence, Step};

use crate::error::StandingError;

/// A piece of a source document.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Piece {
    /// What it is evidence of.
    pub evidence: Evidence,
    /// The file's name as received.
    pub file: Option<String>,
    /// First byte and one past the last, in the document.
    pub bytes: Option<(u64, u64)>,
    /// The bytes as text; where they are no UTF-8, with replacement characters.
    pub verbatim: Option<String>,
}

/// A step with the bytes it rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepEvidence {
    /// The step.
    pub step: Step,
    /// What it rests on.
    pub pieces: Vec<Piece>,
}

/// Does a step follow from snapshots alone, without an act or a report of the register beside them?
pub fn rests_on_snapshots(step: &Step) -> bool {
    // The digest by which `derive` names a snapshot; what the register cites bears an id of its own.
    let snapshot = |e: &Evidence| e.source.len() == 16 && e.source.bytes().all(|b| b.is_ascii_hexdigit());
    step.step.starts_with("s:") && step.sources.iter().all(snapshot)
}

/// The evidence of a step (`s:…` or the beginning of it, at least six characters).
pub fn of_step(ledger: &Ledger, id: &str) -> Result<StepEvidence, StandingError> {
    of_step_in(&ledger.view(None, Day::MAX)?, id)
}

/// The evidence of a step as a view of the ledger knows it.
pub fn of_step_in(view: &View<'_>, id: &str) -> Result<StepEvidence, StandingError> {
    let wanted = whole_id(id)?;
    among(view, id, &wanted, view.all_steps(Amendments::Read)?)
}

/// The evidence of a step of a party, which spares the look through all steps.
pub fn of_party_step(ledger: &Ledger, party: &str, id: &str) -> Result<StepEvidence, StandingError> {
    let view = ledger.view(None, Day::MAX)?;
    let wanted = whole_id(id)?;
    let party = crate::answers::one_party(&view, party)?;
    among(&view, id, &wanted, view.party_steps(&party)?)
}

fn whole_id(id: &str) -> Result<String, StandingError> {
    let wanted = if id.contains(':') {
        id.to_owned()
    } else {
        format!("s:{id}")
    };
    if wanted.starts_with("s:") && wanted.len() < "s:".len() + 6 {
        return Err(StandingError::Question(format!(
            "\"{id}\" is too short for a step's id; give at least six characters"
        )));
    }
    Ok(wanted)
}

fn among(view: &View<'_>, id: &str, wanted: &str, steps: Vec<Step>) -> Result<StepEvidence, StandingError> {
    // A whole id is what it is, even where another begins with it.
    let mut found: Vec<Step> = match steps.iter().find(|s| s.step == wanted) {
        Some(step) => vec![step.clone()],
        None => steps.into_iter().filter(|s| s.step.starts_with(wanted)).collect(),
    };
    found.dedup_by(|a, b| a.step == b.step);
    let step = match found.len() {
        1 => found.remove(0),
        0 => {
            return Err(StandingError::NoStep(id.to_owned()));
        }
        n => {
            return Err(StandingError::Question(format!(
                "{n} steps begin with {id}; give more of it"
            )));
        }
    };
    let pieces = step
        .sources
        .iter()
        .map(|e| piece(view, &step, e))
        .collect::<Result<_, _>>()?;
    Ok(StepEvidence { step, pieces })
}

fn piece(view: &View<'_>, step: &Step, evidence: &Evidence) -> Result<Piece, StandingError> {
    let mut piece = Piece {
        evidence: evidence.clone(),
        file: None,
        bytes: None,
        verbatim: None,
    };
    let Some(listing) = &step.listing else { return Ok(piece) };
    let snapshot = view.snapshots(Some(listing.list()))?.into_iter().find(|s| {
        let digest: String = s.digest.iter().take(8).map(|b| format!("{b:02x}")).collect();
        digest == evidence.source && Some(s.date) == evidence.known
    });
    let Some(snapshot) = snapshot else { return Ok(piece) };
    let files = view.snapshot_files(snapshot.id)?;
    piece.file = files.first().map(|(name, _)| name.clone());
    let mut documents = Vec::new();
    for (name, bytes) in files {
        documents.extend(open_file(&name, bytes, Limits::default())?);
    }
    let borrowed: Vec<Document<'_>> = documents
        .iter()
        .map(|d| Document {
            name: &d.name,
            bytes: &d.bytes,
        })
        .collect();
    let options = ReadOptions {
        part: !snapshot.is_whole(),
        list: Some(snapshot.list.clone()),
        date_given: true,
    };
    for outcome in read_documents(&borrowed, &options) {
        for read in outcome.result.into_iter().flatten().filter(|s| s.list == snapshot.list) {
            let Some(at) = read.records.iter().position(|r| r.reference == listing.reference()) else {
                continue;
            };
            if let Some(span) = read.spans.get(at) {
                let Some(&document) = outcome.documents.get(span.document as usize) else {
                    continue;
                };
                let (start, end) = (span.start as usize, span.end as usize);
                if let Some(bytes) = documents[document].bytes.get(start..end) {
                    piece.file = Some(documents[document].name.clone());
                    piece.bytes = Some((span.start, span.end));
                    piece.verbatim = Some(String::from_utf8_lossy(bytes).into_owned());
                }
            } else {
                // Containers without byte positions (workbooks): the place in words, and the record as it was read.
                piece.evidence.place = read.positions.get(at).cloned().or(piece.evidence.place);
                piece.verbatim = serde_json::to_string_pretty(&read.records[at]).ok();
            }
        }
    }
    Ok(piece)
}
