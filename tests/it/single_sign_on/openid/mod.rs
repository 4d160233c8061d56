//! OpenID Connect through the server's own addresses, with a provider of ours, on both engines.

mod again;
mod attacks;
mod leaving;
mod lost_factors;
mod only_way;
mod provider;
mod settings;
mod signing_in;
mod tokens;

use axum::body::Body;
use axum::http::{Request, header};
use countersign::identity::sso::ConnectionId;
use serde_json::{Value, json};

use crate::support::app::{Answer, Browser, Member, TestApp};
use crate::support::openid::{Asked, CLIENT, OpenId, SECRET};

const OURS: &str = "https://ap.example:8443";

/// Ann administers Harbour Foods alone, so that what she proposes is in force at once.
pub struct House {
    pub t: TestApp,
    pub ann: Member,
    pub idp: OpenId,
    pub connection: ConnectionId,
}

impl House {
    pub async fn new(t: TestApp) -> Self {
        Self::with(t, OpenId::new()).await
    }

    pub async fn with(mut t: TestApp, idp: OpenId) -> Self {
        idp.reached_by(&mut t);
        let mut ann = t.set_up().await;
        let connection = connect(&mut ann, &idp, &[]).await;
        let domain = [("domain", "harbour.example")];
        super::posts(&mut ann, "/settings/sign-in/domains", &domain).await;
        Self {
            t,
            ann,
            idp,
            connection,
        }
    }

    pub fn at(&self, what: &str) -> String {
        format!("/sso/{}/{what}", self.connection)
    }

    pub async fn begin(&self, browser: &mut Browser) -> Asked {
        let answer = browser.get(&self.at("start?next=%2Fbills")).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        let to = answer.location().to_owned();
        assert!(to.starts_with(&self.idp.issuer()), "{to}");
        Asked::of(&to)
    }

    pub fn now_s(&self) -> i64 {
        self.t.app.now().0 / 1_000_000
    }

    /// What the provider says of Ingrid, as an answer to a question.
    pub fn claims(&self, asked: &Asked) -> Value {
        let now = self.now_s();
        json!({
            "iss": self.idp.issuer(), "aud": CLIENT, "sub": "s-ingrid", "nonce": asked.nonce, "iat": now, "exp": now + 300,
            "email": "ingrid@harbour.example", "email_verified": true, "name": "Ingrid Holm", "groups": ["ap-clerks"],
            "amr": ["pwd", "otp"], "auth_time": now, "sid": "session-1",
        })
    }

    /// The provider sends the browser back.
    pub async fn returns(&self, browser: &mut Browser, pairs: &[(&str, &str)]) -> Answer {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        browser
            .get(&format!("{}?{query}", self.at("callback")))
            .await
    }

    /// The browser comes back with a code that is worth this token.
    pub async fn brings(&self, browser: &mut Browser, asked: &Asked, token: String) -> Answer {
        let code = self.idp.code(asked, token);
        self.returns(browser, &[("state", &asked.state), ("code", &code)])
            .await
    }

    /// Signs in from the first request to the answer.
    pub async fn arrives(&self, browser: &mut Browser, change: impl FnOnce(&mut Value)) -> Answer {
        let asked = self.begin(browser).await;
        let mut claims = self.claims(&asked);
        change(&mut claims);
        let token = self.idp.signer().sign(&claims);
        self.brings(browser, &asked, token).await
    }

    /// The connection's page, as Ann sees it.
    pub async fn page(&mut self) -> String {
        let path = format!("/settings/sign-in/connections/{}", self.connection);
        self.ann.browser.get(&path).await.body
    }

    /// The provider's own server says that somebody has left.
    pub async fn is_told(&self, token: &str) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("logout_token", token)
            .finish();
        let request = Request::post(self.at("backchannel-logout"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.t.browser().send(request, Body::from(body)).await
    }
}

/// A connection to a provider.
pub async fn connect(ann: &mut Member, idp: &OpenId, more: &[(&str, &str)]) -> ConnectionId {
    let issuer = idp.issuer();
    let mut fields = vec![
        ("kind", "oidc"),
        ("name", "Head office"),
        ("issuer", issuer.as_str()),
        ("client_id", CLIENT),
        ("client_secret", SECRET),
        ("email", "email"),
        ("full_name", "name"),
        ("groups", "groups"),
        ("roles", "ap-clerks = clerk"),
        ("just_in_time", "yes"),
        ("trusts_factor", "yes"),
    ];
    fields.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    fields.extend_from_slice(more);
    super::connect(ann, &fields).await
}

pub fn refused(answer: &Answer) -> bool {
    let is_session = |value: &axum::http::HeaderValue| {
        let text = value.to_str().unwrap_or_default();
        text.starts_with("__Host-session=")
    };
    let mut cookies = answer.headers.get_all("set-cookie").iter();
    answer.status == 403 && !cookies.any(is_session)
}
