//! Documents under another version of their organisation's key: the same bytes in a new file, which takes the place of the old
//! one at once and whole; the row follows. A server that dies between the two finds the new file and writes the row.

use std::sync::Arc;

use super::store::{resealed, under};
use super::{Documents, DocumentsError};
use crate::platform::keys::OrgKeys;
use crate::platform::keys::reseal::Done;
use crate::platform::scope::Caller;
use crate::platform::store::{Entry, Store, StoreError};

/// What keeps one document from being sealed anew.
#[derive(Debug, thiserror::Error)]
pub enum ResealError {
    #[error(transparent)]
    Document(#[from] DocumentsError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Documents {
    /// Seals documents of an old version anew, and of those before it, at most `count` of them. Which one seals a document is
    /// told by its file; where that is the newest, the row alone follows.
    ///
    /// # Errors
    /// Those of the place and of the database. A document that is damaged or missing is counted and left alone.
    pub async fn reseal(
        &self,
        store: &Store,
        keys: &Arc<OrgKeys>,
        caller: Caller,
        (version, count): (i64, usize),
    ) -> Result<Done, ResealError> {
        let (mut done, mut after, mut left) = (Done::default(), String::new(), count);
        if i64::from(keys.newest_documents().0.number()) <= version {
            // Another node has put the new version to use, and this one has not read it yet.
            done.more = true;
            return Ok(done);
        }
        loop {
            let from = after.clone();
            let page = store
                .read::<_, StoreError, _>(caller.scope, move |read| under(read, version, &from))
                .await?;
            if page.is_empty() {
                return Ok(done);
            }
            for (id, sha256) in page {
                if left == 0 {
                    done.more = true;
                    return Ok(done);
                }
                left -= 1;
                after.clone_from(&id);
                match self.again(store, keys, sha256).await {
                    Ok(is) => done.resealed += row(store, caller, id, (version, is)).await?,
                    Err(error @ DocumentsError::Missing { .. }) => {
                        tracing::error!(%error, "a document is not sealed anew");
                        done.refused += 1;
                    }
                    Err(error) if error.is_damage() => {
                        tracing::error!(%error, "a document is not sealed anew");
                        done.refused += 1;
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        }
    }

    /// The version that seals the document afterwards.
    async fn again(
        &self,
        store: &Store,
        keys: &Arc<OrgKeys>,
        sha256: [u8; 32],
    ) -> Result<i64, DocumentsError> {
        let (newest, _) = keys.newest_documents();
        let (mut chunks, version) = self.versioned(keys, sha256).await?;
        if version == newest {
            return Ok(i64::from(version.number()));
        }
        let mut spool = self.spool(store.entropy()).await?;
        while let Some(piece) = chunks.next().await? {
            spool.write(&piece).await?;
        }
        let arrived = spool.finish().await?;
        let (version, _) = self.store(keys, &arrived, true, store.entropy()).await?;
        Ok(i64::from(version.number()))
    }
}

async fn row(
    store: &Store,
    caller: Caller,
    id: String,
    versions: (i64, i64),
) -> Result<usize, StoreError> {
    let write = store.write::<_, StoreError, _>(caller, move |tx| {
        let count = resealed(tx, &id, versions)?;
        if count == 0 {
            return tx.done(0);
        }
        let entry = Entry::new("document.resealed", "document", &id)
            .version(versions.1)
            .fact("version", versions.1);
        tx.commit(entry, count)
    });
    write.await
}
