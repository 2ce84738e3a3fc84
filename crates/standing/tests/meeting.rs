//! How claims meet the record, on the register that is built in: each verdict where the rules of `docs/READING.md` say so.
//!
//! The claims are made by hand, so that nothing here depends on how well articles are read.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test stops where something is not as it must be

use std::collections::BTreeMap;

use standing::model::step::Action;
use standing::model::{Claim, ClaimStatus, ClaimType, Day, PartialDate};
use standing::read::{ClaimRow, ReadArticle, Verdict, beside};
use standing::{Ledger, Question, home};
use standing_news::{Article, ReadClaim, Reading};

const NOW: &str = "2026-06-01T00:00:00Z";

thread_local! {
    // Thousands of claims are set beside it; making it takes longer than reading it.
    static LEDGER: Ledger = home::register_only(NOW).unwrap();
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

struct Said {
    kind: ClaimType,
    action: Action,
    actor: Option<&'static str>,
    party: &'static str,
    status: ClaimStatus,
    time: Option<&'static str>,
}

fn said(actor: &'static str, action: Action, status: ClaimStatus) -> Said {
    Said {
        kind: ClaimType::Designation,
        action,
        actor: Some(actor),
        party: "Taliban",
        status,
        time: None,
    }
}

/// The claim beside the register, published on a day, knowing what was public by another.
fn met(said: &Said, published: &str, known: &str) -> ClaimRow {
    let claim = ReadClaim {
        claim: Claim {
            id: "c01".into(),
            kind: said.kind,
            action: Some(said.action),
            actor: said.actor.map(str::to_owned),
            party: Some(said.party.to_owned()),
            status: said.status,
            speaker: None,
            via: Vec::new(),
            time: said.time.map(|t| t.parse::<PartialDate>().unwrap()),
            place: None,
            numbers: BTreeMap::new(),
            evidence: [0, 4],
            tier: 1,
        },
        evidence_text: "Text".into(),
        evidence_bytes: [0, 4],
        rule: Vec::new(),
        party_id: None,
        authority_id: None,
        time_text: None,
    };
    let read = ReadArticle {
        article: Article {
            text: "Text".into(),
            published: Some(day(published)),
            ..Article::default()
        },
        digest: "0".repeat(64),
        source: "0".repeat(64),
        reading: Reading {
            claims: vec![claim],
            ..Reading::default()
        },
    };
    let question = Question {
        known: Some(day(known)),
        ..Question::default()
    };
    let today = day("2026-06-01");
    LEDGER.with(|ledger| {
        let (view, _) = question.view(ledger, today).unwrap();
        beside(&view, &read, None, today).unwrap().remove(0)
    })
}

fn verdict(said: &Said, published: &str) -> (Option<Verdict>, Option<String>) {
    let meets = met(said, published, "2026-06-01").meets.unwrap();
    (meets.verdict, meets.step)
}

#[track_caller]
fn expect(said: &Said, published: &str, wanted: Verdict, step: &str) {
    assert_eq!(verdict(said, published), (Some(wanted), Some(step.to_owned())));
}

#[test]
fn a_decision_agrees_with_a_decided_step_and_is_ahead_before_it_was_public() {
    let lifting = said("RU", Action::Lift, ClaimStatus::Decided);
    expect(
        &lifting,
        "2024-10-04",
        Verdict::Corroborated,
        "r:taliban-ru-lifting-decided",
    );
    let before = met(&lifting, "2024-10-04", "2024-10-03").meets.unwrap();
    assert_eq!(before.verdict, Some(Verdict::Ahead));
    assert_eq!(before.since.unwrap().to_string(), "2003", "beside the ban in force");
    let proposed = said("RU", Action::Lift, ClaimStatus::Proposed);
    expect(
        &proposed,
        "2024-06-01",
        Verdict::Corroborated,
        "r:taliban-ru-lifting-proposed",
    );
    let planned = said("RU", Action::Lift, ClaimStatus::Planned);
    expect(&planned, "2024-11-01", Verdict::Stale, "r:taliban-ru-lifting-decided");
}

#[test]
fn what_holds_agrees_while_it_holds_and_is_stale_after() {
    let banned = said("RU", Action::Impose, ClaimStatus::InEffect);
    expect(
        &banned,
        "2024-10-04",
        Verdict::Corroborated,
        "r:taliban-ru-ban-effective",
    );
    expect(&banned, "2026-01-01", Verdict::Stale, "r:taliban-ru-ban-effective");
    let kept = said("RU", Action::Maintain, ClaimStatus::InEffect);
    expect(&kept, "2024-10-04", Verdict::Corroborated, "r:taliban-ru-ban-effective");
    // An act with its day stays an act, whatever became of it; and what became of it is told.
    let dated = Said {
        time: Some("2003"),
        ..said("RU", Action::Impose, ClaimStatus::InEffect)
    };
    expect(
        &dated,
        "2026-01-01",
        Verdict::Corroborated,
        "r:taliban-ru-ban-effective",
    );
    let told = met(&banned, "2024-10-04", "2026-06-01").meets.unwrap().now.unwrap();
    assert_eq!(told.standing.word(), "suspended");
    let suspended = said("RU", Action::Suspend, ClaimStatus::InEffect);
    expect(
        &suspended,
        "2025-04-18",
        Verdict::Corroborated,
        "r:taliban-ru-suspension-effective",
    );
}

#[test]
fn a_premature_report_is_contradicted_only_by_something_later() {
    let lifted = said("RU", Action::Lift, ClaimStatus::InEffect);
    expect(
        &lifted,
        "2024-11-01",
        Verdict::Contradicted,
        "r:taliban-ru-suspension-effective",
    );
    // As known on that day nothing showed it to be wrong.
    assert_eq!(
        met(&lifted, "2024-11-01", "2024-11-01").meets.unwrap().verdict,
        Some(Verdict::Ahead)
    );
}

#[test]
fn an_uncertain_interval_is_narrowed_for_show_only() {
    let lifted = met(
        &said("KG", Action::Lift, ClaimStatus::InEffect),
        "2024-01-10",
        "2026-06-01",
    )
    .meets
    .unwrap();
    assert_eq!(lifted.verdict, Some(Verdict::Corroborated));
    assert_eq!(
        lifted.standing.unwrap().word(),
        "uncertain",
        "the record stays as it is"
    );
    let narrows = lifted.narrows.unwrap();
    assert_eq!(narrows.from.to_string(), "after 2016-05-26, by 2024-09-02");
    assert_eq!(narrows.to.latest().unwrap().to_string(), "2024-01-10");
    let banned = met(
        &said("KG", Action::Impose, ClaimStatus::InEffect),
        "2020-01-10",
        "2026-06-01",
    )
    .meets
    .unwrap();
    assert_eq!(banned.narrows.unwrap().to.earliest().unwrap().to_string(), "2020-01-11");
}

#[test]
fn another_day_for_the_same_act_is_told() {
    let lifted = Said {
        time: Some("2024-06-03"),
        ..said("KZ", Action::Lift, ClaimStatus::InEffect)
    };
    let meets = met(&lifted, "2024-10-04", "2026-06-01").meets.unwrap();
    assert_eq!(meets.verdict, Some(Verdict::Corroborated));
    assert_eq!(meets.differs.unwrap().to_string(), "2023-12-29");
    let ended = said("KZ", Action::Impose, ClaimStatus::Ended);
    expect(&ended, "2024-10-04", Verdict::Corroborated, "r:taliban-kz-lifting");
}

#[test]
fn assets_meet_sanctions() {
    let frozen = Said {
        kind: ClaimType::Assets,
        ..said("US", Action::Impose, ClaimStatus::InEffect)
    };
    expect(&frozen, "2024-10-04", Verdict::Corroborated, "r:taliban-us-blocking");
}

#[test]
fn wishes_possibilities_and_denials_never_agree() {
    for status in [
        ClaimStatus::Urged,
        ClaimStatus::Possible,
        ClaimStatus::Denied,
        ClaimStatus::NotOccurred,
    ] {
        for kind in [
            ClaimType::Designation,
            ClaimType::Sanctions,
            ClaimType::Assets,
            ClaimType::Recognition,
            ClaimType::Mission,
        ] {
            for actor in [
                None,
                Some("RU"),
                Some("KZ"),
                Some("KG"),
                Some("CN"),
                Some("US"),
                Some("AF"),
            ] {
                for action in [Action::Impose, Action::Lift, Action::Suspend, Action::Maintain] {
                    for published in ["2002-01-01", "2020-01-01", "2024-10-04", "2026-01-01"] {
                        let said = Said {
                            kind,
                            action,
                            actor,
                            party: "Taliban",
                            status,
                            time: None,
                        };
                        assert_ne!(
                            verdict(&said, published).0,
                            Some(Verdict::Corroborated),
                            "{status:?} {kind:?} {actor:?} {action:?} {published}"
                        );
                    }
                }
            }
        }
    }
    let nobody = Said {
        kind: ClaimType::Recognition,
        actor: None,
        ..said("RU", Action::Impose, ClaimStatus::NotOccurred)
    };
    assert_eq!(verdict(&nobody, "2024-10-04").0, None);
    expect(&nobody, "2025-08-01", Verdict::Contradicted, "r:taliban-ru-recognition");
}

#[test]
fn what_the_ledger_does_not_know_is_unmatched_with_the_nearest() {
    let spelled = Said {
        party: "Talibaan",
        ..said("RU", Action::Lift, ClaimStatus::Decided)
    };
    let meets = met(&spelled, "2024-10-04", "2026-06-01").meets.unwrap();
    assert_eq!(meets.verdict, Some(Verdict::Unmatched));
    assert_eq!(meets.nearest[0].id, "standing:taliban");
    let union = said("African Union", Action::Impose, ClaimStatus::InEffect);
    let row = met(&union, "2024-10-04", "2026-06-01");
    assert_eq!(row.claim.party_id.as_deref(), Some("standing:taliban"));
    assert_eq!(row.meets.unwrap().verdict, Some(Verdict::Unmatched));
}

#[test]
fn what_the_record_holds_nothing_of_is_ahead() {
    let listed = Said {
        kind: ClaimType::Sanctions,
        ..said("CN", Action::Impose, ClaimStatus::Planned)
    };
    assert_eq!(verdict(&listed, "2024-10-04"), (Some(Verdict::Ahead), None));
}
