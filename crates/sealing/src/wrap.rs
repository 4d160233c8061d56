//! A key sealed under the key above it in its hierarchy.

use crate::aead::{Cipher, NONCE_LENGTH, TAG_LENGTH};
use crate::encoding::parts;
use crate::entropy::Entropy;
use crate::key::{Key, KeyVersion, derive_for};
use crate::place::{OrganisationId, SubjectId};

/// Which of the two key hierarchies a key belongs to. Their roots are separate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hierarchy {
    /// The database file's key and document keys.
    Storage,
    /// Sealed fields: bank accounts, tax numbers, ERP tokens, TOTP seeds.
    Field,
}

/// What a wrapped key is, and for whom. All of it is authenticated: a wrapped key put into another's
/// place does not unwrap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrapContext<'a> {
    /// The hierarchy of both keys.
    pub hierarchy: Hierarchy,
    /// The organisation that the wrapped key serves.
    pub organisation: OrganisationId,
    /// What the wrapped key is for, in the application's own permanent words ("documents").
    pub purpose: &'a str,
    /// The vendor or person whose key it is; none for a key of the whole organisation.
    pub subject: Option<SubjectId>,
    /// The version of the wrapped key.
    pub version: KeyVersion,
}

impl WrapContext<'_> {
    /// The canonical bytes that are authenticated with the wrapped key. A provider outside of this
    /// process (PKCS#11, a key management service) passes the same bytes as its associated data.
    #[must_use]
    pub fn associated_data(&self) -> Vec<u8> {
        let hierarchy: &[u8] = match self.hierarchy {
            Hierarchy::Storage => b"storage",
            Hierarchy::Field => b"field",
        };
        let subject = self.subject.as_ref().map(|id| id.as_bytes().as_slice());
        parts(&[
            b"countersign/key/v1",
            hierarchy,
            self.organisation.as_bytes(),
            self.purpose.as_bytes(),
            subject.unwrap_or_default(),
            &self.version.to_bytes(),
        ])
    }
}

/// A wrapped key as stored: format (1 byte) | nonce (12) | key (32) | tag (16).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrappedKey([u8; WrappedKey::LENGTH]);

/// Why a wrapped key did not unwrap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnwrapError {
    /// Another length or format than any this version knows.
    #[error(
        "this is not a wrapped key of a known format; it was cut short, or written by a newer version of Countersign"
    )]
    Malformed,
    /// The authentication failed.
    #[error(
        "the wrapped key does not open: the key above it is another one, or the stored bytes were changed or \
         moved from another place. Check that the configured root key belongs to this installation"
    )]
    Refused,
}

const FORMAT: u8 = 1;

impl WrappedKey {
    /// Bytes in a wrapped key.
    pub const LENGTH: usize = 1 + NONCE_LENGTH + Key::LENGTH + TAG_LENGTH;

    /// Reads a wrapped key back from storage.
    ///
    /// # Errors
    /// [`UnwrapError::Malformed`] for another length or format.
    pub fn from_bytes(bytes: &[u8]) -> Result<WrappedKey, UnwrapError> {
        let bytes: [u8; WrappedKey::LENGTH] =
            bytes.try_into().map_err(|_| UnwrapError::Malformed)?;
        if bytes[0] != FORMAT {
            return Err(UnwrapError::Malformed);
        }
        Ok(WrappedKey(bytes))
    }

    /// The bytes to store.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Wraps `child` under `parent` with AES-256-GCM and a random nonce.
///
/// At most 2^32 keys under one parent (NIST SP 800-38D, 8.3); one parent wraps an organisation's
/// subjects or an installation's organisations, which stays far below.
#[must_use]
pub fn wrap(
    parent: &Key,
    child: &Key,
    context: &WrapContext<'_>,
    entropy: &dyn Entropy,
) -> WrappedKey {
    let mut nonce = [0; NONCE_LENGTH];
    entropy.fill(&mut nonce);
    let mut out = [0; WrappedKey::LENGTH];
    let (head, tag_out) = out.split_at_mut(WrappedKey::LENGTH - TAG_LENGTH);
    head[0] = FORMAT;
    head[1..=NONCE_LENGTH].copy_from_slice(&nonce);
    let body = &mut head[1 + NONCE_LENGTH..];
    body.copy_from_slice(child.expose());
    let tag = cipher(parent).seal(nonce, &context.associated_data(), body);
    tag_out.copy_from_slice(&tag);
    WrappedKey(out)
}

/// Opens a wrapped key.
///
/// # Errors
/// [`UnwrapError::Refused`] unless parent, context and bytes are those of [`wrap()`].
pub fn unwrap(
    parent: &Key,
    wrapped: &WrappedKey,
    context: &WrapContext<'_>,
) -> Result<Key, UnwrapError> {
    let (head, tag) = wrapped.0.split_at(WrappedKey::LENGTH - TAG_LENGTH);
    let (nonce, body) = head[1..].split_at(NONCE_LENGTH);
    let nonce = nonce.try_into().expect("split at a nonce's length");
    let mut plain = zeroize::Zeroizing::new([0; Key::LENGTH]);
    cipher(parent)
        .open(
            nonce,
            &context.associated_data(),
            body,
            tag,
            plain.as_mut_slice(),
        )
        .map_err(|_| UnwrapError::Refused)?;
    Ok(Key::from_slice(plain.as_slice()).expect("the buffer has a key's length"))
}

fn cipher(parent: &Key) -> Cipher {
    Cipher::new(&derive_for(parent, &[], "wrap"))
}
