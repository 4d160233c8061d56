//! A passkey as a person's first factor.

use super::{Purpose, not_accepted, take};
use crate::identity::factors::{
    FactorError, Holder, RecoveryCode, Through, count_attempt, enrolled, finish, give_codes, mark,
    may_enrol, refused,
};
use crate::identity::passkeys::rules::{self, Guards, Made};
use crate::identity::passkeys::store;
use crate::platform::app::App;
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::scope::Caller;
use crate::platform::store::{Entry, Tx};

/// What an authenticator made, and how its person calls it.
#[derive(Debug, Clone)]
pub(in crate::identity::passkeys) struct Owner {
    pub client_data: Vec<u8>,
    pub attestation: Vec<u8>,
    pub name: String,
}

/// Checks what was made for a challenge of this purpose.
pub(super) async fn checked(
    app: &App,
    owner: &Owner,
    what: (Purpose, &str),
) -> Result<Made, FactorError> {
    let expected = take(app, &owner.client_data, what).await?;
    let (client, object) = (&owner.client_data, &owner.attestation);
    rules::made(client, object, &expected, Guards::ALL).map_err(not_accepted)
}

/// Keeps a passkey within a transaction. One credential is one passkey, whoever had it before.
pub(super) fn keep(
    tx: &mut Tx<'_>,
    person: PersonId,
    made: &Made,
    name: &str,
) -> Result<(), FactorError> {
    let id: CredentialId = tx.id();
    store::insert(tx, id, person, made, name).map_err(|error| match error {
        error if error.is_unique("passkeys_credential_once") => FactorError::Refused,
        other => FactorError::Store(other),
    })?;
    let entry = Entry::new("passkey.added", "passkey", id);
    tx.journal(entry.fact("person", person).fact("name", name))?;
    Ok(())
}

/// Enrols by a passkey, gives the recovery codes to be shown once, and makes the session full.
pub(in crate::identity::passkeys) async fn enrol(
    app: &App,
    caller: Caller,
    by: &Holder,
    (owner, bound): (Owner, &str),
) -> Result<(Through, Vec<RecoveryCode>), FactorError> {
    count_attempt(app, by).await?;
    let done = enrol_by(app, caller, by, (owner, bound)).await;
    finish(app, caller, by, done).await
}

async fn enrol_by(
    app: &App,
    caller: Caller,
    by: &Holder,
    (owner, bound): (Owner, &str),
) -> Result<(Through, Vec<RecoveryCode>), FactorError> {
    let made = checked(app, &owner, (Purpose::Enrol, bound)).await?;
    let (holder, limits) = (by.clone(), app.sessions.into());
    app.store
        .write(caller, move |tx| {
            let person = holder.person;
            may_enrol(tx, (holder.person, holder.session))?;
            keep(tx, person, &made, &owner.name)?;
            let codes = give_codes(tx, person)?;
            mark(tx, &holder).map_err(refused)?;
            let entry = Entry::new("recovery-codes.made", "account", person);
            tx.journal(entry.fact("recovery-codes", codes.len()))?;
            let through = enrolled(tx, &holder, limits)?;
            Ok::<_, FactorError>(tx.done((through, codes))?)
        })
        .await
}
