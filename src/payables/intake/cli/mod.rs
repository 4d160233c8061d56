//! `countersign bills import` and `countersign bills check`.

pub mod check;
mod file;
pub mod import;

use std::ffi::OsStr;
use std::io::{self, Read as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use serde::Serialize;

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
            let mut list = Vec::new();
            io::stdin().take(MAX_LIST_BYTES).read_to_end(&mut list)?;
            for path in listed(&list) {
                below(path, &mut found);
            }
        } else {
            below(path, &mut found);
        }
    }
    Ok(found)
}

/// The paths of a list, one a line. A path is bytes: whoever opens one that is no text still finds the file.
fn listed(list: &[u8]) -> impl Iterator<Item = &Path> {
    list.split(|byte| *byte == b'\n')
        // A list that was written on Windows ends its lines with two characters.
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .filter(|line| !line.is_empty())
        .map(|line| Path::new(OsStr::from_bytes(line)))
}

/// A path in an answer. JSON is text: one that is none is also there byte for byte.
#[derive(Debug, Serialize)]
struct Named {
    /// The path as it was given.
    file: String,
    /// Its bytes in hexadecimal, where they are no UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    file_hex: Option<String>,
}

impl Named {
    fn of(path: &Path) -> Self {
        let is_text = path.to_str().is_some();
        Self {
            file: path.to_string_lossy().into_owned(),
            file_hex: (!is_text).then(|| HEXLOWER.encode(path.as_os_str().as_bytes())),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_is_not_there_stays_in_the_list() {
        let paths = [PathBuf::from("no/such/file.xml")];
        assert_eq!(files(&paths).expect("a list"), paths);
    }

    #[test]
    fn a_list_is_lines_of_bytes() {
        let list = b"./a b.xml\r\n\nno text \xff.xml\n../c.xml";
        let wanted = [&b"./a b.xml"[..], b"no text \xff.xml", b"../c.xml"];
        let found: Vec<&[u8]> = listed(list)
            .map(|path| path.as_os_str().as_bytes())
            .collect();
        assert_eq!(found, wanted);
    }
}
