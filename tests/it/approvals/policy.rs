//! The policy's page and its API: who sees it, who sets it, what is wrong named by band, and no version lost to another.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use countersign::identity::access::{Denied, FRESH_US, Permission, Role};
use countersign::identity::tokens::create;
use countersign::payables::approvals::actions::{ApprovalError, set_policy};
use countersign::payables::approvals::rules::Band;
use countersign::payables::{approvals, home};
use countersign::platform::web::render::problems;
use serde_json::{Value, json};

use super::pages::{Desk, bill, value};
use crate::support::app::Browser;
use crate::support::stores::on_both;
use crate::support::world::World;

const POLICY: &str = "/approvals/policy";

fn router(world: &World) -> Router {
    home::pages::routes()
        .merge(approvals::pages::routes())
        .merge(countersign::assurance::audit::pages::routes())
        .with_state(Arc::clone(&world.app))
}

#[test]
fn everybody_reads_the_policy_and_an_administrator_sets_another_version() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        bill(&world).await;
        let router = router(&world);
        let (ann, ben) = (
            world.somebody("ann", &[Role::Administrator]).await,
            world.somebody("ben", &[Role::Coder]).await,
        );
        let (ann, ben) = (Desk::of(&router, &ann), Desk::of(&router, &ben));

        assert!(ann.get("/").await.contains(POLICY), "in her navigation");
        for (who, desk) in [("an administrator", &ann), ("a coder", &ben)] {
            let home = desk.get("/").await;
            assert!(home.contains("href=\"/chart\""), "{who} finds the chart");
        }
        let read = ben.get(POLICY).await;
        assert!(read.contains("Version 1") && read.contains("Up to 1,000"));
        assert!(read.contains("Set when the organisation was set up"));
        assert!(read.contains("legal entity counts: EUR"), "{read}");
        assert!(!read.contains("name=\"last-approvals\""), "no form for him");
        let fields = [("version", "1"), ("last-approvals", "1"), ("then", "set")];
        let (status, _) = ben.post(&read, POLICY, &fields).await;
        assert_eq!(status, 403, "a coder sets no policy");

        let page = ann.get(POLICY).await;
        let (status, more) = ann
            .post(&page, POLICY, &[("then", "add"), ("version", "1")])
            .await;
        assert_eq!(status, 200);
        assert!(more.contains("name=\"band1-up-to\""), "{more}");
        let wrong = [
            ("version", "1"),
            ("band1-up-to", "500"),
            ("band1-approvals", "1"),
            ("band2-up-to", "400"),
            ("band2-approvals", "2"),
            ("last-approvals", "1"),
            ("then", "set"),
        ];
        let (status, again) = ann.post(&page, POLICY, &wrong).await;
        assert_eq!(status, 422);
        assert!(again.contains("Band 2: the limit must be a whole number"));
        assert!(again.contains("Band 3 needs fewer approvals"));
        assert!(again.contains("value=\"400\""), "what she typed is there");
        let mut right = wrong;
        (right[3].1, right[5].1) = ("4000", "3");
        let (status, body) = ann.post(&again, POLICY, &right).await;
        assert_eq!(status, 303, "{body}");
        let page = ann.get(POLICY).await;
        assert!(page.contains("Version 2") && page.contains("Set by ann"));
        assert!(page.contains("Above 4,000") && page.contains("3 people"));
        assert!(page.contains("Version 1"), "the one before is still told");

        // Somebody who still sees version 1 overwrites nothing.
        let mut late = right;
        late[1].1 = "700";
        let (status, told) = ann.post(&page, POLICY, &late).await;
        assert_eq!(status, 409);
        assert!(told.contains("Somebody else set another policy"));
        assert!(told.contains("value=\"700\""));
        assert_eq!(value(&told, "version"), "2");
        // The same bands again are no new version.
        right[0].1 = "2";
        assert_eq!(ann.post(&page, POLICY, &right).await.0, 303);
        assert!(!ann.get(POLICY).await.contains("Version 3"));

        let journal = ann.get("/journal?action=approval-policy.set").await;
        assert!(journal.contains("ann"), "{journal}");
    });
}

#[test]
fn a_policy_that_was_altered_in_the_database_is_not_shown_as_one() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        bill(&world).await;
        let router = router(&world);
        let ann = world.somebody("ann", &[Role::Administrator]).await;
        let ann = Desk::of(&router, &ann);
        assert!(ann.get(POLICY).await.contains("Version 1"));
        // Who set it is not in the policy's own tag, so that the row's code has to tell.
        let id = ann_id(&world).await;
        let change = format!("UPDATE approval_policies SET created_by_id = '{id}'");
        world.tamper("approval_policies", &change).await;
        let (status, _) = ann.send(Request::get(POLICY), String::new()).await;
        assert_eq!(status, 409);
    });
}

/// Somebody who is in the database, and set no policy.
async fn ann_id(world: &World) -> String {
    let other = world.somebody("mallory", &[Role::Clerk]).await;
    other.person.to_string()
}

#[test]
fn programs_read_and_set_the_policy_once_for_each_key() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        bill(&world).await;
        let ann = world.somebody("ann", &[Role::Administrator]).await;
        let access = ann.access().await;
        let held = [Permission::BillsRead, Permission::SettingsEdit];
        let token = create(&world.app, &access, "test", &held, 7)
            .await
            .expect("a token")
            .expose();
        let (api, _) = approvals::api::routes().split_for_parts();
        let router = api
            .with_state(Arc::clone(&world.app))
            .layer(axum::middleware::from_fn(problems));
        let mut http = Browser::new(router);
        let mut send = async |request: axum::http::request::Builder, body: Option<&Value>| {
            let bearer = format!("Bearer {}", *token);
            let request = request.header(header::AUTHORIZATION, bearer);
            let body = body.map(ToString::to_string).unwrap_or_default();
            let answer = http.send(request, Body::from(body)).await;
            let body: Value = serde_json::from_str(&answer.body).expect("JSON");
            (answer.status, body)
        };
        const PATH: &str = "/api/v1/approval-policy";
        let put = |key: &str| Request::put(PATH).header("idempotency-key", key);
        let (status, policy) = send(Request::get(PATH), None).await;
        assert_eq!((status, &policy["version"]), (200, &json!(1)), "{policy}");
        assert_eq!(
            policy["bands"][0],
            json!({ "up_to": 1_000, "approvals": 1 })
        );
        let bad = json!({ "version": 1, "bands": [{ "up_to": 5, "approvals": 9 }, { "up_to": null, "approvals": 1 }] });
        let (status, problem) = send(put("one"), Some(&bad)).await;
        assert_eq!(status, 422);
        assert_eq!(problem["code"], "approvals-policy-approvals", "{problem}");
        assert!(problem.to_string().contains("Band 1"), "{problem}");
        let good = json!({ "version": 1, "bands": [{ "up_to": null, "approvals": 2 }] });
        for _ in 0..2 {
            let answer = send(put("two"), Some(&good)).await;
            assert_eq!(answer, (200, json!({ "version": 2 })));
        }
        let late = json!({ "version": 1, "bands": [{ "up_to": null, "approvals": 5 }] });
        let (status, problem) = send(put("three"), Some(&late)).await;
        assert_eq!(status, 409);
        assert_eq!(problem["code"], "approvals-policy-changed");
        let (_, policy) = send(Request::get(PATH), None).await;
        assert_eq!(
            (&policy["version"], &policy["set_by"]),
            (&json!(2), &json!("ann"))
        );
    });
}

#[test]
fn in_a_session_the_policy_is_set_by_a_factor_of_a_moment_ago() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        bill(&world).await;
        let ann = world.somebody("ann", &[Role::Administrator]).await;
        let band = Band {
            up_to: None,
            approvals: 2,
        };
        t.clock.advance(FRESH_US);
        let stale = ann.as_shown().await;
        let refused = set_policy(&world.app, &stale, 1, vec![band]).await;
        let is_asked = matches!(refused, Err(ApprovalError::Denied(Denied::NotFresh)));
        assert!(is_asked, "{refused:?}");
        // The guard taken away: the same session, for which any factor counts.
        let unguarded = stale.fresh_for(i64::MAX);
        let set = set_policy(&world.app, &unguarded, 1, vec![band]).await;
        assert_eq!(set.expect("set"), 2);
    });
}
