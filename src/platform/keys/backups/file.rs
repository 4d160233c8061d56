//! The file of a backup, in a form of its own:
//!
//! ```text
//! head      "CSNKEYS" | format (1 byte) | installation (32) | backup (16) | made (8) | expires (8)   numbers big-endian, microseconds
//! key       length (2, big-endian) | the file's key, as the field root wrapped it
//! contents  JSON, sealed as a document is (AES-256-GCM, chunk by chunk)
//! ```
//!
//! The head is associated data of the contents, and the root wrapped the key for the head's SHA-256: no bit of it can be changed.

use std::path::Path;

use aws_lc_rs::digest::{SHA256, digest};
use countersign_sealing::document::{DocumentContext, DocumentKey, open_bytes, seal_bytes};
use countersign_sealing::{
    Entropy, Hierarchy, Key, KeyVersion, OrganisationId, SubjectId, WrapContext,
};

use super::account::Backup;
use super::contents::Contents;
use super::{BackupError, io_at};
use crate::platform::clock::Micros;
use crate::platform::ids::{BackupId, Id as _, OrgId};
use crate::platform::keys::Roots;

const MAGIC: &[u8; 8] = b"CSNKEYS\x01";
pub(super) const HEAD_LENGTH: usize = 8 + 32 + 16 + 8 + 8;

/// What a file says before it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) installation: [u8; 32],
    pub(super) backup: Backup,
}

impl Head {
    fn to_bytes(self) -> [u8; HEAD_LENGTH] {
        let backup = self.backup;
        let (made, expires) = (backup.made.0.to_be_bytes(), backup.expires.0.to_be_bytes());
        let parts: [&[u8]; 5] = [
            MAGIC,
            &self.installation,
            backup.id.as_bytes(),
            &made,
            &expires,
        ];
        let mut bytes = [0; HEAD_LENGTH];
        bytes.copy_from_slice(&parts.concat());
        bytes
    }

    /// None where this is no head of a format that is known.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (installation, rest) = rest.split_first_chunk::<32>()?;
        let (id, rest) = rest.split_first_chunk::<16>()?;
        let (made, rest) = rest.split_first_chunk::<8>()?;
        let expires = rest.first_chunk::<8>()?;
        Some(Self {
            installation: *installation,
            backup: Backup {
                id: BackupId::from_uuid(uuid::Uuid::from_bytes(*id)),
                made: Micros(i64::from_be_bytes(*made)),
                expires: Micros(i64::from_be_bytes(*expires)),
            },
        })
    }
}

/// Where the file's key is wrapped for.
fn place(head: &[u8]) -> WrapContext<'static> {
    let mut name = [0; 16];
    name.copy_from_slice(&digest(&SHA256, head).as_ref()[..16]);
    WrapContext {
        hierarchy: Hierarchy::Field,
        organisation: system(),
        purpose: "key-backup",
        subject: Some(SubjectId::from_bytes(name)),
        version: KeyVersion::FIRST,
    }
}

fn system() -> OrganisationId {
    OrganisationId::from_bytes(*OrgId::SYSTEM.as_bytes())
}

const fn context(head: &[u8], organisation: OrganisationId) -> DocumentContext<'_> {
    DocumentContext {
        organisation,
        document: head,
    }
}

/// The bytes of a file.
pub(super) async fn seal(
    roots: &Roots,
    head: Head,
    contents: &Contents,
    entropy: &dyn Entropy,
) -> Result<Vec<u8>, BackupError> {
    let head = head.to_bytes();
    let key = Key::generate(entropy);
    let root = roots.at(Hierarchy::Field);
    let wrapped = root.wrap(&key, &place(&head), entropy).await;
    let wrapped = wrapped.map_err(BackupError::Root)?;
    let length = u16::try_from(wrapped.len()).expect("no root wraps 32 bytes in more than 64 KiB");
    let json = serde_json::to_vec(contents).expect("texts and numbers are JSON");
    let key = DocumentKey::new(&key, KeyVersion::FIRST);
    let sealed = seal_bytes(&key, &context(&head, system()), &json, entropy);
    let length = length.to_be_bytes();
    Ok([&head[..], &length[..], &wrapped[..], &sealed[..]].concat())
}

/// A backup that was opened: whole, of this installation, and under its root. Whether it has expired is another question.
#[derive(Debug)]
pub struct Opened {
    pub backup: Backup,
    pub contents: Contents,
}

/// Reads and opens a file, for the installation that has this name.
///
/// # Errors
/// Where it is none, another installation's, altered, or under another root.
pub async fn open(
    roots: &Roots,
    path: &Path,
    installation: &[u8; 32],
) -> Result<Opened, BackupError> {
    let bytes = std::fs::read(path).map_err(io_at(path, "reading it"))?;
    let malformed = || BackupError::Malformed {
        path: path.to_owned(),
    };
    let refused = || BackupError::Refused {
        path: path.to_owned(),
    };
    let (head, rest) = bytes
        .split_first_chunk::<HEAD_LENGTH>()
        .ok_or_else(malformed)?;
    let said = Head::parse(head).ok_or_else(malformed)?;
    if said.installation != *installation {
        return Err(BackupError::Foreign {
            path: path.to_owned(),
        });
    }
    let (length, rest) = rest.split_first_chunk::<2>().ok_or_else(malformed)?;
    let length = usize::from(u16::from_be_bytes(*length));
    let (wrapped, sealed) = rest.split_at_checked(length).ok_or_else(malformed)?;
    let key = match roots.unwrap(wrapped, &place(head)).await {
        Ok((key, _)) => key,
        Err(error) if error.is_foreign() => return Err(refused()),
        Err(error) => return Err(BackupError::Root(error)),
    };
    let key = DocumentKey::new(&key, KeyVersion::FIRST);
    let json = open_bytes(&key, &context(head, system()), sealed).map_err(|_| refused())?;
    Ok(Opened {
        backup: said.backup,
        contents: serde_json::from_slice(&json).map_err(|_| malformed())?,
    })
}

#[cfg(test)]
mod tests {
    use countersign_sealing::SeededEntropy;
    use countersign_sealing::document::{CHUNK_LENGTH, HEADER_LENGTH};

    use super::super::contents::{OfOrganisation, OwnKeyRow};
    use super::*;

    fn head() -> Head {
        Head {
            installation: [7; 32],
            backup: Backup {
                id: BackupId::from_uuid(uuid::Uuid::from_bytes([9; 16])),
                made: Micros(1),
                expires: Micros(-2),
            },
        }
    }

    #[test]
    fn a_head_is_read_as_it_was_written() {
        let head = head();
        let bytes = head.to_bytes();
        assert_eq!(Head::parse(&bytes), Some(head));
        assert_eq!(Head::parse(&bytes[..HEAD_LENGTH - 1]), None);
        let mut newer = bytes;
        newer[7] = 2;
        assert_eq!(Head::parse(&newer), None);
    }

    /// More than one chunk, so that a whole one stands before the cut.
    #[tokio::test]
    async fn a_file_that_was_cut_inside_its_last_tag_is_refused() {
        let folder = format!("countersign-cut-backup-{}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("the temporary folder is ours");
        let entropy = SeededEntropy::new(1);
        let (storage, field) = (folder.join("storage"), folder.join("field"));
        let roots = Roots::open(&storage, &field, true, &entropy).expect("a fresh folder");
        let key = OwnKeyRow {
            id: "a".to_owned(),
            hierarchy: "field".to_owned(),
            purpose: "values".to_owned(),
            subject: String::new(),
            version: 1,
            wrapped: vec![7; CHUNK_LENGTH],
            created_us: 1,
            activated_us: None,
            destroyed_us: None,
        };
        let contents = Contents {
            organisations: vec![OfOrganisation {
                organisation: OrgId::SYSTEM,
                keys: vec![key],
                subjects: Vec::new(),
                ledger: Vec::new(),
            }],
        };
        let bytes = seal(&roots, head(), &contents, &entropy).await;
        let bytes = bytes.expect("it is sealed");
        let path = folder.join("cut.backup");
        std::fs::write(&path, &bytes).expect("ours");
        let opened = open(&roots, &path, &[7; 32]).await.expect("whole");
        assert_eq!(opened.contents.count(), 1);

        let (_, rest) = bytes
            .split_first_chunk::<HEAD_LENGTH>()
            .expect("it has a head");
        let wrapped = rest.first_chunk::<2>().expect("it has a key");
        let sealed = HEAD_LENGTH + 2 + usize::from(u16::from_be_bytes(*wrapped));
        let whole = sealed + HEADER_LENGTH + CHUNK_LENGTH + 16;
        for left in 0..=16 {
            std::fs::write(&path, &bytes[..whole + left]).expect("ours");
            let refused = open(&roots, &path, &[7; 32]).await;
            let is_refused = matches!(refused, Err(BackupError::Refused { .. }));
            assert!(is_refused, "{left}: {refused:?}");
        }
    }
}
