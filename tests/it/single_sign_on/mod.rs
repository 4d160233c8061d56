//! Signing in through identity providers: who decides how, and who is let in. Beside each try stands its twin, which differs
//! in the one thing that stops it.

mod arrivals;
mod openid;
mod roles;
pub mod rule;
pub mod saml;
mod settings;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use countersign::identity::access::Role;
use countersign::identity::devices::Room;
use countersign::identity::factors::Through;
use countersign::identity::powers::Verdict;
use countersign::identity::sso::{
    Arrival, ArriveError, Configuration, Confirmed, Connection, ConnectionId, Errand, Mapping,
    Oidc, Protocol, Reason, SsoError, SsoSettingId, Subject, arrive, connection, decide, propose,
};
use countersign::params;
use countersign::platform::ids::PersonId;
use countersign::platform::scope::Scope;
use countersign::platform::store::{Reads as _, Sql, StoreError};
use countersign::platform::web::locale::Locale;
use countersign::platform::web::request::RequestInfo;

use crate::support::app::{Answer, Browser, Member, between, unescape};
use crate::support::stores::TestStore;
use crate::support::world::{Somebody, World, fresh};

const ROLES: Sql = Sql::read(
    "SELECT role FROM role_grants WHERE org_id = $1 AND person_id = $2 AND revoked_us IS NULL ORDER BY role",
);
const PERSON_OF: Sql = Sql::read("SELECT person_id FROM sessions WHERE org_id = $1 AND id = $2");
const ENDED: Sql = Sql::read("SELECT ended_us FROM sessions WHERE org_id = $1 AND id = $2");
const EMAIL: Sql = Sql::read("SELECT email FROM people WHERE org_id = $1 AND id = $2");

/// Ada and Ben administer.
pub struct Two {
    pub world: World,
    pub ada: Somebody,
    pub ben: Somebody,
}

impl Two {
    pub async fn new(t: &Arc<TestStore>) -> Self {
        Self::of(World::new(t).await).await
    }

    pub async fn of(world: World) -> Self {
        Self {
            ada: world.somebody("Ada", &[Role::Administrator]).await,
            ben: world.somebody("Ben", &[Role::Administrator]).await,
            world,
        }
    }

    pub async fn proposed(&self, configuration: Configuration) -> SsoSettingId {
        let access = self.ada.access().await;
        let made = propose(&self.world.app, &access, configuration, None).await;
        made.expect("proposed").id
    }

    pub async fn confirm(&self, by: &Somebody, id: SsoSettingId) -> Result<(), SsoError> {
        decide(&self.world.app, &by.access().await, id, Verdict::Confirm).await
    }

    pub async fn confirmed(&self, configuration: Configuration) -> SsoSettingId {
        let id = self.proposed(configuration).await;
        self.confirm(&self.ben, id).await.expect("another human");
        id
    }

    /// A connection that two confirmed.
    pub async fn connected(&self, connection: Connection) -> Confirmed {
        self.changed(fresh(&self.world), connection).await
    }

    /// The connection as two changed it.
    pub async fn changed(&self, id: ConnectionId, connection: Connection) -> Confirmed {
        self.confirmed(Configuration::Connection { id, connection })
            .await;
        self.in_force(id).await.expect("it is in force")
    }

    pub async fn in_force(&self, id: ConnectionId) -> Option<Confirmed> {
        connection(&self.world.app, id)
            .await
            .expect("the database answers")
    }

    pub async fn own_domain(&self, domain: &str) -> SsoSettingId {
        let domain = domain.to_owned();
        self.confirmed(Configuration::Domain { domain }).await
    }

    pub async fn arrives(
        &self,
        through: &Confirmed,
        arrival: Arrival,
    ) -> Result<Through, ArriveError> {
        arrive(
            &self.world.app,
            through,
            arrival,
            (None, Room::Network, Errand::default()),
            &request(&self.world),
        )
        .await
    }

    /// Whose session it is.
    pub async fn person(&self, through: &Through) -> PersonId {
        let id = through.opened.id;
        let found: Result<(PersonId,), StoreError> = self
            .world
            .app
            .store
            .read(self.scope(), move |read| read.one(&PERSON_OF, params![id]))
            .await;
        found.expect("a session").0
    }

    pub async fn has_ended(&self, through: &Through) -> bool {
        let id = through.opened.id;
        let found: Result<(Option<i64>,), StoreError> = self
            .world
            .app
            .store
            .read(self.scope(), move |read| read.one(&ENDED, params![id]))
            .await;
        found.expect("a session").0.is_some()
    }

    pub async fn email(&self, of: PersonId) -> String {
        let found: Result<(String,), StoreError> = self
            .world
            .app
            .store
            .read(self.scope(), move |read| read.one(&EMAIL, params![of]))
            .await;
        found.expect("a person").0
    }

    pub async fn roles(&self, of: PersonId) -> Vec<Role> {
        let found: Result<Vec<(Role,)>, StoreError> = self
            .world
            .app
            .store
            .read(self.scope(), move |read| read.all(&ROLES, params![of]))
            .await;
        let found = found.expect("the database answers");
        found.into_iter().map(|(role,)| role).collect()
    }

    pub fn scope(&self) -> Scope {
        Scope::of(self.world.organisation)
    }
}

pub fn request(world: &World) -> RequestInfo {
    RequestInfo {
        id: fresh(world),
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        device: "test".into(),
        locale: Locale::En,
    }
}

/// A connection that believes second factors and makes accounts.
pub fn open_connection() -> Connection {
    Connection {
        name: "Head office".to_owned(),
        protocol: Protocol::Oidc(Oidc {
            issuer: "https://idp.example".to_owned(),
            client_id: "countersign".to_owned(),
        }),
        mapping: Mapping {
            email: "email".to_owned(),
            name: "name".to_owned(),
            groups: "groups".to_owned(),
            roles: Vec::new(),
        },
        just_in_time: true,
        trusts_factor: true,
    }
}

/// Somebody who has shown a second factor at the identity provider.
pub fn arrival(subject: &str, email: &str) -> Arrival {
    Arrival {
        subject: Subject::plain(subject),
        email: Some(email.to_owned()),
        name: Some("Ingrid Holm".to_owned()),
        groups: Vec::new(),
        factor: true,
        signed_in: None,
        session_index: None,
        not_after: None,
    }
}

/// Why somebody was refused.
pub fn reason(done: Result<Through, ArriveError>) -> Option<Reason> {
    match done {
        Ok(_) => None,
        Err(ArriveError::Refused(reason)) => Some(reason),
        Err(other) => panic!("{other:?}"),
    }
}

/// Asks for what needs a factor that was shown a moment ago.
pub async fn asks_for_a_token(browser: &mut Browser) -> Answer {
    browser.get("/me").await;
    let fields = [
        ("name", "warehouse"),
        ("days", "30"),
        ("permissions", "bills.read"),
    ];
    browser.submit("/me/tokens", &fields).await
}

/// Whether she was given it.
pub fn is_given(answer: &Answer) -> bool {
    answer.status == 200 && answer.body.contains("id=\"token\">")
}

/// Whether a factor is asked for first.
pub fn is_asked(answer: &Answer) -> bool {
    answer.status == 403 && answer.body.contains("Show your second factor")
}

/// The way to show a factor where she came from, as the page that asks for one has it.
pub fn way_there(answer: &Answer) -> Option<String> {
    let link = between(&answer.body, "href=\"/sso/", "\"")?;
    Some(unescape(&format!("/sso/{link}")))
}

/// Sends one of the forms of the settings, which is taken.
pub async fn posts(by: &mut Member, path: &str, fields: &[(&str, &str)]) {
    by.browser.get("/settings/sign-in").await;
    let answer = by.browser.submit(path, fields).await;
    assert_eq!(answer.status, 303, "{path}: {}", answer.body);
}

/// The connections in force, as the settings list them.
pub async fn connections(by: &mut Member) -> Vec<String> {
    let page = by.browser.get("/settings/sign-in").await;
    let links = page.body.split("href=\"/settings/sign-in/connections/");
    let ids = links.skip(1).filter_map(|rest| rest.split_once('"'));
    ids.map(|(id, _)| id.to_owned())
        .filter(|id| !id.starts_with("new"))
        .collect()
}

/// Makes a connection, which is in force at once where nobody else administers.
pub async fn connect(by: &mut Member, fields: &[(&str, &str)]) -> ConnectionId {
    let known = connections(by).await;
    posts(by, "/settings/sign-in/connections/new", fields).await;
    let now = connections(by).await;
    let new = now.into_iter().find(|id| !known.contains(id));
    new.expect("it is in force").parse().expect("an id")
}
