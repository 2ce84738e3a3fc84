//! The names that news is read with: every party and authority of the register, every listed name and alias of the ledger.
//!
//! Parties go in under the id of their cluster, so that a claim about any of its listings is a claim about the party. Articles are
//! English, so names in other scripts are left out. Names of the ledger come from its table (`name_table`), made once for each state of it.

use std::path::Path;

use standing_ledger::{RegisterParty, View};
use standing_model::{NameQuality, PartyKind, Script};
use standing_news::{DatedRole, Gazetteer, KnownKind};

use super::name_table;
use crate::error::StandingError;

/// Names for reading, from what a view shows.
pub(crate) fn gazetteer(view: &View<'_>, table: Option<&Path>) -> Result<Gazetteer, StandingError> {
    let mut gazetteer = Gazetteer::embedded();
    let register = view.register();
    for authority in &register.authorities {
        let code = authority.jurisdiction.to_string();
        gazetteer.add(
            &authority.id,
            KnownKind::Authority,
            [authority.name.as_str()],
            Some(&code),
            Vec::new(),
        );
    }
    for party in &register.parties {
        let names: Vec<&str> = party
            .names
            .iter()
            .filter(|n| n.script.is_none_or(Script::is_latin))
            .map(|n| n.text.as_str())
            .collect();
        gazetteer.add(&party.id, kind(party.kind), names, None, roles(party));
    }
    name_table::each(view, table, &mut |id, party, names| {
        gazetteer.add(id, kind(party), names, None, Vec::new());
    })?;
    Ok(gazetteer)
}

/// Calls `f` with every listed party that the ledger holds: id, kind, names in Latin letters, the one to show first.
pub(crate) fn listed(view: &View<'_>, f: &mut dyn FnMut(&str, PartyKind, &[String])) -> Result<(), StandingError> {
    let mut owner: std::collections::HashMap<String, String> = std::collections::HashMap::new();
    for cluster in view.parties()? {
        if cluster.len() > 1 {
            let id = View::canonical(&cluster).to_owned();
            for member in cluster {
                owner.insert(member, id.clone());
            }
        }
    }
    for list in view.lists()? {
        view.each_listing(&list, |listing| {
            let own = listing.id.to_string();
            let id = owner.get(&own).map_or(own.as_str(), String::as_str);
            let names: Vec<String> = listing
                .record
                .names
                .iter()
                .filter(|n| n.script.is_none_or(Script::is_latin) && useful(&n.text, n.quality, listing.record.kind))
                .map(|n| reading_order(&n.text))
                .collect();
            f(id, listing.record.kind, &names);
            Ok(())
        })?;
    }
    Ok(())
}

/// A weak alias of one word (`Ali`, `the Doctor`) names too many others, and so does a ship of one word (`Hope`).
fn useful(name: &str, quality: NameQuality, kind: PartyKind) -> bool {
    let plain = quality == NameQuality::Good && !matches!(kind, PartyKind::Vessel | PartyKind::Aircraft);
    plain || name.split_whitespace().count() > 1
}

/// `ZAWAHIRI, Ayman` as an article writes it.
fn reading_order(name: &str) -> String {
    match name.split_once(", ") {
        Some((family, given)) if !given.contains(',') && family.chars().all(|c| !c.is_lowercase()) => {
            format!("{given} {family}")
        }
        _ => name.to_owned(),
    }
}

fn kind(kind: PartyKind) -> KnownKind {
    match kind {
        PartyKind::Person => KnownKind::Person,
        _ => KnownKind::Organisation,
    }
}

fn roles(party: &RegisterParty) -> Vec<DatedRole> {
    party
        .roles
        .iter()
        .map(|role| DatedRole {
            role: role.title.clone(),
            state: party.country.map(|c| c.to_string()),
            from: role.from,
            until: role.until,
        })
        .collect()
}
