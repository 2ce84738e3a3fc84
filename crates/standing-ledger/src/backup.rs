//! A copy of a ledger that is whole: made while others read and write, proved before it is put into place.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::error::LedgerError;
use crate::open::Ledger;
use crate::verify::Verified;

fn beside(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".copying-{}", std::process::id()));
    path.with_file_name(name)
}

fn file(what: &str, path: &Path) -> impl Fn(std::io::Error) -> LedgerError {
    let what = format!("{what} {}", path.display());
    move |source| LedgerError::File {
        what: what.clone(),
        source,
    }
}

fn put_away(path: &Path) {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let mut leftover = path.as_os_str().to_owned();
        leftover.push(suffix);
        // Best effort: a leftover is named after what it is.
        let _ = std::fs::remove_file(PathBuf::from(leftover));
    }
}

impl Ledger {
    /// Copies the last committed state into a new file and proves the copy: chain, digests, indexes. Nothing is put into place that
    /// does not prove whole, and no file is overwritten.
    pub fn back_up(&self, to: &Path) -> Result<Verified, LedgerError> {
        if to.exists() {
            return Err(LedgerError::Unknown(format!(
                "{} is there already; a backup overwrites nothing",
                to.display()
            )));
        }
        let folder = to.parent().filter(|f| !f.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|f| !f.is_dir()) {
            return Err(LedgerError::ReadOnly {
                what: format!("there is no directory {}", folder.display()),
            });
        }
        let making = beside(to);
        if making.to_str().is_none() {
            return Err(LedgerError::ReadOnly {
                what: format!("the name {} is no UTF-8 text; give the backup another", to.display()),
            });
        }
        put_away(&making);
        let made = self.copy_and_prove(&making).and_then(|proved| {
            // A hard link fails if the name was taken meanwhile; where there are none, a rename has to do.
            match std::fs::hard_link(&making, to) {
                Ok(()) => Ok(proved),
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => Err(file("placing", to)(e)),
                Err(_) => std::fs::rename(&making, to)
                    .map(|()| proved)
                    .map_err(file("placing", to)),
            }
        });
        put_away(&making);
        made
    }

    fn copy_and_prove(&self, making: &Path) -> Result<Verified, LedgerError> {
        // One statement, one snapshot: what others commit meanwhile is not in it.
        self.connection.execute("VACUUM INTO ?1", [making.to_string_lossy()])?;
        let copy = Connection::open(making)?;
        copy.execute_batch("PRAGMA journal_mode = WAL; PRAGMA wal_checkpoint(TRUNCATE);")?;
        copy.close().map_err(|(_, e)| e)?;
        std::fs::File::open(making)
            .and_then(|f| f.sync_all())
            .map_err(file("writing", making))?;
        Ledger::open(making)?.verify()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_proves_the_same_head_and_overwrites_nothing() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("a.db");
        let write = |n: &str| {
            let mut ledger = Ledger::open_or_create(&path, |_| Ok(())).unwrap();
            let transaction = ledger.begin("2026-01-01T00:00:00Z", "test").unwrap();
            transaction.article(n, n.as_bytes(), "{}").unwrap();
            transaction.commit().unwrap();
        };
        write("one");
        let source = Ledger::open(&path).unwrap();
        let copy = place.path().join("b.db");
        let proved = source.back_up(&copy).unwrap();
        assert_eq!(source.head().unwrap(), (proved.head, proved.hash));
        write("two");
        assert_eq!(
            Ledger::open(&copy).unwrap().last_transaction().unwrap() + 1,
            source.last_transaction().unwrap()
        );
        assert!(source.back_up(&copy).is_err());
        let left: Vec<_> = std::fs::read_dir(place.path())
            .unwrap()
            .filter(|e| e.as_ref().unwrap().file_name().to_string_lossy().contains("copying"))
            .collect();
        assert!(left.is_empty());
    }
}
