//! The tables of a ledger file, drawn in `docs/LEDGER.md`.
//!
//! Fact tables are append-only, by trigger here and by the hash chain in `chain.rs`. Their ids grow by one without gaps, so a
//! transaction is a range of ids in each table and needs no column of its own. Index tables are derived from facts and can be
//! rebuilt; `verify` recomputes them.

/// `PRAGMA application_id`: "STND".
pub(crate) const APPLICATION_ID: i32 = 0x5354_4E44;

/// `PRAGMA user_version`: the version of this layout.
pub(crate) const VERSION: i32 = 1;

/// A fact table: its name, and whether an id column numbers its rows.
pub(crate) struct FactTable {
    pub name: &'static str,
    /// Selects the rows of a range of ids `(?1, ?2]` in the order in which they are hashed.
    pub rows: &'static str,
}

/// The fact tables whose ids mark transactions, in the order in which the chain hashes them.
pub(crate) const FACT_TABLES: [FactTable; 8] = [
    FactTable {
        name: "document",
        rows: "SELECT * FROM document WHERE id > ?1 AND id <= ?2 ORDER BY id",
    },
    FactTable {
        name: "snapshot",
        rows: "SELECT * FROM snapshot WHERE id > ?1 AND id <= ?2 ORDER BY id",
    },
    FactTable {
        name: "listing",
        rows: "SELECT * FROM listing WHERE id > ?1 AND id <= ?2 ORDER BY id",
    },
    FactTable {
        name: "record",
        rows: "SELECT * FROM record WHERE id > ?1 AND id <= ?2 ORDER BY id",
    },
    FactTable {
        name: "decision",
        rows: "SELECT * FROM decision WHERE id > ?1 AND id <= ?2 ORDER BY id",
    },
    FactTable {
        name: "judgement",
        rows: "SELECT * FROM judgement WHERE id > ?1 AND id <= ?2 ORDER BY id",
    },
    FactTable {
        name: "register",
        rows: "SELECT * FROM register WHERE id > ?1 AND id <= ?2 ORDER BY id",
    },
    FactTable {
        name: "article",
        rows: "SELECT * FROM article WHERE id > ?1 AND id <= ?2 ORDER BY id",
    },
];

/// Rows that hang on a snapshot, hashed with it.
pub(crate) const SNAPSHOT_ROWS: [&str; 2] = [
    "SELECT * FROM snapshot_document WHERE snapshot > ?1 AND snapshot <= ?2 ORDER BY snapshot, position",
    "SELECT * FROM presence WHERE snapshot > ?1 AND snapshot <= ?2 ORDER BY snapshot, listing",
];

/// Every table that triggers keep append-only.
const APPEND_ONLY: [&str; 11] = [
    "tx",
    "document",
    "snapshot",
    "snapshot_document",
    "listing",
    "record",
    "presence",
    "decision",
    "judgement",
    "register",
    "article",
];

const TABLES: &str = "
CREATE TABLE tx (
  n INTEGER PRIMARY KEY, recorded TEXT NOT NULL, what TEXT NOT NULL, marks TEXT NOT NULL, prev BLOB NOT NULL, hash BLOB NOT NULL
) STRICT;
CREATE TABLE document (
  id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, size INTEGER NOT NULL, name TEXT NOT NULL, series TEXT NOT NULL,
  base INTEGER REFERENCES document(id), body BLOB NOT NULL
) STRICT;
CREATE INDEX document_series ON document(series);
CREATE TABLE snapshot (
  id INTEGER PRIMARY KEY, list TEXT NOT NULL, format TEXT NOT NULL, date TEXT NOT NULL, date_origin TEXT NOT NULL, extent TEXT NOT NULL,
  listings INTEGER NOT NULL, rejected INTEGER NOT NULL, digest BLOB NOT NULL, base INTEGER REFERENCES snapshot(id), report TEXT
) STRICT;
CREATE TABLE snapshot_document (
  snapshot INTEGER NOT NULL REFERENCES snapshot(id), position INTEGER NOT NULL, document INTEGER NOT NULL REFERENCES document(id),
  name TEXT NOT NULL, PRIMARY KEY (snapshot, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE listing (
  id INTEGER PRIMARY KEY, list TEXT NOT NULL, reference TEXT NOT NULL, UNIQUE (reference, list)
) STRICT;
CREATE TABLE record (
  id INTEGER PRIMARY KEY, first INTEGER NOT NULL, count INTEGER NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE INDEX record_first ON record(first);
CREATE TABLE presence (
  listing INTEGER NOT NULL REFERENCES listing(id), snapshot INTEGER NOT NULL REFERENCES snapshot(id), record INTEGER,
  PRIMARY KEY (listing, snapshot)
) STRICT, WITHOUT ROWID;
CREATE INDEX presence_snapshot ON presence(snapshot);
CREATE TABLE decision (
  id INTEGER PRIMARY KEY, snapshot INTEGER NOT NULL REFERENCES snapshot(id), verdict TEXT NOT NULL, why TEXT NOT NULL
) STRICT;
CREATE TABLE judgement (
  id INTEGER PRIMARY KEY, target TEXT NOT NULL, source TEXT NOT NULL, verdict TEXT NOT NULL, decider TEXT NOT NULL, why TEXT NOT NULL
) STRICT;
CREATE INDEX judgement_target ON judgement(target);
CREATE INDEX judgement_source ON judgement(source);
CREATE TABLE register (
  id INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES document(id), body BLOB NOT NULL
) STRICT;
CREATE TABLE article (
  id INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES document(id), body TEXT NOT NULL
) STRICT;
CREATE TABLE name_key (
  key INTEGER NOT NULL, listing INTEGER NOT NULL, snapshot INTEGER NOT NULL, PRIMARY KEY (key, listing)
) STRICT, WITHOUT ROWID;
CREATE TABLE link_key (
  key TEXT NOT NULL, listing INTEGER NOT NULL, snapshot INTEGER NOT NULL, PRIMARY KEY (key, listing)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_listing ON link_key(listing);
";

/// All statements that make an empty ledger.
pub(crate) fn create() -> String {
    let mut sql = TABLES.to_owned();
    for table in APPEND_ONLY {
        for verb in ["UPDATE", "DELETE"] {
            sql.push_str(&format!(
                "CREATE TRIGGER {table}_no_{v} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;\n",
                v = verb.to_lowercase()
            ));
        }
    }
    sql
}
