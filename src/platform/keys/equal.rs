//! Whether two roots are one key, also where one of them was brought into a token: what one wraps, the other must not open.

use aws_lc_rs::aead::{AES_256_GCM, Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
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

/// Whether these 32 bytes open what a token or an engine wrapped, as a key of any cipher that one may wrap by.
fn opens(key: &Key, bare: &[u8]) -> bool {
    let Some((nonce, body)) = bare.split_first_chunk::<NONCE_BYTES>() else {
        return false;
    };
    let aad = probe_context("probe").associated_data();
    [&AES_256_GCM, &CHACHA20_POLY1305]
        .into_iter()
        .any(|cipher| {
            let key = UnboundKey::new(cipher, key.expose()).expect("it takes any 32 bytes");
            let nonce = Nonce::assume_unique_for_key(*nonce);
            let opened = &mut body.to_vec();
            LessSafeKey::new(key)
                .open_in_place(nonce, Aad::from(&aad), opened)
                .is_ok()
        })
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::aead::Algorithm;

    use super::*;

    fn wrapped(cipher: &'static Algorithm, key: &[u8; 32]) -> Vec<u8> {
        let nonce = [7; NONCE_BYTES];
        let mut sealed = probe().expose().to_vec();
        let aad = Aad::from(probe_context("probe").associated_data());
        LessSafeKey::new(UnboundKey::new(cipher, key).expect("32 bytes"))
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut sealed)
            .expect("few bytes");
        [&nonce[..], &sealed[..]].concat()
    }

    #[test]
    fn a_key_opens_what_was_wrapped_by_it_under_either_cipher_and_by_no_other() {
        let (ours, other) = ([1; 32], [2; 32]);
        let key = Key::from_slice(&ours).expect("32 bytes");
        for cipher in [&AES_256_GCM, &CHACHA20_POLY1305] {
            assert!(opens(&key, &wrapped(cipher, &ours)), "{cipher:?}");
            assert!(!opens(&key, &wrapped(cipher, &other)), "{cipher:?}");
        }
        assert!(!opens(&key, &[0; NONCE_BYTES - 1]));
    }
}
