//! What can go wrong with stored documents. No message holds anything of a document's content.

use std::io;

use countersign_sealing::document::DocumentError;

use super::s3::BucketError;

#[derive(Debug, thiserror::Error)]
pub enum DocumentsError {
    #[error("the place of documents cannot be written or read: {place}")]
    Io {
        place: String,
        #[source]
        source: io::Error,
    },
    #[error("there is no such document: {place}. Restore it from a backup")]
    Missing { place: String },
    #[error("a stored document does not open: {place}")]
    Sealed {
        place: String,
        #[source]
        source: DocumentError,
    },
    #[error("a stored document is not the one that its name promises: {place}")]
    Other { place: String },
    #[error("the object store cannot be used: {place}. `countersign doctor` says how to mend it")]
    Bucket {
        place: String,
        #[source]
        source: BucketError,
    },
    #[error("the work was cut off")]
    Cancelled,
}

impl DocumentsError {
    pub(super) fn io(place: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let place = place.into();
        move |source| Self::Io { place, source }
    }

    /// An error of reading through an opener, which may be a refusal of what was read.
    pub(super) fn opening(place: impl Into<String>) -> impl FnOnce(DocumentError) -> Self {
        let place = place.into();
        move |error| match error {
            DocumentError::Io(source) => Self::Io { place, source },
            source => Self::Sealed { place, source },
        }
    }

    /// Whether the bytes are there, and are not what was stored: writing them anew mends it.
    pub(super) fn is_damage(&self) -> bool {
        matches!(self, Self::Sealed { .. } | Self::Other { .. })
    }
}
