//! The public keys of authenticators (COSE, RFC 9052 and RFC 9053), of the three kinds that authenticators have.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use ciborium::Value as Cbor;

/// The algorithms by their COSE numbers, in the order in which they are asked for: ES256, Ed25519, RS256.
pub(in crate::identity::passkeys) const ALGORITHMS: [i64; 3] = [-7, -8, -257];

// RFC 9052, 7.1 and RFC 9053, 7.1 and 7.2, RFC 8230, 4: labels, kinds of keys, and curves.
const KIND: i64 = 1;
const ALGORITHM: i64 = 3;
const CURVE_OR_MODULUS: i64 = -1;
const X_OR_EXPONENT: i64 = -2;
const Y: i64 = -3;
const OKP: i64 = 1;
const EC2: i64 = 2;
const RSA: i64 = 3;
const P_256: i64 = 1;
const CURVE_ED25519: i64 = 6;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PublicKey {
    /// An uncompressed point of P-256.
    Es256(Vec<u8>),
    Ed25519(Vec<u8>),
    Rs256 {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
}

impl PublicKey {
    /// Reads a key and leaves what follows it.
    pub(super) fn read(bytes: &mut &[u8]) -> Option<Self> {
        let value: Cbor = ciborium::from_reader(bytes).ok()?;
        let fields = value.as_map()?;
        let find = |label: i64| {
            let mut pairs = fields.iter();
            let (_, value) = pairs.find(|(found, _)| number(found) == Some(label))?;
            Some(value)
        };
        let integer = |label| find(label).and_then(number);
        let bytes = |label| find(label)?.as_bytes().cloned();
        match (integer(KIND)?, integer(ALGORITHM)?) {
            (EC2, -7) if integer(CURVE_OR_MODULUS)? == P_256 => {
                let (x, y) = (bytes(X_OR_EXPONENT)?, bytes(Y)?);
                (x.len() == 32 && y.len() == 32).then(|| Self::Es256([vec![4], x, y].concat()))
            }
            (OKP, -8) if integer(CURVE_OR_MODULUS)? == CURVE_ED25519 => {
                let x = bytes(X_OR_EXPONENT)?;
                (x.len() == 32).then_some(Self::Ed25519(x))
            }
            (RSA, -257) => Some(Self::Rs256 {
                modulus: bytes(CURVE_OR_MODULUS)?,
                exponent: bytes(X_OR_EXPONENT)?,
            }),
            _ => None,
        }
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Es256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point)
                .verify(message, signature)
                .is_ok(),
            Self::Ed25519(key) => UnparsedPublicKey::new(&ED25519, key)
                .verify(message, signature)
                .is_ok(),
            Self::Rs256 { modulus, exponent } => RsaPublicKeyComponents {
                n: modulus,
                e: exponent,
            }
            .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            .is_ok(),
        }
    }
}

fn number(value: &Cbor) -> Option<i64> {
    value.as_integer()?.try_into().ok()
}
