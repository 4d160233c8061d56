//! The page of streams, and the list for programs.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use countersign::assurance::streams::actions::Node;
use countersign::identity::access::{Permission, Role};
use countersign::identity::tokens;
use countersign::platform::clock::Micros;
use countersign::{assurance, identity};

use super::House;
use super::receiver::{Reply, WebhookReceiver};
use crate::support::app::{Browser, between};
use crate::support::stores::{TestStore, on_both};
use crate::support::world::Somebody;

const HERE: &str = "/settings/streams";

fn router(house: &House) -> Router {
    let (api, _) = assurance::api().split_for_parts();
    identity::routes()
        .merge(assurance::routes())
        .merge(api)
        .with_state(Arc::clone(house.app()))
}

async fn browser(house: &House, who: &Somebody) -> Browser {
    let mut browser = Browser::new(router(house)).with_cookie(who.cookie());
    let page = browser.get(HERE).await;
    assert_eq!(page.status, 200, "{}", page.body);
    browser
}

#[test]
fn a_stream_is_asked_for_confirmed_and_looked_after_on_its_page() {
    on_both(|t: Arc<TestStore>| async move {
        let receiver = WebhookReceiver::start();
        let house = House::new(&t, receiver.outgoing()).await;
        let (mut ann, mut bo) = (
            browser(&house, &house.ann).await,
            browser(&house, &house.bo).await,
        );
        let address = receiver.address();
        let fields = [
            ("name", "SIEM <1>"),
            ("kind", "webhook"),
            ("address", address.as_str()),
            ("format", "ocsf"),
            ("begins", "first"),
            ("replaces", ""),
        ];
        let mut wrong = fields;
        wrong[2].1 = "http://siem.example/";
        let refused = ann.submit(HERE, &wrong).await;
        assert_eq!(refused.status, 422);
        assert!(refused.body.contains("value=\"http://siem.example/\""));
        let asked = ann.submit(HERE, &fields).await;
        assert_eq!((asked.status, asked.location()), (303, HERE));
        let own = ann.get(HERE).await.body;
        assert!(own.contains("SIEM &#60;1&#62;") || own.contains("SIEM &lt;1&gt;"));
        assert!(
            !own.contains("value=\"confirm\""),
            "nobody confirms her own"
        );
        let page = bo.get(HERE).await.body;
        let path = between(&page, "action=\"/settings/streams/", "\"").expect("it waits");
        let path = format!("{HERE}/{path}");
        assert!(page.contains(&address), "what is confirmed is seen");
        let own = ann.submit(&path, &[("decision", "confirm")]).await;
        assert_eq!(own.status, 409, "{}", own.body);
        let confirmed = bo.submit(&path, &[("decision", "confirm")]).await;
        assert_eq!(confirmed.status, 200, "{}", confirmed.body);
        let secret = between(&confirmed.body, "id=\"secret\">", "<").expect("it is shown");
        assert!(secret.starts_with("whsec_"), "{secret}");
        assert!(!bo.get(HERE).await.body.contains(secret), "once");
        house.numbered().await;
        receiver.replies([Reply::Redirect]);
        house.round(&Node::new("one")).await;
        let page = bo.get(HERE).await.body;
        assert!(page.contains("points to another address"), "{page}");
        t.clock.advance(2 * Micros::SECOND);
        house.round(&Node::new("one")).await;
        let page = bo.get(HERE).await.body;
        assert!(page.contains("Everything is delivered."), "{page}");
        let renewed = bo.submit(&format!("{path}/secret"), &[]).await.body;
        let newer = between(&renewed, "id=\"secret\">", "<").expect("it is shown");
        assert_ne!(newer, secret);
        for (step, says) in [
            ("test", "entries wait"),
            ("pause", "Paused"),
            ("resume", "Delivers"),
            ("remove", "Removed"),
        ] {
            let moved = bo.submit(&format!("{path}/{step}"), &[]).await;
            assert_eq!(moved.location(), HERE, "{step}: {}", moved.body);
            house.numbered().await;
            let page = bo.get(HERE).await.body;
            assert!(page.contains(says), "{step}: {page}");
        }
        let again = bo.submit(&format!("{path}/resume"), &[]).await;
        assert_eq!(again.status, 409);
    });
}

#[test]
fn an_auditor_sees_streams_and_changes_none_and_a_program_lists_them() {
    on_both(|t: Arc<TestStore>| async move {
        let (house, _receiver, (id, _)) = House::to_webhook(&t).await;
        let audra = house.world.somebody("Audra", &[Role::Auditor]).await;
        let mut her = browser(&house, &audra).await;
        let page = her.get(HERE).await.body;
        assert!(page.contains("SIEM") && !page.contains("<button class=\"button primary\""));
        her.get("/me").await;
        let refused = her.submit(&format!("{HERE}/{id}/pause"), &[]).await;
        assert_eq!(refused.status, 403);
        let by = house.ann.access().await;
        let token = tokens::create(house.app(), &by, "watch", &[Permission::JournalRead], 7)
            .await
            .expect("made");
        let request = Request::get("/api/v1/streams")
            .header(header::AUTHORIZATION, format!("Bearer {}", *token.expose()));
        let answer = Browser::new(router(&house))
            .send(request, Body::empty())
            .await;
        let listed: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
        let stream = &listed["streams"][0];
        assert_eq!(stream["id"], id.to_string());
        assert_eq!(stream["state"], "active");
        assert_eq!(stream["next"], 0);
        assert_eq!(stream["is_failing"], false);
        assert!(!answer.body.contains("whsec_"));
    });
}
