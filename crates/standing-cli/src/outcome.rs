//! How a command ends: its exit code or why it failed, and how it writes its answer.

use std::io::Write;

use serde::Serialize;
use standing::StandingError;
use standing_server::ServeError;

use crate::table::safe;

/// Why a command failed.
#[derive(Debug)]
pub enum Failure {
    /// The library says why.
    Standing(StandingError),
    /// The server says why.
    Server(ServeError),
    /// The output could not be written.
    Output(std::io::Error),
}

impl Failure {
    /// The exit code that it means.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Standing(error) => error.exit_code(),
            Self::Server(error) => error.exit_code(),
            Self::Output(_) => 3,
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Standing(error) => {
                f.write_str(&error.to_string().split('\n').map(safe).collect::<Vec<_>>().join("\n"))
            }
            Self::Server(error) => f.write_str(&safe(&error.to_string())),
            Self::Output(error) => write!(f, "writing the output: {error}"),
        }
    }
}

impl<E: Into<StandingError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Standing(error.into())
    }
}

pub(crate) type Outcome = Result<u8, Failure>;

pub(crate) fn write(text: &str) -> Result<(), Failure> {
    std::io::stdout()
        .lock()
        .write_all(text.as_bytes())
        .map_err(Failure::Output)
}

pub(crate) fn lines<T: Serialize>(rows: &[T]) -> Result<(), Failure> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for row in rows {
        let text = serde_json::to_string(row).map_err(|e| StandingError::Question(e.to_string()))?;
        out.write_all(text.as_bytes())
            .and_then(|()| out.write_all(b"\n"))
            .map_err(Failure::Output)?;
    }
    out.flush().map_err(Failure::Output)
}
