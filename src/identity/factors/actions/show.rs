//! Showing a factor: after the password, and again.

use std::sync::Arc;

use super::{FactorError, Holder, Through, count_attempt, finish, refused};
use crate::identity::factors::rules::{RecoveryCode, accepted_step};
use crate::identity::factors::store;
use crate::identity::notices::{self, Notice};
use crate::identity::sessions::rules::Limits;
use crate::identity::sessions::{Opened, Stage, promote, show_factor};
use crate::identity::{devices, passwords, policy, sso};
use crate::platform::app::App;
use crate::platform::ids::PersonId;
use crate::platform::keys::OrgKeys;
use crate::platform::keys::fields::TOTP_SEED;
use crate::platform::scope::Caller;
use crate::platform::store::{Committed, Entry, StoreError, Tx};

/// Shows a code of the app; the session becomes full.
pub async fn use_code(
    app: &App,
    caller: Caller,
    by: &Holder,
    code: &str,
) -> Result<Through, FactorError> {
    let keys = app.keys.organisation(&app.store, caller.scope).await?;
    count_attempt(app, by).await?;
    let (code, holder, person) = (code.to_owned(), by.clone(), by.person);
    let limits = app.sessions.into();
    let done = app
        .store
        .write(caller, move |tx| {
            spend_code(tx, &keys, person, &code)?;
            become_full(tx, &holder, limits, Shown::Other)
        })
        .await;
    finish(app, caller, by, done).await
}

/// Shows a code of the app again, for what asks that a factor was shown a moment ago. The session stays what it is.
pub async fn show_again(
    app: &App,
    caller: Caller,
    by: &Holder,
    code: &str,
) -> Result<Opened, FactorError> {
    let keys = app.keys.organisation(&app.store, caller.scope).await?;
    count_attempt(app, by).await?;
    let (code, holder) = (code.to_owned(), by.clone());
    let done = app
        .store
        .write(caller, move |tx| {
            codes_count(tx)?;
            spend_code(tx, &keys, holder.person, &code)?;
            let opened = show_factor(tx, holder.session).map_err(refused)?;
            Ok::<_, FactorError>(tx.done(opened)?)
        })
        .await;
    finish(app, caller, by, done).await
}

/// Uses up a recovery code for what asks that a factor was shown a moment ago.
pub async fn show_recovery_code(
    app: &App,
    caller: Caller,
    by: &Holder,
    typed: &str,
) -> Result<Opened, FactorError> {
    count_attempt(app, by).await?;
    let (typed, holder) = (typed.to_owned(), by.clone());
    let done = app
        .store
        .write(caller, move |tx| {
            codes_count(tx)?;
            spend_recovery_code(tx, holder.person, &typed)?;
            let request = Some(&holder.request);
            notices::queue(tx, holder.person, Notice::RecoveryCodeUsed, request)?;
            let opened = show_factor(tx, holder.session).map_err(refused)?;
            Ok::<_, FactorError>(tx.done(opened)?)
        })
        .await;
    finish(app, caller, by, done).await
}

/// Uses up a recovery code within a transaction; of several who try at once, one succeeds.
pub fn spend_recovery_code(
    tx: &mut Tx<'_>,
    person: PersonId,
    typed: &str,
) -> Result<(), FactorError> {
    let code = RecoveryCode::parse(typed).ok_or(FactorError::Refused)?;
    store::use_code(tx, person, &code.stored(person)).map_err(refused)?;
    let request = tx.caller().actor.request;
    tx.journal(Entry::new("recovery-code.used", "sign-in", request).fact("person", person))?;
    Ok(())
}

/// Uses up a recovery code; the session becomes full.
pub async fn use_recovery_code(
    app: &App,
    caller: Caller,
    by: &Holder,
    typed: &str,
) -> Result<Through, FactorError> {
    count_attempt(app, by).await?;
    let (typed, holder) = (typed.to_owned(), by.clone());
    let limits = app.sessions.into();
    let done = app
        .store
        .write(caller, move |tx| {
            codes_count(tx)?;
            spend_recovery_code(tx, holder.person, &typed)?;
            notices::queue(
                tx,
                holder.person,
                Notice::RecoveryCodeUsed,
                Some(&holder.request),
            )?;
            become_full(tx, &holder, limits, Shown::Other)
        })
        .await;
    finish(app, caller, by, done).await
}

pub(in crate::identity) fn become_full(
    tx: &mut Tx<'_>,
    by: &Holder,
    limits: Limits,
    shown: Shown,
) -> Result<Committed<Through>, FactorError> {
    let to = match shown {
        Shown::Other if policy::of(tx)?.terms.passkeys_only => {
            if store::ways(tx, by.person).map_err(refused)?.passkeys > 0 {
                return Err(FactorError::Refused);
            }
            Stage::Enrolling
        }
        _ => after_factor(tx, by.person)?,
    };
    let through = move_on(tx, by, (Stage::Password, to), (limits, false))?;
    Ok(tx.done(through)?)
}

/// What somebody has shown after her password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::identity) enum Shown {
    Passkey,
    /// A code of an app, or a recovery code: where passkeys alone count, it leads to one, and nowhere else.
    Other,
}

/// Codes are no factor where passkeys alone count.
pub(super) fn codes_count(tx: &mut Tx<'_>) -> Result<(), FactorError> {
    if policy::of(tx)?.terms.passkeys_only {
        Err(FactorError::Refused)
    } else {
        Ok(())
    }
}

/// Uses up a code of the app within a transaction.
fn spend_code(
    tx: &mut Tx<'_>,
    keys: &Arc<OrgKeys>,
    person: PersonId,
    code: &str,
) -> Result<(), FactorError> {
    let factor = store::confirmed(tx, person)
        .map_err(refused)?
        .ok_or(FactorError::Refused)?;
    let step = check(tx, keys, person, &factor, code)?;
    store::advance(tx, factor.id, step).map_err(refused)?;
    tx.journal(Entry::new("factor.used", "factor", factor.id).version(factor.version + 1))?;
    Ok(())
}

pub(super) fn check(
    tx: &mut Tx<'_>,
    keys: &Arc<OrgKeys>,
    person: PersonId,
    factor: &store::Factor,
    code: &str,
) -> Result<i64, FactorError> {
    let seed = keys
        .subject(tx, person)?
        .open(TOTP_SEED, factor.id, &factor.seed)?;
    accepted_step(seed.expose(), code, tx.now(), factor.last_step).ok_or(FactorError::Refused)
}

/// What is left to do for somebody who has shown a factor: nothing, or choosing another password.
pub(super) fn after_factor(tx: &mut Tx<'_>, person: PersonId) -> Result<Stage, StoreError> {
    let policy = policy::of(tx)?;
    let is_over = match passwords::chosen(tx, person) {
        Err(StoreError::Missing) => false,
        chosen => policy.ends_password(chosen?, tx.now()),
    };
    Ok(if is_over {
        Stage::Renewing
    } else {
        Stage::Full
    })
}

pub(super) fn move_on(
    tx: &mut Tx<'_>,
    by: &Holder,
    stages: (Stage, Stage),
    (limits, has_just_joined): (Limits, bool),
) -> Result<Through, FactorError> {
    // It may have begun while the rule was not in force.
    if sso::refuses_session(tx, by.person, by.session)? {
        return Err(FactorError::Refused);
    }
    let now = tx.now();
    let opened = promote(tx, by.session, stages, Some(now), limits).map_err(refused)?;
    let device = match opened.stage {
        Stage::Full => devices::remember(tx, by.person, by.known, (&by.request, has_just_joined))?,
        _ => None,
    };
    Ok(Through { opened, device })
}
