//! The embedded engine: SQLite through SQLCipher, two files, one writer with group commit.
//!
//! A single thread owns the writing connection. It takes what is queued, runs each body in its own savepoint inside one
//! transaction, commits them with one flush, and only then answers: an acknowledged write is on the disk.

mod files;
mod statement;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::{Semaphore, mpsc, oneshot};

pub(super) use self::files::GENERAL;
pub use self::files::{FileKey, Files};
pub(super) use self::statement::{from_sqlite, query, query_named};
use super::error::StoreError;

/// How many bodies may share one flush. More only delays the first of them.
const BATCH_MAX: usize = 128;
/// How many bodies may wait; beyond it callers wait before they enter the queue.
const QUEUE_MAX: usize = 1024;
const READERS_MAX: usize = 8;

/// Tells a body's caller how its batch ended.
pub(super) type Settle = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
type Job = Box<dyn FnOnce(&Connection) -> Ran + Send>;

/// A body that has run: how to tell its caller, and whether the batch around it still stands.
struct Ran {
    settle: Settle,
    stands: bool,
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
    files: Files,
    writer: Writer,
    readers: Mutex<Vec<Connection>>,
    /// Bounds the threads and caches that readers take.
    reading: Semaphore,
}

impl Sqlite {
    /// Opens or creates the files. `migrate` runs on a connection for changes of the schema, before anybody can use them.
    pub(super) fn open(
        files: Files,
        migrate: impl FnOnce(&Connection) -> Result<(), StoreError>,
    ) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        Self::open_with(files, flags, migrate)
    }

    /// Opens the files where they are there; `check` refuses a schema that is not ours.
    pub(super) fn open_as_it_is(
        files: Files,
        check: impl FnOnce(&Connection) -> Result<(), StoreError>,
    ) -> Result<Self, StoreError> {
        if !files.key_store().exists() {
            return Err(StoreError::NoKeyStore);
        }
        Self::open_with(files, OpenFlags::SQLITE_OPEN_READ_WRITE, check)
    }

    fn open_with(
        files: Files,
        flags: OpenFlags,
        prepare: impl FnOnce(&Connection) -> Result<(), StoreError>,
    ) -> Result<Self, StoreError> {
        prepare(&files.connect_for_schema(flags)?)?;
        let shared = Shared {
            writer: Writer::start(files.connect(flags)?)?,
            files,
            readers: Mutex::new(Vec::new()),
            reading: Semaphore::new(READERS_MAX),
        };
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    /// What was deleted from the key store is in neither its file nor its log when this returns.
    pub(super) async fn scrub_keys(&self) -> Result<(), StoreError> {
        let shared = Arc::clone(&self.shared);
        tokio::task::spawn_blocking(move || {
            files::scrub(&shared.files.connect(OpenFlags::SQLITE_OPEN_READ_WRITE)?)
        })
        .await
        .map_err(|_| StoreError::Panicked)?
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
                files::begin_snapshot(&reader).map_err(from_sqlite)?;
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
            None => self.files.connect(OpenFlags::SQLITE_OPEN_READ_ONLY),
        }
    }

    fn put_back(&self, reader: Connection) {
        let mut idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < READERS_MAX {
            idle.push(reader);
        }
    }
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
