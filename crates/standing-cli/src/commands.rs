//! Each command: ask the library, print the answer.

use clap::CommandFactory;
use standing::answers::{self, By, Window};
use standing::ingest::{self, Ingest, IngestOptions};
use standing::model::{Day, Verdict};
use standing::read::claims;
use standing::{Question, candidates, evidence, home, words};

use crate::args::{ByClock, Cli, Clocks, Command, RegisterAction};
use crate::ledger_commands::{Origin, check_register, export_all, ingest_files, judgement, review, verify};
use crate::outcome::{Failure, Outcome, lines, write};
use crate::table::{Look, folded, safe};
use crate::{changes, compare, demo, print, records, reports, said, serve, timeline, update};

/// The question behind a command's clocks.
pub fn question(on: Option<Day>, clocks: Clocks) -> Question {
    Question {
        on,
        known: clocks.known,
        recorded: clocks.recorded,
        basis: None,
    }
}

/// Runs a command; gives its exit code.
pub fn run(cli: Cli) -> Outcome {
    let look = Look::of_stdout();
    let time = jiff::Timestamp::now();
    let now = time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let today = jiff::tz::Offset::UTC.to_datetime(time).date();
    let db = cli.db.as_path();
    match cli.command {
        Command::Demo { keep } => {
            write(&demo::run(keep, today, &now, look)?)?;
            Ok(0)
        }
        Command::Ingest {
            paths,
            git,
            file,
            date,
            list,
            part,
            guard,
            json,
        } => {
            let options = IngestOptions {
                date,
                list,
                part,
                limit: guard / 100.0,
            };
            ingest_files(
                &Ingest {
                    ledger: db,
                    options: &options,
                    today,
                    now: &now,
                },
                &git.as_deref()
                    .map_or(Origin::Paths(&paths), |path| Origin::Git(path, &file)),
                json.json,
                look,
            )
        }
        Command::Update(arguments) => update::run(db, &arguments, today, &now, look),
        Command::Review { action, json } => review(db, action, json, today, &now, look),
        Command::Show {
            party,
            on,
            clocks,
            basis,
            json,
        } => {
            let mut question = question(on, clocks);
            question.basis = Some(basis);
            let ledger = home::open(db)?;
            let show = answers::show(&ledger, &party, &question, today)?;
            if json.json {
                lines(&show.rows)?;
            } else {
                let (view, clocks) = question.view(&ledger, today)?;
                let held: Vec<_> = view
                    .held()?
                    .into_iter()
                    .filter(|h| h.snapshot.known_by(clocks.known))
                    .collect();
                write(&format!(
                    "{}{}",
                    print::show(&show, look),
                    reports::held_beside(&show, &held)
                ))?;
            }
            Ok(0)
        }
        Command::Party { party, clocks, json } => {
            let found = answers::party(&home::open(db)?, &party, &question(None, clocks), today)?;
            if json.json {
                lines(&[found])?;
            } else {
                write(&folded(&records::party(&found, look), look))?;
            }
            Ok(0)
        }
        Command::Lists { clocks, json } => {
            let rows = answers::lists(&home::open(db)?, &question(None, clocks), today)?;
            if json.json {
                lines(&rows)?;
            } else {
                write(&records::lists(&rows, look))?;
            }
            Ok(0)
        }
        Command::Timeline { party, clocks, json } => {
            let ledger = home::open(db)?;
            let question = question(None, clocks);
            let (party, steps) = answers::timeline(&ledger, &party, &question, today)?;
            if json.json {
                lines(&steps)?;
            } else {
                let (view, _) = question.view(&ledger, today)?;
                write(&timeline::timeline(
                    &party.name,
                    &party.id,
                    &steps,
                    &view.register().authorities,
                    look,
                ))?;
            }
            Ok(0)
        }
        Command::Changes {
            since,
            until,
            by,
            authority,
            party,
            amended,
            clocks,
            json,
        } => {
            let ledger = home::open(db)?;
            let question = question(None, clocks);
            let by = match by {
                ByClock::Known => By::Known,
                ByClock::On => By::On,
            };
            let mut rows = answers::changes(
                &ledger,
                &Window {
                    since,
                    until,
                    by,
                    authority,
                    party,
                },
                &question,
                today,
            )?;
            if json.json {
                if !amended {
                    for row in &mut rows {
                        row.step.fields.clear();
                    }
                }
                lines(&rows)?;
            } else {
                let (view, _) = question.view(&ledger, today)?;
                let told = changes::Told {
                    register: view.register(),
                    amended,
                    by,
                };
                let mut text = changes::print(&rows, told, look);
                text.push_str(&reports::review(&answers::review(&ledger, today)?, look));
                write(&text)?;
            }
            Ok(0)
        }
        Command::Pending { on, clocks, json } => {
            let ledger = home::open(db)?;
            let question = question(on, clocks);
            let rows = answers::pending(&ledger, &question, today)?;
            if json.json {
                lines(&rows)?;
            } else {
                let (view, _) = question.view(&ledger, today)?;
                write(&print::pending(&rows, &view.register().authorities, look))?;
            }
            Ok(0)
        }
        Command::Sources { clocks, json } => {
            let rows = answers::sources(&home::open(db)?, &question(None, clocks), today)?;
            if json.json {
                lines(&rows)?;
            } else {
                write(&folded(&print::sources(&rows, look), look))?;
            }
            Ok(0)
        }
        Command::Claims {
            party,
            authority,
            status,
            since,
            on,
            clocks,
            json,
        } => {
            let wanted = claims::Wanted {
                party,
                authority,
                status,
                since,
            };
            let rows = claims::claims(&home::open(db)?, &wanted, &question(on, clocks), today)?;
            if json.json {
                lines(&rows)?;
            } else {
                write(&said::claims(&rows, look))?;
            }
            Ok(0)
        }
        Command::Contradictions {
            party,
            on,
            clocks,
            json,
        } => {
            let ledger = home::open(db)?;
            let question = question(on, clocks);
            let rows = claims::contradictions(&ledger, party.as_deref(), &question, today)?;
            if json.json {
                lines(&rows)?;
            } else {
                let (view, _) = question.view(&ledger, today)?;
                write(&said::contradictions(&rows, &view.register().authorities, look))?;
            }
            Ok(0)
        }
        Command::Read(args) => crate::read_command::run(db, &args, today, &now, look),
        Command::Evidence { id, clocks, json } => {
            let ledger = home::open(db)?;
            let (view, _) = question(None, clocks).view(&ledger, today)?;
            if id.starts_with("c:") {
                let found = standing::read::evidence::of_claim(&view, &id, today)?;
                if json.json {
                    lines(&[found])?;
                } else {
                    write(&said::evidence(&found, look))?;
                }
                return Ok(0);
            }
            let found = evidence::of_step_in(&view, &id)?;
            if json.json {
                lines(&[found])?;
            } else {
                write(&evidence_text(&found, look))?;
            }
            Ok(0)
        }
        Command::Candidates {
            party,
            limit,
            clocks,
            json,
        } => {
            let ledger = home::open(db)?;
            let question = question(None, clocks);
            let resemblances = candidates::resemblances(&ledger, &question, today)?;
            let mut rows = candidates::candidates(&ledger, &question, today, &resemblances)?;
            if let Some(party) = party {
                let (view, _) = question.view(&ledger, today)?;
                let party = answers::one_party(&view, &party)?;
                rows.retain(|r| r.a == party.id || r.b == party.id);
            }
            let of = rows.len();
            if limit > 0 {
                rows.truncate(limit);
            }
            if json.json {
                lines(&rows)?;
            } else {
                write(&print::candidates(&rows, of, look))?;
            }
            Ok(0)
        }
        Command::Same(judge) => judgement(db, &judge, Verdict::Same, &now),
        Command::Different(judge) => judgement(db, &judge, Verdict::Different, &now),
        Command::Unsure(judge) => judgement(db, &judge, Verdict::Unsure, &now),
        Command::Screen(args) => crate::screen::run(db, &args, today, look),
        Command::Replay(args) => crate::screen::replay(db, &args, today),
        Command::Runs { json } => crate::screen::list_runs(db, json.json),
        Command::Policy => {
            write(&standing::screen::policy::default_text())?;
            Ok(0)
        }
        Command::Index(args) => crate::screen::index(db, &args, today),
        Command::Verify { head } => verify(db, head.as_deref()),
        Command::Export { format, on, clocks } => export_all(db, format, &question(on, clocks), today),
        Command::Compare {
            a,
            b,
            schema,
            input,
            json,
        } => match input {
            Some(file) => compare::file(&file, schema.unwrap_or_default(), json.json),
            None => compare::pair(
                &a.unwrap_or_default(),
                &b.unwrap_or_default(),
                schema.unwrap_or_default(),
                json.json,
                look,
            ),
        },
        Command::Formats { json } => {
            let rows = ingest::known_formats();
            if json.json {
                lines(&rows)?;
            } else {
                write(&crate::formats::text(&rows))?;
            }
            Ok(0)
        }
        Command::Register {
            action: RegisterAction::Check { directory, json },
        } => check_register(directory.as_deref(), json),
        Command::Serve(options) => {
            serve::run(db, options, &now).map_err(Failure::Server)?;
            Ok(0)
        }
        Command::Mcp => {
            serve::mcp(db).map_err(Failure::Server)?;
            Ok(0)
        }
        Command::Backup { to } => {
            write(&serve::back_up(db, &to)?)?;
            Ok(0)
        }
        Command::Restore { backup, replace } => {
            write(&serve::restore(db, &backup, replace)?)?;
            Ok(0)
        }
        Command::Token { action } => {
            let text = serve::token(db, action, &now).map_err(|e| Failure::Server(e.into()))?;
            write(&text)?;
            Ok(0)
        }
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "standing", &mut text);
            write(&String::from_utf8_lossy(&text))?;
            Ok(0)
        }
        Command::Man => {
            let mut text = Vec::new();
            clap_mangen::Man::new(Cli::command())
                .render(&mut text)
                .map_err(Failure::Output)?;
            write(&String::from_utf8_lossy(&text))?;
            Ok(0)
        }
    }
}

fn evidence_text(found: &evidence::StepEvidence, look: Look) -> String {
    let step = &found.step;
    let mut text = format!(
        "{}  {}  {}  {}\n",
        look.paint(&step.step, "1"),
        step.authority,
        words::step_words(step.measure, step.action, step.stage),
        safe(&step.name)
    );
    for piece in &found.pieces {
        text.push_str(&format!(
            "\n{} ({})",
            safe(&piece.evidence.title),
            piece.evidence.grade.word()
        ));
        if let Some(place) = &piece.evidence.place {
            text.push_str(&format!(": {}", safe(place)));
        }
        if let Some(url) = &piece.evidence.url {
            text.push_str(&format!("\n  {}", safe(url)));
        }
        if let (Some(file), Some((start, end))) = (&piece.file, piece.bytes) {
            text.push_str(&format!("\n  {} bytes {start} to {end}:", safe(file)));
        }
        if let Some(verbatim) = &piece.verbatim {
            for line in verbatim.lines() {
                text.push_str(&format!("\n  | {}", safe(line)));
            }
        }
        text.push('\n');
    }
    text
}
