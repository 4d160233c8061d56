//! A tiny identity provider, and what tests ask of the verifier.

pub mod idp;
pub mod naive;

use std::sync::LazyLock;

use countersign_saml::Policy;
use countersign_saml::keys::{OpeningKey, OwnKey};
use countersign_saml::metadata::IdentityProvider;
use countersign_saml::response::{Expected, Refused, Verified, Verifier};
use jiff::Timestamp;

use idp::Idp;

pub const ACS: &str = "https://sp.example/acs";
pub const SP: &str = "https://sp.example/metadata";
pub const IDP: &str = "https://idp.example/metadata";
pub const REQUEST: &str = "id-request-1";
/// Who has signed in, in every untouched response.
pub const ALICE: &str = "alice@example.com";
/// Whom an attacker wants to be.
pub const ADMIN: &str = "admin@example.com";

/// Making a key takes a while; every test has the same ones.
pub static HONEST: LazyLock<Idp> = LazyLock::new(Idp::new);
/// Somebody else with a key of her own.
pub static MALLORY: LazyLock<Idp> = LazyLock::new(Idp::new);
/// The service provider's key.
pub static OURS: LazyLock<idp::Recipient> = LazyLock::new(idp::Recipient::new);

pub fn now() -> Timestamp {
    "2026-01-15T12:00:00Z".parse().expect("a moment")
}

/// What the service provider knows of the honest identity provider.
pub fn known() -> IdentityProvider {
    IdentityProvider::choose(HONEST.metadata().as_bytes(), None).expect("metadata of ours")
}

/// Verifies as for signing somebody in.
pub fn verify(xml: &str) -> Result<Verified, Refused> {
    verify_with(xml, &known(), Policy::SIGN_IN, None)
}

pub fn verify_with(
    xml: &str,
    idp: &IdentityProvider,
    policy: Policy,
    key: Option<&OwnKey>,
) -> Result<Verified, Refused> {
    let verifier = Verifier {
        idp,
        sp_entity: SP,
        acs: ACS,
        key: key.map(OpeningKey::Own),
        policy,
    };
    verifier.verify(xml.as_bytes(), Expected::Request(REQUEST), now())
}

/// The name that a response is accepted with.
pub fn name(xml: &str) -> Result<String, String> {
    match verify(xml) {
        Ok(verified) => Ok(verified.identity.name_id),
        Err(refused) => Err(format!("{:?}: {}", refused.check, refused.said)),
    }
}

/// An untouched response is accepted; what was made of it is refused.
#[track_caller]
pub fn refused(untouched: &str, attacked: &str) -> Refused {
    assert_eq!(
        name(untouched),
        Ok(ALICE.to_owned()),
        "the untouched response"
    );
    assert_ne!(untouched, attacked, "the attack changes nothing");
    match verify(attacked) {
        Err(refused) => refused,
        Ok(verified) => panic!("accepted as {}\n{attacked}", verified.identity.name_id),
    }
}
