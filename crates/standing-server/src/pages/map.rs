//! The world on a day: which country's authorities hold a measure on a party.
//!
//! Shapes are Natural Earth's (`assets/world.svg`, referenced, so that pages stay small); they say nothing about whose land is whose. What the United Nations
//! or the European Union decide binds many states and is told beside the map, never painted over them.

use std::collections::BTreeMap;

use maud::{Markup, html};
use standing::answers::ShowRow;
use standing::model::{Authority, Measure, State};

use super::{assets, words};

/// What is known of one jurisdiction.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// The rows, strongest first.
    pub rows: Vec<(State, Measure, bool)>,
    /// Something is under way.
    pub pending: bool,
    /// What is said on hovering.
    pub words: String,
}

/// By jurisdiction: ISO code, `UN` or `EU`.
pub type Places = BTreeMap<String, Place>;

/// How strong a state is, the strongest first.
pub fn rank(state: State) -> u8 {
    match state {
        State::InForce => 0,
        State::Suspended => 1,
        State::Uncertain => 2,
        State::Lifted => 3,
        State::None => 4,
    }
}

/// Does a measure restrict a party, rather than grant it something?
pub fn restricts(measure: Measure) -> bool {
    matches!(measure, Measure::Designation | Measure::Sanctions | Measure::Assets)
}

/// The places of a party's rows, for one measure or for all that restrict.
pub fn places(rows: &[ShowRow], authorities: &[Authority], measure: Option<Measure>) -> Places {
    let mut places = Places::new();
    // A listing and an ambassador are not one kind of thing; without a choice the map shows what restricts.
    let shown = |r: &&ShowRow| measure.map_or_else(|| restricts(r.measure), |m| m == r.measure);
    for row in rows.iter().filter(shown) {
        let jurisdiction = authorities
            .iter()
            .find(|a| a.id == row.authority)
            .map_or_else(|| row.authority.clone(), |a| a.jurisdiction.to_string());
        let place = places.entry(jurisdiction).or_default();
        place.rows.push((row.standing, row.measure, row.counted));
        place.pending |= !row.pending.is_empty();
    }
    for place in places.values_mut() {
        place
            .rows
            .sort_by_key(|(state, measure, counted)| (!counted, rank(*state), *measure));
        place.words = place
            .rows
            .iter()
            .map(|(state, measure, counted)| {
                format!(
                    "{measure} {}{}",
                    standing::words::standing_words(*measure, *state),
                    if *counted { "" } else { " (not counted)" }
                )
            })
            .collect::<Vec<_>>()
            .join(", ");
        if place.pending {
            place.words.push_str("; something is under way");
        }
    }
    places
}

/// Draws the world with these places.
pub fn svg(places: &Places) -> Markup {
    let world = assets::path("world.svg");
    html! {
        svg.map xmlns="http://www.w3.org/2000/svg" viewBox="0 -16 2000 896" role="img" aria-label="Map; the table tells the same" {
            use.land href=(format!("{world}#world")) {}
            @for (code, place) in places.iter().filter(|(code, _)| code.len() == 2 && *code != "UN" && *code != "EU") {
                @if let Some((state, measure, counted)) = place.rows.first() {
                    @let class = format!("{}{}{}", words::class(*measure, *state), if place.pending { " pending" } else { "" }, if *counted { "" } else { " weak" });
                    use class=(class) href=(format!("{world}#{code}")) { title { (country(code)) ": " (place.words) } }
                }
            }
        }
    }
}

/// A jurisdiction's name for people.
pub fn country(code: &str) -> String {
    match code {
        "UN" => "United Nations".into(),
        "EU" => "European Union".into(),
        code => standing::model::Country::all()
            .find(|(c, _)| c.code() == code)
            .map_or_else(|| code.to_owned(), |(_, name)| name.to_owned()),
    }
}

/// The world with what its colours mean, and the countries that hold something told beside it in words.
pub fn beside(places: &Places) -> Markup {
    let mut told: Vec<(String, &Place)> = places.iter().map(|(code, place)| (country(code), place)).collect();
    told.sort_by(|a, b| a.0.cmp(&b.0));
    html! {
        div.mapped {
            div { (svg(places)) (legend(places)) }
            @if told.is_empty() {
                p.dim { "No country's authority was known to hold any of this by then." }
            } @else {
                table.told {
                    caption.vh { "What the map shows, in words" }
                    tbody { @for (name, place) in &told {
                        tr { th scope="row" { (name) } td { @for (state, measure, counted) in &place.rows {
                            div { (words::state(*measure, *state, false)) " " span.dim { (measure) @if !counted { ", not counted" } } }
                        } @if place.pending { div.state.pending { (words::mark("◔")) " under way" } } } }
                    } }
                }
            }
        }
    }
}

/// What the signs and colours mean, and what stands beside the map.
pub fn legend(places: &Places) -> Markup {
    let beside: Vec<_> = ["UN", "EU"]
        .into_iter()
        .filter(|code| places.contains_key(*code))
        .map(country)
        .collect();
    html! {
        p.legend.signs {
            @let granted = places.values().flat_map(|p| &p.rows).any(|(_, m, _)| !restricts(*m));
            @let measure = if granted { Measure::Mission } else { Measure::Designation };
            @for state in [State::InForce, State::Suspended, State::Uncertain, State::Lifted] {
                span { (words::state(measure, state, false)) }
            }
            @if places.values().any(|p| p.pending) { span.state.pending { (words::mark("◔")) " under way (thick outline)" } }
        }
        @if !beside.is_empty() { p.beside { "What the " (beside.join(" and the ")) " decides binds many states and is told in words, not painted over them." } }
    }
}

/// How many parties each jurisdiction's authorities hold a measure on, on a day, by state.
pub type Counts = BTreeMap<String, BTreeMap<State, u64>>;

/// Counts the rows of a measure over every party.
pub fn counts(
    view: &standing::View<'_>,
    measure: Measure,
    on: standing::model::Day,
    basis: standing::model::Grade,
) -> Result<Counts, standing::LedgerError> {
    let mut counts = Counts::new();
    view.each_steps(standing::Amendments::Skip, |some| {
        let mut rows: BTreeMap<(String, String), Vec<standing::model::Step>> = BTreeMap::new();
        for step in some.into_iter().filter(|step| step.measure == measure) {
            let whose = step
                .listing
                .as_ref()
                .map_or_else(|| step.party.clone(), ToString::to_string);
            rows.entry((step.authority.clone(), whose)).or_default().push(step);
        }
        for ((authority, _), steps) in rows {
            let state = standing::state_of(&steps, on, basis);
            if state == State::None {
                continue;
            }
            let jurisdiction = view
                .register()
                .authority(&authority)
                .map_or(authority, |a| a.jurisdiction.to_string());
            *counts.entry(jurisdiction).or_default().entry(state).or_default() += 1;
        }
        Ok(())
    })?;
    Ok(counts)
}

/// The world with every jurisdiction that holds the measure on anybody, and the table that says the same.
pub fn world(counts: &Counts) -> Markup {
    let places: Places = counts
        .iter()
        .map(|(code, states)| {
            let strongest = states.keys().copied().min_by_key(|s| rank(*s)).unwrap_or(State::None);
            let words = states
                .iter()
                .map(|(state, n)| {
                    format!(
                        "{} {}",
                        standing::words::number(*n),
                        standing::words::state_words(*state)
                    )
                })
                .collect::<Vec<_>>()
                .join(", ");
            let place = Place {
                rows: vec![(strongest, Measure::Designation, true)],
                pending: false,
                words,
            };
            (code.clone(), place)
        })
        .collect();
    let states = [State::InForce, State::Suspended, State::Uncertain, State::Lifted];
    let mut rows: Vec<(String, &String, &BTreeMap<State, u64>)> = counts
        .iter()
        .map(|(code, by_state)| (country(code), code, by_state))
        .collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    html! {
        div.mapped {
            div { (svg(&places)) (legend(&places)) }
            @if counts.is_empty() {
                (super::layout::empty("No authority was known to hold this measure by then.", &html! { "Choose a later day or another measure." }))
            } @else {
                table.told.counts {
                    caption.vh { "Parties by jurisdiction and state" }
                    thead { tr { th { "Parties by" } @for s in states { th.n { span class=(format!("state {}", s.word())) title=(standing::words::state_words(s)) { (words::mark(standing::words::sign(s))) span.vh { (standing::words::state_words(s)) } } } } } }
                    tbody { @for (name, code, by_state) in &rows {
                        tr {
                            th scope="row" { a href=(format!("/changes?authority={code}&since=1900-01-01")) { (name) } }
                            @for s in states { td.n { @match by_state.get(&s) { Some(n) => (standing::words::number(*n)), None => span.dim { "–" } } } }
                        }
                    } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_country_code_has_a_shape_or_is_known_to_lack_one() {
        let world = include_str!("../../assets/world.svg");
        let missing: Vec<&str> = [
            "RU", "US", "KZ", "KG", "CN", "AE", "GB", "CA", "AU", "IR", "TR", "BH", "SG",
        ]
        .into_iter()
        .filter(|code| !world.contains(&format!("id=\"{code}\"")))
        .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
