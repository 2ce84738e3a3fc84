//! Any snapshots, recorded in any order, against a model that knows nothing of bases, differences or transactions.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test stops where something is not as it must be

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proptest::prelude::*;
use standing_ledger::{Added, Amendments, DateOrigin, Ledger, ListEntry, NewSnapshot, RegisterFacts, SnapshotState};
use standing_model::{
    Action, Calendar, Day, Extent, Grade, ListingId, Measure, Name, NameKind, PartialDate, Record, Snapshot, State,
    Step,
};

const LIST: &str = "x";
const REFERENCES: [&str; 4] = ["a", "b", "c", "d"];

/// An edition of the list: a day, and for each reference the version of its record, if it is on it.
#[derive(Debug, Clone)]
struct Edition {
    day: i16,
    versions: Vec<Option<u8>>,
    whole: bool,
    format: bool,
    /// Dated by its month only, so that it overlaps others.
    coarse: bool,
}

fn day(n: i16) -> Day {
    Day::constant(2020, 1, 1)
        .checked_add(jiff::Span::new().days(i32::from(n) * 10))
        .unwrap()
}

impl Edition {
    fn snapshot(&self) -> Snapshot {
        let mut snapshot = Snapshot::new(LIST, if self.format { "one" } else { "two" });
        for (reference, version) in REFERENCES.iter().zip(&self.versions) {
            if let Some(version) = version {
                snapshot.records.push(Record {
                    reference: (*reference).into(),
                    names: vec![Name::new(NameKind::Primary, format!("{reference} {version}"))],
                    ..Record::default()
                });
            }
        }
        snapshot
    }

    fn date(&self) -> PartialDate {
        let day = day(self.day);
        if self.coarse {
            PartialDate::In(Calendar::Month(day.year(), day.month()))
        } else {
            PartialDate::day(day)
        }
    }

    fn bytes(&self) -> Vec<u8> {
        format!("{self:?}").into_bytes()
    }
}

fn editions(days: std::ops::Range<i16>) -> impl Strategy<Value = Vec<Edition>> {
    let edition = (
        days,
        proptest::collection::vec(proptest::option::weighted(0.7, 0u8..3), REFERENCES.len()),
        proptest::bool::weighted(0.8),
        proptest::bool::weighted(0.7),
        proptest::bool::weighted(0.2),
    )
        .prop_map(|(day, versions, whole, format, coarse)| Edition {
            day,
            versions,
            whole,
            format,
            coarse,
        });
    proptest::collection::vec(edition, 1..7)
}

fn record(ledger: &mut Ledger, edition: &Edition, limit: f64) -> Option<i64> {
    let (snapshot, bytes) = (edition.snapshot(), edition.bytes());
    let transaction = ledger.begin("2026-01-01T00:00:00Z", "test").unwrap();
    let added = transaction
        .snapshot(&NewSnapshot {
            snapshot: &snapshot,
            date: edition.date(),
            origin: DateOrigin::File,
            extent: if edition.whole {
                Extent::Whole
            } else {
                Extent::Part("test".into())
            },
            documents: &[("edition", &bytes)],
            limit,
        })
        .unwrap();
    transaction.commit().unwrap();
    match added {
        Added::Recorded { snapshot, held, .. } => held.map(|_| snapshot),
        Added::Already { .. } => None,
    }
}

fn decide(ledger: &mut Ledger, snapshot: i64, state: SnapshotState) {
    let transaction = ledger.begin("2026-01-02T00:00:00Z", "test").unwrap();
    transaction.decide(snapshot, state, "because").unwrap();
    transaction.commit().unwrap();
}

/// What people would be told: every step, and every standing on some days, as known on some days.
fn answers(ledger: &Ledger, recorded: Option<i64>) -> String {
    let mut out = String::new();
    for known in [day(3), day(7), day(20)] {
        let view = ledger.view(recorded, known).unwrap();
        let mut steps: Vec<String> = view
            .all_steps(Amendments::Read)
            .unwrap()
            .iter()
            .map(|s| format!("{s:?}"))
            .collect();
        steps.sort();
        out.push_str(&steps.join("\n"));
        for reference in REFERENCES {
            let Some(party) = view.party_of(&format!("{LIST}:{reference}")).unwrap() else {
                continue;
            };
            for on in 0..12 {
                out.push_str(&format!(
                    "{:?}\n",
                    view.standings(&party, day(on), Grade::Stated).unwrap()
                ));
            }
        }
    }
    out
}

fn shuffled(editions: &[Edition], seed: u64) -> Vec<Edition> {
    let mut order: Vec<usize> = (0..editions.len()).collect();
    let mut state = seed;
    for at in (1..order.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        order.swap(at, (state >> 33) as usize % (at + 1));
    }
    order.into_iter().map(|at| editions[at].clone()).collect()
}

/// Where a listing stands, by the plainest reading of whole editions on distinct days.
fn plainly(editions: &BTreeMap<i16, Vec<Option<u8>>>, reference: usize, on: i16, known: i16) -> Option<State> {
    let seen: Vec<(i16, bool)> = editions
        .range(..=known)
        .map(|(day, versions)| (*day, versions[reference].is_some()))
        .collect();
    if !seen.iter().any(|(_, present)| *present) {
        return None;
    }
    let before = |at: usize| seen[..at].iter().any(|(_, present)| *present);
    let settled = |at: usize| match seen[at].1 {
        true => State::InForce,
        false if before(at) => State::Lifted,
        false => State::None,
    };
    Some(match seen.iter().rposition(|(day, _)| *day <= on) {
        // Nothing bounds the beginning of what the first edition shows.
        None if seen[0].1 => State::Uncertain,
        None => State::None,
        Some(last) if last + 1 == seen.len() || seen[last].0 == on || seen[last].1 == seen[last + 1].1 => settled(last),
        Some(_) => State::Uncertain,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_recording_leaves_no_trace(editions in editions(0..9), seed in any::<u64>()) {
        let mut one = Ledger::in_memory().unwrap();
        let mut other = Ledger::in_memory().unwrap();
        for edition in &editions {
            record(&mut one, edition, 2.0);
        }
        for edition in &shuffled(&editions, seed) {
            record(&mut other, edition, 2.0);
        }
        prop_assert_eq!(answers(&one, None), answers(&other, None));
        one.verify().unwrap();
        other.verify().unwrap();
    }

    #[test]
    fn the_guard_may_hold_in_any_order_if_the_same_files_count(editions in editions(0..9), seed in any::<u64>(), reject in any::<u8>()) {
        let rejected: BTreeSet<Vec<u8>> = editions.iter().enumerate().filter(|(at, _)| reject >> (at % 8) & 1 == 1).map(|(_, e)| e.bytes()).collect();
        let run = |order: &[Edition]| {
            let mut ledger = Ledger::in_memory().unwrap();
            for edition in order {
                let held = record(&mut ledger, edition, 0.05);
                // A file is only ever decided on when it is held, so the sets that count are made equal by deciding about every file.
                let id = held.or_else(|| {
                    let view = ledger.view(None, Day::MAX).unwrap();
                    view.snapshots(None).unwrap().last().map(|s| s.id)
                });
                let state = if rejected.contains(&edition.bytes()) { SnapshotState::Rejected } else { SnapshotState::Accepted };
                decide(&mut ledger, id.unwrap(), state);
            }
            answers(&ledger, None)
        };
        let mut distinct = editions.clone();
        let mut seen = BTreeSet::new();
        distinct.retain(|e| seen.insert(e.bytes()));
        prop_assert_eq!(run(&distinct), run(&shuffled(&distinct, seed)));
    }

    #[test]
    fn earlier_answers_are_repeated(editions in editions(0..9)) {
        let mut ledger = Ledger::in_memory().unwrap();
        let mut said = Vec::new();
        for edition in &editions {
            record(&mut ledger, edition, 0.05);
            said.push((ledger.last_transaction().unwrap(), answers(&ledger, None)));
        }
        for (transaction, then) in said {
            prop_assert_eq!(answers(&ledger, Some(transaction)), then);
        }
    }

    #[test]
    fn whole_editions_give_the_plain_standing(editions in editions(0..9), seed in any::<u64>()) {
        let mut by_day = BTreeMap::new();
        let mut ledger = Ledger::in_memory().unwrap();
        for edition in &shuffled(&editions, seed) {
            if by_day.insert(edition.day, edition.versions.clone()).is_some() {
                return Ok(());
            }
            let whole = Edition { whole: true, format: true, coarse: false, ..edition.clone() };
            record(&mut ledger, &whole, 2.0);
        }
        for known in 0..10 {
            let view = ledger.view(None, day(known)).unwrap();
            for (at, reference) in REFERENCES.iter().enumerate() {
                let Some(party) = view.party_of(&format!("{LIST}:{reference}")).unwrap() else { continue };
                for on in 0..10 {
                    let found = view.standings(&party, day(on), Grade::Stated).unwrap();
                    prop_assert!(found.len() <= 1);
                    prop_assert_eq!(
                        found.first().map(|s| s.standing),
                        plainly(&by_day, at, on, known),
                        "{} on {} known {}", reference, on, known
                    );
                }
            }
        }
    }

    #[test]
    fn parts_never_lift_and_formats_never_amend(editions in editions(0..9)) {
        let mut ledger = Ledger::in_memory().unwrap();
        for edition in &editions {
            record(&mut ledger, &Edition { whole: false, ..edition.clone() }, 0.05);
        }
        let view = ledger.view(None, Day::MAX).unwrap();
        let steps: Vec<Step> = view.all_steps(Amendments::Read).unwrap();
        prop_assert!(steps.iter().all(|s| s.action != Action::Lift));
        for step in steps.iter().filter(|s| s.action == Action::Amend) {
            // An amendment compares two records in one format: with every record in a format of its own there is none.
            prop_assert!(!step.fields.is_empty());
        }
        let mut ledger = Ledger::in_memory().unwrap();
        let mut days = BTreeSet::new();
        let mut formats = [true, false].into_iter();
        for edition in editions.iter().filter(|e| days.insert(e.day)).take(2) {
            let format = formats.next().unwrap();
            record(&mut ledger, &Edition { whole: true, format, coarse: false, ..edition.clone() }, 2.0);
        }
        let view = ledger.view(None, Day::MAX).unwrap();
        prop_assert!(view.all_steps(Amendments::Read).unwrap().iter().all(|s| s.action != Action::Amend));
    }
}

/// What a listing's steps are, in the order of their days.
fn actions(ledger: &Ledger, reference: &str) -> Vec<(Action, Option<PartialDate>, Option<PartialDate>)> {
    let view = ledger.view(None, Day::MAX).unwrap();
    view.listing_steps(&ListingId::new(LIST, reference))
        .unwrap()
        .into_iter()
        .map(|s| (s.action, s.on, s.earlier))
        .collect()
}

fn edition_with(day_number: i16, listed_on: Option<&str>) -> (Edition, Snapshot) {
    let edition = Edition {
        day: day_number,
        versions: vec![listed_on.map(|_| 0), Some(0), None, None],
        whole: true,
        format: true,
        coarse: false,
    };
    let mut snapshot = edition.snapshot();
    if let Some(date) = listed_on {
        snapshot.records[0].listed_on = date.parse().ok();
    }
    (edition, snapshot)
}

fn record_snapshot(ledger: &mut Ledger, edition: &Edition, snapshot: &Snapshot, date: PartialDate) -> Added {
    let transaction = ledger.begin("2026-01-01T00:00:00Z", "test").unwrap();
    let bytes = edition.bytes();
    let added = transaction
        .snapshot(&NewSnapshot {
            snapshot,
            date,
            origin: DateOrigin::File,
            extent: Extent::Whole,
            documents: &[("edition", &bytes)],
            limit: 2.0,
        })
        .unwrap();
    transaction.commit().unwrap();
    added
}

#[test]
fn a_record_s_own_date_dates_it_unless_a_later_snapshot_lacked_it() {
    let mut ledger = Ledger::in_memory().unwrap();
    for (number, listed) in [(0, None), (2, Some("2019-05-06")), (4, None), (6, Some("2020-02-20"))] {
        let (edition, snapshot) = edition_with(number, listed);
        record_snapshot(&mut ledger, &edition, &snapshot, PartialDate::day(day(number)));
    }
    let date = |text: &str| text.parse().ok();
    assert_eq!(
        actions(&ledger, "a"),
        [
            // 2020-01-01 lacks it though the record says 2019: a return, whose earlier listing no snapshot shows.
            (
                Action::Impose,
                date("after 2020-01-01, by 2020-01-21"),
                date("2019-05-06")
            ),
            (Action::Lift, date("after 2020-01-21, by 2020-02-10"), None),
            // The record's own day lies between the last snapshot without it and the first with it.
            (Action::Impose, date("2020-02-20"), None),
        ]
    );
}

#[test]
fn snapshots_whose_dates_overlap_are_not_compared() {
    let mut ledger = Ledger::in_memory().unwrap();
    let (edition, snapshot) = edition_with(0, Some("2019"));
    record_snapshot(&mut ledger, &edition, &snapshot, "2020-01".parse().unwrap());
    let (edition, snapshot) = edition_with(1, None);
    let added = record_snapshot(&mut ledger, &edition, &snapshot, "2020-01-20".parse().unwrap());
    let Added::Recorded { overlapping, .. } = added else {
        panic!("{added:?}")
    };
    assert_eq!(overlapping, ["2020-01".parse().unwrap()], "the report names it");
    assert!(actions(&ledger, "a").iter().all(|(action, ..)| *action != Action::Lift));
    let (edition, snapshot) = edition_with(4, None);
    record_snapshot(&mut ledger, &edition, &snapshot, "2020-02-10".parse().unwrap());
    assert_eq!(
        actions(&ledger, "a").last().unwrap().1,
        "after 2020-01, by 2020-02-10".parse().ok()
    );
}

#[test]
fn a_programme_gained_or_lost_is_an_amendment_that_names_it() {
    let mut ledger = Ledger::in_memory().unwrap();
    for (number, programmes) in [(0, vec!["P"]), (1, vec!["P", "Q"]), (2, vec!["Q"])] {
        let (edition, mut snapshot) = edition_with(number, Some("2019"));
        snapshot.records[0].programmes = programmes.into_iter().map(Into::into).collect();
        record_snapshot(&mut ledger, &edition, &snapshot, PartialDate::day(day(number)));
    }
    let view = ledger.view(None, Day::MAX).unwrap();
    let steps = view.listing_steps(&ListingId::new(LIST, "a")).unwrap();
    let changes: Vec<_> = steps
        .iter()
        .filter(|s| s.action == Action::Amend)
        .flat_map(|s| &s.fields)
        .map(|f| (f.field.as_str(), f.old.join(" "), f.new.join(" ")))
        .collect();
    assert_eq!(
        changes,
        [
            ("programmes", String::new(), "Q".to_owned()),
            ("programmes", "P".to_owned(), String::new())
        ]
    );
    assert_eq!(
        steps.iter().filter(|s| s.action != Action::Amend).count(),
        1,
        "it stays one listing"
    );
}

/// A list that goes over to another format and files an entry under another authority meanwhile: both formats feed one history, so the
/// one measure ends and the other begins. Another spelling of the same programme is no step.
#[test]
fn a_measure_that_moves_while_the_format_changes_moves() {
    let mut ledger = Ledger::in_memory().unwrap();
    let programme = |id: &str, codes: &[&str], authority: &str| standing_model::Programme {
        id: id.into(),
        codes: codes.iter().map(|c| (LIST.to_owned(), (*c).to_owned())).collect(),
        references: Vec::new(),
        name: id.into(),
        authority: authority.into(),
        measures: vec![Measure::Sanctions],
    };
    let facts = RegisterFacts {
        programmes: vec![
            programme("OLD", &["old", "Old Regime"], "treasury"),
            programme("NEW", &["new"], "ministry"),
        ],
        ..RegisterFacts::default()
    };
    let transaction = ledger.begin("2026-01-01T00:00:00Z", "register").unwrap();
    transaction.register("register", b"facts", &facts).unwrap();
    transaction.commit().unwrap();
    for (number, format, codes) in [
        (0, "one", ["old", "old"]),
        (1, "two", ["new", "Old Regime"]),
        (2, "two", ["new", "strange"]),
    ] {
        let (edition, mut snapshot) = edition_with(number, Some("2019"));
        snapshot.format = format.into();
        for (record, code) in snapshot.records.iter_mut().zip(codes) {
            record.programmes = vec![code.into()];
        }
        record_snapshot(&mut ledger, &edition, &snapshot, PartialDate::day(day(number)));
    }
    let view = ledger.view(None, day(1)).unwrap();
    let standing = |reference: &str, on: i16| -> Vec<(String, State)> {
        let party = view.find(&format!("{LIST}:{reference}")).unwrap().remove(0);
        let rows = view.standings(&party, day(on), Grade::Stated).unwrap();
        rows.into_iter().map(|r| (r.authority, r.standing)).collect()
    };
    let (treasury, ministry) = ("treasury".to_owned(), "ministry".to_owned());
    assert_eq!(
        standing("a", 0),
        [(ministry.clone(), State::None), (treasury.clone(), State::InForce)]
    );
    assert_eq!(
        standing("a", 1),
        [(ministry, State::InForce), (treasury.clone(), State::Lifted)]
    );
    assert_eq!(standing("b", 1), [(treasury, State::InForce)]);
    let actions = actions(&ledger, "b");
    assert_eq!(actions.iter().filter(|a| a.0 == Action::Lift).count(), 0);
}

#[test]
fn nothing_is_updated_deleted_or_exchanged_unnoticed() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("s.db");
    drop(
        Ledger::open_or_create(&path, |ledger| {
            for number in 0..3 {
                let (edition, snapshot) = edition_with(number, Some("2019"));
                record_snapshot(ledger, &edition, &snapshot, PartialDate::day(day(number)));
            }
            Ok(())
        })
        .unwrap(),
    );
    Ledger::open(&path).unwrap().verify().unwrap();
    let connection = rusqlite::Connection::open(&path).unwrap();
    for table in [
        "tx",
        "document",
        "snapshot",
        "snapshot_document",
        "listing",
        "record",
        "presence",
    ] {
        for sql in [format!("DELETE FROM {table}"), format!("UPDATE {table} SET rowid = 99")] {
            let refused = connection.execute(&sql, []).map_err(|e| e.to_string());
            // A table without rowids has no such column; its own is refused below.
            assert!(refused.is_err(), "{sql}");
        }
    }
    let refused = connection.execute("UPDATE presence SET record = 1", []).unwrap_err();
    assert!(refused.to_string().contains("append-only"), "{refused}");
    drop(connection);

    // Whoever takes the triggers away and puts them back is found by the chain, or by what the facts give.
    let tampered = [
        "UPDATE snapshot SET date = '\"2020-01-02\"' WHERE id = 1",
        "UPDATE tx SET recorded = '2025-01-01T00:00:00Z' WHERE n = 2",
        "UPDATE document SET name = 'another' WHERE id = 1",
        "UPDATE presence SET record = NULL WHERE snapshot = 1 AND listing = 1",
        "DELETE FROM tx WHERE n = 2",
        "INSERT INTO decision (snapshot, verdict, why) VALUES (1, 'reject', 'x')",
        "DELETE FROM name_key WHERE listing = 1",
        "INSERT INTO name_key VALUES (1, 1, 1)",
        "DELETE FROM link_key WHERE listing = 2",
        "DROP TRIGGER tx_no_delete",
        "CREATE TABLE more (x)",
    ];
    for sql in tampered {
        let copy = place.path().join("copy.db");
        std::fs::copy(&path, &copy).unwrap();
        tamper(&copy, sql);
        let told = Ledger::open(&copy).unwrap().verify();
        assert!(told.is_err(), "verify passes after {sql}");
        std::fs::remove_file(&copy).unwrap();
    }
}

fn tamper(path: &Path, sql: &str) {
    let connection = rusqlite::Connection::open(path).unwrap();
    let triggers: Vec<(String, String)> = connection
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let on_trigger = sql.contains("TRIGGER");
    for (name, _) in triggers.iter().filter(|_| !on_trigger) {
        connection.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    connection.execute_batch(sql).unwrap();
    for (_, make) in triggers.iter().filter(|_| !on_trigger) {
        connection.execute_batch(make).unwrap();
    }
}

#[test]
fn a_known_head_proves_that_the_end_is_there() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("s.db");
    let mut ledger = Ledger::open_or_create(&path, |_| Ok(())).unwrap();
    let (edition, snapshot) = edition_with(0, Some("2019"));
    record_snapshot(&mut ledger, &edition, &snapshot, PartialDate::day(day(0)));
    let (_, first) = ledger.head().unwrap();
    std::fs::copy(&path, place.path().join("short.db")).unwrap();
    let (edition, snapshot) = edition_with(1, Some("2019"));
    record_snapshot(&mut ledger, &edition, &snapshot, PartialDate::day(day(1)));
    let (n, second) = ledger.head().unwrap();
    assert_eq!(
        (ledger.find_head(&first).unwrap(), ledger.find_head(&second).unwrap()),
        (Some(n - 1), Some(n))
    );
    assert_eq!(ledger.find_head(&"0".repeat(64)).unwrap(), None);
}

#[test]
fn a_ledger_may_go_to_another_thread_and_tells_when_it_has_moved_on() {
    fn goes_to_a_thread<T: Send>(value: T) -> T {
        value
    }
    let mut ledger = goes_to_a_thread(Ledger::in_memory().unwrap());
    let (edition, snapshot) = edition_with(0, Some("2019"));
    record_snapshot(&mut ledger, &edition, &snapshot, PartialDate::day(day(0)));
    let head = ledger.last_transaction().unwrap();
    assert!(!ledger.has_moved_since(head).unwrap());
    let (edition, snapshot) = edition_with(1, Some("2019"));
    record_snapshot(&mut ledger, &edition, &snapshot, PartialDate::day(day(1)));
    assert!(ledger.has_moved_since(head).unwrap());
}

#[test]
fn what_a_killed_creation_left_is_swept_away_when_it_is_old() {
    let place = tempfile::tempdir().unwrap();
    let (old, young) = (
        place.path().join(".s.db.creating-1"),
        place.path().join(".s.db.creating-2"),
    );
    for path in [&old, &young] {
        std::fs::write(path, "half a ledger").unwrap();
    }
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(7200);
    std::fs::File::options()
        .write(true)
        .open(&old)
        .unwrap()
        .set_modified(long_ago)
        .unwrap();
    drop(Ledger::open_or_create(&place.path().join("s.db"), |_| Ok(())).unwrap());
    assert!(!old.exists() && young.exists());
}

#[test]
fn a_list_older_than_its_usual_interval_is_called_so() {
    let mut ledger = Ledger::in_memory().unwrap();
    let facts = RegisterFacts {
        lists: vec![ListEntry {
            id: LIST.into(),
            name: "X".into(),
            authority: "x".into(),
            measures: vec![Measure::Sanctions],
            interval_days: Some(14),
            url: None,
            licence: None,
        }],
        ..RegisterFacts::default()
    };
    let transaction = ledger.begin("2026-01-01T00:00:00Z", "register").unwrap();
    transaction.register("register", b"register", &facts).unwrap();
    transaction.commit().unwrap();
    let (edition, snapshot) = edition_with(0, Some("2019"));
    record_snapshot(&mut ledger, &edition, &snapshot, PartialDate::day(day(0)));
    let view = ledger.view(None, Day::MAX).unwrap();
    let on = |text: &str| view.outdated(LIST, text.parse().unwrap()).unwrap();
    assert_eq!(on("2020-01-15"), None, "the fourteenth day");
    assert_eq!(on("2020-01-16"), Some((PartialDate::day(day(0)), 14)));
}
