//! `countersign bills check PATH... | -`: one line a file, in the order given. Exit 0 where all are accepted, 1 where one is
//! not, 2 where the command cannot work.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use countersign_einvoice::check::{CheckReport, Finding, Level, RuleId, Verdict as Found};
use serde::Serialize;
use tokio::task::JoinHandle;

use super::file::{Opened, open};
use super::{Named, cores, files, workers};
use crate::payables::intake::actions::{IntakeError, MAX_BYTES, check};
use crate::payables::intake::rules::einvoice::unreadable;
use crate::platform::cli::{Verdict, print};
use crate::platform::workers::pool::WorkerPool;

#[derive(Debug, clap::Args)]
pub struct Check {
    /// Files and folders; - reads a list of paths from the standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// One line of the answer.
#[derive(Debug, Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    named: &'a Named,
    #[serde(flatten)]
    report: &'a CheckReport,
}

/// Checks every file.
///
/// # Errors
/// Where the list cannot be read or no worker starts. What is wrong with a file is in its line.
pub async fn run(command: &Check) -> anyhow::Result<Verdict> {
    let paths = files(&command.paths)?;
    let pool = workers().await?;
    let mut running: VecDeque<(PathBuf, JoinHandle<Result<CheckReport, IntakeError>>)> =
        VecDeque::new();
    let mut verdict = Verdict::Fine;
    let mut waiting = paths.into_iter();
    loop {
        while running.len() < cores() * 2
            && let Some(path) = waiting.next()
        {
            let (pool, file) = (pool.clone(), path.clone());
            running.push_back((path, tokio::spawn(async move { one(&pool, &file).await })));
        }
        let Some((path, report)) = running.pop_front() else {
            return Ok(verdict);
        };
        let report = report.await??;
        if report.verdict != Found::Accepted {
            verdict = Verdict::Found;
        }
        print(line(&path, &report, command.json)?);
    }
}

async fn one(pool: &WorkerPool, path: &Path) -> Result<CheckReport, IntakeError> {
    let (sha256, rule, message) = match open(path).await {
        Opened::Whole { sha256, bytes } => return check(pool, &sha256, &bytes).await,
        Opened::TooLarge { sha256 } => (
            sha256,
            "CS-INTAKE-SIZE",
            format!("The file has more than {MAX_BYTES} bytes. Ask the sender for a smaller one."),
        ),
        Opened::Closed(error) => (
            None,
            "CS-INTAKE-FILE",
            format!("The file cannot be opened ({error}). Check its path and who may read it."),
        ),
    };
    let finding = Finding {
        rule: RuleId::of(rule),
        level: Level::Fatal,
        position: None,
        term: None,
        message,
    };
    Ok(unreadable(sha256, finding))
}

fn line(path: &Path, report: &CheckReport, json: bool) -> anyhow::Result<String> {
    let named = Named::of(path);
    if json {
        let line = Line {
            named: &named,
            report,
        };
        return Ok(serde_json::to_string(&line)? + "\n");
    }
    let verdict = match report.verdict {
        Found::Accepted => "accepted",
        Found::Rejected => "rejected",
        Found::Unreadable => "unreadable",
    };
    let findings: String = report
        .findings
        .iter()
        .map(|finding| format!("\n  {}: {}", finding.rule, finding.message))
        .collect();
    Ok(format!("{}: {verdict}{findings}\n", named.file))
}
