//! A user and a group as answers show them.

use serde_json::{Value, json};

use super::schema::{GROUPS, Kind, Object, USERS};
use crate::identity::people::Status;
use crate::identity::provisioning::UserId;
use crate::identity::provisioning::store::groups::{Group, Place};
use crate::identity::provisioning::store::users::User;
use crate::platform::clock::Micros;

/// A resource's version as an entity tag (RFC 7644, 3.14). Weak: what others do to an account shows in its resource as well.
#[must_use]
pub fn tag(version: i64) -> String {
    format!("W/\"{version}\"")
}

/// Whether a condition (RFC 9110, 13.1) names this version.
#[must_use]
pub fn names(condition: &str, version: i64) -> bool {
    let own = format!("\"{version}\"");
    condition.split(',').map(str::trim).any(|one| {
        let strong = one.strip_prefix("W/").unwrap_or(one);
        one == "*" || strong == own
    })
}

fn meta(
    kind: &Kind,
    base: &str,
    id: &str,
    (created, changed, version): (Micros, Micros, i64),
) -> Value {
    json!({
        "resourceType": kind.name,
        "created": created.timestamp().to_string(),
        "lastModified": changed.timestamp().to_string(),
        "location": format!("{base}{}/{id}", kind.path),
        "version": tag(version),
    })
}

/// A user: what the directory sent, whether she may use Countersign, and the groups that she is in.
#[must_use]
pub fn user(base: &str, user: &User, account: Option<Status>, places: &[Place]) -> Object {
    let mut out = user.object();
    let mut schemas = vec![USERS.core.id];
    schemas.extend(
        USERS
            .extension
            .filter(|schema| out.contains_key(schema.id))
            .map(|schema| schema.id),
    );
    let id = user.id.to_string();
    out.insert("schemas".into(), json!(schemas));
    out.insert("id".into(), json!(id));
    if let Some(external_id) = &user.external_id {
        out.insert("externalId".into(), json!(external_id));
    }
    // A directory that takes its word away is not told it again (RFC 7644, 3.5.2.2); what others decided, it is told.
    let is_suspended = account == Some(Status::Suspended);
    let by_others = is_suspended && user.inactive.is_none();
    if by_others || out.contains_key("active") {
        let is_active = user.inactive.is_none() && !is_suspended;
        out.insert("active".into(), json!(is_active));
    }
    if !places.is_empty() {
        let groups = places.iter().map(|place| {
            json!({
                "value": place.group.to_string(),
                "$ref": format!("{base}{}/{}", GROUPS.path, place.group),
                "display": place.name,
            })
        });
        out.insert("groups".into(), groups.collect());
    }
    let times = (user.created, user.changed, user.version);
    out.insert("meta".into(), meta(&USERS, base, &id, times));
    out
}

/// What of a group can be changed.
#[must_use]
pub fn group_object(group: &Group, members: &[UserId]) -> Object {
    let mut out = Object::new();
    out.insert("displayName".into(), json!(group.name));
    if let Some(external_id) = &group.external_id {
        out.insert("externalId".into(), json!(external_id));
    }
    if !members.is_empty() {
        let members = members.iter().map(|id| json!({ "value": id.to_string() }));
        out.insert("members".into(), members.collect());
    }
    out
}

/// A group with its members.
#[must_use]
pub fn group(base: &str, group: &Group, members: &[UserId]) -> Object {
    let mut out = group_object(group, &[]);
    let id = group.id.to_string();
    out.insert("schemas".into(), json!([GROUPS.core.id]));
    out.insert("id".into(), json!(id));
    if !members.is_empty() {
        let members = members.iter().map(|user| {
            json!({
                "value": user.to_string(),
                "$ref": format!("{base}{}/{user}", USERS.path),
                "type": USERS.name,
            })
        });
        out.insert("members".into(), members.collect());
    }
    let times = (group.created, group.changed, group.version);
    out.insert("meta".into(), meta(&GROUPS, base, &id, times));
    out
}
