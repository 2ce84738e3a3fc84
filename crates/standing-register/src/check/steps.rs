//! What can be wrong with steps: in themselves, within their procedure, and in time.

use std::collections::BTreeMap;

use standing_model::{Action, Grade, Instrument, Measure, Stage, Truth};

use super::Checker;
use crate::entry::StepEntry;
use crate::finding::Place;
use crate::register::Section;

pub(super) fn check(checker: &mut Checker<'_>) {
    let register = checker.register;
    for (at, entry) in register.steps.iter().enumerate() {
        references(checker, at, entry);
        dates(checker, at, entry);
        evidence(checker, at, entry);
    }
    procedures(checker);
    histories(checker);
}

fn references<'r>(checker: &mut Checker<'r>, at: usize, entry: &'r StepEntry) {
    let place = |checker: &Checker<'r>, field: &str| checker.place(Section::Step, at, field);
    checker.known(&place(checker, "party"), "party", &entry.party);
    checker.known(&place(checker, "authority"), "authority", &entry.authority);
    for programme in &entry.programmes {
        checker.known(&place(checker, "programmes"), "programme", programme);
    }
    if let Some(listing) = &entry.listing {
        let here = place(checker, "listing");
        checker.known(&here, "list", listing.list());
        let owner = checker.listings.get(listing.as_str());
        match owner.map(|&at| &checker.register.parties[at]) {
            Some(owner) if owner.id == entry.party => {}
            Some(owner) => checker.error(
                &here,
                format!("{listing} is a listing of {}, not of {}", owner.id, entry.party),
                "correct the step's party or its listing",
            ),
            None => checker.error(
                &here,
                format!("{listing} is not among the listings of {}", entry.party),
                format!("add it to `listings` of {}, with the source that says so", entry.party),
            ),
        }
    }
    checker.citations(&place(checker, "sources"), "step", &entry.sources);
    for citation in &entry.contradicted {
        checker.cite(&place(checker, "contradicted"), &citation.source);
    }
}

fn dates(checker: &mut Checker<'_>, at: usize, entry: &StepEntry) {
    let here = checker.place(Section::Step, at, "on");
    if entry.on.is_none() && entry.stage == Stage::Effective {
        checker.error(
            &here,
            "this step is effective, and does not say when",
            "add `on`; where sources only bound it, write by D, or after A, by B",
        );
    }
    if let Some(founded) = checker.register.party(&entry.party).and_then(|party| party.founded) {
        let too_early = [("on", entry.on), ("known", Some(entry.known))]
            .into_iter()
            .find(|(_, date)| date.is_some_and(|date| date.before(founded) == Truth::Yes));
        if let Some((field, Some(date))) = too_early {
            let here = checker.place(Section::Step, at, field);
            checker.error(
                &here,
                format!("{date} lies before the founding of {} ({founded})", entry.party),
                format!("correct `{field}`, or `founded` of the party"),
            );
        }
    }
    // What takes effect later may well be known before; what is done may not.
    let done = matches!(entry.stage, Stage::Proposed | Stage::Announced | Stage::Decided);
    if done && entry.on.is_some_and(|on| entry.known.before(on) == Truth::Yes) {
        let here = checker.place(Section::Step, at, "known");
        checker.error(
            &here,
            format!(
                "this was known on {}, before it was {} on {}",
                entry.known,
                entry.stage.word(),
                entry.on.map(|on| on.to_string()).unwrap_or_default()
            ),
            "correct `known` or `on`; what was only expected is a step of an earlier stage",
        );
    }
    for citation in &entry.sources {
        let published = checker.register.source(&citation.source).and_then(|source| source.date);
        if let Some(published) = published
            && published.before(entry.known) == Truth::Yes
        {
            let here = checker.place(Section::Step, at, "known");
            checker.error(
                &here,
                format!("the source \"{}\" is of {published}, before the {} on which this is said to be known", citation.source, entry.known),
                "`known` is the first day on which it was public: set it to the earliest source, or cite that source for something else",
            );
        }
    }
}

fn evidence(checker: &mut Checker<'_>, at: usize, entry: &StepEntry) {
    let here = checker.place(Section::Step, at, "grade");
    let strongest = entry.sources.iter().map(|citation| citation.grade).max();
    if strongest.is_some_and(|strongest| strongest != entry.grade) {
        checker.error(
            &here,
            format!(
                "the step is graded {}, its strongest source {}",
                entry.grade.word(),
                strongest.map_or("", Grade::word)
            ),
            "a step is as strong as its strongest source: correct one of the grades",
        );
    }
    if entry.grade == Grade::Official && entry.instrument == Instrument::Unknown {
        checker.error(
            &here,
            "this step is graded official, and its instrument is unknown",
            "name the act, or grade it stated (the authority says so) or reported (somebody else does)",
        );
    }
    let Some(on) = entry.on else { return };
    for citation in &entry.sources {
        if let Some(other) = citation.on
            && !other.compatible(on)
        {
            let here = checker.place(Section::Step, at, "sources");
            checker.error(
                &here,
                format!("the source \"{}\" gives {other}, the step {on}", citation.source),
                "move it to `contradicted`, or correct `on`",
            );
        }
    }
    for citation in &entry.contradicted {
        let here = checker.place(Section::Step, at, "contradicted");
        if citation.on.is_some_and(|other| other.compatible(on)) {
            checker.error(
                &here,
                format!("the source \"{}\" does not contradict {on}", citation.source),
                "move it to `sources`",
            );
        } else if citation.on.is_none() && citation.says.is_none() {
            checker.error(
                &here,
                format!("nothing says in what \"{}\" contradicts this step", citation.source),
                "add `on` with the day that it gives, or `says`",
            );
        }
    }
}

/// Within one procedure: one authority, measure and party; no act twice; stages in their order.
fn procedures(checker: &mut Checker<'_>) {
    let mut procedures: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, entry) in checker.register.steps.iter().enumerate() {
        procedures.entry(entry.procedure.as_str()).or_default().push(at);
    }
    let steps = &checker.register.steps;
    for (procedure, members) in procedures {
        for (n, &at) in members.iter().enumerate() {
            let entry = &steps[at];
            for &earlier in &members[..n] {
                let other = &steps[earlier];
                let there = checker.head(Section::Step, earlier);
                if (&entry.party, &entry.authority, entry.measure) != (&other.party, &other.authority, other.measure) {
                    checker.error(
                        &checker.place(Section::Step, at, "procedure"),
                        format!(
                            "the procedure \"{procedure}\" is about another party, authority or measure at {}:{}",
                            there.file, there.line
                        ),
                        "the steps of one procedure are of one party, authority and measure: give one of them another procedure",
                    );
                    break;
                }
                if entry.action == other.action && entry.stage == other.stage && entry.instrument == other.instrument {
                    checker.error(
                        &checker.head(Section::Step, at),
                        format!(
                            "the procedure \"{procedure}\" already has this step ({} {}) at {}:{}",
                            entry.action.word(),
                            entry.stage.word(),
                            there.file,
                            there.line
                        ),
                        "make them one step with several sources, or name the instruments in which they differ",
                    );
                }
                if entry.action == other.action {
                    order(checker, at, earlier);
                }
            }
        }
    }
}

/// A later stage of the same action may not surely lie before an earlier one. Announcements come before or after a decision.
fn order(checker: &mut Checker<'_>, at: usize, other: usize) {
    let steps = &checker.register.steps;
    let (mut late, mut early) = (at, other);
    if steps[late].stage < steps[early].stage {
        std::mem::swap(&mut late, &mut early);
    }
    let (later, earlier) = (&steps[late], &steps[early]);
    if later.stage == earlier.stage || [later.stage, earlier.stage].contains(&Stage::Announced) {
        return;
    }
    if let (Some(after), Some(before)) = (later.on, earlier.on)
        && after.before(before) == Truth::Yes
    {
        checker.error(
            &checker.place(Section::Step, late, "on"),
            format!(
                "{} on {after} lies before {} on {before} (\"{}\")",
                later.stage.word(),
                earlier.stage.word(),
                earlier.id
            ),
            "correct one of the days or stages: proposed, decided, published, effective follow each other",
        );
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Now {
    Unknown,
    On,
    Suspended,
    Off,
}

/// What is effective must follow: nothing is put on twice, suspended twice or lifted twice.
fn histories(checker: &mut Checker<'_>) {
    type Key<'a> = (&'a str, Option<&'a str>, &'a str, Measure);
    let steps = &checker.register.steps;
    let mut histories: BTreeMap<Key<'_>, Vec<usize>> = BTreeMap::new();
    for (at, entry) in steps.iter().enumerate() {
        if entry.stage == Stage::Effective && entry.on.is_some() {
            let listing = entry.listing.as_ref().map(standing_model::ListingId::as_str);
            histories
                .entry((&entry.party, listing, &entry.authority, entry.measure))
                .or_default()
                .push(at);
        }
    }
    for mut history in histories.into_values() {
        history.sort_by_key(|&at| steps[at].on.map(standing_model::PartialDate::sort_key));
        let mut now = Now::Unknown;
        let mut before: Option<usize> = None;
        for at in history {
            let entry = &steps[at];
            let here = checker.head(Section::Step, at);
            if let Some(before) = before {
                overlap(checker, &here, entry, &steps[before]);
            }
            let fits = match entry.action {
                Action::Impose => matches!(now, Now::Unknown | Now::Off),
                Action::Suspend => matches!(now, Now::Unknown | Now::On),
                Action::Resume => matches!(now, Now::Unknown | Now::Suspended),
                Action::Lift | Action::Amend | Action::Maintain => now != Now::Off,
            };
            if !fits {
                let state = match now {
                    Now::On => "already in force",
                    Now::Suspended => "suspended",
                    Now::Off => "already lifted",
                    Now::Unknown => "not known",
                };
                let by = before.map(|before| steps[before].id.as_str()).unwrap_or_default();
                checker.error(
                    &here,
                    format!(
                        "this step ({}) overlaps: the measure is {state} by \"{by}\"",
                        entry.action.word()
                    ),
                    "add the step that lies between them, correct a date, or make them one step with several sources",
                );
            }
            now = match entry.action {
                Action::Impose | Action::Resume => Now::On,
                Action::Suspend => Now::Suspended,
                Action::Lift => Now::Off,
                Action::Amend | Action::Maintain => now,
            };
            before = Some(at);
        }
    }
}

fn overlap(checker: &mut Checker<'_>, here: &Place, entry: &StepEntry, before: &StepEntry) {
    if let (Some(first), Some(second)) = (before.on, entry.on)
        && first.before(second) != Truth::Yes
    {
        checker.error(
            here,
            format!(
                "this step ({second}) and \"{}\" ({first}) overlap in time: which came first is not certain",
                before.id
            ),
            "narrow one of the dates as far as its sources allow",
        );
    }
}
