//! Mails about delegations: to the principal and to the delegate. A job carries ids only, one job a reader.

use serde::{Deserialize, Serialize};

use super::{Listed, listed};
use crate::identity::delegations::DelegationId;
use crate::identity::delegations::store::{self, Delegation};
use crate::identity::notices::Reader;
use crate::msg;
use crate::platform::app::App;
use crate::platform::ids::PersonId;
use crate::platform::jobs::{self, Job};
use crate::platform::mail::{MailError, Message, Outbox};
use crate::platform::store::{StoreError, Tx};
use crate::platform::web::messages::{Argument, Messages};

/// The kind of the job that mails one reader.
pub const DELEGATION_MAIL: &str = "delegation-mail";

/// What is told.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Event {
    Made,
    Ended,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    event: Event,
    delegation: String,
    to: String,
}

/// Queues the mails to both in the transaction they speak of.
pub(super) fn queue(
    tx: &mut Tx<'_>,
    event: Event,
    delegation: &Delegation,
) -> Result<(), StoreError> {
    for reader in [delegation.principal, delegation.delegate] {
        let payload = serde_json::json!(Payload {
            event,
            delegation: delegation.id.to_string(),
            to: reader.to_string(),
        });
        jobs::queue(tx, DELEGATION_MAIL, &payload.to_string())?;
    }
    Ok(())
}

/// Why a mail does not go out now. None of these repeats an address: they are kept with the job.
#[derive(Debug, thiserror::Error)]
pub enum DelegationMailError {
    #[error("the job's payload cannot be read")]
    Payload,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Mail(#[from] MailError),
}

/// Mails what a job tells to its reader; nobody is told who may not sign in any more.
pub async fn mail_delegation(
    app: &App,
    outbox: &Outbox,
    job: &Job,
) -> Result<(), DelegationMailError> {
    let unreadable = || DelegationMailError::Payload;
    let payload: Payload = serde_json::from_str(&job.payload).map_err(|_| unreadable())?;
    let id = job.id.parse().map_err(|_| unreadable())?;
    let to: PersonId = payload.to.parse().map_err(|_| unreadable())?;
    let delegation: DelegationId = payload.delegation.parse().map_err(|_| unreadable())?;
    let (told, reader) = app
        .store
        .read(job.scope, move |read| {
            let delegation = store::find(read, delegation)?;
            Ok::<_, StoreError>((listed(read, delegation)?, Reader::of(read, to)?))
        })
        .await?;
    let Some(reader) = reader else {
        return Ok(());
    };
    let link = app.link("/me/delegations");
    let message = written(id, payload.event, (&told, &reader, &link));
    Ok(outbox.send(&message, app.now()).await?)
}

fn written(
    id: uuid::Uuid,
    event: Event,
    (told, reader, link): (&Listed, &Reader, &String),
) -> Message {
    let (subject, text) = match event {
        Event::Made => (
            msg!("people-mail-delegated-subject"),
            msg!("people-mail-delegated-text"),
        ),
        Event::Ended => (
            msg!("people-mail-delegation-ended-subject"),
            msg!("people-mail-delegation-ended-text"),
        ),
    };
    let page = reader.page();
    let (from, until) = (
        page.date(told.delegation.from),
        page.date(told.delegation.until),
    );
    let entity = told.entity.clone();
    let entity = entity.unwrap_or_else(|| page.t(msg!("people-delegation-everywhere")));
    let facts: [(&str, &dyn Argument); 8] = [
        ("name", &reader.person.name),
        ("organisation", &reader.organisation),
        ("principal", &told.principal),
        ("delegate", &told.delegate),
        ("entity", &entity),
        ("from", &from),
        ("until", &until),
        ("link", link),
    ];
    Message {
        id,
        to: reader.person.email.clone(),
        subject: Messages::text_with(page.locale, subject, &facts),
        text: Messages::text_with(page.locale, text, &facts),
    }
}
