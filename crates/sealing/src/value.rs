//! Values sealed one by one, each bound to its field, organisation, row and key version.

use std::fmt;
use std::marker::PhantomData;

use zeroize::{Zeroize, Zeroizing};

use crate::aead::{Cipher, NONCE_LENGTH, TAG_LENGTH};
use crate::entropy::Entropy;
use crate::key::{Key, KeyVersion, derive_for};
use crate::place::Place;
use crate::secret::Secret;

/// A type whose values can be sealed.
pub trait SealedValue: Zeroize + Sized {
    /// Lends the value's bytes to `read`. An implementation that has to build them wipes them
    /// afterwards.
    fn with_bytes<R>(&self, read: impl FnOnce(&[u8]) -> R) -> R;

    /// The value that these bytes are; none where they are no value of this type.
    fn from_bytes(bytes: Zeroizing<Vec<u8>>) -> Option<Self>;
}

impl SealedValue for Vec<u8> {
    fn with_bytes<R>(&self, read: impl FnOnce(&[u8]) -> R) -> R {
        read(self)
    }

    fn from_bytes(mut bytes: Zeroizing<Vec<u8>>) -> Option<Vec<u8>> {
        Some(std::mem::take(&mut *bytes))
    }
}

impl SealedValue for String {
    fn with_bytes<R>(&self, read: impl FnOnce(&[u8]) -> R) -> R {
        read(self.as_bytes())
    }

    fn from_bytes(mut bytes: Zeroizing<Vec<u8>>) -> Option<String> {
        // The bytes move into the string without a copy; refused ones go back and are wiped.
        String::from_utf8(std::mem::take(&mut *bytes))
            .map_err(|refused| *bytes = refused.into_bytes())
            .ok()
    }
}

impl<const N: usize> SealedValue for [u8; N] {
    fn with_bytes<R>(&self, read: impl FnOnce(&[u8]) -> R) -> R {
        read(self)
    }

    fn from_bytes(bytes: Zeroizing<Vec<u8>>) -> Option<[u8; N]> {
        bytes.as_slice().try_into().ok()
    }
}

/// A sealed `T` as stored: format (1 byte) | key version (4, big-endian) | nonce (12) | ciphertext | tag (16).
///
/// It has no Display and no Serialize, and Debug prints nothing of it. It does not know its place:
/// that comes from where it was read, so that moving it breaks it.
pub struct Sealed<T> {
    bytes: Vec<u8>,
    of: PhantomData<fn() -> T>,
}

/// Why a sealed value did not open. None of them says anything about the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The value names another key version than the one offered.
    #[error(
        "the value is sealed under version {sealed_under} of its key, version {offered} was offered"
    )]
    WrongKeyVersion {
        /// The version that the value names.
        sealed_under: KeyVersion,
        /// The version of the key given to open it.
        offered: KeyVersion,
    },
    /// The authentication failed.
    #[error(
        "the sealed value was refused: its bytes were changed, or moved from another row, field or organisation, \
         or its key is another one. Do not act on it; restore the row or enter the value anew"
    )]
    Refused,
    /// The bytes have no format that is known, or hold no value of the type wanted.
    #[error(
        "this is not a sealed value of a known format; it was cut short, or written by a newer version of Countersign"
    )]
    Malformed,
}

const FORMAT: u8 = 1;
const HEADER_LENGTH: usize = 1 + 4 + NONCE_LENGTH;

impl<T> Sealed<T> {
    /// Reads a sealed value back from storage. Only its outer form is checked here.
    ///
    /// # Errors
    /// [`OpenError::Malformed`] where it is too short or of an unknown format.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Sealed<T>, OpenError> {
        if bytes.len() < HEADER_LENGTH + TAG_LENGTH || bytes[0] != FORMAT {
            return Err(OpenError::Malformed);
        }
        Ok(Sealed {
            bytes,
            of: PhantomData,
        })
    }

    /// The bytes to store.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The version of the key that opens it. Not authenticated until it has been opened.
    #[must_use]
    pub fn key_version(&self) -> KeyVersion {
        let number = self.bytes[1..5]
            .try_into()
            .expect("from_bytes checked the header's length");
        KeyVersion::new(u32::from_be_bytes(number))
    }
}

impl<T> Clone for Sealed<T> {
    fn clone(&self) -> Sealed<T> {
        Sealed {
            bytes: self.bytes.clone(),
            of: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Sealed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(..)")
    }
}

/// A key prepared for sealing and opening values: keep it where many values pass.
///
/// At most 2^32 values under one key (NIST SP 800-38D, 8.3, random nonces).
pub struct ValueKey {
    version: KeyVersion,
    cipher: Cipher,
}

impl ValueKey {
    /// Prepares `key`, which is version `version` at its level.
    #[must_use]
    pub fn new(key: &Key, version: KeyVersion) -> ValueKey {
        ValueKey {
            version,
            cipher: Cipher::new(&derive_for(key, &[], "value")),
        }
    }

    /// The version that values sealed under it name.
    #[must_use]
    pub fn version(&self) -> KeyVersion {
        self.version
    }
}

impl fmt::Debug for ValueKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ValueKey")
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// Seals `value` into its place.
#[must_use]
pub fn seal_value<T: SealedValue>(
    key: &ValueKey,
    place: &Place,
    value: &T,
    entropy: &dyn Entropy,
) -> Sealed<T> {
    let mut nonce = [0; NONCE_LENGTH];
    entropy.fill(&mut nonce);
    let bytes = value.with_bytes(|plain| {
        // The capacity is exact: a buffer that grew would leave the plaintext in freed memory.
        let mut bytes = Vec::with_capacity(HEADER_LENGTH + plain.len() + TAG_LENGTH);
        bytes.push(FORMAT);
        bytes.extend_from_slice(&key.version.to_bytes());
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(plain);
        let tag = key.cipher.seal(
            nonce,
            &place.associated_data(key.version),
            &mut bytes[HEADER_LENGTH..],
        );
        bytes.extend_from_slice(&tag);
        bytes
    });
    Sealed {
        bytes,
        of: PhantomData,
    }
}

/// Opens a sealed value that was read from `place`.
///
/// # Errors
/// [`OpenError`]: another key version, refused, or no value of type `T`.
pub fn open_value<T: SealedValue>(
    key: &ValueKey,
    place: &Place,
    sealed: &Sealed<T>,
) -> Result<Secret<T>, OpenError> {
    let sealed_under = sealed.key_version();
    if sealed_under != key.version {
        return Err(OpenError::WrongKeyVersion {
            sealed_under,
            offered: key.version,
        });
    }
    let (header, body) = sealed.bytes.split_at(HEADER_LENGTH);
    let nonce = header[5..]
        .try_into()
        .expect("the header ends with a nonce");
    let (ciphertext, tag) = body.split_at(body.len() - TAG_LENGTH);
    let mut plain = Zeroizing::new(vec![0; ciphertext.len()]);
    key.cipher
        .open(
            nonce,
            &place.associated_data(key.version),
            ciphertext,
            tag,
            &mut plain,
        )
        .map_err(|_| OpenError::Refused)?;
    T::from_bytes(plain)
        .map(Secret::new)
        .ok_or(OpenError::Malformed)
}
