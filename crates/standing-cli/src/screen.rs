//! `screen`, `replay`, `runs` and `index`: names on the command line or a file of them, and what is kept of it.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::Args;
use standing::model::{Day, PartialDate};
use standing::screen::batch::columns::{self, Field};
use standing::screen::batch::input::InputOptions;
use standing::screen::{self, Batch, Manifest, Options, Policy, Query, Screening, Searcher, runs};
use standing::{Ledger, Question, StandingError, answers, home};

use crate::args::Clocks;
use crate::commands::question;
use crate::hits;
use crate::outcome::{Failure, Outcome, lines, write};
use crate::table::{Look, safe};
use standing::words::number;

#[derive(Debug, Args)]
pub struct ScreenArgs {
    /// Names to screen
    #[arg(value_name = "NAME", required_unless_present = "input", conflicts_with = "input")]
    pub names: Vec<String>,
    /// A file of names: CSV, JSON lines (FollowTheMoney), Parquet, Arrow IPC
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// Where the hits go: .jsonl, .csv, .parquet or .arrow; else to the screen as JSON lines
    #[arg(long, value_name = "FILE", requires = "input", conflicts_with = "names")]
    pub output: Option<PathBuf>,
    /// Which column holds a field: name="Customer Name"
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = columns::parse_map, requires = "input", conflicts_with = "names")]
    pub map: Vec<(Field, String)>,
    /// What it is, or what rows are that do not say: person, organisation, vessel, aircraft
    #[arg(long, value_name = "SCHEMA", value_parser = kind)]
    pub schema: Option<standing::model::PartyKind>,
    /// Birth or founding: 1975-03-02, 1975-03, 1975, "circa 1975"
    #[arg(long, value_name = "DATE", value_parser = birth, conflicts_with = "input")]
    pub birth_date: Vec<PartialDate>,
    /// Nationality or country, by code or name
    #[arg(long, value_name = "COUNTRY", value_parser = country, conflicts_with = "input")]
    pub country: Vec<standing::model::Country>,
    /// female, male or other
    #[arg(long, value_name = "GENDER", value_parser = gender, conflicts_with = "input")]
    pub gender: Option<standing::model::Gender>,
    /// An identifier: passport:A1234567
    #[arg(long = "id", value_name = "TYPE:VALUE", value_parser = screen::fields::identifier_of, conflicts_with = "input")]
    pub identifiers: Vec<standing::model::Identifier>,
    /// An address
    #[arg(long, value_name = "TEXT", conflicts_with = "input")]
    pub address: Vec<String>,
    /// The customer's reference, as judgements name it after "customer:"
    #[arg(long, value_name = "REF", conflicts_with = "input")]
    pub customer: Option<String>,
    /// When it is legally so: 2024-10-04 (a month or year means its last day)
    #[arg(long, value_name = "DAY", value_parser = standing::parse_day)]
    pub on: Option<Day>,
    #[command(flatten)]
    pub clocks: Clocks,
    /// What raises an alert: a file as "standing policy" prints it
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// From which score on, 0.5 to 1, whatever the policy says
    #[arg(long, value_name = "SCORE", value_parser = threshold)]
    pub threshold: Option<f32>,
    /// At most so many hits for a name
    #[arg(long, value_name = "N", value_parser = limit)]
    pub limit: Option<usize>,
    /// Which token met which, what was left over, what each was worth
    #[arg(long)]
    pub explain: bool,
    /// Score every listed name instead of searching: the same hits, slowly
    #[arg(long)]
    pub exhaustive: bool,
    /// How many threads; all cores if 0
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub threads: usize,
    /// One JSON object a line (docs/CLI.md)
    #[arg(long)]
    pub json: bool,
}

fn kind(text: &str) -> Result<standing::model::PartyKind, String> {
    screen::kind_of_schema(text).map_err(|e| e.to_string())
}

fn birth(text: &str) -> Result<PartialDate, String> {
    columns::birth(text).map_err(|e| e.to_string())
}

fn country(text: &str) -> Result<standing::model::Country, String> {
    columns::country(text).map_err(|e| e.to_string())
}

fn gender(text: &str) -> Result<standing::model::Gender, String> {
    columns::gender(text)
        .map_err(|e| e.to_string())
        .and_then(|g| g.ok_or_else(|| "give female, male or other".into()))
}

/// None at all would look like a search that found nothing.
fn limit(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("0 would hide every hit; leave --limit out for all of them".into()),
        Ok(n) => Ok(n),
        Err(_) => Err(format!("\"{text}\" is no number: give 1 or more")),
    }
}

fn threshold(text: &str) -> Result<f32, String> {
    let value = text.parse().map_err(|_| format!("\"{text}\" is no number"))?;
    screen::policy::check_threshold(value)
}

pub fn policy(path: Option<&Path>) -> Result<Policy, Failure> {
    let Some(path) = path else {
        return Ok(Policy::standard());
    };
    let text = std::fs::read_to_string(path).map_err(|source| StandingError::File {
        path: path.display().to_string(),
        source,
    })?;
    Ok(Policy::read(&path.display().to_string(), &text)?)
}

/// Screens names or a file.
pub fn run(db: &Path, args: &ScreenArgs, today: Day, look: Look) -> Outcome {
    let ledger = home::open(db)?;
    let screening = open(&ledger, args.on, &args.clocks, args.policy.as_deref(), today)?;
    let options = Options {
        threshold: args.threshold,
        limit: args.limit,
        exhaustive: args.exhaustive,
    };
    match &args.input {
        Some(input) => file(&ledger, &screening, input, args, options),
        None => names(&ledger, &screening, args, &options, look),
    }
}

/// Opens the index; says so if one had to be replaced.
pub fn open(
    ledger: &Ledger,
    on: Option<Day>,
    clocks: &Clocks,
    policy_file: Option<&Path>,
    today: Day,
) -> Result<Screening, Failure> {
    let policy = policy(policy_file)?;
    known_to_register(ledger, &question(on, clocks.clone()), &policy, policy_file, today)?;
    let screening = screen::open(ledger, &question(on, clocks.clone()), policy, today)?;
    if let Some(why) = &screening.replaced {
        note(&format!("standing: {}\n", safe(why)));
    }
    if screening.screener.index().info().names == 0 {
        note(&format!(
            "standing: nothing is searched: {}\n",
            if screening.screener.index().info().left_out > 0 {
                "the policy leaves out every listing that is recorded"
            } else {
                "no list is recorded by these clocks. Take one in: standing ingest PATH"
            }
        ));
    }
    Ok(screening)
}

/// A policy that names an authority or a list that there is none of would search less than its author thinks, or nothing.
fn known_to_register(
    ledger: &Ledger,
    question: &Question,
    policy: &Policy,
    file: Option<&Path>,
    today: Day,
) -> Result<(), Failure> {
    let Some(file) = file else { return Ok(()) };
    let (view, _) = question.view(ledger, today)?;
    let register = view.register();
    // A ledger without a register (an empty file) cannot tell.
    if register.authorities.is_empty() {
        return Ok(());
    }
    let select = &policy.select;
    let unknown = |what: &str, id: &str, known: String| {
        let file = file.display();
        StandingError::Refused(format!(
            "the policy {file}: there is no {what} \"{id}\". Known: {known}"
        ))
    };
    for id in select.authorities.iter().chain(&select.leave_out_authorities) {
        if !register
            .authorities
            .iter()
            .any(|a| answers::authority_matches(&view, &a.id, id))
        {
            let known: Vec<&str> = register.authorities.iter().map(|a| a.id.as_str()).collect();
            return Err(unknown("authority or jurisdiction", id, known.join(", ")).into());
        }
    }
    let recorded = view.lists()?;
    for id in select.lists.iter().chain(&select.leave_out_lists) {
        if register.list(id).is_none() && !recorded.contains(id) {
            let known: Vec<&str> = register.lists.iter().map(|l| l.id.as_str()).collect();
            return Err(unknown("list", id, known.join(", ")).into());
        }
    }
    Ok(())
}

/// Says something beside the output.
fn note(text: &str) {
    // A closed standard error is no reason to fail.
    let _ = std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes());
}

fn names(ledger: &Ledger, screening: &Screening, args: &ScreenArgs, options: &Options, look: Look) -> Outcome {
    let queries: Vec<Query> = args
        .names
        .iter()
        .enumerate()
        .map(|(row, name)| Query {
            row: row as u64,
            id: args
                .customer
                .as_deref()
                .map(|c| c.trim_start_matches("customer:").to_owned()),
            names: vec![name.clone()],
            kind: args.schema.unwrap_or_default(),
            births: args.birth_date.clone(),
            countries: args.country.clone(),
            gender: args.gender,
            identifiers: args.identifiers.clone(),
            addresses: args.address.clone(),
        })
        .collect();
    let answered = screening.screen_queries(&queries, options, &mut Searcher::default())?;
    keep(
        ledger,
        &answered.manifest,
        &runs::customers(&queries, &answered.outcomes),
    );
    let rejected = answered.outcomes.iter().any(Result::is_err);
    if args.json {
        for outcome in answered.outcomes.iter().flatten() {
            lines(&outcome.hits)?;
        }
        for (query, outcome) in queries.iter().zip(&answered.outcomes) {
            if let Err(reject) = outcome {
                note(&hits::rejected(&query.names[0], reject));
            }
        }
    } else {
        write(&hits::answer(&queries, &answered, screening, args.explain, look))?;
    }
    Ok(u8::from(rejected))
}

fn keep(ledger: &Ledger, manifest: &Manifest, customers: &[u8]) {
    if let Err(error) = runs::keep(ledger, manifest, customers) {
        note(&format!(
            "standing: the run is not kept: {}\n",
            safe(&error.to_string())
        ));
    }
}

fn progress_bar() -> indicatif::ProgressBar {
    if std::io::stderr().is_terminal() {
        indicatif::ProgressBar::new_spinner()
    } else {
        indicatif::ProgressBar::hidden()
    }
}

fn moved(bar: &indicatif::ProgressBar) -> impl FnMut(screen::Progress) + '_ {
    |p| {
        bar.set_position(p.rows);
        let second = bar.per_sec() as u64;
        bar.set_message(format!(
            "{} rows, {} hits, {} rows a second",
            number(p.rows),
            number(p.hits),
            number(second)
        ));
    }
}

fn file(ledger: &Ledger, screening: &Screening, input: &Path, args: &ScreenArgs, options: Options) -> Outcome {
    let work = tempfile::tempdir().map_err(Failure::Output)?;
    let output = args.output.clone().unwrap_or_else(|| work.path().join("hits.jsonl"));
    let customers = work.path().join("customers");
    let batch = Batch {
        input: input.to_owned(),
        output: output.clone(),
        reading: InputOptions {
            map: args.map.clone(),
            kind: args.schema.unwrap_or_default(),
        },
        options,
        threads: args.threads,
        customers: Some(customers.clone()),
    };
    let map: Vec<String> = args.map.iter().map(|(f, c)| format!("{}={c}", f.word())).collect();
    let bar = progress_bar();
    let manifest = screening.screen_file(&batch, &map, &mut moved(&bar));
    bar.finish_and_clear();
    let manifest = manifest?;
    keep(ledger, &manifest, &std::fs::read(&customers).map_err(Failure::Output)?);
    let report = hits::report(&manifest, args.output.as_deref());
    if args.output.is_some() {
        write(&report)?;
    } else {
        let mut from = std::fs::File::open(&output).map_err(Failure::Output)?;
        std::io::copy(&mut from, &mut std::io::stdout().lock()).map_err(Failure::Output)?;
        note(&report);
    }
    Ok(u8::from(manifest.report.rejected > 0))
}

#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// A manifest's file, or a run's id or its beginning
    #[arg(value_name = "MANIFEST")]
    pub run: String,
}

/// Repeats a run and proves that it gives the same bytes.
pub fn replay(db: &Path, args: &ReplayArgs, today: Day) -> Outcome {
    let ledger = home::open(db)?;
    let manifest = runs::find(&ledger, &args.run)?;
    let work = tempfile::tempdir().map_err(Failure::Output)?;
    let bar = progress_bar();
    let proved = runs::replay(&ledger, &manifest, work.path(), today, &mut moved(&bar));
    bar.finish_and_clear();
    let proved = proved?;
    write(&format!(
        "{} gives the same bytes: {}, digest {}.\n",
        proved.run,
        hits::plural(proved.hits, "hit", "hits"),
        proved.output
    ))?;
    Ok(0)
}

/// The runs beside a ledger.
pub fn list_runs(db: &Path, json: bool) -> Outcome {
    let ledger = home::open(db)?;
    let runs: Vec<Manifest> = runs::all(&ledger)?.into_iter().map(|(_, m)| m).collect();
    if json {
        lines(&runs)?;
    } else {
        write(&hits::runs(&runs))?;
    }
    Ok(0)
}

#[derive(Debug, Args)]
pub struct IndexArgs {
    /// Build it anew, whatever is there
    #[arg(long, conflicts_with = "info")]
    pub build: bool,
    /// Say what it holds (the default)
    #[arg(long)]
    pub info: bool,
    /// When it is legally so
    #[arg(long, value_name = "DAY", value_parser = standing::parse_day)]
    pub on: Option<Day>,
    #[command(flatten)]
    pub clocks: Clocks,
    /// What raises an alert
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// One JSON object (docs/CLI.md)
    #[arg(long)]
    pub json: bool,
}

/// The index of a question: opens or builds it and says what it holds.
pub fn index(db: &Path, args: &IndexArgs, today: Day) -> Outcome {
    let ledger = home::open(db)?;
    if args.build {
        let policy = policy(args.policy.as_deref())?;
        screen::forget(&ledger, &question(args.on, args.clocks.clone()), &policy, today)?;
    }
    let screening = open(&ledger, args.on, &args.clocks, args.policy.as_deref(), today)?;
    if args.json {
        lines(&[screening.screener.index().info()])?;
    } else {
        write(&hits::index(&screening, screen::directory(&ledger).as_deref()))?;
    }
    Ok(0)
}
