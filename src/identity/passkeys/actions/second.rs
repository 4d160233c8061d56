//! A passkey after the password, and again before factors change.

use super::{Purpose, Signed, check, take};
use crate::identity::factors::{
    FactorError, Holder, Shown, Through, become_full, count_attempt, finish, refused,
};
use crate::identity::sessions::{Opened, show_factor};
use crate::platform::app::App;
use crate::platform::scope::Caller;

/// Shows a passkey after the password; the session becomes full.
pub(in crate::identity::passkeys) async fn use_passkey(
    app: &App,
    caller: Caller,
    by: &Holder,
    (answer, bound): (Signed, &str),
) -> Result<Through, FactorError> {
    count_attempt(app, by).await?;
    let done = become_full_by(app, caller, by, (answer, bound)).await;
    finish(app, caller, by, done).await
}

async fn become_full_by(
    app: &App,
    caller: Caller,
    by: &Holder,
    (answer, bound): (Signed, &str),
) -> Result<Through, FactorError> {
    let expected = take(app, &answer.client_data, (Purpose::SecondFactor, bound)).await?;
    let (holder, limits) = (by.clone(), app.sessions.into());
    app.store
        .write(caller, move |tx| {
            check(tx, holder.person, &answer, &expected)?;
            become_full(tx, &holder, limits, Shown::Passkey)
        })
        .await
}

/// Shows a passkey in a full session, for what asks that a factor was shown a moment ago.
pub(in crate::identity::passkeys) async fn show_again(
    app: &App,
    caller: Caller,
    by: &Holder,
    (answer, bound): (Signed, &str),
) -> Result<Opened, FactorError> {
    count_attempt(app, by).await?;
    let done = note_by(app, caller, by, (answer, bound)).await;
    finish(app, caller, by, done).await
}

async fn note_by(
    app: &App,
    caller: Caller,
    by: &Holder,
    (answer, bound): (Signed, &str),
) -> Result<Opened, FactorError> {
    let expected = take(app, &answer.client_data, (Purpose::StepUp, bound)).await?;
    let holder = by.clone();
    app.store
        .write(caller, move |tx| {
            check(tx, holder.person, &answer, &expected)?;
            let opened = show_factor(tx, holder.session).map_err(refused)?;
            Ok::<_, FactorError>(tx.done(opened)?)
        })
        .await
}
