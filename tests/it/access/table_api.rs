//! The rows of the API; see `table.rs`.

use countersign::identity::access::Permission as P;

use super::table::{MAY_HOLD, Needs, Route, Sends, one};

const fn api(method: &'static str, path: &'static str, needs: Needs, body: &'static str) -> Route {
    Route {
        method,
        path,
        needs,
        sends: if body.is_empty() {
            Sends::Nothing
        } else {
            Sends::Json(body)
        },
    }
}

pub const API: &[Route] = &[
    api("GET", "/api/v1/bills", one(&[P::BillsRead]), ""),
    api(
        "POST",
        "/api/v1/bills",
        one(&[P::BillsEnter]),
        r#"{"no": "invoice"}"#,
    ),
    api("GET", "/api/v1/bills/{id}", one(&[P::BillsRead]), ""),
    api(
        "GET",
        "/api/v1/bills/{id}/approval",
        one(&[P::BillsRead]),
        "",
    ),
    api("GET", "/api/v1/approval-policy", one(&[P::BillsRead]), ""),
    api(
        "PUT",
        "/api/v1/approval-policy",
        one(&[P::SettingsEdit]),
        r#"{"version": 0, "bands": []}"#,
    ),
    api(
        "POST",
        "/api/v1/bills/{id}/submission",
        one(&[P::BillsCode]),
        r#"{"version": 1}"#,
    ),
    api(
        "POST",
        "/api/v1/bills/{id}/decisions",
        one(&[P::BillsDecide]),
        r#"{"verdict": "approve", "digest": "@digest"}"#,
    ),
    api(
        "GET",
        "/api/v1/bills/{id}/document",
        one(&[P::BillsRead]),
        "",
    ),
    api("GET", "/api/v1/bills/{id}/coding", one(&[P::BillsCode]), ""),
    api(
        "POST",
        "/api/v1/bills/{id}/coding",
        one(&[P::BillsCode]),
        r#"{"version": 1, "lines": []}"#,
    ),
    api(
        "POST",
        "/api/v1/bills/{id}/correction",
        one(&[P::BillsEnter]),
        r#"{"version": 1, "kind": "standard"}"#,
    ),
    api(
        "POST",
        "/api/v1/bills/{id}/closing",
        one(&[P::BillsEnter]),
        r#"{"version": 0, "way": "cancel", "reason": "because"}"#,
    ),
    api(
        "POST",
        "/api/v1/bills/{id}/holds",
        one(MAY_HOLD),
        r#"{"reason": "because"}"#,
    ),
    api(
        "POST",
        "/api/v1/bills/{id}/holds/{hold}/release",
        one(&[P::HoldsRelease]),
        r#"{"version": 0, "reason": "because"}"#,
    ),
    api("GET", "/api/v1/journal", one(&[P::JournalRead]), ""),
    api("GET", "/api/v1/keys", one(&[P::JournalRead]), ""),
    api("GET", "/api/v1/journal/export", one(&[P::JournalRead]), ""),
    api("GET", "/api/v1/journal/onwards", one(&[P::JournalRead]), ""),
    api("GET", "/api/v1/streams", one(&[P::JournalRead]), ""),
    api(
        "GET",
        "/api/v1/journal/{number}",
        one(&[P::JournalRead]),
        "",
    ),
    api(
        "GET",
        "/api/v1/journal/{number}/proof",
        one(&[P::JournalRead]),
        "",
    ),
    api(
        "GET",
        "/api/v1/journal/log/checkpoint",
        one(&[P::JournalRead]),
        "",
    ),
    api(
        "GET",
        "/api/v1/journal/log/tile/{*path}",
        one(&[P::JournalRead]),
        "",
    ),
    api(
        "GET",
        "/api/v1/reveals",
        one(&[P::JournalRead, P::SecretsReveal]),
        "",
    ),
    api(
        "POST",
        "/api/v1/reveals",
        one(&[P::SecretsReveal]),
        r#"{"values": ["entity-iban:@account"], "purpose": "bank", "reason": "the bank asks"}"#,
    ),
    api("GET", "/api/v1/vendors", one(&[P::VendorsRead]), ""),
    api(
        "POST",
        "/api/v1/vendors",
        one(&[P::VendorsEdit]),
        r#"{"name": "Seestern", "country": "DE"}"#,
    ),
    api("GET", "/api/v1/vendors/{id}", one(&[P::VendorsRead]), ""),
    api(
        "POST",
        "/api/v1/vendors/{id}/status",
        one(&[P::VendorsEdit]),
        r#"{"version": 1, "status": "suspended", "reason": "because"}"#,
    ),
    api(
        "GET",
        "/api/v1/vendors/{id}/accounts",
        one(&[P::VendorsRead]),
        "",
    ),
    api(
        "POST",
        "/api/v1/vendors/{id}/accounts",
        one(&[P::BankAccountsEnter]),
        r#"{"holder": "Seestern", "iban": "DE02120300000000202051", "currency": "EUR", "source": "letter"}"#,
    ),
    api(
        "POST",
        "/api/v1/vendors/{id}/accounts/{account}/verification",
        one(&[P::BankAccountsVerify]),
        r#"{"last_four": "3000", "spoke_with": "Mr Hansen", "number": "+49 40 5551200", "number_known_from": "the contract"}"#,
    ),
    api("GET", "/api/v1/payment-runs", one(&[P::RunsRead]), ""),
    api(
        "POST",
        "/api/v1/payment-runs",
        one(&[P::RunsPropose]),
        r#"{"account": "@account", "execution_date": "2026-01-15", "bills": ["@bill"]}"#,
    ),
    api("GET", "/api/v1/payment-runs/{id}", one(&[P::RunsRead]), ""),
    api(
        "GET",
        "/api/v1/payment-runs/{id}/file",
        one(&[P::RunsRelease]),
        "",
    ),
    api(
        "POST",
        "/api/v1/payment-runs/{id}/{step}",
        one(&[P::RunsCountersign]),
        r#"{"version": 1, "digest": "@digest"}"#,
    ),
    api("GET", "/api/v1/roles", one(&[P::PeopleRead]), ""),
    api("GET", "/api/v1/legal-entities", one(&[P::RunsRead]), ""),
];
