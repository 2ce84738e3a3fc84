//! Fits the parameters on the open data: a random search around the best so far, cross-validated in folds. The dice are the same in every run.
//!
//! What is raised is one sum over all figures, a mean over several thresholds: those at which shares around `RAISED` of the invented people are raised, the higher of the one
//! among all names and the one among the primary names. A mean, because what one name more or less raises is chance. Prints the cross-validated figures with bootstrap standard errors, then the parameters fitted on all folds, as `data/parameters.tsv` holds them.

use standing_model::PartyKind;
use standing_names::{NoCounts, Params, PreparedName, Scratch, prepare, score_with};

use crate::data::Use;
use crate::figures::{Asked, Dice, area, at, best_f1, bootstrap, share, share_error};
use crate::search::{Room, Search, another_kind};
use crate::{Failure, Task, data};

/// Share of invented people that may be raised: among all names, among primary names. A little below the goals, for what is kept back.
const RAISED: (f64, f64) = (0.000_42, 0.000_85);
/// Hits below this are not looked at again with other parameters.
const KEPT: f32 = 0.42;
/// How often other parameters are tried.
const TRIALS: usize = 3_000;
/// The thresholds that count: `RAISED` times each.
const AROUND: [f64; 5] = [0.6, 0.8, 1.0, 1.4, 2.2];
const FOLDS: usize = 2;

/// What may move, its least and greatest value.
const MOVING: &[(&str, f32, f32)] = &[
    ("steepness", 0.7, 2.0),
    ("script_steepness", 0.9, 3.0),
    ("curve", 1.0, 2.2),
    ("grace", 0.0, 1.6),
    ("first", 0.05, 0.6),
    ("edge", 0.1, 0.8),
    ("same_sound", 0.95, 0.99),
    ("native_sound", 0.82, 0.97),
    ("nickname", 0.75, 0.95),
    ("initial", 0.6, 0.88),
    ("dropped", 0.75, 0.95),
    ("number", 0.8, 1.8),
    ("joined", 0.9, 0.98),
    ("discord", 1.0, 5.0),
    ("contradiction", 0.5, 2.5),
    ("strange", 0.3, 0.95),
    ("near_from", 0.2, 0.6),
    ("omission", 0.15, 0.7),
    ("doubt", 0.1, 2.5),
    ("doubt_half", 0.1, 1.5),
    ("doubt_discord", 0.05, 1.0),
    ("disorder", 0.1, 0.4),
    ("turned", 0.01, 0.08),
    ("outside", 0.005, 0.15),
    ("surname_alone", 0.05, 0.2),
    ("second_surname", 0.01, 0.2),
    ("country_alone", 0.01, 0.2),
    ("number_alone", 0.05, 0.35),
    ("light", 0.005, 0.03),
    ("skeleton", 0.6, 1.0),
    ("short", 0.5, 1.0),
    ("long_from", 3.0, 9.0),
    ("generic", 0.2, 0.8),
    ("patronymic", 0.4, 1.0),
    ("initial_weight", 0.15, 0.5),
    ("least_weight", 0.1, 0.4),
    ("full_bits", 9.0, 18.0),
];

struct Case {
    text: String,
    query: usize,
    hits: Vec<(usize, bool, f32)>,
}

/// Cases against one set of listed names; names are held once.
struct Set {
    names: Vec<PreparedName>,
    cases: Vec<Case>,
    search: Search,
}

impl Set {
    fn new(task: &Task, search: Search, queries: impl Iterator<Item = (String, Vec<u32>)>) -> Self {
        let mut set = Self {
            names: Vec::new(),
            cases: Vec::new(),
            search,
        };
        let mut places = std::collections::HashMap::new();
        let mut room = Room::default();
        for (text, right) in queries {
            let Some(query) = set.search.prepare(&text, PartyKind::Person) else {
                set.cases.push(Case {
                    text,
                    query: usize::MAX,
                    hits: Vec::new(),
                });
                continue;
            };
            let mut hits = set.search.ask(&query, KEPT, &task.params, &mut room);
            let is_right = |at: u32| right.contains(&set.search.names[at as usize].party);
            let own = hits.iter().copied().find(|h| is_right(h.0));
            hits.truncate(5);
            if let Some(own) = own.filter(|o| !hits.contains(o)) {
                hits.push(own);
            }
            let hits = hits
                .iter()
                .map(|(at, _)| {
                    let listed = &set.search.names[*at as usize];
                    let place = *places.entry(*at).or_insert_with(|| {
                        set.names.push(listed.name.clone());
                        set.names.len() - 1
                    });
                    (place, is_right(*at), another_kind(listed.kind))
                })
                .collect::<Vec<_>>();
            if hits.is_empty() {
                set.cases.push(Case {
                    text,
                    query: usize::MAX,
                    hits,
                });
                continue;
            }
            set.names.push(query);
            set.cases.push(Case {
                text,
                query: set.names.len() - 1,
                hits,
            });
        }
        set
    }

    fn weigh(&mut self, params: &Params) {
        for name in &mut self.names {
            name.weigh_with(&self.search.counts, params);
        }
    }

    /// The best or the right listed name of a case, in its words.
    fn words(&self, at: usize, params: &Params, right: bool) -> String {
        let case = &self.cases[at];
        let scratch = &mut Scratch::default();
        let best = case
            .hits
            .iter()
            .filter(|(_, own, _)| *own || !right)
            .map(|(place, _, off)| {
                (
                    score_with(&self.names[case.query], &self.names[*place], scratch, params) - off,
                    *place,
                )
            })
            .max_by(|x, y| x.0.total_cmp(&y.0));
        let written = |name: &PreparedName| {
            name.tokens()
                .iter()
                .map(|t| t.written.to_string())
                .collect::<Vec<_>>()
                .join(" ")
        };
        best.map_or_else(String::new, |(score, place)| {
            format!("{score:.3} {} | {}", case.text, written(&self.names[place]))
        })
    }

    fn asked(&self, params: &Params, scratch: &mut Scratch) -> Vec<Asked> {
        let mut all = Vec::with_capacity(self.cases.len());
        for case in &self.cases {
            let mut asked = Asked::default();
            for (place, own, off) in &case.hits {
                let score = score_with(&self.names[case.query], &self.names[*place], scratch, params) - off;
                asked.top = asked.top.max(score);
                if *own {
                    asked.own = asked.own.max(score);
                }
            }
            all.push(asked);
        }
        all
    }
}

struct Figures {
    pairs: Vec<(f32, bool)>,
    positives: Vec<Asked>,
    innocents: Vec<Asked>,
    aliases: Vec<Asked>,
    innocents_primary: Vec<Asked>,
    scripts: Vec<Asked>,
}

struct Open {
    pairs: Vec<(PreparedName, PreparedName, bool)>,
    positives: Set,
    innocents: Set,
    aliases: Set,
    innocents_primary: Set,
    scripts: Set,
    /// What the dice begin with.
    seed: u64,
    /// From the middle of the ranges?
    afresh: bool,
}

impl Open {
    fn figures(&mut self, params: &Params) -> Figures {
        let scratch = &mut Scratch::default();
        let pairs = self
            .pairs
            .iter_mut()
            .map(|(a, b, same)| {
                a.weigh_with(&NoCounts, params);
                b.weigh_with(&NoCounts, params);
                (score_with(a, b, scratch, params), *same)
            })
            .collect();
        for set in [
            &mut self.positives,
            &mut self.innocents,
            &mut self.aliases,
            &mut self.innocents_primary,
            &mut self.scripts,
        ] {
            set.weigh(params);
        }
        Figures {
            pairs,
            positives: self.positives.asked(params, scratch),
            innocents: self.innocents.asked(params, scratch),
            aliases: self.aliases.asked(params, scratch),
            innocents_primary: self.innocents_primary.asked(params, scratch),
            scripts: self.scripts.asked(params, scratch),
        }
    }
}

/// Those of a fold, or all others.
#[derive(Clone, Copy)]
enum Part {
    All,
    Only(usize),
    Without(usize),
}

fn of<T: Copy>(all: &[T], part: Part) -> Vec<T> {
    let takes = |i: usize| match part {
        Part::All => true,
        // Neighbouring rows are variants of one case: they stay in one fold.
        Part::Only(fold) => i / 8 % FOLDS == fold,
        Part::Without(fold) => i / 8 % FOLDS != fold,
    };
    all.iter()
        .enumerate()
        .filter(|(i, _)| takes(*i))
        .map(|(_, one)| *one)
        .collect()
}

fn raised_at(innocents: &[Asked], share: f64) -> f32 {
    let mut tops: Vec<f32> = innocents.iter().map(|a| a.top).collect();
    tops.sort_by(|x, y| y.total_cmp(x));
    tops.get((share * tops.len() as f64) as usize).copied().unwrap_or(0.0) + 1e-4
}

fn threshold(figures: &Figures, part: Part) -> f32 {
    threshold_at(figures, part, 1.0)
}

fn threshold_at(figures: &Figures, part: Part, times: f64) -> f32 {
    raised_at(&of(&figures.innocents, part), RAISED.0 * times)
        .max(raised_at(&of(&figures.innocents_primary, part), RAISED.1 * times))
}

fn worth(figures: &Figures, part: Part) -> f64 {
    let pairs = of(&figures.pairs, part);
    let (positives, aliases, scripts) = (
        of(&figures.positives, part),
        of(&figures.aliases, part),
        of(&figures.scripts, part),
    );
    let asked = |times: &f64| {
        let t = threshold_at(figures, part, *times);
        let (found, first) = at(&positives, t);
        let (alias, alias_first) = at(&aliases, t);
        let (script, script_first) = at(&scripts, t);
        // What is above the goals by a name or two is chance; it must not be bought elsewhere.
        2.0 * found.min(0.9972)
            + first.min(0.9972)
            + 4.0 * alias
            + 2.0 * alias_first
            + 0.3 * script
            + 0.3 * script_first
    };
    let mean = AROUND.iter().map(asked).sum::<f64>() / AROUND.len() as f64;
    mean + 6.0 * best_f1(&pairs).0.min(0.908) + 3.0 * area(&pairs)
}

/// A draw around zero, from -3 to 3: the sum of six even draws.
fn around(dice: &mut Dice) -> f32 {
    (0..6).map(|_| dice.below(2001) as f32 / 1000.0 - 1.0).sum::<f32>() * 0.5
}

fn search(open: &mut Open, from: &Params, part: Part) -> Params {
    let mut params = from.clone();
    for (name, least, most) in MOVING {
        if let Some(place) = params.get_mut(name) {
            *place = if open.afresh {
                (least.max(1e-3) * most).sqrt()
            } else {
                place.clamp(*least, *most)
            };
        }
    }
    let mut best = worth(&open.figures(&params), part);
    let mut dice = Dice(open.seed);
    let mut reach = 0.2f32;
    for trial in 0..TRIALS {
        let mut other = params.clone();
        for (name, least, most) in MOVING {
            if dice.below(MOVING.len()) < 7
                && let Some(place) = other.get_mut(name)
            {
                *place = (*place * (reach * around(&mut dice)).exp()).clamp(*least, *most);
            }
        }
        let value = worth(&open.figures(&other), part);
        if value > best {
            (best, params) = (value, other);
            reach = (reach * 1.2).min(0.35);
            progress(trial, best);
        } else {
            reach *= 0.98;
        }
        if reach < 0.02 {
            reach = 0.2;
        }
    }
    params
}

/// Progress, apart from the figures.
#[allow(clippy::print_stderr)]
fn progress(trial: usize, best: f64) {
    eprintln!("trial {trial}: {best:.4}");
}

pub fn fit(task: &Task) -> Result<(), Failure> {
    let mut open = read(task)?;
    println!(
        "read: {} names kept",
        open.innocents.names.len() + open.aliases.names.len()
    );
    let start = open.figures(&task.params);
    println!(
        "as it is: worth {:.4} at {:.3}",
        worth(&start, Part::All),
        threshold(&start, Part::All)
    );
    let (mut pairs, mut folds) = (Vec::new(), Vec::new());
    let mut sums = [(0usize, 0usize); 8];
    let folded = !task.still && !task.once;
    for fold in (0..FOLDS).filter(|_| folded) {
        let params = search(&mut open, &task.params, Part::Without(fold));
        let figures = open.figures(&params);
        let t = threshold(&figures, Part::Without(fold));
        pairs.extend(of(&figures.pairs, Part::Only(fold)));
        folds.push((
            area(&of(&figures.pairs, Part::Only(fold))),
            best_f1(&of(&figures.pairs, Part::Only(fold))).0,
        ));
        let asked = [
            of(&figures.positives, Part::Only(fold)),
            of(&figures.aliases, Part::Only(fold)),
            of(&figures.scripts, Part::Only(fold)),
        ];
        for (i, set) in asked.iter().enumerate() {
            sums[2 * i].0 += set.iter().filter(|a| a.own >= t).count();
            sums[2 * i + 1].0 += set.iter().filter(|a| a.own >= t && a.own >= a.top).count();
            sums[2 * i].1 += set.len();
            sums[2 * i + 1].1 += set.len();
        }
        for (i, set) in [&figures.innocents, &figures.innocents_primary].into_iter().enumerate() {
            let held_out = of(set, Part::Only(fold));
            sums[6 + i].0 += held_out.iter().filter(|a| a.top >= t).count();
            sums[6 + i].1 += held_out.len();
        }
        println!(
            "fold {fold}: threshold {t:.3}, pairs {:.3} F1, {:.3} area",
            folds[fold].1, folds[fold].0
        );
    }
    if folded {
        println!("cross-validated, each fold by parameters and threshold of the others:");
        println!(
            "  pairs: F1 {:.3} ± {:.3}, area {:.3} ± {:.3}",
            best_f1(&pairs).0,
            bootstrap(&pairs, |s| best_f1(s).0),
            area(&pairs),
            bootstrap(&pairs, area)
        );
        let what = [
            "disturbed found",
            "disturbed first",
            "alias found",
            "alias first",
            "script found",
            "script first",
            "innocent, all names",
            "innocent, primary names",
        ];
        for (what, (part, all)) in what.iter().zip(sums) {
            println!("  {what}: {:.5} ± {:.5}", share(part, all), share_error(part, all));
        }
    }
    let params = if task.still {
        task.params.clone()
    } else {
        search(&mut open, &task.params, Part::All)
    };
    let figures = open.figures(&params);
    let t = threshold(&figures, Part::All);
    println!(
        "all folds: worth {:.4} at {t:.3}; F1 {:.3}, area {:.3}",
        worth(&figures, Part::All),
        best_f1(&figures.pairs).0,
        area(&figures.pairs)
    );
    for (what, set) in [
        ("disturbed", &figures.positives),
        ("alias", &figures.aliases),
        ("script", &figures.scripts),
    ] {
        let (found, first) = at(set, t);
        println!("  {what}: found {found:.4}, first {first:.4}");
    }
    if task.show {
        for (what, set, asked) in [
            ("all", &open.innocents, &figures.innocents),
            ("primary", &open.innocents_primary, &figures.innocents_primary),
        ] {
            let mut order: Vec<usize> = (0..asked.len()).collect();
            order.sort_by(|x, y| asked[*y].top.total_cmp(&asked[*x].top));
            for i in order.into_iter().take(45) {
                println!("  innocent, {what}: {}", set.words(i, &params, false));
            }
        }
        for (what, set, asked) in [
            ("alias", &open.aliases, &figures.aliases),
            ("script", &open.scripts, &figures.scripts),
            ("disturbed", &open.positives, &figures.positives),
        ] {
            let missed = (0..asked.len()).filter(|i| asked[*i].own < t && asked[*i].own > 0.0);
            for i in missed.step_by(if what == "alias" { 5 } else { 1 }) {
                println!("  {what} missed: {}", set.words(i, &params, true));
            }
        }
    }
    let mut fitted = params;
    fitted.threshold = (t * 200.0).ceil() / 200.0;
    for name in Params::NAMES {
        let value = fitted.get_mut(name).map_or(0.0, |v| (*v * 1000.0).round() / 1000.0);
        println!("{name}\t{value}");
    }
    Ok(())
}

fn read(task: &Task) -> Result<Open, Failure> {
    let names = data::lists(&task.shared)?;
    let innocents = data::innocents(&task.shared)?;
    let mut pairs = Vec::new();
    for row in data::pairs(&task.shared)? {
        pairs.push((prepare(&row.a, row.kind)?, prepare(&row.b, row.kind)?, row.same));
    }
    let ids = |search: &Search| -> std::collections::HashMap<String, u32> {
        search
            .parties
            .iter()
            .enumerate()
            .map(|(i, p)| (p.clone(), i as u32))
            .collect()
    };
    let nobody = || innocents.iter().map(|n| (n.clone(), Vec::new()));
    let all = Search::new(names.iter());
    let by_id = ids(&all);
    let mut by_bag = std::collections::HashMap::<_, Vec<u32>>::new();
    for name in names
        .iter()
        .filter(|n| n.un && n.kind == PartyKind::Person && n.use_ != Use::Script)
    {
        by_bag
            .entry(data::bag(&name.text))
            .or_default()
            .extend(by_id.get(&name.party));
    }
    let disturbed: Vec<_> = data::positives(&task.shared)?
        .into_iter()
        .filter_map(|(listed, asked)| Some((asked, by_bag.get(&data::bag(&listed))?.clone())))
        .collect();
    let positives = Set::new(task, all, disturbed.into_iter());
    let innocent = Set::new(task, Search::new(names.iter()), nobody());
    let primary = || {
        Search::new(
            names
                .iter()
                .filter(|n| n.use_ == Use::Primary || n.un && n.use_ == Use::Script),
        )
    };
    let (search, by_id) = (primary(), ids(&primary()));
    let wanted = |n: &&data::ListName| {
        n.use_ == Use::Alias
            && n.kind == PartyKind::Person
            && (!n.un || data::latin(&n.text))
            && data::bag(&n.text).len() > 1
    };
    let queries = names
        .iter()
        .filter(wanted)
        .step_by(3)
        .filter_map(|n| Some((n.text.clone(), vec![*by_id.get(&n.party)?])));
    let aliases = Set::new(task, search, queries);
    let innocents_primary = Set::new(task, primary(), nobody());
    let search = Search::new(names.iter().filter(|n| n.un && n.use_ != Use::Script));
    let by_id = ids(&search);
    let queries = names
        .iter()
        .filter(|n| n.un && n.use_ == Use::Script && n.kind == PartyKind::Person && !data::latin(&n.text))
        .filter_map(|n| Some((n.text.clone(), vec![*by_id.get(&n.party)?])));
    let scripts = Set::new(task, search, queries);
    Ok(Open {
        pairs,
        positives,
        innocents: innocent,
        aliases,
        innocents_primary,
        scripts,
        seed: task.seed,
        afresh: task.afresh,
    })
}
