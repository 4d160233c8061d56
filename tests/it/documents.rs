//! Documents in their place: kept once, never on the disk in clear, made whole where one was damaged, refused where it is
//! not what was stored.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign::payables::intake::actions::{Arriving, IntakeError};
use countersign::platform::documents::{Documents, DocumentsError};
use countersign_sealing::{Entropy, SystemEntropy};

use super::support::stores::on_both;
use super::support::temp::TempDir;
use super::support::world::World;

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                files_below(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

#[test]
fn a_damaged_blob_is_made_whole_by_the_same_bytes_and_a_whole_one_is_left_alone() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        let keys = world.keys().await;
        let folder = TempDir::new("documents");
        let deep = folder.path().join("a/b/documents");
        let documents = Documents::open(&deep).expect("the folders above are made too");
        let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
        let bytes = b"%PDF-1.7 a bill".repeat(9000);
        let blob = documents.put(&keys, &bytes, &entropy).await.expect("kept");
        let file = files_below(&deep).pop().expect("one file");
        let first = fs::read(&file).expect("its bytes");
        documents.put(&keys, &bytes, &entropy).await.expect("kept");
        assert_eq!(
            fs::read(&file).expect("its bytes"),
            first,
            "not written again"
        );

        let mut flipped = first.clone();
        flipped[first.len() / 2] ^= 1;
        for damage in [flipped, first[..first.len() / 2].to_vec(), Vec::new()] {
            fs::write(&file, &damage).expect("damaged");
            documents
                .get(&keys, blob.sha256)
                .await
                .expect_err("a damaged document is not given out");
            let again = documents.put(&keys, &bytes, &entropy).await.expect("kept");
            assert_eq!(again, blob);
            let read = documents.get(&keys, blob.sha256).await.expect("whole");
            assert_eq!(read, bytes);
        }
        assert_eq!(files_below(&deep), [file], "nothing is left beside it");
    });
}

/// The files without a name that this process has open in `folder`, as paths through which they can be opened again.
fn nameless_in(folder: &Path) -> Vec<PathBuf> {
    let open = fs::read_dir("/proc/self/fd")
        .expect("it is there")
        .flatten();
    let is_there = |path: &PathBuf| {
        let file = fs::read_link(path).unwrap_or_default();
        file.starts_with(folder) && file.to_string_lossy().ends_with(" (deleted)")
    };
    open.map(|entry| entry.path()).filter(is_there).collect()
}

const CANARY: &[u8] = b"Kanarische Verpackungen GmbH";

#[test]
fn what_is_arriving_has_no_name_and_is_sealed_and_a_changed_byte_keeps_it_out() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        let keys = world.keys().await;
        let folder = TempDir::new("documents");
        let documents = Documents::open(folder.path()).expect("a fresh folder");
        let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
        let bytes = CANARY.repeat(20_000);
        let mut spool = documents.spool(&entropy).await.expect("it begins");
        for piece in bytes.chunks(1000) {
            spool.write(piece).await.expect("it goes on");
        }
        let arrived = spool.finish().await.expect("it is whole");
        assert_eq!(arrived.head, bytes[..8192]);
        assert_eq!(files_below(folder.path()), [] as [PathBuf; 0]);
        let spools = nameless_in(folder.path());
        assert_eq!(spools.len(), 1);
        let on_disk = fs::read(&spools[0]).expect("our own file");
        assert!(on_disk.len() > bytes.len());
        assert!(!on_disk.windows(8).any(|window| window == &CANARY[..8]));

        let mut changed = on_disk.clone();
        changed[on_disk.len() / 2] ^= 1;
        fs::write(&spools[0], &changed).expect("our own file");
        let refused = documents.keep(&keys, &arrived, &entropy).await;
        assert!(
            matches!(refused, Err(DocumentsError::Sealed { .. })),
            "{refused:?}"
        );
        assert_eq!(files_below(folder.path()), [] as [PathBuf; 0]);

        fs::write(&spools[0], &on_disk).expect("our own file");
        let blob = documents
            .keep(&keys, &arrived, &entropy)
            .await
            .expect("kept");
        assert_eq!(
            documents.get(&keys, blob.sha256).await.expect("whole"),
            bytes
        );
        let stored = fs::read(&files_below(folder.path())[0]).expect("its bytes");
        assert!(!stored.windows(8).any(|window| window == &CANARY[..8]));
        drop(arrived);
        assert_eq!(nameless_in(folder.path()), [] as [PathBuf; 0]);
    });
}

#[test]
fn a_document_that_is_read_in_pieces_never_ends_well_where_it_is_not_what_was_stored() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        let keys = world.keys().await;
        let folder = TempDir::new("documents");
        let documents = Documents::open(folder.path()).expect("a fresh folder");
        let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
        let (one, other) = (b"one bill ".repeat(200_000), b"two bills".repeat(200_000));
        let one = documents.put(&keys, &one, &entropy).await.expect("kept");
        let file = files_below(folder.path()).pop().expect("one file");
        documents.put(&keys, &other, &entropy).await.expect("kept");
        let second = files_below(folder.path())
            .into_iter()
            .find(|path| *path != file)
            .expect("another file");
        let sealed = fs::read(&file).expect("its bytes");

        // Another document in its place is refused before a byte is given out.
        fs::copy(&second, &file).expect("swapped");
        let refused = documents.read(&keys, one.sha256).await;
        assert!(
            matches!(refused, Err(DocumentsError::Sealed { .. })),
            "{refused:?}"
        );

        let last_chunk = 37 + (sealed.len() - 37) / 65_552 * 65_552;
        let mut flipped = sealed.clone();
        flipped[last_chunk] ^= 1;
        for damaged in [
            &flipped[..],
            &sealed[..last_chunk],
            &sealed[..sealed.len() - 1],
        ] {
            fs::write(&file, damaged).expect("damaged");
            let mut chunks = documents
                .read(&keys, one.sha256)
                .await
                .expect("its start is sound");
            let mut pieces = 0;
            let ended = loop {
                match chunks.next().await {
                    Ok(Some(_)) => pieces += 1,
                    Ok(None) => break Ok(()),
                    Err(error) => break Err(error),
                }
            };
            assert!(pieces > 2, "they stream");
            assert!(
                matches!(ended, Err(DocumentsError::Sealed { .. })),
                "{ended:?}"
            );
            assert!(chunks.next().await.is_err(), "and it stays refused");
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn so_many_files_come_in_at_once_and_no_more() {
    let t = Arc::new(super::support::stores::TestStore::embedded().await);
    let world = World::new(&t).await;
    let app = &world.app;
    let mut coming = Vec::new();
    while let Ok(arriving) =
        tokio::time::timeout(std::time::Duration::from_secs(2), Arriving::begin(app, 10)).await
    {
        coming.push(arriving.expect("it begins"));
        assert!(
            coming.len() <= 32,
            "no end of files in memory and on the disk"
        );
    }
    assert_eq!(coming.len(), 32);
    let mut last = coming.pop().expect("one of them");
    last.write(b"ten bytes!").await.expect("it goes on");
    let file = last.finish().await.expect("just small enough");
    assert_eq!(app.arrivals.available_permits(), 0, "it waits to be read");
    drop(file);
    let mut next = Arriving::begin(app, 10).await.expect("there is room again");
    next.write(b"eleven byt").await.expect("it goes on");
    next.write(b"e")
        .await
        .expect("dropped, and told at the end");
    let refused = next.finish().await;
    assert!(matches!(
        refused,
        Err(IntakeError::TooLarge { limit_bytes: 10 })
    ));
}
