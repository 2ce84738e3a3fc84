//! Opening and creating ledger files.
//!
//! A ledger is created whole or not at all: it is made beside its place under a temporary name, with its first transaction, and moved
//! into place when it is complete. An empty file is an empty ledger. A file that is anything else is left untouched.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::chain::Marks;
use crate::error::{LedgerError, damaged};
use crate::register::RegisterFacts;
use crate::schema::{self, APPLICATION_ID, VERSION};

/// How long a writer waits for another before it gives up.
const PATIENCE: Duration = Duration::from_secs(20);
/// The fixed first bytes of every SQLite file (https://www.sqlite.org/fileformat.html, section 1.3.1).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// A ledger file, open.
pub struct Ledger {
    pub(crate) connection: Connection,
    path: PathBuf,
    writable: bool,
    /// The last edition of the register that was decoded, with the mark it was asked for at.
    pub(crate) edition: RefCell<Option<(i64, Arc<RegisterFacts>)>>,
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ledger")
            .field("path", &self.path)
            .field("writable", &self.writable)
            .finish_non_exhaustive()
    }
}

enum Kind {
    Missing,
    Empty,
    Sqlite,
}

fn kind(path: &Path) -> Result<Kind, LedgerError> {
    use std::io::Read;
    let file = |source| LedgerError::File {
        what: format!("opening {}", path.display()),
        source,
    };
    let mut head = Vec::new();
    match std::fs::File::open(path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Kind::Missing),
        Err(e) => return Err(file(e)),
        Ok(handle) => {
            if handle.metadata().map_err(file)?.is_dir() {
                return Err(LedgerError::NotALedger {
                    path: path.to_owned(),
                    saw: "a directory".into(),
                });
            }
            handle.take(100).read_to_end(&mut head).map_err(file)?;
        }
    }
    if head.is_empty() {
        return Ok(Kind::Empty);
    }
    if !head.starts_with(MAGIC) {
        return Err(LedgerError::NotALedger {
            path: path.to_owned(),
            saw: "not an SQLite file".into(),
        });
    }
    // The application id and user version stand at fixed places of the header (section 1.3), so that a foreign file is recognised
    // without opening it as a database.
    let number = |at: usize| {
        head.get(at..at + 4)
            .and_then(|b| b.try_into().ok())
            .map(i32::from_be_bytes)
    };
    if number(68) != Some(APPLICATION_ID) {
        return Err(LedgerError::NotALedger {
            path: path.to_owned(),
            saw: "an SQLite file of another program".into(),
        });
    }
    match number(60) {
        Some(found) if found > VERSION => Err(LedgerError::Newer {
            path: path.to_owned(),
            found,
            known: VERSION,
        }),
        Some(VERSION) => Ok(Kind::Sqlite),
        _ => Err(damaged(format!("{} bears no layout version", path.display()))),
    }
}

fn prepare(connection: &Connection) -> Result<(), LedgerError> {
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(64);
    // Guards against a file whose schema was tampered with: no functions or virtual tables from the schema, and checks on cells.
    connection.execute_batch(
        "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA foreign_keys = ON; PRAGMA mmap_size = 0;",
    )?;
    Ok(())
}

fn create_tables(connection: &Connection) -> Result<(), LedgerError> {
    connection.execute_batch(&format!(
        "PRAGMA page_size = 4096; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION}; BEGIN; {} COMMIT;",
        schema::create()
    ))?;
    Ok(())
}

impl Ledger {
    /// Opens a ledger for reading. An empty file reads as an empty ledger.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        match kind(path)? {
            Kind::Missing => Err(LedgerError::Missing { path: path.to_owned() }),
            Kind::Empty => Self::in_memory(),
            Kind::Sqlite => {
                let flags =
                    OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
                let connection = Connection::open_with_flags(path, flags)?;
                prepare(&connection)?;
                let probe = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()));
                let connection = match probe {
                    // In a directory that may not be written SQLite cannot make the shared-memory file of its log. Without a log
                    // beside it the file alone is the whole ledger, and nobody else can be writing it.
                    Err(e) if cannot_make_log(&e) && !log_beside(path) => {
                        let connection = Connection::open_with_flags(immutable(path), flags)?;
                        prepare(&connection)?;
                        connection
                    }
                    Err(e) => return Err(e.into()),
                    Ok(()) => connection,
                };
                Ok(Self {
                    connection,
                    path: path.to_owned(),
                    writable: false,
                    edition: RefCell::default(),
                })
            }
        }
    }

    /// Opens a ledger for writing; makes it if there is none. `first` writes its first transaction.
    pub fn open_or_create(
        path: &Path,
        first: impl FnOnce(&mut Ledger) -> Result<(), LedgerError>,
    ) -> Result<Self, LedgerError> {
        match kind(path)? {
            Kind::Sqlite => {}
            missing @ (Kind::Missing | Kind::Empty) => create(path, matches!(missing, Kind::Empty), first)?,
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        prepare(&connection)?;
        connection.execute_batch("PRAGMA synchronous = FULL;")?;
        Ok(Self {
            connection,
            path: path.to_owned(),
            writable: true,
            edition: RefCell::default(),
        })
    }

    /// An empty ledger that lives in memory.
    pub fn in_memory() -> Result<Self, LedgerError> {
        let connection = Connection::open_in_memory()?;
        prepare(&connection)?;
        create_tables(&connection)?;
        Ok(Self {
            connection,
            path: PathBuf::from(":memory:"),
            writable: true,
            edition: RefCell::default(),
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The number of the last transaction; 0 for an empty ledger.
    pub fn last_transaction(&self) -> Result<i64, LedgerError> {
        Ok(self
            .connection
            .query_row("SELECT coalesce(max(n), 0) FROM tx", [], |row| row.get(0))?)
    }

    /// Has anything been recorded since a transaction? One look at an index, so that a server may ask before each answer.
    pub fn has_moved_since(&self, transaction: i64) -> Result<bool, LedgerError> {
        Ok(self.last_transaction()? > transaction)
    }

    /// The number and hash of the last transaction.
    pub fn head(&self) -> Result<(i64, String), LedgerError> {
        let n = self.last_transaction()?;
        if n == 0 {
            return Ok((0, String::new()));
        }
        let hash: Vec<u8> = self
            .connection
            .query_row("SELECT hash FROM tx WHERE n = ?1", [n], |row| row.get(0))?;
        Ok((n, hex(&hash)))
    }

    /// The hash of a transaction; empty for transaction 0.
    pub fn hash_of(&self, n: i64) -> Result<String, LedgerError> {
        if n == 0 {
            return Ok(String::new());
        }
        let hash: Vec<u8> = self
            .connection
            .query_row("SELECT hash FROM tx WHERE n = ?1", [n], |row| row.get(0))?;
        Ok(hex(&hash))
    }

    /// The digest of the register's newest edition, if there is one.
    pub fn latest_register(&self) -> Result<Option<Vec<u8>>, LedgerError> {
        use rusqlite::OptionalExtension;
        Ok(self
            .connection
            .query_row(
                "SELECT d.digest FROM register r JOIN document d ON d.id = r.document ORDER BY r.id DESC LIMIT 1",
                [],
                |row| row.get(0),
            )
            .optional()?)
    }

    pub(crate) fn marks_at(&self, n: i64) -> Result<Marks, LedgerError> {
        if n == 0 {
            return Ok(Marks::default());
        }
        let text: String = self
            .connection
            .prepare_cached("SELECT marks FROM tx WHERE n = ?1")?
            .query_row([n], |row| row.get(0))?;
        Marks::decode(&text)
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// SQLite says one or the other, by how far it came.
fn cannot_make_log(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(rusqlite::ErrorCode::CannotOpen | rusqlite::ErrorCode::ReadOnly)
    )
}

fn log_beside(path: &Path) -> bool {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    std::fs::metadata(PathBuf::from(name)).is_ok_and(|m| m.len() > 0)
}

/// A URI that tells SQLite that nobody changes the file, with the characters that mean something in a URI escaped.
fn immutable(path: &Path) -> String {
    let mut uri = String::from("file:");
    for &byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri + "?immutable=1"
}

fn create(
    path: &Path,
    replace_empty: bool,
    first: impl FnOnce(&mut Ledger) -> Result<(), LedgerError>,
) -> Result<(), LedgerError> {
    let file = |what: &str, source| match source {
        e if std::io::Error::kind(&e) == std::io::ErrorKind::PermissionDenied => LedgerError::ReadOnly {
            what: format!("{what} {}: {e}", path.display()),
        },
        e if e.kind() == std::io::ErrorKind::ReadOnlyFilesystem => LedgerError::ReadOnly {
            what: format!("{what} {}: {e}", path.display()),
        },
        source => LedgerError::File {
            what: format!("{what} {}", path.display()),
            source,
        },
    };
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".creating-{}", std::process::id()));
    let making = path.with_file_name(name);
    sweep(path);
    let made = make(&making, first);
    let moved = made.and_then(|()| {
        // A hard link fails if somebody else created the ledger meanwhile; their ledger is as good as ours.
        let placed = if replace_empty {
            std::fs::rename(&making, path)
        } else {
            std::fs::hard_link(&making, path)
        };
        match placed {
            Ok(()) => Ok(()),
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
            Err(_) if !path.exists() => std::fs::rename(&making, path).map_err(|e| file("moving into place", e)),
            Err(e) => Err(file("moving into place", e)),
        }
    });
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let mut leftover = making.as_os_str().to_owned();
        leftover.push(suffix);
        // Best effort: a leftover file harms nobody and is named after what it is.
        let _ = std::fs::remove_file(PathBuf::from(leftover));
    }
    moved
}

/// Removes what creations left that were killed: no creation lasts an hour. Best effort, since nothing rests on it.
fn sweep(path: &Path) {
    const HOUR: Duration = Duration::from_secs(3600);
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return;
    };
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let beginning = format!(".{}.creating-", name.to_string_lossy());
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let old = || {
            let modified = entry.metadata().and_then(|m| m.modified()).ok()?;
            modified.elapsed().ok().filter(|age| *age > HOUR)
        };
        if entry.file_name().to_string_lossy().starts_with(&beginning) && old().is_some() {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

fn make(making: &Path, first: impl FnOnce(&mut Ledger) -> Result<(), LedgerError>) -> Result<(), LedgerError> {
    let connection = Connection::open(making).map_err(|e| match e.sqlite_error_code() {
        Some(rusqlite::ErrorCode::CannotOpen) => LedgerError::ReadOnly {
            what: match making.parent().filter(|f| !f.as_os_str().is_empty() && !f.is_dir()) {
                Some(folder) => format!("there is no directory {}", folder.display()),
                None => format!("{} cannot be created ({e})", making.display()),
            },
        },
        _ => e.into(),
    })?;
    prepare(&connection)?;
    connection.execute_batch("PRAGMA synchronous = FULL;")?;
    create_tables(&connection)?;
    let mut ledger = Ledger {
        connection,
        path: making.to_owned(),
        writable: true,
        edition: RefCell::default(),
    };
    first(&mut ledger)?;
    ledger.connection.execute_batch("PRAGMA journal_mode = WAL;")?;
    ledger.connection.close().map_err(|(_, e)| e.into())
}
