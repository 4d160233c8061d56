//! A journal taken home from each engine: it proves itself, and what was done to the database before shows.

mod command;

use std::sync::Arc;

use countersign::assurance::bundles::actions::{Bundle, BundlesError, Wanted, checkpoint, take};
use countersign::identity::access::Role;
use countersign::platform::store::journal::bundle::End;
use countersign::platform::store::journal::sequence_pending;
use countersign_translog::bundle::{Known, Report, Standing, verify};

use super::support::stores::{START, TestStore, on_both};
use super::support::world::{Somebody, World};

async fn bytes(mut bundle: Bundle) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(piece) = bundle.next().await.expect("the journal reads") {
        all.extend(piece);
    }
    all
}

async fn taken(world: &World, who: &Somebody, wanted: Wanted) -> Vec<u8> {
    let bundle = take(&world.app.store, &who.access().await, wanted)
        .await
        .expect("there are entries");
    bytes(bundle).await
}

async fn head(world: &World, who: &Somebody) -> Vec<u8> {
    let signed = checkpoint(&world.app.store, &who.access().await)
        .await
        .expect("it reads");
    signed.expect("entries have numbers").note.into_bytes()
}

async fn number(t: &TestStore) {
    sequence_pending(&t.store, "test", START)
        .await
        .expect("the head is ours");
}

fn held(heads: Vec<Vec<u8>>) -> Known {
    Known {
        heads,
        ..Known::default()
    }
}

fn proven(bundle: &[u8], known: &Known) -> Report {
    verify(bundle, known, |_, _, _| {}).expect("it proves itself")
}

#[test]
fn a_bundle_proves_itself_and_every_earlier_head() {
    on_both(async |t| {
        let world = World::new(&t).await;
        let auditor = world.somebody("Audra", &[Role::Auditor]).await;
        number(&t).await;
        let first = head(&world, &auditor).await;
        for name in ["Ben", "Cleo", "Dora"] {
            world.somebody(name, &[Role::Clerk]).await;
        }
        number(&t).await;
        let second = head(&world, &auditor).await;
        let whole = taken(&world, &auditor, Wanted::default()).await;
        let mut actions = Vec::new();
        let report = verify(
            whole.as_slice(),
            &held(vec![first.clone(), second]),
            |_, entry, _| {
                actions.push(entry.action.to_owned());
            },
        )
        .expect("it proves itself");
        assert!(
            report
                .held
                .iter()
                .all(|(_, standing)| *standing == Standing::Contained)
        );
        assert_eq!((report.first, report.end), (0, report.head.size));
        assert_eq!(actions.len() as u64, report.head.size);
        assert_eq!(report.values, 0);
        assert!(
            !String::from_utf8_lossy(&whole).contains("\"values\""),
            "values are not shown unasked"
        );

        // That it was taken is an entry of the next one.
        number(&t).await;
        let next = taken(
            &world,
            &auditor,
            Wanted {
                values: true,
                ..Wanted::default()
            },
        )
        .await;
        let mut last = String::new();
        let report = verify(next.as_slice(), &held(vec![first]), |_, entry, _| {
            last = entry.action.to_owned();
        })
        .expect("it proves itself");
        assert_eq!(last, "journal.bundled");
        assert!(report.values > 0 && String::from_utf8_lossy(&next).contains("\"values\""));
    });
}

#[test]
fn a_part_of_a_journal_proves_itself_under_the_same_head() {
    on_both(async |t| {
        let world = World::new(&t).await;
        let auditor = world.somebody("Audra", &[Role::Auditor]).await;
        for name in ["Ben", "Cleo", "Dora"] {
            world.somebody(name, &[Role::Clerk]).await;
        }
        number(&t).await;
        let head = head(&world, &auditor).await;
        let number = |from, to| Wanted {
            from: Some(End::Number(from)),
            to: Some(End::Number(to)),
            values: false,
        };
        let size = proven(
            &taken(&world, &auditor, Wanted::default()).await,
            &held(vec![head]),
        )
        .head
        .size;
        for (from, to) in [(0, 1), (1, 3), (2, size), (size - 1, size), (3, u64::MAX)] {
            let part = proven(
                &taken(&world, &auditor, number(from, to)).await,
                &Known::default(),
            );
            assert_eq!(
                (part.first, part.end, part.head.size),
                (from, to.min(size), size)
            );
        }
        let at = |from, to| Wanted {
            from: Some(End::At(from)),
            to: Some(End::At(to)),
            values: false,
        };
        let day = taken(
            &world,
            &auditor,
            at(START.plus_us(-1), START.plus_us(86_400_000_000)),
        )
        .await;
        assert_eq!(proven(&day, &Known::default()).first, 0);
        let access = auditor.access().await;
        for nothing in [
            number(size, size + 1),
            number(3, 3),
            at(START.plus_us(-2), START.plus_us(-1)),
        ] {
            let outcome = take(&world.app.store, &access, nothing).await;
            assert!(matches!(outcome, Err(BundlesError::Nothing)), "{nothing:?}");
        }
    });
}

#[test]
fn only_readers_of_the_journal_take_it_and_only_their_own() {
    on_both(async |t| {
        let world = World::new(&t).await;
        let beside = world.beside().await;
        let auditor = world.somebody("Audra", &[Role::Auditor]).await;
        let clerk = world.somebody("Ben", &[Role::Clerk]).await;
        let stranger = beside.somebody("Zoe", &[Role::Auditor]).await;
        number(&t).await;
        let refused = take(&world.app.store, &clerk.access().await, Wanted::default()).await;
        assert!(matches!(refused, Err(BundlesError::Denied(_))));
        let refused = checkpoint(&world.app.store, &clerk.access().await).await;
        assert!(matches!(refused, Err(BundlesError::Denied(_))));
        let ours = taken(&world, &auditor, Wanted::default()).await;
        let theirs = taken(&beside, &stranger, Wanted::default()).await;
        let (ours, theirs) = (
            proven(&ours, &Known::default()),
            proven(&theirs, &Known::default()),
        );
        assert_ne!(ours.journal, theirs.journal);
        assert!(ours.journal.ends_with(&world.organisation.to_string()));
        assert!(
            !ours.key.is_same_key(&theirs.key),
            "each organisation's journal has a key of its own"
        );
    });
}

/// What somebody with the database does to it, and then lets a bundle be taken.
async fn after(
    t: &Arc<TestStore>,
    world: &World,
    auditor: &Somebody,
    sql: &str,
) -> Result<Vec<u8>, BundlesError> {
    t.behind_the_back(sql).await;
    let mut bundle = take(&world.app.store, &auditor.access().await, Wanted::default()).await?;
    let mut all = Vec::new();
    while let Some(piece) = bundle.next().await? {
        all.extend(piece);
    }
    Ok(all)
}

/// No bundle of a changed database is proven: it cannot be written, or its verifier refuses it.
#[test]
fn a_journal_changed_in_the_database_gives_no_bundle_that_is_proven() {
    // The newest rows; the head stays as the installation signed it.
    let newest = "(SELECT MAX(seq) FROM journal_leaves WHERE org_id = 'ORG')";
    let attacks = [
        ("a leaf removed at the tail", format!("DELETE FROM journal_leaves WHERE org_id = 'ORG' AND seq = {newest}")),
        ("a leaf removed", "DELETE FROM journal_leaves WHERE org_id = 'ORG' AND seq = 1".to_owned()),
        (
            "two entries in each other's place",
            "UPDATE journal_leaves SET seq = -1 WHERE org_id = 'ORG' AND seq = 1; \
             UPDATE journal_leaves SET seq = 1 WHERE org_id = 'ORG' AND seq = 2; \
             UPDATE journal_leaves SET seq = 2 WHERE org_id = 'ORG' AND seq = -1"
                .to_owned(),
        ),
        (
            "a head of one entry less",
            "UPDATE journal_heads SET size = size - 1 WHERE org_id = 'ORG'".to_owned(),
        ),
        (
            "an entry's bytes exchanged",
            "UPDATE journal_entries SET canonical = (SELECT e.canonical FROM journal_entries e JOIN journal_leaves l \
             ON l.entry_id = e.id WHERE l.org_id = 'ORG' AND l.seq = 1) WHERE org_id = 'ORG' AND id = \
             (SELECT entry_id FROM journal_leaves WHERE org_id = 'ORG' AND seq = 2)"
                .to_owned(),
        ),
        (
            "another organisation's entry in the place of one",
            "UPDATE journal_entries SET canonical = (SELECT canonical FROM journal_entries WHERE org_id <> 'ORG' LIMIT 1) \
             WHERE org_id = 'ORG' AND id = (SELECT entry_id FROM journal_leaves WHERE org_id = 'ORG' AND seq = 2)"
                .to_owned(),
        ),
    ];
    for (name, attack) in attacks {
        on_both(async |t| {
            let world = World::new(&t).await;
            world.beside().await;
            let auditor = world.somebody("Audra", &[Role::Auditor]).await;
            number(&t).await;
            let honest = taken(&world, &auditor, Wanted::default()).await;
            proven(&honest, &Known::default());
            super::journal::unguard(&t).await;
            let sql = attack.replace("ORG", &world.organisation.to_string());
            if let Ok(bundle) = after(&t, &world, &auditor, &sql).await {
                let outcome = verify(bundle.as_slice(), &Known::default(), |_, _, _| {});
                assert!(outcome.is_err(), "{name}: {outcome:?}");
            }
        });
    }
}

/// The whole database of last night proves itself: it was sound then. Against the head of this morning it does not.
#[test]
fn what_was_taken_before_is_not_what_is_held_now() {
    on_both(async |t| {
        let world = World::new(&t).await;
        let auditor = world.somebody("Audra", &[Role::Auditor]).await;
        number(&t).await;
        let last_night = taken(&world, &auditor, Wanted::default()).await;
        number(&t).await;
        let this_morning = head(&world, &auditor).await;
        proven(&last_night, &Known::default());
        let outcome = verify(
            last_night.as_slice(),
            &held(vec![this_morning]),
            |_, _, _| {},
        );
        let refused = outcome.expect_err("it is older").to_string();
        assert!(refused.contains("was rewritten"), "{refused}");
    });
}
