//! Migrations: one tree for both engines, each applied once and never edited afterwards (its SHA-256 is remembered).

use aws_lc_rs::digest::{SHA256, digest};

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
    "0023_subject_keys",
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

pub(super) fn sqlite(connection: &rusqlite::Connection) -> Result<(), StoreError> {
    connection
        .execute_batch("BEGIN EXCLUSIVE")
        .map_err(from_sqlite)?;
    connection
        .execute_batch(&dialect::ddl_for_sqlite(CREATE_TABLE))
        .map_err(from_sqlite)?;
    let pending = pending(&applied_sqlite(connection)?)?;
    if !pending.is_empty() {
        connection
            .execute_batch(&dialect::lifted_for_sqlite())
            .map_err(from_sqlite)?;
    }
    for migration in &pending {
        connection
            .execute_batch(&dialect::ddl_for_sqlite(migration.text))
            .map_err(|error| failed(migration, &error))?;
        sqlite::query(
            connection,
            RECORD,
            &[Value::from(migration.name), Value::from(sum(migration))],
        )?;
    }
    if !pending.is_empty() {
        connection
            .execute_batch(&dialect::guards_for_sqlite())
            .map_err(from_sqlite)?;
    }
    connection.execute_batch("COMMIT").map_err(from_sqlite)
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
    is_current(&applied_sqlite(connection)?)
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
    if !pending.is_empty() {
        tx.batch_execute(&dialect::lifted_for_postgres())
            .await
            .map_err(from_postgres)?;
    }
    for migration in &pending {
        let ddl = dialect::ddl_for_postgres(migration.text);
        tx.batch_execute(&ddl)
            .await
            .map_err(|error| failed(migration, &from_postgres(error)))?;
        tx.execute(RECORD, &[&migration.name, &sum(migration)])
            .await
            .map_err(from_postgres)?;
    }
    if !pending.is_empty() {
        tx.batch_execute(&dialect::guards_for_postgres())
            .await
            .map_err(from_postgres)?;
    }
    tx.commit().await.map_err(from_postgres)?;
    drop(client);
    let _ = driver.await;
    Ok(())
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
