//! Source documents: sealed chunk by chunk under their organisation's key, kept under the SHA-256 of their plaintext,
//! never changed (invariant 7).
//!
//! The bytes are on the disk before the transaction that names them commits; a blob that no row names is harmless.

mod folder;
mod store;

pub use folder::{Blob, DocumentsError, Folder as Documents};
pub use store::{Document, find, find_by_sha256, record};

use crate::ids;

ids! {
    /// A source document of one organisation.
    DocumentId,
}
