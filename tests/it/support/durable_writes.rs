//! Journaled writes of the embedded engine beside what the engine does at all, in one run: for the benchmark and for
//! `make long`.
//!
//! A raw transaction inserts one row and flushes. A journaled write inserts one row with its code, its journal entry, the
//! entry's opening and the sequencer's pending row; a journaled update also checks the row's code before. Clients wait
//! for each answer before they ask again, and each answer follows the flush.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign::params;
use countersign::platform::clock::{Clock, Micros};
use countersign::platform::ids::{Id as _, OrgId, RequestId, uuid_v7};
use countersign::platform::scope::{Actor, Caller, CredentialKind, Scope};
use countersign::platform::store::{Entry, FileKey, Files, Integrity, Sql, Store, StoreError};
use countersign_sealing::{Key, SystemEntropy};
use tokio::runtime::Runtime;

const INSERT: Sql = Sql::change(
    "gl_accounts",
    "INSERT INTO gl_accounts (org_id, id, code, name, version) VALUES ($1, $2, $2, 'Travel', 1) RETURNING id",
);
const RENAME: Sql = Sql::change(
    "gl_accounts",
    "UPDATE gl_accounts SET name = $3, version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING id",
);
const NOW: Micros = Micros(1_767_600_000_000_000);
const CLIENTS: u64 = 32;

/// Writes in a second, and the ratios of the bar; each is the median of the rounds.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Figures {
    /// The yardstick: the engine's own durable transactions.
    pub raw_per_second: u64,
    /// The same without a flush. Where it is not much faster, this disk's flush is no limit.
    pub raw_without_flush_per_second: u64,
    pub clients_1_per_second: u64,
    pub clients_32_per_second: u64,
    pub updates_by_32_per_second: u64,
    /// 32 clients against the raw durable transactions; the bar is 50.
    pub clients_32_of_raw_percent: u64,
    /// 32 clients against one; the bar is 400 where the flush is the limit.
    pub clients_32_of_1_percent: u64,
    /// How much of one client's write the flush is.
    pub flush_of_write_percent: u64,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            raw_per_second: raw,
            raw_without_flush_per_second: unflushed,
            clients_1_per_second: one,
            clients_32_per_second: many,
            updates_by_32_per_second: updates,
            ..
        } = self;
        writeln!(
            f,
            "raw transactions: {raw}/s with a flush, {unflushed}/s without"
        )?;
        writeln!(
            f,
            "journaled writes: {one}/s by 1 client, {many}/s by 32; updates: {updates}/s by 32"
        )?;
        writeln!(
            f,
            "32 clients: {} % of the raw durable transactions (bar: 50 %)",
            self.clients_32_of_raw_percent
        )?;
        write!(
            f,
            "32 clients: {} % of one client (bar: 400 % where the flush is the limit; it is {} % of one client's write)",
            self.clients_32_of_1_percent, self.flush_of_write_percent
        )
    }
}

/// Measures `rounds` times, each kind in turn, so that all kinds see the same machine; `writes` is one client's count.
pub fn measure(rounds: u64, writes: u64) -> Figures {
    let runtime = Runtime::new().expect("a runtime");
    let (flushed, unflushed) = (Raw::new("flushed", "FULL"), Raw::new("unflushed", "OFF"));
    let bench = Bench::new(&runtime);
    let rounds: Vec<Round> = (0..rounds)
        .map(|_| {
            let one = bench.inserts(&runtime, 1, writes);
            let many = bench.inserts(&runtime, CLIENTS, writes * 8);
            Round {
                raw: flushed.transactions(writes * 4),
                unflushed: unflushed.transactions(writes * 4),
                one,
                many,
                updates: bench.updates(&runtime, writes * 8),
            }
        })
        .collect();
    let median = |of: fn(&Round) -> f64| {
        let mut values: Vec<f64> = rounds.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2].round() as u64
    };
    Figures {
        raw_per_second: median(|round| round.raw),
        raw_without_flush_per_second: median(|round| round.unflushed),
        clients_1_per_second: median(|round| round.one),
        clients_32_per_second: median(|round| round.many),
        updates_by_32_per_second: median(|round| round.updates),
        clients_32_of_raw_percent: median(|round| 100.0 * round.many / round.raw),
        clients_32_of_1_percent: median(|round| 100.0 * round.many / round.one),
        flush_of_write_percent: median(|round| {
            let flush_s = (1.0 / round.raw - 1.0 / round.unflushed).max(0.0);
            100.0 * flush_s * round.one
        }),
    }
}

/// Writes in a second.
struct Round {
    raw: f64,
    unflushed: f64,
    one: f64,
    many: f64,
    updates: f64,
}

fn per_second(count: u64, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

/// A folder beside the build's output: a memory file system would flush for nothing.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the build's folder can be written");
    folder
}

struct Raw(rusqlite::Connection);

impl Raw {
    fn new(name: &str, synchronous: &str) -> Self {
        let path = folder(name).join("raw.db");
        let connection = rusqlite::Connection::open(path).expect("it opens");
        connection
            .execute_batch(&format!(
                "PRAGMA key = \"x'{}'\"; PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; \
                 CREATE TABLE t (id TEXT NOT NULL PRIMARY KEY, org_id TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL) STRICT;",
                "07".repeat(32)
            ))
            .expect("the table is made");
        Self(connection)
    }

    fn transactions(&self, count: u64) -> f64 {
        let begun = Instant::now();
        for _ in 0..count {
            let id = uuid_v7(Clock::System.now(), &SystemEntropy).to_string();
            self.0
                .prepare_cached(
                    "INSERT INTO t (id, org_id, code, name) VALUES (?1, ?1, ?1, 'Travel')",
                )
                .and_then(|mut insert| insert.execute([&id]))
                .expect("inserted");
        }
        per_second(count, begun.elapsed())
    }
}

struct Bench {
    store: Store,
    caller: Caller,
    /// A row for each client to update.
    rows: Arc<Vec<OrgId>>,
}

impl Bench {
    fn new(runtime: &Runtime) -> Self {
        let path = folder("journaled").join("journaled.db");
        let key = Key::from_slice(&[9; 32]).expect("32 bytes");
        let store = Store::open_embedded(
            Files::new(&path, FileKey::new([7; 32]), FileKey::new([8; 32])),
            Arc::new(SystemEntropy),
        )
        .expect("it opens")
        .with_integrity(Arc::new(Integrity::new(&key)));
        let caller = Caller {
            scope: Scope::of(OrgId::from_uuid(uuid_v7(NOW, &SystemEntropy))),
            actor: Actor {
                person: None,
                on_behalf_of: None,
                credential: CredentialKind::Job,
                credential_id: None,
                request: RequestId::from_uuid(uuid_v7(NOW, &SystemEntropy)),
            },
            judged_by: None,
            now: NOW,
        };
        let rows = (0..CLIENTS).map(|_| runtime.block_on(insert(store.clone(), caller)));
        let rows = Arc::new(rows.collect());
        Self {
            store,
            caller,
            rows,
        }
    }

    fn inserts(&self, runtime: &Runtime, clients: u64, count: u64) -> f64 {
        let (store, caller) = (self.store.clone(), self.caller);
        runtime.block_on(by_clients(clients, count, move |_| {
            let store = store.clone();
            async move {
                insert(store, caller).await;
            }
        }))
    }

    fn updates(&self, runtime: &Runtime, count: u64) -> f64 {
        let (store, caller, rows) = (self.store.clone(), self.caller, Arc::clone(&self.rows));
        runtime.block_on(by_clients(CLIENTS, count, move |client| {
            update(store.clone(), caller, rows[client as usize])
        }))
    }
}

/// At the present moment, as requests are: ids ascend with time, and rows go to the end of their tables.
fn present(caller: Caller) -> Caller {
    Caller {
        now: Clock::System.now(),
        ..caller
    }
}

async fn insert(store: Store, caller: Caller) -> OrgId {
    store
        .write::<_, StoreError, _>(present(caller), |tx| {
            let id = tx.id::<OrgId>();
            tx.change_one(&INSERT, params![id])?;
            let entry = Entry::new("gl-account.added", "gl-account", id);
            tx.commit(entry.fact("name", "Travel"), id)
        })
        .await
        .expect("written")
}

async fn update(store: Store, caller: Caller, row: OrgId) {
    store
        .write::<_, StoreError, _>(present(caller), move |tx| {
            tx.change_one(&RENAME, params![row, "Rent"])?;
            let entry = Entry::new("gl-account.changed", "gl-account", row);
            tx.commit(entry.fact("name", "Rent"), ())
        })
        .await
        .expect("written");
}

/// How many of `count` writes are done in a second, spread over `clients`.
async fn by_clients<F>(
    clients: u64,
    count: u64,
    write: impl Fn(u64) -> F + Clone + Send + 'static,
) -> f64
where
    F: Future<Output = ()> + Send + 'static,
{
    let begun = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|client| {
            let write = write.clone();
            let share = count / clients + u64::from(client < count % clients);
            tokio::spawn(async move {
                for _ in 0..share {
                    write(client).await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("no panic");
    }
    per_second(count, begun.elapsed())
}
