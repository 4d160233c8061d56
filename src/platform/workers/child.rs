//! The child's side: confine, then answer tasks until the input ends.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use super::protocol::{CONFIGURE, Request, Setup, Status, read_request, write_answer};
use super::{probe, sandbox};

/// Why a handler declines its input, in words for the user: what is wrong, where, what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TaskError(pub String);

/// A task: options and input in, result out. It may panic or exhaust its limits; only its process ends then.
pub type Handler = fn(options: &[u8], input: &[u8]) -> Result<Vec<u8>, TaskError>;

/// Longest reason sent to the parent, in bytes.
const MAX_REASON_BYTES: usize = 4 * 1024;

/// Serves tasks on standard input and output until the input ends. Call it before anything else in `main`: before a
/// thread is started, a key read or a log opened.
///
/// The tasks of the module `probe` are always there.
#[must_use]
pub fn run(handlers: &[(&'static str, Handler)]) -> ExitCode {
    match serve(handlers) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Standard error is a pipe to the parent, or a terminal where somebody tried the hidden command.
            let _ = writeln!(io::stderr(), "worker: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(handlers: &[(&'static str, Handler)]) -> io::Result<()> {
    let mut answers = take_over_stdout()?;
    let mut requests = io::stdin().lock();
    let setup = read_setup(&mut requests)?;
    // A panic is reported by the answer; its message may hold a document's text and is not printed.
    std::panic::set_hook(Box::new(|_| {}));
    let confinement = sandbox::confine(setup, answers.as_fd())?;
    write_answer(
        &mut answers,
        Status::Done,
        &[
            u8::from(confinement.landlock),
            u8::from(confinement.seccomp),
        ],
    )?;
    while let Some(request) = read_request(&mut requests)? {
        let (status, body) = perform(handlers, &request);
        drop(request);
        write_answer(&mut answers, status, &body)?;
        if status == Status::Panicked {
            break;
        }
    }
    Ok(())
}

/// Readers of PDFs like to print. Their text goes to standard error, and the protocol to a descriptor of its own.
fn take_over_stdout() -> io::Result<File> {
    let answers = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    rustix::stdio::dup2_stdout(io::stderr())?;
    Ok(answers)
}

fn read_setup(requests: &mut impl Read) -> io::Result<Setup> {
    let invalid = |text: &str| io::Error::new(io::ErrorKind::InvalidData, text.to_owned());
    let first = read_request(requests)?
        .ok_or_else(|| invalid("this command is started by the server, not by hand"))?;
    if first.task != CONFIGURE {
        return Err(invalid("the first request must configure the worker"));
    }
    Setup::from_bytes(&first.options)
        .ok_or_else(|| invalid("the worker's configuration cannot be read"))
}

fn perform(handlers: &[(&'static str, Handler)], request: &Request) -> (Status, Vec<u8>) {
    let own: [(&str, Handler); 2] = [
        (probe::TASK, probe::attempt),
        (probe::LIMITS_TASK, probe::strain),
    ];
    let found = own
        .iter()
        .chain(handlers)
        .find(|(name, _)| *name == request.task);
    let Some((_, handler)) = found else {
        return (Status::UnknownTask, Vec::new());
    };
    // The process ends after a panic, so nothing broken is looked at again.
    match catch_unwind(AssertUnwindSafe(|| {
        handler(&request.options, &request.input)
    })) {
        Ok(Ok(result)) => (Status::Done, result),
        Ok(Err(TaskError(mut reason))) => {
            reason.truncate(reason.floor_char_boundary(MAX_REASON_BYTES));
            (Status::Refused, reason.into_bytes())
        }
        Err(_) => (Status::Panicked, Vec::new()),
    }
}
