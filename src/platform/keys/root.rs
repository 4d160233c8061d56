//! One root: it wraps other keys, wherever it is kept.
//!
//! What a root wrapped begins with a byte that names its kind, so that the wrong kind of root is told from a wrong key. The
//! rest is the kind's own; every kind authenticates [`WrapContext::associated_data`] with it.

use std::path::PathBuf;
use std::sync::Arc;

use countersign_sealing::{
    Entropy, Hierarchy, Key, KeyVersion, OrganisationId, UnwrapError, WrapContext, WrappedKey,
    unwrap, wrap,
};

use super::files;
use super::kms::Kms;
use super::pkcs11::Token;
use super::uri::RootUri;
use super::vault::Transit;
use crate::platform::clock::Clock;

#[derive(Debug, thiserror::Error)]
pub enum RootError {
    #[error("{path}: {action} failed")]
    Io {
        path: PathBuf,
        action: &'static str,
        #[source]
        source: std::io::Error,
    },
    #[error(
        "{path} can be read by others (mode {mode:o}): run `chmod 600 {path}`, and replace the key if others use this machine"
    )]
    Readable { path: PathBuf, mode: u32 },
    #[error(
        "{path} is no root key: it must hold exactly 32 bytes. Restore it from your backup of the keys"
    )]
    Malformed { path: PathBuf },
    #[error(
        "the storage root and the field root are the same key: they must come from separate places. Restore the right files, or name another key"
    )]
    Equal,
    #[error(
        "{path} was not made under this storage root: the keys and the data folder belong to different installations"
    )]
    Foreign { path: PathBuf },
    #[error(
        "the data folder holds a database, but the root key {path} is missing: restore it from your backup of the keys"
    )]
    Missing { path: PathBuf },
    /// Whoever keeps the root does not let it be used. Nothing of a PIN or a token stands in it.
    #[error("the root {root} cannot be used: {what}. {mend}")]
    Unusable {
        root: String,
        what: String,
        mend: &'static str,
    },
    #[error(
        "what is stored was wrapped by {by}, and the root {root} is of another kind: name the root that wrapped it in the configuration"
    )]
    OtherKind { root: String, by: &'static str },
    #[error(transparent)]
    Refused(#[from] UnwrapError),
}

impl RootError {
    /// Whether the root worked, and is not the one that belongs to what is stored.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        matches!(
            self,
            Self::Foreign { .. } | Self::OtherKind { .. } | Self::Refused(_)
        )
    }
}

/// The first byte of what a kind of root wrapped, and its name.
const KINDS: &[(u8, &str)] = &[
    (1, "a key in a file"),
    (2, "a PKCS#11 token"),
    (3, "Vault"),
    (4, "AWS KMS"),
];

/// A root of one of the kinds.
#[derive(Debug)]
pub enum Root {
    /// The key itself is in this process.
    Local {
        /// Where it came from.
        name: String,
        key: Key,
    },
    Pkcs11(Arc<Token>),
    Vault(Transit),
    Kms(Kms),
}

impl Root {
    /// Opens the root that `uri` names. A file of ours is made where `first_start`; no other root ever is.
    ///
    /// # Errors
    /// What keeps it from being used, and what to do. A root outside of this process is tried: one that does not bind what it
    /// wraps to its place is refused.
    pub async fn open(
        uri: &RootUri,
        first_start: bool,
        entropy: &dyn Entropy,
        clock: &Clock,
    ) -> Result<Self, RootError> {
        let local = |key| Self::Local {
            name: uri.to_string(),
            key,
        };
        let root = match uri {
            RootUri::File(path) => {
                return files::open_or_make(path, first_start, entropy).map(local);
            }
            RootUri::Systemd { name, folder } => {
                return files::credential(name, folder.as_deref()).map(local);
            }
            RootUri::Pkcs11(uri) => Self::Pkcs11(Token::open(uri.clone()).await?),
            RootUri::Vault(uri) => Self::Vault(Transit::open(uri.clone()).await?),
            RootUri::Kms(uri) => Self::Kms(Kms::open(uri.clone(), clock)?),
        };
        root.prove(entropy).await?;
        Ok(root)
    }

    /// For messages.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Local { name, .. } => name.clone(),
            Self::Pkcs11(token) => token.name(),
            Self::Vault(transit) => transit.name(),
            Self::Kms(kms) => kms.name(),
        }
    }

    fn kind(&self) -> u8 {
        match self {
            Self::Local { .. } => 1,
            Self::Pkcs11(_) => 2,
            Self::Vault(_) => 3,
            Self::Kms(_) => 4,
        }
    }

    /// Wraps `key` for one place.
    ///
    /// # Errors
    /// What keeps the root from being used.
    pub async fn wrap(
        &self,
        key: &Key,
        context: &WrapContext<'_>,
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, RootError> {
        let aad = context.associated_data();
        let body = match self {
            Self::Local { key: root, .. } => {
                return Ok(wrap(root, key, context, entropy).as_bytes().to_vec());
            }
            Self::Pkcs11(token) => token.encrypt(key, aad).await?,
            Self::Vault(transit) => transit.encrypt(key, &aad).await?,
            Self::Kms(kms) => kms.encrypt(key, &aad).await?,
        };
        Ok([&[self.kind()], body.as_slice()].concat())
    }

    /// Opens what [`Root::wrap`] wrapped for this place.
    ///
    /// # Errors
    /// [`RootError::Refused`] where this root did not wrap these bytes for this place; else what keeps it from being used.
    pub async fn unwrap(
        &self,
        wrapped: &[u8],
        context: &WrapContext<'_>,
    ) -> Result<Key, RootError> {
        let (kind, body) = wrapped.split_first().ok_or(UnwrapError::Malformed)?;
        if *kind != self.kind() {
            let known = KINDS.iter().find(|(known, _)| known == kind);
            let (_, by) = known.ok_or(UnwrapError::Malformed)?;
            return Err(RootError::OtherKind {
                root: self.name(),
                by,
            });
        }
        match self {
            Self::Local { key, .. } => Ok(unwrap(key, &WrappedKey::from_bytes(wrapped)?, context)?),
            Self::Pkcs11(token) => token.decrypt(body, context.associated_data()).await,
            Self::Vault(transit) => transit.decrypt(body, &context.associated_data()).await,
            Self::Kms(kms) => kms.decrypt(body, &context.associated_data()).await,
        }
    }

    /// The bytes of AES-GCM (nonce, ciphertext, tag) in what this root wrapped; none where its form hides them.
    pub(super) fn bare(&self, wrapped: &[u8]) -> Option<Vec<u8>> {
        match self {
            // Its cipher's key is derived, so that what it wrapped tells nothing about the root as a key of AES.
            Self::Local { .. } | Self::Kms(_) => None,
            Self::Pkcs11(_) => wrapped.get(1..).map(<[u8]>::to_vec),
            Self::Vault(_) => Transit::bare(wrapped.get(1..)?),
        }
    }

    /// The bytes of AES-GCM in the form in which this root wraps.
    pub(super) fn dressed(&self, bare: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Local { .. } | Self::Kms(_) => None,
            Self::Pkcs11(_) => Some([&[self.kind()], bare].concat()),
            Self::Vault(transit) => Some([&[self.kind()], &transit.dressed(bare)[..]].concat()),
        }
    }

    async fn prove(&self, entropy: &dyn Entropy) -> Result<(), RootError> {
        let key = probe();
        let (here, elsewhere) = (probe_context("probe"), probe_context("another probe"));
        let wrapped = self.wrap(&key, &here, entropy).await?;
        let unsound = |what: &str| RootError::Unusable {
            root: self.name(),
            what: what.to_owned(),
            mend: "Use a key for AES-256-GCM",
        };
        if self.unwrap(&wrapped, &here).await? != key {
            return Err(unsound("it gives back another key than it wrapped"));
        }
        match self.unwrap(&wrapped, &elsewhere).await {
            Err(RootError::Refused(_)) => Ok(()),
            Err(other) => Err(other),
            Ok(_) => Err(unsound(
                "it opens a key in another place than it was wrapped for",
            )),
        }
    }
}

/// What roots are tried with: known to everybody.
pub(super) fn probe() -> Key {
    Key::from_slice(&[0x5a; Key::LENGTH]).expect("a key's length")
}

pub(super) fn probe_context(purpose: &str) -> WrapContext<'_> {
    WrapContext {
        hierarchy: Hierarchy::Storage,
        organisation: OrganisationId::from_bytes([0; 16]),
        purpose,
        subject: None,
        version: KeyVersion::FIRST,
    }
}
