//! What is accepted beyond what the standards forbid.

/// How strict a verifier is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// SHA-1 in digests and signatures, which is broken: for looking into old material only.
    pub sha1: bool,
    /// RSA-1.5 for wrapped keys. Whoever may ask often whether such a key opens learns what it wraps, so that nothing that answers over
    /// a network accepts it.
    pub rsa15: bool,
    /// The shortest RSA key whose signatures count, in bits; never below 1024.
    pub min_rsa_bits: usize,
    /// AES-CBC in a response that is not signed as a whole. Nothing protects such a ciphertext from being changed, and whether a
    /// change is noticed tells its sender what is inside.
    pub unauthenticated_cbc: bool,
    /// An assertion that names no audience at all. The profile (4.1.4.2) asks for one; many identity providers in the field leave it out.
    pub missing_audience: bool,
    /// A transient or persistent name that is qualified by another service provider than us: it may be an affiliation that we are of
    /// (SAML core, 8.3.7), which nothing here knows.
    pub foreign_qualifier: bool,
    /// Metadata whose `validUntil` is over.
    pub expired_metadata: bool,
    /// How far the clocks of the identity provider and this machine may be apart, in seconds.
    pub skew_s: i64,
}

impl Policy {
    /// For signing people in: SHA-256 and better, RSA from 2048 bits, authenticated encryption, 180 seconds between clocks.
    pub const SIGN_IN: Policy = Policy {
        sha1: false,
        rsa15: false,
        min_rsa_bits: 2048,
        unauthenticated_cbc: false,
        missing_audience: false,
        foreign_qualifier: false,
        expired_metadata: false,
        skew_s: 180,
    };

    /// For explaining a response to an operator: what is weak is told as a warning. SHA-1 still refuses.
    pub const EXPLAIN: Policy = Policy {
        rsa15: true,
        min_rsa_bits: 1024,
        unauthenticated_cbc: true,
        missing_audience: true,
        foreign_qualifier: true,
        expired_metadata: true,
        ..Policy::SIGN_IN
    };
}
