//! Parties: which ids are one, what they are called, and which of them a text on a command line may mean.
//!
//! Clusters come from `cluster.rs`; here a [`View`] asks for the one around an id, or for all of them.

use standing_model::{ListingId, Record};

use crate::chain::Marks;
use crate::cluster::{Graph, Tie, canonical};
use crate::error::LedgerError;
use crate::keys::name_key;
use crate::view::View;

/// A party: the ids that are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Its id: the highest-ranking of them.
    pub id: String,
    /// The name to show.
    pub name: String,
    /// All ids, sorted.
    pub ids: Vec<String>,
}

impl Party {
    /// The ids that are listings on lists.
    pub fn listings(&self) -> impl Iterator<Item = &str> {
        self.ids
            .iter()
            .map(String::as_str)
            .filter(|id| id.contains(':') && !id.starts_with("standing:") && !id.starts_with("customer:"))
    }
}

impl View<'_> {
    /// The party that an id belongs to, if the ledger holds the id.
    pub fn party_of(&self, id: &str) -> Result<Option<Party>, LedgerError> {
        let in_register = self
            .register()
            .parties
            .iter()
            .any(|p| p.id == id || p.wikidata.as_deref() == Some(id) || p.listings.iter().any(|l| l == id));
        let listed = match id.split_once(':') {
            Some((list, reference)) => self.has_listing(&ListingId::new(list, reference))?,
            None => false,
        };
        let graph = Graph::around(&self.ledger.connection, self.register(), id, self.horizon())?;
        let cluster = graph
            .clusters()
            .into_iter()
            .find(|c| c.iter().any(|m| m == id))
            .unwrap_or_default();
        if !in_register && !listed && cluster.len() < 2 {
            return Ok(None);
        }
        self.party(cluster).map(Some)
    }

    fn party(&self, ids: Vec<String>) -> Result<Party, LedgerError> {
        let id = canonical(&ids).to_owned();
        let name = self.name_of(&ids)?.unwrap_or_else(|| id.clone());
        Ok(Party { id, name, ids })
    }

    fn name_of(&self, ids: &[String]) -> Result<Option<String>, LedgerError> {
        for id in ids {
            if let Some(party) = self.register().parties.iter().find(|p| &p.id == id) {
                return Ok(party.names.first().map(|n| n.text.to_string()));
            }
        }
        for id in ids {
            if let Some((list, reference)) = id.split_once(':') {
                let listing = ListingId::new(list, reference);
                if let Some(view) = self.listing(&listing)? {
                    return Ok(Some(view.record.caption().to_owned()));
                }
                // Not shown by any accepted snapshot known by then; its name is still its name.
                if let Some(record) = self.any_record(&listing)? {
                    return Ok(Some(record.caption().to_owned()));
                }
            }
        }
        Ok(None)
    }

    fn any_record(&self, listing: &ListingId) -> Result<Option<Record>, LedgerError> {
        let Some(entries) = self.entries(listing)? else {
            return Ok(None);
        };
        let last = entries.iter().rev().find_map(|(_, record)| *record);
        last.map(|record| self.records.get(record)).transpose()
    }

    /// The judgements up to this state, oldest first, each with the transaction that recorded it.
    pub fn judgements(&self) -> Result<Vec<(i64, standing_model::Judgement)>, LedgerError> {
        let connection = &self.ledger.connection;
        let mut marks = Vec::new();
        let mut transactions = connection.prepare_cached("SELECT n, marks FROM tx WHERE n <= ?1 ORDER BY n")?;
        let mut rows = transactions.query([self.transaction])?;
        while let Some(row) = rows.next()? {
            let text: String = row.get(1)?;
            marks.push((Marks::decode(&text)?.0[Marks::JUDGEMENT], row.get::<_, i64>(0)?));
        }
        let mut statement = connection.prepare_cached(
            "SELECT id, target, source, verdict, decider, why FROM judgement WHERE id <= ?1 ORDER BY id",
        )?;
        let mut rows = statement.query([self.horizon().judgement])?;
        let mut judgements = Vec::new();
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            let verdict: String = row.get(3)?;
            let judgement = standing_model::Judgement {
                target: row.get(1)?,
                source: row.get(2)?,
                verdict: serde_json::from_value(serde_json::Value::String(verdict))?,
                by: row.get(4)?,
                why: row.get(5)?,
            };
            let at = marks.partition_point(|(last, _)| *last < id);
            judgements.push((marks.get(at).map_or(self.transaction, |m| m.1), judgement));
        }
        Ok(judgements)
    }

    /// All parties: clusters of what is connected, and every other listing alone. Each listing is in exactly one.
    pub fn parties(&self) -> Result<Vec<Vec<String>>, LedgerError> {
        let graph = Graph::whole(&self.ledger.connection, self.register(), self.horizon())?;
        Ok(graph.clusters())
    }

    /// What connects ids that are one party, each tie with its two ids.
    pub fn connections(&self) -> Result<Vec<(Tie, String, String)>, LedgerError> {
        Ok(Graph::whole(&self.ledger.connection, self.register(), self.horizon())?.connections())
    }

    /// Pairs of ids that a person told apart or left open, the lesser id first.
    pub fn told_apart(&self) -> Result<Vec<(String, String)>, LedgerError> {
        let graph = Graph::whole(&self.ledger.connection, self.register(), self.horizon())?;
        Ok(graph.blocked().iter().cloned().collect())
    }

    /// The id of a cluster of ids.
    pub fn canonical(ids: &[String]) -> &str {
        canonical(ids)
    }

    /// The parties that a text on a command line may mean: an id, a publisher's reference, or a name as listed.
    pub fn find(&self, text: &str) -> Result<Vec<Party>, LedgerError> {
        let text = text.trim();
        if let Some(party) = self.party_of(text)? {
            return Ok(vec![party]);
        }
        let mut ids = Vec::new();
        let connection = &self.ledger.connection;
        let mut by_reference = connection.prepare_cached(
            "SELECT list || ':' || reference FROM listing WHERE reference = ?1 AND id <= ?2 ORDER BY list",
        )?;
        for id in by_reference.query_map(rusqlite::params![text, self.marks.0[Marks::LISTING]], |row| {
            row.get::<_, String>(0)
        })? {
            ids.push(id?);
        }
        let in_register = |l: &String| l.split_once(':').is_some_and(|(_, reference)| reference == text);
        ids.extend(
            self.register()
                .parties
                .iter()
                .flat_map(|p| p.listings.iter().filter(|l| in_register(l)).cloned()),
        );
        if ids.is_empty()
            && let Some(key) = name_key(text)
        {
            ids.extend(
                self.register()
                    .parties
                    .iter()
                    .filter(|p| p.names.iter().any(|n| name_key(&n.text) == Some(key)))
                    .map(|p| p.id.clone()),
            );
            let mut by_name = connection.prepare_cached(
                "SELECT l.list || ':' || l.reference FROM name_key k JOIN listing l ON l.id = k.listing
                     WHERE k.key = ?1 AND k.snapshot <= ?2 ORDER BY l.list, l.reference",
            )?;
            for id in by_name.query_map([key, self.marks.0[Marks::SNAPSHOT]], |row| row.get::<_, String>(0))? {
                ids.push(id?);
            }
        }
        let mut parties: Vec<Party> = Vec::new();
        for id in ids {
            if !parties.iter().any(|p| p.ids.contains(&id)) {
                parties.extend(self.party_of(&id)?);
            }
        }
        Ok(parties)
    }
}
