//! Setting up the first factor, and the end of all of them.

use std::sync::Arc;

use countersign_sealing::Secret;

use super::own;
use super::show::{after_factor, check, codes_count, move_on};
use super::{FactorError, Holder, Through, count_attempt, forgive, refused};
use crate::identity::factors::rules::{RECOVERY_CODES, RecoveryCode, Seed};
use crate::identity::factors::store;
use crate::identity::notices::{self, Notice};
use crate::identity::sessions::rules::Limits;
use crate::identity::sessions::{Stage, factor_of};
use crate::identity::{links, passkeys, people, policy};
use crate::platform::app::App;
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::keys::OrgKeys;
use crate::platform::keys::fields::TOTP_SEED;
use crate::platform::scope::Caller;
use crate::platform::store::{Entry, Read, Reads, StoreError, Tx};

/// The seed of the factor that is being set up in this session, to be shown to its person.
pub async fn pending(
    app: &App,
    caller: Caller,
    of: (PersonId, CredentialId),
) -> Result<Secret<Seed>, FactorError> {
    let keys = app.keys.organisation(&app.store, caller.scope).await?;
    app.store
        .read(caller.scope, move |read| open_pending(read, &keys, of))
        .await
}

/// The same for whoever sets up her first factor: a session that may not is shown none.
pub async fn shown_first(
    app: &App,
    caller: Caller,
    of: (PersonId, CredentialId),
) -> Result<Secret<Seed>, FactorError> {
    let keys = app.keys.organisation(&app.store, caller.scope).await?;
    app.store
        .read(caller.scope, move |read| {
            may_enrol(read, of)?;
            open_pending(read, &keys, of)
        })
        .await
}

fn open_pending(
    read: &mut Read<'_>,
    keys: &Arc<OrgKeys>,
    of: (PersonId, CredentialId),
) -> Result<Secret<Seed>, FactorError> {
    let factor = store::pending(read, of)?.ok_or(StoreError::Missing)?;
    let key = keys.subject(read, of.0)?;
    Ok(key.open(TOTP_SEED, factor.id, &factor.seed)?)
}

/// Confirms the factor by its first code, gives the recovery codes to be shown once, and makes the session full.
pub async fn confirm(
    app: &App,
    caller: Caller,
    by: &Holder,
    code: &str,
) -> Result<(Through, Vec<RecoveryCode>), FactorError> {
    let keys = app.keys.organisation(&app.store, caller.scope).await?;
    count_attempt(app, by).await?;
    let (code, holder) = (code.to_owned(), by.clone());
    let person = by.person;
    let limits = app.sessions.into();
    let done = app
        .store
        .write(caller, move |tx| {
            let factor = store::pending(tx, (person, holder.session))
                .map_err(refused)?
                .ok_or(FactorError::Refused)?;
            may_enrol(tx, (person, holder.session))?;
            let step = check(tx, &keys, person, &factor, &code)?;
            codes_count(tx)?;
            store::confirm(tx, factor.id, step).map_err(refused)?;
            // What other sessions began is over.
            own::end(tx, person, |kept| {
                kept.confirmed.is_none() && kept.id != factor.id
            })?;
            let codes = give_codes(tx, person)?;
            mark(tx, &holder).map_err(refused)?;
            tx.journal(
                Entry::new("factor.confirmed", "factor", factor.id)
                    .version(factor.version + 1)
                    .fact("person", person)
                    .fact("recovery-codes", codes.len()),
            )?;
            let through = enrolled(tx, &holder, limits)?;
            Ok::<_, FactorError>(tx.done((through, codes))?)
        })
        .await?;
    forgive(app, by).await?;
    Ok(done)
}

/// Whether the first factor may be set up in this session: she has none, and had none, unless it was reset and the session
/// began with the link that was mailed to her then. Where passkeys alone count, whoever has shown her app sets up a passkey.
pub(in crate::identity) fn may_enrol(
    reads: &mut impl Reads,
    (person, session): (PersonId, CredentialId),
) -> Result<(), FactorError> {
    let ways = store::ways(reads, person).map_err(refused)?;
    let is_let_in = if ways.count() == 0 {
        !ways.were_reset || links::began(reads, person, session).map_err(refused)?
    } else {
        ways.passkeys == 0
            && policy::of(reads)?.terms.passkeys_only
            && factor_of(reads, session).map_err(refused)?.is_some()
    };
    if is_let_in {
        Ok(())
    } else {
        Err(FactorError::Refused)
    }
}

/// The session of somebody who has set up her first factor, on its way.
pub(in crate::identity) fn enrolled(
    tx: &mut Tx<'_>,
    by: &Holder,
    limits: Limits,
) -> Result<Through, FactorError> {
    let stages = (Stage::Enrolling, after_factor(tx, by.person)?);
    move_on(tx, by, stages, (limits, true))
}

/// Remembers in her row that she has a factor. The mark is set once and stays; whoever has it already is told that there is
/// another factor.
pub(in crate::identity) fn mark(tx: &mut Tx<'_>, by: &Holder) -> Result<(), StoreError> {
    if people::has_factor_mark(tx, by.person)? {
        return notices::queue(tx, by.person, Notice::FactorChanged, Some(&by.request));
    }
    people::mark_factor(tx, by.person)
}

/// New recovery codes for a person, to be shown once; those from before end. The entry that follows journals them.
pub(in crate::identity) fn give_codes(
    tx: &mut Tx<'_>,
    person: PersonId,
) -> Result<Vec<RecoveryCode>, StoreError> {
    // Where passkeys alone count a recovery code is worth nothing.
    let how_many = match policy::of(tx)?.terms.passkeys_only {
        true => 0,
        false => RECOVERY_CODES,
    };
    let codes: Vec<RecoveryCode> = (0..how_many)
        .map(|_| RecoveryCode::generate(tx.entropy()))
        .collect();
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| code.stored(person)).collect();
    store::replace_codes(tx, person, &hashes)?;
    Ok(codes)
}

/// Ends every factor of a person within a transaction: codes of an app, passkeys, recovery codes. Her row keeps that she had one,
/// so that her password alone never sets up another.
pub(in crate::identity) fn end_all_of(tx: &mut Tx<'_>, person: PersonId) -> Result<(), StoreError> {
    own::end(tx, person, |_| true)?;
    passkeys::end_all_of(tx, person)?;
    let codes = store::end_codes(tx, person)?;
    let entry = Entry::new("factors.reset", "account", person);
    tx.journal(entry.fact("recovery-codes", codes))
}
