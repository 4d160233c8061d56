//! The callers: nobody, one person of each role with a browser and a token, and somebody of another organisation.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use countersign::assurance;
use countersign::identity::access::{Access, Permission, Role};
use countersign::identity::organisations::EntityId;
use countersign::identity::{self, tokens};
use countersign::payables::bills::actions::place_hold;
use countersign::payables::bills::rules::{BillKind, Via};
use countersign::payables::coding::actions::list;
use countersign::payables::coding::rules::List;
use countersign::payables::intake::actions::{File, take_in};
use countersign::payables::{self};
use countersign::platform::store::journal::sequence_pending;

use super::table::{Route, Sends};
use super::things::{
    asked_to_see, directory, disposal, for_absent, give_key, humans, manual_hold, proposed,
    proposed_policy, role, scanner, sign_in_settings, spare, stream, waiting_token,
};
use crate::payments::house;
use crate::support::app::{Answer, Browser};
use crate::support::stores::TestStore;
use crate::support::world::{Somebody, World};
use crate::vendors::{IBAN, Office};

const BOUNDARY: &str = "a-line-between";
/// A page that readers can draw, although its table is missing.
pub const PDF: &str = "%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n\
    2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n\
    3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>\nendobj\n\
    trailer\n<< /Root 1 0 R >>\n%%EOF\n";

/// An organisation in which each kind of thing exists once.
pub struct House {
    house: house::House,
    /// What a path's placeholders stand for, by the beginning of the path.
    things: Vec<(&'static str, String)>,
    hold: String,
    account: String,
    entity_account: String,
    paid_bill: String,
    payment: String,
    /// A directory's group.
    group: String,
    /// A connection in force.
    connection: String,
    /// Somebody's address.
    member: String,
    /// A token of the service account.
    credential: String,
    /// Two accounts that are one human's.
    join: String,
    /// An account that is for itself.
    single: String,
    /// Somebody's token.
    pub token: String,
}

impl House {
    pub async fn new(t: &Arc<TestStore>) -> Self {
        let world = World::with_workers(t).await;
        let house = house::House::at(Office::at(world).await).await;
        let (vendor, account) = house.office.payable_vendor("Nordwind", IBAN).await;
        let approved = house.bill(vendor, 10_000).await;
        let run = house.propose(&[approved]).await.expect("proposed");
        let paid_bill = house.captured(vendor, 5_000, BillKind::Standard, "").await;
        let clerk = house.world().somebody("Clara", &[Role::Clerk]).await;
        let (app, access) = (&house.world().app, clerk.access().await);
        let file = File::of(app, PDF.as_bytes()).await.expect("kept");
        let bill = take_in(app, &access, "a.pdf", file, Via::Upload)
            .await
            .expect("taken in")
            .bill;
        place_hold(app, &access, bill, "it is not ours")
            .await
            .expect("held");
        let hold = manual_hold(house.world(), bill).await;
        let chart = list(app, &access, List::GlAccounts).await.expect("a chart");
        let token = spare(app, &access).await;
        let other = house.world().somebody("Otto", &[Role::Coder]).await;
        sequence_pending(&app.store, "test", app.now())
            .await
            .expect("numbers");
        let (connection, change) = sign_in_settings(house.world()).await;
        let directory = directory(house.world()).await;
        let (service, credential) = scanner(house.world()).await;
        let (join, single) = humans(house.world(), other.person).await;
        let (role, role_change) = role(house.world()).await;
        let things = vec![
            ("/settings/roles/changes/", role_change),
            ("/settings/roles/", role),
            ("/settings/sign-in/connections/", connection.clone()),
            ("/settings/sign-in/changes/", change),
            ("/bills/", bill.to_string()),
            ("/approvals/", bill.to_string()),
            ("/vendors/", vendor.to_string()),
            ("/payments/", run.to_string()),
            ("/payment-runs/", run.to_string()),
            (
                "/people/delegations/",
                for_absent(house.world(), other.person).await,
            ),
            ("/keys/disposals/", disposal(&house.office).await),
            ("/people/requests/", proposed(house.world(), &other).await),
            ("/people/services/", service.to_string()),
            ("/reveals/", asked_to_see(house.world(), vendor).await),
            ("/people/", other.person.to_string()),
            (
                "/settings/security/requests/",
                proposed_policy(house.world()).await,
            ),
            ("/scim/v2/", directory.groups[0].0.to_string()),
            ("/settings/directories/", directory.id.to_string()),
            ("/settings/directory-tokens/", waiting_token(&directory)),
            (
                "/settings/directory-mappings/",
                directory.mappings[0].mapping.id.to_string(),
            ),
            ("/settings/entities/", house.entity.to_string()),
            ("/settings/accounts/", house.account.to_string()),
            ("/settings/streams/", stream(house.world()).await),
            ("/chart/", chart[0].id.to_string()),
        ];
        Self {
            group: directory.groups[0].0.to_string(),
            connection,
            member: format!("Otto-{}@example.org", other.person),
            things,
            hold,
            account: account.to_string(),
            entity_account: house.account.to_string(),
            paid_bill: paid_bill.to_string(),
            payment: house.view(run).await.rows[0].id.to_string(),
            credential,
            join,
            single,
            token,
            house,
        }
    }

    fn router(&self) -> Router {
        let (api, _) = identity::api()
            .merge(payables::api())
            .merge(assurance::api())
            .split_for_parts();
        identity::routes()
            .merge(payables::routes())
            .merge(assurance::routes())
            .merge(api)
            .with_state(Arc::clone(&self.house.world().app))
    }

    fn path(&self, route: &Route, token: &str) -> String {
        let below = route.path.strip_prefix("/api/v1").unwrap_or(route.path);
        let thing = self
            .things
            .iter()
            .find(|(start, _)| below.starts_with(start));
        let id = if below.starts_with("/me/tokens/") {
            token
        } else {
            thing.map_or("", |(_, id)| id)
        };
        self.filled(route.path)
            .replace("{id}", id)
            .replace("{hold}", &self.hold)
            .replace("{account}", &self.account)
            .replace("{list}", "gl-accounts")
            .replace("{image}", "1.png")
            .replace("{number}", "1")
            .replace("{*path}", "0/000.p/1")
            .replace("{step}", "countersign")
            .replace("{credential}", &self.credential)
    }

    /// What a row's values stand for.
    fn filled(&self, text: &str) -> String {
        text.replace("@account", &self.entity_account)
            .replace("@bill", &self.paid_bill)
            .replace("@payment", &self.payment)
            .replace("@group", &self.group)
            .replace("@join", &self.join)
            .replace("@other", &self.single)
            .replace("@connection", &self.connection)
            .replace("@member", &self.member)
            .replace("@digest", &"0".repeat(64))
    }

    /// One person of each role.
    pub async fn callers(&self) -> Vec<Caller> {
        let mut callers = Vec::new();
        for role in Role::ALL {
            let world = self.house.world();
            let somebody = world.somebody(&role.to_string(), &[*role]).await;
            give_key(world, somebody.person).await;
            callers.push(self.caller(&role.to_string(), &somebody).await);
        }
        callers
    }

    /// Somebody with every role.
    pub async fn all_roles(&self, name: &str) -> Caller {
        let somebody = self.house.world().somebody(name, Role::ALL).await;
        self.caller(name, &somebody).await
    }

    /// Somebody with every role in one legal entity alone.
    pub async fn scoped(&self, name: &str, entity: EntityId) -> Caller {
        let world = self.house.world();
        let somebody = world.somebody_in(name, Role::ALL, entity).await;
        give_key(world, somebody.person).await;
        self.caller(name, &somebody).await
    }

    /// The legal entity that everything here belongs to.
    pub fn entity(&self) -> EntityId {
        self.house.entity
    }

    /// Another legal entity, that nothing belongs to yet.
    pub async fn other_entity(&self) -> EntityId {
        self.house.other_entity().await
    }

    /// Ids of what belongs to the house's entity and to no other: bills, runs, accounts, the entity itself.
    pub fn of_the_entity(&self) -> Vec<String> {
        let of_entities = ["/bills/", "/payments/", "/settings/"];
        let is_of = |start: &str| of_entities.iter().any(|of| start.starts_with(of));
        let things = self.things.iter().filter(|(start, _)| is_of(start));
        things
            .map(|(_, id)| id.clone())
            .chain([self.paid_bill.clone(), self.payment.clone()])
            .collect()
    }

    pub fn world(&self) -> &World {
        self.house.world()
    }

    /// Somebody with every role, in another organisation of the same installation.
    pub async fn foreigner(&self) -> Caller {
        let elsewhere = self.house.world().beside().await;
        let somebody = elsewhere.somebody("Fritz", Role::ALL).await;
        self.caller("another organisation", &somebody).await
    }

    pub fn nobody(&self) -> Nobody {
        Nobody(Browser::new(self.router()))
    }

    async fn caller(&self, name: &str, somebody: &Somebody) -> Caller {
        let access = somebody.access().await;
        let app = &self.house.world().app;
        let mut browser = Browser::new(self.router()).with_cookie(&somebody.cookie);
        browser.get("/me").await;
        let csrf = browser.csrf();
        let has_tokens = access.may_anywhere(Permission::OwnTokens);
        let held: Vec<Permission> = Permission::ALL
            .iter()
            .copied()
            .filter(|permission| access.may_anywhere(*permission))
            .collect();
        let made = tokens::create(app, &access, "all", &held, 7).await;
        assert_eq!(made.is_ok(), has_tokens, "{name} makes a token");
        Caller {
            token: made.ok().map(|token| token.expose().to_string()),
            spare: if has_tokens {
                spare(app, &access).await
            } else {
                self.token.clone()
            },
            name: name.to_owned(),
            browser,
            csrf,
            access,
        }
    }
}

/// Somebody who has shown nothing.
pub struct Nobody(Browser);

impl Nobody {
    pub async fn call(&mut self, house: &House, route: &Route, token: &str) -> Answer {
        let request = Request::builder().uri(house.path(route, token));
        send(&mut self.0, house, route, request, "").await
    }
}

/// Somebody with a session, and with a token where her role has tokens.
pub struct Caller {
    pub name: String,
    pub access: Access,
    pub token: Option<String>,
    /// The id of a token of hers that may be revoked; of somebody else's where she has none.
    pub spare: String,
    browser: Browser,
    csrf: String,
}

impl Caller {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.browser.get(path).await
    }

    /// Posts a form with the token of the page that she saw last.
    pub async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.browser.submit(path, fields).await
    }

    pub async fn call(&mut self, house: &House, route: &Route, token: &str) -> Answer {
        let mut request = Request::builder().uri(house.path(route, token));
        if let (true, Some(token)) = (is_for_programs(route), &self.token) {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let csrf = self.csrf.clone();
        send(&mut self.browser, house, route, request, &csrf).await
    }
}

/// Where people's tokens are shown, be they taken there or not.
fn is_for_programs(route: &Route) -> bool {
    route.path.starts_with("/api/") || route.path.starts_with("/scim/")
}

async fn send(
    browser: &mut Browser,
    house: &House,
    route: &Route,
    request: axum::http::request::Builder,
    csrf: &str,
) -> Answer {
    let method: Method = route.method.parse().expect("a method");
    let request = request
        .method(method)
        .header("sec-fetch-site", "same-origin");
    let (kind, body) = match route.sends {
        Sends::Nothing => return browser.send(request, Body::empty()).await,
        Sends::Form(fields) => {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            form.append_pair("csrf", csrf);
            for (name, value) in fields {
                form.append_pair(name, &house.filled(value));
            }
            (
                "application/x-www-form-urlencoded".to_owned(),
                form.finish(),
            )
        }
        Sends::File => (
            format!("multipart/form-data; boundary={BOUNDARY}"),
            format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n\
                 --{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\ncode,name\n\r\n\
                 --{BOUNDARY}--\r\n"
            ),
        ),
        Sends::Json(text) => ("application/json".to_owned(), house.filled(text)),
    };
    browser
        .send(request.header(header::CONTENT_TYPE, kind), Body::from(body))
        .await
}
