//! The rows that name documents.

use countersign_sealing::Hierarchy;

use super::Blob;
use super::DocumentId;
use crate::params;
use crate::platform::clock::Micros;
use crate::platform::keys::versions::{DOCUMENTS, must_live};
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::row;

const INSERT: Sql = Sql::change(
    "documents",
    "INSERT INTO documents (org_id, id, sha256, size_bytes, media_type, file_name, key_version, received_us) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (org_id, sha256) DO NOTHING RETURNING id",
);
const FIND: Sql = Sql::read(
    "SELECT id, sha256, size_bytes, media_type, file_name, received_us FROM documents WHERE org_id = $1 AND id = $2",
);
const FIND_BY_SHA256: Sql = Sql::read(
    "SELECT id, sha256, size_bytes, media_type, file_name, received_us FROM documents WHERE org_id = $1 AND sha256 = $2",
);

// A row may name an older version than its file's header does: a restore put back the database and not the files. What the row
// names is the oldest that may be needed.
const COUNT: Sql =
    Sql::read("SELECT COUNT(*) FROM documents WHERE org_id = $1 AND key_version <= $2");
const UNDER: Sql = Sql::read(
    "SELECT id, sha256 FROM documents WHERE org_id = $1 AND key_version <= $2 AND id > $3 ORDER BY id LIMIT 20",
);
const RESEALED: Sql = Sql::change(
    "documents",
    "UPDATE documents SET key_version = $3 WHERE org_id = $1 AND id = $2 AND key_version <= $4 RETURNING id",
);

row! {
    /// A document as its row tells it; the bytes are in [`super::Documents`].
    #[derive(Debug, Clone)]
    pub struct Document {
        pub id: DocumentId,
        pub sha256: [u8; 32],
        pub size_bytes: i64,
        /// What the content is, not what the file's name says.
        pub media_type: String,
        /// As the sender named it.
        pub file_name: String,
        pub received_us: Micros,
    }
}

/// Names a stored blob; gives the document that is there already where the bytes are known.
pub fn record(
    tx: &mut Tx<'_>,
    blob: &Blob,
    media_type: &str,
    file_name: &str,
) -> Result<(Document, bool), StoreError> {
    // Within this transaction: the version is not destroyed before the row that needs it is counted.
    must_live(tx, Hierarchy::Storage, DOCUMENTS, blob.key_version)?;
    let id: DocumentId = tx.id();
    let now = tx.now();
    let params = params![
        id,
        blob.sha256,
        blob.size_bytes,
        media_type,
        file_name,
        blob.key_version,
        now
    ];
    let is_new = tx.change(&INSERT, params)? == 1;
    let document = find_by_sha256(tx, blob.sha256)?.ok_or(StoreError::Missing)?;
    Ok((document, is_new))
}

/// One document; `Missing` where it is not there.
pub fn find(reads: &mut impl Reads, id: DocumentId) -> Result<Document, StoreError> {
    reads.one(&FIND, params![id])
}

/// The document with these bytes, if there is one.
pub fn find_by_sha256(
    reads: &mut impl Reads,
    sha256: [u8; 32],
) -> Result<Option<Document>, StoreError> {
    reads.maybe(&FIND_BY_SHA256, params![sha256])
}

/// How many documents this version of the organisation's key seals, or an older one, as their rows tell it.
pub fn count(reads: &mut impl Reads, version: i64) -> Result<i64, StoreError> {
    let (count,): (i64,) = reads.one(&COUNT, params![version])?;
    Ok(count)
}

/// A page of those documents.
pub(super) fn under(
    reads: &mut impl Reads,
    version: i64,
    after: &str,
) -> Result<Vec<(String, [u8; 32])>, StoreError> {
    reads.all(&UNDER, params![version, after])
}

/// The document's file is sealed under another version now. Nothing where somebody else has said so.
pub(super) fn resealed(
    tx: &mut Tx<'_>,
    id: &str,
    (was, is): (i64, i64),
) -> Result<usize, StoreError> {
    tx.change(&RESEALED, params![id, is, was])
}
