//! What every start does again where a restore undid it.

use super::{
    DELETE_OWN, DELETE_SUBJECT, DELETE_SUBJECTS, Disposable, Disposal, JOURNALED, enter, ledger,
    scrub,
};
use crate::params;
use crate::platform::clock::Micros;
use crate::platform::keys::backups;
use crate::platform::scope::{Caller, Scope};
use crate::platform::store::journal::declared::{Declared, TellsOurs, disposals};
use crate::platform::store::{Committed, Reads as _, Store, StoreError, Tx};

/// Goes through the ledger of every organisation: keys that a restore brought back are destroyed again, openings that it brought
/// back are erased again, and a journal that does not know of a disposal, because an older one was put back, is told. Gives how
/// often something had to be done again.
///
/// # Errors
/// The store's: nobody is served before this succeeded.
pub async fn replay(
    store: &Store,
    kinds: &[Disposable],
    caller: impl Fn(Scope) -> Caller,
) -> Result<usize, StoreError> {
    let mut again = 0;
    for organisation in backups::organisations(store).await? {
        let (scope, kinds) = (Scope::of(organisation), kinds.to_vec());
        let (is_empty, lost, shown) = store
            .read::<_, StoreError, _>(scope, move |read| {
                let known = ledger(read)?;
                let lost = lost(read, &known)?;
                let mut shown = Vec::new();
                for disposal in known.iter().chain(&lost) {
                    let of = kinds.iter().find(|of| of.kind == disposal.kind);
                    if let Some(of) = of
                        && of.is_shown(read, disposal)?
                    {
                        shown.push((*of, disposal.clone()));
                    }
                }
                Ok((known.is_empty() && lost.is_empty(), lost, shown))
            })
            .await?;
        if !is_empty {
            again += store
                .write::<_, StoreError, _>(caller(scope), move |tx| {
                    for disposal in &lost {
                        enter(tx, disposal)?;
                    }
                    let again = destroy_again(tx, &lost)?;
                    tx.done(again)
                })
                .await?;
        }
        for (of, disposal) in shown {
            let erased = store.write::<_, StoreError, _>(caller(scope), move |tx| {
                erase_again(tx, &of, &disposal)
            });
            match erased.await {
                Ok(()) => again += 1,
                // A server that does not start for it would help nobody; `journal verify` names the row.
                Err(StoreError::Forged { table, row }) => tracing::error!(
                    table,
                    row,
                    "what a restore brought back of a disposed subject is not erased: a row of it was changed outside of Countersign"
                ),
                Err(error) => return Err(error),
            }
        }
    }
    // Also where nothing was done again: what destroyed was killed before it came to this, or somebody read at the time.
    scrub::try_now(store).await;
    Ok(again)
}

/// Disposals of which the journal tells, and the ledger does not: the key store was put back from before them.
pub(in crate::platform::keys) fn lost(
    reads: &mut impl TellsOurs,
    known: &[Disposal],
) -> Result<Vec<Disposal>, StoreError> {
    let mut lost: Vec<Disposal> = Vec::new();
    for Declared { disposal, facts } in disposals(reads)? {
        let [kind, subject, destroyed, complete] = facts;
        let (Ok(id), Ok(destroyed), Ok(complete)) =
            (disposal.parse(), destroyed.parse(), complete.parse())
        else {
            continue;
        };
        // The ledger has one line for a subject.
        if known
            .iter()
            .chain(&lost)
            .any(|line| line.subject == subject)
        {
            continue;
        }
        lost.push(Disposal {
            id,
            kind,
            subject,
            destroyed: Micros(destroyed),
            complete: Micros(complete),
        });
    }
    Ok(lost)
}

/// Destroys what the ledger names and is there all the same, and tells the journal of it, of lines that it does not know, and of those
/// that were just written again. Gives how many lines that were.
pub(in crate::platform::keys) fn destroy_again(
    tx: &mut Tx<'_>,
    lost: &[Disposal],
) -> Result<usize, StoreError> {
    let mut again = 0;
    for disposal in ledger(tx)? {
        let gone = if disposal.subject.is_empty() {
            tx.change(&DELETE_OWN, [])? + tx.change(&DELETE_SUBJECTS, [])?
        } else {
            tx.change(&DELETE_SUBJECT, params![&disposal.subject])?
        };
        let known: Option<(String,)> = tx.maybe(&JOURNALED, params![disposal.id])?;
        if gone > 0 || known.is_none() || lost.contains(&disposal) {
            again += 1;
            tx.journal(disposal.entry("key.destroyed-again").fact("keys", gone))?;
        }
    }
    if again > 0 {
        scrub::queue(tx)?;
    }
    Ok(again)
}

/// Erases what openings show of a subject that the ledger names.
fn erase_again(
    tx: &mut Tx<'_>,
    of: &Disposable,
    disposal: &Disposal,
) -> Result<Committed<()>, StoreError> {
    let (erased, objects) = of.erase(tx, disposal, Disposable::until(disposal))?;
    let entry = of.entry("key.destroyed-again", disposal, &objects);
    tx.commit(entry.fact("openings", erased), ())
}
