//! The parent's side: a fixed number of children, handed out one task at a time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};

use super::pieces::{InMemory, Pieces};
use super::probe::{self, Act, Outcome};
use super::protocol::{self, Status};
use super::worker::{Failure, Worker};
use super::{Confinement, WorkerConfig, WorkerError};

/// Children that read what strangers sent. Cheap to clone; all clones share the children.
#[derive(Debug, Clone)]
pub struct WorkerPool {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    config: WorkerConfig,
    slots: Semaphore,
    idle: Mutex<Vec<Worker>>,
    waiting: AtomicUsize,
    confinement: Confinement,
}

impl WorkerPool {
    /// Starts all children and waits until each has confined itself. Call it before a key is loaded.
    ///
    /// # Errors
    /// [`WorkerError::Unavailable`] if a child does not start.
    pub async fn new(config: WorkerConfig) -> Result<Self, WorkerError> {
        let mut idle = Vec::with_capacity(config.count);
        let mut confinement = Confinement {
            landlock: true,
            seccomp: true,
        };
        for _ in 0..config.count.max(1) {
            let worker = Worker::start(&config).await?;
            confinement.landlock &= worker.confinement.landlock;
            confinement.seccomp &= worker.confinement.seccomp;
            idle.push(worker);
        }
        let slots = Semaphore::new(idle.len());
        let shared = Shared {
            config,
            slots,
            idle: Mutex::new(idle),
            waiting: AtomicUsize::new(0),
            confinement,
        };
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    /// The weakest confinement among the children that were started first.
    #[must_use]
    pub fn confinement(&self) -> Confinement {
        self.shared.confinement
    }

    /// Runs one task in a child and gives its result. Dropping the future ends the child that works on it.
    ///
    /// # Errors
    /// See [`WorkerError`]; after any of them the pool is as able as before.
    pub async fn call(
        &self,
        task: &'static str,
        options: &[u8],
        input: &[u8],
    ) -> Result<Vec<u8>, WorkerError> {
        self.call_with(task, options, &mut InMemory(input)).await
    }

    /// As [`Self::call`], on an input that passes from where it is to the child without ever being here as a whole.
    ///
    /// # Errors
    /// As [`Self::call`], and [`WorkerError::Input`] where the input cannot be read.
    pub async fn call_with(
        &self,
        task: &'static str,
        options: &[u8],
        input: &mut impl Pieces,
    ) -> Result<Vec<u8>, WorkerError> {
        let config = &self.shared.config;
        let length = usize::try_from(input.length()).unwrap_or(usize::MAX);
        if length > config.max_input_bytes {
            return Err(WorkerError::TooLarge {
                bytes: length,
                limit_bytes: config.max_input_bytes,
            });
        }
        let prefix =
            protocol::request_prefix(task, options, length).ok_or(WorkerError::TooLarge {
                bytes: options.len(),
                limit_bytes: config.max_input_bytes,
            })?;
        let ticket = self.enter_queue()?;
        let _slot = self
            .shared
            .slots
            .acquire()
            .await
            .expect("the semaphore is never closed");
        drop(ticket);
        let mut worker = self.take_worker().await?;
        let started = Instant::now();
        let exchange = worker.exchange(&prefix, input, config.max_answer_bytes);
        let answer = match timeout(Duration::from_millis(config.timeout_ms), exchange).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(Failure::TooLarge)) => {
                return Err(WorkerError::AnswerTooLarge {
                    limit_bytes: config.max_answer_bytes,
                });
            }
            Ok(Err(Failure::Lost)) => return Err(worker.autopsy(config).await),
            // The child waits for the rest, which never comes: it is dropped here, and so killed.
            Ok(Err(Failure::Input(how))) => return Err(WorkerError::Input { how }),
            Err(_) => {
                return Err(WorkerError::TimedOut {
                    timeout_ms: config.timeout_ms,
                });
            }
        };
        worker.tasks += 1;
        worker.busy += started.elapsed();
        self.conclude(worker, task, answer)
    }

    fn conclude(
        &self,
        worker: Worker,
        task: &str,
        (status, body): (Status, Vec<u8>),
    ) -> Result<Vec<u8>, WorkerError> {
        if status != Status::Panicked && worker.is_fresh(&self.shared.config) {
            self.lock_idle().push(worker);
        }
        match status {
            Status::Done => Ok(body),
            Status::Refused => Err(WorkerError::Refused {
                reason: String::from_utf8_lossy(&body).into_owned(),
            }),
            Status::Panicked => Err(WorkerError::Crashed {
                how: "the reader gave up on it".to_owned(),
            }),
            Status::UnknownTask => Err(WorkerError::UnknownTask {
                task: task.to_owned(),
            }),
        }
    }

    /// Lets a child try everything that it must not manage.
    pub async fn probe(&self) -> Vec<(Act, Outcome)> {
        let mut report = Vec::with_capacity(Act::ALL.len());
        for act in Act::ALL {
            let outcome = match self.call(probe::TASK, act.name().as_bytes(), b"").await {
                Ok(answer) if answer == b"allowed" => Outcome::Allowed,
                Ok(answer) => Outcome::Unknown(String::from_utf8_lossy(&answer).into_owned()),
                Err(WorkerError::Refused { reason }) => Outcome::Refused(reason),
                Err(WorkerError::Forbidden) => Outcome::Killed,
                Err(other) => Outcome::Unknown(other.to_string()),
            };
            report.push((act, outcome));
        }
        report
    }

    fn enter_queue(&self) -> Result<Ticket<'_>, WorkerError> {
        let waiting = self.shared.waiting.fetch_add(1, Ordering::Relaxed);
        let ticket = Ticket(&self.shared.waiting);
        // A caller for whom a child is free does not wait, however short the queue may be.
        if waiting >= self.shared.config.queue_limit + self.shared.slots.available_permits() {
            return Err(WorkerError::Busy { waiting });
        }
        Ok(ticket)
    }

    /// An idle child that is still alive, or a new one.
    async fn take_worker(&self) -> Result<Worker, WorkerError> {
        loop {
            let Some(mut worker) = self.lock_idle().pop() else {
                return Worker::start(&self.shared.config).await;
            };
            if matches!(worker.child.try_wait(), Ok(None)) {
                return Ok(worker);
            }
        }
    }

    fn lock_idle(&self) -> std::sync::MutexGuard<'_, Vec<Worker>> {
        self.shared
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in the queue; dropping it, also by a caller that goes away, leaves the queue.
struct Ticket<'a>(&'a AtomicUsize);

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
