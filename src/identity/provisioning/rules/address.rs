//! What of a directory's user becomes a person's account: her name, her address, her language.

use serde_json::Value;

use super::schema::Object;
use crate::identity::organisations::NAME_CHARS;
use crate::identity::people::email;
use crate::platform::web::locale::Locale;

fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str).map(str::trim)
}

/// The name that people read: the one to show, else the formatted one, else given and family name, else the user name.
#[must_use]
pub fn name(user: &Object) -> String {
    let parts = user.get("name").and_then(Value::as_object);
    let part = |name| parts.and_then(|parts| text(parts, name));
    let both = match (part("givenName"), part("familyName")) {
        (Some(given), Some(family)) => Some(format!("{given} {family}")),
        (given, family) => given.or(family).map(str::to_owned),
    };
    let shown = text(user, "displayName").or_else(|| part("formatted"));
    let name = shown
        .map(str::to_owned)
        .or(both)
        .or_else(|| text(user, "userName").map(str::to_owned))
        .unwrap_or_default();
    name.chars().take(NAME_CHARS).collect()
}

/// The address that mail goes to and that she signs in by: the primary one, else the first for work, else the first, else the
/// user name where it is one.
#[must_use]
pub fn address(user: &Object) -> Option<String> {
    let emails: Vec<&Object> = user
        .get("emails")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .collect();
    let is_primary = |one: &&&Object| one.get("primary") == Some(&Value::Bool(true));
    let is_work =
        |one: &&&Object| text(one, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("work"));
    let chosen = emails
        .iter()
        .find(is_primary)
        .or_else(|| emails.iter().find(is_work))
        .or_else(|| emails.first());
    match chosen {
        Some(chosen) => text(chosen, "value").and_then(email),
        None => text(user, "userName").and_then(email),
    }
}

/// The language of her pages until she chooses one.
#[must_use]
pub fn locale(user: &Object) -> Option<Locale> {
    text(user, "preferredLanguage")
        .and_then(|tag| tag.split([',', ';', '-', '_']).next())
        .and_then(|tag| Locale::from_tag(&tag.to_ascii_lowercase()))
}
