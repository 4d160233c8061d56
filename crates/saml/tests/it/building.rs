//! Requests, metadata and how messages travel: what we make is read back.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign_saml::bindings::{decode_any, decode_post, decode_redirect};
use countersign_saml::keys::Certificate;
use countersign_saml::metadata::{
    Binding, IdentityProvider, MetadataError, ServiceProvider, service_provider_metadata,
};
use countersign_saml::request::{AuthnRequest, message_id};
use countersign_saml::xml::{Limits, parse};

use crate::support::idp::{Facts, certificate, metadata};
use crate::support::{ACS, HONEST, IDP, MALLORY, OURS, known, now};

/// The public key of a kind that is not verified with here.
const ED25519: [u8; 44] = {
    let mut spki = [7; 44];
    let head = [
        0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
    ];
    let mut at = 0;
    while at < head.len() {
        spki[at] = head[at];
        at += 1;
    }
    spki
};
const SSO: &str = "https://idp.example/sso?tenant=1";
const SLO: &str = "https://sp.example/slo";

fn request(id: &str) -> AuthnRequest<'_> {
    AuthnRequest {
        id,
        at: now(),
        destination: SSO,
        acs: ACS,
        sp_entity: "https://sp.example/?a=1&b=\"2\"",
        name_id_format: Some("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"),
        force_authn: false,
    }
}

/// The values of a query by name, percent-decoded.
fn query_value(query: &str, name: &str) -> Option<String> {
    let value = query
        .split('&')
        .find_map(|part| part.strip_prefix(&format!("{name}=")))?;
    let mut out = Vec::new();
    let mut bytes = value.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'%' => {
                let digits = [bytes.next()?, bytes.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(out).ok()
}

#[test]
fn an_id_begins_with_a_letter_and_is_all_of_the_randomness() {
    let id = message_id([0xAB; 20]);
    assert_eq!(id, format!("id-{}", "ab".repeat(20)));
}

#[test]
fn a_request_says_what_was_given_whatever_characters_that_has() {
    let xml = request("id-1").to_xml();
    let document = parse(xml.as_bytes(), Limits::MESSAGE).expect("it is XML");
    let root = document.root();
    assert_eq!(root.local(), "AuthnRequest");
    assert_eq!(root.attribute("ID"), Some("id-1"));
    assert_eq!(root.attribute("IssueInstant"), Some("2026-01-15T12:00:00Z"));
    assert_eq!(root.attribute("Destination"), Some(SSO));
    assert_eq!(root.attribute("AssertionConsumerServiceURL"), Some(ACS));
    assert_eq!(root.attribute("ForceAuthn"), None);
    let issuer = root.children().next().and_then(|issuer| issuer.text());
    assert_eq!(issuer.as_deref(), Some("https://sp.example/?a=1&b=\"2\""));
}

#[test]
fn a_redirect_is_signed_over_the_query_as_it_is_sent() {
    let address = request("id-1").redirect(Some("/bills?page=2"), Some(&OURS.own));
    let query = address
        .strip_prefix(&format!("{SSO}&"))
        .expect("the query goes on");
    let message = query_value(query, "SAMLRequest").expect("a message");
    let xml = decode_redirect(&message).expect("it inflates");
    assert_eq!(
        String::from_utf8(xml).expect("text"),
        request("id-1").to_xml()
    );
    assert_eq!(
        query_value(query, "RelayState").as_deref(),
        Some("/bills?page=2")
    );
    let (signed, _) = query.split_once("&Signature=").expect("a signature");
    let value = query_value(query, "Signature").expect("a signature");
    let value = STANDARD.decode(value).expect("base64");
    assert!(OURS.verifies(signed.as_bytes(), &value));
    assert!(!OURS.verifies(
        signed.replace("RelayState", "Relaystate").as_bytes(),
        &value
    ));
    let unsigned = request("id-1").redirect(None, None);
    assert!(!unsigned.contains("SigAlg") && !unsigned.contains("RelayState"));
}

#[test]
fn a_posted_request_has_its_signature_behind_the_issuer() {
    let certificate = Certificate::from_der(&certificate(&OURS.spki())).expect("a certificate");
    let posted = request("id-1")
        .post(Some((&OURS.own, Some(&certificate))))
        .expect("it is XML");
    let xml = String::from_utf8(decode_post(&posted).expect("base64")).expect("text");
    let document = parse(xml.as_bytes(), Limits::MESSAGE).expect("it is XML");
    let names: Vec<&str> = document.root().children().map(|c| c.local()).collect();
    assert_eq!(names, ["Issuer", "Signature", "NameIDPolicy"]);
}

#[test]
fn our_metadata_says_who_we_are_and_escapes_it() {
    let sp = ServiceProvider {
        entity_id: "https://sp.example/?a&b".to_owned(),
        acs: ACS.to_owned(),
        single_logout: Some(SLO.to_owned()),
        certificates: vec![Certificate::from_der(&HONEST.certificate).expect("a certificate")],
        name_id_format: None,
    };
    let xml = service_provider_metadata(&sp);
    let document = parse(xml.as_bytes(), Limits::METADATA).expect("it is XML");
    assert_eq!(
        document.root().attribute("entityID"),
        Some("https://sp.example/?a&b")
    );
    let role = document.root().children().next().expect("a role");
    let names: Vec<&str> = role.children().map(|c| c.local()).collect();
    // The order of the schema.
    assert_eq!(
        names,
        [
            "KeyDescriptor",
            "KeyDescriptor",
            "SingleLogoutService",
            "SingleLogoutService",
            "AssertionConsumerService"
        ]
    );
    assert!(matches!(
        IdentityProvider::all(xml.as_bytes()),
        Err(MetadataError::NoIdentityProvider)
    ));
}

#[test]
fn an_identity_provider_is_read_with_its_certificates_and_addresses() {
    let idp = known();
    assert_eq!(idp.entity_id.as_deref(), Some(IDP));
    assert!(idp.want_authn_requests_signed);
    assert_eq!(idp.single_sign_on[0].binding, Binding::Post);
    assert_eq!(idp.single_logout[0].location, "https://idp.example/slo");
    assert_eq!(idp.signing.len(), 1);
    let until = idp.signing[0].not_after().expect("a moment");
    assert_eq!(until.to_string(), "2035-01-01T00:00:00Z");
    let cached = HONEST.metadata().replacen(
        " entityID=",
        " cacheDuration=\"P1DT2H\" validUntil=\"2026-02-01T00:00:00Z\" entityID=",
        1,
    );
    let idp = IdentityProvider::choose(cached.as_bytes(), Some(IDP)).expect("it reads");
    assert_eq!(idp.cache_duration_s, Some(26 * 3600));
    assert_eq!(
        idp.valid_until.map(|u| u.to_string()).as_deref(),
        Some("2026-02-01T00:00:00Z")
    );
}

#[test]
fn keys_for_encryption_alone_and_chains_of_authorities_sign_nothing() {
    let encrypting =
        metadata(&[&HONEST.certificate]).replace("use=\"signing\"", "use=\"encryption\"");
    assert!(matches!(
        IdentityProvider::choose(encrypting.as_bytes(), None),
        Err(MetadataError::NoCertificate { .. })
    ));
    let both = metadata(&[&HONEST.certificate]).replace(" use=\"signing\"", "");
    assert!(IdentityProvider::choose(both.as_bytes(), None).is_ok());
    // A key of a kind that no XML signature uses here stands beside the other.
    let ed25519 = certificate(&ED25519);
    let beside = metadata(&[&ed25519, &HONEST.certificate]);
    let idp = IdentityProvider::choose(beside.as_bytes(), None).expect("it reads");
    assert_eq!(idp.signing, known().signing);
    let alone = IdentityProvider::choose(metadata(&[&ed25519]).as_bytes(), None);
    assert!(matches!(alone, Err(MetadataError::NoCertificate { .. })));
    let authority = format!(
        "</ds:X509Certificate><ds:X509Certificate>{}</ds:X509Certificate>",
        STANDARD.encode(&MALLORY.certificate)
    );
    let chain = metadata(&[&HONEST.certificate]).replace("</ds:X509Certificate>", &authority);
    let idp = IdentityProvider::choose(chain.as_bytes(), None).expect("it reads");
    assert_eq!(idp.signing, known().signing);
}

#[test]
fn one_of_several_identity_providers_is_chosen_by_name() {
    let one = metadata(&[&HONEST.certificate]);
    let other = metadata(&[&MALLORY.certificate]).replace(IDP, "https://other.example/");
    let several = format!(
        "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">{one}{other}</md:EntitiesDescriptor>"
    );
    assert_eq!(
        IdentityProvider::choose(several.as_bytes(), Some(IDP)),
        Ok(known())
    );
    assert!(matches!(
        IdentityProvider::choose(several.as_bytes(), None),
        Err(MetadataError::Several(names)) if names == [IDP, "https://other.example/"]
    ));
    assert!(matches!(
        IdentityProvider::choose(several.as_bytes(), Some("https://third.example/")),
        Err(MetadataError::NotThere(_))
    ));
}

#[test]
fn a_certificate_is_read_as_der_as_base64_and_as_pem_also_several() {
    let wanted = Certificate::from_der(&HONEST.certificate).expect("a certificate");
    let text = STANDARD.encode(&HONEST.certificate);
    let wrapped: String = text
        .chars()
        .enumerate()
        .fold(String::new(), |mut out, (at, c)| {
            if at % 64 == 0 {
                out.push_str("\r\n  ");
            }
            out.push(c);
            out
        });
    let pem = |text: &str| {
        format!("Subject: x\n-----BEGIN CERTIFICATE-----{text}\n-----END CERTIFICATE-----\n")
    };
    for bytes in [
        HONEST.certificate.clone(),
        text.clone().into_bytes(),
        wrapped.clone().into_bytes(),
        pem(&wrapped).into_bytes(),
        STANDARD.encode(pem(&wrapped)).into_bytes(),
    ] {
        assert_eq!(Certificate::from_any(&bytes), Ok(wanted.clone()));
    }
    let two = pem(&text) + &pem(&STANDARD.encode(&MALLORY.certificate));
    let idp = IdentityProvider::choose(two.as_bytes(), None).expect("two certificates");
    assert_eq!((idp.signing.len(), idp.entity_id), (2, None));
    for wrong in [
        &b""[..],
        b"AAAA",
        b"\x30\x82",
        b"-----BEGIN CERTIFICATE-----",
        b"<x/>",
    ] {
        assert!(IdentityProvider::all(wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn a_message_is_found_in_whatever_it_was_saved_as() {
    let xml = HONEST.assertion_signed(&Facts::default());
    let base64 = STANDARD.encode(&xml);
    let deflated = {
        use std::io::Write as _;
        let mut encoder =
            flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(xml.as_bytes()).expect("memory");
        STANDARD.encode(encoder.finish().expect("memory"))
    };
    let encoded = base64
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    for saved in [
        xml.clone(),
        format!("\u{FEFF}{xml}\n"),
        base64.clone(),
        format!("\u{FEFF}{base64}\r\n"),
        base64
            .as_bytes()
            .chunks(76)
            .map(|line| String::from_utf8_lossy(line).into_owned() + "\r\n")
            .collect(),
        deflated,
        format!("SAMLResponse={encoded}&RelayState=x"),
        format!("RelayState=x&SAMLResponse={encoded}"),
        format!("https://sp.example/acs?SAMLResponse={encoded}"),
    ] {
        let decoded = decode_any(saved.as_bytes()).expect("a message");
        let text = String::from_utf8(decoded).expect("text");
        assert_eq!(text.trim_start_matches('\u{FEFF}'), xml);
    }
    for wrong in ["", "\u{FEFF}", "hello", "SAMLResponse=%", "AAAA", "{}"] {
        assert!(decode_any(wrong.as_bytes()).is_err(), "{wrong}");
    }
}

#[test]
fn what_inflates_to_too_much_is_refused() {
    use std::io::Write as _;
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder
        .write_all(&vec![b' '; 64 * 1024 * 1024])
        .expect("memory");
    let bomb = STANDARD.encode(encoder.finish().expect("memory"));
    assert!(bomb.len() < 128 * 1024, "it is small");
    assert!(decode_redirect(&bomb).is_err() && decode_any(bomb.as_bytes()).is_err());
}
