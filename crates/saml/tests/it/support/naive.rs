//! A service provider as many were written: it finds a signature anywhere, looks up what the signature refers to anywhere, verifies
//! that, and then reads the first name in the document. Attacks are tried on it as well, which shows that they are attacks.

use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::HONEST;
use super::idp::sha256;

/// The name that the naive service provider takes the person for.
pub fn name(xml: &str) -> Option<String> {
    let info = element(xml, "ds:SignedInfo", 0)?;
    let id = between(info, "URI=\"#", "\"")?;
    let signature = element(xml, "ds:Signature", 0)?;
    let referred = by_id(xml, id)?.replace(signature, "");
    let digest = between(info, "<ds:DigestValue>", "</ds:DigestValue>")?;
    if sha256(&referred) != digest || !verifies(info, xml) {
        return None;
    }
    first_name(xml)
}

/// The text of the first name in the document.
pub fn first_name(xml: &str) -> Option<String> {
    let at = xml.find("<saml:NameID")?;
    between(&xml[at..], ">", "<").map(str::to_owned)
}

/// Whether the first signature value fits a `SignedInfo`.
pub fn verifies(info: &str, xml: &str) -> bool {
    let declared = info.replacen(
        "<ds:SignedInfo>",
        "<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">",
        1,
    );
    let Some(value) = between(xml, "<ds:SignatureValue>", "</ds:SignatureValue>") else {
        return false;
    };
    let Ok(value) = STANDARD.decode(value) else {
        return false;
    };
    let key = UnparsedPublicKey::new(
        &RSA_PKCS1_2048_8192_SHA256,
        HONEST.key.public_key().as_ref(),
    );
    key.verify(declared.as_bytes(), &value).is_ok()
}

pub fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    rest.split_once(end).map(|(inside, _)| inside)
}

/// The `number`th element of that name, counted from 0, with all of its content.
pub fn element<'a>(xml: &'a str, name: &str, number: usize) -> Option<&'a str> {
    let open = format!("<{name}");
    let starts = xml.match_indices(&open).map(|(at, _)| at);
    let mut starts = starts.filter(|at| {
        let next = xml.as_bytes().get(at + 1 + name.len());
        matches!(next, Some(b' ' | b'>' | b'/'))
    });
    closed(xml, starts.nth(number)?, name)
}

/// The element with that ID: the last one, as maps have it.
fn by_id<'a>(xml: &'a str, id: &str) -> Option<&'a str> {
    let at = xml.rfind(&format!(" ID=\"{id}\""))?;
    let start = xml[..at].rfind('<')?;
    let name = xml[start + 1..].split([' ', '>']).next()?;
    closed(xml, start, name)
}

fn closed<'a>(xml: &'a str, start: usize, name: &str) -> Option<&'a str> {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut depth = 0;
    let mut at = start;
    loop {
        let rest = &xml[at..];
        let end = rest.find(&close)?;
        let opened = rest[..end]
            .match_indices(&open)
            .filter(|(i, _)| {
                matches!(
                    rest.as_bytes().get(i + open.len()),
                    Some(b' ' | b'>' | b'/')
                )
            })
            .count();
        depth += opened;
        depth -= 1;
        at += end + close.len();
        if depth == 0 {
            return Some(&xml[start..at]);
        }
    }
}
