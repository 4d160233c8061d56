//! Jobs: what a transaction wants done to the outside, queued in the same commit and done after it.
//!
//! A job may run more than once (a node can die after the work and before the deletion), so each kind is written to bear
//! that. Any node may take any job; a lease keeps two from taking the same one at once.

mod store;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use crate::params;
use crate::platform::clock::Micros;
use crate::platform::ids::OrgId;
use crate::platform::scope::Scope;
use crate::platform::store::{Store, StoreError, Tx};

/// How long a node may work on a job before another takes it.
const LEASE_US: i64 = 5 * Micros::MINUTE;
/// After so many failures a job rests for a day between tries; it is never thrown away.
const PATIENT_AFTER: i64 = 8;
/// Doubled with each attempt.
const FIRST_DELAY_US: i64 = 10 * Micros::SECOND;

/// A job that this node holds.
#[derive(Clone)]
pub struct Job {
    pub id: String,
    pub scope: Scope,
    pub kind: String,
    pub payload: String,
    pub attempts: i64,
}

/// The payload may hold an address or a name, and stays out of logs.
impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// Queues a job in the transaction that wants it.
pub fn queue(tx: &mut Tx<'_>, kind: &str, payload: &str) -> Result<(), StoreError> {
    let id = crate::platform::ids::uuid_v7(tx.now(), tx.entropy()).to_string();
    let now = tx.now();
    tx.housekeep(&store::INSERT, params![id, kind, payload, now])
        .map(|_| ())
}

/// What does one kind of job. The error's text is kept with the job and shown to the operator.
pub type Handler<'a> =
    dyn Fn(Job) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>> + Send + Sync + 'a;

/// Takes and does one job that is due; false where there is none.
pub async fn run_one(
    store: &Store,
    holder: &str,
    now: Micros,
    handler: &Handler<'_>,
) -> Result<bool, StoreError> {
    let Some(job) = take(store, holder, now).await? else {
        return Ok(false);
    };
    let (scope, id, attempts) = (job.scope, job.id.clone(), job.attempts);
    let (held, name) = (holder.to_owned(), id.clone());
    let still_held = match handler(job).await {
        Ok(()) => {
            store
                .housekeep(scope, move |tx| {
                    tx.run(&store::DELETE, params![&id, &held, attempts])
                })
                .await?
        }
        Err(error) => {
            tracing::warn!(job = %id, attempts, %error, "a job failed and will be tried again");
            let again = now.plus_us(delay_us(attempts));
            store
                .housekeep(scope, move |tx| {
                    tx.run(&store::FAIL, params![&id, &held, attempts, again, &error])
                })
                .await?
        }
    };
    if still_held.is_empty() {
        tracing::warn!(job = %name, attempts, "a job took longer than its lease; another node has it now");
    }
    Ok(true)
}

async fn take(store: &Store, holder: &str, now: Micros) -> Result<Option<Job>, StoreError> {
    let holder = holder.to_owned();
    let taken: Vec<(String, OrgId, String, String, i64)> = store
        .claim(move |claim| {
            claim.claim(
                &store::TAKE,
                params![
                    &holder,
                    now.plus_us(LEASE_US),
                    now,
                    FIRST_DELAY_US,
                    Micros::DAY,
                    PATIENT_AFTER
                ],
            )
        })
        .await?;
    Ok(taken
        .into_iter()
        .next()
        .map(|(id, organisation, kind, payload, attempts)| Job {
            id,
            scope: Scope::of(organisation),
            kind,
            payload,
            attempts,
        }))
}

/// 20 s, 40 s, 80 s ... and a day once it looks hopeless; [`store::TAKE`] counts alike.
fn delay_us(attempts: i64) -> i64 {
    if attempts >= PATIENT_AFTER {
        return Micros::DAY;
    }
    FIRST_DELAY_US << attempts.clamp(0, PATIENT_AFTER)
}
