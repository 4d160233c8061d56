//! What the database must not hold in clear, and forms that no page of ours sent.

use axum::body::Body;
use axum::http::Request;
use countersign::platform::store::{Reads, Sql, StoreError};

use super::tokens::make_token;
use super::{SESSION, organisation};
use crate::support::app::{PASSWORD, on_both_apps};

#[test]
fn the_database_holds_no_token_and_no_sealed_value_in_clear() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let link = ann.invite("tom@harbour.example", &["approver"]).await;
        let shown = make_token(&mut ann, &["people.read"]).await;
        let session = ann.browser.cookie(SESSION).expect("a session").to_owned();
        let link = link
            .strip_prefix("/invitations/")
            .expect("a link")
            .to_owned();
        let seed = ann.seed.to_base32().to_string();
        let secrets = [
            session,
            link,
            shown["csk_".len()..].to_owned(),
            seed,
            ann.codes[0].clone(),
            "DE02120300000000202051".to_owned(),
            "DE123456789".to_owned(),
            PASSWORD.to_owned(),
        ];
        let scope = organisation(&t.app).await;
        for (name, columns) in TEXTS {
            let rows: Vec<(String,)> = t
                .app
                .store
                .read(scope, move |read| read.all::<(String,)>(columns, []))
                .await
                .unwrap_or_else(|error: StoreError| panic!("{name}: {error}"));
            assert!(!rows.is_empty(), "{name} has rows");
            for (text,) in rows {
                for secret in &secrets {
                    assert!(!text.contains(secret.as_str()), "{name} holds {secret}");
                }
            }
        }
    });
}

const TEXTS: &[(&str, &Sql)] = &[
    (
        "journal_openings",
        &Sql::read("SELECT opening FROM journal_openings WHERE org_id = $1"),
    ),
    (
        "passwords",
        &Sql::read("SELECT phc FROM passwords WHERE org_id = $1"),
    ),
    (
        "entities",
        &Sql::read("SELECT vat_id_masked FROM legal_entities WHERE org_id = $1"),
    ),
    (
        "accounts",
        &Sql::read("SELECT iban_masked FROM entity_bank_accounts WHERE org_id = $1"),
    ),
    (
        "tokens",
        &Sql::read("SELECT name || permissions FROM api_tokens WHERE org_id = $1"),
    ),
];

#[test]
fn forms_without_or_with_a_foreign_token_change_nothing() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut tom = t
            .join(&mut ann, "tom@harbour.example", &["administrator"])
            .await;
        tom.browser.get("/people/invite").await;
        let foreign = tom.browser.csrf();
        let fields = [
            ("name", "Eve"),
            ("email", "eve@evil.example"),
            ("roles", "payer"),
        ];
        for csrf in [None, Some(""), Some(foreign.as_str())] {
            let mut form: Vec<(&str, &str)> = csrf.map(|csrf| ("csrf", csrf)).into_iter().collect();
            form.extend_from_slice(&fields);
            let answer = ann.browser.post("/people/invite", &form).await;
            assert_eq!(
                (answer.status, answer.problem),
                (403, Some("error-form-foreign"))
            );
        }
        ann.browser.get("/people/invite").await;
        let csrf = ann.browser.csrf();
        let body = format!("csrf={csrf}&name=Eve&email=eve%40evil.example&roles=payer");
        let request = Request::post("/people/invite")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "cross-site");
        let answer = ann.browser.send(request, Body::from(body)).await;
        assert_eq!(answer.problem, Some("error-form-foreign"));
        assert!(!ann.browser.get("/people").await.body.contains("Eve"));
    });
}
