//! Keeping heads elsewhere, and declaring that a backup was put back.

mod keep;

pub use keep::{Alarm, KeepError, Keeping, Wrong, hourly, keep, keep_now, kept, read, standing};

use countersign_translog::epoch::{Head, Rollback};
use countersign_translog::merkle::verify_consistency;

use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::OrgId;
use crate::platform::scope::{CredentialKind, Scope};
use crate::platform::store::journal::SignedHead;
use crate::platform::store::journal::proofs::growth;
use crate::platform::store::journal::restored::{
    NotDeclared, Restored, claimed, declare, rollbacks,
};
use crate::platform::store::{Read, Store, StoreError};

/// How a journal's newest head stands to the one that was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is to be kept now: it is newer, or none was kept.
    Newer,
    /// It is the one that was kept.
    Same,
    /// The one that was kept counts more entries, or is of a later epoch.
    Behind {
        /// The entries of the kept one.
        size: u64,
    },
    /// The journal's first entries, as many as the kept one counts, are others, and no restore declares that it was given up.
    Rewritten {
        /// The entries of the kept one.
        size: u64,
    },
    /// What was kept is no head of this journal.
    NoHead,
}

/// A journal's newest head, held against the one that was kept; none where nothing is numbered yet.
///
/// # Errors
/// The store's, and where the journal does not give what its own head says.
pub async fn hold(
    store: &Store,
    organisation: OrgId,
    kept: Option<Vec<u8>>,
) -> Result<Option<(SignedHead, Kept)>, StoreError> {
    store
        .read(Scope::of(organisation), move |read| {
            let Some((newest, _)) = growth(read, 0)? else {
                return Ok(None);
            };
            let Some(kept) = kept.as_deref() else {
                return Ok(Some((newest, Kept::Newer)));
            };
            let Some(head) = parsed(&newest, kept) else {
                return Ok(Some((newest, Kept::NoHead)));
            };
            let stands = stands(read, &newest, &head)?;
            Ok(Some((newest, stands)))
        })
        .await
}

/// How the journal stands to a head that was kept, and of which moment that is; none where it is no head of this journal.
fn kept_at(read: &mut Read<'_>, kept: &[u8]) -> Result<Option<(Kept, Micros)>, StoreError> {
    let Some((newest, _)) = growth(read, 0)? else {
        return Ok(None);
    };
    let Some(head) = parsed(&newest, kept) else {
        return Ok(None);
    };
    let stands = stands(read, &newest, &head)?;
    Ok(Some((stands, Micros(head.time.micros()))))
}

/// The head that was kept, which is one of this journal in any of its epochs.
fn parsed(newest: &SignedHead, kept: &[u8]) -> Option<Head> {
    let (journal, head, _) = Head::open(kept, std::slice::from_ref(&newest.key)).ok()?;
    (journal == newest.journal).then_some(head)
}

fn stands(read: &mut Read<'_>, newest: &SignedHead, kept: &Head) -> Result<Kept, StoreError> {
    let here = newest.head;
    if kept.epoch < here.epoch {
        // A later epoch alone says nothing: whoever began it may have given up less than the head that was kept counts.
        let gave_up = |restore: &Rollback| restore.gave_up(kept.epoch, kept.size, kept.root);
        match rollbacks(read)?.iter().find_map(gave_up) {
            Some(true) => return Ok(Kept::Newer),
            Some(false) => return Ok(Kept::Rewritten { size: kept.size }),
            None => {}
        }
    }
    if kept.epoch > here.epoch || kept.size > here.size {
        return Ok(Kept::Behind { size: kept.size });
    }
    let Some((_, proof)) = growth(read, kept.size)? else {
        return Ok(Kept::Behind { size: kept.size });
    };
    let holds = verify_consistency(kept.size, here.size, &kept.root, &here.root, &proof);
    Ok(match holds {
        Ok(()) if kept.size == here.size => Kept::Same,
        Ok(()) => Kept::Newer,
        Err(_) => Kept::Rewritten { size: kept.size },
    })
}

/// Declares in the journal that the head is of that everything behind what is here was given up. No server may be at work.
///
/// # Errors
/// [`NotDeclared`]; nothing is written then.
pub async fn declare_restore(app: &App, head: Vec<u8>) -> Result<Restored, NotDeclared> {
    let organisation = claimed(&head)?;
    let scope = Scope::of(organisation);
    let caller = app.caller(scope, CredentialKind::CommandLine, app.id());
    app.store.write(caller, move |tx| declare(tx, &head)).await
}
