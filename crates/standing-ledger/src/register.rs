//! The register as the ledger holds it: facts of an edition, stored with the source document they were read from.
//!
//! Reading the register's files is not the ledger's business; it gets their content as [`RegisterFacts`].

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};
use standing_model::{
    Authority, Country, Evidence, Grade, Measure, Name, PartialDate, PartyKind, Programme, Record, Step,
};

use crate::error::{LedgerError, damaged};

/// A list as the register knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListEntry {
    /// The list's id: `un`.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// The authority for programmes that the register does not know.
    pub authority: String,
    /// The measures for programmes that the register does not know.
    pub measures: Vec<Measure>,
    /// After how many days without a new edition the list counts as old.
    pub interval_days: Option<u32>,
    /// Where it is published.
    pub url: Option<String>,
    /// Under which terms it may be used, where its publisher says so.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub licence: Option<String>,
}

/// A party as the register knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterParty {
    /// `standing:taliban`
    pub id: String,
    /// Its Wikidata id, where sure.
    pub wikidata: Option<String>,
    /// What kind of party.
    pub kind: PartyKind,
    /// Its names, the one to show first.
    pub names: Vec<Name>,
    /// Listing ids that are known to be this party.
    pub listings: Vec<String>,
    /// The country it is most at home in.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub country: Option<Country>,
    /// What it was, and when.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub roles: Vec<RegisterRole>,
}

/// An office or function that a party held for some time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterRole {
    /// What it is.
    pub title: String,
    /// From when.
    pub from: Option<PartialDate>,
    /// Until when; open where nothing is said.
    pub until: Option<PartialDate>,
}

/// Something about a party before an authority that is no step: why there is none, what a regime covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterNote {
    /// The party's id.
    pub party: String,
    /// The authority; `None` where it is about all of them.
    pub authority: Option<String>,
    /// The measure; `None` where it is about none in particular.
    pub measure: Option<Measure>,
    /// In one sentence.
    pub text: String,
    /// From when it is so, where that is known.
    pub from: Option<PartialDate>,
    /// Until when it was so; open where nothing is said.
    pub until: Option<PartialDate>,
    /// The first day on which it was public.
    pub known: PartialDate,
    /// How strong the evidence is.
    pub grade: Grade,
    /// What it rests on.
    pub sources: Vec<Evidence>,
}

/// What one edition of the register says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct RegisterFacts {
    /// Who decides.
    pub authorities: Vec<Authority>,
    /// Legal regimes.
    pub programmes: Vec<Programme>,
    /// Lists.
    pub lists: Vec<ListEntry>,
    /// Parties.
    pub parties: Vec<RegisterParty>,
    /// Steps that no list publishes, and acts that date what lists only bound.
    pub steps: Vec<Step>,
    /// What is to be said beside the steps.
    pub notes: Vec<RegisterNote>,
}

/// What one listing amounts to: authority and measure, with the programmes that it rests on.
pub type Regimes = BTreeMap<(String, Measure), Vec<String>>;

impl RegisterFacts {
    /// The authority of an id.
    pub fn authority(&self, id: &str) -> Option<&Authority> {
        self.authorities.iter().find(|a| a.id == id)
    }

    /// The list of an id.
    pub fn list(&self, id: &str) -> Option<&ListEntry> {
        self.lists.iter().find(|l| l.id == id)
    }

    /// Which measures of which authorities a record on a list amounts to.
    ///
    /// A programme is found by its code, else by how the reference begins. A code that the register does not know falls under the
    /// list's own authority and measures; so does a record without any.
    pub fn regimes(&self, list: &str, record: &Record) -> Regimes {
        self.regimes_and_unknown(list, record).0
    }

    /// Does a record name programmes, all of which are known?
    pub fn knows_programmes(&self, list: &str, record: &Record) -> bool {
        !record.programmes.is_empty() && self.regimes_and_unknown(list, record).1 == 0
    }

    /// The regimes, and how many of the record's codes no programme has.
    fn regimes_and_unknown(&self, list: &str, record: &Record) -> (Regimes, usize) {
        let mut regimes = Regimes::new();
        let by_code = |code: &str| {
            self.programmes
                .iter()
                .find(|p| p.codes.iter().any(|(l, c)| l == list && c == code))
        };
        let by_reference = || {
            self.programmes.iter().find(|p| {
                p.references
                    .iter()
                    .any(|(l, r)| l == list && record.reference.starts_with(r.as_str()))
            })
        };
        let mut known = Vec::new();
        let mut unknown = Vec::new();
        for code in &record.programmes {
            match by_code(code).or_else(by_reference) {
                Some(programme) => known.push(programme),
                None => unknown.push(code.to_string()),
            }
        }
        if record.programmes.is_empty() {
            known.extend(by_reference());
        }
        let strangers = unknown.len();
        if known.is_empty() || !unknown.is_empty() {
            match self.list(list) {
                Some(entry) => {
                    for &measure in &entry.measures {
                        regimes
                            .entry((entry.authority.clone(), measure))
                            .or_default()
                            .extend(unknown.iter().cloned());
                    }
                }
                None => regimes
                    .entry((list.to_owned(), Measure::Sanctions))
                    .or_default()
                    .extend(unknown),
            }
        }
        for programme in known {
            for &measure in &programme.measures {
                regimes
                    .entry((programme.authority.clone(), measure))
                    .or_default()
                    .push(programme.id.clone());
            }
        }
        for codes in regimes.values_mut() {
            codes.sort_unstable();
            codes.dedup();
        }
        (regimes, strangers)
    }
}

pub(crate) fn append(connection: &Connection, document: i64, facts: &RegisterFacts) -> Result<(), LedgerError> {
    let text = serde_json::to_vec(facts)?;
    let body = zstd::bulk::compress(&text, 9).map_err(|source| LedgerError::File {
        what: "compressing the register".into(),
        source,
    })?;
    connection
        .prepare_cached("INSERT INTO register (document, body) VALUES (?1, ?2)")?
        .execute(rusqlite::params![document, body])?;
    Ok(())
}

/// The newest edition up to an id; an empty one if there is none.
pub(crate) fn load(connection: &Connection, up_to: i64) -> Result<RegisterFacts, LedgerError> {
    let body: Option<Vec<u8>> = connection
        .prepare_cached("SELECT body FROM register WHERE id <= ?1 ORDER BY id DESC LIMIT 1")?
        .query_row([up_to], |row| row.get(0))
        .optional()?;
    let Some(body) = body else {
        return Ok(RegisterFacts::default());
    };
    let size = zstd::zstd_safe::get_frame_content_size(&body)
        .ok()
        .flatten()
        .unwrap_or(0)
        .min(1 << 28);
    let text = zstd::bulk::decompress(&body, size as usize).map_err(|e| damaged(format!("the register: {e}")))?;
    Ok(serde_json::from_slice(&text)?)
}
