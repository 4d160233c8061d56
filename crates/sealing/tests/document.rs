//! Attacks on sealed documents: chunks cut, moved, repeated, taken from elsewhere.

use std::io::{self, Cursor, Read, Write};

use countersign_sealing::document::{
    CHUNK_LENGTH, DocumentContext, DocumentError, DocumentKey, HEADER_LENGTH, Opener, RangeReader,
    Sealer, key_version, length_of, open_bytes, open_document, seal_bytes, seal_document,
};
use countersign_sealing::{Key, KeyVersion, OrganisationId, SeededEntropy};
use proptest::prelude::*;

const SEALED_CHUNK: usize = CHUNK_LENGTH + 16;
const CONTEXT: DocumentContext<'static> = DocumentContext {
    organisation: OrganisationId::from_bytes([1; 16]),
    document: &[2; 32],
};

fn key(version: u32) -> DocumentKey {
    DocumentKey::new(
        &Key::generate(&SeededEntropy::new(1)),
        KeyVersion::new(version),
    )
}

fn content(length: usize) -> Vec<u8> {
    (0..length)
        .map(|at| u8::try_from(at % 251).expect("below 251"))
        .collect()
}

fn sealed(plain: &[u8], salt_seed: u64) -> Vec<u8> {
    let mut out = Vec::new();
    let length = seal_document(
        &key(1),
        &CONTEXT,
        plain,
        &mut out,
        &SeededEntropy::new(salt_seed),
    )
    .expect("memory");
    assert_eq!(length, plain.len() as u64);
    out
}

#[test]
fn the_length_of_what_is_stored_tells_the_length_of_the_document() {
    for length in [
        0,
        1,
        CHUNK_LENGTH - 1,
        CHUNK_LENGTH,
        CHUNK_LENGTH + 1,
        3 * CHUNK_LENGTH,
    ] {
        let stored = sealed(&content(length), 3).len() as u64;
        assert_eq!(length_of(stored), Some(length as u64));
    }
    let cut = [
        0,
        HEADER_LENGTH,
        HEADER_LENGTH + 15,
        HEADER_LENGTH + SEALED_CHUNK + 15,
    ];
    for stored in cut {
        assert_eq!(length_of(stored as u64), None);
    }
}

fn opened(bytes: &[u8]) -> Result<Vec<u8>, DocumentError> {
    let mut out = Vec::new();
    open_document(&key(1), &CONTEXT, bytes, &mut out).map(|_| out)
}

/// Refused by all four ways of reading.
fn assert_refused(bytes: &[u8], attack: &str) {
    assert!(opened(bytes).is_err(), "{attack}: open_document");
    let whole = open_bytes(&key(1), &CONTEXT, bytes);
    assert!(whole.is_err(), "{attack}: open_bytes");
    let read = Opener::new(&key(1), &CONTEXT, bytes)
        .map_err(io::Error::other)
        .and_then(|mut opener| opener.read_to_end(&mut Vec::new()));
    assert!(read.is_err(), "{attack}: Opener");
    let ranges = RangeReader::new(&key(1), &CONTEXT, Cursor::new(bytes))
        .and_then(|mut ranges| ranges.read_range(0..u64::MAX));
    assert!(ranges.is_err(), "{attack}: RangeReader");
}

#[test]
fn documents_of_every_edge_length_come_back() {
    for length in [
        0,
        1,
        CHUNK_LENGTH - 1,
        CHUNK_LENGTH,
        CHUNK_LENGTH + 1,
        3 * CHUNK_LENGTH,
    ] {
        let plain = content(length);
        let bytes = sealed(&plain, 7);
        let chunks = length.div_ceil(CHUNK_LENGTH).max(1);
        assert_eq!(bytes.len(), HEADER_LENGTH + length + 16 * chunks);
        assert!(opened(&bytes).expect("whole") == plain, "{length}");
        let whole = seal_bytes(&key(1), &CONTEXT, &plain, &SeededEntropy::new(7));
        assert!(whole == bytes, "{length}: one form");
        assert!(open_bytes(&key(1), &CONTEXT, &whole).expect("whole") == plain);
        let mut read = Vec::new();
        Opener::new(&key(1), &CONTEXT, bytes.as_slice())
            .expect("header")
            .read_to_end(&mut read)
            .expect("whole");
        assert!(read == plain, "{length}");
        let mut ranges = RangeReader::new(&key(1), &CONTEXT, Cursor::new(&bytes)).expect("whole");
        assert_eq!(ranges.length(), length as u64);
        assert!(ranges.read_range(0..u64::MAX).expect("whole") == plain);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn pieces_written_and_ranges_read_do_not_matter(
        pieces in proptest::collection::vec(1usize..60_000, 0..6),
        from in 0u64..260_000, length in 0u64..150_000,
    ) {
        let plain = content(pieces.iter().sum());
        let mut sealer = Sealer::new(&key(1), &CONTEXT, Vec::new(), &SeededEntropy::new(7)).expect("memory");
        let mut rest = plain.as_slice();
        for piece in pieces {
            let (now, later) = rest.split_at(piece);
            sealer.write_all(now).expect("memory");
            sealer.flush().expect("memory");
            rest = later;
        }
        let bytes = sealer.finish().expect("memory");
        prop_assert!(bytes == sealed(&plain, 7));
        let mut ranges = RangeReader::new(&key(1), &CONTEXT, Cursor::new(&bytes)).expect("whole");
        let part = ranges.read_range(from..from + length).expect("whole");
        let start = usize::try_from(from).expect("small").min(plain.len());
        let end = usize::try_from(from + length).expect("small").min(plain.len());
        prop_assert!(part == plain[start..end]);
    }

    #[test]
    fn a_flipped_bit_anywhere_is_refused(bit in 0usize..(HEADER_LENGTH + 70_000 + 32) * 8) {
        let mut bytes = sealed(&content(70_000), 7);
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert_refused(&bytes, "bit flip");
    }

    #[test]
    fn a_cut_anywhere_is_refused(length in 0usize..HEADER_LENGTH + 2 * SEALED_CHUNK + 16) {
        assert_refused(&sealed(&content(2 * CHUNK_LENGTH), 7)[..length.min(HEADER_LENGTH + 2 * SEALED_CHUNK - 1)], "cut");
    }
}

/// Less than a tag is left of the last chunk, behind one and two whole ones; and nothing but a tag.
#[test]
fn a_cut_inside_the_last_chunks_tag_is_refused() {
    for whole in [0, 1, 2] {
        let bytes = sealed(&content(whole * CHUNK_LENGTH + 100), 7);
        opened(&bytes).expect("whole");
        for left in 0..=16 {
            let cut = &bytes[..HEADER_LENGTH + whole * SEALED_CHUNK + left];
            assert_refused(cut, &format!("{left} bytes behind {whole} chunks"));
        }
        let cut = &bytes[..HEADER_LENGTH + whole * SEALED_CHUNK + 5];
        let refused = open_bytes(&key(1), &CONTEXT, cut);
        let is_last =
            matches!(refused, Err(DocumentError::Refused { chunk }) if chunk == whole as u64);
        assert!(is_last, "{refused:?}");
    }
}

#[test]
fn chunks_cut_off_reordered_repeated_or_foreign_are_refused() {
    let bytes = sealed(&content(3 * CHUNK_LENGTH + 10), 7);
    let other = sealed(&content(3 * CHUNK_LENGTH + 10), 8);
    let (header, body) = bytes.split_at(HEADER_LENGTH);
    let chunk =
        |index: usize| &body[index * SEALED_CHUNK..((index + 1) * SEALED_CHUNK).min(body.len())];
    let foreign = &other[HEADER_LENGTH + SEALED_CHUNK..HEADER_LENGTH + 2 * SEALED_CHUNK];
    let attacks: [(&str, Vec<&[u8]>); 10] = [
        ("no chunk", vec![]),
        ("last chunk missing", vec![chunk(0), chunk(1), chunk(2)]),
        ("only the first", vec![chunk(0)]),
        ("first chunk missing", vec![chunk(1), chunk(2), chunk(3)]),
        ("middle chunk missing", vec![chunk(0), chunk(2), chunk(3)]),
        ("reordered", vec![chunk(1), chunk(0), chunk(2), chunk(3)]),
        (
            "repeated",
            vec![chunk(0), chunk(0), chunk(1), chunk(2), chunk(3)],
        ),
        (
            "last one twice",
            vec![chunk(0), chunk(1), chunk(2), chunk(3), chunk(3)],
        ),
        (
            "bytes after the end",
            vec![chunk(0), chunk(1), chunk(2), chunk(3), &[0]],
        ),
        (
            "a chunk of another sealing",
            vec![chunk(0), foreign, chunk(2), chunk(3)],
        ),
    ];
    for (name, chunks) in attacks {
        let mut forged = header.to_vec();
        forged.extend(chunks.concat());
        assert_refused(&forged, name);
    }
    let whole = [header, chunk(0), chunk(1), chunk(2), chunk(3)].concat();
    opened(&whole).expect("the pieces themselves are right");
    let swapped_header = [&other[..HEADER_LENGTH], body].concat();
    assert_refused(&swapped_header, "another document's header");
}

#[test]
fn another_document_organisation_key_or_version_is_refused() {
    let bytes = sealed(&content(100), 7);
    let contexts = [
        DocumentContext {
            document: &[3; 32],
            ..CONTEXT
        },
        DocumentContext {
            document: &[2; 31],
            ..CONTEXT
        },
        DocumentContext {
            organisation: OrganisationId::from_bytes([9; 16]),
            ..CONTEXT
        },
    ];
    for context in &contexts {
        let outcome = open_document(&key(1), context, bytes.as_slice(), io::sink());
        assert!(
            matches!(outcome, Err(DocumentError::Refused { chunk: 0 })),
            "{context:?}"
        );
    }
    let stranger = DocumentKey::new(&Key::generate(&SeededEntropy::new(2)), KeyVersion::FIRST);
    let outcome = open_document(&stranger, &CONTEXT, bytes.as_slice(), io::sink());
    assert!(matches!(outcome, Err(DocumentError::Refused { chunk: 0 })));
    let outcome = open_document(&key(2), &CONTEXT, bytes.as_slice(), io::sink());
    assert!(matches!(
        outcome,
        Err(DocumentError::WrongKeyVersion { .. })
    ));
    let mut forged = bytes.clone();
    forged[1..5].copy_from_slice(&2u32.to_be_bytes());
    assert_eq!(key_version(&forged).expect("header"), KeyVersion::new(2));
    let outcome = open_document(&key(2), &CONTEXT, forged.as_slice(), io::sink());
    assert!(matches!(outcome, Err(DocumentError::Refused { chunk: 0 })));
}

#[test]
fn an_unfinished_document_does_not_open() {
    let mut bytes = Vec::new();
    let mut sealer =
        Sealer::new(&key(1), &CONTEXT, &mut bytes, &SeededEntropy::new(7)).expect("memory");
    sealer
        .write_all(&content(2 * CHUNK_LENGTH))
        .expect("memory");
    drop(sealer);
    assert_refused(&bytes, "unfinished");
}

#[test]
fn a_refusal_stays_and_gives_no_byte_of_the_bad_chunk() {
    let mut bytes = sealed(&content(2 * CHUNK_LENGTH), 7);
    bytes[HEADER_LENGTH + SEALED_CHUNK] ^= 1;
    let mut opener = Opener::new(&key(1), &CONTEXT, bytes.as_slice()).expect("header");
    let mut out = Vec::new();
    let error = opener.read_to_end(&mut out).expect_err("flipped");
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    assert!(
        error
            .get_ref()
            .is_some_and(|inner| inner.is::<DocumentError>())
    );
    assert!(out == content(CHUNK_LENGTH));
    opener.read(&mut [0; 8]).expect_err("still refused");
}

#[test]
fn a_document_read_through_the_reader_keeps_its_reason_when_copied() {
    // An Opener as the source of another sealing (a rotation): the refusal comes through.
    let mut bytes = sealed(&content(10), 7);
    bytes[HEADER_LENGTH] ^= 1;
    let opener = Opener::new(&key(1), &CONTEXT, bytes.as_slice()).expect("header");
    let error = seal_document(
        &key(2),
        &CONTEXT,
        opener,
        io::sink(),
        &SeededEntropy::new(3),
    )
    .expect_err("the source was changed");
    assert!(matches!(
        DocumentError::from(error),
        DocumentError::Refused { chunk: 0 }
    ));
}
