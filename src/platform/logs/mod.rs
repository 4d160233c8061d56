//! Logs: structured lines for operators, each within a request with that request's id.
//!
//! **Never logged:** names, mail addresses and network addresses of people; paths, queries, headers and bodies of
//! requests (a route's pattern is: `/setup/{token}`); passwords, tokens, codes, cookies, keys; bank accounts and tax
//! numbers; texts and amounts of bills; file names of documents; SQL and its parameters; what a panic said of values.
//! Who did what is the journal's business, where it is sealed.
//!
//! The files hold one JSON object a line, whatever the standard error stream shows, and stay as long as [`Retention`] says.
//!
//! Libraries are never heard below `warn`, whatever level is asked for: their details hold SQL, headers and addresses.

mod daily;
mod kept;

use std::io::IsTerminal as _;
use std::panic::PanicHookInfo;
use std::path::PathBuf;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

use self::daily::Daily;
pub use self::kept::{Held, LEAST_KEEP_DAYS, LEAST_ONLINE_DAYS, Retention};
use super::clock::Clock;
use super::config::Log;
use super::folder::FolderError;

#[derive(Debug, thiserror::Error)]
pub enum LogError {
    #[error("the log folder cannot be used")]
    Folder(#[from] FolderError),
    #[error("the log file {path} cannot be opened: {source}", path = path.display())]
    File {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the system gives no thread that would archive and remove old logs")]
    Thread(#[source] std::io::Error),
    #[error("logging was set up already")]
    Twice,
}

/// Sets up logging for the process: the standard error stream, and a file a day.
///
/// # Errors
/// When the folder cannot be written, or on the second call.
pub fn init(log: &Log, clock: &Clock) -> Result<(), LogError> {
    let stderr = lines(log.json, std::io::stderr().is_terminal(), std::io::stderr);
    let daily = Daily::open(log.retention.clone(), clock.clone())?;
    daily.enforce_every_hour().map_err(LogError::Thread)?;
    let file = lines(true, false, daily);
    tracing_subscriber::registry()
        .with(heard(&log.level))
        .with(stderr.and_then(file))
        .try_init()
        .map_err(|_| LogError::Twice)?;
    std::panic::set_hook(Box::new(on_panic));
    Ok(())
}

/// Our own lines at the level asked for, those of libraries at `warn` or above.
fn heard(level: &str) -> Targets {
    let ours = level.parse().unwrap_or(LevelFilter::INFO);
    Targets::new()
        .with_default(ours.min(LevelFilter::WARN))
        .with_target("countersign", ours)
}

fn lines<S, W>(json: bool, colours: bool, writer: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(writer)
        .with_ansi(colours);
    if json {
        layer.json().with_span_list(false).boxed()
    } else {
        layer.boxed()
    }
}

/// A panic's text may hold the value that caused it: only texts that stand in the program are logged.
fn on_panic(panic: &PanicHookInfo<'_>) {
    let place = panic
        .location()
        .map(ToString::to_string)
        .unwrap_or_default();
    let text = panic
        .payload()
        .downcast_ref::<&'static str>()
        .copied()
        .unwrap_or("(not logged: may hold data)");
    tracing::error!(place, text, "a part of the program failed");
}

/// A line layer for tests that look at what is written.
#[cfg(test)]
fn written(json: bool, level: &str, work: impl FnOnce()) -> String {
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);
    impl std::io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let kept = Kept::default();
    let writer = kept.clone();
    let subscriber = tracing_subscriber::registry()
        .with(heard(level))
        .with(lines(json, false, move || writer.clone()));
    tracing::subscriber::with_default(subscriber, work);
    let bytes = kept.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work() {
        tracing::error_span!("request", id = "0197").in_scope(|| {
            tracing::info!(status = 200, "answered");
            tracing::debug!(target: "tokio_postgres::query", "select secret");
            tracing::info!(target: "hyper", "cookie");
            tracing::warn!(target: "hyper", "heard");
        });
    }

    #[test]
    fn every_line_of_a_request_has_its_id_and_libraries_are_not_heard() {
        for json in [false, true] {
            let text = written(json, "debug", work);
            assert_eq!(text.lines().count(), 2, "{text}");
            assert!(text.lines().all(|line| line.contains("0197")), "{text}");
            assert!(
                !text.contains("secret") && !text.contains("cookie"),
                "{text}"
            );
        }
        let line: serde_json::Value =
            serde_json::from_str(written(true, "info", work).lines().next().unwrap()).unwrap();
        assert_eq!(line["span"]["id"], "0197");
        assert_eq!(line["fields"]["status"], 200);
    }

    #[test]
    fn the_level_of_error_silences_libraries_too() {
        assert_eq!(written(false, "error", work), "");
    }
}
