//! Mails about what administrators ask for and decide, to several readers. A job carries ids only, one job a reader.

use serde::{Deserialize, Serialize};

use super::{NoticeMailError, Reader};
use crate::identity::activity;
use crate::identity::delegations::{self, DelegationId};
use crate::identity::humans::{self, HumanJoinId};
use crate::identity::people;
use crate::identity::roles::{self, RoleChangeId};
use crate::platform::app::App;
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::jobs::{self, Job};
use crate::platform::mail::{Message, Outbox};
use crate::platform::store::{Reads, StoreError, Tx};
use crate::platform::web::messages::{Argument, Messages};
use crate::{msg, text_enum};

/// The kind of the job that mails one reader.
pub const NEWS_MAIL: &str = "news-mail";

text_enum! {
    /// What is told.
    pub enum News {
        RoleProposed = "role-proposed",
        RoleConfirmed = "role-confirmed",
        RoleRefused = "role-refused",
        RoleWidenedAlone = "role-widened-alone",
        HumansJoined = "humans-joined",
        SplitProposed = "split-proposed",
        SplitConfirmed = "split-confirmed",
        SplitRefused = "split-refused",
        DelegationProposed = "delegation-proposed",
        DelegationRefused = "delegation-refused",
        DelegationAlone = "delegation-alone",
        RevealAsked = "reveal-asked",
        RevealApproved = "reveal-approved",
        RevealRefused = "reveal-refused",
        StreamProposed = "stream-proposed",
        StreamConfirmed = "stream-confirmed",
        StreamChanged = "stream-changed",
        StreamFails = "stream-fails",
        SignInDisowned = "sign-in-disowned",
    }
}

#[derive(Serialize, Deserialize)]
struct Payload {
    news: String,
    /// The id of what it is about.
    of: String,
    by: String,
    to: String,
}

/// Queues the mails in the transaction they speak of; `of` is the id of what they are about, `by` whoever did it.
pub fn tell(
    tx: &mut Tx<'_>,
    (news, of): (News, String),
    by: PersonId,
    to: &[PersonId],
) -> Result<(), StoreError> {
    for reader in to {
        let payload = serde_json::json!(Payload {
            news: news.to_string(),
            of: of.clone(),
            by: by.to_string(),
            to: reader.to_string(),
        });
        jobs::queue(tx, NEWS_MAIL, &payload.to_string())?;
    }
    Ok(())
}

/// What news are about, in words.
struct About {
    what: String,
    more: String,
    page: String,
}

/// None where the id is none of what such news are about.
fn about(reads: &mut impl Reads, news: News, of: &str) -> Result<Option<About>, StoreError> {
    match news {
        News::RoleProposed | News::RoleConfirmed | News::RoleRefused | News::RoleWidenedAlone => {
            let Ok(id) = of.parse::<RoleChangeId>() else {
                return Ok(None);
            };
            let change = roles::change_of(reads, id)?;
            let all = roles::load(reads)?;
            let role = all.all().iter().find(|role| role.id == change.role);
            Ok(Some(About {
                what: role.map(|role| role.name.clone()).unwrap_or_default(),
                more: roles::words(change.gains),
                page: "/settings/roles".to_owned(),
            }))
        }
        News::HumansJoined | News::SplitProposed | News::SplitConfirmed | News::SplitRefused => {
            let Ok(id) = of.parse::<HumanJoinId>() else {
                return Ok(None);
            };
            let join = humans::join_of(reads, id)?;
            Ok(Some(About {
                what: people::find(reads, join.one)?.name,
                more: people::find(reads, join.other)?.name,
                page: format!("/people/{}", join.one),
            }))
        }
        News::DelegationProposed | News::DelegationRefused | News::DelegationAlone => {
            let Ok(id) = of.parse::<DelegationId>() else {
                return Ok(None);
            };
            let delegation = delegations::delegation_of(reads, id)?;
            Ok(Some(About {
                what: people::find(reads, delegation.principal)?.name,
                more: people::find(reads, delegation.delegate)?.name,
                page: "/me/delegations".to_owned(),
            }))
        }
        News::SignInDisowned => {
            let Ok(id) = of.parse::<CredentialId>() else {
                return Ok(None);
            };
            Ok(activity::sign_in(reads, id)?.map(|sign_in| About {
                what: sign_in.device,
                more: sign_in.address,
                page: format!("/people/{}", sign_in.person),
            }))
        }
        // What is sealed, and of whom, stands on the page alone: a mail lies where nobody guards it.
        News::RevealAsked | News::RevealApproved | News::RevealRefused => Ok(Some(About {
            what: String::new(),
            more: String::new(),
            page: "/reveals".to_owned(),
        })),
        // Nor does it say where entries go: whoever decides on that reads it on the page.
        News::StreamProposed | News::StreamConfirmed | News::StreamChanged | News::StreamFails => {
            Ok(Some(About {
                what: String::new(),
                more: String::new(),
                page: "/settings/streams".to_owned(),
            }))
        }
    }
}

const fn texts(news: News) -> (&'static str, &'static str) {
    match news {
        News::RoleProposed => (
            msg!("roles-mail-proposed-subject"),
            msg!("roles-mail-proposed-text"),
        ),
        News::RoleConfirmed => (
            msg!("roles-mail-confirmed-subject"),
            msg!("roles-mail-confirmed-text"),
        ),
        News::RoleRefused => (
            msg!("roles-mail-refused-subject"),
            msg!("roles-mail-refused-text"),
        ),
        News::RoleWidenedAlone => (
            msg!("roles-mail-alone-subject"),
            msg!("roles-mail-alone-text"),
        ),
        News::HumansJoined => (
            msg!("people-mail-joined-subject"),
            msg!("people-mail-joined-text"),
        ),
        News::SplitProposed => (
            msg!("people-mail-split-proposed-subject"),
            msg!("people-mail-split-proposed-text"),
        ),
        News::SplitConfirmed => (
            msg!("people-mail-split-subject"),
            msg!("people-mail-split-text"),
        ),
        News::SplitRefused => (
            msg!("people-mail-split-refused-subject"),
            msg!("people-mail-split-refused-text"),
        ),
        News::SignInDisowned => (
            msg!("people-mail-disowned-subject"),
            msg!("people-mail-disowned-text"),
        ),
        News::DelegationProposed => (
            msg!("people-mail-absent-proposed-subject"),
            msg!("people-mail-absent-proposed-text"),
        ),
        News::DelegationRefused => (
            msg!("people-mail-absent-refused-subject"),
            msg!("people-mail-absent-refused-text"),
        ),
        News::DelegationAlone => (
            msg!("people-mail-absent-alone-subject"),
            msg!("people-mail-absent-alone-text"),
        ),
        News::RevealAsked => (
            msg!("reveals-mail-asked-subject"),
            msg!("reveals-mail-asked-text"),
        ),
        News::RevealApproved => (
            msg!("reveals-mail-approved-subject"),
            msg!("reveals-mail-approved-text"),
        ),
        News::RevealRefused => (
            msg!("reveals-mail-refused-subject"),
            msg!("reveals-mail-refused-text"),
        ),
        News::StreamProposed => (
            msg!("streams-mail-proposed-subject"),
            msg!("streams-mail-proposed-text"),
        ),
        News::StreamConfirmed => (
            msg!("streams-mail-confirmed-subject"),
            msg!("streams-mail-confirmed-text"),
        ),
        News::StreamChanged => (
            msg!("streams-mail-changed-subject"),
            msg!("streams-mail-changed-text"),
        ),
        News::StreamFails => (
            msg!("streams-mail-fails-subject"),
            msg!("streams-mail-fails-text"),
        ),
    }
}

/// Mails what a job tells to its reader; nobody is told who may not sign in any more.
pub async fn mail_news(app: &App, outbox: &Outbox, job: &Job) -> Result<(), NoticeMailError> {
    let unreadable = || NoticeMailError::Payload;
    let payload: Payload = serde_json::from_str(&job.payload).map_err(|_| unreadable())?;
    let id = job.id.parse().map_err(|_| unreadable())?;
    let news = News::parse(&payload.news).ok_or_else(unreadable)?;
    let person = |text: &str| text.parse::<PersonId>().map_err(|_| unreadable());
    let (by, to) = (person(&payload.by)?, person(&payload.to)?);
    let (about, name, reader) = app
        .store
        .read(job.scope, move |read| {
            let about = about(read, news, &payload.of)?;
            let name = people::find(read, by)?.name;
            Ok::<_, StoreError>((about, name, Reader::of(read, to)?))
        })
        .await?;
    let (about, Some(reader)) = (about.ok_or_else(unreadable)?, reader) else {
        return Ok(());
    };
    let link = app.link(&about.page);
    let message = written(id, news, (&about, &name, &link), &reader);
    Ok(outbox.send(&message, app.now()).await?)
}

fn written(
    id: uuid::Uuid,
    news: News,
    (about, by, link): (&About, &String, &String),
    reader: &Reader,
) -> Message {
    let facts: [(&str, &dyn Argument); 6] = [
        ("name", &reader.person.name),
        ("organisation", &reader.organisation),
        ("by", by),
        ("what", &about.what),
        ("more", &about.more),
        ("link", link),
    ];
    let ((subject, text), locale) = (texts(news), reader.page().locale);
    Message {
        id,
        to: reader.person.email.clone(),
        subject: Messages::text_with(locale, subject, &facts),
        text: Messages::text_with(locale, text, &facts),
    }
}
