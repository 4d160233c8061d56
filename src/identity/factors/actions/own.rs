//! What a person does with the app that gives her codes: another one in place of it, one beside a passkey, or none.

use super::show::{check, codes_count};
use super::{FactorError, Holder, begin, count_attempt, finish, refused};
use crate::identity::access::{Access, Denied};
use crate::identity::factors::store;
use crate::identity::notices::{self, Notice};
use crate::platform::app::App;
use crate::platform::ids::PersonId;
use crate::platform::store::{BodyError, Entry, StoreError, Tx};
use crate::platform::web::Problem;
use crate::platform::web::request::RequestInfo;

/// Why a person's app stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("the last factor stays")]
    LastFactor,
    #[error(transparent)]
    Factor(#[from] FactorError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BodyError for AppError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Factor(error) => error.store_error(),
            _ => None,
        }
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Denied(denied) => denied.into(),
            AppError::Factor(FactorError::Refused) => Self::not_found(),
            AppError::Factor(error) => error.into(),
            AppError::Store(error) => error.into(),
            AppError::LastFactor => Self::conflict(crate::msg!("people-security-last")),
        }
    }
}

/// Prepares another app. A seed that was prepared before ends: a page may have shown it long ago.
pub async fn prepare(app: &App, access: &Access) -> Result<(), AppError> {
    access.require_fresh()?;
    let keys = app.keys.organisation(&app.store, access.scope()).await;
    let keys = keys.map_err(FactorError::from)?;
    let person = access.person();
    let session = access.caller().actor.credential_id;
    let session = session.ok_or(FactorError::Refused)?;
    app.store
        .write(access.caller(), move |tx| {
            codes_count(tx)?;
            end(tx, person, |kept| kept.confirmed.is_none())?;
            let key = keys.subject(tx, person).map_err(FactorError::from)?;
            begin(tx, (person, session), &key)?;
            Ok(tx.done(())?)
        })
        .await
}

/// Takes the prepared app by its first code, in place of the one before.
pub async fn take(app: &App, access: &Access, by: &Holder, code: &str) -> Result<(), AppError> {
    access.require_fresh()?;
    let keys = app.keys.organisation(&app.store, access.scope()).await;
    let keys = keys.map_err(FactorError::from)?;
    count_attempt(app, by).await?;
    let (code, holder, person) = (code.to_owned(), by.clone(), access.person());
    let done = app
        .store
        .write(access.caller(), move |tx| {
            codes_count(tx)?;
            let factor = store::pending(tx, (person, holder.session))
                .map_err(refused)?
                .ok_or(FactorError::Refused)?;
            let step = check(tx, &keys, person, &factor, &code)?;
            end(tx, person, |kept| kept.confirmed.is_some())?;
            store::confirm(tx, factor.id, step).map_err(refused)?;
            let entry = Entry::new("factor.confirmed", "factor", factor.id);
            tx.journal(entry.version(factor.version + 1).fact("person", person))?;
            notices::queue(tx, person, Notice::FactorChanged, Some(&holder.request))?;
            Ok::<_, FactorError>(tx.done(())?)
        })
        .await;
    Ok(finish(app, access.caller(), by, done).await?)
}

/// Removes her app; the last factor stays.
pub async fn remove(app: &App, access: &Access, request: &RequestInfo) -> Result<(), AppError> {
    access.require_fresh()?;
    let (person, request) = (access.person(), request.clone());
    app.store
        .write(access.caller(), move |tx| {
            if store::ways(tx, person)?.passkeys == 0 {
                return Err(AppError::LastFactor);
            }
            end(tx, person, |_| true)?;
            notices::queue(tx, person, Notice::FactorChanged, Some(&request))?;
            Ok(tx.done(())?)
        })
        .await
}

/// Ends those of her apps that `which` names.
pub(super) fn end(
    tx: &mut Tx<'_>,
    person: PersonId,
    which: impl Fn(&store::Kept) -> bool,
) -> Result<(), StoreError> {
    for kept in store::all_of(tx, person)? {
        if kept.removed.is_none() && which(&kept) {
            store::remove(tx, kept.id)?;
            let entry = Entry::new("factor.removed", "factor", kept.id);
            tx.journal(entry.version(kept.version + 1).fact("person", person))?;
        }
    }
    Ok(())
}
