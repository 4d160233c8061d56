//! The store: two engines, one SQL text, one way to change anything.
//!
//! - [`Store::read`]: a snapshot of one organisation.
//! - [`Store::write`]: a change, whose body must end in [`Tx::commit`] with its journal entry.
//! - [`Store::housekeep`]: leases, counters and last-seen, the closed list of invariant 1.
//! - [`Store::lookup`] and [`Store::claim`]: the closed list of what happens before the tenant is known.
//!
//! Bodies are synchronous: on the embedded engine the one writer thread runs them, on PostgreSQL a thread of the
//! blocking pool. They may run twice, so what they do to the outside is queued as jobs.

mod catalogue;
mod conn;
mod dialect;
mod error;
pub mod inspect;
mod integrity;
pub mod journal;
mod lookup;
mod migrate;
mod postgres;
pub mod schema;
mod sql;
mod sqlite;
#[cfg(test)]
mod sqlite_test;
mod tx;
mod value;

use std::sync::Arc;

use countersign_sealing::Entropy;

pub use catalogue::{Nature, TABLES, Table, find as find_table};
pub use dialect::SERVER_ROLE;
pub use error::{BodyError, StoreError};
pub use inspect::ServerFacts;
pub use integrity::Integrity;
pub use journal::Entry;
pub use lookup::Lookup;
pub use sql::{Before, Kind, Sql};
pub use sqlite::{FileKey, Files};
pub use tx::{Committed, Housekeeping, Read, Reads, Tx};
pub use value::{DecodeError, FromRow, FromValue, Row, Value};

use self::conn::{Conn, within};
use self::migrate::Lost;
use self::postgres::{Mode, Postgres, Reach};
use self::sqlite::Sqlite;
use super::scope::{Caller, CredentialKind, Scope};

/// Whether what the caller of a transaction acts by still stands, asked before its body.
pub type Standing = fn(&mut Tx<'_>) -> Result<(), StoreError>;

#[derive(Clone)]
enum Engine {
    Embedded(Sqlite),
    Grown(Postgres),
}

/// A handle to the database; cloning it is cheap.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
    entropy: Arc<dyn Entropy>,
    /// None until the installation's key has been read from this very database.
    integrity: Option<Arc<Integrity>>,
    /// None until whoever wires the wings together has given it.
    standing: Option<Standing>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("engine", &self.engine_name())
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Opens or creates the embedded database and brings its schema up to date.
    pub fn open_embedded(files: Files, entropy: Arc<dyn Entropy>) -> Result<Self, StoreError> {
        let engine = Sqlite::open(files, |schema| migrate::sqlite(schema, Lost::Refused))?;
        Ok(Self::embedded(engine, entropy))
    }

    /// The same, where a key store that was lost is made again with nothing in it. Whoever opens it fills it.
    pub fn open_embedded_for_restore(
        files: Files,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, StoreError> {
        let engine = Sqlite::open(files, |schema| migrate::sqlite(schema, Lost::MadeAgain))?;
        Ok(Self::embedded(engine, entropy))
    }

    /// Opens an embedded database that is there already, and leaves its schema as it is.
    pub fn open_embedded_as_it_is(
        files: Files,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, StoreError> {
        let engine = Sqlite::open_as_it_is(files, migrate::is_current_sqlite)?;
        Ok(Self::embedded(engine, entropy))
    }

    fn embedded(engine: Sqlite, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            engine: Engine::Embedded(engine),
            entropy,
            integrity: None,
            standing: None,
        }
    }

    /// Brings a PostgreSQL database's schema up to date; `config` signs in as its owner.
    pub async fn migrate_postgres(
        config: &tokio_postgres::Config,
        tls: tokio_postgres_rustls::MakeRustlsConnect,
    ) -> Result<(), StoreError> {
        migrate::postgres(config, tls, Lost::Refused).await
    }

    /// The same, where a key store that was lost is made again with nothing in it.
    pub async fn migrate_postgres_for_restore(
        config: &tokio_postgres::Config,
        tls: tokio_postgres_rustls::MakeRustlsConnect,
    ) -> Result<(), StoreError> {
        migrate::postgres(config, tls, Lost::MadeAgain).await
    }

    /// Opens a PostgreSQL database whose schema is up to date; the server works there as [`SERVER_ROLE`].
    pub async fn open_postgres(
        config: tokio_postgres::Config,
        tls: tokio_postgres_rustls::MakeRustlsConnect,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, StoreError> {
        let store = Self {
            engine: Engine::Grown(Postgres::open(config, tls)?),
            entropy,
            integrity: None,
            standing: None,
        };
        store.lookup(migrate::check_version).await?;
        Ok(store)
    }

    /// The store with the installation's integrity key: only such a store changes anything.
    #[must_use]
    pub fn with_integrity(mut self, integrity: Arc<Integrity>) -> Self {
        self.integrity = Some(integrity);
        self
    }

    /// The store with the question whether what somebody acts by still stands: by a credential of hers nobody changes anything in
    /// one that does not know how to ask.
    #[must_use]
    pub fn with_standing(mut self, standing: Standing) -> Self {
        self.standing = Some(standing);
        self
    }

    /// None where nothing is asked: what these act by is spent or checked by the body itself, or is the program's own.
    fn asked_of(&self, caller: &Caller) -> Result<Option<Standing>, StoreError> {
        match caller.actor.credential {
            CredentialKind::Session | CredentialKind::Token | CredentialKind::Directory => {
                self.standing.map(Some).ok_or(tx::NO_STANDING)
            }
            CredentialKind::Link
            | CredentialKind::CommandLine
            | CredentialKind::Job
            | CredentialKind::Anonymous => Ok(None),
        }
    }

    /// What names this installation, wherever its database is put.
    ///
    /// # Errors
    /// Where the store has no integrity key yet.
    pub fn installation(&self) -> Result<[u8; 32], StoreError> {
        let integrity = self.integrity.as_ref().ok_or(tx::NO_INTEGRITY)?;
        Ok(integrity.installation())
    }

    #[must_use]
    pub fn engine_name(&self) -> &'static str {
        match self.engine {
            Engine::Embedded(_) => "embedded",
            Engine::Grown(_) => "postgresql",
        }
    }

    #[must_use]
    pub fn entropy(&self) -> &Arc<dyn Entropy> {
        &self.entropy
    }

    /// What was deleted from the key store is not in its files any more when this returns. PostgreSQL gives the room of deleted
    /// rows to others when it is vacuumed, which it is by itself.
    ///
    /// # Errors
    /// Where somebody reads the key store: it is to be tried again.
    pub async fn scrub_keys(&self) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Embedded(engine) => engine.scrub_keys().await,
            Engine::Grown(_) => Ok(()),
        }
    }

    /// Reads a snapshot of one organisation.
    pub async fn read<T, E, F>(&self, scope: Scope, mut body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: BodyError,
        F: FnMut(&mut Read<'_>) -> Result<T, E> + Send + 'static,
    {
        let integrity = self.integrity.clone();
        let body = move |conn: Conn<'_>| {
            body(&mut Read {
                conn,
                scope,
                integrity: integrity.as_deref(),
            })
        };
        self.run(Reach::Tenant(scope), Mode::Read, body).await
    }

    /// Changes one organisation's data. The answer follows the flush; an error leaves nothing behind.
    ///
    /// # Errors
    /// [`StoreError::Ended`] where what the caller acts by has ended since her request was judged.
    pub async fn write<T, E, F>(&self, caller: Caller, mut body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: BodyError,
        F: FnMut(&mut Tx<'_>) -> Result<Committed<T>, E> + Send + 'static,
    {
        let entropy = Arc::clone(&self.entropy);
        let integrity = self.integrity.clone().ok_or(tx::NO_INTEGRITY)?;
        let standing = self.asked_of(&caller)?;
        let body = move |conn: Conn<'_>| {
            let touched = Vec::new();
            let mut tx = Tx {
                conn,
                caller,
                entropy: &entropy,
                integrity: &integrity,
                touched,
            };
            if let Some(asks) = standing {
                asks(&mut tx)?;
            }
            let committed = body(&mut tx)?;
            // A change after the last entry would be one without an entry.
            tx.done(committed.into_inner())
                .map(Committed::into_inner)
                .map_err(E::from)
        };
        self.run(Reach::Tenant(caller.scope), Mode::Write, body)
            .await
    }

    /// Changes housekeeping tables of one organisation.
    pub async fn housekeep<T, E, F>(&self, scope: Scope, mut body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: BodyError,
        F: FnMut(&mut Housekeeping<'_>) -> Result<T, E> + Send + 'static,
    {
        let integrity = self.integrity.clone();
        let body = move |conn: Conn<'_>| {
            body(&mut Housekeeping {
                conn,
                scope,
                integrity: integrity.as_deref(),
            })
        };
        self.run(Reach::Tenant(scope), Mode::Housekeeping, body)
            .await
    }

    /// Looks something up before the tenant is known.
    pub async fn lookup<T, E, F>(&self, mut body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: BodyError,
        F: FnMut(&mut Lookup<'_>) -> Result<T, E> + Send + 'static,
    {
        let body = move |conn: Conn<'_>| {
            body(&mut Lookup {
                conn,
                writes: false,
            })
        };
        self.run(Reach::Lookup, Mode::Read, body).await
    }

    /// Takes a lease or counts an attempt before the tenant is known.
    pub async fn claim<T, E, F>(&self, mut body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: BodyError,
        F: FnMut(&mut Lookup<'_>) -> Result<T, E> + Send + 'static,
    {
        let body = move |conn: Conn<'_>| body(&mut Lookup { conn, writes: true });
        self.run(Reach::Lookup, Mode::Housekeeping, body).await
    }

    async fn run<T, E, F>(&self, reach: Reach, mode: Mode, mut body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: BodyError,
        F: FnMut(Conn<'_>) -> Result<T, E> + Send + 'static,
    {
        match (&self.engine, mode) {
            (Engine::Embedded(engine), Mode::Read) => {
                engine
                    .read(move |connection| within(conn::Engine::Sqlite(connection), body))
                    .await
            }
            (Engine::Embedded(engine), Mode::Write | Mode::Housekeeping) => {
                engine
                    .write(move |connection| within(conn::Engine::Sqlite(connection), &mut body))
                    .await
            }
            (Engine::Grown(engine), _) => {
                let body = move |session: postgres::Session<'_>| {
                    within(conn::Engine::Postgres(session), &mut body)
                };
                engine.run(reach, mode, body).await
            }
        }
    }
}
