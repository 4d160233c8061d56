//! Asking for a link, mailing it, and using it.

use serde::{Deserialize, Serialize};

use crate::identity::devices::Known;
use crate::identity::forged::{is_forged, unless_forged};
use crate::identity::links::{self, Kind, Link, lifetime_us};
use crate::identity::notices::{self, Notice};
use crate::identity::passwords::{self, Hashed};
use crate::identity::people::{self, Person, Status};
use crate::identity::policy;
use crate::identity::throttles;
use crate::identity::{devices, organisations, sessions, sso};
use crate::msg;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::{PersonId, uuid_v7};
use crate::platform::jobs::{self, Job};
use crate::platform::mail::{MailError, Message, Outbox};
use crate::platform::scope::{Actor, Caller, CredentialKind, Scope};
use crate::platform::store::{BodyError, Entry, Reads as _, StoreError, Tx};
use crate::platform::web::Problem;
use crate::platform::web::locale::Locale;
use crate::platform::web::messages::Messages;
use crate::platform::web::request::RequestInfo;

/// The kind of the job that mails a link.
pub const RESET_MAIL: &str = "reset-mail";
/// Longer texts are no address (RFC 5321, 4.5.3.1.3).
const NAME_CHARS: usize = 254;

/// Mails to one address: whoever waits for a mail asks again, whoever floods a mailbox is stopped. The lock is shorter than the
/// life of the last link that was mailed, so that strangers who ask for her keep nobody without a link.
const ASKING: throttles::Limit = throttles::Limit {
    free: 3,
    lock_at: 6,
    locked_us: 15 * Micros::MINUTE,
    forget_us: Micros::HOUR,
};

#[derive(Debug, thiserror::Error)]
pub enum ResetError {
    #[error("the link cannot be used (any more)")]
    Link,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BodyError for ResetError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Link => None,
        }
    }
}

impl From<ResetError> for Problem {
    fn from(error: ResetError) -> Self {
        match error {
            ResetError::Store(error) => error.into(),
            ResetError::Link => Self::new(
                axum::http::StatusCode::NOT_FOUND,
                msg!("error-link-unusable"),
            ),
        }
    }
}

/// Who is meant, as typed. Looked up by the job alone.
#[derive(Serialize, Deserialize)]
struct Asked {
    name: String,
    organisation: Option<String>,
    locale: String,
    at_us: i64,
}

/// Notes that somebody asked for a link. Who is known and who is not cost the same, and take the same time.
pub async fn ask(
    app: &App,
    meant: (&str, Option<&str>),
    request: &RequestInfo,
) -> Result<(), StoreError> {
    let paced = app.pace.begin();
    let noted = note(app, meant, request).await;
    paced.leave().await;
    noted
}

async fn note(
    app: &App,
    (email, organisation): (&str, Option<&str>),
    request: &RequestInfo,
) -> Result<(), StoreError> {
    let name: String = people::sign_in_name(email)
        .chars()
        .take(NAME_CHARS)
        .collect();
    let keys = [
        throttles::Key::account(&format!("reset of {name}"), ASKING),
        throttles::Key::address(&request.address_prefix(), throttles::ADDRESS),
    ];
    if !throttles::attempt(app, &keys).await? {
        return Ok(());
    }
    let asked = serde_json::json!(Asked {
        name: name.clone(),
        organisation: organisation.map(|slug| slug.chars().take(NAME_CHARS).collect()),
        locale: request.locale.tag().to_owned(),
        at_us: app.now().0,
    })
    .to_string();
    let caller = app.caller(Scope::SYSTEM, CredentialKind::Anonymous, request.id);
    let (id, address) = (request.id, request.address.to_string());
    app.store
        .write(caller, move |tx| {
            jobs::queue(tx, RESET_MAIL, &asked)?;
            let entry = Entry::new("reset.asked", "sign-in", id);
            tx.commit(entry.fact("name", &name).fact("address", &address), ())
        })
        .await
}

/// Why a link is not mailed now. None of these repeats an address or a link: they are kept with the job.
#[derive(Debug, thiserror::Error)]
pub enum ResetMailError {
    #[error("the job's payload cannot be read")]
    Payload,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Mail(#[from] MailError),
}

/// Makes the link of a job, if anybody is meant who has a password, and mails it. A second try makes another link.
pub async fn mail_reset(app: &App, outbox: &Outbox, job: &Job) -> Result<(), ResetMailError> {
    let asked: Asked = serde_json::from_str(&job.payload).map_err(|_| ResetMailError::Payload)?;
    // Nobody waits any more: a link for a request of yesterday would be a surprise.
    if app.now().since(Micros(asked.at_us)) >= lifetime_us(Kind::Reset) {
        return Ok(());
    }
    let candidate = people::candidate(app, &asked.name, asked.organisation.as_deref()).await?;
    let Some(candidate) = candidate.filter(|candidate| candidate.status == Status::Active) else {
        return Ok(());
    };
    let (scope, person) = (Scope::of(candidate.organisation), candidate.person);
    let caller = app.caller(scope, CredentialKind::Job, app.id());
    let made = app
        .store
        .write(caller, move |tx| {
            tx.authentic("people", person)?;
            if passwords::find(tx, person)?.is_none() {
                return tx.done(None);
            }
            let mail = uuid_v7(tx.now(), tx.entropy());
            let (organisation, _) = organisations::name_and_zone(tx)?;
            let locale = people::locale_of(tx, person)?;
            let found = people::find(tx, person)?;
            // Another password would not let her in: she is told which way does.
            if sso::refuses_others(tx, person)? {
                return tx.done(Some((mail, None, found, locale, organisation)));
            }
            // Hers of another kind stay: whoever asks here is anybody.
            for link in links::open_of_person_and_kind(tx, person, Kind::Reset)? {
                links::void(tx, link)?;
            }
            let token = links::issue(tx, Kind::Reset, Some(person))?;
            // Each link is a mail of its own: a mailbox must not take the second for a copy of the first.
            tx.done(Some((mail, Some(token), found, locale, organisation)))
        })
        .await;
    let Some((id, token, person, locale, organisation)) = unless_forged(made)?.flatten() else {
        return Ok(());
    };
    let locale = locale
        .and_then(|tag| Locale::from_tag(&tag))
        .or_else(|| Locale::from_tag(&asked.locale))
        .unwrap_or_default();
    let (text, link) = match &token {
        Some(token) => (
            msg!("sign-in-mail-reset-text"),
            app.link(&format!("/reset/{}", *token.expose())),
        ),
        None => (msg!("sso-mail-reset-text"), app.link("/sign-in")),
    };
    let message = Message {
        id,
        to: person.email,
        subject: Messages::text_with(
            locale,
            msg!("sign-in-mail-reset-subject"),
            &[("organisation", &organisation)],
        ),
        text: Messages::text_with(locale, text, &[("name", &person.name), ("link", &link)]),
    };
    Ok(outbox.send(&message, app.now()).await?)
}

/// An open link, and whose password it replaces.
#[derive(Debug, Clone)]
pub struct Reset {
    pub link: Link,
    pub person: Person,
    pub organisation: String,
    /// The organisation's short name.
    pub slug: String,
}

/// The reset of a link, if it can still be used. That one was used, has expired or was never given is told by nothing, its time
/// included.
pub async fn open(app: &App, token: &str) -> Result<Reset, ResetError> {
    let found = links::open(app, (token, Kind::Reset), |read, link, id| {
        let (organisation, slug) = organisations::name_and_slug(read)?;
        let person = people::find(read, id)?;
        let is_active = person.status == Status::Active;
        Ok(is_active.then_some(Reset {
            link,
            person,
            organisation,
            slug,
        }))
    });
    found.await?.ok_or(ResetError::Link)
}

/// Replaces the password by one that was hashed before. Whoever was signed in as her is not any more.
pub async fn replace(
    app: &App,
    reset: &Reset,
    password: Hashed,
    (request, device): (&RequestInfo, Option<Known>),
) -> Result<(), ResetError> {
    let (link, id) = (reset.link, reset.person.id);
    let caller = Caller {
        scope: Scope::of(link.organisation),
        actor: Actor {
            person: Some(id),
            on_behalf_of: None,
            credential: CredentialKind::Link,
            credential_id: Some(link.id),
            request: request.id,
        },
        judged_by: None,
        now: app.now(),
    };
    let request = request.clone();
    app.store
        .write(caller, move |tx| {
            links::spend(tx, link.id).map_err(unusable)?;
            replaced(tx, id, &password, (&request, device)).map_err(unusable)?;
            Ok(tx.done(())?)
        })
        .await
}

fn replaced(
    tx: &mut Tx<'_>,
    id: PersonId,
    password: &Hashed,
    (request, device): (&RequestInfo, Option<Known>),
) -> Result<(), StoreError> {
    tx.authentic("people", id)?;
    // Whoever was suspended since the page was opened keeps the password she cannot use.
    if people::find(tx, id)?.status != Status::Active {
        return Err(StoreError::Missing);
    }
    policy::keep_former(tx, id)?;
    passwords::replace(tx, id, password)?;
    let version = passwords::version(tx, id)?;
    tx.journal(Entry::new("password.reset", "password", id).version(version))?;
    sessions::end_all_of(tx, id, None, "password-reset")?;
    // Where she reads her mail and chose the new one she stays known: strangers who attack her account meanwhile do not lock
    // her out.
    let own = device.filter(|known| known.person == id);
    devices::end_all_of(tx, id, own.map(|known| known.id))?;
    notices::queue(tx, id, Notice::PasswordChanged, Some(request))
}

fn unusable(error: StoreError) -> ResetError {
    match error {
        StoreError::Missing | StoreError::Stale => ResetError::Link,
        other if is_forged(&other) => ResetError::Link,
        other => ResetError::Store(other),
    }
}
