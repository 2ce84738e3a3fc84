//! The server: HTTP for programs, pages for people, MCP for assistants, over one embedded ledger.
//!
//! [`serve`] runs until it is told to stop. It reads the ledger through a few read-only connections ([`readers`]), follows what other
//! processes write to it ([`follow`]), and writes only where a request may: lists, articles and decisions, through the same functions
//! of the library that the command line calls. Every answer is given for one state of the ledger, which it names.
//!
//! `docs/SERVER.md` says how it is run; `docs/API.md` what it answers.

mod access;
mod answer;
mod asked;
mod body;
mod cache;
mod connection;
mod cores;
mod follow;
mod headers;
mod health;
pub mod log;
mod mcp;
mod metrics;
mod openapi;
mod options;
pub mod pages;
mod problem;
mod rate;
mod readers;
mod reconcile;
mod router;
mod screening;
mod serve;
mod shared;
mod tls;
pub mod tokens;
mod v1;
mod watchman;
mod writing;
mod yente;

pub use options::{Builder, Limits, Options, ServeError, TlsFiles};
pub use problem::Problem;
pub use router::router;
pub use serve::{serve, serve_standard_io};
pub use shared::{Shared, State};
pub use tokens::{Scope, Scopes};
