//! An identity provider that writes canonical XML by hand, so that what it signs does not depend on the code under test.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{AES_128, EncryptionContext, PaddedBlockEncryptingKey, UnboundCipherKey};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{
    KeyPair, KeySize, OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey,
    Pkcs1PublicEncryptingKey, PrivateDecryptingKey,
};
use aws_lc_rs::signature::{
    KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign_saml::keys::OwnKey;

use super::{ACS, ALICE, IDP, REQUEST, SP};

pub const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const SAML: &str = "urn:oasis:names:tc:SAML:2.0:assertion";

pub struct Idp {
    pub key: KeyPair,
    pub certificate: Vec<u8>,
}

/// What is said of somebody.
#[derive(Clone)]
pub struct Facts {
    pub id: &'static str,
    pub name: String,
    pub audience: &'static str,
    pub recipient: &'static str,
    pub issuer: &'static str,
    pub not_before: &'static str,
    pub not_on_or_after: &'static str,
    pub request: Option<&'static str>,
    pub destination: &'static str,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            id: "assertion-1",
            name: ALICE.to_owned(),
            audience: SP,
            recipient: ACS,
            issuer: IDP,
            not_before: "2026-01-15T11:59:00Z",
            not_on_or_after: "2026-01-15T12:05:00Z",
            request: Some(REQUEST),
            destination: ACS,
        }
    }
}

/// A certificate around a public key: only the key counts, so that its signature is empty.
pub fn certificate(spki: &[u8]) -> Vec<u8> {
    let sequence = |parts: &[&[u8]]| der(0x30, &parts.concat());
    let algorithm = sequence(&[&der(0x06, &[0x2A, 0x03])]);
    let validity = sequence(&[&der(0x17, b"250101000000Z"), &der(0x17, b"350101000000Z")]);
    let empty = sequence(&[]);
    let body = sequence(&[
        &der(0xA0, &der(0x02, &[2])),
        &der(0x02, &[1]),
        &algorithm,
        &empty,
        &validity,
        &empty,
        spki,
    ]);
    sequence(&[&body, &algorithm, &der(0x03, &[0, 0])])
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = vec![tag];
    match length {
        0..=0x7F => out.push(length as u8),
        0x80..=0xFF => out.extend([0x81, length as u8]),
        _ => out.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    out.extend_from_slice(content);
    out
}

impl Idp {
    pub fn new() -> Self {
        let key = KeyPair::generate(KeySize::Rsa2048).expect("a key");
        let spki: PublicKeyX509Der<'_> = key.public_key().as_der().expect("it encodes");
        let certificate = certificate(spki.as_ref());
        Self { key, certificate }
    }

    pub fn metadata(&self) -> String {
        metadata(&[&self.certificate])
    }

    pub fn rsa(&self, message: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                message,
                &mut signature,
            )
            .expect("it signs");
        signature
    }

    /// Puts a signature behind the first issuer of a document that is its own canonical form.
    pub fn sign(&self, xml: &str, id: &str) -> String {
        self.sign_as(xml, id, RSA_SHA256, |message| self.rsa(message))
    }

    pub fn sign_as(
        &self,
        xml: &str,
        id: &str,
        algorithm: &str,
        sign: impl Fn(&[u8]) -> Vec<u8>,
    ) -> String {
        let info = |declared| signed_info(id, algorithm, &sha256(xml), declared);
        let value = STANDARD.encode(sign(info(true).as_bytes()));
        insert_signature(xml, &self.signature(&info(false), &value))
    }

    /// A signature element around a `SignedInfo`.
    pub fn signature(&self, info: &str, value: &str) -> String {
        let certificate = STANDARD.encode(&self.certificate);
        format!(
            "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">{info}<ds:SignatureValue>{value}</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"
        )
    }

    /// A response whose assertion is signed.
    pub fn assertion_signed(&self, facts: &Facts) -> String {
        response(facts, &self.sign(&assertion(facts), facts.id))
    }

    /// A response that is signed as a whole.
    pub fn response_signed(&self, facts: &Facts) -> String {
        self.sign(&response(facts, &assertion(facts)), "response-1")
    }

    /// A response in which both are signed.
    pub fn both_signed(&self, facts: &Facts) -> String {
        self.sign(&self.assertion_signed(facts), "response-1")
    }
}

pub fn metadata(certificates: &[&Vec<u8>]) -> String {
    let keys: String = certificates
        .iter()
        .map(|der| {
            format!(
                "<md:KeyDescriptor use=\"signing\"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>",
                STANDARD.encode(der)
            )
        })
        .collect();
    format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" entityID=\"{IDP}\"><md:IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\" WantAuthnRequestsSigned=\"true\">{keys}<md:SingleLogoutService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" Location=\"https://idp.example/slo\"/><md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"https://idp.example/sso\"/></md:IDPSSODescriptor></md:EntityDescriptor>"
    )
}

pub fn sha256(text: &str) -> String {
    STANDARD.encode(digest(&SHA256, text.as_bytes()))
}

/// `declared`: with the namespace, as it is canonicalised, or without, as it stands in its signature.
pub fn signed_info(id: &str, algorithm: &str, digest: &str, declared: bool) -> String {
    let declaration = if declared {
        " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\""
    } else {
        ""
    };
    format!(
        "<ds:SignedInfo{declaration}><ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm=\"{algorithm}\"></ds:SignatureMethod><ds:Reference URI=\"#{id}\"><ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform><ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    )
}

pub fn insert_signature(xml: &str, signature: &str) -> String {
    let (head, tail) = xml.split_once("</saml:Issuer>").expect("an issuer");
    format!("{head}</saml:Issuer>{signature}{tail}")
}

pub fn assertion(facts: &Facts) -> String {
    let Facts {
        id,
        name,
        audience,
        recipient,
        issuer,
        not_before,
        not_on_or_after,
        ..
    } = facts;
    let answers = facts
        .request
        .map(|id| format!(" InResponseTo=\"{id}\""))
        .unwrap_or_default();
    format!(
        "<saml:Assertion xmlns:saml=\"{SAML}\" ID=\"{id}\" IssueInstant=\"2026-01-15T12:00:00Z\" Version=\"2.0\"><saml:Issuer>{issuer}</saml:Issuer><saml:Subject><saml:NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\">{name}</saml:NameID><saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><saml:SubjectConfirmationData{answers} NotOnOrAfter=\"{not_on_or_after}\" Recipient=\"{recipient}\"></saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore=\"{not_before}\" NotOnOrAfter=\"{not_on_or_after}\"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant=\"2026-01-15T11:59:30Z\" SessionIndex=\"session-1\"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name=\"mail\"><saml:AttributeValue>{name}</saml:AttributeValue></saml:Attribute><saml:Attribute Name=\"groups\"><saml:AttributeValue>clerks</saml:AttributeValue><saml:AttributeValue>approvers</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>"
    )
}

pub fn response(facts: &Facts, inside: &str) -> String {
    let Facts {
        issuer,
        destination,
        ..
    } = facts;
    let answers = facts
        .request
        .map(|id| format!(" InResponseTo=\"{id}\""))
        .unwrap_or_default();
    format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" Destination=\"{destination}\" ID=\"response-1\"{answers} IssueInstant=\"2026-01-15T12:00:00Z\" Version=\"2.0\"><saml:Issuer xmlns:saml=\"{SAML}\">{issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"></samlp:StatusCode></samlp:Status>{inside}</samlp:Response>"
    )
}

/// Whom things are encrypted for.
pub struct Recipient {
    pub own: OwnKey,
    pub pkcs8: Vec<u8>,
    oaep: OaepPublicEncryptingKey,
    pkcs1: Pkcs1PublicEncryptingKey,
}

/// How something is encrypted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    GcmOaepSha1,
    GcmOaepSha256,
    CbcOaepSha1,
    GcmPkcs1,
}

impl Recipient {
    pub fn new() -> Self {
        let key = PrivateDecryptingKey::generate(KeySize::Rsa2048).expect("a key");
        let pkcs8: Pkcs8V1Der<'_> = key.as_der().expect("it encodes");
        let pkcs8 = pkcs8.as_ref().to_vec();
        Self {
            own: OwnKey::from_pkcs8(&pkcs8).expect("2048 bits"),
            oaep: OaepPublicEncryptingKey::new(key.public_key()).expect("it is RSA"),
            pkcs1: Pkcs1PublicEncryptingKey::new(key.public_key()).expect("it is RSA"),
            pkcs8,
        }
    }

    /// Our public key as certificates hold it.
    pub fn spki(&self) -> Vec<u8> {
        let pair = KeyPair::from_pkcs8(&self.pkcs8).expect("our own key");
        let spki: PublicKeyX509Der<'_> = pair.public_key().as_der().expect("it encodes");
        spki.as_ref().to_vec()
    }

    /// Whether we signed a message.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let pair = KeyPair::from_pkcs8(&self.pkcs8).expect("our own key");
        let key = pair.public_key().as_ref().to_vec();
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key);
        key.verify(message, signature).is_ok()
    }

    /// `EncryptedAssertion`, or whatever `container` is, around a ciphertext, canonical.
    pub fn encrypt(&self, container: &str, content: &str, lock: Lock) -> String {
        let (cipher, key_length) = match lock {
            Lock::CbcOaepSha1 => ("http://www.w3.org/2001/04/xmlenc#aes128-cbc", 16),
            _ => ("http://www.w3.org/2009/xmlenc11#aes256-gcm", 32),
        };
        let key = vec![7; key_length];
        let ciphertext = match lock {
            Lock::CbcOaepSha1 => cbc(&key, content.as_bytes()),
            _ => gcm(&key, content.as_bytes()),
        };
        let (algorithm, transport) = match lock {
            Lock::GcmPkcs1 => (
                &OAEP_SHA1_MGF1SHA1,
                "Algorithm=\"http://www.w3.org/2001/04/xmlenc#rsa-1_5\">",
            ),
            Lock::GcmOaepSha256 => (
                &OAEP_SHA256_MGF1SHA256,
                "Algorithm=\"http://www.w3.org/2009/xmlenc11#rsa-oaep\"><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod><xenc11:MGF xmlns:xenc11=\"http://www.w3.org/2009/xmlenc11#\" Algorithm=\"http://www.w3.org/2009/xmlenc11#mgf1sha256\"></xenc11:MGF>",
            ),
            _ => (
                &OAEP_SHA1_MGF1SHA1,
                "Algorithm=\"http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p\">",
            ),
        };
        let mut wrapped = vec![0; self.oaep.ciphertext_size()];
        let wrapped = match lock {
            Lock::GcmPkcs1 => self.pkcs1.encrypt(&key, &mut wrapped),
            _ => self.oaep.encrypt(algorithm, &key, &mut wrapped, None),
        };
        let wrapped = wrapped.expect("it wraps");
        let (wrapped, ciphertext) = (STANDARD.encode(wrapped), STANDARD.encode(ciphertext));
        format!(
            "<saml:{container} xmlns:saml=\"{SAML}\"><xenc:EncryptedData xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\" Type=\"http://www.w3.org/2001/04/xmlenc#Element\"><xenc:EncryptionMethod Algorithm=\"{cipher}\"></xenc:EncryptionMethod><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><xenc:EncryptedKey><xenc:EncryptionMethod {transport}</xenc:EncryptionMethod><xenc:CipherData><xenc:CipherValue>{wrapped}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo><xenc:CipherData><xenc:CipherValue>{ciphertext}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData></saml:{container}>"
        )
    }
}

fn gcm(key: &[u8], content: &[u8]) -> Vec<u8> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("32 bytes"));
    let mut sealed = content.to_vec();
    let nonce = Nonce::assume_unique_for_key([1; 12]);
    key.seal_in_place_append_tag(nonce, Aad::empty(), &mut sealed)
        .expect("it seals");
    [vec![1; 12], sealed].concat()
}

fn cbc(key: &[u8], content: &[u8]) -> Vec<u8> {
    let key = UnboundCipherKey::new(&AES_128, key).expect("16 bytes");
    let key = PaddedBlockEncryptingKey::cbc_pkcs7(key).expect("a mode of AES");
    let mut sealed = content.to_vec();
    let iv = EncryptionContext::Iv128(FixedLength::from([1; 16]));
    key.less_safe_encrypt(&mut sealed, iv).expect("it encrypts");
    [vec![1; 16], sealed].concat()
}
