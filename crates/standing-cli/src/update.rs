//! `standing update`: the sources asked, what came of each, and progress on the way.

use std::io::IsTerminal;
use std::path::Path;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use standing::model::Day;
use standing::update::{self, SourceOutcome, SourceReport, Update, UpdateOptions, UpdateProgress};
use standing::{StandingError, words};

use crate::args::UpdateArgs;
use crate::outcome::{Outcome, lines, write};
use crate::reports;
use crate::table::{Look, safe};

fn seconds(written: f64, option: &str) -> Result<Duration, StandingError> {
    Duration::try_from_secs_f64(written)
        .map_err(|_| StandingError::Question(format!("{option} {written}: give a number of seconds")))
}

/// Runs the command; gives its exit code.
pub fn run(db: &Path, arguments: &UpdateArgs, today: Day, now: &str, look: Look) -> Outcome {
    let options = UpdateOptions {
        own: arguments.sources_file.clone(),
        dry_run: arguments.dry_run,
        from: arguments.from.clone(),
        downloads: arguments.downloads.clone(),
        retries: arguments.retries,
        back_off: seconds(arguments.back_off, "--back-off")?,
        total: seconds(arguments.timeout, "--timeout")?,
        idle: seconds(arguments.idle, "--idle")?,
        connect: UpdateOptions::default()
            .connect
            .min(seconds(arguments.timeout, "--timeout")?),
        allow_private: arguments.allow_private.clone(),
        limit: arguments.guard / 100.0,
    };
    let bar = if std::io::stderr().is_terminal() {
        ProgressBar::new(0)
    } else {
        ProgressBar::hidden()
    };
    let bytes = ProgressStyle::with_template("{msg}  {bytes} of {total_bytes}  {bytes_per_sec}  {wide_bar}");
    let unknown = ProgressStyle::with_template("{msg}  {bytes}  {bytes_per_sec}");
    let mut source = String::new();
    let mut styled = false;
    let reports = Update {
        ledger: db,
        options: &options,
        today,
        now,
    }
    .run(&arguments.sources, &mut |progress| match progress {
        UpdateProgress::Source(id, at, of) => {
            source = format!("{} of {of}  {id}", at + 1);
            styled = false;
            bar.reset();
            bar.set_message(source.clone());
        }
        UpdateProgress::Bytes(there, total) => {
            if !styled && let Ok(style) = if total.is_some() { &bytes } else { &unknown } {
                bar.set_style(style.clone());
                styled = true;
            }
            if let Some(total) = total {
                bar.set_length(total);
            }
            bar.set_position(there);
        }
        UpdateProgress::Waiting(wait, why) => {
            bar.set_message(format!("{source}  {}; again in {} s", safe(why), wait.as_secs()));
        }
    });
    bar.finish_and_clear();
    let reports = reports?;
    if arguments.json.json {
        lines(&reports)?;
    } else {
        write(&told(&reports, options.limit, look))?;
    }
    Ok(update::exit_code(&reports))
}

fn told(reports: &[SourceReport], limit: f64, look: Look) -> String {
    let mut out = String::new();
    for report in reports {
        out.push_str(&look.paint(&report.source, "1"));
        let warn = |words: &str| look.paint(words, "38;5;166");
        let line = match &report.outcome {
            SourceOutcome::Updated => match report.resumed_from {
                Some(from) => format!(
                    "{} bytes received, continued from byte {}",
                    words::number(report.received),
                    words::number(from)
                ),
                None if report.received > 0 => format!("{} bytes received", words::number(report.received)),
                None => format!("taken from {}", safe(&report.url)),
            },
            SourceOutcome::Unchanged => "unchanged".to_owned(),
            SourceOutcome::Would { what } => format!("{} ({})", safe(what), safe(&report.url)),
            SourceOutcome::Absent => format!("{}: no file {}", warn("ABSENT"), safe(&report.url)),
            SourceOutcome::Refused { why } => format!("{}: {}", warn("REFUSED, nothing changed"), safe(why)),
            SourceOutcome::Failed { why } => format!(
                "{}: {} ({}{})",
                warn("FAILED, nothing changed"),
                safe(why),
                safe(&report.url),
                if report.attempts > 1 {
                    format!(", {} attempts", report.attempts)
                } else {
                    String::new()
                }
            ),
        };
        out.push_str(&format!("   {line}\n"));
        for trouble in &report.troubles {
            out.push_str(&format!("  before: {}\n", safe(trouble)));
        }
        for file in reports::ingest(&report.files, limit, look).lines() {
            out.push_str(&format!("  {file}\n"));
        }
    }
    if reports.is_empty() {
        out.push_str("No source was asked.\n");
    }
    out
}
