//! Reading and proving journals, on both engines.

use std::sync::Arc;

use countersign::assurance::audit::actions::{AuditError, verify_all};
use countersign::params;
use countersign::platform::clock::Micros;
use countersign::platform::ids::OrgId;
use countersign::platform::scope::Scope;
use countersign::platform::store::journal::read::{Filter, Told, entries, head, history_of};
use countersign::platform::store::journal::sequence_pending;
use countersign::platform::store::{Entry, Sql, StoreError};

use super::support::stores::{START, TestStore, caller, id, on_both};

const ORGANISATION: Sql = Sql::change(
    "organisations",
    "INSERT INTO organisations (org_id, id, slug, name, time_zone, created_us, version) \
     VALUES ($1, $1, $2, 'Harbour Foods', 'UTC', 0, 1) RETURNING id",
);
const PERSON: Sql = Sql::change(
    "people",
    "INSERT INTO people (org_id, id, human_id, name, email, sign_in_name, status, created_us, version) \
     VALUES ($1, $2, $2, $3, '', $3, 'active', 0, 1) RETURNING id",
);

/// An organisation in which one person acted `count` times, a second apart.
async fn journaled(t: &TestStore, slug: &'static str, count: i64) -> OrgId {
    let organisation = id::<OrgId>();
    t.begin_journal(organisation).await;
    let first = caller(organisation, START);
    t.store
        .write::<_, StoreError, _>(first, move |tx| {
            tx.change_one(&ORGANISATION, params![slug])?;
            let person = first.actor.person.expect("a person");
            tx.change_one(&PERSON, params![person, "Ann"])?;
            tx.commit(
                Entry::new("organisation.made", "organisation", organisation),
                (),
            )
        })
        .await
        .expect("made");
    for n in 1..=count {
        let mut next = first;
        next.now = START.plus_us(n * Micros::SECOND);
        t.store
            .write::<_, StoreError, _>(next, move |tx| {
                let entry = Entry::new("note.written", "note", n % 2).version(n).change(
                    "text",
                    Some(n - 1),
                    Some(n),
                );
                tx.commit(entry, ())
            })
            .await
            .expect("written");
    }
    organisation
}

async fn read(
    t: &TestStore,
    organisation: OrgId,
    filter: Filter,
    before: Option<&Told>,
    limit: i64,
) -> Vec<Told> {
    let before = before.map(|told| told.id);
    t.store
        .read::<_, StoreError, _>(Scope::of(organisation), move |read| {
            entries(read, &filter, before, limit)
        })
        .await
        .expect("it reads")
}

#[test]
fn the_list_is_in_the_order_of_numbers_and_what_has_none_stands_above() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = journaled(&t, "harbour", 0).await;
        // One request makes many entries of one moment: their ids are in no order, their numbers are.
        let many = |count: i64| {
            let t = Arc::clone(&t);
            async move {
                let by = caller(organisation, START.plus_us(Micros::SECOND));
                let done = t.store.write::<_, StoreError, _>(by, move |tx| {
                    for n in 0..count {
                        tx.journal(Entry::new("note.written", "note", n))?;
                    }
                    tx.done(())
                });
                done.await.expect("written");
            }
        };
        many(20).await;
        sequence_pending(&t.store, "node", START)
            .await
            .expect("sequenced");
        many(8).await;
        let paged = async || {
            let mut paged = read(&t, organisation, Filter::default(), None, 3).await;
            while let Some(last) = paged.last() {
                let next = read(&t, organisation, Filter::default(), Some(last), 3).await;
                if next.is_empty() {
                    break;
                }
                paged.extend(next);
            }
            paged
        };
        let mixed = paged().await;
        let numbers: Vec<Option<i64>> = mixed.iter().map(|told| told.seq).collect();
        let above = std::iter::repeat_n(None, 8);
        let expected: Vec<Option<i64>> = above.chain((0..21).rev().map(Some)).collect();
        assert_eq!(numbers, expected);
        let newest: Vec<&str> = mixed[..8]
            .iter()
            .map(|told| told.object_id.as_str())
            .collect();
        assert_eq!(newest, ["7", "6", "5", "4", "3", "2", "1", "0"]);

        // The page that was read before the sequencer came by goes on below its last entry, without a gap.
        let first = read(&t, organisation, Filter::default(), None, 3).await;
        sequence_pending(&t.store, "node", START)
            .await
            .expect("sequenced");
        let next = read(&t, organisation, Filter::default(), first.last(), 100).await;
        assert_eq!(next.len(), 26);
        assert_eq!(next[0].seq, Some(25));
        let all: Vec<Option<i64>> = paged().await.iter().map(|told| told.seq).collect();
        assert!(all.iter().copied().eq((0..29).rev().map(Some)), "{all:?}");
    });
}

#[test]
fn pages_of_the_journal_join_without_gap_and_filters_hold() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = journaled(&t, "harbour", 25).await;
        journaled(&t, "elsewhere", 3).await;
        sequence_pending(&t.store, "node", START)
            .await
            .expect("sequenced");
        let all = read(&t, organisation, Filter::default(), None, 100).await;
        assert_eq!(all.len(), 26);
        assert!(
            all.windows(2).all(|pair| pair[0].id > pair[1].id),
            "the newest first"
        );
        let mut paged = read(&t, organisation, Filter::default(), None, 10).await;
        while let Some(last) = paged.last() {
            let next = read(&t, organisation, Filter::default(), Some(last), 10).await;
            if next.is_empty() {
                break;
            }
            paged.extend(next);
        }
        assert!(
            paged
                .iter()
                .map(|told| told.id)
                .eq(all.iter().map(|told| told.id))
        );

        let newest = &all[0];
        assert_eq!(
            (newest.action.as_str(), newest.actor_name.as_deref()),
            ("note.written", Some("Ann"))
        );
        assert_eq!(newest.seq, Some(25));
        let change = &newest.changes[0];
        assert_eq!(
            (change.before.as_deref(), change.after.as_deref()),
            (Some("24"), Some("25"))
        );

        let noon = Filter {
            action: "note.written".to_owned(),
            from: Some(START.plus_us(5 * Micros::SECOND)),
            until: Some(START.plus_us(9 * Micros::SECOND)),
            ..Filter::default()
        };
        assert_eq!(read(&t, organisation, noon, None, 100).await.len(), 4);
        let nobody = Filter {
            actor: "nobody".to_owned(),
            ..Filter::default()
        };
        assert!(read(&t, organisation, nobody, None, 100).await.is_empty());
        let history = t
            .store
            .read::<_, StoreError, _>(Scope::of(organisation), |read| {
                history_of(read, "note", 1, 100)
            })
            .await
            .expect("it reads");
        assert_eq!(history.len(), 13);
        let head = t
            .store
            .read::<_, StoreError, _>(Scope::of(organisation), |read| head(read))
            .await
            .expect("it reads")
            .expect("a head");
        assert_eq!((head.size, head.pending), (26, 0));
    });
}

#[test]
fn a_history_is_told_as_it_happened_though_all_of_it_is_of_one_moment() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = journaled(&t, "harbour", 0).await;
        let write = async |versions: std::ops::RangeInclusive<i64>| {
            for version in versions {
                t.store
                    .write::<_, StoreError, _>(caller(organisation, START), move |tx| {
                        tx.commit(Entry::new("note.written", "note", "x").version(version), ())
                    })
                    .await
                    .expect("written");
            }
        };
        let told = async || -> Vec<Told> {
            t.store
                .read::<_, StoreError, _>(Scope::of(organisation), |read| {
                    history_of(read, "note", "x", 100)
                })
                .await
                .expect("it reads")
        };
        let sequence = async || {
            sequence_pending(&t.store, "node", START)
                .await
                .expect("sequenced");
        };
        let versions =
            |told: &[Told]| -> Vec<i64> { told.iter().map(|entry| entry.object_version).collect() };
        let newest_first: Vec<i64> = (1..=20).rev().collect();
        write(1..=10).await;
        sequence().await;
        write(11..=20).await;
        // Half of them wait for their numbers.
        assert_eq!(versions(&told().await), newest_first);
        sequence().await;
        let all = told().await;
        assert_eq!(versions(&all), newest_first);
        // Their ids are of one millisecond and in an order of their own: it is not they that put them right.
        let mut by_id = all.clone();
        by_id.sort_by_key(|entry| std::cmp::Reverse(entry.id));
        assert_ne!(versions(&by_id), newest_first);
    });
}

#[test]
fn all_journals_are_proved_and_the_one_that_was_altered_is_named() {
    on_both(|t: Arc<TestStore>| async move {
        journaled(&t, "harbour", 2).await;
        journaled(&t, "quay", 2).await;
        sequence_pending(&t.store, "node", START)
            .await
            .expect("sequenced");
        let verified = verify_all(&t.store, START, None, &[])
            .await
            .expect("it reads");
        let slugs: Vec<_> = verified.iter().map(|one| one.slug.as_deref()).collect();
        assert_eq!(slugs, [None, Some("harbour"), Some("quay")]);
        assert!(verified.iter().all(|one| one.verification.bad.is_none()));

        t.behind_the_back("UPDATE organisations SET name = 'Owned' WHERE slug = 'quay'")
            .await;
        let bad: Vec<_> = verify_all(&t.store, START, None, &[])
            .await
            .expect("it reads")
            .into_iter()
            .filter(|one| one.verification.bad.is_some())
            .map(|one| one.slug)
            .collect();
        assert_eq!(bad, [Some("quay".to_owned())]);
        let alone = verify_all(&t.store, START, Some("harbour"), &[])
            .await
            .expect("it reads");
        assert!(alone.len() == 1 && alone[0].verification.bad.is_none());
        let unknown = verify_all(&t.store, START, Some("nowhere"), &[]).await;
        assert!(matches!(unknown, Err(AuditError::UnknownOrganisation(_))));
    });
}

#[test]
fn a_journal_whose_organisation_is_taken_away_is_still_proved_bad() {
    on_both(|t: Arc<TestStore>| async move {
        journaled(&t, "harbour", 1).await;
        sequence_pending(&t.store, "node", START)
            .await
            .expect("sequenced");
        let on = if t.store.engine_name() == "postgresql" {
            " ON organisations"
        } else {
            ""
        };
        t.behind_the_back(&format!("DROP TRIGGER organisations_no_delete{on}"))
            .await;
        t.behind_the_back("DELETE FROM organisations").await;
        let verified = verify_all(&t.store, START, None, &[])
            .await
            .expect("it reads");
        assert!(verified.iter().any(|one| one.verification.bad.is_some()));
    });
}
