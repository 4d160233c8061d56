//! `countersign bills import PATH... --org SLUG`: one line a file, in the order given. It works beside a running server.

use std::path::{Path, PathBuf};

use countersign_einvoice::check::Finding;
use data_encoding::HEXLOWER;
use serde::Serialize;
use tokio::io::AsyncReadExt as _;

use super::{Named, files};
use crate::identity::access::Reach;
use crate::payables::bills::rules::Via;
use crate::payables::intake::actions::{
    Arriving, File, IntakeError, MAX_BYTES, Sender, TakenIn, organisation, take_in_from,
};
use crate::platform::app::App;
use crate::platform::cli::{Place, Verdict, print};
use crate::platform::ids::RequestId;
use crate::platform::scope::{CredentialKind, Scope};

#[derive(Debug, clap::Args)]
pub struct Import {
    #[command(flatten)]
    pub place: Place,
    /// Files and folders; - reads a list of paths from the standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The organisation's short name
    #[arg(long, value_name = "SLUG")]
    pub org: String,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// One line of the answer.
#[derive(Debug, Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    named: &'a Named,
    /// Null where the file could not be read to its end.
    sha256: Option<String>,
    /// new, duplicate, kept-for-typing, or failed.
    outcome: &'static str,
    /// The bill's id.
    bill: Option<String>,
    findings: &'a [Finding],
    /// Why it failed, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Takes every file in. `app` has workers.
///
/// # Errors
/// Where there is no such organisation or the list cannot be read. What is wrong with a file is in its line.
pub async fn run(command: &Import, app: &App) -> anyhow::Result<Verdict> {
    let Some(found) = organisation(app, &command.org).await? else {
        anyhow::bail!(
            "there is no organisation {:?}: its short name stands in its settings",
            command.org
        );
    };
    let request: RequestId = app.id();
    let mut verdict = Verdict::Fine;
    for path in files(&command.paths)? {
        let caller = app.caller(Scope::of(found), CredentialKind::CommandLine, request);
        let sender = Sender {
            caller,
            person: None,
            human: None,
            reach: Reach::Everything,
        };
        let (sha256, taken) = one(app, sender, &path).await;
        if taken.is_err() {
            verdict = Verdict::Found;
        }
        print(line(&path, sha256, taken, command.json)?);
    }
    Ok(verdict)
}

/// Bytes read from a file at once.
const PIECE_BYTES: usize = 128 * 1024;

/// Why a file was not taken in.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error("the file cannot be opened ({0}). Check its path and who may read it")]
    File(std::io::Error),
    #[error(transparent)]
    Intake(#[from] IntakeError),
}

/// The hash of what was read, and what became of it. A file of the largest size never stands in memory as a whole.
async fn one(app: &App, sender: Sender, path: &Path) -> (Option<String>, Result<TakenIn, Failed>) {
    let file = match arrive(app, path).await {
        Ok(file) => file,
        Err(failed) => return (None, Err(failed)),
    };
    let sha256 = HEXLOWER.encode(&file.sha256());
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let taken = take_in_from(app, sender, &name, file, Via::CommandLine).await;
    (Some(sha256), taken.map_err(Failed::Intake))
}

async fn arrive(app: &App, path: &Path) -> Result<File, Failed> {
    let mut from = tokio::fs::File::open(path).await.map_err(Failed::File)?;
    let size = from.metadata().await.map_err(Failed::File)?.len();
    if size > MAX_BYTES {
        return Err(IntakeError::TooLarge {
            limit_bytes: MAX_BYTES,
        }
        .into());
    }
    let mut arriving = Arriving::begin(app, MAX_BYTES).await?;
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        match from.read(&mut piece).await.map_err(Failed::File)? {
            0 => break,
            count => arriving.write(&piece[..count]).await?,
        }
    }
    Ok(arriving.finish().await?)
}

fn line(
    path: &Path,
    sha256: Option<String>,
    taken: Result<TakenIn, Failed>,
    json: bool,
) -> anyhow::Result<String> {
    let named = Named::of(path);
    let line = match &taken {
        Ok(taken) => Line {
            named: &named,
            sha256,
            outcome: taken.outcome.as_str(),
            bill: Some(taken.bill.to_string()),
            findings: &taken.findings,
            error: None,
        },
        Err(error) => Line {
            named: &named,
            sha256,
            outcome: "failed",
            bill: None,
            findings: &[],
            error: Some(error.to_string()),
        },
    };
    if json {
        return Ok(serde_json::to_string(&line)? + "\n");
    }
    let mut text = format!("{}: {}", named.file, line.outcome);
    if let Some(bill) = &line.bill {
        text.push_str(&format!(" {bill}"));
    }
    for finding in line.findings {
        text.push_str(&format!("\n  {}: {}", finding.rule, finding.message));
    }
    if let Some(error) = &line.error {
        text.push_str(&format!("\n  {error}"));
    }
    Ok(text + "\n")
}
