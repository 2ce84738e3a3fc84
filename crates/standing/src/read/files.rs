//! Reading many files: all cores, results in the order of the files whatever the number of threads.
//!
//! Files are taken in portions, so that no more than one portion is held at once; within a portion they are read in parallel.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use standing_lists::{Limits, open_file};

use super::{Desk, ReadInput, ReadOptions};
use crate::error::StandingError;

/// How many files are held at once.
const PORTION: usize = 64;

/// One input with what was read in it.
#[derive(Debug)]
pub struct FileRead {
    /// Its path; `-` for standard input.
    pub path: PathBuf,
    /// Its bytes; of a compressed file, what was in it.
    pub bytes: Vec<u8>,
    /// Its articles, or why there are none.
    pub articles: Result<ReadInput, StandingError>,
}

impl FileRead {
    /// Its name as a source document.
    pub fn name(&self) -> String {
        self.path
            .file_name()
            .map_or_else(|| self.path.display().to_string(), |n| n.to_string_lossy().into_owned())
    }
}

/// The files behind paths, directories and patterns, in a fixed order.
pub fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, StandingError> {
    Ok(crate::files::find(paths)?.into_iter().map(|f| f.path).collect())
}

/// Reads files and gives each to `take`, in order. `take` may stop the rest with an error.
pub fn read_files(
    desk: &Desk,
    paths: &[PathBuf],
    options: &ReadOptions,
    take: &mut dyn FnMut(FileRead) -> Result<(), StandingError>,
) -> Result<(), StandingError> {
    for portion in paths.chunks(PORTION) {
        let read: Vec<FileRead> = portion.par_iter().map(|path| read_one(desk, path, options)).collect();
        for file in read {
            take(file)?;
        }
    }
    Ok(())
}

/// Reads one input that is already in memory.
pub fn read_bytes(desk: &Desk, path: &Path, bytes: Vec<u8>, options: &ReadOptions) -> FileRead {
    let opened = opened(path, bytes);
    let (bytes, articles) = match opened {
        Ok(bytes) => {
            let articles = desk.read(&bytes, options);
            (bytes, articles)
        }
        Err(error) => (Vec::new(), Err(error)),
    };
    FileRead {
        path: path.to_owned(),
        bytes,
        articles,
    }
}

/// What is in a compressed file (`.gz`, `.zst`); anything else as it is. A `.zip` holds many files and is to be unpacked first.
fn opened(path: &Path, bytes: Vec<u8>) -> Result<Vec<u8>, StandingError> {
    let compressed = bytes.starts_with(b"\x1f\x8b") || bytes.starts_with(b"\x28\xb5\x2f\xfd");
    if !compressed {
        return Ok(bytes);
    }
    let name = path.display().to_string();
    let mut documents = open_file(&name, bytes, Limits::default())?;
    match documents.len() {
        1 => Ok(documents.remove(0).bytes),
        n => Err(StandingError::Refused(format!(
            "{name} holds {n} files; unpack it first"
        ))),
    }
}

fn read_one(desk: &Desk, path: &Path, options: &ReadOptions) -> FileRead {
    match crate::files::read(path) {
        Ok(bytes) => read_bytes(desk, path, bytes, options),
        Err(error) => FileRead {
            path: path.to_owned(),
            bytes: Vec::new(),
            articles: Err(error),
        },
    }
}
