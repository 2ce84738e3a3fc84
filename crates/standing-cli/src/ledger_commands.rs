//! Commands that take in, decide, prove and write out: each asks the library and prints what it did.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use standing::answers;
use standing::export;
use standing::ingest::{self, Ingest};
use standing::model::{Day, Verdict};
use standing::register::{Register, Severity};
use standing::{Question, StandingError, decide, home, words};

use crate::args::{ExportFormat, Judge, ReviewAction};
use crate::outcome::{Failure, Outcome, lines, write};
use crate::reports;
use crate::table::{Look, safe};

/// Where lists are taken in from.
pub enum Origin<'a> {
    Paths(&'a [PathBuf]),
    Git(&'a Path, &'a [String]),
}

pub fn ingest_files(ingest: &Ingest<'_>, from: &Origin<'_>, json: bool, look: Look) -> Outcome {
    let bar = if std::io::stderr().is_terminal() {
        indicatif::ProgressBar::new(0)
    } else {
        indicatif::ProgressBar::hidden()
    };
    let mut progress = |p: ingest::Progress<'_>| {
        bar.set_length(p.of as u64);
        bar.set_position(p.done as u64);
        bar.set_message(p.file.display().to_string());
    };
    let reports = match from {
        Origin::Paths(paths) => ingest.run(paths, &mut progress),
        Origin::Git(repository, files) => ingest.git(repository, files, &mut progress),
    };
    bar.finish_and_clear();
    let reports = reports?;
    if json {
        lines(&reports)?;
    } else {
        write(&reports::ingest(&reports, ingest.options.limit, look))?;
    }
    Ok(ingest::exit_code(&reports))
}

pub fn review(db: &Path, action: Option<ReviewAction>, json: bool, today: Day, now: &str, look: Look) -> Outcome {
    let (id, accept, why) = match action {
        None => {
            let rows = answers::review(&home::open(db)?, today)?;
            if json {
                lines(&rows)?;
            } else {
                write(&reports::review(&rows, look))?;
            }
            return Ok(0);
        }
        Some(ReviewAction::Show { id }) => {
            let rows = answers::review_ending(&home::open(db)?, &id)?;
            if json {
                lines(&rows)?;
                return Ok(0);
            }
            let mut text = format!(
                "{} listings would end with {}:\n",
                words::number(rows.len() as u64),
                safe(&id)
            );
            for row in &rows {
                text.push_str(&format!(
                    "  {:<18} {:<30} {}\n",
                    row.listing.to_string(),
                    safe(&row.programmes.join(" ")),
                    safe(&row.name)
                ));
            }
            write(&text)?;
            return Ok(0);
        }
        Some(ReviewAction::Accept { id, why }) => (id, true, why),
        Some(ReviewAction::Reject { id, why }) => (id, false, why),
    };
    home::open(db)?;
    let mut ledger = home::open_for_writing(db, now)?;
    decide::review(&mut ledger, &id, accept, &why, now)?;
    if json {
        let state = if accept { "accepted" } else { "rejected" };
        lines(&[serde_json::json!({ "id": id, "state": state })])?;
        return Ok(0);
    }
    write(&format!(
        "{} {}.\n",
        safe(&id),
        if accept {
            "counts now"
        } else {
            "is rejected and will not count"
        }
    ))?;
    Ok(0)
}

pub fn judgement(db: &Path, judge: &Judge, verdict: Verdict, now: &str) -> Outcome {
    home::open(db)?;
    let mut ledger = home::open_for_writing(db, now)?;
    let (a, b) = decide::judge(&mut ledger, &judge.a, &judge.b, verdict, &judge.by, &judge.why, now)?;
    let word = match verdict {
        Verdict::Same => "are one party",
        Verdict::Different => "are different parties",
        Verdict::Unsure => "stay undecided",
    };
    write(&format!("{} and {} {word}.\n", safe(&a), safe(&b)))?;
    Ok(0)
}

pub fn verify(db: &Path, head: Option<&str>) -> Outcome {
    if let Some(hash) = head
        && (hash.trim().len() < 8 || !hash.trim().bytes().all(|b| b.is_ascii_hexdigit()))
    {
        return Err(StandingError::Question(format!(
            "--head {hash}: give the hash that `standing verify` printed, or its first 8 digits or more"
        ))
        .into());
    }
    let ledger = home::open(db)?;
    let proved = ledger.verify()?;
    if proved.transactions == 0 {
        write("An empty ledger: nothing to prove.\n")?;
        return Ok(0);
    }
    let mut text = format!(
        "Whole up to its head: {} transactions, {} source documents, {} record versions.\nhead {} {}\n",
        words::number(proved.transactions),
        words::number(proved.documents),
        words::number(proved.records),
        proved.head,
        proved.hash
    );
    match head {
        Some(hash) => match ledger.find_head(hash)? {
            Some(n) => text.push_str(&format!("It contains transaction {n} with the hash {hash}.\n")),
            None => {
                return Err(StandingError::Ledger(standing::LedgerError::Damaged {
                    what: format!("no transaction bears the hash {hash}: the end that it stood for is missing, or it is of another ledger"),
                })
                .into());
            }
        },
        None => text.push_str(
            "Without a known head a cut-off end cannot be seen: keep this line and give it next time, --head HASH.\n",
        ),
    }
    write(&text)?;
    Ok(0)
}

pub fn export_all(db: &Path, format: ExportFormat, question: &Question, today: Day) -> Outcome {
    let ledger = home::open(db)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut failed = None;
    if matches!(format, ExportFormat::Statements) {
        writeln!(out, "{}", *export::HEADER).map_err(Failure::Output)?;
    }
    let result = export::entities(&ledger, question, today, &mut |entity| {
        let text = match format {
            ExportFormat::Ftm => serde_json::to_string(&entity).map_err(|e| StandingError::Question(e.to_string()))?,
            ExportFormat::Statements => export::statements(&entity).join("\n"),
        };
        writeln!(out, "{text}").map_err(|error| {
            let what = error.to_string();
            failed = Some(error);
            StandingError::Refused(what)
        })
    });
    if let Some(error) = failed {
        return Err(Failure::Output(error));
    }
    result?;
    out.flush().map_err(Failure::Output)?;
    Ok(0)
}

pub fn check_register(directory: Option<&Path>, json: bool) -> Outcome {
    let findings = match directory {
        None => match Register::parse(standing::register::embedded()) {
            Ok(register) => register.check(),
            Err(findings) => findings,
        },
        Some(directory) => {
            let files = home::register_files(directory)?;
            let borrowed: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
            match Register::parse(&borrowed) {
                Ok(register) => register.check(),
                Err(findings) => findings,
            }
        }
    };
    if json {
        lines(&findings)?;
    } else if findings.is_empty() {
        write("The register is sound.\n")?;
    } else {
        write(&findings.iter().map(|f| format!("{f}\n")).collect::<String>())?;
    }
    Ok(if findings.iter().any(|f| f.severity == Severity::Error) {
        3
    } else {
        u8::from(!findings.is_empty())
    })
}
