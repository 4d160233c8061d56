//! The parent's side: a fixed number of children, handed out one task at a time.

use std::collections::VecDeque;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

use super::probe::{self, Act, Outcome};
use super::protocol::{self, ANSWER_HEAD_BYTES, CONFIGURE, Setup, Status};
use super::{Confinement, WorkerConfig, WorkerError};

/// A child must be ready within this time; generous for a machine under load.
const START_TIMEOUT: Duration = Duration::from_secs(20);
/// A child whose pipes are closed is given this long to be gone before it is killed.
const DEATH_TIMEOUT: Duration = Duration::from_secs(2);
/// A child is replaced when its tasks took this many time limits together, and its processor time ends soon after: a
/// child that lost its parent in an endless loop ends by itself.
const BUSY_TIMEOUTS: u32 = 5;
const STDERR_TAIL_BYTES: usize = 4 * 1024;

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
        let config = &self.shared.config;
        if input.len() > config.max_input_bytes {
            return Err(WorkerError::TooLarge {
                bytes: input.len(),
                limit_bytes: config.max_input_bytes,
            });
        }
        let prefix =
            protocol::request_prefix(task, options, input.len()).ok_or(WorkerError::TooLarge {
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

enum Failure {
    /// The child's pipes are closed, or it speaks another language.
    Lost,
    TooLarge,
}

impl From<io::Error> for Failure {
    fn from(_: io::Error) -> Self {
        Self::Lost
    }
}

/// One child; dropping it kills the process.
#[derive(Debug)]
struct Worker {
    child: Child,
    requests: ChildStdin,
    answers: ChildStdout,
    stderr: JoinHandle<String>,
    confinement: Confinement,
    tasks: u32,
    busy: Duration,
}

impl Worker {
    async fn start(config: &WorkerConfig) -> Result<Self, WorkerError> {
        match timeout(START_TIMEOUT, Self::spawn(config)).await {
            Ok(Ok(worker)) => Ok(worker),
            Ok(Err(how)) => Err(WorkerError::Unavailable { how }),
            Err(_) => Err(WorkerError::Unavailable {
                how: "it did not report in time".to_owned(),
            }),
        }
    }

    async fn spawn(config: &WorkerConfig) -> Result<Self, String> {
        let mut command = Command::new(&config.program);
        command
            .args(&config.args)
            .env_clear()
            .current_dir("/")
            .kill_on_drop(true);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command
            .spawn()
            .map_err(|error| format!("{}: {error}", config.program.display()))?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(requests), Some(answers), Some(stderr)) = pipes else {
            return Err("its pipes are missing".to_owned());
        };
        let mut worker = Self {
            child,
            requests,
            answers,
            stderr: tokio::spawn(keep_tail(stderr)),
            confinement: Confinement {
                landlock: false,
                seccomp: false,
            },
            tasks: 0,
            busy: Duration::ZERO,
        };
        worker.confinement = worker.configure(config).await?;
        Ok(worker)
    }

    async fn configure(&mut self, config: &WorkerConfig) -> Result<Confinement, String> {
        let cpu_s = config.timeout_ms.div_ceil(1000).max(1) * u64::from(BUSY_TIMEOUTS + 1) + 5;
        let setup = Setup {
            memory_bytes: config.memory_bytes,
            cpu_s,
            confine: config.confine,
        };
        let prefix = protocol::request_prefix(CONFIGURE, &setup.to_bytes(), 0)
            .ok_or("its configuration is too long")?;
        match self.exchange(&prefix, b"", 2).await {
            Ok((Status::Done, body)) if body.len() == 2 => Ok(Confinement {
                landlock: body[0] != 0,
                seccomp: body[1] != 0,
            }),
            _ => Err("it ended before it was ready".to_owned()),
        }
    }

    /// Sends one request and reads its answer. The child reads all before it answers, so neither waits for the other.
    async fn exchange(
        &mut self,
        prefix: &[u8],
        input: &[u8],
        limit: usize,
    ) -> Result<(Status, Vec<u8>), Failure> {
        self.requests.write_all(prefix).await?;
        self.requests.write_all(input).await?;
        self.requests.flush().await?;
        let mut head = [0; ANSWER_HEAD_BYTES];
        self.answers.read_exact(&mut head).await?;
        let (status, length) = protocol::parse_answer_head(&head).ok_or(Failure::Lost)?;
        if usize::try_from(length).map_or(true, |length| length > limit) && status == Status::Done {
            return Err(Failure::TooLarge);
        }
        let mut body = Vec::new();
        (&mut self.answers)
            .take(length.min(limit.max(protocol::PIECE_BYTES) as u64))
            .read_to_end(&mut body)
            .await?;
        if body.len() as u64 == length {
            Ok((status, body))
        } else {
            Err(Failure::Lost)
        }
    }

    const fn is_fresh(&self, config: &WorkerConfig) -> bool {
        let busy_limit_ms = config.timeout_ms.saturating_mul(BUSY_TIMEOUTS as u64);
        self.tasks < config.tasks_per_worker && self.busy.as_millis() < busy_limit_ms as u128
    }

    /// What a lost child died of.
    async fn autopsy(mut self, config: &WorkerConfig) -> WorkerError {
        let status = match timeout(DEATH_TIMEOUT, self.child.wait()).await {
            Ok(Ok(status)) => status,
            _ => {
                return WorkerError::Crashed {
                    how: "the reader answered nonsense".to_owned(),
                };
            }
        };
        let last_words = timeout(DEATH_TIMEOUT, &mut self.stderr).await;
        let last_words = last_words.ok().and_then(Result::ok).unwrap_or_default();
        explain(status, &last_words, config)
    }
}

/// The child's standard error is read for the runtime's own last words and goes no further: it may quote a document.
fn explain(status: ExitStatus, last_words: &str, config: &WorkerConfig) -> WorkerError {
    match status.signal() {
        Some(libc::SIGSYS) => WorkerError::Forbidden,
        Some(libc::SIGXCPU) => WorkerError::TimedOut {
            timeout_ms: config.timeout_ms,
        },
        Some(libc::SIGABRT) if last_words.contains("memory allocation of") => {
            WorkerError::OutOfMemory {
                memory_bytes: config.memory_bytes,
            }
        }
        Some(libc::SIGABRT) if last_words.contains("has overflowed its stack") => {
            WorkerError::Crashed {
                how: "its parts are nested too deeply".to_owned(),
            }
        }
        Some(signal) => WorkerError::Crashed {
            how: format!("signal {signal}"),
        },
        None => WorkerError::Crashed {
            how: status.to_string(),
        },
    }
}

/// Reads to the end, so that the child never blocks on a full pipe, and keeps the last few kilobytes.
async fn keep_tail(mut stderr: ChildStderr) -> String {
    let mut tail: VecDeque<u8> = VecDeque::new();
    let mut piece = [0; 1024];
    while let Ok(read @ 1..) = stderr.read(&mut piece).await {
        tail.extend(&piece[..read]);
        tail.drain(..tail.len().saturating_sub(STDERR_TAIL_BYTES));
    }
    String::from_utf8_lossy(tail.make_contiguous()).into_owned()
}
