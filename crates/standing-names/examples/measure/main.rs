//! Measures names on the open data beside the repository (`STANDING_SHARED` or `../shared`), or says that it is absent.
//!
//! `measure [pairs] [lists] [alias] [script] [letters] [speed] [fit] [--show] [NAME=VALUE …]`: without a part all but `fit` are measured; `--show` prints the misses and
//! the false hits; `NAME=VALUE` tries another parameter. `docs/NAMES.md` says what the figures mean.
#![allow(clippy::print_stdout, missing_docs)]

mod data;
mod figures;
mod fit;
mod letters;
mod search;
mod speed;

use standing_model::PartyKind;
use standing_names::{Params, Scratch, prepare, score_with};

use crate::data::{ListName, Use};
use crate::figures::{Asked, area, best_f1, bootstrap, share, share_error};
use crate::search::{Room, Search};

pub type Failure = Box<dyn std::error::Error>;

/// What is asked of the program.
#[allow(clippy::struct_excessive_bools)] // switches of the command line
pub struct Task {
    pub shared: String,
    pub params: Params,
    pub show: bool,
    /// Measures the parameters as they are instead of fitting them.
    pub still: bool,
    /// Fits on all at once, not cross-validated.
    pub once: bool,
    /// Fits from the middle of each parameter's range, so that nothing fitted before is in it.
    pub afresh: bool,
    /// What the dice of the search begin with.
    pub seed: u64,
}

fn main() -> Result<(), Failure> {
    let mut params = Params::embedded().clone();
    let (mut parts, mut show, mut still, mut once, mut afresh) = (Vec::new(), false, false, false, false);
    let mut seed = 0x2545_F491_4F6C_DD1D;
    for arg in std::env::args().skip(1) {
        if let Some(("--seed", value)) = arg.split_once('=') {
            seed = value.parse()?;
        } else if let Some((name, value)) = arg.split_once('=') {
            *params.get_mut(name).ok_or_else(|| format!("no parameter {name}"))? = value.parse()?;
        } else if arg == "--show" {
            show = true;
        } else if arg == "--still" {
            still = true;
        } else if arg == "--afresh" {
            afresh = true;
        } else if arg == "--once" {
            once = true;
        } else if let Some((a, b)) = arg.split_once('|') {
            why(a, b)?;
            parts.push("nothing".to_owned());
        } else {
            parts.push(arg);
        }
    }
    let Some(shared) = data::shared() else {
        println!("skipped: no ../shared");
        return Ok(());
    };
    if parts.is_empty() {
        parts = ["pairs", "lists", "alias", "script", "letters", "speed"]
            .map(str::to_owned)
            .to_vec();
    }
    let task = Task {
        shared,
        params,
        show,
        still,
        once,
        afresh,
        seed,
    };
    for part in parts {
        match part.as_str() {
            "nothing" => {}
            "pairs" => pairs(&task)?,
            "lists" => lists(&task)?,
            "alias" => alias(&task)?,
            "script" => script(&task)?,
            "letters" => letters::letters(&task)?,
            "speed" => speed::speed(&task)?,
            "fit" => fit::fit(&task)?,
            other => return Err(format!("no part `{other}`").into()),
        }
    }
    Ok(())
}

/// `A|B` prints why two names of people score as they do.
fn why(a: &str, b: &str) -> Result<(), Failure> {
    let (a, b) = (prepare(a, PartyKind::Person)?, prepare(b, PartyKind::Person)?);
    let found = standing_names::compare(&a, &b);
    println!("{:.3} {:?}", found.score, found.parts);
    for pair in found.pairs {
        println!(
            "  {} = {}  {} {:.3} weight {:.2}",
            pair.a,
            pair.b,
            pair.relation.word(),
            pair.similarity,
            pair.weight
        );
    }
    for left in found.leftovers {
        println!(
            "  left over in {}: {} {} {:.2}",
            left.side,
            left.written,
            left.kind.word(),
            left.weight
        );
    }
    Ok(())
}

fn pairs(task: &Task) -> Result<(), Failure> {
    let mut scored = Vec::new();
    let mut scratch = Scratch::default();
    let rows = data::pairs(&task.shared)?;
    for row in &rows {
        let (mut a, mut b) = (prepare(&row.a, row.kind)?, prepare(&row.b, row.kind)?);
        a.weigh_with(&standing_names::NoCounts, &task.params);
        b.weigh_with(&standing_names::NoCounts, &task.params);
        scored.push((score_with(&a, &b, &mut scratch, &task.params), row.same));
    }
    let (f1, at) = best_f1(&scored);
    let ones = scored
        .iter()
        .zip(&rows)
        .filter(|((s, same), r)| *s >= 1.0 && !same && data::bag(&r.a) != data::bag(&r.b))
        .count();
    println!(
        "pairs ({}): best F1 {f1:.3} ± {:.3} at {at}, area under the curve {:.3} ± {:.3}, unequal negatives at 1.0: {ones}",
        rows.len(),
        bootstrap(&scored, |s| best_f1(s).0),
        area(&scored),
        bootstrap(&scored, area),
    );
    if task.show {
        // What each pair costs the area: the share of the other class on its wrong side.
        let lost = |i: usize| {
            let (own, same) = scored[i];
            let others = scored.iter().filter(|s| s.1 != same);
            let wrong = others.clone().filter(|s| if same { s.0 >= own } else { s.0 <= own });
            share(wrong.count(), others.count())
        };
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by(|x, y| scored[*x].0.total_cmp(&scored[*y].0));
        for i in order {
            let (score, same) = scored[i];
            let mark = if (score >= at) == same { ' ' } else { '!' };
            println!(
                "  {mark} {score:.3} lost {:.3} {same:5} {} | {}",
                lost(i),
                rows[i].a,
                rows[i].b
            );
        }
    }
    Ok(())
}

/// Asks names of which some parties are right.
fn ask<'a>(task: &Task, search: &Search, queries: impl Iterator<Item = (&'a str, Vec<u32>)>, what: &str) -> Vec<Asked> {
    let mut room = Room::default();
    let mut asked = Vec::new();
    for (text, right) in queries {
        let mut one = Asked::default();
        if let Some(query) = search.prepare(text, PartyKind::Person) {
            let hits = search.ask(&query, 0.45, &task.params, &mut room);
            let own = hits
                .iter()
                .find(|(at, _)| right.contains(&search.names[*at as usize].party));
            one.top = hits.first().map_or(0.0, |h| h.1);
            one.own = own.map_or(0.0, |h| h.1);
            let threshold = task.params.threshold;
            if task.show && right.is_empty() && one.top >= threshold {
                println!(
                    "  {what} raised {:.3} {text} | {}",
                    one.top, search.names[hits[0].0 as usize].text
                );
            }
            if task.show && !right.is_empty() && (one.own < threshold || one.own < one.top) {
                let best = hits.first().map_or("", |h| &search.names[h.0 as usize].text);
                let mine: Vec<&str> = search
                    .names
                    .iter()
                    .filter(|n| right.contains(&n.party))
                    .map(|n| n.text.as_str())
                    .take(4)
                    .collect();
                println!(
                    "  {what} missed {:.3} (best {:.3} {best}) {text} | {}",
                    one.own,
                    one.top,
                    mine.join(" ; ")
                );
            }
        } else if task.show {
            println!("  {what}: cannot be asked: {text}");
        }
        asked.push(one);
    }
    asked
}

fn innocents(task: &Task, search: &Search) -> Result<Vec<f32>, Failure> {
    let names = data::innocents(&task.shared)?;
    Ok(
        ask(task, search, names.iter().map(|n| (n.as_str(), Vec::new())), "innocent")
            .iter()
            .map(|a| a.top)
            .collect(),
    )
}

fn report(task: &Task, what: &str, asked: &[Asked], innocent: &[f32]) {
    let t = task.params.threshold;
    let n = asked.len();
    let found = asked.iter().filter(|a| a.own >= t).count();
    let first = asked.iter().filter(|a| a.own >= t && a.own >= a.top).count();
    print!(
        "{what} ({n}) at {t}: found {:.4} ± {:.4}, first {:.4} ± {:.4}",
        share(found, n),
        share_error(found, n),
        share(first, n),
        share_error(first, n)
    );
    if innocent.is_empty() {
        println!();
        return;
    }
    let raised = innocent.iter().filter(|s| **s >= t).count();
    println!(
        "; innocent ({}) raised {:.5} ± {:.5}",
        innocent.len(),
        share(raised, innocent.len()),
        share_error(raised, innocent.len())
    );
    let mut sorted = innocent.to_vec();
    sorted.sort_by(|x, y| y.total_cmp(x));
    for rate in [0.0002, 0.0005, 0.001, 0.005, 0.01] {
        let at = sorted[(rate * innocent.len() as f64) as usize] + 1e-6;
        let (found, first) = figures::at(asked, at);
        println!("    at {rate} innocent (threshold {at:.3}): found {found:.4}, first {first:.4}");
    }
}

fn lists(task: &Task) -> Result<(), Failure> {
    let names = data::lists(&task.shared)?;
    let search = Search::new(names.iter());
    let mut by_bag = std::collections::HashMap::<_, Vec<u32>>::new();
    let ids: std::collections::HashMap<&str, u32> = search
        .parties
        .iter()
        .enumerate()
        .map(|(i, p)| (p.as_str(), i as u32))
        .collect();
    for name in names
        .iter()
        .filter(|n| n.un && n.kind == PartyKind::Person && n.use_ != Use::Script)
    {
        by_bag
            .entry(data::bag(&name.text))
            .or_default()
            .extend(ids.get(name.party.as_str()));
    }
    let positives = data::positives(&task.shared)?;
    let queries = positives
        .iter()
        .filter_map(|(listed, asked)| Some((asked.as_str(), by_bag.get(&data::bag(listed))?.clone())));
    let asked = ask(task, &search, queries, "disturbed");
    report(
        task,
        &format!("disturbed names among {}", search.names.len()),
        &asked,
        &innocents(task, &search)?,
    );
    Ok(())
}

fn alias(task: &Task) -> Result<(), Failure> {
    let names = data::lists(&task.shared)?;
    let search = Search::new(
        names
            .iter()
            .filter(|n| n.use_ == Use::Primary || n.un && n.use_ == Use::Script),
    );
    let ids: std::collections::HashMap<&str, u32> = search
        .parties
        .iter()
        .enumerate()
        .map(|(i, p)| (p.as_str(), i as u32))
        .collect();
    let wanted = |n: &&ListName| {
        n.use_ == Use::Alias
            && n.kind == PartyKind::Person
            && (!n.un || data::latin(&n.text))
            && data::bag(&n.text).len() > 1
    };
    let queries = names
        .iter()
        .filter(wanted)
        .filter_map(|n| Some((n.text.as_str(), vec![*ids.get(n.party.as_str())?])));
    let asked = ask(task, &search, queries, "alias");
    report(task, "alias finds the primary name", &asked, &innocents(task, &search)?);
    Ok(())
}

fn script(task: &Task) -> Result<(), Failure> {
    let names = data::lists(&task.shared)?;
    let search = Search::new(names.iter().filter(|n| n.un && n.use_ != Use::Script));
    let ids: std::collections::HashMap<&str, u32> = search
        .parties
        .iter()
        .enumerate()
        .map(|(i, p)| (p.as_str(), i as u32))
        .collect();
    let queries = names
        .iter()
        .filter(|n| n.un && n.use_ == Use::Script && n.kind == PartyKind::Person && !data::latin(&n.text))
        .filter_map(|n| Some((n.text.as_str(), vec![*ids.get(n.party.as_str())?])));
    let asked = ask(task, &search, queries, "script");
    report(task, "original script finds the Latin entry", &asked, &[]);
    Ok(())
}
