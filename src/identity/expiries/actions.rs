//! Queueing reminders, and looking when their time has come.

use std::fmt::Display;

use serde::{Deserialize, Serialize};

use crate::identity::notices::{self, Notice};
use crate::identity::{passwords, people, policy, powers, provisioning, tokens};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::jobs::{self, Job};
use crate::platform::scope::CredentialKind;
use crate::platform::store::{BodyError, StoreError, Tx};
use crate::text_enum;

/// The kind of the job that looks whether something is about to end.
pub const EXPIRY_JOB: &str = "expiry";
/// How many days before the end somebody is told.
const BEFORE_DAYS: [i64; 2] = [14, 3];

text_enum! {
    /// What ends.
    pub enum What {
        /// A person's password, under the PCI profile alone; its id is the person's.
        Password = "password",
        /// A token of a person or of a service account.
        ApiToken = "api-token",
        /// A directory's token.
        DirectoryToken = "directory-token",
    }
}

#[derive(Serialize, Deserialize)]
struct Payload {
    what: String,
    id: String,
    ends_us: i64,
}

/// Queues the reminders in the transaction that sets the end; those whose time has passed already are not sent.
pub(in crate::identity) fn remind(
    tx: &mut Tx<'_>,
    what: What,
    id: impl Display,
    ends: Micros,
) -> Result<(), StoreError> {
    let payload = serde_json::json!(Payload {
        what: what.as_str().to_owned(),
        id: id.to_string(),
        ends_us: ends.0,
    });
    for days in BEFORE_DAYS {
        let at = ends.plus_us(-days * Micros::DAY);
        if at > tx.now() {
            jobs::queue_later(tx, EXPIRY_JOB, &payload.to_string(), at)?;
        }
    }
    Ok(())
}

/// Why nobody is told now.
#[derive(Debug, thiserror::Error)]
pub enum ExpiryError {
    #[error("the job's payload cannot be read")]
    Payload,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BodyError for ExpiryError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Payload => None,
        }
    }
}

/// Tells whoever can renew it, if what the job speaks of still ends then.
pub async fn look(app: &App, job: &Job) -> Result<(), ExpiryError> {
    let payload: Payload = serde_json::from_str(&job.payload).map_err(|_| ExpiryError::Payload)?;
    let what = What::parse(&payload.what).ok_or(ExpiryError::Payload)?;
    let ends = Micros(payload.ends_us);
    let caller = app.caller(job.scope, CredentialKind::Job, app.id());
    app.store
        .write(caller, move |tx| {
            if tx.now() < ends {
                tell(tx, what, &payload.id, ends)?;
            }
            Ok(tx.done(())?)
        })
        .await
}

fn parsed<T: std::str::FromStr>(id: &str) -> Result<T, ExpiryError> {
    id.parse().map_err(|_| ExpiryError::Payload)
}

fn tell(tx: &mut Tx<'_>, what: What, id: &str, ends: Micros) -> Result<(), ExpiryError> {
    let (notice, name, to) = match what {
        What::Password => {
            let person: PersonId = parsed(id)?;
            let chosen = passwords::chosen(tx, person)?;
            if policy::of(tx)?.password_ends(chosen) != Some(ends) {
                return Ok(());
            }
            (Notice::PasswordEnds, String::new(), vec![person])
        }
        What::ApiToken => {
            let Some((holder, name)) = tokens::standing_until(tx, parsed(id)?, ends)? else {
                return Ok(());
            };
            if people::find(tx, holder)?.is_service() {
                let to = powers::accounts_of_administrators(tx)?;
                (Notice::ServiceTokenEnds, name, to)
            } else {
                (Notice::TokenEnds, name, vec![holder])
            }
        }
        What::DirectoryToken => {
            let moments = (tx.now(), ends);
            let Some(name) = provisioning::standing_until(tx, parsed(id)?, moments)? else {
                return Ok(());
            };
            let to = powers::accounts_of_administrators(tx)?;
            (Notice::DirectoryTokenEnds, name, to)
        }
    };
    for reader in to {
        notices::queue_end(tx, reader, notice, (&name, ends))?;
    }
    Ok(())
}
