//! Inviting somebody, and the mail that brings her the link.
//!
//! The mail is a job of the transaction that makes the link: it goes out after the commit, and never where there was none.
//! The database keeps the link's token as a hash, and sealed in the job's row until the mail is out.

use serde::{Deserialize, Serialize};

use super::{PeopleError, create, invitation, roles};
use crate::identity::access::{Access, Grant, Permission};
use crate::identity::credential::ShownToken;
use crate::identity::links;
use crate::identity::people::rules::Status;
use crate::identity::powers;
use crate::msg;
use crate::platform::app::App;
use crate::platform::ids::PersonId;
use crate::platform::jobs::{Job, queue_secret};
use crate::platform::keys::{KeyError, OrgKeys};
use crate::platform::mail::{MailError, Message, Outbox};
use crate::platform::store::Tx;
use crate::platform::web::locale::Locale;
use crate::platform::web::messages::Messages;

/// The kind of the job that mails an invitation.
pub const INVITATION_MAIL: &str = "invitation-mail";

/// What of the job may be read by whoever reads the database. Its secret is the link's token.
#[derive(Serialize, Deserialize)]
struct Payload {
    /// The language of whoever invited: of the one who reads it nothing is known yet.
    locale: String,
}

/// Invites somebody: her account waits, her link is mailed to her, and returned to be shown once. Roles that carry power wait
/// for a second administrator.
pub async fn invite(
    app: &App,
    access: &Access,
    (name, email, locale): (&str, &str, Locale),
    grants: &[Grant],
) -> Result<ShownToken, PeopleError> {
    access.require(Permission::PeopleAdminister)?;
    access.require_fresh()?;
    let keys = app.keys.organisation(&app.store, access.scope()).await?;
    let (name, email) = (name.to_owned(), email.to_owned());
    let (grants, by) = (grants.to_vec(), access.clone());
    let done = app
        .store
        .write(access.caller(), move |tx| {
            let id: PersonId = tx.id();
            let (powerful, plain) = roles::apart(tx, &grants)?;
            keys.create_subject(tx, id)?;
            create(tx, id, (&name, &email), Status::Invited, None, &[])?;
            for grant in &plain {
                super::grant(tx, id, *grant)?;
            }
            powers::give(tx, &by, id, &powerful)?;
            let token = links::issue(tx, links::Kind::Invitation, Some(id))?;
            queue_mail(tx, &keys, locale, &token)?;
            Ok(tx.done(token)?)
        })
        .await;
    done.map_err(known)
}

/// Queues the mail that brings a link, in the transaction that makes the link.
pub(super) fn queue_mail(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    locale: Locale,
    token: &ShownToken,
) -> Result<(), KeyError> {
    let payload = serde_json::json!({ "locale": locale.tag() }).to_string();
    queue_secret(tx, keys, (INVITATION_MAIL, &payload), &token.expose())
}

fn known(error: PeopleError) -> PeopleError {
    match error {
        PeopleError::Store(error) if error.is_unique("people_sign_in_name_once") => {
            PeopleError::Known
        }
        other => other,
    }
}

/// Why an invitation is not mailed now. None of these repeats an address or a link: they are kept with the job.
#[derive(Debug, thiserror::Error)]
pub enum InvitationMailError {
    #[error("the job's payload cannot be read")]
    Payload,
    #[error("the link's token does not open")]
    Key(#[from] KeyError),
    #[error("the invitation cannot be looked up")]
    Invitation(#[source] PeopleError),
    #[error(transparent)]
    Mail(#[from] MailError),
}

/// Mails the invitation of a job. A second try sends the same link under the same id. One that cannot be used any more
/// is not mailed: it was taken in the meantime, it has expired, or its row was not written by this program.
pub async fn mail_invitation(
    app: &App,
    outbox: &Outbox,
    job: &Job,
) -> Result<(), InvitationMailError> {
    let payload: Payload =
        serde_json::from_str(&job.payload).map_err(|_| InvitationMailError::Payload)?;
    let id = job.id.parse().map_err(|_| InvitationMailError::Payload)?;
    let keys = app.keys.organisation(&app.store, job.scope).await?;
    let token = job.open(&keys)?;
    let found = match invitation(app, token.expose()).await {
        Err(PeopleError::Link) => {
            tracing::info!(job = %job.id, "an invitation that cannot be used any more is not mailed");
            return Ok(());
        }
        other => other.map_err(InvitationMailError::Invitation)?,
    };
    let locale = Locale::from_tag(&payload.locale).unwrap_or_default();
    let link = app.link(&format!("/invitations/{}", token.expose()));
    let text = Messages::text_with(
        locale,
        msg!("people-mail-text"),
        &[
            ("name", &found.person.name),
            ("organisation", &found.organisation),
            ("link", &link),
        ],
    );
    let subject = Messages::text_with(
        locale,
        msg!("people-mail-subject"),
        &[("organisation", &found.organisation)],
    );
    let message = Message {
        id,
        to: found.person.email,
        subject,
        text,
    };
    Ok(outbox.send(&message, app.now()).await?)
}
