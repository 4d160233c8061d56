//! How messages travel: base64 in a form, deflated in a query (SAML bindings, 3.4 and 3.5), and as people save them to files.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use crate::keys::pem;
use crate::xml::Limits;

/// Why bytes hold no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BindingError {
    #[error("the message is larger than {0} bytes")]
    TooLarge(usize),
    #[error("this is neither XML nor XML in base64, deflated or not")]
    NotAMessage,
    #[error("the query has no {0}, or has it more than once")]
    Parameter(&'static str),
}

/// A message out of a form's field (POST binding).
///
/// # Errors
/// Where it is not base64, or too large.
pub fn decode_post(value: &str) -> Result<Vec<u8>, BindingError> {
    let bytes = pem::base64(value).ok_or(BindingError::NotAMessage)?;
    within(bytes)
}

/// A message out of a query's parameter (redirect binding), percent-decoded already.
///
/// # Errors
/// Where it is not base64 of a deflated document, or too large.
pub fn decode_redirect(value: &str) -> Result<Vec<u8>, BindingError> {
    inflate(&pem::base64(value).ok_or(BindingError::NotAMessage)?)
}

/// A message as somebody saved it: XML; base64 of it, wrapped or not, deflated or not; or a form's body with `SAMLResponse=`.
///
/// # Errors
/// Where it is none of these, or too large.
pub fn decode_any(bytes: &[u8]) -> Result<Vec<u8>, BindingError> {
    if bytes.len() > Limits::MESSAGE.bytes * 4 {
        return Err(BindingError::TooLarge(Limits::MESSAGE.bytes));
    }
    if is_xml(bytes) {
        return within(bytes.trim_ascii().to_vec());
    }
    let text = std::str::from_utf8(bytes).map_err(|_| BindingError::NotAMessage)?;
    // Editors put a mark of the encoding first.
    let text = text.trim_start_matches('\u{FEFF}');
    let text = text.trim().trim_matches('"');
    let form = text
        .split(['&', '?', '\n'])
        .find_map(|part| part.trim().strip_prefix("SAMLResponse="));
    let value = form.unwrap_or(text);
    let value = match value.contains('%') {
        true => percent_decode(value).ok_or(BindingError::NotAMessage)?,
        false => value.to_owned(),
    };
    let decoded = pem::base64(&value).ok_or(BindingError::NotAMessage)?;
    if is_xml(&decoded) {
        return within(decoded.trim_ascii().to_vec());
    }
    let inflated = inflate(&decoded)?;
    match is_xml(&inflated) {
        true => Ok(inflated.trim_ascii().to_vec()),
        false => Err(BindingError::NotAMessage),
    }
}

fn is_xml(bytes: &[u8]) -> bool {
    let bytes = bytes.trim_ascii_start();
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    bytes.trim_ascii_start().first() == Some(&b'<')
}

fn within(bytes: Vec<u8>) -> Result<Vec<u8>, BindingError> {
    match bytes.len() > Limits::MESSAGE.bytes {
        true => Err(BindingError::TooLarge(Limits::MESSAGE.bytes)),
        false => Ok(bytes),
    }
}

/// Inflates up to the bound: a few bytes can stand for gigabytes.
fn inflate(bytes: &[u8]) -> Result<Vec<u8>, BindingError> {
    let most = Limits::MESSAGE.bytes;
    let mut out = Vec::new();
    DeflateDecoder::new(bytes)
        .take(most as u64 + 1)
        .read_to_end(&mut out)
        .map_err(|_| BindingError::NotAMessage)?;
    within(out)
}

/// Deflates a document for the redirect binding.
pub(crate) fn deflate(document: &str) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(document.as_bytes())
        .and_then(|()| encoder.finish())
        .expect("memory takes what is written")
}

/// Percent-encodes a value of a query (RFC 3986, 2.3).
pub(crate) fn percent_encode(value: &str) -> String {
    let mut out = String::with_capacity(value.len() * 3);
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Decodes a value of a query or a form. A plus is kept: base64 has it, and no value here has spaces.
pub(crate) fn percent_decode(value: &str) -> Option<String> {
    let mut out = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let [byte, after @ ..] = rest {
        match (byte, after) {
            (b'%', [high, low, after @ ..]) => {
                let digit = |b: u8| char::from(b).to_digit(16);
                out.push((digit(*high)? * 16 + digit(*low)?) as u8);
                rest = after;
            }
            (b'%', _) => return None,
            _ => {
                out.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8(out).ok()
}
