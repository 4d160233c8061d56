//! What an authenticator's answer must say before anything of it counts (WebAuthn Level 3, 7.1 and 7.2).

mod key;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value as Cbor;
use countersign_sealing::Entropy;
use serde::Deserialize;
use url::{Host, Url};

use key::PublicKey;

use crate::platform::clock::Micros;

pub(super) use key::ALGORITHMS;

/// How long a person may take over an authenticator's dialogue.
pub(super) const CHALLENGE_US: i64 = 5 * Micros::MINUTE;
/// WebAuthn, 5.8.3: longer ids are refused by the standard itself.
const LONGEST_ID: usize = 1023;

/// What a challenge was given for. It is good for nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Enrol,
    Add,
    SecondFactor,
    StepUp,
    SignIn,
}

impl Purpose {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Enrol => "enrol",
            Self::Add => "add",
            Self::SecondFactor => "second-factor",
            Self::StepUp => "step-up",
            Self::SignIn => "sign-in",
        }
    }
}

/// The relying party: what credentials are made for, and the one address that may use them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Party {
    pub id: String,
    pub origin: String,
}

impl Party {
    /// From the configured address; none where it is a number: browsers make no passkeys for those (WebAuthn, 5.1.3).
    pub(super) fn of(url: &Url) -> Option<Self> {
        match url.host()? {
            Host::Domain(name) => Some(Self {
                id: name.to_owned(),
                origin: url.origin().ascii_serialization(),
            }),
            Host::Ipv4(_) | Host::Ipv6(_) => None,
        }
    }
}

/// Thirty-two random bytes that an authenticator signs once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Challenge(pub [u8; 32]);

impl Challenge {
    pub(super) fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; 32];
        entropy.fill(&mut bytes);
        Self(bytes)
    }

    /// As the client repeats it: the challenge that an answer says it is for. It counts if it is one that we gave.
    pub(super) fn named(client_data: &[u8]) -> Option<Self> {
        let client: ClientData = serde_json::from_slice(client_data).ok()?;
        let bytes = URL_SAFE_NO_PAD.decode(client.challenge).ok()?;
        bytes.try_into().ok().map(Self)
    }

    pub(super) fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What the database keeps of it.
    pub(super) fn stored(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, &self.0))
    }
}

/// Why an answer is refused; for the log and the tests. Its sender is told one sentence for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("the client data cannot be read")]
    ClientData,
    #[error("the answer is of another ceremony")]
    Ceremony,
    #[error("the answer is to another challenge")]
    Challenge,
    #[error("the answer was made on another site")]
    Origin,
    #[error("the authenticator data cannot be read")]
    AuthenticatorData,
    #[error("the credential belongs to another site")]
    Party,
    #[error("nobody touched the authenticator")]
    Presence,
    #[error("the authenticator did not verify its user")]
    Verification,
    #[error("the key is of a kind that is not taken")]
    Key,
    #[error("the signature does not fit")]
    Signature,
    #[error("the authenticator's counter went back: there may be a copy of it")]
    Counter,
}

/// What an answer must fit.
#[derive(Debug, Clone)]
pub(super) struct Expected {
    pub party: Party,
    pub challenge: Challenge,
    /// Whether the authenticator must have verified its user (by PIN, finger or face): it stands for the password then.
    pub verified: bool,
}

/// Which checks are made: all of them, but in the tests that prove that each is needed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guards {
    ceremony: bool,
    challenge: bool,
    origin: bool,
    party: bool,
    presence: bool,
    verification: bool,
    signature: bool,
    counter: bool,
}

impl Guards {
    pub(super) const ALL: Self = Self {
        ceremony: true,
        challenge: true,
        origin: true,
        party: true,
        presence: true,
        verification: true,
        signature: true,
        counter: true,
    };
}

/// `CollectedClientData` (WebAuthn, 5.8.1).
#[derive(Debug, Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    is_framed: bool,
}

fn check_client(
    bytes: &[u8],
    ceremony: &str,
    expected: &Expected,
    guards: Guards,
) -> Result<(), Refusal> {
    let client: ClientData = serde_json::from_slice(bytes).map_err(|_| Refusal::ClientData)?;
    if guards.ceremony && client.kind != ceremony {
        return Err(Refusal::Ceremony);
    }
    if guards.challenge && client.challenge != expected.challenge.text() {
        return Err(Refusal::Challenge);
    }
    if guards.origin && (client.origin != expected.party.origin || client.is_framed) {
        return Err(Refusal::Origin);
    }
    Ok(())
}

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const HAS_CREDENTIAL: u8 = 0x40;

/// Authenticator data (WebAuthn, 6.1).
struct AuthenticatorData<'a> {
    flags: u8,
    counter: i64,
    rest: &'a [u8],
}

impl<'a> AuthenticatorData<'a> {
    fn checked(bytes: &'a [u8], expected: &Expected, guards: Guards) -> Result<Self, Refusal> {
        let (party, rest) = split(bytes, 32)?;
        let (flags, rest) = split(rest, 1)?;
        let (counter, rest) = split(rest, 4)?;
        if guards.party && party != digest(&SHA256, expected.party.id.as_bytes()).as_ref() {
            return Err(Refusal::Party);
        }
        let flags = flags[0];
        if guards.presence && flags & PRESENT == 0 {
            return Err(Refusal::Presence);
        }
        if guards.verification && expected.verified && flags & VERIFIED == 0 {
            return Err(Refusal::Verification);
        }
        let counter = counter
            .iter()
            .fold(0i64, |number, byte| number << 8 | i64::from(*byte));
        Ok(Self {
            flags,
            counter,
            rest,
        })
    }
}

fn split(bytes: &[u8], at: usize) -> Result<(&[u8], &[u8]), Refusal> {
    bytes.split_at_checked(at).ok_or(Refusal::AuthenticatorData)
}

/// A credential that was just made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made {
    pub credential: Vec<u8>,
    /// The public key as its authenticator wrote it (COSE, RFC 9053).
    pub key: Vec<u8>,
    pub counter: i64,
}

/// Checks the making of a credential. Its attestation is not asked for and not looked at: who may enrol has shown a password,
/// and any authenticator may be used.
pub(super) fn made(
    client_data: &[u8],
    attestation: &[u8],
    expected: &Expected,
    guards: Guards,
) -> Result<Made, Refusal> {
    check_client(client_data, "webauthn.create", expected, guards)?;
    let object: Cbor =
        ciborium::from_reader(attestation).map_err(|_| Refusal::AuthenticatorData)?;
    let fields = object.as_map().ok_or(Refusal::AuthenticatorData)?;
    let data = fields
        .iter()
        .find(|(name, _)| name.as_text() == Some("authData"))
        .and_then(|(_, value)| value.as_bytes())
        .ok_or(Refusal::AuthenticatorData)?;
    let data = AuthenticatorData::checked(data, expected, guards)?;
    if data.flags & HAS_CREDENTIAL == 0 {
        return Err(Refusal::AuthenticatorData);
    }
    let (_model, rest) = split(data.rest, 16)?;
    let (length, rest) = split(rest, 2)?;
    let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
    if !(1..=LONGEST_ID).contains(&length) {
        return Err(Refusal::AuthenticatorData);
    }
    let (credential, after) = split(rest, length)?;
    let mut unread = after;
    PublicKey::read(&mut unread).ok_or(Refusal::Key)?;
    Ok(Made {
        credential: credential.to_vec(),
        key: after[..after.len() - unread.len()].to_vec(),
        counter: data.counter,
    })
}

/// What an authenticator answered when it was asked to sign.
#[derive(Debug, Clone)]
pub(super) struct Signed {
    pub credential: Vec<u8>,
    pub client_data: Vec<u8>,
    pub authenticator_data: Vec<u8>,
    pub signature: Vec<u8>,
    /// The person's id as the authenticator kept it; empty where it keeps none.
    pub user: Vec<u8>,
}

/// Checks an answer under the key of its credential; gives the counter to remember.
pub(super) fn signed(
    answer: &Signed,
    (key, counter): (&[u8], i64),
    expected: &Expected,
    guards: Guards,
) -> Result<i64, Refusal> {
    check_client(&answer.client_data, "webauthn.get", expected, guards)?;
    let data = AuthenticatorData::checked(&answer.authenticator_data, expected, guards)?;
    let key = PublicKey::read(&mut &*key).ok_or(Refusal::Key)?;
    let mut message = answer.authenticator_data.clone();
    message.extend_from_slice(digest(&SHA256, &answer.client_data).as_ref());
    if guards.signature && !key.verifies(&message, &answer.signature) {
        return Err(Refusal::Signature);
    }
    let is_counted = counter != 0 || data.counter != 0;
    if guards.counter && is_counted && data.counter <= counter {
        return Err(Refusal::Counter);
    }
    Ok(data.counter)
}

#[cfg(test)]
mod tests;
