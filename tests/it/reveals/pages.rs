//! The same by browser and by token: masked on every page, in full once, and told of where the object is.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use countersign::identity::access::Permission;
use countersign::identity::{self, tokens};
use countersign::payables::home::actions::waiting;
use countersign::payables::home::rules::QueueKind;
use countersign::{assurance, payables};

use super::{Office, iban_of, named, shown};
use crate::support::app::Browser;
use crate::support::stores::on_both;
use crate::support::world::Somebody;
use crate::vendors::{IBAN, OTHER_IBAN};
use countersign::assurance::keys::reveals::Revealable;
use countersign::assurance::keys::reveals::actions::RevealError;
use countersign::identity::access::Role;

const GROUPED: &str = "DE89 3704 0044 0532 0130 00";

fn router(office: &Office) -> Router {
    let (api, _) = identity::api()
        .merge(payables::api())
        .merge(assurance::api())
        .split_for_parts();
    identity::routes()
        .merge(payables::routes())
        .merge(assurance::routes())
        .merge(api)
        .with_state(office.world().app.clone())
}

pub(super) fn browser(office: &Office, who: &Somebody) -> Browser {
    Browser::new(router(office)).with_cookie(&who.cookie)
}

fn hides(body: &str, path: &str) {
    let bare: String = body.split_whitespace().collect();
    for secret in [IBAN, OTHER_IBAN] {
        assert!(!bare.contains(secret), "{path}: {body}");
    }
}

#[test]
fn a_page_leads_from_the_mask_to_the_value_and_tells_of_it_afterwards() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let (vendor, account) = (office.vendor, office.account);
        let mut rita = browser(&office, &office.rita);
        let page = rita.get(&format!("/vendors/{vendor}")).await;
        hides(&page.body, "the vendor's page");
        let form = format!("/reveals/new?value=vendor-iban:{account}");
        assert!(page.body.contains(&form), "{}", page.body);
        let page = rita.get(&form).await;
        assert_eq!(page.status, 200, "{}", page.body);
        hides(&page.body, &form);
        let value = format!("vendor-iban:{account}");
        let mut fields = [
            ("value", value.as_str()),
            ("purpose", "bank"),
            ("reason", ""),
        ];
        let refused = rita.submit("/reveals", &fields).await;
        assert_eq!(refused.status, 422);
        assert!(refused.body.contains("reason-error"), "{}", refused.body);
        hides(&refused.body, "the form again");
        fields[2].1 = "return of run 12";
        let answer = rita.submit("/reveals", &fields).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert!(answer.body.contains(GROUPED), "{}", answer.body);
        // The owner's pages say who saw it, to whoever reads them, and so does her own.
        let mut ann = browser(&office, &office.house.office.enters);
        for path in [
            format!("/vendors/{vendor}/seen"),
            format!("/vendors/{vendor}/accounts/{account}/seen"),
        ] {
            let seen = ann.get(&path).await;
            assert!(seen.body.contains("Rita"), "{path}: {}", seen.body);
            assert!(seen.body.contains("return of run 12"), "{}", seen.body);
            hides(&seen.body, &path);
        }
        let other = format!("/vendors/{vendor}/accounts/{}/seen", office.other);
        assert!(!ann.get(&other).await.body.contains("Rita"));
        assert!(rita.get("/me/seen").await.body.contains("run 12"));
        assert!(!ann.get("/me/seen").await.body.contains("run 12"));
        let refused = ann.submit("/reveals", &fields).await;
        assert_eq!(refused.status, 403, "{}", refused.body);
        // What is not there is in no organisation's words.
        for wrong in ["vendor-iban:nothing", "totp-seed:1", "vendor-vat-id"] {
            let answer = rita.get(&format!("/reveals/new?value={wrong}")).await;
            assert_eq!(answer.status, 404, "{wrong}");
        }
    });
}

#[test]
fn a_batch_waits_on_the_first_page_and_opens_once_as_a_file() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let vendor = office.vendor.to_string();
        let mut rita = browser(&office, &office.rita);
        let page = rita.get("/reveals/vendors").await;
        assert!(page.body.contains("Nordwind"), "{}", page.body);
        let page = rita.get(&format!("/reveals/new?vendor={vendor}")).await;
        assert!(page.body.contains("Ask another person"), "{}", page.body);
        let values = [iban_of(office.account), iban_of(office.other)].map(|one| one.to_string());
        let fields = [
            ("value", values[0].as_str()),
            ("value", &values[1]),
            ("purpose", "audit"),
            ("reason", "yearly audit"),
        ];
        let answer = rita.submit("/reveals", &fields).await;
        let request = answer.location().to_owned();
        assert!(request.starts_with("/reveals/"), "{}", answer.body);
        let app = &office.world().app;
        let queued = async |who: &Somebody| {
            let queues = waiting(app, &who.access().await).await.expect("queues");
            queues.iter().any(|(kind, _)| *kind == QueueKind::Reveal)
        };
        assert!(queued(&office.sven).await && !queued(&office.rita).await);
        assert!(!queued(&office.house.office.enters).await);
        let mut sven = browser(&office, &office.sven);
        let page = sven.get("/").await;
        assert!(page.body.contains(&request), "{}", page.body);
        let page = sven.get(&request).await;
        hides(&page.body, &request);
        let decide = format!("{request}/decide");
        let done = sven.submit(&decide, &[("decision", "perhaps")]).await;
        assert_eq!(done.status, 422);
        sven.get(&request).await;
        let done = sven.submit(&decide, &[("decision", "confirm")]).await;
        assert_eq!(done.location(), request, "{}", done.body);
        assert!(!queued(&office.sven).await);
        rita.get(&request).await;
        let open = format!("{request}/open");
        let file = rita.submit(&open, &[("format", "csv")]).await;
        assert_eq!(file.status, 200, "{}", file.body);
        assert_eq!(file.headers["cache-control"], "no-store");
        assert!(file.body.contains(IBAN) && file.body.contains(OTHER_IBAN));
        assert!(file.body.starts_with("field,of,value"), "{}", file.body);
        rita.get(&request).await;
        let again = rita.submit(&open, &[("format", "csv")]).await;
        assert_eq!(again.status, 409);
        for path in ["/reveals", request.as_str(), "/journal"] {
            hides(&rita.get(path).await.body, path);
        }
    });
}

#[test]
fn an_account_of_ours_is_not_shown_while_a_second_human_is_to_bring_it() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let own = office.house.account;
        let value = [named(Revealable::EntityIban, own)];
        shown(office.ask(&office.rita, &value).await);
        let world = office.world();
        let ada = world.somebody("Ada", &[Role::Administrator]).await;
        let mut ada = browser(&office, &ada);
        let path = format!("/settings/entities/{}/accounts", office.house.entity);
        ada.get(&path).await;
        let fields = [
            ("label", "Second"),
            ("iban", "ES9121000418450200051332"),
            ("bic", ""),
            ("currency", "EUR"),
        ];
        let added = ada.submit(&path, &fields).await;
        assert_eq!(added.status, 303, "{}", added.body);
        let page = ada.get("/settings").await.body;
        let accounts = page.split("/settings/accounts/").skip(1);
        let mut ids = accounts.filter_map(|rest| rest.get(..36));
        let id = ids
            .find(|id| *id != own.to_string())
            .expect("its link")
            .to_owned();
        let waiting = [named(Revealable::EntityIban, &id)];
        let refused = office.ask(&office.rita, &waiting).await;
        assert!(matches!(refused, Err(RevealError::Missing)), "{refused:?}");
        let bob = world.somebody("Bob", &[Role::Administrator]).await;
        let mut bob = browser(&office, &bob);
        let path = format!("/settings/accounts/{id}");
        bob.get(&path).await;
        let verified = bob.submit(&path, &[("iban", fields[1].1)]).await;
        assert_eq!(verified.status, 303, "{}", verified.body);
        shown(office.ask(&office.rita, &waiting).await);
    });
}

#[test]
fn a_token_asks_and_neither_approves_nor_opens() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let world = office.world();
        let ada = world.somebody("Ada", &[Role::Administrator]).await;
        let held = [Permission::SecretsReveal, Permission::JournalRead];
        let token = tokens::create(&world.app, &ada.access().await, "erp", &held, 7)
            .await
            .expect("a token");
        let bearer = format!("Bearer {}", *token.expose());
        let mut program = Browser::new(router(&office));
        let mut call = async |method: &str, path: &str, body: String| {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header(header::AUTHORIZATION, &bearer)
                .header(header::CONTENT_TYPE, "application/json");
            program.send(request, Body::from(body)).await
        };
        let body = serde_json::json!({
            "values": [iban_of(office.account).to_string()],
            "purpose": "bank",
            "reason": "return of run 12",
        });
        let asked = call("POST", "/api/v1/reveals", body.to_string()).await;
        assert_eq!(asked.status, 201, "{}", asked.body);
        let id: serde_json::Value = serde_json::from_str(&asked.body).expect("JSON");
        let id = id["id"].as_str().expect("an id").to_owned();
        let listed = call("GET", "/api/v1/reveals", String::new()).await;
        assert!(listed.body.contains(&id), "{}", listed.body);
        hides(&listed.body, "the API");
        for path in [
            format!("/api/v1/reveals/{id}/open"),
            format!("/reveals/{id}/open"),
            format!("/reveals/{id}/decide"),
        ] {
            let answer = call("POST", &path, String::new()).await;
            hides(&answer.body, &path);
            assert!(answer.status != 200, "{path}: {}", answer.body);
        }
        assert!(office.told("secret.revealed").await.is_empty());
        // The twin: her own session opens it once another human approved.
        let id = id.parse().expect("an id");
        office.approve(&office.sven, id).await.expect("approved");
        office.open(&ada, id).await.expect("opens");
    });
}
