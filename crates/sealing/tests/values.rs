//! Attacks on sealed values and wrapped keys: each is tried, each must be refused.

use countersign_sealing::{
    Entropy, FieldNumber, Hierarchy, Key, KeyVersion, OpenError, OrganisationId, Place, RowId,
    Sealed, SealedValue, SeededEntropy, SubjectId, UnwrapError, ValueKey, WrapContext, WrappedKey,
    open_value, seal_value, unwrap, wrap,
};
use proptest::prelude::*;

const IBAN: &str = "DE02120300000000202051";

fn place(field: u16, organisation: u8, row: u8) -> Place {
    Place {
        field: FieldNumber::new(field),
        organisation: OrganisationId::from_bytes([organisation; 16]),
        row: RowId::from_bytes([row; 16]),
    }
}

fn value_key(seed: u64, version: u32) -> ValueKey {
    ValueKey::new(
        &Key::generate(&SeededEntropy::new(seed)),
        KeyVersion::new(version),
    )
}

fn refusal<T: SealedValue>(key: &ValueKey, place: &Place, bytes: Vec<u8>) -> Option<OpenError> {
    Sealed::<T>::from_bytes(bytes)
        .and_then(|sealed| open_value(key, place, &sealed))
        .err()
}

proptest! {
    #[test]
    fn what_is_sealed_opens_in_its_place(
        value in proptest::collection::vec(any::<u8>(), 0..300),
        field: u16, organisation: u8, row: u8, version: u32, seed: u64,
    ) {
        let (key, place) = (value_key(seed, version), place(field, organisation, row));
        let sealed = seal_value(&key, &place, &value, &SeededEntropy::new(seed ^ 1));
        prop_assert_eq!(sealed.key_version(), KeyVersion::new(version));
        let stored = Sealed::<Vec<u8>>::from_bytes(sealed.as_bytes().to_vec()).expect("our own bytes");
        let opened = open_value(&key, &place, &stored).expect("its own place");
        prop_assert_eq!(opened.expose(), &value);
    }

    #[test]
    fn a_swap_across_field_organisation_row_or_version_is_refused(
        value in ".{0,60}",
        from in (0u16..4, 0u8..4, 0u8..4, 1u32..4),
        to in (0u16..4, 0u8..4, 0u8..4, 1u32..4),
    ) {
        prop_assume!(from != to);
        let key = |version| value_key(9, version);
        let entropy = SeededEntropy::new(5);
        let sealed = seal_value(&key(from.3), &place(from.0, from.1, from.2), &value, &entropy);
        let target = place(to.0, to.1, to.2);
        // As it is, and with the version in its header forged to that of the target: the key material is
        // the same here, so that only the associated data stands between them.
        let error = refusal::<String>(&key(to.3), &target, sealed.as_bytes().to_vec());
        let expected = if from.3 == to.3 {
            OpenError::Refused
        } else {
            OpenError::WrongKeyVersion {
                sealed_under: KeyVersion::new(from.3),
                offered: KeyVersion::new(to.3),
            }
        };
        prop_assert_eq!(error, Some(expected));
        let mut forged = sealed.as_bytes().to_vec();
        forged[1..5].copy_from_slice(&to.3.to_be_bytes());
        prop_assert_eq!(refusal::<String>(&key(to.3), &target, forged), Some(OpenError::Refused));
    }

    #[test]
    fn arbitrary_bytes_never_open_and_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
        prop_assert!(refusal::<String>(&value_key(1, 1), &place(1, 1, 1), bytes.clone()).is_some());
        let mut headed = vec![1, 0, 0, 0, 1];
        headed.extend(bytes);
        prop_assert!(refusal::<String>(&value_key(1, 1), &place(1, 1, 1), headed).is_some());
    }
}

#[test]
fn every_bit_flip_and_every_cut_is_refused() {
    let (key, place) = (value_key(1, 1), place(1, 1, 1));
    let sealed = seal_value(&key, &place, &String::from(IBAN), &SeededEntropy::new(2));
    let bytes = sealed.as_bytes();
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(
            refusal::<String>(&key, &place, flipped).is_some(),
            "bit {bit}"
        );
    }
    for length in 0..bytes.len() {
        assert!(refusal::<String>(&key, &place, bytes[..length].to_vec()).is_some());
    }
    let mut longer = bytes.to_vec();
    longer.push(0);
    assert!(refusal::<String>(&key, &place, longer).is_some());
}

#[test]
fn another_key_of_the_same_version_is_refused() {
    let place = place(1, 1, 1);
    let sealed = seal_value(
        &value_key(1, 1),
        &place,
        &String::from(IBAN),
        &SeededEntropy::new(2),
    );
    let error = refusal::<String>(&value_key(2, 1), &place, sealed.as_bytes().to_vec());
    assert_eq!(error, Some(OpenError::Refused));
}

#[test]
fn the_same_value_sealed_twice_shows_no_equality() {
    let (key, place, entropy) = (value_key(1, 1), place(1, 1, 1), SeededEntropy::new(2));
    let one = seal_value(&key, &place, &String::from(IBAN), &entropy);
    let two = seal_value(&key, &place, &String::from(IBAN), &entropy);
    assert_ne!(one.as_bytes()[5..17], two.as_bytes()[5..17], "nonce");
    assert_ne!(one.as_bytes()[17..], two.as_bytes()[17..]);
}

#[test]
fn what_is_no_value_of_the_type_is_malformed_not_a_panic() {
    let (key, place, entropy) = (value_key(1, 1), place(1, 1, 1), SeededEntropy::new(2));
    let sealed = seal_value(&key, &place, &vec![0xFF, 0xFE], &entropy);
    let bytes = sealed.as_bytes().to_vec();
    assert_eq!(
        refusal::<String>(&key, &place, bytes.clone()),
        Some(OpenError::Malformed)
    );
    assert_eq!(
        refusal::<[u8; 20]>(&key, &place, bytes.clone()),
        Some(OpenError::Malformed)
    );
    assert_eq!(refusal::<[u8; 2]>(&key, &place, bytes), None);
}

#[test]
fn debug_and_errors_print_nothing_of_the_content() {
    let (key, place, entropy) = (value_key(1, 1), place(1, 1, 1), SeededEntropy::new(2));
    let sealed = seal_value(&key, &place, &String::from(IBAN), &entropy);
    let opened = open_value(&key, &place, &sealed).expect("its own place");
    assert_eq!(format!("{sealed:?}"), "Sealed(..)");
    assert_eq!(format!("{opened:?}"), "Secret(..)");
    assert_eq!(
        format!("{key:?}"),
        "ValueKey { version: KeyVersion(1), .. }"
    );
    let not_text = seal_value(&key, &place, &vec![0xFF], &entropy)
        .as_bytes()
        .to_vec();
    let error = refusal::<String>(&key, &place, not_text).expect("no text");
    assert!(!format!("{error} {error:?}").contains("255"));
}

/// Whether `T` implements Display: the inherent constant wins where its bound holds.
mod displays {
    pub(crate) struct Probe<T>(std::marker::PhantomData<T>);
    pub(crate) trait Otherwise {
        const DISPLAYS: bool = false;
    }
    impl<T> Otherwise for Probe<T> {}
    impl<T: std::fmt::Display> Probe<T> {
        pub(crate) const DISPLAYS: bool = true;
    }
}

#[test]
fn secrets_have_no_display() {
    use displays::{Otherwise as _, Probe};
    const { assert!(Probe::<String>::DISPLAYS, "the probe itself works") };
    const { assert!(!Probe::<Key>::DISPLAYS) };
    const { assert!(!Probe::<Sealed<String>>::DISPLAYS) };
    const { assert!(!Probe::<countersign_sealing::Secret<String>>::DISPLAYS) };
}

fn contexts() -> Vec<WrapContext<'static>> {
    let base = WrapContext {
        hierarchy: Hierarchy::Field,
        organisation: OrganisationId::from_bytes([1; 16]),
        purpose: "values",
        subject: Some(SubjectId::from_bytes([2; 16])),
        version: KeyVersion::FIRST,
    };
    vec![
        base,
        WrapContext {
            hierarchy: Hierarchy::Storage,
            ..base
        },
        WrapContext {
            organisation: OrganisationId::from_bytes([2; 16]),
            ..base
        },
        WrapContext {
            purpose: "documents",
            ..base
        },
        WrapContext {
            subject: None,
            ..base
        },
        WrapContext {
            subject: Some(SubjectId::from_bytes([3; 16])),
            ..base
        },
        WrapContext {
            version: KeyVersion::new(2),
            ..base
        },
    ]
}

#[test]
fn a_wrapped_key_unwraps_in_its_own_place_only() {
    let entropy = SeededEntropy::new(1);
    let (root, other_root, child) = (
        Key::generate(&entropy),
        Key::generate(&entropy),
        Key::generate(&entropy),
    );
    for (i, from) in contexts().iter().enumerate() {
        let wrapped = wrap(&root, &child, from, &entropy);
        let stored = WrappedKey::from_bytes(wrapped.as_bytes()).expect("our own bytes");
        for (j, to) in contexts().iter().enumerate() {
            let outcome = unwrap(&root, &stored, to);
            if i == j {
                assert_eq!(outcome.as_ref(), Ok(&child));
            } else {
                assert_eq!(outcome, Err(UnwrapError::Refused), "{from:?} in {to:?}");
            }
        }
        assert_eq!(
            unwrap(&other_root, &stored, from),
            Err(UnwrapError::Refused)
        );
    }
}

#[test]
fn every_bit_flip_of_a_wrapped_key_is_refused() {
    let entropy = SeededEntropy::new(1);
    let (root, child, context) = (
        Key::generate(&entropy),
        Key::generate(&entropy),
        contexts()[0],
    );
    let wrapped = wrap(&root, &child, &context, &entropy);
    for bit in 0..WrappedKey::LENGTH * 8 {
        let mut flipped = wrapped.as_bytes().to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let outcome =
            WrappedKey::from_bytes(&flipped).and_then(|wrapped| unwrap(&root, &wrapped, &context));
        assert!(outcome.is_err(), "bit {bit}");
    }
    let cut = WrappedKey::from_bytes(&wrapped.as_bytes()[1..]);
    assert_eq!(cut, Err(UnwrapError::Malformed));
}

#[test]
fn one_key_for_two_uses_gives_unrelated_bytes() {
    struct Zeros;
    impl Entropy for Zeros {
        fn fill(&self, out: &mut [u8]) {
            out.fill(0);
        }
    }
    // The same key and the same nonce for wrapping and for sealing: did both encrypt under the key
    // itself, the two key streams would be one.
    let (key, child) = (
        Key::generate(&SeededEntropy::new(1)),
        Key::generate(&SeededEntropy::new(2)),
    );
    let wrapped = wrap(&key, &child, &contexts()[0], &Zeros);
    let value_key = ValueKey::new(&key, KeyVersion::FIRST);
    let sealed = seal_value(&value_key, &place(1, 1, 1), child.expose(), &Zeros);
    assert_ne!(wrapped.as_bytes()[13..45], sealed.as_bytes()[17..49]);
}
