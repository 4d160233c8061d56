//! Changes and whole resources.

use serde_json::{Value, json};

use super::super::address::address;
use super::super::{Fault, GROUPS, Object, USERS, patched, sent};
use super::{ENTERPRISE, barbara, object};

pub(super) fn change(before: Object, operations: Value) -> Result<Object, Fault> {
    let message = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    });
    patched(&USERS, &before, &message)
}

fn changed(operations: Value) -> Object {
    change(barbara(), operations).expect("a change")
}

#[test]
fn a_part_of_a_list_is_changed_where_the_path_finds_it() {
    let path = "emails[type eq \"work\"].value";
    let after = changed(json!([{ "op": "Replace", "path": path, "value": "b@harbour.example" }]));
    assert_eq!(after["emails"][0]["value"], "b@harbour.example");
    assert_eq!(after["emails"][1]["value"], "babs@jensen.example");
    let after = changed(json!([{ "op": "remove", "path": "emails[type eq \"home\"]" }]));
    assert_eq!(after["emails"].as_array().map(Vec::len), Some(1));
    let path = "emails[type eq \"other\"].value";
    let nothing = json!([{ "op": "replace", "path": path, "value": "x@y.example" }]);
    assert_eq!(change(barbara(), nothing), Err(Fault::NoTarget));
    let after = changed(json!([{ "op": "add", "path": path, "value": "x@y.example" }]));
    assert_eq!(
        after["emails"][2],
        json!({ "type": "other", "value": "x@y.example" })
    );
}

#[test]
fn one_address_is_primary_and_a_new_one_takes_its_place() {
    let new = json!([{ "value": "new@harbour.example", "primary": true }]);
    let after = changed(json!([{ "op": "add", "path": "emails", "value": new }]));
    assert_eq!(after["emails"][0]["primary"], false);
    assert_eq!(address(&after).as_deref(), Some("new@harbour.example"));
    let two = json!([{ "value": "a@b.example", "primary": true }, { "value": "c@d.example", "primary": true }]);
    let refused = change(
        barbara(),
        json!([{ "op": "replace", "path": "emails", "value": two }]),
    );
    assert_eq!(refused, Err(Fault::Value("emails.primary".to_owned())));
}

#[test]
fn operations_without_a_path_name_what_they_change() {
    let after = changed(json!([
        { "op": "add", "value": { "nickName": "Babs", "title": "Clerk", "name.givenName": "Barb" } },
        { "op": "replace", "value": { "active": "False", "id": "x", "schemas": [] } },
        { "op": "add", "path": ENTERPRISE, "value": { "costCenter": 4130 } },
        { "op": "replace", "path": format!("{ENTERPRISE}:manager"), "value": "26118915" },
    ]));
    assert_eq!(after.get("nickName"), None, "it is not kept");
    assert_eq!(after["title"], "Clerk");
    assert_eq!(after["active"], false);
    assert_eq!(after["name"]["givenName"], "Barb");
    assert_eq!(after["name"]["familyName"], "Jensen");
    assert_eq!(after[ENTERPRISE]["costCenter"], "4130");
    assert_eq!(after[ENTERPRISE]["department"], "Accounts");
    assert_eq!(after[ENTERPRISE]["manager"]["value"], "26118915");
}

#[test]
fn a_change_that_may_not_be_is_refused_as_a_whole() {
    let path = |text: &str| Err(Fault::Path(text.to_owned()));
    let mutability = |text: &str| Err(Fault::Mutability(text.to_owned()));
    let syntax = |text: &str| Err(Fault::Syntax(text.to_owned()));
    for (operation, wanted) in [
        (
            json!({ "op": "remove", "path": "userName" }),
            mutability("userName"),
        ),
        (
            json!({ "op": "replace", "path": "id", "value": "1" }),
            mutability("id"),
        ),
        (
            json!({ "op": "add", "path": "groups", "value": [] }),
            mutability("groups"),
        ),
        (
            json!({ "op": "add", "path": "meta.version", "value": "1" }),
            mutability("meta.version"),
        ),
        (
            json!({ "op": "add", "path": "moon", "value": "full" }),
            path("moon"),
        ),
        (
            json!({ "op": "add", "path": "name.moon", "value": "full" }),
            path("name.moon"),
        ),
        (json!({ "op": "remove" }), Err(Fault::NoTarget)),
        (json!({ "op": "add", "path": "title" }), syntax("value")),
        (
            json!({ "op": "swap", "path": "title", "value": "x" }),
            syntax("op"),
        ),
        (
            json!({ "op": "add", "path": 7, "value": "x" }),
            syntax("path"),
        ),
        (json!({ "op": "add", "value": "x" }), syntax("value")),
        (
            json!({ "op": "replace", "path": "userName", "value": "" }),
            Err(Fault::Value("userName".to_owned())),
        ),
        (
            json!({ "op": "replace", "path": "active", "value": "perhaps" }),
            Err(Fault::Value("active".to_owned())),
        ),
        (
            json!({ "op": "replace", "path": "title", "value": "a\u{0}b" }),
            Err(Fault::Value("title".to_owned())),
        ),
    ] {
        let good = json!({ "op": "replace", "path": "title", "value": "Clerk" });
        let found = change(barbara(), json!([good, operation]));
        assert_eq!(found, wanted, "{operation}");
    }
    assert_eq!(change(barbara(), json!([])), syntax("Operations"));
    assert_eq!(patched(&USERS, &barbara(), &json!({})), syntax("schemas"));
}

#[test]
fn who_leaves_a_group_leaves_it_alone() {
    let group = object(json!({
        "displayName": "Payers",
        "members": [{ "value": "1" }, { "value": "2" }, { "value": "3" }],
    }));
    let ways = [
        json!({ "op": "remove", "path": "members[value eq \"2\"]" }),
        // As one large directory writes it: to take it for all of them would take the role from everybody.
        json!({ "op": "Remove", "path": "members", "value": [{ "value": "2" }] }),
    ];
    for operation in ways {
        let message = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [operation],
        });
        let after = patched(&GROUPS, &group, &message).expect("a change");
        assert_eq!(
            after["members"],
            json!([{ "value": "1" }, { "value": "3" }])
        );
    }
}

/// The group is as long as groups may be, so that each operation costs 43 (the path's 11 bytes and 32) for each of 50,001.
#[test]
fn a_message_costs_its_operations_times_the_elements_that_they_are_carried_out_among() {
    let group = |members: usize| {
        let members: Vec<Value> = (0..members)
            .map(|n| json!({ "value": n.to_string() }))
            .collect();
        object(json!({ "displayName": "Payers", "members": members }))
    };
    let long = group(50_000);
    let message = |operations: usize, path: &str| {
        let one = json!({ "op": "replace", "path": path, "value": "Clerks" });
        json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": vec![one; operations],
        })
    };
    let too_much = Err(Fault::Value("Operations".to_owned()));
    let after = patched(&GROUPS, &long, &message(232, "displayName"));
    assert_eq!(after.expect("within it")["displayName"], "Clerks");
    assert_eq!(
        patched(&GROUPS, &long, &message(233, "displayName")),
        too_much
    );
    // The same attribute by its longer name: the bytes of the path count as well.
    let named = "urn:ietf:params:scim:schemas:core:2.0:Group:displayName";
    assert_eq!(patched(&GROUPS, &long, &message(232, named)), too_much);
    // The twins: the same messages about a group of ten.
    for path in ["displayName", named] {
        let after = patched(&GROUPS, &group(10), &message(233, path));
        assert_eq!(after.expect("little work")["displayName"], "Clerks");
    }
    let many = patched(&GROUPS, &group(10), &message(1001, "displayName"));
    assert_eq!(many, Err(Fault::Syntax("Operations".to_owned())));
    assert!(patched(&GROUPS, &group(10), &message(1000, "displayName")).is_ok());
}

#[test]
fn a_resource_names_its_schema_and_what_it_must_have() {
    let core = "urn:ietf:params:scim:schemas:core:2.0:User";
    let kept = sent(
        &USERS,
        &json!({
            "schemas": [core], "USERNAME": "a", "password": "secret", "roles": ["administrator"],
            "groups": [{ "value": "x" }], "title": null, "emails": [], "moon": 1, "id": "mine",
        }),
    );
    assert_eq!(kept, Ok(object(json!({ "userName": "a" }))));
    for (wrong, fault) in [
        (
            json!({ "userName": "a" }),
            Fault::Syntax("schemas".to_owned()),
        ),
        (
            json!({ "schemas": [core] }),
            Fault::Value("userName".to_owned()),
        ),
        (json!([]), Fault::Syntax("User".to_owned())),
        (
            json!({ "schemas": [core], "userName": ["a"] }),
            Fault::Value("userName".to_owned()),
        ),
    ] {
        assert_eq!(sent(&USERS, &wrong), Err(fault), "{wrong}");
    }
}
