//! A private key of any length, by arithmetic of our own: for explaining old responses on a command line, whose timing nobody
//! measures. Nothing that answers over a network may use it.

use zeroize::Zeroizing;

use super::arithmetic::power;
use super::der::{self, INTEGER, OCTET_STRING, SEQUENCE};
use super::own::{OwnKeyError, Transport};
use super::pem;
use crate::signature::Digest;

/// Our RSA private key, whatever its length. Debug prints nothing of it.
pub struct PlainKey {
    modulus: Vec<u8>,
    private: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for PlainKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PlainKey(…)")
    }
}

impl PlainKey {
    /// A key in PEM; or PKCS#8 or PKCS#1 in DER, or in base64 of it, without a password.
    ///
    /// # Errors
    /// Where there is none, or it is not RSA with 512 to 8192 bits.
    pub fn from_any(bytes: &[u8]) -> Result<Self, OwnKeyError> {
        if let Some(key) = Self::from_der(bytes) {
            return Ok(key);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| OwnKeyError::NotAKey)?;
        match Self::from_pem(text) {
            Err(OwnKeyError::NotAKey) => {}
            found => return found,
        }
        let bare = pem::base64(text.trim_start_matches('\u{FEFF}')).map(Zeroizing::new);
        bare.and_then(|der| Self::from_der(&der))
            .ok_or(OwnKeyError::NotAKey)
    }

    fn from_der(bytes: &[u8]) -> Option<Self> {
        inside_pkcs8(bytes)
            .and_then(Self::from_pkcs1)
            .or_else(|| Self::from_pkcs1(bytes))
    }

    /// A key in PEM: PKCS#8 or PKCS#1, without a password.
    ///
    /// # Errors
    /// Where there is none, or it is not RSA with 512 to 8192 bits.
    pub fn from_pem(text: &str) -> Result<Self, OwnKeyError> {
        for (label, bytes) in pem::blocks(text) {
            let bytes = Zeroizing::new(bytes);
            let found = match label.as_str() {
                "PRIVATE KEY" => inside_pkcs8(&bytes).and_then(Self::from_pkcs1),
                "RSA PRIVATE KEY" => Self::from_pkcs1(&bytes),
                _ => continue,
            };
            return found.ok_or(OwnKeyError::NotUsable);
        }
        Err(OwnKeyError::NotAKey)
    }

    /// RFC 8017, A.1.2: version, modulus, public exponent, private exponent, and what is only for speed.
    fn from_pkcs1(bytes: &[u8]) -> Option<Self> {
        let numbers = der::inside(bytes, SEQUENCE)?;
        let [_, modulus, _, private, ..] = numbers.as_slice() else {
            return None;
        };
        if [modulus, private]
            .iter()
            .any(|number| number.tag != INTEGER)
        {
            return None;
        }
        let leading = modulus.content.iter().position(|byte| *byte != 0)?;
        let modulus = modulus.content[leading..].to_vec();
        (64..=1024).contains(&modulus.len()).then(|| Self {
            modulus,
            private: Zeroizing::new(private.content.to_vec()),
        })
    }

    /// The length of the key, in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.modulus.len() * 8 - self.modulus[0].leading_zeros() as usize
    }

    pub(crate) fn unwrap(
        &self,
        transport: Transport,
        ciphertext: &[u8],
        label: Option<&[u8]>,
    ) -> Option<Zeroizing<Vec<u8>>> {
        if ciphertext.len() != self.modulus.len() {
            return None;
        }
        let padded = power(ciphertext, &self.private, &self.modulus)?;
        match transport {
            Transport::Pkcs1 => unpad_pkcs1(&padded),
            Transport::Oaep { digest, mask } => unpad_oaep(&padded, digest, mask, label),
        }
    }
}

/// RFC 5208: the `RSAPrivateKey` in a PKCS#8 key.
fn inside_pkcs8(bytes: &[u8]) -> Option<&[u8]> {
    let fields = der::inside(bytes, SEQUENCE)?;
    let key = fields.get(2).filter(|key| key.tag == OCTET_STRING)?;
    Some(key.content)
}

/// RFC 8017, 7.2.2.
fn unpad_pkcs1(padded: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let rest = padded.strip_prefix(&[0, 2])?;
    let end = rest.iter().position(|byte| *byte == 0)?;
    (end >= 8).then(|| Zeroizing::new(rest[end + 1..].to_vec()))
}

/// RFC 8017, 7.1.2.
fn unpad_oaep(
    padded: &[u8],
    digest: Digest,
    mask: Digest,
    label: Option<&[u8]>,
) -> Option<Zeroizing<Vec<u8>>> {
    let label = digest.compute(label.unwrap_or_default());
    let rest = padded.strip_prefix(&[0])?;
    let (seed, block) = rest.split_at_checked(label.len())?;
    let seed = masked(seed, block, mask);
    let block = masked(block, &seed, mask);
    let rest = block.strip_prefix(label.as_slice())?;
    let end = rest.iter().position(|byte| *byte != 0)?;
    (rest[end] == 1).then(|| Zeroizing::new(rest[end + 1..].to_vec()))
}

/// RFC 8017, B.2.1: bytes with the mask that is generated from a seed on them.
fn masked(bytes: &[u8], seed: &[u8], digest: Digest) -> Zeroizing<Vec<u8>> {
    let mask = (0u32..).flat_map(|counter| {
        let input = Zeroizing::new([seed, &counter.to_be_bytes()].concat());
        digest.compute(&input)
    });
    Zeroizing::new(bytes.iter().zip(mask).map(|(a, b)| a ^ b).collect())
}

#[cfg(test)]
mod tests {
    use super::{PlainKey, Transport};
    use crate::keys::pem;
    use crate::signature::Digest;

    // A key of 1024 bits for this test alone, and one content encrypted for it in three ways, by OpenSSL.
    const KEY: &str = concat!(
        "MIICXAIBAAKBgQDaYNRuJqSyypZ8s5sOP1Bzr/OcJsL3iVuhJxVnSlqY2wgkPR5JiPIEYkWLhsIpFNO8eO3aP51XZzLVLhXe",
        "Z9ytN9CQms2qITuqs536RgvBXdNJTCzpLvUH+BfzoyvQnhsA2MhcBv1VK2tNPLx2ctlOk5QVkpmAZf750IB3BbuTEwIDAQAB",
        "AoGAd3lIX2c27jZV9K2SpE3RZymZXxH50tHMVrN6S0Nro3sZzjG98z9AIVPedoJokW86lD+Y6bGqFFp6fhUzk7VBDmS28hMI",
        "7uY7bbozarjlwjp0LtKYwNdmdcbCEO3OaBhMl+93wNkpbS2EwyPf3qod35YkxtXT741gUy7POoG+kpkCQQD1kc0mIgfbeVsd",
        "BEEzlTbV8RyLpQar79JKV4Ib9cnbREc9+0mzfUuqUbjLV4eFvW9QOTiVOIPlJz3H9pRxdA3fAkEA46ddNLClg0frZ39rkuCW",
        "tbuYm8ccw9AAitFGPXQsK0EizZbT5yS+jONl1/cuuml2lAaVmd1wTXcQVwgJg1t5TQJATJymIgVv6hrcQBs5tDwTFX/ZZf+g",
        "KzfwpVzTrKFrzkpo539kKOkoGATS4C14jFLjTWXsrzEohO9PKPlWqmaIhQJAVpBVSKvCw+CdCoXRCdCMfh4PMWzM60g0bJSW",
        "+Ncr1Ga4LSSk/sdiDYCKQUykYA2qIS8/w3oIMeyMMgvEUkZ+IQJBALYQHP/MwghvpQNrKIbFDzUQZceh0fThusbw+eeP9Uoe",
        "Pvcca8ZVlzKKGFRgt4wnZGJvJ7DnMK2FifRpldbFIz8=",
    );
    const OAEP_SHA256_WITH_MASK_SHA1: &str = concat!(
        "yLRkLKha68Bk9hSH7jxJr2BKjr/biCZPowWpRCxopEtKOLKi7u6lIGeXM0wZrSAEUQ4yZ+S2FjoEiJ7edp5+w+ZDBUsm9DwP",
        "ej6KP4W8L1pxw84ml+k5ayKLLFwL3opGVZvC8DCCh13wMhEF1HDHzAxBaQnWQkbfbL15sA7dV48=",
    );
    const PKCS1: &str = concat!(
        "T7VLrJwtSFa6Wz22mfSnZQ2AxFhZ3MfqKF1aJuOdJfzGNzcUNXMIRB4oDySmeQtUnQuaLThwWjLbeSuvSOGtrSwF4/zy9Nb3",
        "i2TmyOiSjt8Y6kSTcmKYrHtfEjyBeZZt2jfc4T+0FdxJviy0KS948NFZQ0pERz1GsfNRw6PA/Ic=",
    );
    const OAEP_SHA1_LABELLED: &str = concat!(
        "DMRa2va4lct7uD0J/KLrduLgvH/PHU/IXk5EC9AIftKx4QkAotf5/Whov+U12ys+ENq0+7A/xwjWAPKWaL/G0wP/dKWrK/OP",
        "RYLh31S5X6kaKoZBsoJng0vrgxSjRy1S2aYDwu317MRpCZ5u7jwBOX/D2470R+qhkIGEVx1Mpls=",
    );
    const CONTENT: &[u8] = b"a key of 24 bytes or so..";

    #[test]
    fn every_padding_of_another_library_is_taken_off() {
        let label = "RSA PRIVATE KEY";
        let key = format!("-----BEGIN {label}-----\n{KEY}\n-----END {label}-----\n");
        let key = PlainKey::from_pem(&key).expect("a key");
        assert_eq!(key.bits(), 1024);
        let open = |text: &str, transport, label| {
            let ciphertext = pem::base64(text).expect("base64");
            key.unwrap(transport, &ciphertext, label)
                .map(|content| content.to_vec())
        };
        let oaep = |digest, mask| Transport::Oaep { digest, mask };
        let mixed = oaep(Digest::Sha256, Digest::Sha1);
        let sha1 = oaep(Digest::Sha1, Digest::Sha1);
        let content = Some(CONTENT.to_vec());
        assert_eq!(open(OAEP_SHA256_WITH_MASK_SHA1, mixed, None), content);
        assert_eq!(open(PKCS1, Transport::Pkcs1, None), content);
        assert_eq!(open(OAEP_SHA1_LABELLED, sha1, Some(b"ab")), content);
        assert_eq!(open(OAEP_SHA1_LABELLED, sha1, None), None);
        assert_eq!(open(OAEP_SHA256_WITH_MASK_SHA1, sha1, None), None);
        assert_eq!(open(PKCS1, sha1, None), None);
    }
}
