//! The entries of the register as types, in the words of the model.
//!
//! They say what the files say and no more. Where the rest of the program needs a type of the model instead, the entry has a method
//! that makes it.

use serde::{Deserialize, Serialize};
use standing_model::{
    Action, Authority, Country, Evidence, Grade, Instrument, Jurisdiction, ListingId, Measure, Name, PartialDate,
    PartyKind, Programme, Stage,
};

/// Something that can be read elsewhere and that facts rest on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceEntry {
    /// Lasting id: `tass-2025-04-17`.
    pub id: String,
    /// What it is, for people.
    pub title: String,
    /// Who published it.
    pub publisher: String,
    /// When it was published, where that is known.
    pub date: Option<PartialDate>,
    /// Where it can be read, where that is known.
    pub url: Option<String>,
    /// What a reader should know about it: only an excerpt was seen, a translation, a copy.
    pub note: Option<String>,
}

/// A source cited for one fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// The id of the source.
    pub source: String,
    /// What it says, in our words.
    pub says: Option<String>,
    /// The day that it gives, if it gives another than the step.
    pub on: Option<PartialDate>,
    /// How strong it is; the step's own grade where it says nothing, `reported` for a contradiction.
    pub grade: Grade,
}

/// One stage of a procedure as an authority follows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcedureStage {
    /// The stage in the words of the model.
    pub stage: Stage,
    /// Who acts.
    pub who: String,
    /// The kind of instrument; `None` where no source names one.
    pub instrument: Option<String>,
    /// What makes the measure effective at this stage, where the regime says so.
    pub effective_when: Option<String>,
}

/// How an authority puts a measure on or takes it off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcedureEntry {
    /// What is done to a party.
    pub measure: Measure,
    /// What is done to the measure.
    pub action: Action,
    /// The stages in their order.
    pub stages: Vec<ProcedureStage>,
    /// What else is known about it.
    pub note: Option<String>,
    /// The ids of the sources; none where `unverified`.
    pub sources: Vec<String>,
    /// General knowledge that no source at hand confirms.
    pub unverified: bool,
}

/// Who decides, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorityEntry {
    /// Lasting id: `un-1267`, `us-state`, `ru-supreme-court`.
    pub id: String,
    /// Full name in English.
    pub name: String,
    /// Short name for tables.
    pub short: String,
    /// For whom it decides.
    pub jurisdiction: Jurisdiction,
    /// Hosts of its own web sites; those under them are its own too.
    pub hosts: Vec<String>,
    /// What a reader should know about it.
    pub note: Option<String>,
    /// Sources of what is said here outside the procedures: that it decides, and its hosts.
    pub sources: Vec<String>,
    /// Its procedures as far as they are sourced.
    pub procedures: Vec<ProcedureEntry>,
}

impl AuthorityEntry {
    /// The authority as the model knows it.
    pub fn authority(&self) -> Authority {
        Authority {
            id: self.id.clone(),
            name: self.name.clone(),
            short: self.short.clone(),
            jurisdiction: self.jurisdiction,
            hosts: self.hosts.clone(),
        }
    }
}

/// A list that is published in a form that a machine can read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListEntry {
    /// Lasting id, the first half of every listing id: `un`, `us-sdn`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Who lists on it, where a record's programme does not say otherwise.
    pub authority: String,
    /// What a record on it amounts to, where its programme does not say otherwise.
    pub measures: Vec<Measure>,
    /// The jurisdiction it belongs to.
    pub jurisdiction: Jurisdiction,
    /// Days that usually pass between two editions, where that is known.
    pub interval_days: Option<u32>,
    /// Who publishes it.
    pub publisher: String,
    /// Its page, where that is known.
    pub url: Option<String>,
    /// Under which terms it may be used, where its publisher says so.
    pub licence: Option<String>,
    /// What a reader should know about it.
    pub note: Option<String>,
    /// Sources of what is said here, beside the list itself.
    pub sources: Vec<String>,
}

/// Where a list can be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DownloadEntry {
    /// Lasting id, and the name of the folder in which downloads are kept: small letters, digits and hyphens.
    pub id: String,
    /// The list that it gives.
    pub list: String,
    /// Its address.
    pub url: String,
    /// About how many bytes it has; ten times as many are refused.
    pub size: Option<u32>,
    /// Fewer records than this are no whole list.
    pub minimum: u32,
    /// What a reader should know about it.
    pub note: Option<String>,
    /// The ids of the sources that give the address; none where `unverified`.
    pub sources: Vec<String>,
    /// No source at hand confirms the address: it is fetched only if it is named.
    pub unverified: bool,
}

/// A legal regime under which parties are listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgrammeEntry {
    /// Lasting id: `UN-SC1988`, `US-FTO219`.
    pub id: String,
    /// Full name.
    pub name: String,
    /// The authority that lists under it.
    pub authority: String,
    /// The measures it amounts to.
    pub measures: Vec<Measure>,
    /// The codes by which lists name it, as `(list, code)`.
    pub codes: Vec<(String, String)>,
    /// How references begin under it, as `(list, beginning)`: `("un", "TAi")`.
    pub references: Vec<(String, String)>,
    /// What a reader should know about it.
    pub note: Option<String>,
    /// The ids of the sources; none where `unverified`.
    pub sources: Vec<String>,
    /// The code occurs on a list; what it stands for is general knowledge that no source at hand confirms.
    pub unverified: bool,
}

impl ProgrammeEntry {
    /// The programme as the model knows it.
    pub fn programme(&self) -> Programme {
        Programme {
            id: self.id.clone(),
            codes: self.codes.clone(),
            references: self.references.clone(),
            name: self.name.clone(),
            authority: self.authority.clone(),
            measures: self.measures.clone(),
        }
    }
}

/// A name of a party with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyName {
    /// The name.
    #[serde(flatten)]
    pub name: Name,
    /// The id of the source.
    pub source: String,
}

/// An office or function that a party held for some time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// What it is.
    pub title: String,
    /// From when.
    pub from: Option<PartialDate>,
    /// Until when; open where nothing is said.
    pub until: Option<PartialDate>,
    /// The id of the source.
    pub source: String,
}

/// A party that steps in the register are about, or that lists name in many ways.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyEntry {
    /// `standing:` and a lasting slug.
    pub id: String,
    /// What kind of party.
    pub kind: PartyKind,
    /// Its names, the primary one first.
    pub names: Vec<PartyName>,
    /// Its Wikidata item, where that is sure.
    pub wikidata: Option<String>,
    /// When it was founded or born, where a source says so.
    pub founded: Option<PartialDate>,
    /// The country it is most at home in.
    pub country: Option<Country>,
    /// Listings that are surely this party.
    pub listings: Vec<ListingId>,
    /// Offices over time.
    pub roles: Vec<Role>,
    /// What a reader should know about it.
    pub note: Option<String>,
    /// The ids of the sources for what is not a name or a role.
    pub sources: Vec<String>,
}

impl PartyEntry {
    /// The name to show.
    pub fn caption(&self) -> &str {
        self.names.first().map_or(self.id.as_str(), |n| n.name.text.as_str())
    }
}

/// A step that no machine-readable list publishes, or that dates what lists only bound.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepEntry {
    /// Lasting id within the register: `taliban-ru-petition`.
    pub id: String,
    /// The procedure it belongs to.
    pub procedure: String,
    /// The party's id.
    pub party: String,
    /// The listing, if it is about one.
    pub listing: Option<ListingId>,
    /// Who decides.
    pub authority: String,
    /// What is done.
    pub measure: Measure,
    /// What is done to the measure.
    pub action: Action,
    /// How far it has come.
    pub stage: Stage,
    /// When it is legally so; `None` where no source says.
    pub on: Option<PartialDate>,
    /// The first day on which it was public.
    pub known: PartialDate,
    /// The legal act.
    pub instrument: Instrument,
    /// Programmes concerned, by id.
    pub programmes: Vec<String>,
    /// How strong the evidence is.
    pub grade: Grade,
    /// What a reader should know about it.
    pub note: Option<String>,
    /// What it rests on.
    pub sources: Vec<Citation>,
    /// Sources that say otherwise, each with what it says.
    pub contradicted: Vec<Citation>,
}

/// Something about a party before an authority that is no step: why there is none, what a regime covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteEntry {
    /// Lasting id within the register.
    pub id: String,
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
    pub sources: Vec<Citation>,
}

impl Citation {
    /// The citation as evidence, given the source that it names.
    pub fn evidence(&self, source: &SourceEntry) -> Evidence {
        Evidence {
            source: source.id.clone(),
            title: if source.title.starts_with(&source.publisher) {
                source.title.clone()
            } else {
                format!("{}: {}", source.publisher, source.title)
            },
            place: self.says.clone(),
            url: source.url.clone(),
            on: self.on,
            known: source.date,
            grade: self.grade,
        }
    }
}
