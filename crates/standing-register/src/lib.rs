//! The register: curated, sourced facts as data files, with their reader and checker.
//!
//! It holds what no machine-readable list publishes: authorities and how they decide, which legal regime a list's code stands for,
//! parties with their names in several scripts, and steps (court decisions, announcements, recognitions, missions), each with its
//! source and grade. The files stand in the folder `register/` of the repository and are built into the program, so that it answers
//! without any file; `register/README.md` describes the format.
//!
//! Everything here is a pure function of the files' text: no clock, no file system, no network. A register that was stored years ago
//! is read again by the same functions ([`parse_document`]), so the format only ever grows.
//!
//! ```
//! let register = standing_register::Register::parse(standing_register::embedded()).unwrap();
//! let regime = register.regime("un", "TAi.001", "Taliban").unwrap();
//! assert_eq!(regime.authority, "un-1988");
//! ```

mod check;
mod document;
mod entry;
mod finding;
mod read;
mod register;
mod table;

pub use document::{DocumentError, embedded, embedded_document, parse_document, split_document};
pub use entry::{
    AuthorityEntry, Citation, DownloadEntry, ListEntry, NoteEntry, PartyEntry, PartyName, ProcedureEntry,
    ProcedureStage, ProgrammeEntry, Role, SourceEntry, StepEntry,
};
pub use finding::{Finding, Place, Severity};
pub use register::{Regime, Register};
