//! Algorithms by their identifiers (RFC 9231). What is not here is refused; keys that are shared (HMAC) are not here on purpose.

use aws_lc_rs::digest as hash;

pub(crate) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
pub(crate) const EXCLUSIVE_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
pub(crate) const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
pub(crate) const SHA256_DIGEST: &str = "http://www.w3.org/2001/04/xmlenc#sha256";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Digest {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

/// How a signature is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// RSASSA-PKCS1-v1_5.
    Rsa(Digest),
    RsaPss(Digest),
    Ecdsa(Digest),
}

impl Digest {
    pub(crate) fn of(identifier: &str) -> Option<Self> {
        Some(match identifier {
            "http://www.w3.org/2000/09/xmldsig#sha1" => Self::Sha1,
            SHA256_DIGEST => Self::Sha256,
            "http://www.w3.org/2001/04/xmldsig-more#sha384" => Self::Sha384,
            "http://www.w3.org/2001/04/xmlenc#sha512" => Self::Sha512,
            _ => return None,
        })
    }

    pub(crate) fn compute(self, bytes: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            Self::Sha1 => &hash::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &hash::SHA256,
            Self::Sha384 => &hash::SHA384,
            Self::Sha512 => &hash::SHA512,
        };
        hash::digest(algorithm, bytes).as_ref().to_vec()
    }
}

impl Scheme {
    pub(crate) fn of(identifier: &str) -> Option<Self> {
        const MORE: &str = "http://www.w3.org/2001/04/xmldsig-more#";
        const MORE_2007: &str = "http://www.w3.org/2007/05/xmldsig-more#";
        if identifier == "http://www.w3.org/2000/09/xmldsig#rsa-sha1" {
            return Some(Self::Rsa(Digest::Sha1));
        }
        if let Some(name) = identifier.strip_prefix(MORE) {
            return Some(match name {
                "rsa-sha256" => Self::Rsa(Digest::Sha256),
                "rsa-sha384" => Self::Rsa(Digest::Sha384),
                "rsa-sha512" => Self::Rsa(Digest::Sha512),
                "ecdsa-sha256" => Self::Ecdsa(Digest::Sha256),
                "ecdsa-sha384" => Self::Ecdsa(Digest::Sha384),
                "ecdsa-sha512" => Self::Ecdsa(Digest::Sha512),
                _ => return None,
            });
        }
        Some(match identifier.strip_prefix(MORE_2007)? {
            "sha256-rsa-MGF1" => Self::RsaPss(Digest::Sha256),
            "sha384-rsa-MGF1" => Self::RsaPss(Digest::Sha384),
            "sha512-rsa-MGF1" => Self::RsaPss(Digest::Sha512),
            _ => return None,
        })
    }

    pub(crate) fn digest(self) -> Digest {
        match self {
            Self::Rsa(digest) | Self::RsaPss(digest) | Self::Ecdsa(digest) => digest,
        }
    }
}
