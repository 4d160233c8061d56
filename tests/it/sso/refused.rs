//! A response that is at fault gets an answer, whatever it is made of; an error is for what the operator gave us.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde_json::Value;

use super::idp::{Facts, Lock, Recipient, assertion, response};
use super::{ALICE, HONEST, IDP, NEW, Place, answer, good, status};

const OTHER: &str = "https://other.example/";
const ISSUER: &str = "<saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">https://idp.example/metadata</saml:Issuer>";

/// Metadata of one identity provider, `idp.xml`, and of two, `several.xml`.
fn place() -> Place {
    let place = Place::new();
    let other = NEW.metadata().replace(IDP, OTHER);
    let several = format!(
        "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">{other}{}</md:EntitiesDescriptor>",
        HONEST.metadata()
    );
    place.write("several.xml", &several);
    place
}

fn explained(place: &Place, metadata: &str, content: &[u8]) -> (Option<i32>, Value) {
    let path = place.0.path().join("response");
    std::fs::write(&path, content).expect("it is written");
    let file = place.path("response");
    answer(&place.explain(metadata, &file, &[]))
}

/// Refused with an answer that names a check which failed, with one identity provider and with several.
#[track_caller]
fn refused(place: &Place, what: &str, content: &[u8]) -> Vec<Value> {
    ["idp.xml", "several.xml"]
        .into_iter()
        .map(|metadata| {
            let (code, told) = explained(place, metadata, content);
            assert_eq!(code, Some(1), "{what}, {metadata}: {told}");
            assert_eq!(told["accepted"], false, "{what}, {metadata}");
            assert_eq!(told["identity"], Value::Null, "{what}, {metadata}");
            assert!(told["reason"].is_string(), "{what}, {metadata}");
            let checks = told["checks"].as_array().expect("a list");
            let failed = checks.iter().any(|check| check["status"] == "failed");
            assert!(failed, "{what}, {metadata}: {told}");
            told
        })
        .collect()
}

#[test]
fn bytes_that_are_no_response_are_refused_with_an_answer() {
    let place = place();
    let base64 = STANDARD.encode(good());
    let mut bomb = DeflateEncoder::new(Vec::new(), Compression::best());
    let spaces = vec![b' '; 8 * 1024 * 1024];
    bomb.write_all(b"<a>").expect("memory takes it");
    bomb.write_all(&spaces).expect("memory takes it");
    let bomb = STANDARD.encode(bomb.finish().expect("memory takes it"));
    let whole = good();
    let cut = whole.as_bytes()[..whole.len() / 2].to_vec();
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(good().encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let contents: [(&str, Vec<u8>); 14] = [
        ("empty", Vec::new()),
        ("blank", b" \n ".to_vec()),
        ("no text", b"\xFF\xFE\x00\x80".to_vec()),
        ("UTF-16", utf16),
        ("XML with a byte of no character", b"<a>\xFF</a>".to_vec()),
        ("words", b"no response".to_vec()),
        ("base64 of nothing", b"SAMLResponse=".to_vec()),
        ("broken percent", b"SAMLResponse=%2".to_vec()),
        ("base64 that is cut off", base64.as_bytes()[..301].to_vec()),
        ("XML that is cut off", cut),
        ("a bomb of a few bytes", bomb.into_bytes()),
        ("two documents", format!("{}<a/>", good()).into_bytes()),
        ("XML of 2 MiB", large_xml(2 * 1024 * 1024)),
        ("XML of 9 MiB", large_xml(9 * 1024 * 1024)),
    ];
    for (what, content) in contents {
        for told in refused(&place, what, &content) {
            assert_eq!(status(&told, "xml"), "failed", "{what}: {told}");
        }
    }
}

fn large_xml(bytes: usize) -> Vec<u8> {
    let mut content = b"<a>".to_vec();
    content.resize(bytes, b' ');
    content.extend_from_slice(b"</a>");
    content
}

#[test]
fn documents_that_attack_their_reader_are_refused_with_an_answer() {
    let place = place();
    let good = good();
    let deep = format!("{}{}", "<a>".repeat(5000), "</a>".repeat(5000));
    let wide = format!("<a>{}</a>", "<b/>".repeat(30_000));
    let contents = [
        ("a document type", format!("<!DOCTYPE a>{good}")),
        (
            "an entity of a file",
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>".to_owned(),
        ),
        (
            "entities that multiply",
            "<!DOCTYPE a [<!ENTITY x \"xxxxxxxxxx\"><!ENTITY y \"&x;&x;&x;&x;\">]><a>&y;&y;</a>"
                .to_owned(),
        ),
        ("an unknown entity", "<a>&x;</a>".to_owned()),
        ("a processing instruction", "<a><?x y?></a>".to_owned()),
        ("depth", deep),
        ("width", wide),
        (
            "another encoding",
            format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?>{good}"),
        ),
    ];
    for (what, content) in contents {
        for told in refused(&place, what, content.as_bytes()) {
            assert_eq!(status(&told, "xml"), "failed", "{what}: {told}");
        }
    }
}

#[test]
fn other_messages_and_misshapen_responses_are_refused_by_their_shape() {
    let place = place();
    let facts = Facts::default();
    let signed = HONEST.sign(&assertion(&facts), facts.id);
    let denied = response(&facts, "").replace("status:Success", "status:Responder");
    let contents = [
        ("another root", "<x/>".to_owned(), "message"),
        ("an assertion alone", signed.clone(), "message"),
        ("a refusal", denied, "status"),
        ("no assertion", response(&facts, ""), "one_assertion"),
        (
            "two assertions",
            response(
                &facts,
                &format!("{signed}{}", signed.replace("assertion-1", "assertion-2")),
            ),
            "one_assertion",
        ),
        (
            "two assertions and no issuer around them",
            response(
                &facts,
                &format!("{signed}{}", signed.replace("assertion-1", "assertion-2")),
            )
            .replacen(ISSUER, "", 1),
            "one_assertion",
        ),
    ];
    for (what, content, check) in contents {
        for told in refused(&place, what, content.as_bytes()) {
            assert_eq!(status(&told, check), "failed", "{what}: {told}");
        }
    }
}

#[test]
fn an_issuer_that_is_not_in_the_metadata_is_a_refused_answer() {
    let place = place();
    let facts = Facts {
        issuer: "https://third.example/",
        ..Facts::default()
    };
    let xml = HONEST.both_signed(&facts);
    for told in refused(&place, "a third issuer", xml.as_bytes()) {
        assert_eq!(status(&told, "issuer"), "failed", "{told}");
    }
    let (_, told) = explained(&place, "several.xml", xml.as_bytes());
    assert_eq!(
        told["reason"],
        "The issuer is “https://third.example/”, and the metadata describes no such identity provider."
    );
    assert_eq!(status(&told, "message"), "ok");
    assert_eq!(status(&told, "audience"), "skipped");
    // Two issuers are nobody's name, and so is one with something inside.
    for (what, issuer) in [
        ("two issuers", format!("{ISSUER}{ISSUER}")),
        (
            "an element inside",
            ISSUER.replace("https:", "<a></a>https:"),
        ),
        ("an empty issuer", ISSUER.replace(IDP, "")),
    ] {
        let xml = good().replacen(ISSUER, &issuer, 1);
        refused(&place, what, xml.as_bytes());
        let (_, told) = explained(&place, "several.xml", xml.as_bytes());
        assert_eq!(status(&told, "issuer"), "failed", "{what}: {told}");
    }
}

/// SAML profiles, 4.1.4.2: an unsigned response may leave its issuer out.
#[test]
fn a_response_without_an_issuer_is_of_its_assertions() {
    let place = place();
    let facts = Facts::default();
    let xml = HONEST.assertion_signed(&facts).replacen(ISSUER, "", 1);
    for metadata in ["idp.xml", "several.xml"] {
        let (code, told) = explained(&place, metadata, xml.as_bytes());
        assert_eq!(code, Some(0), "{metadata}: {told}");
        assert_eq!(told["identity"]["name_id"], ALICE);
    }
    // It is still the named one's key that counts, and not that of whoever else is in the metadata.
    let stolen = NEW.assertion_signed(&facts).replacen(ISSUER, "", 1);
    for told in refused(&place, "another's signature", stolen.as_bytes()) {
        assert_eq!(status(&told, "assertion_signature"), "failed", "{told}");
    }
    let nobody = response(&facts, &assertion(&facts))
        .replacen(ISSUER, "", 1)
        .replacen(&format!("<saml:Issuer>{IDP}</saml:Issuer>"), "", 1);
    let told = refused(&place, "no issuer at all", nobody.as_bytes());
    assert_eq!(status(&told[1], "issuer"), "failed", "{}", told[1]);
}

#[test]
fn an_encrypted_assertion_says_whose_it_is_where_its_response_does_not() {
    let place = place();
    let ours = Recipient::new();
    let facts = Facts::default();
    let signed = HONEST.sign(&assertion(&facts), facts.id);
    let sealed = |lock| {
        let inside = ours.encrypt("EncryptedAssertion", &signed, lock);
        response(&facts, &inside).replacen(ISSUER, "", 1)
    };
    let label = "PRIVATE KEY";
    let key = place.write(
        "key.pem",
        &format!(
            "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
            STANDARD.encode(&ours.pkcs8)
        ),
    );
    for lock in [Lock::GcmOaepSha1, Lock::GcmOaepSha256, Lock::CbcOaepSha1] {
        let file = place.write("sealed.xml", &sealed(lock));
        for metadata in ["idp.xml", "several.xml"] {
            let (code, told) = answer(&place.explain(metadata, &file, &["--sp-key", &key]));
            assert_eq!(code, Some(0), "{metadata}: {told}");
            assert_eq!(told["identity"]["name_id"], ALICE);
        }
    }
    // Without the key nobody can tell.
    let xml = sealed(Lock::GcmOaepSha1);
    let told = refused(&place, "a closed assertion", xml.as_bytes());
    assert_eq!(status(&told[0], "encryption"), "failed");
    assert_eq!(status(&told[1], "issuer"), "failed");
}

#[test]
fn what_the_operator_gave_is_an_error_whatever_the_response_is() {
    let place = place();
    for content in ["", "no response", good().as_str()] {
        let file = place.write("some.xml", content);
        let entity = ["--idp-entity", "https://third.example/"];
        let output = place.explain("several.xml", &file, &entity);
        assert_eq!(output.status.code(), Some(2), "{content}");
        assert!(output.stdout.is_empty());
        let output = place.explain("none.xml", &file, &[]);
        assert_eq!(output.status.code(), Some(2), "{content}");
    }
    // A folder is no file.
    let folder = place.path(".");
    let output = place.explain("idp.xml", &folder, &[]);
    assert_eq!(output.status.code(), Some(2));
}
