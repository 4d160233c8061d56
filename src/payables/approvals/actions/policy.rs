//! The organisation's policy. Requests that are open go on under the version by which they were made.

use countersign_money::Currency;

use super::ApprovalError;
use crate::identity::access::{Access, Permission};
use crate::payables::approvals::rules::{Band, DEFAULT_BANDS, Policy};
use crate::payables::approvals::store::{self, PolicyTrouble, PolicyVersion};
use crate::platform::app::App;
use crate::platform::keys::OrgKeys;
use crate::platform::store::{Committed, Entry, StoreError, Tx};

/// Versions that the page shows at most.
const VERSIONS: i64 = 20;

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

/// The policy as its page shows it.
#[derive(Debug)]
pub struct Policies {
    /// The newest versions, the one in force first.
    pub versions: Vec<PolicyVersion>,
    /// In which the limits count: the currencies of the legal entities.
    pub currencies: Vec<Currency>,
}

/// The policy in force and those before it. Whoever reads bills may know who must approve them.
pub async fn policies(app: &App, who: &Access) -> Result<Policies, ApprovalError> {
    who.reach(Permission::BillsRead)?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    app.store
        .read(who.scope(), move |read| {
            Ok(Policies {
                versions: store::versions(read, &keys, VERSIONS)?,
                currencies: store::currencies(read)?,
            })
        })
        .await
}

/// Sets the policy for bills that are sent to approval from now on, in place of the version `seen` (0: there is none);
/// returns its version. In a session it takes a factor that was shown a moment ago. The bands that are in force already make no new version.
///
/// # Errors
/// `PolicyChanged` where somebody else set another version in the meantime.
pub async fn set_policy(
    app: &App,
    who: &Access,
    seen: i64,
    bands: Vec<Band>,
) -> Result<i64, ApprovalError> {
    who.require(Permission::SettingsEdit)?;
    who.require_fresh_session()?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    app.store
        .write(who.caller(), move |tx| {
            set_policy_in(tx, &keys, seen, &bands)
        })
        .await
}

/// [`set_policy`] within a transaction.
pub fn set_policy_in(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    seen: i64,
    bands: &[Band],
) -> Result<Committed<i64>, ApprovalError> {
    let before = match store::newest_policy(tx, keys) {
        Ok(policy) => Some(policy),
        Err(PolicyTrouble::Missing) => None,
        Err(trouble) => return Err(trouble.into()),
    };
    let version = before.as_ref().map_or(0, |before| before.version);
    if version != seen {
        return Err(ApprovalError::PolicyChanged);
    }
    if before
        .as_ref()
        .is_some_and(|before| before.bands() == bands)
    {
        return Ok(tx.done(version)?);
    }
    let version = version + 1;
    let policy = Policy::new(version, bands.to_vec())?;
    store::insert_policy(tx, keys, &policy).map_err(|error| match error {
        StoreError::Unique { .. } => ApprovalError::PolicyChanged,
        other => other.into(),
    })?;
    let entry = entry(tx, &policy, before.map(|before| before.stored()));
    Ok(tx.commit(entry, version)?)
}
