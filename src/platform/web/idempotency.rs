//! Idempotency keys: a write that is sent twice under one key is done once, and its answer given twice.
//!
//! The key is reserved before the work. Where the program dies in between, the outcome is unknown, and the answer says
//! so: the same key is never worked on again.

use std::future::Future;

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::problem::Problem;
use crate::platform::clock::Micros;
use crate::platform::ids::CredentialId;
use crate::platform::scope::Scope;
use crate::platform::store::{Reads as _, Sql, Store, StoreError};
use crate::{msg, params};

const RESERVE: Sql = Sql::housekeeping(
    "idempotency_keys",
    "INSERT INTO idempotency_keys (org_id, credential_id, key_hash, request_digest, at_us) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (org_id, credential_id, key_hash) DO NOTHING RETURNING at_us",
);
const FIND: Sql = Sql::read(
    "SELECT request_digest, answer FROM idempotency_keys WHERE org_id = $1 AND credential_id = $2 AND key_hash = $3",
);
const ANSWER: Sql = Sql::housekeeping(
    "idempotency_keys",
    "UPDATE idempotency_keys SET answer = $4 WHERE org_id = $1 AND credential_id = $2 AND key_hash = $3",
);
const FORGET: Sql = Sql::housekeeping(
    "idempotency_keys",
    "DELETE FROM idempotency_keys WHERE org_id = $1 AND credential_id = $2 AND key_hash = $3",
);

/// The longest key that is accepted, in bytes.
pub const KEY_MAX: usize = 200;

/// An answer as it is kept and given again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub status: u16,
    /// JSON.
    pub body: String,
}

/// One key of one caller, and what it was first sent with.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub scope: Scope,
    pub credential: CredentialId,
    pub key: String,
    /// Method, path and body.
    pub request: Vec<u8>,
    pub now: Micros,
}

/// Does `work` once for each key. A refusal (a [`Problem`]) changed nothing, so its key is free again.
pub async fn once<F>(store: &Store, attempt: Attempt, work: F) -> Result<Answer, Problem>
where
    F: Future<Output = Result<Answer, Problem>>,
{
    if attempt.key.is_empty() || attempt.key.len() > KEY_MAX {
        return Err(Problem::invalid(msg!("error-idempotency-key")).field("Idempotency-Key"));
    }
    let (scope, credential) = (attempt.scope, attempt.credential);
    let key_hash = digest(&SHA256, attempt.key.as_bytes()).as_ref().to_vec();
    let request_digest = digest(&SHA256, &attempt.request).as_ref().to_vec();
    if let Some((first_request, answer)) = reserve(
        store,
        scope,
        credential,
        key_hash.clone(),
        request_digest.clone(),
        attempt.now,
    )
    .await?
    {
        if first_request != request_digest {
            return Err(
                Problem::invalid(msg!("error-idempotency-other-request")).field("Idempotency-Key")
            );
        }
        let kept = answer.and_then(|answer| serde_json::from_str(&answer).ok());
        return kept.ok_or_else(|| {
            Problem::new(StatusCode::CONFLICT, msg!("error-idempotency-under-way"))
        });
    }
    let result = work.await;
    let (sql, text) = match &result {
        Ok(answer) => (
            ANSWER,
            serde_json::to_string(answer).map_err(Problem::internal)?,
        ),
        Err(_) => (FORGET, String::new()),
    };
    store
        .housekeep::<_, StoreError, _>(scope, move |tx| {
            let mut params = params![credential, key_hash.clone()].to_vec();
            if !text.is_empty() {
                params.push(text.as_str().into());
            }
            tx.run(&sql, params).map(|_| ())
        })
        .await?;
    result
}

type Found = Option<(Vec<u8>, Option<String>)>;

/// None: the key is ours now. Some: what was kept under it.
async fn reserve(
    store: &Store,
    scope: Scope,
    credential: CredentialId,
    key_hash: Vec<u8>,
    request_digest: Vec<u8>,
    now: Micros,
) -> Result<Found, StoreError> {
    store
        .housekeep(scope, move |tx| {
            let params = params![credential, key_hash.clone(), request_digest.clone(), now];
            if !tx.run(&RESERVE, params)?.is_empty() {
                return Ok(None);
            }
            tx.one(&FIND, params![credential, key_hash.clone()])
                .map(Some)
        })
        .await
}
