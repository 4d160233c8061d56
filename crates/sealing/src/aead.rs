//! AES-256-GCM as this crate uses it: 96-bit nonces, 128-bit tags, nothing else.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use crate::key::{Key, wipe};

pub(crate) const NONCE_LENGTH: usize = 12;
pub(crate) const TAG_LENGTH: usize = 16;

/// The bytes were not sealed under this key, nonce and associated data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotAuthentic;

/// A key with its schedule computed. AWS-LC wipes the schedule when it is freed.
pub(crate) struct Cipher(LessSafeKey);

impl Cipher {
    pub(crate) fn new(key: &Key) -> Cipher {
        let unbound = UnboundKey::new(&AES_256_GCM, key.expose())
            .expect("AES-256-GCM takes any 32 bytes as its key");
        Cipher(LessSafeKey::new(unbound))
    }

    /// Encrypts `in_out` where it lies and gives the tag.
    pub(crate) fn seal(
        &self,
        nonce: [u8; NONCE_LENGTH],
        aad: &[u8],
        in_out: &mut [u8],
    ) -> [u8; TAG_LENGTH] {
        let tag = self
            .0
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), in_out)
            .expect("AES-GCM fails only beyond 64 GiB, which no buffer of ours reaches");
        tag.as_ref()
            .try_into()
            .expect("AES-GCM's tag is 16 bytes in AWS-LC")
    }

    /// Encrypts `plaintext` into `ciphertext` of the same length and gives the tag.
    pub(crate) fn seal_into(
        &self,
        nonce: [u8; NONCE_LENGTH],
        aad: &[u8],
        plaintext: &[u8],
        ciphertext: &mut [u8],
    ) -> [u8; TAG_LENGTH] {
        let mut tag = [0; TAG_LENGTH];
        self.0
            .seal_out_of_place_scatter(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(aad),
                plaintext,
                ciphertext,
                &[],
                &mut tag,
            )
            .expect("AES-GCM fails only beyond 64 GiB, which no buffer of ours reaches");
        tag
    }

    /// Decrypts `ciphertext` (without its tag) into `plaintext` of the same length. Where it is
    /// refused, `plaintext` holds zeros: unauthenticated bytes are never seen.
    pub(crate) fn open(
        &self,
        nonce: [u8; NONCE_LENGTH],
        aad: &[u8],
        ciphertext: &[u8],
        tag: &[u8],
        plaintext: &mut [u8],
    ) -> Result<(), NotAuthentic> {
        let opened = self.0.open_separate_gather(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(aad),
            ciphertext,
            tag,
            plaintext,
        );
        opened.map_err(|_| {
            wipe(plaintext);
            NotAuthentic
        })
    }
}

impl fmt::Debug for Cipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cipher(..)")
    }
}
