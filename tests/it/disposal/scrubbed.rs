//! What a destroyed key leaves in the key store's two files on the embedded engine: nothing, and at the latest from the next try on.

use std::fs;
use std::path::Path;
use std::sync::{Arc, mpsc};

use aws_lc_rs::cipher::{AES_256, DecryptingKey, DecryptionContext, UnboundCipherKey};
use countersign::params;
use countersign::payables::ids::VendorId;
use countersign::platform::keys::KeyError;
use countersign::platform::keys::disposals::destroy_subject;
use countersign::platform::scope::Scope;
use countersign::platform::store::{Reads as _, Sql, StoreError};
use tokio::task::{JoinHandle, block_in_place};

use super::backups::does_jobs;
use super::{Former, is_destroyed};
use crate::support::stores::{Home, KEY_STORE_KEY, TestStore};
use crate::vendors::OTHER_IBAN;

const WRAPPED: Sql =
    Sql::read("SELECT wrapped FROM subject_keys WHERE org_id = $1 AND subject_id = $2");

/// SQLCipher's pages: the last bytes are the initialization vector and the page's code, and the first page begins with a salt.
const PAGE: usize = 4096;
const SEALED: usize = PAGE - 80;
const SALT: usize = 16;
/// Of the log and of each page in it.
const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

fn folder(t: &TestStore) -> &Path {
    match &t.home {
        Home::Embedded(dir) => dir.path(),
        Home::Grown(_) => panic!("the embedded engine's files are looked at"),
    }
}

fn opened(page: &[u8], is_first: bool) -> Vec<u8> {
    let from = if is_first { SALT } else { 0 };
    let mut bytes = page[from..SEALED].to_vec();
    let vector: [u8; 16] = page[SEALED..SEALED + 16].try_into().expect("16 bytes");
    let key = UnboundCipherKey::new(&AES_256, &KEY_STORE_KEY).expect("32 bytes");
    DecryptingKey::cbc(key)
        .expect("a key")
        .decrypt(&mut bytes, DecryptionContext::Iv128(vector.into()))
        .expect("whole blocks");
    bytes
}

/// The pages of the key store's file, as somebody reads them who has its key.
fn in_file(t: &TestStore) -> Vec<u8> {
    let file = fs::read(folder(t).join("keys.db")).expect("its file");
    let pages = file.chunks_exact(PAGE).enumerate();
    pages.flat_map(|(at, page)| opened(page, at == 0)).collect()
}

/// The pages of its log.
fn in_log(t: &TestStore) -> Vec<u8> {
    let log = fs::read(folder(t).join("keys.db-wal")).expect("its log");
    let frames = log.get(LOG_HEADER..).unwrap_or_default();
    frames
        .chunks_exact(FRAME_HEADER + PAGE)
        .flat_map(|frame| opened(&frame[FRAME_HEADER..], frame[..4] == [0, 0, 0, 1]))
        .collect()
}

fn log_bytes(t: &TestStore) -> u64 {
    let log = fs::metadata(folder(t).join("keys.db-wal"));
    log.expect("its log").len()
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

impl Former {
    async fn wrapped(&self, vendor: VendorId) -> Vec<u8> {
        let scope = Scope::of(self.world().organisation);
        let store = &self.world().app.store;
        let read = store.read::<_, StoreError, _>(scope, move |read| {
            let (wrapped,): (Vec<u8>,) = read.one(&WRAPPED, params![vendor])?;
            Ok(wrapped)
        });
        read.await.expect("its key is there")
    }

    /// Destroys a vendor's key as a server does that is killed right after the commit.
    async fn destroy_and_die(&self, vendor: VendorId) {
        let world = self.world();
        let of = world.app.disposables.iter().find(|of| of.kind == "vendor");
        let of = *of.expect("vendors have keys");
        let write = world
            .app
            .store
            .write::<_, KeyError, _>(world.caller(), move |tx| {
                destroy_subject(tx, &of, &vendor.to_string())?;
                Ok(tx.done(())?)
            });
        write.await.expect("it has a key");
    }

    /// Reads one snapshot until the sender is gone, as a verification does for all of its walk.
    async fn reads(&self) -> (mpsc::Sender<()>, JoinHandle<Result<(), StoreError>>) {
        let (release, released) = mpsc::channel::<()>();
        let (begins, begun) = mpsc::channel::<()>();
        let store = self.world().app.store.clone();
        let scope = Scope::of(self.world().organisation);
        let reading = tokio::spawn(async move {
            let read = store.read::<_, StoreError, _>(scope, move |_| {
                begins.send(()).expect("somebody waits for it");
                // Nothing is ever sent.
                let _ = released.recv();
                Ok(())
            });
            read.await
        });
        block_in_place(|| begun.recv()).expect("it begins");
        (release, reading)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn neither_the_key_stores_file_nor_its_log_holds_a_destroyed_key() {
    let t = Arc::new(TestStore::embedded().await);
    let former = Former::new(&t).await;
    let (other, _) = former.office.payable_vendor("Sudwind", OTHER_IBAN).await;
    let (key, others) = (
        former.wrapped(former.vendor).await,
        former.wrapped(other).await,
    );
    former.archive().await;
    assert!(holds(&in_log(&t), &key), "a key that is in use is found");

    former.destroy().await;
    assert_eq!(log_bytes(&t), 0);
    let file = in_file(&t);
    assert!(!holds(&file, &key));
    assert!(holds(&file, &others), "a key that is in use is found");

    // The twin: deleted rows are not written over.
    t.behind_the_back(&format!(
        "PRAGMA countersign_keys.secure_delete = OFF; \
         DELETE FROM countersign_keys.subject_keys WHERE subject_id = '{other}';"
    ))
    .await;
    let scrubbed = former.world().app.store.scrub_keys().await;
    scrubbed.expect("nobody reads");
    assert!(holds(&in_file(&t), &others));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_server_left_in_the_log_is_gone_after_the_next_start() {
    let t = Arc::new(TestStore::embedded().await);
    let former = Former::new(&t).await;
    let key = former.wrapped(former.vendor).await;
    former.destroy_and_die(former.vendor).await;
    // The twin: destroyed, and in the log as long as nobody empties it.
    assert!(holds(&in_log(&t), &key));
    let store = &former.world().app.store;
    assert_eq!(former.replay(store).await, 0, "nothing is done again");
    assert_eq!(log_bytes(&t), 0);
    assert!(!holds(&in_file(&t), &key));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_keeps_no_disposal_from_its_answer_and_the_log_is_emptied_after_it() {
    let t = Arc::new(TestStore::embedded().await);
    let former = Former::new(&t).await;
    former.archive().await;
    let key = former.wrapped(former.vendor).await;
    let store = former.world().app.store.clone();
    let (release, reading) = former.reads().await;
    // It answers that it was done.
    former.destroy().await;
    let gone = former.opens_in(&store).await;
    assert!(is_destroyed(&gone), "{gone:?}");
    // The twin: as long as somebody reads, the log is as it was.
    store.scrub_keys().await.expect_err("somebody reads");
    assert!(holds(&in_log(&t), &key));

    drop(release);
    let read = reading.await.expect("no panic");
    read.expect("it was read");
    does_jobs(&former.world().app, &store).await;
    assert_eq!(log_bytes(&t), 0);
    assert!(!holds(&in_file(&t), &key));
}
