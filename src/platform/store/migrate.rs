//! Migrations: one tree for both engines, each applied once and never edited afterwards (its SHA-256 is remembered).

use aws_lc_rs::digest::{SHA256, digest};

use super::catalogue::TABLES;
use super::dialect;
use super::error::{StoreError, from_postgres};
use super::lookup::Lookup;
use super::sql::Sql;
use super::sqlite::{self, from_sqlite};
use super::tx::Reads;
use super::value::Value;

struct Migration {
    name: &'static str,
    text: &'static str,
}

macro_rules! migrations {
    ($($name:literal),+ $(,)?) => {
        &[$(Migration { name: $name, text: include_str!(concat!("../../../migrations/", $name, ".sql")) }),+]
    };
}

/// The migration that drops the tables of keys from the database, once the key store has what they held.
const TO_KEY_STORE: &str = "0024_key_store";

/// In the order in which they are applied.
const MIGRATIONS: &[Migration] = migrations![
    "0001_platform",
    "0002_identity",
    "0003_payables",
    "0004_idempotency",
    "0005_job_secrets",
    "0006_known_devices",
    "0007_seller_names",
    "0008_own_accounts",
    "0009_passkeys",
    "0010_power_requests",
    "0011_single_sign_on",
    "0012_directories",
    "0013_security_policy",
    "0014_access",
    "0016_custom_roles",
    "0017_one_human",
    "0018_sign_in_ends",
    "0020_journal_nodes",
    "0022_reveals",
    "0023_subject_keys",
    "0024_key_store",
    "0025_journal_witness",
    "0026_journal_streams",
    "0027_key_rotation",
    "0028_key_backups",
    "0031_session_rights",
    "0033_suspended_by",
    "0034_seed_of_a_session",
    "0035_disowned",
    "0037_document_openings",
    "0038_tax_id_questions",
    "0039_erased_openings",
    "0042_throttles_by_time",
];

const CREATE_TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (\n  name TEXT NOT NULL PRIMARY KEY,\n  sha256 BYTEA NOT NULL\n);";
const APPLIED: Sql = Sql::lookup("SELECT name, sha256 FROM schema_migrations ORDER BY name");
const RECORD: &str = "INSERT INTO schema_migrations (name, sha256) VALUES ($1, $2)";

/// The migrations that are still to be applied; an error where what was applied is not what we have.
fn pending(applied: &[(String, Vec<u8>)]) -> Result<Vec<&'static Migration>, StoreError> {
    for (name, sha256) in applied {
        let reason = match MIGRATIONS.iter().find(|migration| migration.name == name) {
            None => {
                "this database was made by a newer version of Countersign: install that version or a later one"
            }
            Some(ours) if sum(ours) != *sha256 => {
                "it was changed after it was applied: install an unmodified version"
            }
            Some(_) => continue,
        };
        return Err(StoreError::Migration {
            name: name.clone(),
            reason: reason.to_owned(),
        });
    }
    Ok(MIGRATIONS
        .iter()
        .filter(|ours| !applied.iter().any(|(name, _)| name == ours.name))
        .collect())
}

fn sum(migration: &Migration) -> Vec<u8> {
    digest(&SHA256, migration.text.as_bytes()).as_ref().to_vec()
}

/// What is done about a key store that a database needs and that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lost {
    Refused,
    /// It is made again with nothing in it: somebody is about to fill it from its backup.
    MadeAgain,
}

/// On a connection for changes of the schema.
pub(super) fn sqlite(connection: &rusqlite::Connection, lost: Lost) -> Result<(), StoreError> {
    let batch = |text: &str| connection.execute_batch(text).map_err(from_sqlite);
    batch("BEGIN EXCLUSIVE")?;
    batch(&dialect::ddl_for_sqlite(CREATE_TABLE))?;
    let applied = applied_sqlite(connection)?;
    let pending = pending(&applied)?;
    let has_moved = needs_key_store(&applied);
    if has_moved && lost == Lost::Refused {
        has_key_store(connection)?;
    }
    let lacks = has_moved && lacks_sqlite(connection)?;
    if pending.is_empty() && !lacks {
        return batch("COMMIT");
    }
    batch(&dialect::lifted_for_sqlite())?;
    if lacks {
        batch(&dialect::key_store_for_sqlite())?;
    }
    for migration in &pending {
        if migration.name == TO_KEY_STORE {
            // Each file commits for itself: the key store has the keys before the database loses them.
            batch("COMMIT; BEGIN EXCLUSIVE")?;
            batch(&dialect::key_store_for_sqlite())?;
            batch(&dialect::take_keys_over("main"))?;
            batch("COMMIT; BEGIN EXCLUSIVE")?;
        }
        connection
            .execute_batch(&dialect::ddl_for_sqlite(migration.text))
            .map_err(|error| failed(migration, &error))?;
        sqlite::query(
            connection,
            RECORD,
            &[Value::from(migration.name), Value::from(sum(migration))],
        )?;
    }
    let guards = dialect::guards_for_sqlite(|table| columns(connection, table))?;
    batch(&guards)?;
    batch("COMMIT")
}

/// Whether the keys have left the database.
fn needs_key_store(applied: &[(String, Vec<u8>)]) -> bool {
    applied.iter().any(|(name, _)| name == TO_KEY_STORE)
}

fn has_key_store(connection: &rusqlite::Connection) -> Result<(), StoreError> {
    let found = "SELECT name FROM countersign_keys.sqlite_schema WHERE name = 'key_disposals'";
    if sqlite::query(connection, found, &[])?.is_empty() {
        return Err(StoreError::NoKeyStore);
    }
    Ok(())
}

/// The tables that a key store has. One that was put back from before an update has fewer.
fn of_key_store() -> impl Iterator<Item = &'static str> {
    let ours = TABLES.iter().filter(|table| table.in_key_store);
    ours.map(|table| table.name)
}

fn lacks_sqlite(connection: &rusqlite::Connection) -> Result<bool, StoreError> {
    let text = "SELECT name FROM countersign_keys.sqlite_schema WHERE type = 'table'";
    let mut found = Vec::new();
    for mut row in sqlite::query(connection, text, &[])? {
        found.push(row.take::<String>()?);
    }
    Ok(of_key_store().any(|table| !found.iter().any(|name| name == table)))
}

/// The columns of a table of the catalogue.
fn columns(connection: &rusqlite::Connection, table: &str) -> Result<Vec<String>, StoreError> {
    let text = "SELECT name FROM pragma_table_info($1)";
    let rows = sqlite::query(connection, text, &[Value::from(table)])?;
    let name = |mut row: super::value::Row| row.take();
    Ok(rows.into_iter().map(name).collect::<Result<_, _>>()?)
}

fn applied_sqlite(connection: &rusqlite::Connection) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    let mut applied = Vec::new();
    for mut row in sqlite::query(connection, APPLIED.text, &[])? {
        applied.push((row.take()?, row.take()?));
    }
    Ok(applied)
}

/// Whether an embedded database has the schema of this program.
pub(super) fn is_current_sqlite(connection: &rusqlite::Connection) -> Result<(), StoreError> {
    is_current(&applied_sqlite(connection)?)?;
    has_key_store(connection)?;
    if lacks_sqlite(connection)? {
        return Err(StoreError::Migration {
            name: "key_store".to_owned(),
            reason: "the key store was put back from before an update: start `countersign serve` once, which completes it"
                .to_owned(),
        });
    }
    Ok(())
}

fn failed(migration: &Migration, error: &dyn std::fmt::Display) -> StoreError {
    StoreError::Migration {
        name: migration.name.to_owned(),
        reason: error.to_string(),
    }
}

pub(super) async fn postgres(
    config: &tokio_postgres::Config,
    tls: tokio_postgres_rustls::MakeRustlsConnect,
    lost: Lost,
) -> Result<(), StoreError> {
    let (mut client, connection) = config.connect(tls).await.map_err(from_postgres)?;
    let driver = tokio::spawn(connection);
    let tx = client.transaction().await.map_err(from_postgres)?;
    // Two servers that start at once migrate one after the other. The number is ours and arbitrary.
    tx.batch_execute("SELECT pg_advisory_xact_lock(6021024)")
        .await
        .map_err(from_postgres)?;
    tx.batch_execute(&dialect::ddl_for_postgres(CREATE_TABLE))
        .await
        .map_err(from_postgres)?;
    let rows = tx.query(APPLIED.text, &[]).await.map_err(from_postgres)?;
    let applied: Vec<(String, Vec<u8>)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let pending = pending(&applied)?;
    let has_moved = needs_key_store(&applied);
    if has_moved && lost == Lost::Refused && !has_key_store_postgres(&tx).await? {
        return Err(StoreError::NoKeyStore);
    }
    let lacks = has_moved && lacks_postgres(&tx).await?;
    if lacks {
        make_key_store_postgres(&tx).await?;
    }
    if lacks || !pending.is_empty() {
        let scope = format!("SET LOCAL search_path = public, {}", dialect::KEY_SCHEMA);
        batch(&tx, &scope).await?;
        batch(&tx, &dialect::lifted_for_postgres()).await?;
        for migration in &pending {
            apply_postgres(&tx, migration).await?;
        }
        batch(&tx, &dialect::guards_for_postgres()).await?;
    }
    tx.commit().await.map_err(from_postgres)?;
    drop(client);
    let _ = driver.await;
    Ok(())
}

async fn apply_postgres(
    tx: &tokio_postgres::Transaction<'_>,
    migration: &Migration,
) -> Result<(), StoreError> {
    if migration.name == TO_KEY_STORE {
        make_key_store_postgres(tx).await?;
        batch(tx, &dialect::take_keys_over("public")).await?;
    }
    tx.batch_execute(&dialect::ddl_for_postgres(migration.text))
        .await
        .map_err(|error| failed(migration, &from_postgres(error)))?;
    tx.execute(RECORD, &[&migration.name, &sum(migration)])
        .await
        .map(drop)
        .map_err(from_postgres)
}

async fn make_key_store_postgres(tx: &tokio_postgres::Transaction<'_>) -> Result<(), StoreError> {
    let found = "SELECT to_regnamespace($1) IS NOT NULL";
    let row = tx.query_one(found, &[&dialect::KEY_SCHEMA]).await;
    // Whoever may not make schemas can be given this one.
    if !row.map_err(from_postgres)?.get::<_, bool>(0) {
        batch(tx, &format!("CREATE SCHEMA {}", dialect::KEY_SCHEMA)).await?;
    }
    batch(tx, &dialect::key_store_for_postgres()).await
}

async fn has_key_store_postgres(tx: &tokio_postgres::Transaction<'_>) -> Result<bool, StoreError> {
    has_table_postgres(tx, "key_disposals").await
}

async fn lacks_postgres(tx: &tokio_postgres::Transaction<'_>) -> Result<bool, StoreError> {
    for table in of_key_store() {
        if !has_table_postgres(tx, table).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the key store has it.
async fn has_table_postgres(
    tx: &tokio_postgres::Transaction<'_>,
    table: &str,
) -> Result<bool, StoreError> {
    let name = format!("{}.{table}", dialect::KEY_SCHEMA);
    let found = "SELECT to_regclass($1::text) IS NOT NULL";
    let row = tx.query_one(found, &[&name]).await.map_err(from_postgres)?;
    Ok(row.get(0))
}

async fn batch(tx: &tokio_postgres::Transaction<'_>, text: &str) -> Result<(), StoreError> {
    tx.batch_execute(text).await.map_err(from_postgres)
}

/// A server never works on a schema that is not its own.
pub(super) fn check_version(lookup: &mut Lookup<'_>) -> Result<(), StoreError> {
    is_current(&lookup.all::<(String, Vec<u8>)>(&APPLIED, [])?)
}

fn is_current(applied: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
    match pending(applied)?.first() {
        None => Ok(()),
        Some(missing) => Err(StoreError::Migration {
            name: missing.name.to_owned(),
            reason: "it is not applied: start `countersign serve` once, with the owner's database URL on PostgreSQL"
                .to_owned(),
        }),
    }
}
