//! Mails about a directory's token and about what a group gives. A job carries ids only, one job a reader.

use std::fmt::Display;

use serde::{Deserialize, Serialize};

use crate::identity::notices::Reader;
use crate::identity::people;
use crate::identity::provisioning::store::{mappings, tokens};
use crate::msg;
use crate::platform::app::App;
use crate::platform::ids::PersonId;
use crate::platform::jobs::{self, Job};
use crate::platform::mail::{MailError, Message, Outbox};
use crate::platform::store::{Reads, StoreError, Tx};
use crate::platform::web::messages::{Argument, Messages};

/// The kind of the job that mails one reader.
pub const DIRECTORY_MAIL: &str = "directory-mail";

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Event {
    Proposed,
    Confirmed,
    Alone,
    MappingProposed,
    MappingAlone,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    event: Event,
    subject: String,
    to: String,
}

/// Queues the mails in the transaction they speak of.
pub(super) fn queue(
    tx: &mut Tx<'_>,
    event: Event,
    subject: impl Display,
    to: &[PersonId],
) -> Result<(), StoreError> {
    for reader in to {
        let payload = serde_json::json!(Payload {
            event,
            subject: subject.to_string(),
            to: reader.to_string(),
        });
        jobs::queue(tx, DIRECTORY_MAIL, &payload.to_string())?;
    }
    Ok(())
}

/// Why a mail does not go out now. None of these repeats an address: they are kept with the job.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryMailError {
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
            msg!("directories-mail-proposed-subject"),
            msg!("directories-mail-proposed-text"),
        ),
        Event::Confirmed => (
            msg!("directories-mail-confirmed-subject"),
            msg!("directories-mail-confirmed-text"),
        ),
        Event::Alone => (
            msg!("directories-mail-alone-subject"),
            msg!("directories-mail-alone-text"),
        ),
        Event::MappingProposed => (
            msg!("directories-mail-mapping-subject"),
            msg!("directories-mail-mapping-text"),
        ),
        Event::MappingAlone => (
            msg!("directories-mail-mapping-alone-subject"),
            msg!("directories-mail-mapping-alone-text"),
        ),
    }
}

/// What the mail names: the directory or the group, and who proposed.
struct Told {
    what: String,
    proposer: String,
}

fn told(reads: &mut impl Reads, event: Event, subject: &str) -> Result<Told, StoreError> {
    let missing = StoreError::Missing;
    let (what, by) = match event {
        Event::Proposed | Event::Confirmed | Event::Alone => {
            let token = tokens::authentic(reads, subject.parse().map_err(|_| missing)?)?;
            let directory = tokens::directory(reads, token.directory)?;
            (directory.name, token.proposed_by)
        }
        Event::MappingProposed | Event::MappingAlone => {
            let mapping = mappings::authentic(reads, subject.parse().map_err(|_| missing)?)?;
            (
                mappings::directory_of(reads, mapping.group)?.1,
                mapping.proposed_by,
            )
        }
    };
    Ok(Told {
        what,
        proposer: people::find(reads, by)?.name,
    })
}

/// Mails what a job tells to its reader; nobody is told who may not sign in any more, and nothing of a group that is gone.
pub async fn mail_directory(
    app: &App,
    outbox: &Outbox,
    job: &Job,
) -> Result<(), DirectoryMailError> {
    let payload: Payload =
        serde_json::from_str(&job.payload).map_err(|_| DirectoryMailError::Payload)?;
    let id = job.id.parse().map_err(|_| DirectoryMailError::Payload)?;
    let to: PersonId = payload
        .to
        .parse()
        .map_err(|_| DirectoryMailError::Payload)?;
    let (event, subject) = (payload.event, payload.subject);
    let found = app
        .store
        .read(job.scope, move |read| {
            let told = match told(read, event, &subject) {
                Err(StoreError::Missing) => return Ok(None),
                other => other?,
            };
            Ok::<_, StoreError>(Reader::of(read, to)?.map(|reader| (told, reader)))
        })
        .await?;
    let Some((told, reader)) = found else {
        return Ok(());
    };
    let message = written(id, texts(event), &told, reader, app);
    Ok(outbox.send(&message, app.now()).await?)
}

fn written(
    id: uuid::Uuid,
    (subject, text): (&str, &str),
    told: &Told,
    reader: Reader,
    app: &App,
) -> Message {
    let (page, link) = (reader.page(), app.link("/settings/directories"));
    let facts: [(&str, &dyn Argument); 5] = [
        ("name", &reader.person.name),
        ("organisation", &reader.organisation),
        ("what", &told.what),
        ("proposer", &told.proposer),
        ("link", &link),
    ];
    Message {
        id,
        subject: Messages::text_with(page.locale, subject, &facts),
        text: Messages::text_with(page.locale, text, &facts),
        to: reader.person.email,
    }
}
