//! Group commit when the disk is full: SQLite then rolls back everything by itself.

use super::error::StoreError;
use super::sqlite::{FileKey, Files, Sqlite, from_sqlite, query};
use super::value::Value;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_fails_its_batch_and_commits_no_part_of_it() {
    let folder = std::env::temp_dir().join(format!("countersign-full-disk-{}", std::process::id()));
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
    let stored: Vec<i64> = store
        .read::<_, StoreError, _>(|connection| {
            let rows = query(connection, "SELECT n FROM t ORDER BY n", &[])?;
            rows.into_iter().map(|mut row| Ok(row.take()?)).collect()
        })
        .await
        .expect("it reads");
    acknowledged.sort_unstable();
    assert_eq!(
        stored, acknowledged,
        "what was acknowledged is there, and nothing else"
    );
    std::fs::remove_dir_all(&folder).expect("ours");
}
