//! The store that is tampered with: made once, copied for each tamper.

use countersign::params;
use countersign::platform::ids::OrgId;
use countersign::platform::scope::Scope;
use countersign::platform::store::journal::{sequence_pending, signed_head};
use countersign::platform::store::{Entry, Sql, Store, StoreError};

use crate::support::stores::{START, TestStore, begin_journal, caller};
use crate::support::temp::TempDir;

const INSERT: Sql = Sql::change(
    "gl_accounts",
    "INSERT INTO gl_accounts (org_id, id, code, name, version) VALUES ($1, $2, $3, $4, 1) RETURNING id",
);
const RENAME: Sql = Sql::change(
    "gl_accounts",
    "UPDATE gl_accounts SET name = $3, version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING id",
);
/// Entries in one transaction.
const BATCH: u64 = 300;
/// Of three entries, the third touches no row: the tree alone keeps it.
pub const NOTE: u64 = 2;

/// The organisation that is tampered with, and another one.
pub fn ours() -> OrgId {
    fixed("01970000-0000-7000-8000-00000000000a")
}

pub fn theirs() -> OrgId {
    fixed("01970000-0000-7000-8000-00000000000b")
}

fn fixed(id: &str) -> OrgId {
    id.parse().expect("an id")
}

/// The account of entry `number`.
pub fn account(organisation: OrgId, number: u64) -> String {
    format!("{organisation}-{number:06}")
}

/// Where copies come from.
pub enum House {
    Embedded(TempDir),
    /// PostgreSQL, with so many entries in each copy.
    Grown(u64),
}

impl House {
    pub async fn embedded(entries: u64) -> Self {
        let dir = TempDir::new("tamper");
        let first = TestStore::in_folder(TempDir::new("tamper"));
        fill(first.store.clone(), entries).await;
        copy(&first, &dir).await;
        Self::Embedded(dir)
    }

    /// A fresh copy.
    pub async fn night(&self) -> TestStore {
        match self {
            Self::Embedded(base) => {
                let dir = TempDir::new("tamper");
                files(base, &dir);
                TestStore::in_folder(dir)
            }
            Self::Grown(entries) => {
                let entries = *entries;
                TestStore::grown_from("tamper", move |store| fill(store, entries)).await
            }
        }
    }
}

/// Brings the logs into the files, and copies those.
async fn copy(store: &TestStore, to: &TempDir) {
    let crate::support::stores::Home::Embedded(dir) = &store.home else {
        panic!("only the embedded engine has a file")
    };
    store
        .behind_the_back("PRAGMA wal_checkpoint(TRUNCATE)")
        .await;
    files(dir, to);
}

/// The database and its key store.
fn files(from: &TempDir, to: &TempDir) {
    for name in ["t.db", "keys.db"] {
        std::fs::copy(from.path().join(name), to.path().join(name)).expect("a copy");
    }
}

async fn fill(store: Store, entries: u64) {
    begin_journal(&store, OrgId::SYSTEM).await;
    for (organisation, count) in [(ours(), entries), (theirs(), 30)] {
        begin_journal(&store, organisation).await;
        add(&store, organisation, 0, count).await;
    }
    sequence_pending(&store, "night", START)
        .await
        .expect("sequenced");
}

/// Writes the entries `from` to `to`: an account, a new name for it, a note, and so on.
pub async fn add(store: &Store, organisation: OrgId, from: u64, to: u64) {
    for begin in (from..to).step_by(usize::try_from(BATCH).expect("a small number")) {
        let end = to.min(begin + BATCH);
        store
            .write::<_, StoreError, _>(caller(organisation, START), move |tx| {
                for number in begin..end {
                    let entry = match number % 3 {
                        0 => {
                            let id = account(organisation, number);
                            tx.change_one(&INSERT, params![&id, &id, "Travel"])?;
                            Entry::new("gl-account.added", "gl-account", &id).fact("name", "Travel")
                        }
                        1 => {
                            let id = account(organisation, number - 1);
                            tx.change_one(&RENAME, params![&id, "Journeys"])?;
                            Entry::new("gl-account.renamed", "gl-account", &id).version(2)
                        }
                        _ => {
                            let id = tx.id::<OrgId>();
                            Entry::new("note.written", "note", id).fact("n", number)
                        }
                    };
                    tx.journal(entry)?;
                }
                tx.done(())
            })
            .await
            .expect("written");
    }
}

/// The newest head, signed, as somebody keeps it elsewhere.
pub async fn head(store: &Store) -> Vec<u8> {
    store
        .read::<_, StoreError, _>(Scope::of(ours()), signed_head)
        .await
        .expect("it reads")
        .expect("entries have numbers")
        .note
        .into_bytes()
}
