//! Changing parts of a resource (RFC 7644, 3.5.2). Carried out on a copy: all of it, or nothing.

use std::collections::HashSet;

use serde_json::Value;

use super::fault::Fault;
use super::filter::{Filter, PatchPath};
use super::path::shown;
use super::schema::{Attribute, Kind, Object, Type};
use super::values::{is_complete, normalised, one};
use crate::text_enum;

const MESSAGE: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/// More operations than this come as several requests.
const MOST_OPERATIONS: usize = 1000;
/// What a message may cost: for each operation, the bytes of its path times the elements of lists that the path can be compared with.
/// A thousand members are taken out of a group of thousands within it; more than that comes as several requests.
const MOST_WORK: usize = 500_000_000;

text_enum! {
    pub enum Verb {
        Add = "add",
        Replace = "replace",
        Remove = "remove",
    }
}

/// The resource after the operations of a PATCH.
pub fn patched(kind: &'static Kind, before: &Object, message: &Value) -> Result<Object, Fault> {
    let mut after = before.clone();
    let mut work = 0_usize;
    for (verb, path, value) in operations(message)? {
        let elements: usize = after
            .values()
            .filter_map(Value::as_array)
            .map(Vec::len)
            .sum();
        let bytes = path.map_or(0, str::len);
        work = work.saturating_add((elements + 1).saturating_mul(bytes + 32));
        if work > MOST_WORK {
            return Err(Fault::Value("Operations".to_owned()));
        }
        match path {
            Some(path) => at_path(kind, &mut after, (verb, path), value)?,
            None => whole(kind, &mut after, verb, value)?,
        }
    }
    let after = normalised(kind, &after)?;
    is_complete(kind, &after)?;
    Ok(after)
}

type Operation<'a> = (Verb, Option<&'a str>, Option<&'a Value>);

fn operations(message: &Value) -> Result<Vec<Operation<'_>>, Fault> {
    let wrong = |what: &str| Fault::Syntax(what.to_owned());
    let names_message = member(message, "schemas")
        .and_then(Value::as_array)
        .is_some_and(|ids| ids.iter().any(|id| id == MESSAGE));
    if !names_message {
        return Err(wrong("schemas"));
    }
    let sent = member(message, "Operations").and_then(Value::as_array);
    let sent = sent.filter(|sent| !sent.is_empty() && sent.len() <= MOST_OPERATIONS);
    let mut found = Vec::new();
    for operation in sent.ok_or_else(|| wrong("Operations"))? {
        let verb = member(operation, "op").and_then(Value::as_str);
        let verb = verb.and_then(|verb| Verb::parse(&verb.to_ascii_lowercase()));
        let path = match member(operation, "path") {
            None | Some(Value::Null) => None,
            Some(Value::String(path)) if path.trim().is_empty() => None,
            Some(Value::String(path)) => Some(path.as_str()),
            Some(_) => return Err(wrong("path")),
        };
        let verb = verb.ok_or_else(|| wrong("op"))?;
        found.push((verb, path, member(operation, "value")));
    }
    Ok(found)
}

/// A member by its name, in whatever case it was written.
pub fn member<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    let members = object.as_object()?;
    members.get(name).or_else(|| {
        let mut others = members.iter();
        let found = others.find(|(found, _)| found.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    })
}

/// An operation without a path: each member of its value is one with a path.
fn whole(
    kind: &'static Kind,
    resource: &mut Object,
    verb: Verb,
    value: Option<&Value>,
) -> Result<(), Fault> {
    if verb == Verb::Remove {
        return Err(Fault::NoTarget);
    }
    let Some(Value::Object(members)) = value else {
        return Err(Fault::Syntax("value".to_owned()));
    };
    for (name, value) in members {
        let path = PatchPath::parse(kind, name)?;
        let is_read_only = path.at.attribute.is_some_and(|one| one.is_read_only);
        // A resource that is sent back as it was read holds its id and its meta.
        if !is_read_only {
            at_path(kind, resource, (verb, name), Some(value))?;
        }
    }
    Ok(())
}

fn at_path(
    kind: &'static Kind,
    resource: &mut Object,
    (verb, text): (Verb, &str),
    value: Option<&Value>,
) -> Result<(), Fault> {
    let path = PatchPath::parse(kind, text)?;
    let part = path.at.part.or(path.at.attribute);
    if path.at.attribute.is_some_and(|one| one.is_read_only) || part.is_some_and(|p| p.is_read_only)
    {
        return Err(Fault::Mutability(path.at.name()));
    }
    if path.at.attribute.is_some_and(|one| !one.is_kept) {
        return Ok(());
    }
    let value = match (verb, value) {
        (Verb::Add | Verb::Replace, None) => return Err(Fault::Syntax("value".to_owned())),
        (_, value) => value,
    };
    let Some(attribute) = path.at.attribute else {
        return extension(resource, &path, verb, value);
    };
    if verb == Verb::Remove && attribute.is_required && path.at.part.is_none() {
        return Err(Fault::Mutability(attribute.name.to_owned()));
    }
    let holder = match path.at.extension {
        None => resource,
        Some(schema) => object_at(resource, schema.id),
    };
    match (&path.which, path.at.part) {
        (Some(which), part) => selected(holder, attribute, (which, part), verb, value),
        (None, Some(part)) if attribute.is_list => every(holder, attribute, part, verb, value),
        (None, Some(part)) => {
            let inner = object_at(holder, attribute.name);
            simple(inner, part, verb, value)
        }
        (None, None) if attribute.is_list => list(holder, attribute, verb, value),
        (None, None) if attribute.kind == Type::Complex => match (verb, value) {
            (Verb::Remove, _) => {
                holder.remove(attribute.name);
                Ok(())
            }
            (_, value) => {
                let sent = value.map_or(Ok(None), |value| one(attribute, value))?;
                let inner = object_at(holder, attribute.name);
                inner.extend(
                    sent.as_ref()
                        .and_then(Value::as_object)
                        .cloned()
                        .unwrap_or_default(),
                );
                Ok(())
            }
        },
        (None, None) => simple(holder, attribute, verb, value),
    }
}

fn object_at<'a>(holder: &'a mut Object, name: &str) -> &'a mut Object {
    let slot = holder.entry(name.to_owned()).or_insert(Value::Null);
    if !slot.is_object() {
        *slot = Value::Object(Object::new());
    }
    slot.as_object_mut()
        .expect("it was made an object just now")
}

fn extension(
    resource: &mut Object,
    path: &PatchPath,
    verb: Verb,
    value: Option<&Value>,
) -> Result<(), Fault> {
    let Some(schema) = path.at.extension else {
        return Err(Fault::NoTarget);
    };
    if verb == Verb::Remove {
        resource.remove(schema.id);
        return Ok(());
    }
    let Some(Value::Object(members)) = value else {
        return Err(Fault::Syntax("value".to_owned()));
    };
    let holder = object_at(resource, schema.id);
    for (name, value) in members {
        if let Some(attribute) = schema.attribute(name) {
            simple(holder, attribute, verb, Some(value))?;
        }
    }
    Ok(())
}

fn simple(
    holder: &mut Object,
    attribute: &'static Attribute,
    verb: Verb,
    value: Option<&Value>,
) -> Result<(), Fault> {
    let value = match (verb, value) {
        (Verb::Remove, _) | (_, None) => None,
        (_, Some(value)) => one(attribute, value)?,
    };
    match value {
        Some(value) => holder.insert(attribute.name.to_owned(), value),
        None => holder.remove(attribute.name),
    };
    Ok(())
}

fn elements_of(attribute: &'static Attribute, value: Option<&Value>) -> Result<Vec<Value>, Fault> {
    let sent = value.map_or(Ok(None), |value| one(attribute, value))?;
    Ok(match sent {
        Some(Value::Array(elements)) => elements,
        _ => Vec::new(),
    })
}

fn list(
    holder: &mut Object,
    attribute: &'static Attribute,
    verb: Verb,
    value: Option<&Value>,
) -> Result<(), Fault> {
    let mut elements = match holder.remove(attribute.name) {
        Some(Value::Array(elements)) => elements,
        _ => Vec::new(),
    };
    let sent = elements_of(attribute, value)?;
    match verb {
        Verb::Replace => elements = sent,
        Verb::Add => {
            if sent.iter().any(is_primary) {
                elements.iter_mut().for_each(is_second);
            }
            let known: HashSet<String> = elements.iter().map(Value::to_string).collect();
            let is_new = |element: &Value| !known.contains(&element.to_string());
            elements.extend(sent.into_iter().filter(is_new));
        }
        // Some directories name what they remove by its value, where the standard has a filter. To take it for the removal of
        // all would empty a group from which one left.
        Verb::Remove if value.is_some_and(|value| !value.is_null()) => {
            let gone: HashSet<String> = sent.iter().map(named).collect();
            elements.retain(|element| !gone.contains(&named(element)));
        }
        Verb::Remove => elements.clear(),
    }
    if !elements.is_empty() {
        holder.insert(attribute.name.to_owned(), Value::Array(elements));
    }
    Ok(())
}

fn is_primary(element: &Value) -> bool {
    element.get("primary") == Some(&Value::Bool(true))
}

fn is_second(element: &mut Value) {
    if is_primary(element)
        && let Some(element) = element.as_object_mut()
    {
        element.insert("primary".to_owned(), Value::Bool(false));
    }
}

/// By what an element is named: its value, else all of it.
fn named(element: &Value) -> String {
    element.get("value").unwrap_or(element).to_string()
}

/// A part of every element: `emails.type`.
fn every(
    holder: &mut Object,
    attribute: &'static Attribute,
    part: &'static Attribute,
    verb: Verb,
    value: Option<&Value>,
) -> Result<(), Fault> {
    let elements = holder.get_mut(attribute.name).and_then(Value::as_array_mut);
    let Some(elements) = elements.filter(|elements| !elements.is_empty()) else {
        return if verb == Verb::Remove {
            Ok(())
        } else {
            Err(Fault::NoTarget)
        };
    };
    for element in elements.iter_mut().filter_map(Value::as_object_mut) {
        simple(element, part, verb, value)?;
    }
    Ok(())
}

fn selected(
    holder: &mut Object,
    attribute: &'static Attribute,
    (which, part): (&Filter, Option<&'static Attribute>),
    verb: Verb,
    value: Option<&Value>,
) -> Result<(), Fault> {
    let mut elements = match holder.remove(attribute.name) {
        Some(Value::Array(elements)) => elements,
        _ => Vec::new(),
    };
    let fits = |element: &Value| element.as_object().is_some_and(|one| which.matches(one));
    let is_there = elements.iter().any(fits);
    if verb == Verb::Remove && part.is_none() {
        elements.retain(|element| !fits(element));
    } else if !is_there {
        match (verb, which.equalities()) {
            (Verb::Remove, _) => {}
            // The standard says nothing of adding to an element that is not there; directories mean a new one.
            (Verb::Add, Some(begun)) => elements.push(Value::Object(begun)),
            _ => return Err(Fault::NoTarget),
        }
    }
    let makes_primary = match part {
        Some(part) => part.name == "primary" && value == Some(&Value::Bool(true)),
        None => value.is_some_and(is_primary),
    };
    for element in &mut elements {
        if !fits(element) {
            if makes_primary {
                is_second(element);
            }
            continue;
        }
        let Some(inner) = element.as_object_mut() else {
            continue;
        };
        match part {
            Some(part) => simple(inner, part, verb, value)?,
            None => {
                let sent = elements_of(attribute, value)?.into_iter().next();
                let sent = sent.as_ref().and_then(Value::as_object).cloned();
                inner.extend(sent.ok_or_else(|| Fault::Value(shown(attribute.name)))?);
            }
        }
    }
    if !elements.is_empty() {
        holder.insert(attribute.name.to_owned(), Value::Array(elements));
    }
    Ok(())
}
