//! Worker processes: where bytes from strangers are read.
//!
//! PDFs, images and archives are parsed by children of the same binary that hold no key, no file and no socket. What
//! they are asked is a task name, options and bytes; what they answer is bytes or a reason.
//!
//! Invariants:
//! - a child confines itself before it accepts its first task ([`sandbox`]), and says how far it got
//!   ([`Confinement`]); nothing weaker is passed over in silence;
//! - a child is a fresh program, not a fork: a replacement started later inherits neither memory nor environment,
//!   and the system call filter lets it use no descriptor but its own three;
//! - whatever a child does, its caller gets a [`WorkerError`] in bounded time, and the next call gets a working child;
//! - a caller that goes away takes its child with it: no answer can reach the wrong caller.

pub mod child;
pub mod pieces;
pub mod pool;
pub mod probe;
pub mod protocol;
pub mod sandbox;
mod worker;

use std::ffi::OsString;
use std::path::PathBuf;

/// How a pool is run.
#[derive(Debug, Clone)]
pub struct WorkerConfig {
    /// The program to start: this binary.
    pub program: PathBuf,
    /// Its arguments, which lead to [`child::run`].
    pub args: Vec<OsString>,
    /// Children at work at the same time.
    pub count: usize,
    /// What a child may allocate beyond its own program, in bytes.
    pub memory_bytes: u64,
    /// Wall clock for one task, in milliseconds.
    pub timeout_ms: u64,
    /// Callers that may wait for a free child; more are turned away at once.
    pub queue_limit: usize,
    /// Longest input, in bytes.
    pub max_input_bytes: usize,
    /// Longest answer, in bytes. A child is not trusted, its answers least of all.
    pub max_answer_bytes: usize,
    /// Tasks after which a child is replaced, so that nothing a document left behind lasts.
    pub tasks_per_worker: u32,
    /// `false` only in tests that show the probe turning red.
    pub confine: bool,
}

impl WorkerConfig {
    /// Two children with limits that fit scanned invoices.
    #[must_use]
    pub fn new(program: PathBuf, args: Vec<OsString>) -> Self {
        Self {
            program,
            args,
            count: 2,
            memory_bytes: 512 * 1024 * 1024,
            timeout_ms: 30_000,
            queue_limit: 64,
            max_input_bytes: 256 * 1024 * 1024,
            max_answer_bytes: 128 * 1024 * 1024,
            tasks_per_worker: 200,
            confine: true,
        }
    }
}

/// What protects the system from a child, as the child itself reported when it started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confinement {
    /// Landlock is fully enforced: no file, no TCP port, no signal to the outside.
    pub landlock: bool,
    /// The system call filter is installed.
    pub seccomp: bool,
}

/// Why a task gave no result. Each text says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkerError {
    /// The task read its input and declined it; the text is meant for the user.
    #[error("{reason}")]
    Refused {
        /// What is wrong with the input.
        reason: String,
    },
    /// The task took too long and was ended.
    #[error(
        "reading the file took longer than {timeout_ms} ms and was stopped. Ask the sender for a simpler file, or type the bill"
    )]
    TimedOut {
        /// The limit, in milliseconds.
        timeout_ms: u64,
    },
    /// The task needed more memory than it may have.
    #[error(
        "reading the file needs more than {memory_bytes} bytes of memory and was stopped. Ask the sender for a smaller file, or type the bill"
    )]
    OutOfMemory {
        /// The limit, in bytes.
        memory_bytes: u64,
    },
    /// The task tried what the confinement forbids. Either an attack, or a fault in a reader.
    #[error(
        "reading the file tried something that is forbidden and was stopped. Treat the file as hostile and tell the security officer"
    )]
    Forbidden,
    /// The child ended in any other way.
    #[error(
        "reading the file failed ({how}). The file is kept; ask the sender for another copy, or type the bill"
    )]
    Crashed {
        /// How it ended, for example `signal 11`.
        how: String,
    },
    /// The input is longer than a child may be given.
    #[error(
        "the file has {bytes} bytes, more than the {limit_bytes} that are read. Ask the sender for a smaller file"
    )]
    TooLarge {
        /// Length of the input, in bytes.
        bytes: usize,
        /// The limit, in bytes.
        limit_bytes: usize,
    },
    /// The input could not be read to its end.
    #[error("the file could not be handed to a reader ({how}). Send it again")]
    Input {
        /// What failed.
        how: String,
    },
    /// The answer is longer than is accepted.
    #[error(
        "what the file unpacks to is larger than {limit_bytes} bytes. Ask the sender for a smaller file"
    )]
    AnswerTooLarge {
        /// The limit, in bytes.
        limit_bytes: usize,
    },
    /// Too many callers wait already.
    #[error("{waiting} files wait to be read already. Try again in a minute")]
    Busy {
        /// Callers in the queue.
        waiting: usize,
    },
    /// The child has no such task: the parent and the child are different programs.
    #[error(
        "the worker does not know the task {task}. Restart the server with one version of the program"
    )]
    UnknownTask {
        /// The name that was asked for.
        task: String,
    },
    /// No child could be started.
    #[error("no worker process could be started ({how}). Run `countersign doctor`")]
    Unavailable {
        /// What failed.
        how: String,
    },
}
