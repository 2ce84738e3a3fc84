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
use crate::screener::Options;

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
