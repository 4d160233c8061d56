//! Sealing: what makes Countersign's secrets unreadable, unswappable and erasable.
//!
//! Pure: bytes and keys in, bytes out. No IO of its own, no clock, and randomness is an argument
//! ([`Entropy`]). Keys form two hierarchies (storage and field) with separate roots:
//!
//! ```text
//! root -> organisation key -> subject key -> value     each arrow is [`wrap()`], the last one [`seal_value`]
//! root -> organisation key -> document                 [`document`]
//! ```
//!
//! Invariants
//! - A [`Key`] is never used as it is: each use derives its own key from it by HKDF under its own
//!   label, so that one key given to two functions by mistake weakens neither.
//! - Whatever is sealed is bound to its place by associated data. Moved to another row, field,
//!   organisation or key version, it does not open.
//! - No type that holds a secret has Display or Serialize, and Debug prints nothing of it.
//! - An error says that bytes were refused, never what is in them.
//!
//! AES-256-GCM here takes 96-bit random nonces. NIST SP 800-38D, 8.3 allows 2^32 messages under one
//! key; at a subject key's or an organisation key's count of values that is out of reach, and
//! rotation starts a new key long before.

mod aead;
mod blind;
pub mod document;
mod encoding;
mod entropy;
mod key;
mod mac;
mod place;
mod secret;
mod value;
mod wrap;
#[cfg(test)]
mod wycheproof;

pub use blind::{IndexKey, blind_index};
pub use entropy::{Entropy, SeededEntropy, SystemEntropy};
pub use key::{Key, KeyLengthError, KeyVersion, derive};
pub use mac::{MacRefused, RecordKey, mac, verify_mac};
pub use place::{FieldNumber, OrganisationId, Place, RowId, SubjectId};
pub use secret::Secret;
pub use value::{OpenError, Sealed, SealedValue, ValueKey, open_value, seal_value};
pub use wrap::{Hierarchy, UnwrapError, WrapContext, WrappedKey, unwrap, wrap};
