//! Runs the built program on a ledger as a user does, without colour and at a fixed width. Relies on cargo for the program's place.

use std::path::Path;
use std::process::{Command, Output};

/// What the program answers for a ledger and arguments.
pub fn run(db: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_standing"))
        .args(["--db", db.to_str().unwrap()])
        .args(args)
        .env("NO_COLOR", "1")
        .env("COLUMNS", "120")
        .env_remove("STANDING_DB")
        .output()
        .unwrap()
}
