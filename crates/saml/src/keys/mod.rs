//! Keys: an identity provider's, out of certificates, to verify with; our own, to sign and to decrypt with.

mod arithmetic;
pub(crate) mod der;
mod own;
pub(crate) mod pem;
mod plain;
mod verify;

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;

pub(crate) use own::Transport;
pub use own::{OpeningKey, OwnKey, OwnKeyError};
pub use plain::PlainKey;

use der::{BIT_STRING, Der, INTEGER, OID, SEQUENCE};

/// A certificate, as a container of a public key; or such a key without one.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    key: PublicKey,
    not_after: Option<String>,
}

/// The certificates of a file.
#[derive(Debug, Default)]
pub(crate) struct Bundle {
    pub certificates: Vec<Certificate>,
    /// How many more there are that cannot be used.
    pub left_out: usize,
}

/// A public key that signatures are verified with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PublicKey {
    /// `RSAPublicKey` in DER, and the length of its modulus in bits.
    Rsa { key: Vec<u8>, bits: usize },
    /// The uncompressed point.
    Ec { curve: Curve, point: Vec<u8> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
}

/// Why bytes are no certificate that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    #[error("this is no X.509 certificate, neither in PEM nor in DER nor in base64")]
    NotACertificate,
    #[error("the certificate's key is neither RSA nor of the curves P-256, P-384 and P-521")]
    UnknownKey,
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Certificate({})", self.fingerprint())
    }
}

impl Certificate {
    /// A certificate in DER.
    ///
    /// # Errors
    /// Where it is none, or its key is of a kind that no signature here uses.
    pub fn from_der(bytes: &[u8]) -> Result<Self, CertificateError> {
        let (whole, _) = der::first(bytes).ok_or(CertificateError::NotACertificate)?;
        let (spki, validity) = parts(whole).ok_or(CertificateError::NotACertificate)?;
        let key = public_key(spki.whole).ok_or(CertificateError::UnknownKey)?;
        let times = der::list(validity.content).unwrap_or_default();
        let not_after = times
            .get(1)
            .and_then(|time| String::from_utf8(time.content.to_vec()).ok());
        Ok(Self {
            der: whole.whole.to_vec(),
            key,
            not_after,
        })
    }

    /// A public key that no certificate is around (RFC 5280, 4.1.2.7), by which signatures verify as by one in a certificate.
    fn of_public_key(spki: &[u8]) -> Result<Self, CertificateError> {
        Ok(Self {
            der: spki.to_vec(),
            key: public_key(spki).ok_or(CertificateError::UnknownKey)?,
            not_after: None,
        })
    }

    /// A certificate in PEM, in DER, or as the base64 of XML signatures.
    ///
    /// # Errors
    /// Where there is none.
    pub fn from_any(bytes: &[u8]) -> Result<Self, CertificateError> {
        if bytes.first() == Some(&SEQUENCE) {
            return Self::from_der(bytes);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| CertificateError::NotACertificate)?;
        let blocks = pem::blocks(text);
        let found = blocks
            .into_iter()
            .find(|(label, _)| label.ends_with("CERTIFICATE"))
            .map(|(_, bytes)| bytes);
        let der = found
            .or_else(|| pem::base64(text))
            .ok_or(CertificateError::NotACertificate)?;
        // Some put the whole PEM file, in base64 once more, where its content belongs.
        match std::str::from_utf8(&der).map(pem::blocks) {
            Ok(blocks) if !blocks.is_empty() => Self::from_der(&blocks[0].1),
            _ => Self::from_der(&der),
        }
    }

    /// Every certificate or public key of a PEM file that can be used, or the one certificate in DER or base64.
    ///
    /// # Errors
    /// Where there is none, or none can be used: why the first one cannot.
    pub(crate) fn bundle(bytes: &[u8]) -> Result<Bundle, CertificateError> {
        let blocks = std::str::from_utf8(bytes)
            .map(pem::blocks)
            .unwrap_or_default();
        let mut found = Bundle::default();
        let mut first_error = None;
        for (label, der) in &blocks {
            let read = match label.as_str() {
                "PUBLIC KEY" => Self::of_public_key(der),
                label if label.ends_with("CERTIFICATE") => Self::from_der(der),
                _ => continue,
            };
            match read {
                Ok(certificate) => found.certificates.push(certificate),
                Err(error) => {
                    found.left_out += 1;
                    first_error.get_or_insert(error);
                }
            }
        }
        match first_error {
            _ if !found.certificates.is_empty() => Ok(found),
            Some(error) => Err(error),
            None => {
                found.certificates.push(Self::from_any(bytes)?);
                Ok(found)
            }
        }
    }

    /// SHA-256 of the certificate in hexadecimal, by which people compare it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        HEXLOWER.encode(digest(&SHA256, &self.der).as_ref())
    }

    /// The certificate in DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    pub(crate) fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The last moment of its validity, to show to people: what is trusted is the key, for as long as it is configured.
    #[must_use]
    pub fn not_after(&self) -> Option<jiff::Timestamp> {
        let text = self.not_after.as_deref()?.strip_suffix('Z')?;
        let (year, rest) = match text.len() {
            12 => {
                let short: i16 = text.get(..2)?.parse().ok()?;
                // RFC 5280, 4.1.2.5.1: two digits from 50 on are of the last century.
                (short + if short < 50 { 2000 } else { 1900 }, text.get(2..)?)
            }
            14 => (text.get(..4)?.parse().ok()?, text.get(4..)?),
            _ => return None,
        };
        let part = |at: usize| rest.get(at..at + 2).and_then(|two| two.parse::<i8>().ok());
        let civil =
            jiff::civil::DateTime::new(year, part(0)?, part(2)?, part(4)?, part(6)?, part(8)?, 0);
        let zoned = civil.ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(zoned.timestamp())
    }
}

/// RFC 5280, 4.1: the subject's public key and the validity in a certificate.
fn parts(certificate: Der<'_>) -> Option<(Der<'_>, Der<'_>)> {
    let outer = (certificate.tag == SEQUENCE).then(|| der::list(certificate.content))??;
    let [to_be_signed, _, signature] = outer.as_slice() else {
        return None;
    };
    if signature.tag != BIT_STRING || to_be_signed.tag != SEQUENCE {
        return None;
    }
    let fields = der::list(to_be_signed.content)?;
    // The version stands before the serial number and may be left out.
    let serial = usize::from(fields.first()?.tag == 0xA0);
    let validity = fields.get(serial + 3)?;
    let spki = fields.get(serial + 5)?;
    (fields.get(serial)?.tag == INTEGER && validity.tag == SEQUENCE && spki.tag == SEQUENCE)
        .then_some((*spki, *validity))
}

const RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];
/// RFC 4055, 1.2: a key for RSASSA-PSS alone.
const RSA_PSS: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0A];
const EC: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01];
const CURVES: &[(&[u8], Curve)] = &[
    (
        &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07],
        Curve::P256,
    ),
    (&[0x2B, 0x81, 0x04, 0x00, 0x22], Curve::P384),
    (&[0x2B, 0x81, 0x04, 0x00, 0x23], Curve::P521),
];

/// RFC 5280, 4.1.2.7: a `SubjectPublicKeyInfo`.
fn public_key(spki: &[u8]) -> Option<PublicKey> {
    let fields = der::inside(spki, SEQUENCE)?;
    let [algorithm, bits] = fields.as_slice() else {
        return None;
    };
    let algorithm = der::list(algorithm.content)?;
    let oid = algorithm.first().filter(|oid| oid.tag == OID)?;
    let key = bits.content.strip_prefix(&[0])?;
    match oid.content {
        RSA | RSA_PSS => rsa(key),
        EC => {
            let named = algorithm.get(1).filter(|oid| oid.tag == OID)?;
            let (_, curve) = CURVES.iter().find(|(oid, _)| *oid == named.content)?;
            Some(PublicKey::Ec {
                curve: *curve,
                point: key.to_vec(),
            })
        }
        _ => None,
    }
}

/// RFC 8017, A.1.1: an `RSAPublicKey`.
fn rsa(key: &[u8]) -> Option<PublicKey> {
    let numbers = der::inside(key, SEQUENCE)?;
    let modulus = numbers.first().filter(|n| n.tag == INTEGER)?.content;
    let leading = modulus.iter().position(|byte| *byte != 0)?;
    let significant = &modulus[leading..];
    let bits = significant.len() * 8 - significant[0].leading_zeros() as usize;
    Some(PublicKey::Rsa {
        key: key.to_vec(),
        bits,
    })
}
