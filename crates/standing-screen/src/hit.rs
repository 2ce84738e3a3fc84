//! Hits, as they are given out: each with the parts from which its score follows.

use serde::{Deserialize, Serialize};
use standing_model::{Action, NameKind, NameQuality, PartialDate, State};
use standing_names::{Comparison, Params, Parts, Warning};

use crate::fields::{self, FieldNote};
use crate::listed::{MeasureLine, NameSource};
use crate::query::QueryRef;

/// A listing that a query resembles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// What was asked.
    pub query: QueryRef,
    /// The party's id.
    pub party: String,
    /// The listing; `null` for a party that the register alone knows.
    pub listing: Option<String>,
    /// The listed name that resembles most.
    pub name: String,
    /// The name to show for the listing.
    pub caption: String,
    /// What the threshold applies to: the names' score with what other fields add and take away.
    pub score: f64,
    /// The score of the names alone.
    pub name_score: f64,
    /// Where the listing stands in sum: `in_force`, `suspended`, `uncertain`, `lifted`, or `none` where something is only pending.
    pub standing: State,
    /// The same before each authority.
    pub measures: Vec<MeasureLine>,
    /// What somebody decided about this pair, where that no longer holds for the records as they are now.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub judged: Option<JudgedNote>,
    /// Why.
    pub explanation: Explanation,
}

impl Hit {
    /// Where the listing stands, in words: `listed since 2013-07-24`, `formerly listed, lifted 2025-11-06 by S/RES/2799`.
    pub fn standing_words(&self) -> String {
        let line = self.measures.iter().find(|l| l.standing == self.standing);
        let since = line.and_then(|l| l.since);
        let by = line
            .and_then(|l| l.instrument.as_deref())
            .map(|act| format!(" by {act}"))
            .unwrap_or_default();
        let when = |word: &str| match since {
            Some(PartialDate::Bounded { .. }) => format!(" {}", since.map(|d| d.to_string()).unwrap_or_default()),
            Some(date) => format!("{word}{date}"),
            None => String::new(),
        };
        let mut words = match self.standing {
            State::InForce => format!("listed{}", when(" since ")),
            State::Suspended => format!("listed, suspended{}{by}", when(" since ")),
            State::Lifted => format!("formerly listed, lifted{}{by}", when(" ")),
            State::Uncertain => format!("uncertain: changed{}", when(" ")),
            State::None => String::new(),
        };
        for pending in self.measures.iter().flat_map(|l| &l.pending) {
            let when = pending.on.map(|d| format!(" {d}")).unwrap_or_default();
            let action = match pending.action {
                Action::Impose => "designation",
                Action::Amend => "amendment",
                Action::Suspend => "suspension",
                Action::Resume => "resumption",
                Action::Lift => "lifting",
                Action::Maintain => "keeping",
            };
            let gap = if words.is_empty() { "" } else { "; " };
            words.push_str(&format!("{gap}{action} {}{when}, not in effect", pending.stage.word()));
        }
        words
    }
}

/// A decision about a customer and a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgedNote {
    /// `same`, `different` or `unsure`.
    pub verdict: String,
    /// Who decided.
    pub by: String,
    /// The reason given.
    pub why: String,
    /// Which of the two records changed since.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub changed: Option<String>,
}

/// A pair that was judged before and is not raised again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgedPair {
    /// What was asked.
    pub query: QueryRef,
    /// The party's id.
    pub party: String,
    /// The listing.
    pub listing: Option<String>,
    /// The score that it would have been raised with.
    pub score: f64,
    /// The decision.
    pub judged: JudgedNote,
}

/// Which name of the listing it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameNote {
    /// Primary, alias or former.
    pub kind: NameKind,
    /// How far the publisher trusts it.
    pub quality: NameQuality,
    /// Who gives it.
    pub source: NameSource,
}

/// Two tokens that met.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PairNote {
    /// As asked.
    pub query: String,
    /// As listed.
    pub listed: String,
    /// How they met: `equal`, `spelling`, `transliteration`, …
    pub how: String,
    /// How alike they are.
    pub similarity: f32,
    /// The weight of the pair.
    pub weight: f32,
}

/// A token without counterpart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeftNote {
    /// `query` or `listed`.
    pub side: String,
    /// As written.
    pub written: String,
    /// What it is.
    pub kind: String,
    /// Its weight; 0 for light words.
    pub weight: f32,
}

/// The sums of the names' formula (`docs/NAMES.md`).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PartsNote {
    /// Weight of matched tokens times similarity.
    pub matched: f32,
    /// Weight of matched tokens times what they lack.
    pub discord: f32,
    /// Weight left over in the query.
    pub left_query: f32,
    /// Weight left over in the listed name.
    pub left_listed: f32,
    /// Share lost to words left over on both sides that are far apart in writing.
    #[serde(default)]
    pub strange: f32,
    /// What the letters of two lone words are worth that did not meet.
    #[serde(default)]
    pub letters: f32,
    /// Share lost to another order.
    pub disorder: f32,
    /// Lost to light words.
    pub light: f32,
    /// The same name.
    pub same: bool,
}

impl PartsNote {
    fn parts(self) -> Parts {
        Parts {
            matched: self.matched,
            discord: self.discord,
            left_a: self.left_query,
            left_b: self.left_listed,
            strange: self.strange,
            letters: self.letters,
            disorder: self.disorder,
            light: self.light,
            same: self.same,
        }
    }
}

/// Why a hit scores what it does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// Which name of the listing it was.
    pub listed_name: NameNote,
    /// What met what.
    pub pairs: Vec<PairNote>,
    /// What was left over.
    pub left_over: Vec<LeftNote>,
    /// The sums of the formula.
    pub parts: PartsNote,
    /// What other fields added and took away.
    pub fields: Vec<FieldNote>,
    /// Fields given on one side only: name and which side lacks it.
    pub not_compared: Vec<(String, String)>,
    /// What was changed in the query before comparing.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub folded: Vec<String>,
}

impl Explanation {
    pub(crate) fn new(names: Comparison, listed_name: NameNote, fields: Vec<FieldNote>) -> Self {
        let parts = names.parts;
        Self {
            listed_name,
            pairs: names
                .pairs
                .into_iter()
                .map(|p| PairNote {
                    query: p.a,
                    listed: p.b,
                    how: p.relation.word().into(),
                    similarity: p.similarity,
                    weight: p.weight,
                })
                .collect(),
            left_over: names
                .leftovers
                .into_iter()
                .map(|l| LeftNote {
                    side: if l.side == 1 { "query" } else { "listed" }.into(),
                    written: l.written,
                    kind: l.kind.word().into(),
                    weight: l.weight,
                })
                .collect(),
            parts: PartsNote {
                matched: parts.matched,
                discord: parts.discord,
                left_query: parts.left_a,
                left_listed: parts.left_b,
                strange: parts.strange,
                letters: parts.letters,
                disorder: parts.disorder,
                light: parts.light,
                same: parts.same,
            },
            fields,
            not_compared: Vec::new(),
            folded: Vec::new(),
        }
    }

    /// The names' score, from the parts alone.
    pub fn name_score(&self) -> f64 {
        rounded(self.parts.parts().score(Params::embedded()))
    }

    /// The total score, from the parts alone.
    pub fn score(&self) -> f64 {
        let names = self.parts.parts();
        rounded(fields::total(names.score(Params::embedded()), &self.fields))
    }
}

/// Scores are given out, compared and ordered with four places.
pub(crate) fn rounded(score: f32) -> f64 {
    (f64::from(score) * 10_000.0).round() / 10_000.0
}

pub(crate) fn warning_words(warning: Warning) -> &'static str {
    match warning {
        Warning::ConfusablesFolded => "letters of another script that look alike were folded",
        Warning::DirectionRemoved => "characters that turn the writing direction were removed",
        Warning::InvisibleRemoved => "characters without width were removed",
        Warning::FiguresRead => "figures inside the name were read as letters",
    }
}
