//! What is wrong with a register, where, and what to do about it.
//!
//! Reading and checking both answer in findings, so that a person who edits the files sees everything at once. An error makes the
//! register unusable; a warning tells of something that is likely a slip but may be meant.

use std::fmt;

use serde::Serialize;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The register cannot be used like this.
    Error,
    /// Likely a slip; the register can be used.
    Warning,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// The file, relative to the register's folder.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
    /// How bad it is.
    pub severity: Severity,
    /// What was found.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(
            f,
            "{}:{}: {severity}: {}\n    {}",
            self.file, self.line, self.what, self.remedy
        )
    }
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file, relative to the register's folder.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
}

impl Place {
    /// An error at this place.
    pub(crate) fn error(&self, what: impl Into<String>, remedy: impl Into<String>) -> Finding {
        self.finding(Severity::Error, what, remedy)
    }

    /// A warning at this place.
    pub(crate) fn warning(&self, what: impl Into<String>, remedy: impl Into<String>) -> Finding {
        self.finding(Severity::Warning, what, remedy)
    }

    fn finding(&self, severity: Severity, what: impl Into<String>, remedy: impl Into<String>) -> Finding {
        Finding {
            file: self.file.clone(),
            line: self.line,
            severity,
            what: what.into(),
            remedy: remedy.into(),
        }
    }
}
