//! What is in force, what waits, and what the sign-in page offers.

use super::SsoError;
use super::rule;
use crate::identity::access::{Access, Permission};
use crate::identity::forged::unless_forged;
use crate::identity::organisations;
use crate::identity::people::{self, Person};
use crate::identity::roles::{self, CustomRoles};
use crate::identity::sso::rules::{About, Configuration, Connection, Protocol, Rule, State};
use crate::identity::sso::store::arrivals::{self, Failure};
use crate::identity::sso::store::settings::{self, Setting};
use crate::identity::sso::{Confirmed, ConnectionId};
use crate::msg;
use crate::platform::app::App;
use crate::platform::ids::{OrgId, PersonId};
use crate::platform::scope::Scope;
use crate::platform::store::StoreError;
use crate::platform::web::page::Page;

/// How many decided proposals the page tells of.
const TOLD: i64 = 20;

/// A setting with the names that it speaks of.
#[derive(Debug, Clone)]
pub struct Sight {
    pub setting: Setting,
    pub proposed_by: String,
    pub decided_by: Option<String>,
}

/// How an organisation signs in.
#[derive(Debug, Clone)]
pub struct Overview {
    pub active: Vec<Sight>,
    pub waiting: Vec<Sight>,
    pub decided: Vec<Sight>,
    pub rule: Rule,
    /// Who can be marked, and the names behind ids.
    pub people: Vec<Person>,
    /// The roles that the organisation has made, for their names.
    pub roles: CustomRoles,
}

/// What a setting is about, in the reader's language.
pub(in crate::identity::sso) fn what(page: &Page, configuration: &Configuration) -> String {
    match configuration {
        Configuration::Connection { connection, .. } => {
            let name = &connection.name;
            match connection.protocol {
                Protocol::Saml(_) => page.t1("sso-what-saml", "name", name),
                Protocol::Oidc(_) => page.t1("sso-what-oidc", "name", name),
            }
        }
        Configuration::Domain { domain } => page.t1("sso-what-domain", "domain", domain),
        Configuration::Rule { rule } if rule.sso_only => page.t(msg!("sso-what-only")),
        Configuration::Rule { .. } => page.t(msg!("sso-what-not-only")),
        Configuration::Link { .. } => page.t(msg!("sso-what-link")),
        Configuration::Account { .. } => page.t(msg!("sso-what-account")),
    }
}

fn seen(people: &[Person], setting: Setting) -> Sight {
    let name = |id: PersonId| {
        let person = people.iter().find(|person| person.id == id);
        person.map(|person| person.name.clone()).unwrap_or_default()
    };
    Sight {
        proposed_by: name(setting.proposed_by),
        decided_by: setting.decided_by.map(name),
        setting,
    }
}

/// How the organisation signs in, for whoever administers it.
pub async fn overview(app: &App, access: &Access) -> Result<Overview, SsoError> {
    access.require(Permission::PeopleAdminister)?;
    let now = app.now();
    app.store
        .read(access.scope(), move |read| {
            let people = people::everybody(read)?;
            let sights = |settings: Vec<Setting>| -> Vec<Sight> {
                let settings = settings.into_iter();
                settings.map(|setting| seen(&people, setting)).collect()
            };
            let mut waiting = settings::proposed(read)?;
            waiting.retain(|setting| now < setting.expires);
            let mut decided = settings::decided(read, TOLD)?;
            decided.retain(|setting| setting.state != State::Active);
            let rule = rule::in_force(read)?.map(|(rule, _)| rule);
            Ok(Overview {
                active: sights(settings::all_active(read)?),
                waiting: sights(waiting),
                decided: sights(decided),
                rule: rule.unwrap_or_default(),
                people,
                roles: roles::load(read)?,
            })
        })
        .await
}

/// A connection in force with its latest failures, for whoever administers.
pub async fn sight(
    app: &App,
    access: &Access,
    id: ConnectionId,
) -> Result<(Setting, Connection, Vec<Failure>), SsoError> {
    access.require(Permission::PeopleAdminister)?;
    app.store
        .read(access.scope(), move |read| {
            let found = settings::active(read, About::Connection, &id.to_string())?;
            let setting = found.ok_or(SsoError::Missing)?;
            let Configuration::Connection { connection, .. } = setting.configuration.clone() else {
                return Err(SsoError::Missing);
            };
            Ok((setting, connection, arrivals::list(read, id)?))
        })
        .await
}

/// The connection of an address that a browser opened: found before its organisation is known, then loaded and checked
/// there. Unknown, ended and forged are alike.
pub async fn connection(app: &App, id: ConnectionId) -> Result<Option<Confirmed>, StoreError> {
    let found = app
        .store
        .lookup(move |lookup| settings::organisation_of(lookup, id))
        .await?;
    let Some(organisation) = found else {
        return Ok(None);
    };
    let scope = Scope::of(organisation);
    let loaded = app
        .store
        .read(scope, move |read| {
            settings::active(read, About::Connection, &id.to_string())
        })
        .await;
    let setting = unless_forged(loaded)?.flatten();
    Ok(setting.and_then(|setting| match setting.configuration {
        Configuration::Connection { connection, .. } => Some(Confirmed {
            organisation,
            id,
            setting: setting.id,
            connection,
            secret: setting.secret,
        }),
        _ => None,
    }))
}

/// What the sign-in page offers: the connections of the one organisation, or of the one whose short name was typed. An
/// organisation that is not there has none, as one without connections.
pub async fn buttons(
    app: &App,
    slug: Option<&str>,
) -> Result<Vec<(ConnectionId, String)>, StoreError> {
    let Some(organisation) = organisation(app, slug).await? else {
        return Ok(Vec::new());
    };
    let found = app
        .store
        .read(Scope::of(organisation), |read| settings::all_active(read))
        .await;
    let active = unless_forged(found)?.unwrap_or_default();
    let mut buttons: Vec<(ConnectionId, String)> = active
        .into_iter()
        .filter_map(|setting| match setting.configuration {
            Configuration::Connection { id, connection } => Some((id, connection.name)),
            _ => None,
        })
        .collect();
    buttons.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(buttons)
}

async fn organisation(app: &App, slug: Option<&str>) -> Result<Option<OrgId>, StoreError> {
    match slug.map(str::trim).filter(|slug| !slug.is_empty()) {
        Some(slug) => {
            let slug = slug.to_owned();
            let found = app
                .store
                .lookup(move |lookup| organisations::of_slug(lookup, &slug));
            found.await
        }
        None => match app.store.lookup(organisations::first_two).await?.as_slice() {
            [(only, _)] => Ok(Some(*only)),
            _ => Ok(None),
        },
    }
}
