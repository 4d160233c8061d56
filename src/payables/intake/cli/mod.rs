//! `countersign bills import` and `countersign bills check`.

pub mod check;
pub mod import;

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::platform::workers::pool::WorkerPool;
use crate::platform::workers::{WorkerConfig, WorkerError};

/// What the command line does with bills.
#[derive(Debug, clap::Subcommand)]
pub enum BillsCommand {
    /// Take documents in: each becomes a bill
    Import(import::Import),
    /// Check electronic invoices without keeping them; needs no installation
    Check(check::Check),
}

/// Largest list of paths read from the standard input, in bytes.
const MAX_LIST_BYTES: u64 = 256 * 1024 * 1024;

/// Workers for a command: one for each core.
///
/// # Errors
/// Where this program cannot start itself as a worker.
pub async fn workers() -> Result<WorkerPool, WorkerError> {
    let program = std::env::current_exe().map_err(|error| WorkerError::Unavailable {
        how: error.to_string(),
    })?;
    let mut config = WorkerConfig::new(program, vec!["worker".into()]);
    config.count = cores();
    config.queue_limit = config.count * 8;
    WorkerPool::new(config).await
}

/// How many documents are read at once.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The files that are meant: a folder stands for all files below it, `-` for the list on the standard input.
///
/// # Errors
/// Where the list cannot be read. A path that is not there stays in the list: whoever opens it says so.
fn files(paths: &[PathBuf]) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        if path == Path::new("-") {
            let mut list = String::new();
            io::stdin().take(MAX_LIST_BYTES).read_to_string(&mut list)?;
            let listed = list
                .lines()
                .filter(|line| !line.is_empty())
                .map(PathBuf::from);
            found.extend(listed);
        } else {
            below(path, &mut found);
        }
    }
    Ok(found)
}

/// Files below a folder in the order of their names; links to folders are not followed, since they can lead in a circle.
fn below(path: &Path, found: &mut Vec<PathBuf>) {
    if !path.is_dir() {
        found.push(path.to_owned());
        return;
    }
    let Ok(entries) = std::fs::read_dir(path) else {
        found.push(path.to_owned());
        return;
    };
    let mut inside: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    inside.sort();
    for path in inside {
        let is_link = path
            .symlink_metadata()
            .is_ok_and(|data| data.file_type().is_symlink());
        if !(is_link && path.is_dir()) {
            below(&path, found);
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_is_not_there_stays_in_the_list() {
        let paths = [PathBuf::from("no/such/file.xml")];
        assert_eq!(files(&paths).expect("a list"), paths);
    }
}
