//! The self-check: a child tries what it must not be able to do.
//!
//! The pool asks for one act at a time, since a forbidden system call ends the child.

use std::fs::File;
use std::net::UdpSocket;
use std::process::Command;

use super::child::TaskError;

/// Name of the task.
pub const TASK: &str = "sandbox-probe";

/// Something that a confined child must not manage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Open a file that everybody may read.
    OpenFile,
    /// Open a network socket.
    OpenSocket,
    /// Start another program.
    StartProgram,
    /// Reach the parent process with a signal (the empty one, which only tests whether it could).
    SignalParent,
}

impl Act {
    /// All of them, in the order of a report.
    pub const ALL: [Self; 4] = [
        Self::OpenFile,
        Self::OpenSocket,
        Self::StartProgram,
        Self::SignalParent,
    ];

    /// The options of the probe's task; also the name in a report.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenFile => "open a file",
            Self::OpenSocket => "open a socket",
            Self::StartProgram => "start a program",
            Self::SignalParent => "signal the parent",
        }
    }
}

/// What became of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The system answered with an error.
    Refused(String),
    /// The child was ended for trying.
    Killed,
    /// It worked: the confinement does not hold.
    Allowed,
    /// The attempt could not be made, so nothing is known.
    Unknown(String),
}

impl Outcome {
    /// Whether the act was stopped. What is unknown is not stopped.
    #[must_use]
    pub const fn is_stopped(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::Killed)
    }
}

/// The handler inside the child: success means that the act was possible.
pub(super) fn attempt(options: &[u8], _input: &[u8]) -> Result<Vec<u8>, TaskError> {
    let act = Act::ALL
        .into_iter()
        .find(|act| act.name().as_bytes() == options);
    let Some(act) = act else {
        return Ok(b"no such act".to_vec());
    };
    let refused = |error: &dyn std::error::Error| TaskError(error.to_string());
    match act {
        Act::OpenFile => File::open("/proc/self/status")
            .map(drop)
            .map_err(|error| refused(&error))?,
        Act::OpenSocket => UdpSocket::bind("127.0.0.1:0")
            .map(drop)
            .map_err(|error| refused(&error))?,
        Act::StartProgram => Command::new("/bin/true")
            .status()
            .map(drop)
            .map_err(|error| refused(&error))?,
        Act::SignalParent => {
            let parent = rustix::process::getppid()
                .ok_or_else(|| TaskError("the parent is out of sight".to_owned()))?;
            rustix::process::test_kill_process(parent).map_err(|error| refused(&error))?;
        }
    }
    Ok(b"allowed".to_vec())
}

/// Name of the task that strains the limits: for tests, and for a doctor who wants to see them hold.
pub const LIMITS_TASK: &str = "limits-probe";

/// The option says how: `echo`, `print`, `spin`, `allocate`, `recurse` or `panic`.
pub(super) fn strain(options: &[u8], input: &[u8]) -> Result<Vec<u8>, TaskError> {
    match options {
        b"echo" => Ok(input.to_vec()),
        b"print" => {
            // More than any pipe holds: a parent that did not read it would wait for ever.
            (0..10_000).for_each(|line| println!("line {line} from a reader that likes to talk"));
            Ok(b"printed".to_vec())
        }
        b"spin" => loop {
            std::hint::spin_loop();
        },
        b"allocate" => {
            let mut kept: Vec<Vec<u8>> = Vec::new();
            loop {
                kept.push(vec![1; 1 << 20]);
                std::hint::black_box(&kept);
            }
        }
        b"recurse" => Ok(recurse(0).to_le_bytes().to_vec()),
        b"panic" => panic!("asked for"),
        _ => Err(TaskError("no such strain".to_owned())),
    }
}

fn recurse(depth: u64) -> u64 {
    let frame = std::hint::black_box([depth; 64]);
    if depth == u64::MAX {
        0
    } else {
        recurse(depth + 1) + frame[7]
    }
}
