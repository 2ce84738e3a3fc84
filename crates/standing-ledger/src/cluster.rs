//! Which listings are one party.
//!
//! Edges come from persons, from the register and from rules (see `keys.rs`), in this order of weight. They are joined in a fixed
//! order, and a join is refused where a person said *different* or *unsure* about any two members, where it would bring two Wikidata
//! ids together, and, for rules, where it would put two listings of one list into one party: a publisher that lists twice means two
//! parties until a person says otherwise. A key that one list gives to two of its listings connects neither. The outcome depends on the edges alone.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use rusqlite::Connection;
use standing_model::Verdict;

use crate::error::LedgerError;
use crate::register::RegisterFacts;

/// What joins two ids. The order is that of joining.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tie {
    /// A person's decision.
    Person,
    /// The register names the listing as the party's.
    Register,
    /// A rule, with the key that both share.
    Rule(String),
}

/// A graph of ids.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    edges: BTreeSet<(Tie, String, String)>,
    blocked: BTreeSet<(String, String)>,
    nodes: BTreeSet<String>,
}

fn ordered(a: &str, b: &str) -> (String, String) {
    if a < b {
        (a.to_owned(), b.to_owned())
    } else {
        (b.to_owned(), a.to_owned())
    }
}

/// Rank of an id: register, Wikidata, `NK-`, listings, and last customers' records, which never name a party; then the greater id wins, as
/// resolver files have it.
pub(crate) fn rank(id: &str) -> (u8, &str) {
    let rank = if id.starts_with("standing:") {
        4
    } else if is_wikidata(id) {
        3
    } else if id.starts_with("NK-") {
        2
    } else {
        u8::from(!id.starts_with("customer:"))
    };
    (rank, id)
}

/// Is it a Wikidata id?
pub(crate) fn is_wikidata(id: &str) -> bool {
    id.strip_prefix('Q')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// The state of the ledger that a graph is read at.
#[derive(Clone, Copy)]
pub(crate) struct Horizon {
    pub snapshot: i64,
    pub judgement: i64,
}

impl Graph {
    fn edge(&mut self, tie: Tie, a: &str, b: &str) {
        let (a, b) = ordered(a, b);
        self.nodes.insert(a.clone());
        self.nodes.insert(b.clone());
        self.edges.insert((tie, a, b));
    }

    fn judgements(&mut self, judged: &BTreeMap<(String, String), Verdict>) {
        for ((a, b), verdict) in judged {
            match verdict {
                Verdict::Same => self.edge(Tie::Person, a, b),
                Verdict::Different | Verdict::Unsure => {
                    self.blocked.insert(ordered(a, b));
                }
            }
        }
    }

    /// Everything that can be reached from one id.
    pub fn around(
        connection: &Connection,
        register: &RegisterFacts,
        start: &str,
        horizon: Horizon,
    ) -> Result<Self, LedgerError> {
        let mut graph = Self::default();
        graph.nodes.insert(start.to_owned());
        let mut queue = VecDeque::from([start.to_owned()]);
        let mut seen = BTreeSet::from([start.to_owned()]);
        while let Some(id) = queue.pop_front() {
            for party in &register.parties {
                if party.id == id || party.listings.contains(&id) || party.wikidata.as_ref() == Some(&id) {
                    for other in party.listings.iter().chain(&party.wikidata) {
                        graph.edge(Tie::Register, &party.id, other);
                    }
                }
            }
            let mut judged = BTreeMap::new();
            for sql in [
                "SELECT target, source, verdict FROM judgement WHERE target = ?1 AND id <= ?2 ORDER BY id",
                "SELECT target, source, verdict FROM judgement WHERE source = ?1 AND id <= ?2 ORDER BY id",
            ] {
                read_judgements(connection, sql, rusqlite::params![id, horizon.judgement], &mut judged)?;
            }
            graph.judgements(&judged);
            if let Some((list, reference)) = id.split_once(':') {
                let mut statement = connection.prepare_cached(
                    "SELECT DISTINCT k.key, o.list || ':' || o.reference FROM listing l JOIN link_key k ON k.listing = l.id
                     JOIN link_key j ON j.key = k.key JOIN listing o ON o.id = j.listing
                     WHERE l.reference = ?2 AND l.list = ?1 AND k.snapshot <= ?3 AND j.snapshot <= ?3 ORDER BY k.key, o.id",
                )?;
                let mut rows = statement.query(rusqlite::params![list, reference, horizon.snapshot])?;
                let mut sharing: BTreeMap<String, Vec<String>> = BTreeMap::new();
                while let Some(row) = rows.next()? {
                    sharing.entry(row.get(0)?).or_default().push(row.get(1)?);
                }
                for (key, ids) in sharing {
                    let ids = unambiguous(ids);
                    if ids.contains(&id) {
                        for other in ids.iter().filter(|other| **other != id) {
                            graph.edge(Tie::Rule(key.clone()), &id, other);
                        }
                    }
                }
            }
            for node in &graph.nodes {
                if seen.insert(node.clone()) {
                    queue.push_back(node.clone());
                }
            }
        }
        Ok(graph)
    }

    /// Every edge of the ledger.
    pub fn whole(connection: &Connection, register: &RegisterFacts, horizon: Horizon) -> Result<Self, LedgerError> {
        let mut graph = Self::default();
        for party in &register.parties {
            graph.nodes.insert(party.id.clone());
            for other in party.listings.iter().chain(&party.wikidata) {
                graph.edge(Tie::Register, &party.id, other);
            }
        }
        let mut judged = BTreeMap::new();
        read_judgements(
            connection,
            "SELECT target, source, verdict FROM judgement WHERE id <= ?1 ORDER BY id",
            rusqlite::params![horizon.judgement],
            &mut judged,
        )?;
        graph.judgements(&judged);
        let mut statement = connection.prepare_cached(
            "SELECT DISTINCT k.key, l.list || ':' || l.reference FROM link_key k JOIN listing l ON l.id = k.listing
             WHERE k.snapshot <= ?1 ORDER BY k.key, l.id",
        )?;
        let mut rows = statement.query([horizon.snapshot])?;
        let mut last: (String, Vec<String>) = Default::default();
        loop {
            let next: Option<(String, String)> = rows
                .next()?
                .map(|r| Ok::<_, rusqlite::Error>((r.get(0)?, r.get(1)?)))
                .transpose()?;
            match next {
                Some((key, id)) if key == last.0 => last.1.push(id),
                other => {
                    let ids = unambiguous(std::mem::take(&mut last.1));
                    for (at, a) in ids.iter().enumerate() {
                        for b in &ids[at + 1..] {
                            graph.edge(Tie::Rule(last.0.clone()), a, b);
                        }
                    }
                    let Some((key, id)) = other else { break };
                    last = (key, vec![id]);
                }
            }
        }
        Ok(graph)
    }

    /// The ties between ids that ended in one cluster, in the order of joining.
    pub fn connections(&self) -> Vec<(Tie, String, String)> {
        let mut of: HashMap<String, usize> = HashMap::new();
        for (number, cluster) in self.clusters().into_iter().enumerate() {
            of.extend(cluster.into_iter().map(|id| (id, number)));
        }
        self.edges
            .iter()
            .filter(|(_, a, b)| of.get(a) == of.get(b))
            .cloned()
            .collect()
    }

    /// Pairs that a person told apart or left open.
    pub fn blocked(&self) -> &BTreeSet<(String, String)> {
        &self.blocked
    }

    /// Joins the edges; gives each cluster with more than one member, and single nodes, as sorted ids.
    pub fn clusters(&self) -> Vec<Vec<String>> {
        let mut of: HashMap<&str, usize> = HashMap::new();
        let mut clusters: Vec<Vec<&str>> = Vec::new();
        for node in &self.nodes {
            of.insert(node, clusters.len());
            clusters.push(vec![node]);
        }
        for (tie, a, b) in &self.edges {
            let (Some(&x), Some(&y)) = (of.get(a.as_str()), of.get(b.as_str())) else {
                continue;
            };
            if x == y || !self.may_join(&clusters[x], &clusters[y], tie) {
                continue;
            }
            let moved = std::mem::take(&mut clusters[y]);
            for id in &moved {
                of.insert(id, x);
            }
            clusters[x].extend(moved);
        }
        clusters
            .into_iter()
            .filter(|c| !c.is_empty())
            .map(|mut c| {
                c.sort_unstable();
                c.into_iter().map(str::to_owned).collect()
            })
            .collect()
    }

    fn may_join(&self, x: &[&str], y: &[&str], tie: &Tie) -> bool {
        let wikidata = |ids: &[&str]| ids.iter().filter(|id| is_wikidata(id)).count();
        if wikidata(x) + wikidata(y) > 1 {
            return false;
        }
        let list = |id: &str| {
            id.split_once(':')
                .map(|(list, _)| list.to_owned())
                .filter(|l| l != "standing" && l != "customer")
        };
        x.iter().all(|a| {
            y.iter().all(|b| {
                let same_list = || matches!((list(a), list(b)), (Some(l), Some(m)) if l == m);
                let listed_twice = matches!(tie, Tie::Rule(_)) && same_list();
                !listed_twice && !self.blocked.contains(&ordered(a, b))
            })
        })
    }
}

/// Of the listings that share a key, those whose list has no other that shares it. Where one list gives the same key to two of its
/// listings, one of them bears it by mistake (Australia gives `CDi.002` to two men), and no rule can tell which.
fn unambiguous(ids: Vec<String>) -> Vec<String> {
    let list = |id: &str| id.split_once(':').map(|(list, _)| list.to_owned());
    let mut counts: HashMap<Option<String>, usize> = HashMap::new();
    for id in &ids {
        *counts.entry(list(id)).or_default() += 1;
    }
    ids.into_iter().filter(|id| counts[&list(id)] == 1).collect()
}

fn read_judgements(
    connection: &Connection,
    sql: &str,
    parameters: &[&dyn rusqlite::ToSql],
    judged: &mut BTreeMap<(String, String), Verdict>,
) -> Result<(), LedgerError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    while let Some(row) = rows.next()? {
        let (target, source, verdict): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        judged.insert(
            ordered(&target, &source),
            serde_json::from_value(serde_json::Value::String(verdict))?,
        );
    }
    Ok(())
}

/// The id of a cluster: its highest-ranking member.
pub(crate) fn canonical(cluster: &[String]) -> &str {
    cluster
        .iter()
        .map(String::as_str)
        .max_by_key(|id| rank(id))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(Tie, &str, &str)], blocked: &[(&str, &str)]) -> Graph {
        let mut graph = Graph::default();
        for (tie, a, b) in edges {
            graph.edge(tie.clone(), a, b);
        }
        graph.blocked = blocked.iter().map(|(a, b)| ordered(a, b)).collect();
        graph
    }

    fn rule(key: &str) -> Tie {
        Tie::Rule(key.into())
    }

    #[test]
    fn positive_is_transitive_and_different_blocks_across_clusters() {
        let g = graph(
            &[(Tie::Person, "a:1", "b:1"), (Tie::Person, "b:1", "c:1")],
            &[("a:1", "c:1")],
        );
        assert_eq!(g.clusters(), [vec!["a:1".to_owned(), "b:1".into()], vec!["c:1".into()]]);
    }

    #[test]
    fn a_rule_never_joins_two_listings_of_one_list() {
        let g = graph(
            &[(rule("ref:un:1"), "gb:1", "un:1"), (rule("ref:un:1"), "gb:2", "un:1")],
            &[],
        );
        assert_eq!(g.clusters().len(), 2);
        let by_person = graph(&[(Tie::Person, "gb:1", "gb:2")], &[]);
        assert_eq!(by_person.clusters().len(), 1);
    }

    #[test]
    fn a_key_that_one_list_gives_twice_connects_neither() {
        let ids = |ids: &[&str]| ids.iter().map(|i| (*i).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            unambiguous(ids(&["au:1228", "au:633", "gb:8732", "un:CDi.002"])),
            ["gb:8732", "un:CDi.002"]
        );
        assert_eq!(unambiguous(ids(&["au:1", "un:2"])), ["au:1", "un:2"]);
    }

    #[test]
    fn two_wikidata_ids_are_two_parties() {
        assert_eq!(
            graph(&[(Tie::Person, "Q1", "a:1"), (Tie::Person, "Q2", "a:1")], &[])
                .clusters()
                .len(),
            2
        );
    }

    #[test]
    fn the_highest_rank_names_the_cluster() {
        let ids = |ids: &[&str]| ids.iter().map(|i| (*i).to_owned()).collect::<Vec<_>>();
        assert_eq!(canonical(&ids(&["un:1", "Q5", "standing:x"])), "standing:x");
        assert_eq!(canonical(&ids(&["un:1", "Q5", "NK-z"])), "Q5");
        assert_eq!(canonical(&ids(&["gb:1", "un:1"])), "un:1");
        assert_eq!(canonical(&ids(&["ca:1", "customer:7"])), "ca:1");
    }
}
