//! SAML through the server's own addresses, with an identity provider of ours, on both engines.

mod again;
mod attacks;
mod file;
mod keys;
mod leaving;
mod metadata;
mod signing_in;
mod unguarded;

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, header};
use countersign::identity::sso::ConnectionId;
use countersign_saml::bindings::decode_redirect;

use crate::support::app::{Answer, Browser, Member, TestApp, between};
use crate::support::idp::{Facts, Idp};

pub const PASSWORD_CONTEXT: &str =
    "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
pub const MFA_CONTEXT: &str = "https://refeds.org/profile/mfa";
const OURS: &str = "https://ap.example:8443";

/// Ann administers Harbour Foods alone, so that what she proposes is in force at once.
pub struct House {
    pub t: TestApp,
    pub ann: Member,
    pub idp: Arc<Idp>,
    pub connection: ConnectionId,
}

/// A sign-in that a browser has begun.
pub struct Begun {
    pub request: String,
    pub relay: String,
    /// The request as it was sent.
    pub xml: String,
}

impl House {
    pub async fn new(t: TestApp) -> Self {
        let ann = t.set_up().await;
        let idp = Arc::new(Idp::new());
        let mut house = Self {
            t,
            ann,
            idp,
            connection: "01990000-0000-7000-8000-000000000000"
                .parse()
                .expect("an id"),
        };
        house.connection = house.connect(&[]).await;
        let domain = [("domain", "harbour.example")];
        house.posts("/settings/sign-in/domains", &domain).await;
        house
    }

    pub async fn posts(&mut self, path: &str, fields: &[(&str, &str)]) {
        super::posts(&mut self.ann, path, fields).await;
    }

    /// Another connection to the same identity provider.
    pub async fn connect(&mut self, more: &[(&str, &str)]) -> ConnectionId {
        let metadata = self.idp.metadata();
        let mut fields = vec![
            ("kind", "saml"),
            ("name", "Head office"),
            ("metadata", metadata.as_str()),
            ("name_id", "persistent"),
            ("email", "mail"),
            ("groups", "groups"),
            ("roles", "ap-clerks = clerk"),
            ("just_in_time", "yes"),
            ("trusts_factor", "yes"),
        ];
        fields.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
        fields.extend_from_slice(more);
        super::connect(&mut self.ann, &fields).await
    }

    pub fn at(&self, what: &str) -> String {
        format!("/sso/{}/{what}", self.connection)
    }

    pub async fn begin(&self, browser: &mut Browser) -> Begun {
        self.begin_at(browser, &self.at("start?next=%2Fbills"))
            .await
    }

    pub async fn begin_at(&self, browser: &mut Browser, path: &str) -> Begun {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        let to: url::Url = answer.location().parse().expect("an address");
        assert_eq!(to.host_str(), Some("idp.example"));
        let value = |name: &str| {
            let mut pairs = to.query_pairs();
            let found = pairs.find(|(of, _)| of == name);
            found
                .map(|(_, value)| value.into_owned())
                .expect("it is there")
        };
        let xml = decode_redirect(&value("SAMLRequest")).expect("a message");
        let xml = String::from_utf8(xml).expect("text");
        assert!(!value("Signature").is_empty(), "it is signed");
        Begun {
            request: between(&xml, " ID=\"", "\"").expect("an ID").to_owned(),
            relay: value("RelayState"),
            xml,
        }
    }

    /// What the identity provider says of Ingrid, as an answer to a request.
    pub fn facts(&self, request: Option<&str>) -> Facts {
        let mut entropy = [0u8; 8];
        self.t.app.entropy().fill(&mut entropy);
        let id: String = entropy.iter().map(|byte| format!("{byte:02x}")).collect();
        Facts {
            id: format!("a-{id}"),
            name: "s-ingrid".to_owned(),
            mail: "ingrid@harbour.example".to_owned(),
            groups: vec!["ap-clerks".to_owned()],
            context: MFA_CONTEXT.to_owned(),
            audience: format!("{OURS}{}", self.at("metadata")),
            recipient: format!("{OURS}{}", self.at("acs")),
            destination: None,
            request: request.map(str::to_owned),
            session: "session-1".to_owned(),
            signed_in: None,
            until: None,
            now: self.t.app.now(),
        }
    }

    pub async fn post(&self, browser: &mut Browser, response: &str, relay: &str) -> Answer {
        let path = self.at("acs");
        posted(
            browser,
            &path,
            &[("SAMLResponse", response), ("RelayState", relay)],
        )
        .await
    }

    /// Signs in from the first request to the answer.
    pub async fn arrives(&self, browser: &mut Browser, facts: impl FnOnce(&mut Facts)) -> Answer {
        let begun = self.begin(browser).await;
        let mut said = self.facts(Some(&begun.request));
        facts(&mut said);
        self.post(browser, &self.idp.response(&said), &begun.relay)
            .await
    }

    /// The connection's page, as Ann sees it.
    pub async fn page(&mut self) -> String {
        let path = format!("/settings/sign-in/connections/{}", self.connection);
        self.ann.browser.get(&path).await.body
    }
}

/// A form as the identity provider's page posts it: of another site, with the one cookie that comes along.
pub async fn posted(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let all = browser.cookies.clone();
    browser.cookies.retain(|(name, _)| name == "__Host-sso");
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ORIGIN, "https://idp.example")
        .header("sec-fetch-site", "cross-site");
    let answer = browser.send(request, Body::from(body)).await;
    for (name, value) in all {
        if browser.cookies.iter().all(|(known, _)| *known != name) {
            browser.cookies.push((name, value));
        }
    }
    answer
}
