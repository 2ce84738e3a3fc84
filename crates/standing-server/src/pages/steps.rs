//! Steps as people read them: the table under a timeline, the window of changes, what is pending.

use maud::{Markup, html};
use standing::answers::{PendingRow, StepRow, instrument_words};
use standing::model::{Action, Authority, ListingId, Stage, Step};
use standing::words::{action_words, disagreement, number};
use standing::{RegisterFacts, legal_date};

use super::matrix::authority;
use super::words::{self, evidence_path, party_path, when};

/// Whose page a step's evidence is looked up by.
fn owner(step: &Step) -> Option<&str> {
    step.listing
        .as_ref()
        .map(ListingId::as_str)
        .or(Some(step.party.as_str()))
}

/// The steps of a party, oldest first.
pub fn table(rows: &[StepRow], authorities: &[Authority]) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label="Steps" {
            table.stack.steps {
                thead { tr { th { "On" } th { "Known" } th { "Authority" } th { "Step" } th { "Grade" } th { "Act and sources" } } }
                tbody {
                    @for StepRow { step, .. } in rows {
                        tr {
                            td data-h="On" { (when(legal_date(step))) }
                            td data-h="Known" { (when(step.known)) }
                            td data-h="Authority" { (authority(authorities, &step.authority)) @if let Some(l) = &step.listing { " " span.ref { (l) } } }
                            td data-h="Step" { a href=(evidence_path(&step.step, owner(step))) { (super::matrix::step_words(step)) } (fields(step)) }
                            td data-h="Grade" { (step.grade.word()) }
                            td data-h="Act and sources" { (sources(step)) }
                        }
                    }
                }
            }
        }
    }
}

fn fields(step: &Step) -> Markup {
    html! {
        @if !step.fields.is_empty() {
            details { summary { (words::count(step.fields.len(), "field", "fields")) }
                dl.facts { @for f in step.fields.iter().take(30) {
                    dt { (f.field) }
                    dd { del { (words::visible(&f.old.join("; "))) } " → " ins { (words::visible(&f.new.join("; "))) } }
                } }
            }
        }
    }
}

/// The act, the sources, and what contradicts them.
pub fn sources(step: &Step) -> Markup {
    html! {
        span { (words::dated(&words::visible(&instrument_words(&step.instrument)))) }
        @for e in &step.sources { br; span.dim { (super::party::source_link(e)) } }
        @if let Some(note) = &step.note { br; span.note { (words::dated(&words::visible(note))) } }
        @if !step.contradicted.is_empty() { span.note { span.contradicted { (words::mark("✕")) } " sources disagree: " (words::dated(&words::visible(&disagreement(step)))) } }
    }
}

/// A window of changes, grouped by the day on which they became known and by list.
pub fn changes(rows: &[StepRow], register: &RegisterFacts, more: &dyn Fn(&str) -> String) -> Markup {
    let mut groups: Vec<((String, String), Vec<&StepRow>)> = Vec::new();
    for row in rows {
        let key = (
            standing::words::date(row.step.known),
            row.step
                .listing
                .as_ref()
                .map_or_else(|| "register".to_owned(), |l| l.list().to_owned()),
        );
        match groups.iter_mut().find(|(k, _)| *k == key) {
            Some((_, members)) => members.push(row),
            None => groups.push((key, vec![row])),
        }
    }
    let authorities = &register.authorities;
    groups.sort_by(|a, b| b.0.cmp(&a.0));
    // A window of years has more than anybody reads: the newest at length, the rest by their numbers and a few each.
    let mut lines = 0;
    let groups: Vec<_> = groups
        .iter()
        .map(|(key, members)| {
            let most = if lines < ALL_TOLD { MANY } else { FEW };
            lines += members.len().min(2 * most);
            (key, members, most)
        })
        .collect();
    html! {
        @for ((known, list), members, most) in groups {
            h2 { (words::dated(known)) " " span.dim { @if list == "register" { "acts and announcements" } @else { (words::visible(register.list(list).map_or(list.as_str(), |l| l.name.as_str()))) } } }
            @for (action, sign, word, class) in [
                (Action::Impose, "+", "listed", "added"), (Action::Lift, "−", "lifted", "gone"), (Action::Amend, "~", "amended", "dim"),
            ] {
                @let these: Vec<&&StepRow> = members.iter().filter(|r| r.step.listing.is_some() && r.step.stage == Stage::Effective && r.step.action == action).collect();
                @if !these.is_empty() {
                    @let returns = these.iter().filter(|r| r.step.earlier.is_some()).count();
                    h3 { span class=(class) { (sign) " " (number(these.len() as u64)) } " " (word) (programmes(&these, register)) @if returns > 0 { span.dim { " · " (number(returns as u64)) " of them return after an earlier listing" } } }
                    ul.plain.lines {
                        @for row in these.iter().take(most) { (line(&row.step, authorities)) }
                        @if these.len() > most { li { a href=(more(known)) { "all " (number(these.len() as u64)) } } }
                    }
                }
            }
            @let others: Vec<&&StepRow> = members.iter().filter(|r| r.step.listing.is_none() || r.step.stage != Stage::Effective || !matches!(r.step.action, Action::Impose | Action::Lift | Action::Amend)).collect();
            @if !others.is_empty() { ul.plain.lines {
                @for row in others.iter().take(most) { (line(&row.step, authorities)) }
                @if others.len() > most { li { a href=(more(known)) { "all " (number(others.len() as u64)) } } }
            } }
        }
    }
}

/// How many lines of one kind a group shows before it is cut.
const MANY: usize = 40;
/// And after so many lines in all, how many.
const ALL_TOLD: usize = 160;
const FEW: usize = 3;

/// The programmes that the most of these stand under: `121 Iran · 4 Sudan`.
fn programmes(rows: &[&&StepRow], register: &RegisterFacts) -> Markup {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for row in rows {
        for programme in row.step.programmes.iter().take(1) {
            match counts.iter_mut().find(|(p, _)| p == programme) {
                Some((_, n)) => *n += 1,
                None => counts.push((programme.clone(), 1)),
            }
        }
    }
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let named = |id: &str| register.programmes.iter().find(|p| p.id == id).map(|p| p.name.clone());
    html! {
        @if rows.len() > 3 {
            span.dim { @for (programme, n) in counts.iter().take(6) { " · " (number(*n as u64)) " " @match named(programme) { Some(name) => span title=(programme) { (words::visible(&name)) }, None => (words::visible(programme)) } } }
        }
    }
}

fn line(step: &Step, authorities: &[Authority]) -> Markup {
    html! {
        li {
            span { a href=(party_path(step.listing.as_ref().map_or(step.party.as_str(), ListingId::as_str))) { (words::brief(if step.name.is_empty() { &step.party } else { &step.name })) }
                " " span.ref.dim { (step.listing.as_ref().map_or(step.party.as_str(), ListingId::as_str)) } }
            " "
            span {
                a.quiet href=(evidence_path(&step.step, owner(step))) {
                    @if step.listing.is_none() { (authority(authorities, &step.authority)) ", " (super::matrix::step_words(step)) } @else { (action_words(step.measure, step.action, step.stage)) }
                    " " (when(legal_date(step)))
                }
                @if let Some(earlier) = step.earlier { " " span.note { "earlier listing of " (words::dated(&earlier.to_string())) } }
            }
        }
    }
}

/// Procedures under way.
pub fn pending(rows: &[PendingRow], authorities: &[Authority]) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label="Procedures under way" {
            table.stack {
                thead { tr { th { "Party" } th { "Authority" } th { "Under way" } th { "Since" } th.n { "Days" } th { "Word of" } } }
                tbody {
                    @for row in rows {
                        tr {
                            td data-h="Party" { a href=(party_path(&row.party)) { (words::brief(&row.name)) } }
                            td data-h="Authority" { (authority(authorities, &row.authority)) }
                            td data-h="Under way" { span.state.pending { (words::mark("◔")) " " (super::matrix::under_way(row.measure, row.action, row.stage)) } @if let Some(note) = &row.note { span.note { (words::visible(note)) } } }
                            td data-h="Since" { a href=(evidence_path(&row.step, Some(row.listing.as_ref().map_or(row.party.as_str(), ListingId::as_str)))) { (when(row.on)) } }
                            td.n data-h="Days" { @if let Some(age) = row.age { (age) } }
                            td data-h="Word of" { (row.grade.word()) ": " (words::visible(&row.sources.join("; "))) }
                        }
                    }
                }
            }
        }
    }
}
