//! Values of attributes and references to characters.

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::BytesRef;

use super::bounds::XmlError;
use super::names::is_char;
use crate::words::clip;

/// XML 1.0, 3.3.3, for an attribute of no declared type: white space becomes spaces, references what they stand for.
pub(super) fn normalised(raw: &str) -> Result<String, XmlError> {
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(c) = rest.chars().next() {
        match c {
            '<' => return Err(XmlError::Broken("“<” stands in an attribute".into())),
            '&' => {
                let (name, after) = rest[1..]
                    .split_once(';')
                    .ok_or_else(|| XmlError::Broken("“&” begins no reference".into()))?;
                value.push(resolve(&BytesRef::new(name))?);
                rest = after;
                continue;
            }
            // Line ends are one character before values are normalised.
            '\r' if rest[1..].starts_with('\n') => {}
            '\t' | '\n' | '\r' => value.push(' '),
            c => value.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
    Ok(value)
}

/// Numeric references and the five entities of XML itself.
pub(super) fn resolve(reference: &BytesRef<'_>) -> Result<char, XmlError> {
    let number = reference
        .resolve_char_ref()
        .map_err(|_| XmlError::Character)?;
    if let Some(c) = number {
        return if is_char(c) {
            Ok(c)
        } else {
            Err(XmlError::Character)
        };
    }
    let name = reference.xml10_content();
    let known = resolve_predefined_entity(&name).and_then(|text| text.chars().next());
    known.ok_or_else(|| XmlError::Entity(clip(&name)))
}
