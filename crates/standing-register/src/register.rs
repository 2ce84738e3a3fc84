//! The register as a whole: its entries, how to find one, and what an entry of a list amounts to.

use std::collections::BTreeMap;

use standing_model::{Measure, Step};

use crate::entry::{
    AuthorityEntry, Citation, DownloadEntry, ListEntry, NoteEntry, PartyEntry, ProgrammeEntry, SourceEntry, StepEntry,
};
use crate::finding::{Finding, Severity};
use crate::table::Lines;
use crate::{check, read};

/// The kinds of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Section {
    Source,
    Authority,
    List,
    Download,
    Programme,
    Party,
    Step,
    Note,
}

impl Section {
    pub(crate) const ALL: [Self; 8] = [
        Self::Source,
        Self::Authority,
        Self::List,
        Self::Download,
        Self::Programme,
        Self::Party,
        Self::Step,
        Self::Note,
    ];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Authority => "authority",
            Self::List => "list",
            Self::Download => "download",
            Self::Programme => "programme",
            Self::Party => "party",
            Self::Step => "step",
            Self::Note => "note",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.word() == word)
    }
}

/// Curated facts: who decides and how, under which regimes, about whom, and the steps that no list publishes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Register {
    /// What the facts rest on.
    pub sources: Vec<SourceEntry>,
    /// Who decides.
    pub authorities: Vec<AuthorityEntry>,
    /// Lists that a machine can read.
    pub lists: Vec<ListEntry>,
    /// Where they can be fetched.
    pub downloads: Vec<DownloadEntry>,
    /// Legal regimes.
    pub programmes: Vec<ProgrammeEntry>,
    /// Parties.
    pub parties: Vec<PartyEntry>,
    /// Steps.
    pub steps: Vec<StepEntry>,
    /// What is to be said about a party before an authority that is no step.
    pub notes: Vec<NoteEntry>,
    /// The lines of every entry, in the order of the entries.
    pub(crate) lines: BTreeMap<Section, Vec<Lines>>,
}

/// What a record on a list amounts to under one of its programmes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regime<'a> {
    /// The programme, if the register knows the code.
    pub programme: Option<&'a ProgrammeEntry>,
    /// Who decides.
    pub authority: &'a str,
    /// What is done.
    pub measures: &'a [Measure],
}

impl Register {
    /// Reads and checks files, each as `(path, text)`. Warnings do not stand in the way; [`Register::check`] repeats them.
    pub fn parse(files: &[(&str, &str)]) -> Result<Self, Vec<Finding>> {
        let (register, mut findings) = read::read(files);
        // What could not be read would be reported again as unknown by everything that refers to it.
        if findings.is_empty() {
            findings = check::check(&register);
        }
        if findings.iter().any(|finding| finding.severity == Severity::Error) {
            findings.sort();
            return Err(findings);
        }
        Ok(register)
    }

    /// Reads downloads alone, such as a user's own: what else a register holds is not asked for, and the lists may be the user's.
    pub fn parse_downloads(files: &[(&str, &str)]) -> Result<Vec<DownloadEntry>, Vec<Finding>> {
        let (register, mut findings) = read::read(files);
        findings.extend(check::check_downloads(&register));
        if findings.is_empty() {
            Ok(register.downloads)
        } else {
            findings.sort();
            Err(findings)
        }
    }

    /// How many entries it has.
    pub(crate) fn len(&self) -> usize {
        self.lines.values().map(Vec::len).sum()
    }

    /// Everything that is wrong between the entries, by file and line.
    pub fn check(&self) -> Vec<Finding> {
        check::check(self)
    }

    /// A source by its id.
    pub fn source(&self, id: &str) -> Option<&SourceEntry> {
        self.sources.iter().find(|entry| entry.id == id)
    }

    /// An authority by its id.
    pub fn authority(&self, id: &str) -> Option<&AuthorityEntry> {
        self.authorities.iter().find(|entry| entry.id == id)
    }

    /// A list by its id.
    pub fn list(&self, id: &str) -> Option<&ListEntry> {
        self.lists.iter().find(|entry| entry.id == id)
    }

    /// A programme by its id.
    pub fn programme(&self, id: &str) -> Option<&ProgrammeEntry> {
        self.programmes.iter().find(|entry| entry.id == id)
    }

    /// A programme by the code that a list writes for it; white space around the code and runs of it do not count.
    pub fn programme_by_code(&self, list: &str, code: &str) -> Option<&ProgrammeEntry> {
        self.programmes
            .iter()
            .find(|entry| entry.codes.iter().any(|(l, c)| l == list && same_code(c, code)))
    }

    /// A party by its id.
    pub fn party(&self, id: &str) -> Option<&PartyEntry> {
        self.parties.iter().find(|entry| entry.id == id)
    }

    /// The party that a listing surely is.
    pub fn party_by_listing(&self, listing: &str) -> Option<&PartyEntry> {
        self.parties
            .iter()
            .find(|entry| entry.listings.iter().any(|known| known.as_str() == listing))
    }

    /// What a record on a list amounts to, by its reference and one of its programme codes (none: an empty text).
    ///
    /// The code decides; if the register does not know it, how the reference begins; failing that, the list's own authority and
    /// measures. `None` only if the list itself is not known.
    pub fn regime(&self, list: &str, reference: &str, code: &str) -> Option<Regime<'_>> {
        let by_reference = || {
            self.programmes.iter().find(|entry| {
                entry
                    .references
                    .iter()
                    .any(|(l, start)| l == list && reference.starts_with(start.as_str()))
            })
        };
        if let Some(programme) = self.programme_by_code(list, code).or_else(by_reference) {
            return Some(Regime {
                programme: Some(programme),
                authority: &programme.authority,
                measures: &programme.measures,
            });
        }
        self.list(list).map(|entry| Regime {
            programme: None,
            authority: &entry.authority,
            measures: &entry.measures,
        })
    }

    /// A step of the register as a step of the model, its sources as evidence.
    ///
    /// Its id is `register:` and the entry's; the name is that of the party.
    pub fn step(&self, entry: &StepEntry) -> Step {
        let evidence = |citations: &[Citation]| {
            citations
                .iter()
                .filter_map(|citation| self.source(&citation.source).map(|source| citation.evidence(source)))
                .collect()
        };
        Step {
            step: format!("register:{}", entry.id),
            procedure: Some(entry.procedure.clone()),
            party: entry.party.clone(),
            name: self
                .party(&entry.party)
                .map(|party| party.caption().to_owned())
                .unwrap_or_default(),
            listing: entry.listing.clone(),
            authority: entry.authority.clone(),
            measure: entry.measure,
            action: entry.action,
            stage: entry.stage,
            on: entry.on,
            known: Some(entry.known),
            grade: entry.grade,
            instrument: entry.instrument.clone(),
            programmes: entry.programmes.clone(),
            note: entry.note.clone(),
            contradicted: evidence(&entry.contradicted),
            earlier: None,
            fields: Vec::new(),
            effect: standing_model::step::AmendEffect::default(),
            sources: evidence(&entry.sources),
        }
    }
}

fn same_code(known: &str, written: &str) -> bool {
    known == written || known.split_whitespace().eq(written.split_whitespace())
}
