//! Runs: what is needed to repeat a screening to the byte, and to prove that it was repeated.
//!
//! A manifest names the ledger's transaction by number and hash, the clocks, the policy as a whole, the version of algorithm and data, the digests
//! of index, decisions, input and output, and the counts. It holds no time of day and no path but the input's, and its id is the digest of all
//! that: the same screening has the same id.

use serde::{Deserialize, Serialize};

use crate::batch::BatchReport;
use crate::error::ScreenError;
use crate::hit::Hit;
use crate::index::IndexKey;
use crate::policy::Policy;
use crate::query::Query;
use crate::screener::{Options, Screener};

/// What was asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Asked {
    /// Queries, as they were given.
    Queries(Vec<Query>),
    /// A file.
    File {
        /// Where it was.
        path: String,
        /// Its digest.
        digest: String,
        /// Fields with the columns that held them.
        map: Vec<String>,
        /// The kind of party where a row did not say.
        kind: standing_model::PartyKind,
        /// The extension that the output had, which gives its form.
        form: String,
    },
}

/// One screening, with all that is needed to repeat it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// `m:` and the beginning of the digest of everything below.
    pub run: String,
    /// What the index stood for.
    pub index: IndexKey,
    /// Digest of the index.
    pub index_digest: String,
    /// The lists that were searched, with the dates of their editions.
    pub lists: Vec<crate::ListEdition>,
    /// How many names were searched.
    pub names: usize,
    /// The policy.
    pub policy: Policy,
    /// Digest of the decisions about customers.
    pub judged: String,
    /// How it was screened.
    pub options: Options,
    /// What was asked.
    pub asked: Asked,
    /// Digest of the output's bytes.
    pub output: String,
    /// Counts.
    pub report: BatchReport,
}

impl Manifest {
    /// Gives it the id that its content has.
    #[must_use]
    pub fn sealed(mut self) -> Self {
        self.run.clear();
        let bytes = serde_json::to_vec(&self).unwrap_or_default();
        self.run = format!("m:{}", &blake3::hash(&bytes).to_hex()[..12]);
        self
    }

    /// Is its id that of its content?
    pub fn is_whole(&self) -> bool {
        self.clone().sealed().run == self.run
    }

    /// Reads a manifest; `path` names it in errors.
    pub fn read(path: &str, bytes: &[u8]) -> Result<Self, ScreenError> {
        let wrong = |what: String| ScreenError::Input {
            path: path.to_owned(),
            what,
        };
        let manifest: Self =
            serde_json::from_slice(bytes).map_err(|e| wrong(format!("it is no manifest of a screening: {e}")))?;
        if manifest.is_whole() {
            Ok(manifest)
        } else {
            Err(wrong(format!(
                "it was altered: its content does not give the id {}",
                manifest.run
            )))
        }
    }
}

/// What all manifests of one index, policy and set of decisions have in common, written and digested once: to make a manifest anew costs
/// a good part of what screening one name does.
#[derive(Debug, Clone)]
pub struct ManifestForm {
    same: String,
    hash: blake3::Hasher,
}

/// How a manifest begins; its id is the digest of what is written with an empty one.
const UNNAMED: &str = "{\"run\":\"\",";

/// What the common part holds, in the order of [`Manifest`].
#[derive(Serialize)]
struct Same<'a> {
    index: &'a IndexKey,
    index_digest: String,
    lists: &'a [crate::ListEdition],
    names: usize,
    policy: &'a Policy,
    judged: String,
}

/// The rest, in the order of [`Manifest`].
#[derive(Serialize)]
struct Own<'a> {
    options: Options,
    asked: AskedQueries<'a>,
    output: &'a str,
    report: &'a BatchReport,
}

/// [`Asked::Queries`], borrowed.
#[derive(Serialize)]
struct AskedQueries<'a> {
    queries: &'a [Query],
}

impl ManifestForm {
    /// The form for screenings by a screener.
    pub fn of(screener: &Screener) -> Self {
        let index = screener.index();
        let info = index.info();
        let same = Same {
            index: &info.key,
            index_digest: index.digest(),
            lists: &info.lists,
            names: info.names,
            policy: screener.policy(),
            judged: screener.judged_digest(),
        };
        // Texts, numbers and lists of them: there is nothing in it that JSON could not hold.
        let text = serde_json::to_string(&same).unwrap_or_default();
        let same = text.trim_start_matches('{').trim_end_matches('}').to_owned();
        let mut hash = blake3::Hasher::new();
        hash.update(UNNAMED.as_bytes()).update(same.as_bytes());
        Self { same, hash }
    }

    /// The manifest of a screening of queries, byte for byte what [`Manifest`] gives as JSON.
    pub fn fill(&self, queries: &[Query], options: &Options, output: &str, report: &BatchReport) -> String {
        let own = Own {
            options: *options,
            asked: AskedQueries { queries },
            output,
            report,
        };
        let own = serde_json::to_string(&own).unwrap_or_default();
        let own = own.trim_start_matches('{');
        let mut hash = self.hash.clone();
        hash.update(b",").update(own.as_bytes());
        let run = hash.finalize().to_hex();
        let (before, after) = UNNAMED.split_at(UNNAMED.len() - 2);
        [before, "m:", &run[..12], after, &self.same, ",", own].concat()
    }
}

/// The bytes of hits as an output has them: one JSON object a line.
pub fn hits_bytes<'a>(hits: impl Iterator<Item = &'a Hit>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for hit in hits {
        // A hit is made of texts and numbers: there is nothing in it that JSON could not hold.
        bytes.extend(serde_json::to_vec(hit).unwrap_or_default());
        bytes.push(b'\n');
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listed::{Entry, EntryName, Fields, NameSource};
    use crate::{Index, Info, ListEdition, Searcher};
    use standing_model::{NameKind, NameQuality, PartyKind, State};
    use std::collections::HashMap;

    fn screener() -> Screener {
        let name = EntryName {
            text: "Karim Nazari".into(),
            kind: NameKind::Primary,
            quality: NameQuality::Good,
            source: NameSource::Listing,
        };
        let entry = Entry {
            party: "un:QDi.901".into(),
            listing: Some("un:QDi.901".into()),
            kind: PartyKind::Person,
            caption: "Karim Nazari".into(),
            fields: Fields::default(),
            standing: State::InForce,
            measures: Vec::new(),
            digest: String::new(),
            names: vec![name],
        };
        let info = Info {
            lists: vec![ListEdition {
                list: "un \"x\" {}".into(),
                date: "2025-04-19".into(),
                listings: 1,
                outdated: false,
            }],
            ..Info::default()
        };
        let index = Index::build(vec![entry], info).unwrap();
        Screener::new(index, Policy::default(), HashMap::new())
    }

    #[test]
    fn a_form_gives_the_bytes_of_the_manifest() {
        let screener = screener();
        let form = ManifestForm::of(&screener);
        let odd = Query {
            id: Some("}{,\"".into()),
            ..Query::named("{\"run\":\"\"} Karim")
        };
        for (queries, threshold) in [
            (vec![], None),
            (vec![Query::named("Karim Nazari")], Some(0.7)),
            (vec![odd, Query::named("")], None),
        ] {
            let options = Options {
                threshold,
                limit: threshold.map(|_| 3),
                exhaustive: true,
            };
            let mut report = BatchReport::default();
            for query in &queries {
                let outcome = screener.screen(query, &Options::default(), &mut Searcher::default());
                report.hits += outcome.map_or(0, |o| o.hits.len() as u64);
            }
            let info = screener.index().info();
            let manifest = Manifest {
                run: String::new(),
                index: info.key.clone(),
                index_digest: screener.index().digest(),
                lists: info.lists.clone(),
                names: info.names,
                policy: screener.policy().clone(),
                judged: screener.judged_digest(),
                options,
                asked: Asked::Queries(queries.clone()),
                output: "0a".into(),
                report: report.clone(),
            }
            .sealed();
            let written = form.fill(&queries, &options, "0a", &report);
            assert_eq!(written, serde_json::to_string(&manifest).unwrap());
            assert!(Manifest::read("it", written.as_bytes()).is_ok_and(|m| m.is_whole()));
        }
    }
}
