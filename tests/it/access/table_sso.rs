//! The rows of single sign-on: what administrators set, and what strangers open.

use countersign::identity::access::Permission as P;

use super::table::{Needs, Needs::Nobody, Route, file, form, get, one};

const ADMINISTERS: Needs = one(&[P::PeopleAdminister]);

const CONNECTION: &[(&str, &str)] = &[
    ("kind", "oidc"),
    ("name", "Head office"),
    ("issuer", "https://idp.example"),
    ("client_id", "countersign"),
];

pub const SSO: &[Route] = &[
    get("/settings/sign-in", ADMINISTERS),
    form(
        "/settings/sign-in/domains",
        ADMINISTERS,
        &[("domain", "harbour.example")],
    ),
    form("/settings/sign-in/rule", ADMINISTERS, &[]),
    form(
        "/settings/sign-in/links",
        ADMINISTERS,
        &[("connection", "@connection"), ("email", "@member")],
    ),
    get("/settings/sign-in/connections/new", ADMINISTERS),
    form("/settings/sign-in/connections/new", ADMINISTERS, CONNECTION),
    get("/settings/sign-in/connections/{id}", ADMINISTERS),
    form(
        "/settings/sign-in/connections/{id}",
        ADMINISTERS,
        CONNECTION,
    ),
    form(
        "/settings/sign-in/changes/{id}",
        ADMINISTERS,
        &[("decision", "refuse")],
    ),
    form("/settings/sign-in/changes/{id}/end", ADMINISTERS, &[]),
    file("/settings/sign-in/connections/new/metadata", ADMINISTERS),
    file("/settings/sign-in/connections/{id}/metadata", ADMINISTERS),
    form("/settings/sign-in/connections/{id}/fetch", ADMINISTERS, &[]),
    form("/settings/sign-in/connections/{id}/keys", ADMINISTERS, &[]),
    form(
        "/settings/sign-in/connections/{id}/keys/retire",
        ADMINISTERS,
        &[],
    ),
    get("/sso", Nobody),
    get("/sso/{connection}/start", Nobody),
    get("/sso/{connection}/metadata", Nobody),
    form("/sso/{connection}/acs", Nobody, &[]),
    get("/sso/{connection}/logout", Nobody),
    form("/sso/{connection}/logout", Nobody, &[]),
    get("/sso/{connection}/callback", Nobody),
    form("/sso/{connection}/backchannel-logout", Nobody, &[]),
];
