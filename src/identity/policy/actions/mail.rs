//! Mails about a policy that was proposed, decided on, or set by one alone. A job carries ids and the policy's words, one job a
//! reader.

use serde::{Deserialize, Serialize};

use crate::identity::notices::Reader;
use crate::identity::people;
use crate::identity::policy::pages::explained;
use crate::identity::policy::rules::Terms;
use crate::msg;
use crate::platform::app::App;
use crate::platform::ids::PersonId;
use crate::platform::jobs::{self, Job};
use crate::platform::mail::{MailError, Message, Outbox};
use crate::platform::store::{StoreError, Tx};
use crate::platform::web::messages::{Argument, Messages};

/// The kind of the job that mails one reader.
pub const POLICY_MAIL: &str = "policy-mail";

/// What is told.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Event {
    Proposed,
    Confirmed,
    Refused,
    SetAlone,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    event: Event,
    terms: String,
    by: String,
    to: String,
}

/// Queues the mails in the transaction they speak of.
pub(super) fn queue(
    tx: &mut Tx<'_>,
    (event, terms): (Event, Terms),
    by: PersonId,
    to: &[PersonId],
) -> Result<(), StoreError> {
    for reader in to {
        let payload = serde_json::json!(Payload {
            event,
            terms: terms.text(),
            by: by.to_string(),
            to: reader.to_string(),
        });
        jobs::queue(tx, POLICY_MAIL, &payload.to_string())?;
    }
    Ok(())
}

/// Why a mail does not go out now. None of these repeats an address: they are kept with the job.
#[derive(Debug, thiserror::Error)]
pub enum PolicyMailError {
    #[error("the job's payload cannot be read")]
    Payload,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Mail(#[from] MailError),
}

const fn texts(event: Event) -> (&'static str, &'static str) {
    match event {
        Event::Proposed => (
            msg!("settings-mail-policy-proposed-subject"),
            msg!("settings-mail-policy-proposed-text"),
        ),
        Event::Confirmed => (
            msg!("settings-mail-policy-confirmed-subject"),
            msg!("settings-mail-policy-confirmed-text"),
        ),
        Event::Refused => (
            msg!("settings-mail-policy-refused-subject"),
            msg!("settings-mail-policy-refused-text"),
        ),
        Event::SetAlone => (
            msg!("settings-mail-policy-alone-subject"),
            msg!("settings-mail-policy-alone-text"),
        ),
    }
}

/// Mails what a job tells to its reader; nobody is told who may not sign in any more.
pub async fn mail_policy(app: &App, outbox: &Outbox, job: &Job) -> Result<(), PolicyMailError> {
    let payload: Payload =
        serde_json::from_str(&job.payload).map_err(|_| PolicyMailError::Payload)?;
    let id = job.id.parse().map_err(|_| PolicyMailError::Payload)?;
    let id_of = |text: &str| text.parse().map_err(|_| PolicyMailError::Payload);
    let (by, to): (PersonId, PersonId) = (id_of(&payload.by)?, id_of(&payload.to)?);
    let terms = Terms::parse(&payload.terms).ok_or(PolicyMailError::Payload)?;
    let (proposer, reader) = app
        .store
        .read(job.scope, move |read| {
            Ok::<_, StoreError>((people::find(read, by)?.name, Reader::of(read, to)?))
        })
        .await?;
    let Some(reader) = reader else {
        return Ok(());
    };
    let link = app.link("/settings/security");
    let message = written(id, (payload.event, terms), (&reader, &proposer, &link));
    Ok(outbox.send(&message, app.now()).await?)
}

fn written(
    id: uuid::Uuid,
    (event, terms): (Event, Terms),
    (reader, proposer, link): (&Reader, &String, &String),
) -> Message {
    let page = reader.page();
    let what = explained(&page, &terms).join(" ");
    let facts: [(&str, &dyn Argument); 5] = [
        ("name", &reader.person.name),
        ("organisation", &reader.organisation),
        ("proposer", proposer),
        ("what", &what),
        ("link", link),
    ];
    let (subject, text) = texts(event);
    Message {
        id,
        to: reader.person.email.clone(),
        subject: Messages::text_with(page.locale, subject, &facts),
        text: Messages::text_with(page.locale, text, &facts),
    }
}
