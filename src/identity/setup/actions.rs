//! Making the first organisation.

use super::SetupError;
use crate::identity::credential::ShownToken;
use crate::identity::factors;
use crate::identity::forged::{is_forged, unless_forged};
use crate::identity::links::{self, Kind, Link};
use crate::identity::organisations::{self, NewEntity, NewOrganisation};
use crate::identity::passwords::{self, Hashed};
use crate::identity::people::{self, FIRST_ROLES, Status};
use crate::identity::sessions::{self, Opened, Stage};
use crate::platform::app::App;
use crate::platform::ids::{OrgId, PersonId, RequestId};
use crate::platform::scope::{CredentialKind, Scope};
use crate::platform::store::{Entry, StoreError};
use crate::platform::web::Problem;
use crate::platform::web::request::RequestInfo;

/// All that the setup makes.
#[derive(Debug, Clone)]
pub struct Order {
    pub organisation: NewOrganisation,
    pub entity: NewEntity,
    pub name: String,
    pub email: String,
    pub password: Hashed,
    pub locale: &'static str,
}

/// The setup's link, for the terminal: none where an organisation exists. Earlier links are void, so that the newest
/// line printed is the one that works.
///
/// The link lies in the scope of the organisation that it will make, so that using it and making that organisation is
/// one transaction.
pub async fn issue_link(app: &App) -> Result<Option<String>, SetupError> {
    let request: RequestId = app.id();
    let (exists, earlier) = app
        .store
        .lookup(|lookup| {
            let exists = !organisations::first_two(lookup)?.is_empty();
            Ok::<_, StoreError>((exists, links::open_of_kind(lookup, Kind::Setup)?))
        })
        .await?;
    for (id, organisation) in earlier {
        let caller = app.caller(
            Scope::of(organisation),
            CredentialKind::CommandLine,
            request,
        );
        let voided: Result<(), StoreError> = app
            .store
            .write(caller, move |tx| {
                links::void(tx, id)?;
                tx.done(())
            })
            .await;
        // A link that is none of ours opens nothing, and must not keep the server from starting.
        unless_forged(voided)?;
    }
    if exists {
        return Ok(None);
    }
    let scope = Scope::of(app.id::<OrgId>());
    let caller = app.caller(scope, CredentialKind::CommandLine, request);
    let token: ShownToken = app
        .store
        .write(caller, |tx| {
            // The link is the first entry of the organisation that it will make.
            tx.begin_journal()?;
            let token = links::issue(tx, Kind::Setup, None)?;
            tx.done(token)
        })
        .await?;
    Ok(Some(app.link(&format!("/setup/{}", *token.expose()))))
}

/// The setup's link, if it can be used: it is open, and no organisation exists yet.
pub async fn link(app: &App, token: &str) -> Result<Link, SetupError> {
    let link = links::find(app, token, Kind::Setup).await?;
    let exists = app
        .store
        .lookup(|lookup| Ok::<_, StoreError>(!organisations::first_two(lookup)?.is_empty()))
        .await?;
    link.filter(|_| !exists).ok_or(SetupError::Link)
}

/// Makes the organisation, its first legal entity with an account, and the first administrator, in one transaction.
pub async fn create(
    app: &App,
    link: Link,
    order: Order,
    request: &RequestInfo,
) -> Result<Opened, SetupError> {
    let scope = Scope::of(link.organisation);
    let person: PersonId = app.id();
    let mut caller = app.caller(scope, CredentialKind::Link, request.id);
    caller.actor.credential_id = Some(link.id);
    caller.actor.person = Some(person);
    let keys = app.keys.new_organisation(link.organisation, app.entropy());
    let keys = keys.await?;
    let hooks = app.after_setup.clone();
    let request = request.clone();
    app.store
        .write(caller, move |tx| {
            links::spend(tx, link.id).map_err(unusable)?;
            let keys = keys.insert(tx)?;
            organisations::insert(tx, &order.organisation)?;
            organisations::insert_entity(tx, &keys, &order.entity)?;
            let key = keys.create_subject(tx, person)?;
            let who = (order.name.as_str(), order.email.as_str());
            let locale = Some(order.locale);
            people::create(tx, person, who, Status::Active, locale, FIRST_ROLES)?;
            passwords::insert(tx, person, &order.password)?;
            tx.journal(Entry::new("password.set", "password", person))?;
            let opened = sessions::open(tx, person, Stage::Enrolling, None, &request)?;
            factors::begin(tx, (person, opened.id), &key)?;
            for hook in &hooks {
                hook(tx, &keys)?;
            }
            Ok(tx.done(opened)?)
        })
        .await
}

fn unusable(error: StoreError) -> SetupError {
    match error {
        StoreError::Missing | StoreError::Stale => SetupError::Link,
        other if is_forged(&other) => SetupError::Link,
        other => SetupError::Store(other),
    }
}

impl From<SetupError> for Problem {
    fn from(error: SetupError) -> Self {
        match error {
            SetupError::Link => Self::new(
                axum::http::StatusCode::NOT_FOUND,
                crate::msg!("error-link-unusable"),
            ),
            SetupError::Store(error) => error.into(),
            SetupError::Key(error) => Self::internal(error),
        }
    }
}
