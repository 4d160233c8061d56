//! Vendors and payment runs for programs: the same actions, the same duties, a write done once for each key.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use countersign::identity::access::Permission;
use countersign::identity::tokens::create;
use countersign::payables::bills::rules::Payment;
use countersign::payables::{payments, vendors};
use countersign::platform::web::render::problems;
use serde_json::{Value, json};

use super::house::{DAY, House};
use crate::support::app::Browser;
use crate::support::stores::on_both;
use crate::support::world::Somebody;
use crate::vendors::IBAN;

/// A program with a token of somebody's.
struct Program {
    http: Browser,
    token: String,
}

impl Program {
    async fn of(house: &House, who: &Somebody) -> Self {
        let app = &house.world().app;
        let access = who.access().await;
        let held: Vec<Permission> = Permission::ALL
            .iter()
            .copied()
            .filter(|permission| access.may(*permission))
            .collect();
        let token = create(app, &access, "test", &held, 7)
            .await
            .expect("a token")
            .expose();
        let (vendors, _) = vendors::api::routes().split_for_parts();
        let (payments, _) = payments::api::routes().split_for_parts();
        let router = Router::new()
            .merge(vendors.merge(payments))
            .with_state(Arc::clone(app))
            .layer(axum::middleware::from_fn(problems));
        Self {
            http: Browser::new(router),
            token: token.to_string(),
        }
    }

    async fn get(&mut self, path: &str) -> (u16, Value) {
        let request = Request::get(format!("/api/v1{path}"));
        self.send(request, Body::empty()).await
    }

    async fn post(&mut self, path: &str, key: &str, body: &Value) -> (u16, Value) {
        let request = Request::post(format!("/api/v1{path}")).header("idempotency-key", key);
        self.send(request, Body::from(body.to_string())).await
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> (u16, Value) {
        let bearer = format!("Bearer {}", self.token);
        let request = request.header(header::AUTHORIZATION, bearer);
        let answer = self.http.send(request, body).await;
        let body = serde_json::from_str(&answer.body).unwrap_or(Value::String(answer.body));
        (answer.status, body)
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

/// The problem type that names step-up (RFC 9457).
fn is_step_up(status: u16, problem: &Value) -> Result<(), String> {
    let kind = problem["type"].as_str();
    if (status, kind) == (403, Some("urn:countersign:problem:error-step-up")) {
        Ok(())
    } else {
        Err(format!("{status} {problem}"))
    }
}

#[test]
fn programs_make_vendors_and_runs_with_the_duties_of_their_humans() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let mut ann = Program::of(&house, &house.office.enters).await;
        let mut ben = Program::of(&house, &house.office.verifies).await;
        let new = json!({ "name": "Nordwind GmbH", "country": "DE", "town": "Hamburg", "vat_id": "DE118572044" });
        let (status, made) = ann.post("/vendors", "one", &new).await;
        assert_eq!(status, 201, "{made}");
        let again = ann.post("/vendors", "one", &new).await;
        assert_eq!(again, (201, made.clone()), "the same key does it once");
        let vendor = text(&made["id"]).to_owned();
        let (_, listed) = ann.get("/vendors?q=nord").await;
        assert_eq!(listed["vendors"].as_array().map(Vec::len), Some(1));
        let step = json!({ "version": 1, "status": "active" });
        let (status, _) = ann
            .post(&format!("/vendors/{vendor}/status"), "two", &step)
            .await;
        assert_eq!(status, 200);
        let account = json!({ "holder": "Nordwind GmbH", "iban": IBAN, "currency": "EUR", "source": "signed letter" });
        let path = format!("/vendors/{vendor}/accounts");
        let (status, entered) = ann.post(&path, "three", &account).await;
        assert_eq!(status, 201, "{entered}");
        let call = json!({ "last_four": "3000", "spoke_with": "Mr Hansen", "number": "+49 40 1", "number_known_from": "the contract" });
        let path = format!("{path}/{}/verification", text(&entered["id"]));
        // A token shows no second factor: her human does this in the browser.
        let (status, problem) = ben.post(&path, "four", &call).await;
        assert_eq!(is_step_up(status, &problem), Ok(()));
        let (vendor_id, account_id) = (vendor.parse(), text(&entered["id"]).parse());
        let ids = (vendor_id.expect("an id"), account_id.expect("an id"));
        house.office.verify(ids.0, ids.1, IBAN).await;
        let (_, accounts) = ann.get(&format!("/vendors/{vendor}/accounts")).await;
        assert_eq!(accounts[0]["status"], "verified");
        assert!(!accounts.to_string().contains("0532013000"));

        let bill = house.bill(vendor.parse().expect("an id"), 4_200).await;
        let mut pat = Program::of(&house, &house.proposes).await;
        let mut dan = Program::of(&house, &house.releases).await;
        let new =
            json!({ "account": house.account, "execution_date": DAY.to_string(), "bills": [bill] });
        let (status, made) = pat.post("/payment-runs", "six", &new).await;
        assert_eq!(status, 201, "{made}");
        let run = format!("/payment-runs/{}", text(&made["id"]));
        for step in ["countersign", "generate", "release", "settle"] {
            let (_, seen) = dan.get(&run).await;
            let body = json!({ "version": seen["version"], "digest": seen["digest"] });
            if let "countersign" | "release" = step {
                let path = format!("{run}/{step}");
                let (status, problem) = dan.post(&path, step, &body).await;
                assert_eq!(is_step_up(status, &problem), Ok(()), "{step}");
                let run = text(&made["id"]).parse().expect("an id");
                let done = match step {
                    "countersign" => house.countersign(&house.releases, run).await,
                    _ => house.release(run).await,
                };
                done.expect(step);
                continue;
            }
            if step == "settle" {
                let (status, problem) = dan.get(&format!("{run}/file")).await;
                assert_eq!(is_step_up(status, &problem), Ok(()), "the file");
            }
            let other = json!({ "version": seen["version"], "digest": "00".repeat(32) });
            let (status, _) = dan
                .post(&format!("{run}/{step}"), &format!("{step} unseen"), &other)
                .await;
            assert_eq!(status, 409, "{step} of payments that were not seen");
            let (status, answer) = dan.post(&format!("{run}/{step}"), step, &body).await;
            assert_eq!(status, 200, "{step}: {answer}");
        }
        assert_eq!(house.find(bill).await.payment, Payment::Paid);
        let (status, _) = dan.post(&format!("{run}/delete"), "x", &json!({})).await;
        assert_eq!(status, 422, "a step that names nothing");
    });
}
