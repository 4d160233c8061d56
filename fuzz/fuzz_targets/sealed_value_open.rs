//! Any bytes as a sealed value, a wrapped key and a sealed document: none may open.

#![no_main]

use std::io::{Cursor, sink};

use countersign_sealing::document::{DocumentContext, DocumentKey, RangeReader, open_document};
use countersign_sealing::{
    FieldNumber, Hierarchy, Key, KeyVersion, OrganisationId, Place, RowId, Sealed, ValueKey,
    WrapContext, WrappedKey, open_value, unwrap,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let key = Key::from_slice(&[7; 32]).expect("32 bytes");
    let organisation = OrganisationId::from_bytes([1; 16]);
    if let Ok(sealed) = Sealed::<String>::from_bytes(bytes.to_vec()) {
        let place = Place {
            field: FieldNumber::new(1),
            organisation,
            row: RowId::from_bytes([2; 16]),
        };
        // Under the version that the bytes name, so that the authentication itself is reached.
        let value_key = ValueKey::new(&key, sealed.key_version());
        assert!(
            open_value(&value_key, &place, &sealed).is_err(),
            "forged value"
        );
    }
    if let Ok(wrapped) = WrappedKey::from_bytes(bytes) {
        let context = WrapContext {
            hierarchy: Hierarchy::Field,
            organisation,
            purpose: "values",
            subject: None,
            version: KeyVersion::FIRST,
        };
        assert!(unwrap(&key, &wrapped, &context).is_err(), "forged key");
    }
    let document_key = DocumentKey::new(&key, KeyVersion::FIRST);
    let context = DocumentContext {
        organisation,
        document: &[3; 32],
    };
    assert!(
        open_document(&document_key, &context, bytes, sink()).is_err(),
        "forged document"
    );
    assert!(RangeReader::new(&document_key, &context, Cursor::new(bytes)).is_err());
});
