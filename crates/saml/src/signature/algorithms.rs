//! Algorithms by their identifiers (RFC 9231). What is not here is refused; keys that are shared (HMAC) are not here on purpose.

use aws_lc_rs::digest as hash;

pub(crate) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
pub(crate) const EXCLUSIVE_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// SAML core, 5.4.3 and 5.4.4: allowed as well. What has no comments has one canonical form.
pub(crate) const EXCLUSIVE_C14N_WITH_COMMENTS: &str =
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments";
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
        Some(match name(identifier)? {
            "sha1" => Self::Sha1,
            "sha256" => Self::Sha256,
            "sha384" => Self::Sha384,
            "sha512" => Self::Sha512,
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
        if let Some(name) = name(identifier) {
            return Some(match name {
                "rsa-sha1" => Self::Rsa(Digest::Sha1),
                "rsa-sha256" => Self::Rsa(Digest::Sha256),
                "rsa-sha384" => Self::Rsa(Digest::Sha384),
                "rsa-sha512" => Self::Rsa(Digest::Sha512),
                "ecdsa-sha256" => Self::Ecdsa(Digest::Sha256),
                "ecdsa-sha384" => Self::Ecdsa(Digest::Sha384),
                "ecdsa-sha512" => Self::Ecdsa(Digest::Sha512),
                _ => return None,
            });
        }
        const MORE_2007: &str = "http://www.w3.org/2007/05/xmldsig-more#";
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

/// The name of an algorithm. W3C spread them over three documents, and some write a name under the wrong one; it means one thing in
/// all of them.
fn name(identifier: &str) -> Option<&str> {
    const DOCUMENTS: &[&str] = &[
        "http://www.w3.org/2000/09/xmldsig#",
        "http://www.w3.org/2001/04/xmldsig-more#",
        "http://www.w3.org/2001/04/xmlenc#",
    ];
    DOCUMENTS
        .iter()
        .find_map(|document| identifier.strip_prefix(document))
}
