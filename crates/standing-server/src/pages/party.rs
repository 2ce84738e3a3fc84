//! The page of a party: one sentence in words, the standing matrix, the map, its names and identifiers, its connected listings.

use std::collections::BTreeMap;

use maud::{Markup, html};
use standing::answers::Show;
use standing::model::{Day, ListingId, Measure, NameKind, NameQuality, PartialDate, Record};
use standing::{ListingView, View, legal_date};

use super::clocks::{self, permanent};
use super::{layout, listing, map, matrix, words};

/// What the page shows.
pub struct PartyPage {
    /// The standing on the day.
    pub show: Show,
    /// The last record of each connected listing that was known by then.
    pub listings: Vec<ListingView>,
    /// The first and last day of the sliders.
    pub days: (Day, Day),
    /// What articles said by then.
    pub said: Vec<standing::read::claims::Said>,
    /// The measure that the map shows.
    pub measure: Option<Measure>,
}

/// The last record of each listing of a party.
pub fn listings(view: &View<'_>, show: &Show) -> Result<Vec<ListingView>, standing::LedgerError> {
    show.party
        .listings()
        .filter_map(|id| id.split_once(':'))
        .filter_map(|(list, reference)| view.listing(&ListingId::new(list, reference)).transpose())
        .collect()
}

/// The days that the sliders reach: from the year of the first step to today, or to the last effect that lies ahead.
pub fn days(show: &Show, today: Day) -> (Day, Day) {
    let dates = || {
        show.rows
            .iter()
            .flat_map(|r| &r.whole)
            .filter_map(legal_date)
            .filter(|d| d.earliest().is_some_and(|e| e.year() > 1900))
    };
    let first = dates()
        .filter_map(PartialDate::earliest)
        .min()
        .map_or(today.year() - 5, Day::year)
        .min(show.clocks.on.year())
        .min(show.clocks.known.year());
    let last = dates()
        .filter_map(PartialDate::latest)
        .filter(|d| d.year() < 2200)
        .max()
        .map_or(today, |d| d.max(today));
    (jiff::civil::Date::constant(first, 1, 1), last.max(show.clocks.on))
}

/// The body of the page.
pub fn body(page: &PartyPage) -> Markup {
    let show = &page.show;
    let path = words::party_path(&show.party.id);
    let suffix = permanent(&show.clocks);
    html! {
        (words::title(&show.party.name, ""))
        p.id { (show.party.id) }
        div data-live="sentence" {
            p.lead { (matrix::sentence(show)) }
            p.no-print {
                a.button href={ (path) "/timeline" (suffix) } { "Timeline" } " "
                a.button href={ (path) "/dossier" (suffix) } { "Dossier for printing" } " "
                a.button href={ "/v1/parties/" (words::encoded(&show.party.id)) "/standing" (suffix) } { "As data" }
            }
        }
        (clocks::controls(&path, &show.clocks, page.days.0, page.days.1, &html! {
            @if let Some(m) = page.measure { input type="hidden" name="measure" value=(m.word()); }
        }))
        p.status data-status="" role="status" {}
        div data-live="matrix" {
            (matrix::table(show))
            @for row in show.rows.iter().filter(|r| r.standing == standing::model::State::Uncertain) {
                p.note { (matrix::authority(&show.authorities, &row.authority)) ": " (row.measure) " " (words::dated(&standing::words::since_words(row.standing, row.since)))
                    ", which is all that the sources at hand bound. An edition of the list from between would settle it." }
            }
            (notes(show))
            @if !page.said.is_empty() {
                h2 { "What news said by then" }
                (super::reader::said(&page.said))
            }
        }
        h2 { "On the map" }
        div data-live="map" {
            (measure_choice(page, &path))
            @let places = map::places(&show.rows, &show.authorities, page.measure);
            (map::beside(&places))
        }
        (names(page))
        (facts(page))
        (connected(page))
    }
}

fn measure_choice(page: &PartyPage, path: &str) -> Markup {
    let clocks = &page.show.clocks;
    let mut options = vec![(
        format!("{path}{}", permanent(clocks)),
        "listings".to_owned(),
        page.measure.is_none(),
    )];
    for m in Measure::ALL {
        if page.show.rows.iter().any(|r| r.measure == m) {
            options.push((
                format!("{path}{}&measure={m}", permanent(clocks)),
                m.word().to_owned(),
                page.measure == Some(m),
            ));
        }
    }
    layout::choices("Show", &options)
}

/// What the register says beside the rows.
pub fn notes(show: &Show) -> Markup {
    html! {
        @if !show.notes.is_empty() {
            ul.plain {
                @for note in &show.notes {
                    li {
                        @if let Some(id) = &note.authority { strong { (matrix::authority(&show.authorities, id)) ": " } }
                        (words::visible(&note.text))
                        @if let Some(source) = note.sources.first() {
                            " " span.note { "Source: " (source_link(source)) ", " (note.grade.word()) }
                        }
                    }
                }
            }
        }
    }
}

/// A source by its title, linked where it says where it is; only web addresses become links.
pub fn source_link(evidence: &standing::model::Evidence) -> Markup {
    html! {
        @match evidence.url.as_deref().filter(|u| u.starts_with("https://") || u.starts_with("http://")) {
            Some(url) => a href=(url) rel="noreferrer noopener external" { (words::visible(&evidence.title)) },
            None => (words::visible(&evidence.title)),
        }
    }
}

/// Names by their letters without case: as written, with its best rank and the lists that bear it.
type Borne = BTreeMap<String, (String, Rank, Vec<String>)>;

/// What role a name has, the more telling first.
type Rank = (NameKind, NameQuality);

/// Is everything written in capitals? Such a spelling gives way to one that tells capitals from small letters.
fn shouts(text: &str) -> bool {
    !text.chars().any(char::is_lowercase)
}

/// Names of a script that are shown at once; the rest unfolds.
const SHOWN: usize = 24;

/// Names of all records, each once, by script, with the lists that bear them.
pub fn names(page: &PartyPage) -> Markup {
    let mut by_script: BTreeMap<(bool, String), Borne> = BTreeMap::new();
    for of in &page.listings {
        for name in &of.record.names {
            let script = name
                .script
                .map_or_else(|| "Other".to_owned(), |s| listing::script_name(s.code()).to_owned());
            let latin = name.script.is_none_or(standing::model::Script::is_latin);
            let rank = (name.kind, name.quality);
            let entry = by_script
                .entry((!latin, script))
                .or_default()
                .entry(name.text.as_str().to_lowercase())
                .or_insert_with(|| (name.text.to_string(), rank, Vec::new()));
            if shouts(&entry.0) && !shouts(&name.text) {
                entry.0 = name.text.to_string();
            }
            entry.1 = entry.1.min(rank);
            let list = of.id.list().to_owned();
            if !entry.2.contains(&list) {
                entry.2.push(list);
            }
        }
    }
    html! {
        @if !by_script.is_empty() {
            h2 { "Names" }
            dl.facts {
                @for ((_, script), names) in &by_script {
                    dt { (script) }
                    dd {
                        @let sorted = { let mut s: Vec<_> = names.iter().collect(); s.sort_by_key(|(folded, (_, rank, _))| (*rank, (*folded).clone())); s };
                        ul.plain.names { @for (_, borne) in sorted.iter().take(SHOWN) { (name_line(borne)) } }
                        @if sorted.len() > SHOWN {
                            details { summary { (sorted.len() - SHOWN) " more" }
                                ul.plain.names { @for (_, borne) in &sorted[SHOWN..] { (name_line(borne)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn name_line((text, (kind, quality), lists): &(String, Rank, Vec<String>)) -> Markup {
    html! { li { (words::name(text)) " " span.note { (listing::rank_word(*kind, *quality)) " · " (lists.join(", ")) } } }
}

fn facts(page: &PartyPage) -> Markup {
    let each = |f: &dyn Fn(&Record) -> Vec<String>| -> Vec<String> {
        let mut all: Vec<String> = page.listings.iter().flat_map(|l| f(&l.record)).collect();
        all.sort();
        all.dedup();
        all
    };
    let births = each(&|r| {
        r.births
            .iter()
            .map(|b| {
                let date = b
                    .date
                    .map(|d| d.to_string())
                    .or_else(|| b.written.as_deref().map(str::to_owned))
                    .unwrap_or_default();
                let place = b.place.as_ref().map_or("", |p| p.text.as_str());
                [date.as_str(), place]
                    .into_iter()
                    .filter(|t| !t.is_empty())
                    .collect::<Vec<_>>()
                    .join(", ")
            })
            .collect()
    });
    let nationalities = each(&|r| r.nationalities.iter().map(|c| c.name().to_owned()).collect());
    let identifiers = each(&|r| r.identifiers.iter().map(listing::identifier).collect());
    let addresses = each(&|r| r.addresses.iter().map(|a| a.text.to_string()).collect());
    let positions = each(&|r| r.positions.iter().map(ToString::to_string).collect());
    html! {
        @if [&births, &nationalities, &identifiers, &addresses, &positions].iter().any(|l| !l.is_empty()) {
            h2 { "As listed" }
            dl.facts {
                @for (word, values) in [("Born", &births), ("Nationality", &nationalities), ("Identifiers", &identifiers), ("Positions", &positions), ("Addresses", &addresses)] {
                    @if !values.is_empty() {
                        dt { (word) }
                        dd { ul.plain {
                            @for value in values.iter().take(40) { li { bdi { (words::visible(value)) } } }
                            @if values.len() > 40 { li.dim { "and " (values.len() - 40) " more, in the listings below" } }
                        } }
                    }
                }
            }
        }
    }
}

fn connected(page: &PartyPage) -> Markup {
    html! {
        h2 { "Listings of this party" }
        @if page.listings.is_empty() {
            p { "No list that was read by then has it; what is shown rests on the register's sources." }
        } @else {
            div.wide tabindex="0" role="region" aria-label="Listings" {
                table.stack {
                    thead { tr { th { "Listing" } th { "Name there" } th { "Programmes" } th { "First and last seen" } } }
                    tbody {
                        @for l in &page.listings {
                            tr {
                                td data-h="Listing" { a.ref href={ "/listing/" (words::encoded(l.id.as_str())) (permanent(&page.show.clocks)) } { (l.id) } }
                                td data-h="Name there" { (words::brief(l.record.caption())) }
                                td data-h="Programmes" { (words::visible(&l.record.programmes.join(", "))) }
                                td data-h="Seen" { (words::when(Some(l.first_seen))) @if l.first_seen != l.last_seen.date { " – " (words::when(Some(l.last_seen.date))) } @if !l.present { " " span.dim { "(gone from the list of " (l.list_date) ")" } } }
                            }
                        }
                    }
                }
            }
        }
    }
}
