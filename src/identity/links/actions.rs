//! Making, finding and spending links; the pieces with a `Tx` are part of others' transactions.

use super::rules::{Kind, Link, lifetime_us};
use super::store;
use crate::identity::credential::{ShownToken, behind};
use crate::identity::forged::unless_forged;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::scope::Scope;
use crate::platform::store::{Entry, Read, Reads as _, StoreError, Tx};

/// The open link of a token, if there is one of this kind. Unknown, used and expired are alike.
pub async fn find(app: &App, token: &str, kind: Kind) -> Result<Option<Link>, StoreError> {
    let Some(token) = ShownToken::parse(token) else {
        return Ok(None);
    };
    let stored = token.stored();
    let found = behind(app, stored, store::find, move |read, id| {
        store::load(read, id, stored)
    });
    let (link, now) = (found.await?.map(|behind| behind.row), app.now());
    Ok(link.filter(|link: &Link| link.is_open(kind, now)))
}

/// What an open link of somebody's is for, as `look` reads it; none where it cannot be used. That it was used, has expired, was
/// never given or leads to nothing is told by nothing, its time included.
pub(in crate::identity) async fn open<T: Send + 'static>(
    app: &App,
    (token, kind): (&str, Kind),
    look: impl FnMut(&mut Read<'_>, Link, PersonId) -> Result<Option<T>, StoreError> + Send + 'static,
) -> Result<Option<T>, StoreError> {
    let paced = app.pace.begin();
    let found = opened(app, (token, kind), look).await;
    if let Ok(None) = found {
        paced.leave().await;
    }
    found
}

async fn opened<T: Send + 'static>(
    app: &App,
    (token, kind): (&str, Kind),
    mut look: impl FnMut(&mut Read<'_>, Link, PersonId) -> Result<Option<T>, StoreError>
    + Send
    + 'static,
) -> Result<Option<T>, StoreError> {
    let Some(link) = find(app, token, kind).await? else {
        return Ok(None);
    };
    let Some(id) = link.person else {
        return Ok(None);
    };
    let looked = app
        .store
        .read(Scope::of(link.organisation), move |read| {
            read.authentic("people", id)?;
            look(read, link, id)
        })
        .await;
    match looked {
        Err(StoreError::Missing | StoreError::Stale) => Ok(None),
        other => Ok(unless_forged(other)?.flatten()),
    }
}

/// Makes a link within the transaction it belongs to; the token goes to its reader after the commit.
pub fn issue(
    tx: &mut Tx<'_>,
    kind: Kind,
    person: Option<PersonId>,
) -> Result<ShownToken, StoreError> {
    let token = ShownToken::generate(tx.entropy());
    let id: CredentialId = tx.id();
    let expires = tx.now().plus_us(lifetime_us(kind));
    store::insert(tx, id, kind, token.stored(), person, expires)?;
    tx.journal(Entry::new("link.issued", "link", id).fact("kind", kind))?;
    Ok(token)
}

/// Uses a link up; of several who try at once, one succeeds.
///
/// # Errors
/// `Missing` where it was used or has expired; `Forged` where it is none of ours.
pub fn spend(tx: &mut Tx<'_>, id: CredentialId) -> Result<(), StoreError> {
    tx.authentic("links", id)?;
    let now = tx.now();
    store::spend(tx, id, now)?;
    tx.journal(Entry::new("link.used", "link", id).version(2))
}

/// Voids a link that nobody shall use any more; an expired one too.
pub(in crate::identity) fn void(tx: &mut Tx<'_>, id: CredentialId) -> Result<(), StoreError> {
    store::spend(tx, id, Micros(0))?;
    tx.journal(Entry::new("link.voided", "link", id).version(2))
}
