//! Queueing a notice, and mailing it.

mod news;

pub use news::{NEWS_MAIL, News, mail_news, tell};

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::identity::organisations;
use crate::identity::people::{self, Person, Status};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::jobs::{self, Job};
use crate::platform::mail::{MailError, Message, Outbox};
use crate::platform::store::{Reads, StoreError, Tx};
use crate::platform::web::locale::Locale;
use crate::platform::web::messages::{Argument, Messages};
use crate::platform::web::page::Page;
use crate::platform::web::request::RequestInfo;
use crate::{msg, text_enum};

/// The kind of the job that mails a notice.
pub const NOTICE_MAIL: &str = "notice-mail";

text_enum! {
    /// What a person is told of.
    pub enum Notice {
        NewDevice = "new-device",
        PasswordChanged = "password-changed",
        FactorChanged = "factor-changed",
        RecoveryCodeUsed = "recovery-code-used",
        /// She said that somebody else had signed in as her.
        SignInDisowned = "sign-in-disowned",
        /// What follows is about to end.
        PasswordEnds = "password-ends",
        TokenEnds = "token-ends",
        ServiceTokenEnds = "service-token-ends",
        DirectoryTokenEnds = "directory-token-ends",
        /// The journal does not prove itself any more.
        JournalBad = "journal-bad",
    }
}

/// Where and when it happened. An address and a browser's name stand in the session's row as well.
#[derive(Serialize, Deserialize)]
struct Payload {
    notice: String,
    person: String,
    at_us: i64,
    device: String,
    address: String,
}

/// Queues a notice in the transaction it speaks of; `request` is where it came from, where that is known.
pub fn queue(
    tx: &mut Tx<'_>,
    person: PersonId,
    notice: Notice,
    request: Option<&RequestInfo>,
) -> Result<(), StoreError> {
    let at = tx.now();
    let device = request.map_or("", |request| &request.device);
    let address = request.map(|request| request.address.to_string());
    let place = (device, address.as_deref().unwrap_or_default());
    queue_of(tx, person, notice, (at, place))
}

/// Queues a notice that its reader has disowned a sign-in: when and where that was.
pub(in crate::identity) fn queue_disowned(
    tx: &mut Tx<'_>,
    person: PersonId,
    of: (Micros, (&str, &str)),
) -> Result<(), StoreError> {
    queue_of(tx, person, Notice::SignInDisowned, of)
}

/// Queues a notice that something is about to end: what it is called, and when.
pub(in crate::identity) fn queue_end(
    tx: &mut Tx<'_>,
    person: PersonId,
    notice: Notice,
    (name, ends): (&str, Micros),
) -> Result<(), StoreError> {
    queue_of(tx, person, notice, (ends, (name, "")))
}

fn queue_of(
    tx: &mut Tx<'_>,
    person: PersonId,
    notice: Notice,
    (at, (device, address)): (Micros, (&str, &str)),
) -> Result<(), StoreError> {
    let payload = serde_json::json!(Payload {
        notice: notice.as_str().to_owned(),
        person: person.to_string(),
        at_us: at.0,
        device: device.to_owned(),
        address: address.to_owned(),
    });
    jobs::queue(tx, NOTICE_MAIL, &payload.to_string())
}

/// Whoever a mail is for, and in what language and zone she reads it.
#[derive(Debug)]
pub struct Reader {
    pub person: Person,
    pub organisation: String,
    locale: Locale,
    zone: TimeZone,
}

impl Reader {
    /// None where she may not sign in (any more): she is told nothing.
    ///
    /// # Errors
    /// `Forged` where her row is not ours: her address is where the mail goes.
    pub fn of(reads: &mut impl Reads, person: PersonId) -> Result<Option<Self>, StoreError> {
        reads.authentic("people", person)?;
        let found = people::find(reads, person)?;
        if found.status != Status::Active || found.is_service() {
            return Ok(None);
        }
        let (organisation, zone) = organisations::name_and_zone(reads)?;
        let locale = people::locale_of(reads, person)?;
        Ok(Some(Self {
            person: found,
            organisation,
            locale: locale
                .and_then(|tag| Locale::from_tag(&tag))
                .unwrap_or_default(),
            zone: TimeZone::get(&zone).unwrap_or(TimeZone::UTC),
        }))
    }

    /// For dates and words as she reads them.
    #[must_use]
    pub fn page(&self) -> Page {
        let mut page = Page::signed_out(self.locale, msg!("sign-in-submit"), String::new());
        page.zone = self.zone.clone();
        page
    }
}

/// Why a notice is not mailed now. None of these repeats an address: they are kept with the job.
#[derive(Debug, thiserror::Error)]
pub enum NoticeMailError {
    #[error("the job's payload cannot be read")]
    Payload,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Mail(#[from] MailError),
}

const fn texts(notice: Notice) -> (&'static str, &'static str) {
    match notice {
        Notice::NewDevice => (
            msg!("sign-in-mail-device-subject"),
            msg!("sign-in-mail-device-text"),
        ),
        Notice::PasswordChanged => (
            msg!("sign-in-mail-password-subject"),
            msg!("sign-in-mail-password-text"),
        ),
        Notice::FactorChanged => (
            msg!("sign-in-mail-factor-subject"),
            msg!("sign-in-mail-factor-text"),
        ),
        Notice::RecoveryCodeUsed => (
            msg!("sign-in-mail-recovery-subject"),
            msg!("sign-in-mail-recovery-text"),
        ),
        Notice::SignInDisowned => (
            msg!("sign-in-mail-disowned-subject"),
            msg!("sign-in-mail-disowned-text"),
        ),
        Notice::PasswordEnds => (
            msg!("sign-in-mail-password-ends-subject"),
            msg!("sign-in-mail-password-ends-text"),
        ),
        Notice::TokenEnds => (
            msg!("sign-in-mail-token-ends-subject"),
            msg!("sign-in-mail-token-ends-text"),
        ),
        Notice::ServiceTokenEnds => (
            msg!("sign-in-mail-service-token-ends-subject"),
            msg!("sign-in-mail-service-token-ends-text"),
        ),
        Notice::DirectoryTokenEnds => (
            msg!("sign-in-mail-directory-token-ends-subject"),
            msg!("sign-in-mail-directory-token-ends-text"),
        ),
        Notice::JournalBad => (
            msg!("sign-in-mail-journal-bad-subject"),
            msg!("sign-in-mail-journal-bad-text"),
        ),
    }
}

/// Where the notice's reader does something about it.
const fn page_of(notice: Notice) -> &'static str {
    match notice {
        Notice::NewDevice => "/me/sessions",
        Notice::SignInDisowned => "/me/sessions/disowned",
        Notice::ServiceTokenEnds => "/people",
        Notice::DirectoryTokenEnds => "/settings/directories",
        Notice::JournalBad => "/trust",
        _ => "/me",
    }
}

/// Mails the notice of a job. Whoever may not sign in (any more) is told nothing.
pub async fn mail_notice(app: &App, outbox: &Outbox, job: &Job) -> Result<(), NoticeMailError> {
    let payload: Payload =
        serde_json::from_str(&job.payload).map_err(|_| NoticeMailError::Payload)?;
    let id = job.id.parse().map_err(|_| NoticeMailError::Payload)?;
    let person: PersonId = payload
        .person
        .parse()
        .map_err(|_| NoticeMailError::Payload)?;
    let notice = Notice::parse(&payload.notice).ok_or(NoticeMailError::Payload)?;
    let reader = app
        .store
        .read(job.scope, move |read| Reader::of(read, person))
        .await?;
    let Some(reader) = reader else {
        return Ok(());
    };
    let link = app.link(page_of(notice));
    let message = written(id, notice, (payload, link), reader);
    Ok(outbox.send(&message, app.now()).await?)
}

fn written(
    id: uuid::Uuid,
    notice: Notice,
    (payload, link): (Payload, String),
    reader: Reader,
) -> Message {
    let page = reader.page();
    let or_unknown = |text: String| match text.as_str() {
        "" => page.t(msg!("sign-in-mail-unknown")),
        _ => text,
    };
    let (subject, text) = texts(notice);
    let (time, device) = (page.time(payload.at_us), or_unknown(payload.device));
    let address = or_unknown(payload.address);
    let facts: [(&str, &dyn Argument); 6] = [
        ("name", &reader.person.name),
        ("organisation", &reader.organisation),
        ("time", &time),
        ("device", &device),
        ("address", &address),
        ("link", &link),
    ];
    Message {
        id,
        subject: Messages::text_with(page.locale, subject, &facts),
        text: Messages::text_with(page.locale, text, &facts),
        to: reader.person.email,
    }
}
