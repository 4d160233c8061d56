//! One child as its parent sees it: started, spoken to, buried.

use std::collections::VecDeque;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::pieces::{InMemory, Pieces};
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

pub(super) enum Failure {
    /// The child's pipes are closed, or it speaks another language.
    Lost,
    TooLarge,
    Input(String),
}

impl From<io::Error> for Failure {
    fn from(_: io::Error) -> Self {
        Self::Lost
    }
}

/// One child; dropping it kills the process.
#[derive(Debug)]
pub(super) struct Worker {
    pub child: Child,
    requests: ChildStdin,
    answers: ChildStdout,
    stderr: JoinHandle<String>,
    pub confinement: Confinement,
    pub tasks: u32,
    pub busy: Duration,
}

impl Worker {
    pub async fn start(config: &WorkerConfig) -> Result<Self, WorkerError> {
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
        match self.exchange(&prefix, &mut InMemory(b""), 2).await {
            Ok((Status::Done, body)) if body.len() == 2 => Ok(Confinement {
                landlock: body[0] != 0,
                seccomp: body[1] != 0,
            }),
            _ => Err("it ended before it was ready".to_owned()),
        }
    }

    /// Sends one request and reads its answer. The child reads all before it answers, so neither waits for the other.
    pub async fn exchange(
        &mut self,
        prefix: &[u8],
        input: &mut impl Pieces,
        limit: usize,
    ) -> Result<(Status, Vec<u8>), Failure> {
        self.requests.write_all(prefix).await?;
        let mut missing = input.length();
        while missing > 0 {
            let piece = input
                .next_piece()
                .await
                .map_err(|error| Failure::Input(error.to_string()))?;
            // More or less than was announced would be taken for another request.
            missing = piece
                .as_ref()
                .and_then(|piece| missing.checked_sub(piece.len() as u64))
                .ok_or_else(|| Failure::Input("it has another length than it says".to_owned()))?;
            self.requests.write_all(&piece.unwrap_or_default()).await?;
        }
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

    pub const fn is_fresh(&self, config: &WorkerConfig) -> bool {
        let busy_limit_ms = config.timeout_ms.saturating_mul(BUSY_TIMEOUTS as u64);
        self.tasks < config.tasks_per_worker && self.busy.as_millis() < busy_limit_ms as u128
    }

    /// What a lost child died of.
    pub async fn autopsy(mut self, config: &WorkerConfig) -> WorkerError {
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
