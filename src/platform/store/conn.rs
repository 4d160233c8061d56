//! A transaction's connection, the same for both engines, with its memory of failures.

use std::cell::Cell;

use super::error::StoreError;
use super::postgres::Session;
use super::sql::Sql;
use super::sqlite;
use super::value::{Row, Value};

/// One connection of either engine, within a transaction.
#[derive(Clone, Copy)]
pub(super) enum Engine<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(Session<'a>),
}

/// How the statements of a transaction have gone so far. PostgreSQL answers the COMMIT of a transaction in which a
/// statement failed as if it were done, and does nothing: such a body must not count as a success on either engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    Well,
    MayRunAgain,
    Failed,
}

/// A transaction's connection, with its memory of failures.
#[derive(Clone, Copy)]
pub(super) struct Conn<'a> {
    engine: Engine<'a>,
    course: &'a Cell<Course>,
}

/// Runs a body in a transaction of `engine`; a success in which a statement had failed is none.
pub(super) fn within<T, E: From<StoreError>>(
    engine: Engine<'_>,
    body: impl FnOnce(Conn<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let course = Cell::new(Course::Well);
    let value = body(Conn {
        engine,
        course: &course,
    })?;
    match course.get() {
        Course::Well => Ok(value),
        Course::MayRunAgain => Err(E::from(StoreError::Serialization)),
        Course::Failed => Err(E::from(StoreError::Misuse(
            "a body that goes on after a failed statement",
        ))),
    }
}

impl Conn<'_> {
    pub(super) fn query(self, text: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.watched(params, || match self.engine {
            Engine::Sqlite(connection) => sqlite::query(connection, text, params),
            Engine::Postgres(session) => session.query(text, params),
        })
    }

    /// Runs a changing statement; gives the ids of the rows that it touched.
    pub(super) fn change(self, sql: &Sql, params: &[Value]) -> Result<Vec<String>, StoreError> {
        // SQLite gives a row back through a table that it makes for the statement and drops behind it: what is known is not asked.
        if let Engine::Sqlite(connection) = self.engine
            && let Some(insertion) = sql.insertion()
        {
            let Some(Value::Text(id)) = params.get(insertion.id - 1) else {
                return Err(StoreError::Misuse("an id is text"));
            };
            let count = self.watched(params, || {
                sqlite::execute(connection, insertion.text, params)
            })?;
            return Ok(vec![id.clone(); count]);
        }
        let rows = self.query(sql.text, params)?.into_iter();
        rows.map(|mut row| row.take().map_err(StoreError::from))
            .collect()
    }

    pub(super) fn query_named(
        self,
        text: &str,
        params: &[Value],
    ) -> Result<Vec<Vec<(String, Value)>>, StoreError> {
        self.watched(params, || match self.engine {
            Engine::Sqlite(connection) => sqlite::query_named(connection, text, params),
            Engine::Postgres(session) => session.query_named(text, params),
        })
    }

    fn watched<T>(
        self,
        params: &[Value],
        run: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if params
            .iter()
            .any(|value| matches!(value, Value::Text(text) if text.contains('\0')))
        {
            return Err(StoreError::Nul);
        }
        run().inspect_err(|error| {
            self.course.set(if error.is_retryable() {
                Course::MayRunAgain
            } else {
                Course::Failed
            });
        })
    }
}
