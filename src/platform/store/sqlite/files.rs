//! The two files of the embedded engine: the database, and the key store beside it, which backups of the database leave out.
//!
//! A commit that changed both is written to one file after the other, first to the one that the connection was opened on. That is
//! the key store's: a key is on the disk before the row that needs it, and the line of the disposal ledger before its journal
//! entry. A crash in between leaves a key that nobody needs, a disposal that the next start goes on with, or keys that were wrapped
//! anew, put to use or destroyed: of those the next start tells the journal (`platform/keys/told.rs`).

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, ffi};
use zeroize::Zeroizing;

use super::from_sqlite;
use crate::platform::store::dialect::KEY_SCHEMA;
use crate::platform::store::error::StoreError;

/// How long a writer of another process (the command line) may hold a file.
const BUSY_TIMEOUT_MS: u64 = 10_000;
/// How long readers are waited for before the key store's log is emptied: nobody writes meanwhile.
const SCRUB_TIMEOUT_MS: u64 = 500;
const STATEMENT_CACHE: usize = 256;
/// The database's name on a working connection.
pub(in crate::platform::store) const GENERAL: &str = "general";

/// The random key of a file, as SQLCipher wants it: raw, so that opening costs no key derivation.
pub struct FileKey(Zeroizing<[u8; 32]>);

impl FileKey {
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self(Zeroizing::new(key))
    }

    fn literal(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(80));
        text.push_str("x'");
        for byte in self.0.iter() {
            for nibble in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
        }
        text.push('\'');
        text
    }

    fn pragma(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(96));
        text.push_str("PRAGMA key = \"");
        text.push_str(&self.literal());
        text.push_str("\";");
        text
    }
}

impl std::fmt::Debug for FileKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FileKey(..)")
    }
}

/// Where the database is, and with which keys its two files open.
#[derive(Debug)]
pub struct Files {
    database: (PathBuf, FileKey),
    key_store: (PathBuf, FileKey),
}

impl Files {
    /// The database in `path`, and the key store beside it.
    #[must_use]
    pub fn new(path: &Path, database: FileKey, key_store: FileKey) -> Self {
        Self {
            database: (path.to_owned(), database),
            key_store: (Self::key_store_beside(path), key_store),
        }
    }

    /// The file of the key store that belongs to the database in `path`.
    #[must_use]
    pub fn key_store_beside(path: &Path) -> PathBuf {
        path.with_file_name("keys.db")
    }

    pub(in crate::platform::store) fn key_store(&self) -> &Path {
        &self.key_store.0
    }

    /// A connection for work: the key store's file comes first.
    pub(in crate::platform::store) fn connect(
        &self,
        flags: OpenFlags,
    ) -> Result<Connection, StoreError> {
        open(&self.key_store, (GENERAL, &self.database), flags)
    }

    /// A connection for changes of the schema, on which tables are made in the database unless they name the key store.
    pub(in crate::platform::store) fn connect_for_schema(
        &self,
        flags: OpenFlags,
    ) -> Result<Connection, StoreError> {
        open(&self.database, (KEY_SCHEMA, &self.key_store), flags)
    }
}

type File = (PathBuf, FileKey);

fn open(main: &File, beside: (&str, &File), flags: OpenFlags) -> Result<Connection, StoreError> {
    let writes = !flags.contains(OpenFlags::SQLITE_OPEN_READ_ONLY);
    let (path, key) = main;
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(from_sqlite)?;
    connection
        .busy_timeout(std::time::Duration::from_millis(BUSY_TIMEOUT_MS))
        .map_err(from_sqlite)?;
    connection
        .execute_batch(&key.pragma())
        .map_err(from_sqlite)?;
    opens(&connection, "main", path)?;
    let (name, (path, key)) = beside;
    let place = path.to_str().ok_or_else(|| {
        StoreError::Unavailable(format!("{} is no path in UTF-8", path.display()))
    })?;
    connection
        .prepare(&format!("ATTACH DATABASE ?1 AS {name} KEY ?2"))
        .and_then(|mut attach| attach.execute([place, key.literal().as_str()]))
        .map_err(|error| explained(error, path))?;
    opens(&connection, name, path)?;
    connection
        .execute_batch(
            "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;",
        )
        .map_err(from_sqlite)?;
    for schema in ["main", name] {
        settle(&connection, schema, writes).map_err(from_sqlite)?;
    }
    connection.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
    Ok(connection)
}

/// The first read tells whether the key opens the file.
fn opens(connection: &Connection, schema: &str, path: &Path) -> Result<(), StoreError> {
    let first = format!("SELECT count(*) FROM {schema}.sqlite_master");
    connection
        .query_row(&first, [], |_| Ok(()))
        .map_err(|error| explained(error, path))
}

fn explained(error: rusqlite::Error, path: &Path) -> StoreError {
    match error.sqlite_error_code() {
        Some(ffi::ErrorCode::NotADatabase) => StoreError::Unavailable(format!(
            "{} does not open with this installation's key",
            path.display()
        )),
        _ => from_sqlite(error),
    }
}

fn settle(connection: &Connection, schema: &str, writes: bool) -> rusqlite::Result<()> {
    // In KiB, taken as it is needed. A writer that finds an index's pages in memory decrypts none for an insertion.
    let cache = if writes { 32_000 } else { 1_500 };
    connection.execute_batch(&format!("PRAGMA {schema}.cache_size = -{cache};"))?;
    if writes {
        connection.execute_batch(&format!(
            "PRAGMA {schema}.journal_mode = WAL; PRAGMA {schema}.synchronous = FULL; \
             PRAGMA {schema}.secure_delete = ON; PRAGMA wal_autocheckpoint = 8000; \
             PRAGMA {schema}.journal_size_limit = 67108864;"
        ))?;
    }
    Ok(())
}

/// The key store is looked at last: whoever sees a row sees the key that was there before it.
pub(super) fn begin_snapshot(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("BEGIN")?;
    for first in [
        "SELECT 1 FROM general.sqlite_schema LIMIT 0",
        "SELECT 1 FROM main.sqlite_schema LIMIT 0",
    ] {
        connection
            .prepare_cached(first)?
            .query([])
            .and_then(|mut rows| rows.next().map(drop))?;
    }
    Ok(())
}

/// Writes the key store's log into its file and empties it: what was destroyed is in neither.
///
/// # Errors
/// Where somebody reads it for longer than that.
pub(super) fn scrub(connection: &Connection) -> Result<(), StoreError> {
    connection
        .busy_timeout(std::time::Duration::from_millis(SCRUB_TIMEOUT_MS))
        .map_err(from_sqlite)?;
    let busy: i64 = connection
        .query_row("PRAGMA main.wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        .map_err(from_sqlite)?;
    if busy == 0 {
        Ok(())
    } else {
        Err(StoreError::Unavailable(
            "somebody reads the key store".to_owned(),
        ))
    }
}
