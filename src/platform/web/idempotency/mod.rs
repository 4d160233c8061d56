//! Idempotency keys: a write that is sent twice under one key is done once, and its answer given twice.
//!
//! Invariants
//! - A key is a person's: a program that is given a new token between two tries does its work once all the same.
//! - The key is reserved before the work. The work runs on a task of its own, so that a sender who hangs up loses
//!   nothing: the answer is kept, and given when she asks again.
//! - A key is free again only after a refusal (4xx), which changed nothing. Where the program failed or died in
//!   between, the outcome is unknown, and the answer says so: the same key is never worked on again.
//! - The database keeps an answer sealed under the organisation's key, bound to its key and person: an answer may
//!   show a token that nobody is shown again.
//! - A key is kept for [`KEPT_US`] from its first use, and is then as if it had never been sent.

mod store;

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::StatusCode;

use self::store::{Kept, Key};
use super::problem::Problem;
use crate::msg;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::keys::fields::IDEMPOTENT_ANSWER;
use crate::platform::keys::{KeyError, OrgKeys};
use crate::platform::scope::Scope;
use crate::platform::store::{Store, StoreError};

/// The longest key that is accepted, in bytes.
pub const KEY_MAX: usize = 200;

/// Work that has given no answer for so long has died, or failed in a way that tells nothing of what it did.
const UNKNOWN_AFTER_US: i64 = 15 * Micros::MINUTE;

/// How long a key is kept: over a weekend, in which nobody looks after a program that stopped.
pub const KEPT_US: i64 = 3 * Micros::DAY;

/// An answer as it is given, and given again. It may hold a token, so that Debug shows the status alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// JSON.
    pub body: String,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// One key of one person, and what it was first sent with. Its Debug shows whose it is alone.
#[derive(Clone)]
pub struct Attempt {
    pub scope: Scope,
    pub person: PersonId,
    pub key: String,
    /// Method, path and body.
    pub request: Vec<u8>,
    pub now: Micros,
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("scope", &self.scope)
            .field("person", &self.person)
            .finish_non_exhaustive()
    }
}

/// Does `work` once for each key.
///
/// # Errors
/// 422 for a key that cannot be used or was used for another request, 409 while the first try is under way or where its
/// outcome is unknown, and the problem of the work itself.
pub async fn once<F>(app: &Arc<App>, attempt: Attempt, work: F) -> Result<Answer, Problem>
where
    F: Future<Output = Result<Answer, Problem>> + Send + 'static,
{
    if attempt.key.is_empty() || attempt.key.len() > KEY_MAX {
        return Err(Problem::invalid(msg!("error-idempotency-key")).field("Idempotency-Key"));
    }
    let app = Arc::clone(app);
    tokio::spawn(async move { reserved(&app, &attempt, work).await })
        .await
        .map_err(Problem::internal)?
}

/// Forgets the keys of all organisations that have been kept long enough; gives how many.
///
/// # Errors
/// Of the store alone.
pub async fn purge(store: &Store, now: Micros) -> Result<usize, StoreError> {
    let until = now.plus_us(-KEPT_US);
    let (mut after, mut purged) = (String::new(), 0);
    loop {
        let from = after.clone();
        let organisations = store
            .lookup(move |lookup| store::organisations(lookup, &from))
            .await?;
        let Some(last) = organisations.last() else {
            return Ok(purged);
        };
        after = last.to_string();
        for organisation in organisations {
            purged += store
                .housekeep::<_, StoreError, _>(Scope::of(organisation), move |tx| {
                    store::purge(tx, until)
                })
                .await?;
        }
    }
}

async fn reserved<F>(app: &App, attempt: &Attempt, work: F) -> Result<Answer, Problem>
where
    F: Future<Output = Result<Answer, Problem>>,
{
    let (scope, now) = (attempt.scope, attempt.now);
    let keys = app
        .keys
        .organisation(&app.store, scope)
        .await
        .map_err(Problem::internal)?;
    let key = Key {
        person: attempt.person,
        hash: sha256(attempt.key.as_bytes()),
    };
    let request = sha256(&attempt.request);
    let kept = app
        .store
        .housekeep::<_, StoreError, _>(scope, move |tx| store::reserve(tx, key, request, now))
        .await?;
    if let Some(kept) = kept {
        return again(&keys, key, kept, request, now);
    }
    let result = work.await;
    let noted = match &result {
        Ok(answer) => {
            let keys = Arc::clone(&keys);
            let (status, body) = (answer.status, answer.body.clone());
            let entropy = Arc::clone(app.store.entropy());
            app.store
                .housekeep::<_, KeyError, _>(scope, move |tx| {
                    let own = keys.own(tx)?;
                    let sealed = own.seal(IDEMPOTENT_ANSWER, place(key), &body, entropy.as_ref());
                    Ok(store::answer(tx, key, status, &sealed)?)
                })
                .await
        }
        Err(problem) if problem.status.is_client_error() => {
            app.store
                .housekeep::<_, KeyError, _>(scope, move |tx| Ok(store::forget(tx, key)?))
                .await
        }
        // It may have been done all the same: the key stays taken.
        Err(_) => Ok(()),
    };
    if let Err(error) = noted {
        // The work is done; to hide its answer would help nobody. A second try is told that the outcome is unknown.
        tracing::error!(%error, "an answer was not kept under its idempotency key");
    }
    result
}

/// What somebody gets who sends a key again.
fn again(
    keys: &OrgKeys,
    key: Key,
    kept: Kept,
    request: [u8; 32],
    now: Micros,
) -> Result<Answer, Problem> {
    if kept.request != request {
        let other = Problem::invalid(msg!("error-idempotency-other-request"));
        return Err(other.field("Idempotency-Key"));
    }
    let Some((status, sealed)) = kept.status.zip(kept.answer) else {
        let code = if now.since(kept.at) >= UNKNOWN_AFTER_US {
            msg!("error-idempotency-unknown")
        } else {
            msg!("error-idempotency-under-way")
        };
        return Err(Problem::new(StatusCode::CONFLICT, code));
    };
    let body = keys
        .open(IDEMPOTENT_ANSWER, place(key), &sealed)
        .map_err(Problem::internal)?;
    Ok(Answer {
        status: u16::try_from(status).unwrap_or(200),
        body: body.expose().clone(),
    })
}

/// Where an answer lies: a row of this table has no id of its own.
fn place(key: Key) -> [u8; 16] {
    place_of(&key.person.to_string(), &key.hash)
}

/// Where an answer is sealed: its row is named by a person and the hash of her key.
pub(in crate::platform) fn place_of(person: &str, hash: &[u8]) -> [u8; 16] {
    let mut whole = person.as_bytes().to_vec();
    whole.extend_from_slice(hash);
    let mut place = [0; 16];
    place.copy_from_slice(&sha256(&whole)[..16]);
    place
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, bytes).as_ref());
    out
}
