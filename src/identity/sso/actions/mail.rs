//! Mails to administrators about how people sign in. A job carries ids only, one job a reader.

use serde::{Deserialize, Serialize};

use super::look::what;
use crate::identity::notices::Reader;
use crate::identity::people;
use crate::identity::sso::SsoSettingId;
use crate::identity::sso::store::settings::{self, Setting};
use crate::msg;
use crate::platform::app::App;
use crate::platform::ids::PersonId;
use crate::platform::jobs::{self, Job};
use crate::platform::mail::{MailError, Message, Outbox};
use crate::platform::store::{StoreError, Tx};
use crate::platform::web::messages::{Argument, Messages};

/// The kind of the job that mails one reader.
pub const SSO_MAIL: &str = "sso-mail";

/// What is told.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::identity::sso) enum Event {
    Proposed,
    Confirmed,
    Refused,
    MadeAlone,
    Ended,
    /// Somebody marked signed in without an identity provider.
    BreakGlass,
    /// An identity provider's keys are others than they were.
    KeysChanged,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    event: Event,
    setting: String,
    person: Option<String>,
    to: String,
    at_us: i64,
}

/// Queues the mails in the transaction they speak of.
pub(in crate::identity::sso) fn queue(
    tx: &mut Tx<'_>,
    event: Event,
    setting: SsoSettingId,
    to: &[PersonId],
) -> Result<(), StoreError> {
    queue_about(tx, event, (setting, None), to)
}

/// The same, about a person as well.
pub(super) fn queue_about(
    tx: &mut Tx<'_>,
    event: Event,
    (setting, person): (SsoSettingId, Option<PersonId>),
    to: &[PersonId],
) -> Result<(), StoreError> {
    for reader in to {
        let payload = serde_json::json!(Payload {
            event,
            setting: setting.to_string(),
            person: person.map(|person| person.to_string()),
            to: reader.to_string(),
            at_us: tx.now().0,
        });
        jobs::queue(tx, SSO_MAIL, &payload.to_string())?;
    }
    Ok(())
}

/// Why a mail does not go out now. None of these repeats an address: they are kept with the job.
#[derive(Debug, thiserror::Error)]
pub enum SsoMailError {
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
            msg!("sso-mail-proposed-subject"),
            msg!("sso-mail-proposed-text"),
        ),
        Event::Confirmed => (
            msg!("sso-mail-confirmed-subject"),
            msg!("sso-mail-confirmed-text"),
        ),
        Event::Refused => (
            msg!("sso-mail-refused-subject"),
            msg!("sso-mail-refused-text"),
        ),
        Event::MadeAlone => (msg!("sso-mail-alone-subject"), msg!("sso-mail-alone-text")),
        Event::Ended => (msg!("sso-mail-ended-subject"), msg!("sso-mail-ended-text")),
        Event::BreakGlass => (
            msg!("sso-mail-break-glass-subject"),
            msg!("sso-mail-break-glass-text"),
        ),
        Event::KeysChanged => (msg!("sso-mail-keys-subject"), msg!("sso-mail-keys-text")),
    }
}

/// Mails what a job tells to its reader; nobody is told who may not sign in any more.
pub async fn mail_sso(app: &App, outbox: &Outbox, job: &Job) -> Result<(), SsoMailError> {
    let payload: Payload = serde_json::from_str(&job.payload).map_err(|_| SsoMailError::Payload)?;
    let id = job.id.parse().map_err(|_| SsoMailError::Payload)?;
    let to: PersonId = payload.to.parse().map_err(|_| SsoMailError::Payload)?;
    let setting: SsoSettingId = payload.setting.parse().map_err(|_| SsoMailError::Payload)?;
    let person: Option<PersonId> = match &payload.person {
        Some(person) => Some(person.parse().map_err(|_| SsoMailError::Payload)?),
        None => None,
    };
    let found = app
        .store
        .read(job.scope, move |read| {
            let told = settings::find(read, setting)?;
            let person = person
                .map(|person| people::find(read, person))
                .transpose()?;
            let proposer = people::find(read, told.proposed_by)?.name;
            Ok::<_, StoreError>((told, person, proposer, Reader::of(read, to)?))
        })
        .await?;
    let (told, person, proposer, Some(reader)) = found else {
        return Ok(());
    };
    let link = app.link("/settings/sign-in");
    let told = Told {
        what: &told,
        person: person.map(|person| person.name).unwrap_or_default(),
        proposer,
        at_us: payload.at_us,
    };
    let message = written(id, payload.event, (&told, &reader, &link));
    Ok(outbox.send(&message, app.now()).await?)
}

/// What a mail speaks of.
struct Told<'a> {
    what: &'a Setting,
    person: String,
    proposer: String,
    at_us: i64,
}

fn written(
    id: uuid::Uuid,
    event: Event,
    (told, reader, link): (&Told<'_>, &Reader, &String),
) -> Message {
    let page = reader.page();
    let what = what(&page, &told.what.configuration);
    let (time, until) = (page.time(told.at_us), page.time(told.what.expires.0));
    let facts: [(&str, &dyn Argument); 8] = [
        ("name", &reader.person.name),
        ("organisation", &reader.organisation),
        ("what", &what),
        ("person", &told.person),
        ("proposer", &told.proposer),
        ("time", &time),
        ("until", &until),
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
