//! Documents in their folder: kept once, and made whole where a blob was damaged.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign::platform::documents::Documents;
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
        let bytes = Arc::new(b"%PDF-1.7 a bill".repeat(9000));
        let blob = documents
            .put(&keys, Arc::clone(&bytes), &entropy)
            .await
            .expect("kept");
        let file = files_below(&deep).pop().expect("one file");
        let first = fs::read(&file).expect("its bytes");
        documents
            .put(&keys, Arc::clone(&bytes), &entropy)
            .await
            .expect("kept");
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
            let again = documents
                .put(&keys, Arc::clone(&bytes), &entropy)
                .await
                .expect("kept");
            assert_eq!(again, blob);
            let read = documents.get(&keys, blob.sha256).await.expect("whole");
            assert_eq!(read, *bytes);
        }
        assert_eq!(files_below(&deep), [file], "nothing is left beside it");
    });
}
