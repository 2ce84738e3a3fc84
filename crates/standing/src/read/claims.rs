//! Questions about the claims in a ledger: which there are, what they say about a party's standing, where they and the record disagree.

use serde::Serialize;
use standing_ledger::{Party, View};
use standing_model::{ClaimStatus, ClaimType, Day, Evidence, Measure, PartialDate, Stage, Step};

use super::meeting::{Record, Verdict, stage};
use super::store::{LedgerArticle, articles, claim_id};
use super::{ClaimRow, Meeting, row};
use crate::answers::{authority_matches, one_party};
use crate::clocks::Question;
use crate::error::StandingError;
use standing_ledger::Ledger;

/// Which claims are asked for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// A party.
    pub party: Option<String>,
    /// An authority's id or a jurisdiction.
    pub authority: Option<String>,
    /// A status.
    pub status: Option<ClaimStatus>,
    /// Published on this day or later.
    pub since: Option<Day>,
}

/// A claim of the ledger: as `standing read` gives it, with its id in the ledger and its file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LedgerClaim {
    /// `c:` id: the beginning of its article's digest and its id in the article.
    #[serde(rename = "claim")]
    pub reference: String,
    /// The claim.
    #[serde(flatten)]
    pub row: ClaimRow,
    /// When it was public.
    pub known: Option<PartialDate>,
    /// The file's name as received.
    pub file: String,
}

/// A claim beside a step or a standing, in the fewest words that still say who, through whom, what and when.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Said {
    /// Its id in the ledger.
    pub claim: String,
    /// What it is about.
    #[serde(rename = "type")]
    pub kind: ClaimType,
    /// What would be done.
    pub action: Option<standing_model::Action>,
    /// Who acts.
    pub actor: Option<String>,
    /// On whom.
    pub party: Option<String>,
    /// The id of that party.
    pub party_id: Option<String>,
    /// How real it is.
    pub status: ClaimStatus,
    /// Who says so; `null` for the article's own voice.
    pub speaker: Option<String>,
    /// Through whom.
    pub via: Vec<String>,
    /// When it is said to be.
    pub time: Option<PartialDate>,
    /// When it was public.
    pub known: Option<PartialDate>,
    /// Who published it.
    pub outlet: Option<String>,
    /// The file.
    pub file: String,
    /// Its grade: never counted.
    pub grade: standing_model::Grade,
    /// The exact words.
    pub evidence_text: String,
    /// How it meets the record.
    pub meets: Meeting,
}

impl Said {
    fn of(claim: LedgerClaim) -> Option<Self> {
        let meets = claim.row.meets?;
        let read = claim.row.claim;
        Some(Self {
            claim: claim.reference,
            kind: read.claim.kind,
            action: read.claim.action,
            actor: read.claim.actor,
            party: read.claim.party,
            party_id: read.party_id,
            status: read.claim.status,
            speaker: read.claim.speaker,
            via: read.claim.via,
            time: read.claim.time,
            known: claim.known,
            outlet: claim.row.outlet,
            file: claim.file,
            grade: claim.row.grade,
            evidence_text: read.evidence_text,
            meets,
        })
    }
}

/// All claims of some articles, judged by a day if one is given, else by their publication.
pub(crate) fn judged(
    view: &View<'_>,
    articles: &[LedgerArticle],
    on: Option<Day>,
    today: Day,
) -> Result<Vec<LedgerClaim>, StandingError> {
    let record = Record::new(view, today);
    let mut claims = Vec::new();
    for article in articles {
        for claim in &article.read.reading.claims {
            let row = row(&record, &article.read, claim, on, today)?;
            claims.push(LedgerClaim {
                reference: claim_id(&row.article, &row.claim.claim.id),
                row,
                known: article.known,
                file: article.name.clone(),
            });
        }
    }
    claims.sort_by(|a, b| {
        let key = |c: &LedgerClaim| (c.known.map(PartialDate::sort_key), c.reference.clone());
        key(a).cmp(&key(b))
    });
    Ok(claims)
}

/// The texts by one of which an article that names a party is found in its stored form.
fn mentions(party: &Party, view: &View<'_>) -> Vec<String> {
    let mut texts: Vec<String> = party.ids.iter().map(|id| format!("\"{id}\"")).collect();
    let quoted = |name: &str| serde_json::to_string(name).unwrap_or_default();
    texts.push(quoted(&party.name));
    for known in view.register().parties.iter().filter(|p| party.ids.contains(&p.id)) {
        texts.extend(known.names.iter().map(|n| quoted(&n.text)));
    }
    texts
}

/// The claims of a ledger, by the day on which they were public.
pub fn claims(
    ledger: &Ledger,
    wanted: &Wanted,
    question: &Question,
    today: Day,
) -> Result<Vec<LedgerClaim>, StandingError> {
    let (view, _) = question.view(ledger, today)?;
    let party = wanted.party.as_deref().map(|p| one_party(&view, p)).transpose()?;
    let texts = party.as_ref().map(|p| mentions(p, &view));
    let found = articles(&view, texts.as_deref())?;
    let mut claims = judged(&view, &found, question.on, today)?;
    claims.retain(|c| {
        let read = &c.row.claim;
        let of_party = party
            .as_ref()
            .is_none_or(|p| read.party_id.as_ref().is_some_and(|id| p.ids.contains(id)));
        let of_authority = wanted.authority.as_deref().is_none_or(|a| {
            read.claim
                .actor
                .as_deref()
                .is_some_and(|actor| actor.eq_ignore_ascii_case(a))
                || read
                    .authority_id
                    .as_deref()
                    .is_some_and(|id| authority_matches(&view, id, a))
        });
        let of_status = wanted.status.is_none_or(|s| s == read.claim.status);
        let late = |since: Day| c.known.and_then(PartialDate::latest).is_some_and(|day| day >= since);
        of_party && of_authority && of_status && wanted.since.is_none_or(late)
    });
    Ok(claims)
}

/// What news says about a party's standing, judged by a day; published by that day.
pub fn about(view: &View<'_>, party: &Party, on: Day, today: Day) -> Result<Vec<Said>, StandingError> {
    let found = articles(view, Some(&mentions(party, view)))?;
    let claims = judged(view, &found, Some(on), today)?;
    Ok(claims
        .into_iter()
        .filter(|c| c.row.claim.party_id.as_ref().is_some_and(|id| party.ids.contains(id)))
        .filter(|c| c.known.and_then(PartialDate::latest).is_none_or(|day| day <= on))
        .filter_map(Said::of)
        .collect())
}

/// What news says that is pending by a day: claims that agree with a procedure under way, and claims that the record has not confirmed
/// (announced, decided or said to be done, and not in the record).
pub fn pending(view: &View<'_>, on: Day) -> Result<Vec<Said>, StandingError> {
    let found = articles(view, None)?;
    let waits = |s: &Said| match s.meets.verdict {
        Some(Verdict::Ahead) => true,
        Some(Verdict::Corroborated) => stage(s.status).is_some_and(|stage| stage != Stage::Effective),
        _ => false,
    };
    Ok(judged(view, &found, Some(on), on)?
        .into_iter()
        .filter(|c| c.known.and_then(PartialDate::latest).is_none_or(|day| day <= on))
        .filter_map(Said::of)
        .filter(waits)
        .collect())
}

/// What news announced and the record has not confirmed by a day.
pub fn unconfirmed(view: &View<'_>, on: Day) -> Result<Vec<Said>, StandingError> {
    let mut said = pending(view, on)?;
    said.retain(|s| s.meets.verdict == Some(Verdict::Ahead));
    Ok(said)
}

/// The claims about a party, each judged by its own publication, for a timeline.
pub fn over_time(view: &View<'_>, party: &Party, today: Day) -> Result<Vec<Said>, StandingError> {
    let found = articles(view, Some(&mentions(party, view)))?;
    Ok(judged(view, &found, None, today)?
        .into_iter()
        .filter(|c| c.row.claim.party_id.as_ref().is_some_and(|id| party.ids.contains(id)))
        .filter_map(Said::of)
        .collect())
}

/// Sources that disagree about one thing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contradiction {
    /// The party's id.
    pub party: String,
    /// Its name.
    pub name: String,
    /// Who decides.
    pub authority: Option<String>,
    /// What is done.
    pub measure: Option<Measure>,
    /// The step that they disagree about.
    pub step: Option<String>,
    /// What it does.
    pub action: Option<standing_model::Action>,
    /// How far that step has come: a decision is not an effect.
    pub stage: Option<Stage>,
    /// The day that the record gives.
    pub on: Option<PartialDate>,
    /// What the record rests on.
    pub sources: Vec<Evidence>,
    /// Sources of the record that give another day.
    pub contradicted: Vec<Evidence>,
    /// Claims that say otherwise, or give another day.
    pub claims: Vec<Said>,
    /// In words.
    pub why: String,
}

/// Where sources disagree: evidence of the record with another day, and claims that the record contradicts or dates otherwise.
pub fn contradictions(
    ledger: &Ledger,
    party: Option<&str>,
    question: &Question,
    today: Day,
) -> Result<Vec<Contradiction>, StandingError> {
    let (view, _) = question.view(ledger, today)?;
    let party = party.map(|p| one_party(&view, p)).transpose()?;
    let steps: Vec<Step> = match &party {
        Some(party) => view.party_steps(party)?,
        None => view.all_steps(standing_ledger::Amendments::Skip)?,
    };
    let texts = party.as_ref().map(|p| mentions(p, &view));
    let found = articles(&view, texts.as_deref())?;
    let mut disagreeing: Vec<(Option<String>, Said)> = judged(&view, &found, question.on, today)?
        .into_iter()
        .filter(|c| {
            party
                .as_ref()
                .is_none_or(|p| c.row.claim.party_id.as_ref().is_some_and(|id| p.ids.contains(id)))
        })
        .filter_map(|c| Some((c.row.claim.party_id.clone(), Said::of(c)?)))
        .filter(|(_, s)| s.meets.verdict == Some(Verdict::Contradicted) || s.meets.differs.is_some())
        .collect();
    let mut rows: Vec<Contradiction> = Vec::new();
    for step in steps {
        let (own, rest): (Vec<_>, Vec<_>) = disagreeing
            .into_iter()
            .partition(|(_, s)| s.meets.step.as_deref() == Some(step.step.as_str()));
        disagreeing = rest;
        if step.contradicted.is_empty() && own.is_empty() {
            continue;
        }
        let claims: Vec<Said> = own.into_iter().map(|(_, s)| s).collect();
        rows.push(Contradiction {
            party: step.party.clone(),
            name: step.name.clone(),
            authority: Some(step.authority.clone()),
            measure: Some(step.measure),
            action: Some(step.action),
            stage: Some(step.stage),
            on: standing_ledger::legal_date(&step),
            why: words(&step, &claims),
            step: Some(step.step),
            sources: step.sources,
            contradicted: step.contradicted,
            claims,
        });
    }
    for (id, said) in disagreeing {
        rows.push(Contradiction {
            party: id.unwrap_or_default(),
            name: said.party.clone().unwrap_or_default(),
            authority: said.meets.authority.clone(),
            measure: None,
            step: said.meets.step.clone(),
            action: said.action,
            stage: None,
            on: said.meets.since,
            sources: Vec::new(),
            contradicted: Vec::new(),
            why: said.meets.why.clone(),
            claims: vec![said],
        });
    }
    Ok(rows)
}

fn words(step: &Step, claims: &[Said]) -> String {
    let days = step.contradicted.len() + claims.iter().filter(|c| c.meets.differs.is_some()).count();
    let against = claims
        .iter()
        .filter(|c| c.meets.verdict == Some(Verdict::Contradicted))
        .count();
    let plural = |n: usize, one: &str, many: &str| {
        if n == 1 {
            format!("1 {one}")
        } else {
            format!("{n} {many}")
        }
    };
    let mut parts = Vec::new();
    if days > 0 {
        parts.push(plural(days, "source gives another day", "sources give another day"));
    }
    if against > 0 {
        parts.push(plural(against, "claim says otherwise", "claims say otherwise"));
    }
    parts.join("; ")
}
