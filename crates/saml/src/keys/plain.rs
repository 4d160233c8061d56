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
