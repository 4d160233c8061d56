//! Each check refuses what it is for; and without it the attack goes through, so that no other check hides its absence.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
    RsaKeyPair,
};
use countersign_sealing::SeededEntropy;

use super::*;

const ORIGIN: &str = "https://ap.example:8443";

fn cose(fields: &[(i64, Cbor)]) -> Vec<u8> {
    let fields = fields
        .iter()
        .map(|(label, value)| (Cbor::from(*label), value.clone()));
    let mut bytes = Vec::new();
    ciborium::into_writer(&Cbor::Map(fields.collect()), &mut bytes).expect("a key");
    bytes
}

fn expected(verified: bool) -> Expected {
    Expected {
        party: Party::of(&ORIGIN.parse().expect("an address")).expect("a name"),
        challenge: Challenge::generate(&SeededEntropy::new(1)),
        verified,
    }
}

/// What an honest browser and authenticator say; an attack changes one of it.
struct Answers {
    kind: &'static str,
    challenge: Challenge,
    origin: &'static str,
    party: &'static str,
    flags: u8,
    counter: u32,
    is_framed: bool,
}

impl Answers {
    fn honest() -> Self {
        Self {
            kind: "webauthn.get",
            challenge: expected(true).challenge,
            origin: ORIGIN,
            party: "ap.example",
            flags: PRESENT | VERIFIED,
            counter: 8,
            is_framed: false,
        }
    }

    fn client_data(&self) -> Vec<u8> {
        let data = serde_json::json!({
            "type": self.kind, "challenge": self.challenge.text(), "origin": self.origin, "crossOrigin": self.is_framed,
        });
        data.to_string().into_bytes()
    }

    fn authenticator_data(&self) -> Vec<u8> {
        let mut data = digest(&SHA256, self.party.as_bytes()).as_ref().to_vec();
        data.push(self.flags);
        data.extend_from_slice(&self.counter.to_be_bytes());
        data
    }

    fn signed_by(&self, sign: impl Fn(&[u8]) -> Vec<u8>) -> Signed {
        let (client_data, data) = (self.client_data(), self.authenticator_data());
        let mut message = data.clone();
        message.extend_from_slice(digest(&SHA256, &client_data).as_ref());
        Signed {
            credential: vec![1],
            client_data,
            signature: sign(&message),
            authenticator_data: data,
            user: Vec::new(),
        }
    }
}

struct Es256(EcdsaKeyPair);

impl Es256 {
    fn generate() -> Self {
        Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key"))
    }

    fn key(&self) -> Vec<u8> {
        let point = self.0.public_key().as_ref();
        cose(&[
            (1, Cbor::from(2)),
            (3, Cbor::from(-7)),
            (-1, Cbor::from(1)),
            (-2, Cbor::from(&point[1..33])),
            (-3, Cbor::from(&point[33..])),
        ])
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature = self.0.sign(&SystemRandom::new(), message);
        signature.expect("it signs").as_ref().to_vec()
    }
}

const KEPT: i64 = 7;

type Attack = (Refusal, fn(&mut Answers), fn(&mut Guards));

const ATTACKS: [Attack; 8] = [
    (
        Refusal::Ceremony,
        |a| a.kind = "webauthn.create",
        |g| g.ceremony = false,
    ),
    (
        Refusal::Challenge,
        |a| a.challenge = Challenge::generate(&SeededEntropy::new(2)),
        |g| g.challenge = false,
    ),
    (
        Refusal::Origin,
        |a| a.origin = "https://ap.example.evil",
        |g| g.origin = false,
    ),
    (
        Refusal::Origin,
        |a| a.is_framed = true,
        |g| g.origin = false,
    ),
    (
        Refusal::Party,
        |a| a.party = "evil.example",
        |g| g.party = false,
    ),
    (
        Refusal::Presence,
        |a| a.flags = VERIFIED,
        |g| g.presence = false,
    ),
    (
        Refusal::Verification,
        |a| a.flags = PRESENT,
        |g| g.verification = false,
    ),
    (Refusal::Counter, |a| a.counter = 7, |g| g.counter = false),
];

#[test]
fn an_honest_answer_is_taken_and_each_attack_is_stopped_by_its_own_guard_alone() {
    let device = Es256::generate();
    let key = device.key();
    let check = |answers: &Answers, guards| {
        let answer = answers.signed_by(|message| device.sign(message));
        signed(&answer, (&key, KEPT), &expected(true), guards)
    };
    assert_eq!(check(&Answers::honest(), Guards::ALL), Ok(8));
    for (refusal, attack, take_away) in ATTACKS {
        let mut answers = Answers::honest();
        attack(&mut answers);
        assert_eq!(check(&answers, Guards::ALL), Err(refusal));
        let mut guards = Guards::ALL;
        take_away(&mut guards);
        assert!(
            check(&answers, guards).is_ok(),
            "without its guard: {refusal}"
        );
    }
}

#[test]
fn a_signature_by_another_key_or_over_other_data_is_refused_and_only_by_its_guard() {
    let (device, other) = (Es256::generate(), Es256::generate());
    let key = device.key();
    let foreign = Answers::honest().signed_by(|message| other.sign(message));
    let mut changed = Answers::honest().signed_by(|message| device.sign(message));
    changed.authenticator_data[36] += 1;
    let mut cut = Answers::honest().signed_by(|message| device.sign(message));
    cut.signature.pop();
    let unguarded = Guards {
        signature: false,
        ..Guards::ALL
    };
    for answer in [foreign, changed, cut] {
        let check = |guards| signed(&answer, (&key, KEPT), &expected(true), guards);
        assert_eq!(check(Guards::ALL), Err(Refusal::Signature));
        assert!(check(unguarded).is_ok());
    }
}

#[test]
fn an_authenticator_without_counter_is_taken_and_one_that_lost_its_counter_is_not() {
    let device = Es256::generate();
    let key = device.key();
    let answers = Answers {
        counter: 0,
        ..Answers::honest()
    };
    let answer = answers.signed_by(|message| device.sign(message));
    let check = |kept| signed(&answer, (&key, kept), &expected(true), Guards::ALL);
    assert_eq!(check(0), Ok(0));
    assert_eq!(check(1), Err(Refusal::Counter));
}

#[test]
fn beside_a_password_a_touch_is_enough() {
    let device = Es256::generate();
    let answers = Answers {
        flags: PRESENT,
        ..Answers::honest()
    };
    let answer = answers.signed_by(|message| device.sign(message));
    let check = |verified| {
        let kept = (device.key(), KEPT);
        signed(&answer, (&kept.0, kept.1), &expected(verified), Guards::ALL)
    };
    assert_eq!(check(false), Ok(8));
    assert_eq!(check(true), Err(Refusal::Verification));
}

#[test]
fn keys_of_all_three_kinds_verify() {
    let ed = Ed25519KeyPair::generate().expect("a key");
    let ed_key = cose(&[
        (1, Cbor::from(1)),
        (3, Cbor::from(-8)),
        (-1, Cbor::from(6)),
        (-2, Cbor::from(ed.public_key().as_ref())),
    ]);
    let rsa = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
    // PKCS#1 of 2048 bits: the modulus behind nine bytes of DER and its sign, the exponent last.
    let der = rsa.public_key().as_ref();
    let rsa_key = cose(&[
        (1, Cbor::from(3)),
        (3, Cbor::from(-257)),
        (-1, Cbor::from(&der[9..265])),
        (-2, Cbor::from(&der[267..])),
    ]);
    let sign_rsa = |message: &[u8]| {
        let mut signature = vec![0; rsa.public_modulus_len()];
        rsa.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            message,
            &mut signature,
        )
        .expect("it signs");
        signature
    };
    let by_ed = Answers::honest().signed_by(|message| ed.sign(message).as_ref().to_vec());
    let by_rsa = Answers::honest().signed_by(sign_rsa);
    let check =
        |answer: &Signed, key: &[u8]| signed(answer, (key, KEPT), &expected(true), Guards::ALL);
    assert_eq!(check(&by_ed, &ed_key), Ok(8));
    assert_eq!(check(&by_rsa, &rsa_key), Ok(8));
    assert_eq!(check(&by_ed, &rsa_key), Err(Refusal::Signature));
    assert_eq!(
        check(&by_rsa, &Es256::generate().key()),
        Err(Refusal::Signature)
    );
}

/// What is signed at the making: nothing, since no attestation is asked for.
fn attestation(answers: &Answers, key: &[u8], credential: &[u8]) -> Vec<u8> {
    let mut data = answers.authenticator_data();
    data.extend_from_slice(&[0; 16]);
    let length = u16::try_from(credential.len()).expect("short");
    data.extend_from_slice(&length.to_be_bytes());
    data.extend_from_slice(credential);
    data.extend_from_slice(key);
    // Extensions may follow.
    data.push(0xa0);
    let text = |text: &str| Cbor::Text(text.to_owned());
    let object = Cbor::Map(vec![
        (text("fmt"), text("none")),
        (text("attStmt"), Cbor::Map(Vec::new())),
        (text("authData"), Cbor::Bytes(data)),
    ]);
    let mut bytes = Vec::new();
    ciborium::into_writer(&object, &mut bytes).expect("an object");
    bytes
}

#[test]
fn a_credential_that_was_made_is_read_and_the_same_attacks_are_stopped() {
    let key = Es256::generate().key();
    let honest = || Answers {
        kind: "webauthn.create",
        flags: PRESENT | VERIFIED | HAS_CREDENTIAL,
        ..Answers::honest()
    };
    let check = |answers: &Answers, guards| {
        let object = attestation(answers, &key, b"credential");
        made(&answers.client_data(), &object, &expected(false), guards)
    };
    let read = check(&honest(), Guards::ALL).expect("it is honest");
    assert_eq!(read.credential, b"credential");
    assert_eq!((&read.key, read.counter), (&key, 8));
    // Presence aside: its flag is in the same byte as the credential's.
    for (refusal, attack, take_away) in &ATTACKS[1..5] {
        let mut answers = honest();
        attack(&mut answers);
        assert_eq!(check(&answers, Guards::ALL), Err(*refusal));
        let mut guards = Guards::ALL;
        take_away(&mut guards);
        assert!(
            check(&answers, guards).is_ok(),
            "without its guard: {refusal}"
        );
    }
    let signing = Answers {
        kind: "webauthn.get",
        ..honest()
    };
    assert_eq!(check(&signing, Guards::ALL), Err(Refusal::Ceremony));
}

#[test]
fn bytes_that_are_cut_off_are_refused_without_panic() {
    let (key, answers) = (Es256::generate().key(), Answers::honest());
    let answers = Answers {
        kind: "webauthn.create",
        flags: PRESENT | HAS_CREDENTIAL,
        ..answers
    };
    let client = answers.client_data();
    let whole = attestation(&answers, &key, &[7; 64]);
    for end in 0..whole.len() {
        let read = made(&client, &whole[..end], &expected(false), Guards::ALL);
        assert_eq!(read, Err(Refusal::AuthenticatorData), "{end}");
    }
    for bad in [&b"\x00"[..], b"{}", b"\xff\xff", b"[[[[", b"\"x\""] {
        assert!(made(bad, &whole, &expected(false), Guards::ALL).is_err());
        assert!(Challenge::named(bad).is_none());
    }
    let long = attestation(&answers, &key, &[7; 1024]);
    assert!(made(&client, &long, &expected(false), Guards::ALL).is_err());
    for kind in [
        b"\xa1\x01\x02".as_slice(),
        b"\xa0",
        b"\x9f\x9f\x9f",
        b"\x5b\xff\xff\xff\xff\xff\xff\xff\xff",
    ] {
        assert_eq!(PublicKey::read(&mut &*kind), None);
    }
}

#[test]
fn an_address_that_is_a_number_has_no_passkeys() {
    let party = |url: &str| Party::of(&url.parse().expect("an address"));
    assert_eq!(party("https://192.0.2.1/"), None);
    assert_eq!(party("https://[2001:db8::1]/"), None);
    let plain = party("https://ap.example/").expect("a name");
    assert_eq!(
        (plain.id.as_str(), plain.origin.as_str()),
        ("ap.example", "https://ap.example")
    );
}
