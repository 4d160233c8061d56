//! Reading the shared test vectors.

use std::path::{Path, PathBuf};

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use serde_json::Value;

/// A path below the shared data; none where that is not on this machine.
fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data")
        .join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: no test vectors at {}", path.display());
    None
}

/// The test groups of a Wycheproof file.
fn wycheproof(name: &str) -> Option<Vec<Value>> {
    let packed = std::fs::read(shared(&format!("wycheproof/{name}"))?).expect("readable");
    let mut json = Vec::new();
    lzma_rs::xz_decompress(&mut packed.as_slice(), &mut json).expect("an xz file");
    let file: Value = serde_json::from_slice(&json).expect("a JSON file");
    Some(file["testGroups"].as_array().expect("test groups").clone())
}

fn hex(value: &Value) -> Vec<u8> {
    let text = value.as_str().expect("a hexadecimal text");
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal digits"))
        .collect()
}

#[test]
fn ed25519_agrees_with_every_vector() {
    let Some(groups) = wycheproof("ed25519_test.json.xz") else {
        return;
    };
    let mut count = 0;
    for group in &groups {
        let key = UnparsedPublicKey::new(&ED25519, hex(&group["publicKey"]["pk"]));
        for test in group["tests"].as_array().expect("tests") {
            count += 1;
            let verifies = key.verify(&hex(&test["msg"]), &hex(&test["sig"])).is_ok();
            assert_eq!(verifies, test["result"] == "valid", "{test}");
        }
    }
    assert!(count >= 150, "{count}");
}
