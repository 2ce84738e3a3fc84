//! The standing matrix: authorities down, measures across, each cell a state by sign, colour and words, since when, on whose word.

use maud::{Markup, html};
use standing::answers::{Show, ShowRow};
use standing::model::{Authority, Measure, State};
use standing::words::{action_words, date, disagreement, pending_words, since_words};

use super::words::{self, evidence_path, when};

/// An authority's name for people.
pub fn authority<'a>(authorities: &'a [Authority], id: &'a str) -> &'a str {
    authorities.iter().find(|a| a.id == id).map_or(id, |a| a.short.as_str())
}

/// Each authority that counts, with the strongest of its rows that restrict.
fn counted(show: &Show) -> Vec<(&str, State)> {
    let mut counted: Vec<(&str, State)> = Vec::new();
    for row in show
        .rows
        .iter()
        .filter(|r| r.counted && super::map::restricts(r.measure))
    {
        let who = row.authority.as_str();
        match counted.iter_mut().find(|(a, _)| *a == who) {
            // One authority counts once, by the strongest of its rows.
            Some((_, state)) => {
                if strength(row.standing) > strength(*state) {
                    *state = row.standing;
                }
            }
            None => counted.push((who, row.standing)),
        }
    }
    counted
}

/// The same as [`sentence`] with the authorities by name, for a line among others: *Listed by Russia, UN; lifted by Kazakhstan.*
pub fn by_name(show: &Show) -> String {
    let counted = counted(show);
    let mut parts = Vec::new();
    for (state, word) in [
        (State::InForce, "listed by"),
        (State::Suspended, "suspended by"),
        (State::Uncertain, "uncertain with"),
        (State::Lifted, "lifted by"),
    ] {
        let mut names: Vec<&str> = counted
            .iter()
            .filter(|(_, s)| *s == state)
            .map(|(id, _)| authority(&show.authorities, id))
            .collect();
        names.sort_unstable();
        if !names.is_empty() {
            parts.push(format!("{word} {}", names.join(", ")));
        }
    }
    let pending = show.rows.iter().map(|r| r.pending.len()).sum::<usize>();
    if pending > 0 {
        parts.push(words::count(pending, "procedure pending", "procedures pending"));
    }
    if parts.is_empty() {
        return sentence(show);
    }
    let text = parts.join("; ");
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// One sentence in words: *Listed by 6 authorities, lifted by 2, suspended by 1; one procedure pending.*
pub fn sentence(show: &Show) -> String {
    let counted = counted(show);
    let n = |state: State| counted.iter().filter(|(_, s)| *s == state).count();
    let mut parts = Vec::new();
    match n(State::InForce) {
        0 => {}
        k => parts.push(format!("Listed by {}", words::count(k, "authority", "authorities"))),
    }
    for (state, word) in [
        (State::Suspended, "suspended by"),
        (State::Lifted, "lifted by"),
        (State::Uncertain, "uncertain before"),
    ] {
        match n(state) {
            0 => {}
            k if parts.is_empty() => parts.push(format!("{word} {}", words::count(k, "authority", "authorities"))),
            k => parts.push(format!("{word} {k}")),
        }
    }
    let recognised = show
        .rows
        .iter()
        .filter(|r| r.counted && r.measure == Measure::Recognition && r.standing == State::InForce)
        .count();
    if recognised > 0 {
        parts.push(format!(
            "recognised by {}",
            words::count(recognised, "government", "governments")
        ));
    }
    let mut sentence = if parts.is_empty() {
        "No authority is known to list it".to_owned()
    } else {
        parts.join(", ")
    };
    let mut letters = sentence.chars();
    if let Some(first) = letters.next() {
        sentence = first.to_uppercase().chain(letters).collect();
    }
    let pending: usize = show.rows.iter().map(|r| r.pending.len()).sum();
    match pending {
        0 => sentence.push('.'),
        1 => sentence.push_str("; one procedure pending."),
        n => {
            sentence.push_str("; ");
            sentence.push_str(&words::count(n, "procedure", "procedures"));
            sentence.push_str(" pending.");
        }
    }
    sentence
}

fn strength(state: State) -> u8 {
    match state {
        State::InForce => 4,
        State::Suspended => 3,
        State::Uncertain => 2,
        State::Lifted => 1,
        State::None => 0,
    }
}

/// The matrix as a table.
pub fn table(show: &Show) -> Markup {
    let measures: Vec<Measure> = Measure::ALL
        .into_iter()
        .filter(|m| show.rows.iter().any(|r| r.measure == *m))
        .collect();
    let mut authorities: Vec<&str> = show.rows.iter().map(|r| r.authority.as_str()).collect();
    authorities.dedup();
    if show.rows.is_empty() {
        return super::layout::empty(
            "Nothing was known by then.",
            &html! { "Move " em { "known by" } " to a later day, or see the whole timeline." },
        );
    }
    html! {
        div.wide tabindex="0" role="region" aria-label="Standing by authority and measure" {
            table.matrix.stack {
                caption.vh { "Standing by authority and measure" }
                thead { tr { th scope="col" { "Authority" } @for m in &measures { th scope="col" { (m.word()) } } } }
                tbody {
                    @for id in authorities {
                        tr {
                            th scope="row" { (authority(&show.authorities, id)) }
                            @for m in &measures {
                                td data-h=(m.word()) {
                                    @for row in show.rows.iter().filter(|r| r.authority == id && r.measure == *m) { (cell(show, row)) }
                                }
                            }
                        }
                    }
                }
            }
        }
        (legend(show))
        (disagreements(show))
    }
}

/// What the signs mean, in words; those that the table shows.
fn legend(show: &Show) -> Markup {
    let states = [
        (State::InForce, "in force, or granted"),
        (State::Suspended, "suspended"),
        (State::Lifted, "lifted"),
        (State::Uncertain, "changed on a day that the sources do not settle"),
    ];
    html! {
        p.legend.signs {
            @for (state, meaning) in states.iter().filter(|(s, _)| show.rows.iter().any(|r| r.standing == *s)) {
                span { span class=(format!("state {}", state.word())) { (words::mark(standing::words::sign(*state))) } " " (meaning) }
            }
            @if show.rows.iter().any(|r| !r.pending.is_empty()) { span { span.state.pending { (words::mark("◔")) } " under way, not yet in effect" } }
            @if show.rows.iter().any(|r| r.contradicted) { span { span.contradicted { (words::mark("✕")) } " sources disagree; what they say stands below" } }
            span { em { "official" } ": an act; " em { "stated" } ": said by who decides; " em { "reported" } ": said by others" }
        }
    }
}

/// What the sources of a row disagree on, in words.
fn disagreements(show: &Show) -> Markup {
    let steps: Vec<(&ShowRow, &standing::model::Step)> = show
        .rows
        .iter()
        .filter(|r| r.contradicted)
        .flat_map(|r| r.whole.iter().map(move |s| (r, s)))
        .filter(|(_, s)| !s.contradicted.is_empty())
        .collect();
    html! {
        @if !steps.is_empty() {
            ul.plain.disagree {
                @for (row, step) in steps {
                    li {
                        span.contradicted { (words::mark("✕")) } " "
                        a href=(evidence_path(&step.step, Some(step.listing.as_ref().map_or(step.party.as_str(), |l| l.as_str())))) {
                            (authority(&show.authorities, &row.authority)) ", " (step_words(step))
                        }
                        ": sources disagree. " (words::dated(&words::visible(&disagreement(step))))
                    }
                }
            }
        }
    }
}

/// What a step does, in words: a recognition or a mission names itself.
pub fn step_words(step: &standing::model::Step) -> String {
    doing(step.measure, step.action, step.stage)
}

/// The same of a measure, an action and a stage.
pub fn doing(measure: Measure, action: standing::model::Action, stage: standing::model::Stage) -> String {
    use standing::model::{Action, Stage};
    let words = action_words(measure, action, stage);
    match (measure, action, stage) {
        (Measure::Recognition | Measure::Mission, ..) => words,
        (Measure::Designation, Action::Impose, Stage::Effective) => "designated".to_owned(),
        (Measure::Sanctions, Action::Impose, Stage::Effective) => "sanctions imposed".to_owned(),
        (Measure::Assets, Action::Impose, Stage::Effective) => "assets frozen".to_owned(),
        _ => format!("{measure} {}", words.strip_prefix("listing ").unwrap_or(&words)),
    }
}

/// What is under way: an effect on a day to come is not called done.
pub fn under_way(measure: Measure, action: standing::model::Action, stage: standing::model::Stage) -> String {
    match (measure, stage) {
        (Measure::Recognition | Measure::Mission, standing::model::Stage::Effective) => {
            pending_words(measure, action, stage)
        }
        (_, standing::model::Stage::Effective) => format!("{measure} {}", pending_words(measure, action, stage)),
        _ => doing(measure, action, stage),
    }
}

/// The step that a row's state began with, to look behind it.
fn ground(row: &ShowRow) -> Option<&str> {
    let begins = |s: &&standing::model::Step| standing::legal_date(s) == row.since;
    row.whole
        .iter()
        .filter(|s| s.stage == standing::model::Stage::Effective)
        .find(begins)
        .or_else(|| row.whole.last())
        .map(|s| s.step.as_str())
}

/// Since when, where no heading says "since" above it: a span is the day's, not the time that it lasted.
fn since(row: &ShowRow) -> String {
    let words = since_words(row.standing, row.since);
    if words.starts_with("between ") {
        format!("since some day {words}")
    } else {
        words
    }
}

fn cell(show: &Show, row: &ShowRow) -> Markup {
    let party = row.listing.as_ref().map_or(show.party.id.as_str(), |l| l.as_str());
    html! {
        div class=(if row.counted { "cell" } else { "cell weak" }) {
            @match ground(row) {
                Some(step) => a.figure href=(evidence_path(step, Some(party))) {
                    (words::state(row.measure, row.standing, row.contradicted))
                    @if row.standing != State::None { " " span.since { (words::dated(&since(row))) } }
                },
                None => (words::state(row.measure, row.standing, row.contradicted)),
            }
            @if !row.counted { span.note { "not counted: " (row.grade.word()) } } @else if row.standing != State::None { span.grade { (row.grade.word()) } }
            @if let Some(listing) = &row.listing {
                // A listing that the register alone knows has no record to show.
                @if row.last_seen.is_some() { a.ref href={ "/listing/" (words::encoded(listing.as_str())) } { (listing) } } @else { span.note.ref { (listing) } }
            }
            @for p in &row.pending {
                a.pending href=(evidence_path(&p.step, Some(party))) { (words::mark("◔")) " " (pending_words(p.measure, p.action, p.stage)) " " (words::dated(&date(p.on))) }
                @if let Some(note) = &p.note { span.note { (words::dated(&words::visible(note))) } }
            }
            @if let Some(seen) = row.last_seen {
                @if let Some(old) = row.outdated { span.note { "last seen " (when(Some(seen))) "; the list of " (when(Some(old))) " is older than it usually gets" } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use standing::model::{Action, Stage};

    #[test]
    fn what_takes_effect_on_a_day_to_come_is_not_called_done() {
        let words = |stage| under_way(Measure::Designation, Action::Lift, stage);
        assert_eq!(words(Stage::Effective), "designation lifting to take effect");
        assert_eq!(words(Stage::Decided), "designation lifting decided");
        let mission = under_way(Measure::Mission, Action::Impose, Stage::Effective);
        assert_eq!(mission, "acceptance of ambassador to take effect");
    }
}
