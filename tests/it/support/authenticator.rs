//! An authenticator in software: it makes credentials and signs as a security key does (WebAuthn Level 3, 6), and can be told to
//! do so wrongly.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// One credential, and where its owner's browser believes to be.
pub struct Authenticator {
    key: EcdsaKeyPair,
    pub credential: Vec<u8>,
    /// The person's id, as the site gave it; set when the credential is made.
    pub user: String,
    pub counter: u32,
    /// Whether it has a counter at all.
    pub counts: bool,
    pub origin: String,
    pub party: String,
    pub verifies: bool,
}

/// Form fields by name.
pub type Fields = Vec<(&'static str, String)>;

impl Authenticator {
    pub fn new(credential: &[u8]) -> Self {
        Self {
            key: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key"),
            credential: credential.to_vec(),
            user: String::new(),
            counter: 0,
            counts: true,
            origin: "https://ap.example:8443".to_owned(),
            party: "ap.example".to_owned(),
            verifies: true,
        }
    }

    fn client_data(&self, kind: &str, challenge: &str) -> Vec<u8> {
        let data = json!({
            "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false,
        });
        data.to_string().into_bytes()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let mut data = digest(&SHA256, self.party.as_bytes()).as_ref().to_vec();
        data.push(flags | 1 | if self.verifies { 4 } else { 0 });
        data.extend_from_slice(&self.counter.to_be_bytes());
        data
    }

    /// Makes the credential for these options.
    pub fn make(&mut self, options: &Value) -> Fields {
        self.user = text(&options["user"]["id"]);
        let point = self.key.public_key().as_ref();
        let mut data = self.data(0x40);
        data.extend_from_slice(&[0; 16]);
        let length = u16::try_from(self.credential.len()).expect("short");
        data.extend_from_slice(&length.to_be_bytes());
        data.extend_from_slice(&self.credential);
        // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
        data.extend_from_slice(&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32]);
        data.extend_from_slice(&point[1..33]);
        data.extend_from_slice(&[0x22, 0x58, 32]);
        data.extend_from_slice(&point[33..]);
        // {"fmt": "none", "attStmt": {}, "authData": data}
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
        let length = u16::try_from(data.len()).expect("short");
        object.extend_from_slice(&length.to_be_bytes());
        object.extend_from_slice(&data);
        let client = self.client_data("webauthn.create", &text(&options["challenge"]));
        vec![
            ("credential", encode(&self.credential)),
            ("client_data", encode(&client)),
            ("attestation", encode(&object)),
        ]
    }

    /// Signs the challenge of these options.
    pub fn sign(&mut self, options: &Value) -> Fields {
        self.counter += u32::from(self.counts);
        let client = self.client_data("webauthn.get", &text(&options["challenge"]));
        let data = self.data(0);
        let mut message = data.clone();
        message.extend_from_slice(digest(&SHA256, &client).as_ref());
        let signature = self.key.sign(&SystemRandom::new(), &message);
        vec![
            ("credential", encode(&self.credential)),
            ("client_data", encode(&client)),
            ("authenticator_data", encode(&data)),
            ("signature", encode(signature.expect("it signs").as_ref())),
            ("user_handle", self.user.clone()),
        ]
    }
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
