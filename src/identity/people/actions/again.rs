//! Inviting somebody again whose link has expired or was lost.

use super::PeopleError;
use super::invite::queue_mail;
use crate::identity::access::{Access, Permission};
use crate::identity::credential::ShownToken;
use crate::identity::links;
use crate::identity::passwords;
use crate::identity::people::rules::Status;
use crate::identity::people::store;
use crate::identity::sso;
use crate::platform::app::App;
use crate::platform::ids::PersonId;
use crate::platform::store::{Entry, Reads, StoreError};
use crate::platform::web::locale::Locale;

/// A new link for somebody who was invited and has not accepted yet, mailed and returned; earlier ones end with it.
///
/// # Errors
/// [`PeopleError::NotInvited`] where she has accepted, or is suspended.
pub async fn invite_again(
    app: &App,
    access: &Access,
    id: PersonId,
    locale: Locale,
) -> Result<ShownToken, PeopleError> {
    access.require(Permission::PeopleAdminister)?;
    access.require_fresh()?;
    let keys = app.keys.organisation(&app.store, access.scope()).await?;
    app.store
        .write(access.caller(), move |tx| {
            let person = store::find(tx, id)?;
            if person.status != Status::Invited {
                return Err(PeopleError::NotInvited);
            }
            tx.authentic("people", id)?;
            for link in links::open_of_person(tx, id)? {
                links::void(tx, link)?;
            }
            let token = links::issue(tx, links::Kind::Invitation, Some(id))?;
            queue_mail(tx, &keys, locale, &token)?;
            tx.journal(Entry::new("person.invited", "person", id).version(person.version))?;
            Ok(tx.done(token)?)
        })
        .await
}

/// What a suspended person is again once she is let in: whoever never chose a password and has no identity at an identity provider
/// is invited still, since an active person without either could neither sign in nor be invited.
pub(super) fn resumed(reads: &mut impl Reads, id: PersonId) -> Result<Status, StoreError> {
    let has_joined = passwords::find(reads, id)?.is_some() || sso::has_identity(reads, id)?;
    Ok(if has_joined {
        Status::Active
    } else {
        Status::Invited
    })
}
