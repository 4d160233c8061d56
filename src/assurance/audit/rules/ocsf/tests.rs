//! Every action's event is held to what OCSF 1.3.0 says of its class: no attribute that the class lacks, each that it
//! requires, each of its type.

use uuid::Uuid;

use super::*;
use crate::platform::ids::{EntryId, Id as _, PersonId};
use crate::platform::store::journal::Change;

/// Every action that has words: what `doings.rs` knows by name.
fn actions() -> Vec<String> {
    let text = include_str!("../../../../platform/web/doings.rs");
    let known = text.split("/// An action in words.").next();
    known
        .unwrap_or_default()
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|literal| literal.contains('.'))
        .map(str::to_owned)
        .collect()
}

fn entry(action: &str) -> Told {
    Told {
        id: EntryId::from_uuid(Uuid::from_u128(1)),
        seq: Some(7),
        at_us: 1_793_921_400_123_456,
        actor: Some(PersonId::from_uuid(Uuid::from_u128(2))),
        actor_name: Some("Ann".to_owned()),
        on_behalf_of: None,
        credential_kind: "session".to_owned(),
        credential_id: Some("s".to_owned()),
        action: action.to_owned(),
        object_kind: "thing".to_owned(),
        object_id: "b".to_owned(),
        object_version: 2,
        request_id: "r".to_owned(),
        changes: vec![Change {
            field: "role".to_owned(),
            before: None,
            after: Some("payer".to_owned()),
        }],
        is_open: true,
    }
}

#[derive(Clone, Copy)]
enum Type {
    Whole,
    Text,
    Object(&'static [Attribute]),
    Texts,
    Objects(&'static [Attribute]),
    Anything,
}

/// Name, type, and whether the object needs it.
type Attribute = (&'static str, Type, bool);

const USER: &[Attribute] = &[
    ("name", Type::Text, false),
    ("type_id", Type::Whole, false),
    ("uid", Type::Text, false),
];
const ACTOR: &[Attribute] = &[
    ("app_name", Type::Text, false),
    (
        "session",
        Type::Object(&[("uid", Type::Text, false)]),
        false,
    ),
    ("user", Type::Object(USER), false),
];
const PRODUCT_HAS: &[Attribute] = &[
    ("name", Type::Text, false),
    ("vendor_name", Type::Text, true),
    ("version", Type::Text, false),
];
const METADATA: &[Attribute] = &[
    ("correlation_uid", Type::Text, false),
    ("event_code", Type::Text, false),
    ("log_name", Type::Text, false),
    ("product", Type::Object(PRODUCT_HAS), true),
    ("profiles", Type::Texts, false),
    ("sequence", Type::Whole, false),
    ("tenant_uid", Type::Text, false),
    ("uid", Type::Text, false),
    ("version", Type::Text, true),
];
/// The base event's, and the context that identity and access events and the host profile share.
const EVERY: &[Attribute] = &[
    ("activity_id", Type::Whole, true),
    ("activity_name", Type::Text, false),
    ("actor", Type::Object(ACTOR), false),
    ("category_name", Type::Text, false),
    ("category_uid", Type::Whole, true),
    ("class_name", Type::Text, false),
    ("class_uid", Type::Whole, true),
    ("message", Type::Text, false),
    ("metadata", Type::Object(METADATA), true),
    ("severity", Type::Text, false),
    ("severity_id", Type::Whole, true),
    (
        "src_endpoint",
        Type::Object(&[("ip", Type::Text, false)]),
        false,
    ),
    ("status", Type::Text, false),
    ("status_detail", Type::Text, false),
    ("status_id", Type::Whole, false),
    ("time", Type::Whole, true),
    ("type_uid", Type::Whole, true),
    ("unmapped", Type::Anything, false),
];
const NAMED: &[Attribute] = &[
    ("type", Type::Text, false),
    ("uid", Type::Text, false),
    ("version", Type::Text, false),
];
const SERVICE: &[Attribute] = &[("name", Type::Text, false)];

fn own(class: u64) -> &'static [Attribute] {
    match class {
        3001 => &[("user", Type::Object(USER), true)],
        3002 => &[
            ("user", Type::Object(USER), true),
            // Of service and dst_endpoint the class wants one; we have the first.
            ("service", Type::Object(SERVICE), true),
        ],
        3004 => &[("entity", Type::Object(NAMED), true)],
        3005 => &[
            ("privileges", Type::Texts, true),
            ("user", Type::Object(USER), true),
        ],
        6001 => &[("web_resources", Type::Objects(NAMED), true)],
        other => panic!("class {other}"),
    }
}

/// What is wrong with an object.
fn faults(at: &str, value: &Value, attributes: &[Attribute]) -> Vec<String> {
    let Some(object) = value.as_object() else {
        return vec![format!("{at} is no object")];
    };
    let mut faults = Vec::new();
    for (name, _, _) in attributes.iter().filter(|(_, _, required)| *required) {
        if !object.contains_key(*name) {
            faults.push(format!("{at}.{name} is missing"));
        }
    }
    if object.is_empty() {
        faults.push(format!("{at} says nothing"));
    }
    for (name, value) in object {
        let at = format!("{at}.{name}");
        let Some((_, kind, _)) = attributes.iter().find(|(known, _, _)| known == name) else {
            faults.push(format!("{at} is not of the class"));
            continue;
        };
        faults.extend(mistyped(&at, value, *kind));
    }
    faults
}

fn mistyped(at: &str, value: &Value, kind: Type) -> Vec<String> {
    let each = |inner: &dyn Fn(&Value) -> Vec<String>| match value.as_array() {
        Some(all) if !all.is_empty() => all.iter().flat_map(inner).collect(),
        _ => vec![format!("{at} is no list, or empty")],
    };
    let fits = |fits: bool| {
        if fits {
            Vec::new()
        } else {
            vec![format!("{at} is of another type")]
        }
    };
    match kind {
        Type::Whole => fits(value.is_u64()),
        Type::Text => fits(value.as_str().is_some_and(|text| !text.is_empty())),
        Type::Object(attributes) => faults(at, value, attributes),
        Type::Texts => each(&|one| fits(one.is_string())),
        Type::Objects(attributes) => each(&|one| faults(at, one, attributes)),
        Type::Anything => Vec::new(),
    }
}

fn check(event: &Value) -> Vec<String> {
    let class = event["class_uid"].as_u64().unwrap_or_default();
    let attributes = [EVERY, own(class)].concat();
    let mut faults = faults("event", event, &attributes);
    let number = |name: &str| event[name].as_u64().unwrap_or_default();
    if number("type_uid") != class * 100 + number("activity_id") {
        faults.push("type_uid is not class_uid * 100 + activity_id".to_owned());
    }
    if number("category_uid") != class / 1000 {
        faults.push("category_uid is not the class's".to_owned());
    }
    faults
}

fn organisation() -> OrgId {
    OrgId::from_uuid(Uuid::from_u128(3))
}

#[test]
fn every_action_has_a_class_and_its_event_is_what_the_class_says() {
    let actions = actions();
    assert!(actions.len() > 140, "{} found", actions.len());
    for action in &actions {
        let (class, activity) =
            classes::of(action).unwrap_or_else(|| panic!("{action} has no class in classes.rs"));
        assert!(
            activity == OTHER || class.activity(activity).is_some(),
            "{action}: {activity}"
        );
        let alone = Told {
            actor: None,
            actor_name: None,
            seq: None,
            credential_kind: "job".to_owned(),
            credential_id: None,
            changes: Vec::new(),
            is_open: false,
            ..entry(action)
        };
        for told in [entry(action), alone] {
            let faults = check(&event(&told, organisation()));
            assert!(faults.is_empty(), "{action}: {faults:?}");
        }
    }
}

#[test]
fn the_checker_finds_what_is_missing_foreign_or_of_another_type() {
    let good = event(&entry("role.granted"), organisation());
    assert_eq!(check(&good), [""; 0]);
    let broken = |change: &dyn Fn(&mut Value)| {
        let mut event = good.clone();
        change(&mut event);
        check(&event)
    };
    let missing = broken(&|event| {
        event.as_object_mut().map(|all| all.remove("user"));
    });
    assert_eq!(missing, ["event.user is missing"]);
    let foreign = broken(&|event| event["metadata"]["colour"] = json!("red"));
    assert_eq!(foreign, ["event.metadata.colour is not of the class"]);
    let seconds = broken(&|event| event["time"] = json!("2026-11-05"));
    assert_eq!(seconds, ["event.time is of another type"]);
    let other = broken(&|event| event["activity_id"] = json!(2));
    assert_eq!(other, ["type_uid is not class_uid * 100 + activity_id"]);
}

#[test]
fn an_event_says_who_did_what_to_what_when_and_in_which_request() {
    let given = event(&entry("role.granted"), organisation());
    assert_eq!(given["type_uid"], 300_501);
    assert_eq!(given["time"], 1_793_921_400_123_u64);
    assert_eq!(given["privileges"], json!(["payer"]));
    assert_eq!(given["metadata"]["correlation_uid"], "r");
    assert_eq!(given["metadata"]["sequence"], 7);
    assert_eq!(given["actor"]["user"]["name"], "Ann");
    assert_eq!(given["unmapped"]["at_us"], 1_793_921_400_123_456_u64);

    let mut failed = entry("sign-in.failed");
    failed.object_kind = "account".to_owned();
    failed.changes = ["reason", "address"]
        .map(|field| Change {
            field: field.to_owned(),
            before: None,
            after: Some(
                if field == "reason" {
                    "password"
                } else {
                    "192.0.2.7"
                }
                .to_owned(),
            ),
        })
        .to_vec();
    let failed = event(&failed, organisation());
    assert_eq!(
        (&failed["type_uid"], &failed["status_id"]),
        (&json!(300_201), &json!(2))
    );
    assert_eq!(failed["src_endpoint"]["ip"], "192.0.2.7");
    assert_eq!(failed["user"]["uid"], "b");
    assert_eq!(failed["status_detail"], "password");

    let unknown = event(&entry("moon.landed-on"), organisation());
    assert_eq!(unknown["type_uid"], 600_199);
    assert_eq!(unknown["activity_name"], "moon.landed-on");
}
