//! Documents sealed chunk by chunk, so that one of any size passes in 64 KiB of memory and a part of
//! it can be read without the rest.
//!
//! A sealed document is a header and its chunks:
//!
//! ```text
//! header   format (1 byte) | key version (4, big-endian) | salt (32)
//! chunk    65,536 bytes of the document, the last one 0 to 65,536, and a tag (16)
//! ```
//!
//! Each document has a key of its own, derived by HKDF-SHA256 from its organisation's document key
//! and the random salt. A chunk's nonce is its number and whether it is the last one (the STREAM
//! construction: Hoang, Reyhanitabar, Rogaway, Vizár, "Online Authenticated-Encryption and its Nonce-Reuse
//! Misuse-Resistance", 2015), its associated data the organisation, the document and the key version.
//! Chunks that are cut off, reordered, repeated or taken from another document do not open.
//!
//! Buffers are not wiped: a document's bytes pass through parsers and sockets anyway. Its key is.

mod opener;
mod range;
mod sealer;
mod whole;

use std::io::{self, Read, Write};

pub use opener::Opener;
pub use range::RangeReader;
pub use sealer::Sealer;
pub use whole::{open_bytes, seal_bytes};

use crate::aead::{Cipher, NONCE_LENGTH, NotAuthentic, TAG_LENGTH};
use crate::encoding::parts;
use crate::entropy::Entropy;
use crate::key::{Key, KeyVersion, derive_for};
use crate::place::OrganisationId;

/// Document bytes in every chunk but the last.
pub const CHUNK_LENGTH: usize = 64 * 1024;
/// Bytes before the first chunk.
pub const HEADER_LENGTH: usize = 1 + 4 + SALT_LENGTH;

const SEALED_CHUNK_LENGTH: usize = CHUNK_LENGTH + TAG_LENGTH;
const SALT_LENGTH: usize = 32;
const FORMAT: u8 = 1;

/// An organisation's document key at one version.
#[derive(Debug)]
pub struct DocumentKey {
    key: Key,
    version: KeyVersion,
}

impl DocumentKey {
    /// Prepares `key`, which is version `version` of the organisation's document key.
    #[must_use]
    pub fn new(key: &Key, version: KeyVersion) -> DocumentKey {
        DocumentKey {
            key: derive_for(key, &[], "document"),
            version,
        }
    }

    /// The version that documents sealed under it name.
    #[must_use]
    pub fn version(&self) -> KeyVersion {
        self.version
    }
}

/// Which document it is. Authenticated with every chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentContext<'a> {
    /// Whose document it is.
    pub organisation: OrganisationId,
    /// What names it for ever: the SHA-256 of its bytes, or its id where it is sealed before the
    /// hash is known.
    pub document: &'a [u8],
}

/// Why a sealed document could not be read.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The header has no format that is known.
    #[error(
        "this is not a sealed document of a known format; it was cut short, or written by a newer version of \
         Countersign. Restore the file from a backup"
    )]
    Malformed,
    /// The document names another key version than the one offered.
    #[error(
        "the document is sealed under version {sealed_under} of its key, version {offered} was offered"
    )]
    WrongKeyVersion {
        /// The version that the document names.
        sealed_under: KeyVersion,
        /// The version of the key given to open it.
        offered: KeyVersion,
    },
    /// A chunk's authentication failed.
    #[error(
        "the sealed document was refused at chunk {chunk} (of 64 KiB, from 0): it was changed, cut short, put \
         together from parts, or belongs to another document or organisation. Restore the file from a backup"
    )]
    Refused {
        /// The first chunk that did not open, counted from 0.
        chunk: u64,
    },
    /// Reading or writing failed.
    #[error("a sealed document could not be read or written")]
    Io(#[source] io::Error),
}

impl From<io::Error> for DocumentError {
    /// The reverse of how [`Opener`] reports through [`Read`]: a refusal comes back as what it was.
    fn from(error: io::Error) -> DocumentError {
        error
            .downcast::<DocumentError>()
            .unwrap_or_else(DocumentError::Io)
    }
}

impl DocumentError {
    /// As an error of [`Read`]: what is no IO failure becomes [`io::ErrorKind::InvalidData`].
    fn into_io(self) -> io::Error {
        match self {
            DocumentError::Io(error) => error,
            refused => io::Error::new(io::ErrorKind::InvalidData, refused),
        }
    }
}

/// The version of the key that a sealed document names, read from its first [`HEADER_LENGTH`] bytes.
/// Not authenticated until a chunk has been opened.
///
/// # Errors
/// [`DocumentError::Malformed`] where the header is short or of an unknown format.
pub fn key_version(header: &[u8]) -> Result<KeyVersion, DocumentError> {
    match header.first_chunk::<HEADER_LENGTH>() {
        Some([FORMAT, a, b, c, d, ..]) => Ok(KeyVersion::new(u32::from_be_bytes([*a, *b, *c, *d]))),
        _ => Err(DocumentError::Malformed),
    }
}

/// How long the document is of which `sealed_length` bytes are stored; none where so many are no sealed document.
/// Proved only by opening it to its end.
#[must_use]
pub fn length_of(sealed_length: u64) -> Option<u64> {
    let body = sealed_length.checked_sub(HEADER_LENGTH as u64)?;
    let chunk_count = body.div_ceil(SEALED_CHUNK_LENGTH as u64);
    let tags = chunk_count * TAG_LENGTH as u64;
    // A body with no chunk, or with less than a tag as its last one, was cut short.
    let short = chunk_count == 0
        || body - (chunk_count - 1) * (SEALED_CHUNK_LENGTH as u64) < TAG_LENGTH as u64;
    if short { None } else { body.checked_sub(tags) }
}

/// Seals all of `reader` into `writer` and gives the number of document bytes.
///
/// # Errors
/// Those of reading and writing. What was written up to then does not open.
pub fn seal_document(
    key: &DocumentKey,
    context: &DocumentContext<'_>,
    mut reader: impl Read,
    writer: impl Write,
    entropy: &dyn Entropy,
) -> io::Result<u64> {
    let mut sealer = Sealer::new(key, context, writer, entropy)?;
    let length = sealer.seal_all(&mut reader)?;
    sealer.finish()?;
    Ok(length)
}

/// Opens all of `reader` into `writer` and gives the number of document bytes.
///
/// Each chunk is authenticated before it is written, but that the document is whole is known only on
/// `Ok`: whoever hands the bytes to something that cannot be undone waits for it.
///
/// # Errors
/// [`DocumentError`].
pub fn open_document(
    key: &DocumentKey,
    context: &DocumentContext<'_>,
    reader: impl Read,
    mut writer: impl Write,
) -> Result<u64, DocumentError> {
    let mut opener = Opener::new(key, context, reader)?;
    let mut length = 0;
    while let Some(chunk) = opener.next_chunk()? {
        writer.write_all(chunk)?;
        length += chunk.len() as u64;
    }
    Ok(length)
}

/// What seals and opens the chunks of one document.
#[derive(Debug)]
struct Chunks {
    cipher: Cipher,
    associated_data: Vec<u8>,
}

impl Chunks {
    fn new(key: &DocumentKey, context: &DocumentContext<'_>, salt: &[u8]) -> Chunks {
        Chunks {
            cipher: Cipher::new(&derive_for(&key.key, salt, "document chunks")),
            associated_data: parts(&[
                b"countersign/document/v1",
                context.organisation.as_bytes(),
                context.document,
                &key.version.to_bytes(),
            ]),
        }
    }

    /// Reads the header and prepares for what follows it.
    fn from_header(
        key: &DocumentKey,
        context: &DocumentContext<'_>,
        header: &[u8],
    ) -> Result<Chunks, DocumentError> {
        let sealed_under = key_version(header)?;
        if sealed_under != key.version {
            return Err(DocumentError::WrongKeyVersion {
                sealed_under,
                offered: key.version,
            });
        }
        Ok(Chunks::new(
            key,
            context,
            &header[HEADER_LENGTH - SALT_LENGTH..HEADER_LENGTH],
        ))
    }

    fn seal(&self, index: u64, last: bool, in_out: &mut [u8]) -> [u8; TAG_LENGTH] {
        self.cipher
            .seal(nonce(index, last), &self.associated_data, in_out)
    }

    fn seal_into(
        &self,
        index: u64,
        last: bool,
        plain: &[u8],
        ciphertext: &mut [u8],
    ) -> [u8; TAG_LENGTH] {
        self.cipher
            .seal_into(nonce(index, last), &self.associated_data, plain, ciphertext)
    }

    /// Opens a chunk with its tag at the end into `plain`, which takes its length.
    fn open(
        &self,
        index: u64,
        last: bool,
        sealed: &[u8],
        plain: &mut Vec<u8>,
    ) -> Result<(), DocumentError> {
        let length = sealed
            .len()
            .checked_sub(TAG_LENGTH)
            .ok_or(DocumentError::Refused { chunk: index })?;
        plain.resize(length, 0);
        self.open_into(index, last, sealed, plain)
    }

    /// Opens a chunk of `plain`'s length and its tag.
    fn open_into(
        &self,
        index: u64,
        last: bool,
        sealed: &[u8],
        plain: &mut [u8],
    ) -> Result<(), DocumentError> {
        let refused = |NotAuthentic| DocumentError::Refused { chunk: index };
        let (ciphertext, tag) = sealed.split_at(plain.len());
        self.cipher
            .open(
                nonce(index, last),
                &self.associated_data,
                ciphertext,
                tag,
                plain,
            )
            .map_err(refused)
    }
}

/// A chunk's nonce: 3 zeros | number (8, big-endian) | 1 for the last chunk. The key is the
/// document's own, so that no nonce comes twice.
fn nonce(index: u64, last: bool) -> [u8; NONCE_LENGTH] {
    let mut nonce = [0; NONCE_LENGTH];
    nonce[3..11].copy_from_slice(&index.to_be_bytes());
    nonce[11] = u8::from(last);
    nonce
}

/// Reads until `buffer` is full or the source ends, and gives the number of bytes.
fn read_full(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match reader.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
