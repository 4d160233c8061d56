//! The way of a bill through the pages: what waits, coding with a split line, sending, deciding, the journal.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use countersign::identity::access::Role;
use countersign::identity::organisations::EntityId;
use countersign::params;
use countersign::payables::bills::rules::Processing;
use countersign::payables::bills::store::{self as bills, lines};
use countersign::payables::ids::{BillId, HoldId, VendorId};
use countersign::payables::{approvals, coding, home};
use countersign::platform::scope::Scope;
use countersign::platform::store::{Entry, Sql, StoreError};
use countersign_money::Currency;
use jiff::civil::date;
use tower::ServiceExt as _;

use super::world::{INSERT_ENTITY, INSERT_VENDOR, line, sample};
use crate::support::stores::on_both;
use crate::support::world::{Somebody, World, fresh};
use countersign::payables::approvals::actions::Who;

pub struct Desk<'a> {
    router: &'a Router,
    cookie: &'a str,
}

impl<'a> Desk<'a> {
    pub fn of(router: &'a Router, somebody: &'a Somebody) -> Self {
        Self {
            router,
            cookie: somebody.cookie(),
        }
    }

    pub async fn send(&self, request: axum::http::request::Builder, body: String) -> (u16, String) {
        let request = request
            .header(header::COOKIE, self.cookie)
            .header(header::HOST, "ap.example:8443")
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .expect("a request");
        let answer = self
            .router
            .clone()
            .oneshot(request)
            .await
            .unwrap_or_else(|never| match never {});
        let status = answer.status().as_u16();
        let bytes = to_bytes(answer.into_body(), 8 << 20)
            .await
            .expect("it ends");
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }

    pub async fn get(&self, path: &str) -> String {
        let (status, body) = self.send(Request::get(path), String::new()).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// Posts with the token of `page`.
    pub async fn post(&self, page: &str, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let csrf = value(page, "csrf");
        let body = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("csrf", &csrf)
            .extend_pairs(fields)
            .finish();
        self.send(Request::post(path), body).await
    }
}

/// The value of a page's hidden field.
pub fn value(page: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let rest = page.split(&mark).nth(1).unwrap_or_default();
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// A bill of 120.00 EUR that nobody here entered.
pub async fn bill(world: &World) -> BillId {
    let (entity, vendor): (EntityId, VendorId) = (fresh(world), fresh(world));
    let keys = world.keys().await;
    let nobody = Who {
        person: fresh(world),
        human: fresh(world),
    };
    world
        .app
        .store
        .write::<_, StoreError, _>(world.caller(), move |tx| {
            tx.change_one(&INSERT_ENTITY, params![entity])?;
            tx.change_one(&INSERT_VENDOR, params![vendor])?;
            let mut bill = sample(
                tx,
                (entity, vendor),
                nobody,
                date(2025, 12, 1),
                (12_000, Currency::EUR),
            );
            (bill.entered_by_id, bill.entered_human_id) = (None, None);
            bills::insert(tx, &bill)?;
            lines::insert(tx, bill.id, &line(tx, 12_000))?;
            tx.journal(Entry::new("bill.entered", "bill", bill.id))?;
            coding::seed(tx, &keys)?;
            approvals::seed(tx, &keys)?;
            tx.done(bill.id)
        })
        .await
        .expect("entered")
}

#[test]
fn a_bill_goes_its_way_through_the_pages() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        let router: Router = home::pages::routes()
            .merge(coding::pages::routes())
            .merge(approvals::pages::routes())
            .merge(countersign::assurance::audit::pages::routes())
            .with_state(Arc::clone(&world.app));
        let bill = bill(&world).await;
        let (ben, cleo) = (
            world.somebody("ben", &[Role::Coder]).await,
            world.somebody("cleo", &[Role::Approver]).await,
        );
        let ann = world.somebody("ann", &[Role::Administrator]).await;
        let (ben, cleo) = (Desk::of(&router, &ben), Desk::of(&router, &cleo));

        let coding = format!("/bills/{bill}/coding");
        assert!(
            ben.get("/").await.contains(&coding),
            "it waits for Ben, who codes"
        );
        assert!(!cleo.get("/").await.contains(&coding), "and not for Cleo");

        let page = ben.get(&coding).await;
        let version = value(&page, "version");
        let (status, split) = ben
            .post(
                &page,
                &coding,
                &[
                    ("version", &version),
                    ("l1p1-account", "5000"),
                    ("l1p1-amount", "25%"),
                    ("split", "1"),
                ],
            )
            .await;
        assert_eq!(status, 200);
        assert!(
            split.contains("l1p2-account"),
            "one more row, without JavaScript"
        );
        assert_eq!(
            value(&split, "version"),
            version,
            "a split renews nothing that was seen"
        );
        let old = [("version", "0"), ("l1p1-account", "5000"), ("split", "1")];
        let (_, stale) = ben.post(&page, &coding, &old).await;
        assert_eq!(value(&stale, "version"), "0", "nor what was not seen");
        let wrong = [
            ("version", version.as_str()),
            ("l1p1-account", "5000"),
            ("l1p1-amount", "25%"),
            ("l1p2-account", "5100 Raw"),
            ("l1p2-amount", "70%"),
            ("then", "send"),
        ];
        let (status, again) = ben.post(&split, &coding, &wrong).await;
        assert_eq!(status, 422);
        assert!(
            again.contains("The parts do not sum to the line."),
            "{again}"
        );
        let mut right = wrong;
        right[4].1 = "75%";
        let (status, _) = ben.post(&again, &coding, &right).await;
        assert_eq!(status, 303);

        let scope = Scope::of(world.organisation);
        let stored = world
            .app
            .store
            .read::<_, StoreError, _>(scope, move |read| {
                Ok((
                    bills::find(read, bill)?,
                    lines::distributions_of_bill(read, bill)?,
                ))
            })
            .await
            .expect("it reads");
        assert_eq!(stored.0.processing, Processing::InApproval);
        let amounts: Vec<i64> = stored.1.iter().map(|part| part.amount_minor).collect();
        assert_eq!(amounts, [3_000, 9_000]);

        assert!(cleo.get("/").await.contains(&format!("/approvals/{bill}")));
        assert!(
            cleo.get("/approvals")
                .await
                .contains(&format!("/approvals/{bill}"))
        );
        let address = format!("/approvals/{bill}");
        let own = ben.get(&address).await;
        assert!(
            own.contains("You sent this bill to approval"),
            "Ben sees why he does not decide"
        );
        let page = cleo.get(&address).await;
        assert!(
            page.contains("5100 Raw materials and consumables"),
            "the coding is there"
        );
        assert!(
            page.contains("number 1 of 1, under version 1 of the policy"),
            "the step that she decides for: {page}"
        );
        let digest = value(&page, "digest");
        let stale = "0".repeat(64);
        let (status, again) = cleo
            .post(
                &page,
                &address,
                &[("digest", &stale), ("decision", "approve")],
            )
            .await;
        assert_eq!(status, 409);
        assert!(again.contains("The bill changed since you opened it"));
        let (status, again) = cleo
            .post(
                &page,
                &address,
                &[("digest", &digest), ("decision", "reject")],
            )
            .await;
        assert_eq!(status, 422);
        assert!(again.contains("Say why"));
        let (status, _) = ben
            .post(
                &own,
                &address,
                &[("digest", &digest), ("decision", "approve")],
            )
            .await;
        assert_eq!(status, 403, "a coder does not decide");
        let (status, _) = cleo
            .post(
                &page,
                &address,
                &[("digest", &digest), ("decision", "approve")],
            )
            .await;
        assert_eq!(status, 303);
        assert!(
            cleo.get("/approvals?view=decided")
                .await
                .contains("Approved")
        );

        let ann = Desk::of(&router, &ann);
        let journal = ann.get("/journal?action=bill.approved").await;
        assert!(
            journal.contains("Bill approved")
                && journal.contains("bill.approved")
                && journal.contains("cleo")
        );
        let (status, _) = ann.post(&journal, "/journal/verify", &[]).await;
        assert_eq!(status, 303);
        assert!(
            ann.get("/journal")
                .await
                .contains("Every row is what the journal says")
        );
        let (status, file) = ann
            .post(&journal, "/journal/export", &[("format", "csv")])
            .await;
        assert!(status == 200 && file.contains("bill.approved"));
        let (status, _) = cleo.send(Request::get("/journal"), String::new()).await;
        assert_eq!(status, 404, "an approver does not read the journal");

        let chart = ann.get("/chart/gl-accounts").await;
        let (status, again) = ann
            .post(
                &chart,
                "/chart/gl-accounts",
                &[("code", "5000"), ("name", "x")],
            )
            .await;
        assert_eq!(status, 409);
        assert!(again.contains("in the list already"));
        let (status, _) = ann
            .post(
                &chart,
                "/chart/gl-accounts",
                &[("code", "5050"), ("name", "Samples")],
            )
            .await;
        assert_eq!(status, 303);
        assert!(ann.get("/chart/gl-accounts").await.contains("Samples"));
    });
}

const HOLD: Sql = Sql::change(
    "holds",
    "INSERT INTO holds (org_id, id, bill_id, kind, detail, placed_us, version) VALUES ($1, $2, $3, 'manual', 'ask the warehouse', $4, 1) RETURNING id",
);

#[test]
fn what_is_coded_and_held_stays_coded_and_leads_to_its_holds() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        let router: Router = coding::pages::routes()
            .merge(countersign::payables::bills::pages::routes())
            .with_state(Arc::clone(&world.app));
        let bill = bill(&world).await;
        world
            .app
            .store
            .write::<_, StoreError, _>(world.caller(), move |tx| {
                let (id, now): (HoldId, _) = (tx.id(), tx.now());
                tx.change_one(&HOLD, params![id, bill, now])?;
                tx.commit(Entry::new("hold.placed", "bill", bill), ())
            })
            .await
            .expect("held");
        let ben = world.somebody("ben", &[Role::Coder]).await;
        let ben = Desk::of(&router, &ben);
        let coding = format!("/bills/{bill}/coding");
        let page = ben.get(&coding).await;
        let version = value(&page, "version");
        let form = [
            ("version", version.as_str()),
            ("l1p1-account", "5000"),
            ("l1p1-amount", "100%"),
            ("then", "send"),
        ];
        let (status, _) = ben.post(&page, &coding, &form).await;
        assert_eq!(status, 303);
        let page = ben.get(&format!("/bills/{bill}?unsent=held")).await;
        assert!(page.contains("The coding is saved, and the bill was not sent"));
        assert!(page.contains("ask the warehouse"));
        let page = ben.get(&coding).await;
        assert!(page.contains("value=\"5000"), "the coding is kept");
    });
}
