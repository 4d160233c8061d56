//! What can go wrong below the fields. Constraint violations carry the constraint's name, so that a field maps it to a user's error.

use super::value::DecodeError;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// What may exist once exists already. The name is that of the unique index.
    #[error("a row with the same key exists already ({index})")]
    Unique { index: String },
    /// A check, foreign key or NOT NULL refused the row, or a trigger an append-only table's change.
    #[error("the database refused the row ({constraint})")]
    Constraint { constraint: String },
    /// Others kept changing the same rows; all retries are used up.
    #[error("others were changing the same records; nothing was changed here")]
    Contended,
    /// A row that had to be there is not (or belongs to another organisation: the same thing to the caller).
    #[error("no such record")]
    Missing,
    /// The statement matched no row: somebody else changed or removed it first.
    #[error("the record was changed by somebody else in the meantime")]
    Stale,
    /// The session or the token by which somebody acts ended, or gives less, since her request was judged.
    #[error("what the request was made by has ended in the meantime; nothing was changed")]
    Ended,
    /// Two transactions could not be put in an order; running the body again may succeed.
    #[error("others were changing the same records")]
    Serialization,
    /// A row that somebody is about to act on is not what the application wrote.
    #[error("row {row} of {table} was changed outside of Countersign; nothing was done with it")]
    Forged { table: &'static str, row: String },
    /// The head of an organisation's journal is missing, or is not what the application wrote.
    #[error("the head of this journal cannot be used: {0}")]
    Head(&'static str),
    /// PostgreSQL has no NUL in text, so neither engine takes it.
    #[error("a text holds a NUL character")]
    Nul,
    #[error("a stored row does not fit the program")]
    Decode(#[from] DecodeError),
    #[error("the engine is not available: {0}")]
    Unavailable(String),
    #[error("SQLite: {0}")]
    Sqlite(#[source] rusqlite::Error),
    #[error("PostgreSQL: {0}")]
    Postgres(PostgresFailure),
    /// A guard of this layer: a programming error, found before it did harm.
    #[error("the statement is not allowed here: {0}")]
    Misuse(&'static str),
    #[error("the transaction's body panicked; nothing was changed")]
    Panicked,
    #[error(
        "the key store is not there, and this database needs it: put it back from its own backup with `countersign keys restore FILE`, as docs/disposal.md says"
    )]
    NoKeyStore,
    #[error("migration {name}: {reason}")]
    Migration { name: String, reason: String },
}

/// What PostgreSQL said, as far as it may stand in a log. Its DETAIL and CONTEXT quote rows, and the messages of class
/// 22 (data exceptions) the value itself; both are left out.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct PostgresFailure(String);

impl From<tokio_postgres::Error> for PostgresFailure {
    fn from(error: tokio_postgres::Error) -> Self {
        if let Some(db) = error.as_db_error() {
            let code = db.code().code();
            return Self(if code.starts_with("22") {
                format!("SQLSTATE {code}")
            } else {
                format!("SQLSTATE {code}: {}", db.message())
            });
        }
        let mut text = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        Self(text)
    }
}

impl StoreError {
    /// Whether running the same body again may succeed.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Serialization)
    }

    /// Whether the unique index `name` refused.
    #[must_use]
    pub fn is_unique(&self, name: &str) -> bool {
        matches!(self, Self::Unique { index } if index == name)
    }
}

/// An error of a field's action: it must be able to hold the store's and tell whether to run the body again.
pub trait BodyError: From<StoreError> + Send + 'static {
    /// The store's error within, if that is what it is.
    fn store_error(&self) -> Option<&StoreError>;
}

impl BodyError for StoreError {
    fn store_error(&self) -> Option<&StoreError> {
        Some(self)
    }
}

pub(super) fn from_postgres(error: tokio_postgres::Error) -> StoreError {
    use tokio_postgres::error::SqlState;
    if error.is_closed() {
        return StoreError::Unavailable("the connection is closed".to_owned());
    }
    let Some(db) = error.as_db_error() else {
        return StoreError::Postgres(error.into());
    };
    let constraint = || db.constraint().unwrap_or_else(|| db.message()).to_owned();
    match *db.code() {
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => {
            StoreError::Serialization
        }
        SqlState::UNIQUE_VIOLATION => StoreError::Unique {
            index: constraint(),
        },
        SqlState::FOREIGN_KEY_VIOLATION
        | SqlState::CHECK_VIOLATION
        | SqlState::NOT_NULL_VIOLATION
        | SqlState::INSUFFICIENT_PRIVILEGE
        | SqlState::RAISE_EXCEPTION => StoreError::Constraint {
            constraint: constraint(),
        },
        SqlState::ADMIN_SHUTDOWN
        | SqlState::CRASH_SHUTDOWN
        | SqlState::CANNOT_CONNECT_NOW
        | SqlState::READ_ONLY_SQL_TRANSACTION => StoreError::Unavailable(db.message().to_owned()),
        _ => StoreError::Postgres(error.into()),
    }
}
