//! A SAML identity provider of our own. It writes canonical XML by hand, so that what it signs does not depend on the code
//! under test.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{
    KeyPair, KeySize, OAEP_SHA1_MGF1SHA1, OaepPublicEncryptingKey, PrivateDecryptingKey,
    PublicEncryptingKey,
};
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign::platform::clock::Micros;
use jiff::Timestamp;
use rcgen::{CertificateParams, PKCS_RSA_SHA256};

const SAML: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
pub const ENTITY: &str = "https://idp.example/";

pub struct Idp {
    key: KeyPair,
    certificate: Vec<u8>,
}

/// What is said of somebody.
#[derive(Clone)]
pub struct Facts {
    pub id: String,
    pub name: String,
    pub mail: String,
    pub groups: Vec<String>,
    pub context: String,
    pub audience: String,
    pub recipient: String,
    /// Where the response was sent, if that is not where its recipient is.
    pub destination: Option<String>,
    pub request: Option<String>,
    pub session: String,
    /// When she signed in there, if that is not now.
    pub signed_in: Option<Micros>,
    /// When the session there ends.
    pub until: Option<Micros>,
    pub now: Micros,
}

pub fn time(at: Micros) -> String {
    let seconds = Timestamp::from_second(at.0 / 1_000_000).expect("a moment");
    seconds.to_string()
}

impl Idp {
    pub fn new() -> Self {
        let private = PrivateDecryptingKey::generate(KeySize::Rsa2048).expect("a key");
        let der: Pkcs8V1Der<'_> = private.as_der().expect("it encodes");
        let pair =
            rcgen::KeyPair::from_pkcs8_der_and_sign_algo(&der.as_ref().into(), &PKCS_RSA_SHA256)
                .expect("it is RSA");
        let params = CertificateParams::new(vec!["idp.example".to_owned()]).expect("a name");
        Self {
            key: KeyPair::from_pkcs8(der.as_ref()).expect("our own key"),
            certificate: params.self_signed(&pair).expect("it signs").der().to_vec(),
        }
    }

    /// Our metadata, with single sign-on and logout by redirect.
    pub fn metadata(&self) -> String {
        let certificate = STANDARD.encode(&self.certificate);
        format!(
            "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" entityID=\"{ENTITY}\"><md:IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"><md:KeyDescriptor use=\"signing\"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleLogoutService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" Location=\"https://idp.example/slo\"/><md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" Location=\"https://idp.example/sso\"/></md:IDPSSODescriptor></md:EntityDescriptor>"
        )
    }

    fn rsa(&self, message: &[u8]) -> String {
        let mut signature = vec![0; self.key.public_modulus_len()];
        let random = SystemRandom::new();
        self.key
            .sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
            .expect("it signs");
        STANDARD.encode(signature)
    }

    /// A response around a signed assertion, in base64.
    pub fn response(&self, facts: &Facts) -> String {
        STANDARD.encode(around(facts, &self.signed(facts)))
    }

    /// A response around an assertion that is encrypted for a certificate.
    pub fn encrypted(&self, facts: &Facts, certificate: &[u8]) -> String {
        let encrypted = encrypt("EncryptedAssertion", &self.signed(facts), certificate);
        STANDARD.encode(around(facts, &encrypted))
    }

    /// A response that nobody signed.
    pub fn unsigned(&self, facts: &Facts) -> String {
        STANDARD.encode(around(facts, &assertion(facts)))
    }

    fn signed(&self, facts: &Facts) -> String {
        let xml = assertion(facts);
        let info = |declared| signed_info(&facts.id, &xml, declared);
        let value = self.rsa(info(true).as_bytes());
        let info = info(false);
        let signature = format!(
            "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">{info}<ds:SignatureValue>{value}</ds:SignatureValue></ds:Signature>"
        );
        let (head, tail) = xml.split_once("</saml:Issuer>").expect("an issuer");
        format!("{head}</saml:Issuer>{signature}{tail}")
    }

    /// The query of a logout request, signed.
    pub fn logout(
        &self,
        (id, destination): (&str, &str),
        (name, session): (&str, &str),
        now: Micros,
    ) -> String {
        let name = format!("<saml:NameID>{name}</saml:NameID>");
        self.logout_of((id, destination), (&name, session), now)
    }

    /// The same for a name that is encrypted for a certificate.
    pub fn logout_encrypted(
        &self,
        (id, destination): (&str, &str),
        (name, session): (&str, &str),
        (certificate, now): (&[u8], Micros),
    ) -> String {
        let name = format!("<saml:NameID xmlns:saml=\"{SAML}\">{name}</saml:NameID>");
        let name = encrypt("EncryptedID", &name, certificate);
        self.logout_of((id, destination), (&name, session), now)
    }

    fn logout_of(
        &self,
        (id, destination): (&str, &str),
        (name, session): (&str, &str),
        now: Micros,
    ) -> String {
        let at = time(now);
        let xml = format!(
            "<samlp:LogoutRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" xmlns:saml=\"{SAML}\" Destination=\"{destination}\" ID=\"{id}\" IssueInstant=\"{at}\" Version=\"2.0\"><saml:Issuer>{ENTITY}</saml:Issuer>{name}<samlp:SessionIndex>{session}</samlp:SessionIndex></samlp:LogoutRequest>"
        );
        let encoded =
            |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let message = encoded(&STANDARD.encode(deflate(xml.as_bytes())));
        let query = format!("SAMLRequest={message}&SigAlg={}", encoded(RSA_SHA256));
        let signature = self.rsa(query.as_bytes());
        format!("{query}&Signature={}", encoded(&signature))
    }
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

fn signed_info(id: &str, xml: &str, declared: bool) -> String {
    let declaration = match declared {
        true => " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"",
        false => "",
    };
    let digest = STANDARD.encode(digest(&SHA256, xml.as_bytes()));
    format!(
        "<ds:SignedInfo{declaration}><ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm=\"{RSA_SHA256}\"></ds:SignatureMethod><ds:Reference URI=\"#{id}\"><ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform><ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    )
}

fn answers(facts: &Facts) -> String {
    let request = facts.request.as_ref();
    let attribute = request.map(|id| format!(" InResponseTo=\"{id}\""));
    attribute.unwrap_or_default()
}

fn attribute(name: &str, values: &[String]) -> String {
    let values: String = values
        .iter()
        .map(|value| format!("<saml:AttributeValue>{value}</saml:AttributeValue>"))
        .collect();
    format!("<saml:Attribute Name=\"{name}\">{values}</saml:Attribute>")
}

fn assertion(facts: &Facts) -> String {
    let Facts {
        id,
        name,
        context,
        audience,
        recipient,
        session,
        ..
    } = facts;
    let (now, end) = (time(facts.now), time(facts.now.plus_us(300_000_000)));
    let (answers, mail) = (
        answers(facts),
        attribute("mail", std::slice::from_ref(&facts.mail)),
    );
    let signed_in = time(facts.signed_in.unwrap_or(facts.now));
    let until = facts.until.map(time);
    let until = until.map(|at| format!(" SessionNotOnOrAfter=\"{at}\""));
    let until = until.unwrap_or_default();
    let groups = match facts.groups.as_slice() {
        [] => String::new(),
        groups => attribute("groups", groups),
    };
    format!(
        "<saml:Assertion xmlns:saml=\"{SAML}\" ID=\"{id}\" IssueInstant=\"{now}\" Version=\"2.0\"><saml:Issuer>{ENTITY}</saml:Issuer><saml:Subject><saml:NameID Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\">{name}</saml:NameID><saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><saml:SubjectConfirmationData{answers} NotOnOrAfter=\"{end}\" Recipient=\"{recipient}\"></saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore=\"{now}\" NotOnOrAfter=\"{end}\"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant=\"{signed_in}\" SessionIndex=\"{session}\"{until}><saml:AuthnContext><saml:AuthnContextClassRef>{context}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>{mail}{groups}</saml:AttributeStatement></saml:Assertion>"
    )
}

fn around(facts: &Facts, inside: &str) -> String {
    let (now, answers) = (time(facts.now), answers(facts));
    let destination = facts.destination.as_ref().unwrap_or(&facts.recipient);
    format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" Destination=\"{destination}\" ID=\"response-{}\"{answers} IssueInstant=\"{now}\" Version=\"2.0\"><saml:Issuer xmlns:saml=\"{SAML}\">{ENTITY}</saml:Issuer><samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"></samlp:StatusCode></samlp:Status>{inside}</samlp:Response>",
        facts.id
    )
}

/// For the key of a certificate: AES-256-GCM under RSA-OAEP.
fn encrypt(container: &str, content: &str, certificate: &[u8]) -> String {
    use x509_cert::der::{Decode as _, Encode as _};
    let certificate = x509_cert::Certificate::from_der(certificate).expect("a certificate");
    let spki = certificate.tbs_certificate.subject_public_key_info;
    let spki = spki.to_der().expect("it encodes");
    let public = PublicEncryptingKey::from_der(&spki).expect("it is RSA");
    let oaep = OaepPublicEncryptingKey::new(public).expect("it is RSA");
    let key = [7; 32];
    let mut wrapped = vec![0; oaep.ciphertext_size()];
    let wrapped = oaep
        .encrypt(&OAEP_SHA1_MGF1SHA1, &key, &mut wrapped, None)
        .expect("it wraps");
    let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key).expect("32 bytes"));
    let mut sealed = content.as_bytes().to_vec();
    let nonce = Nonce::assume_unique_for_key([1; 12]);
    cipher
        .seal_in_place_append_tag(nonce, Aad::empty(), &mut sealed)
        .expect("it seals");
    let (wrapped, sealed) = (
        STANDARD.encode(wrapped),
        STANDARD.encode([vec![1; 12], sealed].concat()),
    );
    format!(
        "<saml:{container} xmlns:saml=\"{SAML}\"><xenc:EncryptedData xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\" Type=\"http://www.w3.org/2001/04/xmlenc#Element\"><xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#aes256-gcm\"></xenc:EncryptionMethod><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><xenc:EncryptedKey><xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p\"></xenc:EncryptionMethod><xenc:CipherData><xenc:CipherValue>{wrapped}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo><xenc:CipherData><xenc:CipherValue>{sealed}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData></saml:{container}>"
    )
}
