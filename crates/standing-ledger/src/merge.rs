//! What the register says, set beside the steps that follow from snapshots: one step, many sources. A pure function.

use standing_model::{Action, Evidence, Instrument, Stage, Step};

/// Sets what the register says about a listing beside the steps that snapshots gave: one step, many sources.
///
/// A step of the register with the same listing, measure and action at a compatible time joins the list's step: the narrower
/// interval holds, the earliest *known*, the stronger grade, all evidence. At an incompatible time it is kept with the list's step as
/// contradicting evidence. Anything else stands as a step of its own.
pub fn merge(mut listed: Vec<Step>, register: Vec<Step>, same_jurisdiction: impl Fn(&str, &str) -> bool) -> Vec<Step> {
    let mut alone = Vec::new();
    for mut step in register {
        let row = |s: &Step| {
            step.listing.is_some()
                && s.listing == step.listing
                && s.measure == step.measure
                && same_jurisdiction(&s.authority, &step.authority)
        };
        // The list's own authority names the row, so that both stand in it.
        let list_authority = listed.iter().find(|s| row(s)).map(|s| s.authority.clone());
        let joins = |s: &Step| {
            row(s) && s.action == step.action && s.stage == Stage::Effective && step.stage == Stage::Effective
        };
        let place = listed
            .iter()
            .position(|s| joins(s) && compatible(s, &step))
            .or_else(|| {
                listed
                    .iter()
                    .position(joins)
                    // A listing is put on and taken off once, mostly, but amended many times: at another time it is another amendment.
                    .filter(|_| step.action != Action::Amend && listed.iter().filter(|s| joins(s)).count() == 1)
            });
        if let Some(at) = place {
            join(&mut listed[at], step);
        } else {
            if let Some(authority) = list_authority {
                step.authority = authority;
            }
            alone.push(step);
        }
    }
    listed.extend(alone);
    listed
}

fn compatible(a: &Step, b: &Step) -> bool {
    match (a.on, b.on) {
        (Some(a), Some(b)) => a.compatible(b),
        _ => true,
    }
}

fn join(step: &mut Step, other: Step) {
    if compatible(step, &other) {
        step.on = match (step.on, other.on) {
            (Some(a), Some(b)) => a.narrow(b).or(Some(a)),
            (a, b) => a.or(b),
        };
        if step.instrument == Instrument::Unknown {
            step.instrument = other.instrument;
        }
        step.procedure = step.procedure.take().or(other.procedure);
        step.note = step.note.take().or(other.note);
        step.sources.extend(other.sources);
        step.contradicted.extend(other.contradicted);
    } else {
        let on = other.on;
        step.contradicted
            .extend(other.sources.into_iter().map(|e| Evidence { on: e.on.or(on), ..e }));
    }
    step.known = match (step.known, other.known) {
        (Some(a), Some(b)) => Some(if b.sort_key() < a.sort_key() { b } else { a }),
        (a, b) => a.or(b),
    };
    step.grade = step.grade.max(other.grade);
}

#[cfg(test)]
mod tests {
    use standing_model::{Grade, ListingId};

    use super::*;
    use crate::fold::tests::{date, standing, step};

    #[test]
    fn one_step_has_many_sources_the_narrowest_interval_and_the_earliest_knowledge() {
        let bounded = step(
            "",
            Action::Lift,
            Stage::Effective,
            "after 2025-04-19, by 2026-02-27",
            "2026-02-27",
            Grade::Official,
        );
        let act = step(
            "act",
            Action::Lift,
            Stage::Effective,
            "2025-11-06",
            "2025-11-06",
            Grade::Official,
        );
        let merged = merge(vec![bounded], vec![act], |a, b| a == b);
        assert_eq!(merged.len(), 1);
        assert_eq!(
            (merged[0].on, merged[0].known),
            (date("2025-11-06"), date("2025-11-06"))
        );
        assert_eq!((merged[0].sources.len(), merged[0].contradicted.len()), (2, 0));
    }

    #[test]
    fn an_incompatible_day_stays_visible_as_a_contradiction() {
        let bounded = step(
            "",
            Action::Lift,
            Stage::Effective,
            "after 2025-04-19, by 2026-02-27",
            "2026-02-27",
            Grade::Official,
        );
        let other = step(
            "act",
            Action::Lift,
            Stage::Effective,
            "2024-01-01",
            "2024-01-01",
            Grade::Official,
        );
        let merged = merge(vec![bounded.clone()], vec![other], |a, b| a == b);
        assert_eq!(merged.len(), 1);
        assert_eq!(merged[0].on, bounded.on);
        assert_eq!(merged[0].contradicted[0].on, date("2024-01-01"));
        assert!(standing(&merged, "2026-03-01", Grade::Stated).contradicted);
    }

    #[test]
    fn another_listing_s_step_is_another_step() {
        let mut act = step(
            "act",
            Action::Lift,
            Stage::Effective,
            "2025-11-06",
            "2025-11-06",
            Grade::Official,
        );
        act.listing = Some(ListingId::new("x", "2"));
        let bounded = step(
            "",
            Action::Lift,
            Stage::Effective,
            "after 2025-04-19, by 2026-02-27",
            "2026-02-27",
            Grade::Official,
        );
        assert_eq!(merge(vec![bounded], vec![act], |a, b| a == b).len(), 2);
    }

    #[test]
    fn an_amendment_at_another_time_is_another_amendment() {
        let amended =
            |procedure: &str, on: &str| step(procedure, Action::Amend, Stage::Effective, on, on, Grade::Official);
        let bounded = amended("", "after 2019-01, by 2021-07");
        let merged = merge(vec![bounded.clone()], vec![amended("act", "2002-07-02")], |a, b| a == b);
        assert_eq!(merged.len(), 2);
        assert!(merged.iter().all(|s| s.contradicted.is_empty()), "{merged:?}");
        let merged = merge(vec![bounded], vec![amended("act", "2020-05-01")], |a, b| a == b);
        assert_eq!((merged.len(), merged[0].on), (1, date("2020-05-01")));
    }
}
