//! Reading the tree.

use countersign_translog::proof::Proof;

use crate::identity::access::{Access, Denied, Permission};
use crate::platform::store::journal::proofs::{self, Wanted};
use crate::platform::store::journal::{SignedHead, signed_head};
use crate::platform::store::{Store, StoreError};
use crate::platform::web::Problem;

#[derive(Debug, thiserror::Error)]
pub enum ProofsError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("there is no such head, tile or entry")]
    Nothing,
}

impl From<ProofsError> for Problem {
    fn from(error: ProofsError) -> Self {
        match error {
            ProofsError::Denied(denied) => denied.into(),
            ProofsError::Store(error) => error.into(),
            ProofsError::Nothing => Self::not_found(),
        }
    }
}

/// The newest head, signed.
///
/// # Errors
/// [`ProofsError::Nothing`] before the first entry has its number.
pub async fn head(store: &Store, who: &Access) -> Result<SignedHead, ProofsError> {
    who.require(Permission::JournalRead)?;
    let signed = store.read(who.scope(), signed_head).await?;
    signed.ok_or(ProofsError::Nothing)
}

/// A tile or a bundle of entries by its path below the log's address.
///
/// # Errors
/// [`ProofsError::Nothing`] where the path names none, or the tree has not that many entries yet.
pub async fn tile(store: &Store, who: &Access, path: &str) -> Result<Vec<u8>, ProofsError> {
    who.require(Permission::JournalRead)?;
    let wanted = Wanted::parse(path).ok_or(ProofsError::Nothing)?;
    let tile = store
        .read(who.scope(), move |read| proofs::tile(read, wanted))
        .await?;
    tile.ok_or(ProofsError::Nothing)
}

/// The proof of one entry.
///
/// # Errors
/// [`ProofsError::Nothing`] where no entry has this number.
pub async fn proof(store: &Store, who: &Access, number: u64) -> Result<Proof, ProofsError> {
    who.require(Permission::JournalRead)?;
    let proof = store
        .read(who.scope(), move |read| proofs::proof(read, number))
        .await?;
    proof.ok_or(ProofsError::Nothing)
}
