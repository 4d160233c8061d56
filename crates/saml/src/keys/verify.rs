//! One signature, one key.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA384_ASN1, ECDSA_P256_SHA512_ASN1, ECDSA_P384_SHA256_ASN1,
    ECDSA_P384_SHA384_ASN1, ECDSA_P384_SHA512_ASN1, ECDSA_P521_SHA256_ASN1, ECDSA_P521_SHA384_ASN1,
    ECDSA_P521_SHA512_ASN1, RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512,
    UnparsedPublicKey, VerificationAlgorithm,
};

use super::arithmetic::power;
use super::{Curve, PublicKey, der};
use crate::signature::{Digest, Scheme};

impl PublicKey {
    /// Whether `signature` is this key's over `message`, by a scheme that fits the key. A scheme for another kind of key, or a key
    /// shorter than the scheme may have, never fits.
    pub(crate) fn verifies(
        &self,
        scheme: Scheme,
        min_rsa_bits: usize,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        match (self, scheme) {
            (Self::Rsa { key, bits }, Scheme::Rsa(_) | Scheme::RsaPss(_))
                if *bits >= min_rsa_bits =>
            {
                let Some(algorithm) = rsa(scheme, *bits) else {
                    return scheme == Scheme::Rsa(Digest::Sha384)
                        && verifies_short(key, message, signature).is_some();
                };
                let key = UnparsedPublicKey::new(algorithm, key);
                key.verify(message, signature).is_ok()
            }
            (Self::Ec { curve, point }, Scheme::Ecdsa(digest)) => {
                let (Some(algorithm), Some(signature)) =
                    (ecdsa(*curve, digest), sequence(*curve, signature))
                else {
                    return false;
                };
                let key = UnparsedPublicKey::new(algorithm, point);
                key.verify(message, &signature).is_ok()
            }
            _ => false,
        }
    }

    pub(crate) fn fits(&self, scheme: Scheme) -> bool {
        match self {
            Self::Rsa { .. } => matches!(scheme, Scheme::Rsa(_) | Scheme::RsaPss(_)),
            Self::Ec { .. } => matches!(scheme, Scheme::Ecdsa(_)),
        }
    }

    pub(crate) fn rsa_bits(&self) -> Option<usize> {
        match self {
            Self::Rsa { bits, .. } => Some(*bits),
            Self::Ec { .. } => None,
        }
    }
}

fn rsa(scheme: Scheme, bits: usize) -> Option<&'static dyn VerificationAlgorithm> {
    Some(match (scheme, bits >= 2048) {
        (Scheme::Rsa(Digest::Sha1), _) => &RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
        (Scheme::Rsa(Digest::Sha256), true) => &RSA_PKCS1_2048_8192_SHA256,
        (Scheme::Rsa(Digest::Sha384), true) => &RSA_PKCS1_2048_8192_SHA384,
        (Scheme::Rsa(Digest::Sha512), true) => &RSA_PKCS1_2048_8192_SHA512,
        (Scheme::Rsa(Digest::Sha256), false) => &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        (Scheme::Rsa(Digest::Sha512), false) => &RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
        (Scheme::RsaPss(Digest::Sha256), true) => &RSA_PSS_2048_8192_SHA256,
        (Scheme::RsaPss(Digest::Sha384), true) => &RSA_PSS_2048_8192_SHA384,
        (Scheme::RsaPss(Digest::Sha512), true) => &RSA_PSS_2048_8192_SHA512,
        _ => return None,
    })
}

fn ecdsa(curve: Curve, digest: Digest) -> Option<&'static dyn VerificationAlgorithm> {
    Some(match (curve, digest) {
        (_, Digest::Sha1) => return None,
        (Curve::P256, Digest::Sha256) => &ECDSA_P256_SHA256_ASN1,
        (Curve::P256, Digest::Sha384) => &ECDSA_P256_SHA384_ASN1,
        (Curve::P256, Digest::Sha512) => &ECDSA_P256_SHA512_ASN1,
        (Curve::P384, Digest::Sha256) => &ECDSA_P384_SHA256_ASN1,
        (Curve::P384, Digest::Sha384) => &ECDSA_P384_SHA384_ASN1,
        (Curve::P384, Digest::Sha512) => &ECDSA_P384_SHA512_ASN1,
        (Curve::P521, Digest::Sha256) => &ECDSA_P521_SHA256_ASN1,
        (Curve::P521, Digest::Sha384) => &ECDSA_P521_SHA384_ASN1,
        (Curve::P521, Digest::Sha512) => &ECDSA_P521_SHA512_ASN1,
    })
}

/// XML signatures put both numbers side by side (RFC 4051, 2.3.6), the library takes them as a SEQUENCE, and refuses zeros.
fn sequence(curve: Curve, signature: &[u8]) -> Option<Vec<u8>> {
    let width = match curve {
        Curve::P256 => 32,
        Curve::P384 => 48,
        Curve::P521 => 66,
    };
    if signature.len() != width * 2 {
        return None;
    }
    let (r, s) = signature.split_at(width);
    let numbers = [der::unsigned(r), der::unsigned(s)].concat();
    Some(der::wrap(der::SEQUENCE, &numbers))
}

/// RSASSA-PKCS1-v1_5 with SHA-384 (RFC 8017, 8.2.2) for keys shorter than the library takes with that hash. Everything is public.
fn verifies_short(key: &[u8], message: &[u8], signature: &[u8]) -> Option<()> {
    const SHA384_INFO: &[u8] = &[
        0x30, 0x41, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02,
        0x05, 0x00, 0x04, 0x30,
    ];
    let numbers = der::inside(key, der::SEQUENCE)?;
    let [modulus, exponent] = numbers.as_slice() else {
        return None;
    };
    let opened = power(signature, exponent.content, modulus.content)?;
    let digest = Digest::Sha384.compute(message);
    let padding = opened
        .len()
        .checked_sub(3 + SHA384_INFO.len() + digest.len())?;
    let wanted = [
        &[0, 1][..],
        &vec![0xFF; padding],
        &[0],
        SHA384_INFO,
        &digest,
    ]
    .concat();
    (padding >= 8 && signature.len() == opened.len() && *opened == wanted).then_some(())
}
