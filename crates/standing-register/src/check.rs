//! What can be wrong between the entries of a register.
//!
//! Each check names the entry's line and what to do. Checks that need only one table are in the reader; those about steps in time
//! are in [`steps`].

mod downloads;
mod steps;

use std::collections::{BTreeSet, HashMap};

use standing_model::{NameKind, PartialDate, Stage, Truth};

pub(crate) use downloads::check_downloads;

use crate::entry::Citation;
use crate::finding::{Finding, Place};
use crate::register::{Register, Section};
use crate::table::Lines;

/// Everything that is wrong, by file and line.
pub(crate) fn check(register: &Register) -> Vec<Finding> {
    let mut checker = Checker {
        register,
        sources: ids(register.sources.iter().map(|entry| entry.id.as_str())),
        authorities: ids(register.authorities.iter().map(|entry| entry.id.as_str())),
        lists: ids(register.lists.iter().map(|entry| entry.id.as_str())),
        programmes: ids(register.programmes.iter().map(|entry| entry.id.as_str())),
        parties: ids(register.parties.iter().map(|entry| entry.id.as_str())),
        listings: HashMap::new(),
        cited: BTreeSet::new(),
        findings: Vec::new(),
    };
    checker.duplicates();
    checker.authorities();
    checker.lists();
    downloads::check(&mut checker);
    checker.programmes();
    checker.parties();
    checker.notes();
    steps::check(&mut checker);
    checker.uncited();
    let mut findings = checker.findings;
    findings.sort();
    findings.dedup();
    findings
}

fn ids<'a>(ids: impl Iterator<Item = &'a str>) -> HashMap<&'a str, usize> {
    ids.enumerate().map(|(at, id)| (id, at)).collect()
}

struct Checker<'r> {
    register: &'r Register,
    sources: HashMap<&'r str, usize>,
    authorities: HashMap<&'r str, usize>,
    lists: HashMap<&'r str, usize>,
    programmes: HashMap<&'r str, usize>,
    parties: HashMap<&'r str, usize>,
    /// Which party a listing is, filled while parties are checked.
    listings: HashMap<&'r str, usize>,
    cited: BTreeSet<&'r str>,
    findings: Vec<Finding>,
}

/// A place for entries that were not read from files.
fn nowhere() -> Place {
    Place {
        file: "register".to_owned(),
        line: 1,
    }
}

impl<'r> Checker<'r> {
    fn lines(&self, section: Section, at: usize) -> Option<&'r Lines> {
        self.register.lines.get(&section).and_then(|lines| lines.get(at))
    }

    fn place(&self, section: Section, at: usize, field: &str) -> Place {
        self.lines(section, at).map_or_else(nowhere, |lines| lines.of(field))
    }

    fn head(&self, section: Section, at: usize) -> Place {
        self.lines(section, at)
            .map_or_else(nowhere, |lines| lines.head().clone())
    }

    fn error(&mut self, place: &Place, what: impl Into<String>, remedy: impl Into<String>) {
        self.findings.push(place.error(what, remedy));
    }

    /// Two entries of one kind with the same id, and ids that cannot be typed.
    fn duplicates(&mut self) {
        let register = self.register;
        let sections: [(Section, Vec<&str>); 7] = [
            (
                Section::Source,
                register.sources.iter().map(|e| e.id.as_str()).collect(),
            ),
            (
                Section::Authority,
                register.authorities.iter().map(|e| e.id.as_str()).collect(),
            ),
            (Section::List, register.lists.iter().map(|e| e.id.as_str()).collect()),
            (
                Section::Programme,
                register.programmes.iter().map(|e| e.id.as_str()).collect(),
            ),
            (Section::Party, register.parties.iter().map(|e| e.id.as_str()).collect()),
            (Section::Step, register.steps.iter().map(|e| e.id.as_str()).collect()),
            (Section::Note, register.notes.iter().map(|e| e.id.as_str()).collect()),
        ];
        for (section, ids) in sections {
            let mut first: HashMap<&str, usize> = HashMap::new();
            for (at, id) in ids.into_iter().enumerate() {
                if !id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b)) {
                    self.error(
                        &self.place(section, at, "id"),
                        format!("the id \"{id}\" cannot be typed on every keyboard"),
                        "use letters a to z, digits, and - . : between them",
                    );
                }
                if let Some(&earlier) = first.get(id) {
                    let there = self.place(section, earlier, "id");
                    self.error(
                        &self.place(section, at, "id"),
                        format!(
                            "the {} \"{id}\" is already at {}:{}",
                            section.word(),
                            there.file,
                            there.line
                        ),
                        "give one of them another id, or make them one",
                    );
                } else {
                    first.insert(id, at);
                }
            }
        }
    }

    /// An id that must exist.
    fn known(&mut self, place: &Place, what: &str, id: &str) -> bool {
        let ids = match what {
            "authority" => &self.authorities,
            "list" => &self.lists,
            "programme" => &self.programmes,
            "party" => &self.parties,
            _ => &self.sources,
        };
        if ids.contains_key(id) {
            return true;
        }
        // Comparing letters is slow; after many findings nobody reads hints.
        let near = if self.findings.len() < 100 {
            nearest(id, ids.keys().copied())
        } else {
            None
        };
        let remedy = match near {
            Some(near) => format!("did you mean \"{near}\"? Else add a [[{what}]] with this id"),
            None => format!("add a [[{what}]] with this id, or correct it"),
        };
        self.error(place, format!("there is no {what} \"{id}\""), remedy);
        false
    }

    fn cite(&mut self, place: &Place, id: &'r str) {
        self.cited.insert(id);
        self.known(place, "source", id);
    }

    /// Citations of a fact. They must be there, and what they cite too.
    fn citations(&mut self, place: &Place, what: &str, citations: &'r [Citation]) {
        if citations.is_empty() {
            self.error(
                place,
                format!("this {what} has no source"),
                "add `sources = [{ source = \"…\", says = \"…\" }]`; what no source says is left out",
            );
        }
        for citation in citations {
            self.cite(place, &citation.source);
        }
    }

    /// Sources of something that may be marked as general knowledge instead.
    fn sourced(&mut self, place: &Place, what: &str, sources: &'r [String], unverified: bool) {
        match (sources.is_empty(), unverified) {
            (true, false) => self.error(
                place,
                format!("this {what} has no source"),
                "add `sources = [\"…\"]`, or `unverified = true` if no source at hand confirms it",
            ),
            (false, true) => self.error(
                place,
                format!("this {what} is marked as unverified and cites sources"),
                "remove `unverified` if they confirm it, else the sources",
            ),
            _ => {}
        }
        for source in sources {
            self.cite(place, source);
        }
    }

    fn authorities(&mut self) {
        let register = self.register;
        for (at, entry) in register.authorities.iter().enumerate() {
            let cited = self.place(Section::Authority, at, "sources");
            for source in &entry.sources {
                self.cite(&cited, source);
            }
            let place = self.place(Section::Authority, at, "procedure");
            for procedure in &entry.procedures {
                let what = format!("procedure ({} {})", procedure.action.word(), procedure.measure);
                self.sourced(&place, &what, &procedure.sources, procedure.unverified);
                if procedure.stages.is_empty() {
                    self.error(
                        &place,
                        format!("this {what} has no stages"),
                        "add `stages = [{ stage = …, who = … }]`",
                    );
                }
                // An announcement may come before or after the decision.
                let stages = procedure
                    .stages
                    .iter()
                    .map(|stage| stage.stage)
                    .filter(|&stage| stage != Stage::Announced);
                if let Some((later, earlier)) = out_of_order(stages) {
                    self.error(
                        &place,
                        format!("in this {what}, {} stands after {}", earlier.word(), later.word()),
                        "put the stages into the order in which they happen: proposed, decided, published, effective",
                    );
                }
            }
        }
    }

    fn lists(&mut self) {
        let register = self.register;
        for (at, entry) in register.lists.iter().enumerate() {
            self.known(
                &self.place(Section::List, at, "authority"),
                "authority",
                &entry.authority,
            );
            let cited = self.place(Section::List, at, "sources");
            for source in &entry.sources {
                self.cite(&cited, source);
            }
            if entry.id.contains(':') {
                let place = self.place(Section::List, at, "id");
                self.error(
                    &place,
                    format!("the list id \"{}\" holds a colon", entry.id),
                    "a listing is <list>:<reference>, so leave it out",
                );
            }
            if entry.interval_days == Some(0) {
                let place = self.place(Section::List, at, "interval_days");
                self.error(
                    &place,
                    "a list does not appear every 0 days",
                    "write the days between two editions, or leave it out",
                );
            }
        }
    }

    fn programmes(&mut self) {
        let register = self.register;
        let mut owner: HashMap<(&str, String), usize> = HashMap::new();
        for (at, entry) in register.programmes.iter().enumerate() {
            self.known(
                &self.place(Section::Programme, at, "authority"),
                "authority",
                &entry.authority,
            );
            self.sourced(
                &self.head(Section::Programme, at),
                "programme",
                &entry.sources,
                entry.unverified,
            );
            for (field, pairs) in [("codes", &entry.codes), ("references", &entry.references)] {
                let place = self.place(Section::Programme, at, field);
                for (list, code) in pairs {
                    self.known(&place, "list", list);
                    let key = (list.as_str(), format!("{field} {code}"));
                    if let Some(&earlier) = owner.get(&key) {
                        let other = &register.programmes[earlier].id;
                        self.error(
                            &place,
                            format!("\"{list}:{code}\" already stands for the programme {other}"),
                            "a code stands for one programme: remove it from one of them",
                        );
                    } else {
                        owner.insert(key, at);
                    }
                }
            }
        }
    }

    fn parties(&mut self) {
        let register = self.register;
        for (at, entry) in register.parties.iter().enumerate() {
            let head = self.head(Section::Party, at);
            let slug = entry.id.strip_prefix("standing:").unwrap_or_default();
            if slug.is_empty()
                || !slug
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            {
                let place = self.place(Section::Party, at, "id");
                self.error(
                    &place,
                    format!("\"{}\" is no id of a party", entry.id),
                    "write standing: and a name in small letters, digits and hyphens: \"standing:taliban\"",
                );
            }
            let names = self.place(Section::Party, at, "names");
            let primary = entry.names.iter().filter(|n| n.name.kind == NameKind::Primary).count();
            if primary != 1 || entry.names.first().is_some_and(|n| n.name.kind != NameKind::Primary) {
                self.error(
                    &names,
                    format!("this party has {primary} primary names"),
                    "mark exactly the first name with kind = \"primary\"",
                );
            }
            let mut seen = BTreeSet::new();
            for name in &entry.names {
                self.cite(&names, &name.source);
                if !seen.insert(name.name.text.as_str()) {
                    self.findings.push(names.warning(
                        format!("the name \"{}\" stands here twice", name.name.text),
                        "remove one of them",
                    ));
                }
            }
            for listing in &entry.listings {
                let place = self.place(Section::Party, at, "listings");
                self.known(&place, "list", listing.list());
                if let Some(&earlier) = self.listings.get(listing.as_str()) {
                    let other = &register.parties[earlier].id;
                    self.error(
                        &place,
                        format!("{listing} is already a listing of {other}"),
                        "a listing is one party: remove it from one of them",
                    );
                } else {
                    self.listings.insert(listing.as_str(), at);
                }
            }
            for source in &entry.sources {
                self.cite(&head, source);
            }
            if entry.sources.is_empty()
                && (entry.wikidata.is_some() || entry.founded.is_some() || !entry.listings.is_empty())
            {
                self.error(
                    &head,
                    "nothing says where this party's listings, founding or Wikidata item come from",
                    "add `sources = [\"…\"]`",
                );
            }
            for role in &entry.roles {
                let place = self.place(Section::Party, at, "roles");
                self.cite(&place, &role.source);
                if ends_before(role.from, role.until) {
                    self.error(
                        &place,
                        format!("the role \"{}\" ends before it begins", role.title),
                        "exchange or correct `from` and `until`",
                    );
                }
            }
        }
    }

    fn notes(&mut self) {
        let register = self.register;
        for (at, entry) in register.notes.iter().enumerate() {
            self.known(&self.place(Section::Note, at, "party"), "party", &entry.party);
            if let Some(authority) = &entry.authority {
                self.known(&self.place(Section::Note, at, "authority"), "authority", authority);
            }
            self.citations(&self.place(Section::Note, at, "sources"), "note", &entry.sources);
            if ends_before(entry.from, entry.until) {
                let place = self.place(Section::Note, at, "until");
                self.error(
                    &place,
                    "this note ends before it begins",
                    "exchange or correct `from` and `until`",
                );
            }
        }
    }

    /// A source that nothing cites is likely a slip of the pen elsewhere.
    fn uncited(&mut self) {
        for (at, entry) in self.register.sources.iter().enumerate() {
            if !self.cited.contains(entry.id.as_str()) {
                let place = self.place(Section::Source, at, "id");
                let finding = place.warning(
                    format!("nothing cites the source \"{}\"", entry.id),
                    "cite it, or remove it",
                );
                self.findings.push(finding);
            }
        }
    }
}

fn ends_before(from: Option<PartialDate>, until: Option<PartialDate>) -> bool {
    matches!((from, until), (Some(from), Some(until)) if until.before(from) == Truth::Yes)
}

/// The first two neighbours that are in the wrong order.
fn out_of_order(stages: impl Iterator<Item = Stage>) -> Option<(Stage, Stage)> {
    let stages: Vec<Stage> = stages.collect();
    stages
        .windows(2)
        .find(|pair| pair[0] > pair[1])
        .map(|pair| (pair[0], pair[1]))
}

/// The id that differs in at most two letters, if there is one.
fn nearest<'a>(id: &str, ids: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if id.len() > 64 {
        return None;
    }
    ids.filter(|other| other.len() <= 64)
        .map(|other| (distance(id.as_bytes(), other.as_bytes()), other))
        .filter(|&(distance, _)| distance <= 2)
        .min()
        .map(|(_, other)| other)
}

/// How many letters must be put in, left out or replaced (Levenshtein).
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
