//! Members of JSON objects, each of the type that its standard names.

use serde_json::{Map, Value};

pub type Object = Map<String, Value>;

/// An object; none where the bytes are something else, or more than so many.
pub fn object(bytes: &[u8], most: usize) -> Option<Object> {
    if bytes.len() > most {
        return None;
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

pub fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

/// A moment in seconds (RFC 7519, 2: NumericDate), without its fraction.
pub fn seconds(object: &Object, name: &str) -> Option<i64> {
    let value = object.get(name)?;
    value.as_i64().or_else(|| {
        // Beyond this no second is exact, and no clock of ours will be.
        let seconds = value.as_f64().filter(|s| s.abs() < 9e15)?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the bound above is far inside of i64"
        )]
        Some(seconds.floor() as i64)
    })
}

/// A text, or a list of texts (`aud`, `amr`). None where anything else is among them.
pub fn texts(object: &Object, name: &str) -> Option<Vec<String>> {
    match object.get(name)? {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Array(values) => values
            .iter()
            .map(|value| value.as_str().map(str::to_owned))
            .collect(),
        _ => None,
    }
}
