//! The rows of directories: the settings' page, and what a directory alone may ask for.

use countersign::identity::access::Permission as P;

use super::table::{Needs::Directory, Route, Sends, form, get, one};

const PAGES: &[Route] = &[
    get("/settings/directories", one(&[P::PeopleRead])),
    form(
        "/settings/directories",
        one(&[P::PeopleAdminister]),
        &[("name", "Okta"), ("days", "7")],
    ),
    form(
        "/settings/directories/{id}/tokens",
        one(&[P::PeopleAdminister]),
        &[("days", "7")],
    ),
    form(
        "/settings/directories/{id}/mappings",
        one(&[P::PeopleAdminister]),
        &[("group", "@group"), ("role", "coder")],
    ),
    form(
        "/settings/directories/{id}/accounts",
        one(&[P::PeopleAdminister]),
        &[("email", "@member")],
    ),
    form(
        "/settings/directory-tokens/{id}",
        one(&[P::PeopleAdminister]),
        &[("decision", "refuse")],
    ),
    form(
        "/settings/directory-mappings/{id}",
        one(&[P::PeopleAdminister]),
        &[("decision", "refuse")],
    ),
];

const fn scim(method: &'static str, path: &'static str) -> Route {
    Route {
        method,
        path,
        needs: Directory,
        sends: Sends::Nothing,
    }
}

const SCIM: &[Route] = &[
    scim("GET", "/scim/v2/Users"),
    scim("POST", "/scim/v2/Users"),
    scim("POST", "/scim/v2/Users/.search"),
    scim("GET", "/scim/v2/Users/{id}"),
    scim("PUT", "/scim/v2/Users/{id}"),
    scim("PATCH", "/scim/v2/Users/{id}"),
    scim("DELETE", "/scim/v2/Users/{id}"),
    scim("GET", "/scim/v2/Groups"),
    scim("POST", "/scim/v2/Groups"),
    scim("POST", "/scim/v2/Groups/.search"),
    scim("GET", "/scim/v2/Groups/{id}"),
    scim("PUT", "/scim/v2/Groups/{id}"),
    scim("PATCH", "/scim/v2/Groups/{id}"),
    scim("DELETE", "/scim/v2/Groups/{id}"),
    scim("GET", "/scim/v2/ServiceProviderConfig"),
    scim("GET", "/scim/v2/ResourceTypes"),
    scim("GET", "/scim/v2/ResourceTypes/{name}"),
    scim("GET", "/scim/v2/Schemas"),
    scim("GET", "/scim/v2/Schemas/{urn}"),
    scim("GET", "/scim/v2/Me"),
    scim("POST", "/scim/v2/Me"),
    scim("PUT", "/scim/v2/Me"),
    scim("PATCH", "/scim/v2/Me"),
    scim("DELETE", "/scim/v2/Me"),
    scim("POST", "/scim/v2/Bulk"),
    scim("POST", "/scim/v2/.search"),
];

pub fn rows() -> (&'static [Route], &'static [Route]) {
    (PAGES, SCIM)
}
