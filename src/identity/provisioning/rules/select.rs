//! Which attributes an answer shows, and which resources a list (RFC 7644, 3.4.2.4 and 3.9).

use serde::Deserialize;
use serde_json::Value;

use super::fault::Fault;
use super::filter::Filter;
use super::patch::member;
use super::path::{AttributePath, Names};
use super::schema::{Kind, Object};

/// As many resources as one answer holds at most.
pub const MOST: usize = 200;
/// As many as one that asks for no number.
const USUAL: usize = 100;

/// What a request asks for, as its query writes it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Asked {
    pub attributes: Option<String>,
    pub excluded_attributes: Option<String>,
    pub filter: Option<String>,
    pub start_index: Option<String>,
    pub count: Option<String>,
}

impl Asked {
    /// The same of a `.search` (RFC 7644, 3.4.3).
    pub fn of_search(message: &Value) -> Result<Self, Fault> {
        let names = |name: &str| match member(message, name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(Value::Array(names)) => {
                let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
                Ok(Some(names.join(",")))
            }
            Some(_) => Err(Fault::Syntax(name.to_owned())),
        };
        Ok(Self {
            attributes: names("attributes")?,
            excluded_attributes: names("excludedAttributes")?,
            filter: names("filter")?,
            start_index: names("startIndex")?,
            count: names("count")?,
        })
    }
}

/// The attributes that an answer shows.
#[derive(Debug, Default)]
pub struct Selection {
    only: Option<Vec<AttributePath>>,
    without: Vec<AttributePath>,
}

/// What is always shown (RFC 7643, 7: returned "always").
const ALWAYS: [&str; 2] = ["schemas", "id"];

impl Selection {
    /// Names that this kind does not have select nothing (RFC 7644, 3.9 names no error for them).
    #[must_use]
    pub fn of(kind: &'static Kind, asked: &Asked) -> Self {
        let paths = |names: &str| -> Vec<AttributePath> {
            let names = names.split(',').map(str::trim);
            names
                .filter_map(|name| Names::Of(kind).find(name).ok())
                .collect()
        };
        let written = |names: &Option<String>| {
            let names = names.as_deref().map(str::trim);
            names.filter(|names| !names.is_empty()).map(paths)
        };
        Self {
            only: written(&asked.attributes),
            without: written(&asked.excluded_attributes).unwrap_or_default(),
        }
    }

    /// Whether an attribute of the core can be in the answer: what is not shown is not looked up.
    #[must_use]
    pub fn shows(&self, name: &str) -> bool {
        let names = |path: &AttributePath| path.attribute.is_some_and(|one| one.name == name);
        match &self.only {
            Some(only) => only.iter().any(names),
            None => !self
                .without
                .iter()
                .any(|path| names(path) && path.part.is_none()),
        }
    }

    #[must_use]
    pub fn apply(&self, resource: Object) -> Object {
        if let Some(only) = &self.only {
            return picked(&resource, only);
        }
        let mut rest = resource;
        for path in &self.without {
            drop_from(&mut rest, path);
        }
        rest
    }
}

fn picked(resource: &Object, only: &[AttributePath]) -> Object {
    let mut out = Object::new();
    for name in ALWAYS {
        if let Some(value) = resource.get(name) {
            out.insert(name.to_owned(), value.clone());
        }
    }
    for path in only {
        let Some(attribute) = path.attribute else {
            if let Some((schema, value)) = path
                .extension
                .and_then(|schema| Some((schema, resource.get(schema.id)?)))
            {
                out.insert(schema.id.to_owned(), value.clone());
            }
            continue;
        };
        let Some(found) = path
            .holder(resource)
            .and_then(|one| one.get(attribute.name))
        else {
            continue;
        };
        let holder = match path.extension {
            None => &mut out,
            Some(schema) => {
                let slot = out.entry(schema.id.to_owned());
                match slot.or_insert_with(|| Value::Object(Object::new())) {
                    Value::Object(holder) => holder,
                    _ => continue,
                }
            }
        };
        match path.part {
            None => {
                holder.insert(attribute.name.to_owned(), found.clone());
            }
            Some(part) => {
                let slot = holder.entry(attribute.name.to_owned());
                merge(slot.or_insert(Value::Null), found, part.name);
            }
        }
    }
    out
}

/// Adds one part of a complex value, or of each of its elements, to what was picked of it before.
fn merge(into: &mut Value, from: &Value, part: &str) {
    match from {
        Value::Object(from) => {
            if !into.is_object() {
                *into = Value::Object(Object::new());
            }
            if let (Some(into), Some(value)) = (into.as_object_mut(), from.get(part)) {
                into.insert(part.to_owned(), value.clone());
            }
        }
        Value::Array(elements) => {
            if !into.is_array() {
                *into = Value::Array(vec![Value::Object(Object::new()); elements.len()]);
            }
            for (into, from) in into.as_array_mut().into_iter().flatten().zip(elements) {
                merge(into, from, part);
            }
        }
        _ => {}
    }
}

fn drop_from(resource: &mut Object, path: &AttributePath) {
    let Some(attribute) = path.attribute else {
        if let Some(schema) = path.extension {
            resource.remove(schema.id);
        }
        return;
    };
    if path.extension.is_none() && ALWAYS.contains(&attribute.name) {
        return;
    }
    let holder = match path.extension {
        None => Some(resource),
        Some(schema) => resource.get_mut(schema.id).and_then(Value::as_object_mut),
    };
    let Some(holder) = holder else { return };
    match path.part {
        None => {
            holder.remove(attribute.name);
        }
        Some(part) => match holder.get_mut(attribute.name) {
            Some(Value::Object(inner)) => {
                inner.remove(part.name);
            }
            Some(Value::Array(elements)) => {
                for element in elements.iter_mut().filter_map(Value::as_object_mut) {
                    element.remove(part.name);
                }
            }
            _ => {}
        },
    }
}

/// Which part of a list is asked for.
#[derive(Debug)]
pub struct Page {
    pub filter: Option<Filter>,
    /// From 1.
    pub start: usize,
    pub count: usize,
}

impl Page {
    pub fn of(kind: &'static Kind, asked: &Asked) -> Result<Self, Fault> {
        let number = |text: &Option<String>, name: &str| match text.as_deref().map(str::trim) {
            None | Some("") => Ok(None),
            Some(text) => {
                let number = text.parse::<i64>();
                number.map(Some).map_err(|_| Fault::Value(name.to_owned()))
            }
        };
        let filter = asked.filter.as_deref().map(str::trim);
        let filter = filter.filter(|filter| !filter.is_empty());
        // RFC 7644, 3.4.2.4: less than one is one, less than none is none.
        let start = number(&asked.start_index, "startIndex")?
            .unwrap_or(1)
            .max(1);
        let count = number(&asked.count, "count")?.map(|count| count.max(0));
        Ok(Self {
            filter: filter
                .map(|filter| Filter::parse(kind, filter))
                .transpose()?,
            start: usize::try_from(start).unwrap_or(usize::MAX),
            count: count.map_or(USUAL, |count| {
                usize::try_from(count).unwrap_or(MOST).min(MOST)
            }),
        })
    }
}
