//! An organisation with people on a fresh store of either engine, for tests of actions.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::FromRequestParts as _;
use axum::http::{Request, header};
use countersign::identity::access::{Access, Grant, HumanId, Role};
use countersign::identity::organisations::EntityId;
use countersign::identity::sessions::{SignedIn, Stage, open};
use countersign::params;
use countersign::platform::app::App;
use countersign::platform::documents::Documents;
use countersign::platform::ids::{Id, OrgId, PersonId, RequestId, uuid_v7};
use countersign::platform::keys::{Keyring, OrgKeys, Roots};
use countersign::platform::logs::{LEAST_KEEP_DAYS, LEAST_ONLINE_DAYS, Retention};
use countersign::platform::scope::{Actor, Caller, CredentialKind, Scope};
use countersign::platform::store::{Entry, Sql, StoreError};
use countersign::platform::web::cookies;
use countersign::platform::web::locale::Locale;
use countersign::platform::web::request::RequestInfo;
use countersign::platform::workers::WorkerConfig;
use countersign::platform::workers::pool::WorkerPool;
use countersign_sealing::{SeededEntropy, SystemEntropy};

use super::stores::{Home, TestStore};
use super::temp::TempDir;

const ORGANISATION: Sql = Sql::change(
    "organisations",
    "INSERT INTO organisations (org_id, id, slug, name, time_zone, created_us, version) VALUES ($1, $1, $2, 'Test AG', 'UTC', $3, 1) RETURNING id",
);
const PERSON: Sql = Sql::change(
    "people",
    "INSERT INTO people (org_id, id, human_id, name, email, sign_in_name, status, locale, created_us, version) \
     VALUES ($1, $2, $3, $4, $5, $5, 'active', NULL, $6, 1) RETURNING id",
);
const ROLE: Sql = Sql::change(
    "role_grants",
    "INSERT INTO role_grants (org_id, id, person_id, role, entity_id, granted_by_id, granted_us, revoked_us, version) \
     VALUES ($1, $2, $3, $4, $5, NULL, $6, NULL, 1) RETURNING id",
);

/// An application with one organisation.
pub struct World {
    pub t: Arc<TestStore>,
    pub app: Arc<App>,
    pub organisation: OrgId,
    pub roots: TempDir,
}

/// Somebody with a session.
pub struct Somebody {
    app: Arc<App>,
    /// The session as a browser sends it: name=value.
    pub cookie: String,
    pub person: PersonId,
    pub human: HumanId,
}

impl Somebody {
    /// Access as of now. A factor counts as shown a moment ago however long ago that was: what asks for one has tests of its
    /// own, which take [`Self::as_shown`].
    pub async fn access(&self) -> Access {
        self.as_shown().await.fresh_for(i64::MAX)
    }

    /// Access as of now, with the factor shown when it was shown.
    pub async fn as_shown(&self) -> Access {
        self.signed_in().await.access
    }

    /// What her browser sends with each request.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    pub async fn signed_in(&self) -> SignedIn {
        signed_in(&self.app, &self.cookie).await
    }

    /// Whether her session still stands.
    pub async fn is_let_in(&self) -> bool {
        tried(&self.app, &self.cookie).await.is_some()
    }
}

async fn signed_in(app: &Arc<App>, cookie: &str) -> SignedIn {
    tried(app, cookie).await.expect("the session stands")
}

/// By a request that changes something: one that only looks is not told which permission it lacks.
async fn tried(app: &Arc<App>, cookie: &str) -> Option<SignedIn> {
    let (mut parts, ()) = Request::post("/vendors")
        .header(header::COOKIE, cookie)
        .body(())
        .expect("a request")
        .into_parts();
    SignedIn::from_request_parts(&mut parts, app).await.ok()
}

/// A new id, each another.
pub fn fresh<T: Id>(world: &World) -> T {
    T::from_uuid(uuid_v7(world.app.now(), &SystemEntropy))
}

impl World {
    pub async fn new(t: &Arc<TestStore>) -> Self {
        Self::of(t, None).await
    }

    /// With processes that read documents.
    pub async fn with_workers(t: &Arc<TestStore>) -> Self {
        let mut config = WorkerConfig::new(
            env!("CARGO_BIN_EXE_countersign").into(),
            vec!["worker".into()],
        );
        config.timeout_ms = 20_000;
        let pool = WorkerPool::new(config).await.expect("workers start");
        Self::of(t, Some(pool)).await
    }

    async fn of(t: &Arc<TestStore>, workers: Option<WorkerPool>) -> Self {
        let roots_dir = TempDir::new("roots");
        let at = |name: &str| roots_dir.path().join(name);
        let entropy = SeededEntropy::new(7);
        let roots =
            Roots::open(&at("storage"), &at("field"), true, &entropy).expect("a fresh folder");
        let url = "https://ap.example:8443/".parse().expect("an address");
        let mut app = App::new(
            t.store.clone(),
            Keyring::new(roots),
            Documents::open(&at("documents")).expect("a fresh folder"),
            t.clock.clone(),
            url,
        );
        app.disposables = super::app::disposables();
        app.workers = workers;
        app.logs = Some(Retention {
            folder: at("logs"),
            online_days: LEAST_ONLINE_DAYS,
            keep_days: LEAST_KEEP_DAYS,
        });
        Self::organisation_of(t, Arc::new(app), roots_dir).await
    }

    /// Another organisation of the same installation.
    pub async fn beside(&self) -> Self {
        let nothing = TempDir::new("roots");
        Self::organisation_of(&self.t, Arc::clone(&self.app), nothing).await
    }

    /// The same organisation once more, for a house of another kind in it.
    pub fn here(&self) -> Self {
        Self {
            t: Arc::clone(&self.t),
            app: Arc::clone(&self.app),
            organisation: self.organisation,
            roots: TempDir::new("roots"),
        }
    }

    async fn organisation_of(t: &Arc<TestStore>, app: Arc<App>, roots: TempDir) -> Self {
        let organisation = OrgId::from_uuid(uuid_v7(app.now(), &SystemEntropy));
        let world = Self {
            t: Arc::clone(t),
            app,
            organisation,
            roots,
        };
        let keys = world
            .app
            .keys
            .new_organisation(organisation, &SystemEntropy);
        let keys = keys.await.expect("roots in files");
        world
            .app
            .store
            .write(world.caller(), move |tx| {
                let now = tx.now();
                tx.begin_journal()?;
                tx.change_one(&ORGANISATION, params![organisation.to_string(), now])?;
                keys.insert(tx).map_err(|_| StoreError::Missing)?;
                tx.commit::<()>(
                    Entry::new("organisation.created", "organisation", organisation),
                    (),
                )
            })
            .await
            .expect("an organisation");
        world
    }

    pub fn caller(&self) -> Caller {
        Caller {
            scope: Scope::of(self.organisation),
            actor: Actor {
                person: None,
                on_behalf_of: None,
                credential: CredentialKind::CommandLine,
                credential_id: None,
                request: RequestId::from_uuid(uuid_v7(self.app.now(), &SystemEntropy)),
            },
            judged_by: None,
            now: self.app.now(),
        }
    }

    pub async fn keys(&self) -> Arc<OrgKeys> {
        self.app
            .keys
            .organisation(&self.app.store, Scope::of(self.organisation))
            .await
            .expect("its keys")
    }

    /// The access of a session's token.
    pub async fn access_by(&self, token: &str) -> Access {
        let cookie = format!("{}={token}", cookies::SESSION);
        signed_in(&self.app, &cookie).await.access
    }

    /// A person with a session, and a human of her own.
    pub async fn somebody(&self, name: &str, roles: &[Role]) -> Somebody {
        self.somebody_as(name, roles, fresh(self)).await
    }

    /// A person who holds roles in one legal entity alone.
    pub async fn somebody_in(&self, name: &str, roles: &[Role], entity: EntityId) -> Somebody {
        let within = |role: &Role| Grant {
            role: *role,
            entity: Some(entity),
        };
        let grants: Vec<Grant> = roles.iter().map(within).collect();
        self.somebody_with(name, &grants, fresh(self)).await
    }

    /// Another account of a human.
    pub async fn somebody_as(&self, name: &str, roles: &[Role], human: HumanId) -> Somebody {
        let grants: Vec<Grant> = roles.iter().copied().map(Grant::everywhere).collect();
        self.somebody_with(name, &grants, human).await
    }

    async fn somebody_with(&self, name: &str, grants: &[Grant], human: HumanId) -> Somebody {
        let (name, grants) = (name.to_owned(), grants.to_vec());
        let request = RequestInfo {
            id: fresh(self),
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            device: "test".into(),
            locale: Locale::En,
        };
        let (person, opened) = self
            .app
            .store
            .write::<_, StoreError, _>(self.caller(), move |tx| {
                let (person, now): (PersonId, _) = (tx.id(), tx.now());
                let email = format!("{name}-{person}@example.org");
                tx.change_one(&PERSON, params![person, human, &name, email, now])?;
                for grant in &grants {
                    let id: PersonId = tx.id();
                    tx.change_one(&ROLE, params![id, person, grant.role, grant.entity, now])?;
                }
                tx.journal(Entry::new("person.invited", "person", person))?;
                let opened = open(tx, person, Stage::Full, Some(now), &request)?;
                tx.done((person, opened))
            })
            .await
            .expect("a person");
        Somebody {
            app: Arc::clone(&self.app),
            cookie: format!("{}={}", cookies::SESSION, *opened.token.expose()),
            person,
            human,
        }
    }

    /// Changes an append-only table as the database's owner would: the triggers dropped first.
    pub async fn tamper(&self, table: &str, change: &str) {
        let sql = match &self.t.home {
            Home::Embedded(_) => format!("DROP TRIGGER IF EXISTS {table}_no_update; {change};"),
            Home::Grown(_) => format!("ALTER TABLE {table} DISABLE TRIGGER USER; {change};"),
        };
        self.t.behind_the_back(&sql).await;
    }

    /// Bytes as the engine's SQL writes them.
    pub fn bytes(&self, bytes: &[u8]) -> String {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        match &self.t.home {
            Home::Embedded(_) => format!("x'{hex}'"),
            Home::Grown(_) => format!("'\\x{hex}'::bytea"),
        }
    }
}
