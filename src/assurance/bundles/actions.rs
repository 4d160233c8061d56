//! Taking a journal, or its newest head.

use crate::assurance::audit::actions::organisation;
use crate::identity::access::{Access, Denied, Permission};
use crate::msg;
use crate::platform::ids::OrgId;
use crate::platform::scope::{Caller, Scope};
use crate::platform::store::journal::bundle::{End, Planned, pieces, plan};
use crate::platform::store::journal::{SignedHead, signed_head};
use crate::platform::store::{BodyError, Entry, Store, StoreError};
use crate::platform::web::Problem;

const BUNDLED: &str = "journal.bundled";

#[derive(Debug, thiserror::Error)]
pub enum BundlesError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(StoreError),
    #[error(
        "there is no entry in that range: the journal has numbers from 0, given within a second of the change"
    )]
    Nothing,
    #[error("there is no organisation {0:?}: `--org` takes the short name that is in its address")]
    UnknownOrganisation(String),
}

impl From<StoreError> for BundlesError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl BodyError for BundlesError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<BundlesError> for Problem {
    fn from(error: BundlesError) -> Self {
        match error {
            BundlesError::Denied(denied) => denied.into(),
            BundlesError::Store(error) => error.into(),
            BundlesError::Nothing => Self::invalid(msg!("journal-bundle-nothing")).field("from"),
            BundlesError::UnknownOrganisation(_) => Self::not_found(),
        }
    }
}

/// What of a journal is wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// From this entry on; none: the first.
    pub from: Option<End>,
    /// Before this entry; none: to the newest.
    pub to: Option<End>,
    /// With the values that the entries commit to, as far as they were not erased.
    pub values: bool,
}

/// A bundle that is being written, piece by piece.
#[derive(Debug)]
pub struct Bundle {
    store: Store,
    scope: Scope,
    planned: Planned,
    values: bool,
    stage: Stage,
}

#[derive(Debug, Clone, Copy)]
enum Stage {
    Heading,
    Entries { next: u64 },
}

impl Bundle {
    /// The numbers of its entries.
    #[must_use]
    pub fn range(&self) -> std::ops::Range<u64> {
        self.planned.first..self.planned.end
    }

    /// Its next bytes; none at its end.
    ///
    /// # Errors
    /// Where the journal cannot be read, or is not what the head says.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, BundlesError> {
        match self.stage {
            Stage::Heading => {
                let next = self.planned.first;
                self.stage = Stage::Entries { next };
                Ok(Some(self.planned.heading()))
            }
            Stage::Entries { next } if next < self.planned.end => {
                let (end, values) = (self.planned.end, self.values);
                let (bytes, count) = self
                    .store
                    .read(self.scope, move |read| pieces(read, next, end, values))
                    .await?;
                self.stage = Stage::Entries { next: next + count };
                Ok(Some(bytes))
            }
            Stage::Entries { .. } => Ok(None),
        }
    }
}

/// Begins a bundle for somebody who reads the journal.
///
/// # Errors
/// [`BundlesError`].
pub async fn take(store: &Store, who: &Access, wanted: Wanted) -> Result<Bundle, BundlesError> {
    who.require(Permission::JournalRead)?;
    begin(store, who.caller(), wanted).await
}

/// Begins a bundle for whoever may act as `caller`: the operator's command line, after it found the organisation.
pub(super) async fn begin(
    store: &Store,
    caller: Caller,
    wanted: Wanted,
) -> Result<Bundle, BundlesError> {
    let planned = store
        .read(caller.scope, move |read| plan(read, wanted.from, wanted.to))
        .await?
        .ok_or(BundlesError::Nothing)?;
    let (first, end) = (planned.first, planned.end);
    store
        .write::<_, BundlesError, _>(caller, move |tx| {
            let organisation = tx.scope().organisation();
            let entry = Entry::new(BUNDLED, "journal", organisation)
                .fact("first", first)
                .fact("end", end)
                .fact("values", if wanted.values { "shown" } else { "hidden" });
            Ok(tx.commit(entry, ())?)
        })
        .await?;
    Ok(Bundle {
        store: store.clone(),
        scope: caller.scope,
        planned,
        values: wanted.values,
        stage: Stage::Heading,
    })
}

/// The newest head, signed, for somebody who reads the journal. None before the first entry has its number.
///
/// # Errors
/// [`BundlesError`].
pub async fn checkpoint(store: &Store, who: &Access) -> Result<Option<SignedHead>, BundlesError> {
    who.require(Permission::JournalRead)?;
    newest(store, who.scope()).await
}

pub(super) async fn newest(
    store: &Store,
    scope: Scope,
) -> Result<Option<SignedHead>, BundlesError> {
    Ok(store.read(scope, signed_head).await?)
}

/// The organisation with a short name.
pub(super) async fn named(store: &Store, slug: &str) -> Result<OrgId, BundlesError> {
    let found = organisation(store, slug).await?;
    found.ok_or_else(|| BundlesError::UnknownOrganisation(slug.to_owned()))
}
