//! Claims in the words that people read, the same in the terminal and on pages.

use standing_model::{Action, ClaimStatus, ClaimType};

use super::Meeting;
use super::claims::Said;
use crate::words::state_words;

/// The sign of a status: by shape, so that colour is never needed.
pub fn status_sign(status: ClaimStatus) -> &'static str {
    match status {
        ClaimStatus::InEffect | ClaimStatus::Occurred => "●",
        ClaimStatus::Decided | ClaimStatus::Planned | ClaimStatus::Proposed => "◔",
        ClaimStatus::Ended => "○",
        ClaimStatus::Urged | ClaimStatus::Possible => "◌",
        ClaimStatus::Denied | ClaimStatus::NotOccurred => "✕",
    }
}

/// A status in words.
pub fn status_words(status: ClaimStatus) -> &'static str {
    match status {
        ClaimStatus::InEffect => "in effect",
        ClaimStatus::Ended => "ended",
        ClaimStatus::Occurred => "occurred",
        ClaimStatus::Decided => "decided",
        ClaimStatus::Planned => "planned",
        ClaimStatus::Proposed => "proposed",
        ClaimStatus::Urged => "urged",
        ClaimStatus::Possible => "possible",
        ClaimStatus::Denied => "denied",
        ClaimStatus::NotOccurred => "not occurred",
    }
}

/// What a claim says: `RU lifts designation of Taliban`.
pub fn what(kind: ClaimType, action: Option<Action>, actor: Option<&str>, party: Option<&str>) -> String {
    let actor = actor.unwrap_or("somebody");
    let measure = |name: &str| match action {
        Some(Action::Lift) => format!("lifts {name} of"),
        Some(Action::Suspend) => format!("suspends {name} of"),
        Some(Action::Maintain) => format!("keeps {name} of"),
        _ => format!("puts {name} on"),
    };
    let doing = match (kind, action) {
        (ClaimType::Designation, Some(Action::Impose) | None) => "designates".to_owned(),
        (ClaimType::Designation, _) => measure("designation"),
        (ClaimType::Sanctions, _) => measure("sanctions"),
        (ClaimType::Assets, Some(Action::Lift)) => "releases assets of".to_owned(),
        (ClaimType::Assets, Some(Action::Suspend)) => "suspends the freezing of assets of".to_owned(),
        (ClaimType::Assets, Some(Action::Maintain)) => "keeps assets frozen of".to_owned(),
        (ClaimType::Assets, _) => "freezes or seizes assets of".to_owned(),
        (ClaimType::Recognition, Some(Action::Impose) | None) => "recognises".to_owned(),
        (ClaimType::Recognition, _) => measure("recognition"),
        (ClaimType::Mission, Some(Action::Impose) | None) => "accepts mission of".to_owned(),
        (ClaimType::Mission, Some(Action::Lift)) => "ends mission of".to_owned(),
        (ClaimType::Mission, _) => measure("mission"),
        (ClaimType::Role, _) => "holds an office of".to_owned(),
        (ClaimType::Stance, _) => "takes a stance on".to_owned(),
        (ClaimType::Urge, _) => "urges".to_owned(),
        (ClaimType::Commit, _) => "commits itself to".to_owned(),
        (ClaimType::Meet, _) => "meets".to_owned(),
        (ClaimType::Agree, _) => "agrees with".to_owned(),
        (ClaimType::Aid, _) => "aids".to_owned(),
        (ClaimType::Accuse, _) => "accuses".to_owned(),
        (ClaimType::Deny, _) => "denies".to_owned(),
        (ClaimType::Threaten, _) => "threatens".to_owned(),
        (ClaimType::Attack, _) => "attacks".to_owned(),
        (ClaimType::Responsibility, _) => "claims an attack on".to_owned(),
        (ClaimType::Military, _) => "moves forces:".to_owned(),
        (ClaimType::Arrest, _) => "arrests or charges".to_owned(),
        (ClaimType::Facility, _) => "sets up a facility:".to_owned(),
    };
    format!("{actor} {doing} {}", party.unwrap_or("–"))
}

/// Who says so, through whom.
pub fn who(speaker: Option<&str>, via: &[String]) -> String {
    let mut out = speaker.unwrap_or("the article").to_owned();
    if !via.is_empty() {
        out.push_str(&format!(", through {}", via.join(", ")));
    }
    out
}

/// A meeting in the fewest words: `corroborated: the record has it in force since 2003`.
pub fn meeting(meets: &Meeting) -> String {
    let mut out = match meets.verdict {
        Some(verdict) => format!("{}: {}", verdict.word(), meets.why),
        None => meets.why.clone(),
    };
    if let Some(day) = meets.differs {
        out.push_str(&format!("; the record gives another day, {day}"));
    }
    if let Some(narrows) = &meets.narrows {
        out.push_str(&format!("; it would narrow it to {}", narrows.to));
    }
    if let Some(now) = &meets.now {
        let since = now.since.map_or(String::new(), |d| format!(" since {d}"));
        out.push_str(&format!("; by now {}{since}", state_words(now.standing)));
    }
    if !meets.nearest.is_empty() {
        let names: Vec<String> = meets.nearest.iter().map(|p| format!("{} ({})", p.name, p.id)).collect();
        out.push_str(&format!("; nearest: {}", names.join(", ")));
    }
    out
}

/// Where and when a claim was published: `Example Times, 2024-10-04`.
pub fn published(said: &Said) -> String {
    let who = said.outlet.as_deref().unwrap_or(&said.file);
    said.known.map_or_else(|| who.to_owned(), |day| format!("{who}, {day}"))
}
