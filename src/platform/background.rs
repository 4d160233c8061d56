//! What a server does beside answering: numbering committed journal entries, doing queued jobs, breaking the silence of journals
//! in which nothing happens, having new heads cosigned, backing the key store up, and forgetting idempotency keys that were kept
//! long enough.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::app::App;
use super::clock::Micros;
use super::ids::OrgId;
use super::jobs::{self, Handler};
use super::keys::backups::daily;
use super::scope::{CredentialKind, Scope};
use super::store::journal::heartbeat;
use super::store::journal::witnessed::Refusal;
use super::store::journal::{Round, log_refusal, release, sequence_round};
use super::web::idempotency;
use super::witness;

/// An entry waits at most about this long for its number, and so for a signed head that it is under: a second is promised.
pub const SEQUENCE_EVERY: Duration = Duration::from_millis(200);
/// How often the same journal's refusal is logged.
const REPEAT_US: i64 = 60 * Micros::SECOND;
const JOBS_EVERY: Duration = Duration::from_millis(500);
/// Old idempotency keys are looked for this often.
const PURGE_EVERY: Duration = Duration::from_secs(60 * 60);
/// Silent journals are looked for this often.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(60);
/// The witness is asked about new heads this often.
const WITNESS_EVERY: Duration = Duration::from_secs(10);
/// Whether a backup of the key store is due, and which have expired, is looked at this often.
const KEY_BACKUP_EVERY: Duration = Duration::from_secs(60);
/// Jobs that one round does before it looks whether it should stop.
const JOBS_PER_ROUND: usize = 32;

/// The running loops; they end when they are told to, after what is in hand.
#[derive(Debug)]
pub struct Background {
    stop: watch::Sender<bool>,
    loops: Vec<JoinHandle<()>>,
}

impl Background {
    /// Starts the loops. `node` names this process in leases.
    #[must_use]
    pub fn start(app: &Arc<App>, node: &str, handler: Arc<Handler<'static>>) -> Self {
        let (stop, stopping) = watch::channel(false);
        let sequencer = tokio::spawn(sequence(Arc::clone(app), node.to_owned(), stopping.clone()));
        let heart = tokio::spawn(beat(Arc::clone(app), stopping.clone()));
        let witness = tokio::spawn(witnessed(Arc::clone(app), stopping.clone()));
        let keeper = tokio::spawn(back_up(Arc::clone(app), stopping.clone()));
        let purger = tokio::spawn(purge(Arc::clone(app), stopping.clone()));
        let worker = tokio::spawn(work(Arc::clone(app), node.to_owned(), handler, stopping));
        Self {
            stop,
            loops: vec![sequencer, heart, witness, keeper, purger, worker],
        }
    }

    /// Ends the loops and numbers what is still without a number, so that a stopped installation has nothing pending.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for running in self.loops {
            // A loop that panicked has said so in the log; there is nothing left to wait for.
            let _ = running.await;
        }
    }
}

/// Which journals could not be extended, and when that was last said: a damaged one stays so for thousands of rounds.
#[derive(Default)]
struct Refused(HashMap<OrgId, Micros>);

impl Refused {
    fn tell(&mut self, round: Round, now: Micros) {
        for (organisation, error) in round.refused {
            let last = self.0.get(&organisation);
            if last.is_none_or(|last| now.since(*last) >= REPEAT_US) {
                log_refusal(organisation, &error);
                self.0.insert(organisation, now);
            }
        }
    }
}

async fn sequence(app: Arc<App>, node: String, mut stopping: watch::Receiver<bool>) {
    let (mut refused, mut held) = (Refused::default(), HashSet::new());
    loop {
        let (last, now) = (*stopping.borrow(), app.now());
        match sequence_round(&app.store, &node, now).await {
            Ok(round) => {
                held.extend(round.held.iter().copied());
                refused.tell(round, now);
            }
            Err(error) => {
                tracing::warn!(%error, "journal entries wait for their numbers; the next round tries again");
            }
        }
        if last {
            break;
        }
        let _ = tokio::time::timeout(SEQUENCE_EVERY, stopping.changed()).await;
    }
    for organisation in held {
        // What is not given back runs out by itself.
        if let Err(error) = release(&app.store, organisation, &node).await {
            tracing::warn!(%error, "a lease on a journal's numbers was not given back");
        }
    }
}

async fn beat(app: Arc<App>, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        let caller =
            |organisation| app.caller(Scope::of(organisation), CredentialKind::Job, app.id());
        if let Err(error) = heartbeat::beat(&app.store, app.now(), caller).await {
            tracing::warn!(%error, "silent journals got no heartbeat; the next round tries again");
        }
        let _ = tokio::time::timeout(HEARTBEAT_EVERY, stopping.changed()).await;
    }
}

async fn witnessed(app: Arc<App>, mut stopping: watch::Receiver<bool>) {
    let Some(witness) = app.witness.clone() else {
        return;
    };
    let mut told: HashMap<OrgId, (Refusal, Micros)> = HashMap::new();
    while !*stopping.borrow() {
        let now = app.now();
        match witness::round(&app.store, &app.outgoing, &witness, now).await {
            Ok(refused) => {
                told.retain(|organisation, _| {
                    refused.iter().any(|(still, _)| still == organisation)
                });
                for (organisation, refusal) in refused {
                    let last = told.get(&organisation);
                    if last.is_none_or(|(said, at)| *said != refusal || now.since(*at) >= REPEAT_US)
                    {
                        tracing::error!(%organisation, %refusal, mend = refusal.mend(), "the witness did not cosign this journal's head");
                        told.insert(organisation, (refusal, now));
                    }
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the witness was not asked about every journal; the next round tries again");
            }
        }
        let _ = tokio::time::timeout(WITNESS_EVERY, stopping.changed()).await;
    }
}

async fn back_up(app: Arc<App>, mut stopping: watch::Receiver<bool>) {
    if app.key_backups.folder.is_none() {
        return;
    }
    while !*stopping.borrow() {
        if let Err(error) = daily::round(&app).await {
            tracing::error!(%error, "whether a backup of the key store is due was not found; the next round tries again");
        }
        let _ = tokio::time::timeout(KEY_BACKUP_EVERY, stopping.changed()).await;
    }
}

async fn purge(app: Arc<App>, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        if let Err(error) = idempotency::purge(&app.store, app.now()).await {
            tracing::warn!(%error, "old idempotency keys were not purged; the next round tries again");
        }
        let _ = tokio::time::timeout(PURGE_EVERY, stopping.changed()).await;
    }
}

async fn work(
    app: Arc<App>,
    node: String,
    handler: Arc<Handler<'static>>,
    mut stopping: watch::Receiver<bool>,
) {
    while !*stopping.borrow() {
        for _ in 0..JOBS_PER_ROUND {
            match jobs::run_one(&app.store, &node, app.now(), handler.as_ref()).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::warn!(%error, "the job queue cannot be read; the next round tries again");
                    break;
                }
            }
        }
        let _ = tokio::time::timeout(JOBS_EVERY, stopping.changed()).await;
    }
}
