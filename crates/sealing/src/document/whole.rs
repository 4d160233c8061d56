//! Documents that are in memory as a whole: no buffer between, one pass over the bytes.

use super::{
    CHUNK_LENGTH, Chunks, DocumentContext, DocumentError, DocumentKey, FORMAT, HEADER_LENGTH,
    SALT_LENGTH, SEALED_CHUNK_LENGTH, length_of,
};
use crate::aead::TAG_LENGTH;
use crate::entropy::Entropy;

/// Seals a document. The same form as [`super::seal_document`] writes.
#[must_use]
pub fn seal_bytes(
    key: &DocumentKey,
    context: &DocumentContext<'_>,
    document: &[u8],
    entropy: &dyn Entropy,
) -> Vec<u8> {
    let mut salt = [0; SALT_LENGTH];
    entropy.fill(&mut salt);
    let chunks = Chunks::new(key, context, &salt);
    let chunk_count = document.len().div_ceil(CHUNK_LENGTH).max(1);
    let mut sealed = vec![0; HEADER_LENGTH + document.len() + chunk_count * TAG_LENGTH];
    let (header, body) = sealed.split_at_mut(HEADER_LENGTH);
    header[0] = FORMAT;
    header[1..5].copy_from_slice(&key.version().to_bytes());
    header[5..].copy_from_slice(&salt);
    let mut rest = document;
    for (index, out) in body.chunks_mut(SEALED_CHUNK_LENGTH).enumerate() {
        let (ciphertext, tag_out) = out.split_at_mut(out.len() - TAG_LENGTH);
        let (plain, later) = rest.split_at(ciphertext.len());
        let last = index + 1 == chunk_count;
        let tag = chunks.seal_into(index as u64, last, plain, ciphertext);
        tag_out.copy_from_slice(&tag);
        rest = later;
    }
    sealed
}

/// Opens a document, all of it or nothing.
///
/// # Errors
/// [`DocumentError`].
pub fn open_bytes(
    key: &DocumentKey,
    context: &DocumentContext<'_>,
    sealed: &[u8],
) -> Result<Vec<u8>, DocumentError> {
    let chunks = Chunks::from_header(key, context, sealed)?;
    let body = &sealed[HEADER_LENGTH..];
    let chunk_count = body.len().div_ceil(SEALED_CHUNK_LENGTH);
    // None where less than a tag is left of the last chunk, which the sum of the lengths does not show.
    let length = length_of(sealed.len() as u64).and_then(|length| usize::try_from(length).ok());
    let length = length.ok_or(DocumentError::Refused {
        chunk: chunk_count.saturating_sub(1) as u64,
    })?;
    let mut document = vec![0; length];
    let mut rest = document.as_mut_slice();
    for (index, chunk) in body.chunks(SEALED_CHUNK_LENGTH).enumerate() {
        let refused = DocumentError::Refused {
            chunk: index as u64,
        };
        let Some(chunk_length) = chunk.len().checked_sub(TAG_LENGTH) else {
            return Err(refused);
        };
        let Some((plain, later)) = rest.split_at_mut_checked(chunk_length) else {
            return Err(refused);
        };
        chunks.open_into(index as u64, index + 1 == chunk_count, chunk, plain)?;
        rest = later;
    }
    Ok(document)
}
