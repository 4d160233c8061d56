//! Whether two roots are one key, also where one of them was brought into a token: what one wraps, the other must not open.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use countersign_sealing::{Entropy, Key};

use super::root::{Root, RootError, probe, probe_context};

const NONCE_BYTES: usize = 12;

/// Whether both are the same key.
///
/// # Errors
/// What keeps a root from being asked.
pub(super) async fn are_equal(
    one: &Root,
    two: &Root,
    entropy: &dyn Entropy,
) -> Result<bool, RootError> {
    match (one, two) {
        (Root::Local { key: one, .. }, Root::Local { key: two, .. }) => Ok(one == two),
        (Root::Local { key, .. }, other) | (other, Root::Local { key, .. }) => {
            let bare = other.bare(&wrapped_probe(other, entropy).await?);
            Ok(bare.is_some_and(|bare| opens(key, &bare)))
        }
        (one, two) => {
            let bare = one.bare(&wrapped_probe(one, entropy).await?);
            let Some(dressed) = bare.and_then(|bare| two.dressed(&bare)) else {
                return Ok(false);
            };
            match two.unwrap(&dressed, &probe_context("probe")).await {
                Ok(_) => Ok(true),
                Err(RootError::Refused(_)) => Ok(false),
                Err(other) => Err(other),
            }
        }
    }
}

async fn wrapped_probe(root: &Root, entropy: &dyn Entropy) -> Result<Vec<u8>, RootError> {
    root.wrap(&probe(), &probe_context("probe"), entropy).await
}

/// Whether these 32 bytes, as a key of AES-256-GCM, open what a token wrapped.
fn opens(key: &Key, bare: &[u8]) -> bool {
    let Some((nonce, body)) = bare.split_first_chunk::<NONCE_BYTES>() else {
        return false;
    };
    let key = UnboundKey::new(&AES_256_GCM, key.expose()).expect("it takes any 32 bytes");
    let aad = probe_context("probe").associated_data();
    LessSafeKey::new(key)
        .open_in_place(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(aad),
            &mut body.to_vec(),
        )
        .is_ok()
}
