//! Journaled writes of the embedded engine beside the engine's raw durable transactions, in one run.
//!
//! A raw transaction inserts one row and flushes. A journaled write inserts one row, its journal entry, the entry's
//! opening and the sequencer's pending row. The figures to compare are the times per write.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign::params;
use countersign::platform::clock::Micros;
use countersign::platform::ids::{Id as _, OrgId, RequestId, uuid_v7};
use countersign::platform::scope::{Actor, Caller, CredentialKind, Scope};
use countersign::platform::store::{Entry, FileKey, Sql, Store, StoreError};
use countersign_sealing::SystemEntropy;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tokio::runtime::Runtime;

const INSERT: Sql = Sql::change(
    "gl_accounts",
    "INSERT INTO gl_accounts (org_id, id, code, name, version) VALUES ($1, $2, $3, 'Travel', 1) RETURNING id",
);
const NOW: Micros = Micros(1_767_600_000_000_000);

/// A folder beside the build's output: a memory file system would flush for nothing.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the build's folder can be written");
    folder
}

fn raw(criterion: &mut Criterion) {
    let path = folder("raw").join("raw.db");
    let connection = rusqlite::Connection::open(path).expect("it opens");
    connection
        .execute_batch(
            "PRAGMA key = \"x'0707070707070707070707070707070707070707070707070707070707070707'\"; \
             PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             CREATE TABLE t (id TEXT NOT NULL PRIMARY KEY, org_id TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL) STRICT;",
        )
        .expect("the table is made");
    let mut group = criterion.benchmark_group("durable writes, embedded");
    group.throughput(Throughput::Elements(1));
    group.bench_function("raw transaction", |bencher| {
        bencher.iter(|| {
            let id = uuid_v7(NOW, &SystemEntropy).to_string();
            connection
                .prepare_cached(
                    "INSERT INTO t (id, org_id, code, name) VALUES (?1, ?1, ?1, 'Travel')",
                )
                .and_then(|mut insert| insert.execute([&id]))
                .expect("inserted")
        });
    });
    group.finish();
}

async fn write(store: Store, caller: Caller) {
    store
        .write::<_, StoreError, _>(caller, |tx| {
            let id = tx.id::<OrgId>();
            tx.change_one(&INSERT, params![id, id])?;
            tx.commit(
                Entry::new("gl-account.added", "gl-account", id).fact("name", "Travel"),
                (),
            )
        })
        .await
        .expect("written");
}

fn journaled(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let path = folder("journaled").join("journaled.db");
    let store = Store::open_embedded(&path, FileKey::new([7; 32]), Arc::new(SystemEntropy))
        .expect("it opens");
    let caller = Caller {
        scope: Scope::of(OrgId::from_uuid(uuid_v7(NOW, &SystemEntropy))),
        actor: Actor {
            person: None,
            on_behalf_of: None,
            credential: CredentialKind::Job,
            credential_id: None,
            request: RequestId::from_uuid(uuid_v7(NOW, &SystemEntropy)),
        },
        now: NOW,
    };
    let mut group = criterion.benchmark_group("durable writes, embedded");
    group.throughput(Throughput::Elements(1));
    for clients in [1, 32] {
        group.bench_function(format!("journaled, {clients} clients"), |bencher| {
            bencher.iter_custom(|writes| runtime.block_on(run(&store, caller, clients, writes)));
        });
    }
    group.finish();
}

/// Time of `writes` writes, spread over `clients` that each wait for their answer before the next one.
async fn run(store: &Store, caller: Caller, clients: u64, writes: u64) -> Duration {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
    let began = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|client| {
            let (store, share) = (
                store.clone(),
                writes / clients + u64::from(client < writes % clients),
            );
            tokio::spawn(async move {
                for _ in 0..share {
                    write(store.clone(), caller).await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("no panic");
    }
    began.elapsed()
}

criterion_group!(benches, raw, journaled);
criterion_main!(benches);
