//! From steps to a standing on a day: a pure function.

use std::collections::BTreeMap;

use standing_model::step::AmendEffect;
use standing_model::{Action, Day, Grade, ListingId, Measure, PartialDate, Stage, Standing, State, Step, Truth};

/// One row of a party's standing: whose measure, and on which listing it rests.
pub type RowKey = (String, Measure, Option<ListingId>);

/// When a step is legally so. A source that gives no day makes it so by the day on which it became known.
pub fn legal_date(step: &Step) -> Option<PartialDate> {
    step.on.or_else(|| {
        let by = step.known?.latest()?;
        PartialDate::bounded(None, Some(by.into()))
    })
}

fn target(step: &Step, state: State) -> State {
    match (step.action, step.effect) {
        (Action::Impose | Action::Resume, _) | (Action::Amend, AmendEffect::Brings) => State::InForce,
        (Action::Suspend, _) => State::Suspended,
        (Action::Lift, _) | (Action::Amend, AmendEffect::Removes) => State::Lifted,
        (Action::Amend, AmendEffect::Keeps) | (Action::Maintain, _) => state,
    }
}

/// The key by which steps stand in the order that people read them in; no two steps have the same.
pub fn order(step: &Step) -> impl Ord + use<> {
    let on = legal_date(step).map(PartialDate::sort_key);
    (
        on,
        step.known.map(PartialDate::sort_key),
        step.action,
        step.step.clone(),
    )
}

/// Sorts steps as people read them: by legal day, then by the day on which they became known.
pub fn sort(steps: &mut [Step]) {
    steps.sort_by_cached_key(order);
}

/// The state that a row's steps amount to on a day; what does not count is left out.
pub fn state_of(steps: &[Step], on: Day, basis: Grade) -> State {
    let mut sorted = steps.to_vec();
    sort(&mut sorted);
    let counting: Vec<&Step> = sorted
        .iter()
        .filter(|s| s.stage == Stage::Effective && s.grade >= basis)
        .collect();
    state_on(&counting, on).0
}

/// State and since when, from effective steps alone.
fn state_on(steps: &[&Step], on: Day) -> (State, Option<PartialDate>) {
    let mut state = (State::None, None);
    let mut open = None;
    for step in steps {
        let date = legal_date(step);
        let next = target(step, state.0);
        match date.map_or(Truth::Maybe, |d| d.reached(on)) {
            Truth::Yes if next != state.0 => state = (next, date),
            // Sorted by the last possible day, so whatever is certain comes before whatever is not.
            Truth::Maybe if next != state.0 && open.is_none() => open = Some(date),
            _ => {}
        }
    }
    open.map_or(state, |date| (State::Uncertain, date))
}

/// A stretch of time in one state.
#[derive(Debug, Clone, PartialEq)]
pub struct Period {
    /// The state.
    pub state: State,
    /// When it began.
    pub from: Option<PartialDate>,
    /// When it ended; `None` while it lasts.
    pub until: Option<PartialDate>,
    /// The step that began it.
    pub step: String,
    /// Whether its grade counts.
    pub counted: bool,
}

/// The states that a row's steps went through, oldest first, whatever the day; what is not yet effective makes none. Where nothing that
/// counts says anything, the rest is given, as in [`fold`].
pub fn periods(steps: &[Step], basis: Grade) -> Vec<Period> {
    let mut sorted = steps.to_vec();
    sort(&mut sorted);
    let through = |counted: bool| {
        let mut periods: Vec<Period> = Vec::new();
        let mut state = State::None;
        let effective = |s: &&Step| s.stage == Stage::Effective && (s.grade >= basis) == counted;
        for step in sorted.iter().filter(effective) {
            let next = target(step, state);
            if next == state {
                continue;
            }
            let from = legal_date(step);
            if let Some(last) = periods.last_mut() {
                last.until = from;
            }
            periods.push(Period {
                state: next,
                from,
                until: None,
                step: step.step.clone(),
                counted,
            });
            state = next;
        }
        periods
    };
    let counting = through(true);
    if counting.is_empty() { through(false) } else { counting }
}

/// The latest step of each procedure that is under way on a day.
fn pending(steps: &[Step], on: Day) -> Vec<Step> {
    let mut procedures: BTreeMap<&str, Vec<&Step>> = BTreeMap::new();
    for step in steps {
        procedures
            .entry(step.procedure.as_deref().unwrap_or(&step.step))
            .or_default()
            .push(step);
    }
    let mut pending = Vec::new();
    for members in procedures.values() {
        let reached = |s: &&Step| legal_date(s).is_none_or(|d| d.reached(on) != Truth::No);
        let over = |s: &Step| {
            matches!(s.stage, Stage::Effective | Stage::Abandoned)
                && legal_date(s).is_some_and(|d| d.reached(on) == Truth::Yes)
        };
        if members.iter().any(|s| over(s)) {
            continue;
        }
        // An effective step that lies ahead is announced by being known; other stages have to have happened.
        let unfinished = members
            .iter()
            .filter(|s| s.stage != Stage::Effective && s.stage != Stage::Abandoned && reached(s));
        let ahead = members.iter().filter(|s| {
            s.stage == Stage::Effective
                && legal_date(s).is_some_and(|d| d.reached(on) == Truth::No)
                && s.known.is_some_and(|k| k.reached(on) == Truth::Yes)
        });
        if let Some(latest) = unfinished.chain(ahead).max_by_key(|s| (order(s), s.stage)) {
            pending.push((*latest).clone());
        }
    }
    sort(&mut pending);
    pending
}

/// The standing of one row. `steps` are all steps of the row that were known; `basis` is the weakest grade that counts.
pub fn fold(
    party: &str,
    key: &RowKey,
    mut steps: Vec<Step>,
    on: Day,
    basis: Grade,
    last_seen: Option<PartialDate>,
) -> Standing {
    sort(&mut steps);
    let effective = |counted: bool| -> Vec<&Step> {
        steps
            .iter()
            .filter(|s| s.stage == Stage::Effective && (s.grade >= basis) == counted)
            .collect()
    };
    let counting = effective(true);
    // What counts decides. Where nothing that counts says anything, the rest is shown, marked as not counted.
    let (mut standing, mut since) = state_on(&counting, on);
    let mut counted = true;
    let mut shown = counting;
    if standing == State::None {
        let weaker = effective(false);
        let (weak_standing, weak_since) = state_on(&weaker, on);
        if weak_standing != State::None {
            (standing, since, counted, shown) = (weak_standing, weak_since, false, weaker);
        }
    }
    let grade = shown
        .iter()
        .filter(|s| legal_date(s) == since)
        .map(|s| s.grade)
        .max()
        .or_else(|| steps.iter().map(|s| s.grade).max())
        .unwrap_or(Grade::Official);
    let day_disputed = |s: &&Step| !s.contradicted.is_empty();
    let contradicted = steps
        .iter()
        .filter(|s| legal_date(s).is_none_or(|d| d.reached(on) != Truth::No))
        .any(|s| day_disputed(&s));
    Standing {
        party: party.to_owned(),
        listing: key.2.clone(),
        authority: key.0.clone(),
        measure: key.1,
        standing,
        since,
        last_seen,
        grade,
        counted,
        pending: pending(&steps, on),
        contradicted,
        steps,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use standing_model::Evidence;

    use super::*;

    pub(crate) fn date(text: &str) -> Option<PartialDate> {
        (!text.is_empty()).then(|| text.parse().unwrap())
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    pub(crate) fn step(procedure: &str, action: Action, stage: Stage, on: &str, known: &str, grade: Grade) -> Step {
        Step {
            step: format!("{procedure} {action:?} {stage:?} {on}"),
            procedure: (!procedure.is_empty()).then(|| procedure.to_owned()),
            party: "standing:p".into(),
            name: "P".into(),
            listing: Some(ListingId::new("x", "1")),
            authority: "a".into(),
            measure: Measure::Designation,
            action,
            stage,
            on: date(on),
            known: date(known),
            grade,
            instrument: standing_model::Instrument::Unknown,
            programmes: Vec::new(),
            note: None,
            contradicted: Vec::new(),
            earlier: None,
            fields: Vec::new(),
            effect: AmendEffect::Keeps,
            sources: vec![evidence(on, known, grade)],
        }
    }

    fn evidence(on: &str, known: &str, grade: Grade) -> Evidence {
        Evidence {
            source: format!("{on} {known}"),
            title: format!("source of {known}"),
            place: None,
            url: None,
            on: None,
            known: date(known),
            grade,
        }
    }

    pub(crate) fn standing(steps: &[Step], on: &str, basis: Grade) -> Standing {
        let key = ("a".to_owned(), Measure::Designation, None);
        fold("standing:p", &key, steps.to_vec(), day(on), basis, None)
    }

    fn listed() -> Step {
        step("", Action::Impose, Stage::Effective, "2003", "2003", Grade::Official)
    }

    #[test]
    fn a_procedure_is_pending_until_a_step_of_any_action_is_effective() {
        let steps = [
            listed(),
            step(
                "lifting",
                Action::Lift,
                Stage::Decided,
                "2024-10-04",
                "2024-10-04",
                Grade::Stated,
            ),
            step(
                "lifting",
                Action::Suspend,
                Stage::Proposed,
                "2025-03-31",
                "2025-03-31",
                Grade::Official,
            ),
            step(
                "lifting",
                Action::Suspend,
                Stage::Effective,
                "2025-04-17",
                "2025-04-17",
                Grade::Official,
            ),
        ];
        let on = |day: &str| {
            let found = standing(&steps, day, Grade::Stated);
            let pending: Vec<_> = found.pending.iter().map(|s| (s.action, s.stage)).collect();
            (found.standing, pending)
        };
        assert_eq!(on("2024-10-03"), (State::InForce, vec![]));
        assert_eq!(on("2024-10-04"), (State::InForce, vec![(Action::Lift, Stage::Decided)]));
        assert_eq!(
            on("2025-04-16"),
            (State::InForce, vec![(Action::Suspend, Stage::Proposed)])
        );
        assert_eq!(
            on("2025-04-17"),
            (State::Suspended, vec![]),
            "it began as a lifting and ended as a suspension"
        );
    }

    #[test]
    fn an_abandoned_procedure_is_over_and_a_future_effect_is_pending() {
        let steps = [
            listed(),
            step(
                "one",
                Action::Lift,
                Stage::Proposed,
                "2020-01-01",
                "2020-01-01",
                Grade::Official,
            ),
            step(
                "one",
                Action::Lift,
                Stage::Abandoned,
                "2020-06-01",
                "2020-06-01",
                Grade::Official,
            ),
            step(
                "two",
                Action::Lift,
                Stage::Effective,
                "2021-01-01",
                "2020-09-01",
                Grade::Official,
            ),
        ];
        assert_eq!(standing(&steps, "2020-03-01", Grade::Stated).pending.len(), 1);
        assert_eq!(standing(&steps, "2020-07-01", Grade::Stated).pending.len(), 0);
        let ahead = standing(&steps, "2020-10-01", Grade::Stated);
        assert_eq!(
            (ahead.standing, ahead.pending.len()),
            (State::InForce, 1),
            "published, not yet in effect"
        );
        assert_eq!(standing(&steps, "2021-01-01", Grade::Stated).standing, State::Lifted);
    }

    #[test]
    fn a_pending_step_is_pending_whatever_its_grade() {
        let steps = [
            listed(),
            step(
                "x",
                Action::Lift,
                Stage::Announced,
                "2024-01-01",
                "2024-01-01",
                Grade::Reported,
            ),
        ];
        assert_eq!(standing(&steps, "2024-02-01", Grade::Official).pending.len(), 1);
    }

    #[test]
    fn what_is_weaker_than_the_basis_is_shown_and_does_not_count() {
        let reported = step(
            "",
            Action::Impose,
            Stage::Effective,
            "2024-01-30",
            "2024-01-30",
            Grade::Reported,
        );
        let alone = standing(std::slice::from_ref(&reported), "2024-02-01", Grade::Stated);
        assert_eq!((alone.standing, alone.counted), (State::InForce, false));
        let counted = standing(std::slice::from_ref(&reported), "2024-02-01", Grade::Reported);
        assert!(counted.counted);
        let lifted = step(
            "",
            Action::Lift,
            Stage::Effective,
            "2024-01-30",
            "2024-01-30",
            Grade::Reported,
        );
        let both = standing(&[listed(), lifted], "2024-02-01", Grade::Stated);
        assert_eq!(
            (both.standing, both.counted),
            (State::InForce, true),
            "a report moves nothing"
        );
    }

    #[test]
    fn a_day_inside_an_interval_is_uncertain_and_never_made_up() {
        let steps = [
            listed(),
            step(
                "",
                Action::Lift,
                Stage::Effective,
                "after 2025-04-19, by 2026-02-27",
                "2026-02-27",
                Grade::Official,
            ),
        ];
        let on = |day: &str| standing(&steps, day, Grade::Stated).standing;
        assert_eq!(on("2025-04-19"), State::InForce);
        assert_eq!(
            (on("2025-04-20"), on("2026-02-26")),
            (State::Uncertain, State::Uncertain)
        );
        assert_eq!(on("2026-02-27"), State::Lifted);
    }
}
