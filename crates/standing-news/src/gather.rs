//! What was found in the sentences becomes the article's claims: in the order of the text, each fact once, what was undone later marked as ended.

use std::collections::BTreeMap;

use standing_model::date::Calendar;
use standing_model::step::Action;
use standing_model::{Claim, ClaimStatus, ClaimType, PartialDate};

use crate::article::{Article, ReadClaim, Reading, Warning};
use crate::found::Found;
use crate::resolve::{Value, ValueKind};
use crate::text::{Cut, fold};

/// Puts the claims into the reading.
pub(crate) fn gather(article: &Article, cut: &Cut, points: &CodePoints, mut found: Vec<Found>, reading: &mut Reading) {
    found.sort_by(|a, b| {
        a.tokens
            .cmp(&b.tokens)
            .then(a.kind.cmp(&b.kind))
            .then(a.rules.cmp(&b.rules))
    });
    let mut claims: Vec<ReadClaim> = Vec::new();
    // Whether the words of each claim name its party themselves.
    let mut named: Vec<bool> = Vec::new();
    for f in found {
        let names = f
            .party
            .as_ref()
            .is_some_and(|v| v.tokens.0 >= f.tokens.0 && v.tokens.1 <= f.tokens.1);
        let Some(claim) = claim(article, cut, points, f) else {
            continue;
        };
        if let Some(at) = repeated(&claims, &claim) {
            if merge(&mut claims[at], claim, names && !named[at], named[at] && !names) {
                named[at] = names;
            }
        } else {
            claims.push(claim);
            named.push(names);
        }
    }
    same_authority(&mut claims);
    undone(article, &mut claims);
    announced(article, &mut claims);
    claims.sort_by_key(|c| c.evidence_bytes);
    for (n, c) in claims.iter_mut().enumerate() {
        c.claim.id = format!("c{:02}", n + 1);
        let late = article.published.is_some_and(|p| {
            matches!(c.claim.status, ClaimStatus::InEffect | ClaimStatus::Occurred)
                && c.claim
                    .time
                    .as_ref()
                    .is_some_and(|t| matches!(t, PartialDate::In(d) if d.first() > p))
        });
        if late {
            reading.warnings.push(Warning {
                claim: Some(c.claim.id.clone()),
                message: "the publication date lies before the event: check --published".to_owned(),
            });
        }
    }
    reading.claims = claims;
}

fn claim(article: &Article, cut: &Cut, points: &CodePoints, f: Found) -> Option<ReadClaim> {
    let tier = f.kind.tier();
    let actor = f.actor.as_ref().map(|v| value_name(v, tier));
    let party = f.party.as_ref().map(|v| value_name(v, 2));
    let mut status = f.status;
    if tier == 2 && status == ClaimStatus::InEffect && !matches!(f.kind, ClaimType::Role) {
        status = ClaimStatus::Occurred;
    }
    // A measure that a party takes on itself is a misreading.
    if tier == 1 && actor.is_some() && actor == party {
        return None;
    }
    let (start, end) = (
        cut.tokens[f.tokens.0].start as usize,
        cut.tokens[f.tokens.1 - 1].end as usize,
    );
    let text = &article.text[start..end];
    let (calendar, words) = match f.time {
        Some((calendar, words)) => (calendar, Some(words)),
        None => (None, None),
    };
    Some(ReadClaim {
        claim: Claim {
            id: String::new(),
            kind: f.kind,
            action: f.action,
            actor,
            party,
            status,
            speaker: f.speaker,
            via: f.via,
            time: calendar.map(PartialDate::In),
            place: None,
            numbers: BTreeMap::new(),
            evidence: [points.of(&article.text, start), points.of(&article.text, end)],
            tier,
        },
        evidence_text: text.to_owned(),
        evidence_bytes: [start, end],
        rule: f.rules,
        party_id: f.party.and_then(|v| v.id),
        authority_id: f.actor.and_then(|v| v.id),
        time_text: if calendar.is_none() { words } else { None },
    })
}

/// The claim that says the same fact already, if one does.
fn repeated(claims: &[ReadClaim], new: &ReadClaim) -> Option<usize> {
    let n = &new.claim;
    if n.tier != 1 {
        return None;
    }
    claims.iter().position(|old| {
        let c = &old.claim;
        let bare =
            n.party.is_none() && c.party.is_some() && (c.actor == n.actor && n.actor.is_some() || c.party == n.actor);
        if bare && c.kind == n.kind && c.action == n.action && c.status == n.status {
            return true;
        }
        c.kind == n.kind
            && c.action == n.action
            && c.party == n.party
            && (c.actor == n.actor || n.actor.is_none() || c.actor.is_none())
            && c.status == n.status
            && (c.speaker == n.speaker || c.speaker.is_none() || n.speaker.is_none())
            && compatible(c.time, n.time)
    })
}

/// Whether two times can be the same: an unknown one can be any.
fn compatible(a: Option<PartialDate>, b: Option<PartialDate>) -> bool {
    match (a, b) {
        (Some(PartialDate::In(a)), Some(PartialDate::In(b))) => a.first() <= b.last() && b.first() <= a.last(),
        _ => true,
    }
}

/// Keeps the fuller of two sentences that say the same; tells whether that is the new one.
fn merge(old: &mut ReadClaim, new: ReadClaim, first_names_party: bool, loses_party: bool) -> bool {
    let day = |c: &ReadClaim| match c.claim.time {
        Some(PartialDate::In(d)) => Some(d),
        _ => None,
    };
    let untimed = old.claim.time.is_none() && old.time_text.is_none();
    // `in 1960`, and later `on July 1, 1960`.
    let more_precise = matches!((day(old), day(&new)), (Some(a), Some(b))
        if a.first() <= b.first() && b.last() <= a.last() && a != b);
    let fuller = untimed && new.claim.time.is_some()
        || old.claim.actor.is_none() && new.claim.actor.is_some()
        || more_precise
        || first_names_party && (untimed || old.claim.status == ClaimStatus::NotOccurred);
    if fuller
        && !(loses_party && old.claim.kind != ClaimType::Mission)
        && (old.claim.speaker.is_none() || new.claim.speaker.is_some())
    {
        let (actor, authority) = (old.claim.actor.clone(), old.authority_id.clone());
        let (party, id) = (old.claim.party.clone(), old.party_id.clone());
        *old = new;
        if old.claim.actor.is_none() {
            old.claim.actor = actor;
            old.authority_id = authority;
        }
        if old.claim.party.is_none() {
            old.claim.party = party;
            old.party_id = id;
        }
        return true;
    }
    if old.claim.actor.is_none() {
        old.claim.actor = new.claim.actor;
    }
    false
}

/// What somebody lifts, suspends or keeps, somebody has imposed, and the other way round: where one of two claims on a party does not say who,
/// and only one authority is named for the other, it is the same.
fn same_authority(claims: &mut [ReadClaim]) {
    for i in 0..claims.len() {
        let c = &claims[i].claim;
        let open = c.tier == 1
            && c.actor.is_none()
            && c.party.is_some()
            && matches!(c.kind, ClaimType::Designation | ClaimType::Sanctions)
            && matches!(c.status, ClaimStatus::InEffect | ClaimStatus::Ended);
        if !open {
            continue;
        }
        let mut actors: Vec<(&Option<String>, &Option<String>)> = claims
            .iter()
            .filter(|o| {
                o.claim.kind == c.kind
                    && o.claim.party == c.party
                    && o.claim.actor.is_some()
                    && o.claim.action != c.action
                    && o.evidence_bytes[0].abs_diff(claims[i].evidence_bytes[0]) < 1500
            })
            .map(|o| (&o.claim.actor, &o.authority_id))
            .collect();
        actors.dedup();
        if let [(actor, authority)] = actors[..] {
            let (actor, authority) = (actor.clone(), authority.clone());
            claims[i].claim.actor = actor;
            claims[i].authority_id = authority;
        }
    }
}

/// What one claim does and a later one undoes has ended: a ban that was lifted since, a closed embassy that was opened again.
fn undone(article: &Article, claims: &mut [ReadClaim]) {
    let mut ended = Vec::new();
    for (i, a) in claims.iter().enumerate() {
        for (j, b) in claims.iter().enumerate() {
            if i != j && undoes(&a.claim, &b.claim) && later(article, (i, a), (j, b)) {
                ended.push(i);
            }
        }
    }
    for i in ended {
        claims[i].claim.status = ClaimStatus::Ended;
    }
}

/// What was announced and by a later sentence takes effect on a day to come is decided; said twice, it is one claim.
fn announced(article: &Article, claims: &mut Vec<ReadClaim>) {
    let Some(published) = article.published else {
        return;
    };
    let mut twice = Vec::new();
    for (i, a) in claims.iter().enumerate() {
        let told = &a.claim;
        let words = fold(&a.evidence_text);
        let announces = ["announc", "unveil", "issued", "signed", "introduc"]
            .iter()
            .any(|w| words.contains(w));
        let fresh = told.time.is_none_or(
            |t| matches!(t, PartialDate::In(d) if d.last() <= published && (published - d.last()).get_days() < 15),
        );
        let pending = matches!(told.status, ClaimStatus::InEffect | ClaimStatus::Decided);
        if told.tier != 1 || !pending || !announces || !fresh {
            continue;
        }
        let later = claims.iter().enumerate().any(|(j, b)| {
            let c = &b.claim;
            i != j
                && (told.status == ClaimStatus::InEffect || c.time != told.time)
                && c.status == ClaimStatus::Decided
                && c.kind == told.kind
                && c.action == told.action
                && c.actor == told.actor
                && c.party == told.party
                && c.party.is_some()
                && matches!(c.time, Some(PartialDate::In(d)) if d.first() > published)
        });
        if later {
            twice.push(i);
        }
    }
    let mut at = 0;
    claims.retain(|_| {
        at += 1;
        !twice.contains(&(at - 1))
    });
}

/// Whether `b`, if it came later, would undo `a`.
fn undoes(a: &Claim, b: &Claim) -> bool {
    let pair = match (a.action, b.action) {
        (Some(Action::Impose), Some(Action::Lift)) | (Some(Action::Lift), Some(Action::Impose)) => true,
        (Some(Action::Suspend), Some(Action::Impose)) => a.kind == ClaimType::Mission,
        _ => false,
    };
    pair && a.tier == 1
        && a.kind == b.kind
        && a.actor.is_some()
        && a.actor == b.actor
        && a.party.is_some()
        && a.party == b.party
        && a.status == ClaimStatus::InEffect
        && b.status == ClaimStatus::InEffect
}

/// Whether `b` came after `a`: by their times, else by words that say *again*, else what the article tells first is its news.
fn later(article: &Article, a: (usize, &ReadClaim), b: (usize, &ReadClaim)) -> bool {
    let day = |c: &ReadClaim| match c.claim.time {
        Some(PartialDate::In(d)) => Some(d),
        _ => None,
    };
    let (ta, tb) = (day(a.1), day(b.1));
    if let (Some(ta), Some(tb)) = (ta, tb)
        && ta != tb
    {
        return ta.first() <= tb.first() && ta.last() < tb.last();
    }
    let fresh = |d: Option<Calendar>| match (d, article.published) {
        (Some(d), Some(p)) => (p - d.last()).get_days() < 60,
        _ => false,
    };
    if ta.is_some() != tb.is_some() {
        return if ta.is_some() { !fresh(ta) } else { fresh(tb) };
    }
    let again = |c: &ReadClaim| {
        let words = fold(&c.evidence_text);
        [
            "reopen",
            "re-open",
            "restor",
            "resum",
            "reimpos",
            "re-impos",
            "reinstat",
            "relist",
            "redesignat",
            " back on",
            "again",
        ]
        .iter()
        .any(|w| words.contains(w))
    };
    match (again(a.1), again(b.1)) {
        (false, true) => true,
        (true, false) => false,
        _ if a.1.claim.kind == ClaimType::Mission => b.0 < a.0,
        _ => b.1.claim.action == Some(Action::Lift),
    }
}

/// The name that a claim gives: states by code, in tier 1 also through their bodies and office holders.
fn value_name(value: &Value, tier: u8) -> String {
    match (&value.code, value.kind) {
        (Some(code), ValueKind::State) => code.clone(),
        (
            Some(code),
            ValueKind::Body | ValueKind::Person | ValueKind::Organisation | ValueKind::Thing | ValueKind::Group,
        ) if tier == 1 => code.clone(),
        _ => value.name.clone(),
    }
}

/// Code points up to a byte, by checkpoints.
pub(crate) struct CodePoints {
    marks: Vec<usize>,
}

impl CodePoints {
    pub(crate) fn new(text: &str) -> Self {
        let mut marks = Vec::with_capacity(text.len() / 1024 + 1);
        let mut count = 0;
        for (i, byte) in text.bytes().enumerate() {
            if i % 1024 == 0 {
                marks.push(count);
            }
            count += usize::from(byte & 0xC0 != 0x80);
        }
        Self { marks }
    }

    pub(crate) fn of(&self, text: &str, at: usize) -> usize {
        let mark = at / 1024;
        let base = self.marks.get(mark).copied().unwrap_or(0);
        base + text.as_bytes()[(mark * 1024).min(at)..at]
            .iter()
            .filter(|b| *b & 0xC0 != 0x80)
            .count()
    }
}
