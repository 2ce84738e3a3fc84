//! What a batch has written so far, and how far it is.
//!
//! Beside the output `hits.jsonl` stands a directory `hits.jsonl.part/` with the hits and rejects so far and a note: how many bytes of each
//! count, and the report up to there. The note is replaced as a whole after the bytes are written, so that a kill at any instant leaves bytes
//! that the note knows of, and perhaps some behind them, which are cut off.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::BatchReport;
use super::input::{self, file_error};
use super::output::{self, Form};
use crate::error::ScreenError;

/// How often the note is written.
const INTERVAL: Duration = Duration::from_millis(500);

#[derive(Debug, Serialize, Deserialize, Default)]
struct Note {
    key: String,
    lengths: [u64; 3],
    report: BatchReport,
}

/// Hits, rejects, and customers that had hits.
const FILES: [&str; 3] = ["hits.jsonl", "rejects.jsonl", "customers"];

pub(super) struct Spool {
    directory: PathBuf,
    files: [File; 3],
    note: Note,
    noted: Instant,
}

fn beside(output: &Path, suffix: &str) -> PathBuf {
    let mut name = output.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

impl Spool {
    /// Opens the spool of an output: the one of a killed batch with the same key, or a new one.
    pub fn open(output: &Path, key: &str) -> Result<(Self, BatchReport), ScreenError> {
        let directory = beside(output, ".part");
        std::fs::create_dir_all(&directory).map_err(file_error(&directory))?;
        let note: Note = std::fs::read(directory.join("note.json"))
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .filter(|note: &Note| note.key == key)
            .unwrap_or_default();
        let open = |name: &str, length: u64| {
            let path = directory.join(name);
            let mut file = OpenOptions::new()
                .create(true)
                .read(true)
                .write(true)
                .truncate(false)
                .open(&path)
                .map_err(file_error(&path))?;
            let there = file.metadata().map_err(file_error(&path))?.len();
            // Shorter than the note says: not what was written.
            let whole = there >= length;
            file.set_len(if whole { length } else { 0 })
                .map_err(file_error(&path))?;
            file.seek(SeekFrom::End(0)).map_err(file_error(&path))?;
            Ok::<_, ScreenError>((file, whole))
        };
        let [(hits, a), (rejects, b), (customers, c)] = [
            open(FILES[0], note.lengths[0])?,
            open(FILES[1], note.lengths[1])?,
            open(FILES[2], note.lengths[2])?,
        ];
        let mut spool = Self {
            directory: directory.clone(),
            files: [hits, rejects, customers],
            note,
            noted: Instant::now(),
        };
        if !(a && b && c) {
            spool.note = Note::default();
            for file in &mut spool.files {
                file.set_len(0).map_err(file_error(&directory))?;
                file.seek(SeekFrom::Start(0)).map_err(file_error(&directory))?;
            }
        }
        key.clone_into(&mut spool.note.key);
        let report = spool.note.report.clone();
        Ok((spool, report))
    }

    pub fn write(&mut self, parts: [&[u8]; 3], report: &BatchReport) -> Result<(), ScreenError> {
        for ((file, part), length) in self.files.iter_mut().zip(parts).zip(&mut self.note.lengths) {
            file.write_all(part).map_err(file_error(&self.directory))?;
            *length += part.len() as u64;
        }
        if self.noted.elapsed() >= INTERVAL {
            self.note.report.clone_from(report);
            self.write_note()?;
            self.noted = Instant::now();
        }
        Ok(())
    }

    fn write_note(&self) -> Result<(), ScreenError> {
        let making = self.directory.join("note.making");
        let bytes = serde_json::to_vec(&self.note).map_err(|e| ScreenError::TooLarge(e.to_string()))?;
        std::fs::write(&making, bytes).map_err(file_error(&making))?;
        std::fs::rename(&making, self.directory.join("note.json")).map_err(file_error(&making))
    }

    /// Puts the output into its place, the rejects beside it if there are any. Gives the output's digest.
    pub fn finish(self, output: &Path, form: Form, customers: Option<&Path>) -> Result<String, ScreenError> {
        let Self { directory, files, .. } = self;
        files[0].sync_all().map_err(file_error(&directory))?;
        drop(files);
        let spooled = directory.join(FILES[0]);
        let complete = if form == Form::JsonLines {
            spooled
        } else {
            let made = directory.join("output");
            output::convert(&spooled, &made, form)?;
            made
        };
        let digest = input::digest(&complete)?;
        std::fs::rename(&complete, output).map_err(file_error(output))?;
        let (rejects, beside_output) = (directory.join(FILES[1]), beside(output, ".rejects.jsonl"));
        if std::fs::metadata(&rejects).map_err(file_error(&rejects))?.len() > 0 {
            std::fs::rename(&rejects, &beside_output).map_err(file_error(&beside_output))?;
        } else if beside_output.exists() {
            std::fs::remove_file(&beside_output).map_err(file_error(&beside_output))?;
        }
        if let Some(place) = customers {
            // The place may lie on another device.
            std::fs::copy(directory.join(FILES[2]), place).map_err(file_error(place))?;
        }
        std::fs::remove_dir_all(&directory).map_err(file_error(&directory))?;
        Ok(digest)
    }
}
