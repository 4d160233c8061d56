//! Filters (RFC 7644, 3.4.2.2): read into a tree, held against a resource. Bounded in length and depth.

use jiff::Timestamp;
use serde_json::Value;

use super::fault::Fault;
use super::path::{AttributePath, Names};
use super::schema::{Kind, Object, Type};
use crate::text_enum;

const LONGEST_BYTES: usize = 4096;
const DEEPEST: usize = 24;

text_enum! {
    /// How a value is compared.
    pub enum Operator {
        Equal = "eq",
        NotEqual = "ne",
        Contains = "co",
        StartsWith = "sw",
        EndsWith = "ew",
        Greater = "gt",
        GreaterOrEqual = "ge",
        Less = "lt",
        LessOrEqual = "le",
    }
}

/// A filter that was read.
#[derive(Debug)]
pub enum Filter {
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
    Present(AttributePath),
    Compare(AttributePath, Operator, Value),
    /// One element fits all of it: `emails[type eq "work" and value co "@"]`.
    Within(AttributePath, Box<Self>),
}

/// A path of a PATCH (RFC 7644, 3.5.2): an attribute, which of its elements, which part of those.
#[derive(Debug)]
pub struct PatchPath {
    pub at: AttributePath,
    pub which: Option<Filter>,
}

impl Filter {
    pub fn parse(kind: &'static Kind, text: &str) -> Result<Self, Fault> {
        let mut parser = Parser::of(text)?;
        let filter = parser.either(Names::Of(kind), 0)?;
        parser.end()?;
        Ok(filter)
    }

    /// Whether a resource, or an element of a list, is what the filter describes.
    #[must_use]
    pub fn matches(&self, object: &Object) -> bool {
        match self {
            Self::And(left, right) => left.matches(object) && right.matches(object),
            Self::Or(left, right) => left.matches(object) || right.matches(object),
            Self::Not(inner) => !inner.matches(object),
            Self::Present(path) => is_present(path, object),
            Self::Compare(path, operator, wanted) => compare(path, *operator, wanted, object),
            Self::Within(path, inner) => path.attribute.is_some_and(|attribute| {
                let holder = path.holder(object);
                let elements = holder.and_then(|holder| holder.get(attribute.name));
                let elements = elements.and_then(Value::as_array).into_iter().flatten();
                elements
                    .filter_map(Value::as_object)
                    .any(|element| inner.matches(element))
            }),
        }
    }

    /// The equalities that an element must fulfil, where the filter is nothing but such: what a new element begins with.
    #[must_use]
    pub fn equalities(&self) -> Option<Object> {
        match self {
            Self::Compare(path, Operator::Equal, value) => {
                let name = path.attribute?.name.to_owned();
                Some(Object::from_iter([(name, value.clone())]))
            }
            Self::And(left, right) => {
                let mut all = left.equalities()?;
                all.extend(right.equalities()?);
                Some(all)
            }
            _ => None,
        }
    }

    /// The one text that an attribute must equal, where the filter says nothing else: such a resource has an index.
    #[must_use]
    pub fn only(&self, name: &str) -> Option<&str> {
        match self {
            Self::Compare(path, Operator::Equal, Value::String(text))
                if path.extension.is_none()
                    && path.attribute.is_some_and(|one| one.name == name) =>
            {
                Some(text)
            }
            _ => None,
        }
    }
}

impl PatchPath {
    pub fn parse(kind: &'static Kind, text: &str) -> Result<Self, Fault> {
        let Some((before, _)) = text.split_once('[') else {
            let at = Names::Of(kind).find(text.trim())?;
            return Ok(Self { at, which: None });
        };
        let mut at = Names::Of(kind).find(before.trim())?;
        let attribute = at.attribute.filter(|one| one.is_list && at.part.is_none());
        let attribute = attribute.ok_or_else(|| Fault::Path(super::path::shown(text)))?;
        if !attribute.is_kept {
            return Ok(Self { at, which: None });
        }
        let mut parser = Parser::of(text)?;
        parser.at = before.len() + 1;
        let which = parser.either(Names::Within(attribute), 0)?;
        parser.take("]")?;
        if let Some(part) = parser.rest().strip_prefix('.') {
            let part = attribute.part(part.trim());
            at.part = Some(part.ok_or_else(|| Fault::Path(super::path::shown(text)))?);
        } else {
            parser.end()?;
        }
        Ok(Self {
            at,
            which: Some(which),
        })
    }
}

fn is_present(path: &AttributePath, object: &Object) -> bool {
    match path.attribute {
        None => path.holder(object).is_some(),
        Some(attribute) if attribute.kind == Type::Complex && path.part.is_none() => path
            .holder(object)
            .is_some_and(|holder| holder.contains_key(attribute.name)),
        Some(_) => path.values(object).iter().any(|value| !is_empty(value)),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(elements) => elements.is_empty(),
        _ => false,
    }
}

fn compare(path: &AttributePath, operator: Operator, wanted: &Value, object: &Object) -> bool {
    let values = path.values(object);
    let is_equal = |value: &Value| holds(path, Operator::Equal, value, wanted);
    match (operator, wanted) {
        // RFC 7644, 3.4.2.2: null stands for what is not there.
        (Operator::Equal, Value::Null) => values.is_empty(),
        (Operator::NotEqual, Value::Null) => !values.is_empty(),
        (Operator::NotEqual, _) => !values.iter().any(|value| is_equal(value)),
        _ => values
            .iter()
            .any(|value| holds(path, operator, value, wanted)),
    }
}

fn holds(path: &AttributePath, operator: Operator, value: &Value, wanted: &Value) -> bool {
    use std::cmp::Ordering;
    let (value, wanted) = match (value, wanted) {
        (Value::String(value), Value::String(wanted)) => (value, wanted),
        (Value::Bool(value), wanted) => {
            return operator == Operator::Equal && truth(wanted) == Some(*value);
        }
        _ => return false,
    };
    let leaf = path.leaf();
    let fold = |text: &str| match leaf {
        Some(leaf) if leaf.is_exact => text.to_owned(),
        _ => text.to_lowercase(),
    };
    let moments = leaf
        .filter(|leaf| leaf.kind == Type::DateTime)
        .and_then(|_| Some((value.parse::<Timestamp>().ok()?, wanted.parse().ok()?)));
    let (value, wanted) = (fold(value), fold(wanted));
    let order = match moments {
        Some((value, wanted)) => value.cmp(&wanted),
        None => value.cmp(&wanted),
    };
    match operator {
        Operator::Equal => order == Ordering::Equal,
        Operator::NotEqual => order != Ordering::Equal,
        Operator::Contains => value.contains(&wanted),
        Operator::StartsWith => value.starts_with(&wanted),
        Operator::EndsWith => value.ends_with(&wanted),
        Operator::Greater => order == Ordering::Greater,
        Operator::GreaterOrEqual => order != Ordering::Less,
        Operator::Less => order == Ordering::Less,
        Operator::LessOrEqual => order != Ordering::Greater,
    }
}

/// A truth value; directories are known to write it as a text.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn of(text: &'a str) -> Result<Self, Fault> {
        if text.len() > LONGEST_BYTES {
            return Err(Fault::Filter);
        }
        Ok(Self { text, at: 0 })
    }

    fn rest(&mut self) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let trimmed = rest.trim_start();
        self.at += rest.len() - trimmed.len();
        trimmed
    }

    fn end(&mut self) -> Result<(), Fault> {
        if self.rest().is_empty() {
            Ok(())
        } else {
            Err(Fault::Filter)
        }
    }

    fn take(&mut self, sign: &str) -> Result<(), Fault> {
        if self.rest().starts_with(sign) {
            self.at += sign.len();
            Ok(())
        } else {
            Err(Fault::Filter)
        }
    }

    /// The next word, up to a space or a bracket.
    fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c: char| c.is_whitespace() || "()[]\"".contains(c));
        &rest[..end.unwrap_or(rest.len())]
    }

    fn takes_word(&mut self, wanted: &str) -> bool {
        let is_next = self.word().eq_ignore_ascii_case(wanted);
        if is_next {
            self.at += wanted.len();
        }
        is_next
    }

    fn either(&mut self, names: Names, depth: usize) -> Result<Filter, Fault> {
        let mut left = self.both(names, depth)?;
        while self.takes_word("or") {
            let right = self.both(names, depth)?;
            left = Filter::Or(Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn both(&mut self, names: Names, depth: usize) -> Result<Filter, Fault> {
        let mut left = self.one(names, depth)?;
        while self.takes_word("and") {
            let right = self.one(names, depth)?;
            left = Filter::And(Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn one(&mut self, names: Names, depth: usize) -> Result<Filter, Fault> {
        if depth > DEEPEST {
            return Err(Fault::Filter);
        }
        let is_negated = self.takes_word("not");
        if is_negated || self.rest().starts_with('(') {
            self.take("(")?;
            let inner = self.either(names, depth + 1)?;
            self.take(")")?;
            return Ok(if is_negated {
                Filter::Not(Box::new(inner))
            } else {
                inner
            });
        }
        let name = self.word();
        self.at += name.len();
        let path = names.find(name).map_err(|_| Fault::Filter)?;
        if let (true, Names::Of(_), Some(attribute)) =
            (self.rest().starts_with('['), names, path.attribute)
        {
            self.take("[")?;
            let inner = self.either(Names::Within(attribute), depth + 1)?;
            self.take("]")?;
            return Ok(Filter::Within(path, Box::new(inner)));
        }
        if self.takes_word("pr") {
            return Ok(Filter::Present(path));
        }
        let word = self.word();
        self.at += word.len();
        let operator = Operator::parse(&word.to_ascii_lowercase()).ok_or(Fault::Filter)?;
        let value = self.value()?;
        let fits = match (&value, path.leaf()) {
            (_, Some(leaf)) if leaf.kind == Type::Boolean => {
                matches!(operator, Operator::Equal | Operator::NotEqual) && truth(&value).is_some()
            }
            (Value::Null, _) => matches!(operator, Operator::Equal | Operator::NotEqual),
            _ => path.attribute.is_some(),
        };
        if fits {
            Ok(Filter::Compare(path, operator, value))
        } else {
            Err(Fault::Filter)
        }
    }

    /// A JSON text, number, truth value or null.
    fn value(&mut self) -> Result<Value, Fault> {
        let rest = self.rest();
        if !rest.starts_with('"') {
            let word = self.word();
            self.at += word.len();
            let value = serde_json::from_str(word).ok();
            return value
                .filter(|value: &Value| !value.is_array() && !value.is_object())
                .ok_or(Fault::Filter);
        }
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        let value = values.next().and_then(Result::ok);
        self.at += values.byte_offset();
        value.ok_or(Fault::Filter)
    }
}
