//! The embedded engine: SQLite through SQLCipher, two files, one writer with group commit.
//!
//! A single thread owns the writing connection. It takes what is queued, runs the bodies in one transaction, commits them
//! with one flush, and only then answers: an acknowledged write is on the disk. Where a body refuses, the transaction is
//! rolled back and all of them run again, each in its own savepoint: a refusal leaves nothing behind and costs the others
//! nothing but time.

mod files;
mod job;
mod statement;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::{Semaphore, mpsc, oneshot};

pub(super) use self::files::GENERAL;
pub use self::files::{FileKey, Files};
use self::job::{Asked, Job};
pub(super) use self::statement::{execute, from_sqlite, query, query_named};
use super::error::StoreError;

/// How many bodies may share one flush. More only delays the first of them.
const BATCH_MAX: usize = 128;
/// How many bodies may wait; beyond it callers wait before they enter the queue.
const QUEUE_MAX: usize = 1024;
const READERS_MAX: usize = 8;

/// The writing thread and the way to it. It ends before the last user of the store does: a process that exits while the
/// thread closes its connection tears libcrypto down under it.
struct Writer {
    jobs: Option<mpsc::Sender<Box<dyn Job>>>,
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

    async fn queue(&self, job: Box<dyn Job>) -> Result<(), StoreError> {
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

    /// Queues a body and answers after its batch's flush. A body may run twice.
    pub(super) async fn write<T, E, F>(&self, body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&Connection) -> Result<T, E> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let gone = || E::from(StoreError::Unavailable("the writer has stopped".to_owned()));
        self.shared
            .writer
            .queue(Box::new(Asked::new(body, answer)))
            .await?;
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

/// Why nothing of a batch was kept, in words for every caller in it.
type Lost = String;

fn write_batches(connection: &Connection, mut queue: mpsc::Receiver<Box<dyn Job>>) {
    while let Some(first) = queue.blocking_recv() {
        let mut batch = vec![first];
        let flushed = match together(connection, &mut batch, &mut queue) {
            Ok(true) => Ok(()),
            Ok(false) => apart(connection, &mut batch),
            Err(lost) => Err(lost),
        };
        if flushed.is_err() && !connection.is_autocommit() {
            let _ = step(connection, "ROLLBACK");
        }
        for job in batch {
            job.settle(match &flushed {
                Ok(()) => Ok(()),
                Err(lost) => Err(StoreError::Unavailable(lost.clone())),
            });
        }
    }
}

/// Runs what is queued in one transaction, and flushes it. False where a body refused among others: nothing is kept then, and
/// all of them have to run again.
fn together(
    connection: &Connection,
    batch: &mut Vec<Box<dyn Job>>,
    queue: &mut mpsc::Receiver<Box<dyn Job>>,
) -> Result<bool, Lost> {
    step(connection, "BEGIN IMMEDIATE")?;
    let mut at = 0;
    while let Some(job) = batch.get_mut(at) {
        let kept = job.run(connection);
        stands(connection)?;
        if !kept {
            step(connection, "ROLLBACK")?;
            return Ok(batch.len() == 1);
        }
        at += 1;
        if at < BATCH_MAX {
            batch.extend(queue.try_recv().ok());
        }
    }
    step(connection, "COMMIT")?;
    Ok(true)
}

/// Runs a batch in which a body refused: each in a savepoint of its own, so that its changes stand or fall alone.
fn apart(connection: &Connection, batch: &mut [Box<dyn Job>]) -> Result<(), Lost> {
    step(connection, "BEGIN IMMEDIATE")?;
    for job in batch {
        step(connection, "SAVEPOINT body")?;
        let kept = job.run(connection);
        stands(connection)?;
        if !kept {
            step(connection, "ROLLBACK TO body")?;
        }
        step(connection, "RELEASE body")?;
    }
    step(connection, "COMMIT")
}

/// A full disk makes SQLite roll back everything by itself; going on would start another transaction and commit a part of the
/// batch.
fn stands(connection: &Connection) -> Result<(), Lost> {
    if connection.is_autocommit() {
        Err("a write could not be kept apart from the others; the disk may be full".to_owned())
    } else {
        Ok(())
    }
}

/// A step of a transaction, parsed once: some go with each batch.
fn step(connection: &Connection, text: &str) -> Result<(), Lost> {
    connection
        .prepare_cached(text)
        .and_then(|mut step| step.execute([]))
        .map(drop)
        .map_err(|error| error.to_string())
}
