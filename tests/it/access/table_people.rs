//! The rows of what people do about accounts: who gets power, and where somebody is signed in.

use countersign::identity::access::Permission as P;

use super::table::{
    Needs::{Anybody, Nobody},
    Route, form, get, one,
};

pub const PEOPLE: &[Route] = &[
    get("/people/requests", one(&[P::PeopleRead])),
    form(
        "/people/requests/{id}",
        one(&[P::PeopleAdminister]),
        &[("decision", "refuse")],
    ),
    form(
        "/people/{id}/reset-factor",
        one(&[P::PeopleAdminister]),
        &[],
    ),
    get("/keys/disposals", one(&[P::SettingsEdit])),
    form(
        "/keys/disposals",
        one(&[P::SettingsEdit]),
        &[("subject", "vendor:0"), ("reason", "It is over.")],
    ),
    get("/keys/disposals/{id}", one(&[P::SettingsEdit])),
    get("/keys/disposals/{id}/receipt", one(&[P::SettingsEdit])),
    form(
        "/keys/disposals/{id}",
        one(&[P::SettingsEdit]),
        &[("decision", "refuse")],
    ),
    get("/settings/security", one(&[P::SettingsEdit])),
    form(
        "/settings/security",
        one(&[P::PeopleAdminister]),
        &[
            ("factors", "any"),
            ("fresh_minutes", "9"),
            ("idle_minutes", ""),
            ("longest_minutes", ""),
            ("pci", "off"),
        ],
    ),
    form(
        "/settings/security/requests/{id}",
        one(&[P::PeopleAdminister]),
        &[("decision", "refuse")],
    ),
    form(
        "/people/{id}/joins",
        one(&[P::PeopleAdminister]),
        &[("other", "@other")],
    ),
    form(
        "/people/{id}/joins/split",
        one(&[P::PeopleAdminister]),
        &[("join", "@join")],
    ),
    form(
        "/people/{id}/joins/decide",
        one(&[P::PeopleAdminister]),
        &[("join", "@join"), ("decision", "refuse")],
    ),
    get("/settings/roles", one(&[P::PeopleRead])),
    get("/settings/roles/new", one(&[P::PeopleAdminister])),
    form(
        "/settings/roles/new",
        one(&[P::PeopleAdminister]),
        &[("name", "Travel desk"), ("permissions", "bills.read")],
    ),
    get("/settings/roles/{id}", one(&[P::PeopleRead])),
    form(
        "/settings/roles/{id}",
        one(&[P::PeopleAdminister]),
        &[("name", "Post room"), ("permissions", "bills.read")],
    ),
    form(
        "/settings/roles/changes/{id}",
        one(&[P::PeopleAdminister]),
        &[("decision", "refuse")],
    ),
    form(
        "/settings/roles/{id}/retire",
        one(&[P::PeopleAdminister]),
        &[],
    ),
    get("/sign-in/new-password", Anybody),
    form(
        "/sign-in/new-password",
        Anybody,
        &[("password", "kiwi jam"), ("password_again", "kiwi jam")],
    ),
    form("/new-factor/{token}", Nobody, &[("password", "kiwi jam")]),
    get("/new-factor/{token}", Nobody),
    get("/me/delegations", Anybody),
    form(
        "/me/delegations",
        one(&[P::BillsDecide]),
        &[
            ("delegate", "01990000-0000-7000-8000-000000000000"),
            ("from", "2026-01-02"),
            ("until", "2026-01-03"),
        ],
    ),
    form(
        "/me/delegations/end",
        Anybody,
        &[("delegation", "01990000-0000-7000-8000-000000000000")],
    ),
    form(
        "/people/delegations",
        one(&[P::PeopleAdminister]),
        &[
            ("principal", "01990000-0000-7000-8000-000000000000"),
            ("delegate", "@other"),
            ("from", "2026-01-02"),
            ("until", "2026-01-03"),
        ],
    ),
    form(
        "/people/delegations/{id}",
        one(&[P::PeopleAdminister]),
        &[("decision", "refuse")],
    ),
    get("/people/services/new", one(&[P::PeopleAdminister])),
    form(
        "/people/services/new",
        one(&[P::PeopleAdminister]),
        &[("name", "Scanner"), ("roles", "clerk")],
    ),
    get("/people/services/{id}", one(&[P::PeopleRead])),
    form(
        "/people/services/{id}/tokens/{credential}/revoke",
        one(&[P::PeopleAdminister]),
        &[],
    ),
    form(
        "/people/services/{id}/tokens",
        one(&[P::PeopleAdminister]),
        &[("name", "t"), ("days", "1"), ("permissions", "bills.read")],
    ),
    get("/me/sessions", Anybody),
    form(
        "/me/sessions/end",
        Anybody,
        &[("session", "01990000-0000-7000-8000-000000000000")],
    ),
    form(
        "/me/sessions/disown",
        Anybody,
        &[("sign_in", "01990000-0000-7000-8000-000000000000")],
    ),
    get("/me/sessions/disowned", Anybody),
    form("/me/sessions/end-others", Anybody, &[]),
    form(
        "/people/{id}/end-sessions",
        one(&[P::PeopleAdminister]),
        &[],
    ),
    get("/settings/keys", one(&[P::JournalRead])),
    form(
        "/settings/keys/rotate",
        one(&[P::SettingsEdit]),
        &[("level", "values")],
    ),
];
