//! Authentication codes that a holder of the database cannot make: over journal entries, heads, and every journaled row.
//!
//! The key is the installation's, wrapped by the field root. A row's code is renewed by the transaction that changes the
//! row; whoever is about to act on a row checks it first ([`super::Reads::authentic`]). An old row put back with its old
//! code passes here, and is found by the journal's verifier.

use countersign_sealing::{Key, RecordKey};
use zeroize::Zeroizing;

use crate::platform::ids::OrgId;

const ENTRY: &str = "journal entry/v1";
const HEAD: &str = "journal head/v1";
const ROW: &str = "row/v1";
const INSTALLATION: &str = "installation/v1";
const SIGNING: &str = "journal signing key/v1";
const SIGNING_ML_DSA: &str = "journal signing key/ml-dsa-44/v1";

/// The installation's integrity key, as it makes codes.
#[derive(Debug)]
pub struct Integrity(RecordKey);

impl Integrity {
    #[must_use]
    pub fn new(key: &Key) -> Self {
        Self(RecordKey::of(key))
    }

    /// What names the installation for ever, and says nothing of its key.
    #[must_use]
    pub fn installation(&self) -> [u8; 32] {
        self.0.mac(INSTALLATION, &[])
    }

    pub(super) fn entry(&self, organisation: OrgId, canonical: &[u8]) -> [u8; 32] {
        self.0.mac(ENTRY, &[organisation.as_bytes(), canonical])
    }

    pub(super) fn is_entry(&self, organisation: OrgId, canonical: &[u8], code: &[u8]) -> bool {
        self.0
            .verify(ENTRY, &[organisation.as_bytes(), canonical], code)
            .is_ok()
    }

    pub(super) fn is_head(
        &self,
        organisation: OrgId,
        epoch: i64,
        size: i64,
        root: &[u8],
        code: &[u8],
    ) -> bool {
        let (epoch, size) = (epoch.to_be_bytes(), size.to_be_bytes());
        let parts = [organisation.as_bytes().as_slice(), &epoch, &size, root];
        self.0.verify(HEAD, &parts, code).is_ok()
    }

    pub(super) fn head(&self, organisation: OrgId, epoch: i64, size: i64, root: &[u8]) -> [u8; 32] {
        let (epoch, size) = (epoch.to_be_bytes(), size.to_be_bytes());
        self.0
            .mac(HEAD, &[organisation.as_bytes(), &epoch, &size, root])
    }

    /// The seed of the key that signs an organisation's heads. One organisation's says nothing of another's.
    pub(super) fn signing_seed(&self, organisation: OrgId) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.mac(SIGNING, &[organisation.as_bytes()]))
    }

    /// The seed of the second key that signs the same heads, by ML-DSA-44 (FIPS 204).
    pub(super) fn second_signing_seed(&self, organisation: OrgId) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.mac(SIGNING_ML_DSA, &[organisation.as_bytes()]))
    }

    pub(super) fn row(
        &self,
        organisation: OrgId,
        table: &str,
        id: &str,
        content: &[u8],
    ) -> [u8; 32] {
        let parts = [
            organisation.as_bytes().as_slice(),
            table.as_bytes(),
            id.as_bytes(),
            content,
        ];
        self.0.mac(ROW, &parts)
    }
}
