//! Whoever leaves is out with the request that says so, by every way in.

use axum::body::Body;
use axum::http::{Request, header};
use countersign::identity::links::{Kind, issue};
use countersign::params;
use countersign::platform::ids::{OrgId, PersonId};
use countersign::platform::scope::{CredentialKind, Scope};
use countersign::platform::store::{Reads as _, Sql, StoreError};
use serde_json::{Value, json};

use super::{Reply, ask, set, user};
use crate::support::app::{Browser, Member, PASSWORD, TestApp, between, on_both_apps};

const TOM: &str = "tom@harbour.example";
const PATH: &str = "/api/v1/legal-entities";

const DEVICES: Sql = Sql::read(
    "SELECT d.id FROM known_devices d JOIN people p ON p.org_id = d.org_id AND p.id = d.person_id \
     WHERE d.org_id = $1 AND p.email = $2 AND d.ended_us IS NULL",
);
const ORGANISATION: Sql = Sql::lookup("SELECT id FROM organisations ORDER BY id LIMIT 1");

/// Tom came from a directory, and uses his account.
struct Office {
    t: TestApp,
    directory: String,
    id: String,
    /// Tom's account.
    person: PersonId,
    ann: Member,
    tom: Browser,
    api_token: String,
    link: String,
}

impl Office {
    async fn new(t: TestApp) -> Self {
        let mut ann = t.set_up().await;
        ann.browser.get("/settings/directories").await;
        let fields = [("name", "Entra"), ("days", "30")];
        let page = ann.browser.submit("/settings/directories", &fields).await;
        let directory = between(&page.body, "<code id=\"token\">", "<")
            .expect("it is shown")
            .to_owned();
        ann.browser.get("/settings/sign-in").await;
        let own = [("domain", "harbour.example")];
        let done = ann.browser.submit("/settings/sign-in/domains", &own).await;
        assert_eq!(done.status, 303, "{}", done.body);
        let made = ask(&t.app, &directory, ("POST", "/Users"), user(TOM))
            .await
            .is(201);
        let people = ann.browser.get("/people").await;
        let row = people
            .body
            .split("href=\"/people/")
            .find(|row| row.contains(TOM))
            .expect("he is listed");
        let person: PersonId = row[..36].parse().expect("an id");
        let path = format!("/people/{person}");
        ann.browser.get(&path).await;
        ann.browser
            .submit(&format!("{path}/roles"), &[("roles", "clerk")])
            .await;
        ann.browser.get(&path).await;
        let page = ann.browser.submit(&format!("{path}/invite"), &[]).await;
        let link = between(&page.body, "id=\"link\">", "<").expect("the link is shown");
        let link = link
            .strip_prefix("https://ap.example:8443")
            .expect("our own address")
            .to_owned();
        let mut tom = t.browser();
        tom.get(&link).await;
        let fields = [
            ("name", "Tom Okafor"),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
        ];
        assert_eq!(tom.submit(&link, &fields).await.location(), "/enrol");
        let mut tom = t.enrol(tom, TOM).await.browser;
        tom.get("/me").await;
        let fields = [
            ("name", "import"),
            ("days", "30"),
            ("permissions", "runs.read"),
        ];
        let page = tom.submit("/me/tokens", &fields).await;
        let api_token = between(&page.body, "<code id=\"token\">", "<")
            .expect("it is shown")
            .to_owned();
        let link = reset(&t, person).await;
        Self {
            id: made.id(),
            person,
            t,
            directory,
            ann,
            tom,
            api_token,
            link,
        }
    }

    async fn say(&self, method: &str, body: Value) -> Reply {
        let path = format!("/Users/{}", self.id);
        ask(&self.t.app, &self.directory, (method, &path), body).await
    }

    /// Ann suspends Tom, or lets him in again.
    async fn decides(&mut self, what: &str) {
        let path = format!("/people/{}", self.person);
        self.ann.browser.get(&path).await;
        let action = format!("{path}/{what}");
        let done = self.ann.browser.submit(&action, &[]).await;
        assert_eq!(done.status, 303, "{what}: {}", done.body);
    }

    /// Whether Tom's session, token, device and link still work.
    async fn ways_in(&mut self) -> [bool; 4] {
        let session = self.tom.get("/me").await.status == 200;
        let request =
            Request::get(PATH).header(header::AUTHORIZATION, format!("Bearer {}", self.api_token));
        let (api, _) = countersign::identity::api().split_for_parts();
        let mut program = Browser::new(api.with_state(std::sync::Arc::clone(&self.t.app)));
        let token = program.send(request, Body::empty()).await.status == 200;
        let scope = Scope::of(organisation(&self.t).await);
        let devices = devices(&self.t, scope).await > 0;
        let mut stranger = self.t.browser();
        let link = stranger.get(&self.link).await.status == 200;
        [session, token, devices, link]
    }
}

async fn devices(t: &TestApp, scope: Scope) -> usize {
    let found: Result<Vec<(String,)>, StoreError> = t
        .app
        .store
        .read(scope, |read| read.all(&DEVICES, params![TOM]))
        .await;
    found.expect("the database answers").len()
}

async fn organisation(t: &TestApp) -> OrgId {
    let found: Result<(OrgId,), StoreError> = t
        .app
        .store
        .lookup(|lookup| lookup.one(&ORGANISATION, []))
        .await;
    found.expect("there is one").0
}

/// A link that replaces a password, as one that was asked for.
async fn reset(t: &TestApp, person: PersonId) -> String {
    let scope = Scope::of(organisation(t).await);
    let caller = t.app.caller(scope, CredentialKind::Job, t.app.id());
    let token: Result<_, StoreError> = t
        .app
        .store
        .write(caller, move |tx| {
            let token = issue(tx, Kind::Reset, Some(person))?;
            tx.done(token)
        })
        .await;
    format!("/reset/{}", *token.expect("issued").expose())
}

/// What is sent.
type Sent = fn() -> Value;

/// How a directory says that somebody has left.
const LEAVES: [(&str, Sent); 3] = [
    ("PATCH", || set("active", false)),
    (
        "PUT",
        || json!({ "schemas": [super::USER], "userName": TOM, "active": false }),
    ),
    ("DELETE", || Value::Null),
];

#[test]
fn who_leaves_is_out_by_every_way_and_stays_out() {
    for (method, body) in LEAVES {
        on_both_apps(|t| async move {
            let mut office = Office::new(t).await;
            assert_eq!(office.ways_in().await, [true; 4]);
            assert!(office.say(method, body()).await.status < 300);
            assert_eq!(office.ways_in().await, [false; 4], "{method}");
            // Who comes back begins anew: nothing that was left lying about lets anybody in.
            if method != "DELETE" {
                office.say("PATCH", set("active", true)).await.is(200);
                assert_eq!(office.ways_in().await, [false; 4], "{method}");
                assert_eq!(office.ann.browser.get("/people").await.status, 200);
            }
        });
    }
}

/// The twin: another change of the same user ends nothing.
#[test]
fn who_does_not_leave_notices_nothing() {
    on_both_apps(|t| async move {
        let mut office = Office::new(t).await;
        office.say("PATCH", set("title", "Clerk")).await.is(200);
        office.say("PATCH", set("active", true)).await.is(200);
        assert_eq!(office.ways_in().await, [true; 4]);
    });
}

#[test]
fn who_leaves_after_an_administrator_suspended_him_begins_anew_as_well() {
    for (method, body) in LEAVES {
        on_both_apps(|t| async move {
            let mut office = Office::new(t).await;
            office.decides("suspend").await;
            assert!(office.say(method, body()).await.status < 300);
            assert_eq!(office.ways_in().await, [false; 4], "{method}");
            office.decides("resume").await;
            assert_eq!(office.ways_in().await, [false; 4], "{method}");
        });
    }
}

/// The twin: without the directory's word what suspending left is good again.
#[test]
fn who_was_suspended_for_a_while_goes_on_with_what_he_had() {
    on_both_apps(|t| async move {
        let mut office = Office::new(t).await;
        office.decides("suspend").await;
        office.decides("resume").await;
        assert_eq!(office.ways_in().await, [false, true, true, false]);
    });
}
