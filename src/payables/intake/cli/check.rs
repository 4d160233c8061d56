//! `countersign bills check PATH... | -`: one line a file, in the order given. Exit 0 where all are accepted, 1 where one is
//! not, 2 where the command cannot work.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};
use countersign_einvoice::check::{CheckReport, Finding, Level, RuleId, Verdict as Found};
use serde::Serialize;
use tokio::task::JoinHandle;

use super::{cores, files, hex, workers};
use crate::payables::intake::actions::{IntakeError, check};
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
    /// The path as it was given.
    file: &'a str,
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
    match tokio::fs::read(path).await {
        Ok(bytes) => {
            let sha256 = hex(digest(&SHA256, &bytes).as_ref());
            check(pool, &sha256, &bytes).await
        }
        Err(error) => {
            let finding = Finding {
                rule: RuleId::of("CS-INTAKE-FILE"),
                level: Level::Fatal,
                position: None,
                term: None,
                message: format!(
                    "The file cannot be opened ({error}). Check its path and who may read it."
                ),
            };
            Ok(unreadable(String::new(), finding))
        }
    }
}

fn line(path: &Path, report: &CheckReport, json: bool) -> anyhow::Result<String> {
    let file = path.to_string_lossy();
    if json {
        let line = Line {
            file: &file,
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
    Ok(format!("{file}: {verdict}{findings}\n"))
}
