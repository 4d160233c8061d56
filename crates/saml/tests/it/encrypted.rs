//! What is encrypted for us.

use countersign_saml::Policy;
use countersign_saml::keys::{OpeningKey, OwnKey, PlainKey};
use countersign_saml::response::{CheckId, Expected, Refused, Status, Verified, Verifier};

use crate::support::idp::{Facts, Lock, assertion, response};
use crate::support::{ACS, ALICE, HONEST, OURS, REQUEST, SP, known, now, verify_with};

fn open(xml: &str, policy: Policy) -> Result<Verified, Refused> {
    verify_with(xml, &known(), policy, Some(&OURS.own))
}

fn signed_inside(lock: Lock) -> String {
    let facts = Facts::default();
    let signed = HONEST.sign(&assertion(&facts), facts.id);
    response(&facts, &OURS.encrypt("EncryptedAssertion", &signed, lock))
}

fn signed_outside(lock: Lock) -> String {
    let facts = Facts::default();
    let encrypted = OURS.encrypt("EncryptedAssertion", &assertion(&facts), lock);
    HONEST.sign(&response(&facts, &encrypted), "response-1")
}

#[test]
fn an_assertion_that_is_signed_and_encrypted_either_way_is_accepted() {
    for lock in [Lock::GcmOaepSha1, Lock::GcmOaepSha256] {
        for xml in [signed_inside(lock), signed_outside(lock)] {
            let verified = open(&xml, Policy::SIGN_IN).expect("it is good");
            assert_eq!(verified.identity.name_id, ALICE);
        }
    }
}

#[test]
fn cbc_counts_only_where_a_signature_covers_it_or_where_a_weakness_is_told() {
    assert!(open(&signed_outside(Lock::CbcOaepSha1), Policy::SIGN_IN).is_ok());
    let refused = open(&signed_inside(Lock::CbcOaepSha1), Policy::SIGN_IN).expect_err("it is weak");
    assert_eq!(refused.check, CheckId::Encryption);
    let told = open(&signed_inside(Lock::CbcOaepSha1), Policy::EXPLAIN).expect("it is told");
    let check = told.checks.iter().find(|c| c.id == CheckId::Encryption);
    assert_eq!(check.map(|c| c.status), Some(Status::Warning));
}

#[test]
fn names_and_attributes_are_opened_too() {
    let facts = Facts::default();
    let declared = " xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"";
    let plain = assertion(&facts);
    let name = crate::support::naive::element(&plain, "saml:NameID", 0).expect("a name");
    // Without a declaration of its own it takes the prefix from where its ciphertext stands.
    for content in [
        name.to_owned(),
        name.replacen(" Format", &format!("{declared} Format"), 1),
    ] {
        let encrypted = OURS
            .encrypt("EncryptedID", &content, Lock::GcmOaepSha1)
            .replacen(declared, "", 1);
        let attribute = crate::support::naive::element(&plain, "saml:Attribute", 0).expect("one");
        let sealed = OURS
            .encrypt("EncryptedAttribute", attribute, Lock::GcmOaepSha1)
            .replacen(declared, "", 1);
        let hidden = plain.replace(name, &encrypted).replace(attribute, &sealed);
        let xml = response(&facts, &HONEST.sign(&hidden, facts.id));
        let verified = open(&xml, Policy::SIGN_IN).expect("it is good");
        assert_eq!(verified.identity.name_id, ALICE);
        assert_eq!(verified.identity.attributes["mail"], [ALICE]);
        let closed = verify_with(&xml, &known(), Policy::SIGN_IN, None).expect_err("no key");
        assert_eq!(closed.check, CheckId::NameId);
    }
}

#[test]
fn whatever_goes_wrong_with_our_key_looks_the_same() {
    let good = signed_inside(Lock::GcmOaepSha1);
    let values: Vec<&str> = good
        .split("<xenc:CipherValue>")
        .skip(1)
        .filter_map(|rest| rest.split_once("</xenc:CipherValue>"))
        .map(|(value, _)| value)
        .collect();
    let [wrapped, content] = values.as_slice() else {
        panic!("a wrapped key and a ciphertext");
    };
    let flip = |value: &str| {
        let swapped = if value.starts_with('A') { "B" } else { "A" };
        format!("{swapped}{}", &value[1..])
    };
    let attacks = [
        good.replace(wrapped, &flip(wrapped)),
        good.replace(content, &flip(content)),
        good.replace(content, &content[..content.len() / 4 * 4 - 8]),
        good.replace(content, "AAAA"),
        good.replace(wrapped, "AAAA"),
        good.replace("#aes256-gcm", "#aes128-gcm"),
    ];
    let said: Vec<String> = attacks
        .iter()
        .map(|xml| open(xml, Policy::SIGN_IN).expect_err("it is broken").said)
        .collect();
    assert!(said.iter().all(|words| *words == said[0]), "{said:?}");
    let other = crate::support::idp::Recipient::new();
    let refused = verify_with(&good, &known(), Policy::SIGN_IN, Some(&other.own));
    assert_eq!(refused.expect_err("another key").said, said[0]);
}

#[test]
fn rsa_1_5_and_unknown_ciphers_are_refused_before_a_key_is_used() {
    let good = signed_inside(Lock::GcmOaepSha1);
    for (known_one, other) in [
        ("#rsa-oaep-mgf1p", "#rsa-1_5"),
        (
            "http://www.w3.org/2009/xmlenc11#aes256-gcm",
            "http://www.w3.org/2001/04/xmlenc#tripledes-cbc",
        ),
    ] {
        let refused =
            open(&good.replace(known_one, other), Policy::SIGN_IN).expect_err("it is weak");
        assert!(
            refused.said.contains("which is not accepted"),
            "{}",
            refused.said
        );
    }
}

#[test]
fn rsa_1_5_is_told_when_explaining_whatever_signs_and_a_server_never_tries_it() {
    for xml in [
        signed_inside(Lock::GcmPkcs1),
        signed_outside(Lock::GcmPkcs1),
    ] {
        let told = open(&xml, Policy::EXPLAIN).expect("it is told");
        assert_eq!(told.identity.name_id, ALICE);
        let check = told.checks.iter().find(|c| c.id == CheckId::Encryption);
        let check = check.expect("it is always checked");
        assert_eq!(check.status, Status::Warning);
        assert!(check.said.contains("RSA-1.5"), "{}", check.said);
        // What SHA-1 is let through for opens nothing.
        let old = Policy {
            sha1: true,
            ..Policy::SIGN_IN
        };
        for policy in [Policy::SIGN_IN, old] {
            let refused = open(&xml, policy).expect_err("it is refused");
            assert_eq!(refused.check, CheckId::Encryption);
            assert!(
                refused.said.contains("which is not accepted"),
                "{}",
                refused.said
            );
        }
    }
}

#[test]
fn a_key_is_read_from_both_kinds_of_pem_and_never_shown() {
    use base64::Engine as _;
    let engine = base64::engine::general_purpose::STANDARD;
    let pkcs8 = &OURS.pkcs8;
    // PKCS#8 is a version, an algorithm and the PKCS#1 key in an OCTET STRING, which begins behind 26 bytes at this length.
    let pkcs1 = &pkcs8[26..];
    for (label, bytes) in [
        ("PRIVATE KEY", pkcs8.as_slice()),
        ("RSA PRIVATE KEY", pkcs1),
    ] {
        let pem = format!(
            "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
            engine.encode(bytes)
        );
        let key = OwnKey::from_pem(&pem).expect(label);
        assert_eq!(format!("{key:?}"), "OwnKey(…)");
        let xml = signed_inside(Lock::GcmOaepSha1);
        assert!(verify_with(&xml, &known(), Policy::SIGN_IN, Some(&key)).is_ok());
    }
    assert!(
        OwnKey::from_pem(
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----"
        )
        .is_err()
    );
}

fn open_plain(xml: &str, key: &PlainKey, policy: Policy) -> Result<Verified, Refused> {
    let idp = known();
    let verifier = Verifier {
        idp: &idp,
        sp_entity: SP,
        acs: ACS,
        key: Some(OpeningKey::Plain(key)),
        policy,
    };
    verifier.verify(xml.as_bytes(), Expected::Request(REQUEST), now())
}

#[test]
fn plain_arithmetic_opens_what_the_library_opens() {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(&OURS.pkcs8);
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n");
    let key = PlainKey::from_pem(&pem).expect("a key");
    assert_eq!(
        (key.bits(), format!("{key:?}")),
        (2048, "PlainKey(…)".to_owned())
    );
    for lock in [Lock::GcmOaepSha1, Lock::GcmOaepSha256, Lock::GcmPkcs1] {
        let verified = open_plain(&signed_inside(lock), &key, Policy::EXPLAIN);
        assert_eq!(verified.expect("it is good").identity.name_id, ALICE);
    }
}

#[test]
fn a_plain_key_is_read_in_whatever_it_was_saved_as() {
    use base64::Engine as _;
    let encode = |der: &[u8]| base64::engine::general_purpose::STANDARD.encode(der);
    let wrapped = |text: &str| -> String {
        let lines = text.as_bytes().chunks(64);
        lines
            .map(|line| String::from_utf8_lossy(line).into_owned() + "\r\n")
            .collect()
    };
    let pkcs8 = OURS.pkcs8.as_slice();
    let pkcs1 = &pkcs8[26..];
    let xml = signed_inside(Lock::GcmOaepSha1);
    for (label, der) in [("PRIVATE KEY", pkcs8), ("RSA PRIVATE KEY", pkcs1)] {
        let text = encode(der);
        for saved in [
            der.to_vec(),
            text.clone().into_bytes(),
            wrapped(&text).into_bytes(),
            format!("\u{FEFF}{text}\n").into_bytes(),
            format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n").into_bytes(),
        ] {
            let key = PlainKey::from_any(&saved).expect(label);
            assert_eq!(key.bits(), 2048);
            let verified = open_plain(&xml, &key, Policy::SIGN_IN);
            assert_eq!(verified.expect("it is good").identity.name_id, ALICE);
        }
    }
    for wrong in [
        Vec::new(),
        b"no key".to_vec(),
        b"AAAA".to_vec(),
        pkcs8[..pkcs8.len() - 1].to_vec(),
        encode(&pkcs1[..64]).into_bytes(),
        OURS.spki(),
        encode(&OURS.spki()).into_bytes(),
        HONEST.certificate.clone(),
    ] {
        assert!(PlainKey::from_any(&wrong).is_err(), "{wrong:?}");
    }
}
