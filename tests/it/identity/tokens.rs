//! API tokens: what they name, as long as they stand.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::Request;
use axum::routing::get;
use countersign::identity::tokens::Bearer;
use countersign::platform::app::App;
use countersign::platform::clock::Micros;

use super::SESSION;
use crate::support::app::{Browser, Member, between, on_both_apps};

pub(super) async fn make_token(member: &mut Member, permissions: &[&str]) -> String {
    member.browser.get("/me").await;
    let mut fields = vec![("name", "import"), ("days", "30")];
    fields.extend(
        permissions
            .iter()
            .map(|permission| ("permissions", *permission)),
    );
    let answer = member.browser.submit("/me/tokens", &fields).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    between(&answer.body, "id=\"token\">", "<")
        .expect("the token is shown")
        .to_owned()
}

/// What the token may do, as the API's handlers see it.
async fn may(State(_): State<Arc<App>>, bearer: Bearer) -> String {
    use countersign::identity::access::Permission as P;
    format!(
        "{} {}",
        bearer.access.may(P::PeopleRead),
        bearer.access.may(P::PeopleAdminister)
    )
}

#[test]
fn a_token_gives_what_it_names_until_it_expires_or_is_revoked_and_cookies_give_nothing() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let token = make_token(&mut ann, &["people.read"]).await;
        let api = axum::Router::new()
            .route("/api/v1/may", get(may))
            .with_state(Arc::clone(&t.app));
        let ask = async |token: &str| {
            let request =
                Request::get("/api/v1/may").header("authorization", format!("Bearer {token}"));
            Browser::new(api.clone()).send(request, Body::empty()).await
        };
        assert_eq!(ask(&token).await.body, "true false");
        assert_eq!(ask(&token.replace("csk_", "csk-")).await.status, 401);
        let cookie = format!(
            "{SESSION}={}",
            ann.browser.cookie(SESSION).expect("a session")
        );
        let request = Request::get("/api/v1/may").header("cookie", cookie);
        let answer = Browser::new(api.clone()).send(request, Body::empty()).await;
        assert_eq!(answer.status, 401);

        let page = ann.browser.get("/me").await.body;
        let path = between(&page, "action=\"/me/tokens/", "\"").expect("a token in the list");
        let path = format!("/me/tokens/{path}");
        assert_eq!(ann.browser.submit(&path, &[]).await.location(), "/me");
        assert_eq!(ask(&token).await.status, 401);

        let token = make_token(&mut ann, &["people.read"]).await;
        t.store.clock.advance(30 * Micros::DAY);
        assert_eq!(ask(&token).await.status, 401);
    });
}
