//! `countersign doctor`.

use std::io;

use super::{Context, Outcome, Probe, Report};
use crate::platform::cli::{Place, Verdict, print};
use crate::platform::clock::Clock;

#[derive(Debug, clap::Args)]
pub struct Doctor {
    #[command(flatten)]
    place: Place,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum DoctorError {
    #[error("the doctor cannot start")]
    Runtime(#[from] io::Error),
    #[error("the report cannot be printed as JSON")]
    Json(#[from] serde_json::Error),
}

/// Looks at the installation with all `probes`; finds something wrong if any fails.
///
/// # Errors
/// When the doctor itself cannot work.
pub fn run(doctor: Doctor, clock: &Clock, probes: &[Probe]) -> Result<Verdict, DoctorError> {
    let report = match doctor.place.load(None) {
        Ok(config) => {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            Report::of(
                &Context {
                    config: &config,
                    now: clock.now(),
                    runtime: &runtime,
                },
                probes,
            )
        }
        Err(bad) => Report::of_configuration(&bad.0),
    };
    if doctor.json {
        print(serde_json::to_string_pretty(&report)? + "\n");
    } else {
        print(report.text());
    }
    Ok(if report.worst() == Outcome::Fail {
        Verdict::Found
    } else {
        Verdict::Fine
    })
}
