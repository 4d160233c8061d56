//! Opening what a second human approved.

use countersign_sealing::Secret;
use data_encoding::HEXLOWER;

use super::{RevealError, has_code};
use crate::assurance::keys::reveals::RevealId;
use crate::assurance::keys::reveals::rules::{Masked, State, set_digest};
use crate::assurance::keys::reveals::store::{self, Reveal, values};
use crate::identity::access::{Access, Permission};
use crate::identity::humans;
use crate::platform::app::App;
use crate::platform::store::Entry;

/// A value in full. Its Debug prints nothing of it.
#[derive(Debug)]
pub struct ShownValue {
    pub masked: Masked,
    pub secret: Secret<String>,
}

/// What somebody sees now, and never again by this batch. Its entry is committed.
#[derive(Debug)]
pub struct Shown {
    pub reveal: Reveal,
    pub values: Vec<ShownValue>,
}

/// The one entry of a batch.
pub(super) fn revealed(reveal: &Reveal, version: i64) -> Entry {
    let entry = Entry::new("secret.revealed", "reveal", reveal.id)
        .version(version)
        .fact("purpose", reveal.purpose)
        .fact("reason", &reveal.reason)
        .fact("count", reveal.count)
        .fact("set", HEXLOWER.encode(&reveal.set_digest));
    match reveal.decided_by {
        Some(by) => entry.fact("approved-by", by),
        None => entry,
    }
}

/// Shows what was approved: once, to the account that asked, before it expires.
pub async fn open(app: &App, who: &Access, id: RevealId) -> Result<Shown, RevealError> {
    who.require(Permission::SecretsReveal)?;
    who.require_fresh()?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let by = who.clone();
    app.store
        .write(who.caller(), move |tx| {
            let reveal = store::authentic(tx, id)?;
            if reveal.asked_by != by.person() || reveal.asked_human != by.human() {
                return Err(RevealError::NotAsked);
            }
            if reveal.state != State::Approved {
                return Err(RevealError::NotOpen);
            }
            if tx.now() >= reveal.expires {
                return Err(RevealError::Late);
            }
            if !has_code(&keys, &reveal) {
                return Err(RevealError::Altered);
            }
            // Two who were found to be one human since never were two.
            let approver = reveal.decided_human.ok_or(RevealError::Altered)?;
            if humans::load(tx)?.are_one(approver, by.human()) {
                return Err(RevealError::SameHuman);
            }
            let named = store::authentic_values(tx, id)?;
            if set_digest(&named).as_slice() != reveal.set_digest {
                return Err(RevealError::Altered);
            }
            let mut shown = Vec::with_capacity(named.len());
            for value in named {
                let (masked, secret) = values::open(tx, &keys, value)?;
                shown.push(ShownValue { masked, secret });
            }
            store::opened(tx, &reveal)?;
            tx.journal(revealed(&reveal, reveal.version + 1))?;
            let shown = Shown {
                reveal,
                values: shown,
            };
            Ok(tx.done(shown)?)
        })
        .await
}
