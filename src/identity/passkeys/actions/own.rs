//! What a person does with her own factors: each change needs a factor that was shown a moment ago, is journaled, and mailed to
//! her.

use super::enrol::{Owner, checked, keep};
use super::{PasskeyError, Purpose};
use crate::identity::access::Access;
use crate::identity::factors::{self, FactorError, RecoveryCode, Ways, give_codes};
use crate::identity::notices::{self, Notice};
use crate::identity::passkeys::store::{self, Passkey};
use crate::identity::policy;
use crate::platform::app::App;
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::store::{Entry, Reads, StoreError, Tx};
use crate::platform::web::request::RequestInfo;

/// One's own passkeys, the oldest first, and what else one can be asked for.
pub(in crate::identity::passkeys) async fn list(
    app: &App,
    access: &Access,
) -> Result<(Vec<Passkey>, Ways), PasskeyError> {
    let person = access.person();
    let found = app.store.read(access.scope(), move |read| {
        Ok::<_, StoreError>((
            store::of_person(read, person)?,
            factors::ways(read, person)?,
        ))
    });
    Ok(found.await?)
}

/// Adds a passkey.
pub(in crate::identity::passkeys) async fn add(
    app: &App,
    access: &Access,
    (owner, bound): (Owner, &str),
    request: &RequestInfo,
) -> Result<(), PasskeyError> {
    access.require_fresh()?;
    let made = checked(app, &owner, (Purpose::Add, bound)).await?;
    let (person, request) = (access.person(), request.clone());
    app.store
        .write(access.caller(), move |tx| {
            keep(tx, person, &made, &owner.name)?;
            notices::queue(tx, person, Notice::FactorChanged, Some(&request))?;
            Ok::<_, PasskeyError>(tx.done(())?)
        })
        .await
}

/// What becomes of a passkey.
#[derive(Debug, Clone)]
pub(in crate::identity::passkeys) enum Change {
    Name(String),
    Remove,
}

/// Names or removes one of one's own passkeys. Somebody else's is as if it were not there.
pub(in crate::identity::passkeys) async fn change(
    app: &App,
    access: &Access,
    (id, change): (CredentialId, Change),
    request: &RequestInfo,
) -> Result<(), PasskeyError> {
    if matches!(change, Change::Remove) {
        access.require_fresh()?;
    }
    let (person, request) = (access.person(), request.clone());
    app.store
        .write(access.caller(), move |tx| {
            let passkey = own(tx, person, id)?;
            let version = passkey.version + 1;
            let entry = match &change {
                Change::Name(name) => {
                    store::rename(tx, &passkey, name)?;
                    Entry::new("passkey.named", "passkey", id).change(
                        "name",
                        Some(&passkey.name),
                        Some(name),
                    )
                }
                Change::Remove => {
                    let ways = factors::ways(tx, person)?;
                    let left = match policy::of(tx)?.terms.passkeys_only {
                        true => ways.passkeys,
                        false => ways.count(),
                    };
                    if left < 2 {
                        return Err(PasskeyError::LastFactor);
                    }
                    store::remove(tx, &passkey)?;
                    Entry::new("passkey.removed", "passkey", id).fact("person", person)
                }
            };
            tx.journal(entry.version(version))?;
            if matches!(change, Change::Remove) {
                notices::queue(tx, person, Notice::FactorChanged, Some(&request))?;
            }
            Ok(tx.done(())?)
        })
        .await
}

fn own(reads: &mut impl Reads, person: PersonId, id: CredentialId) -> Result<Passkey, StoreError> {
    let mut all = store::of_person(reads, person)?.into_iter();
    all.find(|passkey| passkey.id == id)
        .ok_or(StoreError::Missing)
}

/// Makes recovery codes anew, to be shown once; those from before end.
pub(in crate::identity::passkeys) async fn renew_codes(
    app: &App,
    access: &Access,
    request: &RequestInfo,
) -> Result<Vec<RecoveryCode>, PasskeyError> {
    access.require_fresh()?;
    let (person, request) = (access.person(), request.clone());
    app.store
        .write(access.caller(), move |tx| {
            let codes = give_codes(tx, person)?;
            let entry = Entry::new("recovery-codes.made", "account", person);
            tx.journal(entry.fact("recovery-codes", codes.len()))?;
            notices::queue(tx, person, Notice::FactorChanged, Some(&request))?;
            Ok::<_, FactorError>(tx.done(codes)?)
        })
        .await
        .map_err(PasskeyError::from)
}

/// Ends all passkeys of a person, within the transaction that resets her factors.
pub(in crate::identity) fn end_all_of(tx: &mut Tx<'_>, person: PersonId) -> Result<(), StoreError> {
    for passkey in store::of_person(tx, person)? {
        store::remove(tx, &passkey)?;
        let entry = Entry::new("passkey.removed", "passkey", passkey.id);
        tx.journal(entry.version(passkey.version + 1).fact("person", person))?;
    }
    Ok(())
}
