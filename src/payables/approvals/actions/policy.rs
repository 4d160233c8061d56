//! The organisation's policy. Requests that are open go on under the version by which they were made.

use super::ApprovalError;
use crate::identity::access::{Access, Permission};
use crate::payables::approvals::rules::{Band, DEFAULT_BANDS, Policy};
use crate::payables::approvals::store::{self, PolicyTrouble};
use crate::platform::app::App;
use crate::platform::keys::OrgKeys;
use crate::platform::store::{Committed, Entry, StoreError, Tx};

/// Gives a new organisation its first policy, within the transaction that makes it.
pub fn seed(tx: &mut Tx<'_>, keys: &OrgKeys) -> Result<(), StoreError> {
    let policy = Policy::new(1, DEFAULT_BANDS.to_vec())
        .map_err(|_| StoreError::Misuse("the default policy breaks the rules of policies"))?;
    store::insert_policy(tx, keys, &policy)?;
    let entry = entry(tx, &policy, None);
    tx.journal(entry)
}

fn entry(tx: &Tx<'_>, policy: &Policy, before: Option<String>) -> Entry {
    Entry::new(
        "approval-policy.set",
        "approval-policy",
        tx.scope().organisation(),
    )
    .version(policy.version)
    .change("bands", before, Some(policy.stored()))
}

/// Sets the policy for bills that are sent to approval from now on; returns its version.
pub async fn set_policy(app: &App, who: &Access, bands: Vec<Band>) -> Result<i64, ApprovalError> {
    who.require(Permission::SettingsEdit)?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    app.store
        .write(who.caller(), move |tx| set_policy_in(tx, &keys, &bands))
        .await
}

/// [`set_policy`] within a transaction.
pub fn set_policy_in(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    bands: &[Band],
) -> Result<Committed<i64>, ApprovalError> {
    let before = match store::newest_policy(tx, keys) {
        Ok(policy) => Some(policy),
        Err(PolicyTrouble::Missing) => None,
        Err(trouble) => return Err(trouble.into()),
    };
    let version = before.as_ref().map_or(1, |before| before.version + 1);
    let policy = Policy::new(version, bands.to_vec())?;
    store::insert_policy(tx, keys, &policy).map_err(|error| match error {
        StoreError::Unique { .. } => ApprovalError::Conflict,
        other => other.into(),
    })?;
    let entry = entry(tx, &policy, before.map(|before| before.stored()));
    Ok(tx.commit(entry, version)?)
}
