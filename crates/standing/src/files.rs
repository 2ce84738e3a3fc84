//! From the paths of a command line to files: directories walked, patterns expanded, in a fixed order.

use std::io::Read;
use std::path::{Path, PathBuf};

use standing_lists::{ReadError, read_file};

use crate::error::StandingError;

/// How deep a directory is walked.
const DEPTH: usize = 12;
/// How many files one command takes.
const FILES: usize = 100_000;
/// The largest file that is read.
pub const SIZE: u64 = 2 << 30;

/// A file to be read, and whether it was named itself (and not only found in a directory).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it is.
    pub path: PathBuf,
    /// Named on the command line.
    pub named: bool,
}

/// The files behind paths, directories and patterns (`*`, `?`, `[…]`), sorted within each.
pub fn find(paths: &[PathBuf]) -> Result<Vec<Found>, StandingError> {
    let mut found = Vec::new();
    for path in paths {
        let text = path.to_string_lossy();
        if !path.exists() && text.contains(['*', '?', '[']) {
            let matches = glob::glob(&text).map_err(|e| StandingError::Question(format!("the pattern {text}: {e}")))?;
            let mut matches: Vec<PathBuf> = matches.filter_map(Result::ok).collect();
            matches.sort();
            if matches.is_empty() {
                return Err(StandingError::Question(format!("no file matches {text}")));
            }
            for path in matches {
                add(&path, true, 0, &mut found)?;
            }
        } else {
            add(path, true, 0, &mut found)?;
        }
    }
    found.dedup_by(|a, b| a.path == b.path);
    Ok(found)
}

fn add(path: &Path, named: bool, depth: usize, found: &mut Vec<Found>) -> Result<(), StandingError> {
    let file = |source| StandingError::File {
        path: path.display().to_string(),
        source,
    };
    let metadata = std::fs::metadata(path).map_err(file)?;
    if metadata.is_dir() {
        if depth > DEPTH {
            return Err(StandingError::Refused(format!(
                "{}: more than {DEPTH} directories deep",
                path.display()
            )));
        }
        let mut entries: Vec<PathBuf> = std::fs::read_dir(path)
            .map_err(file)?
            .map(|e| e.map(|e| e.path()))
            .collect::<Result<_, _>>()
            .map_err(file)?;
        entries.sort();
        for entry in entries {
            let hidden = entry.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
            if !hidden {
                add(&entry, false, depth + 1, found)?;
            }
        }
    } else {
        // In a directory a pipe would be waited for until somebody writes into it.
        if depth > 0 && !metadata.is_file() {
            return Ok(());
        }
        if found.len() >= FILES {
            return Err(StandingError::Refused(format!("more than {FILES} files")));
        }
        found.push(Found {
            path: path.to_owned(),
            named,
        });
    }
    Ok(())
}

/// Reads a file that may be a list, up to a limit. Inside, why it is none: a text in it is longer than any list's.
pub fn read_list(path: &Path) -> Result<Result<Vec<u8>, ReadError>, StandingError> {
    let file = |source| StandingError::File {
        path: path.display().to_string(),
        source,
    };
    let metadata = std::fs::metadata(path).map_err(file)?;
    ends(path, &metadata)?;
    let from = std::fs::File::open(path).map_err(file)?;
    let size = metadata.is_file().then_some(metadata.len());
    read_file(&path.display().to_string(), from, size, SIZE).map_err(file)
}

/// Reads a file, up to a limit.
pub fn read(path: &Path) -> Result<Vec<u8>, StandingError> {
    let file = |source| StandingError::File {
        path: path.display().to_string(),
        source,
    };
    let metadata = std::fs::metadata(path).map_err(file)?;
    ends(path, &metadata)?;
    let too_large = |size: u64| {
        StandingError::Refused(format!(
            "{}: {size} bytes are more than the limit of {SIZE}",
            path.display()
        ))
    };
    if metadata.len() > SIZE {
        return Err(too_large(metadata.len()));
    }
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).map_err(file)?;
    read.take(SIZE + 1).read_to_end(&mut bytes).map_err(file)?;
    if bytes.len() as u64 > SIZE {
        return Err(too_large(bytes.len() as u64));
    }
    Ok(bytes)
}

/// A pipe, such as a shell's `<(…)`, ends; a device need not.
fn ends(path: &Path, metadata: &std::fs::Metadata) -> Result<(), StandingError> {
    if metadata.is_file() || metadata.is_dir() || is_pipe(metadata) || is_nothing(path) {
        return Ok(());
    }
    Err(StandingError::Refused(format!(
        "{}: a device or socket; give a file",
        path.display()
    )))
}

#[cfg(unix)]
fn is_pipe(metadata: &std::fs::Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&metadata.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_: &std::fs::Metadata) -> bool {
    false
}

/// The device that is always empty reads as an empty file.
fn is_nothing(path: &Path) -> bool {
    path == Path::new("/dev/null")
}
