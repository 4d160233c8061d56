//! The embedded engine: SQLite through SQLCipher, one file, one writer with group commit.
//!
//! A single thread owns the writing connection. It takes what is queued, runs each body in its own savepoint inside one
//! transaction, commits them with one flush, and only then answers: an acknowledged write is on the disk.

mod statement;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::{Connection, OpenFlags, ffi};
use tokio::sync::{Semaphore, mpsc, oneshot};
use zeroize::Zeroizing;

pub(super) use self::statement::{from_sqlite, query, query_named};
use super::error::StoreError;

/// How many bodies may share one flush. More only delays the first of them.
const BATCH_MAX: usize = 128;
/// How many bodies may wait; beyond it callers wait before they enter the queue.
const QUEUE_MAX: usize = 1024;
/// How long a writer of another process (the command line) may hold the file.
const BUSY_TIMEOUT_MS: u64 = 10_000;
const STATEMENT_CACHE: usize = 256;
const READERS_MAX: usize = 8;

/// Tells a body's caller how its batch ended.
pub(super) type Settle = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
type Job = Box<dyn FnOnce(&Connection) -> Ran + Send>;

/// A body that has run: how to tell its caller, and whether the batch around it still stands.
struct Ran {
    settle: Settle,
    stands: bool,
}

/// The random key of the database file, as SQLCipher wants it: raw, so that opening costs no key derivation.
pub struct FileKey(Zeroizing<[u8; 32]>);

impl FileKey {
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self(Zeroizing::new(key))
    }

    fn pragma(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(96));
        text.push_str("PRAGMA key = \"x'");
        for byte in self.0.iter() {
            for nibble in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
        }
        text.push_str("'\";");
        text
    }
}

impl std::fmt::Debug for FileKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FileKey(..)")
    }
}

/// The writing thread and the way to it. It ends before the last user of the store does: a process that exits while the
/// thread closes its connection tears libcrypto down under it.
struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    fn start(connection: Connection) -> Result<Self, StoreError> {
        let (jobs, queue) = mpsc::channel(QUEUE_MAX);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || write_batches(&connection, queue))
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    async fn queue(&self, job: Job) -> Result<(), StoreError> {
        let stopped = || StoreError::Unavailable("the writer has stopped".to_owned());
        let jobs = self.jobs.as_ref().ok_or_else(stopped)?;
        jobs.send(job).await.map_err(|_| stopped())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.jobs.take());
        // A body may own what owns the store: the thread does not wait for itself.
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != std::thread::current().id()
        {
            let _ = thread.join();
        }
    }
}

#[derive(Clone)]
pub(super) struct Sqlite {
    shared: Arc<Shared>,
}

struct Shared {
    path: PathBuf,
    key: FileKey,
    writer: Writer,
    readers: Mutex<Vec<Connection>>,
    /// Bounds the threads and caches that readers take.
    reading: Semaphore,
}

impl Sqlite {
    /// Opens or creates the file. `migrate` runs on the writing connection before anybody else can use it.
    pub(super) fn open(
        path: &Path,
        key: FileKey,
        migrate: impl FnOnce(&Connection) -> Result<(), StoreError>,
    ) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        Self::open_with(path, key, flags, migrate)
    }

    /// Opens the file where it is there; `check` refuses a schema that is not ours.
    pub(super) fn open_as_it_is(
        path: &Path,
        key: FileKey,
        check: impl FnOnce(&Connection) -> Result<(), StoreError>,
    ) -> Result<Self, StoreError> {
        Self::open_with(path, key, OpenFlags::SQLITE_OPEN_READ_WRITE, check)
    }

    fn open_with(
        path: &Path,
        key: FileKey,
        flags: OpenFlags,
        prepare: impl FnOnce(&Connection) -> Result<(), StoreError>,
    ) -> Result<Self, StoreError> {
        let writer = connect(path, &key, flags)?;
        prepare(&writer)?;
        let shared = Shared {
            path: path.to_owned(),
            key,
            writer: Writer::start(writer)?,
            readers: Mutex::new(Vec::new()),
            reading: Semaphore::new(READERS_MAX),
        };
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    /// Queues a body and answers after its batch's flush.
    pub(super) async fn write<T, E, F>(&self, body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let (result, stands) = in_savepoint(connection, body);
            let settle = Box::new(move |flush: Result<(), StoreError>| {
                // What a body found in the rows of a batch that failed was never so: its refusal fails with it.
                let outcome = match flush {
                    Ok(()) => result,
                    Err(error) => Err(E::from(error)),
                };
                // The caller may have gone away: its change is made and journaled all the same.
                let _ = answer.send(outcome);
            });
            Ran { settle, stands }
        });
        let gone = || E::from(StoreError::Unavailable("the writer has stopped".to_owned()));
        self.shared.writer.queue(job).await?;
        answered.await.map_err(|_| gone())?
    }

    /// Runs a body on a reading connection: one consistent snapshot.
    pub(super) async fn read<T, E, F>(&self, body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    {
        let shared = Arc::clone(&self.shared);
        let _turn = self.shared.reading.acquire().await;
        tokio::task::spawn_blocking(move || {
            let reader = shared.reader()?;
            let result = catch_unwind(AssertUnwindSafe(|| {
                reader.execute_batch("BEGIN").map_err(from_sqlite)?;
                body(&reader)
            }));
            let ended = reader.execute_batch("ROLLBACK").is_ok();
            match result {
                Ok(result) => {
                    if ended {
                        shared.put_back(reader);
                    }
                    result
                }
                Err(_) => Err(E::from(StoreError::Panicked)),
            }
        })
        .await
        .map_err(|_| E::from(StoreError::Panicked))?
    }
}

impl Shared {
    fn reader(&self) -> Result<Connection, StoreError> {
        let idle = self
            .readers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        match idle {
            Some(reader) => Ok(reader),
            None => connect(&self.path, &self.key, OpenFlags::SQLITE_OPEN_READ_ONLY),
        }
    }

    fn put_back(&self, reader: Connection) {
        let mut idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < READERS_MAX {
            idle.push(reader);
        }
    }
}

pub(super) fn connect(
    path: &Path,
    key: &FileKey,
    flags: OpenFlags,
) -> Result<Connection, StoreError> {
    let writes = !flags.contains(OpenFlags::SQLITE_OPEN_READ_ONLY);
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(from_sqlite)?;
    connection
        .busy_timeout(std::time::Duration::from_millis(BUSY_TIMEOUT_MS))
        .map_err(from_sqlite)?;
    connection
        .execute_batch(&key.pragma())
        .map_err(from_sqlite)?;
    // The first read tells whether the key opens the file.
    connection
        .query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))
        .map_err(|error| match error.sqlite_error_code() {
            Some(ffi::ErrorCode::NotADatabase) => StoreError::Unavailable(format!(
                "{} does not open with this installation's key",
                path.display()
            )),
            _ => from_sqlite(error),
        })?;
    // In KiB, taken as it is needed. A writer that finds an index's pages in memory decrypts none for an insertion.
    let cache = if writes {
        "PRAGMA cache_size = -32000;"
    } else {
        "PRAGMA cache_size = -1500;"
    };
    connection
        .execute_batch(&format!(
            "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; {cache}"
        ))
        .map_err(from_sqlite)?;
    if writes {
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; \
                 PRAGMA wal_autocheckpoint = 8000; PRAGMA journal_size_limit = 67108864;",
            )
            .map_err(from_sqlite)?;
    }
    connection.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
    Ok(connection)
}

fn write_batches(connection: &Connection, mut queue: mpsc::Receiver<Job>) {
    while let Some(first) = queue.blocking_recv() {
        let mut settles = Vec::new();
        let flushed = step(connection, "BEGIN IMMEDIATE").and_then(|()| {
            let mut next = Some(first);
            while let Some(job) = next {
                let ran = job(connection);
                settles.push(ran.settle);
                // A full disk makes SQLite roll back everything by itself; going on would start another transaction
                // and commit a part of the batch.
                if !ran.stands || connection.is_autocommit() {
                    return Err(rusqlite::Error::ExecuteReturnedResults);
                }
                next = if settles.len() < BATCH_MAX {
                    queue.try_recv().ok()
                } else {
                    None
                };
            }
            step(connection, "COMMIT")
        });
        let failure = flushed.err().map(|error| {
            if !connection.is_autocommit() {
                let _ = step(connection, "ROLLBACK");
            }
            match error {
                rusqlite::Error::ExecuteReturnedResults => {
                    "a write could not be kept apart from the others; the disk may be full"
                        .to_owned()
                }
                error => error.to_string(),
            }
        });
        for settle in settles {
            settle(match &failure {
                None => Ok(()),
                Some(reason) => Err(StoreError::Unavailable(reason.clone())),
            });
        }
    }
}

/// A step of a transaction, parsed once: several go with each body.
fn step(connection: &Connection, text: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(text)?.execute([]).map(drop)
}

/// A body's changes stand or fall alone, whatever shares its flush. The flag tells whether they could be kept apart.
fn in_savepoint<T, E: From<StoreError>>(
    connection: &Connection,
    body: impl FnOnce(&Connection) -> Result<T, E>,
) -> (Result<T, E>, bool) {
    if let Err(error) = step(connection, "SAVEPOINT body") {
        return (Err(E::from(from_sqlite(error))), false);
    }
    let result = catch_unwind(AssertUnwindSafe(|| body(connection)))
        .unwrap_or_else(|_| Err(E::from(StoreError::Panicked)));
    let undone = match result {
        Ok(_) => Ok(()),
        Err(_) => step(connection, "ROLLBACK TO body"),
    };
    match undone.and_then(|()| step(connection, "RELEASE body")) {
        Ok(()) => (result, true),
        Err(error) => (Err(E::from(from_sqlite(error))), false),
    }
}
