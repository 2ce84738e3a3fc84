//! Steps that follow from comparing snapshots in the order of their own dates.
//!
//! A pure function of what the accepted snapshots say: the same snapshots give the same steps, whatever the order in which they were
//! recorded. The rules are those of `docs/LEDGER.md`, *What follows from snapshots*.

use std::collections::HashMap;

use standing_model::step::{AmendEffect, FieldChange};
use standing_model::{
    Action, Calendar, Day, Evidence, Extent, Grade, Instrument, ListingId, PartialDate, Record, Stage, Step, Truth,
};

use crate::compare::changes;
use crate::error::LedgerError;
use crate::history::{ListHistory, Presence, SnapshotRow};
use crate::record::Records;
use crate::register::RegisterFacts;

/// The version of the rules by which steps and standings follow from facts. It is raised whenever the same facts give others, so that what was
/// made of a ledger by an earlier program (an index for screening) is made anew.
pub const DERIVATION: u32 = 2;

/// One change of a listing between two snapshots. Numbers are places in the list's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transition {
    /// It was not on the last snapshot before, if there was one.
    Appears {
        absent: Option<usize>,
        at: usize,
        record: i64,
    },
    /// It is no longer there.
    Vanishes { last: usize, by: usize, record: i64 },
    /// Its record differs from the last one in the same format.
    Changes { from: usize, old: i64, at: usize, new: i64 },
    /// It is first seen in another format than before. That is no step, unless its programmes are others.
    Reformatted { from: usize, old: i64, at: usize, new: i64 },
}

impl Transition {
    /// The snapshot that made it known.
    pub fn at(self) -> usize {
        match self {
            Self::Appears { at, .. } | Self::Changes { at, .. } | Self::Reformatted { at, .. } => at,
            Self::Vanishes { by, .. } => by,
        }
    }
}

/// What a listing's presences amount to, as known by the end of `known`.
pub(crate) struct Trace {
    pub transitions: Vec<Transition>,
    /// The last snapshot that shows it, with its record.
    pub last_seen: Option<(usize, i64)>,
    /// The last snapshot that says anything about it.
    pub last_said: Option<usize>,
}

/// Walks a listing through the snapshots by date.
///
/// A snapshot that overlaps the one that last confirmed the present state in date is not compared with it: if it says something
/// else, it is passed over, and the next one that lies strictly after decides. Only a first sight is never passed over: what a
/// snapshot shows was listed, even where one of an overlapping date lacks it.
pub(crate) fn trace(history: &ListHistory, presences: &[Presence], known: Day) -> Trace {
    let mut trace = Trace {
        transitions: Vec::new(),
        last_seen: None,
        last_said: None,
    };
    let mut absent: Option<usize> = None;
    let mut absences: Vec<usize> = Vec::new();
    let mut present: Option<(usize, i64)> = None;
    let mut by_format: HashMap<&str, (usize, i64)> = HashMap::new();
    let after = |at: usize, anchor: usize| history.snapshots[at].is_after(&history.snapshots[anchor]);
    for &at in &history.by_date {
        let snapshot = &history.snapshots[at];
        if !snapshot.known_by(known) {
            continue;
        }
        match (presences[at], present) {
            (Presence::Unsaid, _) => continue,
            (Presence::Absent, None) => {
                absent = Some(at);
                absences.push(at);
            }
            (Presence::Absent, Some((last, record))) => {
                if after(at, last) {
                    trace.transitions.push(Transition::Vanishes { last, by: at, record });
                    (absent, present) = (Some(at), None);
                    by_format.clear();
                }
            }
            (Presence::Present(record), None) => {
                let first = trace.transitions.is_empty();
                if first {
                    absent = absences.iter().rev().copied().find(|&absent| after(at, absent));
                }
                if first || absent.is_none_or(|absent| after(at, absent)) {
                    trace.transitions.push(Transition::Appears { absent, at, record });
                    present = Some((at, record));
                    by_format.insert(&snapshot.format, (at, record));
                    trace.last_seen = present;
                }
            }
            (Presence::Present(record), Some((last, old))) => {
                match by_format.get(snapshot.format.as_str()) {
                    Some(&(from, old)) if old != record && after(at, from) => {
                        trace.transitions.push(Transition::Changes {
                            from,
                            old,
                            at,
                            new: record,
                        });
                    }
                    None if after(at, last) => trace.transitions.push(Transition::Reformatted {
                        from: last,
                        old,
                        at,
                        new: record,
                    }),
                    _ => {}
                }
                by_format.insert(&snapshot.format, (at, record));
                present = Some((at, record));
                trace.last_seen = present;
            }
        }
        trace.last_said = Some(at);
    }
    trace
}

/// Whose transitions are turned into steps.
pub(crate) struct Subject<'a> {
    pub list: &'a str,
    pub reference: &'a str,
    /// All presences, for the question whether a snapshot after the record's own date lacked it.
    pub presences: &'a [Presence],
}

/// Turns a transition into steps, one for each authority and measure.
pub(crate) fn steps(
    history: &ListHistory,
    subject: &Subject<'_>,
    transition: Transition,
    register: &RegisterFacts,
    records: &Records<'_>,
) -> Result<Vec<Step>, LedgerError> {
    let listing = ListingId::new(subject.list, subject.reference);
    let snapshot = |at: usize| &history.snapshots[at];
    let mut steps = Vec::new();
    match transition {
        Transition::Appears { absent, at, record } => {
            let record = records.get(record)?;
            let (on, earlier) = imposed(history, subject, absent, at, &record);
            for ((authority, measure), programmes) in register.regimes(subject.list, &record) {
                let mut step = bare(&listing, &record, &authority, measure, Action::Impose, snapshot(at));
                (step.on, step.earlier, step.programmes) = (on, earlier, programmes);
                step.instrument = instrument(&record);
                step.sources
                    .extend(absent.map(|a| evidence(snapshot(a), subject.reference, false)));
                steps.push(step);
            }
        }
        Transition::Vanishes { last, by, record } => {
            let record = records.get(record)?;
            let on = between(Some(snapshot(last)), snapshot(by));
            for ((authority, measure), programmes) in register.regimes(subject.list, &record) {
                let mut step = bare(&listing, &record, &authority, measure, Action::Lift, snapshot(by));
                (step.on, step.programmes) = (on, programmes);
                step.sources = vec![
                    evidence(snapshot(by), subject.reference, false),
                    evidence(snapshot(last), subject.reference, true),
                ];
                steps.push(step);
            }
        }
        Transition::Changes { from, old, at, new } => {
            if records.same(old, new)? {
                return Ok(steps);
            }
            let (old, new) = (records.get(old)?, records.get(new)?);
            let fields: Vec<FieldChange> = changes(&old, &new);
            if fields.is_empty() {
                return Ok(steps);
            }
            let amended = Amended {
                listing: &listing,
                old: &old,
                new: &new,
                from: snapshot(from),
                at: snapshot(at),
            };
            steps.extend(amended.steps(subject, register, &fields));
        }
        Transition::Reformatted { from, old, at, new } => {
            let (old, new) = (records.get(old)?, records.get(new)?);
            // Only where the codes of both formats are known can another measure be told from another spelling.
            if !register.knows_programmes(subject.list, &old) || !register.knows_programmes(subject.list, &new) {
                return Ok(steps);
            }
            let ids = |record: &Record| -> Vec<String> {
                let regimes = register.regimes(subject.list, record);
                let mut ids: Vec<String> = regimes.into_values().flatten().collect();
                ids.sort_unstable();
                ids.dedup();
                ids
            };
            let fields = [FieldChange {
                field: "programmes".into(),
                old: ids(&old),
                new: ids(&new),
            }];
            let amended = Amended {
                listing: &listing,
                old: &old,
                new: &new,
                from: snapshot(from),
                at: snapshot(at),
            };
            let moved = amended.steps(subject, register, &fields);
            steps.extend(moved.into_iter().filter(|s| s.effect != AmendEffect::Keeps));
        }
    }
    Ok(steps)
}

/// A record that replaced another.
struct Amended<'a> {
    listing: &'a ListingId,
    old: &'a Record,
    new: &'a Record,
    from: &'a SnapshotRow,
    at: &'a SnapshotRow,
}

impl Amended<'_> {
    /// A step for each authority and measure that either record amounts to.
    fn steps(&self, subject: &Subject<'_>, register: &RegisterFacts, fields: &[FieldChange]) -> Vec<Step> {
        let before = register.regimes(subject.list, self.old);
        let now = register.regimes(subject.list, self.new);
        let mut keys: Vec<_> = before.keys().chain(now.keys()).collect();
        keys.sort_unstable();
        keys.dedup();
        let step = |key: &&(String, standing_model::Measure)| {
            let mut step = bare(self.listing, self.new, &key.0, key.1, Action::Amend, self.at);
            step.on = between(Some(self.from), self.at);
            step.programmes = now.get(*key).or_else(|| before.get(*key)).cloned().unwrap_or_default();
            step.fields = fields.to_vec();
            step.effect = match (before.contains_key(*key), now.contains_key(*key)) {
                (false, _) => AmendEffect::Brings,
                (true, false) => AmendEffect::Removes,
                (true, true) => AmendEffect::Keeps,
            };
            step.sources.push(evidence(self.from, subject.reference, true));
            step
        };
        keys.iter().map(step).collect()
    }
}

/// When a listing was put on, and the day of an earlier listing that the record still bears.
fn imposed(
    history: &ListHistory,
    subject: &Subject<'_>,
    absent: Option<usize>,
    at: usize,
    record: &Record,
) -> (Option<PartialDate>, Option<PartialDate>) {
    let seen = &history.snapshots[at];
    let bounds = between(absent.map(|a| &history.snapshots[a]), seen);
    let Some(own) = record.listed_on else {
        return (bounds, None);
    };
    // A snapshot dated after the record's own date, up to this one, that lacks the reference makes this a return.
    let lacked = history.by_date.iter().take_while(|&&place| place != at).any(|&place| {
        subject.presences[place] == Presence::Absent && own.before(history.snapshots[place].date) == Truth::Yes
    });
    if lacked {
        return (bounds, Some(own));
    }
    match (absent, bounds.and_then(|b| b.narrow(own))) {
        (Some(_), Some(narrowed)) => (Some(narrowed), None),
        _ => (Some(own), None),
    }
}

fn outer(date: PartialDate) -> Option<Calendar> {
    match date {
        PartialDate::In(date) => Some(date),
        other => other.latest().map(Calendar::Day),
    }
}

fn inner(date: PartialDate) -> Option<Calendar> {
    match date {
        PartialDate::In(date) => Some(date),
        other => other.earliest().map(Calendar::Day),
    }
}

fn between(after: Option<&SnapshotRow>, by: &SnapshotRow) -> Option<PartialDate> {
    PartialDate::bounded(after.and_then(|s| inner(s.date)), outer(by.date))
}

fn instrument(record: &Record) -> Instrument {
    match record.instruments.first() {
        Some(act) => Instrument::Named {
            kind: "act".into(),
            id: act.to_string(),
        },
        None => Instrument::Unknown,
    }
}

fn bare(
    listing: &ListingId,
    record: &Record,
    authority: &str,
    measure: standing_model::Measure,
    action: Action,
    seen: &SnapshotRow,
) -> Step {
    let mut step = Step {
        step: String::new(),
        procedure: None,
        party: listing.to_string(),
        name: record.caption().to_owned(),
        listing: Some(listing.clone()),
        authority: authority.to_owned(),
        measure,
        action,
        stage: Stage::Effective,
        on: None,
        known: Some(seen.date),
        grade: Grade::Official,
        instrument: Instrument::Unknown,
        programmes: Vec::new(),
        note: None,
        contradicted: Vec::new(),
        earlier: None,
        fields: Vec::new(),
        effect: AmendEffect::Keeps,
        sources: vec![evidence(seen, listing.reference(), true)],
    };
    step.step = step_id(&[
        listing.as_str(),
        authority,
        measure.word(),
        action.word(),
        &seen.date.to_string(),
    ]);
    step
}

/// A short id that the same facts always give.
pub(crate) fn step_id(parts: &[&str]) -> String {
    let hash = blake3::hash(parts.join("\u{1f}").as_bytes());
    format!("s:{}", &hash.to_hex()[..12])
}

fn evidence(snapshot: &SnapshotRow, reference: &str, present: bool) -> Evidence {
    let extent = match &snapshot.extent {
        Extent::Whole => "",
        Extent::Part(_) => " (part)",
    };
    let digest: String = snapshot.digest.iter().take(8).map(|b| format!("{b:02x}")).collect();
    Evidence {
        source: digest,
        title: format!("{} list of {}{extent}", snapshot.list, snapshot.date),
        place: Some(if present {
            reference.to_owned()
        } else {
            format!("{reference} not on it")
        }),
        url: None,
        on: None,
        known: Some(snapshot.date),
        grade: Grade::Official,
    }
}
