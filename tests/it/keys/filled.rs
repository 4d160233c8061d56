//! A house in which every sealed column holds something, by the application's own actions.

use std::sync::Arc;

use countersign::assurance::audit::rules::Format;
use countersign::assurance::streams::actions::{self as streams, Proposal};
use countersign::assurance::streams::rules::{Begins, Kind};
use countersign::identity::access::Access;
use countersign::identity::powers::Verdict;
use countersign::identity::sessions::SignedIn;
use countersign::payables::bills::rules::Via;
use countersign::payables::intake::actions::{File, take_in};
use countersign::platform::app::App;
use countersign::platform::ids::OrgId;
use countersign::platform::scope::Scope;
use countersign::platform::store::{Reads as _, Sql, StoreError};
use countersign::platform::web::idempotency::{Answer, Attempt, once};

use crate::intake::{IBAN, VAT_ID, ubl};
use crate::single_sign_on::saml::House;
use crate::support::app::{Browser, TestApp};
use crate::support::openid::OpenId;

const ORGANISATION: Sql = Sql::lookup("SELECT id FROM organisations");

/// Set up, signed in through an identity provider, with vendors, bills that were read, links to be mailed and answers to be
/// given again.
pub async fn filled(mut t: TestApp) -> House {
    let provider = OpenId::new();
    provider.reached_by(&mut t);
    let mut house = House::new(t).await;
    let mut ingrid = house.t.browser();
    assert_eq!(house.arrives(&mut ingrid, |_| {}).await.status, 303);
    house
        .posts(
            "/settings/sign-in/connections/new",
            &[
                ("kind", "oidc"),
                ("name", "Branch office"),
                ("issuer", &provider.issuer()),
                ("client_id", "countersign"),
                ("client_secret", "correct horse battery staple"),
                ("email", "email"),
                ("groups", "groups"),
            ],
        )
        .await;
    // A link that waits for its mail is sealed in the job.
    for email in ["late@harbour.example", "later@harbour.example"] {
        house.ann.invite(email, &["clerk"]).await;
    }
    for (name, vat_id) in [
        ("Nordlicht GmbH", "DE173205089"),
        ("Südlicht GmbH", "DE277182818"),
    ] {
        house.ann.browser.get("/vendors/new").await;
        let fields = [
            ("name", name),
            ("vat_id", vat_id),
            ("legal_id", "HRB 1234"),
            ("country", "DE"),
            ("terms_days", "30"),
        ];
        let answer = house.ann.browser.submit("/vendors", &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        let vendor = answer.location().to_owned();
        house
            .ann
            .browser
            .get(&format!("{vendor}/accounts/new"))
            .await;
        let account = [
            ("holder", name),
            ("iban", "FR1420041010050500013M02606"),
            ("currency", "EUR"),
            ("source", "letter"),
            ("evidence", "signed by the owner"),
        ];
        let path = format!("{vendor}/accounts");
        let answer = house.ann.browser.submit(&path, &account).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
    }
    read_bills(&house).await;
    answer_again(&house).await;
    stream(&mut house).await;
    house
}

/// Two webhooks, which two humans agreed on, have a secret each.
async fn stream(house: &mut House) {
    let bo = house
        .t
        .join(&mut house.ann, "bo@harbour.example", &["administrator"]);
    let bo = signed_in(&house.t.app, &bo.await.browser).await;
    let ann = signed_in(&house.t.app, &house.ann.browser).await;
    for path in ["a", "b"] {
        let wanted = Proposal {
            name: path.to_owned(),
            kind: Kind::Webhook,
            address: format!("https://siem.example/{path}"),
            format: Format::Ocsf,
            begins: Begins::First,
            replaces: None,
        };
        let id = streams::propose(&house.t.app, &ann, wanted).await;
        let id = id.expect("it is asked for");
        let confirmed = streams::decide(&house.t.app, &bo, id, Verdict::Confirm).await;
        assert!(confirmed.expect("another human").is_some());
    }
}

async fn signed_in(app: &Arc<App>, browser: &Browser) -> Access {
    let mut request = axum::http::Request::post("/bills");
    for (name, value) in &browser.cookies {
        request = request.header("cookie", format!("{name}={value}"));
    }
    let (mut parts, ()) = request.body(()).expect("a request").into_parts();
    let signed_in =
        <SignedIn as axum::extract::FromRequestParts<_>>::from_request_parts(&mut parts, app).await;
    signed_in.expect("the session stands").access
}

async fn read_bills(house: &House) {
    let app = &house.t.app;
    let access = signed_in(app, &house.ann.browser).await;
    for number in ["A-1", "A-2"] {
        let bytes = ubl(number, "Ostlicht GmbH", "119.00", IBAN, VAT_ID);
        let file = File::of(app, &bytes).await.expect("it is kept");
        let taken = take_in(app, &access, "bill.xml", file, Via::Upload).await;
        taken.expect("it is read");
    }
}

async fn answer_again(house: &House) {
    let app = &house.t.app;
    for key in ["one", "two"] {
        let attempt = Attempt {
            scope: Scope::of(organisation(house).await),
            person: app.id(),
            key: key.to_owned(),
            request: b"POST".to_vec(),
            now: app.now(),
        };
        let body = "{\"token\":\"shown once\"}".to_owned();
        let answered = once(app, attempt, async { Ok(Answer { status: 201, body }) }).await;
        assert!(answered.is_ok());
    }
}

pub async fn organisation(house: &House) -> OrgId {
    let found: Result<(OrgId,), StoreError> = house
        .t
        .app
        .store
        .lookup(|lookup| lookup.one(&ORGANISATION, []))
        .await;
    found.expect("it was set up").0
}
