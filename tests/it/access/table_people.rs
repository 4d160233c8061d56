//! The rows of what people do about accounts: who gets power, and where somebody is signed in.

use countersign::identity::access::Permission as P;

use super::table::{Needs::Anybody, Route, form, get, one};

pub const PEOPLE: &[Route] = &[
    get("/people/requests", one(&[P::PeopleRead])),
    form(
        "/people/requests/{id}",
        one(&[P::PeopleAdminister]),
        &[("decision", "refuse")],
    ),
    get("/me/sessions", Anybody),
    form(
        "/me/sessions/end",
        Anybody,
        &[("session", "01990000-0000-7000-8000-000000000000")],
    ),
    form("/me/sessions/end-others", Anybody, &[]),
    form(
        "/people/{id}/end-sessions",
        one(&[P::PeopleAdminister]),
        &[],
    ),
];
