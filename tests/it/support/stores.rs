//! A fresh store of each engine for a test of stored things.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use countersign::platform::clock::{Clock, Micros};
use countersign::platform::ids::{Id, OrgId, PersonId, RequestId, uuid_v7};
use countersign::platform::scope::{Actor, Caller, CredentialKind, Scope};
use countersign::platform::store::{FileKey, Files, Integrity, Store, StoreError};
use countersign_sealing::{Entropy, Key, SystemEntropy};
use rusqlite::config::DbConfig;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::certificate::trusting;
use super::postgres::{Cluster, Database};
use super::temp::TempDir;

/// The moment at which tests begin: 2026-01-05T08:00:00Z, a Monday.
pub const START: Micros = Micros(1_767_600_000_000_000);

/// The key of the embedded engine's key store.
pub const KEY_STORE_KEY: [u8; 32] = [8; 32];

/// What keeps an engine's data until the test ends.
pub enum Home {
    Embedded(TempDir),
    Grown(Database),
}

pub struct TestStore {
    pub store: Store,
    pub clock: Clock,
    pub home: Home,
}

impl TestStore {
    pub async fn embedded() -> Self {
        let t = Self::in_folder(TempDir::new("store"));
        t.begin_journal(OrgId::SYSTEM).await;
        t
    }

    /// The store whose file is in this folder; a new one where there is none.
    pub fn in_folder(dir: TempDir) -> Self {
        // SQLCipher makes itself ready on the first use, and not for two threads at once.
        static FIRST: std::sync::Mutex<()> = std::sync::Mutex::new(());
        let first = FIRST
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if !dir.path().join("t.db").exists() {
            for (name, bytes) in made() {
                std::fs::write(dir.path().join(name), bytes).expect("the folder is ours");
            }
        }
        let store = Store::open_embedded(files(&dir), entropy()).expect("the files open");
        drop(first);
        Self {
            store: wired(store),
            clock: Clock::manual(START),
            home: Home::Embedded(dir),
        }
    }

    pub async fn grown() -> Self {
        let database = tokio::task::spawn_blocking(|| {
            Cluster::shared().template("countersign", |url| {
                let config = url.parse().expect("the cluster's own URL");
                tokio::runtime::Runtime::new()
                    .expect("a runtime")
                    .block_on(Store::migrate_postgres(&config, tls()))
                    .expect("the migrations apply");
            })
        })
        .await
        .expect("the cluster starts");
        let t = Self::in_database(database).await;
        t.begin_journal(OrgId::SYSTEM).await;
        t
    }

    /// The store in this migrated database.
    pub async fn in_database(database: Database) -> Self {
        Self {
            store: opened(&database.url()).await,
            clock: Clock::manual(START),
            home: Home::Grown(database),
        }
    }

    /// A copy of the store that `fill` fills once per `template`. A database is cloned only where nobody uses it.
    pub async fn grown_from<F: Future<Output = ()>>(
        template: &str,
        fill: impl FnOnce(Store) -> F + Send + 'static,
    ) -> Self {
        let template = template.to_owned();
        let database = tokio::task::spawn_blocking(move || {
            Cluster::shared().template(&template, |url| {
                let config = url.parse().expect("the cluster's own URL");
                tokio::runtime::Runtime::new()
                    .expect("a runtime")
                    .block_on(async {
                        Store::migrate_postgres(&config, tls())
                            .await
                            .expect("the migrations apply");
                        fill(opened(url).await).await;
                    });
            })
        })
        .await
        .expect("the template is filled");
        Self::in_database(database).await
    }

    /// Writes the head of a journal that has no entry yet, as the transaction that makes an organisation does.
    pub async fn begin_journal(&self, organisation: OrgId) {
        begin_journal(&self.store, organisation).await;
    }

    /// The embedded store as nobody has wired it: it does not know what people act by.
    pub fn unwired(&self) -> Store {
        let Home::Embedded(dir) = &self.home else {
            panic!("the embedded engine's file is opened again")
        };
        Store::open_embedded(files(dir), entropy())
            .expect("it opens")
            .with_integrity(integrity())
    }

    /// A second handle with connections of its own, as another node has.
    pub async fn another_node(&self) -> Store {
        match &self.home {
            Home::Embedded(_) => self.store.clone(),
            Home::Grown(database) => opened(&database.url()).await,
        }
    }

    /// Applies the migrations that the database does not name.
    pub async fn migrate_again(&self) {
        match &self.home {
            Home::Embedded(dir) => {
                Store::open_embedded(files(dir), entropy()).expect("it opens");
            }
            Home::Grown(database) => {
                let config = database.url().parse().expect("the cluster's own URL");
                let migrated = Store::migrate_postgres(&config, tls()).await;
                migrated.expect("the migrations apply");
            }
        }
    }

    /// Table and column of all that the migrated database has.
    pub async fn columns(&self) -> Vec<(String, String)> {
        self.columns_where("c.type IS NOT NULL", "data_type IS NOT NULL")
    }

    /// Those among them that hold bytes.
    pub async fn columns_of_bytes(&self) -> Vec<(String, String)> {
        self.columns_where("c.type = 'BLOB'", "data_type = 'bytea'")
    }

    fn columns_where(&self, in_embedded: &str, in_grown: &str) -> Vec<(String, String)> {
        match &self.home {
            Home::Embedded(dir) => {
                let connection = embedded(dir);
                let sql = format!(
                    "SELECT t.name, c.name FROM (SELECT name, type FROM main.sqlite_schema UNION ALL \
                     SELECT name, type FROM countersign_keys.sqlite_schema) t, pragma_table_info(t.name) c \
                     WHERE t.type = 'table' AND {in_embedded}"
                );
                let mut statement = connection.prepare(&sql).expect("the schema can be read");
                let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
                let rows: Result<_, _> = rows.expect("it runs").collect();
                rows.expect("two texts")
            }
            Home::Grown(database) => {
                let sql = format!(
                    "SELECT table_name, column_name FROM information_schema.columns \
                     WHERE table_schema IN ('public', 'countersign_keys') AND {in_grown}"
                );
                let rows = tokio::task::block_in_place(|| database.query(&sql));
                let rows = rows.expect("the statement runs").into_iter();
                let cell = |cell: &Option<String>| cell.clone().expect("a name");
                rows.map(|row| (cell(&row[0]), cell(&row[1]))).collect()
            }
        }
    }

    /// The same with every trigger switched off, which leaves no trace in the schema.
    pub async fn without_triggers(&self, sql: &str) {
        match &self.home {
            Home::Embedded(dir) => without_triggers(dir, sql),
            Home::Grown(_) => {
                let sql = format!("SET session_replication_role = replica; {sql}");
                self.behind_the_back(&sql).await;
            }
        }
    }

    /// Bytes as this engine's SQL has them.
    pub fn blob(&self, bytes: &[u8]) -> String {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        match self.home {
            Home::Embedded(_) => format!("x'{hex}'"),
            Home::Grown(_) => format!("'\\x{hex}'::bytea"),
        }
    }

    /// Changes the database as somebody does who has its key or its owner's password, behind the application.
    pub async fn behind_the_back(&self, sql: &str) {
        match &self.home {
            Home::Embedded(dir) => {
                embedded(dir)
                    .execute_batch(sql)
                    .expect("the statement runs");
            }
            Home::Grown(database) => {
                let sql = format!("SET search_path = public, countersign_keys; {sql}");
                tokio::task::block_in_place(|| database.query(&sql)).expect("the statement runs");
            }
        }
    }
}

/// A migrated database of the cluster.
async fn opened(url: &str) -> Store {
    let config = url.parse().expect("the cluster's own URL");
    let store = Store::open_postgres(config, tls(), entropy())
        .await
        .expect("a migrated database opens");
    wired(store)
}

/// As the program gives it its key, and what it asks of whoever acts.
fn wired(store: Store) -> Store {
    store
        .with_integrity(integrity())
        .with_standing(countersign::identity::standing::check)
}

/// The embedded store whose files were copied into a folder.
pub fn opened_in(folder: &Path) -> Store {
    let path = folder.join("t.db");
    let files = Files::new(&path, FileKey::new([7; 32]), FileKey::new(KEY_STORE_KEY));
    wired(Store::open_embedded(files, entropy()).expect("it opens"))
}

/// The files of an embedded store that has nothing but its schema: to migrate once is enough.
fn made() -> &'static [(std::ffi::OsString, Vec<u8>)] {
    static MADE: std::sync::OnceLock<Vec<(std::ffi::OsString, Vec<u8>)>> =
        std::sync::OnceLock::new();
    MADE.get_or_init(|| {
        let dir = TempDir::new("made");
        let _open = Store::open_embedded(files(&dir), entropy()).expect("the files open");
        let entries = std::fs::read_dir(dir.path())
            .expect("it is there")
            .flatten();
        // What is shared between processes is made again by whoever opens the files.
        entries
            .filter(|entry| !entry.file_name().to_string_lossy().ends_with("-shm"))
            .map(|entry| {
                let bytes = std::fs::read(entry.path()).expect("it reads");
                (entry.file_name(), bytes)
            })
            .collect()
    })
}

fn files(dir: &TempDir) -> Files {
    let path = dir.path().join("t.db");
    Files::new(&path, FileKey::new([7; 32]), FileKey::new(KEY_STORE_KEY))
}

/// A connection of somebody who has the keys of the database's files.
pub fn embedded(dir: &TempDir) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(dir.path().join("t.db")).expect("it opens");
    let hex = |byte: u8| format!("{byte:02x}").repeat(32);
    let keys = dir.path().join("keys.db").display().to_string();
    connection
        .execute_batch(&format!(
            "PRAGMA key = \"x'{}'\"; ATTACH DATABASE '{keys}' AS countersign_keys KEY \"x'{}'\";",
            hex(7),
            hex(8)
        ))
        .expect("the keys");
    connection
}

/// What the owner of an embedded store's files does to them, with every trigger switched off.
pub fn without_triggers(dir: &TempDir, sql: &str) {
    let connection = embedded(dir);
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)
        .expect("the owner may");
    connection.execute_batch(sql).expect("the statement runs");
}

/// The head of a journal in a store that has the tests' integrity key.
pub async fn begin_journal(store: &Store, organisation: OrgId) {
    store
        .housekeep::<_, StoreError, _>(Scope::of(organisation), |tx| {
            tx.begin_journal(&integrity(), START)
        })
        .await
        .expect("the journal has no entry yet");
}

fn tls() -> MakeRustlsConnect {
    MakeRustlsConnect::new(trusting(Cluster::shared().ca_pem()))
}

/// The integrity key of every store here.
pub fn key() -> Key {
    Key::from_slice(&[9; 32]).expect("32 bytes")
}

fn integrity() -> Arc<Integrity> {
    Arc::new(Integrity::new(&key()))
}

fn entropy() -> Arc<dyn Entropy> {
    Arc::new(SystemEntropy)
}

/// Runs a test on both engines, one after the other.
/// The store is shared, so that a future that holds a part of it alone does not end the engine's home.
pub fn on_both<F: Future<Output = ()>>(test: impl Fn(Arc<TestStore>) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        eprintln!("engine: embedded");
        let embedded = Arc::new(TestStore::embedded().await);
        test(Arc::clone(&embedded)).await;
        eprintln!("engine: postgresql");
        let grown = Arc::new(TestStore::grown().await);
        test(Arc::clone(&grown)).await;
    });
}

pub fn id<T: Id>() -> T {
    T::from_uuid(uuid_v7(START, &SystemEntropy))
}

/// A person who acts in an organisation.
pub fn caller(organisation: OrgId, now: Micros) -> Caller {
    Caller {
        scope: Scope::of(organisation),
        actor: Actor {
            person: Some(id::<PersonId>()),
            on_behalf_of: None,
            credential: CredentialKind::Link,
            credential_id: Some(id()),
            request: id::<RequestId>(),
        },
        judged_by: None,
        now,
    }
}
