//! As much of DER as finds the public key in a certificate and wraps a private key. Who signed a certificate and until when it is
//! valid decides nothing here: metadata is what makes a key trusted.

/// An element of DER.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Der<'a> {
    pub tag: u8,
    pub content: &'a [u8],
    /// The element with its tag and length.
    pub whole: &'a [u8],
}

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;

/// The first element, and what follows it.
pub(crate) fn first(bytes: &[u8]) -> Option<(Der<'_>, &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    // Tags of more than one byte occur in nothing that is read here.
    if tag & 0x1F == 0x1F {
        return None;
    }
    let (&short, rest) = rest.split_first()?;
    let (length, rest) = match short {
        0..=0x7F => (usize::from(short), rest),
        0x81..=0x84 => {
            let count = usize::from(short & 0x7F);
            let digits = rest.get(..count)?;
            let length = digits
                .iter()
                .fold(0usize, |sum, byte| sum << 8 | usize::from(*byte));
            (length, &rest[count..])
        }
        _ => return None,
    };
    let content = rest.get(..length)?;
    let after = &rest[length..];
    let whole = &bytes[..bytes.len() - after.len()];
    let element = Der {
        tag,
        content,
        whole,
    };
    Some((element, after))
}

/// The elements inside an element of that tag which is all of `bytes`.
pub(crate) fn inside(bytes: &[u8], tag: u8) -> Option<Vec<Der<'_>>> {
    let (outer, rest) = first(bytes)?;
    if outer.tag != tag || !rest.is_empty() {
        return None;
    }
    list(outer.content)
}

/// The elements that stand one after the other.
pub(crate) fn list(mut bytes: &[u8]) -> Option<Vec<Der<'_>>> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let (element, rest) = first(bytes)?;
        found.push(element);
        bytes = rest;
    }
    Some(found)
}

/// An element around a content.
pub(crate) fn wrap(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = content.len();
    if length < 0x80 {
        out.push(length as u8);
    } else {
        let bytes = (length as u64).to_be_bytes();
        let skip = bytes.iter().take_while(|byte| **byte == 0).count();
        out.push(0x80 | (bytes.len() - skip) as u8);
        out.extend_from_slice(&bytes[skip..]);
    }
    out.extend_from_slice(content);
    out
}

/// An unsigned number as an INTEGER.
pub(crate) fn unsigned(digits: &[u8]) -> Vec<u8> {
    let skip = digits.iter().take_while(|byte| **byte == 0).count();
    let digits = &digits[skip.min(digits.len().saturating_sub(1))..];
    let mut content = Vec::with_capacity(digits.len() + 1);
    if digits.first().is_none_or(|byte| byte & 0x80 != 0) {
        content.push(0);
    }
    content.extend_from_slice(digits);
    wrap(INTEGER, &content)
}
