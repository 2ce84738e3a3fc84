//! `GET /search/{dataset}`: text search over names, with filters, facets and pages.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use serde_json::{Value, json};
use standing::model::Country;
use standing::screen::Query;

use super::cards::{Card, Cards, fold};
use super::datasets::Datasets;
use super::matching::{Filter, datasets, hits, scale};
use super::parameters::Parameters;
use super::scale::LINE;
use super::{Detail, entities, schemas};
use crate::asked::Named;
use crate::body::answer;
use crate::screening::{self, Screen};
use crate::shared::Shared;

/// A page's results at most.
const MOST: usize = 500;
/// The first result of a page at most.
const FURTHEST: usize = 9499;
/// Values of a facet.
const VALUES: usize = 50;

/// How well a card answers to a text: whole name, beginning of it, all words; `None` if it does not.
fn rank(card: &Card, wanted: &str, words: &[&str]) -> Option<u32> {
    if card.listings.iter().any(|l| l.eq_ignore_ascii_case(wanted)) || card.party.eq_ignore_ascii_case(wanted) {
        return Some(4);
    }
    card.names
        .iter()
        .filter_map(|name| {
            if name == wanted {
                return Some(3);
            }
            if name.starts_with(wanted) {
                return Some(2);
            }
            let mut own = name.split(' ');
            let mut all = words.iter();
            all.all(|w| {
                own.clone().any(|o| o == *w) || own.any(|o| o.len() > w.len() && w.len() > 2 && o.starts_with(w))
            })
            .then_some(1)
        })
        .max()
}

/// The cards that answer to a text, the best first; with `fuzzy` also those whose names resemble it.
pub fn found<'a>(cards: &'a Cards, screen: &Screen, text: &str, fuzzy: bool) -> Vec<(f64, &'a Card)> {
    let raw = text.trim();
    if raw.is_empty() {
        return cards.all.iter().map(|c| (1.0, c)).collect();
    }
    let wanted = fold(raw);
    let words: Vec<&str> = wanted.split(' ').filter(|w| !w.is_empty()).collect();
    let mut found: HashMap<&str, (f64, &Card)> = HashMap::new();
    for card in &cards.all {
        let best =
            if card.listings.iter().any(|l| {
                l.eq_ignore_ascii_case(raw) || l.split_once(':').is_some_and(|(_, r)| r.eq_ignore_ascii_case(raw))
            }) || card.party == raw
            {
                Some(4)
            } else if words.is_empty() {
                None
            } else {
                rank(card, &wanted, &words)
            };
        if let Some(rank) = best {
            found.insert(&card.party, (f64::from(rank) + 1.0, card));
        }
    }
    if fuzzy || found.is_empty() {
        let query = Query::named(raw);
        let scale = scale(screen, &query);
        for hit in hits(screen, &query, scale.asked(LINE)) {
            if let Some(card) = cards.get(&hit.party) {
                found.entry(&card.party).or_insert((scale.shown(hit.score), card));
            }
        }
    }
    let mut found: Vec<_> = found.into_values().collect();
    found.sort_by(|a, b| {
        b.0.total_cmp(&a.0)
            .then_with(|| a.1.caption.cmp(&b.1.caption))
            .then_with(|| a.1.party.cmp(&b.1.party))
    });
    found
}

fn facet(label: &str, counts: BTreeMap<String, usize>, name: impl Fn(&str) -> String) -> Value {
    let mut values: Vec<(String, usize)> = counts.into_iter().collect();
    values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    values.truncate(VALUES);
    let values: Vec<Value> = values
        .into_iter()
        .map(|(value, count)| json!({"name": value, "label": name(&value), "count": count}))
        .collect();
    json!({"label": label, "values": values})
}

fn topics(card: &Card) -> &'static [&'static str] {
    if card.target { &["sanction"] } else { &[] }
}

/// Text filters of a search.
struct Narrow {
    schema: String,
    countries: Vec<String>,
    topics: Vec<String>,
    datasets: Vec<String>,
    target: Option<bool>,
    all_of: bool,
}

impl Narrow {
    fn read(parameters: &Parameters) -> Result<Self, Detail> {
        let owned = |name: &str| parameters.all(name).into_iter().map(str::to_owned).collect::<Vec<_>>();
        let schema = parameters.last("schema").unwrap_or("Thing").to_owned();
        if !schemas::exists(&schema) {
            return Err(Detail::bad("Invalid schema"));
        }
        let mut narrow = Self {
            schema,
            countries: owned("countries"),
            topics: owned("topics"),
            datasets: owned("datasets"),
            target: parameters
                .last("target")
                .map(|_| parameters.flag("target", true))
                .transpose()?,
            all_of: match parameters.last("filter_op").unwrap_or("OR") {
                "OR" => false,
                "AND" => true,
                _ => {
                    return Err(Detail::invalid(
                        &["query", "filter_op"],
                        "Input should be 'OR' or 'AND'",
                    ));
                }
            },
        };
        for filter in parameters.all("filter") {
            match filter.split_once(':') {
                Some(("countries" | "country", value)) => narrow.countries.push(value.to_owned()),
                Some(("topics", value)) => narrow.topics.push(value.to_owned()),
                Some(("datasets", value)) => narrow.datasets.push(value.to_owned()),
                Some(("schema", value)) => value.clone_into(&mut narrow.schema),
                Some((field, _)) => {
                    return Err(Detail::bad(format!(
                        "Cannot filter by {field}: countries, topics, datasets, schema"
                    )));
                }
                None => return Err(Detail::bad(format!("Invalid filter: {filter}. Write field:value"))),
            }
        }
        Ok(narrow)
    }

    fn passes(&self, card: &Card, sets: &Datasets) -> bool {
        let any = |wanted: &[String], holds: &dyn Fn(&String) -> bool| {
            wanted.is_empty()
                || if self.all_of {
                    wanted.iter().all(holds)
                } else {
                    wanted.iter().any(holds)
                }
        };
        schemas::is_a(card.schema, &self.schema)
            && any(&self.countries, &|w| {
                card.countries.iter().any(|c| c.eq_ignore_ascii_case(w))
            })
            && any(&self.topics, &|w| topics(card).contains(&w.as_str()))
            && any(&self.datasets, &|w| card.datasets.iter().any(|d| sets.within(d, w)))
            && self.target.is_none_or(|t| t == card.target)
    }
}

fn country_name(code: &str) -> String {
    code.to_ascii_uppercase()
        .parse::<Country>()
        .map_or_else(|_| code.to_owned(), |c| c.name().to_owned())
}

/// Searches.
pub async fn search(
    State(shared): State<Arc<Shared>>,
    Named(dataset): Named,
    RawQuery(query): RawQuery,
) -> Result<Response, Detail> {
    let parameters = Parameters::read(query.as_deref());
    let limit = parameters.number("limit", 10, MOST)?;
    let offset = parameters.number("offset", 0, FURTHEST)?;
    let fuzzy = parameters.flag("fuzzy", false)?;
    parameters.flag("simple", false)?;
    let narrow = Narrow::read(&parameters)?;
    let mut filter = Filter::read(dataset, &parameters)?;
    // Topics are this route's own filter, with its own way to join them.
    filter.topics.clear();
    let sorts: Vec<String> = parameters.all("sort").into_iter().map(str::to_owned).collect();
    let facets: Vec<String> = parameters.all("facets").into_iter().map(str::to_owned).collect();
    let text = parameters.last("q").unwrap_or_default().to_owned();
    let screen = screening::present(&shared)?;
    let sets = datasets(&shared, &screen).await?;
    filter.check(&sets)?;
    let changed_since = filter.changed_since.clone();
    let searching = Arc::clone(&screen);
    let (names, counts, total) = tokio::task::spawn_blocking(move || {
        let cards = searching.cards();
        let mut found = found(&cards, &searching, &text, fuzzy);
        found.retain(|(_, c)| {
            narrow.passes(c, &sets) && filter.passes(&sets, &c.party, &c.datasets, c.schema, c.target)
        });
        for sort in sorts.iter().rev() {
            let (field, falling) = sort
                .split_once(':')
                .map_or((sort.as_str(), false), |(f, d)| (f, d == "desc"));
            if matches!(field, "caption" | "name") {
                found.sort_by(|a, b| a.1.caption.cmp(&b.1.caption));
                if falling {
                    found.reverse();
                }
            }
        }
        let mut counts: [BTreeMap<String, usize>; 3] = Default::default();
        for (_, card) in &found {
            for country in &card.countries {
                *counts[0].entry(country.clone()).or_default() += 1;
            }
            for topic in topics(card) {
                *counts[1].entry((*topic).to_owned()).or_default() += 1;
            }
            for dataset in &card.datasets {
                *counts[2].entry(dataset.clone()).or_default() += 1;
            }
        }
        let total = found.len();
        let names: Vec<String> = found.iter().map(|(_, c)| c.party.clone()).collect();
        (names, counts, total)
    })
    .await
    .map_err(|e| crate::problem::Problem::internal(&e))?;
    let page: Vec<String> = names.into_iter().skip(offset).take(limit).collect();
    let made = entities::several(&shared, &screen, page.clone()).await?;
    let results: Vec<&Value> = page
        .iter()
        .filter_map(|p| made.get(p))
        .filter(|held| {
            changed_since.as_deref().is_none_or(|since| {
                held.last_change
                    .as_deref()
                    .is_some_and(|day| day >= since.get(..10).unwrap_or(since))
            })
        })
        .map(|held| &held.value)
        .collect();
    let sets = datasets(&shared, &screen).await?;
    let [countries, topics, datasets] = counts;
    let wanted = |name: &str| facets.is_empty() || facets.iter().any(|f| f == name);
    let mut given = serde_json::Map::new();
    if wanted("countries") {
        given.insert("countries".into(), facet("Countries", countries, country_name));
    }
    if wanted("topics") {
        given.insert("topics".into(), facet("Topics", topics, |_| "Sanctioned entity".into()));
    }
    if wanted("datasets") {
        let title = |name: &str| {
            sets.0
                .iter()
                .find(|d| d.name == name)
                .map_or_else(|| name.to_owned(), |d| d.title.clone())
        };
        given.insert("datasets".into(), facet("Data sources", datasets, title));
    }
    Ok(answer(&json!({
        "limit": limit,
        "offset": offset,
        "total": {"value": total, "relation": "eq"},
        "results": results,
        "facets": given,
    })))
}
