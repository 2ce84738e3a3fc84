//! The pages, tried in a real browser and by hand-made requests against the built program.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::print_stderr)] // a test stops where something is not as it must be

mod attack;
mod browser;
mod keys;
mod questions;
mod walk;
