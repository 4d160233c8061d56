//! An organisation is disposed of, and last month's copies of its database and its documents are put back.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use countersign::assurance::keys::disposal::actions::dispose_organisation;
use countersign::payables::vendors::store::accounts;
use countersign::platform::documents::{Documents, DocumentsError};
use countersign::platform::keys::{KeyError, versions};
use countersign::platform::scope::Scope;
use countersign::platform::store::{Entry, Store, StoreError};
use countersign_bankfile::account::Iban;
use countersign_sealing::{Entropy, SystemEntropy};

use super::dumped::{GENERAL, KEYS, dump, restored};
use super::put_back::another_nodes;
use super::{Former, copy, is_destroyed};
use crate::support::stores::{Home, TestStore, opened_in};
use crate::support::temp::TempDir;
use crate::vendors::IBAN;

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("our own folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("it has a name");
        if path.is_dir() {
            copy_folder(&path, &to.join(name));
        } else {
            fs::copy(&path, to.join(name)).expect("both folders are ours");
        }
    }
}

/// An organisation with a document and a bank account, and last month's copy of its documents.
struct Filed {
    former: Former,
    bytes: Vec<u8>,
    sha256: [u8; 32],
    documents: TempDir,
}

impl Filed {
    async fn new(t: &Arc<TestStore>) -> Self {
        let former = Former::new(t).await;
        let world = former.world();
        let bytes = b"%PDF-1.7 what Nordwind asked for".repeat(9_000);
        let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
        let keys = world.keys().await;
        let put = world.app.documents.put(&keys, &bytes, &entropy).await;
        let sha256 = put.expect("it is kept").sha256;
        let documents = TempDir::new("documents");
        copy_folder(&world.roots.path().join("documents"), documents.path());
        Self {
            former,
            bytes,
            sha256,
            documents,
        }
    }

    async fn dispose(&self) {
        let world = self.former.world();
        let done = dispose_organisation(&world.app, world.organisation).await;
        done.expect("it has keys");
    }

    fn put_back(&self) -> Documents {
        Documents::open(self.documents.path()).expect("the copy")
    }

    /// The document and the sealed account, for a node that has opened no key yet.
    async fn opens(&self, store: &Store) -> Result<(Vec<u8>, Option<Iban>), KeyError> {
        let world = self.former.world();
        let scope = Scope::of(world.organisation);
        let keys = another_nodes(world).organisation(store, scope).await?;
        let document = self.put_back().get(&keys, self.sha256).await;
        let (vendor, account) = (self.former.vendor, self.former.account);
        let read = store.read::<_, KeyError, _>(scope, move |read| {
            let key = keys.subject(read, vendor)?;
            let dossier = accounts::find(read, account)?;
            Ok(accounts::open_iban(&key, &dossier.account))
        });
        Ok((document.expect("whoever has the key reads it"), read.await?))
    }

    async fn is_unreadable(&self, store: &Store) {
        let gone = self.opens(store).await;
        assert!(is_destroyed(&gone), "{gone:?}");
        let again = self.former.replay(store).await;
        assert_eq!(again, 1, "the journal is told");
        let gone = self.opens(store).await;
        assert!(is_destroyed(&gone), "{gone:?}");
        self.former.is_sound(store).await;

        // It is not the ledger alone that keeps it shut: there is no key, and no other one opens it.
        let world = self.former.world();
        let (organisation, caller) = (world.organisation, world.caller());
        let stored =
            store.read::<_, StoreError, _>(Scope::of(organisation), |read| versions::stored(read));
        assert!(stored.await.expect("it reads").is_empty());
        let made = world
            .app
            .keys
            .new_organisation(organisation, &SystemEntropy);
        let made = made.await.expect("roots in files");
        let write = store.write::<_, KeyError, _>(caller, move |tx| {
            let keys = made.insert(tx)?;
            let entry = Entry::new("test.keys-made", "organisation", organisation);
            Ok(tx.commit(entry, keys)?)
        });
        let keys = write.await.expect("they are new");
        let refused = self.put_back().get(&keys, self.sha256).await;
        let is_shut = matches!(&refused, Err(DocumentsError::Sealed { .. }));
        assert!(is_shut, "{refused:?}");
    }

    async fn is_readable(&self, store: &Store) {
        let again = self.former.replay(store).await;
        assert_eq!(again, 0, "nothing there knows of the disposal");
        let (bytes, iban) = self.opens(store).await.expect("its keys are back");
        assert!(bytes == self.bytes);
        assert_eq!(iban, Iban::parse(IBAN).ok());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn last_months_files_and_documents_of_a_disposed_organisation_are_unreadable() {
    let t = Arc::new(TestStore::embedded().await);
    let filed = Filed::new(&t).await;
    let Home::Embedded(dir) = &t.home else {
        panic!("the embedded engine's files are copied")
    };
    let (month, careless) = (TempDir::new("month"), TempDir::new("careless"));
    copy(dir.path(), month.path(), "t.db");
    copy(dir.path(), careless.path(), "t.db");
    copy(dir.path(), careless.path(), "keys.db");
    filed.dispose().await;
    copy(dir.path(), month.path(), "keys.db");
    filed.is_unreadable(&opened_in(month.path())).await;
    // The twin: last month's key store, without the ledger's line, as the general backup must not have it.
    filed.is_readable(&opened_in(careless.path())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn last_months_dump_and_documents_of_a_disposed_organisation_are_unreadable() {
    let t = Arc::new(TestStore::grown().await);
    let filed = Filed::new(&t).await;
    let Home::Grown(database) = &t.home else {
        panic!("PostgreSQL is dumped")
    };
    let dir = TempDir::new("dumps");
    let at = |name: &str| dir.path().join(name);
    let (month, months_keys, keys) = (at("month"), at("months-keys"), at("keys"));
    dump(database, GENERAL, &month);
    dump(database, KEYS, &months_keys);
    filed.dispose().await;
    dump(database, KEYS, &keys);
    let back = restored(&[&month, &keys]).await;
    filed.is_unreadable(&back.store).await;
    // The twin: a dump of everything, which the general backup must not be.
    let careless = restored(&[&month, &months_keys]).await;
    filed.is_readable(&careless.store).await;
}
