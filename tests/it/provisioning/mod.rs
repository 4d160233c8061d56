//! Directories that provision people: what they may do, and what a stolen token is good for.

mod groups;
mod leaving;
mod pages;
mod stolen;
mod taken_over;
mod tester;
mod tokens;
mod users;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use axum::middleware::from_fn;
use countersign::identity;
use countersign::identity::access::Role;
use countersign::identity::people::Status;
use countersign::identity::powers::Verdict;
use countersign::identity::provisioning::{self as scim, Which};
use countersign::identity::sso;
use countersign::params;
use countersign::platform::app::App;
use countersign::platform::ids::{CredentialId, PersonId};
use countersign::platform::scope::Scope;
use countersign::platform::store::{Reads as _, Sql, StoreError};
use countersign::platform::web::render::problems;
use serde_json::{Value, json};

use crate::support::app::{Answer, Browser};
use crate::support::stores::TestStore;
use crate::support::world::{Somebody, World};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

const PERSON: Sql =
    Sql::read("SELECT id, status, name FROM people WHERE org_id = $1 AND email = $2");
const ROLES: Sql = Sql::read(
    "SELECT role FROM role_grants WHERE org_id = $1 AND person_id = $2 AND revoked_us IS NULL ORDER BY role",
);

/// The pages and the directories' part of the program, with errors in the form in which they are read.
fn router(app: &Arc<App>) -> Router {
    let router = identity::routes().with_state(Arc::clone(app));
    router.layer(from_fn(problems))
}

/// A request of a directory.
async fn ask(app: &Arc<App>, token: &str, (method, path): (&str, &str), body: Value) -> Reply {
    let request = Request::builder()
        .method(method)
        .uri(format!("/scim/v2{path}"))
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/scim+json");
    let body = if body.is_null() {
        Body::empty()
    } else {
        Body::from(body.to_string())
    };
    Reply::of(Browser::new(router(app)).send(request, body).await)
}

struct Reply {
    status: u16,
    body: Value,
    answer: Answer,
}

impl Reply {
    fn of(answer: Answer) -> Self {
        Self {
            status: answer.status,
            body: serde_json::from_str(&answer.body).unwrap_or_default(),
            answer,
        }
    }

    fn id(&self) -> String {
        let id = self.body["id"].as_str();
        id.unwrap_or_else(|| panic!("{:?}", self.answer)).to_owned()
    }

    #[track_caller]
    fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{:?}", self.answer);
        self
    }

    #[track_caller]
    fn fails(self, status: u16, kind: &str) {
        assert_eq!(self.status, status, "{:?}", self.answer);
        assert_eq!(self.body["scimType"], kind, "{}", self.body);
        assert_eq!(self.body["status"], status.to_string());
        assert_eq!(self.answer.headers["content-type"], "application/scim+json");
    }
}

fn user(name: &str) -> Value {
    json!({ "schemas": [USER], "userName": name, "displayName": "Tom Okafor" })
}

fn patch(operations: Value) -> Value {
    json!({ "schemas": [PATCH], "Operations": operations })
}

fn set(path: &str, value: impl Into<Value>) -> Value {
    let value: Value = value.into();
    patch(json!([{ "op": "replace", "path": path, "value": value }]))
}

/// Ada and Ben administer; a directory of theirs has a token that both stand behind.
struct House {
    world: World,
    ada: Somebody,
    ben: Somebody,
    token: String,
}

impl House {
    async fn new(t: &Arc<TestStore>) -> Self {
        let world = World::new(t).await;
        let mut house = Self {
            ada: world.somebody("Ada", &[Role::Administrator]).await,
            ben: world.somebody("Ben", &[Role::Administrator]).await,
            world,
            token: String::new(),
        };
        house.token = house.directory("Entra").await;
        house.owns("harbour.example").await;
        house
    }

    fn app(&self) -> &Arc<App> {
        &self.world.app
    }

    /// Two say that a domain is the organisation's.
    async fn owns(&self, domain: &str) {
        let domain = domain.to_owned();
        let configuration = sso::Configuration::Domain { domain };
        let made = sso::propose(self.app(), &self.ada.access().await, configuration, None).await;
        let (id, ben) = (made.expect("proposed").id, self.ben.access().await);
        sso::decide(self.app(), &ben, id, Verdict::Confirm)
            .await
            .expect("confirmed");
    }

    /// The token of a new directory, not confirmed.
    async fn proposed(&self, name: &str) -> (String, CredentialId) {
        let access = self.ada.access().await;
        let token = scim::propose(self.app(), &access, Which::New(name.to_owned()), 30)
            .await
            .expect("made");
        let listed = scim::list(self.app(), &access).await.expect("listed");
        let directory = listed
            .iter()
            .find(|one| one.name == name)
            .expect("it is there");
        (token.expose().to_string(), directory.tokens[0].token.id)
    }

    /// The token of a new directory, confirmed.
    async fn directory(&self, name: &str) -> String {
        let (token, id) = self.proposed(name).await;
        scim::decide(self.app(), &self.ben.access().await, id, Verdict::Confirm)
            .await
            .expect("confirmed");
        token
    }

    async fn ask(&self, method: &str, path: &str, body: Value) -> Reply {
        ask(self.app(), &self.token, (method, path), body).await
    }

    /// Sends a user; her id.
    async fn send(&self, name: &str) -> String {
        let made = self.ask("POST", "/Users", user(name)).await;
        assert_eq!(made.status, 201, "{:?}", made.answer);
        made.id()
    }

    async fn change(&self, id: &str, message: Value) -> Reply {
        self.ask("PATCH", &format!("/Users/{id}"), message).await
    }

    /// The account of an address.
    async fn account(&self, email: &str) -> Option<(PersonId, Status, String)> {
        let (scope, email) = (Scope::of(self.world.organisation), email.to_owned());
        let found = self.app().store.read(scope, move |read| {
            read.maybe::<(PersonId, Status, String)>(&PERSON, params![&email])
        });
        let found: Result<_, StoreError> = found.await;
        found.expect("the database answers")
    }

    async fn status(&self, email: &str) -> Option<Status> {
        self.account(email).await.map(|(_, status, _)| status)
    }

    async fn roles(&self, person: PersonId) -> Vec<Role> {
        let scope = Scope::of(self.world.organisation);
        let found: Result<Vec<(Role,)>, StoreError> = self
            .app()
            .store
            .read(scope, move |read| read.all(&ROLES, params![person]))
            .await;
        let found = found.expect("the database answers");
        found.into_iter().map(|(role,)| role).collect()
    }
}
