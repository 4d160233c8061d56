//! Entries as events of the Open Cybersecurity Schema Framework, version 1.3.0 (<https://schema.ocsf.io/1.3.0>).
//!
//! Every value that the journal has and the schema has no attribute for stands in `unmapped`, so that nothing is lost.

use serde_json::{Map, Value, json};

use super::classes::{self, Class, OTHER};
use crate::platform::ids::OrgId;
use crate::platform::store::journal::read::Told;

const SCHEMA: &str = "1.3.0";
const PRODUCT: &str = "Countersign";
/// `severity_id`: Informational, Low, High.
const INFORMATIONAL: (u8, &str) = (1, "Informational");
const LOW: (u8, &str) = (2, "Low");
const HIGH: (u8, &str) = (4, "High");

/// The entry as an event. An action that is not known here is another activity on a web resource.
pub(super) fn event(entry: &Told, organisation: OrgId) -> Value {
    let (class, activity) = classes::of(&entry.action).unwrap_or((Class::WebResources, OTHER));
    let (category, category_name) = class.category();
    let (severity, severity_name) = severity(&entry.action);
    let (status, status_name) = if entry.action == "sign-in.failed" {
        (2, "Failure")
    } else {
        (1, "Success")
    };
    let mut event = json!({
        "activity_id": activity,
        "activity_name": class.activity(activity).unwrap_or(&entry.action),
        "actor": actor(entry),
        "category_name": category_name,
        "category_uid": category,
        "class_name": class.caption(),
        "class_uid": class.uid(),
        "message": super::words(&entry.action),
        "metadata": metadata(entry, class, organisation),
        "severity": severity_name,
        "severity_id": severity,
        "status": status_name,
        "status_id": status,
        // Milliseconds; the microseconds that this cuts off stand below.
        "time": entry.at_us.div_euclid(1_000),
        "type_uid": u32::from(class.uid()) * 100 + u32::from(activity),
        "unmapped": unmapped(entry),
    });
    if let Some(all) = event.as_object_mut() {
        about(entry, class, all);
        if let Some(address) = entry.after("address").filter(|address| !address.is_empty()) {
            all.insert("src_endpoint".to_owned(), json!({ "ip": address }));
        }
    }
    event
}

/// What the class asks for beside what all events have.
fn about(entry: &Told, class: Class, event: &mut Map<String, Value>) {
    match class {
        Class::Authentication => {
            event.insert("user".to_owned(), user(entry));
            event.insert("service".to_owned(), json!({ "name": PRODUCT }));
            if let Some(reason) = entry.after("reason") {
                event.insert("status_detail".to_owned(), json!(reason));
            }
        }
        Class::AccountChange => {
            event.insert("user".to_owned(), user(entry));
        }
        Class::UserAccess => {
            event.insert("user".to_owned(), user(entry));
            event.insert("privileges".to_owned(), privileges(entry));
        }
        Class::EntityManagement => {
            let entity = json!({
                "type": entry.object_kind,
                "uid": entry.object_id,
                "version": entry.object_version.to_string(),
            });
            event.insert("entity".to_owned(), entity);
        }
        Class::WebResources => {
            let resource = json!({ "type": entry.object_kind, "uid": entry.object_id });
            event.insert("web_resources".to_owned(), json!([resource]));
        }
    }
}

fn metadata(entry: &Told, class: Class, organisation: OrgId) -> Value {
    let mut metadata = json!({
        "correlation_uid": entry.request_id,
        "event_code": entry.action,
        "log_name": "journal",
        "product": {
            "name": PRODUCT,
            "vendor_name": PRODUCT,
            "version": env!("CARGO_PKG_VERSION"),
        },
        "tenant_uid": organisation.to_string(),
        "uid": entry.id.to_string(),
        "version": SCHEMA,
    });
    if let Some(seq) = entry.seq {
        metadata["sequence"] = json!(seq);
    }
    // The profile that gives an activity on web resources its actor.
    if class == Class::WebResources {
        metadata["profiles"] = json!(["host"]);
    }
    metadata
}

/// Who acted: a person, or the part of the program that did without one.
fn actor(entry: &Told) -> Value {
    let mut actor = json!({});
    match entry.actor {
        Some(id) => {
            let mut user = json!({ "type_id": 1, "uid": id.to_string() });
            if let Some(name) = &entry.actor_name {
                user["name"] = json!(name);
            }
            actor["user"] = user;
        }
        None => actor["app_name"] = json!(entry.credential_kind),
    }
    if let (Some(id), "session") = (&entry.credential_id, entry.credential_kind.as_str()) {
        actor["session"] = json!({ "uid": id });
    }
    actor
}

/// Whose account it is about: the one that the entry names, the one that it is about, or who acted.
fn user(entry: &Told) -> Value {
    let is_person = matches!(
        entry.object_kind.as_str(),
        "person" | "account" | "password"
    );
    if let Some(person) = entry.after("person") {
        return json!({ "type_id": 1, "uid": person });
    }
    match entry.actor {
        _ if is_person => json!({ "type_id": 1, "uid": entry.object_id }),
        Some(actor) => json!({ "type_id": 1, "uid": actor.to_string() }),
        // Nobody is known: a sign-in under a name that no account has.
        None => json!({ "type_id": 0, "uid": entry.object_id }),
    }
}

/// The roles that an entry gives or takes; the object where its values were erased.
fn privileges(entry: &Told) -> Value {
    let roles: Vec<&str> = entry
        .changes
        .iter()
        .filter(|change| change.field == "role")
        .filter_map(|change| change.after.as_deref().or(change.before.as_deref()))
        .collect();
    if roles.is_empty() {
        json!([entry.object_id])
    } else {
        json!(roles)
    }
}

pub(super) fn severity(action: &str) -> (u8, &'static str) {
    match action {
        "sign-in.failed" => LOW,
        "break-glass.used" | "factors.reset-by-operator" => HIGH,
        _ => INFORMATIONAL,
    }
}

fn unmapped(entry: &Told) -> Value {
    json!({
        "at_us": entry.at_us,
        "changes": entry.changes,
        "credential_id": entry.credential_id,
        "credential_kind": entry.credential_kind,
        "is_open": entry.is_open,
        "object_id": entry.object_id,
        "object_kind": entry.object_kind,
        "object_version": entry.object_version,
        "on_behalf_of": entry.on_behalf_of.map(|id| id.to_string()),
    })
}

#[cfg(test)]
mod tests;
