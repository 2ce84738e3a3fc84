//! What a kill, a full disk, a read-only place, two writers at once and a flipped byte do to a ledger.
//!
//! `cargo test` takes a small sample. The long run, on OFAC's list of July 2021 where `../shared` (or `STANDING_SHARED`) has it:
//!
//! ```text
//! STANDING_KILLS=300 STANDING_FLIPS=3000 cargo test --release -p standing-cli --test endurance -- --nocapture --test-threads=1
//! ```

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test stops where something is not as it must be

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// The built program; another one, such as a copy that stays while this one is built again, if `STANDING_BIN` names it.
static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
    std::env::var_os("STANDING_BIN").map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_standing")), PathBuf::from)
});

fn program(db: &Path) -> Command {
    let mut command = Command::new(&*PROGRAM);
    command
        .arg("--db")
        .arg(db)
        .env("NO_COLOR", "1")
        .env_remove("STANDING_DB")
        .stdin(Stdio::null());
    command
}

fn run(db: &Path, args: &[&str]) -> Output {
    program(db).args(args).output().unwrap()
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// How much to do: a sample, unless the environment asks for more.
fn amount(name: &str, sample: usize) -> usize {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(sample)
}

/// A list of the UN's form with this many entries; a few differ from edition to edition.
fn list(folder: &Path, day: &str, entries: usize, gone: usize) -> PathBuf {
    let mut xml =
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CONSOLIDATED_LIST dateGenerated=\"{day}\"><INDIVIDUALS>");
    for at in gone..entries {
        // Names that compress badly, so that the ledger has some size.
        let mut name = String::new();
        let mut state = at as u64 + 1;
        for _ in 0..24 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(at as u64);
            name.push(char::from(b'a' + (state >> 40) as u8 % 26));
        }
        write!(
            xml,
            "<INDIVIDUAL><DATAID>{at}</DATAID><FIRST_NAME>{name}</FIRST_NAME><UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE>\
             <REFERENCE_NUMBER>QDi.{at}</REFERENCE_NUMBER><LISTED_ON>2010-01-01</LISTED_ON></INDIVIDUAL>"
        )
        .unwrap();
    }
    xml.push_str("</INDIVIDUALS></CONSOLIDATED_LIST>");
    let path = folder.join(format!("list-of-{day}.xml"));
    std::fs::write(&path, xml).unwrap();
    path
}

/// Everything that the ledger answers: two ledgers with the same answers are in the same state.
fn state(db: &Path) -> String {
    let mut all = String::new();
    for args in [
        &["export", "--format", "ftm"][..],
        &["changes", "--amended", "--json"],
        &["review", "--json"],
    ] {
        let output = run(db, args);
        assert!(output.status.success(), "{args:?}: {}", said(&output));
        all.push_str(&String::from_utf8_lossy(&output.stdout));
    }
    let sources = run(db, &["sources", "--json"]);
    let mut sources: Vec<String> = String::from_utf8_lossy(&sources.stdout)
        .lines()
        .map(str::to_owned)
        .collect();
    sources.sort();
    all + &sources.join("\n")
}

fn verify(db: &Path) -> bool {
    let output = run(db, &["verify"]);
    assert_ne!(output.status.code(), Some(101), "{}", said(&output));
    output.status.success()
}

fn ingest(db: &Path, paths: &[PathBuf]) -> Output {
    let mut command = program(db);
    command.arg("ingest").args(paths);
    command.output().unwrap()
}

/// What the killed ingests take in: the real list where a long run is asked for, else one of our own.
fn editions(folder: &Path, long: bool) -> [PathBuf; 2] {
    let shared = std::env::var_os("STANDING_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let ofac = shared.join("data/lists/ofac");
    if long && ofac.is_dir() {
        return [ofac.join("2019-01"), ofac.join("2021-07")];
    }
    [
        list(folder, "2020-01-10", 1500, 0),
        list(folder, "2021-01-10", 1500, 20),
    ]
}

#[test]
fn a_kill_at_any_instant_leaves_the_last_transaction_and_nothing_of_the_next() {
    let kills = amount("STANDING_KILLS", 8);
    let place = tempfile::tempdir().unwrap();
    let [first, second] = editions(place.path(), kills > 100);
    // Half of the kills hit the making of a ledger, half the growth of one that is there.
    let base = place.path().join("base.db");
    assert!(
        ingest(&base, std::slice::from_ref(&first))
            .status
            .code()
            .is_some_and(|c| c < 2)
    );
    let both = [first, second];
    let whole = place.path().join("whole.db");
    let start = Instant::now();
    assert!(ingest(&whole, &both).status.code().is_some_and(|c| c < 2));
    let took = start.elapsed();
    let wanted = state(&whole);

    let mut instant = 0x2545_F491_4F6C_DD1D_u64;
    let (mut before, mut within, mut after) = (0, 0, 0);
    for kill in 0..kills {
        let db = place.path().join(format!("k{kill}.db"));
        if kill % 2 == 1 {
            std::fs::copy(&base, &db).unwrap();
        }
        instant ^= instant << 13;
        instant ^= instant >> 7;
        instant ^= instant << 17;
        let wait = took.mul_f64((instant >> 11) as f64 / (1_u64 << 53) as f64);
        let mut child = program(&db)
            .arg("ingest")
            .args(&both)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(wait);
        child.kill().unwrap();
        let ended = child.wait().unwrap();
        if ended.success() {
            after += 1;
        } else if db.exists() {
            within += 1;
        } else {
            before += 1;
        }
        if db.exists() {
            assert!(verify(&db), "kill {kill} after {wait:?}: verify fails");
        }
        let again = ingest(&db, &both);
        assert!(
            again.status.code().is_some_and(|c| c < 2),
            "kill {kill}: {}",
            said(&again)
        );
        assert!(verify(&db), "kill {kill} after {wait:?}, repeated: verify fails");
        assert!(state(&db) == wanted, "kill {kill} after {wait:?}: another state");
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(place.path().join(format!("k{kill}.db{suffix}")));
        }
    }
    println!(
        "{kills} kills within {took:.2?}: {before} before there was a ledger, {within} while it was written, {after} too late; all sound"
    );
}

/// Runs the program with files limited to some 512-byte blocks, as a full disk limits them.
fn limited(db: &Path, blocks: u64, paths: &[PathBuf]) -> Output {
    Command::new("sh")
        .arg("-c")
        // With the signal ignored, writing beyond the limit fails as writing to a full disk does.
        .arg("trap '' XFSZ; ulimit -f $0; exec \"$@\"")
        .arg(blocks.to_string())
        .arg(&*PROGRAM)
        .arg("--db")
        .arg(db)
        .arg("ingest")
        .args(paths)
        .output()
        .unwrap()
}

#[test]
fn without_room_nothing_is_recorded_and_the_message_says_so() {
    let place = tempfile::tempdir().unwrap();
    let first = [list(place.path(), "2020-01-10", 1500, 0)];
    let second = [list(place.path(), "2021-01-10", 3000, 20)];
    let base = place.path().join("base.db");
    assert!(ingest(&base, &first).status.success());
    let (head, before) = (run(&base, &["verify"]).stdout, state(&base));
    let whole = place.path().join("whole.db");
    std::fs::copy(&base, &whole).unwrap();
    assert!(ingest(&whole, &second).status.success());
    let wanted = state(&whole);
    let blocks = std::fs::metadata(&whole).unwrap().len() / 512;
    let mut refused = 0;
    for limit in [0, 1, blocks / 64, blocks / 4, blocks / 3, blocks / 2, blocks * 2 / 3] {
        let db = place.path().join(format!("full{limit}.db"));
        std::fs::copy(&base, &db).unwrap();
        let output = limited(&db, limit, &second);
        if output.status.success() {
            continue;
        }
        refused += 1;
        assert_eq!(output.status.code(), Some(3), "{limit} blocks: {}", said(&output));
        assert!(said(&output).contains("no room"), "{limit} blocks: {}", said(&output));
        assert_eq!(run(&db, &["verify"]).stdout, head, "{limit} blocks");
        assert!(state(&db) == before, "{limit} blocks: something was recorded");
        assert!(ingest(&db, &second).status.success());
        assert!(state(&db) == wanted, "{limit} blocks, repeated: another state");
    }
    assert!(refused >= 4, "{refused} limits were felt");
    // A ledger that cannot be made whole is not made at all.
    let new = place.path().join("new.db");
    let output = limited(&new, 40, &first);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(!new.exists());
}

#[test]
fn a_file_system_that_is_full_leaves_the_ledger_as_it_was() {
    let place = tempfile::tempdir().unwrap();
    let first = list(place.path(), "2020-01-10", 1500, 0);
    let second = list(place.path(), "2021-01-10", 6000, 20);
    let script = r#"
        set -e
        mkdir small && mount -t tmpfs -o size=1200k none small
        "$0" --db small/s.db ingest "$1" >/dev/null
        "$0" --db small/s.db verify >before
        set +e
        "$0" --db small/s.db ingest "$2" >out 2>&1
        echo $? >code
        set -e
        "$0" --db small/s.db verify >after
        "$0" --db small/s.db show QDi.30 --json >shown
        mount -o remount,size=64m small
        "$0" --db small/s.db ingest "$2" >/dev/null
        "$0" --db small/s.db verify >/dev/null
    "#;
    let output = Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", script])
        .arg(&*PROGRAM)
        .args([&first, &second])
        .current_dir(place.path())
        .env_remove("STANDING_DB")
        .output();
    let mounted = place.path().join("before");
    match output {
        Ok(output) if mounted.exists() => {
            let read = |name: &str| std::fs::read_to_string(place.path().join(name)).unwrap_or_default();
            assert!(output.status.success(), "{}{}", said(&output), read("out"));
            assert_eq!(read("code").trim(), "3", "{}", read("out"));
            assert!(read("out").contains("no room"), "{}", read("out"));
            assert_eq!(read("before"), read("after"));
            assert!(read("shown").contains("in_force"));
        }
        _ => println!("skipped: no small file system can be mounted here"),
    }
}

#[test]
fn a_read_only_ledger_answers_and_refuses_to_be_written() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("locked");
    std::fs::create_dir(&folder).unwrap();
    let first = list(&folder, "2020-01-10", 20, 0);
    let second = list(&folder, "2021-01-10", 20, 1);
    let db = folder.join("s.db");
    assert!(ingest(&db, &[first]).status.success());
    let bytes = std::fs::read(&db).unwrap();
    set_writable(&db, &folder, false);
    // Permissions say nothing to root, who must become somebody else; then the program must lie where that one may go.
    let root = std::fs::OpenOptions::new().append(true).open(&db).is_ok();
    let open = place.path().join("standing");
    let as_reader = |args: &[&str]| -> Option<Output> {
        let mut command = if root {
            let mut command = Command::new("setpriv");
            command
                .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
                .arg(&open);
            command
        } else {
            Command::new(&*PROGRAM)
        };
        command
            .arg("--db")
            .arg(&db)
            .args(args)
            .env_remove("STANDING_DB")
            .output()
            .ok()
    };
    if root {
        std::fs::copy(&*PROGRAM, &open).unwrap();
        set_mode(place.path(), 0o755);
        if as_reader(&["--version"]).is_none_or(|o| !o.status.success()) {
            println!("skipped: root cannot become another user here");
            set_writable(&db, &folder, true);
            return;
        }
    }
    let shown = as_reader(&["show", "QDi.3", "--json"]).unwrap();
    assert!(shown.status.success(), "{}", said(&shown));
    let proved = as_reader(&["verify"]).unwrap();
    assert!(proved.status.success(), "{}", said(&proved));
    for args in [
        &["ingest", second.to_str().unwrap()][..],
        &["same", "QDi.3", "QDi.4", "--why", "a test"],
    ] {
        let refused = as_reader(args).unwrap();
        assert_eq!(refused.status.code(), Some(3), "{args:?}: {}", said(&refused));
        assert!(
            said(&refused).contains("cannot be written"),
            "{args:?}: {}",
            said(&refused)
        );
    }
    // A new ledger in a directory that may not be written.
    let new = folder.join("new.db");
    let output = {
        let mut args = vec!["ingest", second.to_str().unwrap()];
        args.insert(0, new.to_str().unwrap());
        args.insert(0, "--db");
        let mut command = if root {
            let mut command = Command::new("setpriv");
            command
                .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
                .arg(&open);
            command
        } else {
            Command::new(&*PROGRAM)
        };
        command.args(args).env_remove("STANDING_DB").output().unwrap()
    };
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    set_writable(&db, &folder, true);
    assert_eq!(std::fs::read(&db).unwrap(), bytes, "it was touched");
    assert!(ingest(&db, &[second]).status.code().is_some_and(|c| c < 2));
    assert!(verify(&db));
}

fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn set_writable(db: &Path, folder: &Path, writable: bool) {
    set_mode(folder, if writable { 0o755 } else { 0o555 });
    set_mode(db, if writable { 0o644 } else { 0o444 });
}

#[test]
fn two_writers_take_turns_and_readers_never_wait() {
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    let lists: Vec<PathBuf> = (0..4)
        .map(|at| list(place.path(), &format!("202{at}-01-10"), 1500 + at, at))
        .collect();
    // All at once, also the making of the ledger.
    let children: Vec<_> = lists
        .iter()
        .map(|path| {
            program(&db)
                .arg("ingest")
                .arg(path)
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
    }
    assert!(verify(&db));
    let alone = place.path().join("alone.db");
    assert!(ingest(&alone, &lists).status.success());
    assert!(state(&db) == state(&alone), "taking turns gave another state");

    // A writer that is in the middle of its transaction.
    let mut ledger = standing::home::open_for_writing(&db, "2026-01-01T00:00:00Z").unwrap();
    let transaction = ledger.begin("2026-01-01T00:00:00Z", "a long one").unwrap();
    transaction
        .judge(
            "un:QDi.100",
            "un:QDi.101",
            standing::model::Verdict::Same,
            "a test",
            "a test",
        )
        .unwrap();
    let start = Instant::now();
    let shown = run(&db, &["show", "QDi.100", "--json"]);
    assert!(shown.status.success(), "{}", said(&shown));
    assert!(!said(&shown).contains("QDi.101"), "what is not committed is not seen");
    assert!(start.elapsed() < Duration::from_secs(5), "a reader waited");
    let second = program(&db)
        .args(["same", "QDi.200", "QDi.201", "--why", "a test"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    transaction.commit().unwrap();
    let output = second.wait_with_output().unwrap();
    assert!(output.status.success(), "the second writer waits: {}", said(&output));
    assert!(verify(&db));
    assert!(said(&run(&db, &["show", "QDi.100", "--json"])).contains("QDi.101"));
}

/// Every row of every table, and the schema: two files with the same content differ in nothing that SQLite or anybody uses.
fn content(path: &Path) -> Vec<Vec<rusqlite::types::Value>> {
    let connection = rusqlite::Connection::open(path).unwrap();
    let read = |sql: &str| -> Vec<Vec<rusqlite::types::Value>> {
        let mut statement = connection.prepare(sql).unwrap();
        let columns = statement.column_count();
        statement
            .query_map([], |row| (0..columns).map(|c| row.get(c)).collect())
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap()
    };
    let mut all = read("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name");
    for table in read("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name") {
        let rusqlite::types::Value::Text(name) = &table[0] else {
            continue;
        };
        let mut rows = read(&format!("SELECT * FROM {name}"));
        rows.sort_by_key(|row| format!("{row:?}"));
        all.extend(rows);
    }
    all
}

#[test]
fn a_flipped_byte_is_reported_or_was_never_used() {
    let flips = amount("STANDING_FLIPS", 120);
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    let lists = [
        list(place.path(), "2020-01-10", 60, 0),
        list(place.path(), "2021-01-10", 60, 2),
    ];
    assert!(ingest(&db, &lists).status.success());
    let sound = std::fs::read(&db).unwrap();
    let head = run(&db, &["verify"]).stdout;
    let (wanted, facts) = (state(&db), content(&db));
    let flipped = place.path().join("flipped.db");
    let (mut reported, mut unused) = (0, 0);
    let step = (sound.len() / flips).max(1);
    for (round, at) in (0..sound.len()).step_by(step).enumerate() {
        let mut bytes = sound.clone();
        bytes[at] ^= 1 << (round % 8);
        std::fs::write(&flipped, &bytes).unwrap();
        let output = run(&flipped, &["verify"]);
        match output.status.code() {
            Some(0) => {
                // Nothing that anybody can ask, and nothing that is proved, depends on it.
                assert_eq!(output.stdout, head, "byte {at}");
                assert!(
                    content(&flipped) == facts,
                    "byte {at}: something that is stored is another"
                );
                assert!(
                    unused % 16 > 0 || state(&flipped) == wanted,
                    "byte {at}: silent and wrong"
                );
                unused += 1;
            }
            Some(4) => reported += 1,
            other => panic!("byte {at}: {other:?} {}", said(&output)),
        }
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(place.path().join(format!("flipped.db{suffix}")));
        }
    }
    println!(
        "{} flips in {} bytes: {reported} reported, {unused} in bytes that nothing uses",
        reported + unused,
        sound.len()
    );
    // A small ledger's pages are half empty.
    assert!(reported * 3 > unused, "{reported} reported, {unused} unused");
}
