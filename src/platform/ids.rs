//! Every id is its own type over a UUIDv7 (RFC 9562), stored as its hyphenated text.

use std::fmt;
use std::str::FromStr;

use countersign_sealing::Entropy;
use uuid::Uuid;

use super::clock::Micros;

/// Makes a UUIDv7 from a moment and ten random bytes.
pub fn uuid_v7(now: Micros, entropy: &dyn Entropy) -> Uuid {
    let mut random = [0u8; 10];
    entropy.fill(&mut random);
    let millis = u64::try_from(now.0 / 1000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

#[derive(Debug, thiserror::Error)]
#[error(
    "{0:?} is not an id of this installation: ids look like 01970000-0000-7000-8000-000000000000"
)]
pub struct IdError(pub String);

/// What all id types share.
pub trait Id: Copy + fmt::Display {
    fn from_uuid(uuid: Uuid) -> Self;
    fn uuid(&self) -> Uuid;
}

/// Declares id types.
#[macro_export]
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(uuid::Uuid);

        impl $name {
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl $crate::platform::ids::Id for $name {
            fn from_uuid(uuid: uuid::Uuid) -> Self {
                Self(uuid)
            }
            fn uuid(&self) -> uuid::Uuid {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::platform::ids::IdError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::platform::ids::parse_uuid(text).map(Self)
            }
        }

        impl From<$name> for $crate::platform::store::Value {
            fn from(id: $name) -> Self {
                Self::Text(id.0.to_string())
            }
        }

        impl $crate::platform::store::FromValue for $name {
            fn from_value(
                value: $crate::platform::store::Value,
            ) -> Result<Self, $crate::platform::store::DecodeError> {
                use std::str::FromStr as _;
                match value {
                    $crate::platform::store::Value::Text(text) => Self::from_str(&text)
                        .map_err(|_| $crate::platform::store::DecodeError::expected("an id")),
                    _ => Err($crate::platform::store::DecodeError::expected("an id")),
                }
            }
        }
    )+};
}

/// Accepts only the hyphenated lower-case form that we print, so that one object has one spelling.
pub fn parse_uuid(text: &str) -> Result<Uuid, IdError> {
    let uuid = Uuid::from_str(text).map_err(|_| IdError(text.chars().take(40).collect()))?;
    if uuid.to_string() == text {
        Ok(uuid)
    } else {
        Err(IdError(text.chars().take(40).collect()))
    }
}

ids! {
    /// An organisation, the tenant.
    OrgId,
    /// A person's account in one organisation.
    PersonId,
    /// One HTTP request, command or job run; it ties journal and logs together.
    RequestId,
    /// One journal entry.
    EntryId,
    /// A session, token, link or command-line run by which somebody acts.
    CredentialId,
    /// A line of the disposal ledger.
    DisposalId,
    /// A backup of the key store.
    BackupId,
}

impl OrgId {
    /// The organisation that journals what has no tenant: unknown sign-ins, configuration, roots.
    pub const SYSTEM: Self = Self(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0000));
}
