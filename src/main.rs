//! The command line: one arm a command, each calling one function of the field that it belongs to.
//!
//! Exit codes: 0, all is well; 1, the command worked and found something wrong; 2, it was called wrongly or could not
//! work. What wings register with platform (the doctor's probes, routes) is listed here.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use clap::{Parser, Subcommand};
use countersign::assurance::audit::cli::JournalCommand;
use countersign::assurance::keys::cli::KeysCommand;
use countersign::assurance::keys::{backup, disposal, rotation};
use countersign::assurance::streams::actions::Streaming;
use countersign::assurance::{self, audit, bundles, restores, verification};
use countersign::identity::lost_factors::cli::PersonCommand;
use countersign::identity::sso::cli::SsoCommand;
use countersign::identity::{self, lost_factors, sessions, setup, sso, step_up, throttles};
use countersign::payables;
use countersign::payables::intake::cli::{BillsCommand, check, import};
use countersign::payables::intake::rules::reading;
use countersign::platform::app::{AfterSetup, App};
use countersign::platform::background::Background;
use countersign::platform::cli::{self, CANNOT_WORK, Listening, Place, Verdict};
use countersign::platform::clock::Clock;
use countersign::platform::config::Config;
use countersign::platform::config::cli::ConfigCommand;
use countersign::platform::doctor::{self, Probe, cli::Doctor};
use countersign::platform::edge::{self, Ended};
use countersign::platform::ids::CredentialId;
use countersign::platform::installation::Opening;
use countersign::platform::keys::disposals::Disposable;
use countersign::platform::mail::Outbox;
use countersign::platform::memory;
use countersign::platform::running::Running;
use countersign::platform::{config, folder, installation, logs, web, workers};
use countersign_sealing::SystemEntropy;

/// The routes of each wing that take files.
const UPLOADS: &[&[&str]] = &[payables::UPLOADS, identity::UPLOADS];

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

/// When the server tries again what it owes to keys.
const AGAIN: Duration = Duration::from_secs(60);

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server
    Serve(Listening),
    /// Say what is wrong with this installation, and how to mend it
    Doctor(Doctor),
    /// Check the configuration, or print what it may hold
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Take bills in, or check them
    #[command(subcommand)]
    Bills(BillsCommand),
    /// Prove what happened
    #[command(subcommand)]
    Journal(JournalCommand),
    /// Look after keys: how old they are, replacing them, destroying them
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Look into single sign-on
    #[command(subcommand)]
    Sso(SsoCommand),
    /// Help people who cannot sign in
    #[command(subcommand)]
    Person(PersonCommand),
    /// Print a new link to set up an installation that has no organisation yet; earlier links end
    SetupLink(Listening),
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
    match run_apart(command) {
        Ok(verdict) => ExitCode::from(verdict.code()),
        Err(error) => {
            eprintln!("countersign: {error:#}");
            ExitCode::from(CANNOT_WORK)
        }
    }
}

/// Before a key is read, whatever the command is.
fn run_apart(command: Command) -> anyhow::Result<Verdict> {
    memory::keep_out_of_dumps().context("this process cannot be kept out of core dumps")?;
    run(command)
}

fn run(command: Command) -> anyhow::Result<Verdict> {
    match command {
        Command::Doctor(doctor) => Ok(doctor::cli::run(doctor, &Clock::System, &probes())?),
        Command::Config(command) => Ok(config::cli::run(command)),
        Command::Sso(command) => sso::cli::run(&command),
        waiting => tokio::runtime::Runtime::new()?.block_on(run_waiting(waiting)),
    }
}

async fn run_waiting(command: Command) -> anyhow::Result<Verdict> {
    match command {
        Command::Serve(serve) => run_server(serve).await,
        Command::Bills(BillsCommand::Check(command)) => check::run(&command).await,
        Command::Bills(BillsCommand::Import(command)) => {
            let app = open_with_workers(command.place.clone()).await?;
            import::run(&command, &app).await
        }
        Command::Journal(JournalCommand::Verify(verify)) => {
            let app = open(&verify.place.clone().load(None)?).await?;
            Ok(audit::cli::run(&verify, &app.store, app.now()).await?)
        }
        Command::Journal(JournalCommand::Export(export)) => {
            let app = open(&export.place.clone().load(None)?).await?;
            bundles::cli::export(&export, &app).await
        }
        Command::Journal(JournalCommand::Events(events)) => {
            let app = open(&events.place.clone().load(None)?).await?;
            audit::cli::events(&events, &app).await
        }
        Command::Journal(JournalCommand::Checkpoint(show)) => {
            let app = open(&show.place.clone().load(None)?).await?;
            bundles::cli::checkpoint(&show, &app).await
        }
        Command::Journal(JournalCommand::Heads(heads)) => {
            let app = open(&heads.place.clone().load(None)?).await?;
            restores::cli::keep_heads(&heads, &app).await
        }
        Command::Journal(JournalCommand::Restored(declare)) => {
            let config = declare.place.clone().load(None)?;
            let app = open(&config).await?;
            restores::cli::run(&declare, &config, &app).await
        }
        Command::Keys(KeysCommand::Dispose(command)) => {
            let config = command.place.clone().load(None)?;
            let app = open(&config).await?;
            disposal::cli::run(&command, &config, &app).await
        }
        Command::Keys(KeysCommand::Status(command)) => {
            let config = command.place.clone().load(None)?;
            rotation::cli::status(&command, &config, &open(&config).await?).await
        }
        Command::Keys(KeysCommand::Rotate(command)) => {
            let app = open(&command.place.clone().load(None)?).await?;
            Ok(rotation::cli::rotate(&command, &app).await?)
        }
        Command::Keys(KeysCommand::Backup(command)) => {
            let app = open(&command.place.clone().load(None)?).await?;
            backup::cli::make(&command, &app).await
        }
        Command::Keys(KeysCommand::Restore(command)) => {
            let config = command.place.clone().load(None)?;
            // A server would keep what it opened, and serve by it.
            let _alone = Running::claim(&config.data, &config.public_url)?;
            let app = open_as(&config, Opening::ForRestore).await?;
            backup::cli::restore(&command, &app).await
        }
        Command::Person(PersonCommand::ResetFactor(command)) => {
            let app = open(&command.place.clone().load(None)?).await?;
            Ok(lost_factors::cli::run(&command, &app).await?)
        }
        Command::SetupLink(listening) => {
            let app = open(&listening.load_as_served()?).await?;
            match setup::issue_link(&app).await? {
                Some(link) => cli::print(format!("{link}\n")),
                None => anyhow::bail!(
                    "there is an organisation already: its administrators invite people"
                ),
            }
            Ok(Verdict::Fine)
        }
        Command::Doctor(_) | Command::Config(_) | Command::Sso(_) => {
            anyhow::bail!("this command waits for nothing")
        }
    }
}

/// The doctor's probes: platform's own, and those that wings add.
fn probes() -> Vec<Probe> {
    let larger: &[Probe] = &[
        doctor::workers,
        doctor::database,
        doctor::mail,
        doctor::journal_heads,
    ];
    [doctor::PLATFORM, larger].concat()
}

/// What fields add to a new organisation, in this order.
fn after_setup() -> Vec<AfterSetup> {
    payables::AFTER_SETUP.to_vec()
}

/// The subjects of all wings whose keys can be destroyed.
fn disposables() -> Vec<Disposable> {
    [identity::DISPOSABLES, payables::DISPOSABLES].concat()
}

/// Every page and API route of the wings, with the layers that all of them share.
fn routes(app: Arc<App>) -> anyhow::Result<Router> {
    let (api, description) = identity::api()
        .merge(payables::api())
        .merge(assurance::api())
        .split_for_parts();
    let description = web::openapi::document(description).context("the API's description")?;
    let frames = sessions::frames(Arc::clone(&app));
    Ok(identity::routes()
        .merge(payables::routes())
        .merge(assurance::routes())
        .merge(api)
        .layer(from_fn_with_state(Arc::clone(&app), step_up::asks))
        .with_state(app)
        .merge(web::openapi::router(description))
        .merge(web::assets::router())
        .merge(edge::cli::health())
        // Around everything, and so around what no route answers: a router that is merged later brings a bare answer to it.
        .layer(from_fn(web::csrf::refuse_other_sites))
        .layer(from_fn_with_state(frames, web::render::problems_in))
        .layer(from_fn(sessions::renews)))
}

/// The installation for a command that reads no document.
async fn open(config: &Config) -> anyhow::Result<App> {
    open_as(config, Opening::AsItIs).await
}

async fn open_as(config: &Config, opening: Opening) -> anyhow::Result<App> {
    edge::tls::install_provider();
    let entropy = Arc::new(SystemEntropy);
    let opened = installation::open(config, Clock::System, entropy, None, opening);
    Ok(wired(opened.await?))
}

/// The installation whose store asks identity what somebody acts by.
fn wired(mut app: App) -> App {
    app.store = app.store.with_standing(identity::standing::check);
    app
}

/// The installation for a command that reads documents.
async fn open_with_workers(place: Place) -> anyhow::Result<App> {
    let config = place.load(None)?;
    edge::tls::install_provider();
    let workers = installation::start_workers(&config).await?;
    let entropy = Arc::new(SystemEntropy);
    let opened = installation::open(
        &config,
        Clock::System,
        entropy,
        Some(workers),
        Opening::AsItIs,
    );
    Ok(wired(opened.await?))
}

async fn run_server(serve: Listening) -> anyhow::Result<Verdict> {
    let config = serve.place.load(serve.listen)?;
    folder::make_private(&config.data)?;
    // Until the process ends: two servers would each keep a writer of their own on one file.
    let _running = Running::claim(&config.data, &config.public_url)?;
    let clock = Clock::System;
    logs::init(&config.log, &clock)?;
    edge::tls::install_provider();
    // Workers come first: what they start from has seen no key.
    let workers = installation::start_workers(&config).await?;
    if !memory::lock() {
        tracing::warn!(
            "memory cannot be locked, so that keys may be written to swap: set LimitMEMLOCK=infinity in the service's unit, or run without swap"
        );
    }
    let entropy = Arc::new(SystemEntropy);
    let opened = installation::open(
        &config,
        clock.clone(),
        entropy.clone(),
        Some(workers),
        Opening::MakeOrUpdate,
    );
    let mut app = wired(opened.await?);
    app.after_setup = after_setup();
    app.disposables = disposables();
    installation::replay_disposals(&app).await?;
    app.keys.has_to_tell();
    let app = Arc::new(app);
    let routes = routes(Arc::clone(&app))?;
    let node = app.id::<CredentialId>().to_string();
    let outbox = Arc::new(Outbox::open(&config.mail)?);
    let its = Arc::clone(&app);
    let handler = move |job| {
        let (app, outbox) = (Arc::clone(&its), Arc::clone(&outbox));
        Box::pin(async move {
            match assurance::do_job(&app, &job).await {
                Some(done) => done,
                None => identity::do_job(&app, &outbox, &job).await,
            }
        }) as std::pin::Pin<Box<dyn Future<Output = Result<(), String>> + Send>>
    };
    let background = Background::start(&app, &node, Arc::new(handler));
    let streaming = Streaming::start(&app, &node);
    let reindexing = tokio::spawn(reindex(Arc::clone(&app)));
    let resuming = tokio::spawn(resume(Arc::clone(&app)));
    let its = Arc::clone(&app);
    let verifying = tokio::spawn(async move { verification::actions::daily(&its).await });
    let its = Arc::clone(&app);
    let keeping = tokio::spawn(async move { restores::actions::hourly(&its).await });
    let its = Arc::clone(&app);
    let forgetting = tokio::spawn(async move { throttles::hourly(&its).await });
    let link = setup::issue_link(&app).await?;
    let ready = || {
        cli::print(format!("Countersign is ready at {}\n", config.public_url));
        if let Some(link) = link {
            cli::print(format!("Set it up at {link}\n"));
        }
    };
    let served = (routes, UPLOADS);
    let ended = edge::cli::run(&config, clock, entropy, served, ready).await?;
    // It goes on at the next start.
    reindexing.abort();
    resuming.abort();
    verifying.abort();
    keeping.abort();
    forgetting.abort();
    streaming.stop().await;
    background.stop().await;
    // Everything has its number now.
    restores::actions::keep_now(&app).await;
    if ended == Ended::CutOff {
        tracing::warn!("some requests were cut off at limits.shutdown_timeout_ms");
    }
    Ok(Verdict::Fine)
}

/// Search finds fewer bills until this is done, which is no reason to keep anybody waiting.
async fn reindex(app: Arc<App>) {
    if let Err(error) = payables::bills::actions::reindex(&app).await {
        tracing::warn!(%error, "bills were not indexed anew for searching; the next start tries again");
    }
}

/// A server that was killed holds the job of a rotation until its lease ends: whoever starts goes on with it now. What it had changed and
/// not told is told before, an organisation at a time: one that cannot be told keeps no other's keys from being replaced.
async fn resume(app: Arc<App>) {
    tell(&app).await;
    if let Err(error) = rotation::actions::resume(&app).await {
        tracing::warn!(%error, "rotations of keys were not taken up; their jobs go on within minutes");
    }
    loop {
        let wrapped = rotation::actions::rewrap(&app).await;
        if let Err(error) = &wrapped {
            tracing::warn!(%error, "keys are not all wrapped under the new root yet; it is tried again in a minute");
        }
        if wrapped.is_ok() && app.keys.is_told(None) {
            return;
        }
        tokio::time::sleep(AGAIN).await;
        if !app.keys.is_told(None) {
            tell(&app).await;
        }
    }
}

async fn tell(app: &App) {
    if let Err(error) = installation::tell_of_keys(app).await {
        tracing::error!(%error, "not every journal was told of keys; it is tried again in a minute, and its organisation's rotations wait");
    }
}
