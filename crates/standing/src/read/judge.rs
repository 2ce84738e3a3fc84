//! One claim beside one standing: which verdict, on which step, for what reason. Pure functions; the rules are those of `docs/READING.md`.

use standing_ledger::legal_date;
use standing_model::{Action, ClaimStatus, Day, Measure, PartialDate, Stage, Standing, State, Step, Truth};
use standing_news::ReadClaim;

use super::meeting::{Meeting, Narrowing, Row, Since, Verdict, apart};

/// The state that an action leads to.
fn target(action: Action) -> State {
    match action {
        Action::Suspend => State::Suspended,
        Action::Lift => State::Lifted,
        _ => State::InForce,
    }
}

/// Whether a step of the record is the act that a claim of this action names.
fn same_act(step: &Step, action: Action) -> bool {
    match action {
        Action::Maintain | Action::Impose => matches!(step.action, Action::Impose | Action::Resume),
        action => step.action == action,
    }
}

fn reached(step: &Step, day: Day) -> Truth {
    legal_date(step).map_or(Truth::Maybe, |d| d.reached(day))
}

/// Sets a claim beside one standing.
pub(super) fn judge(claim: &ReadClaim, row: &Row, day: Day) -> Meeting {
    let (standing, now) = (&row.standing, &row.now);
    let c = &claim.claim;
    let action = c.action.unwrap_or(Action::Impose);
    let mut meeting = Meeting {
        verdict: None,
        step: None,
        authority: Some(standing.authority.clone()),
        on: day,
        standing: Some(standing.standing),
        since: standing.since,
        differs: None,
        narrows: None,
        now: None,
        nearest: Vec::new(),
        why: String::new(),
    };
    if (now.standing, now.since) != (standing.standing, standing.since) {
        meeting.now = Some(Since {
            standing: now.standing,
            since: now.since,
            step: mover(now).map(|s| s.step.clone()),
        });
    }
    let (verdict, step, why) = match c.status {
        ClaimStatus::InEffect | ClaimStatus::Occurred => done(claim, action, row, day),
        ClaimStatus::Ended => ended(action, standing, day),
        ClaimStatus::Decided => pending(action, Stage::Decided, standing, day),
        ClaimStatus::Planned => pending(action, Stage::Announced, standing, day),
        ClaimStatus::Proposed => pending(action, Stage::Proposed, standing, day),
        ClaimStatus::Denied | ClaimStatus::NotOccurred => not_so(c.status, action, standing, day),
        ClaimStatus::Urged | ClaimStatus::Possible => wished(c.status, action, standing, day),
    };
    meeting.verdict = verdict;
    meeting.step = step.map(|s| s.step.clone());
    meeting.why = why;
    if verdict == Some(Verdict::Corroborated) {
        meeting.differs = step.and_then(|s| differs(c.time, s));
    }
    if matches!(c.status, ClaimStatus::InEffect | ClaimStatus::Occurred) && standing.standing == State::Uncertain {
        meeting.narrows = narrowing(action, standing, c.time, day);
    }
    meeting
}

/// The step that made a standing what it is.
fn mover(standing: &Standing) -> Option<&Step> {
    standing
        .steps
        .iter()
        .rev()
        .find(|s| s.stage == Stage::Effective && s.action != Action::Amend && legal_date(s) == standing.since)
}

/// The latest effective step of this action that may have been reached by a day.
fn effective(standing: &Standing, action: Action, day: Day) -> Option<&Step> {
    standing
        .steps
        .iter()
        .rev()
        .find(|s| s.stage == Stage::Effective && same_act(s, action) && reached(s, day) != Truth::No)
}

type Judged<'s> = (Option<Verdict>, Option<&'s Step>, String);

/// A claim that something is done or holds.
fn done<'s>(claim: &ReadClaim, action: Action, row: &'s Row, day: Day) -> Judged<'s> {
    let standing = &row.standing;
    let wanted = target(action);
    let own = effective(standing, action, day);
    let state = standing.standing;
    if state == wanted {
        let step = mover(standing).filter(|s| same_act(s, action)).or(own);
        return (
            Some(Verdict::Corroborated),
            step,
            format!("the record has it {}", words(standing)),
        );
    }
    // A past act that the claim dates, and that the record dates alike, stays an act after it was undone.
    let dated = claim.claim.time.and_then(|time| {
        let at = |s: &&Step| legal_date(s).is_some_and(|d| d.compatible(time));
        let acts = standing.steps.iter();
        acts.filter(|s| s.stage == Stage::Effective && same_act(s, action) && reached(s, day) != Truth::No)
            .find(at)
    });
    if let Some(step) = dated {
        return (
            Some(Verdict::Corroborated),
            Some(step),
            format!("the act is in the record; since then {}", words(standing)),
        );
    }
    if state == State::Uncertain {
        // The change lies in an interval around the day: both sides of it are possible, so either action agrees with what is known.
        let step = own.or_else(|| mover(standing));
        return match step {
            Some(step) if own.is_some() => (
                Some(Verdict::Corroborated),
                Some(step),
                format!("the record has it change {}", date(standing.since)),
            ),
            step => (
                Some(Verdict::Ahead),
                step,
                format!("the record is uncertain: it changes {}", date(standing.since)),
            ),
        };
    }
    if let Some(step) = own {
        // It was so, and was undone before that day.
        return (
            Some(Verdict::Stale),
            Some(step),
            format!("the record has moved on: {}", words(standing)),
        );
    }
    match proof_after(row, day) {
        Some(step) => (
            Some(Verdict::Contradicted),
            step.or_else(|| mover(standing)),
            format!("the record has it {} on that day", words(standing)),
        ),
        None => (
            Some(Verdict::Ahead),
            standing.pending.first().or_else(|| mover(standing)),
            format!("not in the record, which has it {}", words(standing)),
        ),
    }
}

/// Does the record hold something dated later that shows its standing on a day to be right? A snapshot that still shows it, a later step.
#[allow(clippy::option_option)] // whether there is proof, and which step it is if it is one
fn proof_after(row: &Row, day: Day) -> Option<Option<&Step>> {
    let seen = row.standing.last_seen.and_then(PartialDate::latest);
    let later = row
        .now
        .steps
        .iter()
        .find(|s| s.stage == Stage::Effective && s.action != Action::Amend && reached(s, day) == Truth::No);
    if later.is_some() {
        return Some(later);
    }
    let listed = row.standing.standing == State::InForce && seen.is_some_and(|seen| seen >= day);
    listed.then_some(None)
}

/// A claim that something held once and holds no longer.
fn ended(action: Action, standing: &Standing, day: Day) -> Judged<'_> {
    let own = effective(standing, action, day);
    let over = match action {
        Action::Lift | Action::Suspend => standing.standing == State::InForce && own.is_some(),
        _ => standing.standing == State::Lifted,
    };
    if over {
        let step = mover(standing).or(own);
        return (
            Some(Verdict::Corroborated),
            step,
            format!("the record has it {}", words(standing)),
        );
    }
    if standing.standing == State::Uncertain {
        return (
            Some(Verdict::Corroborated),
            mover(standing).or(own),
            format!("the record has it change {}", date(standing.since)),
        );
    }
    (
        Some(Verdict::Ahead),
        mover(standing),
        format!("not in the record, which has it {}", words(standing)),
    )
}

/// A claim that something is proposed, announced or decided.
fn pending(action: Action, stage: Stage, standing: &Standing, day: Day) -> Judged<'_> {
    if let Some(step) = effective(standing, action, day) {
        let undone = standing.standing != target(action) && standing.standing != State::Uncertain;
        if !undone {
            return (
                Some(Verdict::Stale),
                Some(step),
                format!("the record has moved on: {}", words(standing)),
            );
        }
    }
    let said = |s: &&Step| same_act(s, action) && s.stage != Stage::Effective && reached(s, day) != Truth::No;
    let current = |s: &&Step| {
        standing
            .pending
            .iter()
            .any(|p| p.procedure == s.procedure && (p.procedure.is_some() || p.step == s.step))
    };
    if let Some(step) = standing
        .steps
        .iter()
        .rev()
        .filter(said)
        .find(|s| s.stage == stage && current(s))
    {
        return (
            Some(Verdict::Corroborated),
            Some(step),
            format!(
                "the record has it {} and not in effect: {}",
                stage.word(),
                words(standing)
            ),
        );
    }
    if let Some(step) = standing
        .steps
        .iter()
        .rev()
        .filter(said)
        .find(|s| s.stage == Stage::Abandoned)
    {
        return (
            Some(Verdict::Stale),
            Some(step),
            "the record has it abandoned".to_owned(),
        );
    }
    if let Some(step) = standing
        .steps
        .iter()
        .rev()
        .filter(said)
        .find(|s| s.stage > stage && current(s))
    {
        return (
            Some(Verdict::Stale),
            Some(step),
            format!("the record has moved on: {} already", step.stage.word()),
        );
    }
    // The procedure is over: it ended in something else than it was begun for.
    if effective(standing, action, day).is_none()
        && standing
            .steps
            .iter()
            .rev()
            .filter(said)
            .any(|s| s.procedure.is_some() && !current(&s))
    {
        return (
            Some(Verdict::Stale),
            mover(standing),
            format!("the record has moved on: {}", words(standing)),
        );
    }
    if standing.standing == target(action) {
        return (
            Some(Verdict::Stale),
            mover(standing),
            format!("the record has it {} already", words(standing)),
        );
    }
    (
        Some(Verdict::Ahead),
        mover(standing),
        format!("not in the record, which has it {}", words(standing)),
    )
}

/// A claim that something is not so: it agrees with nothing, and the record may show that it is so.
fn not_so(status: ClaimStatus, action: Action, standing: &Standing, day: Day) -> Judged<'_> {
    if standing.standing == target(action) && mover(standing).is_some_and(|s| reached(s, day) == Truth::Yes) {
        return (
            Some(Verdict::Contradicted),
            mover(standing),
            format!("the record has it {}", words(standing)),
        );
    }
    (
        None,
        None,
        format!("{}; the record has it {}", apart(status), words(standing)),
    )
}

/// A claim that something is wished for or possible: it agrees with nothing.
fn wished(status: ClaimStatus, action: Action, standing: &Standing, day: Day) -> Judged<'_> {
    if standing.standing == target(action)
        && let Some(step) = effective(standing, action, day).filter(|_| action != Action::Maintain)
    {
        return (
            Some(Verdict::Stale),
            Some(step),
            format!("{}; the record has it {} already", apart(status), words(standing)),
        );
    }
    (
        None,
        standing.pending.first(),
        format!("{}; the record has it {}", apart(status), words(standing)),
    )
}

/// The day that the record gives for an act, where the claim gives another that is not compatible with it.
fn differs(time: Option<PartialDate>, step: &Step) -> Option<PartialDate> {
    let (time, on) = (time?, legal_date(step)?);
    (!time.compatible(on)).then_some(on)
}

/// What a claim leaves of the interval of an uncertain change.
fn narrowing(action: Action, standing: &Standing, time: Option<PartialDate>, day: Day) -> Option<Narrowing> {
    let from = standing.since?;
    let step = standing
        .steps
        .iter()
        .find(|s| s.stage == Stage::Effective && legal_date(s) == Some(from))?;
    let to = if same_act(step, action) {
        // It says that the change has happened: by its own date, else by the day of publication.
        let by = time.and_then(PartialDate::latest).filter(|t| *t <= day).unwrap_or(day);
        let by = PartialDate::bounded(None, Some(by.into()))?;
        from.narrow(by)?
    } else {
        from.narrow(PartialDate::bounded(Some(day.into()), None)?)?
    };
    (to != from).then(|| Narrowing {
        step: step.step.clone(),
        from,
        to,
    })
}

fn date(date: Option<PartialDate>) -> String {
    date.map_or_else(|| "on a day that no source gives".to_owned(), |d| d.to_string())
}

/// A standing in words: `in force since 2003`.
fn words(standing: &Standing) -> String {
    let state = match (standing.measure, standing.standing) {
        (Measure::Recognition, State::InForce) => "recognised",
        (Measure::Mission, State::InForce) => "with an ambassador accepted",
        (_, State::InForce) => "in force",
        (_, State::Suspended) => "suspended",
        (_, State::Lifted) => "lifted",
        (_, State::None) => return "not put on".to_owned(),
        (_, State::Uncertain) => return format!("changing {}", date(standing.since)),
    };
    let since = standing.since.map_or(String::new(), |d| match d {
        PartialDate::Bounded { .. } => format!(" {d}"),
        d => format!(" since {d}"),
    });
    format!("{state}{since}")
}
