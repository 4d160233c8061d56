//! What a directory sent, brought into the one form that is kept: our spelling of names, right types, nothing that is
//! empty, unknown, not kept or not the directory's to set.

use serde_json::Value;

use super::fault::Fault;
use super::filter::truth;
use super::path::shown;
use super::schema::{Attribute, Kind, Object, Type};

/// A longer text is none that a person's or a group's attribute has.
const LONGEST_CHARS: usize = 1024;
/// More elements than this has no list but that of a group's members.
const MOST_ELEMENTS: usize = 50_000;

/// The attributes of a resource as they are kept, or why they are not.
pub fn normalised(kind: &'static Kind, sent: &Object) -> Result<Object, Fault> {
    let mut kept = Object::new();
    for (name, value) in sent {
        let extension = kind
            .extension
            .filter(|one| one.id.eq_ignore_ascii_case(name));
        if let Some(schema) = extension {
            let Value::Object(parts) = value else {
                if value.is_null() {
                    continue;
                }
                return Err(Fault::Syntax(shown(name)));
            };
            let inner = within(parts, |name| schema.attribute(name))?;
            if !inner.is_empty() {
                kept.insert(schema.id.to_owned(), Value::Object(inner));
            }
        } else if let Some(attribute) = kind.attribute(name)
            && let Some(value) = one(attribute, value)?
        {
            kept.insert(attribute.name.to_owned(), value);
        }
    }
    Ok(kept)
}

/// Refuses a resource that lacks what every one of its kind has.
pub fn is_complete(kind: &'static Kind, kept: &Object) -> Result<(), Fault> {
    let missing = kind
        .core
        .attributes
        .iter()
        .find(|attribute| attribute.is_required && !kept.contains_key(attribute.name));
    missing.map_or(Ok(()), |attribute| {
        Err(Fault::Value(attribute.name.to_owned()))
    })
}

/// What a client sends to make or replace a resource: its `schemas` name the kind.
pub fn resource(kind: &'static Kind, sent: &Value) -> Result<Object, Fault> {
    let Value::Object(sent) = sent else {
        return Err(Fault::Syntax(kind.name.to_owned()));
    };
    let schemas = sent
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("schemas"));
    let names_kind = schemas
        .and_then(|(_, value)| value.as_array())
        .is_some_and(|ids| {
            let mut ids = ids.iter().filter_map(Value::as_str);
            ids.any(|id| id.eq_ignore_ascii_case(kind.core.id))
        });
    if !names_kind {
        return Err(Fault::Syntax("schemas".to_owned()));
    }
    let kept = normalised(kind, sent)?;
    is_complete(kind, &kept)?;
    Ok(kept)
}

fn within(
    sent: &Object,
    find: impl Fn(&str) -> Option<&'static Attribute>,
) -> Result<Object, Fault> {
    let mut kept = Object::new();
    for (name, value) in sent {
        if let Some(attribute) = find(name)
            && let Some(value) = one(attribute, value)?
        {
            kept.insert(attribute.name.to_owned(), value);
        }
    }
    Ok(kept)
}

/// One attribute's value; none where nothing of it is kept (RFC 7643, 2.5: null and an empty list are no value).
pub(super) fn one(attribute: &'static Attribute, value: &Value) -> Result<Option<Value>, Fault> {
    if attribute.is_read_only || !attribute.is_kept {
        return Ok(None);
    }
    if !attribute.is_list {
        return single(attribute, value);
    }
    let elements = match value {
        Value::Array(elements) => elements.as_slice(),
        // One element alone, as some directories write a list of one.
        other => std::slice::from_ref(other),
    };
    if elements.len() > MOST_ELEMENTS {
        return Err(Fault::Value(attribute.name.to_owned()));
    }
    let mut kept = Vec::with_capacity(elements.len());
    for element in elements {
        if let Some(element) = single(attribute, element)? {
            kept.push(element);
        }
    }
    let is_primary = |element: &&Value| element.get("primary") == Some(&Value::Bool(true));
    if kept.iter().filter(is_primary).count() > 1 {
        return Err(Fault::Value(format!("{}.primary", attribute.name)));
    }
    Ok((!kept.is_empty()).then_some(Value::Array(kept)))
}

fn single(attribute: &'static Attribute, value: &Value) -> Result<Option<Value>, Fault> {
    let wrong = || Fault::Value(attribute.name.to_owned());
    Ok(match (attribute.kind, value) {
        (_, Value::Null) => None,
        (Type::Complex, Value::Object(parts)) => {
            let parts = within(parts, |name| attribute.part(name))?;
            (!parts.is_empty()).then_some(Value::Object(parts))
        }
        // A manager or a member by the id alone.
        (Type::Complex, Value::String(_)) => match attribute.part("value") {
            Some(part) => single(part, value)?
                .map(|value| Value::Object(Object::from_iter([("value".to_owned(), value)]))),
            None => return Err(wrong()),
        },
        (Type::Boolean, value) => Some(Value::Bool(truth(value).ok_or_else(wrong)?)),
        (Type::Text | Type::Reference | Type::DateTime, Value::String(text)) => {
            if text.chars().count() > LONGEST_CHARS || text.chars().any(char::is_control) {
                return Err(wrong());
            }
            (!text.is_empty()).then(|| Value::String(text.clone()))
        }
        // Numbers that are names: an employee's, say.
        (Type::Text, Value::Number(number)) => Some(Value::String(number.to_string())),
        _ => return Err(wrong()),
    })
}
