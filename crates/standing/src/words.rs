//! The words and signs that people read, the same in the terminal and on pages.

use standing_model::{Action, Evidence, Measure, PartialDate, Stage, State, Step};

/// A number with thousands separated.
///
/// ```
/// assert_eq!(standing::words::number(18796), "18,796");
/// ```
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, c) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// A date in words; `…` where none is known.
pub fn date(date: Option<PartialDate>) -> String {
    date.map_or_else(|| "…".into(), |d| d.to_string())
}

/// The sign of a state: by shape, so that colour is never needed.
pub fn sign(state: State) -> &'static str {
    match state {
        State::InForce => "●",
        State::Suspended => "◐",
        State::Lifted => "○",
        State::None => "–",
        State::Uncertain => "◌",
    }
}

/// A state in the words for people.
pub fn state_words(state: State) -> &'static str {
    match state {
        State::InForce => "in force",
        State::Suspended => "suspended",
        State::Lifted => "lifted",
        State::None => "none",
        State::Uncertain => "uncertain",
    }
}

/// What a state of a measure is called: a recognition or a mission is not *in force*.
pub fn standing_words(measure: Measure, state: State) -> &'static str {
    match (measure, state) {
        (Measure::Recognition, State::InForce) => "recognised",
        (Measure::Mission, State::InForce) => "ambassador accepted",
        (_, state) => state_words(state),
    }
}

/// Since when, with what an interval or an uncertain change is called.
pub fn since_words(state: State, since: Option<PartialDate>) -> String {
    match state {
        State::None => String::new(),
        State::Uncertain => changed(since),
        _ => match since {
            Some(PartialDate::In(_) | PartialDate::Circa(_)) | None => format!("since {}", date(since)),
            _ => between_words(since),
        },
    }
}

/// When an uncertain change was: `changed after A, by B`, `changed in 2003`.
pub fn changed(since: Option<PartialDate>) -> String {
    match since {
        Some(PartialDate::In(date)) => format!("changed in {date}"),
        other => format!("changed {}", between_words(other)),
    }
}

/// A date in words, a span as one day somewhere in it and not as the time that it lasted.
pub fn between_words(on: Option<PartialDate>) -> String {
    match on {
        Some(PartialDate::Span(from, to)) => format!("between {from} and {to}"),
        other => date(other),
    }
}

/// An action with its stage, in words: `lifting decided`, `listed`.
pub fn action_words(measure: Measure, action: Action, stage: Stage) -> String {
    let (doing, done) = doing_and_done(measure, action);
    match stage {
        Stage::Effective => done.to_owned(),
        stage => format!("{doing} {}", stage.word()),
    }
}

/// The same with the measure before it, where the words do not name it themselves: `designation lifted`, `recognised`.
pub fn step_words(measure: Measure, action: Action, stage: Stage) -> String {
    let words = action_words(measure, action, stage);
    match measure {
        Measure::Recognition | Measure::Mission => words,
        measure => format!("{measure} {words}"),
    }
}

/// What is under way: a step that takes effect on a day to come is not called done.
pub fn pending_words(measure: Measure, action: Action, stage: Stage) -> String {
    match stage {
        Stage::Effective => format!("{} to take effect", doing_and_done(measure, action).0),
        stage => action_words(measure, action, stage),
    }
}

/// A step as a thing: `listing`, `lifting decided`.
pub fn deed_words(measure: Measure, action: Action, stage: Stage) -> String {
    match stage {
        Stage::Effective => doing_and_done(measure, action).0.to_owned(),
        stage => action_words(measure, action, stage),
    }
}

fn doing_and_done(measure: Measure, action: Action) -> (&'static str, &'static str) {
    match (measure, action) {
        (Measure::Recognition, Action::Impose) => ("recognition", "recognised"),
        (Measure::Recognition, Action::Lift) => ("withdrawal of recognition", "recognition withdrawn"),
        (Measure::Mission, Action::Impose) => ("acceptance of ambassador", "ambassador accepted"),
        (Measure::Mission, Action::Lift) => ("end of mission", "mission ended"),
        (_, Action::Impose) => ("listing", "listed"),
        (_, Action::Amend) => ("amendment", "amended"),
        (_, Action::Suspend) => ("suspension", "suspended"),
        (_, Action::Resume) => ("resumption", "resumed"),
        (_, Action::Lift) => ("lifting", "lifted"),
        (_, Action::Maintain) => ("keeping", "kept"),
    }
}

/// What the sources of one step disagree on.
pub fn disagreement(step: &Step) -> String {
    let other = |e: &Evidence| {
        let says = e.place.as_ref().map_or(String::new(), |p| format!(": {p}"));
        match e.on {
            Some(day) => format!("{day} ({}{says})", e.title),
            None => format!("{}{says}", e.title),
        }
    };
    let others: Vec<String> = step.contradicted.iter().map(other).collect();
    format!("{} here, but {}", date(step.on), others.join("; "))
}
