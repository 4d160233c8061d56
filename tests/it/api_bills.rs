//! Bills and the journal for programs: what pages can do, an API can, by the same actions, each write once for its key.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use countersign::assurance;
use countersign::identity::access::{Permission, Role};
use countersign::identity::tokens::create;
use countersign::payables;
use countersign::payables::bills::rules::Via;
use countersign::payables::intake::actions::{File, take_in};
use countersign::platform::store::journal::sequence_pending;
use countersign::platform::web::render::problems;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::intake::{IBAN, VAT_ID, ubl};
use super::payments::house::House;
use super::support::stores::on_both;
use super::support::world::{Somebody, World};
use super::vendors::Office;

/// A program with a token of somebody's.
struct Program {
    router: Router,
    token: String,
    keys: usize,
}

impl Program {
    async fn of(world: &World, who: &Somebody) -> Self {
        let access = who.access().await;
        let held: Vec<Permission> = Permission::ALL
            .iter()
            .copied()
            .filter(|permission| access.may(*permission))
            .collect();
        let token = create(&world.app, &access, "test", &held, 7)
            .await
            .expect("a token");
        let (api, _) = payables::api().merge(assurance::api()).split_for_parts();
        Self {
            router: api
                .with_state(Arc::clone(&world.app))
                .layer(axum::middleware::from_fn(problems)),
            token: token.expose().to_string(),
            keys: 0,
        }
    }

    async fn send(&self, request: axum::http::request::Builder, body: Body) -> (u16, Vec<u8>) {
        let request = request
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .body(body)
            .expect("a request");
        let answer = self
            .router
            .clone()
            .oneshot(request)
            .await
            .unwrap_or_else(|never| match never {});
        let status = answer.status().as_u16();
        let bytes = to_bytes(answer.into_body(), 16 << 20).await;
        (status, bytes.expect("it ends").to_vec())
    }

    async fn get(&self, path: &str) -> Value {
        let request = Request::get(format!("/api/v1{path}"));
        let (status, bytes) = self.send(request, Body::empty()).await;
        assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&bytes));
        serde_json::from_slice(&bytes).expect("JSON")
    }

    /// Sends it twice under one key: the second answer is the first one's.
    async fn post(&mut self, path: &str, body: Value) -> (u16, Value) {
        self.keys += 1;
        let key = format!("key-{}", self.keys);
        let mut answers = Vec::new();
        for _ in 0..2 {
            let request = Request::post(format!("/api/v1{path}")).header("idempotency-key", &key);
            answers.push(self.send(request, Body::from(body.to_string())).await);
        }
        if answers[0].0 < 400 {
            assert_eq!(answers[0], answers[1], "{path}");
        }
        let body = serde_json::from_slice(&answers[0].1).expect("JSON");
        (answers[0].0, body)
    }

    async fn done(&mut self, path: &str, body: Value) -> Value {
        let (status, answer) = self.post(path, body).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }
}

#[test]
fn a_program_corrects_codes_holds_and_closes_a_bill_and_reads_what_it_did() {
    on_both(|t| async move {
        let house = House::at(Office::at(World::with_workers(&t).await).await).await;
        let world = house.world();
        let clara = world.somebody("Clara", &[Role::Clerk]).await;
        let mut clerk = Program::of(world, &clara).await;
        let xml = ubl("A-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
        let access = clara.access().await;
        let file = File::of(&world.app, &xml).await.expect("kept");
        let taken = take_in(&world.app, &access, "a.xml", file, Via::Api)
            .await
            .expect("taken in");
        let path = format!("/bills/{}", taken.bill);
        let request = Request::get(format!("/api/v1{path}/document"));
        let (status, bytes) = clerk.send(request, Body::empty()).await;
        assert!(status == 200 && bytes == xml, "byte for byte");

        let correction = json!({
            "version": clerk.get(&path).await["version"], "kind": "standard", "vendor_name": "Nordwind GmbH",
            "number": "A-1b", "invoice_date": "2026-01-02", "due_date": "2026-02-01", "currency": "EUR",
            "net": "100.00", "vat": "19.00", "total": "119.00", "iban": IBAN,
        });
        let mut wrong = correction.clone();
        wrong["net"] = json!("hundred");
        let (status, problem) = clerk.post(&format!("{path}/correction"), wrong).await;
        assert_eq!((status, problem["field"].as_str()), (422, Some("net")));
        let stale = json!({ "version": 0, "kind": "standard" });
        assert_eq!(
            clerk.post(&format!("{path}/correction"), stale).await.0,
            409
        );
        clerk.done(&format!("{path}/correction"), correction).await;
        let bill = clerk.get(&path).await;
        assert_eq!(bill["number"], "A-1b");

        let coding = clerk.get(&format!("{path}/coding")).await;
        let line = &coding["lines"][0]["line"];
        assert_eq!(*line, bill["lines"][0]["id"]);
        let part = json!({ "gl_account": "5000", "cost_centre": "100" });
        let body =
            json!({ "version": bill["version"], "lines": [{ "line": line, "parts": [part] }] });
        clerk.done(&format!("{path}/coding"), body).await;
        let coding = clerk.get(&format!("{path}/coding")).await;
        assert_eq!(coding["lines"][0]["parts"][0]["amount"], "100.00");
        let unknown = json!({ "gl_account": "no such" });
        let body = json!({ "version": coding["version"], "lines": [{ "line": line, "parts": [unknown] }] });
        assert_eq!(clerk.post(&format!("{path}/coding"), body).await.0, 422);

        let reason = json!({ "reason": "the boxes are wet" });
        clerk.done(&format!("{path}/holds"), reason).await;
        let held = clerk.get(&path).await;
        let holds = held["holds"].as_array().expect("holds");
        let hold = holds.iter().find(|hold| hold["kind"] == "manual");
        let hold = hold.expect("it stands")["id"].as_str().expect("an id");
        let body = json!({ "version": held["version"], "reason": "they dried" });
        clerk
            .done(&format!("{path}/holds/{hold}/release"), body.clone())
            .await;
        let again = clerk
            .post(&format!("{path}/holds/{hold}/release"), body)
            .await;
        assert_eq!(again.0, 409, "a new key is a new try");

        let version = &clerk.get(&path).await["version"];
        let lost = json!({ "version": version, "way": "lose", "reason": "x" });
        assert_eq!(clerk.post(&format!("{path}/closing"), lost).await.0, 422);
        let body = json!({ "version": version, "way": "cancel", "reason": "ordered twice" });
        clerk.done(&format!("{path}/closing"), body).await;
        assert_eq!(clerk.get(&path).await["processing"], "cancelled");

        sequence_pending(&world.app.store, "test", world.app.now())
            .await
            .expect("numbers");
        reads_the_journal(world, &taken.bill.to_string()).await;
    });
}

/// Each write above stands there once, by the token's person, in parts and by its number.
async fn reads_the_journal(world: &World, bill: &str) {
    let ada = world.somebody("Ada", &[Role::Administrator]).await;
    let reader = Program::of(world, &ada).await;
    let mut done = Vec::new();
    let mut path = format!("/journal?kind=bill&object={bill}&limit=2");
    loop {
        let part = reader.get(&path).await;
        let entries = part["entries"].as_array().expect("entries").clone();
        assert!(entries.len() <= 2);
        done.extend(entries);
        match part["next"].as_str() {
            Some(next) => path = format!("/journal?kind=bill&object={bill}&limit=2&after={next}"),
            None => break,
        }
    }
    let times = |action: &str| {
        done.iter()
            .filter(|entry| entry["action"] == action)
            .count()
    };
    for action in [
        "bill.corrected",
        "bill.coded",
        "bill.held",
        "hold.released",
        "bill.cancelled",
    ] {
        assert_eq!(times(action), 1, "{action} in {done:?}");
    }
    let entry = done
        .iter()
        .find(|entry| entry["action"] == "bill.cancelled")
        .expect("counted above");
    assert_eq!(entry["credential"], "token");
    let number = entry["number"].as_i64().expect("it was numbered");
    assert_eq!(reader.get(&format!("/journal/{number}")).await, *entry);
    for wrong in ["limit=0", "limit=x", "after=x", "from_us=x"] {
        let request = Request::get(format!("/api/v1/journal?{wrong}"));
        assert_eq!(reader.send(request, Body::empty()).await.0, 422, "{wrong}");
    }
    let request = Request::get("/api/v1/journal/999999");
    assert_eq!(reader.send(request, Body::empty()).await.0, 404);
}
