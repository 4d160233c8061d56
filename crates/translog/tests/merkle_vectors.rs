//! The 518 proofs of transparency-dev/merkle: right ones accepted, every broken one refused.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign_translog::Hash;
use countersign_translog::merkle::{
    ProofRefused, verify_consistency, verify_inclusion, verify_subtree_consistency,
    verify_subtree_inclusion,
};
use serde_json::Value;

/// A hash of the vectors. Some cases write a word where any root would do: it is padded. A hash of no
/// bytes at all cannot even be given to the verifier: none.
fn hash(value: &Value) -> Option<Hash> {
    let mut bytes = STANDARD
        .decode(value.as_str().expect("base64"))
        .expect("base64");
    if bytes.is_empty() || bytes.len() > Hash::LENGTH {
        return None;
    }
    bytes.resize(Hash::LENGTH, 0);
    Hash::from_slice(&bytes)
}

fn check(kind: &str, case: &Value) -> Option<Result<(), ProofRefused>> {
    let number = |name: &str| case[name].as_u64().expect("a number");
    let named = |name: &str| hash(&case[name]);
    let hashes = case["proof"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let proof: Vec<Hash> = hashes.iter().map(hash).collect::<Option<_>>()?;
    Some(match kind {
        "inclusion" => verify_inclusion(
            number("leafIdx"),
            number("treeSize"),
            &named("leafHash")?,
            &named("root")?,
            &proof,
        ),
        "subtreeinclusion" => verify_subtree_inclusion(
            number("leafIdx"),
            number("start"),
            number("end"),
            &named("leafHash")?,
            &named("root")?,
            &proof,
        ),
        "consistency" => verify_consistency(
            number("size1"),
            number("size2"),
            &named("root1")?,
            &named("root2")?,
            &proof,
        ),
        "subtreeconsistency" => verify_subtree_consistency(
            number("start"),
            number("end"),
            number("size"),
            &named("root1")?,
            &named("root2")?,
            &proof,
        ),
        other => panic!("a kind of proof that is not checked: {other}"),
    })
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, out);
        } else {
            out.push(path);
        }
    }
}

#[test]
fn all_published_proofs_have_the_published_outcome() {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/tlog/merkle-testdata");
    if !root.exists() {
        eprintln!("SKIPPED: no test vectors at {}", root.display());
        return;
    }
    let (mut count, mut accepted) = (0, 0);
    for kind in [
        "inclusion",
        "subtreeinclusion",
        "consistency",
        "subtreeconsistency",
    ] {
        let mut paths = Vec::new();
        files(&root.join(kind), &mut paths);
        for path in paths {
            let bytes = std::fs::read(&path).expect("readable");
            let case: Value = serde_json::from_slice(&bytes).expect("JSON");
            let refused = !matches!(check(kind, &case), Some(Ok(())));
            assert_eq!(refused, case["wantErr"] == true, "{}", path.display());
            count += 1;
            accepted += usize::from(!refused);
        }
    }
    assert_eq!(count, 518);
    assert!(accepted >= 20, "{accepted}");
}
