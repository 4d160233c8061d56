//! Inviting, accepting, giving and taking roles, suspending.

mod again;
mod invite;
mod language;
mod provisioned;
mod roles;

pub use again::invite_again;
pub use invite::{INVITATION_MAIL, invite, mail_invitation};
pub use language::choose_language;
pub(in crate::identity) use provisioned::{
    come_back, end_ways_in, leave, readdress, rename, take_every_role, take_roles,
};
pub(in crate::identity) use roles::grant;
pub use roles::{set_grants, set_roles};

use super::rules::Status;
use super::store::{self, Candidate, Held, New, Person};
use crate::identity::access::{Access, Denied, Permission, Role};
use crate::identity::factors;
use crate::identity::forged::is_forged;
use crate::identity::humans;
use crate::identity::links::{self, Link};
use crate::identity::organisations::{self, Entity, list_entities};
use crate::identity::passwords::{self, Hashed};
use crate::identity::provisioning::DirectoryId;
use crate::identity::roles::{self as custom, CustomRoles};
use crate::identity::sessions::{self, Opened, Stage};
use crate::identity::sso;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::keys::KeyError;
use crate::platform::scope::{Actor, Caller, CredentialKind, Scope};
use crate::platform::store::{BodyError, Entry, StoreError, Tx};
use crate::platform::web::Problem;
use crate::platform::web::request::RequestInfo;

#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("this address has an account already")]
    Known,
    #[error("nobody gives roles to herself, or suspends herself")]
    Oneself,
    #[error("somebody must stay administrator")]
    LastAdministrator,
    #[error("a service account approves, verifies, releases and administers nothing")]
    NotForService,
    #[error("this person has no open invitation")]
    NotInvited,
    #[error("the invitation cannot be used (any more)")]
    Link,
    #[error("people sign in through an identity provider alone")]
    SsoOnly,
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BodyError for PeopleError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Key(error) => error.store_error(),
            _ => None,
        }
    }
}

impl From<PeopleError> for Problem {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Denied(denied) => denied.into(),
            PeopleError::Store(error) => error.into(),
            PeopleError::Known => Self::invalid(crate::msg!("error-person-known")).field("email"),
            PeopleError::Oneself => Self::invalid(crate::msg!("error-person-oneself")),
            PeopleError::LastAdministrator => {
                Self::invalid(crate::msg!("error-person-last-administrator"))
            }
            PeopleError::NotForService => {
                Self::invalid(crate::msg!("error-service-power")).field("roles")
            }
            PeopleError::NotInvited => Self::conflict(crate::msg!("error-person-not-invited")),
            PeopleError::SsoOnly => Self::conflict(crate::msg!("error-person-sso-only")),
            PeopleError::Link => Self::new(
                axum::http::StatusCode::NOT_FOUND,
                crate::msg!("error-link-unusable"),
            ),
            PeopleError::Key(error) => Self::internal(error),
        }
    }
}

/// Who signs in by a name; `slug` tells which organisation is meant, where that was typed.
pub(in crate::identity) async fn candidate(
    app: &App,
    name: &str,
    slug: Option<&str>,
) -> Result<Option<Candidate>, StoreError> {
    let name = name.to_owned();
    let mut candidates = app
        .store
        .lookup(move |lookup| store::by_sign_in_name(lookup, &name))
        .await?;
    if let Some(slug) = slug.map(str::trim).filter(|slug| !slug.is_empty()) {
        candidates.retain(|candidate| candidate.slug.eq_ignore_ascii_case(slug));
    }
    // Two accounts of one name in two organisations: without the organisation nobody is meant.
    Ok(candidates.pop().filter(|_| candidates.is_empty()))
}

/// A line of the list of people.
#[derive(Debug, Clone)]
pub struct Member {
    pub person: Person,
    pub roles: Vec<Held>,
    pub last_seen: Option<Micros>,
}

/// Everybody with an account, by name.
pub async fn list(app: &App, access: &Access) -> Result<Vec<Member>, PeopleError> {
    access.require(Permission::PeopleRead)?;
    app.store
        .read(access.scope(), |read| {
            let (grants, seen) = (store::grants(read)?, store::last_seen(read)?);
            let people = store::list(read)?;
            let member = |person: Person| Member {
                roles: grants
                    .iter()
                    .filter(|(of, _)| *of == person.id)
                    .map(|(_, held)| held.clone())
                    .collect(),
                last_seen: seen
                    .iter()
                    .find(|(of, _)| *of == person.id)
                    .map(|(_, at)| *at),
                person,
            };
            Ok(people.into_iter().map(member).collect())
        })
        .await
}

/// What may be given to somebody: roles, and the legal entities that a role may be given in.
#[derive(Debug, Clone)]
pub struct Offered {
    pub entities: Vec<Entity>,
    pub roles: CustomRoles,
}

/// What the forms that give roles offer.
pub async fn offered(app: &App, access: &Access) -> Result<Offered, PeopleError> {
    access.require(Permission::PeopleRead)?;
    app.store
        .read(access.scope(), |read| {
            Ok(Offered {
                entities: list_entities(read)?,
                roles: custom::load(read)?,
            })
        })
        .await
}

/// Makes a person's account with its roles, within a transaction that has made her key.
pub(in crate::identity) fn create(
    tx: &mut Tx<'_>,
    id: PersonId,
    (name, email): (&str, &str),
    status: Status,
    locale: Option<&str>,
    roles: &[Role],
) -> Result<(), StoreError> {
    let new = New {
        id,
        name,
        email,
        status,
        locale,
    };
    store::insert(tx, &new)?;
    let action = match status {
        Status::Invited => "person.invited",
        Status::Active | Status::Suspended => "person.created",
    };
    tx.journal(
        Entry::new(action, "person", id)
            .fact("name", name)
            .fact("email", email),
    )?;
    for role in roles {
        grant(tx, id, *role)?;
    }
    Ok(())
}

/// Makes somebody who was invited active under a name, within the transaction that lets her in; `Stale` where she is not
/// invited any more.
pub(in crate::identity) fn join(
    tx: &mut Tx<'_>,
    person: &Person,
    name: &str,
) -> Result<(), StoreError> {
    store::activate(tx, person.id, name)?;
    tx.journal(
        Entry::new("person.joined", "person", person.id)
            .version(person.version + 1)
            .change("name", Some(&person.name), Some(name))
            .change("status", Some(person.status), Some(Status::Active)),
    )
}

/// What an invitation says to the one who opens it.
#[derive(Debug, Clone)]
pub struct Invitation {
    pub link: Link,
    pub person: Person,
    pub organisation: String,
    /// The organisation's short name.
    pub slug: String,
    pub roles: Vec<Held>,
}

/// The invitation of a link, if it can still be used. That one was used, has expired or was never given is told by nothing, its
/// time included.
pub async fn invitation(app: &App, token: &str) -> Result<Invitation, PeopleError> {
    let found = links::open(app, (token, links::Kind::Invitation), |read, link, id| {
        sessions::grants_of(read, id)?;
        let person = store::find(read, id)?;
        let roles = store::grants(read)?.into_iter();
        let (organisation, slug) = organisations::name_and_slug(read)?;
        Ok(Some(Invitation {
            link,
            person,
            organisation,
            slug,
            roles: roles
                .filter(|(of, _)| *of == id)
                .map(|(_, held)| held)
                .collect(),
        }))
    });
    found.await?.ok_or(PeopleError::Link)
}

/// Accepts an invitation with a password that was hashed before; goes on with the second factor.
pub async fn accept(
    app: &App,
    invitation: &Invitation,
    name: &str,
    password: Hashed,
    request: &RequestInfo,
) -> Result<Opened, PeopleError> {
    let (link, person) = (invitation.link, invitation.person.clone());
    let scope = Scope::of(link.organisation);
    let keys = app.keys.organisation(&app.store, scope).await?;
    let caller = Caller {
        scope,
        actor: Actor {
            person: Some(person.id),
            on_behalf_of: None,
            credential: CredentialKind::Link,
            credential_id: Some(link.id),
            request: request.id,
        },
        judged_by: None,
        now: app.now(),
    };
    let (name, request) = (name.to_owned(), request.clone());
    app.store
        .write(caller, move |tx| {
            // An invitation sets a password, which would be another way to sign in.
            if sso::refuses_others(tx, person.id)? {
                return Err(PeopleError::SsoOnly);
            }
            links::spend(tx, link.id).map_err(unusable)?;
            join(tx, &person, &name).map_err(unusable)?;
            passwords::insert(tx, person.id, &password)?;
            tx.journal(Entry::new("password.set", "password", person.id))?;
            let key = keys.subject(tx, person.id)?;
            let opened = sessions::open(tx, person.id, Stage::Enrolling, None, &request)?;
            factors::begin(tx, (person.id, opened.id), &key)?;
            Ok(tx.done(opened)?)
        })
        .await
}

fn unusable(error: StoreError) -> PeopleError {
    match error {
        StoreError::Missing | StoreError::Stale => PeopleError::Link,
        other if is_forged(&other) => PeopleError::Link,
        other => PeopleError::Store(other),
    }
}

/// Suspends somebody, whether or not a directory has done so, or lets her in again. Suspending ends her sessions, voids her links and stops her tokens; only letting
/// somebody in again needs a factor that was shown a moment ago.
pub async fn set_suspended(
    app: &App,
    access: &Access,
    id: PersonId,
    suspended: bool,
) -> Result<(), PeopleError> {
    access.require(Permission::PeopleAdminister)?;
    if !suspended {
        access.require_fresh()?;
    }
    let own = access.human();
    app.store
        .write(access.caller(), move |tx| {
            let person = store::find(tx, id)?;
            if !person.is_service() && humans::load(tx)?.are_one(person.human, own) {
                return Err(PeopleError::Oneself);
            }
            let (status, action) = match (person.status, suspended) {
                (Status::Active | Status::Invited, true) => (Status::Suspended, "person.suspended"),
                (Status::Suspended, false) if person.is_service() => {
                    (Status::Active, "person.resumed")
                }
                (Status::Suspended, false) => (again::resumed(tx, id)?, "person.resumed"),
                // What a directory suspended it could resume: from now on it is not its own any more.
                (Status::Suspended, true) if person.suspended_by.is_some() => {
                    (Status::Suspended, "person.suspended")
                }
                _ => return Ok(tx.done(())?),
            };
            if suspended && person.status == Status::Active {
                roles::stays_administered(tx, id)?;
            }
            store::set_status(tx, &person, (status, None))?;
            tx.journal(
                Entry::new(action, "person", id)
                    .version(person.version + 1)
                    .change("status", Some(person.status), Some(status))
                    .change("suspended-by", person.suspended_by, None::<DirectoryId>),
            )?;
            if suspended {
                sessions::end_all_of(tx, id, None, "suspended")?;
                for link in links::open_of_person(tx, id)? {
                    links::void(tx, link)?;
                }
            }
            Ok(tx.done(())?)
        })
        .await
}
