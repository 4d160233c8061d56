//! Mails about power that was proposed, decided on, or granted by one alone. A job carries ids only, one job a reader.

use serde::{Deserialize, Serialize};

use super::{Listed, listed};
use crate::identity::notices::Reader;
use crate::identity::powers::rules::Kind;
use crate::identity::powers::store;
use crate::identity::powers::{PowerRequestId, what};
use crate::msg;
use crate::platform::app::App;
use crate::platform::ids::PersonId;
use crate::platform::jobs::{self, Job};
use crate::platform::mail::{MailError, Message, Outbox};
use crate::platform::store::{StoreError, Tx};
use crate::platform::web::messages::{Argument, Messages};

/// The kind of the job that mails one reader.
pub const POWER_MAIL: &str = "power-mail";

/// What is told.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Event {
    Proposed,
    Confirmed,
    Refused,
    GrantedAlone,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    event: Event,
    request: String,
    to: String,
}

/// Queues the mails in the transaction they speak of.
pub(super) fn queue(
    tx: &mut Tx<'_>,
    event: Event,
    request: PowerRequestId,
    to: &[PersonId],
) -> Result<(), StoreError> {
    for reader in to {
        let payload = serde_json::json!(Payload {
            event,
            request: request.to_string(),
            to: reader.to_string(),
        });
        jobs::queue(tx, POWER_MAIL, &payload.to_string())?;
    }
    Ok(())
}

/// Why a mail does not go out now. None of these repeats an address: they are kept with the job.
#[derive(Debug, thiserror::Error)]
pub enum PowerMailError {
    #[error("the job's payload cannot be read")]
    Payload,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Mail(#[from] MailError),
}

const fn texts(event: Event, kind: Kind) -> (&'static str, &'static str) {
    match event {
        Event::Proposed if matches!(kind, Kind::FactorReset) => (
            msg!("people-mail-lost-proposed-subject"),
            msg!("people-mail-lost-proposed-text"),
        ),
        Event::Confirmed if matches!(kind, Kind::FactorReset) => (
            msg!("people-mail-lost-confirmed-subject"),
            msg!("people-mail-lost-confirmed-text"),
        ),
        Event::Refused if matches!(kind, Kind::FactorReset) => (
            msg!("people-mail-lost-refused-subject"),
            msg!("people-mail-lost-refused-text"),
        ),
        Event::Proposed => (
            msg!("people-mail-proposed-subject"),
            msg!("people-mail-proposed-text"),
        ),
        Event::Confirmed => (
            msg!("people-mail-confirmed-subject"),
            msg!("people-mail-confirmed-text"),
        ),
        Event::Refused => (
            msg!("people-mail-refused-subject"),
            msg!("people-mail-refused-text"),
        ),
        Event::GrantedAlone => (
            msg!("people-mail-alone-subject"),
            msg!("people-mail-alone-text"),
        ),
    }
}

/// Mails what a job tells to its reader; nobody is told who may not sign in any more.
pub async fn mail_power(app: &App, outbox: &Outbox, job: &Job) -> Result<(), PowerMailError> {
    let payload: Payload =
        serde_json::from_str(&job.payload).map_err(|_| PowerMailError::Payload)?;
    let id = job.id.parse().map_err(|_| PowerMailError::Payload)?;
    let to: PersonId = payload.to.parse().map_err(|_| PowerMailError::Payload)?;
    let request: PowerRequestId = payload
        .request
        .parse()
        .map_err(|_| PowerMailError::Payload)?;
    let (told, reader) = app
        .store
        .read(job.scope, move |read| {
            let request = store::find(read, request)?;
            let told = listed(read, request)?;
            Ok::<_, StoreError>((told, Reader::of(read, to)?))
        })
        .await?;
    let Some(reader) = reader else {
        return Ok(());
    };
    let link = app.link("/people/requests");
    let texts = texts(payload.event, told.request.kind);
    let message = written(id, texts, (&told, &reader, &link));
    Ok(outbox.send(&message, app.now()).await?)
}

fn written(
    id: uuid::Uuid,
    (subject, text): (&str, &str),
    (told, reader, link): (&Listed, &Reader, &String),
) -> Message {
    let page = reader.page();
    let (what, until) = (what(&page, told), page.time(told.request.expires.0));
    let decided_by = told.decided_by.clone().unwrap_or_default();
    let facts: [(&str, &dyn Argument); 8] = [
        ("name", &reader.person.name),
        ("organisation", &reader.organisation),
        ("person", &told.person.name),
        ("what", &what),
        ("proposer", &told.proposed_by),
        ("decider", &decided_by),
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
