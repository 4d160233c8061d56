//! The name of an attribute, as filters, paths and parameters write it (RFC 7644, 3.10).

use super::fault::Fault;
use super::schema::{Attribute, Kind, Object, Schema, Type};
use serde_json::Value;

/// Where names are looked up.
#[derive(Debug, Clone, Copy)]
pub enum Names {
    /// In a whole resource.
    Of(&'static Kind),
    /// Among the parts of a complex attribute, within `[…]`.
    Within(&'static Attribute),
}

/// Something in a resource.
#[derive(Debug, Clone, Copy)]
pub struct AttributePath {
    /// The extension that it belongs to.
    pub extension: Option<&'static Schema>,
    /// None where the whole extension is meant.
    pub attribute: Option<&'static Attribute>,
    pub part: Option<&'static Attribute>,
}

impl Names {
    /// The attribute of a name: `userName`, `name.givenName`, `urn:…:User:department`, in any case of letters.
    pub fn find(self, name: &str) -> Result<AttributePath, Fault> {
        self.parse(name).ok_or_else(|| Fault::Path(shown(name)))
    }

    fn parse(self, name: &str) -> Option<AttributePath> {
        match self {
            Self::Within(attribute) => Some(AttributePath {
                extension: None,
                attribute: Some(attribute.part(name)?),
                part: None,
            }),
            Self::Of(kind) => {
                for schema in kind.schemas() {
                    let Some((start, rest)) = name.split_at_checked(schema.id.len()) else {
                        continue;
                    };
                    if !start.eq_ignore_ascii_case(schema.id) {
                        continue;
                    }
                    let extension = (schema.id != kind.core.id).then_some(schema);
                    return match rest.strip_prefix(':') {
                        Some(rest) => dotted(rest, extension, |name| schema.attribute(name)),
                        // A whole extension is something; a whole resource is no attribute.
                        None => extension
                            .filter(|_| rest.is_empty())
                            .map(|_| AttributePath {
                                extension,
                                attribute: None,
                                part: None,
                            }),
                    };
                }
                dotted(name, None, |name| kind.attribute(name))
            }
        }
    }
}

fn dotted(
    text: &str,
    extension: Option<&'static Schema>,
    find: impl Fn(&str) -> Option<&'static Attribute>,
) -> Option<AttributePath> {
    let (name, part) = match text.split_once('.') {
        Some((name, part)) => (name, Some(part)),
        None => (text, None),
    };
    let attribute = find(name)?;
    let part = match part {
        // What is not kept has no parts of ours.
        Some(_) if !attribute.is_kept => None,
        Some(part) => Some(attribute.part(part)?),
        None => None,
    };
    Some(AttributePath {
        extension,
        attribute: Some(attribute),
        part,
    })
}

/// What was sent, short enough for an answer.
pub fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}

impl AttributePath {
    /// What is compared: the named part, else the value of a complex attribute's elements.
    #[must_use]
    pub fn leaf(&self) -> Option<&'static Attribute> {
        let attribute = self.attribute?;
        self.part.or(match attribute.kind {
            Type::Complex => attribute.part("value"),
            _ => Some(attribute),
        })
    }

    /// The name for people.
    #[must_use]
    pub fn name(&self) -> String {
        match (self.attribute, self.part) {
            (Some(attribute), Some(part)) => format!("{}.{}", attribute.name, part.name),
            (Some(attribute), None) => attribute.name.to_owned(),
            (None, _) => self
                .extension
                .map_or_else(String::new, |one| one.id.to_owned()),
        }
    }

    /// The object that holds the attribute: the resource itself, or its extension.
    #[must_use]
    pub fn holder<'a>(&self, resource: &'a Object) -> Option<&'a Object> {
        match self.extension {
            None => Some(resource),
            Some(schema) => resource.get(schema.id)?.as_object(),
        }
    }

    /// Every value there: of a list, those of its elements.
    #[must_use]
    pub fn values<'a>(&self, resource: &'a Object) -> Vec<&'a Value> {
        let Some(attribute) = self.attribute else {
            return Vec::new();
        };
        let found = self
            .holder(resource)
            .and_then(|holder| holder.get(attribute.name));
        let elements: Vec<&Value> = match found {
            Some(Value::Array(elements)) => elements.iter().collect(),
            Some(value) => vec![value],
            None => Vec::new(),
        };
        match self.leaf() {
            Some(leaf) if attribute.kind == Type::Complex => elements
                .into_iter()
                .filter_map(|element| element.get(leaf.name))
                .collect(),
            _ => elements,
        }
    }
}
