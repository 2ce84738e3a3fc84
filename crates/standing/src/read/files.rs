//! Reading many files: all cores, results in the order of the files whatever the number of threads.
//!
//! Files are taken in portions, so that no more than one portion is held at once; within a portion they are read in parallel.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::{Desk, ReadArticle, ReadOptions};
use crate::error::StandingError;

/// How many files are held at once.
const PORTION: usize = 64;

/// One input with what was read in it.
#[derive(Debug)]
pub struct FileRead {
    /// Its path; `-` for standard input.
    pub path: PathBuf,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its articles, or why there are none.
    pub articles: Result<Vec<ReadArticle>, StandingError>,
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

fn read_one(desk: &Desk, path: &Path, options: &ReadOptions) -> FileRead {
    let (bytes, articles) = match crate::files::read(path) {
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
