//! Jobs: what a transaction wants done to the outside, queued in the same commit and done after it.
//!
//! A job may run more than once (a node can die after the work and before the deletion), so each kind is written to bear
//! that. Any node may take any job; a lease keeps two from taking the same one at once.

mod store;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use countersign_sealing::{Sealed, Secret};

use crate::platform::clock::Micros;
use crate::platform::ids::OrgId;
use crate::platform::keys::fields::JOB_SECRET;
use crate::platform::keys::{KeyError, OrgKeys};
use crate::platform::scope::Scope;
use crate::platform::store::{Store, StoreError, Tx};
use crate::{params, row};

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
    secret: Option<Sealed<String>>,
    pub attempts: i64,
}

impl Job {
    /// What was sealed with the job.
    ///
    /// # Errors
    /// Where nothing was, or it does not open in its place.
    pub fn open(&self, keys: &OrgKeys) -> Result<Secret<String>, KeyError> {
        let sealed = self.secret.as_ref();
        let sealed = sealed.ok_or(KeyError::Absent { purpose: "job's" })?;
        keys.open(JOB_SECRET, place(&self.id), sealed)
    }
}

/// The row that a secret is sealed for. An id that is none of ours opens nothing.
fn place(id: &str) -> [u8; 16] {
    id.parse::<uuid::Uuid>().unwrap_or_default().into_bytes()
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
    insert(tx, &id, (kind, payload), None)
}

/// Queues a job that is done at a later moment.
pub fn queue_later(
    tx: &mut Tx<'_>,
    kind: &str,
    payload: &str,
    at: Micros,
) -> Result<(), StoreError> {
    let id = crate::platform::ids::uuid_v7(tx.now(), tx.entropy()).to_string();
    let none: Option<Sealed<String>> = None;
    tx.housekeep(&store::INSERT, params![id, kind, payload, none, at])
        .map(|_| ())
}

/// Queues a job with something that nobody may read. It is sealed in the job's row, and goes with the row when the job is
/// done: it stands in clear nowhere.
pub fn queue_secret(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    (kind, payload): (&str, &str),
    secret: &String,
) -> Result<(), KeyError> {
    let id = crate::platform::ids::uuid_v7(tx.now(), tx.entropy()).to_string();
    let own = keys.own(tx)?;
    let sealed = own.seal(JOB_SECRET, place(&id), secret, tx.entropy());
    Ok(insert(tx, &id, (kind, payload), Some(sealed))?)
}

fn insert(
    tx: &mut Tx<'_>,
    id: &str,
    (kind, payload): (&str, &str),
    secret: Option<Sealed<String>>,
) -> Result<(), StoreError> {
    let now = tx.now();
    let params = params![id, kind, payload, secret, now];
    tx.housekeep(&store::INSERT, params).map(|_| ())
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

row! {
    struct Taken {
        id: String,
        organisation: OrgId,
        kind: String,
        payload: String,
        secret: Option<Sealed<String>>,
        attempts: i64,
    }
}

async fn take(store: &Store, holder: &str, now: Micros) -> Result<Option<Job>, StoreError> {
    let holder = holder.to_owned();
    let taken: Vec<Taken> = store
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
    Ok(taken.into_iter().next().map(|taken| Job {
        id: taken.id,
        scope: Scope::of(taken.organisation),
        kind: taken.kind,
        payload: taken.payload,
        secret: taken.secret,
        attempts: taken.attempts,
    }))
}

/// 20 s, 40 s, 80 s ... and a day once it looks hopeless; [`store::TAKE`] counts alike.
fn delay_us(attempts: i64) -> i64 {
    if attempts >= PATIENT_AFTER {
        return Micros::DAY;
    }
    FIRST_DELAY_US << attempts.clamp(0, PATIENT_AFTER)
}
