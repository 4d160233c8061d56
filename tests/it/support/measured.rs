//! What `make long` measured: docs/measured/PART.json, written by the tests of the part.
//!
//! The parts, the results that make one complete, and the files whose change makes it stale are listed in
//! docs/measured/parts.toml.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use aws_lc_rs::digest;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{counts, root};

/// A part as docs/measured/parts.toml lists it. Its name is also the filter of its tests.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub name: String,
    pub shows: String,
    /// Names given to [`record`]: the part is complete when all are there.
    pub results: Vec<String>,
    /// Files and folders; a change of any makes the part stale.
    pub watches: Vec<String>,
}

/// One test's result at its full count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub count: u64,
    pub seed: u64,
    pub duration_ms: u64,
    /// Names with their unit last, as everywhere: `median_ms`.
    pub figures: BTreeMap<String, Value>,
}

/// A file docs/measured/PART.json.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub part: String,
    pub commit: String,
    pub command: String,
    pub cores: usize,
    /// SHA-256 of each watched file when it was measured.
    pub watched: BTreeMap<String, String>,
    pub results: BTreeMap<String, Outcome>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    NeverMeasured,
    Incomplete,
    Stale,
    Measured,
}

#[derive(Deserialize)]
struct Parts {
    part: Vec<Part>,
}

pub fn parts() -> Vec<Part> {
    let text = std::fs::read_to_string(folder().join("parts.toml"))
        .expect("docs/measured/parts.toml is there");
    toml::from_str::<Parts>(&text)
        .unwrap_or_else(|e| panic!("docs/measured/parts.toml: {e}"))
        .part
}

pub fn folder() -> PathBuf {
    root().join("docs/measured")
}

/// The report of a part, if it was ever measured. One that cannot be read ends the test.
pub fn report(part: &str) -> Option<Report> {
    let text = std::fs::read_to_string(folder().join(format!("{part}.json"))).ok()?;
    Some(serde_json::from_str(&text).unwrap_or_else(|e| panic!("docs/measured/{part}.json: {e}")))
}

pub fn state(part: &Part, report: Option<&Report>, now: &BTreeMap<String, String>) -> State {
    match report {
        None => State::NeverMeasured,
        Some(report) if report.watched != *now => State::Stale,
        Some(report) if part.results.iter().any(|r| !report.results.contains_key(r)) => {
            State::Incomplete
        }
        Some(_) => State::Measured,
    }
}

/// Whether this part was cut off after `result` was recorded from the very files of now: a test that sees
/// that returns, so that a part goes on where it stopped.
pub fn already(part: &str, result: &str) -> bool {
    if counts::running() != part {
        return false;
    }
    let listed = listed(part);
    report(part).is_some_and(|r| {
        r.watched == hashes(root(), &listed.watches) && r.results.contains_key(result)
    })
}

/// Keeps `outcome`, if `make long` runs this part; does nothing in `make test`.
pub fn record(part: &str, result: &str, count: u64, seed: u64, duration: Duration, figures: Value) {
    static WRITING: Mutex<()> = Mutex::new(());
    let listed = listed(part);
    assert!(
        listed.results.iter().any(|r| r == result),
        "docs/measured/parts.toml does not list {result:?} of {part}"
    );
    if counts::running() != part {
        return;
    }
    let _one_at_a_time = WRITING
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let figures = serde_json::from_value(figures).expect("figures are an object");
    let duration_ms = u64::try_from(duration.as_millis()).expect("no run takes so long");
    let watched = hashes(root(), &listed.watches);
    // Results from other files than these say nothing about these.
    let before = report(part).filter(|r| r.watched == watched);
    let mut results = before.map(|r| r.results).unwrap_or_default();
    results.insert(
        result.to_owned(),
        Outcome {
            count,
            seed,
            duration_ms,
            figures,
        },
    );
    let report = Report {
        part: part.to_owned(),
        commit: commit(),
        command: format!("make long PART={part}"),
        cores: std::thread::available_parallelism().map_or(0, usize::from),
        watched,
        results,
    };
    let text = serde_json::to_string_pretty(&report).expect("a report is plain data") + "\n";
    let path = folder().join(format!("{part}.json"));
    // A part cut off while it writes must not lose what it had.
    let beside = path.with_extension("json.new");
    std::fs::write(&beside, text)
        .and_then(|()| std::fs::rename(&beside, &path))
        .expect("docs/measured takes a file");
}

fn listed(part: &str) -> Part {
    let found = parts().into_iter().find(|p| p.name == part);
    found.unwrap_or_else(|| panic!("docs/measured/parts.toml lists no part {part}"))
}

/// SHA-256, in hex, of every file in `watches`, folders with all below them.
pub fn hashes(root: &Path, watches: &[String]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open: Vec<PathBuf> = watches.iter().map(|w| root.join(w)).collect();
    while let Some(path) = open.pop() {
        if let Ok(entries) = std::fs::read_dir(&path) {
            open.extend(entries.flatten().map(|e| e.path()));
            continue;
        }
        let name = path
            .strip_prefix(root)
            .expect("below the root")
            .to_string_lossy()
            .into_owned();
        let hash = match std::fs::read(&path) {
            Ok(bytes) => hex(digest::digest(&digest::SHA256, &bytes).as_ref()),
            Err(_) => "is not there".to_owned(),
        };
        found.insert(name, hash);
    }
    found
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The commit that is measured, and whether the tree differs from it.
fn commit() -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git")
            .args(arguments)
            .current_dir(root())
            .output()
            .ok()?;
        output
            .status
            .success()
            .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let Some(head) = git(&["rev-parse", "HEAD"]) else {
        return "unknown".to_owned();
    };
    let changed = git(&["status", "--porcelain", "--", ".", ":!docs/measured"]).unwrap_or_default();
    if changed.is_empty() {
        head
    } else {
        format!("{head} and changes")
    }
}
