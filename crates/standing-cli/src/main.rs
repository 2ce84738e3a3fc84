//! The program `standing`: parses arguments, asks the library, prints.

mod args;
mod changes;
mod commands;
mod compare;
mod demo;
mod formats;
mod hits;
mod ledger_commands;
mod outcome;
mod print;
mod read_command;
mod reading;
mod records;
mod reports;
mod said;
mod screen;
mod serve;
mod table;
mod timeline;
mod update;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = args::Cli::parse();
    match commands::run(cli) {
        Ok(code) => ExitCode::from(code),
        Err(outcome::Failure::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("standing: {failure}\n").as_bytes());
            ExitCode::from(failure.exit_code())
        }
    }
}
