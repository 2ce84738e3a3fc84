//! A year of daily editions of one list: how large the ledger grows, whether every file comes back byte for byte, and whether a
//! question takes longer for it.
//!
//! ```text
//! cargo bench -p standing-cli --bench daily -- [DAYS] [--every N]
//! ```
//!
//! The editions are made from OFAC's list of July 2021 (`../shared` or `STANDING_SHARED`): on each day .1 % of the rows of each table
//! are changed, added or dropped, every seventh day is the day before once more. They are ingested one day at a time by the built
//! program, as a daily job does it. `zstd -19` of each edition alone is what the file is compared with; `--every N` compresses every
//! N-th edition only and scales the sum up.

#![allow(clippy::print_stdout)] // its figures are its output

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

type Failure = Box<dyn std::error::Error>;

const PROGRAM: &str = env!("CARGO_BIN_EXE_standing");
const TABLES: [&str; 4] = ["add.csv", "alt.csv", "sdn.csv", "sdn_comments.csv"];
/// Rows that move on a day, of a thousand.
const PER_MILLE: usize = 1;

/// The files of one day, as rows of bytes.
#[derive(Clone)]
struct Day {
    tables: BTreeMap<&'static str, Vec<Vec<u8>>>,
    state: u64,
    /// The next party number.
    next: u32,
}

/// The party that a row is about.
fn party(row: &[u8]) -> &[u8] {
    let end = row.iter().position(|b| *b == b',').unwrap_or(row.len());
    &row[..end]
}

impl Day {
    fn first(folder: &Path) -> Result<Self, Failure> {
        let mut tables = BTreeMap::new();
        for table in TABLES {
            let bytes = std::fs::read(folder.join(table))?;
            tables.insert(
                table,
                bytes.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect(),
            );
        }
        Ok(Self {
            tables,
            state: 0x9E37_79B9_7F4A_7C15,
            next: 90_000,
        })
    }

    /// A number below `limit`, the same on every run.
    fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 33) as usize % limit.max(1)
    }

    /// A word that no other row has, so that it compresses as real novelty does.
    fn word(&mut self) -> String {
        (0..9).map(|_| char::from(b'A' + self.below(26) as u8)).collect()
    }

    fn rows(&self, table: &str) -> &[Vec<u8>] {
        self.tables.get(table).map_or(&[], Vec::as_slice)
    }

    /// A row that is about a party (the DOS end-of-file byte is none).
    fn any(&mut self, table: &str) -> usize {
        loop {
            let at = self.below(self.rows(table).len());
            if self.rows(table)[at].first().is_some_and(u8::is_ascii_digit) {
                return at;
            }
        }
    }

    fn change(&mut self, table: &'static str) {
        let (at, word) = (self.any(table), self.word());
        let Some(row) = self.tables.get_mut(table).and_then(|rows| rows.get_mut(at)) else {
            return;
        };
        // Into the last quoted cell, else in place of the last empty one.
        if let Some(quote) = row.iter().rposition(|b| *b == b'"') {
            row.splice(quote..quote, format!(" {word}").into_bytes());
        } else if let Some(empty) = row.windows(4).rposition(|w| w == b"-0- ") {
            row.splice(empty..empty + 4, format!("\"{word}\"").into_bytes());
        }
    }

    fn drop_row(&mut self, table: &'static str) {
        let at = self.any(table);
        let key = party(&self.rows(table)[at]).to_vec();
        if table == "sdn.csv" {
            // A party goes with all that belongs to it.
            for rows in self.tables.values_mut() {
                rows.retain(|row| party(row) != key);
            }
        } else if let Some(rows) = self.tables.get_mut(table) {
            rows.remove(at);
        }
    }

    fn add(&mut self, table: &'static str) {
        let (first, second) = (self.word(), self.word());
        if table == "sdn.csv" {
            self.next += 1;
            let number = self.next;
            let row = format!(
                "{number},\"{first}, {second}\",\"individual\",\"SDGT\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB 19{}; POB {}.\"\r\n",
                50 + self.below(40),
                self.word()
            );
            self.insert(table, row);
            let alias = format!("{number},{},\"aka\",\"{}\",-0- \r\n", self.below(90_000), self.word());
            self.insert("alt.csv", alias);
            let address = format!(
                "{number},{},\"{}\",-0- ,\"Iran\",-0- \r\n",
                self.below(90_000),
                self.word()
            );
            self.insert("add.csv", address);
            return;
        }
        let at = self.any("sdn.csv");
        let key = String::from_utf8_lossy(party(&self.rows("sdn.csv")[at])).into_owned();
        let number = self.below(90_000);
        self.insert(
            table,
            match table {
                "alt.csv" => format!("{key},{number},\"aka\",\"{first} {second}\",-0- \r\n"),
                _ => format!("{key},{number},\"{first}\",\"{second}\",\"Iran\",-0- \r\n"),
            },
        );
    }

    /// Rows stand in the order of their parties.
    fn insert(&mut self, table: &'static str, row: String) {
        let number = |row: &[u8]| -> u32 { String::from_utf8_lossy(party(row)).parse().unwrap_or(u32::MAX) };
        let wanted = number(row.as_bytes());
        if let Some(rows) = self.tables.get_mut(table) {
            let at = rows.iter().position(|r| number(r) > wanted).unwrap_or(rows.len());
            rows.insert(at, row.into_bytes());
        }
    }

    fn next(&mut self, day: usize) {
        if day % 7 == 6 {
            return;
        }
        for table in ["sdn.csv", "alt.csv", "add.csv"] {
            let moves = (self.rows(table).len() * PER_MILLE).div_ceil(1000);
            for turn in 0..moves {
                match (turn + day) % 3 {
                    0 => self.change(table),
                    1 => self.add(table),
                    _ => self.drop_row(table),
                }
            }
        }
    }

    fn files(&self) -> impl Iterator<Item = (&'static str, Vec<u8>)> {
        self.tables.iter().map(|(name, rows)| (*name, rows.concat()))
    }
}

fn name(day: usize) -> String {
    let date = jiff::civil::Date::constant(2022, 1, 1).checked_add(jiff::Span::new().days(day as i64));
    date.map_or_else(|_| "2022-01-01".to_owned(), |d| d.to_string())
}

fn program(db: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .arg("--db")
        .arg(db)
        .args(args)
        .stdout(Stdio::null())
        .env_remove("STANDING_DB");
    command
}

/// The shortest and the middle of some runs, alternating between ledgers, from process start to exit.
fn times(ledgers: &[&Path], args: &[&str], rounds: usize) -> Result<Vec<(Duration, Duration)>, Failure> {
    let mut took = vec![Vec::new(); ledgers.len()];
    for _ in 0..rounds {
        for (at, db) in ledgers.iter().enumerate() {
            let start = Instant::now();
            if !program(db, args).status()?.success() {
                return Err(format!("{args:?} failed").into());
            }
            took[at].push(start.elapsed());
        }
    }
    Ok(took
        .into_iter()
        .map(|mut times| {
            times.sort_unstable();
            (times[0], times[times.len() / 2])
        })
        .collect())
}

fn main() -> Result<(), Failure> {
    let (mut days, mut every) = (365, 10);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--every" => every = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(every),
            // `cargo bench` adds it.
            "--bench" => {}
            number => days = number.parse()?,
        }
    }
    let shared = std::env::var_os("STANDING_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let list = shared.join("data/lists/ofac/2021-07");
    if !list.is_dir() {
        println!("skipped: no {}", list.display());
        return Ok(());
    }
    let place = tempfile::tempdir()?;
    let (db, early) = (place.path().join("year.db"), place.path().join("ten.db"));
    let size = |path: &Path| std::fs::metadata(path).map(|m| m.len());
    let (mut alone, mut compressed, mut plain) = (0_u64, 0_u64, 0_u64);
    let (mut same, mut same_days, mut longest) = (0_u64, 0_u64, Duration::ZERO);
    let mut day_at = Day::first(&list)?;
    for day in 0..days {
        if day > 0 {
            day_at.next(day);
        }
        let folder = place.path().join(name(day));
        std::fs::create_dir(&folder)?;
        for (file, bytes) in day_at.files() {
            if day % every == 0 {
                alone += zstd::bulk::compress(&bytes, 19)?.len() as u64;
                compressed += bytes.len() as u64;
            }
            plain += bytes.len() as u64;
            std::fs::write(folder.join(file), bytes)?;
        }
        let before = if day > 0 { size(&db)? } else { 0 };
        let start = Instant::now();
        let folder_text = folder.display().to_string();
        let status = program(&db, &["ingest", &folder_text]).status()?;
        longest = longest.max(start.elapsed());
        if !status.success() {
            return Err(format!("day {day}: ingest ended with {status}").into());
        }
        if day > 0 && day % 7 == 6 {
            same += size(&db)? - before;
            same_days += 1;
        }
        std::fs::remove_dir_all(&folder)?;
        if day == 9 {
            std::fs::copy(&db, &early)?;
        }
        if day % 30 == 0 {
            println!("day {day}: {} bytes", size(&db)?);
        }
    }
    let whole = size(&db)?;
    let singles = alone as f64 * plain as f64 / compressed as f64;
    println!(
        "{days} days: {whole} bytes; {plain} bytes plain, {singles:.0} as zstd -19 of each day alone ({}): {:.2} %",
        if every == 1 {
            "all".to_owned()
        } else {
            format!("scaled up from every {every}th")
        },
        whole as f64 / singles * 100.0
    );
    println!(
        "an identical day adds {} bytes on average ({same_days} days)",
        same / same_days.max(1)
    );
    println!("the longest ingest of a day took {longest:.2?}");

    let ledger = standing::Ledger::open(&db)?;
    let view = ledger.view(None, standing::model::Day::MAX)?;
    let mut again = Day::first(&list)?;
    let snapshots = view.snapshots(None)?;
    if snapshots.len() != days {
        return Err(format!("{} snapshots of {days} days", snapshots.len()).into());
    }
    for (day, snapshot) in snapshots.iter().enumerate() {
        if day > 0 {
            again.next(day);
        }
        let wanted: BTreeMap<String, Vec<u8>> = again.files().map(|(n, b)| (n.to_owned(), b)).collect();
        let found: BTreeMap<String, Vec<u8>> = view.snapshot_files(snapshot.id)?.into_iter().collect();
        if wanted != found {
            return Err(format!("day {day} is not restored byte for byte").into());
        }
    }
    println!("{} files restored byte for byte", days * TABLES.len());
    if days > 10 {
        for (what, args) in [
            ("show --on", &["show", "us-sdn:6636", "--on", "2022-01-05"][..]),
            ("show --json", &["show", "us-sdn:6636", "--json"]),
            ("timeline", &["timeline", "us-sdn:6636"]),
        ] {
            let took = times(&[&early, &db], args, 30)?;
            println!(
                "{what}: {:.2?} with 10 days, {:.2?} with {days} (shortest of 30, from process start; middle {:.2?} and {:.2?}): {:.2} times",
                took[0].0,
                took[1].0,
                took[0].1,
                took[1].1,
                took[1].0.as_secs_f64() / took[0].0.as_secs_f64()
            );
        }
    }
    Ok(())
}
