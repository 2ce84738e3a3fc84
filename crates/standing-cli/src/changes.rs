//! `standing changes` for people: what became known, grouped by day and list, counted, and named where it is few enough to read.
//!
//! Listings are counted, not steps: a record under two authorities is one listing that was put on.

use std::collections::{BTreeMap, BTreeSet};

use standing::RegisterFacts;
use standing::answers::{By, StepRow};
use standing::model::{Action, Calendar, Day, PartialDate, Stage, Step};
use standing::words::{date, number, step_words};

use crate::table::{Look, cut, folded, safe, wrap};

/// Up to this many listings are named one by one.
const NAMED: usize = 12;

/// What is printed besides the steps.
#[derive(Clone, Copy)]
pub struct Told<'a> {
    /// Names of lists, authorities and programmes.
    pub register: &'a RegisterFacts,
    /// Every amendment field by field.
    pub amended: bool,
    /// By which clock the window was cut.
    pub by: By,
}

/// What belongs together: the day on which it became known, and the list or nothing.
type Group<'a> = ((PartialDate, String), Vec<&'a StepRow>);

/// The changes of a window.
pub fn print(rows: &[StepRow], told: Told<'_>, look: Look) -> String {
    let Some(first) = rows.first() else {
        return "Nothing changed in this window.\n".into();
    };
    let mut out = String::new();
    for ((known, list), members) in groups(rows) {
        let name = told.register.list(&list).map_or(list.as_str(), |l| l.name.as_str());
        let since = if list.is_empty() { None } else { last_before(&members) };
        out.push_str(&format!(
            "{}{}\n",
            look.paint(format!("{known}  {}", safe(name)).trim_end(), "1"),
            since.map_or(String::new(), |day| look.paint(&format!("  (after {day})"), "2"))
        ));
        let mut lines = Vec::new();
        for (action, mark, word) in [
            (Action::Impose, "+", "listed"),
            (Action::Lift, "−", "lifted"),
            (Action::Amend, "~", "amended"),
        ] {
            lines.extend(Line::of(&members, action, mark, word));
        }
        let width = lines.iter().map(|l| number(l.count()).len()).max().unwrap_or(0);
        for line in &lines {
            out.push_str(&line.print(width, told, look));
        }
        for row in members.iter().filter(|r| !is_counted(&r.step)) {
            out.push_str(&single(row, told, look));
        }
    }
    out.push_str(&look.paint(
        &format!(
            "\nThe bytes behind a step:  standing evidence {}    One by one:  --json\n",
            first.step.step
        ),
        "2",
    ));
    folded(&out, look)
}

/// A change of a list; everything else is told in a line of its own.
fn is_counted(step: &Step) -> bool {
    step.listing.is_some()
        && step.stage == Stage::Effective
        && matches!(step.action, Action::Impose | Action::Lift | Action::Amend)
}

fn groups(rows: &[StepRow]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut places: BTreeMap<(Option<String>, &str), usize> = BTreeMap::new();
    for row in rows {
        // What the register knows of a listing earlier than the list showed it still belongs to the list.
        let list = if is_counted(&row.step) {
            row.step.listing.as_ref().map_or("", |l| l.list())
        } else {
            ""
        };
        let key = (row.step.known.map(|d| d.to_string()), list);
        let at = *places.entry(key).or_insert_with(|| {
            let known = row.step.known.unwrap_or(PartialDate::day(Day::MAX));
            groups.push(((known, list.to_owned()), Vec::new()));
            groups.len() - 1
        });
        groups[at].1.push(row);
    }
    groups.sort_by_cached_key(|((known, list), _)| (known.sort_key(), list.clone()));
    groups
}

/// The date of the list's edition before, where every step that two editions bound names the same.
fn last_before(members: &[&StepRow]) -> Option<Calendar> {
    let mut after = members.iter().filter_map(|r| match r.step.on {
        Some(PartialDate::Bounded { after, .. }) => after,
        _ => None,
    });
    let first = after.next()?;
    after.all(|other| other == first).then_some(first)
}

/// What one action did to the listings of a group.
struct Line<'a> {
    action: Action,
    mark: &'static str,
    word: &'static str,
    /// A step for each listing, in the order of their references.
    listings: BTreeMap<&'a str, &'a StepRow>,
}

impl<'a> Line<'a> {
    fn of(members: &[&'a StepRow], action: Action, mark: &'static str, word: &'static str) -> Option<Self> {
        let mut listings = BTreeMap::new();
        for row in members
            .iter()
            .filter(|r| is_counted(&r.step) && r.step.action == action)
        {
            if let Some(listing) = &row.step.listing {
                listings.entry(listing.as_str()).or_insert(*row);
            }
        }
        (!listings.is_empty()).then_some(Self {
            action,
            mark,
            word,
            listings,
        })
    }

    fn count(&self) -> u64 {
        self.listings.len() as u64
    }

    fn print(&self, width: usize, told: Told<'_>, look: Look) -> String {
        let count = number(self.count());
        let head = format!(
            "  {} {}{count} {:<8}",
            self.mark,
            " ".repeat(width.saturating_sub(count.len())),
            self.word
        );
        let mut facts = Vec::new();
        if self.action == Action::Amend {
            facts.push(self.fields());
            if !told.amended {
                facts.push("field by field: --amended".to_owned());
            }
        } else {
            facts.push(self.programmes(told.register));
            facts.extend(self.returns());
        }
        let indent = head.chars().count() + 2;
        let mut out = String::new();
        for (at, line) in wrap(&facts.join("; "), look.width.saturating_sub(indent).max(30))
            .iter()
            .enumerate()
        {
            let lead = if at == 0 { head.clone() } else { " ".repeat(indent - 2) };
            out.push_str(format!("{lead}  {line}").trim_end());
            out.push('\n');
        }
        let every = told.amended && self.action == Action::Amend;
        if self.listings.len() <= NAMED || every {
            for (id, row) in &self.listings {
                out.push_str(&named(id, row, told));
            }
        }
        out
    }

    /// How many under each programme, the most first.
    fn programmes(&self, register: &RegisterFacts) -> String {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for row in self.listings.values() {
            let programme = row.step.programmes.first().map_or("no programme", String::as_str);
            *counts.entry(programme_name(register, programme)).or_default() += 1;
        }
        shares(counts)
    }

    fn returns(&self) -> Option<String> {
        let returns = self.listings.values().filter(|r| r.step.earlier.is_some()).count() as u64;
        let seen = self.listings.values().filter(|r| r.returns).count() as u64;
        match (returns, seen) {
            (0, 0) => None,
            (0, seen) => Some(format!("{} return after an earlier listing", number(seen))),
            (returns, 0) => Some(format!("{} bear the date of an earlier listing", number(returns))),
            (returns, seen) if returns <= seen => Some(format!(
                "{} return after an earlier listing that was seen",
                number(seen)
            )),
            (returns, seen) => Some(format!(
                "{} return after an earlier listing, {} of them seen on a list before",
                number(returns),
                number(seen)
            )),
        }
    }

    /// Which fields changed, in how many listings.
    fn fields(&self) -> String {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for row in self.listings.values() {
            let fields: BTreeSet<&str> = row.step.fields.iter().map(|f| f.field.as_str()).collect();
            for field in fields {
                *counts.entry(safe(field)).or_default() += 1;
            }
        }
        shares(counts)
    }
}

/// `121 Iran · 4 Sudan · 5 other`
fn shares(counts: BTreeMap<String, u64>) -> String {
    const SHOWN: usize = 6;
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut parts: Vec<String> = counts
        .iter()
        .take(SHOWN)
        .map(|(p, n)| format!("{} {p}", number(*n)))
        .collect();
    if counts.len() > SHOWN {
        parts.push(format!(
            "{} other",
            number(counts[SHOWN..].iter().map(|(_, n)| n).sum())
        ));
    }
    parts.join(" · ")
}

/// A programme as people call it: what its name says before the acts, where it names them, else its code.
fn programme_name(register: &RegisterFacts, id: &str) -> String {
    let named = register.programmes.iter().find(|p| p.id == id).map(|p| p.name.as_str());
    match named.and_then(|name| name.split_once(" (resolution")) {
        Some((before, _)) => before.to_owned(),
        None => safe(id),
    }
}

fn named(id: &str, row: &StepRow, told: Told<'_>) -> String {
    let mut out = format!(
        "        {id:<16} {}  {}{}\n",
        cut(&safe(&row.step.name), 52),
        date(row.step.on),
        if row.uncertain && told.by == By::On {
            "  ◌ uncertain"
        } else {
            ""
        }
    );
    if told.amended && row.step.action == Action::Amend {
        for field in &row.step.fields {
            out.push_str(&format!(
                "            {}: {} → {}\n",
                safe(&field.field),
                values(&differing(&field.old, &field.new)),
                values(&differing(&field.new, &field.old))
            ));
        }
    }
    out
}

/// A long text from a little before the place where it differs from another: cut at their ends both would look the same.
fn differing(text: &[String], other: &[String]) -> Vec<String> {
    const SHORT: usize = 100;
    const BEFORE: usize = 24;
    let ([one], [two]) = (text, other) else {
        return text.to_vec();
    };
    if one.chars().count() <= SHORT && two.chars().count() <= SHORT {
        return text.to_vec();
    }
    let same = one.chars().zip(two.chars()).take_while(|(a, b)| a == b).count();
    if same <= BEFORE {
        return text.to_vec();
    }
    let from: String = one.chars().skip(same - BEFORE).collect();
    let word = from
        .find(' ')
        .filter(|at| *at < BEFORE)
        .map_or(from.as_str(), |at| &from[at + 1..]);
    vec![format!("… {word}")]
}

fn values(values: &[String]) -> String {
    if values.is_empty() {
        "–".into()
    } else {
        values
            .iter()
            .map(|v| cut(&safe(v), 100))
            .collect::<Vec<_>>()
            .join(" | ")
    }
}

/// A step that is no plain change of a list: a decision, a suspension, a recognition.
fn single(row: &StepRow, told: Told<'_>, look: Look) -> String {
    let step = &row.step;
    let authority = told
        .register
        .authority(&step.authority)
        .map_or(step.authority.as_str(), |a| a.short.as_str());
    let mark = if step.stage == Stage::Effective { "·" } else { "◔" };
    let text = format!(
        "{mark} {}: {} {} ({}){}",
        date(standing::legal_date(step)),
        safe(authority),
        step_words(step.measure, step.action, step.stage),
        safe(&step.name),
        if row.uncertain && told.by == By::On {
            "  ◌ uncertain"
        } else {
            ""
        }
    );
    let mut out = String::new();
    for (at, line) in wrap(&text, look.width.saturating_sub(6)).iter().enumerate() {
        out.push_str(&format!("{}{line}\n", if at == 0 { "  " } else { "      " }));
    }
    out
}
