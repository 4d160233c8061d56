//! The tree as it is given out on each engine: tiles, bundles of entries and proofs that verify against a signed head, from
//! nodes that are kept, missing or wrong.

use std::sync::Arc;

use countersign::assurance::proofs::actions::{ProofsError, head, proof, tile};
use countersign::identity::access::{Access, Role};
use countersign::platform::ids::OrgId;
use countersign::platform::store::journal::proofs::growth;
use countersign::platform::store::journal::sequence_pending;
use countersign::platform::store::{Entry, StoreError};
use countersign_translog::Hash;
use countersign_translog::checkpoint::Checkpoint;
use countersign_translog::merkle::{Frontier, leaf_hash, verify_consistency};
use countersign_translog::note::{Kind, Note};
use countersign_translog::proof::{Proof, ProofError};

use super::support::stores::{Home, START, TestStore, on_both};
use super::support::world::World;

/// A journal of a bit more than one full tile, and somebody who reads it.
async fn journal(t: &Arc<TestStore>) -> (World, Access) {
    let world = World::new(t).await;
    let auditor = world.somebody("Audra", &[Role::Auditor]).await;
    let caller = world.caller();
    for n in 0..300 {
        world
            .app
            .store
            .write::<_, StoreError, _>(caller, move |tx| {
                let entry = Entry::new("note.written", "note", tx.id::<OrgId>()).fact("n", n);
                tx.commit(entry, ())
            })
            .await
            .expect("written");
    }
    sequence_pending(&t.store, "test", START)
        .await
        .expect("the head is ours");
    let access = auditor.access().await;
    (world, access)
}

async fn tiled(world: &World, who: &Access, path: &str) -> Vec<u8> {
    let tile = tile(&world.app.store, who, path).await;
    tile.unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn hashes(tile: &[u8]) -> Vec<Hash> {
    let (hashes, rest) = tile.as_chunks::<32>();
    assert!(rest.is_empty());
    hashes.iter().copied().map(Hash::from_bytes).collect()
}

fn root(hashes: impl IntoIterator<Item = Hash>) -> Hash {
    let mut tree = Frontier::new();
    hashes.into_iter().for_each(|hash| tree.push(hash));
    tree.root()
}

fn entries(mut bundle: &[u8]) -> Vec<Vec<u8>> {
    let mut entries = Vec::new();
    while let Some((length, rest)) = bundle.split_first_chunk() {
        let (entry, rest) = rest.split_at(usize::from(u16::from_be_bytes(*length)));
        entries.push(entry.to_vec());
        bundle = rest;
    }
    entries
}

#[test]
fn tiles_give_the_root_that_two_keys_signed() {
    on_both(async |t| {
        let (world, who) = journal(&t).await;
        let signed = head(&world.app.store, &who).await.expect("a head");
        let note = Note::parse(signed.note.as_bytes()).expect("a note");
        let keys = [signed.key.clone(), signed.second_key.clone()];
        assert_eq!(keys[1].kind(), Kind::MlDsa44);
        assert_eq!(note.verify(&keys).expect("both").len(), 2);
        let checkpoint = Checkpoint::open(signed.note.as_bytes(), &keys[..1]).expect("ours");
        let size = checkpoint.size;
        assert!((257..512).contains(&size), "{size}");

        let full = tiled(&world, &who, "tile/0/000").await;
        let partial = tiled(&world, &who, &format!("tile/0/001.p/{}", size - 256)).await;
        let leaves = [hashes(&full), hashes(&partial)].concat();
        assert_eq!(leaves.len() as u64, size);
        assert_eq!(root(leaves.iter().copied()), checkpoint.root);
        let above = tiled(&world, &who, "tile/1/000.p/1").await;
        assert_eq!(hashes(&above), [root(leaves[..256].iter().copied())]);
        let bundle = tiled(&world, &who, "tile/entries/000").await;
        let below: Vec<Hash> = entries(&bundle)
            .iter()
            .map(|entry| leaf_hash(entry))
            .collect();
        assert_eq!(below, leaves[..256]);
        for none in [
            format!("tile/0/001.p/{}", size - 255),
            "tile/0/001".to_owned(),
            "tile/1/000.p/2".to_owned(),
            "tile/2/000.p/1".to_owned(),
            "tile/entries/001".to_owned(),
            "tile/5/x999/x999/x999/999".to_owned(),
            "tile/0/../000".to_owned(),
            "tile/0".to_owned(),
        ] {
            let nothing = tile(&world.app.store, &who, &none).await;
            assert!(
                matches!(nothing, Err(ProofsError::Nothing)),
                "{none}: {nothing:?}"
            );
        }
    });
}

async fn proven(world: &World, who: &Access, number: u64) -> Result<Proof, ProofsError> {
    proof(&world.app.store, who, number).await
}

/// With the nodes that are kept, without them, and with one that somebody changed.
#[test]
fn every_entry_has_a_proof_and_a_wrong_node_gives_none() {
    on_both(async |t| {
        let (world, who) = journal(&t).await;
        let signed = head(&world.app.store, &who).await.expect("a head");
        let keys = [signed.key];
        let numbers = [0, 1, 2, 100, 254, 255, 256, 257, signed.head.size - 1];
        let mut texts = Vec::new();
        for number in numbers {
            let given = proven(&world, &who, number).await.expect("an entry");
            let text = given.to_text();
            let read = Proof::parse(text.as_bytes()).expect("as it was written");
            let checkpoint = read.verify(None, &keys).expect("proven");
            assert_eq!((read.index, checkpoint.size), (number, signed.head.size));
            let other = read.verify(Some(b"another entry"), &keys);
            assert!(matches!(other, Err(ProofError::Refused(_))), "{other:?}");
            texts.push(read.hashes);
        }
        let nothing = proven(&world, &who, signed.head.size).await;
        assert!(matches!(nothing, Err(ProofsError::Nothing)));

        let on = match t.home {
            Home::Embedded(_) => "",
            Home::Grown(_) => " ON journal_nodes",
        };
        let trigger = format!("DROP TRIGGER journal_nodes_no_delete{on}");
        t.behind_the_back(&trigger).await;
        t.behind_the_back("DELETE FROM journal_nodes").await;
        for (number, hashes) in numbers.into_iter().zip(texts) {
            let given = proven(&world, &who, number).await.expect("an entry");
            assert_eq!(given.hashes, hashes, "made from the leaves");
        }

        let organisation = world.organisation;
        let wrong = world.bytes(&[7; 32]);
        t.behind_the_back(&format!(
            "INSERT INTO journal_nodes (org_id, level, position, hash) VALUES ('{organisation}', 8, 0, {wrong})"
        ))
        .await;
        let refused = proven(&world, &who, 256).await;
        let is_refused = matches!(refused, Err(ProofsError::Store(StoreError::Head(_))));
        assert!(is_refused, "{refused:?}");
    });
}

#[test]
fn a_later_head_proves_that_it_only_grew() {
    on_both(async |t| {
        let (world, who) = journal(&t).await;
        let first = head(&world.app.store, &who).await.expect("a head").head;
        world.somebody("Ben", &[Role::Clerk]).await;
        sequence_pending(&t.store, "test", START)
            .await
            .expect("ours");
        for from in [0, 1, 255, 256, first.size, first.size + 1_000] {
            let grown = t
                .store
                .read(who.scope(), move |read| growth(read, from))
                .await;
            let (now, hashes) = grown.expect("it reads").expect("a head");
            assert!(now.head.size > first.size);
            if from == first.size {
                let (root, to) = (&first.root, &now.head.root);
                verify_consistency(from, now.head.size, root, to, &hashes).expect("it only grew");
                verify_consistency(from - 1, now.head.size, root, to, &hashes)
                    .expect_err("of that size alone");
            }
            assert_eq!(
                hashes.is_empty(),
                from == 0 || from > now.head.size,
                "{from}"
            );
        }
    });
}

#[test]
fn only_those_who_read_the_journal_see_its_tree_and_only_their_own() {
    on_both(async |t| {
        let (world, who) = journal(&t).await;
        let clerk = world.somebody("Clara", &[Role::Clerk]).await.access().await;
        let denied = |outcome: Result<(), ProofsError>| {
            assert!(
                matches!(outcome, Err(ProofsError::Denied(_))),
                "{outcome:?}"
            );
        };
        denied(head(&world.app.store, &clerk).await.map(|_| ()));
        denied(
            tile(&world.app.store, &clerk, "tile/0/000")
                .await
                .map(|_| ()),
        );
        denied(proof(&world.app.store, &clerk, 0).await.map(|_| ()));
        let beside = world.beside().await;
        let stranger = beside
            .somebody("Sven", &[Role::Auditor])
            .await
            .access()
            .await;
        let nothing = tile(&world.app.store, &stranger, "tile/0/000").await;
        assert!(
            matches!(nothing, Err(ProofsError::Nothing)),
            "theirs has no full tile"
        );
        tile(&world.app.store, &who, "tile/0/000")
            .await
            .expect("ours has");
    });
}
