//! Where downloads lie: beside the ledger, one folder for each source.
//!
//! ```text
//! standing.db.downloads/un/consolidated.xml     the last good download, as received
//!                          state.json           its validators, digest and size
//!                          part, part.json      a download under way, and what it is a part of
//! ```
//!
//! `part.json` is written before the first byte of `part`; a good download takes the place of the one before by renaming, and only then
//! does `state.json` name its validators. Killed at any instant, the folder holds the last good download, and what was received of the
//! next one can be continued. Nothing here is needed to read the ledger; the folder may be deleted at any time.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::StandingError;

/// What a server says that tells one state of a file from another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Validators {
    /// `ETag`
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub etag: Option<String>,
    /// `Last-Modified`
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub last_modified: Option<String>,
}

impl Validators {
    /// What `If-Range` may hold: a strong tag, else the date. Without either a part cannot be continued safely.
    pub fn for_range(&self) -> Option<&str> {
        match &self.etag {
            Some(tag) if !tag.starts_with("W/") => Some(tag),
            _ => self.last_modified.as_deref(),
        }
    }
}

/// The last good download.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// The address asked.
    pub url: String,
    /// The file's name in the folder.
    pub file: String,
    /// Its size.
    pub size: u64,
    /// Its digest, as the ledger names source documents.
    pub digest: String,
    /// When it was received, RFC 3339, UTC.
    pub received: String,
    /// What the server said of it.
    #[serde(flatten)]
    pub validators: Validators,
}

/// What a part is a part of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PartOf {
    /// The address asked.
    pub url: String,
    /// The size of the whole, where the server gave it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub total: Option<u64>,
    /// What the server said of it.
    #[serde(flatten)]
    pub validators: Validators,
}

/// The folder of all downloads; locked while an update runs.
pub(super) struct Folder {
    path: PathBuf,
    /// Held for its lock.
    _lock: Option<File>,
}

/// The folder of one source.
pub(super) struct Place {
    folder: PathBuf,
}

fn file_error(path: &Path) -> impl Fn(io::Error) -> StandingError + '_ {
    |source| StandingError::File {
        path: path.display().to_string(),
        source,
    }
}

/// The folder beside a ledger.
pub fn beside(ledger: &Path) -> PathBuf {
    let mut name = ledger.as_os_str().to_owned();
    name.push(".downloads");
    PathBuf::from(name)
}

impl Folder {
    /// Makes the folder if need be and locks it against another update.
    pub fn open(path: &Path) -> Result<Self, StandingError> {
        fs::create_dir_all(path).map_err(file_error(path))?;
        let name = path.join(".lock");
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&name)
            .map_err(file_error(&name))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                path: path.to_owned(),
                _lock: Some(lock),
            }),
            Err(fs::TryLockError::WouldBlock) => Err(StandingError::Refused(format!(
                "{}: another update is under way",
                path.display()
            ))),
            Err(fs::TryLockError::Error(error)) => Err(file_error(&name)(error)),
        }
    }

    /// Looks at the folder without making or locking anything.
    pub fn look(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            _lock: None,
        }
    }

    /// A source's folder. Its id is fit to be a name (the register's check says so).
    pub fn place(&self, source: &str) -> Place {
        Place {
            folder: self.path.join(source),
        }
    }
}

impl Place {
    fn read<T: for<'de> Deserialize<'de>>(&self, name: &str) -> Option<T> {
        // A damaged or missing note only costs a download.
        serde_json::from_slice(&fs::read(self.folder.join(name)).ok()?).ok()
    }

    fn write(&self, name: &str, value: &impl Serialize) -> Result<(), StandingError> {
        let (path, making) = (self.folder.join(name), self.folder.join(format!("{name}.new")));
        let text = serde_json::to_vec(value).map_err(|e| StandingError::Refused(e.to_string()))?;
        fs::write(&making, text).map_err(file_error(&making))?;
        fs::rename(&making, &path).map_err(file_error(&path))
    }

    /// The last good download, if its file is still there and is what it was.
    pub fn state(&self) -> Option<State> {
        let state: State = self.read("state.json")?;
        let there = fs::metadata(self.file(&state)).ok()?;
        (there.is_file() && there.len() == state.size).then_some(state)
    }

    /// The file of the last good download.
    pub fn file(&self, state: &State) -> PathBuf {
        self.folder.join(&state.file)
    }

    /// A download that was broken off: what it is a part of, and how much is there.
    pub fn part(&self) -> Option<(PartOf, u64)> {
        let of: PartOf = self.read("part.json")?;
        let length = fs::metadata(self.part_file()).ok()?.len();
        (length > 0 && of.validators.for_range().is_some()).then_some((of, length))
    }

    /// The file of a download under way.
    pub fn part_file(&self) -> PathBuf {
        self.folder.join("part")
    }

    /// Begins a download from its first byte.
    pub fn begin(&self, of: &PartOf) -> Result<File, StandingError> {
        fs::create_dir_all(&self.folder).map_err(file_error(&self.folder))?;
        self.discard();
        self.write("part.json", of)?;
        let path = self.part_file();
        File::create(&path).map_err(file_error(&path))
    }

    /// Goes on with a download.
    pub fn go_on(&self) -> Result<File, StandingError> {
        let path = self.part_file();
        File::options().append(true).open(&path).map_err(file_error(&path))
    }

    /// Forgets a download under way.
    pub fn discard(&self) {
        // What cannot be removed is written over by the next download.
        let _ = fs::remove_file(self.folder.join("part.json"));
        let _ = fs::remove_file(self.part_file());
    }

    /// A download was judged good: it takes the place of the one before.
    pub fn promote(&self, state: &State) -> Result<(), StandingError> {
        let before = self.read::<State>("state.json");
        let path = self.file(state);
        fs::rename(self.part_file(), &path).map_err(file_error(&path))?;
        self.write("state.json", state)?;
        let _ = fs::remove_file(self.folder.join("part.json"));
        if let Some(before) = before.filter(|b| b.file != state.file) {
            let _ = fs::remove_file(self.file(&before));
        }
        Ok(())
    }
}

/// A name for a file on disk, after the last part of an address.
pub(super) fn file_name(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    let name: String = last
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c))
        .take(100)
        .collect();
    let name = name.trim_start_matches('.');
    let taken = ["state.json", "part.json", "part", "state.json.new", "part.json.new"];
    if name.is_empty() || taken.contains(&name) {
        "download".to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_after_addresses() {
        assert_eq!(
            file_name("https://a.example/x/consolidated.xml?token=1"),
            "consolidated.xml"
        );
        assert_eq!(file_name("https://a.example/"), "download");
        assert_eq!(file_name("https://a.example/..%2f..%2fetc"), "2f..2fetc");
        assert_eq!(file_name("https://a.example/.hidden"), "hidden");
        assert_eq!(file_name("https://a.example/state.json"), "download");
    }

    #[test]
    fn a_weak_tag_is_no_ground_to_continue() {
        let validators = |etag: Option<&str>, date: Option<&str>| Validators {
            etag: etag.map(str::to_owned),
            last_modified: date.map(str::to_owned),
        };
        assert_eq!(validators(Some("\"a\""), Some("d")).for_range(), Some("\"a\""));
        assert_eq!(validators(Some("W/\"a\""), Some("d")).for_range(), Some("d"));
        assert_eq!(validators(Some("W/\"a\""), None).for_range(), None);
    }

    #[test]
    fn a_second_update_waits_outside_and_a_lost_file_is_no_good_download() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("a.downloads");
        let folder = Folder::open(&path).unwrap();
        assert!(Folder::open(&path).is_err());
        let un = folder.place("un");
        let of = PartOf {
            url: "https://a.example/l.xml".into(),
            total: None,
            validators: Validators {
                etag: Some("\"1\"".into()),
                last_modified: None,
            },
        };
        drop(un.begin(&of).unwrap());
        assert_eq!(un.part(), None, "nothing received is nothing to continue");
        fs::write(un.part_file(), "abc").unwrap();
        assert_eq!(un.part(), Some((of.clone(), 3)));
        let state = State {
            url: of.url.clone(),
            file: "l.xml".into(),
            size: 3,
            digest: String::new(),
            received: String::new(),
            validators: of.validators.clone(),
        };
        un.promote(&state).unwrap();
        assert_eq!((un.part(), un.state()), (None, Some(state.clone())));
        fs::write(un.file(&state), "abcd").unwrap();
        assert_eq!(un.state(), None);
    }
}
