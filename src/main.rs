//! The command line: one arm a command, each calling one function of the field that it belongs to.
//!
//! Exit codes: 0, all is well; 1, the command worked and found something wrong; 2, it was called wrongly or could not
//! work. What wings register with platform (the doctor's probes, routes) is listed here.

use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use countersign::payables::intake::rules::reading;
use countersign::platform::cli::{self, CANNOT_WORK, Place, Verdict};
use countersign::platform::clock::Clock;
use countersign::platform::config::cli::ConfigCommand;
use countersign::platform::doctor::{self, Probe, cli::Doctor};
use countersign::platform::edge::{self, Ended};
use countersign::platform::{config, folder, logs, web, workers};
use countersign_sealing::SystemEntropy;

/// Self-hosted accounts payable whose security claims are checked by the running system
#[derive(Debug, Parser)]
#[command(
    name = "countersign",
    version,
    after_help = "Exit codes: 0 fine, 1 found something wrong, 2 wrong usage or could not work."
)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server
    Serve(Serve),
    /// Say what is wrong with this installation, and how to mend it
    Doctor(Doctor),
    /// Check the configuration, or print what it may hold
    #[command(subcommand)]
    Config(ConfigCommand),
}

#[derive(Debug, clap::Args)]
struct Serve {
    #[command(flatten)]
    place: Place,
    /// Where to listen: localhost:PORT, *:PORT, or an IP address and a port
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
}

fn main() -> ExitCode {
    // Before anything else: a worker confines itself while it has one thread, no key and no open file.
    if std::env::args_os()
        .nth(1)
        .is_some_and(|command| command == "worker")
    {
        return workers::child::run(reading::HANDLERS);
    }
    let command = match CommandLine::try_parse() {
        Ok(line) => line.command,
        Err(error) => {
            // Help and version come this way too, and are no failure.
            let _ = error.print();
            return if error.use_stderr() {
                ExitCode::from(CANNOT_WORK)
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    match run(command) {
        Ok(verdict) => ExitCode::from(verdict.code()),
        Err(error) => {
            eprintln!("countersign: {error:#}");
            ExitCode::from(CANNOT_WORK)
        }
    }
}

fn run(command: Command) -> anyhow::Result<Verdict> {
    match command {
        Command::Serve(serve) => tokio::runtime::Runtime::new()?.block_on(run_server(serve)),
        Command::Doctor(doctor) => Ok(doctor::cli::run(doctor, &Clock::System, &probes())?),
        Command::Config(command) => Ok(config::cli::run(command)),
    }
}

/// The doctor's probes: platform's own, and those that wings add.
fn probes() -> Vec<Probe> {
    [doctor::PLATFORM, &[doctor::workers]].concat()
}

async fn run_server(serve: Serve) -> anyhow::Result<Verdict> {
    let config = serve.place.load(serve.listen)?;
    folder::make_private(&config.data)?;
    let clock = Clock::System;
    logs::init(&config.log, &clock)?;
    let app = edge::cli::health().merge(web::assets::router());
    let ready = || cli::print(format!("Countersign is ready at {}\n", config.public_url));
    let ended = edge::cli::run(&config, clock, Arc::new(SystemEntropy), app, ready).await?;
    if ended == Ended::CutOff {
        tracing::warn!("some requests were cut off at limits.shutdown_timeout_ms");
    }
    Ok(Verdict::Fine)
}
