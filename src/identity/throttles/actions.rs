//! Counting an attempt, and taking it back.

use std::time::Duration;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::rules::{FORGOTTEN_US, Limit};
use super::store;
use crate::platform::app::App;
use crate::platform::ids::CredentialId;
use crate::platform::store::StoreError;

/// What is forgotten is deleted this often.
const FORGET_EVERY: Duration = Duration::from_secs(60 * 60);

/// What attempts are counted by. The database sees its hash.
#[derive(Debug, Clone)]
pub struct Key {
    id: String,
    limit: Limit,
    /// How many failures a success takes back.
    forgiven: i64,
}

impl Key {
    /// Everything about an account is forgiven when its person has signed in.
    #[must_use]
    pub fn account(what: &str, limit: Limit) -> Self {
        Self::of("account", what, limit, i64::MAX)
    }

    /// One device in which its person has signed in before: strangers' failures are not hers.
    #[must_use]
    pub fn device(id: CredentialId, what: &str) -> Self {
        Self::of(
            "device",
            &format!("{id} {what}"),
            super::rules::ACCOUNT,
            i64::MAX,
        )
    }

    /// A success takes back its own attempt alone: whoever has one account must not guess at others for free.
    #[must_use]
    pub fn address(prefix: &str, limit: Limit) -> Self {
        Self::of("address", prefix, limit, 1)
    }

    fn of(kind: &str, what: &str, limit: Limit, forgiven: i64) -> Self {
        debug_assert!(limit.forget_us <= FORGOTTEN_US, "its row is deleted before");
        let hash = digest::digest(&digest::SHA256, format!("{kind}\n{what}").as_bytes());
        Self {
            id: URL_SAFE_NO_PAD.encode(hash.as_ref()),
            limit,
            forgiven,
        }
    }
}

/// Counts an attempt under all keys; false where one of them is blocked, and then nothing is counted.
pub async fn attempt(app: &App, keys: &[Key]) -> Result<bool, StoreError> {
    let (keys, now) = (keys.to_vec(), app.now());
    app.store
        .claim(move |claim| {
            let mut counted = Vec::new();
            for key in &keys {
                match store::find(claim, &key.id)?.attempt(key.limit, now) {
                    Some(tally) => counted.push((key.id.clone(), tally)),
                    None => return Ok(false),
                }
            }
            for (id, tally) in counted {
                store::count(claim, &id, tally)?;
            }
            Ok(true)
        })
        .await
}

/// Whether a key is blocked at this moment. Nothing is counted.
pub async fn is_blocked(app: &App, key: &Key) -> Result<bool, StoreError> {
    let (id, now) = (key.id.clone(), app.now());
    app.store
        .lookup(move |lookup| Ok::<_, StoreError>(now < store::find(lookup, &id)?.blocked_until))
        .await
}

/// Takes back what a success proves to have been honest.
pub async fn forgive(app: &App, keys: &[Key]) -> Result<(), StoreError> {
    let keys = keys.to_vec();
    app.store
        .claim(move |claim| {
            keys.iter()
                .try_for_each(|key| store::forgive(claim, &key.id, key.forgiven))
        })
        .await
}

/// Deletes what every limit has forgotten: a hash can be tried against addresses, and the row says nothing any more.
pub async fn forget(app: &App) -> Result<(), StoreError> {
    let now = app.now();
    let since = now.plus_us(-FORGOTTEN_US);
    app.store
        .claim(move |claim| store::forget(claim, (since, now)))
        .await
}

/// Does so for as long as the server runs.
pub async fn hourly(app: &App) {
    loop {
        if let Err(error) = forget(app).await {
            tracing::warn!(%error, "forgotten attempts to sign in were not deleted; the next round tries again");
        }
        tokio::time::sleep(FORGET_EVERY).await;
    }
}
