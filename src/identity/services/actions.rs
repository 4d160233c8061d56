//! Making service accounts, and their tokens.

use crate::identity::access::{Access, Denied, Grant, Permission, allows_service};
use crate::identity::people::{self, Held, Person};
use crate::identity::powers;
use crate::identity::roles;
use crate::identity::sessions;
use crate::identity::tokens::{self, ApiToken, Listed, Wanted};
use crate::platform::app::App;
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::keys::KeyError;
use crate::platform::scope::CredentialKind;
use crate::platform::store::{BodyError, Entry, Reads, StoreError, Tx};
use crate::platform::web::Problem;

#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("there is no such service account")]
    Missing,
    #[error("a service account approves, verifies, releases and administers nothing")]
    NotForService,
    /// Tokens are made by people in a session, never by other tokens.
    #[error("a token cannot make tokens")]
    ByToken,
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BodyError for ServiceError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Key(error) => error.store_error(),
            _ => None,
        }
    }
}

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Denied(denied) => denied.into(),
            ServiceError::Missing | ServiceError::ByToken => Self::not_found(),
            ServiceError::NotForService => Self::invalid(crate::msg!("error-service-power")),
            ServiceError::Key(error) => Self::internal(error),
            ServiceError::Store(error) => error.into(),
        }
    }
}

/// Makes a service account, for which whoever makes it answers.
pub async fn create(
    app: &App,
    access: &Access,
    name: &str,
    grants: &[Grant],
) -> Result<PersonId, ServiceError> {
    access.require(Permission::PeopleAdminister)?;
    access.require_fresh()?;
    let keys = app.keys.organisation(&app.store, access.scope()).await?;
    let (name, grants, human) = (name.to_owned(), grants.to_vec(), access.human());
    app.store
        .write(access.caller(), move |tx| {
            let id: PersonId = tx.id();
            let rights = roles::rights(tx, &grants)?;
            if rights.iter().any(|right| powers::has_power(right.gives)) {
                return Err(ServiceError::NotForService);
            }
            keys.create_subject(tx, id)?;
            people::insert_service(tx, (id, &name), human)?;
            tx.journal(Entry::new("service-account.created", "person", id).fact("name", &name))?;
            people::held(tx, &grants)?;
            for grant in &grants {
                people::grant(tx, id, *grant)?;
            }
            Ok(tx.done(id)?)
        })
        .await
}

/// A service account as administrators see it.
#[derive(Debug)]
pub struct ServiceView {
    pub person: Person,
    pub roles: Vec<Held>,
    /// The name of the human who answers for it.
    pub answers: String,
    pub tokens: Vec<Listed>,
}

fn find(reads: &mut impl Reads, id: PersonId) -> Result<Person, ServiceError> {
    let person = match people::find(reads, id) {
        Err(StoreError::Missing) => return Err(ServiceError::Missing),
        other => other?,
    };
    if person.is_service() {
        Ok(person)
    } else {
        Err(ServiceError::Missing)
    }
}

/// One service account with its tokens.
pub async fn view(app: &App, access: &Access, id: PersonId) -> Result<ServiceView, ServiceError> {
    access.require(Permission::PeopleRead)?;
    app.store
        .read(access.scope(), move |read| {
            let person = find(read, id)?;
            let everybody = people::everybody(read)?;
            let answers = everybody
                .into_iter()
                .find(|one| one.human == person.human && !one.is_service());
            let grants = sessions::grants_of(read, id)?;
            Ok(ServiceView {
                answers: answers.map(|one| one.name).unwrap_or_default(),
                roles: people::held(read, &grants)?,
                tokens: tokens::of_holder(read, id)?,
                person,
            })
        })
        .await
}

/// Makes a token of a service account, for `days` days.
pub async fn make_token(
    app: &App,
    access: &Access,
    id: PersonId,
    (name, permissions, days): (&str, &[Permission], i64),
) -> Result<ApiToken, ServiceError> {
    access.require(Permission::PeopleAdminister)?;
    if access.caller().actor.credential != CredentialKind::Session {
        return Err(ServiceError::ByToken);
    }
    access.require_fresh()?;
    if !permissions.iter().all(|one| allows_service(*one)) {
        return Err(ServiceError::NotForService);
    }
    let (wanted, by) = (Wanted::of(name, permissions, days), access.clone());
    app.store
        .write(access.caller(), move |tx| {
            let person = find(tx, id)?;
            take_over(tx, &person, &by)?;
            let token = tokens::make(tx, id, &wanted)?;
            Ok(tx.done(token)?)
        })
        .await
}

/// From now on this human answers for the account. Nobody else has a token of it that works: what it enters is compared with hers.
fn take_over(tx: &mut Tx<'_>, person: &Person, by: &Access) -> Result<(), StoreError> {
    if person.human == by.human() {
        return Ok(());
    }
    let now = tx.now();
    for token in tokens::of_holder(tx, person.id)? {
        if token.works(now) {
            tokens::end(tx, token.id, person.id)?;
        }
    }
    people::set_human(tx, person, by.human())?;
    tx.journal(
        Entry::new("service-account.taken-over", "person", person.id)
            .version(person.version + 1)
            .change("human", Some(person.human), Some(by.human())),
    )
}

/// Revokes a token of a service account; it stops working at once.
pub async fn revoke_token(
    app: &App,
    access: &Access,
    id: PersonId,
    token: CredentialId,
) -> Result<(), ServiceError> {
    access.require(Permission::PeopleAdminister)?;
    app.store
        .write(access.caller(), move |tx| {
            find(tx, id)?;
            tokens::end(tx, token, id)?;
            Ok(tx.done(())?)
        })
        .await
}
