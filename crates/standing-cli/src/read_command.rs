//! `standing read`: articles in, claims beside the record out; with `--store` also into the ledger.

use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use standing::model::Day;
use standing::read::files::{FileRead, find, read_bytes, read_files};
use standing::read::store::{Kept, store};
use standing::read::{ClaimRow, Desk, ReadOptions, RuleError, beside, check_rules, rule_files, table_of};
use standing::{Ledger, StandingError, home};

use crate::args::ReadArgs;
use crate::commands::question;
use crate::outcome::{Failure, Outcome, lines, write};
use crate::reading;
use crate::table::{Look, safe};

/// No more than this is taken from standard input: one byte more than intake reads tells it that it is too much.
const STDIN: u64 = 200 * 1024 * 1024 + 1;

/// How many files are kept in one transaction.
const TOGETHER: usize = 64;

/// A claim with the file that it was read in.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    row: &'a ClaimRow,
    file: String,
}

fn note(text: &str) {
    // Nothing can be done where even standard error is closed.
    let _ = std::io::stderr().write_all(format!("standing: {text}\n").as_bytes());
}

/// What a run came to.
#[derive(Default)]
struct Tally {
    files: usize,
    refused: usize,
    passed: usize,
    articles: usize,
    claims: usize,
    kept: Kept,
}

/// Runs the command.
pub fn run(db: &Path, args: &ReadArgs, today: Day, now: &str, look: Look) -> Outcome {
    let own = match &args.check_rules {
        Some(path) => {
            let files = rule_files(path)?;
            let errors = check_rules(&files);
            if !errors.is_empty() {
                return report_rules(&errors, args.json.json);
            }
            if args.paths.is_empty() {
                write(&format!(
                    "{} rule files are sound, and so are their examples.\n",
                    files.len()
                ))?;
                return Ok(0);
            }
            files
        }
        None => Vec::new(),
    };
    let mut writing = args.store.then(|| home::open_for_writing(db, now)).transpose()?;
    let (ledger, table) = if writing.is_some() || db.exists() {
        (home::open(db)?, Some(table_of(db)))
    } else {
        note(&format!(
            "no ledger at {}: claims are set beside the register that is built in",
            db.display()
        ));
        (home::register_only(now)?, None)
    };
    let asked = question(args.on, args.clocks.clone());
    let (view, _) = asked.view(&ledger, today)?;
    let desk = Desk::with_rules(&view, table.as_deref(), &own)?;
    let options = ReadOptions {
        published: args.published,
        outlet: args.outlet.clone(),
        url: args.url.clone(),
    };
    let stdin = args.paths.iter().any(|p| p.as_os_str() == "-");
    let paths: Vec<PathBuf> = args.paths.iter().filter(|p| p.as_os_str() != "-").cloned().collect();
    let paths = if paths.is_empty() { Vec::new() } else { find(&paths)? };
    let many = paths.len() + usize::from(stdin) > 1;
    let bar = progress(paths.len());
    let mut tally = Tally::default();
    let mut failed: Option<Failure> = None;
    let mut waiting: Vec<FileRead> = Vec::new();
    let mut take = |file: FileRead| -> Result<(), StandingError> {
        bar.inc(1);
        let result = bar.suspend(|| show(&file, &view, args, many, today, look, &mut tally));
        if let Err(failure) = result {
            failed = Some(failure);
            return Err(StandingError::Refused("the output".into()));
        }
        if let Some(ledger) = writing.as_mut() {
            waiting.push(file);
            if waiting.len() >= TOGETHER {
                keep(ledger, now, &mut waiting, &mut tally)?;
            }
        }
        Ok(())
    };
    let mut result = Ok(());
    if stdin {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .take(STDIN)
            .read_to_end(&mut bytes)
            .map_err(|source| StandingError::File {
                path: "-".into(),
                source,
            })?;
        result = take(read_bytes(&desk, Path::new("-"), bytes, &options));
    }
    if result.is_ok() {
        result = read_files(&desk, &paths, &options, &mut take);
    }
    bar.finish_and_clear();
    if let Some(failure) = failed {
        return Err(failure);
    }
    result?;
    if let Some(ledger) = writing.as_mut() {
        keep(ledger, now, &mut waiting, &mut tally)?;
    }
    close(&tally, args, many)
}

fn progress(files: usize) -> indicatif::ProgressBar {
    if files > 1 && std::io::stderr().is_terminal() {
        indicatif::ProgressBar::new(files as u64)
    } else {
        indicatif::ProgressBar::hidden()
    }
}

/// Keeps the files that wait.
fn keep(ledger: &mut Ledger, now: &str, waiting: &mut Vec<FileRead>, tally: &mut Tally) -> Result<(), StandingError> {
    let kept = store(ledger, now, waiting)?;
    waiting.clear();
    tally.kept.articles += kept.articles;
    tally.kept.claims += kept.claims;
    tally.kept.already += kept.already;
    Ok(())
}

/// Prints what was read in one file.
fn show(
    file: &FileRead,
    view: &standing::View<'_>,
    args: &ReadArgs,
    many: bool,
    today: Day,
    look: Look,
    tally: &mut Tally,
) -> Result<(), Failure> {
    let name = safe(&file.path.display().to_string());
    tally.files += 1;
    let articles = match &file.articles {
        Ok(input) => {
            for passed in &input.passed {
                tally.passed += 1;
                note(&format!("{name}: passed over: {}", safe(passed)));
            }
            &input.articles
        }
        Err(error) => {
            tally.refused += 1;
            note(&format!("{name}: {}", safe(&error.to_string())));
            return Ok(());
        }
    };
    let several = many || articles.len() > 1;
    for read in articles {
        let rows = beside(view, read, args.on, today)?;
        tally.articles += 1;
        tally.claims += rows.len();
        if args.json.json {
            let file = file.path.display().to_string();
            lines(
                &rows
                    .iter()
                    .map(|row| Line {
                        row,
                        file: file.clone(),
                    })
                    .collect::<Vec<_>>(),
            )?;
            for set in &read.reading.set_aside {
                let words: String = read
                    .article
                    .text
                    .chars()
                    .skip(set.span[0])
                    .take((set.span[1] - set.span[0]).min(60))
                    .collect();
                note(&format!("{name}: set aside by {}: “{}”", set.rule, safe(&words)));
            }
            for warning in read.reading.warnings.iter().filter(|w| w.claim.is_none()) {
                note(&format!("{name}: {}", safe(&warning.message)));
            }
        } else if several {
            let mut text = reading::heading(&file.path.display().to_string(), read, look);
            if !read.reading.set_aside.is_empty() {
                text.push_str(&format!("  set aside: {} lines\n", read.reading.set_aside.len()));
            }
            text.push_str(&reading::claims(&rows, look));
            if args.explain {
                text.push_str(&reading::trace(&rows, look));
            }
            text.push('\n');
            write(&text)?;
        } else {
            write(&reading::article(
                &file.path.display().to_string(),
                read,
                &rows,
                args.explain,
                look,
            ))?;
        }
    }
    Ok(())
}

fn close(tally: &Tally, args: &ReadArgs, many: bool) -> Outcome {
    let mut text = String::new();
    if many {
        text.push_str(&format!(
            "{} claims in {} articles of {} files",
            tally.claims, tally.articles, tally.files
        ));
        if tally.refused > 0 {
            text.push_str(&format!("; {} files could not be read", tally.refused));
        }
        text.push('\n');
    }
    if args.store {
        text.push_str(&format!(
            "Kept: {} article{} with {} claim{}; {} {} kept already. None of them counts towards a standing.\n",
            tally.kept.articles,
            if tally.kept.articles == 1 { "" } else { "s" },
            tally.kept.claims,
            if tally.kept.claims == 1 { "" } else { "s" },
            tally.kept.already,
            if tally.kept.already == 1 { "was" } else { "were" }
        ));
    }
    if args.json.json {
        for line in text.lines() {
            note(line);
        }
    } else {
        write(&text)?;
    }
    Ok(match (tally.refused, tally.files) {
        (0, _) => u8::from(tally.passed > 0),
        (refused, files) if refused == files => 3,
        _ => 1,
    })
}

fn report_rules(errors: &[RuleError], json: bool) -> Outcome {
    if json {
        #[derive(Serialize)]
        struct Finding<'a> {
            file: &'a str,
            line: usize,
            problem: &'a str,
            remedy: &'a str,
        }
        let rows: Vec<Finding<'_>> = errors
            .iter()
            .map(|e| Finding {
                file: &e.file,
                line: e.line,
                problem: &e.problem,
                remedy: &e.remedy,
            })
            .collect();
        lines(&rows)?;
    } else {
        let text: String = errors.iter().map(|e| format!("{}\n", safe(&e.to_string()))).collect();
        write(&text)?;
    }
    Ok(3)
}
