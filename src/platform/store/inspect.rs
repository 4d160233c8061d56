//! What the doctor asks of an engine: looked at as it is, with nothing made, migrated or mended.

use std::sync::Arc;

use countersign_sealing::Entropy;
use rusqlite::{Connection, OpenFlags};

use super::dialect::SERVER_ROLE;
use super::error::{StoreError, from_postgres};
use super::sqlite::{self, Files, Sqlite};
use super::{Engine, Store, migrate};

/// What a PostgreSQL server says of itself and of the role that Countersign works as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerFacts {
    /// As in `server_version_num`: 150004 is 15.4.
    pub version: i32,
    /// Whether [`SERVER_ROLE`] exists.
    pub has_role: bool,
    /// Whether this login may work as it.
    pub may_become_role: bool,
    /// Whether row-level security binds it: no superuser, no BYPASSRLS, no owner of a table.
    pub is_bound: bool,
}

impl Store {
    /// Opens an embedded database that is there already, reads every page of it, and leaves its schema alone.
    ///
    /// # Errors
    /// Where the key does not open it, a page is damaged, or its schema is not this program's.
    pub fn look_into_embedded(files: Files, entropy: Arc<dyn Entropy>) -> Result<Self, StoreError> {
        // A writing connection brings the log into the file when it closes. Into a damaged file that would lose both.
        let only_reads = OpenFlags::SQLITE_OPEN_READ_ONLY;
        if !files.key_store().exists() {
            return Err(StoreError::NoKeyStore);
        }
        is_whole(&files.connect_for_schema(only_reads)?)?;
        let engine = Sqlite::open_as_it_is(files, migrate::is_current_sqlite)?;
        Ok(Self {
            engine: Engine::Embedded(engine),
            entropy,
            integrity: None,
            standing: None,
        })
    }
}

/// Reads every page, and compares its authentication code.
fn is_whole(connection: &Connection) -> Result<(), StoreError> {
    for pragma in [
        "PRAGMA main.cipher_integrity_check",
        "PRAGMA countersign_keys.cipher_integrity_check",
        "PRAGMA quick_check(1)",
    ] {
        for mut row in sqlite::query(connection, pragma, &[])? {
            let said: String = row.take()?;
            if said != "ok" {
                return Err(StoreError::Unavailable(format!("damaged: {said}")));
            }
        }
    }
    migrate::is_current_sqlite(connection)
}

/// Asks a PostgreSQL server as this login, before anything works as [`SERVER_ROLE`].
///
/// # Errors
/// Where no connection is had.
pub async fn postgres(
    config: &tokio_postgres::Config,
    tls: tokio_postgres_rustls::MakeRustlsConnect,
) -> Result<ServerFacts, StoreError> {
    let (client, connection) = config.connect(tls).await.map_err(from_postgres)?;
    let driver = tokio::spawn(connection);
    let row = client
        .query_one(
            "SELECT current_setting('server_version_num')::int4, \
             (SELECT r.rolsuper OR r.rolbypassrls OR EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid AND c.relkind = 'r') \
                FROM pg_roles r WHERE r.rolname = $1)",
            &[&SERVER_ROLE],
        )
        .await
        .map_err(from_postgres)?;
    let is_free: Option<bool> = row.get(1);
    let became = client
        .batch_execute(&format!("SET ROLE {SERVER_ROLE}"))
        .await;
    let facts = ServerFacts {
        version: row.get(0),
        has_role: is_free.is_some(),
        may_become_role: became.is_ok(),
        is_bound: is_free == Some(false),
    };
    drop(client);
    let _ = driver.await;
    Ok(facts)
}
