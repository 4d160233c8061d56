//! What a log or a panic prints of keys: nothing.

use std::fmt::Debug;
use std::sync::Arc;

use countersign_sealing::{Key, KeyVersion, SeededEntropy, ValueKey};

use super::ring::OrgKeys;
use super::root::{Root, probe_context};
use super::{Keyring, Roots, SubjectKey};
use crate::platform::ids::OrgId;
use crate::platform::store::{FileKey, Integrity};

/// 0xAB is 171: no other byte of what is printed is so.
const BYTE: u8 = 0xab;

fn key() -> Key {
    Key::from_slice(&[BYTE; 32]).expect("a key's length")
}

fn hides(shown: &dyn Debug) {
    for text in [format!("{shown:?}"), format!("{shown:#?}")] {
        let bare: String = text.split_whitespace().collect();
        for key in ["171,171", "abab", "ABAB", "0xab", "q6ur"] {
            assert!(!bare.contains(key), "{text}");
        }
    }
}

#[test]
fn nothing_prints_a_key() {
    hides(&key());
    hides(&ValueKey::new(&key(), KeyVersion::FIRST));
    hides(&FileKey::new([BYTE; 32]));
    hides(&Integrity::new(&key()));
    let root = |name: &str| Root::Local {
        name: name.to_owned(),
        key: key(),
    };
    hides(&root("field"));
    hides(&Keyring::new(Roots::of_two(root("storage"), root("field"))));
    let keys = OrgKeys::of_two(OrgId::SYSTEM, key(), key());
    hides(&keys);
    hides(&SubjectKey::of(OrgId::SYSTEM, &key()));
    hides(&Arc::new(keys));
}

#[test]
#[should_panic(expected = "171")]
fn a_key_that_is_printed_is_noticed() {
    hides(&[BYTE; 32]);
}

#[tokio::test]
async fn what_is_wrapped_shows_nothing_either() {
    let root = Root::Local {
        name: "field".to_owned(),
        key: key(),
    };
    let entropy = SeededEntropy::new(3);
    let wrapped = root.wrap(&key(), &probe_context("shown"), &entropy).await;
    hides(&wrapped.expect("a key in this process wraps"));
    let error = root.unwrap(&[1; 61], &probe_context("shown")).await;
    hides(&error.expect_err("it wrapped nothing so"));
}
