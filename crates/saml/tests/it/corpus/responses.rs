//! Responses. No private key comes with them, so that what is encrypted stays closed; SHA-1 and short keys are let through, since
//! nearly all of them are older than ten years.

use countersign_saml::Policy;
use countersign_saml::bindings::decode_any;
use countersign_saml::keys::Certificate;
use countersign_saml::metadata::IdentityProvider;
use countersign_saml::response::{CheckId, Expected, Status, Verifier};
use jiff::{SignedDuration, Timestamp};

use super::table::{ADDRESSES, AUDIENCES, ENTITIES, REQUESTS, RESPONSES};
use super::{files, read};
use crate::support::naive::between;

/// Every value of an attribute, in whatever quotes.
fn values<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!("{name}=");
    xml.split(start.as_str())
        .skip(1)
        .filter_map(|rest| {
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            rest[1..].split_once(quote).map(|(value, _)| value)
        })
        .collect()
}

/// The certificate that a response names, or the one that the project signs with.
fn certificate(xml: &str) -> Certificate {
    let named = xml
        .split("X509Certificate>")
        .filter_map(|part| part.split_once("</").map(|(text, _)| text))
        .find_map(|text| Certificate::from_any(text.trim().as_bytes()).ok());
    named.unwrap_or_else(|| {
        Certificate::from_any(&read("certificates/ruby-saml.crt")).expect("their certificate")
    })
}

/// Verifies a file for whom, where and when it was made: who is accepted, or every check that failed.
fn verify(file: &str) -> Result<String, Vec<CheckId>> {
    let bytes = match decode_any(&read(file)) {
        Ok(bytes) => bytes,
        Err(_) => return Err(vec![CheckId::Xml]),
    };
    let xml = String::from_utf8_lossy(&bytes).into_owned();
    let entity = ENTITIES.iter().find(|(name, _)| *name == file);
    let idp = IdentityProvider {
        entity_id: entity.map(|(_, entity)| (*entity).to_owned()),
        ..IdentityProvider::of_certificates(vec![certificate(&xml)])
    };
    let destination = values(&xml, "Destination");
    let acs = destination
        .first()
        .or(values(&xml, "Recipient").first())
        .copied();
    let setting = |of: &[(&str, &'static str)]| {
        let found = of.iter().find(|(name, _)| *name == file);
        found.map(|(_, value)| *value)
    };
    let audience = between(&xml, "Audience>", "</")
        .unwrap_or("audience")
        .trim();
    let end: Option<Timestamp> = ["NotOnOrAfter", "SessionNotOnOrAfter"]
        .iter()
        .flat_map(|name| values(&xml, name))
        .filter_map(|text| text.parse().ok())
        .min();
    let at = end.map_or(Timestamp::UNIX_EPOCH, |end| {
        end - SignedDuration::from_secs(30)
    });
    let verifier = Verifier {
        idp: &idp,
        sp_entity: setting(AUDIENCES).unwrap_or(audience),
        acs: setting(ADDRESSES).or(acs).unwrap_or("address"),
        key: None,
        policy: Policy {
            sha1: true,
            ..Policy::EXPLAIN
        },
    };
    let expected = match setting(REQUESTS) {
        Some(id) => Expected::Request(id),
        None => Expected::Unknown { unsolicited: true },
    };
    match verifier.verify(&bytes, expected, at) {
        Ok(verified) => Ok(verified.identity.name_id),
        Err(refused) => {
            let failed = refused.checks.iter().filter(|c| c.status == Status::Failed);
            Err(failed.map(|check| check.id).collect())
        }
    }
}

#[test]
fn every_response_is_accepted_or_refused_as_it_should_be() {
    let mut wrong = Vec::new();
    for folder in ["responses", "responses/invalids"] {
        for name in files(folder) {
            let file = format!("{folder}/{name}");
            let found = verify(&file);
            let row = RESPONSES.iter().find(|(listed, _)| *listed == file);
            let Some((_, wanted)) = row else {
                wrong.push(format!("{file} is not in the table: {found:?}"));
                continue;
            };
            let same = match (&found, wanted) {
                (Ok(name), Ok(wanted)) => name == wanted,
                (Err(failed), Err(wanted)) => failed.contains(wanted),
                _ => false,
            };
            if !same {
                wrong.push(format!("{file}: {found:?}, wanted {wanted:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn nothing_that_is_meant_to_be_invalid_is_in_the_table_as_accepted() {
    let invalid = RESPONSES
        .iter()
        .filter(|(file, _)| file.contains("/invalids/"));
    assert_eq!(invalid.filter(|(_, wanted)| wanted.is_ok()).count(), 0);
    assert!(
        RESPONSES
            .iter()
            .filter(|(_, wanted)| wanted.is_ok())
            .count()
            >= 8
    );
}
