//! Queued jobs on both engines: who lost the lease says nothing any more, and what kills its process comes back later.

use std::sync::{Arc, Mutex};

use countersign::platform::clock::Micros;
use countersign::platform::ids::OrgId;
use countersign::platform::jobs::{Job, queue, run_one};
use countersign::platform::scope::Scope;
use countersign::platform::store::{Reads as _, Sql, Store, StoreError};

use super::support::stores::{START, caller, id, on_both};

const JOBS: Sql =
    Sql::read("SELECT attempts, run_after_us, last_error FROM jobs WHERE org_id = $1 ORDER BY id");

async fn queued(store: &Store, payload: &'static str) -> Scope {
    let by = caller(id::<OrgId>(), START);
    let done: Result<(), StoreError> = store
        .write(by, move |tx| {
            queue(tx, "test", payload)?;
            tx.done(())
        })
        .await;
    done.expect("it is queued");
    by.scope
}

async fn jobs(store: &Store, scope: Scope) -> Vec<(i64, i64, Option<String>)> {
    let found: Result<_, StoreError> = store.read(scope, |read| read.all(&JOBS, [])).await;
    found.expect("the database answers")
}

async fn run(store: &Store, node: &str, now: Micros, answer: Result<(), String>) -> bool {
    let handler = move |_: Job| {
        let answer = answer.clone();
        Box::pin(async move { answer }) as std::pin::Pin<Box<dyn Future<Output = _> + Send>>
    };
    run_one(store, node, now, &handler)
        .await
        .expect("the database answers")
}

#[test]
fn a_node_that_lost_its_lease_neither_deletes_nor_frees_the_job() {
    on_both(|t| async move {
        for slow_answer in [Ok(()), Err("too slow".to_owned())] {
            let scope = queued(&t.store, "x").await;
            let later = START.plus_us(Micros::HOUR);
            // While the slow node works, its lease ends and another takes the job, and dies at it.
            let (store, answer) = (t.store.clone(), slow_answer.clone());
            let slow = move |_: Job| {
                let (store, answer) = (store.clone(), answer.clone());
                Box::pin(async move {
                    let dying = move |_: Job| {
                        Box::pin(std::future::pending())
                            as std::pin::Pin<Box<dyn Future<Output = _> + Send>>
                    };
                    let taken = run_one(&store, "node-b", later, &dying);
                    tokio::time::timeout(std::time::Duration::from_secs(1), taken)
                        .await
                        .expect_err("it holds the job until it is killed");
                    answer
                }) as std::pin::Pin<Box<dyn Future<Output = _> + Send>>
            };
            assert!(
                run_one(&t.store, "node-a", START, &slow)
                    .await
                    .expect("taken")
            );
            let left = jobs(&t.store, scope).await;
            assert_eq!(left.len(), 1, "{slow_answer:?} took the other's job");
            let (attempts, run_after, error) = &left[0];
            assert_eq!((*attempts, error), (2, &None));
            assert!(*run_after > later.0);
            // The other's holder ends it: it is nobody else's.
            let much_later = later.plus_us(Micros::HOUR);
            assert!(run(&t.store, "node-b", much_later, Ok(())).await);
            assert_eq!(jobs(&t.store, scope).await, []);
        }
    });
}

#[test]
fn a_job_that_kills_its_process_comes_back_later_and_later() {
    on_both(|t| async move {
        let scope = queued(&t.store, "x").await;
        let mut now = START;
        let mut delays = Vec::new();
        for attempt in 1..=9 {
            // The process dies: the future is dropped, and nobody says how the job went.
            let dies = |_: Job| {
                Box::pin(std::future::pending())
                    as std::pin::Pin<Box<dyn Future<Output = _> + Send>>
            };
            let taken = run_one(&t.store, "node-a", now, &dies);
            tokio::time::timeout(std::time::Duration::from_millis(150), taken)
                .await
                .expect_err("it never ends");
            let left = jobs(&t.store, scope).await;
            assert_eq!(left[0].0, attempt, "it was taken");
            let again = left[0].1;
            delays.push(again - now.0);
            assert!(
                !run(&t.store, "node-a", Micros(again - 1), Ok(())).await,
                "not before its time"
            );
            now = Micros(again).plus_us(Micros::HOUR);
        }
        let seconds: Vec<i64> = delays.iter().map(|us| us / Micros::SECOND).collect();
        assert_eq!(seconds, [20, 40, 80, 160, 320, 640, 1280, 86_400, 86_400]);
        assert!(run(&t.store, "node-a", now, Ok(())).await);
        assert_eq!(jobs(&t.store, scope).await, []);
    });
}

#[test]
fn a_failure_is_kept_with_the_job_and_its_payload_stays_out_of_debug() {
    on_both(|t| async move {
        let scope = queued(&t.store, "ann@harbour.example").await;
        let seen = Arc::new(Mutex::new(String::new()));
        let note = Arc::clone(&seen);
        let handler = move |job: Job| {
            *note.lock().expect("no panic") = format!("{job:?}");
            Box::pin(async move { Err("no mail server".to_owned()) })
                as std::pin::Pin<Box<dyn Future<Output = _> + Send>>
        };
        assert!(
            run_one(&t.store, "node-a", START, &handler)
                .await
                .expect("taken")
        );
        let printed = seen.lock().expect("no panic").clone();
        assert!(
            printed.starts_with("Job {") && !printed.contains("ann@"),
            "{printed}"
        );
        let left = jobs(&t.store, scope).await;
        let expected = START.plus_us(20 * Micros::SECOND).0;
        assert_eq!(left, [(1, expected, Some("no mail server".to_owned()))]);
    });
}
