//! The grown engine: PostgreSQL 15 or newer, SERIALIZABLE with bounded retry, the scope set for the transaction alone.
//!
//! A body runs to its end on a thread of its own, also when the request that wanted it is cancelled: no connection goes
//! back to the pool in the middle of a transaction, so no scope can leak to the next user.

use std::future::Future;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use bytes::BytesMut;
use deadpool_postgres::{Client, Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod};
use tokio::runtime::Handle;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use super::dialect::{KEY_SCHEMA, SERVER_ROLE};
use super::error::{BodyError, StoreError, from_postgres};
use super::value::{Row, Value};
use crate::platform::scope::Scope;

/// How often a body is run again after a serialization failure.
const ATTEMPTS_MAX: u32 = 40;
const POOL_MAX: usize = 24;

#[derive(Clone)]
pub(super) struct Postgres {
    pool: Pool,
}

/// What the scope of a transaction may see.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reach {
    Tenant(Scope),
    /// Before the tenant is known.
    Lookup,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Read,
    Write,
    /// Leases, counters and the sequencer: each statement is a compare-and-set of its own, and they must not make
    /// business transactions fail, which SERIALIZABLE would let them do.
    Housekeeping,
}

impl Postgres {
    /// A pool whose connections work as the server's role, never as the owner they may have signed in as.
    pub(super) fn open(
        config: tokio_postgres::Config,
        tls: tokio_postgres_rustls::MakeRustlsConnect,
    ) -> Result<Self, StoreError> {
        let manager = Manager::from_config(
            config,
            tls,
            ManagerConfig {
                recycling_method: RecyclingMethod::Fast,
            },
        );
        let pool = Pool::builder(manager)
            .max_size(POOL_MAX)
            .runtime(deadpool_postgres::Runtime::Tokio1)
            .wait_timeout(Some(Duration::from_secs(30)))
            .create_timeout(Some(Duration::from_secs(10)))
            .post_create(Hook::async_fn(|client, _| {
                Box::pin(async move {
                    client.batch_execute(&format!("SET ROLE {SERVER_ROLE}; SET search_path = public, {KEY_SCHEMA}; SET statement_timeout = '60s'; SET idle_in_transaction_session_timeout = '60s'")).await.map_err(HookError::Backend)
                })
            }))
            .build()
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Self { pool })
    }

    /// Runs `body` in a transaction; runs it again when PostgreSQL could not serialise it.
    pub(super) async fn run<T, E, F>(&self, reach: Reach, mode: Mode, mut body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: BodyError,
        F: FnMut(Session<'_>) -> Result<T, E> + Send + 'static,
    {
        let pool = self.pool.clone();
        let handle = Handle::current();
        tokio::task::spawn_blocking(move || {
            let mut attempt = 0;
            loop {
                attempt += 1;
                let client = handle
                    .block_on(pool.get())
                    .map_err(|error| unavailable(&error))?;
                match attempt_once(&handle, client, reach, mode, &mut body) {
                    Err(error) if error.store_error().is_some_and(StoreError::is_retryable) => {
                        if attempt == ATTEMPTS_MAX {
                            return Err(E::from(StoreError::Contended));
                        }
                        back_off(attempt);
                    }
                    other => return other,
                }
            }
        })
        .await
        .map_err(|_| E::from(StoreError::Panicked))?
    }
}

fn unavailable(error: &deadpool_postgres::PoolError) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

/// Losers of a race step aside for unequal times, or they would meet again: threads with neighbouring numbers, and those of
/// several nodes, must not come out alike.
fn back_off(attempt: u32) {
    let mut spread = DefaultHasher::new();
    (std::process::id(), std::thread::current().id(), attempt).hash(&mut spread);
    let ceiling_us = 500u64 << attempt.min(8);
    std::thread::sleep(Duration::from_micros(200 + spread.finish() % ceiling_us));
}

fn attempt_once<T, E: BodyError>(
    handle: &Handle,
    client: Client,
    reach: Reach,
    mode: Mode,
    body: &mut impl FnMut(Session<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let begin = match mode {
        Mode::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        Mode::Write => "BEGIN ISOLATION LEVEL SERIALIZABLE",
        Mode::Housekeeping => "BEGIN ISOLATION LEVEL REPEATABLE READ",
    };
    // The organisation is a parsed UUID: its text holds nothing that could end the literal.
    let scope = match reach {
        Reach::Tenant(scope) => format!(
            "SET LOCAL countersign.organisation = '{}'",
            scope.organisation()
        ),
        Reach::Lookup => "SET LOCAL countersign.lookup = 'on'".to_owned(),
    };
    if let Err(error) = wait(handle, client.batch_execute(&format!("{begin}; {scope}"))) {
        // Nothing is known of the connection's state: it is thrown away, not given to the next user.
        drop(deadpool_postgres::Object::take(client));
        return Err(E::from(error));
    }
    let session = Session {
        client: &client,
        handle,
    };
    let result = catch_unwind(AssertUnwindSafe(|| body(session)));
    let outcome = match result {
        Ok(Ok(value)) => wait(handle, client.batch_execute("COMMIT"))
            .map(|()| value)
            .map_err(E::from),
        Ok(Err(error)) => Err(error),
        Err(_) => Err(E::from(StoreError::Panicked)),
    };
    if outcome.is_err() && wait(handle, client.batch_execute("ROLLBACK")).is_err() {
        // A connection that cannot even roll back is thrown away, not reused.
        drop(deadpool_postgres::Object::take(client));
    }
    outcome
}

fn wait<T>(
    handle: &Handle,
    future: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<T, StoreError> {
    handle.block_on(future).map_err(from_postgres)
}

/// One transaction's connection.
#[derive(Clone, Copy)]
pub(super) struct Session<'a> {
    client: &'a Client,
    handle: &'a Handle,
}

impl Session<'_> {
    pub(super) fn query(self, text: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.rows(text, params)?
            .iter()
            .map(|row| Ok(Row::new(values(row)?)))
            .collect()
    }

    pub(super) fn query_named(
        self,
        text: &str,
        params: &[Value],
    ) -> Result<Vec<Vec<(String, Value)>>, StoreError> {
        self.rows(text, params)?
            .iter()
            .map(|row| {
                Ok(row
                    .columns()
                    .iter()
                    .map(|column| column.name().to_owned())
                    .zip(values(row)?)
                    .collect())
            })
            .collect()
    }

    fn rows(self, text: &str, params: &[Value]) -> Result<Vec<tokio_postgres::Row>, StoreError> {
        let statement = wait(self.handle, self.client.prepare_cached(text))?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|value| value as _).collect();
        wait(self.handle, self.client.query(&statement, &params))
    }
}

fn values(row: &tokio_postgres::Row) -> Result<Vec<Value>, StoreError> {
    (0..row.len())
        .map(|column| {
            let ty = row.columns()[column].type_();
            let value = if *ty == Type::INT8 {
                row.try_get::<_, Option<i64>>(column).map(Value::from)
            } else if *ty == Type::INT4 {
                row.try_get::<_, Option<i32>>(column)
                    .map(|int| Value::from(int.map(i64::from)))
            } else if *ty == Type::BYTEA {
                row.try_get::<_, Option<Vec<u8>>>(column).map(Value::from)
            } else if [Type::TEXT, Type::VARCHAR, Type::NAME].contains(ty) {
                row.try_get::<_, Option<String>>(column).map(Value::from)
            } else {
                return Err(StoreError::Misuse("a column type that only one engine has"));
            };
            value.map_err(from_postgres)
        })
        .collect()
}

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(int) if *ty == Type::INT4 => i32::try_from(*int)?.to_sql(ty, out),
            Self::Int(int) => int.to_sql(ty, out),
            Self::Text(text) => text.to_sql(ty, out),
            Self::Bytes(bytes) => bytes.to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        [
            Type::INT8,
            Type::INT4,
            Type::TEXT,
            Type::VARCHAR,
            Type::BYTEA,
        ]
        .contains(ty)
    }

    to_sql_checked!();
}
