//! The rows of what leaves the house or is shown in full: sealed values, who saw them, and the journal sent elsewhere.

use countersign::identity::access::Permission as P;

use super::table::Needs::Anybody;
use super::table::{Route, form, get, one};

pub const REVEALS: &[Route] = &[
    get("/vendors/{id}/seen", one(&[P::VendorsRead])),
    get(
        "/vendors/{id}/accounts/{account}/seen",
        one(&[P::VendorsRead]),
    ),
    // Values in full.
    get("/reveals", one(&[P::JournalRead, P::SecretsReveal])),
    get("/reveals/new", one(&[P::SecretsReveal])),
    get("/reveals/vendors", one(&[P::SecretsReveal])),
    get("/reveals/{id}", one(&[P::JournalRead, P::SecretsReveal])),
    form(
        "/reveals",
        one(&[P::SecretsReveal]),
        &[
            ("value", "entity-iban:@account"),
            ("purpose", "bank"),
            ("reason", "the bank asks"),
        ],
    ),
    form(
        "/reveals/{id}/decide",
        one(&[P::SecretsReveal]),
        &[("decision", "refuse")],
    ),
    form("/reveals/{id}/open", one(&[P::SecretsReveal]), &[]),
    form("/reveals/{id}/withdraw", one(&[P::SecretsReveal]), &[]),
    // The journal, sent elsewhere.
    get("/settings/streams", one(&[P::JournalRead])),
    form(
        "/settings/streams",
        one(&[P::SettingsEdit]),
        &[
            ("name", "SIEM"),
            ("kind", "webhook"),
            ("address", "https://siem.example/"),
            ("format", "ocsf"),
            ("begins", "first"),
        ],
    ),
    form(
        "/settings/streams/{id}",
        one(&[P::SettingsEdit, P::SecretsReveal]),
        &[("decision", "refuse")],
    ),
    form(
        "/settings/streams/{id}/pause",
        one(&[P::SettingsEdit, P::SecretsReveal]),
        &[],
    ),
    form(
        "/settings/streams/{id}/resume",
        one(&[P::SettingsEdit, P::SecretsReveal]),
        &[],
    ),
    form(
        "/settings/streams/{id}/secret",
        one(&[P::SettingsEdit, P::SecretsReveal]),
        &[],
    ),
    form(
        "/settings/streams/{id}/test",
        one(&[P::SettingsEdit, P::SecretsReveal]),
        &[],
    ),
    form(
        "/settings/streams/{id}/remove",
        one(&[P::SettingsEdit, P::SecretsReveal]),
        &[],
    ),
    get("/bills/{id}/seen", one(&[P::BillsRead])),
    get("/payments/{id}/seen", one(&[P::RunsRead])),
    get("/settings/entities/{id}/seen", one(&[P::SettingsEdit])),
    get(
        "/settings/accounts/{id}/seen",
        one(&[P::SettingsEdit, P::RunsCountersign]),
    ),
    get("/people/{id}/seen", one(&[P::PeopleRead])),
    get("/me/seen", Anybody),
];
