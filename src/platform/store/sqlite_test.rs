//! Group commit where a body refuses or panics among others, and when the disk is full: SQLite then rolls back everything by itself.

use std::future::poll_fn;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use super::error::StoreError;
use super::sqlite::{FileKey, Files, Sqlite, from_sqlite, query};
use super::value::Value;

/// A store with one table in a folder of its own.
fn opened(name: &str) -> (PathBuf, Sqlite) {
    let folder = std::env::temp_dir().join(format!("countersign-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the temporary folder is ours");
    let key = || FileKey::new([1; 32]);
    let files = Files::new(&folder.join("t.db"), key(), key());
    let store = Sqlite::open(files, |connection| {
        connection
            .execute_batch("CREATE TABLE t (n INTEGER NOT NULL, filler TEXT NOT NULL) STRICT;")
            .map_err(from_sqlite)
    })
    .expect("it opens");
    (folder, store)
}

async fn stored(store: &Sqlite) -> Vec<i64> {
    store
        .read::<_, StoreError, _>(|connection| {
            let rows = query(connection, "SELECT n FROM t ORDER BY n", &[])?;
            rows.into_iter().map(|mut row| Ok(row.take()?)).collect()
        })
        .await
        .expect("it reads")
}

fn put(connection: &rusqlite::Connection, n: i64) -> Result<(), StoreError> {
    let params = [Value::Int(n), Value::Text("x".to_owned())];
    query(
        connection,
        "INSERT INTO t (n, filler) VALUES ($1, $2)",
        &params,
    )
    .map(drop)
}

/// What a body does after it has inserted its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    Keeps,
    Refuses,
    Panics,
}

/// Polled once, a write is in the queue; it waits there as long as the writing thread is held.
async fn is_queued<F: Future>(mut write: Pin<&mut F>) -> bool {
    poll_fn(|context| Poll::Ready(write.as_mut().poll(context)))
        .await
        .is_pending()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_among_others_leaves_nothing_and_takes_nothing_from_them() {
    let (folder, store) = opened("refusal");
    let runs: Arc<[AtomicUsize; 9]> = Arc::default();
    let write = |n: usize, then: Then| {
        let (store, runs) = (store.clone(), Arc::clone(&runs));
        let body = move |connection: &rusqlite::Connection| {
            runs[n].fetch_add(1, Ordering::Relaxed);
            put(connection, i64::try_from(n).expect("few"))?;
            match then {
                Then::Keeps => Ok(()),
                Then::Refuses => Err(StoreError::Missing),
                Then::Panics => panic!("a body of the test"),
            }
        };
        async move { store.write::<_, StoreError, _>(body).await }
    };
    let plan = [
        Then::Keeps,
        Then::Refuses,
        Then::Keeps,
        Then::Panics,
        Then::Keeps,
        Then::Refuses,
        Then::Keeps,
    ];
    // The writing thread waits in the first body until all the others are queued behind it.
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let mut first = Box::pin(store.write::<_, StoreError, _>(move |connection| {
        let _ = wait.recv();
        put(connection, 100)
    }));
    assert!(is_queued(first.as_mut()).await);
    let mut writes = tokio::task::JoinSet::new();
    for (n, then) in plan.into_iter().enumerate() {
        let mut write = Box::pin(write(n, then));
        assert!(is_queued(write.as_mut()).await);
        writes.spawn(async move { (n, write.await.is_ok()) });
    }
    drop(go);
    first.await.expect("written");
    let mut kept: Vec<(usize, bool)> = writes.join_all().await;
    kept.sort_unstable();
    let planned = plan.iter().map(|then| *then == Then::Keeps).enumerate();
    assert_eq!(kept, planned.collect::<Vec<_>>());
    assert_eq!(stored(&store).await, [0, 2, 4, 6, 100], "each once");
    let ran = |n: usize| runs[n].load(Ordering::Relaxed);
    assert_eq!(ran(0), 2, "what ran before a refusal runs again");
    assert_eq!(ran(3), 1, "what a panic left behind does not");
    // Alone, nothing has to run again.
    assert!(write(8, Then::Refuses).await.is_err());
    assert_eq!((stored(&store).await.len(), ran(8)), (5, 1));
    std::fs::remove_dir_all(&folder).expect("ours");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_fails_its_batch_and_commits_no_part_of_it() {
    let (folder, store) = opened("full-disk");
    // A database at its page limit answers as a full file system does.
    store
        .write::<_, StoreError, _>(|connection| {
            query(connection, "PRAGMA general.max_page_count = 200", &[])
        })
        .await
        .expect("the limit is set");
    let mut acknowledged = Vec::new();
    'full: for round in 0..100_i64 {
        let tries: Vec<_> = (0..8_i64)
            .map(|n| {
                let store = store.clone();
                tokio::spawn(async move {
                    let body = move |connection: &rusqlite::Connection| {
                        let params = [Value::Int(round * 8 + n), Value::Text("x".repeat(20_000))];
                        query(
                            connection,
                            "INSERT INTO t (n, filler) VALUES ($1, $2)",
                            &params,
                        )
                        .map(|_| round * 8 + n)
                    };
                    store.write::<i64, StoreError, _>(body).await
                })
            })
            .collect();
        let mut failed = false;
        for attempt in tries {
            match attempt.await.expect("no panic") {
                Ok(n) => acknowledged.push(n),
                Err(_) => failed = true,
            }
        }
        if failed {
            break 'full;
        }
    }
    assert!(acknowledged.len() < 100, "the disk became full");
    acknowledged.sort_unstable();
    assert_eq!(
        stored(&store).await,
        acknowledged,
        "what was acknowledged is there, and nothing else"
    );
    std::fs::remove_dir_all(&folder).expect("ours");
}
