//! Mails about lost factors. A job carries ids; the link is made when it is mailed, and stands nowhere before.

use serde::{Deserialize, Serialize};

use crate::identity::factors;
use crate::identity::forged::unless_forged;
use crate::identity::links::{self, Kind, lifetime_us};
use crate::identity::notices::Reader;
use crate::identity::people;
use crate::msg;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::{PersonId, uuid_v7};
use crate::platform::jobs::{self, Job};
use crate::platform::mail::{MailError, Message, Outbox};
use crate::platform::scope::CredentialKind;
use crate::platform::store::{StoreError, Tx};
use crate::platform::web::messages::{Argument, Messages};

/// The kind of the job that mails one reader.
pub const LOST_FACTOR_MAIL: &str = "lost-factor-mail";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Event {
    /// To her: somebody proposed it.
    Proposed,
    /// To her: it was done, with the link.
    Link,
    /// To whoever administers: the operator did it.
    ByOperator,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    event: Event,
    /// Whose factors.
    person: String,
    to: String,
    at_us: i64,
}

fn queue(
    tx: &mut Tx<'_>,
    event: Event,
    (person, to): (PersonId, PersonId),
) -> Result<(), StoreError> {
    let payload = serde_json::json!(Payload {
        event,
        person: person.to_string(),
        to: to.to_string(),
        at_us: tx.now().0,
    });
    jobs::queue(tx, LOST_FACTOR_MAIL, &payload.to_string())
}

/// Tells her that somebody proposed it.
pub(in crate::identity) fn tell_of_proposal(
    tx: &mut Tx<'_>,
    person: PersonId,
) -> Result<(), StoreError> {
    queue(tx, Event::Proposed, (person, person))
}

pub(super) fn queue_link(tx: &mut Tx<'_>, person: PersonId) -> Result<(), StoreError> {
    queue(tx, Event::Link, (person, person))
}

pub(super) fn tell_administrator(
    tx: &mut Tx<'_>,
    person: PersonId,
    administrator: PersonId,
) -> Result<(), StoreError> {
    queue(tx, Event::ByOperator, (person, administrator))
}

/// Why a mail does not go out now. None of these repeats an address or a link: they are kept with the job.
#[derive(Debug, thiserror::Error)]
pub enum LostFactorMailError {
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
            msg!("people-mail-lost-hers-subject"),
            msg!("people-mail-lost-hers-text"),
        ),
        Event::Link => (
            msg!("people-mail-lost-link-subject"),
            msg!("people-mail-lost-link-text"),
        ),
        Event::ByOperator => (
            msg!("people-mail-lost-operator-subject"),
            msg!("people-mail-lost-operator-text"),
        ),
    }
}

/// Mails what a job tells to its reader; nobody is told who may not sign in any more. A job for a link makes it: a second try
/// makes another, and a job that nobody queued brings her a link to her own address, where her factors were reset.
pub async fn mail_lost_factor(
    app: &App,
    outbox: &Outbox,
    job: &Job,
) -> Result<(), LostFactorMailError> {
    let payload: Payload =
        serde_json::from_str(&job.payload).map_err(|_| LostFactorMailError::Payload)?;
    let id_of = |text: &str| text.parse().map_err(|_| LostFactorMailError::Payload);
    let (person, to): (PersonId, PersonId) = (id_of(&payload.person)?, id_of(&payload.to)?);
    let event = payload.event;
    let is_late = app.now().since(Micros(payload.at_us)) >= lifetime_us(Kind::NewFactor);
    if event == Event::Link && is_late {
        return Ok(());
    }
    let caller = app.caller(job.scope, CredentialKind::Job, app.id());
    let made = app
        .store
        .write(caller, move |tx| {
            let reader = Reader::of(tx, to)?;
            let name = people::find(tx, person)?.name;
            let id = uuid_v7(tx.now(), tx.entropy());
            if event != Event::Link {
                return tx.done(Some((id, reader, name, None)));
            }
            if reader.is_none() || !factors::ways(tx, person)?.were_reset {
                return tx.done(None);
            }
            for link in links::open_of_person_and_kind(tx, person, Kind::NewFactor)? {
                links::void(tx, link)?;
            }
            let token = links::issue(tx, Kind::NewFactor, Some(person))?;
            tx.done(Some((id, reader, name, Some(token))))
        })
        .await;
    let Some((id, Some(reader), name, token)) = unless_forged(made)?.flatten() else {
        return Ok(());
    };
    let link = match &token {
        Some(token) => app.link(&format!("/new-factor/{}", *token.expose())),
        None => app.link("/people"),
    };
    let message = written(id, texts(event), (&reader, &name, &link));
    Ok(outbox.send(&message, app.now()).await?)
}

fn written(
    id: uuid::Uuid,
    (subject, text): (&str, &str),
    (reader, person, link): (&Reader, &String, &String),
) -> Message {
    let locale = reader.page().locale;
    let facts: [(&str, &dyn Argument); 4] = [
        ("name", &reader.person.name),
        ("organisation", &reader.organisation),
        ("person", person),
        ("link", link),
    ];
    Message {
        id,
        to: reader.person.email.clone(),
        subject: Messages::text_with(locale, subject, &facts),
        text: Messages::text_with(locale, text, &facts),
    }
}
