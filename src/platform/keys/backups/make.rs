//! Making a backup, beside whoever works: one transaction an organisation reads what it has and takes the backup into the account.

use std::path::{Path, PathBuf};

use super::account::{self, Backup};
use super::contents::{Contents, collect};
use super::file::{self, Head};
use super::{BackupError, folder, organisations};
use crate::platform::ids::{BackupId, Id as _, uuid_v7};
use crate::platform::keys::Keyring;
use crate::platform::scope::{Caller, Scope};
use crate::platform::store::{Store, StoreError};

/// A backup that was made.
#[derive(Debug)]
pub struct Made {
    pub path: PathBuf,
    pub backup: Backup,
    pub organisations: usize,
    pub keys: usize,
}

/// Makes a backup into a folder, which expires after so many days. `caller` acts in each organisation, and for the system.
///
/// # Errors
/// Those of the database, the root and the disk. What is in the account then speaks of a file that is not there, which makes a
/// receipt's date later and nothing else.
pub async fn make(
    store: &Store,
    keys: &Keyring,
    folder: &Path,
    days: u32,
    caller: impl Fn(Scope) -> Caller,
) -> Result<Made, BackupError> {
    let system = caller(Scope::SYSTEM);
    let backup = Backup {
        id: BackupId::from_uuid(uuid_v7(system.now, store.entropy().as_ref())),
        made: system.now,
        expires: system.now.plus_days(days),
    };
    let mut contents = Contents::default();
    for organisation in organisations(store).await? {
        let own = caller(Scope::of(organisation));
        // Who destroys a key at the same time has seen this line, or the key is not read here: engines put the two in an order.
        let write = store.write::<_, StoreError, _>(own, move |tx| {
            let of = collect(tx, organisation)?;
            account::enter(tx, &backup, of.count())?;
            tx.done(of)
        });
        contents.organisations.push(write.await?);
    }
    let head = Head {
        installation: store.installation()?,
        backup,
    };
    let entropy = store.entropy().as_ref();
    let bytes = file::seal(keys.roots(), head, &contents, entropy).await?;
    let to = folder.to_owned();
    let put = tokio::task::spawn_blocking(move || folder::put(&to, &backup, &bytes));
    let path = put.await.map_err(|_| BackupError::Stopped)??;
    let count = contents.count();
    let write = store.write::<_, StoreError, _>(system, move |tx| {
        account::enter(tx, &backup, count)?;
        tx.done(())
    });
    write.await?;
    Ok(Made {
        path,
        backup,
        organisations: contents.organisations.len(),
        keys: count,
    })
}
