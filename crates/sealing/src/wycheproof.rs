//! Project Wycheproof's vectors through the primitives of this crate.

use std::path::Path;

use aws_lc_rs::hmac;
use serde_json::Value;

use crate::aead::{Cipher, NONCE_LENGTH, TAG_LENGTH};
use crate::key::Key;

/// The test groups of a vector file; none where the shared data is not on this machine.
fn groups(name: &str) -> Option<Vec<Value>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/wycheproof")
        .join(name);
    let Ok(packed) = std::fs::read(&path) else {
        eprintln!("SKIPPED: no test vectors at {}", path.display());
        return None;
    };
    let mut json = Vec::new();
    lzma_rs::xz_decompress(&mut packed.as_slice(), &mut json)
        .expect("a field of the vector format");
    let file: Value = serde_json::from_slice(&json).expect("a field of the vector format");
    Some(
        file["testGroups"]
            .as_array()
            .expect("a field of the vector format")
            .clone(),
    )
}

fn hex(value: &Value) -> Vec<u8> {
    let text = value.as_str().expect("a field of the vector format");
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("a field of the vector format"))
        .collect()
}

#[test]
fn aes_256_gcm_agrees_with_every_vector_of_our_sizes() {
    let Some(groups) = groups("aes_gcm_test.json.xz") else {
        return;
    };
    let ours = groups.iter().filter(|group| {
        group["keySize"] == 256 && group["ivSize"] == 96 && group["tagSize"] == 128
    });
    let (mut valid, mut invalid) = (0, 0);
    for test in ours.flat_map(|group| {
        group["tests"]
            .as_array()
            .expect("a field of the vector format")
    }) {
        let cipher = Cipher::new(
            &Key::from_slice(&hex(&test["key"])).expect("a field of the vector format"),
        );
        let nonce: [u8; NONCE_LENGTH] = hex(&test["iv"])
            .try_into()
            .expect("a field of the vector format");
        let (aad, message) = (hex(&test["aad"]), hex(&test["msg"]));
        let (ciphertext, tag) = (hex(&test["ct"]), hex(&test["tag"]));
        let mut opened = vec![0xEE; ciphertext.len()];
        let outcome = cipher.open(nonce, &aad, &ciphertext, &tag, &mut opened);
        if test["result"] == "valid" {
            valid += 1;
            outcome.expect("a valid vector opens");
            assert_eq!(opened, message, "{test}");
            let mut sealed = message.clone();
            let sealed_tag: [u8; TAG_LENGTH] = cipher.seal(nonce, &aad, &mut sealed);
            assert_eq!((sealed, sealed_tag.to_vec()), (ciphertext, tag), "{test}");
        } else {
            invalid += 1;
            assert!(outcome.is_err(), "accepted: {test}");
            assert!(opened.iter().all(|byte| *byte == 0), "{test}");
        }
    }
    assert!(
        valid >= 30 && invalid >= 20,
        "{valid} valid, {invalid} invalid"
    );
}

#[test]
fn hmac_sha256_agrees_with_every_vector() {
    let Some(groups) = groups("hmac_sha256_test.json.xz") else {
        return;
    };
    let mut count = 0;
    for group in &groups {
        let tag_bits = group["tagSize"]
            .as_u64()
            .expect("a field of the vector format");
        let length = usize::try_from(tag_bits / 8).expect("at most 32");
        for test in group["tests"]
            .as_array()
            .expect("a field of the vector format")
        {
            count += 1;
            let key = hmac::Key::new(hmac::HMAC_SHA256, &hex(&test["key"]));
            let tag = hmac::sign(&key, &hex(&test["msg"]));
            let fits = tag.as_ref()[..length] == hex(&test["tag"]);
            assert_eq!(fits, test["result"] == "valid", "{test}");
        }
    }
    assert!(count >= 170, "{count}");
}
